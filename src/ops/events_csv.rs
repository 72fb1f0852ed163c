//! Events as a table of comma-separated values, for spreadsheets. Unlike the journal it cannot be imported
//! again without loss.

use super::{OpsError, Result, Session, resolve::short_ref};
use crate::{
    domain::{
        document_text,
        event::Event,
        handle,
        incident::Record,
        states::shown_state,
        time::format_utc,
        words::{State, Word},
    },
    store::{IncidentRow, TimelineCursor},
};
use std::io::Write;
use uuid::Uuid;

/// How many events are read at once.
const PAGE: usize = 1000;

/// The columns. Times are RFC 3339 in UTC; several names in a cell are separated by spaces.
const COLUMNS: [&str; 20] = [
    "incident",
    "handle",
    "at",
    "end",
    "approximate",
    "kind",
    "state",
    "text",
    "why",
    "not",
    "customer",
    "services",
    "tags",
    "people",
    "links",
    "author",
    "recorded_at",
    "amended",
    "retracted",
    "source",
];

/// Writes the events of one incident, or of all and those that are unassigned, oldest incident first; returns how
/// many. A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-` or `@`) gets an
/// apostrophe before it.
///
/// # Errors
/// The store cannot be read, or `to` cannot be written.
pub fn export(session: &Session, only: Option<IncidentRow>, to: &mut dyn Write) -> Result<u64> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(COLUMNS).map_err(write_error)?;
    let mut written = 0;
    let incidents = match only {
        Some(row) => vec![Some(row)],
        None => {
            let mut rows = session.read().incidents()?;
            rows.reverse();
            rows.into_iter().map(Some).chain([None]).collect()
        }
    };
    for incident in incidents {
        written += export_incident(session, incident.as_ref(), &mut writer)?;
    }
    writer.flush().map_err(|e| write_error(e.into()))?;
    Ok(written)
}

fn export_incident(
    session: &Session,
    incident: Option<&IncidentRow>,
    writer: &mut csv::Writer<&mut dyn Write>,
) -> Result<u64> {
    let name = incident.map(short_ref).unwrap_or_default();
    let mut after: Option<TimelineCursor> = None;
    let mut written = 0;
    loop {
        let id = incident.map(|row| row.id);
        let page = session.read().oldest_events(id, PAGE, after)?;
        let Some(last) = page.last() else {
            return Ok(written);
        };
        after = Some(last.sort_key());
        let started = session.started_states(incident, &page)?;
        for event in &page {
            // What is not known is nothing, as in `show --json`.
            let state = shown_state(event, &started).filter(|state| *state != State::Unknown);
            writer
                .write_record(cells(session, &name, event, state))
                .map_err(write_error)?;
            written += 1;
        }
    }
}

/// The cells of a row; `state` is the one that the event gives or began.
fn cells(
    session: &Session,
    incident: &str,
    record: &Record<Event>,
    state: Option<Word<State>>,
) -> [String; 20] {
    let event = &record.value;
    let optional = |text: &Option<String>| text.as_deref().map(plain).unwrap_or_default();
    let names = |names: &[String]| plain(&names.join(" "));
    let flag = |set: bool| if set { "true" } else { "false" }.to_owned();
    let handle_of = |id: &Uuid| {
        let short = session.read().handle_of(*id);
        short.unwrap_or_else(|_| handle::from_id(*id))
    };
    let links: Vec<String> = event.links.iter().map(handle_of).collect();
    let source = event.source.as_ref().map(|source| {
        let parts = [&source.format, &source.instance, &source.id];
        plain(&parts.map(String::as_str).join(" "))
    });
    [
        incident.to_owned(),
        record.handle.clone(),
        format_utc(event.at_utc()),
        event.end_utc().map(format_utc).unwrap_or_default(),
        flag(event.approximate),
        plain(event.kind.as_str()),
        state.map(|state| state.to_string()).unwrap_or_default(),
        match &event.redacted {
            Some(reason) => plain(&format!("[redacted: {reason}]")),
            None => plain(&event.text),
        },
        optional(&event.rationale),
        optional(&event.rejected),
        optional(&event.customer),
        names(&event.services),
        names(&event.tags),
        names(&event.people),
        links.join(" "),
        plain(&record.author),
        format_utc(record.recorded),
        flag(record.amended),
        optional(&event.retracted),
        source.unwrap_or_default(),
    ]
}

/// Returns a text as every program shows it, and as none runs it.
fn plain(text: &str) -> String {
    let text = document_text::block(text);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{text}");
    }
    text.into_owned()
}

fn write_error(error: csv::Error) -> OpsError {
    OpsError::failed("the export cannot be written")
        .with_source(error)
        .with_hint("make room, or send it somewhere else")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn formulas_stay_text() {
        assert_eq!(plain("=1+1"), "'=1+1");
        assert_eq!(plain("-5 % load"), "'-5 % load");
        assert_eq!(plain("load = 5"), "load = 5");
    }
}
