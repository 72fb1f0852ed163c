//! The rows of the tasks tab, and its hit test.

use super::areas::areas;
use crate::tui::model::{Model, TaskRow, all_tasks, task_rows};

/// A row of the tasks tab.
#[derive(Clone, Debug)]
pub enum PageRow<'a> {
    /// A heading, and what stands at its right.
    Heading(String, String),
    /// A task with its index in [`task_rows`].
    Task(usize, TaskRow<'a>),
    Blank,
    Note(String),
}

/// Returns all rows of the tab: each group under its heading with its counts.
#[must_use]
pub fn page_rows(model: &Model) -> Vec<PageRow<'_>> {
    let shown = task_rows(model);
    let filter = model.tasks.filter.trim();
    let all = all_tasks(model);
    let mut rows = Vec::new();
    if !filter.is_empty() {
        let counts = format!("{} of {}  Esc clears", shown.len(), all.len());
        rows.push(PageRow::Heading(format!("filter: {filter}"), counts));
        if shown.is_empty() {
            rows.push(PageRow::Note(
                "No matching tasks. Esc clears the filter.".to_owned(),
            ));
        }
    }
    for is_request in [true, false] {
        let group: Vec<(usize, TaskRow<'_>)> = shown
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, row)| row.is_request() == is_request)
            .collect();
        if group.is_empty() {
            continue;
        }
        let is_done = group.iter().any(|(_, row)| row.is_done());
        let what = match (is_request, is_done) {
            (true, false) => "Open requests",
            (true, true) => "Closed requests",
            (false, false) => "Follow-up tasks",
            (false, true) => "Finished follow-up tasks",
        };
        let late = group.iter().filter(|(_, row)| row.is_late(model)).count();
        let late = match late {
            0 => String::new(),
            n => format!(", {n} late"),
        };
        let when = if is_request {
            "during the incident"
        } else {
            "after the incident"
        };
        let heading = format!("{what}: {}{late}", group.len());
        rows.push(PageRow::Heading(heading, when.to_owned()));
        rows.extend(group.into_iter().map(|(at, row)| PageRow::Task(at, row)));
    }
    let done = all.iter().filter(|row| row.is_done()).count();
    if done > 0 && filter.is_empty() {
        if rows.is_empty() {
            rows.push(PageRow::Note("No open tasks.".to_owned()));
        }
        rows.push(PageRow::Blank);
        rows.push(PageRow::Note(format!("Done: {done} (f done shows them)")));
    }
    rows
}

/// Returns the index of the first of `rows` in view, so that the selected task is near the middle
/// of a page of `height` rows.
#[must_use]
pub fn first_row(model: &Model, rows: &[PageRow<'_>], height: usize) -> usize {
    let selected = rows
        .iter()
        .position(|row| matches!(row, PageRow::Task(at, _) if *at == model.tasks.selected))
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
