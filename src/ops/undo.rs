//! My own last entry taken back, and done again. Both are entries, so they outlive the process and
//! can be seen in every history.
//!
//! What is undone next follows from the journal alone: walking one chain backwards, the newest entry
//! of the author's that no later undo has taken back. A group (a declaration with what it adopted, a
//! merge) is one act.

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

/// What was taken back or done again.
#[derive(Clone, Debug)]
pub struct Undone {
    /// What had been done.
    pub act: Operation,
    /// To what, as that act left it.
    pub value: Value,
    /// The handle of what it was done to, where it has one.
    pub handle: Option<String>,
    /// What it was done to: `event/...`, `field/scope`.
    pub subject: crate::domain::subject::Subject,
    /// The incident it was done in; none for what was unfiled.
    pub incident: Option<IncidentRow>,
    /// How many subjects the act touched.
    pub count: usize,
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Undo,
    Redo,
}

/// Takes back the author's own newest entry that can be, in the incident `given`, else in the one
/// the author last wrote to.
///
/// # Errors
/// Nothing left to take back; somebody has built on it since.
pub fn undo(book: &mut Session, given: Option<&str>) -> Result<Undone> {
    step(book, given, Direction::Undo)
}

/// Does again what was last undone, until something new was entered.
///
/// # Errors
/// Nothing to do again; somebody has built on what it changed.
pub fn redo(book: &mut Session, given: Option<&str>) -> Result<Undone> {
    step(book, given, Direction::Redo)
}

fn step(book: &mut Session, given: Option<&str>, way: Direction) -> Result<Undone> {
    let given = given.or(book.default_incident.as_deref());
    let named = given
        .map(|given| book.resolve_for_read(Some(given)))
        .transpose()?;
    if named.is_none() {
        // Two open, and none named: an error, as for whatever writes.
        book.resolve_for_write(None)?;
    }
    let Session {
        store,
        write_context: pen,
        ..
    } = book;
    let author = pen.author.clone();
    let (_, undone) = store.transact(|read| {
        let nothing = || nothing_left(way, &author);
        let chain = match &named {
            Some(row) => Some(row.id),
            None => {
                read.newest_own_entry(&author)?
                    .ok_or_else(nothing)?
                    .header()
                    .incident
            }
        };
        let entry = next_entry(read, chain, &author, way)?.ok_or_else(nothing)?;
        let group = group_members(read, chain, &entry)?;
        let mut changes = Vec::new();
        for members in &group {
            changes.extend(step_changes(pen, read, members, way)?);
        }
        if changes.len() > 1 {
            super::adopt::group_changes(&mut changes);
        }
        // Of what went elsewhere, what it was is told, not that it went.
        let told = group
            .first()
            .and_then(|members| members.last())
            .unwrap_or(&entry);
        let body = decode_body(told)?;
        let undone = Undone {
            act: body.operation,
            value: body.value,
            handle: match told.header().subject.id() {
                Some(id) => Some(read.handle_of(id)?),
                None => None,
            },
            subject: told.header().subject.clone(),
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

fn nothing_left(way: Direction, author: &str) -> OpsError {
    match way {
        Direction::Undo => OpsError::failed(format!("{author} has nothing to undo here"))
            .with_hint(
                "undo takes back one's own entries made with this log book; `--by` says whose",
            ),
        Direction::Redo => OpsError::failed(format!("{author} has nothing to redo here"))
            .with_hint("a new entry after an undo ends what can be done again"),
    }
}

/// This store's entries of a chain, the newest first, a page at a time.
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

/// The entry that the next step is about.
fn next_entry(
    read: &Reader<'_>,
    chain: Option<Uuid>,
    author: &str,
    way: Direction,
) -> Result<Option<Entry>> {
    // What a later undo or redo has settled already.
    let mut settled = HashSet::new();
    let mut undone = HashSet::new();
    // What went out went out: nothing of such a message is taken back.
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
                if way == Direction::Redo {
                    return Ok(read.entry(of)?);
                }
                undone.insert(of);
            }
            (Operation::Redo, Some(of)) => {
                settled.insert(of);
            }
            (Operation::Log | Operation::Amend | Operation::Retract | Operation::Move, _) => {
                if way == Direction::Redo {
                    // A redone entry does not clear what else can be done again.
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

/// The entries of the act that `entry` is part of, by subject.
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
    let mut within = false;
    for other in entries_newest_first(read, chain) {
        let other = other?;
        if of_group(&other) {
            within = true;
            let subject = (other.header().subject.clone(), other.header().incident);
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        } else if within {
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

/// The changes that take back, or do again, what `members` did to their one subject.
fn step_changes(
    pen: &mut WriteContext,
    read: &Reader<'_>,
    members: &[Entry],
    way: Direction,
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
    let stands = resolve_version(&versions, current.shown)?;
    let as_left = match way {
        Direction::Undo => stands.is_some_and(|id| ids.contains(&id)),
        Direction::Redo => {
            stands == before.map_or(Ok(None), |id| resolve_version(&versions, id))?
        }
    };
    if !as_left || !current.conflicts.is_empty() {
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
    let (value, incident) = match way {
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
    let act = if way == Direction::Undo {
        Operation::Undo
    } else {
        Operation::Redo
    };
    let body = |of: Uuid, value| Body {
        undoes: Some(of),
        ..Body::new(act.clone(), value)
    };
    let mut seen = current.head_ids();
    if incident == current.incident {
        let of = last.header().id;
        return Ok(vec![pen.new_change(
            incident,
            subject.clone(),
            seen,
            body(of, value),
        )]);
    }
    // Out of the chain where it is, back into the one where it was.
    let in_chain = |chain: Option<Uuid>| {
        members
            .iter()
            .find(|m| m.header().incident == chain)
            .map_or(last.header().id, |m| m.header().id)
    };
    let leaves = pen.new_change(
        current.incident,
        subject.clone(),
        seen.clone(),
        body(in_chain(current.incident), Value::Moved(incident)),
    );
    seen.push(leaves.id);
    let arrives = pen.new_change(
        incident,
        subject.clone(),
        seen,
        body(in_chain(incident), value),
    );
    Ok(vec![leaves, arrives])
}

/// The version whose value `id` bears: itself, or what an undo or a redo brought back. `None` where
/// that is nothing.
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
