//! Files of other versions: today's format is migrated after a backup, read models of an earlier
//! version are rebuilt, those of a newer one are only read, and FTS5's own tables may differ.
#![allow(clippy::unwrap_used, reason = "this is a test")]

mod common;
mod store_fixtures;

use bridgelog::{
    domain::words::Kind,
    store::{OpenOptions, Store, StoreError, UpgradeEvent},
};
use common::TestEnv;
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};
use store_fixtures::{StoreFixture, dump_read_models, event_at_minute};

/// A copy of a fixture file. What is in it: `tests/formats/README.md`.
fn fixture(env: &TestEnv, name: &str) -> PathBuf {
    let path = env.path().join(name);
    std::fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/formats")
            .join(name),
        &path,
    )
    .unwrap();
    path
}

fn set_model(path: &Path, model: i64) {
    let conn = Connection::open(path).unwrap();
    conn.execute("UPDATE store SET model=?1", [model]).unwrap();
}

fn schema_version(path: &Path) -> i64 {
    let conn = Connection::open(path).unwrap();
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

/// True if every member of `expected` is in `actual` with the same value; `actual` may have more.
fn contains(actual: &serde_json::Value, expected: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Object};
    match (actual, expected) {
        (Object(actual), Object(expected)) => expected
            .iter()
            .all(|(name, value)| actual.get(name).is_some_and(|a| contains(a, value))),
        (Array(actual), Array(expected)) => {
            actual.len() == expected.len()
                && actual.iter().zip(expected).all(|(a, e)| contains(a, e))
        }
        _ => actual == expected,
    }
}

#[test]
fn format_1_file_is_migrated_after_a_backup() {
    let env = TestEnv::new();
    let path = fixture(&env, "format-1.db");
    assert_eq!(schema_version(&path), 1);
    let db = path.to_str().unwrap();
    let output = env.run(&["--db", db, "verify"]);
    assert!(output.exit_code == 0, "{}", output.stderr);
    assert!(
        output
            .stdout
            .contains("54 entries in 3 chains checked: all is as it was written")
    );
    assert!(
        output.stderr.contains("was migrated from format 1 to 3"),
        "{}",
        output.stderr
    );
    assert_eq!(schema_version(&path), 3);

    let shown = env.run_json(&["--db", db, "show", "1", "--json"]);
    let expected = include_str!("formats/format-1.json");
    let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
    assert!(contains(&shown, &expected), "{shown:#}");

    // The file as it was is kept, whole, and a second open changes nothing.
    let backup = env.path().join("format-1.db.format-1");
    assert_eq!(schema_version(&backup), 1);
    let conn = Connection::open(&backup).unwrap();
    let count: i64 = conn
        .query_row("SELECT count(*) FROM entry", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 54);
    let again = env.run(&["--db", db, "log", "--incident", "1", "and on it goes"]);
    assert!(
        again.exit_code == 0 && !again.stderr.contains("migrated"),
        "{}",
        again.stderr
    );
    assert!(!env.path().join("format-1.db.format-1.2").exists());
}

#[test]
fn format_2_file_is_migrated_and_can_be_synced() {
    let env = TestEnv::new();
    let path = fixture(&env, "format-2.db");
    assert_eq!(schema_version(&path), 2);
    let db = path.to_str().unwrap();
    let before = env.run_ok(&["--db", db, "verify"]);
    assert!(before.contains("9 entries in 1 chain checked"), "{before}");
    assert_eq!(schema_version(&path), 3);
    assert_eq!(schema_version(&env.path().join("format-2.db.format-2")), 2);
    let hub = env.path().join("hub");
    std::fs::create_dir(&hub).unwrap();
    let synced = env.run_ok(&["--db", db, "sync", hub.to_str().unwrap()]);
    assert!(synced.contains("sent 9"), "{synced}");
    env.run_ok(&["--db", db, "verify"]);
}

#[test]
fn migration_backup_never_overwrites_a_file() {
    let env = TestEnv::new();
    let path = fixture(&env, "format-1.db");
    std::fs::write(env.path().join("format-1.db.format-1"), "mine").unwrap();
    Store::open(&path, &OpenOptions::default()).unwrap();
    let kept = std::fs::read(env.path().join("format-1.db.format-1")).unwrap();
    assert_eq!(kept, b"mine");
    assert_eq!(
        schema_version(&env.path().join("format-1.db.format-1.2")),
        1
    );
}

#[test]
fn altered_format_1_file_is_refused_and_not_migrated() {
    let env = TestEnv::new();
    let path = fixture(&env, "format-1.db");
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("CREATE TRIGGER evil AFTER INSERT ON entry BEGIN SELECT 1;END")
        .unwrap();
    drop(conn);
    let error = Store::open(&path, &OpenOptions::default()).unwrap_err();
    assert!(matches!(error, StoreError::NotBridgelog { .. }), "{error}");
    assert_eq!(schema_version(&path), 1);
}

static REBUILDS: AtomicUsize = AtomicUsize::new(0);

#[test]
fn read_models_of_an_earlier_version_are_rebuilt_on_open() {
    let kit = StoreFixture::new();
    let mut store = kit.open();
    let declared = kit.declare_change(1, "outage");
    store.append(std::slice::from_ref(&declared)).unwrap();
    store
        .append(&[kit.log_change(
            declared.incident,
            event_at_minute(3, Kind::Fault, "it broke"),
        )])
        .unwrap();
    drop(store);
    let expected = dump_read_models(&kit.path());

    let conn = Connection::open(kit.path()).unwrap();
    conn.execute_batch(
        "UPDATE store SET model=0;UPDATE incident SET title='stale';DELETE FROM subject WHERE flags&1=0",
    )
    .unwrap();
    drop(conn);
    let options = OpenOptions {
        on_upgrade: |event| {
            if matches!(
                event,
                UpgradeEvent::Rebuilding {
                    asked: false,
                    done: 0,
                    total: 2
                }
            ) {
                REBUILDS.fetch_add(1, Ordering::SeqCst);
            }
        },
        ..OpenOptions::default()
    };
    let store = Store::open(&kit.path(), &options).unwrap();
    assert_eq!(dump_read_models(&kit.path()), expected);
    assert!(store.verify().unwrap().is_clean());
    assert_eq!(REBUILDS.load(Ordering::SeqCst), 1);
    Store::open(&kit.path(), &options).unwrap();
    assert_eq!(REBUILDS.load(Ordering::SeqCst), 1, "once is enough");
}

#[test]
fn read_models_are_compared_in_every_write() {
    let kit = StoreFixture::new();
    let mut store = kit.open();
    let before = kit.log_change(None, event_at_minute(1, Kind::Note, "before"));
    store.append(&[before]).unwrap();

    // A newer program opened the file meanwhile.
    set_model(&kit.path(), 99);
    let after = kit.log_change(None, event_at_minute(2, Kind::Note, "after"));
    let error = store.append(std::slice::from_ref(&after)).unwrap_err();
    assert!(matches!(error, StoreError::NewerReadModels(_)), "{error}");
    assert_eq!(store.read().entry_count().unwrap(), 1, "reading goes on");

    // An earlier one did: its rows are rebuilt in the same transaction.
    set_model(&kit.path(), 0);
    let conn = Connection::open(kit.path()).unwrap();
    conn.execute_batch("DELETE FROM subject").unwrap();
    drop(conn);
    store.append(&[after]).unwrap();
    assert_eq!(store.read().unfiled_events(None, 9).unwrap().len(), 2);
    assert!(store.verify().unwrap().is_clean());
}

#[test]
fn newer_schema_version_is_noticed_in_every_write() {
    let kit = StoreFixture::new();
    let mut store = kit.open();
    let conn = Connection::open(kit.path()).unwrap();
    conn.pragma_update(None, "user_version", 4).unwrap();
    let change = kit.log_change(None, event_at_minute(1, Kind::Note, "x"));
    let error = store.append(&[change]).unwrap_err();
    assert!(
        matches!(error, StoreError::NewerFormat { found: 4, .. }),
        "{error}"
    );
}

#[test]
fn newer_read_models_are_read_and_never_called_damage() {
    let env = TestEnv::new();
    let path = fixture(&env, "newer.db");
    let db = path.to_str().unwrap();
    let before = std::fs::read(&path).unwrap();
    let list = env.run(&["--db", db, "list"]);
    assert!(
        list.exit_code == 0 && list.stdout.contains("Checkout is slow"),
        "{}",
        list.stdout
    );
    assert!(
        list.stderr.contains("it is only read here"),
        "{}",
        list.stderr
    );
    let log = env.run(&["--db", db, "log", "mine"]);
    assert!(log.exit_code == 1);
    assert!(
        log.stderr
            .contains("this one can read it, and writes nothing to it"),
        "{}",
        log.stderr
    );
    assert!(
        log.stderr.contains("hint: use that newer version"),
        "{}",
        log.stderr
    );
    let verify = env.run(&["--db", db, "verify"]);
    assert!(verify.exit_code == 0, "{}{}", verify.stdout, verify.stderr);
    assert!(
        verify.stderr.contains("only the journal was checked"),
        "{}",
        verify.stderr
    );
    assert_eq!(std::fs::read(&path).unwrap(), before, "nothing was written");
}

/// Rewrites the text of a schema object, as another version of SQLite might have written it.
fn edit_schema(path: &Path, statement: &str) {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(&format!(
        "PRAGMA writable_schema=ON;{statement};PRAGMA writable_schema=OFF;"
    ))
    .unwrap();
}

#[test]
fn shadow_tables_of_another_sqlite_are_accepted_by_name() {
    let kit = StoreFixture::new();
    let mut store = kit.open();
    store
        .append(&[kit.log_change(None, event_at_minute(1, Kind::Note, "needle"))])
        .unwrap();
    drop(store);
    edit_schema(
        &kit.path(),
        "UPDATE sqlite_master SET sql='CREATE TABLE ''search_data''(id INTEGER PRIMARY KEY, block BLOB, extra INTEGER)' WHERE name='search_data'",
    );
    let store = kit.open();
    let hits = store.read().search("needle", &Default::default()).unwrap();
    assert_eq!(hits.len(), 1);
}

#[test]
fn view_or_virtual_table_under_a_shadow_name_is_refused() {
    for statement in [
        "CREATE VIEW search_content AS SELECT 1",
        "CREATE TRIGGER search_docsize AFTER INSERT ON entry BEGIN SELECT 1;END",
        "CREATE VIRTUAL TABLE search_content USING fts5(x)",
        "CREATE TABLE search_other(x)",
    ] {
        let kit = StoreFixture::new();
        drop(kit.open());
        let conn = Connection::open(kit.path()).unwrap();
        conn.execute_batch(statement).unwrap();
        drop(conn);
        let error = Store::open(&kit.path(), &OpenOptions::default()).unwrap_err();
        assert!(
            matches!(error, StoreError::NotBridgelog { .. }),
            "{statement}: {error}"
        );
    }
}
