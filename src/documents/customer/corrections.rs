//! What letters stated that is otherwise in the journal, and how the next letter corrects it. The letter that
//! corrects a fact states it as it is recorded, and keeps that.

use super::{
    names::{Edge, Span},
    stated::Topic,
};
use crate::domain::{time::UtcTime, value::StatedFact, words::State};
use uuid::Uuid;

/// A fact that a letter stated and that is otherwise in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleFact {
    /// `start/NAME`, `end/NAME`, `state/NAME`, `spells/NAME`, `names`, `field/FIELD`, or the handle of the event
    /// with the wording.
    pub name: String,
    /// The letter that stated it.
    pub(super) message_id: Uuid,
    pub message_number: u32,
    pub message_handle: String,
    /// `None` if the letter is a draft.
    pub sent_at: Option<UtcTime>,
    /// The letter's wording.
    pub stated: String,
    /// The journal's wording; `None` if the journal no longer has the fact.
    pub recorded: Option<String>,
    /// What the next letter writes of it.
    pub(super) corrected: Option<Corrected>,
    /// What customers call it now, where only its name is another.
    pub other_name: Option<String>,
    /// The fact as it is recorded now, for the letter that corrects it.
    pub(super) now: StatedFact,
}

impl StaleFact {
    /// True if the next letter corrects it. No letter corrects a wording or a name.
    #[must_use]
    pub fn is_corrected(&self) -> bool {
        self.corrected.is_some()
    }

    /// Returns the fact in words: `start of AVR Online`.
    #[must_use]
    pub fn label(&self) -> String {
        match Topic::of(&self.name) {
            Topic::Start(name) => format!("start of {name}"),
            Topic::End(name) => format!("end of {name}"),
            Topic::State(name) => format!("state of {name}"),
            Topic::Spells(name) if self.other_name.is_some() => format!("the name {name}"),
            Topic::Spells(name) => format!("times of {name}"),
            Topic::Field(field) => field.to_owned(),
            Topic::Count => "how many names were affected".to_owned(),
            Topic::AsOf | Topic::Follows | Topic::Wording(_) => "the wording".to_owned(),
        }
    }
}

/// A fact that the next letter corrects.
#[derive(Clone, Debug)]
pub(super) struct Correction {
    pub(super) what: Corrected,
    /// The name that customers know, or that of the field; `None` for the number of names.
    pub(super) name: Option<String>,
    pub(super) message_handle: String,
}

/// What was written, and what is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Corrected {
    Start(Edge, Edge),
    End(Edge, Edge),
    /// The states at a time.
    State(State, State, UtcTime),
    Count(String, String),
    /// None says that it was not affected.
    Spells(Vec<Span>, Vec<Span>),
    Field(String, Option<String>),
}

impl Correction {
    /// True if it is about when a name worked again.
    pub(super) fn is_about_end(&self) -> bool {
        matches!(self.what, Corrected::End(..) | Corrected::State(..))
    }

    /// The times of the spells that it names.
    pub(super) fn spell_times(&self) -> Vec<UtcTime> {
        let spans = match &self.what {
            Corrected::Spells(wrote, is) => [wrote.as_slice(), is].concat(),
            _ => Vec::new(),
        };
        let times = spans
            .iter()
            .flat_map(|span| [Some(&span.from), span.to.as_ref()]);
        times.flatten().map(|edge| edge.at).collect()
    }
}

/// Returns what the next letter corrects: times, states, counts and fields of sent letters.
pub(super) fn of_sent(stale: &[StaleFact]) -> Vec<Correction> {
    let sent = stale.iter().filter(|fact| fact.sent_at.is_some());
    let found = sent.filter_map(|fact| {
        let topic = Topic::of(&fact.name);
        let name = match topic {
            Topic::Field(field) => Some(field),
            _ => topic.public_name(),
        };
        Some(Correction {
            what: fact.corrected.clone()?,
            name: name.map(str::to_owned),
            message_handle: fact.message_handle.clone(),
        })
    });
    let mut found: Vec<Correction> = found.collect();
    // Two letters may have told the same, neither after the other.
    found.dedup_by(|later, earlier| later.what == earlier.what && later.name == earlier.name);
    // The state at a time follows from an end that is corrected.
    let has_end = |name: &Option<String>| {
        let is_end = |c: &Correction| matches!(c.what, Corrected::End(..)) && c.name == *name;
        found.iter().any(is_end)
    };
    let is_state = |c: &Correction| matches!(c.what, Corrected::State(..));
    let needed = |c: &&Correction| !is_state(c) || !has_end(&c.name);
    found.iter().filter(needed).cloned().collect()
}

/// Returns what a letter that corrects `stale` states besides its `own` facts: what is recorded now of each fact
/// that a sent letter told otherwise.
pub(super) fn facts_corrected(stale: &[StaleFact], own: &[StatedFact]) -> Vec<StatedFact> {
    let sent = stale.iter().filter(|fact| fact.sent_at.is_some());
    let is_own = |fact: &&StaleFact| own.iter().any(|known| known.name == fact.now.name);
    sent.filter(|fact| !is_own(fact))
        .map(|fact| fact.now.clone())
        .collect()
}
