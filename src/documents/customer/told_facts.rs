//! What a letter made from a view states, and which of what letters stated is otherwise.

use super::{
    comparison::Recorded,
    corrections::StaleFact,
    stated::{STATED_FIELDS, Topic, facts_as_of, follows_fact},
    view::CustomerView,
};
use crate::domain::{
    incident::{Incident, says_nobody},
    value::StatedFact,
};

impl CustomerView {
    /// Returns the facts that a letter made from this view states.
    #[must_use]
    pub fn facts(&self) -> Vec<StatedFact> {
        let mut facts = self.own_facts();
        facts.extend(self.facts_corrected.iter().cloned());
        facts.push(follows_fact(&self.sent));
        facts
    }

    /// Those facts, without what the letter corrects.
    pub(super) fn own_facts(&self) -> Vec<StatedFact> {
        let mut facts = facts_as_of(&self.names, &self.zone, self.as_of);
        // No letter says that one service was affected, and only some that none was.
        let is_count_told = match self.names.len() {
            0 => self.says_that_none_was_hit(),
            count => count > 1,
        };
        facts.retain(|fact| is_count_told || Topic::of(&fact.name) != Topic::Count);
        let fields = STATED_FIELDS.iter().filter_map(|name| {
            let text = self.told_field(name)?;
            Some(Topic::Field(name).fact(text.to_owned()))
        });
        facts.extend(fields);
        let wordings = self.wordings.iter();
        facts.extend(
            wordings.map(|wording| Topic::Wording(&wording.handle).fact(wording.text.clone())),
        );
        facts
    }

    /// The text of field `name`, where letters state it.
    pub(super) fn told_field(&self, name: &str) -> Option<&str> {
        let text = self.fields.get(name)?;
        let is_unknown = text.trim_end_matches('.').eq_ignore_ascii_case("unknown");
        let is_contradicted = name == "unaffected" && !self.said_unaffected.is_empty();
        (!is_unknown && !is_contradicted).then_some(text)
    }

    /// True if letters say that no customer was affected.
    pub(super) fn says_that_none_was_hit(&self) -> bool {
        self.names.is_empty() && self.covers_impact && !self.records_harm()
    }

    /// Returns the facts of sent letters and drafts of `incident` that differ from what the journal has,
    /// from which this view was made; drafts come last.
    #[must_use]
    pub fn stale_facts(&self, incident: &Incident) -> Vec<StaleFact> {
        let recorded = Recorded {
            names: &self.names,
            product: self.fields.get("product").map(String::as_str),
            other_names: &self.other_names,
            zone: &self.zone,
            stated: &self.own_facts(),
        };
        recorded.stale_facts(incident)
    }

    /// True if a field says that customers were hit, whatever the states say.
    fn records_harm(&self) -> bool {
        let says = |name: &str, nothing: &[&str]| {
            let text = self.fields.get(name).map(|text| text.trim());
            text.is_some_and(|text| !nothing.iter().any(|word| text.eq_ignore_ascii_case(word)))
        };
        says("customer-impact", &["none"])
            || self
                .fields
                .get("customer-scope")
                .is_some_and(|text| !says_nobody(text))
            || says("data-loss", &["none", "nothing", "no", "unknown"])
    }
}
