//! Who `@x` is: a service if known, else a person if known; else in an ask a new person, on an event
//! that bears a state a new service; else text. Source: DESIGN, The capture line, and Words.

use super::{context::Context, error::excerpt, parsed_line::Flags};
use crate::domain::{edit_distance::nearest, words::Kind};

/// What `@x` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mention {
    Service(String),
    NewService(String),
    All,
    Person(String),
    Commander(String),
    Text,
}

/// Reads `@` markers of one line, in order.
pub(super) struct MentionResolver<'a> {
    context: &'a Context<'a>,
    /// Services given as flags are not looked for.
    find_services: bool,
    find_people: bool,
    /// True where the event bears a state.
    bears_state: bool,
    /// True where a name that is not known is most likely that of who is asked.
    is_ask: bool,
    /// True while a handoff has not said to whom.
    needs_commander: bool,
    /// Names that were not known, as they were first spelt.
    new_names: Vec<String>,
    pub notices: Vec<String>,
}

/// How many words of one line are remarked on.
const MAX_NOTICES: usize = 5;

impl<'a> MentionResolver<'a> {
    pub fn new(context: &'a Context<'a>, flags: &Flags, state: bool, kind: &Kind) -> Self {
        Self {
            context,
            find_services: flags.services.is_empty(),
            find_people: flags.people.is_empty(),
            bears_state: state,
            is_ask: *kind == Kind::Ask,
            needs_commander: *kind == Kind::Handoff,
            new_names: Vec::new(),
            notices: Vec::new(),
        }
    }

    pub fn resolve(&mut self, name: &str) -> Mention {
        if self.find_services {
            if let Some(known) = canonical_name(name, &self.context.services) {
                return Mention::Service(known);
            }
            if name.eq_ignore_ascii_case("all") {
                return Mention::All;
            }
        }
        let person = || canonical_name(name, &self.context.people);
        if self.needs_commander {
            self.needs_commander = false;
            return Mention::Commander(person().unwrap_or_else(|| name.to_owned()));
        }
        if self.find_people
            && let Some(known) = person()
        {
            return Mention::Person(known);
        }
        if self.is_ask && self.find_people {
            if let Some(said) = canonical_name(name, &self.new_names) {
                return Mention::Person(said);
            }
            self.new_names.push(name.to_owned());
            self.push_notice(name, "was not known: taken for a person");
            return Mention::Person(name.to_owned());
        }
        if !self.find_services {
            return Mention::Text;
        }
        if self.bears_state {
            if let Some(said) = canonical_name(name, &self.new_names) {
                return Mention::NewService(said);
            }
            self.new_names.push(name.to_owned());
            self.push_notice(name, "is a new service here");
            return Mention::NewService(name.to_owned());
        }
        self.push_notice(name, "is neither a service nor a person here: kept as text");
        Mention::Text
    }

    fn push_notice(&mut self, name: &str, what: &str) {
        if self.notices.len() >= MAX_NOTICES {
            return;
        }
        let known = self.context.services.iter().chain(&self.context.people);
        let near = nearest(name, known.map(String::as_str)).map_or(String::new(), |near| {
            format!("; did you mean @{}?", excerpt(near))
        });
        self.notices
            .push(format!("@{} {what}{near}", excerpt(name)));
    }
}

/// The one of `known` that is `name` but for case, as it is spelt there.
pub(super) fn canonical_name(name: &str, known: &[String]) -> Option<String> {
    known
        .iter()
        .find(|k| *k == name)
        .or_else(|| known.iter().find(|k| eq_ignore_case(k, name)))
        .cloned()
}

/// True where two names differ in nothing but case.
pub(super) fn eq_ignore_case(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

/// Adds `name` unless it is there, in whatever case.
pub(super) fn push_unique(names: &mut Vec<String>, name: String) {
    if !names.iter().any(|n| eq_ignore_case(n, &name)) {
        names.push(name);
    }
}
