//! Subjects: what an entry is about.
//!
//! Every entry names one subject and lists the versions of it that its author saw. A subject's
//! current value is a pure function of its entries ([`heads`](super::entry::heads)): amending, retracting,
//! undoing, moving and merging late arrivals all work this way.

use super::hash::Hash;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{borrow::Cow, fmt, str::FromStr};
use uuid::Uuid;

/// What an entry is about. Written `event/0192…`, `field/scope`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An event. An incident has the id of the event that declared it.
    Event(Uuid),
    Task(Uuid),
    /// A saved customer email.
    Message(Uuid),
    /// A field of the incident: `scope`, `zone`, ...
    Field(String),
    /// A section of the postmortem.
    Section(String),
    /// A service, with its public name as the value.
    Service(String),
    /// A person, with what became of the name as the value.
    Person(String),
    /// An import of what another tool recorded.
    Import(Uuid),
    /// The content of a file that is attached to events of the incident, by the hash of its bytes.
    File(Hash),
    /// A subject type of a newer version, kept as it was written.
    Other(String),
}

impl Subject {
    /// The id of a subject that has one and can move between incidents.
    #[must_use]
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Event(id) | Self::Task(id) | Self::Message(id) | Self::Import(id) => Some(*id),
            _ => None,
        }
    }

    /// The key that all its versions share: the subject itself if it has an id, else the subject
    /// within `incident`.
    #[must_use]
    pub fn key(&self, incident: Option<Uuid>) -> String {
        match (self.id(), incident) {
            (Some(_), _) => self.to_string(),
            (None, Some(incident)) => format!("{incident}/{self}"),
            (None, None) => format!("-/{self}"),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(id) => write!(f, "event/{id}"),
            Self::Task(id) => write!(f, "task/{id}"),
            Self::Message(id) => write!(f, "message/{id}"),
            Self::Import(id) => write!(f, "import/{id}"),
            Self::Field(name) => write!(f, "field/{name}"),
            Self::Section(name) => write!(f, "section/{name}"),
            Self::Service(name) => write!(f, "service/{name}"),
            Self::Person(name) => write!(f, "person/{name}"),
            Self::File(hash) => write!(f, "file/{hash}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl FromStr for Subject {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let other = || Self::Other(text.to_owned());
        let Some((sort, rest)) = text.split_once('/') else {
            return Ok(other());
        };
        let with_id = |make: fn(Uuid) -> Self| Uuid::parse_str(rest).map_or_else(|_| other(), make);
        Ok(match sort {
            "event" => with_id(Self::Event),
            "task" => with_id(Self::Task),
            "message" => with_id(Self::Message),
            "import" => with_id(Self::Import),
            "field" => Self::Field(rest.to_owned()),
            "section" => Self::Section(rest.to_owned()),
            "service" => Self::Service(rest.to_owned()),
            "person" => Self::Person(rest.to_owned()),
            // Only as it is written here: a subject keeps its letters.
            "file" => Hash::from_hex(rest)
                .filter(|hash| hash.to_string() == rest)
                .map_or_else(other, Self::File),
            _ => other(),
        })
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(from)?
            .parse()
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_round_trip_including_unknown_ones() {
        for text in [
            "event/00000000-0000-0000-0000-000000000001",
            "field/scope",
            "poem/7",
            "file/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "file/BA7816BF8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "x",
        ] {
            assert_eq!(text.parse::<Subject>().unwrap().to_string(), text);
        }
    }
}
