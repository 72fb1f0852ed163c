//! A line from its beginning to where its text begins: flags, WHEN, KIND.

use super::{
    CaptureError, Context, Flags, LIMIT, Line, Link, Mark, Source, body,
    kind::{self, Head},
    names, show,
};
use crate::domain::{event::Event, time::Instant, when, words::State};
use uuid::Uuid;

/// Reads one line (which may have line breaks in it) and the markers given as flags.
///
/// # Errors
/// Where it cannot be right: says which bytes, and what would be.
pub fn parse(line: &str, flags: &Flags, context: &Context<'_>) -> Result<Line, CaptureError> {
    read(line, flags, context, None)
}

/// The same for a line that amends `event`, whose kind, state and time say more about what it means:
/// a bare time of day is the one nearest to the event's, `why:` is looked for where it is a decision.
///
/// # Errors
/// As [`parse`].
pub fn parse_for(
    line: &str,
    flags: &Flags,
    context: &Context<'_>,
    event: &Event,
) -> Result<Line, CaptureError> {
    read(line, flags, context, Some(event))
}

fn read(
    line: &str,
    flags: &Flags,
    context: &Context<'_>,
    about: Option<&Event>,
) -> Result<Line, CaptureError> {
    check_bytes(line, flags)?;
    let near = about.map(Event::instant);
    let mut out = Line {
        source: Source {
            line: line.to_owned(),
            flags: flags.clone(),
            amends: about.is_some(),
        },
        ..Line::default()
    };
    take_flags(&mut out, flags, context, near)?;
    if context.literal {
        out.text = Some(line.trim().to_owned()).filter(|text| !text.is_empty());
        body::name_commander(&mut out, about, context);
        return Ok(out);
    }
    let start = take_head(line, &mut out, flags, context, near)?;
    body::take(line, start, &mut out, flags, context, about)?;
    out.marks.sort_by_key(|(range, _)| range.start);
    Ok(out)
}

/// What no text may have: NUL, and more than [`LIMIT`] bytes.
fn check_bytes(line: &str, flags: &Flags) -> Result<(), CaptureError> {
    let length = line.len() + flags.customer.as_ref().map_or(0, String::len);
    if length > LIMIT {
        return Err(CaptureError::new(
            format!("the line has {length} bytes; {LIMIT} is the most"),
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

fn take_flags(
    out: &mut Line,
    flags: &Flags,
    context: &Context<'_>,
    near: Option<Instant>,
) -> Result<(), CaptureError> {
    if let Some(at) = &flags.at {
        let when = when::parse_near(at, &context.when(), near).map_err(|e| {
            CaptureError::flag("at", format!("`{}`: {}", show(at), e.message), e.hint)
        })?;
        out.when = Some(when);
    }
    if let Some(word) = &flags.kind {
        let named = kind::flag(word, context)?;
        out.kind = Some(named.kind);
        out.closes = named.closes;
        out.audience = named.audience;
    }
    if let Some(word) = &flags.state {
        let word = word.trim();
        let word = word.strip_prefix('!').unwrap_or(word);
        out.state = Some(state(word).map_err(|(m, h)| CaptureError::flag("state", m, h))?);
    }
    if let Some(wording) = &flags.customer {
        let wording = wording.trim();
        out.customer = Some(Some(wording.to_owned()).filter(|w| !w.is_empty() && w != "-"));
    }
    out.tags = listed(&flags.tags, '#');
    out.people = listed(&flags.people, '@').map(|names| {
        let spelt = |name: String| names::spelt(&name, &context.people).unwrap_or(name);
        names.into_iter().map(spelt).collect()
    });
    if let Some(given) = listed(&flags.services, '@') {
        let known = |name: &str| names::spelt(name, &context.services);
        let all = |name: &String| name.eq_ignore_ascii_case("all") && known(name).is_none();
        out.all_services = given.iter().any(all);
        let named = given.into_iter().filter(|name| !all(name));
        let named: Vec<String> = named.map(|name| known(&name).unwrap_or(name)).collect();
        out.services = Some(named);
        check_all(out, 0..0)?;
    }
    if let Some(given) = listed(&flags.links, '^') {
        let found: Result<Vec<Uuid>, CaptureError> = given
            .iter()
            .map(|handle| link(handle, context).map_err(|(m, h)| CaptureError::flag("link", m, h)))
            .collect();
        out.links = Some(found?);
    }
    Ok(())
}

/// The values of a flag that may be given often, without their sigils; `None` where it was not.
fn listed(values: &[String], sigil: char) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for value in values {
        let value = value.trim();
        let name = value.strip_prefix(sigil).unwrap_or(value);
        if !name.is_empty() {
            names::add(&mut names, name.to_owned());
        }
    }
    (!values.is_empty()).then_some(names)
}

/// `@all` and names at once contradict each other.
pub(super) fn check_all(out: &Line, range: std::ops::Range<usize>) -> Result<(), CaptureError> {
    if out.all_services && out.services.as_ref().is_some_and(|s| !s.is_empty()) {
        return Err(CaptureError::new(
            "both all services and some by name",
            "write `@all`, or name them",
            range,
        ));
    }
    Ok(())
}

/// The state called `word`; else what is wrong, and a hint.
pub(super) fn state(word: &str) -> Result<State, (String, String)> {
    word.parse().map_err(|_| {
        let states: Vec<&str> = State::ALL.iter().map(|s| s.word()).collect();
        let mut hint = format!("states are {}", states.join(", "));
        if word.parse::<crate::domain::words::Severity>().is_ok() {
            hint.push_str("; a severity is set with `bridgelog set severity`");
        }
        (format!("`{}` is not a state", show(word)), hint)
    })
}

/// What the handle beginning with `text` stands for; else what is wrong, and a hint.
pub(super) fn link(text: &str, context: &Context<'_>) -> Result<Uuid, (String, String)> {
    match (context.find)(text) {
        Link::One(id) => Ok(id),
        Link::None { near } if near.is_empty() => Err((
            format!("no handle begins with `{}`", show(text)),
            "handles are the letters beside each event; `\\^` is a plain ^".to_owned(),
        )),
        Link::None { near } => Err((
            format!("no handle begins with `{}`", show(text)),
            format!("did you mean {}?", carets(&near)),
        )),
        Link::Many(handles) => Err((
            format!("several handles begin with `{}`", show(text)),
            format!("write more letters: {}", carets(&handles)),
        )),
    }
}

fn carets(handles: &[String]) -> String {
    let shown: Vec<String> = handles.iter().take(5).map(|h| format!("^{h}")).collect();
    shown.join(", ")
}

/// Takes WHEN and KIND; gives where the text begins.
fn take_head(
    line: &str,
    out: &mut Line,
    flags: &Flags,
    context: &Context<'_>,
    near: Option<Instant>,
) -> Result<usize, CaptureError> {
    let mut at = line.len() - line.trim_start().len();
    let blank = |at: usize| line.len() - line[at..].trim_start().len();
    let now = context.when();
    if flags.at.is_none() {
        if let Some(past) = escaped(&line[at..], |text| {
            when::leading_near(text, &now, near).is_some()
                || (flags.kind.is_none() && kind::looks_like(text))
        }) {
            out.marks.push((at..at + 1, Mark::Escape));
            return Ok(at + past);
        }
        if let Some(found) = when::leading_near(&line[at..], &now, near) {
            let (when, length) = found.map_err(|e| CaptureError::when(e, at))?;
            out.marks.push((at..at + length, Mark::When));
            out.when = Some(when);
            at = blank(at + length);
        } else if let Some(length) = when::missed(&line[at..], &now) {
            out.notices.push(format!(
                "`{}` was kept as text: a time stands first and has a time of day, such as `10:06` or `Aug 16 10:06`",
                show(&line[at..at + length])
            ));
        }
    }
    if flags.kind.is_some() {
        return Ok(at);
    }
    if let Some(past) = escaped(&line[at..], kind::looks_like) {
        out.marks.push((at..at + 1, Mark::Escape));
        return Ok(at + past);
    }
    match kind::head(&line[at..], at, context)? {
        Head::Kind(named, length) => {
            out.kind = Some(named.kind);
            out.closes = named.closes;
            out.audience = named.audience;
            out.marks.push((at..at + length, Mark::Kind));
            at = blank(at + length);
        }
        Head::Text(notice) => out.notices.extend(notice),
    }
    Ok(at)
}

/// Where `text` begins with backslashes before something `special`: past the first of them.
fn escaped(text: &str, special: impl Fn(&str) -> bool) -> Option<usize> {
    let behind = text.trim_start_matches('\\');
    (behind.len() < text.len() && special(behind)).then_some(1)
}
