//! Messages, which go into the update, and effects, which come out of it.

use super::keys::Key;
use crate::domain::time::UtcTime;

pub use super::event_detail::{EventDetail, EventVersion, LinkedEvent};
pub use super::job::{
    Document, ExportFormat, FormatOption, Job, JobKind, PastedLine, Place, Select, Target,
    TypedLine,
};
pub use super::reply::{
    Check, CheckLine, CheckMark, ClearInput, Completion, EditableLine, Failure, FindingRow,
    IncidentListItem, IncidentLoaded, LedgerLine, Letter, NextStep, OpenIncident, ParsedLine,
    PastedEvent, R_RESTORES, ReadRow, Reply, SearchResult, TrendLine, Trends, short_ref,
};

#[derive(Debug)]
pub enum Msg {
    /// The time: at the start, then every second.
    Tick(UtcTime),
    Key {
        key: Key,
        /// The key is held down and this is not its press. A repeat of a key that writes does nothing.
        repeat: bool,
    },
    /// Text that came faster than anybody types: pasted into a terminal without bracketed paste, or
    /// typed while the line to the terminal stalled. Line breaks are `\n`.
    Burst {
        text: String,
        /// The character before it came as a [`Msg::Key`] and belongs to it.
        continues: bool,
    },
    /// A bracketed paste, as the terminal sent it.
    Paste(String),
    Mouse(Mouse),
    /// The new size of the terminal: columns, rows.
    Resize(u16, u16),
    Reply(Box<Reply>),
    /// The editor ended: what was edited, and the saved text or an error.
    Edited(EditTarget, Result<String, String>),
    /// SIGTERM or SIGINT.
    Quit,
    /// SIGTSTP.
    Suspend,
    /// SIGHUP, or the terminal cannot be read.
    TerminalLost,
}

/// A mouse event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// Left button, at column and row.
    Click(u16, u16),
    /// Wheel.
    Wheel {
        /// Negative is up.
        rows: i32,
        /// Column and row of the pointer.
        at: (u16, u16),
    },
}

/// What the update asks the main loop to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send a job to the worker.
    Job(Job),
    /// Copy to the clipboard.
    Copy(String),
    Bell,
    /// Open `$EDITOR` on a text.
    OpenEditor(EditTarget, String),
    /// Capture the mouse, or leave it to the terminal.
    CaptureMouse(bool),
    /// Stop the process until the shell continues it.
    Suspend,
    /// Draw the whole screen again.
    Redraw,
    /// End the app.
    Quit,
}

/// What is edited in `$EDITOR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditTarget {
    /// The event with this handle, as a line.
    Event(String),
    /// The postmortem section with this name.
    Section(String),
}
