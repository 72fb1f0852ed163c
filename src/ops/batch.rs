//! Several lines read one after another, as standard input and a paste have them: a line that is only
//! a date sets the day of the times behind it, and what one line names the next one knows.

use super::{
    OpsError, Result, Session,
    context::LineContext,
    log::{self, PreparedEvent},
};
use crate::domain::{capture::Flags, when};
use chrono::NaiveDate;

/// What a line of a sheet is.
#[derive(Clone, Debug)]
pub enum BatchLine {
    /// The day of the times behind it.
    Day(NaiveDate),
    /// An event, not logged yet.
    Event(Box<PreparedEvent>),
}

/// Lines read one after another.
#[derive(Clone, Debug)]
pub struct BatchParser {
    context: LineContext,
    /// The line that should have set the day and could not.
    invalid_date_line: Option<usize>,
}

impl BatchParser {
    /// Nothing read yet; the lines are read in `known`.
    #[must_use]
    pub fn new(known: LineContext) -> Self {
        Self {
            context: known,
            invalid_date_line: None,
        }
    }

    /// The same sheet, its next lines read in `known`, on the day that was set last.
    pub fn replace_context(&mut self, known: LineContext) {
        let day = self.context.capture_context().day;
        self.context = known;
        if let Some(day) = day {
            self.context.set_day(day);
        }
    }

    /// Reads line number `number`, the next one. `tell:` in it means customer wording where `wording`
    /// is true.
    ///
    /// # Errors
    /// A line that cannot be understood; a date that cannot be meant, and then each line with a bare
    /// time behind it, whose day is not known. The lines behind can be read all the same.
    pub fn parse_line(
        &mut self,
        book: &Session,
        number: usize,
        line: &str,
        flags: &Flags,
        wording: bool,
    ) -> Result<BatchLine> {
        let literal = self.context.capture_context().literal;
        match when::parse_date_line(line, &self.context.time_context()) {
            Some(Ok(day)) => {
                self.invalid_date_line = None;
                self.context.set_day(day);
                return Ok(BatchLine::Day(day));
            }
            Some(Err(error)) if !literal => {
                self.invalid_date_line = Some(number);
                return Err(error.into());
            }
            _ => {}
        }
        let timed = flags.at.is_none() && !literal;
        if let Some(at) = self.invalid_date_line
            && timed
            && when::needs_a_day(line, &self.context.time_context())
        {
            return Err(
                OpsError::usage(format!("its day is not known: line {at} is no date"))
                    .with_hint("correct that date, and log the lines behind it again"),
            );
        }
        self.context.set_allow_customer_wording(wording);
        log::prepare(book, &mut self.context, line, flags)
            .map(|event| BatchLine::Event(Box::new(event)))
    }
}
