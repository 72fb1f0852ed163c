//! The words searched for in a document.

use std::ops::Range;

/// The words searched for in the document shown, and the place that was gone to last.
#[derive(Clone, Debug, Default)]
pub struct DocumentFind {
    /// Empty without a search.
    pub query: String,
    /// How many places were found when they were last looked for.
    pub count: usize,
    /// Index of the place among those found.
    pub at: usize,
    /// First row in view when the words were begun to be typed.
    pub from: usize,
}

/// A place where the words are: a row and the characters in it; more than one row where they are wrapped.
pub type FoundPlace = Vec<(usize, Range<usize>)>;
