//! Messages, which go into the update, and effects, which come out of it.

use super::keys::Key;
use crate::domain::time::UtcTime;

pub use super::event_detail::{EventDetail, EventVersion, LinkedEvent};
pub use super::import_job::{ImportDone, ImportRead, ImportRequest, ImportWrite, Progress};
pub use super::incident_lists::{
    IncidentListItem, LedgerLine, SearchResult, SearchResults, TrendLine, Trends, short_ref,
};
pub use super::job::{Document, ExportFormat, FormatOption, Job, JobKind, Place, Select};
pub use super::read_line::{Failure, ParsedLine, PastedEvent, ReadRow};
pub use super::reply::{
    Check, CheckLine, CheckMark, ClearInput, Completion, EditableLine, FindingRow, IncidentLoaded,
    Letter, NextStep, R_RESTORES, Reply,
};

pub use super::write::{PastedLine, Target, TypedLine, Write, WriteSubject};

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
    /// A text was copied, or could not be.
    Copied(Box<CopyReply>),
    /// The editor ended.
    Edited(EditTarget, Edited),
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
    /// Copy to the clipboard. Comes back as [`Msg::Copied`].
    Copy(CopyRequest),
    /// Write a text to the terminal for its clipboard (OSC 52).
    CopyByTerminal(String),
    Bell,
    /// Open `$EDITOR` on a text.
    OpenEditor(EditTarget, String),
    /// Capture the mouse, or leave it to the terminal.
    CaptureMouse(bool),
    /// Stop the process until the shell continues it.
    Suspend,
    /// Draw the whole screen again.
    Redraw,
    /// Sync with the hub at once.
    SyncNow,
    /// End the app.
    Quit,
}

/// A text for the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyRequest {
    pub text: String,
    pub of: CopyOf,
}

/// What a copied text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyOf {
    /// The text of what is selected or shown.
    Text,
    /// An email, with the number of its gaps: places marked `[[...]]` that are to be filled in.
    Email { gaps: usize },
    /// A summary of the incident.
    Status,
    /// The path of a saved file, which is shown as this.
    SavedFile(String),
}

/// How a text was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyWay {
    /// A program took it, such as `xclip`.
    Program(&'static str),
    /// It is to be written to the terminal, which does not say whether it takes it.
    Terminal,
    /// There is no way.
    Nowhere,
}

/// The answer to a [`CopyRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyReply {
    pub request: CopyRequest,
    pub way: CopyWay,
    /// The programs that were tried before, each with the reason why it failed.
    pub failures: Vec<String>,
}

/// What is edited in `$EDITOR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditTarget {
    /// The event with this handle, as a line.
    Event(String),
    /// The postmortem section with this name.
    Section(String),
}

/// What came of `$EDITOR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// The text that it saved, which is another than before.
    Saved(String),
    Unchanged,
    /// It could not be started, or ended with an error.
    Failed {
        why: String,
        /// What it saved before, if that is another text.
        text: Option<String>,
    },
}
