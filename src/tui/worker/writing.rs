//! Jobs that write.

use super::Worker;
use crate::{
    domain::{
        capture::Flags,
        time::parse_utc,
        value::{Operation, Value},
    },
    ops::{
        Result, adopt, amend, document, edit, field, lifecycle, lint, log, message, redact,
        resolve::short_ref, service, task, task_line, undo,
    },
    tui::msg::{Clear, Job, Next, Reply},
};

pub(super) fn done(said: impl Into<String>, next: Next) -> Reply {
    Reply::Done {
        said: said.into(),
        next,
    }
}

impl Worker {
    pub(super) fn write(&mut self, job: Job) -> Result<Reply> {
        let book = &mut self.book;
        let named = self
            .looked
            .map(|id| book.read().handle_of(id))
            .transpose()?;
        Ok(match job {
            Job::Log(_) | Job::LogMany { .. } => return self.log(job),
            Job::Declare {
                typed,
                severity,
                adopt,
            } => return self.declare(&typed, severity, adopt),
            Job::Rewrite(handle, line) => {
                let amended = edit::apply_edit(book, &handle, &line)?;
                done(
                    format!("amended {handle}: {}", amended.event.text),
                    Next::Refresh,
                )
            }
            Job::Patch(..) | Job::Retime(..) => {
                let (handle, line, flags) = match job {
                    Job::Retime(handle, when) => (handle, String::new(), at_alone(when)),
                    Job::Patch(handle, line) => (handle, line, Flags::default()),
                    _ => return Ok(Reply::Changed),
                };
                let amended = amend::amend(book, &handle, &line, &flags)?;
                let at = self.zone.to_local(amended.event.at_utc());
                let state = amended
                    .event
                    .state
                    .map_or_else(String::new, |state| format!(", {state}"));
                done(
                    format!(
                        "amended {handle}: {}{state}",
                        at.format("%a %-d %b %Y %H:%M")
                    ),
                    Next::Refresh,
                )
            }
            Job::Retract(handle, reason) => {
                amend::retract(book, &handle, &reason)?;
                done(
                    format!("retracted {handle}; u takes that back"),
                    Next::Refresh,
                )
            }
            Job::Undo => {
                let undone = undo::undo(book, named.as_deref())?;
                done(
                    format!("undone: {}; Ctrl-R does it again", said(&undone)),
                    Next::Refresh,
                )
            }
            Job::Redo => {
                let redone = undo::redo(book, named.as_deref())?;
                done(format!("done again: {}", said(&redone)), Next::Refresh)
            }
            Job::Task(handle, state, reason) => {
                match task::set_state(book, &handle, state, &reason)? {
                    task::TaskTransition::Ask(logged) => done(
                        format!("closed {handle}"),
                        Next::Wrote {
                            ids: vec![logged.event.id],
                            ask_state: None,
                            clear: Clear::Nothing,
                        },
                    ),
                    task::TaskTransition::FollowUp(written) => done(
                        format!("{}: {}", written.task.state, written.task.text),
                        Next::Refresh,
                    ),
                }
            }
            Job::SetTask(handle, line) => {
                let before = task::load(book, &handle)?;
                let patch = task_line::patch_from_line(&before, &line, book.now(), &self.zone)?;
                let written = task::set(book, &handle, &patch)?;
                done(
                    format!("amended {handle}: {}", written.task.text),
                    Next::Refresh,
                )
            }
            Job::Adopt(handle) => {
                let (into, _) = adopt::adopt(book, &[handle], None)?;
                done(format!("taken into #{}", short_ref(&into)), Next::Refresh)
            }
            Job::Move(handle, to) => {
                let (into, _) = adopt::move_events(book, std::slice::from_ref(&handle), &to)?;
                done(
                    format!("moved {handle} to #{}; u takes that back", short_ref(&into)),
                    Next::Refresh,
                )
            }
            Job::Redact(handle, reason) => {
                redact::redact(book, &handle, &reason)?;
                done(
                    format!("the text of {handle} is destroyed, in every version"),
                    Next::Refresh,
                )
            }
            Job::AddTask(line) => {
                let patch = task_line::parse_new(&line, book.now(), &self.zone)?;
                let written = task::add(book, named.as_deref(), &patch)?;
                done(
                    format!("added {}: {}", written.handle, written.task.text),
                    Next::Refresh,
                )
            }
            Job::Set(handle, name, value) => {
                let set = field::set(book, Some(&handle), &name, &value, None)?;
                let value = match parse_utc(&set.value) {
                    Some(at) => self
                        .zone
                        .to_local(at)
                        .format("%a %-d %b %Y %H:%M")
                        .to_string(),
                    None => set.value.clone(),
                };
                let notice = set
                    .notices
                    .first()
                    .map_or_else(String::new, |n| format!(" · {n}"));
                done(format!("{} is {value}{notice}", set.name), Next::Refresh)
            }
            Job::SaveLetter(stage) => {
                let stage = document::Stage::ALL.get(stage).copied();
                let kept = message::save(book, named.as_deref(), stage, None, None)?;
                let incident = book.load_incident(&kept.incident)?;
                let stage = stage.unwrap_or_else(|| document::Stage::next_for(&incident));
                let open = lint::letter(book, &incident, stage)?;
                let open = match open.as_slice() {
                    [] => String::new(),
                    [first, ..] => format!(
                        "; {} to look at before it goes out: {}",
                        open.len(),
                        first.reason
                    ),
                };
                done(
                    format!("kept as {}{open}", message::label(&kept)),
                    Next::Refresh,
                )
            }
            Job::Approve(number, who) => {
                let kept = message::approve(book, named.as_deref(), &who, &number)?;
                done(
                    format!("{who} lets {} go out", message::label(&kept)),
                    Next::Refresh,
                )
            }
            Job::Sent(number, via) => {
                let sent = message::SendDetails {
                    via: &via,
                    ..message::SendDetails::default()
                };
                let kept = message::mark_sent(book, named.as_deref(), &number, &sent)?;
                let notice = kept
                    .notices
                    .first()
                    .map_or_else(String::new, |n| format!(" · {n}"));
                done(
                    format!("{} went out{notice}", message::label(&kept)),
                    Next::Refresh,
                )
            }
            Job::Service(handle, text) => {
                let (name, public) = text.split_once(' ').unwrap_or((&text, ""));
                let public = public.trim();
                let public = (!public.is_empty()).then_some(public);
                let (_, name, service) = service::set_service(book, Some(&handle), name, public)?;
                let called = service
                    .public_name
                    .map_or_else(String::new, |p| format!(" · customers will read: {p}"));
                done(format!("service {name}{called}"), Next::Refresh)
            }
            Job::Resolve(handle, text) => {
                let logged = lifecycle::resolve(book, Some(&handle), None, &text)?;
                done(
                    "resolved; the postmortem and the follow-up letter are on tabs 3 and 4",
                    wrote(&logged, Clear::Nothing),
                )
            }
            Job::Reopen(handle, text) => {
                let logged = lifecycle::reopen(book, Some(&handle), None, &text)?;
                done("reopened", wrote(&logged, Clear::Nothing))
            }
            Job::Write(name, text) => {
                let set = field::write_section(book, named.as_deref(), &name, &text)?;
                done(format!("{} is written", set.name), Next::Refresh)
            }
            _ => Reply::Changed,
        })
    }
}

/// A time, and nothing else.
pub(super) fn at_alone(when: String) -> Flags {
    Flags {
        at: Some(when),
        ..Flags::default()
    }
}

fn wrote(logged: &log::LoggedEvent, clear: Clear) -> Next {
    Next::Wrote {
        ids: vec![logged.event.id],
        ask_state: None,
        clear,
    }
}

/// What was undone, in words.
fn said(undone: &undo::Undone) -> String {
    let act = match &undone.act {
        Operation::Log => "logging",
        Operation::Amend => "amending",
        Operation::Retract => "retracting",
        Operation::Move => "moving",
        other => other.as_str(),
    };
    let what = match &undone.value {
        Value::Event(event) => event.text.clone(),
        Value::Task(task) => task.text.clone(),
        Value::Message(message) => format!("letter m{}", message.number),
        _ => undone.subject.to_string(),
    };
    let handle = undone.handle.clone().unwrap_or_default();
    format!("{act} {handle} {what}").trim_end().to_owned()
}
