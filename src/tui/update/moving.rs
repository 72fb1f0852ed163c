//! Moving about: in the timeline, in lists, on pages.

use super::{entries, tabs};
use crate::{
    ops::page::{Cursor, From},
    tui::{
        keymap::Action,
        layout,
        model::{Focus, Model, Over, Tab},
        msg::{Effect, Job, Select},
    },
};
use chrono::NaiveDate;
use uuid::Uuid;

/// A gap that is jumped to: from so many minutes on.
const GAP_MINUTES: i64 = 15;

/// A row of the timeline as it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visible {
    /// A day begins.
    Day(NaiveDate),
    /// The event at this place.
    Event(usize),
}

fn day(model: &Model, at: usize) -> Option<NaiveDate> {
    let event = model.timeline.events.get(at)?;
    Some(model.zone.stamp(event.value.instant()).date_naive())
}

/// The rows in view from event `top` on.
fn from(model: &Model, top: usize, rows: usize) -> Vec<Visible> {
    let mut seen = Vec::with_capacity(rows);
    let mut last = None;
    for at in top..model.timeline.events.len() {
        let today = day(model, at);
        if today != last {
            if seen.len() + 1 >= rows && !seen.is_empty() {
                break;
            }
            seen.extend(today.map(Visible::Day));
            last = today;
        }
        if seen.len() >= rows {
            break;
        }
        seen.push(Visible::Event(at));
    }
    seen
}

/// The first event in view where the last one is at the bottom.
fn top_of_end(model: &Model, end: usize, rows: usize) -> usize {
    let mut top = end;
    let mut used = 2;
    while top > 0 {
        let more = if day(model, top - 1) == day(model, top) {
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
pub fn visible(model: &Model, rows: usize) -> Vec<Visible> {
    from(model, model.timeline.top, rows)
}

/// Brings selection and view together, after either changed.
pub fn settle(model: &mut Model) {
    let rows = usize::from(layout::areas(model).page.height);
    let count = model.timeline.events.len();
    if count == 0 || rows == 0 {
        model.timeline.selected = 0;
        model.timeline.top = 0;
        return;
    }
    if model.timeline.follow {
        model.timeline.top = top_of_end(model, count - 1, rows);
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
    let in_view = |model: &Model| visible(model, rows).contains(&Visible::Event(selected));
    if !in_view(model) {
        model.timeline.top = top_of_end(model, selected, rows);
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
    let found = entries(model).len();
    match model.over.last_mut() {
        Some(Over::Help(finder) | Over::Palette(finder)) => {
            finder.selected = moved(finder.selected, found);
            return vec![];
        }
        Some(Over::Detail(detail)) => {
            detail.scroll = detail.scroll.saturating_add_signed(step);
            return vec![];
        }
        Some(Over::Paste(paste)) => {
            paste.selected = moved(paste.selected, paste.rows.len());
            return vec![];
        }
        Some(_) => return vec![],
        None => {}
    }
    match model.tab {
        Tab::Timeline => timeline(model, action, step),
        Tab::Tasks => {
            let count = tabs::task_rows(model).len();
            model.task = moved(model.task.min(count.saturating_sub(1)), count);
            vec![]
        }
        Tab::Postmortem => {
            model.postmortem.scroll = model.postmortem.scroll.saturating_add_signed(step);
            // The view knows how long the page is; it stops at its end.
            let most = super::super::view::postmortem::rows(model).saturating_sub(rows);
            model.postmortem.scroll = model.postmortem.scroll.min(most);
            vec![]
        }
        Tab::Email => {
            let most = super::super::view::email::rows(model).saturating_sub(rows);
            model.letter_scroll = model.letter_scroll.saturating_add_signed(step).min(most);
            vec![]
        }
        Tab::Incidents => {
            let list = &mut model.incidents;
            let count = match (&list.found, &list.all) {
                (Some((_, found)), _) => found.len(),
                (None, Some(all)) => all.len(),
                (None, None) => 0,
            };
            list.selected = moved(list.selected, count);
            vec![]
        }
    }
}

fn timeline(model: &mut Model, action: Action, step: isize) -> Vec<Effect> {
    let count = model.timeline.events.len();
    if count == 0 {
        return vec![];
    }
    match action {
        Action::First if model.timeline.older => {
            model.timeline.follow = false;
            return vec![page(model, From::Oldest, Select::First)];
        }
        Action::Last if model.timeline.newer => {
            model.timeline.follow = true;
            return vec![page(model, From::Newest, Select::Last)];
        }
        Action::NextMilestone => return milestone(model, true),
        Action::PreviousMilestone => return milestone(model, false),
        Action::NextGap => return gap(model, true),
        Action::PreviousGap => return gap(model, false),
        _ => {}
    }
    if model.focus == Focus::Line {
        // From the line only the view moves.
        let rows = usize::from(layout::areas(model).page.height).max(1);
        let last = top_of_end(model, count - 1, rows);
        model.timeline.top = model.timeline.top.saturating_add_signed(step).min(last);
        model.timeline.follow = model.timeline.top == last && !model.timeline.newer;
        return near_edge(model);
    }
    let selected = model.timeline.selected;
    model.timeline.selected = selected.saturating_add_signed(step).min(count - 1);
    select(model)
}

/// After another event was selected.
fn select(model: &mut Model) -> Vec<Effect> {
    let last = model.timeline.events.len().saturating_sub(1);
    model.timeline.follow = model.timeline.selected == last && !model.timeline.newer;
    if let Some(id) = model.selected().map(|e| e.id) {
        model.timeline.fresh.remove(&id);
    }
    settle(model);
    near_edge(model)
}

/// Asks for more where the end of what was read is near.
fn near_edge(model: &mut Model) -> Vec<Effect> {
    let rows = usize::from(layout::areas(model).page.height).max(1);
    let timeline = &model.timeline;
    let older = timeline.older && timeline.top < rows;
    let newer = timeline.newer && timeline.top + 2 * rows > timeline.events.len();
    if timeline.asked || !(older || newer) {
        return vec![];
    }
    let Some(around) = timeline
        .events
        .get(timeline.top)
        .map(crate::domain::incident::Record::order)
    else {
        return vec![];
    };
    vec![page(model, From::Around(around), Select::Keep)]
}

/// Asks for a page of the timeline.
pub fn page(model: &mut Model, from: From, select: Select) -> Effect {
    model.timeline.asked = true;
    Effect::Job(Job::Page {
        incident: model.incident(),
        from,
        filter: model.timeline.filter.clone(),
        select,
    })
}

/// Selects the event `id`, whose place in the timeline is `order`.
pub fn to_event(model: &mut Model, id: Uuid, order: Cursor) -> Vec<Effect> {
    model.tab = Tab::Timeline;
    model.focus = Focus::Page;
    match model.timeline.events.iter().position(|e| e.id == id) {
        Some(at) => {
            model.timeline.selected = at;
            select(model)
        }
        None => {
            model.timeline.follow = false;
            vec![page(model, From::Around(order), Select::Event(id))]
        }
    }
}

fn milestone(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(now) = model.selected().map(crate::domain::incident::Record::order) else {
        return vec![];
    };
    let milestones = model.outline.iter().flat_map(|o| &o.milestones);
    let next = if forward {
        milestones
            .filter(|m| m.order() > now)
            .min_by_key(|m| m.order())
    } else {
        milestones
            .filter(|m| m.order() < now)
            .max_by_key(|m| m.order())
    };
    match next.cloned() {
        Some(event) => to_event(model, event.id, event.order()),
        None => {
            let way = if forward { "after" } else { "before" };
            model.say(
                crate::tui::model::Tone::Note,
                format!("no milestone {way} this one"),
            );
            vec![]
        }
    }
}

fn gap(model: &mut Model, forward: bool) -> Vec<Effect> {
    let events = &model.timeline.events;
    let wide = |at: &usize| {
        let before = events[at - 1].value.instant();
        (events[*at].value.instant() - before).num_minutes() >= GAP_MINUTES
    };
    let selected = model.timeline.selected;
    let found = if forward {
        (selected + 1..events.len()).find(wide)
    } else {
        (1..selected).rev().find(wide)
    };
    match found {
        Some(at) => {
            let minutes =
                (events[at].value.instant() - events[at - 1].value.instant()).num_seconds();
            model.timeline.selected = at;
            model.say(
                crate::tui::model::Tone::Note,
                format!(
                    "nothing was logged for {}",
                    crate::domain::time::duration(minutes)
                ),
            );
            select(model)
        }
        None => {
            model.say(crate::tui::model::Tone::Note, "no gap that way");
            vec![]
        }
    }
}

/// To the next event found, or the one before.
pub fn to_hit(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(now) = model.selected().map(crate::domain::incident::Record::order) else {
        return vec![];
    };
    let hits = &model.timeline.hits;
    if hits.is_empty() {
        let text = if model.timeline.query.is_empty() {
            "nothing is searched for; / searches".to_owned()
        } else {
            format!("nothing found for {}", model.timeline.query)
        };
        model.say(crate::tui::model::Tone::Note, text);
        return vec![];
    }
    // Back in time first: what is searched for lies behind. At the end it begins anew.
    let next = if forward {
        hits.iter()
            .filter(|h| h.order() < now)
            .max_by_key(|h| h.order())
            .or_else(|| hits.iter().max_by_key(|h| h.order()))
    } else {
        hits.iter()
            .filter(|h| h.order() > now)
            .min_by_key(|h| h.order())
            .or_else(|| hits.iter().min_by_key(|h| h.order()))
    };
    let Some(hit) = next.cloned() else {
        return vec![];
    };
    let place = hits.iter().position(|h| h.id == hit.id).unwrap_or(0) + 1;
    model.say(
        crate::tui::model::Tone::Note,
        format!("{place} of {} found, newest first", hits.len()),
    );
    to_event(model, hit.id, hit.order())
}

/// A click on row `row` of the page.
pub fn click(model: &mut Model, row: usize) -> Vec<Effect> {
    let height = usize::from(layout::areas(model).page.height);
    match model.over.last_mut() {
        Some(Over::Paste(paste)) => {
            let at = super::super::view::paste::at(paste, row, height);
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
        Tab::Timeline => match visible(model, height).get(row) {
            Some(Visible::Event(at)) => {
                let again = model.timeline.selected == *at;
                model.timeline.selected = *at;
                if again {
                    return super::act(model, Action::Open);
                }
                select(model)
            }
            _ => vec![],
        },
        Tab::Incidents => {
            if let Some(at) = super::super::view::incidents::at(model, row) {
                let again = model.incidents.selected == at;
                model.incidents.selected = at;
                if again {
                    return super::act(model, Action::Open);
                }
            }
            vec![]
        }
        Tab::Tasks => {
            if let Some(at) = super::super::view::tasks::at(model, row) {
                model.task = at;
            }
            vec![]
        }
        _ => vec![],
    }
}
