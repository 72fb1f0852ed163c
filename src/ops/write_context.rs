//! Who writes, with which clock and which new ids: what every change is made from.

use crate::domain::{
    hash::Hash,
    subject::Subject,
    time::{UtcTime, to_micros},
    value::{Body, Change, Operation, Value},
};
use chrono::Utc;
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    System,
    /// Always the same time, for tests and worked examples (`BRIDGELOG_NOW`).
    Fixed(UtcTime),
}

impl Clock {
    /// Returns the time, cut to microseconds (the precision of an entry).
    #[must_use]
    pub fn now(&self) -> UtcTime {
        match self {
            Self::System => to_micros(Utc::now()),
            Self::Fixed(at) => *at,
        }
    }
}

/// Source of new ids and salts.
#[derive(Clone, Debug)]
pub enum IdGenerator {
    Random,
    /// Derived from a seed, for tests and worked examples (`BRIDGELOG_SEED`).
    Seeded {
        seed: String,
        /// How many values were made so far.
        count: u64,
    },
}

impl IdGenerator {
    fn seeded_bytes(&mut self, what: &str) -> Option<[u8; 16]> {
        match self {
            Self::Random => None,
            Self::Seeded { seed, count } => {
                *count += 1;
                let hash = Hash::digest(format!("{seed}/{what}/{count}").as_bytes());
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&hash.0[..16]);
                Some(bytes)
            }
        }
    }

    /// Returns a new UUIDv7; a seeded one carries the time `now`, a random one the system's.
    pub fn new_id(&mut self, now: UtcTime) -> Uuid {
        let Some(bytes) = self.seeded_bytes("id") else {
            return Uuid::now_v7();
        };
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        let mut random = [0; 10];
        random.copy_from_slice(&bytes[..10]);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// Returns a new salt: 32 hexadecimal digits, random unless seeded.
    pub fn new_salt(&mut self) -> String {
        let salt = self
            .seeded_bytes("salt")
            .map_or_else(Uuid::new_v4, Uuid::from_bytes);
        salt.simple().to_string()
    }
}

/// The author, clock and id generator of a session.
#[derive(Clone, Debug)]
pub struct WriteContext {
    pub clock: Clock,
    pub ids: IdGenerator,
    pub author: String,
    /// See [`Body::terminal_session`].
    pub terminal_session: Option<String>,
}

impl WriteContext {
    /// Makes a change to `subject`, recorded now. `replaces` are the versions that its author saw.
    pub fn new_change(
        &mut self,
        incident: Option<Uuid>,
        subject: Subject,
        replaces: Vec<Uuid>,
        mut body: Body,
    ) -> Change {
        body.terminal_session.clone_from(&self.terminal_session);
        let recorded = self.clock.now();
        Change {
            id: self.ids.new_id(recorded),
            incident,
            subject,
            replaces,
            recorded,
            author: self.author.clone(),
            salt: self.ids.new_salt(),
            body,
        }
    }

    /// Makes the change that gives `subject` the value `value`. `replaces` are its versions until now; it has
    /// none if it is new.
    pub fn new_value(
        &mut self,
        incident: Option<Uuid>,
        subject: Subject,
        replaces: Vec<Uuid>,
        value: Value,
    ) -> Change {
        let operation = if replaces.is_empty() {
            Operation::Log
        } else {
            Operation::Amend
        };
        self.new_change(incident, subject, replaces, Body::new(operation, value))
    }
}

/// Puts `changes` into one group, so that one undo takes all of them back.
pub fn group_changes(changes: &mut [Change]) {
    let first = changes.first().map(|c| c.id);
    for change in changes {
        change.body.group = first;
    }
}
