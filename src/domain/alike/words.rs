//! The words of a text as they are compared: stems, pairs of characters where a script has no spaces, and
//! groups of words that mean much the same.

use std::{collections::BTreeMap, sync::OnceLock};

/// Words that say nothing about what an incident is like. Source: the usual English function words, and the
/// words that most log lines have.
const STOP_WORDS: &str = "a about after again all also am an and any are as at be because been before being \
    both but by can cannot could did do does doing down during each few for from further get gets go goes \
    going got had has have having he her here him his how i if in into is it its itself just me more most \
    my near no nor not now of off on once one only or other our out over own per re s same seem seems she \
    should since so some still such t than that the their them then there these they this those through to \
    too two under until up very via was we were what when where which while who whom why will with would yet \
    you your incident issue problem alert alerts page paged pages pager monitoring looks looking see seen \
    seeing reports report reported says said first second many several new old min minutes minute hour hours \
    pct percent about around number nothing everything something start started starts begin began";

/// Endings that are taken away, the longest first.
const ENDINGS: [&str; 24] = [
    "ations", "ation", "ities", "ments", "ings", "ment", "ions", "ity", "ies", "ied", "ing", "ion",
    "ers", "ory", "ors", "er", "or", "ed", "es", "ly", "al", "s", "e", "y",
];
/// What stays of a word has at least so many letters.
const MIN_STEM: usize = 4;

/// What comes before a group in a token, so that it is no word.
const GROUP_SIGN: char = '=';

/// Returns the stem of `word`, which is in lower case: `expired`, `expires` and `expiry` have one.
#[must_use]
pub fn stem(word: &str) -> String {
    if !word.is_ascii() || word.bytes().any(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut stem = word;
    loop {
        let shorter = ENDINGS
            .iter()
            .filter_map(|ending| stem.strip_suffix(ending))
            .find(|rest| rest.len() >= MIN_STEM);
        match shorter {
            Some(rest) => stem = rest,
            None => return stem.to_owned(),
        }
    }
}

/// Returns the groups of `word_groups.txt`: for each stem its token.
fn groups() -> &'static BTreeMap<String, String> {
    static GROUPS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    GROUPS.get_or_init(|| {
        let mut groups = BTreeMap::new();
        let lines = include_str!("word_groups.txt").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            let Some(first) = words.next() else { continue };
            for word in words.chain([first]) {
                groups
                    .entry(stem(word))
                    .or_insert_with(|| format!("{GROUP_SIGN}{first}"));
            }
        }
        groups
    })
}

/// Returns the group of `stem`, if it is in one.
#[must_use]
pub fn group_of(stem: &str) -> Option<&'static str> {
    groups().get(stem).map(String::as_str)
}

/// Returns the stems in the group `token`; none for a token that is no group.
pub fn stems_in_group(token: &str) -> impl Iterator<Item = &'static str> {
    let members = groups().iter().filter(move |(_, group)| *group == token);
    members.map(|(stem, _)| stem.as_str())
}

/// True for a character of a script that puts no spaces between words.
#[must_use]
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_stop_word(word: &str) -> bool {
    static WORDS: OnceLock<std::collections::BTreeSet<&str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| STOP_WORDS.split_whitespace().collect());
    words.contains(word)
}

/// A number says nothing, unless it is a status code of the web.
fn is_plain_number(word: &str) -> bool {
    let is_status = word.len() == 3 && word.starts_with(['4', '5']);
    word.starts_with(|c: char| c.is_ascii_digit()) && !is_status && word != "5xx"
}

/// Returns the stems of the words of `text` that say something, in their order, repeated as they are.
#[must_use]
pub fn stems(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let word = word.to_lowercase();
        if word.chars().any(is_unspaced) {
            let letters: Vec<char> = word.chars().filter(|c| is_unspaced(*c)).collect();
            match letters.as_slice() {
                [only] => found.push(only.to_string()),
                letters => found.extend(letters.windows(2).map(|pair| pair.iter().collect())),
            }
            continue;
        }
        if word.chars().count() < 2 || is_plain_number(&word) || is_stop_word(&word) {
            continue;
        }
        found.push(stem(&word));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for forms in [
            &["expired", "expires", "expiry", "expiration"][..],
            &["deploy", "deployed", "deployment", "deploying"],
            &["certificate", "certificates"],
            &["query", "queries"],
        ] {
            let mut stems: Vec<String> = forms.iter().map(|word| stem(word)).collect();
            stems.dedup();
            assert_eq!(stems.len(), 1, "{stems:?}");
        }
    }

    #[test]
    fn words_that_say_nothing_are_left_out() {
        assert_eq!(
            stems("10:06 the TLS certificate of @api-7 has expired, 503 on 40%"),
            ["tls", "certificat", "api", "expir", "503"]
        );
        assert_eq!(stems("証明書が切れた")[..2], ["証明", "明書"]);
    }

    #[test]
    fn each_word_is_in_one_group_and_groups_are_found_by_any_form() {
        assert_eq!(group_of(&stem("certs")), Some("=certificate"));
        assert_eq!(group_of(&stem("resolvers")), Some("=dns"));
        assert_eq!(group_of("kangaroo"), None);
        let mut seen = std::collections::BTreeSet::new();
        let lines = include_str!("word_groups.txt").lines();
        for word in lines
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
        {
            assert!(seen.insert(word), "{word} is in two groups");
        }
        assert!(stems_in_group("=dns").any(|stem| stem == "nxdomain"));
    }
}
