//! Jobs that look at the log book.

use super::{Worker, documents::load_incident, no_filter};
use crate::{
    domain::{incident::Incident, value::Value, zone::Zone},
    ops::{
        IncidentRow, OpsError, Result, Session, amend,
        incident_summary::load_activity,
        search, status,
        timeline::{Filter, PageAnchor, find_gap, load_page},
    },
    tui::msg::{
        EventVersion, IncidentListItem, IncidentLoaded, Job, LinkedEvent, Reply, SearchResult,
    },
};
use uuid::Uuid;

/// How many events are read on each side of a place.
const EVENTS_PER_SIDE: usize = 200;
/// How many are read for the first screen.
const FIRST_PAGE_SIZE: usize = 80;
/// How many hits a search gives.
const MAX_HITS: usize = 200;
/// How many unfiled events are counted.
const MAX_UNFILED_COUNTED: usize = 1_000;

/// An incident as the list has it.
pub(super) fn list_item(row: IncidentRow) -> IncidentListItem {
    IncidentListItem {
        handle: row.handle,
        number: row.number,
        title: row.title,
        severity: row.severity,
        open: row.is_open,
        state: row.state,
        declared: row.declared,
        resolved: row.resolved,
        events: row.event_count,
        zone: row.zone,
    }
}

impl Worker {
    pub(super) fn run_query(&mut self, job: Job) -> Result<Reply> {
        match job {
            Job::LoadIncident(given) => {
                let find = |book: &Session| {
                    let row = book.initial_incident(given.as_deref())?;
                    Ok(row.map(|row| row.id))
                };
                self.load_first_page(find)
            }
            Job::LoadUnfiled => self.load_first_page(|_| Ok(None)),
            Job::Refresh {
                unfiled,
                incident,
                from,
                filter,
            } => {
                let find = |book: &Session| {
                    if incident.is_some() || unfiled {
                        return Ok(incident);
                    }
                    Ok(book.initial_incident(None)?.map(|row| row.id))
                };
                let mut seen = self.load_snapshot(find, from, filter, EVENTS_PER_SIDE)?;
                seen.incident_changed = seen.summary.as_ref().map(|o| o.id) != incident;
                Ok(self.remember_shown(seen))
            }
            Job::LoadPage {
                incident,
                from,
                filter,
                select,
            } => Ok(Reply::Page {
                page: load_page(&self.book, incident, from, EVENTS_PER_SIDE, &filter)?,
                from,
                select,
                filter,
            }),
            Job::FindGap {
                incident,
                from,
                forward,
            } => {
                let found = find_gap(&self.book, incident, from, forward)?;
                Ok(Reply::GapFound(
                    found.map(|(event, s)| (Box::new(event), s)),
                ))
            }
            Job::LoadEvent(id) => {
                let event = search::load_event(&self.book, id)?;
                Ok(Reply::EventLoaded(Box::new(event)))
            }
            Job::LoadActivity(id) => Ok(Reply::Activity(load_activity(&self.book, id)?)),
            Job::Search(query) => {
                let hits =
                    search::search_events(&self.book, &query, self.shown_incident, MAX_HITS)?;
                Ok(Reply::Hits(
                    query,
                    hits.into_iter().map(|hit| hit.event).collect(),
                ))
            }
            Job::SearchAll(query) => {
                let found = search::search_events(&self.book, &query, None, MAX_HITS)?
                    .into_iter()
                    .map(|hit| SearchResult {
                        incident: hit.incident.as_ref().map(|row| row.handle.clone()),
                        number: hit.incident.as_ref().and_then(|row| row.number),
                        id: Some(hit.event.id),
                        at: Some(hit.event.value.at_utc()),
                        text: hit.event.value.text,
                    })
                    .collect();
                Ok(Reply::SearchResults(query, found))
            }
            Job::LoadSection(name) => {
                let (row, incident) = self.load_shown_incident()?;
                let text = incident.sections.get(&name).cloned().unwrap_or_default();
                self.edited_section = Some((row.id, name.clone(), text.clone()));
                Ok(Reply::Section(name, text))
            }
            Job::StatusText => {
                let (row, incident) = self.load_shown_incident()?;
                let text = status::chat_summary(&incident, &row, self.book.now())?;
                Ok(Reply::Status(text))
            }
            Job::Incidents => self.incidents(),
            Job::EventHistory(handle) => self.history(&handle),
            _ => Ok(Reply::StoreChanged),
        }
    }

    /// All of the incident looked at, with its row.
    fn load_shown_incident(&self) -> Result<(IncidentRow, Incident)> {
        let none = || OpsError::failed("there is no incident yet");
        load_incident(&self.book, self.shown_incident.ok_or_else(none)?)
    }

    /// All incidents, and the unfiled events as one more, where there are some.
    fn incidents(&self) -> Result<Reply> {
        let read = self.book.read();
        let mut all: Vec<IncidentListItem> = read.incidents()?.into_iter().map(list_item).collect();
        let unfiled = read.unfiled_events(None, MAX_UNFILED_COUNTED)?.len();
        if unfiled > 0 {
            let more = if unfiled == MAX_UNFILED_COUNTED {
                " or more"
            } else {
                ""
            };
            all.push(IncidentListItem {
                handle: String::new(),
                number: None,
                title: format!("unfiled: {unfiled}{more} events in no incident"),
                severity: None,
                open: false,
                state: None,
                declared: None,
                resolved: None,
                events: unfiled as u64,
                zone: self.zone.name().to_owned(),
            });
        }
        Ok(Reply::Incidents(all))
    }

    /// An event with all its versions, and what is linked to it.
    fn history(&self, handle: &str) -> Result<Reply> {
        let (target, versions) = amend::history(&self.book, handle)?;
        let event = search::load_event(&self.book, target.subject.id().unwrap_or_default())?;
        let links = search::linked_events(&self.book, &event, target.current.incident)?
            .into_iter()
            .map(|(other, back)| LinkedEvent {
                is_backlink: back,
                at: other.value.at_utc(),
                text: format!("{}: {}", other.value.kind, other.value.text),
                handle: other.handle,
            })
            .collect();
        let lines = versions
            .iter()
            .map(|entry| {
                let header = entry.header();
                let body = entry.body().ok().flatten();
                EventVersion {
                    conflicting: target.current.conflicts.contains(&header.id),
                    recorded: header.recorded,
                    author: header.author.clone(),
                    operation: body
                        .as_ref()
                        .map_or("destroyed", |b| b.operation.as_str())
                        .to_owned(),
                    event: body.and_then(|b| match b.value {
                        Value::Event(event) => Some(*event),
                        _ => None,
                    }),
                }
            })
            .collect();
        Ok(Reply::EventHistory(Box::new(event), lines, links))
    }

    /// A first look at the incident that `find` gives.
    fn load_first_page(
        &mut self,
        find: impl Fn(&Session) -> Result<Option<Uuid>>,
    ) -> Result<Reply> {
        let mut seen =
            self.load_snapshot(find, PageAnchor::Newest, no_filter(), FIRST_PAGE_SIZE)?;
        seen.incident_changed = true;
        Ok(self.remember_shown(seen))
    }

    /// What is to be seen of the incident that `find` gives, all of one moment; of another, where that
    /// one was taken back.
    fn load_snapshot(
        &self,
        find: impl Fn(&Session) -> Result<Option<Uuid>>,
        from: PageAnchor,
        filter: Filter,
        size: usize,
    ) -> Result<IncidentLoaded> {
        let book = &self.book;
        book.read().with_snapshot(|| {
            let id = find(book)?;
            let mut outline = match id {
                Some(id) => book.incident_summary(id)?,
                None => None,
            };
            if id.is_some()
                && outline.is_none()
                && let Some(row) = book.initial_incident(None)?
            {
                outline = book.incident_summary(row.id)?;
            }
            let looked = outline.as_ref().map(|o| o.id);
            let open = book.read().open_incidents()?;
            Ok(IncidentLoaded {
                other_open_incidents: open.iter().filter(|row| Some(row.id) != looked).count(),
                zone: match &outline {
                    Some(outline) => Zone::find(&outline.zone)?,
                    None => book.zone_for_new_incident(None)?,
                },
                page: load_page(book, looked, from, size, &filter)?,
                summary: outline.map(Box::new),
                incident_changed: false,
                filter,
            })
        })
    }

    /// Remembers what was looked at.
    fn remember_shown(&mut self, seen: IncidentLoaded) -> Reply {
        self.shown_incident = seen.summary.as_ref().map(|o| o.id);
        self.zone.clone_from(&seen.zone);
        Reply::IncidentLoaded(Box::new(seen))
    }
}
