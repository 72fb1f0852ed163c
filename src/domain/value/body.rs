//! The body of an entry: the operation, and the value that its subject has from then on.
//!
//! The body is one JSON object (format: `docs/JOURNAL.md`):
//!
//! ```json
//! {"salt":"32 hex digits","act":"log","type":"event","value":{"at":"2012-08-16T10:06:00-04:00", ...}}
//! ```
//!
//! The salt prevents guessing the text of a redacted body from its hash.

use super::{UnknownValue, Unreadable, Value};
use crate::domain::{event::Event, subject::Subject, unknown::KeepsUnknown};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use std::borrow::Cow;
use uuid::Uuid;

/// What an entry does to its subject, for the history and for undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Creates the subject.
    Log,
    /// Corrects it.
    Amend,
    /// Takes it out of the record; the value holds the reason.
    Retract,
    /// Destroys its text; the value holds the reason.
    Redact,
    /// Moves it to another incident, or in from one.
    Move,
    /// Takes back an earlier operation of the same author.
    Undo,
    /// Applies an operation again that was undone.
    Redo,
    /// Brings back what was undone or retracted.
    Restore,
    /// An operation of a newer version.
    Other(String),
}

impl Operation {
    /// The operation on `subject` as the command that people type for it.
    #[must_use]
    pub fn verb(&self, subject: &Subject) -> &str {
        match (self, subject) {
            (
                Self::Log | Self::Amend,
                Subject::Field(_) | Subject::Service(_) | Subject::Person(_),
            ) => "set",
            (Self::Log | Self::Amend, Subject::Section(_)) => "write",
            (Self::Log, Subject::Task(_)) => "add",
            (Self::Log, Subject::Message(_)) => "save",
            (Self::Log, Subject::Import(_)) => "import",
            (Self::Log, Subject::File(_)) => "attach",
            _ => self.as_str(),
        }
    }

    /// The word that entries have for it.
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
            Self::Restore => "restore",
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
            "restore" => Self::Restore,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A decoded body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub operation: Operation,
    /// For an undo or a redo: the entry that it takes back or applies again. That entry is never
    /// itself an undo or a redo.
    pub undoes: Option<Uuid>,
    /// The first entry of the same command, if the command wrote several.
    pub group: Option<Uuid>,
    /// For a redaction: the entries whose bodies it destroys.
    pub destroys: Vec<Uuid>,
    /// The terminal session in which it was written: 32 hexadecimal digits of a hash; `None` without a
    /// terminal.
    pub terminal_session: Option<String>,
    pub value: Value,
}

#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    #[error("not the body of an entry: {0}")]
    Json(#[from] serde_json::Error),
    #[error("it is {0} by the clock, which is not between 1970-01-01 and 9999-12-30 (in UTC)")]
    TimeOutOfRange(String),
    #[error("its text was {}", .0.as_str())]
    NoValue(Unreadable),
    /// The encoded body does not decode to an equal one.
    #[error("it would not read back as what was meant, and was not written")]
    RoundTripMismatch,
}

/// The body as it is stored. The salt comes first, and the type before the value: the order of the
/// fields is part of the format.
#[derive(Serialize, Deserialize)]
struct StoredBody<'a, V> {
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
    value: V,
}

/// A string that borrows from the input unless it has escapes.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct BorrowedStr<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Serialize, Deserialize)]
struct Destination {
    to: Option<Uuid>,
}

impl Body {
    /// A body without references to other entries.
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

    /// Returns the bytes that are stored and hashed: one line of JSON. `salt` is 32 random
    /// hexadecimal digits.
    ///
    /// # Errors
    /// If the value cannot be written as JSON, or is [`Value::Unreadable`], whose content is lost.
    pub fn encode(&self, salt: &str) -> Result<String, BodyError> {
        match &self.value {
            Value::Event(v) => self.to_json(salt, v),
            Value::Task(v) => self.to_json(salt, v),
            Value::Field(v) | Value::Section(v) => self.to_json(salt, v),
            Value::Service(v) => self.to_json(salt, v),
            Value::Person(v) => self.to_json(salt, v),
            Value::Message(v) => self.to_json(salt, v),
            Value::Import(v) => self.to_json(salt, v),
            Value::File(v) => self.to_json(salt, v),
            Value::Moved(to) => self.to_json(salt, Destination { to: *to }),
            Value::Gone => self.to_json(salt, serde_json::Map::new()),
            Value::Unknown(unknown) => {
                self.to_json(salt, RawValue::from_string(unknown.json.clone())?)
            }
            Value::Unreadable(why) => Err(BodyError::NoValue(*why)),
        }
    }

    fn to_json(&self, salt: &str, value: impl Serialize) -> Result<String, BodyError> {
        let text = |text| BorrowedStr(Cow::Borrowed(text));
        Ok(serde_json::to_string(&StoredBody {
            salt: text(salt),
            act: text(self.operation.as_str()),
            undoes: self.undoes,
            group: self.group,
            destroys: Cow::Borrowed(&self.destroys),
            session: self.terminal_session.as_deref().map(text),
            type_: text(self.value.type_name()),
            value,
        })?)
    }

    /// Decodes stored bytes. A value of an unknown type becomes [`Value::Unknown`].
    ///
    /// # Errors
    /// If the bytes are not a JSON object of this form, or the value does not match its type.
    pub fn decode(bytes: &str) -> Result<Self, BodyError> {
        // Most bodies are of events: one is read in one pass, unless it has unknown fields.
        if let Ok(stored) = serde_json::from_str::<StoredBody<'_, Box<Event>>>(bytes)
            && stored.type_.0 == "event"
            && stored.value.unknown.is_empty()
            && !stored.value.has_unknown_in_parts()
        {
            return Ok(Self::from_stored(stored, Value::Event));
        }
        let stored: StoredBody<'_, &RawValue> = serde_json::from_str(bytes)?;
        let json = stored.value.get();
        let value = match &*stored.type_.0 {
            "event" => Value::Event(Box::new(read_value(json)?)),
            "task" => Value::Task(Box::new(read_value(json)?)),
            "field" => Value::Field(read_value(json)?),
            "section" => Value::Section(read_value(json)?),
            "service" => Value::Service(read_value(json)?),
            "person" => Value::Person(read_value(json)?),
            "message" => Value::Message(Box::new(read_value(json)?)),
            "import" => Value::Import(Box::new(read_value(json)?)),
            "file" => Value::File(Box::new(read_value(json)?)),
            "moved" => Value::Moved(serde_json::from_str::<Destination>(json)?.to),
            "gone" => Value::Gone,
            other => Value::Unknown(UnknownValue {
                type_: other.to_owned(),
                json: json.to_owned(),
            }),
        };
        Ok(Self::from_stored(stored, |_| value))
    }

    fn from_stored<V>(stored: StoredBody<'_, V>, to_value: impl FnOnce(V) -> Value) -> Self {
        Self {
            operation: Operation::stored(&stored.act.0),
            undoes: stored.undoes,
            group: stored.group,
            destroys: stored.destroys.into_owned(),
            terminal_session: stored.session.map(|session| session.0.into_owned()),
            value: to_value(stored.value),
        }
    }
}

/// Decodes a value, and keeps the fields that this version does not know.
fn read_value<T: DeserializeOwned + KeepsUnknown>(json: &str) -> serde_json::Result<T> {
    let mut value: T = serde_json::from_str(json)?;
    value.restore_unknown(json)?;
    Ok(value)
}

impl Value {
    /// Decodes the value of a body; `None` stands for a body that was destroyed.
    #[must_use]
    pub fn from_body(bytes: Option<&str>) -> Self {
        match bytes.map(Body::decode) {
            Some(Ok(body)) => body.value,
            Some(Err(_)) => Self::Unreadable(Unreadable::Malformed),
            None => Self::Unreadable(Unreadable::Destroyed),
        }
    }
}
