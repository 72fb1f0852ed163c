//! What an entry says: the act, and the value that its subject has from then on.
//!
//! The body of an entry is one JSON object (the format's page is `docs/JOURNAL.md`):
//!
//! ```json
//! {"salt":"32 hex digits","act":"log","type":"event","value":{"at":"2012-08-16T10:06:00-04:00", ...}}
//! ```
//!
//! The salt keeps the text of a redacted body from being guessed by its hash.

use super::{event::Event, task::Task, time::Instant};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};
use uuid::Uuid;

/// What somebody did, for histories and for undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
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

impl Act {
    /// The word as it is stored and shown.
    #[must_use]
    pub fn word(&self) -> &str {
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
pub struct Text {
    /// The text; empty where it was cleared.
    pub text: String,
    /// Why it was destroyed, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
}

/// A service as an incident knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// What customers call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<String>,
}

/// A customer email as saved: its very text is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        with = "super::time::as_stamp::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub sent_at: Option<super::time::Stamp>,
    /// By which way: `email`, `statuspage`, `phone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// To which group of customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_group: Option<String>,
    /// What the text says of the record, as it was when it was saved: so that what has changed since
    /// can be corrected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
}

/// A fact of a letter, and how the letter says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Which one: `began`, `ended`, `data`, or the handle of an event with customer wording.
    pub name: String,
    /// How it is said.
    pub said: String,
}

/// The value that a subject has from an entry on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Something that happened.
    Event(Box<Event>),
    /// A follow-up.
    Task(Box<Task>),
    /// A field of the incident.
    Field(Text),
    /// A piece of prose.
    Section(Text),
    /// A service.
    Service(Service),
    /// A customer email.
    Message(Box<Message>),
    /// Nothing here any more: it went to the incident named, or to none.
    Moved(Option<Uuid>),
    /// Nothing any more: its creation was taken back.
    Gone,
    /// A sort of value that this version does not know.
    Unknown(String),
}

impl Value {
    /// The `type` it is stored under.
    #[must_use]
    pub fn type_word(&self) -> &str {
        match self {
            Self::Event(_) => "event",
            Self::Task(_) => "task",
            Self::Field(_) => "field",
            Self::Section(_) => "section",
            Self::Service(_) => "service",
            Self::Message(_) => "message",
            Self::Moved(_) => "moved",
            Self::Gone => "gone",
            Self::Unknown(word) => word,
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
    pub fn is_there(&self) -> bool {
        !matches!(self, Self::Gone | Self::Moved(_))
    }

    /// What is left when its text is destroyed for `reason`.
    #[must_use]
    pub fn redact(&self, reason: &str) -> Self {
        let blank = || Text {
            text: String::new(),
            redacted: Some(reason.to_owned()),
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
                ..(**message).clone()
            })),
            other => other.clone(),
        }
    }
}

/// What an entry says, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// What was done.
    pub act: Act,
    /// Of an undo or a redo: the entry taken back or done again, which is never itself one.
    pub undoes: Option<Uuid>,
    /// The first entry of the same act, where the act wrote several.
    pub group: Option<Uuid>,
    /// Of a redaction: the entries whose bodies it destroys.
    pub destroys: Vec<Uuid>,
    /// The value from here on.
    pub value: Value,
}

/// Why a body could not be decoded.
#[derive(Debug, thiserror::Error)]
#[error("the body of an entry cannot be read: {0}")]
pub struct BodyError(#[from] serde_json::Error);

#[derive(Serialize)]
struct Stored<'a> {
    salt: &'a str,
    act: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    undoes: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Uuid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    destroys: &'a Vec<Uuid>,
    #[serde(rename = "type")]
    type_: &'a str,
    value: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
struct Destination {
    to: Option<Uuid>,
}

impl Body {
    /// `value` set by `act`, alone.
    #[must_use]
    pub fn new(act: Act, value: Value) -> Self {
        Self {
            act,
            undoes: None,
            group: None,
            destroys: Vec::new(),
            value,
        }
    }

    /// The bytes that are stored and hashed: one line of JSON. `salt` is 32 hexadecimal digits
    /// nobody can guess.
    ///
    /// # Errors
    /// Where a value cannot be written as JSON, or is [`Value::Unknown`], whose content is not held.
    pub fn encode(&self, salt: &str) -> Result<String, BodyError> {
        let value = match &self.value {
            Value::Event(v) => serde_json::value::to_raw_value(v),
            Value::Task(v) => serde_json::value::to_raw_value(v),
            Value::Field(v) | Value::Section(v) => serde_json::value::to_raw_value(v),
            Value::Service(v) => serde_json::value::to_raw_value(v),
            Value::Message(v) => serde_json::value::to_raw_value(v),
            Value::Moved(to) => serde_json::value::to_raw_value(&Destination { to: *to }),
            Value::Gone => serde_json::value::to_raw_value(&serde_json::Map::new()),
            Value::Unknown(word) => Err(serde::ser::Error::custom(format!(
                "`{word}` is of a newer version"
            ))),
        }?;
        Ok(serde_json::to_string(&Stored {
            salt,
            act: self.act.word(),
            undoes: self.undoes,
            group: self.group,
            destroys: &self.destroys,
            type_: self.value.type_word(),
            value: &value,
        })?)
    }

    /// Reads the stored bytes. A type of value that is not known becomes [`Value::Unknown`].
    ///
    /// # Errors
    /// Where the bytes are not such a JSON object, or its value is not what its type asks for.
    pub fn decode(bytes: &str) -> Result<Self, BodyError> {
        Ok(serde_json::from_str(bytes)?)
    }
}

/// Reads a body in one pass: the type stands before the value, so that the value is read as what it
/// is. Where it stands behind it, the value is kept as it is until the type is known.
impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Body;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the body of an entry")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
                let mut body = Body::new(Act::Other(String::new()), Value::Gone);
                let (mut salted, mut acted) = (false, false);
                let mut type_: Option<Cow<'de, str>> = None;
                let mut value = None;
                let mut early: Option<&'de RawValue> = None;
                while let Some(key) = map.next_key::<Key<'de>>()? {
                    match &*key.0 {
                        "salt" => {
                            map.next_value::<IgnoredAny>()?;
                            salted = true;
                        }
                        "act" => {
                            body.act = Act::stored(&map.next_value::<Key<'de>>()?.0);
                            acted = true;
                        }
                        "undoes" => body.undoes = map.next_value()?,
                        "group" => body.group = map.next_value()?,
                        "destroys" => body.destroys = map.next_value()?,
                        "type" => type_ = Some(map.next_value::<Key<'de>>()?.0),
                        "value" => match &type_ {
                            Some(type_) => {
                                value = Some(map.next_value_seed(OfType(type_))?);
                            }
                            None => early = Some(map.next_value()?),
                        },
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                let missing = A::Error::missing_field;
                if !salted {
                    return Err(missing("salt"));
                }
                if !acted {
                    return Err(missing("act"));
                }
                let type_ = type_.ok_or_else(|| missing("type"))?;
                body.value = match (value, early) {
                    (Some(value), _) => value,
                    (None, Some(raw)) => OfType(&type_)
                        .deserialize(&mut serde_json::Deserializer::from_str(raw.get()))
                        .map_err(A::Error::custom)?,
                    (None, None) => return Err(missing("value")),
                };
                Ok(body)
            }
        }

        from.deserialize_map(Fields)
    }
}

/// A short text, borrowed where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads a value as what its type says it is.
struct OfType<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for OfType<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        Ok(match self.0 {
            "event" => Value::Event(Box::deserialize(from)?),
            "task" => Value::Task(Box::deserialize(from)?),
            "field" => Value::Field(Text::deserialize(from)?),
            "section" => Value::Section(Text::deserialize(from)?),
            "service" => Value::Service(Service::deserialize(from)?),
            "message" => Value::Message(Box::deserialize(from)?),
            "moved" => Value::Moved(Destination::deserialize(from)?.to),
            "gone" => {
                IgnoredAny::deserialize(from)?;
                Value::Gone
            }
            other => {
                IgnoredAny::deserialize(from)?;
                Value::Unknown(other.to_owned())
            }
        })
    }
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
    pub recorded: Instant,
    /// Who says so.
    pub author: String,
    /// The salt of its body.
    pub salt: String,
    /// What it says.
    pub body: Body,
}
