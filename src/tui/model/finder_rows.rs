//! The rows of help and palette: the keymap, filtered by what is typed.

use super::{overlay::Overlay, state::Model};
use crate::tui::keymap::{Action, KeyContext, format_keys};

/// A row of help or palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinderRow {
    pub action: Action,
    pub context: KeyContext,
    /// As shown; empty if the action has no key.
    pub keys: String,
    pub description: &'static str,
}

/// Returns true for actions that make no sense when run from a list: cursor movement and the like.
fn is_hidden_in_palette(context: KeyContext, action: Action) -> bool {
    matches!(
        context,
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

/// Returns the rows of the open help or palette whose text contains every typed word. The palette
/// has one row per action: with nothing typed, actions without a key come first; else those whose
/// name begins with the typed words.
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
    let mut rows: Vec<FinderRow> = Vec::new();
    for (binding, keys) in model.keymap.bindings() {
        if palette && is_hidden_in_palette(binding.context, binding.action) {
            continue;
        }
        let keys = format_keys(keys);
        let haystack = format!(
            "{} {} {} {}",
            binding.action.name(),
            binding.context.heading(),
            binding.description,
            keys
        )
        .to_lowercase();
        if !words.iter().all(|word| haystack.contains(word.as_str())) {
            continue;
        }
        if palette && let Some(same) = rows.iter_mut().find(|row| row.action == binding.action) {
            if same.keys.is_empty() {
                same.keys = keys;
            }
            continue;
        }
        rows.push(FinderRow {
            action: binding.action,
            context: binding.context,
            keys,
            description: binding.description,
        });
    }
    if palette && words.is_empty() {
        // Actions without a key are what the palette is opened for.
        rows.sort_by_key(|row| !row.keys.is_empty());
    } else if palette {
        let prefix = words.join("-");
        rows.sort_by_key(|row| !row.action.name().starts_with(&prefix));
    }
    rows
}
