//! The outbox: writes sent to the worker, until they are done, retried or given back as a draft.

use super::line::save_drafts;
use crate::tui::{
    model::{Level, Model, PendingWrite},
    msg::{Effect, Failure, Job, TypedLine},
};

/// Sends `typed`, a row of the line, to the worker.
pub fn send_line(
    model: &mut Model,
    mut typed: TypedLine,
    job: impl FnOnce(TypedLine) -> Job,
) -> Effect {
    let capture = &mut model.capture;
    if typed.seq == 0 {
        capture.sent_count += 1;
        typed.seq = capture.sent_count;
    }
    capture.returned_lines.retain(|line| line.seq != typed.seq);
    capture.drafts.retain(|draft| draft.text != typed.text);
    capture.add_to_history(typed.text.clone());
    let job = job(typed.clone());
    capture.outbox.push(PendingWrite {
        text: typed.text.clone(),
        typed: Some(typed),
        about: None,
        job: job.clone(),
        since: model.now,
        failure: None,
    });
    Effect::Job(job)
}

/// Sends a write that a prompt or a question asked for. `text` is what was typed for it, described by
/// `about`.
pub fn send_write(model: &mut Model, job: Job, text: String, about: Option<String>) -> Vec<Effect> {
    // A draft that was recalled for it: until it is done, the outbox keeps it.
    model.capture.drafts.retain(|draft| draft.text != text);
    model.capture.outbox.push(PendingWrite {
        typed: None,
        text,
        about,
        job: job.clone(),
        since: model.now,
        failure: None,
    });
    vec![Effect::Job(job)]
}

/// Removes the line with number `seq`: it is written.
pub fn confirm_line(model: &mut Model, seq: u64) -> Vec<Effect> {
    remove(model, |pending| {
        pending.typed.as_ref().is_some_and(|typed| typed.seq == seq)
    })
}

/// Removes the write of `job`: it is done.
pub fn confirm_job(model: &mut Model, job: &Job) -> Vec<Effect> {
    remove(model, |pending| pending.job == *job)
}

fn remove(model: &mut Model, is_done: impl Fn(&PendingWrite) -> bool) -> Vec<Effect> {
    let outbox = &mut model.capture.outbox;
    let before = outbox.len();
    outbox.retain(|pending| !is_done(pending));
    if outbox.len() == before {
        return vec![];
    }
    if outbox.is_empty()
        && model
            .failure
            .as_ref()
            .is_some_and(|failure| failure.text.ends_with(RETRIED))
    {
        model.failure = None;
    }
    vec![save_drafts(model)]
}

const RETRIED: &str = "Kept, and tried again by itself; type on.";

/// Notes that the write of `job` failed. A retryable one is sent again at the next tick; of any other the
/// text becomes a draft: nothing is put back on the line, where the next word would be glued to it.
pub fn mark_failed(model: &mut Model, job: &Job, failure: &Failure) -> Vec<Effect> {
    let is_failed = |pending: &PendingWrite| match (&pending.typed, job) {
        (Some(typed), Job::Log(failed) | Job::Declare { typed: failed, .. }) => {
            typed.seq == failed.seq
        }
        _ => pending.job == *job,
    };
    let Some(at) = model.capture.outbox.iter().position(is_failed) else {
        model.notify(Level::Error, failure.message_with_hint());
        return vec![];
    };
    if failure.retryable {
        if let Some(pending) = model.capture.outbox.get_mut(at) {
            pending.failure = Some(failure.clone());
        }
        model.notify(Level::Error, format!("{}. {RETRIED}", failure.message));
        return vec![];
    }
    let pending = model.capture.outbox.remove(at);
    let is_line = pending.typed.is_some();
    let begun = pending
        .typed
        .as_ref()
        .map_or(pending.since, |typed| typed.begun);
    model
        .capture
        .keep_draft(begun, &pending.text, pending.about);
    model.capture.returned_lines.extend(pending.typed);
    let what = if is_line { "Not logged" } else { "Not done" };
    let back = if pending.text.trim().is_empty() {
        ""
    } else {
        " Ctrl-R on the line brings the text back."
    };
    model.notify(
        Level::Error,
        format!("{what}: {}.{back}", failure.message_with_hint()),
    );
    vec![save_drafts(model)]
}

/// Sends the writes with a retryable failure again.
pub fn retry_pending(model: &mut Model) -> Vec<Effect> {
    let outbox = model.capture.outbox.iter_mut();
    outbox
        .filter(|pending| pending.failure.is_some())
        .map(|pending| {
            pending.failure = None;
            Effect::Job(pending.job.clone())
        })
        .collect()
}
