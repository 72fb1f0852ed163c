//! What can go wrong with a store, told with its path and with what to do about it.

use crate::domain::value::BodyError;
use rusqlite::{Error as Sql, ErrorCode, ffi};
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use uuid::Uuid;

/// Why a store could not do what was asked. Nothing was acknowledged, and nothing half done is left.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such file, and none was to be made.
    #[error("there is no log at {}", .0.display())]
    Missing(PathBuf),
    /// The folder it should lie in is not there and cannot be made.
    #[error("the folder {} is not there and cannot be made", .path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A folder where a file should be.
    #[error("{} is a folder", .0.display())]
    IsFolder(PathBuf),
    /// A pipe, a device or the like where a file should be.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// Another program's file, or one that somebody changed the shape of.
    #[error("{} is not a Bridgelog file: {why}", .path.display())]
    NotBridgelog {
        /// The file.
        path: PathBuf,
        /// What gave it away.
        why: String,
    },
    /// A Bridgelog file that somebody took tables, indexes or triggers out of.
    #[error("{} was changed by another program: {missing} was removed from it; triggers keep the journal from being altered, so its entries may have been", .path.display())]
    SchemaIncomplete {
        /// The file.
        path: PathBuf,
        /// The names of what is missing.
        missing: String,
    },
    /// A file that a newer version wrote.
    #[error("{} was written by a newer version of Bridgelog (its format is {found}, this one knows up to {known})", .path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// The format of the file.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// It lies on a file system that several machines share.
    #[error("{} lies on a network file system ({kind}), where a log can be damaged", .path.display())]
    Network {
        /// The file or its folder.
        path: PathBuf,
        /// Which sort of file system.
        kind: &'static str,
    },
    /// The file or its folder may not be read or written.
    #[error("no permission to use {}", .0.display())]
    Permission(PathBuf),
    /// The file can be read and not written.
    #[error("{} can be read but not written", .0.display())]
    ReadOnly(PathBuf),
    /// The disk is full.
    #[error("the disk that holds {} is full; nothing was logged", .0.display())]
    Full(PathBuf),
    /// The disk failed.
    #[error("the disk failed on {}; nothing was logged", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file's inner structure is damaged.
    #[error("{} is damaged", .path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What was found.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another process kept it locked all the time that we waited.
    #[error("{} is locked by another process, and was for {} s", .path.display(), .waited.as_secs())]
    Locked {
        /// The file.
        path: PathBuf,
        /// How long was waited.
        waited: Duration,
    },
    /// The file was deleted, or another was put in its place, while it was open.
    #[error("{} was deleted or replaced while it was open; nothing was logged", .0.display())]
    Replaced(PathBuf),
    /// An entry with this id is there, and says something else.
    #[error("an entry with the id {0} is there already and says something else")]
    IdTaken(Uuid),
    /// An entry came in whose id is there with other bytes: somebody's journal was altered.
    #[error(
        "ALARM: entry {0} came in with other bytes than those kept here; one of the two journals was altered"
    )]
    EntryMismatch(Uuid),
    /// An entry came in that cannot be one.
    #[error("entry {id} cannot be taken in: {why}")]
    InvalidEntry {
        /// The entry.
        id: Uuid,
        /// What is wrong with it.
        why: String,
    },
    /// A value that cannot be written down.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// Something is already where a backup was to be written.
    #[error("{} is there already", .0.display())]
    AlreadyExists(PathBuf),
    /// A backup does not hold what it was made from.
    #[error("the backup {} is not good: {why}", .path.display())]
    BadBackup {
        /// The backup.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The redaction holds, but old bytes may still lie in unused parts of the file.
    #[error("the text was destroyed, but its old bytes may still lie in unused parts of {}", .path.display())]
    VacuumFailed {
        /// The file.
        path: PathBuf,
        /// What kept them from being wiped.
        #[source]
        source: Box<StoreError>,
    },
    /// The SQLite it runs with has a bug that damages files.
    #[error("SQLite {0} can damage a log; 3.51.3 or newer is needed")]
    OldSqlite(&'static str),
    /// What does not fit any of the above.
    #[error("SQLite failed on {}", .path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: Sql,
    },
}

impl StoreError {
    /// What the reader can do about it, where there is something.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing(_) => "`bridgelog declare TITLE` begins one; --db or BRIDGELOG_DB names another".into(),
            Self::NoFolder { path, .. } => format!("make it with `mkdir -p '{}'`, or name another place with --db", path.display()),
            Self::IsFolder(path) => format!("name a file in it: --db '{}/log.db'", path.display()),
            Self::NotAFile(_) | Self::NotBridgelog { .. } => "name another file with --db, or move this one away".into(),
            Self::SchemaIncomplete { .. } => "keep this file as it is, and put a backup in its place; `bridgelog verify` on the backup says whether that one is whole".into(),
            Self::NewerFormat { .. } => "use that newer version".into(),
            Self::Network { .. } => "keep the log on a local disk and let machines meet with `bridgelog sync`; --allow-network uses it all the same".into(),
            Self::Permission(_) => "look at the owner and the mode of the file and its folder; the log wants to write beside the file, too".into(),
            Self::ReadOnly(_) => "look at the mode of the file and its folder, and whether the disk is mounted read-only".into(),
            Self::Full(_) => "make room and do it again: it will be logged once".into(),
            Self::Io { .. } => "try again: it will be logged once. If it keeps failing, look at the disk and make a `bridgelog backup` to another one".into(),
            Self::Corrupt { .. } => "keep this file as it is, and put a backup in its place; `bridgelog verify` on a file says what of it is damaged".into(),
            Self::Locked { .. } => "try again: it will be logged once".into(),
            Self::Replaced(_) => "start again, so that the file that is there now is opened; what was acknowledged before is in the old one".into(),
            Self::EntryMismatch(_) => "keep both files and compare them with `bridgelog verify`".into(),
            Self::AlreadyExists(_) => "name a file that is not there yet".into(),
            Self::BadBackup { .. } => "look at the disk it is on, and make another".into(),
            Self::VacuumFailed { .. } => "close the other programs that have the log open, make room as large as the log itself, and redact once more".into(),
            Self::OldSqlite(_) => "build with the SQLite that comes with it".into(),
            Self::Body(BodyError::TimeOutOfRange(_)) => "set the clock (or BRIDGELOG_NOW) right; nothing was logged".into(),
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

    /// True where the connection should not be trusted any more and is opened anew before a retry.
    pub(super) fn is_io(&self) -> bool {
        matches!(self, Self::Io { .. } | Self::Full(_) | Self::Corrupt { .. })
    }

    /// What SQLite said about the file at `path`, sorted.
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
                    && super::file::is_disk_full(&path) =>
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
                why: "it is no SQLite database".into(),
            },
            ErrorCode::ReadOnly => Self::ReadOnly(path),
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::Permission(path),
            _ => Self::Sqlite {
                path,
                source: error,
            },
        }
    }

    /// What the system said about the file at `path`, sorted.
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

/// Names the file that an error is about.
pub(super) trait ErrorContext<T> {
    /// The same, about the file at `path`.
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
