//! The errors of a store: each names the file and, where there is one, the remedy.

use crate::domain::value::BodyError;
use rusqlite::{Error as Sql, ErrorCode, ffi};
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use uuid::Uuid;

/// Why a store operation failed. Unless a variant says otherwise, nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file does not exist, and was not to be created.
    #[error("there is no database at {}", .0.display())]
    Missing(PathBuf),
    /// The file holds no tables, and was not to be filled.
    #[error("{} is empty: there is no database in it", .0.display())]
    Empty(PathBuf),
    /// The folder of the file does not exist and cannot be created.
    #[error("the folder {} is not there and cannot be made", .path.display())]
    NoFolder { path: PathBuf, source: io::Error },
    #[error("{} is a folder", .0.display())]
    IsFolder(PathBuf),
    /// A pipe, a device or the like.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// SQLite replaces or deletes what has such a name.
    #[error("{} has the name of a file that SQLite keeps beside {} and deletes", .path.display(), .of.display())]
    SidecarName { path: PathBuf, of: PathBuf },
    /// A new file would be created beside it, and SQLite would delete it.
    #[error("{} is not there, but {} is, which may hold what was logged last in it", .path.display(), .left.display())]
    LeftBehind { path: PathBuf, left: PathBuf },
    /// A file of another program, or a store whose schema was altered.
    #[error("{} is not a Bridgelog file: {why}", .path.display())]
    NotBridgelog { path: PathBuf, why: String },
    /// A store that lacks some of its tables, indexes or triggers.
    #[error("{} was changed by another program: {missing} was removed from it; triggers keep the journal from being altered, so its entries may have been", .path.display())]
    SchemaIncomplete {
        path: PathBuf,
        /// The names of what is missing.
        missing: String,
    },
    /// The schema is of a newer version of the program.
    #[error("{} was written by a newer version of Bridgelog (its format is {found}, this one knows up to {known})", .path.display())]
    NewerFormat {
        path: PathBuf,
        /// The format of the file.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// A newer version of the program wrote the read models; a write of this one would spoil them.
    #[error("{} was last written by a newer version of Bridgelog: this one can read it, and writes nothing to it", .0.display())]
    NewerReadModels(PathBuf),
    /// The file is on a file system that several machines share.
    #[error("{} is on a network file system ({kind}), where a database can be damaged", .path.display())]
    Network {
        path: PathBuf,
        /// Which sort of file system.
        kind: &'static str,
    },
    /// The file or its folder cannot be accessed with the rights of this process.
    #[error("no permission to use {}", .0.display())]
    Permission(PathBuf),
    #[error("{} can be read but not written", .0.display())]
    ReadOnly(PathBuf),
    #[error("the disk that holds {} is full; nothing was logged", .0.display())]
    Full(PathBuf),
    /// No room for the temporary tables of a check.
    #[error("the disk that holds SQLite's temporary files is full; the check was not finished")]
    TempFull,
    /// An I/O error.
    #[error("the disk failed on {}; nothing was logged", .path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The structure of the database file is damaged.
    #[error("{} is damaged", .path.display())]
    Corrupt {
        path: PathBuf,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another process held the write lock for the whole busy timeout.
    #[error("{} is locked by another process, for {} s now", .path.display(), .waited.as_secs())]
    Locked { path: PathBuf, waited: Duration },
    /// The file was deleted or replaced by another while it was open.
    #[error("{} was deleted or replaced while it was open; nothing was logged", .0.display())]
    Replaced(PathBuf),
    /// An entry with this id exists and has other content.
    #[error("an entry with the id {0} is there already and says something else")]
    IdTaken(Uuid),
    /// An entry of another store has the id of one here and other bytes: one of the two journals was
    /// altered.
    #[error(
        "entry {0} has other bytes here than in what is imported: one of the two journals was altered"
    )]
    EntryMismatch(Uuid),
    /// An entry of another store is not valid.
    #[error("entry {id} cannot be imported: {why}")]
    InvalidEntry { id: Uuid, why: String },
    /// A value that cannot be encoded.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// A file exists at the path of the backup.
    #[error("{} is there already", .0.display())]
    AlreadyExists(PathBuf),
    /// The path of the backup is one that SQLite uses for the file itself.
    #[error("{} belongs to a database and is never written to by hand", .0.display())]
    LogBookFile(PathBuf),
    /// The backup failed its check.
    #[error("the backup {} is not complete: {why}", .path.display())]
    BadBackup { path: PathBuf, why: String },
    /// The redaction was committed, but old bytes may remain in unused parts of the file.
    #[error("the text was destroyed, but its old bytes may still lie in unused parts of {}", .path.display())]
    VacuumFailed {
        path: PathBuf,
        /// What kept them from being wiped.
        #[source]
        source: Box<StoreError>,
    },
    /// This version of SQLite can damage files.
    #[error("SQLite {0} can damage a database; 3.51.3 or newer is needed")]
    OldSqlite(&'static str),
    /// Any other error of SQLite.
    #[error("SQLite failed on {}", .path.display())]
    Sqlite { path: PathBuf, source: Sql },
}

impl StoreError {
    /// Returns what the user can do about it, if there is something.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing(_) => "`bridgelog declare TITLE` begins one; --db or BRIDGELOG_DB opens another".into(),
            Self::Empty(_) => "if it is a copy, make it again with `bridgelog backup`; `bridgelog declare TITLE` begins a database in it".into(),
            Self::NoFolder { path, .. } => format!("make it with `mkdir -p '{}'`, or give another path with --db", path.display()),
            Self::IsFolder(path) => format!("name a file in it: --db '{}/log.db'", path.display()),
            Self::SidecarName { of, .. } => format!("name the database itself, --db '{}', or a file with another name", of.display()),
            Self::LeftBehind { path, left } => format!("put {} back beside it, or move {} away to begin a new database", path.display(), left.display()),
            Self::NotAFile(_) | Self::NotBridgelog { .. } => "give another path with --db, or move this file away".into(),
            Self::SchemaIncomplete { .. } => "keep this file as it is, and put a backup in its place; `bridgelog verify` on the backup says whether that one is whole".into(),
            Self::NewerFormat { .. } | Self::NewerReadModels(_) => "use that newer version".into(),
            Self::Network { .. } => "keep the database on a local disk; --allow-network uses it all the same".into(),
            Self::Permission(_) => "look at the owner and the mode of the file and its folder, in which SQLite writes files of its own".into(),
            Self::ReadOnly(_) => "look at the mode of the file and its folder, and whether the disk is mounted read-only".into(),
            Self::Full(_) => "make room and do it again: it will be logged once".into(),
            Self::TempFull => "set SQLITE_TMPDIR to a folder with as much room as the database takes, and do it again".into(),
            Self::Io { .. } => "try again: it will be logged once. If it keeps failing, look at the disk and make a `bridgelog backup` to another one".into(),
            Self::Corrupt { .. } => "keep this file as it is, and put a backup in its place; `bridgelog verify` on a file says what of it is damaged".into(),
            Self::Locked { .. } => "try again: it will be logged once".into(),
            Self::Replaced(_) => "start again, so that the file that is there now is opened; what was acknowledged before is in the old one".into(),
            Self::EntryMismatch(_) => "keep both files and compare them with `bridgelog verify`".into(),
            Self::AlreadyExists(_) | Self::LogBookFile(_) => "give the path of a new file".into(),
            Self::BadBackup { .. } => "look at the disk it is on, and make another".into(),
            Self::VacuumFailed { .. } => "close the other programs that have the database open, make room as large as it is, and redact once more".into(),
            Self::OldSqlite(_) => "build with the SQLite that comes with it".into(),
            Self::Body(BodyError::TimeOutOfRange(_)) => "correct the clock (or BRIDGELOG_NOW); nothing was logged".into(),
            Self::IdTaken(_) | Self::InvalidEntry { .. } | Self::Body(_) | Self::Sqlite { .. } => return None,
        })
    }

    /// Returns the cause, without this error's own text; `None` if this is the first in the chain.
    #[must_use]
    pub fn into_source(self) -> Option<Box<dyn std::error::Error + Send + Sync>> {
        match self {
            Self::NoFolder { source, .. } => Some(source.into()),
            Self::Io { source, .. } | Self::Corrupt { source, .. } => Some(source),
            Self::VacuumFailed { source, .. } => Some(source),
            Self::Sqlite { source, .. } => Some(source.into()),
            _ => None,
        }
    }

    /// Returns true if the connection must be opened again before a retry.
    pub(super) fn is_io(&self) -> bool {
        matches!(self, Self::Io { .. } | Self::Full(_) | Self::Corrupt { .. })
    }

    /// Classifies an error of SQLite on the file at `path`.
    pub(super) fn from_sqlite(error: Sql, path: &Path) -> Self {
        let path = path.to_owned();
        let Sql::SqliteFailure(
            ffi::Error {
                code,
                extended_code,
            },
            _,
        ) = &error
        else {
            return Self::Sqlite {
                path,
                source: error,
            };
        };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Locked {
                path,
                waited: Duration::ZERO,
            },
            ErrorCode::DiskFull => Self::Full(path),
            // The index of the write-ahead log could not grow; SQLite does not say why.
            ErrorCode::SystemIoFailure
                if *extended_code == ffi::SQLITE_IOERR_SHMSIZE
                    && super::disk::is_disk_full(&path) =>
            {
                Self::Full(path)
            }
            ErrorCode::SystemIoFailure => Self::Io {
                path,
                source: error.into(),
            },
            ErrorCode::DatabaseCorrupt => Self::Corrupt {
                path,
                source: error.into(),
            },
            ErrorCode::NotADatabase => Self::NotBridgelog {
                path,
                why: "it is not an SQLite database".into(),
            },
            ErrorCode::ReadOnly => Self::ReadOnly(path),
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::Permission(path),
            _ => Self::Sqlite {
                path,
                source: error,
            },
        }
    }

    /// Classifies an error of the system on the file at `path`.
    pub(super) fn from_io(error: io::Error, path: &Path) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing(path),
            io::ErrorKind::PermissionDenied => Self::Permission(path),
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path),
            io::ErrorKind::AlreadyExists => Self::AlreadyExists(path),
            _ => Self::Io {
                path,
                source: error.into(),
            },
        }
    }
}

/// Turns an error of SQLite or of the system into a [`StoreError`] that names the file.
pub(super) trait ErrorContext<T> {
    fn with_path(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> ErrorContext<T> for Result<T, Sql> {
    fn with_path(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::from_sqlite(error, path))
    }
}

impl<T> ErrorContext<T> for Result<T, io::Error> {
    fn with_path(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::from_io(error, path))
    }
}
