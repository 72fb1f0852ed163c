//! Sets the state of a task: of a follow-up, or by an event that closes an ask.

use super::{SavedTask, TaskPatch, load_follow_up, set};
use crate::{
    domain::{capture::Flags, task::TaskState, value::Value, words::Kind},
    ops::{
        OpsError, Result, Session,
        context::{self, LineOptions},
        log::{self, LoggedEvent},
    },
};

/// The result of [`set_state`].
#[derive(Clone, Debug)]
pub enum TaskTransition {
    FollowUp(Box<SavedTask>),
    /// The event that closes the ask.
    Ask(Box<LoggedEvent>),
}

/// Sets the state of a task at the time `at`, as typed (`None` means now); `reason` says why, or what came
/// of it. An ask is closed by an event that links to it.
///
/// # Errors
/// Not a task; `declined` without a reason; an ask that is closed or retracted; a time that is no time, in
/// the future, or for a follow-up that was done before it was started.
pub fn set_state(
    session: &mut Session,
    typed: &str,
    state: TaskState,
    at: Option<&str>,
    reason: &str,
) -> Result<TaskTransition> {
    session.transact(|session| {
        let target = session.resolve_target(typed)?;
        let is_ask = target
            .current
            .value
            .event()
            .is_some_and(|e| e.kind == Kind::Ask);
        if state == TaskState::Declined {
            context::validate_text(reason, "reason")?;
        }
        if at.is_some_and(|at| at.trim().is_empty()) {
            return Err(OpsError::usage("--at: the time is empty")
                .with_hint("write a time such as 10:06 or 2012-08-16, or leave --at out for now"));
        }
        if !is_ask {
            let (_, task, _) = load_follow_up(session, typed)?;
            let is_repeated = task.state == state;
            if let Some(done) = task.done_at
                && state == TaskState::Started
            {
                return Err(OpsError::failed(format!(
                    "`{typed}` was done on {}",
                    done.format("%Y-%m-%d")
                ))
                .with_hint(format!(
                    "`bridgelog task set {typed} --state started` opens it again, without that date"
                )));
            }
            let says_more = at.is_some() || !reason.trim().is_empty();
            if is_repeated && !says_more {
                let verb = match state {
                    TaskState::Started => "start",
                    _ => "done",
                };
                return Err(
                    OpsError::failed(format!("`{typed}` is {state} already")).with_hint(format!(
                        "`bridgelog task {verb} {typed} --at WHEN` corrects the date"
                    )),
                );
            }
            // A new date alone keeps what was said.
            let keeps_reason = is_repeated && reason.trim().is_empty();
            let patch = TaskPatch {
                state: Some(state),
                at: at.map(str::to_owned),
                reason: (!keeps_reason).then(|| reason.to_owned()),
                ..TaskPatch::default()
            };
            return set(session, typed, &patch)
                .map(|written| TaskTransition::FollowUp(Box::new(written)));
        }
        if let Value::Event(ask) = &target.current.value
            && ask.retracted.is_some()
        {
            return Err(super::retracted(typed));
        }
        if let Some(id) = target.current.incident
            && let Some(incident) = session.read().incident(id)?
            && !incident
                .open_asks()
                .iter()
                .any(|ask| Some(ask.id) == target.subject.id())
        {
            return Err(OpsError::failed(format!("`{typed}` is closed already"))
                .with_hint("`bridgelog task list` shows what is open"));
        }
        let text = match (state, reason.trim()) {
            (TaskState::Done, "") => "done".to_owned(),
            (TaskState::Done, reason) => reason.to_owned(),
            (TaskState::Declined, reason) => format!("declined: {reason}"),
            _ => {
                return Err(
                    OpsError::usage(format!("`{typed}` is a request, which is for now"))
                        .with_hint(format!("`bridgelog task done {typed}` closes it")),
                );
            }
        };
        let row = match target.current.incident {
            Some(id) => session.read().incident_row(id)?,
            None => None,
        };
        let flags = Flags {
            at: at.map(str::to_owned),
            kind: Some("done".into()),
            links: vec![target.handle.clone()],
            ..Flags::default()
        };
        let options = LineOptions {
            literal: true,
            ..LineOptions::for_typed_line(row.as_ref().map(|r| r.handle.as_str()))
        };
        log::log_line(session, &text, &flags, &options)
            .map(|logged| TaskTransition::Ask(Box::new(logged)))
    })
}
