//! Sample incidents to check templates with, from one with only a declaration to one with every
//! variable set.

use super::{
    RelatedContext,
    related::{AbsorbedFault, Improvement, OpenAction, SeenIncident, SimilarIncident, Step},
};
use crate::domain::{
    event::Event,
    handle,
    incident::{FIELDS, Incident, Record, SECTIONS},
    task::{Task, TaskState},
    time::{UtcTime, from_micros},
    value::{Message, Service, StatedFact},
    words::{CAPTURE_KINDS, Kind, Severity, State, Word},
};
use chrono::Duration;
use uuid::Uuid;

/// Returns the time `minutes` after 12:00 UTC on 16 August 2012.
fn minutes_after_noon(minutes: i64) -> UtcTime {
    from_micros(1_345_118_400_000_000) + Duration::minutes(minutes)
}

fn record<T>(number: u128, recorded: UtcTime, value: T) -> Record<T> {
    let id = Uuid::from_u128(number + 1);
    Record::original(
        id,
        handle::shown(id),
        "sample".into(),
        (recorded, Uuid::nil(), 0),
        value,
    )
}

fn declared_incident() -> Incident {
    let mut event = Event::new(
        minutes_after_noon(0).fixed_offset(),
        Kind::Declare,
        "A sample",
    );
    event.number = Some(1);
    event.severity = Severity::new(1).map(Word::Known);
    let declaration = record(0, minutes_after_noon(0), event);
    let mut incident = Incident::assemble(
        declaration.id,
        declaration.handle.clone(),
        vec![],
        vec![],
        minutes_after_noon(600),
    );
    incident.entry_count = 1;
    incident.events = vec![declaration];
    incident
}

fn add_event(
    incident: &mut Incident,
    minutes: i64,
    kind: Kind,
    state: Option<State>,
    with_wording: bool,
) {
    let mut event = Event::new(
        minutes_after_noon(minutes).fixed_offset(),
        kind,
        "what happened",
    );
    event.state = state.map(Word::Known);
    event.services = vec!["one".into()];
    event.customer = with_wording.then(|| format!("What customers read, {minutes}."));
    let number = incident.events.len() as u128;
    incident
        .events
        .push(record(number, minutes_after_noon(minutes), event));
    incident.events.sort_by_key(Record::sort_key);
}

/// Returns the samples: a name, the incident, and its related incidents and faults.
pub(super) fn sample_incidents() -> Vec<(&'static str, Incident, RelatedContext)> {
    let mut ongoing = declared_incident();
    add_event(&mut ongoing, 1, Kind::Fault, Some(State::Down), true);
    add_event(&mut ongoing, 5, Kind::Comms, None, true);
    let mut at_risk = declared_incident();
    add_event(&mut at_risk, 1, Kind::Absorbed, None, true);
    vec![
        (
            "nothing but declared",
            declared_incident(),
            RelatedContext::default(),
        ),
        ("at risk", at_risk, RelatedContext::default()),
        ("going on", ongoing, RelatedContext::default()),
        ("all of it", complete_incident(), related_context()),
    ]
}

fn complete_incident() -> Incident {
    let mut incident = declared_incident();
    add_event(&mut incident, -60, Kind::Absorbed, None, true);
    add_event(&mut incident, -40, Kind::Absorbed, None, true);
    add_event(&mut incident, 1, Kind::Fault, Some(State::Down), true);
    add_event(
        &mut incident,
        40,
        Kind::Mitigate,
        Some(State::Degraded),
        true,
    );
    add_event(&mut incident, 60, Kind::Restore, None, true);
    for (i, kind) in CAPTURE_KINDS.into_iter().enumerate() {
        let minutes = 61 + i64::try_from(i).unwrap_or_default();
        add_event(&mut incident, minutes, kind, Some(State::Ok), i % 2 == 0);
    }
    add_event(&mut incident, 100, Kind::Resolve, None, false);
    add_event(&mut incident, 110, Kind::Reopen, Some(State::Down), true);
    add_event(
        &mut incident,
        120,
        Kind::Absorbed,
        Some(State::AtRisk),
        true,
    );
    add_event(&mut incident, 130, Kind::Restore, None, true);
    for (name, _) in FIELDS {
        let value = match name {
            "zone" => continue,
            "next-update" => "2012-08-16T15:00:00Z",
            "followup-by" => "2012-08-20",
            "ledger-in-letter" => "yes",
            _ => "a sample",
        };
        incident.fields.insert(name.into(), value.into());
    }
    for (name, _) in SECTIONS {
        incident
            .sections
            .insert(name.into(), "Some *prose*.".into());
    }
    for name in ["one", "two"] {
        let service = Service {
            public_name: Some(format!("Service {name}")),
            ..Service::default()
        };
        incident.services.insert(name.into(), service);
    }
    for (i, state) in [
        TaskState::Planned,
        TaskState::Started,
        TaskState::Done,
        TaskState::Declined,
    ]
    .into_iter()
    .enumerate()
    {
        let task = Task {
            text: "Do it".into(),
            state: state.into(),
            prevents: i != 1,
            shortens: i > 0,
            since: (i != 2).then(|| minutes_after_noon(0).fixed_offset()),
            due: Some(minutes_after_noon(0).fixed_offset()),
            customer: Some("What changes".into()),
            ..Task::default()
        };
        incident
            .tasks
            .push(record(1000 + i as u128, minutes_after_noon(200), task));
    }
    let facts = told_otherwise();
    let wordings: Vec<String> = facts.iter().map(|fact| fact.wording.clone()).collect();
    let message = Message {
        number: 1,
        stage: "resolved".into(),
        subject: "A subject".into(),
        text: wordings.join("\n"),
        approved_by: None,
        sent_at: Some(minutes_after_noon(105).fixed_offset()),
        via: Some("email".into()),
        to_group: Some("all".into()),
        facts,
        ..Message::default()
    };
    incident
        .messages
        .push(record(2000, minutes_after_noon(104), message));
    incident
}

/// What a letter told that is recorded otherwise: what the next letter corrects.
fn told_otherwise() -> Vec<StatedFact> {
    let fact = |name: &str, wording: &str, minutes: Option<i64>| StatedFact {
        name: name.into(),
        wording: wording.into(),
        at: minutes.map(|minutes| minutes_after_noon(minutes).fixed_offset()),
        ..StatedFact::default()
    };
    let spells = [
        "down 2012-08-16T12:05:00Z/~2012-08-16T12:10:00Z",
        "degraded 2012-08-16T12:20:00Z/",
    ];
    vec![
        fact("as-of", "", Some(90)),
        fact("names", "9", None),
        fact("start/Service one", "12:03", Some(3)),
        fact("end/Service one", "12:59", Some(59)),
        StatedFact {
            spells: spells.map(str::to_owned).to_vec(),
            ..fact("spells/Service two", "down", None)
        },
        fact("field/data-loss", "none", None),
        fact("field/customer-scope", "everyone", None),
        fact("field/customer-action", "none", None),
        fact("field/unaffected", "another sample", None),
        fact("gone", "other gone", None),
    ]
}

fn related_context() -> RelatedContext {
    let absorbed = AbsorbedFault {
        handle: "kkkkkk".into(),
        incident: None,
        at: minutes_after_noon(-900),
        protection: "mirror".into(),
        text: "what was caught".into(),
        was_at_risk: true,
        at_risk_seconds: Some(60),
    };
    RelatedContext {
        seen_before: vec![SeenIncident {
            short_ref: "9".into(),
            handle: "mmmmmm".into(),
            title: "One that began alike".into(),
            declared: minutes_after_noon(-6_000),
            score: 0.5,
            in_common: vec!["word".into()],
            has_no_decision: false,
            step: Some(Step {
                handle: "nnnnnn".into(),
                kind: "decision".into(),
                text: "what was decided".into(),
            }),
            improvement: Some(Improvement {
                handle: "oooooo".into(),
                kind: "restore".into(),
                service: None,
                seconds: 600,
                approximate: false,
            }),
            open_actions: vec![],
        }],
        files: Vec::new(),
        absorbed: vec![absorbed],
        absorbed_period: Some((minutes_after_noon(-10_000), minutes_after_noon(0))),
        similar: vec![SimilarIncident {
            short_ref: "0".into(),
            title: "An earlier one".into(),
            declared: minutes_after_noon(-5_000),
            shared_services: vec!["one".into()],
            shared_tags: vec!["tag".into()],
            open_actions: vec![OpenAction {
                handle: "llllll".into(),
                text: "Do it".into(),
                owner: Some("sample".into()),
                due: Some(minutes_after_noon(0)),
                overdue: true,
            }],
        }],
    }
}
