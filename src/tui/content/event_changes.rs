//! What a version of an event changes.

use super::event_text::format_state;
use crate::{
    domain::{event::Event, file::AttachedFile, time::format_duration},
    tui::model::Model,
};

/// A part of an event that a version changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `text`, `time`, `customer wording`.
    pub part: &'static str,
    /// What it was; `None` if it was not given.
    pub before: Option<String>,
    /// What it is; `None` if it is gone.
    pub now: Option<String>,
}

/// Returns what differs between two versions of an event, in the order of the detail.
#[must_use]
pub fn changes(model: &Model, before: &Event, now: &Event) -> Vec<Change> {
    parts(model, before)
        .into_iter()
        .zip(parts(model, now))
        .filter(|((_, before), (_, now))| before != now)
        .map(|((part, before), (_, now))| Change { part, before, now })
        .collect()
}

/// Returns the parts of an event with their texts; `None` for one that is not given.
fn parts(model: &Model, event: &Event) -> [(&'static str, Option<String>); 19] {
    let time = |at| {
        let local = model.zone.to_local(at).format("%-d %b %Y %H:%M:%S");
        format!("{local} {}", model.zone.abbreviation(at))
    };
    let names = |names: &[String]| (!names.is_empty()).then(|| names.join(", "));
    let about = if event.approximate { "~" } else { "" };
    let links = event.links.len();
    let files: Vec<String> = event.files.iter().map(AttachedFile::label).collect();
    [
        ("time", Some(format!("{about}{}", time(event.at_utc())))),
        ("end", event.end_utc().map(time)),
        ("kind", Some(event.kind.to_string())),
        ("text", Some(event.text.clone())),
        ("why", event.rationale.clone()),
        ("not", event.rejected.clone()),
        ("customer wording", event.customer.clone()),
        ("state", event.state.as_ref().map(format_state)),
        ("services", names(&event.services)),
        ("people", names(&event.people)),
        ("tags", names(&event.tags)),
        ("links", (links > 0).then(|| links.to_string())),
        ("files", names(&files)),
        ("addresses", names(&event.urls)),
        ("recipients", event.audience.clone()),
        (
            "due in",
            event.time_box_secs.map(|s| format_duration(s.into())),
        ),
        ("severity", event.severity.as_ref().map(ToString::to_string)),
        ("retracted", event.retracted.clone()),
        ("redacted", event.redacted.clone()),
    ]
}
