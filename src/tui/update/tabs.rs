//! The tabs, and what they show.

use crate::{
    domain::{event::Event, incident::Record, task::Task},
    tui::{
        model::{Focus, Model, Tab},
        msg::{Document, Effect, Job},
    },
};

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
    let asks = model.doings.asks.iter().map(TaskRow::Ask);
    let follow_ups = model
        .outline
        .iter()
        .flat_map(|o| o.follow_ups(model.now))
        .map(TaskRow::FollowUp);
    asks.chain(follow_ups).collect()
}

/// Shows `tab`. From the line one comes to the page, but to the timeline one comes with the line.
pub fn show(model: &mut Model, tab: Tab) -> Vec<Effect> {
    model.over.clear();
    let was = model.tab;
    model.tab = tab;
    if tab != Tab::Timeline {
        model.focus = Focus::Page;
    }
    if was == tab && tab != Tab::Incidents {
        return vec![];
    }
    load(model)
}

/// The tab `step` further on.
pub fn step(model: &mut Model, step: isize) -> Vec<Effect> {
    let count = Tab::ALL.len();
    let at = (model.tab.index() + count).saturating_add_signed(step) % count;
    show(model, Tab::ALL[at])
}

/// Has what the tab shows read anew.
pub fn load(model: &Model) -> Vec<Effect> {
    match model.tab {
        Tab::Incidents => vec![Effect::Job(Job::Incidents)],
        Tab::Postmortem if model.outline.is_some() => {
            vec![Effect::Job(Job::Document(Document::Postmortem))]
        }
        Tab::Email if model.outline.is_some() => {
            vec![Effect::Job(Job::Document(Document::Email(model.stage)))]
        }
        _ => vec![],
    }
}
