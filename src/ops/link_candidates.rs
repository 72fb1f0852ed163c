//! The events that a half-typed `^` link may mean.

use super::{Result, Session, search};
use crate::domain::{event::Event, handle, incident::Record, zone::Zone};
use std::collections::HashSet;
use uuid::Uuid;

/// Newest events whose time is compared with a typed one.
const MAX_SCANNED_EVENTS: usize = 5_000;
const SCAN_CHUNK: usize = 500;

/// Returns at most `limit` events of `incident` (`None`: unfiled ones) that `typed`, what follows the `^`, may
/// mean: the newest if it is empty; those whose time of day in `zone` begins with it; else those whose handle
/// begins with it, then those with the words. In each of these, the newest first.
///
/// # Errors
/// A store that cannot be read.
pub fn link_candidates(
    session: &Session,
    incident: Option<Uuid>,
    typed: &str,
    zone: &Zone,
    limit: usize,
) -> Result<Vec<Record<Event>>> {
    let read = session.read();
    if typed.is_empty() {
        return Ok(read.newest_events(incident, limit, None)?);
    }
    if typed.starts_with(|c: char| c.is_ascii_digit()) {
        return by_time(session, incident, typed, zone, limit);
    }
    let mut found = Vec::new();
    let typed = typed.to_lowercase();
    if handle::is_handle_prefix(&typed) {
        for candidate in read.find_by_handle(&typed)? {
            if candidate.visible && candidate.incident == incident {
                found.extend(search::find_event(session, candidate.id)?);
            }
        }
        found.sort_by_key(|event| std::cmp::Reverse(event.sort_key()));
    }
    let words = search::search_events(session, &typed, incident, limit)?;
    let here = words.into_iter().filter(|(of, _)| {
        // Without an incident the search finds events of all.
        incident.is_some() || of.is_none()
    });
    found.extend(here.map(|(_, event)| event));
    let mut seen = HashSet::new();
    found.retain(|event| event.is_active() && seen.insert(event.id));
    found.truncate(limit);
    Ok(found)
}

/// Returns the newest events whose time of day begins with `typed`: `9:0` as well as `09:0`.
fn by_time(
    session: &Session,
    incident: Option<Uuid>,
    typed: &str,
    zone: &Zone,
    limit: usize,
) -> Result<Vec<Record<Event>>> {
    let read = session.read();
    let mut found = Vec::new();
    let mut edge = None;
    let begins = |event: &Record<Event>| {
        let time = zone.to_local(event.value.at_utc()).format("%H:%M:%S");
        let time = time.to_string();
        time.starts_with(typed) || time.trim_start_matches('0').starts_with(typed)
    };
    for _ in 0..MAX_SCANNED_EVENTS / SCAN_CHUNK {
        let events = read.newest_events(incident, SCAN_CHUNK, edge)?;
        let is_last = events.len() < SCAN_CHUNK;
        edge = events.last().map(Record::sort_key);
        found.extend(events.into_iter().filter(|e| e.is_active() && begins(e)));
        if is_last || found.len() >= limit {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}
