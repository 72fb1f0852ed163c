//! The line on its way: sent off, logged, tried again, or back where it was typed. And what of all
//! that is kept as a draft.

use super::{
    capture::{add_to_history, on_line_changed, release_recalled_draft},
    dialogs,
};
use crate::{
    ops::draft::Draft,
    tui::{
        keymap::Action,
        model::{Capture, Level, Model, Overlay, PendingLine, Preview},
        msg::{Effect, Failure, Job, TypedLine},
        text_input::TextInput,
    },
};

/// What is half-typed, and what is on its way, to be kept.
pub fn save_drafts(model: &Model) -> Effect {
    let draft = |begun, text: &str| Draft {
        begun,
        text: text.to_owned(),
        about: None,
    };
    let capture = &model.capture;
    let sent = capture.outbox.iter().map(|sending| {
        let typed = &sending.typed;
        (typed.seq, draft(typed.begun, &typed.text))
    });
    let asked = model.overlays.iter().filter_map(|over| match over {
        Overlay::Prompt(prompt) if prompt.altered && prompt.question.should_keep_draft() => {
            Some(Draft {
                about: Some(prompt.question.draft_label()),
                ..draft(model.now, prompt.line.text())
            })
        }
        Overlay::Paste(paste) => Some(Draft {
            about: Some("a paste".to_owned()),
            ..draft(paste.begun, &paste.text())
        }),
        _ => None,
    });
    let asked = asked.map(|draft| (0, draft));
    let begun = capture.begun.unwrap_or(model.now);
    // While earlier lines are recalled, the one that was being typed waits beside them.
    let stashed = capture.history_position.as_ref();
    let stashed = stashed.map(|(_, line)| (0, draft(begun, line.text())));
    let line = (0, draft(begun, capture.line.text()));
    let recovered = &capture.recovered;
    let is_new = |draft: &Draft| {
        !draft.text.is_empty() && recovered.iter().all(|known| known.text != draft.text)
    };
    let typed = sent.chain(asked).chain(stashed).chain([line]);
    let typed = typed.filter(|(_, draft)| is_new(draft));
    let recovered = recovered.iter().map(|draft| (0, draft.clone()));
    Effect::Job(Job::SaveDrafts(recovered.chain(typed).collect()))
}

/// The line as it is, to be logged or read.
pub fn current_line(model: &Model) -> TypedLine {
    let capture = &model.capture;
    let typed = TypedLine {
        seq: 0,
        text: capture.line.text().to_owned(),
        begun: capture.begun.unwrap_or(model.now),
        target: model.target(),
        allow_customer_wording: true,
    };
    match &capture.returned_line {
        // What came back and was left as it is, is the same line once more.
        Some(again) if (&again.text, &again.target) == (&typed.text, &typed.target) => {
            again.clone()
        }
        _ => typed,
    }
}

/// Logs the line, or asks what becomes of it where nothing is open.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    if model.capture.line.is_blank() {
        if model.summary.is_none() {
            return vec![];
        }
        return super::act(model, Action::FocusList);
    }
    if let Preview::Invalid(failure) = &model.capture.preview {
        let text = failure.message.clone();
        model.notify(Level::Error, text);
        return vec![];
    }
    if !model.has_target() {
        return dialogs::ask_routing(model);
    }
    let typed = current_line(model);
    send(model, typed, Job::Log)
}

/// Sends the line off as `typed`. The line is empty for the next one; what was sent is kept as a draft
/// until it is on the disk.
pub fn send(
    model: &mut Model,
    mut typed: TypedLine,
    job: impl FnOnce(TypedLine) -> Job,
) -> Vec<Effect> {
    let capture = &mut model.capture;
    if typed.seq == 0 {
        capture.sent_count += 1;
        typed.seq = capture.sent_count;
    }
    release_recalled_draft(capture);
    capture.recovered.retain(|draft| draft.text != typed.text);
    let job = job(typed.clone());
    add_to_history(capture, typed.text.clone());
    let sending = PendingLine {
        typed,
        job: job.clone(),
        since: model.now,
        failure: None,
    };
    capture.outbox.push(sending);
    model.capture = Capture {
        history: std::mem::take(&mut capture.history),
        outbox: std::mem::take(&mut capture.outbox),
        recovered: std::mem::take(&mut capture.recovered),
        sent_count: capture.sent_count,
        ..Capture::default()
    };
    // An answer that is still on its way is about what was there before.
    model.parse_request_id += 1;
    vec![Effect::Job(job)]
}

/// Line number `no` is on the disk.
pub fn confirm_logged(model: &mut Model, no: u64) -> Vec<Effect> {
    let outbox = &mut model.capture.outbox;
    let before = outbox.len();
    outbox.retain(|sending| sending.typed.seq != no);
    if outbox.len() == before {
        return vec![];
    }
    vec![save_drafts(model)]
}

/// Line number `no` was not logged. Where the log book was busy it is tried again by itself; else it
/// comes back to be looked at.
pub fn mark_failed(model: &mut Model, no: u64, why: &Failure) {
    let outbox = &mut model.capture.outbox;
    if let Some(sending) = outbox.iter_mut().find(|s| s.typed.seq == no) {
        sending.failure = Some(why.clone());
    }
}

/// Tries what the log book was too busy for once more.
pub fn retry_pending(model: &mut Model) -> Vec<Effect> {
    let busy = |why: &Failure| why.retryable;
    let outbox = model.capture.outbox.iter_mut();
    outbox
        .filter(|sending| sending.failure.as_ref().is_some_and(busy))
        .map(|sending| {
            sending.failure = None;
            Effect::Job(sending.job.clone())
        })
        .collect()
}

/// A line that was not logged comes back as soon as there is room for it.
pub fn restore_failed_line(model: &mut Model) -> Vec<Effect> {
    let capture = &mut model.capture;
    if !model.overlays.is_empty() || !capture.line.is_blank() {
        return vec![];
    }
    let refused =
        |sending: &PendingLine| sending.failure.as_ref().is_some_and(|why| !why.retryable);
    let Some(at) = capture.outbox.iter().position(refused) else {
        return vec![];
    };
    let sending = capture.outbox.remove(at);
    capture.line = TextInput::new(sending.typed.text.clone());
    capture.begun = Some(sending.typed.begun);
    capture.returned_line = Some(sending.typed);
    if let Some(why) = sending.failure {
        model.notify(Level::Error, why.message_with_hint());
    }
    on_line_changed(model)
}
