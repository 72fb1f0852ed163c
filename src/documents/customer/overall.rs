//! What can be said of several names together.

use super::names::{Edge, PublicName, Span, severity};
use crate::domain::{
    time::{UtcTime, start_of_minute},
    words::State,
};

/// Of several names together: what can be said without giving one the state of another.
#[derive(Clone, Debug)]
pub(super) struct Overall {
    /// The first moment of impact.
    pub(super) from: Edge,
    /// The last one; `None` while there is impact.
    pub(super) to: Option<Edge>,
    /// From when on each name works; `None` while one does not, or its state is not known.
    pub(super) works_since: Option<Edge>,
    /// The first time in which a state is not known that may have made the impact begin earlier or end later.
    pub(super) unknown_beyond: Option<Span>,
    /// The time in which at least one name had impact; `None` if unknown time could change it.
    pub(super) total: Option<Total>,
    /// The time in which at least one name was down; `None` likewise, and if none was.
    pub(super) down: Option<Total>,
    /// True if there was time without impact between.
    pub(super) has_gaps: bool,
    /// The states that occurred, in the order of their first moments.
    pub(super) states: Vec<State>,
    /// True if each name was down at some time.
    pub(super) each_was_down: bool,
    /// True if the impact of each name began and ended with that of all.
    pub(super) is_of_each: bool,
}

/// A time that is the sum of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Total {
    pub(super) minutes: i64,
    pub(super) approximate: bool,
}

impl Overall {
    /// Computes it over `names`; `None` without impact.
    pub(super) fn of(names: &[PublicName], as_of: UtcTime) -> Option<Self> {
        let spans = names.iter().flat_map(|name| &name.spans);
        let mut impact: Vec<&Span> = spans.filter(|span| span.state.is_impact()).collect();
        // Of one moment the worse state is first.
        impact.sort_by_key(|span| (span.from.at, std::cmp::Reverse(severity(span.state))));
        let from = impact.first()?.from.clone();
        let to = impact
            .iter()
            .map(|span| span.to.as_ref())
            .max_by_key(|to| to.map_or((true, UtcTime::MAX_UTC), |to| (false, to.at)))?;
        let mut states: Vec<State> = Vec::new();
        for span in &impact {
            if !states.contains(&span.state) {
                states.push(span.state);
            }
        }
        let is_down = |span: &&Span| span.state == State::Down;
        let down: Vec<&Span> = impact.iter().copied().filter(is_down).collect();
        let is_known = names.iter().all(|name| {
            let mut spans = name.spans.iter();
            spans.all(|span| span.state != State::Unknown)
        });
        let (total, has_gaps) = union(&impact, as_of);
        let listed = || names.iter().flat_map(PublicName::listed);
        let latest_end = listed()
            .map(|span| span.to.as_ref())
            .max_by_key(|to| to.map_or((true, UtcTime::MAX_UTC), |to| (false, to.at)));
        let is_beyond = |span: &&Span| {
            let ends_later = to.is_some_and(|to| span.to.as_ref().is_none_or(|end| end.at > to.at));
            span.state == State::Unknown && (span.from.at < from.at || ends_later)
        };
        let unknown_beyond = listed().filter(is_beyond).min_by_key(|span| span.from.at);
        let ends = (from.minute(), to.map(Edge::minute));
        let is_of_each = names.iter().all(|name| {
            let mut impact = name.spans.iter().filter(|span| span.state.is_impact());
            let first = impact.next();
            let last = impact.next_back().or(first);
            first.zip(last).is_some_and(|(first, last)| {
                (first.from.minute(), last.to.as_ref().map(Edge::minute)) == ends
            })
        });
        Some(Self {
            is_of_each,
            from,
            to: to.cloned(),
            works_since: latest_end.flatten().cloned(),
            unknown_beyond: unknown_beyond.cloned(),
            total: is_known.then_some(total),
            down: (is_known && !down.is_empty()).then(|| union(&down, as_of).0),
            has_gaps,
            states,
            each_was_down: names
                .iter()
                .all(|name| name.listed().any(|span| span.state == State::Down)),
        })
    }

    pub(super) fn had(&self, state: State) -> bool {
        self.states.contains(&state)
    }
}

/// The time that `spans`, in the order of their beginnings, take together, overlaps counted once; and
/// whether there is time between them.
fn union(spans: &[&Span], as_of: UtcTime) -> (Total, bool) {
    // Begin and end of each stretch, and whether they are approximate.
    let mut stretches: Vec<(UtcTime, bool, UtcTime, bool)> = Vec::new();
    for span in spans {
        let to = span.to.as_ref();
        let last = to.map_or_else(|| start_of_minute(as_of), Edge::minute);
        let is_last_about = to.is_some_and(|to| to.approximate);
        let (first, is_first_about) = (span.from.minute(), span.from.approximate);
        match stretches.last_mut() {
            Some((from, is_from_about, end, is_end_about)) if first <= *end => {
                // An exact one at the same minute says when it was.
                if first == *from {
                    *is_from_about &= is_first_about;
                }
                if last > *end {
                    (*end, *is_end_about) = (last, is_last_about);
                } else if last == *end {
                    *is_end_about &= is_last_about;
                }
            }
            _ => stretches.push((first, is_first_about, last, is_last_about)),
        }
    }
    let lengths = stretches
        .iter()
        .map(|(from, _, to, _)| (*to - *from).num_minutes().max(0));
    let total = Total {
        minutes: lengths.sum(),
        approximate: stretches.iter().any(|(_, from, _, to)| *from || *to),
    };
    let has_gaps = stretches.len() > 1;
    (total, has_gaps)
}
