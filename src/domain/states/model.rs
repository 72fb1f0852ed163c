//! A second, slow fold of the states, written from the rules in words alone
//! (`docs/incidents.md`, States), and random incidents to compare
//! the two. It keeps no state: the state of a service after an event is a question about the list of
//! events, and the answer asks the same question about the list without its last event.

use super::*;
use crate::domain::{
    testing::{IncidentBuilder, ORIGIN, at},
    words::Kind,
};
use proptest::prelude::*;

const NAMES: [&str; 3] = ["a", "b", "c"];

/// One event, with what matters to a state.
#[derive(Clone, Debug)]
struct Line {
    /// Minutes after 10:00.
    minute: i64,
    /// Its place in the order of recording.
    recorded: u64,
    /// The other incident in which it was recorded, which was merged into this one.
    elsewhere: Option<Uuid>,
    kind: Kind,
    state: Option<Word<State>>,
    services: Vec<&'static str>,
    retracted: bool,
}

/// A service added explicitly, its place in the order of recording, and the other incident in which it was.
type Added = (&'static str, u64, Option<Uuid>);

/// The slow fold. `lines` are in timeline order and not retracted.
struct Slow<'a> {
    lines: &'a [Line],
    /// Services added explicitly, with their place in the order of recording and the incident.
    added: &'a [Added],
}

impl Slow<'_> {
    /// Services are those declared, added, or named by a state event.
    fn is_known_to(&self, line: &Line, service: &str) -> bool {
        let added = self.added.iter().any(|(name, n, elsewhere)| {
            *name == service && *n < line.recorded && *elsewhere == line.elsewhere
        });
        added
            || self.lines.iter().any(|other| {
                let names = other.kind == Kind::Declare || can_change_states(other);
                names
                    && other.recorded < line.recorded
                    && other.elsewhere == line.elsewhere
                    && other.services.contains(&service)
            })
    }

    fn known_to(&self, line: &Line) -> Vec<&'static str> {
        let known = NAMES
            .into_iter()
            .filter(|name| self.is_known_to(line, name));
        known.collect()
    }

    /// True if the state that `line`, number `n`, gives or implies is one of `service`.
    fn concerns(&self, n: usize, service: &str) -> bool {
        let line = &self.lines[n];
        if !line.services.is_empty() {
            return line.services.contains(&service);
        }
        let known = self.known_to(line);
        if line.state.is_none() && known.len() > 1 {
            match line.kind {
                Kind::Absorbed => return false,
                Kind::Fault => return service.is_empty(),
                _ => {}
            }
        }
        if service.is_empty() {
            known.is_empty() || self.after(n, "").is_some()
        } else {
            known.contains(&service)
        }
    }

    /// The state of `service` after the first `count` lines.
    fn after(&self, count: usize, service: &str) -> Option<State> {
        let n = count.checked_sub(1)?;
        let line = &self.lines[n];
        let before = self.after(n, service);
        let given = given(line);
        match (&line.kind, given) {
            (Kind::Resolve, Some(given)) if self.concerns(n, service) => Some(given),
            (Kind::Resolve, _) => match before {
                Some(State::Degraded | State::Down | State::Unknown) => Some(State::Ok),
                other => other,
            },
            (Kind::Reopen, None) => self.reopened(n, service),
            (_, Some(given)) if self.concerns(n, service) => Some(given),
            (_, Some(_)) => before,
            (kind, None) if can_change_states(line) && self.concerns(n, service) => {
                match (kind, before) {
                    (Kind::Restore, _) => Some(State::Ok),
                    (Kind::Absorbed, None | Some(State::Ok)) => Some(State::AtRisk),
                    (Kind::Mitigate, Some(State::Down)) => Some(State::Degraded),
                    (Kind::Fault, None | Some(State::Ok | State::AtRisk)) => Some(State::Unknown),
                    _ => before,
                }
            }
            _ => before,
        }
    }

    /// The state after the `reopen` that is number `n`.
    fn reopened(&self, n: usize, service: &str) -> Option<State> {
        let back = |service| {
            self.ended_by_resolve(n, service)
                .or_else(|| self.after(n, service))
        };
        let is_well = |state: Option<State>| state.is_none_or(|state| state == State::Ok);
        let all_well = NAMES.iter().chain(&[""]).all(|name| is_well(back(name)));
        let known = self.known_to(&self.lines[n]);
        let named = &self.lines[n].services;
        let asked = if !named.is_empty() {
            named.contains(&service)
        } else if service.is_empty() {
            known.is_empty()
        } else {
            known.contains(&service)
        };
        if all_well && asked {
            Some(State::Unknown)
        } else {
            back(service)
        }
    }

    /// The state that `service` had before a resolve ended it, if nothing was said of it since and
    /// before line `n`.
    fn ended_by_resolve(&self, n: usize, service: &str) -> Option<State> {
        let mut found = None;
        for i in (0..n).rev() {
            let line = &self.lines[i];
            let (before, after) = (self.after(i, service), self.after(i + 1, service));
            match line.kind {
                Kind::Reopen => return found,
                Kind::Resolve if before != after => found = before.or(found),
                Kind::Resolve => {}
                _ => {
                    let said = (given(line).is_some() || line.kind == Kind::Restore)
                        && self.concerns(i, service);
                    if said || before != after {
                        return found;
                    }
                }
            }
        }
        found
    }
}

fn given(line: &Line) -> Option<State> {
    let state = line.state.as_ref()?;
    Some(state.known().unwrap_or(State::Unknown))
}

fn can_change_states(line: &Line) -> bool {
    line.state.is_some()
        || matches!(
            line.kind,
            Kind::Fault
                | Kind::Absorbed
                | Kind::Mitigate
                | Kind::Restore
                | Kind::Resolve
                | Kind::Reopen
        )
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let kind = prop::sample::select(vec![
        Kind::Fault,
        Kind::Fault,
        Kind::Absorbed,
        Kind::Mitigate,
        Kind::Restore,
        Kind::Resolve,
        Kind::Resolve,
        Kind::Reopen,
        Kind::Reopen,
        Kind::Note,
        Kind::Declare,
        Kind::Other("hunch".into()),
    ]);
    let state = prop_oneof![
        4 => Just(None),
        4 => prop::sample::select(State::ALL.to_vec()).prop_map(|s| Some(Word::Known(s))),
        1 => Just(Some(Word::Other("flapping".into()))),
    ];
    let services = prop_oneof![
        3 => Just(vec![]),
        4 => prop::sample::subsequence(NAMES.to_vec(), 1),
        1 => prop::sample::subsequence(NAMES.to_vec(), 2..=3),
    ];
    let line = (
        0..10_i64,
        any::<u16>(),
        kind,
        state,
        services,
        prop::bool::weighted(0.1),
        elsewhere(),
    );
    prop::collection::vec(line, 0..10).prop_map(|lines| {
        let place = |n: usize, order: u16| u64::from(order) * 100 + n as u64;
        let with_place = |(n, (minute, order, kind, state, services, retracted, elsewhere))| Line {
            minute,
            recorded: place(n, order),
            elsewhere,
            kind,
            state,
            services,
            retracted,
        };
        lines.into_iter().enumerate().map(with_place).collect()
    })
}

fn elsewhere() -> impl Strategy<Value = Option<Uuid>> {
    prop_oneof![2 => Just(None), 1 => Just(Some(Uuid::from_u128(7)))]
}

fn incident(lines: &[Line], added: &[Added]) -> Incident {
    let mut log = IncidentBuilder::new();
    for (name, order, elsewhere) in added {
        log.service(name, None);
        let place = (*elsewhere, (at("00:00"), ORIGIN, *order));
        log.incident
            .services_added
            .insert((*name).into(), vec![place]);
    }
    for (n, line) in lines.iter().enumerate() {
        let time = format!("10:{:02}", line.minute);
        // A declaration has the incident's own id, so only the first can be one.
        log.event(&time, Kind::Note, "x", |e| {
            e.kind = line.kind.clone();
            e.state = line.state.clone();
            e.services = line.services.iter().map(|&s| s.to_owned()).collect();
            e.retracted = line.retracted.then(|| "a slip".into());
            e.text = n.to_string();
        });
    }
    for record in &mut log.incident.events {
        let n: usize = record.value.text.parse().unwrap();
        record.recorded = at("00:00");
        record.seq = lines[n].recorded;
        record.elsewhere = lines[n].elsewhere;
    }
    log.incident.events.sort_by_key(Record::sort_key);
    log.incident
}

fn state_at(spans: &[StateSpan], at: UtcTime) -> Option<State> {
    let span = spans.iter().rev().find(|span| span.from <= at)?;
    assert!(span.to.is_none_or(|to| at < to), "spans are adjacent");
    Some(span.state)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn fold_agrees_with_the_slow_one(
        lines in lines(),
        added in prop::collection::btree_map(prop::sample::select(NAMES.to_vec()), (any::<u32>(), elsewhere()), 0..3),
    ) {
        let added = added.into_iter().map(|(name, (n, elsewhere))| (name, u64::from(n), elsewhere));
        let added: Vec<Added> = added.collect();
        let incident = incident(&lines, &added);
        let states = States::from_incident(&incident);
        let mut active: Vec<Line> = lines.iter().filter(|l| !l.retracted).cloned().collect();
        active.sort_by_key(|line| (line.minute, line.recorded));
        let slow = Slow { lines: &active, added: &added };
        for minute in 0..11 {
            let now = at(&format!("10:{minute:02}"));
            let count = active.partition_point(|line| line.minute <= minute);
            let mut worst = None;
            for name in ["", "a", "b", "c"] {
                let expected = slow.after(count, name);
                let found = state_at(states.spans_of(name), now);
                prop_assert_eq!(found, expected, "`{}` at minute {}", name, minute);
                worst = worst.max(expected);
            }
            prop_assert_eq!(state_at(&states.overall, now), worst, "overall at minute {}", minute);
            prop_assert_eq!(states.state_at(now), worst);
        }
        for spans in states.services.iter().map(|(_, spans)| spans).chain([&states.overall]) {
            prop_assert!(spans.windows(2).all(|w| w[0].to == Some(w[1].from) && w[0].state != w[1].state));
        }
    }

    /// A summary row is continued with later events; it must come to what a rebuild computes.
    #[test]
    fn states_can_be_continued_with_the_events_that_they_accept(lines in lines()) {
        let whole = incident(&lines, &[]);
        let events: Vec<_> = whole.active_events().cloned().collect();
        let fold = |count: usize| {
            let part = Incident { events: events[..count].to_vec(), ..whole.clone() };
            let mut states = CurrentStates::before_events(&part);
            for record in &part.events {
                states.apply(record);
            }
            states
        };
        for (count, next) in events.iter().enumerate() {
            let mut states = fold(count);
            if states.accepts(next) {
                states.apply(next);
                prop_assert_eq!(states, fold(count + 1), "after {} events", count);
            }
        }
    }

    /// The state that an event starts follows from the few events before it.
    #[test]
    fn deciding_events_give_the_state_that_an_event_starts(lines in lines()) {
        let incident = incident(&lines, &[]);
        let events: Vec<_> = incident.active_events().cloned().collect();
        let mut states = CurrentStates::before_events(&incident);
        let mut started = Vec::new();
        for record in &events {
            started.push(states.apply(record).iter().map(|change| change.state).max());
        }
        for (n, record) in events.iter().enumerate() {
            let mut deciding = DecidingEvents::new(record, &states);
            let mut earlier = events[..n].iter().rev();
            while let Some(next) = earlier.next().filter(|_| !deciding.is_complete()) {
                deciding.add(next);
            }
            prop_assert_eq!(deciding.started_state(), started[n], "event {}", n);
        }
    }
}
