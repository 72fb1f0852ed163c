//! What was read of an incident takes its place on the screen, and what is looked at stays where it
//! is.

use super::{
    line::{reparse_paste, request_parse},
    scroll, tabs,
};
use crate::{
    domain::{event::Event, incident::Record},
    ops::timeline::{Filter, PageAnchor, TimelinePage},
    tui::{
        model::{FilterProgress, Focus, Level, Model, Overlay},
        msg::{Effect, IncidentLoaded, Job, Select},
    },
};

/// An incident was looked at.
pub fn on_incident_loaded(model: &mut Model, seen: IncidentLoaded) -> Vec<Effect> {
    let IncidentLoaded {
        summary,
        zone,
        page,
        incident_changed: another,
        other_open_incidents: others_open,
        filter,
    } = seen;
    let first = !model.first_load_done;
    model.first_load_done = true;
    model.zone = zone;
    let more_open = others_open > model.other_open_incidents;
    model.other_open_incidents = others_open;
    let id = summary.as_ref().map(|o| o.id);
    model.showing_unfiled &= id.is_none();
    let newest = summary.as_ref().map(|o| o.newest);
    model.band.take();
    let was_open = model.summary.as_ref().is_some_and(|o| o.open);
    let before = std::mem::replace(&mut model.summary, summary);
    // An incident that was named and is over now is not written to unasked any more.
    if was_open && !another && model.summary.as_ref().is_some_and(|o| !o.open) {
        model.explicit_incident = false;
    }
    let mut story = None;
    if let Some(outline) = model.summary.as_mut().filter(|o| o.history.is_none()) {
        // What is known of it stays until it is read anew.
        outline.history = before
            .filter(|o| o.id == outline.id)
            .and_then(|before| before.history);
        story = Some(Effect::Job(Job::IncidentHistory(outline.id)));
    }
    if another || first {
        reset_incident_state(model);
    }
    let mut further = vec![];
    if filter == model.timeline.filter {
        let seen = if another { None } else { model.last_seen };
        mark_unread(model, &page, seen);
        model.wrote_since_refresh = false;
        if another {
            model.timeline.filter_progress = FilterProgress::NotStarted;
            replace_page(model, page, Select::Last);
        } else {
            replace_page(model, page, Select::Keep);
        }
        further = scroll::continue_filter_scan(model);
    }
    model.last_seen = newest.or(model.last_seen);
    // Somebody declared an incident while an old one was looked at: that is where lines go now.
    let old = model.summary.as_ref().is_some_and(|o| !o.open);
    if more_open && old && !model.explicit_incident && !another {
        return vec![Effect::Job(Job::LoadIncident(None))];
    }
    let mut effects: Vec<Effect> = id
        .map(|id| Effect::Job(Job::LoadActivity(id)))
        .into_iter()
        .collect();
    effects.extend(story);
    effects.extend(further);
    if another && !first {
        effects.extend(tabs::load(model));
    }
    effects.extend(resolve_pending_jump(model));
    effects.extend(refresh_detail(model));
    if another {
        effects.extend(reparse_paste(model));
    }
    // The line is read anew for the incident that it goes to now.
    if another && !model.capture.line.is_blank() {
        effects.push(request_parse(model));
    }
    effects
}

/// A page of the timeline was read.
pub fn on_page_loaded(
    model: &mut Model,
    page: TimelinePage,
    from: PageAnchor,
    select: Select,
    filter: &Filter,
) -> Vec<Effect> {
    model.timeline.page_requested = false;
    if *filter != model.timeline.filter {
        return vec![];
    }
    if let PageAnchor::Before(edge) = from {
        // What was looked for meanwhile from another place has its own answer.
        if model.timeline.filter_progress == FilterProgress::ScannedTo(edge) {
            prepend_page(model, page);
        }
    } else {
        replace_page(model, page, select);
    }
    scroll::continue_filter_scan(model)
}

/// To the event that was asked for with the incident that it is in.
fn resolve_pending_jump(model: &mut Model) -> Vec<Effect> {
    let Some(Select::Event(id)) = model.timeline.pending_jump else {
        return vec![];
    };
    if !model.timeline.filter.is_empty() {
        return vec![];
    }
    model.timeline.pending_jump = None;
    model.focus = Focus::Page;
    match model.timeline.events.iter().position(|e| e.id == id) {
        Some(at) => {
            model.timeline.selected = at;
            scroll::on_selection_changed(model)
        }
        None => vec![Effect::Job(Job::LoadEvent(id))],
    }
}

/// The event whose detail is open is read anew: another may have corrected it.
fn refresh_detail(model: &Model) -> Option<Effect> {
    model.overlays.iter().find_map(|over| match over {
        Overlay::Detail(detail) => {
            Some(Effect::Job(Job::EventHistory(detail.event.handle.clone())))
        }
        _ => None,
    })
}

/// What belonged to another incident.
fn reset_incident_state(model: &mut Model) {
    model.activity = crate::ops::incident_summary::IncidentActivity::default();
    model.timeline.unread.clear();
    model.timeline.hits.clear();
    model.timeline.query.clear();
    model.timeline.follow = true;
    model.timeline.zoom = 0;
    model.postmortem = crate::tui::model::DocumentTab::default();
    model.letter = None;
    model.email_stage = None;
    model.letter_scroll = 0;
    model.selected_task = 0;
    model.last_seen = None;
}

/// Marks what others wrote since `seen`.
fn mark_unread(model: &mut Model, page: &TimelinePage, seen: Option<crate::domain::time::UtcTime>) {
    let Some(seen) = seen else {
        return;
    };
    let known = |id| model.timeline.events.iter().any(|e| e.id == id);
    let others: Vec<&Record<Event>> = page
        .events
        .iter()
        .filter(|e| e.recorded > seen && !model.own_events.contains(&e.id) && !known(e.id))
        // What we did ourselves a moment ago is no news.
        .filter(|e| !model.wrote_since_refresh || e.author != model.author)
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
    model.timeline.unread.extend(others.iter().map(|e| e.id));
    model.notify(Level::Info, text);
}

/// Puts a page in place of the one before; what is looked at stays where it is.
fn replace_page(model: &mut Model, page: TimelinePage, select: Select) {
    let timeline = &mut model.timeline;
    let top = timeline.events.get(timeline.top).map(|e| e.id);
    let selected = timeline.events.get(timeline.selected).map(|e| e.id);
    let filtered = !timeline.filter.is_empty();
    // What a filter found further back stays found.
    let further = |rest| match timeline.filter_progress {
        FilterProgress::NotStarted => false,
        FilterProgress::ScannedTo(before) => before < rest,
        FilterProgress::Complete => true,
    };
    match page.resume_cursor.filter(|_| filtered) {
        Some(rest) if further(rest) => timeline.events.retain(|e| e.sort_key() < rest),
        rest => {
            timeline.filter_progress =
                rest.map_or(FilterProgress::Complete, FilterProgress::ScannedTo);
            timeline.events.clear();
        }
    }
    timeline.events.extend(page.events);
    timeline.has_older = page.has_older;
    timeline.has_newer = page.has_newer;
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
    scroll::sync_scroll(model);
}

/// Puts what a filter found further back before what is there.
fn prepend_page(model: &mut Model, page: TimelinePage) {
    let timeline = &mut model.timeline;
    let count = page.events.len();
    timeline.filter_progress = page
        .resume_cursor
        .map_or(FilterProgress::Complete, FilterProgress::ScannedTo);
    timeline.events.splice(0..0, page.events);
    timeline.top += count;
    timeline.selected += count;
    scroll::sync_scroll(model);
}
