//! Moving the selection and scrolling.

use super::{
    detail,
    scroll::{continue_filter_scan, on_selection_changed, request_page, scroll_page, scroll_text},
    task_selection,
    timeline::{jump_to_gap, jump_to_milestone},
};
use crate::{
    ops::timeline::PageAnchor,
    tui::{
        content::{import_text, postmortem},
        keymap::Action,
        layout::{
            areas,
            document::{document_areas, last_scroll, text_columns},
        },
        model::{
            FilterProgress, ImportStage, Model, Overlay, Tab, document_rows, finder_rows, task_rows,
        },
        msg::{Effect, Select},
    },
};

/// Moves the selection, or scrolls, in the topmost overlay or the tab.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    // A page of a document is what is in view of its text.
    let in_document = matches!(model.tab, Tab::Postmortem | Tab::Email);
    let page = areas(model).page;
    let height = match model.overlays.last() {
        None | Some(Overlay::Prompt(_) | Overlay::Confirm(_)) if in_document => {
            document_areas(model).text.height
        }
        _ => page.height,
    };
    let rows = usize::from(height).max(1);
    let rows_of = |action| -> isize {
        let page = isize::try_from(rows.saturating_sub(2).max(1)).unwrap_or(1);
        match action {
            Action::Up => -1,
            Action::Down => 1,
            Action::PageUp => -page,
            Action::PageDown => page,
            Action::HalfPageUp => -(page / 2).max(1),
            Action::HalfPageDown => (page / 2).max(1),
            Action::First => isize::MIN / 2,
            Action::Last => isize::MAX / 2,
            _ => 0,
        }
    };
    let step = rows_of(action);
    let moved =
        |at: usize, count: usize| at.saturating_add_signed(step).min(count.saturating_sub(1));
    let finder_count = finder_rows(model).len();
    match model.overlays.last_mut() {
        Some(Overlay::Finder(finder)) => {
            // The first arrow chooses the first row.
            finder.selected = match (finder.selected, action) {
                _ if finder_count == 0 => None,
                (None, Action::Up | Action::Last) => Some(finder_count - 1),
                (None, _) => Some(0),
                (Some(at), _) => Some(moved(at, finder_count)),
            };
            return vec![];
        }
        Some(Overlay::Routing(_)) if matches!(action, Action::Up | Action::Down) => {
            return super::routing::step(model, action == Action::Down);
        }
        // The list scrolls below what has the keys.
        Some(Overlay::Routing(_) | Overlay::Prompt(_) | Overlay::Confirm(_)) => {
            return scroll_page(model, step);
        }
        Some(Overlay::Detail(_)) => {
            detail::scroll_open(model, step);
            return vec![];
        }
        // It has keys of its own.
        Some(Overlay::Uncopied(_)) => return vec![],
        Some(Overlay::Text(page)) => {
            page.scroll = page.scroll.saturating_add_signed(step);
            return vec![];
        }
        Some(Overlay::Paste(paste)) => {
            paste.selected = moved(paste.selected, paste.rows.len());
            return vec![];
        }
        Some(Overlay::Import(import)) => {
            let text = import_text::page_rows(import, page.width, page.height);
            match &mut import.stage {
                ImportStage::Shown(rows) => {
                    rows.selected = moved(rows.selected, rows.shown(&import.request).len());
                }
                // The title has a row of its own.
                _ => import.scroll = moved(import.scroll, (text.len() + 2).saturating_sub(rows)),
            }
            return vec![];
        }
        None => {}
    }
    match model.tab {
        Tab::Timeline => move_in_timeline(model, action, step),
        Tab::Tasks => {
            let count = task_rows(model).len();
            task_selection::select(model, moved(model.tasks.selected, count));
            vec![]
        }
        Tab::Postmortem | Tab::Email => {
            move_in_document(model, action, step);
            vec![]
        }
        Tab::Incidents => {
            let count = model.incidents.row_count();
            model.incidents.selected = moved(model.incidents.selected, count);
            vec![]
        }
    }
}

/// Up and Down choose what is to be fixed; all else scrolls the text.
fn move_in_document(model: &mut Model, action: Action, step: isize) {
    match action {
        Action::Up | Action::Down => {
            let count = document_rows(model).len();
            let selected = model.selected_finding.saturating_add_signed(step);
            model.selected_finding = selected.min(count.saturating_sub(1));
        }
        Action::NextHeading | Action::PreviousHeading if model.tab == Tab::Postmortem => {
            let document = postmortem::rendered(model, text_columns(model));
            let forward = action == Action::NextHeading;
            let scroll = postmortem::next_heading(&document, model.postmortem.scroll, forward);
            model.postmortem.scroll = scroll.min(last_scroll(model));
        }
        _ => scroll_text(model, step),
    }
}

fn move_in_timeline(model: &mut Model, action: Action, step: isize) -> Vec<Effect> {
    let count = model.timeline.events.len();
    if count == 0 {
        return vec![];
    }
    match action {
        Action::First if matches!(model.timeline.filter_progress, FilterProgress::ScannedTo(_)) => {
            model.timeline.pending_jump = Some(Select::First);
            return continue_filter_scan(model);
        }
        Action::First if model.timeline.has_older => {
            model.timeline.follow = false;
            return vec![request_page(model, PageAnchor::Oldest, Select::First)];
        }
        Action::Last if model.timeline.has_newer => {
            model.timeline.follow = true;
            return vec![request_page(model, PageAnchor::Newest, Select::Last)];
        }
        Action::NextMilestone => return jump_to_milestone(model, true),
        Action::PreviousMilestone => return jump_to_milestone(model, false),
        Action::NextGap => return jump_to_gap(model, true),
        Action::PreviousGap => return jump_to_gap(model, false),
        _ => {}
    }
    let selected = model.timeline.selected;
    model.timeline.selected = selected.saturating_add_signed(step).min(count - 1);
    on_selection_changed(model)
}
