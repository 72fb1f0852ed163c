//! Where an imported event comes from.

use super::{hash::Hash, time::UtcTime, unknown::UnknownFields};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The row of another tool that an event was made from. Every correction of the event keeps it, so that a
/// second import of the row finds the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventSource {
    /// The format's name: `slack`, `pagerduty`; empty if a newer version wrote something else here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub format: String,
    /// The workspace, account or file that the row's id belongs to; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub instance: String,
    /// The row's own id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Of the row's bytes: another hash means that the source edited it. `None` after a redaction, since
    /// the text could be guessed and compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<Hash>,
    /// When the source recorded it, if it says so besides when it happened.
    #[serde(
        default,
        with = "super::time::serde_utc::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub recorded: Option<UtcTime>,
    /// The [`Subject::Import`](super::subject::Subject::Import) that wrote this version.
    #[serde(default, skip_serializing_if = "Uuid::is_nil")]
    pub import: Uuid,
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

impl EventSource {
    /// Returns the id of the event that a row becomes in `incident`. It follows from the row alone: the same
    /// row imported again, or on another machine, is the same event.
    #[must_use]
    pub fn event_id(&self, incident: Option<Uuid>) -> Uuid {
        let mut hash = Sha256::new();
        hash.update(incident.unwrap_or_default().as_bytes());
        for part in [&self.format, &self.instance, &self.id] {
            // With its length, so that `a`, `bc` is another key than `ab`, `c`.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let digest = hash.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

/// An import: what its events came from. How many there are follows from the events themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The format's name.
    pub format: String,
    /// The name of the file or folder, without where it lay; `-` for standard input.
    pub name: String,
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(format: &str, instance: &str, id: &str) -> EventSource {
        EventSource {
            format: format.to_owned(),
            instance: instance.to_owned(),
            id: id.to_owned(),
            hash: None,
            recorded: None,
            import: Uuid::nil(),
            unknown: UnknownFields::default(),
        }
    }

    #[test]
    fn event_id_depends_on_each_part_of_the_key_and_on_the_incident_alone() {
        let incident = Some(Uuid::from_u128(7));
        let id = source("slack", "T1", "C1/5").event_id(incident);
        let later = EventSource {
            hash: Some(Hash::digest(b"x")),
            import: Uuid::from_u128(9),
            ..source("slack", "T1", "C1/5")
        };
        assert_eq!(later.event_id(incident), id);
        for other in [
            source("slack", "T1", "C1/6").event_id(incident),
            source("slack", "T1C", "1/5").event_id(incident),
            source("teams", "T1", "C1/5").event_id(incident),
            source("slack", "T1", "C1/5").event_id(None),
        ] {
            assert_ne!(other, id);
        }
    }
}
