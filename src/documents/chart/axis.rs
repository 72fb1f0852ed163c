//! The time axis of the chart: ticks at round local times, and a mark at each midnight.

use super::scale::{PixelScale, text_width};
use crate::{
    documents::{
        midnight::{later_midnight, midnight_before},
        time_format::{TimeFormatter, push_time},
    },
    domain::time::UtcTime,
};
use chrono::Duration;
use std::fmt::Write;

/// The possible steps between ticks, in minutes: up to a day, then days, then years.
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
/// In px.
const MIN_TICK_SPACING: i64 = 72;

pub(super) fn draw(
    out: &mut String,
    scale: &PixelScale,
    time_format: &TimeFormatter,
    bottom: usize,
) {
    let minutes = (scale.to - scale.from).num_minutes().max(1);
    let width = i64::try_from(scale.width).unwrap_or(i64::MAX);
    let step = STEP_MINUTES
        .into_iter()
        .find(|step| step.saturating_mul(width) / minutes >= MIN_TICK_SPACING)
        .unwrap_or(minutes);
    let by_days = step >= MINUTES_PER_DAY;
    let stamp = time_format.to_local(scale.from);
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
    let mut midnight = midnight_before(time_format, scale.from);
    let count = if by_days { step / MINUTES_PER_DAY } else { 1 };
    while midnight <= scale.to {
        let Some(next) = later_midnight(time_format, midnight, count) else {
            break;
        };
        let stamp = time_format.to_local(midnight);
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
                time_format,
                (midnight, next),
                step,
                bottom,
                &mut labels_end,
            );
        }
        midnight = next;
    }
}

/// Draws the ticks and labels of one day.
fn draw_hours(
    out: &mut String,
    scale: &PixelScale,
    time_format: &TimeFormatter,
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
        push_time(&mut time, time_format.to_local(at));
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

/// Draws a label at `x` if there is space from `from` to the right edge. Returns the x at which the
/// next label can begin.
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
