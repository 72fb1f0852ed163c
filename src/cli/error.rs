//! The result type of every command, and the exit code of an error.

use crate::ops::{ErrorKind, OpsError};
use std::process::ExitCode;

pub(super) type Result<T = ()> = std::result::Result<T, OpsError>;

/// The exit codes of every command, with what each means.
pub(super) const EXIT_CODES: [(u8, &str); 4] = [
    (0, "done"),
    (
        1,
        "it could not be done; standard error says why, and what to do",
    ),
    (
        2,
        "wrong usage: an unknown command, flag or word, an unreadable time",
    ),
    (
        3,
        "a check found something (lint, verify, doctor, backup, --check)",
    ),
];

/// Maps the kind of an error to the exit code; the message has no part in it.
pub(super) fn exit_code(kind: ErrorKind) -> ExitCode {
    ExitCode::from(match kind {
        ErrorKind::Failed => 1,
        ErrorKind::Usage => 2,
        ErrorKind::CheckFailed => 3,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_alone_decides_the_exit_code() {
        let full = |error: OpsError| error.with_source("no space").with_hint("make room");
        for (error, code) in [
            (OpsError::failed("it is full"), 1),
            (OpsError::usage("there is no such flag"), 2),
            (OpsError::check_failed("two findings"), 3),
        ] {
            let code = ExitCode::from(code);
            assert_eq!(exit_code(error.kind), code);
            assert_eq!(exit_code(full(error).kind), code);
        }
    }
}
