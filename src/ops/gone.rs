//! What was undone or retracted, as the timeline shows it: when, by whom and why.

use super::{Result, Session, restore};
use crate::domain::{
    event::Event,
    incident::{Record, SubjectState},
    subject::Subject,
    time::{UtcTime, other_day},
    value::Value,
    zone::Zone,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How an event went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// When, by whom and why: `undone 05:32 by you`, `05:02 ann: wrong rack`.
    pub note: String,
    /// Of events that were undone together, such as a paste: all of them, in timeline order. Empty for one.
    pub rows: Vec<GoneRow>,
}

/// One of the events that were undone together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoneRow {
    pub handle: String,
    pub text: String,
}

/// The events of one timeline that were undone.
#[derive(Debug, Default)]
pub(super) struct UndoneEvents {
    /// In timeline order. Those that were undone together are one, the first.
    pub events: Vec<Record<Event>>,
    /// By the id of that first one, all of them.
    pub together: BTreeMap<Uuid, Vec<GoneRow>>,
}

impl UndoneEvents {
    /// Loads those of which an event `matches`.
    pub fn load(
        session: &Session,
        incident: Option<Uuid>,
        matches: impl Fn(&Record<Event>) -> bool,
    ) -> Result<Self> {
        let mut undone = Self::default();
        let mut acts: BTreeMap<Uuid, Vec<Record<Event>>> = BTreeMap::new();
        for (event, act) in restore::undone_with_acts(session, incident)? {
            match act {
                Some(act) => acts.entry(act).or_default().push(event),
                None => undone.events.extend(Some(event).filter(&matches)),
            }
        }
        for events in acts
            .into_values()
            .filter(|events| events.iter().any(&matches))
        {
            let row = |event: &Record<Event>| GoneRow {
                handle: event.handle.clone(),
                text: event.value.text.clone(),
            };
            let rows: Vec<GoneRow> = events.iter().map(row).collect();
            let first = events.into_iter().next();
            if let (Some(first), true) = (&first, rows.len() > 1) {
                undone.together.insert(first.id, rows);
            }
            undone.events.extend(first);
        }
        undone.events.sort_by_key(Record::sort_key);
        Ok(undone)
    }
}

/// Says of each event that was undone or retracted when, by whom and why.
pub(super) fn gone_notes(
    session: &Session,
    incident: Option<Uuid>,
    events: &[Record<Event>],
    together: &BTreeMap<Uuid, Vec<GoneRow>>,
) -> Result<BTreeMap<Uuid, Gone>> {
    let read = session.read();
    let mut notes = BTreeMap::new();
    for event in events {
        let subject = Subject::Event(event.id);
        let Some((current, _)) = read.subject_state(&subject, incident)? else {
            continue;
        };
        if let Some(note) = gone_note(session, &current)? {
            let rows = together.get(&event.id).cloned().unwrap_or_default();
            notes.insert(event.id, Gone { note, rows });
        }
    }
    Ok(notes)
}

/// Says when, by whom and why an event or task was undone or retracted; `None` if it was not.
///
/// # Errors
/// A store that cannot be read.
pub fn gone_note(session: &Session, current: &SubjectState) -> Result<Option<String>> {
    let read = session.read();
    let reason = match &current.value {
        Value::Event(event) => event.retracted.as_ref(),
        Value::Task(task) => task.retracted.as_ref(),
        _ => None,
    };
    if current.value.is_visible() && reason.is_none() {
        return Ok(None);
    }
    let Some(entry) = read.entry(current.shown)? else {
        return Ok(None);
    };
    let row = match current.incident {
        Some(id) => read.incident_row(id)?,
        None => None,
    };
    let header = entry.header();
    let who = if header.author == session.write_context.author {
        "you"
    } else {
        &header.author
    };
    let zone = session.zone_of(row.as_ref())?;
    let at = short_time(header.recorded, &zone, session.now());
    Ok(Some(match reason {
        Some(reason) => format!("{at} {who}: {reason}"),
        None => format!("undone {at} by {who}"),
    }))
}

/// Formats a time of day, with its day where that is not the one of `now`.
fn short_time(at: UtcTime, zone: &Zone, now: UtcTime) -> String {
    let local = zone.to_local(at);
    let time = local.format("%H:%M");
    match other_day(local, zone.to_local(now)) {
        None => time.to_string(),
        Some(day) => format!("{day} {time}"),
    }
}
