//! The marks by which templates say what a line of a letter is, before the letter is laid out.
//!
//! They are control characters. Text of users has none: documents replace them.

/// Begins a row, and separates its cells.
pub(super) const CELL: char = '\t';

/// Returns the line of a table with `cells`: a heading (one cell), a time and a text (two), or more.
#[must_use]
pub fn row(cells: &[String]) -> String {
    cells.iter().map(|cell| format!("{CELL}{cell}")).collect()
}

/// Begins a heading.
pub(super) const HEADING: char = '\u{b}';

/// Begins the day of the rows after it.
pub(super) const DAY: char = '\u{c}';

/// Stands on both sides of what is bold in the HTML part.
pub(super) const STRONG: char = '\u{1}';

/// Begins an item of a list, for HTML.
pub(super) const ITEM: char = '\u{2}';

/// Begins a line of a paragraph or item, for HTML.
pub(super) const LINE: char = '\u{3}';

/// Stand around a text with letters of another direction in a line of the HTML part: the isolates of
/// Unicode, which keep it from the text around it.
pub(super) const ISOLATE: char = '\u{2068}';
pub(super) const ISOLATE_END: char = '\u{2069}';

/// Returns the line of a day: a paragraph, and in HTML a row.
#[must_use]
pub fn day(text: &str) -> String {
    format!("{DAY}{text}")
}

/// Returns `text` as what stands out in a line: bold in HTML.
#[must_use]
pub fn strong(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("{STRONG}{text}{STRONG}"),
    }
}

/// Returns the line of a heading.
#[must_use]
pub fn heading(text: &str) -> String {
    format!("{HEADING}{text}")
}
