//! Jobs that write to the store.

use super::Worker;
use crate::{
    domain::{
        capture::Flags,
        review::ReviewStage,
        time::parse_utc,
        value::{Operation, Value},
    },
    ops::{
        OpsError, Result, adopt, amend, document, edit, field, lifecycle, lint, log, message,
        redact, resolve::short_ref, review, section_material, service, task, task_line, undo,
    },
    tui::msg::{ClearInput, Job, NextStep, Reply},
};
use std::{
    env,
    ffi::OsStr,
    io::{self, Write as _},
    path::Path,
};

/// Returns the notices to append to a message.
pub(super) fn join_notices(notices: &[String]) -> String {
    notices
        .iter()
        .map(|notice| format!(" · {notice}"))
        .collect()
}

pub(super) fn done(message: impl Into<String>, next: NextStep) -> Reply {
    Reply::Done {
        message: message.into(),
        next,
        // `Worker::run` adds it.
        job: None,
    }
}

impl Worker {
    pub(super) fn run_write(&mut self, job: Job) -> Result<Reply> {
        match job {
            // Nothing may fail before these: they may be retries of what is in the store already.
            Job::Log(_) | Job::LogPaste { .. } => return self.log(job),
            Job::Declare {
                typed,
                severity,
                adopt,
            } => return self.declare(&typed, severity, adopt),
            _ => {}
        }
        let consent = match self.undo_question.take() {
            Some(act) => undo::Consent::To(act),
            None => undo::Consent::NotAsked,
        };
        let session = &mut self.session;
        let shown_handle = self
            .shown_incident
            .map(|id| session.read().handle_of(id))
            .transpose()?;
        Ok(match job {
            Job::Rewrite(handle, line) => {
                let seen = self.edited_versions.get(&handle).copied();
                let amended = edit::apply_edit(session, &handle, &line, seen)?;
                done(
                    format!("amended {handle}: {}", amended.event.text),
                    NextStep::Refresh,
                )
            }
            Job::Patch(..) | Job::Retime(..) => {
                let (handle, line, flags) = match job {
                    Job::Retime(handle, when) => (handle, String::new(), time_only_flags(when)),
                    Job::Patch(handle, line) => (handle, line, Flags::default()),
                    _ => return Ok(Reply::StoreChanged),
                };
                let amended = amend::amend(session, &handle, &line, &flags)?;
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
                    NextStep::Refresh,
                )
            }
            Job::Retract(handle, reason) => {
                // The dialog that takes the reason has asked.
                let retracted = amend::retract(session, &handle, &reason, true)?;
                let said = match &retracted {
                    amend::Retraction::Done { notices, .. } => join_notices(notices),
                    amend::Retraction::Ask(question) => format!(" · {question}"),
                };
                done(
                    format!("retracted {handle}; u takes that back{said}"),
                    NextStep::Refresh,
                )
            }
            Job::Undo => match undo::undo(session, shown_handle.as_deref(), consent)? {
                undo::Step::Done(undone) => {
                    let again = match &undone.handle {
                        Some(handle) if undone.gone => {
                            format!(
                                "Ctrl-R, or later `bridgelog restore-event {handle}`, brings it back"
                            )
                        }
                        _ => "Ctrl-R does it again".to_owned(),
                    };
                    let what = describe_undone(&undone);
                    let notices = join_notices(&undone.notices);
                    done(
                        format!("undone: {what}; {again}{notices}"),
                        NextStep::Refresh,
                    )
                }
                undo::Step::Ask(question) => {
                    self.undo_question = Some(question.act);
                    done(
                        format!("{}; u again goes on", question.text),
                        NextStep::Refresh,
                    )
                }
            },
            Job::Redo => match undo::redo(session, shown_handle.as_deref(), consent)? {
                undo::Step::Done(redone) => done(
                    format!(
                        "done again: {}{}",
                        describe_undone(&redone),
                        join_notices(&redone.notices)
                    ),
                    NextStep::Refresh,
                ),
                undo::Step::Ask(question) => {
                    self.undo_question = Some(question.act);
                    done(
                        format!("{}; Ctrl-R again goes on", question.text),
                        NextStep::Refresh,
                    )
                }
            },
            Job::ChangeTaskState(handle, state, reason) => {
                match task::set_state(session, &handle, state, None, &reason)? {
                    task::TaskTransition::Ask(logged) => done(
                        format!("closed {handle}"),
                        NextStep::EventsWritten {
                            ids: vec![logged.event.id],
                            ask_state: None,
                            clear: ClearInput::Nothing,
                        },
                    ),
                    task::TaskTransition::FollowUp(written) => done(
                        format!("{}: {}", written.task.state, written.task.text),
                        NextStep::Refresh,
                    ),
                }
            }
            Job::SetTask(handle, line) => {
                let before = task::load(session, &handle)?;
                let patch = task_line::patch_from_line(&before, &line, session.now(), &self.zone)?;
                let written = task::set(session, &handle, &patch)?;
                done(
                    format!("amended {handle}: {}", written.task.text),
                    NextStep::Refresh,
                )
            }
            Job::Adopt(handle) => {
                let (into, _) = adopt::adopt(session, &[handle], None)?;
                done(
                    format!("taken into #{}", short_ref(&into)),
                    NextStep::Refresh,
                )
            }
            Job::Move(handle, to) => {
                let moved = adopt::move_events(session, std::slice::from_ref(&handle), &to)?;
                let mut text = format!("moved {handle} to #{}", short_ref(&moved.into));
                for notice in &moved.notices {
                    text.push_str(&format!("; {notice}"));
                }
                done(format!("{text}; u takes that back"), NextStep::Refresh)
            }
            Job::Redact {
                handle,
                reason,
                answer,
            } => {
                let target = redact::find(session, &handle)?;
                redact::confirm(&answer, &target)?;
                let redacted = redact::redact_target(session, &target, &reason)?;
                done(
                    format!("the text of {handle} is destroyed, in every version"),
                    NextStep::ShowText {
                        title: format!("{handle} is redacted: what it does not reach"),
                        paragraphs: redacted.notices,
                    },
                )
            }
            Job::AddTask(line) => {
                let patch = task_line::parse_new(&line, session.now(), &self.zone)?;
                let written = task::add(session, shown_handle.as_deref(), &patch)?;
                done(
                    format!("added {}: {}", written.handle, written.task.text),
                    NextStep::Refresh,
                )
            }
            Job::SetField(handle, name, value) if name == "commander" => {
                let logged = lifecycle::handoff(session, Some(&handle), None, &value)?;
                done(logged.event.value.text, NextStep::Refresh)
            }
            Job::SetField(handle, name, value) => {
                let written_field = field::set(session, Some(&handle), &name, &value, None)?;
                let value = match parse_utc(&written_field.value) {
                    Some(at) => self
                        .zone
                        .to_local(at)
                        .format("%a %-d %b %Y %H:%M")
                        .to_string(),
                    None => written_field.value.clone(),
                };
                let notice = written_field
                    .notices
                    .first()
                    .map_or_else(String::new, |n| format!(" · {n}"));
                done(
                    format!("{} is {value}{notice}", written_field.name),
                    NextStep::Refresh,
                )
            }
            Job::SaveLetter(stage) => {
                let stage = document::Stage::ALL.get(stage).copied();
                let saved = message::save(session, shown_handle.as_deref(), stage, None, None)?;
                let incident = session.load_incident(&saved.incident)?;
                let stage = stage.unwrap_or_else(|| document::Stage::next_for(&incident));
                let findings = lint::letter(session, &incident, stage)?;
                let findings = match findings.as_slice() {
                    [] => String::new(),
                    [first, ..] => format!(
                        "; {} to look at before it goes out: {}",
                        findings.len(),
                        first.reason
                    ),
                };
                done(
                    format!("kept as {}{findings}", message::label(&saved)),
                    NextStep::Refresh,
                )
            }
            Job::Approve(number, approver) => {
                let saved = message::approve(session, shown_handle.as_deref(), &approver, &number)?;
                done(
                    format!("{approver} lets {} go out", message::label(&saved)),
                    NextStep::Refresh,
                )
            }
            Job::Review(stage, by) => {
                let reviewed = review::record(session, shown_handle.as_deref(), stage, &by)?;
                let word = match stage {
                    ReviewStage::Reviewed => "reviewed",
                    ReviewStage::Final => "final",
                };
                done(
                    format!("the postmortem is {word} by {}", reviewed.by),
                    NextStep::Refresh,
                )
            }
            Job::MarkSent(number, via) => {
                let sent = message::SendDetails {
                    via: &via,
                    ..message::SendDetails::default()
                };
                let saved = message::mark_sent(session, shown_handle.as_deref(), &number, &sent)?;
                let notice = saved
                    .notices
                    .first()
                    .map_or_else(String::new, |n| format!(" · {n}"));
                done(
                    format!("{} went out{notice}", message::label(&saved)),
                    NextStep::Refresh,
                )
            }
            Job::AddService(handle, text) => {
                let (name, public) = text.split_once(' ').unwrap_or((&text, ""));
                let public = public.trim();
                let public = (!public.is_empty()).then_some(public);
                let (_, name, service) =
                    service::set_service(session, Some(&handle), name, public)?;
                let public_note = service
                    .public_name
                    .map_or_else(String::new, |p| format!(" · customers will read: {p}"));
                done(format!("service {name}{public_note}"), NextStep::Refresh)
            }
            Job::Resolve(handle, text) => {
                let logged = lifecycle::resolve(session, Some(&handle), None, &text)?;
                let notices = join_notices(&logged.notices);
                done(
                    format!("resolved{notices} · tabs 3 and 4 have the postmortem and the letter"),
                    events_written(&logged, ClearInput::Nothing),
                )
            }
            Job::Reopen(handle, text) => {
                let logged = lifecycle::reopen(session, Some(&handle), None, &text)?;
                let notices = join_notices(&logged.notices);
                done(
                    format!("reopened{notices}"),
                    events_written(&logged, ClearInput::Nothing),
                )
            }
            Job::WriteSection(name, text) => {
                let edited = self.edited_section.as_ref();
                let change = match edited.filter(|(_, edited, _)| *edited == name) {
                    Some((incident, _, before)) => {
                        if section_material::without_material(&text).trim() == before.trim() {
                            return Ok(done(format!("{name} is as it was"), NextStep::Refresh));
                        }
                        let given = session.read().handle_of(*incident)?;
                        field::write_edited_section(session, &given, &name, before, &text)
                    }
                    None => field::write_section(session, shown_handle.as_deref(), &name, &text),
                };
                let change = change
                    .map_err(|error| keep_prose(error, &name, &text, session.store.path()))?;
                self.edited_section = None;
                done(format!("{} is written", change.name), NextStep::Refresh)
            }
            _ => Reply::StoreChanged,
        })
    }
}

/// Returns flags that give only a time.
pub(super) fn time_only_flags(when: String) -> Flags {
    Flags {
        at: Some(when),
        ..Flags::default()
    }
}

/// Keeps prose that could not be written in a file, which `error` then names: the editor is closed, and its
/// own file is gone. The file is beside the log book, where `redact` looks as well, else in the folder for
/// temporary files.
fn keep_prose(error: OpsError, name: &str, text: &str, log_book: &Path) -> OpsError {
    let write = |folder: &Path| {
        let file_name = log_book.file_name().unwrap_or(OsStr::new("bridgelog"));
        let mut file = tempfile::Builder::new()
            .prefix(&format!("{}-{name}-", file_name.display()))
            .suffix(".md")
            .tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
        Ok::<_, io::Error>(file.keep()?.1)
    };
    let folder = log_book.parent().unwrap_or(Path::new("."));
    let kept = write(folder).or_else(|_| write(&env::temp_dir()));
    match kept {
        Ok(path) => error.with_hint(format!(
            "what was typed is in {0}: `bridgelog write {name} --from {0}`",
            path.display()
        )),
        Err(kept) => error.with_hint(format!("what was typed could not be kept: {kept}")),
    }
}

fn events_written(logged: &log::LoggedEvent, clear: ClearInput) -> NextStep {
    NextStep::EventsWritten {
        ids: vec![logged.event.id],
        ask_state: None,
        clear,
    }
}

/// Describes in words what was undone or redone.
fn describe_undone(undone: &undo::Undone) -> String {
    let act = match &undone.act {
        Operation::Log => "logging",
        Operation::Amend => "amending",
        Operation::Retract => "retracting",
        Operation::Move => "moving",
        Operation::Restore => "bringing back",
        other => other.as_str(),
    };
    let what = match &undone.value {
        Value::Event(event) => event.text.clone(),
        Value::Task(task) => task.text.clone(),
        Value::Message(message) => format!("letter m{}", message.number),
        _ => undone.subject.to_string(),
    };
    let handle = undone.handle.clone().unwrap_or_default();
    let others = match undone.count {
        0 | 1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    format!("{act} {handle} {what}{others}")
        .trim_end()
        .to_owned()
}
