//! The appendix: every figure that there is, with its formula and the events it was computed from.

use super::{columns, context::RenderContext, writer::Writer};
use crate::{
    documents::metric_text::metric_text,
    domain::metrics::{Metric, MetricPoint},
};

/// Returns true for a figure that says something: a total of nothing is left out.
fn is_shown(metric: &Metric) -> bool {
    let is_total = metric.from.is_none() && metric.to.is_none();
    metric
        .seconds
        .is_some_and(|seconds| seconds != 0 || !is_total)
}

impl RenderContext<'_> {
    /// Returns true for the time to redundancy where none was lost: it is the time to restore then.
    fn repeats_another(&self, metric: &Metric) -> bool {
        let at_risk = self.metrics.get("at_risk");
        metric.name == "time_to_redundancy" && at_risk.is_some_and(|m| m.seconds == Some(0))
    }

    /// The figures that have a value, and why others that touch an unknown time have none.
    pub(super) fn figures(&self, w: &mut Writer) {
        let shown: Vec<&Metric> = self
            .metrics
            .overall
            .iter()
            .filter(|m| is_shown(m) && !self.repeats_another(m))
            .collect();
        if !shown.is_empty() {
            w.table("figures", columns::FIGURES, |w| {
                for metric in shown {
                    self.figure_row(w, metric);
                }
            });
        }
        let unknown = self.metrics.overall.iter().filter(|m| m.is_unknown);
        let unknown: Vec<&Metric> = unknown.collect();
        if !unknown.is_empty() {
            w.list("", |w| {
                for metric in unknown {
                    w.item(
                        |w| {
                            w.plain(&metric_label(metric.name));
                            w.plain(": not known, ");
                            w.typed(metric.reason.as_deref().unwrap_or_default());
                        },
                        |_| {},
                    );
                }
            });
        }
    }

    fn figure_row(&self, w: &mut Writer, metric: &Metric) {
        w.row("", "", |w| {
            w.cell(|w| w.plain(&metric_label(metric.name)));
            w.cell(|w| {
                w.either("", "<b>");
                let until = self.incident.last_recorded_at;
                w.plain(&metric_text(self.metrics, metric, until).unwrap_or_default());
                w.either("", "</b>");
                if let Some(note) = &metric.reason {
                    w.plain(" ");
                    w.soft(|w| {
                        w.plain("(");
                        w.typed(note);
                        w.plain(")");
                    });
                }
            });
            w.cell(|w| self.point(w, metric.from.as_ref()));
            w.cell(|w| self.point(w, metric.to.as_ref()));
            w.cell(|w| {
                w.plain(metric.formula);
                let is_total = !metric.spans.is_empty();
                if is_total && self.metrics.has_several_services {
                    w.plain(", of at least one service");
                }
            });
            w.cell(|w| {
                let points = [&metric.from, &metric.to].into_iter().flatten();
                let mut handles: Vec<&str> = points.map(|p| p.event.as_str()).collect();
                handles.dedup();
                for (i, handle) in handles.into_iter().enumerate() {
                    w.plain(if i == 0 { "" } else { ", " });
                    w.plain(handle);
                }
            });
        });
    }

    fn point(&self, w: &mut Writer, point: Option<&MetricPoint>) {
        let Some(point) = point else { return };
        w.plain(&self.moment_or_about(point.at, point.approximate));
    }
}

/// Returns `time to detect` for `time_to_detect`.
fn metric_label(name: &str) -> String {
    name.replace('_', " ")
}
