//! What a brief is made from, and a fact of it.

use super::words::shorten;
use crate::{
    documents::Settings,
    domain::{incident::Incident, states::States, time::UtcTime},
};

/// What a brief is made from.
#[derive(Clone, Copy)]
pub struct BriefInput<'a> {
    pub incident: &'a Incident,
    pub states: &'a States,
    /// The time as of which it is.
    pub now: UtcTime,
    pub settings: &'a Settings,
    /// Names that look internal but may be shown.
    pub public_names: &'a [String],
}

/// A fact of a brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name in JSON.
    pub name: &'static str,
    pub label: &'static str,
    /// The sentence before `typed`, written here.
    pub(super) before: String,
    /// What a person typed; empty if that is nothing. It may be shortened.
    pub(super) typed: String,
    pub(super) after: String,
    /// False if nobody recorded it.
    pub is_recorded: bool,
    /// Facts with the least are left out first.
    pub(super) importance: u8,
}

impl Fact {
    /// Returns its text with at most `typed_words` words of what a person typed.
    pub(super) fn text(&self, typed_words: usize) -> String {
        let typed = shorten(&self.typed, typed_words);
        format!("{}{typed}{}", self.before, self.after)
    }

    /// Returns its whole text, without its label.
    #[must_use]
    pub fn full_text(&self) -> String {
        format!("{}{}{}", self.before, self.typed, self.after)
    }
}
