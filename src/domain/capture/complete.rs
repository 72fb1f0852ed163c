//! Completes the word at the cursor of a capture line.

use super::{
    context::Context,
    markers::{is_name, is_quotable},
    mentions::eq_ignore_case,
    parse::parse,
    parsed_line::{Flags, MAX_LINE_BYTES},
};
use crate::domain::words::{CAPTURE_KINDS, Kind, State};
use std::ops::Range;

/// A completion of the word at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the line that it replaces.
    pub replace: Range<usize>,
    /// The replacement.
    pub text: String,
    /// `kind`, `state`, `service`, `person` or `tag`.
    pub category: &'static str,
}

/// Returns the completions of the word that ends at byte `cursor` of `line`, best first. Empty
/// inside customer wording, and if `cursor` is not a character boundary.
#[must_use]
pub fn complete(line: &str, cursor: usize, context: &Context<'_>) -> Vec<Completion> {
    let Some(before) = line.get(..cursor) else {
        return Vec::new();
    };
    if context.literal || before.len() > MAX_LINE_BYTES {
        return Vec::new();
    }
    let start = before
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_whitespace())
        .map_or(0, |(at, c)| at + c.len_utf8());
    let word = &before[start..];
    let end = line[cursor..]
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
        .map_or(line.len(), |at| cursor + at);
    let in_wording = context.allow_customer_wording
        && (before.contains(" tell: ") || before.trim_start().starts_with("tell: "));
    if in_wording {
        return Vec::new();
    }
    let completion = |with: String, what| Completion {
        replace: start..end,
        text: with,
        category: what,
    };
    let has_prefix = |whole: &str, typed: &str| {
        let mut letters = whole.chars();
        typed.chars().all(|t| {
            letters
                .next()
                .is_some_and(|w| w == t || eq_ignore_case(&w.to_string(), &t.to_string()))
        })
    };
    let complete_name = |sigil: char, typed: &str, names: &[String], what| -> Vec<Completion> {
        names
            .iter()
            .filter(|name| has_prefix(name, typed))
            .filter_map(|name| {
                let quoted = sigil == '@' && is_quotable(name);
                match (is_name(name), quoted) {
                    (true, _) => Some(completion(format!("{sigil}{name}"), what)),
                    (_, true) => Some(completion(format!("{sigil}\"{name}\""), what)),
                    _ => None,
                }
            })
            .collect()
    };
    if let Some(typed) = word.strip_prefix('!') {
        return State::ALL
            .iter()
            .rev()
            .filter(|state| has_prefix(state.as_str(), typed))
            .map(|state| completion(format!("!{state}"), "state"))
            .collect();
    }
    if let Some(typed) = word.strip_prefix('#') {
        return complete_name('#', typed, &context.tags, "tag");
    }
    if let Some(typed) = word.strip_prefix('@') {
        let mut found = complete_name('@', typed, &context.services, "service");
        if context.services.len() > 1 && has_prefix("all", typed) {
            found.push(completion("@all".to_owned(), "service"));
        }
        found.extend(complete_name('@', typed, context.people(), "person"));
        return found;
    }
    let letters = word.chars().all(char::is_alphabetic);
    if !letters || !is_kind_position(&before[..start], context) {
        return Vec::new();
    }
    // A colon that is already there is replaced with the word.
    let colon = usize::from(line[end..].starts_with(':'));
    CAPTURE_KINDS
        .iter()
        .map(Kind::as_str)
        .chain(["done"])
        .chain(context.aliases.keys().map(String::as_str))
        .filter(|kind| has_prefix(kind, word))
        .map(|kind| Completion {
            replace: start..end + colon,
            text: format!("{kind}:"),
            category: "kind",
        })
        .collect()
}

/// True if a kind may follow: `before` is empty, or a time and nothing else.
fn is_kind_position(before: &str, context: &Context<'_>) -> bool {
    if before.trim().is_empty() {
        return true;
    }
    parse(before, &Flags::default(), context).is_ok_and(|line| {
        line.when.is_some() && line.text.is_none() && line.kind.is_none() && line.tokens.len() == 1
    })
}
