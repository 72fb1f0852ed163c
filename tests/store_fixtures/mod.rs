//! Shared by the tests of the store: a temporary folder, and changes to append.
#![allow(dead_code, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "this is a test")]

use bridgelog::{
    domain::{
        event::Event,
        subject::Subject,
        time::{UtcTime, from_micros},
        value::{Body, Change, Operation, Value},
        words::Kind,
    },
    store::{OpenOptions, Store},
};
use std::{
    cell::Cell,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// A temporary folder and a source of ids.
pub struct StoreFixture {
    pub dir: tempfile::TempDir,
    next: Cell<u128>,
}

/// Minute `n` of a day in 2012.
pub fn minute(n: i64) -> UtcTime {
    from_micros((1_345_075_200 + n * 60) * 1_000_000)
}

/// An event of minute `n`.
pub fn event_at_minute(n: i64, kind: Kind, text: &str) -> Event {
    Event::new(minute(n).fixed_offset(), kind, text)
}

impl StoreFixture {
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            next: Cell::new(1),
        }
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("log.db")
    }

    pub fn open(&self) -> Store {
        open(&self.path())
    }

    pub fn next_id(&self) -> Uuid {
        self.next.set(self.next.get() + 1);
        // Sets the version and variant bits of a UUIDv7.
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + self.next.get())
    }

    pub fn new_change(
        &self,
        incident: Option<Uuid>,
        subject: Subject,
        replaces: Vec<Uuid>,
        operation: Operation,
        value: Value,
    ) -> Change {
        let id = self.next_id();
        Change {
            id,
            incident,
            subject,
            replaces,
            recorded: minute(i64::try_from(self.next.get()).unwrap()),
            author: "jw".into(),
            salt: format!("{:032x}", self.next.get()),
            body: Body::new(operation, value),
        }
    }

    pub fn log_change(&self, incident: Option<Uuid>, event: Event) -> Change {
        let mut change = self.new_change(
            incident,
            Subject::Event(Uuid::nil()),
            vec![],
            Operation::Log,
            Value::Event(Box::new(event)),
        );
        change.subject = Subject::Event(change.id);
        change
    }

    pub fn declare_change(&self, number: u32, title: &str) -> Change {
        let mut declare = event_at_minute(0, Kind::Declare, title);
        declare.number = Some(number);
        let mut change = self.log_change(None, declare);
        change.incident = Some(change.id);
        change
    }

    pub fn amend_change(&self, original: &Change, replaces: Vec<Uuid>, event: Event) -> Change {
        self.new_change(
            original.incident,
            original.subject.clone(),
            replaces,
            Operation::Amend,
            Value::Event(Box::new(event)),
        )
    }
}

pub fn open(path: &Path) -> Store {
    Store::open(path, &OpenOptions::default()).unwrap()
}

/// Pseudo-random numbers, the same in every run for the same seed.
pub struct XorShift(pub u64);

impl XorShift {
    pub fn next_u64(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Returns a number from 0 to `n` - 1.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next_u64() % n as u64).unwrap()
    }
}

/// Formats all rows of the read models.
pub fn dump_read_models(path: &Path) -> Vec<String> {
    let conn = rusqlite::Connection::open(path).unwrap();
    let mut rows = Vec::new();
    for table in ["subject", "incident", "destroyed"] {
        let mut statement = conn
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1"))
            .unwrap();
        let columns = statement.column_count();
        let formatted = statement
            .query_map([], |row| {
                let cells: rusqlite::Result<Vec<rusqlite::types::Value>> =
                    (0..columns).map(|at| row.get(at)).collect();
                Ok(format!("{table} {:?}", cells?))
            })
            .unwrap();
        rows.extend(formatted.map(Result::unwrap));
    }
    rows
}

/// Prints why a test is skipped; in CI that is a failure.
pub fn skip(reason: &str) {
    assert!(
        std::env::var_os("BRIDGELOG_CI").is_none(),
        "cannot be skipped here: {reason}"
    );
    eprintln!("skipped: {reason}");
}
