//! Why a metric cannot be given: a stretch that is not known, an incident without news, a message
//! whose audience is not recorded.

use super::{MetricCalculator, MetricName, MetricValue, NO_IMPACT, Reason};
use crate::domain::{
    event::Event,
    incident::Record,
    states::{NAMELESS, StateSpan},
    time::UtcTime,
    words::State,
    zone::Zone,
};

/// How many stretches or services a reason names.
const MAX_STRETCHES: usize = 3;

/// Joins the first of `all`, and says how many more there are.
fn first_of(all: impl ExactSizeIterator<Item = String>) -> String {
    let count = all.len();
    let named: Vec<String> = all.take(MAX_STRETCHES).collect();
    match count - named.len() {
        0 => named.join(", "),
        more => format!("{}, and {more} more", named.join(", ")),
    }
}

impl<'a> MetricCalculator<'a> {
    /// The spans that are not known and began before `end`.
    pub(super) fn unknown_spans(
        &self,
        end: Option<UtcTime>,
    ) -> impl Iterator<Item = &'a StateSpan> {
        self.spans.iter().filter(move |span| {
            span.state == State::Unknown && end.is_none_or(|end| span.from < end)
        })
    }

    /// Why a figure cannot be given that depends on the states before `end`: some of them are not
    /// known.
    pub(super) fn unknown_reason(&self, end: Option<UtcTime>) -> Option<Reason> {
        let spans: Vec<&StateSpan> = self.unknown_spans(end).collect();
        let first = spans.first()?;
        let is_during = |(_, service): &(&str, &StateSpan)| {
            service.state == State::Unknown
                && spans.iter().any(|span| {
                    span.to.is_none_or(|to| service.from < to)
                        && service.to.is_none_or(|to| span.from < to)
                })
        };
        let mut unknown: Vec<(&str, &StateSpan)> = match self.service {
            Some(name) => spans.iter().map(|span| (name, *span)).collect(),
            None => self.states.service_spans().filter(is_during).collect(),
        };
        if unknown.is_empty() {
            unknown.push((NAMELESS, first));
        }
        unknown.sort_by_key(|(_, span)| span.from);
        let stretches = unknown.iter();
        let stretches = stretches.map(|(service, span)| self.describe_stretch(service, span));
        Some(Reason::gap(format!(
            "the state is not known: {}",
            first_of(stretches)
        )))
    }

    /// Why a figure cannot be given that needs the beginning of the impact: there was none, or the record does
    /// not say whether there was.
    pub(super) fn no_impact_reason(&self) -> Reason {
        let is_of_all = self.service.is_none();
        self.unexplained_restore_reason()
            .unwrap_or(match is_of_all && self.spans.is_empty() {
                true => "no state was recorded".into(),
                false => NO_IMPACT.into(),
            })
    }

    /// Why no total can be given: something was restored, and yet no state of it was recorded, nor any impact.
    pub(super) fn unexplained_restore_reason(&self) -> Option<Reason> {
        if !self.impact.is_empty() {
            return None;
        }
        let at = self.states.unexplained_restore(self.service)?;
        Some(Reason::gap(format!(
            "the state before the restore of {} was not recorded",
            self.local(at)
        )))
    }

    /// Why the beginning of the impact is not known that is recorded from `start` on: something that was restored until
    /// then was not well before.
    pub(super) fn earlier_restore_reason(&self, start: UtcTime) -> Option<Reason> {
        let restores = self.states.unexplained_restores().iter();
        let mut restores = restores.filter(|(name, _)| self.service.is_none_or(|s| s == name));
        let (service, at) = restores.find(|(_, at)| *at <= start)?;
        let whose = match service.as_str() {
            NAMELESS => String::new(),
            name => format!(" of @{name}"),
        };
        Some(Reason::gap(format!(
            "the state{whose} before the restore of {} was not recorded",
            self.local(*at)
        )))
    }

    /// Which services are not in the total before they were restored, because their state was not recorded.
    pub(super) fn left_out_note(&self) -> Option<Reason> {
        let restores = self.states.unexplained_restores().iter();
        let is_of = |name: &String| self.service.is_none_or(|service| service == name);
        let restores: Vec<&(String, UtcTime)> = restores.filter(|(name, _)| is_of(name)).collect();
        if restores.is_empty() {
            return None;
        }
        let left_out = restores.into_iter().map(|(service, at)| {
            let service = match service.as_str() {
                NAMELESS => "what has no service".to_owned(),
                name => format!("@{name}"),
            };
            format!("{service} before the restore of {}", self.local(*at))
        });
        Some(Reason::gap(format!(
            "without {}: the state was not recorded",
            first_of(left_out)
        )))
    }

    /// Names `service` and the times of its `span` in the incident's zone.
    fn describe_stretch(&self, service: &str, span: &StateSpan) -> String {
        let service = match service {
            NAMELESS => String::new(),
            name => format!("@{name} "),
        };
        match span.to {
            Some(to) => format!("{service}{} to {}", self.local(span.from), self.local(to)),
            None => format!("{service}since {}", self.local(span.from)),
        }
    }

    /// Formats a time in the incident's zone: `2012-08-16 10:06 EDT`.
    pub(super) fn local(&self, at: UtcTime) -> String {
        let zone = Zone::find_or_utc(self.incident.zone());
        let local = zone.to_local(at);
        let seconds = if at.timestamp() % 60 == 0 { "" } else { ":%S" };
        let format = format!("%Y-%m-%d %H:%M{seconds}");
        let unknown = if zone.is_known() {
            ""
        } else {
            " (the incident's zone is unknown)"
        };
        format!(
            "{} {}{unknown}",
            local.format(&format),
            zone.abbreviation(at)
        )
    }

    /// Why there is no running total: nothing was recorded of the incident for a day.
    pub(super) fn quiet_reason(&self) -> Option<Reason> {
        let newest = self.quiet_since?;
        Some(Reason::gap(format!(
            "no running total: it is recorded until {}",
            self.local(newest)
        )))
    }

    /// Why a time until something was done is not known in an incident of the past: that was logged at now, without a
    /// time of its own.
    pub(super) fn late_row_reason(
        &self,
        metric: MetricName,
        value: &MetricValue<'a>,
    ) -> Option<Reason> {
        let to = value.to.filter(|_| metric.ends_with_a_row())?;
        let known = self.quiet_since.filter(|known| to.at > *known)?;
        Some(Reason::gap(format!(
            "what ends it was logged at {}, without the time when it happened: what happened is recorded until {}",
            self.local(to.at),
            self.local(known)
        )))
    }

    /// Why the updates of customers are not known: a `comms` at or after `from`, or any,
    /// has no recorded audience.
    pub(super) fn check_audiences(&self, from: Option<UtcTime>) -> Result<(), Reason> {
        let matters = |e: &&Record<Event>| {
            e.value.has_unknown_audience() && from.is_none_or(|from| e.value.at_utc() >= from)
        };
        match self.events().find(matters) {
            None => Ok(()),
            Some(comms) => Err(Reason::gap(format!(
                "to whom the comms ^{} of {} went is not recorded",
                comms.handle,
                self.local(comms.value.at_utc())
            ))),
        }
    }
}
