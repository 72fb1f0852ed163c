//! People as they are typed for a role: spelt as they are known, with a notice where one may be misspelt.

use super::{Result, Session, typed_text::validate_person};
use crate::{
    domain::capture::{canonical_name, misspelt_notice},
    store::StoreError,
};

/// A person who was typed for a role.
pub struct TypedPerson {
    /// The name as it is known, else as it was typed.
    pub name: String,
    /// Says which known person is perhaps meant.
    pub notice: Option<String>,
    pub is_known: bool,
}

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
        let people = self.known_people()?;
        Ok(match canonical_name(&name, &people) {
            Some(name) => TypedPerson {
                name,
                notice: None,
                is_known: true,
            },
            None => TypedPerson {
                notice: misspelt_notice(&name, &people),
                name,
                is_known: false,
            },
        })
    }
}
