//! State over time and milestones of one incident, as the screen draws them. Of a large incident they
//! are read one by one and kept at a limited resolution, so that the memory does not grow with it.

use super::{Result, Session, timeline::TimelineCursor};
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    states::{CurrentStates, NAMELESS, OverallSpans, StateSpan},
    time::UtcTime,
    words::{Kind, State},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Above so many events the history is loaded separately; below, it takes a few milliseconds.
pub(super) const LARGE_INCIDENT_EVENTS: u64 = 5_000;

/// Into so many cells of equal length the time of a large incident is divided. A band of 120 columns
/// that is zoomed in to a 32nd has about as many.
const CELLS: usize = 4_096;
/// So many milestones are collected until those of the same cell are thinned.
const MAX_MILESTONES: usize = CELLS + CELLS / 8;
/// How often the band of a large incident can be zoomed in to half its time.
const MAX_ZOOM_OF_CELLS: u8 = 5;

/// State over time and milestones of one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentHistory {
    /// The overall states over time, oldest first; each lasts until the next one begins.
    pub states: Vec<StateStart>,
    /// Milestones that are not retracted, oldest first.
    pub milestones: Vec<Milestone>,
    /// When the impact began that lasts at the end; `None` if none does.
    pub impact_since: Option<UtcTime>,
    /// When the impact began that lasts at the end or did before the state became unknown: customers may still
    /// have it. `None` if there is none.
    pub possible_impact_since: Option<UtcTime>,
    /// When the last state began.
    pub state_since: Option<UtcTime>,
    /// What made the state of a service unknown that still is, oldest first.
    pub unknown: Vec<UnknownState>,
    /// True if of each cell of time only the worst state and milestone are kept.
    pub is_thinned: bool,
}

/// A state of the incident as a whole, and when it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateStart {
    pub from: UtcTime,
    pub state: State,
}

/// An event since which the state of services is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownState {
    pub event: Uuid,
    pub handle: String,
    pub kind: Kind,
    /// Empty for the state of an incident without services.
    pub services: Vec<String>,
}

impl UnknownState {
    fn new(record: &Record<Event>) -> Self {
        Self {
            event: record.id,
            handle: record.handle.clone(),
            kind: record.value.kind.clone(),
            services: vec![],
        }
    }
}

/// An event that changes state or marks a phase of the incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// Its position in the timeline.
    pub order: TimelineCursor,
    pub kind: Kind,
    /// The state that it started.
    pub state: Option<State>,
}

impl Milestone {
    fn new(record: &Record<Event>, state: Option<State>) -> Self {
        Self {
            order: record.sort_key(),
            kind: record.value.kind.clone(),
            state,
        }
    }

    #[must_use]
    pub fn occurred_at(&self) -> UtcTime {
        self.order.0
    }

    /// The id of the event.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.order.4
    }
}

impl IncidentHistory {
    /// The state that an event started, if it is among the milestones.
    #[must_use]
    pub fn started_state(&self, record: &Record<Event>) -> Option<State> {
        let order = record.sort_key();
        let index = self.milestones.binary_search_by_key(&order, |m| m.order);
        self.milestones.get(index.ok()?)?.state
    }

    /// The highest zoom level at which the band still shows what was recorded; `highest` is that of the
    /// screen.
    #[must_use]
    pub fn max_zoom(&self, highest: u8) -> u8 {
        if self.is_thinned {
            highest.min(MAX_ZOOM_OF_CELLS)
        } else {
            highest
        }
    }

    pub(super) fn from_incident(incident: &Incident) -> Self {
        let mut builder = HistoryBuilder::new(CurrentStates::before_events(incident), None);
        for record in incident.active_events() {
            builder.add(record);
        }
        builder.finish()
    }
}

/// Builds a history from the milestones of an incident, in timeline order.
struct HistoryBuilder {
    current: CurrentStates,
    overall: OverallSpans,
    history: IncidentHistory,
    /// By service, the place in the timeline and the event since which its state is unknown.
    unknown: BTreeMap<String, (TimelineCursor, UnknownState)>,
    /// The first and the last moment, if the history is to be thinned where it is long.
    range: Option<(UtcTime, UtcTime)>,
    /// The number of spans that were thinned: their ends are no longer exact.
    thinned_spans: usize,
}

impl HistoryBuilder {
    fn new(before_events: CurrentStates, range: Option<(UtcTime, UtcTime)>) -> Self {
        Self {
            current: before_events,
            overall: OverallSpans::default(),
            history: IncidentHistory::default(),
            unknown: BTreeMap::new(),
            range,
            thinned_spans: 0,
        }
    }

    fn add(&mut self, record: &Record<Event>) {
        let changes = self.current.apply(record);
        self.overall.add(record, &changes, &self.current);
        for change in &changes {
            self.unknown.remove(&change.service);
            if change.state == State::Unknown && record.value.state.is_none() {
                let unknown = UnknownState::new(record);
                self.unknown
                    .insert(change.service.clone(), (record.sort_key(), unknown));
            }
        }
        let state = changes.iter().map(|change| change.state).max();
        let milestones = &mut self.history.milestones;
        if milestones.len() == milestones.capacity() && milestones.len() >= MAX_MILESTONES / 8 {
            // In equal steps: twice as much at each would be the largest piece of memory of the app.
            milestones.reserve_exact(MAX_MILESTONES / 8);
        }
        milestones.push(Milestone::new(record, state));
        if self.history.milestones.len() >= MAX_MILESTONES {
            self.thin();
        }
    }

    fn thin(&mut self) {
        let Some((from, to)) = self.range else {
            return;
        };
        let length = (to - from).num_milliseconds().max(1);
        let cells = i64::try_from(CELLS).unwrap_or(i64::MAX);
        let cell = |at: UtcTime| {
            let offset = (at - from).num_milliseconds().clamp(0, length);
            let cell = offset.saturating_mul(cells) / length;
            usize::try_from(cell).unwrap_or_default().min(CELLS - 1)
        };
        self.history.is_thinned = true;
        self.keep_starts();
        self.overall.thin(cell);
        self.thinned_spans = self.overall.spans().len();
        // Of several in a cell, the one with the worst state, then the latest.
        self.history.milestones.dedup_by(|milestone, last| {
            let same_cell = cell(last.occurred_at()) == cell(milestone.occurred_at());
            if same_cell && last.state <= milestone.state {
                std::mem::swap(milestone, last);
            }
            same_cell
        });
    }

    /// Notes since when the last state and the last impact are, which a thinned history no longer has. What
    /// lasts since before it was thinned began when that was noted.
    fn keep_starts(&mut self) {
        let spans = self.overall.spans();
        let exact = |at: usize| (at >= self.thinned_spans).then(|| spans[at].from);
        if let Some(start) = spans.len().checked_sub(1).and_then(exact) {
            self.history.state_since = Some(start);
        }
        // The first impact behind the last span that ended it.
        let impact_behind = |ended: fn(&StateSpan) -> bool| {
            let from = spans.iter().rposition(ended).map_or(0, |last| last + 1);
            (from..spans.len()).find(|at| spans[*at].state.is_impact())
        };
        let impact = impact_behind(|span| !span.state.is_impact());
        let possible =
            impact_behind(|span| !span.state.is_impact() && span.state != State::Unknown);
        let keep = |since: &mut Option<UtcTime>, at: Option<usize>| match at {
            None => *since = None,
            Some(at) => *since = exact(at).or(*since),
        };
        keep(&mut self.history.impact_since, impact);
        keep(&mut self.history.possible_impact_since, possible);
    }

    fn finish(mut self) -> IncidentHistory {
        self.overall.end_moment();
        self.keep_starts();
        if self.history.is_thinned {
            self.thin();
        }
        let states = self.overall.finish();
        let states = states
            .iter()
            .map(|&StateSpan { from, state, .. }| StateStart { from, state });
        self.history.milestones.shrink_to_fit();
        // The services of one event are together.
        let mut unknown: BTreeMap<TimelineCursor, UnknownState> = BTreeMap::new();
        for (service, (order, since)) in self.unknown {
            let since = unknown.entry(order).or_insert(since);
            since
                .services
                .extend(Some(service).filter(|name| name != NAMELESS));
        }
        IncidentHistory {
            states: states.collect(),
            unknown: unknown.into_values().collect(),
            ..self.history
        }
    }
}

impl Session {
    /// Loads the history of an incident; `None` if it does not exist. That of a large one with very many
    /// milestones is thinned.
    pub fn incident_history(&self, id: Uuid) -> Result<Option<IncidentHistory>> {
        let read = self.read();
        read.with_snapshot(|| {
            let Some(row) = read.incident_row(id)? else {
                return Ok(None);
            };
            let first = read.first_event_at(id)?;
            let range = first.zip(read.last_event_at(id)?);
            let mut builder = HistoryBuilder::new(row.states.without_states(), range);
            read.for_each_milestone(id, |record| builder.add(&record))?;
            Ok(Some(builder.finish()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        testing::{IncidentBuilder, at},
        words::Word,
    };
    use chrono::Duration;

    /// An incident of `count` events whose states follow no order, in spans of any length.
    fn restless(count: usize) -> Vec<Record<Event>> {
        let mut log = IncidentBuilder::new();
        log.state_event("10:00", Kind::Note, None);
        let sample = log.incident.events.remove(0);
        let mut when = at("00:00");
        let mut number = 1_u64;
        (0..count)
            .map(|n| {
                number = number
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let random = usize::try_from(number >> 40).unwrap();
                let wait = [0, 1, 40, 3_600][random % 4];
                when += Duration::seconds(wait);
                let mut record = sample.clone();
                record.id = Uuid::from_u128(n as u128);
                record.seq = n as u64;
                record.value.at = when.fixed_offset();
                record.value.state = Some(Word::Known(State::ALL[random / 4 % 4]));
                record.value.services = vec![format!("service-{}", random / 16 % 3)];
                record
            })
            .collect()
    }

    fn history(events: &[Record<Event>], thinned: bool) -> IncidentHistory {
        let ends = events.first().zip(events.last());
        let range = ends.map(|(first, last)| (first.value.at_utc(), last.value.at_utc()));
        let mut builder = HistoryBuilder::new(CurrentStates::default(), range.filter(|_| thinned));
        for record in events {
            builder.add(record);
        }
        builder.finish()
    }

    #[test]
    fn thinned_history_has_the_worst_state_of_every_part_of_the_time() {
        let events = restless(60_000);
        let (whole, thinned) = (history(&events, false), history(&events, true));
        assert!(thinned.is_thinned && !whole.is_thinned);
        assert!(
            thinned.states.len() <= 3 * CELLS,
            "{}",
            thinned.states.len()
        );
        assert!(thinned.milestones.len() <= CELLS);
        assert_eq!(thinned.impact_since, whole.impact_since);
        assert_eq!(thinned.state_since, whole.state_since);
        assert_eq!(
            thinned.states.last().map(|s| s.state),
            whole.states.last().map(|s| s.state)
        );
        let (from, to) = (events[0].value.at_utc(), events[59_999].value.at_utc());
        let columns = 64;
        let step = (to - from).num_milliseconds() / columns;
        let cell = Duration::milliseconds((to - from).num_milliseconds() / 4_096 + 1);
        let worst = |history: &IncidentHistory, from: UtcTime, to: UtcTime| {
            let states = &history.states;
            let begun = states.partition_point(|state| state.from <= from);
            let within = states[begun.saturating_sub(1)..].iter();
            within.take_while(|s| s.from < to).map(|s| s.state).max()
        };
        for column in 0..columns {
            let begin = from + Duration::milliseconds(step * column);
            let end = begin + Duration::milliseconds(step);
            let shown = worst(&thinned, begin, end);
            assert!(shown >= worst(&whole, begin, end), "column {column}");
            assert!(
                shown <= worst(&whole, begin - cell, end + cell),
                "column {column}"
            );
        }
    }

    #[test]
    fn unknown_states_are_those_that_nobody_gave_yet() {
        let unknown = |log: &IncidentBuilder| {
            let history = IncidentHistory::from_incident(&log.incident);
            let since = history.unknown.into_iter();
            since
                .map(|since| (since.kind, since.services.join(" ")))
                .collect::<Vec<_>>()
        };
        let mut log = IncidentBuilder::new();
        log.service_event("10:00", Kind::Declare, None, &["db", "web"]);
        log.service_event("10:01", Kind::Fault, None, &["web"]);
        log.service_event("10:02", Kind::Fault, None, &["db"]);
        assert_eq!(
            unknown(&log),
            [(Kind::Fault, "web".into()), (Kind::Fault, "db".into())]
        );
        log.service_event("10:03", Kind::Note, Some(State::Degraded), &["web"]);
        assert_eq!(unknown(&log), [(Kind::Fault, "db".into())]);
        log.state_event("10:04", Kind::Resolve, None);
        assert_eq!(unknown(&log), []);
        log.service_event("10:05", Kind::Note, Some(State::Ok), &["db", "web"]);
        log.state_event("10:06", Kind::Resolve, None);
        log.state_event("10:07", Kind::Reopen, None);
        assert_eq!(unknown(&log), [(Kind::Reopen, "db web".into())]);
        log.state_event("10:08", Kind::Note, Some(State::Down));
        assert_eq!(unknown(&log), []);
        let mut nameless = IncidentBuilder::new();
        nameless.state_event("10:00", Kind::Declare, None);
        nameless.state_event("10:01", Kind::Fault, None);
        assert_eq!(unknown(&nameless), [(Kind::Fault, String::new())]);
    }

    #[test]
    fn history_without_many_milestones_is_exact() {
        let events = restless(300);
        assert_eq!(history(&events, true), history(&events, false));
    }
}
