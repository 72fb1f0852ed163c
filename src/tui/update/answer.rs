//! Enter in a prompt: the answer becomes a job.

use super::{paste, timeline};
use crate::{
    domain::task::TaskState,
    tui::{
        model::{Focus, Level, Model, Overlay, Preview, Question},
        msg::{Effect, Job, TypedLine},
    },
};

/// Sends the answer of the open prompt. The prompt stays open until the worker confirms, so that a
/// failure loses nothing.
pub fn answer(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return vec![];
    };
    let text = prompt.line.text().trim().to_owned();
    let handle = |model: &Model| model.summary.as_ref().map(|summary| summary.handle.clone());
    let may_be_empty = matches!(
        prompt.question,
        Question::Close(_) | Question::Resolve | Question::Filter | Question::Reopen
    );
    if text.is_empty() && !may_be_empty {
        model.notify(Level::Error, "nothing is typed yet; Esc leaves it as it is");
        return vec![];
    }
    if let Preview::Invalid(failure) = &prompt.preview {
        let text = failure.message.clone();
        model.notify(Level::Error, text);
        return vec![];
    }
    if matches!(prompt.question, Question::Amend(_)) && !prompt.altered {
        model.overlays.pop();
        model.notify(Level::Info, "nothing was altered");
        return vec![];
    }
    let question = prompt.question.clone();
    let job = match question {
        Question::Amend(event) => Job::Rewrite(event, text),
        Question::Retime(event) => Job::Retime(event, text),
        Question::Retract(event) => Job::Retract(event, text),
        Question::Close(task) => Job::ChangeTaskState(task, TaskState::Done, text),
        Question::Decline(task) => Job::ChangeTaskState(task, TaskState::Declined, text),
        Question::AddTask => Job::AddTask(text),
        Question::AmendTask(task) => Job::SetTask(task, text),
        Question::Move(event) => Job::Move(event, text),
        Question::Redact(event) => Job::DescribeRedaction(event, text),
        Question::ConfirmRedaction(handle, reason) => Job::Redact {
            handle,
            reason,
            answer: text,
        },
        Question::PasteRow(at) => return paste::apply_correction(model, at, &text),
        Question::Approve(number) => Job::Approve(number, text),
        Question::Review(stage) => Job::Review(stage, text),
        Question::MarkSent(number) => Job::MarkSent(number, text),
        Question::Search => {
            model.overlays.pop();
            model.focus = Focus::Page;
            return timeline::jump_to_hit(model, true);
        }
        Question::SearchAll | Question::Filter => {
            model.overlays.pop();
            model.focus = Focus::Page;
            return vec![];
        }
        Question::Declare => Job::Declare {
            typed: TypedLine {
                text,
                begun: model.now,
                allow_customer_wording: true,
                ..TypedLine::default()
            },
            severity: None,
            adopt: false,
        },
        Question::Resolve | Question::Reopen | Question::AddService | Question::SetField(_) => {
            let Some(handle) = handle(model) else {
                model.overlays.pop();
                return vec![];
            };
            match question {
                Question::Resolve => Job::Resolve(handle, text),
                Question::Reopen => Job::Reopen(handle, text),
                Question::AddService => Job::AddService(handle, text),
                Question::SetField(field) => Job::SetField(handle, field.to_owned(), text),
                _ => return vec![],
            }
        }
    };
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.sent = Some(Box::new(job.clone()));
    }
    vec![Effect::Job(job)]
}
