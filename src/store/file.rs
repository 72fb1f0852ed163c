//! The database file: its identity (device and inode), its write-ahead log, and the disk it is on.

use super::error::{ErrorContext, StoreError};
use rusqlite::{Connection, FileControl};
use std::{
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// The identity of a file. A path can come to name another file; device and inode cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// Returns the identity of the file at `path`.
    pub fn from_path(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        Ok(Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        })
    }

    /// Returns the identity of the file at `path` and its length in bytes.
    pub fn from_path_with_len(path: &Path) -> io::Result<(Self, u64)> {
        let metadata = std::fs::metadata(path)?;
        let id = Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        };
        Ok((id, metadata.len()))
    }

    /// Returns device and inode as SQLite integers: the same 64 bits, signed.
    pub fn to_columns(self) -> (i64, i64) {
        (self.device.cast_signed(), self.inode.cast_signed())
    }

    /// Returns true if the file that `conn` has open is no longer the one at its path.
    pub fn has_moved(conn: &Connection, path: &Path) -> Result<bool, StoreError> {
        let mut moved = 0;
        conn.file_control::<&str>(None, FileControl::HasMoved(&mut moved))
            .with_path(path)?;
        Ok(moved != 0)
    }
}

/// Returns the path of the write-ahead log of the database at `canonical_path`, which must have no
/// symbolic links: SQLite puts the log beside the real file.
pub(super) fn wal_path(canonical_path: &Path) -> PathBuf {
    let mut name = canonical_path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}
