//! Corrects who held the command and how severe the incident was: the event that says so is amended, and
//! the timeline gets no row. A change from a time on is an event of its own, see `lifecycle.rs`.

use super::{
    OpsError, Result, Session,
    amend::write_version,
    lifecycle::{self, TypedTime},
    person::TypedPerson,
    resolve::short_ref,
};
use crate::{
    domain::{
        event::Event,
        incident::Record,
        value::{Operation, Value},
        words::{Severity, Word},
    },
    store::IncidentRow,
};

/// A correction that was written.
#[derive(Clone, Debug)]
pub struct Corrected {
    /// The event as it is now.
    pub event: Record<Event>,
    /// What it said before.
    pub before: Option<String>,
    /// Remarks on its time, one sentence each.
    pub notices: Vec<String>,
}

/// Corrects who held the command of `row` at the time `at`, or holds it now.
///
/// # Errors
/// The name is invalid, that person is named already, or there was no commander at that time.
pub fn correct_commander(
    session: &mut Session,
    row: &IncidentRow,
    at: TypedTime<'_>,
    who: &str,
) -> Result<Corrected> {
    let TypedPerson {
        name: who, notice, ..
    } = session.typed_person(who, "commander")?;
    let (at, mut notices) = lifecycle::typed_instant(session, row, at)?;
    let incident = session.load_incident(row)?;
    let names_one = |event: &Event| event.commander.is_some();
    let Some(record) = incident.in_force(at, names_one) else {
        return Err(
            OpsError::failed(format!("incident {} had no commander then", short_ref(row)))
                .with_hint("`bridgelog handoff WHO --at WHEN` hands over command from a time on"),
        );
    };
    let before = record.value.commander.clone();
    if before.as_deref() == Some(who.as_str()) {
        return Err(OpsError::failed(format!(
            "{who} is the commander of incident {} already",
            short_ref(row)
        ))
        .with_hint("`bridgelog handoff WHO` hands over command"));
    }
    notices.extend(notice);
    let said = before.as_deref().map(lifecycle::handoff_text);
    let corrected = amend_event(session, record, before, |event| {
        if said.as_ref() == Some(&event.text) {
            event.text = lifecycle::handoff_text(&who);
        }
        event.commander = Some(who);
    })?;
    Ok(Corrected {
        notices,
        ..corrected
    })
}

/// Corrects the severity of `row`.
///
/// # Errors
/// It has that severity already.
pub fn correct_severity(
    session: &mut Session,
    row: &IncidentRow,
    severity: Word<Severity>,
) -> Result<Corrected> {
    let incident = session.load_incident(row)?;
    let record = incident
        .in_force(None, |event| event.severity.is_some())
        .or_else(|| incident.declaration())
        .ok_or_else(|| OpsError::failed("the incident has no declaration here"))?;
    let old = record.value.severity.clone();
    if old.as_ref() == Some(&severity) {
        return Err(
            OpsError::failed(format!("incident {} is {severity} already", short_ref(row)))
                .with_hint("`bridgelog set severity` takes another one"),
        );
    }
    let before = old.map(|old| old.to_string());
    let said = before.clone();
    amend_event(session, record, before, |event| {
        let shown = said.and_then(|old| event.text.strip_suffix(&old).map(str::to_owned));
        if let Some(start) = shown.filter(|start| start.starts_with(lifecycle::SEVERITY_TEXT)) {
            event.text = format!("{start}{severity}");
        }
        event.severity = Some(severity);
    })
}

fn amend_event(
    session: &mut Session,
    record: &Record<Event>,
    before: Option<String>,
    change: impl FnOnce(&mut Event),
) -> Result<Corrected> {
    let mut event = record.value.clone();
    change(&mut event);
    let target = session.resolve_target(&record.handle)?;
    let value = Value::Event(Box::new(event.clone()));
    write_version(session, &target, Operation::Amend, value)?;
    Ok(Corrected {
        event: Record {
            value: event,
            amended: true,
            ..record.clone()
        },
        before,
        notices: vec![],
    })
}
