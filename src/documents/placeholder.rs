//! Placeholders for missing text, and the commands that they name.

use crate::domain::incident::Incident;

/// What stands where something is missing: what it is, and the command that fills it in.
#[must_use]
pub(super) fn placeholder(what: &str, command: &str) -> String {
    format!("[[{what}: {command}]]")
}

/// `line`, a command, with the `reference` to the incident it is for. A handle says that itself.
#[must_use]
pub(super) fn with_incident_flag(line: &str, reference: &str) -> String {
    let own = |verb: &&str| line.starts_with(*verb);
    match line.strip_prefix("bridgelog ") {
        Some(rest)
            if !reference.is_empty()
                && ![
                    "bridgelog amend",
                    "bridgelog task set",
                    "bridgelog task decline",
                ]
                .iter()
                .any(own) =>
        {
            format!("bridgelog {reference} {rest}")
        }
        _ => line.to_owned(),
    }
}

/// How a command names `incident`: not at all where it is open, since writing means the open one.
#[must_use]
pub(super) fn incident_flag(incident: &Incident) -> String {
    match incident.number() {
        _ if incident.is_open() => String::new(),
        Some(number) => format!("--incident {number}"),
        None => format!("--incident {}", incident.handle),
    }
}
