//! What a person decided about single rows of an input.

use crate::domain::words::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// The decisions about single rows. A row is known by its index: how many rows, good and bad, the reader gave
/// before it. They hold for the input that was previewed, see
/// [`ImportOptions::expected`](super::ImportOptions::expected).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowChoices {
    /// Rows that are left out.
    pub not_taken: BTreeSet<usize>,
    /// Rows that become events of these kinds, also where their action would leave them out.
    pub kinds: BTreeMap<usize, Kind>,
    /// All rows from this index on are left out.
    pub not_taken_from: Option<usize>,
}

/// What was decided about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice<'c> {
    /// Nothing: the rules for its action decide.
    AsRuled,
    NotTaken,
    Kind(&'c Kind),
}

impl RowChoices {
    /// Returns what was decided about the row with this index.
    pub(super) fn of(&self, index: usize) -> Choice<'_> {
        let is_after = self.not_taken_from.is_some_and(|from| index >= from);
        if is_after || self.not_taken.contains(&index) {
            return Choice::NotTaken;
        }
        self.kinds.get(&index).map_or(Choice::AsRuled, Choice::Kind)
    }
}
