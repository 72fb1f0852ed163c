//! The outbox: writes sent to the worker, until they are done, retried or given back as a draft.

use super::{line::save_drafts, scroll};
use crate::{
    domain::{event::Event, time::format_duration},
    ops::Obstacle,
    tui::{
        model::{Level, Model, PendingWrite},
        msg::{Effect, Failure, Job, TypedLine, Write},
    },
};

/// Sends `typed`, a row of the line, to the worker.
pub fn send_line(
    model: &mut Model,
    mut typed: TypedLine,
    write: impl FnOnce(TypedLine) -> Write,
) -> Effect {
    let capture = &mut model.capture;
    if typed.seq == 0 {
        capture.sent_count += 1;
        typed.seq = capture.sent_count;
    }
    capture.returned_lines.retain(|line| line.seq != typed.seq);
    capture.drafts.retain(|draft| draft.text != typed.text);
    capture.add_to_history(typed.text.clone());
    let job = Job::Write(write(typed.clone()));
    capture.outbox.push(PendingWrite {
        text: typed.text.clone(),
        typed: Some(typed),
        about: None,
        job: job.clone(),
        event: None,
        since: model.now,
        obstacle: None,
        failed_at: None,
    });
    Effect::Job(job)
}

/// Keeps how the line sent last was read, for its row while it is not saved.
pub fn note_event(model: &mut Model, event: Option<Event>) {
    if let Some(pending) = model.capture.outbox.last_mut() {
        pending.event = event.map(Box::new);
    }
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
        event: None,
        since: model.now,
        obstacle: None,
        failed_at: None,
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
    let done: Vec<PendingWrite> = model
        .capture
        .outbox
        .extract_if(.., |p| is_done(p))
        .collect();
    let Some(last) = done.last() else {
        return vec![];
    };
    if last.obstacle.is_some() {
        let waited = format_duration((model.now - last.since).num_seconds().max(0));
        if let Some(status) = &mut model.status {
            let said = status.text.strip_prefix("logged ");
            let said = said.map_or_else(|| status.text.clone(), |what| format!("saved {what}"));
            status.text = format!("{said} (after {waited})");
        }
    }
    vec![save_drafts(model)]
}

/// Finds the write of `job`.
fn position(model: &Model, job: &Job) -> Option<usize> {
    let line = match job {
        Job::Write(write) => write.line(),
        _ => None,
    };
    let is_same = |pending: &PendingWrite| match (&pending.typed, line) {
        (Some(typed), Some(line)) => typed.seq == line.seq,
        _ => pending.job == *job,
    };
    model.capture.outbox.iter().position(is_same)
}

/// Notes that `obstacle` keeps the write of `job` from being saved: it is kept, and sent again.
pub fn mark_unsaved(model: &mut Model, job: &Job, obstacle: Obstacle, failure: &Failure) {
    let now = model.now;
    let Some(at) = position(model, job) else {
        model.notify(Level::Error, failure.message_with_hint());
        return;
    };
    if let Some(pending) = model.capture.outbox.get_mut(at) {
        if pending.obstacle.is_none() {
            model.unsaved_put_away = false;
            model.unsaved_file = None;
        }
        pending.obstacle = Some(obstacle);
        pending.failed_at = Some(now);
    }
    scroll::sync_scroll(model);
}

/// Notes that the write of `job` failed. A retryable one is sent again; of any other the text becomes a draft:
/// nothing is put back on the line, where the next word would be glued to it.
pub fn mark_failed(model: &mut Model, job: &Job, failure: &Failure) -> Vec<Effect> {
    if failure.retryable {
        mark_unsaved(model, job, Obstacle::Locked, failure);
        return vec![];
    }
    let Some(at) = position(model, job) else {
        model.notify(Level::Error, failure.message_with_hint());
        return vec![];
    };
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

/// Seconds between two attempts, where the obstacle is none that goes by itself.
const RETRY_SECONDS: i64 = 5;

/// Sends the writes that could not be saved again: at once where the store was locked, else some seconds after
/// the last attempt.
pub fn retry_pending(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let is_due = |pending: &&mut PendingWrite| {
        let since = pending.failed_at.map(|at| (now - at).num_seconds());
        match (&pending.obstacle, since) {
            (Some(Obstacle::Locked), Some(_)) => true,
            // Also after the clock went back.
            (Some(_), Some(seconds)) => !(0..RETRY_SECONDS).contains(&seconds),
            _ => false,
        }
    };
    let outbox = model.capture.outbox.iter_mut();
    outbox
        .filter(is_due)
        .map(|pending| {
            pending.failed_at = None;
            Effect::Job(pending.job.clone())
        })
        .collect()
}
