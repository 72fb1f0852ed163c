//! What a PostgreSQL server says, in the words of a hub.

use super::super::{HubError, HubErrorKind};
use postgres::error::SqlState;

/// Makes of what the server at `name` said an error with the kind that it has for a hub. The codes are those of
/// PostgreSQL 15, appendix A.
pub(super) fn hub_error(name: &str, error: postgres::Error) -> HubError {
    let Some(code) = error.code().cloned() else {
        let unreachable = HubError::new(
            HubErrorKind::Unreachable,
            format!("{name} cannot be reached"),
        );
        return match has_bad_certificate(&error) {
            true => HubError::new(
                HubErrorKind::Refused,
                format!("{name} does not prove that it is the server of that name"),
            )
            .with_source(error)
            .with_hint(
                "`?sslrootcert=FILE` in the URL names the authority of its certificate; `?sslmode=require` checks \
                 nobody",
            ),
            false => unreachable
                .with_source(error)
                .with_hint("logging goes on without it; it is tried again"),
        };
    };
    let (kind, what, hint) = describe(&code);
    let made = HubError::new(kind, format!("{name} {what}"));
    let made = match hint {
        "" => made,
        hint => made.with_hint(hint),
    };
    match error.as_db_error().map(|said| said.message().to_owned()) {
        Some(said) => made.with_source(said),
        None => made,
    }
}

fn describe(code: &SqlState) -> (HubErrorKind, &'static str, &'static str) {
    let text = code.code();
    match text {
        // The password, or that there is none; pg_hba.conf.
        _ if text.starts_with("28") => (
            HubErrorKind::Refused,
            "does not let this user in",
            "check user and password: ~/.pgpass, PGPASSWORD, or the URL in the settings",
        ),
        "42501" => (
            HubErrorKind::Refused,
            "does not allow this role to do that",
            "its owner runs `bridgelog hub init URL --grant ROLE`",
        ),
        "3D000" => (
            HubErrorKind::Missing,
            "has no such database",
            "its administrator makes one: `createdb bridgelog`",
        ),
        "42P01" | "3F000" | "42883" => (HubErrorKind::Missing, "is not a hub", ""),
        // Serialization, deadlock, shutdown, too many connections, connection lost, timeout, disk full.
        "40001" | "40P01" | "57014" | "57P01" | "57P02" | "57P03" | "53100" | "53200" | "53300"
        | "55P03" => (
            HubErrorKind::Unreachable,
            "is busy or shutting down",
            "logging goes on without it; it is tried again",
        ),
        _ if text.starts_with("08") => (
            HubErrorKind::Unreachable,
            "lost the connection",
            "logging goes on without it; it is tried again",
        ),
        _ => (HubErrorKind::Failed, "says no", ""),
    }
}

/// True if the server's certificate was refused.
fn has_bad_certificate(error: &postgres::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if error.to_string().contains("certificate") {
            return true;
        }
        source = error.source();
    }
    false
}
