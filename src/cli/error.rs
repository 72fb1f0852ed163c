//! The result type of every command, and the exit code of an error.

use crate::ops::{ErrorKind, OpsError};
use std::process::ExitCode;

pub(super) type Result<T = ()> = std::result::Result<T, OpsError>;

/// Maps the kind of an error to the exit code; the message has no part in it.
pub(super) fn exit_code(kind: ErrorKind) -> ExitCode {
    ExitCode::from(match kind {
        ErrorKind::Failed => 1,
        ErrorKind::Usage => 2,
        ErrorKind::CheckFailed => 3,
    })
}
