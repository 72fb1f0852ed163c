//! Says that a time without AM or PM may be of the other half of the day.

use crate::domain::{
    event::Event,
    time::{UtcTime, start_of_minute},
    zone::Zone,
};
use chrono::{TimeDelta, Timelike as _};

/// Returns a notice if `line` begins with a time of a clock of twelve hours (`1:10`, not `01:10` or `1:10 AM`) that was
/// read as one before the incident was declared, while it would lie between that and `now` twelve hours later.
#[must_use]
pub(super) fn other_half_notice(
    line: &str,
    event: &Event,
    (declared, now): (UtcTime, UtcTime),
    zone: &Zone,
) -> Option<String> {
    let at = event.at_utc();
    let later = at + TimeDelta::hours(12);
    if at >= declared || later < start_of_minute(declared) || later > now {
        return None;
    }
    let typed = line.trim_start_matches(|c: char| !c.is_ascii_digit());
    let is_digit = |c: char| c.is_ascii_digit();
    let (hour, rest) = typed.split_once(':')?;
    let minute = rest
        .get(..2)
        .filter(|minute| minute.chars().all(is_digit))?;
    let is_of_twelve = !hour.starts_with('0')
        && hour.chars().all(is_digit)
        && hour.parse().is_ok_and(|hour: u32| hour < 12);
    let behind = rest[2..].trim_start_matches(|c: char| is_digit(c) || ":. )]*`_".contains(c));
    let says_half = ["a", "p", "h", "uhr"].into_iter().any(|half| {
        let behind = behind.to_lowercase();
        let rest = behind.strip_prefix(half);
        rest.is_some_and(|rest| {
            let rest = rest.trim_start_matches(['.', 'm', 'r', 's']);
            !rest.starts_with(char::is_alphanumeric)
        })
    });
    let local = zone.to_local(at);
    let is_read_so = local.hour().to_string() == hour;
    (is_of_twelve && !says_half && is_read_so).then(|| {
        let later = zone.to_local(later);
        format!(
            "{hour}:{minute} was read as {}, before the incident was declared; write {} if it was that",
            local.format("%H:%M"),
            later.format("%H:%M")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{time::parse_utc, words::Kind};

    #[test]
    fn time_of_twelve_hours_before_the_declaration_is_said() {
        let zone = Zone::find("America/New_York").unwrap();
        // Declared at 12:55; now 13:12.
        let times = ["2026-07-20T16:55:00Z", "2026-07-20T17:12:00Z"].map(|t| parse_utc(t).unwrap());
        for (line, at, is_said) in [
            ("1:10 restarted web", "01:10", true),
            ("- 1:10: restarted web", "01:10", true),
            ("1:10 after the restart", "01:10", true),
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
            let notice = other_half_notice(line, &event, (times[0], times[1]), &zone);
            assert_eq!(notice.is_some(), is_said, "{line}: {notice:?}");
        }
    }
}
