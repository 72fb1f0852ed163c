//! Parses the flags and the start of a line: time and kind. `text.rs` parses the rest.

use super::{
    after_time::extends_time,
    cells::without_closing_bar,
    context::Context,
    error::{excerpt, flag_error},
    kind::{self, LineStart},
    line_marks,
    marker_values::{check_all_services, parse_state, resolve_handle},
    mentions,
    other_words::{audience_notice, command_text_notice},
    parsed_line::{Flags, LineSource, MAX_LINE_BYTES, ParsedLine, TokenKind},
    text,
    time_leftover::{is_no_text, is_time_leftover},
    unread_time::{
        note_lines_with_times, note_time_beside_flag, note_time_in_text, note_unread_time,
        unread_time_len,
    },
};
use crate::domain::{
    event::Event,
    parse_error::ParseError,
    time::UtcTime,
    when::{self, When},
};
use std::borrow::Cow;
use uuid::Uuid;

/// Parses one line (which may contain line breaks) and the markers given as flags.
///
/// # Errors
/// If the line is not valid; the error names the bytes and the fix.
pub fn parse(line: &str, flags: &Flags, context: &Context<'_>) -> Result<ParsedLine, ParseError> {
    parse_line(line, flags, context, None)
}

/// Parses a line that amends `event`. Its kind, state and time decide what the line means: a bare
/// time of day is the one nearest to the event's, and `why:` is a marker if the event is a
/// decision.
///
/// # Errors
/// As [`parse`].
pub fn parse_for_event(
    line: &str,
    flags: &Flags,
    context: &Context<'_>,
    event: &Event,
) -> Result<ParsedLine, ParseError> {
    parse_line(line, flags, context, Some(event))
}

fn parse_line(
    line: &str,
    flags: &Flags,
    context: &Context<'_>,
    event: Option<&Event>,
) -> Result<ParsedLine, ParseError> {
    check_bytes(line, flags)?;
    let reference_time = event.map(Event::at_utc);
    let mut parsed = ParsedLine {
        source: LineSource {
            line: line.to_owned(),
            flags: flags.clone(),
            amends_event: event.is_some(),
        },
        ..ParsedLine::default()
    };
    apply_flags(&mut parsed, flags, context, reference_time)?;
    if context.literal {
        let head = parse_time(line, &mut parsed, flags, context, reference_time)?;
        let line = without_closing_bar(line, parsed.when.is_some());
        let text = line.get(head.at..).unwrap_or_default().trim();
        parsed.text = Some(text.to_owned()).filter(|text| !text.is_empty());
        text::infer_commander(&mut parsed, text::NewCommander::None, event, context);
        return Ok(parsed);
    }
    let start = parse_head(line, &mut parsed, flags, context, reference_time)?;
    if event.is_none() && line.contains('\n') {
        note_lines_with_times(&mut parsed, &line[start..], &context.time_context());
    }
    let line = without_closing_bar(line, parsed.when.is_some());
    text::parse_text(
        line,
        start.min(line.len()),
        &mut parsed,
        flags,
        context,
        event,
    )?;
    parsed.tokens.sort_by_key(|(range, _)| range.start);
    Ok(parsed)
}

/// Rejects NUL characters and more than [`MAX_LINE_BYTES`] bytes.
fn check_bytes(line: &str, flags: &Flags) -> Result<(), ParseError> {
    let length = line.len() + flags.customer.as_ref().map_or(0, String::len);
    if length > MAX_LINE_BYTES {
        return Err(ParseError::new(
            format!("the line has more than {MAX_LINE_BYTES} bytes"),
            "log the gist, and keep the rest where it can be linked to",
            0..line.len(),
        ));
    }
    if let Some(at) = line.find('\0') {
        return Err(ParseError::new(
            "the line has a NUL character in it, which cannot be kept",
            "leave it out",
            at..at + 1,
        ));
    }
    let lists = [&flags.tags, &flags.services, &flags.people, &flags.links];
    let given = lists.into_iter().flatten().chain(&flags.customer);
    for text in given {
        if text.contains('\0') {
            return Err(ParseError::new(
                "a flag has a NUL character in it, which cannot be kept",
                "leave it out",
                0..0,
            ));
        }
    }
    Ok(())
}

fn apply_flags(
    parsed: &mut ParsedLine,
    flags: &Flags,
    context: &Context<'_>,
    reference_time: Option<UtcTime>,
) -> Result<(), ParseError> {
    if let Some(at) = &flags.at {
        let when = when::parse_with_reference(at, &context.time_context(), reference_time)
            .map_err(|e| flag_error("at", format!("`{}`: {}", excerpt(at), e.message), e.hint))?;
        set_when(parsed, when, context);
    }
    if let Some(word) = &flags.kind {
        let parsed_kind = kind::parse_kind_flag(word, context)?;
        parsed.kind = Some(parsed_kind.kind);
        parsed.closes = parsed_kind.closes;
        parsed.audience = parsed_kind.audience;
    }
    if let Some(word) = &flags.state {
        let word = word.trim();
        let word = word.strip_prefix('!').unwrap_or(word);
        parsed.clear_state = matches!(word, "" | "-");
        if !parsed.clear_state {
            parsed.state = Some(parse_state(word).map_err(|(m, h)| flag_error("state", m, h))?);
        }
    }
    if let Some(wording) = &flags.customer {
        let wording = wording.trim();
        parsed.customer = Some(Some(wording.to_owned()).filter(|w| !w.is_empty() && w != "-"));
    }
    parsed.tags = flag_values(&flags.tags, '#');
    if let Some(names) = flag_values(&flags.people, '@') {
        let people = parsed.people.insert(Vec::new());
        for name in names {
            let person = mentions::typed_person(&name, context.people());
            parsed.notices.extend(person.notice);
            people.push(person.name);
        }
    }
    if let Some(given) = flag_values(&flags.services, '@') {
        let canonical = |name: &str| mentions::canonical_name(name, &context.services);
        let is_all = |name: &String| name.eq_ignore_ascii_case("all") && canonical(name).is_none();
        parsed.all_services = given.iter().any(is_all);
        let names = given.into_iter().filter(|name| !is_all(name));
        let names: Vec<String> = names.map(|name| canonical(&name).unwrap_or(name)).collect();
        parsed.services = Some(names);
        check_all_services(parsed, 0..0)?;
    }
    if let Some(given) = flag_values(&flags.links, '^') {
        let found: Result<Vec<Uuid>, ParseError> = given
            .iter()
            .map(|handle| {
                resolve_handle(handle, context).map_err(|(m, h)| flag_error("link", m, h))
            })
            .collect();
        parsed.links = Some(found?);
    }
    Ok(())
}

/// Sets the time, with its notices.
fn set_when(parsed: &mut ParsedLine, when: When, context: &Context<'_>) {
    parsed.notices.extend(when.notices(&context.time_context()));
    parsed.when = Some(when);
}

/// Returns the values of a repeatable flag without their sigils; `None` if it was not given.
fn flag_values(values: &[String], sigil: char) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for value in values {
        let value = value.trim();
        let name = value.strip_prefix(sigil).unwrap_or(value);
        if !name.is_empty() {
            mentions::push_unique(&mut names, name.to_owned());
        }
    }
    (!values.is_empty()).then_some(names)
}

/// What a line begins with, up to its kind.
struct TimeHead<'l> {
    /// Where its kind or its text begins.
    at: usize,
    /// True if a backslash made text of what begins there.
    is_escaped: bool,
    /// The time without marks; empty if there is none.
    time: Cow<'l, str>,
}

/// Parses the time of a line.
fn parse_time<'l>(
    line: &'l str,
    parsed: &mut ParsedLine,
    flags: &Flags,
    context: &Context<'_>,
    reference_time: Option<UtcTime>,
) -> Result<TimeHead<'l>, ParseError> {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let mut at = line.len() - line.trim_start_matches(blank).len();
    let after_spaces = |at: usize| line.len() - line[at..].trim_start().len();
    let time_context = context.time_context();
    let mut time = Cow::Borrowed("");
    if flags.at.is_none() {
        if let Some(length) = leading_escape_len(&line[at..], |text| {
            line_marks::parse_marked_time(text, &time_context, reference_time).is_some()
                || when::suspicious_time_len(text, &time_context).is_some()
                || parse_when_before_kind(text, flags, context, reference_time).is_some()
                || (flags.kind.is_none()
                    && !context.literal
                    && (kind::looks_like_kind(text, context)
                        || command_text_notice(text).is_some()))
                || reference_time.is_some() && is_no_text(text, context)
        })
        // `\[13:33\]`, as programs copy Markdown
        .filter(|_| {
            let text = &line[at..];
            line_marks::parse_marked_time(text, &time_context, reference_time).is_none()
        }) {
            parsed.tokens.push((at..at + 1, TokenKind::Escape));
            return Ok(TimeHead {
                at: at + length,
                is_escaped: true,
                time,
            });
        }
        if let Some(result) =
            line_marks::parse_marked_time(&line[at..], &time_context, reference_time)
        {
            let found = result.map_err(|e| e.shifted(at))?;
            let length = found.length;
            let shown = at + line[at..at + length].trim_end().len();
            parsed.tokens.push((at..shown, TokenKind::When));
            set_when(parsed, found.when, context);
            parsed.notices.extend(found.notice);
            time = found.time;
            at = after_spaces(at + length);
        } else if let Some(result) =
            parse_when_before_kind(&line[at..], flags, context, reference_time)
        {
            let (when, length) = result.map_err(|e| e.shifted(at))?;
            parsed.tokens.push((at..at + length, TokenKind::When));
            set_when(parsed, when, context);
            at += length;
        } else if let Some(length) = when::suspicious_time_len(&line[at..], &time_context) {
            let is_sentence = when::begins_sentence(&line[at..]);
            if !(is_sentence && reference_time.is_some()) {
                note_unread_time(parsed, &line[at..at + length]);
            }
            parsed.has_unread_time = !is_sentence;
        }
    } else {
        let begins_time = |text: &str| {
            let time = line_marks::parse_marked_time(text, &time_context, reference_time);
            time.map(|time| time.map_or(text.len(), |time| time.length))
        };
        let text = &line[at..];
        if let Some(length) = leading_escape_len(text, |text| begins_time(text).is_some()) {
            parsed.tokens.push((at..at + 1, TokenKind::Escape));
            return Ok(TimeHead {
                at: at + length,
                is_escaped: true,
                time,
            });
        }
        if let Some(length) = begins_time(text) {
            note_time_beside_flag(parsed, &text[..length]);
        }
    }
    Ok(TimeHead {
        at,
        is_escaped: false,
        time,
    })
}

/// Parses time and kind; returns where the text begins.
fn parse_head(
    line: &str,
    parsed: &mut ParsedLine,
    flags: &Flags,
    context: &Context<'_>,
    reference_time: Option<UtcTime>,
) -> Result<usize, ParseError> {
    let head = parse_time(line, parsed, flags, context, reference_time)?;
    let TimeHead {
        mut at,
        is_escaped,
        time,
    } = head;
    if is_escaped {
        return Ok(at);
    }
    let after_spaces = |at: usize| line.len() - line[at..].trim_start().len();
    let time_context = context.time_context();
    if flags.kind.is_some() {
        note_time_in_text(parsed, &line[at..], &time_context, reference_time.is_some());
        return Ok(at);
    }
    if let Some(length) = leading_escape_len(&line[at..], |text| {
        kind::looks_like_kind(text, context)
            || parsed.when.is_some()
                && (line_marks::begins_with_separator(text)
                    || extends_time(&time, text, &time_context))
            || reference_time.is_some() && is_time_leftover(text, &time_context)
    }) {
        parsed.tokens.push((at..at + 1, TokenKind::Escape));
        return Ok(at + length);
    }
    match kind::parse_line_start(&line[at..], at, context)? {
        LineStart::Kind(parsed_kind, length) => {
            parsed.kind = Some(parsed_kind.kind);
            parsed.closes = parsed_kind.closes;
            let audience = parsed_kind.audience.as_deref();
            parsed.notices.extend(audience.and_then(audience_notice));
            parsed.audience = parsed_kind.audience;
            parsed.tokens.push((at..at + length, TokenKind::Kind));
            at = after_spaces(at + length);
            if parsed.when.is_none()
                && let Some(length) = leading_escape_len(&line[at..], |text| {
                    unread_time_len(text, &time_context).is_some()
                })
            {
                parsed.tokens.push((at..at + 1, TokenKind::Escape));
                return Ok(at + length);
            }
        }
        LineStart::Text(notice) => {
            let wanted = !parsed.has_unread_time;
            parsed.notices.extend(notice.filter(|_| wanted));
        }
    }
    note_time_in_text(parsed, &line[at..], &time_context, reference_time.is_some());
    Ok(at)
}

/// Parses the time of `10:06:fault: x`, in which a kind follows directly after a colon; returns it
/// with its length in bytes.
fn parse_when_before_kind(
    text: &str,
    flags: &Flags,
    context: &Context<'_>,
    reference_time: Option<UtcTime>,
) -> Option<Result<(When, usize), ParseError>> {
    if flags.kind.is_some() || !text.starts_with(|c: char| c.is_ascii_digit() || c == '~') {
        return None;
    }
    let is_kind = |rest: &str| {
        rest.starts_with(char::is_alphabetic)
            && matches!(
                kind::parse_line_start(rest, 0, context),
                Ok(LineStart::Kind(..))
            )
    };
    let (colon, _) = text
        .char_indices()
        .take(30)
        .find(|(at, c)| *c == ':' && is_kind(&text[at + 1..]))?;
    match when::parse_leading_with_reference(
        &text[..colon],
        &context.time_context(),
        reference_time,
    )? {
        Ok((when, length)) => (length == colon).then_some(Ok((when, colon + 1))),
        Err(error) => Some(Err(error)),
    }
}

/// Returns the length of the escape if `text` begins with a backslash before something that is
/// `special`.
fn leading_escape_len(text: &str, special: impl Fn(&str) -> bool) -> Option<usize> {
    let unescaped = text.trim_start_matches('\\');
    (unescaped.len() < text.len() && special(unescaped)).then_some(1)
}
