//! The incident's state over time, built event by event: the worst state of its services at each
//! moment.

use super::{CurrentStates, StateChange, StateSpan, Transition, push_span, says_which};
use crate::domain::{event::Event, incident::Record, time::UtcTime, words::State};

/// Builds the spans of an incident from the changes of its services, in timeline order.
#[derive(Clone, Debug, Default)]
pub struct OverallSpans {
    spans: Vec<StateSpan>,
    /// The changes at the newest moment; they become a span when it is over.
    moment: Vec<(Transition, StateChange)>,
    /// The worst state after them.
    worst: Option<State>,
    /// The worst state after any of them, with the change that caused it.
    peak: Option<Transition>,
    /// The same, without the states that are not known.
    known_peak: Option<Transition>,
    /// True if a service was in a state that is not known only for this moment, and nothing says which it was.
    is_unanswered: bool,
}

/// Sets `peak` to `state`, which `cause` began, if that is worse.
fn raise(peak: &mut Option<Transition>, state: Option<State>, cause: Transition) {
    if let Some(state) = state
        && peak.is_none_or(|peak| peak.state < state)
    {
        *peak = Some(Transition { state, ..cause });
    }
}

impl OverallSpans {
    /// Adds what `record` changed; `after` are the states after it. Simultaneous changes are applied
    /// together, so that a failover between services at 10:06 shows no moment of `ok`.
    pub fn add(&mut self, record: &Record<Event>, changes: &[StateChange], after: &CurrentStates) {
        let at = record.value.at_utc();
        if changes.is_empty() {
            return;
        }
        if self.moment.first().is_some_and(|(first, _)| first.at != at) {
            self.end_moment();
        }
        for change in changes
            .iter()
            .filter(|change| change.before == Some(State::Unknown))
        {
            let mut earlier = self.moment.iter();
            let began_now = earlier.any(|(_, began)| began.service == change.service);
            self.is_unanswered |= began_now && !says_which(&record.value);
        }
        let transitions = changes
            .iter()
            .map(|change| (Transition::new(record, change.state), change.clone()));
        self.moment.extend(transitions);
        // The cause is the service that is now worst; if the state improved, the last change.
        let worst = after.worst();
        let is_cause = |(_, change): &&(Transition, StateChange)| {
            Some(change.state) == worst && after.state(&change.service) == worst
        };
        let cause = self.moment.iter().position(|change| is_cause(&change));
        if let Some(cause) = cause {
            self.moment.swap(0, cause);
        } else {
            let last = self.moment.len() - 1;
            self.moment.swap(0, last);
        }
        self.worst = worst;
        let Some((cause, _)) = self.moment.first() else {
            return;
        };
        raise(&mut self.peak, worst, *cause);
        let known = match worst {
            Some(State::Unknown) => after.worst_known(),
            _ => worst,
        };
        raise(&mut self.known_peak, known, *cause);
    }

    /// Makes a span of the newest changes: none of the same moment will follow.
    pub fn end_moment(&mut self) {
        if let (Some((cause, _)), Some(worst)) = (self.moment.first(), self.worst) {
            let answered = |peak: &Transition| peak.state == State::Unknown && !self.is_unanswered;
            let peak = match self.peak.filter(|peak| !answered(peak)) {
                None => self.known_peak,
                peak => peak,
            };
            if let Some(peak) = peak
                && peak.state > worst
            {
                push_span(&mut self.spans, peak);
            }
            // Of what was not known before it, it is decided above whether it was answered.
            let transition = Transition {
                state: worst,
                is_given: false,
                ..*cause
            };
            push_span(&mut self.spans, transition);
        }
        self.moment.clear();
        (self.peak, self.known_peak, self.is_unanswered) = (None, None, false);
    }

    #[must_use]
    pub fn finish(mut self) -> Vec<StateSpan> {
        self.end_moment();
        self.spans
    }

    /// The spans of all moments that are over.
    #[must_use]
    pub fn spans(&self) -> &[StateSpan] {
        &self.spans
    }

    /// Joins consecutive spans that begin and end in the same cell into one of the worst state; `cell`
    /// numbers the cells of the time axis in order. At most two spans are left of each cell.
    pub fn thin(&mut self, cell: impl Fn(UtcTime) -> usize) {
        let is_short = |span: &StateSpan| span.to.is_some_and(|to| cell(to) == cell(span.from));
        self.spans.dedup_by(|span, last| {
            let same_cell = cell(last.from) == cell(span.from);
            let joins = last.state == span.state || (is_short(last) && is_short(span) && same_cell);
            if joins {
                last.state = last.state.max(span.state);
                last.to = span.to;
            }
            joins
        });
    }
}
