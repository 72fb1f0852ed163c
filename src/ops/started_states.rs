//! The states that events started, for rows that show it.

use super::{Result, Session, incident_history::LARGE_INCIDENT_EVENTS};
use crate::{
    domain::{
        event::Event,
        incident::Record,
        states::{DecidingEvents, StartedStates, States},
    },
    store::{IncidentRow, Reader},
};
use std::collections::HashSet;
use uuid::Uuid;

/// How many milestones are read back at a time, how many at the most for the states of some rows, and among
/// how many events each time.
const MILESTONES_AT_A_TIME: usize = 32;
const MILESTONES_BACK: usize = 96;
const EVENTS_BACK: usize = 5_000;

/// What the events just before some events say of the states that these started.
#[derive(Debug, Default)]
pub(super) struct NearbyStates {
    pub(super) started: StartedStates,
    /// The events whose states they do not decide.
    pub(super) undecided: HashSet<Uuid>,
}

impl Session {
    /// Returns the states that `events` of an incident started; of a small incident also those of its
    /// other events. Empty for unfiled events. Of a large incident only the events just before each are
    /// read, as many as decide its state; all milestones are read only where these do not.
    pub fn started_states(
        &self,
        incident: Option<&IncidentRow>,
        events: &[Record<Event>],
    ) -> Result<StartedStates> {
        let read = self.read();
        read.with_snapshot(|| {
            let row = incident.map(|row| read.incident_row(row.id)).transpose()?;
            let Some(row) = row.flatten() else {
                return Ok(StartedStates::new());
            };
            let mut nearby = self.nearby_states(&row, events)?;
            if !nearby.undecided.is_empty() {
                let mut states = row.states.without_states();
                read.for_each_milestone(row.id, |record| {
                    let changes = states.apply(&record);
                    if nearby.undecided.contains(&record.id) {
                        let worst = changes.iter().map(|change| change.state).max();
                        nearby.started.extend(worst.map(|state| (record.id, state)));
                    }
                })?;
            }
            Ok(nearby.started)
        })
    }

    /// Like [`started_states`](Self::started_states), at a cost that does not grow with the incident: an event
    /// whose state the events just before it do not decide is left out.
    pub(super) fn started_states_nearby(
        &self,
        incident: Option<&IncidentRow>,
        events: &[Record<Event>],
    ) -> Result<StartedStates> {
        let nearby = incident.map(|row| self.nearby_states(row, events));
        Ok(nearby.transpose()?.unwrap_or_default().started)
    }

    /// Returns the state that `logged`, now in the incident that was as `before` says, started, without reading
    /// another event; `None` if `logged` is not the last of the events that decide states.
    pub(super) fn state_started_last(
        &self,
        before: &IncidentRow,
        logged: &Record<Event>,
    ) -> Result<Option<StartedStates>> {
        let is_last = !logged.value.kind.is_lifecycle()
            && before.states.accepts(logged)
            && !self.read().has_later_milestone(before.id, logged)?;
        if !is_last {
            return Ok(None);
        }
        let changes = before.states.clone().apply(logged);
        let worst = changes.iter().map(|change| change.state).max();
        Ok(Some(
            worst.map(|state| (logged.id, state)).into_iter().collect(),
        ))
    }

    fn nearby_states(&self, row: &IncidentRow, events: &[Record<Event>]) -> Result<NearbyStates> {
        let read = self.read();
        if row.event_count <= LARGE_INCIDENT_EVENTS {
            let incident = read.incident_milestones(row.id)?;
            let states = incident.map(|incident| States::from_incident(&incident));
            return Ok(NearbyStates {
                started: states.map_or_else(StartedStates::new, |states| states.started_states()),
                undecided: HashSet::new(),
            });
        }
        read.with_snapshot(|| started_in_large_incident(&read, row.id, events))
    }

    /// Returns the states that `events` of an incident started, as far as those before them decide them, if it
    /// is a large one: the history of a small one is loaded with it, and has them.
    pub(super) fn started_states_of_page(
        &self,
        incident: Uuid,
        events: &[Record<Event>],
    ) -> Result<NearbyStates> {
        let row = self.read().incident_row(incident)?;
        match row.filter(|row| row.event_count > LARGE_INCIDENT_EVENTS) {
            Some(row) => self.nearby_states(&row, events),
            None => Ok(NearbyStates::default()),
        }
    }
}

fn started_in_large_incident(
    read: &Reader<'_>,
    incident: Uuid,
    events: &[Record<Event>],
) -> Result<NearbyStates> {
    let mut nearby = NearbyStates::default();
    let depends = |e: &&Record<Event>| e.is_active() && e.value.shows_state_it_starts();
    let mut depending: Vec<_> = events.iter().filter(depends).collect();
    if depending.is_empty() {
        return Ok(nearby);
    }
    let Some(row) = read.incident_row(incident)? else {
        return Ok(nearby);
    };
    // From the last row to the first: what was read for one is before those above it as well.
    depending.sort_by_key(|record| std::cmp::Reverse(record.sort_key()));
    let mut milestones: Vec<Record<Event>> = Vec::new();
    let mut reached_the_first = false;
    for record in depending {
        milestones.retain(|earlier| earlier.sort_key() < record.sort_key());
        let mut may_read = true;
        loop {
            let mut deciding = DecidingEvents::new(record, &row.states);
            milestones.iter().for_each(|earlier| deciding.add(earlier));
            if deciding.is_complete() || reached_the_first {
                let started = &mut nearby.started;
                started.extend(deciding.started_state().map(|state| (record.id, state)));
                break;
            }
            if !may_read || milestones.len() >= MILESTONES_BACK {
                nearby.undecided.insert(record.id);
                break;
            }
            let cursor = milestones
                .last()
                .map_or_else(|| record.sort_key(), Record::sort_key);
            let page = read.milestones_before(row.id, cursor, MILESTONES_AT_A_TIME, EVENTS_BACK)?;
            reached_the_first = page.reached_the_first;
            may_read = page.milestones.len() == MILESTONES_AT_A_TIME;
            // An event takes 700 bytes, and a vector that grows by itself would have room for twice as many.
            milestones.reserve_exact(page.milestones.len());
            milestones.extend(page.milestones);
        }
    }
    Ok(nearby)
}
