//! The ticks of the time axis, one generator for all forms of the picture.
//!
//! Up to some days there is a tick at round local times, then one at each midnight, and beyond a month
//! one at the first of a month.

use super::{
    midnight::{later_midnight, midnight_before},
    scale::{NARROW, TimeScale},
};
use crate::{documents::time_format::TimeFormatter, domain::time::UtcTime};
use chrono::{Datelike, Duration, NaiveDate, Timelike};

/// The possible steps between ticks within days, in minutes.
const STEP_MINUTES: [i64; 10] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360];
const HALF_DAY: i64 = 720;
const DAY: i64 = 1440;
/// The possible steps in months.
const STEP_MONTHS: [i64; 12] = [1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 60_000];
/// The most steps in the whole axis.
const MAX_STEPS: f64 = 7.2;
/// From this many days on the line of hours has the numbers of the days.
const MIN_DAYS_OF_DATES: i64 = 10;
const MAX_DAYS_OF_DATES: i64 = 31;
/// The room that the first day needs for the year, in px on the narrowest axis.
const YEAR_ROOM: f64 = 100.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TickUnit {
    /// Every so many minutes from midnight.
    Minutes(i64),
    /// Midnights, each with the name of its day.
    Days,
    /// Midnights, with the numbers of the days and the names of the Mondays.
    Dates,
    /// The first of every so many months.
    Months(i64),
}

/// A line across the rows.
#[derive(Clone, Debug)]
pub(super) struct Tick {
    pub at: UtcTime,
    /// True where a day begins that has a name; else its line is light.
    pub is_major: bool,
    /// `21:00`; empty where no hours are shown.
    pub hour: String,
}

/// A stretch of the axis that has a name: a day, or of the first of a month what follows it.
#[derive(Clone, Debug)]
pub(super) struct NamedStretch {
    /// The left end of the axis for the first.
    pub from: UtcTime,
    /// Its name, the longest form first; the last one is the shortest that will do.
    pub forms: Vec<String>,
    /// The number of forms that name the weekday.
    pub with_weekday: usize,
}

/// A day of the axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    pub from: UtcTime,
    pub to: UtcTime,
    pub date: NaiveDate,
}

/// The ticks of an axis, and the names above them.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub unit: TickUnit,
    pub ticks: Vec<Tick>,
    pub stretches: Vec<NamedStretch>,
    /// The days, if they are at most [`MAX_DAYS_OF_DATES`] or so; else empty.
    pub days: Vec<Day>,
}

/// Returns the unit for an axis of `minutes`.
pub(super) fn tick_unit(minutes: i64) -> TickUnit {
    #[expect(
        clippy::cast_precision_loss,
        reason = "minutes of at most some thousand years"
    )]
    let fits = |step: i64| minutes as f64 / step as f64 <= MAX_STEPS;
    if let Some(step) = STEP_MINUTES
        .into_iter()
        .chain([HALF_DAY])
        .find(|step| fits(*step))
    {
        return TickUnit::Minutes(step);
    }
    if minutes < MIN_DAYS_OF_DATES * DAY {
        return TickUnit::Days;
    }
    if minutes <= MAX_DAYS_OF_DATES * DAY {
        return TickUnit::Dates;
    }
    let step = STEP_MONTHS
        .into_iter()
        .find(|step| fits(step * 30 * DAY))
        .unwrap_or(STEP_MONTHS[STEP_MONTHS.len() - 1]);
    TickUnit::Months(step)
}

impl Axis {
    pub fn new(scale: &TimeScale, time_format: &TimeFormatter) -> Self {
        let unit = tick_unit(scale.minutes());
        if let TickUnit::Months(step) = unit {
            return Self::of_months(scale, time_format, step);
        }
        let days = days(scale, time_format);
        let mut ticks = Vec::new();
        for (i, day) in days.iter().enumerate() {
            if let TickUnit::Minutes(step) = unit {
                push_hours(&mut ticks, scale, time_format, day, step);
            } else if i > 0 {
                ticks.push(Tick {
                    at: day.from,
                    is_major: unit == TickUnit::Days || is_monday(day.date),
                    hour: String::new(),
                });
            }
        }
        let has_year = days.len() <= 3
            && days
                .first()
                .is_some_and(|first| scale.fraction(first.to) * NARROW >= YEAR_ROOM);
        let mut named: Vec<(usize, &Day)> = days.iter().enumerate().collect();
        if unit == TickUnit::Dates {
            named.retain(|(i, day)| *i == 0 || is_monday(day.date));
        }
        let stretches = named
            .into_iter()
            .map(|(i, day)| day_stretch(day, has_year && i == 0))
            .collect();
        Self {
            unit,
            ticks,
            stretches,
            days,
        }
    }

    fn of_months(scale: &TimeScale, time_format: &TimeFormatter, step: i64) -> Self {
        let first = time_format.local_date(scale.from);
        let mut stretches = vec![NamedStretch {
            from: scale.from,
            forms: vec![
                first.format("%-d %b %Y").to_string(),
                first.format("%-d %b").to_string(),
            ],
            with_weekday: 0,
        }];
        let mut ticks = Vec::new();
        let mut month = month_number(first) / step * step;
        while let Some(at) = start_of_month(time_format, scale.from, first, month) {
            month += step;
            if at <= scale.from {
                continue;
            }
            if at > scale.to {
                break;
            }
            ticks.push(Tick {
                at,
                is_major: true,
                hour: String::new(),
            });
            let date = time_format.local_date(at);
            let forms: &[&str] = match date.month() {
                _ if step >= 12 => &["%Y"],
                1 => &["%b %Y", "%Y"],
                _ => &["%b %Y", "%b"],
            };
            stretches.push(NamedStretch {
                from: at,
                forms: forms
                    .iter()
                    .map(|form| date.format(form).to_string())
                    .collect(),
                with_weekday: 0,
            });
        }
        Self {
            unit: TickUnit::Months(step),
            ticks,
            stretches,
            days: Vec::new(),
        }
    }
}

fn is_monday(date: NaiveDate) -> bool {
    date.weekday() == chrono::Weekday::Mon
}

fn day_stretch(day: &Day, has_year: bool) -> NamedStretch {
    let forms = ["%a %-d %b %Y", "%a %-d %b", "%a %-d", "%-d"];
    let forms = &forms[usize::from(!has_year)..];
    NamedStretch {
        from: day.from,
        forms: forms
            .iter()
            .map(|form| day.date.format(form).to_string())
            .collect(),
        with_weekday: forms.len() - 1,
    }
}

/// Returns the local days of `scale`; the first begins at its left end.
fn days(scale: &TimeScale, time_format: &TimeFormatter) -> Vec<Day> {
    let mut days = Vec::new();
    let mut midnight = midnight_before(time_format, scale.from);
    while midnight < scale.to || days.is_empty() {
        let next = later_midnight(time_format, midnight, 1).unwrap_or(scale.to);
        days.push(Day {
            from: midnight.max(scale.from),
            to: next.min(scale.to),
            date: time_format.local_date(midnight),
        });
        if next <= midnight {
            break;
        }
        midnight = next;
    }
    days
}

/// Appends the ticks of one day: where the clock shows a multiple of `step` minutes.
fn push_hours(
    ticks: &mut Vec<Tick>,
    scale: &TimeScale,
    time_format: &TimeFormatter,
    day: &Day,
    step: i64,
) {
    let midnight = midnight_before(time_format, day.from);
    let local = |at: UtcTime| time_format.to_local(at);
    let offset = |at: UtcTime| i64::from(local(at).offset().local_minus_utc());
    // 00:00 on that day's clock; where there is none, the day begins later.
    let zero = midnight - Duration::seconds(i64::from(local(midnight).num_seconds_from_midnight()));
    // A very short day has only few of them in the axis.
    let first = ((day.from - midnight).num_minutes() / step - 1).max(0);
    for i in first..=DAY / step {
        let nominal = zero + Duration::minutes(step * i);
        // After a change of the clock the ticks follow the clock.
        let shifted = nominal - Duration::seconds(offset(nominal) - offset(midnight));
        let at = if i == 0 { midnight } else { shifted };
        if at > day.to || (at == day.to && day.to < scale.to) {
            break;
        }
        let shown = i64::from(local(at).num_seconds_from_midnight());
        let is_on_day = local(at).date_naive() == day.date && at >= day.from;
        if is_on_day && (i == 0 || shown == step * i * 60) {
            ticks.push(Tick {
                at,
                is_major: i == 0,
                hour: time_format.time(at),
            });
        }
    }
}

fn month_number(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// Returns the first midnight of month number `month`, found from `from`, whose date is `first`.
fn start_of_month(
    time_format: &TimeFormatter,
    from: UtcTime,
    first: NaiveDate,
    month: i64,
) -> Option<UtcTime> {
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)?;
    let days = (date - first).num_days();
    let midnight = midnight_before(time_format, from);
    if days < 0 {
        return Some(midnight - Duration::days(-days));
    }
    later_midnight(time_format, midnight, days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::five_minutes(5, TickUnit::Minutes(1))]
    #[case::half_an_hour(30, TickUnit::Minutes(5))]
    #[case::hour(60, TickUnit::Minutes(10))]
    #[case::three_hours(3 * 60, TickUnit::Minutes(30))]
    #[case::six_hours(6 * 60, TickUnit::Minutes(60))]
    #[case::twelve_hours(12 * 60, TickUnit::Minutes(120))]
    #[case::eighteen_hours(18 * 60, TickUnit::Minutes(180))]
    #[case::day(DAY, TickUnit::Minutes(360))]
    #[case::forty_three_hours(43 * 60, TickUnit::Minutes(360))]
    #[case::two_days(2 * DAY, TickUnit::Minutes(720))]
    #[case::three_days(3 * DAY, TickUnit::Minutes(720))]
    #[case::five_days(5 * DAY, TickUnit::Days)]
    #[case::seven_days(7 * DAY, TickUnit::Days)]
    #[case::ten_days(10 * DAY, TickUnit::Dates)]
    #[case::month(31 * DAY, TickUnit::Dates)]
    #[case::two_months(60 * DAY, TickUnit::Months(1))]
    #[case::three_years(3 * 365 * DAY, TickUnit::Months(6))]
    fn step_is_the_smallest_with_at_most_seven_steps(
        #[case] minutes: i64,
        #[case] expected: TickUnit,
    ) {
        assert_eq!(tick_unit(minutes), expected);
    }
}
