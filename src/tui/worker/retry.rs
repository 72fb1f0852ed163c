//! Writes that may be in the store although they seemed to fail, kept so that a retry is the same write.

use crate::{ops::declare, tui::msg::Job};
use uuid::Uuid;

/// How many failed writes are kept for a retry.
const MAX_UNACKNOWLEDGED: usize = 16;

/// A declaration whose outcome may be unknown.
pub(super) struct PendingDeclaration {
    /// The id of the incident.
    pub id: Uuid,
    pub declaration: declare::Declaration,
    /// The line, if it is also logged as an event.
    pub first_event: Option<String>,
}

/// Keeps `pending`, which may be in the store, so that a retry of `job` writes the same.
pub(super) fn keep_for_retry<T>(unacknowledged: &mut Vec<(Job, T)>, job: Job, pending: T) {
    if unacknowledged.len() == MAX_UNACKNOWLEDGED {
        unacknowledged.remove(0);
    }
    unacknowledged.push((job, pending));
}
