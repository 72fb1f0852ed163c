//! Finds the act that the next undo or redo applies to. The journal alone decides: it is read backwards
//! from the newest entry, and what a later undo or redo applied to is passed over.
//!
//! An act is one entry, or all entries of one group: a declaration with the events it adopted, a move, a
//! merge, a paste, all lines of standard input.

use super::{Result, entry_body::body_if_kept};
use crate::{
    domain::{
        entry::Entry,
        subject::Subject,
        value::{Operation, Value},
    },
    store::Reader,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Undo,
    Redo,
}

/// Whose entries count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub author: &'a str,
    /// Only those in the chain of this incident.
    pub incident: Option<Uuid>,
    /// Only acts of this terminal session. What undid or redid them may be of any.
    pub terminal_session: Option<&'a str>,
}

/// What a search backwards through the journal found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The newest entry of the act; `None` if there is none.
    pub entry: Option<Entry>,
    /// Newer entries that no undo takes back, one for each subject: redactions and sent messages.
    pub kept: Vec<Entry>,
}

/// Finds the act that the next undo or redo in `scope` applies to.
pub(super) fn next_act(read: &Reader<'_>, scope: Scope<'_>, direction: Direction) -> Result<Found> {
    let mut found = Found::default();
    // Entries that a later undo or redo already applied to.
    let mut settled = HashSet::new();
    let mut undone = HashSet::new();
    let mut undone_acts = HashSet::new();
    let mut kept: HashSet<Subject> = HashSet::new();
    for entry in entries_newest_first(read, scope) {
        let entry = entry?;
        let header = entry.header();
        let Some(body) = body_if_kept(&entry)? else {
            continue;
        };
        let in_scope = scope
            .terminal_session
            .is_none_or(|session| body.terminal_session.as_deref() == Some(session));
        match (&body.operation, body.undoes) {
            (Operation::Undo, Some(of)) if settled.insert(of) => {
                if direction == Direction::Redo && in_scope {
                    found.entry = read.entry(of)?;
                    return Ok(found);
                }
                undone.insert(of);
            }
            (Operation::Redo, Some(of)) => _ = settled.insert(of),
            (
                Operation::Log
                | Operation::Amend
                | Operation::Retract
                | Operation::Move
                | Operation::Restore
                | Operation::Redact,
                _,
            ) if in_scope => {
                if direction == Direction::Redo {
                    return Ok(found);
                }
                let act = body.group.unwrap_or(header.id);
                if undone.contains(&header.id) {
                    undone_acts.insert(act);
                }
                let is_sent = body.operation != Operation::Move
                    && matches!(&body.value, Value::Message(m) if m.sent_at.is_some());
                if body.operation == Operation::Redact || is_sent {
                    if kept.insert(header.subject.clone()) {
                        found.kept.push(entry);
                    }
                } else if !undone_acts.contains(&act) && !kept.contains(&header.subject) {
                    found.entry = Some(entry);
                    return Ok(found);
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Iterates over the entries in `scope`, of any terminal session, newest first; loads a page at a time.
fn entries_newest_first<'a>(
    read: &'a Reader<'_>,
    scope: Scope<'a>,
) -> impl Iterator<Item = Result<Entry>> + 'a {
    const FIRST_PAGE: usize = 16;
    const MAX_PAGE: usize = 1024;
    let mut size = FIRST_PAGE;
    let mut page = Vec::new().into_iter();
    let mut before = None;
    let mut ended = false;
    std::iter::from_fn(move || {
        loop {
            if let Some((position, entry)) = page.next() {
                before = Some(position);
                return Some(Ok(entry));
            }
            if ended {
                return None;
            }
            match read.own_entries_of(scope.author, scope.incident, before, size) {
                Ok(entries) => {
                    ended = entries.len() < size;
                    size = MAX_PAGE.min(size * 2);
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

/// The entries of one act.
#[derive(Debug)]
pub(super) struct Act {
    /// Grouped by subject, each in the order they were written.
    pub members: Vec<Vec<Entry>>,
    subjects: HashSet<Subject>,
}

impl Act {
    /// Loads the act that `entry` belongs to.
    pub fn load(read: &Reader<'_>, entry: &Entry) -> Result<Self> {
        let group = body_if_kept(entry)?.and_then(|body| body.group);
        let mut entries = match group {
            Some(group) => read.group_entries(group)?,
            None => vec![],
        };
        if entries.is_empty() {
            entries.push(entry.clone());
        }
        let mut members: Vec<Vec<Entry>> = Vec::new();
        let mut index = HashMap::new();
        for entry in entries {
            let subject = entry.header().subject.clone();
            // A field, a section or a service is one of its incident; a moved event is in two.
            let incident = entry.header().incident.filter(|_| subject.id().is_none());
            let at = *index.entry((subject, incident)).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[at].push(entry);
        }
        for versions in &mut members {
            versions.sort_by_key(|version| version.header().replaces.len());
        }
        Ok(Self {
            subjects: members
                .iter()
                .flatten()
                .map(|entry| entry.header().subject.clone())
                .collect(),
            members,
        })
    }

    pub fn is_about(&self, subject: &Subject) -> bool {
        self.subjects.contains(subject)
    }

    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.subjects.iter()
    }

    pub fn contains(&self, id: Uuid) -> bool {
        self.members
            .iter()
            .flatten()
            .any(|member| member.header().id == id)
    }
}
