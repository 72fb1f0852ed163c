//! Parses several lines in order, from standard input or a paste. A line that is only a date sets
//! the date of the bare times after it; a service that one line adds is known to the next.

mod days;
mod headings;
mod outline;
mod placement;
mod printed;
mod stamps;
mod stated_zone;
mod tables;
mod untimed;

use super::{
    OpsError, Result, Session,
    context::LineContext,
    log::{self, PreparedEvent},
};
use crate::domain::{
    capture::{self, Flags, LineType, Table},
    when::{self, DaySequence, TimeContext},
    zone::Zone,
};
use chrono::{FixedOffset, NaiveDate};
use outline::{Outline, is_fence};
use stated_zone::{FirstZone, StatedZone};
use std::{borrow::Cow, collections::HashSet};

#[derive(Clone, Debug)]
pub enum BatchLine {
    /// A date line.
    Day(NaiveDate),
    /// A line of a printed timeline or document without an event, such as the head of a table.
    Frame,
    /// A time alone, which is read with its text on the line beside it.
    Joined,
    /// An event, not logged yet.
    Event(Box<PreparedEvent>),
}

/// Parser state between the lines of one input.
#[derive(Clone, Debug)]
pub struct BatchParser {
    context: LineContext,
    /// Number of the last line that may have set a day, if its date was not understood.
    invalid_date_line: Option<usize>,
    /// Number of the line that says that the times below it are since a start, and not times of day.
    elapsed_line: Option<usize>,
    /// What to say of the last date line with the first event of its day.
    day_notice: Option<String>,
    /// Where the day that holds is meant: at this offset, if the first bare time of it was typed with
    /// another zone than the incident's.
    day_offset: Option<Option<FixedOffset>>,
    /// The day of the last line that begins with its day and time, which is that of the bare times below it.
    row_day: Option<NaiveDate>,
    /// True once a bare time was on such a day, which a notice says the first time.
    said_row_day: bool,
    /// True once a notice said that times were read with the lines beside them.
    said_joined: bool,
    /// True once a bare time was on the day that holds.
    has_bare_on_day: bool,
    /// The number of a heading that is an event, if no other event with a time is below it.
    below_heading: Option<usize>,
    /// The lines at hand.
    outline: Outline,
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
    /// What to say with the next event: that a code block began, or that times were read with the lines beside them.
    event_notice: Option<String>,
    /// False if the last code block of the lines at hand has no end: then none of them is read as one.
    has_paired_fences: bool,
    /// True once a line had a time.
    has_times: bool,
    /// The zone that a line stated for the times below it.
    zone: StatedZone,
    first_zone: FirstZone,
    /// The zone of the incident.
    own_zone: Zone,
    /// The lines at hand that a rule such as `|---|---|` follows.
    lines_above_rules: HashSet<String>,
    /// The table that the lines are rows of.
    table: Option<Table>,
}

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
            elapsed_line: None,
            day_notice: None,
            day_offset: None,
            row_day: None,
            said_row_day: false,
            said_joined: false,
            has_bare_on_day: false,
            below_heading: None,
            outline: Outline::default(),
            sequence: DaySequence::default(),
            said_newest_first: false,
            is_after_pm: false,
            said_half_day: false,
            is_in_printed_row: false,
            is_in_document: false,
            is_in_code: false,
            event_notice: None,
            has_paired_fences: false,
            has_times: false,
            zone: StatedZone::None,
            first_zone: FirstZone::default(),
            lines_above_rules: HashSet::new(),
            table: None,
        }
    }

    /// Takes from all the lines at hand, with their numbers, their order (oldest or newest first), whether each code
    /// block in them has an end, which are heads of tables, and which are times beside their text.
    pub fn begin_block<'l>(&mut self, numbered: impl IntoIterator<Item = (usize, &'l str)>) {
        let numbered: Vec<(usize, &str)> = numbered.into_iter().collect();
        let lines = || numbered.iter().map(|(_, line)| *line);
        self.lines_above_rules = capture::lines_above_rules(lines());
        self.outline = Outline::new(&numbered, &self.context.time_context());
        let before = self.sequence;
        self.sequence.observe(&self.outline.times);
        if self.sequence.is_newest_first() && self.mixes_half_days(lines()) {
            self.sequence = before;
            self.event_notice = Some(
                "some times have PM and others neither AM nor PM, so it is not known whether the lines run backwards"
                    .to_owned(),
            );
        }
        let fences = usize::from(self.is_in_code) + lines().filter(|line| is_fence(line)).count();
        self.has_paired_fences = fences.is_multiple_of(2);
    }

    /// Returns the events that were read, with the numbers of their lines, in the order in which they are to be written:
    /// that of the lines, but of a block that is newest first those of the same moment from the last to the first.
    #[must_use]
    pub fn in_order_of_writing(
        &self,
        mut taken: Vec<(usize, PreparedEvent)>,
    ) -> (Vec<usize>, Vec<PreparedEvent>) {
        if self.is_newest_first() {
            let same_moment = |a: &(usize, PreparedEvent), b: &(usize, PreparedEvent)| {
                a.1.event.at == b.1.event.at
            };
            taken.chunk_by_mut(same_moment).for_each(<[_]>::reverse);
        }
        taken.into_iter().unzip()
    }

    /// True if the lines run backwards as a whole.
    #[must_use]
    pub fn is_newest_first(&self) -> bool {
        self.sequence.is_newest_first()
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

    /// True if `line`, which has this number, begins with `# ` and sets no day, as comments and headings do.
    #[must_use]
    pub fn is_comment(&self, number: usize, line: &str) -> bool {
        let line = line.trim();
        let context = self.context.time_context();
        line.starts_with("# ")
            && when::parse_date_line(line, &context).is_none()
            && !matches!(self.named_day(number, line), Some(Ok(_)))
    }

    /// Parses the next line; `number` counts lines from 1. `allow_customer_wording` says whether
    /// `tell:` begins customer wording in it.
    ///
    /// # Errors
    /// The line cannot be parsed; its date is invalid; it has a bare time or none after an invalid date, so
    /// that its day is unknown; it is a heading that may say more; it has a time beside that of the flags; it has no time below a line that set another day than today; or it is a row
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
        let timed = flags.at.is_none();
        let Some(line) = self.join_lines(number, line, timed)? else {
            return Ok(BatchLine::Joined);
        };
        let heading = (timed && !literal && capture::is_heading(&line)).then_some(number);
        let line = match heading.and_then(|_| self.timed_heading(&line)) {
            Some(event) => event,
            None => &*line,
        };
        if !literal && self.has_paired_fences && is_fence(line) {
            self.is_in_code = !self.is_in_code;
            self.event_notice = self
                .is_in_code
                .then(|| format!("line {number} begins a code block: markers in it are text"));
            return Ok(BatchLine::Frame);
        }
        let line = match self.is_in_code && !literal {
            true => &capture::escape_markers(line, LineType::Event),
            false => line,
        };
        let typed = line;
        let line = match self.is_in_code || self.is_in_document {
            true => Some(Cow::Borrowed(line)),
            false => self.read_table(number, line)?,
        };
        let Some(line) = line.as_deref() else {
            return Ok(BatchLine::Frame);
        };
        // In the zone of the incident, whose abbreviations another stated zone does not have.
        let own = TimeContext {
            zone: &self.own_zone,
            ..self.context.time_context()
        };
        let note = capture::zone_note(line, &own);
        let day_text = note.as_ref().map_or(line, |note| note.before);
        let is_zone_note = note.is_some();
        if let Some(note) = note {
            let is_below = self.outline.is_below_all_times(number);
            if self.has_times && (note.is_of_all || is_below) {
                self.zone
                    .check_above(note.zone.as_ref().ok(), &self.own_zone)?;
            }
            self.zone.take(number, line, note.zone, &mut self.context)?;
            if note.before.is_empty() {
                return match self.named_day(number, line).filter(|_| timed) {
                    Some(day) => self.take_named_day(number, line, day),
                    None => Ok(BatchLine::Frame),
                };
            }
        } else if !literal && let Some(printed) = self.read_printed(typed) {
            return printed;
        }
        if timed && !literal {
            self.check_states_elapsed(number, day_text)?;
        }
        match when::parse_day_line(day_text, &self.context.time_context()) {
            Some(Ok(day)) => {
                self.check_day_below(number, day.date)?;
                self.set_day(day.date, day.notice(day_text.trim()));
                return Ok(BatchLine::Day(day.date));
            }
            Some(Err(error)) => {
                self.invalid_date_line = Some(number);
                return Err(error.into());
            }
            None if timed && !self.is_in_code => {
                if let Some(day) = self.named_day(number, day_text) {
                    return self.take_named_day(number, day_text, day);
                }
            }
            _ => {}
        }
        // A title before a zone.
        if is_zone_note {
            if !(self.outline.has_bare_below(number) && when::names_a_day(day_text)) {
                return Ok(BatchLine::Frame);
            }
            return Err(self.day_title_error(number, day_text));
        }
        if !literal && capture::is_heading(line) {
            return self.read_heading(number, line);
        }
        let unmarked = capture::unmarked_time(line, &self.context.time_context());
        let is_bare =
            timed && when::bare_time_of_day(&unmarked, &self.context.time_context()).is_some();
        if timed && when::needs_a_day(&unmarked, &self.context.time_context()) {
            self.check_lines_above()?;
        }
        if !timed && when::parse_leading(&unmarked, &self.context.time_context()).is_some() {
            return Err(OpsError::usage(
                "it begins with a time of its own, and --at gives another",
            )
            .with_hint("leave --at out; where it is text, put a backslash before it"));
        }
        self.context
            .set_allow_customer_wording(allow_customer_wording);
        let source = Source {
            session,
            line,
            flags,
        };
        let outer_day = self.enter_row_day(is_bare, &unmarked);
        let prepared = source.prepare(&mut self.context);
        if prepared.is_err() && timed && self.is_of_another_day(is_bare, &unmarked) {
            self.invalid_date_line = Some(number);
        }
        let checked =
            prepared.and_then(|prepared| self.check_prepared(source, number, is_bare, prepared));
        self.leave_row_day(outer_day, is_bare);
        if checked.as_ref().is_ok_and(|prepared| prepared.has_time) {
            self.below_heading = heading;
        }
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
        source: Source<'_>,
        number: usize,
        is_bare: bool,
        mut prepared: PreparedEvent,
    ) -> Result<PreparedEvent> {
        let Source { line, flags, .. } = source;
        let timed = flags.at.is_none();
        if timed && prepared.has_unread_time {
            if self.is_of_unread_day(line) {
                // So that the day of the lines below it is not known.
                self.invalid_date_line = Some(number);
            }
            return Err(OpsError::usage("it begins like a time that is not understood").with_hint(
                "write the time as in 10:06 or 2012-08-16 10:06; if it is text, put a backslash before it",
            ));
        }
        if timed {
            if !prepared.has_time {
                self.check_names_zone(number, line)?;
            }
            let own = self.context.capture_context().zone.name();
            self.zone.check(own, &mut prepared)?;
            self.first_zone
                .note_missing(own, self.context.time_context().zone, &mut prepared);
            self.check_untimed(line, &mut prepared)?;
        }
        prepared.notices.extend(self.event_notice.take());
        self.has_times |= prepared.has_time;
        let context = self.context.time_context();
        let unmarked = capture::unmarked_time(line, &context);
        match context.day.filter(|_| is_bare) {
            Some(day) => self.place_on_day(source, day, &mut prepared)?,
            None if is_bare => self.note_order(source, &mut prepared)?,
            None if timed && prepared.has_time && when::is_dated(&unmarked, &context) => {
                self.note_weekday(&unmarked, &mut prepared);
                self.note_relative_day(&unmarked, &mut prepared);
                self.take_row_day(number, &prepared);
            }
            None => {}
        }
        self.has_bare_on_day |= is_bare;
        self.said_row_day |= is_bare && self.row_day.is_some();
        if timed && prepared.has_time {
            self.note_half_day(&unmarked, &mut prepared);
        }
        Ok(prepared)
    }
}
