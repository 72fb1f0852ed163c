//! Tells names from the text around them.

use super::{super::stamp::parse_stamp, noise::is_badge};
use crate::domain::words::CAPTURE_KINDS;

/// How many characters a name has at most.
pub(super) const MAX_NAME: usize = 80;
/// Words in the place of a name that are those of a program's log.
const LEVELS: [&str; 14] = [
    "trace", "debug", "info", "notice", "warn", "warning", "error", "err", "crit", "critical",
    "fatal", "alert", "emerg", "audit",
];

/// Returns the name and the text of `Ann Lee: text`.
pub(super) fn name_before_colon(text: &str) -> Option<(&str, &str)> {
    let (name, text) = text
        .split_once(": ")
        .or_else(|| Some((text.strip_suffix(':')?, "")))?;
    // The name that people gave themselves: `~ Ann`.
    let name = name.trim().trim_start_matches('~').trim_start();
    let is_short = name.chars().count() <= 40 && name.split_whitespace().count() <= 5;
    (is_phone_number(name) || is_short && is_name(name)).then_some((name, text.trim()))
}

/// True for `+49 151 2345678`, as `WhatsApp` names people who are not in the address book.
pub(super) fn is_phone_number(name: &str) -> bool {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_of_number = |c: char| c.is_ascii_digit() || c.is_whitespace() || "()-./".contains(c);
    (7..=15).contains(&digits)
        && name
            .strip_prefix('+')
            .is_some_and(|rest| rest.chars().all(is_of_number))
}

/// Returns the name without the mark that a client puts behind it.
pub(super) fn without_badge(name: &str) -> &str {
    match name.rsplit_once(char::is_whitespace) {
        // `Deploy Bot` is a name, `Deploy BOT` has a mark.
        Some((before, badge)) if is_badge(badge) && badge != "Bot" => before.trim_end(),
        _ => name,
    }
}

/// True for what may be a name: short, with a letter, and no sentence.
pub(super) fn is_name(name: &str) -> bool {
    let ends_sentence = name.ends_with(['!', '?', ':', ';', ',', '…']);
    let is_sentence = ends_sentence || name.ends_with(" at") || name.contains("://");
    !is_sentence
        && !name.starts_with(['#', '|', '-', '*', '>', '<', '[', '`', '"'])
        && name.chars().count() <= MAX_NAME
        && name.chars().any(char::is_alphabetic)
        && name.split_whitespace().count() <= 8
}

/// True for what is more likely a text than a name, where a text is awaited: a sentence, or what ends with a time.
pub(super) fn is_likely_text(name: &str) -> bool {
    const MAX_NICK_WORDS: usize = 2;
    let is_sentence = name.split_whitespace().count() > MAX_NICK_WORDS && !is_proper_name(name);
    let mut ends = name.match_indices(' ').map(|(at, _)| &name[at + 1..]);
    is_sentence || ends.any(|end| parse_stamp(end).is_some())
}

/// True for a name that is written as one: each word begins with a capital letter, but for `van`, `de`.
pub(super) fn is_proper_name(name: &str) -> bool {
    let is_capital = |word: &str| {
        word.chars()
            .any(|c| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()))
    };
    let words: Vec<&str> = name.split_whitespace().collect();
    is_name(name)
        && !name.ends_with('.')
        && words.len() <= 5
        && words
            .first()
            .is_some_and(|word| is_capital(word) || words.len() == 1)
        && words.iter().all(|word| is_capital(word) || word.len() <= 3)
}

/// True for the nick of a chat: one word.
pub(super) fn is_nick(nick: &str) -> bool {
    !nick.is_empty()
        && nick.len() <= 64
        && !nick.contains(|c: char| c.is_whitespace() || "<>:,;=\"".contains(c))
        && nick.chars().any(char::is_alphabetic)
}

/// True for a word that begins a line of ours or of a program's log, and is no name.
pub(super) fn is_kind_or_level(word: &str) -> bool {
    let word = word.to_lowercase();
    LEVELS.contains(&word.as_str()) || CAPTURE_KINDS.iter().any(|kind| kind.as_str() == word)
}
