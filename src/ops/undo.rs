//! Undo and redo of the author's own entries. Both append entries, so they survive a restart and
//! show in every history.
//!
//! The journal alone decides what comes next: going backwards through one chain, the newest entry
//! of the author that no later undo has taken back. A group (a declaration with the events it
//! adopted, a merge) counts as one act.

use super::{
    OpsError, Result, Session,
    undo_changes::{Direction, body_if_kept, decode_body, step_changes},
};
use crate::{
    domain::{
        entry::Entry,
        subject::Subject,
        value::{Change, Operation, Value},
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
    pub subject: Subject,
    /// `None` if it was unfiled.
    pub incident: Option<IncidentRow>,
    /// Number of subjects in the act.
    pub count: usize,
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
    session.transact(|session| {
        let given = given.or(session.default_incident.as_deref());
        let named = given
            .map(|given| session.resolve_for_read(Some(given)))
            .transpose()?;
        if named.is_none() {
            // With several incidents open and none named it is an error, as for every other write.
            session.resolve_for_write(None)?;
        }
        let (changes, undone) = plan_step(session, named.as_ref(), direction)?;
        session.append(&changes)?;
        Ok(undone)
    })
}

/// Returns the changes of the next undo or redo, and what they do.
fn plan_step(
    session: &mut Session,
    named: Option<&IncidentRow>,
    direction: Direction,
) -> Result<(Vec<Change>, Undone)> {
    let Session {
        store,
        write_context: writer,
        ..
    } = session;
    let read = &store.read();
    let author = writer.author.clone();
    let nothing = || nothing_left(direction, &author);
    let chain = match named {
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
        changes.extend(step_changes(writer, read, members, &group, direction)?);
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
    // A message may have got another number on its way back.
    let written = changes
        .iter()
        .rev()
        .find_map(|change| match &change.body.value {
            Value::Message(_) if change.subject == reported.header().subject => {
                Some(&change.body.value)
            }
            _ => None,
        });
    let undone = Undone {
        act: body.operation,
        value: written.cloned().unwrap_or(body.value),
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
    Ok((changes, undone))
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
        let Some(body) = body_if_kept(&entry)? else {
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
