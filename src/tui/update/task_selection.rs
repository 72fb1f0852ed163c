//! The selection of the tasks tab, which stays with its task; filter and search.

use crate::tui::{
    model::{Level, Model, Tab, found_tasks, task_rows},
    msg::Effect,
};

/// Selects the task at `index`; past the end, the last.
pub fn select(model: &mut Model, index: usize) {
    let rows = task_rows(model);
    let at = index.min(rows.len().saturating_sub(1));
    let handle = rows.get(at).map(|row| row.handle().to_owned());
    model.tasks.selected = at;
    model.tasks.selected_handle = handle;
}

/// Finds the selected task again after tasks came, went or changed their order. One that is gone gives its place
/// to the next.
pub fn keep_selection(model: &mut Model) {
    // Before the tab is shown, nothing is selected but its first task.
    if model.tasks.selected_handle.is_none() && model.tab != Tab::Tasks {
        return;
    }
    let rows = task_rows(model);
    let handle = model.tasks.selected_handle.as_deref();
    let found = rows.iter().position(|row| Some(row.handle()) == handle);
    let at = found.unwrap_or(model.tasks.selected);
    if found != Some(model.tasks.selected) || handle.is_none() {
        select(model, at);
    }
}

/// Shows the tasks that fit `filter`.
pub fn set_filter(model: &mut Model, filter: &str) -> Vec<Effect> {
    filter.clone_into(&mut model.tasks.filter);
    keep_selection(model);
    vec![]
}

/// Searches for `words`, and selects the next task with them.
pub fn find(model: &mut Model, words: &str) -> Vec<Effect> {
    words.clone_into(&mut model.tasks.query);
    jump_to_hit(model, true)
}

/// Selects the next task found, or the one before; after the last comes the first.
pub fn jump_to_hit(model: &mut Model, forward: bool) -> Vec<Effect> {
    let found = found_tasks(model);
    let selected = model.tasks.selected;
    let next = if forward {
        found.iter().position(|at| *at > selected).or(Some(0))
    } else {
        let before = found.iter().rposition(|at| *at < selected);
        before.or(found.len().checked_sub(1))
    };
    match next.and_then(|n| Some((n, *found.get(n)?))) {
        None => model.notify(Level::Info, "No matches."),
        Some((n, at)) => {
            select(model, at);
            let text = format!("{} of {} found", n + 1, found.len());
            model.notify(Level::Info, text);
        }
    }
    vec![]
}
