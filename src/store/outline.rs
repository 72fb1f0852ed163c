//! An incident without the bulk of its events: what a header and a band of states are made from, in a
//! time that does not grow with the incident.

use super::{error::StoreError, read::Reader};
use crate::domain::{incident::Incident, time::from_micros};
use uuid::Uuid;

impl Reader<'_> {
    /// Incident `id` with its fields, prose, services, follow-ups and messages, but of its events only
    /// those on which its story turns: those of a state, a severity, a commander, its beginning and its
    /// end. `None` where the store has no entry of it.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn outline(&self, id: Uuid) -> Result<Option<Incident>, StoreError> {
        self.steady(|| {
            let newest = self.one(
                "SELECT newest FROM incident WHERE id=?1",
                &[id.as_bytes()],
                |row| row.get(0),
            )?;
            let Some(newest) = newest else {
                return Ok(None);
            };
            let mut pieces = self.pieces("s.incident=?1 AND s.flags&1", &[id.as_bytes()])?;
            pieces.extend(self.pieces("s.incident=?1 AND s.at IS NULL", &[id.as_bytes()])?);
            let handle = self.handle_of(id)?;
            Ok(Some(Incident::assemble(
                id,
                handle,
                pieces,
                Vec::new(),
                from_micros(newest),
            )))
        })
    }
}
