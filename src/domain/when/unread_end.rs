//! Ends of spans in forms that are not read: `10:35 to 1050`, `9:12 until now`, `9am - noon`, `9:12 ~ 10:20`,
//! `9:12 to about 10am`.

use super::{
    cursor::Cursor,
    moment::{ParsedTime, parse_time},
    other_time::{is_clock_of_four_digits, is_other_time},
    parse::parse_leading,
    span::{Join, Separator},
    types::TimeContext,
    zone_suffix::ABOUT_WORDS,
};

/// Times of day that are words.
const NOONS: [&str; 3] = ["noon", "midnight", "midday"];
/// Signs between the ends, where the end is not read behind them.
const SIGNS: [&str; 3] = ["...", "…", "~"];
/// Those that stand directly between two times.
const GLUED_SIGNS: [char; 3] = ['~', '…', '→'];

/// Returns the doubt about the time `first`, which ends at byte `after` of `text`, that what follows may be the end of its
/// span; `separator` is what joins them, if that may join the ends of one.
pub(super) fn doubt(
    text: &str,
    after: usize,
    separator: Option<Separator>,
    first: &ParsedTime<'_>,
    context: &TimeContext<'_>,
) -> Option<String> {
    let (join, next) = match separator {
        Some(Separator { join, next }) => (Some(join), next),
        None => {
            let trimmed = text[after..].trim_start_matches([' ', '\t']);
            let sign = SIGNS.iter().find(|sign| trimmed.starts_with(**sign))?;
            let end = trimmed[sign.len()..].trim_start_matches([' ', '\t']);
            (None, text.len() - end.len())
        }
    };
    let behind = &text[next..];
    let word = behind
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let typed = |end: usize| text[after..end].trim();
    if join == Some(Join::Word) && is_clock_of_four_digits(word) {
        return Some(format!(
            "`{}` after the time was kept as text; the end of a span is written with a colon: `{}:{}`",
            typed(next + word.len()),
            &word[..2],
            &word[2..]
        ));
    }
    // `9:12 - now web is down` goes on with the text.
    let is_now = word.eq_ignore_ascii_case("now")
        && (join == Some(Join::Word)
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

/// Length in bytes of two times that another sign than that of a span joins, with which `text` begins: `9am~10am`,
/// `-20m~-10m`, `0912Z→noon`.
pub(super) fn glued_len(text: &str, context: &TimeContext<'_>) -> Option<usize> {
    const MAX_LEN: usize = 24;
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return None;
    }
    let head = &text[..text.floor_char_boundary(MAX_LEN)];
    let (at, sign) = head.char_indices().find(|(_, c)| GLUED_SIGNS.contains(c))?;
    let first = head[..at].trim_end();
    let is_time = is_other_time(first)
        || matches!(parse_leading(first, context), Some(Ok((_, length))) if length == first.len());
    let end = at + sign.len_utf8();
    let mut cursor = Cursor::new(text, end);
    let second = cursor.take_while(|c| !c.is_whitespace());
    let is_end = second
        .trim_start_matches(['-', '~'])
        .starts_with(|c: char| c.is_ascii_digit())
        || NOONS.contains(&second)
        || second == "now";
    (is_time && is_end).then_some(cursor.position)
}
