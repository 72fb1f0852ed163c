//! Compares the facts that letters stated with those of the journal.
//!
//! They are compared with what the journal has now for the time of the letter, so that what happened later
//! corrects nothing; wordings and fields are compared with what is recorded now. A letter whose text a person
//! gave keeps no facts.

use super::{
    corrections::{Corrected, StaleFact},
    names::{Edge, PublicName, Span},
    stated::{STATED_FIELDS, Topic, edge_of, facts_as_of, follows, read_spells, spells_fact},
};
use crate::{
    documents::time_format::TimeFormatter,
    domain::{
        incident::{Incident, Record},
        time::UtcTime,
        value::{Message, StatedFact},
        words::State,
    },
};
use chrono::Utc;

/// What the journal has now, which letters are held against.
pub(super) struct Recorded<'a> {
    /// The names that were hit.
    pub(super) names: &'a [PublicName],
    /// What customers call the whole.
    pub(super) product: Option<&'a str>,
    /// The other ones.
    pub(super) other_names: &'a [String],
    pub(super) zone: &'a TimeFormatter,
    /// The fields and wordings that a letter made now states.
    pub(super) stated: &'a [StatedFact],
}

impl Recorded<'_> {
    /// Returns the facts of sent letters and drafts of `incident` that differ. A letter that was made after others
    /// were sent counts in place of those; drafts come last.
    pub(super) fn stale_facts(&self, incident: &Incident) -> Vec<StaleFact> {
        let mut messages: Vec<_> = incident.messages.iter().collect();
        messages.sort_by_key(|m| (m.value.sent_at.is_none(), m.value.sent_at));
        let mut found: Vec<StaleFact> = Vec::new();
        for record in messages {
            let as_of = record.value.facts.iter().find_map(|fact| {
                let is_as_of = Topic::of(&fact.name) == Topic::AsOf;
                fact.at.filter(|_| is_as_of)
            });
            // Facts of another form are of an earlier version, and are not compared.
            let Some(as_of) = as_of else { continue };
            if record.value.sent_at.is_some() {
                found.retain(|earlier| !self.is_superseded(earlier, &record.value));
            }
            found.extend(self.compare(record, as_of.with_timezone(&Utc)));
        }
        found
    }

    /// True if `later`, a letter that was sent, says what is so of the fact `earlier`.
    fn is_superseded(&self, earlier: &StaleFact, later: &Message) -> bool {
        if !follows(&later.facts, earlier.message_id) {
            return false;
        }
        let topic = Topic::of(&earlier.name);
        let name = topic.public_name();
        let mut facts = later.facts.iter().map(|fact| Topic::of(&fact.name));
        let says_it =
            facts.any(|fact| fact == topic || (name.is_some() && fact.public_name() == name));
        says_it || name.is_some_and(|name| !self.has_name(name))
    }

    fn has_name(&self, name: &str) -> bool {
        let mut hit = self.names.iter().filter_map(|known| known.name.as_deref());
        hit.any(|known| known == name)
            || self.product == Some(name)
            || self.other_names.iter().any(|known| known == name)
    }

    fn compare(&self, record: &Record<Message>, as_of: UtcTime) -> Vec<StaleFact> {
        let letter = Letter {
            record,
            as_of,
            then: facts_as_of(self.names, self.zone, as_of),
        };
        let mut found = Vec::new();
        let mut compared: Vec<&str> = Vec::new();
        for fact in &record.value.facts {
            match Topic::of(&fact.name) {
                Topic::AsOf | Topic::Follows => {}
                Topic::Count => found.extend(letter.count(fact)),
                Topic::Field(name) => found.extend(self.field(&letter, fact, name)),
                Topic::Wording(_) => found.extend(self.wording(&letter, fact)),
                Topic::Start(name)
                | Topic::End(name)
                | Topic::State(name)
                | Topic::Spells(name) => {
                    if !compared.contains(&name) {
                        compared.push(name);
                        found.extend(self.name(&letter, name));
                    }
                }
            }
        }
        found
    }

    fn wording(&self, letter: &Letter<'_>, fact: &StatedFact) -> Option<StaleFact> {
        let recorded = self.stated.iter().find(|known| known.name == fact.name);
        let is_same = recorded.is_some_and(|known| known.wording == fact.wording);
        // Of what it corrected by leaving it out, a letter says nothing.
        (!is_same && !fact.wording.is_empty()).then(|| letter.stale(fact, recorded, None))
    }

    fn field(&self, letter: &Letter<'_>, fact: &StatedFact, field: &str) -> Option<StaleFact> {
        let recorded = self.stated.iter().find(|known| known.name == fact.name);
        let text = recorded.map(|known| known.wording.as_str());
        let is_same = is_same_text(text.unwrap_or(""), &fact.wording);
        if !STATED_FIELDS.contains(&field) || is_same || fact.wording.is_empty() {
            return None;
        }
        // What it meant for customers is told in other words again and again.
        let is_corrected = field != "customer-impact";
        let corrected = Corrected::Field(fact.wording.clone(), text.map(str::to_owned));
        Some(letter.stale(fact, recorded, is_corrected.then_some(corrected)))
    }

    /// Compares what `letter` says of `name`.
    fn name(&self, letter: &Letter<'_>, name: &str) -> Vec<StaleFact> {
        // What a later version wrote in another form counts as not kept.
        let is_read = |fact: &&StatedFact| read_spells(fact).len() == fact.spells.len();
        let told_spells = letter.told(Topic::Spells(name)).filter(is_read);
        let told = told_spells.map_or_else(|| letter.start_to_end(name), read_spells);
        // In the words of the zone that the incident has now.
        let spells_told = spells_fact(name, &told.iter().collect::<Vec<_>>(), self.zone);
        if told.is_empty() {
            // It was told that it was not affected.
            let Some(recorded) = letter.recorded(Topic::Spells(name)) else {
                return Vec::new();
            };
            let corrected = Corrected::Spells(Vec::new(), read_spells(recorded));
            return vec![letter.stale(&spells_told, Some(recorded), Some(corrected))];
        }
        let is_unknown = |span: &Span| span.state == State::Unknown;
        let Some(recorded) = self.spells_of(name, &told, letter.as_of) else {
            let is_claim = !told.iter().all(is_unknown);
            let other = self.other_name(&told, letter);
            let is_same = other
                .as_ref()
                .is_some_and(|(_, spells)| has_same_ends(&told, spells));
            let is_known = self.has_name(name);
            let corrected = Corrected::Spells(told.clone(), Vec::new());
            let is_corrected = is_claim && is_known && !is_same;
            let stale = letter.stale(&spells_told, None, is_corrected.then_some(corrected));
            let other = other.filter(|_| is_same || !is_known);
            return vec![StaleFact {
                recorded: other.as_ref().filter(|_| !is_same).map(|(_, spells)| {
                    spells_fact(name, &spells.iter().collect::<Vec<_>>(), self.zone).wording
                }),
                other_name: other.map(|(name, _)| name.to_owned()),
                ..stale
            }];
        };
        let is_kept = told_spells.is_some() && !told.iter().any(is_unknown);
        if is_kept && !differ_at_the_ends_only(&told, &recorded) {
            let spans: Vec<&Span> = recorded.iter().collect();
            let now = spells_fact(name, &spans, self.zone);
            let corrected = Corrected::Spells(told.clone(), recorded.clone());
            return vec![letter.stale(&spells_told, Some(&now), Some(corrected))];
        }
        letter.start_end_and_state(name)
    }

    /// The spells of `name` as recorded now for the time `as_of` of a letter that told `told`; `None` if there are
    /// none. An end that is recorded as later now is the end all the same.
    fn spells_of(&self, name: &str, told: &[Span], as_of: UtcTime) -> Option<Vec<Span>> {
        let later = self
            .names
            .iter()
            .find(|known| known.name.as_deref() == Some(name))?;
        let then = later.up_to(as_of);
        then.listed().next()?;
        let is_told_as_over = told.last().is_some_and(|span| span.to.is_some());
        let is_over = then.now().is_none_or(|span| !span.is_listed());
        let end = later.works_after(as_of).map(|edge| edge.at);
        let spells: Vec<Span> = match end.filter(|_| is_told_as_over && !is_over) {
            Some(end) => later
                .listed()
                .filter(|span| span.from.at < end)
                .cloned()
                .collect(),
            None => then.listed().cloned().collect(),
        };
        Some(spells)
    }

    /// Returns another name, of which `letter` says nothing, with its spells, which begin as `told` does: it is probably the
    /// same under another name. One with the same spells comes first.
    fn other_name(&self, told: &[Span], letter: &Letter<'_>) -> Option<(&str, Vec<Span>)> {
        let begin = |spells: &[Span]| spells.first().map(|span| span.from.minute());
        let names = self.names.iter().filter_map(|known| known.name.as_deref());
        let others = names.filter(|other| letter.told(Topic::Start(other)).is_none());
        let others =
            others.filter_map(|other| Some((other, self.spells_of(other, told, letter.as_of)?)));
        others
            .filter(|(_, spells)| begin(spells) == begin(told))
            .max_by_key(|(_, spells)| has_same_ends(told, spells))
    }
}

/// True if the spells begin and end in the same minutes.
fn has_same_ends(one: &[Span], other: &[Span]) -> bool {
    let ends = |span: &Span| (span.from.minute(), span.to.as_ref().map(Edge::minute));
    one.iter().map(ends).eq(other.iter().map(ends))
}

/// A letter, and what is recorded now of its time.
struct Letter<'a> {
    record: &'a Record<Message>,
    as_of: UtcTime,
    then: Vec<StatedFact>,
}

impl Letter<'_> {
    fn told(&self, topic: Topic<'_>) -> Option<&StatedFact> {
        let mut facts = self.record.value.facts.iter();
        facts.find(|fact| Topic::of(&fact.name) == topic)
    }

    fn recorded(&self, topic: Topic<'_>) -> Option<&StatedFact> {
        let mut facts = self.then.iter();
        facts.find(|fact| Topic::of(&fact.name) == topic)
    }

    fn stale(
        &self,
        told: &StatedFact,
        recorded: Option<&StatedFact>,
        corrected: Option<Corrected>,
    ) -> StaleFact {
        let message = &self.record.value;
        StaleFact {
            name: told.name.clone(),
            message_id: self.record.id,
            message_number: message.number,
            message_handle: self.record.handle.clone(),
            sent_at: message.sent_at.map(|at| at.with_timezone(&Utc)),
            stated: told.wording.clone(),
            recorded: recorded.map(|fact| fact.wording.clone()),
            corrected,
            other_name: None,
            now: recorded
                .cloned()
                .unwrap_or_else(|| Topic::of(&told.name).fact(String::new())),
        }
    }

    fn count(&self, fact: &StatedFact) -> Option<StaleFact> {
        let recorded = self.recorded(Topic::Count)?;
        let corrected = Corrected::Count(fact.wording.clone(), recorded.wording.clone());
        (recorded.wording != fact.wording)
            .then(|| self.stale(fact, Some(recorded), Some(corrected)))
    }

    /// What a letter that kept no spells told of `name`: `ok` stands for the states between start and end.
    fn start_to_end(&self, name: &str) -> Vec<Span> {
        let edge = |topic| edge_of(self.told(topic)?, &self.record.handle);
        let state = self.told(Topic::State(name));
        let state = state.map_or(State::Ok, |fact| State::of_summary(&fact.wording));
        let span = edge(Topic::Start(name)).map(|from| Span {
            state,
            from,
            to: edge(Topic::End(name)),
            command: None,
        });
        span.into_iter().collect()
    }

    /// Compares when it began and ended, and the state at the time of the letter.
    fn start_end_and_state(&self, name: &str) -> Vec<StaleFact> {
        let mut found = Vec::new();
        for topic in [Topic::Start(name), Topic::End(name), Topic::State(name)] {
            let (Some(told), Some(recorded)) = (self.told(topic), self.recorded(topic)) else {
                // That it has not ended after all is said by the state.
                continue;
            };
            // Of a time the instant counts: the zone that it is shown in may be another by now.
            let is_said = match (told.at, recorded.at) {
                (Some(told), Some(recorded)) => told == recorded,
                _ => told.wording == recorded.wording,
            };
            if is_said && told.approximate == recorded.approximate {
                continue;
            }
            let handle = &self.record.handle;
            let edges = || Some((edge_of(told, handle)?, edge_of(recorded, handle)?));
            let corrected = match topic {
                Topic::Start(_) => edges().map(|(wrote, is)| Corrected::Start(wrote, is)),
                Topic::End(_) => edges().map(|(wrote, is)| Corrected::End(wrote, is)),
                _ => {
                    let [wrote, is] = [told, recorded].map(|fact| State::of_summary(&fact.wording));
                    // A state that nobody gave is stated by no letter.
                    if wrote == State::Unknown {
                        continue;
                    }
                    Some(Corrected::State(wrote, is, self.as_of))
                }
            };
            found.push(self.stale(told, Some(recorded), corrected));
        }
        found
    }
}

/// True if the spells are the same but for when the first began, and when or whether the last ended.
fn differ_at_the_ends_only(told: &[Span], recorded: &[Span]) -> bool {
    let shown = |edge: &Edge| (edge.minute(), edge.approximate);
    let inner = |spans: &[Span]| {
        let begins = spans.iter().skip(1).map(|span| shown(&span.from));
        let ends = spans.iter().rev().skip(1).rev();
        let ends = ends.map(|span| span.to.as_ref().map(shown));
        (begins.collect::<Vec<_>>(), ends.collect::<Vec<_>>())
    };
    let states = |spans: &[Span]| spans.iter().map(|span| span.state).collect::<Vec<_>>();
    states(told) == states(recorded) && inner(told) == inner(recorded)
}

/// True if two texts of a field say the same: `None.` is `none`.
fn is_same_text(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim().trim_end_matches('.').to_lowercase();
    plain(one) == plain(other)
}
