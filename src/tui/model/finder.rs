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
    /// Puts this text on the line.
    Recall(String),
    Export(ExportFormat),
    /// Opens the section with this name in `$EDITOR`.
    Section(&'static str),
    /// Opens the prompt for the field with this name.
    Field(&'static str),
}
