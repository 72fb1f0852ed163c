//! The state of each service over time, folded from the events that stand.
//!
//! A service's state is that of the latest state event for it or for all. An event that names no
//! service is for all of them. The incident's state is the worst of its services. Source: DESIGN,
//! States.

use super::{
    event::Event,
    incident::Incident,
    time::UtcTime,
    words::{Kind, State},
};
use std::collections::HashMap;
use uuid::Uuid;

/// A stretch of time in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateSpan {
    /// The service; `None` for the nameless one, and in [`States::overall`].
    pub service: Option<String>,
    /// The state.
    pub state: State,
    /// When it began.
    pub from: UtcTime,
    /// When it ended, which is when the next span began; `None` while it lasts.
    pub to: Option<UtcTime>,
    /// The event that began it.
    pub started_by: Uuid,
    /// True where that event's time is only about right.
    pub approximate: bool,
}

/// The states of an incident's services, and of the incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States {
    /// Each service by name, with its spans: oldest first, each beginning where the one before it
    /// ended, neighbours in different states. `""` is the nameless one of an incident without
    /// services. A service has no span before its first state event.
    pub services: Vec<(String, Vec<StateSpan>)>,
    /// The same for the incident: the worst of its services at each moment.
    pub overall: Vec<StateSpan>,
    /// True where a fault stands and no state was ever given: nobody may call that `ok`.
    pub unknown: bool,
}

/// One service (or the incident) came into a state.
#[derive(Clone, Copy)]
struct Transition {
    service: usize,
    state: State,
    at: UtcTime,
    event_id: Uuid,
    approximate: bool,
}

impl States {
    /// Folds the events of `incident` that stand, in timeline order.
    #[must_use]
    pub fn from_incident(incident: &Incident) -> Self {
        let mut names = incident.service_names();
        if names.is_empty() {
            names.push(String::new());
        }
        let place: HashMap<&str, usize> = names
            .iter()
            .enumerate()
            .map(|(i, name)| (name.as_str(), i))
            .collect();
        let mut now: Vec<Option<State>> = vec![None; names.len()];
        let mut turns = Vec::new();
        for record in incident.active_events() {
            if record.value.state_or_implied().is_none() {
                continue;
            }
            let services = &record.value.services;
            let mut turn = |service: usize| {
                let state = next_state(now[service], &record.value);
                if now[service] != state
                    && let Some(state) = state
                {
                    now[service] = Some(state);
                    turns.push(Transition {
                        service,
                        state,
                        at: record.value.at_utc(),
                        event_id: record.id,
                        approximate: record.value.approximate,
                    });
                }
            };
            if services.is_empty() {
                (0..names.len()).for_each(&mut turn);
            } else {
                services
                    .iter()
                    .filter_map(|name| place.get(name.as_str()).copied())
                    .for_each(turn);
            }
        }
        let mut services: Vec<(String, Vec<StateSpan>)> =
            names.into_iter().map(|name| (name, Vec::new())).collect();
        for turn in &turns {
            let (name, spans) = &mut services[turn.service];
            let service = (!name.is_empty()).then(|| name.clone());
            push_span(spans, *turn, service);
        }
        let overall = overall_spans(&turns, services.len());
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

    /// The state now; `None` where none was ever given.
    #[must_use]
    pub fn current(&self) -> Option<State> {
        self.overall.last().map(|span| span.state)
    }

    /// The first span in which customers were hurt; its beginning is the impact start.
    #[must_use]
    pub fn impact_start(&self) -> Option<&StateSpan> {
        self.overall.iter().find(|span| span.state.is_impact())
    }

    /// The worst state there was; `None` where none was ever given.
    #[must_use]
    pub fn worst(&self) -> Option<State> {
        self.overall.iter().map(|span| span.state).max()
    }

    /// The incident's state at `at`; `None` before the first state was given. A span holds its
    /// beginning and not its end.
    #[must_use]
    pub fn state_at(&self, at: UtcTime) -> Option<State> {
        let later = self.overall.partition_point(|span| span.from <= at);
        Some(self.overall.get(later.checked_sub(1)?)?.state)
    }

    /// The spans of `service`; none where it is not known.
    #[must_use]
    pub fn service_spans(&self, service: &str) -> &[StateSpan] {
        self.services
            .iter()
            .find(|(name, _)| name == service)
            .map_or(&[], |(_, spans)| spans)
    }
}

/// The state that `event`, which bears one, puts a service in that was in `before`.
#[must_use]
pub fn next_state(before: Option<State>, event: &Event) -> Option<State> {
    match (event.given_state(), &event.kind) {
        (None, Kind::Mitigate) if before == Some(State::Down) => Some(State::Degraded),
        (None, Kind::Mitigate) => before,
        _ => event.state_or_implied(),
    }
}

/// Ends the last of `spans` where `turn` begins another. A span that lasted no time at all leaves
/// none.
fn push_span(spans: &mut Vec<StateSpan>, turn: Transition, service: Option<String>) {
    if let Some(last) = spans.last_mut() {
        if last.state == turn.state {
            return;
        }
        last.to = Some(turn.at);
        if last.from == turn.at {
            spans.pop();
            if let Some(last) = spans.last_mut()
                && last.state == turn.state
            {
                last.to = None;
                return;
            }
        }
    }
    spans.push(StateSpan {
        service,
        state: turn.state,
        from: turn.at,
        to: None,
        started_by: turn.event_id,
        approximate: turn.approximate,
    });
}

/// The worst of `count` services at each moment. Turns of one moment are taken together, so that a
/// failover at 10:06 from one service to another is no moment of health.
fn overall_spans(turns: &[Transition], count: usize) -> Vec<StateSpan> {
    let mut now: Vec<Option<State>> = vec![None; count];
    let mut spans: Vec<StateSpan> = Vec::new();
    for moment in turns.chunk_by(|a, b| a.at == b.at) {
        for turn in moment {
            now[turn.service] = Some(turn.state);
        }
        let Some(worst) = now.iter().copied().flatten().max() else {
            continue;
        };
        // What brought it about is what is now worst, else (it got better) what came last.
        let by = moment
            .iter()
            .find(|turn| turn.state == worst && now[turn.service] == Some(worst))
            .or(moment.last());
        if let Some(&turn) = by {
            let turn = Transition {
                state: worst,
                ..turn
            };
            push_span(&mut spans, turn, None);
        }
    }
    spans
}

#[cfg(test)]
mod tests;
