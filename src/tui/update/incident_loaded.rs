//! Applies a loaded incident or page. Selection and view stay where they are as far as possible.

use super::{
    detail,
    line::{reparse_paste, request_parse},
    scroll, state_question, tabs,
};
use crate::{
    domain::{event::Event, handle, incident::Record, time::UtcTime},
    ops::timeline::{Filter, PageAnchor, TimelinePage},
    tui::{
        incident_lists::short_ref,
        layout::tabs::HIDDEN_BY_FILTER,
        model::{FilterProgress, Level, Model},
        msg::{Effect, Failure, IncidentLoaded, Job, Select},
    },
};
use uuid::Uuid;

/// Applies a loaded incident and returns the effects that load what depends on it.
pub fn on_incident_loaded(model: &mut Model, loaded: IncidentLoaded) -> Vec<Effect> {
    let IncidentLoaded {
        summary,
        zone,
        page,
        incident_changed,
        other_open,
        filter,
    } = loaded;
    if let Some(row) = summary.as_ref().map(|summary| &summary.row)
        && let Some(into) = row.merged_into
        && model.incident_id() == Some(row.id)
    {
        let name = short_ref(row.number, &row.handle);
        model.notify(Level::Info, format!("{name} was merged into this incident"));
        return vec![Effect::Job(Job::LoadIncident(Some(handle::from_id(into))))];
    }
    let first_load = !model.first_load_done;
    model.first_load_done = true;
    model.zone = zone;
    let newly_open = other_open.len() > model.other_open.len();
    model.other_open = other_open;
    let id = summary.as_ref().map(|o| o.row.id);
    model.showing_unfiled &= id.is_none();
    let newest = summary.as_ref().map(|o| o.row.last_recorded_at);
    model.band.take();
    let was_open = model.summary.as_ref().is_some_and(|o| o.row.is_open);
    let previous = std::mem::replace(&mut model.summary, summary);
    let newest_before = previous
        .as_ref()
        .map(|before| (before.row.id, before.row.last_recorded_at));
    // Once the incident is resolved, lines to it are asked about again, even if the user had named
    // it.
    if was_open && !incident_changed && model.summary.as_ref().is_some_and(|o| !o.row.is_open) {
        model.explicit_incident = false;
    }
    let mut load_history = None;
    if let Some(summary) = model.summary.as_mut().filter(|o| o.history.is_none()) {
        // Keep what is known until the history is loaded again.
        summary.history = previous
            .filter(|o| o.row.id == summary.row.id)
            .and_then(|previous| previous.history);
        load_history = Some(Effect::Job(Job::IncidentHistory(summary.row.id)));
    }
    if incident_changed || first_load {
        reset_incident_state(model);
    }
    state_question::forget_answered(model);
    let mut scan_effects = vec![];
    if filter == model.timeline.filter {
        let last_seen = if incident_changed {
            None
        } else {
            model.last_seen
        };
        mark_unread(model, &page, last_seen);
        model.wrote_since_refresh = false;
        scan_effects.extend(load_undecided(id, &page));
        if incident_changed {
            model.timeline.filter_progress = FilterProgress::NotStarted;
            replace_page(model, page, Select::Last);
        } else {
            replace_page(model, page, Select::Keep);
        }
        say_what_is_hidden(model);
        scan_effects.extend(scroll::continue_filter_scan(model));
    }
    model.last_seen = newest.or(model.last_seen);
    // An incident was declared while a resolved one is shown: show it, since lines go there now. Not under a
    // line that is being typed: Enter then asks where it goes.
    let shown_is_resolved = model.summary.as_ref().is_some_and(|o| !o.row.is_open);
    let is_typing = !model.capture.line.is_blank() || !model.overlays.is_empty();
    if newly_open
        && shown_is_resolved
        && !model.explicit_incident
        && !incident_changed
        && !is_typing
    {
        return vec![Effect::Job(Job::LoadIncident(None))];
    }
    let mut effects: Vec<Effect> = id
        .map(|id| Effect::Job(Job::LoadActivity(id)))
        .into_iter()
        .collect();
    effects.extend(load_history);
    effects.extend(find_seen_before(model, newest_before));
    effects.extend(scan_effects);
    if incident_changed && !first_load {
        effects.extend(tabs::load(model));
    }
    effects.extend(resolve_pending_jump(model));
    effects.extend(detail::refresh(model));
    // What is typed now goes to another incident, or may: read it again.
    let is_open = model.summary.as_ref().is_some_and(|o| o.row.is_open);
    if incident_changed || is_open != was_open {
        effects.extend(reparse_paste(model));
        if !model.capture.line.is_blank() {
            effects.push(request_parse(model));
        }
    }
    effects
}

/// Asks for the earlier incidents that began alike, if the incident shown is open and its first lines may have
/// changed since `before`, the id and the newest entry of the incident as it was loaded before.
fn find_seen_before(model: &mut Model, before: Option<(Uuid, UtcTime)>) -> Option<Effect> {
    /// A longer incident has had its first lines for a while.
    const MOST_EVENTS: u64 = 40;
    let summary = model.summary.as_ref()?;
    if !summary.row.is_open {
        model.seen_before.clear();
        return None;
    }
    let is_new = before.is_none_or(|(id, _)| id != summary.row.id);
    let has_changed = before != Some((summary.row.id, summary.row.last_recorded_at));
    let asks = is_new || (has_changed && summary.row.event_count <= MOST_EVENTS);
    asks.then_some(Effect::Job(Job::SeenBefore(summary.row.id)))
}

/// Says of the line logged last that the filter hides it.
fn say_what_is_hidden(model: &mut Model) {
    let logged = std::mem::take(&mut model.timeline.just_logged);
    let is_shown = |id| model.timeline.events.iter().any(|event| event.id == id);
    if logged.iter().all(|id| is_shown(*id)) {
        return;
    }
    if let Some(status) = model.status.as_mut().filter(|s| s.level == Level::Success) {
        status.text.push_str(HIDDEN_BY_FILTER);
    }
}

/// Applies a loaded page of the timeline.
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
    let shown = model.summary.as_ref().map(|o| o.row.id);
    let undecided = load_undecided(shown, &page);
    if let PageAnchor::Before(edge) = from {
        // Dropped if the scan has meanwhile continued from another event.
        if model.timeline.filter_progress == FilterProgress::ScannedTo(edge) {
            prepend_page(model, page);
        }
    } else {
        replace_page(model, page, select);
    }
    let mut effects = scroll::continue_filter_scan(model);
    effects.extend(undecided);
    effects
}

/// Asks for the states that events of `page` started, where those just before them do not decide it.
fn load_undecided(incident: Option<Uuid>, page: &TimelinePage) -> Option<Effect> {
    let undecided = page
        .events
        .iter()
        .filter(|e| page.undecided.contains(&e.id));
    let undecided: Vec<Record<Event>> = undecided.cloned().collect();
    let id = incident.filter(|_| !undecided.is_empty())?;
    Some(Effect::Job(Job::StartedStates(id, undecided)))
}

/// Says why a page could not be loaded: of a filter that is being typed, where that is typed.
pub fn on_page_failed(model: &mut Model, job: &Job, failure: &Failure) -> Vec<Effect> {
    model.timeline.page_requested = false;
    let Job::LoadPage { filter, .. } = job else {
        return vec![];
    };
    if filter.is_empty() {
        model.notify(Level::Error, failure.message_with_hint());
    } else if *filter == model.timeline.filter {
        model.timeline.filter_problem = Some(failure.message_with_hint());
    }
    vec![]
}

/// Jumps to the event that was opened together with its incident.
fn resolve_pending_jump(model: &mut Model) -> Vec<Effect> {
    let Some(Select::Event(id)) = model.timeline.pending_jump else {
        return vec![];
    };
    if !model.timeline.filter.is_empty() {
        return vec![];
    }
    model.timeline.pending_jump = None;
    match model.timeline.events.iter().position(|e| e.id == id) {
        Some(at) => {
            model.timeline.selected = at;
            scroll::on_selection_changed(model)
        }
        None => vec![Effect::Job(Job::LoadEvent(id))],
    }
}

/// Resets what belonged to the incident shown before.
fn reset_incident_state(model: &mut Model) {
    model.activity = crate::ops::incident_summary::IncidentActivity::default();
    model.seen_before.clear();
    model.timeline.unread.clear();
    model.timeline.hits.clear();
    model.timeline.query.clear();
    model.timeline.follow = true;
    model.timeline.scrolled_away = false;
    model.timeline.zoom = 0;
    model.states_put_away.clear();
    model.state_pick = None;
    model.postmortem = crate::tui::model::DocumentTab::default();
    model.letter = None;
    model.email_stage = None;
    model.letter_scroll = 0;
    model.selected_finding = 0;
    model.tasks = crate::tui::model::Tasks::default();
    model.last_seen = None;
}

/// Marks the events that others recorded since `last_seen` as unread, and says how many.
fn mark_unread(model: &mut Model, page: &TimelinePage, last_seen: Option<UtcTime>) {
    let Some(last_seen) = last_seen else {
        return;
    };
    let is_loaded = |id| model.timeline.events.iter().any(|e| e.id == id);
    let others: Vec<&Record<Event>> = page
        .events
        .iter()
        .filter(|e| e.recorded > last_seen && !model.own_events.contains(&e.id) && !is_loaded(e.id))
        // Right after an own write, events of the same author are that write.
        .filter(|e| !model.wrote_since_refresh || e.author != model.author)
        .collect();
    let Some(last) = others.last() else {
        return;
    };
    let text = format!("{} new by {}", others.len(), last.author);
    model.timeline.unread.extend(others.iter().map(|e| e.id));
    model.notify(Level::Info, text);
}

/// Replaces the loaded events by `page`. Without a filter all of them; with a filter, older matches
/// that a scan has found stay.
fn replace_page(model: &mut Model, page: TimelinePage, select: Select) {
    let timeline = &mut model.timeline;
    let top = timeline.events.get(timeline.top).map(|e| e.id);
    let selected = timeline.events.get(timeline.selected).map(|e| e.id);
    let filtered = !timeline.filter.is_empty();
    // True if the scan had already gone further back than this page.
    let scanned_past = |cursor| match timeline.filter_progress {
        FilterProgress::NotStarted => false,
        FilterProgress::ScannedTo(previous) => previous < cursor,
        FilterProgress::Complete => true,
    };
    match page.resume_cursor.filter(|_| filtered) {
        Some(cursor) if scanned_past(cursor) => timeline.events.retain(|e| e.sort_key() < cursor),
        cursor => {
            timeline.filter_progress =
                cursor.map_or(FilterProgress::Complete, FilterProgress::ScannedTo);
            timeline.events.clear();
            timeline.started.clear();
        }
    }
    timeline.events.extend(page.events);
    timeline.gone = page.gone;
    timeline.started.extend(page.started);
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
    match select {
        Select::First => timeline.top = 0,
        Select::Event(_) => timeline.follow = timeline.selected == last && !timeline.has_newer,
        Select::Last | Select::Keep => {}
    }
    scroll::sync_scroll(model);
}

/// Prepends a page that a filter scan found further back.
fn prepend_page(model: &mut Model, page: TimelinePage) {
    let timeline = &mut model.timeline;
    let count = page.events.len();
    timeline.filter_progress = page
        .resume_cursor
        .map_or(FilterProgress::Complete, FilterProgress::ScannedTo);
    timeline.events.splice(0..0, page.events);
    timeline.gone.extend(page.gone);
    timeline.started.extend(page.started);
    timeline.top += count;
    timeline.selected += count;
    scroll::sync_scroll(model);
}
