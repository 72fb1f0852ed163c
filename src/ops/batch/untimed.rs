//! Lines without a time among others: those that are joined with one, and events at now.

use super::{
    BatchLine, BatchParser, PreparedEvent,
    outline::{begins_with_age, has_clock},
    stated_zone::StatedZone,
};
use crate::{
    domain::{
        capture,
        parse_error::ParseError,
        when::{self, DayLine, TimeContext},
        words::{Kind, is_capture_kind},
    },
    ops::{OpsError, Result},
};
use std::borrow::Cow;

/// What stands before a time in `Detected by us: 10:06` has at most so many words.
const MAX_LABEL_WORDS: usize = 4;

impl BatchParser {
    /// Returns line `number` with the time that is on the line beside it, if there is one and it is `timed`; `None` for
    /// that time.
    ///
    /// # Errors
    /// It is not clear which of the lines belong together.
    pub(super) fn join_lines<'l>(
        &mut self,
        number: usize,
        line: &'l str,
        timed: bool,
    ) -> Result<Option<Cow<'l, str>>> {
        let Some(joined) = self.outline.joined(number).filter(|_| timed) else {
            return Ok(Some(Cow::Borrowed(line)));
        };
        let Some((joined, stamp)) = joined? else {
            return Ok(None);
        };
        let joined = joined.to_owned();
        if !std::mem::replace(&mut self.said_joined, true) {
            let side = if stamp > number { "above" } else { "below" };
            self.event_notice = Some(format!(
                "line {stamp} is only a time: it was taken as that of the line {side} it, and so for each such line"
            ));
        }
        Ok(Some(Cow::Owned(joined)))
    }

    /// Returns what is behind the signs of a heading that begins with a time, which is an event.
    pub(super) fn timed_heading<'l>(&mut self, line: &'l str) -> Option<&'l str> {
        self.below_heading = None;
        let event = line.trim().trim_start_matches('#').trim_start();
        let context = self.context.time_context();
        let unmarked = capture::unmarked_time(event, &context);
        matches!(when::parse_leading(&unmarked, &context), Some(Ok(_))).then_some(event)
    }

    /// Takes the day that line `number` names as that of the bare times below it.
    ///
    /// # Errors
    /// It is not sure that it is that.
    pub(super) fn take_named_day(
        &mut self,
        number: usize,
        line: &str,
        day: Result<DayLine, ParseError>,
    ) -> Result<BatchLine> {
        let day = day.inspect_err(|_| self.invalid_date_line = Some(number))?;
        let date = day.date;
        let notice = day.notice(line.trim()).unwrap_or_else(|| {
            format!("line {number} was taken to say that {date} is the day of the times below it")
        });
        self.set_day(date, Some(notice));
        Ok(BatchLine::Day(date))
    }

    /// Refuses line `number`, which has no time and names a zone that may be that of the times below it, and those times.
    ///
    /// # Errors
    /// It is such a line.
    pub(super) fn check_names_zone(&mut self, number: usize, line: &str) -> Result<()> {
        if !self.outline.has_bare_below(number) || when::has_clock_time(line) {
            return Ok(());
        }
        let context = self.context.time_context();
        match capture::may_state_zone(line, self.has_times, &context) {
            Some(error) => {
                self.zone = StatedZone::Unknown(number);
                Err(error.into())
            }
            None => Ok(()),
        }
    }

    /// Decides about an event at now because its line has no time: with a notice among lines that have one.
    ///
    /// # Errors
    /// A line set another day than today, or a day that is not known; or it is below a heading with a time.
    pub(super) fn check_untimed(&mut self, line: &str, prepared: &mut PreparedEvent) -> Result<()> {
        if prepared.has_time {
            return Ok(());
        }
        let hint = "write its time before it, or log it alone";
        let refused = |message: String| Err(OpsError::usage(message).with_hint(hint));
        if let Some(at) = self.invalid_date_line {
            return refused(format!(
                "it has no time, and its day is not known: line {at} is not a date"
            ));
        }
        if let Some(at) = self.below_heading {
            return refused(format!(
                "it has no time, and is below line {at}, a heading that has one"
            ));
        }
        let context = self.context.time_context();
        if has_time_behind(line.trim(), &context) {
            self.has_times = true;
            return Err(
                OpsError::usage("its time is behind its text, and a time goes first").with_hint(
                    "write it as in `10:06 TEXT`; where it is text, put `note:` before it",
                ),
            );
        }
        if self.table.is_none() && capture::is_closed_row(line) {
            return refused("it is a row of a table, and has no time".to_owned());
        }
        let is_text = prepared.event.kind == Kind::Note;
        if is_text && self.outline.has_mostly_unread_times() && has_clock(line) {
            return Err(OpsError::usage(
                "its time is not at its beginning, as in most of these lines",
            )
            .with_hint(
                "write the time before the text, as in `10:06 TEXT`, or log the line alone",
            ));
        }
        let today = match self.day_offset.flatten() {
            Some(offset) => context.now.with_timezone(&offset).date_naive(),
            None => context.zone.to_local(context.now).date_naive(),
        };
        if let Some(day) = self.row_day.or(context.day).filter(|day| *day != today) {
            return refused(format!(
                "it has no time, so it would be logged at now, and not on {day}"
            ));
        }
        // Above the first time, a line with its kind was typed to be logged.
        if self.has_times || is_text && self.outline.has_mostly_times() {
            // Not in the zone that a line states for the times.
            let now = self.own_zone.to_local(context.now).format("%H:%M");
            let way_out = begins_with_age(line).map_or(String::new(), |age| {
                format!("; a while ago is written `-{age}`")
            });
            prepared.notices.push(format!(
                "it has no time: it is logged at now, {now}{way_out}"
            ));
        }
        Ok(())
    }
}

/// True if a time is all of what is behind a label, a comma or a bar (`Detected: 10:06`, `mail is down,10:06`), or follows the
/// label of a time: `Time: 10:06, mail is down`.
fn has_time_behind(line: &str, context: &TimeContext<'_>) -> bool {
    let is_time = |text: &str| text.contains(':') && when::parse(text, context).is_ok();
    let is_labelled = || {
        line.rsplit_once(": ").is_some_and(|(label, time)| {
            // `note:` makes a text of anything.
            let kind = label.split(':').next().unwrap_or_default();
            // What is still to come is no time of the event.
            let is_to_come = ["next", "eta"]
                .iter()
                .any(|word| label.split(' ').any(|said| said.eq_ignore_ascii_case(word)));
            let words = label.split_whitespace().count();
            !is_to_come
                && words <= MAX_LABEL_WORDS
                && !is_capture_kind(kind)
                && is_time(time.trim())
        })
    };
    let is_behind_comma = || {
        let mut cells = line.split([',', ';']).skip(1);
        cells.any(|cell| !cell.starts_with(char::is_whitespace) && is_time(cell))
    };
    let is_cell = || {
        let cells = capture::table_cells(line).unwrap_or_default();
        cells.into_iter().any(is_time)
    };
    let is_behind_label = || {
        let labelled = capture::labelled_time(line, context);
        labelled.is_some_and(|(time, _)| matches!(when::parse_leading(time, context), Some(Ok(_))))
    };
    is_labelled() || is_behind_comma() || is_cell() || is_behind_label()
}
