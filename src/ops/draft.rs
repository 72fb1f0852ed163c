//! Keeps lines that are not logged yet (half-typed, or waiting for the store) in one small file per
//! terminal beside the database file, so that a killed process loses none.
//!
//! A draft file has a random name: process ids repeat, in containers at every start. It is locked while
//! its process lives; a file that can be locked is orphaned. It is replaced whole, so that a full disk or
//! a kill leaves the drafts as they were before. It is not synced: drafts survive a killed process, not a
//! power cut.

use crate::domain::time::{UtcTime, serde_utc};
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::{
        ffi::OsStrExt as _,
        fs::{MetadataExt as _, OpenOptionsExt as _},
    },
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// The end of the name of a draft file that is still being written.
const UNFINISHED: &str = ".new";

/// A line that is not logged yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// When typing began.
    #[serde(with = "serde_utc")]
    pub begun: UtcTime,
    pub text: String,
    /// What the line is for if it is not a new event: `an amendment of kvnqrs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// The draft file of this process.
#[derive(Debug)]
pub struct Drafts {
    /// The beginning of the paths of all draft files of the database.
    prefix: PathBuf,
    path: PathBuf,
    /// Open and locked while there is a file at `path`.
    file: Option<File>,
    saved: Vec<Draft>,
    /// Drafts of ended processes that no save has held yet.
    unclaimed: Vec<Draft>,
    /// The draft files that the last take-over could not read, each with the reason.
    unreadable: Vec<(PathBuf, io::Error)>,
}

impl Drafts {
    /// Returns the drafts of this process for the database file; the draft file is created by the
    /// first save.
    #[must_use]
    pub fn for_store(database: &Path) -> Self {
        let with = |name: &OsString, end: &str| {
            let mut name = name.clone();
            name.push(end);
            name
        };
        let prefix = with(&database.as_os_str().to_owned(), "-draft-");
        Self {
            path: with(&prefix, &Uuid::new_v4().simple().to_string()).into(),
            prefix: prefix.into(),
            file: None,
            saved: Vec::new(),
            unclaimed: Vec::new(),
            unreadable: Vec::new(),
        }
    }

    /// Returns the draft files that the last [take-over](Self::take_over_orphaned) could not read, each
    /// with the reason.
    #[must_use]
    pub fn unreadable(&self) -> &[(PathBuf, io::Error)] {
        &self.unreadable
    }

    /// Replaces the saved drafts; without any text the file is removed. Drafts that
    /// [`Drafts::take_over_orphaned`] returned stay saved until one save has held all of them: from
    /// then on the caller decides.
    ///
    /// # Errors
    /// The file cannot be written. Then it is as it was.
    pub fn save(&mut self, drafts: &[Draft]) -> io::Result<()> {
        if self.unclaimed.iter().all(|draft| drafts.contains(draft)) {
            self.unclaimed.clear();
        }
        self.saved = drafts.to_vec();
        self.saved.retain(|draft| !draft.text.is_empty());
        self.write_file()
    }

    /// Writes the saved and the unclaimed drafts.
    fn write_file(&mut self) -> io::Result<()> {
        let missing = |draft: &&Draft| !self.saved.contains(draft);
        let unclaimed = self.unclaimed.iter().filter(missing);
        let all: Vec<&Draft> = unclaimed.chain(&self.saved).collect();
        if all.is_empty() {
            return self.clear();
        }
        let unfinished = unfinished_path(&self.path);
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&unfinished)?;
        // If the lock fails, another terminal may offer the draft as well.
        let _ = file.try_lock();
        let written = serde_json::to_vec(&all)
            .map_err(io::Error::from)
            .and_then(|bytes| file.write_all(&bytes))
            .and_then(|()| fs::rename(&unfinished, &self.path));
        if let Err(error) = written {
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        self.file = Some(file);
        Ok(())
    }

    /// Removes the draft file.
    fn clear(&mut self) -> io::Result<()> {
        match self.file.take() {
            Some(_) => fs::remove_file(&self.path),
            None => Ok(()),
        }
    }

    /// Returns the drafts of processes that have ended, oldest first, and saves them with those of this
    /// process. The files they were in are removed only after that; one that cannot be read stays, and
    /// [`Drafts::unreadable`] names it.
    ///
    /// # Errors
    /// The folder cannot be read, or the drafts cannot be saved here: then all files stay.
    pub fn take_over_orphaned(&mut self) -> io::Result<Vec<Draft>> {
        let mut found = Vec::new();
        let mut files = Vec::new();
        self.unreadable.clear();
        for path in self.other_files()? {
            match read_orphaned(&path) {
                Ok(Some((file, drafts))) => {
                    found.extend(drafts);
                    files.push((path, file));
                }
                Ok(None) => {}
                Err(error) => self.unreadable.push((path, error)),
            }
        }
        found.retain(|draft| !draft.text.is_empty());
        found.sort_by_key(|draft| draft.begun);
        found.dedup();
        self.unclaimed.extend(found.iter().cloned());
        self.write_file()?;
        for (path, _locked) in files {
            // What is left here is offered once more.
            let _ = fs::remove_file(path);
        }
        Ok(found)
    }

    /// Returns the paths of the draft files of other processes.
    fn other_files(&self) -> io::Result<Vec<PathBuf>> {
        let Some(prefix) = self.prefix.file_name() else {
            return Ok(vec![]);
        };
        let folder = match self.prefix.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut paths = Vec::new();
        // One that cannot be listed is no reason to leave the others.
        for entry in fs::read_dir(folder)?.flatten() {
            let name = entry.file_name();
            let is_draft = name.as_bytes().starts_with(prefix.as_bytes());
            let is_own = Some(name.as_os_str()) == self.path.file_name();
            if is_draft && !is_own && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                paths.push(folder.join(name));
            }
        }
        Ok(paths)
    }
}

fn unfinished_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(UNFINISHED);
    name.into()
}

/// Returns the drafts in the file at `path`, and the file with its lock; `None` if its process lives, it
/// is gone, or it belongs to another user, who alone can read it.
fn read_orphaned(path: &Path) -> io::Result<Option<(File, Vec<Draft>)>> {
    let is_of_other_user = || {
        fs::symlink_metadata(path)
            .is_ok_and(|found| found.uid() != rustix::process::geteuid().as_raw())
    };
    let mut file = match OpenOptions::new().read(true).write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && is_of_other_user() => {
            return Ok(None);
        }
        opened => opened?,
    };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
        Ok(()) => {}
    }
    if file.metadata()?.nlink() == 0 {
        // Another process took it over just now.
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    // Earlier versions ended the JSON with a line break, behind which old bytes may lie.
    let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    match serde_json::from_slice(line) {
        Ok(drafts) => Ok(Some((file, drafts))),
        // Its process ended while it wrote it; the file that it was to replace is whole.
        Err(_) if path.as_os_str().as_bytes().ends_with(UNFINISHED.as_bytes()) => {
            Ok(Some((file, vec![])))
        }
        Err(error) => Err(error.into()),
    }
}

/// Removes the drafts beside the file `database` whose text `holds` is true of. Returns how many were
/// removed, and how many there are in the files of running processes, which keep theirs.
///
/// # Errors
/// The folder or a draft file cannot be read or written.
pub fn remove_where(database: &Path, holds: impl Fn(&str) -> bool) -> io::Result<(usize, usize)> {
    let (mut removed, mut kept) = (0, 0);
    for path in sidecars(database)? {
        if !file_name(&path).starts_with(&format!("{}-draft-", file_name(database))) {
            continue;
        }
        let mut file = OpenOptions::new().read(true).write(true).open(&path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        let Ok(mut drafts) = serde_json::from_slice::<Vec<Draft>>(line) else {
            if holds(&String::from_utf8_lossy(&bytes)) {
                fs::remove_file(&path)?;
                removed += 1;
            }
            continue;
        };
        let before = drafts.len();
        drafts.retain(|draft| !holds(&draft.text));
        let held = before - drafts.len();
        if held == 0 {
            continue;
        }
        if file.try_lock().is_err() {
            kept += held;
            continue;
        }
        removed += held;
        // The old bytes are overwritten before the file shrinks or goes.
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&vec![b' '; bytes.len()])?;
        if drafts.is_empty() {
            fs::remove_file(&path)?;
        } else {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            serde_json::to_writer(&file, &drafts)?;
            file.write_all(b"\n")?;
        }
    }
    Ok((removed, kept))
}

/// Returns the files in the folder of `database` whose names go on after its name.
///
/// # Errors
/// The folder cannot be read.
pub fn sidecars(database: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let own = file_name(database);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file()
            && file_name(&path).len() > own.len()
            && file_name(&path).starts_with(&own)
        {
            found.push(path);
        }
    }
    Ok(found)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
