//! The changes of one undo or redo step: what to write so that a subject shows its earlier value
//! again, or the one that was undone.

use super::{
    OpsError, Result,
    entry_body::{body_if_kept, decode_body},
    message::free_number,
    resolve::{reject_merged, reject_withdrawn},
    undo_act::{Act, Direction},
    write_context::WriteContext,
};
use crate::{
    domain::{
        count::counted,
        entry::Entry,
        incident::SubjectState,
        subject::Subject,
        value::{Body, Change, Operation, Value},
    },
    store::Reader,
};
use uuid::Uuid;

/// Makes the changes that undo or redo what `members`, which are of the act `act`, did to their one
/// subject.
///
/// # Errors
/// The subject was changed since; it would be where no view shows it; or it is the declaration of an
/// incident with other entries.
pub(super) fn step_changes(
    writer: &mut WriteContext,
    read: &Reader<'_>,
    members: &[Entry],
    act: &Act,
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
    let before = version_before(&versions, first);
    let ids: Vec<Uuid> = members.iter().map(|m| m.header().id).collect();
    let shown_version = resolve_version(&versions, current.shown)?;
    let unchanged = match direction {
        Direction::Undo => shown_version.is_some_and(|id| ids.contains(&id)),
        Direction::Redo => {
            shown_version == before.map_or(Ok(None), |id| resolve_version(&versions, id))?
        }
    };
    if !unchanged || current.other_heads().next().is_some() {
        return Err(changed_since(&versions, &current, &ids, &handle));
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
    let mut value = value;
    // What is gone is nowhere: it need not go back to the incident it was in.
    let incident = if value == Value::Gone {
        current.incident
    } else {
        incident
    };
    check_incident_stays_visible(read, incident, act)?;
    if let Some(left) = current.incident.filter(|left| {
        subject.id() == Some(*left) && (value == Value::Gone || incident != Some(*left))
    }) {
        check_nothing_is_left(read, left, &handle, act, value == Value::Gone)?;
    }
    if let (Value::Message(message), Some(incident), Some(id)) =
        (&mut value, incident, subject.id())
    {
        message.number = free_number(&read.messages(incident)?, id, message.number);
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

/// Returns the error for a subject that another entry than those of the act, `ids`, changed.
fn changed_since(
    versions: &[Entry],
    current: &SubjectState,
    ids: &[Uuid],
    handle: &str,
) -> OpsError {
    // Of a conflict, the act may have written the version that is shown: the other one is in its way.
    let heads = current.head_ids();
    let other = versions
        .iter()
        .map(Entry::header)
        .filter(|header| heads.contains(&header.id) && !ids.contains(&header.id))
        .max_by_key(|header| (header.recorded, header.seq));
    let by = other.map_or("another", |header| &header.author);
    let subject = &current.subject;
    let (what, hint) = if handle.is_empty() {
        let way = match subject {
            Subject::Field(name) => format!("`bridgelog set {name} VALUE` gives it another value"),
            Subject::Section(name) => format!("`bridgelog write {name}` gives it another text"),
            _ => "`bridgelog export jsonl` has all its versions".to_owned(),
        };
        (subject.to_string(), way)
    } else {
        let way = format!("`bridgelog history {handle}` shows how; amend it instead");
        (handle.to_owned(), way)
    };
    OpsError::failed(format!("{what} was changed since by {by}")).with_hint(hint)
}

/// Checks that views show incident `id`, or will after the act `group`, which may bring back its
/// declaration.
fn check_incident_stays_visible(read: &Reader<'_>, id: Option<Uuid>, act: &Act) -> Result<()> {
    let Some(row) = id.map(|id| read.incident_row(id)).transpose()?.flatten() else {
        return Ok(());
    };
    let declaration = Subject::Event(row.id);
    if !act.is_about(&declaration) {
        reject_withdrawn(reject_merged(row)?)?;
    }
    Ok(())
}

/// Checks that no view loses anything if the act `act` takes the declaration of incident `id` out of
/// it: undone if `gone`, else merged into another incident.
fn check_nothing_is_left(
    read: &Reader<'_>,
    id: Uuid,
    handle: &str,
    act: &Act,
    gone: bool,
) -> Result<()> {
    if gone {
        return check_no_other_entries(read, id, handle, act);
    }
    let mut left = read.visible_subjects(id)?;
    left.retain(|(current, _)| !act.is_about(&current.subject));
    // A merge copies fields and sections; they stay where they were. So it can only be done again while
    // the undo is the last that was written to the incident.
    let newest = read.own_entries_before(Some(id), None, 1)?.pop();
    let undoes = match newest.as_ref().map(decode_body).transpose()? {
        Some(body) if body.operation == Operation::Undo => body.undoes,
        _ => None,
    };
    let undo_is_newest = undoes.is_some_and(|id| act.contains(id));
    if undo_is_newest
        && left
            .iter()
            .all(|(current, _)| current.subject.id().is_none())
    {
        return Ok(());
    }
    Err(OpsError::failed(format!(
        "incident {handle} was written to since: the merge cannot be redone as it was"
    ))
    .with_hint(format!(
        "`bridgelog merge {handle} --into REF` merges all of it"
    )))
}

/// Checks that incident `id` has no entry about anything but what `act` is about. One that was undone
/// counts: without a declaration it could not be brought back.
fn check_no_other_entries(read: &Reader<'_>, id: Uuid, handle: &str, act: &Act) -> Result<()> {
    let mut others = read.entry_count_in(id)?;
    for subject in act.subjects() {
        let versions = read.subject_versions(subject, Some(id))?;
        let here = versions.iter().filter(|v| v.header().incident == Some(id));
        others = others.saturating_sub(here.count() as u64);
    }
    if others == 0 {
        return Ok(());
    }
    let entries = counted(others, "other entry is", "other entries are");
    Err(OpsError::failed(format!(
        "incident {handle} cannot be undone: {entries} in it, undone ones included"
    ))
    .with_hint("`bridgelog resolve` ends it; `bridgelog merge` joins it to another"))
}

/// Returns the version that `entry` replaced where it was written. A merge also replaces what the other
/// incident has of a field, section or service; that is not what was here before.
fn version_before(versions: &[Entry], entry: &Entry) -> Option<Uuid> {
    let header = entry.header();
    let is_here = |id: &Uuid| {
        header.subject.id().is_some()
            || versions
                .iter()
                .any(|v| v.header().id == *id && v.header().incident == header.incident)
    };
    header.replaces.iter().copied().find(is_here)
}

/// Returns the version whose value `id` shows: itself, or the one that an undo or redo brought
/// back. `None` means that there was no value before.
fn resolve_version(versions: &[Entry], id: Uuid) -> Result<Option<Uuid>> {
    let mut id = id;
    for _ in 0..=versions.len() {
        let Some(version) = versions.iter().find(|v| v.header().id == id) else {
            return Ok(Some(id));
        };
        let Some(body) = body_if_kept(version)? else {
            return Ok(Some(id));
        };
        match (body.operation, body.undoes) {
            (Operation::Redo, Some(of)) => return Ok(Some(of)),
            (Operation::Undo, Some(of)) => {
                let taken_back = versions.iter().find(|v| v.header().id == of);
                match taken_back.and_then(|v| version_before(versions, v)) {
                    Some(before) => id = before,
                    None => return Ok(None),
                }
            }
            _ => return Ok(Some(id)),
        }
    }
    Ok(Some(id))
}
