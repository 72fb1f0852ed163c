//! The rows of the tasks tab.

use super::state::Model;
use crate::domain::{event::Event, incident::Record, task::Task};

/// A row of the tasks tab.
#[derive(Clone, Copy, Debug)]
pub enum TaskRow<'a> {
    Ask(&'a Record<Event>),
    FollowUp(&'a Record<Task>),
}

impl TaskRow<'_> {
    #[must_use]
    pub fn handle(&self) -> &str {
        match self {
            Self::Ask(ask) => &ask.handle,
            Self::FollowUp(task) => &task.handle,
        }
    }
}

/// Returns the open asks, then the follow-ups; overdue ones first in each group.
#[must_use]
pub fn task_rows(model: &Model) -> Vec<TaskRow<'_>> {
    let asks = model.activity.open_asks.iter().map(TaskRow::Ask);
    let follow_ups = model
        .summary
        .iter()
        .flat_map(|summary| summary.sorted_follow_ups(model.now))
        .map(TaskRow::FollowUp);
    asks.chain(follow_ups).collect()
}
