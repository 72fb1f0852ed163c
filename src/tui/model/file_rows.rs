//! The rows of a list of files that is searched by typing a path.

use super::{
    finder::{FinderRow, FinderTarget},
    state::Model,
};
use crate::{
    domain::{file::format_size, time::format_duration},
    ops::folder::{FolderEntry, split_typed},
};

/// Returns what the folder being typed has, the newest first, as far as it fits the name being typed.
#[must_use]
pub fn file_rows(model: &Model, typed: &str) -> Vec<FinderRow> {
    let (folder, name) = split_typed(typed);
    let row = |target, label: String, note: String, why_not| FinderRow {
        target,
        label,
        keys: String::new(),
        note,
        why_not,
    };
    let as_typed = || {
        let label = format!("as typed: {}", typed.trim());
        row(
            FinderTarget::File(typed.trim().to_owned()),
            label,
            String::new(),
            None,
        )
    };
    let listing = model.files.listing.as_ref();
    let Some(listing) = listing.filter(|listing| listing.typed == folder) else {
        return vec![];
    };
    let mut rows = Vec::new();
    if let Some(problem) = &listing.problem {
        rows.push(row(
            FinderTarget::Folder(parent_of(folder)),
            format!("{folder}: {problem}"),
            "up".to_owned(),
            Some(problem.clone()),
        ));
        return rows;
    }
    if name.is_empty() {
        if !folder.is_empty() {
            rows.push(row(
                FinderTarget::File(folder.to_owned()),
                format!("{folder} as a whole"),
                "folder".to_owned(),
                None,
            ));
        }
        rows.push(row(
            FinderTarget::Folder(parent_of(folder)),
            "../".to_owned(),
            "up".to_owned(),
            None,
        ));
    }
    let wanted = name.to_lowercase();
    let is_shown = |entry: &&FolderEntry| {
        (name.starts_with('.') || !entry.name.starts_with('.'))
            && entry.name.to_lowercase().contains(&wanted)
    };
    let mut found: Vec<&FolderEntry> = listing.entries.iter().filter(is_shown).collect();
    // What begins with it goes first; what is it goes before that.
    found.sort_by_key(|entry| {
        let is_it = entry.name != name;
        (is_it, !entry.name.to_lowercase().starts_with(&wanted))
    });
    for entry in found {
        let path = format!("{folder}{}", entry.name);
        let (target, label) = match entry.is_folder {
            true => (
                FinderTarget::Folder(format!("{path}/")),
                format!("{}/", entry.name),
            ),
            false => (FinderTarget::File(path), entry.name.clone()),
        };
        let label = match &entry.problem {
            Some(problem) => format!("{label}: {problem}"),
            None => label,
        };
        rows.push(row(
            target,
            label,
            note(model, entry),
            entry.problem.clone(),
        ));
    }
    if rows.is_empty() && !name.trim().is_empty() {
        rows.push(as_typed());
    }
    rows
}

/// `2.1 MB, 3 min ago`
fn note(model: &Model, entry: &FolderEntry) -> String {
    let size = if entry.is_folder {
        String::new()
    } else {
        format_size(entry.size)
    };
    let age = entry.modified.map(|at| {
        let seconds = (model.now - at).num_seconds().max(0);
        let age = format_duration(seconds / 60 * 60);
        match seconds < 60 {
            true => "just now".to_owned(),
            false => format!("{} ago", age.trim_start_matches("about ")),
        }
    });
    let parts = [size, age.unwrap_or_default()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("  ")
}

/// The folder above: `~/a/` of `~/a/b/`, `../` of the current folder.
fn parent_of(folder: &str) -> String {
    let inner = folder.trim_end_matches('/');
    let last = inner.rsplit('/').next().unwrap_or_default();
    match last {
        _ if folder == "/" => "/".to_owned(),
        "" | ".." | "." | "~" => format!("{folder}../"),
        last => inner[..inner.len() - last.len()].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::parent_of;

    #[test]
    fn folder_above_is_named_as_one_types_it() {
        for (folder, above) in [
            ("~/a/b/", "~/a/"),
            ("~/", "~/../"),
            ("", "../"),
            ("../", "../../"),
            ("/", "/"),
            ("/a/", "/"),
            ("a/", ""),
        ] {
            assert_eq!(parent_of(folder), above, "{folder}");
        }
    }
}
