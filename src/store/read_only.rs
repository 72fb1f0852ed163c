//! Opens a file that cannot be written, for reading.
//!
//! SQLite wants to write beside a file in WAL mode even to read it. Where it cannot, there are three
//! ways: with the index of the log that another process made; as an immutable file, if nothing is in
//! the log; else a copy of the file and its log in a private folder.

use super::{
    connection::configure_connection,
    error::{ErrorContext, StoreError},
    file::{FileId, shm_path, wal_path},
    options::OpenOptions,
    temp_file::parent_folder,
};
use rusqlite::{Connection, OpenFlags};
use rustix::{
    fs::{Access, access},
    io::Errno,
};
use std::{
    ffi::OsString,
    fmt::Write,
    fs,
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// How often copying is tried while another process writes.
const MAX_COPIES: usize = 20;

/// Returns true if the rights of this process, or a mount, keep the file at `real` from being written.
pub(super) fn is_read_only(real: &Path) -> bool {
    let forbidden = |path: &Path| {
        let denied = [Errno::ACCESS, Errno::PERM, Errno::ROFS];
        access(path, Access::WRITE_OK).is_err_and(|error| denied.contains(&error))
    };
    let can_write = |path: &Path| access(path, Access::WRITE_OK).is_ok();
    forbidden(real)
        || (forbidden(parent_folder(real))
            && !(can_write(&wal_path(real)) && can_write(&shm_path(real))))
}

/// Connects to the file at `real` without writing anything; `None` if it must be copied for that.
pub(super) fn connect_in_place(
    real: &Path,
    path: &Path,
    options: &OpenOptions,
) -> Result<Option<Connection>, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // Without knowing whether there is a log, what it holds would be left out.
    let wal = match fs::metadata(wal_path(real)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        found => Some(found.with_path(path)?.len()),
    };
    if wal.is_some() && shm_path(real).exists() {
        let shared = Connection::open_with_flags(real, flags)
            .with_path(path)
            .and_then(|conn| {
                configure_connection(&conn, path, options)?;
                conn.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
                    .with_path(path)?;
                Ok(conn)
            });
        if let Ok(conn) = shared {
            return Ok(Some(conn));
        }
    }
    if wal.is_some_and(|len| len > 0) {
        return Ok(None);
    }
    let flags = flags | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(immutable_uri(real), flags).with_path(path)?;
    configure_connection(&conn, path, options)?;
    Ok(Some(conn))
}

/// Returns `file:PATH?immutable=1` with every byte escaped that has a meaning there.
fn immutable_uri(real: &Path) -> PathBuf {
    let mut uri = String::from("file:");
    for byte in real.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => {
                // Writing to a string cannot fail.
                let _ = write!(uri, "%{byte:02x}");
            }
        }
    }
    uri.push_str("?immutable=1");
    OsString::from_vec(uri.into_bytes()).into()
}

/// Copies the file at `real` and its log to a private folder, which is removed when dropped. Returns
/// it with the path of the copy. `path` names the file in errors.
pub(super) fn copy_privately(real: &Path, path: &Path) -> Result<(TempDir, PathBuf), StoreError> {
    let folder = tempfile::Builder::new()
        .prefix("bridgelog-copy-")
        .tempdir()
        .with_path(path)?;
    let copy = folder.path().join("copy.db");
    let state = || -> Result<_, StoreError> {
        let file = FileId::from_path_with_len(real).with_path(path)?;
        let written = fs::metadata(real).and_then(|found| found.modified());
        let log = fs::metadata(wal_path(real)).ok();
        let log = log.map(|found| (found.len(), found.modified().ok()));
        Ok((file, written.with_path(path)?, log))
    };
    for _ in 0..MAX_COPIES {
        let before = state()?;
        copy_file(real, &copy).with_path(path)?;
        match copy_file(&wal_path(real), &wal_path(&copy)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let _ = fs::remove_file(wal_path(&copy));
            }
            copied => copied.with_path(path)?,
        }
        // Of a file that was written meanwhile, the two parts may not belong together.
        if state()? == before {
            return Ok((folder, copy));
        }
    }
    Err(StoreError::Locked {
        path: path.to_owned(),
        waited: std::time::Duration::ZERO,
    })
}

/// Copies the bytes of a file, not its mode: the copy is written by SQLite.
fn copy_file(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut from = fs::File::open(from)?;
    std::io::copy(&mut from, &mut fs::File::create(to)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uri_escapes_what_has_a_meaning_in_it() {
        assert_eq!(
            immutable_uri(Path::new("/a b/50%?x#ä.db")),
            Path::new("file:/a%20b/50%25%3fx%23%c3%a4.db?immutable=1")
        );
    }
}
