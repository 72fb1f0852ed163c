//! Bringing back what was undone or retracted.

use super::{confirm, tabs, timeline};
use crate::{
    domain::{event::Event, incident::Record},
    tui::{
        model::{ConfirmKind, Focus, Model, Tab},
        msg::Effect,
    },
};

/// Asks whether to bring back `event`, which is selected, or what the last message is about; if neither is gone,
/// shows what is.
pub fn ask(model: &mut Model, event: Option<Record<Event>>) -> Vec<Effect> {
    let gone = &model.timeline.gone;
    let is_gone = |e: &Record<Event>| e.value.retracted.is_some() || gone.contains_key(&e.id);
    let event = event.filter(is_gone);
    // Where only what is gone is shown, the one selected is meant.
    let is_picked = model.timeline.filter.gone || !model.overlays.is_empty();
    let handles = match event {
        Some(event) if is_picked || !model.offers_restore() => {
            match gone.get(&event.id).map_or(&[][..], |gone| &gone.rows) {
                [] => vec![event.handle],
                rows => rows.iter().map(|row| row.handle.clone()).collect(),
            }
        }
        _ if model.offers_restore() => model.restorable.clone(),
        _ => return show_gone(model),
    };
    confirm::open(model, ConfirmKind::Restore(handles))
}

/// Shows what was undone or retracted, to bring it back.
pub fn show_gone(model: &mut Model) -> Vec<Effect> {
    model.focus = Focus::List;
    let mut effects = tabs::show(model, Tab::Timeline);
    effects.extend(timeline::set_filter(model, "gone"));
    effects
}
