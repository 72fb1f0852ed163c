//! Selects the milestones of the chart, and describes the chart in words for screen readers.

use crate::{
    documents::time_format::TimeFormatter,
    domain::{
        incident::{Incident, Record},
        states::{StateSpan, States},
        time::UtcTime,
        words::{Kind, State},
    },
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most spans of one service that are described; the table has all of them.
const MAX_DESCRIBED_SPANS: usize = 8;

pub(super) struct LabeledMilestone {
    pub at: UtcTime,
    /// `~10:06`.
    pub time: String,
    /// `fault`.
    pub kind: String,
    /// `~10:06 fault`.
    pub label: String,
}

/// Returns the `max` most important milestones in time order, and how many were omitted.
pub(super) fn milestones(
    incident: &Incident,
    states: &States,
    time_format: &TimeFormatter,
    max: usize,
) -> (Vec<LabeledMilestone>, usize) {
    let overall_changes: BTreeSet<Uuid> =
        states.overall.iter().map(|span| span.started_by).collect();
    let impact = states.impact_start().map(|span| span.started_by);
    let resolution = incident.resolution().map(|r| r.id);
    let mut detected = false;
    let mut acknowledged = false;
    let mut rank = |record: &Record<_>| -> Option<u8> {
        let event: &crate::domain::event::Event = &record.value;
        let essential = Some(record.id) == impact
            || Some(record.id) == resolution
            || event.kind == Kind::Declare;
        Some(match event.kind {
            _ if essential => 0,
            Kind::Detect if !std::mem::replace(&mut detected, true) => 1,
            Kind::Ack if !std::mem::replace(&mut acknowledged, true) => 1,
            _ if overall_changes.contains(&record.id) => 2,
            Kind::Reopen | Kind::Resolve => 3,
            Kind::Decision => 4,
            Kind::Fault | Kind::Absorbed | Kind::Mitigate | Kind::Restore => 5,
            _ => return None,
        })
    };
    let mut ranked: Vec<(u8, usize, &Record<_>)> = incident
        .active_events()
        .enumerate()
        .filter_map(|(i, record)| Some((rank(record)?, i, record)))
        .collect();
    ranked.sort_by_key(|(rank, i, _)| (*rank, *i));
    let omitted = ranked.len().saturating_sub(max);
    ranked.truncate(max);
    ranked.sort_by_key(|(_, i, _)| *i);
    let milestone = |record: &Record<crate::domain::event::Event>| {
        let event = &record.value;
        let about = if event.approximate { "~" } else { "" };
        let time = format!("{about}{}", time_format.time(event.at_utc()));
        let kind = event.kind.as_str().to_owned();
        LabeledMilestone {
            at: event.at_utc(),
            label: format!("{time} {kind}"),
            time,
            kind,
        }
    };
    let milestones = ranked.iter().map(|(_, _, record)| milestone(record));
    (milestones.collect(), omitted)
}

/// Describes the chart in words.
pub(super) fn alt_text(
    incident: &Incident,
    states: &States,
    time_format: &TimeFormatter,
    milestones: &[LabeledMilestone],
    omitted: usize,
) -> String {
    let first = states.overall.first().map(|span| span.from);
    let mut out = String::new();
    if let Some(first) = first {
        out = format!(
            "From {}, times in {}. ",
            time_format.long_date(first),
            time_format.abbreviation(first)
        );
    }
    let named = states.services.iter().filter(|(name, _)| !name.is_empty());
    for (name, spans) in named {
        out.push_str(&describe_spans(name, spans, time_format, first));
    }
    if incident.service_names().len() != 1 {
        out.push_str(&describe_spans(
            "Overall",
            &states.overall,
            time_format,
            first,
        ));
    }
    let labels: Vec<String> = milestones
        .iter()
        .map(|m| format!("{} {}", time_format.time_with_date(m.at, first), m.kind))
        .collect();
    if !labels.is_empty() {
        out.push_str("Milestones: ");
        out.push_str(&labels.join(", "));
        if omitted > 0 {
            out.push_str(&format!(", and {omitted} more in the timeline"));
        }
        out.push('.');
    }
    out
}

fn describe_spans(
    name: &str,
    spans: &[StateSpan],
    time_format: &TimeFormatter,
    first: Option<UtcTime>,
) -> String {
    if spans.is_empty() {
        return String::new();
    }
    let describe = |span: &StateSpan| {
        let about = if span.approximate { "about " } else { "" };
        let from = time_format.time_with_date(span.from, first);
        match span.to {
            Some(to) => format!(
                "{} from {about}{from} to {}",
                span.state,
                time_format.time_with_date(to, first)
            ),
            None if span.state == State::Ok => format!("ok from {about}{from}"),
            None => format!("{} since {about}{from}", span.state),
        }
    };
    let descriptions: Vec<String> = spans
        .iter()
        .take(MAX_DESCRIBED_SPANS)
        .map(describe)
        .collect();
    let more = if spans.len() > MAX_DESCRIBED_SPANS {
        ", and so on"
    } else {
        ""
    };
    let name = crate::documents::markdown_escape::one_line(name);
    format!("{name}: {}{more}. ", descriptions.join(", "))
}
