//! Foreign, damaged and edited files are rejected or reported and never cause a crash or a hang. Files
//! that the program creates are private.
#![allow(clippy::unwrap_used, reason = "this is a test")]

mod store_fixtures;

use bridgelog::{
    domain::{entry::Entry, value::Change, words::Kind},
    store::{OpenOptions, SearchOptions, Store, StoreError, VerifyFinding},
};
use rusqlite::{Connection, config::DbConfig};
use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::Command,
};
use store_fixtures::{StoreFixture, XorShift, event_at_minute, open, skip};

const ROLE: &str = "BRIDGELOG_TEST_CHILD";

fn try_open(path: &Path) -> Result<Store, StoreError> {
    Store::open(path, &OpenOptions::default())
}

/// Fills a store with entries of several kinds and returns them; nothing is left in the WAL.
fn fill_store(fixture: &StoreFixture) -> Vec<Entry> {
    let mut store = fixture.open();
    let declared = fixture.declare_change(1, "outage");
    let mut changes: Vec<Change> = vec![declared.clone()];
    for n in 0..60 {
        let incident = if n % 2 == 0 { Some(declared.id) } else { None };
        changes.push(fixture.log_change(
            incident,
            event_at_minute(n, Kind::Note, &format!("sunflower number {n}")),
        ));
    }
    let amend = fixture.amend_change(
        &changes[1],
        vec![changes[1].id],
        event_at_minute(1, Kind::Fault, "tulip"),
    );
    changes.push(amend);
    let entries = store.append(&changes).unwrap();
    drop(store);
    checkpoint(&fixture.path());
    entries
}

/// Moves all of the WAL into the database file.
fn checkpoint(path: &Path) {
    let conn = Connection::open(path).unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
}

/// Runs SQL on the database without the protections of the store.
fn tamper(path: &Path, sql: &str) {
    let conn = Connection::open(path).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)
        .unwrap();
    conn.execute_batch(sql).unwrap();
    drop(conn);
    checkpoint(path);
}

#[test]
fn created_files_are_private_to_user() {
    let fixture = StoreFixture::new();
    let path = fixture.dir.path().join("new").join("folder").join("log.db");
    let mut store = open(&path);
    store
        .append(&[fixture.log_change(None, event_at_minute(1, Kind::Note, "x"))])
        .unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for name in ["log.db", "log.db-wal", "log.db-shm"] {
        assert_eq!(mode(&path.with_file_name(name)), 0o600, "{name}");
    }
}

#[test]
fn open_reports_distinct_error_per_invalid_path() {
    let fixture = StoreFixture::new();
    let folder = fixture.dir.path();
    assert!(matches!(try_open(folder), Err(StoreError::IsFolder(_))));
    let none = OpenOptions {
        create: false,
        ..OpenOptions::default()
    };
    let missing = folder.join("no.db");
    assert!(matches!(
        Store::open(&missing, &none),
        Err(StoreError::Missing(_))
    ));
    assert!(!missing.exists());
    fs::write(folder.join("file"), "").unwrap();
    let below = folder.join("file").join("log.db");
    assert!(try_open(&below).is_err());
    assert!(matches!(
        try_open(Path::new("/dev/null")),
        Err(StoreError::NotAFile(_))
    ));
    if Command::new("mkfifo")
        .arg(folder.join("pipe"))
        .status()
        .is_ok_and(|s| s.success())
    {
        assert!(matches!(
            try_open(&folder.join("pipe")),
            Err(StoreError::NotAFile(_))
        ));
    } else {
        skip("no mkfifo");
    }
    // An empty file is left if the program is killed while it creates the database.
    fs::write(folder.join("empty.db"), "").unwrap();
    assert!(matches!(
        Store::open(&folder.join("empty.db"), &none),
        Err(StoreError::Empty(_))
    ));
    assert!(try_open(&folder.join("empty.db")).is_ok());
}

/// The child process, without privileges: `BRIDGELOG_TEST_CHILD=FOLDER`.
#[test]
fn child() {
    let Ok(folder) = std::env::var(ROLE) else {
        return;
    };
    let folder = Path::new(&folder);
    let error = try_open(&folder.join("log.db")).unwrap_err();
    assert!(matches!(error, StoreError::Permission(_)), "{error:?}");
    let error = try_open(&folder.join("new.db")).unwrap_err();
    assert!(matches!(error, StoreError::Permission(_)), "{error:?}");
    let error = try_open(&folder.join("deep").join("new.db")).unwrap_err();
    assert!(matches!(error, StoreError::NoFolder { .. }), "{error:?}");
    let mut readable = try_open(&folder.join("readable.db")).unwrap();
    assert_eq!(readable.read().unfiled_events(None, 9).unwrap().len(), 1);
    let fixture = StoreFixture::new();
    let error = readable
        .append(&[fixture.log_change(None, event_at_minute(2, Kind::Note, "y"))])
        .unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
}

#[test]
fn missing_permissions_are_reported() {
    let fixture = StoreFixture::new();
    fixture
        .open()
        .append(&[fixture.log_change(None, event_at_minute(1, Kind::Note, "x"))])
        .unwrap();
    let readable = fixture.dir.path().join("readable.db");
    // Open, so that its log and the index of the log are there.
    let mut other = open(&readable);
    other
        .append(&[fixture.log_change(None, event_at_minute(1, Kind::Note, "x"))])
        .unwrap();
    for name in ["readable.db", "readable.db-wal", "readable.db-shm"] {
        let file = readable.with_file_name(name);
        fs::set_permissions(file, fs::Permissions::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(fixture.dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "child"])
        .env(ROLE, fixture.dir.path())
        .env("TMPDIR", "/tmp");
    let root = rustix::process::geteuid().is_root();
    if root {
        // Permissions do not apply to root.
        child.uid(65534).gid(65534);
        fs::set_permissions(fixture.path(), fs::Permissions::from_mode(0o600)).unwrap();
    } else {
        fs::set_permissions(fixture.path(), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let output = child.output();
    fs::set_permissions(fixture.dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    match output {
        Ok(output) => assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        ),
        Err(error) => skip(&format!("cannot be somebody else: {error}")),
    }
}

#[test]
fn foreign_files_are_rejected_and_unchanged() {
    let fixture = StoreFixture::new();
    let path = fixture.dir.path().join("other.db");
    let refused = |why: &str| {
        let before = fs::read(&path).unwrap();
        let error = try_open(&path).unwrap_err();
        assert!(
            matches!(error, StoreError::NotBridgelog { .. }),
            "{why}: {error:?}"
        );
        assert!(error.hint().is_some());
        assert_eq!(fs::read(&path).unwrap(), before, "{why}: left alone");
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(fixture.dir.path().join(format!("other.db{suffix}")));
        }
    };
    let mut rng = XorShift(7);
    fs::write(
        &path,
        (0..20_000)
            .map(|_| u8::try_from(rng.below(256)).unwrap())
            .collect::<Vec<u8>>(),
    )
    .unwrap();
    refused("random bytes");
    fs::write(&path, "dear diary").unwrap();
    refused("a text");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE notes(x);INSERT INTO notes VALUES(1)")
        .unwrap();
    refused("another program's");
    Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA application_id=7;PRAGMA user_version=3")
        .unwrap();
    refused("an empty one of another program");
}

#[test]
fn changed_schema_is_rejected_on_open() {
    for sql in [
        "CREATE TRIGGER extra AFTER INSERT ON entry BEGIN SELECT 1; END",
        "CREATE VIEW extra AS SELECT * FROM entry",
        "CREATE TABLE extra(x)",
        "CREATE INDEX extra ON entry(author)",
        "DROP TRIGGER entry_stays",
        "DROP TRIGGER entry_fades; CREATE TRIGGER entry_fades BEFORE UPDATE ON entry BEGIN SELECT 1; END",
        "DROP INDEX entry_chain",
        "CREATE VIRTUAL TABLE extra USING fts5(x)",
        "PRAGMA user_version=0",
    ] {
        let fixture = StoreFixture::new();
        fill_store(&fixture);
        tamper(&fixture.path(), sql);
        let error = try_open(&fixture.path()).unwrap_err();
        assert!(
            matches!(
                error,
                StoreError::NotBridgelog { .. } | StoreError::SchemaIncomplete { .. }
            ),
            "{sql}: {error:?}"
        );
    }
    let fixture = StoreFixture::new();
    fill_store(&fixture);
    tamper(&fixture.path(), "PRAGMA user_version=99");
    assert!(matches!(
        try_open(&fixture.path()),
        Err(StoreError::NewerFormat { found: 99, .. })
    ));
}

#[test]
fn triggers_reject_journal_updates_and_deletes() {
    let fixture = StoreFixture::new();
    fill_store(&fixture);
    let conn = Connection::open(fixture.path()).unwrap();
    for sql in [
        "DELETE FROM entry WHERE no=3",
        "UPDATE entry SET body='{}' WHERE no=3",
        "UPDATE entry SET header='{}' WHERE no=3",
        "UPDATE entry SET seq=9 WHERE no=3",
        "UPDATE entry SET author='eve',body=NULL WHERE no=3",
        "UPDATE entry SET no=900,body=NULL WHERE no=3",
        "UPDATE entry SET rowid=900,body=NULL WHERE no=3",
    ] {
        assert!(conn.execute_batch(sql).is_err(), "{sql}");
    }
    conn.execute_batch("UPDATE entry SET body=NULL WHERE no=3")
        .unwrap();
}

#[test]
fn verify_names_entry_with_changed_byte() {
    let fixture = StoreFixture::new();
    let entries = fill_store(&fixture);
    let mut bytes = fs::read(fixture.path()).unwrap();
    let needle = b"sunflower number 33";
    let at = bytes
        .windows(needle.len())
        .position(|w| w == needle)
        .unwrap();
    bytes[at] = b'S';
    fs::write(fixture.path(), bytes).unwrap();
    let conn = Connection::open(fixture.path()).unwrap();
    let message: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(message, "ok", "SQLite sees nothing");
    drop(conn);
    let report = fixture.open().verify().unwrap();
    let changed = entries
        .iter()
        .find(|e| e.to_line().contains("number 33\""))
        .unwrap();
    let named = report.findings.iter().any(|finding| {
        matches!(finding, VerifyFinding::Entry { id, handle, .. } if *id == changed.header().id && handle.len() == 6)
    });
    assert!(named, "{:#?}", report.findings);
}

#[test]
fn verify_detects_deleted_and_inserted_rows() {
    let findings_after = |sql: &str| {
        let fixture = StoreFixture::new();
        fill_store(&fixture);
        let triggers: Vec<String> = {
            let conn = Connection::open(fixture.path()).unwrap();
            let mut statement = conn
                .prepare("SELECT sql FROM sqlite_master WHERE type='trigger'")
                .unwrap();
            statement
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect()
        };
        let drop = "DROP TRIGGER entry_stays;DROP TRIGGER entry_holds;DROP TRIGGER entry_fades";
        tamper(
            &fixture.path(),
            &format!("{drop};{sql};{}", triggers.join(";")),
        );
        fixture.open().verify().unwrap().findings
    };
    let findings = findings_after("DELETE FROM entry WHERE no=10");
    assert!(
        findings
            .iter()
            .any(|f| matches!(f, VerifyFinding::Gap { from: 6, to: 6, .. })),
        "{findings:#?}"
    );
    // An entry is deleted, and the sequence numbers after it are closed up.
    let findings = findings_after(
        "DELETE FROM entry WHERE no=10;UPDATE entry SET seq=seq-1 WHERE no>10 AND incident IS NOT NULL",
    );
    assert!(
        findings
            .iter()
            .any(|f| matches!(f, VerifyFinding::Entry { .. })),
        "{findings:#?}"
    );
    let findings = findings_after(
        "UPDATE entry SET header=replace(header,'\"seq\":6','\"seq\":5') WHERE no=10",
    );
    assert!(
        findings
            .iter()
            .any(|f| matches!(f, VerifyFinding::BrokenChain { .. })),
        "{findings:#?}"
    );
    let findings = findings_after("UPDATE subject SET at=at+1 WHERE no=10");
    assert!(
        matches!(findings.as_slice(), [VerifyFinding::ReadModel(_)]),
        "{findings:#?}"
    );
    let findings = findings_after("UPDATE incident SET title='nothing happened'");
    assert!(
        matches!(findings.as_slice(), [VerifyFinding::ReadModel(_)]),
        "{findings:#?}"
    );
    let findings = findings_after("UPDATE subject SET letters=7 WHERE no=10");
    assert!(
        matches!(findings.as_slice(), [VerifyFinding::ReadModel(_)]),
        "{findings:#?}"
    );
    let findings = findings_after("INSERT INTO search(rowid,text)VALUES(3,'never said')");
    assert!(
        matches!(findings.as_slice(), [VerifyFinding::ReadModel(_)]),
        "{findings:#?}"
    );
    let findings = findings_after(
        "INSERT INTO search(search,rowid,text)VALUES('delete',3,'sunflower number 1')",
    );
    assert!(
        matches!(findings.as_slice(), [VerifyFinding::ReadModel(_)]),
        "{findings:#?}"
    );
    assert!(findings_after("SELECT 1").is_empty());
}

#[test]
fn verify_names_row_and_columns_that_no_entry_gives() {
    for (sql, expected) in [
        (
            "DELETE FROM subject WHERE no=10",
            "the row of event/01900000-0000-7000-8000-00000000000b (missing)",
        ),
        (
            "DELETE FROM incident",
            "the row of incident/01900000-0000-7000-8000-000000000002 (missing)",
        ),
        (
            "INSERT INTO incident SELECT x'00112233445566778899aabbccddeeff',number,title,zone,severity,state,commander,\
             services,declared,resolved,merged,standing,events,entries,newest,low,high FROM incident",
            "the row of incident/00112233-4455-6677-8899-aabbccddeeff (no entry gives it)",
        ),
        (
            "INSERT INTO destroyed VALUES(x'00112233445566778899aabbccddeeff')",
            "the row of destroyed/00112233-4455-6677-8899-aabbccddeeff (no entry gives it)",
        ),
        (
            "UPDATE subject SET name='x'||name WHERE no=10",
            "00000000000b (name)",
        ),
        (
            "UPDATE subject SET name=CAST(x'ff' AS TEXT),id=x'01' WHERE no=10",
            "00000000000b (name, id)",
        ),
        (
            "UPDATE subject SET versions='[10,3]',at=NULL WHERE no=10",
            "00000000000b (versions, at)",
        ),
        (
            "UPDATE incident SET standing=2,high=5",
            "000000000002 (standing, high)",
        ),
    ] {
        let fixture = StoreFixture::new();
        fill_store(&fixture);
        tamper(&fixture.path(), sql);
        let report = fixture.open().verify().unwrap();
        let messages: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
        assert!(
            messages.iter().any(|m| m.contains(expected)),
            "{sql}: {messages:#?}"
        );
        assert!(report.is_only_read_models(), "{sql}: {messages:#?}");
        let mut store = fixture.open();
        store.rebuild().unwrap();
        assert!(store.verify().unwrap().is_clean(), "{sql}");
    }
}

#[test]
fn verify_names_differing_field_and_unredacted_destroyed_body() {
    let fixture = StoreFixture::new();
    fill_store(&fixture);
    let victim = fixture.open().read().entries_after(0, usize::MAX).unwrap()[9].clone();
    let victim = victim.1.header().id;
    tamper(
        &fixture.path(),
        "UPDATE entry SET body=NULL WHERE no=10;UPDATE incident SET title='nothing happened'",
    );
    let findings = fixture.open().verify().unwrap().findings;
    assert!(
        findings
            .iter()
            .any(|f| matches!(f, VerifyFinding::Entry { id, handle, what }
            if *id == victim && handle.len() == 6 && what.contains("no redaction"))),
        "{findings:#?}"
    );
    let messages: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(
        messages.iter().any(|t| t.contains("(title, events)")),
        "{messages:#?}"
    );
    assert!(!messages.concat().contains("rebuild"), "{messages:#?}");
}

#[test]
fn open_rejects_file_with_missing_trigger() {
    let fixture = StoreFixture::new();
    fill_store(&fixture);
    tamper(&fixture.path(), "DROP TRIGGER entry_stays");
    let Err(error) = try_open(&fixture.path()) else {
        unreachable!("it was opened");
    };
    assert!(
        matches!(&error, StoreError::SchemaIncomplete { missing, .. } if missing == "entry_stays")
    );
    assert!(error.to_string().contains("changed by another program"));
    assert!(error.hint().unwrap().contains("backup"));
}

#[test]
fn rebuild_repairs_read_models() {
    let fixture = StoreFixture::new();
    fill_store(&fixture);
    tamper(
        &fixture.path(),
        "UPDATE subject SET at=1,flags=0;DELETE FROM subject WHERE no>40;DELETE FROM incident;INSERT INTO search(rowid,text)VALUES(3,'never said')",
    );
    let mut store = fixture.open();
    assert!(!store.verify().unwrap().is_clean());
    store.rebuild().unwrap();
    let report = store.verify().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
}

/// Calls every operation and ignores the results.
fn use_all(path: &Path, fixture: &StoreFixture) {
    let Ok(mut store) = try_open(path) else {
        return;
    };
    let reader = store.read();
    for row in reader.incidents().unwrap_or_default() {
        let _ = reader.incident(row.id);
        let _ = reader.newest_events(Some(row.id), 20, None);
    }
    for query in ["sun", "s", "sunflower number"] {
        let _ = reader.search(query, &SearchOptions::default());
    }
    let _ = reader.newest_events(None, 20, None);
    let _ = reader.unfiled_events(None, 50);
    let _ = reader.find_by_handle("k");
    let _ = reader.people();
    let _ = reader.entries_after(0, usize::MAX);
    let _ = store.verify();
    let _ = store.append(&[fixture.log_change(None, event_at_minute(2, Kind::Note, "z"))]);
    let _ = store.rebuild();
    let _ = store.backup(&fixture.dir.path().join("backup"));
    let _ = fs::remove_file(fixture.dir.path().join("backup"));
}

#[test]
fn damaged_files_never_panic_or_hang() {
    let fixture = StoreFixture::new();
    fill_store(&fixture);
    let intact = fs::read(fixture.path()).unwrap();
    let path = fixture.dir.path().join("bad.db");
    let mut rng = XorShift(99);
    for round in 0..150 {
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(fixture.dir.path().join(format!("bad.db{suffix}")));
        }
        let mut damaged = intact.clone();
        match round % 5 {
            0 => damaged.truncate(rng.below(intact.len())),
            1 => {
                let (from, to) = (rng.below(intact.len()), rng.below(intact.len()));
                damaged[from.min(to)..from.max(to)].fill(0);
            }
            // A few bytes, often at the beginning of a page, where its structure is.
            _ => {
                for _ in 0..=rng.below(20) {
                    let page = rng.below(intact.len() / 4096) * 4096;
                    let at = page + rng.below(if round % 2 == 0 { 64 } else { 4096 });
                    damaged[at] = u8::try_from(rng.below(256)).unwrap();
                }
            }
        }
        fs::write(&path, damaged).unwrap();
        use_all(&path, &fixture);
    }
}

#[test]
fn damaged_wal_recovers_to_a_clean_store() {
    let fixture = StoreFixture::new();
    let path = fixture.path();
    let log = fixture.dir.path().join("log.db-wal");
    let (intact, intact_wal) = {
        let mut store = fixture.open();
        for n in 0..6 {
            store
                .append(&[fixture.log_change(None, event_at_minute(n, Kind::Note, "sunflower"))])
                .unwrap();
        }
        // As a killed process leaves them.
        (fs::read(&path).unwrap(), fs::read(&log).unwrap())
    };
    let mut rng = XorShift(5);
    for _ in 0..60 {
        let _ = fs::remove_file(fixture.dir.path().join("log.db-shm"));
        let mut damaged = intact_wal.clone();
        if rng.below(3) == 0 {
            damaged.truncate(rng.below(damaged.len()));
        } else {
            let at = rng.below(damaged.len());
            damaged[at] ^= 1 << rng.below(8);
        }
        fs::write(&path, &intact).unwrap();
        fs::write(&log, damaged).unwrap();
        let store = fixture.open();
        let report = store.verify().unwrap();
        assert!(
            report.is_clean() && report.entries <= 6,
            "{:#?}",
            report.findings
        );
    }
}
