//! Puts the cells of a row in the order of a line: its day, its time with the end and the zones, and its text.

use super::{
    Column, Table,
    date::{is_ditto, plain_date},
    plain,
};
use crate::domain::{
    capture::{after_time::extends_time, line_marks::begins_with_separator},
    parse_error::ParseError,
    time::UtcTime,
    when::{self, DayStep, TimeContext},
    zone::Zone,
};
use chrono::{NaiveDate, Offset as _, TimeDelta};

impl Table {
    /// Refuses a row whose only time is since a start.
    pub(super) fn elapsed_error(&self, cells: &[&str]) -> Option<ParseError> {
        let (at, _) = self.find(Column::Elapsed)?;
        let time = plain(cells.get(at)?);
        time.contains(|c: char| c.is_ascii_digit()).then(|| {
            ParseError::new(
                format!(
                    "`{time}` in the column `{}` is no time of day",
                    self.head(at)
                ),
                "write the time of day of each row, or log the rows one by one with `--at`",
                0..0,
            )
        })
    }

    /// Returns the line of the row of `cells`, whose time is in the column `time_at`.
    ///
    /// # Errors
    /// That cell is no time, or the columns do not make one time.
    pub(super) fn compose(
        &mut self,
        cells: &[&str],
        time_at: usize,
        context: &TimeContext<'_>,
    ) -> Result<String, ParseError> {
        let cell = |at: usize| plain(cells.get(at).copied().unwrap_or_default());
        let date = self
            .find(Column::Date)
            .map(|(at, _)| (at, cell(at)))
            .filter(|(at, _)| *at != time_at);
        let texts = self.texts(cells, time_at, context);
        let typed = cell(time_at);
        let has_time = !typed.is_empty();
        if has_time && !texts.is_empty() && !self.heads.is_empty() {
            self.check_time(typed, time_at, context)?;
        }
        let time = match has_time {
            true => self.span_of(cells, time_at, context)?,
            false => String::new(),
        };
        let own_date = date.map(|(_, date)| date);
        let own_date = own_date.filter(|date| !(date.is_empty() || is_ditto(date)));
        if let Some(date) = own_date {
            self.date = plain_date(date, context).into_owned();
            self.sequence.restart();
        }
        let day = match date {
            Some(_) if has_time => &*self.date,
            Some((_, date)) => date,
            None => "",
        };
        let mut dated = format!("{day} {time}").trim().to_owned();
        let is_of_parts = date.is_some() || time != typed;
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
        if has_time {
            self.check_others(cells, time_at, &time, context)?;
        }
        let text = texts.join(" | ");
        Ok(match (time.as_str(), text.as_str()) {
            ("", text) | (text, "") => text.to_owned(),
            (time, text) => {
                let is_text =
                    has_time && self.is_text_behind_time(&texts, cells, time_at, time, context);
                format!("{time} | {}{text}", if is_text { "\\" } else { "" })
            }
        })
    }

    /// # Errors
    /// Another column has another time than `time`, or one in a zone that is not understood where that of `time` is not
    /// said.
    fn check_others(
        &mut self,
        cells: &[&str],
        time_at: usize,
        time: &str,
        context: &TimeContext<'_>,
    ) -> Result<(), ParseError> {
        let is_said = matches!(self.columns[time_at].zone, Some(Ok(_)));
        for (at, other) in self.other_times(time_at) {
            let zone = match &other.zone {
                Some(Ok(zone)) => zone,
                Some(Err(error)) if !is_said => return Err(error.clone()),
                Some(Err(_)) => {
                    let said = format!(
                        "the column `{}` was not compared with `{}`: its zone is not known",
                        self.head(at),
                        self.head(time_at)
                    );
                    if !std::mem::replace(&mut self.said_other_zone, true) {
                        self.notice.get_or_insert(said);
                    }
                    continue;
                }
                None => &self.outer_zone,
            };
            let other = plain(cells.get(at).copied().unwrap_or_default());
            check_same_time(time, other, zone, context)?;
        }
        Ok(())
    }

    /// # Errors
    /// `typed`, in the column `time_at`, does not begin like a time.
    fn check_time(
        &self,
        typed: &str,
        time_at: usize,
        context: &TimeContext<'_>,
    ) -> Result<(), ParseError> {
        match when::parse_leading(typed, context) {
            Some(_) => Ok(()),
            None => Err(ParseError::new(
                format!(
                    "`{typed}` in the column `{}` is no time",
                    self.head(time_at)
                ),
                "write the time of day of the row, or log it alone",
                0..0,
            )),
        }
    }

    /// Returns the time of a row with the end and the zones that other columns give it.
    ///
    /// # Errors
    /// The zone in the head of the end is not understood.
    fn span_of(
        &self,
        cells: &[&str],
        time_at: usize,
        context: &TimeContext<'_>,
    ) -> Result<String, ParseError> {
        let cell = |at: usize| plain(cells.get(at).copied().unwrap_or_default());
        let end = self.end_of(cells, context);
        let zones_of = |is_wanted: &dyn Fn(usize) -> bool| {
            let zones = self.columns.iter().enumerate();
            let zones = zones.filter(|(at, head)| head.column == Column::Zone && is_wanted(*at));
            let zones = zones
                .map(|(at, _)| cell(at))
                .filter(|zone| !zone.is_empty());
            zones.collect::<Vec<_>>().join(" ")
        };
        let with = |time: &str, zone: &str| format!("{time} {zone}").trim_end().to_owned();
        let typed = cell(time_at);
        let Some((end_at, end)) = end else {
            let end_at = self.find(Column::End).map(|(at, _)| at);
            let own = zones_of(&|at| end_at.is_none_or(|end| at < end));
            let zone = if own.is_empty() {
                zones_of(&|_| true)
            } else {
                own
            };
            return Ok(with(typed, &zone));
        };
        let (own, of_end) = (zones_of(&|at| at < end_at), zones_of(&|at| at > end_at));
        let day = self.find(Column::EndDate).map_or("", |(at, _)| cell(at));
        let end = format!("{} {end}", plain_date(day, context));
        let end = end.trim_start();
        if let Some(error) = self.end_alone_error() {
            return Err(error);
        }
        let zone_of_end = match &self.columns[end_at].zone {
            Some(zone) => Some(zone.as_ref().map_err(Clone::clone)?),
            None => None,
        };
        Ok(match (own.is_empty(), of_end.is_empty(), zone_of_end) {
            (true, true, Some(zone)) if zone != context.zone => {
                let own = typed_zone(context.zone, context);
                format!("{typed} {own}..{end} {}", typed_zone(zone, context))
            }
            // The one zone is that of both.
            (true, _, _) => with(&format!("{typed}..{end}"), &of_end),
            (_, true, _) => with(&format!("{typed}..{end}"), &own),
            _ => format!("{}..{}", with(typed, &own), with(end, &of_end)),
        })
    }

    /// Returns the end of the span of a row, with its column; `None` for `-`, `ongoing`, `n/a`.
    fn end_of<'c>(&self, cells: &[&'c str], context: &TimeContext<'_>) -> Option<(usize, &'c str)> {
        let (at, _) = self.find(Column::End)?;
        let end = plain(cells.get(at)?);
        let is_end =
            end.contains(|c: char| c.is_ascii_digit()) || when::parse(end, context).is_ok();
        is_end.then_some((at, end))
    }

    /// Returns the cells of a row that are its text, in the order in which they stand in the line.
    fn texts<'c>(
        &self,
        cells: &[&'c str],
        time_at: usize,
        context: &TimeContext<'_>,
    ) -> Vec<&'c str> {
        let places = self.text_places(cells, time_at, context);
        places
            .into_iter()
            .filter_map(|at| cells.get(at).copied())
            .collect()
    }

    fn text_places(&self, cells: &[&str], time_at: usize, context: &TimeContext<'_>) -> Vec<usize> {
        let end_at = self.end_of(cells, context).map(|(at, _)| at);
        let date_at = self.find(Column::Date).map(|(at, _)| at);
        let others = self.other_times(time_at);
        let column = |at: usize| self.columns.get(at).map(|cell| cell.column);
        let is_of_time = |at: usize| match column(at) {
            _ if at == time_at => true,
            Some(Column::End) => Some(at) == end_at,
            Some(Column::EndDate) => end_at.is_some(),
            Some(Column::Zone) => true,
            Some(Column::Date) => Some(at) == date_at || others.iter().any(|(i, _)| *i == at),
            Some(Column::Time) => others.iter().any(|(i, _)| *i == at),
            _ => false,
        };
        // What is since a start goes last: `+00:05` directly behind the time would be its offset.
        let is_last = |at: &usize| {
            matches!(
                column(*at),
                Some(Column::Elapsed | Column::End | Column::EndDate)
            )
        };
        let (last, first): (Vec<usize>, Vec<usize>) = (0..cells.len())
            .filter(|at| !is_of_time(*at) && !cells[*at].is_empty())
            .partition(is_last);
        let has_words = |at: &usize| cells[*at].contains(char::is_alphanumeric);
        first
            .into_iter()
            .chain(last.into_iter().filter(has_words))
            .collect()
    }

    /// True if the text behind the time would be read as a part of it, though it has a head of its own; a notice says
    /// so the first time.
    fn is_text_behind_time(
        &mut self,
        texts: &[&str],
        cells: &[&str],
        time_at: usize,
        time: &str,
        context: &TimeContext<'_>,
    ) -> bool {
        let text = texts.join(" | ");
        let places = self.text_places(cells, time_at, context);
        let at = places.first().filter(|at| !self.head(**at).is_empty());
        let Some(at) = at.copied() else {
            return false;
        };
        let is_text = !begins_with_separator(&text) && extends_time(time, &text, context);
        if is_text && !std::mem::replace(&mut self.said_text, true) && self.notice.is_none() {
            self.notice = Some(format!(
                "`{}` in the column `{}` was kept as text, as what is in columns that are not of the time",
                plain(cells.get(at).copied().unwrap_or_default()),
                self.head(at)
            ));
        }
        is_text
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
}

/// Returns `zone` as it is typed behind a time.
fn typed_zone(zone: &Zone, context: &TimeContext<'_>) -> String {
    match zone.name() {
        // The names of these zones have the sign reversed.
        name if name.starts_with("Etc/") => {
            format!("UTC{}", zone.to_local(context.now).offset().fix())
        }
        name => name.to_owned(),
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
