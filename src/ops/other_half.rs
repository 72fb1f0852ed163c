//! Says that a time without AM or PM may be of the other half of the day.

use crate::domain::{
    capture,
    event::Event,
    time::{OffsetTime, UtcTime, start_of_minute},
    when::{self, TimeContext},
};
use chrono::TimeDelta;

const HALF_DAY: TimeDelta = TimeDelta::hours(12);

/// Returns a notice if `line` begins with a time of a clock of twelve hours (`1:10`, `1:10 ET` or `1:10-1:20`, not
/// `01:10`, `1:10 AM`, `1:10 Uhr` or `1:10 UTC`) that was read as one before the incident was `declared`, while it would lie between
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
    let (when, length) = when::parse_leading(&unmarked, context)?.ok()?;
    let typed = unmarked[..length].trim_end_matches([' ', ':', ',']);
    let clock = typed.trim_start_matches(|c: char| !c.is_ascii_digit());
    let (times, zone) = clock.split_at(clock.find(char::is_alphabetic).unwrap_or(clock.len()));
    let start = times.split(['-', '–', '—']).next()?.trim_end();
    let is_of_either_half = when::is_of_either_half(start, context);
    if !is_of_either_half || !(zone.is_empty() || may_be_of_twelve_hours(zone)) {
        return None;
    }
    let later = |at: OffsetTime| (at + HALF_DAY).format("%H:%M").to_string();
    let end = when.end.map(|end| format!("-{}", later(end)));
    let zone = match zone {
        "" => String::new(),
        zone => format!(" {zone}"),
    };
    Some(format!(
        "{typed} was read as {}{which}; write {}{}{zone} if it was that",
        context.zone.to_local(at).format("%H:%M"),
        later(when.at),
        end.unwrap_or_default(),
    ))
}

/// True if `zone`, what stands behind a time of day, is not of a clock of 24 hours.
fn may_be_of_twelve_hours(zone: &str) -> bool {
    let is_name = zone.contains('/') || zone.chars().all(|c| c.is_ascii_uppercase());
    is_name && !["UTC", "GMT", "Z", "AM", "PM", "H", "UHR"].contains(&zone)
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
            ("1:10-1:12 web", "01:10", true),
            ("1:10 - 1:12: web", "01:10", true),
            ("1:10–1:12 PM web", "13:10", false),
            ("01:10-01:12 web", "01:10", false),
            ("1:10 ET web", "01:10", true),
            ("1:10 America/New_York web", "01:10", true),
            ("1:10 UTC web", "01:10", false),
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
