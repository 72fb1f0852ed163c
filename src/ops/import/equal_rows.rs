//! Tells apart the rows whose ids were made of equal content.

use crate::domain::hash::Hash;
use std::collections::HashMap;

/// Returns an id for a row whose own id another row has too: of the two together, so that it is the same in the
/// next import, and equal rows are one.
pub(super) fn id_with_hash(id: &str, hash: Option<Hash>) -> String {
    let hash = hash.map(|hash| hash.to_string()).unwrap_or_default();
    let hash: String = hash.chars().take(16).collect();
    format!("{id}/{hash}")
}

/// Counts the rows that are equal to an earlier one. Of rows that have no equal it keeps nothing, so that the
/// memory of an import does not grow with its rows.
#[derive(Debug, Default)]
pub(super) struct EqualRows {
    /// How many rows of an id were met, where they are two or more.
    counts: HashMap<String, u32>,
}

impl EqualRows {
    /// Returns the id of the next row with the id `of_content`, which an earlier row of the import had.
    pub fn next_id(&mut self, of_content: &str) -> String {
        let count = match self.counts.get_mut(of_content) {
            Some(count) => count,
            None => self.counts.entry(of_content.to_owned()).or_insert(1),
        };
        *count += 1;
        format!("{of_content}-{count}")
    }
}
