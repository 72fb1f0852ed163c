//! The postmortem, live.

use super::{hint, lines, markdown};
use crate::tui::model::Model;
use ratatui::{buffer::Buffer, layout::Rect};

/// How many rows it takes on this screen.
#[must_use]
pub fn rows(model: &Model) -> usize {
    let columns = usize::from(model.size.0).saturating_sub(4);
    let text = model.postmortem.text.as_deref().unwrap_or_default();
    markdown::render(model, text, columns).len()
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let Some(text) = &model.postmortem.text else {
        if model.outline.is_none() && model.looked {
            hint(
                model,
                area,
                buf,
                &[("", "There is no incident to write about yet.")],
            );
        }
        return;
    };
    let inner = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(4),
        ..area
    };
    let rendered = markdown::render(model, text, inner.width.into());
    lines(buf, inner, &rendered, model.postmortem.scroll);
}
