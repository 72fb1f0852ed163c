//! Lists that are searched by typing; `finder_rows.rs` has their rows.

use crate::{
    domain::words::Kind,
    ops::{folder::FolderListing, import::Action as RowAction},
    tui::{
        keymap::{Action, KeyContext},
        msg::{Document, ExportFormat},
        text_input::TextInput,
    },
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
    /// The files of a folder, to import one.
    ImportFile,
    /// The formats that an import is read in.
    ImportFormat,
    /// The kinds that the selected row of an import can have.
    RowKind,
}

impl FinderKind {
    /// True for a list of files: what is typed is a path.
    #[must_use]
    pub fn is_files(self) -> bool {
        self == Self::ImportFile
    }
}

/// The files to choose from.
#[derive(Clone, Debug, Default)]
pub struct FileList {
    /// The folder that a file was chosen from last, as typed.
    pub chosen_from: String,
    /// The folder that was listed last.
    pub listing: Option<FolderListing>,
    /// The folder that was asked for last, as typed.
    pub asked: Option<String>,
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
    /// Lists this folder, as typed.
    Folder(String),
    /// Chooses this path, as typed.
    File(String),
    /// Reads the import as the format with this name.
    Format(&'static str),
    /// Gives the selected row of an import this kind, or all rows with this action; `None` leaves them out.
    RowKind(Option<Kind>, Option<RowAction>),
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
