//! Jobs that read the store.

use super::{
    Worker,
    incidents::{list_item, load_incident},
};
use crate::{
    domain::{count::plural, entry::Entry, incident::Incident, value::Value, zone::Zone},
    ops::{
        ErrorKind, IncidentRow, OpsError, Result, Session, brief, event_detail, search,
        section_material, seen_before,
        timeline::{self, Filter, PageAnchor, TimelineCursor, TimelinePage, find_gap, load_page},
    },
    tui::msg::{
        EventDetail, EventVersion, Failure, IncidentListItem, IncidentLoaded, LinkedEvent, Place,
        Reply, SearchResult, SearchResults, Select,
    },
};
use std::cmp::Reverse;
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
    pub(super) fn refresh(
        &mut self,
        unfiled: bool,
        incident: Option<Uuid>,
        from: PageAnchor,
        filter: Filter,
    ) -> Result<Reply> {
        // Asked for before another incident was opened: what is shown now is loaded again.
        let is_stale = !unfiled
            && incident.is_some()
            && self.shown_incident.is_some()
            && incident != self.shown_incident;
        let (incident, from) = if is_stale {
            (self.shown_incident, PageAnchor::Newest)
        } else {
            (incident, from)
        };
        let find = |session: &Session| {
            if incident.is_some() || unfiled {
                return Ok(incident);
            }
            Ok(session.initial_incident(None)?.map(|row| row.id))
        };
        let mut loaded = self.load_snapshot(find, from, filter, EVENTS_PER_SIDE)?;
        loaded.incident_changed = loaded.summary.as_ref().map(|o| o.row.id) != incident;
        Ok(self.remember_shown(loaded))
    }

    pub(super) fn page(
        &self,
        incident: Option<Uuid>,
        from: PageAnchor,
        filter: Filter,
        select: Select,
    ) -> Result<Reply> {
        Ok(Reply::Page {
            page: Box::new(load_page(
                &self.session,
                incident,
                from,
                EVENTS_PER_SIDE,
                &filter,
            )?),
            from,
            select,
            filter,
        })
    }

    pub(super) fn find_place(&self, incident: Option<Uuid>, place: &Place) -> Result<Reply> {
        let session = &self.session;
        let at = match place {
            Place::Handle(handle) => {
                let target = session.resolve_target(handle)?;
                let Some(id) = target
                    .subject
                    .id()
                    .filter(|_| target.current.incident == incident)
                else {
                    return Err(OpsError::failed(format!("{handle} is in another incident")));
                };
                let event = search::load_event(session, id)?;
                return Ok(Reply::PlaceFound(Box::new(event), None));
            }
            Place::Time(at) => *at,
            Place::TypedTime(typed) => timeline::typed_moment(session, incident, typed)?,
        };
        let event = timeline::event_at(session, incident, at)?;
        let event = event.ok_or_else(|| OpsError::failed("there are no events"))?;
        Ok(Reply::PlaceFound(Box::new(event), Some(at)))
    }

    pub(super) fn find_gap(
        &self,
        incident: Option<Uuid>,
        from: TimelineCursor,
        forward: bool,
    ) -> Result<Reply> {
        let gap = find_gap(&self.session, incident, from, forward)?;
        Ok(Reply::GapFound(
            gap.map(|(event, seconds)| (Box::new(event), seconds)),
        ))
    }

    pub(super) fn find_milestone(
        &self,
        incident: Uuid,
        from: TimelineCursor,
        forward: bool,
    ) -> Result<Reply> {
        let read = self.session.read();
        let found = read.next_milestone(incident, from, forward)?;
        Ok(Reply::MilestoneFound {
            event: found.map(Box::new),
            forward,
        })
    }

    pub(super) fn search(&self, query: String) -> Result<Reply> {
        let hits = search::search_events(&self.session, &query, self.shown_incident, MAX_HITS)?;
        let hits = hits.into_iter().map(|(_, event)| event).collect();
        Ok(Reply::Hits(query, hits))
    }

    pub(super) fn search_all(&self, query: String) -> Result<Reply> {
        let found = match search::search_while_typing(&self.session, &query, MAX_HITS) {
            Ok(found) => found,
            // It is still being typed, perhaps.
            Err(error) if !error.retryable && error.source.is_none() => {
                let failure: Failure = error.into();
                return Ok(Reply::SearchRefused(failure.message_with_hint()));
            }
            Err(error) => return Err(error),
        };
        let mut rows: Vec<SearchResult> = found
            .events
            .into_iter()
            .map(|event| SearchResult {
                incident: event.incident.as_ref().map(|row| row.handle.clone()),
                number: event.incident.as_ref().and_then(|row| row.number),
                id: Some(event.id),
                at: Some(event.at),
                text: event.text,
                found: event.found,
            })
            .collect();
        rows.sort_by_key(|row| Reverse(row.at));
        let scanned = search::MAX_SCANNED_WHILE_TYPING / 1_000;
        let note = found.is_partial.then(|| {
            format!("only the newest {scanned},000 were looked at: `bridgelog search` looks at all")
        });
        Ok(Reply::SearchResults(Box::new(SearchResults {
            query,
            rows,
            note,
        })))
    }

    pub(super) fn load_section(&mut self, name: String) -> Result<Reply> {
        let (row, incident) = self.load_shown_incident()?;
        let before = incident.sections.get(&name).cloned().unwrap_or_default();
        let text = section_material::text_for_editor(&incident, &name)?;
        self.memory.edited_section = Some((row.id, name.clone(), before));
        Ok(Reply::Section(name, text))
    }

    pub(super) fn brief_text(&self) -> Result<String> {
        let (_, incident) = self.load_shown_incident()?;
        Ok(brief::brief(&self.session, &incident)?.text().to_owned())
    }

    /// Finds the earlier incidents that began like incident `id`; none if it is over.
    pub(super) fn seen_before(&self, id: Uuid) -> Result<Reply> {
        let row = self.session.read().incident_row(id)?;
        let open = row.filter(|row| row.resolved.is_none());
        let now = self.session.now();
        let seen = match open {
            Some(row) => seen_before::seen_before(&self.session, &row, now)?,
            None => Vec::new(),
        };
        Ok(Reply::SeenBefore(id, seen))
    }

    /// Loads the incident shown with all its events, and its row.
    pub(super) fn load_shown_incident(&self) -> Result<(IncidentRow, Incident)> {
        let no_incident = || OpsError::failed("there is no incident yet");
        load_incident(&self.session, self.shown_incident.ok_or_else(no_incident)?)
    }

    /// Loads all incidents, then a row for the unfiled events if there are any.
    pub(super) fn incidents(&self) -> Result<Reply> {
        let read = self.session.read();
        let rows = read.incidents()?.into_iter();
        let own = rows.filter(|row| row.merged_into.is_none());
        let mut all: Vec<IncidentListItem> = own.map(list_item).collect();
        let events = read.unfiled_events(None, MAX_UNFILED_COUNTED)?;
        let unfiled = events.len();
        if unfiled > 0 {
            let more = if unfiled == MAX_UNFILED_COUNTED {
                " or more"
            } else {
                ""
            };
            all.push(IncidentListItem {
                handle: String::new(),
                number: None,
                title: format!("{unfiled}{more} {}", plural(unfiled, "event", "events")),
                severity: None,
                open: false,
                state: None,
                // The newest of them.
                declared: events.first().map(|event| event.value.at_utc()),
                resolved: None,
                events: unfiled as u64,
                zone: self.zone.name().to_owned(),
            });
        }
        Ok(Reply::Incidents(all))
    }

    /// Loads an event with all its versions, the events linked to it, and the states after it.
    pub(super) fn load_detail(&self, id: Uuid) -> Result<Box<EventDetail>> {
        let detail = event_detail::load_event_detail(&self.session, id)?;
        let links = detail
            .links
            .into_iter()
            .map(|(other, is_backlink)| LinkedEvent {
                is_backlink,
                at: other.value.at_utc(),
                kind: crate::tui::theme::kind_word(&other.value.kind).to_owned(),
                text: match other.value.retracted {
                    Some(_) => format!("(retracted) {}", other.value.text),
                    None => other.value.text,
                },
                handle: other.handle,
            })
            .collect();
        let version = |entry: &Entry| {
            let header = entry.header();
            let (operation, body, unreadable) = match entry.body() {
                Ok(Some(body)) => (body.operation.as_str().to_owned(), Some(body), None),
                Ok(None) => ("destroyed".to_owned(), None, None),
                Err(error) => ("unread".to_owned(), None, Some(error.to_string())),
            };
            EventVersion {
                conflicting: detail.conflicts.contains(&header.id),
                recorded: header.recorded,
                author: header.author.clone(),
                operation,
                unreadable,
                event: body.and_then(|b| match b.value {
                    Value::Event(event) => Some(*event),
                    _ => None,
                }),
            }
        };
        Ok(Box::new(EventDetail {
            versions: detail.versions.iter().map(version).collect(),
            event: detail.event,
            links,
            states: detail.states,
        }))
    }

    /// Loads the incident that `find` returns with its newest events, as another incident than
    /// before.
    pub(super) fn load_first_page(
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
            let shown = summary.as_ref().map(|o| o.row.id);
            let open = session.read().open_incidents()?;
            Ok(IncidentLoaded {
                other_open: open
                    .into_iter()
                    .filter(|row| Some(row.id) != shown)
                    .collect(),
                zone: match &summary {
                    Some(summary) => Zone::find(&summary.row.zone)?,
                    None => session.zone_for_new_incident(None)?,
                },
                page: match load_page(session, shown, from, size, &filter) {
                    // A filter that cannot be read was refused when it was typed.
                    Err(error) if error.kind == ErrorKind::Usage => TimelinePage::default(),
                    page => page?,
                },
                summary: summary.map(Box::new),
                incident_changed: false,
                filter,
            })
        })
    }

    /// Remembers the incident and its zone as those shown.
    fn remember_shown(&mut self, loaded: IncidentLoaded) -> Reply {
        self.shown_incident = loaded.summary.as_ref().map(|o| o.row.id);
        self.zone.clone_from(&loaded.zone);
        Reply::IncidentLoaded(Box::new(loaded))
    }
}
