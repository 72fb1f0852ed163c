//! The postmortem, live; or what is missing in it.

use super::{draw_hint, draw_lines, findings_panel, markdown};
use crate::tui::model::{Model, RenderedDocument};
use ratatui::{buffer::Buffer, layout::Rect};
use std::rc::Rc;

fn text_columns(model: &Model) -> usize {
    usize::from(model.size.0).saturating_sub(4)
}

fn rendered(model: &Model) -> Rc<RenderedDocument> {
    let columns = text_columns(model);
    if model.postmortem.findings_shown {
        return Rc::new(RenderedDocument {
            columns,
            lines: findings_panel::finding_rows(model, &model.postmortem.findings, columns),
            headings: Vec::new(),
        });
    }
    let mut drawn = model.postmortem.render_cache.borrow_mut();
    match &*drawn {
        Some(same) if same.columns == columns => Rc::clone(same),
        _ => {
            let text = model.postmortem.text.as_deref().unwrap_or_default();
            let new = Rc::new(markdown::render(model, text, columns));
            *drawn = Some(Rc::clone(&new));
            new
        }
    }
}

/// How many rows it takes on this screen.
#[must_use]
pub fn rows(model: &Model) -> usize {
    rendered(model).lines.len()
}

/// The row of the next heading after row `from`, or of the one before; `from` where there is none.
#[must_use]
pub fn next_heading(model: &Model, from: usize, forward: bool) -> usize {
    let drawn = rendered(model);
    let mut headings = drawn.headings.iter().copied();
    let found = if forward {
        headings.find(|at| *at > from)
    } else {
        headings.rev().find(|at| *at < from)
    };
    found.unwrap_or(from)
}

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
    draw_lines(buf, inner, &rendered(model).lines, model.postmortem.scroll);
}
