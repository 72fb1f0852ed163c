//! The ledger of near misses: faults that a protection caught, in and outside incidents.
//!
//! The first tag of an `absorbed` event (`#mirror`) names the protection; without a tag, its
//! service that was at risk does. Tags decide nothing else. A protection was defeated if a later fault links to the
//! event, or if in the same incident its service went from that `at-risk` to impact without a return to `ok`: then it
//! is no near miss. Outside of any incident events belong together if they are not over [`STALE_AFTER`] apart. What was
//! caught of a service that was itself hit at that moment is no near miss either.
//! The time at risk ends when the service is `ok` again, in whatever incident; its length is not known where the state
//! became unknown before; where the event made no service at risk, there is none.
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
    pub risk: TimeAtRisk,
    /// When its services were `ok` again; `None` while one is not, if none was at risk, and if the protection was
    /// defeated before.
    pub restored_at: Option<UtcTime>,
    /// Handle and time of the event that defeated the protection.
    pub defeated_by: Option<(String, UtcTime)>,
    /// Until when it is known what lasts: see [`Incident::known_until`]; its own time if it is unfiled.
    pub known_until: UtcTime,
}

/// How long the services of a near miss were at risk, as recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeAtRisk {
    /// None was.
    None,
    /// One still is.
    Lasts,
    /// The last one went to `ok` or to impact then.
    Ended(UtcTime),
    /// The state of one is not known from then on.
    UnknownSince(UtcTime),
}

impl TimeAtRisk {
    /// The time at risk of both services.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::UnknownSince(a), Self::UnknownSince(b)) => Self::UnknownSince(a.min(b)),
            (unknown @ Self::UnknownSince(_), _) | (_, unknown @ Self::UnknownSince(_)) => unknown,
            (Self::Lasts, _) | (_, Self::Lasts) => Self::Lasts,
            (Self::Ended(a), Self::Ended(b)) => Self::Ended(a.max(b)),
            (Self::None, known) | (known, Self::None) => known,
        }
    }
}

impl NearMiss {
    /// When it was over: at once, where no service was at risk; `None` as in [`restored_at`](Self::restored_at).
    #[must_use]
    pub fn over_at(&self) -> Option<UtcTime> {
        match self.risk {
            TimeAtRisk::None => Some(self.at),
            _ => self.restored_at,
        }
    }

    /// Seconds at risk; up to `until` while it lasts. `None` if no service was at risk, if a state is not known, or if
    /// it has not ended, and nothing was recorded of its incident in the [`STALE_AFTER`] before `until`.
    #[must_use]
    pub fn seconds_at_risk(&self, until: UtcTime) -> Option<i64> {
        let ended = match self.risk {
            TimeAtRisk::None | TimeAtRisk::UnknownSince(_) => return None,
            TimeAtRisk::Ended(at) => Some(at),
            TimeAtRisk::Lasts => None,
        };
        let defeated_at = self.defeated_by.as_ref().map(|(_, at)| *at);
        let is_known = until - self.known_until <= STALE_AFTER;
        let lasts = || is_known.then(|| until.max(self.at));
        let end = ended.into_iter().chain(defeated_at).min().or_else(lasts)?;
        Some((end - self.at).num_seconds())
    }

    /// Seconds until the protection was defeated; `None` if it was not.
    #[must_use]
    pub fn seconds_to_defeat(&self) -> Option<i64> {
        let (_, at) = self.defeated_by.as_ref()?;
        Some((*at - self.at).num_seconds())
    }
}

/// What became of a service that was at risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Outcome {
    risk: TimeAtRisk,
    /// When it was `ok` again, if it was before any impact.
    restored: Option<UtcTime>,
    /// The event that brought the impact, if that came first, and when.
    defeated: Option<(Uuid, UtcTime)>,
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
        let newest = incident.known_until().unwrap_or_default();
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
    (incident_id, known_until): (Option<Uuid>, UtcTime),
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
    let belongs_together =
        |impact: UtcTime| incident_id.is_some() || impact - event.at_utc() <= STALE_AFTER;
    let outcomes: Vec<Outcome> = at_risk
        .iter()
        .map(|(service, spans)| {
            let elsewhere = later.restored_after(service, event.at_utc());
            outcome(event.at_utc(), spans, elsewhere, belongs_together)
        })
        .collect();
    let linked = later.linking_faults.get(&record.id).and_then(|faults| {
        let mut later = faults.iter().filter(|f| f.sort_key() > record.sort_key());
        later.next().map(|f| (f.handle.clone(), f.value.at_utc()))
    });
    let overcome = outcomes.iter().filter_map(|outcome| {
        let (by, at) = outcome.defeated?;
        let handle = incident.event(by).map(|e| e.handle.clone());
        Some((handle.unwrap_or_default(), at))
    });
    let defeated_by = overcome.chain(linked).min_by_key(|(_, at)| *at);
    // All its services have to be `ok` again.
    let restored_at = outcomes
        .iter()
        .map(|outcome| outcome.restored)
        .try_fold(event.at_utc(), |last, at| Some(last.max(at?)));
    let defeated_first = |restored: &UtcTime| {
        let defeated = defeated_by.as_ref();
        defeated.is_none_or(|(_, at)| restored < at)
    };
    let risks = outcomes.iter().map(|outcome| outcome.risk);
    let is_at_risk = |name: &&String| at_risk.iter().any(|(service, _)| service == name);
    let service_at_risk = event.services.iter().find(is_at_risk);
    let named = at_risk.iter().map(|(service, _)| (*service).to_owned());
    Some(NearMiss {
        risk: risks.fold(TimeAtRisk::None, TimeAtRisk::and),
        id: record.id,
        handle: record.handle.clone(),
        incident: incident_id,
        at: event.at_utc(),
        approximate: event.approximate,
        protection: event
            .tags
            .first()
            .or(service_at_risk)
            .or(event.services.first())
            .cloned()
            .unwrap_or_default(),
        services: if event.services.is_empty() {
            named.filter(|service| !service.is_empty()).collect()
        } else {
            let services = event.services.iter();
            let spared = services.filter(|name| !was_service_hit(event, name, states));
            spared.cloned().collect()
        },
        text: event.text.clone(),
        restored_at: restored_at.filter(|at| !at_risk.is_empty() && defeated_first(at)),
        defeated_by,
        known_until: match incident_id {
            Some(_) => known_until,
            None => event.at_utc(),
        },
    })
}

/// True if a service that `event` names was degraded or down when it occurred; of one that names none, the incident.
fn was_hit(event: &Event, states: &States) -> bool {
    let mut named = event.services.iter();
    match event.services.is_empty() {
        true => is_hit(event, &states.overall),
        false => named.any(|name| was_service_hit(event, name, states)),
    }
}

/// True if `service` was degraded or down when `event` occurred.
fn was_service_hit(event: &Event, service: &str, states: &States) -> bool {
    let mut services = states.services.iter();
    services.any(|(name, spans)| name == service && is_hit(event, spans))
}

fn is_hit(event: &Event, spans: &[StateSpan]) -> bool {
    let following = spans.partition_point(|span| span.from <= event.at_utc());
    let last = following.checked_sub(1).and_then(|last| spans.get(last));
    last.is_some_and(|span| span.state.is_impact())
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

/// Returns what became of a service at risk from `at` on, which was followed by `spans`, and was said to be `ok` at
/// `elsewhere` in any incident. Impact that does not belong together with the event says nothing of when the risk ended.
fn outcome(
    at: UtcTime,
    spans: &[StateSpan],
    elsewhere: Option<UtcTime>,
    belongs_together: impl Fn(UtcTime) -> bool,
) -> Outcome {
    let mut risk = TimeAtRisk::Lasts;
    let (mut restored, mut defeated) = (None, None);
    let is_before = |time: UtcTime| elsewhere.is_none_or(|restored| time <= restored);
    for span in spans.iter().take_while(|span| is_before(span.from)) {
        let is_hit = span.state.is_impact();
        let left = match span.state {
            State::AtRisk => continue,
            State::Ok => TimeAtRisk::Ended(span.from),
            _ if is_hit && belongs_together(span.from) => TimeAtRisk::Ended(span.from),
            _ if is_hit => TimeAtRisk::UnknownSince(at),
            _ => TimeAtRisk::UnknownSince(span.from),
        };
        if risk == TimeAtRisk::Lasts {
            risk = left;
        }
        if span.state == State::Ok {
            restored = Some(span.from);
            break;
        }
        if is_hit && belongs_together(span.from) {
            defeated = Some((span.started_by, span.from));
            break;
        }
    }
    if defeated.is_none() {
        restored = restored.or(elsewhere);
    }
    if let (TimeAtRisk::Lasts, Some(at)) = (risk, restored) {
        risk = TimeAtRisk::Ended(at);
    }
    Outcome {
        risk,
        restored,
        defeated,
    }
}

#[cfg(test)]
mod tests;
