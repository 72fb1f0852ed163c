//! Gives times of day their days, row by row: from what stands beside them, from day lines, and from `--date`.

use super::{
    row::{Need, Place, RowError, SourceTime},
    stamp::{DateOrder, Day, NO_YEAR, Stamp},
};
use chrono::{Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta};

/// A time of day that is so much before the last one is on the next day.
const DAY_CHANGE: TimeDelta = TimeDelta::hours(12);

/// True if `time`, of which no day is known, is on the day after that of the row before.
pub(super) fn is_next_day(last: Option<NaiveTime>, time: NaiveTime) -> bool {
    last.is_some_and(|last| last - time >= DAY_CHANGE)
}

/// Finds out which of two numbers is the day: the dates of the input that have a number above 12 decide, else
/// `date`, if it is one of the two readings of the first date.
///
/// # Errors
/// An ambiguous date, its place and text: nothing decides, or dates contradict each other.
pub(super) fn find_date_order<'t>(
    dates: impl Iterator<Item = (u64, &'t str, Day)>,
    date: Option<NaiveDate>,
    unit: &'static str,
) -> Result<DateOrder, RowError> {
    let mut order = None;
    let mut ambiguous: Option<(u64, &str, Day)> = None;
    for (number, text, day) in dates {
        if ambiguous.is_none() && day.is_ambiguous() {
            ambiguous = Some((number, text, day));
        }
        match (order, day.order()) {
            (Some(before), Some(now)) if before != now => {
                return Err(RowError::fatal(
                    Place::new(unit, number),
                    format!("`{text}` has day and month in another order than the dates before it"),
                )
                .with_hint("import the parts one by one, or write its dates as 2026-11-20"));
            }
            (None, Some(now)) => order = Some(now),
            _ => {}
        }
    }
    let Some((number, text, day)) = ambiguous else {
        return Ok(order.unwrap_or(DateOrder::DayFirst));
    };
    let reads_as_date = |order: &DateOrder| match (day.in_order(*order), date) {
        (Some(Day::Date(read)), Some(date)) => read == date,
        (Some(Day::WithoutYear { month, day }), Some(date)) => {
            (date.month(), date.day()) == (month, day)
        }
        _ => false,
    };
    let orders = [DateOrder::DayFirst, DateOrder::MonthFirst];
    if let Some(order) = order.or_else(|| orders.into_iter().find(reads_as_date)) {
        return Ok(order);
    }
    let readings: Vec<String> = orders
        .iter()
        .filter_map(|order| match day.in_order(*order)? {
            Day::Date(date) => Some(date.to_string()),
            Day::WithoutYear { month, day } => Some(format!("{month:02}-{day:02}")),
            _ => None,
        })
        .collect();
    let example = readings.first().cloned().unwrap_or_default();
    Err(RowError::fatal(
        Place::new(unit, number),
        format!("`{text}` may be {}", readings.join(" or ")),
    )
    .with_hint(format!(
        "say which with --date, the day that it is: --date {}{example}",
        if example.len() == 5 { "2026-" } else { "" }
    ))
    .with_need(Need::Date))
}

/// What the rows so far say about the day of the next.
pub(super) struct DayTracker {
    /// `--date`: the day of the first row that names none, or only `Today`, `Yesterday` or a weekday.
    date: Option<NaiveDate>,
    order: DateOrder,
    /// The day of the last row; of [`NO_YEAR`] if its year is not known.
    current: Option<NaiveDate>,
    /// The day that `Today` means.
    today: Option<NaiveDate>,
    /// The word of the first row for its day, as long as no row has a date.
    first_word: Option<Day>,
    /// From a day line, for the rows below it.
    day_line: Option<Day>,
    last_time: Option<NaiveTime>,
    has_rows: bool,
}

impl DayTracker {
    pub fn new(date: Option<NaiveDate>, order: DateOrder) -> Self {
        Self {
            date,
            order,
            current: None,
            today: None,
            first_word: None,
            day_line: None,
            last_time: None,
            has_rows: false,
        }
    }

    /// Takes a line that is only a day.
    pub fn set_day_line(&mut self, day: Day) {
        self.day_line = Some(day);
    }

    /// Returns the time of the next row.
    ///
    /// # Errors
    /// Its day cannot be known without `--date`, or at all.
    pub fn place(&mut self, stamp: &Stamp, place: &Place) -> Result<SourceTime, RowError> {
        if let Some(at) = stamp.exact {
            self.current = Some(at.date_naive());
            self.has_rows = true;
            return Ok(SourceTime::Exact(at));
        }
        let line = self.day_line.take();
        let named = match stamp.day {
            Day::Unnamed => line.unwrap_or(Day::Unnamed),
            day => day,
        };
        let day = named
            .in_order(self.order)
            .ok_or_else(|| RowError::row(place.clone(), "there is no such day in the calendar"))?;
        self.turn_to(day, stamp.time, place)?;
        self.last_time = Some(stamp.time);
        self.has_rows = true;
        Ok(match self.current {
            Some(date) if date.year() <= NO_YEAR + 1 => {
                let date = date.with_year(NO_YEAR).unwrap_or(date);
                SourceTime::WithoutYear(date.and_time(stamp.time))
            }
            Some(date) => SourceTime::Local(date.and_time(stamp.time)),
            None => SourceTime::TimeOfDay(stamp.time),
        })
    }

    fn turn_to(&mut self, day: Day, time: NaiveTime, place: &Place) -> Result<(), RowError> {
        match day {
            Day::Date(date) => self.current = Some(date),
            Day::WithoutYear { month, day } => {
                self.current = NaiveDate::from_ymd_opt(NO_YEAR, month, day);
            }
            Day::Unnamed | Day::Slashes { .. } => {
                if !self.has_rows {
                    self.current = self.date;
                }
                let is_next_day = is_next_day(self.last_time, time);
                if let Some(current) = self.current.filter(|_| is_next_day) {
                    self.current = current.checked_add_days(Days::new(1));
                }
            }
            Day::Relative(days) => match (self.today, self.has_rows, self.date) {
                (Some(today), ..) => self.current = Some(today + TimeDelta::days(days)),
                (None, false, Some(date)) => {
                    self.current = Some(date);
                    self.today = Some(date - TimeDelta::days(days));
                }
                (None, ..) => self.need_same_word(day, place)?,
            },
            Day::Weekday(weekday) => match (self.current, self.has_rows, self.date) {
                (Some(current), true, _) if current.year() > NO_YEAR + 1 => {
                    self.current = current
                        .iter_days()
                        .take(7)
                        .find(|date| date.weekday() == weekday);
                }
                (_, false, Some(date)) if date.weekday() == weekday => self.current = Some(date),
                (_, false, Some(date)) => {
                    return Err(RowError::fatal(
                        place.clone(),
                        format!("it is of a {weekday}, and {date} is a {}", date.weekday()),
                    )
                    .with_hint("--date names the day of the first message")
                    .with_need(Need::Date));
                }
                _ => self.need_same_word(day, place)?,
            },
        }
        Ok(())
    }

    /// Rows without a date are of one day as long as all name it by the same word.
    fn need_same_word(&mut self, day: Day, place: &Place) -> Result<(), RowError> {
        if !self.has_rows {
            self.first_word = Some(day);
        }
        if self.first_word == Some(day) {
            return Ok(());
        }
        let word = match day {
            Day::Relative(0) => "Today".to_owned(),
            Day::Relative(_) => "Yesterday".to_owned(),
            Day::Weekday(weekday) => weekday.to_string(),
            _ => String::new(),
        };
        // With rows before it that have no such word, `--date` does not say how far they are apart.
        let hint = match (self.first_word, self.date) {
            (Some(_), None) => "--date 2026-11-20 names the day of the first message".to_owned(),
            _ => format!("write the date in the place of `{word}`, such as 2026-11-20"),
        };
        let error = RowError::fatal(
            place.clone(),
            format!("it is of `{word}`, whose date the text does not say"),
        )
        .with_hint(hint);
        Err(match (self.first_word, self.date) {
            (Some(_), None) => error.with_need(Need::Date),
            _ => error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::stamp::{parse_day, parse_stamp},
        *,
    };
    use rstest::rstest;

    /// The times of the rows; a part that is only a day is a day line.
    fn placed(date: Option<&str>, text: &str) -> Vec<String> {
        let date = date.map(|date| date.parse().unwrap());
        let mut days = DayTracker::new(date, DateOrder::DayFirst);
        let mut out = Vec::new();
        for part in text.split(" | ") {
            match (parse_stamp(part), parse_day(part)) {
                (Some(stamp), _) => match days.place(&stamp, &Place::new("line", 1)) {
                    Ok(at) => out.push(format!("{at:?}")),
                    Err(error) => out.push(error.hint.unwrap()),
                },
                (None, Some(day)) => days.set_day_line(day),
                _ => panic!("{part}"),
            }
        }
        out
    }

    #[rstest]
    #[case("23:50 | 00:10", "TimeOfDay(23:50:00) TimeOfDay(00:10:00)")]
    #[case(
        "2026-11-20 | 23:50 | 00:10",
        "Local(2026-11-20T23:50:00) Local(2026-11-21T00:10:00)"
    )]
    #[case(
        "December 31st | 23:50 | 00:10",
        "WithoutYear(0004-12-31T23:50:00) WithoutYear(0004-01-01T00:10:00)"
    )]
    #[case("Today | 10:06 | 10:07", "TimeOfDay(10:06:00) TimeOfDay(10:07:00)")]
    #[case(
        "20/11/2026 10:06 | 10:07",
        "Local(2026-11-20T10:06:00) Local(2026-11-20T10:07:00)"
    )]
    fn without_date(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(placed(None, text).join(" "), expected);
    }

    #[rstest]
    #[case(
        "23:50 | 00:10",
        "Local(2026-11-20T23:50:00) Local(2026-11-21T00:10:00)"
    )]
    #[case(
        "Yesterday | 23:50 | Today | 00:10",
        "Local(2026-11-20T23:50:00) Local(2026-11-21T00:10:00)"
    )]
    #[case(
        "Yesterday 09:50 | Today 10:10",
        "Local(2026-11-20T09:50:00) Local(2026-11-21T10:10:00)"
    )]
    #[case(
        "Friday 09:50 | Monday 10:10",
        "Local(2026-11-20T09:50:00) Local(2026-11-23T10:10:00)"
    )]
    fn with_date(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(placed(Some("2026-11-20"), text).join(" "), expected);
    }

    #[test]
    fn days_that_cannot_be_known_are_asked_for() {
        let asked = placed(None, "Yesterday 09:50 | Today 10:10");
        assert!(asked[1].starts_with("--date"), "{asked:?}");
        // `Today` is some days after 10:06.
        let asked = placed(Some("2026-11-20"), "10:06 | Today | 09:00");
        assert!(asked[1].contains("in the place of `Today`"), "{asked:?}");
        let asked = placed(Some("2026-11-20"), "Monday 10:06");
        assert!(asked[0].starts_with("--date"), "{asked:?}");
    }

    #[test]
    fn ambiguous_date_is_refused_unless_another_or_the_option_decides() {
        let order = |texts: &[&'static str], date: Option<&str>| {
            let dates: Vec<_> = texts
                .iter()
                .map(|t| (1, *t, parse_day(t).unwrap()))
                .collect();
            find_date_order(dates.into_iter(), date.map(|d| d.parse().unwrap()), "line")
        };
        let error = order(&["03/04/2026"], None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 1: `03/04/2026` may be 2026-04-03 or 2026-03-04"
        );
        assert!(error.hint.unwrap().contains("--date 2026-04-03"));
        assert_eq!(
            order(&["03/04/2026", "13/04/2026"], None).unwrap(),
            DateOrder::DayFirst
        );
        assert_eq!(
            order(&["03/04/2026"], Some("2026-03-04")).unwrap(),
            DateOrder::MonthFirst
        );
        assert!(order(&["13/04/2026", "04/13/2026"], None).is_err());
    }
}
