//! Writes a document to a file with a generated name.

use super::{
    OpsError, Result, Session, atomic_write, document,
    document::{Format, Stage},
    document_files,
    resolve::short_ref,
};
use crate::{
    domain::{document_text, incident::Incident, sanitize},
    store::IncidentRow,
};
use std::{
    env,
    path::{Path, PathBuf},
};

/// Names tried in one folder.
const MAX_NAME_ATTEMPTS: usize = 1_000;
/// How often another process may take the chosen name first.
const MAX_TAKEN: usize = 10;

/// Which document in which format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// With its chart as SVG beside it.
    PostmortemMarkdown,
    PostmortemHtml,
    PostmortemJson,
    /// The email of the stage given, or of the one that is due.
    Email(Option<Stage>, Format),
    /// The same as a draft for a mail program (`.eml`).
    EmailDraft(Option<Stage>),
}

/// Writes a document to a new file named after the incident: in the current folder, or if that
/// cannot be written, in the home or the temporary folder. Never replaces a file. Returns the path.
///
/// # Errors
/// A template that fails, a draft without sender, no writable folder, a full disk.
pub fn write_document(
    session: &Session,
    row: &IncidentRow,
    incident: &Incident,
    kind: ExportKind,
) -> Result<PathBuf> {
    let mut first_error = None;
    for folder in candidate_folders() {
        match write_into(&folder, session, row, incident, kind) {
            Err(error) if is_unwritable(&folder) => {
                first_error = first_error.or(Some(error));
            }
            result => return result,
        }
    }
    Err(first_error.unwrap_or_else(|| OpsError::failed("no folder can be written to: tried the current one, the home folder and the temporary folder").with_hint("set TMPDIR to a folder that can be written to")))
}

fn candidate_folders() -> impl Iterator<Item = PathBuf> {
    let home = env::var_os("HOME").map(PathBuf::from);
    let folders = [env::current_dir().ok(), home, Some(env::temp_dir())];
    folders.into_iter().flatten()
}

/// True if no file at all can be created in `folder`.
fn is_unwritable(folder: &Path) -> bool {
    tempfile::tempfile_in(folder).is_err()
}

fn write_into(
    folder: &Path,
    session: &Session,
    row: &IncidentRow,
    incident: &Incident,
    kind: ExportKind,
) -> Result<PathBuf> {
    let (name, ending, text) = match kind {
        ExportKind::PostmortemMarkdown => {
            return write_to_unused(folder, row, "postmortem", "md", |path| {
                document::write_postmortem(session, incident, path, false).map(drop)
            });
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
            let text = document_text::block(&text).into_owned();
            (format!("email-{stage}"), ending, text)
        }
        ExportKind::EmailDraft(stage) => {
            let (stage, draft) = document::eml(session, incident, stage, &[], None)?;
            (format!("email-{stage}"), "eml", draft)
        }
    };
    write_to_unused(folder, row, &name, ending, |path| {
        atomic_write::write(path, text.as_bytes(), session.write_options(false))
    })
}

/// Calls `write` with the first unused name, and with the next where another process takes it first.
fn write_to_unused(
    folder: &Path,
    row: &IncidentRow,
    name: &str,
    ending: &str,
    write: impl Fn(&Path) -> Result<()>,
) -> Result<PathBuf> {
    for _ in 1..MAX_TAKEN {
        let path = unused_path(folder, row, name, ending)?;
        match write(&path) {
            Err(_) if is_taken(&path) => {}
            result => return result.map(|()| path),
        }
    }
    let path = unused_path(folder, row, name, ending)?;
    write(&path).map(|()| path)
}

/// True if something exists at `path`, or where the chart or the files of a Markdown document belong.
fn is_taken(path: &Path) -> bool {
    let exists = |path: &Path| path.symlink_metadata().is_ok();
    let is_markdown = path.extension().is_some_and(|ending| ending == "md");
    let beside = || {
        [
            path.with_extension("svg"),
            document_files::folder_beside(path),
        ]
    };
    exists(path) || (is_markdown && beside().iter().any(|path| exists(path)))
}

/// Returns the first unused name: `incident-NUMBER-NAME.ENDING`, then with `-2`, `-3` and so on.
fn unused_path(folder: &Path, row: &IncidentRow, name: &str, ending: &str) -> Result<PathBuf> {
    let number = short_ref(row);
    (1..=MAX_NAME_ATTEMPTS)
        .map(|attempt| {
            let suffix = if attempt == 1 {
                String::new()
            } else {
                format!("-{attempt}")
            };
            folder.join(format!("incident-{number}-{name}{suffix}.{ending}"))
        })
        .find(|path| !is_taken(path))
        .ok_or_else(|| {
            OpsError::failed(format!(
                "{} holds too many exports already",
                folder.display()
            ))
            .with_hint("remove those that are not needed any more")
        })
}
