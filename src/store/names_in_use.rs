//! Queries for the names and tags in use: those of the newest records.

use super::{
    error::StoreError,
    read::{Reader, sql_limit},
};
use crate::domain::{incident::ROLE_FIELDS, subject::Subject, value::Value};
use std::collections::HashMap;
use uuid::Uuid;

/// How many of the newest records are read for the names in use.
const NEWEST: usize = 500;

impl Reader<'_> {
    /// Returns the tags of the newest events of `incident`, most frequent first.
    pub fn tags(&self, incident: Option<Uuid>) -> Result<Vec<String>, StoreError> {
        let newest = self.newest_events(incident, NEWEST, None)?;
        Ok(by_frequency(
            newest.into_iter().flat_map(|record| record.value.tags),
        ))
    }

    /// Returns the people who recorded, are named in or own the newest events and follow-ups of the store, or have a
    /// role, in any incident, most frequent first.
    pub fn people(&self) -> Result<Vec<String>, StoreError> {
        let mut newest = self.in_read_tx(|| {
            self.subjects(
                "s.no>(SELECT max(no) FROM subject)-?1 AND s.sort IN(1,2,4)ORDER BY s.no DESC",
                &[&sql_limit(NEWEST)],
            )
        })?;
        self.rename_in(&mut newest)?;
        let people = newest.into_iter().flat_map(|(current, _)| {
            let author = current.author;
            let (named, recorded) = match (current.value, &current.subject) {
                (Value::Event(event), _) => {
                    let named = event.people.into_iter().chain(event.commander);
                    (named.collect(), Some(author))
                }
                (Value::Task(task), _) => (Vec::from_iter(task.owner), Some(author)),
                (Value::Field(who), Subject::Field(name))
                    if ROLE_FIELDS.contains(&name.as_str()) && !who.text.is_empty() =>
                {
                    (vec![who.text], None)
                }
                _ => (vec![], None),
            };
            named.into_iter().chain(recorded)
        });
        Ok(by_frequency(people))
    }
}

/// Returns each name once, most frequent first, names of the same frequency in alphabetical order.
fn by_frequency(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(a, count_a), (b, count_b)| count_b.cmp(count_a).then_with(|| a.cmp(b)));
    counts.into_iter().map(|(name, _)| name).collect()
}
