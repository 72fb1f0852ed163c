//! The ledger of near misses: faults that a protection caught, in and outside incidents.
//!
//! The first tag of an `absorbed` event (`#mirror`) names the protection; without a tag, its
//! service does. Tags decide nothing else. A protection was defeated if a later fault links to the
//! event, or if in the same incident, or outside of any, its service went from that `at-risk` to impact without a
//! return to `ok`: then it is no near miss. Neither is what was caught of a service that was itself hit at that moment.
//! The time at risk ends when the service is `ok` again; where the event made no service at risk, there is none.
//! `docs/documents.md`, Near misses, says so to users.

use super::{
    event::Event,
    incident::{Incident, Record, STALE_AFTER, TimelineOrder},
    states::{NAMELESS, StateSpan, States},
    time::UtcTime,
    words::{Kind, State},
};
use std::collections::HashMap;
use uuid::Uuid;

/// An event with its incident; `None` if it is unfiled.
pub type EventInIncident<'a> = (Option<Uuid>, &'a Record<Event>);

/// A fault that a protection caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The id of the `absorbed` event.
    pub id: Uuid,
    pub handle: String,
    /// `None` if it is unfiled.
    pub incident: Option<Uuid>,
    pub at: UtcTime,
    pub approximate: bool,
    /// The first tag, else the first service; empty if it has neither.
    pub protection: String,
    pub services: Vec<String>,
    /// Internal text of the event.
    pub text: String,
    /// True if a service was at risk from then on, as recorded.
    pub was_at_risk: bool,
    /// When the service was `ok` again; `None` while it is at risk, if it never was, and if the protection was
    /// defeated.
    pub restored_at: Option<UtcTime>,
    /// Handle and time of the event that defeated the protection.
    pub defeated_by: Option<(String, UtcTime)>,
    /// When the newest event of its incident occurred; its own time if it is unfiled.
    pub newest_event_at: UtcTime,
}

impl NearMiss {
    /// When it was over: at once, where no service was at risk; `None` as in [`restored_at`](Self::restored_at).
    #[must_use]
    pub fn over_at(&self) -> Option<UtcTime> {
        match self.was_at_risk {
            true => self.restored_at,
            false => Some(self.at),
        }
    }

    /// Seconds at risk; up to `until` while it lasts. `None` if no service was at risk, or if it has not ended, and
    /// nothing was recorded of its incident in the [`STALE_AFTER`] before `until`.
    #[must_use]
    pub fn seconds_at_risk(&self, until: UtcTime) -> Option<i64> {
        if !self.was_at_risk {
            return None;
        }
        let defeated_at = self.defeated_by.as_ref().map(|(_, at)| *at);
        let is_known = until - self.newest_event_at <= STALE_AFTER;
        let lasts = || is_known.then(|| until.max(self.at));
        let end = self.restored_at.or(defeated_at).or_else(lasts)?;
        Some((end - self.at).num_seconds())
    }
}

/// Where a time at risk ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The service was `ok` again.
    Restored(UtcTime),
    /// The service went to impact.
    Defeated { by: Uuid, at: UtcTime },
}

impl Outcome {
    fn at(self) -> UtcTime {
        match self {
            Self::Restored(at) | Self::Defeated { at, .. } => at,
        }
    }
}

/// Returns the faults that a protection caught in `incidents` and among the `unfiled` events (an
/// incident only in form), oldest first. `milestones` are those of all incidents and the unfiled
/// ones, in timeline order: any of them may restore a service or link to a fault.
#[must_use]
pub fn near_misses(
    incidents: &[Incident],
    unfiled: &Incident,
    milestones: &[EventInIncident<'_>],
) -> Vec<NearMiss> {
    let later = LaterEvents::new(milestones);
    let filed = incidents
        .iter()
        .map(|incident| (Some(incident.id), incident));
    let mut found: Vec<(TimelineOrder, NearMiss)> = Vec::new();
    for (id, incident) in filed.chain([(None, unfiled)]) {
        let states = States::from_incident(incident);
        let newest = incident.newest_event_at().unwrap_or_default();
        let caught = incident.active_events().filter(|e| is_caught(&e.value));
        found.extend(caught.filter_map(|e| {
            let found = near_miss((id, newest), e, incident, &states, &later)?;
            Some((e.sort_key(), found))
        }));
    }
    found.sort_by_key(|(order, _)| *order);
    found.into_iter().map(|(_, near_miss)| near_miss).collect()
}

/// True for an `absorbed` event that is not itself an outage.
#[must_use]
pub fn is_caught(event: &Event) -> bool {
    event.kind == Kind::Absorbed && !event.given_state().is_some_and(State::is_impact)
}

/// What the milestones of all incidents say of faults and services elsewhere.
struct LaterEvents<'a> {
    /// The faults that link to an event, by its id.
    linking_faults: HashMap<Uuid, Vec<&'a Record<Event>>>,
    /// When a service was said to be `ok`, by its name.
    restored: HashMap<&'a str, Vec<UtcTime>>,
}

impl<'a> LaterEvents<'a> {
    fn new(milestones: &[EventInIncident<'a>]) -> Self {
        let mut later = Self {
            linking_faults: HashMap::new(),
            restored: HashMap::new(),
        };
        for (_, record) in milestones.iter().filter(|(_, e)| e.is_active()) {
            let event = &record.value;
            if event.kind == Kind::Fault {
                for id in &event.links {
                    later.linking_faults.entry(*id).or_default().push(record);
                }
            }
            if event.shown_state().is_some_and(|state| state == State::Ok) {
                for name in &event.services {
                    let times = later.restored.entry(name.as_str()).or_default();
                    times.push(event.at_utc());
                }
            }
        }
        later
    }

    fn restored_after(&self, service: &str, at: UtcTime) -> Option<UtcTime> {
        let times = self.restored.get(service)?;
        times.iter().copied().find(|restored| *restored > at)
    }
}

/// Returns the near miss that `record` is; `None` if it was caught of what was itself hit, so that no outage was kept
/// from happening.
fn near_miss(
    (incident_id, newest_event_at): (Option<Uuid>, UtcTime),
    record: &Record<Event>,
    incident: &Incident,
    states: &States,
    later: &LaterEvents<'_>,
) -> Option<NearMiss> {
    let event = &record.value;
    let at_risk = spans_at_risk(record, states);
    if at_risk.is_empty() && was_hit(event, states) {
        return None;
    }
    let outcomes: Vec<Option<Outcome>> = at_risk
        .iter()
        .map(|(service, spans)| {
            let elsewhere = later.restored_after(service, event.at_utc());
            let here = end_of_risk(spans);
            let elsewhere = elsewhere.map(Outcome::Restored);
            [here, elsewhere]
                .into_iter()
                .flatten()
                .min_by_key(|o| o.at())
        })
        .collect();
    let linked = later.linking_faults.get(&record.id).and_then(|faults| {
        let mut later = faults.iter().filter(|f| f.sort_key() > record.sort_key());
        later.next().map(|f| (f.handle.clone(), f.value.at_utc()))
    });
    let overcome = outcomes
        .iter()
        .flatten()
        .filter_map(|outcome| match outcome {
            Outcome::Defeated { by, at } => {
                let handle = incident.event(*by).map(|e| e.handle.clone());
                Some((handle.unwrap_or_default(), *at))
            }
            Outcome::Restored(_) => None,
        });
    let defeated_by = overcome.chain(linked).min_by_key(|(_, at)| *at);
    // All its services have to be `ok` again.
    let restored_at = outcomes
        .iter()
        .map(|outcome| outcome.map(Outcome::at))
        .try_fold(event.at_utc(), |last, at| Some(last.max(at?)));
    let defeated_first = |restored: &UtcTime| {
        let defeated = defeated_by.as_ref();
        defeated.is_none_or(|(_, at)| restored < at)
    };
    let named = at_risk.iter().map(|(service, _)| (*service).to_owned());
    Some(NearMiss {
        was_at_risk: !at_risk.is_empty(),
        id: record.id,
        handle: record.handle.clone(),
        incident: incident_id,
        at: event.at_utc(),
        approximate: event.approximate,
        protection: event
            .tags
            .first()
            .or(event.services.first())
            .cloned()
            .unwrap_or_default(),
        services: if event.services.is_empty() {
            named.filter(|service| !service.is_empty()).collect()
        } else {
            event.services.clone()
        },
        text: event.text.clone(),
        restored_at: restored_at.filter(|at| !at_risk.is_empty() && defeated_first(at)),
        defeated_by,
        newest_event_at: match incident_id {
            Some(_) => newest_event_at,
            None => event.at_utc(),
        },
    })
}

/// True if a service that `event` names was degraded or down when it occurred; of one that names none, the incident.
fn was_hit(event: &Event, states: &States) -> bool {
    let at = event.at_utc();
    let is_hit = |spans: &[StateSpan]| {
        let following = spans.partition_point(|span| span.from <= at);
        let last = following.checked_sub(1).and_then(|last| spans.get(last));
        last.is_some_and(|span| span.state.is_impact())
    };
    let is_named = |name: &String| event.services.contains(name);
    let mut named = states.services.iter().filter(|(name, _)| is_named(name));
    match event.services.is_empty() {
        true => is_hit(&states.overall),
        false => named.any(|(_, spans)| is_hit(spans)),
    }
}

/// The services that `record` made at risk, or that were at risk already, each with the spans that followed.
fn spans_at_risk<'a>(
    record: &Record<Event>,
    states: &'a States,
) -> Vec<(&'a str, &'a [StateSpan])> {
    let event = &record.value;
    let spans = states.services.iter().filter_map(|(service, spans)| {
        let began = spans.iter().position(|span| span.started_by == record.id);
        let is_named = event.services.iter().any(|name| name == service)
            || (event.services.is_empty() && service == NAMELESS);
        let at = event.at_utc();
        let (state, followed_from) = match (began, states.momentary_state(service, record.id)) {
            (Some(index), _) => (spans[index].state, index + 1),
            // What began at the same instant replaced it, or what was before it goes on.
            (None, Some(state)) => {
                let next = spans.partition_point(|span| span.from < at);
                let is_replaced = spans.get(next).is_some_and(|span| span.from == at);
                let replaced_from = next.saturating_sub(usize::from(!is_replaced));
                (state, replaced_from)
            }
            (None, None) if is_named => {
                let following = spans.partition_point(|span| span.from <= at);
                (spans[following.checked_sub(1)?].state, following)
            }
            (None, None) => return None,
        };
        let is_at_risk = match state {
            State::AtRisk => true,
            State::Unknown => began.is_some(),
            _ => false,
        };
        is_at_risk.then_some((service.as_str(), &spans[followed_from..]))
    });
    spans.collect()
}

/// Returns how the risk ended that `spans` followed; `None` while it lasts.
fn end_of_risk(spans: &[StateSpan]) -> Option<Outcome> {
    spans.iter().find_map(|span| match span.state {
        State::Ok => Some(Outcome::Restored(span.from)),
        state if state.is_impact() => Some(Outcome::Defeated {
            by: span.started_by,
            at: span.from,
        }),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
