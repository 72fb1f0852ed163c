//! An event: one version of something that happened.

use super::{
    file::AttachedFile,
    source::EventSource,
    time::{OffsetTime, UtcTime, serde_offset},
    unknown::UnknownFields,
    words::{Kind, Severity, State, Word},
};
use chrono::Utc;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Stands for a name or a reason that was destroyed where there has to be one.
pub const REDACTED: &str = "[redacted]";
/// What follows the name in the text of a handoff that a command writes.
pub const TAKES_OVER: &str = " takes over command";

/// The recipients of a message that a redaction keeps: any other may be a name.
pub(super) const AUDIENCES: [&str; 3] = ["customers", "execs", "support"];

/// Something that happened. Every version of an event has all fields, so that it can be read
/// without the earlier versions.
///
/// Everything is internal except [`Event::customer`], the only text that customers may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    #[serde(with = "serde_offset")]
    pub at: OffsetTime,
    /// Name of the zone in which `at` was typed; empty if only an offset was given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zone: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub approximate: bool,
    /// When it ended; `None` for a moment.
    #[serde(
        default,
        with = "serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub end: Option<OffsetTime>,
    pub kind: Kind,
    /// The text as typed, without its markers. Internal.
    pub text: String,
    /// For a decision: the reason, and what was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "why")]
    pub rationale: Option<String>,
    /// For a decision: the option that was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "not")]
    pub rejected: Option<String>,
    /// Customer wording: the only text of the event that customers may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The services that it concerns. An event with a state and no services concerns all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// The state of the services from here on, if the event gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Word<State>>,
    /// Tags, without `#`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// People mentioned, without `@`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// The events, asks and tasks that it is linked to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Uuid>,
    /// True if it closes the asks in `links`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub closes: bool,
    /// For a `comms`: the recipients (`customers`, `execs`, `support`, ...), if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// For an ask: the time within which it is to be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "within")]
    pub time_box_secs: Option<u32>,
    /// The severity of the incident from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Word<Severity>>,
    /// The incident commander from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commander: Option<String>,
    /// For a handoff: who was the commander where it was written. Two machines that were apart can each hand over
    /// from the same person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commander_before: Option<String>,
    /// For a `declare`: the number that its store gave the incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// The reason, if it was taken out of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracted: Option<String>,
    /// The reason, if its text was destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
    /// The files that are attached to it. Internal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<AttachedFile>,
    /// Addresses that were given with it: a dashboard, a ticket. Internal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// The row of another tool that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Box<EventSource>>,
    #[serde(flatten)]
    pub unknown: UnknownFields,
    /// True if all services that it named were removed since, so that it bears no state. Computed where the
    /// event is read ([`Renames`](super::renames::Renames)), never stored.
    #[serde(skip)]
    pub has_lost_services: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Event {
    /// Returns its services, people and tags as they are typed: `@db`, `@ann`, `#storage`.
    pub fn typed_names(&self) -> impl Iterator<Item = String> {
        let names = self.services.iter().chain(&self.people);
        let names = names.map(|name| format!("@{name}"));
        names.chain(self.tags.iter().map(|tag| format!("#{tag}")))
    }

    /// Returns the commander of a handoff whose text says more than that this person takes over.
    #[must_use]
    pub fn commander_beside_text(&self) -> Option<&str> {
        let who = self.commander.as_deref()?;
        let rest = self.text.strip_prefix(who);
        let says_only_that = rest.is_some_and(|rest| rest.is_empty() || rest == TAKES_OVER);
        (self.kind == Kind::Handoff && !says_only_that).then_some(who)
    }

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
            commander_before: None,
            number: None,
            retracted: None,
            redacted: None,
            files: Vec::new(),
            urls: Vec::new(),
            source: None,
            unknown: UnknownFields::default(),
            has_lost_services: false,
        }
    }

    /// Takes away its state, as all services that it named were removed. The end of an incident is one
    /// without services, too.
    pub fn lose_services(&mut self) {
        self.state = None;
        self.has_lost_services = !self.kind.is_lifecycle();
    }

    #[must_use]
    pub fn at_utc(&self) -> UtcTime {
        self.at.with_timezone(&Utc)
    }

    #[must_use]
    pub fn end_utc(&self) -> Option<UtcTime> {
        self.end.map(|end| end.with_timezone(&Utc))
    }

    /// The state that the event gives; [`State::Unknown`] for a word that this version does not
    /// know.
    #[must_use]
    pub fn given_state(&self) -> Option<State> {
        let given = self.state.as_ref()?;
        Some(given.known().unwrap_or(State::Unknown))
    }

    /// True if it may change the state of services: it gives one, or its kind implies one.
    #[must_use]
    pub fn bears_state(&self) -> bool {
        self.state.is_some() || (self.kind.bears_state() && !self.has_lost_services)
    }

    /// True if it bears a state of all services where it names none: all but a `fault` or an
    /// `absorbed` that gives none.
    #[must_use]
    pub fn is_of_all_services(&self) -> bool {
        let may_be_of_any = matches!(self.kind, Kind::Fault | Kind::Absorbed);
        self.state.is_some() || (self.bears_state() && !may_be_of_any)
    }

    /// True if its services are services of the incident from here on.
    #[must_use]
    pub fn names_services(&self) -> bool {
        self.kind == Kind::Declare || self.bears_state()
    }

    /// The state to display with the event: the one that it gives, else the one that its kind always
    /// means. `None` where that depends on the state before:
    /// [`shown_state`](super::states::shown_state) has it.
    #[must_use]
    pub fn shown_state(&self) -> Option<Word<State>> {
        let is_restore = self.kind == Kind::Restore && !self.has_lost_services;
        let always = is_restore.then_some(Word::Known(State::Ok));
        self.state.clone().or(always)
    }

    /// True if the state to display with the event depends on the states before.
    #[must_use]
    pub fn shows_state_it_starts(&self) -> bool {
        self.bears_state() && self.shown_state().is_none()
    }

    /// Returns the word for `state`, which this event started: for an unknown one the word as given.
    #[must_use]
    pub fn state_label(&self, state: State) -> &str {
        match &self.state {
            Some(Word::Other(word)) if state == State::Unknown => word,
            _ => state.as_str(),
        }
    }

    /// True if the event changes the incident's own status: a state, the severity, the commander,
    /// its start or its end. The status of an incident is computed from these alone.
    #[must_use]
    pub fn is_milestone(&self) -> bool {
        self.kind.is_lifecycle()
            || self.bears_state()
            || self.severity.is_some()
            || self.commander.is_some()
    }

    /// True for a `comms` to customers: addressed to them, or, without an audience, with customer
    /// wording.
    #[must_use]
    pub fn is_customer_update(&self) -> bool {
        self.kind == Kind::Comms
            && self
                .audience
                .as_deref()
                .map_or(self.customer.is_some(), |to| to == "customers")
    }

    /// True for a `comms` without wording for customers whose audience is not recorded.
    #[must_use]
    pub fn has_unknown_audience(&self) -> bool {
        self.kind == Kind::Comms && self.audience.is_none() && self.customer.is_none()
    }

    /// True if its source or a file has fields of a newer version.
    pub(super) fn has_unknown_in_parts(&self) -> bool {
        let of_source = self.source.as_ref().is_some_and(|s| !s.unknown.is_empty());
        of_source || self.files.iter().any(|file| !file.unknown.is_empty())
    }

    /// Returns the event that remains after a redaction for `reason`: the time, the services and
    /// their state, and that it was retracted or handed over, but not why or to whom.
    #[must_use]
    pub fn redact(&self, reason: &str) -> Self {
        Self {
            text: String::new(),
            rationale: None,
            rejected: None,
            customer: None,
            tags: Vec::new(),
            people: Vec::new(),
            audience: self
                .audience
                .clone()
                .filter(|to| AUDIENCES.contains(&to.as_str())),
            commander: self.commander.as_ref().map(|_| REDACTED.to_owned()),
            commander_before: None,
            retracted: self.retracted.as_ref().map(|_| REDACTED.to_owned()),
            redacted: Some(reason.to_owned()),
            files: self.files.iter().map(AttachedFile::redact).collect(),
            urls: Vec::new(),
            source: self.source.clone().map(|source| {
                Box::new(EventSource {
                    hash: None,
                    unknown: UnknownFields::default(),
                    ..*source
                })
            }),
            unknown: UnknownFields::default(),
            ..self.clone()
        }
    }
}
