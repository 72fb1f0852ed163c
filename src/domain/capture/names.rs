//! Who `@x` is: a service if known, else a person if known; else in an ask a new person, on an event
//! that bears a state a new service; else text. Source: DESIGN, The capture line, and Words.

use super::{Context, Flags, show};
use crate::domain::{near::nearest, words::Kind};

/// What `@x` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Service(String),
    NewService(String),
    All,
    Person(String),
    Commander(String),
    Text,
}

/// Reads `@` markers of one line, in order.
pub(super) struct Names<'a> {
    context: &'a Context<'a>,
    /// Services given as flags are not looked for.
    services: bool,
    people: bool,
    /// True where the event bears a state.
    state: bool,
    /// True where a name that is not known is most likely that of who is asked.
    ask: bool,
    /// True while a handoff has not said to whom.
    handoff: bool,
    /// Names that were not known, as they were first spelt.
    new: Vec<String>,
    pub notices: Vec<String>,
}

/// How many words of one line are remarked on.
const MOST_NOTICES: usize = 5;

impl<'a> Names<'a> {
    pub fn new(context: &'a Context<'a>, flags: &Flags, state: bool, kind: &Kind) -> Self {
        Self {
            context,
            services: flags.services.is_empty(),
            people: flags.people.is_empty(),
            state,
            ask: *kind == Kind::Ask,
            handoff: *kind == Kind::Handoff,
            new: Vec::new(),
            notices: Vec::new(),
        }
    }

    pub fn who(&mut self, name: &str) -> Who {
        if self.services {
            if let Some(known) = spelt(name, &self.context.services) {
                return Who::Service(known);
            }
            if name.eq_ignore_ascii_case("all") {
                return Who::All;
            }
        }
        let person = || spelt(name, &self.context.people);
        if self.handoff {
            self.handoff = false;
            return Who::Commander(person().unwrap_or_else(|| name.to_owned()));
        }
        if self.people
            && let Some(known) = person()
        {
            return Who::Person(known);
        }
        if self.ask && self.people {
            if let Some(said) = spelt(name, &self.new) {
                return Who::Person(said);
            }
            self.new.push(name.to_owned());
            self.remark(name, "was not known: taken for a person");
            return Who::Person(name.to_owned());
        }
        if !self.services {
            return Who::Text;
        }
        if self.state {
            if let Some(said) = spelt(name, &self.new) {
                return Who::NewService(said);
            }
            self.new.push(name.to_owned());
            self.remark(name, "is a new service here");
            return Who::NewService(name.to_owned());
        }
        self.remark(name, "is neither a service nor a person here: kept as text");
        Who::Text
    }

    fn remark(&mut self, name: &str, what: &str) {
        if self.notices.len() >= MOST_NOTICES {
            return;
        }
        let known = self.context.services.iter().chain(&self.context.people);
        let near = nearest(name, known.map(String::as_str)).map_or(String::new(), |near| {
            format!("; did you mean @{}?", show(near))
        });
        self.notices.push(format!("@{} {what}{near}", show(name)));
    }
}

/// The one of `known` that is `name` but for case, as it is spelt there.
pub(super) fn spelt(name: &str, known: &[String]) -> Option<String> {
    known
        .iter()
        .find(|k| *k == name)
        .or_else(|| known.iter().find(|k| same(k, name)))
        .cloned()
}

/// True where two names differ in nothing but case.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

/// Adds `name` unless it is there, in whatever case.
pub(super) fn add(names: &mut Vec<String>, name: String) {
    if !names.iter().any(|n| same(n, &name)) {
        names.push(name);
    }
}
