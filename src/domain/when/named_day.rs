//! Finds the day that a line with more in it names: a label such as `Date:` among others, the title of a report.

use super::{
    cursor::Cursor,
    date_line::{after_headings, is_text, looks_like_other_date, may_set_day_error, undecorated},
    day::{Day, is_weekday, parse_day},
    day_choice::resolve_date,
    normalize::Normalized,
    other_day::{Part, foreign_weekday, has_clock_time, is_day, part, words},
    stated_zone::parse_stated_zone,
    types::{DayLine, TimeContext},
    unread_day::{is_day_by_shape, is_title_with_day},
    zone_suffix::is_zone_abbreviation,
};
use crate::domain::{parse_error::ParseError, zone::Zone};
use chrono::{NaiveDate, NaiveTime, Offset as _, TimeDelta};

/// A line with one of these words and the name of a day is about that day: `Yesterday's outage`.
const TITLE_WORDS: &str =
    "outage incident timeline log postmortem post-mortem events störung ausfall panne vorfall";
/// What is behind one of these, with a colon, is a day in whatever form.
const DATE_LABELS: &str = "date dates day datum fecha dato jour giorno päivä dzień";
/// What may stand between the day behind a label and its time.
const TIME_LINKS: [&str; 5] = ["at", "from", "between", "um", "von"];

/// Returns the day of the lines below `line`, which is no day line and does not begin with a time: `Date: 2012-08-16 |
/// Author: Ann`, `Incident 2012-08-16: mail is down`. `None` if it names no day, or surely as a part of an event.
///
/// # Errors
/// `Some(Err)` if it names a day without saying that it is that of the lines below it, as in `Post-mortem of 16 Aug 2012`;
/// if it states another zone for the times of that day; or if there is no such day.
#[must_use]
pub fn named_day(line: &str, context: &TimeContext<'_>) -> Option<Result<DayLine, ParseError>> {
    let normalized = Normalized::new(line);
    let text = undecorated(&normalized.text);
    if let Some((day, behind)) = labelled_day(text).filter(|(_, behind)| !names_date(behind)) {
        let day = resolve_date(day, context)
            .map_err(|error| error.into_parse_error("the day", 0..line.len()));
        return Some(
            day.and_then(|day| match other_zone(behind, day.date, context) {
                Some(error) => Err(error),
                None => Ok(day),
            }),
        );
    }
    // `2012-08-16 UTC` begins like a time that is not understood.
    let begins_with_date = || {
        let mut cursor = Cursor::new(text, 0);
        let day = parse_day(&mut cursor);
        let is_end = |c: char| c.is_whitespace() || matches!(c, ':' | ',');
        matches!(day, Ok(Some((Day::Date(_) | Day::Yearly(..), _))))
            && cursor.peek().is_none_or(is_end)
    };
    let may_be_day = names_date(text) && !begins_with_date()
        || names_day_in_title(text)
        || is_title_with_day(text)
        || is_day_by_shape(text)
        || is_behind_date_label(text);
    (may_be_day && !is_text(text, &normalized.text, context)).then(|| Err(may_set_day_error(text)))
}

/// True if `line` is a label such as `Date:` with something behind it, which is then meant as a day.
#[must_use]
pub fn has_date_label(line: &str) -> bool {
    let normalized = Normalized::new(line);
    is_behind_date_label(undecorated(&normalized.text))
}

/// True if `line` is a day in a form that is not read and nothing else.
#[must_use]
pub fn is_unread_day_alone(line: &str) -> bool {
    let normalized = Normalized::new(line);
    is_day_by_shape(undecorated(&normalized.text))
}

fn is_behind_date_label(text: &str) -> bool {
    text.split_once(':').is_some_and(|(label, rest)| {
        let is_label = |known: &str| known == label.to_lowercase();
        DATE_LABELS.split(' ').any(is_label)
            && rest.contains(char::is_alphanumeric)
            && !has_clock_time(rest)
    })
}

/// Returns the date behind the words of a heading or label, and what follows it behind a sign or as its time.
fn labelled_day(text: &str) -> Option<(Day, &str)> {
    let (_, rest) = after_headings(text)
        .filter(|(heading, _)| heading.has_noun)
        .find(|(_, rest)| matches!(parse_day(&mut Cursor::new(rest, 0)), Ok(Some(_))))?;
    let mut cursor = Cursor::new(rest, 0);
    let (day, _) = parse_day(&mut cursor).ok().flatten()?;
    let is_date = matches!(day, Day::Date(_) | Day::Yearly(..));
    // `Date of report` is not that of the incident.
    let label = || words(&text[..text.len() - rest.len()]);
    let is_of_report = || {
        let has = |wanted: &str| label().any(|word| word.eq_ignore_ascii_case(wanted));
        has("report") && has("date")
    };
    (is_date && is_apart(cursor.rest()) && !is_of_report()).then_some((day, cursor.rest()))
}

/// True if what is behind a date is no part of a sentence with it.
fn is_apart(behind: &str) -> bool {
    let words = behind.trim_start();
    let has_space = words.len() < behind.len();
    let is_mark = |c: char| ",;|:()*_`".contains(c);
    words.starts_with(is_mark)
        || has_space
            && (words.starts_with("- ") || behind.starts_with("  ") || behind.starts_with('\t'))
        || has_space && {
            let mut words = words.split_whitespace();
            let first = words.next().unwrap_or_default();
            let is_link = TIME_LINKS.contains(&first);
            let time = if is_link { words.next() } else { Some(first) };
            time.is_some_and(has_clock_time)
        }
}

/// Returns the error for a zone in `text` other than that of the times on `date`.
fn other_zone(text: &str, date: NaiveDate, context: &TimeContext<'_>) -> Option<ParseError> {
    let now = date.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(12);
    let context = &TimeContext { now, ..*context };
    let offset_of = |zone: &Zone| zone.to_local(now).offset().fix();
    let zone = words(text).find(|word| {
        let word = word.trim_matches(['*', '|', '_']);
        is_zone_abbreviation(word)
            && !matches!(parse_stated_zone(word, context), Some(Ok(zone)) if offset_of(&zone) == offset_of(context.zone))
    })?;
    Some(ParseError::new(
        format!("it may state {zone} as the zone of the times below it"),
        format!("write only the date, and `Times in {zone}` below it"),
        0..text.len(),
    ))
}

/// True if `text` names a date anywhere: with its year, with the name of its month, or as the first or last words.
fn names_date(text: &str) -> bool {
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    if ['年', '년'].iter().any(|year| is_behind_year(text, *year)) {
        return true;
    }
    let words: Vec<&str> = words(text)
        .map(bare_word)
        .filter(|w| !w.is_empty())
        .collect();
    let parts: Vec<Part> = words.iter().map(|word| part(word)).collect();
    let is_at = |at: usize, length: usize| {
        let Some(window) = parts.get(at..at + length) else {
            return false;
        };
        let has_name = || {
            let mut named = words[at..at + length].iter();
            named.any(|word| word.starts_with(char::is_uppercase))
        };
        let is_whole = length != 2 || at + length == parts.len() || has_name();
        is_whole && is_day(window)
            // `12-14 September 2026`
            || matches!(window, [Part::ShortDate, Part::Month, Part::Year])
    };
    (0..parts.len()).any(|at| (1..=3).any(|length| is_at(at, length)))
}

/// Returns `word` without marks, the `INC-` of `INC-2012-08-16`, and an `'s`; empty for an address.
fn bare_word(word: &str) -> &str {
    if word.contains("://") {
        return "";
    }
    let word = word.trim_matches(|c: char| "[]{}*_`<>|\"'".contains(c));
    let word = word.strip_suffix("'s").unwrap_or(word);
    let after = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
    match after.strip_prefix('-') {
        Some(rest)
            if after.len() < word.len() && rest.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            rest
        }
        _ => word,
    }
}

/// `2012年8月16日`, where no space separates it from the other words.
fn is_behind_year(text: &str, year: char) -> bool {
    text.match_indices(year).any(|(at, _)| {
        let digits = text[..at]
            .bytes()
            .rev()
            .take_while(u8::is_ascii_digit)
            .count();
        digits == 4 && matches!(parse_day(&mut Cursor::new(text, at - digits)), Ok(Some(_)))
    })
}

/// `Yesterday's outage`, `Timeline for Saturday's outage`, `This happened on Saturday:`
fn names_day_in_title(text: &str) -> bool {
    let is_title = |word: &str| {
        TITLE_WORDS
            .split(' ')
            .any(|title| title.eq_ignore_ascii_case(word))
    };
    let is_day = |word: &str| {
        word.eq_ignore_ascii_case("yesterday")
            || is_weekday(word)
            || foreign_weekday(word).is_some()
    };
    let mut words: Vec<&str> = words(text).map(bare_word).collect();
    words.retain(|word| !word.is_empty());
    // `Checkout outage 20/11`
    let last = text.split_whitespace().last().unwrap_or_default();
    let ends_with_numbers = looks_like_other_date(last);
    // A title without its colon, such as `It was down on Saturday:`.
    let ends = words.last().is_some_and(|word| is_day(word));
    (ends_with_numbers || words.iter().any(|word| is_day(word)))
        && (ends || words.iter().any(|word| is_title(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_utc;
    use rstest::rstest;

    fn read(line: &str) -> Option<Result<String, String>> {
        let zone = Zone::find("Europe/Berlin").unwrap();
        let now = parse_utc("2026-09-14T20:00:00Z").unwrap();
        let day = named_day(line, &TimeContext::new(now, &zone))?;
        Some(
            day.map(|day| day.date.to_string())
                .map_err(|error| error.message),
        )
    }

    #[rstest]
    #[case("**Date:** 2026-09-12  **Severity:** SEV-2")]
    #[case("**Date**: 2026-09-12, **Authors**: ann, bob")]
    #[case("Date: 2026-09-12 | Author: Ann | Status: final")]
    #[case("Date of incident: Saturday 12 September 2026, 14:00-15:00 CEST")]
    #[case("**Incident Date:** September 12, 2026 from 14:00 to 15:00")]
    #[case("| Date | 12 September 2026, 14:00 |")]
    #[case("Incident 2026-09-12: checkout outage")]
    #[case("Outage on 12 September 2026 - checkout")]
    #[case("Incident of 12 Sep (checkout)")]
    #[case("Fecha: 2026-09-12, 14:00")]
    #[case("Datum: 12.09.2026 (SEV-2)")]
    fn a_label_or_heading_with_a_date_says_the_day(#[case] line: &str) {
        assert_eq!(read(line), Some(Ok("2026-09-12".into())), "{line}");
    }

    #[test]
    fn the_zone_beside_a_date_is_that_of_its_season() {
        let read_day = read("Date: 2026-01-12, 14:00-15:00 CET");
        assert_eq!(read_day, Some(Ok("2026-01-12".into())));
        assert!(matches!(read("Date: 2026-01-12, 14:00 CEST"), Some(Err(_))));
    }

    #[rstest]
    #[case("Post-mortem: NBS checkout outage, 12 September 2026")]
    #[case("# Post-mortem: NBS checkout outage, 12 September 2026")]
    #[case("NBS checkout outage on 12 September 2026")]
    #[case("Incident report for the checkout outage of 12 September 2026")]
    #[case("INC-2026-09-12 NBS checkout outage in the north")]
    #[case("Summary of the AWS Lambda event (June 9, 2026)")]
    #[case("On 2026-09-12, checkout was down for an hour")]
    #[case("**Date de détection :** 28 Juin 2026")]
    #[case("The checkout outage of 12 September and what we learnt")]
    #[case("Date: 2026-09-12 to 2026-09-13, all regions")]
    #[case("Date: 12-14 September 2026, all regions")]
    #[case("Date of report: 2026-09-14 | Author: Ann")]
    #[case("Start Time: 2026-09-12 13:00 UTC")]
    #[case("2026年9月12日のチェックアウト障害について")]
    #[case("Yesterday's outage")]
    #[case("Timeline for Saturday's outage")]
    #[case("This happened on Saturday:")]
    #[case("Zeitlicher Verlauf der Störung vom Samstag")]
    #[case("Date: 2026-09-12, 14:00-15:00 EST")]
    fn a_line_that_names_a_day_may_set_it(#[case] line: &str) {
        assert!(
            matches!(read(line), Some(Err(_))),
            "{line}: {:?}",
            read(line)
        );
    }

    #[rstest]
    #[case("note: Post-mortem: NBS checkout outage, 12 September 2026")]
    #[case("fault: web is down since 2026-09-12")]
    #[case("web is down since 2026-09-12 @web")]
    #[case("see https://x.example/2026-09-12/report for the graphs")]
    #[case("may 12 servers fail?")]
    #[case("3 hosts lost, 2 may fail as well")]
    #[case("Friday deploy is out")]
    #[case("customers see 502 since 10:06")]
    #[case("update to Ubuntu 24.04")]
    #[case("v1.2.3 deployed")]
    #[case("10.1.2.3 is down")]
    #[case("Summary of the outage")]
    fn other_lines_name_no_day(#[case] line: &str) {
        assert_eq!(read(line), None, "{line}");
    }
}
