//! Whether a marker after a text is a word of its sentence.

use crate::domain::when::parse_time_box;

/// Says that a duration at the end of a request without a time box is text.
pub(super) fn time_box_notice(text: &str) -> Option<String> {
    let text = text.trim_end_matches(['.', ',', ';', '!']);
    let words: Vec<&str> = text.split_whitespace().collect();
    let last = [1, 2].into_iter().find_map(|count| {
        let words = words.get(words.len().checked_sub(count)?..)?.join(" ");
        parse_time_box(&words).map(|_| words)
    })?;
    let end = text.len() - last.len();
    if text.get(..end).is_none_or(is_in_sentence) {
        return None;
    }
    Some(format!(
        "`{last}` was kept as text: a request is given a time by `5m` after the sentence, or `within {last}`"
    ))
}

/// True if a time box after `text` is a word of its sentence: `the last 5m`, `in 5m`.
pub(in super::super) fn is_in_sentence(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "last", "past", "next", "first", "over", "about", "after", "least", "most",
    ];
    cannot_end(text) || ends_with_word(text, &WORDS)
}

/// True if `text` ends with a word that no sentence ends with, and one space: the marker after it is
/// a word of the sentence. With two spaces it is not.
pub(in super::super) fn cannot_end(text: &str) -> bool {
    const WORDS: [&str; 71] = [
        "in",
        "on",
        "at",
        "to",
        "from",
        "of",
        "for",
        "with",
        "by",
        "and",
        "or",
        "the",
        "a",
        "an",
        "into",
        "onto",
        "via",
        "per",
        "between",
        "behind",
        "under",
        "against",
        "near",
        "is",
        "are",
        "was",
        "were",
        "than",
        "as",
        "but",
        "if",
        "when",
        "within",
        "without",
        "during",
        "including",
        "among",
        "every",
        "our",
        "its",
        "their",
        "your",
        "inside",
        "outside",
        "across",
        "beyond",
        "through",
        "off",
        "throughout",
        "toward",
        "towards",
        "upon",
        "except",
        "excluding",
        "unlike",
        "versus",
        "each",
        "either",
        "neither",
        "nor",
        "this",
        "these",
        "those",
        "my",
        "whose",
        "which",
        "where",
        "while",
        "has",
        "have",
        "had",
    ];
    ends_with_word(text, &WORDS)
}

/// True if `text` ends with one of `words` and one space.
fn ends_with_word(text: &str, words: &[&str]) -> bool {
    let is_space = |c: char| c.is_whitespace() && c != '\n';
    let Some(text) = text.strip_suffix(is_space) else {
        return false;
    };
    let start = text.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let last = &text[text.ceil_char_boundary(start)..];
    words.iter().any(|word| word.eq_ignore_ascii_case(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("errors within ", true)]
    #[case("errors within\u{a0}", true)]
    #[case("unlike ", true)]
    #[case("errors on  ", false)]
    #[case("errors on\n", false)]
    #[case("all is well ", false)]
    fn words_that_end_no_sentence_are_found(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(cannot_end(text), expected, "{text:?}");
    }
}
