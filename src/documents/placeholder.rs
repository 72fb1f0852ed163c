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

/// What the commands for one incident have to say besides what they do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandNames {
    /// The flag that names the incident, `--incident 7`, or empty if commands write to it by default.
    incident: String,
    /// Where a state has to say of which service it is: ` @SERVICE`, which a person replaces.
    service: &'static str,
}

impl CommandNames {
    /// Returns what the commands for `incident` have to name. `several_open`
    /// is true if other incidents are open as well, so that no command finds an open one by itself.
    #[must_use]
    pub(super) fn new(incident: &Incident, several_open: bool) -> Self {
        let flag = match incident.number() {
            _ if incident.is_open() && !several_open => String::new(),
            Some(number) => format!("--incident {number}"),
            None => format!("--incident {}", incident.handle),
        };
        Self {
            incident: flag,
            service: match incident.service_names().len() {
                0 | 1 => "",
                _ => " @SERVICE",
            },
        }
    }

    /// Returns the command `line` with the names that it needs. One that names its incident already, by
    /// the flag or by the handle that its verb takes, gets no flag.
    #[must_use]
    pub(super) fn complete(&self, line: &str) -> String {
        const VERBS_WITH_HANDLE: [&str; 3] = [
            "bridgelog amend",
            "bridgelog task set",
            "bridgelog task decline",
        ];
        let line = line
            .replace(
                " fault: TEXT !STATE'",
                &format!(" fault: TEXT{} !STATE'", self.service),
            )
            .replace(
                " restore: TEXT'",
                &format!(" restore: TEXT{}'", self.service),
            );
        let names_incident = line.contains(" --incident ")
            || VERBS_WITH_HANDLE.iter().any(|verb| line.starts_with(verb));
        match line.strip_prefix("bridgelog ") {
            Some(rest) if !self.incident.is_empty() && !names_incident => {
                format!("bridgelog {} {rest}", self.incident)
            }
            _ => line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{testing::IncidentBuilder, words::Kind};
    use rstest::rstest;

    #[rstest]
    #[case::one_service(
        1,
        false,
        "bridgelog log 'WHEN fault: TEXT !STATE'",
        "bridgelog log 'WHEN fault: TEXT !STATE'"
    )]
    #[case::state(
        2,
        false,
        "bridgelog log 'WHEN fault: TEXT !STATE'",
        "bridgelog log 'WHEN fault: TEXT @SERVICE !STATE'"
    )]
    #[case::restore(
        2,
        true,
        "bridgelog log 'WHEN restore: TEXT'",
        "bridgelog --incident 7 log 'WHEN restore: TEXT @SERVICE'"
    )]
    #[case::named(
        2,
        false,
        "bridgelog log 'WHEN restore: TEXT @api'",
        "bridgelog log 'WHEN restore: TEXT @api'"
    )]
    #[case::no_state(
        2,
        false,
        "bridgelog log 'WHEN cause: TEXT'",
        "bridgelog log 'WHEN cause: TEXT'"
    )]
    #[case::others_open(
        1,
        true,
        "bridgelog set product NAME",
        "bridgelog --incident 7 set product NAME"
    )]
    #[case::by_handle(
        1,
        true,
        "bridgelog amend kaa 'tell: TEXT'",
        "bridgelog amend kaa 'tell: TEXT'"
    )]
    #[case::complete(
        2,
        true,
        "bridgelog --incident 7 log 'WHEN fault: TEXT @SERVICE !STATE'",
        "bridgelog --incident 7 log 'WHEN fault: TEXT @SERVICE !STATE'"
    )]
    fn commands_name_what_they_need(
        #[case] services: usize,
        #[case] several_open: bool,
        #[case] line: &str,
        #[case] expected: &str,
    ) {
        let mut log = IncidentBuilder::new();
        log.event("10:00", Kind::Declare, "it broke", |e| e.number = Some(7));
        for name in ["api", "web"].into_iter().take(services) {
            log.service(name, None);
        }
        let names = CommandNames::new(&log.incident, several_open);
        assert_eq!(names.complete(line), expected);
    }

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
