//! The picture of whom an incident hit and for how long: rows of bars over one time axis.
//!
//! One model ([`Picture`]) has the axis, the milestones and the rows; small painters make of it the table
//! of the HTML postmortem (`html.rs`), the table and the code block of the Markdown postmortem (`table.rs`,
//! `text.rs`), and a separate SVG file (`svg_file.rs`). Begin reading at [`Picture::new`].
//!
//! A state is shown by the height of its bar, its pattern and its word, so that it is readable in print and
//! for colour-blind readers.

mod axis;
mod bars;
mod day_names;
mod html;
mod midnight;
mod milestones;
mod moments;
mod placement;
mod rows;
mod scale;
mod svg;
mod svg_file;
mod table;
mod text;

use super::{metric_text::metric_text, time_format::TimeFormatter};
use crate::domain::{
    incident::Incident,
    metrics::{MetricPoint, Metrics},
    states::States,
    time::UtcTime,
    words::State,
};
use axis::Axis;
use chrono::Duration;
use milestones::Milestone;
use moments::MomentFormat;
use rows::Row;
use scale::TimeScale;

pub(in crate::documents) use table::MarkdownTable;

/// The CSS of the picture, for the page and for the file.
pub(in crate::documents) const STYLE: &str = include_str!("../../../templates/picture.css");
/// The most rows on page one.
const MAX_ROWS: usize = 5;
/// The shortest axis.
const MIN_LENGTH: Duration = Duration::minutes(5);

/// Everything that the forms of the picture show.
#[derive(Debug)]
pub(in crate::documents) struct Picture {
    rows: Vec<Row>,
    not_hit: Vec<String>,
    totals: Vec<Total>,
    milestones: Vec<Milestone>,
    scale: TimeScale,
    axis: Axis,
    moments: MomentFormat,
    /// Where spells that last end.
    until: UtcTime,
}

/// A total over all services.
#[derive(Debug)]
struct Total {
    of: TotalOf,
    /// True if it counts services, of which a row may have several.
    counts_services: bool,
    /// The duration, or why it is not given.
    value: Result<String, String>,
    /// `Mon 21:40 to Tue 06:10`, from the first moment to the last; empty without a value.
    range: String,
}

/// What a total counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TotalOf {
    Down,
    /// Down or degraded.
    Impact,
}

impl Total {
    /// `at least one down`.
    fn label(&self) -> String {
        let subject = if self.counts_services {
            "at least one service"
        } else {
            "at least one"
        };
        match self.of {
            TotalOf::Down => format!("{subject} down"),
            TotalOf::Impact => format!("{subject} hit"),
        }
    }
}

impl Picture {
    /// Computes the picture; `None` if no service ever had a state other than `ok`.
    pub(in crate::documents) fn new(
        incident: &Incident,
        states: &States,
        metrics: &Metrics,
        time_format: &TimeFormatter,
    ) -> Option<Self> {
        // Of an incident that was not resolved it is not known what lasted after its newest event.
        let recorded = incident.last_recorded_at;
        let until = incident.stale_since(recorded).unwrap_or(recorded);
        let all = rows::rows(incident, states, until, until < recorded);
        let core = core_scale(incident, &all.rows, until)?;
        let (milestones, mut scale) = milestones::select(incident, states, core);
        if scale.to - scale.from < MIN_LENGTH {
            scale.to = scale.from.checked_add_signed(MIN_LENGTH)?;
        }
        // All forms show the same times, whatever else is in the document.
        let time_format = time_format.clone().for_period(scale.from, scale.to);
        let moments = MomentFormat::new(&time_format, &scale);
        let hit_names: usize = all
            .rows
            .iter()
            .filter(|row| row.is_hit())
            .map(|row| row.names.len())
            .sum();
        let totals = if hit_names > 1 {
            totals(metrics, &moments, until, all.has_shared_names)
        } else {
            Vec::new()
        };
        Some(Self {
            rows: all.rows,
            not_hit: all.not_hit,
            totals,
            milestones,
            axis: Axis::new(&scale, &time_format),
            scale,
            moments,
            until,
        })
    }

    /// The names that were `ok` throughout, as typed, on one line each.
    pub(in crate::documents) fn not_hit(&self) -> &[String] {
        &self.not_hit
    }

    /// How many names have no row on page one; [`all_services_html`](Self::all_services_html) has them.
    pub(in crate::documents) fn left_out(&self) -> usize {
        self.rows
            .iter()
            .skip(MAX_ROWS)
            .map(|row| row.names.len())
            .sum()
    }

    /// The rows of page one.
    fn first_rows(&self) -> &[Row] {
        &self.rows[..self.rows.len().min(MAX_ROWS)]
    }

    /// True if the figures of page one leave out `at-risk`, so that it stays one page.
    fn is_crowded(&self) -> bool {
        self.rows.len() >= MAX_ROWS
    }
}

/// Draws the picture of `incident` as an SVG file; `None` if there is nothing to draw.
#[must_use]
pub fn state_chart_svg(incident: &Incident) -> Option<String> {
    let states = States::from_incident(incident);
    let metrics = Metrics::compute(incident, &states, incident.last_recorded_at);
    let time_format = TimeFormatter::new(incident.zone());
    let picture = Picture::new(incident, &states, &metrics, &time_format)?;
    Some(picture.svg_file())
}

/// Returns the times from the first state other than `ok` to the later of the last return to `ok` and the
/// resolution, or to `until` while it lasts. `None` if there is no such state.
fn core_scale(incident: &Incident, rows: &[Row], until: UtcTime) -> Option<TimeScale> {
    let spells = || rows.iter().flat_map(Row::troubled);
    let from = spells().map(|spell| spell.from).min()?;
    let last_change = spells().map(|spell| spell.to.unwrap_or(spell.from)).max()?;
    let resolved = incident.resolution().map(|r| r.value.at_utc());
    // What is left at risk after the resolution says `so far`; it does not stretch the axis.
    let lasts = spells()
        .any(|spell| spell.to.is_none() && (spell.state != State::AtRisk || resolved.is_none()));
    let mut to = resolved.map_or(last_change, |resolved| resolved.max(last_change));
    if lasts {
        to = to.max(until);
    }
    Some(TimeScale { from, to })
}

fn totals(
    metrics: &Metrics,
    moments: &MomentFormat,
    until: UtcTime,
    counts_services: bool,
) -> Vec<Total> {
    let total = |of: TotalOf| {
        let metric = metrics.get(match of {
            TotalOf::Down => "outage",
            TotalOf::Impact => "impact",
        })?;
        if metric.seconds.is_none() {
            return Some(Total {
                of,
                counts_services,
                value: Err(metric.reason.clone().unwrap_or_default()),
                range: String::new(),
            });
        }
        let spans = &metric.spans;
        let (first, last) = (spans.first()?, spans.last()?);
        let shown = metric_text(metrics, metric, until)?;
        Some(Total {
            of,
            counts_services,
            value: Ok(shown),
            range: {
                let is_about =
                    |end: &Option<MetricPoint>| end.as_ref().is_some_and(|p| p.approximate);
                let (from, to) = (is_about(&metric.from), is_about(&metric.to));
                moments.period(first.0, from, last.1, to).to_string()
            },
        })
    };
    [TotalOf::Down, TotalOf::Impact]
        .into_iter()
        .filter_map(total)
        .collect()
}

#[cfg(test)]
mod tests;
