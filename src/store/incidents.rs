//! Queries for one incident, in full or in part.

use super::{
    error::{ErrorContext, StoreError},
    merged::{merged_incidents, unite},
    read::{Reader, sql_limit},
    row::{MILESTONE, RETRACTED, VISIBLE},
    summary,
};
use crate::domain::{
    event::Event,
    handle,
    incident::{Incident, Record, SubjectWithHandle},
    time::{UtcTime, from_micros},
    when::EventTime,
};
use rusqlite::ToSql;
use uuid::Uuid;

/// How the body of an event says in SQL that it reopens its incident. A quotation mark inside a text has a
/// backslash before it, so nothing else in a body reads so.
const IS_REOPEN: &str = "'\"kind\":\"reopen\"'";

/// Store-wide services: every incident uses their public names. `sort=6` is a service, see
/// [`subject_type_code`](super::row::subject_type_code).
const GLOBAL_SERVICES: &str = "s.incident IS NULL AND s.at IS NULL AND s.sort=6";
/// Everything in incident `?1` but the content of files, which is large and of use only to who wants that file.
/// `sort=9` is a file.
const WHERE_NO_FILE: &str = "s.incident=?1 AND s.sort<>9";
impl Reader<'_> {
    /// Returns incident `id` in full; `None` if the store has no entry of it.
    pub fn incident(&self, id: Uuid) -> Result<Option<Incident>, StoreError> {
        self.in_read_tx(|| {
            let Some(mut incident) = self.partial_incident(id, &[WHERE_NO_FILE])? else {
                return Ok(None);
            };
            incident.chain_heads = self.load_chain_heads(Some(id))?;
            incident.entry_count = incident.chain_heads.iter().map(|head| head.seq).sum();
            self.complete_for_document(&mut incident)?;
            let occurred = incident.newest_event_at();
            incident.last_recorded_at = incident.last_recorded_at.max(occurred.unwrap_or_default());
            Ok(Some(incident))
        })
    }

    /// Returns incident `id` with only its milestones, fields and services, which a header needs; `None`
    /// if the store has no entry of it. The cost grows with its milestones, not with its events.
    pub fn incident_milestones(&self, id: Uuid) -> Result<Option<Incident>, StoreError> {
        self.partial_incident(
            id,
            &[summary::WHERE_MILESTONE, summary::WHERE_FIELD_OR_SERVICE],
        )
    }

    /// Returns incident `id` with only its fields and services; `None` if the store has no entry of it.
    pub fn incident_fields(&self, id: Uuid) -> Result<Option<Incident>, StoreError> {
        self.partial_incident(id, &[summary::WHERE_FIELD_OR_SERVICE])
    }

    /// True if a milestone of `incident` other than `record` occurred at the same time or later.
    pub fn has_later_milestone(
        &self,
        incident: Uuid,
        record: &Record<Event>,
    ) -> Result<bool, StoreError> {
        let at = record.value.at_utc().timestamp_micros();
        summary::has_later_milestone(self.conn, incident, at, record.id).with_path(self.path)
    }

    /// Builds incident `id` from the subjects that match any of `conditions`, SQL on `subject s` with
    /// the id as `?1`, without the heads of its chains.
    fn partial_incident(
        &self,
        id: Uuid,
        conditions: &[&str],
    ) -> Result<Option<Incident>, StoreError> {
        self.in_read_tx(|| {
            let Some(newest) = self.last_recorded_at(id)? else {
                return Ok(None);
            };
            let mut subjects = Vec::new();
            for condition in conditions {
                subjects.extend(self.subjects(condition, &[id.as_bytes()])?);
            }
            let mut subjects = unite(self.conn, id, subjects).with_path(self.path)?;
            subjects.extend(self.subjects(GLOBAL_SERVICES, &[])?);
            let handle = self.handle_of(id)?;
            Ok(Some(Incident::assemble(
                id,
                handle,
                subjects,
                Vec::new(),
                newest,
            )))
        })
    }

    /// When the newest entry of incident `id`, or of one that was merged into it, was recorded.
    fn last_recorded_at(&self, id: Uuid) -> Result<Option<UtcTime>, StoreError> {
        let newest = |id: Uuid| {
            self.query_first(
                "SELECT newest FROM incident WHERE id=?1",
                &[id.as_bytes()],
                |row| Ok(from_micros(row.get(0)?)),
            )
        };
        let Some(mut last) = newest(id)? else {
            return Ok(None);
        };
        for merged in merged_incidents(self.conn, id).with_path(self.path)? {
            last = last.max(newest(merged)?.unwrap_or(last));
        }
        Ok(Some(last))
    }

    /// Returns when the first event of `incident` occurred; `None` if it has no event. Events that
    /// were retracted, undone or moved away do not count.
    pub fn first_event_at(&self, incident: Uuid) -> Result<Option<UtcTime>, StoreError> {
        self.extreme_event_at(incident, "ASC")
    }

    /// Returns when the last event of `incident` occurred; `None` if it has no event. Events that were
    /// retracted, undone or moved away do not count.
    pub fn last_event_at(&self, incident: Uuid) -> Result<Option<UtcTime>, StoreError> {
        self.extreme_event_at(incident, "DESC")
    }

    fn extreme_event_at(&self, incident: Uuid, order: &str) -> Result<Option<UtcTime>, StoreError> {
        let at: Option<i64> = self.query_first(
            &format!(
                "SELECT at FROM subject WHERE incident=?1 AND at IS NOT NULL AND flags&{}={VISIBLE} ORDER BY at {order} LIMIT 1",
                VISIBLE | RETRACTED
            ),
            &[incident.as_bytes()],
            |row| row.get(0),
        )?;
        Ok(at.map(from_micros))
    }

    /// Returns the times of the newest `limit` events of `incident`, newest first. Events that were
    /// retracted, undone or moved away do not count.
    pub fn newest_event_times(
        &self,
        incident: Uuid,
        limit: usize,
    ) -> Result<Vec<EventTime>, StoreError> {
        let condition = format!(
            "incident=?1 AND at IS NOT NULL AND flags&{}={VISIBLE} ORDER BY at DESC LIMIT ?2",
            VISIBLE | RETRACTED
        );
        self.event_times(&condition, &[incident.as_bytes(), &sql_limit(limit)])
    }

    /// Returns the times of the event that declared `incident`; `None` if it is not here.
    pub fn event_time(&self, incident: Uuid) -> Result<Option<EventTime>, StoreError> {
        let name = handle::from_id(incident);
        let condition = "name=?2 AND sort=1 AND at IS NOT NULL";
        let times = self.event_times(condition, &[incident.as_bytes(), &name])?;
        Ok(times.into_iter().next())
    }

    /// Returns the times of the events that fulfil `condition`, newest first; parameter 1 is their incident.
    fn event_times(
        &self,
        condition: &str,
        parameters: &[&dyn ToSql],
    ) -> Result<Vec<EventTime>, StoreError> {
        self.query_all(
            &format!(
                "SELECT s.at,f.recorded,s.first,f.author,s.id=?1 OR(s.flags&{MILESTONE} AND instr(coalesce(e.body,''),{IS_REOPEN})) FROM (SELECT at,first,shown,id,flags FROM subject WHERE {condition}) s JOIN entry f ON f.no=s.first JOIN entry e ON e.no=s.shown ORDER BY s.at DESC"
            ),
            parameters,
            |row| {
                let (at, recorded) = (from_micros(row.get(0)?), from_micros(row.get(1)?));
                Ok(EventTime {
                    at,
                    recorded,
                    order: row.get(2)?,
                    author: row.get(3)?,
                    has_time: EventTime::was_typed(at, recorded),
                    begins: row.get(4)?,
                })
            },
        )
    }

    /// Returns all subjects of `incident` that have a value to show, each with its handle (empty if it
    /// has none). What was undone or moved away is left out, and so are files, which are large.
    pub fn visible_subjects(&self, incident: Uuid) -> Result<Vec<SubjectWithHandle>, StoreError> {
        let mut subjects = self.in_read_tx(|| {
            let subjects = self.subjects(WHERE_NO_FILE, &[incident.as_bytes()])?;
            unite(self.conn, incident, subjects).with_path(self.path)
        })?;
        subjects.retain(|(current, _)| current.value.is_visible());
        Ok(subjects)
    }
}
