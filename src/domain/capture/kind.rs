//! Parses the kind at the start of a line, or in a flag.

use super::{
    context::Context,
    error::{excerpt, flag_error},
    markers::NAME_QUOTES,
    mentions::eq_ignore_case,
    other_words::{
        LIFECYCLE_COMMANDS, command_text_notice, marked_kind_hint, missing_colon_hint,
        other_word_hint, several_words_hint, state_by_name,
    },
};
use crate::domain::{
    parse_error::ParseError,
    suggestion::{did_you_mean, nearest},
    words::{CAPTURE_KINDS, Kind},
};
use std::ops::Range;

/// Beginnings of kinds that are words themselves: not short for them.
const SHORT_WORDS: [&str; 4] = ["rest", "fact", "find", "ver"];

/// A kind as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParsedKind {
    pub kind: Kind,
    pub closes: bool,
    /// For `comms/WHOM`: the recipients.
    pub audience: Option<String>,
}

impl ParsedKind {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            closes: false,
            audience: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LineStart {
    /// A kind, and its length in bytes.
    Kind(ParsedKind, usize),
    /// Text, perhaps with a notice for the user.
    Text(Option<String>),
}

enum KindMatch {
    One(ParsedKind),
    Many(Vec<String>),
    Lifecycle(&'static str),
    None,
}

/// Returns the word before the first colon of `text` if it could be a kind, the length of both, and whether white
/// space or the end follows the colon. After a wide colon no space is needed.
fn leading_word(text: &str) -> Option<(&str, usize, bool)> {
    let colon = text
        .char_indices()
        .take(60)
        .find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '/')))?;
    let word = &text[..colon.0];
    if !matches!(colon.1, ':' | '：') || !word.starts_with(char::is_alphabetic) {
        return None;
    }
    let length = colon.0 + colon.1.len_utf8();
    let next = text[length..].chars().next();
    match next {
        Some('/' | ':') => None,
        next => {
            let is_spaced = colon.1 != ':' || next.is_none_or(char::is_whitespace);
            Some((word, length, is_spaced))
        }
    }
}

/// True if `text` begins with something that could be a kind.
pub(super) fn looks_like_kind(text: &str, context: &Context<'_>) -> bool {
    let text = &text[leading_dash_len(text)..];
    leading_word(text).is_some()
        || handoff_len(text).is_some()
        || alias_of_words(text, context).is_some()
}

/// The kind and the length of an alias of several words that `text` begins with: `root cause:`.
fn alias_of_words(text: &str, context: &Context<'_>) -> Option<(ParsedKind, usize)> {
    let is_several = |(alias, _): &(&String, &String)| alias.contains(' ');
    context
        .aliases
        .iter()
        .filter(is_several)
        .find_map(|(alias, kind)| {
            let head = text.get(..alias.len())?;
            let rest = text[alias.len()..].strip_prefix(':')?;
            let is_whole =
                eq_ignore_case(head, alias) && rest.chars().next().is_none_or(char::is_whitespace);
            let parsed_kind = exact_kind(&kind.to_lowercase())?;
            is_whole.then_some((parsed_kind, alias.len() + 1))
        })
}

/// Length of a leading dash with its spaces, as in `10:06 - fault: x`.
pub(super) fn leading_dash_len(text: &str) -> usize {
    let after_dash = text.strip_prefix(['-', '–', '—']).unwrap_or(text);
    let rest = after_dash.trim_start_matches(' ');
    if after_dash.len() < text.len() && rest.len() < after_dash.len() {
        text.len() - rest.len()
    } else {
        0
    }
}

/// Length of the word in `handoff @who`, which needs no colon.
fn handoff_len(text: &str) -> Option<usize> {
    const WORD: &str = "handoff";
    let rest = text
        .get(..WORD.len())
        .filter(|word| word.eq_ignore_ascii_case(WORD))
        .map(|_| &text[WORD.len()..])?;
    let after_spaces = rest.trim_start_matches([' ', '\t']);
    let parsed_kind = after_spaces
        .strip_prefix('@')
        .is_some_and(|w| w.starts_with(|c: char| c.is_alphanumeric() || NAME_QUOTES.contains(&c)));
    (parsed_kind && after_spaces.len() < rest.len()).then_some(WORD.len())
}

/// Parses the kind at the start of `text`, which begins at byte `at` of the line.
///
/// # Errors
/// If it is a lifecycle kind, which only a command writes.
pub(super) fn parse_line_start(
    text: &str,
    at: usize,
    context: &Context<'_>,
) -> Result<LineStart, ParseError> {
    if let Some(length) = handoff_len(text) {
        return Ok(LineStart::Kind(ParsedKind::new(Kind::Handoff), length));
    }
    let Some((word, length, spaced)) = leading_word(text) else {
        if let Some((parsed_kind, length)) = alias_of_words(text, context) {
            return Ok(LineStart::Kind(parsed_kind, length));
        }
        return Ok(LineStart::Text(
            several_words_hint(text)
                .or_else(|| missing_colon_hint(text))
                .or_else(|| command_text_notice(text))
                .or_else(|| marked_kind_hint(text, |word| is_full_word(word, context)))
                .or_else(|| misplaced_kind_hint(text, context)),
        ));
    };
    let found = match_kind(word, context);
    if !spaced && !is_full_word(word, context) {
        return Ok(LineStart::Text(None));
    }
    match found {
        KindMatch::One(parsed_kind) => Ok(LineStart::Kind(parsed_kind, length)),
        KindMatch::Lifecycle(hint) => Err(lifecycle_error(word, hint, at..at + length)),
        KindMatch::Many(words) => Ok(LineStart::Text(Some(format!(
            "`{}:` was kept as text: it may be short for {}",
            excerpt(word),
            join_choices(&words)
        )))),
        KindMatch::None => Ok(LineStart::Text(
            other_word_hint(word)
                .or_else(|| {
                    state_by_name(word).map(|state| {
                        format!("`{word}:` was kept as text; a state is written `!{state}`")
                    })
                })
                .or_else(|| {
                    suggest_kind(word, context).map(|suggestion| {
                        format!(
                            "`{}:` was kept as text; {}",
                            excerpt(word),
                            did_you_mean(&[format!("`{suggestion}:`")])
                        )
                    })
                })
                .or_else(|| misplaced_kind_hint(text, context)),
        )),
    }
}

/// Returns a notice if one of the first words, but not the first, is a kind with a colon.
fn misplaced_kind_hint(text: &str, context: &Context<'_>) -> Option<String> {
    const COMMON_WORDS: [&str; 2] = ["note", "done"];
    if text.contains(" done: ^") {
        let notice = "`done:` was kept as text: it closes a request at the beginning of a line";
        return Some(notice.to_owned());
    }
    let words = text.split(char::is_whitespace).filter(|w| !w.is_empty());
    let word = words
        .skip(1)
        .take(3)
        .filter_map(|word| word.strip_suffix(':'))
        .find(|word| {
            let is_common = COMMON_WORDS.iter().any(|h| h.eq_ignore_ascii_case(word));
            !is_common && is_full_word(word, context)
        })?;
    Some(format!(
        "`{}:` was kept as text: a kind goes first, or right after the time",
        excerpt(word)
    ))
}

/// Parses the value of `--kind`.
///
/// # Errors
/// If it is not a kind that can be typed.
pub(super) fn parse_kind_flag(
    value: &str,
    context: &Context<'_>,
) -> Result<ParsedKind, ParseError> {
    let word = value.trim();
    let word = word.strip_suffix(':').unwrap_or(word);
    match match_kind(word, context) {
        KindMatch::One(parsed_kind) => Ok(parsed_kind),
        KindMatch::Lifecycle(hint) => {
            let error = lifecycle_error(word, hint, 0..0);
            Err(flag_error("kind", error.message, error.hint))
        }
        KindMatch::Many(words) => Err(flag_error(
            "kind",
            format!(
                "`{}` may be short for {}",
                excerpt(word),
                join_choices(&words)
            ),
            "write one of them out",
        )),
        KindMatch::None => {
            let kinds: Vec<&str> = CAPTURE_KINDS.iter().map(Kind::as_str).collect();
            let suggestion = suggest_kind(word, context).map_or(String::new(), |suggestion| {
                did_you_mean(&[format!("`{suggestion}`")]) + " "
            });
            Err(flag_error(
                "kind",
                format!("`{}` is not a kind", excerpt(word)),
                format!("{suggestion}kinds are {}", kinds.join(", ")),
            ))
        }
    }
}

fn lifecycle_error(word: &str, hint: &str, range: Range<usize>) -> ParseError {
    ParseError::new(
        format!("`{}` is a command, not a kind of a line", excerpt(word)),
        format!("{hint}; a backslash before it makes it text"),
        range,
    )
}

fn join_choices(words: &[String]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}:`"))
        .collect::<Vec<_>>()
        .join(" or ")
}

/// True if `word` is a kind or an alias, not an abbreviation of one.
fn is_full_word(word: &str, context: &Context<'_>) -> bool {
    let lower = word.to_lowercase();
    let base = lower.split('/').next().unwrap_or_default();
    base == "done"
        || CAPTURE_KINDS.iter().any(|kind| kind.as_str() == base)
        || context.aliases.keys().any(|a| a.to_lowercase() == lower)
}

fn match_kind(word: &str, context: &Context<'_>) -> KindMatch {
    let lower = word.to_lowercase();
    if let Some(parsed_kind) = exact_kind(&lower) {
        return KindMatch::One(parsed_kind);
    }
    let alias = |wanted: &dyn Fn(&str) -> bool| {
        context
            .aliases
            .iter()
            .filter(|(alias, _)| wanted(&alias.to_lowercase()))
            .filter_map(|(alias, kind)| Some((alias.clone(), exact_kind(&kind.to_lowercase())?)))
            .collect::<Vec<_>>()
    };
    if let Some((_, parsed_kind)) = alias(&|a| a == lower).into_iter().next() {
        return KindMatch::One(parsed_kind);
    }
    if let Some((_, hint)) = LIFECYCLE_COMMANDS.iter().find(|(kind, _)| *kind == lower) {
        return KindMatch::Lifecycle(hint);
    }
    let (base, audience) = match lower.split_once('/') {
        Some((base, audience)) => (base, Some(audience)),
        None => (&*lower, None),
    };
    // `not:` is a keyword of decisions.
    if base.chars().count() < 3 || base == "not" {
        return KindMatch::None;
    }
    let with = |word: &str| match audience {
        Some(audience) => exact_kind(&format!("{word}/{audience}")),
        None => exact_kind(word),
    };
    let mut found: Vec<(String, ParsedKind)> = CAPTURE_KINDS
        .iter()
        .map(Kind::as_str)
        .chain(["done"])
        .filter(|kind| kind.starts_with(base))
        .filter_map(|kind| Some((kind.to_owned(), with(kind)?)))
        .collect();
    if audience.is_none() {
        found.extend(alias(&|a| a.starts_with(base)));
    }
    let Some((_, first)) = found.first() else {
        return LIFECYCLE_COMMANDS
            .iter()
            .find(|(kind, _)| base.len() > 3 && audience.is_none() && kind.starts_with(base))
            .map_or(KindMatch::None, |(_, hint)| KindMatch::Lifecycle(hint));
    };
    // `REST:` and `DEC:` are names of other things.
    let is_a_word = word == word.to_uppercase() || SHORT_WORDS.contains(&base);
    if !is_a_word && found.iter().all(|(_, parsed_kind)| parsed_kind == first) {
        return KindMatch::One(first.clone());
    }
    KindMatch::Many(found.into_iter().map(|(word, _)| word).collect())
}

/// The kind with exactly this lower-case name.
fn exact_kind(word: &str) -> Option<ParsedKind> {
    if word == "done" {
        return Some(ParsedKind {
            closes: true,
            ..ParsedKind::new(Kind::Note)
        });
    }
    let (base, audience) = match word.split_once('/') {
        Some((base, audience)) => (base, Some(audience)),
        None => (word, None),
    };
    let kind = CAPTURE_KINDS
        .iter()
        .find(|kind| kind.as_str() == base)?
        .clone();
    match (&kind, audience) {
        (_, None) => Some(ParsedKind::new(kind)),
        (Kind::Comms, Some(audience)) => Some(ParsedKind {
            audience: Some(canonical_audience(audience)?),
            ..ParsedKind::new(kind)
        }),
        _ => None,
    }
}

/// Normalises the name of an audience.
fn canonical_audience(word: &str) -> Option<String> {
    let fits = |c: char| c.is_alphanumeric() || c == '-';
    if word.is_empty() || !word.chars().all(fits) {
        return None;
    }
    Some(
        match word {
            "customer" => "customers",
            "exec" | "executives" => "execs",
            other => other,
        }
        .to_owned(),
    )
}

/// True if `audience` can be written after `comms/` and is parsed back unchanged.
pub(super) fn is_audience(audience: &str) -> bool {
    canonical_audience(audience).as_deref() == Some(audience)
        && audience.to_lowercase() == audience
        && audience.len() < 40
}

/// The kind or alias that was probably meant.
fn suggest_kind(word: &str, context: &Context<'_>) -> Option<String> {
    let known = CAPTURE_KINDS
        .iter()
        .map(Kind::as_str)
        .chain(["done", "why", "tell"])
        .chain(context.aliases.keys().map(String::as_str));
    if word.eq_ignore_ascii_case("not") {
        return Some("note".to_owned());
    }
    nearest(word.split('/').next()?, known)
        .filter(|suggestion| !suggestion.eq_ignore_ascii_case(word))
        .map(str::to_owned)
}
