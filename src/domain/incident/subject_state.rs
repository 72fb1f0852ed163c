//! Computes the current value of a subject from its entries: [`current_state`].

use super::recorded_place::{RecordedOrder, RecordedPlace};
use crate::domain::{
    entry::{Entry, heads},
    event::Event,
    subject::Subject,
    time::UtcTime,
    value::Value,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The current value of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectState {
    pub subject: Subject,
    /// The incident that it is in now; `None` if it is unfiled.
    pub incident: Option<Uuid>,
    /// When its first version was recorded.
    pub recorded: UtcTime,
    /// Who recorded the first version.
    pub author: String,
    /// The store that wrote the first version. With the time and `seq`, it orders events of the
    /// same moment.
    pub origin: Uuid,
    /// Position of the first version in the chain of `origin`.
    pub seq: u64,
    /// The incident in which the first version was recorded; `None` if none was open.
    pub recorded_in: Option<Uuid>,
    /// The other incidents in which a field, a section or a service was recorded that are one incident now, with
    /// the place of the first version in each.
    pub recorded_in_others: Vec<(Uuid, RecordedOrder)>,
    /// The entry with the displayed version.
    pub shown: Uuid,
    /// The entries of the other versions that no entry replaces and that say something else.
    pub conflicts: Vec<Uuid>,
    /// The entries of those that say the same: two machines that imported the same row, for example.
    pub agreeing: Vec<Uuid>,
    /// True if the value differs from the one first recorded; a retraction alone does not count.
    pub amended: bool,
    /// True if its time, kind, text or state differs from the one first recorded.
    pub restated: bool,
    pub value: Value,
}

impl SubjectState {
    /// Where and when its first version was recorded, see [`RecordedPlace`].
    #[must_use]
    pub fn recorded_place(&self) -> RecordedPlace {
        let order = (self.recorded, self.origin, self.seq);
        (self.elsewhere(self.recorded_in), order)
    }

    /// The place of its first version in each incident in which it was recorded.
    pub fn recorded_places(&self) -> impl Iterator<Item = RecordedPlace> {
        let others = self.recorded_in_others.iter();
        let others = others.map(|(incident, order)| (self.elsewhere(Some(*incident)), *order));
        std::iter::once(self.recorded_place()).chain(others)
    }

    /// `incident`, if it is another than the one that it is in now.
    fn elsewhere(&self, incident: Option<Uuid>) -> Option<Uuid> {
        incident.filter(|_| incident != self.incident)
    }

    /// The entries that a change to the subject replaces, the displayed one first.
    #[must_use]
    pub fn head_ids(&self) -> Vec<Uuid> {
        std::iter::once(self.shown)
            .chain(self.other_heads())
            .collect()
    }

    /// Adds `other`, a version that no entry replaces, beside `shown`, the displayed one.
    pub fn add_head(&mut self, shown: &Entry, other: &Entry) {
        // A field of two merged incidents is one, a thing in two incidents was moved to one of them.
        let same_place =
            self.subject.id().is_none() || other.header().incident == shown.header().incident;
        let agrees = same_place && Value::from_body(other.body_bytes()).says_the_same(&self.value);
        let heads = match agrees {
            true => &mut self.agreeing,
            false => &mut self.conflicts,
        };
        heads.push(other.header().id);
    }

    /// The entries of the versions that no entry replaces, but for the displayed one.
    pub fn other_heads(&self) -> impl Iterator<Item = Uuid> {
        self.conflicts.iter().chain(&self.agreeing).copied()
    }
}

/// Computes the current value from all entries of one subject, in any order. `None` if `versions`
/// is empty.
///
/// A body that was destroyed or cannot be decoded gives [`Value::Unreadable`].
#[must_use]
pub fn current_state(versions: &[Entry]) -> Option<SubjectState> {
    let heads = heads(versions);
    let shown = versions.get(*heads.first()?)?;
    let first = versions
        .iter()
        .min_by_key(|v| (!v.header().replaces.is_empty(), v.order()))?;
    let value = Value::from_body(shown.body_bytes());
    let first_value = (shown.header().id != first.header().id)
        .then(|| Value::from_body(first.body_bytes()))
        .filter(|first| !matches!(first, Value::Unreadable(_)));
    let amended = first_value.as_ref().is_some_and(|first| {
        !without_retraction(first.clone()).says_the_same(&without_retraction(value.clone()))
    });
    let restated = first_value.is_some_and(|first| is_restated(&first, &value));
    let mut state = SubjectState {
        subject: shown.header().subject.clone(),
        incident: shown.header().incident,
        recorded: first.header().recorded,
        author: first.header().author.clone(),
        origin: first.header().origin,
        seq: first.header().seq,
        recorded_in: first.header().incident,
        recorded_in_others: first_in_others(versions, first),
        shown: shown.header().id,
        conflicts: Vec::new(),
        agreeing: Vec::new(),
        amended,
        restated,
        value,
    };
    for index in heads.into_iter().skip(1) {
        state.add_head(shown, &versions[index]);
    }
    Some(state)
}

/// Returns the place of the first version in each incident other than that of `first`, the first of all. Those of
/// something with an id, which may have moved, are left out.
fn first_in_others(versions: &[Entry], first: &Entry) -> Vec<(Uuid, RecordedOrder)> {
    let mut others: BTreeMap<Uuid, RecordedOrder> = BTreeMap::new();
    if first.header().subject.id().is_none() {
        for header in versions.iter().map(Entry::header) {
            if let Some(incident) = header
                .incident
                .filter(|_| header.incident != first.header().incident)
            {
                let place = (header.recorded, header.origin, header.seq);
                let earliest = others.entry(incident).or_insert(place);
                *earliest = place.min(*earliest);
            }
        }
    }
    others.into_iter().collect()
}

fn without_retraction(value: Value) -> Value {
    match value {
        Value::Event(event) => Value::Event(Box::new(Event {
            retracted: None,
            ..*event
        })),
        other => other,
    }
}

/// Returns true if the event says something else happened, or at another time, than `first` says.
fn is_restated(first: &Value, value: &Value) -> bool {
    match (first, value) {
        (Value::Event(first), Value::Event(event)) => {
            (first.at, first.end, first.approximate) != (event.at, event.end, event.approximate)
                || (&first.kind, &first.text, &first.state)
                    != (&event.kind, &event.text, &event.state)
        }
        _ => false,
    }
}
