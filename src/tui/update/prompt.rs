//! Questions that take a line.

use super::{paste, timeline};
use crate::{
    domain::task::TaskState,
    tui::{
        model::{Focus, Level, Model, Overlay, Preview, Prompt, Question},
        msg::{Effect, Job, TypedLine},
        text_input::TextInput,
    },
};

/// Asks for a line; `text` stands there already. What was typed the last time and left there is still
/// there.
pub fn ask(model: &mut Model, question: Question, text: &str) {
    let left = model
        .unsent_answers
        .iter()
        .position(|(asked, _)| *asked == question);
    let left = left.map(|at| model.unsent_answers.remove(at).1);
    model.overlays.push(Overlay::Prompt(Prompt {
        question,
        altered: left.is_some(),
        line: TextInput::new(left.unwrap_or_else(|| text.to_owned())),
        preview: Preview::Empty,
        replace_on_type: false,
    }));
}

/// Asks for a line, and proposes `text`: Enter takes it, and what is typed takes its place.
pub fn ask_with_default(model: &mut Model, question: Question, text: &str) {
    ask(model, question, text);
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.replace_on_type = !prompt.altered;
    }
}

/// A question is left without an answer: what was typed is kept for when it is asked again.
pub fn dismiss(model: &mut Model, prompt: Prompt) {
    if prompt.altered && prompt.question.should_keep_draft() && !prompt.line.is_blank() {
        let text = prompt.line.text().to_owned();
        model.unsent_answers.push((prompt.question, text));
        model.notify(
            Level::Info,
            "nothing is changed; what you typed is kept for the next time",
        );
    }
}

/// The question is answered.
pub fn answer(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return vec![];
    };
    let text = prompt.line.text().trim().to_owned();
    let handle = |model: &Model| model.summary.as_ref().map(|o| o.handle.clone());
    let empty_will_do = matches!(
        prompt.question,
        Question::Close(_) | Question::Resolve | Question::Filter | Question::Reopen
    );
    if text.is_empty() && !empty_will_do {
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
        Question::Redact(event) => Job::Redact(event, text),
        Question::PasteRow(at) => return paste::apply_correction(model, at, &text),
        Question::Approve(number) => Job::Approve(number, text),
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
    // The question stays until it is answered: what was typed is not lost to a failure.
    vec![Effect::Job(job)]
}
