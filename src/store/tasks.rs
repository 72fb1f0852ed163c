//! The follow-ups and the letters of an incident, without its events.

use super::{error::StoreError, read::Reader};
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
        let pieces = self.steady(|| {
            self.pieces(
                "s.incident=?1 AND s.at IS NULL AND s.sort=3 ORDER BY s.no",
                &[id.as_bytes()],
            )
        })?;
        Ok(pieces
            .into_iter()
            .filter_map(|(mut current, handle)| {
                match std::mem::replace(&mut current.value, Value::Gone) {
                    Value::Message(message) => Record::new(&current, handle, *message),
                    _ => None,
                }
            })
            .collect())
    }

    /// The follow-ups of incident `id`, those taken back too, in the order in which they came.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn follow_ups(&self, id: Uuid) -> Result<Vec<Record<Task>>, StoreError> {
        let pieces = self.steady(|| {
            self.pieces(
                "s.incident=?1 AND s.at IS NULL AND s.sort=2 ORDER BY s.no",
                &[id.as_bytes()],
            )
        })?;
        Ok(pieces
            .into_iter()
            .filter_map(|(mut current, handle)| {
                match std::mem::replace(&mut current.value, Value::Gone) {
                    Value::Task(task) => Record::new(&current, handle, *task),
                    _ => None,
                }
            })
            .collect())
    }
}
