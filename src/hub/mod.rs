//! Where the journals of several machines meet: a directory, or a PostgreSQL database.
//!
//! - **Owns** what a hub is ([`Hub`]), its two implementations, and the sync above them ([`sync`](sync::sync)),
//!   which is written once.
//! - **In and out**: entries as the bytes that they are. A hub is a union of entries, not an authority: any
//!   machine may bring any entry that it holds, so a hub that was wiped or restored becomes whole again at the
//!   next syncs.
//!
//! A machine brings entries in *batches*. Each machine writes and numbers its own, and a reader asks for what
//! each machine has brought after what was read of it: there is no number that the hub gives, since such a
//! number is given at INSERT and seen at COMMIT, and a batch that commits late would be passed over for ever. No
//! clock orders anything.
//!
//! Begin reading with [`Hub`], then `sync.rs`.

pub mod directory;
#[cfg(feature = "hub")]
pub mod postgres;
pub mod replica;
pub mod report;
pub mod sync;

use crate::domain::{entry::Entry, hash::Hash, time::UtcTime};
use chrono::TimeDelta;
use std::{error::Error, fmt, time::Duration};
use uuid::Uuid;

/// After so many bytes of entries a batch ends; a longer entry is a batch of its own.
pub const MAX_BATCH_BYTES: usize = 4 << 20;

/// A place where machines meet. It never blocks for ever: each call ends with an error in the end.
pub trait Hub {
    /// What tells this hub from others: what is remembered of it is remembered under this key.
    fn key(&self) -> &str;

    /// The hub as a person knows it: a URL without its password, or a path.
    fn name(&self) -> &str;

    /// Compares `known` with what the hub has now. One round trip.
    fn look(&mut self, known: &[Cursor]) -> Result<Look, HubError>;

    /// Reads what comes after `known`: some of it, at least one batch if there is any. The sources that `known`
    /// does not have are read from their beginning.
    fn read(&mut self, known: &[Cursor]) -> Result<Page, HubError>;

    /// Returns those of `ids` that the hub has.
    fn held(&mut self, ids: &[Uuid]) -> Result<Vec<Held>, HubError>;

    /// Brings `entries` as the next batch of `writer`, whose batch before is at `after`: all of them or none.
    /// Those that are there already are left as they are, and returned. Redactions among them destroy the
    /// bodies that they name.
    ///
    /// # Errors
    /// [`HubErrorKind::Behind`] if the hub has a later batch of `writer` than `after`.
    fn write(
        &mut self,
        writer: Uuid,
        after: Option<&Cursor>,
        entries: &[Entry],
    ) -> Result<Written, HubError>;

    /// Returns the [`Cursor::source`] of what `writer` brings.
    fn source_of(&self, writer: Uuid) -> String {
        writer.to_string()
    }

    /// Destroys the bodies that `redactions`, which the hub has, name, as far as `writer` may. Returns what still
    /// holds some of them: the name of each file.
    fn redact(&mut self, writer: Uuid, redactions: &[Redaction]) -> Result<Vec<String>, HubError>;

    /// Asks the hub to say when another machine brings something, for [`Hub::wait`]; false if it cannot.
    fn listen(&mut self) -> bool {
        false
    }

    /// Waits for at most `timeout`; true as soon as another machine has brought something, if the hub says so.
    fn wait(&mut self, timeout: Duration) -> Result<bool, HubError> {
        std::thread::sleep(timeout);
        Ok(false)
    }

    /// Returns what else a person may want to know of it, as names and values.
    fn facts(&mut self) -> Result<Vec<(&'static str, String)>, HubError> {
        Ok(Vec::new())
    }

    /// Says who works here, in place of what `presence.writer` said before.
    fn announce(&mut self, presence: &Presence) -> Result<(), HubError>;

    /// Returns who was there within the last `seconds` before `now`, this machine included. A hub with a clock
    /// goes by that.
    fn present(&mut self, now: UtcTime, seconds: u32) -> Result<Vec<Presence>, HubError>;
}

/// Up to where a source was read: the batches of a machine, or a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The id of the machine's store, or the name of the file.
    pub source: String,
    /// The number of the last batch read, or the byte behind the last line read.
    pub position: u64,
    /// What is at that position: the id of the batch, or of the line's entry. Where it is no longer there, the
    /// hub's content was replaced.
    pub mark: String,
}

/// What a hub says of itself at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// True if there is something after the cursors.
    pub has_new: bool,
    /// The sources of which the content at the cursor is no longer what was read: the hub was wiped or restored.
    pub replaced: Vec<String>,
    /// The hub's clock less the one here; `None` if it has no clock.
    pub clock_offset: Option<TimeDelta>,
}

/// Entries read from a hub.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// The new cursor of each source that was read.
    pub cursors: Vec<Cursor>,
    /// True if there is more after it.
    pub more: bool,
    /// What cannot be read as an entry: its place and the reason. It is passed over.
    pub unreadable: Vec<String>,
}

/// An entry that a hub has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub id: Uuid,
    /// The hash of its header.
    pub hash: Hash,
    /// False if its body was destroyed.
    pub has_body: bool,
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Behind the batch.
    pub cursor: Cursor,
    /// Those of its entries that the hub had already.
    pub already: Vec<Held>,
}

/// An entry that destroys bodies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Redaction {
    /// Its own id.
    pub id: Uuid,
    /// The entries whose bodies it destroys.
    pub destroys: Vec<Uuid>,
}

/// Who is at work: which incident is on the screen of which machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The origin of the store.
    pub writer: Uuid,
    pub incident: Option<Uuid>,
    pub author: String,
    /// The name of the machine.
    pub machine: String,
    /// When this was said, by the hub's clock if it has one.
    pub seen: UtcTime,
}

/// Why a hub could not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HubErrorKind {
    /// It cannot be reached now. The same may succeed later.
    Unreachable,
    /// It has a later batch of this machine: look again.
    Behind,
    /// There is no hub yet where one should be.
    Missing,
    /// It was made by a newer version: it can be read, not written.
    Newer,
    /// It refuses who asks: a wrong password, a right that is missing.
    Refused,
    /// Anything else. It will not pass by itself.
    Failed,
}

/// What went wrong at a hub. `Display` is one line that names the hub, never with a password.
#[derive(Debug)]
pub struct HubError {
    pub kind: HubErrorKind,
    pub message: String,
    /// What the user can do about it.
    pub hint: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl HubError {
    #[must_use]
    pub fn new(kind: HubErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            source: None,
        }
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the cause.
    #[must_use]
    pub fn into_source(self) -> Option<Box<dyn Error + Send + Sync>> {
        self.source
    }

    /// True if the same may succeed later, unchanged.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind, HubErrorKind::Unreachable | HubErrorKind::Behind)
    }
}

impl fmt::Display for HubError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for HubError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|cause| cause as _)
    }
}
