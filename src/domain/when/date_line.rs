//! Parses a line that is a date and nothing else: it sets the day of the lines after it.

use super::{
    cursor::Cursor,
    day::{Day, parse_day},
    day_choice::{DayError, resolve_date},
    moment::parse_time,
    normalize::Normalized,
    other_day::{ends_with_day, foreign_weekday, is_other_day, short_weekday},
    types::{DayLine, TimeContext, truncate},
};
use crate::domain::{parse_error::ParseError, words::is_capture_kind};
use chrono::{Datelike as _, NaiveDate, Weekday};

/// Parses a line that consists of a date: `2012-08-16`, `Aug 16`, `16 Aug 2012`, `Thu`,
/// `yesterday`, `today`, also as a heading, in brackets or emphasised, with its weekday before or
/// after it, and behind words such as `Timeline for` or `Date:`. A day without a year is the one nearest to the day line before, else to the events of an
/// incident in the past, else the latest one that is not in the future. `None` if the line is something
/// else.
///
/// # Errors
/// `Some(Err)` if the line looks like a date but is not a valid one: `2026-13-01`, `16/08/2012`,
/// `tomorrow`; or if it says no year and may be of two.
#[must_use]
pub fn parse_date_line(
    text: &str,
    context: &TimeContext<'_>,
) -> Option<Result<NaiveDate, ParseError>> {
    parse_day_line(text, context).map(|parsed| parsed.map(|line| line.date))
}

/// Like [`parse_date_line`]; also says which day was assumed where the line leaves it open.
#[must_use]
pub fn parse_day_line(
    text: &str,
    context: &TimeContext<'_>,
) -> Option<Result<DayLine, ParseError>> {
    let normalized = Normalized::new(text);
    let text = undecorated(&normalized.text);
    if let Some(day) = parse_whole_day(text, context) {
        return Some(day);
    }
    if let Some(day) = after_headings(text).find_map(|(heading, rest)| {
        let is_sure = heading.has_noun || rest.contains(|c: char| c.is_ascii_digit());
        parse_whole_day(rest, context).filter(|_| is_sure)
    }) {
        return Some(day);
    }
    if is_unread_day(text, context) {
        return Some(Err(ParseError::new(
            format!("`{text}` is not a date that can be read here"),
            "write a date as year-month-day, such as 2012-08-16",
            0..text.len(),
        )));
    }
    (ends_with_day(text) && !is_text(text, &normalized.text, context))
        .then(|| Err(may_set_day_error(text)))
}

/// The error for a line that names a day and does not say that it is that of the lines below it.
pub(super) fn may_set_day_error(text: &str) -> ParseError {
    let shown = text.replace("**", "");
    let excerpt = truncate(&shown);
    let rest = if excerpt.len() < shown.len() {
        "…"
    } else {
        ""
    };
    ParseError::new(
        format!("`{excerpt}{rest}` may set the day of the lines below it"),
        "write only the date, such as 2012-08-16; where it is an event, write its time before it",
        0..text.len(),
    )
}

/// Returns the day that the head of a column says, `2012-08-16` or `Time on 16 Aug`; `None` if it names none.
///
/// # Errors
/// `Some(Err)` if it has more beside the day, or the day cannot be read.
#[must_use]
pub fn day_in_cell(text: &str, context: &TimeContext<'_>) -> Option<Result<DayLine, ParseError>> {
    parse_day_line(text, context)
        .or_else(|| names_a_day(text).then(|| Err(may_set_day_error(text))))
}

/// True if one of the words of `text` begins a day: `Outage of June 12 (draft)`, `Friday's outage`.
#[must_use]
pub fn names_a_day(text: &str) -> bool {
    let normalized = Normalized::new(text);
    let text = normalized.text.replace("'s ", " ");
    let starts = text
        .char_indices()
        .filter(|(at, c)| c.is_alphanumeric() && !text[..*at].ends_with(char::is_alphanumeric));
    let mut days = starts.map(|(at, _)| parse_day(&mut Cursor::new(&text, at)).ok().flatten());
    days.any(|day| day.is_some())
}

/// True if `text` is a day and nothing else, whether it can be read or not.
pub(crate) fn is_day_alone(text: &str, context: &TimeContext<'_>) -> bool {
    let normalized = Normalized::new(text);
    let text = undecorated(&normalized.text);
    parse_whole_day(text, context).is_some() || is_unread_day(text, context)
}

fn is_unread_day(text: &str, context: &TimeContext<'_>) -> bool {
    looks_like_other_date(text) || is_other_day(text) && !is_time(text, context)
}

/// Parses `text`, all of which is a day, perhaps with its weekday behind it.
fn parse_whole_day(text: &str, context: &TimeContext<'_>) -> Option<Result<DayLine, ParseError>> {
    if let Some((weekday, day)) = day_behind_weekday(text) {
        let line = resolve_date(day, context).and_then(|line| {
            let is_right = line.date.weekday() == weekday;
            let wrong = DayError::WrongWeekday(line.date);
            if is_right { Ok(line) } else { Err(wrong) }
        });
        return Some(
            line.map_err(|error| error.into_parse_error(&format!("`{text}`"), 0..text.len())),
        );
    }
    let mut cursor = Cursor::new(text, 0);
    let parsed = match foreign_weekday(text) {
        Some(weekday) => {
            cursor.position = text.len();
            Ok(Some((Day::Weekday(weekday), false)))
        }
        None => parse_day(&mut cursor),
    };
    let weekday = match &parsed {
        Ok(Some(_)) => trailing_weekday(&text[cursor.position..]),
        _ => None,
    };
    match parsed {
        // Hungarian dates end with a dot: `2026.11.25.`
        Ok(Some((day, _))) if matches!(&text[cursor.position..], "" | ".") || weekday.is_some() => {
            let day = match (day, weekday) {
                (Day::Yearly(month, day, None), weekday) => Day::Yearly(month, day, weekday),
                (day, _) => day,
            };
            let what = format!("`{text}`");
            let line = resolve_date(day, context).and_then(|line| {
                let is_right = weekday.is_none_or(|weekday| weekday == line.date.weekday());
                let wrong = DayError::WrongWeekday(line.date);
                if is_right { Ok(line) } else { Err(wrong) }
            });
            Some(line.map_err(|error| error.into_parse_error(&what, 0..text.len())))
        }
        Err(error) if error.range.end == text.len() => Some(Err(error)),
        _ => None,
    }
}

/// Parses a date behind its day of the week in another language, which tells `23.11.` from a number: `Montag, 23.11.2026`,
/// `Mo 23.11.`
fn day_behind_weekday(text: &str) -> Option<(Weekday, Day)> {
    let (word, rest) = text.split_once([' ', ','])?;
    let weekday = foreign_weekday(word).or_else(|| short_weekday(word))?;
    let date = rest.trim_start_matches([' ', ',']);
    let date = date.strip_prefix("den ").unwrap_or(date);
    let mut cursor = Cursor::new(date, 0);
    if let Ok(Some((day @ (Day::Date(_) | Day::Yearly(..)), _))) = parse_day(&mut cursor) {
        return matches!(cursor.rest(), "" | ".").then_some((weekday, day));
    }
    let numbers: Vec<&str> = date.split('.').collect();
    let [day, month, _] = *numbers.as_slice() else {
        return None;
    };
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    is_dotted_day(&numbers, '.').then_some((weekday, Day::Yearly(month, day, Some(weekday))))
}

/// Words before a day that say that it is one: `Timeline for 2012-08-16`, `Datum: 16.08.2012`.
const HEADING_NOUNS: &str = "timeline incident incidents outage date dates day log logs events event chronology \
    postmortem mortem report calendar datum tag fecha día dia data dato jour giorno päivä dzień zeitverlauf verlauf \
    chronologie cronología störung vorfall ausfall panne";
/// What may stand beside them, or alone before a date.
const HEADING_LINKS: &str = "of for on from to the is was changed opened started began activity detection détection post vom am den der le la el \
    du de del di da het";

/// True if `text` is one word that is a title of what follows: `Timeline:`.
pub(crate) fn is_title_word(text: &str) -> bool {
    let word = undecorated(text).to_lowercase();
    HEADING_NOUNS
        .split_ascii_whitespace()
        .any(|noun| noun == word)
}

/// True for a word that may stand before a day in a heading: `of`, `vom`.
pub(super) fn is_heading_link(lower: &str) -> bool {
    HEADING_LINKS
        .split_ascii_whitespace()
        .any(|link| link == lower)
}

#[derive(Clone, Copy)]
pub(super) struct Heading {
    pub has_noun: bool,
}

/// Yields what follows each of the words at the start of `text` that are of a heading, without what is between them.
pub(super) fn after_headings(text: &str) -> impl Iterator<Item = (Heading, &str)> {
    let is_one_of = |word: &str, list: &str| list.split_ascii_whitespace().any(|w| w == word);
    let (mut rest, mut has_noun) = (text, false);
    std::iter::from_fn(move || {
        let length = rest.find(|c: char| !c.is_alphabetic())?;
        let word = rest[..length].to_lowercase();
        let is_noun = is_one_of(&word, HEADING_NOUNS);
        if !(is_noun || is_one_of(&word, HEADING_LINKS)) {
            return None;
        }
        has_noun |= is_noun;
        rest = rest[length..].trim_start_matches(|c| is_decoration(c) || c == ',');
        Some((Heading { has_noun }, rest))
    })
}

/// True if `text`, a line without its marks, which was typed as `line`, is surely no day line: it has a time, a kind
/// or a marker.
pub(super) fn is_text(text: &str, line: &str, context: &TimeContext<'_>) -> bool {
    let has_kind = text
        .split_once(':')
        .is_some_and(|(word, _)| is_capture_kind(word.split('/').next().unwrap_or_default()));
    let has_marker = || {
        let mut words = line.split_whitespace();
        words.any(|word| word.len() > 1 && word.starts_with(['@', '^', '!', '\\']))
    };
    let has_time = |text: &str| !matches!(parse_time(text, 0, context, false), Ok(None));
    has_kind || has_marker() || has_time(text) || has_time(line.trim())
}

fn is_decoration(c: char) -> bool {
    c.is_whitespace()
        || "#=*_[]()<>{}`|~:·•—–-".contains(c)
        || !c.is_ascii() && !c.is_alphanumeric()
}

/// Returns a line without what headings, rules, lists and emphasis put around its text: `## Thu`,
/// `--- 2012-08-16 ---`, `[2012-08-16]`, `**16 Aug:**`, `📅 2012-08-16`.
pub(super) fn undecorated(text: &str) -> &str {
    let mut text = text.trim();
    // `<h2>16 August 2012</h2>`
    while let Some((_, inner)) = text
        .strip_prefix('<')
        .filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic()))
        .and_then(|tag| tag.split_once('>'))
        .filter(|(_, inner)| inner.ends_with('>'))
        && let Some((inner, _)) = inner.rsplit_once("</")
    {
        text = inner.trim();
    }
    text.trim_matches(is_decoration)
}

/// Parses the weekday behind a date: `2012-08-16 (Thursday)`, `16 Aug, Thu`.
fn trailing_weekday(rest: &str) -> Option<Weekday> {
    let word = rest.trim_start_matches(|c: char| c.is_whitespace() || ",(".contains(c));
    let word = word.trim_end_matches([')', '.']);
    let days = ["月火水木金土日", "월화수목금토일"];
    let short = || {
        days.iter()
            .find_map(|days| days.chars().position(|day| word.chars().eq([day])))
    };
    if let Some(at) = short() {
        return Weekday::try_from(u8::try_from(at).ok()?).ok();
    }
    if let Some(weekday) = foreign_weekday(word) {
        return Some(weekday);
    }
    match parse_day(&mut Cursor::new(word, 0)) {
        Ok(Some((Day::Weekday(weekday), _)))
            if word.len() < rest.len() && word.bytes().all(|b| b.is_ascii_alphabetic()) =>
        {
            Some(weekday)
        }
        _ => None,
    }
}

/// True if `text` begins with a day and its time of day, such as `Thu 12 noon`.
fn is_time(text: &str, context: &TimeContext<'_>) -> bool {
    matches!(parse_time(text, 0, context, true), Ok(Some(_)))
}

/// `16/08/2012`, `16/08`, `2012-8`, `10000-01-01`, `tomorrow`, `last Thu`.
pub(super) fn looks_like_other_date(text: &str) -> bool {
    for separator in ['/', '-', '.', '_'] {
        let numbers: Vec<&str> = text.split(separator).collect();
        let all_numeric = numbers
            .iter()
            .all(|n| (1..=6).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
        let all_numeric = all_numeric || is_dotted_day(&numbers, separator);
        let has_year = numbers.iter().any(|n| n.len() >= 4);
        let is_day_or_month = |n: &&str| n.parse().is_ok_and(|n: u32| (1..=31).contains(&n));
        let has_date_form = match numbers.len() {
            3 => separator != '.' || has_year || numbers[2].is_empty(),
            2 => {
                // `1.2` is a version, `10.06` more often a time.
                let is_long =
                    separator == '/' || numbers.iter().all(|n| n.len() == 2) && numbers[0] > "23";
                separator != '-' && is_long && numbers.iter().all(is_day_or_month)
            }
            _ => false,
        };
        if all_numeric && has_date_form {
            return true;
        }
    }
    let weekday = |word: &str| {
        matches!(
            parse_day(&mut Cursor::new(word, 0)),
            Ok(Some((Day::Weekday(_), _)))
        )
    };
    // `Friday 20th`
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [day, number] = words.as_slice()
        && weekday(day)
        && number.starts_with(|c: char| c.is_ascii_digit())
        && !number.contains(':')
    {
        return true;
    }
    let lower = text.to_ascii_lowercase();
    lower == "tomorrow"
        || ["last ", "next ", "on ", "this "]
            .iter()
            .find_map(|prefix| lower.strip_prefix(prefix))
            .is_some_and(|word| word.bytes().all(|b| b.is_ascii_alphabetic()) && weekday(word))
}

/// `20.11.`, split at its dots.
fn is_dotted_day(numbers: &[&str], separator: char) -> bool {
    let is_number = |n: &str| matches!(n.len(), 1 | 2) && n.bytes().all(|b| b.is_ascii_digit());
    separator == '.' && matches!(numbers, [day, month, ""] if is_number(day) && is_number(month))
}
