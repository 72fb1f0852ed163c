//! The files of a directory hub: locked, written whole, and what goes wrong with them.

use super::super::{HubError, HubErrorKind};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
    time::{Duration, Instant, SystemTime},
};

/// How the name of a file with entries ends.
pub(super) const EXTENSION: &str = ".jsonl";
/// How long a lock of another process of this machine is waited for, and how often it is tried.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
const LOCK_INTERVAL: Duration = Duration::from_millis(20);

/// Files by name, each with its size and when it changed last.
pub(super) type FileStamps = BTreeMap<String, (u64, Option<SystemTime>)>;

pub(super) fn require_directory(path: &Path) -> Result<(), HubError> {
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => Ok(()),
        Ok(_) => Err(HubError::new(
            HubErrorKind::Failed,
            format!("`{}` is not a directory", path.display()),
        )
        .with_hint("a hub is a directory, or a URL that begins with postgres://")),
        Err(error) => Err(HubError::new(
            HubErrorKind::Unreachable,
            format!("the directory `{}` cannot be reached", path.display()),
        )
        .with_source(error)
        .with_hint("if it is a mount or a stick, mount it; logging goes on without it")),
    }
}

/// Lists the files with entries; the empty ones are left out.
pub(super) fn list_entry_files(hub: &Path) -> Result<FileStamps, HubError> {
    let failed = |error| io_error(hub, "cannot be read", error);
    let mut files = BTreeMap::new();
    for item in fs::read_dir(hub).map_err(failed)? {
        let item = item.map_err(failed)?;
        let Ok(name) = item.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') || !name.ends_with(EXTENSION) {
            continue;
        }
        // A link to nothing is a file that is not there yet.
        match fs::metadata(item.path()) {
            Ok(about) if about.is_file() && about.len() > 0 => {
                files.insert(name, (about.len(), about.modified().ok()));
            }
            _ => {}
        }
    }
    Ok(files)
}

pub(super) fn io_error(path: &Path, what: &str, error: io::Error) -> HubError {
    let hint = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make space on that disk and sync again: what is missing there is sent then"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "give yourself the right to read and write there, and sync again"
        }
        _ => {
            "check that the directory is mounted, and sync again: what is missing there is sent then"
        }
    };
    HubError::new(
        HubErrorKind::Unreachable,
        format!("{} {what}", path.display()),
    )
    .with_hint(hint)
    .with_source(error)
}

/// Takes the lock on the file at `path` against other processes of this machine, in a file of its own that other
/// machines pass over.
pub(super) fn lock(path: &Path) -> io::Result<Option<File>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.with_file_name(format!(".{name}.lock")))?;
    let begun = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(Some(lock)),
            // Where the file system has no locks, the position in the file has to do.
            Err(fs::TryLockError::Error(_)) => return Ok(None),
            Err(fs::TryLockError::WouldBlock) if begun.elapsed() > LOCK_PATIENCE => {
                return Err(io::Error::new(
                    io::ErrorKind::WouldBlock,
                    "another process of this machine is writing it",
                ));
            }
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(LOCK_INTERVAL),
        }
    }
}

/// Writes a file whole or not at all.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".bridgelog-")
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
