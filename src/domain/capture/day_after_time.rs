//! Finds a day that stands after the time of a line, where it is not read: `04:05 yesterday db fails`.

use super::context::Context;
use crate::domain::{parse_error::ParseError, when};

/// Words that are a day by themselves.
const DAYS: [&str; 16] = [
    "tue",
    "tues",
    "thu",
    "thur",
    "thurs",
    "fri",
    "yesterday",
    "today",
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// Weekdays that are other words as well: `04:05 Sat down with ann`, `04:05 Mon lost quorum`.
const DAYS_OR_WORDS: [&str; 4] = ["Mon", "Wed", "Sat", "Sun"];
/// The most words of a day: `16 Aug 2012`.
const MAX_WORDS: usize = 3;

/// Returns the words at the beginning of `rest` that are a day, if `time` is a time of day without one.
pub(super) fn day_after_time<'a>(
    time: &str,
    rest: &'a str,
    context: &Context<'_>,
) -> Option<&'a str> {
    let times = context.time_context();
    // Without the mark of a list before it.
    let time = time.trim_matches(|c: char| !c.is_alphanumeric() && c != '~');
    when::bare_time_of_day(time, &times)?;
    let ends = rest
        .split_whitespace()
        .take(MAX_WORDS)
        .map(|word| word.as_ptr() as usize - rest.as_ptr() as usize + word.len());
    let ends: Vec<usize> = ends.collect();
    ends.into_iter().rev().find_map(|end| {
        let day = rest[..end].trim_end_matches([',', ':']);
        let is_named = DAYS.iter().any(|known| day.eq_ignore_ascii_case(known));
        let has_number = day.contains(|c: char| c.is_ascii_digit());
        ((is_named || has_number) && when::parse(&format!("{day} {time}"), &times).is_ok())
            .then_some(day)
    })
}

/// Returns what to say if `rest`, after a `time` of day, begins with a word that may be meant as a weekday and is
/// text.
pub(super) fn weekday_notice(time: &str, rest: &str, context: &Context<'_>) -> Option<String> {
    let word = rest.split_whitespace().next()?;
    let word = word.trim_end_matches([',', ':']);
    when::bare_time_of_day(time, &context.time_context())?;
    DAYS_OR_WORDS.contains(&word).then(|| {
        format!(
            "`{word}` after the time was kept as text; for the day, write `{word} {}`",
            time.trim()
        )
    })
}

/// Refuses `day`, which stands `at` this byte, after `time`.
pub(super) fn refusal(time: &str, day: &str, at: usize) -> ParseError {
    let time = time.trim();
    ParseError::new(
        format!("`{day}` comes after the time, and a day goes before it"),
        format!(
            "write `{day} {time}`; where it is text, put a backslash before it: `{time} \\{day}`"
        ),
        at..at + day.len(),
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
