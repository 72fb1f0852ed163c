//! The body of an entry: the operation, and the value that its subject has from then on.
//!
//! The body is one JSON object (format: `docs/JOURNAL.md`):
//!
//! ```json
//! {"salt":"32 hex digits","act":"log","type":"event","value":{"at":"2012-08-16T10:06:00-04:00", ...}}
//! ```
//!
//! The salt prevents guessing the text of a redacted body from its hash.

use super::{
    event::{Event, REDACTED},
    file::FileContent,
    review::{ReviewedRecords, is_review_field},
    source::Import,
    subject::Subject,
    task::{Task, TaskState},
    time::UtcTime,
    unknown::{KeepsUnknown, UnknownFields},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::{RawValue, to_raw_value};
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

/// The text of a field or a section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextValue {
    /// Empty if it was cleared.
    pub text: String,
    /// The reason, if the text was destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
    /// Of a review: what was reviewed. The text is who did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewedRecords>,
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A service of an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "public")]
    pub public_name: Option<String>,
    #[serde(flatten)]
    pub name_change: NameFields,
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// What became of the name of a person in an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    #[serde(flatten)]
    pub name_change: NameFields,
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

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
        with = "super::time::serde_utc::option",
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

/// A customer email, with the exact text that was saved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Counts from 1 in each incident; shown as `m1`, `m2`, ...
    pub number: u32,
    /// `initial`, `update`, `resolved` or `followup`.
    pub stage: String,
    pub subject: String,
    /// The text as saved, or as it was really sent.
    pub text: String,
    /// Who approved this exact text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    #[serde(
        default,
        with = "super::time::serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub sent_at: Option<super::time::OffsetTime>,
    /// `email`, `statuspage` or `phone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_group: Option<String>,
    /// Why it was taken back that it was sent, which was said by mistake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsent: Option<String>,
    /// What the text states about the incident as of the time it was saved, so that later changes
    /// can be corrected in the next email.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<StatedFact>,
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A fact that an email states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedFact {
    /// What it is about: `start/AVR Online`, or the handle of an event with customer wording.
    pub name: String,
    #[serde(rename = "said")]
    pub wording: String,
    /// The time that it states.
    #[serde(
        default,
        with = "super::time::serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub at: Option<super::time::OffsetTime>,
    /// True if that time is approximate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// The value that a subject has from an entry on, until an entry replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Event(Box<Event>),
    Task(Box<Task>),
    Field(TextValue),
    /// A section of the postmortem.
    Section(TextValue),
    Service(Service),
    Person(Person),
    Message(Box<Message>),
    Import(Box<Import>),
    File(Box<FileContent>),
    /// The subject moved to this incident, or (`None`) out of any.
    Moved(Option<Uuid>),
    /// The creation of the subject was undone.
    Gone,
    /// A value of a type that this version does not know.
    Unknown(UnknownValue),
    Unreadable(Unreadable),
}

/// A value of a newer version, kept as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    pub type_: String,
    /// JSON text.
    pub json: String,
}

/// Why a body has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    Destroyed,
    /// The body is not JSON, or not of the form that its type requires.
    Malformed,
}

impl Unreadable {
    /// The word that is shown instead of the value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Destroyed => "destroyed",
            Self::Malformed => "unreadable",
        }
    }
}

impl Value {
    /// The `type` in the stored JSON.
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Self::Event(_) => "event",
            Self::Task(_) => "task",
            Self::Field(_) => "field",
            Self::Section(_) => "section",
            Self::Service(_) => "service",
            Self::Person(_) => "person",
            Self::Message(_) => "message",
            Self::Import(_) => "import",
            Self::File(_) => "file",
            Self::Moved(_) => "moved",
            Self::Gone => "gone",
            Self::Unknown(unknown) => &unknown.type_,
            Self::Unreadable(why) => why.as_str(),
        }
    }

    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            _ => None,
        }
    }

    /// False if the value was undone or moved away.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        !matches!(self, Self::Gone | Self::Moved(_))
    }

    /// Decodes the value of a body; `None` stands for a body that was destroyed.
    #[must_use]
    pub fn from_body(bytes: Option<&str>) -> Self {
        match bytes.map(Body::decode) {
            Some(Ok(body)) => body.value,
            Some(Err(_)) => Self::Unreadable(Unreadable::Malformed),
            None => Self::Unreadable(Unreadable::Destroyed),
        }
    }

    /// Copies the unknown fields of `before`, the current value of the same subject, to this one.
    pub fn take_unknown_fields(&mut self, before: &Self) {
        if let (Self::Field(text), Self::Field(before))
        | (Self::Section(text), Self::Section(before)) = (self, before)
        {
            text.unknown.clone_from(&before.unknown);
        }
    }

    /// Returns the value that remains after a redaction for `reason`. Fields of a newer version are
    /// dropped too, because the secret may be in one of them.
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
            Self::Service(_) => Self::Service(Service::default()),
            Self::Person(_) => Self::Person(Person::default()),
            Self::Message(message) => Self::Message(Box::new(Message {
                subject: String::new(),
                text: String::new(),
                approved_by: None,
                to_group: None,
                unsent: message.unsent.as_ref().map(|_| REDACTED.to_owned()),
                facts: Vec::new(),
                unknown: UnknownFields::default(),
                ..(**message).clone()
            })),
            Self::Import(import) => Self::Import(Box::new(Import {
                name: String::new(),
                unknown: UnknownFields::default(),
                ..(**import).clone()
            })),
            Self::File(file) => Self::File(Box::new(file.redact(reason))),
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
        #[derive(Deserialize)]
        struct Parts<'a> {
            #[serde(borrow)]
            source: Option<&'a RawValue>,
            #[serde(borrow, default)]
            files: Vec<&'a RawValue>,
        }

        if self.has_unknown_in_parts() {
            let raw: Parts<'_> = serde_json::from_str(json)?;
            if let (Some(source), Some(raw)) = (&mut self.source, raw.source) {
                source.unknown.restore(raw.get())?;
            }
            for (file, raw) in self.files.iter_mut().zip(raw.files) {
                file.unknown.restore(raw.get())?;
            }
        }
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

impl KeepsUnknown for Person {
    fn restore_unknown(&mut self, json: &str) -> serde_json::Result<()> {
        self.unknown.restore(json)
    }
}

impl KeepsUnknown for FileContent {
    fn restore_unknown(&mut self, json: &str) -> serde_json::Result<()> {
        self.unknown.restore(json)
    }
}

impl KeepsUnknown for Import {
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
        let value = match &self.value {
            Value::Event(v) => to_raw_value(v)?,
            Value::Task(v) => to_raw_value(v)?,
            Value::Field(v) | Value::Section(v) => to_raw_value(v)?,
            Value::Service(v) => to_raw_value(v)?,
            Value::Person(v) => to_raw_value(v)?,
            Value::Message(v) => to_raw_value(v)?,
            Value::Import(v) => to_raw_value(v)?,
            Value::File(v) => to_raw_value(v)?,
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

/// Returns true if a record that gives `subject` the value `value`, and `before` the value before, counts as
/// a change of the document: reviews, messages, contents of files, and dates or states of tasks do not.
#[must_use]
pub fn changes_document(subject: &Subject, value: &Value, before: Option<&Value>) -> bool {
    match (subject, value, before) {
        // What an event says of a file is in the event.
        (Subject::Message(_) | Subject::File(_), ..) => false,
        (Subject::Field(name), ..) => !is_review_field(name),
        (_, Value::Task(task), Some(Value::Task(before))) => {
            without_progress(task) != without_progress(before)
        }
        _ => true,
    }
}

/// The task without what its progress changes.
fn without_progress(task: &Task) -> Task {
    Task {
        state: TaskState::Planned.into(),
        reason: None,
        due: None,
        since: None,
        started_at: None,
        done_at: None,
        ..task.clone()
    }
}

/// A validated change that has no place in the journal yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The id of the entry to write; made once, so that a retry writes the same entry.
    pub id: Uuid,
    /// The incident to whose chain it is appended; `None` for the chain outside any incident.
    pub incident: Option<Uuid>,
    pub subject: super::subject::Subject,
    /// The versions of the subject that its author saw, which it supersedes.
    pub replaces: Vec<Uuid>,
    pub recorded: UtcTime,
    pub author: String,
    pub salt: String,
    pub body: Body,
}
