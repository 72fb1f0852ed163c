//! The state of each service while events are applied in timeline order: the one place where the
//! rules for states are written. `docs/incidents.md`, States, has the same rules in words.

use crate::domain::{
    event::Event,
    incident::{Incident, Record, RecordedOrder, RecordedPlace},
    words::{Kind, State},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The name of the service that events without a service concern while no service is known.
pub const NAMELESS: &str = "";

/// The current state of each service of an incident. It can be stored, and continued with later
/// events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentStates {
    services: BTreeMap<String, ServiceState>,
    /// The event with a state and without a service that was recorded last, of those recorded in this incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_unnamed: Option<RecordedOrder>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ServiceState {
    /// When it was first named, in the order of recording; `None` for the nameless one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    known_since: Option<RecordedOrder>,
    /// When it was first named in other incidents, which were merged into this one or from which events moved.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    known_elsewhere: BTreeMap<Uuid, RecordedOrder>,
    /// `None` before its first state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<State>,
    /// Its state before the incident was resolved, which a `reopen` brings back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before_resolve: Option<State>,
}

impl ServiceState {
    /// When it was first named in the incident `elsewhere`, or in this one.
    fn known_since(&self, elsewhere: Option<Uuid>) -> Option<RecordedOrder> {
        match elsewhere {
            None => self.known_since,
            Some(incident) => self.known_elsewhere.get(&incident).copied(),
        }
    }

    /// True if it was named before `place`, in the order of recording there.
    fn is_known_at(&self, (elsewhere, order): RecordedPlace) -> bool {
        let since = self.known_since(elsewhere);
        since.is_some_and(|since| since < order)
    }
}

/// A service enters a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    pub service: String,
    /// `None` if it had no state yet.
    pub before: Option<State>,
    pub state: State,
}

impl CurrentStates {
    /// The services of `incident` before its first event. An event without a service concerns those
    /// that were recorded before it in the same incident, so all are known from the beginning.
    #[must_use]
    pub fn before_events(incident: &Incident) -> Self {
        let mut states = Self::default();
        for (name, places) in &incident.services_added {
            for place in places {
                states.name_service(name, *place);
            }
        }
        for record in incident.active_events() {
            states.name_services(record);
        }
        states
    }

    /// The same services before the first event.
    #[must_use]
    pub fn without_states(&self) -> Self {
        let services = self.services.iter().map(|(name, service)| {
            let service = ServiceState {
                state: None,
                before_resolve: None,
                ..service.clone()
            };
            (name.clone(), service)
        });
        Self {
            services: services.collect(),
            last_unnamed: None,
        }
    }

    /// The same states, but `service` has `state`.
    pub(super) fn with_state(mut self, service: &str, state: Option<State>) -> Self {
        self.service(service).state = state;
        self
    }

    /// True if `record` can be applied to states that were computed without it, because it does not
    /// change which services earlier events concern.
    #[must_use]
    pub fn accepts(&self, record: &Record<Event>) -> bool {
        let (elsewhere, order) = record.recorded_place();
        let is_known = |name: &String| {
            let service = self.services.get(name);
            let known_since = service.and_then(|s| s.known_since(elsewhere));
            known_since.is_some_and(|since| since <= order)
        };
        let is_recorded_last =
            elsewhere.is_none() && self.last_unnamed.is_none_or(|last| last < order);
        !record.value.names_services()
            || is_recorded_last
            || record.value.services.iter().all(is_known)
    }

    /// Applies `record`, which is later in the timeline than all before it, and returns what it
    /// changes. Retracted events must not be applied.
    pub fn apply(&mut self, record: &Record<Event>) -> Vec<StateChange> {
        let event = &record.value;
        self.name_services(record);
        if !event.bears_state() {
            return Vec::new();
        }
        if event.services.is_empty() && record.elsewhere.is_none() {
            self.last_unnamed = self.last_unnamed.max(Some(record.recorded_order()));
        }
        match (&event.kind, event.given_state()) {
            (Kind::Resolve, _) => self.resolve(record),
            (Kind::Reopen, None) => self.reopen(record),
            _ => {
                let changes = self.change(record);
                if event.kind == Kind::Reopen {
                    // What the resolve ended is over: the next one counts.
                    let services = self.services.values_mut();
                    services.for_each(|service| service.before_resolve = None);
                }
                changes
            }
        }
    }

    /// Applies an event that gives or implies a state of the services that it concerns.
    fn change(&mut self, record: &Record<Event>) -> Vec<StateChange> {
        let event = &record.value;
        let says_so = event.given_state().is_some() || event.kind == Kind::Restore;
        let concerned = self.concerned_services(record).into_iter();
        let next = concerned.filter_map(|name| {
            let before = self.state(&name);
            let next = next_state(before, event)?;
            if says_so || before != Some(next) {
                self.service(&name).before_resolve = None;
            }
            self.enter(name, next)
        });
        next.collect()
    }

    /// The state of a service; `None` before its first one.
    #[must_use]
    pub fn state(&self, service: &str) -> Option<State> {
        self.services.get(service)?.state
    }

    /// True if a `reopen` would bring back the state that `service` had before a `resolve` ended it.
    #[must_use]
    pub fn is_brought_back(&self, service: &str) -> bool {
        let service = self.services.get(service);
        service.is_some_and(|service| service.before_resolve.is_some())
    }

    /// Names and states of the services, the nameless one first if it has a state.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<State>)> {
        let has_name_or_state =
            |(name, s): &(&String, &ServiceState)| !name.is_empty() || s.state.is_some();
        let services = self.services.iter().filter(has_name_or_state);
        services.map(|(name, s)| (name.as_str(), s.state))
    }

    /// The state of the incident: the worst of its services; `None` if none has a state.
    #[must_use]
    pub fn worst(&self) -> Option<State> {
        self.services.values().filter_map(|s| s.state).max()
    }

    /// The worst state that is known of its services; `None` if none is.
    pub(super) fn worst_known(&self) -> Option<State> {
        let states = self.services.values().filter_map(|s| s.state);
        states.filter(|state| *state != State::Unknown).max()
    }

    /// The names of the services, also of the nameless one once it had a state.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }

    /// True if `service` was named before `place`, in the order of recording there.
    pub(super) fn knows_at(&self, service: &str, place: RecordedPlace) -> bool {
        let service = self.services.get(service);
        service.is_some_and(|service| service.is_known_at(place))
    }

    /// True if any service was named before `place`, in the order of recording there.
    pub(super) fn knows_any_at(&self, place: RecordedPlace) -> bool {
        let mut services = self.services.values();
        services.any(|service| service.is_known_at(place))
    }

    fn service(&mut self, name: &str) -> &mut ServiceState {
        if !self.services.contains_key(name) {
            self.services
                .insert(name.to_owned(), ServiceState::default());
        }
        self.services.entry(name.to_owned()).or_default()
    }

    fn name_services(&mut self, record: &Record<Event>) {
        if record.value.names_services() {
            for name in &record.value.services {
                self.name_service(name, record.recorded_place());
            }
        }
    }

    fn name_service(&mut self, name: &str, (elsewhere, order): RecordedPlace) {
        let service = self.service(name);
        let since = match elsewhere {
            None => service.known_since.get_or_insert(order),
            Some(incident) => service.known_elsewhere.entry(incident).or_insert(order),
        };
        *since = order.min(*since);
    }

    /// The services that an event concerns: those that it names; else those that were known when and where it
    /// was recorded, and the nameless one if it has a state; else the nameless one.
    pub(super) fn concerned_services(&self, record: &Record<Event>) -> Vec<String> {
        let event = &record.value;
        if !event.services.is_empty() {
            return event.services.clone();
        }
        let place = record.recorded_place();
        let mut services: Vec<String> = self
            .services
            .iter()
            .filter(|(_, service)| service.is_known_at(place))
            .map(|(name, _)| name.clone())
            .collect();
        let one_of_several = services.len() > 1 && event.given_state().is_none();
        match event.kind {
            // Which of them is not said: it bears no state.
            Kind::Absorbed if one_of_several => return Vec::new(),
            // Which of them is not said, but the incident must not be called well.
            Kind::Fault if one_of_several => return vec![NAMELESS.to_owned()],
            _ => {}
        }
        if services.is_empty() || self.state(NAMELESS).is_some() {
            services.push(NAMELESS.to_owned());
        }
        services
    }

    fn enter(&mut self, name: String, state: State) -> Option<StateChange> {
        let service = self.service(&name);
        let before = service.state.replace(state);
        (before != Some(state)).then_some(StateChange {
            service: name,
            before,
            state,
        })
    }

    /// Ends what is degraded, down or unknown, unless `record` gives the service another state.
    fn resolve(&mut self, record: &Record<Event>) -> Vec<StateChange> {
        let given = record.value.given_state();
        let mut next: BTreeMap<String, State> = self
            .services
            .iter()
            .filter(|(_, s)| s.state.is_some_and(|state| state >= State::Degraded))
            .map(|(name, _)| (name.clone(), State::Ok))
            .collect();
        if let Some(given) = given {
            let concerned = self.concerned_services(record).into_iter();
            next.extend(concerned.map(|name| (name, given)));
        }
        let mut changes = Vec::new();
        for (name, state) in next {
            let change = self.enter(name, state);
            if let Some(change) = &change {
                let service = self.service(&change.service);
                service.before_resolve = service.before_resolve.or(change.before);
            }
            changes.extend(change);
        }
        changes
    }

    /// Brings back the states from before the incident was resolved. If all were `ok`, it is
    /// not recorded what is wrong now: they are unknown.
    fn reopen(&mut self, record: &Record<Event>) -> Vec<StateChange> {
        let mut next: BTreeMap<String, State> = BTreeMap::new();
        for (name, service) in &mut self.services {
            let state = service.before_resolve.take();
            next.extend(state.map(|state| (name.clone(), state)));
        }
        let states = self.services.iter().map(|(name, s)| (name, s.state));
        let stays_well = |(name, state): (&String, Option<State>)| {
            let after = next.get(name).copied().or(state);
            after.is_none_or(|state| state == State::Ok)
        };
        if states.into_iter().all(stays_well) {
            let mut concerned = self.concerned_services(record);
            if concerned.len() > 1 {
                concerned.retain(|name| name != NAMELESS);
            }
            next.extend(concerned.into_iter().map(|name| (name, State::Unknown)));
        }
        next.into_iter()
            .filter_map(|(name, state)| self.enter(name, state))
            .collect()
    }
}

/// Returns the services that each event of `incident` concerns which bears a state of them and names none.
#[must_use]
pub fn services_of_unnamed(incident: &Incident) -> BTreeMap<Uuid, Vec<String>> {
    let states = CurrentStates::before_events(incident);
    let unnamed = incident.active_events().filter(|record| {
        let event = &record.value;
        let of_the_incident = matches!(event.kind, Kind::Resolve | Kind::Reopen);
        let bears_state = event.bears_state() && (!of_the_incident || event.state.is_some());
        bears_state && event.services.is_empty()
    });
    unnamed
        .map(|record| {
            let mut services = states.concerned_services(record);
            services.retain(|name| name != NAMELESS);
            (record.id, services)
        })
        .collect()
}

/// Returns the state of a service after `event`, given the state before it. `resolve` and `reopen`
/// depend on more than that.
fn next_state(before: Option<State>, event: &Event) -> Option<State> {
    if let Some(given) = event.given_state() {
        return Some(given);
    }
    match (&event.kind, before) {
        (Kind::Restore, _) => Some(State::Ok),
        (Kind::Mitigate, Some(State::Down)) => Some(State::Degraded),
        (Kind::Absorbed, None | Some(State::Ok)) => Some(State::AtRisk),
        (Kind::Fault, None | Some(State::Ok | State::AtRisk)) => Some(State::Unknown),
        _ => before,
    }
}
