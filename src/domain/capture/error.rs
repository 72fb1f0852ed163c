//! Why a line is rejected.

use crate::domain::{sanitize, when::WhenError};
use std::{fmt, ops::Range};

/// Why a line cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CaptureError {
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: String,
    /// Which bytes of the line it is about; empty where it is about a flag or the whole.
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

    /// An error about the flag `--name`.
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

/// A piece of somebody's text, short and safe enough for a message.
pub(super) fn excerpt(text: &str) -> String {
    let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
    let dots = if end < text.len() { "…" } else { "" };
    format!("{}{dots}", sanitize::line(&text[..end]))
}
