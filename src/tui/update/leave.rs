//! Leaving and suspending: what is typed is saved as a draft first.

use super::{confirm, line, overlays};
use crate::tui::{
    model::{ConfirmKind, Model, Overlay},
    msg::Effect,
};

/// Leaves at once. Texts of open prompts become drafts.
pub fn quit(model: &mut Model) -> Vec<Effect> {
    while !model.overlays.is_empty() {
        overlays::close(model);
    }
    vec![line::save_drafts(model), Effect::Quit]
}

/// Leaves, after a question if something is not in the log yet.
pub fn quit_or_ask(model: &mut Model) -> Vec<Effect> {
    let is_asked = matches!(
        model.overlays.last(),
        Some(Overlay::Confirm(confirm)) if confirm.kind == ConfirmKind::Leave
    );
    let is_unsaved = !model.capture.outbox.is_empty() || model.is_importing();
    if is_unsaved && !is_asked {
        return confirm::open(model, ConfirmKind::Leave);
    }
    quit(model)
}

/// Stops the process until the shell continues it.
pub fn suspend(model: &mut Model) -> Vec<Effect> {
    vec![line::save_drafts(model), Effect::Suspend]
}
