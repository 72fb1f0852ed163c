//! Writes after their check: what is written is what was shown, and it is written once.

use super::{
    Worker,
    retry::{Attempt, RememberedCheck, Seen},
    wording::{event_label, excerpt, incident_name},
    write_undo::within_of,
    writes::done,
};
use crate::{
    domain::{
        entry::Header,
        subject::Subject,
        value::{Operation, Value},
    },
    ops::{OpsError, Result, message, resolve::Target, undo},
    tui::{
        msg::WriteSubject,
        msg::{Reply, Write},
    },
};
use uuid::Uuid;

impl Worker {
    /// Does the write of a check, unless what it is about was changed since. A write that is in the store
    /// already, whatever was said of it, is not done again.
    pub(super) fn confirmed(&mut self, id: u64, write: Write) -> Result<Reply> {
        let Some(check) = self.checks.iter().find(|check| check.id == id) else {
            return Err(unchecked());
        };
        if check.write != write {
            return Err(unchecked());
        }
        let RememberedCheck { seen, attempt, .. } = check.clone();
        if let Some(Attempt {
            entry,
            message,
            next,
        }) = attempt
            && self.session.read().entry(entry)?.is_some()
        {
            return Ok(done(message, next));
        }
        // It cleans up files after its own transaction.
        let is_redaction = matches!(write, Write::Redact { .. });
        if is_redaction {
            self.require_unchanged(&write, &seen)?;
            return self.write_checked(write, &seen);
        }
        let memory = self.memory.clone();
        let mut attempt = None;
        let result = self.transact(|worker| {
            worker.require_unchanged(&write, &seen)?;
            let before = worker.session.read().entry_count()?;
            let reply = worker.write_checked(write, &seen)?;
            if let Reply::Done { message, next, .. } = &reply
                && worker.session.read().entry_count()? > before
            {
                let written = worker.session.read().newest_own_entries(1)?;
                attempt = written.first().map(|entry| Attempt {
                    entry: entry.header().id,
                    message: message.clone(),
                    next: next.clone(),
                });
            }
            Ok(reply)
        });
        if let Some(check) = self.checks.iter_mut().find(|check| check.id == id) {
            check.attempt = attempt;
        }
        if result.is_err() {
            self.memory = memory;
        }
        result
    }

    /// Does `write` as its check did: the act that was shown, the time that was asked about.
    pub(super) fn write_checked(&mut self, mut write: Write, seen: &Seen) -> Result<Reply> {
        self.memory.agreed_act = seen.act;
        if let Write::Log(typed) | Write::Declare(typed) = &mut write {
            typed.confirmed = true;
        }
        self.perform_write(write)
    }

    /// Runs `work` in one write transaction of the store.
    fn transact<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.session.store.begin_transaction()?;
        let result = work(self);
        self.session.store.end_transaction(result)
    }

    /// Runs `work` in one write transaction, and takes back all that it wrote and remembered.
    pub(super) fn rehearse<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let memory = self.memory.clone();
        let mut done = None;
        let taken_back = self.transact(|worker| {
            done = Some(work(worker)?);
            Err::<T, _>(OpsError::failed("a rehearsal writes nothing"))
        });
        self.memory = memory;
        done.map_or(taken_back, Ok)
    }

    /// Returns what `write` is about, as it is now.
    pub(super) fn see(&mut self, write: &Write) -> Result<Seen> {
        let mut seen = Seen::default();
        match write.subject() {
            WriteSubject::Record(handle) => {
                let target = self.session.resolve_including_undone(handle)?;
                seen.versions = vec![versions_of(&target)];
                // Adopting, it decides where the event goes.
                if matches!(write, Write::Adopt(_)) {
                    seen.open = self.open_incidents()?;
                }
            }
            WriteSubject::Incident(handle) => {
                let row = self.session.resolve_for_read(Some(handle))?;
                seen.incident = Some((row.id, row.resolved, String::new()));
            }
            WriteSubject::Field(handle, name) => {
                let row = self.session.resolve_for_read(Some(handle))?;
                let value = match name {
                    "title" => row.title.clone(),
                    "severity" => row
                        .severity
                        .as_ref()
                        .map_or_else(String::new, ToString::to_string),
                    "commander" => row.commander.clone().unwrap_or_default(),
                    _ => String::new(),
                };
                seen.incident = Some((row.id, None, value));
                self.see_named(Subject::Field(name.to_owned()), Some(row.id), &mut seen)?;
            }
            WriteSubject::Service(handle, name) => {
                let row = self.session.resolve_for_read(Some(handle))?;
                let name = name.trim_start_matches('@').to_owned();
                self.see_named(Subject::Service(name), Some(row.id), &mut seen)?;
            }
            WriteSubject::Section(name) => {
                let shown = self.shown_incident;
                self.see_named(Subject::Section(name.to_owned()), shown, &mut seen)?;
            }
            WriteSubject::Message(number) => {
                let (_, incident) = self.load_shown_incident()?;
                let handle = message::find(&incident, number)?.handle.clone();
                let target = self.session.resolve_including_undone(&handle)?;
                seen.versions = vec![versions_of(&target)];
            }
            WriteSubject::OpenIncidents => seen.open = self.open_incidents()?,
            WriteSubject::NextUndo => {
                let given = self.shown_handle()?;
                let next = undo::next_undo(&mut self.session, within_of(given.as_deref()));
                seen.act = Some(next.map_err(|error| self.explain_undo(error))?.act);
            }
            WriteSubject::NextRedo => {
                let given = self.shown_handle()?;
                seen.act =
                    Some(undo::next_redo(&mut self.session, within_of(given.as_deref()))?.act);
            }
            WriteSubject::Postmortem => {
                let row = self.row_of(self.shown_incident)?;
                seen.entries = row.map(|row| row.entry_count);
            }
            WriteSubject::Nothing => {}
        }
        Ok(seen)
    }

    fn see_named(&self, subject: Subject, incident: Option<Uuid>, seen: &mut Seen) -> Result<()> {
        let current = self.session.read().subject_state(&subject, incident)?;
        let heads = current.map(|(current, _)| current.head_ids());
        seen.versions = vec![(subject, incident, heads.unwrap_or_default())];
        Ok(())
    }

    fn open_incidents(&self) -> Result<Vec<Uuid>> {
        let open = self.session.read().open_incidents()?;
        let mut open: Vec<Uuid> = open.into_iter().map(|row| row.id).collect();
        open.sort_unstable();
        Ok(open)
    }

    /// Refuses `write` if what it is about is not as it was `seen`.
    fn require_unchanged(&mut self, write: &Write, seen: &Seen) -> Result<()> {
        let now = match self.see(write) {
            Ok(now) => now,
            // What the undo was about cannot be undone any more, or it is gone.
            Err(error) if error.retryable => return Err(error),
            Err(error) => {
                return Err(OpsError::failed(format!("changed just now: {error}")));
            }
        };
        if now == *seen {
            return Ok(());
        }
        Err(OpsError::failed(self.describe_change(write, seen, &now)?))
    }

    /// Says who changed what a write is about, and to what.
    fn describe_change(&mut self, write: &Write, seen: &Seen, now: &Seen) -> Result<String> {
        if seen.act != now.act {
            let given = self.shown_handle()?;
            let next = match write {
                Write::Redo => undo::next_redo(&mut self.session, within_of(given.as_deref()))?,
                _ => undo::next_undo(&mut self.session, within_of(given.as_deref()))?,
            };
            let label = self.undone_label(&next.undone);
            return Ok(format!("changed just now: your last act is {label}"));
        }
        if let Some((subject, incident, _)) = now.versions.first()
            && seen.versions != now.versions
        {
            let read = self.session.read();
            let versions = read.subject_versions(subject, *incident)?;
            let newest = versions
                .iter()
                .max_by_key(|version| (version.header().recorded, version.header().seq));
            let Some(newest) = newest else {
                return Ok("changed just now".to_owned());
            };
            let what = match newest.body() {
                Ok(Some(body)) => self.describe_version(&body.operation, &body.value)?,
                _ => String::new(),
            };
            let who = self.who(newest.header());
            return Ok(format!("changed by {who} just now: {what}"));
        }
        if let Some((id, resolved, value)) = &now.incident
            && seen.incident != now.incident
        {
            let row = self.row_of(Some(*id))?;
            let name = row.as_ref().map_or_else(String::new, incident_name);
            let what = match resolved {
                _ if !value.is_empty() => format!("it is {value}"),
                Some(_) => format!("{name} is resolved"),
                None => format!("{name} is open"),
            };
            let newest = self.newest_entry_of(*id)?;
            return Ok(format!("changed by {newest} just now: {what}"));
        }
        let added = now.open.iter().find(|id| !seen.open.contains(id));
        let gone = seen.open.iter().find(|id| !now.open.contains(id));
        if let Some(id) = added.or(gone) {
            let row = self.row_of(Some(*id))?;
            let name = row.as_ref().map_or_else(String::new, incident_name);
            let what = if added.is_some() { "open" } else { "not open" };
            let newest = self.newest_entry_of(*id)?;
            return Ok(format!(
                "changed by {newest} just now: {name} is {what} now"
            ));
        }
        Ok("changed just now: something was added".to_owned())
    }

    /// Says what a version of an event, task or field is now.
    fn describe_version(&self, operation: &Operation, value: &Value) -> Result<String> {
        let now = self.session.now();
        Ok(match value {
            Value::Event(event) => {
                let label = event_label(event, &self.zone, now);
                match &event.retracted {
                    Some(reason) => format!("{label} is retracted: {reason}"),
                    None => label,
                }
            }
            Value::Task(task) => format!("task \"{}\", {}", excerpt(&task.text), task.state),
            Value::Field(text) | Value::Section(text) => self.field_value(&text.text),
            Value::Message(message) => match message.sent_at {
                Some(_) => format!("m{} was sent", message.number),
                None => format!("m{}", message.number),
            },
            Value::Gone => "it was undone".to_owned(),
            Value::Moved(to) => match self.row_of(*to)? {
                Some(row) => format!("it was moved to {}", incident_name(&row)),
                None => "it was moved".to_owned(),
            },
            _ => operation.as_str().to_owned(),
        })
    }

    fn who(&self, header: &Header) -> String {
        if header.author == self.session.write_context.author {
            "you elsewhere".to_owned()
        } else {
            header.author.clone()
        }
    }

    /// Names the author of the newest entry of an incident on this machine.
    fn newest_entry_of(&self, incident: Uuid) -> Result<String> {
        let read = self.session.read();
        let newest = read.own_entries_before(Some(incident), None, 1)?.pop();
        Ok(newest.map_or_else(|| "another".to_owned(), |entry| self.who(entry.header())))
    }
}

fn unchecked() -> OpsError {
    OpsError::failed("nothing was written: it was not checked").with_hint("Enter checks it")
}

fn versions_of(target: &Target) -> (Subject, Option<Uuid>, Vec<Uuid>) {
    let current = &target.current;
    (target.subject.clone(), current.incident, current.head_ids())
}
