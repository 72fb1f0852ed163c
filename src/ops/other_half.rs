//! Says that a time without AM or PM may be of the other half of the day.

use crate::domain::{
    capture,
    event::Event,
    time::{UtcTime, start_of_minute},
    when::{self, TimeContext},
};
use chrono::TimeDelta;

const HALF_DAY: TimeDelta = TimeDelta::hours(12);

/// Returns a notice if `line` begins with a time of a clock of twelve hours (`1:10`, not `01:10`, `1:10 AM`,
/// `1:10 Uhr` or `1:10 UTC`) that was read as one before the incident was `declared`, while it would lie between
/// that and now twelve hours later.
#[must_use]
pub(super) fn other_half_notice(
    line: &str,
    event: &Event,
    declared: UtcTime,
    context: &TimeContext<'_>,
) -> Option<String> {
    let at = event.at_utc();
    if at >= declared || at + HALF_DAY < start_of_minute(declared) {
        return None;
    }
    notice(line, at, ", before the incident was declared", context)
}

/// Returns such a notice if `line`, the time of a declaration that was read as `at`, has no day and would lie before now
/// twelve hours later as well.
#[must_use]
pub(super) fn other_half_of_declaration(
    line: &str,
    at: UtcTime,
    context: &TimeContext<'_>,
) -> Option<String> {
    let is_bare = when::bare_time_of_day(line.trim_start(), context).is_some();
    is_bare.then(|| notice(line, at, "", context)).flatten()
}

fn notice(line: &str, at: UtcTime, which: &str, context: &TimeContext<'_>) -> Option<String> {
    let later = at + HALF_DAY;
    // As a time of today that is just ahead of the clock.
    if later > context.now + when::MAX_AHEAD {
        return None;
    }
    let unmarked = capture::unmarked_time(line, context);
    let (_, length) = when::parse_leading(&unmarked, context)?.ok()?;
    let typed = unmarked[..length].trim_end_matches([' ', ':', ',']);
    // Behind `Uhr` or a zone it is a clock of 24 hours.
    let clock = typed.trim_start_matches(|c: char| !c.is_ascii_digit());
    let is_bare = !clock.contains(char::is_alphabetic);
    (is_bare && when::is_of_either_half(&unmarked, context)).then(|| {
        format!(
            "{typed} was read as {}{which}; write {} if it was that",
            context.zone.to_local(at).format("%H:%M"),
            context.zone.to_local(later).format("%H:%M")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{time::parse_utc, words::Kind, zone::Zone};

    #[test]
    fn declaration_of_either_half_of_the_day_is_said() {
        let zone = Zone::find("America/New_York").unwrap();
        let context = TimeContext::new(parse_utc("2026-07-20T17:12:00Z").unwrap(), &zone);
        for (typed, is_said) in [
            ("1:10", true),
            ("~1:10", true),
            ("1:10 AM", false),
            ("01:10", false),
            ("9:10", false),
            ("2026-07-19 1:10", false),
        ] {
            let at = when::parse(typed, &context).unwrap().at.to_utc();
            let notice = other_half_of_declaration(typed, at, &context);
            assert_eq!(notice.is_some(), is_said, "{typed}: {notice:?}");
        }
    }

    #[test]
    fn time_of_twelve_hours_before_the_declaration_is_said() {
        let zone = Zone::find("America/New_York").unwrap();
        // Declared at 12:55; now 13:12.
        let times = ["2026-07-20T16:55:00Z", "2026-07-20T17:12:00Z"].map(|t| parse_utc(t).unwrap());
        for (line, at, is_said) in [
            ("1:10 restarted web", "01:10", true),
            ("- 1:10: restarted web", "01:10", true),
            ("1:10 after the restart", "01:10", true),
            ("1:10 a restart", "01:10", true),
            ("1:14 just ahead of the clock", "01:14", true),
            ("1:20 a restart", "01:20", false),
            ("12:56 up", "12:56", false),
            ("01:10 restarted web", "01:10", false),
            ("1:10 AM restarted web", "01:10", false),
            ("1:10am: restarted", "01:10", false),
            ("1:10 a.m. restarted", "01:10", false),
            ("1:10 Uhr web", "01:10", false),
            ("2:10 the deploy began", "02:10", false),
            ("12:10 deploy", "12:10", false),
        ] {
            let at = parse_utc(&format!("2026-07-20T{at}:00-04:00")).unwrap();
            let event = Event::new(zone.to_local(at), Kind::Note, "x");
            let context = TimeContext::new(times[1], &zone);
            let notice = other_half_notice(line, &event, times[0], &context);
            assert_eq!(notice.is_some(), is_said, "{line}: {notice:?}");
        }
    }
}
