//! Tables in a block: the head says what the columns are, and each row is one line.

use super::BatchParser;
use crate::{
    domain::{
        capture::{Table, is_table_rule, plain_row},
        when,
    },
    ops::Result,
};
use std::borrow::Cow;

impl BatchParser {
    /// Returns the line that a row of a table stands for, or `line` itself if it is none; `None` for the head of a
    /// table and the rule below it, and for a row without anything in it.
    ///
    /// # Errors
    /// The zone in the head is not understood, or the columns of a row do not make one time.
    pub(super) fn read_table<'l>(
        &mut self,
        number: usize,
        line: &'l str,
    ) -> Result<Option<Cow<'l, str>>> {
        let line = plain_row(line);
        if is_table_rule(&line) {
            return Ok(None);
        }
        let context = self.context.time_context();
        let has_rule = self.lines_above_rules.contains(line.trim());
        // `| Date | 2012-08-16 |`, the first row of a table about an incident.
        let sets_day = || {
            let is_day = when::parse_date_line(&line, &context);
            matches!(
                is_day.or_else(|| when::named_day(&line, &context).map(|d| d.map(|d| d.date))),
                Some(Ok(_))
            )
        };
        let table = Table::of_head(&line, has_rule, &context).filter(|_| !sets_day());
        if let Some(mut table) = table {
            table.set_order(self.sequence);
            let zone = table.zone();
            self.table = Some(table);
            match zone {
                Some(zone) => self.zone.take(number, &line, zone, &mut self.context)?,
                None if line.to_lowercase().contains("local") => {
                    let zone = self.context.time_context().zone.name();
                    self.event_notice = Some(format!(
                        "line {number} says that the times are local: they were read in {zone}"
                    ));
                }
                None => {}
            }
            return Ok(None);
        }
        if self.table.is_none() {
            self.table = Table::of_row(&line, &context);
        }
        let Some(table) = self.table.as_mut() else {
            return Ok(Some(line));
        };
        match table.line_of_row(&line, &context) {
            Some(Ok(row)) => {
                if let Some(notice) = table.take_notice() {
                    self.event_notice = Some(notice);
                }
                Ok((!row.is_empty()).then_some(Cow::Owned(row)))
            }
            Some(Err(error)) => {
                self.context.forget_time();
                Err(error.into())
            }
            None => {
                self.table = None;
                Ok(Some(line))
            }
        }
    }
}
