//! Who changed an event last, and when.

use super::event_text::day_and_time;
use crate::{
    domain::{event::Event, incident::Record},
    tui::{
        model::Model,
        msg::{EventDetail, EventVersion},
    },
};

/// Returns what an operation did: `undone`.
#[must_use]
pub fn past_form(operation: &str) -> &str {
    match operation {
        "log" => "recorded",
        "amend" => "edited",
        "retract" => "retracted",
        "redact" => "redacted",
        "move" => "moved",
        "undo" => "undone",
        "redo" => "redone",
        "restore" => "restored",
        other => other,
    }
}

/// Returns the version that changed the event last; `None` if it is as it was recorded.
fn last_change(loaded: &EventDetail) -> Option<&EventVersion> {
    let is_change = |version: &&EventVersion| version.operation != "log" && !version.conflicting;
    loaded.versions.iter().rev().find(is_change)
}

/// Returns who changed `record` last, and when: `edited by ann, 10:50:02`; `None` if nobody did, or it is not
/// loaded yet.
#[must_use]
pub fn last_edit(
    model: &Model,
    record: &Record<Event>,
    loaded: Option<&EventDetail>,
) -> Option<String> {
    let loaded = loaded.filter(|loaded| record.amended && loaded.event.id == record.id)?;
    let change = last_change(loaded)?;
    let at = day_and_time(model, change.recorded, "%H:%M:%S");
    let past = past_form(&change.operation);
    Some(format!("{past} by {}, {at}", change.author))
}
