//! An event put back into the line it would be typed as, and taken from it again: for correcting in
//! place.

use super::{
    OpsError, Result, Session,
    amend::{Amended, write_version},
    context::{LineContext, LineOptions},
    resolve::Target,
};
use crate::{
    domain::{
        capture::{self, Flags},
        event::Event,
        value::{Operation, Value},
    },
    store::IncidentRow,
};

struct EditTarget {
    target: Target,
    before: Event,
    incident: Option<IncidentRow>,
    known: LineContext,
}

fn open_for_edit(book: &Session, typed: &str) -> Result<EditTarget> {
    let target = book.resolve_target(typed)?;
    let Value::Event(before) = &target.current.value else {
        return Err(OpsError::failed(format!("`{typed}` is not an event")));
    };
    let before = (**before).clone();
    if before.retracted.is_some() {
        return Err(OpsError::failed(format!("`{typed}` was retracted"))
            .with_hint("undo takes that back, if it was your last entry"));
    }
    let incident = match target.current.incident {
        Some(id) => book.read().incident_row(id)?,
        None => None,
    };
    let known = book.line_context(incident.as_ref(), &LineOptions::for_typed_line(None))?;
    Ok(EditTarget {
        target,
        before,
        incident,
        known,
    })
}

/// The event `typed` as the line that a person would type for it.
///
/// # Errors
/// A handle that is no event, or one that was retracted.
pub fn event_as_line(book: &Session, typed: &str) -> Result<String> {
    let mut opened = open_for_edit(book, typed)?;
    let before = opened.before;
    opened.known.parse_with(book, "@", |context| {
        Ok(capture::format_line(&before, context))
    })
}

/// What the event `typed` would be by `line`, which is what [`event_as_line`] gave, altered.
///
/// # Errors
/// A handle that is no event, a line that cannot be understood.
pub fn preview(book: &Session, typed: &str, line: &str) -> Result<Event> {
    parse_edit(book, typed, line).map(|(_, event, _)| event)
}

/// What the event `typed` would be with what `flags` give of it changed, and nothing else.
///
/// # Errors
/// A handle that is no event, a line that cannot be understood.
pub fn preview_patch(book: &Session, typed: &str, flags: &Flags) -> Result<Event> {
    let mut opened = open_for_edit(book, typed)?;
    let before = opened.before;
    opened.known.parse_with(book, "", |context| {
        let read = capture::parse_for_event("", flags, context, &before)?;
        Ok(read.patch(&before, context)?)
    })
}

fn parse_edit(book: &Session, typed: &str, line: &str) -> Result<(EditTarget, Event, Vec<String>)> {
    let mut opened = open_for_edit(book, typed)?;
    let before = opened.before.clone();
    let (event, notices) = opened.known.parse_with(book, "@", |context| {
        let read = capture::parse_for_event(line, &Flags::default(), context, &before)?;
        let notices = read.notices.clone();
        Ok((read.rewrite(&before, context)?, notices))
    })?;
    if event.kind != before.kind && (before.kind.is_lifecycle() || event.kind.is_lifecycle()) {
        return Err(OpsError::usage(format!(
            "a `{}` cannot become a `{}`",
            before.kind, event.kind
        )));
    }
    Ok((opened, event, notices))
}

/// Takes up `line`, which is what [`event_as_line`] gave, altered: what was left out goes, what was left
/// alone stays.
///
/// # Errors
/// A handle that is no event, a line that cannot be understood, nothing altered.
pub fn apply_edit(book: &mut Session, typed: &str, line: &str) -> Result<Amended> {
    let (opened, event, notices) = parse_edit(book, typed, line)?;
    if event == opened.before {
        return Err(OpsError::usage(format!("nothing of `{typed}` was altered")));
    }
    write_version(
        book,
        &opened.target,
        Operation::Amend,
        Value::Event(Box::new(event.clone())),
    )?;
    Ok(Amended {
        target: opened.target,
        event,
        incident: opened.incident,
        notices,
    })
}
