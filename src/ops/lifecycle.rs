//! Resolve, reopen, handoff and severity: events like others, so they can be amended and undone.

use super::{
    OpsError, Result, Session,
    context::{self, LineOptions},
    log::{self, LoggedEvent, PreparedEvent},
    resolve::{label, short_ref},
};
use crate::{
    domain::{
        capture::{self, Flags},
        event::Event,
        time::format_utc,
        words::{Kind, Severity},
    },
    store::IncidentRow,
};

/// A time as typed; `None` means now.
pub type TypedTime<'a> = Option<&'a str>;

/// Resolves the incident `given`, else the open one.
///
/// # Errors
/// None is open, it is already resolved, or the time is invalid.
pub fn resolve(
    session: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    text: &str,
) -> Result<LoggedEvent> {
    session.transact(|session| {
        let row = session.require_for_write(given, "resolve")?;
        if let Some(resolved) = row.resolved {
            return Err(OpsError::failed(format!(
                "incident {} was resolved at {}",
                label(&row),
                format_utc(resolved)
            ))
            .with_hint("`bridgelog reopen` if it is not over"));
        }
        let open = session.load_incident(&row)?.open_asks().len();
        let mut logged = log_transition(session, &row, at, text, Kind::Resolve)?;
        if open > 0 {
            logged.notices.push(format!(
            "open asks: {open}; `bridgelog task list` shows them, `bridgelog task done` closes one"
        ));
        }
        Ok(logged)
    })
}

/// Reopens the incident `given`, else the latest.
///
/// # Errors
/// It is open, or the time is invalid.
pub fn reopen(
    session: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    text: &str,
) -> Result<LoggedEvent> {
    session.transact(|session| {
        let row = match given.or(session.default_incident.as_deref()) {
            Some(given) => session.resolve_to_change(Some(given))?,
            None => session
                .read()
                .latest_incident()?
                .ok_or_else(|| OpsError::failed("there is no incident to reopen"))?,
        };
        if row.resolved.is_none() {
            return Err(OpsError::failed(format!(
                "incident {} is open",
                label(&row)
            )));
        }
        log_transition(session, &row, at, text, Kind::Reopen)
    })
}

fn log_transition(
    session: &mut Session,
    row: &IncidentRow,
    at: TypedTime<'_>,
    text: &str,
    kind: Kind,
) -> Result<LoggedEvent> {
    let (mut event, notices) = parse_line(session, row, at, text)?;
    context::validate_event(&event)?;
    event.kind = kind;
    if event.state.is_none() {
        // Without a state, the event applies to the whole incident, not to the services its text
        // names.
        event.services.clear();
    }
    log_event(session, row, event, notices)
}

/// Passes command of the incident `given`, else the open one, to `who`.
///
/// # Errors
/// None is open, the name is invalid, or the time is.
pub fn handoff(
    session: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    who: &str,
) -> Result<LoggedEvent> {
    session.transact(|session| {
        let row = session.require_for_write(given, "hand over")?;
        let who = context::validate_name(who.trim_start_matches('@'), "commander")?;
        let (mut event, notices) = parse_line(session, &row, at, "")?;
        event.kind = Kind::Handoff;
        event.text = format!("command passes to {who}");
        event.commander = Some(who.clone());
        let mut logged = log_event(session, &row, event, notices)?;
        let current = logged
            .incident
            .as_ref()
            .and_then(|row| row.commander.as_ref());
        if let Some(holds) = current.filter(|current| **current != who) {
            logged.notices.push(format!(
                "a later event gives {holds} the command, which holds now: `bridgelog show` has it"
            ));
        }
        Ok(logged)
    })
}

/// Sets the severity of the incident `given`, else the open one, from `at` on.
///
/// # Errors
/// None is open, it has that severity already, or the time is invalid.
pub fn set_severity(
    session: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    severity: Severity,
) -> Result<LoggedEvent> {
    session.transact(|session| {
        let row = session.require_for_write(given, "set the severity of")?;
        let (mut event, notices) = parse_line(session, &row, at, "")?;
        event.text = match &row.severity {
            Some(before) if *before == severity => {
                return Err(OpsError::failed(format!(
                    "incident {} is {severity} already",
                    short_ref(&row)
                )));
            }
            Some(before) => format!("severity {before} → {severity}"),
            None => format!("severity {severity}"),
        };
        event.severity = Some(severity.into());
        log_event(session, &row, event, notices)
    })
}

/// Parses `text` with its markers into an event at the time `at`. The text may be empty; the caller
/// sets the kind.
fn parse_line(
    session: &Session,
    row: &IncidentRow,
    at: TypedTime<'_>,
    text: &str,
) -> Result<(Event, Vec<String>)> {
    let mut line_context = session.line_context(Some(row), &LineOptions::for_typed_line(None))?;
    if text.trim().is_empty() {
        let when = line_context.parse_time(at)?;
        let mut event = Event::new(when.at, Kind::Note, "");
        event.zone = when.zone;
        event.approximate = when.approximate;
        return Ok((event, vec![]));
    }
    let flags = Flags {
        at: Some(at.unwrap_or("0s ago").to_owned()),
        kind: Some(Kind::Note.as_str().to_owned()),
        ..Flags::default()
    };
    line_context.parse_with(session, text, |context| {
        let read = capture::parse(text, &flags, context)?;
        let notices = read.notices.clone();
        Ok((read.into_event(context)?, notices))
    })
}

fn log_event(
    session: &mut Session,
    row: &IncidentRow,
    event: Event,
    notices: Vec<String>,
) -> Result<LoggedEvent> {
    let id = row.id;
    let mut logged =
        log::commit(session, vec![PreparedEvent { event, notices }], Some(row))?.remove(0);
    logged.incident = session.read().incident_row(id)?;
    Ok(logged)
}
