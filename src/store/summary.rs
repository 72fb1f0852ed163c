//! An incident's own row: what a list and a header show of it. Made from its milestones alone, so
//! that it costs the same in an incident of ten thousand events.

use super::{
    append::Writing,
    project::{self, Key},
    row::{PIECE, PIECE_FROM, piece},
};
use crate::domain::{
    event::Event,
    handle,
    incident::{Incident, Piece},
    states::States,
    subject::Subject,
    value::Value,
    words::State,
};
use chrono::DateTime;
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

/// `incident.standing`: its declaration was taken back.
pub(super) const TAKEN_BACK: i64 = 0;
/// It went into another.
pub(super) const MERGED: i64 = 1;
/// It is over, or nothing here says yet that it began.
pub(super) const OVER: i64 = 2;
/// It is open.
pub(super) const OPEN: i64 = 3;

/// Of an incident: the events that its story turns on.
pub(super) const MILESTONES: &str = "s.incident=?1 AND s.flags&1";
/// And its fields and services.
pub(super) const FRAME: &str = "s.incident=?1 AND s.at IS NULL AND s.sort IN(4,6)";

/// The columns that are made from the milestones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Summary {
    pub number: Option<u32>,
    pub title: String,
    pub zone: String,
    pub severity: Option<u8>,
    pub state: Option<State>,
    pub commander: Option<String>,
    /// The names of its services, as a JSON list.
    pub services: String,
    pub declared: Option<i64>,
    pub resolved: Option<i64>,
    pub merged: Option<Uuid>,
    pub standing: i64,
}

/// What a transaction brings an incident. Gathered, and written once at its end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Its story turned: its row is to be made anew.
    pub turned: bool,
    /// Events more, or fewer.
    pub events: i64,
    entries: i64,
    newest: i64,
    low: i64,
    high: i64,
}

impl Tally {
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
pub(super) fn flush(tx: &Writing<'_>) -> Result<()> {
    for (id, tally) in tx.tallies.take() {
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
        if known && (tally.turned || fresh) {
            write(conn, id, &of(conn, id)?)?;
        }
    }
    Ok(())
}

fn write(conn: &Connection, id: Uuid, summary: &Summary) -> Result<()> {
    conn.prepare_cached(
        "UPDATE incident SET number=?2,title=?3,zone=?4,severity=?5,state=?6,commander=?7,services=?8,declared=?9,resolved=?10,merged=?11,standing=?12 WHERE id=?1",
    )?
    .execute(rusqlite::params![
        id.as_bytes(),
        summary.number,
        summary.title,
        summary.zone,
        summary.severity,
        summary.state.map(State::word),
        summary.commander,
        summary.services,
        summary.declared,
        summary.resolved,
        summary.merged.map(Uuid::into_bytes),
        summary.standing,
    ])?;
    Ok(())
}

/// What the row of incident `id` should say.
pub(super) fn of(conn: &Connection, id: Uuid) -> Result<Summary> {
    let mut pieces: Vec<Piece> = Vec::new();
    for condition in [MILESTONES, FRAME] {
        let sql = format!("SELECT {PIECE} {PIECE_FROM} WHERE {condition}");
        let mut statement = conn.prepare_cached(&sql)?;
        for found in statement.query_map([id.as_bytes()], piece)? {
            pieces.push(found?.0);
        }
    }
    let incident = Incident::assemble(id, String::new(), pieces, vec![], DateTime::default());
    let (declaration, standing, merged) = declaration(conn, id)?;
    let resolved = incident
        .resolution()
        .map(|r| r.value.instant().timestamp_micros());
    let zone = match (incident.fields.get("zone"), &declaration) {
        (Some(zone), _) => zone.clone(),
        (None, Some(d)) if !d.zone.is_empty() => d.zone.clone(),
        _ => "UTC".to_owned(),
    };
    Ok(Summary {
        number: declaration.as_ref().and_then(|d| d.number),
        title: declaration
            .as_ref()
            .map(|d| d.text.clone())
            .unwrap_or_default(),
        zone,
        severity: incident
            .severity()
            .map(crate::domain::words::Severity::level),
        state: States::of(&incident).now(),
        commander: incident.commander().map(str::to_owned),
        services: serde_json::to_string(&incident.service_names()).unwrap_or_default(),
        declared: declaration.map(|d| d.instant().timestamp_micros()),
        resolved,
        merged,
        standing: if standing == OPEN && resolved.is_some() {
            OVER
        } else {
            standing
        },
    })
}

/// The event that declared incident `id`, as it was last said, and how the incident stands by it.
fn declaration(conn: &Connection, id: Uuid) -> Result<(Option<Event>, i64, Option<Uuid>)> {
    let subject = Subject::Event(id);
    let sql = format!("SELECT {PIECE} {PIECE_FROM} WHERE s.name=?1 AND s.sort=1");
    let found = conn
        .prepare_cached(&sql)?
        .query_row([handle::of(id)], piece)
        .optional()?;
    let Some(((current, _), _)) = found else {
        return Ok((None, OVER, None));
    };
    let (standing, merged) = match (&current.value, current.incident) {
        (Value::Event(event), Some(at)) if at == id => {
            let standing = if event.retracted.is_some() {
                TAKEN_BACK
            } else {
                OPEN
            };
            return Ok((Some((**event).clone()), standing, None));
        }
        (Value::Event(_), Some(other)) => (MERGED, Some(other)),
        (Value::Moved(Some(other)), _) => (MERGED, Some(*other)),
        (Value::Unknown(_), _) => (OVER, None),
        _ => (TAKEN_BACK, None),
    };
    let Some(kept) = project::kept(conn, &Key::of(&subject, None))? else {
        return Ok((None, standing, merged));
    };
    let (entries, _) = project::versions(conn, &kept)?;
    let last = entries
        .iter()
        .filter_map(|entry| {
            let value = super::row::value(entry.body_bytes());
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
