//! Who writes may add, read and redact, and nothing else; and how a database becomes a hub.

use super::*;
use bridgelog::hub::{HubErrorKind, Presence, postgres::init_sql};

/// Makes a role that can log in, named after the database with `suffix`.
fn make_role(database: &Database<'_>, suffix: &str) -> String {
    let role = format!("{}{suffix}", database.name);
    let create = format!(
        "CREATE ROLE \"{}\" LOGIN PASSWORD 'hunter2'",
        role.replace('"', "\"\"")
    );
    database.admin().batch_execute(&create).unwrap();
    role
}

fn url_of(database: &Database<'_>, role: &str) -> String {
    let role = role.replace('"', "%22");
    database.url().replacen("postgres@", &format!("{role}@"), 1)
}

#[test]
fn writer_may_add_read_and_redact_and_nothing_else() {
    let database = server().database();
    let role = make_role(&database, "_o\"hara");
    let url = url_of(&database, &role);
    let done = PostgresHub::init(&database.url(), &no_variables, Some(&role)).unwrap();
    assert!(done.is_new && done.granted);
    let mut machine = Machine::new(&database);
    machine.hub = open(&url).unwrap();
    let secret = machine.entry("hunter2", &[]);
    let redaction = machine.entry("redacted", &[secret.header().id]);
    machine.try_write(&[secret.clone(), redaction]).unwrap();
    assert_eq!(machine.read().len(), 2);
    assert!(!machine.hub.held(&[secret.header().id]).unwrap()[0].has_body);
    let presence = Presence {
        writer: machine.id,
        incident: None,
        author: "jw".into(),
        machine: "laptop-3".into(),
        seen: parse_utc("2012-08-16T14:06:00Z").unwrap(),
    };
    machine.hub.announce(&presence).unwrap();
    machine.hub.announce(&presence).unwrap();
    let status = machine.hub.status().unwrap();
    assert!(status.may_write);
    assert_eq!((status.entries, status.without_body), (2, 1));
    let mut client = postgres::Config::new()
        .host_path(database.server.folder())
        .port(database.server.port)
        .user(&role)
        .dbname(&database.name)
        .connect(postgres::NoTls)
        .unwrap();
    let tables = ["hub", "writer", "batch", "entry", "destroyed", "presence"];
    let mut statements = vec![
        "INSERT INTO bridgelog.hub VALUES (gen_random_uuid(), 1)".to_owned(),
        "INSERT INTO bridgelog.destroyed VALUES (gen_random_uuid())".to_owned(),
        "UPDATE bridgelog.hub SET format = 2".to_owned(),
        "UPDATE bridgelog.writer SET id = gen_random_uuid()".to_owned(),
        "UPDATE bridgelog.batch SET entries = 0".to_owned(),
        "UPDATE bridgelog.entry SET body = NULL".to_owned(),
        "UPDATE bridgelog.destroyed SET id = gen_random_uuid()".to_owned(),
        "CREATE TABLE bridgelog.mine (id int)".to_owned(),
        "DROP SCHEMA bridgelog CASCADE".to_owned(),
        "ALTER SCHEMA bridgelog RENAME TO other".to_owned(),
        "DROP FUNCTION bridgelog.redact(uuid)".to_owned(),
        "ALTER TABLE bridgelog.entry DISABLE TRIGGER ALL".to_owned(),
        "SELECT bridgelog.destroys('')".to_owned(),
        "SELECT 1 FROM bridgelog.entry FOR UPDATE".to_owned(),
        "CREATE OR REPLACE FUNCTION bridgelog.redact(redaction uuid) RETURNS bigint \
         LANGUAGE sql AS 'SELECT 1::bigint'"
            .to_owned(),
    ];
    for table in tables {
        statements.extend([
            format!("DELETE FROM bridgelog.{table}"),
            format!("TRUNCATE bridgelog.{table}"),
            format!("DROP TABLE bridgelog.{table}"),
            format!("ALTER TABLE bridgelog.{table} ADD COLUMN x int"),
        ]);
    }
    for statement in statements {
        let refused = client.batch_execute(&statement).unwrap_err();
        let code = refused.code().map(postgres::error::SqlState::code);
        assert_eq!(code, Some("42501"), "{statement}: {refused:?}");
    }
}

#[test]
fn who_is_no_writer_is_refused_with_what_to_grant() {
    let database = hub();
    let role = make_role(&database, "_stranger");
    let error = open(&url_of(&database, &role)).err().unwrap();
    assert_eq!(error.kind, HubErrorKind::Refused);
    let hint = error.hint.unwrap();
    assert!(hint.contains(&format!("GRANT bridgelog_writer TO \"{role}\"")));
    let error = PostgresHub::init(&url_of(&database, &role), &no_variables, None).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Refused);
    assert!(error.hint.unwrap().contains("bridgelog hub sql"));
}

#[test]
fn hub_of_a_newer_version_is_read_and_not_written() {
    let database = hub();
    let mut machine = Machine::new(&database);
    let sent = machine.write(&["one"]);
    let mut admin = database.admin();
    admin
        .batch_execute(
            "UPDATE bridgelog.hub SET format = 7; ALTER TABLE bridgelog.entry ADD COLUMN later int",
        )
        .unwrap();
    machine.hub = open(&database.url()).unwrap();
    assert_eq!(machine.read(), sent);
    let error = machine.try_write(&sent).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Newer);
    assert!(error.message.contains("format 7"), "{error}");
    let status = machine.hub.status().unwrap();
    assert!(!status.may_write);
    assert_eq!(status.format, 7);
    let error = PostgresHub::init(&database.url(), &no_variables, None).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Newer);
}

#[test]
fn init_again_changes_nothing() {
    let database = server().database();
    let role = make_role(&database, "_w");
    let init = |grant| PostgresHub::init(&database.url(), &no_variables, grant).unwrap();
    let first = init(None);
    assert!(first.is_new && !first.granted && first.migrated_from.is_none());
    let second = init(Some(&role));
    assert!(!second.is_new && second.granted && second.id == first.id);
    let third = init(Some(&role));
    assert!(!third.is_new && !third.granted && third.id == first.id);
    let error = PostgresHub::init(&database.url(), &no_variables, Some("nobody-such"));
    assert!(error.unwrap_err().message.contains("no role nobody-such"));
}

#[test]
fn printed_sql_makes_a_hub_and_can_be_run_again() {
    let database = server().database();
    let role = make_role(&database, "_w");
    let sql = init_sql(Some(&role));
    let mut admin = database.admin();
    admin.batch_execute(&sql).unwrap();
    let key = open(&database.url()).unwrap().key().to_owned();
    let mut machine = Machine::new(&database);
    machine.hub = open(&url_of(&database, &role)).unwrap();
    let sent = machine.write(&["one"]);
    admin.batch_execute(&sql).unwrap();
    assert_eq!(machine.read(), sent);
    assert_eq!(open(&database.url()).unwrap().key(), key);
    let again = PostgresHub::init(&database.url(), &no_variables, Some(&role)).unwrap();
    assert!(!again.is_new && !again.granted);
}
