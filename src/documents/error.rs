//! The error of every document.

use super::managed_blocks::BlockError;

#[derive(Debug, thiserror::Error)]
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
    /// Its text includes that of the block error, which is no cause of its own.
    #[error("template `postmortem.md.j2`, {0}")]
    ManagedBlocks(BlockError),
    #[error("the document cannot be written as JSON")]
    Json(#[source] serde_json::Error),
    #[error("the email cannot be written as mail")]
    Mail(#[source] std::io::Error),
}

impl From<BlockError> for DocumentError {
    fn from(error: BlockError) -> Self {
        Self::ManagedBlocks(error)
    }
}
