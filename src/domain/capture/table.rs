//! Reads the head of a pasted table, which says in which column the time is and in which zone, and puts the cells
//! of its rows in the order of a line.

mod date;
mod row;

use super::{
    cells::{Form, bar_cells, inner_bar_cells, plain, split_head, tab_cells},
    column::{Column, HeadCell, read_head_cell},
};
use crate::domain::{
    parse_error::ParseError,
    when::{self, DaySequence, TimeContext},
    zone::Zone,
};

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
    /// What the head says above each column; nothing if there is none.
    heads: Vec<String>,
    /// True once a notice said that a cell behind the time is text.
    said_text: bool,
    /// True once a notice said that a column of times in another zone is not compared.
    said_other_zone: bool,
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
                .for_each(|(head, _)| head.column = Column::Zone);
        }
        // Beside `Time (UTC)`, `Owner (ET)` has none.
        let has_zone = |cell: &HeadCell| {
            cell.column == Column::Time && !cell.is_of_zone && matches!(cell.zone, Some(Ok(_)))
        };
        if columns.iter().any(has_zone) {
            let others = columns.iter_mut().filter(|cell| cell.is_of_zone);
            others.for_each(|cell| cell.column = Column::Text);
        }
        // `Event | Reported at`
        if columns.iter().all(|cell| cell.column == Column::Text) && line.contains(['|', '\t']) {
            let is_at = |cell: &str| {
                let lower = plain(cell).to_lowercase();
                lower.ends_with(" at") || lower.ends_with("_at")
            };
            if let Some(at) = cells.iter().position(|cell| is_at(cell)) {
                columns[at].column = Column::Time;
            }
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
        read_weekdays(&mut columns, &cells);
        read_ends(&mut columns, &cells, context);
        Some(Self {
            heads: cells.iter().map(|cell| plain(cell).to_owned()).collect(),
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
            is_of_zone: false,
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
            heads: Vec::new(),
            said_text: false,
            said_other_zone: false,
        }
    }

    /// Returns the zone of the times in the table, if its head names one.
    #[must_use]
    pub fn zone(&self) -> Option<Result<Zone, ParseError>> {
        let time = self.time().and_then(|at| self.columns[at].zone.as_ref());
        let of_date = || self.find(Column::Date)?.1.zone.as_ref();
        let of_end = || self.end_alone_error().map(Err);
        time.or_else(of_date).cloned().or_else(of_end)
    }

    /// Returns the error for a zone of the ends where none is said of the times.
    fn end_alone_error(&self) -> Option<ParseError> {
        let time_at = self.time()?;
        let (end_at, end) = self.find(Column::End)?;
        let zone = end.zone.as_ref()?.as_ref().ok()?;
        let has_date_zone = || {
            self.find(Column::Date)
                .is_some_and(|(_, d)| d.zone.is_some())
        };
        let is_alone = self.columns[time_at].zone.is_none() && !has_date_zone();
        (is_alone && *zone != self.outer_zone).then(|| {
            ParseError::new(
                format!(
                    "the column `{}` has a zone, and `{}` has none",
                    self.head(end_at),
                    self.head(time_at)
                ),
                "write the zone in the head of both columns",
                0..0,
            )
        })
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

    /// What the head says above column `at`; empty if it says nothing.
    fn head(&self, at: usize) -> &str {
        self.heads.get(at).map_or("", String::as_str)
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

/// Where no column has dates, the day of the week is one.
fn read_weekdays(columns: &mut [HeadCell], cells: &[&str]) {
    if columns.iter().any(|cell| cell.column == Column::Date) {
        return;
    }
    let is_weekday = |head: &str| {
        let mut names = ["weekday", "wochentag", "dow"].iter();
        names.any(|name| name.eq_ignore_ascii_case(plain(head)))
    };
    if let Some(at) = cells.iter().position(|head| is_weekday(head)) {
        columns[at].column = Column::Date;
    }
}

/// Finds the date of the ends among `columns` with the heads `cells`, and where the times have a zone and their ends are
/// local, the zone of those.
fn read_ends(columns: &mut [HeadCell], cells: &[&str], context: &TimeContext<'_>) {
    let is = |wanted: Column| move |cell: &HeadCell| cell.column == wanted;
    let has_zone = |cell: &HeadCell| cell.column == Column::Time && cell.zone.is_some();
    let has_zone = columns.iter().any(has_zone);
    let Some(end) = columns.iter().position(is(Column::End)) else {
        // A date with its time.
        if let Some(end) = columns
            .iter_mut()
            .find(|cell| cell.column == Column::EndDate)
        {
            end.column = Column::End;
        }
        return;
    };
    let mut dates = columns
        .iter_mut()
        .filter(|cell| cell.column == Column::Date);
    if let (Some(_), Some(of_end)) = (dates.next(), dates.next()) {
        of_end.column = Column::EndDate;
    }
    if has_zone && columns[end].zone.is_none() && cells[end].to_lowercase().contains("local") {
        columns[end].zone = Some(Ok(context.zone.clone()));
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
