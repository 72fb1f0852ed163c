//! Tables in a block: the head says what the columns are, and each row is one line.

use super::BatchParser;
use crate::{
    domain::{
        capture::{self, Table, is_table_rule, plain_row},
        when,
    },
    ops::Result,
};
use std::borrow::Cow;

impl BatchParser {
    /// Takes the day that the head of a table in line `number` names as that of the bare times below it.
    ///
    /// # Errors
    /// It names several, or one that is not read: the times below it are then refused.
    fn take_day_of_head(&mut self, number: usize, head: &str) -> Result<()> {
        if !self.outline.has_bare_below(number) {
            return Ok(());
        }
        let context = self.context.time_context();
        let cells = head.split(['|', '\t']).map(str::trim);
        let mut days = cells.filter_map(|cell| {
            when::day_in_cell(capture::strip_zone_note(cell, &context), &context)
        });
        let first = days.next();
        let has_several = days.next().is_some();
        let Some(first) = first else {
            return Ok(());
        };
        if has_several {
            return Err(self.day_title_error(number, head.trim()));
        }
        let day = first.inspect_err(|_| self.invalid_date_line = Some(number))?;
        let says = format!(
            "line {number}, the head of the table, says that {} is the day of the times below it",
            day.date
        );
        self.set_day(day.date, Some(day.notice(head.trim()).unwrap_or(says)));
        Ok(())
    }

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
            self.take_day_of_head(number, &line)?;
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
