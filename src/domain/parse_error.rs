//! Why a typed text is rejected.

use std::ops::Range;

/// Why a line, a time or a search is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    pub message: String,
    /// How to write it correctly.
    pub hint: String,
    /// The bytes of the text that the error is about; empty for a flag or the whole text.
    pub range: Range<usize>,
}

impl ParseError {
    pub(super) fn new(
        message: impl Into<String>,
        hint: impl Into<String>,
        range: Range<usize>,
    ) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
            range,
        }
    }

    /// Moves the range from a text to one that has `before` bytes before it.
    pub(super) fn shifted(mut self, before: usize) -> Self {
        self.range = self.range.start + before..self.range.end + before;
        self
    }
}
