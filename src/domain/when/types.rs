//! A parsed WHEN, and what it is parsed against.

use super::event_times::EventDays;
use crate::domain::{
    time::{OffsetTime, UtcTime, format_duration},
    zone::{Zone, reversed_sign_notice},
};
use chrono::NaiveDate;
use std::borrow::Cow;

/// From so many seconds ahead of the clock on, a time gets a notice.
const FUTURE_NOTICE_SECS: i64 = 60;

/// A resolved time or span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The moment, or the start of the span.
    pub at: OffsetTime,
    /// Name of the zone in which it was typed; empty if only an offset was given.
    pub zone: String,
    pub approximate: bool,
    /// The end of the span, if one was typed; never before `at`.
    pub end: Option<OffsetTime>,
    /// Set if the time was typed without a date and is on a day other than the one that a reader
    /// may expect.
    pub assumed_day: Option<AssumedDay>,
    /// What to say of an abbreviation of a zone that is not in use at that time of the year.
    pub zone_notice: Option<String>,
    /// Parts that may be of the time or of the text behind it, one sentence each.
    pub doubts: Vec<String>,
}

/// The day that was assumed for a time without a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssumedDay {
    /// That time of today is more than five minutes ahead, so it is yesterday's.
    Yesterday,
    /// That day of this week or year is more than five minutes ahead, so it is an earlier one.
    Earlier,
    /// The open incident has had no event for over a day, so it is the day nearest to its newest.
    NearNewestEvent,
    /// What the open incident has of today was logged at now, so it is the day nearest to its events of
    /// the past.
    NearPastEvents,
    /// It is nearest to the time that the event had before it is amended.
    NearAmended,
    /// It is nearest to the day that a day line before has set.
    NearDayLine,
    /// The open incident has events of now and, up to that day, of the past: it is the latest such day.
    NotThatOf(NaiveDate),
    /// The incident ended within a day, and that time came again since: it is the one within it.
    WithinIncident,
    /// It is a day of the week, and nothing says of which week.
    LatestWeekday,
}

impl AssumedDay {
    /// Why it is that day, as the end of a sentence.
    fn reason(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Yesterday | Self::Earlier => "as the next such day is still to come",
            Self::NearNewestEvent => "nearest to the incident's newest event",
            Self::NearPastEvents => {
                "nearest to the incident's newest event that was not logged at now"
            }
            Self::NearAmended => "nearest to the time that the event had",
            Self::NearDayLine => "nearest to the day line above it",
            Self::LatestWeekday => "the latest such day",
            Self::WithinIncident => {
                "within the incident, though that time came again since it ended"
            }
            Self::NotThatOf(past) => {
                return Cow::Owned(format!("while the incident also has events of {past}"));
            }
        })
    }
}

impl When {
    /// Returns what may have been meant differently, one sentence each: the day that was assumed, in
    /// local time; a zone other than the incident's whose name reads as the opposite of what it is, or that is of the other
    /// half of the year; and
    /// a time ahead of the clock.
    #[must_use]
    pub fn notices(&self, context: &TimeContext<'_>) -> Vec<String> {
        let mut notices: Vec<String> = self.assumed_day_notice().into_iter().collect();
        notices.extend(self.zone_notice.clone());
        notices.extend(self.doubts.iter().cloned());
        if self.zone != context.zone.name() {
            notices.extend(reversed_sign_notice(&self.zone));
        }
        notices.extend(self.ahead_notice(context.now));
        notices
    }

    /// Says that it, or the end of the span, is ahead of `now`, where it is by a minute or more.
    #[must_use]
    pub fn ahead_notice(&self, now: UtcTime) -> Option<String> {
        let ahead = |at: OffsetTime| {
            let seconds = (at.to_utc() - now).num_seconds();
            (seconds >= FUTURE_NOTICE_SECS).then(|| format_duration((seconds + 59) / 60 * 60))
        };
        let (what, ahead) = match (ahead(self.at), self.end.and_then(ahead)) {
            (Some(start), _) => ("that", start),
            (None, Some(end)) => ("its end", end),
            (None, None) => return None,
        };
        Some(format!(
            "{what} is {ahead} ahead of the clock here: it counts as if it had happened"
        ))
    }

    /// Says which day was assumed.
    #[must_use]
    pub fn assumed_day_notice(&self) -> Option<String> {
        let (time, date) = (self.at.format("%H:%M"), self.at.format("%Y-%m-%d"));
        Some(match self.assumed_day? {
            AssumedDay::Yesterday => format!(
                "{time} of today is still to come, so it was taken as yesterday's: {date} {time}; write the date for another day"
            ),
            AssumedDay::Earlier => format!(
                "the next such day is still to come, so it was taken as {date} {time}; write the date for another day"
            ),
            assumed => format!(
                "{time} was taken as that of {date}, {}; write the date for another day",
                assumed.reason()
            ),
        })
    }
}

/// A day that a line sets for the lines after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayLine {
    pub date: NaiveDate,
    /// Set if the line says no year, or only the day of the week, and another day may have been meant.
    pub assumed: Option<AssumedDay>,
}

impl DayLine {
    /// Says which day was assumed for the line `typed`.
    #[must_use]
    pub fn notice(&self, typed: &str) -> Option<String> {
        let date = self.date;
        let reason = self.assumed?.reason();
        Some(format!(
            "the day line `{typed}` was taken as {date}, {reason}; write the date with its year for another day"
        ))
    }
}

/// What the parser needs to know to resolve a time.
#[derive(Clone, Copy, Debug)]
pub struct TimeContext<'a> {
    pub now: UtcTime,
    /// The zone of a time that names none.
    pub zone: &'a Zone,
    /// For a resolved incident, its start and end: a bare time of day is looked up in it.
    pub span: Option<(UtcTime, UtcTime)>,
    /// For an open incident, where its events lie: if that is over a day ago, a bare time of day is
    /// the one nearest to it.
    pub events: Option<EventDays>,
    /// The day of a bare time of day, if an earlier line has set it.
    pub day: Option<NaiveDate>,
}

impl<'a> TimeContext<'a> {
    /// A context outside any incident: a bare time of day is the latest one.
    #[must_use]
    pub fn new(now: UtcTime, zone: &'a Zone) -> Self {
        Self {
            now,
            zone,
            span: None,
            events: None,
            day: None,
        }
    }

    /// True if the time of the zone is called `name` in a part of the year.
    pub(super) fn has_abbreviation(&self, name: &str) -> bool {
        let local_now = self.zone.to_local(self.now).naive_local();
        self.zone.offset_for_abbreviation(name, local_now).is_some()
    }
}

/// The context, and the time of the event that is being amended: a bare time of day resolves to the
/// one nearest to it.
#[derive(Clone, Copy)]
pub(super) struct ParseContext<'a> {
    pub context: &'a TimeContext<'a>,
    pub reference_time: Option<UtcTime>,
}

/// Cuts `text` to a length that fits an error message.
pub(super) fn truncate(text: &str) -> &str {
    match text.char_indices().nth(60) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}

/// Says that `typed` was read as `what` and may be the beginning of the text.
pub(super) fn read_doubt(typed: &str, what: &str) -> String {
    format!("`{typed}` was read as {what}; where it is text, put a backslash before it")
}
