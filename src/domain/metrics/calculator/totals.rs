//! Intervals of states, and their sums.

use super::MetricCalculator;
use crate::{
    domain::metrics::metric_value::{Interval, MetricValue},
    domain::{states::StateSpan, time::UtcTime, words::State},
};

impl<'a> MetricCalculator<'a> {
    /// The spans that match `pick`, with neighbours joined.
    pub(super) fn intervals(&self, pick: impl Fn(&StateSpan) -> bool) -> Vec<Interval<'a>> {
        let mut intervals: Vec<Interval<'a>> = Vec::new();
        let mut open = false;
        for span in self.spans {
            match (pick(span), open) {
                (true, false) => intervals.push(Interval {
                    from: Self::span_start(span),
                    to: None,
                }),
                (false, true) => {
                    if let Some(last) = intervals.last_mut() {
                        last.to = Some(Self::span_start(span));
                    }
                }
                _ => {}
            }
            open = pick(span);
        }
        intervals
    }

    /// Seconds of `interval` between `from` and `to`.
    pub(super) fn overlap_seconds(
        &self,
        interval: &Interval<'a>,
        from: UtcTime,
        to: Option<UtcTime>,
    ) -> i64 {
        let end = |at: Option<UtcTime>| at.unwrap_or(self.until.max(interval.from.at));
        let end = end(interval.to.as_ref().map(|to| to.at)).min(end(to));
        (end - interval.from.at.max(from)).num_seconds().max(0)
    }

    pub(super) fn total(&self, intervals: &[Interval<'a>]) -> MetricValue<'a> {
        let last = intervals.last();
        MetricValue {
            seconds: Some(
                intervals
                    .iter()
                    .map(|s| self.overlap_seconds(s, s.from.at, None))
                    .sum(),
            ),
            from: intervals.first().map(|s| s.from),
            to: last.and_then(|s| s.to),
            ongoing: last.is_some_and(|s| s.to.is_none()),
            approximate: intervals
                .iter()
                .any(|s| s.from.approximate || s.to.as_ref().is_some_and(|to| to.approximate)),
            reason: None,
            spans: intervals
                .iter()
                .map(|s| (s.from.at, s.to.as_ref().map(|to| to.at)))
                .collect(),
        }
    }

    /// The total, if no state before `end` is unknown and nothing was restored of which none was recorded.
    pub(super) fn known_total(
        &self,
        intervals: &[Interval<'a>],
        end: Option<UtcTime>,
    ) -> MetricValue<'a> {
        self.unknown_reason(end)
            .or_else(|| self.unexplained_restore_reason())
            .map_or_else(|| self.total(intervals), MetricValue::unavailable)
    }

    pub(super) fn total_in(&self, state: State) -> MetricValue<'a> {
        self.known_total(&self.intervals(|span| span.state == state), None)
    }

    pub(super) fn exposure(&self) -> MetricValue<'a> {
        let before = self.impact.first().map(|s| s.from.at);
        let at_risk = self.intervals(|span| {
            span.state == State::AtRisk && before.is_none_or(|start| span.from < start)
        });
        self.known_total(&at_risk, before)
    }
}
