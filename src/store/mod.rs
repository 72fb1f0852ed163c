//! The store: one SQLite file that holds the journal and the read models derived from it.
//!
//! - **Owns** the tables. The journal is the table `entry`: it only grows, and triggers enforce that.
//!   All other tables but `store`, `hub` and `hub_cursor` are read models, written in the same transaction as the entry and
//!   rebuilt from the journal by [`Store::rebuild`].
//! - **In**: [`Change`](crate::domain::value::Change)s through [`Store::append`] and
//!   [`Store::transact`]; entries of other stores through [`Store::accept`].
//! - **Out**: answers of a [`Reader`]. No query costs more in a larger store, except for what it
//!   returns.
//!
//! What [`Store::append`] returns is on the disk: the file is in WAL mode with `synchronous=FULL`, and
//! is checked to be still the one at its path. Many processes may have the file open; each write takes
//! the one write lock at its start and is short.
//!
//! Begin reading with `append.rs`, then `write.rs` and `projection.rs`.
//!
//! | file | what is in it |
//! |---|---|
//! | `open.rs`, `read_only.rs`, `file.rs`, `temp_file.rs`, `disk.rs`, `schema.rs`, `migrate.rs` | opening a file and checking it; upgrades |
//! | `write.rs`, `tx.rs` | the write transaction |
//! | `append.rs`, `accept.rs`, `redaction.rs` | entries in: own ones, those of other stores, bodies destroyed |
//! | `projection.rs`, `subjects.rs`, `summary.rs`, `search_index.rs` | from an entry to the read models |
//! | `hubs.rs` | what is remembered of hubs |
//! | `read.rs`, `incidents.rs`, `incident_rows.rs`, `private.rs`, `timeline.rs`, `tasks.rs`, `journal.rs`, `handles.rs`, `search.rs`, `renames.rs` | queries |
//! | `maintenance.rs`, `rebuild.rs`, `verify.rs` and its parts `verify_*.rs`, `health.rs`, `backup.rs` | maintenance and checks |

mod accept;
mod alike;
mod append;
mod backup;
mod connection;
mod disk;
mod error;
mod file;
mod files;
mod handles;
mod health;
mod hubs;
mod incident_rows;
mod incidents;
mod journal;
mod maintenance;
mod merged;
mod migrate;
mod names_in_use;
mod open;
mod options;
mod page_cache;
mod private;
mod projection;
mod read;
mod read_only;
mod rebuild;
mod redaction;
mod renames;
mod review;
mod row;
mod schema;
mod search;
mod search_filter;
mod search_index;
mod search_options;
mod subjects;
mod summary;
mod tasks;
mod temp_file;
mod timeline;
mod tx;
mod verify;
mod verify_entries;
mod verify_incident;
mod verify_read_models;
mod verify_report;
mod write;

pub use self::{
    accept::{Arrival, NewEntry},
    disk::network_filesystem,
    error::StoreError,
    file::is_database_file,
    handles::HandleMatch,
    health::{Health, free_bytes, sqlite_version},
    hubs::HubRow,
    incident_rows::IncidentRow,
    options::{OpenOptions, UpgradeEvent},
    private::{PrivacyMarks, PrivateSpans},
    read::Reader,
    search::{SearchAnswer, SearchHit},
    search_options::SearchOptions,
    temp_file::{TempFile, parent_folder, sync_folder_of},
    timeline::{MilestonesBefore, OwnedEventInIncident, TimelineCursor},
    verify_report::{VerifyFinding, VerifyReport},
};

use self::{error::ErrorContext, file::FileId, tx::OpenTransaction};
use rusqlite::Connection;
use std::{
    fs::File,
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;
use uuid::Uuid;

/// An open store. See the [module](self). Dropped by the last process that has the file open, it
/// leaves all of it in the one file, without a write-ahead log.
#[derive(Debug)]
pub struct Store {
    /// The first field, so that it is closed before the others are dropped.
    conn: Connection,
    /// As given, for messages.
    path: PathBuf,
    /// Without symbolic links: SQLite keeps the write-ahead log beside this one.
    canonical_path: PathBuf,
    file_id: FileId,
    wal_id: Option<FileId>,
    origin: Uuid,
    options: OpenOptions,
    /// True after an I/O error: what the connection holds may differ from what is on the disk.
    needs_reopen: bool,
    transaction: Option<OpenTransaction>,
    /// True if the file or its folder cannot be written.
    read_only: bool,
    /// The folder of the copy that is read instead of the file, if it is one.
    private_copy: Option<TempDir>,
    /// Held while `conn` is closed. It comes after `conn`: fields are dropped in their order.
    close_lock: Option<File>,
}

impl Store {
    /// Returns the path as given to [`Store::open`].
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub fn options(&self) -> &OpenOptions {
        &self.options
    }

    /// Sets how long writes wait for other processes that write.
    pub fn set_busy_timeout(&mut self, patience: Duration) -> Result<(), StoreError> {
        self.conn.busy_timeout(patience).with_path(&self.path)?;
        self.options.busy_timeout = patience;
        Ok(())
    }

    /// Sets the size of the page cache, in KiB, until the next write of many entries. Where each page is read
    /// once, a large one only takes memory: the system has the file's pages in its own cache.
    pub fn set_cache(&self, kib: u16) -> Result<(), StoreError> {
        self.conn
            .pragma_update(None, "cache_size", -i64::from(kib))
            .with_path(&self.path)
    }

    /// Returns the origin that entries are written as. The first write to a copied file changes it.
    #[must_use]
    pub fn origin(&self) -> Uuid {
        self.origin
    }

    /// Returns the queries of the store.
    #[must_use]
    pub fn read(&self) -> Reader<'_> {
        Reader::new(&self.conn, &self.path, self.origin)
    }

    /// Returns a number that changes whenever another connection commits; commits of this one leave
    /// it as it is. Costs a few microseconds.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.conn
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .with_path(&self.path)
    }
}
