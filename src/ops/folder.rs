//! Lists a folder, for choosing a file by its path.

use crate::domain::{sanitize, time::UtcTime};
use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// How many entries of a folder are listed.
const MAX_ENTRIES: usize = 2_000;

/// What a folder contains, or why it cannot be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderListing {
    /// The folder as it was typed: `~/Downloads/`, or empty for the current folder.
    pub typed: String,
    /// Newest first.
    pub entries: Vec<FolderEntry>,
    /// How many entries are not listed.
    pub unlisted: usize,
    /// Why it cannot be listed.
    pub problem: Option<String>,
}

/// A file or folder in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    /// Safe to show.
    pub name: String,
    pub is_folder: bool,
    /// In bytes; 0 for a folder.
    pub size: u64,
    pub modified: Option<UtcTime>,
    /// Why it cannot be opened.
    pub problem: Option<String>,
}

/// Returns the path that `typed` means: `~/` is the home folder; quotes around it and backslashes before spaces,
/// which terminals add to a file that is dropped on them, are taken off.
#[must_use]
pub fn path_of(typed: &str) -> PathBuf {
    let typed = typed.trim();
    let typed = typed.strip_prefix("file://").unwrap_or(typed);
    let quoted = ['\'', '"'].into_iter().find_map(|quote| {
        let inner = typed.strip_prefix(quote)?;
        Some(inner.strip_suffix(quote).unwrap_or(inner))
    });
    let plain = match quoted {
        Some(inner) => inner.to_owned(),
        None => typed.replace("\\ ", " "),
    };
    let home = env::var_os("HOME").filter(|home| !home.is_empty());
    match (plain.strip_prefix('~'), home) {
        (Some(""), Some(home)) => PathBuf::from(home),
        (Some(rest), Some(home)) if rest.starts_with('/') => {
            Path::new(&home).join(rest.trim_start_matches('/'))
        }
        _ => PathBuf::from(plain),
    }
}

/// Splits what is typed into the folder, with its `/`, and the beginning of a name in it.
#[must_use]
pub fn split_typed(typed: &str) -> (&str, &str) {
    match typed.rfind('/') {
        Some(at) => typed.split_at(at + 1),
        None if typed == "~" => ("~/", ""),
        None => ("", typed),
    }
}

/// Lists the folder `typed`, which ends in `/` or is empty for the current folder. One that cannot be read has its
/// reason in [`FolderListing::problem`].
#[must_use]
pub fn list_folder(typed: &str) -> FolderListing {
    let mut listing = FolderListing {
        typed: typed.to_owned(),
        entries: Vec::new(),
        unlisted: 0,
        problem: None,
    };
    let path = match typed.trim() {
        "" => PathBuf::from("."),
        typed => path_of(typed),
    };
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) => {
            listing.problem = Some(in_words(&error));
            return listing;
        }
    };
    for entry in entries.flatten() {
        // A name that is no text cannot be typed.
        let Ok(name) = entry.file_name().into_string() else {
            listing.unlisted += 1;
            continue;
        };
        if sanitize::line(&name) != name {
            listing.unlisted += 1;
            continue;
        }
        listing.entries.push(describe(&entry.path(), name));
    }
    listing
        .entries
        .sort_by(|a, b| (b.modified, &a.name).cmp(&(a.modified, &b.name)));
    listing.unlisted += listing.entries.len().saturating_sub(MAX_ENTRIES);
    listing.entries.truncate(MAX_ENTRIES);
    for entry in listing.entries.iter_mut().filter(|entry| entry.is_folder) {
        let opened = fs::read_dir(path.join(&entry.name));
        entry.problem = opened.err().map(|error| in_words(&error));
    }
    listing
}

fn describe(path: &Path, name: String) -> FolderEntry {
    match fs::metadata(path) {
        Ok(found) => FolderEntry {
            name,
            is_folder: found.is_dir(),
            size: if found.is_dir() { 0 } else { found.len() },
            modified: found.modified().ok().map(UtcTime::from),
            problem: None,
        },
        Err(error) => FolderEntry {
            name,
            is_folder: false,
            size: 0,
            modified: None,
            problem: Some(in_words(&error)),
        },
    }
}

fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        io::ErrorKind::NotADirectory => "it is no folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_path_is_split_where_its_last_folder_ends() {
        assert_eq!(split_typed("~/Down"), ("~/", "Down"));
        assert_eq!(split_typed("chat.txt"), ("", "chat.txt"));
        assert_eq!(split_typed("/a/b/"), ("/a/b/", ""));
        assert_eq!(split_typed(""), ("", ""));
    }

    #[test]
    fn what_a_terminal_adds_to_a_dropped_file_is_taken_off() {
        for typed in [
            "'/a/b c.txt'",
            "/a/b\\ c.txt",
            " /a/b c.txt ",
            "file:///a/b c.txt",
        ] {
            assert_eq!(path_of(typed), PathBuf::from("/a/b c.txt"), "{typed}");
        }
    }

    #[test]
    fn entries_are_listed_newest_first_and_a_missing_folder_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("old.txt"), "1").unwrap();
        fs::write(path("new.txt"), "12").unwrap();
        fs::create_dir(path("sub")).unwrap();
        let at = |seconds| std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        for (name, seconds) in [("old.txt", 100), ("new.txt", 300), ("sub", 200)] {
            fs::File::open(path(name))
                .unwrap()
                .set_modified(at(seconds))
                .unwrap();
        }
        let typed = format!("{}/", folder.path().display());
        let listing = list_folder(&typed);
        let names = listing
            .entries
            .iter()
            .map(|e| (e.name.as_str(), e.is_folder, e.size));
        assert_eq!(
            names.collect::<Vec<_>>(),
            [
                ("new.txt", false, 2),
                ("sub", true, 0),
                ("old.txt", false, 1)
            ]
        );
        let missing = list_folder(&format!("{typed}none/"));
        assert_eq!(missing.problem.as_deref(), Some("it is not there"));
    }
}
