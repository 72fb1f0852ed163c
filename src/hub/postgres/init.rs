//! Makes a database a hub.

use super::{
    connection::{FORMAT, newer},
    failure::quote_identifier,
    session::{ANSWER_LIMIT, Session},
    settings::Settings,
};
use crate::hub::{HubError, HubErrorKind};
use tokio_postgres::{Client, Error};
use uuid::Uuid;

/// What makes a hub of each format from the one before. Each can be run again without harm.
const MIGRATIONS: [(i32, &str); 1] = [(1, include_str!("schema.sql"))];

const RIGHTS: &str = include_str!("rights.sql");

/// The role whose members may write.
pub const WRITER_ROLE: &str = "bridgelog_writer";

/// One `hub init` at a time. Any number that others are unlikely to use.
const LOCK: i64 = 0x6272_6964_6765_6c67;

const STATE: &str = "
SELECT to_regclass('bridgelog.hub') IS NOT NULL,
  current_setting('server_encoding'),
  EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'bridgelog_writer'),
  EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole))";

/// What an initialization did. Where nothing is set, it changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Initialized {
    /// The hub's id.
    pub id: Uuid,
    /// True if there was no hub before.
    pub is_new: bool,
    /// The format before, if it was an older one.
    pub migrated_from: Option<i32>,
    /// True if the role that was named may write now, and could not before.
    pub granted: bool,
}

/// Returns the SQL that makes a database a hub and lets `grant_to`, a role, write. It can be run again without
/// harm, by the owner of the database, who may create roles.
#[must_use]
pub fn init_sql(grant_to: Option<&str>) -> String {
    let mut sql = format!(
        "-- Makes this database a hub of bridgelog, format {FORMAT}. It can be run again without harm.\n\
         -- For PostgreSQL 13 and later; the database must have the encoding UTF8.\n\
         BEGIN;\n"
    );
    for (_, migration) in MIGRATIONS {
        sql.push_str(migration);
    }
    sql.push_str(&register(""));
    sql.push_str(RIGHTS);
    if let Some(role) = grant_to {
        sql.push_str(&grant(role));
    }
    sql.push_str("COMMIT;\n");
    sql
}

/// Returns the SQL that says what the hub is.
fn register(id: &str) -> String {
    let id = match id {
        "" => "gen_random_uuid()".to_owned(),
        id => format!("'{id}'"),
    };
    format!(
        "INSERT INTO bridgelog.hub (id, format) SELECT {id}, {FORMAT} WHERE NOT EXISTS (SELECT 1 FROM bridgelog.hub);\n\
         UPDATE bridgelog.hub SET format = {FORMAT} WHERE format < {FORMAT};\n"
    )
}

fn grant(role: &str) -> String {
    format!("GRANT {WRITER_ROLE} TO {};\n", quote_identifier(role))
}

/// Makes the database of `settings` a hub, and lets `grant_to` write.
///
/// # Errors
/// A right is missing, the role does not exist, or a newer version made the hub. Then nothing was changed.
pub(super) fn init(settings: &Settings, grant_to: Option<&str>) -> Result<Initialized, HubError> {
    let mut session = Session::connect(settings)?;
    let outcome = session
        .run(ANSWER_LIMIT, async |client| {
            client.batch_execute("BEGIN").await?;
            let outcome = run(client, grant_to).await?;
            let end = match outcome {
                Outcome::Done(_) => "COMMIT",
                _ => "ROLLBACK",
            };
            client.batch_execute(end).await?;
            Ok(outcome)
        })
        .map_err(|failure| {
            let error = failure.into_error(settings);
            match error.kind {
                HubErrorKind::Refused | HubErrorKind::Missing => error.with_hint(OWNER_HINT),
                _ => error,
            }
        })?;
    let failed = |message: String| HubError::new(HubErrorKind::Failed, message);
    let name = &settings.name;
    match outcome {
        Outcome::Done(done) => Ok(done),
        Outcome::Newer(format) => Err(newer(settings, format)),
        Outcome::Encoding(encoding) => Err(failed(format!(
            "the database {name} has the encoding {encoding}, a hub needs UTF8"
        ))
        .with_hint(format!(
            "make another one: `createdb --encoding=UTF8 --template=template0 {}`",
            settings.database
        ))),
        Outcome::NoRole => Err(HubError::new(
            HubErrorKind::Refused,
            format!(
                "{} may not create the role {WRITER_ROLE} at {name}",
                settings.user
            ),
        )
        .with_hint(OWNER_HINT)),
        Outcome::NoMember(role) => Err(HubError::new(
            HubErrorKind::Failed,
            format!("there is no role {role} at {name}"),
        )
        .with_hint(format!(
            "make it first: `CREATE ROLE {} LOGIN PASSWORD '…'`",
            quote_identifier(&role)
        ))),
    }
}

const OWNER_HINT: &str = "have the owner of the database run what `bridgelog hub sql` prints";

enum Outcome {
    Done(Initialized),
    Newer(i32),
    /// The encoding, which is not UTF8.
    Encoding(String),
    /// The writers' role is not there, and this one may make none.
    NoRole,
    /// The role that is to write is not there.
    NoMember(String),
}

/// Does it inside of a transaction that the caller ends.
async fn run(client: &Client, grant_to: Option<&str>) -> Result<Outcome, Error> {
    client
        .batch_execute(&format!("SELECT pg_advisory_xact_lock({LOCK})"))
        .await?;
    let state = client.query_typed_one(STATE, &[]).await?;
    let encoding: String = state.try_get(1)?;
    if encoding != "UTF8" {
        return Ok(Outcome::Encoding(encoding));
    }
    let before = match state.try_get(0)? {
        true => {
            let row = client
                .query_typed_opt("SELECT id, format FROM bridgelog.hub", &[])
                .await?;
            row.map(|row| Ok::<(Uuid, i32), Error>((row.try_get(0)?, row.try_get(1)?)))
                .transpose()?
        }
        false => None,
    };
    let format = before.map_or(0, |(_, format)| format);
    if format > FORMAT {
        return Ok(Outcome::Newer(format));
    }
    let id = before.map_or_else(Uuid::new_v4, |(id, _)| id);
    if format < FORMAT {
        let (has_role, may_create): (bool, bool) = (state.try_get(2)?, state.try_get(3)?);
        if !has_role && !may_create {
            return Ok(Outcome::NoRole);
        }
        let mut sql = String::new();
        for (_, migration) in MIGRATIONS.iter().filter(|(to, _)| *to > format) {
            sql.push_str(migration);
        }
        sql.push_str(&register(&id.to_string()));
        sql.push_str(RIGHTS);
        client.batch_execute(&sql).await?;
    }
    let mut granted = false;
    if let Some(role) = grant_to {
        match is_member(client, role).await? {
            None => return Ok(Outcome::NoMember(role.to_owned())),
            Some(true) => {}
            Some(false) => {
                client.batch_execute(&grant(role)).await?;
                granted = true;
            }
        }
    }
    Ok(Outcome::Done(Initialized {
        id,
        is_new: before.is_none(),
        migrated_from: before
            .map(|(_, format)| format)
            .filter(|from| *from < FORMAT),
        granted,
    }))
}

/// Tells whether `role` is a member of the writers' role; `None` if it does not exist.
async fn is_member(client: &Client, role: &str) -> Result<Option<bool>, Error> {
    let row = client
        .query_typed_opt(
            "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_auth_members AS m \
             JOIN pg_catalog.pg_roles AS w ON w.oid = m.roleid AND w.rolname = 'bridgelog_writer' \
             WHERE m.member = r.oid) FROM pg_catalog.pg_roles AS r WHERE r.rolname = $1",
            &[(&role, tokio_postgres::types::Type::TEXT)],
        )
        .await?;
    row.map(|row| row.try_get(0)).transpose()
}
