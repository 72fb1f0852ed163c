//! From an entry to the read models. An append, an arrival from elsewhere and a rebuild all come
//! through [`project`]; it recomputes the one subject that the entry names with
//! [`current`], and the incident's own row where its story turns.

use super::{
    row::{
        AMENDED, MILESTONE, RETRACTED, THERE, entry as entry_of, json, name_of, places, sort_of,
    },
    summary,
};
use crate::domain::{
    entry::Entry, event::Event, handle, incident::current, subject::Subject, value::Value,
};
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

/// What `subject` holds of one subject, but for its number and its letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub incident: Option<Uuid>,
    pub first: i64,
    pub shown: i64,
    /// The `no` of versions that conflict with the one shown.
    pub others: Option<String>,
    /// The `no` of all versions, in the order in which they came; none where there is one.
    pub versions: Option<String>,
    pub at: Option<i64>,
    pub flags: i64,
}

impl Standing {
    /// What `versions`, with their `no`, come to. `None` for no versions.
    pub fn of(versions: &[Entry], nos: &[i64]) -> Option<Self> {
        let current = current(versions)?;
        let no = |id: Uuid| {
            let at = versions.iter().position(|v| v.header().id == id)?;
            nos.get(at).copied()
        };
        let first = versions.iter().position(|v| {
            let h = v.header();
            (h.recorded, h.origin, h.seq) == (current.recorded, current.origin, current.seq)
                && h.author == current.author
        });
        let others: Vec<i64> = current.conflicts.iter().filter_map(|id| no(*id)).collect();
        let event = current.value.event();
        let mut flags = 0;
        for (bit, on) in [
            (MILESTONE, event.is_some_and(Event::is_milestone)),
            (RETRACTED, is_retracted(&current.value)),
            (AMENDED, current.amended),
            (THERE, current.value.is_there()),
        ] {
            flags |= if on { bit } else { 0 };
        }
        Some(Self {
            incident: current.incident,
            first: first.and_then(|at| nos.get(at).copied())?,
            shown: no(current.shown)?,
            others: (!others.is_empty()).then(|| json(&others)),
            versions: (nos.len() > 1).then(|| json(nos)),
            at: event.map(|e| e.instant().timestamp_micros()),
            flags,
        })
    }

    fn counted(&self) -> bool {
        self.at.is_some() && self.flags & RETRACTED == 0
    }
}

fn is_retracted(value: &Value) -> bool {
    match value {
        Value::Event(event) => event.retracted.is_some(),
        Value::Task(task) => task.retracted.is_some(),
        _ => false,
    }
}

/// The row of a subject: its number, its letters, and how it stands.
pub(super) struct Kept {
    pub no: i64,
    pub standing: Standing,
}

/// The row of `subject`, as an entry of `incident` names it.
pub(super) fn kept(
    conn: &Connection,
    subject: &Subject,
    incident: Option<Uuid>,
) -> Result<Option<Kept>> {
    conn.prepare_cached(
        "SELECT no,incident,first,shown,others,versions,at,flags FROM subject WHERE name=?1 AND sort=?2",
    )?
    .query_row((name_of(subject, incident), sort_of(subject)), |row| {
        Ok(Kept {
            no: row.get(0)?,
            standing: Standing {
                incident: super::row::uuid(row, 1)?,
                first: row.get(2)?,
                shown: row.get(3)?,
                others: row.get(4)?,
                versions: row.get(5)?,
                at: row.get(6)?,
                flags: row.get(7)?,
            },
        })
    })
    .optional()
}

/// All versions of a subject, with their places in the journal, in the order in which they came.
pub(super) fn versions(conn: &Connection, kept: &Kept) -> Result<(Vec<Entry>, Vec<i64>)> {
    let nos = kept
        .standing
        .versions
        .as_deref()
        .map_or_else(|| vec![kept.no], places);
    let mut statement = conn.prepare_cached("SELECT header,body FROM entry WHERE no=?1")?;
    let entries = nos
        .iter()
        .map(|no| statement.query_row([no], |row| entry_of(row, 0)))
        .collect::<Result<_>>()?;
    Ok((entries, nos))
}

/// Where in the subject table a new entry belongs: what `entry.about` is to be.
pub(super) fn about(kept: Option<&Kept>) -> Option<i64> {
    kept.map(|kept| kept.no)
}

/// Brings the read models up to date with `entry`, which has just become number `no` of the journal
/// and whose subject stood as `kept` before.
pub(super) fn project(
    conn: &Connection,
    no: i64,
    entry: &Entry,
    kept: Option<&Kept>,
) -> Result<()> {
    let header = entry.header();
    let standing = match kept {
        None => Standing::of(std::slice::from_ref(entry), &[no]),
        Some(kept) => {
            let (mut entries, mut nos) = versions(conn, kept)?;
            entries.push(entry.clone());
            nos.push(no);
            Standing::of(&entries, &nos)
        }
    };
    let Some(standing) = standing else {
        return Ok(());
    };
    match kept {
        None => insert(conn, no, entry, &standing)?,
        Some(kept) => update(conn, kept.no, &standing)?,
    }
    let fresh = match header.incident {
        Some(incident) => count_entry(conn, incident, no, entry)?,
        None => false,
    };
    settle(
        conn,
        &header.subject,
        kept.map(|kept| &kept.standing),
        &standing,
        fresh.then_some(header.incident).flatten(),
    )
}

/// Computes anew the subject that a version of which has changed: its body was destroyed.
pub(super) fn refresh(conn: &Connection, subject: &Subject, incident: Option<Uuid>) -> Result<()> {
    let Some(kept) = kept(conn, subject, incident)? else {
        return Ok(());
    };
    let (entries, nos) = versions(conn, &kept)?;
    let Some(standing) = Standing::of(&entries, &nos) else {
        return Ok(());
    };
    update(conn, kept.no, &standing)?;
    settle(conn, subject, Some(&kept.standing), &standing, None)
}

fn insert(conn: &Connection, no: i64, entry: &Entry, standing: &Standing) -> Result<()> {
    let header = entry.header();
    let name = name_of(&header.subject, header.incident);
    let id = header.subject.id();
    let letters = match id {
        Some(_) => give_letters(conn, &name)?,
        None => 0,
    };
    conn.prepare_cached(
        "INSERT INTO subject(no,name,sort,id,incident,first,shown,others,versions,at,flags,letters)VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
    )?
    .execute(rusqlite::params![
        no,
        name,
        sort_of(&header.subject),
        id.map(Uuid::into_bytes),
        standing.incident.map(Uuid::into_bytes),
        standing.first,
        standing.shown,
        standing.others,
        standing.versions,
        standing.at,
        standing.flags,
        letters,
    ])?;
    Ok(())
}

fn update(conn: &Connection, no: i64, standing: &Standing) -> Result<()> {
    conn.prepare_cached(
        "UPDATE subject SET incident=?2,first=?3,shown=?4,others=?5,versions=?6,at=?7,flags=?8 WHERE no=?1",
    )?
    .execute(rusqlite::params![
        no,
        standing.incident.map(Uuid::into_bytes),
        standing.first,
        standing.shown,
        standing.others,
        standing.versions,
        standing.at,
        standing.flags,
    ])?;
    Ok(())
}

/// How many letters tell the handle `name`, about to be inserted, from all others; its neighbours
/// get more where they need them.
fn give_letters(conn: &Connection, name: &str) -> Result<i64> {
    let (before, after): (Option<String>, Option<String>) = conn
        .prepare_cached(
            "SELECT(SELECT max(name)FROM subject WHERE name<=?1),(SELECT min(name)FROM subject WHERE name>=?1)",
        )?
        .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut most = handle::SHOWN;
    for neighbour in [before, after].into_iter().flatten() {
        let telling = handle::telling(name, &neighbour);
        most = most.max(telling);
        if telling > handle::SHOWN {
            let telling = i64::try_from(telling).unwrap_or(i64::MAX);
            conn.prepare_cached(
                "UPDATE subject SET letters=?2 WHERE name=?1 AND letters<?2 AND id IS NOT NULL",
            )?
            .execute((neighbour, telling))?;
        }
    }
    Ok(i64::try_from(most).unwrap_or(i64::MAX))
}

/// Counts `entry` for its incident; true where it is the first.
fn count_entry(conn: &Connection, incident: Uuid, no: i64, entry: &Entry) -> Result<bool> {
    let recorded = entry.header().recorded.timestamp_micros();
    let known = conn
        .prepare_cached(
            "UPDATE incident SET entries=entries+1,newest=max(newest,?2),high=max(high,?3)WHERE id=?1",
        )?
        .execute((incident.as_bytes(), recorded, no))?;
    if known > 0 {
        return Ok(false);
    }
    conn.prepare_cached(
        "INSERT INTO incident(id,title,zone,services,standing,events,entries,newest,low,high)VALUES(?1,'','','[]',2,0,1,?2,?3,?3)",
    )?
    .execute((incident.as_bytes(), recorded, no))?;
    Ok(true)
}

/// Passes on what changed about a subject to the rows of the incidents that it stood and stands in.
fn settle(
    conn: &Connection,
    subject: &Subject,
    old: Option<&Standing>,
    new: &Standing,
    fresh: Option<Uuid>,
) -> Result<()> {
    let counted = |s: Option<&Standing>| s.filter(|s| s.counted()).and_then(|s| s.incident);
    let (was, is) = (counted(old), counted(Some(new)));
    if was != is {
        for (incident, by) in [(was, -1), (is, 1)] {
            if let Some(incident) = incident {
                conn.prepare_cached("UPDATE incident SET events=events+?2 WHERE id=?1")?
                    .execute((incident.as_bytes(), by))?;
            }
        }
    }
    let turns = |s: Option<&Standing>| {
        s.filter(|s| {
            s.flags & MILESTONE != 0 || matches!(subject, Subject::Service(_)) || is_zone(subject)
        })
        .and_then(|s| s.incident)
    };
    // The event that declares an incident may stand elsewhere, or nowhere any more.
    let declared = match subject {
        Subject::Event(id) if old.is_some() || new.flags & MILESTONE != 0 => {
            summary::is_known(conn, *id)?.then_some(*id)
        }
        _ => None,
    };
    let mut touched = [turns(old), turns(Some(new)), declared, fresh];
    touched.sort_unstable();
    let mut last = None;
    for incident in touched.into_iter().flatten() {
        if last != Some(incident) {
            summary::refresh(conn, incident)?;
            last = Some(incident);
        }
    }
    Ok(())
}

fn is_zone(subject: &Subject) -> bool {
    matches!(subject, Subject::Field(name) if name == "zone")
}
