//! Counts with their nouns: `1 entry`, `2 entries`.

use std::fmt::Display;

/// Returns `count` with its noun, which may have a verb behind it.
#[must_use]
pub fn counted(count: impl Display, one: &str, many: &str) -> String {
    let count = count.to_string();
    let noun = if count == "1" { one } else { many };
    format!("{count} {noun}")
}

/// Returns the word that goes with `count`, without the number.
#[must_use]
pub fn plural<'w>(count: usize, one: &'w str, many: &'w str) -> &'w str {
    if count == 1 { one } else { many }
}
