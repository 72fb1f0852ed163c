//! The line, and where its cursor stands.

use super::put;
use crate::tui::{
    model::{Focus, Model, Over},
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
pub(super) const BEFORE: u16 = 3;

/// One character as a person counts, laid out.
struct Cell {
    at: usize,
    shown: String,
    wide: usize,
    space: bool,
    breaks: bool,
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
                at,
                wide: width(&shown),
                space: grapheme == " ",
                shown,
                breaks,
            }
        })
        .collect()
}

/// A text laid out in rows of at most `columns`, cut between words where there are some; with it the
/// row and column where byte `cursor` of it is.
fn layout(text: &str, cursor: usize, columns: usize) -> (Vec<String>, (usize, usize)) {
    let columns = columns.max(2);
    let cells = cells(text, columns);
    // Where each row begins.
    let mut starts = vec![0];
    let (mut used, mut word) = (0, 0);
    for (i, cell) in cells.iter().enumerate() {
        let start = starts.last().copied().unwrap_or(0);
        if cell.breaks {
            starts.push(i + 1);
            (used, word) = (0, i + 1);
            continue;
        }
        // A space may hang over the edge; what follows it may not.
        if used + cell.wide > columns && !cell.space {
            let from = if word > start { word } else { i };
            starts.push(from);
            used = cells[from..i].iter().map(|c| c.wide).sum();
        }
        used += cell.wide;
        if cell.space {
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
            if cell.at == cursor {
                place = (row, x);
            }
            x += cell.wide;
            line.push_str(&cell.shown);
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
    let columns = usize::from(columns.saturating_sub(BEFORE + 1));
    let (rows, _) = layout(text, text.len(), columns);
    u16::try_from(rows.len()).unwrap_or(u16::MAX)
}

/// Draws the line; gives where the cursor stands.
pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = &model.theme;
    let (line, prompt) = match model.over.last() {
        Some(Over::Prompt(prompt)) => (&prompt.line, true),
        _ => (&model.capture.line, false),
    };
    let active = prompt || (model.over.is_empty() && model.focus == Focus::Line);
    let columns = usize::from(area.width.saturating_sub(BEFORE + 1));
    let (rows, (row, column)) = layout(line.text(), line.before().len(), columns);
    let height = usize::from(area.height);
    let skip = (row + 1).saturating_sub(height);
    let sign = if prompt { " ? " } else { " › " };
    let style = if active {
        theme.style(Meaning::Accent).add_modifier(Modifier::BOLD)
    } else {
        theme.style(Meaning::Dim)
    };
    put(buf, area.x, area.y, BEFORE, vec![Span::styled(sign, style)]);
    let text_style = if active {
        theme.style(Meaning::Plain)
    } else {
        theme.style(Meaning::Dim)
    };
    for (y, text) in (area.y..area.bottom()).zip(rows.iter().skip(skip)) {
        put(
            buf,
            area.x + BEFORE,
            y,
            area.width - BEFORE,
            vec![Span::styled(text.clone(), text_style)],
        );
    }
    if line.text().is_empty() && !prompt {
        let ghost = if model.outline.is_none() {
            "what happened?"
        } else if active {
            "what happened?  -5m fault: …  decision: …  ask: … @who 10m"
        } else {
            "i to write"
        };
        put(
            buf,
            area.x + BEFORE,
            area.y,
            area.width - BEFORE,
            vec![Span::styled(fit(ghost, columns), theme.style(Meaning::Dim))],
        );
    }
    active.then(|| {
        let x = area.x + BEFORE + u16::try_from(column).unwrap_or(0);
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
    fn the_cursor_stands_where_it_would_be_drawn() {
        assert_eq!(layout("abc", 1, 10).1, (0, 1));
        assert_eq!(layout("日本", 3, 10).1, (0, 2));
        assert_eq!(layout("a\nb", 3, 10).1, (1, 1));
        assert_eq!(layout("abcd", 4, 4).1, (1, 0));
        assert_eq!(layout("abcdef", 4, 4).1, (1, 0));
        assert_eq!(layout("e\u{301}x", 3, 10).1, (0, 1));
        assert_eq!(layout("", 0, 10), (vec![String::new()], (0, 0)));
    }
}
