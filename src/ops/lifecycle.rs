//! An incident ends, begins again, changes hands, changes severity: events like others.

use super::{
    Book, OpsError, Result,
    context::{self, Given},
    log::{self, Logged, Prepared},
    which::{called, reference},
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
pub type At<'a> = Option<&'a str>;

/// Ends the incident `given`, or the open one.
///
/// # Errors
/// None open, or it is over already; a wrong time.
pub fn resolve(book: &mut Book, given: Option<&str>, at: At<'_>, text: &str) -> Result<Logged> {
    let row = book.writing_in(given, "resolve")?;
    if let Some(resolved) = row.resolved {
        return Err(OpsError::failed(format!(
            "incident {} was resolved at {}",
            called(&row),
            format_utc(resolved)
        ))
        .hint("`bridgelog reopen` if it is not over"));
    }
    let open = book.incident(&row)?.open_asks().len();
    let mut logged = turn(book, &row, at, text, Kind::Resolve)?;
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
pub fn reopen(book: &mut Book, given: Option<&str>, at: At<'_>, text: &str) -> Result<Logged> {
    let row = match given.or(book.incident.as_deref()) {
        Some(given) => book.reading(Some(given))?,
        None => book
            .read()
            .latest_incident()?
            .ok_or_else(|| OpsError::failed("there is no incident to reopen"))?,
    };
    if row.resolved.is_none() {
        return Err(OpsError::failed(format!(
            "incident {} is open",
            called(&row)
        )));
    }
    turn(book, &row, at, text, Kind::Reopen)
}

fn turn(book: &mut Book, row: &IncidentRow, at: At<'_>, text: &str, kind: Kind) -> Result<Logged> {
    let (mut event, notices) = read_line(book, row, at, text)?;
    event.kind = kind;
    if event.state.is_none() {
        // What ends, ends for all of its services.
        event.services.clear();
    }
    one(book, row, event, notices)
}

/// Command of the incident `given`, or the open one, passes to `who`.
///
/// # Errors
/// None open, an empty name, a wrong time.
pub fn handoff(book: &mut Book, given: Option<&str>, at: At<'_>, who: &str) -> Result<Logged> {
    let row = book.writing_in(given, "hand over")?;
    let who = context::name(who.trim_start_matches('@'), "commander")?;
    let (mut event, notices) = read_line(book, &row, at, "")?;
    event.kind = Kind::Handoff;
    event.text = format!("command passes to {who}");
    event.commander = Some(who.clone());
    let mut logged = one(book, &row, event, notices)?;
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
pub fn severity(
    book: &mut Book,
    given: Option<&str>,
    at: At<'_>,
    severity: Severity,
) -> Result<Logged> {
    let row = book.writing_in(given, "set the severity of")?;
    let (mut event, notices) = read_line(book, &row, at, "")?;
    event.text = match &row.severity {
        Some(before) if *before == severity => {
            return Err(OpsError::failed(format!(
                "incident {} is {severity} already",
                reference(&row)
            )));
        }
        Some(before) => format!("severity {before} → {severity}"),
        None => format!("severity {severity}"),
    };
    event.severity = Some(severity.into());
    one(book, &row, event, notices)
}

/// What `text` gives as markers, at the time `at`; its text may be empty, its kind is the caller's.
fn read_line(
    book: &Book,
    row: &IncidentRow,
    at: At<'_>,
    text: &str,
) -> Result<(Event, Vec<String>)> {
    let mut known = book.context(Some(row), &Given::typed(None))?;
    if text.trim().is_empty() {
        let when = known.at(at)?;
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
    known.with(book, text, |context| {
        let read = capture::parse(text, &flags, context)?;
        let notices = read.notices.clone();
        Ok((read.into_event(context)?, notices))
    })
}

fn one(book: &mut Book, row: &IncidentRow, event: Event, notices: Vec<String>) -> Result<Logged> {
    let id = row.id;
    let mut logged = log::commit(book, vec![Prepared { event, notices }], Some(row))?.remove(0);
    logged.incident = book.read().incident_row(id)?;
    Ok(logged)
}
