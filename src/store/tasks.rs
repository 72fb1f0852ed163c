//! Queries for the follow-up tasks and the saved messages of an incident.

use super::{error::StoreError, read::Reader, timeline::records};
use crate::domain::{
    incident::Record,
    task::Task,
    value::{Message, Value},
};
use uuid::Uuid;

impl Reader<'_> {
    /// Returns the messages of incident `id`, in the order in which they came to this store.
    pub fn messages(&self, id: Uuid) -> Result<Vec<Record<Message>>, StoreError> {
        let subjects = self.in_read_tx(|| {
            self.subjects(
                "s.incident=?1 AND s.at IS NULL AND s.sort=3 ORDER BY s.no",
                &[id.as_bytes()],
            )
        })?;
        Ok(records(subjects, |value| match value {
            Value::Message(message) => Some(*message),
            _ => None,
        }))
    }

    /// Returns the follow-ups of incident `id`, retracted ones too, first recorded first.
    pub fn follow_ups(&self, id: Uuid) -> Result<Vec<Record<Task>>, StoreError> {
        let subjects = self.in_read_tx(|| {
            self.subjects(
                "s.incident=?1 AND s.at IS NULL AND s.sort=2 ORDER BY f.recorded,f.origin,f.seq",
                &[id.as_bytes()],
            )
        })?;
        self.task_records(subjects)
    }
}
