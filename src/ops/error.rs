//! Why something could not be done, and the way out.

use crate::{
    config::ConfigError,
    documents::DocumentError,
    domain::{capture::CaptureError, when::WhenError, words::UnknownWord, zone::ZoneError},
    store::StoreError,
};
use std::fmt;

/// What sort of failure it is; decides the exit code and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// It could not be done: exit code 1.
    Failed,
    /// It was asked for wrongly: exit code 2.
    Usage,
    /// A check found something: exit code 3.
    CheckFailed,
}

/// A failure as a person reads it: what went wrong, and what to do about it.
#[derive(Debug)]
pub struct OpsError {
    /// What sort of failure.
    pub kind: ErrorKind,
    /// What went wrong, naming the input and the place.
    pub message: String,
    /// The way out, where one is known.
    pub hint: Option<String>,
    /// True where the same call may go through later, unchanged: the store was busy.
    pub retryable: bool,
}

/// What a use case gives.
pub type Result<T, E = OpsError> = std::result::Result<T, E>;

impl OpsError {
    /// It could not be done.
    pub fn failed(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Failed,
            message: message.into(),
            hint: None,
            retryable: false,
        }
    }

    /// It was asked for wrongly.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Usage,
            ..Self::failed(message)
        }
    }

    /// With one more line of the way out.
    #[must_use]
    pub fn add_hint(mut self, hint: &str) -> Self {
        self.hint = Some(match self.hint {
            Some(before) => format!("{before}\n{hint}"),
            None => hint.to_owned(),
        });
        self
    }

    /// With a way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for OpsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for OpsError {}

impl From<StoreError> for OpsError {
    fn from(error: StoreError) -> Self {
        Self {
            retryable: matches!(error, StoreError::Locked { .. }),
            hint: error.hint(),
            ..Self::failed(error.to_string())
        }
    }
}

impl From<CaptureError> for OpsError {
    fn from(error: CaptureError) -> Self {
        Self::usage(error.message).with_hint(error.hint)
    }
}

impl From<WhenError> for OpsError {
    fn from(error: WhenError) -> Self {
        Self::usage(error.message).with_hint(error.hint)
    }
}

impl From<UnknownWord> for OpsError {
    fn from(error: UnknownWord) -> Self {
        Self::usage(format!("`{}` is no {}", error.word, error.what))
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
            DocumentError::Json(_) | DocumentError::Mail(_) => failed,
        }
    }
}

impl From<ConfigError> for OpsError {
    fn from(error: ConfigError) -> Self {
        Self::failed(error.to_string()).with_hint(error.hint())
    }
}
