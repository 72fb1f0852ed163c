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

/// The order of the lines of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct DaySequence {
    newest_first: bool,
    last: Option<UtcTime>,
}

impl DaySequence {
    /// Takes the order from the bare times of day of the lines at hand; `None` is a line that sets another day. They
    /// run backwards if two or more are earlier than the one before by less than twelve hours, and each other step is
    /// none, or twelve hours or more ahead. Of fewer than three times nothing is concluded.
    pub fn observe(&mut self, times: &[Option<NaiveTime>]) {
        if times.iter().flatten().count() < 3 {
            return;
        }
        let steps: Vec<TimeDelta> = times
            .windows(2)
            .filter_map(|pair| Some(pair[1]? - pair[0]?))
            .collect();
        let is_backward = |step: &TimeDelta| *step < TimeDelta::zero() && *step > -DAY_CHANGE;
        let fits = |step: &TimeDelta| is_backward(step) || step.is_zero() || *step >= DAY_CHANGE;
        let backward = steps.iter().filter(|step| is_backward(step)).count();
        self.newest_first = backward >= 2 && steps.iter().all(fits);
    }

    #[must_use]
    pub fn is_newest_first(&self) -> bool {
        self.newest_first
    }

    /// Returns what `at`, a bare time on the day that holds so far, is to the time before it.
    #[must_use]
    pub fn step(&self, at: UtcTime) -> DayStep {
        let Some(last) = self.last else {
            return DayStep::Same;
        };
        let against = if self.newest_first {
            at - last
        } else {
            last - at
        };
        match against {
            step if step >= DAY_CHANGE && self.newest_first => DayStep::Previous,
            step if step >= DAY_CHANGE => DayStep::Next,
            step if step >= NOTABLE => DayStep::OutOfOrder,
            _ => DayStep::Same,
        }
    }

    /// True if `at` is against the order of the lines, by however little.
    #[must_use]
    pub fn goes_back(&self, at: UtcTime) -> bool {
        self.last.is_some_and(|last| match self.newest_first {
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

    #[rstest]
    #[case("10:00 10:05 10:03", false)]
    #[case("10:30 10:06", false)]
    #[case("10:30 10:06 10:01", true)]
    #[case("10:30 10:30 10:06 10:01", true)]
    #[case("00:10 23:50 23:40", false)]
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
        let times: Vec<Option<NaiveTime>> = times
            .split(' ')
            .map(|t| NaiveTime::parse_from_str(t, "%H:%M").ok())
            .collect();
        let mut sequence = DaySequence::default();
        sequence.observe(&times);
        assert_eq!(sequence.is_newest_first(), newest_first);
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
        let mut sequence = DaySequence {
            newest_first,
            last: None,
        };
        assert_eq!(sequence.step(at_day(at)), DayStep::Same);
        sequence.advance(at_day(last));
        assert_eq!(sequence.step(at_day(at)), step);
    }
}
