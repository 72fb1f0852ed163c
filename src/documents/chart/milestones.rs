//! What the picture tells: its milestones, and the same in words for who cannot see it.

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

/// The most spans of one service that are put in words; the table has all of them.
const MAX_DESCRIBED_SPANS: usize = 8;

/// An event that turned the story.
pub(super) struct LabeledMilestone {
    pub at: UtcTime,
    /// `~10:06`.
    pub time: String,
    /// `fault`.
    pub kind: String,
    /// Both.
    pub label: String,
}

/// The events that turned the story, at most `most` of them: those first without which it cannot be
/// told. And how many were left out.
pub(super) fn milestones(
    incident: &Incident,
    states: &States,
    clock: &TimeFormatter,
    most: usize,
) -> (Vec<LabeledMilestone>, usize) {
    let turned: BTreeSet<Uuid> = states.overall.iter().map(|span| span.started_by).collect();
    let impact = states.impact_start().map(|span| span.started_by);
    let resolution = incident.resolution().map(|r| r.id);
    let mut detected = false;
    let mut acknowledged = false;
    let mut rank = |record: &Record<_>| -> Option<u8> {
        let event: &crate::domain::event::Event = &record.value;
        let main = Some(record.id) == impact
            || Some(record.id) == resolution
            || event.kind == Kind::Declare;
        Some(match event.kind {
            _ if main => 0,
            Kind::Detect if !std::mem::replace(&mut detected, true) => 1,
            Kind::Ack if !std::mem::replace(&mut acknowledged, true) => 1,
            _ if turned.contains(&record.id) => 2,
            Kind::Reopen | Kind::Resolve => 3,
            Kind::Decision => 4,
            Kind::Fault | Kind::Absorbed | Kind::Mitigate | Kind::Restore => 5,
            _ => return None,
        })
    };
    let mut found: Vec<(u8, usize, &Record<_>)> = incident
        .active_events()
        .enumerate()
        .filter_map(|(i, record)| Some((rank(record)?, i, record)))
        .collect();
    found.sort_by_key(|(rank, i, _)| (*rank, *i));
    let left_out = found.len().saturating_sub(most);
    found.truncate(most);
    found.sort_by_key(|(_, i, _)| *i);
    let milestone = |record: &Record<crate::domain::event::Event>| {
        let event = &record.value;
        let about = if event.approximate { "~" } else { "" };
        let time = format!("{about}{}", clock.time(event.at_utc()));
        let kind = event.kind.as_str().to_owned();
        LabeledMilestone {
            at: event.at_utc(),
            label: format!("{time} {kind}"),
            time,
            kind,
        }
    };
    let milestones = found.iter().map(|(_, _, record)| milestone(record));
    (milestones.collect(), left_out)
}

/// The picture in words.
pub(super) fn alt_text(
    incident: &Incident,
    states: &States,
    clock: &TimeFormatter,
    milestones: &[LabeledMilestone],
    left_out: usize,
) -> String {
    let first = states.overall.first().map(|span| span.from);
    let mut out = String::new();
    if let Some(first) = first {
        out = format!(
            "From {}, times in {}. ",
            clock.long_date(first),
            clock.abbreviation(first)
        );
    }
    let named = states.services.iter().filter(|(name, _)| !name.is_empty());
    for (name, spans) in named {
        out.push_str(&describe_spans(name, spans, clock, first));
    }
    if incident.service_names().len() != 1 {
        out.push_str(&describe_spans("Overall", &states.overall, clock, first));
    }
    let labels: Vec<String> = milestones
        .iter()
        .map(|m| format!("{} {}", clock.time_with_date(m.at, first), m.kind))
        .collect();
    if !labels.is_empty() {
        out.push_str("Milestones: ");
        out.push_str(&labels.join(", "));
        if left_out > 0 {
            out.push_str(&format!(", and {left_out} more in the timeline"));
        }
        out.push('.');
    }
    out
}

fn describe_spans(
    name: &str,
    spans: &[StateSpan],
    clock: &TimeFormatter,
    first: Option<UtcTime>,
) -> String {
    if spans.is_empty() {
        return String::new();
    }
    let one = |span: &StateSpan| {
        let about = if span.approximate { "about " } else { "" };
        let from = clock.time_with_date(span.from, first);
        match span.to {
            Some(to) => format!(
                "{} from {about}{from} to {}",
                span.state,
                clock.time_with_date(to, first)
            ),
            None if span.state == State::Ok => format!("ok from {about}{from}"),
            None => format!("{} since {about}{from}", span.state),
        }
    };
    let said: Vec<String> = spans.iter().take(MAX_DESCRIBED_SPANS).map(one).collect();
    let more = if spans.len() > MAX_DESCRIBED_SPANS {
        ", and so on"
    } else {
        ""
    };
    let name = crate::documents::markdown_escape::one_line(name);
    format!("{name}: {}{more}. ", said.join(", "))
}
