//! Closing overlays without losing what was typed in them.

use super::{line::save_drafts, prompt};
use crate::tui::{
    model::{Level, Model, Overlay},
    msg::Effect,
};

/// Closes the topmost overlay. The text of a paste goes to the history, an unfinished answer is
/// offered again with the same prompt.
pub fn close(model: &mut Model) {
    match model.overlays.pop() {
        Some(Overlay::Paste(paste)) => {
            model.capture.add_to_history(paste.text());
            model.notify(
                Level::Info,
                "the paste was not logged; ↑ on the line brings it back as one text",
            );
        }
        Some(Overlay::Prompt(prompt)) => prompt::dismiss(model, prompt),
        _ => {}
    }
}

/// Closes all overlays and saves the drafts.
pub fn close_all(model: &mut Model) -> Vec<Effect> {
    if model.overlays.is_empty() {
        return vec![];
    }
    while !model.overlays.is_empty() {
        close(model);
    }
    vec![save_drafts(model)]
}
