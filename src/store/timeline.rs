//! The timeline a page at a time: only the rows in view are read. And the names in use.

use super::{
    error::{ErrorContext, StoreError},
    read::{Reader, sql_limit},
};
use crate::domain::{
    event::Event,
    incident::{Record, SubjectWithHandle},
    time::{UtcTime, from_micros},
    value::Value,
};
use rusqlite::ToSql;
use std::collections::HashMap;
use uuid::Uuid;

/// A place in a timeline: what [`Record::sort_key`] gives.
pub type TimelineCursor = (UtcTime, UtcTime, Uuid, u64);

/// An event, and the incident it stands in; none where it is unfiled.
pub type OwnedEventInIncident = (Option<Uuid>, Record<Event>);

/// From how many of the newest events the names for completion are gathered.
const COMPLETION_EVENTS: usize = 500;

impl Reader<'_> {
    /// At most `limit` events of `incident` (none: the unfiled ones), retracted ones too, the newest
    /// first by the order of a timeline; only those before `before`, where it is given.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn newest_events(
        &self,
        incident: Option<Uuid>,
        limit: usize,
        before: Option<TimelineCursor>,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        self.page(incident, limit, before, "<", "DESC")
    }

    /// At most `limit` events of `incident` (none: the unfiled ones), retracted ones too, the oldest
    /// first by the order of a timeline; only those after `after`, where it is given.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn oldest_events(
        &self,
        incident: Option<Uuid>,
        limit: usize,
        after: Option<TimelineCursor>,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        self.page(incident, limit, after, ">", "ASC")
    }

    /// Those of the newest `among` events of `incident`, retracted ones too, whose stored bytes hold one
    /// of `words`: the others are not taken apart. In no order.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn newest_events_containing(
        &self,
        incident: Uuid,
        among: usize,
        words: &[&str],
    ) -> Result<Vec<Record<Event>>, StoreError> {
        let condition = "s.no IN(SELECT no FROM subject WHERE incident=?1 AND at NOT NULL ORDER BY at DESC LIMIT ?2)";
        let holds = |body: &str| words.iter().any(|word| body.contains(word));
        self.in_read_tx(|| {
            self.subjects_matching(condition, &[incident.as_bytes(), &sql_limit(among)], holds)
        })
        .map(event_records)
    }

    /// At most `limit` unfiled events that stand, the newest first; only those that occurred at
    /// `since` or later, where it is given.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn unfiled_events(
        &self,
        since: Option<UtcTime>,
        limit: usize,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        let since = since.map_or(i64::MIN, |at| at.timestamp_micros());
        self.in_read_tx(|| {
            self.subjects(
                "s.incident IS NULL AND s.at>=?1 AND s.flags&2=0 ORDER BY s.at DESC,f.recorded DESC,f.origin DESC,f.seq DESC LIMIT ?2",
                &[&since, &sql_limit(limit)],
            )
        })
        .map(event_records)
    }

    /// The stretch of at least `least` without an event of `incident` (none: of the unfiled ones) that
    /// ends next after `from`, or, not `forward`, next before it; when the events around it occurred.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn find_gap(
        &self,
        incident: Option<Uuid>,
        from: UtcTime,
        forward: bool,
        least: chrono::Duration,
    ) -> Result<Option<(UtcTime, UtcTime)>, StoreError> {
        let (side, way) = if forward {
            (">=", "ASC")
        } else {
            ("<=", "DESC")
        };
        let sql =
            format!("SELECT at FROM subject WHERE incident IS ?1 AND at{side}?2 ORDER BY at {way}");
        let incident = incident.map(Uuid::into_bytes);
        let least = least.num_microseconds().unwrap_or(i64::MAX);
        let from = from.timestamp_micros();
        let ask = || -> rusqlite::Result<_> {
            let mut statement = self.conn.prepare_cached(&sql)?;
            let mut rows = statement.query((incident, from))?;
            let mut last = from;
            while let Some(row) = rows.next()? {
                let at: i64 = row.get(0)?;
                // Going back, the stretch that ends at `from` is where one stands already.
                if (at - last).abs() >= least && (forward || last != from) {
                    let (before, after) = (last.min(at), last.max(at));
                    return Ok(Some((from_micros(before), from_micros(after))));
                }
                last = at;
            }
            Ok(None)
        };
        ask().with_path(self.path)
    }

    fn page(
        &self,
        incident: Option<Uuid>,
        limit: usize,
        edge: Option<TimelineCursor>,
        side: &str,
        way: &str,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        let incident = incident.map(Uuid::into_bytes);
        let order = format!("ORDER BY s.at {way},f.recorded {way},f.origin {way},f.seq {way}");
        let limit = sql_limit(limit);
        let (condition, params): (String, Vec<Box<dyn ToSql>>) = match edge {
            None => (
                format!("s.incident IS ?1 AND s.at IS NOT NULL {order} LIMIT ?2"),
                vec![Box::new(incident), Box::new(limit)],
            ),
            Some((at, recorded, origin, seq)) => (
                format!(
                    "s.incident IS ?1 AND s.at{side}=?3 AND(s.at,f.recorded,f.origin,f.seq){side}(?3,?4,?5,?6){order} LIMIT ?2"
                ),
                vec![
                    Box::new(incident),
                    Box::new(limit),
                    Box::new(at.timestamp_micros()),
                    Box::new(recorded.timestamp_micros()),
                    Box::new(origin.into_bytes()),
                    Box::new(seq.cast_signed()),
                ],
            ),
        };
        let params: Vec<&dyn ToSql> = params.iter().map(AsRef::as_ref).collect();
        self.in_read_tx(|| self.subjects(&condition, &params))
            .map(event_records)
    }

    /// The events of all incidents, and the unfiled ones, on which a story turns (a state, a severity,
    /// a commander, a beginning or an end), each with its incident; in no order. Retracted ones are
    /// left out.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn all_milestones(&self) -> Result<Vec<OwnedEventInIncident>, StoreError> {
        let pieces = self.in_read_tx(|| {
            self.subjects(
                "s.flags&1 AND s.flags&2=0 AND s.at IS NOT NULL AND s.sort=1",
                &[],
            )
        })?;
        Ok(pieces
            .into_iter()
            .filter_map(|piece| {
                let incident = piece.0.incident;
                Some((incident, event_records(vec![piece]).pop()?))
            })
            .collect())
    }

    /// Tags in use in `incident` (none: in unfiled events), those of its newest events, the most used
    /// first. For completion.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn tags(&self, incident: Option<Uuid>) -> Result<Vec<String>, StoreError> {
        let newest = self.newest_events(incident, COMPLETION_EVENTS, None)?;
        Ok(by_frequency(newest.into_iter().flat_map(|e| e.value.tags)))
    }

    /// People who wrote or are named in the newest events of the store, whatever their incident, the
    /// most named first. For completion.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn people(&self) -> Result<Vec<String>, StoreError> {
        let newest = self.in_read_tx(|| {
            self.subjects(
                "s.no>(SELECT max(no) FROM subject)-?1 AND s.sort=1 ORDER BY s.no DESC",
                &[&sql_limit(COMPLETION_EVENTS)],
            )
        })?;
        Ok(by_frequency(event_records(newest).into_iter().flat_map(
            |e| {
                let Event {
                    people, commander, ..
                } = e.value;
                people.into_iter().chain(commander).chain([e.author])
            },
        )))
    }
}

/// The events among `pieces`.
pub(super) fn event_records(pieces: Vec<SubjectWithHandle>) -> Vec<Record<Event>> {
    records(pieces, |value| match value {
        Value::Event(event) => Some(*event),
        _ => None,
    })
}

/// What `pick` takes of `pieces`, as records.
pub(super) fn records<T>(
    pieces: Vec<SubjectWithHandle>,
    pick: impl Fn(Value) -> Option<T>,
) -> Vec<Record<T>> {
    pieces
        .into_iter()
        .filter_map(|(mut current, handle)| {
            let value = pick(std::mem::replace(&mut current.value, Value::Gone))?;
            Record::new(&current, handle, value)
        })
        .collect()
}

fn by_frequency(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    counts.into_iter().map(|(name, _)| name).collect()
}
