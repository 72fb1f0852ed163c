//! The outbox: lines sent to the worker, until they are written, retried or put back on the input
//! line.

use super::line::{on_line_changed, save_drafts};
use crate::tui::{
    model::{Capture, Level, Model, PendingLine},
    msg::{Effect, Failure, Job, TypedLine},
    text_input::TextInput,
};

/// Sends `typed` to the worker and empties the input line. The outbox keeps it as a draft until it
/// is written.
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
    capture.release_recalled_draft();
    capture.recovered.retain(|draft| draft.text != typed.text);
    let job = job(typed.clone());
    capture.add_to_history(typed.text.clone());
    let pending = PendingLine {
        typed,
        job: job.clone(),
        since: model.now,
        failure: None,
    };
    capture.outbox.push(pending);
    model.capture = Capture {
        history: std::mem::take(&mut capture.history),
        outbox: std::mem::take(&mut capture.outbox),
        recovered: std::mem::take(&mut capture.recovered),
        sent_count: capture.sent_count,
        ..Capture::default()
    };
    // A reply still to come is about the text before.
    model.parse_request_id += 1;
    vec![Effect::Job(job)]
}

/// Removes line `seq` from the outbox: it is written.
pub fn confirm_logged(model: &mut Model, seq: u64) -> Vec<Effect> {
    let outbox = &mut model.capture.outbox;
    let before = outbox.len();
    outbox.retain(|pending| pending.typed.seq != seq);
    if outbox.len() == before {
        return vec![];
    }
    vec![save_drafts(model)]
}

/// Marks line `seq` as failed. If the failure is retryable, it is sent again at the next tick, else
/// it is put back on the input line.
pub fn mark_failed(model: &mut Model, seq: u64, failure: &Failure) {
    let outbox = &mut model.capture.outbox;
    if let Some(pending) = outbox.iter_mut().find(|s| s.typed.seq == seq) {
        pending.failure = Some(failure.clone());
    }
}

/// Sends the lines with a retryable failure again.
pub fn retry_pending(model: &mut Model) -> Vec<Effect> {
    let is_retryable = |failure: &Failure| failure.retryable;
    let outbox = model.capture.outbox.iter_mut();
    outbox
        .filter(|pending| pending.failure.as_ref().is_some_and(is_retryable))
        .map(|pending| {
            pending.failure = None;
            Effect::Job(pending.job.clone())
        })
        .collect()
}

/// Puts a line that failed for good back on the input line, once that is empty and no overlay is
/// open.
pub fn restore_failed_line(model: &mut Model) -> Vec<Effect> {
    let capture = &mut model.capture;
    if !model.overlays.is_empty() || !capture.line.is_blank() {
        return vec![];
    }
    let failed_for_good = |pending: &PendingLine| {
        pending
            .failure
            .as_ref()
            .is_some_and(|failure| !failure.retryable)
    };
    let Some(at) = capture.outbox.iter().position(failed_for_good) else {
        return vec![];
    };
    let pending = capture.outbox.remove(at);
    capture.line = TextInput::new(pending.typed.text.clone());
    capture.begun = Some(pending.typed.begun);
    capture.returned_line = Some(pending.typed);
    if let Some(failure) = pending.failure {
        model.notify(Level::Error, failure.message_with_hint());
    }
    on_line_changed(model)
}
