//! What every part of a postmortem is written from, and the texts that several parts share.

use crate::{
    documents::{
        RelatedContext,
        markdown_escape::{push_escaped_inline, strip_sigils},
        placeholder::{incident_flag, placeholder, with_incident_flag},
        prose::sanitize_prose,
        time_format::TimeFormatter,
    },
    domain::{
        event::Event,
        incident::{Incident, Record},
        metrics::Metrics,
        states::States,
        time::UtcTime,
    },
};
use chrono::Utc;
use std::collections::HashMap;
use uuid::Uuid;

/// What the parts are written from.
pub(super) struct RenderContext<'a> {
    pub(super) incident: &'a Incident,
    pub(super) states: &'a States,
    pub(super) metrics: &'a Metrics,
    pub(super) time_format: &'a TimeFormatter,
    pub(super) related: &'a RelatedContext,
    /// The events that link to each id, in timeline order.
    pub(super) linked_by: HashMap<Uuid, Vec<&'a Record<Event>>>,
    /// Which incident a command must name: `--incident 7`, or nothing where it is the open one.
    pub(super) incident_flag: String,
    /// Where the picture is, for a document that has it in a file beside it.
    pub(super) image_path: Option<&'a str>,
}

/// Gives `write` what the parts are written from.
pub(super) fn with_context<T>(
    incident: &Incident,
    around: &RelatedContext,
    beside: Option<&str>,
    write: impl FnOnce(&RenderContext<'_>) -> T,
) -> T {
    let states = States::from_incident(incident);
    let metrics = Metrics::compute(incident, &states, incident.last_recorded_at);
    let clock = time_format(incident);
    let mut linked: HashMap<Uuid, Vec<&Record<Event>>> = HashMap::new();
    for event in incident.active_events() {
        for link in &event.value.links {
            linked.entry(*link).or_default().push(event);
        }
    }
    write(&RenderContext {
        incident,
        states: &states,
        metrics: &metrics,
        time_format: &clock,
        related: around,
        linked_by: linked,
        incident_flag: incident_flag(incident),
        image_path: beside,
    })
}

/// The clock of `incident` for all the times that its postmortem shows.
fn time_format(incident: &Incident) -> TimeFormatter {
    let sent = incident.messages.iter().filter_map(|m| m.value.sent_at);
    let events = incident.active_events().map(|e| e.value.at_utc());
    let ends = incident.active_events().filter_map(|e| e.value.end_utc());
    let now = incident.is_open().then_some(incident.last_recorded_at);
    let all = events
        .chain(ends)
        .chain(sent.map(|at| at.with_timezone(&Utc)))
        .chain(now);
    let (mut from, mut to) = (None, None);
    for at in all {
        from = Some(from.map_or(at, |from: UtcTime| from.min(at)));
        to = Some(to.map_or(at, |to: UtcTime| to.max(at)));
    }
    let clock = TimeFormatter::new(incident.zone());
    match (from, to) {
        (Some(from), Some(to)) => clock.for_period(from, to),
        _ => clock,
    }
}

impl RenderContext<'_> {
    pub(super) fn placeholder(&self, what: &str, line: &str) -> String {
        placeholder(what, &with_incident_flag(line, &self.incident_flag))
    }

    /// The prose of `name`; where there is none and it is `wanted`, how to write it.
    pub(super) fn section(&self, name: &str, wanted: bool) -> String {
        let what = match name {
            "impact" => "what it meant, in a few sentences",
            "protections" => "why the protections did or did not hold",
            "went-well" => "what went well",
            "went-badly" => "what went badly",
            other => other,
        };
        match self.incident.sections.get(name) {
            Some(text) if !text.trim().is_empty() => sanitize_prose(text),
            _ if wanted => self.placeholder(what, &format!("bridgelog write {name}")),
            _ => String::new(),
        }
    }

    /// `10:06`, with the day where the events are of several, and the zone where it changed.
    pub(super) fn format_event_time(&self, event: &Event) -> String {
        let at = event.at_utc();
        let about = if event.approximate { "about " } else { "" };
        format!(
            "{about}{}",
            self.time_format.time_with_date(at, self.timeline_start())
        )
    }

    /// When the timeline begins.
    pub(super) fn timeline_start(&self) -> Option<UtcTime> {
        self.incident
            .active_events()
            .next()
            .map(|e| e.value.at_utc())
    }

    /// `text (handle)`, of an event.
    pub(super) fn text_and_handle(&self, record: &Record<Event>) -> String {
        format!("{} ({})", event_text(&record.value), record.handle)
    }
}

/// What stands for a text that was destroyed. The reason may say what the secret was, so it stays in
/// the history.
pub(super) const REDACTED_TEXT: &str = "(text redacted)";

/// True where the text was destroyed and nobody has written another since.
fn is_redacted(event: &Event) -> bool {
    event.redacted.is_some() && matches!(event.text.as_str(), "" | "[redacted]")
}

/// What an event says, escaped for anywhere after a line's first word.
pub(super) fn event_text(event: &Event) -> String {
    let mut out = String::new();
    push_event_text(&mut out, event);
    out
}

/// The same, written at the end of `out`.
pub(super) fn push_event_text(out: &mut String, event: &Event) {
    let begin = out.len();
    if is_redacted(event) {
        out.push_str(REDACTED_TEXT);
    } else {
        push_escaped_inline(out, &strip_sigils(event));
    }
    let mut more = |label: &str, value: &str| {
        if !event.text.contains(value) {
            out.push_str(if out.len() == begin { "" } else { "; " });
            out.push_str(label);
            push_escaped_inline(out, value);
        }
    };
    if let Some(severity) = &event.severity {
        more("", &severity.to_string());
    }
    if let Some(commander) = &event.commander {
        more("commander ", commander);
    }
}
