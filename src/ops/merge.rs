//! Merges one incident into another: all its subjects move.

use super::{
    OpsError, Result, Session,
    adopt::{group_changes, move_changes},
    resolve::{Target, label, short_ref},
};
use crate::{
    domain::{
        subject::Subject,
        value::{Body, Change, Operation, TextValue, Value},
    },
    store::IncidentRow,
};

/// The result of a merge.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The incident that ended.
    pub from: IncidentRow,
    /// The incident that has everything now.
    pub into: IncidentRow,
    /// Number of events, tasks and messages that moved.
    pub moved_count: usize,
    /// Fields that both had; those of `into` stay.
    pub kept_fields: Vec<String>,
}

/// Moves everything of `from` into `into`: events (also the declaration and retracted ones), tasks
/// and messages. A field is taken over if `into` has none; a section is appended to that of `into`.
/// One undo takes all of it back.
///
/// # Errors
/// An unknown reference, or twice the same incident.
pub fn merge(session: &mut Session, from: &str, into: &str) -> Result<Merged> {
    let from = session.resolve_for_read(Some(from))?;
    let into = session.resolve_for_read(Some(into))?;
    if from.id == into.id {
        return Err(OpsError::usage(format!(
            "incident {} cannot be merged into itself",
            label(&from)
        ))
        .with_hint(format!(
            "`bridgelog merge REF --into {}` names another",
            short_ref(&into)
        )));
    }
    let mut changes: Vec<Change> = Vec::new();
    let mut kept_fields = Vec::new();
    let mut moved_count = 0;
    for (current, handle) in session.read().visible_subjects(from.id)? {
        let subject = current.subject.clone();
        if subject.id().is_some() {
            let target = Target {
                subject,
                handle,
                current,
            };
            changes.extend(move_changes(
                &mut session.write_context,
                &target,
                Some(into.id),
            ));
            moved_count += 1;
            continue;
        }
        let existing = session
            .read()
            .subject_state(&subject, Some(into.id))?
            .map(|(c, _)| c);
        let value = match (&current.value, existing.as_ref().map(|c| &c.value)) {
            (Value::Section(text), Some(Value::Section(other))) if !other.text.is_empty() => {
                Value::Section(TextValue {
                    text: format!("{}\n\n{}", other.text, text.text),
                    ..other.clone()
                })
            }
            (Value::Field(_), Some(Value::Field(other))) if !other.text.is_empty() => {
                if let Subject::Field(name) = subject {
                    kept_fields.push(name);
                }
                continue;
            }
            (value, _) => value.clone(),
        };
        let seen = existing.map(|c| c.head_ids()).unwrap_or_default();
        let operation = if seen.is_empty() {
            Operation::Log
        } else {
            Operation::Amend
        };
        changes.push(session.write_context.new_change(
            Some(into.id),
            subject,
            seen,
            Body::new(operation, value),
        ));
    }
    group_changes(&mut changes);
    session.store.append(&changes)?;
    Ok(Merged {
        from,
        into,
        moved_count,
        kept_fields,
    })
}
