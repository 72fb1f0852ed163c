//! Moving about: in the timeline, in lists, on pages.

use super::{
    finder_rows, tabs,
    timeline::{continue_filter_scan, jump_to_gap, jump_to_milestone, request_page},
};
use crate::{
    domain::incident::Record,
    ops::timeline::PageAnchor,
    tui::{
        keymap::Action,
        layout,
        model::{FilterProgress, Focus, Model, Overlay, Tab},
        msg::{Effect, Select},
    },
};
use chrono::NaiveDate;

/// A row of the timeline as it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineRow {
    /// A day begins.
    Day(NaiveDate),
    /// The event at this place.
    Event(usize),
}

fn local_day(model: &Model, at: usize) -> Option<NaiveDate> {
    let event = model.timeline.events.get(at)?;
    Some(model.zone.to_local(event.value.at_utc()).date_naive())
}

/// The rows in view from event `top` on.
fn rows_from(model: &Model, top: usize, rows: usize) -> Vec<TimelineRow> {
    let mut seen = Vec::with_capacity(rows);
    let mut last = None;
    for at in top..model.timeline.events.len() {
        let today = local_day(model, at);
        if today != last {
            if seen.len() + 1 >= rows && !seen.is_empty() {
                break;
            }
            seen.extend(today.map(TimelineRow::Day));
            last = today;
        }
        if seen.len() >= rows {
            break;
        }
        seen.push(TimelineRow::Event(at));
    }
    seen
}

/// The first event in view where the last one is at the bottom.
fn top_showing_last(model: &Model, end: usize, rows: usize) -> usize {
    let mut top = end;
    let mut used = 2;
    while top > 0 {
        let more = if local_day(model, top - 1) == local_day(model, top) {
            1
        } else {
            2
        };
        if used + more > rows {
            break;
        }
        used += more;
        top -= 1;
    }
    top
}

/// The rows of the timeline that are in view.
#[must_use]
pub fn visible_rows(model: &Model, rows: usize) -> Vec<TimelineRow> {
    rows_from(model, model.timeline.top, rows)
}

/// Brings selection and view together, after either changed.
pub fn sync_scroll(model: &mut Model) {
    let rows = usize::from(layout::areas(model).page.height);
    let count = model.timeline.events.len();
    if count == 0 || rows == 0 {
        model.timeline.selected = 0;
        model.timeline.top = 0;
        return;
    }
    if model.timeline.follow {
        model.timeline.top = top_showing_last(model, count - 1, rows);
        if model.focus == Focus::Line {
            model.timeline.selected = count - 1;
        }
    }
    let selected = model.timeline.selected.min(count - 1);
    model.timeline.selected = selected;
    model.timeline.top = model.timeline.top.min(count - 1);
    if model.focus == Focus::Line && !model.timeline.follow {
        return;
    }
    if selected < model.timeline.top {
        model.timeline.top = selected;
        return;
    }
    let in_view = |model: &Model| visible_rows(model, rows).contains(&TimelineRow::Event(selected));
    if !in_view(model) {
        model.timeline.top = top_showing_last(model, selected, rows);
    }
}

/// Does `action` to whatever is in front.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let rows = usize::from(layout::areas(model).page.height).max(1);
    let by = |action| -> isize {
        let page = isize::try_from(rows.saturating_sub(2).max(1)).unwrap_or(1);
        match action {
            Action::Up => -1,
            Action::Down => 1,
            Action::PageUp => -page,
            Action::PageDown => page,
            Action::First => isize::MIN / 2,
            Action::Last => isize::MAX / 2,
            _ => 0,
        }
    };
    let step = by(action);
    let moved =
        |at: usize, count: usize| at.saturating_add_signed(step).min(count.saturating_sub(1));
    let found = finder_rows(model).len();
    match model.overlays.last_mut() {
        Some(Overlay::Help(finder) | Overlay::Palette(finder)) => {
            finder.selected = moved(finder.selected, found);
            return vec![];
        }
        Some(Overlay::Detail(detail)) => {
            detail.scroll = detail.scroll.saturating_add_signed(step);
            return vec![];
        }
        Some(Overlay::Paste(paste)) => {
            paste.selected = moved(paste.selected, paste.rows.len());
            return vec![];
        }
        Some(_) => return vec![],
        None => {}
    }
    match model.tab {
        Tab::Timeline => move_in_timeline(model, action, step),
        Tab::Tasks => {
            let count = tabs::task_rows(model).len();
            model.selected_task = moved(model.selected_task.min(count.saturating_sub(1)), count);
            vec![]
        }
        Tab::Postmortem => {
            use super::super::view::postmortem;
            let scroll = model.postmortem.scroll;
            let scroll = match action {
                Action::NextHeading => postmortem::next_heading(model, scroll, true),
                Action::PreviousHeading => postmortem::next_heading(model, scroll, false),
                _ => scroll.saturating_add_signed(step),
            };
            // The view knows how long the page is; it stops at its end.
            let most = postmortem::rows(model).saturating_sub(rows);
            model.postmortem.scroll = scroll.min(most);
            vec![]
        }
        Tab::Email => {
            let most = super::super::view::email::rows(model).saturating_sub(rows);
            model.letter_scroll = model.letter_scroll.saturating_add_signed(step).min(most);
            vec![]
        }
        Tab::Incidents => {
            let count = tabs::incidents_row_count(model);
            model.incidents.selected = moved(model.incidents.selected, count);
            vec![]
        }
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
    if model.focus == Focus::Line {
        // From the line only the view moves.
        let rows = usize::from(layout::areas(model).page.height).max(1);
        let last = top_showing_last(model, count - 1, rows);
        model.timeline.top = model.timeline.top.saturating_add_signed(step).min(last);
        model.timeline.follow = model.timeline.top == last && !model.timeline.has_newer;
        return load_near_edge(model);
    }
    let selected = model.timeline.selected;
    model.timeline.selected = selected.saturating_add_signed(step).min(count - 1);
    on_selection_changed(model)
}

/// After another event was selected.
pub fn on_selection_changed(model: &mut Model) -> Vec<Effect> {
    let last = model.timeline.events.len().saturating_sub(1);
    model.timeline.follow = model.timeline.selected == last && !model.timeline.has_newer;
    sync_scroll(model);
    if !model.timeline.unread.is_empty() {
        // What is in view while one moves about is seen.
        let rows = usize::from(layout::areas(model).page.height);
        for row in visible_rows(model, rows) {
            if let TimelineRow::Event(at) = row
                && let Some(event) = model.timeline.events.get(at)
            {
                model.timeline.unread.remove(&event.id);
            }
        }
    }
    load_near_edge(model)
}

/// Asks for more where the end of what was read is near.
fn load_near_edge(model: &mut Model) -> Vec<Effect> {
    if !model.timeline.filter.is_empty() {
        return if model.timeline.page_requested {
            vec![]
        } else {
            continue_filter_scan(model)
        };
    }
    let rows = usize::from(layout::areas(model).page.height).max(1);
    let timeline = &model.timeline;
    let older = timeline.has_older && timeline.top < rows;
    let newer = timeline.has_newer && timeline.top + 2 * rows > timeline.events.len();
    if timeline.page_requested || !(older || newer) {
        return vec![];
    }
    let Some(around) = timeline.events.get(timeline.top).map(Record::sort_key) else {
        return vec![];
    };
    vec![request_page(
        model,
        PageAnchor::Around(around),
        Select::Keep,
    )]
}

/// A click on column `column`, row `row` of the page.
pub fn on_click(model: &mut Model, column: u16, row: usize) -> Vec<Effect> {
    let height = usize::from(layout::areas(model).page.height);
    match model.overlays.last_mut() {
        Some(Overlay::Paste(paste)) => {
            let at = super::super::view::paste::row_at(paste, row, height);
            if let Some(at) = at {
                paste.selected = at;
            }
            return vec![];
        }
        Some(_) => return vec![],
        None => {}
    }
    model.focus = Focus::Page;
    match model.tab {
        Tab::Timeline => match visible_rows(model, height).get(row) {
            Some(TimelineRow::Event(at)) => {
                let again = model.timeline.selected == *at;
                model.timeline.selected = *at;
                if again {
                    return super::act(model, Action::Open);
                }
                on_selection_changed(model)
            }
            _ => vec![],
        },
        Tab::Incidents if row == 0 => match super::super::view::incidents::tab_at(model, column) {
            Some(board) => tabs::show_incidents_tab(model, board),
            None => vec![],
        },
        Tab::Email if row == 0 => match super::super::view::email::stage_at(model, column) {
            Some(stage) => {
                model.email_stage = Some(stage);
                model.letter_scroll = 0;
                tabs::load(model)
            }
            None => vec![],
        },
        Tab::Incidents => {
            if let Some(at) = super::super::view::incidents::row_at(model, row) {
                let again = model.incidents.selected == at;
                model.incidents.selected = at;
                if again {
                    return super::act(model, Action::Open);
                }
            }
            vec![]
        }
        Tab::Tasks => {
            if let Some(at) = super::super::view::tasks::row_at(model, row) {
                model.selected_task = at;
            }
            vec![]
        }
        _ => vec![],
    }
}
