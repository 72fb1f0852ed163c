//! Computes each metric from events and spans.

mod totals;

use super::{
    metric::{FORMULAS, Metric, MetricName},
    metric_value::{Endpoint, EventRef, Interval, MetricValue, Reason},
};
use crate::domain::{
    customer_updates::CustomerUpdate,
    event::Event,
    incident::{Incident, Record},
    states::{StateSpan, States},
    time::UtcTime,
    words::{Kind, State},
};

mod reasons;

const NO_IMPACT: &str = "there was no impact";

/// Computes the metrics of one service, or of the incident.
pub(super) struct MetricCalculator<'a> {
    incident: &'a Incident,
    spans: &'a [StateSpan],
    service: Option<&'a str>,
    states: &'a States,
    until: UtcTime,
    /// See [`Incident::quiet_since`].
    quiet_since: Option<UtcTime>,
    updates: Vec<Endpoint<'a>>,
    impact: Vec<Interval<'a>>,
}

/// Returns the event of `events`, in timeline order, that detected the impact that began at `impact_start`:
/// the first `detect` from then on, else the first of all.
pub fn detection<'a>(
    events: impl Iterator<Item = &'a Record<Event>>,
    impact_start: Option<UtcTime>,
) -> Option<&'a Record<Event>> {
    let mut first = None;
    for record in events.filter(|e| e.value.kind == Kind::Detect) {
        if impact_start.is_none_or(|start| record.value.at_utc() >= start) {
            return Some(record);
        }
        first = first.or(Some(record));
    }
    first
}

/// True if `event` names `service`, or none; without a service, always.
fn is_about(event: &Record<Event>, service: Option<&str>) -> bool {
    let services = &event.value.services;
    service.is_none_or(|name| services.is_empty() || services.iter().any(|s| s == name))
}

impl<'a> MetricCalculator<'a> {
    pub(super) fn new(
        incident: &'a Incident,
        states: &'a States,
        spans: &'a [StateSpan],
        service: Option<&'a str>,
        (until, quiet_since): (UtcTime, Option<UtcTime>),
    ) -> Self {
        let mut calculator = Self {
            incident,
            spans,
            service,
            states,
            until,
            quiet_since,
            updates: Vec::new(),
            impact: Vec::new(),
        };
        calculator.impact = calculator.intervals(|span| span.state.is_impact());
        calculator.updates = incident
            .customer_updates()
            .into_iter()
            .filter(|update| match update {
                CustomerUpdate::Comms(event) => is_about(event, service),
                CustomerUpdate::Email(..) => true,
            })
            .map(|update| Endpoint {
                event: EventRef::Handle(update.handle()),
                at: update.at(),
                approximate: update.is_approximate(),
            })
            .collect();
        calculator
    }

    fn events(&self) -> impl DoubleEndedIterator<Item = &'a Record<Event>> {
        let service = self.service;
        self.incident
            .active_events()
            .filter(move |event| is_about(event, service))
    }

    fn of_kind(&self, kind: &'static Kind) -> impl DoubleEndedIterator<Item = Endpoint<'a>> {
        self.events()
            .filter(move |e| e.value.kind == *kind)
            .map(Endpoint::from_event)
    }

    fn span_start(span: &StateSpan) -> Endpoint<'a> {
        Endpoint {
            event: EventRef::Id(span.started_by),
            at: span.from,
            approximate: span.approximate,
        }
    }

    /// The first moment of impact, if nothing before it is unknown.
    fn impact_start(&self) -> Result<Endpoint<'a>, Reason> {
        let first = self.spans.iter().find(|span| span.state >= State::Degraded);
        match first {
            Some(span) if span.state.is_impact() => match self.earlier_restore_reason(span.from) {
                Some(reason) => Err(reason),
                None => Ok(Self::span_start(span)),
            },
            Some(_) => {
                let start = self.impact.first().map(|impact| impact.from.at);
                Err(self
                    .unknown_reason(start)
                    .unwrap_or_else(|| self.no_impact_reason()))
            }
            None => Err(self.no_impact_reason()),
        }
    }

    fn detection(&self) -> Option<Endpoint<'a>> {
        let start = self.impact.first().map(|s| s.from.at);
        detection(self.events(), start).map(Endpoint::from_event)
    }

    fn time_to_detect(&self) -> Result<MetricValue<'a>, Reason> {
        let start = self.impact_start()?;
        let detect = self.detection().ok_or("no detect was recorded")?;
        let value = MetricValue::between(start, detect);
        Ok(if detect.at < start.at {
            value.into_zero("detected before the impact began")
        } else {
            value
        })
    }

    fn time_to_detect_risk(&self) -> Result<MetricValue<'a>, Reason> {
        let first = self
            .events()
            .find(|e| matches!(e.value.kind, Kind::Fault | Kind::Absorbed))
            .map(Endpoint::from_event)
            .ok_or("no fault was recorded")?;
        let unknown_from = self.unknown_spans(None).map(|span| span.from).min();
        if unknown_from.is_some_and(|from| from <= first.at)
            && let Some(reason) = self.unknown_reason(None)
        {
            return Err(reason);
        }
        if let Some(start) = self.impact.first()
            && first.at >= start.from.at
        {
            return Err("no fault came before the impact".into());
        }
        let detect = self
            .of_kind(&Kind::Detect)
            .next()
            .ok_or("no detect was recorded")?;
        let value = MetricValue::between(first, detect);
        Ok(if detect.at < first.at {
            value.into_zero("detected before the first fault")
        } else {
            value
        })
    }

    fn time_to_acknowledge(&self) -> Result<MetricValue<'a>, Reason> {
        let detect = self.detection().ok_or("no detect was recorded")?;
        let start = self.impact.first().map(|s| s.from.at);
        if let Some(reason) = self.unknown_reason(start) {
            return Err(reason);
        }
        let ack = self
            .of_kind(&Kind::Ack)
            .find(|ack| ack.at >= detect.at)
            .ok_or("no ack was recorded at or after the detection")?;
        Ok(MetricValue::between(detect, ack))
    }

    fn declared(&self) -> Result<Endpoint<'a>, Reason> {
        self.incident
            .declaration()
            .filter(|d| d.is_active())
            .map(Endpoint::from_event)
            .ok_or("the incident was never declared".into())
    }

    fn time_to_declare(&self) -> Result<MetricValue<'a>, Reason> {
        let start = self.impact_start()?;
        let declared = self.declared()?;
        let value = MetricValue::between(start, declared);
        Ok(if declared.at < start.at {
            value.with_note("declared before the impact began")
        } else {
            value
        })
    }

    fn time_to_cause(&self) -> Result<MetricValue<'a>, Reason> {
        let start = self.impact_start()?;
        let cause = self
            .of_kind(&Kind::Cause)
            .next_back()
            .ok_or("no cause was recorded")?;
        let value = MetricValue::between(start, cause);
        Ok(if cause.at < start.at {
            value.with_note("the cause was known before the impact began")
        } else {
            value
        })
    }

    /// Time from impact start to the end of the last interval.
    fn to_end_of_last(
        &self,
        intervals: &[Interval<'a>],
        none: &'static str,
    ) -> Result<MetricValue<'a>, Reason> {
        let start = self.impact_start()?;
        let Some(last) = intervals.last() else {
            return Err(self.unknown_reason(None).unwrap_or_else(|| none.into()));
        };
        // What is unknown before the last interval ends does not move its end.
        let end = last.to.as_ref().map(|end| end.at);
        let is_after = |span: &StateSpan| end.is_some_and(|end| span.from >= end);
        if self.unknown_spans(None).any(is_after)
            && let Some(reason) = self.unknown_reason(None)
        {
            return Err(reason);
        }
        Ok(match last.to {
            Some(end) => MetricValue::between(start, end),
            None => MetricValue::since(start, self.until),
        })
    }

    fn time_to_redundancy(&self) -> Result<MetricValue<'a>, Reason> {
        // Of what is unknown it is not known whether it was ok.
        let not_ok = self.intervals(|span| !matches!(span.state, State::Ok | State::Unknown));
        let lasting = not_ok.last().filter(|last| last.to.is_none());
        if let Some(lasting) = lasting
            && !self.incident.is_open()
        {
            let since = self.local(lasting.from.at);
            let text =
                format!("no return to ok was recorded after {since}, and the incident is over");
            return Err(Reason {
                text: text.into(),
                is_gap: false,
            });
        }
        self.to_end_of_last(&not_ok, NO_IMPACT)
    }

    fn time_to_resolve(&self) -> Result<MetricValue<'a>, Reason> {
        let declared = self.declared()?;
        let Some(resolution) = self.incident.resolution() else {
            let was_reopened = self.of_kind(&Kind::Reopen).next().is_some();
            return Err(match was_reopened {
                true => "reopened, and not resolved since".into(),
                false => "not resolved yet".into(),
            });
        };
        Ok(MetricValue::between(
            declared,
            Endpoint::from_event(resolution),
        ))
    }

    fn time_to_first_update(&self) -> Result<MetricValue<'a>, Reason> {
        let start = self.impact_start()?;
        let after = self.updates.iter().find(|update| update.at >= start.at);
        // What was said before it hurt matters only if nothing was said after.
        self.check_audiences(after.map(|_| start.at))?;
        let update = after
            .or(self.updates.first())
            .copied()
            .ok_or("no comms to customers was recorded")?;
        let value = MetricValue::between(start, update);
        Ok(if update.at < start.at {
            value.into_zero("customers were informed before the impact began")
        } else {
            value
        })
    }

    /// Between two updates only time with impact counts, so that a false recovery that was not
    /// announced does not hide a long silence.
    fn longest_update_gap(&self) -> Result<MetricValue<'a>, Reason> {
        let start = self.impact_start()?;
        if let Some(reason) = self.unknown_reason(None) {
            return Err(reason);
        }
        self.check_audiences(Some(start.at))?;
        let end = self.impact.last().and_then(|s| s.to);
        let within = |update: &&Endpoint<'a>| {
            update.at > start.at && end.as_ref().is_none_or(|end| update.at < end.at)
        };
        let mut from = start;
        let mut longest: Option<MetricValue<'a>> = None;
        let updates: Vec<Endpoint<'a>> = self.updates.iter().filter(within).copied().collect();
        for to in updates.into_iter().map(Some).chain([end]) {
            let seconds = self
                .impact
                .iter()
                .map(|s| self.overlap_seconds(s, from.at, to.map(|to| to.at)))
                .sum();
            let value = MetricValue {
                seconds: Some(seconds),
                from: Some(from),
                to,
                ongoing: to.is_none(),
                approximate: from.approximate || to.is_some_and(|to| to.approximate),
                reason: None,
                spans: Vec::new(),
            };
            if longest.as_ref().is_none_or(|l| l.seconds < value.seconds) {
                longest = Some(value);
            }
            if let Some(to) = to {
                from = to;
            }
        }
        longest.ok_or(NO_IMPACT.into())
    }

    fn compute_value(&self, metric: MetricName) -> MetricValue<'a> {
        let down = || self.intervals(|span| span.state == State::Down);
        let value = match metric {
            MetricName::Exposure => Ok(self.exposure()),
            MetricName::TimeToDetect => self.time_to_detect(),
            MetricName::TimeToDetectRisk => self.time_to_detect_risk(),
            MetricName::TimeToAcknowledge => self.time_to_acknowledge(),
            MetricName::TimeToDeclare => self.time_to_declare(),
            MetricName::TimeToCause => self.time_to_cause(),
            MetricName::TimeToMitigate => self.to_end_of_last(&down(), "it never was down"),
            MetricName::TimeToRestore => self.to_end_of_last(&self.impact, NO_IMPACT),
            MetricName::TimeToRedundancy => self.time_to_redundancy(),
            MetricName::TimeToResolve => self.time_to_resolve(),
            MetricName::TimeToFirstUpdate => self.time_to_first_update(),
            MetricName::LongestUpdateGap => self.longest_update_gap(),
            MetricName::AtRisk => Ok(self.total_in(State::AtRisk)),
            MetricName::Degraded => Ok(self.total_in(State::Degraded)),
            MetricName::Outage => Ok(self.total_in(State::Down)),
            MetricName::Impact => Ok(self.known_total(&self.impact, None)),
        };
        let mut value = value.unwrap_or_else(MetricValue::unavailable);
        if value.reason.is_none() && value.seconds.is_some() && metric.depends_on_impact() {
            value.reason = self.left_out_note();
        }
        if let Some(reason) = self.late_row_reason(metric, &value) {
            return value.without_value(reason);
        }
        match value.ongoing.then(|| self.quiet_reason()).flatten() {
            Some(reason) if value.seconds.is_some() => value.without_value(reason),
            _ => value,
        }
    }

    pub(super) fn compute_all(&self) -> Vec<Metric> {
        FORMULAS
            .iter()
            .map(|&(metric, name, formula)| {
                let value = self.compute_value(metric);
                Metric {
                    name,
                    seconds: value.seconds,
                    formula,
                    from: value
                        .from
                        .map(|endpoint| endpoint.to_metric_point(self.incident)),
                    to: value
                        .to
                        .map(|endpoint| endpoint.to_metric_point(self.incident)),
                    approximate: value.approximate,
                    ongoing: value.ongoing,
                    is_unknown: value.seconds.is_none() && value.has_gap(),
                    is_partial: value.seconds.is_some() && value.has_gap(),
                    reason: value.reason.map(|reason| reason.text.into_owned()),
                    spans: value.spans,
                }
            })
            .collect()
    }
}
