//! An incident's own row: what a list and a header show of it. Made from its milestones alone, so
//! that it costs the same in an incident of ten thousand events.

use super::{
    append::WriteTx,
    projection::{self, SubjectKey, SubjectProjection},
    row::{MILESTONE, RETRACTED, SUBJECT_COLUMNS, SUBJECT_FROM, subject_from_row},
};
use crate::domain::{
    entry::Entry,
    event::Event,
    handle,
    incident::{Incident, SubjectWithHandle},
    states::{States, next_state},
    subject::Subject,
    value::Value,
    words::{Severity, State, Word},
};
use chrono::DateTime;
use rusqlite::{Connection, OptionalExtension, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// `incident.standing`: its declaration was taken back.
pub(super) const STATUS_WITHDRAWN: i64 = 0;
/// It went into another.
pub(super) const STATUS_MERGED: i64 = 1;
/// It is over, or nothing here says yet that it began.
pub(super) const STATUS_CLOSED: i64 = 2;
/// It is open.
pub(super) const STATUS_OPEN: i64 = 3;

/// Of an incident: the events that its story turns on.
pub(super) const WHERE_MILESTONE: &str = "s.incident=?1 AND s.flags&1";
/// And its fields and services.
pub(super) const WHERE_FIELD_OR_SERVICE: &str = "s.incident=?1 AND s.at IS NULL AND s.sort IN(4,6)";

/// The services of an incident with the state of each, from which a new event goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ServiceStateMap {
    /// What the events for all of them come to: the state of a service that is named for the first
    /// time, and of the nameless one.
    all: Option<State>,
    /// Each by its name.
    pub each: BTreeMap<String, Option<State>>,
}

impl ServiceStateMap {
    fn from_incident(incident: &Incident) -> Self {
        let states = States::from_incident(incident);
        let now = |name: &String| Some(states.service_spans(name).last()?.state);
        let names = incident.service_names();
        Self {
            all: incident
                .active_events()
                .map(|record| &record.value)
                .filter(|e| e.services.is_empty() && e.state_or_implied().is_some())
                .fold(None, next_state),
            each: names
                .into_iter()
                .map(|n| (now(&n), n))
                .map(|(s, n)| (n, s))
                .collect(),
        }
    }

    /// From the column that holds them; `None` where it is not what [`ServiceStateMap::to_json`] writes.
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The state of the incident.
    fn worst(&self) -> Option<State> {
        if self.each.is_empty() {
            return self.all;
        }
        self.each.values().copied().flatten().max()
    }

    /// Goes on with `event`, which bears a state and comes after all others that do.
    fn apply_event(&mut self, event: &Event) {
        if event.services.is_empty() {
            self.all = next_state(self.all, event);
            for state in self.each.values_mut() {
                *state = next_state(*state, event);
            }
        }
        for name in &event.services {
            let before = self.each.get(name).copied().unwrap_or(self.all);
            self.each.insert(name.clone(), next_state(before, event));
        }
    }
}

/// The columns that are made from the milestones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SummaryColumns {
    pub number: Option<u32>,
    pub title: String,
    pub zone: String,
    pub severity: Option<Word<Severity>>,
    pub state: Option<State>,
    pub commander: Option<String>,
    /// Its [`ServiceStateMap`], as JSON.
    pub services: String,
    pub declared: Option<i64>,
    pub resolved: Option<i64>,
    pub merged_into: Option<Uuid>,
    pub status: i64,
}

impl SummaryColumns {
    /// What of `other` is not as it is here.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        [
            ("its number", self.number != other.number),
            ("its title", self.title != other.title),
            ("its zone", self.zone != other.zone),
            ("its severity", self.severity != other.severity),
            ("its state", self.state != other.state),
            ("its commander", self.commander != other.commander),
            ("its services", self.services != other.services),
            ("when it was declared", self.declared != other.declared),
            ("when it was resolved", self.resolved != other.resolved),
            (
                "how it stands",
                (self.merged_into, self.status) != (other.merged_into, other.status),
            ),
        ]
        .into_iter()
        .filter_map(|(what, differs)| differs.then_some(what))
        .collect()
    }
}

/// What a transaction brings an incident. Gathered, and written once at its end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PendingCounts {
    /// Its story turned: its row is to be made anew.
    pub needs_recompute: bool,
    /// Events more, or fewer.
    pub events: i64,
    entries: i64,
    newest: i64,
    low: i64,
    high: i64,
}

impl PendingCounts {
    /// One entry more, number `no` of the journal.
    pub fn add(&mut self, no: i64, recorded: i64) {
        if self.entries == 0 {
            (self.newest, self.low) = (recorded, no);
        }
        self.entries += 1;
        self.newest = self.newest.max(recorded);
        self.high = no;
    }
}

/// Writes what the transaction has brought the incidents.
pub(super) fn flush_summaries(tx: &WriteTx<'_>) -> Result<()> {
    for (id, tally) in tx.pending_counts.take() {
        let conn = tx.conn;
        let (known, fresh) = if tally.entries > 0 {
            let numbers = (
                id.as_bytes(),
                tally.events,
                tally.entries,
                tally.newest,
                tally.high,
            );
            let known = conn
                .prepare_cached("UPDATE incident SET events=events+?2,entries=entries+?3,newest=max(newest,?4),high=?5 WHERE id=?1")?
                .execute(numbers)?;
            if known == 0 {
                conn.prepare_cached("INSERT INTO incident(id,title,zone,services,standing,events,entries,newest,low,high)VALUES(?1,'','','[]',2,?2,?3,?4,?6,?5)")?
                    .execute((id.as_bytes(), tally.events, tally.entries, tally.newest, tally.high, tally.low))?;
            }
            (true, known == 0)
        } else {
            // Most of those that only turned are the ids of events.
            let known = conn
                .prepare_cached("UPDATE incident SET events=events+?2 WHERE id=?1")?
                .execute((id.as_bytes(), tally.events))?;
            (known > 0, false)
        };
        if known && (tally.needs_recompute || fresh) {
            write_summary(conn, id, &compute_summary(conn, id)?)?;
        }
    }
    Ok(())
}

/// Carries `entry`, the first of its subject and number `no` of the journal, over into the row of its
/// incident, where that says all: it is an event that changes nothing of the row, or one that comes
/// after all others on which the story turns. False where the row is to be made anew.
pub(super) fn try_incremental_update(
    tx: &WriteTx<'_>,
    no: i64,
    entry: &Entry,
    standing: &SubjectProjection,
) -> Result<bool> {
    let header = entry.header();
    let (Some(id), Some(at), Subject::Event(own)) =
        (standing.incident, standing.at, &header.subject)
    else {
        return Ok(false);
    };
    let milestone = standing.flags & MILESTONE != 0 && standing.flags & RETRACTED == 0;
    if !milestone
        || *own == id
        || tx
            .pending_counts
            .borrow()
            .get(&id)
            .is_some_and(|tally| tally.needs_recompute)
    {
        return Ok(false);
    }
    let Value::Event(event) = Value::from_body(entry.body_bytes()) else {
        return Ok(false);
    };
    if event.kind.is_lifecycle() {
        return Ok(false);
    }
    // The event that declares another incident may stand here.
    tx.pending_counts
        .borrow_mut()
        .entry(*own)
        .or_default()
        .needs_recompute = true;
    let stated = event.state_or_implied().is_some();
    if !stated && event.severity.is_none() && event.commander.is_none() {
        return Ok(true);
    }
    let later = tx
        .conn
        .prepare_cached(
            "SELECT 1 FROM subject INDEXED BY subject_time WHERE incident=?1 AND at>=?2 AND flags&1 AND no<>?3",
        )?
        .exists((id.as_bytes(), at, no))?;
    if later {
        return Ok(false);
    }
    let services: Option<String> = tx
        .conn
        .prepare_cached("SELECT services FROM incident WHERE id=?1")?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?;
    let Some(mut services) = services.as_deref().and_then(ServiceStateMap::from_json) else {
        return Ok(false);
    };
    if stated {
        services.apply_event(&event);
    }
    tx.conn
        .prepare_cached(
            "UPDATE incident SET state=?2,services=?3,severity=coalesce(?4,severity),commander=coalesce(?5,commander)WHERE id=?1",
        )?
        .execute(rusqlite::params![
            id.as_bytes(),
            services.worst().map(State::as_str),
            services.to_json(),
            event.severity.as_ref().map(ToString::to_string),
            event.commander,
        ])?;
    Ok(true)
}

fn write_summary(conn: &Connection, id: Uuid, summary: &SummaryColumns) -> Result<()> {
    conn.prepare_cached(
        "UPDATE incident SET number=?2,title=?3,zone=?4,severity=?5,state=?6,commander=?7,services=?8,declared=?9,resolved=?10,merged=?11,standing=?12 WHERE id=?1",
    )?
    .execute(rusqlite::params![
        id.as_bytes(),
        summary.number,
        summary.title,
        summary.zone,
        summary.severity.as_ref().map(ToString::to_string),
        summary.state.map(State::as_str),
        summary.commander,
        summary.services,
        summary.declared,
        summary.resolved,
        summary.merged_into.map(Uuid::into_bytes),
        summary.status,
    ])?;
    Ok(())
}

/// What the row of incident `id` should say.
pub(super) fn compute_summary(conn: &Connection, id: Uuid) -> Result<SummaryColumns> {
    let mut pieces: Vec<SubjectWithHandle> = Vec::new();
    for condition in [WHERE_MILESTONE, WHERE_FIELD_OR_SERVICE] {
        let sql = format!("SELECT {SUBJECT_COLUMNS} {SUBJECT_FROM} WHERE {condition}");
        let mut statement = conn.prepare_cached(&sql)?;
        for found in statement.query_map([id.as_bytes()], subject_from_row)? {
            pieces.push(found?.0);
        }
    }
    let incident = Incident::assemble(id, String::new(), pieces, vec![], DateTime::default());
    let (declaration, standing, merged) = find_declaration(conn, id)?;
    let resolved = incident
        .resolution()
        .map(|r| r.value.at_utc().timestamp_micros());
    let zone = match (incident.fields.get("zone"), &declaration) {
        (Some(zone), _) => zone.clone(),
        (None, Some(d)) if !d.zone.is_empty() => d.zone.clone(),
        _ => "UTC".to_owned(),
    };
    let services = ServiceStateMap::from_incident(&incident);
    Ok(SummaryColumns {
        number: declaration.as_ref().and_then(|d| d.number),
        title: declaration
            .as_ref()
            .map(|d| d.text.clone())
            .unwrap_or_default(),
        zone,
        severity: incident.severity(),
        state: services.worst(),
        commander: incident.commander().map(str::to_owned),
        services: services.to_json(),
        declared: declaration.map(|d| d.at_utc().timestamp_micros()),
        resolved,
        merged_into: merged,
        status: if standing == STATUS_OPEN && resolved.is_some() {
            STATUS_CLOSED
        } else {
            standing
        },
    })
}

/// The event that declared incident `id`, as it was last said, and how the incident stands by it.
fn find_declaration(conn: &Connection, id: Uuid) -> Result<(Option<Event>, i64, Option<Uuid>)> {
    let subject = Subject::Event(id);
    let sql = format!("SELECT {SUBJECT_COLUMNS} {SUBJECT_FROM} WHERE s.name=?1 AND s.sort=1");
    let found = conn
        .prepare_cached(&sql)?
        .query_row([handle::from_id(id)], subject_from_row)
        .optional()?;
    let Some(((current, _), _)) = found else {
        return Ok((None, STATUS_CLOSED, None));
    };
    let (standing, merged) = match (&current.value, current.incident) {
        (Value::Event(event), Some(at)) if at == id => {
            let standing = if event.retracted.is_some() {
                STATUS_WITHDRAWN
            } else {
                STATUS_OPEN
            };
            return Ok((Some((**event).clone()), standing, None));
        }
        (Value::Event(_), Some(other)) => (STATUS_MERGED, Some(other)),
        (Value::Moved(Some(other)), _) => (STATUS_MERGED, Some(*other)),
        (Value::Unreadable(_) | Value::Unknown(_), _) => (STATUS_CLOSED, None),
        _ => (STATUS_WITHDRAWN, None),
    };
    let Some(kept) = projection::find_subject_row(conn, &SubjectKey::new(&subject, None))? else {
        return Ok((None, standing, merged));
    };
    let (entries, _) = projection::load_versions(conn, &kept)?;
    let last = entries
        .iter()
        .filter_map(|entry| {
            let value = Value::from_body(entry.body_bytes());
            let order = (
                entry.header().recorded,
                entry.header().origin,
                entry.header().seq,
            );
            Some((order, value.event()?.clone()))
        })
        .max_by_key(|(order, _)| *order);
    Ok((last.map(|(_, event)| event), standing, merged))
}
