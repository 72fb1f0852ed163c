//! A parsed WHEN, what it is parsed against, and why a text is not one.

use crate::domain::{
    time::{OffsetTime, UtcTime},
    zone::Zone,
};
use chrono::NaiveDate;
use std::ops::Range;

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
}

/// What the parser needs to know to resolve a time.
#[derive(Clone, Copy, Debug)]
pub struct TimeContext<'a> {
    pub now: UtcTime,
    /// The zone of a time that names none.
    pub zone: &'a Zone,
    /// For a resolved incident, its start and end: a bare time of day is looked up in it.
    pub span: Option<(UtcTime, UtcTime)>,
    /// The day of a bare time of day, if an earlier line has set it.
    pub day: Option<NaiveDate>,
}

/// Why a text is not a valid time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WhenError {
    pub message: String,
    /// How to write it correctly.
    pub hint: String,
    /// The bytes of the text that the error is about.
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
