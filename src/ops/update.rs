//! Updates the generated blocks of a postmortem file and leaves everything else in it alone.

use super::{
    OpsError, Result, Session,
    bounded_read::{self, MAX_DOCUMENT_BYTES},
    document,
};
use crate::{
    documents::managed_blocks::{self, BlockError, BlockUpdate},
    domain::incident::{Incident, SECTIONS},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The result of an update.
#[derive(Clone, Debug)]
pub struct Updated {
    pub blocks: BlockUpdate,
    /// False if nothing had changed.
    pub written: bool,
}

/// Compares the file at `path` with the records, without writing.
///
/// # Errors
/// A file that cannot be read, a damaged or missing marker, a file of another incident.
pub fn check(session: &Session, incident: &Incident, path: &Path) -> Result<BlockUpdate> {
    compare(session, incident, path).map(|(_, update)| update)
}

/// Replaces the generated blocks that are out of date.
///
/// # Errors
/// Those of [`check`]; a block that was edited by hand, unless `force`; a file that cannot be
/// written.
pub fn update(session: &Session, incident: &Incident, path: &Path, force: bool) -> Result<Updated> {
    let (before, update) = compare(session, incident, path)?;
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
        .with_hint(format!(
            "{own}move what you wrote below the part's end marker, or --force replaces it"
        )));
    }
    let written = update.text != before;
    if written {
        // An editor may have saved the file since it was read.
        if read_document(path)? != before {
            return Err(OpsError::failed(format!(
                "{} was changed while it was being updated",
                path.display()
            ))
            .with_hint("nothing was written; save it in the editor, then update it again"));
        }
        let file = link_target(path);
        let image = document::existing_image(incident, &file, &before);
        let options = session.write_options(true);
        document::write_files_beside(session, incident, &file, true)?;
        document::write_with_image(&file, &update.text, image.as_ref(), options)?;
    }
    Ok(Updated {
        blocks: update,
        written,
    })
}

fn compare(session: &Session, incident: &Incident, path: &Path) -> Result<(String, BlockUpdate)> {
    let before = read_document(path)?;
    let file = link_target(path);
    let image = document::existing_image(incident, &file, &before);
    let image = image.as_ref().map(|(path, _)| path.as_path());
    let fresh = document::postmortem_with_image(session, incident, &file, image)?;
    let update = managed_blocks::update_blocks(&before, &fresh)
        .map_err(|error| block_error(path, &error))?;
    Ok((before, update))
}

fn block_error(path: &Path, error: &BlockError) -> OpsError {
    OpsError::failed(format!(
        "{}, line {}: {}",
        path.display(),
        error.line,
        error.message
    ))
    .with_hint(format!("{}; nothing was written", error.hint))
}

/// Returns the file that `path` leads to: an update through a link changes that file, and its chart is
/// beside it.
fn link_target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn read_document(path: &Path) -> Result<String> {
    let shown = path.display();
    if path.is_dir() {
        return Err(OpsError::failed(format!("{shown} is a folder"))
            .with_hint("name the postmortem's file in it"));
    }
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(OpsError::failed(format!("{shown} is not a regular file"))
            .with_hint("name the postmortem's file"));
    }
    let file = fs::File::open(path).map_err(|e| {
        OpsError::failed(format!("{shown} cannot be read"))
            .with_source(e)
            .with_hint(format!(
                "`bridgelog postmortem --output {shown}` writes a new one"
            ))
    })?;
    let bytes = bounded_read::read_bytes(file, &shown.to_string(), MAX_DOCUMENT_BYTES)?;
    String::from_utf8(bytes).map_err(|e| {
        let upto = e.utf8_error().valid_up_to();
        let line = 1 + e.as_bytes()[..upto].iter().filter(|b| **b == b'\n').count();
        OpsError::failed(format!("{shown}, line {line}: this is not UTF-8"))
            .with_hint("convert it first: iconv -t UTF-8")
    })
}
