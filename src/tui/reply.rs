//! The replies of the worker.

use super::{
    event_detail::EventDetail,
    hub_status::HubStatus,
    import_job::{ImportDone, ImportRead},
    incident_lists::{IncidentListItem, LedgerLine, SearchResults, Trends},
    job::{Job, Select},
    read_line::{Failure, ParsedLine, ReadRow},
};
use crate::{
    domain::{event::Event, incident::Record, states::StartedStates, time::UtcTime, zone::Zone},
    ops::{
        IncidentRow, Obstacle,
        draft::Draft,
        folder::FolderListing,
        incident_history::IncidentHistory,
        incident_summary::{IncidentActivity, IncidentSummary},
        lint::Fix,
        seen_before::SeenIncident,
        timeline::{Filter, PageAnchor, TimelinePage},
    },
};
use uuid::Uuid;

/// What a write would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// In the order shown.
    pub lines: Vec<CheckLine>,
    /// True if the write would change nothing.
    pub changes_nothing: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckLine {
    pub mark: CheckMark,
    pub text: String,
}

/// What a line of a check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckMark {
    /// What goes: `−`.
    Removed,
    /// What comes: `+`.
    Added,
    /// What customers will read: `»`.
    Customer,
    /// What follows, or stays.
    Plain,
    /// What may surprise.
    Warning,
}

/// An event or a follow-up as the line one would type for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditableLine {
    pub line: String,
    /// The entry that it shows; `None` for a follow-up.
    pub version: Option<Uuid>,
    /// When that entry was recorded, and by whom.
    pub recorded: UtcTime,
    pub author: String,
}

/// A completion of the word at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// First byte it replaces.
    pub from: usize,
    /// One past the last byte it replaces.
    pub to: usize,
    pub replacement: String,
    /// Kind, state, service, person, tag or event.
    pub kind: &'static str,
    /// What it stands for, if the replacement does not say it: time, kind and text of an event.
    pub note: String,
}

/// Something that a document lacks, or must not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    /// The name of the check: `host-name`.
    pub check: &'static str,
    /// The record that it is about: a handle, `field/NAME`, `section/NAME`; `None` for the whole document.
    pub handle: Option<String>,
    /// What it is about, for the screen: `04:31 fault`, `next update`.
    pub subject: String,
    pub reason: String,
    /// The command, or the setting, that fixes it.
    pub command: String,
    pub fix: Fix,
    /// What the prompt that fixes it opens with: the time of the event, its customer wording.
    pub opening: String,
    /// The event that it is about.
    pub event: Option<Uuid>,
    /// True if it is only advice: nothing is wrong.
    pub advice: bool,
}

/// A customer email.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// 0 to 3, an index into `stages`.
    pub stage: usize,
    /// The names of all stages.
    pub stages: Vec<String>,
    /// True if `stage` is the one that is due.
    pub is_due: bool,
    pub subject: String,
    pub body: String,
    /// The records that each line of `body`, numbered from 1, comes from: the handle, and for an event its
    /// time, kind and text.
    pub sources: Vec<(usize, Vec<(String, String)>)>,
    /// The saved messages, described in words.
    pub saved_messages: Vec<String>,
    /// The newest saved message that is not marked as sent, such as `m1`.
    pub unsent_message: Option<String>,
    /// What is missing, or must not be sent.
    pub findings: Vec<FindingRow>,
    /// Why the letter could not be checked, if it could not.
    pub unchecked: Option<String>,
}

/// The incident to show, read in one snapshot of the store.
#[derive(Debug)]
pub struct IncidentLoaded {
    /// `None` for the unfiled events.
    pub summary: Option<Box<IncidentSummary>>,
    /// The zone of the incident, else that of a new one.
    pub zone: Zone,
    pub page: TimelinePage,
    /// True if it is another incident than the one shown before.
    pub incident_changed: bool,
    /// The incidents that are open besides this one, newest first.
    pub other_open: Vec<IncidentRow>,
    /// The filter of the request: a page for an older filter is dropped.
    pub filter: Filter,
}

/// The replies of the worker.
#[derive(Debug)]
pub enum Reply {
    IncidentLoaded(Box<IncidentLoaded>),
    /// The states and milestones of an incident.
    IncidentHistory(Uuid, IncidentHistory),
    /// The states that events of an incident started.
    StartedStates(Uuid, StartedStates),
    /// A page of the timeline, with the request it answers.
    Page {
        page: Box<TimelinePage>,
        from: PageAnchor,
        select: Select,
        filter: Filter,
    },
    EventLoaded(Box<Record<Event>>),
    /// The event at a place: at the time asked for or the next one, else the last one before it; with that
    /// time.
    PlaceFound(Box<Record<Event>>, Option<UtcTime>),
    /// The next milestone, if there is one.
    MilestoneFound {
        event: Option<Box<Record<Event>>>,
        forward: bool,
    },
    /// The event after the next gap, and the length of the gap in seconds; `None` if there is no
    /// further gap.
    GapFound(Option<(Box<Record<Event>>, i64)>),
    Activity(IncidentActivity),
    Parsed {
        request_id: u64,
        result: Result<Box<ParsedLine>, Failure>,
    },
    /// The rows of the input line, in their order, and completions of the word at the cursor.
    ParsedRows {
        request_id: u64,
        rows: Vec<Result<Box<ParsedLine>, Failure>>,
        completions: Vec<Completion>,
    },
    /// What the write of this prompt or question would do.
    Checked {
        id: u64,
        result: Result<Check, Failure>,
    },
    /// The line for the prompt with this number.
    LineLoaded {
        id: u64,
        result: Result<EditableLine, Failure>,
    },
    ParsedTask {
        request_id: u64,
        /// The follow-up, described in words.
        result: Result<String, Failure>,
    },
    /// The rows of a paste.
    ParsedPaste {
        request_id: u64,
        rows: Vec<ReadRow>,
        /// True if a time without a date lies ahead of now, or the times turn over midnight: the user is to
        /// pick the day of the first.
        asks_day: bool,
    },
    /// A write succeeded.
    Done {
        /// For the status message; may be empty.
        message: String,
        next: NextStep,
        /// The job that is done, which a prompt may wait for.
        job: Option<Box<Job>>,
    },
    /// A job failed.
    Failed {
        failure: Failure,
        /// The job that failed, if something waits for it: a write, a page of the timeline.
        job: Option<Box<Job>>,
    },
    /// A write cannot be done now, and is kept: it is right, and the same may succeed later. A locked store is a
    /// retryable [`Reply::Failed`].
    Unsaved {
        obstacle: Obstacle,
        failure: Failure,
        job: Box<Job>,
    },
    /// Another process wrote to the store.
    StoreChanged,
    /// What is known of the hub now.
    Hub(Box<HubStatus>),
    /// An event as the line one would type for it.
    EventLine {
        handle: String,
        line: String,
        /// True to edit it in `$EDITOR`, false in a prompt.
        editor: bool,
    },
    DetailLoaded(Box<EventDetail>),
    /// What [`Job::OpenDetail`] loaded.
    DetailOpened(Box<EventDetail>),
    /// The words searched for in the incident shown, and the matching events, newest first.
    Hits(String, Vec<Record<Event>>),
    /// What a search in all incidents found.
    SearchResults(Box<SearchResults>),
    /// Why what is typed to search all incidents is not understood, and what can be written.
    SearchRefused(String),
    Incidents(Vec<IncidentListItem>),
    /// The absorbed faults, newest first.
    Ledger(Vec<LedgerLine>),
    /// The incidents of the last twelve months.
    Trends(Trends),
    /// The brief of the incident shown, to be copied.
    Status(String),
    /// The brief of the incident shown.
    Brief(String),
    /// The earlier incidents that began like the one with this id.
    SeenBefore(Uuid, Vec<SeenIncident>),
    /// The postmortem in Markdown, and what it lacks.
    Postmortem(String, Vec<FindingRow>),
    Letter(Letter),
    /// The path of the file written.
    Exported {
        path: String,
        /// The path with `~` for the home folder.
        shown: String,
    },
    /// The path of the file that has the entries which are not in the database.
    UnsavedWritten {
        path: String,
        /// The path with `~` for the home folder.
        shown: String,
    },
    /// What a folder has, for choosing a file.
    Folder(FolderListing),
    /// What the input of an import has.
    ImportRead {
        id: u64,
        result: Result<ImportRead, Failure>,
    },
    /// What came of an import.
    Imported {
        id: u64,
        result: Result<ImportDone, Failure>,
    },
    /// The name of a section, and its text.
    Section(String, String),
    Drafts {
        /// The drafts of earlier processes, newest last.
        drafts: Vec<Draft>,
        /// The draft files that cannot be read, each with the reason.
        unreadable: Vec<String>,
    },
    /// Why the drafts cannot be saved, after they could the time before.
    DraftsUnsaved(String),
    /// The drafts are saved, after they could not be the time before.
    DraftsSaved,
    /// What other processes write is no longer seen.
    StoreUnreadable(Failure),
}

/// Ends the message of what was undone or retracted, and is a place to click.
pub const R_RESTORES: &str = "r restores";

/// What to load or clear after a successful write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// This process wrote events.
    EventsWritten { ids: Vec<Uuid>, clear: ClearInput },
    /// Show another incident, which was just declared.
    ShowIncident {
        handle: String,
        /// The number of the line that declared it; 0 if none did.
        line_seq: u64,
    },
    /// Load everything shown again.
    Refresh,
    /// The same; what has these handles was undone or retracted, and can be brought back.
    Gone(Vec<String>),
    /// Show these sentences, and load everything shown again.
    ShowText {
        title: String,
        paragraphs: Vec<String>,
    },
}

/// The typed text that is now in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClearInput {
    Nothing,
    /// The line with this number.
    Line(u64),
    Paste,
}
