//! Sentences to read, over the page.

use super::widgets::{draw_lines, draw_rows_out_of_view, titled_rule};
use crate::tui::{
    model::{Model, TextPage},
    text::wrap,
};
use ratatui::{buffer::Buffer, layout::Rect, text::Line};

pub(super) fn draw(model: &Model, page: &TextPage, area: Rect, buf: &mut Buffer) {
    let columns = usize::from(area.width).saturating_sub(4).max(10);
    let mut lines = vec![Line::from(titled_rule(model, &page.title, area.width))];
    for (at, paragraph) in page.paragraphs.iter().enumerate() {
        if at == 0 || !page.is_dense {
            lines.push(Line::default());
        }
        let rows = wrap(paragraph, columns).into_iter();
        lines.extend(rows.map(|row| Line::from(format!("  {row}"))));
    }
    let last = lines.len().saturating_sub(usize::from(area.height));
    let scroll = page.scroll.min(last);
    draw_lines(buf, area, &lines, scroll);
    draw_rows_out_of_view(model, area, lines.len(), area.height.into(), scroll, buf);
}
