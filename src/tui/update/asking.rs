//! Questions that take a line.

use super::{jumping, pasting};
use crate::{
    domain::task::TaskState,
    tui::{
        line::Line,
        model::{Echo, Focus, Model, Over, Prompt, Question, Tone},
        msg::{Effect, Job, Typed},
    },
};

/// Asks for a line; `text` stands there already. What was typed the last time and left there is still
/// there.
pub fn ask(model: &mut Model, question: Question, text: &str) {
    let left = model.left.iter().position(|(asked, _)| *asked == question);
    let left = left.map(|at| model.left.remove(at).1);
    model.over.push(Over::Prompt(Prompt {
        question,
        altered: left.is_some(),
        line: Line::new(left.unwrap_or_else(|| text.to_owned())),
        echo: Echo::Nothing,
        proposed: false,
    }));
}

/// Asks for a line, and proposes `text`: Enter takes it, and what is typed takes its place.
pub fn propose(model: &mut Model, question: Question, text: &str) {
    ask(model, question, text);
    if let Some(Over::Prompt(prompt)) = model.over.last_mut() {
        prompt.proposed = !prompt.altered;
    }
}

/// A question is left without an answer: what was typed is kept for when it is asked again.
pub fn leave(model: &mut Model, prompt: Prompt) {
    if prompt.altered && prompt.question.is_missed() && !prompt.line.is_blank() {
        let text = prompt.line.text().to_owned();
        model.left.push((prompt.question, text));
        model.say(
            Tone::Note,
            "nothing is changed; what you typed is kept for the next time",
        );
    }
}

/// The question is answered.
pub fn answer(model: &mut Model) -> Vec<Effect> {
    let Some(Over::Prompt(prompt)) = model.over.last() else {
        return vec![];
    };
    let text = prompt.line.text().trim().to_owned();
    let handle = |model: &Model| model.outline.as_ref().map(|o| o.handle.clone());
    let empty_will_do = matches!(
        prompt.question,
        Question::Close(_) | Question::Resolve | Question::Filter | Question::Reopen
    );
    if text.is_empty() && !empty_will_do {
        model.say(Tone::Bad, "nothing is typed yet; Esc leaves it as it is");
        return vec![];
    }
    if let Echo::Wrong(failure) = &prompt.echo {
        let text = failure.message.clone();
        model.say(Tone::Bad, text);
        return vec![];
    }
    if matches!(prompt.question, Question::Amend(_)) && !prompt.altered {
        model.over.pop();
        model.say(Tone::Note, "nothing was altered");
        return vec![];
    }
    let question = prompt.question.clone();
    let job = match question {
        Question::Amend(event) => Job::Rewrite(event, text),
        Question::Time(event) => Job::Retime(event, text),
        Question::Retract(event) => Job::Retract(event, text),
        Question::Close(task) => Job::Task(task, TaskState::Done, text),
        Question::Decline(task) => Job::Task(task, TaskState::Declined, text),
        Question::AddTask => Job::AddTask(text),
        Question::Task(task) => Job::SetTask(task, text),
        Question::Move(event) => Job::Move(event, text),
        Question::Redact(event) => Job::Redact(event, text),
        Question::Row(at) => return pasting::corrected(model, at, &text),
        Question::Approve(number) => Job::Approve(number, text),
        Question::Sent(number) => Job::Sent(number, text),
        Question::Search => {
            model.over.pop();
            model.focus = Focus::Page;
            return jumping::to_hit(model, true);
        }
        Question::SearchAll | Question::Filter => {
            model.over.pop();
            model.focus = Focus::Page;
            return vec![];
        }
        Question::Declare => Job::Declare {
            typed: Typed {
                text,
                begun: model.now,
                wording: true,
                ..Typed::default()
            },
            severity: None,
            adopt: false,
        },
        Question::Resolve | Question::Reopen | Question::Service | Question::Set(_) => {
            let Some(handle) = handle(model) else {
                model.over.pop();
                return vec![];
            };
            match question {
                Question::Resolve => Job::Resolve(handle, text),
                Question::Reopen => Job::Reopen(handle, text),
                Question::Service => Job::Service(handle, text),
                Question::Set(field) => Job::Set(handle, field.to_owned(), text),
                _ => return vec![],
            }
        }
    };
    // The question stays until it is answered: what was typed is not lost to a failure.
    vec![Effect::Job(job)]
}
