//! What an entry says: the act, and the value that its subject has from then on.
//!
//! The body of an entry is one JSON object (the format's page is `docs/JOURNAL.md`):
//!
//! ```json
//! {"salt":"32 hex digits","act":"log","type":"event","value":{"at":"2012-08-16T10:06:00-04:00", ...}}
//! ```
//!
//! The salt keeps the text of a redacted body from being guessed by its hash.

use super::{
    event::Event,
    task::Task,
    time::UtcTime,
    unknown::{KeepsUnknown, UnknownFields},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::{RawValue, to_raw_value};
use std::borrow::Cow;
use uuid::Uuid;

/// What somebody did, for histories and for undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A new subject: something was logged, declared, added.
    Log,
    /// A correction.
    Amend,
    /// Taken out of the record, with a reason.
    Retract,
    /// Its text was destroyed, with a reason.
    Redact,
    /// It went to another incident, or came from one.
    Move,
    /// Somebody's own last act taken back.
    Undo,
    /// And done again.
    Redo,
    /// An act that this version does not know.
    Other(String),
}

impl Operation {
    /// The word as it is stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Log => "log",
            Self::Amend => "amend",
            Self::Retract => "retract",
            Self::Redact => "redact",
            Self::Move => "move",
            Self::Undo => "undo",
            Self::Redo => "redo",
            Self::Other(word) => word,
        }
    }

    fn stored(word: &str) -> Self {
        match word {
            "log" => Self::Log,
            "amend" => Self::Amend,
            "retract" => Self::Retract,
            "redact" => Self::Redact,
            "move" => Self::Move,
            "undo" => Self::Undo,
            "redo" => Self::Redo,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A text and nothing else: a field's or a section's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextValue {
    /// The text; empty where it was cleared.
    pub text: String,
    /// Why it was destroyed, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
    /// Fields of a newer version.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A service as an incident knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// What customers call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "public")]
    pub public_name: Option<String>,
    /// Fields of a newer version.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A customer email as saved: its very text is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `m1`, `m2`, ... within its incident.
    pub number: u32,
    /// `initial`, `update`, `resolved` or `followup`.
    pub stage: String,
    /// The subject line.
    pub subject: String,
    /// The text as saved, or as it really went out.
    pub text: String,
    /// Who let this very text go out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// When it went out.
    #[serde(
        default,
        with = "super::time::serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub sent_at: Option<super::time::OffsetTime>,
    /// By which way: `email`, `statuspage`, `phone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// To which group of customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_group: Option<String>,
    /// What the text says of the record, as it was when it was saved: so that what has changed since
    /// can be corrected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<StatedFact>,
    /// Fields of a newer version.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A fact of a letter, and how the letter says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedFact {
    /// Which one: `began`, `ended`, `data`, or the handle of an event with customer wording.
    pub name: String,
    /// How it is said.
    #[serde(rename = "said")]
    pub wording: String,
    /// Fields of a newer version.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// The value that a subject has from an entry on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Something that happened.
    Event(Box<Event>),
    /// A follow-up.
    Task(Box<Task>),
    /// A field of the incident.
    Field(TextValue),
    /// A piece of prose.
    Section(TextValue),
    /// A service.
    Service(Service),
    /// A customer email.
    Message(Box<Message>),
    /// Nothing here any more: it went to the incident named, or to none.
    Moved(Option<Uuid>),
    /// Nothing any more: its creation was taken back.
    Gone,
    /// A value of a type that this version does not know.
    Unknown(UnknownValue),
    /// A value that cannot be read: its body was destroyed, or is not what its type asks for.
    Unreadable(Unreadable),
}

/// A value of a newer version, kept as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    /// Its `type`.
    pub type_: String,
    /// Its `value`: JSON text.
    pub json: String,
}

/// Why there is no value to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A redaction destroyed the body.
    Destroyed,
    /// The body is not JSON of the form that its type asks for.
    Malformed,
}

impl Unreadable {
    /// The word shown in place of the value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Destroyed => "destroyed",
            Self::Malformed => "unreadable",
        }
    }
}

impl Value {
    /// The `type` it is stored under.
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Self::Event(_) => "event",
            Self::Task(_) => "task",
            Self::Field(_) => "field",
            Self::Section(_) => "section",
            Self::Service(_) => "service",
            Self::Message(_) => "message",
            Self::Moved(_) => "moved",
            Self::Gone => "gone",
            Self::Unknown(unknown) => &unknown.type_,
            Self::Unreadable(why) => why.as_str(),
        }
    }

    /// The event, where it is one.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            _ => None,
        }
    }

    /// True where there is something to show.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        !matches!(self, Self::Gone | Self::Moved(_))
    }

    /// The value of a body's `bytes`, where they are still there.
    #[must_use]
    pub fn from_body(bytes: Option<&str>) -> Self {
        match bytes.map(Body::decode) {
            Some(Ok(body)) => body.value,
            Some(Err(_)) => Self::Unreadable(Unreadable::Malformed),
            None => Self::Unreadable(Unreadable::Destroyed),
        }
    }

    /// What is left when its text is destroyed for `reason`. Fields of a newer version go with it, as
    /// the secret may be in one of them.
    #[must_use]
    pub fn redact(&self, reason: &str) -> Self {
        let blank = || TextValue {
            redacted: Some(reason.to_owned()),
            ..TextValue::default()
        };
        match self {
            Self::Event(event) => Self::Event(Box::new(event.redact(reason))),
            Self::Task(task) => Self::Task(Box::new(task.redact(reason))),
            Self::Field(_) => Self::Field(blank()),
            Self::Section(_) => Self::Section(blank()),
            Self::Message(message) => Self::Message(Box::new(Message {
                subject: String::new(),
                text: String::new(),
                facts: Vec::new(),
                unknown: UnknownFields::default(),
                ..(**message).clone()
            })),
            Self::Unknown(unknown) => Self::Unknown(UnknownValue {
                json: "{}".into(),
                ..unknown.clone()
            }),
            other => other.clone(),
        }
    }
}

impl KeepsUnknown for Event {
    fn restore_unknown(&mut self, json: &str) -> serde_json::Result<()> {
        self.unknown.restore(json)
    }
}

impl KeepsUnknown for Task {
    fn restore_unknown(&mut self, json: &str) -> serde_json::Result<()> {
        self.unknown.restore(json)
    }
}

impl KeepsUnknown for TextValue {
    fn restore_unknown(&mut self, json: &str) -> serde_json::Result<()> {
        self.unknown.restore(json)
    }
}

impl KeepsUnknown for Service {
    fn restore_unknown(&mut self, json: &str) -> serde_json::Result<()> {
        self.unknown.restore(json)
    }
}

impl KeepsUnknown for Message {
    fn restore_unknown(&mut self, json: &str) -> serde_json::Result<()> {
        #[derive(Deserialize)]
        struct Facts<'a> {
            #[serde(borrow)]
            facts: Vec<&'a RawValue>,
        }

        if self.facts.iter().any(|fact| !fact.unknown.is_empty()) {
            let Facts { facts } = serde_json::from_str(json)?;
            for (fact, raw) in self.facts.iter_mut().zip(facts) {
                fact.unknown.restore(raw.get())?;
            }
        }
        self.unknown.restore(json)
    }
}

/// What an entry says, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// What was done.
    pub operation: Operation,
    /// Of an undo or a redo: the entry taken back or done again, which is never itself one.
    pub undoes: Option<Uuid>,
    /// The first entry of the same act, where the act wrote several.
    pub group: Option<Uuid>,
    /// Of a redaction: the entries whose bodies it destroys.
    pub destroys: Vec<Uuid>,
    /// The terminal session it was written in, as 32 hexadecimal digits that tell sessions apart and
    /// say nothing else; none without a terminal.
    pub terminal_session: Option<String>,
    /// The value from here on.
    pub value: Value,
}

/// Why a body cannot be written, or read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// It is not JSON of a body's shape.
    #[error("not the body of an entry: {0}")]
    Json(#[from] serde_json::Error),
    /// The clock says a time that no entry may have.
    #[error("it is {0} by the clock, which is not between 1970-01-01 and 9999-12-30 (in UTC)")]
    TimeOutOfRange(String),
    /// There is no value to write.
    #[error("its text was {}", .0.as_str())]
    NoValue(Unreadable),
    /// Read back, it would be something else than was meant.
    #[error("it would not read back as what was meant, and was not written")]
    RoundTripMismatch,
}

/// A body as it is stored. The salt comes first, and the type before the value.
#[derive(Serialize, Deserialize)]
struct StoredBody<'a> {
    #[serde(borrow)]
    salt: BorrowedStr<'a>,
    #[serde(borrow)]
    act: BorrowedStr<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undoes: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<Uuid>,
    #[serde(default, skip_serializing_if = "<[Uuid]>::is_empty")]
    destroys: Cow<'a, [Uuid]>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    session: Option<BorrowedStr<'a>>,
    #[serde(rename = "type", borrow)]
    type_: BorrowedStr<'a>,
    #[serde(borrow)]
    value: Cow<'a, RawValue>,
}

/// A short text, borrowed where it has no escapes.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct BorrowedStr<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Serialize, Deserialize)]
struct Destination {
    to: Option<Uuid>,
}

impl Body {
    /// `value` set by `act`, alone.
    #[must_use]
    pub fn new(act: Operation, value: Value) -> Self {
        Self {
            operation: act,
            undoes: None,
            group: None,
            destroys: Vec::new(),
            terminal_session: None,
            value,
        }
    }

    /// The bytes that are stored and hashed: one line of JSON. `salt` is 32 hexadecimal digits
    /// nobody can guess.
    ///
    /// # Errors
    /// Where a value cannot be written as JSON, or is [`Value::Unreadable`], whose content is gone.
    pub fn encode(&self, salt: &str) -> Result<String, BodyError> {
        let value = match &self.value {
            Value::Event(v) => to_raw_value(v)?,
            Value::Task(v) => to_raw_value(v)?,
            Value::Field(v) | Value::Section(v) => to_raw_value(v)?,
            Value::Service(v) => to_raw_value(v)?,
            Value::Message(v) => to_raw_value(v)?,
            Value::Moved(to) => to_raw_value(&Destination { to: *to })?,
            Value::Gone => to_raw_value(&serde_json::Map::new())?,
            Value::Unknown(unknown) => RawValue::from_string(unknown.json.clone())?,
            Value::Unreadable(why) => return Err(BodyError::NoValue(*why)),
        };
        let text = |text| BorrowedStr(Cow::Borrowed(text));
        Ok(serde_json::to_string(&StoredBody {
            salt: text(salt),
            act: text(self.operation.as_str()),
            undoes: self.undoes,
            group: self.group,
            destroys: Cow::Borrowed(&self.destroys),
            session: self.terminal_session.as_deref().map(text),
            type_: text(self.value.type_name()),
            value: Cow::Owned(value),
        })?)
    }

    /// Reads the stored bytes. A type of value that is not known becomes [`Value::Unknown`].
    ///
    /// # Errors
    /// Where the bytes are not such a JSON object, or its value is not what its type asks for.
    pub fn decode(bytes: &str) -> Result<Self, BodyError> {
        let stored: StoredBody<'_> = serde_json::from_str(bytes)?;
        let json = stored.value.get();
        let value = match &*stored.type_.0 {
            "event" => Value::Event(Box::new(read_value(json)?)),
            "task" => Value::Task(Box::new(read_value(json)?)),
            "field" => Value::Field(read_value(json)?),
            "section" => Value::Section(read_value(json)?),
            "service" => Value::Service(read_value(json)?),
            "message" => Value::Message(Box::new(read_value(json)?)),
            "moved" => Value::Moved(serde_json::from_str::<Destination>(json)?.to),
            "gone" => Value::Gone,
            other => Value::Unknown(UnknownValue {
                type_: other.to_owned(),
                json: json.to_owned(),
            }),
        };
        Ok(Self {
            operation: Operation::stored(&stored.act.0),
            undoes: stored.undoes,
            group: stored.group,
            destroys: stored.destroys.into_owned(),
            terminal_session: stored.session.map(|session| session.0.into_owned()),
            value,
        })
    }
}

/// Reads a value with the fields that this version does not know.
fn read_value<T: DeserializeOwned + KeepsUnknown>(json: &str) -> serde_json::Result<T> {
    let mut value: T = serde_json::from_str(json)?;
    value.restore_unknown(json)?;
    Ok(value)
}

/// A change that somebody asked for, checked, and not yet at its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The id its entry will bear; made once, so that a retry is the same entry.
    pub id: Uuid,
    /// The incident in whose chain it goes, or none.
    pub incident: Option<Uuid>,
    /// What it is about.
    pub subject: super::subject::Subject,
    /// The versions of the subject that its author saw.
    pub replaces: Vec<Uuid>,
    /// When it was recorded.
    pub recorded: UtcTime,
    /// Who says so.
    pub author: String,
    /// The salt of its body.
    pub salt: String,
    /// What it says.
    pub body: Body,
}
