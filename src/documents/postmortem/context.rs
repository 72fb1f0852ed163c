//! The data that every section of a postmortem is rendered from, and the texts that sections share.

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

/// The data that sections are rendered from.
pub(super) struct RenderContext<'a> {
    pub(super) incident: &'a Incident,
    pub(super) states: &'a States,
    pub(super) metrics: &'a Metrics,
    pub(super) time_format: &'a TimeFormatter,
    pub(super) related: &'a RelatedContext,
    /// The events that link to each id, in timeline order.
    pub(super) linked_by: HashMap<Uuid, Vec<&'a Record<Event>>>,
    /// The flag for the commands of placeholders: `--incident 7`, or empty if the incident is open.
    pub(super) incident_flag: String,
    /// The relative URL of the chart, if it is written to a separate file.
    pub(super) image_path: Option<&'a str>,
}

/// Computes the context of `incident` and calls `render` with it.
pub(super) fn with_context<T>(
    incident: &Incident,
    related: &RelatedContext,
    image_path: Option<&str>,
    render: impl FnOnce(&RenderContext<'_>) -> T,
) -> T {
    let states = States::from_incident(incident);
    let metrics = Metrics::compute(incident, &states, incident.last_recorded_at);
    let time_format = time_format(incident);
    let mut linked_by: HashMap<Uuid, Vec<&Record<Event>>> = HashMap::new();
    for event in incident.active_events() {
        for link in &event.value.links {
            linked_by.entry(*link).or_default().push(event);
        }
    }
    render(&RenderContext {
        incident,
        states: &states,
        metrics: &metrics,
        time_format: &time_format,
        related,
        linked_by,
        incident_flag: incident_flag(incident),
        image_path,
    })
}

/// Returns the formatter for all times that the postmortem of `incident` shows.
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
    let time_format = TimeFormatter::new(incident.zone());
    match (from, to) {
        (Some(from), Some(to)) => time_format.for_period(from, to),
        _ => time_format,
    }
}

impl RenderContext<'_> {
    pub(super) fn placeholder(&self, what: &str, line: &str) -> String {
        placeholder(what, &with_incident_flag(line, &self.incident_flag))
    }

    /// Returns the prose of section `name`. If there is none: a placeholder if `required`, else nothing.
    pub(super) fn section(&self, name: &str, required: bool) -> String {
        let what = match name {
            "impact" => "what it meant, in a few sentences",
            "protections" => "why the protections did or did not hold",
            "went-well" => "what went well",
            "went-badly" => "what went badly",
            other => other,
        };
        match self.incident.sections.get(name) {
            Some(text) if !text.trim().is_empty() => sanitize_prose(text),
            _ if required => self.placeholder(what, &format!("bridgelog write {name}")),
            _ => String::new(),
        }
    }

    /// Formats the time of `event`: with `about` if it is approximate, with the date if it is not that of the
    /// timeline's start, and with the zone's abbreviation if that changes.
    pub(super) fn format_event_time(&self, event: &Event) -> String {
        let at = event.at_utc();
        let about = if event.approximate { "about " } else { "" };
        format!(
            "{about}{}",
            self.time_format.time_with_date(at, self.timeline_start())
        )
    }

    pub(super) fn timeline_start(&self) -> Option<UtcTime> {
        self.incident
            .active_events()
            .next()
            .map(|e| e.value.at_utc())
    }

    /// Formats `text (handle)`.
    pub(super) fn text_and_handle(&self, record: &Record<Event>) -> String {
        format!("{} ({})", event_text(&record.value), record.handle)
    }
}

/// Replaces a redacted text. The reason is not shown: it may describe the secret.
pub(super) const REDACTED_TEXT: &str = "(text redacted)";

/// Returns true if the text was redacted and not replaced since.
fn is_redacted(event: &Event) -> bool {
    event.redacted.is_some() && matches!(event.text.as_str(), "" | "[redacted]")
}

/// Returns the text of an event, with its severity and commander unless the text contains them. It is
/// escaped for anywhere after a line's first word.
pub(super) fn event_text(event: &Event) -> String {
    let mut out = String::new();
    push_event_text(&mut out, event);
    out
}

/// Appends what [`event_text`] returns.
pub(super) fn push_event_text(out: &mut String, event: &Event) {
    let start = out.len();
    if is_redacted(event) {
        out.push_str(REDACTED_TEXT);
    } else {
        push_escaped_inline(out, &strip_sigils(event));
    }
    let mut more = |label: &str, value: &str| {
        if !event.text.contains(value) {
            out.push_str(if out.len() == start { "" } else { "; " });
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
