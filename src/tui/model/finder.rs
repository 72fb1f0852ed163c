//! Lists that are searched by typing; `finder_rows.rs` has their rows.

use crate::tui::{
    keymap::{Action, KeyContext},
    msg::{Document, ExportFormat},
    text_input::TextInput,
};

/// What a finder lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinderKind {
    /// The keys.
    Help,
    /// The actions.
    Palette,
    /// Earlier lines and drafts.
    Recall,
    /// The formats to export a document in.
    Export(Document),
    /// The sections of the postmortem.
    Section,
    /// The fields of the incident.
    Field,
}

/// A list that is filtered by typing.
#[derive(Clone, Debug)]
pub struct Finder {
    pub kind: FinderKind,
    pub query: TextInput,
    /// Index of the chosen row; `None` until a letter or an arrow.
    pub selected: Option<usize>,
}

/// What a row of a finder does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FinderTarget {
    Action(Action, KeyContext),
    /// Puts these words before what is on the line, or after it for customer wording.
    Begin(&'static str),
    /// Goes to the time or the event with this handle, as typed.
    GoTo(String),
    /// What a sign means: nothing is run.
    Legend,
    /// Puts this text on the line.
    Recall(String),
    Export(ExportFormat),
    /// Opens the section with this name in `$EDITOR`.
    Section(&'static str),
    /// Opens the prompt for the field with this name.
    Field(&'static str),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinderRow {
    pub target: FinderTarget,
    /// What it is: the sentence of an action, the text of an earlier line.
    pub label: String,
    /// Its keys as shown; empty if it has none.
    pub keys: String,
    /// Where it applies, or more about it; may be empty.
    pub note: String,
    /// Why it is not possible now; `None` if it is.
    pub why_not: Option<String>,
}
