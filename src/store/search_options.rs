//! What a search covers, besides what is typed.

use crate::domain::time::UtcTime;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    /// Also finds superseded and retracted versions.
    pub include_inactive: bool,
    /// Only what this incident shows; `None` for all incidents and unfiled entries.
    pub incident: Option<Uuid>,
    /// Nothing of what these incidents show.
    pub without_incidents: Vec<Uuid>,
    /// Only what occurred at this time or later. What is no event counts by when it was recorded.
    pub after: Option<UtcTime>,
    /// Only what occurred before this time.
    pub before: Option<UtcTime>,
    pub limit: usize,
    /// How many entries with the words are looked at, the newest first: filters take time for each.
    pub max_scanned: usize,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            include_inactive: false,
            incident: None,
            without_incidents: Vec::new(),
            after: None,
            before: None,
            limit: 50,
            max_scanned: usize::MAX,
        }
    }
}
