//! Keeps selection, view and loaded part of the timeline together.

use crate::{
    domain::incident::Record,
    ops::timeline::PageAnchor,
    tui::{
        layout::{
            areas,
            document::last_scroll,
            timeline::{TimelineRow, top_showing_last, visible_rows},
        },
        model::{FilterProgress, Focus, Model, Tab},
        msg::{Effect, Job, Select},
    },
};
use uuid::Uuid;

/// A filtered timeline loads at least this many matching events above the view.
const MIN_MATCHES_ABOVE: usize = 200;

/// Gives the keys to the list.
pub fn focus_list(model: &mut Model) -> Vec<Effect> {
    model.focus = Focus::List;
    model.state_pick = None;
    model.timeline.scrolled_away = false;
    sync_scroll(model);
    vec![]
}

/// Scrolls the timeline so that the selected event is in view, or follows the newest event. After the
/// wheel has moved the view, only out-of-range positions are corrected.
pub fn sync_scroll(model: &mut Model) {
    let rows = usize::from(areas(model).page.height);
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
    if model.timeline.scrolled_away {
        return;
    }
    // No blank rows below the newest while older ones are out of view.
    if !model.timeline.has_newer {
        let last = top_showing_last(model, count - 1, rows);
        model.timeline.top = model.timeline.top.min(last);
    }
    if selected < model.timeline.top {
        model.timeline.top = selected;
        return;
    }
    let is_in_view =
        |model: &Model| visible_rows(model, rows).contains(&TimelineRow::Event(selected));
    if !is_in_view(model) {
        model.timeline.top = top_showing_last(model, selected, rows);
    }
}

/// Returns the effect that loads a page of the timeline.
pub fn request_page(model: &mut Model, from: PageAnchor, select: Select) -> Effect {
    model.timeline.page_requested = true;
    Effect::Job(Job::LoadPage {
        incident: model.incident_id(),
        from,
        filter: model.timeline.filter.clone(),
        select,
    })
}

/// Continues the scan of a filter until enough matches are loaded and a pending jump is done.
pub fn continue_filter_scan(model: &mut Model) -> Vec<Effect> {
    let timeline = &mut model.timeline;
    if timeline.filter.is_empty() {
        return vec![];
    }
    let is_loaded = |id: Uuid| timeline.events.iter().any(|e| e.id == id);
    let must_continue = match timeline.pending_jump {
        Some(Select::First) => true,
        Some(Select::Event(id)) => !is_loaded(id),
        _ => false,
    };
    match timeline.filter_progress {
        FilterProgress::ScannedTo(cursor) if must_continue || timeline.top < MIN_MATCHES_ABOVE => {
            vec![request_page(
                model,
                PageAnchor::Before(cursor),
                Select::Keep,
            )]
        }
        _ => {
            if let Some(target) = timeline.pending_jump.take() {
                timeline.selected = match target {
                    Select::Event(id) => timeline
                        .events
                        .iter()
                        .position(|e| e.id == id)
                        .unwrap_or(timeline.selected),
                    _ => 0,
                };
                timeline.follow = false;
                sync_scroll(model);
            }
            vec![]
        }
    }
}

/// Scrolls what the page shows by `rows`, down if positive. The selection stays.
pub fn scroll_page(model: &mut Model, rows: isize) -> Vec<Effect> {
    match model.tab {
        Tab::Timeline => return scroll_view(model, rows),
        Tab::Postmortem | Tab::Email => scroll_text(model, rows),
        // These are short, and stay around what is selected.
        Tab::Tasks | Tab::Incidents => {}
    }
    vec![]
}

/// Scrolls the text of a document, at most to its last page.
pub fn scroll_text(model: &mut Model, rows: isize) {
    let last = last_scroll(model);
    let scroll = match model.tab {
        Tab::Email => &mut model.letter_scroll,
        _ => &mut model.postmortem.scroll,
    };
    *scroll = scroll.saturating_add_signed(rows).min(last);
}

/// Scrolls the view of the timeline by `rows`, down if positive. The selection stays.
pub fn scroll_view(model: &mut Model, rows: isize) -> Vec<Effect> {
    let count = model.timeline.events.len();
    if count == 0 {
        return vec![];
    }
    let height = usize::from(areas(model).page.height).max(1);
    let last = top_showing_last(model, count - 1, height);
    model.timeline.top = model.timeline.top.saturating_add_signed(rows).min(last);
    model.timeline.follow =
        model.timeline.top == last && !model.timeline.has_newer && model.focus == Focus::Line;
    model.timeline.scrolled_away = !model.timeline.follow;
    load_near_edge(model)
}

/// Does what follows from another selection: scrolls, marks events in view as read, loads more.
pub fn on_selection_changed(model: &mut Model) -> Vec<Effect> {
    model.timeline.scrolled_away = false;
    let last = model.timeline.events.len().saturating_sub(1);
    model.timeline.follow = model.timeline.selected == last && !model.timeline.has_newer;
    sync_scroll(model);
    if !model.timeline.unread.is_empty() {
        // Events in view while the selection moves count as read.
        let rows = usize::from(areas(model).page.height);
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

/// Loads more events if the view is less than a page from the end of the loaded ones.
pub fn load_near_edge(model: &mut Model) -> Vec<Effect> {
    if !model.timeline.filter.is_empty() {
        return if model.timeline.page_requested {
            vec![]
        } else {
            continue_filter_scan(model)
        };
    }
    let rows = usize::from(areas(model).page.height).max(1);
    let timeline = &model.timeline;
    let needs_older = timeline.has_older && timeline.top < rows;
    let needs_newer = timeline.has_newer && timeline.top + 2 * rows > timeline.events.len();
    if timeline.page_requested || !(needs_older || needs_newer) {
        return vec![];
    }
    let Some(anchor) = timeline.events.get(timeline.top).map(Record::sort_key) else {
        return vec![];
    };
    vec![request_page(
        model,
        PageAnchor::Around(anchor),
        Select::Keep,
    )]
}
