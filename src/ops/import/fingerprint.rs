//! Tells whether an input is the one that was previewed.

use super::super::{OpsError, Result};
use crate::import::{Row, RowError};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// A number for the rows of an input: their ids and contents, in their order.
#[derive(Debug, Default)]
pub(super) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    pub fn add(&mut self, row: &std::result::Result<Row, RowError>) {
        match row {
            Ok(row) => (&row.id, row.hash.0).hash(&mut self.0),
            Err(error) => error.to_string().hash(&mut self.0),
        }
    }

    pub fn number(&self) -> u64 {
        self.0.finish()
    }

    /// # Errors
    /// It is not the `expected` one: the input is another now.
    pub fn compare(&self, expected: Option<u64>) -> Result<()> {
        if expected.is_none_or(|expected| expected == self.number()) {
            return Ok(());
        }
        Err(OpsError::failed(
            "the input was changed since its rows were shown; nothing was imported",
        )
        .with_hint("look at its rows again"))
    }
}
