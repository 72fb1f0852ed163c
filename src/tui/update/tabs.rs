//! The tabs, and what they show.

use crate::{
    domain::{event::Event, incident::Record, task::Task},
    tui::{
        model::{Focus, IncidentsTab, Level, Model, Tab},
        msg::{Effect, Job},
    },
};
use uuid::Uuid;

/// A row of the list of tasks.
#[derive(Clone, Copy, Debug)]
pub enum TaskRow<'a> {
    /// An ask.
    Ask(&'a Record<Event>),
    /// A follow-up.
    FollowUp(&'a Record<Task>),
}

impl TaskRow<'_> {
    /// Its handle.
    #[must_use]
    pub fn handle(&self) -> &str {
        match self {
            Self::Ask(ask) => &ask.handle,
            Self::FollowUp(task) => &task.handle,
        }
    }
}

/// The rows of the list of tasks: asks, then follow-ups, each with what is overdue first.
#[must_use]
pub fn task_rows(model: &Model) -> Vec<TaskRow<'_>> {
    let asks = model.doings.open_asks.iter().map(TaskRow::Ask);
    let follow_ups = model
        .summary
        .iter()
        .flat_map(|o| o.sorted_follow_ups(model.now))
        .map(TaskRow::FollowUp);
    asks.chain(follow_ups).collect()
}

/// Shows `tab`. From the line one comes to the page, but to the timeline one comes with the line.
pub fn show(model: &mut Model, tab: Tab) -> Vec<Effect> {
    let effects = close_all_overlays(model);
    let was = model.tab;
    model.tab = tab;
    if tab != Tab::Timeline {
        model.focus = Focus::Page;
    }
    if was != tab {
        model.status = model
            .status
            .take()
            .filter(|said| said.level == Level::Error);
    }
    if was == tab && tab != Tab::Incidents {
        return effects;
    }
    effects.into_iter().chain(load(model)).collect()
}

/// Leaves whatever lies over the page; what was typed there is kept.
fn close_all_overlays(model: &mut Model) -> Vec<Effect> {
    if model.overlays.is_empty() {
        return vec![];
    }
    while !model.overlays.is_empty() {
        super::close_overlay(model);
    }
    vec![super::outbox::save_drafts(model)]
}

/// The tab `step` further on.
pub fn step(model: &mut Model, step: isize) -> Vec<Effect> {
    let count = Tab::ALL.len();
    let at = (model.tab.index() + count).saturating_add_signed(step) % count;
    show(model, Tab::ALL[at])
}

/// Shows `board` of the incidents.
pub fn show_incidents_tab(model: &mut Model, board: IncidentsTab) -> Vec<Effect> {
    model.incidents.tab = board;
    model.incidents.search_results = None;
    model.incidents.selected = 0;
    load(model)
}

/// How many rows there are to select in the tab of the incidents.
#[must_use]
pub fn incidents_row_count(model: &Model) -> usize {
    let list = &model.incidents;
    match (&list.search_results, list.tab) {
        (Some((_, found)), _) => found.len(),
        (None, IncidentsTab::List) => list.all.as_ref().map_or(0, Vec::len),
        (None, IncidentsTab::Ledger) => list.ledger.as_ref().map_or(0, Vec::len),
        (None, IncidentsTab::Trends) => list.trends.as_ref().map_or(0, |t| t.lines.len()),
    }
}

/// What is selected in the tab of the incidents: the handle of an incident, none for the unfiled
/// events, and the event, where it is one.
pub fn selected_incident(model: &Model) -> Option<(Option<String>, Option<Uuid>)> {
    let list = &model.incidents;
    let at = list.selected;
    let some = |handle: &String| Some(handle.clone()).filter(|h| !h.is_empty());
    match (&list.search_results, list.tab) {
        (Some((_, found)), _) => found.get(at).map(|hit| (hit.incident.clone(), hit.id)),
        (None, IncidentsTab::List) => list.all.as_ref()?.get(at).map(|l| (some(&l.handle), None)),
        (None, IncidentsTab::Ledger) => list.ledger.as_ref()?.get(at).map(|line| {
            let incident = line.incident.as_ref().map(|(handle, _)| handle.clone());
            (incident, Some(line.fault.id))
        }),
        (None, IncidentsTab::Trends) => {
            let line = list.trends.as_ref()?.lines.get(at)?;
            Some((some(&line.incident.handle), None))
        }
    }
}

/// Has what the tab shows read anew.
pub fn load(model: &Model) -> Vec<Effect> {
    let job = match (model.tab, model.current_document(), model.incident_id()) {
        (Tab::Incidents, ..) => match model.incidents.tab {
            IncidentsTab::List => Job::Incidents,
            IncidentsTab::Ledger => Job::Ledger,
            IncidentsTab::Trends => Job::Trends,
        },
        (_, Some(document), Some(incident)) => Job::Document(incident, document),
        _ => return vec![],
    };
    vec![Effect::Job(job)]
}
