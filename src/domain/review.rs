//! The status of a postmortem: a draft, reviewed, or final; and what was recorded since.
//!
//! A review is the value of the field `reviewed` or `final`: who, when, and the heads of the incident's
//! chains at that moment.

use super::{
    hash::Hash,
    time::{UtcTime, serde_utc},
    words::UnknownWord,
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use uuid::Uuid;

/// How far a review goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewStage {
    Reviewed,
    Final,
}

impl ReviewStage {
    /// The name of the field that holds it.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::Reviewed => "reviewed",
            Self::Final => "final",
        }
    }
}

impl FromStr for ReviewStage {
    type Err = UnknownWord;

    /// Parses the name of the field.
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        [Self::Reviewed, Self::Final]
            .into_iter()
            .find(|stage| stage.field() == text)
            .ok_or_else(|| UnknownWord {
                word: text.to_owned(),
                what: "review",
                known: "reviewed, final",
            })
    }
}

/// Returns true for the names of the fields that hold reviews, which `set` does not take.
#[must_use]
pub fn is_review_field(name: &str) -> bool {
    name.parse::<ReviewStage>().is_ok()
}

/// What a review was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewedRecords {
    #[serde(with = "serde_utc")]
    pub at: UtcTime,
    /// The ends of the incident's chains at that moment.
    pub heads: Vec<ReviewedHead>,
}

/// The end of a chain, see [`ChainHead`](super::entry::ChainHead).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewedHead {
    /// The incident whose chain it is, if that was merged into the reviewed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Uuid>,
    pub origin: Uuid,
    pub seq: u64,
    pub hash: Option<Hash>,
}

/// The status of an incident's postmortem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DocumentStatus {
    #[default]
    Draft,
    Reviewed(Approval),
    Final(Approval),
}

impl DocumentStatus {
    /// `draft`, `reviewed` or `final`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Reviewed(_) => ReviewStage::Reviewed.field(),
            Self::Final(_) => ReviewStage::Final.field(),
        }
    }

    /// The newest review that counts; `None` for a draft.
    #[must_use]
    pub fn approval(&self) -> Option<&Approval> {
        match self {
            Self::Draft => None,
            Self::Reviewed(approval) | Self::Final(approval) => Some(approval),
        }
    }

    /// See [`approval`](Self::approval).
    pub fn approval_mut(&mut self) -> Option<&mut Approval> {
        match self {
            Self::Draft => None,
            Self::Reviewed(approval) | Self::Final(approval) => Some(approval),
        }
    }
}

/// Who reviewed a postmortem, when, and what of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub by: String,
    pub at: UtcTime,
    /// The ends of the incident's chains at that moment.
    pub heads: Vec<ReviewedHead>,
    /// The number of later records, see [`changes_document`](super::value::changes_document).
    pub changed_since: u64,
}

impl Approval {
    /// The sequence number up to which the chain of `origin` was reviewed, in the incident itself or in the
    /// one that was `merged` into it; 0 if it was not there.
    #[must_use]
    pub fn reviewed_up_to(&self, merged: Option<Uuid>, origin: Uuid) -> u64 {
        let is_this = |head: &&ReviewedHead| (head.incident, head.origin) == (merged, origin);
        self.heads.iter().find(is_this).map_or(0, |head| head.seq)
    }
}
