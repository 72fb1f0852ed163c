//! Taking rows, leaving them out, giving them a kind, and listing only some.

use super::{super::finder, answer::ask_again, open_import};
use crate::{
    domain::words::Kind,
    ops::import::Action as RowAction,
    tui::{
        keymap::Action,
        layout,
        model::{
            FinderKind, Import, ImportRows, ImportStage, Level, ListedRow, Model, RowFate,
            RowFilter, is_side_action,
        },
        msg::{Effect, ImportRequest},
    },
};

/// Returns the rows that can be decided about now, with what was said of the input.
fn decidable(import: &mut Import) -> Option<(&mut ImportRows, &mut ImportRequest)> {
    match &mut import.stage {
        ImportStage::Shown(rows) => Some((rows, &mut import.request)),
        _ => None,
    }
}

/// Runs an action of the preview of an import.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::AskAgain => return ask_again(model),
        Action::InputFormat => {
            if open_import(model).is_some_and(|import| !import.is_writing()) {
                finder::open_kind(model, FinderKind::ImportFormat);
            }
            return vec![];
        }
        _ => {}
    }
    let Some((rows, request)) = open_import(model).and_then(decidable) else {
        return vec![];
    };
    match action {
        Action::ToggleRow => {
            let count = rows.shown(request).len();
            if toggle(rows, request) {
                // A row that is no longer listed makes place for the next.
                let stays = rows.shown(request).len() == count;
                rows.selected += usize::from(stays);
            }
        }
        Action::ToggleAllRows => toggle_all(rows, request),
        Action::ToggleSideRows => toggle_side_rows(rows, request),
        Action::RowKind => {
            let is_row = matches!(
                rows.selected_row(request),
                Some(ListedRow::Row(at)) if rows.is_choosable(at)
            );
            match is_row {
                true => finder::open_kind(model, FinderKind::RowKind),
                false => model.notify(Level::Info, "this row becomes no event"),
            }
            return vec![];
        }
        _ => {}
    }
    clamp(rows, request);
    vec![]
}

fn clamp(rows: &mut ImportRows, request: &ImportRequest) {
    let count = rows.shown(request).len();
    rows.selected = rows.selected.min(count.saturating_sub(1));
}

/// Takes what is selected, or leaves it out; returns false if it cannot be.
fn toggle(rows: &mut ImportRows, request: &ImportRequest) -> bool {
    match rows.selected_row(request) {
        Some(ListedRow::Rest) => rows.rest_taken = !rows.rest_taken,
        Some(ListedRow::Row(at)) if rows.is_choosable(at) => {
            let is_taken = rows.fate(request, at) == RowFate::Taken;
            if let Some(choice) = rows.choices.get_mut(at) {
                choice.taken = Some(!is_taken);
            }
        }
        _ => return false,
    }
    true
}

/// Takes all that is listed, or none of it.
fn toggle_all(rows: &mut ImportRows, request: &ImportRequest) {
    let shown = rows.shown(request);
    let has_rest = shown.contains(&ListedRow::Rest);
    let choosable: Vec<usize> = shown
        .iter()
        .filter_map(|row| match row {
            ListedRow::Row(at) if rows.is_choosable(*at) => Some(*at),
            _ => None,
        })
        .collect();
    let all_taken = choosable
        .iter()
        .all(|at| rows.fate(request, *at) == RowFate::Taken)
        && (rows.rest_taken || !has_rest);
    for at in choosable {
        if let Some(choice) = rows.choices.get_mut(at) {
            choice.taken = Some(!all_taken);
        }
    }
    if has_rest {
        rows.rest_taken = !all_taken;
    }
}

/// Takes joins, notifications and the like, also those that are not listed; leaves them out if some are taken.
fn toggle_side_rows(rows: &mut ImportRows, request: &mut ImportRequest) {
    let is_side = |rows: &ImportRows, at: usize| {
        let row = rows.preview.rows.get(at);
        row.and_then(|row| row.action).is_some_and(is_side_action)
    };
    let side: Vec<usize> = (0..rows.choices.len())
        .filter(|at| is_side(rows, *at))
        .collect();
    let any_taken = side
        .iter()
        .any(|at| rows.fate(request, *at) == RowFate::Taken);
    for at in side {
        if let Some(choice) = rows.choices.get_mut(at) {
            choice.taken = None;
        }
    }
    for action in RowAction::ALL.into_iter().filter(|a| is_side_action(*a)) {
        match any_taken {
            true => request.kinds.remove(&action),
            false => request.kinds.insert(action, Some(Kind::Note)),
        };
    }
}

/// Gives the selected row a kind, or all rows of its action.
pub fn choose_kind(model: &mut Model, kind: Option<Kind>, of_action: Option<RowAction>) {
    let Some((rows, request)) = open_import(model).and_then(decidable) else {
        return;
    };
    match (of_action, rows.selected_row(request)) {
        (Some(action), _) => {
            // A row of its own kind keeps it.
            for (row, choice) in rows.preview.rows.iter().zip(&mut rows.choices) {
                if row.action == Some(action) {
                    choice.taken = None;
                    choice.kind = None;
                }
            }
            request.kinds.insert(action, kind);
        }
        (None, Some(ListedRow::Row(at))) => {
            if let Some(choice) = rows.choices.get_mut(at) {
                choice.taken = Some(kind.is_some());
                choice.kind = kind;
            }
        }
        _ => {}
    }
    clamp(rows, request);
}

/// Lists the next or the previous of: all rows, those taken, left out, here already, unreadable.
pub fn step_filter(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(import) = open_import(model) else {
        return vec![];
    };
    let Some((rows, _)) = decidable(import) else {
        return vec![];
    };
    let count = RowFilter::ALL.len();
    let at = RowFilter::ALL.iter().position(|f| *f == rows.filter);
    let step = if forward { 1 } else { count - 1 };
    let next = RowFilter::ALL[(at.unwrap_or(0) + step) % count];
    set_filter(rows, next);
    vec![]
}

fn set_filter(rows: &mut ImportRows, filter: RowFilter) {
    if rows.filter != filter {
        rows.filter = filter;
        rows.selected = 0;
    }
}

/// A click on row `row`, column `column` of the page: on a filter it lists these rows, on a row it takes it or
/// leaves it out, on its kind it asks for another.
pub fn click(model: &mut Model, column: u16, row: usize) -> Vec<Effect> {
    let area = layout::areas(model).page;
    let Some(import) = open_import(model) else {
        return vec![];
    };
    import.armed = false;
    if row == layout::import::FILTER_ROW {
        let filter = layout::import::filter_at(import, area.width, column);
        if let (Some(filter), Some((rows, _))) = (filter, decidable(import)) {
            set_filter(rows, filter);
        }
        return vec![];
    }
    let Some(at) = layout::import::row_at(import, row, area.height) else {
        return vec![];
    };
    let Some((rows, request)) = decidable(import) else {
        return vec![];
    };
    rows.selected = at;
    if layout::import::is_on_kind(area.width, column) {
        return act(model, Action::RowKind);
    }
    toggle(rows, request);
    clamp(rows, request);
    vec![]
}
