//! What comes in, what goes out: messages and effects.

use super::keys::Key;
use crate::domain::time::UtcTime;

pub use super::job::{
    Document, ExportFormat, FormatOption, Job, JobKind, Select, Target, TypedLine,
};
pub use super::reply::{
    ClearInput, Completion, EventVersion, Failure, IncidentListItem, IncidentLoaded, LedgerLine,
    Letter, LinkedEvent, NextStep, ParsedLine, Reply, SearchResult, TrendLine, Trends,
};

/// What happened.
#[derive(Debug)]
pub enum Msg {
    /// The clock, at the beginning and then every second.
    Tick(UtcTime),
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
    Edited(EditTarget, Result<String, String>),
    /// Somebody asks us to go.
    Quit,
    /// Somebody asks us to stop for a while.
    Suspend,
    /// The terminal is gone.
    TerminalLost,
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
    OpenEditor(EditTarget, String),
    /// Catch the mouse, or leave it to the terminal.
    CaptureMouse(bool),
    /// Stop until the shell wakes us.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Leave.
    Quit,
}

/// What a text in the editor is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditTarget {
    /// The event with this handle, as a line.
    Event(String),
    /// A section of the postmortem.
    Section(String),
}
