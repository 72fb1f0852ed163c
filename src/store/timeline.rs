//! Queries for events: pages of a timeline, and gaps in it.
//!
//! An incident of `None` means the unfiled events. A page reads only its own rows, however long the
//! timeline is.

use super::{
    error::{ErrorContext, StoreError},
    read::{Reader, sql_limit},
    row::{SUBJECT_COLUMNS, SUBJECT_FROM, subject_from_row},
};
use crate::domain::{
    event::Event,
    incident::{Record, SubjectWithHandle, TimelineOrder},
    time::{UtcTime, from_micros},
    value::Value,
};
use rusqlite::ToSql;
use std::collections::HashMap;
use uuid::Uuid;

/// A position in a timeline, as [`Record::sort_key`] returns it.
pub type TimelineCursor = TimelineOrder;

/// An event and its incident; none if it is unfiled.
pub type OwnedEventInIncident = (Option<Uuid>, Record<Event>);

/// Milestones before a position, the nearest first.
#[derive(Clone, Debug)]
pub struct MilestonesBefore {
    pub milestones: Vec<Record<Event>>,
    /// True if there are none before them.
    pub reached_the_first: bool,
}

impl Reader<'_> {
    /// Returns at most `limit` events of `incident`, retracted ones too, in reverse timeline order; only
    /// those before `before` if it is given.
    pub fn newest_events(
        &self,
        incident: Option<Uuid>,
        limit: usize,
        before: Option<TimelineCursor>,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        self.page(incident, limit, before, "<", "DESC")
    }

    /// Returns at most `limit` events of `incident`, retracted ones too, in timeline order; only those
    /// after `after` if it is given.
    pub fn oldest_events(
        &self,
        incident: Option<Uuid>,
        limit: usize,
        after: Option<TimelineCursor>,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        self.page(incident, limit, after, ">", "ASC")
    }

    /// Calls `each` with those of the newest `among` events of `incident`, retracted ones too, whose stored
    /// body contains one of `substrings`: the newer before the older, some hundreds at a time in no
    /// particular order. The others are not decoded, which makes this a cheap filter before an exact one.
    pub fn for_newest_events_containing(
        &self,
        incident: Uuid,
        among: usize,
        substrings: &[&str],
        mut each: impl FnMut(Vec<Record<Event>>),
    ) -> Result<(), StoreError> {
        const AT_A_TIME: usize = 500;
        // By key: with `OFFSET`, all pages before would be read again for each page.
        let last_key = "SELECT at,no FROM subject WHERE incident=?1 AND at<=?2 AND(at,no)<(?2,?3)ORDER BY at DESC,no DESC LIMIT 1 OFFSET ?4";
        let condition = "s.no IN(SELECT no FROM subject WHERE incident=?1 AND at<=?2 AND(at,no)<(?2,?3)ORDER BY at DESC,no DESC LIMIT ?4)";
        self.in_read_tx(|| {
            let mut before = (i64::MAX, i64::MAX);
            for first in (0..among).step_by(AT_A_TIME) {
                let count = sql_limit(AT_A_TIME.min(among - first));
                let key = [incident.as_bytes() as &dyn ToSql, &before.0, &before.1];
                let found =
                    self.subjects_matching(condition, &[&key[..], &[&count]].concat(), |body| {
                        substrings.iter().any(|part| body.contains(part))
                    })?;
                each(self.event_records(found)?);
                let skipped = count - 1;
                let params = [&key[..], &[&skipped]].concat();
                let key = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
                match self.query_first(last_key, &params, key)? {
                    Some(last) => before = last,
                    None => break,
                }
            }
            Ok(())
        })
    }

    /// Returns at most `limit` unfiled events that are not retracted, in reverse timeline order; only
    /// those that occurred at `since` or later if it is given.
    pub fn unfiled_events(
        &self,
        since: Option<UtcTime>,
        limit: usize,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        let since = since.map_or(i64::MIN, |at| at.timestamp_micros());
        self.in_read_tx(|| {
            self.subjects(
                "s.incident IS NULL AND s.at>=?1 AND s.flags&2=0 ORDER BY s.at DESC,f.recorded DESC,f.origin DESC,f.seq DESC,s.id DESC LIMIT ?2",
                &[&since, &sql_limit(limit)],
            )
        })
        .and_then(|found| self.event_records(found))
    }

    /// Returns the events of `incident`, or the unfiled ones, that occurred from `from` until before `to`
    /// and are not retracted.
    pub fn events_between(
        &self,
        incident: Option<Uuid>,
        from: UtcTime,
        to: UtcTime,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        let incident = incident.map(Uuid::into_bytes);
        self.in_read_tx(|| {
            self.subjects(
                "s.incident IS ?1 AND s.at>=?2 AND s.at<?3 AND s.flags&2=0",
                &[&incident, &from.timestamp_micros(), &to.timestamp_micros()],
            )
        })
        .and_then(|found| self.event_records(found))
    }

    /// Returns the events of `incident` that were undone, in no particular order: subjects without a value.
    pub fn undone_events(
        &self,
        incident: Option<Uuid>,
    ) -> Result<Vec<SubjectWithHandle>, StoreError> {
        let incident = incident.map(Uuid::into_bytes);
        let mut subjects = self.in_read_tx(|| {
            self.subjects(
                "s.incident IS ?1 AND s.at IS NULL AND s.sort=1 AND s.flags&8=0",
                &[&incident],
            )
        })?;
        subjects.retain(|(current, _)| current.value == Value::Gone);
        Ok(subjects)
    }

    /// Returns the nearest gap of at least `min_length` between two neighbouring events of `incident`, as
    /// the times at which these occurred: the first gap after `from` if `forward`, else the last one
    /// before it. `from` is the time of an event. A gap that ends at `from` does not count as before it:
    /// it is the one that the caller is at.
    pub fn find_gap(
        &self,
        incident: Option<Uuid>,
        from: UtcTime,
        forward: bool,
        min_length: chrono::Duration,
    ) -> Result<Option<(UtcTime, UtcTime)>, StoreError> {
        let (comparison, direction) = if forward {
            (">=", "ASC")
        } else {
            ("<=", "DESC")
        };
        let sql = format!(
            "SELECT at FROM subject WHERE incident IS ?1 AND at{comparison}?2 ORDER BY at {direction}"
        );
        let incident = incident.map(Uuid::into_bytes);
        let min_length = min_length.num_microseconds().unwrap_or(i64::MAX);
        let from = from.timestamp_micros();
        let run = || -> rusqlite::Result<_> {
            let mut statement = self.conn.prepare_cached(&sql)?;
            let mut rows = statement.query((incident, from))?;
            let mut previous = from;
            while let Some(row) = rows.next()? {
                let at: i64 = row.get(0)?;
                if (at - previous).abs() >= min_length && (forward || previous != from) {
                    let (start, end) = (previous.min(at), previous.max(at));
                    return Ok(Some((from_micros(start), from_micros(end))));
                }
                previous = at;
            }
            Ok(None)
        };
        run().with_path(self.path)
    }

    /// Returns at most `limit` events of `incident` in `direction` (`ASC` or `DESC`), only those that
    /// compare to `cursor` by `comparison` (`<` or `>`) if it is given.
    fn page(
        &self,
        incident: Option<Uuid>,
        limit: usize,
        cursor: Option<TimelineCursor>,
        comparison: &str,
        direction: &str,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        let incident = incident.map(Uuid::into_bytes);
        let order = format!(
            "ORDER BY s.at {direction},f.recorded {direction},f.origin {direction},f.seq {direction},s.id {direction}"
        );
        let limit = sql_limit(limit);
        let (condition, params): (String, Vec<Box<dyn ToSql>>) = match cursor {
            None => (
                format!("s.incident IS ?1 AND s.at IS NOT NULL {order} LIMIT ?2"),
                vec![Box::new(incident), Box::new(limit)],
            ),
            Some((at, recorded, origin, seq, id)) => (
                format!(
                    "s.incident IS ?1 AND s.at{comparison}=?3 AND(s.at,f.recorded,f.origin,f.seq,s.id){comparison}(?3,?4,?5,?6,?7){order} LIMIT ?2"
                ),
                vec![
                    Box::new(incident),
                    Box::new(limit),
                    Box::new(at.timestamp_micros()),
                    Box::new(recorded.timestamp_micros()),
                    Box::new(origin.into_bytes()),
                    Box::new(seq.cast_signed()),
                    Box::new(id.into_bytes()),
                ],
            ),
        };
        let params: Vec<&dyn ToSql> = params.iter().map(AsRef::as_ref).collect();
        self.in_read_tx(|| self.subjects(&condition, &params))
            .and_then(|found| self.event_records(found))
    }

    /// Returns the milestones of all incidents and the unfiled ones (see [`Event::is_milestone`]), each
    /// with its incident, in no particular order, without retracted ones.
    pub fn all_milestones(&self) -> Result<Vec<OwnedEventInIncident>, StoreError> {
        let subjects = self.in_read_tx(|| {
            self.subjects(
                "s.flags&1 AND s.flags&2=0 AND s.at IS NOT NULL AND s.sort=1",
                &[],
            )
        })?;
        let incidents: HashMap<Option<Uuid>, Option<Uuid>> = subjects
            .iter()
            .map(|(current, _)| (current.subject.id(), current.incident))
            .collect();
        let events = self.event_records(subjects)?;
        Ok(events
            .into_iter()
            .map(|event| (incidents.get(&Some(event.id)).copied().flatten(), event))
            .collect())
    }

    /// Calls `visit` with the milestones of `incident` that are not retracted, in timeline order; they are
    /// read one by one, however many there are.
    pub fn for_each_milestone(
        &self,
        incident: Uuid,
        mut visit: impl FnMut(Record<Event>),
    ) -> Result<(), StoreError> {
        let order = "SELECT s.no FROM subject s JOIN entry f ON f.no=s.first WHERE s.incident=?1 AND s.flags&1 AND s.flags&2=0 AND s.at IS NOT NULL AND s.sort=1 ORDER BY s.at,f.recorded,f.origin,f.seq,s.id";
        let subject = format!("SELECT {SUBJECT_COLUMNS} {SUBJECT_FROM} WHERE s.no=?1");
        self.in_read_tx(|| {
            let renames = self.renames(Some(incident))?;
            let mut run = || -> rusqlite::Result<()> {
                let mut order = self.conn.prepare_cached(order)?;
                let mut subject = self.conn.prepare_cached(&subject)?;
                let mut rows = order.query([incident.as_bytes()])?;
                while let Some(row) = rows.next()? {
                    let no: i64 = row.get(0)?;
                    let (subject, _) = subject.query_row([no], subject_from_row)?;
                    for mut record in event_records(vec![subject]) {
                        renames.apply(&mut record.value, record.recorded);
                        visit(record);
                    }
                }
                Ok(())
            };
            run().with_path(self.path)
        })
    }

    /// Returns those milestones of `incident` that are not retracted among the `among` events before
    /// `cursor`, at most `limit`, in reverse timeline order.
    pub fn milestones_before(
        &self,
        incident: Uuid,
        (at, recorded, origin, seq, id): TimelineCursor,
        limit: usize,
        among: usize,
    ) -> Result<MilestonesBefore, StoreError> {
        let condition = "s.incident=?1 AND s.at<=?2 AND s.at>=?7 AND +s.flags&1 AND s.flags&2=0 AND s.sort=1 AND(s.at,f.recorded,f.origin,f.seq,s.id)<(?2,?3,?4,?5,?6)ORDER BY s.at DESC,f.recorded DESC,f.origin DESC,f.seq DESC,s.id DESC LIMIT ?8";
        let at = at.timestamp_micros();
        self.in_read_tx(|| {
            let farthest: Option<i64> = self.query_first(
                "SELECT at FROM subject WHERE incident=?1 AND at<=?2 ORDER BY at DESC LIMIT 1 OFFSET ?3",
                &[incident.as_bytes(), &at, &sql_limit(among)],
                |row| row.get(0),
            )?;
            let found = self.subjects(
                condition,
                &[
                    incident.as_bytes(),
                    &at,
                    &recorded.timestamp_micros(),
                    origin.as_bytes(),
                    &seq.cast_signed(),
                    id.as_bytes(),
                    &farthest.unwrap_or(i64::MIN),
                    &sql_limit(limit),
                ],
            )?;
            let milestones = self.event_records(found)?;
            Ok(MilestonesBefore {
                reached_the_first: farthest.is_none() && milestones.len() < limit,
                milestones,
            })
        })
    }

    /// Returns the milestone of `incident` next to `cursor` that is not retracted: after it if `forward`.
    pub fn next_milestone(
        &self,
        incident: Uuid,
        (at, recorded, origin, seq, id): TimelineCursor,
        forward: bool,
    ) -> Result<Option<Record<Event>>, StoreError> {
        let (comparison, direction) = if forward { (">", "ASC") } else { ("<", "DESC") };
        let condition = format!(
            "s.incident=?1 AND s.at{comparison}=?2 AND s.flags&1 AND s.flags&2=0 AND s.sort=1 AND(s.at,f.recorded,f.origin,f.seq,s.id){comparison}(?2,?3,?4,?5,?6)ORDER BY s.at {direction},f.recorded {direction},f.origin {direction},f.seq {direction},s.id {direction} LIMIT 1"
        );
        let found = self.in_read_tx(|| {
            self.subjects(
                &condition,
                &[
                    incident.as_bytes(),
                    &at.timestamp_micros(),
                    &recorded.timestamp_micros(),
                    origin.as_bytes(),
                    &seq.cast_signed(),
                    id.as_bytes(),
                ],
            )
        })?;
        Ok(self.event_records(found)?.into_iter().next())
    }
}

/// Returns the events among `subjects`, in the same order.
fn event_records(subjects: Vec<SubjectWithHandle>) -> Vec<Record<Event>> {
    records(subjects, |value| match value {
        Value::Event(event) => Some(*event),
        _ => None,
    })
}

/// Returns those of `subjects` for whose value `pick` returns something, as records in the same order.
pub(super) fn records<T>(
    subjects: Vec<SubjectWithHandle>,
    pick: impl Fn(Value) -> Option<T>,
) -> Vec<Record<T>> {
    subjects
        .into_iter()
        .filter_map(|(mut current, handle)| {
            let value = pick(std::mem::replace(&mut current.value, Value::Gone))?;
            Record::new(&current, handle, value)
        })
        .collect()
}
