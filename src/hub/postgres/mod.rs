//! A PostgreSQL database as the hub. The tables are in `schema.rs`.
//!
//! What is read and written uses SQL that other servers with PostgreSQL's protocol have too, each query by itself,
//! without named statements, so that a pooler may lie between. Only [`init`](PostgresHub::init) needs PostgreSQL
//! itself.

mod address;
mod error;
mod schema;
mod tls;

pub use schema::init_sql;

use self::{
    address::{Connection, Protection, process_environment},
    error::hub_error,
};
use super::{
    Cursor, Held, Hub, HubError, HubErrorKind, Look, MAX_BATCH_BYTES, Page, Presence, Redaction,
    Written,
};
use crate::domain::{entry::Entry, hash::Hash, time::UtcTime};
use chrono::{TimeDelta, Utc};
use postgres::{
    Client, Row,
    fallible_iterator::FallibleIterator as _,
    types::{ToSql, Type},
};
use std::{collections::BTreeSet, fmt, time::Duration};
use uuid::Uuid;

/// How many batches are listed at once.
const MAX_LISTED: i64 = 1000;
/// A statement that takes longer is ended by the server.
const SESSION: &str = "SET statement_timeout = '60s'; SET client_min_messages = 'warning'";
/// The lock that one `init` holds at a time: `bridgelog` in ASCII, shortened.
const INIT_LOCK: i64 = 0x0062_7269_6467_656c;
/// The channel on which machines say that they have written.
const CHANNEL: &str = "bridgelog";

type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// A PostgreSQL database where machines meet.
pub struct PostgresHub {
    client: Client,
    key: String,
    name: String,
    is_newer: bool,
    protection: Protection,
    /// Whose notifications are no news.
    writer: Option<Uuid>,
}

impl fmt::Debug for PostgresHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresHub")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl PostgresHub {
    /// Opens the hub at `url`; `name` is the same without a password.
    ///
    /// # Errors
    /// [`HubErrorKind::Missing`] if the database is no hub yet.
    pub fn open(url: &str, name: &str) -> Result<Self, HubError> {
        let (mut client, protection) = connect(url, name)?;
        let missing = || {
            HubError::new(
                HubErrorKind::Missing,
                format!("the database of {name} is not a hub"),
            )
            .with_hint(format!(
                "its owner runs `bridgelog hub init {name}`, or the SQL of `bridgelog hub sql`"
            ))
        };
        let row = client
            .query_typed_opt("SELECT id, format FROM bridgelog.hub", &[])
            .map_err(|error| {
                let error = hub_error(name, error);
                match error.kind {
                    HubErrorKind::Missing => missing(),
                    _ => error,
                }
            })?;
        let row = row.ok_or_else(missing)?;
        let (id, format): (Uuid, i32) = (get(&row, 0, name)?, get(&row, 1, name)?);
        Ok(Self {
            client,
            key: format!("postgres/{id}"),
            name: name.to_owned(),
            is_newer: format > schema::FORMAT,
            protection,
            writer: None,
        })
    }

    /// Makes the database at `url` a hub and lets the role `grant` sync. Returns false if it was a hub already.
    ///
    /// # Errors
    /// Whoever connects is not its owner, or may not make the role that the rights are given to.
    pub fn init(url: &str, name: &str, grant: Option<&str>) -> Result<bool, HubError> {
        let (mut client, _) = connect(url, name)?;
        let failed = |error| hub_error(name, error);
        let mut transaction = client.transaction().map_err(failed)?;
        transaction
            .execute_typed(
                "SELECT pg_advisory_xact_lock($1)",
                &[(&INIT_LOCK, Type::INT8)],
            )
            .map_err(failed)?;
        let was_there = transaction
            .query_typed_one("SELECT to_regclass('bridgelog.hub') IS NOT NULL", &[])
            .map_err(failed)?;
        let was_there: bool = get(&was_there, 0, name)?;
        if was_there {
            let format = transaction
                .query_typed_one("SELECT max(format) FROM bridgelog.hub", &[])
                .map_err(failed)?;
            if get::<Option<i32>>(&format, 0, name)?.is_some_and(|format| format > schema::FORMAT) {
                return Err(newer(name));
            }
        }
        transaction
            .batch_execute(&init_sql(grant))
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(!was_there)
    }

    /// Returns what else is known of it, as name and value, for people.
    ///
    /// # Errors
    /// Those of the server.
    pub fn facts(&mut self) -> Result<Vec<(String, String)>, HubError> {
        let row = self.query_one(
            "SELECT (SELECT count(*) FROM bridgelog.entry), (SELECT count(*) FROM bridgelog.writer), \
             (SELECT COALESCE(sum(bytes), 0)::bigint FROM bridgelog.batch), \
             has_table_privilege('bridgelog.entry', 'INSERT'), current_setting('server_version'), current_user::text",
            &[],
        )?;
        let name = &self.name;
        let (entries, writers, bytes): (i64, i64, i64) = (
            get(&row, 0, name)?,
            get(&row, 1, name)?,
            get(&row, 2, name)?,
        );
        let may_write: bool = get(&row, 3, name)?;
        let (version, user): (String, String) = (get(&row, 4, name)?, get(&row, 5, name)?);
        let rights = match (self.is_newer, may_write) {
            (true, _) => "reads only: a newer version made the hub",
            (false, true) => "reads and inserts",
            (false, false) => "reads only: it is no member of bridgelog_writer",
        };
        let protection = match &self.protection {
            Protection::Plain => "not encrypted",
            Protection::Unchecked => "encrypted, the server not checked (sslmode=require)",
            Protection::Checked { .. } => "encrypted, the server checked",
        };
        let fact = |name: &str, value: String| (name.to_owned(), value);
        Ok(vec![
            fact(
                "entries",
                format!("{entries} of {writers} machines, {} KiB", bytes / 1024),
            ),
            fact("role", format!("{user}, {rights}")),
            fact("connection", protection.to_owned()),
            fact("server", format!("PostgreSQL {version}")),
        ])
    }

    fn query(&mut self, sql: &str, parameters: &[Parameter<'_>]) -> Result<Vec<Row>, HubError> {
        self.client
            .query_typed(sql, parameters)
            .map_err(|error| hub_error(&self.name, error))
    }

    fn query_one(&mut self, sql: &str, parameters: &[Parameter<'_>]) -> Result<Row, HubError> {
        self.client
            .query_typed_one(sql, parameters)
            .map_err(|error| hub_error(&self.name, error))
    }

    /// Inserts a batch with its entries, and returns the ids of those that were there.
    fn insert(
        &mut self,
        writer: Uuid,
        after: Option<&Cursor>,
        id: Uuid,
        entries: &[Entry],
    ) -> Result<Vec<Uuid>, HubError> {
        let name = self.name.clone();
        let failed = |error| hub_error(&name, error);
        let number = after.map_or(0, |cursor| cursor.position).cast_signed() + 1;
        let before: Option<Uuid> = after.and_then(|cursor| cursor.mark.parse().ok());
        let rows = EntryColumns::new(entries);
        let mut transaction = self.client.transaction().map_err(failed)?;
        let inserted = transaction
            .execute_typed(
                "WITH known AS (INSERT INTO bridgelog.writer (id) VALUES ($1) ON CONFLICT DO NOTHING) \
                 INSERT INTO bridgelog.batch (writer, number, id, bytes) SELECT $1, $2, $3, $4 \
                 WHERE $2 = 1 + COALESCE((SELECT max(number) FROM bridgelog.batch WHERE writer = $1), 0) \
                 AND ($2 = 1 OR EXISTS (SELECT 1 FROM bridgelog.batch WHERE writer = $1 AND number = $2 - 1 AND id = $5)) \
                 ON CONFLICT DO NOTHING",
                &[
                    (&writer, Type::UUID),
                    (&number, Type::INT8),
                    (&id, Type::UUID),
                    (&rows.bytes, Type::INT8),
                    (&before, Type::UUID),
                ],
            )
            .map_err(failed)?;
        if inserted == 0 {
            return Err(HubError::new(
                HubErrorKind::Behind,
                format!("another process of this machine wrote to {name}"),
            ));
        }
        // In the order of their ids, so that two machines with the same entries never wait for each other.
        let new = transaction
            .query_typed(
                "INSERT INTO bridgelog.entry (id, writer, batch, place, hash, header, body) \
                 SELECT n.id, $1, $2, n.place, n.hash, n.header, n.body \
                 FROM unnest($3, $4, $5, $6, $7) AS n (id, place, hash, header, body) ORDER BY n.id \
                 ON CONFLICT (id) DO NOTHING RETURNING id",
                &[
                    (&writer, Type::UUID),
                    (&number, Type::INT8),
                    (&rows.ids, Type::UUID_ARRAY),
                    (&rows.places, Type::INT4_ARRAY),
                    (&rows.hashes, Type::BYTEA_ARRAY),
                    (&rows.headers, Type::TEXT_ARRAY),
                    (&rows.bodies, Type::TEXT_ARRAY),
                ],
            )
            .map_err(failed)?;
        if !rows.redactions.is_empty() {
            transaction
                .query_typed(REDACT, &[(&rows.redactions, Type::UUID_ARRAY)])
                .map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        let mut already: BTreeSet<Uuid> = rows.ids.into_iter().collect();
        for row in new {
            already.remove(&get::<Uuid>(&row, 0, &name)?);
        }
        Ok(already.into_iter().collect())
    }

    /// Says on the channel that something is new. Some servers and poolers have none: they are looked at.
    fn notify(&mut self, writer: Uuid) {
        let payload = writer.to_string();
        let _ = self.client.query_typed(
            "SELECT pg_notify($1, $2)",
            &[(&CHANNEL, Type::TEXT), (&payload, Type::TEXT)],
        );
    }
}

const REDACT: &str = "SELECT bridgelog.redact(id) FROM unnest($1) AS id";

/// Entries as the columns of a query.
struct EntryColumns<'a> {
    ids: Vec<Uuid>,
    places: Vec<i32>,
    hashes: Vec<Vec<u8>>,
    headers: Vec<&'a str>,
    bodies: Vec<Option<&'a str>>,
    /// The ids of those that destroy bodies.
    redactions: Vec<Uuid>,
    bytes: i64,
}

impl<'a> EntryColumns<'a> {
    fn new(entries: &'a [Entry]) -> Self {
        let length =
            |entry: &Entry| entry.header_bytes().len() + entry.body_bytes().map_or(0, str::len);
        let bytes: usize = entries.iter().map(length).sum();
        Self {
            ids: entries.iter().map(|entry| entry.header().id).collect(),
            places: (0..).take(entries.len()).collect(),
            hashes: entries
                .iter()
                .map(|entry| entry.hash().0.to_vec())
                .collect(),
            headers: entries.iter().map(Entry::header_bytes).collect(),
            bodies: entries.iter().map(Entry::body_bytes).collect(),
            redactions: entries
                .iter()
                .filter(|entry| !entry.destroys().is_empty())
                .map(|entry| entry.header().id)
                .collect(),
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        }
    }
}

/// Cursors as the columns of a query. Those that are no machine's are left out.
#[derive(Default)]
struct CursorColumns {
    writers: Vec<Uuid>,
    numbers: Vec<i64>,
    marks: Vec<Uuid>,
}

impl CursorColumns {
    fn new(known: &[Cursor]) -> Self {
        let mut columns = Self::default();
        for cursor in known {
            if let (Ok(writer), Ok(mark)) = (cursor.source.parse(), cursor.mark.parse()) {
                columns.writers.push(writer);
                columns.numbers.push(cursor.position.cast_signed());
                columns.marks.push(mark);
            }
        }
        columns
    }

    fn parameters(&self) -> [Parameter<'_>; 3] {
        [
            (&self.writers, Type::UUID_ARRAY),
            (&self.numbers, Type::INT8_ARRAY),
            (&self.marks, Type::UUID_ARRAY),
        ]
    }
}

/// Reads column `index` of `row`.
fn get<'a, T: postgres::types::FromSql<'a>>(
    row: &'a Row,
    index: usize,
    name: &str,
) -> Result<T, HubError> {
    row.try_get(index).map_err(|error| hub_error(name, error))
}

fn connect(url: &str, name: &str) -> Result<(Client, Protection), HubError> {
    let connection = Connection::parse(url, name, &process_environment)?;
    let connected = match connection.protection {
        Protection::Plain => connection.config.connect(postgres::NoTls),
        _ => connection
            .config
            .connect(tls::connector(&connection.protection)?),
    };
    let mut client = connected.map_err(|error| hub_error(name, error))?;
    // A pooler may not take settings: they only bound what the timeouts of the connection bound too.
    let _ = client.batch_execute(SESSION);
    Ok((client, connection.protection))
}

fn newer(name: &str) -> HubError {
    HubError::new(
        HubErrorKind::Newer,
        format!(
            "{name} was made by a newer version of Bridgelog: it is read, and nothing is sent to it"
        ),
    )
    .with_hint("install the newer version here too; logging goes on")
}

impl Hub for PostgresHub {
    fn key(&self) -> &str {
        &self.key
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn look(&mut self, known: &[Cursor]) -> Result<Look, HubError> {
        let columns = CursorColumns::new(known);
        let before = Utc::now();
        let rows = self.query(
            "SELECT clock.now, w.id, \
             EXISTS (SELECT 1 FROM bridgelog.batch b WHERE b.writer = w.id AND b.number > COALESCE(k.number, 0)), \
             k.number IS NULL OR EXISTS (SELECT 1 FROM bridgelog.batch b \
             WHERE b.writer = w.id AND b.number = k.number AND b.id = k.mark) \
             FROM (SELECT clock_timestamp() AS now) clock \
             LEFT JOIN bridgelog.writer w ON true \
             LEFT JOIN unnest($1, $2, $3) AS k (writer, number, mark) ON k.writer = w.id",
            &columns.parameters(),
        )?;
        let after = Utc::now();
        let mut look = Look::default();
        let mut there = BTreeSet::new();
        for row in &rows {
            let now: UtcTime = get(row, 0, &self.name)?;
            look.clock_offset = Some(now - (before + (after - before) / 2));
            let Some(writer) = get::<Option<Uuid>>(row, 1, &self.name)? else {
                continue;
            };
            look.has_new |= get::<bool>(row, 2, &self.name)?;
            if get::<bool>(row, 3, &self.name)? {
                there.insert(writer.to_string());
            }
        }
        let replaced = known.iter().map(|cursor| &cursor.source);
        look.replaced = replaced
            .filter(|source| !there.contains(*source))
            .cloned()
            .collect();
        Ok(look)
    }

    fn read(&mut self, known: &[Cursor]) -> Result<Page, HubError> {
        let columns = CursorColumns::new(known);
        let [writers, numbers, _] = columns.parameters();
        let listed = self.query(
            "SELECT b.writer, b.number, b.id, b.bytes FROM bridgelog.writer w \
             LEFT JOIN unnest($1, $2) AS k (writer, number) ON k.writer = w.id \
             CROSS JOIN LATERAL (SELECT writer, number, id, bytes FROM bridgelog.batch \
             WHERE writer = w.id AND number > COALESCE(k.number, 0) ORDER BY number LIMIT $3) b \
             ORDER BY b.writer, b.number LIMIT $3",
            &[writers, numbers, (&MAX_LISTED, Type::INT8)],
        )?;
        let mut page = Page {
            more: listed.len() >= usize::try_from(MAX_LISTED).unwrap_or(usize::MAX),
            ..Page::default()
        };
        let max_bytes = i64::try_from(MAX_BATCH_BYTES).unwrap_or(i64::MAX);
        let mut bytes = 0;
        let mut ranges: (Vec<Uuid>, Vec<i64>, Vec<i64>) = Default::default();
        for row in &listed {
            let (writer, number): (Uuid, i64) =
                (get(row, 0, &self.name)?, get(row, 1, &self.name)?);
            bytes += get::<i64>(row, 3, &self.name)?;
            if !page.cursors.is_empty() && bytes > max_bytes {
                page.more = true;
                break;
            }
            let source = writer.to_string();
            let cursor = Cursor {
                position: number.cast_unsigned(),
                mark: get::<Uuid>(row, 2, &self.name)?.to_string(),
                source,
            };
            match page.cursors.last_mut() {
                Some(last) if last.source == cursor.source => {
                    *last = cursor;
                    ranges.2.pop();
                }
                _ => {
                    page.cursors.push(cursor);
                    ranges.0.push(writer);
                    ranges.1.push(number);
                }
            }
            ranges.2.push(number);
        }
        if page.cursors.is_empty() {
            return Ok(page);
        }
        let rows = self.query(
            "SELECT e.id, e.header, e.body FROM unnest($1, $2, $3) AS r (writer, low, high) \
             JOIN bridgelog.entry e ON e.writer = r.writer AND e.batch BETWEEN r.low AND r.high \
             ORDER BY e.writer, e.batch, e.place",
            &[
                (&ranges.0, Type::UUID_ARRAY),
                (&ranges.1, Type::INT8_ARRAY),
                (&ranges.2, Type::INT8_ARRAY),
            ],
        )?;
        for row in &rows {
            let id: Uuid = get(row, 0, &self.name)?;
            let (header, body) = (get(row, 1, &self.name)?, get(row, 2, &self.name)?);
            let entry = Entry::from_stored(header, body).map_err(|error| error.to_string());
            let entry = entry.and_then(|entry| match entry.check_body() {
                Ok(()) => Ok(entry),
                Err(error) => Err(error.to_string()),
            });
            match entry {
                Ok(entry) => page.entries.push(entry),
                Err(why) => page.unreadable.push(format!("bridgelog.entry {id}: {why}")),
            }
        }
        Ok(page)
    }

    fn held(&mut self, ids: &[Uuid]) -> Result<Vec<Held>, HubError> {
        let rows = self.query(
            "SELECT id, hash, body IS NOT NULL FROM bridgelog.entry WHERE id = ANY ($1)",
            &[(&ids, Type::UUID_ARRAY)],
        )?;
        rows.iter()
            .map(|row| {
                let hash: Vec<u8> = get(row, 1, &self.name)?;
                Ok(Held {
                    id: get(row, 0, &self.name)?,
                    hash: Hash(hash.try_into().unwrap_or_default()),
                    has_body: get(row, 2, &self.name)?,
                })
            })
            .collect()
    }

    fn write(
        &mut self,
        writer: Uuid,
        after: Option<&Cursor>,
        entries: &[Entry],
    ) -> Result<Written, HubError> {
        if self.is_newer {
            return Err(newer(&self.name));
        }
        self.writer = Some(writer);
        let id = Uuid::now_v7();
        let already = self.insert(writer, after, id, entries)?;
        self.notify(writer);
        let already = match already.is_empty() {
            true => Vec::new(),
            false => self.held(&already)?,
        };
        Ok(Written {
            cursor: Cursor {
                source: writer.to_string(),
                position: after.map_or(0, |cursor| cursor.position) + 1,
                mark: id.to_string(),
            },
            already,
        })
    }

    fn redact(&mut self, _writer: Uuid, redactions: &[Redaction]) -> Result<Vec<String>, HubError> {
        if self.is_newer {
            return Err(newer(&self.name));
        }
        let ids: Vec<Uuid> = redactions.iter().map(|redaction| redaction.id).collect();
        self.query(REDACT, &[(&ids, Type::UUID_ARRAY)])?;
        let destroyed: Vec<Uuid> = redactions
            .iter()
            .flat_map(|redaction| redaction.destroys.iter().copied())
            .collect();
        let row = self.query_one(
            "SELECT count(*) FROM bridgelog.entry WHERE id = ANY ($1) AND body NOT LIKE '%\"destroys\":%'",
            &[(&destroyed, Type::UUID_ARRAY)],
        )?;
        Ok(match get::<i64>(&row, 0, &self.name)? {
            0 => Vec::new(),
            _ => vec![format!("the table bridgelog.entry of {}", self.name)],
        })
    }

    fn listen(&mut self) -> bool {
        self.client
            .batch_execute(&format!("LISTEN {CHANNEL}"))
            .is_ok()
    }

    fn wait(&mut self, timeout: Duration) -> Result<bool, HubError> {
        let own = self.writer.map(|writer| writer.to_string());
        let mut notifications = self.client.notifications();
        let mut notifications = notifications.timeout_iter(timeout);
        loop {
            let next = notifications
                .next()
                .map_err(|error| hub_error(&self.name, error))?;
            match next {
                Some(notification) if Some(notification.payload()) == own.as_deref() => {}
                next => return Ok(next.is_some()),
            }
        }
    }

    fn announce(&mut self, presence: &Presence) -> Result<(), HubError> {
        if self.is_newer {
            return Err(newer(&self.name));
        }
        self.query(
            "INSERT INTO bridgelog.presence (writer, incident, author, machine, seen) \
             VALUES ($1, $2, $3, $4, clock_timestamp()) ON CONFLICT (writer) DO UPDATE SET \
             incident = excluded.incident, author = excluded.author, machine = excluded.machine, seen = excluded.seen",
            &[
                (&presence.writer, Type::UUID),
                (&presence.incident, Type::UUID),
                (&presence.author, Type::TEXT),
                (&presence.machine, Type::TEXT),
            ],
        )?;
        Ok(())
    }

    fn present(&mut self, _now: UtcTime, seconds: u32) -> Result<Vec<Presence>, HubError> {
        let oldest = TimeDelta::seconds(i64::from(seconds)).num_seconds();
        let rows = self.query(
            "SELECT writer, incident, author, machine, seen FROM bridgelog.presence \
             WHERE seen > clock_timestamp() - $1 * interval '1 second' ORDER BY author, writer",
            &[(&oldest, Type::INT8)],
        )?;
        rows.iter()
            .map(|row| {
                Ok(Presence {
                    writer: get(row, 0, &self.name)?,
                    incident: get(row, 1, &self.name)?,
                    author: get(row, 2, &self.name)?,
                    machine: get(row, 3, &self.name)?,
                    seen: get(row, 4, &self.name)?,
                })
            })
            .collect()
    }
}
