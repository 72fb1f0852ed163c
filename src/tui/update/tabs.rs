//! The tabs, and what they show.

use super::overlays;
use crate::tui::{
    model::{Focus, IncidentsTab, Level, Model, Tab},
    msg::{Effect, Job},
};

/// Shows `tab`. From the line one comes to the page, but to the timeline one comes with the line.
pub fn show(model: &mut Model, tab: Tab) -> Vec<Effect> {
    let effects = overlays::close_all(model);
    let was = model.tab;
    model.tab = tab;
    if tab != Tab::Timeline {
        model.focus = Focus::Page;
    }
    if was != tab {
        model.status = model
            .status
            .take()
            .filter(|said| said.level == Level::Error);
    }
    if was == tab && tab != Tab::Incidents {
        return effects;
    }
    effects.into_iter().chain(load(model)).collect()
}

/// The tab `step` further on.
pub fn step(model: &mut Model, step: isize) -> Vec<Effect> {
    let count = Tab::ALL.len();
    let at = (model.tab.index() + count).saturating_add_signed(step) % count;
    show(model, Tab::ALL[at])
}

/// Shows `board` of the incidents.
pub fn show_incidents_tab(model: &mut Model, board: IncidentsTab) -> Vec<Effect> {
    model.incidents.tab = board;
    model.incidents.search_results = None;
    model.incidents.selected = 0;
    load(model)
}

/// Has what the tab shows read anew.
pub fn load(model: &Model) -> Vec<Effect> {
    let job = match (model.tab, model.current_document(), model.incident_id()) {
        (Tab::Incidents, ..) => match model.incidents.tab {
            IncidentsTab::List => Job::Incidents,
            IncidentsTab::Ledger => Job::Ledger,
            IncidentsTab::Trends => Job::Trends,
        },
        (_, Some(document), Some(incident)) => Job::Document(incident, document),
        _ => return vec![],
    };
    vec![Effect::Job(job)]
}
