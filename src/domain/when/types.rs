//! A parsed WHEN, what it is parsed against, and why a text is not one.

use crate::domain::{
    time::{OffsetTime, UtcTime},
    zone::Zone,
};
use chrono::NaiveDate;
use std::ops::Range;

/// When something happened, as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// When it happened, or began.
    pub at: OffsetTime,
    /// The name of the zone that it was read in; empty where only an offset was given.
    pub zone: String,
    /// True where it is only about right.
    pub approximate: bool,
    /// When it ended, where a span was given; never before `at`.
    pub end: Option<OffsetTime>,
}

/// What a WHEN is read against.
#[derive(Clone, Copy, Debug)]
pub struct TimeContext<'a> {
    /// The time it is.
    pub now: UtcTime,
    /// The zone of a time that names none.
    pub zone: &'a Zone,
    /// From when to when an incident that is over lasted: where a bare time of day is looked for.
    pub span: Option<(UtcTime, UtcTime)>,
    /// The day of a bare time of day, where a line before has set it.
    pub day: Option<NaiveDate>,
}

/// Why a text is no WHEN.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WhenError {
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: String,
    /// Which bytes of the text it is about.
    pub range: Range<usize>,
}

impl WhenError {
    pub(super) fn new(
        message: impl Into<String>,
        hint: impl Into<String>,
        range: Range<usize>,
    ) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
            range,
        }
    }
}

/// What a WHEN is read against, and the time it corrects.
#[derive(Clone, Copy)]
pub(super) struct ParseContext<'a> {
    pub context: &'a TimeContext<'a>,
    pub reference_time: Option<UtcTime>,
}

/// The beginning of a text, short enough for a message.
pub(super) fn truncate(text: &str) -> &str {
    match text.char_indices().nth(60) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}
