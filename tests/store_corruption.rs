//! A file that is not as we left it: another program's, a damaged one, one that somebody edited. It
//! is refused or told, and never crashes or hangs anything. And: what we make is private.
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

/// A store with some of everything, and no log beside it.
fn filled(kit: &StoreFixture) -> Vec<Entry> {
    let mut store = kit.open();
    let declared = kit.declare_change(1, "outage");
    let mut changes: Vec<Change> = vec![declared.clone()];
    for n in 0..60 {
        let incident = if n % 2 == 0 { Some(declared.id) } else { None };
        changes.push(kit.log_change(
            incident,
            event_at_minute(n, Kind::Note, &format!("sunflower number {n}")),
        ));
    }
    let amend = kit.amend_change(
        &changes[1],
        vec![changes[1].id],
        event_at_minute(1, Kind::Fault, "tulip"),
    );
    changes.push(amend);
    let entries = store.append(&changes).unwrap();
    drop(store);
    settle(&kit.path());
    entries
}

/// Brings everything into the one file.
fn settle(path: &Path) {
    let conn = Connection::open(path).unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
}

/// Does to the file what our program would not.
fn tamper(path: &Path, sql: &str) {
    let conn = Connection::open(path).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)
        .unwrap();
    conn.execute_batch(sql).unwrap();
    drop(conn);
    settle(path);
}

#[test]
fn created_files_are_private_to_user() {
    let kit = StoreFixture::new();
    let path = kit.dir.path().join("new").join("folder").join("log.db");
    let mut store = open(&path);
    store
        .append(&[kit.log_change(None, event_at_minute(1, Kind::Note, "x"))])
        .unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for name in ["log.db", "log.db-wal", "log.db-shm"] {
        assert_eq!(mode(&path.with_file_name(name)), 0o600, "{name}");
    }
}

#[test]
fn open_reports_distinct_error_per_invalid_path() {
    let kit = StoreFixture::new();
    let folder = kit.dir.path();
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
    // An empty file is what is left where the program was killed while it made one.
    fs::write(folder.join("empty.db"), "").unwrap();
    assert!(matches!(
        Store::open(&folder.join("empty.db"), &none),
        Err(StoreError::Empty(_))
    ));
    assert!(try_open(&folder.join("empty.db")).is_ok());
}

/// The child, which is nobody: `BRIDGELOG_TEST_CHILD=FOLDER`.
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
    let kit = StoreFixture::new();
    let error = readable
        .append(&[kit.log_change(None, event_at_minute(2, Kind::Note, "y"))])
        .unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
}

#[test]
fn missing_permissions_are_reported() {
    let kit = StoreFixture::new();
    kit.open()
        .append(&[kit.log_change(None, event_at_minute(1, Kind::Note, "x"))])
        .unwrap();
    let readable = kit.dir.path().join("readable.db");
    // Open, so that its log and the index of the log are there.
    let mut other = open(&readable);
    other
        .append(&[kit.log_change(None, event_at_minute(1, Kind::Note, "x"))])
        .unwrap();
    for name in ["readable.db", "readable.db-wal", "readable.db-shm"] {
        let file = readable.with_file_name(name);
        fs::set_permissions(file, fs::Permissions::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(kit.dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "child"])
        .env(ROLE, kit.dir.path())
        .env("TMPDIR", "/tmp");
    let root = rustix::process::geteuid().is_root();
    if root {
        // Nothing is forbidden to root.
        child.uid(65534).gid(65534);
        fs::set_permissions(kit.path(), fs::Permissions::from_mode(0o600)).unwrap();
    } else {
        fs::set_permissions(kit.path(), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let done = child.output();
    fs::set_permissions(kit.dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    match done {
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
    let kit = StoreFixture::new();
    let path = kit.dir.path().join("other.db");
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
            let _ = fs::remove_file(kit.dir.path().join(format!("other.db{suffix}")));
        }
    };
    let mut dice = XorShift(7);
    fs::write(
        &path,
        (0..20_000)
            .map(|_| u8::try_from(dice.below(256)).unwrap())
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
        let kit = StoreFixture::new();
        filled(&kit);
        tamper(&kit.path(), sql);
        let error = try_open(&kit.path()).unwrap_err();
        assert!(
            matches!(
                error,
                StoreError::NotBridgelog { .. } | StoreError::SchemaIncomplete { .. }
            ),
            "{sql}: {error:?}"
        );
    }
    let kit = StoreFixture::new();
    filled(&kit);
    tamper(&kit.path(), "PRAGMA user_version=99");
    assert!(matches!(
        try_open(&kit.path()),
        Err(StoreError::NewerFormat { found: 99, .. })
    ));
}

#[test]
fn triggers_reject_journal_updates_and_deletes() {
    let kit = StoreFixture::new();
    filled(&kit);
    let conn = Connection::open(kit.path()).unwrap();
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
    let kit = StoreFixture::new();
    let entries = filled(&kit);
    let mut bytes = fs::read(kit.path()).unwrap();
    let needle = b"sunflower number 33";
    let at = bytes
        .windows(needle.len())
        .position(|w| w == needle)
        .unwrap();
    bytes[at] = b'S';
    fs::write(kit.path(), bytes).unwrap();
    let conn = Connection::open(kit.path()).unwrap();
    let said: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(said, "ok", "SQLite sees nothing");
    drop(conn);
    let report = kit.open().verify().unwrap();
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
    let found = |sql: &str| {
        let kit = StoreFixture::new();
        filled(&kit);
        let triggers: Vec<String> = {
            let conn = Connection::open(kit.path()).unwrap();
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
        tamper(&kit.path(), &format!("{drop};{sql};{}", triggers.join(";")));
        kit.open().verify().unwrap().findings
    };
    let findings = found("DELETE FROM entry WHERE no=10");
    assert!(
        findings
            .iter()
            .any(|f| matches!(f, VerifyFinding::Gap { from: 6, to: 6, .. })),
        "{findings:#?}"
    );
    // Taken out, and the ones after it moved up.
    let findings = found(
        "DELETE FROM entry WHERE no=10;UPDATE entry SET seq=seq-1 WHERE no>10 AND incident IS NOT NULL",
    );
    assert!(
        findings
            .iter()
            .any(|f| matches!(f, VerifyFinding::Entry { .. })),
        "{findings:#?}"
    );
    let findings =
        found("UPDATE entry SET header=replace(header,'\"seq\":6','\"seq\":5') WHERE no=10");
    assert!(
        findings
            .iter()
            .any(|f| matches!(f, VerifyFinding::BrokenChain { .. })),
        "{findings:#?}"
    );
    let findings = found("UPDATE subject SET at=at+1 WHERE no=10");
    assert!(
        matches!(findings.as_slice(), [VerifyFinding::ReadModel(_)]),
        "{findings:#?}"
    );
    let findings = found("UPDATE incident SET title='nothing happened'");
    assert!(
        matches!(findings.as_slice(), [VerifyFinding::ReadModel(_)]),
        "{findings:#?}"
    );
    let findings = found("UPDATE subject SET letters=7 WHERE no=10");
    assert!(
        matches!(findings.as_slice(), [VerifyFinding::ReadModel(_)]),
        "{findings:#?}"
    );
    let findings = found("INSERT INTO search(rowid,text)VALUES(3,'never said')");
    assert!(
        matches!(findings.as_slice(), [VerifyFinding::ReadModel(_)]),
        "{findings:#?}"
    );
    let findings =
        found("INSERT INTO search(search,rowid,text)VALUES('delete',3,'sunflower number 1')");
    assert!(
        matches!(findings.as_slice(), [VerifyFinding::ReadModel(_)]),
        "{findings:#?}"
    );
    assert!(found("SELECT 1").is_empty());
}

#[test]
fn verify_names_differing_field_and_unredacted_destroyed_body() {
    let kit = StoreFixture::new();
    filled(&kit);
    let victim = kit.open().read().entries_after(0, usize::MAX).unwrap()[9].clone();
    let victim = victim.1.header().id;
    tamper(
        &kit.path(),
        "UPDATE entry SET body=NULL WHERE no=10;UPDATE incident SET title='nothing happened'",
    );
    let findings = kit.open().verify().unwrap().findings;
    assert!(
        findings
            .iter()
            .any(|f| matches!(f, VerifyFinding::Entry { id, handle, what }
            if *id == victim && handle.len() == 6 && what.contains("no redaction"))),
        "{findings:#?}"
    );
    let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|t| t.contains("(its title)")), "{told:#?}");
    assert!(!told.concat().contains("rebuild"), "{told:#?}");
}

#[test]
fn open_rejects_file_with_missing_trigger() {
    let kit = StoreFixture::new();
    filled(&kit);
    tamper(&kit.path(), "DROP TRIGGER entry_stays");
    let Err(error) = try_open(&kit.path()) else {
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
    let kit = StoreFixture::new();
    filled(&kit);
    tamper(
        &kit.path(),
        "UPDATE subject SET at=1,flags=0;DELETE FROM subject WHERE no>40;DELETE FROM incident;INSERT INTO search(rowid,text)VALUES(3,'never said')",
    );
    let mut store = kit.open();
    assert!(!store.verify().unwrap().is_clean());
    store.rebuild().unwrap();
    let report = store.verify().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
}

/// Everything that can be asked or done, whatever comes of it.
fn use_all(path: &Path, kit: &StoreFixture) {
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
    let _ = store.append(&[kit.log_change(None, event_at_minute(2, Kind::Note, "z"))]);
    let _ = store.rebuild();
    let _ = store.backup(&kit.dir.path().join("backup"));
    let _ = fs::remove_file(kit.dir.path().join("backup"));
}

#[test]
fn damaged_files_never_panic_or_hang() {
    let kit = StoreFixture::new();
    filled(&kit);
    let good = fs::read(kit.path()).unwrap();
    let path = kit.dir.path().join("bad.db");
    let mut dice = XorShift(99);
    for round in 0..150 {
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(kit.dir.path().join(format!("bad.db{suffix}")));
        }
        let mut bad = good.clone();
        match round % 5 {
            0 => bad.truncate(dice.below(good.len())),
            1 => {
                let (from, to) = (dice.below(good.len()), dice.below(good.len()));
                bad[from.min(to)..from.max(to)].fill(0);
            }
            // A few bytes, often where the structure is: at the beginning of a page.
            _ => {
                for _ in 0..=dice.below(20) {
                    let page = dice.below(good.len() / 4096) * 4096;
                    let at = page + dice.below(if round % 2 == 0 { 64 } else { 4096 });
                    bad[at] = u8::try_from(dice.below(256)).unwrap();
                }
            }
        }
        fs::write(&path, bad).unwrap();
        use_all(&path, &kit);
    }
}

#[test]
fn damaged_wal_recovers_to_a_clean_store() {
    let kit = StoreFixture::new();
    let path = kit.path();
    let log = kit.dir.path().join("log.db-wal");
    let (good, good_log) = {
        let mut store = kit.open();
        for n in 0..6 {
            store
                .append(&[kit.log_change(None, event_at_minute(n, Kind::Note, "sunflower"))])
                .unwrap();
        }
        // As a killed process leaves them.
        (fs::read(&path).unwrap(), fs::read(&log).unwrap())
    };
    let mut dice = XorShift(5);
    for _ in 0..60 {
        let _ = fs::remove_file(kit.dir.path().join("log.db-shm"));
        let mut bad = good_log.clone();
        if dice.below(3) == 0 {
            bad.truncate(dice.below(bad.len()));
        } else {
            let at = dice.below(bad.len());
            bad[at] ^= 1 << dice.below(8);
        }
        fs::write(&path, &good).unwrap();
        fs::write(&log, bad).unwrap();
        let store = kit.open();
        let report = store.verify().unwrap();
        assert!(
            report.is_clean() && report.entries <= 6,
            "{:#?}",
            report.findings
        );
    }
}
