//! What was logged is corrected, or taken out of the record. Nothing is overwritten: a correction is
//! a new version, and the earlier ones stay in the history.

use super::{
    OpsError, Result, Session,
    context::{self, LineOptions, validate_text},
    resolve::Target,
};
use crate::{
    domain::{
        capture::{self, Flags},
        entry::Entry,
        event::Event,
        task::Task,
        value::{Body, Operation, Value},
    },
    store::IncidentRow,
};

/// What came of an amendment.
#[derive(Clone, Debug)]
pub struct Amended {
    /// What was amended, as it was before.
    pub target: Target,
    /// The event as it stands now.
    pub event: Event,
    /// The incident it is in.
    pub incident: Option<IncidentRow>,
    /// What was not understood the way it may have been meant.
    pub notices: Vec<String>,
}

/// Changes what `line` and `flags` give of the event `typed`, and nothing else.
///
/// # Errors
/// A handle that is no event, a line that cannot be understood, nothing to change.
pub fn amend(book: &mut Session, typed: &str, line: &str, flags: &Flags) -> Result<Amended> {
    let target = book.resolve_target(typed)?;
    let Value::Event(before) = &target.current.value else {
        return Err(
            OpsError::failed(format!("`{typed}` is a task, not an event"))
                .with_hint(format!("`bridgelog task set {typed} ...` changes it")),
        );
    };
    if before.retracted.is_some() {
        return Err(OpsError::failed(format!("`{typed}` was retracted")).with_hint(
            "`bridgelog undo` takes the retraction back, if it was your last entry; or log it anew",
        ));
    }
    let incident = match target.current.incident {
        Some(id) => book.read().incident_row(id)?,
        None => None,
    };
    let mut known = book.line_context(incident.as_ref(), &LineOptions::for_typed_line(None))?;
    let (event, notices) = known.parse_with(book, line, |context| {
        let read = capture::parse_for_event(line, flags, context, before)?;
        let notices = read.notices.clone();
        Ok((read.patch(before, context)?, notices))
    })?;
    let mut event = event;
    if event.text != before.text {
        // What was destroyed stays destroyed; this is another text.
        event.redacted = None;
    }
    context::validate_wording(event.customer.as_deref())?;
    if event == **before {
        return Err(
            OpsError::usage(format!("that changes nothing of `{typed}`"))
                .with_hint("give what is to be different: a time, !state, text, 'tell: ...'"),
        );
    }
    if event.kind != before.kind && before.kind.is_lifecycle() {
        return Err(OpsError::usage(format!(
            "a `{}` cannot become a `{}`",
            before.kind, event.kind
        )));
    }
    write_version(
        book,
        &target,
        Operation::Amend,
        Value::Event(Box::new(event.clone())),
    )?;
    Ok(Amended {
        target,
        event,
        incident,
        notices,
    })
}

/// Takes `typed` out of the record for `reason`; it stays in the history.
///
/// # Errors
/// A handle that is nothing, no reason, what was retracted before, the declaration of an incident.
pub fn retract(book: &mut Session, typed: &str, reason: &str) -> Result<Target> {
    let reason = validate_text(reason, "reason")?;
    let target = book.resolve_target(typed)?;
    if target.is_declaration() {
        return Err(OpsError::failed(format!("`{typed}` declares its incident"))
            .with_hint("`bridgelog undo` takes back a declaration just made; `bridgelog merge` ends one that was another"));
    }
    let value = match &target.current.value {
        Value::Event(event) if event.retracted.is_none() => Value::Event(Box::new(Event {
            retracted: Some(reason),
            ..(**event).clone()
        })),
        Value::Task(task) if task.retracted.is_none() => Value::Task(Box::new(Task {
            retracted: Some(reason),
            ..(**task).clone()
        })),
        Value::Event(_) | Value::Task(_) => {
            return Err(OpsError::failed(format!("`{typed}` was retracted before"))
                .with_hint(format!("`bridgelog history {typed}` shows by whom and why")));
        }
        other => {
            return Err(OpsError::failed(format!(
                "`{typed}` is a {} and cannot be retracted",
                other.type_name()
            )));
        }
    };
    write_version(book, &target, Operation::Retract, value)?;
    Ok(target)
}

/// All versions of what `typed` means, oldest first.
///
/// # Errors
/// A handle that is nothing.
pub fn history(book: &Session, typed: &str) -> Result<(Target, Vec<Entry>)> {
    let target = book.resolve_including_undone(typed)?;
    let mut versions = book
        .read()
        .subject_versions(&target.subject, target.current.incident)?;
    versions.sort_by_key(|v| (v.header().recorded, v.header().origin, v.header().seq));
    Ok((target, versions))
}

/// Writes `value` as the newest version of `target`, replacing the versions that its author saw.
///
/// # Errors
/// What the store says.
pub fn write_version(
    book: &mut Session,
    target: &Target,
    act: Operation,
    value: Value,
) -> Result<()> {
    let change = book.write_context.new_change(
        target.current.incident,
        target.subject.clone(),
        target.current.head_ids(),
        Body::new(act, value),
    );
    book.store.append(&[change])?;
    Ok(())
}
