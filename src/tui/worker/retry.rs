//! What the worker remembers between jobs: writes that may be in the store although they seemed to fail,
//! so that a retry is the same write, and checks, so that what is written is what was shown.

use crate::{
    domain::{subject::Subject, time::UtcTime},
    ops::{declare, log::PendingWrite},
    tui::msg::{NextStep, Write},
};
use std::collections::HashSet;
use uuid::Uuid;

/// How many failed writes are kept for a retry.
const MAX_UNACKNOWLEDGED: usize = 16;
/// How many checks are kept for their writes.
const MAX_CHECKS: usize = 16;

/// What of earlier jobs decides a later write. A rehearsal leaves it as it was.
#[derive(Clone, Default)]
pub(super) struct Memory {
    /// Writes whose outcome is unknown or that failed, with their jobs: the same job appends the
    /// same entries.
    pub unacknowledged: Vec<(Write, PendingWrite)>,
    /// The latest declarations with their jobs, whatever came of them: the same job declares the
    /// same incident.
    pub declarations: Vec<(Write, PendingDeclaration)>,
    /// The section that was opened for editing: its incident, its name and its text.
    pub edited_section: Option<(Uuid, String, String)>,
    /// The numbers of the lines that are written.
    pub logged_lines: HashSet<u64>,
    /// The act that an undo or redo was agreed for.
    pub agreed_act: Option<Uuid>,
}

impl Memory {
    /// Notes that the line with this number is written; 0 is no line.
    pub(super) fn note_logged(&mut self, seq: u64) {
        if seq != 0 {
            self.logged_lines.insert(seq);
        }
    }
}

/// A declaration whose outcome may be unknown.
#[derive(Clone)]
pub(super) struct PendingDeclaration {
    /// The id of the incident.
    pub id: Uuid,
    pub declaration: declare::Declaration,
    /// The line, if it is also logged as an event.
    pub first_event: Option<String>,
}

/// Keeps `pending`, which may be in the store, so that a retry of `write` writes the same.
pub(super) fn keep_for_retry<T>(unacknowledged: &mut Vec<(Write, T)>, write: Write, pending: T) {
    if unacknowledged.len() == MAX_UNACKNOWLEDGED {
        unacknowledged.remove(0);
    }
    unacknowledged.push((write, pending));
}

/// What a write is about, as of its check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The versions of the subjects, and the incident that each is in.
    pub versions: Vec<(Subject, Option<Uuid>, Vec<Uuid>)>,
    /// When the incident was resolved, or a value that is no subject.
    pub incident: Option<(Uuid, Option<UtcTime>, String)>,
    /// The open incidents.
    pub open: Vec<Uuid>,
    /// The act that an undo or redo is about.
    pub act: Option<Uuid>,
    /// The number of entries of the incident.
    pub entries: Option<u64>,
}

/// A check that was answered.
#[derive(Clone)]
pub(super) struct RememberedCheck {
    pub id: u64,
    pub write: Write,
    pub seen: Seen,
    /// What its write did, if it was tried: its last entry, which tells whether it is in the store, and
    /// the reply.
    pub attempt: Option<Attempt>,
}

/// A write that was tried.
#[derive(Clone)]
pub(super) struct Attempt {
    pub entry: Uuid,
    pub message: String,
    pub next: NextStep,
}

/// Keeps `check` in place of an earlier one with the same number. What came of its write stays known.
pub(super) fn remember_check(checks: &mut Vec<RememberedCheck>, mut check: RememberedCheck) {
    let mut earlier = checks.iter();
    if let Some(same) =
        earlier.find(|earlier| earlier.id == check.id && earlier.write == check.write)
    {
        check.attempt.clone_from(&same.attempt);
    }
    checks.retain(|earlier| earlier.id != check.id);
    if checks.len() == MAX_CHECKS {
        checks.remove(0);
    }
    checks.push(check);
}
