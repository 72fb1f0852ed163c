//! The JSON of `--json`. Field names are a contract with scripts; nothing is renamed or removed.

use crate::{
    domain::{
        event::Event,
        incident::Record,
        states::{StateSpan, States},
        task::{Task, TaskState, TaskType},
        time::{UtcTime, format_utc},
        words::{Severity, State, Word},
    },
    ops::Session,
    store::IncidentRow,
};
use serde::Serialize;
use uuid::Uuid;

/// Looks up the handle of a link's target.
pub struct HandleLookup<'a>(Box<dyn Fn(Uuid) -> String + 'a>);

impl<'a> HandleLookup<'a> {
    /// Falls back to the id for what the store does not know.
    #[must_use]
    pub fn for_session(session: &'a Session) -> Self {
        Self(Box::new(move |id| {
            session
                .read()
                .handle_of(id)
                .unwrap_or_else(|_| id.to_string())
        }))
    }

    fn handle_of(&self, id: Uuid) -> String {
        (self.0)(id)
    }
}

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
    redacted_reason: Option<&'a str>,
}

impl<'a> EventJson<'a> {
    #[must_use]
    pub fn new(record: &'a Record<Event>, handles: &HandleLookup<'_>) -> Self {
        Self::with_state(record, record.value.shown_state(), handles)
    }

    /// `state` is the one to display with the event; one that nobody gave is null.
    #[must_use]
    pub fn with_state(
        record: &'a Record<Event>,
        state: Option<Word<State>>,
        handles: &HandleLookup<'_>,
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
            links: event
                .links
                .iter()
                .map(|id| handles.handle_of(*id))
                .collect(),
            closes: event.closes,
            audience: event.audience.as_deref(),
            within_seconds: event.time_box_secs,
            severity: event.severity.clone(),
            commander: event.commander.as_deref(),
            amended: record.amended,
            conflicts: record.conflicts,
            retracted: event.retracted.is_some(),
            retracted_reason: event.retracted.as_deref(),
            redacted_reason: event.redacted.as_deref(),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct IncidentJson<'a> {
    handle: &'a str,
    id: Uuid,
    number: Option<u32>,
    title: &'a str,
    severity: Option<Word<Severity>>,
    state: Option<State>,
    zone: &'a str,
    services: &'a [String],
    commander: Option<&'a str>,
    declared_at: Option<String>,
    resolved_at: Option<String>,
    open: bool,
}

impl<'a> IncidentJson<'a> {
    #[must_use]
    pub fn new(row: &'a IncidentRow) -> Self {
        Self {
            handle: &row.handle,
            id: row.id,
            number: row.number,
            title: &row.title,
            severity: row.severity.clone(),
            state: row.state,
            zone: &row.zone,
            services: &row.services,
            commander: row.commander.as_deref(),
            declared_at: row.declared.map(format_utc),
            resolved_at: row.resolved.map(format_utc),
            open: row.resolved.is_none(),
        }
    }
}

/// A span of a service's state; `service` is null for the incident as a whole.
#[derive(Debug, Serialize)]
pub struct SpanJson {
    service: Option<String>,
    state: State,
    from: String,
    to: Option<String>,
}

/// Lists the state spans of all services, service by service.
#[must_use]
pub fn states_json(states: &States) -> Vec<SpanJson> {
    let json = |service: &str, span: &StateSpan| SpanJson {
        service: (!service.is_empty()).then(|| service.to_owned()),
        state: span.state,
        from: format_utc(span.from),
        to: span.to.map(format_utc),
    };
    states
        .services
        .iter()
        .flat_map(|(service, spans)| spans.iter().map(move |span| json(service, span)))
        .collect()
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
    customer: Option<&'a str>,
    recorded_at: String,
    author: &'a str,
    retracted: bool,
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
            customer: task.customer.as_deref(),
            recorded_at: format_utc(record.recorded),
            author: &record.author,
            retracted: task.retracted.is_some(),
        }
    }
}
