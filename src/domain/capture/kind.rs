//! The kind that a line begins with, or that a flag names.

use super::{CaptureError, Context, show};
use crate::domain::{
    near::nearest,
    words::{KINDS, Kind},
};
use std::ops::Range;

/// The lifecycle's kinds, with the command that writes each.
const LIFECYCLE: [(&str, &str); 3] = [
    ("declare", "`bridgelog declare TITLE` begins an incident"),
    (
        "resolve",
        "`bridgelog resolve` ends the incident; `restore:` says that a service works again",
    ),
    ("reopen", "`bridgelog reopen` opens the incident again"),
];

/// What a kind's word says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub kind: Kind,
    /// True for `done`.
    pub closes: bool,
    /// To whom, of `comms/WHOM`.
    pub audience: Option<String>,
}

impl Named {
    fn of(kind: Kind) -> Self {
        Self {
            kind,
            closes: false,
            audience: None,
        }
    }
}

/// How a line begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// With a kind, which takes so many bytes.
    Kind(Named, usize),
    /// With text; perhaps there is something to tell about it.
    Text(Option<String>),
}

enum Found {
    One(Named),
    Many(Vec<String>),
    Lifecycle(&'static str),
    None,
}

/// The word before the first colon of `text`, where it could be that of a kind; and whether white
/// space, or the end, follows the colon.
fn word(text: &str) -> Option<(&str, bool)> {
    let colon = text
        .char_indices()
        .take(60)
        .find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '/')))?;
    let word = &text[..colon.0];
    if colon.1 != ':' || !word.starts_with(char::is_alphabetic) {
        return None;
    }
    let next = text[colon.0 + 1..].chars().next();
    match next {
        Some('/' | ':') => None,
        next => Some((word, next.is_none_or(char::is_whitespace))),
    }
}

/// True where `text` begins like something that could be a kind.
pub(super) fn looks_like(text: &str) -> bool {
    word(text).is_some() || handoff(text).is_some()
}

/// `handoff @who`, without a colon: how many bytes the word takes.
fn handoff(text: &str) -> Option<usize> {
    const WORD: &str = "handoff";
    let rest = text
        .get(..WORD.len())
        .filter(|word| word.eq_ignore_ascii_case(WORD))
        .map(|_| &text[WORD.len()..])?;
    let who = rest.trim_start_matches([' ', '\t']);
    let named = who
        .strip_prefix('@')
        .is_some_and(|w| w.starts_with(char::is_alphanumeric));
    (named && who.len() < rest.len()).then_some(WORD.len())
}

/// Reads the kind that `text` begins with; `at` is where that is in the line.
///
/// # Errors
/// Where it is one of the lifecycle's kinds, which are not typed.
pub(super) fn head(text: &str, at: usize, context: &Context<'_>) -> Result<Head, CaptureError> {
    if let Some(length) = handoff(text) {
        return Ok(Head::Kind(Named::of(Kind::Handoff), length));
    }
    let Some((word, spaced)) = word(text) else {
        return Ok(Head::Text(without_colon(text)));
    };
    let length = word.len() + 1;
    let found = find(word, context);
    if !spaced && !is_whole(word, context) {
        return Ok(Head::Text(None));
    }
    match found {
        Found::One(named) => Ok(Head::Kind(named, length)),
        Found::Lifecycle(hint) => Err(lifecycle(word, hint, at..at + length)),
        Found::Many(words) => Ok(Head::Text(Some(format!(
            "`{}:` was kept as text: it may be short for {}",
            show(word),
            list(&words)
        )))),
        Found::None => Ok(Head::Text(suggestion(word, context).map(|near| {
            format!(
                "`{}:` was kept as text; did you mean `{near}:`?",
                show(word)
            )
        }))),
    }
}

/// What to tell about a text whose first word is a kind, of those that seldom begin a sentence.
fn without_colon(text: &str) -> Option<String> {
    const SELDOM: [Kind; 11] = [
        Kind::Fault,
        Kind::Absorbed,
        Kind::Ack,
        Kind::Suspect,
        Kind::Finding,
        Kind::Decision,
        Kind::Verify,
        Kind::Mitigate,
        Kind::Restore,
        Kind::Comms,
        Kind::Handoff,
    ];
    let first = text.split(char::is_whitespace).next()?;
    let kind = SELDOM
        .iter()
        .find(|kind| kind.word().eq_ignore_ascii_case(first) && first.len() < text.len())?;
    Some(format!(
        "`{first}` was kept as text; did you mean `{kind}:`?"
    ))
}

/// Reads the value of `--kind`.
///
/// # Errors
/// Where it is no kind that can be typed.
pub(super) fn flag(value: &str, context: &Context<'_>) -> Result<Named, CaptureError> {
    let word = value.trim();
    let word = word.strip_suffix(':').unwrap_or(word);
    match find(word, context) {
        Found::One(named) => Ok(named),
        Found::Lifecycle(hint) => {
            let error = lifecycle(word, hint, 0..0);
            Err(CaptureError::flag("kind", error.message, error.hint))
        }
        Found::Many(words) => Err(CaptureError::flag(
            "kind",
            format!("`{}` may be short for {}", show(word), list(&words)),
            "write one of them out",
        )),
        Found::None => {
            let kinds: Vec<&str> = KINDS.iter().map(Kind::word).collect();
            let near = suggestion(word, context)
                .map_or(String::new(), |near| format!("did you mean `{near}`? "));
            Err(CaptureError::flag(
                "kind",
                format!("`{}` is not a kind", show(word)),
                format!("{near}kinds are {}", kinds.join(", ")),
            ))
        }
    }
}

fn lifecycle(word: &str, hint: &str, range: Range<usize>) -> CaptureError {
    CaptureError::new(
        format!("`{}` is a command, not a kind of a line", show(word)),
        format!("{hint}; a backslash before it makes it text"),
        range,
    )
}

fn list(words: &[String]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}:`"))
        .collect::<Vec<_>>()
        .join(" or ")
}

/// True for a word that is a kind or an alias as it stands, not shortened.
fn is_whole(word: &str, context: &Context<'_>) -> bool {
    let lower = word.to_lowercase();
    let base = lower.split('/').next().unwrap_or_default();
    base == "done"
        || KINDS.iter().any(|kind| kind.word() == base)
        || context.aliases.keys().any(|a| a.to_lowercase() == lower)
}

fn find(word: &str, context: &Context<'_>) -> Found {
    let lower = word.to_lowercase();
    if let Some(named) = exact(&lower) {
        return Found::One(named);
    }
    let alias = |wanted: &dyn Fn(&str) -> bool| {
        context
            .aliases
            .iter()
            .filter(|(alias, _)| wanted(&alias.to_lowercase()))
            .filter_map(|(alias, kind)| Some((alias.clone(), exact(&kind.to_lowercase())?)))
            .collect::<Vec<_>>()
    };
    if let Some((_, named)) = alias(&|a| a == lower).into_iter().next() {
        return Found::One(named);
    }
    if let Some((_, hint)) = LIFECYCLE.iter().find(|(kind, _)| *kind == lower) {
        return Found::Lifecycle(hint);
    }
    let (base, whom) = match lower.split_once('/') {
        Some((base, whom)) => (base, Some(whom)),
        None => (&*lower, None),
    };
    // `not:` is a part of a decision.
    if base.chars().count() < 3 || base == "not" {
        return Found::None;
    }
    let with = |word: &str| match whom {
        Some(whom) => exact(&format!("{word}/{whom}")),
        None => exact(word),
    };
    let mut found: Vec<(String, Named)> = KINDS
        .iter()
        .map(Kind::word)
        .chain(["done"])
        .filter(|kind| kind.starts_with(base))
        .filter_map(|kind| Some((kind.to_owned(), with(kind)?)))
        .collect();
    if whom.is_none() {
        found.extend(alias(&|a| a.starts_with(base)));
    }
    let Some((_, first)) = found.first() else {
        return LIFECYCLE
            .iter()
            .find(|(kind, _)| base.len() > 3 && whom.is_none() && kind.starts_with(base))
            .map_or(Found::None, |(_, hint)| Found::Lifecycle(hint));
    };
    if found.iter().all(|(_, named)| named == first) {
        return Found::One(first.clone());
    }
    Found::Many(found.into_iter().map(|(word, _)| word).collect())
}

/// The kind that is called exactly `word`, in lower case.
fn exact(word: &str) -> Option<Named> {
    if word == "done" {
        return Some(Named {
            closes: true,
            ..Named::of(Kind::Note)
        });
    }
    let (base, whom) = match word.split_once('/') {
        Some((base, whom)) => (base, Some(whom)),
        None => (word, None),
    };
    let kind = KINDS.iter().find(|kind| kind.word() == base)?.clone();
    match (&kind, whom) {
        (_, None) => Some(Named::of(kind)),
        (Kind::Comms, Some(whom)) => Some(Named {
            audience: Some(audience(whom)?),
            ..Named::of(kind)
        }),
        _ => None,
    }
}

/// One spelling for each audience.
fn audience(word: &str) -> Option<String> {
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

/// True where `whom` can be written behind `comms/` and be read back.
pub(super) fn is_audience(whom: &str) -> bool {
    audience(whom).as_deref() == Some(whom) && whom.to_lowercase() == whom && whom.len() < 40
}

/// The kind or alias that a word was most likely meant to be.
fn suggestion(word: &str, context: &Context<'_>) -> Option<String> {
    let known = KINDS
        .iter()
        .map(Kind::word)
        .chain(["done", "why", "tell"])
        .chain(context.aliases.keys().map(String::as_str));
    if word.eq_ignore_ascii_case("not") {
        return Some("note".to_owned());
    }
    nearest(word, known)
        .filter(|near| !near.eq_ignore_ascii_case(word))
        .map(str::to_owned)
}
