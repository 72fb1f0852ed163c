//! Several lines read one after another, as standard input and a paste have them: a line that is only
//! a date sets the day of the times behind it, and what one line names the next one knows.

use super::{
    Book, OpsError, Result,
    context::Known,
    log::{self, Prepared},
};
use crate::domain::{capture::Flags, when};
use chrono::NaiveDate;

/// What a line of a sheet is.
#[derive(Clone, Debug)]
pub enum Row {
    /// The day of the times behind it.
    Day(NaiveDate),
    /// An event, not logged yet.
    Event(Box<Prepared>),
}

/// Lines read one after another.
#[derive(Clone, Debug)]
pub struct Sheet {
    known: Known,
    /// The line that should have set the day and could not.
    astray: Option<usize>,
}

impl Sheet {
    /// Nothing read yet; the lines are read in `known`.
    #[must_use]
    pub fn new(known: Known) -> Self {
        Self {
            known,
            astray: None,
        }
    }

    /// The same sheet, its next lines read in `known`, on the day that was set last.
    pub fn go_on(&mut self, known: Known) {
        let day = self.known.context().day;
        self.known = known;
        if let Some(day) = day {
            self.known.set_day(day);
        }
    }

    /// Reads line number `number`, the next one. `tell:` in it means customer wording where `wording`
    /// is true.
    ///
    /// # Errors
    /// A line that cannot be understood; a date that cannot be meant, and then each line with a bare
    /// time behind it, whose day is not known. The lines behind can be read all the same.
    pub fn read(
        &mut self,
        book: &Book,
        number: usize,
        line: &str,
        flags: &Flags,
        wording: bool,
    ) -> Result<Row> {
        let literal = self.known.context().literal;
        match when::parse_date_line(line, &self.known.when()) {
            Some(Ok(day)) => {
                self.astray = None;
                self.known.set_day(day);
                return Ok(Row::Day(day));
            }
            Some(Err(error)) if !literal => {
                self.astray = Some(number);
                return Err(error.into());
            }
            _ => {}
        }
        let timed = flags.at.is_none() && !literal;
        if let Some(at) = self.astray
            && timed
            && when::needs_a_day(line, &self.known.when())
        {
            return Err(
                OpsError::usage(format!("its day is not known: line {at} is no date"))
                    .hint("correct that date, and log the lines behind it again"),
            );
        }
        self.known.set_wording(wording);
        log::prepare(book, &mut self.known, line, flags).map(|event| Row::Event(Box::new(event)))
    }
}
