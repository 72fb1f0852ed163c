//! What was read of an incident takes its place on the screen, and what is looked at stays where it is.

use super::{jumping, moving, pasting, tabs, typing};
use crate::{
    domain::{event::Event, incident::Record},
    ops::timeline::{Filter, PageAnchor, TimelinePage},
    tui::{
        model::{Focus, Model, Over, Reach, Tone},
        msg::{Effect, Job, Seen, Select},
    },
};

/// An incident was looked at.
pub fn looked(model: &mut Model, seen: Seen) -> Vec<Effect> {
    let Seen {
        outline,
        zone,
        page,
        another,
        others_open,
        filter,
    } = seen;
    let first = !model.looked;
    model.looked = true;
    model.zone = zone;
    let more_open = others_open > model.others_open;
    model.others_open = others_open;
    let id = outline.as_ref().map(|o| o.id);
    model.unfiled &= id.is_none();
    let newest = outline.as_ref().map(|o| o.newest);
    model.band.take();
    let was_open = model.outline.as_ref().is_some_and(|o| o.open);
    let before = std::mem::replace(&mut model.outline, outline);
    // An incident that was named and is over now is not written to unasked any more.
    if was_open && !another && model.outline.as_ref().is_some_and(|o| !o.open) {
        model.named = false;
    }
    let mut story = None;
    if let Some(outline) = model.outline.as_mut().filter(|o| o.history.is_none()) {
        // What is known of it stays until it is read anew.
        outline.history = before
            .filter(|o| o.id == outline.id)
            .and_then(|before| before.history);
        story = Some(Effect::Job(Job::Story(outline.id)));
    }
    if another || first {
        forget(model);
    }
    let mut further = vec![];
    if filter == model.timeline.filter {
        let seen = if another { None } else { model.seen };
        fresh(model, &page, seen);
        model.acted = false;
        if another {
            model.timeline.reach = Reach::Nothing;
            put(model, page, Select::Last);
        } else {
            put(model, page, Select::Keep);
        }
        further = jumping::look_back(model);
    }
    model.seen = newest.or(model.seen);
    // Somebody declared an incident while an old one was looked at: that is where lines go now.
    let old = model.outline.as_ref().is_some_and(|o| !o.open);
    if more_open && old && !model.named && !another {
        return vec![Effect::Job(Job::Look(None))];
    }
    let mut effects: Vec<Effect> = id
        .map(|id| Effect::Job(Job::Doings(id)))
        .into_iter()
        .collect();
    effects.extend(story);
    effects.extend(further);
    if another && !first {
        effects.extend(tabs::load(model));
    }
    effects.extend(sought(model));
    effects.extend(looked_closer(model));
    if another {
        effects.extend(pasting::again(model));
    }
    // The line is read anew for the incident that it goes to now.
    if another && !model.capture.line.is_blank() {
        effects.push(typing::read(model));
    }
    effects
}

/// A page of the timeline was read.
pub fn paged(
    model: &mut Model,
    page: TimelinePage,
    from: PageAnchor,
    select: Select,
    filter: &Filter,
) -> Vec<Effect> {
    model.timeline.asked = false;
    if *filter != model.timeline.filter {
        return vec![];
    }
    if let PageAnchor::Before(edge) = from {
        // What was looked for meanwhile from another place has its own answer.
        if model.timeline.reach == Reach::Back(edge) {
            before(model, page);
        }
    } else {
        put(model, page, select);
    }
    jumping::look_back(model)
}

/// To the event that was asked for with the incident that it is in.
fn sought(model: &mut Model) -> Vec<Effect> {
    let Some(Select::Event(id)) = model.timeline.seek else {
        return vec![];
    };
    if !model.timeline.filter.is_empty() {
        return vec![];
    }
    model.timeline.seek = None;
    model.focus = Focus::Page;
    match model.timeline.events.iter().position(|e| e.id == id) {
        Some(at) => {
            model.timeline.selected = at;
            moving::select(model)
        }
        None => vec![Effect::Job(Job::Seek(id))],
    }
}

/// The event whose detail is open is read anew: another may have corrected it.
fn looked_closer(model: &Model) -> Option<Effect> {
    model.over.iter().find_map(|over| match over {
        Over::Detail(detail) => Some(Effect::Job(Job::History(detail.event.handle.clone()))),
        _ => None,
    })
}

/// What belonged to another incident.
fn forget(model: &mut Model) {
    model.doings = crate::ops::incident_summary::IncidentActivity::default();
    model.timeline.fresh.clear();
    model.timeline.hits.clear();
    model.timeline.query.clear();
    model.timeline.follow = true;
    model.timeline.zoom = 0;
    model.postmortem = crate::tui::model::Page::default();
    model.letter = None;
    model.stage = None;
    model.letter_scroll = 0;
    model.task = 0;
    model.seen = None;
}

/// Marks what others wrote since `seen`.
fn fresh(model: &mut Model, page: &TimelinePage, seen: Option<crate::domain::time::UtcTime>) {
    let Some(seen) = seen else {
        return;
    };
    let known = |id| model.timeline.events.iter().any(|e| e.id == id);
    let others: Vec<&Record<Event>> = page
        .events
        .iter()
        .filter(|e| e.recorded > seen && !model.own.contains(&e.id) && !known(e.id))
        // What we did ourselves a moment ago is no news.
        .filter(|e| !model.acted || e.author != model.author)
        .collect();
    let Some(last) = others.last() else {
        return;
    };
    let text = match others.len() {
        1 => {
            let text = crate::ops::status::event_text(&last.value);
            let text = if text.is_empty() {
                last.value.kind.as_str()
            } else {
                &text
            };
            format!("{} wrote: {text}", last.author)
        }
        n => format!("{n} new events from others"),
    };
    model.timeline.fresh.extend(others.iter().map(|e| e.id));
    model.say(Tone::Note, text);
}

/// Puts a page in place of the one before; what is looked at stays where it is.
fn put(model: &mut Model, page: TimelinePage, select: Select) {
    let timeline = &mut model.timeline;
    let top = timeline.events.get(timeline.top).map(|e| e.id);
    let selected = timeline.events.get(timeline.selected).map(|e| e.id);
    let filtered = !timeline.filter.is_empty();
    // What a filter found further back stays found.
    let further = |rest| match timeline.reach {
        Reach::Nothing => false,
        Reach::Back(before) => before < rest,
        Reach::All => true,
    };
    match page.resume_cursor.filter(|_| filtered) {
        Some(rest) if further(rest) => timeline.events.retain(|e| e.sort_key() < rest),
        rest => {
            timeline.reach = rest.map_or(Reach::All, Reach::Back);
            timeline.events.clear();
        }
    }
    timeline.events.extend(page.events);
    timeline.older = page.has_older;
    timeline.newer = page.has_newer;
    let at = |id: Option<uuid::Uuid>| timeline.events.iter().position(|e| Some(e.id) == id);
    let last = timeline.events.len().saturating_sub(1);
    let (new_top, new_selected) = (at(top), at(selected));
    timeline.top = new_top.unwrap_or(timeline.top.min(last));
    timeline.selected = match select {
        Select::First => 0,
        Select::Last => last,
        Select::Event(id) => timeline
            .events
            .iter()
            .position(|e| e.id == id)
            .unwrap_or(last),
        Select::Keep => new_selected.unwrap_or(timeline.selected.min(last)),
    };
    if matches!(select, Select::First) {
        timeline.top = 0;
    }
    moving::settle(model);
}

/// Puts what a filter found further back before what is there.
fn before(model: &mut Model, page: TimelinePage) {
    let timeline = &mut model.timeline;
    let count = page.events.len();
    timeline.reach = page.resume_cursor.map_or(Reach::All, Reach::Back);
    timeline.events.splice(0..0, page.events);
    timeline.top += count;
    timeline.selected += count;
    moving::settle(model);
}
