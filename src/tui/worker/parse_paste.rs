//! Reads the lines of a paste for its preview.

use super::{
    Worker,
    asked_day::asks_day,
    parse::{LineSetting, parsed_line},
};
use crate::{
    domain::{capture::Flags, event::Event, time::UtcTime},
    ops::{
        IncidentRow, Result,
        batch::{BatchLine, BatchParser},
        logged_before::LoggedBefore,
    },
    tui::msg::{PastedEvent, PastedLine, ReadRow, Reply, Target},
};
use chrono::NaiveDate;

impl Worker {
    pub(super) fn parse_paste(
        &self,
        request_id: u64,
        lines: &[PastedLine],
        begun: UtcTime,
        target: &Target,
        day: Option<NaiveDate>,
    ) -> Result<Reply> {
        let (setting, _) = self.preview_setting(target, begun, false, day)?;
        let LineSetting { context, zone, row } = setting;
        let incident = row.as_ref().map(|row| row.id);
        let mut before = LoggedBefore::default();
        let asks_day = day.is_none() && asks_day(lines, &context);
        let mut parser = BatchParser::new(context);
        parser.begin_block((1..).zip(lines.iter().map(|line| line.text.as_str())));
        let flags = Flags::default();
        let mut rows = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let wording = line.allow_customer_wording;
            let read = parser.parse_line(&self.session, at + 1, &line.text, &flags, wording);
            rows.push(match read {
                Ok(BatchLine::Day(_)) => ReadRow::Day,
                Ok(BatchLine::Frame | BatchLine::Joined) => ReadRow::Frame,
                Ok(BatchLine::Event(event)) => ReadRow::Event(Box::new(PastedEvent {
                    is_comment: parser.is_comment(at + 1, &line.text),
                    has_time: event.has_time,
                    started: None,
                    is_logged_already: before.contains(&self.session, &event, incident)?,
                    line: parsed_line(*event, &zone, None),
                })),
                Err(error) => ReadRow::Refused(error.into()),
            });
        }
        if let Some(row) = row {
            self.add_started_states(&row, lines, &mut rows, parser.is_newest_first())?;
        }
        Ok(Reply::ParsedPaste {
            request_id,
            rows,
            asks_day,
        })
    }

    /// Adds to `rows`, which were read from `lines`, the states that those taken start.
    fn add_started_states(
        &self,
        incident: &IncidentRow,
        lines: &[PastedLine],
        rows: &mut [ReadRow],
        newest_first: bool,
    ) -> Result<()> {
        let last = rows.len().saturating_sub(1);
        // Of the same moment, the order of writing counts.
        let place = |at: usize| if newest_first { last - at } else { at };
        let taken = rows.iter().zip(lines).enumerate();
        let taken = taken.filter_map(|(at, (row, line))| match row {
            ReadRow::Event(pasted) if line.included => Some((place(at), &pasted.line.event)),
            _ => None,
        });
        let taken: Vec<(usize, &Event)> = taken.collect();
        let started = self.session.started_by_lines(incident, &taken)?;
        for (at, state) in started {
            if let ReadRow::Event(pasted) = &mut rows[place(at)] {
                pasted.started = Some(state);
            }
        }
        Ok(())
    }
}
