//! An event: something that happened, as one version of its subject holds it.

use super::{
    time::{OffsetTime, UtcTime, serde_offset},
    unknown::UnknownFields,
    words::{Kind, Severity, State, Word},
};
use chrono::Utc;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something that happened. Every version of an event holds all of it, so that a version can be read
/// without the others.
///
/// All of it is internal but [`Event::customer`]: customers read that text, and no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When it happened.
    #[serde(with = "serde_offset")]
    pub at: OffsetTime,
    /// The name of the zone that `at` was read in; empty where only an offset was given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zone: String,
    /// True where the time is only about right.
    #[serde(default, skip_serializing_if = "is_false")]
    pub approximate: bool,
    /// When it ended, where it has a span.
    #[serde(
        default,
        with = "serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub end: Option<OffsetTime>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// What was typed, without its markers. Internal.
    pub text: String,
    /// Of a decision: why, and what was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "why")]
    pub rationale: Option<String>,
    /// Of a decision: what was turned down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "not")]
    pub rejected: Option<String>,
    /// Customer wording: the only text of the event that can ever leave the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The services it is about; none means all of them, where it bears a state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// The state it puts them in, where it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Word<State>>,
    /// Tags, without `#`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// People named, without `@`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// The events, asks and tasks it is linked to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Uuid>,
    /// True where it closes the asks it links to.
    #[serde(default, skip_serializing_if = "is_false")]
    pub closes: bool,
    /// Of a `comms`: to whom (`customers`, `execs`, `support`, ...), where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Of an ask: its time box, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "within")]
    pub time_box_secs: Option<u32>,
    /// The severity that holds from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Word<Severity>>,
    /// Who commands from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commander: Option<String>,
    /// Of a `declare`: the number that its store gave the incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Why it was taken out of the record, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracted: Option<String>,
    /// Why its text was destroyed, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
    /// Fields of a newer version.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Event {
    /// An event of `kind` at `at` with nothing but `text`.
    #[must_use]
    pub fn new(at: OffsetTime, kind: Kind, text: impl Into<String>) -> Self {
        Self {
            at,
            zone: String::new(),
            approximate: false,
            end: None,
            kind,
            text: text.into(),
            rationale: None,
            rejected: None,
            customer: None,
            services: Vec::new(),
            state: None,
            tags: Vec::new(),
            people: Vec::new(),
            links: Vec::new(),
            closes: false,
            audience: None,
            time_box_secs: None,
            severity: None,
            commander: None,
            number: None,
            retracted: None,
            redacted: None,
            unknown: UnknownFields::default(),
        }
    }

    /// When it happened, in UTC.
    #[must_use]
    pub fn at_utc(&self) -> UtcTime {
        self.at.with_timezone(&Utc)
    }

    /// When it ended, in UTC.
    #[must_use]
    pub fn end_utc(&self) -> Option<UtcTime> {
        self.end.map(|end| end.with_timezone(&Utc))
    }

    /// The state that was given; [`State::Unknown`] for a word that this version does not know.
    #[must_use]
    pub fn given_state(&self) -> Option<State> {
        let given = self.state.as_ref()?;
        Some(given.known().unwrap_or(State::Unknown))
    }

    /// The state it puts its services in: the one given, else [`Kind::implied_state`].
    #[must_use]
    pub fn state_or_implied(&self) -> Option<State> {
        self.given_state().or_else(|| self.kind.implied_state())
    }

    /// The state to show beside it: the one given, else the one implied; none for a `mitigate` that
    /// gave none, as its effect depends on the state before.
    #[must_use]
    pub fn shown_state(&self) -> Option<Word<State>> {
        let implied = || self.kind.implied_state().map(Word::Known);
        self.state
            .clone()
            .or_else(|| implied().filter(|_| self.kind != Kind::Mitigate))
    }

    /// True where the incident's own story turns on it: a state, a severity, a commander, its
    /// beginning or its end. Only these are read to know how an incident stands.
    #[must_use]
    pub fn is_milestone(&self) -> bool {
        self.kind.is_lifecycle()
            || self.kind == Kind::Fault
            || self.state_or_implied().is_some()
            || self.severity.is_some()
            || self.commander.is_some()
    }

    /// To customers: it carries their wording, or says that it is to them.
    #[must_use]
    pub fn is_customer_update(&self) -> bool {
        self.kind == Kind::Comms
            && self
                .audience
                .as_deref()
                .map_or(self.customer.is_some(), |to| to == "customers")
    }

    /// What is left when its text is destroyed for `reason`: when it was, and what it did to the
    /// state.
    #[must_use]
    pub fn redact(&self, reason: &str) -> Self {
        Self {
            text: String::new(),
            rationale: None,
            rejected: None,
            customer: None,
            tags: Vec::new(),
            people: Vec::new(),
            redacted: Some(reason.to_owned()),
            unknown: UnknownFields::default(),
            ..self.clone()
        }
    }
}
