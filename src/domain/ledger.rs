//! The ledger of outages that did not happen: faults that a protection caught, in and outside
//! incidents.
//!
//! The first tag of an `absorbed` event (`#mirror`) names the protection; without a tag, its
//! service does. The first later event on the same service decides the outcome: `ok` ends the time
//! at risk; an impact state, or a fault without a state, means that the protection was defeated. If
//! both events have tags, only an event that shares one can defeat the protection. A defeated
//! protection is an outage that did happen.

use super::{
    event::Event,
    incident::Record,
    time::UtcTime,
    words::{Kind, State},
};
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
    /// When the service was `ok` again; `None` while it is at risk, and if the protection was
    /// defeated.
    pub restored_at: Option<UtcTime>,
    /// Handle and time of the event that defeated the protection.
    pub defeated_by: Option<(String, UtcTime)>,
}

impl NearMiss {
    /// Seconds at risk; up to `until` while it lasts.
    #[must_use]
    pub fn seconds_at_risk(&self, until: UtcTime) -> i64 {
        let defeated_at = self.defeated_by.as_ref().map(|(_, at)| *at);
        let end = self
            .restored_at
            .or(defeated_at)
            .unwrap_or(until.max(self.at));
        (end - self.at).num_seconds()
    }
}

/// Returns the faults that a protection caught, oldest first. `events` has to be in timeline order;
/// it may contain other events, and retracted ones are ignored.
#[must_use]
pub fn near_misses(events: &[EventInIncident<'_>]) -> Vec<NearMiss> {
    let active: Vec<&EventInIncident<'_>> = events.iter().filter(|(_, e)| e.is_active()).collect();
    let mut found = Vec::new();
    for (index, (incident, record)) in active.iter().enumerate() {
        let event = &record.value;
        let is_caught =
            event.kind == Kind::Absorbed && !event.given_state().is_some_and(State::is_impact);
        if !is_caught {
            continue;
        }
        let mut near_miss = NearMiss {
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
        for (other, later) in &active[index + 1..] {
            if !affects_same_service(*incident, event, *other, &later.value) {
                continue;
            }
            let has_impact = match later.value.state_or_implied() {
                Some(State::Ok) => {
                    near_miss.restored_at = Some(later.value.at_utc());
                    break;
                }
                Some(state) => state.is_impact() || state == State::Unknown,
                None => later.value.kind == Kind::Fault,
            };
            if has_impact && same_protection(event, &later.value) {
                near_miss.defeated_by = Some((later.handle.clone(), later.value.at_utc()));
                break;
            }
        }
        found.push(near_miss);
    }
    found
}

/// True if `later` concerns a service of `caught`. An event without services concerns all of its
/// incident's, and elsewhere those of events that share a tag.
fn affects_same_service(
    caught_incident: Option<Uuid>,
    caught: &Event,
    later_incident: Option<Uuid>,
    later: &Event,
) -> bool {
    let share = |a: &[String], b: &[String]| a.iter().any(|name| b.contains(name));
    if share(&caught.services, &later.services) {
        return true;
    }
    let concerns_all = caught.services.is_empty() || later.services.is_empty();
    concerns_all
        && (caught_incident.is_some() && caught_incident == later_incident
            || share(&caught.tags, &later.tags))
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
        let events: Vec<EventInIncident<'_>> =
            log.incident.events.iter().map(|e| (None, e)).collect();
        near_misses(&events)
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
