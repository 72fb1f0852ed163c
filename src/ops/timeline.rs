//! Loads the timeline a page at a time, so that the cost does not grow with the incident. Also
//! filters it and finds gaps.

use super::{
    OpsError, Result, Session,
    context::LineOptions,
    gone::{UndoneEvents, gone_notes},
};
use crate::domain::{
    event::Event,
    incident::Record,
    states::{StartedStates, shown_state},
    time::UtcTime,
    when::{self, AssumedDay, When},
    words::{State, Word},
};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

pub use super::{
    filter::{Filter, Limits},
    gone::{Gone, GoneRow, gone_note},
};
pub use crate::store::TimelineCursor;

/// Events that a filter scans in one call: about 20 ms, so that other work can come in between.
pub const MAX_SCANNED_EVENTS: usize = 5_000;
/// How many of them are held at once.
const SCAN_CHUNK: usize = 64;
/// Shortest gap, in minutes.
pub const GAP_MINUTES: i64 = 15;

/// Which part of a timeline to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAnchor {
    Newest,
    Oldest,
    /// Both sides of a position, which is included.
    Around(TimelineCursor),
    /// Events before a position.
    Before(TimelineCursor),
}

/// Consecutive events of a timeline, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelinePage {
    pub events: Vec<Record<Event>>,
    /// True if there may be older ones.
    pub has_older: bool,
    /// True if there may be newer ones.
    pub has_newer: bool,
    /// How far back a filter has scanned, if there is more to scan.
    pub resume_cursor: Option<TimelineCursor>,
    /// Of each event that was undone or retracted, if those are asked for, how it went.
    pub gone: BTreeMap<Uuid, Gone>,
    /// The states that its events started, of an incident whose history is loaded separately.
    pub started: StartedStates,
    /// The events of such an incident whose state those just before them do not decide.
    pub undecided: HashSet<Uuid>,
}

/// A filter with what it needs to know of one incident.
struct Conditions<'f> {
    filter: &'f Filter,
    since: Option<UtcTime>,
    until: Option<UtcTime>,
    /// Empty if the filter names no state.
    started: StartedStates,
    /// The events that were undone and match, if they are asked for.
    undone: UndoneEvents,
}

impl<'f> Conditions<'f> {
    fn new(session: &Session, incident: Option<Uuid>, filter: &'f Filter) -> Result<Self> {
        if let Some((problem, hint)) = filter.problem.as_deref() {
            return Err(OpsError::usage(problem.clone()).with_hint(hint.clone()));
        }
        let mut conditions = Self {
            filter,
            since: None,
            until: None,
            started: StartedStates::new(),
            undone: UndoneEvents::default(),
        };
        let moment = |typed: &Option<String>, name: &str| {
            let parse = |typed: &String| {
                let time = typed_time(session, incident, typed).map_err(|error| {
                    OpsError::usage(format!("{name}: {}", error.message)).with_hint(format!(
                        "write a time, such as {name}:05:15 or {name}:\"2026-11-27 05:15\""
                    ))
                })?;
                match time.assumed_day {
                    Some(AssumedDay::Yesterday) => {
                        let problem = format!("{name}: {typed} of today is still to come");
                        let hint = format!("write {name}:\"yesterday {typed}\"");
                        Err(OpsError::usage(problem).with_hint(hint))
                    }
                    _ => Ok(time.at.to_utc()),
                }
            };
            typed.as_ref().map(parse).transpose()
        };
        conditions.since = moment(&filter.limits.since, "since")?;
        // A minute ends with its last second.
        let whole_minute = chrono::TimeDelta::seconds(59);
        conditions.until = moment(&filter.limits.until, "until")?.map(|at| at + whole_minute);
        if !filter.limits.states.is_empty()
            && let Some(id) = incident
        {
            conditions.started = started_states(session, id)?;
        }
        if filter.gone {
            let matches = |record: &Record<Event>| conditions.matches(record);
            conditions.undone = UndoneEvents::load(session, incident, matches)?;
        }
        Ok(conditions)
    }

    fn is_empty(&self) -> bool {
        self.filter.is_empty()
    }

    fn matches(&self, record: &Record<Event>) -> bool {
        let at = record.value.at_utc();
        let state = shown_state(record, &self.started).map(|state| match state {
            Word::Known(state) => state.as_str(),
            Word::Other(_) => State::Unknown.as_str(),
        });
        let wanted = &self.filter.limits.states;
        (wanted.is_empty() || state.is_some_and(|state| wanted.iter().any(|word| word == state)))
            && self.since.is_none_or(|since| at >= since)
            && self.until.is_none_or(|until| at <= until)
            && self.filter.matches(record)
    }

    /// True if an event of the timeline is to be shown.
    fn shows(&self, record: &Record<Event>) -> bool {
        (!self.filter.gone || !record.is_active()) && self.matches(record)
    }

    /// The events that were undone between two positions, each excluded if it is given.
    fn undone_between(
        &self,
        after: Option<TimelineCursor>,
        before: Option<TimelineCursor>,
    ) -> impl Iterator<Item = &Record<Event>> {
        self.undone.events.iter().filter(move |record| {
            let order = record.sort_key();
            after.is_none_or(|after| order > after) && before.is_none_or(|before| order < before)
        })
    }
}

/// Returns the moment that a time typed for a timeline means: a time of day, or a day with or without one.
///
/// # Errors
/// It is no time, or the store cannot be read.
pub fn typed_moment(session: &Session, incident: Option<Uuid>, typed: &str) -> Result<UtcTime> {
    Ok(typed_time(session, incident, typed)?.at.to_utc())
}

fn typed_time(session: &Session, incident: Option<Uuid>, typed: &str) -> Result<When> {
    let row = match incident {
        Some(id) => session.read().incident_row(id)?,
        None => None,
    };
    let options = LineOptions::for_typed_line(None);
    let context = session.line_context(row.as_ref(), &options)?;
    when::parse_moment(typed, &context.time_context())
        .map_err(|error| OpsError::usage(error.to_string()))
}

/// Returns the first event of `incident` (`None`: of the unfiled ones) at `at` or later, else the last one
/// before; `None` if there are no events.
///
/// # Errors
/// A store that cannot be read.
pub fn event_at(
    session: &Session,
    incident: Option<Uuid>,
    at: UtcTime,
) -> Result<Option<Record<Event>>> {
    let read = session.read();
    let before = at - chrono::TimeDelta::microseconds(1);
    let later = read.oldest_events(incident, 1, Some(after_all_at(before)))?;
    if let Some(event) = later.into_iter().next() {
        return Ok(Some(event));
    }
    Ok(read.newest_events(incident, 1, None)?.into_iter().next())
}

/// Returns the position after every event that occurred at `at`.
fn after_all_at(at: UtcTime) -> TimelineCursor {
    (
        at,
        chrono::DateTime::<chrono::Utc>::MAX_UTC,
        Uuid::max(),
        u64::MAX,
        Uuid::max(),
    )
}

/// Returns the state that each event of an incident started; the worst one if it started several.
fn started_states(session: &Session, incident: Uuid) -> Result<StartedStates> {
    let read = session.read();
    let mut started = StartedStates::new();
    let Some(row) = read.incident_row(incident)? else {
        return Ok(started);
    };
    let mut current = row.states.without_states();
    read.for_each_milestone(incident, |record| {
        let changes = current.apply(&record);
        let worst = changes.iter().map(|change| change.state).max();
        started.extend(worst.map(|state| (record.id, state)));
    })?;
    Ok(started)
}

/// Loads about `size` events of `incident` (`None`: unfiled ones) that match `filter`.
///
/// # Errors
/// A state or a time in the filter that is none; a store that cannot be read.
pub fn load_page(
    session: &Session,
    incident: Option<Uuid>,
    from: PageAnchor,
    size: usize,
    filter: &Filter,
) -> Result<TimelinePage> {
    let conditions = Conditions::new(session, incident, filter)?;
    let mut page = load_matching(session, incident, from, size, &conditions)?;
    if filter.gone {
        let together = &conditions.undone.together;
        page.gone = gone_notes(session, incident, &page.events, together)?;
    }
    Ok(page)
}

fn load_matching(
    session: &Session,
    incident: Option<Uuid>,
    from: PageAnchor,
    size: usize,
    filter: &Conditions<'_>,
) -> Result<TimelinePage> {
    let before = |edge| scan_events(session, incident, edge, size, filter, false);
    let after = |edge| scan_events(session, incident, edge, size, filter, true);
    let mut page = match from {
        PageAnchor::Newest => page_from_backward_scan(before(None)?),
        PageAnchor::Before(edge) => TimelinePage {
            has_newer: true,
            ..page_from_backward_scan(before(Some(edge))?)
        },
        PageAnchor::Oldest => {
            let found = after(None)?;
            TimelinePage {
                has_newer: found.resume_cursor.is_some(),
                events: found.events,
                ..TimelinePage::default()
            }
        }
        PageAnchor::Around(edge) => {
            let mut page = page_from_backward_scan(before(Some(edge))?);
            // Both scans exclude their edge, so the later one starts from the last event of the
            // first.
            let later = after(page.events.last().map(Record::sort_key))?;
            page.events.extend(later.events);
            page.has_newer = later.resume_cursor.is_some();
            page
        }
    };
    if let Some(id) = incident
        && page.events.iter().any(|e| e.value.shows_state_it_starts())
    {
        let nearby = session.started_states_of_page(id, &page.events)?;
        (page.started, page.undecided) = (nearby.started, nearby.undecided);
    }
    Ok(page)
}

/// Puts the events of a backward scan in timeline order.
fn page_from_backward_scan(scan: ScanResult) -> TimelinePage {
    let mut events = scan.events;
    events.reverse();
    TimelinePage {
        events,
        has_older: scan.resume_cursor.is_some(),
        has_newer: false,
        resume_cursor: scan.resume_cursor,
        ..TimelinePage::default()
    }
}

/// Events on one side of a position, nearest first, and where to continue.
struct ScanResult {
    events: Vec<Record<Event>>,
    resume_cursor: Option<TimelineCursor>,
}

/// Scans at most [`MAX_SCANNED_EVENTS`] on one side of `edge` for at most `size` matching events. Those that
/// were undone come with the others of the stretch scanned, if they are asked for.
fn scan_events(
    session: &Session,
    incident: Option<Uuid>,
    edge: Option<TimelineCursor>,
    size: usize,
    filter: &Conditions<'_>,
    forward: bool,
) -> Result<ScanResult> {
    let mut scan = scan_timeline(session, incident, edge, size, filter, forward)?;
    let ends = (edge, scan.resume_cursor);
    let (after, before) = if forward { ends } else { (ends.1, ends.0) };
    let undone: Vec<_> = filter.undone_between(after, before).cloned().collect();
    if !undone.is_empty() {
        scan.events.extend(undone);
        scan.events.sort_by_key(Record::sort_key);
        if !forward {
            scan.events.reverse();
        }
    }
    Ok(scan)
}

fn scan_timeline(
    session: &Session,
    incident: Option<Uuid>,
    mut edge: Option<TimelineCursor>,
    size: usize,
    filter: &Conditions<'_>,
    forward: bool,
) -> Result<ScanResult> {
    let read = session.read();
    let mut events = Vec::new();
    let mut scanned = 0;
    let chunk = if filter.is_empty() { size } else { SCAN_CHUNK };
    loop {
        let records = if forward {
            read.oldest_events(incident, chunk, edge)?
        } else {
            read.newest_events(incident, chunk, edge)?
        };
        let full = records.len() == chunk;
        scanned += records.len();
        edge = records.last().map(Record::sort_key);
        if filter.is_empty() {
            // As they are: these are some hundreds of KiB, and a second vector as much again.
            return Ok(ScanResult {
                events: records,
                resume_cursor: edge.filter(|_| full),
            });
        }
        for record in records {
            if filter.shows(&record) {
                let resume_cursor = Some(record.sort_key());
                events.push(record);
                if events.len() == size {
                    return Ok(ScanResult {
                        events,
                        resume_cursor,
                    });
                }
            }
        }
        if !full || scanned >= MAX_SCANNED_EVENTS {
            let resume_cursor = edge.filter(|_| full);
            return Ok(ScanResult {
                events,
                resume_cursor,
            });
        }
    }
}

/// Finds the next gap of at least [`GAP_MINUTES`] after `from` (before it unless `forward`).
/// Returns the event that ends the gap and its length in seconds.
pub fn find_gap(
    session: &Session,
    incident: Option<Uuid>,
    from: TimelineCursor,
    forward: bool,
) -> Result<Option<(Record<Event>, i64)>> {
    let min_length = chrono::Duration::minutes(GAP_MINUTES);
    let Some((before, at)) = session
        .read()
        .find_gap(incident, from.0, forward, min_length)?
    else {
        return Ok(None);
    };
    let edge = after_all_at(before);
    let found = session.read().oldest_events(incident, 1, Some(edge))?;
    Ok(found
        .into_iter()
        .next()
        .map(|event| (event, (at - before).num_seconds())))
}
