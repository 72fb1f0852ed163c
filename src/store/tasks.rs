//! The follow-ups and the letters of an incident, without its events.

use super::{error::StoreError, read::Reader, timeline::records};
use crate::domain::{
    incident::Record,
    task::Task,
    value::{Message, Value},
};
use uuid::Uuid;

impl Reader<'_> {
    /// The letters of incident `id` as saved, in the order in which they came.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn messages(&self, id: Uuid) -> Result<Vec<Record<Message>>, StoreError> {
        let pieces = self.in_read_tx(|| {
            self.subjects(
                "s.incident=?1 AND s.at IS NULL AND s.sort=3 ORDER BY s.no",
                &[id.as_bytes()],
            )
        })?;
        Ok(records(pieces, |value| match value {
            Value::Message(message) => Some(*message),
            _ => None,
        }))
    }

    /// The follow-ups of incident `id`, those retracted too, oldest first.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn follow_ups(&self, id: Uuid) -> Result<Vec<Record<Task>>, StoreError> {
        let pieces = self.in_read_tx(|| {
            self.subjects(
                "s.incident=?1 AND s.at IS NULL AND s.sort=2 ORDER BY f.recorded,f.origin,f.seq",
                &[id.as_bytes()],
            )
        })?;
        Ok(records(pieces, |value| match value {
            Value::Task(task) => Some(*task),
            _ => None,
        }))
    }
}
