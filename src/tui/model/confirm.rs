//! Questions without text.

use super::prompt::CheckStage;

/// What a question without text asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfirmKind {
    Undo,
    Redo,
    /// Bring back what has these handles.
    Restore(Vec<String>),
    Leave,
    /// Begin the follow-up with this handle.
    StartTask(String),
    /// Save the letter of this stage, 0 to 3; with a number, in place of that saved one.
    SaveLetter(usize, Option<String>),
    /// Edit the event with this handle in `$EDITOR`.
    OpenEditor(String),
    /// Write the section of the postmortem with this name in `$EDITOR`.
    WriteSection(String),
    /// Attach the event with this handle to the open incident.
    Adopt(String),
}

/// A question that Enter agrees to and any letter closes.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// Its number, which replies name.
    pub id: u64,
    pub kind: ConfirmKind,
    /// The letter that opened it, which goes to the line with the next one.
    pub opener: Option<char>,
    pub check: CheckStage,
}
