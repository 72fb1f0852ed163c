//! Enter in a prompt: the first has the worker say what the answer would do, the next writes it.

use super::{
    confirm, document_find, import, line::save_drafts, outbox, paste, paste_day, prompt::ask,
    task_selection, timeline,
};
use crate::{
    domain::task::TaskState,
    tui::{
        model::{CheckStage, Focus, Level, Model, Overlay, Preview, Question},
        msg::{Effect, Job, TypedLine, Write},
    },
};

/// Enter in a prompt.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() else {
        return vec![];
    };
    let text = prompt.line.text().trim().to_owned();
    if prompt.is_loading {
        model.notify(Level::Info, "the text is still being loaded");
        return vec![];
    }
    if prompt.question.writes_nothing() {
        return answer(model, &text);
    }
    if text.is_empty() && !prompt.question.may_be_empty() {
        model.notify(Level::Info, "nothing is typed; Esc leaves it as it is");
        return vec![];
    }
    let is_as_before =
        prompt.question.edits_a_value() && text == prompt.initial.trim() && prompt.theirs.is_none();
    if is_as_before {
        model.overlays.pop();
        model.notify(Level::Info, "no changes");
        return vec![save_drafts(model)];
    }
    if confirm::shows_more(model) {
        return vec![];
    }
    let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() else {
        return vec![];
    };
    match std::mem::take(&mut prompt.check) {
        CheckStage::Passed(_, check) if check.changes_nothing => {
            model.overlays.pop();
            model.notify(Level::Info, "no changes");
            vec![save_drafts(model)]
        }
        CheckStage::Passed(write, _) => confirm_write(model, write),
        CheckStage::Changed(write, check) => {
            prompt.check = CheckStage::Passed(write, check);
            vec![]
        }
        CheckStage::Running(write) => {
            prompt.check = CheckStage::Running(write);
            vec![]
        }
        CheckStage::Unchecked | CheckStage::Refused(_) => check(model, text),
    }
}

/// Has the worker say what the answer would do.
fn check(model: &mut Model, text: String) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return vec![];
    };
    let theirs = prompt.theirs.as_ref().and_then(|theirs| theirs.version);
    let seen = theirs.or(prompt.seen).unwrap_or_default();
    let (id, question) = (prompt.id, prompt.question.clone());
    let Some(write) = write_of(model, question, text, seen) else {
        model.notify(Level::Info, "there is no incident yet");
        return vec![];
    };
    let write = Box::new(write);
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.check = CheckStage::Running(write.clone());
    }
    vec![Effect::Job(Job::Check { id, write })]
}

/// Sends the checked write, and closes the prompt. Its text is a draft until the write is done.
fn confirm_write(model: &mut Model, write: Box<Write>) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.pop() else {
        return vec![];
    };
    let text = prompt.line.text().to_owned();
    match prompt.question {
        // The text of an event is destroyed only by a word more.
        Question::Redact(handle) => {
            ask(model, Question::ConfirmRedaction(handle, text), "");
            return vec![save_drafts(model)];
        }
        Question::Resolve => model.focus = Focus::Line,
        _ => {}
    }
    let about = Some(prompt.question.draft_label());
    let id = prompt.id;
    let mut effects = outbox::send_write(model, Job::Confirmed { id, write }, text, about);
    effects.push(save_drafts(model));
    effects
}

/// Answers a question that writes nothing to the log.
fn answer(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return vec![];
    };
    match prompt.question {
        Question::PasteRow(at) => {
            if let Preview::Invalid(failure) = &prompt.preview {
                let text = failure.message.clone();
                model.notify(Level::Info, text);
                return vec![];
            }
            paste::apply_correction(model, at, text)
        }
        Question::PasteDay => paste_day::apply_day(model, text),
        ref question if question.is_about_import() => {
            let question = question.clone();
            import::answer(model, &question, text)
        }
        Question::SearchDocument => {
            model.overlays.pop();
            document_find::submit(model)
        }
        Question::FindTask => {
            model.overlays.pop();
            task_selection::find(model, text)
        }
        // What is wrong with it is said below it.
        Question::Filter if model.timeline.filter_problem.is_some() => vec![],
        Question::SearchAll if model.incidents.search_problem.is_some() => vec![],
        Question::Filter => {
            model.overlays.pop();
            model.timeline.filter_anchor = None;
            vec![]
        }
        Question::Search => {
            model.overlays.pop();
            if text.is_empty() {
                return vec![];
            }
            timeline::jump_to_hit(model, true)
        }
        _ => {
            model.overlays.pop();
            vec![]
        }
    }
}

/// The job that writes the answer `text`; `None` if there is no incident to write it to.
fn write_of(model: &Model, question: Question, text: String, seen: uuid::Uuid) -> Option<Write> {
    let incident = || {
        model
            .summary
            .as_ref()
            .map(|summary| summary.row.handle.clone())
    };
    Some(match question {
        Question::Amend(handle) => Write::Rewrite {
            handle,
            line: text,
            seen,
        },
        Question::AmendPart(event) => Write::Patch(event, text),
        Question::Retime(event) => Write::Retime(event, text),
        Question::Retract(event) => Write::Retract(event, text),
        Question::Close(task) => Write::ChangeTaskState(task, TaskState::Done, text),
        Question::Decline(task) => Write::ChangeTaskState(task, TaskState::Declined, text),
        Question::SetOwner(task) => Write::SetOwner(task, text),
        Question::SetDue(task) => Write::SetDue(task, text),
        Question::AddTask => Write::AddTask(text),
        Question::AmendTask(task) => Write::SetTask(task, text),
        Question::Attach(event) => Write::Attach(event, text),
        Question::Move(event) => Write::Move(event, text),
        Question::Merge(incident, _) => Write::Merge(incident, text),
        Question::Redact(handle) => Write::Redact {
            answer: handle.clone(),
            handle,
            reason: text,
        },
        Question::ConfirmRedaction(handle, reason) => Write::Redact {
            handle,
            reason,
            answer: text,
        },
        Question::Approve(number) => Write::Approve(number, text),
        Question::Review(stage) => Write::Review(stage, text),
        Question::MarkSent(number) => Write::MarkSent(number, text),
        Question::Declare => Write::Declare(TypedLine {
            text,
            begun: model.now,
            allow_customer_wording: true,
            ..TypedLine::default()
        }),
        Question::Resolve => Write::Resolve(incident()?, text),
        Question::Reopen => Write::Reopen(incident()?, text),
        Question::AddService => Write::AddService(incident()?, text),
        Question::SetField(field) => Write::SetField(incident()?, field.to_owned(), text),
        Question::PasteRow(_)
        | Question::PasteDay
        | Question::ImportZone
        | Question::ImportDate
        | Question::ImportStart
        | Question::ImportColumn(_)
        | Question::Search
        | Question::SearchAll
        | Question::SearchDocument
        | Question::FindTask
        | Question::FilterTasks
        | Question::Filter => return None,
    })
}
