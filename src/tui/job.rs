//! The jobs of the worker.

use super::{
    import_job::{ImportRequest, ImportWrite, Progress},
    write::{PastedLine, Target, TypedLine, Write},
};
use crate::{
    domain::{event::Event, handle::is_handle_prefix, incident::Record, time::UtcTime},
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
        /// True if the first may declare an incident: what it would declare is read as well.
        may_declare: bool,
    },
    /// Says what `write` would do, without doing it. Replies [`Reply::Checked`](super::reply::Reply::Checked).
    Check {
        /// Number of the prompt or question that asks.
        id: u64,
        write: Box<Write>,
    },
    /// Does `write` after its check, unless what it is about was changed since.
    Confirmed {
        /// Number of the check.
        id: u64,
        write: Box<Write>,
    },
    /// Loads an event as the line one would type for it, for the prompt with this number. Replies
    /// [`Reply::LineLoaded`](super::reply::Reply::LineLoaded).
    LoadEventLine { id: u64, handle: String },
    /// Loads a follow-up as the line one would type for it, for the prompt with this number.
    LoadTaskLine { id: u64, handle: String },
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
    /// Formats an event as the line one would type for it.
    EventLine {
        handle: String,
        /// True to edit it in `$EDITOR`, false in a prompt.
        editor: bool,
    },
    /// Loads a section of the postmortem, to edit it.
    LoadSection(String),
    /// Makes the brief of the incident shown, to copy it.
    StatusText,
    /// Makes the brief of the incident shown, to read it.
    Brief,
    /// Loads all that is known of the event with this id.
    LoadDetail(Uuid),
    /// Loads the same to show it over the list, for an event that need not be among those loaded.
    OpenDetail(Uuid),
    /// Searches the incident shown.
    Search(String),
    /// Searches all incidents.
    SearchAll(String),
    /// Loads the list of incidents.
    Incidents,
    /// Loads the states and milestones of an incident.
    IncidentHistory(Uuid),
    /// Loads the states that these events of a large incident started.
    StartedStates(Uuid, Vec<Record<Event>>),
    /// Renders a document of an incident.
    Document(Uuid, Document),
    /// Writes a document of an incident to a file.
    Export(Uuid, Document, ExportFormat),
    /// Writes the entries that are not saved to a new file that is no database.
    SaveUnsaved(String),
    /// Finds the earlier incidents that began like this one.
    SeenBefore(Uuid),
    /// Loads the absorbed faults.
    Ledger,
    /// Loads the incidents of the last twelve months with their metrics.
    Trends,
    /// Lists the folder that was typed. Replies [`Reply::Folder`](super::reply::Reply::Folder).
    ListFolder(String),
    /// Reads what another tool recorded, without writing. Replies
    /// [`Reply::ImportRead`](super::reply::Reply::ImportRead), unless it was stopped.
    ReadImport {
        /// Repeated in the reply; a reply to an older request is dropped.
        id: u64,
        request: Box<ImportRequest>,
        progress: Progress,
    },
    /// Imports what was read. Replies [`Reply::Imported`](super::reply::Reply::Imported).
    Import {
        /// Repeated in the reply.
        id: u64,
        write: Box<ImportWrite>,
        progress: Progress,
    },
    /// Saves drafts, each with the number of its line (0 if not sent): a line that was written
    /// meanwhile is left out.
    SaveDrafts(Vec<(u64, Draft)>),
    /// Loads the drafts of earlier processes.
    LoadDrafts,
    /// Writes to the database, without a check.
    Write(Write),
    /// Checks whether another connection wrote to the store, without waiting for the next time.
    PollStore,
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
    /// Can take long; runs in a thread with its own connection, so that no line waits for it. An import is one,
    /// though it writes: lines that meet it are kept and sent again.
    Background,
    /// Writes to the store, or saves drafts.
    Write,
}

impl From<Write> for Job {
    fn from(write: Write) -> Self {
        Self::Write(write)
    }
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
            | Self::OpenDetail(_)
            | Self::Search(_)
            | Self::SearchAll(_)
            | Self::Incidents
            | Self::LoadSection(_)
            | Self::StatusText
            | Self::Brief
            | Self::LoadDrafts
            | Self::SaveUnsaved(_)
            | Self::PollStore
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
            | Self::StartedStates(..)
            | Self::Document(..)
            | Self::Export(..)
            | Self::SeenBefore(_)
            | Self::Ledger
            | Self::Trends
            | Self::ListFolder(_)
            | Self::ReadImport { .. }
            | Self::Import { .. } => JobKind::Background,
            Self::Confirmed { .. } | Self::Write(_) | Self::SaveDrafts(_) => JobKind::Write,
        }
    }

    #[must_use]
    pub fn is_background(&self) -> bool {
        self.kind() == JobKind::Background
    }
}
