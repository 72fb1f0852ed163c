//! Redacts a secret that was pasted: its bytes are destroyed, its hash stays.

use super::{
    OpsError, Result, Session,
    context::validate_text,
    journal_lines::{LeftOut, entries},
    message,
    redact_files::{self, SharedFile},
    redact_remains::Remains,
    redact_texts::{destroyed_with, places_of, texts_in},
    resolve::{Target, short_ref},
    status::{format_date_time, value_line},
    sync,
};
use crate::domain::{
    count::counted,
    entry::Entry,
    event::REDACTED,
    handle,
    hash::Hash,
    incident::SubjectState,
    sanitize,
    subject::Subject,
    value::{Body, Change, Operation, Value},
};
use crate::store::StoreError;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The result of a redaction.
#[derive(Clone, Debug)]
pub struct Redacted {
    /// The files of the event that stay, since other events refer to them.
    pub shared_files: Vec<SharedFile>,
    /// What else was removed, and what still holds the text; one sentence each.
    pub notices: Vec<String>,
}

/// Finds what `typed` names: a handle, `field/NAME`, `section/NAME`, `service/NAME`, `file/HASH`, or `m1` for
/// a saved letter; also what was undone.
///
/// # Errors
/// Nothing of that name, or something that cannot be destroyed because it stands in a header.
pub fn find(session: &Session, typed: &str) -> Result<Target> {
    let word = typed.trim();
    if let Some(author) = word.strip_prefix("author/") {
        return Err(author_error(author));
    }
    if let Some(name) = word.strip_prefix("service/") {
        return find_service(session, name);
    }
    if let Some(hash) = word.strip_prefix("file/") {
        return redact_files::find(session, hash);
    }
    if message::letter_number(word).is_some() {
        let row = session.resolve_for_read(None)?;
        let incident = session.load_incident(&row)?;
        let handle = message::find(&incident, word)?.handle.clone();
        return session.resolve_including_undone(&handle);
    }
    session.resolve_including_undone(word).map_err(|error| {
        match has_author(session, word.trim_start_matches('@')) {
            Ok(true) => author_error(word.trim_start_matches('@')),
            _ => error,
        }
    })
}

/// Returns what `export --without` leaves out for `typed`; with an event its files, but those of other events.
///
/// # Errors
/// Nothing of that name.
pub fn left_out(session: &Session, typed: &str) -> Result<Vec<LeftOut>> {
    let none = || {
        OpsError::failed(format!("there is no entry of `{typed}` to leave out"))
            .with_hint("give a handle, `m1`, `service/NAME`, `field/NAME` or `author/NAME`")
    };
    let left = match typed.split_once('/') {
        Some(("author", author)) => LeftOut::Author(author.to_owned()),
        Some(_) => LeftOut::Subject(typed.parse().unwrap_or_else(|never| match never {})),
        None => return left_out_of(session, &find(session, typed)?),
    };
    for entry in entries(session) {
        if left.matches(entry?.header()) {
            return Ok(vec![left]);
        }
    }
    Err(none())
}

fn left_out_of(session: &Session, target: &Target) -> Result<Vec<LeftOut>> {
    let versions = session
        .read()
        .subject_versions(&target.subject, target.current.incident)?;
    let mut files = redact_files::files_of(&versions);
    for shared in redact_files::shared(session, &files, target.subject.id())? {
        files.remove(&shared.sha256);
    }
    let files = files.into_iter().map(Subject::File);
    let subjects = std::iter::once(target.subject.clone()).chain(files);
    Ok(subjects.map(LeftOut::Subject).collect())
}

/// True if `typed` is all letters of the handle that are shown, or a name, and not only the
/// beginning of a handle.
#[must_use]
pub fn is_typed_in_full(typed: &str, target: &Target) -> bool {
    let typed = typed.trim().trim_start_matches('^').to_lowercase();
    let is_file = matches!(target.subject, Subject::File(_));
    let is_name = target.subject.id().is_none() || message::letter_number(&typed).is_some();
    if is_file {
        return typed.starts_with(&target.handle);
    }
    is_name || (typed.len() >= handle::MIN_SHOWN_LEN && typed.starts_with(&target.handle))
}

/// What no redaction reaches.
const COPIES_NOTICE: &str =
    "backups and documents made before still hold it; if it was a secret, change it";

/// Destroys the text of all versions of `target`, and of the redactions before. Time and state stay,
/// and so does the hash of each version, so the chain still verifies. With an event its files are destroyed, but
/// those that other events refer to.
///
/// Half-typed lines that hold the text are removed; the notices name what else holds it.
///
/// # Errors
/// An empty reason, a sent message; or a store that appended it but could not wipe old bytes.
pub fn redact_target(session: &mut Session, target: &Target, reason: &str) -> Result<Redacted> {
    let reason = validate_text(reason, "reason")?;
    if let Subject::File(hash) = &target.subject {
        session.transact(|session| redact_files::destroy(session, *hash, &reason))?;
        return Ok(Redacted {
            shared_files: Vec::new(),
            notices: vec![
                "its hash stays: anyone who guesses the content can check the guess with it"
                    .to_owned(),
                COPIES_NOTICE.to_owned(),
            ],
        });
    }
    let (destroyed, remains, replaced, shared_files, hubs) = session.transact(|session| {
        let mut versions = Vec::new();
        for incident in places_of(session, target)? {
            versions.push((
                incident,
                session.read().subject_versions(&target.subject, incident)?,
            ));
        }
        let files: BTreeSet<Hash> = versions
            .iter()
            .flat_map(|(_, versions)| redact_files::files_of(versions))
            .collect();
        let shared_files = redact_files::shared(session, &files, target.subject.id())?;
        let bodies = versions.iter().flat_map(|(_, versions)| versions);
        let mut destroyed: BTreeSet<String> = bodies
            .filter_map(Entry::body_bytes)
            .flat_map(texts_in)
            .collect();
        let remains = Remains::search(session, &target.subject, &files, &destroyed)?;
        let hubs = match target.current.incident {
            Some(incident) => {
                let own = versions
                    .iter()
                    .filter(|(place, _)| *place == Some(incident));
                let headers = own.flat_map(|(_, versions)| versions.iter().map(Entry::header));
                sync::may_hold(session, incident, headers)?
            }
            None => vec![],
        };
        let mut changes: Vec<Change> = Vec::new();
        let mut replaced = BTreeSet::new();
        for (incident, versions) in versions {
            let Some((current, _)) = session.read().subject_state(&target.subject, incident)?
            else {
                continue;
            };
            reject_sent(target, &current.value)?;
            let value = redacted_value(target, &current, &reason, &remains.services, &mut replaced);
            let destroys: BTreeSet<Uuid> = versions.iter().flat_map(destroyed_with).collect();
            let body = Body {
                destroys: destroys.into_iter().collect(),
                ..Body::new(Operation::Redact, value)
            };
            // The last of them replaces those in the incidents that were merged into its own.
            let mut seen = current.head_ids();
            if incident == target.current.incident {
                seen.extend(changes.iter().map(|change| change.id));
            }
            let subject = target.subject.clone();
            let change = session
                .write_context
                .new_change(current.incident, subject, seen, body);
            let kept = change.body.encode(&change.salt).map_err(StoreError::from)?;
            for text in texts_in(&kept) {
                destroyed.remove(&text);
            }
            changes.push(change);
        }
        session.append(&changes)?;
        for hash in &files {
            if shared_files.iter().all(|shared| shared.sha256 != *hash) {
                redact_files::destroy(session, *hash, &reason)?;
            }
        }
        Ok((destroyed, remains, replaced, shared_files, hubs))
    })?;
    let mut notices: Vec<String> = replaced
        .iter()
        .filter(|service| *service != "redacted")
        .map(|service| {
            format!("@{service} was named nowhere else and is @redacted now; `bridgelog amend {} @NAME` names the service", target.handle)
        })
        .collect();
    notices.extend(remains.notices(session, target, &destroyed)?);
    if !hubs.is_empty() {
        notices.push(format!(
            "{} may still hold it, sent before the incident was private, and this redaction stays here: redact it on another machine that has it, or `bridgelog set private no` and `bridgelog sync`",
            hubs.join(" and ")
        ));
    }
    for shared in &shared_files {
        notices.push(format!(
            "the content of file {} stays: {} has it too; `{}` destroys it",
            &shared.sha256.to_string()[..12],
            shared.events.join(", "),
            shared.command()
        ));
    }
    notices.push(COPIES_NOTICE.to_owned());
    Ok(Redacted {
        shared_files,
        notices,
    })
}

/// Checks that `value`, that of `target`, can be destroyed.
///
/// # Errors
/// A message that was sent.
pub fn reject_sent(target: &Target, value: &Value) -> Result<()> {
    if !matches!(value, Value::Message(m) if m.sent_at.is_some()) {
        return Ok(());
    }
    Err(OpsError::failed(format!(
        "`{}` is a message that was sent: its text is kept",
        target.handle
    ))
    .with_hint(format!(
        "`bridgelog export jsonl --without {}` leaves it behind",
        target.handle
    )))
}

/// Returns what stays of the value `current`. A service that is not among `services`, those named elsewhere,
/// may be the secret: it goes to `replaced`.
fn redacted_value(
    target: &Target,
    current: &SubjectState,
    reason: &str,
    services: &BTreeSet<String>,
    replaced: &mut BTreeSet<String>,
) -> Value {
    let mut value = current.value.redact(reason);
    if let Value::Event(event) = &mut value {
        if target.subject.id() == current.incident {
            event.text = REDACTED.to_owned();
        }
        // The author is in the header in any case.
        if let (Some(after), Some(before)) = (
            &mut event.commander,
            current.value.event().and_then(|e| e.commander.as_ref()),
        ) && *before == current.author
        {
            after.clone_from(before);
        }
        for service in &mut event.services {
            if !services.contains(service) {
                replaced.insert(std::mem::replace(service, "redacted".to_owned()));
            }
        }
    }
    value
}

/// Names `target`, its text, its author, its place and its versions, for the question before a redaction.
///
/// # Errors
/// What the store says.
pub fn describe(session: &Session, target: &Target) -> Result<String> {
    let read = session.read();
    let row = match target.current.incident {
        Some(id) => read.incident_row(id)?,
        None => None,
    };
    let when = match &target.current.value {
        Value::Event(event) => {
            let zone = session.zone_of(row.as_ref())?;
            format!(" of {}", format_date_time(event.at_utc(), &zone))
        }
        _ => String::new(),
    };
    let place = row.map_or_else(
        || "outside any incident".to_owned(),
        |row| format!("in incident {}", short_ref(&row)),
    );
    let versions = read.subject_versions(&target.subject, target.current.incident)?;
    let versions = counted(versions.len(), "version", "versions");
    let files = match target.current.value.event().map(|event| event.files.len()) {
        None | Some(0) => String::new(),
        Some(1) => ", with the file attached to it".to_owned(),
        Some(n) => format!(", with the {n} files attached to it"),
    };
    let description = format!(
        "{} `{}`{when}{files}, by {}, {place}, in {versions}",
        target.handle,
        value_line(&target.current.value),
        target.current.author,
    );
    Ok(sanitize::line(&description).into_owned())
}

/// Checks the answer to the question whether `target` is to be destroyed.
///
/// # Errors
/// Anything but `yes` or the handle in full.
pub fn confirm(answer: &str, target: &Target) -> Result<()> {
    let answer = answer.trim();
    if answer.eq_ignore_ascii_case("yes") || is_typed_in_full(answer, target) {
        return Ok(());
    }
    Err(OpsError::failed("nothing was destroyed")
        .with_hint("answer `yes`, or with the handle in full"))
}

fn author_error(author: &str) -> OpsError {
    OpsError::failed(format!(
        "`{author}` is an author: it is in the header of entries, which keeps the chain together, and cannot be destroyed"
    ))
    .with_hint(format!(
        "`bridgelog export jsonl --without author/{author}` leaves those entries behind"
    ))
}

fn find_service(session: &Session, name: &str) -> Result<Target> {
    let subject = Subject::Service(name.trim_start_matches('@').to_owned());
    let row = match &session.default_incident {
        Some(given) => Some(session.resolve_for_read(Some(given))?),
        None if session.read().last_added_incident()?.is_none() => None,
        None => Some(session.resolve_for_read(None)?),
    };
    for incident in [row.map(|row| row.id), None] {
        if let Some((current, _)) = session.read().subject_state(&subject, incident)? {
            return Ok(Target {
                handle: subject.to_string(),
                subject,
                current,
            });
        }
    }
    Err(OpsError::failed(format!(
        "service `{name}` has no entry of its own here, only events that name it"
    ))
    .with_hint("redact those events, or name the incident with --incident"))
}

fn has_author(session: &Session, author: &str) -> Result<bool> {
    for entry in entries(session) {
        if entry?.header().author == author {
            return Ok(true);
        }
    }
    Ok(false)
}
