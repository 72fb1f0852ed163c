//! The rows of the Incidents tab: incidents, near misses, trends, and what a search found.

use crate::domain::{
    ledger::NearMiss,
    time::UtcTime,
    words::{Severity, State, Word},
};
use std::ops::Range;
use uuid::Uuid;

/// Returns `#7`, or the handle if an incident has no number.
#[must_use]
pub fn short_ref(number: Option<u32>, handle: &str) -> String {
    number.map_or_else(|| handle.to_owned(), |number| format!("#{number}"))
}

/// A fault that a protection absorbed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    pub fault: NearMiss,
    /// The handle of its incident, and its short reference; `None` if unfiled.
    pub incident: Option<(String, String)>,
    /// The zone its times are shown in.
    pub zone: String,
}

/// An incident with its metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendLine {
    pub incident: IncidentListItem,
    /// Each metric: its column header, its value in seconds (`None` if it cannot be computed), and
    /// true if it is still running.
    pub figures: Vec<(&'static str, Option<i64>, bool)>,
    /// The number of open follow-ups, and how many of them are overdue.
    pub open: (usize, usize),
}

/// The incidents of the last twelve months.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trends {
    /// Newest first.
    pub lines: Vec<TrendLine>,
    /// When faults occurred that were absorbed and not defeated later.
    pub absorbed: Vec<UtcTime>,
}

/// A row of the list of incidents. The row of the unassigned events has an empty handle, and the time of the
/// newest of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentListItem {
    pub handle: String,
    pub number: Option<u32>,
    pub title: String,
    pub severity: Option<Word<Severity>>,
    pub open: bool,
    pub state: Option<State>,
    pub declared: Option<UtcTime>,
    pub resolved: Option<UtcTime>,
    pub events: u64,
    pub zone: String,
}

impl IncidentListItem {
    /// Returns `#7`, or the handle if the incident has no number.
    #[must_use]
    pub fn short_ref(&self) -> String {
        short_ref(self.number, &self.handle)
    }
}

/// A hit of a search in all incidents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchResult {
    /// The handle of its incident; `None` if unfiled.
    pub incident: Option<String>,
    pub number: Option<u32>,
    pub id: Option<Uuid>,
    pub at: Option<UtcTime>,
    /// On one line, sanitised.
    pub text: String,
    /// Where the words searched for are in the text, in characters.
    pub found: Vec<Range<usize>>,
}

/// What a search in all incidents found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchResults {
    /// As typed.
    pub query: String,
    /// Newest first.
    pub rows: Vec<SearchResult>,
    /// What was not looked at, if anything.
    pub note: Option<String>,
}
