//! The error of every document.

use super::managed_blocks::BlockError;

/// Why a document could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// A template has a fault.
    #[error("template `{name}`{}: {message}", line.map_or(String::new(), |l| format!(", line {l}")))]
    Template {
        /// Its file name.
        name: String,
        /// The line, from 1, where it is known.
        line: Option<usize>,
        /// What is wrong with it.
        message: String,
    },
    /// A postmortem's template leaves a marker without its other.
    #[error("template `postmortem.md.j2`, {0}")]
    ManagedBlocks(#[from] BlockError),
    /// A value could not be written as JSON.
    #[error("the document cannot be written as JSON: {0}")]
    Json(String),
    /// A letter could not be written as mail.
    #[error("the letter cannot be written as mail: {0}")]
    Mail(String),
}
