//! Two incidents turn out to be one.

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

/// What came of a merge.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The incident that is no more.
    pub from: IncidentRow,
    /// The incident that has all of it now.
    pub into: IncidentRow,
    /// How many events, tasks and messages went over.
    pub moved_count: usize,
    /// The fields that both had; the surviving incident's stand.
    pub kept_fields: Vec<String>,
}

/// Moves all of `from` into `into`: events (its declaration and what was retracted too), tasks,
/// messages, services. Fields fill what is not set; prose is put under the prose that is there. One
/// undo takes it back.
///
/// # Errors
/// References that are nothing, or the same incident.
pub fn merge(book: &mut Session, from: &str, into: &str) -> Result<Merged> {
    let from = book.resolve_for_read(Some(from))?;
    let into = book.resolve_for_read(Some(into))?;
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
    let mut kept = Vec::new();
    let mut moved = 0;
    for (current, handle) in book.read().visible_subjects(from.id)? {
        let subject = current.subject.clone();
        if subject.id().is_some() {
            let target = Target {
                subject,
                handle,
                current,
            };
            changes.extend(move_changes(
                &mut book.write_context,
                &target,
                Some(into.id),
            ));
            moved += 1;
            continue;
        }
        let there = book
            .read()
            .subject_state(&subject, Some(into.id))?
            .map(|(c, _)| c);
        let value = match (&current.value, there.as_ref().map(|c| &c.value)) {
            (Value::Section(text), Some(Value::Section(other))) if !other.text.is_empty() => {
                Value::Section(TextValue {
                    text: format!("{}\n\n{}", other.text, text.text),
                    ..other.clone()
                })
            }
            (Value::Field(_), Some(Value::Field(other))) if !other.text.is_empty() => {
                if let Subject::Field(name) = subject {
                    kept.push(name);
                }
                continue;
            }
            (value, _) => value.clone(),
        };
        let seen = there.map(|c| c.head_ids()).unwrap_or_default();
        let act = if seen.is_empty() {
            Operation::Log
        } else {
            Operation::Amend
        };
        changes.push(book.write_context.new_change(
            Some(into.id),
            subject,
            seen,
            Body::new(act, value),
        ));
    }
    group_changes(&mut changes);
    book.store.append(&changes)?;
    Ok(Merged {
        from,
        into,
        moved_count: moved,
        kept_fields: kept,
    })
}
