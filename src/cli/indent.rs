//! Texts of several lines in the columns of a list.

use super::out::terminal_width;
use crate::domain::sanitize;
use anstyle::Style;

/// The width of the last line of `text`.
pub(super) fn last_line_width(text: &str) -> usize {
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    unicode_width::UnicodeWidthStr::width(&*sanitize::line(last))
}

/// Sanitises `text` and, on a terminal, wraps it; all lines but the first are indented by `margin` columns.
pub(super) fn hanging_indent(text: &str, style: Style, margin: usize) -> String {
    let text = sanitize::block(text);
    match terminal_width() {
        Some(columns) => {
            let width = columns.saturating_sub(margin).max(20);
            let lines = textwrap::wrap(text.trim_end(), width);
            indented(lines.iter().map(AsRef::as_ref), style, margin)
        }
        None => indented(text.trim_end().lines(), style, margin),
    }
}

/// Joins lines that are safe to print, with all but the first indented by `margin` columns: no line of a text
/// looks like a row of its own.
pub(super) fn indented<'l>(
    lines: impl Iterator<Item = &'l str>,
    style: Style,
    margin: usize,
) -> String {
    let mut joined = String::new();
    for (number, line) in lines.enumerate() {
        if number > 0 {
            joined.push('\n');
        }
        if !line.is_empty() {
            let margin = if number > 0 { margin } else { 0 };
            joined.push_str(&format!("{:margin$}{style}{line}{style:#}", ""));
        }
    }
    joined
}
