//! The text of the input line in rows, with the position of its cursor.

use crate::tui::{
    model::ROW_BREAK,
    text::{fit, width},
};
use unicode_segmentation::UnicodeSegmentation as _;

/// A grapheme with its width.
struct Cell {
    byte_offset: usize,
    text: String,
    columns: usize,
    is_space: bool,
    is_break: bool,
}

fn cells(text: &str, columns: usize) -> Vec<Cell> {
    text.grapheme_indices(true)
        .map(|(at, grapheme)| {
            let is_break = grapheme == "\n" || grapheme.starts_with(ROW_BREAK);
            let shown = if is_break {
                String::new()
            } else {
                fit(grapheme, columns)
            };
            Cell {
                byte_offset: at,
                columns: width(&shown),
                is_space: grapheme == " ",
                text: shown,
                is_break,
            }
        })
        .collect()
}

/// Wraps `text` to rows of at most `columns`, between words if possible. Also returns the row and
/// column of byte `cursor`.
#[must_use]
pub fn wrap_with_cursor(
    text: &str,
    cursor: usize,
    columns: usize,
) -> (Vec<String>, (usize, usize)) {
    let columns = columns.max(2);
    let cells = cells(text, columns);
    // The index of the first cell of each row.
    let mut starts = vec![0];
    let (mut used, mut word) = (0, 0);
    for (i, cell) in cells.iter().enumerate() {
        let start = starts.last().copied().unwrap_or(0);
        if cell.is_break {
            starts.push(i + 1);
            (used, word) = (0, i + 1);
            continue;
        }
        // Trailing spaces may exceed the width; the word after them may not.
        if used + cell.columns > columns && !cell.is_space {
            let from = if word > start { word } else { i };
            starts.push(from);
            used = cells[from..i].iter().map(|cell| cell.columns).sum();
        }
        used += cell.columns;
        if cell.is_space {
            word = i + 1;
        }
    }
    let mut position = (0, 0);
    let mut rows = Vec::with_capacity(starts.len());
    for (row, &start) in starts.iter().enumerate() {
        let end = starts.get(row + 1).copied().unwrap_or(cells.len());
        let mut line = String::new();
        let mut x = 0;
        for cell in &cells[start..end] {
            if cell.byte_offset == cursor {
                position = (row, x);
            }
            x += cell.columns;
            line.push_str(&cell.text);
        }
        if cursor >= text.len() && row + 1 == starts.len() {
            position = (row, x);
        }
        rows.push(line);
    }
    if position.1 >= columns {
        position = (position.0 + 1, 0);
        if position.0 == rows.len() {
            rows.push(String::new());
        }
    }
    (rows, position)
}

/// Returns the byte of `text`, wrapped to `columns`, at column `column` of row `row`.
#[must_use]
pub fn byte_at_column(text: &str, columns: usize, row: usize, column: usize) -> usize {
    let boundaries = text.grapheme_indices(true).map(|(at, _)| at);
    let boundaries: Vec<usize> = boundaries.chain([text.len()]).collect();
    let is_before = |at: &usize| wrap_with_cursor(text, *at, columns).1 <= (row, column);
    let after = boundaries.partition_point(is_before);
    boundaries[after.saturating_sub(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_layout_returns_cursor_position() {
        assert_eq!(wrap_with_cursor("abc", 1, 10).1, (0, 1));
        assert_eq!(wrap_with_cursor("日本", 3, 10).1, (0, 2));
        assert_eq!(wrap_with_cursor("a\nb", 3, 10).1, (1, 1));
        assert_eq!(wrap_with_cursor("abcd", 4, 4).1, (1, 0));
        assert_eq!(wrap_with_cursor("abcdef", 4, 4).1, (1, 0));
        assert_eq!(wrap_with_cursor("e\u{301}x", 3, 10).1, (0, 1));
        assert_eq!(wrap_with_cursor("", 0, 10), (vec![String::new()], (0, 0)));
    }
}
