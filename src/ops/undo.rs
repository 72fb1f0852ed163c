//! Undo and redo of the author's own entries. Both append entries, so they survive a restart and
//! show in every history.
//!
//! The journal alone decides what comes next: going backwards through one chain, the newest entry
//! of the author that no later undo has taken back. A group (a declaration with the events it
//! adopted, a merge) counts as one act.

use super::{OpsError, Result, Session, write_context::WriteContext};
use crate::{
    domain::{
        entry::Entry,
        handle,
        value::{Body, Change, Operation, Value},
    },
    store::{IncidentRow, Reader},
};
use std::collections::HashSet;
use uuid::Uuid;

/// What an undo or redo did.
#[derive(Clone, Debug)]
pub struct Undone {
    /// The operation that was undone or redone.
    pub act: Operation,
    /// The value that operation had written.
    pub value: Value,
    /// The subject's handle, if it has one.
    pub handle: Option<String>,
    pub subject: crate::domain::subject::Subject,
    /// `None` if it was unfiled.
    pub incident: Option<IncidentRow>,
    /// Number of subjects in the act.
    pub count: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Undo,
    Redo,
}

/// Undoes the author's newest entry that can be undone: in the incident `given`, else in the chain
/// the author last wrote to.
///
/// # Errors
/// Nothing to undo, or another entry builds on it.
pub fn undo(session: &mut Session, given: Option<&str>) -> Result<Undone> {
    step(session, given, Direction::Undo)
}

/// Redoes what was undone last. A new entry after the undo ends that.
///
/// # Errors
/// Nothing to redo, or another entry builds on it.
pub fn redo(session: &mut Session, given: Option<&str>) -> Result<Undone> {
    step(session, given, Direction::Redo)
}

fn step(session: &mut Session, given: Option<&str>, direction: Direction) -> Result<Undone> {
    let given = given.or(session.default_incident.as_deref());
    let named = given
        .map(|given| session.resolve_for_read(Some(given)))
        .transpose()?;
    if named.is_none() {
        // With several incidents open and none named it is an error, as for every other write.
        session.resolve_for_write(None)?;
    }
    let Session {
        store,
        write_context: writer,
        ..
    } = session;
    let author = writer.author.clone();
    let (_, undone) = store.transact(|read| {
        let nothing = || nothing_left(direction, &author);
        let chain = match &named {
            Some(row) => Some(row.id),
            None => {
                read.newest_own_entry(&author)?
                    .ok_or_else(nothing)?
                    .header()
                    .incident
            }
        };
        let entry = next_entry(read, chain, &author, direction)?.ok_or_else(nothing)?;
        let group = group_members(read, chain, &entry)?;
        let mut changes = Vec::new();
        for members in &group {
            changes.extend(step_changes(writer, read, members, direction)?);
        }
        if changes.len() > 1 {
            super::adopt::group_changes(&mut changes);
        }
        // Of a move, report the moved value (the last entry), not the tombstone it left behind.
        let reported = group
            .first()
            .and_then(|members| members.last())
            .unwrap_or(&entry);
        let body = decode_body(reported)?;
        let undone = Undone {
            act: body.operation,
            value: body.value,
            handle: match reported.header().subject.id() {
                Some(id) => Some(read.handle_of(id)?),
                None => None,
            },
            subject: reported.header().subject.clone(),
            incident: match chain {
                Some(id) => read.incident_row(id)?,
                None => None,
            },
            count: group.len(),
        };
        Ok::<_, OpsError>((changes, undone))
    })?;
    Ok(undone)
}

fn nothing_left(direction: Direction, author: &str) -> OpsError {
    match direction {
        Direction::Undo => OpsError::failed(format!("{author} has nothing to undo here"))
            .with_hint(
                "undo takes back one's own entries made with this log book; `--by` says whose",
            ),
        Direction::Redo => OpsError::failed(format!("{author} has nothing to redo here"))
            .with_hint("a new entry after an undo ends what can be done again"),
    }
}

/// Iterates over this store's own entries of a chain, newest first, loading a page at a time.
fn entries_newest_first<'a>(
    read: &'a Reader<'_>,
    chain: Option<Uuid>,
) -> impl Iterator<Item = Result<Entry>> + 'a {
    const PAGE: usize = 16;
    let mut page = Vec::new().into_iter();
    let mut before = None;
    let mut ended = false;
    std::iter::from_fn(move || {
        loop {
            if let Some(entry) = page.next() {
                return Some(Ok(entry));
            }
            if ended {
                return None;
            }
            match read.own_entries_before(chain, before, PAGE) {
                Ok(entries) => {
                    ended = entries.len() < PAGE;
                    before = entries.last().map(|e: &Entry| e.header().seq);
                    page = entries.into_iter();
                }
                Err(error) => {
                    ended = true;
                    return Some(Err(error.into()));
                }
            }
        }
    })
}

/// Returns the entry that the next undo or redo applies to.
fn next_entry(
    read: &Reader<'_>,
    chain: Option<Uuid>,
    author: &str,
    direction: Direction,
) -> Result<Option<Entry>> {
    // Entries that a later undo or redo already applied to.
    let mut settled = HashSet::new();
    let mut undone = HashSet::new();
    // Subjects of sent messages: what was sent cannot be undone.
    let mut sent = HashSet::new();
    for entry in entries_newest_first(read, chain) {
        let entry = entry?;
        if entry.header().author != author {
            continue;
        }
        let Some(body) = entry.body().ok().flatten() else {
            continue;
        };
        match (body.operation, body.undoes) {
            (Operation::Undo, Some(of)) if settled.insert(of) => {
                if direction == Direction::Redo {
                    return Ok(read.entry(of)?);
                }
                undone.insert(of);
            }
            (Operation::Redo, Some(of)) => {
                settled.insert(of);
            }
            (Operation::Log | Operation::Amend | Operation::Retract | Operation::Move, _) => {
                if direction == Direction::Redo {
                    // An entry that was redone does not end what else can be redone.
                    if settled.contains(&entry.header().id) {
                        continue;
                    }
                    return Ok(None);
                }
                if matches!(&body.value, Value::Message(m) if m.sent_at.is_some()) {
                    sent.insert(entry.header().subject.clone());
                }
                if !undone.contains(&entry.header().id) && !sent.contains(&entry.header().subject) {
                    return Ok(Some(entry));
                }
            }
            _ => {}
        }
    }
    Ok(None)
}

/// Returns the entries of the act that `entry` belongs to, grouped by subject, each in order.
fn group_members(read: &Reader<'_>, chain: Option<Uuid>, entry: &Entry) -> Result<Vec<Vec<Entry>>> {
    let Some(group) = decode_body(entry)?.group else {
        return Ok(vec![vec![entry.clone()]]);
    };
    let of_group = |e: &Entry| {
        e.body()
            .ok()
            .flatten()
            .is_some_and(|body| body.group == Some(group))
    };
    let mut subjects = Vec::new();
    let mut in_group = false;
    for other in entries_newest_first(read, chain) {
        let other = other?;
        if of_group(&other) {
            in_group = true;
            let subject = (other.header().subject.clone(), other.header().incident);
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        } else if in_group {
            break;
        }
    }
    subjects.reverse();
    subjects
        .into_iter()
        .map(|(subject, incident)| {
            let mut versions = read.subject_versions(&subject, incident)?;
            versions.retain(of_group);
            versions.sort_by_key(|v| v.header().replaces.len());
            Ok(versions)
        })
        .collect()
}

/// Makes the changes that undo or redo what `members` did to their one subject.
///
/// # Errors
/// The subject was changed since; or it is the declaration of an incident with other entries.
fn step_changes(
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

fn decode_body(entry: &Entry) -> Result<Body> {
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
