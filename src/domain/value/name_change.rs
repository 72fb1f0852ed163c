//! What became of the name of a service or a person.

use crate::domain::time::UtcTime;
use serde::{Deserialize, Serialize};

/// What became of a name that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameChange {
    /// It stands for this name from now on, whenever it was recorded.
    Renamed(String),
    /// What was recorded until then does not name it any more.
    Removed(UtcTime),
}

impl std::fmt::Display for NameChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Renamed(to) => write!(f, "renamed to {to}"),
            Self::Removed(_) => f.write_str("removed"),
        }
    }
}

/// A [`NameChange`], or none, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameFields {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    renamed: Option<String>,
    #[serde(
        default,
        with = "crate::domain::time::serde_utc::option",
        skip_serializing_if = "Option::is_none"
    )]
    removed: Option<UtcTime>,
}

impl From<NameChange> for NameFields {
    fn from(change: NameChange) -> Self {
        match change {
            NameChange::Renamed(to) => Self {
                renamed: Some(to),
                removed: None,
            },
            NameChange::Removed(at) => Self {
                renamed: None,
                removed: Some(at),
            },
        }
    }
}

impl NameFields {
    /// What became of the name; `None` if it is as it was recorded.
    #[must_use]
    pub fn change(&self) -> Option<NameChange> {
        let renamed = self.renamed.clone().map(NameChange::Renamed);
        renamed.or(self.removed.map(NameChange::Removed))
    }
}
