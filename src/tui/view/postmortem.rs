//! The postmortem tab.

use super::widgets::{draw_document, draw_hint};
use crate::tui::{content::postmortem::rendered, model::Model};
use ratatui::{buffer::Buffer, layout::Rect};

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    if model.postmortem.text.is_none() {
        if model.summary.is_none() && model.first_load_done {
            draw_hint(
                model,
                area,
                buf,
                &[("", "There is no incident to write about yet.")],
            );
        }
        return;
    }
    let inner = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(4),
        ..area
    };
    draw_document(
        model,
        buf,
        inner,
        &rendered(model).lines,
        model.postmortem.scroll,
    );
}
