//! Jumps: to an event wherever it is, to milestones, to gaps, to what was found.

use super::navigation::{on_selection_changed, sync_scroll};
use crate::{
    domain::{event::Event, incident::Record},
    ops::timeline::{Filter, GAP_MINUTES, PageAnchor},
    tui::{
        model::{FilterProgress, Focus, Level, Model, Tab},
        msg::{Effect, Job, Select},
    },
};
use uuid::Uuid;

/// So many of the events that a filter asks for are read above what is in view.
const MIN_MATCHES_ABOVE: usize = 200;

/// Asks for a page of the timeline.
pub fn request_page(model: &mut Model, from: PageAnchor, select: Select) -> Effect {
    model.timeline.page_requested = true;
    Effect::Job(Job::LoadPage {
        incident: model.incident_id(),
        from,
        filter: model.timeline.filter.clone(),
        select,
    })
}

/// Looks further back for what the filter asks, as long as there is not enough of it.
pub fn continue_filter_scan(model: &mut Model) -> Vec<Effect> {
    let timeline = &mut model.timeline;
    if timeline.filter.is_empty() {
        return vec![];
    }
    let there = |id: Uuid| timeline.events.iter().any(|e| e.id == id);
    let sought = match timeline.pending_jump {
        Some(Select::First) => true,
        Some(Select::Event(id)) => !there(id),
        _ => false,
    };
    match timeline.filter_progress {
        FilterProgress::ScannedTo(rest) if sought || timeline.top < MIN_MATCHES_ABOVE => {
            vec![request_page(model, PageAnchor::Before(rest), Select::Keep)]
        }
        _ => {
            if let Some(seek) = timeline.pending_jump.take() {
                timeline.selected = match seek {
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

/// Selects `event`, wherever in the timeline it is. A filter that would hide it is taken off.
pub fn jump_to_event(model: &mut Model, event: &Record<Event>) -> Vec<Effect> {
    model.tab = Tab::Timeline;
    model.focus = Focus::Page;
    let timeline = &mut model.timeline;
    if let Some(at) = timeline.events.iter().position(|e| e.id == event.id) {
        timeline.selected = at;
        return on_selection_changed(model);
    }
    timeline.follow = false;
    if timeline.filter.matches(event) && !timeline.filter.is_empty() {
        timeline.pending_jump = Some(Select::Event(event.id));
        return continue_filter_scan(model);
    }
    if !timeline.filter.is_empty() {
        timeline.filter = Filter::default();
        timeline.filter_text.clear();
        timeline.filter_progress = FilterProgress::NotStarted;
        model.notify(Level::Info, "the filter would hide it, and is off");
    }
    vec![request_page(
        model,
        PageAnchor::Around(event.sort_key()),
        Select::Event(event.id),
    )]
}

/// To the next milestone, or the one before.
pub fn jump_to_milestone(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(now) = model.selected_event().map(Record::sort_key) else {
        return vec![];
    };
    let story = model.summary.as_ref().and_then(|o| o.history.as_ref());
    let milestones = story.map_or(&[][..], |story| &story.milestones);
    let next = if forward {
        milestones.get(milestones.partition_point(|m| m.order <= now))
    } else {
        let before = milestones.partition_point(|m| m.order < now);
        before.checked_sub(1).and_then(|at| milestones.get(at))
    };
    match next.map(|milestone| milestone.id) {
        Some(id) => match model.timeline.events.iter().find(|e| e.id == id) {
            Some(event) => jump_to_event(model, &event.clone()),
            None => vec![Effect::Job(Job::LoadEvent(id))],
        },
        None => {
            let way = if forward { "after" } else { "before" };
            model.notify(Level::Info, format!("no milestone {way} this one"));
            vec![]
        }
    }
}

/// To the next stretch in which nothing was logged, or the one before.
pub fn jump_to_gap(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(from) = model.selected_event().map(Record::sort_key) else {
        return vec![];
    };
    if model.timeline.filter.is_empty() {
        return vec![Effect::Job(Job::FindGap {
            incident: model.incident_id(),
            from,
            forward,
        })];
    }
    // Among what the filter shows, as far as it is read.
    let events = &model.timeline.events;
    let seconds = |at: usize| {
        let before = events[at - 1].value.at_utc();
        (events[at].value.at_utc() - before).num_seconds()
    };
    let wide = |at: &usize| seconds(*at) >= GAP_MINUTES * 60;
    let selected = model.timeline.selected;
    let found = if forward {
        (selected + 1..events.len()).find(wide)
    } else {
        (1..selected).rev().find(wide)
    };
    let found = found.map(|at| (Box::new(events[at].clone()), seconds(at)));
    on_gap_found(model, found)
}

/// To the event behind a stretch of so many seconds in which nothing was logged.
pub fn on_gap_found(model: &mut Model, found: Option<(Box<Record<Event>>, i64)>) -> Vec<Effect> {
    match found {
        Some((event, seconds)) => {
            let lasted = crate::domain::time::format_duration(seconds);
            model.notify(Level::Info, format!("nothing was logged for {lasted}"));
            jump_to_event(model, &event)
        }
        None => {
            model.notify(Level::Info, "no gap that way");
            vec![]
        }
    }
}

/// To the next event found, or the one before.
pub fn jump_to_hit(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(now) = model.selected_event().map(Record::sort_key) else {
        return vec![];
    };
    let hits = &model.timeline.hits;
    if hits.is_empty() {
        let text = if model.timeline.query.is_empty() {
            "nothing is searched for; / searches".to_owned()
        } else {
            format!("nothing found for {}", model.timeline.query)
        };
        model.notify(Level::Info, text);
        return vec![];
    }
    // Back in time first: what is searched for lies behind. At the end it begins anew.
    let next = if forward {
        hits.iter()
            .filter(|h| h.sort_key() < now)
            .max_by_key(|h| h.sort_key())
            .or_else(|| hits.iter().max_by_key(|h| h.sort_key()))
    } else {
        hits.iter()
            .filter(|h| h.sort_key() > now)
            .min_by_key(|h| h.sort_key())
            .or_else(|| hits.iter().min_by_key(|h| h.sort_key()))
    };
    let Some(hit) = next.cloned() else {
        return vec![];
    };
    let place = hits.iter().position(|h| h.id == hit.id).unwrap_or(0) + 1;
    model.notify(
        Level::Info,
        format!("{place} of {} found, newest first", hits.len()),
    );
    jump_to_event(model, &hit)
}
