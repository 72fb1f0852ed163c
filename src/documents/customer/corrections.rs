//! Compares the facts that letters stated with those of the journal.
//!
//! A saved letter stores its facts: a name and the wording of each. A fact counts as stated only if
//! the letter's final text contains the wording.

use crate::domain::{incident::Incident, time::UtcTime, value::StatedFact};
use chrono::Utc;
use std::collections::BTreeMap;

/// A fact that a letter stated and that has changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleFact {
    /// `began`, `ended`, `day`, `affected`, `unaffected`, `data`, or the handle of the event with the
    /// wording.
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
}

impl StaleFact {
    /// Returns the fact in words: `when it began`.
    #[must_use]
    pub fn label(&self) -> &str {
        match self.name.as_str() {
            "began" => "when it began",
            "ended" => "when it ended",
            "day" => "the day",
            "affected" => "who was affected",
            "unaffected" => "what was not affected",
            "data" => "data",
            _ => "the wording",
        }
    }
}

fn collapse_whitespace(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the facts of sent letters and drafts of `incident` that differ from `facts`, those of the
/// journal. Of several sent letters that state a fact, the last one counts; drafts come last.
#[must_use]
pub fn stale_facts(incident: &Incident, facts: &[StatedFact]) -> Vec<StaleFact> {
    let mut last: BTreeMap<&str, StaleFact> = BTreeMap::new();
    let mut drafts = Vec::new();
    let mut messages: Vec<_> = incident.messages.iter().collect();
    messages.sort_by_key(|m| m.value.sent_at);
    for record in messages {
        let message = &record.value;
        let text = collapse_whitespace(&format!("{} {}", message.subject, message.text));
        for fact in &message.facts {
            if !text.contains(&collapse_whitespace(&fact.wording)) {
                continue;
            }
            let now = facts.iter().find(|f| f.name == fact.name);
            let stale = StaleFact {
                name: fact.name.clone(),
                message_number: message.number,
                message_handle: record.handle.clone(),
                sent_at: message.sent_at.map(|at| at.with_timezone(&Utc)),
                stated: fact.wording.clone(),
                recorded: now.map(|f| f.wording.clone()),
            };
            if stale.sent_at.is_some() {
                last.insert(&fact.name, stale);
            } else {
                drafts.push(stale);
            }
        }
    }
    last.into_values()
        .chain(drafts)
        .filter(|c| c.recorded.as_deref() != Some(c.stated.as_str()))
        .collect()
}
