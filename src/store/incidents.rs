//! Queries for incidents: one in full or in part, and the rows of lists.

use super::{
    error::{ErrorContext, StoreError},
    merged::{merged_incidents, unite},
    read::{Reader, sql_limit},
    row::{DRILL, MILESTONE, PRIVATE, RETRACTED, VISIBLE, optional_uuid, read_seq},
    summary,
};
use crate::domain::{
    event::Event,
    handle,
    incident::{Incident, Record, SubjectWithHandle},
    states::CurrentStates,
    time::{UtcTime, from_micros},
    when::EventTime,
    words::{Severity, State, Word},
};
use rusqlite::{Row, ToSql};
use std::cmp::Reverse;
use uuid::Uuid;

/// How the body of an event says in SQL that it reopens its incident. A quotation mark inside a text has a
/// backslash before it, so nothing else in a body reads so.
const IS_REOPEN: &str = "'\"kind\":\"reopen\"'";

/// An incident as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    /// The id of the incident is that of the event that declared it.
    pub id: Uuid,
    pub handle: String,
    /// None until the event that declares it has arrived, by a sync for example.
    pub number: Option<u32>,
    /// Empty until its declaration has arrived.
    pub title: String,
    /// The time zone in which its times are read and shown: an IANA name, or `UTC`.
    pub zone: String,
    pub severity: Option<Word<Severity>>,
    pub commander: Option<String>,
    /// Names, sorted.
    pub services: Vec<String>,
    /// The state of each service now.
    pub states: CurrentStates,
    /// None until its declaration has arrived.
    pub declared: Option<UtcTime>,
    /// None if it is not resolved.
    pub resolved: Option<UtcTime>,
    /// The worst state of its services; none before the first event that sets one.
    pub state: Option<State>,
    /// True if it is an exercise: see [`Incident::is_drill`].
    pub is_drill: bool,
    /// True if it is marked to stay on this machine: see [`is_private`](crate::domain::incident::is_private).
    pub is_private: bool,
    pub merged_into: Option<Uuid>,
    /// True if its declaration was undone or retracted.
    pub withdrawn: bool,
    /// True if it is declared and neither withdrawn, resolved nor merged: writes without a reference
    /// go to the open incident.
    pub is_open: bool,
    /// Without retracted events.
    pub event_count: u64,
    /// All entries of its chains, those of undone changes included.
    pub entry_count: u64,
    pub last_recorded_at: UtcTime,
}

impl IncidentRow {
    /// Returns what is said before its title: `DRILL `, `PRIVATE `, both or nothing.
    #[must_use]
    pub fn marks(&self) -> &'static str {
        match (self.is_drill, self.is_private) {
            (true, true) => "DRILL PRIVATE ",
            (true, false) => "DRILL ",
            (false, true) => "PRIVATE ",
            (false, false) => "",
        }
    }
}

/// Store-wide services: every incident uses their public names. `sort=6` is a service, see
/// [`subject_type_code`](super::row::subject_type_code).
const GLOBAL_SERVICES: &str = "s.incident IS NULL AND s.at IS NULL AND s.sort=6";
/// Everything in incident `?1` but the content of files, which is large and of use only to who wants that file.
/// `sort=9` is a file.
const WHERE_NO_FILE: &str = "s.incident=?1 AND s.sort<>9";
/// What a list shows of incidents.
const SELECT_INCIDENT: &str = "SELECT id,number,title,zone,severity,state,declared,resolved,merged,standing,events,entries,newest,commander,services FROM incident";

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
            let occurred = incident.active_events().map(|e| e.value.at_utc()).max();
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

    /// Returns all incidents, newest first, without the withdrawn ones.
    pub fn incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        self.incident_rows(
            "WHERE standing>0 ORDER BY declared DESC,newest DESC,id",
            &[],
        )
    }

    /// Returns the open incidents, newest first.
    pub fn open_incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        let mut rows = self.incident_rows("WHERE standing=3", &[])?;
        rows.sort_by_key(|row| (Reverse(row.declared), row.id));
        Ok(rows)
    }

    /// Returns the incident whose first entry reached this store last, open or closed, whatever the time
    /// of its declaration. Merged and withdrawn incidents are skipped.
    pub fn last_added_incident(&self) -> Result<Option<IncidentRow>, StoreError> {
        let mut latest: Option<(i64, [u8; 16])> = None;
        for status in [summary::STATUS_CLOSED, summary::STATUS_OPEN] {
            let latest_of_status = self.query_first(
                "SELECT low,id FROM incident WHERE standing=?1 ORDER BY low DESC LIMIT 1",
                &[&status],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            latest = latest.max(latest_of_status);
        }
        match latest {
            Some((_, id)) => self.incident_row(Uuid::from_bytes(id)),
            None => Ok(None),
        }
    }

    /// Returns the incidents with number `number`, oldest first, without the withdrawn ones. There are
    /// several if two stores gave the same number before they met.
    pub fn incidents_by_number(&self, number: u32) -> Result<Vec<IncidentRow>, StoreError> {
        self.incident_rows(
            "WHERE number=?1 AND standing>0 ORDER BY declared,id",
            &[&number],
        )
    }

    pub fn incident_row(&self, id: Uuid) -> Result<Option<IncidentRow>, StoreError> {
        Ok(self.incident_rows("WHERE id=?1", &[id.as_bytes()])?.pop())
    }

    /// Returns the number for the next incident: one more than the greatest in this store.
    pub fn next_number(&self) -> Result<u32, StoreError> {
        let greatest: Option<Option<u32>> =
            self.query_first("SELECT max(number) FROM incident", &[], |row| row.get(0))?;
        Ok(greatest.flatten().unwrap_or(0).saturating_add(1))
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

    /// Returns the flags, together, of what is in `incident` and has no time: fields, services and so on.
    fn flags_outside_timeline(&self, incident: Uuid) -> Result<i64, StoreError> {
        let flags: Vec<i64> = self.query_all(
            "SELECT flags FROM subject WHERE incident=?1 AND at IS NULL",
            &[incident.as_bytes()],
            |row| row.get(0),
        )?;
        Ok(flags.into_iter().fold(0, |all, flags| all | flags))
    }

    /// Returns the rows that `clauses`, SQL after `FROM incident`, selects.
    fn incident_rows(
        &self,
        clauses: &str,
        params: &[&dyn ToSql],
    ) -> Result<Vec<IncidentRow>, StoreError> {
        self.in_read_tx(|| {
            let mut rows = self.query_all(
                &format!("{SELECT_INCIDENT} {clauses}"),
                params,
                incident_row_from_sql,
            )?;
            for row in &mut rows {
                row.handle = self.handle_of(row.id)?;
                let flags = self.flags_outside_timeline(row.id)?;
                row.is_drill = flags & DRILL != 0;
                row.is_private = flags & PRIVATE != 0;
            }
            Ok(rows)
        })
    }
}

/// Reads a row of [`SELECT_INCIDENT`]. The caller adds the handle and the marks.
fn incident_row_from_sql(row: &Row<'_>) -> rusqlite::Result<IncidentRow> {
    let state: Option<String> = row.get(5)?;
    let states = summary::states_from_json(row.get_ref(14)?.as_str()?).unwrap_or_default();
    let time = |column: usize| -> rusqlite::Result<Option<UtcTime>> {
        Ok(row.get::<_, Option<i64>>(column)?.map(from_micros))
    };
    Ok(IncidentRow {
        id: Uuid::from_bytes(row.get(0)?),
        handle: String::new(),
        number: row.get(1)?,
        title: row.get(2)?,
        zone: row.get(3)?,
        severity: row.get_ref(4)?.as_str_or_null()?.map(Word::stored),
        state: state.as_deref().map(State::of_summary),
        declared: time(6)?,
        resolved: time(7)?,
        merged_into: optional_uuid(row, 8)?,
        withdrawn: row.get::<_, i64>(9)? == summary::STATUS_WITHDRAWN,
        is_open: row.get::<_, i64>(9)? == summary::STATUS_OPEN,
        event_count: read_seq(row, 10)?,
        entry_count: read_seq(row, 11)?,
        last_recorded_at: from_micros(row.get(12)?),
        commander: row.get(13)?,
        services: states
            .iter()
            .map(|(name, _)| name.to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        states,
        is_drill: false,
        is_private: false,
    })
}
