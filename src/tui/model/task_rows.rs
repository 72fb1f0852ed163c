//! The rows of the tasks tab.

use super::state::Model;
use crate::{
    domain::{incident::Record, task::Task},
    ops::incident_summary::Request,
};

/// A row of the tasks tab.
#[derive(Clone, Copy, Debug)]
pub enum TaskRow<'a> {
    Ask(&'a Request),
    /// A request that is closed.
    ClosedAsk(&'a Request),
    FollowUp(&'a Record<Task>),
}

impl TaskRow<'_> {
    #[must_use]
    pub fn handle(&self) -> &str {
        match self {
            Self::Ask(ask) | Self::ClosedAsk(ask) => &ask.handle,
            Self::FollowUp(task) => &task.handle,
        }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Ask(ask) | Self::ClosedAsk(ask) => &ask.text,
            Self::FollowUp(task) => &task.value.text,
        }
    }

    /// Returns whom it is for; empty if that is open.
    #[must_use]
    pub fn owners(&self) -> Vec<&str> {
        match self {
            Self::Ask(ask) | Self::ClosedAsk(ask) => {
                ask.people.iter().map(String::as_str).collect()
            }
            Self::FollowUp(task) => task.value.owner.as_deref().into_iter().collect(),
        }
    }

    /// True if nothing is to be done any more.
    #[must_use]
    pub fn is_done(&self) -> bool {
        match self {
            Self::Ask(_) => false,
            Self::ClosedAsk(_) => true,
            Self::FollowUp(task) => task.value.is_finished(),
        }
    }

    /// True for a request, false for a follow-up.
    #[must_use]
    pub fn is_request(&self) -> bool {
        matches!(self, Self::Ask(_) | Self::ClosedAsk(_))
    }

    /// True if it should be done by now.
    #[must_use]
    pub fn is_late(&self, model: &Model) -> bool {
        match self {
            Self::Ask(ask) => ask.is_late(model.now),
            Self::ClosedAsk(_) => false,
            Self::FollowUp(task) => task.value.is_overdue(model.now),
        }
    }

    /// True if `word`, in lower case, is in its text, or the beginning of its handle.
    fn has_word(&self, word: &str) -> bool {
        self.text().to_lowercase().contains(word) || self.handle().starts_with(word)
    }

    /// True if it fits all words of the filter.
    fn fits(&self, filter: &str) -> bool {
        let mut wants_done = false;
        let fits = filter.split_whitespace().all(|word| {
            let word = word.to_lowercase();
            if word == "done" {
                wants_done = true;
                return true;
            }
            match word.strip_prefix('@') {
                Some(who) => self.owners().iter().any(|owner| {
                    let owner = owner.to_lowercase();
                    owner.starts_with(who)
                }),
                None => self.has_word(&word),
            }
        });
        fits && wants_done == self.is_done()
    }
}

/// Returns all tasks: requests, then follow-ups; of each the open ones first, of these the late ones.
#[must_use]
pub fn all_tasks(model: &Model) -> Vec<TaskRow<'_>> {
    let open = model.activity.open_asks.iter().map(TaskRow::Ask);
    let closed = model.activity.closed_asks.iter().map(TaskRow::ClosedAsk);
    let follow_ups = model
        .summary
        .iter()
        .flat_map(|summary| summary.sorted_follow_ups(model.now))
        .map(TaskRow::FollowUp);
    open.chain(closed).chain(follow_ups).collect()
}

/// Returns the tasks that the filter shows; without one, those that are open.
#[must_use]
pub fn task_rows(model: &Model) -> Vec<TaskRow<'_>> {
    let mut rows = all_tasks(model);
    rows.retain(|row| row.fits(&model.tasks.filter));
    rows
}

#[must_use]
pub fn selected_task(model: &Model) -> Option<TaskRow<'_>> {
    let rows = task_rows(model);
    let last = rows.len().checked_sub(1)?;
    rows.get(model.tasks.selected.min(last)).copied()
}

/// Returns the indices into [`task_rows`] of those that have all words of the search; none without words.
#[must_use]
pub fn found_tasks(model: &Model) -> Vec<usize> {
    let query = model.tasks.query.to_lowercase();
    if query.trim().is_empty() {
        return vec![];
    }
    let rows = task_rows(model);
    let found = rows.iter().enumerate().filter(|(_, row)| {
        let mut words = query.split_whitespace();
        words.all(|word| row.has_word(word) || row.owners().contains(&word))
    });
    found.map(|(at, _)| at).collect()
}
