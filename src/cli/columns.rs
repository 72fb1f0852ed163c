//! Text in two columns.

use std::fmt::Write as _;

/// Formats rows of a name and what it is, in two columns.
pub(super) fn rows(rows: impl Iterator<Item = (String, String)>) -> String {
    let rows: Vec<(String, String)> = rows.collect();
    let width = rows.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for (name, what) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:<width$}  {what}");
    }
    text
}
