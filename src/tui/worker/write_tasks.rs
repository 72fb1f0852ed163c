//! Jobs that write requests and follow-ups.

use super::{
    Worker,
    wording::{clock_time, excerpt, join_notices},
    writes::{done, events_written, refresh},
};
use crate::{
    domain::{
        task::{Task, TaskState, ask_due},
        time::UtcTime,
        words::Kind,
        zone::Zone,
    },
    ops::{
        OpsError, Result, request,
        task::{self, TaskPatch},
        task_line,
    },
    tui::msg::{ClearInput, Reply},
};

impl Worker {
    pub(super) fn change_task_state(
        &mut self,
        handle: &str,
        state: TaskState,
        reason: &str,
    ) -> Result<Reply> {
        let target = self.session.resolve_target(handle)?;
        self.refuse_closed_request(&target)?;
        match task::set_state(&mut self.session, handle, state, None, reason)? {
            task::TaskTransition::Ask(logged) => {
                let text = target.current.value.event().map_or("", |event| &event.text);
                Ok(done(
                    format!("closed request \"{}\"", excerpt(text)),
                    events_written(&logged, ClearInput::Nothing),
                ))
            }
            task::TaskTransition::FollowUp(written) => Ok(refresh(format!(
                "{} task \"{}\"{}",
                written.task.state,
                excerpt(&written.task.text),
                join_notices(&written.notices)
            ))),
        }
    }

    /// Says who closed a request that is closed, and with which outcome.
    fn refuse_closed_request(&self, target: &crate::ops::resolve::Target) -> Result<()> {
        let is_request = |event: &crate::domain::event::Event| event.kind == Kind::Ask;
        let (Some(id), Some(incident)) = (target.subject.id(), target.current.incident) else {
            return Ok(());
        };
        if !target.current.value.event().is_some_and(is_request) {
            return Ok(());
        }
        let Some(incident) = self.session.read().incident(incident)? else {
            return Ok(());
        };
        let closed = incident
            .active_events()
            .find(|event| event.value.closes && event.value.links.contains(&id));
        let Some(closed) = closed else { return Ok(()) };
        let who = if closed.author == self.session.write_context.author {
            "you"
        } else {
            &closed.author
        };
        let zone = Zone::find_or_utc(incident.zone());
        let at = zone.to_local(closed.value.at_utc()).format("%H:%M");
        Err(OpsError::failed(format!(
            "{who} closed it at {at}: \"{}\"",
            excerpt(&closed.value.text)
        )))
    }

    pub(super) fn add_task(&mut self, line: &str) -> Result<Reply> {
        let shown = self.shown_handle()?;
        let patch = task_line::parse_new(line, self.session.now(), &self.zone)?;
        let written = task::add(&mut self.session, shown.as_deref(), &patch)?;
        Ok(refresh(format!(
            "added task \"{}\"{}",
            excerpt(&written.task.text),
            join_notices(&written.notices)
        )))
    }

    pub(super) fn set_owner(&mut self, handle: &str, owner: &str) -> Result<Reply> {
        let owner = owner.trim().trim_start_matches('@');
        let said = if matches!(owner, "" | "-") {
            "no owner".to_owned()
        } else {
            format!("@{owner}")
        };
        if self.is_event(handle)? {
            let request = request::set_owner(&mut self.session, handle, owner)?;
            return Ok(refresh(request_said(&request.text, &said)));
        }
        let patch = TaskPatch {
            owner: Some(owner.to_owned()),
            ..TaskPatch::default()
        };
        self.patch_task(handle, &patch, |_, _| said)
    }

    pub(super) fn set_due(&mut self, handle: &str, due: &str) -> Result<Reply> {
        if self.is_event(handle)? {
            let request = request::set_due(&mut self.session, handle, due)?;
            let said = self.due_said(ask_due(&request));
            return Ok(refresh(request_said(&request.text, &said)));
        }
        let patch = TaskPatch {
            due: Some(due.to_owned()),
            ..TaskPatch::default()
        };
        self.patch_task(handle, &patch, |worker, task| {
            worker.due_said(task.due.map(|due| due.to_utc()))
        })
    }

    /// Changes a follow-up, and says what `said` says of it then.
    fn patch_task(
        &mut self,
        handle: &str,
        patch: &TaskPatch,
        said: impl FnOnce(&Self, &Task) -> String,
    ) -> Result<Reply> {
        let written = task::set(&mut self.session, handle, patch)?;
        let said = said(self, &written.task);
        Ok(refresh(format!(
            "task \"{}\": {said}{}",
            excerpt(&written.task.text),
            join_notices(&written.notices)
        )))
    }

    fn is_event(&self, handle: &str) -> Result<bool> {
        let target = self.session.resolve_target(handle)?;
        Ok(target.current.value.event().is_some())
    }

    fn due_said(&self, due: Option<UtcTime>) -> String {
        match due {
            Some(due) => format!("due {}", clock_time(due, &self.zone, self.session.now())),
            None => "no due time".to_owned(),
        }
    }

    pub(super) fn set_task(&mut self, handle: &str, line: &str) -> Result<Reply> {
        let before = task::load(&self.session, handle)?;
        let now = self.session.now();
        let patch = task_line::patch_from_line(&before, line, now, &self.zone)?;
        let written = task::set(&mut self.session, handle, &patch)?;
        Ok(refresh(format!(
            "changed task \"{}\"{}",
            excerpt(&written.task.text),
            join_notices(&written.notices)
        )))
    }
}

fn request_said(text: &str, said: &str) -> String {
    format!("request \"{}\": {said}", excerpt(text))
}
