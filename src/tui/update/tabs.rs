//! The tabs, and what they show.

use crate::{
    domain::{event::Event, incident::Record, task::Task},
    tui::{
        model::{Board, Focus, Model, Tab, Tone},
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
        .outline
        .iter()
        .flat_map(|o| o.sorted_follow_ups(model.now))
        .map(TaskRow::FollowUp);
    asks.chain(follow_ups).collect()
}

/// Shows `tab`. From the line one comes to the page, but to the timeline one comes with the line.
pub fn show(model: &mut Model, tab: Tab) -> Vec<Effect> {
    let effects = leave(model);
    let was = model.tab;
    model.tab = tab;
    if tab != Tab::Timeline {
        model.focus = Focus::Page;
    }
    if was != tab {
        model.said = model.said.take().filter(|said| said.tone == Tone::Bad);
    }
    if was == tab && tab != Tab::Incidents {
        return effects;
    }
    effects.into_iter().chain(load(model)).collect()
}

/// Leaves whatever lies over the page; what was typed there is kept.
fn leave(model: &mut Model) -> Vec<Effect> {
    if model.over.is_empty() {
        return vec![];
    }
    while !model.over.is_empty() {
        super::leave_over(model);
    }
    vec![super::sending::drafts(model)]
}

/// The tab `step` further on.
pub fn step(model: &mut Model, step: isize) -> Vec<Effect> {
    let count = Tab::ALL.len();
    let at = (model.tab.index() + count).saturating_add_signed(step) % count;
    show(model, Tab::ALL[at])
}

/// Shows `board` of the incidents.
pub fn board(model: &mut Model, board: Board) -> Vec<Effect> {
    model.incidents.board = board;
    model.incidents.found = None;
    model.incidents.selected = 0;
    load(model)
}

/// How many rows there are to select in the tab of the incidents.
#[must_use]
pub fn choices(model: &Model) -> usize {
    let list = &model.incidents;
    match (&list.found, list.board) {
        (Some((_, found)), _) => found.len(),
        (None, Board::List) => list.all.as_ref().map_or(0, Vec::len),
        (None, Board::Ledger) => list.ledger.as_ref().map_or(0, Vec::len),
        (None, Board::Trends) => list.trends.as_ref().map_or(0, |t| t.lines.len()),
    }
}

/// What is selected in the tab of the incidents: the handle of an incident, none for the unfiled
/// events, and the event, where it is one.
pub fn chosen(model: &Model) -> Option<(Option<String>, Option<Uuid>)> {
    let list = &model.incidents;
    let at = list.selected;
    let some = |handle: &String| Some(handle.clone()).filter(|h| !h.is_empty());
    match (&list.found, list.board) {
        (Some((_, found)), _) => found.get(at).map(|hit| (hit.incident.clone(), hit.id)),
        (None, Board::List) => list.all.as_ref()?.get(at).map(|l| (some(&l.handle), None)),
        (None, Board::Ledger) => list.ledger.as_ref()?.get(at).map(|line| {
            let incident = line.incident.as_ref().map(|(handle, _)| handle.clone());
            (incident, Some(line.fault.id))
        }),
        (None, Board::Trends) => {
            let line = list.trends.as_ref()?.lines.get(at)?;
            Some((some(&line.listed.handle), None))
        }
    }
}

/// Has what the tab shows read anew.
pub fn load(model: &Model) -> Vec<Effect> {
    let job = match (model.tab, model.document(), model.incident()) {
        (Tab::Incidents, ..) => match model.incidents.board {
            Board::List => Job::Incidents,
            Board::Ledger => Job::Ledger,
            Board::Trends => Job::Trends,
        },
        (_, Some(document), Some(incident)) => Job::Document(incident, document),
        _ => return vec![],
    };
    vec![Effect::Job(job)]
}
