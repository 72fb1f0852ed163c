//! Moving the selection and scrolling.

use super::{
    scroll::{continue_filter_scan, on_selection_changed, request_page, scroll_view},
    task_selection,
    timeline::{jump_to_gap, jump_to_milestone},
};
use crate::{
    ops::timeline::PageAnchor,
    tui::{
        content::{letter, postmortem},
        keymap::Action,
        layout::areas,
        model::{FilterProgress, Model, Overlay, Tab, finder_rows, task_rows},
        msg::{Effect, Select},
    },
};

/// Moves the selection, or scrolls, in the topmost overlay or the tab.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let rows = usize::from(areas(model).page.height).max(1);
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
            super::routing::step(model, action == Action::Down);
            return vec![];
        }
        // The list scrolls below what has the keys.
        Some(Overlay::Routing(_) | Overlay::Prompt(_) | Overlay::Confirm(_)) => {
            return scroll_page(model, step);
        }
        Some(Overlay::Detail(detail)) => {
            detail.scroll = detail.scroll.saturating_add_signed(step);
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
        None => {}
    }
    match model.tab {
        Tab::Timeline => move_in_timeline(model, action, step),
        Tab::Tasks => {
            let count = task_rows(model).len();
            task_selection::select(model, moved(model.tasks.selected, count));
            vec![]
        }
        Tab::Postmortem => {
            let scroll = model.postmortem.scroll;
            let scroll = match action {
                Action::NextHeading => postmortem::next_heading(model, scroll, true),
                Action::PreviousHeading => postmortem::next_heading(model, scroll, false),
                _ => scroll.saturating_add_signed(step),
            };
            // Stop at the last page.
            let max = postmortem::row_count(model).saturating_sub(rows);
            model.postmortem.scroll = scroll.min(max);
            vec![]
        }
        Tab::Email => scroll_page(model, step),
        Tab::Incidents => {
            let count = model.incidents.row_count();
            model.incidents.selected = moved(model.incidents.selected, count);
            vec![]
        }
    }
}

/// Scrolls what the page shows by `rows`, down if positive. The selection stays.
pub fn scroll_page(model: &mut Model, rows: isize) -> Vec<Effect> {
    let height = usize::from(areas(model).page.height).max(1);
    match model.tab {
        Tab::Timeline => return scroll_view(model, rows),
        Tab::Postmortem => {
            let max = postmortem::row_count(model).saturating_sub(height);
            model.postmortem.scroll = model.postmortem.scroll.saturating_add_signed(rows).min(max);
        }
        Tab::Email => {
            let max = letter::row_count(model).saturating_sub(height);
            model.letter_scroll = model.letter_scroll.saturating_add_signed(rows).min(max);
        }
        // These are short, and stay around what is selected.
        Tab::Tasks | Tab::Incidents => {}
    }
    vec![]
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
