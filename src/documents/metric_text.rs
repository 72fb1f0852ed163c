//! The one text of a metric in documents. Times are shown to the minute, and a metric is the time between
//! the minutes shown, so that a reader who subtracts gets the same number.

use crate::domain::{
    metrics::{Metric, Metrics},
    time::{UtcTime, format_duration, format_shown_minutes, minutes_between},
};

/// Returns `about 3 min`, or `42 min so far` of what has not ended at `until`; `None` without a value.
/// `metric` is one of `metrics`, those of the whole incident.
pub(super) fn metric_text(metrics: &Metrics, metric: &Metric, until: UtcTime) -> Option<String> {
    let seconds = metric.seconds?;
    if seconds == 0 && !metric.ongoing && metric.spans.is_empty() {
        return Some(format_duration(0));
    }
    let minutes = shown_minutes(metrics, metric, until)?;
    let shown = format_shown_minutes(minutes, metric.approximate);
    let so_far = if metric.ongoing { " so far" } else { "" };
    Some(format!("{shown}{so_far}"))
}

/// The minutes of a metric, from the minutes of its ends; of a total the sum of its parts.
fn shown_minutes(metrics: &Metrics, metric: &Metric, until: UtcTime) -> Option<i64> {
    let minutes = |from: UtcTime, to: UtcTime| minutes_between(from, to).max(0);
    let sum = |spans: &[(UtcTime, Option<UtcTime>)]| -> i64 {
        let spans = spans.iter();
        spans
            .map(|(from, to)| minutes(*from, to.unwrap_or(until)))
            .sum()
    };
    if !metric.spans.is_empty() {
        return Some(sum(&metric.spans));
    }
    let from = metric.from.as_ref()?.at;
    let to = metric.to.as_ref().map_or(until, |to| to.at);
    if metric.name != "longest_update_gap" {
        return Some(minutes_between(from, to));
    }
    // Only time with impact counts.
    let impact = &metrics.get("impact")?.spans;
    let within: Vec<_> = impact
        .iter()
        .map(|(begin, end)| ((*begin).max(from), Some(end.unwrap_or(until).min(to))))
        .collect();
    Some(sum(&within))
}
