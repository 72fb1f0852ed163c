//! Compares the facts that letters stated with those of the journal.
//!
//! A saved letter keeps its facts: for each name that was hit the state at that time, when the impact
//! began and when it ended; the number of these names; and each customer wording under its handle. They
//! are compared with what the journal has now for that same time, so that what happened later corrects
//! nothing. A letter whose text a person gave keeps no facts.

use super::names::{Edge, PublicName, Span};
use crate::{
    documents::time_format::TimeFormatter,
    domain::{incident::Incident, time::UtcTime, value::StatedFact, words::State},
};
use chrono::Utc;

/// The names of facts. Those of one name are followed by `/` and the name.
const AS_OF: &str = "as-of";
const COUNT: &str = "names";
const START: &str = "start";
const END: &str = "end";
const STATE: &str = "state";

/// A fact that a letter stated and that is otherwise in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleFact {
    /// `start/NAME`, `end/NAME`, `state/NAME`, `names`, or the handle of the event with the wording.
    pub name: String,
    /// The last letter that stated it.
    pub message_number: u32,
    pub message_handle: String,
    /// `None` if the letter is a draft.
    pub sent_at: Option<UtcTime>,
    /// The letter's wording.
    pub stated: String,
    /// The journal's wording; `None` if the journal no longer has the fact.
    pub recorded: Option<String>,
    /// The facts themselves, as stated and as recorded.
    facts: (StatedFact, Option<StatedFact>),
    /// The time that the letter is as of.
    as_of: UtcTime,
}

impl StaleFact {
    /// True if it is what customers read of an event, which no letter corrects.
    #[must_use]
    pub fn is_wording(&self) -> bool {
        !self.name.contains('/') && self.name != COUNT
    }

    /// Returns the fact in words: `start of AVR Online`.
    #[must_use]
    pub fn label(&self) -> String {
        match self.name.split_once('/') {
            Some((what, name)) => format!("{what} of {name}"),
            None if self.name == COUNT => "how many names were affected".to_owned(),
            None => "the wording".to_owned(),
        }
    }
}

/// A fact that the next letter corrects.
#[derive(Clone, Debug)]
pub(super) struct Correction {
    pub(super) what: Corrected,
    /// The name that customers know; `None` for the number of names.
    pub(super) name: Option<String>,
    pub(super) message_handle: String,
}

#[derive(Clone, Debug)]
pub(super) enum Corrected {
    /// What was written, and what is so.
    Start(Edge, Edge),
    End(Edge, Edge),
    /// The states at a time.
    State(State, State, UtcTime),
    Count(String, String),
}

/// The facts of times, states and counts as they were at `as_of`, as far as recorded now.
pub(super) fn facts_as_of(
    names: &[PublicName],
    zone: &TimeFormatter,
    as_of: UtcTime,
) -> Vec<StatedFact> {
    let names: Vec<(&PublicName, PublicName)> = names
        .iter()
        .map(|name| (name, name.up_to(as_of)))
        .filter(|(_, then)| then.listed().next().is_some())
        .collect();
    let mut facts = vec![StatedFact {
        name: AS_OF.to_owned(),
        at: Some(as_of.fixed_offset()),
        ..StatedFact::default()
    }];
    if names.len() > 1 {
        facts.push(StatedFact {
            name: COUNT.to_owned(),
            wording: names.len().to_string(),
            ..StatedFact::default()
        });
    }
    let time = |what: &str, name: &str, edge: &Edge| StatedFact {
        name: format!("{what}/{name}"),
        wording: zone.date_time_with_zone(edge.minute()),
        at: Some(edge.minute().fixed_offset()),
        approximate: edge.approximate,
        ..StatedFact::default()
    };
    for (later, public) in &names {
        let Some(name) = &public.name else { continue };
        if let Some(first) = public.listed().next() {
            facts.push(time(START, name, &first.from));
        }
        // An end that is recorded as later now is the end all the same.
        let end = public.working_since();
        if let Some(end) = end.or_else(|| later.works_after(as_of)) {
            facts.push(time(END, name, end));
        }
        let state = public.now().map_or(State::Ok, shown_state);
        facts.push(StatedFact {
            name: format!("{STATE}/{name}"),
            wording: state.to_string(),
            ..StatedFact::default()
        });
    }
    facts
}

/// Letters do not say that something is at risk.
fn shown_state(span: &Span) -> State {
    match span.state {
        State::AtRisk => State::Ok,
        state => state,
    }
}

/// Returns the facts of sent letters and drafts of `incident` that differ: wordings from those of `now`,
/// all else from what `facts_as_of` gives for the time of the letter.
pub(super) fn stale_facts(
    incident: &Incident,
    now: &[StatedFact],
    facts_as_of: impl Fn(UtcTime) -> Vec<StatedFact>,
) -> Vec<StaleFact> {
    let mut messages: Vec<_> = incident.messages.iter().collect();
    messages.sort_by_key(|m| (m.value.sent_at.is_none(), m.value.sent_at));
    let mut found: Vec<StaleFact> = Vec::new();
    for record in messages {
        let message = &record.value;
        let as_of = message.facts.iter().find(|fact| fact.name == AS_OF);
        let as_of = as_of
            .and_then(|fact| fact.at)
            .map(|at| at.with_timezone(&Utc));
        // Facts of another form are of an earlier version, and are not compared.
        let Some(as_of) = as_of else { continue };
        let then = facts_as_of(as_of);
        let sent_at = message.sent_at.map(|at| at.with_timezone(&Utc));
        for fact in message.facts.iter().filter(|fact| fact.name != AS_OF) {
            if sent_at.is_some() {
                found.retain(|earlier| earlier.name != fact.name);
            }
            let is_of_that_time = fact.name == COUNT || fact.name.contains('/');
            let known = if is_of_that_time { &then } else { now };
            let recorded = known.iter().find(|known| known.name == fact.name);
            // Of a time the instant counts: the zone that it is shown in may be another by now.
            let is_same = recorded.is_some_and(|known| {
                let is_said = match (known.at, fact.at) {
                    (Some(known), Some(stated)) => known == stated,
                    _ => known.wording == fact.wording,
                };
                is_said && known.approximate == fact.approximate
            });
            if !is_same {
                found.push(StaleFact {
                    name: fact.name.clone(),
                    message_number: message.number,
                    message_handle: record.handle.clone(),
                    sent_at,
                    stated: fact.wording.clone(),
                    recorded: recorded.map(|known| known.wording.clone()),
                    facts: (fact.clone(), recorded.cloned()),
                    as_of,
                });
            }
        }
    }
    found
}

impl Correction {
    /// True if it is about when a name worked again.
    pub(super) fn is_about_end(&self) -> bool {
        matches!(self.what, Corrected::End(..) | Corrected::State(..))
    }
}

/// Returns what the next letter corrects: times, states and counts of sent letters.
pub(super) fn of_sent(stale: &[StaleFact]) -> Vec<Correction> {
    let sent = stale.iter().filter(|fact| fact.sent_at.is_some());
    let found: Vec<Correction> = sent.filter_map(correction).collect();
    // The state at a time follows from an end that is corrected.
    let has_end = |name: &Option<String>| {
        let is_end = |c: &Correction| matches!(c.what, Corrected::End(..)) && c.name == *name;
        found.iter().any(is_end)
    };
    let is_state = |c: &Correction| matches!(c.what, Corrected::State(..));
    let needed = |c: &&Correction| !is_state(c) || !has_end(&c.name);
    found.iter().filter(needed).cloned().collect()
}

fn correction(stale: &StaleFact) -> Option<Correction> {
    let (stated, recorded) = (&stale.facts.0, stale.facts.1.as_ref()?);
    let edge = |fact: &StatedFact| {
        Some(Edge {
            at: fact.at?.with_timezone(&Utc),
            approximate: fact.approximate,
            handle: stale.message_handle.clone(),
        })
    };
    let (kind, name) = match stale.name.split_once('/') {
        Some((kind, name)) => (kind, Some(name.to_owned())),
        None => (stale.name.as_str(), None),
    };
    let what = match kind {
        START => Corrected::Start(edge(stated)?, edge(recorded)?),
        END => Corrected::End(edge(stated)?, edge(recorded)?),
        STATE => Corrected::State(
            stated.wording.parse().ok()?,
            recorded.wording.parse().ok()?,
            stale.as_of,
        ),
        COUNT => Corrected::Count(stated.wording.clone(), recorded.wording.clone()),
        _ => return None,
    };
    Some(Correction {
        what,
        name,
        message_handle: stale.message_handle.clone(),
    })
}
