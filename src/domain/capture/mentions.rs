//! Resolves `@x`: a known service, else a known person, else in an ask a new person, on an event
//! with a state a new service, else text. See `docs/line.md`.

use super::{context::Context, error::excerpt, parsed_line::Flags};
use crate::domain::{
    suggestion::{did_you_mean, nearest},
    white_space::fold_white_space,
    words::Kind,
};
use std::borrow::Cow;

/// The meaning of `@x`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mention {
    Service(String),
    NewService(String),
    All,
    Person(String),
    Commander(String),
    Text,
}

/// Resolves the `@` markers of one line, in order.
pub(super) struct MentionResolver<'a> {
    context: &'a Context<'a>,
    /// False if services were given as flags.
    find_services: bool,
    find_people: bool,
    has_state: bool,
    /// True for an ask, in which an unknown name is most likely the person who is asked.
    is_ask: bool,
    /// Unknown names, as they were first spelt.
    new_names: Vec<String>,
    /// The first name on an event with a state that is neither known nor a name of a service.
    pub kept_as_text: Option<String>,
    pub notices: Vec<String>,
}

/// Maximum number of notices for one line.
const MAX_NOTICES: usize = 5;
/// What is said of a name that nothing has.
const KEPT_AS_TEXT: &str = "is neither a service nor a person here: kept as text";

impl<'a> MentionResolver<'a> {
    pub fn new(context: &'a Context<'a>, flags: &Flags, has_state: bool, kind: &Kind) -> Self {
        Self {
            context,
            find_services: flags.services.is_empty(),
            find_people: flags.people.is_empty(),
            has_state,
            is_ask: *kind == Kind::Ask,
            new_names: Vec::new(),
            kept_as_text: None,
            notices: Vec::new(),
        }
    }

    /// Resolves `name`, which is that of the new commander if `is_commander`.
    pub fn resolve(&mut self, name: &str, is_commander: bool) -> Mention {
        let name = &*with_plain_spaces(name);
        let name = self.context.name_of_now(name);
        if self.find_services {
            if let Some(known) = canonical_name(name, &self.context.services) {
                return Mention::Service(known);
            }
            if name.eq_ignore_ascii_case("all") {
                return Mention::All;
            }
        }
        let person = || canonical_name(name, self.context.people());
        if is_commander {
            let commander = typed_person(name, self.context.people());
            self.notices.extend(commander.notice);
            return Mention::Commander(commander.name);
        }
        if self.find_people
            && let Some(known) = person()
        {
            return Mention::Person(known);
        }
        if self.is_ask && self.find_people {
            if let Some(known_name) = canonical_name(name, &self.new_names) {
                return Mention::Person(known_name);
            }
            self.new_names.push(name.to_owned());
            self.push_notice(name, "was not known: taken for a person");
            return Mention::Person(name.to_owned());
        }
        if !self.find_services {
            return Mention::Text;
        }
        // A service is one word.
        if self.has_state && !name.contains(' ') && may_be_service(name) {
            if let Some(known_name) = canonical_name(name, &self.new_names) {
                return Mention::NewService(known_name);
            }
            self.new_names.push(name.to_owned());
            self.push_notice(name, "is a new service here");
            return Mention::NewService(name.to_owned());
        }
        self.push_notice(name, KEPT_AS_TEXT);
        if self.has_state && self.kept_as_text.is_none() {
            self.kept_as_text = Some(name.to_owned());
        }
        Mention::Text
    }

    fn push_notice(&mut self, name: &str, what: &str) {
        if self.notices.len() >= MAX_NOTICES {
            return;
        }
        let known = self.context.services.iter().chain(self.context.people());
        let meant = person_with_first_name(name, self.context.people())
            .map(String::as_str)
            .or_else(|| nearest(name, known.map(String::as_str)));
        let suggestion = meant.map_or(String::new(), |meant| format!("; {}", ask_for(meant)));
        self.notices
            .push(format!("@{} {what}{suggestion}", excerpt(name)));
    }
}

/// True if a service may be called `name`, which nothing has so far: `@99` is none, and `@here` calls the others of a
/// chat.
fn may_be_service(name: &str) -> bool {
    const OF_CHATS: [&str; 3] = ["here", "channel", "everyone"];
    name.contains(char::is_alphabetic) && !OF_CHATS.iter().any(|word| eq_ignore_case(word, name))
}

/// True if `notice`, of a line, says that nothing has the name `name`.
#[must_use]
pub fn is_unknown_name_notice(notice: &str, name: &str) -> bool {
    let said = notice
        .strip_prefix('@')
        .and_then(|said| said.strip_prefix(name));
    said.is_some_and(|said| said.trim_start().starts_with(KEPT_AS_TEXT))
}

/// Asks whether `name` is meant, as a line would have it.
fn ask_for(name: &str) -> String {
    let quote = if name.contains(' ') { "\"" } else { "" };
    did_you_mean(&[format!("@{quote}{}{quote}", excerpt(name))])
}

/// Returns the one of `people` that has a name of several words, of which `name` is the first.
fn person_with_first_name<'p>(name: &str, people: &'p [String]) -> Option<&'p String> {
    people.iter().find(|known| {
        let first = known.split_once(' ').map(|(first, _)| first);
        first.is_some_and(|first| eq_ignore_case(first, name))
    })
}

/// Returns a name of several words with plain spaces between them: chats put others there.
fn with_plain_spaces(name: &str) -> Cow<'_, str> {
    let is_other = |c: char| c.is_whitespace() && c != ' ';
    match name.contains(is_other) {
        true => Cow::Owned(fold_white_space(name)),
        false => Cow::Borrowed(name),
    }
}

/// Looks up `name` in `known` regardless of case; returns the known spelling.
pub(super) fn canonical_name(name: &str, known: &[String]) -> Option<String> {
    known
        .iter()
        .find(|k| *k == name)
        .or_else(|| known.iter().find(|k| eq_ignore_case(k, name)))
        .cloned()
}

/// A person who was typed for a role.
pub struct TypedPerson {
    /// The name as it is known, else as it was typed.
    pub name: String,
    /// Says which known person is perhaps meant; `None` if the name is known, or no known one is close.
    pub notice: Option<String>,
    pub is_known: bool,
}

/// Returns the person that `name` means, where `people` are known.
#[must_use]
pub fn typed_person(name: &str, people: &[String]) -> TypedPerson {
    let name = &*with_plain_spaces(name);
    let known = canonical_name(name, people);
    let is_known = known.is_some();
    let meant = person_with_first_name(name, people)
        .map(String::as_str)
        .or_else(|| nearest(name, people.iter().map(String::as_str)))
        .filter(|_| !is_known);
    TypedPerson {
        name: known.unwrap_or_else(|| name.to_owned()),
        notice: meant.map(|meant| format!("@{} is new here; {}", excerpt(name), ask_for(meant))),
        is_known,
    }
}

/// Compares two names regardless of case.
pub(super) fn eq_ignore_case(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

/// Adds `name` unless `names` contains it in any case.
pub(super) fn push_unique(names: &mut Vec<String>, name: String) {
    if !names.iter().any(|n| eq_ignore_case(n, &name)) {
        names.push(name);
    }
}
