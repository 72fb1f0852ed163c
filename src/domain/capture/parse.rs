//! A line from its beginning to where its text begins: flags, WHEN, KIND.

use super::{
    context::Context,
    error::{CaptureError, excerpt},
    kind::{self, LineStart},
    marker_values::{check_all_services, parse_state, resolve_handle},
    mentions,
    parsed_line::{Flags, LineSource, MAX_LINE_BYTES, ParsedLine, TokenKind},
    text,
};
use crate::domain::{
    event::Event,
    time::UtcTime,
    when::{self, When, WhenError},
};
use uuid::Uuid;

/// Reads one line (which may have line breaks in it) and the markers given as flags.
///
/// # Errors
/// Where it cannot be right: says which bytes, and what would be.
pub fn parse(line: &str, flags: &Flags, context: &Context<'_>) -> Result<ParsedLine, CaptureError> {
    parse_line(line, flags, context, None)
}

/// The same for a line that amends `event`, whose kind, state and time say more about what it means:
/// a bare time of day is the one nearest to the event's, `why:` is looked for where it is a decision.
///
/// # Errors
/// As [`parse`].
pub fn parse_for_event(
    line: &str,
    flags: &Flags,
    context: &Context<'_>,
    event: &Event,
) -> Result<ParsedLine, CaptureError> {
    parse_line(line, flags, context, Some(event))
}

fn parse_line(
    line: &str,
    flags: &Flags,
    context: &Context<'_>,
    about: Option<&Event>,
) -> Result<ParsedLine, CaptureError> {
    check_bytes(line, flags)?;
    let near = about.map(Event::at_utc);
    let mut out = ParsedLine {
        source: LineSource {
            line: line.to_owned(),
            flags: flags.clone(),
            amends_event: about.is_some(),
        },
        ..ParsedLine::default()
    };
    apply_flags(&mut out, flags, context, near)?;
    if context.literal {
        out.text = Some(line.trim().to_owned()).filter(|text| !text.is_empty());
        text::infer_commander(&mut out, about, context);
        return Ok(out);
    }
    let start = parse_head(line, &mut out, flags, context, near)?;
    text::parse_text(line, start, &mut out, flags, context, about)?;
    out.tokens.sort_by_key(|(range, _)| range.start);
    Ok(out)
}

/// What no text may have: NUL, and more than [`MAX_LINE_BYTES`] bytes.
fn check_bytes(line: &str, flags: &Flags) -> Result<(), CaptureError> {
    let length = line.len() + flags.customer.as_ref().map_or(0, String::len);
    if length > MAX_LINE_BYTES {
        return Err(CaptureError::new(
            format!("the line has more than {MAX_LINE_BYTES} bytes"),
            "log the gist, and keep the rest where it can be linked to",
            0..line.len(),
        ));
    }
    if let Some(at) = line.find('\0') {
        return Err(CaptureError::new(
            "the line has a NUL character in it, which cannot be kept",
            "leave it out",
            at..at + 1,
        ));
    }
    let lists = [&flags.tags, &flags.services, &flags.people, &flags.links];
    let given = lists.into_iter().flatten().chain(&flags.customer);
    for text in given {
        if text.contains('\0') {
            return Err(CaptureError::new(
                "a flag has a NUL character in it, which cannot be kept",
                "leave it out",
                0..0,
            ));
        }
    }
    Ok(())
}

fn apply_flags(
    out: &mut ParsedLine,
    flags: &Flags,
    context: &Context<'_>,
    near: Option<UtcTime>,
) -> Result<(), CaptureError> {
    if let Some(at) = &flags.at {
        let when = when::parse_with_reference(at, &context.time_context(), near).map_err(|e| {
            CaptureError::for_flag("at", format!("`{}`: {}", excerpt(at), e.message), e.hint)
        })?;
        out.when = Some(when);
    }
    if let Some(word) = &flags.kind {
        let named = kind::parse_kind_flag(word, context)?;
        out.kind = Some(named.kind);
        out.closes = named.closes;
        out.audience = named.audience;
    }
    if let Some(word) = &flags.state {
        let word = word.trim();
        let word = word.strip_prefix('!').unwrap_or(word);
        out.clear_state = matches!(word, "" | "-");
        if !out.clear_state {
            out.state =
                Some(parse_state(word).map_err(|(m, h)| CaptureError::for_flag("state", m, h))?);
        }
    }
    if let Some(wording) = &flags.customer {
        let wording = wording.trim();
        out.customer = Some(Some(wording.to_owned()).filter(|w| !w.is_empty() && w != "-"));
    }
    out.tags = flag_values(&flags.tags, '#');
    out.people = flag_values(&flags.people, '@').map(|names| {
        let spelt = |name: String| mentions::canonical_name(&name, &context.people).unwrap_or(name);
        names.into_iter().map(spelt).collect()
    });
    if let Some(given) = flag_values(&flags.services, '@') {
        let known = |name: &str| mentions::canonical_name(name, &context.services);
        let all = |name: &String| name.eq_ignore_ascii_case("all") && known(name).is_none();
        out.all_services = given.iter().any(all);
        let named = given.into_iter().filter(|name| !all(name));
        let named: Vec<String> = named.map(|name| known(&name).unwrap_or(name)).collect();
        out.services = Some(named);
        check_all_services(out, 0..0)?;
    }
    if let Some(given) = flag_values(&flags.links, '^') {
        let found: Result<Vec<Uuid>, CaptureError> = given
            .iter()
            .map(|handle| {
                resolve_handle(handle, context)
                    .map_err(|(m, h)| CaptureError::for_flag("link", m, h))
            })
            .collect();
        out.links = Some(found?);
    }
    Ok(())
}

/// The values of a flag that may be given often, without their sigils; `None` where it was not.
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

/// Takes WHEN and KIND; gives where the text begins.
fn parse_head(
    line: &str,
    out: &mut ParsedLine,
    flags: &Flags,
    context: &Context<'_>,
    near: Option<UtcTime>,
) -> Result<usize, CaptureError> {
    let mut at = line.len() - line.trim_start().len();
    let blank = |at: usize| line.len() - line[at..].trim_start().len();
    let now = context.time_context();
    let mut missed = false;
    if flags.at.is_none() {
        if let Some(past) = leading_escape_len(&line[at..], |text| {
            when::parse_leading_with_reference(text, &now, near).is_some()
                || parse_when_before_kind(text, flags, context, near).is_some()
                || (flags.kind.is_none() && kind::looks_like_kind(text))
        }) {
            out.tokens.push((at..at + 1, TokenKind::Escape));
            return Ok(at + past);
        }
        if let Some(found) = when::parse_leading_with_reference(&line[at..], &now, near) {
            let (when, length) = found.map_err(|e| CaptureError::from_when_error(e, at))?;
            out.tokens.push((at..at + length, TokenKind::When));
            out.when = Some(when);
            at = blank(at + length);
        } else if let Some(found) = parse_when_before_kind(&line[at..], flags, context, near) {
            let (when, length) = found.map_err(|e| CaptureError::from_when_error(e, at))?;
            out.tokens.push((at..at + length, TokenKind::When));
            out.when = Some(when);
            at += length;
        } else if let Some(length) = when::suspicious_time_len(&line[at..], &now) {
            out.notices.push(format!(
                "`{}` was kept as text: a time stands first and has a time of day, such as `10:06`, `yesterday 23:50`, `Aug 16 10:06` or `2012-08-16 10:06`; or it is a while ago, such as `-12m`",
                excerpt(line[at..at + length].trim_end())
            ));
            missed = true;
        }
    }
    if flags.kind.is_some() {
        return Ok(at);
    }
    if let Some(past) = leading_escape_len(&line[at..], kind::looks_like_kind) {
        out.tokens.push((at..at + 1, TokenKind::Escape));
        return Ok(at + past);
    }
    let dash = kind::leading_dash_len(&line[at..]);
    if dash > 0
        && flags.at.is_none()
        && out.when.is_some()
        && let LineStart::Kind(..) = kind::parse_line_start(&line[at + dash..], at + dash, context)?
    {
        at += dash;
    }
    match kind::parse_line_start(&line[at..], at, context)? {
        LineStart::Kind(named, length) => {
            out.kind = Some(named.kind);
            out.closes = named.closes;
            out.audience = named.audience;
            out.tokens.push((at..at + length, TokenKind::Kind));
            at = blank(at + length);
        }
        LineStart::Text(notice) => out.notices.extend(notice.filter(|_| !missed)),
    }
    Ok(at)
}

/// `10:06:fault: x`, a kind right behind the colon of a WHEN; and how many bytes the WHEN takes.
fn parse_when_before_kind(
    text: &str,
    flags: &Flags,
    context: &Context<'_>,
    near: Option<UtcTime>,
) -> Option<Result<(When, usize), WhenError>> {
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
    match when::parse_leading_with_reference(&text[..colon], &context.time_context(), near)? {
        Ok((when, length)) => (length == colon).then_some(Ok((when, colon + 1))),
        Err(error) => Some(Err(error)),
    }
}

/// Where `text` begins with backslashes before something `special`: past the first of them.
fn leading_escape_len(text: &str, special: impl Fn(&str) -> bool) -> Option<usize> {
    let behind = text.trim_start_matches('\\');
    (behind.len() < text.len() && special(behind)).then_some(1)
}
