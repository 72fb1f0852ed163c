//! Why a capture line is rejected.

use crate::domain::{sanitize, when::WhenError};
use std::{fmt, ops::Range};

/// Why a capture line is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CaptureError {
    pub message: String,
    /// How to write it correctly.
    pub hint: String,
    /// The bytes of the line that the error is about; empty for a flag or the whole line.
    pub range: Range<usize>,
}

impl CaptureError {
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

    pub(super) fn for_flag(
        name: &str,
        message: impl fmt::Display,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(format!("--{name}: {message}"), hint, 0..0)
    }

    pub(super) fn from_when_error(error: WhenError, shift: usize) -> Self {
        let range = error.range.start + shift..error.range.end + shift;
        Self::new(error.message, error.hint, range)
    }
}

/// Shortens and sanitises `text` for a message.
pub(super) fn excerpt(text: &str) -> String {
    let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
    let dots = if end < text.len() { "…" } else { "" };
    format!("{}{dots}", sanitize::line(&text[..end]))
}
