//! Selects the milestones: what the bars do not say, at most six, the most important ones.

use super::scale::TimeScale;
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    metrics::detection,
    states::States,
    time::{UtcTime, start_of_minute},
    words::{Kind, State},
};
use chrono::Duration;

/// The most moments that are shown.
const MAX_MOMENTS: usize = 6;
/// Detection and declaration widen the axis if they are at most as far away as the incident was long, or
/// this long.
const MIN_DISTANCE: Duration = Duration::hours(1);

/// A moment with one name, or with several of the same minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Milestone {
    pub at: UtcTime,
    pub approximate: bool,
    /// The most important first.
    pub names: Vec<&'static str>,
    /// 0 is the most important.
    pub rank: usize,
}

struct Candidate {
    at: UtcTime,
    approximate: bool,
    name: &'static str,
    /// True if the axis is made wider for it.
    widens: bool,
}

impl Candidate {
    fn from_event(record: &Record<Event>, name: &'static str, widens: bool) -> Self {
        Self {
            at: record.value.at_utc(),
            approximate: record.value.approximate,
            name,
            widens,
        }
    }
}

/// Returns the milestones in time order, and `core` widened so that it has the first ones.
pub(super) fn select(
    incident: &Incident,
    states: &States,
    core: TimeScale,
) -> (Vec<Milestone>, TimeScale) {
    let mut scale = core;
    let distance = (core.to - core.from).max(MIN_DISTANCE);
    let mut selected: Vec<Milestone> = Vec::new();
    for candidate in candidates(incident, states) {
        let at = candidate.at;
        let near = at >= core.from - distance && at <= core.to + distance;
        let is_drawn = core.contains(at) || (candidate.widens && near);
        if !is_drawn {
            continue;
        }
        let minute = start_of_minute(at);
        let is_full = selected.len() == MAX_MOMENTS;
        let rank = selected.len();
        let same_minute = selected
            .iter_mut()
            .find(|known| start_of_minute(known.at) == minute);
        match same_minute {
            Some(known) if known.names.contains(&candidate.name) => {}
            Some(known) => {
                known.names.push(candidate.name);
                known.approximate |= candidate.approximate;
            }
            None if is_full => continue,
            None => selected.push(Milestone {
                at,
                approximate: candidate.approximate,
                names: vec![candidate.name],
                rank,
            }),
        }
        scale.from = scale.from.min(at);
        scale.to = scale.to.max(at);
    }
    selected.sort_by_key(|milestone| milestone.at);
    (selected, scale)
}

/// Returns what may be a milestone, the most important first.
fn candidates(incident: &Incident, states: &States) -> Vec<Candidate> {
    let impact_start = states.impact_start().map(|span| span.from);
    let detection = detection(incident.active_events(), impact_start);
    let declaration = incident.declaration().filter(|d| d.is_active());
    let restored = end_of_last(states, State::is_impact);
    let mitigated = end_of_last(states, |state| state == State::Down).filter(|mitigated| {
        restored
            .as_ref()
            .is_none_or(|restored| restored.at != mitigated.at)
    });
    let ended = |end: Option<End>, name| {
        end.map(|end| Candidate {
            at: end.at,
            approximate: end.approximate,
            name,
            widens: false,
        })
    };
    let resolution = incident.resolution();
    let single = [
        detection.map(|e| Candidate::from_event(e, "detected", true)),
        first_update(incident),
        ended(restored, "restored"),
        resolution.map(|e| Candidate::from_event(e, "resolved", true)),
        declaration.map(|e| Candidate::from_event(e, "declared", true)),
        ended(mitigated, "mitigated"),
    ];
    let of_kind = |kind: Kind, name| {
        incident
            .active_events()
            .filter(move |e| e.value.kind == kind)
            .map(move |e| Candidate::from_event(e, name, false))
    };
    single
        .into_iter()
        .flatten()
        .chain(of_kind(Kind::Decision, "decision"))
        .chain(of_kind(Kind::Absorbed, "absorbed"))
        .collect()
}

/// The first message that went to customers.
fn first_update(incident: &Incident) -> Option<Candidate> {
    let name = "customers told";
    let first = *incident.customer_updates().first()?;
    Some(Candidate {
        at: first.at(),
        approximate: first.is_approximate(),
        name,
        widens: true,
    })
}

struct End {
    at: UtcTime,
    approximate: bool,
}

/// Returns when the last spans of the picked states ended; `None` if they last, or if it is not known whether
/// there was another one later.
fn end_of_last(states: &States, pick: impl Fn(State) -> bool) -> Option<End> {
    let last = states.overall.iter().rposition(|span| pick(span.state))?;
    let next = states.overall.get(last + 1)?;
    let mut later = states.overall[last..].iter();
    (later.all(|span| span.state != State::Unknown)).then_some(End {
        at: next.from,
        approximate: next.approximate,
    })
}
