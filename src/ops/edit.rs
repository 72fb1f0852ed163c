//! Edits an event as a line: prints it as the line one would type, and parses the changed line
//! back. Unlike `amend`, what is missing from the line is removed.

use super::{
    OpsError, Result, Session,
    amend::{Amended, require_amendable, write_version},
    context::{self, LineContext, LineOptions},
    resolve::Target,
    state_notices,
};
use crate::{
    domain::{
        capture::{self, Flags},
        event::Event,
        value::{Operation, Value},
    },
    store::IncidentRow,
};

use uuid::Uuid;

struct EditTarget {
    target: Target,
    before: Event,
    incident: Option<IncidentRow>,
    context: LineContext,
}

fn open_for_edit(session: &Session, typed: &str) -> Result<EditTarget> {
    let target = session.resolve_target(typed)?;
    let Value::Event(before) = &target.current.value else {
        return Err(OpsError::failed(format!("`{typed}` is not an event"))
            .with_hint("`bridgelog task set` changes a task, `bridgelog set` a field"));
    };
    let before = (**before).clone();
    require_amendable(&before, &target)?;
    let incident = match target.current.incident {
        Some(id) => session.read().incident_row(id)?,
        None => None,
    };
    let context = session.line_context(incident.as_ref(), &LineOptions::for_typed_line(None))?;
    Ok(EditTarget {
        target,
        before,
        incident,
        context,
    })
}

/// Returns the event as the line one would type for it.
///
/// # Errors
/// Not an event, or a retracted one.
pub fn event_as_line(session: &Session, typed: &str) -> Result<String> {
    let opened = open_for_edit(session, typed)?;
    let before = opened.before;
    opened.context.parse_with(session, |context| {
        Ok(capture::format_line(&before, context))
    })
}

/// Returns the id of the entry that event `typed` shows.
///
/// # Errors
/// No such event.
pub fn shown_version(session: &Session, typed: &str) -> Result<Uuid> {
    Ok(session.resolve_target(typed)?.current.shown)
}

/// Returns the event that [`apply_edit`] would write, without writing it.
///
/// # Errors
/// Not an event, or a line that cannot be parsed.
pub fn preview(session: &Session, typed: &str, line: &str) -> Result<Event> {
    parse_edit(session, typed, line).map(|(_, event, _)| event)
}

/// Returns the event with only what `flags` give changed, without writing it.
///
/// # Errors
/// Not an event, or flags that cannot be parsed.
pub fn preview_patch(session: &Session, typed: &str, flags: &Flags) -> Result<Event> {
    let opened = open_for_edit(session, typed)?;
    let before = opened.before;
    opened.context.parse_with(session, |context| {
        let read = capture::parse_for_event("", flags, context, &before)?;
        Ok(read.patch(&before, context)?)
    })
}

fn parse_edit(
    session: &Session,
    typed: &str,
    line: &str,
) -> Result<(EditTarget, Event, Vec<String>)> {
    let opened = open_for_edit(session, typed)?;
    let before = opened.before.clone();
    let (event, notices) = opened.context.parse_with(session, |context| {
        let read = capture::parse_for_event(line, &Flags::default(), context, &before)?;
        let notices = read.notices.clone();
        Ok((read.rewrite(&before, context)?, notices))
    })?;
    if event.kind != before.kind && (before.kind.is_lifecycle() || event.kind.is_lifecycle()) {
        return Err(OpsError::usage(format!(
            "a `{}` cannot become a `{}`",
            before.kind, event.kind
        ))
        .with_hint("log a line of that kind, and retract this one"));
    }
    context::validate_event(&event, Some(&before))?;
    Ok((opened, event, notices))
}

/// Writes the event as `line` says: a changed copy of what [`event_as_line`] returned. What is
/// missing from it is removed; what is unchanged stays. `seen` is the [`shown_version`] from when that line
/// was made: the line would undo what was amended since.
///
/// # Errors
/// Not an event, a line that cannot be parsed, no change, or the event was amended since `seen`.
pub fn apply_edit(
    session: &mut Session,
    typed: &str,
    line: &str,
    seen: Option<Uuid>,
) -> Result<Amended> {
    session.transact(|session| {
        if seen.is_some_and(|seen| shown_version(session, typed).is_ok_and(|now| now != seen)) {
            return Err(
                OpsError::failed(format!("`{typed}` was amended while you edited it")).with_hint(
                    format!("`bridgelog history {typed}` shows how; edit what it says now"),
                ),
            );
        }
        let (opened, event, notices) = parse_edit(session, typed, line)?;
        if event == opened.before {
            return Err(OpsError::usage(format!("no changes to `{typed}`")).for_no_change());
        }
        write_version(
            session,
            &opened.target,
            Operation::Amend,
            Value::Event(Box::new(event.clone())),
        )?;
        let mut notices = notices;
        notices.extend(state_notices::notices_for_correction(
            session,
            opened.incident.as_ref(),
        )?);
        Ok(Amended {
            target: opened.target,
            event,
            incident: opened.incident,
            notices,
        })
    })
}
