//! Corrects and retracts events. Nothing is overwritten: a correction is a new version, and earlier
//! ones stay in the history.

use super::{
    OpsError, Result, Session,
    context::{self, LineOptions, validate_text},
    resolve::Target,
    state_notices,
    unnamed_states::UnnamedStates,
};
use crate::{
    domain::{
        capture::{self, Flags},
        entry::Entry,
        event::Event,
        handle,
        incident::Record,
        task::Task,
        value::{Body, Operation, Value},
    },
    store::IncidentRow,
};

/// The result of an amendment.
#[derive(Clone, Debug)]
pub struct Amended {
    /// The event before.
    pub target: Target,
    /// The event after.
    pub event: Event,
    /// `None` if the event is unfiled.
    pub incident: Option<IncidentRow>,
    /// Remarks on what may have been meant differently, one sentence each.
    pub notices: Vec<String>,
}

/// Amends the event `typed`: only what `line` and `flags` give changes.
///
/// # Errors
/// Not an event, a retracted one, a line that cannot be parsed, or no change.
pub fn amend(session: &mut Session, typed: &str, line: &str, flags: &Flags) -> Result<Amended> {
    amend_with(session, typed, line, flags, |_| Ok(()), false)
}

/// Like [`amend`]; `finish` may change the event further. If `may_be_empty`, line and flags may give nothing.
///
/// # Errors
/// Those of [`amend`], and of `finish`.
pub(super) fn amend_with(
    session: &mut Session,
    typed: &str,
    line: &str,
    flags: &Flags,
    finish: impl FnOnce(&mut Event) -> Result<()>,
    may_be_empty: bool,
) -> Result<Amended> {
    session.transact(|session| {
        let target = session.resolve_target(typed)?;
        let Value::Event(before) = &target.current.value else {
            return Err(
                OpsError::failed(format!("`{typed}` is a task, not an event"))
                    .with_hint(format!("`bridgelog task set {typed} ...` changes it")),
            );
        };
        require_amendable(before, &target)?;
        let flags = &clearing_flags(flags);
        context::validate_flags(flags)?;
        let incident = match target.current.incident {
            Some(id) => session.read().incident_row(id)?,
            None => None,
        };
        let line_context =
            session.line_context(incident.as_ref(), &LineOptions::for_typed_line(None))?;
        let is_empty = line.trim().is_empty() && *flags == Flags::default();
        let (mut event, notices) = line_context.parse_with(session, |context| {
            if is_empty && may_be_empty {
                return Ok(((**before).clone(), vec![]));
            }
            let read = capture::parse_for_event(line, flags, context, before)?;
            let leftover = read.time_leftover(context).filter(|text| *text != before.text);
            if let Some(text) = leftover {
                return Err(time_leftover_error(typed, text));
            }
            if let Some(meant) = read.marker_without_sign(context)
                && read.text.as_ref() != Some(&before.text)
            {
                let text = read.text.as_deref().unwrap_or_default();
                return Err(OpsError::usage(format!(
                    "`{text}` would replace the text of the event"
                ))
                .with_hint(format!("did you mean `{meant}`? where it is the text, put a backslash before it: `\\{text}`")));
            }
            if let Some(meant) = read.part_in_words(context)
                && read.text.as_ref() != Some(&before.text)
            {
                let text = read.text.as_deref().unwrap_or_default();
                return Err(OpsError::usage(format!(
                    "`{text}` would replace the text of the event"
                ))
                .with_hint(format!("write {meant}; where it is the text, put a backslash before it: `\\{text}`")));
            }
            let notices = read.notices.clone();
            Ok((read.patch(before, context)?, notices))
        })?;
        finish(&mut event)?;
        context::validate_event(&event, Some(before))?;
        let is_mark = matches!(event.text.as_str(), "-" | "!-" | "@-" | "#-" | "^-");
        if is_mark && before.text != event.text {
            return Err(OpsError::usage(format!("`{}` is not a text", event.text)).with_hint(
                "`tell: -`, --state -, --customer '', --tag '' and --service '' clear what they name",
            ));
        }
        if event == **before {
            return Err(OpsError::usage(format!("no changes to `{typed}`"))
                .with_hint("give what changes: a time, !state, text, 'tell: ...'")
                .for_no_change());
        }
        if event.kind != before.kind && before.kind.is_lifecycle() {
            return Err(OpsError::usage(format!(
                "a `{}` cannot become a `{}`",
                before.kind, event.kind
            )).with_hint("log a line of that kind, and retract this one"));
        }
        let unnamed = match &incident {
            Some(row) if event.services != before.services => {
                let record = Record::new(&target.current, target.handle.clone(), event.clone());
                let changed = record.as_slice();
                UnnamedStates::before(session, &[row.id], row, changed)?.map(|u| (row, u))
            }
            _ => None,
        };
        write_version(
            session,
            &target,
            Operation::Amend,
            Value::Event(Box::new(event.clone())),
        )?;
        let mut notices = notices;
        if event.at != before.at {
            let typed = flags.at.as_deref().unwrap_or(line);
            notices.extend(line_context.other_half_notice(typed, &event));
        }
        if let Some((row, unnamed)) = unnamed {
            notices.extend(unnamed.notices(session, row)?);
        }
        notices.extend(state_notices::notices_for_correction(session, incident.as_ref())?);
        if event.at != before.at
            && before.kind.is_lifecycle()
            && let (Some(row), Some(id)) = (&incident, target.subject.id())
        {
            notices.extend(state_notices::without_effect_notice(session, row, id)?);
        }
        let renames = session.read().renames(target.current.incident)?;
        for name in &event.services {
            let removed = renames.service_removed(name);
            if removed.is_some_and(|at| target.current.recorded <= at) {
                notices.push(format!(
                    "`{name}` was removed as a service, so the event does not count for it; `bridgelog service {name}` adds it again"
                ));
            }
        }
        Ok(Amended {
            target,
            event,
            incident,
            notices,
        })
    })
}

/// Refuses to make `text`, which is only the rest of a time, the text of the event `typed`.
fn time_leftover_error(typed: &str, text: &str) -> OpsError {
    OpsError::usage(format!("`{text}` would replace the text of the event, and looks like a part of a time")).with_hint(
        format!("write the time alone, with its day before it: `bridgelog amend {typed} 'Tue 10:06'`, or `10:06..10:20` for a span; where it is the text, put a backslash before it: `\\{text}`"),
    )
}

/// Returns `flags` with `-` as the empty value, which clears.
fn clearing_flags(flags: &Flags) -> Flags {
    let clears = |names: &[String]| match names {
        [one] if one == "-" => vec![String::new()],
        names => names.to_vec(),
    };
    Flags {
        tags: clears(&flags.tags),
        services: clears(&flags.services),
        ..flags.clone()
    }
}

/// Checks that `event`, the value of `target`, counts and has its text.
pub(super) fn require_amendable(event: &Event, target: &Target) -> Result<()> {
    let handle = &target.handle;
    if event.retracted.is_some() {
        return Err(OpsError::failed(format!("`{handle}` was retracted"))
            .with_hint(format!("`bridgelog restore-event {handle}` brings it back")));
    }
    if event.redacted.is_some() {
        return Err(
            OpsError::failed(format!("the text of `{handle}` was redacted"))
                .with_hint("log what may stay as a new event, with --at for its time"),
        );
    }
    Ok(())
}

/// The result of [`retract`].
#[derive(Clone, Debug)]
pub enum Retraction {
    Done {
        target: Box<Target>,
        /// What it did to the incident, one sentence each.
        notices: Vec<String>,
    },
    /// Nothing was written: what is to be asked first.
    Ask(String),
}

/// Retracts an event or task; it stays in the history with the `reason`. One that opens or ends its incident
/// is asked about first, unless it is `agreed`.
///
/// # Errors
/// An unknown handle, an empty reason, a retracted one, the declaration of an incident, or a
/// subject that is neither event nor task.
pub fn retract(
    session: &mut Session,
    typed: &str,
    reason: &str,
    agreed: bool,
) -> Result<Retraction> {
    let target = session.resolve_target(typed)?;
    let event = target.current.value.event();
    if !agreed && event.is_some_and(|event| event.kind.is_lifecycle()) {
        let (_, notices) = session.rehearse(|session| write_retraction(session, typed, reason))?;
        if !notices.is_empty() {
            return Ok(Retraction::Ask(format!(
                "with `{typed}` retracted, {}",
                notices.join("; ")
            )));
        }
    }
    let (target, notices) = session.transact(|session| write_retraction(session, typed, reason))?;
    Ok(Retraction::Done {
        target: Box::new(target),
        notices,
    })
}

/// Writes the retraction, and returns what to say of the incident after it.
fn write_retraction(
    session: &mut Session,
    typed: &str,
    reason: &str,
) -> Result<(Target, Vec<String>)> {
    let reason = validate_text(reason, "reason")?;
    let target = session.resolve_target(typed)?;
    if target.is_declaration() {
        return Err(OpsError::failed(format!("`{typed}` declares its incident"))
            .with_hint("`bridgelog undo` undoes a declaration just made; `bridgelog merge` joins one to another incident"));
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
                .with_hint(format!(
                    "`bridgelog history {typed}` shows by whom and why; `bridgelog restore-event {typed}` brings it back"
                )));
        }
        other => {
            return Err(OpsError::failed(format!(
                "`{typed}` is a {} and cannot be retracted",
                other.type_name()
            )).with_hint("`bridgelog undo` takes back your last change; `bridgelog set FIELD -` clears a field"));
        }
    };
    let before = match target.current.incident {
        Some(id) => session.read().incident_row(id)?,
        None => None,
    };
    write_version(session, &target, Operation::Retract, value)?;
    let notices = state_notices::notices_for_correction(session, before.as_ref())?;
    Ok((target, notices))
}

/// Returns all versions of what `typed` names, oldest first, also if it was undone; of the declaration, if it is
/// the number of an incident.
pub fn history(session: &Session, typed: &str) -> Result<(Target, Vec<Entry>)> {
    // The number of an incident stands for its declaration.
    let declared = match typed.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Some(handle::from_id(session.resolve_for_read(Some(typed))?.id)),
        false => None,
    };
    let target = session.resolve_including_undone(declared.as_deref().unwrap_or(typed))?;
    let versions = session
        .read()
        .subject_versions(&target.subject, target.current.incident)?;
    Ok((target, in_order_of_writing(versions)))
}

/// Sorts versions so that each follows what it replaces and what its chain has before it, whatever the
/// clocks said; else by the time recorded.
pub(super) fn in_order_of_writing(mut versions: Vec<Entry>) -> Vec<Entry> {
    let mut sorted: Vec<Entry> = Vec::with_capacity(versions.len());
    while !versions.is_empty() {
        let follows = |later: &Entry, earlier: &Entry| {
            let (later, earlier) = (later.header(), earlier.header());
            let is_same_chain =
                (later.origin, later.incident) == (earlier.origin, earlier.incident);
            later.replaces.contains(&earlier.id) || is_same_chain && later.seq > earlier.seq
        };
        let next = (0..versions.len())
            .filter(|at| {
                let mut others = versions.iter().enumerate().filter(|(other, _)| other != at);
                !others.any(|(_, other)| follows(&versions[*at], other))
            })
            .min_by_key(|at| {
                let header = versions[*at].header();
                (header.recorded, header.origin, header.seq)
            });
        // Entries that follow one another in a circle can only come from a forged journal.
        sorted.push(versions.remove(next.unwrap_or(0)));
    }
    sorted
}

/// Appends `value` as the newest version of `target`, replacing its current versions.
pub fn write_version(
    session: &mut Session,
    target: &Target,
    operation: Operation,
    value: Value,
) -> Result<()> {
    let change = session.write_context.new_change(
        target.current.incident,
        target.subject.clone(),
        target.current.head_ids(),
        Body::new(operation, value),
    );
    session.append(&[change])?;
    Ok(())
}
