//! Outages that did not happen: faults that a protection caught, over all incidents and outside of
//! them.
//!
//! A protection is known by the first tag of the `absorbed` event (`#mirror`), without a tag by its
//! service. What comes first after it settles the fault: the service is well again, and its time at
//! risk ends; or the service is hurt, or has a fault whose state nobody gave, and the protection was
//! overcome, where both bear tags only if they share one. A fault that was overcome is no outage that
//! did not happen.

use super::{
    event::Event,
    incident::Record,
    time::UtcTime,
    words::{Kind, State},
};
use uuid::Uuid;

/// An event, and the incident it is in; none where it is unfiled.
pub type EventInIncident<'a> = (Option<Uuid>, &'a Record<Event>);

/// A fault that a protection caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The id of its event.
    pub id: Uuid,
    /// Its handle.
    pub handle: String,
    /// The incident it is in; none where it is unfiled.
    pub incident: Option<Uuid>,
    /// When it happened.
    pub at: UtcTime,
    /// True where that is only about right.
    pub approximate: bool,
    /// What caught it: its first tag, else its service; empty where it has neither.
    pub protection: String,
    /// Its services.
    pub services: Vec<String>,
    /// What happened. Internal.
    pub text: String,
    /// When the service was well again; none while it is at risk, and where it was overcome.
    pub restored_at: Option<UtcTime>,
    /// The event that overcame the protection, and when, where one did.
    pub defeated_by: Option<(String, UtcTime)>,
}

impl NearMiss {
    /// How long the service was at risk for, up to `until` where it is still.
    #[must_use]
    pub fn seconds_at_risk(&self, until: UtcTime) -> i64 {
        let overcome = self.defeated_by.as_ref().map(|(_, at)| *at);
        let end = self.restored_at.or(overcome).unwrap_or(until.max(self.at));
        (end - self.at).num_seconds()
    }
}

/// The faults that protections caught among `events`, oldest first. `events` are in timeline order
/// and may hold others; retracted ones count for nothing.
#[must_use]
pub fn near_misses(events: &[EventInIncident<'_>]) -> Vec<NearMiss> {
    let standing: Vec<&EventInIncident<'_>> =
        events.iter().filter(|(_, e)| e.is_active()).collect();
    let mut found = Vec::new();
    for (place, (incident, record)) in standing.iter().enumerate() {
        let event = &record.value;
        let caught =
            event.kind == Kind::Absorbed && !event.given_state().is_some_and(State::is_impact);
        if !caught {
            continue;
        }
        let mut one = NearMiss {
            id: record.id,
            handle: record.handle.clone(),
            incident: *incident,
            at: event.at_utc(),
            approximate: event.approximate,
            protection: event
                .tags
                .first()
                .or(event.services.first())
                .cloned()
                .unwrap_or_default(),
            services: event.services.clone(),
            text: event.text.clone(),
            restored_at: None,
            defeated_by: None,
        };
        for (other, later) in &standing[place + 1..] {
            if !affects_same_service(*incident, event, *other, &later.value) {
                continue;
            }
            let hurts = match later.value.state_or_implied() {
                Some(State::Ok) => {
                    one.restored_at = Some(later.value.at_utc());
                    break;
                }
                Some(state) => state.is_impact() || state == State::Unknown,
                None => later.value.kind == Kind::Fault,
            };
            if hurts && same_protection(event, &later.value) {
                one.defeated_by = Some((later.handle.clone(), later.value.at_utc()));
                break;
            }
        }
        found.push(one);
    }
    found
}

/// True where `later` is about a service of `caught`. Within one incident an event without services
/// is about all of them.
fn affects_same_service(
    here: Option<Uuid>,
    caught: &Event,
    there: Option<Uuid>,
    later: &Event,
) -> bool {
    let share = |a: &[String], b: &[String]| a.iter().any(|name| b.contains(name));
    if share(&caught.services, &later.services) {
        return true;
    }
    let all = caught.services.is_empty() || later.services.is_empty();
    all && (here.is_some() && here == there || share(&caught.tags, &later.tags))
}

fn same_protection(caught: &Event, later: &Event) -> bool {
    caught.tags.is_empty()
        || later.tags.is_empty()
        || caught.tags.iter().any(|tag| later.tags.contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{IncidentBuilder, at};

    fn ledger(log: &IncidentBuilder) -> Vec<NearMiss> {
        let placed: Vec<EventInIncident<'_>> =
            log.incident.events.iter().map(|e| (None, e)).collect();
        near_misses(&placed)
    }

    fn tagged(log: &mut IncidentBuilder, time: &str, kind: Kind, state: Option<State>, tag: &str) {
        log.event(time, kind, "text", |e| {
            e.services = vec!["db".into()];
            e.tags = vec![tag.into()];
            e.state = state.map(Into::into);
        });
    }

    #[test]
    fn restore_of_same_service_ends_time_at_risk() {
        let mut log = IncidentBuilder::new();
        log.service_event("08:00", Kind::Absorbed, None, &["db"]);
        log.service_event("08:30", Kind::Restore, None, &["web"]);
        log.service_event("09:00", Kind::Restore, None, &["db"]);
        log.service_event("10:00", Kind::Fault, Some(State::Down), &["db"]);
        let one = &ledger(&log)[0];
        assert_eq!(
            (one.restored_at, one.defeated_by.clone()),
            (Some(at("09:00")), None)
        );
        assert_eq!(
            (one.seconds_at_risk(at("12:00")), one.protection.as_str()),
            (3600, "db")
        );
    }

    #[test]
    fn later_fault_with_same_tag_overcomes_absorbed() {
        let mut log = IncidentBuilder::new();
        tagged(&mut log, "08:00", Kind::Absorbed, None, "mirror");
        tagged(&mut log, "08:10", Kind::Fault, Some(State::Down), "deploy");
        assert_eq!(ledger(&log)[0].defeated_by, None, "another protection's");
        tagged(&mut log, "08:20", Kind::Fault, None, "mirror");
        let one = &ledger(&log)[0];
        assert_eq!(
            one.defeated_by.as_ref().map(|(_, at)| *at),
            Some(at("08:20"))
        );
        assert_eq!(
            (one.seconds_at_risk(at("12:00")), one.protection.as_str()),
            (1200, "mirror")
        );
    }

    #[test]
    fn ledger_ignores_retracted_events() {
        let mut log = IncidentBuilder::new();
        log.event("08:00", Kind::Absorbed, "text", |e| {
            e.retracted = Some("no".into());
        });
        log.service_event("09:00", Kind::Absorbed, None, &[]);
        log.event("10:00", Kind::Fault, "text", |e| {
            e.state = Some(State::Down.into());
            e.retracted = Some("no".into());
        });
        let all = ledger(&log);
        assert_eq!((all.len(), all[0].defeated_by.clone()), (1, None));
        assert_eq!(all[0].seconds_at_risk(at("09:30")), 1800);
    }
}
