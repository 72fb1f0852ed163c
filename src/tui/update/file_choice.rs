//! Choosing a file by its path: the worker lists the folder that is typed.

use crate::{
    ops::folder::split_typed,
    tui::{
        model::{Finder, FinderKind, FinderTarget, Model, Overlay, finder_rows},
        msg::{Effect, Job},
        text_input::TextInput,
    },
};

/// Opens the list of files with `path` typed.
pub fn open(model: &mut Model, kind: FinderKind, path: &str) -> Vec<Effect> {
    model.overlays.push(Overlay::Finder(Finder {
        kind,
        query: TextInput::new(path),
        selected: None,
    }));
    // What was listed before may have changed.
    model.files.listing = None;
    model.files.asked = None;
    on_typed(model)
}

/// Has the folder listed that is typed now, unless it is listed already, and chooses the best match.
pub fn on_typed(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Finder(finder)) = model.overlays.last_mut() else {
        return vec![];
    };
    // A whole path after the folder that is proposed, such as a file that is dropped on the terminal, is meant alone.
    let whole = whole_path(finder.query.text());
    if whole.len() < finder.query.text().len() {
        finder.query = TextInput::new(whole);
    }
    let (folder, name) = split_typed(finder.query.text());
    // The first row of a folder is the folder as a whole: it is not chosen by itself.
    finder.selected = (!name.is_empty()).then_some(0);
    if model.files.asked.as_deref() == Some(folder) {
        return vec![];
    }
    let folder = folder.to_owned();
    model.files.asked = Some(folder.clone());
    vec![Effect::Job(Job::ListFolder(folder))]
}

/// Goes into the folder that was chosen.
pub fn enter(model: &mut Model, folder: &str) -> Vec<Effect> {
    if let Some(Overlay::Finder(finder)) = model.overlays.last_mut() {
        finder.query = TextInput::new(folder);
    }
    on_typed(model)
}

/// Completes the path by the chosen row, or the first that has what is typed.
pub fn complete(model: &mut Model) -> Vec<Effect> {
    let rows = finder_rows(model);
    let Some(Overlay::Finder(finder)) = model.overlays.last_mut() else {
        return vec![];
    };
    let at = finder.selected.unwrap_or(0);
    match rows.get(at).map(|row| row.target.clone()) {
        Some(FinderTarget::Folder(path)) => enter(model, &path),
        Some(FinderTarget::File(path)) => {
            finder.query = TextInput::new(&path);
            on_typed(model)
        }
        _ => vec![],
    }
}

/// The part of `typed` from where a whole path begins last.
fn whole_path(typed: &str) -> &str {
    const BEGINNINGS: [&str; 5] = ["//", "/~/", "/'/", "/\"/", "/file:///"];
    let from = BEGINNINGS.iter().filter_map(|beginning| {
        let at = typed.rfind(beginning)?;
        let is_address = typed[..=at].ends_with("file:/") || typed[..at].ends_with("file:/");
        (!is_address).then_some(at + 1)
    });
    &typed[from.max().unwrap_or(0)..]
}

#[cfg(test)]
mod tests {
    use super::whole_path;

    #[test]
    fn whole_path_after_a_folder_is_meant_alone() {
        for (typed, meant) in [
            ("~/a/b.csv", "~/a/b.csv"),
            ("~/a//tmp/b.csv", "/tmp/b.csv"),
            ("/a/~/b.csv", "~/b.csv"),
            ("/a/'/tmp/b c.csv'", "'/tmp/b c.csv'"),
            ("/a/file:///tmp/b.csv", "file:///tmp/b.csv"),
            ("file:///tmp/b.csv", "file:///tmp/b.csv"),
        ] {
            assert_eq!(whole_path(typed), meant);
        }
    }
}
