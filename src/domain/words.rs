//! The closed vocabularies of the journal: kinds, states, severities. Each parses several spellings
//! and prints one; a word of a newer version is kept as it was read.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{borrow::Cow, fmt, str::FromStr};

/// The kind of an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Fault,
    /// A fault that a protection caught: a near miss.
    Absorbed,
    /// A person or a monitor noticed.
    Detect,
    /// A responder acknowledged.
    Ack,
    Suspect,
    Finding,
    Cause,
    /// A contributing factor.
    Factor,
    /// A deployment or another change, often before the fault.
    Change,
    /// A decision of the incident commander.
    Decision,
    /// A request to do something now.
    Ask,
    Action,
    /// A check that a fix works.
    Verify,
    /// The impact is reduced.
    Mitigate,
    /// The service works again.
    Restore,
    /// Communication with customers, executives, support, ...
    Comms,
    /// The incident commander changes.
    Handoff,
    Note,
    /// Start of the incident; written by `declare` only.
    Declare,
    /// End of the incident; written by `resolve` only.
    Resolve,
    /// The incident was not over; written by `reopen` only.
    Reopen,
    /// A kind of a newer version.
    Other(String),
}

/// The kinds that a capture line can begin with, in the order in which they are offered.
pub const CAPTURE_KINDS: [Kind; 18] = [
    Kind::Fault,
    Kind::Absorbed,
    Kind::Detect,
    Kind::Ack,
    Kind::Suspect,
    Kind::Finding,
    Kind::Cause,
    Kind::Factor,
    Kind::Change,
    Kind::Decision,
    Kind::Ask,
    Kind::Action,
    Kind::Verify,
    Kind::Mitigate,
    Kind::Restore,
    Kind::Comms,
    Kind::Handoff,
    Kind::Note,
];

/// True if `word` before a colon is the kind of a line, also shortened, or `done`.
#[must_use]
pub fn is_capture_kind(word: &str) -> bool {
    let word = word.to_lowercase();
    let is_short_for = |kind: &str| word.len() >= 3 && kind.starts_with(&word);
    word == "done" || CAPTURE_KINDS.iter().any(|kind| is_short_for(kind.as_str()))
}

impl Kind {
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Fault => "fault",
            Self::Absorbed => "absorbed",
            Self::Detect => "detect",
            Self::Ack => "ack",
            Self::Suspect => "suspect",
            Self::Finding => "finding",
            Self::Cause => "cause",
            Self::Factor => "factor",
            Self::Change => "change",
            Self::Decision => "decision",
            Self::Ask => "ask",
            Self::Action => "action",
            Self::Verify => "verify",
            Self::Mitigate => "mitigate",
            Self::Restore => "restore",
            Self::Comms => "comms",
            Self::Handoff => "handoff",
            Self::Note => "note",
            Self::Declare => "declare",
            Self::Resolve => "resolve",
            Self::Reopen => "reopen",
            Self::Other(word) => word,
        }
    }

    /// Returns the kind stored as `word`; an unknown word becomes [`Kind::Other`].
    #[must_use]
    pub fn stored(word: &str) -> Self {
        CAPTURE_KINDS
            .iter()
            .chain(&[Self::Declare, Self::Resolve, Self::Reopen])
            .find(|k| k.as_str() == word)
            .cloned()
            .unwrap_or_else(|| Self::Other(word.to_owned()))
    }

    /// True if an event of this kind changes states without naming one. What it changes depends on
    /// the states before it, see [`CurrentStates`](super::states::CurrentStates).
    #[must_use]
    pub fn bears_state(&self) -> bool {
        matches!(
            self,
            Self::Fault
                | Self::Absorbed
                | Self::Mitigate
                | Self::Restore
                | Self::Resolve
                | Self::Reopen
        )
    }

    /// True for `declare`, `resolve` and `reopen`, which have commands of their own.
    #[must_use]
    pub fn is_lifecycle(&self) -> bool {
        matches!(self, Self::Declare | Self::Resolve | Self::Reopen)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::stored(&Cow::<'de, str>::deserialize(from)?))
    }
}

/// The state of a service, ordered from best to worst. An incident has the worst state of its
/// services, so one in an unknown state makes the incident unknown unless another is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Working, with full redundancy.
    Ok,
    /// Redundancy lost, no customer impact.
    AtRisk,
    /// Partial customer impact.
    Degraded,
    /// It was not given, or it is a state of a newer version. It cannot be typed.
    Unknown,
    Down,
}

impl State {
    /// The four states that can be typed, from best to worst.
    pub const ALL: [Self; 4] = [Self::Ok, Self::AtRisk, Self::Degraded, Self::Down];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::AtRisk => "at-risk",
            Self::Degraded => "degraded",
            Self::Unknown => "unknown",
            Self::Down => "down",
        }
    }

    /// Returns the word as it is shown: `state?` for one that is not known.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Unknown => "state?",
            known => known.as_str(),
        }
    }

    /// Parses the state in a summary row, as [`State::as_str`] writes it.
    #[must_use]
    pub fn of_summary(word: &str) -> Self {
        Self::stored(word).unwrap_or(Self::Unknown)
    }

    /// True if customers are known to be affected.
    #[must_use]
    pub fn is_impact(self) -> bool {
        matches!(self, Self::Degraded | Self::Down)
    }
}

impl Vocabulary for State {
    fn stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A closed list of words as the journal stores them.
pub trait Vocabulary: Copy + fmt::Display {
    /// Returns the member stored exactly as `word`; `None` for any other text.
    fn stored(word: &str) -> Option<Self>;
}

/// A word of the journal: either known, or from a newer version and kept, shown and written back as
/// it was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word<T> {
    Known(T),
    Other(String),
}

impl<T: Vocabulary> Word<T> {
    /// `None` for a word of another version.
    #[must_use]
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(member) => Some(*member),
            Self::Other(_) => None,
        }
    }

    #[must_use]
    pub fn stored(word: &str) -> Self {
        T::stored(word).map_or_else(|| Self::Other(word.to_owned()), Self::Known)
    }
}

impl<T: Default> Default for Word<T> {
    fn default() -> Self {
        Self::Known(T::default())
    }
}

impl<T> From<T> for Word<T> {
    fn from(member: T) -> Self {
        Self::Known(member)
    }
}

/// Compares with a member; a word of another version equals none.
impl<T: PartialEq> PartialEq<T> for Word<T> {
    fn eq(&self, member: &T) -> bool {
        matches!(self, Self::Known(known) if known == member)
    }
}

impl<T: fmt::Display> fmt::Display for Word<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(member) => member.fmt(f),
            Self::Other(word) => f.pad(word),
        }
    }
}

impl<T: fmt::Display> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de, T: Vocabulary> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::stored(&Cow::<'de, str>::deserialize(from)?))
    }
}

/// The severity of an incident by its level: 0 (worst) to 5. Settings may have other names, which are words
/// of their own: see [`Severities`](super::severities::Severities).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Severity(u8);

impl Severity {
    /// `None` unless `level` is 0 (worst) to 5.
    #[must_use]
    pub fn new(level: u8) -> Option<Self> {
        (0..=5).contains(&level).then_some(Self(level))
    }

    #[must_use]
    pub fn level(self) -> u8 {
        self.0
    }
}

impl Vocabulary for Severity {
    fn stored(word: &str) -> Option<Self> {
        let level = word.strip_prefix("sev")?;
        (0..=5).map(Self).find(|s| s.0.to_string() == level)
    }
}

/// A word that is not in the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a {what}; there are {known}")]
pub struct UnknownWord {
    pub word: String,
    /// The vocabulary: `state`, `severity`.
    pub what: &'static str,
    /// The valid words, separated by commas.
    pub known: &'static str,
}

impl FromStr for State {
    type Err = UnknownWord;

    /// Parses a state in any case, with the common synonyms: `at risk`, `at_risk`, `up`.
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text.trim().to_lowercase().replace(['_', ' '], "-").as_str() {
            "ok" | "up" | "operational" => Ok(Self::Ok),
            "at-risk" | "atrisk" | "risk" => Ok(Self::AtRisk),
            "degraded" | "partial" => Ok(Self::Degraded),
            "down" | "outage" => Ok(Self::Down),
            _ => Err(UnknownWord {
                word: text.to_owned(),
                what: "state",
                known: "ok, at-risk, degraded, down",
            }),
        }
    }
}

impl FromStr for Severity {
    type Err = UnknownWord;

    /// Parses the common spellings of a severity: `sev1`, `SEV-1`, `P1`, `1`.
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let lower = text.trim().to_lowercase();
        let digits = ["severity", "sev", "p", "s"]
            .iter()
            .find_map(|prefix| lower.strip_prefix(prefix))
            .unwrap_or(&lower)
            .trim_start_matches(['-', ' ', '_']);
        digits.parse().ok().and_then(Self::new).ok_or(UnknownWord {
            word: text.to_owned(),
            what: "severity",
            known: "sev0, sev1, sev2, sev3, sev4, sev5",
        })
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("sev{}", self.0))
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// Any word that [`State::as_str`] does not return is read as [`State::Unknown`].
impl<'de> Deserialize<'de> for State {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::of_summary(&Cow::<'de, str>::deserialize(from)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_and_state_parse_common_spellings() {
        for text in ["sev1", "SEV1", "P1", "p1", "1", "Sev-1", "severity 1"] {
            assert_eq!(text.parse(), Ok(Severity(1)), "{text}");
        }
        assert!("sev6".parse::<Severity>().is_err());
        for text in ["at-risk", "AT RISK", "at_risk"] {
            assert_eq!(text.parse(), Ok(State::AtRisk), "{text}");
        }
        assert!("broken".parse::<State>().is_err());
    }

    #[test]
    fn every_kind_round_trips() {
        for kind in CAPTURE_KINDS {
            assert_eq!(Kind::stored(kind.as_str()), kind);
        }
        assert_eq!(Kind::stored("hunch"), Kind::Other("hunch".into()));
    }

    #[test]
    fn stored_words_read_letter_for_letter() {
        for state in State::ALL {
            assert_eq!(Word::<State>::stored(state.as_str()), Word::Known(state));
        }
        for other in ["outage", "DOWN", "unknown", "flapping", ""] {
            assert_eq!(Word::<State>::stored(other), Word::Other(other.into()));
        }
        assert_eq!(Word::<Severity>::stored("sev2"), Word::Known(Severity(2)));
        for other in ["sev6", "SEV2", "sev02", "p1", "2"] {
            assert_eq!(Word::<Severity>::stored(other), Word::Other(other.into()));
        }
    }

    #[test]
    fn unknown_state_is_worse_than_degraded_and_better_than_down() {
        assert!(State::Degraded < State::Unknown && State::Unknown < State::Down);
        assert!(!State::Unknown.is_impact());
    }
}
