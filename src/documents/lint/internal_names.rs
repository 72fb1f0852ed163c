//! Hides internal names in a text that leaves the people who work on the incident.

use super::{customer_texts::ForbiddenTerms, words};
use crate::{
    documents::Settings,
    domain::{incident::Incident, states::States},
};
use std::collections::BTreeSet;

/// Stands for a service or host that has no name for readers outside.
const SYSTEM: &str = "[a system]";
/// Stands for a person.
const PERSON: &str = "[someone]";
/// Stands for an address or a secret.
const REMOVED: &str = "[removed]";

/// The names of an incident that only the people who work on it know: services whose name is no plain word,
/// hosts, addresses, secrets, and people. They are the ones that lint keeps out of letters.
pub struct InternalNames {
    services: BTreeSet<String>,
    people: BTreeSet<String>,
    /// Names that look internal but may be read by anyone.
    allowed: Vec<String>,
}

impl InternalNames {
    /// Collects those of `incident`. `shown_people` may be named, and `allowed` as well.
    #[must_use]
    pub fn from_incident(
        incident: &Incident,
        states: &States,
        settings: &Settings,
        allowed: &[String],
        shown_people: &[&str],
    ) -> Self {
        let forbidden = ForbiddenTerms::from_incident(incident, states, settings);
        let mut people = forbidden.people;
        people.retain(|name| !shown_people.contains(&name.as_str()));
        let mut allowed = [allowed, &forbidden.own_names].concat();
        let services = incident.services.values();
        allowed.extend(services.filter_map(|service| service.public_name.clone()));
        Self {
            services: forbidden.service_names,
            people,
            allowed,
        }
    }

    /// Returns `text` with `[a system]`, `[someone]` or `[removed]` for what is internal; all else is as it was
    /// typed. The brackets say that these words were not.
    #[must_use]
    pub fn hide(&self, text: &str) -> String {
        let named: BTreeSet<String> = self
            .people
            .iter()
            .filter(|name| words::find_person(text, &BTreeSet::from([(*name).clone()])).is_some())
            .map(|name| name.to_lowercase())
            .collect();
        let mut shown = String::with_capacity(text.len());
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            shown.push_str(&self.hide_word(word, &named));
            shown.push_str(&piece[word.len()..]);
        }
        shown
    }

    /// Does it for one word with its punctuation. `people` are in lower case.
    fn hide_word(&self, word: &str, people: &BTreeSet<String>) -> String {
        if words::find_secret(word).is_some() {
            return REMOVED.to_owned();
        }
        let is_inside = |c: char| c.is_alphanumeric() || c == '_';
        let (Some(begin), Some(end)) = (word.find(is_inside), word.rfind(is_inside)) else {
            return word.to_owned();
        };
        let end = end + word[end..].chars().next().map_or(0, char::len_utf8);
        let core = &word[begin..end];
        let (name, ending) = match core.strip_suffix("'s") {
            Some(name) => (name, "'s"),
            None => (core, ""),
        };
        let lower = name.to_lowercase();
        let instead = if self.is_allowed(name) {
            None
        } else if people.contains(&lower) {
            Some(PERSON)
        } else if words::find_address(core).is_some() {
            Some(REMOVED)
        } else {
            words::find_host_name(name, &self.services).map(|_| SYSTEM)
        };
        let Some(instead) = instead else {
            return word.to_owned();
        };
        // A mark for the log is no part of what stands for the name.
        let before = word[..begin].trim_end_matches('@');
        format!("{before}{instead}{ending}{}", &word[end..])
    }

    /// True if `name` is a word of a name that anyone may read.
    fn is_allowed(&self, name: &str) -> bool {
        let mut allowed = self.allowed.iter().flat_map(|name| name.split_whitespace());
        allowed.any(|word| word == name)
    }
}
