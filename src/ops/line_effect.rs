//! What a line does besides adding a row, before it is logged: the states that follow from it, and whom it relieves.

use super::{Result, Session, incident_history::LARGE_INCIDENT_EVENTS};
use crate::{
    domain::{
        event::Event,
        incident::Record,
        states::{CurrentStates, StateChange, States},
        time::UtcTime,
        words::State,
    },
    store::IncidentRow,
};
use std::collections::HashMap;
use uuid::Uuid;

/// What follows from a line in its incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineEffect {
    /// Of an event that gives no state, but whose kind implies one; `None` also where too many events would have to be
    /// read for it.
    pub states: Option<StatesAfter>,
    /// Who commands the incident until the event.
    pub commander: Option<String>,
    /// Who takes command of it later, which is recorded already.
    pub later_commander: Option<String>,
}

/// The states that follow from an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatesAfter {
    pub changes: Vec<StateChange>,
    /// Those behind the event, in the order of time.
    pub states: CurrentStates,
    /// False if later events change states again.
    pub lasts: bool,
}

impl Session {
    /// Returns what follows from `event` if it is logged now in the incident `row`.
    pub fn line_effect(&self, row: &IncidentRow, event: &Event) -> Result<LineEffect> {
        let states = match event.shows_state_it_starts() {
            true => self.states_after(row, event)?,
            false => None,
        };
        let (commander, later_commander) = match event.commander.is_some() {
            true => self.commanders_around(row, event)?,
            false => (None, None),
        };
        Ok(LineEffect {
            states,
            commander,
            later_commander,
        })
    }

    /// Returns who commands the incident `row` until `event`, and who takes command later.
    fn commanders_around(
        &self,
        row: &IncidentRow,
        event: &Event,
    ) -> Result<(Option<String>, Option<String>)> {
        let incident = match row.event_count > LARGE_INCIDENT_EVENTS {
            true => None,
            false => self.read().incident_milestones(row.id)?,
        };
        let Some(incident) = incident else {
            return Ok((row.commander.clone(), None));
        };
        let named = incident.without_merged_declarations();
        let (before, after): (Vec<_>, Vec<_>) = named
            .filter_map(|record| Some((record.value.at_utc(), record.value.commander.clone()?)))
            .partition(|(at, _)| *at <= event.at_utc());
        let name = |last: Option<(UtcTime, String)>| last.map(|(_, name)| name);
        Ok((
            name(before.into_iter().next_back()),
            name(after.into_iter().next_back()),
        ))
    }

    /// Returns the states that `lines` start if they are logged now in the incident `row`, in this order, by their
    /// place. Empty for a large incident, of which too many events would have to be read.
    pub fn started_by_lines(
        &self,
        row: &IncidentRow,
        lines: &[(usize, &Event)],
    ) -> Result<HashMap<usize, State>> {
        let depends = lines.iter().any(|(_, event)| event.shows_state_it_starts());
        if !depends || row.event_count > LARGE_INCIDENT_EVENTS {
            return Ok(HashMap::new());
        }
        let Some(mut incident) = self.read().incident_milestones(row.id)? else {
            return Ok(HashMap::new());
        };
        let id = |place: usize| Uuid::from_u128(u128::MAX - place as u128);
        for (place, event) in lines {
            let order = (self.now(), Uuid::max(), *place as u64);
            let (author, event) = (String::new(), (*event).clone());
            let record = Record::original(id(*place), String::new(), author, order, event);
            incident.events.push(record);
        }
        incident.events.sort_by_key(Record::sort_key);
        let started = States::from_incident(&incident).started_states();
        let of_line = |(place, _): &(usize, &Event)| Some((*place, *started.get(&id(*place))?));
        Ok(lines.iter().filter_map(of_line).collect())
    }

    fn states_after(&self, row: &IncidentRow, event: &Event) -> Result<Option<StatesAfter>> {
        // Behind all that is recorded.
        let order = (self.now().max(event.at_utc()), Uuid::max(), u64::MAX);
        let author = self.write_context.author.clone();
        let record = Record::original(Uuid::max(), String::new(), author, order, event.clone());
        let read = self.read();
        if row.states.accepts(&record) && !read.has_later_milestone(row.id, &record)? {
            let mut states = row.states.clone();
            return Ok(Some(StatesAfter {
                changes: states.apply(&record),
                states,
                lasts: true,
            }));
        }
        if row.event_count > LARGE_INCIDENT_EVENTS {
            return Ok(None);
        }
        let Some(incident) = read.incident_milestones(row.id)? else {
            return Ok(None);
        };
        let is_earlier = |other: &&Record<Event>| other.sort_key() < record.sort_key();
        let mut states = CurrentStates::before_events(&incident);
        for earlier in incident.active_events().take_while(is_earlier) {
            states.apply(earlier);
        }
        let changes = states.apply(&record);
        let mut later_states = states.clone();
        let mut later = incident.active_events().skip_while(is_earlier);
        Ok(Some(StatesAfter {
            changes,
            lasts: later.all(|later| later_states.apply(later).is_empty()),
            states,
        }))
    }
}
