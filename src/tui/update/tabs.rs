//! Switching tabs, and loading what they show.

use crate::tui::{
    model::{DocumentFind, IncidentsTab, Level, Model, Overlay, Tab},
    msg::{Effect, Job},
};

/// Shows `tab`, unless something is open that waits for its own Enter or Esc. The keys stay where they are.
pub fn go_to(model: &mut Model, tab: Tab) -> Vec<Effect> {
    match model.overlays.last() {
        None | Some(Overlay::Detail(_) | Overlay::Text(_)) => show(model, tab),
        Some(Overlay::Routing(_)) => {
            model.notify(Level::Info, "pick where it goes, or Esc first");
            vec![]
        }
        Some(_) => {
            model.notify(Level::Info, "Enter or Esc first");
            vec![]
        }
    }
}

/// Shows `tab`, and closes the detail of an event.
pub fn show(model: &mut Model, tab: Tab) -> Vec<Effect> {
    model
        .overlays
        .retain(|overlay| !matches!(overlay, Overlay::Detail(_) | Overlay::Text(_)));
    let previous = model.tab;
    model.tab = tab;
    if previous != tab {
        model.document_find = DocumentFind::default();
    }
    // Coming back to the list shows the list.
    if tab == Tab::Incidents && model.incidents.search_results.take().is_some() {
        model.incidents.selected = 0;
    }
    if previous == tab && tab != Tab::Incidents {
        return vec![];
    }
    model.selected_finding = 0;
    load(model)
}

/// Shows the tab `step` further on, wrapping around.
pub fn step(model: &mut Model, step: isize) -> Vec<Effect> {
    let count = Tab::ALL.len();
    let at = (model.tab.index() + count).saturating_add_signed(step) % count;
    go_to(model, Tab::ALL[at])
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
