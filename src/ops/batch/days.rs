//! The day of bare times that a line with more in it sets: a title, or a row with its own date.

use super::{BatchParser, PreparedEvent};
use crate::{
    domain::{
        capture,
        parse_error::ParseError,
        time::OffsetTime,
        when::{self, DayLine, DayStep},
    },
    ops::{OpsError, Result},
};
use chrono::{NaiveDate, Offset as _};

/// How many words at the beginning of a line are looked at for its day.
const MAX_WORDS_TO_DAY: usize = 4;

impl BatchParser {
    /// Returns the day that a line sets for the bare times below it, which is no day line and has no time of its own.
    ///
    /// # Errors
    /// It names a day that may be that of the times below it, which no other line sets.
    pub(super) fn named_day(
        &self,
        number: usize,
        line: &str,
    ) -> Option<Result<DayLine, ParseError>> {
        if !self.outline.has_bare_below(number) || capture::is_heading(line) {
            return None;
        }
        let context = self.context.time_context();
        let unmarked = capture::unmarked_time(line, &context);
        if when::parse_leading(&unmarked, &context).is_some() {
            return None;
        }
        let named = when::named_day(line, &context)?;
        let is_first = || {
            let has_day = self.has_times || context.day.is_some() || self.row_day.is_some();
            !has_day && self.table.is_none() && self.outline.is_above_dayless(number)
        };
        let is_day = || when::has_date_label(line) || when::is_unread_day_alone(line);
        (named.is_ok() || is_day() || is_first()).then_some(named)
    }

    /// Refuses the day of line `number` where it is below all times, which were read as those of another day.
    pub(super) fn check_day_below(&self, number: usize, day: NaiveDate) -> Result<()> {
        let context = self.context.time_context();
        let is_today = context.zone.to_local(context.now).date_naive() == day;
        let has_day = context.day.is_some() || self.row_day.is_some();
        if is_today || has_day || !self.has_times || !self.outline.is_below_all_times(number) {
            return Ok(());
        }
        Err(OpsError::usage(format!(
            "it says {day}, and the times above it were read without a day"
        ))
        .with_hint(
            "take back what was logged with `bridgelog undo`, and log it again with this line first",
        ))
    }

    /// Sets the day of the bare times below line `number`.
    pub(super) fn set_day(&mut self, day: NaiveDate, notice: Option<String>) {
        self.invalid_date_line = None;
        self.day_notice = notice;
        self.day_offset = None;
        self.sequence.restart();
        self.row_day = None;
        self.has_bare_on_day = false;
        self.context.set_day(day);
    }

    /// Takes the day of an event whose line says it for the bare times below. A line that goes back to another day below
    /// bare times is an aside: they stay where they were.
    pub(super) fn take_row_day(&mut self, number: usize, prepared: &PreparedEvent) {
        let at = prepared.event.at;
        let (day, offset) = self.day_of_row(at);
        let zone = &self.context.capture_context().zone;
        let local_day = |at| zone.to_local(at).date_naive();
        let day_above = self.sequence.last().map(local_day);
        if self.has_bare_on_day && self.sequence.goes_back(at.to_utc()) {
            if day_above != Some(local_day(at.to_utc())) {
                self.day_notice = Some(format!(
                    "line {number} goes back to {day}: the times below it were taken as those of the lines above it"
                ));
            }
            return;
        }
        let now = self.context.time_context().now;
        let is_today = day
            == offset.map_or(local_day(now), |offset| {
                now.with_timezone(&offset).date_naive()
            });
        self.day_notice = (!is_today && !self.said_row_day).then(|| {
            format!("the times below line {number} were taken as those of {day}, as it says; write the date for another day")
        });
        self.invalid_date_line = None;
        self.row_day = Some(day);
        self.day_offset = Some(offset);
        self.has_bare_on_day = false;
        self.sequence.restart();
        self.sequence.advance(at.to_utc());
    }

    /// Refuses a bare time where a line above it leaves open of which day it is.
    ///
    /// # Errors
    /// There is such a line.
    pub(super) fn check_lines_above(&self) -> Result<()> {
        let (message, hint) = match (self.elapsed_line, self.invalid_date_line) {
            (Some(at), _) => (
                format!("it is no time of day: line {at} says that the times are since a start"),
                "write the time of day of each line",
            ),
            (None, Some(at)) => (
                format!("its day is not known: line {at} is not a date"),
                "correct that date, and log the lines behind it again",
            ),
            (None, None) => return Ok(()),
        };
        Err(OpsError::usage(message).with_hint(hint))
    }

    /// Refuses line `number`, and the bare times below it, where it says that they are since a start.
    ///
    /// # Errors
    /// It says so.
    pub(super) fn check_states_elapsed(&mut self, number: usize, line: &str) -> Result<()> {
        if !(self.outline.has_bare_below(number) && capture::states_elapsed(line)) {
            return Ok(());
        }
        self.elapsed_line = Some(number);
        let error = "it says that the times below it are since a start, and not times of day";
        Err(OpsError::usage(error).with_hint("write the time of day of each line"))
    }

    /// Says of `today` or `yesterday` below a line of another day which day it is: that of the clock.
    pub(super) fn note_relative_day(&self, line: &str, prepared: &mut PreparedEvent) {
        let context = self.context.time_context();
        let day = prepared.event.at.date_naive();
        let is_other = self
            .row_day
            .or(context.day)
            .is_some_and(|above| above != day);
        let word = line.split_whitespace().next().unwrap_or_default();
        if is_other && when::is_relative_to_now(line) && word.starts_with(char::is_alphabetic) {
            prepared.notices.push(format!(
                "`{word}` is that of the clock, {day}, and not of the day above it"
            ));
        }
    }

    /// Says of the first time behind a day of the week which day that is, if nothing says of which week.
    pub(super) fn note_weekday(&self, line: &str, prepared: &mut PreparedEvent) {
        let context = self.context.time_context();
        let is_first = self.row_day.is_none() && context.day.is_none() && context.span.is_none();
        let is_said = |notice: &String| notice.ends_with("write the date for another day");
        let is_assumed = || prepared.notices.iter().any(is_said);
        if is_first && when::is_of_weekday(line, &context) && !is_assumed() {
            prepared.notices.push(format!(
                "the day of the week means {}, the latest such day; write the date for another day",
                prepared.event.at.format("%Y-%m-%d")
            ));
        }
    }

    /// Returns the day of a time in the zone in which it was typed, with the offset of that if it is not the zone of the
    /// bare times.
    fn day_of_row(&self, at: OffsetTime) -> (NaiveDate, Option<chrono::FixedOffset>) {
        let own = self.context.capture_context().zone.to_local(at.to_utc());
        let offset = at.offset().fix();
        (
            at.date_naive(),
            (own.offset().fix() != offset).then_some(offset),
        )
    }

    /// True if `line` begins with a day, or its time, which `is_bare` or not, says one or is so long ago that it is not
    /// today's: `2 days ago`. Where the line is refused, the day of the bare times below it is not known.
    pub(super) fn is_of_another_day(&self, is_bare: bool, line: &str) -> bool {
        if is_bare || begins_with_day(line) {
            return begins_with_day(line);
        }
        let context = self.context.time_context();
        let local_day = |at| context.zone.to_local(at).date_naive();
        when::is_dated(line, &context)
            || matches!(when::parse_leading(line, &context), Some(Ok((when, _)))
                if local_day(when.at.to_utc()) != local_day(context.now))
    }

    /// True if `line`, which begins like a time that is not read, says a day.
    pub(super) fn is_of_unread_day(&self, line: &str) -> bool {
        let has_clock = when::has_clock_time(line) || when::begins_with_clock(line);
        has_day_before_clock(line) || !has_clock && self.is_of_another_day(true, line)
    }

    /// Sets the day of a bare time to that of a row above it, which also chooses the date of `line` if it begins with a
    /// day such as `Thu 14:09`; returns the day to give back after it.
    pub(super) fn enter_row_day(&mut self, is_bare: bool, line: &str) -> Option<Option<NaiveDate>> {
        let day = self.row_day?;
        let context = self.context.time_context();
        if !is_bare && (!when::is_dated(line, &context) || when::is_relative_to_now(line)) {
            return None;
        }
        let outer = self.context.capture_context().day;
        self.context.set_day(day);
        Some(outer)
    }

    /// Undoes [`enter_row_day`](Self::enter_row_day); below a bare time, the day on which the lines are now is kept.
    pub(super) fn leave_row_day(&mut self, outer: Option<Option<NaiveDate>>, is_bare: bool) {
        if let Some(outer) = outer {
            if is_bare {
                self.row_day = self.context.capture_context().day;
            }
            self.context.set_day(outer);
        }
    }

    /// Returns the day of the line before, or in lines that run backwards the day before that, for a bare time without a
    /// day line that goes on there in the order of the lines and was taken as one of another day.
    pub(super) fn day_in_order(&self, prepared: &PreparedEvent) -> Option<NaiveDate> {
        let at = prepared.event.at_utc();
        let context = self.context.time_context();
        let last = context.zone.to_local(self.sequence.last()?).naive_local();
        let time = context.zone.to_local(at).time();
        let step = self.sequence.step(at);
        if self.sequence.is_newest_first() {
            return match step {
                DayStep::Previous | DayStep::OutOfOrder if time <= last.time() => Some(last.date()),
                DayStep::Previous => last.date().pred_opt(),
                _ => None,
            };
        }
        let on_day = last.date().and_time(time);
        let is_past = on_day <= context.zone.to_local(context.now).naive_local();
        (step != DayStep::Same && time >= last.time() && is_past).then_some(last.date())
    }
}

/// True if what stands before the time of day in `line` is a day that is not read: `24/11 10:06 x`, `(next day) 10:06 x`.
fn has_day_before_clock(line: &str) -> bool {
    let clock = line
        .split_whitespace()
        .find(|word| when::has_clock_time(word));
    let Some((before, clock)) = clock.and_then(|clock| Some((line.split_once(clock)?.0, clock)))
    else {
        return false;
    };
    // `2012-08-16+01:00`
    if before.is_empty() {
        return when::names_a_day(clock);
    }
    let before = before.trim_matches(|c: char| !c.is_alphanumeric());
    !before.is_empty()
        && (begins_with_day(before)
            || when::is_unread_day_alone(before)
            || when::is_other_day(before))
}

/// True if one of the first words of `line` is a day, or a date in some form: `10:40 Nov 23`, `25.11. at ten`.
fn begins_with_day(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(MAX_WORDS_TO_DAY).collect();
    let is_date = |word: &&str| {
        let word = word.trim_end_matches([':', ',']);
        let is_ordinal = || {
            ["st", "nd", "rd", "th"]
                .iter()
                .any(|end| word.ends_with(end))
        };
        word.starts_with(|c: char| c.is_ascii_digit())
            && !when::has_clock_time(word)
            && (word.contains(['/', '.', '-']) || is_ordinal())
    };
    words.first().is_some_and(is_date) || when::names_a_day(&words.join(" "))
}
