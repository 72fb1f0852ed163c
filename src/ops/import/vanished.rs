//! Finds the events whose rows a newer export does not have any more.

use super::super::{Result, Session};
use crate::domain::{event::Event, source::EventSource};
use std::collections::HashSet;
use uuid::Uuid;

/// How many such events are named.
const MAX_VANISHED: usize = 10_000;

/// The events that were there before an import, as far as its rows named them.
#[derive(Debug, Default)]
pub(super) struct SeenEvents {
    pub events: HashSet<Uuid>,
    /// The imports that they came from.
    pub imports: HashSet<Uuid>,
}

/// Returns the handles and texts of the events in `incident` that came with those `seen`, from the same source as
/// `source`, and were not seen themselves. They stay: their rows may only be outside of what was exported this time.
///
/// # Errors
/// The store cannot be read.
pub(super) fn find_vanished(
    session: &Session,
    incident: Uuid,
    source: &EventSource,
    seen: &SeenEvents,
) -> Result<Vec<(String, String)>> {
    let is_of_source = |event: &Event| {
        event.source.as_ref().is_some_and(|of| {
            (&of.format, &of.instance) == (&source.format, &source.instance)
                && of.import != source.import
                && seen.imports.contains(&of.import)
        })
    };
    let mut vanished = Vec::new();
    let in_body = ["\"source\":{"];
    session
        .read()
        .for_newest_events_containing(incident, usize::MAX, &in_body, |events| {
            for event in events {
                let is_left = event.value.retracted.is_none() && !seen.events.contains(&event.id);
                if is_left && is_of_source(&event.value) && vanished.len() < MAX_VANISHED {
                    vanished.push((event.handle, event.value.text));
                }
            }
        })?;
    Ok(vanished)
}
