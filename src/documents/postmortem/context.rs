//! The data that every section of a postmortem is written from, and what sections share.

use super::writer::Writer;
use crate::{
    documents::{
        RelatedContext, markdown_escape::strip_sigils, placeholder::CommandNames,
        time_format::TimeFormatter,
    },
    domain::{
        event::Event,
        incident::{Incident, Record},
        metrics::Metrics,
        states::States,
        time::UtcTime,
        words::{Kind, State},
    },
};
use chrono::{Datelike, Duration, NaiveDate};
use std::collections::HashMap;
use uuid::Uuid;

/// The data that sections are written from.
pub(super) struct RenderContext<'a> {
    pub(super) incident: &'a Incident,
    pub(super) states: &'a States,
    pub(super) metrics: &'a Metrics,
    pub(super) time_format: &'a TimeFormatter,
    pub(super) related: &'a RelatedContext,
    /// The events that link to each id, in timeline order.
    pub(super) linked_by: HashMap<Uuid, Vec<&'a Record<Event>>>,
    /// What the commands of placeholders name.
    pub(super) command_names: CommandNames,
    /// How a moment is written outside of the timeline.
    days: ShownDays,
}

/// How much of the day a moment needs, so that no two days of the document look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ShownDays {
    /// `10:06` on this day, `Thu 10:06` in the week that begins with it.
    Week(NaiveDate, NaiveDate),
    /// `16 Aug 10:06`.
    Dates,
}

/// Computes the context of `incident` and calls `render` with it.
pub(super) fn with_context<T>(
    incident: &Incident,
    related: &RelatedContext,
    render: impl FnOnce(&RenderContext<'_>) -> T,
) -> T {
    let states = States::from_incident(incident);
    let metrics = Metrics::compute(incident, &states, incident.last_recorded_at);
    with_computed(incident, &states, &metrics, related, render)
}

/// As [`with_context`], with the states of `incident` and its metrics as of its newest record.
pub(super) fn with_computed<T>(
    incident: &Incident,
    states: &States,
    metrics: &Metrics,
    related: &RelatedContext,
    render: impl FnOnce(&RenderContext<'_>) -> T,
) -> T {
    let (from, to) = period(incident);
    let time_format = TimeFormatter::new(incident.zone()).for_period(from, to);
    let (first, last) = incident_period(incident, states);
    let days = shown_days(&time_format, first, last);
    let mut linked_by: HashMap<Uuid, Vec<&Record<Event>>> = HashMap::new();
    for event in incident.active_events() {
        for link in &event.value.links {
            linked_by.entry(*link).or_default().push(event);
        }
    }
    render(&RenderContext {
        incident,
        states,
        metrics,
        time_format: &time_format,
        related,
        linked_by,
        // A file outlives the moment in which this is the only one open: the same records give the same commands.
        command_names: CommandNames::new(incident, true),
        days,
    })
}

/// Returns the first and the last moment that the postmortem of `incident` shows.
fn period(incident: &Incident) -> (UtcTime, UtcTime) {
    let sent = incident.sent_emails().map(|(at, _)| at);
    let events = incident.active_events().map(|e| e.value.at_utc());
    let ends = incident.active_events().filter_map(|e| e.value.end_utc());
    let now = incident.is_open().then_some(incident.last_recorded_at);
    let all = events.chain(ends).chain(sent).chain(now);
    let (mut from, mut to) = (None, None);
    for at in all {
        from = Some(from.map_or(at, |from: UtcTime| from.min(at)));
        to = Some(to.map_or(at, |to: UtcTime| to.max(at)));
    }
    let newest = incident.last_recorded_at;
    (from.unwrap_or(newest), to.unwrap_or(newest))
}

/// Returns the first moment of trouble, else the declaration, and the end of the trouble or the resolution,
/// whichever is later.
pub(super) fn incident_period(incident: &Incident, states: &States) -> (UtcTime, UtcTime) {
    let overall = &states.overall;
    let trouble = overall.iter().find(|span| span.state != State::Ok);
    let first_event = incident.active_events().next();
    let newest = incident.last_recorded_at;
    let from = trouble
        .map(|span| span.from)
        .or(incident.declared())
        .or(first_event.map(|e| e.value.at_utc()))
        .unwrap_or(newest);
    let end_of_trouble = overall.last().map(|span| match span.state {
        State::Ok => span.from,
        _ => newest,
    });
    let resolved = incident.resolution().map(|r| r.value.at_utc());
    let to = [end_of_trouble, resolved].into_iter().flatten().max();
    (from, to.unwrap_or(from).max(from))
}

fn shown_days(time_format: &TimeFormatter, from: UtcTime, to: UtcTime) -> ShownDays {
    let (first, last) = (time_format.local_date(from), time_format.local_date(to));
    match last - first < Duration::days(6) {
        true => ShownDays::Week(first, last),
        false => ShownDays::Dates,
    }
}

impl RenderContext<'_> {
    /// Formats a moment as short as the document allows: `10:06`, `Thu 10:06`, `16 Aug 10:06`.
    pub(super) fn moment(&self, at: UtcTime) -> String {
        self.moment_or_about(at, false)
    }

    /// Formats the time of `event`: `Thu about 10:06` if it is approximate.
    pub(super) fn event_moment(&self, event: &Event) -> String {
        self.moment_or_about(event.at_utc(), event.approximate)
    }

    /// Formats a moment, which is only about right if `approximate`.
    pub(super) fn moment_or_about(&self, at: UtcTime, approximate: bool) -> String {
        let about = if approximate { "about " } else { "" };
        let time = match self.time_format.shows_abbreviation() {
            true => self.time_format.time_with_zone(at),
            false => self.time_format.time(at),
        };
        let local = self.time_format.to_local(at);
        let day = local.date_naive();
        let newest = self.time_format.local_date(self.incident.last_recorded_at);
        let format = match self.days {
            ShownDays::Week(first, last) if first == last && day == first => {
                return format!("{about}{time}");
            }
            ShownDays::Week(first, _) if (0..6).contains(&(day - first).num_days()) => "%a",
            _ if day.year() == newest.year() => "%-d %b",
            _ => "%-d %b %Y",
        };
        format!("{} {about}{time}", local.format(format))
    }

    /// Returns the command `line`, with the names that it needs.
    pub(super) fn command(&self, line: &str) -> String {
        self.command_names.complete(line)
    }

    /// Returns the value of the field `name`, if it is set.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let value = self.incident.fields.get(name)?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// Returns the prose of the section `name`, if there is any.
    pub(super) fn section(&self, name: &str) -> Option<&str> {
        let text = self.incident.sections.get(name)?;
        (!text.trim().is_empty()).then_some(text.as_str())
    }

    pub(super) fn had_impact(&self) -> bool {
        self.states.impact_start().is_some()
    }

    pub(super) fn events_of_kind<'a>(
        &'a self,
        kind: &'a Kind,
    ) -> impl Iterator<Item = &'a Record<Event>> {
        self.incident
            .active_events()
            .filter(move |e| e.value.kind == *kind)
    }

    /// Returns the event with `handle`; `None` if it is a message's.
    pub(super) fn event_with_handle(&self, handle: &str) -> Option<&Record<Event>> {
        let mut events = self.incident.active_events();
        events.find(|event| event.handle == handle)
    }

    /// Returns the name that customers know, else the service's own; and its own where several services
    /// share a name, whose state is not that of each.
    pub(super) fn shown_name<'a>(&'a self, service: &'a str) -> &'a str {
        let services = &self.incident.services;
        let name_of = |service: &str| services.get(service)?.public_name.as_deref();
        let Some(public) = name_of(service).filter(|name| !name.trim().is_empty()) else {
            return service;
        };
        let sharing = services
            .keys()
            .filter(|other| name_of(other) == Some(public));
        if sharing.count() > 1 { service } else { public }
    }
}

/// Replaces a redacted text. The reason is not shown: it may describe the secret.
pub(super) const REDACTED_TEXT: &str = "(text redacted)";

/// Returns true if the text was redacted and not replaced since.
pub(super) fn is_redacted(event: &Event) -> bool {
    event.redacted.is_some() && matches!(event.text.as_str(), "" | "[redacted]")
}

/// Appends the text of an event, with its severity and commander unless the text contains them; of one that has
/// none of these, the wording for customers.
pub(super) fn write_event_text(w: &mut Writer, event: &Event) {
    let mut is_empty = event.text.trim().is_empty();
    if is_redacted(event) {
        w.plain(REDACTED_TEXT);
        is_empty = false;
    } else if !is_empty {
        w.typed(&strip_sigils(event));
    }
    let mut more = |label: &str, value: &str| {
        if !event.text.contains(value) {
            w.plain(if is_empty { "" } else { " · " });
            w.plain(label);
            w.typed(value);
            is_empty = false;
        }
    };
    if let Some(severity) = &event.severity {
        more("", &severity.to_string());
    }
    if let Some(commander) = &event.commander {
        more("commander: ", commander);
    }
    if let Some(wording) = event.customer.as_deref().filter(|_| is_empty) {
        w.typed(wording.trim());
    }
}
