//! The ends and the value of a metric, computed before its name and formula are added.

use super::metric::MetricPoint;
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    time::UtcTime,
};
use std::borrow::Cow;

/// A moment at which a metric may begin or end.
#[derive(Clone, Copy)]
pub(super) struct Endpoint<'a> {
    pub(super) event: EventRef<'a>,
    pub(super) at: UtcTime,
    pub(super) approximate: bool,
}

/// The event at an endpoint. The handle of a span's event is looked up only for the final metrics,
/// not for each span that is considered.
#[derive(Clone, Copy)]
pub(super) enum EventRef<'a> {
    Handle(&'a str),
    Id(uuid::Uuid),
}

impl<'a> Endpoint<'a> {
    pub(super) fn from_event(record: &'a Record<Event>) -> Self {
        Self {
            event: EventRef::Handle(&record.handle),
            at: record.value.at_utc(),
            approximate: record.value.approximate,
        }
    }

    pub(super) fn to_metric_point(self, incident: &Incident) -> MetricPoint {
        let event = match self.event {
            EventRef::Handle(handle) => Some(handle),
            EventRef::Id(id) => incident.event(id).map(|e| e.handle.as_str()),
        };
        MetricPoint {
            event: event.unwrap_or_default().to_owned(),
            at: self.at,
            approximate: self.approximate,
        }
    }
}

/// One or more adjacent spans, joined.
pub(super) struct Interval<'a> {
    pub(super) from: Endpoint<'a>,
    pub(super) to: Option<Endpoint<'a>>,
}

/// Why there is no value; or a note about one.
pub(super) struct Reason {
    pub(super) text: Cow<'static, str>,
    /// True if the record does not say what the value depends on, false if the figure does not apply.
    pub(super) is_gap: bool,
}

impl Reason {
    /// A reason that names what the record does not say.
    pub(super) fn gap(text: String) -> Self {
        Self {
            text: text.into(),
            is_gap: true,
        }
    }
}

impl From<&'static str> for Reason {
    fn from(text: &'static str) -> Self {
        Self {
            text: text.into(),
            is_gap: false,
        }
    }
}

pub(super) struct MetricValue<'a> {
    pub(super) seconds: Option<i64>,
    pub(super) from: Option<Endpoint<'a>>,
    pub(super) to: Option<Endpoint<'a>>,
    pub(super) ongoing: bool,
    pub(super) approximate: bool,
    pub(super) reason: Option<Reason>,
    pub(super) spans: Vec<(UtcTime, Option<UtcTime>)>,
}

impl<'a> MetricValue<'a> {
    /// True if the record does not say all that it depends on.
    pub(super) fn has_gap(&self) -> bool {
        self.reason.as_ref().is_some_and(|reason| reason.is_gap)
    }

    pub(super) fn unavailable(reason: impl Into<Reason>) -> Self {
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

    pub(super) fn between(from: Endpoint<'a>, to: Endpoint<'a>) -> Self {
        Self {
            seconds: Some((to.at - from.at).num_seconds()),
            from: Some(from),
            to: Some(to),
            approximate: from.approximate || to.approximate,
            reason: None,
            ..Self::unavailable("")
        }
    }

    pub(super) fn since(from: Endpoint<'a>, until: UtcTime) -> Self {
        Self {
            seconds: Some((until.max(from.at) - from.at).num_seconds()),
            from: Some(from),
            approximate: from.approximate,
            ongoing: true,
            reason: None,
            ..Self::unavailable("")
        }
    }

    /// Takes the value away for `reason`; its ends and spans stay.
    pub(super) fn without_value(self, reason: Reason) -> Self {
        Self {
            seconds: None,
            reason: Some(reason),
            ..self
        }
    }

    pub(super) fn with_note(self, reason: impl Into<Reason>) -> Self {
        Self {
            reason: Some(reason.into()),
            ..self
        }
    }

    /// Sets the value to zero: what was waited for came before.
    pub(super) fn into_zero(self, reason: &'static str) -> Self {
        Self {
            seconds: Some(0),
            ..self.with_note(reason)
        }
    }
}
