//! The input zone (no time zone): badge, text with its cursor, and the rows below.

use super::widgets::draw_spans;
use crate::tui::{
    content::zone::{text_column, zone_head, zone_rows},
    layout::{hidden_check_rows, zone_text::zone_text},
    model::{Focus, Model, ROW_BREAK},
    text::{fit, width},
    theme::Meaning,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Modifier,
    text::Span,
};

/// Columns before the rows below the text.
const INDENT: u16 = 3;

/// Draws the zone and returns the position of the cursor, if text is typed in it.
pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = &model.theme;
    let head = zone_head(model);
    let badge_style = theme
        .style(head.meaning)
        .add_modifier(Modifier::REVERSED | Modifier::BOLD);
    let badge_columns = u16::try_from(width(head.badge) + 2).unwrap_or(0);
    draw_spans(
        buf,
        area.x,
        area.y,
        area.width,
        vec![Span::styled(format!(" {} ", head.badge), badge_style)],
    );
    let after_badge = area.width.saturating_sub(badge_columns + 1);
    let label = fit(&head.label, usize::from(after_badge));
    draw_spans(
        buf,
        area.x + badge_columns + 1,
        area.y,
        after_badge,
        vec![Span::styled(label, theme.style(Meaning::Strong))],
    );
    let text = zone_text(model);
    let column = u16::try_from(text_column(model))
        .unwrap_or(0)
        .min(area.width);
    let mut rows = 1;
    let mut cursor = None;
    if let Some(text) = text {
        for (y, row) in (area.y..area.bottom()).zip(&text.rows) {
            let room = area.width.saturating_sub(column);
            draw_spans(buf, area.x + column, y, room, vec![Span::raw(row.clone())]);
        }
        rows = text.rows.len();
        let (row, at) = text.cursor;
        cursor = Some(Position::new(
            (area.x + column + u16::try_from(at).unwrap_or(0)).min(area.right().saturating_sub(1)),
            (area.y + u16::try_from(row).unwrap_or(0)).min(area.bottom().saturating_sub(1)),
        ));
        draw_placeholder(
            model,
            Rect {
                x: area.x + column,
                width: area.width.saturating_sub(column),
                ..area
            },
            buf,
        );
    } else if model.overlays.is_empty() {
        draw_kept_line(model, area, column, buf);
    }
    let hint = match hidden_check_rows(model) {
        0 => head.hint.as_str(),
        _ => "Enter shows the rest",
    };
    draw_hint(model, hint, area, buf);
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height);
    let below = Rect {
        x: area.x + INDENT,
        y: area.y + rows,
        width: area.width.saturating_sub(INDENT + 1),
        height: area.height - rows,
    };
    let lines = zone_rows(model, below.width.into(), below.height.into());
    // What does not fit is not cut without a sign; a row that ends in one says it already.
    let last_shown = usize::from(below.height)
        .checked_sub(1)
        .and_then(|at| lines.get(at)?.last());
    let ends_in_sign = last_shown.is_some_and(|span| span.content.ends_with('…'));
    if lines.len() > usize::from(below.height) && below.height > 0 && !ends_in_sign {
        let sign = Span::styled("…", theme.style(Meaning::Warning));
        draw_spans(buf, below.right(), below.bottom() - 1, 1, vec![sign]);
    }
    for (y, spans) in (below.y..below.bottom()).zip(lines) {
        draw_spans(buf, below.x, y, below.width, spans);
    }
    cursor
}

/// What can be typed, while nothing is.
fn draw_placeholder(model: &Model, area: Rect, buf: &mut Buffer) {
    let is_line = model.overlays.is_empty() && model.focus == Focus::Line;
    if !is_line || !model.capture.line.text().is_empty() {
        return;
    }
    let text = if model.summary.is_none() {
        "what happened?"
    } else {
        "what happened?   10:05 fault: …   decision: … why: …   ask: … @who 10m   paste works"
    };
    let text = fit(text, area.width.into());
    let dim = model.theme.style(Meaning::Dim);
    draw_spans(
        buf,
        area.x,
        area.y,
        area.width,
        vec![Span::styled(text, dim)],
    );
}

/// In the list, the line that waits.
fn draw_kept_line(model: &Model, area: Rect, column: u16, buf: &mut Buffer) {
    let line = model.capture.line.text();
    if line.trim().is_empty() {
        return;
    }
    let line = line.replace([ROW_BREAK, '\n'], " ↵ ");
    let room = area.width.saturating_sub(column + 3);
    let text = fit(&format!("your line is kept: {line}"), room.into());
    let dim = model.theme.style(Meaning::Dim);
    draw_spans(
        buf,
        area.x + column + 3,
        area.y,
        room,
        vec![Span::styled(text, dim)],
    );
}

/// What Enter does next, at the right of the first row, where the text leaves room for it.
fn draw_hint(model: &Model, hint: &str, area: Rect, buf: &mut Buffer) {
    if hint.is_empty() {
        return;
    }
    let columns = u16::try_from(width(hint)).unwrap_or(0);
    let x = area.right().saturating_sub(columns + 1);
    let is_free = (x.saturating_sub(2)..area.right()).all(|x| {
        buf.cell((x, area.y))
            .is_some_and(|cell| cell.symbol() == " ")
    });
    if is_free {
        let style = model.theme.style(Meaning::Warning);
        draw_spans(
            buf,
            x,
            area.y,
            columns,
            vec![Span::styled(hint.to_owned(), style)],
        );
    }
}
