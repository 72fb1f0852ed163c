//! Markdown headings among the lines of a block.

use super::{BatchLine, BatchParser, stated_zone::StatedZone};
use crate::{
    domain::{capture, when},
    ops::{OpsError, Result},
};

const DAY_ALONE: &str = "write the day of the times below it alone, such as 2012-08-16";

impl BatchParser {
    /// Refuses line `number`, whose `title` names a day, and the times below it.
    pub(super) fn day_title_error(&mut self, number: usize, title: &str) -> OpsError {
        self.invalid_date_line = Some(number);
        let error = format!("`{title}` may set the day of the lines below it");
        OpsError::usage(error).with_hint(DAY_ALONE)
    }

    /// Leaves out the Markdown heading in line `number`.
    ///
    /// # Errors
    /// It may be more than a heading. Where it names a day or a zone, the times below it are refused as well: they
    /// may be of those.
    pub(super) fn read_heading(&mut self, number: usize, line: &str) -> Result<BatchLine> {
        let names_zone = capture::names_a_zone(line, &self.context.time_context());
        if names_zone {
            self.zone = StatedZone::Unknown(number);
        }
        let names_day = when::names_a_day(line);
        if names_day {
            self.invalid_date_line = Some(number);
        }
        let may_be_event = line.contains([':', '@', '!']) && line.contains(' ');
        let hint = match (names_day, names_zone) {
            (false, false) if !may_be_event => return Ok(BatchLine::Frame),
            (false, false) => "leave it out; to log it as text, write a time or `note:` before it",
            (true, false) => DAY_ALONE,
            (false, true) => "write the zone of the times below it alone, such as `Times in UTC`",
            (true, true) => {
                "write the day and the zone of the times below it alone: `2012-08-16, times in UTC`"
            }
        };
        Err(OpsError::usage("it is a Markdown heading, not an event").with_hint(hint))
    }
}
