//! What comes in, what goes out: messages, effects, and the jobs and replies of the worker.

use super::keys::Key;
use crate::{
    domain::{time::Instant, words::Severity},
    ops::{
        draft::Draft,
        page::{Filter, From},
    },
};
use uuid::Uuid;

pub use super::reply::{
    Clear, Completion, Failure, Found, Letter, Listed, Next, Read, Reply, VersionLine,
};

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
    /// Add a service to the incident with this handle: its name, then what customers call it.
    Service(String, String),
    /// Keep the letter of this stage.
    SaveLetter(usize),
    /// This person lets the letter with this number go out.
    Approve(String, String),
    /// The letter with this number went out this way.
    Sent(String, String),
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
