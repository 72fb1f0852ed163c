//! Help and palette: both list the keymap table, and are searched by typing.

use super::tabs;
use crate::tui::{
    keymap::{Action, KeyContext, format_keys},
    model::{Finder, Focus, Level, Model, Overlay, Tab},
    msg::Effect,
};

/// A row of help or palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinderRow {
    /// What it does.
    pub action: Action,
    /// Where it applies.
    pub context: KeyContext,
    /// The keys.
    pub keys: String,
    /// In words.
    pub description: &'static str,
}

/// Opens help or palette.
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

/// What is not an action of its own: moving about in a text or a list.
fn is_hidden_in_palette(place: KeyContext, action: Action) -> bool {
    matches!(
        place,
        KeyContext::Text
            | KeyContext::Finder
            | KeyContext::Prompt
            | KeyContext::Paste
            | KeyContext::Detail
    ) || matches!(
        action,
        Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::First
            | Action::Last
            | Action::Back
            | Action::Submit
            | Action::Complete
            | Action::CompleteBack
            | Action::RecallOlder
            | Action::RecallNewer
            | Action::LineBreak
            | Action::FocusList
            | Action::FocusLine
            | Action::Palette
            | Action::Interrupt
    )
}

/// The rows that help or palette show for what was typed: every word must be there.
#[must_use]
pub fn finder_rows(model: &Model) -> Vec<FinderRow> {
    let (finder, palette) = match model.overlays.last() {
        Some(Overlay::Help(finder)) => (finder, false),
        Some(Overlay::Palette(finder)) => (finder, true),
        _ => return vec![],
    };
    let words: Vec<String> = finder
        .query
        .text()
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let mut found: Vec<FinderRow> = Vec::new();
    for (row, keys) in model.keymap.bindings() {
        if palette && is_hidden_in_palette(row.context, row.action) {
            continue;
        }
        let keys = format_keys(keys);
        let hay = format!(
            "{} {} {} {}",
            row.action.name(),
            row.context.heading(),
            row.description,
            keys
        )
        .to_lowercase();
        if !words.iter().all(|word| hay.contains(word.as_str())) {
            continue;
        }
        if palette && let Some(same) = found.iter_mut().find(|e| e.action == row.action) {
            if same.keys.is_empty() {
                same.keys = keys;
            }
            continue;
        }
        found.push(FinderRow {
            action: row.action,
            context: row.context,
            keys,
            description: row.description,
        });
    }
    if palette && words.is_empty() {
        // What has no key is what the palette is opened for.
        found.sort_by_key(|e| !e.keys.is_empty());
    } else if palette {
        let first = words.join("-");
        found.sort_by_key(|e| !e.action.name().starts_with(&first));
    }
    found
}

/// Does what is selected.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let entries = finder_rows(model);
    let selected = match model.overlays.last() {
        Some(Overlay::Palette(finder) | Overlay::Help(finder)) => finder.selected,
        _ => return vec![],
    };
    model.overlays.pop();
    let Some(entry) = entries.into_iter().nth(selected) else {
        return vec![];
    };
    if model
        .keymap
        .has_action(model.active_contexts(), entry.action)
    {
        return super::act(model, entry.action);
    }
    let tab = match entry.context {
        KeyContext::Tasks => Tab::Tasks,
        KeyContext::Postmortem => Tab::Postmortem,
        KeyContext::Email => Tab::Email,
        KeyContext::Incidents => Tab::Incidents,
        KeyContext::Timeline => {
            // What is done to an event is done where it is seen.
            if !applies_to_incident(entry.action) {
                model.tab = Tab::Timeline;
                model.focus = Focus::Page;
            }
            return super::act(model, entry.action);
        }
        KeyContext::Anywhere => return super::act(model, entry.action),
        // The rest is for where one is while it applies.
        _ => return vec![],
    };
    // There first, to see what it would be done to.
    let effects = tabs::show(model, tab);
    model.notify(
        Level::Info,
        format!("{} here: {}", entry.keys, entry.description),
    );
    effects
}

/// True for what is done to the incident, and not to an event that is selected.
fn applies_to_incident(action: Action) -> bool {
    matches!(
        action,
        Action::Undo | Action::Redo | Action::Resolve | Action::AddTask | Action::Status
    )
}
