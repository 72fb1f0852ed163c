//! People as they are typed for a role: spelt as they are known, with a notice where one may be misspelt.

use super::{Result, Session, typed_text::validate_person};
pub use crate::domain::capture::TypedPerson;
use crate::{domain::capture, store::StoreError};

impl Session {
    /// Returns the people who recorded, or are named in, the newest events and follow-ups, and whoever writes
    /// now.
    pub(super) fn known_people(&self) -> Result<Vec<String>, StoreError> {
        let mut people = self.read().people()?;
        people.push(self.write_context.author.clone());
        Ok(people)
    }

    /// Returns the person that `typed` means; `what` says in which role.
    ///
    /// # Errors
    /// It is no name; a store that cannot be read.
    pub fn typed_person(&self, typed: &str, what: &str) -> Result<TypedPerson> {
        let name = validate_person(typed, what)?;
        Ok(capture::typed_person(&name, &self.known_people()?))
    }
}
