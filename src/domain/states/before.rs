//! The state that one event of a long incident starts, without its first events: a state that was given
//! makes all that was before it irrelevant for the services that it concerns.

use super::current::{CurrentStates, NAMELESS};
use crate::domain::{
    event::Event,
    incident::Record,
    words::{Kind, State},
};
use std::collections::BTreeSet;

/// The events before one event that decide which state it starts, collected backwards in timeline order.
pub struct DecidingEvents<'a> {
    record: &'a Record<Event>,
    /// The services, with when each was first named; the states are those after the last event.
    services: &'a CurrentStates,
    /// The services whose state before the event is still to be found.
    needed: BTreeSet<String>,
    /// The events so far, the last one first.
    earlier: Vec<&'a Record<Event>>,
    /// True if a `reopen` brings back the states from before a `resolve`: the states alone do not decide.
    brings_back: bool,
    /// True if the event starts the same state, whatever that of the one service needed was before the events so
    /// far.
    is_same_in_any_case: bool,
}

/// The states in which a service may have been.
const ANY_STATE: [Option<State>; 6] = [
    None,
    Some(State::Ok),
    Some(State::AtRisk),
    Some(State::Degraded),
    Some(State::Down),
    Some(State::Unknown),
];

impl<'a> DecidingEvents<'a> {
    /// `services` are the states after the last event of the incident.
    #[must_use]
    pub fn new(record: &'a Record<Event>, services: &'a CurrentStates) -> Self {
        let needed = match record.value.kind {
            Kind::Resolve | Kind::Reopen => services.names().map(str::to_owned).collect(),
            _ => services.concerned_services(record).into_iter().collect(),
        };
        Self {
            record,
            services,
            needed,
            earlier: Vec::new(),
            brings_back: brings_back(&record.value),
            is_same_in_any_case: false,
        }
    }

    /// True once the events before those that were added cannot matter.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.needed.is_empty() || self.is_same_in_any_case
    }

    /// Adds the state event before those that were added. Retracted ones must not be added.
    pub fn add(&mut self, earlier: &'a Record<Event>) {
        if self.is_complete() {
            return;
        }
        let event = &earlier.value;
        if brings_back(event) {
            // What it brings back depends on every service.
            self.brings_back = true;
            self.needed = self.services.names().map(str::to_owned).collect();
        } else if event.kind != Kind::Resolve
            && (event.given_state().is_some() || event.kind == Kind::Restore)
        {
            let services = self.services;
            self.needed
                .retain(|name| !is_set_by(earlier, name, services));
        }
        self.earlier.push(earlier);
        if event.bears_state() && !self.brings_back && self.needed.len() == 1 {
            self.is_same_in_any_case = self.starts_the_same_in_any_case();
        }
    }

    /// True if the state that the event starts does not depend on that of the one service needed before the
    /// events so far. Most events leave few possibilities: after a `fault` no service is well.
    fn starts_the_same_in_any_case(&self) -> bool {
        let (Some(service), Some(last)) = (self.needed.first(), self.earlier.last()) else {
            return false;
        };
        let concerned = self.services.concerned_services(last);
        if last.value.kind != Kind::Resolve && !concerned.contains(service) {
            return false;
        }
        let mut started = ANY_STATE.iter().map(|state| {
            let before = self.services.without_states().with_state(service, *state);
            self.started_from(before)
        });
        let first = started.next();
        started.all(|state| Some(state) == first)
    }

    /// The state that the event starts; the worst one if it starts several. Exact if the collection is
    /// complete, or if there are no earlier events.
    #[must_use]
    pub fn started_state(&self) -> Option<State> {
        self.started_from(self.services.without_states())
    }

    fn started_from(&self, mut states: CurrentStates) -> Option<State> {
        for earlier in self.earlier.iter().rev() {
            states.apply(earlier);
        }
        let changes = states.apply(self.record);
        changes.iter().map(|change| change.state).max()
    }
}

fn brings_back(event: &Event) -> bool {
    event.kind == Kind::Reopen && event.given_state().is_none()
}

/// True if `record`, which gives a state, certainly gives it to the service `name`.
fn is_set_by(record: &Record<Event>, name: &str, services: &CurrentStates) -> bool {
    if !record.value.services.is_empty() {
        return record.value.services.iter().any(|service| service == name);
    }
    let place = record.recorded_place();
    if name == NAMELESS {
        !services.knows_any_at(place)
    } else {
        services.knows_at(name, place)
    }
}
