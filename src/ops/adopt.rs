//! Moves events between incidents: `adopt` takes unfiled ones, `move` takes misfiled ones.
//!
//! A move is two entries: one in the chain that the event leaves, one in the chain where it
//! arrives, so that a reader of either incident alone sees what happened. The second replaces the
//! first, so that both chains together have one current value.

use super::{
    OpsError, Result, Session,
    attach::copies_for_move,
    closed_requests, message,
    resolve::{Target, label, short_ref},
    state_notices,
    unnamed_states::UnnamedStates,
    write_context::{WriteContext, group_changes},
};
use crate::{
    domain::{
        event::Event,
        incident::Record,
        value::{Body, Change, Operation, Value},
    },
    store::IncidentRow,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Age in hours up to which an unfiled event is offered to a new incident.
pub const OFFERED_HOURS: i64 = 24;

/// Returns the unfiled events of the last [`OFFERED_HOURS`], oldest first.
pub fn recent_unfiled(session: &Session) -> Result<Vec<Record<Event>>> {
    let since = session.now() - chrono::Duration::hours(OFFERED_HOURS);
    let mut events = session.read().unfiled_events(Some(since), usize::MAX)?;
    events.reverse();
    Ok(events)
}

/// True if `event` is among those of the last [`OFFERED_HOURS`], should it be unfiled.
#[must_use]
pub fn is_recent(session: &Session, event: &Record<Event>) -> bool {
    event.value.at_utc() >= session.now() - chrono::Duration::hours(OFFERED_HOURS)
}

/// Resolves `typed` (handles, or `all` for the last [`OFFERED_HOURS`]) to unfiled events, each
/// once.
///
/// # Errors
/// A handle that is not that of an unfiled event.
pub fn resolve_unfiled(session: &Session, typed: &[String]) -> Result<Vec<Target>> {
    let mut targets: Vec<Target> = Vec::new();
    for handle in typed {
        if handle == "all" {
            for event in recent_unfiled(session)? {
                targets.push(session.resolve_target(&event.handle)?);
            }
            continue;
        }
        let target = session.resolve_target(handle)?;
        if target.current.incident.is_some() {
            return Err(
                OpsError::failed(format!("`{handle}` is in an incident already"))
                    .with_hint(format!("`bridgelog move {handle} REF` moves it to another")),
            );
        }
        targets.push(target);
    }
    let mut seen = std::collections::HashSet::new();
    targets.retain(|t| seen.insert(t.subject.clone()));
    Ok(targets)
}

/// Moves unfiled events into the incident `given`, else the open one.
///
/// # Errors
/// A handle that is not that of an unfiled event; no open incident; a state without a service that would become one
/// of services that nobody named.
pub fn adopt(session: &mut Session, typed: &[String], given: Option<&str>) -> Result<MovedEvents> {
    session.transact(|session| {
        let into = session.require_for_write(given, "attach them")?;
        let targets = resolve_unfiled(session, typed)?;
        if targets.is_empty() {
            return Err(
                OpsError::failed("there are no unassigned events").with_hint(format!(
                    "`all` means those of the last {OFFERED_HOURS} hours"
                )),
            );
        }
        move_into(session, &targets, &into, &[into.id])?;
        let mut notices = state_notices::notices_for_correction(session, Some(&into))?;
        add_reopen_notice(session, &targets, &into, &mut notices)?;
        Ok(MovedEvents {
            into,
            targets,
            notices,
        })
    })
}

#[derive(Clone, Debug)]
pub struct MovedEvents {
    pub into: IncidentRow,
    pub targets: Vec<Target>,
    /// Which incidents are open now, or count as resolved, and which states hold now, one sentence each.
    pub notices: Vec<String>,
}

/// Moves events and tasks into the incident `to`.
///
/// # Errors
/// An unknown handle, one that is in `to` already, or the declaration of an incident; a state without a service that
/// would become one of services that nobody named.
pub fn move_events(session: &mut Session, typed: &[String], to: &str) -> Result<MovedEvents> {
    session.transact(|session| {
        let into = session.resolve_to_change(Some(to))?;
        let mut targets = Vec::new();
        for handle in typed {
            let target = session.resolve_target(handle)?;
            if target.current.incident == Some(into.id) {
                return Err(OpsError::failed(format!(
                    "`{handle}` is in incident {} already",
                    label(&into)
                ))
                .with_hint("`bridgelog move` takes it to another incident"));
            }
            if target.is_declaration() {
                return Err(OpsError::failed(format!(
                    "`{handle}` declares its incident and cannot leave it alone"
                ))
                .with_hint(format!(
                    "`bridgelog merge {handle} --into {}` moves all of it",
                    short_ref(&into)
                )));
            }
            targets.push(target);
        }
        renumber_messages(session, &mut targets, into.id)?;
        let left: BTreeSet<Uuid> = targets.iter().filter_map(|t| t.current.incident).collect();
        let mut before = vec![into.clone()];
        for id in left {
            before.extend(session.read().incident_row(id)?);
        }
        let ids: Vec<Uuid> = before.iter().map(|row| row.id).collect();
        move_into(session, &targets, &into, &ids)?;
        let mut notices = Vec::new();
        if !into.is_private {
            for left in before.iter().filter(|row| row.is_private) {
                let out = targets
                    .iter()
                    .filter(|t| t.current.incident == Some(left.id));
                let out: Vec<&str> = out.map(|target| target.handle.as_str()).collect();
                notices.push(leaves_private_notice(&out.join(" "), left, &into));
            }
        }
        notices.extend(closed_requests::opened_by_move(
            session, &targets, &before, &into,
        )?);
        for row in &before {
            notices.extend(state_notices::notices_for_correction(session, Some(row))?);
        }
        add_reopen_notice(session, &targets, &into, &mut notices)?;
        for target in targets.iter().filter(|target| is_lifecycle(target)) {
            if let Some(id) = target.subject.id() {
                notices.extend(state_notices::without_effect_notice(session, &into, id)?);
            }
        }
        Ok(MovedEvents {
            into,
            targets,
            notices,
        })
    })
}

/// Says that states among `targets`, which are in the incident `into` now, do not reopen it, unless `notices` does.
fn add_reopen_notice(
    session: &Session,
    targets: &[Target],
    into: &IncidentRow,
    notices: &mut Vec<String>,
) -> Result<()> {
    let Some(row) = session.read().incident_row(into.id)? else {
        return Ok(());
    };
    let events = targets.iter().filter_map(|t| t.current.value.event());
    let events = events.filter(|event| event.retracted.is_none());
    let notice = state_notices::reopen_notice(events, &row)?;
    notices.extend(notice.filter(|notice| !notices.contains(notice)));
    Ok(())
}

fn is_lifecycle(target: &Target) -> bool {
    let event = target.current.value.event();
    event.is_some_and(|event| event.kind.is_lifecycle())
}

/// Says that `what` was in the private incident `from` and may now go to other machines with `into`.
pub(super) fn leaves_private_notice(what: &str, from: &IncidentRow, into: &IncidentRow) -> String {
    format!(
        "{what}: incident {} is private, {} is not: the next sync sends it; `bridgelog undo` before that keeps it here",
        label(from),
        label(into)
    )
}

/// Gives a message among `targets` the next free number of the incident `to` if its own is taken
/// there.
pub(super) fn renumber_messages(session: &Session, targets: &mut [Target], to: Uuid) -> Result<()> {
    let mut there = None;
    for target in targets {
        let (Some(id), Value::Message(message)) = (target.subject.id(), &mut target.current.value)
        else {
            continue;
        };
        let there = match &mut there {
            Some(there) => there,
            None => there.insert(session.read().messages(to)?),
        };
        message.number = message::free_number(there, id, message.number);
        let message = (**message).clone();
        there.extend(Record::new(&target.current, target.handle.clone(), message));
    }
    Ok(())
}

/// Moves `targets` into the incident `into`; `incidents` are those that are changed by it.
///
/// # Errors
/// A state without a service that would become one of services that nobody named.
fn move_into(
    session: &mut Session,
    targets: &[Target],
    into: &IncidentRow,
    incidents: &[Uuid],
) -> Result<()> {
    // A service that an event of another incident names stays unknown to the events recorded in this one.
    let is_named = |record: &Record<Event>| !record.value.services.is_empty();
    let moved = targets.iter().filter_map(|target| {
        let record = target.event_record()?;
        (target.current.incident.is_none() || !is_named(&record)).then_some(record)
    });
    let moved: Vec<Record<Event>> = moved.collect();
    let unnamed = UnnamedStates::before(session, incidents, into, &moved)?;
    append_moves(session, targets, Some(into.id))?;
    match unnamed {
        Some(unnamed) => unnamed.reject_taken_over(session, into),
        None => Ok(()),
    }
}

fn append_moves(session: &mut Session, targets: &[Target], to: Option<Uuid>) -> Result<()> {
    let mut changes: Vec<Change> = targets
        .iter()
        .flat_map(|target| move_changes(&mut session.write_context, target, to))
        .collect();
    group_changes(&mut changes);
    changes.extend(copies_for_move(session, targets, to)?);
    session.append(&changes)?;
    Ok(())
}

/// Makes the two changes that move `target` to the incident `to`: out of its chain, into the other.
pub fn move_changes(writer: &mut WriteContext, target: &Target, to: Option<Uuid>) -> [Change; 2] {
    let mut seen = target.current.head_ids();
    let mut change = |incident, seen: &[Uuid], value| {
        writer.new_change(
            incident,
            target.subject.clone(),
            seen.to_vec(),
            Body::new(Operation::Move, value),
        )
    };
    let leaves = change(target.current.incident, &seen, Value::Moved(to));
    seen.push(leaves.id);
    let arrives = change(to, &seen, target.current.value.clone());
    [leaves, arrives]
}
