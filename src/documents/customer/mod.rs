//! What customers may read of an incident, by type.
//!
//! [`CustomerView`] holds customer wording, public service names, times, states and the fields
//! approved for customers. Nothing else of an incident goes in, so nothing else can come out: no
//! event's text, author, tags or people, no title, no service's own name. The letters are given this
//! type alone.

mod affected;
mod corrections;
mod letter;
mod letter_values;

pub use corrections::{StaleFact, stale_facts};
pub(super) use letter::{Letter, VARIABLES};

use super::{
    RelatedContext, markdown_escape::one_line, postmortem::incident_flag, provenance::strip_marks,
    time_format::TimeFormatter,
};
use crate::domain::{
    incident::{Audience, FIELDS, Incident},
    states::{StateSpan, States},
    task::TaskState,
    time::UtcTime,
    words::{Kind, State},
};
use chrono::Utc;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What an event with customer wording was to the story. A kind of its own is not kept: its word is
/// whatever a newer version wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WordingRole {
    Protection,
    Fault,
    Cause,
    Work,
    Recovery,
    /// That it is good again was checked, or said.
    Verification,
    CustomerUpdate,
}

impl WordingRole {
    fn from_kind(kind: &Kind, told: bool) -> Self {
        match kind {
            _ if told => Self::CustomerUpdate,
            Kind::Absorbed => Self::Protection,
            Kind::Fault => Self::Fault,
            Kind::Cause | Kind::Factor => Self::Cause,
            Kind::Restore => Self::Recovery,
            Kind::Resolve | Kind::Verify => Self::Verification,
            _ => Self::Work,
        }
    }
}

/// What an event did to customers, where it is one of those that turned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ImpactBoundary {
    /// It began to hurt; `again` where it had before.
    Began { again: bool },
    /// It stopped; `last` where it did not begin again.
    Ended { last: bool },
}

#[derive(Clone, Debug)]
struct Wording {
    handle: String,
    at: UtcTime,
    approximate: bool,
    recorded: UtcTime,
    role: WordingRole,
    boundary: Option<ImpactBoundary>,
    text: String,
}

#[derive(Clone, Debug)]
struct CustomerSpan {
    state: State,
    from: UtcTime,
    to: Option<UtcTime>,
    approximate: bool,
    /// The handle of the event that began it.
    event_handle: String,
    /// When that event was recorded.
    recorded: UtcTime,
}

#[derive(Clone, Debug)]
struct PublicService {
    name: String,
    states: ServiceStates,
}

/// How a service is, and the worst it was; nothing where no state of it is known.
#[derive(Clone, Copy, Debug, Default)]
struct ServiceStates {
    now: Option<State>,
    worst: Option<State>,
}

impl ServiceStates {
    fn of(spans: &[StateSpan]) -> Self {
        Self {
            now: spans.last().map(|span| span.state),
            worst: spans.iter().map(|span| span.state).max(),
        }
    }
}

#[derive(Clone, Debug)]
struct PublicTask {
    handle: String,
    text: String,
    state: TaskState,
    since: Option<UtcTime>,
    prevents: bool,
    shortens: bool,
}

/// An all-clear that was none.
#[derive(Clone, Debug)]
struct PrematureResolution {
    said: UtcTime,
    announced_by: String,
    reopened_at: UtcTime,
    reopened_by: String,
}

/// What customers may read of one incident, and the handles it came from (for tracing only: they are
/// never written in a letter).
#[derive(Clone, Debug)]
pub struct CustomerView {
    time_format: TimeFormatter,
    fields: BTreeMap<&'static str, String>,
    services: Vec<PublicService>,
    /// Services that customers know no name of.
    unnamed_services: Vec<ServiceStates>,
    wordings: Vec<Wording>,
    spans: Vec<CustomerSpan>,
    improvements: Vec<PublicTask>,
    paragraph: Option<String>,
    customer_updates: Vec<(UtcTime, String)>,
    premature_resolution: Option<PrematureResolution>,
    /// What sent letters said of the record and what has changed since.
    corrections: Vec<StaleFact>,
    /// The handles of faults that protections caught elsewhere, to be counted.
    absorbed_handles: Vec<String>,
    until: UtcTime,
    /// True until the incident is resolved.
    open: bool,
    /// True where a fault stands that no state was given with: nobody knows whether it hurt.
    has_fault_without_state: bool,
    /// How a command names the incident; for what is missing.
    incident_flag: String,
    /// True if entries of the incident are not as they were written.
    unverified: bool,
}

impl CustomerView {
    /// Takes from `incident`, whose states are `states`, what customers may read.
    ///
    /// An event counts where it stands and has customer wording; the others give only when the
    /// states began and ended. Of follow-ups, those with customer wording that nobody declined.
    #[must_use]
    pub fn from_incident(incident: &Incident, states: &States) -> Self {
        let turns = impact_boundaries(&states.overall);
        let wordings = incident.active_events().filter_map(|e| {
            Some(Wording {
                handle: e.handle.clone(),
                at: e.value.at_utc(),
                approximate: e.value.approximate,
                recorded: e.recorded,
                role: WordingRole::from_kind(&e.value.kind, e.value.is_customer_update()),
                boundary: turns.get(&e.id).copied(),
                text: clean_line(e.value.customer.as_deref()?)?,
            })
        });
        let mut told: Vec<(UtcTime, String)> = incident
            .active_events()
            .filter(|e| e.value.is_customer_update())
            .map(|e| (e.value.at_utc(), e.handle.clone()))
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
            .filter_map(|(name, _)| Some((*name, clean_line(incident.fields.get(*name)?)?)));
        let mut services = Vec::new();
        let mut nameless = Vec::new();
        for (name, spans) in &states.services {
            let public = incident
                .services
                .get(name)
                .and_then(|s| s.public_name.as_deref());
            let states = ServiceStates::of(spans);
            match public.and_then(clean_line) {
                Some(name) => services.push(PublicService { name, states }),
                None if name.is_empty() => {}
                None => nameless.push(states),
            }
        }
        let tasks = incident
            .tasks
            .iter()
            .filter(|t| t.value.retracted.is_none() && t.value.state != TaskState::Declined);
        let mut view = Self {
            time_format: TimeFormatter::new(incident.zone()),
            fields: fields.collect(),
            services,
            unnamed_services: nameless,
            wordings: wordings.collect(),
            spans: customer_spans(incident, &states.overall),
            improvements: tasks
                .filter_map(|t| {
                    Some(PublicTask {
                        handle: t.handle.clone(),
                        text: clean_line(t.value.customer.as_deref()?)?,
                        state: t.value.state.known()?,
                        since: t.value.since.map(|since| since.with_timezone(&Utc)),
                        prevents: t.value.prevents,
                        shortens: t.value.shortens,
                    })
                })
                .collect(),
            paragraph: incident
                .sections
                .get("customer-followup")
                .map(|text| strip_marks(text.trim()).into_owned())
                .filter(|text| !text.is_empty()),
            premature_resolution: premature_resolution(incident, &told),
            customer_updates: told,
            corrections: Vec::new(),
            absorbed_handles: Vec::new(),
            until: incident.last_recorded_at,
            open: incident.is_open(),
            has_fault_without_state: incident
                .active_events()
                .any(|e| e.value.kind == Kind::Fault && e.value.state.is_none()),
            incident_flag: incident_flag(incident),
            unverified: incident.unverified.is_some(),
        };
        // An end that is none any more is an all-clear that was none, and told as that.
        let to_correct =
            |c: &StaleFact| c.sent_at.is_some() && (c.name != "ended" || c.recorded.is_some());
        view.corrections = stale_facts(incident, &view.facts());
        view.corrections.retain(to_correct);
        view
    }
}

impl CustomerView {
    /// When the incident's newest entry was recorded.
    pub(super) fn newest(&self) -> UtcTime {
        self.until
    }

    /// True where somebody has let the count of outages that did not happen into the letter.
    #[must_use]
    pub fn includes_absorbed_count(&self) -> bool {
        self.fields
            .get("ledger-in-letter")
            .is_some_and(|said| said == "yes")
    }

    /// With how many faults protections caught elsewhere, where that may be said; nothing else of
    /// them goes in.
    #[must_use]
    pub fn with_absorbed_count(mut self, around: &RelatedContext) -> Self {
        if self.includes_absorbed_count() {
            let others = around
                .absorbed
                .iter()
                .filter(|fault| !fault.in_this_incident);
            self.absorbed_handles = others.map(|fault| fault.handle.clone()).collect();
        }
        self
    }

    /// How a command names the incident, for what is missing in a letter.
    /// True if a letter must not go out as it is: what it is made from was changed.
    pub(super) fn is_unverified(&self) -> bool {
        self.unverified
    }

    pub(super) fn incident_flag(&self) -> &str {
        &self.incident_flag
    }
}

/// One line, safe to show, without private marks; `None` where nothing is left.
fn clean_line(text: &str) -> Option<String> {
    let text = strip_marks(text);
    let text = one_line(&text);
    (!text.is_empty()).then(|| text.into_owned())
}

fn customer_spans(incident: &Incident, overall: &[StateSpan]) -> Vec<CustomerSpan> {
    let by: BTreeSet<Uuid> = overall.iter().map(|span| span.started_by).collect();
    let began: BTreeMap<Uuid, (&str, UtcTime)> = incident
        .events
        .iter()
        .filter(|e| by.contains(&e.id))
        .map(|e| (e.id, (e.handle.as_str(), e.recorded)))
        .collect();
    let stretch = |span: &StateSpan| CustomerSpan {
        state: span.state,
        from: span.from,
        to: span.to,
        approximate: span.approximate,
        event_handle: began
            .get(&span.started_by)
            .map_or_else(String::new, |(handle, _)| (*handle).to_owned()),
        recorded: began.get(&span.started_by).map_or(span.from, |(_, at)| *at),
    };
    overall.iter().map(stretch).collect()
}

/// The events at which it began to hurt, or stopped.
fn impact_boundaries(overall: &[StateSpan]) -> BTreeMap<Uuid, ImpactBoundary> {
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
            turns.insert(span.started_by, ImpactBoundary::Began { again });
            if let Some(by) = ended {
                turns.insert(by, ImpactBoundary::Ended { last: false });
            }
        } else {
            ended = Some(span.started_by);
            turns.insert(span.started_by, ImpactBoundary::Ended { last: true });
        }
    }
    turns
}

/// The last resolution that was taken back, where customers were told of it and have not been told
/// anything since it was taken back.
fn premature_resolution(
    incident: &Incident,
    told: &[(UtcTime, String)],
) -> Option<PrematureResolution> {
    let mut resolved: Option<UtcTime> = None;
    let mut found = None;
    for event in incident.active_events() {
        match event.value.kind {
            Kind::Resolve => resolved = Some(event.value.at_utc()),
            Kind::Reopen => found = resolved.map(|at| (at, event)),
            _ => {}
        }
    }
    let (resolved, reopen) = found?;
    let reopened = reopen.value.at_utc();
    if told.iter().any(|(at, _)| *at > reopened) {
        return None;
    }
    let (said, by) = told
        .iter()
        .find(|(at, _)| (resolved..=reopened).contains(at))?;
    Some(PrematureResolution {
        said: *said,
        announced_by: by.clone(),
        reopened_at: reopened,
        reopened_by: reopen.handle.clone(),
    })
}
