//! Brings back events, tasks and messages that were undone or retracted.

use super::{
    OpsError, Result, Session,
    entry_body::body_if_kept,
    message::free_number,
    resolve::{Target, label},
    state_notices,
    write_context::group_changes,
};
use crate::{
    domain::{
        event::Event,
        incident::{Record, SubjectState},
        task::Task,
        value::{Body, Operation, Unreadable, Value},
    },
    store::{IncidentRow, Reader},
};
use uuid::Uuid;

/// The result of [`restore`].
#[derive(Clone, Debug)]
pub struct Restored {
    pub handle: String,
    /// The value that is in force now.
    pub value: Value,
    /// `None` if it is unfiled.
    pub incident: Option<IncidentRow>,
    /// True if it was in force already: nothing was written.
    pub unchanged: bool,
    /// Remarks on where it went and under which number, one sentence each.
    pub notices: Vec<String>,
}

/// Brings back what the handle `typed` names with its last value, without the retraction.
///
/// # Errors
/// Those of [`restore_all`].
pub fn restore(session: &mut Session, typed: &str) -> Result<Restored> {
    let restored = restore_all(session, &[typed.to_owned()])?;
    let first = restored.into_iter().next();
    first.ok_or_else(|| {
        OpsError::failed("there is nothing to bring back")
            .with_hint("`bridgelog history HANDLE` shows what became of an event")
    })
}

/// Brings back what the handles name, all or none; one undo takes them out again.
///
/// # Errors
/// An unknown handle, a field or section, a text that was destroyed, one that was moved to where no entry
/// came from yet, or an incident whose declaration was undone.
pub fn restore_all(session: &mut Session, typed: &[String]) -> Result<Vec<Restored>> {
    session.transact(|session| {
        let mut all = Vec::new();
        let mut changes = Vec::new();
        for typed in typed {
            let (restored, target) = prepare(session, typed)?;
            if !restored.unchanged {
                changes.push(session.write_context.new_change(
                    restored.incident.as_ref().map(|row| row.id),
                    target.subject.clone(),
                    target.current.head_ids(),
                    Body::new(Operation::Restore, restored.value.clone()),
                ));
            }
            all.push(restored);
        }
        if changes.is_empty() {
            return Ok(all);
        }
        if changes.len() > 1 {
            group_changes(&mut changes);
        }
        session.append(&changes)?;
        if let Some(first) = all.first_mut() {
            // The incident as it was before.
            let row = first.incident.as_ref();
            let notices = state_notices::notices_for_correction(session, row)?;
            first.notices.extend(notices);
        }
        for restored in &mut all {
            restored.incident = match &restored.incident {
                Some(row) => session.read().incident_row(row.id)?,
                None => None,
            };
        }
        Ok(all)
    })
}

/// Returns what the handle `typed` names, with the value that brings it back.
fn prepare(session: &Session, typed: &str) -> Result<(Restored, Target)> {
    let target = session.resolve_including_undone(typed)?;
    let read = session.read();
    let value = match &target.current.value {
        Value::Gone => {
            let before = value_before_undo(&read, &target.current)?;
            before.ok_or_else(|| {
                OpsError::failed(format!(
                    "`{typed}` was undone, and what it said is not here"
                ))
                .with_hint(format!("`bridgelog history {typed}` shows its versions"))
            })?
        }
        Value::Moved(to) => {
            let into = to.map(|id| read.incident_row(id)).transpose()?.flatten();
            let place = into.map_or_else(
                || "out of its incident".into(),
                |row| format!("to incident {}", label(&row)),
            );
            return Err(OpsError::failed(format!(
                "`{typed}` was moved {place}, and has not arrived in this database"
            ))
            .with_hint("`bridgelog import jsonl` imports the entries of the other one"));
        }
        value => value.clone(),
    };
    reject_destroyed(&value, &target)?;
    let mut value = without_retraction(value, &target)?;
    let row = match target.current.incident {
        Some(id) => read.incident_row(id)?,
        None => None,
    };
    let unchanged = value == target.current.value;
    let to = row.as_ref().map(|row| row.id);
    let mut notices = vec![];
    if value.event().is_some_and(|event| event.redacted.is_some()) {
        let back = if unchanged {
            ""
        } else {
            "its time and state are back; "
        };
        notices.push(format!("{back}its text was redacted for good"));
    }
    if let (Value::Message(message), Some(to), Some(id), false) =
        (&mut value, to, target.subject.id(), unchanged)
    {
        let number = free_number(&read.messages(to)?, id, message.number);
        if number != message.number {
            notices.push(format!("email m{} is m{number} now", message.number));
            message.number = number;
        }
    }
    let restored = Restored {
        handle: target.handle.clone(),
        value,
        incident: row,
        unchanged,
        notices,
    };
    Ok((restored, target))
}

/// Returns the value that `current`, which was undone, had before; `None` if its entry is not here.
pub(super) fn value_before_undo(
    read: &Reader<'_>,
    current: &SubjectState,
) -> Result<Option<Value>> {
    let versions = read.subject_versions(&current.subject, current.incident)?;
    let find = |id: Uuid| versions.iter().find(|v| v.header().id == id);
    let mut at = find(current.shown);
    for _ in 0..versions.len() {
        let Some(version) = at
            .and_then(|v| v.header().replaces.first())
            .and_then(|id| find(*id))
        else {
            return Ok(None);
        };
        let value = Value::from_body(version.body_bytes());
        if value.is_visible() {
            return Ok(Some(value));
        }
        at = Some(version);
    }
    Ok(None)
}

fn reject_destroyed(value: &Value, target: &Target) -> Result<()> {
    let redacted = match value {
        Value::Unreadable(Unreadable::Destroyed) => true,
        // Its time and state are not destroyed.
        Value::Event(event) => {
            event.redacted.is_some() && event.retracted.is_some() && !event.bears_state()
        }
        Value::Task(task) => task.redacted.is_some() && task.retracted.is_some(),
        _ => false,
    };
    if !redacted && !matches!(value, Value::Unreadable(_)) {
        return Ok(());
    }
    Err(OpsError::failed(format!(
        "the text of {} was redacted and cannot be brought back",
        target.handle
    ))
    .with_hint(format!(
        "log what may stay as a new event; `bridgelog history {}` shows who redacted it and why",
        target.handle
    )))
}

/// Returns `value` without its retraction.
///
/// # Errors
/// It is neither an event, a task nor a message.
fn without_retraction(value: Value, target: &Target) -> Result<Value> {
    Ok(match value {
        Value::Event(event) => Value::Event(Box::new(Event {
            retracted: None,
            ..*event
        })),
        Value::Task(task) => Value::Task(Box::new(Task {
            retracted: None,
            ..*task
        })),
        Value::Message(message) => Value::Message(message),
        _ => {
            return Err(OpsError::failed(format!(
                "{} is not an event, task or saved email",
                target.handle
            ))
            .with_hint("`bridgelog set` and `bridgelog write` give a field or section its text"));
        }
    })
}

/// Returns the events of `incident` (`None`: the unfiled ones) that were undone, with the values they had,
/// in timeline order. Those whose text was destroyed are left out.
pub fn undone_events(session: &Session, incident: Option<Uuid>) -> Result<Vec<Record<Event>>> {
    let undone = undone_with_acts(session, incident)?;
    Ok(undone.into_iter().map(|(event, _)| event).collect())
}

/// Returns what [`undone_events`] does, each event with the act that undid it together with others, if one
/// did.
pub fn undone_with_acts(
    session: &Session,
    incident: Option<Uuid>,
) -> Result<Vec<(Record<Event>, Option<Uuid>)>> {
    let read = session.read();
    let mut events = Vec::new();
    for (mut current, handle) in read.undone_events(incident)? {
        let Some(Value::Event(event)) = value_before_undo(&read, &current)? else {
            continue;
        };
        let act = match read.entry(current.shown)? {
            Some(entry) => body_if_kept(&entry)?.and_then(|body| body.group),
            None => None,
        };
        current.amended = false;
        events.extend(Record::new(&current, handle, *event).map(|event| (event, act)));
    }
    events.sort_by_key(|(event, _)| event.sort_key());
    Ok(events)
}
