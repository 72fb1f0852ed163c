//! How alike the beginnings of two incidents are, from what was recorded: no model, no network.
//!
//! In: the first lines of both. Out: a score from 0 to 1, and what they have in common. `words.rs` makes
//! words comparable, `opening.rs` collects those of a beginning, `score.rs` has the formula, its weights and
//! the threshold, which were measured in `tests/seen_before.rs`.

mod opening;
mod score;
mod words;

pub use opening::{Opening, TokenKind, kind_of};
pub use score::{Frequencies, Likeness, MIN_SHARED, THRESHOLD, WEIGHTS, Weights, likeness};
pub use words::{group_of, is_unspaced, stem, stems, stems_in_group};

use super::{event::Event, incident::Record, words::Kind};

/// How many of the first events of an incident are its beginning.
pub const FIRST_LINES: usize = 10;

/// Returns the first lines among `events`, which are in timeline order: without retracted and redacted ones,
/// and without those that are only about people.
pub fn first_lines(events: &[Record<Event>]) -> impl Iterator<Item = &Event> {
    let said = events.iter().filter(|record| {
        let event = &record.value;
        let is_about_people = matches!(event.kind, Kind::Ack | Kind::Comms | Kind::Handoff);
        record.is_active() && event.redacted.is_none() && !is_about_people
    });
    said.take(FIRST_LINES).map(|record| &record.value)
}

/// Returns the beginning of an incident with this title, whose first events are `events`, in timeline order.
#[must_use]
pub fn opening_of(title: &str, events: &[Record<Event>]) -> Opening {
    let lines: Vec<&Event> = first_lines(events).collect();
    // The title is the text of the declaration, which may be among them.
    let texts = lines.iter().filter(|event| event.kind != Kind::Declare);
    let texts: Vec<String> = texts.map(|event| without_people(event)).collect();
    let services = lines.iter().flat_map(|event| &event.services);
    let tags = lines.iter().flat_map(|event| &event.tags);
    let mut states: Vec<&str> = Vec::new();
    for state in lines.iter().filter_map(|event| event.given_state()) {
        if states.last() != Some(&state.as_str()) {
            states.push(state.as_str());
        }
    }
    Opening::new(
        [title].into_iter().chain(texts.iter().map(String::as_str)),
        services.map(String::as_str),
        tags.map(String::as_str),
        &states,
    )
}

/// Returns the text of `event` without the people that it names: who did it is not what it was like.
fn without_people(event: &Event) -> String {
    let words = event.text.split_whitespace().filter(|word| {
        let name = word.trim_matches(|c: char| !c.is_alphanumeric());
        !event.people.iter().any(|person| person == name)
    });
    words.collect::<Vec<_>>().join(" ")
}
