//! The value that a subject has from an entry on. `body.rs` has the body of the entry that holds it.

mod body;
mod name_change;

pub use body::{Body, BodyError, Operation};
pub use name_change::{NameChange, NameFields};

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
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

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

impl From<String> for TextValue {
    fn from(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
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
    /// The times in a state that it lists, oldest first: `down 2012-08-16T14:06:00Z/2012-08-16T17:26:00Z`;
    /// `~` before a time that is approximate, and no second time of what lasts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spells: Vec<String>,
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

    /// True if the two differ at most in the import that wrote them. What cannot be read says nothing.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Event(a), Self::Event(b)) => a == b || without_import(a) == without_import(b),
            (Self::Unreadable(_), _) => false,
            _ => self == other,
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

fn without_import(event: &Event) -> Event {
    let mut event = event.clone();
    if let Some(source) = &mut event.source {
        source.import = Uuid::nil();
    }
    event
}

/// Values whose own fields are all that can be unknown.
macro_rules! keep_unknown {
    ($($value:ty),+) => {$(
        impl KeepsUnknown for $value {
            fn restore_unknown(&mut self, json: &str) -> serde_json::Result<()> {
                self.unknown.restore(json)
            }
        }
    )+};
}

keep_unknown!(Task, TextValue, Service, Person, Import, FileContent);

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
