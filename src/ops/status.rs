//! Formats times and values for the command line.

use crate::domain::{event::Event, sanitize, time::UtcTime, value::Value, zone::Zone};

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

/// Formats the time of an event as one would [type](Zone::typed) it, with `~` if it is approximate.
#[must_use]
pub fn editable_time(event: &Event, zone: &Zone) -> String {
    let about = if event.approximate { "~" } else { "" };
    format!("{about}{}", zone.typed(event.at_utc()))
}

/// Formats `10:06` (or `10:06-10:20`), with seconds unless they are zero and `~` if approximate. An end at
/// another offset from UTC has its zone.
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
            let zone = match end.offset() == zone.to_local(at).offset() {
                true => String::new(),
                false => format!(" {}", zone.abbreviation(end.to_utc())),
            };
            format!("{}{zone}", end.format(form))
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

/// Formats a value on one line of at most 200 characters, safe to print.
#[must_use]
pub fn value_line(value: &Value) -> String {
    let text = sanitize::one_line(&value_text(value)).into_owned();
    match text.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// Formats a value as text of any length.
#[must_use]
pub fn value_text(value: &Value) -> String {
    match value {
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
    }
}
