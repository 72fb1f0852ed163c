//! Parses several lines in order, from standard input or a paste. A line that is only a date sets
//! the date of the bare times after it; a service that one line adds is known to the next.

mod placement;
mod stated_zone;
mod tables;

use super::{
    OpsError, Result, Session,
    context::LineContext,
    log::{self, PreparedEvent},
};
use crate::domain::{
    capture::{self, Flags, LineType, PrintedLine, Table},
    when::{self, DaySequence},
    zone::Zone,
};
use chrono::{FixedOffset, NaiveDate};
use stated_zone::StatedZone;
use std::{borrow::Cow, collections::HashSet};

/// The way out for a line of a printed timeline.
const PRINTED_HINT: &str = "write it as in `10:06 fault: TEXT !down @SERVICE`; `bridgelog export jsonl` and `bridgelog import` take whole events to another database";

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
    /// True if the last time with AM or PM had PM.
    is_after_pm: bool,
    /// True once a notice said that a time below one with PM has none.
    said_half_day: bool,
    /// True if the line before was a row of a printed timeline, or what it goes on with.
    is_in_printed_row: bool,
    /// True between the marks of a part of a printed postmortem.
    is_in_document: bool,
    /// True between the lines of three backticks of a code block: its lines are text, without markers.
    is_in_code: bool,
    /// What to say of the code block with its first event.
    code_notice: Option<String>,
    /// False if the last code block of the lines at hand has no end: then none of them is read as one.
    has_paired_fences: bool,
    /// True once a line had a time.
    has_times: bool,
    /// The zone that a line stated for the times below it.
    zone: StatedZone,
    /// The zone of the incident.
    own_zone: Zone,
    /// The lines at hand that a rule such as `|---|---|` follows.
    lines_above_rules: HashSet<String>,
    /// The table that the lines are rows of.
    table: Option<Table>,
}

const DAY_ALONE: &str = "write the day of the times below it alone, such as 2012-08-16";

/// What an event is prepared from, again if it moves to another day.
#[derive(Clone, Copy)]
struct Source<'a> {
    session: &'a Session,
    line: &'a str,
    flags: &'a Flags,
}

impl Source<'_> {
    fn prepare(self, context: &mut LineContext) -> Result<PreparedEvent> {
        log::prepare(self.session, context, self.line, self.flags)
    }
}

impl BatchParser {
    #[must_use]
    pub fn new(context: LineContext) -> Self {
        Self {
            own_zone: context.capture_context().zone.clone(),
            context,
            invalid_date_line: None,
            day_notice: None,
            day_offset: None,
            sequence: DaySequence::default(),
            said_newest_first: false,
            is_after_pm: false,
            said_half_day: false,
            is_in_printed_row: false,
            is_in_document: false,
            is_in_code: false,
            code_notice: None,
            has_paired_fences: false,
            has_times: false,
            zone: StatedZone::None,
            lines_above_rules: HashSet::new(),
            table: None,
        }
    }

    /// Takes from all the lines at hand their order (oldest or newest first), whether each code block in them has
    /// an end, and which are heads of tables.
    pub fn begin_block<'l>(&mut self, lines: impl IntoIterator<Item = &'l str> + Clone) {
        self.lines_above_rules = capture::lines_above_rules(lines.clone().into_iter());
        let context = self.context.time_context();
        let mut fences = usize::from(self.is_in_code);
        let times: Vec<_> = lines
            .clone()
            .into_iter()
            .inspect(|line| fences += usize::from(is_fence(line)))
            .filter_map(|line| {
                when::bare_time_of_day(&capture::unmarked_time(line, &context), &context)
            })
            .collect();
        let before = self.sequence;
        self.sequence.observe(&times);
        if self.sequence.is_newest_first() && self.mixes_half_days(lines) {
            self.sequence = before;
        }
        self.has_paired_fences = fences.is_multiple_of(2);
    }

    /// Continues with another context (after a commit), keeping the date that was set last.
    pub fn replace_context(&mut self, context: LineContext) {
        let day = self.context.capture_context().day;
        self.own_zone = context.capture_context().zone.clone();
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
        if !literal && self.has_paired_fences && is_fence(line) {
            self.is_in_code = !self.is_in_code;
            self.code_notice = self
                .is_in_code
                .then(|| format!("line {number} begins a code block: markers in it are text"));
            return Ok(BatchLine::Frame);
        }
        let line = match self.is_in_code && !literal {
            true => &capture::escape_markers(line, LineType::Event),
            false => line,
        };
        let typed = line;
        let line = match literal || self.is_in_code || self.is_in_document {
            true => Some(Cow::Borrowed(line)),
            false => self.read_table(number, line)?,
        };
        let Some(line) = line.as_deref() else {
            return Ok(BatchLine::Frame);
        };
        let note = capture::zone_note(line, &self.context.time_context()).filter(|_| !literal);
        let day_text = note.as_ref().map_or(line, |note| note.before);
        let is_zone_note = note.is_some();
        if let Some(note) = note {
            if note.is_of_all && self.has_times {
                self.zone
                    .check_above(note.zone.as_ref().ok(), &self.own_zone)?;
            }
            self.zone.take(number, note.zone, &mut self.context)?;
            if note.before.is_empty() {
                return Ok(BatchLine::Frame);
            }
        } else if !literal && let Some(printed) = self.read_printed(typed) {
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
            // A title before a zone.
            _ if is_zone_note && when::names_a_day(day_text) => {
                self.invalid_date_line = Some(number);
                let error = format!("`{day_text}` may set the day of the lines below it");
                return Err(OpsError::usage(error).with_hint(DAY_ALONE));
            }
            _ if is_zone_note => return Ok(BatchLine::Frame),
            _ => {}
        }
        if !literal && capture::is_heading(line) {
            return self.read_heading(number, line);
        }
        let timed = flags.at.is_none() && !literal;
        let unmarked = capture::unmarked_time(line, &self.context.time_context());
        if let Some(at) = self.invalid_date_line
            && timed
            && when::needs_a_day(&unmarked, &self.context.time_context())
        {
            return Err(
                OpsError::usage(format!("its day is not known: line {at} is not a date"))
                    .with_hint("correct that date, and log the lines behind it again"),
            );
        }
        self.context
            .set_allow_customer_wording(allow_customer_wording);
        let source = Source {
            session,
            line,
            flags,
        };
        let prepared = source.prepare(&mut self.context)?;
        let checked = self.check_prepared(source, number, prepared);
        if checked.is_err() {
            // A refused line does not say where the lines below it belong.
            self.context.forget_time();
        }
        checked.map(|prepared| BatchLine::Event(Box::new(prepared)))
    }

    /// Leaves out the Markdown heading in line `number`.
    ///
    /// # Errors
    /// It may be more than a heading. Where it names a day or a zone, the times below it are refused as well: they
    /// may be of those.
    fn read_heading(&mut self, number: usize, line: &str) -> Result<BatchLine> {
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

    /// Decides about the event of a line: refuses it, or gives it its day among the lines.
    ///
    /// # Errors
    /// See [`parse_line`](Self::parse_line).
    fn check_prepared(
        &mut self,
        source: Source<'_>,
        number: usize,
        mut prepared: PreparedEvent,
    ) -> Result<PreparedEvent> {
        let Source { line, flags, .. } = source;
        let timed = flags.at.is_none() && !self.context.capture_context().literal;
        if timed && prepared.has_unread_time {
            if !when::has_clock_time(line) {
                // A date, so that the day of the lines below it is not known.
                self.invalid_date_line = Some(number);
            }
            return Err(OpsError::usage("it begins like a time that is not understood").with_hint(
                "write the time as in 10:06 or 2012-08-16 10:06; if it is text, put a backslash before it",
            ));
        }
        if timed {
            let own = self.context.capture_context().zone.name();
            self.zone.check(own, &mut prepared)?;
            self.check_untimed(&mut prepared)?;
        }
        prepared.notices.extend(self.code_notice.take());
        self.has_times |= prepared.has_time;
        let context = self.context.time_context();
        let unmarked = capture::unmarked_time(line, &context);
        let is_bare = timed && when::bare_time_of_day(&unmarked, &context).is_some();
        match context.day.filter(|_| is_bare) {
            Some(day) => self.place_on_day(source, day, &mut prepared)?,
            None if is_bare => self.note_order(line, &mut prepared),
            None => {}
        }
        if timed && prepared.has_time {
            self.note_half_day(&unmarked, &mut prepared);
        }
        Ok(prepared)
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
                // Not in the zone that a line states for the times.
                let now = self.own_zone.to_local(context.now).format("%H:%M");
                prepared
                    .notices
                    .push(format!("it has no time: it is logged at now, {now}"));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// True for the line of three backticks, perhaps with the name of a language, that begins or ends a code block.
fn is_fence(line: &str) -> bool {
    let after = line.trim().strip_prefix("```");
    after.is_some_and(|after| {
        after
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+#-".contains(c))
    })
}
