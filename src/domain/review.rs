//! The status of a postmortem: who reviewed it, and what was recorded since.

use super::time::UtcTime;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DocumentStatus {
    #[default]
    Draft,
    Reviewed(Approval),
    Final(Approval),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub by: String,
    pub at: UtcTime,
    /// The number of records later than those that were reviewed.
    pub changed_since: u64,
}
