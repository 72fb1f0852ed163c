//! Ends of spans in forms that are not read: `10:35 to 1050`, `9:12 until now`, `9am - noon`, `9:12 ~ 10:20`,
//! `9:12 to about 10am`.

use super::{
    moment::{ParsedTime, parse_time},
    other_time::is_clock_of_four_digits,
    types::TimeContext,
    zone_suffix::ABOUT_WORDS,
};

/// Times of day that are words.
pub(super) const NOONS: [&str; 3] = ["noon", "midnight", "midday"];
/// Signs between the ends, where the end is not read behind them.
const SIGNS: [&str; 3] = ["...", "…", "~"];

/// What joins a time to the end of its span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Join {
    /// False for a dash between spaces, behind which the text may begin.
    pub is_word: bool,
    /// Offset at which the end begins.
    pub next: usize,
}

/// Returns the doubt about the time `first`, which ends at byte `after` of `text`, that what follows may be the end of its
/// span; `join` is what joins them, if that may join the ends of one.
pub(super) fn doubt(
    text: &str,
    after: usize,
    join: Option<Join>,
    first: &ParsedTime<'_>,
    context: &TimeContext<'_>,
) -> Option<String> {
    let next = match join {
        Some(join) => join.next,
        None => {
            let trimmed = text[after..].trim_start_matches([' ', '\t']);
            let sign = SIGNS.iter().find(|sign| trimmed.starts_with(**sign))?;
            let end = trimmed[sign.len()..].trim_start_matches([' ', '\t']);
            text.len() - end.len()
        }
    };
    let is_word = join.is_some_and(|join| join.is_word);
    let behind = &text[next..];
    let word = behind
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let typed = |end: usize| text[after..end].trim();
    if is_word && is_clock_of_four_digits(word) {
        return Some(format!(
            "`{}` after the time was kept as text; the end of a span is written with a colon: `{}:{}`",
            typed(next + word.len()),
            &word[..2],
            &word[2..]
        ));
    }
    // `9:12 - now web is down` goes on with the text.
    let is_now = word.eq_ignore_ascii_case("now")
        && (is_word
            || behind[word.len()..]
                .trim_start()
                .starts_with([':', ',', ')']));
    let is_noon = NOONS.iter().any(|noon| noon.eq_ignore_ascii_case(word));
    if join.is_some() && (is_now || is_noon) {
        return Some(format!(
            "`{}` after the time was kept as text; the end of a span is a time of day, as in `10:06-10:20`",
            typed(next + word.len())
        ));
    }
    let is_about = ABOUT_WORDS
        .iter()
        .any(|about| about.eq_ignore_ascii_case(word));
    let clock = match is_about {
        true => behind[word.len()..].trim_start_matches(['.', ' ', '\t']),
        false if join.is_none() => behind,
        false => return None,
    };
    if !clock.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let start = text.len() - clock.len();
    let (_, end) = parse_time(text, start, context, false).ok()??;
    Some(format!(
        "`{}` after the time was kept as text; a span is written with two dots: `{}..{}`",
        typed(end),
        first.typed.trim(),
        text[start..end].trim()
    ))
}
