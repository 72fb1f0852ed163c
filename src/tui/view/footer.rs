//! The last row: the keys that apply now.

use super::widgets::draw_spans;
use crate::tui::{layout::key_bar::key_bar, model::Model, theme::Meaning};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let dim = model.theme.style(Meaning::Dim);
    let accent = model.theme.style(Meaning::Accent);
    let bar = key_bar(model);
    for key in &bar.keys {
        let spans = vec![
            Span::styled(key.key.clone(), accent),
            Span::styled(format!(" {}", key.label), dim),
        ];
        let (from, to) = key.columns;
        draw_spans(buf, area.x + from, area.y, to - from, spans);
    }
    if let Some(x) = bar.rule {
        draw_spans(buf, area.x + x, area.y, 1, vec![Span::styled("│", dim)]);
    }
    if let Some((mark, x)) = bar.page {
        let room = area.width.saturating_sub(x);
        draw_spans(
            buf,
            area.x + x,
            area.y,
            room,
            vec![Span::styled(mark, accent)],
        );
    }
}
