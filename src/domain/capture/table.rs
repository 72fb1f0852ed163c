//! Reads the head of a pasted table, which says in which column the time is and in which zone, and puts the cells
//! of its rows in the order of a line.

use super::{
    cells::{Form, bar_cells, inner_bar_cells, plain, split_head, tab_cells},
    column::{Column, HeadCell, read_head_cell},
};
use crate::domain::{
    parse_error::ParseError,
    time::UtcTime,
    when::{self, DaySequence, DayStep, TimeContext},
    zone::Zone,
};
use chrono::{NaiveDate, TimeDelta};

/// The cells of a head that no rule follows have at most so many words.
const MAX_HEAD_WORDS: usize = 4;

/// A table, as its head describes it.
#[derive(Clone, Debug)]
pub struct Table {
    form: Form,
    columns: Vec<HeadCell>,
    /// The zone of the times above the table, and of a column of it that names none beside one that does.
    outer_zone: Zone,
    /// The date of the rows so far, for those that leave its cell empty.
    date: String,
    /// The order of the rows that have the same date.
    sequence: DaySequence,
    /// What to say of the last row.
    notice: Option<String>,
    /// The head of the first column of times since a start, with its place.
    elapsed: Option<(usize, String)>,
}

impl Table {
    /// Reads `line` as the head of a table; `has_rule` if a rule such as `|---|---|` is below it. `None` if it is
    /// something else, such as a row.
    #[must_use]
    pub fn of_head(line: &str, has_rule: bool, context: &TimeContext<'_>) -> Option<Self> {
        let line = line.trim();
        if !has_rule && line.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (form, cells) = split_head(line, has_rule)?;
        let mut columns: Vec<HeadCell> = cells
            .iter()
            .map(|cell| read_head_cell(cell, context))
            .collect();
        // Beside a time of day, an offset is that from UTC.
        if columns.iter().any(|cell| cell.column == Column::Time) {
            let offsets = columns.iter_mut().zip(&cells);
            offsets
                .filter(|(_, cell)| plain(cell).eq_ignore_ascii_case("offset"))
                .for_each(|(head, _)| head.column = Column::Text);
        }
        let names_times = |cell: &HeadCell| cell.column != Column::Text;
        let first = columns.first()?;
        let names_time = names_times(first);
        let is_head = match form {
            // In a grid, a rule follows each row.
            _ if has_rule && line.contains('|') => true,
            // `PT, please restart it` is a text.
            Form::Lines => {
                let is_more = |c: char| c.is_whitespace() || c == '(';
                let is_utc = ["UTC", "GMT"].iter().any(|utc| line.starts_with(utc));
                names_time
                    && first.zone.is_some()
                    && (is_utc || cells[0].contains(is_more))
                    && !is_statement(cells[0])
            }
            // `| Event | Time |`
            Form::Bars | Form::Tabs => columns.iter().any(names_times),
            _ => names_time,
        };
        if !is_head || cells.len() < 2 {
            return None;
        }
        // `At 09:12 UTC, it fired`
        let is_time = |cell: &&str| {
            when::parse_leading(plain(cell), context).is_some()
                || !has_rule && when::has_clock_time(cell)
        };
        let is_short = |cell: &&str| {
            !cell.contains(|c: char| c.is_ascii_digit())
                && cell.split_whitespace().count() <= MAX_HEAD_WORDS
        };
        let unnamed = usize::from(names_time);
        if cells.iter().any(is_time) || !has_rule && !cells[unnamed..].iter().all(is_short) {
            return None;
        }
        // `Times in UTC / CET`
        if form == Form::Lines && columns[1..].iter().any(names_times) {
            return None;
        }
        let elapsed = columns.iter().position(|c| c.column == Column::Elapsed);
        let elapsed = elapsed.map(|at| (at, plain(cells[at]).to_owned()));
        Some(Self {
            elapsed,
            ..Self::new(form, columns, context)
        })
    }

    /// Reads `line` as the first row of a table without a head: one cell of it, and not the first, is a time, and the one
    /// before that may be its date. `None` if it is something else, such as a row that begins with its time.
    #[must_use]
    pub fn of_row(line: &str, context: &TimeContext<'_>) -> Option<Self> {
        let (form, cells) = match bar_cells(line.trim()) {
            Some(cells) => (Form::Bars, cells),
            None => (Form::Tabs, tab_cells(line)?),
        };
        let is_time = |cell: &&str| when::parse(plain(cell), context).is_ok();
        let mut times = cells.iter().enumerate().filter(|(_, cell)| is_time(cell));
        let (time_at, _) = times.next().filter(|(at, _)| *at > 0)?;
        // `| Start | 10:06 |`
        let label = read_head_cell(cells[time_at - 1], context).column;
        if times.next().is_some() || label != Column::Text {
            return None;
        }
        let is_date = |at: usize| when::is_day_alone(plain(cells[at]), context);
        let date_at = time_at.checked_sub(1).filter(|at| is_date(*at));
        let columns = (0..cells.len()).map(|at| HeadCell {
            column: match at {
                _ if at == time_at => Column::Time,
                _ if Some(at) == date_at => Column::Date,
                _ => Column::Text,
            },
            zone: None,
        });
        Some(Self::new(form, columns.collect(), context))
    }

    fn new(form: Form, columns: Vec<HeadCell>, context: &TimeContext<'_>) -> Self {
        Self {
            form,
            columns,
            outer_zone: context.zone.clone(),
            date: String::new(),
            sequence: DaySequence::default(),
            notice: None,
            elapsed: None,
        }
    }

    /// Returns the zone of the times in the table, if its head names one.
    #[must_use]
    pub fn zone(&self) -> Option<Result<Zone, ParseError>> {
        let time = self.time().and_then(|at| self.columns[at].zone.as_ref());
        let of_date = || self.find(Column::Date)?.1.zone.as_ref();
        let of_end = || self.find(Column::End)?.1.zone.as_ref();
        time.or_else(of_date).or_else(of_end).cloned()
    }

    /// Returns a row of the table as a line, with its time first; `None` if `line` is no row of it.
    ///
    /// # Errors
    /// `Some(Err)` if its columns do not make one time.
    pub fn line_of_row(
        &mut self,
        line: &str,
        context: &TimeContext<'_>,
    ) -> Option<Result<String, ParseError>> {
        let cells = match self.form {
            Form::Bars => bar_cells(line.trim())?,
            Form::InnerBars => inner_bar_cells(line)?,
            Form::Tabs => tab_cells(line)?,
            Form::Lines => return None,
        };
        let Some(time_at) = self.time() else {
            return self.elapsed_error(&cells).map(Err);
        };
        let is_time = |at: usize| {
            let cell = cells.get(at).copied().unwrap_or_default();
            when::parse_leading(plain(cell), context).is_some()
        };
        // The head named another column: `| Timeline | All times UTC |`.
        if time_at > 0 && is_time(0) && !is_time(time_at) && !cells[0].is_empty() {
            return Some(Ok(line.trim().to_owned()));
        }
        Some(self.compose(&cells, time_at, context))
    }

    /// Refuses a row whose only time is since a start.
    fn elapsed_error(&self, cells: &[&str]) -> Option<ParseError> {
        let (at, head) = self.elapsed.as_ref()?;
        let time = plain(cells.get(*at)?);
        time.contains(|c: char| c.is_ascii_digit()).then(|| {
            ParseError::new(
                format!("`{time}` in the column `{head}` is no time of day"),
                "write the time of day of each row, or log the rows one by one with `--at`",
                0..0,
            )
        })
    }

    fn compose(
        &mut self,
        cells: &[&str],
        time_at: usize,
        context: &TimeContext<'_>,
    ) -> Result<String, ParseError> {
        let cell = |at: usize| plain(cells.get(at).copied().unwrap_or_default());
        let of = |column| self.find(column).map(|(at, _)| (at, cell(at)));
        let date = of(Column::Date).filter(|(at, _)| *at != time_at);
        // `-`, `ongoing`, `n/a`
        let is_end = |end: &str| {
            end.contains(|c: char| c.is_ascii_digit()) || when::parse(end, context).is_ok()
        };
        let end = of(Column::End).filter(|(_, end)| is_end(end));
        let zone = of(Column::Zone);
        let own_date = date.map(|(_, date)| date).filter(|date| !date.is_empty());
        if let Some(date) = own_date {
            date.clone_into(&mut self.date);
            self.sequence.restart();
        }
        let mut time = cell(time_at).to_owned();
        let has_time = !time.is_empty();
        if has_time && let Some((_, end)) = end {
            time = format!("{time}..{end}");
        }
        if has_time && let Some((_, zone)) = zone.filter(|(_, zone)| !zone.is_empty()) {
            time = format!("{time} {zone}");
        }
        let day = match date {
            Some(_) if has_time => &*self.date,
            Some((_, date)) => date,
            None => "",
        };
        let mut dated = format!("{day} {time}").trim().to_owned();
        let is_of_parts = date.is_some() || zone.is_some() || end.is_some();
        if has_time && is_of_parts {
            let at = when::parse(&dated, context)?.at;
            if date.is_some()
                && let Some(day) = self.day_in_order(at.to_utc(), at.date_naive())
            {
                self.date = day.to_string();
                dated = format!("{day} {time}");
                let at = when::parse(&dated, context)?.at;
                self.sequence.advance(at.to_utc());
            }
        }
        let time = dated;
        let others = self.other_times(time_at);
        if has_time {
            for (at, other) in &others {
                let zone = match &other.zone {
                    Some(zone) => zone.as_ref().map_err(Clone::clone)?,
                    None => &self.outer_zone,
                };
                check_same_time(&time, cell(*at), zone, context)?;
            }
        }
        let is_time_column = |at: usize| {
            at == time_at
                || [date, end, zone].iter().flatten().any(|(i, _)| *i == at)
                || others.iter().any(|(i, _)| *i == at)
        };
        // What is since a start goes last: `+00:05` directly behind the time would be its offset.
        let column = |at: usize| self.columns.get(at).map(|cell| cell.column);
        let is_last = |at: usize| matches!(column(at), Some(Column::Elapsed | Column::End));
        let (last, first): (Vec<_>, Vec<_>) = cells
            .iter()
            .enumerate()
            .filter(|(at, text)| !is_time_column(*at) && !text.is_empty())
            .partition(|(at, _)| is_last(*at));
        let has_words = |text: &str| text.contains(char::is_alphanumeric);
        let last = last.iter().filter(|(_, text)| has_words(text));
        let texts: Vec<&str> = first.iter().chain(last).map(|(_, text)| **text).collect();
        let text = texts.join(" | ");
        Ok(match (time.as_str(), text.as_str()) {
            ("", text) | (text, "") => text.to_owned(),
            (time, text) => format!("{time} | {text}"),
        })
    }

    /// Returns the day of a row at `at`, which its date, that of a row above it, has on `date`, if the order of the rows
    /// gives it another one.
    fn day_in_order(&mut self, at: UtcTime, date: NaiveDate) -> Option<NaiveDate> {
        let step = self.sequence.step(at);
        if self.sequence.may_be_day_before(at) {
            self.notice = Some(format!(
                "its time is twelve hours or more after that of the row above it, whose date it has: it stays on {date}; where the rows run backwards, write its date"
            ));
        }
        self.sequence.advance(at);
        let (day, what) = match step {
            DayStep::Same => return None,
            DayStep::OutOfOrder => {
                self.notice = Some(format!(
                    "its time is out of the order of the rows, whose date it has: it stays on {date}"
                ));
                return None;
            }
            DayStep::Next => (date.succ_opt()?, "after"),
            DayStep::Previous => (date.pred_opt()?, "before"),
        };
        self.notice = Some(format!(
            "its time is twelve hours or more from that of the row above it, so its date was taken as {day}, the day {what}"
        ));
        Some(day)
    }

    /// Takes the order of the lines of a block for the rows.
    pub fn set_order(&mut self, sequence: DaySequence) {
        self.sequence = sequence;
        self.sequence.restart();
    }

    /// Returns what to say of the row that was read last.
    pub fn take_notice(&mut self) -> Option<String> {
        self.notice.take()
    }

    /// The column of the times: that of the time of day, of a start, or of a date with its time.
    fn time(&self) -> Option<usize> {
        let first = |wanted: &[Column]| {
            let mut columns = self.columns.iter();
            columns.position(|cell| wanted.contains(&cell.column))
        };
        first(&[Column::Time]).or_else(|| first(&[Column::Date]))
    }

    fn find(&self, column: Column) -> Option<(usize, &HeadCell)> {
        let mut columns = self.columns.iter().enumerate();
        columns.find(|(_, cell)| cell.column == column)
    }

    /// Further columns with the same time, as in `Time (UTC) | Time (CET)`.
    fn other_times(&self, time_at: usize) -> Vec<(usize, HeadCell)> {
        let column = self.columns[time_at].column;
        self.columns
            .iter()
            .enumerate()
            .filter(|(at, cell)| *at != time_at && cell.column == column)
            .map(|(at, cell)| (at, cell.clone()))
            .collect()
    }
}

/// True for the beginning of a sentence: `Times in UTC`, `All times are UTC`, or a bracket that does not end.
fn is_statement(cell: &str) -> bool {
    let first = cell.split_whitespace().next().unwrap_or_default();
    let is_plural = ["all", "times", "timestamps"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(first));
    match cell.contains(['(', '[']) {
        true => !cell.ends_with([')', ']']),
        false => is_plural,
    }
}

/// # Errors
/// `other`, a time in `zone`, is another time than `time`.
fn check_same_time(
    time: &str,
    other: &str,
    zone: &Zone,
    context: &TimeContext<'_>,
) -> Result<(), ParseError> {
    if other.is_empty() {
        return Ok(());
    }
    let first = when::parse(time, context)?;
    let second = when::parse(other, &TimeContext { zone, ..*context })?;
    let apart = (first.at.to_utc() - second.at.to_utc()).abs();
    // The day of either may be another one.
    let is_same = (apart.num_seconds() % TimeDelta::days(1).num_seconds()) == 0;
    is_same.then_some(()).ok_or_else(|| {
        ParseError::new(
            format!("its columns `{time}` and `{other}` are not the same time"),
            "keep the column of the time that counts",
            0..0,
        )
    })
}
