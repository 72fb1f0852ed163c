//! What the screen shows of an incident at all times. The cost does not grow with the incident,
//! except for its history, which is loaded separately for a large one.

use super::{
    Result, Session,
    incident_history::{IncidentHistory, LARGE_INCIDENT_EVENTS},
    timeline::TimelineCursor,
};
use crate::{
    domain::{
        event::Event,
        incident::{Record, STALE_AFTER},
        task::{Task, ask_due},
        time::{UtcTime, parse_utc},
        words::{Kind, State},
    },
    store::IncidentRow,
};
use chrono::Duration;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
};
use uuid::Uuid;

/// Newest events scanned for asks and customer updates: about 20 ms.
pub const MAX_SCANNED_EVENTS: usize = 20_000;
/// Substrings in the stored JSON of asks, of events that close them, and of customer updates.
const PREFILTER_SUBSTRINGS: [&str; 3] = ["\"ask\"", "\"closes\"", "\"comms\""];

/// One incident, without its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentSummary {
    pub row: IncidentRow,
    /// `None` if it is still to be loaded ([`Session::incident_history`]).
    pub history: Option<IncidentHistory>,
    /// When the next customer update was promised, if it was.
    pub next_update_due: Option<UtcTime>,
    /// Values by name of the field.
    pub fields: BTreeMap<String, String>,
    /// Follow-ups, oldest first.
    pub tasks: Vec<Record<Task>>,
    /// Until when its events say how it went on, see [`known_until`](crate::domain::when::known_until).
    pub known_until: Option<UtcTime>,
    /// Who was made the commander elsewhere at the same time, see
    /// [`Incident::rival_commanders`](crate::domain::incident::Incident::rival_commanders).
    pub rival_commander: Option<String>,
}

impl IncidentSummary {
    /// Returns the start of the current state; `None` if it is unknown or the history is not
    /// loaded.
    #[must_use]
    pub fn state_since(&self) -> Option<UtcTime> {
        let history = self.history.as_ref()?;
        let last = history.states.last()?;
        (Some(last.state) == self.row.state)
            .then_some(history.state_since)
            .flatten()
    }

    /// Returns since when an open incident is at risk or has an impact in the state that it has now; `None` if it
    /// is well, or if it is not known what lasts since.
    #[must_use]
    pub fn current_state_since(&self, now: UtcTime) -> Option<UtcTime> {
        let is_unwell = self
            .row
            .state
            .is_some_and(|state| state.is_impact() || state == State::AtRisk);
        let is_current = self.row.is_open && self.stale_since(now).is_none();
        self.state_since().filter(|_| is_unwell && is_current)
    }

    /// Returns until when it is known of an open incident what lasts, if that is over a day ago.
    #[must_use]
    pub fn stale_since(&self, now: UtcTime) -> Option<UtcTime> {
        self.known_until
            .filter(|known| self.row.is_open && now - known > STALE_AFTER)
    }

    /// Returns since when customers have the impact that lasts now, without a break; `None` if there is none.
    #[must_use]
    pub fn impact_since(&self) -> Option<UtcTime> {
        if !self.row.state.is_some_and(State::is_impact) {
            return None;
        }
        self.history.as_ref()?.impact_since
    }

    /// Returns since when customers have the impact that lasts now, or lasted until the state became unknown.
    #[must_use]
    pub fn possible_impact_since(&self) -> Option<UtcTime> {
        let state = self.row.state?;
        if !(state.is_impact() || state == State::Unknown) {
            return None;
        }
        self.history.as_ref()?.possible_impact_since
    }

    /// Returns the follow-ups that are not retracted: open ones first, of these the overdue first,
    /// then by due date.
    pub fn sorted_follow_ups(&self, now: UtcTime) -> Vec<&Record<Task>> {
        let mut all: Vec<_> = self
            .tasks
            .iter()
            .filter(|t| t.value.retracted.is_none())
            .collect();
        all.sort_by_key(|t| {
            let finished = t.value.is_finished();
            (finished, !t.value.is_overdue(now), t.value.due, t.recorded)
        });
        all
    }
}

impl Session {
    /// Returns the incident a screen starts with: `given`, else the session's default, else the
    /// newest open one, else the latest. `None` if there is no incident.
    ///
    /// # Errors
    /// The incident named does not exist.
    pub fn initial_incident(&self, given: Option<&str>) -> Result<Option<IncidentRow>> {
        let named = given.or(self.default_incident.as_deref());
        if named.is_some() {
            return self.resolve_for_read(named).map(Some);
        }
        let read = self.read();
        if let Some(open) = read.open_incidents()?.into_iter().next() {
            return Ok(Some(open));
        }
        Ok(read.last_added_incident()?)
    }

    /// Loads the summary of an incident; `None` if its declaration was undone. Above
    /// `LARGE_INCIDENT_EVENTS` events it comes without history.
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
        let rival_commander = incident
            .rival_commanders()
            .map(|(_, rival)| rival.to_owned());
        let next_update_due = incident
            .fields
            .get("next-update")
            .and_then(|text| parse_utc(text));
        Ok(Some(IncidentSummary {
            known_until: self.known_until(id)?,
            row,
            history: (!large).then(|| IncidentHistory::from_incident(&incident)),
            next_update_due,
            fields: incident.fields,
            tasks: read.follow_ups(id)?,
            rival_commander,
        }))
    }
}

/// A request of an incident: what a list of many shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its position in the timeline.
    pub order: TimelineCursor,
    pub handle: String,
    pub author: String,
    pub text: String,
    /// Whom it is for.
    pub people: Vec<String>,
    /// The customer wording.
    pub customer: Option<String>,
    /// When its time box ends.
    pub due: Option<UtcTime>,
}

impl Request {
    fn new(ask: Record<Event>) -> Self {
        Self {
            order: ask.sort_key(),
            due: ask_due(&ask.value),
            handle: ask.handle,
            author: ask.author,
            text: ask.value.text,
            people: ask.value.people,
            customer: ask.value.customer,
        }
    }

    /// The id of the event.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.order.4
    }

    #[must_use]
    pub fn asked_at(&self) -> UtcTime {
        self.order.0
    }

    /// True if its time box has ended.
    #[must_use]
    pub fn is_late(&self, now: UtcTime) -> bool {
        self.due.is_some_and(|due| due < now)
    }
}

/// Open asks and the last customer update of one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentActivity {
    /// By end of the time box, those without one last.
    pub open_asks: Vec<Request>,
    /// Newest first.
    pub closed_asks: Vec<Request>,
    /// When customers last heard: the time of the newest update event or sent message.
    pub last_customer_update: Option<UtcTime>,
}

impl IncidentActivity {
    /// Returns the open request with the id of its event.
    #[must_use]
    pub fn open_ask(&self, id: Uuid) -> Option<&Request> {
        self.open_asks.iter().find(|ask| ask.id() == id)
    }
}

/// Loads the activity from the newest [`MAX_SCANNED_EVENTS`] events.
pub fn load_activity(session: &Session, id: Uuid) -> Result<IncidentActivity> {
    let mut closed: HashSet<Uuid> = HashSet::new();
    let mut open_asks: Vec<Request> = Vec::new();
    let mut closed_asks: Vec<Request> = Vec::new();
    let mut last_update: Option<UtcTime> = None;
    session.read().for_newest_events_containing(
        id,
        MAX_SCANNED_EVENTS,
        &PREFILTER_SUBSTRINGS,
        |events| {
            for event in events.into_iter().filter(Record::is_active) {
                if event.value.closes {
                    closed.extend(event.value.links.iter().copied());
                }
                if event.value.is_customer_update() {
                    last_update = last_update.max(Some(event.value.at_utc()));
                }
                if event.value.kind == Kind::Ask {
                    open_asks.push(Request::new(event));
                }
            }
            // What closes an ask is nearly always newer: few asks are kept until the end.
            closed_asks.extend(open_asks.extract_if(.., |ask| closed.contains(&ask.id())));
        },
    )?;
    let far = Duration::days(36_500);
    open_asks.sort_unstable_by_key(|ask| (ask.due.unwrap_or(ask.asked_at() + far), ask.order));
    open_asks.shrink_to_fit();
    closed_asks.sort_unstable_by_key(|ask| Reverse(ask.order));
    let sent = session.read().messages(id)?;
    let sent = sent.iter().filter_map(|m| m.value.sent_at);
    let last_customer_update = sent.map(Into::into).chain(last_update).max();
    Ok(IncidentActivity {
        open_asks,
        closed_asks,
        last_customer_update,
    })
}
