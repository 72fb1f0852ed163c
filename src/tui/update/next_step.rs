//! What follows a write: the incident that it declared, what can be restored, a text to show.

use super::{outbox, paste, refresh::refresh_all};
use crate::tui::{
    model::{Level, Model, Overlay, TextPage},
    msg::{ClearInput, Effect, Job, NextStep},
};

/// Shows what a write led to.
pub(super) fn apply_next_step(model: &mut Model, next_step: NextStep) -> Vec<Effect> {
    match next_step {
        NextStep::ShowIncident { handle, line_seq } => {
            let mut effects = outbox::confirm_line(model, line_seq);
            model.explicit_incident = true;
            model.showing_unfiled = false;
            effects.push(Effect::Job(Job::LoadIncident(Some(handle))));
            effects
        }
        NextStep::Refresh => refresh_all(model),
        NextStep::Gone(handles) => {
            model.restorable = handles;
            refresh_all(model)
        }
        NextStep::ShowText { title, paragraphs } => {
            let page = TextPage {
                title,
                paragraphs,
                scroll: 0,
                copied: None,
                is_dense: false,
            };
            // Below whatever has the keys.
            if model.is_on_list() {
                model.overlays.push(Overlay::Text(page));
            } else {
                model.notify(Level::Info, page.title);
            }
            refresh_all(model)
        }
        NextStep::EventsWritten { ids, clear } => {
            model.own_events.extend(&ids);
            if let (ClearInput::Line(_), false) = (clear, model.timeline.filter.is_empty()) {
                model.timeline.just_logged = ids;
            }
            let mut effects = match clear {
                ClearInput::Line(seq) => outbox::confirm_line(model, seq),
                ClearInput::Paste => paste::on_logged(model),
                ClearInput::Nothing => vec![],
            };
            effects.extend(refresh_all(model));
            effects
        }
    }
}
