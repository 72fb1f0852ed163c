//! The changes of one undo or redo step: what to write so that a subject shows its earlier value
//! again, or the one that was undone.

use super::{OpsError, Result, write_context::WriteContext};
use crate::{
    domain::{
        entry::Entry,
        handle,
        value::{Body, Change, Operation, Value},
    },
    store::Reader,
};
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Undo,
    Redo,
}

/// Makes the changes that undo or redo what `members` did to their one subject.
///
/// # Errors
/// The subject was changed since; or it is the declaration of an incident with other entries.
pub(super) fn step_changes(
    writer: &mut WriteContext,
    read: &Reader<'_>,
    members: &[Entry],
    direction: Direction,
) -> Result<Vec<Change>> {
    let (Some(first), Some(last)) = (members.first(), members.last()) else {
        return Ok(vec![]);
    };
    let subject = &first.header().subject;
    let versions = read.subject_versions(subject, first.header().incident)?;
    let (current, handle) = read
        .subject_state(subject, first.header().incident)?
        .ok_or_else(|| OpsError::failed(format!("{subject} is gone")))?;
    let before = first.header().replaces.first().copied();
    let ids: Vec<Uuid> = members.iter().map(|m| m.header().id).collect();
    let shown_version = resolve_version(&versions, current.shown)?;
    let unchanged = match direction {
        Direction::Undo => shown_version.is_some_and(|id| ids.contains(&id)),
        Direction::Redo => {
            shown_version == before.map_or(Ok(None), |id| resolve_version(&versions, id))?
        }
    };
    if !unchanged || !current.conflicts.is_empty() {
        let by = versions
            .iter()
            .find(|v| v.header().id == current.shown)
            .map_or("somebody", |v| &v.header().author);
        return Err(OpsError::failed(format!(
            "{} was changed since by {by}",
            if handle.is_empty() {
                subject.to_string()
            } else {
                handle.clone()
            },
        ))
        .with_hint(format!(
            "`bridgelog history {handle}` shows how; amend it instead"
        )));
    }
    let (value, incident) = match direction {
        Direction::Redo => (decode_body(last)?.value, last.header().incident),
        Direction::Undo => {
            match before.and_then(|id| versions.iter().find(|v| v.header().id == id)) {
                Some(version) => (decode_body(version)?.value, version.header().incident),
                None => (Value::Gone, first.header().incident),
            }
        }
    };
    if value == Value::Gone && subject.id() == first.header().incident {
        let others = match first.header().incident {
            Some(id) => read.visible_subjects(id)?.len(),
            None => 0,
        };
        let own = 1;
        if others > own && decode_body(first)?.group.is_none() {
            return Err(OpsError::failed(format!(
                "incident {handle} cannot be taken back: {} other entries stand in it",
                others - own
            ))
            .with_hint("`bridgelog resolve` ends it; `bridgelog merge` joins it to another"));
        }
    }
    let operation = if direction == Direction::Undo {
        Operation::Undo
    } else {
        Operation::Redo
    };
    let body = |of: Uuid, value| Body {
        undoes: Some(of),
        ..Body::new(operation.clone(), value)
    };
    let mut seen = current.head_ids();
    if incident == current.incident {
        let of = last.header().id;
        return Ok(vec![writer.new_change(
            incident,
            subject.clone(),
            seen,
            body(of, value),
        )]);
    }
    // The subject changes incidents: one change ends it in the chain where it is, one adds it to
    // the other chain.
    let in_chain = |chain: Option<Uuid>| {
        members
            .iter()
            .find(|m| m.header().incident == chain)
            .map_or(last.header().id, |m| m.header().id)
    };
    let leaves = writer.new_change(
        current.incident,
        subject.clone(),
        seen.clone(),
        body(in_chain(current.incident), Value::Moved(incident)),
    );
    seen.push(leaves.id);
    let arrives = writer.new_change(
        incident,
        subject.clone(),
        seen,
        body(in_chain(incident), value),
    );
    Ok(vec![leaves, arrives])
}

/// Returns the version whose value `id` shows: itself, or the one that an undo or redo brought
/// back. `None` means that there was no value before.
fn resolve_version(versions: &[Entry], id: Uuid) -> Result<Option<Uuid>> {
    let mut id = id;
    for _ in 0..=versions.len() {
        let Some(version) = versions.iter().find(|v| v.header().id == id) else {
            return Ok(Some(id));
        };
        let Some(body) = version.body().ok().flatten() else {
            return Ok(Some(id));
        };
        match (body.operation, body.undoes) {
            (Operation::Redo, Some(of)) => return Ok(Some(of)),
            (Operation::Undo, Some(of)) => {
                let taken_back = versions.iter().find(|v| v.header().id == of);
                match taken_back.and_then(|v| v.header().replaces.first()) {
                    Some(before) => id = *before,
                    None => return Ok(None),
                }
            }
            _ => return Ok(Some(id)),
        }
    }
    Ok(Some(id))
}

/// Decodes the body of an entry.
///
/// # Errors
/// The body was redacted, or cannot be decoded.
pub(super) fn decode_body(entry: &Entry) -> Result<Body> {
    entry
        .body()
        .map_err(|e| OpsError::failed(e.to_string()).with_hint("`bridgelog verify` says more"))?
        .ok_or_else(|| {
            OpsError::failed(format!(
                "{} was redacted and cannot be brought back",
                entry
                    .header()
                    .subject
                    .id()
                    .map_or_else(String::new, |id| handle::from_id(id)
                        [..handle::MIN_SHOWN_LEN]
                        .to_owned())
            ))
        })
}
