//! Takes an import back by its own handle, however large it is.

use super::super::{
    OpsError, Result, Session, resolve::Target, state_notices, typed_text::validate_text,
    write_context::group_changes,
};
use crate::domain::{
    event::Event,
    incident::Record,
    source::Import,
    subject::Subject,
    value::{Body, Operation, Value},
};
use uuid::Uuid;

/// `undo` takes back an import of at most so many events; a larger one is retracted, with a reason.
pub const MAX_UNDONE_EVENTS: usize = 10_000;
/// How many events are written at once.
const BATCH: usize = 1000;

/// What was retracted.
#[derive(Clone, Debug)]
pub struct RetractedImport {
    pub import: Import,
    /// The import's handle.
    pub handle: String,
    pub events: usize,
    /// Remarks on the incident after it, one sentence each.
    pub notices: Vec<String>,
}

/// Retracts the import with the handle `typed`; `None` if that is not the handle of an import.
///
/// # Errors
/// An unknown handle, an empty reason, or no event is left of it.
pub fn retract_named(
    session: &mut Session,
    typed: &str,
    reason: &str,
) -> Result<Option<RetractedImport>> {
    let target = session.resolve_target(typed)?;
    match &target.current.value {
        Value::Import(import) => retract_import(session, &target, import, reason).map(Some),
        _ => Ok(None),
    }
}

/// Retracts every event of an import that is not retracted; they stay in the history with the `reason`. Events
/// that were corrected since are retracted too.
///
/// # Errors
/// An empty reason, or no event is left of it.
fn retract_import(
    session: &mut Session,
    target: &Target,
    import: &Import,
    reason: &str,
) -> Result<RetractedImport> {
    let reason = validate_text(reason, "reason")?;
    let Some(id) = target.subject.id() else {
        return Err(OpsError::failed("the import has no id"));
    };
    session.transact(|session| {
        let before = match target.current.incident {
            Some(id) => session.read().incident_row(id)?,
            None => None,
        };
        let events = events_of(session, target.current.incident, id)?;
        if events.is_empty() {
            return Err(OpsError::failed(format!(
                "no event of the import {} is left to retract",
                target.handle
            ))
            .with_hint("`bridgelog show --all` lists what was retracted and undone"));
        }
        let mut group = None;
        for batch in events.chunks(BATCH) {
            let mut changes = Vec::with_capacity(batch.len());
            for event in batch {
                let subject = Subject::Event(*event);
                let state = session
                    .read()
                    .subject_state(&subject, target.current.incident)?;
                let Some((current, _)) = state else { continue };
                let Value::Event(event) = &current.value else {
                    continue;
                };
                let value = Value::Event(Box::new(Event {
                    retracted: Some(reason.clone()),
                    ..(**event).clone()
                }));
                changes.push(session.write_context.new_change(
                    current.incident,
                    subject,
                    current.head_ids(),
                    Body::new(Operation::Retract, value),
                ));
            }
            group_changes(&mut changes);
            group = group.or(changes.first().map(|first| first.id));
            for change in &mut changes {
                change.body.group = group;
            }
            session.append(&changes)?;
        }
        Ok(RetractedImport {
            import: import.clone(),
            handle: target.handle.clone(),
            events: events.len(),
            notices: state_notices::notices_for_correction(session, before.as_ref())?,
        })
    })
}

/// Returns the ids of the events of an import that are not retracted.
fn events_of(session: &Session, incident: Option<Uuid>, import: Uuid) -> Result<Vec<Uuid>> {
    let is_of_import = |event: &Record<Event>| {
        let source = event.value.source.as_ref();
        source.is_some_and(|source| source.import == import) && event.value.retracted.is_none()
    };
    let mut ids = Vec::new();
    match incident {
        Some(incident) => {
            let in_body = format!("\"import\":\"{import}\"");
            session.read().for_newest_events_containing(
                incident,
                usize::MAX,
                &[&in_body],
                |events| ids.extend(events.iter().filter(|e| is_of_import(e)).map(|e| e.id)),
            )?;
        }
        None => {
            let events = session.read().unfiled_events(None, usize::MAX)?;
            ids.extend(events.iter().filter(|e| is_of_import(e)).map(|e| e.id));
        }
    }
    Ok(ids)
}
