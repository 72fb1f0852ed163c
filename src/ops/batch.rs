//! Parses several lines in order, from standard input or a paste. A line that is only a date sets
//! the date of the bare times after it; a service that one line adds is known to the next.

use super::{
    OpsError, Result, Session,
    context::LineContext,
    log::{self, PreparedEvent},
};
use crate::domain::{capture::Flags, when};
use chrono::NaiveDate;

#[derive(Clone, Debug)]
pub enum BatchLine {
    /// A date line.
    Day(NaiveDate),
    /// An event, not logged yet.
    Event(Box<PreparedEvent>),
}

/// Parser state between the lines of one input.
#[derive(Clone, Debug)]
pub struct BatchParser {
    context: LineContext,
    /// Number of the last date line if its date was invalid.
    invalid_date_line: Option<usize>,
}

impl BatchParser {
    #[must_use]
    pub fn new(context: LineContext) -> Self {
        Self {
            context,
            invalid_date_line: None,
        }
    }

    /// Continues with another context (after a commit), keeping the date that was set last.
    pub fn replace_context(&mut self, context: LineContext) {
        let day = self.context.capture_context().day;
        self.context = context;
        if let Some(day) = day {
            self.context.set_day(day);
        }
    }

    /// Parses the next line; `number` counts lines from 1. `allow_customer_wording` says whether
    /// `tell:` begins customer wording in it.
    ///
    /// # Errors
    /// The line cannot be parsed; its date is invalid; or it has a bare time after an invalid date,
    /// so that its day is unknown. The lines after it can still be parsed.
    pub fn parse_line(
        &mut self,
        session: &Session,
        number: usize,
        line: &str,
        flags: &Flags,
        allow_customer_wording: bool,
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
        self.context
            .set_allow_customer_wording(allow_customer_wording);
        log::prepare(session, &mut self.context, line, flags)
            .map(|event| BatchLine::Event(Box::new(event)))
    }
}
