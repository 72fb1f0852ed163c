//! Questions about incidents: one of them whole or in outline, and lists of them.

use super::{error::StoreError, read::Reader, row::optional_uuid, summary};
use crate::domain::{
    incident::{Incident, SubjectWithHandle},
    time::{UtcTime, from_micros},
    words::{Severity, State, Word},
};
use rusqlite::{Row, ToSql};
use uuid::Uuid;

/// An incident as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its id, which is also that of the event that declared it.
    pub id: Uuid,
    /// Its handle.
    pub handle: String,
    /// Its number; none where its declaration has not arrived yet.
    pub number: Option<u32>,
    /// Its title; empty where its declaration has not arrived yet.
    pub title: String,
    /// The zone in which its times are read and shown.
    pub zone: String,
    /// The severity that holds now.
    pub severity: Option<Word<Severity>>,
    /// Who commands now.
    pub commander: Option<String>,
    /// The names of its services.
    pub services: Vec<String>,
    /// When it was declared; none where its declaration has not arrived yet.
    pub declared: Option<UtcTime>,
    /// When it was resolved; none while it is open.
    pub resolved: Option<UtcTime>,
    /// The worst state of its services; none until something gives one.
    pub state: Option<State>,
    /// The incident that it was merged into.
    pub merged_into: Option<Uuid>,
    /// True where its declaration was taken back.
    pub withdrawn: bool,
    /// True where it can be written to without being named: declared, and neither resolved nor merged.
    pub is_open: bool,
    /// How many events it has, retracted ones not counted.
    pub event_count: u64,
    /// How many entries its chains have.
    pub entry_count: u64,
    /// When its newest entry was recorded.
    pub last_recorded_at: UtcTime,
}

/// Services named outside any incident lend their public names.
const GLOBAL_SERVICES: &str = "s.incident IS NULL AND s.at IS NULL AND s.sort=6";
const SELECT_INCIDENT: &str = "SELECT i.id,i.number,i.title,i.zone,i.severity,i.state,i.declared,i.resolved,i.merged,i.standing,i.events,i.entries,i.newest,i.commander,i.services FROM incident i";

impl Reader<'_> {
    /// Incident `id` with all that stands in it; `None` where the store has no entry of it.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn incident(&self, id: Uuid) -> Result<Option<Incident>, StoreError> {
        self.partial_incident(id, &["s.incident=?1"])
    }

    /// Incident `id` with only what its story turns on: its milestones, fields and services, as much
    /// as a header shows. Costs as much as it has milestones, however many other events it has.
    /// `None` where the store has no entry of it.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn incident_milestones(&self, id: Uuid) -> Result<Option<Incident>, StoreError> {
        self.partial_incident(
            id,
            &[summary::WHERE_MILESTONE, summary::WHERE_FIELD_OR_SERVICE],
        )
    }

    /// Incident `id` with only its fields and services; `None` where the store has no entry of it.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn incident_fields(&self, id: Uuid) -> Result<Option<Incident>, StoreError> {
        self.partial_incident(id, &[summary::WHERE_FIELD_OR_SERVICE])
    }

    fn partial_incident(&self, id: Uuid, parts: &[&str]) -> Result<Option<Incident>, StoreError> {
        self.in_read_tx(|| {
            let Some(newest) = self.last_recorded_at(id)? else {
                return Ok(None);
            };
            let mut pieces = Vec::new();
            for part in parts {
                pieces.extend(self.subjects(part, &[id.as_bytes()])?);
            }
            pieces.extend(self.subjects(GLOBAL_SERVICES, &[])?);
            let (heads, handle) = (self.load_chain_heads(Some(id))?, self.handle_of(id)?);
            Ok(Some(Incident::assemble(id, handle, pieces, heads, newest)))
        })
    }

    fn last_recorded_at(&self, id: Uuid) -> Result<Option<UtcTime>, StoreError> {
        self.query_first(
            "SELECT newest FROM incident WHERE id=?1",
            &[id.as_bytes()],
            |row| Ok(from_micros(row.get(0)?)),
        )
    }

    /// All incidents, the newest first; those whose declaration was taken back are left out.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        self.incident_rows(
            "WHERE i.standing>0 ORDER BY i.declared DESC,i.newest DESC,i.id",
            &[],
        )
    }

    /// The incidents that are open, the newest first.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn open_incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        self.incident_rows("WHERE i.standing=3 ORDER BY i.declared DESC,i.id", &[])
    }

    /// The incident whose declaration was recorded last, whenever it is said to have been, open or
    /// not; those merged into another are passed over.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn latest_incident(&self) -> Result<Option<IncidentRow>, StoreError> {
        let mut last: Option<(i64, [u8; 16])> = None;
        for standing in [summary::STATUS_CLOSED, summary::STATUS_OPEN] {
            let found = self.query_first(
                "SELECT low,id FROM incident WHERE standing=?1 ORDER BY low DESC LIMIT 1",
                &[&standing],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            last = last.max(found);
        }
        match last {
            Some((_, id)) => self.incident_row(Uuid::from_bytes(id)),
            None => Ok(None),
        }
    }

    /// The incidents with number `number`: more than one where two machines both gave it while apart.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn incidents_by_number(&self, number: u32) -> Result<Vec<IncidentRow>, StoreError> {
        self.incident_rows(
            "WHERE i.number=?1 AND i.standing>0 ORDER BY i.declared,i.id",
            &[&number],
        )
    }

    /// The row of incident `id`.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn incident_row(&self, id: Uuid) -> Result<Option<IncidentRow>, StoreError> {
        Ok(self.incident_rows("WHERE i.id=?1", &[id.as_bytes()])?.pop())
    }

    /// The number for the next incident: one more than the greatest in use here.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn next_number(&self) -> Result<u32, StoreError> {
        let greatest: Option<Option<u32>> =
            self.query_first("SELECT max(number) FROM incident", &[], |row| row.get(0))?;
        Ok(greatest.flatten().unwrap_or(0).saturating_add(1))
    }

    /// When the first event of `incident` occurred.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn first_event_at(&self, incident: Uuid) -> Result<Option<UtcTime>, StoreError> {
        let at: Option<Option<i64>> = self.query_first(
            "SELECT min(at) FROM subject WHERE incident=?1",
            &[incident.as_bytes()],
            |row| row.get(0),
        )?;
        Ok(at.flatten().map(from_micros))
    }

    /// All that stands in `incident`, each with its handle.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn visible_subjects(&self, incident: Uuid) -> Result<Vec<SubjectWithHandle>, StoreError> {
        let mut pieces =
            self.in_read_tx(|| self.subjects("s.incident=?1", &[incident.as_bytes()]))?;
        pieces.retain(|(current, _)| current.value.is_visible());
        Ok(pieces)
    }

    fn incident_rows(
        &self,
        rest: &str,
        params: &[&dyn ToSql],
    ) -> Result<Vec<IncidentRow>, StoreError> {
        self.in_read_tx(|| {
            let mut rows = self.query_all(
                &format!("{SELECT_INCIDENT} {rest}"),
                params,
                incident_row_from_sql,
            )?;
            for row in &mut rows {
                row.handle = self.handle_of(row.id)?;
            }
            Ok(rows)
        })
    }
}

fn incident_row_from_sql(row: &Row<'_>) -> rusqlite::Result<IncidentRow> {
    let state: Option<String> = row.get(5)?;
    let time = |at: usize| -> rusqlite::Result<Option<UtcTime>> {
        Ok(row.get::<_, Option<i64>>(at)?.map(from_micros))
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
        event_count: super::row::read_seq(row, 10)?,
        entry_count: super::row::read_seq(row, 11)?,
        last_recorded_at: from_micros(row.get(12)?),
        commander: row.get(13)?,
        services: summary::ServiceStateMap::from_json(row.get_ref(14)?.as_str()?)
            .map_or_else(Vec::new, |services| services.each.into_keys().collect()),
    })
}
