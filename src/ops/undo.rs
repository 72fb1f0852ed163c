//! Undo and redo of the author's own acts. Both append entries, so they survive a restart and show in
//! every history.
//!
//! In a terminal it is the newest act of that terminal session; where there is none, the author's last
//! act of any other after a question. Without a terminal it is the author's newest. `undo_act.rs` finds the
//! act, `undo_changes.rs` makes what is written.

mod undone;
mod within;

use super::{
    OpsError, Result, Session, context,
    entry_body::{body_if_kept, decode_body},
    import::MAX_UNDONE_EVENTS,
    state_notices,
    undo_act::{Act, Direction, Found, Scope, next_act as find_next_act},
    undo_changes::step_changes,
    write_context::group_changes,
};
use crate::{
    domain::{
        entry::Entry,
        subject::Subject,
        time::UtcTime,
        value::{Body, Change, Operation, Value},
        words::Kind,
    },
    store::Reader,
};
use std::collections::HashSet;
pub use undone::Undone;
use undone::{describe, formerly_private, is_merge};
use uuid::Uuid;
pub use within::Within;

/// How many of the newest entries are looked through for what an undo passes over.
const MAX_PASSED_OVER: usize = 500;

/// The result of [`undo`] and [`redo`].
#[derive(Clone, Debug)]
pub enum Step {
    Done(Box<Undone>),
    /// Nothing was written: the user is to be asked first.
    Ask(Question),
}

/// What is to be asked before an undo or redo.
#[derive(Clone, Debug)]
pub struct Question {
    /// An entry of the act, for [`Consent::To`].
    pub act: Uuid,
    /// What the act is and why it is asked, in words.
    pub text: String,
}

/// What the user agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    NotAsked,
    /// The act of an earlier [`Question`]. Another act is asked about again.
    To(Uuid),
    /// The act of [`next_undo`] or [`next_redo`], and no other.
    Only(Uuid),
    /// Whatever comes next.
    Any,
}

/// Undoes the newest act that can be undone: `within` an incident, else in any.
///
/// # Errors
/// Nothing to undo, or another entry builds on it.
pub fn undo(session: &mut Session, within: Within<'_>, consent: Consent) -> Result<Step> {
    step(session, within, consent, Direction::Undo)
}

/// Redoes what was undone last. A new entry after the undo ends that.
///
/// # Errors
/// Nothing to redo, or another entry builds on it.
pub fn redo(session: &mut Session, within: Within<'_>, consent: Consent) -> Result<Step> {
    step(session, within, consent, Direction::Redo)
}

/// The act that the next undo or redo is about.
#[derive(Clone, Debug)]
pub struct NextAct {
    /// An entry of it, for [`Consent::Only`].
    pub act: Uuid,
    pub undone: Undone,
    /// When that entry was recorded.
    pub recorded: UtcTime,
    /// True if it was done in another terminal session than this one.
    pub is_elsewhere: bool,
}

/// Returns the act that the next undo is about, `within` an incident, else in any.
///
/// # Errors
/// Those of [`undo`].
pub fn next_undo(session: &mut Session, within: Within<'_>) -> Result<NextAct> {
    next_act(session, within, Direction::Undo)
}

/// Returns the act that the next redo is about, `within` an incident, else in any.
///
/// # Errors
/// Those of [`redo`].
pub fn next_redo(session: &mut Session, within: Within<'_>) -> Result<NextAct> {
    next_act(session, within, Direction::Redo)
}

fn next_act(session: &mut Session, within: Within<'_>, direction: Direction) -> Result<NextAct> {
    let incident = within.incident(session)?;
    let plan = plan_step(session, incident, direction)?;
    Ok(NextAct {
        act: plan.act,
        undone: plan.undone,
        recorded: plan.recorded,
        is_elsewhere: plan.is_elsewhere,
    })
}

fn step(
    session: &mut Session,
    within: Within<'_>,
    consent: Consent,
    direction: Direction,
) -> Result<Step> {
    session.transact(|session| {
        let incident = within.incident(session)?;
        let plan = plan_step(session, incident, direction)?;
        let agreed = match consent {
            Consent::Any => true,
            Consent::To(act) => act == plan.act,
            Consent::Only(act) if act == plan.act => true,
            Consent::Only(_) => {
                return Err(OpsError::failed(format!(
                    "something else was done meanwhile; now the last act is {}",
                    plan.undone.summary()
                ))
                .with_hint("`bridgelog undo` asks for that one"));
            }
            Consent::NotAsked => false,
        };
        if let (false, Some(text)) = (agreed, plan.question) {
            return Ok(Step::Ask(Question {
                act: plan.act,
                text,
            }));
        }
        let mut touched: Vec<Uuid> = plan.changes.iter().filter_map(|c| c.incident).collect();
        touched.sort_unstable();
        touched.dedup();
        let mut before = Vec::new();
        for id in touched {
            before.extend(session.read().incident_row(id)?);
        }
        session.append(&plan.changes)?;
        let mut undone = plan.undone;
        undone
            .notices
            .extend(formerly_private(&session.read(), &plan.changes)?);
        for row in &before {
            let notices = state_notices::notices_for_correction(session, Some(row))?;
            undone.notices.extend(notices);
        }
        Ok(Step::Done(Box::new(undone)))
    })
}

/// What the next undo or redo writes.
struct Plan {
    /// An entry of the act.
    act: Uuid,
    changes: Vec<Change>,
    undone: Undone,
    /// When the entry of the act was recorded.
    recorded: UtcTime,
    /// True if the act is of another terminal session.
    is_elsewhere: bool,
    /// What is to be asked first.
    question: Option<String>,
}

fn plan_step(session: &mut Session, incident: Option<Uuid>, direction: Direction) -> Result<Plan> {
    let Session {
        store,
        write_context: writer,
        ..
    } = session;
    let read = &store.read();
    let author = writer.author.clone();
    let terminal_session = writer.terminal_session.clone();
    let scope = Scope {
        author: &author,
        incident,
        terminal_session: terminal_session.as_deref(),
    };
    let (found, elsewhere) = find_act(read, scope, direction)?;
    let entry = found
        .entry
        .ok_or_else(|| nothing_left(direction, &author))?;
    let act = Act::load(read, &entry)?;
    refuse_large_import(read, &act, direction)?;
    let mut changes = Vec::new();
    for members in &act.members {
        changes.extend(step_changes(writer, read, members, &act, direction)?);
    }
    if changes.len() > 1 {
        group_changes(&mut changes);
    }
    // Of a move, report the moved value (the last entry), not the tombstone it left behind; of a merge, the
    // declaration that moved.
    let mut last_of_each = act.members.iter().filter_map(|members| members.last());
    let reported = last_of_each
        .clone()
        .find(|entry| is_merge(entry))
        .or_else(|| last_of_each.next())
        .unwrap_or(&entry);
    let mut undone = describe(read, reported, &changes)?;
    undone.count = act.members.len();
    let ids = act.subjects().filter_map(Subject::id);
    undone.handles = ids.map(|id| read.handle_of(id)).collect::<Result<_, _>>()?;
    for kept in &found.kept {
        undone.notices.push(kept_notice(read, kept)?);
    }
    if let (Direction::Undo, Some(session)) = (direction, &terminal_session) {
        let passed_over = newer_act_of_another(read, session, &entry)?;
        undone.notices.extend(passed_over);
    }
    let question = question(&undone, elsewhere, direction, &author);
    Ok(Plan {
        act: entry.header().id,
        changes,
        undone,
        recorded: entry.header().recorded,
        is_elsewhere: elsewhere,
        question,
    })
}

/// # Errors
/// The act is an import of more events than an undo takes back: retracting it needs a reason.
fn refuse_large_import(read: &Reader<'_>, act: &Act, direction: Direction) -> Result<()> {
    if direction == Direction::Redo || act.members.len() <= MAX_UNDONE_EVENTS {
        return Ok(());
    }
    let import = act.subjects().find_map(|subject| match subject {
        Subject::Import(id) => Some(*id),
        _ => None,
    });
    let Some(import) = import else {
        return Ok(());
    };
    let handle = read.handle_of(import)?;
    Err(OpsError::failed(format!(
        "the last act is an import of {} events",
        act.members.len() - 1
    ))
    .with_hint(format!(
        "`bridgelog retract {handle} --reason TEXT` takes it back"
    )))
}

/// Finds the next act in `scope`; if its terminal session has none, that of the author in any, and true.
fn find_act(read: &Reader<'_>, scope: Scope<'_>, direction: Direction) -> Result<(Found, bool)> {
    let found = find_next_act(read, scope, direction)?;
    if found.entry.is_some() || scope.terminal_session.is_none() {
        return Ok((found, false));
    }
    let anywhere = Scope {
        terminal_session: None,
        ..scope
    };
    Ok((find_next_act(read, anywhere, direction)?, true))
}

/// Says that another author did something in the same terminal session after `entry`, which stays: a person
/// who writes for others sees whose act it was. `None` if there is none.
fn newer_act_of_another(
    read: &Reader<'_>,
    terminal_session: &str,
    entry: &Entry,
) -> Result<Option<String>> {
    let author = &entry.header().author;
    let mut undone = HashSet::new();
    for newer in read.newest_own_entries(MAX_PASSED_OVER)? {
        let header = newer.header();
        if header.id == entry.header().id {
            break;
        }
        let Some(body) = body_if_kept(&newer)? else {
            continue;
        };
        match (&body.operation, body.undoes) {
            (Operation::Undo, Some(of)) => _ = undone.insert(of),
            (Operation::Redo, _) => {}
            _ if header.author != *author
                && body.terminal_session.as_deref() == Some(terminal_session)
                && !undone.contains(&header.id) =>
            {
                let by = &header.author;
                let what = describe(read, &newer, &[])?.summary();
                let by_flag = context::quote_name(by);
                return Ok(Some(format!(
                    "a newer act of this terminal, by {by}, stays: {what}; `bridgelog --by {by_flag} undo` undoes it"
                )));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// Returns what is to be asked before the step, if anything: the act is of another terminal, or it ended
/// or reopened an incident.
fn question(
    undone: &Undone,
    elsewhere: bool,
    direction: Direction,
    author: &str,
) -> Option<String> {
    let what = undone.summary();
    if elsewhere {
        return Some(match direction {
            Direction::Undo => format!(
                "this terminal has nothing to undo; the last act of {author}, made elsewhere, is {what}"
            ),
            Direction::Redo => format!(
                "this terminal has nothing to redo; what {author} undid last, elsewhere, is {what}"
            ),
        });
    }
    let kind = undone.value.event().map(|event| &event.kind)?;
    let ends = matches!(kind, Kind::Resolve | Kind::Reopen);
    let changes_it = !matches!(undone.act, Operation::Amend | Operation::Move);
    // A resolve that was retracted counts again once that is taken back.
    let opens = (*kind == Kind::Resolve) != (undone.act == Operation::Retract);
    (direction == Direction::Undo && ends && changes_it).then(|| {
        if opens {
            format!("that opens the incident again: it undoes {what}")
        } else {
            format!("that ends the incident again: it undoes {what}")
        }
    })
}

/// Returns the notice for an entry that no undo takes back.
fn kept_notice(read: &Reader<'_>, kept: &Entry) -> Result<String> {
    let header = kept.header();
    let handle = match header.subject.id() {
        Some(id) => read.handle_of(id)?,
        None => header.subject.to_string(),
    };
    let Body {
        operation, value, ..
    } = decode_body(kept)?;
    Ok(match (operation, value) {
        (Operation::Redact, _) => format!("the redaction of {handle} stays: it cannot be undone"),
        (_, Value::Message(message)) => {
            format!("m{} was sent and stays as it is", message.number)
        }
        _ => format!("{handle} stays as it is"),
    })
}

fn nothing_left(direction: Direction, author: &str) -> OpsError {
    match direction {
        Direction::Undo => OpsError::failed(format!("{author} has nothing to undo here"))
            .with_hint(
                "undo is only for your own entries of this database; `--by` says whose",
            ),
        Direction::Redo => OpsError::failed(format!("{author} has nothing to redo here"))
            .with_hint("a new entry after an undo ends what can be redone; `bridgelog restore-event HANDLE` brings back what `bridgelog show --all` shows as undone"),
    }
}
