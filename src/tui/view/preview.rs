//! The rows under the input line: preview, status message, prompt.

use super::widgets::draw_spans;
use crate::tui::{
    content::{input_text::PROMPT_COLUMNS, preview::preview_rows},
    model::Model,
};
use ratatui::{buffer::Buffer, layout::Rect};

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let rows = preview_rows(model, area.width);
    for (y, spans) in (area.y..area.bottom()).zip(rows) {
        draw_spans(
            buf,
            area.x + PROMPT_COLUMNS,
            y,
            area.width - PROMPT_COLUMNS,
            spans,
        );
    }
}
