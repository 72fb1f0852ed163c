//! The filters of a search, applied to the rows that were found by words, or to all rows.

use super::{
    error::StoreError, read::Reader, search_index::searchable_text, search_options::SearchOptions,
};
use crate::domain::{
    renames::Renames,
    search::{Names, Query},
    value::Value,
};
use std::collections::{HashMap, hash_map::Entry};
use uuid::Uuid;

/// What is known of a row before its entry is decoded.
pub(super) struct RawRow<'r> {
    pub incident: Option<Uuid>,
    /// When the event occurred, or what is no event was recorded; in µs.
    pub at: i64,
    /// Who recorded the subject first.
    pub author: &'r str,
    pub body: &'r str,
}

/// The filters of a query, with what they need of the store.
pub(super) struct SearchFilter<'a> {
    reader: Reader<'a>,
    query: &'a Query,
    options: &'a SearchOptions,
    /// Of each of these sets, one text is in the body of what passes.
    needles: Vec<Vec<String>>,
    /// True if the index was not asked for the words that must not occur.
    checks_words: bool,
    renames: HashMap<Uuid, Renames>,
}

impl<'a> SearchFilter<'a> {
    pub fn new(
        reader: Reader<'a>,
        query: &'a Query,
        options: &'a SearchOptions,
        checks_words: bool,
    ) -> Self {
        let needles = [("kind", &query.kinds), ("state", &query.states)]
            .into_iter()
            .filter(|(_, names)| !names.any.is_empty())
            .map(|(key, names)| {
                let member = |name: &String| format!("\"{key}\":\"{name}\"");
                names.any.iter().map(member).collect()
            })
            .collect();
        Self {
            reader,
            query,
            options,
            needles,
            checks_words,
            renames: HashMap::new(),
        }
    }

    /// A cheap test: false if the entry of the row certainly does not pass.
    pub fn may_pass(&mut self, row: &RawRow<'_>) -> Result<bool, StoreError> {
        let (query, options) = (self.query, self.options);
        let is_in_time = options
            .after
            .is_none_or(|at| row.at >= at.timestamp_micros())
            && options
                .before
                .is_none_or(|at| row.at < at.timestamp_micros());
        let is_excluded = row
            .incident
            .is_some_and(|id| options.without_incidents.contains(&id));
        let has_needles = self
            .needles
            .iter()
            .all(|set| set.iter().any(|needle| row.body.contains(needle.as_str())));
        if !is_in_time || is_excluded || !has_needles {
            return Ok(false);
        }
        let tags = &query.tags.any;
        let mut services = query.services.any.as_slice();
        if !services.is_empty() && self.renames_of(row.incident)?.is_some() {
            services = &[];
        }
        if !tags.is_empty() || !services.is_empty() {
            let body = row.body.to_lowercase();
            if !may_name_one(&body, tags) || !may_name_one(&body, services) {
                return Ok(false);
            }
        }
        if !query.authors.is_empty() {
            let renames = self.renames_of(row.incident)?;
            let author = renames.map_or(row.author, |renames| renames.person(row.author));
            return Ok(query.authors.allow([author].into_iter()));
        }
        Ok(true)
    }

    /// The exact test of what [`SearchFilter::may_pass`] leaves open.
    pub fn passes(&mut self, incident: Option<Uuid>, value: &Value) -> Result<bool, StoreError> {
        let query = self.query;
        if self.checks_words && query.is_excluded(&searchable_text(value)) {
            return Ok(false);
        }
        let renames = match query.services.is_empty() {
            true => None,
            false => self.renames_of(incident)?,
        };
        let event = value.event();
        let service = |name: &'_ String| match renames {
            Some(renames) => renames.service(name).to_owned(),
            None => name.clone(),
        };
        let services: Vec<String> = event
            .into_iter()
            .flat_map(|event| event.services.iter().map(service))
            .collect();
        let state = event.and_then(|event| event.state.as_ref());
        let state = state.map(ToString::to_string);
        let tags = event.into_iter().flat_map(|event| &event.tags);
        let allows = |names: &Names, name: Option<&str>| names.allow(name.into_iter());
        Ok(allows(&query.kinds, event.map(|event| event.kind.as_str()))
            && allows(&query.states, state.as_deref())
            && query.services.allow(services.iter().map(String::as_str))
            && query.tags.allow(tags.map(String::as_str)))
    }

    /// Returns the renamed names of `incident`; `None` if there are none.
    fn renames_of(&mut self, incident: Option<Uuid>) -> Result<Option<&Renames>, StoreError> {
        let Some(id) = incident else {
            return Ok(None);
        };
        let renames = match self.renames.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.reader.renames(incident)?),
        };
        Ok(Some(&*renames).filter(|renames| !renames.is_empty()))
    }
}

/// Returns false if none of `names` is a text of its own in `body`, JSON in lower case; true if there are no
/// names.
fn may_name_one(body: &str, names: &[String]) -> bool {
    // A name that JSON writes in another way is left to the exact test.
    let is_escaped =
        |name: &String| name.contains(|c: char| c.is_control() || matches!(c, '"' | '\\'));
    let mut names_left = names.iter();
    names.is_empty()
        || names_left.any(|name| is_escaped(name) || body.contains(&format!("\"{name}\"")))
}
