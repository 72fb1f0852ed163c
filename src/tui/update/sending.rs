//! The line on its way: sent off, logged, tried again, or back where it was typed. And what of all
//! that is kept as a draft.

use super::{
    choosing,
    typing::{line_altered, recalled},
};
use crate::{
    ops::draft::Draft,
    tui::{
        keymap::Action,
        line::Line,
        model::{Capture, Echo, Model, Over, Sending, Tone},
        msg::{Effect, Failure, Job, Typed},
    },
};

/// What is half-typed, and what is on its way, to be kept.
pub fn drafts(model: &Model) -> Effect {
    let draft = |begun, text: &str| Draft {
        begun,
        text: text.to_owned(),
        about: None,
    };
    let capture = &model.capture;
    let sent = capture.outbox.iter().map(|sending| {
        let typed = &sending.typed;
        (typed.no, draft(typed.begun, &typed.text))
    });
    let asked = model.over.iter().filter_map(|over| match over {
        Over::Prompt(prompt) if prompt.altered && prompt.question.is_missed() => Some(Draft {
            about: Some(prompt.question.what()),
            ..draft(model.now, prompt.line.text())
        }),
        Over::Paste(paste) => Some(Draft {
            about: Some("a paste".to_owned()),
            ..draft(paste.begun, &paste.text())
        }),
        _ => None,
    });
    let asked = asked.map(|draft| (0, draft));
    let line = draft(capture.begun.unwrap_or(model.now), capture.line.text());
    let all = sent.chain(asked).chain([(0, line)]);
    Effect::Job(Job::Keep(all.filter(|(_, d)| !d.text.is_empty()).collect()))
}

/// The line as it is, to be logged or read.
pub fn line(model: &Model) -> Typed {
    let capture = &model.capture;
    let typed = Typed {
        no: 0,
        text: capture.line.text().to_owned(),
        begun: capture.begun.unwrap_or(model.now),
        target: model.target(),
        wording: true,
    };
    match &capture.again {
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
        if model.outline.is_none() {
            return vec![];
        }
        return super::act(model, Action::ToList);
    }
    if let Echo::Wrong(failure) = &model.capture.echo {
        let text = failure.message.clone();
        model.say(Tone::Bad, text);
        return vec![];
    }
    if !model.has_target() {
        return choosing::nothing_open(model);
    }
    let typed = line(model);
    send(model, typed, Job::Log)
}

/// Sends the line off as `typed`. The line is empty for the next one; what was sent is kept as a draft
/// until it is on the disk.
pub fn send(model: &mut Model, mut typed: Typed, job: impl FnOnce(Typed) -> Job) -> Vec<Effect> {
    let capture = &mut model.capture;
    if typed.no == 0 {
        capture.sent += 1;
        typed.no = capture.sent;
    }
    let job = job(typed.clone());
    recalled(capture, typed.text.clone());
    let sending = Sending {
        typed,
        job: job.clone(),
        since: model.now,
        why: None,
    };
    capture.outbox.push(sending);
    model.capture = Capture {
        recall: std::mem::take(&mut capture.recall),
        outbox: std::mem::take(&mut capture.outbox),
        sent: capture.sent,
        ..Capture::default()
    };
    // An answer that is still on its way is about what was there before.
    model.reading += 1;
    vec![Effect::Job(job)]
}

/// Line number `no` is on the disk.
pub fn sent(model: &mut Model, no: u64) -> Vec<Effect> {
    let outbox = &mut model.capture.outbox;
    let before = outbox.len();
    outbox.retain(|sending| sending.typed.no != no);
    if outbox.len() == before {
        return vec![];
    }
    vec![drafts(model)]
}

/// Line number `no` was not logged. Where the log book was busy it is tried again by itself; else it
/// comes back to be looked at.
pub fn unsent(model: &mut Model, no: u64, why: &Failure) {
    let outbox = &mut model.capture.outbox;
    if let Some(sending) = outbox.iter_mut().find(|s| s.typed.no == no) {
        sending.why = Some(why.clone());
    }
}

/// Tries what the log book was too busy for once more.
pub fn try_again(model: &mut Model) -> Vec<Effect> {
    let busy = |why: &Failure| why.passing;
    let outbox = model.capture.outbox.iter_mut();
    outbox
        .filter(|sending| sending.why.as_ref().is_some_and(busy))
        .map(|sending| {
            sending.why = None;
            Effect::Job(sending.job.clone())
        })
        .collect()
}

/// A line that was not logged comes back as soon as there is room for it.
pub fn take_back(model: &mut Model) -> Vec<Effect> {
    let capture = &mut model.capture;
    if !model.over.is_empty() || !capture.line.is_blank() {
        return vec![];
    }
    let refused = |sending: &Sending| sending.why.as_ref().is_some_and(|why| !why.passing);
    let Some(at) = capture.outbox.iter().position(refused) else {
        return vec![];
    };
    let sending = capture.outbox.remove(at);
    capture.line = Line::new(sending.typed.text.clone());
    capture.begun = Some(sending.typed.begun);
    capture.again = Some(sending.typed);
    if let Some(why) = sending.why {
        model.say(Tone::Bad, why.in_words());
    }
    line_altered(model)
}
