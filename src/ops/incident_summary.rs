//! An incident at a glance: what a screen shows of it all the time. It costs the same in an incident
//! of a million events; how that one went is read apart from it.

use super::{Result, Session, timeline::TimelineCursor};
use crate::{
    domain::{
        event::Event,
        incident::{Incident, Record},
        states::{StateSpan, States},
        task::Task,
        time::{UtcTime, parse_utc},
        words::{Kind, Severity, State, Word},
    },
    store::IncidentRow,
};
use chrono::Duration;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many of the newest events are looked through for asks and updates: some 20 ms where an
/// incident has so many.
pub const MAX_SCANNED_EVENTS: usize = 20_000;
/// What the stored bytes of an ask, of what closes one, and of word to customers hold.
const PREFILTER_SUBSTRINGS: [&str; 3] = ["\"ask\"", "\"closes\"", "\"comms\""];

/// From so many events on the states over time and the milestones are not read with the rest, but when
/// they are asked for: below it they take some milliseconds at the most.
const LARGE_INCIDENT_EVENTS: u64 = 5_000;

/// An incident at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentSummary {
    /// Its id.
    pub id: Uuid,
    /// Its handle.
    pub handle: String,
    /// Its number.
    pub number: Option<u32>,
    /// Its title.
    pub title: String,
    /// The zone of its times.
    pub zone: String,
    /// How bad it is.
    pub severity: Option<Word<Severity>>,
    /// True until it is resolved.
    pub open: bool,
    /// When it was declared.
    pub declared: Option<UtcTime>,
    /// When it was resolved.
    pub resolved: Option<UtcTime>,
    /// The state now; none where none was ever given.
    pub state: Option<State>,
    /// Its states over time and its milestones; none where they are still to be read.
    pub history: Option<IncidentHistory>,
    /// Who commands.
    pub commander: Option<String>,
    /// When customers were promised to hear next, where that was said.
    pub next_update_due: Option<UtcTime>,
    /// Its fields, by name.
    pub fields: BTreeMap<String, String>,
    /// Its follow-ups, oldest first.
    pub tasks: Vec<Record<Task>>,
    /// How many events it has.
    pub events: u64,
    /// When its newest entry was recorded.
    pub newest: UtcTime,
}

/// How an incident went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentHistory {
    /// Its states over time, oldest first.
    pub states: Vec<StateSpan>,
    /// True where a fault stands and no state was ever given.
    pub state_unknown: bool,
    /// What the story turns on, oldest first, and what is retracted not.
    pub milestones: Vec<Milestone>,
}

/// An event that a story turns on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// Its id.
    pub id: Uuid,
    /// Its place in the timeline.
    pub order: TimelineCursor,
    /// What sort of event it is.
    pub kind: Kind,
    /// The state that it bears, or implies.
    pub state: Option<State>,
}

impl Milestone {
    fn from_event(record: &Record<Event>) -> Self {
        Self {
            id: record.id,
            order: record.sort_key(),
            kind: record.value.kind.clone(),
            state: record.value.state_or_implied(),
        }
    }

    /// When it occurred.
    #[must_use]
    pub fn occurred_at(&self) -> UtcTime {
        self.order.0
    }
}

impl IncidentHistory {
    fn from_incident(incident: &Incident) -> Self {
        let states = States::from_incident(incident);
        Self {
            states: states.overall,
            state_unknown: states.unknown,
            milestones: incident
                .active_events()
                .map(Milestone::from_event)
                .collect(),
        }
    }
}

impl IncidentSummary {
    /// True where a fault stands and no state was ever given, as far as that is known.
    #[must_use]
    pub fn is_state_unknown(&self) -> bool {
        self.history
            .as_ref()
            .is_some_and(|story| story.state_unknown)
    }

    /// Since when it is in the state that it is in, where it is known.
    #[must_use]
    pub fn state_since(&self) -> Option<UtcTime> {
        let last = self.history.as_ref()?.states.last()?;
        (Some(last.state) == self.state).then_some(last.from)
    }

    /// When customers began to be hurt, while they are.
    #[must_use]
    pub fn impact_start(&self) -> Option<UtcTime> {
        if !self.state.is_some_and(State::is_impact) {
            return None;
        }
        let mut states = self.history.as_ref()?.states.iter();
        states
            .find(|span| span.state.is_impact())
            .map(|span| span.from)
    }

    /// The follow-ups that are not done, overdue ones first.
    pub fn sorted_follow_ups(&self, now: UtcTime) -> Vec<&Record<Task>> {
        let mut all: Vec<_> = self
            .tasks
            .iter()
            .filter(|t| t.value.retracted.is_none())
            .collect();
        all.sort_by_key(|t| {
            let over = t.value.is_finished();
            (over, !t.value.is_overdue(now), t.value.due, t.recorded)
        });
        all
    }
}

impl Session {
    /// The incident that a screen begins with: the one that `given`, or the one named for all, means,
    /// else the open one declared last, else the latest. `None` where there is none at all.
    ///
    /// # Errors
    /// An incident named that there is not; what the store says.
    pub fn initial_incident(&self, given: Option<&str>) -> Result<Option<IncidentRow>> {
        let named = given.or(self.default_incident.as_deref());
        if named.is_some() {
            return self.resolve_for_read(named).map(Some);
        }
        let read = self.read();
        if let Some(open) = read.open_incidents()?.into_iter().next() {
            return Ok(Some(open));
        }
        Ok(read.latest_incident()?)
    }

    /// Incident `id` at a glance; `None` where it is gone or was taken back. In one of more than a few
    /// thousand events its story is still to be read ([`Session::incident_history`]).
    ///
    /// # Errors
    /// What the store says.
    pub fn incident_summary(&self, id: Uuid) -> Result<Option<IncidentSummary>> {
        let read = self.read();
        let row = read.incident_row(id)?.filter(|row| !row.withdrawn);
        let Some(row) = row else {
            return Ok(None);
        };
        let large = row.event_count > LARGE_INCIDENT_EVENTS;
        let incident = if large {
            read.incident_fields(id)?
        } else {
            read.incident_milestones(id)?
        };
        let Some(incident) = incident else {
            return Ok(None);
        };
        let promised = incident
            .fields
            .get("next-update")
            .and_then(|text| parse_utc(text));
        Ok(Some(IncidentSummary {
            id,
            handle: row.handle,
            number: row.number,
            title: row.title,
            zone: row.zone,
            severity: row.severity.clone(),
            open: row.is_open,
            declared: row.declared,
            resolved: row.resolved,
            state: row.state,
            history: (!large).then(|| IncidentHistory::from_incident(&incident)),
            commander: row.commander,
            next_update_due: promised,
            fields: incident.fields,
            tasks: read.follow_ups(id)?,
            events: row.event_count,
            newest: row.last_recorded_at,
        }))
    }

    /// How incident `id` went; `None` where it is gone.
    ///
    /// # Errors
    /// What the store says.
    pub fn incident_history(&self, id: Uuid) -> Result<Option<IncidentHistory>> {
        Ok(self
            .read()
            .incident_milestones(id)?
            .as_ref()
            .map(IncidentHistory::from_incident))
    }
}

/// What goes on in an incident now, from its newest events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentActivity {
    /// The asks that nobody has closed, overdue ones first, then by when their time box ends.
    pub open_asks: Vec<Record<Event>>,
    /// When customers last heard.
    pub last_customer_update: Option<UtcTime>,
}

/// What goes on in incident `id`, from its newest [`MAX_SCANNED_EVENTS`] events.
///
/// # Errors
/// What the store says.
pub fn load_activity(session: &Session, id: Uuid) -> Result<IncidentActivity> {
    let newest =
        session
            .read()
            .newest_events_containing(id, MAX_SCANNED_EVENTS, &PREFILTER_SUBSTRINGS)?;
    let standing = || newest.iter().filter(|e| e.is_active());
    let closed: Vec<Uuid> = standing()
        .filter(|e| e.value.closes)
        .flat_map(|e| e.value.links.iter().copied())
        .collect();
    let mut asks: Vec<Record<Event>> = standing()
        .filter(|e| e.value.kind == Kind::Ask && !closed.contains(&e.id))
        .cloned()
        .collect();
    let far = Duration::days(36_500);
    asks.sort_by_key(|ask| {
        let due = crate::domain::task::ask_due(&ask.value);
        (due.unwrap_or(ask.value.at_utc() + far), ask.sort_key())
    });
    let told = standing()
        .filter(|e| e.value.is_customer_update())
        .map(|e| e.value.at_utc());
    let sent = session.read().messages(id)?;
    let sent = sent.iter().filter_map(|m| m.value.sent_at);
    let told = told.chain(sent.map(Into::into)).max();
    Ok(IncidentActivity {
        open_asks: asks,
        last_customer_update: told,
    })
}
