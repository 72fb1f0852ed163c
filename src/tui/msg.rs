//! What comes in, what goes out: messages, effects, and the jobs and replies of the worker.

use super::keys::Key;
use crate::{
    domain::{event::Event, incident::Record, time::Instant, words::Severity, zone::Zone},
    ops::{
        draft::Draft,
        outline::{Doings, Outline},
        page::{Filter, From, Page},
    },
};
use uuid::Uuid;

/// What happened.
#[derive(Debug)]
pub enum Msg {
    /// The clock, at the beginning and then every second.
    Tick(Instant),
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
    /// The terminal has this size now.
    Resize(u16, u16),
    /// The worker has an answer.
    Reply(Box<Reply>),
    /// The editor came back, with the text that was saved.
    Edited(Edit, Result<String, String>),
    /// Somebody asks us to go.
    Leave,
    /// Somebody asks us to stop for a while.
    Suspend,
    /// The terminal is gone.
    Gone,
}

/// What the mouse did, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// The left button, at column and row.
    Click(u16, u16),
    /// The wheel, by rows, up being negative.
    Wheel(i32),
}

/// What is to be done outside the model.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// For the worker.
    Job(Job),
    /// To the clipboard.
    Copy(String),
    /// The bell.
    Bell,
    /// Open `$EDITOR` on a text.
    Edit(Edit, String),
    /// Catch the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Stop until the shell wakes us.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Leave.
    Quit,
}

/// What a text in the editor is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The event with this handle, as a line.
    Event(String),
    /// A section of the postmortem.
    Section(String),
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// As it was typed.
    pub text: String,
    /// When it was begun.
    pub begun: Instant,
    /// Where it goes.
    pub target: Target,
    /// True where `tell:` means customer wording.
    pub wording: bool,
}

/// Which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The postmortem.
    Postmortem,
    /// The customer email of a stage: 0 to 3; none: the one that is due.
    Email(Option<usize>),
}

/// What the worker does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// Look at an incident: the one with this handle, else the first one.
    Look(Option<String>),
    /// The incident looked at, as it stands now, with the page of its timeline at `from`.
    Refresh {
        /// Which incident.
        incident: Option<Uuid>,
        /// Which part of its timeline.
        from: From,
        /// Which events of it.
        filter: Filter,
    },
    /// A page of the timeline alone.
    Page {
        /// Which incident.
        incident: Option<Uuid>,
        /// Which part.
        from: From,
        /// Which events.
        filter: Filter,
        /// What to select in it: the event nearest to this moment, or this one.
        select: Select,
    },
    /// Asks and the last update, from the newest events.
    Doings(Uuid),
    /// Read a line without logging it.
    Parse {
        /// To tell the answers apart.
        no: u64,
        /// The line.
        typed: Typed,
        /// Where its cursor is, in bytes; for completion.
        cursor: usize,
        /// The event that it corrects, and true where it says only what is to change.
        amends: Option<(String, bool)>,
    },
    /// Read the lines of a paste.
    ParseMany {
        /// The lines, with whether `tell:` means customer wording in each.
        lines: Vec<(String, bool)>,
        /// When it was pasted.
        begun: Instant,
        /// Where they go.
        target: Target,
    },
    /// Log a line.
    Log(Typed),
    /// Log what was pasted, all of it or none.
    LogMany {
        /// The lines that are taken, with whether `tell:` means customer wording in each. Lines that
        /// are only a date are among them.
        lines: Vec<(String, bool)>,
        /// When it was pasted.
        begun: Instant,
        /// Where they go.
        target: Target,
    },
    /// Begin an incident with a line.
    Declare {
        /// The line.
        typed: Typed,
        /// How bad it is.
        severity: Option<Severity>,
        /// Take the unfiled events of the last day in.
        adopt: bool,
    },
    /// How many unfiled events would be offered to a new incident.
    Offered,
    /// The line that an event would be typed as.
    LineOf {
        /// The handle of the event.
        handle: String,
        /// For `$EDITOR`, and not for the line.
        editor: bool,
    },
    /// Correct an event by its altered line.
    Rewrite(String, String),
    /// Change of an event what the line gives.
    Patch(String, String),
    /// Take an event out of the record, for a reason.
    Retract(String, String),
    /// Take back the last entry.
    Undo,
    /// Do it again.
    Redo,
    /// Move a task on: handle, `done`, `started` or `declined`, outcome or reason.
    Task(String, crate::domain::task::TaskState, String),
    /// Add a follow-up.
    AddTask(String),
    /// Set a field of the incident with this handle.
    Set(String, String, String),
    /// Resolve the incident with this handle.
    Resolve(String, String),
    /// Reopen it.
    Reopen(String, String),
    /// A section's prose, for `$EDITOR`.
    Section(String),
    /// Write a section.
    Write(String, String),
    /// All versions of an event.
    History(String),
    /// Find words in the incident looked at.
    Find(String),
    /// Find words everywhere.
    FindAll(String),
    /// The incidents.
    Incidents,
    /// A document.
    Document(Document),
    /// A document to a file.
    Export(Document),
    /// Keep the half-typed line.
    Keep(Draft),
    /// What was left half-typed.
    Drafts,
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

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub message: String,
    /// The way out.
    pub hint: Option<String>,
    /// True where the same may go through later, unchanged.
    pub passing: bool,
}

/// What a line was understood as.
#[derive(Clone, Debug)]
pub struct Read {
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
    pub with: String,
    /// What it is: kind, state, service, person, tag.
    pub what: &'static str,
}

/// A version of an event, for its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionLine {
    /// When it was recorded.
    pub recorded: Instant,
    /// By whom.
    pub author: String,
    /// What was done.
    pub act: String,
    /// What it said from then on.
    pub event: Option<Event>,
}

/// An incident in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its handle.
    pub handle: String,
    /// Its number.
    pub number: Option<u32>,
    /// Its title.
    pub title: String,
    /// How bad it was.
    pub severity: Option<Severity>,
    /// True until it is resolved.
    pub open: bool,
    /// How it stands.
    pub state: Option<crate::domain::words::State>,
    /// When it was declared.
    pub declared: Option<Instant>,
    /// When it was resolved.
    pub resolved: Option<Instant>,
    /// How many events it has.
    pub events: u64,
    /// Its zone.
    pub zone: String,
}

/// A hit of a search everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The handle of its incident; none where it is unfiled.
    pub incident: Option<String>,
    /// The incident's number.
    pub number: Option<u32>,
    /// The event.
    pub id: Option<Uuid>,
    /// When it occurred.
    pub at: Option<Instant>,
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
    pub due: bool,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The handles that stand behind each line, by its number from 1.
    pub trace: Vec<(usize, Vec<String>)>,
    /// What is missing or must not go out.
    pub lint: Vec<String>,
}

/// What the worker answers.
#[derive(Debug)]
pub enum Reply {
    /// The incident looked at; none where there is none at all.
    Looked {
        /// At a glance.
        outline: Option<Box<Outline>>,
        /// The zone of its times, else that of a new incident.
        zone: Zone,
        /// A page of its timeline.
        page: Page,
        /// True where this is another incident than before.
        another: bool,
        /// How many other incidents are open.
        others_open: usize,
        /// What was asked for, to be told apart from a later question.
        filter: Filter,
    },
    /// A page of the timeline.
    Page {
        /// The page.
        page: Page,
        /// What was asked to be selected.
        select: Select,
        /// What was asked for.
        filter: Filter,
    },
    /// What goes on.
    Doings(Doings),
    /// A line, read.
    Parsed {
        /// Which one.
        no: u64,
        /// What it is.
        read: Result<Box<Read>, Failure>,
        /// What the word at the cursor may become.
        completions: Vec<Completion>,
    },
    /// The lines of a paste, read; none for one that is only a date, and one to be left.
    ParsedMany(Vec<Option<Result<Box<Read>, Failure>>>),
    /// Something was done: what, and the events written; the incident looked at has changed.
    Done {
        /// In words.
        said: String,
        /// What to ask next.
        next: Next,
    },
    /// It was not done.
    Failed {
        /// Why.
        why: Failure,
        /// The line that it was about, which is not lost.
        line: Option<Typed>,
    },
    /// Another wrote to the log book.
    Changed,
    /// How many unfiled events would be offered to a new incident.
    Offered(usize),
    /// The line that an event would be typed as.
    LineOf {
        /// The handle of the event.
        handle: String,
        /// The line.
        line: String,
        /// For `$EDITOR`.
        editor: bool,
    },
    /// All versions of an event, the oldest first.
    History(String, Vec<VersionLine>),
    /// Events of the incident looked at in which the words were found, the newest first.
    Hits(String, Vec<Record<Event>>),
    /// What was found everywhere.
    FoundAll(String, Vec<Found>),
    /// The incidents.
    Incidents(Vec<Listed>),
    /// The postmortem in Markdown.
    Postmortem(String),
    /// The customer email.
    Letter(Letter),
    /// A file was written.
    Exported(String),
    /// A section's prose.
    Section(String, String),
    /// What was left half-typed, the newest last.
    Drafts(Vec<Draft>),
    /// The store cannot be read.
    Broken(Failure),
}

/// What follows on something done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// These events were written by us.
    Wrote {
        /// The events.
        ids: Vec<Uuid>,
        /// The handle of the first, and true where it is a fault whose state nobody gave.
        ask_state: Option<String>,
        /// What was pasted or typed and is no longer on the line.
        clear: Clear,
    },
    /// Another incident is looked at from now on: the one with this handle.
    Look(String),
    /// Nothing but a new look.
    Refresh,
}

/// What of the typed text was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clear {
    /// Nothing.
    Nothing,
    /// The line.
    Line,
    /// The paste.
    Paste,
}
