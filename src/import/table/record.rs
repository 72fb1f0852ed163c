//! Makes rows of records, whose values are found by [`Columns`].

use super::{
    super::{
        days::{DayTracker, find_date_order},
        format::ReadOptions,
        row::{Action, Place, Row, RowError, SourceTime, Speaker},
        row_ids::content_id,
        stamp::{DateOrder, Day, parse_stamp},
        time::{parse_moment, parse_time},
    },
    fields::{Columns, Field},
};
use crate::domain::{
    hash::Hash,
    words::{CAPTURE_KINDS, Kind},
};
use chrono::NaiveDate;
use std::collections::VecDeque;

/// A record as it was read: its place, its values by field, and the hash of its bytes.
#[derive(Clone, Debug)]
pub struct Record {
    pub place: Place,
    values: Vec<(Field, String)>,
    is_utc: bool,
    hash: Hash,
}

const FIELDS: [Field; 10] = [
    Field::Time,
    Field::Date,
    Field::End,
    Field::Recorded,
    Field::Title,
    Field::Text,
    Field::Author,
    Field::Event,
    Field::Id,
    Field::Services,
];

impl Record {
    pub fn new(
        place: Place,
        columns: &Columns,
        hash: Hash,
        cell: impl Fn(usize) -> String,
    ) -> Self {
        let values = FIELDS
            .into_iter()
            .filter(|field| columns.has(*field))
            .map(|field| (field, columns.value(field, &cell)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        Self {
            place,
            values,
            is_utc: columns.is_utc,
            hash,
        }
    }

    /// A record that stands in a cell of another.
    pub fn of_values(
        place: Place,
        values: Vec<(Field, String)>,
        columns: &Columns,
        hash: Hash,
    ) -> Self {
        Self {
            place,
            values,
            is_utc: columns.is_utc,
            hash,
        }
    }

    pub fn set_if_empty(&mut self, field: Field, value: &str) {
        if self.get(field).is_empty() {
            self.values.push((field, value.to_owned()));
        }
    }

    fn get(&self, field: Field) -> &str {
        let found = self.values.iter().find(|(of, _)| *of == field);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The time as it is written, with the day of the column beside it.
    fn time_text(&self) -> String {
        let (date, time) = (self.get(Field::Date), self.get(Field::Time));
        match parse_stamp(time) {
            Some(stamp) if stamp.day == Day::Unnamed && !date.is_empty() => {
                format!("{} {time}", date.trim_end_matches(" 00:00:00"))
            }
            _ => time.to_owned(),
        }
    }

    /// The day of the time, if it has two numbers of which either may be the day.
    fn slash_day(&self) -> Option<Day> {
        let text = self.time_text();
        // Most times begin with a year, which needs no second look.
        let first = text.find(|c: char| !c.is_ascii_digit())?;
        if !(1..=2).contains(&first) && !text.contains('/') {
            return None;
        }
        parse_stamp(&text)
            .map(|stamp| stamp.day)
            .filter(|day| matches!(day, Day::Slashes { .. }))
    }
}

/// The rows of records. Records are held back only where their dates may be read in two ways, until one
/// decides.
pub struct RecordRows<R> {
    records: R,
    held: VecDeque<Result<Record, RowError>>,
    /// `--date`.
    date: Option<NaiveDate>,
    days: DayTracker,
    order: Option<DateOrder>,
    ended: bool,
}

impl<R: Iterator<Item = Result<Record, RowError>>> RecordRows<R> {
    pub fn new(records: R, options: &ReadOptions) -> Self {
        Self {
            records,
            held: VecDeque::new(),
            date: options.date,
            days: DayTracker::new(options.date, DateOrder::DayFirst),
            order: None,
            ended: false,
        }
    }

    /// Reads on until a date shows which of its numbers is the day.
    fn decide_order(&mut self, first: &Record, day: Day) -> Result<DateOrder, RowError> {
        if let Some(order) = day.order() {
            return Ok(order);
        }
        let mut days = vec![(first.place.number, first.time_text(), day)];
        if day.is_ambiguous() {
            for record in self.records.by_ref() {
                let later = record.as_ref().ok().and_then(|record| {
                    let day = record.slash_day().filter(|day| day.order().is_some())?;
                    Some((record.place.number, record.time_text(), day))
                });
                self.held.push_back(record);
                if let Some(later) = later {
                    days.push(later);
                    break;
                }
            }
        }
        let dates = days
            .iter()
            .map(|(number, text, day)| (*number, text.as_str(), *day));
        find_date_order(dates, self.date, first.place.unit)
    }

    fn row(&mut self, record: Record) -> Result<Row, RowError> {
        let text = record.time_text();
        if text.trim().is_empty() {
            return Err(RowError::row(record.place, "it has no time"));
        }
        if let Some(day) = record.slash_day() {
            let order = match self.order {
                Some(order) => order,
                None => self.decide_order(&record, day)?,
            };
            if self.order.is_none() {
                self.order = Some(order);
                self.days = DayTracker::new(self.date, order);
            }
            if day.order().is_some_and(|own| own != order) {
                return Err(RowError::fatal(
                    record.place,
                    format!("`{text}` has day and month in another order than the dates before it"),
                ));
            }
        }
        let at = self.time(&text, &record)?;
        let end = match record.get(Field::End) {
            "" => None,
            end => Some(self.time(end, &record)?),
        };
        let (title, body) = (record.get(Field::Title), record.get(Field::Text));
        let text = match (title, body) {
            (title, "") => title.to_owned(),
            ("", body) => body.to_owned(),
            (title, body) if title == body || body.starts_with(title) => body.to_owned(),
            (title, body) => format!("{title}\n{body}"),
        };
        let author = record.get(Field::Author);
        let event = record.get(Field::Event).to_lowercase();
        let own_id = record.get(Field::Id);
        let is_id_of_content = own_id.is_empty();
        let id = match is_id_of_content {
            true => content_id(at, author, &text),
            false => own_id.to_owned(),
        };
        let services = record.get(Field::Services).split([',', ';', '\n']);
        Ok(Row {
            is_id_of_content,
            may_share_id: !is_id_of_content,
            end,
            recorded: parse_moment(record.get(Field::Recorded)),
            speaker: (!author.is_empty()).then(|| Speaker {
                id: String::new(),
                name: author.to_owned(),
            }),
            action: Action::from_word(&event.replace([' ', '_'], "-")).unwrap_or(Action::Message),
            kind: known_kind(&event),
            services: services
                .map(|service| service.trim().to_owned())
                .filter(|service| !service.is_empty())
                .collect(),
            ..Row::message(record.place.clone(), id, at, &text, record.hash)
        })
    }

    fn time(&mut self, text: &str, record: &Record) -> Result<SourceTime, RowError> {
        let known = match parse_time(text) {
            Some(at) => Ok(at),
            None => match parse_stamp(text) {
                Some(stamp) => self.days.place(&stamp, &record.place),
                None => Err(RowError::row(
                    record.place.clone(),
                    format!(
                        "`{}` is not a time that is understood here",
                        shortened(text)
                    ),
                )
                .with_hint(
                    "write it as 2026-11-20 10:06, or name the column with --map time=COLUMN",
                )),
            },
        }?;
        Ok(match known {
            SourceTime::Local(at) if record.is_utc => {
                SourceTime::Exact(at.and_utc().fixed_offset())
            }
            at => at,
        })
    }
}

impl<R: Iterator<Item = Result<Record, RowError>>> Iterator for RecordRows<R> {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let record = self.held.pop_front().or_else(|| self.records.next())?;
        let row = record.and_then(|record| self.row(record));
        self.ended = row.as_ref().is_err_and(|error| error.is_fatal);
        Some(row)
    }
}

/// Returns the kind of ours that `word` is; `declare` and `resolve` are none that a row can have.
fn known_kind(word: &str) -> Option<Kind> {
    CAPTURE_KINDS
        .iter()
        .find(|kind| kind.as_str() == word)
        .cloned()
}

fn shortened(text: &str) -> String {
    text.chars()
        .take(40)
        .collect::<String>()
        .escape_debug()
        .to_string()
}
