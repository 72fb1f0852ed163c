//! How things are shown: one spelling of times, states and events for all verbs.
//!
//! Whatever a person wrote goes through [`sanitize`] here, and nowhere else on its way to a terminal.

use super::out::{BOLD, CYAN, DIM, GREEN, Out, RED, YELLOW, terminal_width};
pub use crate::ops::status::{event_text, format_date_time, format_time_of_day};
use crate::{
    domain::{
        event::Event,
        handle,
        incident::{Incident, Record},
        sanitize,
        states::States,
        time::{UtcTime, format_duration},
        value::Value,
        words::State,
        zone::Zone,
    },
    ops::resolve,
    store::IncidentRow,
};
use anstyle::Style;
use uuid::Uuid;

/// How an incident is named on a command line.
#[must_use]
pub fn short_ref(row: &IncidentRow) -> String {
    resolve::short_ref(row)
}

/// How an incident is spoken of, made safe to show.
#[must_use]
pub fn label(row: &IncidentRow) -> String {
    sanitize::line(&resolve::label(row)).into_owned()
}

/// The colour of a state.
#[must_use]
pub fn state_style(state: State) -> Style {
    match state {
        State::Ok => GREEN,
        State::AtRisk | State::Degraded | State::Unknown => YELLOW,
        State::Down => RED,
    }
}

/// The date and time of an event in the zone named.
#[must_use]
pub fn format_event_time(event: &Event, zone: &str) -> String {
    let zone = Zone::find(zone).unwrap_or_else(|_| Zone::utc());
    let about = if event.approximate { "~" } else { "" };
    format!("{about}{}", format_date_time(event.at_utc(), &zone))
}

/// A value on one line, made safe to show.
#[must_use]
pub fn format_value(value: &Value) -> String {
    let text = match value {
        Value::Event(event) => format!("{}: {}", event.kind, event_text(event)),
        Value::Task(task) => task.text.clone(),
        Value::Field(text) | Value::Section(text) => text.text.clone(),
        Value::Service(service) => service.public_name.clone().unwrap_or_default(),
        Value::Message(message) => format!("m{} {}", message.number, message.subject),
        Value::Moved(_) => "moved".to_owned(),
        Value::Gone => "taken back".to_owned(),
        Value::Unknown(unknown) => format!("[{}]", unknown.type_),
        Value::Unreadable(why) => format!("[{}]", why.as_str()),
    };
    let line = sanitize::line(&text).into_owned();
    match line.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// Says what an event was understood to be.
pub fn print_event(out: &Out, verb: &str, record: &Record<Event>, zone: &Zone) {
    let event = &record.value;
    let end = event
        .end_utc()
        .map(|end| format!(" until {}", format_date_time(end, zone)))
        .unwrap_or_default();
    let about = if event.approximate { "~" } else { "" };
    let mut line = format!(
        "{verb} {CYAN}{}{CYAN:#} {about}{}{end} {BOLD}{}{BOLD:#}",
        record.handle,
        format_date_time(event.at_utc(), zone),
        sanitize::line(event.kind.as_str()),
    );
    if let Some(state) = event.shown_state() {
        let style = state_style(state.known().unwrap_or(State::Unknown));
        line.push_str(&format!(
            " {style}{}{style:#}",
            sanitize::line(&state.to_string())
        ));
    }
    let marks = format_markers(event);
    if !marks.is_empty() {
        line.push_str(&format!(" {DIM}{}{DIM:#}", sanitize::line(&marks)));
    }
    out.print_line(&line);
    for (label, buffer) in labelled_texts(event) {
        out.print_line(&format!("  {label}{}", sanitize::line(&buffer)));
    }
}

/// The services, tags and people of an event as they are typed.
fn format_markers(event: &Event) -> String {
    event
        .services
        .iter()
        .map(|s| format!("@{s}"))
        .chain(event.people.iter().map(|p| format!("@{p}")))
        .chain(event.tags.iter().map(|t| format!("#{t}")))
        .chain(event.audience.iter().map(|a| format!("to {a}")))
        .chain(
            event
                .time_box_secs
                .map(|s| format!("within {}", format_duration(i64::from(s)))),
        )
        .chain(event.links.iter().map(|id| {
            let verb = if event.closes { "closes " } else { "" };
            format!("{verb}^{}", &handle::from_id(*id)[..handle::MIN_SHOWN_LEN])
        }))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The texts of an event, each with what it is.
fn labelled_texts(event: &Event) -> Vec<(&'static str, String)> {
    let mut parts = vec![("", event_text(event))];
    parts.extend(event.rationale.clone().map(|t| ("why: ", t)));
    parts.extend(event.rejected.clone().map(|t| ("not: ", t)));
    parts.extend(event.customer.clone().map(|t| ("customers will read: ", t)));
    parts.retain(|(_, text)| !text.is_empty());
    parts
}

/// The timeline of an incident, a row an event.
pub fn print_timeline(out: &Out, events: &[&Record<Event>], zone: &Zone, closed: &[Uuid]) {
    let mut day = String::new();
    for record in events {
        let event = &record.value;
        let today = zone
            .to_local(event.at_utc())
            .format("%a %-d %b %Y")
            .to_string();
        if today != day {
            out.print_line(&format!("{BOLD}{today}{BOLD:#}"));
            day = today;
        }
        let state = event.shown_state();
        let style = state.as_ref().map_or(Style::new(), |state| {
            state_style(state.known().unwrap_or(State::Unknown))
        });
        let time = format_time_of_day(event, zone);
        // A `~` stands before the column, so that the digits stay under one another.
        let time = if time.starts_with('~') {
            time
        } else {
            format!(" {time}")
        };
        let mut line = format!(
            " {time:<9} {CYAN}{}{CYAN:#} {BOLD}{:<9}{BOLD:#} {style}{:<9}{style:#}",
            record.handle,
            sanitize::line(event.kind.as_str()),
            state.map_or_else(String::new, |s| sanitize::line(&s.to_string()).into_owned()),
        );
        let style = if record.is_active() {
            Style::new()
        } else {
            DIM
        };
        line.push_str(&hanging_indent(&event_text(event), style, TEXT_COLUMN));
        let marks = format_markers(event);
        let flags = format_flags(record, closed);
        let tail = [marks.as_str(), flags.as_str(), record.author.as_str()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        let taken = TEXT_COLUMN + display_width(&event_text(event)) + 2 + display_width(&tail);
        let gap = match terminal_width() {
            Some(columns) if taken > columns => format!("\n{:TEXT_COLUMN$}", ""),
            _ => "  ".to_owned(),
        };
        line.push_str(&gap);
        line.push_str(&hanging_indent(&tail, DIM, TEXT_COLUMN));
        out.print_line(&line);
        for (label, text) in labelled_texts(event)
            .into_iter()
            .filter(|(label, _)| !label.is_empty())
        {
            let label = if label.starts_with("customers") {
                "✉ "
            } else {
                label
            };
            out.print_line(&format!(
                "{:TEXT_COLUMN$}{DIM}{label}{DIM:#}{}",
                "",
                hanging_indent(&text, Style::new(), TEXT_COLUMN + label.chars().count())
            ));
        }
    }
}

fn display_width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(&*sanitize::line(text))
}

/// Where the texts of a timeline begin.
const TEXT_COLUMN: usize = 38;

/// `text`, made safe, and on a terminal wrapped so that its lines hang at column `margin`.
fn hanging_indent(text: &str, style: Style, margin: usize) -> String {
    let text = sanitize::line(text);
    let width =
        terminal_width().map_or(usize::MAX, |columns| columns.saturating_sub(margin).max(20));
    if width == usize::MAX {
        return format!("{style}{text}{style:#}");
    }
    textwrap::wrap(&text, width)
        .iter()
        .map(|line| format!("{style}{line}{style:#}"))
        .collect::<Vec<_>>()
        .join(&format!("\n{:margin$}", ""))
}

fn format_flags(record: &Record<Event>, closed: &[Uuid]) -> String {
    let event = &record.value;
    let mut flags: Vec<String> = Vec::new();
    if let Some(reason) = &event.retracted {
        flags.push(format!("retracted: {reason}"));
    }
    if record.amended {
        flags.push("amended".into());
    }
    if record.conflicts > 0 {
        flags.push(format!("{} other versions", record.conflicts));
    }
    if closed.contains(&record.id) {
        flags.push("done".into());
    }
    flags.join(", ")
}

/// The header of an incident: number, title, severity, state, how long.
pub fn print_header(
    out: &Out,
    incident: &Incident,
    row: &IncidentRow,
    states: &States,
    now: UtcTime,
) {
    let state = match states.current() {
        _ if states.unknown => format!("{YELLOW}state?{YELLOW:#}"),
        Some(state) => {
            let style = state_style(state);
            format!("{style}{state}{style:#}")
        }
        None => "state?".to_owned(),
    };
    let severity = incident.severity().map_or_else(String::new, |s| {
        format!("  {}", s.to_string().to_uppercase())
    });
    out.print_line(&format!(
        "{BOLD}#{} {}{BOLD:#}{severity}  {state}",
        short_ref(row),
        sanitize::line(incident.title()),
    ));
    let mut parts = vec![
        if incident.is_open() {
            "open"
        } else {
            "resolved"
        }
        .to_owned(),
    ];
    if let (true, Some(start)) = (incident.is_open(), states.impact_start())
        && states.current().is_some_and(State::is_impact)
    {
        let since = (now - start.from).num_seconds();
        parts.push(format!("{} since impact", format_duration(since)));
    }
    if let Some(commander) = incident.commander() {
        parts.push(format!("commander {}", sanitize::line(commander)));
    }
    parts.push(format!("times in {}", sanitize::line(incident.zone())));
    out.print_line(&format!("{DIM}{}{DIM:#}", parts.join(" · ")));
}
