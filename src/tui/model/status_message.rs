//! Messages to the user: at the right of the tabs, or above the keys.

use crate::domain::time::UtcTime;

/// The level of a status message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Success,
    Info,
    Error,
}

/// A message: what happened last, or what failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusMessage {
    pub text: String,
    pub level: Level,
    /// When it appeared; it disappears some seconds later.
    pub at: UtcTime,
}
