//! The time axis: round times of the local day, and a mark at each midnight.

use super::{PixelScale, text_width};
use crate::{
    documents::time_format::{TimeFormatter, push_time},
    domain::time::UtcTime,
};
use chrono::{Duration, Timelike};
use std::fmt::Write;

/// The steps an axis may have, in minutes: up to a day, then days, then years.
const STEP_MINUTES: [i64; 21] = [
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    180,
    360,
    720,
    1440,
    2880,
    10_080,
    20_160,
    43_200,
    129_600,
    525_600,
    5_256_000,
    52_560_000,
    525_600_000,
];
const MINUTES_PER_DAY: i64 = 1440;
/// The least room between two ticks, in px.
const MIN_TICK_SPACING: i64 = 72;

pub(super) fn draw(out: &mut String, scale: &PixelScale, clock: &TimeFormatter, bottom: usize) {
    let minutes = (scale.to - scale.from).num_minutes().max(1);
    let width = i64::try_from(scale.width).unwrap_or(i64::MAX);
    let step = STEP_MINUTES
        .into_iter()
        .find(|step| step.saturating_mul(width) / minutes >= MIN_TICK_SPACING)
        .unwrap_or(minutes);
    let by_days = step >= MINUTES_PER_DAY;
    let stamp = clock.to_local(scale.from);
    let (first_day, other_day) = if scale.width < 500 {
        ("%-d %b", "%-d %b")
    } else {
        ("%a %-d %b %Y", "%a %-d %b")
    };
    let mut days_end = 0;
    if !by_days {
        days_end = draw_day(out, scale, 0, &stamp.format(first_day).to_string());
    }
    let mut labels_end = 0;
    let mut midnight = midnight_before(clock, scale.from);
    let count = if by_days { step / MINUTES_PER_DAY } else { 1 };
    while midnight <= scale.to {
        let Some(next) = later_midnight(clock, midnight, count) else {
            break;
        };
        let stamp = clock.to_local(midnight);
        if midnight >= scale.from {
            let x = scale.x(midnight);
            if by_days {
                draw_tick(out, x, bottom, "tick");
                labels_end = draw_label(
                    out,
                    scale,
                    labels_end,
                    x,
                    &stamp.format("%-d %b %Y").to_string(),
                );
            } else {
                draw_tick(out, x, bottom, "day-tick");
                if x >= days_end {
                    days_end = draw_day(out, scale, x, &stamp.format(other_day).to_string());
                }
            }
        }
        if !by_days {
            draw_hours(
                out,
                scale,
                clock,
                (midnight, next),
                step,
                bottom,
                &mut labels_end,
            );
        }
        midnight = next;
    }
}

/// The ticks of one day.
fn draw_hours(
    out: &mut String,
    scale: &PixelScale,
    clock: &TimeFormatter,
    (midnight, next): (UtcTime, UtcTime),
    step: i64,
    bottom: usize,
    labels_end: &mut usize,
) {
    for i in 0..=MINUTES_PER_DAY / step {
        let at = midnight + Duration::minutes(step * i);
        if at >= next || at > scale.to {
            break;
        }
        if at < scale.from {
            continue;
        }
        let x = scale.x(at);
        if i > 0 {
            draw_tick(out, x, bottom, "tick");
        }
        let mut time = String::new();
        push_time(&mut time, clock.to_local(at));
        *labels_end = draw_label(out, scale, *labels_end, x, &time);
    }
}

fn draw_tick(out: &mut String, x: usize, bottom: usize, class: &str) {
    let _ = writeln!(
        out,
        "<path class=\"{class}\" d=\"M{x}.5 36V{}\"/>",
        bottom - 10
    );
}

/// A label at `x`, where there is room; and where the next may begin.
fn draw_label(out: &mut String, scale: &PixelScale, from: usize, x: usize, text: &str) -> usize {
    let end = x + text_width(text);
    if x < from || end > scale.width {
        return from;
    }
    let _ = writeln!(out, "<text class=\"hour\" x=\"{x}\" y=\"31\">{text}</text>");
    end + 8
}

fn draw_day(out: &mut String, scale: &PixelScale, x: usize, text: &str) -> usize {
    let end = x + text_width(text);
    if end > scale.width {
        return x;
    }
    let _ = writeln!(out, "<text class=\"day\" x=\"{x}\" y=\"12\">{text}</text>");
    end + 12
}

/// The beginning of the local day that `at` is in.
fn midnight_before(clock: &TimeFormatter, at: UtcTime) -> UtcTime {
    let stamp = clock.to_local(at);
    let into = Duration::seconds(i64::from(stamp.num_seconds_from_midnight()))
        + Duration::nanoseconds(i64::from(stamp.nanosecond() % 1_000_000_000));
    nearest_midnight(clock, at - into)
}

/// The beginning of the local day that is `days` later; days are longer or shorter where the clocks
/// change.
fn later_midnight(clock: &TimeFormatter, midnight: UtcTime, days: i64) -> Option<UtcTime> {
    let at = midnight.checked_add_signed(Duration::try_days(days)?)?;
    (at.timestamp() < 253_402_000_000).then(|| nearest_midnight(clock, at))
}

/// The midnight nearest to `at`, which clocks have moved it from.
fn nearest_midnight(clock: &TimeFormatter, at: UtcTime) -> UtcTime {
    let past = i64::from(clock.to_local(at).num_seconds_from_midnight());
    if past == 0 {
        at
    } else if past < 43_200 {
        at - Duration::seconds(past)
    } else {
        at + Duration::seconds(86_400 - past)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_utc;

    #[test]
    fn axis_days_follow_dst_changes() {
        let clock = TimeFormatter::new("America/New_York");
        let noon = parse_utc("2012-11-03T16:00:00Z").unwrap();
        let begins = midnight_before(&clock, noon);
        assert_eq!(begins, parse_utc("2012-11-03T04:00:00Z").unwrap());
        let next = later_midnight(&clock, begins, 1).unwrap();
        assert_eq!(next, parse_utc("2012-11-04T04:00:00Z").unwrap());
        let after = later_midnight(&clock, next, 1).unwrap();
        assert_eq!(
            after,
            parse_utc("2012-11-05T05:00:00Z").unwrap(),
            "25 hours"
        );
    }
}
