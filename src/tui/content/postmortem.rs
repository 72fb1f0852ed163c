//! The rows of the postmortem tab.

use super::{findings, markdown};
use crate::tui::model::{Model, RenderedDocument};
use std::rc::Rc;

fn text_columns(model: &Model) -> usize {
    usize::from(model.size.0).saturating_sub(4)
}

/// Returns the rows of the postmortem tab: the document, or its findings while those are shown. The
/// document is rendered again only when its text or width changes.
#[must_use]
pub fn rendered(model: &Model) -> Rc<RenderedDocument> {
    let columns = text_columns(model);
    if model.postmortem.findings_shown {
        return Rc::new(RenderedDocument {
            columns,
            lines: findings::finding_rows(model, &model.postmortem.findings, columns),
            ..RenderedDocument::default()
        });
    }
    let mut cache = model.postmortem.render_cache.borrow_mut();
    match &*cache {
        Some(cached) if cached.columns == columns => Rc::clone(cached),
        _ => {
            let text = model.postmortem.text.as_deref().unwrap_or_default();
            let document = Rc::new(markdown::render(model, text, columns));
            *cache = Some(Rc::clone(&document));
            document
        }
    }
}

/// Returns how many rows the tab has.
#[must_use]
pub fn row_count(model: &Model) -> usize {
    rendered(model).lines.len()
}

/// Returns the row of the next heading after row `from`, or of the one before it; `from` if there
/// is none.
#[must_use]
pub fn next_heading(model: &Model, from: usize, forward: bool) -> usize {
    let document = rendered(model);
    let mut headings = document.headings.iter().copied();
    let found = if forward {
        headings.find(|at| *at > from)
    } else {
        headings.rev().find(|at| *at < from)
    };
    found.unwrap_or(from)
}
