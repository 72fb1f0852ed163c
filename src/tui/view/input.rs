//! The line, and where its cursor stands.

use super::draw_spans;
use crate::tui::{
    model::{Focus, Model, Overlay},
    text::{fit, width},
    theme::Meaning,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Modifier,
    text::Span,
};
use unicode_segmentation::UnicodeSegmentation as _;

/// Columns before the text.
pub(super) const PROMPT_COLUMNS: u16 = 3;

/// One character as a person counts, laid out.
struct Cell {
    byte_offset: usize,
    text: String,
    wide: usize,
    is_space: bool,
    is_break: bool,
}

fn cells(text: &str, columns: usize) -> Vec<Cell> {
    text.grapheme_indices(true)
        .map(|(at, grapheme)| {
            let breaks = grapheme == "\n";
            let shown = if breaks {
                String::new()
            } else {
                fit(grapheme, columns)
            };
            Cell {
                byte_offset: at,
                wide: width(&shown),
                is_space: grapheme == " ",
                text: shown,
                is_break: breaks,
            }
        })
        .collect()
}

/// A text laid out in rows of at most `columns`, cut between words where there are some; with it the
/// row and column where byte `cursor` of it is.
fn wrap_with_cursor(text: &str, cursor: usize, columns: usize) -> (Vec<String>, (usize, usize)) {
    let columns = columns.max(2);
    let cells = cells(text, columns);
    // Where each row begins.
    let mut starts = vec![0];
    let (mut used, mut word) = (0, 0);
    for (i, cell) in cells.iter().enumerate() {
        let start = starts.last().copied().unwrap_or(0);
        if cell.is_break {
            starts.push(i + 1);
            (used, word) = (0, i + 1);
            continue;
        }
        // A space may hang over the edge; what follows it may not.
        if used + cell.wide > columns && !cell.is_space {
            let from = if word > start { word } else { i };
            starts.push(from);
            used = cells[from..i].iter().map(|c| c.wide).sum();
        }
        used += cell.wide;
        if cell.is_space {
            word = i + 1;
        }
    }
    let mut place = (0, 0);
    let mut rows = Vec::with_capacity(starts.len());
    for (row, &start) in starts.iter().enumerate() {
        let end = starts.get(row + 1).copied().unwrap_or(cells.len());
        let mut line = String::new();
        let mut x = 0;
        for cell in &cells[start..end] {
            if cell.byte_offset == cursor {
                place = (row, x);
            }
            x += cell.wide;
            line.push_str(&cell.text);
        }
        if cursor >= text.len() && row + 1 == starts.len() {
            place = (row, x);
        }
        rows.push(line);
    }
    if place.1 >= columns {
        place = (place.0 + 1, 0);
        if place.0 == rows.len() {
            rows.push(String::new());
        }
    }
    (rows, place)
}

/// How many rows `text` takes on a screen of `columns`.
#[must_use]
pub fn rows(text: &str, columns: u16) -> u16 {
    let columns = usize::from(columns.saturating_sub(PROMPT_COLUMNS + 1));
    let (rows, _) = wrap_with_cursor(text, text.len(), columns);
    u16::try_from(rows.len()).unwrap_or(u16::MAX)
}

/// Draws the line; gives where the cursor stands.
pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = &model.theme;
    let (line, prompt) = match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => (&prompt.line, true),
        _ => (&model.capture.line, false),
    };
    let active = prompt || (model.overlays.is_empty() && model.focus == Focus::Line);
    let columns = usize::from(area.width.saturating_sub(PROMPT_COLUMNS + 1));
    let (rows, (row, column)) = wrap_with_cursor(line.text(), line.before_cursor().len(), columns);
    let height = usize::from(area.height);
    let skip = (row + 1).saturating_sub(height);
    let sign = if prompt { " ? " } else { " › " };
    let style = if active {
        theme.style(Meaning::Accent).add_modifier(Modifier::BOLD)
    } else {
        theme.style(Meaning::Dim)
    };
    draw_spans(
        buf,
        area.x,
        area.y,
        PROMPT_COLUMNS,
        vec![Span::styled(sign, style)],
    );
    let text_style = if active {
        theme.style(Meaning::Plain)
    } else {
        theme.style(Meaning::Dim)
    };
    for (y, text) in (area.y..area.bottom()).zip(rows.iter().skip(skip)) {
        draw_spans(
            buf,
            area.x + PROMPT_COLUMNS,
            y,
            area.width - PROMPT_COLUMNS,
            vec![Span::styled(text.clone(), text_style)],
        );
    }
    if line.text().is_empty() && !prompt {
        let ghost = if model.summary.is_none() {
            "what happened?"
        } else if active {
            "what happened?  -5m fault: …  decision: …  ask: … @who 10m"
        } else {
            "i to write"
        };
        draw_spans(
            buf,
            area.x + PROMPT_COLUMNS,
            area.y,
            area.width - PROMPT_COLUMNS,
            vec![Span::styled(fit(ghost, columns), theme.style(Meaning::Dim))],
        );
    }
    active.then(|| {
        let x = area.x + PROMPT_COLUMNS + u16::try_from(column).unwrap_or(0);
        let y = area.y + u16::try_from(row - skip.min(row)).unwrap_or(0);
        Position::new(
            x.min(area.right().saturating_sub(1)),
            y.min(area.bottom().saturating_sub(1)),
        )
    })
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
