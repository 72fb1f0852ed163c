//! In which incident an undo or a redo looks for an act.

use super::super::{Result, Session};
use uuid::Uuid;

/// Where the act is that is undone or redone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within<'a> {
    /// In the incident named, else wherever it is, as long as not several incidents are open.
    Named(Option<&'a str>),
    /// Wherever it is: the user sees where before it is done.
    Anywhere,
}

impl Within<'_> {
    /// Returns the incident whose acts count; `None` for all.
    ///
    /// # Errors
    /// None is named and several are open, as for every other write.
    pub(super) fn incident(self, session: &Session) -> Result<Option<Uuid>> {
        let Self::Named(given) = self else {
            return Ok(None);
        };
        let given = given.or(session.default_incident.as_deref());
        let named = given
            .map(|given| session.resolve_for_read(Some(given)))
            .transpose()?;
        if named.is_none() {
            session.resolve_for_write(None)?;
        }
        Ok(named.map(|row| row.id))
    }
}
