//! What the worker is asked to do.

use crate::{
    domain::{task::TaskState, time::UtcTime, words::Severity},
    ops::{
        draft::Draft,
        timeline::{Filter, PageAnchor, TimelineCursor},
    },
};
use uuid::Uuid;

/// A form under its key: the key, the form, its name, and what it is.
pub type FormatOption = (char, ExportFormat, &'static str, &'static str);

impl Document {
    /// The forms that it can be written in, the first one also with Enter.
    #[must_use]
    pub fn formats(self) -> &'static [FormatOption] {
        match self {
            Self::Postmortem => &[
                (
                    'm',
                    ExportFormat::Markdown,
                    "Markdown",
                    "Markdown, with the picture beside it",
                ),
                (
                    'h',
                    ExportFormat::Html,
                    "page",
                    "a page: one HTML file that prints well",
                ),
                ('j', ExportFormat::Json, "JSON", "JSON"),
            ],
            Self::Email(_) => &[
                ('t', ExportFormat::Text, "text", "text"),
                ('m', ExportFormat::Markdown, "Markdown", "Markdown"),
                (
                    'e',
                    ExportFormat::Eml,
                    "mail draft",
                    "a draft that a mail program opens for editing (.eml)",
                ),
            ],
        }
    }
}

/// Where a line goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// The open incident, or none.
    #[default]
    Open,
    /// The incident with this handle.
    Named(String),
    /// No incident.
    Unfiled,
}

/// A line to be logged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedLine {
    /// Tells it from all others that were typed since the start, also from one with the same words.
    /// What is tried again under the same number is logged once.
    pub seq: u64,
    /// As it was typed.
    pub text: String,
    /// When it was begun.
    pub begun: UtcTime,
    /// Where it goes.
    pub target: Target,
    /// True where `tell:` means customer wording.
    pub allow_customer_wording: bool,
}

/// Which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The postmortem.
    Postmortem,
    /// The customer email of a stage: 0 to 3; none: the one that is due.
    Email(Option<usize>),
}

/// What a document is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Markdown; of a postmortem with its picture beside it.
    Markdown,
    /// A page in one file.
    Html,
    /// JSON.
    Json,
    /// Plain text.
    Text,
    /// A draft for a mail program.
    Eml,
}

/// What the worker does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// Look at an incident: the one with this handle, else the first one.
    LoadIncident(Option<String>),
    /// Look at the events that are in no incident.
    LoadUnfiled,
    /// The incident looked at, as it stands now, with the page of its timeline at `from`.
    Refresh {
        /// True where the unfiled events are looked at on purpose, though there are incidents.
        unfiled: bool,
        /// Which incident.
        incident: Option<Uuid>,
        /// Which part of its timeline.
        from: PageAnchor,
        /// Which events of it.
        filter: Filter,
    },
    /// A page of the timeline alone.
    LoadPage {
        /// Which incident.
        incident: Option<Uuid>,
        /// Which part.
        from: PageAnchor,
        /// Which events.
        filter: Filter,
        /// What to select in it: the event nearest to this moment, or this one.
        select: Select,
    },
    /// This event, to go to its place.
    LoadEvent(Uuid),
    /// The next stretch of the timeline in which nothing was logged, from an event on.
    FindGap {
        /// In which incident.
        incident: Option<Uuid>,
        /// From which event on.
        from: TimelineCursor,
        /// Towards the end, else towards the beginning.
        forward: bool,
    },
    /// Asks and the last update, from the newest events.
    LoadActivity(Uuid),
    /// Read a line without logging it.
    Parse {
        /// To tell the answers apart.
        request_id: u64,
        /// The line.
        typed: TypedLine,
        /// Where its cursor is, in bytes; for completion.
        cursor: usize,
        /// The event that it corrects, and true where it says only what is to change.
        amending: Option<(String, bool)>,
    },
    /// Read a line as a follow-up.
    ParseTask {
        /// To tell the answers apart.
        request_id: u64,
        /// The line.
        text: String,
    },
    /// Read the lines of a paste.
    ParsePaste {
        /// The lines, with whether `tell:` means customer wording in each.
        lines: Vec<(String, bool)>,
        /// When it was pasted.
        begun: UtcTime,
        /// Where they go.
        target: Target,
    },
    /// Log a line.
    Log(TypedLine),
    /// Log what was pasted, all of it or none.
    LogPaste {
        /// The lines that are taken, with whether `tell:` means customer wording in each. Lines that
        /// are only a date are among them.
        lines: Vec<(String, bool)>,
        /// When it was pasted.
        begun: UtcTime,
        /// Where they go.
        target: Target,
    },
    /// Begin an incident with a line.
    Declare {
        /// The line.
        typed: TypedLine,
        /// How bad it is.
        severity: Option<Severity>,
        /// Take the unfiled events of the last day in.
        adopt: bool,
    },
    /// How many unfiled events would be offered to a new incident.
    CountUnfiled,
    /// The line that an event would be typed as.
    EventLine {
        /// The handle of the event.
        handle: String,
        /// For `$EDITOR`, and not for the line.
        editor: bool,
    },
    /// Correct an event by its altered line.
    Rewrite(String, String),
    /// Amend the time of an event alone.
    Retime(String, String),
    /// Change of an event what the line gives.
    Patch(String, String),
    /// Take an event out of the record, for a reason.
    Retract(String, String),
    /// Take back the last entry.
    Undo,
    /// Do it again.
    Redo,
    /// Move a task on: handle, `done`, `started` or `declined`, outcome or reason.
    ChangeTaskState(String, TaskState, String),
    /// Add a follow-up.
    AddTask(String),
    /// Set a field of the incident with this handle.
    SetField(String, String, String),
    /// Add a service to the incident with this handle: its name, then what customers call it.
    AddService(String, String),
    /// Keep the letter of this stage.
    SaveLetter(usize),
    /// This person lets the letter with this number go out.
    Approve(String, String),
    /// The letter with this number went out this way.
    MarkSent(String, String),
    /// Resolve the incident with this handle.
    Resolve(String, String),
    /// Reopen it.
    Reopen(String, String),
    /// A section's prose, for `$EDITOR`.
    LoadSection(String),
    /// Take this unfiled event into the open incident.
    Adopt(String),
    /// Move this event to the incident that is named.
    Move(String, String),
    /// Destroy the text of this event, for a reason.
    Redact(String, String),
    /// The line that a follow-up would be typed as.
    TaskLine(String),
    /// Change a follow-up to what its altered line says.
    SetTask(String, String),
    /// How the incident looked at stands, in a paragraph for chat.
    StatusText,
    /// Write a section.
    WriteSection(String, String),
    /// All versions of an event.
    EventHistory(String),
    /// Find words in the incident looked at.
    Search(String),
    /// Find words everywhere.
    SearchAll(String),
    /// The incidents.
    Incidents,
    /// How this incident went.
    IncidentHistory(Uuid),
    /// A document of this incident.
    Document(Uuid, Document),
    /// A document of this incident, to a file.
    Export(Uuid, Document, ExportFormat),
    /// The outages that did not happen.
    Ledger,
    /// The incidents of the last year with their figures.
    Trends,
    /// Keep what is half-typed, and what is on its way and not yet on the disk: each with the number
    /// of its line, 0 where it was not sent.
    SaveDrafts(Vec<(u64, Draft)>),
    /// What was left half-typed.
    LoadDrafts,
    /// The end.
    Stop,
}

/// What to select in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select {
    /// Whatever is selected already, or the last.
    Keep,
    /// The first event.
    First,
    /// The last event.
    Last,
    /// This event.
    Event(Uuid),
}

/// What sort of work a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// It looks at what is there.
    Query,
    /// It reads what was typed, and writes nothing.
    Parse,
    /// It takes long where there is much, and is done beside the log book, so that no line waits for it.
    Background,
    /// It writes, or keeps what was typed.
    Write,
}

impl Job {
    /// What sort of work it is.
    #[must_use]
    pub fn kind(&self) -> JobKind {
        match self {
            Self::LoadIncident(_)
            | Self::LoadUnfiled
            | Self::Refresh { .. }
            | Self::LoadPage { .. }
            | Self::LoadEvent(_)
            | Self::FindGap { .. }
            | Self::LoadActivity(_)
            | Self::EventHistory(_)
            | Self::Search(_)
            | Self::SearchAll(_)
            | Self::Incidents
            | Self::LoadSection(_)
            | Self::StatusText
            | Self::LoadDrafts => JobKind::Query,
            Self::Parse { .. }
            | Self::ParseTask { .. }
            | Self::ParsePaste { .. }
            | Self::CountUnfiled
            | Self::EventLine { .. }
            | Self::TaskLine(_) => JobKind::Parse,
            Self::IncidentHistory(_)
            | Self::Document(..)
            | Self::Export(..)
            | Self::Ledger
            | Self::Trends => JobKind::Background,
            _ => JobKind::Write,
        }
    }

    /// True for what is done beside the log book.
    #[must_use]
    pub fn is_background(&self) -> bool {
        self.kind() == JobKind::Background
    }
}
