//! Events change incidents: unfiled ones are adopted, misfiled ones are moved.
//!
//! A move is two entries: one in the chain that the event leaves and one in the chain where it
//! arrives, so that whoever holds one of the two incidents sees what happened to it. The arriving
//! one replaces the leaving one, so that together they agree.

use super::{
    OpsError, Result, Session,
    resolve::{Target, label, short_ref},
    write_context::WriteContext,
};
use crate::{
    domain::{
        event::Event,
        incident::Record,
        value::{Body, Change, Operation, Value},
    },
    store::IncidentRow,
};
use uuid::Uuid;

/// For how long an unfiled event is offered to the next incident, in hours.
pub const OFFERED_HOURS: i64 = 24;

/// The unfiled events of the last [`OFFERED_HOURS`], oldest first.
///
/// # Errors
/// What the store says.
pub fn recent_unfiled(book: &Session) -> Result<Vec<Record<Event>>> {
    let since = book.now() - chrono::Duration::hours(OFFERED_HOURS);
    let mut events = book.read().unfiled_events(Some(since), usize::MAX)?;
    events.reverse();
    Ok(events)
}

/// The unfiled events that `typed` names: handles, or `all` for those of the last
/// [`OFFERED_HOURS`].
///
/// # Errors
/// A handle that is no unfiled event.
pub fn resolve_unfiled(book: &Session, typed: &[String]) -> Result<Vec<Target>> {
    let mut chosen: Vec<Target> = Vec::new();
    for handle in typed {
        if handle == "all" {
            for event in recent_unfiled(book)? {
                chosen.push(book.resolve_target(&event.handle)?);
            }
            continue;
        }
        let target = book.resolve_target(handle)?;
        if target.current.incident.is_some() {
            return Err(OpsError::failed(format!(
                "`{handle}` is not unfiled: it is in an incident"
            ))
            .with_hint(format!("`bridgelog move {handle} REF` takes it elsewhere")));
        }
        chosen.push(target);
    }
    let mut seen = std::collections::HashSet::new();
    chosen.retain(|t| seen.insert(t.subject.clone()));
    Ok(chosen)
}

/// Takes the unfiled events that `typed` names into the incident `given`, or the open one.
///
/// # Errors
/// A handle that is no unfiled event, no incident to take them in.
pub fn adopt(
    book: &mut Session,
    typed: &[String],
    given: Option<&str>,
) -> Result<(IncidentRow, Vec<Target>)> {
    let into = book.require_for_write(given, "take them in")?;
    let targets = resolve_unfiled(book, typed)?;
    if targets.is_empty() {
        return Err(
            OpsError::failed("there is no unfiled event to adopt").with_hint(format!(
                "`all` means those of the last {OFFERED_HOURS} hours"
            )),
        );
    }
    append_moves(book, &targets, Some(into.id))?;
    Ok((into, targets))
}

/// Moves the events and tasks that `typed` names into the incident `to`.
///
/// # Errors
/// A handle that is nothing, one that is there already, the declaration of an incident.
pub fn move_events(
    book: &mut Session,
    typed: &[String],
    to: &str,
) -> Result<(IncidentRow, Vec<Target>)> {
    let into = book.resolve_for_read(Some(to))?;
    let mut targets = Vec::new();
    for handle in typed {
        let target = book.resolve_target(handle)?;
        if target.current.incident == Some(into.id) {
            return Err(OpsError::failed(format!(
                "`{handle}` is in incident {} already",
                label(&into)
            )));
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
    append_moves(book, &targets, Some(into.id))?;
    Ok((into, targets))
}

fn append_moves(book: &mut Session, targets: &[Target], to: Option<Uuid>) -> Result<()> {
    let mut changes: Vec<Change> = targets
        .iter()
        .flat_map(|target| move_changes(&mut book.write_context, target, to))
        .collect();
    group_changes(&mut changes);
    book.store.append(&changes)?;
    Ok(())
}

/// Makes one act of `changes`, so that one undo takes all of them back.
pub fn group_changes(changes: &mut [Change]) {
    let first = changes.first().map(|c| c.id);
    for change in changes {
        change.body.group = first;
    }
}

/// The two changes that take `target`, as it is, to the incident `to`.
pub fn move_changes(pen: &mut WriteContext, target: &Target, to: Option<Uuid>) -> [Change; 2] {
    let mut seen = target.current.head_ids();
    let mut change = |incident, seen: &[Uuid], value| {
        pen.new_change(
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
