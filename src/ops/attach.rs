//! Attaches files and links to events, and takes them off. A file is kept once in an incident, whatever the
//! number of events that refer to it; an undo takes back the event that refers to it, and never the content.

use super::{
    OpsError, Result, Session,
    amend::{Amended, amend_with},
    attach_file::read_file,
    context::LineOptions,
    log::{LoggedEvent, log_line_with},
    resolve::Target,
    write_context::WriteContext,
};
use crate::{
    domain::{
        capture::Flags,
        event::Event,
        file::{self, AttachedFile, FileContent},
        hash::Hash,
        sanitize,
        subject::Subject,
        value::{Body, Change, Operation, Value},
    },
    import::strip_url_secrets,
};
use std::path::PathBuf;
use uuid::Uuid;

/// What a person gives along with an event: paths and addresses as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedEvidence {
    pub files: Vec<PathBuf>,
    pub urls: Vec<String>,
    /// Names or beginnings of hashes of files to take off.
    pub detached: Vec<String>,
    /// Links to take off.
    pub unlinked: Vec<String>,
}

impl TypedEvidence {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Files that were read, and links that were checked.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    files: Vec<(AttachedFile, FileContent)>,
    urls: Vec<String>,
    /// Remarks for who gave them, one sentence each.
    notices: Vec<String>,
}

impl Evidence {
    /// Reads the files and checks the links of `typed`.
    ///
    /// # Errors
    /// A file that is missing, empty, too large, no file or cannot be read; an address that is no link.
    pub fn read(session: &Session, typed: &TypedEvidence) -> Result<Self> {
        let mut evidence = Self::default();
        for path in &typed.files {
            let (file, content) = read_file(path, session.settings.attach_bytes())?;
            let given = path.file_name().unwrap_or_default().to_string_lossy();
            if file.name != given {
                evidence.notices.push(format!(
                    "the file is kept as `{}`: its name has what a file name should not have",
                    file.name
                ));
            }
            evidence.files.push((file, content));
        }
        for url in &typed.urls {
            let url = url.trim();
            file::check_url(url).map_err(|error| {
                OpsError::usage(format!("`{}` is no link: {error}", sanitize::line(url)))
                    .with_hint("--link takes a whole address: --link https://grafana.example/d/abc")
            })?;
            if strip_url_secrets(url) != url {
                evidence.notices.push(
                    "the link has what looks like a password or a token, and everybody who has the log can read it: \
                     give it without, or `bridgelog redact` the event"
                        .to_owned(),
                );
            }
            evidence.urls.push(url.to_owned());
        }
        Ok(evidence)
    }

    /// Adds the files and links to `event`, but what it has already, and returns remarks for who gave them.
    fn add_to(&self, event: &mut Event) -> Vec<String> {
        let mut notices = self.notices.clone();
        for (file, _) in &self.files {
            match event.files.iter().find(|there| there.sha256 == file.sha256) {
                Some(there) => notices.push(format!(
                    "{} is attached already, as {}",
                    file.name,
                    there.label()
                )),
                None => event.files.push(file.clone()),
            }
        }
        for url in &self.urls {
            if !event.urls.contains(url) {
                event.urls.push(url.clone());
            }
        }
        notices
    }

    /// Keeps the contents of the files in `incident`, each that is not there yet.
    ///
    /// # Errors
    /// The content of one was redacted there; what the store says.
    fn keep(&self, session: &mut Session, incident: Option<Uuid>) -> Result<()> {
        let mut kept: Vec<Hash> = Vec::new();
        for (file, content) in &self.files {
            if kept.contains(&file.sha256) {
                continue;
            }
            kept.push(file.sha256);
            let subject = Subject::File(file.sha256);
            let current = session.read().subject_state(&subject, incident)?;
            let change = match current {
                Some((current, _)) => match &current.value {
                    Value::File(there) if there.redacted.is_none() => continue,
                    Value::File(_) | Value::Unreadable(_) => {
                        return Err(OpsError::failed(format!(
                            "the content of `{}` was redacted here",
                            file.name
                        ))
                        .with_hint("nothing was attached; say in words what may be said of it"));
                    }
                    _ => content_change(
                        &mut session.write_context,
                        incident,
                        subject,
                        current.head_ids(),
                        content.clone(),
                    ),
                },
                None => content_change(
                    &mut session.write_context,
                    incident,
                    subject,
                    vec![],
                    content.clone(),
                ),
            };
            session.append(&[change])?;
        }
        Ok(())
    }
}

fn content_change(
    writer: &mut WriteContext,
    incident: Option<Uuid>,
    subject: Subject,
    replaces: Vec<Uuid>,
    content: FileContent,
) -> Change {
    let body = Body::new(Operation::Log, Value::File(Box::new(content)));
    writer.new_change(incident, subject, replaces, body)
}

/// Logs one line as [`log_line`](super::log::log_line) does, with files and links.
///
/// # Errors
/// Those of `log_line`; of [`Evidence::read`]; a file whose content was redacted. Then nothing is logged.
pub fn log_line(
    session: &mut Session,
    line: &str,
    flags: &Flags,
    options: &LineOptions,
    typed: &TypedEvidence,
) -> Result<LoggedEvent> {
    let evidence = Evidence::read(session, typed)?;
    session.transact(|session| {
        let mut notices = Vec::new();
        let mut logged = log_line_with(session, line, flags, options, |event| {
            notices = evidence.add_to(event);
        })?;
        let incident = logged.incident.as_ref().map(|row| row.id);
        evidence.keep(session, incident)?;
        logged.notices.extend(notices);
        Ok(logged)
    })
}

/// Amends an event as [`amend`](super::amend::amend) does, and attaches files and links or takes them off.
///
/// # Errors
/// Those of `amend`; of [`Evidence::read`]; a file or a link to take off that the event does not have.
pub fn amend(
    session: &mut Session,
    handle: &str,
    line: &str,
    flags: &Flags,
    typed: &TypedEvidence,
) -> Result<Amended> {
    let evidence = Evidence::read(session, typed)?;
    session.transact(|session| {
        let mut notices = Vec::new();
        let change = |event: &mut Event| {
            detach(event, typed)?;
            notices = evidence.add_to(event);
            Ok(())
        };
        let has_evidence = !typed.is_empty();
        let mut amended = amend_with(session, handle, line, flags, change, has_evidence)?;
        evidence.keep(session, amended.target.current.incident)?;
        amended.notices.extend(notices);
        if !typed.detached.is_empty() {
            amended.notices.push(format!(
                "the content of a file that was taken off stays in the journal; if it was a secret: `bridgelog redact {} --reason TEXT`",
                amended.target.handle
            ));
        }
        Ok(amended)
    })
}

/// Takes the files and links that `typed` says off `event`.
fn detach(event: &mut Event, typed: &TypedEvidence) -> Result<()> {
    for name in &typed.detached {
        let at = find_file(&event.files, name)?;
        event.files.remove(at);
    }
    for url in &typed.unlinked {
        let at = event.urls.iter().position(|there| there == url.trim());
        let Some(at) = at else {
            let error = OpsError::usage(format!("the event has no link `{}`", sanitize::line(url)));
            return Err(match event.urls.as_slice() {
                [] => error.with_hint("it has no links at all"),
                urls => error.with_hint(format!("it has: {}", urls.join(" "))),
            });
        };
        event.urls.remove(at);
    }
    Ok(())
}

/// Returns the place of the file among `files` that `typed` names: its name, else the beginning of its hash.
///
/// # Errors
/// None of them, or several.
pub(super) fn find_file(files: &[AttachedFile], typed: &str) -> Result<usize> {
    let places = |matches: &dyn Fn(&AttachedFile) -> bool| -> Vec<usize> {
        let found = files.iter().enumerate().filter(|(_, file)| matches(file));
        found.map(|(at, _)| at).collect()
    };
    let mut found = places(&|file| file.name == typed);
    if found.is_empty() && is_hash_prefix(typed) {
        let typed = typed.to_lowercase();
        found = places(&|file| file.sha256.to_string().starts_with(&typed));
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let error = OpsError::usage(format!(
                "no file `{}` is attached to the event",
                sanitize::line(typed)
            ));
            Err(match files {
                [] => error.with_hint("it has no files at all"),
                files => error.with_hint(format!("it has: {}", list(files))),
            })
        }
        _ => Err(OpsError::usage(format!(
            "several files are called `{}`",
            sanitize::line(typed)
        ))
        .with_hint(format!("name one by its hash: {}", list(files)))),
    }
}

/// Names files with the beginnings of their hashes.
pub(super) fn list(files: &[AttachedFile]) -> String {
    let names: Vec<String> = files
        .iter()
        .map(|file| format!("{} {}", file.short_hash(), file.label()))
        .collect();
    names.join(", ")
}

/// True if `typed` can be the beginning of a hash that names a file.
pub(super) fn is_hash_prefix(typed: &str) -> bool {
    (6..=64).contains(&typed.len()) && typed.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Returns the changes that keep in the incident `to` the files of the events `targets`, which are moved there:
/// each that is not there yet.
///
/// # Errors
/// What the store says.
pub(super) fn copies_for_move(
    session: &mut Session,
    targets: &[Target],
    to: Option<Uuid>,
) -> Result<Vec<Change>> {
    let mut seen = Vec::new();
    let mut changes = Vec::new();
    for target in targets {
        let files = target.current.value.event().map(|event| &event.files);
        for file in files.into_iter().flatten() {
            let subject = Subject::File(file.sha256);
            if seen.contains(&file.sha256) {
                continue;
            }
            seen.push(file.sha256);
            if session.read().subject_state(&subject, to)?.is_some() {
                continue;
            }
            let there = session
                .read()
                .subject_state(&subject, target.current.incident)?;
            if let Some((current, _)) = there
                && let Value::File(content) = current.value
            {
                let writer = &mut session.write_context;
                changes.push(content_change(writer, to, subject, vec![], *content));
            }
        }
    }
    Ok(changes)
}
