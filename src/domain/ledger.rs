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
    time::Instant,
    words::{Kind, State},
};
use uuid::Uuid;

/// An event, and the incident it is in; none where it is unfiled.
pub type Placed<'a> = (Option<Uuid>, &'a Record<Event>);

/// A fault that a protection caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absorbed {
    /// The id of its event.
    pub id: Uuid,
    /// Its handle.
    pub handle: String,
    /// The incident it is in; none where it is unfiled.
    pub incident: Option<Uuid>,
    /// When it happened.
    pub at: Instant,
    /// True where that is only about right.
    pub approximate: bool,
    /// What caught it: its first tag, else its service; empty where it has neither.
    pub protection: String,
    /// Its services.
    pub services: Vec<String>,
    /// What happened. Internal.
    pub text: String,
    /// When the service was well again; none while it is at risk, and where it was overcome.
    pub restored: Option<Instant>,
    /// The event that overcame the protection, and when, where one did.
    pub overcome: Option<(String, Instant)>,
}

impl Absorbed {
    /// How long the service was at risk for, up to `until` where it is still.
    #[must_use]
    pub fn seconds(&self, until: Instant) -> i64 {
        let overcome = self.overcome.as_ref().map(|(_, at)| *at);
        let end = self.restored.or(overcome).unwrap_or(until.max(self.at));
        (end - self.at).num_seconds()
    }
}

/// The faults that protections caught among `events`, oldest first. `events` are in timeline order
/// and may hold others; retracted ones count for nothing.
#[must_use]
pub fn absorbed(events: &[Placed<'_>]) -> Vec<Absorbed> {
    let standing: Vec<&Placed<'_>> = events.iter().filter(|(_, e)| e.stands()).collect();
    let mut found = Vec::new();
    for (place, (incident, record)) in standing.iter().enumerate() {
        let event = &record.value;
        let caught =
            event.kind == Kind::Absorbed && !event.given_state().is_some_and(State::is_impact);
        if !caught {
            continue;
        }
        let mut one = Absorbed {
            id: record.id,
            handle: record.handle.clone(),
            incident: *incident,
            at: event.instant(),
            approximate: event.approximate,
            protection: event
                .tags
                .first()
                .or(event.services.first())
                .cloned()
                .unwrap_or_default(),
            services: event.services.clone(),
            text: event.text.clone(),
            restored: None,
            overcome: None,
        };
        for (other, later) in &standing[place + 1..] {
            if !concerns(*incident, event, *other, &later.value) {
                continue;
            }
            let hurts = match later.value.state_or_implied() {
                Some(State::Ok) => {
                    one.restored = Some(later.value.instant());
                    break;
                }
                Some(state) => state.is_impact() || state == State::Unknown,
                None => later.value.kind == Kind::Fault,
            };
            if hurts && same_protection(event, &later.value) {
                one.overcome = Some((later.handle.clone(), later.value.instant()));
                break;
            }
        }
        found.push(one);
    }
    found
}

/// True where `later` is about a service of `caught`. Within one incident an event without services
/// is about all of them.
fn concerns(here: Option<Uuid>, caught: &Event, there: Option<Uuid>, later: &Event) -> bool {
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
    use crate::domain::testing::{Log, at};

    fn ledger(log: &Log) -> Vec<Absorbed> {
        let placed: Vec<Placed<'_>> = log.incident.events.iter().map(|e| (None, e)).collect();
        absorbed(&placed)
    }

    fn tagged(log: &mut Log, time: &str, kind: Kind, state: Option<State>, tag: &str) {
        log.event(time, kind, "text", |e| {
            e.services = vec!["db".into()];
            e.tags = vec![tag.into()];
            e.state = state.map(Into::into);
        });
    }

    #[test]
    fn a_restore_of_the_same_service_ends_the_time_at_risk() {
        let mut log = Log::new();
        log.of("08:00", Kind::Absorbed, None, &["db"]);
        log.of("08:30", Kind::Restore, None, &["web"]);
        log.of("09:00", Kind::Restore, None, &["db"]);
        log.of("10:00", Kind::Fault, Some(State::Down), &["db"]);
        let one = &ledger(&log)[0];
        assert_eq!(
            (one.restored, one.overcome.clone()),
            (Some(at("09:00")), None)
        );
        assert_eq!(
            (one.seconds(at("12:00")), one.protection.as_str()),
            (3600, "db")
        );
    }

    #[test]
    fn what_a_later_fault_overcame_did_happen() {
        let mut log = Log::new();
        tagged(&mut log, "08:00", Kind::Absorbed, None, "mirror");
        tagged(&mut log, "08:10", Kind::Fault, Some(State::Down), "deploy");
        assert_eq!(ledger(&log)[0].overcome, None, "another protection's");
        tagged(&mut log, "08:20", Kind::Fault, None, "mirror");
        let one = &ledger(&log)[0];
        assert_eq!(one.overcome.as_ref().map(|(_, at)| *at), Some(at("08:20")));
        assert_eq!(
            (one.seconds(at("12:00")), one.protection.as_str()),
            (1200, "mirror")
        );
    }

    #[test]
    fn what_was_retracted_counts_for_nothing() {
        let mut log = Log::new();
        log.event("08:00", Kind::Absorbed, "text", |e| {
            e.retracted = Some("no".into());
        });
        log.of("09:00", Kind::Absorbed, None, &[]);
        log.event("10:00", Kind::Fault, "text", |e| {
            e.state = Some(State::Down.into());
            e.retracted = Some("no".into());
        });
        let all = ledger(&log);
        assert_eq!((all.len(), all[0].overcome.clone()), (1, None));
        assert_eq!(all[0].seconds(at("09:30")), 1800);
    }
}
