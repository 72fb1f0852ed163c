//! White space in texts.

/// Returns the words of `text` on one line, with one space between them.
#[must_use]
pub fn fold_white_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
