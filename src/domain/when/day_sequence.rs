//! The days of bare times below a day line, from the order of the lines, as `docs/line.md` says.

use crate::domain::time::UtcTime;
use chrono::{NaiveTime, TimeDelta};

/// A step of this much against the order of the lines is a change of day.
const DAY_CHANGE: TimeDelta = TimeDelta::hours(12);
/// A smaller step against the order of the lines is worth a notice from this much on.
const NOTABLE: TimeDelta = TimeDelta::hours(1);

/// What the time of a line is to that of the line before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayStep {
    /// In order, or less than an hour out of it.
    Same,
    /// One to twelve hours against the order of the lines: the day stays.
    OutOfOrder,
    /// Twelve hours or more back: the next day.
    Next,
    /// In lines that run backwards, twelve hours or more ahead: the day before.
    Previous,
}

/// A step ahead of this much makes it likely that the lines run backwards over midnight, which is then near.
const LIKELY_MIDNIGHT: TimeDelta = TimeDelta::hours(18);

/// In which order the lines of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
enum Order {
    #[default]
    OldestFirst,
    NewestFirst,
    /// They are taken as oldest first, and may as well be the other way round: `00:10`, `23:50`.
    Unclear,
}

/// The order of the lines of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct DaySequence {
    order: Order,
    last: Option<UtcTime>,
}

impl DaySequence {
    /// Takes the order from the bare times of day of the lines at hand; `None` is a line that sets another day. They may
    /// run backwards if each step is none, back by less than twelve hours, or ahead by twelve hours or more, over midnight.
    /// They do if two or more go back, or one does beside a step over a midnight that is near.
    pub fn observe(&mut self, times: &[Option<NaiveTime>]) {
        let steps = times
            .windows(2)
            .filter_map(|pair| Some(pair[1]? - pair[0]?));
        let steps: Vec<TimeDelta> = steps.filter(|step| !step.is_zero()).collect();
        let over_midnight = || steps.iter().filter(|step| **step >= DAY_CHANGE);
        let is_near = over_midnight().all(|step| *step >= LIKELY_MIDNIGHT);
        let ahead = over_midnight().count();
        let is_back = |step: &&TimeDelta| **step < TimeDelta::zero() && **step > -DAY_CHANGE;
        let back = steps.iter().filter(is_back).count();
        let may_run_backwards = ahead + back == steps.len();
        let has_few = times.iter().flatten().count() < 3;
        self.order = match (ahead, back) {
            (_, 2..) if may_run_backwards => Order::NewestFirst,
            (1.., 1) if may_run_backwards && is_near => Order::NewestFirst,
            (1.., 1) if may_run_backwards => Order::Unclear,
            (1.., 0) if may_run_backwards && is_near => Order::Unclear,
            // A line or two do not change what those above them were.
            _ if has_few => self.order,
            _ => Order::OldestFirst,
        };
    }

    #[must_use]
    pub fn is_newest_first(&self) -> bool {
        self.order == Order::NewestFirst
    }

    /// True if `at` is so far after the line before it that the lines may as well run backwards.
    #[must_use]
    pub fn may_be_day_before(&self, at: UtcTime) -> bool {
        self.order == Order::Unclear && self.last.is_some_and(|last| at - last >= DAY_CHANGE)
    }

    /// Returns what `at`, a bare time on the day that holds so far, is to the time before it.
    #[must_use]
    pub fn step(&self, at: UtcTime) -> DayStep {
        let Some(last) = self.last else {
            return DayStep::Same;
        };
        let against = if self.is_newest_first() {
            at - last
        } else {
            last - at
        };
        match against {
            step if step >= DAY_CHANGE && self.is_newest_first() => DayStep::Previous,
            step if step >= DAY_CHANGE => DayStep::Next,
            step if step >= NOTABLE => DayStep::OutOfOrder,
            _ => DayStep::Same,
        }
    }

    /// True if `at` is against the order of the lines, by however little.
    #[must_use]
    pub fn goes_back(&self, at: UtcTime) -> bool {
        self.last.is_some_and(|last| match self.is_newest_first() {
            true => at > last,
            false => at < last,
        })
    }

    /// The time that the next line is compared with.
    #[must_use]
    pub fn last(&self) -> Option<UtcTime> {
        self.last
    }

    /// Sets the time that the next line is compared with.
    pub fn advance(&mut self, at: UtcTime) {
        self.last = Some(at);
    }

    /// Forgets the time before, below a day line.
    pub fn restart(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_utc;
    use rstest::rstest;

    fn observed(times: &str) -> DaySequence {
        let times: Vec<Option<NaiveTime>> = times
            .split(' ')
            .map(|t| NaiveTime::parse_from_str(t, "%H:%M").ok())
            .collect();
        let mut sequence = DaySequence::default();
        sequence.observe(&times);
        sequence
    }

    #[rstest]
    #[case("10:00 10:05 10:03", false)]
    #[case("10:30 10:06", false)]
    #[case("10:30 10:06 10:01", true)]
    #[case("10:30 10:30 10:06 10:01", true)]
    #[case("00:10 23:50 23:40", true)]
    #[case("00:10 23:50 13:50", true)]
    #[case("08:00 21:00 20:55", false)]
    #[case("00:10 23:50", false)]
    #[case("00:10 23:50 23:40 23:30", true)]
    #[case("23:40 23:50 00:10", false)]
    #[case("10:30 10:06 10:10 10:01", false)]
    #[case("22:00 08:00 19:00 07:00", false)]
    #[case("19:00 | 08:10 | 07:30", false)]
    #[case("19:00 18:00 17:30 | 19:30", true)]
    fn block_is_newest_first_if_it_runs_backwards_as_a_whole(
        #[case] times: &str,
        #[case] newest_first: bool,
    ) {
        assert_eq!(observed(times).is_newest_first(), newest_first);
    }

    #[rstest]
    #[case("00:10 23:50", true)]
    #[case("08:00 21:00 20:55", true)]
    #[case("08:00 21:00", false)]
    #[case("00:10 09:00 23:50", false)]
    #[case("00:10 | 23:50", false)]
    fn a_block_that_may_run_backwards_over_midnight_is_unclear(
        #[case] times: &str,
        #[case] is_unclear: bool,
    ) {
        assert_eq!(observed(times).order == Order::Unclear, is_unclear);
    }

    #[rstest]
    #[case(false, "23:50", "00:10", DayStep::Next)]
    #[case(false, "23:50", "11:50", DayStep::Next)]
    #[case(false, "23:50", "11:51", DayStep::OutOfOrder)]
    #[case(false, "10:50", "09:50", DayStep::OutOfOrder)]
    #[case(false, "10:50", "09:51", DayStep::Same)]
    #[case(false, "00:10", "23:50", DayStep::Same)]
    #[case(true, "00:10", "23:50", DayStep::Previous)]
    #[case(true, "10:00", "12:00", DayStep::OutOfOrder)]
    #[case(true, "23:50", "00:10", DayStep::Same)]
    fn steps_against_the_order_change_the_day_or_are_noted(
        #[case] newest_first: bool,
        #[case] last: &str,
        #[case] at: &str,
        #[case] step: DayStep,
    ) {
        let at_day = |time: &str| parse_utc(&format!("2012-08-16T{time}:00Z")).unwrap();
        let order = match newest_first {
            true => Order::NewestFirst,
            false => Order::OldestFirst,
        };
        let mut sequence = DaySequence { order, last: None };
        assert_eq!(sequence.step(at_day(at)), DayStep::Same);
        sequence.advance(at_day(last));
        assert_eq!(sequence.step(at_day(at)), step);
    }
}
