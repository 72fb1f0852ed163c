//! The page with a text that could not be copied.

use super::areas::areas;
use crate::tui::{
    model::{Model, Overlay},
    text::wrap,
};

/// Returns the rows of the text. They begin at the edge of the screen: what is selected is copied as it stands.
#[must_use]
pub fn rows(model: &Model) -> Vec<String> {
    match model.overlays.last() {
        Some(Overlay::Uncopied(page)) => wrap(&page.text, model.size.0.into()),
        _ => vec![],
    }
}

/// Returns how many rows the text has, and how many of them fit below the heading.
#[must_use]
pub fn size(model: &Model) -> (usize, usize) {
    let height = usize::from(areas(model).page.height);
    (rows(model).len(), height.saturating_sub(1).max(1))
}
