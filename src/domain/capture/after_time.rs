//! Reads what follows the time of a line, behind the marks that close it or separate it from the text: `**12:50** UTC`,
//! `[1:50] PM`, `13:50 (2026-11-24)`, `12:50 UTC on 24 November 2026:`. What may be of the time and is not read is said.

mod day_words;
mod days;
mod part;
mod second_time;
mod span_end;

use crate::domain::{
    parse_error::ParseError,
    time::UtcTime,
    when::{self, TimeContext, When},
};
use day_words::DAYS_OR_WORDS;
use part::{FOREIGN_LEADS, Found, Part, is_odd_zone, is_space_or_point};
use std::borrow::Cow;

/// The most parts after a time: a zone, am or pm, a day.
const MAX_PARTS: usize = 3;
/// The most words of a day: `Fri 16 Aug 2012`.
const MAX_DAY_WORDS: usize = 4;

/// A time with what follows it.
#[derive(Debug)]
pub(super) struct Followed<'t> {
    /// The time as it is typed without marks, with the parts that follow it in their place.
    pub time: Cow<'t, str>,
    pub when: When,
    /// How many bytes behind the time belong to it, with their marks.
    pub length: usize,
    /// What to say of a part that was not read, or may be the text.
    pub notice: Option<String>,
}

/// What the times are read with.
#[derive(Clone, Copy)]
pub(super) struct Times<'a> {
    pub context: &'a TimeContext<'a>,
    /// The time of the event that is amended.
    pub reference: Option<UtcTime>,
}

impl Times<'_> {
    /// Parses the time with which `text` begins, and returns where it ends.
    pub fn leading(&self, text: &str) -> Option<Result<(When, usize), ParseError>> {
        when::parse_leading_with_reference(text, self.context, self.reference)
    }
}

/// Reads the parts of the time `time`, which was read as `when`, at the beginning of `rest`. With `is_closed`, a mark
/// closed the time, so that nothing of `rest` was read.
///
/// # Errors
/// A day follows without marks (`13:50 yesterday`), or a part that is no valid one; the range is that in `rest`.
pub(super) fn follow<'t>(
    time: &'t str,
    when: When,
    is_closed: bool,
    rest: &str,
    times: Times<'_>,
) -> Result<Followed<'t>, ParseError> {
    let mut followed = Followed {
        time: Cow::Borrowed(time),
        when,
        length: 0,
        notice: None,
    };
    let mut is_closed = is_closed;
    match span_end::find(time, &followed.when, rest, |text| times.leading(text))? {
        Found::Nothing => {}
        Found::Notice(notice) => {
            followed.notice = Some(notice);
            return Ok(followed);
        }
        Found::Part { time, when, end } => {
            followed.time = Cow::Owned(time);
            followed.when = when;
            followed.length = Part::at(rest, end).end_with_marks(end);
            is_closed = true;
        }
    }
    for _ in 0..MAX_PARTS {
        let Some(part) = Part::find(rest, followed.length, is_closed) else {
            break;
        };
        let mut found = extend(&followed, &part, is_closed, times)?;
        let led = part.without_leads();
        if let (Found::Nothing, Some(led)) = (&found, &led) {
            found = extend(&followed, led, is_closed, times)?;
        }
        let part = led.unwrap_or(part);
        if matches!(found, Found::Nothing) {
            found = day(&followed, &part, times)?;
        }
        match found {
            Found::Nothing => break,
            Found::Notice(notice) => {
                followed.notice = Some(notice);
                break;
            }
            Found::Part { time, when, end } => {
                followed.time = Cow::Owned(time);
                followed.when = when;
                followed.length = part.end_with_marks(end);
                is_closed = true;
            }
        }
    }
    if followed.notice.is_none()
        && let Some(day) = days::behind_sign(&rest[followed.length..])
        && when::bare_time_of_day(&followed.time, times.context).is_some()
    {
        followed.notice = Some(unread_day_notice(&followed.time, day));
    }
    if followed.notice.is_none() {
        let behind = &rest[followed.length..];
        followed.notice =
            second_time::contradicting(&followed.when, behind, |text| times.leading(text));
    }
    Ok(followed)
}

/// True if `text` behind `time` would be read as a part of it, or may be: `CET`, `+02`, `2026`, `yesterday`.
pub(super) fn extends_time(time: &str, text: &str, context: &when::TimeContext<'_>) -> bool {
    if time.is_empty() {
        return false;
    }
    let when = match when::parse_leading(&format!("{time} {text}"), context) {
        Some(Ok((when, length))) if length == time.len() && when.doubts.is_empty() => when,
        _ => return true,
    };
    let reference = None;
    let times = Times { context, reference };
    match follow(time, when, true, &format!(" {text}"), times) {
        Ok(followed) => followed.length > 0 || followed.notice.is_some(),
        Err(_) => true,
    }
}

/// Reads am or pm, or a zone.
fn extend(
    followed: &Followed<'_>,
    part: &Part<'_>,
    is_closed: bool,
    times: Times<'_>,
) -> Result<Found, ParseError> {
    let is_direct = part.is_direct();
    if is_direct && !is_closed && !part.has_closing_mark() {
        // The time would have it.
        return Ok(odd_zone(followed, part));
    }
    let is_list_of = |when: &When, list: &str| {
        list.split([',', '/', ';']).all(|name| {
            let text = format!("{} {}", followed.time, name.trim());
            matches!(times.leading(&text), Some(Ok((other, length))) if length == text.len() && other.at == when.at)
        })
    };
    if !(is_direct || part.has_mark() || part.follows(&["in", "time"])) {
        return Ok(Found::Nothing);
    }
    let time = &followed.time;
    let before = time.len() + 1;
    let (when, length) = match times.leading(&format!("{time} {}", part.plain)) {
        Some(Ok(read)) => read,
        Some(Err(error)) => {
            let end = part.start + part.word_end(0);
            if is_direct || part.is_enclosed(end) || part.ends(end) {
                return Err(ParseError::new(error.message, error.hint, part.start..end));
            }
            return Ok(unread_notice(time, part, end));
        }
        None => return Ok(Found::Nothing),
    };
    if length <= before {
        let doubt = when.doubts.last().cloned();
        // `13:50 in Berlin` is the place where it happened, `13:50 UTC: 2 web hosts` a text.
        let is_text = part.follows(&["in"])
            || !is_direct && part.plain.starts_with(|c: char| c.is_ascii_digit());
        let typed = |doubt: &str| doubt.split('`').nth(1).map(str::to_owned);
        let is_new = |doubt: &String| {
            let mut before = followed.when.doubts.iter();
            !is_text
                && doubt.contains("kept as text")
                && !before.any(|before| typed(before) == typed(doubt))
        };
        return Ok(match doubt.filter(is_new) {
            Some(doubt) => Found::Notice(doubt),
            None => odd_zone(followed, part),
        });
    }
    let read = part.plain[..length - before].trim_end_matches(is_space_or_point);
    let end = part.start + read.len();
    let is_hour_word = when.at == followed.when.at && when.zone == followed.when.zone;
    if is_hour_word && part.is_last_cell(end) {
        return Ok(Found::Nothing);
    }
    let is_read = if part.has_opening_mark() {
        part.is_enclosed(end)
    } else {
        is_direct || part.ends(end)
    };
    let end = match is_read {
        true => end,
        false => match part
            .enclosed_end()
            .filter(|end| is_list_of(&when, part.typed(*end)))
        {
            Some(end) => end,
            None => return Ok(unread_notice(time, part, end)),
        },
    };
    Ok(Found::Part {
        time: format!("{time} {read}"),
        when,
        end,
    })
}

fn unread_notice(time: &str, part: &Part<'_>, end: usize) -> Found {
    let typed = part.typed(end);
    Found::Notice(format!(
        "`{typed}` after the time was kept as text; where it is of the time, write `{time} {typed}`"
    ))
}

/// Says that a word such as `UTC0`, `UTC¹` or `ET/PT` is not read.
fn odd_zone(followed: &Followed<'_>, part: &Part<'_>) -> Found {
    let end = part.start + part.word_end(0);
    let word = part.typed(end);
    match is_odd_zone(word) {
        true => Found::Notice(format!(
            "`{word}` after the time was kept as text; a zone is written as in `{} UTC` or `{0} +02:00`",
            followed.time
        )),
        false => Found::Nothing,
    }
}

/// Reads a day, if the time has none.
///
/// # Errors
/// It stands there without marks, or is not a valid one.
fn day(followed: &Followed<'_>, part: &Part<'_>, times: Times<'_>) -> Result<Found, ParseError> {
    let time = &followed.time;
    let is_on = part.follows(&["on", "vom"]);
    let is_the = part.follows(&["the", "of"]) || part.follows(&FOREIGN_LEADS);
    let is_likely = part.is_direct() || part.has_mark() || is_on || is_the;
    if !is_likely || when::bare_time_of_day(time, times.context).is_none() {
        return Ok(Found::Nothing);
    }
    let ends: Vec<usize> = (0..MAX_DAY_WORDS)
        .map(|words| part.word_end(words))
        .collect();
    for end in ends.into_iter().rev() {
        let day = part.plain[..end].trim_end_matches(is_space_or_point);
        let is_named = day_words::is_named(day);
        let has_number = day.contains(|c: char| c.is_ascii_digit());
        if !(is_named || has_number) {
            continue;
        }
        let end = part.start + day.len();
        let is_enclosed = part.is_enclosed(end);
        let dated = with_day(time, day);
        let when = match times.leading(&dated) {
            Some(Ok((when, length))) if length == dated.len() => when,
            Some(Err(error)) if is_enclosed => {
                return Err(ParseError::new(error.message, error.hint, part.start..end));
            }
            _ => continue,
        };
        let has_year = day.split_whitespace().any(|word| word.len() >= 4)
            && day.bytes().filter(u8::is_ascii_digit).count() >= 5;
        let is_read = is_enclosed
            || part.is_between_bars(end)
            || part.ends(end) && (is_on || has_number && part.has_mark())
            || is_on && has_year;
        if is_read {
            return Ok(Found::Part {
                time: dated,
                when,
                end,
            });
        }
        let is_word = DAYS_OR_WORDS.contains(&day);
        if part.has_opening_mark() || is_word && is_on || is_the && is_named {
            return Ok(Found::Nothing);
        }
        let typed = part.typed(end);
        if is_on || is_word || is_the {
            return Ok(Found::Notice(format!(
                "`{typed}` after the time was kept as text; for the day, write `{}`",
                with_day(time, typed)
            )));
        }
        return Err(refusal(time, typed, part.start..end));
    }
    let Some(typed) = days::find_unread(followed.when.at.date_naive(), part) else {
        return Ok(Found::Nothing);
    };
    // `12:30 am Montag`
    let before_am = time
        .strip_suffix("am")
        .filter(|clock| clock.ends_with(char::is_whitespace));
    if let Some(clock) =
        before_am.filter(|_| part.is_direct() && when::foreign_weekday(typed).is_some())
    {
        let clock = clock.trim_end();
        let end = part.start + typed.len();
        return Err(ParseError::new(
            format!("`am {typed}` after the time may be a day, or say that it is before noon"),
            format!(
                "write the date before the time, as in `2012-08-16 {clock}`; where `{typed}` is text, put a backslash before it"
            ),
            part.start..end,
        ));
    }
    Ok(Found::Notice(unread_day_notice(time, typed)))
}

fn unread_day_notice(time: &str, day: &str) -> String {
    format!(
        "`{day}` after the time was kept as text; a day goes before the time, as in `yesterday {time}` or `2012-08-16 {time}`"
    )
}

/// Puts `day` before the time of day in `time`, behind what makes it approximate.
fn with_day(time: &str, day: &str) -> String {
    let start = time.find(char::is_numeric).unwrap_or_default();
    let (about, clock) = time.split_at(start);
    format!("{about}{day} {clock}")
}

/// Refuses `day` behind `time`.
fn refusal(time: &str, day: &str, range: std::ops::Range<usize>) -> ParseError {
    ParseError::new(
        format!("`{day}` comes after the time, and a day goes before it"),
        format!(
            "write `{day} {time}`; where it is text, put a backslash before it: `{time} \\{day}`"
        ),
        range,
    )
}

#[cfg(test)]
mod tests {
    use super::super::{Context, Flags, parse};
    use crate::domain::{time::parse_utc, zone::Zone};
    use rstest::rstest;

    fn read(line: &str) -> Result<String, String> {
        read_with_notices(line).map(|(text, _)| text)
    }

    fn read_with_notices(line: &str) -> Result<(String, Vec<String>), String> {
        let now = parse_utc("2026-11-28T05:00:00Z").unwrap();
        let context = Context::new(now, Zone::utc());
        let parsed = parse(line, &Flags::default(), &context).map_err(|error| error.message)?;
        let notices = parsed.notices.clone();
        let event = parsed.into_event(&context).map_err(|error| error.message)?;
        Ok((event.text, notices))
    }

    #[rstest]
    #[case("04:05 yesterday db fails", "`yesterday`")]
    #[case("- 04:05 yesterday db fails", "`yesterday`")]
    #[case("04:05 Friday: db fails", "`Friday`")]
    #[case("04:05 Fri db fails", "`Fri`")]
    #[case("04:05 thu, db fails", "`thu`")]
    #[case("04:05 2026-11-27 db fails", "`2026-11-27`")]
    #[case("04:05 27 Nov db fails", "`27 Nov`")]
    #[case("04:05 27 Nov 2026 db fails", "`27 Nov 2026`")]
    fn day_after_a_bare_time_is_refused(#[case] line: &str, #[case] names: &str) {
        let message = read(line).expect_err(line);
        assert!(message.starts_with(names), "{line}: {message}");
    }

    #[rstest]
    #[case("04:05 yesterday's deploy is gone")]
    #[case("04:05 12 users are affected")]
    #[case("04:05 Sat down with ann")]
    #[case("04:05 May be the cache")]
    #[case("2026-11-28 04:05 yesterday it was well")]
    #[case("yesterday 04:05 Friday it was well")]
    #[case("-5m yesterday it was well")]
    #[case("04:05 \\yesterday it was well")]
    fn text_after_a_time_is_text(#[case] line: &str) {
        let text = read(line).expect(line);
        assert!(line.replace('\\', "").ends_with(&text), "{line}: {text}");
    }

    #[rstest]
    #[case("04:05 Sat down with ann", true)]
    #[case("04:05 Sun, all was well", true)]
    #[case("04:05 sat down with ann", false)]
    #[case("Fri 04:05 Sat down with ann", false)]
    #[case("04:05 Saturn is down", false)]
    fn word_that_may_be_a_weekday_is_noted(#[case] line: &str, #[case] is_noted: bool) {
        let (_, notices) = read_with_notices(line).expect(line);
        let found = notices.iter().any(|notice| notice.contains("for the day"));
        assert_eq!(found, is_noted, "{line}: {notices:?}");
    }
}
