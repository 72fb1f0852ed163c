//! Keeps lines that are not logged yet (half-typed, or waiting for the store) in one small file per
//! process beside the database file, so that a killed process loses none.
//!
//! The file is locked while its process lives; a file that can be locked is orphaned. It is not
//! synced: drafts survive a killed process, not a power cut.

use crate::domain::time::{UtcTime, serde_utc};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

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
    path: PathBuf,
    file: Option<File>,
}

impl Drafts {
    /// Returns the drafts of this process for the database file; the draft file is created by the
    /// first save.
    #[must_use]
    pub fn for_store(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push(format!("-draft-{}", std::process::id()));
        Self {
            path: PathBuf::from(name),
            file: None,
        }
    }

    /// Replaces the saved drafts; without any text the file is removed.
    pub fn save(&mut self, drafts: &[Draft]) -> io::Result<()> {
        if drafts.iter().all(|draft| draft.text.is_empty()) {
            return self.clear();
        }
        if self.file.is_none() {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .mode(0o600)
                .open(&self.path)?;
            // If the lock fails, other processes only cannot offer the draft.
            let _ = file.try_lock();
            self.file = Some(file);
        }
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        // The line break ends the JSON, should a longer draft before have left bytes behind it.
        let mut line = serde_json::to_vec(drafts)?;
        line.push(b'\n');
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&line)?;
        file.set_len(line.len() as u64)
    }

    /// Removes the draft file.
    pub fn clear(&mut self) -> io::Result<()> {
        match self.file.take() {
            Some(_) => fs::remove_file(&self.path),
            None => Ok(()),
        }
    }

    /// Returns the drafts of processes that have ended, oldest first, and removes their files: the
    /// caller keeps the drafts from now on.
    pub fn recover_orphaned(&self) -> io::Result<Vec<Draft>> {
        let (Some(folder), Some(name)) = (self.path.parent(), self.path.file_name()) else {
            return Ok(vec![]);
        };
        let name = name.to_string_lossy();
        let Some(prefix) = name
            .rfind("-draft-")
            .map(|at| &name[..at + "-draft-".len()])
        else {
            return Ok(vec![]);
        };
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let mut orphaned = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if !entry.file_name().to_string_lossy().starts_with(prefix) || entry.path() == self.path
            {
                continue;
            }
            let Ok(mut file) = OpenOptions::new().read(true).write(true).open(entry.path()) else {
                continue;
            };
            if file.try_lock().is_err() {
                continue;
            }
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
            if let Ok(drafts) = serde_json::from_slice::<Vec<Draft>>(line) {
                orphaned.extend(drafts.into_iter().filter(|draft| !draft.text.is_empty()));
            }
            fs::remove_file(entry.path())?;
        }
        orphaned.sort_by_key(|d| d.begun);
        Ok(orphaned)
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
mod tests {
    use super::*;
    use crate::domain::time::parse_utc;

    fn draft(text: &str) -> Draft {
        Draft {
            begun: parse_utc("2012-08-16T14:06:00Z").unwrap(),
            text: text.to_owned(),
            about: None,
        }
    }

    #[test]
    fn drafts_are_recovered_only_from_dead_processes() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("log.db");
        let other = Drafts {
            path: folder.path().join("log.db-draft-1"),
            file: None,
        };
        let mut mine = Drafts::for_store(&database);
        mine.save(&[draft("a longer text, half-typed"), draft("x")])
            .unwrap();
        assert_eq!(other.recover_orphaned().unwrap(), []);
        mine.save(&[draft("shorter")]).unwrap();
        mine.file = None; // as when the process dies
        assert_eq!(other.recover_orphaned().unwrap(), [draft("shorter")]);
        assert_eq!(other.recover_orphaned().unwrap(), []);
    }

    #[test]
    fn emptied_line_removes_draft_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut mine = Drafts::for_store(&folder.path().join("log.db"));
        mine.save(&[draft("x")]).unwrap();
        mine.save(&[draft("")]).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
