//! The timeline a page at a time: only the rows in view are read. And the names in use.

use super::{
    error::{About, StoreError},
    read::{Reader, bound},
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

/// A place in a timeline: what [`Record::order`] gives.
pub type Cursor = (UtcTime, UtcTime, Uuid, u64);

/// An event, and the incident it stands in; none where it is unfiled.
pub type Placed = (Option<Uuid>, Record<Event>);

/// From how many of the newest events the names for completion are gathered.
const NAMES_FROM: usize = 500;

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
        before: Option<Cursor>,
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
        after: Option<Cursor>,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        self.page(incident, limit, after, ">", "ASC")
    }

    /// Those of the newest `among` events of `incident`, retracted ones too, whose stored bytes hold one
    /// of `words`: the others are not taken apart. In no order.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn newest_with(
        &self,
        incident: Uuid,
        among: usize,
        words: &[&str],
    ) -> Result<Vec<Record<Event>>, StoreError> {
        let condition = "s.no IN(SELECT no FROM subject WHERE incident=?1 AND at NOT NULL ORDER BY at DESC LIMIT ?2)";
        let holds = |body: &str| words.iter().any(|word| body.contains(word));
        self.steady(|| self.pieces_where(condition, &[incident.as_bytes(), &bound(among)], holds))
            .map(events)
    }

    /// At most `limit` unfiled events that stand, the newest first; only those that occurred at
    /// `since` or later, where it is given.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn unfiled(
        &self,
        since: Option<UtcTime>,
        limit: usize,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        let since = since.map_or(i64::MIN, |at| at.timestamp_micros());
        self.steady(|| {
            self.pieces(
                "s.incident IS NULL AND s.at>=?1 AND s.flags&2=0 ORDER BY s.at DESC,f.recorded DESC,f.origin DESC,f.seq DESC LIMIT ?2",
                &[&since, &bound(limit)],
            )
        })
        .map(events)
    }

    /// The stretch of at least `least` without an event of `incident` (none: of the unfiled ones) that
    /// ends next after `from`, or, not `forward`, next before it; when the events around it occurred.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn gap(
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
        ask().about(self.path)
    }

    fn page(
        &self,
        incident: Option<Uuid>,
        limit: usize,
        edge: Option<Cursor>,
        side: &str,
        way: &str,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        let incident = incident.map(Uuid::into_bytes);
        let order = format!("ORDER BY s.at {way},f.recorded {way},f.origin {way},f.seq {way}");
        let limit = bound(limit);
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
        self.steady(|| self.pieces(&condition, &params)).map(events)
    }

    /// The events of all incidents, and the unfiled ones, on which a story turns (a state, a severity,
    /// a commander, a beginning or an end), each with its incident; in no order. Retracted ones are
    /// left out.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn milestones(&self) -> Result<Vec<Placed>, StoreError> {
        let pieces = self.steady(|| {
            self.pieces(
                "s.flags&1 AND s.flags&2=0 AND s.at IS NOT NULL AND s.sort=1",
                &[],
            )
        })?;
        Ok(pieces
            .into_iter()
            .filter_map(|piece| {
                let incident = piece.0.incident;
                Some((incident, events(vec![piece]).pop()?))
            })
            .collect())
    }

    /// Tags in use in `incident` (none: in unfiled events), those of its newest events, the most used
    /// first. For completion.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn tags(&self, incident: Option<Uuid>) -> Result<Vec<String>, StoreError> {
        let newest = self.newest_events(incident, NAMES_FROM, None)?;
        Ok(by_use(newest.into_iter().flat_map(|e| e.value.tags)))
    }

    /// People who wrote or are named in the newest events of the store, whatever their incident, the
    /// most named first. For completion.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn people(&self) -> Result<Vec<String>, StoreError> {
        let newest = self.steady(|| {
            self.pieces(
                "s.no>(SELECT max(no) FROM subject)-?1 AND s.sort=1 ORDER BY s.no DESC",
                &[&bound(NAMES_FROM)],
            )
        })?;
        Ok(by_use(events(newest).into_iter().flat_map(|e| {
            let Event {
                people, commander, ..
            } = e.value;
            people.into_iter().chain(commander).chain([e.author])
        })))
    }
}

/// The events among `pieces`.
pub(super) fn events(pieces: Vec<SubjectWithHandle>) -> Vec<Record<Event>> {
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

fn by_use(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    counts.into_iter().map(|(name, _)| name).collect()
}
