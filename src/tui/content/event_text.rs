//! The texts of an event that several parts of the screen show.

use crate::{
    domain::{
        event::Event,
        incident::Record,
        time::{UtcTime, other_day},
        words::{State, Word},
    },
    tui::{model::Model, theme::state_glyph},
};

/// Formats a time by `form`, after its day where that is not today.
#[must_use]
pub fn day_and_time(model: &Model, at: UtcTime, form: &str) -> String {
    let (local, now) = (model.zone.to_local(at), model.zone.to_local(model.now));
    let time = local.format(form);
    match other_day(local, now) {
        None => time.to_string(),
        Some(day) => format!("{day} {time}"),
    }
}

/// Returns the state to draw: a word that is no known state is drawn as unknown.
#[must_use]
pub fn drawn_state(state: &Word<State>) -> Option<State> {
    Some(state.known().unwrap_or(State::Unknown))
}

/// Returns the glyph and the word of a state: `? state?` if none was given.
#[must_use]
pub fn format_state(state: &Word<State>) -> String {
    let glyph = state_glyph(drawn_state(state));
    match state {
        Word::Known(State::Unknown) => format!("{glyph} state?"),
        given => format!("{glyph} {given}"),
    }
}

/// The state to display with an event: the one that it gives, else the one that it started, from its page
/// of a large incident or from the history of a small one.
#[must_use]
pub fn shown_state(model: &Model, record: &Record<Event>) -> Option<Word<State>> {
    let history = || model.summary.as_ref()?.history.as_ref();
    let in_page = || model.timeline.started.get(&record.id).copied();
    let started = || in_page().or_else(|| history()?.started_state(record));
    let given = record.value.shown_state();
    given.or_else(|| started().map(Word::Known))
}

/// Returns the text to show for an event: its text, the reason of its redaction, or its kind if it
/// has no text.
#[must_use]
pub fn event_text(event: &Event) -> String {
    if let Some(reason) = &event.redacted {
        return format!("[redacted: {reason}]");
    }
    let mut text = event.text.clone();
    if let Some(severity) = &event.severity
        && event.kind.is_lifecycle()
    {
        text.push_str(&format!(" {severity}"));
    }
    if text.is_empty() {
        text.push_str(event.kind.as_str());
    }
    text
}

/// Returns services, people and tags as typed (`@db #storage`), without those the text mentions.
#[must_use]
pub fn format_markers(event: &Event) -> String {
    let names = event.typed_names();
    names
        .filter(|name| !event.text.contains(&name[1..]))
        .collect::<Vec<_>>()
        .join(" ")
}
