//! Errors of a line, in its words.

use crate::domain::{parse_error::ParseError, sanitize};
use std::fmt;

/// Creates the error of the value of a flag.
pub(super) fn flag_error(
    name: &str,
    message: impl fmt::Display,
    hint: impl Into<String>,
) -> ParseError {
    ParseError::new(format!("--{name}: {message}"), hint, 0..0)
}

/// Shortens and sanitises `text` for a message.
pub(super) fn excerpt(text: &str) -> String {
    let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
    let dots = if end < text.len() { "…" } else { "" };
    format!("{}{dots}", sanitize::line(&text[..end]))
}
