//! The error of every document.

use super::managed_blocks::BlockError;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// A template cannot be parsed or rendered.
    #[error("template `{name}`{}: {message}", line.map_or(String::new(), |l| format!(", line {l}")))]
    Template {
        /// The template's file name.
        name: String,
        /// The line, counted from 1; `None` if unknown.
        line: Option<usize>,
        message: String,
    },
    /// The postmortem template writes a begin marker without its end marker, or the reverse.
    #[error("template `postmortem.md.j2`, {0}")]
    ManagedBlocks(#[from] BlockError),
    #[error("the document cannot be written as JSON: {0}")]
    Json(String),
    #[error("the letter cannot be written as mail: {0}")]
    Mail(String),
}
