//! The postmortem as JSON, for scripts: the incident data that the Markdown is rendered from.
//!
//! Times are RFC 3339 in UTC, durations are seconds. Events, follow-ups and states have the shape of
//! `--json`; an event never says why it was redacted.

use super::{
    DocumentError,
    postmortem::{PageOne, page_one},
    stage::Stage,
};
use crate::domain::{
    handle,
    incident::{Incident, Record},
    json::{EventJson, SpanJson, TaskJson, overall_json, states_json},
    metrics::Metrics,
    sanitize,
    states::{States, shown_state},
    time::{OffsetTime, UtcTime, format_utc},
    value::Message,
    words::{Severity, State, Word},
};
use chrono::Utc;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

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

/// The status of the document: `draft`, `reviewed` or `final`; of the latter two by whom, when, and how many
/// records changed since.
#[derive(Serialize)]
struct DocumentJson<'a> {
    status: &'static str,
    by: Option<&'a str>,
    at: Option<String>,
    changed_since: Option<u64>,
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
    drill: bool,
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
    document: DocumentJson<'a>,
    incident: IncidentJson<'a>,
    page_one: PageOne,
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
        document: document_json(incident),
        incident: incident_json(incident, &states),
        page_one: page_one(incident, &states, &metrics),
        sections: &incident.sections,
        states: states_json(&states),
        overall: overall_json(&states),
        metrics: &metrics,
        events: incident
            .events
            .iter()
            .map(|e| {
                let state = shown_state(e, &started);
                EventJson::with_state(e, state, &|id| handles.handle_of(id)).for_document()
            })
            .collect(),
        tasks: incident
            .tasks
            .iter()
            .map(|task| TaskJson::new(task, incident.last_recorded_at))
            .collect(),
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

fn document_json(incident: &Incident) -> DocumentJson<'_> {
    let approval = incident.status.approval();
    DocumentJson {
        status: incident.status.as_str(),
        by: approval.map(|approval| approval.by.as_str()),
        at: approval.map(|approval| format_utc(approval.at)),
        changed_since: approval.map(|approval| approval.changed_since),
    }
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
        drill: incident.is_drill(),
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
