//! From an entry to the read models. An append, an arrival from elsewhere and a rebuild all come
//! through [`project`]; it recomputes the one subject that the entry names with
//! [`current`], and marks the incidents whose story turns: their rows follow at the end of the
//! transaction, once each.

use super::{
    append::Writing,
    row::{
        AMENDED, MILESTONE, RETRACTED, THERE, entry as entry_of, json, name_of, places, sort_of,
    },
};
use crate::domain::{
    entry::{Entry, Header},
    event::Event,
    handle,
    incident::current_state,
    subject::Subject,
    value::Value,
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
        let current = current_state(versions)?;
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
            (THERE, current.value.is_visible()),
        ] {
            flags |= if on { bit } else { 0 };
        }
        Some(Self {
            incident: current.incident,
            first: first.and_then(|at| nos.get(at).copied())?,
            shown: no(current.shown)?,
            others: (!others.is_empty()).then(|| json(&others)),
            versions: (nos.len() > 1).then(|| json(nos)),
            at: event.map(|e| e.at_utc().timestamp_micros()),
            flags,
        })
    }

    /// What of `other` is not as it is here.
    pub fn differs(&self, other: &Self) -> Vec<&'static str> {
        [
            ("its incident", self.incident != other.incident),
            ("its first version", self.first != other.first),
            ("the version shown", self.shown != other.shown),
            ("its conflicts", self.others != other.others),
            ("its versions", self.versions != other.versions),
            ("its time", self.at != other.at),
            ("its flags", self.flags != other.flags),
        ]
        .into_iter()
        .filter_map(|(what, differs)| differs.then_some(what))
        .collect()
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

/// Under which name and sort a subject is kept. Costs a hash.
pub(super) struct Key {
    pub name: String,
    pub sort: i64,
}

impl Key {
    /// That of `subject`, as an entry of `incident` names it.
    pub fn of(subject: &Subject, incident: Option<Uuid>) -> Self {
        Self {
            name: name_of(subject, incident),
            sort: sort_of(subject),
        }
    }
}

/// The row of the subject under `key`.
pub(super) fn kept(conn: &Connection, key: &Key) -> Result<Option<Kept>> {
    conn.prepare_cached(
        "SELECT no,incident,first,shown,others,versions,at,flags FROM subject WHERE name=?1 AND sort=?2",
    )?
    .query_row((&key.name, key.sort), |row| {
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

/// Brings the read models up to date with `entry`, which has just become number `no` of the journal
/// and whose subject, under `key`, stood as `kept` before.
pub(super) fn project(
    tx: &Writing<'_>,
    no: i64,
    entry: &Entry,
    key: &Key,
    kept: Option<&Kept>,
) -> Result<()> {
    let header = entry.header();
    let standing = match kept {
        None => Standing::of(std::slice::from_ref(entry), &[no]),
        Some(kept) => {
            let (mut entries, mut nos) = versions(tx.conn, kept)?;
            entries.push(entry.clone());
            nos.push(no);
            Standing::of(&entries, &nos)
        }
    };
    let Some(standing) = standing else {
        return Ok(());
    };
    match kept {
        None => insert(tx.conn, no, header, key, &standing)?,
        Some(kept) => update(tx.conn, kept.no, &standing)?,
    }
    let old = kept.map(|kept| &kept.standing);
    count(tx, Some((no, header)), old, &standing);
    let carried = kept.is_none() && super::summary::carry(tx, no, entry, &standing)?;
    if !carried {
        turn(tx, &header.subject, old, &standing);
    }
    Ok(())
}

/// Computes anew the subject under `key`, a version of which has changed: its body was destroyed.
pub(super) fn refresh(tx: &Writing<'_>, subject: &Subject, key: &Key) -> Result<()> {
    let Some(kept) = kept(tx.conn, key)? else {
        return Ok(());
    };
    let (entries, nos) = versions(tx.conn, &kept)?;
    let Some(standing) = Standing::of(&entries, &nos) else {
        return Ok(());
    };
    update(tx.conn, kept.no, &standing)?;
    count(tx, None, Some(&kept.standing), &standing);
    turn(tx, subject, Some(&kept.standing), &standing);
    Ok(())
}

fn insert(
    conn: &Connection,
    no: i64,
    header: &Header,
    key: &Key,
    standing: &Standing,
) -> Result<()> {
    let id = header.subject.id();
    let letters = match id {
        Some(_) => give_letters(conn, &key.name)?,
        None => 0,
    };
    conn.prepare_cached(
        "INSERT INTO subject(no,name,sort,id,incident,first,shown,others,versions,at,flags,letters)VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
    )?
    .execute(rusqlite::params![
        no,
        key.name,
        key.sort,
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
    let mut most = handle::MIN_SHOWN_LEN;
    for neighbour in [before, after].into_iter().flatten() {
        let telling = handle::unique_prefix_len(name, &neighbour);
        most = most.max(telling);
        if telling > handle::MIN_SHOWN_LEN {
            let telling = i64::try_from(telling).unwrap_or(i64::MAX);
            conn.prepare_cached(
                "UPDATE subject SET letters=?2 WHERE name=?1 AND letters<?2 AND id IS NOT NULL",
            )?
            .execute((neighbour, telling))?;
        }
    }
    Ok(i64::try_from(most).unwrap_or(i64::MAX))
}

/// Counts the new entry, where there is one, and the event that its subject is, for the incidents
/// that it is and was in.
fn count(tx: &Writing<'_>, entry: Option<(i64, &Header)>, old: Option<&Standing>, new: &Standing) {
    let mut tallies = tx.tallies.borrow_mut();
    let counted = |s: Option<&Standing>| s.filter(|s| s.counted()).and_then(|s| s.incident);
    for (incident, by) in [(counted(old), -1), (counted(Some(new)), 1)] {
        if let Some(incident) = incident {
            tallies.entry(incident).or_default().events += by;
        }
    }
    if let Some((no, header)) = entry
        && let Some(incident) = header.incident
    {
        let recorded = header.recorded.timestamp_micros();
        tallies.entry(incident).or_default().add(no, recorded);
    }
}

/// Marks the incidents whose story turns with what changed about `subject`.
fn turn(tx: &Writing<'_>, subject: &Subject, old: Option<&Standing>, new: &Standing) {
    let mut tallies = tx.tallies.borrow_mut();
    let mut turned = |incident: Option<Uuid>| {
        if let Some(incident) = incident {
            tallies.entry(incident).or_default().turned = true;
        }
    };
    let always = matches!(subject, Subject::Service(_)) || is_zone(subject);
    for standing in old.into_iter().chain([new]) {
        if always || standing.flags & MILESTONE != 0 {
            turned(standing.incident);
            // The event that declares an incident may stand elsewhere.
            turned(subject.id());
        }
    }
    if old.is_some() {
        turned(subject.id());
    }
}

fn is_zone(subject: &Subject) -> bool {
    matches!(subject, Subject::Field(name) if name == "zone")
}
