//! The store: one SQLite file that holds the journal and what is derived from it.
//!
//! - The journal is the table `entry`, which only grows; triggers see to that. All the other tables
//!   are read models, written in the same transaction and made again by [`Store::rebuild`].
//! - What [`Store::append`] gives back is on the disk: write-ahead log, `synchronous=FULL`, and the
//!   file known to be still the one at its path.
//! - Many processes may have the file open; each write takes the one write lock at once and is short.
//! - [`Reader`] asks the read models; nothing it does costs more with more in the store, save what it
//!   gives back.
//!
//! | file | what is in it |
//! |---|---|
//! | `open.rs`, `file.rs`, `schema.rs` | getting at the file, and knowing it |
//! | `append.rs`, `accept.rs` | entries in: own ones, and those of other stores |
//! | `project.rs`, `summary.rs` | from an entry to the read models: subjects, and incidents |
//! | `read.rs`, `incidents.rs`, `timeline.rs`, `journal.rs`, `find.rs`, `search.rs` | questions |
//! | `tidy.rs`, `rebuild.rs`, `verify.rs`, `report.rs`, `backup.rs` | keeping it short, whole and safe |

mod accept;
mod append;
mod backup;
mod error;
mod file;
mod handles;
mod incidents;
mod journal;
mod maintenance;
mod migrate;
mod open;
mod projection;
mod read;
mod rebuild;
mod row;
mod schema;
mod search;
mod summary;
mod tasks;
mod timeline;
mod verify;
mod verify_report;

pub use self::{
    error::StoreError,
    handles::HandleMatch,
    incidents::IncidentRow,
    migrate::UpgradeEvent,
    open::OpenOptions,
    read::Reader,
    search::{SearchHit, SearchOptions},
    timeline::{OwnedEventInIncident, TimelineCursor},
    verify_report::{VerifyFinding, VerifyReport},
};

use self::{error::ErrorContext, file::FileId};
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use uuid::Uuid;

/// How much memory for pages is enough where each is read once.
const SMALL_CACHE_KIB: i64 = 256;

/// An open store. See the [module](self).
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    /// As it was asked for, for messages.
    path: PathBuf,
    /// The same without symbolic links, where SQLite keeps the log beside it.
    canonical_path: PathBuf,
    file_id: FileId,
    wal_id: Option<FileId>,
    origin: Uuid,
    options: OpenOptions,
    /// True after a failed write: the connection may not know what is on the disk.
    needs_reopen: bool,
}

impl Store {
    /// The path it was opened under.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How it was opened.
    #[must_use]
    pub fn options(&self) -> &OpenOptions {
        &self.options
    }

    /// How long it waits for other processes that write, from now on.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_busy_timeout(&mut self, patience: Duration) -> Result<(), StoreError> {
        self.conn.busy_timeout(patience).with_path(&self.path)?;
        self.options.busy_timeout = patience;
        Ok(())
    }

    /// Keeps fewer pages in memory: for who reads much once, and nothing twice.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn use_small_cache(&self) -> Result<(), StoreError> {
        self.conn
            .pragma_update(None, "cache_size", -SMALL_CACHE_KIB)
            .with_path(&self.path)
    }

    /// Whose entries it writes. It becomes another where the file turns out to be a copy.
    #[must_use]
    pub fn origin(&self) -> Uuid {
        self.origin
    }

    /// The questions that can be asked of it.
    #[must_use]
    pub fn read(&self) -> Reader<'_> {
        Reader::new(&self.conn, &self.path, self.origin)
    }

    /// Lets go of the store without tidying up, for a process that ends at once: the system does it
    /// faster. Nothing is lost; all that was acknowledged is on the disk.
    pub fn close_fast(self) {
        std::mem::forget(self);
    }

    /// A number that is another one once another connection has committed something; what this one
    /// commits leaves it as it is. Costs a few microseconds.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.conn
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .with_path(&self.path)
    }
}
