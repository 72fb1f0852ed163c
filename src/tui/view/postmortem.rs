//! The postmortem, live.

use super::{hint, lines, markdown};
use crate::tui::model::Model;
use ratatui::{buffer::Buffer, layout::Rect, text::Line};
use std::rc::Rc;

fn drawn(model: &Model) -> Rc<Vec<Line<'static>>> {
    let columns = usize::from(model.size.0).saturating_sub(4);
    let mut drawn = model.postmortem.drawn.borrow_mut();
    match &*drawn {
        Some((same, lines)) if *same == columns => Rc::clone(lines),
        _ => {
            let text = model.postmortem.text.as_deref().unwrap_or_default();
            let lines = Rc::new(markdown::render(model, text, columns));
            *drawn = Some((columns, Rc::clone(&lines)));
            lines
        }
    }
}

/// How many rows it takes on this screen.
#[must_use]
pub fn rows(model: &Model) -> usize {
    drawn(model).len()
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    if model.postmortem.text.is_none() {
        if model.outline.is_none() && model.looked {
            hint(
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
    lines(buf, inner, &drawn(model), model.postmortem.scroll);
}
