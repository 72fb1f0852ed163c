//! What an edit takes from an event.

use super::{check::ValueChange, check_words::warning};
use crate::{
    domain::{event::Event, time::format_duration, value::Value},
    tui::msg::CheckLine,
};

/// A part of an event.
struct Part {
    kind: &'static str,
    /// Which of its kind it is; empty for a kind of which an event has one: another one replaces it.
    key: String,
    label: String,
}

/// Names the parts that the event had and has no more, besides its customer wording; `None` if there are none, or
/// it is no edit of an event.
pub(super) fn what_goes(change: &ValueChange) -> Option<CheckLine> {
    let (Some(Value::Event(before)), Some(Value::Event(after))) = (&change.before, &change.after)
    else {
        return None;
    };
    let kept = parts(after);
    let is_kept = |part: &Part| {
        let mut kept = kept.iter();
        kept.any(|kept| (kept.kind, &kept.key) == (part.kind, &part.key))
    };
    let goes = parts(before).into_iter().filter(|part| !is_kept(part));
    let goes: Vec<String> = goes.map(|part| part.label).collect();
    (!goes.is_empty()).then(|| warning(format!("goes: {}", goes.join(", "))))
}

fn parts(event: &Event) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut one = |kind, label: Option<String>| {
        let key = String::new();
        parts.extend(label.map(|label| Part { kind, key, label }));
    };
    let quoted =
        |name: &str, text: &Option<String>| text.as_ref().map(|text| format!("{name} \"{text}\""));
    let time_box = event.time_box_secs.map(|s| format_duration(s.into()));
    one("end", event.end.map(|_| "the end of its span".to_owned()));
    one(
        "due",
        time_box.map(|length| format!("the time box of {length}")),
    );
    one(
        "state",
        event.state.as_ref().map(|state| format!("!{state}")),
    );
    one("why", quoted("why", &event.rationale));
    one("not", quoted("not", &event.rejected));
    one("to", event.audience.as_ref().map(|who| format!("to {who}")));
    let mut several = |kind, key: String, label: String| parts.push(Part { kind, key, label });
    for name in event.services.iter().chain(&event.people) {
        several("name", name.clone(), format!("@{name}"));
    }
    for tag in &event.tags {
        several("tag", tag.clone(), format!("#{tag}"));
    }
    for file in &event.files {
        several("file", file.label(), format!("file {}", file.label()));
    }
    for url in &event.urls {
        several("url", url.clone(), url.clone());
    }
    for link in &event.links {
        several("link", link.to_string(), "a link".to_owned());
    }
    parts
}
