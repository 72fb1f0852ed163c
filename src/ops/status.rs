//! Formats the state of an incident as a sentence for chat, and times for the command line.

use super::{Result, resolve::short_ref};
use crate::{
    domain::value::Value,
    domain::{
        document_text,
        event::Event,
        incident::Incident,
        metrics::Metrics,
        states::States,
        time::{UtcTime, format_duration, parse_utc},
        words::{Kind, State},
        zone::Zone,
    },
    store::IncidentRow,
};

/// Returns a paragraph for chat on how `incident` is at `now`, with only what documents show.
///
/// # Errors
/// An unknown zone.
pub fn chat_summary(incident: &Incident, row: &IncidentRow, now: UtcTime) -> Result<String> {
    let (states, zone) = (&States::from_incident(incident), &Zone::find(&row.zone)?);
    let next_update = incident
        .fields
        .get("next-update")
        .and_then(|text| parse_utc(text));
    let severity = incident.severity().map_or_else(String::new, |s| {
        format!(" ({})", s.to_string().to_uppercase())
    });
    let state = match states.current() {
        Some(State::Unknown) => "in a state that is not known".to_owned(),
        Some(state) => state.to_string(),
        None => "without a state so far".to_owned(),
    };
    let mut text = format!(
        "#{} {}{}{severity}: {}, {}",
        short_ref(row),
        if row.is_drill { "DRILL " } else { "" },
        document_text::line(incident.title()),
        if incident.is_open() {
            "open"
        } else {
            "resolved"
        },
        state,
    );
    if let Some(impact) = Metrics::compute(incident, states, now)
        .get("impact")
        .and_then(|f| f.seconds)
        .filter(|s| *s > 0)
    {
        text.push_str(&format!("; {} of impact", format_duration(impact)));
    }
    text.push('.');
    let last = incident.active_events().rev().find(|e| {
        matches!(
            e.value.kind,
            Kind::Decision
                | Kind::Action
                | Kind::Mitigate
                | Kind::Restore
                | Kind::Cause
                | Kind::Fault
                | Kind::Resolve
                | Kind::Reopen
        )
    });
    if let Some(last) = last {
        text.push_str(&format!(
            " Last: {} {}: {}.",
            format_event_time(&last.value, zone),
            last.value.kind,
            document_text::line(event_text(&last.value).trim_end_matches('.'))
        ));
    }
    if let Some(commander) = incident.commander() {
        text.push_str(&format!(" Commander: {}.", document_text::line(commander)));
    }
    if let Some(due) = next_update.filter(|_| incident.is_open()) {
        let late = if due < now { " (overdue)" } else { "" };
        text.push_str(&format!(
            " Next customer update: {}{late}.",
            format_date_time(due, zone)
        ));
    }
    Ok(text)
}

/// Formats `2012-08-16 10:06 EDT`, with seconds unless they are zero.
#[must_use]
pub fn format_date_time(at: UtcTime, zone: &Zone) -> String {
    let local = zone.to_local(at);
    let seconds = if at.timestamp() % 60 == 0 { "" } else { ":%S" };
    format!(
        "{} {}",
        local.format(&format!("%Y-%m-%d %H:%M{seconds}")),
        zone.abbreviation(at)
    )
}

/// Formats an event's date and time in `zone`, with `~` if approximate.
#[must_use]
pub fn format_event_time(event: &Event, zone: &Zone) -> String {
    let approximate_mark = if event.approximate { "~" } else { "" };
    format!(
        "{approximate_mark}{}",
        format_date_time(event.at_utc(), zone)
    )
}

/// Formats the time of an event as one would type it: date, time with seconds, `~` if it is approximate.
#[must_use]
pub fn editable_time(event: &Event, zone: &Zone) -> String {
    let about = if event.approximate { "~" } else { "" };
    let at = zone.to_local(event.at_utc());
    format!("{about}{}", at.format("%Y-%m-%d %H:%M:%S"))
}

/// Formats `10:06` (or `10:06-10:20`), with seconds unless they are zero and `~` if approximate.
#[must_use]
pub fn format_time_of_day(event: &Event, zone: &Zone) -> String {
    let at = event.at_utc();
    let seconds = if at.timestamp() % 60 == 0 { "" } else { ":%S" };
    let about = if event.approximate { "~" } else { "" };
    let end = event
        .end_utc()
        .map(|end| {
            let end = zone.to_local(end);
            // An end on another day says which.
            let is_same_day = end.date_naive() == zone.to_local(at).date_naive();
            let form = if is_same_day {
                "-%H:%M"
            } else {
                "-%-d %b %H:%M"
            };
            end.format(form).to_string()
        })
        .unwrap_or_default();
    format!(
        "{about}{}{end}",
        zone.to_local(at).format(&format!("%H:%M{seconds}"))
    )
}

/// Returns the event's text, or a note that it was redacted.
#[must_use]
pub fn event_text(event: &Event) -> String {
    match &event.redacted {
        Some(reason) => format!("[redacted: {reason}]"),
        None => event.text.clone(),
    }
}

/// Formats a value on one line of at most 200 characters.
#[must_use]
pub fn value_line(value: &Value) -> String {
    let text = match value {
        Value::Event(event) => format!("{}: {}", event.kind, event_text(event)),
        Value::Task(task) => task.text.clone(),
        Value::Field(text) | Value::Section(text) => text.text.clone(),
        Value::Service(service) => match service.name_change.change() {
            Some(change) => change.to_string(),
            None => service.public_name.clone().unwrap_or_default(),
        },
        Value::Person(person) => person
            .name_change
            .change()
            .map_or_else(String::new, |change| change.to_string()),
        Value::Message(message) => format!("m{} {}", message.number, message.subject),
        Value::Import(import) => format!("import of {} ({})", import.name, import.format),
        Value::File(file) if file.redacted.is_some() => "[redacted file]".to_owned(),
        Value::File(file) => file.name.clone(),
        Value::Moved(_) => "moved".to_owned(),
        Value::Gone => "taken back".to_owned(),
        Value::Unknown(unknown) => format!("[{}]", unknown.type_),
        Value::Unreadable(why) => format!("[{}]", why.as_str()),
    };
    match text.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
