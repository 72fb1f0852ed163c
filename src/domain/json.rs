//! Events, follow-ups and states as JSON: one shape for `--json` and for documents. Field names are a
//! contract with scripts; nothing is renamed or removed.

use super::{
    event::Event,
    hash::Hash,
    incident::Record,
    states::{NAMELESS, StateSpan, States},
    task::{Task, TaskState, TaskType},
    time::{UtcTime, format_utc},
    words::{Severity, State, Word},
};
use serde::Serialize;
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Debug, Serialize)]
pub struct EventJson<'a> {
    handle: &'a str,
    id: Uuid,
    kind: &'a str,
    at: String,
    end: Option<String>,
    approximate: bool,
    recorded_at: String,
    author: &'a str,
    text: &'a str,
    why: Option<&'a str>,
    not: Option<&'a str>,
    customer: Option<&'a str>,
    services: &'a [String],
    state: Option<Word<State>>,
    tags: &'a [String],
    people: &'a [String],
    links: Vec<String>,
    closes: bool,
    audience: Option<&'a str>,
    within_seconds: Option<u32>,
    severity: Option<Word<Severity>>,
    commander: Option<&'a str>,
    amended: bool,
    conflicts: usize,
    retracted: bool,
    retracted_reason: Option<&'a str>,
    undone: bool,
    redacted: bool,
    redacted_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileJson<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    urls: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceJson<'a>>,
}

/// A file of an event.
#[derive(Debug, Serialize)]
struct FileJson<'a> {
    sha256: Hash,
    /// Null after a redaction of the event.
    name: Option<&'a str>,
    size: u64,
    #[serde(rename = "type")]
    media_type: &'a str,
    /// True if the event was redacted, or the content of the file.
    redacted: bool,
}

/// The row of another tool that an event was imported from.
#[derive(Debug, Serialize)]
struct SourceJson<'a> {
    format: &'a str,
    instance: &'a str,
    id: &'a str,
    recorded_at: Option<String>,
}

impl<'a> EventJson<'a> {
    /// `handle_of` gives the handle of what a link leads to.
    #[must_use]
    pub fn new(record: &'a Record<Event>, handle_of: &dyn Fn(Uuid) -> String) -> Self {
        Self::with_state(record, record.value.shown_state(), handle_of)
    }

    /// Like [`EventJson::new`]; `state` is the one to display with the event. One that was not given is
    /// null.
    #[must_use]
    pub fn with_state(
        record: &'a Record<Event>,
        state: Option<Word<State>>,
        handle_of: &dyn Fn(Uuid) -> String,
    ) -> Self {
        let event = &record.value;
        Self {
            handle: &record.handle,
            id: record.id,
            kind: event.kind.as_str(),
            at: format_utc(event.at_utc()),
            end: event.end_utc().map(format_utc),
            approximate: event.approximate,
            recorded_at: format_utc(record.recorded),
            author: &record.author,
            text: &event.text,
            why: event.rationale.as_deref(),
            not: event.rejected.as_deref(),
            customer: event.customer.as_deref(),
            services: &event.services,
            state: state.filter(|state| *state != State::Unknown),
            tags: &event.tags,
            people: &event.people,
            links: event.links.iter().map(|id| handle_of(*id)).collect(),
            closes: event.closes,
            audience: event.audience.as_deref(),
            within_seconds: event.time_box_secs,
            severity: event.severity.clone(),
            commander: event.commander.as_deref(),
            amended: record.amended,
            conflicts: record.conflicts,
            retracted: event.retracted.is_some(),
            retracted_reason: event.retracted.as_deref(),
            undone: false,
            redacted: event.redacted.is_some(),
            redacted_reason: event.redacted.as_deref(),
            files: (event.files.iter())
                .map(|file| FileJson {
                    sha256: file.sha256,
                    name: Some(file.name.as_str()).filter(|name| !name.is_empty()),
                    size: file.size,
                    media_type: &file.media_type,
                    redacted: file.name.is_empty(),
                })
                .collect(),
            urls: &event.urls,
            source: event
                .source
                .as_ref()
                .filter(|source| !source.format.is_empty())
                .map(|source| SourceJson {
                    format: &source.format,
                    instance: &source.instance,
                    id: &source.id,
                    recorded_at: source.recorded.map(format_utc),
                }),
        }
    }

    /// Marks it as undone: a reader that knows only `retracted` leaves it out as well.
    #[must_use]
    pub fn undone(self) -> Self {
        Self {
            retracted: true,
            undone: true,
            ..self
        }
    }

    /// Marks the files whose content was `destroyed`.
    #[must_use]
    pub fn with_destroyed_files(mut self, destroyed: &BTreeSet<Hash>) -> Self {
        for file in &mut self.files {
            file.redacted |= destroyed.contains(&file.sha256);
        }
        self
    }

    /// Leaves out why it was redacted, which may say what was: documents are passed on.
    #[must_use]
    pub fn for_document(self) -> Self {
        Self {
            redacted_reason: None,
            ..self
        }
    }
}

/// A span of a service's state; `service` is null for the unnamed service and for the incident as a whole.
#[derive(Debug, Serialize)]
pub struct SpanJson<'a> {
    service: Option<&'a str>,
    state: State,
    from: String,
    to: Option<String>,
}

impl<'a> SpanJson<'a> {
    fn new(span: &StateSpan, service: Option<&'a str>) -> Self {
        Self {
            service,
            state: span.state,
            from: format_utc(span.from),
            to: span.to.map(format_utc),
        }
    }
}

/// Lists the state spans of all services, service by service.
#[must_use]
pub fn states_json(states: &States) -> Vec<SpanJson<'_>> {
    let named = |name| Some(name).filter(|name| *name != NAMELESS);
    let spans = states.service_spans();
    spans
        .map(|(name, span)| SpanJson::new(span, named(name)))
        .collect()
}

/// Lists the state spans of the incident as a whole.
#[must_use]
pub fn overall_json(states: &States) -> Vec<SpanJson<'static>> {
    let spans = states.overall.iter();
    spans.map(|span| SpanJson::new(span, None)).collect()
}

#[derive(Debug, Serialize)]
pub struct TaskJson<'a> {
    handle: &'a str,
    id: Uuid,
    text: &'a str,
    #[serde(rename = "type")]
    type_: Option<Word<TaskType>>,
    state: Word<TaskState>,
    reason: Option<&'a str>,
    owner: Option<&'a str>,
    due: Option<String>,
    overdue: bool,
    ticket: Option<&'a str>,
    prevents: bool,
    shortens: bool,
    since: Option<String>,
    started_at: Option<String>,
    done_at: Option<String>,
    customer: Option<&'a str>,
    recorded_at: String,
    author: &'a str,
    amended: bool,
    retracted: bool,
    retracted_reason: Option<&'a str>,
}

impl<'a> TaskJson<'a> {
    /// `now` decides whether it is overdue.
    #[must_use]
    pub fn new(record: &'a Record<Task>, now: UtcTime) -> Self {
        let task = &record.value;
        Self {
            handle: &record.handle,
            id: record.id,
            text: &task.text,
            type_: task.type_.clone(),
            state: task.state.clone(),
            reason: task.reason.as_deref(),
            owner: task.owner.as_deref(),
            due: task.due.map(|at| format_utc(at.into())),
            overdue: task.is_overdue(now),
            ticket: task.ticket.as_deref(),
            prevents: task.prevents,
            shortens: task.shortens,
            since: task.since.map(|at| format_utc(at.into())),
            started_at: task.started_at.map(|at| format_utc(at.into())),
            done_at: task.done_at.map(|at| format_utc(at.into())),
            customer: task.customer.as_deref(),
            recorded_at: format_utc(record.recorded),
            author: &record.author,
            amended: record.amended,
            retracted: task.retracted.is_some(),
            retracted_reason: task.retracted.as_deref(),
        }
    }
}
