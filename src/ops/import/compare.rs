//! What becomes of a row whose event is there already.

use super::{
    super::{Result, Session},
    report::Outcome,
};
use crate::domain::{event::Event, incident::SubjectState, value::Value};

/// Compares `event`, made from a row, with the `current` state of the event that the row became before.
///
/// # Errors
/// The store cannot be read.
pub(super) fn compare(session: &Session, current: &SubjectState, event: &Event) -> Result<Outcome> {
    let there = match &current.value {
        Value::Gone => return Ok(Outcome::BroughtBack),
        Value::Event(there) => there,
        _ => return Ok(Outcome::There),
    };
    let hash = |event: &Event| event.source.as_ref().and_then(|source| source.hash);
    if there.redacted.is_some() || there.retracted.is_some() || hash(there) == hash(event) {
        return Ok(Outcome::There);
    }
    // What an import wrote under the hash that the event has now: was it changed here since?
    let versions = session
        .read()
        .subject_versions(&current.subject, current.incident)?;
    let imported = versions
        .iter()
        .find_map(|entry| match Value::from_body(entry.body_bytes()) {
            Value::Event(version) if hash(&version) == hash(there) => Some(version),
            _ => None,
        });
    Ok(match imported {
        Some(imported) if same_but_source(&imported, there) => Outcome::Amended,
        _ => Outcome::ChangedHere,
    })
}

/// Returns `edited`, the newer version of a row, with what was added here to `before`, its event.
pub(super) fn with_source_of(before: &Event, edited: Event) -> Event {
    Event {
        at: edited.at,
        end: edited.end,
        kind: edited.kind,
        text: edited.text,
        customer: edited.customer,
        source: edited.source,
        ..before.clone()
    }
}

/// True if two versions of an event differ in nothing but where they come from.
fn same_but_source(a: &Event, b: &Event) -> bool {
    let without_source = |event: &Event| Event {
        source: None,
        ..event.clone()
    };
    without_source(a) == without_source(b)
}
