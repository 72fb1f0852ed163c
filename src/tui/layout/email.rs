//! Hit test of the email tab.

use super::choice_bar::choice_at;
use crate::tui::{content::letter::stage_labels, model::Model};

/// Returns the stage at column `x` of the first row of the page.
#[must_use]
pub fn stage_at(model: &Model, x: u16) -> Option<usize> {
    let labels = stage_labels(model, model.letter.as_ref()?);
    choice_at(&labels, x.checked_sub(1)?)
}
