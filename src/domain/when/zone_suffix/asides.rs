//! What stands behind a time, mostly in brackets, and is no zone: `(approx.)`, `(est.)`, `(+1)`, `(+1 day)`.

use crate::domain::when::cursor::Cursor;

/// Words that make the time behind them approximate, and the one before them in brackets.
pub(in crate::domain::when) const ABOUT_WORDS: [&str; 7] = [
    "about",
    "around",
    "approx",
    "approximately",
    "circa",
    "ca",
    "roughly",
];
/// Those that do only in brackets behind it.
const ESTIMATES: [&str; 5] = ["approximate", "est", "estimate", "estimated", "ish"];

/// Skips the `(approx.)` behind a time; returns whether it is there. `doubt` is set if it may be a zone: `(est)`, but
/// neither `(est.)` nor the zone `(EST)`.
pub(in crate::domain::when) fn skip_estimate(
    cursor: &mut Cursor<'_>,
    doubt: &mut Option<String>,
) -> bool {
    let saved = *cursor;
    let found = parse_estimate(cursor);
    if found.is_none() {
        *cursor = saved;
    }
    if found == Some("est") {
        *doubt = Some(
            "`(est)` was read as an estimate; the zone is written `EST`, without brackets"
                .to_owned(),
        );
    }
    found.is_some()
}

/// Parses ` (approx.)`; returns the word with its full stop, in lower case.
fn parse_estimate(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    cursor.skip_spaces();
    let close = match cursor.peek()? {
        '(' => ')',
        '[' => ']',
        _ => return None,
    };
    cursor.position += 1;
    let typed = cursor.take_word();
    let is_typed = |word: &&&str| word.eq_ignore_ascii_case(typed);
    let mut all = ABOUT_WORDS.iter().chain(&ESTIMATES);
    let word = all.find(is_typed).filter(|_| typed != "EST")?;
    let is_shortened = cursor.eat('.');
    let is_whole = cursor.eat(close);
    let sure = if is_shortened { "" } else { *word };
    is_whole.then_some(sure)
}

/// The `(+1)`, `(+1 day)` or `+1d` that `text` begins with, as itineraries mark the next day.
pub(super) fn next_day_mark(text: &str) -> Option<&str> {
    const UNITS: [&str; 6] = ["d", "day", "days", "Tag", "jour", "día"];
    let signed = text.trim_start_matches(['(', '[']);
    let is_enclosed = signed.len() + 1 == text.len();
    let number = signed.strip_prefix(['+', '-'])?;
    let behind = number.strip_prefix(|c: char| c.is_ascii_digit())?;
    let words = behind.trim_start_matches([' ', '-']);
    let unit = words
        .split(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    let after = &words[unit.len()..];
    let is_mark = match unit {
        "" => is_enclosed && words.len() == behind.len(),
        unit => UNITS.iter().any(|known| known.eq_ignore_ascii_case(unit)),
    };
    let length = text.len() - after.len();
    match is_enclosed {
        true => (is_mark && after.starts_with([')', ']'])).then(|| &text[..=length]),
        false => (is_mark && signed.len() == text.len()).then(|| &text[..length]),
    }
}
