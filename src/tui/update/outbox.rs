//! The line on its way: sent off, logged, tried again, or back where it was typed. And what of all
//! that is kept as a draft.

use super::line::{on_line_changed, save_drafts};
use crate::tui::{
    model::{Capture, Level, Model, PendingLine},
    msg::{Effect, Failure, Job, TypedLine},
    text_input::TextInput,
};

/// Sends the line off as `typed`. The line is empty for the next one; what was sent is kept as a
/// draft until it is on the disk.
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
    let job = job(typed.clone());
    capture.add_to_history(typed.text.clone());
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

/// Line number `no` was not logged. Where the log book was busy it is tried again by itself; else
/// it comes back to be looked at.
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
