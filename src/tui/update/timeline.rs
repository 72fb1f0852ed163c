//! The timeline: filter, and jumps to events, milestones, gaps and search hits.

use super::scroll::{continue_filter_scan, on_selection_changed, request_page};
use crate::{
    domain::{event::Event, incident::Record, time::UtcTime},
    ops::{
        incident_history::Milestone,
        timeline::{Filter, GAP_MINUTES, PageAnchor, TimelineCursor},
    },
    tui::{
        model::{FilterProgress, Focus, Level, Model, Tab},
        msg::{Effect, Job, Place, Select},
    },
};
use uuid::Uuid;

/// Notes what is selected now, for a filter that is about to be typed: each of its letters filters again.
pub fn begin_filter(model: &mut Model) {
    model.timeline.filter_anchor = None;
    model.timeline.filter_anchor = anchor(model);
}

/// What a filter keeps selected if it matches: what was selected before it was typed, else what is selected
/// now. `None` while no row is selected, since the view follows the newest event below a line that is typed.
fn anchor(model: &Model) -> Option<(Uuid, TimelineCursor)> {
    let timeline = &model.timeline;
    if timeline.filter_anchor.is_some() {
        return timeline.filter_anchor;
    }
    let is_live = timeline.follow && model.focus == Focus::Line;
    let event = model.selected_event().filter(|_| !is_live)?;
    Some((event.id, event.sort_key()))
}

/// Filters the timeline by `text`; an empty text shows all. What was selected stays so if it matches, else the
/// newest match is selected.
pub fn set_filter(model: &mut Model, text: &str) -> Vec<Effect> {
    let anchor = anchor(model);
    let timeline = &mut model.timeline;
    timeline.scrolled_away = false;
    timeline.filter_problem = None;
    timeline.filter_text = text.trim().to_owned();
    timeline.filter = Filter::parse(text);
    timeline.follow = anchor.is_none();
    timeline.filter_progress = FilterProgress::NotStarted;
    timeline.pending_jump = None;
    let (from, select) = match anchor {
        None => (PageAnchor::Newest, Select::Last),
        Some((id, at)) if timeline.filter.is_empty() => (PageAnchor::Around(at), Select::Event(id)),
        Some((id, _)) => (PageAnchor::Newest, Select::Event(id)),
    };
    vec![request_page(model, from, select)]
}

/// Selects `event`; loads its part of the timeline if needed. A filter that excludes it is cleared.
pub fn jump_to_event(model: &mut Model, event: &Record<Event>) -> Vec<Effect> {
    model.tab = Tab::Timeline;
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

/// Goes to the time (`05:10`, `:05:10`) or to the event (`kzqnvt`, `^kzq`) that `text` names; `None` if it
/// looks like neither.
pub fn go_to(model: &mut Model, text: &str) -> Option<Vec<Effect>> {
    let place = Place::parse(text)?;
    Some(vec![Effect::Job(Job::GoTo {
        incident: model.incident_id(),
        place,
    })])
}

/// Selects the event found at a place; says where it is, if that is not at the time asked for.
pub fn on_place_found(
    model: &mut Model,
    event: &Record<Event>,
    at: Option<UtcTime>,
) -> Vec<Effect> {
    if let Some(at) = at {
        let asked = model.zone.to_local(at).format("%H:%M");
        let found = event.value.at_utc();
        let text = match found {
            found if found < at => format!("nothing at {asked} or later: the last event"),
            found if (found - at).num_seconds() >= 60 => {
                format!("nothing at {asked}: the next event")
            }
            _ => format!("{asked}: the first event"),
        };
        model.notify(Level::Info, text);
    }
    jump_to_event(model, event)
}

/// Goes to column `column` of the state band, as it was drawn last: to the milestone there, else to the first
/// event from there on.
pub fn go_to_band_column(model: &mut Model, column: u16) -> Vec<Effect> {
    let Some(band) = model.band.borrow().clone() else {
        return vec![];
    };
    let count = i32::try_from(band.states.len()).unwrap_or(1).max(1);
    let column = i32::from(column);
    if column >= count {
        return vec![];
    }
    let (from, to) = band.range;
    let step = (to - from) / count;
    let (from, to) = (from + step * column, from + step * (column + 1));
    let history = model.summary.as_ref().and_then(|s| s.history.as_ref());
    let milestones = history.map_or(&[][..], |history| &history.milestones);
    let first = milestones.partition_point(|m| m.occurred_at() < from);
    let here = milestones[first..]
        .iter()
        .take_while(|m| m.occurred_at() < to);
    // The one that the band shows.
    if let Some(id) = here.max_by_key(|m| m.state).map(Milestone::id) {
        return match model.timeline.events.iter().find(|e| e.id == id) {
            Some(event) => jump_to_event(model, &event.clone()),
            None => vec![Effect::Job(Job::LoadEvent(id))],
        };
    }
    vec![Effect::Job(Job::GoTo {
        incident: model.incident_id(),
        place: Place::Time(from),
    })]
}

/// Jumps to the next or previous milestone.
pub fn jump_to_milestone(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(selected) = model.selected_event().map(Record::sort_key) else {
        return vec![];
    };
    let history = model.summary.as_ref().and_then(|o| o.history.as_ref());
    if let Some(incident) = model.incident_id()
        && history.is_some_and(|history| history.is_thinned)
    {
        return vec![Effect::Job(Job::FindMilestone {
            incident,
            from: selected,
            forward,
        })];
    }
    let milestones = history.map_or(&[][..], |history| &history.milestones);
    let next = if forward {
        milestones.get(milestones.partition_point(|m| m.order <= selected))
    } else {
        let before = milestones.partition_point(|m| m.order < selected);
        before.checked_sub(1).and_then(|at| milestones.get(at))
    };
    match next.map(Milestone::id) {
        Some(id) => match model.timeline.events.iter().find(|e| e.id == id) {
            Some(event) => jump_to_event(model, &event.clone()),
            None => vec![Effect::Job(Job::LoadEvent(id))],
        },
        None => on_milestone_found(model, None, forward),
    }
}

/// Jumps to the milestone that was searched for.
pub fn on_milestone_found(
    model: &mut Model,
    event: Option<&Record<Event>>,
    forward: bool,
) -> Vec<Effect> {
    if let Some(event) = event {
        return jump_to_event(model, event);
    }
    let direction = if forward { "after" } else { "before" };
    model.notify(Level::Info, format!("no milestone {direction} this one"));
    vec![]
}

/// Jumps to the event after the next or previous gap. Without a filter the worker searches the
/// store.
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
    // With a filter, gaps count between the loaded matches.
    let events = &model.timeline.events;
    let seconds = |at: usize| {
        let before = events[at - 1].value.at_utc();
        (events[at].value.at_utc() - before).num_seconds()
    };
    let wide = |at: &usize| seconds(*at) >= GAP_MINUTES * 60;
    let selected = model.timeline.selected;
    let gap = if forward {
        (selected + 1..events.len()).find(wide)
    } else {
        (1..selected).rev().find(wide)
    };
    let gap = gap.map(|at| (Box::new(events[at].clone()), seconds(at)));
    on_gap_found(model, gap)
}

/// Jumps to the event after a gap; `gap` is that event and the length of the gap in seconds.
pub fn on_gap_found(model: &mut Model, gap: Option<(Box<Record<Event>>, i64)>) -> Vec<Effect> {
    match gap {
        Some((event, seconds)) => {
            let duration = crate::domain::time::format_duration(seconds);
            model.notify(Level::Info, format!("nothing was logged for {duration}"));
            jump_to_event(model, &event)
        }
        None => {
            model.notify(Level::Info, "no further gap");
            vec![]
        }
    }
}

/// Jumps to the next or previous search hit, wrapping around. Forward is back in time.
pub fn jump_to_hit(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(selected) = model.selected_event().map(Record::sort_key) else {
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
    // Forward is towards older events, since the view begins at the newest.
    let next = if forward {
        hits.iter()
            .filter(|h| h.sort_key() < selected)
            .max_by_key(|h| h.sort_key())
            .or_else(|| hits.iter().max_by_key(|h| h.sort_key()))
    } else {
        hits.iter()
            .filter(|h| h.sort_key() > selected)
            .min_by_key(|h| h.sort_key())
            .or_else(|| hits.iter().min_by_key(|h| h.sort_key()))
    };
    let Some(hit) = next.cloned() else {
        return vec![];
    };
    let newer = hits.iter().filter(|h| h.sort_key() > hit.sort_key());
    let index = newer.count() + 1;
    model.notify(
        Level::Info,
        format!("{index} of {} found, newest first", hits.len()),
    );
    jump_to_event(model, &hit)
}
