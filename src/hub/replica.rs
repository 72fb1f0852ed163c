//! The journal of this machine, as a sync sees it.

use super::{Cursor, Page, Redaction};
use crate::domain::{entry::Entry, time::UtcTime};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, error::Error};
use uuid::Uuid;

/// The journal of this machine. Each call is one short transaction, or none: none is open while the hub is
/// waited for.
pub trait Replica {
    type Error: Error;

    /// Returns the origin that this machine writes as, a new one if its file was copied or restored.
    fn writer(&mut self) -> Result<Uuid, Self::Error>;

    /// Returns what is remembered of the hub with `key`.
    fn memory(&self, key: &str) -> Result<Memory, Self::Error>;

    /// Remembers `memory` of the hub with `key`.
    fn remember(&mut self, key: &str, memory: &Memory) -> Result<(), Self::Error>;

    /// Adds the entries of `page`, and remembers `memory` with the cursors of the page, in one transaction. If
    /// all entries up to [`Memory::sent`] were the last ones, those of the page count as sent.
    fn accept(
        &mut self,
        key: &str,
        memory: &mut Memory,
        page: &Page,
    ) -> Result<Accepted, Self::Error>;

    /// Returns how many of `entries` are not here.
    fn count_new(&self, entries: &[Entry]) -> Result<usize, Self::Error>;

    /// Returns entries after number `after`, oldest first, at most `max_bytes` of them and at least one if there
    /// is any, without those of private incidents.
    fn outgoing(&self, after: i64, max_bytes: usize) -> Result<Outgoing, Self::Error>;

    /// Returns the incidents whose entries stay on this machine.
    fn private_incidents(&self) -> Result<BTreeSet<Uuid>, Self::Error>;

    /// Returns the number before that of the first entry of `incident`.
    fn before_incident(&self, incident: Uuid) -> Result<i64, Self::Error>;

    /// Returns the redactions that destroy one of `ids`.
    fn redactions_of(&self, ids: &BTreeSet<Uuid>) -> Result<Vec<Redaction>, Self::Error>;

    /// Returns the entries of `redactions` that are here.
    fn redactions(&self, redactions: &BTreeSet<Uuid>) -> Result<Vec<Redaction>, Self::Error>;

    /// Begins a new origin: what this machine writes from now on is another chain.
    fn begin_new_origin(&mut self) -> Result<Uuid, Self::Error>;
}

/// What a machine remembers of one hub. It is no truth: without it everything is compared again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    pub cursors: Vec<Cursor>,
    /// The number of the last entry here of which all up to it are at the hub, but those of private incidents.
    pub sent: i64,
    pub notes: Notes,
}

/// Times alone are saved after so long: where there is nothing to do, a sync writes nothing.
const SAVE_TIMES_AFTER: TimeDelta = TimeDelta::minutes(1);

impl Memory {
    /// Puts `cursors` in place of those of the same sources.
    pub fn move_cursors(&mut self, cursors: &[Cursor]) {
        for cursor in cursors {
            self.cursors.retain(|known| known.source != cursor.source);
            self.cursors.push(cursor.clone());
        }
    }

    /// True if it differs from `saved`, what is stored, in more than times of the last minute.
    #[must_use]
    pub fn is_worth_saving(&self, saved: &Self) -> bool {
        let without_times = |memory: &Self| Self {
            notes: Notes {
                received: None,
                sent: None,
                clock_offset_micros: None,
                ..memory.notes.clone()
            },
            ..memory.clone()
        };
        let is_late = |new: Option<UtcTime>, saved: Option<UtcTime>| match (new, saved) {
            (Some(new), Some(saved)) => (new - saved).abs() >= SAVE_TIMES_AFTER,
            (new, saved) => new != saved,
        };
        is_late(self.notes.received, saved.notes.received)
            || is_late(self.notes.sent, saved.notes.sent)
            || without_times(self) != without_times(saved)
    }
}

/// The part of a [`Memory`] that is stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// The hub as a person knows it.
    pub name: String,
    /// When entries were last received, or there were none to receive.
    pub received: Option<UtcTime>,
    /// When entries were last sent, or there were none to send.
    pub sent: Option<UtcTime>,
    /// The hub's clock less the one here, in µs.
    pub clock_offset_micros: Option<i64>,
    /// The incidents whose entries were held back.
    pub private: BTreeSet<Uuid>,
    /// The redactions of which the hub still holds a body.
    pub redactions: BTreeSet<Uuid>,
    /// The entries whose bytes at the hub differ from those here.
    pub altered: BTreeSet<Uuid>,
}

/// What became of the entries of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// How many were new.
    pub new: usize,
    /// How many of these bear the origin of this machine, which did not have them.
    pub own: usize,
    /// The new entries that share their place in a chain with another one.
    pub forks: Vec<Uuid>,
    /// Those of which another one with the same id is here; it stays.
    pub altered: Vec<Uuid>,
    /// Those whose body was destroyed here before they came with it.
    pub destroyed: BTreeSet<Uuid>,
    /// Why entries cannot be accepted.
    pub invalid: Vec<String>,
    /// The redactions among the new ones.
    pub redactions: Vec<Redaction>,
    /// How many of the new ones are of a kind that this version does not know.
    pub unknown: usize,
}

/// Entries to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    pub entries: Vec<Entry>,
    /// The number of the last entry, of those held back too.
    pub up_to: i64,
    /// How many were held back, being of private incidents.
    pub held_back: usize,
    /// These incidents.
    pub private: BTreeSet<Uuid>,
    /// True if there are no more.
    pub is_last: bool,
}
