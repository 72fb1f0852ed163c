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
    let unmentioned = |names: &[String]| -> Vec<String> {
        let names = names.iter().filter(|name| !mentions(&event.text, name));
        names.cloned().collect()
    };
    let lists = [
        ("", unmentioned(services)),
        ("", unmentioned(&event.people)),
        ("tag: ", unmentioned(&event.tags)),
    ];
    let time_box = event.time_box_secs.filter(|_| ask_due(event).is_some());
    if time_box.is_none() && lists.iter().all(|(_, names)| names.is_empty()) {
        return;
    }
    w.plain(" ");
    w.soft(|w| {
        let mut separator = "(";
        for (label, names) in lists.iter().filter(|(_, names)| !names.is_empty()) {
            w.plain(separator);
            w.plain(label);
            w.names(names);
            separator = "; ";
        }
        if let Some(seconds) = time_box {
            w.plain(separator);
            w.plain(&format!("within {}", format_duration(i64::from(seconds))));
        }
        w.plain(")");
    });
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
