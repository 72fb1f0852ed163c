//! A table of PagerDuty's incidents: one row has when an incident was triggered, first acknowledged and resolved.

use super::{
    super::{
        row::{Place, SourceTime},
        time::parse_time,
    },
    fields::{Columns, Field, normalized},
    record::Record,
};
use crate::domain::hash::Hash;
use chrono::TimeDelta;

/// The columns of such a table; there are none in other tables.
#[derive(Debug, Default)]
pub(super) struct IncidentColumns {
    found: Option<Found>,
}

#[derive(Debug)]
struct Found {
    id: usize,
    text: Option<usize>,
    created: usize,
    resolved: usize,
    resolved_by: Option<usize>,
    automatic: Option<usize>,
    acknowledged_after: Option<usize>,
    acknowledged_by: Option<usize>,
}

impl IncidentColumns {
    /// Finds them by the names that PagerDuty gives them, of its reports and of its analytics.
    pub fn find(headers: &[&str]) -> Self {
        let names: Vec<String> = headers.iter().map(|header| normalized(header).0).collect();
        let at = |wanted: &[&str]| {
            let mut wanted = wanted.iter();
            wanted.find_map(|wanted| names.iter().position(|name| name == wanted))
        };
        let number = at(&["incidentnumber"]);
        let times = (
            at(&["createdon", "createdat"]),
            at(&["resolvedon", "resolvedat"]),
        );
        let (Some(number), (Some(created), Some(resolved))) = (number, times) else {
            return Self::default();
        };
        let found = Found {
            id: at(&["id", "incidentid"]).unwrap_or(number),
            text: at(&["title", "description", "summary"]),
            created,
            resolved,
            resolved_by: at(&["resolvedbyusername", "resolvedbyusernames", "resolvedby"]),
            automatic: at(&["autoresolved"]),
            acknowledged_after: at(&["secondstofirstack", "secondstofirstacknowledge"]),
            acknowledged_by: at(&["acknowledgedbyusernames", "acknowledgedbyusername"]),
        };
        Self { found: Some(found) }
    }

    /// Returns the indexes of the columns that are read.
    pub fn indexes(&self) -> Vec<usize> {
        let Some(found) = &self.found else {
            return Vec::new();
        };
        let others = [
            found.text,
            found.resolved_by,
            found.automatic,
            found.acknowledged_after,
            found.acknowledged_by,
        ];
        [found.id, found.created, found.resolved]
            .into_iter()
            .chain(others.into_iter().flatten())
            .collect()
    }

    /// Returns a row's record as a trigger, and the records of what became of the incident.
    pub fn records(
        &self,
        mut record: Record,
        place: &Place,
        columns: &Columns,
        cell: impl Fn(usize) -> String,
    ) -> (Record, Vec<Record>) {
        let Some(found) = &self.found else {
            return (record, Vec::new());
        };
        record.set_if_empty(Field::Event, "trigger");
        let cell_of = |index: Option<usize>| index.map_or(String::new(), &cell);
        let (id, title) = (cell(found.id), cell_of(found.text));
        let later = |event: &str, time: String, author: String, text: String| {
            let values = [
                (Field::Time, time),
                (Field::Author, author),
                (Field::Text, text),
                (Field::Event, event.to_owned()),
                (Field::Id, format!("{id}/{event}")),
            ];
            let content: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
            let hash = Hash::digest(content.join("\0").as_bytes());
            let values = values.into_iter().filter(|(_, value)| !value.is_empty());
            Record::of_values(place.clone(), values.collect(), columns, hash)
        };
        let mut records = Vec::new();
        let seconds = cell_of(found.acknowledged_after);
        if let Some(time) = time_after(&cell(found.created), &seconds) {
            let by = cell_of(found.acknowledged_by);
            // Of several people it does not say who was the first.
            let (author, names) = match by.contains([',', ';', '|']) {
                true => (String::new(), format!(" (by {by})")),
                false => (by, String::new()),
            };
            let text = format!("Acknowledged{names}: {title}");
            records.push(later("acknowledge", time, author, text));
        }
        let resolved = cell(found.resolved);
        if !resolved.trim().is_empty() {
            let is_automatic = ["true", "1", "yes"]
                .contains(&cell_of(found.automatic).trim().to_lowercase().as_str());
            let verb = if is_automatic {
                "Resolved automatically"
            } else {
                "Resolved"
            };
            let author = cell_of(found.resolved_by);
            records.push(later(
                "resolve",
                resolved,
                author,
                format!("{verb}: {title}"),
            ));
        }
        (record, records)
    }
}

/// Returns the time so many seconds after `time`, written as it can be read again.
fn time_after(time: &str, seconds: &str) -> Option<String> {
    let seconds: i64 = seconds.trim().split('.').next()?.parse().ok()?;
    // Longer than a year is no time of an incident.
    if !(0..=31_536_000).contains(&seconds) {
        return None;
    }
    let seconds = TimeDelta::seconds(seconds);
    match parse_time(time)? {
        SourceTime::Exact(at) => Some(at.checked_add_signed(seconds)?.to_rfc3339()),
        SourceTime::Local(at) => {
            let at = at.checked_add_signed(seconds)?;
            Some(at.format("%Y-%m-%dT%H:%M:%S%.f").to_string())
        }
        _ => None,
    }
}
