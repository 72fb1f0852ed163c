//! Finds the tokens of a text that look like markers. The decision depends on their form alone, so
//! that parsing agrees with what [`super::format_line`] escapes in any context.

use super::verbatim::verbatim_len;
use crate::domain::{
    task::TaskType,
    when::parse_time_box,
    words::{Kind, State},
};
use std::ops::Range;

/// What a line is of; it decides which markers it can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineType {
    Event,
    /// An event of the kind `ask`, which can have a time box.
    Ask,
    /// A task for after the incident.
    FollowUp,
}

impl LineType {
    pub(super) fn of_event(kind: &Kind) -> Self {
        match kind {
            Kind::Ask => Self::Ask,
            _ => Self::Event,
        }
    }
}

/// A marker of a follow-up alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowUpMarker {
    /// `prevent:`.
    Type(TaskType),
    /// `due`, before a time.
    Due,
    /// `since`, before a time.
    Since,
    /// `ticket`, before its number.
    Ticket,
    /// `prevents`.
    Prevents,
    /// `shortens`.
    Shortens,
}

/// The form of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerShape<'t> {
    /// `@name`, or `@"name"`, which may have spaces: the name alone.
    At(&'t str),
    /// `#tag`, or `#4412`.
    Hash(&'t str),
    /// `!state`.
    Bang(&'t str),
    /// `^handle`.
    Caret(&'t str),
    /// `why:`.
    Why,
    /// `not:`.
    Not,
    /// `tell:`.
    Tell,
    /// `5m`: a time box, in seconds.
    TimeBox(i64),
    FollowUp(FollowUpMarker),
}

/// A token that looks like a marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkerToken<'t> {
    /// Includes the backslashes before it.
    pub range: Range<usize>,
    pub backslashes: usize,
    pub shape: MarkerShape<'t>,
    /// True after white space or at the start of the text; false after a bracket or a quote, or if
    /// it continues a list (`@api,@web`).
    pub starts_word: bool,
}

/// Finds the known name of several words that a text begins with.
pub(super) type FullName<'f, 't> = &'f dyn Fn(&'t str, &'t str) -> Option<(&'t str, usize)>;

/// Returns the tokens of `text` that look like markers of a line of this type, in order; none inside code,
/// quotations and `$(...)`.
#[must_use]
pub fn find_markers(text: &str, line: LineType) -> Vec<MarkerToken<'_>> {
    find_markers_and_names(text, line, &|_, _| None)
}

/// Like [`find_markers`]; `full_name` gets the text behind an `@` and the name of one word there, and returns the
/// known name of several words that the text begins with, and its length.
pub(super) fn find_markers_and_names<'t>(
    text: &'t str,
    line: LineType,
    full_name: FullName<'_, 't>,
) -> Vec<MarkerToken<'t>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    // The character before: white space, an opening bracket or quote, or part of a word.
    let mut before = Some(' ');
    // Where the next item of a list of markers would begin.
    let mut next_list_item = None;
    while let Some(c) = text[at..].chars().next() {
        let at_word_start = before.is_none_or(char::is_whitespace);
        let after_opening =
            before.is_some_and(|b| matches!(b, '(' | '[' | '{' | '"' | '\'' | '“' | '‘'));
        let continues_list = !at_word_start && next_list_item == Some(at);
        let emphasis = emphasis_before(text, at);
        if let Some(length) = verbatim_len(&text[at..], at_word_start || after_opening) {
            at += length;
            before = text[..at].chars().next_back();
            continue;
        }
        if at_word_start || after_opening || continues_list || emphasis.is_some() {
            let backslashes = text[at..].bytes().take_while(|b| *b == b'\\').count();
            let start = at + backslashes;
            let next = &text[start..];
            let is_inside = continues_list || emphasis.is_some();
            let allowed = !is_inside || next.starts_with(['@', '#', '!', '^']);
            let shape = Some(next).filter(|_| allowed);
            let is_whole_word = at_word_start || continues_list;
            let found = shape.and_then(|t| match_marker(t, is_whole_word, line, full_name));
            if let Some((shape, length)) = found.map(|found| without_emphasis(found, emphasis)) {
                let end = start + length;
                next_list_item = next_of_list(&text[end..]).map(|length| end + length);
                tokens.push(MarkerToken {
                    range: at..end,
                    backslashes,
                    shape,
                    starts_word: at_word_start,
                });
                before = text[..end].chars().next_back();
                at = end;
                continue;
            }
            if backslashes > 0 {
                before = Some('\\');
                at = start;
                continue;
            }
        }
        before = Some(c);
        at += c.len_utf8();
    }
    tokens
}

/// How far behind a marker the next one of its list begins, in `after`, what follows the marker: behind `,`, and behind
/// nothing (`@web!down`) or an arrow and the like (`@web:!down`, `@ann->@raj`) where a marker is there.
fn next_of_list(after: &str) -> Option<usize> {
    const MAX_JOIN: usize = 3;
    if after.starts_with([',', '/', '+', '&', ';']) {
        return Some(1);
    }
    let next = after.trim_start_matches(JOINS);
    let join = &after[..after.len() - next.len()];
    let marker = next.trim_start_matches('\\');
    let is_marker = match marker.strip_prefix('!') {
        Some(state) => leading_state(state).is_some(),
        None => !join.is_empty() && marker.starts_with('@'),
    };
    (is_marker && join.chars().count() <= MAX_JOIN).then_some(join.len())
}

/// What may join a service to its state, or a name to another.
pub(super) const JOINS: [char; 12] = [':', '=', '-', '–', '—', '>', '→', '⇒', '➔', '➜', '.', '~'];

/// The mark of Markdown, `*` or `_`, directly before byte `at` of `text`, if a run of it begins a word there: the `**` of
/// `**@web**`.
fn emphasis_before(text: &str, at: usize) -> Option<char> {
    let before = &text[..at];
    let mark = before.chars().next_back().filter(|c| "*_".contains(*c))?;
    let run = before.trim_end_matches(mark);
    let is_start = run
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || "([{*_".contains(c));
    is_start.then_some(mark)
}

/// The marker without the `_` of an emphasis, which a name may have as well, at its end: `_@web_`.
fn without_emphasis<'t>(
    (shape, length): (MarkerShape<'t>, usize),
    emphasis: Option<char>,
) -> (MarkerShape<'t>, usize) {
    let (MarkerShape::At(name) | MarkerShape::Hash(name)) = shape else {
        return (shape, length);
    };
    let bare = name.trim_end_matches('_');
    // Not of a name in quotes.
    let is_inside = emphasis == Some('_') && length == name.len() + 1;
    match shape {
        MarkerShape::At(_) if is_inside => (MarkerShape::At(bare), bare.len() + 1),
        MarkerShape::Hash(_) if is_inside => (MarkerShape::Hash(bare), bare.len() + 1),
        _ => (shape, length),
    }
}

/// The marker that `text` begins with, and its length.
fn match_marker<'t>(
    text: &'t str,
    at_word_start: bool,
    line: LineType,
    full_name: FullName<'_, 't>,
) -> Option<(MarkerShape<'t>, usize)> {
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    match first {
        '@' => match quoted_name(rest) {
            // The quotes are not part of the name.
            Some((name, length)) => Some((MarkerShape::At(name), 1 + length)),
            None => {
                let first = leading_name(rest)?;
                let (name, length) = full_name(rest, first).unwrap_or((first, first.len()));
                Some((MarkerShape::At(name), 1 + length))
            }
        },
        _ if line == LineType::FollowUp => {
            let length = text.find(char::is_whitespace).unwrap_or(text.len());
            let shape = Some(&text[..length]).filter(|_| at_word_start);
            Some((follow_up_marker(shape?)?, length))
        }
        '#' => leading_name(rest).map(|n| (MarkerShape::Hash(n), 1 + n.len())),
        '!' if !at_word_start => {
            leading_state(rest).map(|word| (MarkerShape::Bang(word), 1 + word.len()))
        }
        '!' | '^' if at_word_start => {
            let word = leading_word(rest, ".,;:)?!")?;
            let shape = if first == '!' {
                MarkerShape::Bang(word)
            } else {
                MarkerShape::Caret(word)
            };
            Some((shape, 1 + word.len()))
        }
        _ if !at_word_start => None,
        '0'..='9' if line == LineType::Ask => time_box(text),
        'w' | 'i' if line == LineType::Ask && after_within(text).is_some() => time_box(text),
        't' | 'w' | 'n' => [
            ("tell:", MarkerShape::Tell),
            ("why:", MarkerShape::Why),
            ("not:", MarkerShape::Not),
        ]
        .into_iter()
        .find(|(word, _)| {
            text.strip_prefix(word)
                .is_some_and(|t| t.chars().next().is_none_or(char::is_whitespace))
        })
        .map(|(word, shape)| (shape, word.len())),
        _ => None,
    }
}

fn follow_up_marker(word: &str) -> Option<MarkerShape<'static>> {
    let marker = match word {
        "tell:" => return Some(MarkerShape::Tell),
        "due" => FollowUpMarker::Due,
        "since" => FollowUpMarker::Since,
        "ticket" => FollowUpMarker::Ticket,
        "prevents" => FollowUpMarker::Prevents,
        "shortens" => FollowUpMarker::Shortens,
        word => FollowUpMarker::Type(word.strip_suffix(':')?.parse().ok()?),
    };
    Some(MarkerShape::FollowUp(marker))
}

/// What a time box may begin with. Before two spaces it is a word of the sentence.
const WITHIN: [&str; 2] = ["within", "in"];
/// A valid time box is never longer, in bytes.
const MAX_TIME_BOX: usize = 32;

/// Returns what follows one of [`WITHIN`] and one space.
fn after_within(text: &str) -> Option<&str> {
    let mut rest = WITHIN
        .iter()
        .find_map(|word| text.strip_prefix(word))?
        .chars();
    rest.next().filter(|c| c.is_whitespace())?;
    Some(rest.as_str())
}

/// The time box that `text` begins with, `10m`, `1h 30m`, `within 10 min` or `in 10 min`, and its length.
fn time_box(text: &str) -> Option<(MarkerShape<'_>, usize)> {
    let duration = after_within(text)
        .filter(|duration| !duration.starts_with(char::is_whitespace))
        .unwrap_or(text);
    let is_short = |words: &str| {
        let mut words = words.split(char::is_whitespace);
        words.all(|word| parse_time_box(word).is_some())
    };
    let ends = duration
        .match_indices(char::is_whitespace)
        .map(|(at, _)| at)
        .chain([duration.len()])
        .take_while(|end| *end <= MAX_TIME_BOX);
    let (seconds, length) = ends
        .filter(|end| duration.len() < text.len() || is_short(&duration[..*end]))
        .filter_map(|end| Some((parse_time_box(&duration[..end])?, end)))
        .last()?;
    Some((
        MarkerShape::TimeBox(seconds),
        text.len() - duration.len() + length,
    ))
}

/// The word of letters, digits, `-` and `_` that `text` begins with, before white space, one of `closing` or the
/// marker of a state.
fn leading_word<'t>(text: &'t str, closing: &str) -> Option<&'t str> {
    let length = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
        .unwrap_or(text.len());
    let word = text[..length].trim_end_matches(['-', '_']);
    let after = &text[word.len()..];
    let ends = after.starts_with("/!")
        || after
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || closing.contains(c));
    (ends && word.starts_with(char::is_alphabetic)).then_some(word)
}

/// The name of a state that `text` begins with.
pub(super) fn leading_state(text: &str) -> Option<&str> {
    leading_word(text, ".,;:)]}>?!*_\"'”’`").filter(|word| word.parse::<State>().is_ok())
}

/// The double quotes in which a name of several words may stand, as typed and as word processors and phones
/// write them.
pub const NAME_QUOTES: [char; 4] = ['"', '“', '”', '„'];

/// The name of several words in double quotes that `text` begins with, and its length with the quotes.
fn quoted_name(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix(NAME_QUOTES)?;
    let (name, rest) = inside.split_once(NAME_QUOTES)?;
    is_quotable(name).then_some((name, text.len() - rest.len()))
}

/// True if `text` is a name of several words, which can be written after `@` in double quotes.
pub(super) fn is_quotable(text: &str) -> bool {
    let words = || text.split(|c: char| c.is_whitespace() && c != '\n');
    let is_part = |word: &str| {
        let inside = |c: char| c.is_alphanumeric() || "-_./'’".contains(c);
        !word.is_empty() && word.chars().all(inside)
    };
    words().nth(1).is_some()
        && text.len() <= MAX_QUOTED_BYTES
        && text.starts_with(char::is_alphanumeric)
        && words().all(is_part)
}

/// The longest name in quotes.
const MAX_QUOTED_BYTES: usize = 64;

/// The leading name of `text`: letters, digits, and `-_./` inside it.
fn leading_name(text: &str) -> Option<&str> {
    let length = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/')))
        .unwrap_or(text.len());
    let name = text[..length].trim_end_matches(['-', '.', '/']);
    name.starts_with(char::is_alphanumeric).then_some(name)
}

/// True if `text` can be written after `@` or `#` and is parsed back whole.
pub(super) fn is_name(text: &str) -> bool {
    leading_name(text) == Some(text)
}

/// Words of programs behind a `#`.
const DIRECTIVES: [&str; 8] = [
    "define", "undef", "include", "ifdef", "ifndef", "elif", "endif", "pragma",
];

/// True if `#text` is a tag: a name that does not begin with a digit, as in `#4412` and `#5xx`, and is no `#define`.
pub(super) fn is_tag(text: &str) -> bool {
    is_name(text) && !text.starts_with(char::is_numeric) && !DIRECTIVES.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("@online-db halted", "@online-db")]
    #[case("(see @online-db.)", "@online-db")]
    #[case("a@b.example", "")]
    #[case("C# and F#", "")]
    #[case("#4412 and #storage, #a/b.", "#4412 #storage #a/b")]
    #[case("wow! a != b !down", "!down")]
    #[case("!down, !important; #!/bin/sh !/x !foo(bar)", "!down !important")]
    #[case("2^10 ^kvn ^C", "^kvn ^C")]
    #[case("tell: x, Why: y why: z pretell: why:x", "tell: why:")]
    #[case("\\@x \\\\#y \\z \\\\", "\\@x \\\\#y")]
    #[case("in 5m, 5m 1h30m 5 m", "5m 1h30m")]
    #[case("1h 30m x within 5 minutes y", "1h 30m within 5 minutes")]
    #[case("@api+@web @a&@b;@c d+@e", "@api @web @a @b @c")]
    #[case("(!down) @web!down x!down (!foo)", "!down @web !down")]
    #[case("!down/!degraded !down/x", "!down !degraded")]
    #[case(
        "@a:!down @b->!ok @c→!down @d-!ok @e.!down",
        "@a !down @b !ok @c !down @d !ok @e !down"
    )]
    #[case("@a=!down @b->@c @d→@e _!down_ _!ok_x", "@a !down @b @c @d @e !down")]
    #[case("@a: @b @c:!no @d----!down @e->x", "@a @b @c @d @e")]
    #[case("**@web** and *#net*, _@pay_api_ __@db__", "@web #net @pay_api @db")]
    #[case("**!down** **\\@web** (*@web*) ***@web***", "!down \\@web @web @web")]
    #[case("a*@web 2**@b x_@web **5m** **tell:** *", "")]
    #[case("@api,@web @a/@b #x,#y, #z", "@api @web @a @b #x #y #z")]
    #[case("@api,!down,^kvn @api,why: @api,5m", "@api !down ^kvn @api @api")]
    #[case("a,@b \\@api,\\@web", "\\@api \\@web")]
    #[case("ran `kill @x !down` on #y", "#y")]
    #[case("said \"ask @ann #4\" to @bo", "@bo")]
    #[case("at $(date +%s) !down, $( #x", "!down #x")]
    #[case("${@web} and ${ @db", "@db")]
    #[case(
        "1h\u{a0}30m within\u{a0}5\u{a0}min in\u{202f}5 min",
        "1h\u{a0}30m within\u{a0}5\u{a0}min in\u{202f}5 min"
    )]
    #[case("@\"Ann\u{a0}Lee\" x", "@\"Ann\u{a0}Lee\"")]
    #[case(
        "(@\"Ann Lee\") @\"Zoë O’Brien-Ó\", @\"\" @\"x\" @\"a  b\" @\"a b",
        "@\"Ann Lee\" @\"Zoë O’Brien-Ó\""
    )]
    #[case("go @“Ann Lee” now, @„Ann Lee“ @“x”", "@“Ann Lee” @„Ann Lee“")]
    fn markers_are_recognized_by_form(#[case] text: &str, #[case] found: &str) {
        let pieces: Vec<&str> = find_markers(text, LineType::Ask)
            .into_iter()
            .map(|p| &text[p.range])
            .collect();
        assert_eq!(pieces.join(" "), found, "{text}");
    }
}
