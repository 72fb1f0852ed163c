//! The error of every use case: what went wrong, its cause, and what to do about it.

use crate::{
    config::ConfigError,
    documents::DocumentError,
    domain::{parse_error::ParseError, words::UnknownWord, zone::ZoneError},
    store::StoreError,
};
use std::{error::Error, fmt, path::PathBuf};

/// The kind of an error. It alone decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// It could not be done: the incident, event or file is not there, or cannot be read or written; or what is
    /// asked does not fit what was recorded. The same command may succeed later. Exit code 1.
    Failed,
    /// The command is wrong whatever was recorded: an unknown command, flag, field, kind or setting, a time
    /// that cannot be read, an empty text. Exit code 2.
    Usage,
    /// A check (`lint`, `verify`, `doctor`, `--check`) found something. Exit code 3.
    CheckFailed,
}

/// What keeps a store from being written, though what is to be written is right: the same may succeed later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Another process has the write lock.
    Locked,
    DiskFull,
    /// The file or its folder may not be written.
    ReadOnly,
    /// The file was deleted, moved or replaced.
    Gone(PathBuf),
}

/// What made an [`OpsError`] happen.
type Cause = Box<dyn Error + Send + Sync>;

/// An error as a user reads it. `Display` is the message alone; causes and hints are printed on
/// lines of their own.
#[derive(Debug)]
pub struct OpsError {
    pub kind: ErrorKind,
    /// What went wrong, naming the input and the place; without the text of `source`.
    pub message: String,
    /// The first link of the cause chain.
    pub source: Option<Cause>,
    /// What the user can do about it, one line each.
    pub hints: Vec<String>,
    /// True if the same call may succeed later, unchanged: the store was busy.
    pub retryable: bool,
    /// What keeps the store from being written, if that is it.
    pub obstacle: Option<Obstacle>,
    /// True if nothing is wrong, but it would change nothing.
    pub changes_nothing: bool,
    /// True if an input looks like none of the known formats, and can be read once one is named.
    pub needs_format: bool,
}

pub type Result<T, E = OpsError> = std::result::Result<T, E>;

impl OpsError {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
            hints: Vec::new(),
            retryable: false,
            obstacle: None,
            changes_nothing: false,
            needs_format: false,
        }
    }

    /// Makes an error of kind [`ErrorKind::Failed`].
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Failed, message)
    }

    /// Makes an error of kind [`ErrorKind::Usage`].
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// Makes an error of kind [`ErrorKind::CheckFailed`].
    pub fn check_failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::CheckFailed, message)
    }

    #[must_use]
    pub fn with_source(mut self, source: impl Into<Cause>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Says that nothing is wrong, but that it would change nothing.
    #[must_use]
    pub(super) fn for_no_change(mut self) -> Self {
        self.changes_nothing = true;
        self
    }

    /// Says that the input can be read once its format is named.
    #[must_use]
    pub(super) fn for_unknown_format(mut self) -> Self {
        self.needs_format = true;
        self
    }

    /// Adds a hint behind those that are there.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the hint that `word` was probably meant, if there is one.
    #[must_use]
    pub fn with_suggestion(self, word: Option<&str>) -> Self {
        match word {
            Some(word) => self.with_hint(format!("did you mean `{word}`?")),
            None => self,
        }
    }

    /// Puts the flag whose value is wrong before the message.
    #[must_use]
    pub fn in_flag(mut self, flag: &str) -> Self {
        self.message = format!("{flag}: {}", self.message);
        self
    }

    /// Returns the texts of the cause chain, outermost first. A link whose text the line before
    /// already ends with is left out: some libraries print their cause and give it as source too.
    #[must_use]
    pub fn causes(&self) -> Vec<String> {
        let mut causes: Vec<String> = Vec::new();
        let mut next = self.source();
        while let Some(error) = next {
            let text = error.to_string();
            let before = causes.last().unwrap_or(&self.message);
            if !text.is_empty() && !before.ends_with(&text) {
                causes.push(text);
            }
            next = error.source();
        }
        causes
    }

    /// Returns the message and its causes on one line: `message: cause: cause`.
    #[must_use]
    pub fn full_message(&self) -> String {
        let mut parts = vec![self.message.clone()];
        parts.extend(self.causes());
        parts.join(": ")
    }
}

impl fmt::Display for OpsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for OpsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|cause| cause as _)
    }
}

impl From<StoreError> for OpsError {
    fn from(error: StoreError) -> Self {
        Self {
            retryable: matches!(error, StoreError::Locked { .. }),
            obstacle: match &error {
                StoreError::Locked { .. } => Some(Obstacle::Locked),
                StoreError::Full(_) => Some(Obstacle::DiskFull),
                StoreError::ReadOnly(_) | StoreError::Permission(_) => Some(Obstacle::ReadOnly),
                StoreError::Replaced(path) | StoreError::Missing(path) => {
                    Some(Obstacle::Gone(path.clone()))
                }
                _ => None,
            },
            hints: error.hint().into_iter().collect(),
            message: error.to_string(),
            source: error.into_source(),
            ..Self::failed("")
        }
    }
}

impl From<ParseError> for OpsError {
    fn from(error: ParseError) -> Self {
        Self::usage(error.message).with_hint(error.hint)
    }
}

impl From<UnknownWord> for OpsError {
    fn from(error: UnknownWord) -> Self {
        Self::usage(format!("`{}` is not a {}", error.word, error.what))
            .with_hint(format!("one of: {}", error.known))
    }
}

impl From<ZoneError> for OpsError {
    fn from(error: ZoneError) -> Self {
        Self::usage(error.to_string()).with_hint(error.hint())
    }
}

impl From<DocumentError> for OpsError {
    fn from(error: DocumentError) -> Self {
        let failed = Self::failed(error.to_string());
        match error {
            DocumentError::Template { .. } | DocumentError::ManagedBlocks(_) => failed.with_hint(
                "`bridgelog templates check` tries them all; `templates list` says where your own are",
            ),
            DocumentError::Json(cause) => failed.with_source(cause),
            DocumentError::Mail(cause) => failed.with_source(cause),
        }
    }
}

impl From<ConfigError> for OpsError {
    fn from(error: ConfigError) -> Self {
        let failed = Self::failed(error.to_string()).with_hint(error.hint());
        match error {
            ConfigError::Read { source, .. } => failed.with_source(source),
            ConfigError::Invalid { .. } | ConfigError::TooLarge(_) | ConfigError::NoHome => failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io, path::PathBuf};

    #[test]
    fn store_error_keeps_its_cause_chain() {
        let path = PathBuf::from("/x/log.db");
        let error = OpsError::from(StoreError::VacuumFailed {
            path: path.clone(),
            source: Box::new(StoreError::Io {
                path,
                source: io::Error::other("input/output error").into(),
            }),
        });
        assert!(!error.message.contains("input/output error"), "{error}");
        assert_eq!(
            error.causes(),
            [
                "the disk failed on /x/log.db; nothing was logged",
                "input/output error"
            ]
        );
        assert_eq!(
            error.full_message(),
            format!(
                "{}: {}: {}",
                error.message,
                error.causes()[0],
                error.causes()[1]
            )
        );
        assert_eq!(error.kind, ErrorKind::Failed);
        assert_eq!(error.hints.len(), 1);
    }

    #[test]
    fn cause_that_repeats_the_line_before_is_left_out() {
        #[derive(Debug, thiserror::Error)]
        #[error("not written: {0}")]
        struct Repeats(#[source] io::Error);
        let error =
            OpsError::failed("it failed").with_source(Repeats(io::Error::other("no space")));
        assert_eq!(error.causes(), ["not written: no space"]);
        let error = OpsError::failed("it failed: no space").with_source("no space");
        assert_eq!(error.full_message(), "it failed: no space");
    }

    #[test]
    fn only_a_busy_store_is_retryable() {
        let path = PathBuf::from("log.db");
        let busy = OpsError::from(StoreError::Locked {
            path: path.clone(),
            waited: std::time::Duration::from_secs(1),
        });
        assert!(busy.retryable);
        assert!(!OpsError::from(StoreError::Full(path)).retryable);
    }
}
