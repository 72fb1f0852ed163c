//! Reads whole inputs in the tests of readers.
#![allow(clippy::unwrap_used)]

use super::{
    files::Files,
    format::{Format, ReadOptions},
    row::{Row, RowError},
};
use std::io::Cursor;

impl Format {
    /// Returns all rows of `bytes`, read without options. The input must be one that can be opened.
    pub(super) fn read_all(&self, bytes: &[u8]) -> Vec<Result<Row, RowError>> {
        self.read_with(bytes, &ReadOptions::default()).unwrap()
    }

    /// Returns all rows of `bytes`.
    ///
    /// # Errors
    /// The input cannot be opened.
    pub(super) fn read_with(
        &self,
        bytes: &[u8],
        options: &ReadOptions,
    ) -> Result<Vec<Result<Row, RowError>>, RowError> {
        let files = Files::once(Box::new(Cursor::new(bytes.to_vec())));
        Ok((self.open)(files, options)?.rows.collect())
    }
}
