//! The metrics as Markdown tables.

use super::{context::RenderContext, header::format_metric};
use crate::{
    documents::markdown_escape::escape_inline,
    domain::metrics::{Metric, MetricPoint},
};
use std::{collections::HashSet, fmt::Write};

/// The groups of metrics, in the order of the tables.
pub(super) const METRIC_GROUPS: [(&str, &[&str]); 4] = [
    (
        "Detection",
        &[
            "exposure",
            "time_to_detect",
            "time_to_detect_risk",
            "time_to_acknowledge",
        ],
    ),
    (
        "Response",
        &[
            "time_to_declare",
            "time_to_cause",
            "time_to_first_update",
            "longest_update_gap",
        ],
    ),
    (
        "Recovery",
        &[
            "time_to_mitigate",
            "time_to_restore",
            "time_to_redundancy",
            "time_to_resolve",
        ],
    ),
    ("In all", &["at_risk", "degraded", "outage", "impact"]),
];

impl RenderContext<'_> {
    pub(super) fn metrics_table(&self) -> String {
        let mut out = String::from(
            "| | figure | value | from | to | how it is counted |\n|---|---|---|---|---|---|\n",
        );
        let mut missing: Vec<String> = Vec::new();
        let approximate: HashSet<&str> = self
            .incident
            .active_events()
            .filter(|e| e.value.approximate)
            .map(|e| e.handle.as_str())
            .collect();
        for (group, names) in METRIC_GROUPS {
            let mut label = group;
            for metric in names.iter().filter_map(|name| self.metrics.get(name)) {
                if metric.seconds.is_none() {
                    missing.push(format!(
                        "{} ({})",
                        metric_label(metric.name),
                        escape_inline(metric.reason.as_deref().unwrap_or_default())
                    ));
                    continue;
                }
                let note = metric.reason.as_deref().map_or_else(String::new, |reason| {
                    format!(" ({})", escape_inline(reason))
                });
                let _ = writeln!(
                    out,
                    "| {label} | {} | {}{note} | {} | {} | {} |",
                    metric_label(metric.name),
                    format_metric(metric),
                    self.format_point(metric.from.as_ref(), &approximate),
                    self.format_point(metric.to.as_ref(), &approximate),
                    escape_inline(metric.formula),
                );
                label = "";
            }
        }
        if !missing.is_empty() {
            let _ = write!(out, "\nCannot be given: {}.\n", missing.join("; "));
        }
        out.push_str(&self.service_metrics_table());
        out
    }

    /// Returns a table of each service's totals; empty if there are fewer than two services.
    fn service_metrics_table(&self) -> String {
        const SHOWN: [&str; 5] = ["time_to_restore", "at_risk", "degraded", "outage", "impact"];
        if !self.metrics.has_several_services {
            return String::new();
        }
        let mut out = String::from("\n| service |");
        for name in SHOWN {
            let _ = write!(out, " {} |", metric_label(name));
        }
        out.push_str("\n|---|---|---|---|---|---|\n");
        for (service, metrics) in &self.metrics.services {
            let _ = write!(out, "| {} |", escape_inline(service));
            for name in SHOWN {
                let metric: Option<&Metric> = metrics.iter().find(|f| f.name == name);
                let _ = write!(out, " {} |", metric.map_or_else(String::new, format_metric));
            }
            out.push('\n');
        }
        out
    }

    /// Formats the time and the event of one end of a metric. `approximate` has the handles of events with
    /// approximate times.
    fn format_point(&self, point: Option<&MetricPoint>, approximate: &HashSet<&str>) -> String {
        point.map_or_else(String::new, |p| {
            let about = if approximate.contains(p.event.as_str()) {
                "about "
            } else {
                ""
            };
            let when = self.time_format.time_with_date(p.at, self.timeline_start());
            format!("{about}{when} ({})", p.event)
        })
    }
}

/// Returns `time to detect` for `time_to_detect`.
pub(super) fn metric_label(name: &str) -> String {
    name.replace('_', " ")
}
