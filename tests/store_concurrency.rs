//! Concurrent writers, and a database file that is moved, copied or locked while it is open.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is a test")]

mod store_fixtures;

use bridgelog::{
    domain::{subject::Subject, value::Change, words::Kind},
    store::{OpenOptions, Store, StoreError},
};
use std::{
    collections::HashMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};
use store_fixtures::{StoreFixture, event_at_minute, open};
use uuid::Uuid;

const ROLE: &str = "BRIDGELOG_TEST_CHILD";
const ENTRIES: u64 = 300;

fn long_timeout() -> OpenOptions {
    OpenOptions {
        busy_timeout: Duration::from_secs(60),
        ..OpenOptions::default()
    }
}

fn change(writer: u64, n: u64) -> Change {
    let fixture = StoreFixture::new();
    let mut change = fixture.log_change(
        None,
        event_at_minute(1, Kind::Note, &format!("{writer} {n}")),
    );
    change.id = Uuid::from_u128((u128::from(writer) << 64) | u128::from(n));
    change.subject = Subject::Event(change.id);
    change.author = writer.to_string();
    change
}

fn write(path: &Path, writer: u64) {
    let mut store = Store::open(path, &long_timeout()).unwrap();
    for n in 0..ENTRIES {
        store.append(&[change(writer, n)]).unwrap();
    }
}

#[test]
fn child() {
    if let Ok(role) = std::env::var(ROLE) {
        let (path, writer) = role.rsplit_once(' ').unwrap();
        write(Path::new(path), writer.parse().unwrap());
    }
}

/// Runs eight writers at once, four threads and four processes, with `meanwhile` beside them.
fn run_writers(path: &Path, meanwhile: impl FnOnce()) {
    let children: Vec<_> = (4..8)
        .map(|writer| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "child", "--test-threads=1"])
                .env(ROLE, format!("{} {writer}", path.display()))
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            scope.spawn(move || write(path, writer));
        }
        meanwhile();
    });
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
}

/// Asserts that all entries of every writer are present and in order.
fn assert_all_entries_in_order(store: &Store) {
    let mut next: HashMap<String, u64> = HashMap::new();
    for (_, entry) in store.read().entries_after(0, usize::MAX).unwrap() {
        let header = entry.header();
        let n = next.entry(header.author.clone()).or_default();
        assert_eq!(header.id, change(header.author.parse().unwrap(), *n).id);
        *n += 1;
    }
    assert_eq!(next.len(), 8);
    assert!(next.values().all(|n| *n == ENTRIES), "{next:?}");
    let report = store.verify().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    assert_eq!(report.chains, 1);
}

#[test]
fn eight_concurrent_writers_and_backup_lose_nothing() {
    let fixture = StoreFixture::new();
    let backup = fixture.dir.path().join("backup.db");
    // The file does not exist yet, so the writers also race to create it.
    run_writers(&fixture.path(), || {
        let store = Store::open(&fixture.path(), &long_timeout()).unwrap();
        while store.read().entries_after(0, 200).unwrap().len() < 200 {
            std::thread::sleep(Duration::from_millis(2));
        }
        let before = store.read().entries_after(0, usize::MAX).unwrap().len();
        store.backup(&backup).unwrap();
        let copy = open(&backup);
        let report = copy.verify().unwrap();
        assert!(report.is_clean(), "{:#?}", report.findings);
        assert!(report.entries >= before as u64);
        assert_ne!(
            copy.origin(),
            store.origin(),
            "a copy writes a chain of its own"
        );
    });
    assert_all_entries_in_order(&fixture.open());
}

#[test]
fn backup_is_private_and_never_overwrites() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    store.append(&[change(1, 1)]).unwrap();
    let to = fixture.dir.path().join("copy.db");
    store.backup(&to).unwrap();
    assert_eq!(
        fs::metadata(&to).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(matches!(store.backup(&to), Err(StoreError::AlreadyExists(path)) if path == to));
    let missing = fixture.dir.path().join("none").join("copy.db");
    assert!(matches!(
        store.backup(&missing),
        Err(StoreError::Missing(_))
    ));
    let names: Vec<_> = fs::read_dir(fixture.dir.path())
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("copy"))
        .collect();
    assert_eq!(names, ["copy.db"], "one file is all of it");
}

#[test]
fn append_detects_deleted_or_replaced_file() {
    let replaced = |spoil: &dyn Fn(&StoreFixture)| {
        let fixture = StoreFixture::new();
        let mut store = fixture.open();
        store.append(&[change(1, 1)]).unwrap();
        spoil(&fixture);
        let error = store.append(&[change(1, 2)]).unwrap_err();
        assert!(matches!(error, StoreError::Replaced(_)), "{error}");
        assert!(error.hint().is_some());
    };
    replaced(&|fixture| fs::remove_file(fixture.path()).unwrap());
    replaced(&|fixture| fs::remove_dir_all(fixture.dir.path()).unwrap());
    replaced(&|fixture| {
        let other = StoreFixture::new();
        other.open().append(&[change(2, 2)]).unwrap();
        let near = fixture.dir.path().join("other");
        fs::copy(other.path(), &near).unwrap();
        fs::rename(near, fixture.path()).unwrap();
    });
    // Only the WAL is replaced: commits would go into a deleted file.
    replaced(&|fixture| fs::remove_file(fixture.dir.path().join("log.db-wal")).unwrap());
}

#[test]
fn commit_detects_file_deleted_during_transaction() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    let path = fixture.path();
    let done: Result<_, StoreError> = store.transact(|store| {
        fs::remove_file(&path).unwrap();
        store.append(&[change(1, 1)])
    });
    assert!(matches!(done, Err(StoreError::Replaced(_))));
}

#[test]
fn copied_file_gets_a_new_origin() {
    let fixture = StoreFixture::new();
    let mut store = fixture.open();
    store.append(&[change(1, 1)]).unwrap();
    let first = store.origin();
    drop(store);
    assert_eq!(
        fixture.open().origin(),
        first,
        "the same file, the same origin"
    );
    let copy = fixture.dir.path().join("copy.db");
    fixture.open().backup(&copy).unwrap();
    let fixed = OpenOptions {
        new_origin: Some(Uuid::from_u128(5)),
        ..OpenOptions::default()
    };
    let mut copied = Store::open(&copy, &fixed).unwrap();
    assert_eq!(copied.origin(), Uuid::from_u128(5));
    let entry = copied.append(&[change(1, 2)]).unwrap().remove(0);
    assert_eq!(
        (entry.header().origin, entry.header().seq),
        (Uuid::from_u128(5), 1)
    );
    drop(copied);
    assert_eq!(
        open(&copy).origin(),
        Uuid::from_u128(5),
        "and it keeps that"
    );
    assert!(open(&copy).verify().unwrap().is_clean());
}

#[test]
fn append_to_locked_file_fails_after_timeout() {
    let fixture = StoreFixture::new();
    let options = OpenOptions {
        busy_timeout: Duration::from_millis(50),
        ..OpenOptions::default()
    };
    let mut store = Store::open(&fixture.path(), &options).unwrap();
    let other = rusqlite::Connection::open(fixture.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.append(&[change(1, 1)]).unwrap_err();
    assert!(matches!(&error, StoreError::Locked { waited, .. } if *waited == options.busy_timeout));
    // Reading works while another connection has the write lock.
    assert!(store.read().unfiled_events(None, 5).unwrap().is_empty());
    other.execute_batch("ROLLBACK").unwrap();
    store.append(&[change(1, 1)]).unwrap();
}

#[test]
fn data_version_changes_on_commits_by_others() {
    let fixture = StoreFixture::new();
    let mut ours = fixture.open();
    let mut theirs = fixture.open();
    let before = ours.data_version().unwrap();
    ours.append(&[change(1, 1)]).unwrap();
    assert_eq!(ours.data_version().unwrap(), before, "our own do not count");
    theirs.append(&[change(1, 2)]).unwrap();
    assert_ne!(ours.data_version().unwrap(), before);
    assert_eq!(ours.read().unfiled_events(None, 9).unwrap().len(), 2);
}

#[test]
fn wal_file_size_stays_bounded() {
    let fixture = StoreFixture::new();
    // While another process has the file open, nobody deletes the log.
    let _open = fixture.open();
    let mut longest = 0;
    for n in 0..60 {
        fixture.open().append(&[change(1, n)]).unwrap();
        let log = fs::metadata(fixture.dir.path().join("log.db-wal")).unwrap();
        longest = longest.max(log.len());
    }
    assert!(longest < 400 * 1024, "{longest}");
    assert!(fixture.open().verify().unwrap().is_clean());
}
