//! The rows of the lists that are searched by typing.

use super::{
    file_rows::file_rows,
    finder::{FinderKind, FinderRow, FinderTarget},
    import::ListedRow,
    overlay::Overlay,
    palette::palette_rows,
    state::Model,
};
use crate::{
    domain::{
        incident::{Audience, FIELDS, SECTIONS},
        words::CAPTURE_KINDS,
    },
    ops::import::format_names,
    tui::{
        keymap::{KeyContext, format_keys},
        theme::kind_word,
    },
};

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
        kind if kind.is_files() => file_rows(model, finder.query.text()),
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

/// What help says besides keys.
const LEGEND: [(&str, &str); 4] = [
    (
        "A line",
        "[when] [kind:] text #tag @who !state ^link tell: for customers",
    ),
    (
        "When",
        "10:05, 10:05:30, ~10:05 (about), -5m (ago), yesterday 22:10, 10:05-10:20",
    ),
    (
        "Marks",
        "+ new  * edited  ≠ edit conflict  » customers read it  ◊ file or link  ~ about",
    ),
    ("States", "▁ ok  ▃ at-risk  ▅ degraded  █ down  ? unknown"),
];

/// Every key, those that apply below first, then what the signs mean.
fn help_rows(model: &Model, words: &[String]) -> Vec<FinderRow> {
    let here = model.contexts_below();
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
                why_not: None,
            },
        ));
    }
    rows.sort_by_key(|(elsewhere, _)| *elsewhere);
    let here = rows.iter().filter(|(elsewhere, _)| !elsewhere).count();
    let mut rows: Vec<FinderRow> = rows.into_iter().map(|(_, row)| row).collect();
    let has_words = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let legend = LEGEND
        .iter()
        .filter(|(head, text)| has_words(&format!("{head} {text}")));
    let legend = legend.map(|(head, text)| FinderRow {
        target: FinderTarget::Legend,
        label: (*text).to_owned(),
        keys: (*head).to_owned(),
        note: String::new(),
        why_not: None,
    });
    rows.splice(here..here, legend);
    rows
}

/// The rows of the lists of values.
fn choice_rows(model: &Model, kind: FinderKind) -> Vec<FinderRow> {
    let row = |target, label: String, note: String| FinderRow {
        target,
        label,
        keys: String::new(),
        note,
        why_not: None,
    };
    match kind {
        FinderKind::Help | FinderKind::Palette | FinderKind::ImportFile => vec![],
        FinderKind::ImportFormat => format_names()
            .map(|(name, about)| {
                row(
                    FinderTarget::Format(name),
                    about.to_owned(),
                    name.to_owned(),
                )
            })
            .collect(),
        FinderKind::RowKind => kind_rows(model),
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

/// The kinds of the selected row of an import: for it alone, then for all rows of its action.
fn kind_rows(model: &Model) -> Vec<FinderRow> {
    let import = model
        .overlays
        .iter()
        .rev()
        .find_map(|overlay| match overlay {
            Overlay::Import(import) => Some(import),
            _ => None,
        });
    let Some((import, rows)) = import.and_then(|import| Some((import, import.rows()?))) else {
        return vec![];
    };
    let Some(ListedRow::Row(index)) = rows.selected_row(&import.request) else {
        return vec![];
    };
    let row = |target, label, note: &str| FinderRow {
        target,
        label,
        keys: String::new(),
        note: note.to_owned(),
        why_not: None,
    };
    let mut found: Vec<FinderRow> = CAPTURE_KINDS
        .iter()
        .map(|kind| {
            let target = FinderTarget::RowKind(Some(kind.clone()), None);
            row(target, kind_word(kind).to_owned(), "this row")
        })
        .collect();
    let action = rows.preview.rows.get(index).and_then(|row| row.action);
    let Some(action) = action else { return found };
    let count = rows.count_of_action(action);
    let (one, many) = action.rule().nouns;
    let all = match count {
        1 => format!("the only {one}"),
        n => format!("all {n} {many}"),
    };
    for kind in CAPTURE_KINDS {
        let label = format!("{} for {all}", kind_word(&kind));
        let target = FinderTarget::RowKind(Some(kind), Some(action));
        found.push(row(target, label, "all such rows"));
    }
    let label = format!("leave out {all}");
    let target = FinderTarget::RowKind(None, Some(action));
    found.push(row(target, label, "all such rows"));
    found
}
