//! The rows of the postmortem.

use super::{findings, markdown};
use crate::tui::model::{Model, RenderedDocument};
use std::rc::Rc;

/// Returns the postmortem in rows of at most `columns`. It is rendered again only when its text or the width
/// changes.
#[must_use]
pub fn rendered(model: &Model, columns: usize) -> Rc<RenderedDocument> {
    let mut cache = model.postmortem.render_cache.borrow_mut();
    match &*cache {
        Some(cached) if cached.columns == columns => Rc::clone(cached),
        _ => {
            let text = model.postmortem.text.as_deref().unwrap_or_default();
            let text = findings::without_commands(text);
            let document = Rc::new(markdown::render(model, &text, columns));
            *cache = Some(Rc::clone(&document));
            document
        }
    }
}

/// Returns the row of the next heading after row `from`, or of the one before it; `from` if there
/// is none.
#[must_use]
pub fn next_heading(document: &RenderedDocument, from: usize, forward: bool) -> usize {
    let mut headings = document.headings.iter().copied();
    let found = if forward {
        headings.find(|at| *at > from)
    } else {
        headings.rev().find(|at| *at < from)
    };
    found.unwrap_or(from)
}
