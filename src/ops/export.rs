//! A document to a file whose name nobody had to think of.

use super::{
    OpsError, Result, Session, atomic_write, document,
    document::{Format, Stage},
    resolve::short_ref,
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
const MAX_NAME_ATTEMPTS: usize = 1_000;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// The postmortem in Markdown, with its picture beside it.
    PostmortemMarkdown,
    /// The postmortem as one HTML file.
    PostmortemHtml,
    /// The postmortem as JSON.
    PostmortemJson,
    /// The letter of a stage (of the one that is due where missing).
    Email(Option<Stage>, Format),
    /// The same as a draft for a mail program.
    EmailDraft(Option<Stage>),
}

/// Writes `paper` of `incident`, whose row is `row`, to a file named after the incident's number: in
/// the current folder, else, where nothing may be written there, in the home folder or the one for
/// temporary files. An existing file is never replaced. Gives the path.
///
/// # Errors
/// A template that fails, a draft without a sender, no folder that may be written to, a full disk.
pub fn write_document(
    session: &Session,
    row: &IncidentRow,
    incident: &Incident,
    paper: ExportKind,
) -> Result<PathBuf> {
    let mut first = None;
    for folder in candidate_folders() {
        match write_into(&folder, session, row, incident, paper) {
            Err(error) if is_unwritable(&folder) => {
                first = first.or(Some(error));
            }
            done => return done,
        }
    }
    Err(first.unwrap_or_else(|| OpsError::failed("there is no folder to write to")))
}

fn candidate_folders() -> impl Iterator<Item = PathBuf> {
    let home = env::var_os("HOME").map(PathBuf::from);
    let folders = [env::current_dir().ok(), home, Some(env::temp_dir())];
    folders.into_iter().flatten()
}

/// True where nothing can be written in `folder`, whatever it is.
fn is_unwritable(folder: &Path) -> bool {
    tempfile::tempfile_in(folder).is_err()
}

fn write_into(
    folder: &Path,
    session: &Session,
    row: &IncidentRow,
    incident: &Incident,
    paper: ExportKind,
) -> Result<PathBuf> {
    let (name, ending, text) = match paper {
        ExportKind::PostmortemMarkdown => {
            let path = unused_path(folder, row, "postmortem", "md")?;
            document::write_postmortem(session, incident, &path, false)?;
            return Ok(path);
        }
        ExportKind::PostmortemHtml => {
            let text = document::postmortem_html(session, incident)?;
            ("postmortem".to_owned(), "html", text)
        }
        ExportKind::PostmortemJson => {
            let text = sanitize::json(document::postmortem_json(incident)?);
            ("postmortem".to_owned(), "json", text)
        }
        ExportKind::Email(stage, format) => {
            let (stage, email) = document::email(session, incident, stage, format)?;
            let text = format!("Subject: {}\n\n{}", email.subject, email.body);
            let ending = if format == Format::Text { "txt" } else { "md" };
            let text = sanitize::block(&text).into_owned();
            (format!("email-{stage}"), ending, text)
        }
        ExportKind::EmailDraft(stage) => {
            let (stage, draft) = document::eml(session, incident, stage, &[], None)?;
            (format!("email-{stage}"), "eml", draft)
        }
    };
    let path = unused_path(folder, row, &name, ending)?;
    atomic_write::write(&path, text.as_bytes(), false)?;
    Ok(path)
}

/// A name in `folder` that no file has: `incident-NUMBER-NAME.ENDING`, else the next one.
fn unused_path(folder: &Path, row: &IncidentRow, name: &str, ending: &str) -> Result<PathBuf> {
    let number = short_ref(row);
    (1..=MAX_NAME_ATTEMPTS)
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
