//! Formats an event as the capture line that a person would type for it.

use super::{
    after_time::extends_time,
    context::{Context, HandleLookup},
    kind, line_marks,
    markers::{LineType, MarkerShape, MarkerToken, find_markers, is_name, is_quotable, is_tag},
    mentions::canonical_name,
    text,
};
use crate::domain::{
    event::Event,
    handle,
    time::OffsetTime,
    when::{self, When},
    words::{CAPTURE_KINDS, Kind, Word},
};
use chrono::Timelike as _;
use std::{borrow::Cow, fmt::Write as _};

/// Formats the capture line of `event`, with date and time to the second, and with backslashes
/// before text that looks like a marker. Parsed in the same context, with `tell:` accepted, it
/// gives an equal event except for what a line cannot express; [`super::ParsedLine::rewrite`] keeps
/// that.
#[must_use]
pub fn format_line(event: &Event, context: &Context<'_>) -> String {
    let to_seconds = |at: OffsetTime| at.with_nanosecond(0).unwrap_or(at);
    let mut line = when::format_when(
        &When {
            at: to_seconds(event.at),
            zone: event.zone.clone(),
            approximate: event.approximate,
            end: event.end.map(to_seconds),
            assumed_day: None,
            zone_notice: None,
            doubts: vec![],
        },
        &context.zone,
    );
    let line_type = LineType::of_event(&event.kind);
    let mut body = escape_markers(&event.text, line_type);
    // `handoff: @who` parses to the commander's name as the text.
    if handoff_target(event, context) == Some(&event.text) {
        body.clear();
    }
    let kind_prefix = kind_prefix(event, &body, &line, context);
    if kind_prefix.ends_with('\\') {
        body.insert(0, '\\');
    }
    let kind_prefix = kind_prefix.trim_end_matches('\\');
    let mut push = |piece: &str| {
        if !piece.is_empty() {
            line.push(' ');
            line.push_str(piece);
        }
    };
    push(kind_prefix);
    push(&body);
    if event.kind == Kind::Decision {
        for (word, part) in [("why:", &event.rationale), ("not:", &event.rejected)] {
            if let Some(part) = part {
                push(word);
                push(&escape_markers(part, line_type));
            }
        }
    }
    let markers = format_markers(event, context);
    if !markers.is_empty() {
        // With a second space the marker is no word of the sentence.
        if text::cannot_end(&format!("{line} ")) {
            line.push(' ');
        }
        line.push(' ');
        line.push_str(&markers);
    }
    let is_in_sentence = text::is_in_sentence(&format!("{line} "));
    let mut push = |piece: &str| {
        line.push(' ');
        line.push_str(piece);
    };
    if let Some(seconds) = event
        .time_box_secs
        .filter(|seconds| line_type == LineType::Ask && *seconds > 0)
    {
        // With a second space the word before it is not its own.
        let time_box = format_time_box(seconds);
        match is_in_sentence {
            true => push(&format!(" {time_box}")),
            false => push(&time_box),
        }
    }
    if let Some(wording) = &event.customer {
        push("tell:");
        push(wording.trim());
    }
    line
}

/// The kind with its colon. Empty for a kind that cannot be typed, and for a note unless its text
/// could be mistaken for a kind or a time.
fn kind_prefix(event: &Event, text: &str, when: &str, context: &Context<'_>) -> String {
    let can_be_typed = CAPTURE_KINDS.contains(&event.kind);
    if event.kind == Kind::Note && event.closes {
        return "done:".to_owned();
    }
    if can_be_typed && event.kind != Kind::Note {
        let audience = event
            .audience
            .as_ref()
            .filter(|audience| event.kind == Kind::Comms && kind::is_audience(audience));
        return match audience {
            Some(audience) => format!("{}/{audience}:", event.kind),
            None => format!("{}:", event.kind),
        };
    }
    let unescaped = text.trim_start_matches('\\');
    let is_separated = line_marks::begins_with_separator(unescaped);
    let extends_time =
        is_separated || extends_time(when, &format!("{text} @x"), &context.time_context());
    // A marker may follow, and `handoff @who` needs no colon.
    let looks_like_kind = kind::looks_like_kind(&format!("{unescaped} @x"), context);
    let ambiguous = looks_like_kind || unescaped.len() < text.len() || extends_time;
    if ambiguous && !text.is_empty() && can_be_typed {
        "note:".to_owned()
    } else if looks_like_kind || is_separated {
        // A kind that cannot be typed has no word to put before it.
        "\\".to_owned()
    } else {
        String::new()
    }
}

/// Puts a backslash before everything in `text` that looks like a marker of a line of this type.
#[must_use]
pub fn escape_markers(text: &str, line: LineType) -> String {
    let text = text.trim();
    let mut escaped = String::with_capacity(text.len());
    let mut copied = 0;
    for token in find_markers(text, line) {
        // `#4412` is never a tag, but `\#4412` would lose its backslash.
        if matches!(token.shape, MarkerShape::Hash(tag) if token.backslashes == 0 && !is_tag(tag)) {
            continue;
        }
        escaped.push_str(&text[copied..token.range.start]);
        escaped.push('\\');
        copied = token.range.start;
    }
    escaped.push_str(&text[copied..]);
    escaped
}

/// Puts a backslash before each `tell:` in `text` that would begin customer wording; borrowed if there is none.
#[must_use]
pub fn escape_customer_wording(text: &str) -> Cow<'_, str> {
    let tokens = find_markers(text, LineType::Event);
    let is_tell =
        |token: &&MarkerToken<'_>| token.shape == MarkerShape::Tell && token.backslashes == 0;
    let mut escaped = Cow::Borrowed(text);
    for token in tokens.iter().filter(is_tell).rev() {
        escaped.to_mut().insert(token.range.start, '\\');
    }
    escaped
}

fn format_markers(event: &Event, context: &Context<'_>) -> String {
    let mut out = String::new();
    let mut push = |sigil: char, word: &str| {
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "{}{sigil}{word}",
            if out.is_empty() { "" } else { " " }
        );
    };
    for id in &event.links {
        if let Some(handle) = shortest_handle(*id, context) {
            push('^', &handle);
        }
    }
    let has_state = event.bears_state();
    let is_ask = event.kind == Kind::Ask;
    // A state of a newer version is left out; `rewrite` then keeps it.
    if let Some(state) = event.state.as_ref().and_then(Word::known) {
        push('!', state.as_str());
    }
    let known = |name: &str| canonical_name(name, &context.services);
    let person = |name: &str| canonical_name(name, context.people());
    let is_service = |name: &String| match known(name) {
        Some(spelling) => spelling == *name,
        None => has_state && !is_ask && !name.eq_ignore_ascii_case("all") && person(name).is_none(),
    };
    // The first name of a handoff is the commander's.
    let handoff = event.kind == Kind::Handoff;
    let mut first_taken = !handoff;
    if let Some(commander) = handoff_target(event, context) {
        push('@', &mention_word(commander).unwrap_or_default());
        first_taken = true;
    }
    for name in &event.services {
        let fits = known(name).is_some() || first_taken;
        if is_name(name) && fits && is_service(name) {
            push('@', name);
        }
    }
    if event.services.is_empty() && event.is_of_all_services() && !context.services.is_empty() {
        push('@', "all");
    }
    for name in &event.people {
        let read_back = known(name).is_none()
            && !name.eq_ignore_ascii_case("all")
            && person(name).map_or(is_ask, |known| known == *name);
        if read_back
            && first_taken
            && let Some(word) = mention_word(name)
        {
            push('@', &word);
        }
    }
    for tag in event.tags.iter().filter(|tag| is_tag(tag)) {
        push('#', tag);
    }
    out
}

/// What stands for the person `name` after an `@`; `None` if nothing can.
#[must_use]
pub fn mention_word(name: &str) -> Option<Cow<'_, str>> {
    if is_name(name) {
        Some(Cow::Borrowed(name))
    } else {
        is_quotable(name).then(|| Cow::Owned(format!("\"{name}\"")))
    }
}

/// The new commander of a handoff, if `@who` can express it.
fn handoff_target<'e>(event: &'e Event, context: &Context<'_>) -> Option<&'e String> {
    event.commander.as_ref().filter(|name| {
        event.kind == Kind::Handoff
            && mention_word(name).is_some()
            && !name.eq_ignore_ascii_case("all")
            && canonical_name(name, &context.services).is_none()
            && canonical_name(name, context.people()).is_none_or(|known| known == **name)
    })
}

/// The shortest displayed prefix of the handle that resolves to `id` alone.
fn shortest_handle(id: uuid::Uuid, context: &Context<'_>) -> Option<String> {
    let full = handle::from_id(id);
    (handle::MIN_SHOWN_LEN..=handle::FULL_LEN)
        .filter_map(|length| full.get(..length))
        .find(|prefix| (context.find_handle)(prefix) == HandleLookup::One(id))
        .map(str::to_owned)
}

/// Formats a time box as it is typed.
fn format_time_box(seconds: u32) -> String {
    let mut out = String::new();
    let mut left = seconds;
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)] {
        if left >= length {
            let _ = write!(out, "{}{unit}", left / length);
            left %= length;
        }
    }
    out
}
