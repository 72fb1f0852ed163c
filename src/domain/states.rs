//! The state of each service over time, computed from the events that are not retracted.
//!
//! The latest event with a state decides the state of the services that it names; an event that
//! names none concerns all. The incident has the worst state of its services. Source: DESIGN,
//! States.

use super::{
    event::Event,
    incident::Incident,
    time::UtcTime,
    words::{Kind, State},
};
use std::collections::HashMap;
use uuid::Uuid;

/// A time span in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateSpan {
    /// `None` for the unnamed service, and in [`States::overall`].
    pub service: Option<String>,
    pub state: State,
    pub from: UtcTime,
    /// When it ended, which is when the next span began; `None` while it lasts.
    pub to: Option<UtcTime>,
    /// The event that began it.
    pub started_by: Uuid,
    /// True if the time of that event is approximate.
    pub approximate: bool,
}

/// The states of an incident and of its services over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States {
    /// Spans of each service, by name: oldest first, adjacent, and neighbours differ in state. A
    /// service has no span before its first event with a state. An incident without services has
    /// one named `""`.
    pub services: Vec<(String, Vec<StateSpan>)>,
    /// The worst state of all services at each moment.
    pub overall: Vec<StateSpan>,
    /// True if there is a fault and no event gave a state: the incident must not be called `ok`.
    pub unknown: bool,
}

/// A service, by its index, enters a state.
#[derive(Clone, Copy)]
struct Transition {
    service: usize,
    state: State,
    at: UtcTime,
    event_id: Uuid,
    approximate: bool,
}

impl States {
    /// Computes the states of `incident` from its events.
    #[must_use]
    pub fn from_incident(incident: &Incident) -> Self {
        let mut names = incident.service_names();
        if names.is_empty() {
            names.push(String::new());
        }
        let index_by_name: HashMap<&str, usize> = names
            .iter()
            .enumerate()
            .map(|(i, name)| (name.as_str(), i))
            .collect();
        let mut current: Vec<Option<State>> = vec![None; names.len()];
        let mut transitions = Vec::new();
        for record in incident.active_events() {
            if record.value.state_or_implied().is_none() {
                continue;
            }
            let services = &record.value.services;
            let mut enter_state = |service: usize| {
                let state = next_state(current[service], &record.value);
                if current[service] != state
                    && let Some(state) = state
                {
                    current[service] = Some(state);
                    transitions.push(Transition {
                        service,
                        state,
                        at: record.value.at_utc(),
                        event_id: record.id,
                        approximate: record.value.approximate,
                    });
                }
            };
            if services.is_empty() {
                (0..names.len()).for_each(&mut enter_state);
            } else {
                services
                    .iter()
                    .filter_map(|name| index_by_name.get(name.as_str()).copied())
                    .for_each(enter_state);
            }
        }
        let mut services: Vec<(String, Vec<StateSpan>)> =
            names.into_iter().map(|name| (name, Vec::new())).collect();
        for transition in &transitions {
            let (name, spans) = &mut services[transition.service];
            let service = (!name.is_empty()).then(|| name.clone());
            push_span(spans, *transition, service);
        }
        let overall = overall_spans(&transitions, services.len());
        let unknown = overall.is_empty()
            && incident
                .active_events()
                .any(|e| e.value.kind == Kind::Fault);
        Self {
            services,
            overall,
            unknown,
        }
    }

    /// True if a state of another version was given: what came of it is not known.
    #[must_use]
    pub fn has_unknown_span(&self) -> bool {
        let mut spans = self.overall.iter();
        spans.any(|span| span.state == State::Unknown)
    }

    /// The state now; `None` if no event gave one.
    #[must_use]
    pub fn current(&self) -> Option<State> {
        self.overall.last().map(|span| span.state)
    }

    /// The first span with customer impact.
    #[must_use]
    pub fn impact_start(&self) -> Option<&StateSpan> {
        self.overall.iter().find(|span| span.state.is_impact())
    }

    /// The worst state so far; `None` if no event gave one.
    #[must_use]
    pub fn worst(&self) -> Option<State> {
        self.overall.iter().map(|span| span.state).max()
    }

    /// The incident's state at `at`; `None` before the first one. A span includes its start and
    /// excludes its end.
    #[must_use]
    pub fn state_at(&self, at: UtcTime) -> Option<State> {
        let following = self.overall.partition_point(|span| span.from <= at);
        Some(self.overall.get(following.checked_sub(1)?)?.state)
    }

    /// The spans of `service`; empty if it is unknown.
    #[must_use]
    pub fn service_spans(&self, service: &str) -> &[StateSpan] {
        self.services
            .iter()
            .find(|(name, _)| name == service)
            .map_or(&[], |(_, spans)| spans)
    }
}

/// Returns the state of a service after `event`, given the state before it. A `mitigate` without a
/// state changes only `down`.
#[must_use]
pub fn next_state(before: Option<State>, event: &Event) -> Option<State> {
    match (event.given_state(), &event.kind) {
        (None, Kind::Mitigate) if before == Some(State::Down) => Some(State::Degraded),
        (None, Kind::Mitigate) => before,
        _ => event.state_or_implied(),
    }
}

/// Appends a span that begins with `transition`, and ends the last one. A span without duration is
/// removed.
fn push_span(spans: &mut Vec<StateSpan>, transition: Transition, service: Option<String>) {
    if let Some(last) = spans.last_mut() {
        if last.state == transition.state {
            return;
        }
        last.to = Some(transition.at);
        if last.from == transition.at {
            spans.pop();
            if let Some(last) = spans.last_mut()
                && last.state == transition.state
            {
                last.to = None;
                return;
            }
        }
    }
    spans.push(StateSpan {
        service,
        state: transition.state,
        from: transition.at,
        to: None,
        started_by: transition.event_id,
        approximate: transition.approximate,
    });
}

/// Computes the worst state of `count` services at each moment. Simultaneous transitions are
/// applied together, so that a failover between services at 10:06 shows no moment of `ok`.
fn overall_spans(transitions: &[Transition], count: usize) -> Vec<StateSpan> {
    let mut current: Vec<Option<State>> = vec![None; count];
    let mut spans: Vec<StateSpan> = Vec::new();
    for moment in transitions.chunk_by(|a, b| a.at == b.at) {
        for transition in moment {
            current[transition.service] = Some(transition.state);
        }
        let Some(worst) = current.iter().copied().flatten().max() else {
            continue;
        };
        // The cause is the service that is now worst; if the state improved, the last transition.
        let cause = moment
            .iter()
            .find(|transition| {
                transition.state == worst && current[transition.service] == Some(worst)
            })
            .or(moment.last());
        if let Some(&transition) = cause {
            let transition = Transition {
                state: worst,
                ..transition
            };
            push_span(&mut spans, transition, None);
        }
    }
    spans
}

#[cfg(test)]
mod tests;
