//! Merges one incident into another: all its subjects move.

use super::{
    OpsError, Result, Session,
    adopt::{leaves_private_notice, move_changes, renumber_messages},
    merge_fields::merged_text,
    resolve::{Target, label, short_ref},
    state_notices,
    status::format_date_time,
    write_context::group_changes,
};
use crate::{
    domain::{
        review::is_review_field,
        states::{StateSpan, States},
        subject::Subject,
        value::{Body, Change, Operation, TextValue, Value},
        words::{Kind, State},
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
    /// The old and the new numbers of messages whose numbers `into` had already.
    pub renumbered: Vec<(u32, u32)>,
    /// What the `resolve` of one says of the other now, one sentence each.
    pub notices: Vec<String>,
}

/// The most sentences about one merge.
const MAX_NOTICES: usize = 5;

/// Returns what each `resolve` of `resolving` ends of `other` once both are one incident.
fn ended_by_resolve(
    session: &Session,
    resolving: &IncidentRow,
    other: &IncidentRow,
) -> Result<Vec<String>> {
    let read = session.read();
    let (Some(with_resolve), Some(incident)) = (
        read.incident_milestones(resolving.id)?,
        read.incident_milestones(other.id)?,
    ) else {
        return Ok(vec![]);
    };
    let states = States::from_incident(&incident);
    let zone = session.zone_of(Some(resolving))?;
    let mut notices = Vec::new();
    let resolves = with_resolve.active_events();
    for resolve in resolves.filter(|e| e.value.kind == Kind::Resolve) {
        let at = resolve.value.at_utc();
        let lasting = states.services.iter().filter_map(|(name, spans)| {
            let is_ended = |span: &&StateSpan| {
                let lasts = span.from <= at && span.to.is_none_or(|to| to > at);
                lasts && span.state >= State::Degraded
            };
            let span = spans.iter().find(is_ended)?;
            Some(state_notices::describe(name, span.state))
        });
        let ended: Vec<String> = lasting.collect();
        if !ended.is_empty() {
            notices.push(format!(
                "the `resolve` of {} at {} now ends, of {}: {}; `bridgelog retract {} --reason TEXT` takes it out",
                label(resolving),
                format_date_time(at, &zone),
                label(other),
                ended.join(", "),
                resolve.handle
            ));
        }
    }
    Ok(notices)
}

/// Returns a notice if one of the two incidents was open and the merged one, `after`, is resolved.
fn over_notice(from: &IncidentRow, into: &IncidentRow, after: &IncidentRow) -> Option<String> {
    let open = [from, into].into_iter().find(|row| row.is_open)?;
    (!after.is_open).then(|| {
        format!(
            "{} was open, and all of it is over now: `bridgelog reopen --incident {}` if it goes on, `bridgelog undo` undoes the merge",
            label(open),
            short_ref(after)
        )
    })
}

fn message_numbers(targets: &[Target]) -> Vec<u32> {
    let numbers = targets
        .iter()
        .filter_map(|target| match &target.current.value {
            Value::Message(message) => Some(message.number),
            _ => None,
        });
    numbers.collect()
}

/// Moves everything of `from` into `into`: events (also the declaration and retracted ones), tasks
/// and messages. A field is taken over if `into` has none, and where both say something to customers the harm of
/// both is kept; a section is appended to that of `into`;
/// a message gets another number if `into` has one with its own.
/// One undo reverses all of it.
///
/// # Errors
/// An unknown reference, or twice the same incident.
pub fn merge(session: &mut Session, from: &str, into: &str) -> Result<Merged> {
    session.transact(|session| {
        let from = session.resolve_to_change(Some(from))?;
        let into = session.resolve_to_change(Some(into))?;
        if from.id == into.id {
            return Err(OpsError::usage(format!(
                "incident {} cannot be merged into itself",
                label(&from)
            ))
            .with_hint(format!(
                "give the number of another incident: `bridgelog merge NUMBER --into {}`",
                short_ref(&into)
            )));
        }
        if from.is_drill != into.is_drill {
            let drill = if from.is_drill { &from } else { &into };
            return Err(OpsError::failed(format!(
                "incident {} is a drill, and the other one is not",
                label(drill)
            ))
            .with_hint(format!(
                "if it really happened: `bridgelog set drill none --incident {}`",
                short_ref(drill)
            )));
        }
        let mut changes: Vec<Change> = Vec::new();
        let mut kept_fields = Vec::new();
        let mut notices = Vec::new();
        let mut moved = Vec::new();
        for (current, handle) in session.read().visible_subjects(from.id)? {
            let subject = current.subject.clone();
            if subject.id().is_some() {
                moved.push(Target {
                    subject,
                    handle,
                    current,
                });
                continue;
            }
            if matches!(&subject, Subject::Field(name) if is_review_field(name)) {
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
                (Value::Field(text), Some(Value::Field(other))) if !other.text.is_empty() => {
                    let Subject::Field(name) = &subject else {
                        continue;
                    };
                    let merged = merged_text(name, &other.text, &text.text);
                    if merged == other.text {
                        kept_fields.push(name.clone());
                    } else {
                        notices.push(format!("both had {name}: it is `{merged}` now"));
                    }
                    Value::Field(TextValue {
                        text: merged,
                        ..other.clone()
                    })
                }
                (Value::Service(_), Some(Value::Service(other)))
                    if other.public_name.is_some() || other.name_change.change().is_some() =>
                {
                    Value::Service(other.clone())
                }
                (Value::Person(_), Some(Value::Person(other)))
                    if other.name_change.change().is_some() =>
                {
                    Value::Person(other.clone())
                }
                (value, _) => value.clone(),
            };
            let operation = if existing.is_some() {
                Operation::Amend
            } else {
                Operation::Log
            };
            // From now on the versions of both incidents are versions of one subject: this one
            // replaces them all.
            let mut seen = existing.map(|c| c.head_ids()).unwrap_or_default();
            seen.extend(current.head_ids());
            changes.push(session.write_context.new_change(
                Some(into.id),
                subject,
                seen,
                Body::new(operation, value),
            ));
        }
        let numbers_before = message_numbers(&moved);
        renumber_messages(session, &mut moved, into.id)?;
        let renumbered = numbers_before
            .into_iter()
            .zip(message_numbers(&moved))
            .filter(|(before, after)| before != after)
            .collect();
        for target in &moved {
            changes.extend(move_changes(
                &mut session.write_context,
                target,
                Some(into.id),
            ));
        }
        let mut ended = ended_by_resolve(session, &into, &from)?;
        ended.extend(ended_by_resolve(session, &from, &into)?);
        if ended.len() > MAX_NOTICES {
            let more = ended.split_off(MAX_NOTICES).len();
            ended.push(format!("{more} more like these; `bridgelog show` has them"));
        }
        notices.extend(ended);
        group_changes(&mut changes);
        session.append(&changes)?;
        let after = session.read().incident_row(into.id)?;
        if let Some(after) = &after {
            let over = over_notice(&from, &into, after);
            if over.is_none() {
                notices.extend(state_notices::notices_for_correction(session, Some(&into))?);
            }
            notices.extend(over);
            if from.is_private && !after.is_private {
                notices.push(leaves_private_notice(&label(&from), &from, after));
            }
        }
        Ok(Merged {
            from,
            into,
            moved_count: moved.len(),
            kept_fields,
            renumbered,
            notices,
        })
    })
}
