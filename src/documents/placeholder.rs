//! Placeholders for missing text, and the commands that they name.

use crate::domain::incident::Incident;

/// Returns `[[what: command]]`: what is missing and the command that fills it in.
#[must_use]
pub(super) fn placeholder(what: &str, command: &str) -> String {
    format!("[[{what}: {command}]]")
}

/// Splits `text` at its `[[...]]` parts. True marks the inside of one, which a person may have typed as
/// well: see [`names_a_command`].
pub(super) fn split(text: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find("]]") {
        // A `[[` that is not closed before the next one is text.
        if let Some(at) = rest[..end].rfind("[[") {
            parts.push((&rest[..at], false));
            parts.push((&rest[at + 2..end], true));
        } else {
            parts.push((&rest[..end + 2], false));
        }
        rest = &rest[end + 2..];
    }
    parts.push((rest, false));
    parts
}

/// Splits the inside of a placeholder of ours into what is missing and the command that fills it in.
/// `None` if the built-in templates do not write such a one.
pub(super) fn names_a_command(inside: &str) -> Option<(&str, &str)> {
    let (what, command) = inside.split_once(": ")?;
    let ours = command.starts_with("bridgelog ") || command.ends_with("in the settings");
    ours.then_some((what, command))
}

/// Inserts `incident_flag` (`--incident 7`, or empty) into the command `line`.
///
/// A command that names its incident already stays unchanged: by the flag, or by the handle that its verb
/// takes.
#[must_use]
pub(super) fn with_incident_flag(line: &str, incident_flag: &str) -> String {
    const VERBS_WITH_HANDLE: [&str; 3] = [
        "bridgelog amend",
        "bridgelog task set",
        "bridgelog task decline",
    ];
    let names_incident = line.contains(" --incident ")
        || VERBS_WITH_HANDLE.iter().any(|verb| line.starts_with(verb));
    match line.strip_prefix("bridgelog ") {
        Some(rest) if !incident_flag.is_empty() && !names_incident => {
            format!("bridgelog {incident_flag} {rest}")
        }
        _ => line.to_owned(),
    }
}

/// Returns the flag that a command needs to write to `incident`: `--incident 7`, or empty if the
/// incident is open, because commands write to the open one by default.
#[must_use]
pub(super) fn incident_flag(incident: &Incident) -> String {
    match incident.is_open() {
        true => String::new(),
        false => named_incident_flag(incident),
    }
}

/// Returns the flag that names `incident`: `--incident 7`.
#[must_use]
pub(super) fn named_incident_flag(incident: &Incident) -> String {
    match incident.number() {
        Some(number) => format!("--incident {number}"),
        None => format!("--incident {}", incident.handle),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::none("as it was", &["as it was"])]
    #[case::one("by [[the time: bridgelog x]].", &["by ", "<the time: bridgelog x>", "."])]
    #[case::opened_twice("a [[b [[c]] d", &["a [[b ", "<c>", " d"])]
    #[case::closed_twice("a]] b [[c]]]] d", &["a]]", " b ", "<c>", "]]", " d"])]
    #[case::never_closed("a [[b", &["a [[b"])]
    fn text_is_split_at_its_marked_parts(#[case] text: &str, #[case] expected: &[&str]) {
        let parts: Vec<String> = split(text)
            .into_iter()
            .map(|(part, marked)| match marked {
                true => format!("<{part}>"),
                false => part.to_owned(),
            })
            .filter(|part| !part.is_empty())
            .collect();
        assert_eq!(parts, expected);
    }
}
