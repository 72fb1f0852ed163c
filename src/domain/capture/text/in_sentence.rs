//! Whether a marker after a text is a word of its sentence.

use crate::domain::when::parse_time_box;

/// Says that a duration or a time of day at the end of a request without a time box is text.
pub(super) fn time_box_notice(text: &str) -> Option<String> {
    let text = text.trim_end_matches(['.', ',', ';', '!', '?', ')', ']']);
    let words: Vec<&str> = text.split_whitespace().collect();
    let last_words = |count: usize| words.get(words.len().checked_sub(count)?..);
    if let Some(deadline) = [2, 3].into_iter().filter_map(last_words).find(is_deadline) {
        return Some(kept_as_text(&deadline.join(" "), "5m"));
    }
    if let Some(length) = last_words(3).filter(is_spelled) {
        return Some(kept_as_text(&length.join(" "), "60m"));
    }
    let last = [1, 2].into_iter().find_map(|count| {
        let words = last_words(count)?.join(" ");
        let words = words.trim_start_matches(['(', '[', '~']);
        let is_split = || {
            let (count, unit) = words.split_once(' ')?;
            let is_unit = ["m", "h", "s"].contains(&unit);
            (is_unit && count.parse::<u32>().is_ok()).then_some(())
        };
        let is_length =
            parse_time_box(words).is_some() || is_split().is_some() || is_odd_length(words);
        is_length.then(|| words.to_owned())
    })?;
    let end = text.len() - last.len();
    let before = text.get(..end)?;
    let is_after_within = is_odd_length(&last) && ends_with_word(before, &["in", "within"]);
    if is_in_sentence(before) && !is_after_within {
        return None;
    }
    let within = if is_odd_length(&last) { "5m" } else { &last };
    Some(kept_as_text(&last, within))
}

/// True for `1h30`, `10-15m`, `0m`, `10 Minuten`.
fn is_odd_length(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &text[..text.len() - unit.len()];
    if !is_number(number) || unit.is_empty() {
        return false;
    }
    let is_short = |unit: &str| matches!(unit, "m" | "min" | "h");
    let is_of_minutes = unit.strip_prefix('h').is_some_and(is_number);
    let is_range = unit.strip_prefix(['-', '–']).is_some_and(|end| {
        let unit = end.trim_start_matches(|c: char| c.is_ascii_digit());
        unit.len() < end.len() && is_short(unit)
    });
    let is_foreign = matches!(unit.trim_start(), "Minuten" | "Min" | "Stunden" | "minutos");
    is_of_minutes || is_range || is_foreign || number == "0" && is_short(unit)
}

/// True for `in an hour`, `within the hour`.
fn is_spelled(words: &&[&str]) -> bool {
    let lower = words.join(" ").to_lowercase();
    matches!(&*lower, "in an hour" | "within an hour" | "within the hour")
}

fn kept_as_text(time: &str, within: &str) -> String {
    format!(
        "`{time}` was kept as text: a request is given a time by `5m` after the sentence, or `within {within}`"
    )
}

/// What a request may be due by, besides a time of day.
const DAY_WORDS: [&str; 6] = ["noon", "midnight", "today", "tonight", "tomorrow", "eod"];
/// What may stand behind the time of day.
const HALVES_AND_ZONES: [&str; 8] = ["am", "pm", "a.m", "p.m", "uhr", "utc", "cet", "et"];

/// True if `words` are a word such as `by` and a time of day or a day: `by 16:30`, `before 5 PM`, `by tomorrow`.
fn is_deadline(words: &&[&str]) -> bool {
    let [before, time @ ..] = *words else {
        return false;
    };
    let is_one_of = |word: &str, of: &[&str]| of.iter().any(|one| one.eq_ignore_ascii_case(word));
    if !is_one_of(before, &["by", "until", "till", "before"]) {
        return false;
    }
    match time {
        [word] => {
            let hour = ["am", "pm", "h", "z"]
                .iter()
                .find_map(|unit| word.strip_suffix(unit));
            is_one_of(word, &DAY_WORDS) || is_clock(word) || hour.is_some_and(is_hour)
        }
        [clock, unit] => (is_hour(clock) || is_clock(clock)) && is_one_of(unit, &HALVES_AND_ZONES),
        _ => false,
    }
}

fn is_hour(word: &str) -> bool {
    word.parse::<u8>().is_ok_and(|hour| hour < 24)
}

/// True if `word` is a time of day with minutes: `16:30`, `9.30`, `9h30`.
pub(super) fn is_clock(word: &str) -> bool {
    let parts = word.split_once([':', '.', 'h']);
    let is_minute =
        |word: &str| word.len() == 2 && word.parse::<u8>().is_ok_and(|minute| minute < 60);
    parts.is_some_and(|(hour, minute)| is_hour(hour) && is_minute(minute))
}

/// True if a time box after `text` is a word of its sentence: `the last 5m`, `in 5m`.
pub(in super::super) fn is_in_sentence(text: &str) -> bool {
    const WORDS: [&str; 20] = [
        "last", "past", "next", "first", "over", "about", "after", "least", "most", "only", "took",
        "takes", "lasted", "lasts", ">", "<", ">=", "<=", "=", "≥",
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

    #[rstest]
    #[case("check db 1h30")]
    #[case("check db 10-15m")]
    #[case("check db in an hour")]
    #[case("check db within the hour")]
    #[case("check db in 10 Minuten")]
    #[case("check db 0m")]
    fn length_that_is_no_time_box_is_said(#[case] text: &str) {
        assert!(time_box_notice(text).is_some(), "{text}");
    }

    #[rstest]
    #[case("which node had lag > 5m")]
    #[case("why the upload took 12m")]
    #[case("say why retention is only 5m")]
    #[case("ask the vendor about node-10")]
    #[case("restart web, then pay-db")]
    fn length_in_a_sentence_is_not_said(#[case] text: &str) {
        assert_eq!(time_box_notice(text), None, "{text}");
    }
}
