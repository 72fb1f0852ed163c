//! Incidents as lists show them: [`IncidentRow`].

use super::{
    error::StoreError,
    read::Reader,
    row::{DRILL, PRIVATE, RETRACTED, SHARED, VISIBLE, optional_uuid, read_seq},
    summary,
};
use crate::domain::{
    states::CurrentStates,
    time::{UtcTime, from_micros},
    words::{Severity, State, Word},
};
use rusqlite::{Row, ToSql};
use std::cmp::Reverse;
use uuid::Uuid;

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
    /// True if it is an exercise: see [`Incident::is_drill`](crate::domain::incident::Incident::is_drill).
    pub is_drill: bool,
    /// True if it is marked to stay on this machine: see [`is_private`](crate::domain::incident::is_private).
    pub is_private: bool,
    pub merged_into: Option<Uuid>,
    /// True if its declaration was undone or retracted, and nothing else is in it.
    pub withdrawn: bool,
    /// True if its declaration was undone, on a machine that did not know of what else is in it.
    pub is_undeclared: bool,
    /// True if it is declared (or undeclared) and neither withdrawn, resolved nor merged: writes without a
    /// reference go to the open incident.
    pub is_open: bool,
    /// Without retracted events.
    pub event_count: u64,
    /// All entries of its chains, those of undone changes included.
    pub entry_count: u64,
    pub last_recorded_at: UtcTime,
}

impl IncidentRow {
    /// Returns what is said before its title: those of `DRILL `, `PRIVATE ` and `UNDECLARED ` that apply.
    #[must_use]
    pub fn marks(&self) -> String {
        let marks = [
            (self.is_drill, "DRILL "),
            (self.is_private, "PRIVATE "),
            (self.is_undeclared, "UNDECLARED "),
        ];
        let applying = marks.iter().filter(|(applies, _)| *applies);
        applying.map(|(_, mark)| *mark).collect()
    }
}

/// What a list shows of incidents.
const SELECT_INCIDENT: &str = "SELECT id,number,title,zone,severity,state,declared,resolved,iif(standing=1,merged,NULL),standing,events,entries,newest,commander,services FROM incident";

impl Reader<'_> {
    /// Returns all incidents, newest first, without the withdrawn ones.
    pub fn incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        self.shown_incident_rows("TRUE ORDER BY declared DESC,newest DESC,id", &[])
    }

    /// Returns the open incidents, newest first.
    pub fn open_incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        let mut rows = self.shown_incident_rows("standing IN(0,3)", &[])?;
        rows.retain(|row| row.is_open);
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
        if let Some(row) = self.undeclared_incidents()?.pop() {
            let low = self.first_entry_number(row.id)?;
            if latest.is_none_or(|(latest, _)| low > Some(latest)) {
                return Ok(Some(row));
            }
        }
        match latest {
            Some((_, id)) => self.incident_row(Uuid::from_bytes(id)),
            None => Ok(None),
        }
    }

    /// Returns the incidents whose declaration was undone on a machine that did not know of what else is in
    /// them, in the order in which their first entries reached this store.
    pub fn undeclared_incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        self.shown_incident_rows("standing=0 ORDER BY low", &[])
    }

    fn first_entry_number(&self, incident: Uuid) -> Result<Option<i64>, StoreError> {
        self.query_first(
            "SELECT low FROM incident WHERE id=?1",
            &[incident.as_bytes()],
            |row| row.get(0),
        )
    }

    /// Returns the incidents with number `number`, oldest first, without the withdrawn ones. There are
    /// several if two stores gave the same number before they met.
    pub fn incidents_by_number(&self, number: u32) -> Result<Vec<IncidentRow>, StoreError> {
        self.shown_incident_rows("number=?1 ORDER BY declared,id", &[&number])
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

    /// Returns the flags, together, of what is in `incident` and has no time: fields, services and so on.
    fn flags_outside_timeline(&self, incident: Uuid) -> Result<i64, StoreError> {
        let flags: Vec<i64> = self.query_all(
            "SELECT flags FROM subject WHERE incident=?1 AND at IS NULL",
            &[incident.as_bytes()],
            |row| row.get(0),
        )?;
        let mut all = 0;
        for flags in flags {
            let is_undone = flags & PRIVATE != 0 && flags & SHARED != 0;
            let is_private = !is_undone || self.private_spans(incident)?.is_none();
            all |= if is_private { flags } else { flags & !PRIVATE };
        }
        Ok(all)
    }

    /// Returns the rows for which `condition`, SQL with an order after it, is true, without the withdrawn ones.
    fn shown_incident_rows(
        &self,
        condition: &str,
        params: &[&dyn ToSql],
    ) -> Result<Vec<IncidentRow>, StoreError> {
        let mut rows = self.incident_rows(&format!("WHERE {condition}"), params)?;
        rows.retain(|row| !row.withdrawn);
        Ok(rows)
    }

    /// True if `incident`, whose declaration is gone, has something else that was not taken back.
    fn has_remains(&self, incident: Uuid) -> Result<bool, StoreError> {
        let found = self.query_first(
            &format!(
                "SELECT 1 FROM subject WHERE incident=?1 AND flags&{}={VISIBLE} AND sort<6 LIMIT 1",
                VISIBLE | RETRACTED
            ),
            &[incident.as_bytes()],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
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
                if row.withdrawn && self.has_remains(row.id)? {
                    (row.withdrawn, row.is_undeclared) = (false, true);
                    row.is_open = row.resolved.is_none();
                }
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
        is_undeclared: false,
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
