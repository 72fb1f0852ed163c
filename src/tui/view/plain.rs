//! Plain mode: the sentences of [`crate::tui::plain`], a row each.

use super::widgets::draw_spans;
use crate::tui::{model::Model, plain::screen, text::span};
use ratatui::{Frame, layout::Position, style::Style};

pub(super) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let screen = screen(model);
    let buf = frame.buffer_mut();
    for (y, row) in (area.y..area.bottom()).zip(&screen.rows) {
        let spans = vec![span(row, Style::new())];
        draw_spans(buf, area.x, y, area.width, spans);
    }
    let cell = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    let (row, column) = screen.cursor;
    let cursor = Position::new(
        cell(column).min(area.right().saturating_sub(1)),
        cell(row).min(area.bottom().saturating_sub(1)),
    );
    frame.set_cursor_position(cursor);
}
