//! The input line, or the answer of a prompt, with its cursor.

use super::widgets::draw_spans;
use crate::tui::{
    content::input_text::{PROMPT_COLUMNS, wrap_with_cursor},
    model::{Focus, Model, Overlay},
    text::fit,
    theme::Meaning,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Modifier,
    text::Span,
};

/// Draws the input line and returns the position of the cursor, if the line has the focus.
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
    let prompt_sign = if prompt { " ? " } else { " › " };
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
        vec![Span::styled(prompt_sign, style)],
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
        let placeholder = if model.summary.is_none() {
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
            vec![Span::styled(
                fit(placeholder, columns),
                theme.style(Meaning::Dim),
            )],
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
