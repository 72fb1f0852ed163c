//! Jobs that read the store.

use super::{
    Worker,
    incidents::{list_item, load_incident},
};
use crate::{
    domain::{incident::Incident, value::Value, zone::Zone},
    ops::{
        IncidentRow, OpsError, Result, Session, amend,
        incident_summary::load_activity,
        redact, search, section_material, status,
        timeline::{Filter, PageAnchor, find_gap, load_page},
    },
    tui::msg::{
        EventVersion, IncidentListItem, IncidentLoaded, Job, LinkedEvent, Reply, SearchResult,
    },
};
use uuid::Uuid;

/// Events loaded on each side of an anchor.
const EVENTS_PER_SIDE: usize = 200;
/// Events loaded for the first screen.
const FIRST_PAGE_SIZE: usize = 80;
/// Hits of a search.
const MAX_HITS: usize = 200;
/// Unfiled events are counted up to this number.
const MAX_UNFILED_COUNTED: usize = 1_000;

impl Worker {
    pub(super) fn run_query(&mut self, job: Job) -> Result<Reply> {
        match job {
            Job::LoadIncident(given) => {
                let find = |session: &Session| {
                    let row = session.initial_incident(given.as_deref())?;
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
                let find = |session: &Session| {
                    if incident.is_some() || unfiled {
                        return Ok(incident);
                    }
                    Ok(session.initial_incident(None)?.map(|row| row.id))
                };
                let mut loaded = self.load_snapshot(find, from, filter, EVENTS_PER_SIDE)?;
                loaded.incident_changed = loaded.summary.as_ref().map(|o| o.id) != incident;
                Ok(self.remember_shown(loaded))
            }
            Job::LoadPage {
                incident,
                from,
                filter,
                select,
            } => Ok(Reply::Page {
                page: load_page(&self.session, incident, from, EVENTS_PER_SIDE, &filter)?,
                from,
                select,
                filter,
            }),
            Job::FindGap {
                incident,
                from,
                forward,
            } => {
                let gap = find_gap(&self.session, incident, from, forward)?;
                Ok(Reply::GapFound(
                    gap.map(|(event, seconds)| (Box::new(event), seconds)),
                ))
            }
            Job::FindMilestone {
                incident,
                from,
                forward,
            } => {
                let found = self
                    .session
                    .read()
                    .next_milestone(incident, from, forward)?;
                Ok(Reply::MilestoneFound {
                    event: found.map(Box::new),
                    forward,
                })
            }
            Job::LoadEvent(id) => {
                let event = search::load_event(&self.session, id)?;
                Ok(Reply::EventLoaded(Box::new(event)))
            }
            Job::LoadActivity(id) => Ok(Reply::Activity(load_activity(&self.session, id)?)),
            Job::Search(query) => {
                let hits =
                    search::search_events(&self.session, &query, self.shown_incident, MAX_HITS)?;
                Ok(Reply::Hits(
                    query,
                    hits.into_iter().map(|hit| hit.event).collect(),
                ))
            }
            Job::SearchAll(query) => {
                let results = search::search_events(&self.session, &query, None, MAX_HITS)?
                    .into_iter()
                    .map(|hit| SearchResult {
                        incident: hit.incident.as_ref().map(|row| row.handle.clone()),
                        number: hit.incident.as_ref().and_then(|row| row.number),
                        id: Some(hit.event.id),
                        at: Some(hit.event.value.at_utc()),
                        text: hit.event.value.text,
                    })
                    .collect();
                Ok(Reply::SearchResults(query, results))
            }
            Job::LoadSection(name) => {
                let (row, incident) = self.load_shown_incident()?;
                let before = incident.sections.get(&name).cloned().unwrap_or_default();
                let text = section_material::text_for_editor(&incident, &name)?;
                self.edited_section = Some((row.id, name.clone(), before));
                Ok(Reply::Section(name, text))
            }
            Job::DescribeRedaction(handle, reason) => {
                let target = redact::find(&self.session, &handle)?;
                let what = redact::describe(&self.session, &target)?;
                Ok(Reply::RedactionDescribed {
                    handle,
                    reason,
                    paragraphs: vec![
                        what,
                        "Its text, names and reasons are destroyed in every version, in the search and on the disk, and half-typed lines that hold them are removed. When it was, and what it did to the state, stays.".to_owned(),
                        "It cannot be undone. Copies made before, such as backups, exports and documents, are not reached.".to_owned(),
                    ],
                })
            }
            Job::StatusText => {
                let (row, incident) = self.load_shown_incident()?;
                let text = status::chat_summary(&incident, &row, self.session.now())?;
                Ok(Reply::Status(text))
            }
            Job::Incidents => self.incidents(),
            Job::EventHistory(handle) => self.history(&handle),
            _ => Ok(Reply::StoreChanged),
        }
    }

    /// Loads the incident shown with all its events, and its row.
    fn load_shown_incident(&self) -> Result<(IncidentRow, Incident)> {
        let no_incident = || OpsError::failed("there is no incident yet");
        load_incident(&self.session, self.shown_incident.ok_or_else(no_incident)?)
    }

    /// Loads all incidents, then a row for the unfiled events if there are any.
    fn incidents(&self) -> Result<Reply> {
        let read = self.session.read();
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

    /// Loads an event with all its versions and the events linked to it.
    fn history(&self, handle: &str) -> Result<Reply> {
        let (target, versions) = amend::history(&self.session, handle)?;
        let event = search::load_event(&self.session, target.subject.id().unwrap_or_default())?;
        let links = search::linked_events(&self.session, &event, target.current.incident)?
            .into_iter()
            .map(|(other, is_backlink)| LinkedEvent {
                is_backlink,
                at: other.value.at_utc(),
                text: format!("{}: {}", other.value.kind, other.value.text),
                handle: other.handle,
            })
            .collect();
        let versions = versions
            .iter()
            .map(|entry| {
                let header = entry.header();
                let (operation, body, unreadable) = match entry.body() {
                    Ok(Some(body)) => (body.operation.as_str().to_owned(), Some(body), None),
                    Ok(None) => ("destroyed".to_owned(), None, None),
                    Err(error) => ("unread".to_owned(), None, Some(error.to_string())),
                };
                EventVersion {
                    conflicting: target.current.conflicts.contains(&header.id),
                    recorded: header.recorded,
                    author: header.author.clone(),
                    operation,
                    unreadable,
                    event: body.and_then(|b| match b.value {
                        Value::Event(event) => Some(*event),
                        _ => None,
                    }),
                }
            })
            .collect();
        Ok(Reply::EventHistory(Box::new(event), versions, links))
    }

    /// Loads the incident that `find` returns with its newest events, as another incident than
    /// before.
    fn load_first_page(
        &mut self,
        find: impl Fn(&Session) -> Result<Option<Uuid>>,
    ) -> Result<Reply> {
        let mut loaded =
            self.load_snapshot(find, PageAnchor::Newest, Filter::default(), FIRST_PAGE_SIZE)?;
        loaded.incident_changed = true;
        Ok(self.remember_shown(loaded))
    }

    /// Loads the incident that `find` returns in one snapshot of the store, with at most `size`
    /// events on each side of `from`. If it no longer exists, the default incident is loaded
    /// instead.
    fn load_snapshot(
        &self,
        find: impl Fn(&Session) -> Result<Option<Uuid>>,
        from: PageAnchor,
        filter: Filter,
        size: usize,
    ) -> Result<IncidentLoaded> {
        let session = &self.session;
        session.read().with_snapshot(|| {
            let id = find(session)?;
            let mut summary = match id {
                Some(id) => session.incident_summary(id)?,
                None => None,
            };
            if id.is_some()
                && summary.is_none()
                && let Some(row) = session.initial_incident(None)?
            {
                summary = session.incident_summary(row.id)?;
            }
            let shown = summary.as_ref().map(|o| o.id);
            let open = session.read().open_incidents()?;
            Ok(IncidentLoaded {
                other_open_incidents: open.iter().filter(|row| Some(row.id) != shown).count(),
                zone: match &summary {
                    Some(summary) => Zone::find(&summary.zone)?,
                    None => session.zone_for_new_incident(None)?,
                },
                page: load_page(session, shown, from, size, &filter)?,
                summary: summary.map(Box::new),
                incident_changed: false,
                filter,
            })
        })
    }

    /// Remembers the incident and its zone as those shown.
    fn remember_shown(&mut self, loaded: IncidentLoaded) -> Reply {
        self.shown_incident = loaded.summary.as_ref().map(|o| o.id);
        self.zone.clone_from(&loaded.zone);
        Reply::IncidentLoaded(Box::new(loaded))
    }
}
