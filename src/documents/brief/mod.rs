//! The brief: how an incident stands, for an executive, in at most [`MAX_WORDS`] words.
//!
//! In: an incident, its states, and now. Out: a [`Brief`], which is a heading and facts in a fixed order:
//! what customers cannot do, how many, since when, the state now, who commands, what is being done, when
//! the next update comes, and what is not known. It has no fact of its own: states and names are those of
//! letters ([`CustomerView`](crate::documents::CustomerView)), the rest is fields, customer wording and
//! recorded events. What nobody recorded is said to be not recorded.
//!
//! An executive works for the company, so titles and recorded decisions may be read. But a brief is passed
//! on, so [`InternalNames`] hides services without a public name,
//! hosts, addresses, secrets and all people but the commander.
//!
//! `facts.rs` finds the facts (a [`Fact`] each), `times.rs` writes their times, `words.rs` counts words; here they are fitted
//! into the limit.

mod fact;
mod facts;
mod impact;
mod parts;
mod times;
mod words;

pub use fact::{BriefInput, Fact};
pub use words::word_count;

use super::lint::InternalNames;
use crate::domain::document_text;
use facts::Facts;
use std::cmp::Reverse;
use words::shorten;

/// The most words that a brief has.
pub const MAX_WORDS: usize = 120;

/// The most words of each text that a person typed, tried one after the other until the brief fits.
const TEXT_WORDS: [usize; 5] = [MAX_WORDS, 30, 20, 14, 10];

/// A brief that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Number, title, severity, and as of when.
    pub heading: String,
    /// All facts in the order shown, also those that are left out of the text.
    pub facts: Vec<Fact>,
    /// The names of the facts that did not fit.
    pub left_out: Vec<&'static str>,
    /// True if a text in it is shortened.
    pub is_shortened: bool,
    text: String,
}

impl Brief {
    /// Makes the brief.
    #[must_use]
    pub fn new(input: &BriefInput<'_>) -> Self {
        let incident = input.incident;
        let commander = incident.commander();
        let names = InternalNames::from_incident(
            incident,
            input.states,
            input.settings,
            input.public_names,
            commander.as_slice(),
        );
        let all = Facts::new(input, &names);
        let title = names.hide(&document_text::line(incident.title()));
        Self::fit(&title, |title| all.heading(title), all.collect())
    }

    /// Shortens what was typed, then leaves out facts, until it has at most [`MAX_WORDS`] words.
    fn fit(title: &str, heading: impl Fn(&str) -> String, facts: Vec<Fact>) -> Self {
        let mut by_importance: Vec<&Fact> = facts.iter().collect();
        by_importance.sort_by_key(|fact| Reverse(fact.importance));
        let with = |words: usize, kept: usize| {
            let (shown, left_out) = by_importance.split_at(kept);
            let is_shown = |fact: &&Fact| shown.iter().any(|other| other.name == fact.name);
            let heading = heading(&shorten(title, words));
            let mut lines = vec![heading.clone()];
            lines.extend(
                facts
                    .iter()
                    .filter(is_shown)
                    .map(|fact| format!("{}: {}", fact.label, fact.text(words))),
            );
            let is_shortened = [title]
                .into_iter()
                .chain(shown.iter().map(|fact| fact.typed.as_str()))
                .any(|typed| word_count(typed) > words);
            if !left_out.is_empty() {
                let labels: Vec<String> = left_out
                    .iter()
                    .map(|fact| fact.label.to_lowercase())
                    .collect();
                lines.push(format!("Left out, too long: {}.", labels.join(", ")));
            }
            Self {
                heading,
                left_out: left_out.iter().map(|fact| fact.name).collect(),
                is_shortened,
                text: lines.join("\n"),
                facts: Vec::new(),
            }
        };
        let shortened = TEXT_WORDS.iter().map(|words| (*words, facts.len()));
        let least = TEXT_WORDS[TEXT_WORDS.len() - 1];
        let fewer = (0..facts.len()).rev().map(|kept| (least, kept));
        let mut best = with(least, 0);
        for (words, kept) in shortened.chain(fewer) {
            let brief = with(words, kept);
            if word_count(&brief.text) <= MAX_WORDS {
                best = brief;
                break;
            }
        }
        best.facts = facts;
        best
    }

    /// Returns the brief: a heading, then a line for each fact.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests;
