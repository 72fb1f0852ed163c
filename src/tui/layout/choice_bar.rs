//! Hit test of a choice bar: words side by side, each with a space on both sides.

use crate::tui::text::width;

/// Returns the index of the word at column `x` of the bar.
#[must_use]
pub fn choice_at(words: &[String], x: u16) -> Option<usize> {
    let mut end = 0;
    words.iter().position(|word| {
        end += width(word) + 2;
        usize::from(x) < end
    })
}
