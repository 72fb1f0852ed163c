//! The pen: who writes, when, and with which new ids.

use crate::domain::{
    hash::Hash,
    subject::Subject,
    time::{UtcTime, to_micros},
    value::{Body, Change},
};
use chrono::Utc;
use uuid::Uuid;

/// Where the time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The system's.
    System,
    /// Always the same, for tests and worked examples (`BRIDGELOG_NOW`).
    Fixed(UtcTime),
}

impl Clock {
    /// The time now, to the microsecond.
    #[must_use]
    pub fn now(&self) -> UtcTime {
        match self {
            Self::System => to_micros(Utc::now()),
            Self::Fixed(at) => *at,
        }
    }
}

/// Where new ids and salts come from.
#[derive(Clone, Debug)]
pub enum IdGenerator {
    /// The system's randomness.
    Random,
    /// The same each time, for tests and worked examples (`BRIDGELOG_SEED`).
    Seeded {
        /// What they are derived from.
        seed: String,
        /// How many were made.
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

    /// A new UUIDv7 of the time `now`.
    pub fn new_id(&mut self, now: UtcTime) -> Uuid {
        let Some(bytes) = self.seeded_bytes("id") else {
            return Uuid::now_v7();
        };
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        let mut random = [0; 10];
        random.copy_from_slice(&bytes[..10]);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// A new salt: 32 hexadecimal digits that nobody can guess.
    pub fn new_salt(&mut self) -> String {
        let salt = self
            .seeded_bytes("salt")
            .map_or_else(Uuid::new_v4, Uuid::from_bytes);
        salt.simple().to_string()
    }
}

/// Who writes, when, and with which new ids.
#[derive(Clone, Debug)]
pub struct WriteContext {
    /// The clock.
    pub clock: Clock,
    /// New ids.
    pub ids: IdGenerator,
    /// The author.
    pub author: String,
    /// See [`Body::terminal_session`].
    pub terminal_session: Option<String>,
}

impl WriteContext {
    /// A change to `subject`, of which its author saw the versions `replaces`.
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
}
