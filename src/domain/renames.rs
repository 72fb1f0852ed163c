//! What the services and people of one incident are called now: names that were renamed or removed
//! after events had named them. The entries keep the names that were recorded; [`Renames`] is applied
//! where they are read.

use super::{
    event::Event,
    subject::Subject,
    task::Task,
    time::UtcTime,
    value::{NameChange, Value},
};
use std::collections::BTreeMap;

/// The renamed and removed names of one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    services: BTreeMap<String, NameChange>,
    people: BTreeMap<String, NameChange>,
}

impl Renames {
    /// Takes over what `value`, the current one of `subject`, says of its name.
    pub fn add(&mut self, subject: &Subject, value: &Value) {
        match (subject, value) {
            (Subject::Service(name), Value::Service(service)) => {
                let change = service.name_change.change();
                self.services
                    .extend(change.map(|change| (name.clone(), change)));
            }
            (Subject::Person(name), Value::Person(person)) => {
                let change = person.name_change.change();
                self.people
                    .extend(change.map(|change| (name.clone(), change)));
            }
            _ => {}
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.services.is_empty() && self.people.is_empty()
    }

    /// The name that the service `name` has now.
    #[must_use]
    pub fn service<'a>(&'a self, name: &'a str) -> &'a str {
        follow(&self.services, name).0
    }

    /// The name that the person `name` has now.
    #[must_use]
    pub fn person<'a>(&'a self, name: &'a str) -> &'a str {
        follow(&self.people, name).0
    }

    /// The earlier names of renamed people.
    pub fn renamed_people(&self) -> impl Iterator<Item = &str> {
        self.people.keys().map(String::as_str)
    }

    /// When the service `name` was removed; `None` if it was not.
    #[must_use]
    pub fn service_removed(&self, name: &str) -> Option<UtcTime> {
        follow(&self.services, name).1
    }

    /// When the person `name` was removed; `None` if it was not.
    #[must_use]
    pub fn person_removed(&self, name: &str) -> Option<UtcTime> {
        follow(&self.people, name).1
    }

    /// Gives an event, first recorded at `recorded`, the names of now. A name that was removed after that is
    /// left out; if no service is left of those that it named, it bears no state.
    pub fn apply(&self, event: &mut Event, recorded: UtcTime) {
        if self.is_empty() {
            return;
        }
        if !event.services.is_empty() {
            replace(&self.services, &mut event.services, recorded);
            if event.services.is_empty() {
                event.lose_services();
            }
        }
        replace(&self.people, &mut event.people, recorded);
        self.rename_person(event.commander.as_mut());
        self.rename_person(event.commander_before.as_mut());
    }

    /// Gives the owner of a task the name of now.
    pub fn apply_to_task(&self, task: &mut Task) {
        self.rename_person(task.owner.as_mut());
    }

    /// Replaces `name`, if there is one, by the name that the person has now.
    pub fn rename_person(&self, name: Option<&mut String>) {
        if let Some(name) = name
            && self.people.contains_key(name.as_str())
        {
            *name = self.person(name).to_owned();
        }
    }

    /// Replaces each name of a list such as `ann, bo`.
    pub fn rename_people_in(&self, list: &mut String) {
        let renamed = |part: &str| {
            let name = part.trim();
            match name.strip_prefix('@') {
                Some(bare) => part.replacen(bare, self.person(bare), 1),
                None if name.is_empty() => part.to_owned(),
                None => part.replacen(name, self.person(name), 1),
            }
        };
        if !self.people.is_empty() {
            *list = list.split(',').map(renamed).collect::<Vec<_>>().join(",");
        }
    }
}

/// Follows the renames of `name` to what it is called now, and to when that was removed. Names that were
/// renamed in a circle, which two machines can do while apart, stay as they are.
fn follow<'a>(
    changes: &'a BTreeMap<String, NameChange>,
    name: &'a str,
) -> (&'a str, Option<UtcTime>) {
    let mut now = name;
    for _ in 0..=changes.len() {
        match changes.get(now) {
            Some(NameChange::Renamed(to)) => now = to,
            Some(NameChange::Removed(at)) => return (now, Some(*at)),
            None => return (now, None),
        }
    }
    (name, None)
}

/// Replaces `names`, recorded at `recorded`, by those of now, each once and without the removed ones.
fn replace(changes: &BTreeMap<String, NameChange>, names: &mut Vec<String>, recorded: UtcTime) {
    if changes.is_empty() {
        return;
    }
    let mut current: Vec<String> = Vec::with_capacity(names.len());
    for name in names.iter() {
        let (now, removed) = follow(changes, name);
        let counts = removed.is_none_or(|at| at < recorded);
        if counts && !current.iter().any(|known| known == now) {
            current.push(now.to_owned());
        }
    }
    *names = current;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        testing::at,
        value::{NameFields, Service},
        words::{Kind, State, Word},
    };

    fn renames(changes: &[(&str, NameChange)]) -> Renames {
        let mut renames = Renames::default();
        for (name, change) in changes {
            let service = Service {
                name_change: NameFields::from(change.clone()),
                ..Service::default()
            };
            renames.add(
                &Subject::Service((*name).to_owned()),
                &Value::Service(service),
            );
        }
        renames
    }

    fn to(name: &str) -> NameChange {
        NameChange::Renamed(name.to_owned())
    }

    fn event(services: &[&str]) -> Event {
        let mut event = Event::new(at("10:00").fixed_offset(), Kind::Fault, "halted");
        event.services = services.iter().map(|&s| s.to_owned()).collect();
        event.state = Some(Word::Known(State::Down));
        event
    }

    #[test]
    fn renames_are_followed_and_those_in_a_circle_are_not() {
        let chain = renames(&[("a", to("b")), ("b", to("c"))]);
        assert_eq!(chain.service("a"), "c");
        assert_eq!(chain.service("x"), "x");
        let circle = renames(&[("a", to("b")), ("b", to("a"))]);
        assert_eq!((circle.service("a"), circle.service("b")), ("a", "b"));
    }

    #[test]
    fn two_names_of_one_service_count_once() {
        let renames = renames(&[("onlin-db", to("online-db"))]);
        let mut both = event(&["online-db", "onlin-db"]);
        renames.apply(&mut both, at("10:01"));
        assert_eq!(both.services, ["online-db"]);
        assert!(both.bears_state());
    }

    #[test]
    fn event_of_a_removed_service_bears_no_state_unless_recorded_later() {
        let renames = renames(&[("db", NameChange::Removed(at("11:00")))]);
        let mut earlier = event(&["db"]);
        renames.apply(&mut earlier, at("10:01"));
        assert_eq!(earlier.services, [""; 0]);
        assert!(!earlier.bears_state() && earlier.shown_state().is_none());
        let mut other = event(&["db", "web"]);
        renames.apply(&mut other, at("10:01"));
        assert_eq!(other.services, ["web"]);
        assert!(other.bears_state());
        let mut later = event(&["db"]);
        renames.apply(&mut later, at("11:01"));
        assert_eq!(later.services, ["db"]);
        assert!(later.bears_state());
    }
}
