//! A document to a file whose name nobody had to think of.

use super::{
    Book, OpsError, Result, document,
    document::{Format, Stage},
    which::reference,
    whole_file,
};
use crate::{
    domain::{incident::Incident, sanitize},
    store::IncidentRow,
};
use std::{
    env,
    path::{Path, PathBuf},
};

/// How many names are tried.
const TRIES: usize = 1_000;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// The postmortem in Markdown, with its picture beside it.
    Postmortem,
    /// The postmortem as one HTML file.
    Page,
    /// The postmortem as JSON.
    Json,
    /// The letter of a stage (of the one that is due where missing).
    Letter(Option<Stage>, Format),
    /// The same as a draft for a mail program.
    Draft(Option<Stage>),
}

/// Writes `paper` of `incident`, whose row is `row`, to a file named after the incident's number: in
/// the current folder, else, where nothing may be written there, in the home folder or the one for
/// temporary files. An existing file is never replaced. Gives the path.
///
/// # Errors
/// A template that fails, a draft without a sender, no folder that may be written to, a full disk.
pub fn document(
    book: &Book,
    row: &IncidentRow,
    incident: &Incident,
    paper: Paper,
) -> Result<PathBuf> {
    let mut first = None;
    for folder in folders() {
        match into(&folder, book, row, incident, paper) {
            Err(error) if is_of_the_folder(&folder) => {
                first = first.or(Some(error));
            }
            done => return done,
        }
    }
    Err(first.unwrap_or_else(|| OpsError::failed("there is no folder to write to")))
}

fn folders() -> impl Iterator<Item = PathBuf> {
    let home = env::var_os("HOME").map(PathBuf::from);
    let folders = [env::current_dir().ok(), home, Some(env::temp_dir())];
    folders.into_iter().flatten()
}

/// True where nothing can be written in `folder`, whatever it is.
fn is_of_the_folder(folder: &Path) -> bool {
    tempfile::tempfile_in(folder).is_err()
}

fn into(
    folder: &Path,
    book: &Book,
    row: &IncidentRow,
    incident: &Incident,
    paper: Paper,
) -> Result<PathBuf> {
    let (name, ending, text) = match paper {
        Paper::Postmortem => {
            let path = free(folder, row, "postmortem", "md")?;
            document::write_postmortem(book, incident, &path, false)?;
            return Ok(path);
        }
        Paper::Page => {
            let text = document::postmortem_html(book, incident)?;
            ("postmortem".to_owned(), "html", text)
        }
        Paper::Json => {
            let text = sanitize::json(document::postmortem_json(incident)?);
            ("postmortem".to_owned(), "json", text)
        }
        Paper::Letter(stage, format) => {
            let (stage, email) = document::email(book, incident, stage, format)?;
            let text = format!("Subject: {}\n\n{}", email.subject, email.body);
            let ending = if format == Format::Text { "txt" } else { "md" };
            let text = sanitize::block(&text).into_owned();
            (format!("email-{stage}"), ending, text)
        }
        Paper::Draft(stage) => {
            let (stage, draft) = document::eml(book, incident, stage, &[], None)?;
            (format!("email-{stage}"), "eml", draft)
        }
    };
    let path = free(folder, row, &name, ending)?;
    whole_file::write(&path, text.as_bytes(), false)?;
    Ok(path)
}

/// A name in `folder` that no file has: `incident-NUMBER-NAME.ENDING`, else the next one.
fn free(folder: &Path, row: &IncidentRow, name: &str, ending: &str) -> Result<PathBuf> {
    let number = reference(row);
    (1..=TRIES)
        .map(|at| {
            let again = if at == 1 {
                String::new()
            } else {
                format!("-{at}")
            };
            folder.join(format!("incident-{number}-{name}{again}.{ending}"))
        })
        .find(|path| {
            let taken = |path: &Path| path.symlink_metadata().is_ok();
            let beside = ending == "md" && taken(&path.with_extension("svg"));
            !(taken(path) || beside)
        })
        .ok_or_else(|| {
            OpsError::failed(format!(
                "{} holds too many exports already",
                folder.display()
            ))
        })
}
