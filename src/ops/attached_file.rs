//! Gets the content of attached files out of the journal.

use super::{
    OpsError, Result, Session,
    attach::{find_file, is_hash_prefix, list},
};
use crate::domain::{
    file::AttachedFile,
    hash::Hash,
    sanitize,
    subject::Subject,
    value::{Unreadable, Value},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use uuid::Uuid;

/// What the journal has of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredFile {
    /// Its bytes, which have the hash that names it.
    Bytes(Vec<u8>),
    /// Its content was destroyed.
    Redacted,
    /// Its entry is not in this database.
    Missing,
    /// Its bytes do not have the hash that names it.
    Damaged,
}

/// Reads the file `hash` of `incident`.
///
/// # Errors
/// What the store says.
pub fn read(session: &Session, hash: Hash, incident: Option<Uuid>) -> Result<StoredFile> {
    let subject = Subject::File(hash);
    let Some((current, _)) = session.read().subject_state(&subject, incident)? else {
        return Ok(StoredFile::Missing);
    };
    let content = match current.value {
        Value::File(content) if content.redacted.is_some() => return Ok(StoredFile::Redacted),
        Value::File(content) => content,
        Value::Unreadable(Unreadable::Destroyed) => return Ok(StoredFile::Redacted),
        _ => return Ok(StoredFile::Damaged),
    };
    Ok(match STANDARD.decode(content.data.as_bytes()) {
        Ok(bytes) if Hash::digest(&bytes) == hash => StoredFile::Bytes(bytes),
        _ => StoredFile::Damaged,
    })
}

/// Finds the files that `typed` names: all of an event (its handle), or the one whose hash begins so. Each has
/// the incident that it is in.
///
/// # Errors
/// No event and no file of that name, an event without files, or several files.
pub fn find(
    session: &Session,
    typed: &str,
    name: Option<&str>,
) -> Result<Vec<(AttachedFile, Option<Uuid>)>> {
    let typed = typed.trim();
    if is_hash_prefix(typed) {
        return find_by_hash(session, &typed.to_lowercase(), name);
    }
    let target = session.resolve_target(typed)?;
    let files = target.current.value.event().map(|event| &event.files);
    let files = files.filter(|files| !files.is_empty()).ok_or_else(|| {
        OpsError::failed(format!("`{}` has no files", target.handle)).with_hint(
            "`bridgelog show` marks the events that have; `bridgelog amend HANDLE --attach FILE` attaches one",
        )
    })?;
    let incident = target.current.incident;
    match name {
        Some(name) => {
            let at = find_file(files, name)?;
            Ok(vec![(files[at].clone(), incident)])
        }
        None => Ok(files.iter().map(|file| (file.clone(), incident)).collect()),
    }
}

fn find_by_hash(
    session: &Session,
    prefix: &str,
    name: Option<&str>,
) -> Result<Vec<(AttachedFile, Option<Uuid>)>> {
    if name.is_some() {
        return Err(OpsError::usage("--name is for the files of an event")
            .with_hint("a hash names one file by itself"));
    }
    let mut found = session.read().files_beginning(prefix)?;
    // The same file in several incidents is the same bytes.
    found.dedup_by_key(|(hash, _)| *hash);
    let mut files = Vec::new();
    for (hash, incident) in found {
        if files
            .iter()
            .any(|(file, _): &(AttachedFile, _)| file.sha256 == hash)
        {
            continue;
        }
        let content = session
            .read()
            .subject_state(&Subject::File(hash), incident)?;
        let Some((current, _)) = content else {
            continue;
        };
        let Value::File(content) = current.value else {
            continue;
        };
        files.push((
            AttachedFile {
                sha256: hash,
                name: content.name,
                size: content.size,
                media_type: content.media_type,
                unknown: content.unknown,
            },
            incident,
        ));
    }
    match files.as_slice() {
        [_] => Ok(files),
        [] => Err(OpsError::failed(format!(
            "no file has a hash that begins with `{}`",
            sanitize::line(prefix)
        ))
        .with_hint("`bridgelog show` names the files of events with their hashes")),
        several => {
            let names: Vec<AttachedFile> = several.iter().map(|(file, _)| file.clone()).collect();
            Err(OpsError::usage(format!(
                "several files have a hash that begins with `{}`",
                sanitize::line(prefix)
            ))
            .with_hint(format!("they are: {}", list(&names))))
        }
    }
}
