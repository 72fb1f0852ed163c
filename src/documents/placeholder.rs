//! Placeholders for missing text, and the commands that they name.

use crate::domain::incident::Incident;

/// Returns `[[what: command]]`: what is missing and the command that fills it in.
#[must_use]
pub(super) fn placeholder(what: &str, command: &str) -> String {
    format!("[[{what}: {command}]]")
}

/// Inserts `incident_flag` (`--incident 7`, or empty) into the command `line`.
///
/// The verbs that take a handle stay unchanged: the handle names the incident already.
#[must_use]
pub(super) fn with_incident_flag(line: &str, incident_flag: &str) -> String {
    let has_verb = |verb: &&str| line.starts_with(*verb);
    match line.strip_prefix("bridgelog ") {
        Some(rest)
            if !incident_flag.is_empty()
                && ![
                    "bridgelog amend",
                    "bridgelog task set",
                    "bridgelog task decline",
                ]
                .iter()
                .any(has_verb) =>
        {
            format!("bridgelog {incident_flag} {rest}")
        }
        _ => line.to_owned(),
    }
}

/// Returns the flag that a command needs to write to `incident`: `--incident 7`, or empty if the
/// incident is open, because commands write to the open one by default.
#[must_use]
pub(super) fn incident_flag(incident: &Incident) -> String {
    match incident.number() {
        _ if incident.is_open() => String::new(),
        Some(number) => format!("--incident {number}"),
        None => format!("--incident {}", incident.handle),
    }
}
