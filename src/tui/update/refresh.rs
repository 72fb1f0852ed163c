//! Loading again what is shown.

use super::tabs;
use crate::{
    ops::timeline::PageAnchor,
    tui::{
        model::Model,
        msg::{Effect, Job},
    },
};

/// Returns the effect that loads the incident shown again, with the part of the timeline in view.
pub fn refresh(model: &Model) -> Effect {
    let timeline = &model.timeline;
    let from = match timeline.events.get(timeline.top) {
        Some(event) if !timeline.follow && timeline.filter.is_empty() => {
            PageAnchor::Around(event.sort_key())
        }
        _ => PageAnchor::Newest,
    };
    Effect::Job(Job::Refresh {
        unfiled: model.showing_unfiled,
        incident: model.incident_id(),
        from,
        filter: timeline.filter.clone(),
    })
}

/// Returns the effects that load everything shown again: incident, timeline and open tab.
pub fn refresh_all(model: &mut Model) -> Vec<Effect> {
    let mut effects = vec![refresh(model)];
    effects.extend(tabs::load(model));
    effects
}
