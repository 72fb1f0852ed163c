//! The rows of the lists that are searched by typing.

use super::{
    finder::{FinderKind, FinderTarget},
    overlay::Overlay,
    state::{Focus, Model},
};
use crate::{
    domain::incident::{Audience, FIELDS, SECTIONS},
    tui::keymap::{Action, KEY_CONTEXTS, KeyContext, format_keys},
};

/// A row of such a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinderRow {
    pub target: FinderTarget,
    /// What it is: the sentence of an action, the text of an earlier line.
    pub label: String,
    /// Its keys as shown; empty if it has none.
    pub keys: String,
    /// Where it applies, or more about it; may be empty.
    pub note: String,
}

/// Other words that people type for an action.
const SYNONYMS: [(Action, &str); 16] = [
    (Action::Declare, "new start open create begin incident"),
    (Action::Resolve, "end close finish over"),
    (Action::Retract, "delete remove cancel"),
    (Action::Undo, "delete remove cancel back"),
    (Action::Amend, "edit change fix correct"),
    (Action::Handoff, "commander assign owner who"),
    (Action::Export, "save print write"),
    (Action::Leave, "quit exit close"),
    (Action::ClearFilter, "clear"),
    (Action::ToggleMouse, "select copy"),
    (Action::Restore, "undelete back recover"),
    (Action::Close, "done finish cancel"),
    (Action::Write, "edit section commit"),
    (Action::MarkSent, "commit publish"),
    (Action::AskState, "down degraded ok at-risk"),
    (Action::TabIncidents, "goto switch list"),
];

/// Returns true for actions that make no sense when run from a list: cursor movement and the like.
fn is_hidden_in_palette(context: KeyContext, action: Action) -> bool {
    matches!(
        context,
        KeyContext::Text
            | KeyContext::Finder
            | KeyContext::Prompt
            | KeyContext::Confirm
            | KeyContext::Routing
            | KeyContext::Paste
            | KeyContext::Detail
    ) || matches!(
        action,
        Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::HalfPageUp
            | Action::HalfPageDown
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
            | Action::NextKeys
            | Action::Palette
            | Action::Interrupt
    )
}

/// The actions that the state of the incident asks for, the first of the list with nothing typed.
fn fitting_actions(model: &Model) -> Vec<Action> {
    let Some(summary) = &model.summary else {
        return vec![Action::Declare];
    };
    if !summary.open {
        return vec![Action::Reopen, Action::TabEmail, Action::TabPostmortem];
    }
    let mut fitting = Vec::new();
    if model.update_due().is_some_and(|due| due <= model.now) {
        fitting.push(Action::NextUpdate);
    }
    if !model.states_put_away.is_empty() {
        fitting.push(Action::AskState);
    }
    fitting.extend([
        Action::NextUpdate,
        Action::Handoff,
        Action::Resolve,
        Action::Severity,
        Action::Undo,
        Action::Restore,
    ]);
    fitting
}

/// Returns the rows of the open list whose text contains every typed word.
#[must_use]
pub fn finder_rows(model: &Model) -> Vec<FinderRow> {
    let Some(Overlay::Finder(finder)) = model.overlays.last() else {
        return vec![];
    };
    let words: Vec<String> = finder
        .query
        .text()
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    match finder.kind {
        FinderKind::Help => help_rows(model, &words),
        FinderKind::Palette => palette_rows(model, &words),
        kind => {
            let rows = choice_rows(model, kind);
            let matches = |row: &FinderRow| {
                let text = format!("{} {}", row.label, row.note).to_lowercase();
                words.iter().all(|word| text.contains(word.as_str()))
            };
            rows.into_iter().filter(matches).collect()
        }
    }
}

/// Returns the key contexts of what is below the open list.
fn contexts_below(model: &Model) -> &'static [KeyContext] {
    let at = match model.overlays.iter().rev().nth(1) {
        Some(Overlay::Prompt(_)) => 8,
        Some(Overlay::Paste(_)) => 7,
        Some(Overlay::Routing(_)) => 11,
        Some(_) => 6,
        None if model.focus == Focus::Line => 0,
        None => 1 + model.tab.index(),
    };
    KEY_CONTEXTS[at]
}

/// Every key, those that apply below first.
fn help_rows(model: &Model, words: &[String]) -> Vec<FinderRow> {
    let here = contexts_below(model);
    let mut rows: Vec<(bool, FinderRow)> = Vec::new();
    for (binding, keys) in model.keymap.bindings() {
        let keys = format_keys(keys);
        let text = format!(
            "{} {} {} {}",
            binding.action.name(),
            binding.context.heading(),
            binding.description,
            keys
        );
        let text = text.to_lowercase();
        if !words.iter().all(|word| text.contains(word.as_str())) {
            continue;
        }
        let is_here = here.contains(&binding.context);
        let note = if is_here && binding.context != KeyContext::Anywhere {
            "here"
        } else {
            binding.context.heading()
        };
        rows.push((
            !is_here,
            FinderRow {
                target: FinderTarget::Action(binding.action, binding.context),
                label: binding.description.to_owned(),
                keys,
                note: note.to_owned(),
            },
        ));
    }
    rows.sort_by_key(|(elsewhere, _)| *elsewhere);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Every action once. With nothing typed, what the state of the incident asks for comes first; else what
/// begins with the words.
fn palette_rows(model: &Model, words: &[String]) -> Vec<FinderRow> {
    let mut rows: Vec<FinderRow> = Vec::new();
    let mut actions: Vec<Action> = Vec::new();
    for (binding, keys) in model.keymap.bindings() {
        if is_hidden_in_palette(binding.context, binding.action) {
            continue;
        }
        let keys = format_keys(keys);
        if let Some(at) = actions.iter().position(|action| *action == binding.action) {
            if rows[at].keys.is_empty() {
                rows[at].keys = keys;
            }
            continue;
        }
        actions.push(binding.action);
        rows.push(FinderRow {
            target: FinderTarget::Action(binding.action, binding.context),
            label: binding.description.to_owned(),
            keys,
            note: binding.action.name().to_owned(),
        });
    }
    let synonyms = |action| {
        let found = SYNONYMS.iter().find(|(of, _)| *of == action);
        found.map_or("", |(_, words)| *words)
    };
    let mut rows: Vec<(usize, FinderRow)> = actions
        .into_iter()
        .zip(rows)
        .filter_map(|(action, row)| {
            let text = format!("{} {} {}", row.label, row.note, synonyms(action)).to_lowercase();
            words
                .iter()
                .all(|word| text.contains(word.as_str()))
                .then(|| (rank(model, action, words, synonyms(action)), row))
        })
        .collect();
    rows.sort_by_key(|(rank, _)| *rank);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn rank(model: &Model, action: Action, words: &[String], synonyms: &str) -> usize {
    let Some(first) = words.first() else {
        let fitting = fitting_actions(model);
        let at = fitting.iter().position(|fits| *fits == action);
        return at.unwrap_or(fitting.len());
    };
    if action.name().starts_with(first.as_str()) {
        0
    } else if synonyms.split(' ').any(|word| word == first) {
        1
    } else {
        2
    }
}

/// The rows of the lists of values.
fn choice_rows(model: &Model, kind: FinderKind) -> Vec<FinderRow> {
    let row = |target, label: String, note: String| FinderRow {
        target,
        label,
        keys: String::new(),
        note,
    };
    match kind {
        FinderKind::Help | FinderKind::Palette => vec![],
        FinderKind::Recall => {
            let about = |text: &str| {
                let drafts = model.capture.drafts.iter();
                let draft = drafts.rev().find(|draft| draft.text == text)?;
                Some(draft.about.clone().unwrap_or_else(|| "draft".to_owned()))
            };
            let mut rows: Vec<FinderRow> = Vec::new();
            for text in model.capture.history.iter().rev() {
                let target = FinderTarget::Recall(text.clone());
                if rows.iter().any(|row| row.target == target) {
                    continue;
                }
                let note = about(text).unwrap_or_default();
                rows.push(row(target, text.replace('\n', " ↵ "), note));
            }
            rows
        }
        FinderKind::Export(document) => document
            .formats()
            .iter()
            .map(|(format, name, description)| {
                row(
                    FinderTarget::Export(*format),
                    (*description).to_owned(),
                    (*name).to_owned(),
                )
            })
            .collect(),
        FinderKind::Section => SECTIONS
            .iter()
            .map(|(name, heading)| {
                row(
                    FinderTarget::Section(name),
                    (*heading).to_owned(),
                    (*name).to_owned(),
                )
            })
            .collect(),
        FinderKind::Field => FIELDS
            .iter()
            .map(|(name, audience)| {
                let value = model.field(name);
                let value = if value.is_empty() { "not set" } else { value };
                let note = match audience {
                    Audience::Customers => "customers read it",
                    Audience::Internal => "",
                };
                row(
                    FinderTarget::Field(name),
                    format!("{name:<16} {value}"),
                    note.to_owned(),
                )
            })
            .collect(),
    }
}
