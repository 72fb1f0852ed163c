//! Tasks: asks, which are events, and follow-ups.

mod notices;
mod transition;

use super::{
    OpsError, Result, Session,
    amend::write_version,
    context::{self, LineOptions},
    future_time,
    log::{self, LoggedEvent},
    resolve::Target,
};
use crate::{
    domain::{
        capture::Flags,
        subject::Subject,
        task::{Task, TaskState, TaskType},
        time::OffsetTime,
        value::{Operation, Value},
        words::Kind,
        zone::Zone,
    },
    store::IncidentRow,
};
use notices::{dropped_values, passed_due, unread_owner};
pub use transition::{TaskTransition, set_state};

/// Changes to a follow-up; `None` leaves a value as it is. Of optional texts and times, an empty
/// text or `-` clears the value.
#[derive(Clone, Debug, Default)]
pub struct TaskPatch {
    pub text: Option<String>,
    pub type_: Option<TaskType>,
    pub owner: Option<String>,
    /// As typed; a day alone means its last minute.
    pub due: Option<String>,
    /// Reference in another system.
    pub ticket: Option<String>,
    /// It would have prevented this incident.
    pub prevents: Option<bool>,
    /// It would have shortened this incident.
    pub shortens: Option<bool>,
    /// Since when it has been planned, as typed; a day alone means its beginning.
    pub since: Option<String>,
    pub customer: Option<String>,
    pub state: Option<TaskState>,
    /// When it came to that state, as typed; `None` means now.
    pub at: Option<String>,
    /// Why it was declined, or what came of it.
    pub reason: Option<String>,
}

impl TaskPatch {
    /// Refuses a field of a new task that is given and empty, as by a variable of a shell that is not set: `--due ''`.
    ///
    /// # Errors
    /// Names the flag.
    pub fn check_given(&self) -> Result<()> {
        let fields = [
            ("due", &self.due),
            ("since", &self.since),
            ("owner", &self.owner),
            ("ticket", &self.ticket),
        ];
        let is_empty =
            |value: &Option<String>| value.as_deref().is_some_and(|v| v.trim().is_empty());
        match fields.iter().find(|(_, value)| is_empty(value)) {
            None => Ok(()),
            Some((name, _)) => Err(OpsError::usage(format!("--{name} is empty"))
                .with_hint("give it a value, or leave it out")),
        }
    }
}

/// A follow-up with its incident.
#[derive(Clone, Debug)]
pub struct SavedTask {
    pub handle: String,
    pub task: Task,
    pub incident: IncidentRow,
    /// Remarks for the user, one sentence each.
    pub notices: Vec<String>,
}

/// Adds a follow-up to the incident `given`, else the open one, else the latest: most are added
/// after the end.
///
/// # Errors
/// An empty text, an invalid time, no incident.
pub fn add(session: &mut Session, given: Option<&str>, patch: &TaskPatch) -> Result<SavedTask> {
    session.transact(|session| {
        let row = session.resolve_to_change(given)?;
        let mut task = Task::default();
        let owner_notice = apply_patch(session, &row, patch, "HANDLE", &mut task)?;
        let id = session.write_context.ids.new_id(session.now());
        let value = Value::Task(Box::new(task.clone()));
        let change =
            session
                .write_context
                .new_value(Some(row.id), Subject::Task(id), vec![], value);
        session.append(&[change])?;
        let newest_past = session.newest_event_if_past(&row)?;
        let unread = || unread_owner(&task.text);
        let unread = patch.owner.is_none().then(unread).flatten();
        let notices = patch
            .due
            .is_some()
            .then(|| passed_due(&task, session.now(), newest_past));
        let notices = owner_notice
            .into_iter()
            .chain(unread)
            .chain(notices.flatten());
        Ok(SavedTask {
            handle: session.read().handle_of(id)?,
            notices: notices.collect(),
            task,
            incident: row,
        })
    })
}

/// Logs an ask with a time box of `within` seconds.
pub fn add_ask(
    session: &mut Session,
    given: Option<&str>,
    patch: &TaskPatch,
    within: u32,
) -> Result<LoggedEvent> {
    let text = context::validate_text(
        patch.text.as_deref().unwrap_or_default(),
        "text of a request",
    )?;
    let owner = patch.owner.as_deref();
    let owner = owner
        .map(|owner| context::validate_person(owner, "owner"))
        .transpose()?;
    let flags = Flags {
        kind: Some(Kind::Ask.as_str().to_owned()),
        people: owner.into_iter().collect(),
        customer: patch.customer.clone(),
        ..Flags::default()
    };
    log::log_line_with(
        session,
        &text,
        &flags,
        &LineOptions::for_typed_line(given),
        |event| {
            event.time_box_secs = Some(within);
        },
    )
}

/// Loads a follow-up.
///
/// # Errors
/// Not a follow-up.
pub fn load(session: &Session, typed: &str) -> Result<Task> {
    load_follow_up(session, typed).map(|(_, task, _)| task)
}

/// Changes what `patch` gives of a follow-up.
///
/// # Errors
/// Not a follow-up, an invalid time, or no change.
pub fn set(session: &mut Session, typed: &str, patch: &TaskPatch) -> Result<SavedTask> {
    session.transact(|session| {
        let (target, before, row) = load_follow_up(session, typed)?;
        let mut task = before.clone();
        let owner_notice = apply_patch(session, &row, patch, &target.handle, &mut task)?;
        if task == before {
            return Err(OpsError::usage(format!("no changes to `{typed}`"))
                .with_hint("give what changes: --owner, --due, --state, ...")
                .for_no_change());
        }
        write_version(
            session,
            &target,
            Operation::Amend,
            Value::Task(Box::new(task.clone())),
        )?;
        let zone = Zone::find(&row.zone)?;
        let mut notices = dropped_values(&before, &task, &target.handle, &zone);
        notices.extend(owner_notice);
        let newest_past = session.newest_event_if_past(&row)?;
        if patch.due.is_some() {
            notices.extend(passed_due(&task, session.now(), newest_past));
        }
        Ok(SavedTask {
            handle: target.handle,
            task,
            incident: row,
            notices,
        })
    })
}

/// The error of a request or a follow-up that was retracted.
fn retracted(typed: &str) -> OpsError {
    OpsError::failed(format!("`{typed}` was retracted"))
        .with_hint(format!("`bridgelog restore-event {typed}` brings it back"))
}

fn load_follow_up(session: &Session, typed: &str) -> Result<(Target, Task, IncidentRow)> {
    let target = session.resolve_target(typed)?;
    let task = match &target.current.value {
        Value::Task(task) if task.retracted.is_some() => return Err(retracted(typed)),
        Value::Task(task) => (**task).clone(),
        Value::Event(event) if event.kind == Kind::Ask => {
            return Err(
                OpsError::failed(format!("`{typed}` is a request, which is an event"))
                    .with_hint(format!("`bridgelog amend {typed} ...` changes it")),
            );
        }
        _ => {
            return Err(OpsError::failed(format!("`{typed}` is not a task"))
                .with_hint("`bridgelog task list` shows them"));
        }
    };
    let row = match target.current.incident {
        Some(id) => session.read().incident_row(id)?,
        None => None,
    };
    let row = row.ok_or_else(|| OpsError::failed(format!("`{typed}` is in no incident")))?;
    Ok((target, task, row))
}

/// Returns what is to be said of the owner.
fn apply_patch(
    session: &Session,
    row: &IncidentRow,
    patch: &TaskPatch,
    handle: &str,
    task: &mut Task,
) -> Result<Option<String>> {
    let zone = Zone::find(&row.zone)?;
    let now = session.now();
    let line_context = session.line_context(Some(row), &LineOptions::for_typed_line(None))?;
    // A day alone means its end for `due`, its beginning for `since`.
    let parse_time = |typed: &String, future: bool| -> Result<Option<OffsetTime>> {
        Ok(match typed.trim() {
            "" | "-" => None,
            typed if future => Some(future_time::parse_future(typed, now, &zone)?),
            typed => Some(future_time::parse_past(
                typed,
                &line_context.time_context(),
            )?),
        })
    };
    let optional = |typed: &String, what: &str| -> Result<Option<String>> {
        Ok(match typed.trim() {
            "" | "-" => None,
            typed => Some(context::validate_text(typed, what)?),
        })
    };
    match &patch.text {
        Some(text) => task.text = context::validate_text(text, "text of a task")?,
        None if task.text.is_empty() && task.redacted.is_none() => {
            context::validate_text("", "text of a task")?;
        }
        None => {}
    }
    if let Some(type_) = patch.type_ {
        task.type_ = Some(type_.into());
    }
    if let Some(state) = patch.state {
        let at = patch
            .at
            .as_ref()
            .map(|at| future_time::parse_past(at, &line_context.time_context()));
        // What was said of the state before is not said of this one.
        if task.state != state {
            task.reason = None;
        }
        enter_state(task, state, at.transpose()?, zone.to_local(now), handle)?;
    }
    // One excludes the other: what is set last clears what was set before.
    let clears = |set: Option<bool>| (set == Some(true)).then_some(false);
    let prevents = patch.prevents.or(clears(patch.shortens));
    let shortens = patch.shortens.or(clears(patch.prevents));
    task.prevents = prevents.unwrap_or(task.prevents);
    task.shortens = shortens.unwrap_or(task.shortens);
    if let Some(reason) = &patch.reason {
        task.reason = optional(reason, "reason")?;
    }
    let mut notice = None;
    if let Some(owner) = &patch.owner {
        task.owner = match owner.trim() {
            "" | "-" => None,
            owner => {
                let owner = session.typed_person(owner, "owner")?;
                notice = owner.notice;
                Some(owner.name)
            }
        };
    }
    if let Some(ticket) = &patch.ticket {
        task.ticket = optional(ticket, "ticket")?;
    }
    if let Some(customer) = &patch.customer {
        task.customer = optional(customer, "customer wording")?;
    }
    if let Some(due) = &patch.due {
        task.due = parse_time(due, true)?;
    }
    if let Some(since) = &patch.since {
        task.since = parse_time(since, false)?;
    }
    Ok(notice)
}

/// Sets the state of `task` from `at` on (`None` means `now`), with the dates of the states before that
/// still apply. A state that it has already keeps its date, recorded or not, unless `at` is given.
///
/// # Errors
/// It would be done before it was started.
fn enter_state(
    task: &mut Task,
    state: TaskState,
    at: Option<OffsetTime>,
    now: OffsetTime,
    handle: &str,
) -> Result<()> {
    if task.state == state && at.is_none() {
        return Ok(());
    }
    let is_given = at.is_some();
    let at = at.unwrap_or(now);
    match state {
        TaskState::Planned => (task.started_at, task.done_at) = (None, None),
        TaskState::Started => {
            // One that was done and is under way again was started when it was started.
            let started = task.started_at.filter(|_| !is_given);
            (task.started_at, task.done_at) = (started.or(Some(at)), None);
        }
        TaskState::Done => {
            if let Some(started) = task.started_at.filter(|started| *started > at) {
                let time = |at: OffsetTime| at.format("%Y-%m-%d %H:%M %:z").to_string();
                return Err(OpsError::usage(format!(
                    "done at {}, but started at {}",
                    time(at),
                    time(started)
                ))
                .with_hint(format!(
                    "give the time of the end, or correct the beginning first: `bridgelog task start {handle} --at WHEN`"
                )));
            }
            task.done_at = Some(at);
        }
        TaskState::Declined => task.done_at = None,
    }
    task.state = state.into();
    Ok(())
}
