//! A figure before it has its name: its ends and its value.

use super::Point;
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    time::Instant,
};

/// A moment that a figure may begin or end at.
#[derive(Clone, Copy)]
pub(super) struct Mark<'a> {
    pub(super) by: By<'a>,
    pub(super) at: Instant,
    pub(super) approximate: bool,
}

/// What happened at a moment. The handle of a span's event is looked up for the figures alone, not
/// for each of the spans they are taken from.
#[derive(Clone, Copy)]
pub(super) enum By<'a> {
    Handle(&'a str),
    Event(uuid::Uuid),
}

impl<'a> Mark<'a> {
    pub(super) fn of(record: &'a Record<Event>) -> Self {
        Self {
            by: By::Handle(&record.handle),
            at: record.value.instant(),
            approximate: record.value.approximate,
        }
    }

    pub(super) fn point(self, incident: &Incident) -> Point {
        let event = match self.by {
            By::Handle(handle) => Some(handle),
            By::Event(id) => incident.event(id).map(|e| e.handle.as_str()),
        };
        Point {
            event: event.unwrap_or_default().to_owned(),
            at: self.at,
        }
    }
}

/// A stretch of one or more neighbouring spans.
pub(super) struct Stretch<'a> {
    pub(super) from: Mark<'a>,
    pub(super) to: Option<Mark<'a>>,
}

/// A figure's value, before its name.
pub(super) struct Answer<'a> {
    pub(super) seconds: Option<i64>,
    pub(super) from: Option<Mark<'a>>,
    pub(super) to: Option<Mark<'a>>,
    pub(super) ongoing: bool,
    pub(super) approximate: bool,
    pub(super) reason: Option<String>,
    pub(super) spans: Vec<(Instant, Option<Instant>)>,
}

impl<'a> Answer<'a> {
    pub(super) fn missing(reason: impl Into<String>) -> Self {
        Self {
            seconds: None,
            from: None,
            to: None,
            ongoing: false,
            approximate: false,
            reason: Some(reason.into()),
            spans: Vec::new(),
        }
    }

    pub(super) fn between(from: Mark<'a>, to: Mark<'a>) -> Self {
        Self {
            seconds: Some((to.at - from.at).num_seconds()),
            from: Some(from),
            to: Some(to),
            approximate: from.approximate || to.approximate,
            reason: None,
            ..Self::missing("")
        }
    }

    pub(super) fn since(from: Mark<'a>, until: Instant) -> Self {
        Self {
            seconds: Some((until.max(from.at) - from.at).num_seconds()),
            from: Some(from),
            approximate: from.approximate,
            ongoing: true,
            reason: None,
            ..Self::missing("")
        }
    }

    pub(super) fn noting(self, reason: &str) -> Self {
        Self {
            reason: Some(reason.to_owned()),
            ..self
        }
    }

    /// Nothing was waited for: what should have come after had come before.
    pub(super) fn zero(self, reason: &str) -> Self {
        Self {
            seconds: Some(0),
            ..self.noting(reason)
        }
    }
}
