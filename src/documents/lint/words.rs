//! Finds words and patterns in texts: by lists of English phrases and by their form.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

/// Returns the words of `text` in lower case, each preceded and followed by one space.
pub(super) fn normalize(text: &str) -> String {
    let mut out = String::from(" ");
    for word in text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '\u{2019}')) {
        if !word.is_empty() {
            out.push_str(&word.to_lowercase().replace('\u{2019}', "'"));
            out.push(' ');
        }
    }
    out
}

/// Returns the first of `phrases` that `text` contains as whole words, in any case.
pub(super) fn find_phrase<'a>(
    text: &str,
    phrases: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let words = normalize(text);
    let is_in_text = |phrase: &&str| match normalize(phrase) {
        // Of punctuation alone no word is left.
        none if none.trim().is_empty() => !phrase.trim().is_empty() && text.contains(phrase.trim()),
        phrase => words.contains(&phrase),
    };
    phrases.into_iter().find(is_in_text).map(str::to_owned)
}

/// True if `text` contains `found`, a match of a check, in any case; one of punctuation alone as it is.
pub(super) fn has_match(text: &str, found: &str) -> bool {
    let words = normalize(found);
    text.contains(found) || !words.trim().is_empty() && normalize(text).contains(&words)
}

/// Returns the sentences of `text`: a dot inside a word ends none.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut begin = 0;
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        if matches!(c, '.' | '!' | '?')
            && (after.is_empty() || after.starts_with(char::is_whitespace))
        {
            sentences.push(&text[begin..at + c.len_utf8()]);
            begin = at + c.len_utf8();
        }
    }
    sentences.push(&text[begin..]);
    sentences
}

/// Returns the words of `text` without surrounding punctuation.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .flat_map(|word| word.split(['(', ')', '"', ',', ';', '\u{201c}', '\u{201d}']))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'))
        .filter(|word| !word.is_empty())
}

/// The lists of `templates/lint-words.txt`: for each name its phrases.
fn lists() -> &'static BTreeMap<&'static str, Vec<&'static str>> {
    static LISTS: OnceLock<BTreeMap<&str, Vec<&str>>> = OnceLock::new();
    LISTS.get_or_init(|| {
        let mut lists: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut name = "";
        for line in include_str!("../../../templates/lint-words.txt").lines() {
            match line.trim() {
                "" => {}
                line if line.starts_with('#') => {}
                line => match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                    Some(list) => name = list,
                    None => lists.entry(name).or_default().push(line),
                },
            }
        }
        lists
    })
}

/// Returns the phrases of the list `name`; none if there is no such list.
pub(super) fn list(name: &str) -> impl Iterator<Item = &'static str> {
    lists().get(name).into_iter().flatten().copied()
}

/// Returns the first phrase of the list `name` that `text` contains as whole words, in any case.
pub(super) fn find_listed(text: &str, name: &str) -> Option<String> {
    find_phrase(text, list(name))
}

/// Splits `word`, a time of day such as `10:06` or `10:06:30Z`, into hour, minute and what follows the
/// minute's digits. `None` if it is none.
fn split_time(word: &str) -> Option<(u32, u32, &str)> {
    let (hour, rest) = word.split_once(':')?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let is_time = (1..=2).contains(&hour.len())
        && hour.bytes().all(|b| b.is_ascii_digit())
        && digits.len() == 2
        && digits.as_str() < "60";
    let hour = hour.parse().ok().filter(|hour| is_time && *hour < 24)?;
    Some((hour, digits.parse().ok()?, rest.get(2..)?))
}

fn time_word(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != ':')
}

/// Returns the times of day in `text`, as written, with hour and minute.
pub(super) fn times_of_day(text: &str) -> impl Iterator<Item = (&str, u32, u32)> {
    text.split_whitespace().map(time_word).filter_map(|word| {
        let (hour, minute, _) = split_time(word)?;
        Some((word, hour, minute))
    })
}

/// Returns the first time of day in `text` without a zone.
pub(super) fn find_time_without_zone(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    for (i, word) in words.iter().enumerate() {
        let word = time_word(word);
        let Some((_, _, rest)) = split_time(word) else {
            continue;
        };
        let mut tail = rest;
        if let Some(seconds) = tail.strip_prefix(':') {
            tail = seconds.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        let is_am_or_pm = |w: &str| {
            let w = w.to_lowercase().replace('.', "");
            w == "am" || w == "pm"
        };
        if tail.starts_with(['Z', '+', '-']) && tail.len() != 1 || tail == "Z" {
            continue;
        }
        let mut next = i + 1;
        // In `10:06 to 13:26 EDT` the zone is that of both times.
        if words
            .get(next)
            .is_some_and(|w| matches!(*w, "to" | "and" | "until" | "till" | "-" | "\u{2013}"))
            && words.get(next + 1).is_some_and(|w| w.contains(':'))
        {
            next += 2;
        }
        if words
            .get(next)
            .is_some_and(|w| is_am_or_pm(w.trim_end_matches([',', ';'])))
        {
            next += 1;
        }
        if !words.get(next).is_some_and(|w| looks_like_zone(w)) {
            return Some(word.to_owned());
        }
    }
    None
}

fn looks_like_zone(word: &str) -> bool {
    let word = word.trim_matches(|c: char| "().,;:!?\"".contains(c));
    let letters = word.chars().take_while(char::is_ascii_uppercase).count();
    (2..=5).contains(&letters) && word[letters..].chars().all(|c| "+-:0123456789".contains(c))
        || word.split_once('/').is_some_and(|(area, place)| {
            area.starts_with(char::is_uppercase) && place.starts_with(char::is_uppercase)
        })
}

/// Returns the first word that looks like a host name, or is in `services` (internal names in lower
/// case).
pub(super) fn find_host_name<'t>(text: &'t str, services: &BTreeSet<String>) -> Option<&'t str> {
    const INSIDE: [&str; 8] = [
        ".internal",
        ".local",
        ".lan",
        ".corp",
        ".intra",
        ".localdomain",
        ".svc",
        ".prod",
    ];
    tokens(text).find(|word| {
        if word.contains("://") || word.contains('@') {
            return false;
        }
        let stem = word.strip_suffix("'s").unwrap_or(word);
        let numbered = stem.rsplit_once('-').is_some_and(|(name, number)| {
            !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        });
        let lower = stem.to_lowercase();
        let machine = lower.matches('.').count() >= 2
            && lower
                .split('.')
                .next()
                .is_some_and(|label| label.contains(|c: char| c.is_ascii_digit()))
            && lower.contains(|c: char| c.is_ascii_alphabetic())
            && lower
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
        numbered
            || machine
            || INSIDE.iter().any(|end| lower.ends_with(end))
            || services.contains(&lower)
    })
}

/// Returns the first IP address or mail address.
pub(super) fn find_address(text: &str) -> Option<&str> {
    tokens(text).find(|word| {
        let host = word.split([':', '/']).next().unwrap_or_default();
        let parts: Vec<&str> = host.split('.').collect();
        let v4 = parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok());
        let v6 = word.parse::<std::net::Ipv6Addr>().is_ok();
        let mail = word
            .split_once('@')
            .is_some_and(|(who, at)| !who.is_empty() && at.contains('.'));
        v4 || v6 || mail
    })
}

/// Returns the first word that looks like a secret.
pub(super) fn find_secret(text: &str) -> Option<&str> {
    const BEGINNINGS: [&str; 12] = [
        "ghp_",
        "gho_",
        "github_pat_",
        "glpat-",
        "AKIA",
        "ASIA",
        "xoxb-",
        "xoxp-",
        "sk-",
        "sk_live_",
        "eyJ",
        "AIza",
    ];
    let words = || {
        text.split_whitespace()
            .map(|w| w.trim_matches(|c: char| "\"'`,;()".contains(c)))
    };
    let has_secret_prefix = |word: &str| {
        let lower = word.to_lowercase();
        [
            "password=",
            "password:",
            "passwd=",
            "token=",
            "secret=",
            "api_key=",
            "apikey=",
        ]
        .iter()
        .any(|begin| lower.starts_with(begin))
    };
    words().find(|word| {
        let known = BEGINNINGS.iter().any(|b| word.starts_with(b)) && word.len() >= 16;
        let random = word.len() >= 24
            && !word.contains("://")
            && word
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b))
            && word.bytes().filter(u8::is_ascii_digit).count() >= 4
            && word.bytes().any(|b| b.is_ascii_alphabetic());
        known || random || has_secret_prefix(word) || word.contains("-----BEGIN")
    })
}

/// Returns the first of `people` whose name is in `text`, as written or with a capital letter. A name
/// that is also a word counts only with a capital letter and not at the start of a sentence.
pub(super) fn find_person<'p>(text: &str, people: &'p BTreeSet<String>) -> Option<&'p str> {
    people.iter().map(String::as_str).find(|name| {
        let mut letters = name.chars();
        let capitalized: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(letters)
            .collect();
        let mut sentence_start = true;
        text.split_whitespace().any(|raw_word| {
            let first = sentence_start;
            sentence_start = raw_word.ends_with(['.', '!', '?', ':']);
            let word = raw_word.trim_matches(|c: char| !c.is_alphanumeric());
            let word = word.strip_suffix("'s").unwrap_or(word);
            if list("names that are words").any(|word| word == name.to_lowercase()) {
                return word == capitalized && !first;
            }
            word == *name || word == capitalized
        })
    })
}

/// Returns why `text`, a follow-up action, does not begin with a verb; `None` if it seems to.
pub(super) fn missing_verb_reason(text: &str) -> Option<&'static str> {
    let mut words = tokens(text);
    let first = words.next()?.to_lowercase();
    if words.next().is_none() {
        return Some("one word is not enough: begin with a verb, and name what is to change");
    }
    let noun = ["tion", "ment", "ness", "ity"]
        .iter()
        .any(|end| first.len() > end.len() + 3 && first.ends_with(end))
        && list("verbs like nouns").all(|verb| verb != first);
    (noun || list("no verbs").any(|word| word == first))
        .then_some("it does not begin with a verb, such as `add` or `alert`")
}
