//! What the app writes to the database. A prompt checks it first: [`Job::Check`](super::job::Job::Check).

use crate::domain::{review::ReviewStage, task::TaskState, time::UtcTime};
use chrono::NaiveDate;
use uuid::Uuid;

/// The incident that a line goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// Whichever incident is open when the line is written; unfiled if none is.
    #[default]
    Open,
    /// The incident with this handle.
    Named(String),
    Unfiled,
}

/// A line to log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedLine {
    /// Number of the line since the start of the app, from 1; 0 if not sent. A line that is sent
    /// again under the same number is logged once.
    pub seq: u64,
    /// As typed.
    pub text: String,
    /// When the first character was typed; relative times count from here.
    pub begun: UtcTime,
    pub target: Target,
    /// True if `tell:` begins customer wording; else it is plain text.
    pub allow_customer_wording: bool,
    /// True if it is to be logged although its time is ahead of now or long before the incident: Enter was
    /// pressed again after the question.
    pub confirmed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedLine {
    pub text: String,
    /// True if it is to be logged.
    pub included: bool,
    /// True if `tell:` in it begins customer wording.
    pub allow_customer_wording: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Brings back the events or tasks with these handles, which were undone or retracted, together.
    Restore(Vec<String>),
    /// Logs a line.
    Log(TypedLine),
    /// Logs the included lines of a paste, all or none. The others are read too, so that each has the time that
    /// the preview showed.
    LogPaste {
        lines: Vec<PastedLine>,
        /// When the text was pasted; relative times count from here.
        begun: UtcTime,
        target: Target,
        /// The day that its times belong to, where the user picked one.
        day: Option<NaiveDate>,
    },
    /// Declares an incident with a line.
    Declare(TypedLine),
    /// Amends an event by its edited line.
    Rewrite {
        handle: String,
        line: String,
        /// The entry that the line was made from: an amendment since then refuses it.
        seen: Uuid,
    },
    /// Amends the time of an event: its handle, and the new time.
    Retime(String, String),
    /// Amends what the line gives of an event: its handle, and the line.
    Patch(String, String),
    /// Retracts an event: its handle, and the reason.
    Retract(String, String),
    /// Undoes the author's last entry.
    Undo,
    /// Redoes what was undone last.
    Redo,
    /// Changes the state of a task: its handle, the state, the outcome or reason.
    ChangeTaskState(String, TaskState, String),
    /// Sets who a request or a follow-up is for: its handle, and the person.
    SetOwner(String, String),
    /// Sets when a request or a follow-up is due: its handle, and the time as typed.
    SetDue(String, String),
    /// Adds a follow-up.
    AddTask(String),
    /// Sets a field: handle of the incident, name, value.
    SetField(String, String, String),
    /// Adds a service: handle of the incident; the service, then its public name.
    AddService(String, String),
    /// Saves the email of a stage as a message.
    SaveLetter {
        /// 0 to 3.
        stage: usize,
        /// The number of the unsent message that it replaces, such as `m1`; `None` for a new one.
        over: Option<String>,
    },
    /// Approves a message: its number, and who approves.
    Approve(String, String),
    /// Records that a person reviewed the postmortem shown.
    Review(ReviewStage, String),
    /// Marks a message as sent: its number, and the channel.
    MarkSent(String, String),
    /// Resolves an incident: its handle, and the text.
    Resolve(String, String),
    /// Reopens an incident: its handle, and the text.
    Reopen(String, String),
    /// Adopts the unfiled event with this handle into the open incident.
    Adopt(String),
    /// Attaches to an event: its handle, and the path of a file or a link.
    Attach(String, String),
    /// Moves an event: its handle, and the incident.
    Move(String, String),
    /// Merges an incident into another: its handle, and the other one.
    Merge(String, String),
    /// Destroys the text of an event.
    Redact {
        handle: String,
        reason: String,
        /// `yes`, or the handle in full.
        answer: String,
    },
    /// Amends a follow-up: its handle, and the edited line.
    SetTask(String, String),
    /// Writes a section of the postmortem: its name, and the text.
    WriteSection(String, String),
}

/// What a write is about: if it changes after the check, the write is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteSubject<'a> {
    /// The event, task or message with this handle.
    Record(&'a str),
    /// Whether the incident with this handle is open.
    Incident(&'a str),
    /// The field of the incident with this handle.
    Field(&'a str, &'a str),
    /// The service of the incident with this handle.
    Service(&'a str, &'a str),
    /// The message of the incident shown with this number.
    Message(&'a str),
    /// The section of the incident shown.
    Section(&'a str),
    /// Which incidents are open.
    OpenIncidents,
    /// The act that an undo is about.
    NextUndo,
    /// The act that a redo is about.
    NextRedo,
    /// All entries of the incident shown.
    Postmortem,
    /// Something new.
    Nothing,
}

impl Write {
    /// Returns the line that it logs or declares an incident with.
    #[must_use]
    pub fn line(&self) -> Option<&TypedLine> {
        match self {
            Self::Log(typed) | Self::Declare(typed) => Some(typed),
            _ => None,
        }
    }

    /// Returns what it is about.
    #[must_use]
    pub fn subject(&self) -> WriteSubject<'_> {
        match self {
            Self::Rewrite { handle, .. } | Self::Redact { handle, .. } => {
                WriteSubject::Record(handle)
            }
            Self::Retime(handle, _)
            | Self::Patch(handle, _)
            | Self::Retract(handle, _)
            | Self::ChangeTaskState(handle, ..)
            | Self::SetTask(handle, _)
            | Self::SetOwner(handle, _)
            | Self::SetDue(handle, _)
            | Self::Adopt(handle)
            | Self::Attach(handle, _)
            | Self::Move(handle, _) => WriteSubject::Record(handle),
            // Those that came after the first are looked up when it is written.
            Self::Restore(handles) => match handles.first() {
                Some(first) => WriteSubject::Record(first),
                None => WriteSubject::Nothing,
            },
            Self::Undo => WriteSubject::NextUndo,
            Self::Redo => WriteSubject::NextRedo,
            Self::SetField(handle, name, _) => WriteSubject::Field(handle, name),
            Self::AddService(handle, text) => {
                WriteSubject::Service(handle, text.split(' ').next().unwrap_or_default())
            }
            Self::Approve(number, _)
            | Self::MarkSent(number, _)
            | Self::SaveLetter {
                over: Some(number), ..
            } => WriteSubject::Message(number),
            Self::Resolve(handle, _) | Self::Reopen(handle, _) | Self::Merge(handle, _) => {
                WriteSubject::Incident(handle)
            }
            Self::WriteSection(name, _) => WriteSubject::Section(name),
            Self::Log(_) | Self::LogPaste { .. } | Self::Declare(_) => WriteSubject::OpenIncidents,
            Self::Review(..) => WriteSubject::Postmortem,
            Self::AddTask(_) | Self::SaveLetter { over: None, .. } => WriteSubject::Nothing,
        }
    }
}
