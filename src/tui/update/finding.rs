//! Help and palette: both list the keymap table, and are searched by typing.

use super::tabs;
use crate::tui::{
    keymap::{Action, Place, shown},
    model::{Finder, Focus, Model, Over, Tab, Tone},
    msg::Effect,
};

/// A row of help or palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it does.
    pub action: Action,
    /// Where it applies.
    pub place: Place,
    /// The keys.
    pub keys: String,
    /// In words.
    pub words: &'static str,
}

/// Opens help or palette.
pub fn open(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(Over::Help(_) | Over::Palette(_)) = model.over.last() {
        model.over.pop();
        return vec![];
    }
    model.over.push(if action == Action::Help {
        Over::Help(Finder::default())
    } else {
        Over::Palette(Finder::default())
    });
    vec![]
}

/// What is not an action of its own: moving about in a text or a list.
fn is_small(place: Place, action: Action) -> bool {
    matches!(
        place,
        Place::Text | Place::Finder | Place::Prompt | Place::Paste | Place::Detail
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
            | Action::ToList
            | Action::ToLine
            | Action::Palette
            | Action::Interrupt
    )
}

/// The rows that help or palette show for what was typed: every word must be there.
#[must_use]
pub fn entries(model: &Model) -> Vec<Entry> {
    let (finder, palette) = match model.over.last() {
        Some(Over::Help(finder)) => (finder, false),
        Some(Over::Palette(finder)) => (finder, true),
        _ => return vec![],
    };
    let words: Vec<String> = finder
        .query
        .text()
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let mut found: Vec<Entry> = Vec::new();
    for (row, keys) in model.keymap.rows() {
        if palette && is_small(row.place, row.action) {
            continue;
        }
        let keys = shown(keys);
        let hay = format!(
            "{} {} {} {}",
            row.action.word(),
            row.place.words(),
            row.words,
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
        found.push(Entry {
            action: row.action,
            place: row.place,
            keys,
            words: row.words,
        });
    }
    if palette && words.is_empty() {
        // What has no key is what the palette is opened for.
        found.sort_by_key(|e| !e.keys.is_empty());
    } else if palette {
        let first = words.join("-");
        found.sort_by_key(|e| !e.action.word().starts_with(&first));
    }
    found
}

/// Does what is selected.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let entries = entries(model);
    let selected = match model.over.last() {
        Some(Over::Palette(finder) | Over::Help(finder)) => finder.selected,
        _ => return vec![],
    };
    model.over.pop();
    let Some(entry) = entries.into_iter().nth(selected) else {
        return vec![];
    };
    if model.keymap.holds(model.chain(), entry.action) {
        return super::act(model, entry.action);
    }
    let tab = match entry.place {
        Place::Tasks => Tab::Tasks,
        Place::Postmortem => Tab::Postmortem,
        Place::Email => Tab::Email,
        Place::Incidents => Tab::Incidents,
        Place::Timeline => {
            // What is done to an event is done where it is seen.
            if !is_of_the_whole(entry.action) {
                model.tab = Tab::Timeline;
                model.focus = Focus::Page;
            }
            return super::act(model, entry.action);
        }
        Place::Anywhere => return super::act(model, entry.action),
        // The rest is for where one is while it applies.
        _ => return vec![],
    };
    // There first, to see what it would be done to.
    let effects = tabs::show(model, tab);
    model.say(Tone::Note, format!("{} here: {}", entry.keys, entry.words));
    effects
}

/// True for what is done to the incident, and not to an event that is selected.
fn is_of_the_whole(action: Action) -> bool {
    matches!(
        action,
        Action::Undo | Action::Redo | Action::Resolve | Action::AddTask | Action::Status
    )
}
