//! Builds [`CustomerView`] from an incident.

use super::corrections::{StaleFact, stale_facts};
use crate::{
    documents::{
        RelatedContext, markdown_escape::one_line, placeholder::incident_flag,
        provenance::strip_marks, time_format::TimeFormatter,
    },
    domain::{
        incident::{Audience, FIELDS, Incident},
        states::{StateSpan, States},
        task::TaskState,
        time::UtcTime,
        value::StatedFact,
        words::{Kind, State},
    },
};
use chrono::Utc;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The role of an event with customer wording in a letter. Stored in place of the kind, because the
/// word of an unknown kind is arbitrary text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordingRole {
    Protection,
    Fault,
    Cause,
    Work,
    Recovery,
    /// The recovery was checked or declared.
    Verification,
    CustomerUpdate,
}

impl WordingRole {
    fn from_kind(kind: &Kind, is_customer_update: bool) -> Self {
        match kind {
            _ if is_customer_update => Self::CustomerUpdate,
            Kind::Absorbed => Self::Protection,
            Kind::Fault => Self::Fault,
            Kind::Cause | Kind::Factor => Self::Cause,
            Kind::Restore => Self::Recovery,
            Kind::Resolve | Kind::Verify => Self::Verification,
            _ => Self::Work,
        }
    }
}

/// Whether an event began or ended customer impact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImpactBoundary {
    /// Impact began; `again` if there was impact before.
    Began { again: bool },
    /// Impact ended; `last` if it did not begin again.
    Ended { last: bool },
}

#[derive(Clone, Debug)]
pub(super) struct Wording {
    pub(super) handle: String,
    pub(super) at: UtcTime,
    pub(super) approximate: bool,
    pub(super) recorded: UtcTime,
    pub(super) role: WordingRole,
    pub(super) boundary: Option<ImpactBoundary>,
    pub(super) text: String,
}

#[derive(Clone, Debug)]
pub(super) struct CustomerSpan {
    pub(super) state: State,
    pub(super) from: UtcTime,
    pub(super) to: Option<UtcTime>,
    pub(super) approximate: bool,
    /// The handle of the event that started the span.
    pub(super) event_handle: String,
    /// When that event was recorded, as opposed to when it occurred.
    pub(super) recorded: UtcTime,
}

#[derive(Clone, Debug)]
pub(super) struct PublicService {
    pub(super) name: String,
    pub(super) states: ServiceStates,
}

/// The current and the worst state of a service; `None` if it never had a state.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ServiceStates {
    pub(super) now: Option<State>,
    pub(super) worst: Option<State>,
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
pub(super) struct PublicTask {
    pub(super) handle: String,
    pub(super) text: String,
    pub(super) state: TaskState,
    pub(super) since: Option<UtcTime>,
    pub(super) prevents: bool,
    pub(super) shortens: bool,
}

/// An all-clear that customers got before the incident was reopened.
#[derive(Clone, Debug)]
pub(super) struct PrematureResolution {
    pub(super) announced_at: UtcTime,
    /// The handle of the `comms` event or message.
    pub(super) announced_by: String,
    pub(super) reopened_at: UtcTime,
    pub(super) reopened_by: String,
}

/// What customers may read of one incident, and the handles of its sources. The handles are for
/// tracing and do not appear in letters.
#[derive(Clone, Debug)]
pub struct CustomerView {
    pub(super) time_format: TimeFormatter,
    pub(super) fields: BTreeMap<&'static str, String>,
    pub(super) services: Vec<PublicService>,
    /// Services without a public name.
    pub(super) unnamed_services: Vec<ServiceStates>,
    pub(super) wordings: Vec<Wording>,
    pub(super) spans: Vec<CustomerSpan>,
    pub(super) improvements: Vec<PublicTask>,
    pub(super) paragraph: Option<String>,
    pub(super) customer_updates: Vec<(UtcTime, String)>,
    pub(super) premature_resolution: Option<PrematureResolution>,
    /// Facts that sent letters stated and that have changed since.
    pub(super) corrections: Vec<StaleFact>,
    /// The handles of absorbed faults of other incidents; letters give only their number.
    pub(super) absorbed_handles: Vec<String>,
    pub(super) until: UtcTime,
    pub(super) open: bool,
    /// True if there is a fault without a state, so that it is unknown whether it had impact.
    pub(super) has_fault_without_state: bool,
    /// For the commands of placeholders.
    pub(super) incident_flag: String,
    /// True if entries of the incident are not as they were written.
    unverified: bool,
}

impl CustomerView {
    /// Selects from `incident`, whose states are `states`, what customers may read.
    ///
    /// Takes active events with customer wording, and follow-ups with customer wording that are not
    /// declined. Other events contribute only to the times of state spans.
    #[must_use]
    pub fn from_incident(incident: &Incident, states: &States) -> Self {
        let boundaries = impact_boundaries(&states.overall);
        let wordings = incident.active_events().filter_map(|e| {
            Some(Wording {
                handle: e.handle.clone(),
                at: e.value.at_utc(),
                approximate: e.value.approximate,
                recorded: e.recorded,
                role: WordingRole::from_kind(&e.value.kind, e.value.is_customer_update()),
                boundary: boundaries.get(&e.id).copied(),
                text: clean_line(e.value.customer.as_deref()?)?,
            })
        });
        let mut updates: Vec<(UtcTime, String)> = incident
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
        updates.sort();
        let fields = FIELDS
            .iter()
            .filter(|(_, audience)| *audience == Audience::Customers)
            .filter_map(|(name, _)| Some((*name, clean_line(incident.fields.get(*name)?)?)));
        let mut services = Vec::new();
        let mut unnamed = Vec::new();
        let is_only = states.services.len() == 1;
        for (name, spans) in &states.services {
            let public = incident
                .services
                .get(name)
                .and_then(|s| s.public_name.as_deref());
            let states = ServiceStates::of(spans);
            match public.and_then(clean_line) {
                Some(name) => services.push(PublicService { name, states }),
                None if name.is_empty() && is_only => {}
                None => unnamed.push(states),
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
            unnamed_services: unnamed,
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
            premature_resolution: premature_resolution(incident, &updates),
            customer_updates: updates,
            corrections: Vec::new(),
            absorbed_handles: Vec::new(),
            until: incident.last_recorded_at,
            open: incident.is_open(),
            unverified: incident.unverified.is_some(),
            has_fault_without_state: incident
                .active_events()
                .any(|e| e.value.kind == Kind::Fault && e.value.state.is_none()),
            incident_flag: incident_flag(incident),
        };
        // If the incident was reopened, its former end is reported as a premature resolution, not as
        // a correction.
        let to_correct =
            |c: &StaleFact| c.sent_at.is_some() && (c.name != "ended" || c.recorded.is_some());
        view.corrections = stale_facts(incident, &view.facts());
        view.corrections.retain(to_correct);
        view
    }
}

impl CustomerView {
    /// Returns when the incident's newest entry was recorded.
    pub(in crate::documents) fn newest(&self) -> UtcTime {
        self.until
    }

    /// Returns true if the field `ledger-in-letter` allows the number of absorbed faults in letters.
    #[must_use]
    pub fn includes_absorbed_count(&self) -> bool {
        self.fields
            .get("ledger-in-letter")
            .is_some_and(|value| value == "yes")
    }

    /// Adds the number of absorbed faults of other incidents, if it is allowed in letters. Nothing else
    /// of them is added.
    #[must_use]
    pub fn with_absorbed_count(mut self, related: &RelatedContext) -> Self {
        if self.includes_absorbed_count() {
            let others = related
                .absorbed
                .iter()
                .filter(|fault| !fault.in_this_incident);
            self.absorbed_handles = others.map(|fault| fault.handle.clone()).collect();
        }
        self
    }

    /// Returns true if a letter must not go out as it is: its records were changed.
    pub(in crate::documents) fn is_unverified(&self) -> bool {
        self.unverified
    }

    pub(in crate::documents) fn incident_flag(&self) -> &str {
        &self.incident_flag
    }
}

impl CustomerView {
    /// Returns the facts that a letter rendered from this view can state.
    #[must_use]
    pub fn facts(&self) -> Vec<StatedFact> {
        let mut facts = Vec::new();
        let mut add = |name: &str, wording: Option<String>| {
            if let Some(wording) = wording {
                facts.push(StatedFact {
                    name: name.to_owned(),
                    wording,
                    ..StatedFact::default()
                });
            }
        };
        let first = self.spans.iter().find(|s| s.state.is_impact());
        add(
            "began",
            first.map(|s| self.time_format.time_with_zone(s.from)),
        );
        add("day", first.map(|s| self.time_format.long_date(s.from)));
        let last = self.spans.iter().rfind(|s| s.state.is_impact());
        add(
            "ended",
            last.and_then(|s| s.to)
                .map(|to| self.time_format.time_with_zone(to)),
        );
        let field = |name: &str| self.fields.get(name).cloned();
        add("affected", field("customer-scope"));
        add("unaffected", field("unaffected"));
        add("data", self.recorded_data_loss());
        for wording in &self.wordings {
            add(&wording.handle, Some(wording.text.clone()));
        }
        facts
    }
}

/// Returns `text` as one line that is safe to show, without provenance marks; `None` if it is empty.
pub(super) fn clean_line(text: &str) -> Option<String> {
    let text = strip_marks(text);
    let text = one_line(&text);
    (!text.is_empty()).then(|| text.into_owned())
}

fn customer_spans(incident: &Incident, overall: &[StateSpan]) -> Vec<CustomerSpan> {
    let starts: BTreeSet<Uuid> = overall.iter().map(|span| span.started_by).collect();
    let events: BTreeMap<Uuid, (&str, UtcTime)> = incident
        .events
        .iter()
        .filter(|e| starts.contains(&e.id))
        .map(|e| (e.id, (e.handle.as_str(), e.recorded)))
        .collect();
    let customer_span = |span: &StateSpan| CustomerSpan {
        state: span.state,
        from: span.from,
        to: span.to,
        approximate: span.approximate,
        event_handle: events
            .get(&span.started_by)
            .map_or_else(String::new, |(handle, _)| (*handle).to_owned()),
        recorded: events
            .get(&span.started_by)
            .map_or(span.from, |(_, at)| *at),
    };
    let mut spans: Vec<CustomerSpan> = Vec::new();
    if is_end_unknown(overall) {
        return spans;
    }
    for span in overall {
        if span.state != State::Unknown {
            spans.push(customer_span(span));
        } else if let Some(before) = spans.last_mut() {
            // An unknown state ends nothing: no letter may say that service is back.
            before.to = span.to;
        }
    }
    spans
}

/// True if a state after the last impact is not known: then no letter may say that it is over, or how
/// long it was.
fn is_end_unknown(overall: &[StateSpan]) -> bool {
    let last_impact = overall.iter().rposition(|span| span.state.is_impact());
    let after = last_impact.map_or(0, |index| index + 1);
    let mut known = overall[after..]
        .iter()
        .skip_while(|span| span.state == State::Unknown);
    known.any(|span| span.state == State::Unknown)
}

/// Returns the events that began or ended impact.
fn impact_boundaries(overall: &[StateSpan]) -> BTreeMap<Uuid, ImpactBoundary> {
    let mut boundaries = BTreeMap::new();
    let mut in_impact = false;
    let mut ended = None;
    for span in overall {
        if span.state.is_impact() == in_impact || span.state == State::Unknown {
            continue;
        }
        in_impact = !in_impact;
        if in_impact {
            let again = ended.is_some();
            boundaries.insert(span.started_by, ImpactBoundary::Began { again });
            if let Some(event) = ended {
                boundaries.insert(event, ImpactBoundary::Ended { last: false });
            }
        } else {
            ended = Some(span.started_by);
            boundaries.insert(span.started_by, ImpactBoundary::Ended { last: true });
        }
    }
    boundaries
}

/// Returns the last resolution before a reopening, if customers were informed of it and have not been
/// informed of anything since the reopening.
fn premature_resolution(
    incident: &Incident,
    updates: &[(UtcTime, String)],
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
    if updates.iter().any(|(at, _)| *at > reopened) {
        return None;
    }
    let (announced_at, handle) = updates
        .iter()
        .find(|(at, _)| (resolved..=reopened).contains(at))?;
    Some(PrematureResolution {
        announced_at: *announced_at,
        announced_by: handle.clone(),
        reopened_at: reopened,
        reopened_by: reopen.handle.clone(),
    })
}
