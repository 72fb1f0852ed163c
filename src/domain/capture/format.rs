//! An event as the line that a person would type for it.

use super::{
    context::{Context, HandleLookup},
    kind,
    markers::{MarkerShape, find_markers, is_name, is_tag},
    mentions::canonical_name,
};
use crate::domain::{
    event::Event,
    handle,
    time::OffsetTime,
    when::{self, When},
    words::{CAPTURE_KINDS, Kind, Word},
};
use chrono::Timelike as _;
use std::fmt::Write as _;

/// The capture line of `event`: its time with the date, to the second; backslashes where text looks
/// like markers. Read back in the same context, with `tell:` honoured, it gives the same event, but
/// for what no line can say; [`super::ParsedLine::rewrite`] keeps that.
#[must_use]
pub fn format_line(event: &Event, context: &Context<'_>) -> String {
    let whole = |at: OffsetTime| at.with_nanosecond(0).unwrap_or(at);
    let mut line = when::format_when(
        &When {
            at: whole(event.at),
            zone: event.zone.clone(),
            approximate: event.approximate,
            end: event.end.map(whole),
        },
        &context.zone,
    );
    let ask = event.kind == Kind::Ask;
    let mut text = escape_markers(&event.text, ask);
    // A commander's name alone is what `handoff: @who` reads as.
    if handoff_target(event, context) == Some(&event.text) {
        text.clear();
    }
    let head = kind_prefix(event, &text, &line, context);
    if head.ends_with('\\') {
        text.insert(0, '\\');
    }
    let head = head.trim_end_matches('\\');
    let mut put = |piece: &str| {
        if !piece.is_empty() {
            line.push(' ');
            line.push_str(piece);
        }
    };
    put(head);
    put(&text);
    if event.kind == Kind::Decision {
        for (word, part) in [("why:", &event.rationale), ("not:", &event.rejected)] {
            if let Some(part) = part {
                put(word);
                put(&escape_markers(part, ask));
            }
        }
    }
    put(&format_markers(event, context));
    if let Some(seconds) = event.time_box_secs.filter(|seconds| ask && *seconds > 0) {
        put(&format_time_box(seconds));
    }
    if let Some(wording) = &event.customer {
        put("tell:");
        put(wording.trim());
    }
    line
}

/// The kind with its colon; nothing for a note whose text cannot be mistaken, and for a kind that is
/// not typed.
fn kind_prefix(event: &Event, text: &str, when: &str, context: &Context<'_>) -> String {
    let typed = CAPTURE_KINDS.contains(&event.kind);
    if event.kind == Kind::Note && event.closes {
        return "done:".to_owned();
    }
    if typed && event.kind != Kind::Note {
        let audience = event
            .audience
            .as_ref()
            .filter(|whom| event.kind == Kind::Comms && kind::is_audience(whom));
        return match audience {
            Some(whom) => format!("{}/{whom}:", event.kind),
            None => format!("{}:", event.kind),
        };
    }
    let behind = text.trim_start_matches('\\');
    let line = format!("{when} {text}");
    let taken = when::parse_leading(&line, &context.time_context());
    let runs_on = !matches!(taken, Some(Ok((_, length))) if length == when.len());
    // A marker may follow, and `handoff @who` needs no colon.
    let like_a_kind = kind::looks_like_kind(&format!("{behind} @x"));
    let mistaken = like_a_kind || behind.len() < text.len() || runs_on;
    if mistaken && !text.is_empty() && typed {
        "note:".to_owned()
    } else if like_a_kind {
        // For a kind that is not typed there is no word to put before it.
        "\\".to_owned()
    } else {
        String::new()
    }
}

/// `text` with a backslash before all that looks like a marker.
fn escape_markers(text: &str, boxes: bool) -> String {
    let text = text.trim();
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for piece in find_markers(text, boxes) {
        // `#4412` is never a tag, but `\#4412` would lose its backslash.
        if matches!(piece.shape, MarkerShape::Hash(tag) if piece.backslashes == 0 && !is_tag(tag)) {
            continue;
        }
        out.push_str(&text[copied..piece.range.start]);
        out.push('\\');
        copied = piece.range.start;
    }
    out.push_str(&text[copied..]);
    out
}

fn format_markers(event: &Event, context: &Context<'_>) -> String {
    let mut out = String::new();
    let mut put = |sigil: char, word: &str| {
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "{}{sigil}{word}",
            if out.is_empty() { "" } else { " " }
        );
    };
    for id in &event.links {
        if let Some(shown) = shortest_handle(*id, context) {
            put('^', &shown);
        }
    }
    let bears_state = event.state_or_implied().is_some();
    let ask = event.kind == Kind::Ask;
    // A word of a newer version is left out, which leaves it as it is.
    if let Some(state) = event.state.as_ref().and_then(Word::known) {
        put('!', state.as_str());
    }
    let known = |name: &str| canonical_name(name, &context.services);
    let person = |name: &str| canonical_name(name, &context.people);
    let is_service = |name: &String| match known(name) {
        Some(spelling) => spelling == *name,
        None => bears_state && !ask && !name.eq_ignore_ascii_case("all") && person(name).is_none(),
    };
    // The first name of a handoff is the commander's.
    let handoff = event.kind == Kind::Handoff;
    let mut first_taken = !handoff;
    if let Some(commander) = handoff_target(event, context) {
        put('@', commander);
        first_taken = true;
    }
    for name in &event.services {
        let fits = known(name).is_some() || first_taken;
        if is_name(name) && fits && is_service(name) {
            put('@', name);
        }
    }
    if event.services.is_empty() && bears_state && !context.services.is_empty() {
        put('@', "all");
    }
    for name in &event.people {
        let read_back = known(name).is_none()
            && !name.eq_ignore_ascii_case("all")
            && person(name).map_or(ask, |known| known == *name);
        if is_name(name) && read_back && first_taken {
            put('@', name);
        }
    }
    for tag in event.tags.iter().filter(|tag| is_tag(tag)) {
        put('#', tag);
    }
    out
}

/// Who a handoff hands to, where `@who` says it.
fn handoff_target<'e>(event: &'e Event, context: &Context<'_>) -> Option<&'e String> {
    event.commander.as_ref().filter(|name| {
        event.kind == Kind::Handoff
            && is_name(name)
            && !name.eq_ignore_ascii_case("all")
            && canonical_name(name, &context.services).is_none()
            && canonical_name(name, &context.people).is_none_or(|known| known == **name)
    })
}

/// The shortest beginning of a handle, of those that are shown, that stands for `id` alone.
fn shortest_handle(id: uuid::Uuid, context: &Context<'_>) -> Option<String> {
    let whole = handle::from_id(id);
    (handle::MIN_SHOWN_LEN..=handle::FULL_LEN)
        .filter_map(|length| whole.get(..length))
        .find(|shown| (context.find_handle)(shown) == HandleLookup::One(id))
        .map(str::to_owned)
}

/// A time box as it is typed.
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
