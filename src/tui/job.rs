//! The jobs of the worker.

use crate::{
    domain::{
        handle::is_handle_prefix, review::ReviewStage, task::TaskState, time::UtcTime,
        words::Severity,
    },
    ops::{
        draft::Draft,
        timeline::{Filter, PageAnchor, TimelineCursor},
    },
};
use chrono::NaiveDate;
use uuid::Uuid;

/// An export format: the format, its short name, its description.
pub type FormatOption = (ExportFormat, &'static str, &'static str);

impl Document {
    /// Returns the export formats of the document.
    #[must_use]
    pub fn formats(self) -> &'static [FormatOption] {
        match self {
            Self::Postmortem => &[
                (
                    ExportFormat::Markdown,
                    "Markdown",
                    "Markdown, with the picture beside it",
                ),
                (
                    ExportFormat::Html,
                    "page",
                    "a page: one HTML file that prints well",
                ),
                (ExportFormat::Json, "JSON", "JSON"),
            ],
            Self::Email(_) => &[
                (ExportFormat::Text, "text", "text"),
                (ExportFormat::Markdown, "Markdown", "Markdown"),
                (
                    ExportFormat::Eml,
                    "mail draft",
                    "a draft that a mail program opens for editing (.eml)",
                ),
            ],
        }
    }
}

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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    Postmortem,
    /// The customer email of a stage, 0 to 3; `None` for the stage that is due.
    Email(Option<usize>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// For a postmortem, with its chart in a file beside it.
    Markdown,
    /// One file with everything in it.
    Html,
    Json,
    Text,
    /// A draft for a mail program (`.eml`).
    Eml,
}

/// A line of a paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedLine {
    pub text: String,
    /// True if it is to be logged.
    pub included: bool,
    /// True if `tell:` in it begins customer wording.
    pub allow_customer_wording: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// Loads the incident that a reference (number or handle) means, else the default one.
    LoadIncident(Option<String>),
    /// Loads the unfiled events.
    LoadUnfiled,
    /// Loads the incident shown again, with the page of its timeline at `from`.
    Refresh {
        /// True if the user asked for the unfiled events although there are incidents.
        unfiled: bool,
        incident: Option<Uuid>,
        from: PageAnchor,
        filter: Filter,
    },
    /// Loads a page of the timeline.
    LoadPage {
        incident: Option<Uuid>,
        from: PageAnchor,
        filter: Filter,
        select: Select,
    },
    /// Loads an event, to jump to it.
    LoadEvent(Uuid),
    /// Finds the event at a place of a timeline (`None`: of the unfiled events). Replies
    /// [`Reply::PlaceFound`](super::reply::Reply::PlaceFound).
    GoTo {
        incident: Option<Uuid>,
        place: Place,
    },
    /// Finds the next gap: a stretch of the timeline without events.
    FindGap {
        incident: Option<Uuid>,
        /// The event to search from.
        from: TimelineCursor,
        /// True towards the newest event, false towards the oldest.
        forward: bool,
    },
    /// Finds the next milestone of an incident.
    FindMilestone {
        incident: Uuid,
        /// The event to search from.
        from: TimelineCursor,
        /// True towards the newest event, false towards the oldest.
        forward: bool,
    },
    /// Loads the open asks and the time of the last customer update.
    LoadActivity(Uuid),
    /// Parses a line without logging it.
    Parse {
        /// Repeated in the reply; a reply to an older request is dropped.
        request_id: u64,
        typed: TypedLine,
        /// Byte position of the cursor, for completions.
        cursor: usize,
        /// The handle of the event the line amends; true if `text` is only a new time.
        amending: Option<(String, bool)>,
    },
    /// Parses the rows of the input line without logging them. Replies [`Reply::ParsedRows`](super::reply::Reply::ParsedRows).
    ParseRows {
        /// Repeated in the reply; a reply to an older request is dropped.
        request_id: u64,
        /// Each becomes an event of its own.
        rows: Vec<TypedLine>,
        /// The row of the cursor, and the byte position of the cursor in it, for completions.
        cursor: (usize, usize),
    },
    /// Says what `write` would do, without doing it. Replies [`Reply::Checked`](super::reply::Reply::Checked).
    Check {
        /// Number of the prompt or question that asks.
        id: u64,
        write: Box<Job>,
    },
    /// Does `write` after its check, unless what it is about was changed since.
    Confirmed {
        /// Number of the check.
        id: u64,
        write: Box<Job>,
    },
    /// Loads an event as the line one would type for it, for the prompt with this number. Replies
    /// [`Reply::LineLoaded`](super::reply::Reply::LineLoaded).
    LoadEventLine { id: u64, handle: String },
    /// Loads a follow-up as the line one would type for it, for the prompt with this number.
    LoadTaskLine { id: u64, handle: String },
    /// Brings back the events or tasks with these handles, which were undone or retracted, together.
    Restore(Vec<String>),
    /// Parses a line as a follow-up, without adding it.
    ParseTask {
        /// Repeated in the reply; a reply to an older request is dropped.
        request_id: u64,
        text: String,
    },
    /// Parses the rows of a paste, without logging them.
    ParsePaste {
        /// Repeated in the reply; a reply to an older request is dropped.
        request_id: u64,
        lines: Vec<PastedLine>,
        /// When the text was pasted; relative times count from here.
        begun: UtcTime,
        target: Target,
        /// The day that its times belong to, where the user picked one.
        day: Option<NaiveDate>,
    },
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
    Declare {
        typed: TypedLine,
        severity: Option<Severity>,
        /// True to adopt the unfiled events of the last day.
        adopt: bool,
    },
    /// Formats an event as the line one would type for it.
    EventLine {
        handle: String,
        /// True to edit it in `$EDITOR`, false in a prompt.
        editor: bool,
    },
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
    /// Loads a section of the postmortem, to edit it.
    LoadSection(String),
    /// Adopts the unfiled event with this handle into the open incident.
    Adopt(String),
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
    /// Summarises the incident shown in a paragraph for chat.
    StatusText,
    /// Writes a section of the postmortem: its name, and the text.
    WriteSection(String, String),
    /// Loads all that is known of the event with this id.
    LoadDetail(Uuid),
    /// Searches the incident shown.
    Search(String),
    /// Searches all incidents.
    SearchAll(String),
    /// Loads the list of incidents.
    Incidents,
    /// Loads the states and milestones of an incident.
    IncidentHistory(Uuid),
    /// Renders a document of an incident.
    Document(Uuid, Document),
    /// Writes a document of an incident to a file.
    Export(Uuid, Document, ExportFormat),
    /// Writes the entries that are not saved to a new file that is no database.
    SaveUnsaved(String),
    /// Loads the absorbed faults.
    Ledger,
    /// Loads the incidents of the last twelve months with their metrics.
    Trends,
    /// Saves drafts, each with the number of its line (0 if not sent): a line that was written
    /// meanwhile is left out.
    SaveDrafts(Vec<(u64, Draft)>),
    /// Loads the drafts of earlier processes.
    LoadDrafts,
    /// Ends the worker.
    Stop,
}

/// A place in a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A time as typed: `05:10`.
    TypedTime(String),
    Time(UtcTime),
    /// The handle of an event.
    Handle(String),
}

/// What to select in a loaded page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select {
    /// The event selected before, if loaded.
    Keep,
    First,
    Last,
    Event(Uuid),
}

/// Letters of a handle without `^` that are not taken for a word.
const MIN_HANDLE_LETTERS: usize = 4;

impl Place {
    /// Reads a time (`05:10`, `:05:10`) or a handle (`kzqnvt`, `^kzq`); `None` if `text` looks like neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(':').unwrap_or(text).trim();
        let (handle, least) = match text.strip_prefix('^') {
            Some(handle) => (handle, 1),
            None => (text, MIN_HANDLE_LETTERS),
        };
        if handle.len() >= least && is_handle_prefix(handle) {
            return Some(Self::Handle(handle.to_owned()));
        }
        let is_time = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(':');
        is_time.then(|| Self::TypedTime(text.to_owned()))
    }
}

/// Which part of the worker runs a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Reads the store.
    Query,
    /// Parses or formats a line; writes nothing.
    Parse,
    /// Can take long; runs in a thread with its own connection, so that no line waits for it.
    Background,
    /// Writes to the store, or saves drafts.
    Write,
}

/// What a write is about: if it changes after the check, the write is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobSubject<'a> {
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

impl Job {
    #[must_use]
    pub fn kind(&self) -> JobKind {
        match self {
            Self::LoadIncident(_)
            | Self::LoadUnfiled
            | Self::Refresh { .. }
            | Self::LoadPage { .. }
            | Self::LoadEvent(_)
            | Self::GoTo { .. }
            | Self::FindGap { .. }
            | Self::FindMilestone { .. }
            | Self::LoadActivity(_)
            | Self::LoadDetail(_)
            | Self::Search(_)
            | Self::SearchAll(_)
            | Self::Incidents
            | Self::LoadSection(_)
            | Self::StatusText
            | Self::LoadDrafts
            | Self::SaveUnsaved(_)
            | Self::Stop => JobKind::Query,
            Self::Parse { .. }
            | Self::ParseTask { .. }
            | Self::ParsePaste { .. }
            | Self::EventLine { .. }
            | Self::ParseRows { .. }
            | Self::Check { .. }
            | Self::LoadEventLine { .. }
            | Self::LoadTaskLine { .. } => JobKind::Parse,
            Self::IncidentHistory(_)
            | Self::Document(..)
            | Self::Export(..)
            | Self::Ledger
            | Self::Trends => JobKind::Background,
            Self::Confirmed { .. }
            | Self::Restore(_)
            | Self::Log(_)
            | Self::LogPaste { .. }
            | Self::Declare { .. }
            | Self::Rewrite { .. }
            | Self::Retime(..)
            | Self::Patch(..)
            | Self::Retract(..)
            | Self::Undo
            | Self::Redo
            | Self::ChangeTaskState(..)
            | Self::SetOwner(..)
            | Self::SetDue(..)
            | Self::AddTask(_)
            | Self::SetField(..)
            | Self::AddService(..)
            | Self::SaveLetter { .. }
            | Self::Approve(..)
            | Self::Review(..)
            | Self::MarkSent(..)
            | Self::Resolve(..)
            | Self::Reopen(..)
            | Self::Adopt(_)
            | Self::Move(..)
            | Self::Merge(..)
            | Self::Redact { .. }
            | Self::SetTask(..)
            | Self::WriteSection(..)
            | Self::SaveDrafts(_) => JobKind::Write,
        }
    }

    #[must_use]
    pub fn is_background(&self) -> bool {
        self.kind() == JobKind::Background
    }

    /// What a write is about; `None` for a job that writes nothing to the log book.
    #[must_use]
    pub fn subject(&self) -> Option<JobSubject<'_>> {
        Some(match self {
            Self::Rewrite { handle, .. } | Self::Redact { handle, .. } => {
                JobSubject::Record(handle)
            }
            Self::Retime(handle, _)
            | Self::Patch(handle, _)
            | Self::Retract(handle, _)
            | Self::ChangeTaskState(handle, ..)
            | Self::SetTask(handle, _)
            | Self::SetOwner(handle, _)
            | Self::SetDue(handle, _)
            | Self::Adopt(handle)
            | Self::Move(handle, _) => JobSubject::Record(handle),
            // Those that came after the first are looked up when it is written.
            Self::Restore(handles) => match handles.first() {
                Some(first) => JobSubject::Record(first),
                None => JobSubject::Nothing,
            },
            Self::Undo => JobSubject::NextUndo,
            Self::Redo => JobSubject::NextRedo,
            Self::SetField(handle, name, _) => JobSubject::Field(handle, name),
            Self::AddService(handle, text) => {
                JobSubject::Service(handle, text.split(' ').next().unwrap_or_default())
            }
            Self::Approve(number, _)
            | Self::MarkSent(number, _)
            | Self::SaveLetter {
                over: Some(number), ..
            } => JobSubject::Message(number),
            Self::Resolve(handle, _) | Self::Reopen(handle, _) | Self::Merge(handle, _) => {
                JobSubject::Incident(handle)
            }
            Self::WriteSection(name, _) => JobSubject::Section(name),
            Self::Log(_) | Self::LogPaste { .. } | Self::Declare { .. } => {
                JobSubject::OpenIncidents
            }
            Self::Review(..) => JobSubject::Postmortem,
            Self::AddTask(_) | Self::SaveLetter { over: None, .. } => JobSubject::Nothing,
            Self::Confirmed { write, .. } | Self::Check { write, .. } => return write.subject(),
            Self::LoadIncident(_)
            | Self::LoadUnfiled
            | Self::Refresh { .. }
            | Self::LoadPage { .. }
            | Self::LoadEvent(_)
            | Self::GoTo { .. }
            | Self::FindGap { .. }
            | Self::FindMilestone { .. }
            | Self::LoadActivity(_)
            | Self::LoadDetail(_)
            | Self::Search(_)
            | Self::SearchAll(_)
            | Self::Incidents
            | Self::LoadSection(_)
            | Self::StatusText
            | Self::LoadDrafts
            | Self::SaveDrafts(_)
            | Self::SaveUnsaved(_)
            | Self::Parse { .. }
            | Self::ParseTask { .. }
            | Self::ParsePaste { .. }
            | Self::EventLine { .. }
            | Self::ParseRows { .. }
            | Self::LoadEventLine { .. }
            | Self::LoadTaskLine { .. }
            | Self::IncidentHistory(_)
            | Self::Document(..)
            | Self::Export(..)
            | Self::Ledger
            | Self::Trends
            | Self::Stop => return None,
        })
    }
}
