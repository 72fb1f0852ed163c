//! What a sync did, or would do.

use super::{HubError, replica::Memory};
use std::fmt;
use uuid::Uuid;

/// Why a sync ended before its end.
#[derive(Debug)]
pub enum SyncError<E> {
    Hub(HubError),
    /// The journal here cannot be read or written.
    Local(E),
}

impl<E: fmt::Display> fmt::Display for SyncError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hub(error) => error.fmt(f),
            Self::Local(error) => error.fmt(f),
        }
    }
}

impl<E> From<HubError> for SyncError<E> {
    fn from(error: HubError) -> Self {
        Self::Hub(error)
    }
}

/// What a sync did. What is not counted was equal before.
#[derive(Debug)]
pub struct Report<E> {
    pub received: Received,
    /// How the receiving ended. A sending that fails never stops it, nor the other way round.
    pub receiving: Result<(), SyncError<E>>,
    pub sent: Sent,
    pub sending: Result<(), SyncError<E>>,
    /// The sources of which the content was replaced since the last sync.
    pub replaced: Vec<String>,
    /// True if batches that this machine sent are gone: all that it holds was offered again.
    pub hub_went_back: bool,
    /// The new origin, if this machine had an older copy of its own journal.
    pub new_origin: Option<Uuid>,
    /// What still holds the text of a redacted entry.
    pub still_held: Vec<String>,
    /// What is remembered of the hub after it.
    pub memory: Memory,
}

/// What came from the hub.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// New entries.
    pub entries: usize,
    /// How many of the new ones are of a kind that this version does not know.
    pub unknown: usize,
    /// New entries that share their place in a chain with another one.
    pub forks: Vec<Uuid>,
    /// What at the hub cannot be read as an entry: its place and the reason.
    pub unreadable: Vec<String>,
    /// The new entries' redactions.
    pub redactions: usize,
}

/// What went to the hub.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Entries that the hub did not have.
    pub entries: usize,
    /// Entries of private incidents, which were not sent.
    pub held_back: usize,
}

/// What a sync would move.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub to_receive: usize,
    pub to_send: usize,
    /// Entries of private incidents, which are not sent.
    pub held_back: usize,
}
