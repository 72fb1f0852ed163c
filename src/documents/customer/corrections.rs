//! What letters have told customers, against what the record says now.
//!
//! A saved letter keeps its facts: what they are, and how it says them. A fact counts as told where
//! the text that really went out says it.

use crate::domain::{incident::Incident, time::UtcTime, value::StatedFact};
use chrono::Utc;
use std::collections::BTreeMap;

/// A fact that customers were told, and that is another one now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleFact {
    /// What it is: `began`, `ended`, `day`, `affected`, `unaffected`, `data`, or the handle of the
    /// event whose wording it is.
    pub name: String,
    /// The letter that said it last.
    pub message_number: u32,
    /// The letter's handle.
    pub message_handle: String,
    /// When that went out; none where it is a draft yet.
    pub sent_at: Option<UtcTime>,
    /// What it said.
    pub stated: String,
    /// What the record says; none where it no longer says anything of the kind.
    pub recorded: Option<String>,
}

impl StaleFact {
    /// The fact in words: `the beginning`.
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

/// The facts that were told in letters of `incident` and have changed since: each as the last letter
/// that told it said it, and those of drafts. `facts` is what the record says.
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
            let told = StaleFact {
                name: fact.name.clone(),
                message_number: message.number,
                message_handle: record.handle.clone(),
                sent_at: message.sent_at.map(|at| at.with_timezone(&Utc)),
                stated: fact.wording.clone(),
                recorded: now.map(|f| f.wording.clone()),
            };
            if told.sent_at.is_some() {
                last.insert(&fact.name, told);
            } else {
                drafts.push(told);
            }
        }
    }
    last.into_values()
        .chain(drafts)
        .filter(|c| c.recorded.as_deref() != Some(c.stated.as_str()))
        .collect()
}
