//! What customers may read of an incident, by type.
//!
//! [`CustomerView`] holds customer wording, public service names, times, states and the fields
//! approved for customers. Nothing else of an incident goes in, so nothing else can come out: no
//! event's text, author, tags or people, no title, no service's own name. The letters are given this
//! type alone.

mod letter;
mod passages;
mod told;

pub(super) use letter::Letter;
pub use told::{Changed, changed};

use super::{clock::Clock, escape::one_line, marks::strip, postmortem::reference};
use crate::domain::{
    incident::{Audience, FIELDS, Incident},
    states::{Span, States},
    task::TaskState,
    time::Instant,
    words::{Kind, State},
};
use chrono::Utc;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What an event with customer wording was to the story. A kind of its own is not kept: its word is
/// whatever a newer version wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Protection,
    Fault,
    Cause,
    Work,
    Recovery,
    Told,
}

impl Role {
    fn of(kind: &Kind, told: bool) -> Self {
        match kind {
            _ if told => Self::Told,
            Kind::Absorbed => Self::Protection,
            Kind::Fault => Self::Fault,
            Kind::Cause | Kind::Factor => Self::Cause,
            Kind::Restore | Kind::Resolve | Kind::Verify => Self::Recovery,
            _ => Self::Work,
        }
    }
}

/// What an event did to customers, where it is one of those that turned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// It began to hurt; `again` where it had before.
    Began { again: bool },
    /// It stopped; `last` where it did not begin again.
    Ended { last: bool },
}

#[derive(Clone, Debug)]
struct Wording {
    handle: String,
    at: Instant,
    approximate: bool,
    recorded: Instant,
    role: Role,
    turn: Option<Turn>,
    text: String,
}

#[derive(Clone, Debug)]
struct Stretch {
    state: State,
    from: Instant,
    to: Option<Instant>,
    approximate: bool,
    /// The handle of the event that began it.
    by: String,
}

#[derive(Clone, Debug)]
struct PublicService {
    name: String,
    state: Option<State>,
}

#[derive(Clone, Debug)]
struct Improvement {
    handle: String,
    text: String,
    state: TaskState,
    since: Option<Instant>,
    prevents: bool,
    shortens: bool,
}

/// An all-clear that was none.
#[derive(Clone, Debug)]
struct FalseClear {
    said: Instant,
    by: String,
    reopened: Instant,
    reopened_by: String,
}

/// What customers may read of one incident, and the handles it came from (for tracing only: they are
/// never written in a letter).
#[derive(Clone, Debug)]
pub struct CustomerView {
    clock: Clock,
    fields: BTreeMap<&'static str, String>,
    services: Vec<PublicService>,
    wordings: Vec<Wording>,
    stretches: Vec<Stretch>,
    improvements: Vec<Improvement>,
    paragraph: Option<String>,
    told: Vec<(Instant, String)>,
    false_clear: Option<FalseClear>,
    /// What sent letters said of the record and what has changed since.
    corrections: Vec<Changed>,
    until: Instant,
    /// How a command names the incident; for what is missing.
    reference: String,
}

impl CustomerView {
    /// Takes from `incident`, whose states are `states`, what customers may read.
    ///
    /// An event counts where it stands and has customer wording; the others give only when the
    /// states began and ended. Of follow-ups, those with customer wording that nobody declined.
    #[must_use]
    pub fn of(incident: &Incident, states: &States) -> Self {
        let turns = turns(&states.overall);
        let wordings = incident.standing().filter_map(|e| {
            Some(Wording {
                handle: e.handle.clone(),
                at: e.value.instant(),
                approximate: e.value.approximate,
                recorded: e.recorded,
                role: Role::of(&e.value.kind, e.value.is_customer_update()),
                turn: turns.get(&e.id).copied(),
                text: clean(e.value.customer.as_deref()?)?,
            })
        });
        let mut told: Vec<(Instant, String)> = incident
            .standing()
            .filter(|e| e.value.is_customer_update())
            .map(|e| (e.value.instant(), e.handle.clone()))
            .chain(
                incident
                    .messages
                    .iter()
                    .filter_map(|m| Some((m.value.sent_at?.with_timezone(&Utc), m.handle.clone()))),
            )
            .collect();
        told.sort();
        let fields = FIELDS
            .iter()
            .filter(|(_, audience)| *audience == Audience::Customers)
            .filter_map(|(name, _)| Some((*name, clean(incident.fields.get(*name)?)?)));
        let services = incident.services.iter().filter_map(|(name, service)| {
            let spans = states.of_service(name);
            Some(PublicService {
                name: clean(service.public.as_deref()?)?,
                state: Some(spans.last()?.state),
            })
        });
        let tasks = incident
            .tasks
            .iter()
            .filter(|t| t.value.retracted.is_none() && t.value.state != TaskState::Declined);
        let mut view = Self {
            clock: Clock::new(incident.zone()),
            fields: fields.collect(),
            services: services.collect(),
            wordings: wordings.collect(),
            stretches: stretches(incident, &states.overall),
            improvements: tasks
                .filter_map(|t| {
                    Some(Improvement {
                        handle: t.handle.clone(),
                        text: clean(t.value.customer.as_deref()?)?,
                        state: t.value.state,
                        since: t.value.since.map(|since| since.with_timezone(&Utc)),
                        prevents: t.value.prevents,
                        shortens: t.value.shortens,
                    })
                })
                .collect(),
            paragraph: incident
                .sections
                .get("customer-followup")
                .map(|text| strip(text.trim()).into_owned())
                .filter(|text| !text.is_empty()),
            false_clear: false_clear(incident, &told),
            told,
            corrections: Vec::new(),
            until: incident.newest,
            reference: reference(incident),
        };
        // An end that is none any more is an all-clear that was none, and told as that.
        let to_correct = |c: &Changed| c.told.is_some() && (c.what != "ended" || c.is.is_some());
        view.corrections = changed(incident, &view.facts());
        view.corrections.retain(to_correct);
        view
    }
}

impl CustomerView {
    /// How a command names the incident, for what is missing in a letter.
    pub(super) fn reference(&self) -> &str {
        &self.reference
    }
}

/// One line, safe to show, without private marks; `None` where nothing is left.
fn clean(text: &str) -> Option<String> {
    let text = strip(text);
    let text = one_line(&text);
    (!text.is_empty()).then(|| text.into_owned())
}

fn stretches(incident: &Incident, overall: &[Span]) -> Vec<Stretch> {
    let by: BTreeSet<Uuid> = overall.iter().map(|span| span.by).collect();
    let handles: BTreeMap<Uuid, &str> = incident
        .events
        .iter()
        .filter(|e| by.contains(&e.id))
        .map(|e| (e.id, e.handle.as_str()))
        .collect();
    let stretch = |span: &Span| Stretch {
        state: span.state,
        from: span.from,
        to: span.to,
        approximate: span.approximate,
        by: handles
            .get(&span.by)
            .map_or_else(String::new, |handle| (*handle).to_owned()),
    };
    overall.iter().map(stretch).collect()
}

/// The events at which it began to hurt, or stopped.
fn turns(overall: &[Span]) -> BTreeMap<Uuid, Turn> {
    let mut turns = BTreeMap::new();
    let mut hurts = false;
    let mut ended = None;
    for span in overall {
        if span.state.is_impact() == hurts {
            continue;
        }
        hurts = !hurts;
        if hurts {
            let again = ended.is_some();
            turns.insert(span.by, Turn::Began { again });
            if let Some(by) = ended {
                turns.insert(by, Turn::Ended { last: false });
            }
        } else {
            ended = Some(span.by);
            turns.insert(span.by, Turn::Ended { last: true });
        }
    }
    turns
}

/// The last resolution that was taken back, where customers were told of it and have not been told
/// anything since it was taken back.
fn false_clear(incident: &Incident, told: &[(Instant, String)]) -> Option<FalseClear> {
    let mut resolved: Option<Instant> = None;
    let mut found = None;
    for event in incident.standing() {
        match event.value.kind {
            Kind::Resolve => resolved = Some(event.value.instant()),
            Kind::Reopen => found = resolved.map(|at| (at, event)),
            _ => {}
        }
    }
    let (resolved, reopen) = found?;
    let reopened = reopen.value.instant();
    if told.iter().any(|(at, _)| *at > reopened) {
        return None;
    }
    let (said, by) = told
        .iter()
        .find(|(at, _)| (resolved..=reopened).contains(at))?;
    Some(FalseClear {
        said: *said,
        by: by.clone(),
        reopened,
        reopened_by: reopen.handle.clone(),
    })
}
