//! Destroys the content of attached files, in every incident that has them.

use super::{OpsError, Result, Session, attach::is_hash_prefix, resolve::Target};
use crate::domain::{
    entry::Entry,
    hash::Hash,
    sanitize,
    subject::Subject,
    value::{Body, Operation, Value},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A file that stays, since another event refers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedFile {
    pub sha256: Hash,
    /// The handles of the other events.
    pub events: Vec<String>,
}

impl SharedFile {
    /// The command that destroys its content.
    #[must_use]
    pub fn command(&self) -> String {
        format!("bridgelog redact file/{} --reason TEXT", self.sha256)
    }
}

/// Finds the file that `typed`, the beginning of a hash, names.
///
/// # Errors
/// No file, or several.
pub(super) fn find(session: &Session, typed: &str) -> Result<Target> {
    let typed = typed.to_lowercase();
    let none = || {
        OpsError::failed(format!("there is no file `{}`", sanitize::line(&typed)))
            .with_hint("`file/HASH` takes the beginning of its SHA-256, which `bridgelog show` has")
    };
    if !is_hash_prefix(&typed) {
        return Err(none());
    }
    let files = session.read().files_beginning(&typed)?;
    let hashes: BTreeSet<Hash> = files.iter().map(|(hash, _)| *hash).collect();
    if hashes.len() > 1 {
        return Err(
            OpsError::failed(format!("several files begin with `{typed}`"))
                .with_hint("type more of the hash"),
        );
    }
    let (hash, incident) = files.into_iter().next().ok_or_else(none)?;
    let subject = Subject::File(hash);
    let state = session.read().subject_state(&subject, incident)?;
    let (current, _) = state.ok_or_else(none)?;
    let mut handle = subject.to_string();
    // `file/` and enough of the hash to be meant.
    handle.truncate(17);
    Ok(Target {
        subject,
        handle,
        current,
    })
}

/// The files that any of `versions` of an event has.
pub(super) fn files_of(versions: &[Entry]) -> BTreeSet<Hash> {
    let values = versions
        .iter()
        .map(|version| Value::from_body(version.body_bytes()));
    values
        .filter_map(|value| match value {
            Value::Event(event) => Some(event.files),
            _ => None,
        })
        .flatten()
        .map(|file| file.sha256)
        .collect()
}

/// The files among `files` that another event than `event` has now, each with those events.
///
/// # Errors
/// What the store says.
pub(super) fn shared(
    session: &Session,
    files: &BTreeSet<Hash>,
    event: Option<Uuid>,
) -> Result<Vec<SharedFile>> {
    let mut shared = Vec::new();
    for hash in files {
        let events: Vec<String> = session
            .read()
            .events_with_file(*hash)?
            .into_iter()
            .filter(|(current, _)| current.subject.id() != event)
            .map(|(_, handle)| handle)
            .collect();
        if !events.is_empty() {
            shared.push(SharedFile {
                sha256: *hash,
                events,
            });
        }
    }
    Ok(shared)
}

/// Destroys the content of the file `hash` in all incidents.
///
/// # Errors
/// What the store says.
pub(super) fn destroy(session: &mut Session, hash: Hash, reason: &str) -> Result<()> {
    let subject = Subject::File(hash);
    let files = session.read().files_beginning(&hash.to_string())?;
    let incidents: BTreeSet<Option<Uuid>> =
        files.into_iter().map(|(_, incident)| incident).collect();
    for incident in incidents {
        let versions = session.read().subject_versions(&subject, incident)?;
        let Some((current, _)) = session.read().subject_state(&subject, incident)? else {
            continue;
        };
        if versions
            .iter()
            .all(|version| version.body_bytes().is_none())
        {
            continue;
        }
        let body = Body {
            destroys: versions.iter().map(|version| version.header().id).collect(),
            ..Body::new(Operation::Redact, current.value.redact(reason))
        };
        let seen = current.head_ids();
        let change = session
            .write_context
            .new_change(incident, subject.clone(), seen, body);
        session.append(&[change])?;
    }
    Ok(())
}
