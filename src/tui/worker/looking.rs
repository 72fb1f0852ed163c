//! Jobs that look at the log book.

use super::{Worker, everything, papers::whole};
use crate::{
    domain::{incident::Incident, value::Value, zone::Zone},
    ops::{
        IncidentRow, OpsError, Result, Session, amend,
        incident_summary::load_activity,
        search, status,
        timeline::{Filter, PageAnchor, find_gap, load_page},
    },
    tui::msg::{Found, Job, Linked, Listed, Reply, Seen, VersionLine},
};
use uuid::Uuid;

/// How many events are read on each side of a place.
const PAGE: usize = 200;
/// How many are read for the first screen.
const FIRST: usize = 80;
/// How many hits a search gives.
const HITS: usize = 200;
/// How many unfiled events are counted.
const UNFILED: usize = 1_000;

/// An incident as the list has it.
pub(super) fn listed(row: IncidentRow) -> Listed {
    Listed {
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
    pub(super) fn look(&mut self, job: Job) -> Result<Reply> {
        match job {
            Job::Look(given) => {
                let find = |book: &Session| {
                    let row = book.initial_incident(given.as_deref())?;
                    Ok(row.map(|row| row.id))
                };
                self.first_of(find)
            }
            Job::Unfiled => self.first_of(|_| Ok(None)),
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
                let mut seen = self.seen(find, from, filter, PAGE)?;
                seen.another = seen.outline.as_ref().map(|o| o.id) != incident;
                Ok(self.looked_at(seen))
            }
            Job::Page {
                incident,
                from,
                filter,
                select,
            } => Ok(Reply::Page {
                page: load_page(&self.book, incident, from, PAGE, &filter)?,
                from,
                select,
                filter,
            }),
            Job::Gap {
                incident,
                from,
                forward,
            } => {
                let found = find_gap(&self.book, incident, from, forward)?;
                Ok(Reply::Gap(found.map(|(event, s)| (Box::new(event), s))))
            }
            Job::Seek(id) => {
                let event = search::load_event(&self.book, id)?;
                Ok(Reply::Sought(Box::new(event)))
            }
            Job::Doings(id) => Ok(Reply::Doings(load_activity(&self.book, id)?)),
            Job::Find(query) => {
                let hits = search::search_events(&self.book, &query, self.looked, HITS)?;
                Ok(Reply::Hits(
                    query,
                    hits.into_iter().map(|hit| hit.event).collect(),
                ))
            }
            Job::FindAll(query) => {
                let found = search::search_events(&self.book, &query, None, HITS)?
                    .into_iter()
                    .map(|hit| Found {
                        incident: hit.incident.as_ref().map(|row| row.handle.clone()),
                        number: hit.incident.as_ref().and_then(|row| row.number),
                        id: Some(hit.event.id),
                        at: Some(hit.event.value.at_utc()),
                        text: hit.event.value.text,
                    })
                    .collect();
                Ok(Reply::FoundAll(query, found))
            }
            Job::Section(name) => {
                let (_, incident) = self.whole()?;
                let text = incident.sections.get(&name).cloned().unwrap_or_default();
                Ok(Reply::Section(name, text))
            }
            Job::Status => {
                let (row, incident) = self.whole()?;
                let text = status::chat_summary(&incident, &row, self.book.now())?;
                Ok(Reply::Status(text))
            }
            Job::Incidents => self.incidents(),
            Job::History(handle) => self.history(&handle),
            _ => Ok(Reply::Changed),
        }
    }

    /// All of the incident looked at, with its row.
    fn whole(&self) -> Result<(IncidentRow, Incident)> {
        let none = || OpsError::failed("there is no incident yet");
        whole(&self.book, self.looked.ok_or_else(none)?)
    }

    /// All incidents, and the unfiled events as one more, where there are some.
    fn incidents(&self) -> Result<Reply> {
        let read = self.book.read();
        let mut all: Vec<Listed> = read.incidents()?.into_iter().map(listed).collect();
        let unfiled = read.unfiled_events(None, UNFILED)?.len();
        if unfiled > 0 {
            let more = if unfiled == UNFILED { " or more" } else { "" };
            all.push(Listed {
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
            .map(|(other, back)| Linked {
                back,
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
                VersionLine {
                    beside: target.current.conflicts.contains(&header.id),
                    recorded: header.recorded,
                    author: header.author.clone(),
                    act: body
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
        Ok(Reply::History(Box::new(event), lines, links))
    }

    /// A first look at the incident that `find` gives.
    fn first_of(&mut self, find: impl Fn(&Session) -> Result<Option<Uuid>>) -> Result<Reply> {
        let mut seen = self.seen(find, PageAnchor::Newest, everything(), FIRST)?;
        seen.another = true;
        Ok(self.looked_at(seen))
    }

    /// What is to be seen of the incident that `find` gives, all of one moment; of another, where that
    /// one was taken back.
    fn seen(
        &self,
        find: impl Fn(&Session) -> Result<Option<Uuid>>,
        from: PageAnchor,
        filter: Filter,
        size: usize,
    ) -> Result<Seen> {
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
            Ok(Seen {
                others_open: open.iter().filter(|row| Some(row.id) != looked).count(),
                zone: match &outline {
                    Some(outline) => Zone::find(&outline.zone)?,
                    None => book.zone_for_new_incident(None)?,
                },
                page: load_page(book, looked, from, size, &filter)?,
                outline: outline.map(Box::new),
                another: false,
                filter,
            })
        })
    }

    /// Remembers what was looked at.
    fn looked_at(&mut self, seen: Seen) -> Reply {
        self.looked = seen.outline.as_ref().map(|o| o.id);
        self.zone.clone_from(&seen.zone);
        Reply::Looked(Box::new(seen))
    }
}
