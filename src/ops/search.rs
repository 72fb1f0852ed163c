//! Searches events by words and filters, and follows links between events.

use super::{
    OpsError, Result, Session, future_time,
    status::{event_text, value_text},
};
use crate::{
    domain::{
        event::Event, incident::Record, sanitize, search::Query, subject::Subject, time::UtcTime,
        value::Value, when::TimeContext, zone::Zone,
    },
    store::{IncidentRow, SearchAnswer, SearchOptions},
};
use std::{
    collections::{HashMap, hash_map::Entry},
    ops::Range,
};
use uuid::Uuid;

/// How many of the newest entries with the words a search looks at while it is typed.
pub const MAX_SCANNED_WHILE_TYPING: usize = 20_000;

/// Newest events scanned for links to an event.
const MAX_SCANNED_FOR_LINKS: usize = 20_000;

/// An event that a search found.
#[derive(Clone, Debug)]
pub struct FoundEvent {
    pub id: Uuid,
    pub at: UtcTime,
    /// `None` if the event is unfiled.
    pub incident: Option<IncidentRow>,
    /// What the search shows of it, on one line, sanitised.
    pub text: String,
    /// Where the words are in `text`, in characters.
    pub found: Vec<Range<usize>>,
}

/// The events that a search found while it was typed.
#[derive(Clone, Debug)]
pub struct FoundEvents {
    /// The newest first, by when they were recorded.
    pub events: Vec<FoundEvent>,
    /// True if only the newest [`MAX_SCANNED_WHILE_TYPING`] entries were looked at.
    pub is_partial: bool,
}

/// Loads the current version of an event.
///
/// # Errors
/// It does not exist or was undone.
pub fn load_event(session: &Session, id: Uuid) -> Result<Record<Event>> {
    find_event(session, id)?.ok_or_else(|| {
        OpsError::failed("the event is no longer there").with_hint("it was undone meanwhile")
    })
}

/// Loads the current version of an event; `None` if it does not exist or was undone.
pub(super) fn find_event(session: &Session, id: Uuid) -> Result<Option<Record<Event>>> {
    let found = session.read().subject_state(&Subject::Event(id), None)?;
    Ok(session
        .read()
        .event_records(found.into_iter().collect())?
        .pop())
}

/// Returns the events that `event` links to (with `false`) and those of `incident` that link to it
/// (with `true`), in timeline order.
pub fn linked_events(
    session: &Session,
    of: &Record<Event>,
    incident: Option<Uuid>,
) -> Result<Vec<(Record<Event>, bool)>> {
    let mut found: Vec<(Record<Event>, bool)> = Vec::new();
    for id in &of.value.links {
        // An event that was undone is left out.
        found.extend(find_event(session, *id)?.map(|event| (event, false)));
    }
    if let Some(incident) = incident {
        let id = of.id.to_string();
        session.read().for_newest_events_containing(
            incident,
            MAX_SCANNED_FOR_LINKS,
            &[id.as_str()],
            |events| {
                let linking = events
                    .into_iter()
                    .filter(|e| e.value.links.contains(&of.id));
                found.extend(linking.map(|event| (event, true)));
            },
        )?;
    }
    found.sort_by_key(|(event, _)| event.sort_key());
    Ok(found)
}

/// Parses what was typed to search, and searches for it: in `incident` if it is given, else in the incident
/// that a filter names or in all of them. Of `options`, incidents and times come from the query.
///
/// # Errors
/// A filter, a time or an incident in `text` is not known. Its kind is `Usage`, or that of an incident that
/// is not found.
pub fn search(
    session: &Session,
    text: &str,
    incident: Option<&str>,
    options: SearchOptions,
) -> Result<(Query, SearchAnswer)> {
    let query = Query::parse(text)?;
    let options = with_filters(session, &query, incident, options)?;
    let answer = session.read().search_query(&query, &options)?;
    Ok((query, answer))
}

/// Returns `options` with the incidents and times that `query` names.
fn with_filters(
    session: &Session,
    query: &Query,
    incident: Option<&str>,
    mut options: SearchOptions,
) -> Result<SearchOptions> {
    let find = |typed: &str| session.resolve_for_read(Some(typed));
    let named: Vec<&str> = incident
        .into_iter()
        .chain(query.incidents.any.iter().map(String::as_str))
        .collect();
    let mut zone = None;
    let mut rows = named.iter().map(|typed| find(typed));
    if let Some(row) = rows.next().transpose()? {
        for other in rows {
            if other?.id != row.id {
                return Err(OpsError::usage("two incidents are named to search in")
                    .with_hint("name one, or none to search all"));
            }
        }
        options.incident = Some(row.id);
        zone = Some(Zone::find_or_utc(&row.zone));
    }
    for typed in &query.incidents.none {
        options.without_incidents.push(find(typed)?.id);
    }
    if query.after.is_none() && query.before.is_none() {
        return Ok(options);
    }
    let zone = match zone {
        Some(zone) => zone,
        None => session.zone_for_new_incident(None)?,
    };
    options.after = moment(session, "after", query.after.as_deref(), &zone)?;
    options.before = moment(session, "before", query.before.as_deref(), &zone)?;
    Ok(options)
}

/// Parses the time of the filter `name`. A day alone means its beginning.
fn moment(
    session: &Session,
    name: &str,
    typed: Option<&str>,
    zone: &Zone,
) -> Result<Option<UtcTime>> {
    let Some(typed) = typed else {
        return Ok(None);
    };
    let context = TimeContext::new(session.now(), zone);
    let at = future_time::parse_past(typed, &context).map_err(|mut error| {
        error.message = format!("{name}: {}", error.message);
        error
    })?;
    Ok(Some(at.to_utc()))
}

/// Returns the text of a value that a search shows, on one line; with the tags and names of an event if the
/// words are found in none of the texts that come first.
#[must_use]
pub fn shown_text(value: &Value, query: &Query) -> String {
    let mut text = value_text(value);
    let parts = match value {
        Value::Event(event) => [&event.rationale, &event.rejected, &event.customer],
        Value::Task(task) => [&task.reason, &task.owner, &task.customer],
        _ => [&None, &None, &None],
    };
    for part in parts.into_iter().flatten() {
        text.push_str(" · ");
        text.push_str(part);
    }
    if query.words.is_empty() || !query.found_in(&text).is_empty() {
        return text;
    }
    match value {
        Value::Event(event) => {
            text.extend(event.tags.iter().map(|tag| format!(" #{tag}")));
            let names = event.services.iter().chain(&event.people);
            text.extend(names.map(|name| format!(" @{name}")));
        }
        Value::Message(message) => {
            text.push_str(" · ");
            text.push_str(&message.text);
        }
        _ => {}
    }
    text
}

/// Like [`shown_text`], without the kind of an event, which a row of the app has beside it.
#[must_use]
pub fn shown_event_text(event: &Event, query: &Query) -> String {
    let text = shown_text(&Value::Event(Box::new(event.clone())), query);
    let kind = format!("{}: ", event.kind);
    match text.strip_prefix(&kind) {
        Some(text) => text.to_owned(),
        None => event_text(event),
    }
}

/// Returns at most `limit` events of all incidents that what is typed finds. Filters look at no more than
/// [`MAX_SCANNED_WHILE_TYPING`] entries, so that a key does not cost more in a larger store.
///
/// # Errors
/// As [`search`].
pub fn search_while_typing(session: &Session, typed: &str, limit: usize) -> Result<FoundEvents> {
    let options = SearchOptions {
        limit,
        max_scanned: MAX_SCANNED_WHILE_TYPING,
        ..SearchOptions::default()
    };
    let read = session.read();
    read.with_snapshot(|| {
        let (query, answer) = search(session, typed, None, options)?;
        let mut rows: HashMap<Uuid, Option<IncidentRow>> = HashMap::new();
        let mut events = Vec::with_capacity(answer.hits.len());
        for hit in &answer.hits {
            let (Some(id), Some(event)) = (hit.subject.id(), hit.value.event()) else {
                continue;
            };
            let incident = match hit.incident {
                None => None,
                Some(id) => match rows.entry(id) {
                    Entry::Occupied(known) => known.get().clone(),
                    Entry::Vacant(new) => new.insert(read.incident_row(id)?).clone(),
                },
            };
            let text = sanitize::one_line(&shown_event_text(event, &query)).into_owned();
            events.push(FoundEvent {
                id,
                at: event.at_utc(),
                incident,
                found: query.found_in(&text),
                text,
            });
        }
        Ok(FoundEvents {
            events,
            is_partial: answer.is_partial,
        })
    })
}

/// Returns at most `limit` active events with all words of `text` as they are now, newest first, each with
/// its incident; of one incident if given.
pub fn search_events(
    session: &Session,
    text: &str,
    incident: Option<Uuid>,
    limit: usize,
) -> Result<Vec<(Option<Uuid>, Record<Event>)>> {
    let options = SearchOptions {
        incident,
        limit,
        ..SearchOptions::default()
    };
    let read = session.read();
    let mut found = Vec::new();
    for hit in read.search(text, &options)? {
        if let Some(current) = read.subject_state(&hit.subject, hit.incident)? {
            let events = read.event_records(vec![current])?.into_iter();
            found.extend(events.map(|event| (hit.incident, event)));
        }
    }
    Ok(found)
}
