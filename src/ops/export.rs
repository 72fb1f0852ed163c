//! A document to a file whose name nobody had to think of.

use super::{OpsError, Result, which::reference, whole_file};
use crate::{domain::safe, store::IncidentRow};
use std::path::PathBuf;

/// How many names are tried.
const TRIES: usize = 1_000;

/// Writes `text` to `incident-NUMBER-NAME` in the current folder; where there is one already, to the
/// next free name. Gives the path.
///
/// # Errors
/// A folder that may not be written, a full disk.
pub fn beside(row: &IncidentRow, name: &str, text: &str) -> Result<PathBuf> {
    let folder = std::env::current_dir()
        .map_err(|e| OpsError::failed(format!("the current folder is not there: {e}")))?;
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
    let number = reference(row);
    for at in 1..=TRIES {
        let again = if at == 1 {
            String::new()
        } else {
            format!("-{at}")
        };
        let path = folder.join(format!("incident-{number}-{stem}{again}.{ending}"));
        if path.symlink_metadata().is_ok() {
            continue;
        }
        whole_file::write(&path, safe::block(text).as_bytes(), false)?;
        return Ok(path);
    }
    Err(OpsError::failed(format!(
        "{} holds too many exports already",
        folder.display()
    )))
}
