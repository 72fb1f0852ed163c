//! The tasks tab: the selection stays with its task; filter and search; what is asked of a task.

use super::{confirm, detail, prompt};
use crate::tui::{
    keymap::Action,
    model::{
        ConfirmKind, Level, Model, Overlay, Question, Tab, TaskRow, TextPage, found_tasks,
        selected_task, task_rows,
    },
    msg::{Effect, Job},
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

/// Runs an action on the selected task.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(row) = selected_task(model) else {
        model.notify(Level::Info, "No tasks. a adds a follow-up.");
        return vec![];
    };
    let handle = row.handle().to_owned();
    match (action, row) {
        (Action::Open, TaskRow::Ask(ask) | TaskRow::ClosedAsk(ask)) => {
            let event = ask.clone();
            detail::open(model, event)
        }
        (Action::Open, TaskRow::FollowUp(task)) => {
            let page = TextPage {
                title: format!("Follow-up {handle}"),
                paragraphs: crate::tui::content::task_text::paragraphs(&task.value),
                scroll: 0,
            };
            model.overlays.push(Overlay::Text(page));
            vec![]
        }
        (Action::Amend, TaskRow::Ask(_) | TaskRow::ClosedAsk(_)) => {
            detail::edit_event(model, handle)
        }
        (Action::Amend, TaskRow::FollowUp(_)) => {
            prompt::ask_loading(model, Question::AmendTask(handle.clone()), |id| {
                Job::LoadTaskLine { id, handle }
            })
        }
        (Action::Start, TaskRow::Ask(_) | TaskRow::ClosedAsk(_)) => {
            model.notify(Level::Info, "Requests are open or closed; c closes");
            vec![]
        }
        (Action::Start, TaskRow::FollowUp(_)) => {
            confirm::open(model, ConfirmKind::StartTask(handle))
        }
        (_, TaskRow::ClosedAsk(_)) => {
            model.notify(
                Level::Info,
                "the request is closed; Enter shows what came of it",
            );
            vec![]
        }
        (Action::Close, _) => ask(model, Question::Close(handle)),
        (Action::SetOwner, _) => ask(model, Question::SetOwner(handle)),
        (Action::SetDue, _) => ask(model, Question::SetDue(handle)),
        _ => ask(model, Question::Decline(handle)),
    }
}

fn ask(model: &mut Model, question: Question) -> Vec<Effect> {
    prompt::ask(model, question, "");
    vec![]
}
