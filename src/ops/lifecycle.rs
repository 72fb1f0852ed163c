//! An incident ends, begins again, changes hands, changes severity: events like others.

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

/// When something is said to have been, as typed; now where missing.
pub type TypedTime<'a> = Option<&'a str>;

/// Ends the incident `given`, or the open one.
///
/// # Errors
/// None open, or it is over already; a wrong time.
pub fn resolve(
    book: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    text: &str,
) -> Result<LoggedEvent> {
    let row = book.require_for_write(given, "resolve")?;
    if let Some(resolved) = row.resolved {
        return Err(OpsError::failed(format!(
            "incident {} was resolved at {}",
            label(&row),
            format_utc(resolved)
        ))
        .with_hint("`bridgelog reopen` if it is not over"));
    }
    let open = book.load_incident(&row)?.open_asks().len();
    let mut logged = log_transition(book, &row, at, text, Kind::Resolve)?;
    if open > 0 {
        logged.notices.push(format!(
            "open asks: {open}; `bridgelog task list` shows them, `bridgelog task done` closes one"
        ));
    }
    Ok(logged)
}

/// Takes back that the incident `given`, or the latest, is over.
///
/// # Errors
/// It is open; a wrong time.
pub fn reopen(
    book: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    text: &str,
) -> Result<LoggedEvent> {
    let row = match given.or(book.default_incident.as_deref()) {
        Some(given) => book.resolve_for_read(Some(given))?,
        None => book
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
    log_transition(book, &row, at, text, Kind::Reopen)
}

fn log_transition(
    book: &mut Session,
    row: &IncidentRow,
    at: TypedTime<'_>,
    text: &str,
    kind: Kind,
) -> Result<LoggedEvent> {
    let (mut event, notices) = parse_line(book, row, at, text)?;
    event.kind = kind;
    if event.state.is_none() {
        // What ends, ends for all of its services.
        event.services.clear();
    }
    log_event(book, row, event, notices)
}

/// Command of the incident `given`, or the open one, passes to `who`.
///
/// # Errors
/// None open, an empty name, a wrong time.
pub fn handoff(
    book: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    who: &str,
) -> Result<LoggedEvent> {
    let row = book.require_for_write(given, "hand over")?;
    let who = context::validate_name(who.trim_start_matches('@'), "commander")?;
    let (mut event, notices) = parse_line(book, &row, at, "")?;
    event.kind = Kind::Handoff;
    event.text = format!("command passes to {who}");
    event.commander = Some(who.clone());
    let mut logged = log_event(book, &row, event, notices)?;
    let holds = logged
        .incident
        .as_ref()
        .and_then(|now| now.commander.as_ref());
    if let Some(holds) = holds.filter(|holds| **holds != who) {
        logged.notices.push(format!(
            "a later event gives {holds} the command, which holds now: `bridgelog show` has it"
        ));
    }
    Ok(logged)
}

/// The severity of the incident `given`, or the open one, is `severity` from `at` on.
///
/// # Errors
/// None open, a wrong time.
pub fn set_severity(
    book: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    severity: Severity,
) -> Result<LoggedEvent> {
    let row = book.require_for_write(given, "set the severity of")?;
    let (mut event, notices) = parse_line(book, &row, at, "")?;
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
    log_event(book, &row, event, notices)
}

/// What `text` gives as markers, at the time `at`; its text may be empty, its kind is the caller's.
fn parse_line(
    book: &Session,
    row: &IncidentRow,
    at: TypedTime<'_>,
    text: &str,
) -> Result<(Event, Vec<String>)> {
    let mut known = book.line_context(Some(row), &LineOptions::for_typed_line(None))?;
    if text.trim().is_empty() {
        let when = known.parse_time(at)?;
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
    known.parse_with(book, text, |context| {
        let read = capture::parse(text, &flags, context)?;
        let notices = read.notices.clone();
        Ok((read.into_event(context)?, notices))
    })
}

fn log_event(
    book: &mut Session,
    row: &IncidentRow,
    event: Event,
    notices: Vec<String>,
) -> Result<LoggedEvent> {
    let id = row.id;
    let mut logged =
        log::commit(book, vec![PreparedEvent { event, notices }], Some(row))?.remove(0);
    logged.incident = book.read().incident_row(id)?;
    Ok(logged)
}
