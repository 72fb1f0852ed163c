//! The names that customers know, and the states of each over time.
//!
//! Several services may share one public name; one without counts under the product. A name is
//! `down` only while all of its services are, else `degraded` while one is degraded or down, else
//! unknown while one is, else `at-risk` while one is. What was recorded of no service is of the product as a
//! whole: it is down where that is, and not known to be down where that is not known. Where services have the product's own name, those
//! decide alone when it is down: one without a public name neither makes it so nor keeps it from being
//! so.

use crate::{
    documents::{provenance::clean_line, state_command::StateCommands},
    domain::{
        incident::Incident,
        states::{NAMELESS, StateSpan, States},
        time::{UtcTime, minutes_between, start_of_minute},
        words::State,
    },
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A name that customers know.
#[derive(Clone, Debug)]
pub(super) struct PublicName {
    /// `None` stands for the product, if its name is not set.
    pub(super) name: Option<String>,
    /// Adjacent spans, oldest first; neighbours differ in state.
    pub(super) spans: Vec<Span>,
    /// The worst state of its services now, as `status` and `list` have it.
    pub(super) worst_now: Option<StateSpan>,
}

/// A time in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) state: State,
    pub(super) from: Edge,
    /// `None` while it lasts.
    pub(super) to: Option<Edge>,
    /// Of a state that is not known: the command that gives it.
    pub(super) command: Option<String>,
}

/// The moment when a state began or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) at: UtcTime,
    pub(super) approximate: bool,
    /// The handle of the event.
    pub(super) handle: String,
}

impl Edge {
    /// A moment that is exact; `handle` may be empty.
    pub(super) fn exact(at: UtcTime, handle: &str) -> Self {
        Self {
            at,
            approximate: false,
            handle: handle.to_owned(),
        }
    }

    /// The minute in which it is; letters show no seconds.
    pub(super) fn minute(&self) -> UtcTime {
        start_of_minute(self.at)
    }
}

impl Span {
    /// True if it is listed in letters: customers had less than they should, or it is not known.
    pub(super) fn is_listed(&self) -> bool {
        self.state.is_impact() || self.state == State::Unknown
    }

    pub(super) fn is_approximate(&self) -> bool {
        self.from.approximate || self.to.as_ref().is_some_and(|to| to.approximate)
    }

    /// The minutes from the minute in which it began to the one in which it ended.
    pub(super) fn minutes(&self, as_of: UtcTime) -> i64 {
        let to = self.to.as_ref().map_or(as_of, |to| to.at);
        minutes_between(self.from.at, to).max(0)
    }
}

impl PublicName {
    /// The spans that letters list.
    pub(super) fn listed(&self) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(|span| span.is_listed())
    }

    /// The span that lasts.
    pub(super) fn now(&self) -> Option<&Span> {
        self.spans.last()
    }

    /// The first moment after the last impact from which on it works; `None` while it does not, or if
    /// nothing is known to have failed.
    pub(super) fn working_since(&self) -> Option<&Edge> {
        let last = self.spans.iter().rposition(Span::is_listed)?;
        self.spans[last].to.as_ref()
    }

    /// The first moment after `at` from which on it worked.
    pub(super) fn works_after(&self, at: UtcTime) -> Option<&Edge> {
        let mut later = self.spans.iter().skip_while(|span| span.from.at <= at);
        later.find(|span| !span.is_listed()).map(|span| &span.from)
    }

    fn minutes_in(&self, state: State, as_of: UtcTime) -> i64 {
        let spans = self.spans.iter().filter(|span| span.state == state);
        spans.map(|span| span.minutes(as_of)).sum()
    }

    /// The same name as it was recorded up to `until`.
    pub(super) fn up_to(&self, until: UtcTime) -> Self {
        let mut spans: Vec<Span> = self.spans.clone();
        spans.retain(|span| span.from.at <= until);
        if let Some(last) = spans.last_mut()
            && last.to.as_ref().is_some_and(|to| to.at > until)
        {
            last.to = None;
        }
        Self {
            name: self.name.clone(),
            spans,
            worst_now: self.worst_now,
        }
    }
}

/// The services that one name stands for.
#[derive(Default)]
struct Members<'a> {
    /// Those whose public name it is.
    named: Vec<&'a [StateSpan]>,
    /// Those without a public name, which count under the product.
    unnamed: Vec<&'a [StateSpan]>,
    /// What was recorded of no service is of the product as a whole.
    whole: Vec<&'a [StateSpan]>,
    /// All of these, each with its name.
    services: Vec<(&'a str, &'a [StateSpan])>,
}

impl Members<'_> {
    /// Returns the command that gives a state to the service of which it is not known at `at`.
    fn state_command(&self, commands: &StateCommands<'_>, at: UtcTime) -> Option<String> {
        let unknown_then = self.services.iter().filter_map(|(service, spans)| {
            let begun_at = spans.partition_point(|span| span.from < at);
            let mut then = spans[begun_at.saturating_sub(1)..]
                .iter()
                .take_while(|span| span.from <= at)
                .filter(|span| span.from == at || span.to.is_none_or(|to| to > at));
            let span = then.find(|span| span.state == State::Unknown)?;
            Some((*service, span))
        });
        let (service, span) = unknown_then.min_by_key(|(_, span)| span.from)?;
        Some(commands.command_in_letter(service, span))
    }
}

/// The names of an incident, as [`public_names`] finds them.
pub(super) struct PublicNames {
    /// Those that were hit, or of which it is not known: most time down first, then most time in
    /// problems, then in the order of the record.
    pub(super) hit: Vec<PublicName>,
    /// The other ones that customers know, of the record's services and the product.
    pub(super) others: Vec<String>,
}

/// Returns the names that customers know of the services of `incident`.
pub(super) fn public_names(
    incident: &Incident,
    states: &States,
    product: Option<&str>,
    as_of: UtcTime,
) -> PublicNames {
    let mut groups: Vec<(Option<String>, Members<'_>)> = Vec::new();
    let mut services: Vec<&(String, Vec<StateSpan>)> = states.services.iter().collect();
    let order = incident.services_as_recorded();
    services.sort_by_key(|(service, _)| order.iter().position(|name| name == service));
    for (service, spans) in services {
        if service == NAMELESS && spans.is_empty() {
            continue;
        }
        let known = incident.services.get(service);
        let public = known.and_then(|service| clean_line(service.public_name.as_deref()?));
        let is_named = public.is_some();
        let name = public.or_else(|| product.map(str::to_owned));
        let at = groups.iter().position(|(known, _)| *known == name);
        let at = at.unwrap_or_else(|| {
            groups.push((name, Members::default()));
            groups.len() - 1
        });
        let members = &mut groups[at].1;
        members.services.push((service, spans));
        match (service == NAMELESS, is_named) {
            (true, _) => members.whole.push(spans),
            (false, true) => members.named.push(spans),
            (false, false) => members.unnamed.push(spans),
        }
    }
    let commands = StateCommands::new(incident);
    let mut others = Vec::new();
    let mut names: Vec<PublicName> = Vec::with_capacity(groups.len());
    for (name, members) in groups {
        let spans = combine(incident, &members, &commands);
        let all = [&members.named[..], &members.unnamed, &members.whole].concat();
        let worst = |states: &[State]| states.iter().copied().max().unwrap_or(State::Ok);
        let name = PublicName {
            name,
            spans,
            worst_now: combine_spans_by(&all, worst).pop(),
        };
        if name.listed().next().is_some() {
            names.push(name);
        } else if !members.named.is_empty() {
            // One without a public name is nothing that customers know.
            others.extend(name.name);
        }
    }
    let minutes = |name: &PublicName, state| name.minutes_in(state, as_of);
    names.sort_by_key(|name| {
        let time = (minutes(name, State::Down), minutes(name, State::Degraded));
        std::cmp::Reverse(time)
    });
    PublicNames { hit: names, others }
}

/// Returns the spans of a name from those of its services.
fn combine(incident: &Incident, members: &Members<'_>, commands: &StateCommands<'_>) -> Vec<Span> {
    let all = [&members.named[..], &members.unnamed, &members.whole].concat();
    let (named, unnamed) = (members.named.len(), members.unnamed.len());
    let combined = combine_spans_by(&all, |current| {
        let (own, other) = current.split_at(named);
        let (other, whole) = other.split_at(unnamed);
        let state_of = |states: &[State]| match states {
            [] => State::Ok,
            _ => combined_state(states.iter().copied()),
        };
        let other = match state_of(other) {
            State::Down if named > 0 => State::Degraded,
            state => state,
        };
        let whole = state_of(whole);
        let parts = [state_of(own), other];
        let worst = parts.into_iter().max_by_key(|state| severity(*state));
        match (worst.unwrap_or(State::Ok), whole) {
            // What is not known may have worked.
            (State::Down, State::Unknown) => State::Degraded,
            (worst, whole) if severity(whole) > severity(worst) => whole,
            (worst, _) => worst,
        }
    });
    let begun_by: HashSet<Uuid> = combined.iter().map(|span| span.started_by).collect();
    let begun_by = incident.events.iter().filter(|e| begun_by.contains(&e.id));
    let handles: HashMap<Uuid, &str> = begun_by.map(|e| (e.id, e.handle.as_str())).collect();
    let edge = |span: &StateSpan| Edge {
        at: span.from,
        approximate: span.approximate,
        handle: (*handles.get(&span.started_by).unwrap_or(&"")).to_owned(),
    };
    let edges: Vec<Edge> = combined.iter().map(edge).collect();
    let span = |(i, span): (usize, &StateSpan)| Span {
        state: span.state,
        from: edges[i].clone(),
        to: edges.get(i + 1).cloned(),
        command: match span.state {
            State::Unknown => members.state_command(commands, span.from),
            _ => None,
        },
    };
    combined.iter().enumerate().map(span).collect()
}

/// Returns the spans of a name from those of its services, without the name of a service.
pub(in crate::documents) fn combine_spans(members: &[&[StateSpan]]) -> Vec<StateSpan> {
    combine_spans_by(members, |current| combined_state(current.iter().copied()))
}

/// Returns the spans of `state_of` the states of `members`.
fn combine_spans_by(
    members: &[&[StateSpan]],
    state_of: impl Fn(&[State]) -> State,
) -> Vec<StateSpan> {
    let mut starts: Vec<(usize, &StateSpan)> = Vec::new();
    for (member, spans) in members.iter().enumerate() {
        starts.extend(spans.iter().map(|span| (member, span)));
    }
    starts.sort_by_key(|(member, span)| (span.from, *member));
    // A service without a state yet counts as working.
    let mut current = vec![State::Ok; members.len()];
    let mut combined: Vec<StateSpan> = Vec::new();
    let mut push = |state: State, begun: &StateSpan| {
        if combined.last().is_some_and(|last| last.state == state) {
            return;
        }
        if let Some(last) = combined.last_mut() {
            last.to = Some(begun.from);
        }
        combined.push(StateSpan {
            state,
            to: None,
            ..*begun
        });
    };
    for moment in starts.chunk_by(|(_, a), (_, b)| a.from == b.from) {
        let before = state_of(&current);
        for (member, span) in moment {
            current[*member] = span.state;
        }
        let state = state_of(&current);
        // What lasted for no time counts where it was worse than what was before it and what followed.
        let mut worst = current.clone();
        let mut momentary = None;
        for (member, span) in moment {
            if span.to == Some(span.from) && severity(span.state) > severity(worst[*member]) {
                worst[*member] = span.state;
                momentary = Some(*span);
            }
        }
        let peak = state_of(&worst);
        if let Some(span) = momentary
            && severity(peak) > severity(state).max(severity(before))
        {
            push(peak, span);
        }
        push(state, moment[0].1);
    }
    combined
}

/// How bad a state is for customers. What is known to have failed says more than what is not known.
pub(super) fn severity(state: State) -> u8 {
    match state {
        State::Ok => 0,
        State::AtRisk => 1,
        State::Unknown => 2,
        State::Degraded => 3,
        State::Down => 4,
    }
}

fn combined_state(mut states: impl Iterator<Item = State> + Clone) -> State {
    let each = states.clone();
    let has = |state| each.clone().any(|s| s == state);
    if states.all(|state| state == State::Down) {
        State::Down
    } else if has(State::Degraded) || has(State::Down) {
        State::Degraded
    } else if has(State::Unknown) {
        State::Unknown
    } else if has(State::AtRisk) {
        State::AtRisk
    } else {
        State::Ok
    }
}

#[cfg(test)]
mod tests {
    use super::{super::overall::Overall, *};
    use crate::domain::{testing::IncidentBuilder, words::Kind};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_shown_sum_to_the_total_shown(
            events in prop::collection::vec((0..86_400_u32, 0..4_usize, 0..3_usize), 1..20)
        ) {
            let mut log = IncidentBuilder::new();
            log.field("zone", "UTC");
            for (second, state, service) in events {
                let time = format!(
                    "{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60
                );
                let states = [State::Ok, State::AtRisk, State::Degraded, State::Down];
                let service = ["a", "b", "c"][service];
                log.service_event(&time, Kind::Note, Some(states[state]), &[service]);
            }
            let as_of = log.incident.last_recorded_at;
            let states = States::from_incident(&log.incident);
            // All services are of one name: the parts are its spells.
            let names = public_names(&log.incident, &states, Some("Shop"), as_of).hit;
            for name in &names {
                let parts: i64 = name.listed().map(|span| span.minutes(as_of)).sum();
                let total = Overall::of(&names, as_of).unwrap().total.unwrap();
                prop_assert_eq!(parts, total.minutes);
                // A reader who subtracts the times shown gets each part.
                for span in name.listed() {
                    let to = span.to.as_ref().map_or(start_of_minute(as_of), Edge::minute);
                    prop_assert_eq!((to - span.from.minute()).num_seconds(), span.minutes(as_of) * 60);
                }
            }
        }
    }
}
