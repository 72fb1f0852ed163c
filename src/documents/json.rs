//! The postmortem as JSON, for scripts: the incident data that the Markdown is rendered from.
//!
//! Times are RFC 3339 in UTC, durations are seconds. An event has the fields of
//! `show --json`, with `redacted` (true or false) in place of `redacted_reason`.

use super::{DocumentError, stage::Stage};
use crate::domain::{
    event::Event,
    handle,
    incident::{Incident, Record},
    metrics::Metrics,
    sanitize,
    states::{StartedStates, StateSpan, States, shown_state},
    task::Task,
    time::{OffsetTime, UtcTime, format_utc},
    value::Message,
    words::{Severity, State, Word},
};
use chrono::Utc;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

#[derive(Serialize)]
struct EventJson<'a> {
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
    redacted: bool,
}

/// The handles of an incident's events and tasks, by id.
struct Handles<'a>(HashMap<Uuid, &'a str>);

impl<'a> Handles<'a> {
    fn from_incident(incident: &'a Incident) -> Self {
        let events = incident.events.iter().map(|e| (e.id, &e.handle));
        let tasks = incident.tasks.iter().map(|t| (t.id, &t.handle));
        let all = events.chain(tasks).map(|(id, h)| (id, h.as_str()));
        Self(all.collect())
    }

    /// Returns the handle of `id`. For an id of another incident, computes it in its shortest form.
    fn handle_of(&self, id: Uuid) -> String {
        self.0.get(&id).map_or_else(
            || {
                handle::from_id(id)
                    .chars()
                    .take(handle::MIN_SHOWN_LEN)
                    .collect()
            },
            |handle| (*handle).to_owned(),
        )
    }
}

fn event_json<'a>(
    record: &'a Record<Event>,
    started: &StartedStates,
    handles: &Handles<'_>,
) -> EventJson<'a> {
    let event = &record.value;
    EventJson {
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
        state: shown_state(record, started).filter(|state| *state != State::Unknown),
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
        redacted: event.redacted.is_some(),
    }
}

#[derive(Serialize)]
struct SpanJson<'a> {
    service: Option<&'a str>,
    state: State,
    from: String,
    to: Option<String>,
}

impl<'a> From<&'a StateSpan> for SpanJson<'a> {
    fn from(span: &'a StateSpan) -> Self {
        Self {
            service: span.service.as_deref(),
            state: span.state,
            from: format_utc(span.from),
            to: span.to.map(format_utc),
        }
    }
}

#[derive(Serialize)]
struct TaskJson<'a> {
    handle: &'a str,
    id: Uuid,
    text: &'a str,
    #[serde(rename = "type")]
    type_: Option<Word<crate::domain::task::TaskType>>,
    state: Word<crate::domain::task::TaskState>,
    reason: Option<&'a str>,
    owner: Option<&'a str>,
    due: Option<String>,
    since: Option<String>,
    ticket: Option<&'a str>,
    prevents: bool,
    shortens: bool,
    customer: Option<&'a str>,
    amended: bool,
    retracted: bool,
    retracted_reason: Option<&'a str>,
}

#[derive(Serialize)]
struct MessageJson<'a> {
    handle: &'a str,
    number: u32,
    stage: &'a str,
    subject: &'a str,
    text: &'a str,
    approved_by: Option<&'a str>,
    sent_at: Option<String>,
    via: Option<&'a str>,
    to_group: Option<&'a str>,
}

#[derive(Serialize)]
struct IncidentJson<'a> {
    number: Option<u32>,
    handle: &'a str,
    id: Uuid,
    title: &'a str,
    severity: Option<Word<Severity>>,
    commander: Option<&'a str>,
    zone: &'a str,
    open: bool,
    state: Option<State>,
    next_stage: &'static str,
    declared_at: Option<String>,
    resolved_at: Option<String>,
    services: BTreeMap<String, Option<&'a str>>,
    fields: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct HeadJson {
    origin: Uuid,
    entries: u64,
    hash: Option<crate::domain::hash::Hash>,
}

#[derive(Serialize)]
struct JournalJson {
    entries: u64,
    newest: String,
    heads: Vec<HeadJson>,
}

#[derive(Serialize)]
struct PostmortemJson<'a> {
    /// What of the entries is not as it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    unverified: Option<&'a str>,
    incident: IncidentJson<'a>,
    sections: &'a BTreeMap<String, String>,
    states: Vec<SpanJson<'a>>,
    overall: Vec<SpanJson<'a>>,
    metrics: &'a Metrics,
    events: Vec<EventJson<'a>>,
    tasks: Vec<TaskJson<'a>>,
    messages: Vec<MessageJson<'a>>,
    journal: JournalJson,
}

fn format_optional_utc(stamp: Option<OffsetTime>) -> Option<String> {
    stamp.map(|stamp| format_utc(stamp.with_timezone(&Utc)))
}

/// Returns the postmortem of `incident` as JSON that ends with a line break. Ongoing durations end at
/// [`Incident::last_recorded_at`]; retracted events are included, with `retracted` true.
///
/// # Errors
/// [`DocumentError::Json`] if a value cannot be serialized.
pub fn postmortem_json(incident: &Incident) -> Result<String, DocumentError> {
    let states = States::from_incident(incident);
    let metrics = Metrics::compute(incident, &states, incident.last_recorded_at);
    let handles = Handles::from_incident(incident);
    let started = states.started_states();
    let document = PostmortemJson {
        unverified: incident.unverified.as_deref(),
        incident: incident_json(incident, &states),
        sections: &incident.sections,
        states: states
            .services
            .iter()
            .flat_map(|(_, spans)| spans)
            .map(SpanJson::from)
            .collect(),
        overall: states.overall.iter().map(SpanJson::from).collect(),
        metrics: &metrics,
        events: incident
            .events
            .iter()
            .map(|e| event_json(e, &started, &handles))
            .collect(),
        tasks: incident.tasks.iter().map(task_json).collect(),
        messages: incident.messages.iter().map(message_json).collect(),
        journal: JournalJson {
            entries: incident.entry_count,
            newest: format_utc(incident.last_recorded_at),
            heads: incident
                .chain_heads
                .iter()
                .map(|head| HeadJson {
                    origin: head.origin,
                    entries: head.seq,
                    hash: head.hash,
                })
                .collect(),
        },
    };
    let mut json = serde_json::to_string_pretty(&document).map_err(DocumentError::Json)?;
    if !json.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n')) {
        json = sanitize::json(json);
    }
    json.push('\n');
    Ok(json)
}

fn incident_json<'a>(incident: &'a Incident, states: &States) -> IncidentJson<'a> {
    IncidentJson {
        number: incident.number(),
        handle: &incident.handle,
        id: incident.id,
        title: incident.title(),
        severity: incident.severity(),
        commander: incident.commander(),
        zone: incident.zone(),
        open: incident.is_open(),
        state: states.current(),
        next_stage: Stage::next_for(incident).as_str(),
        declared_at: incident.declared().map(format_utc),
        resolved_at: incident
            .resolution()
            .map(|resolution| -> UtcTime { resolution.value.at_utc() })
            .map(format_utc),
        services: incident
            .service_names()
            .into_iter()
            .map(|name| {
                let public = incident.services.get(&name);
                let public = public.and_then(|service| service.public_name.as_deref());
                (name, public)
            })
            .collect(),
        fields: &incident.fields,
    }
}

fn task_json(record: &Record<Task>) -> TaskJson<'_> {
    let task = &record.value;
    TaskJson {
        handle: &record.handle,
        id: record.id,
        text: &task.text,
        type_: task.type_.clone(),
        state: task.state.clone(),
        reason: task.reason.as_deref(),
        owner: task.owner.as_deref(),
        due: format_optional_utc(task.due),
        since: format_optional_utc(task.since),
        ticket: task.ticket.as_deref(),
        prevents: task.prevents,
        shortens: task.shortens,
        customer: task.customer.as_deref(),
        amended: record.amended,
        retracted: task.retracted.is_some(),
        retracted_reason: task.retracted.as_deref(),
    }
}

fn message_json(record: &Record<Message>) -> MessageJson<'_> {
    let message = &record.value;
    MessageJson {
        handle: &record.handle,
        number: message.number,
        stage: &message.stage,
        subject: &message.subject,
        text: &message.text,
        approved_by: message.approved_by.as_deref(),
        sent_at: format_optional_utc(message.sent_at),
        via: message.via.as_deref(),
        to_group: message.to_group.as_deref(),
    }
}
