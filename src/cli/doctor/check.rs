//! The result of one check.

use crate::ops::OpsError;
use serde::Serialize;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Ok,
    /// It works, but not as well as it could.
    Warn,
    /// Something does not work.
    Fail,
}

/// One thing that was checked.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    /// What was checked, in a word or two.
    pub name: &'static str,
    pub level: Level,
    pub found: String,
    /// What to do about it.
    pub fix: Option<String>,
}

impl Check {
    pub fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self {
            name,
            level: Level::Ok,
            found: found.into(),
            fix: None,
        }
    }

    pub fn warn(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            level: Level::Warn,
            fix: Some(fix.into()),
            ..Self::ok(name, found)
        }
    }

    pub fn fail(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            level: Level::Fail,
            fix: Some(fix.into()),
            ..Self::ok(name, found)
        }
    }

    pub fn of_error(name: &'static str, error: &OpsError) -> Self {
        Self::fail(name, error.full_message(), error.hints.join("; "))
    }
}
