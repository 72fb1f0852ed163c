//! Help and palette.

use super::tabs;
use crate::tui::{
    keymap::{Action, KeyContext},
    model::{Finder, Focus, Level, Model, Overlay, Tab, finder_rows},
    msg::Effect,
};

/// What choosing a row of help or palette comes to.
pub enum Chosen {
    /// The action is to be run now.
    Run(Action),
    Done(Vec<Effect>),
}

/// Opens help or palette; closes whichever is open.
pub fn open(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(Overlay::Help(_) | Overlay::Palette(_)) = model.overlays.last() {
        model.overlays.pop();
        return vec![];
    }
    model.overlays.push(if action == Action::Help {
        Overlay::Help(Finder::default())
    } else {
        Overlay::Palette(Finder::default())
    });
    vec![]
}

/// Closes help or palette and resolves the selected row. An action of another tab is not run: the
/// tab is shown first, so that the user sees what the action would apply to.
pub fn submit(model: &mut Model) -> Chosen {
    let rows = finder_rows(model);
    let selected = match model.overlays.last() {
        Some(Overlay::Palette(finder) | Overlay::Help(finder)) => finder.selected,
        _ => return Chosen::Done(vec![]),
    };
    model.overlays.pop();
    let Some(row) = rows.into_iter().nth(selected) else {
        return Chosen::Done(vec![]);
    };
    if model.keymap.has_action(model.active_contexts(), row.action) {
        return Chosen::Run(row.action);
    }
    let tab = match row.context {
        KeyContext::Tasks => Tab::Tasks,
        KeyContext::Postmortem => Tab::Postmortem,
        KeyContext::Email => Tab::Email,
        KeyContext::Incidents => Tab::Incidents,
        KeyContext::Timeline => {
            // An action on an event runs where the event is visible.
            if !applies_to_incident(row.action) {
                model.tab = Tab::Timeline;
                model.focus = Focus::Page;
            }
            return Chosen::Run(row.action);
        }
        KeyContext::Anywhere => return Chosen::Run(row.action),
        // Actions of the other contexts make sense only inside them.
        _ => return Chosen::Done(vec![]),
    };
    let effects = tabs::show(model, tab);
    model.notify(
        Level::Info,
        format!("{} here: {}", row.keys, row.description),
    );
    Chosen::Done(effects)
}

/// Returns true for timeline actions that apply to the incident, not to the selected event.
fn applies_to_incident(action: Action) -> bool {
    matches!(
        action,
        Action::Undo | Action::Redo | Action::Resolve | Action::AddTask | Action::Status
    )
}
