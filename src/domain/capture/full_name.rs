//! Names of several words behind an `@` without quotes: `@Mia Wong`, where she is known.

use super::{
    context::Context,
    error::excerpt,
    markers::{MarkerShape, MarkerToken, NAME_QUOTES},
    mentions::{self, Mention},
};

/// Returns the known person of several words whose name the text behind an `@` begins with, and the length of the name
/// there. A known service of one word stays one before a word in small letters.
pub(super) fn leading_full_name<'n>(
    text: &'n str,
    first: &str,
    context: &'n Context<'_>,
) -> Option<(&'n str, usize)> {
    let next = text.strip_prefix(first)?.trim_start_matches(is_blank);
    let is_spaced = next.len() < text.len() - first.len();
    let begins_word = next.starts_with(char::is_alphanumeric);
    if !is_spaced || !begins_word || context.people_are_unlikely(first, next) {
        return None;
    }
    let renamed = context.renames.renamed_people();
    let known = context.people().iter().map(String::as_str).chain(renamed);
    known
        .filter_map(|name| Some((name, spelt_len(name, text)?)))
        .max_by_key(|(_, length)| *length)
}

/// Says how far the name of a person was read, where it may be shorter (`@Mia` of `@Mia Wong`, and both are known) or
/// longer (`@Mia Wong`, and she is not known).
pub(super) fn name_notice(
    body: &str,
    token: &MarkerToken<'_>,
    mention: &Mention,
    context: &Context<'_>,
) -> Option<String> {
    let MarkerShape::At(name) = token.shape else {
        return None;
    };
    let typed = &body[token.range.start + 1..token.range.end];
    if typed.starts_with(NAME_QUOTES) {
        return None;
    }
    if let Some((first, _)) = name.split_once(' ') {
        let known = [&context.services[..], context.people()];
        let shorter = known
            .into_iter()
            .find_map(|known| mentions::canonical_name(first, known))?;
        return Some(format!(
            "`@{}` is the person of that name; @{} is known as well: `@{},` with a comma is that one",
            excerpt(typed),
            excerpt(&shorter),
            excerpt(&shorter)
        ));
    }
    let (Mention::Person(person) | Mention::Commander(person)) = mention else {
        return None;
    };
    let next = last_name(&body[token.range.end..])?;
    let is_name = name.starts_with(char::is_uppercase);
    is_name.then(|| {
        let (name, person) = (excerpt(name), excerpt(person));
        format!(
            "`@{name}` was read as {person}, and `{next}` as text: put a name of several words in quotes, `@\"{name} {next}\"`"
        )
    })
}

/// The word behind one space at the beginning of `text`, if it is written like a name: `Lee`, `O'Brien`.
fn last_name(text: &str) -> Option<&str> {
    let text = text.strip_prefix(' ')?;
    let inside = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’');
    let word = &text[..text.find(|c| !inside(c)).unwrap_or(text.len())];
    let mut letters = word.chars();
    let is_name = letters.next().is_some_and(char::is_uppercase)
        && letters
            .next()
            .is_some_and(|c| c.is_lowercase() || !c.is_alphabetic());
    is_name.then_some(word)
}

impl Context<'_> {
    /// True if `name` is that of a service, and `next`, what follows it, does not begin like a name: then the people need
    /// not be looked up.
    fn people_are_unlikely(&self, name: &str, next: &str) -> bool {
        !next.starts_with(char::is_uppercase)
            && mentions::canonical_name(self.name_of_now(name), &self.services).is_some()
    }
}

/// The length of `name`, which has several words, at the beginning of `text`, in any case and with any spaces between its
/// words; `None` if `text` does not begin with it, or the last word goes on.
fn spelt_len(name: &str, text: &str) -> Option<usize> {
    let mut rest = text;
    let mut words = name.split(' ');
    rest = after_word(words.next()?, rest)?;
    let mut has_several = false;
    for word in words {
        let next = rest.trim_start_matches(is_blank);
        if next.len() == rest.len() {
            return None;
        }
        rest = after_word(word, next)?;
        has_several = true;
    }
    let goes_on = |c: char| c.is_alphanumeric();
    let ends = match rest.strip_prefix(['_', '-', '.']) {
        Some(after) => !after.starts_with(goes_on),
        None => !rest.starts_with(goes_on),
    };
    (has_several && ends).then(|| text.len() - rest.len())
}

/// What follows `word` at the beginning of `text`.
fn after_word<'t>(word: &str, text: &'t str) -> Option<&'t str> {
    let length: usize = text
        .chars()
        .take(word.chars().count())
        .map(char::len_utf8)
        .sum();
    let (typed, rest) = text.split_at_checked(length)?;
    mentions::eq_ignore_case(typed, word).then_some(rest)
}

/// True for the spaces between the words of a name, which is on one line.
fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\n' && c != '\r'
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Mia Wong takes over", Some("Mia Wong"))]
    #[case("mia  WONG", Some("mia  WONG"))]
    #[case("Mia\u{a0}Wong's phone", Some("Mia\u{a0}Wong"))]
    #[case("Mia Wong, and", Some("Mia Wong"))]
    #[case("Mia Wong_ x", Some("Mia Wong"))]
    #[case("Mia Wong-Smith", None)]
    #[case("Mia Wonger", None)]
    #[case("Mia, Wong", None)]
    #[case("Mia\nWong", None)]
    #[case("Mia", None)]
    fn a_known_name_is_found_whatever_its_case_and_spaces(
        #[case] text: &str,
        #[case] found: Option<&str>,
    ) {
        assert_eq!(spelt_len("Mia Wong", text), found.map(str::len), "{text}");
    }

    #[test]
    fn a_name_of_one_word_is_none_of_several() {
        assert_eq!(spelt_len("mia", "mia"), None);
    }
}
