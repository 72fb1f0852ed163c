//! Switching tabs, and loading what they show.

use super::overlays;
use crate::tui::{
    model::{Focus, IncidentsTab, Level, Model, Tab},
    msg::{Effect, Job},
};

/// Shows `tab`. All tabs but the timeline move the focus to the page.
pub fn show(model: &mut Model, tab: Tab) -> Vec<Effect> {
    let effects = overlays::close_all(model);
    let previous = model.tab;
    model.tab = tab;
    if tab != Tab::Timeline {
        model.focus = Focus::Page;
    }
    if previous != tab {
        model.status = model
            .status
            .take()
            .filter(|status| status.level == Level::Error);
    }
    if previous == tab && tab != Tab::Incidents {
        return effects;
    }
    effects.into_iter().chain(load(model)).collect()
}

/// Shows the tab `step` further on, wrapping around.
pub fn step(model: &mut Model, step: isize) -> Vec<Effect> {
    let count = Tab::ALL.len();
    let at = (model.tab.index() + count).saturating_add_signed(step) % count;
    show(model, Tab::ALL[at])
}

/// Shows a sub-tab of the incidents tab.
pub fn show_incidents_tab(model: &mut Model, tab: IncidentsTab) -> Vec<Effect> {
    model.incidents.tab = tab;
    model.incidents.search_results = None;
    model.incidents.selected = 0;
    load(model)
}

/// Returns the effects that load what the tab shows.
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
