//! The rows of the tasks tab, and its hit test.

use super::areas::areas;
use crate::tui::model::{Model, TaskRow, task_rows};

/// A row of the tasks tab.
#[derive(Clone, Copy, Debug)]
pub enum PageRow<'a> {
    Heading(&'static str),
    /// A task with its index in [`task_rows`].
    Task(usize, TaskRow<'a>),
}

/// Returns all rows of the tab: each group under its heading.
#[must_use]
pub fn page_rows(model: &Model) -> Vec<PageRow<'_>> {
    let mut rows = Vec::new();
    let mut heading = "";
    for (at, row) in task_rows(model).into_iter().enumerate() {
        let group = match row {
            TaskRow::Ask(_) => "Open requests, for now",
            TaskRow::FollowUp(_) => "Follow-up tasks, for after the incident",
        };
        if group != heading {
            heading = group;
            rows.push(PageRow::Heading(group));
        }
        rows.push(PageRow::Task(at, row));
    }
    rows
}

/// Returns the index of the first of `rows` in view, so that the selected task is near the middle
/// of a page of `height` rows.
#[must_use]
pub fn first_row(model: &Model, rows: &[PageRow<'_>], height: usize) -> usize {
    let selected = rows
        .iter()
        .position(|row| matches!(row, PageRow::Task(at, _) if *at == model.selected_task))
        .unwrap_or(0);
    selected
        .saturating_sub(height / 2)
        .min(rows.len().saturating_sub(height))
}

/// Returns the index of the task at row `row` of the page.
#[must_use]
pub fn row_at(model: &Model, row: usize) -> Option<usize> {
    let height = usize::from(areas(model).page.height);
    let rows = page_rows(model);
    match rows.get(first_row(model, &rows, height) + row) {
        Some(PageRow::Task(at, _)) => Some(*at),
        _ => None,
    }
}
