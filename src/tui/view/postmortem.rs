//! The postmortem, live; or what is missing in it.

use super::{hint, lines, markdown, missing};
use crate::tui::model::{Drawing, Model};
use ratatui::{buffer::Buffer, layout::Rect};
use std::rc::Rc;

fn columns(model: &Model) -> usize {
    usize::from(model.size.0).saturating_sub(4)
}

fn drawn(model: &Model) -> Rc<Drawing> {
    let columns = columns(model);
    if model.postmortem.lint_shown {
        return Rc::new(Drawing {
            columns,
            lines: missing::lines(model, &model.postmortem.lint, columns),
            headings: Vec::new(),
        });
    }
    let mut drawn = model.postmortem.drawn.borrow_mut();
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
    drawn(model).lines.len()
}

/// The row of the next heading after row `from`, or of the one before; `from` where there is none.
#[must_use]
pub fn heading(model: &Model, from: usize, forward: bool) -> usize {
    let drawn = drawn(model);
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
    lines(buf, inner, &drawn(model).lines, model.postmortem.scroll);
}
