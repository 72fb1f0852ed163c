//! A postmortem's file is brought up to its records, and whatever people wrote around the generated
//! parts stays as it is.

use super::{Book, OpsError, Result, document, whole_file};
use crate::{
    documents::parts::{self, PartsError, Update},
    domain::incident::{Incident, SECTIONS},
};
use std::{fs, path::Path};

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Updated {
    /// Its parts.
    pub parts: Update,
    /// True where it was written.
    pub written: bool,
}

/// How the file at `path` stands to the records of `incident`; nothing is written.
///
/// # Errors
/// A file that cannot be read, a damaged or missing marker, another incident's file.
pub fn check(book: &Book, incident: &Incident, path: &Path) -> Result<Update> {
    compare(book, incident, path).map(|(_, update)| update)
}

/// Replaces the generated parts of the file at `path` that are behind the records of `incident`.
///
/// # Errors
/// As [`check`]; a part that was edited by hand, unless `force`; a file that cannot be written.
pub fn update(book: &Book, incident: &Incident, path: &Path, force: bool) -> Result<Updated> {
    let (before, update) = compare(book, incident, path)?;
    if let Some((name, line)) = update.edited.first()
        && !force
    {
        let others = match update.edited.len() - 1 {
            0 => String::new(),
            1 => ", and so was another part".to_owned(),
            n => format!(", and so were {n} other parts"),
        };
        let own = if SECTIONS.iter().any(|(section, _)| section == name) {
            format!("its prose belongs in the journal: `bridgelog write {name}`; ")
        } else {
            String::new()
        };
        return Err(OpsError::failed(format!(
            "{}, line {line}: part `{name}` was edited by hand{others}; an update would lose that",
            path.display()
        ))
        .hint(format!(
            "{own}move what you wrote below the part's end marker, or --force replaces it"
        )));
    }
    let written = update.text != before;
    if written {
        // Somebody's editor may have saved since it was read.
        if read(path)? != before {
            return Err(OpsError::failed(format!(
                "{} was changed while it was being updated",
                path.display()
            ))
            .hint("nothing was written; save it in the editor, then update it again"));
        }
        whole_file::write(path, update.text.as_bytes(), true)?;
    }
    Ok(Updated {
        parts: update,
        written,
    })
}

fn compare(book: &Book, incident: &Incident, path: &Path) -> Result<(String, Update)> {
    let before = read(path)?;
    let fresh = document::postmortem_markdown(book, incident)?;
    let fresh = crate::domain::safe::block(&fresh);
    let update = parts::update(&before, &fresh).map_err(|error| wrong(path, &error))?;
    Ok((before, update))
}

fn wrong(path: &Path, error: &PartsError) -> OpsError {
    OpsError::failed(format!(
        "{}, line {}: {}",
        path.display(),
        error.line,
        error.message
    ))
    .hint(format!("{}; nothing was written", error.hint))
}

fn read(path: &Path) -> Result<String> {
    let shown = path.display();
    if path.is_dir() {
        return Err(OpsError::failed(format!("{shown} is a folder"))
            .hint("name the postmortem's file in it"));
    }
    let bytes = fs::read(path).map_err(|e| {
        OpsError::failed(format!("{shown} cannot be read: {e}")).hint(format!(
            "`bridgelog postmortem --output {shown}` writes a new one"
        ))
    })?;
    String::from_utf8(bytes).map_err(|e| {
        let upto = e.utf8_error().valid_up_to();
        let line = 1 + e.as_bytes()[..upto].iter().filter(|b| **b == b'\n').count();
        OpsError::failed(format!("{shown}, line {line}: this is not UTF-8"))
            .hint("convert it first: iconv -t UTF-8")
    })
}
