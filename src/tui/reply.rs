//! What the worker answers.

use super::job::{Select, TypedLine};
use crate::{
    domain::{
        event::Event,
        incident::Record,
        ledger::NearMiss,
        time::UtcTime,
        words::{Severity, State, Word},
        zone::Zone,
    },
    ops::{
        draft::Draft,
        incident_summary::{IncidentActivity, IncidentHistory, IncidentSummary},
        timeline::{Filter, PageAnchor, TimelinePage},
    },
};
use uuid::Uuid;

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub message: String,
    /// The way out.
    pub hint: Option<String>,
    /// True where the same may go through later, unchanged.
    pub retryable: bool,
}

impl Failure {
    /// What went wrong and the way out, on one line.
    #[must_use]
    pub fn message_with_hint(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{} · {hint}", self.message),
            None => self.message.clone(),
        }
    }
}

/// What a line was understood as.
#[derive(Clone, Debug)]
pub struct ParsedLine {
    /// The event it would be.
    pub event: Event,
    /// The zone its time is shown in.
    pub zone: Zone,
    /// What was not understood the way it may have been meant.
    pub notices: Vec<String>,
}

/// What the word at the cursor may become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// From which byte on it replaces.
    pub from: usize,
    /// To which byte.
    pub to: usize,
    /// What stands there then.
    pub replacement: String,
    /// What it is: kind, state, service, person, tag.
    pub kind: &'static str,
}

/// A version of an event, for its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventVersion {
    /// When it was recorded.
    pub recorded: UtcTime,
    /// By whom.
    pub author: String,
    /// What was done.
    pub operation: String,
    /// What it said from then on.
    pub event: Option<Event>,
    /// True where it stands beside the one that is shown, and nobody has replaced it.
    pub conflicting: bool,
}

/// An event that another links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedEvent {
    /// Its handle.
    pub handle: String,
    /// True where it is the other that links.
    pub is_backlink: bool,
    /// When it occurred.
    pub at: UtcTime,
    /// What it says, after its kind.
    pub text: String,
}

/// A fault that a protection caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// The fault.
    pub fault: NearMiss,
    /// The handle of its incident, and how that is called; none where it is unfiled.
    pub incident: Option<(String, String)>,
    /// The zone of its times.
    pub zone: String,
}

/// An incident with its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendLine {
    /// The incident.
    pub incident: IncidentListItem,
    /// In seconds, each under the head it has in a table; none where it cannot be given. With true
    /// where it goes on.
    pub figures: Vec<(&'static str, Option<i64>, bool)>,
    /// How many of its follow-ups are open, and how many of these overdue.
    pub open: (usize, usize),
}

/// The incidents of a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trends {
    /// Each with its figures, the newest first.
    pub lines: Vec<TrendLine>,
    /// When faults were caught that hurt nobody.
    pub absorbed: Vec<UtcTime>,
}

/// An incident in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentListItem {
    /// Its handle.
    pub handle: String,
    /// Its number.
    pub number: Option<u32>,
    /// Its title.
    pub title: String,
    /// How bad it was.
    pub severity: Option<Word<Severity>>,
    /// True until it is resolved.
    pub open: bool,
    /// How it stands.
    pub state: Option<State>,
    /// When it was declared.
    pub declared: Option<UtcTime>,
    /// When it was resolved.
    pub resolved: Option<UtcTime>,
    /// How many events it has.
    pub events: u64,
    /// Its zone.
    pub zone: String,
}

impl IncidentListItem {
    /// Returns `#7`, or the handle if the incident has no number.
    #[must_use]
    pub fn short_ref(&self) -> String {
        self.number
            .map_or_else(|| self.handle.clone(), |number| format!("#{number}"))
    }
}

/// A hit of a search everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchResult {
    /// The handle of its incident; none where it is unfiled.
    pub incident: Option<String>,
    /// The incident's number.
    pub number: Option<u32>,
    /// The event.
    pub id: Option<Uuid>,
    /// When it occurred.
    pub at: Option<UtcTime>,
    /// What it says.
    pub text: String,
}

/// A letter on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Which stage: 0 to 3.
    pub stage: usize,
    /// The stages' names.
    pub stages: Vec<String>,
    /// True where this is the stage that is due.
    pub is_due: bool,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// What stands behind each line, by its number from 1: handle, when and what.
    pub sources: Vec<(usize, Vec<String>)>,
    /// The letters that are kept, in words.
    pub saved_messages: Vec<String>,
    /// The newest kept letter that did not go out yet: `m1`.
    pub unsent_message: Option<String>,
    /// What is missing or must not go out.
    pub findings: Vec<String>,
}

/// What was seen of an incident.
#[derive(Debug)]
pub struct IncidentLoaded {
    /// At a glance; none where there is no incident.
    pub summary: Option<Box<IncidentSummary>>,
    /// The zone of its times, else that of a new incident.
    pub zone: Zone,
    /// A page of its timeline.
    pub page: TimelinePage,
    /// True where it is another incident than before.
    pub incident_changed: bool,
    /// How many other incidents are open.
    pub other_open_incidents: usize,
    /// What was asked for, to be told apart from a later question.
    pub filter: Filter,
}

/// What the worker answers.
#[derive(Debug)]
pub enum Reply {
    /// An incident was looked at.
    IncidentLoaded(Box<IncidentLoaded>),
    /// How this incident went.
    IncidentHistory(Uuid, IncidentHistory),
    /// A page of the timeline.
    Page {
        /// The page.
        page: TimelinePage,
        /// Which part was asked for.
        from: PageAnchor,
        /// What was asked to be selected.
        select: Select,
        /// What was asked for.
        filter: Filter,
    },
    /// The event that was looked for.
    EventLoaded(Box<Record<Event>>),
    /// The event behind the next stretch in which nothing was logged, and how many seconds that was;
    /// none where there is no such stretch.
    GapFound(Option<(Box<Record<Event>>, i64)>),
    /// What goes on.
    Activity(IncidentActivity),
    /// A line, read.
    Parsed {
        /// Which one.
        request_id: u64,
        /// What it is.
        result: Result<Box<ParsedLine>, Failure>,
        /// What the word at the cursor may become.
        completions: Vec<Completion>,
    },
    /// A line, read as a follow-up.
    ParsedTask {
        /// Which one.
        request_id: u64,
        /// What it is, in words.
        result: Result<String, Failure>,
    },
    /// The lines of a paste, read; none for one that is only a date, and one to be left.
    ParsedPaste(Vec<Option<Result<Box<ParsedLine>, Failure>>>),
    /// Something was done: what, and the events written; the incident looked at has changed.
    Done {
        /// In words.
        message: String,
        /// What to ask next.
        next: NextStep,
    },
    /// It was not done.
    Failed {
        /// Why.
        failure: Failure,
        /// The line that it was about, which is not lost.
        line: Option<TypedLine>,
    },
    /// Another wrote to the log book.
    StoreChanged,
    /// How many unfiled events would be offered to a new incident.
    UnfiledCount(usize),
    /// The line that an event would be typed as.
    EventLine {
        /// The handle of the event.
        handle: String,
        /// The line.
        line: String,
        /// For `$EDITOR`.
        editor: bool,
    },
    /// An event as it stands, all its versions, the oldest first, and what is linked to it.
    EventHistory(Box<Record<Event>>, Vec<EventVersion>, Vec<LinkedEvent>),
    /// Events of the incident looked at in which the words were found, the newest first.
    Hits(String, Vec<Record<Event>>),
    /// What was found everywhere.
    SearchResults(String, Vec<SearchResult>),
    /// The incidents.
    Incidents(Vec<IncidentListItem>),
    /// The outages that did not happen, the newest first.
    Ledger(Vec<LedgerLine>),
    /// The incidents of a year.
    Trends(Trends),
    /// A paragraph for the clipboard.
    Status(String),
    /// The line that a follow-up would be typed as.
    TaskLine {
        /// The handle of the follow-up.
        handle: String,
        /// The line.
        line: String,
    },
    /// The postmortem in Markdown, and what is missing in it.
    Postmortem(String, Vec<String>),
    /// The customer email.
    Letter(Letter),
    /// A file was written.
    Exported(String),
    /// A section's prose.
    Section(String, String),
    /// What was left half-typed, the newest last.
    Drafts(Vec<Draft>),
    /// The store cannot be read.
    StoreUnreadable(Failure),
}

/// What follows on something done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// These events were written by us.
    EventsWritten {
        /// The events.
        ids: Vec<Uuid>,
        /// The handle of the first, and true where it is a fault whose state nobody gave.
        ask_state: Option<String>,
        /// What was pasted or typed and is no longer on the line.
        clear: ClearInput,
    },
    /// Another incident is looked at from now on.
    ShowIncident {
        /// Its handle.
        handle: String,
        /// The number of the line that declared it; 0 where none did.
        line_seq: u64,
        /// The handle of a fault whose state nobody gave.
        ask_state: Option<String>,
    },
    /// Nothing but a new look.
    Refresh,
}

/// What of the typed text was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClearInput {
    /// Nothing.
    Nothing,
    /// The line with this number.
    Line(u64),
    /// The paste.
    Paste,
}
