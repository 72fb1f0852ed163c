//! Jumps: to an event wherever it is, to milestones, to gaps, to what was found.

use super::moving::{select, settle};
use crate::{
    domain::{event::Event, incident::Record},
    ops::timeline::{Filter, GAP_MINUTES, PageAnchor},
    tui::{
        model::{Focus, Model, Reach, Tab, Tone},
        msg::{Effect, Job, Select},
    },
};
use uuid::Uuid;

/// So many of the events that a filter asks for are read above what is in view.
const ENOUGH: usize = 200;

/// Asks for a page of the timeline.
pub fn page(model: &mut Model, from: PageAnchor, select: Select) -> Effect {
    model.timeline.asked = true;
    Effect::Job(Job::Page {
        incident: model.incident(),
        from,
        filter: model.timeline.filter.clone(),
        select,
    })
}

/// Looks further back for what the filter asks, as long as there is not enough of it.
pub fn look_back(model: &mut Model) -> Vec<Effect> {
    let timeline = &mut model.timeline;
    if timeline.filter.is_empty() {
        return vec![];
    }
    let there = |id: Uuid| timeline.events.iter().any(|e| e.id == id);
    let sought = match timeline.seek {
        Some(Select::First) => true,
        Some(Select::Event(id)) => !there(id),
        _ => false,
    };
    match timeline.reach {
        Reach::Back(rest) if sought || timeline.top < ENOUGH => {
            vec![page(model, PageAnchor::Before(rest), Select::Keep)]
        }
        _ => {
            if let Some(seek) = timeline.seek.take() {
                timeline.selected = match seek {
                    Select::Event(id) => timeline
                        .events
                        .iter()
                        .position(|e| e.id == id)
                        .unwrap_or(timeline.selected),
                    _ => 0,
                };
                timeline.follow = false;
                settle(model);
            }
            vec![]
        }
    }
}

/// Selects `event`, wherever in the timeline it is. A filter that would hide it is taken off.
pub fn to_event(model: &mut Model, event: &Record<Event>) -> Vec<Effect> {
    model.tab = Tab::Timeline;
    model.focus = Focus::Page;
    let timeline = &mut model.timeline;
    if let Some(at) = timeline.events.iter().position(|e| e.id == event.id) {
        timeline.selected = at;
        return select(model);
    }
    timeline.follow = false;
    if timeline.filter.matches(event) && !timeline.filter.is_empty() {
        timeline.seek = Some(Select::Event(event.id));
        return look_back(model);
    }
    if !timeline.filter.is_empty() {
        timeline.filter = Filter::default();
        timeline.filter_text.clear();
        timeline.reach = Reach::Nothing;
        model.say(Tone::Note, "the filter would hide it, and is off");
    }
    vec![page(
        model,
        PageAnchor::Around(event.sort_key()),
        Select::Event(event.id),
    )]
}

/// To the next milestone, or the one before.
pub fn milestone(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(now) = model.selected().map(Record::sort_key) else {
        return vec![];
    };
    let story = model.outline.as_ref().and_then(|o| o.history.as_ref());
    let milestones = story.map_or(&[][..], |story| &story.milestones);
    let next = if forward {
        milestones.get(milestones.partition_point(|m| m.order <= now))
    } else {
        let before = milestones.partition_point(|m| m.order < now);
        before.checked_sub(1).and_then(|at| milestones.get(at))
    };
    match next.map(|milestone| milestone.id) {
        Some(id) => match model.timeline.events.iter().find(|e| e.id == id) {
            Some(event) => to_event(model, &event.clone()),
            None => vec![Effect::Job(Job::Seek(id))],
        },
        None => {
            let way = if forward { "after" } else { "before" };
            model.say(Tone::Note, format!("no milestone {way} this one"));
            vec![]
        }
    }
}

/// To the next stretch in which nothing was logged, or the one before.
pub fn gap(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(from) = model.selected().map(Record::sort_key) else {
        return vec![];
    };
    if model.timeline.filter.is_empty() {
        return vec![Effect::Job(Job::Gap {
            incident: model.incident(),
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
    to_gap(model, found)
}

/// To the event behind a stretch of so many seconds in which nothing was logged.
pub fn to_gap(model: &mut Model, found: Option<(Box<Record<Event>>, i64)>) -> Vec<Effect> {
    match found {
        Some((event, seconds)) => {
            let lasted = crate::domain::time::format_duration(seconds);
            model.say(Tone::Note, format!("nothing was logged for {lasted}"));
            to_event(model, &event)
        }
        None => {
            model.say(Tone::Note, "no gap that way");
            vec![]
        }
    }
}

/// To the next event found, or the one before.
pub fn to_hit(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(now) = model.selected().map(Record::sort_key) else {
        return vec![];
    };
    let hits = &model.timeline.hits;
    if hits.is_empty() {
        let text = if model.timeline.query.is_empty() {
            "nothing is searched for; / searches".to_owned()
        } else {
            format!("nothing found for {}", model.timeline.query)
        };
        model.say(Tone::Note, text);
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
    model.say(
        Tone::Note,
        format!("{place} of {} found, newest first", hits.len()),
    );
    to_event(model, &hit)
}
