//! How a store is opened, and what is reported to the caller about upgrades.

use std::{path::Path, time::Duration};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Create the file and its folder if they are missing.
    pub create: bool,
    /// Open it on a network file system too.
    pub allow_network: bool,
    /// How long to wait for other processes that write.
    pub busy_timeout: Duration,
    /// The origin of a new or copied store; `None` for a random one. For worked examples, which must
    /// give the same bytes each time.
    pub new_origin: Option<Uuid>,
    /// Called when a file of another version is migrated, rebuilt or found to be newer.
    pub on_upgrade: fn(&UpgradeEvent<'_>),
}

impl Default for OpenOptions {
    /// Creates what is missing, refuses network file systems, waits 5 s for other writers.
    fn default() -> Self {
        Self {
            create: true,
            allow_network: false,
            busy_timeout: Duration::from_secs(5),
            new_origin: None,
            on_upgrade: |_| {},
        }
    }
}

impl OpenOptions {
    pub(super) fn origin_or_random(&self) -> Uuid {
        self.new_origin.unwrap_or_else(Uuid::new_v4)
    }
}

/// What happens to a file that another version of the program wrote, for the user to know.
#[derive(Debug)]
pub enum UpgradeEvent<'a> {
    /// Its tables were migrated.
    Migrated {
        /// The file.
        path: &'a Path,
        /// The schema version before.
        from: i64,
        /// The schema version now.
        to: i64,
        /// A complete copy of the file as it was.
        backup: &'a Path,
    },
    /// Its read models are being rebuilt from the journal.
    Rebuilding {
        /// True if the user asked for it, false if another version of the program wrote the file.
        asked: bool,
        /// Entries done.
        done: u64,
        /// Entries in all.
        total: u64,
    },
    /// Its read models are of a newer version: it can be read, and writes are refused.
    ReadOnly {
        /// The file.
        path: &'a Path,
    },
}
