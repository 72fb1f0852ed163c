//! A text to be selected with the mouse.

use super::widgets::{draw_lines, draw_rows_out_of_view, titled_rule};
use crate::tui::{
    layout::uncopied,
    model::{Model, Uncopied},
};
use ratatui::{buffer::Buffer, layout::Rect, text::Line};

pub(super) fn draw(model: &Model, page: &Uncopied, area: Rect, buf: &mut Buffer) {
    let title = Line::from(titled_rule(model, "The text", area.width));
    draw_lines(buf, area, &[title], 0);
    let below = Rect {
        y: area.y.saturating_add(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    let rows: Vec<Line<'_>> = uncopied::rows(model).into_iter().map(Line::from).collect();
    draw_lines(buf, below, &rows, page.scroll);
    draw_rows_out_of_view(
        model,
        area,
        rows.len(),
        below.height.into(),
        page.scroll,
        buf,
    );
}
