//! How incidents, events, states and times are printed, the same in all commands.
//!
//! Text that users wrote goes through [`sanitize`] here.

use super::{
    indent::{hanging_indent, indented, last_line_width},
    out::{BOLD, CYAN, DIM, GREEN, Out, RED, YELLOW, terminal_width},
};
pub use crate::ops::status::{
    event_text, format_date_time, format_event_time, format_time_of_day, value_line,
};
use crate::{
    domain::{
        count::counted,
        event::Event,
        handle,
        hash::Hash,
        incident::{Incident, Record},
        sanitize,
        states::{StartedStates, States, shown_state},
        time::{UtcTime, format_duration},
        words::{State, Word},
        zone::Zone,
    },
    ops::resolve,
    store::IncidentRow,
};
use anstyle::Style;
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// Returns the people whom `event` names, safe to print: each as ` @NAME`.
#[must_use]
pub fn format_people(event: &Event) -> String {
    let people: String = event.people.iter().map(|p| format!(" @{p}")).collect();
    sanitize::line(&people).into_owned()
}

/// Returns the incident's number, or its handle if it has none.
#[must_use]
pub fn short_ref(row: &IncidentRow) -> String {
    resolve::short_ref(row)
}

/// Returns the incident's reference, title and handle, sanitised.
#[must_use]
pub fn label(row: &IncidentRow) -> String {
    sanitize::line(&resolve::label(row)).into_owned()
}

#[must_use]
pub fn state_style(state: State) -> Style {
    match state {
        State::Ok => GREEN,
        State::AtRisk | State::Degraded | State::Unknown => YELLOW,
        State::Down => RED,
    }
}

/// Formats the date and time of an event, with its end if it has one.
#[must_use]
pub fn format_span(event: &Event, zone: &Zone) -> String {
    let end = event.end_utc();
    let end = end.map(|end| format!(" until {}", format_date_time(end, zone)));
    format!(
        "{}{}",
        format_event_time(event, zone),
        end.unwrap_or_default()
    )
}

/// Prints an event after `verb` (`logged in 7`), with everything that was parsed from its line.
pub fn print_event(
    out: &Out,
    verb: &str,
    record: &Record<Event>,
    state: Option<&Word<State>>,
    zone: &Zone,
) {
    let event = &record.value;
    // An event that is not logged has none.
    let handle = match record.handle.as_str() {
        "" => String::new(),
        handle => format!("{CYAN}{handle}{CYAN:#} "),
    };
    let mut line = format!(
        "{verb} {handle}{} {BOLD}{}{BOLD:#}",
        format_span(event, zone),
        sanitize::line(event.kind.as_str()),
    );
    if let Some(state) = state {
        let style = state_style(state.known().unwrap_or(State::Unknown));
        line.push_str(&format!(" {style}{}{style:#}", state_word(state)));
    }
    let commander = event.commander_beside_text();
    let commander = commander.map_or_else(String::new, |who| format!("to @{who} "));
    let markers = commander + &format_markers(event);
    if !markers.is_empty() {
        line.push_str(&format!(
            " {DIM}{}{DIM:#}",
            sanitize::line(markers.trim_end())
        ));
    }
    out.print_line(&line);
    let destroyed = BTreeSet::new();
    let evidence = evidence_lines(event, &destroyed);
    for (label, buffer) in labelled_texts(event).into_iter().chain(evidence) {
        let text = sanitize::block(&buffer);
        let text = indented(text.trim_end().lines(), Style::new(), 4);
        out.print_line(&format!("  {label}{text}"));
    }
}

/// Returns the word for the state of an event; one of a newer version as it was given.
fn state_word(state: &Word<State>) -> String {
    match state {
        Word::Known(state) => state.label().to_owned(),
        Word::Other(word) => sanitize::line(word).into_owned(),
    }
}

/// Lists the markers of an event as typed: services, people, tags, audience, time box, links.
pub(super) fn format_markers(event: &Event) -> String {
    event
        .typed_names()
        .chain(event.audience.iter().map(|a| format!("to {a}")))
        .chain(
            event
                .time_box_secs
                .map(|s| format!("within {}", format_duration(i64::from(s)))),
        )
        .chain(event.links.iter().map(|id| {
            let verb = if event.closes { "closes " } else { "" };
            format!("{verb}^{}", handle::shown(*id))
        }))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns the non-empty texts of an event, each with its label.
fn labelled_texts(event: &Event) -> Vec<(&'static str, String)> {
    let mut parts = vec![("", event_text(event))];
    parts.extend(event.rationale.clone().map(|t| ("why: ", t)));
    parts.extend(event.rejected.clone().map(|t| ("not: ", t)));
    parts.extend(event.customer.clone().map(|t| ("customers will read: ", t)));
    parts.retain(|(_, text)| !text.is_empty());
    parts
}

/// Returns the files and links of an event, each with its label. `destroyed` are the files whose content is
/// no longer there.
fn evidence_lines(
    event: &Event,
    destroyed: &BTreeSet<Hash>,
) -> impl Iterator<Item = (&'static str, String)> {
    let files = event.files.iter().map(|file| {
        let redacted = if destroyed.contains(&file.sha256) {
            ", content redacted"
        } else {
            ""
        };
        let text = format!("{} {}{redacted}", file.label(), file.short_hash());
        ("file: ", text)
    });
    files.chain(event.urls.iter().map(|url| ("link: ", url.clone())))
}

/// Which events of a timeline are marked.
#[derive(Debug, Default)]
pub struct TimelineMarks {
    /// Asks that are done.
    pub closed: HashSet<Uuid>,
    /// Events that were undone.
    pub undone: HashSet<Uuid>,
    /// Files whose content was destroyed.
    pub destroyed_files: BTreeSet<Hash>,
}

impl TimelineMarks {
    /// Marks the asks that one of `events` closes.
    pub fn new<'a>(events: impl IntoIterator<Item = &'a Record<Event>>) -> Self {
        Self {
            closed: events
                .into_iter()
                .filter(|e| e.is_active() && e.value.closes)
                .flat_map(|e| e.value.links.iter().copied())
                .collect(),
            undone: HashSet::new(),
            destroyed_files: BTreeSet::new(),
        }
    }
}

/// Prints events in the order given, one row each, under a heading for each day. If their offsets from UTC
/// differ, each heading says which holds, and a day on which the clock changes has one for each.
/// `started` has the states that the events started.
pub fn print_timeline(
    out: &Out,
    events: &[&Record<Event>],
    started: &StartedStates,
    zone: &Zone,
    marks: &TimelineMarks,
) {
    let offset = |record: &Record<Event>| *zone.to_local(record.value.at_utc()).offset();
    let offsets_differ = events
        .windows(2)
        .any(|two| offset(two[0]) != offset(two[1]));
    let mut heading = String::new();
    for record in events {
        let event = &record.value;
        let at = event.at_utc();
        let mut day = zone.to_local(at).format("%a %-d %b %Y").to_string();
        if offsets_differ {
            day.push_str(&format!(" {}", zone.abbreviation(at)));
        }
        if day != heading {
            out.print_line(&format!("{BOLD}{day}{BOLD:#}"));
            heading = day;
        }
        let state = shown_state(record, started);
        let style = state.as_ref().map_or(Style::new(), |state| {
            state_style(state.known().unwrap_or(State::Unknown))
        });
        let time = format_time_of_day(event, zone);
        // The `~` goes into the space before the column, so that the digits are aligned.
        let time = if time.starts_with('~') {
            time
        } else {
            format!(" {time}")
        };
        let mut line = format!(
            " {time:<9} {CYAN}{}{CYAN:#} {BOLD}{:<9}{BOLD:#} {style}{:<9}{style:#}",
            record.handle,
            sanitize::line(event.kind.as_str()),
            state.as_ref().map_or_else(String::new, state_word),
        );
        let style = if record.is_active() && !marks.undone.contains(&record.id) {
            Style::new()
        } else {
            DIM
        };
        line.push_str(&hanging_indent(&event_text(event), style, TEXT_COLUMN));
        let markers = format_markers(event);
        let flags = format_flags(record, marks);
        let tail = [markers.as_str(), flags.as_str(), record.author.as_str()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        let line_width =
            TEXT_COLUMN + last_line_width(&event_text(event)) + 2 + last_line_width(&tail);
        let gap = match terminal_width() {
            Some(columns) if line_width > columns => format!("\n{:TEXT_COLUMN$}", ""),
            _ => "  ".to_owned(),
        };
        line.push_str(&gap);
        line.push_str(&hanging_indent(&tail, DIM, TEXT_COLUMN));
        out.print_line(&line);
        for (label, text) in labelled_texts(event)
            .into_iter()
            .filter(|(label, _)| !label.is_empty())
            .chain(evidence_lines(event, &marks.destroyed_files))
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

/// The column at which the texts of a timeline begin.
const TEXT_COLUMN: usize = 38;

fn format_flags(record: &Record<Event>, marks: &TimelineMarks) -> String {
    let event = &record.value;
    let mut flags: Vec<String> = Vec::new();
    if marks.undone.contains(&record.id) {
        flags.push("undone".into());
    }
    if let Some(reason) = &event.retracted {
        flags.push(format!("retracted: {reason}"));
    }
    if record.amended {
        flags.push("amended".into());
    }
    if record.conflicts > 0 {
        flags.push(counted(record.conflicts, "other version", "other versions"));
    }
    if marks.closed.contains(&record.id) {
        flags.push("done".into());
    }
    flags.join(", ")
}

/// Says after a follow-up that it has other versions that nobody has replaced.
#[must_use]
pub fn other_versions(count: usize) -> Option<String> {
    (count > 0).then(|| format!(" · {}", counted(count, "other version", "other versions")))
}

/// Says which zone the times of a timeline are in, sanitised.
#[must_use]
pub fn zone_of_times(zone: &str) -> String {
    let notice = unknown_zone_notice(&Zone::find_or_utc(zone));
    let zone = if notice.is_empty() { zone } else { "UTC" };
    format!("times in {}{notice}", sanitize::line(zone))
}

/// Says, sanitised, that times are in UTC because the database does not have `zone`; empty for a zone
/// that it has.
#[must_use]
pub fn unknown_zone_notice(zone: &Zone) -> String {
    if zone.is_known() {
        return String::new();
    }
    format!(" (the zone {} is unknown)", sanitize::line(zone.name()))
}

/// Prints two lines: number, title, severity and state; then duration, commander and zone.
pub fn print_header(
    out: &Out,
    incident: &Incident,
    row: &IncidentRow,
    states: &States,
    now: UtcTime,
) {
    let state = match states.current() {
        Some(state) => {
            let style = state_style(state);
            format!("{style}{}{style:#}", state.label())
        }
        None => "no state yet".to_owned(),
    };
    let severity = incident.severity().map_or_else(String::new, |s| {
        format!("  {}", s.to_string().to_uppercase())
    });
    out.print_line(&format!(
        "{BOLD}#{} {}{}{BOLD:#}{severity}  {state}",
        short_ref(row),
        row.marks(),
        sanitize::line(&row.title),
    ));
    let mut parts = vec![
        if incident.is_open() {
            "open"
        } else {
            "resolved"
        }
        .to_owned(),
    ];
    if let Some(newest) = incident.stale_since(now) {
        let zone = Zone::find_or_utc(incident.zone());
        parts.push(format!("last recorded {}", format_date_time(newest, &zone)));
    } else if let (true, Some(start)) = (incident.is_open(), states.impact_start())
        && states.current().is_some_and(State::is_impact)
    {
        let since = (now - start.from).num_seconds();
        let about = if start.approximate { "about " } else { "" };
        parts.push(format!("{about}{} since impact", format_duration(since)));
    }
    if let Some(commander) = incident.commander() {
        let rival = incident
            .rival_commanders()
            .map_or_else(String::new, |(_, rival)| {
                format!(" or {rival} (both were named at once; `bridgelog handoff WHO` settles it)")
            });
        parts.push(format!(
            "commander {}",
            sanitize::line(&format!("{commander}{rival}"))
        ));
    }
    parts.push(zone_of_times(incident.zone()));
    for field in ["ticket", "channel"] {
        if let Some(text) = incident.fields.get(field) {
            parts.push(format!("{field} {}", sanitize::line(text)));
        }
    }
    out.print_line(&format!("{DIM}{}{DIM:#}", parts.join(" · ")));
}
