//! What is asked of the selected task.

use super::{confirm, detail, prompt};
use crate::tui::{
    keymap::Action,
    model::{ConfirmKind, Level, Model, Overlay, Question, TaskRow, TextPage, selected_task},
    msg::{Effect, Job},
};

/// Runs an action on the selected task.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(row) = selected_task(model) else {
        model.notify(Level::Info, "No tasks. a adds a follow-up.");
        return vec![];
    };
    let handle = row.handle().to_owned();
    match (action, row) {
        (Action::Open, TaskRow::Ask(ask) | TaskRow::ClosedAsk(ask)) => {
            let id = ask.id();
            detail::open_by_id(model, id)
        }
        (Action::Open, TaskRow::FollowUp(task)) => {
            let page = TextPage {
                title: format!("Follow-up {handle}"),
                paragraphs: crate::tui::content::task_text::paragraphs(&task.value),
                scroll: 0,
                copied: None,
                is_dense: false,
            };
            model.overlays.push(Overlay::Text(page));
            vec![]
        }
        (Action::Amend, TaskRow::Ask(_) | TaskRow::ClosedAsk(_)) => {
            prompt::edit_event(model, handle)
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
