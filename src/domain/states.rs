//! The state of each service over time, computed from the events that are not retracted.
//!
//! The rules are in `current.rs`; here their results become spans. The incident has the worst state
//! of its services.

use super::{
    event::Event,
    incident::{Incident, Record},
    time::UtcTime,
    words::{Kind, State, Word},
};
use std::collections::HashMap;
use uuid::Uuid;

mod before;
mod current;
mod overall;

pub use before::DecidingEvents;
pub use current::{CurrentStates, NAMELESS, StateChange, services_of_unnamed};
pub use overall::OverallSpans;

/// A time span in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateSpan {
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
    /// Spans of each service, by name: oldest first, adjacent, and neighbours differ in state. A span without
    /// duration is among them if it was one of impact or not known, and what followed was better; of what was not
    /// known, only if no state was given at that instant. A
    /// service has no span before its first event with a state. The nameless one ([`NAMELESS`]) is
    /// among them if it has a span, or if there is no other.
    pub services: Vec<(String, Vec<StateSpan>)>,
    /// The worst state of all services at each moment.
    pub overall: Vec<StateSpan>,
    /// When each service was restored of which no state was recorded before, nor one worse than `ok` without a
    /// service: something was not well until then, and the record does not say what.
    unexplained_restores: Vec<(String, UtcTime)>,
    /// States that were replaced at the instant in which they began, and are no spans.
    momentary: Vec<MomentaryState>,
}

/// A state that a service left at the instant in which it entered it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct MomentaryState {
    service: String,
    state: State,
    started_by: Uuid,
}

/// The state that each event started, by its id; the worst one if it started several.
pub type StartedStates = HashMap<Uuid, State>;

/// Returns the state to display with an event: the one that it gives, else the one that it started.
#[must_use]
pub fn shown_state(record: &Record<Event>, started: &StartedStates) -> Option<Word<State>> {
    let given = record.value.shown_state();
    given.or_else(|| started.get(&record.id).copied().map(Word::Known))
}

/// The start of a span.
#[derive(Clone, Copy, Debug)]
struct Transition {
    state: State,
    at: UtcTime,
    event_id: Uuid,
    approximate: bool,
    /// True if the event says which state it is, and not only that it is over.
    is_given: bool,
}

impl Transition {
    fn new(record: &Record<Event>, state: State) -> Self {
        Self {
            state,
            at: record.value.at_utc(),
            event_id: record.id,
            approximate: record.value.approximate,
            is_given: says_which(&record.value),
        }
    }
}

/// True if `event` gives a state that was so at its time, of which a `restore` or a `resolve` is only the end.
fn says_which(event: &Event) -> bool {
    let ends = matches!(event.kind, Kind::Restore | Kind::Resolve);
    event.given_state().is_some() && !ends
}

impl States {
    /// Computes the states of `incident` from its events.
    #[must_use]
    pub fn from_incident(incident: &Incident) -> Self {
        let mut names = incident.service_names();
        names.insert(0, NAMELESS.to_owned());
        let index_by_name: HashMap<String, usize> =
            names.iter().cloned().zip(0..names.len()).collect();
        let mut services: Vec<(String, Vec<StateSpan>)> =
            names.into_iter().map(|name| (name, Vec::new())).collect();
        let mut current = CurrentStates::before_events(incident);
        let mut overall = OverallSpans::default();
        let mut unexplained_restores = Vec::new();
        let mut momentary = Vec::new();
        for record in incident.active_events() {
            let nameless = current.state(NAMELESS);
            let may_be_unexplained = record.value.kind == Kind::Restore
                && nameless.is_none_or(|state| state == State::Ok);
            let changes = current.apply(record);
            overall.add(record, &changes, &current);
            for change in changes {
                let index = index_by_name.get(&change.service);
                if let Some((_, spans)) = index.and_then(|index| services.get_mut(*index)) {
                    if may_be_unexplained && spans.is_empty() {
                        unexplained_restores.push((change.service.clone(), record.value.at_utc()));
                    }
                    let removed = push_span(spans, Transition::new(record, change.state));
                    momentary.extend(removed.map(|span| MomentaryState {
                        service: change.service,
                        state: span.state,
                        started_by: span.started_by,
                    }));
                }
            }
        }
        if services.len() > 1 && services[0].1.is_empty() {
            services.remove(0);
        }
        Self {
            services,
            overall: overall.finish(),
            unexplained_restores,
            momentary,
        }
    }

    /// The state that the event `started_by` began of `service`, and that was replaced at the same instant.
    #[must_use]
    pub fn momentary_state(&self, service: &str, started_by: Uuid) -> Option<State> {
        let mut states = self.momentary.iter();
        let found = states.find(|m| m.service == service && m.started_by == started_by)?;
        Some(found.state)
    }

    /// When something was restored of which no state was recorded: `service`, or any if it is `None`.
    #[must_use]
    pub fn unexplained_restore(&self, service: Option<&str>) -> Option<UtcTime> {
        let mut restores = self.unexplained_restores.iter();
        let found = restores.find(|(name, _)| service.is_none_or(|service| service == name));
        found.map(|(_, at)| *at)
    }

    /// The services that were restored and of which no state was recorded before, with the time of the restore.
    #[must_use]
    pub fn unexplained_restores(&self) -> &[(String, UtcTime)] {
        &self.unexplained_restores
    }

    /// True if the record says whether there was impact: a state was recorded, and nothing was restored of
    /// which none was.
    #[must_use]
    pub fn cover_impact(&self) -> bool {
        !self.overall.is_empty() && self.unexplained_restores.is_empty()
    }

    /// True if the incident's state was not known at some time.
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
    #[cfg(test)]
    #[must_use]
    pub fn state_at(&self, at: UtcTime) -> Option<State> {
        let following = self.overall.partition_point(|span| span.from <= at);
        Some(self.overall.get(following.checked_sub(1)?)?.state)
    }

    /// The state that each event started.
    #[must_use]
    pub fn started_states(&self) -> StartedStates {
        let mut states = HashMap::new();
        let spans = self.service_spans();
        let spans = spans.map(|(_, span)| (span.started_by, span.state));
        let momentary = self.momentary.iter().map(|m| (m.started_by, m.state));
        for (event, state) in spans.chain(momentary) {
            let worst = states.entry(event).or_insert(state);
            *worst = state.max(*worst);
        }
        states
    }

    /// The spans of all services with the names of these, service by service.
    pub fn service_spans(&self) -> impl Iterator<Item = (&str, &StateSpan)> {
        let services = self.services.iter();
        services.flat_map(|(name, spans)| spans.iter().map(move |span| (name.as_str(), span)))
    }

    /// The spans of `service`; empty if it is unknown.
    #[cfg(test)]
    #[must_use]
    pub fn spans_of(&self, service: &str) -> &[StateSpan] {
        self.services
            .iter()
            .find(|(name, _)| name == service)
            .map_or(&[], |(_, spans)| spans)
    }
}

/// Appends a span that begins with `transition`, and ends the last one. A span without duration is removed and
/// returned, unless it was one of impact or not known, and both what was before it and what follows are better: a
/// fault and its restore in the same minute are an impact of which only the length is not recorded. Of what was not
/// known, the state that was given at the same instant is the state, so nothing of it is kept.
fn push_span(spans: &mut Vec<StateSpan>, transition: Transition) -> Option<StateSpan> {
    let mut removed = None;
    let before = spans.len().checked_sub(2).map(|index| spans[index].state);
    if let Some(last) = spans.last_mut() {
        if last.state == transition.state {
            return None;
        }
        last.to = Some(transition.at);
        let is_peak = before.max(Some(transition.state)) < Some(last.state);
        let is_answered = last.state == State::Unknown && transition.is_given;
        let is_kept = is_peak && last.state >= State::Degraded && !is_answered;
        if last.from == transition.at && !is_kept {
            removed = spans.pop();
            if let Some(last) = spans.last_mut()
                && last.state == transition.state
            {
                last.to = None;
                return removed;
            }
        }
    }
    spans.push(StateSpan {
        state: transition.state,
        from: transition.at,
        to: None,
        started_by: transition.event_id,
        approximate: transition.approximate,
    });
    removed
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
