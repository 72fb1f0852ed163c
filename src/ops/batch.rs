//! Parses several lines in order, from standard input or a paste. A line that is only a date sets
//! the date of the bare times after it; a service that one line adds is known to the next.

use super::{
    OpsError, Result, Session,
    context::LineContext,
    log::{self, PreparedEvent},
};
use crate::domain::{
    capture::{self, Flags, PrintedLine},
    parse_error::ParseError,
    when::{self, DaySequence, DayStep},
    zone::Zone,
};
use chrono::{FixedOffset, NaiveDate, Offset as _, TimeDelta};

/// The way out for a line of a printed timeline.
const PRINTED_HINT: &str = "write it as in `10:06 fault: TEXT !down @SERVICE`; `bridgelog export jsonl` and `bridgelog import` take whole events to another database";

/// How far ahead of the clock a time below a day line may be.
const MAX_AHEAD: TimeDelta = TimeDelta::minutes(5);

#[derive(Clone, Debug)]
pub enum BatchLine {
    /// A date line.
    Day(NaiveDate),
    /// A line of a printed timeline or document without an event, such as the head of a table.
    Frame,
    /// An event, not logged yet.
    Event(Box<PreparedEvent>),
}

/// Parser state between the lines of one input.
#[derive(Clone, Debug)]
pub struct BatchParser {
    context: LineContext,
    /// Number of the last line that may have set a day, if its date was not understood.
    invalid_date_line: Option<usize>,
    /// What to say of the last date line with the first event of its day.
    day_notice: Option<String>,
    /// Where the day that holds is meant: at this offset, if the first bare time of it was typed with
    /// another zone than the incident's.
    day_offset: Option<Option<FixedOffset>>,
    /// The order of the bare times below the last date line.
    sequence: DaySequence,
    /// True once a notice said that the lines run backwards.
    said_newest_first: bool,
    /// True if the line before was a row of a printed timeline, or what it goes on with.
    is_in_printed_row: bool,
    /// True between the marks of a part of a printed postmortem.
    is_in_document: bool,
    /// True once a line had a time.
    has_times: bool,
    /// The zone that a line stated for the times below it.
    zone: StatedZone,
}

/// What the lines so far say about the zone of the times.
#[derive(Clone, Debug, Default)]
enum StatedZone {
    #[default]
    None,
    /// The line of this number states the zone; `is_said` once a notice said so.
    Known {
        zone: Zone,
        line: usize,
        is_said: bool,
    },
    /// The line of this number states a zone that is not understood.
    Unknown(usize),
}

impl BatchParser {
    #[must_use]
    pub fn new(context: LineContext) -> Self {
        Self {
            context,
            invalid_date_line: None,
            day_notice: None,
            day_offset: None,
            sequence: DaySequence::default(),
            said_newest_first: false,
            is_in_printed_row: false,
            is_in_document: false,
            has_times: false,
            zone: StatedZone::None,
        }
    }

    /// Takes the order of the lines that follow (oldest or newest first) from all that are at hand.
    pub fn begin_block<'l>(&mut self, lines: impl IntoIterator<Item = &'l str>) {
        let context = self.context.time_context();
        let times: Vec<_> = lines
            .into_iter()
            .filter_map(|line| when::bare_time_of_day(capture::strip_marks(line), &context))
            .collect();
        self.sequence.observe(&times);
    }

    /// Continues with another context (after a commit), keeping the date that was set last.
    pub fn replace_context(&mut self, context: LineContext) {
        let day = self.context.capture_context().day;
        self.context = context;
        if let Some(day) = day {
            self.context.set_day(day);
        }
        if let StatedZone::Known { zone, .. } = &self.zone {
            self.context.set_zone(zone.clone());
        }
    }

    /// True if `line` begins with `# ` and is no date, as comments and headings do.
    #[must_use]
    pub fn is_comment(&self, line: &str) -> bool {
        let line = line.trim();
        line.starts_with("# ")
            && when::parse_date_line(line, &self.context.time_context()).is_none()
    }

    /// Parses the next line; `number` counts lines from 1. `allow_customer_wording` says whether
    /// `tell:` begins customer wording in it.
    ///
    /// # Errors
    /// The line cannot be parsed; its date is invalid; it has a bare time or none after an invalid date, so
    /// that its day is unknown; it is a heading; it has no time below a line that set another day than today; or it is a row
    /// of a printed timeline. The lines after it can still be parsed.
    pub fn parse_line(
        &mut self,
        session: &Session,
        number: usize,
        line: &str,
        flags: &Flags,
        allow_customer_wording: bool,
    ) -> Result<BatchLine> {
        let literal = self.context.capture_context().literal;
        let note = capture::zone_note(line, &self.context.time_context()).filter(|_| !literal);
        let day_text = note.as_ref().map_or(line, |note| note.day);
        if let Some(note) = note {
            self.take_zone(number, note.zone)?;
            if note.day.is_empty() {
                return Ok(BatchLine::Frame);
            }
        } else if !literal && let Some(printed) = self.read_printed(line) {
            return printed;
        }
        match when::parse_day_line(day_text, &self.context.time_context()) {
            Some(Ok(day)) => {
                self.invalid_date_line = None;
                self.day_notice = day.notice(day_text.trim());
                self.day_offset = None;
                self.sequence.restart();
                self.context.set_day(day.date);
                return Ok(BatchLine::Day(day.date));
            }
            Some(Err(error)) if !literal => {
                self.invalid_date_line = Some(number);
                return Err(error.into());
            }
            _ => {}
        }
        if !literal && capture::is_heading(line) {
            return Err(OpsError::usage("it is a Markdown heading, not an event")
                .with_hint("leave it out; to log it as text, write a time or `note:` before it"));
        }
        let timed = flags.at.is_none() && !literal;
        let unmarked = capture::strip_marks(line);
        if let Some(at) = self.invalid_date_line
            && timed
            && when::needs_a_day(unmarked, &self.context.time_context())
        {
            return Err(
                OpsError::usage(format!("its day is not known: line {at} is not a date"))
                    .with_hint("correct that date, and log the lines behind it again"),
            );
        }
        self.context
            .set_allow_customer_wording(allow_customer_wording);
        let prepared = log::prepare(session, &mut self.context, line, flags)?;
        let checked = self.check_prepared(session, number, prepared, line, flags);
        if checked.is_err() {
            // A refused line does not say where the lines below it belong.
            self.context.forget_time();
        }
        checked.map(|prepared| BatchLine::Event(Box::new(prepared)))
    }

    /// Decides about the event of a line: refuses it, or gives it its day among the lines.
    ///
    /// # Errors
    /// See [`parse_line`](Self::parse_line).
    fn check_prepared(
        &mut self,
        session: &Session,
        number: usize,
        mut prepared: PreparedEvent,
        line: &str,
        flags: &Flags,
    ) -> Result<PreparedEvent> {
        let timed = flags.at.is_none() && !self.context.capture_context().literal;
        if timed && prepared.has_unread_time {
            if !line.contains(':') {
                // A date, so that the day of the lines below it is not known.
                self.invalid_date_line = Some(number);
            }
            return Err(OpsError::usage("it begins like a time that is not understood").with_hint(
                "write the time as in 10:06 or 2012-08-16 10:06; if it is text, put a backslash before it",
            ));
        }
        if timed {
            self.check_zone(&mut prepared)?;
            self.check_untimed(&mut prepared)?;
        }
        self.has_times |= prepared.has_time;
        let context = self.context.time_context();
        let unmarked = capture::strip_marks(line);
        let is_bare = timed && when::bare_time_of_day(unmarked, &context).is_some();
        if let Some(day) = context.day.filter(|_| is_bare) {
            self.place_on_day(session, day, &mut prepared, line, flags)?;
        }
        Ok(prepared)
    }

    /// Takes the zone that line `number` states for the times below it.
    ///
    /// # Errors
    /// It is not understood, so that those times are refused.
    fn take_zone(&mut self, number: usize, zone: Result<Zone, ParseError>) -> Result<()> {
        match zone {
            Ok(zone) if zone == self.context.capture_context().zone => {
                if matches!(self.zone, StatedZone::Unknown(_)) {
                    self.zone = StatedZone::None;
                }
            }
            Ok(zone) => {
                self.context.set_zone(zone.clone());
                self.zone = StatedZone::Known {
                    zone,
                    line: number,
                    is_said: false,
                };
            }
            Err(error) => {
                self.zone = StatedZone::Unknown(number);
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Says with the first event that its time was read in the zone which a line states.
    ///
    /// # Errors
    /// That zone is not understood, and the time has no other.
    fn check_zone(&mut self, prepared: &mut PreparedEvent) -> Result<()> {
        let own = self.context.capture_context().zone.name();
        if !prepared.has_time || prepared.event.zone != own {
            return Ok(());
        }
        match &mut self.zone {
            StatedZone::Known {
                zone,
                line,
                is_said: is_said @ false,
            } => {
                *is_said = true;
                // The names of these zones have the sign reversed.
                let shown = match zone.name() {
                    name if name.starts_with("Etc/") => {
                        format!("UTC{}", prepared.event.at.offset())
                    }
                    name => name.to_owned(),
                };
                prepared.notices.push(format!(
                    "the times below line {line} were read in {shown}, as it says"
                ));
                Ok(())
            }
            StatedZone::Unknown(line) => Err(OpsError::usage(format!(
                "its zone is not known: line {line} states one that is not understood"
            ))
            .with_hint("correct that line, and log the lines behind it again")),
            _ => Ok(()),
        }
    }

    /// Returns the outcome of a line of a printed timeline; `None` for a line to log.
    fn read_printed(&mut self, line: &str) -> Option<Result<BatchLine>> {
        let printed = capture::printed_line(line, &self.context.time_context());
        let goes_on =
            self.is_in_printed_row && printed.is_none() && capture::continues_printed_row(line);
        self.is_in_printed_row = goes_on || printed == Some(PrintedLine::Row);
        if let Some(begins) = capture::document_part(line) {
            self.is_in_document = begins;
        }
        match printed {
            None if self.is_in_document && !goes_on => Some(Ok(BatchLine::Frame)),
            Some(PrintedLine::Frame) => Some(Ok(BatchLine::Frame)),
            Some(PrintedLine::Row) => Some(Err(OpsError::usage(
                "it is a row of a table or a printed timeline, whose columns are not read",
            )
            .with_hint(PRINTED_HINT))),
            None if goes_on => Some(Err(OpsError::usage(
                "it belongs to the row of a printed timeline above it",
            )
            .with_hint(PRINTED_HINT))),
            None => None,
        }
    }

    /// Decides about an event at now because its line has no time: with a notice among lines that have one.
    ///
    /// # Errors
    /// A day line set another day than today, or a day that is not known.
    fn check_untimed(&self, prepared: &mut PreparedEvent) -> Result<()> {
        if prepared.has_time {
            return Ok(());
        }
        let hint = "write its time before it, or log it alone";
        if let Some(at) = self.invalid_date_line {
            return Err(OpsError::usage(format!(
                "it has no time, and its day is not known: line {at} is not a date"
            ))
            .with_hint(hint));
        }
        let context = self.context.time_context();
        let today = context.zone.to_local(context.now).date_naive();
        match context.day {
            Some(day) if day != today => Err(OpsError::usage(format!(
                "it has no time, so it would be logged at now, and not on {day}"
            ))
            .with_hint(hint)),
            _ if self.has_times => {
                let now = prepared.event.at.format("%H:%M");
                prepared
                    .notices
                    .push(format!("it has no time: it is logged at now, {now}"));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Moves an event below a day line to the day that the order of the lines gives it.
    ///
    /// # Errors
    /// It would be later than now.
    fn place_on_day(
        &mut self,
        session: &Session,
        day: NaiveDate,
        prepared: &mut PreparedEvent,
        line: &str,
        flags: &Flags,
    ) -> Result<()> {
        let limit = self.context.time_context().now + MAX_AHEAD;
        let day = self.place_in_zone(session, day, prepared, line, flags)?;
        let step = self.sequence.step(prepared.event.at_utc());
        let days = match step {
            DayStep::Next => 1,
            DayStep::Previous => -1,
            DayStep::Same | DayStep::OutOfOrder => 0,
        };
        let time = prepared.event.at.format("%H:%M").to_string();
        let moved = day.checked_add_signed(TimeDelta::days(days));
        match moved.filter(|_| days != 0) {
            Some(moved) => {
                let typed_in = prepared.event.at.date_naive();
                let typed = typed_in.checked_add_signed(TimeDelta::days(days));
                self.prepare_on(session, typed.unwrap_or(moved), prepared, line, flags)?;
                self.context.set_day(moved);
                let relation = if step == DayStep::Next {
                    "after"
                } else {
                    "before"
                };
                prepared.notices.push(format!(
                    "{time} is twelve hours or more from the line before, so it was taken as that of {moved}, the day {relation}"
                ));
            }
            None if step == DayStep::OutOfOrder => prepared.notices.push(format!(
                "{time} is out of the order of the lines; it stays on {day}"
            )),
            None => {}
        }
        let at = prepared.event.at_utc();
        if at > limit {
            return Err(OpsError::usage(format!(
                "{} is later than now",
                prepared.event.at.format("%Y-%m-%d %H:%M")
            ))
            .with_hint("correct the day line above it, or write the date before the time"));
        }
        if self.sequence.is_newest_first() && !self.said_newest_first {
            self.said_newest_first = true;
            prepared
                .notices
                .push("the lines run backwards, so they were taken as newest first".to_owned());
        }
        self.sequence.advance(at);
        prepared.notices.extend(self.day_notice.take());
        Ok(())
    }

    /// Moves an event with a bare time of another zone than that in which `day` is meant to the time that is
    /// on `day` there; returns `day`, which holds for the lines after it.
    ///
    /// # Errors
    /// There is no such time.
    fn place_in_zone(
        &mut self,
        session: &Session,
        day: NaiveDate,
        prepared: &mut PreparedEvent,
        line: &str,
        flags: &Flags,
    ) -> Result<NaiveDate> {
        let zone = self.context.time_context().zone.clone();
        let at = prepared.event.at;
        let here = zone.to_local(at.to_utc());
        let offset = at.offset().fix();
        let is_here = here.offset().fix() == offset;
        let day_offset = *self.day_offset.get_or_insert((!is_here).then_some(offset));
        let there = day_offset.map_or(here, |offset| at.with_timezone(&offset));
        let days_off = (day - there.date_naive()).num_days();
        if days_off == 0 {
            if !is_here && here.date_naive() != day {
                prepared.notices.push(format!(
                    "{} is {} in {}",
                    at.format("%Y-%m-%d %H:%M %:z"),
                    here.format("%Y-%m-%d %H:%M"),
                    zone.name()
                ));
            }
            return Ok(day);
        }
        if let Some(typed) = at
            .date_naive()
            .checked_add_signed(TimeDelta::days(days_off))
        {
            self.prepare_on(session, typed, prepared, line, flags)?;
            self.context.set_day(day);
            let at = prepared.event.at;
            let typed = at.format("%Y-%m-%d %H:%M %:z");
            let meant = day_offset.map_or(zone.to_local(at.to_utc()), |o| at.with_timezone(&o));
            prepared.notices.push(format!(
                "{} was taken as {typed}, which is {}, on the day of the lines above",
                at.format("%H:%M"),
                meant.format("%Y-%m-%d %H:%M %:z"),
            ));
        }
        Ok(day)
    }

    /// Prepares the event of a line again, with a bare time on `day` in the zone in which it was typed.
    fn prepare_on(
        &mut self,
        session: &Session,
        day: NaiveDate,
        prepared: &mut PreparedEvent,
        line: &str,
        flags: &Flags,
    ) -> Result<()> {
        self.context.set_day(day);
        self.context.forget_time();
        *prepared = log::prepare(session, &mut self.context, line, flags)?;
        Ok(())
    }
}
