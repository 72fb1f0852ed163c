//! Undo and redo, and how they are described.

use super::{
    Worker,
    wording::{incident_name, join_notices},
    writes::{done, refresh},
};
use crate::{
    domain::{
        count::counted,
        subject::Subject,
        value::{Operation, Value},
    },
    ops::{OpsError, Result, undo},
    tui::msg::{NextStep, R_RESTORES, Reply},
};

impl Worker {
    pub(super) fn undo(&mut self) -> Result<Reply> {
        let (given, consent) = (self.shown_handle()?, self.consent());
        let step = undo::undo(&mut self.session, within_of(given.as_deref()), consent);
        match step.map_err(|error| self.explain_undo(error))? {
            undo::Step::Done(undone) => {
                let what = self.describe_undone(&undone);
                let notices = join_notices(&undone.notices);
                let is_gone = undone.gone && !undone.handles.is_empty();
                let next = match is_gone {
                    true => NextStep::Gone(undone.handles.clone()),
                    false => NextStep::Refresh,
                };
                Ok(done(format!("{what}{notices}"), next))
            }
            undo::Step::Ask(question) => Err(unasked(question)),
        }
    }

    pub(super) fn redo(&mut self) -> Result<Reply> {
        let (given, consent) = (self.shown_handle()?, self.consent());
        match undo::redo(&mut self.session, within_of(given.as_deref()), consent)? {
            undo::Step::Done(redone) => {
                let label = self.undone_label(&redone);
                let notices = join_notices(&redone.notices);
                Ok(refresh(format!("redone: {label}{notices}")))
            }
            undo::Step::Ask(question) => Err(unasked(question)),
        }
    }

    fn consent(&mut self) -> undo::Consent {
        let agreed = self.memory.agreed_act.take();
        agreed.map_or(undo::Consent::NotAsked, undo::Consent::Only)
    }

    /// Says in the app's terms why an undo is refused.
    pub(super) fn explain_undo(&self, error: OpsError) -> OpsError {
        let left = error.message.split_once(" cannot be undone: ");
        let count = left.and_then(|(_, left)| left.split(' ').next()?.parse::<u64>().ok());
        let row = self.row_of(self.shown_incident).ok().flatten();
        match (count, row) {
            (Some(count), Some(row)) => {
                let name = incident_name(&row);
                let entries = counted(count, "more entry", "more entries");
                OpsError::failed(format!(
                    "{name} has {entries}: its declaration cannot be undone"
                ))
                .with_hint(format!("R resolves {name}"))
            }
            _ if error.message.contains("has nothing to undo") => {
                OpsError::failed("nothing of yours to undo here")
                    .with_hint("f gone shows what was undone or retracted")
            }
            _ => error,
        }
    }

    /// Says what an undo did.
    fn describe_undone(&self, undone: &undo::Undone) -> String {
        let label = self.undone_label(undone);
        match &undone.act {
            _ if undone.gone && undone.handle.is_some() => {
                format!("undone: {label} · {R_RESTORES}")
            }
            Operation::Log => format!("undone: {label}"),
            Operation::Amend => format!("undid the change of {label} · Ctrl-R redoes"),
            Operation::Retract => format!("brought back {label}"),
            Operation::Move => format!("undid the move of {label} · Ctrl-R redoes"),
            Operation::Restore => format!("retracted again: {label}"),
            act => format!("undid the {} of {label} · Ctrl-R redoes", act.as_str()),
        }
    }

    /// Names what an undo or redo is about.
    pub(super) fn undone_label(&self, undone: &undo::Undone) -> String {
        let label = match (&undone.value, &undone.subject) {
            (Value::Event(_) | Value::Task(_) | Value::Message(_), _) => {
                self.label(&undone.value, undone.incident.as_ref())
            }
            (
                _,
                Subject::Field(name)
                | Subject::Section(name)
                | Subject::Service(name)
                | Subject::Person(name),
            ) => name.clone(),
            (_, subject) => subject.to_string(),
        };
        match undone.count {
            0 | 1 => label,
            n if undone.gone => format!("{n} rows, the first {label}"),
            n => format!("{label} and {} more", n - 1),
        }
    }
}

/// Where an undo looks for an act: in the incident `shown`; while none is, wherever it is, which the check says.
pub(super) fn within_of(shown: Option<&str>) -> undo::Within<'_> {
    match shown {
        Some(handle) => undo::Within::Named(Some(handle)),
        None => undo::Within::Anywhere,
    }
}

fn unasked(question: undo::Question) -> OpsError {
    OpsError::failed(question.text).with_hint("nothing was undone; u shows it first")
}
