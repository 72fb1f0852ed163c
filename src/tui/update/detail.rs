//! Opens an event: its detail, or the prompt that edits it.

use super::prompt;
use crate::{
    domain::{event::Event, incident::Record},
    tui::{
        model::{Detail, Model, Overlay, Question},
        msg::{Effect, Job},
    },
};

/// Opens the detail of an event; the worker loads its history.
pub fn open(model: &mut Model, event: Record<Event>) -> Vec<Effect> {
    let handle = event.handle.clone();
    model.overlays.push(Overlay::Detail(Box::new(Detail {
        event,
        versions: None,
        links: Vec::new(),
        scroll: 0,
    })));
    vec![Effect::Job(Job::EventHistory(handle))]
}

/// Opens the prompt that edits an event; the worker loads its line.
pub fn edit_event(model: &mut Model, handle: String) -> Vec<Effect> {
    prompt::ask_loading(model, Question::Amend(handle.clone()), |id| {
        Job::LoadEventLine { id, handle }
    })
}
