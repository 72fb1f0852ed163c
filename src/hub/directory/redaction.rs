//! The texts that redactions destroy are taken out of the files of a directory hub.

use super::{
    files::{FileStamps, lock, sync_folder},
    lines::{Line, LineFile},
};
use crate::domain::entry::Entry;
use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
    path::Path,
};
use uuid::Uuid;

/// The files in which redactions were carried out. While they stay as they are, it need not be done again.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RedactionCheck {
    pub files: FileStamps,
    pub destroys: BTreeSet<Uuid>,
}

/// Writes the file at `path` in the directory `hub` again, without the bodies that `destroys` names.
pub(super) fn rewrite(hub: &Path, path: &Path, destroys: &BTreeSet<Uuid>) -> io::Result<()> {
    let _lock = lock(path)?;
    let copy = tempfile::Builder::new()
        .prefix(".bridgelog-")
        .tempfile_in(hub)?;
    let mut out = io::BufWriter::new(copy.as_file());
    let mut file = LineFile::open(path, 0)?;
    while let Some(line) = file.next_line()? {
        match &line.content {
            Line::Entry(entry) if is_to_be_destroyed(entry, destroys) => {
                let bare = format!("{{\"header\":{},\"body\":null}}", entry.header_bytes());
                let padding = line.bytes.len().saturating_sub(bare.len() + 1);
                out.write_all(bare.as_bytes())?;
                out.write_all(&vec![b' '; padding])?;
                out.write_all(b"\n")?;
            }
            _ => out.write_all(&line.bytes)?,
        }
    }
    // A last line without a line break was never acknowledged.
    out.flush()?;
    drop(out);
    copy.as_file()
        .set_permissions(fs::metadata(path)?.permissions())?;
    copy.as_file().sync_all()?;
    copy.persist(path).map_err(|error| error.error)?;
    sync_folder(hub)
}

/// True if the body of `entry` is to be destroyed by what names `destroys`: an entry that itself destroys others
/// goes only with all of these.
fn is_to_be_destroyed(entry: &Entry, destroys: &BTreeSet<Uuid>) -> bool {
    entry.body_bytes().is_some()
        && destroys.contains(&entry.header().id)
        && entry.destroys().iter().all(|id| destroys.contains(id))
}

/// True if the file at `path` has a body that is to be destroyed.
pub(super) fn holds(path: &Path, destroys: &BTreeSet<Uuid>) -> io::Result<bool> {
    let mut file = LineFile::open(path, 0)?;
    while let Some(line) = file.next_line()? {
        if matches!(&line.content, Line::Entry(entry) if is_to_be_destroyed(entry, destroys)) {
            return Ok(true);
        }
    }
    Ok(false)
}
