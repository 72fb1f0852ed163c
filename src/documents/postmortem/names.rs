//! What an event names beside its text: services, people, tags, and until when an ask is to be answered.

use super::{context::RenderContext, writer::Writer};
use crate::domain::{
    event::Event,
    task::ask_due,
    time::{UtcTime, format_duration},
};

/// Appends, in parentheses, those of `services` and of the people and tags of `event` that its text does not
/// have, and its time box. Whoever recorded the event is not the one whom it names.
pub(super) fn write_unmentioned(w: &mut Writer, event: &Event, services: &[String]) {
    let parts = unmentioned(event, services);
    if parts.is_empty() {
        return;
    }
    w.plain(" ");
    w.soft(|w| {
        w.plain("(");
        write_parts(w, &parts, "");
        w.plain(")");
    });
}

/// Appends the same within parentheses, behind what stands there, without services.
pub(super) fn append_unmentioned(w: &mut Writer, event: &Event) {
    write_parts(w, &unmentioned(event, &[]), "; ");
}

/// A label, and names that were typed.
type Part = (&'static str, Vec<String>);

fn unmentioned(event: &Event, services: &[String]) -> Vec<Part> {
    let of = |names: &[String]| -> Vec<String> {
        let names = names
            .iter()
            .filter(|name| !name.is_empty() && !mentions(&event.text, name));
        names.cloned().collect()
    };
    let seconds = event.time_box_secs.into_iter();
    let within = seconds.map(|seconds| format_duration(i64::from(seconds)));
    let mut parts = vec![
        ("", of(services)),
        ("", of(&event.people)),
        ("tag: ", of(&event.tags)),
        ("within ", within.collect()),
    ];
    parts.retain(|(_, names)| !names.is_empty());
    parts
}

fn write_parts(w: &mut Writer, parts: &[Part], before: &str) {
    for (i, (label, names)) in parts.iter().enumerate() {
        w.plain(if i == 0 { before } else { "; " });
        w.plain(label);
        w.names(names);
    }
}

/// True if `text` has `name` as a word, or as several.
fn mentions(text: &str, name: &str) -> bool {
    let is_in_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(name).any(|(at, found)| {
        !text[..at].ends_with(is_in_word) && !text[at + found.len()..].starts_with(is_in_word)
    })
}

impl RenderContext<'_> {
    /// Appends when something was asked, whom, and until when; and that this is past at the newest entry.
    pub(super) fn write_ask_details(&self, w: &mut Writer, ask: &Event) {
        w.plain(&format!(" ({}", self.event_moment(ask)));
        if !ask.people.is_empty() {
            w.plain("; asked: ");
            w.names(&ask.people);
        }
        if let Some(due) = ask_due(ask) {
            w.plain(&format!(
                "; due {}",
                self.moment_or_about(due, ask.approximate)
            ));
            if self.is_past(due) {
                w.plain(", overdue");
            }
        }
        w.plain(")");
    }

    fn is_past(&self, at: UtcTime) -> bool {
        at < self.incident.last_recorded_at
    }
}
