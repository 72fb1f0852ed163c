//! What fixes a finding, read from the command that it names.
//!
//! Templates, which a team may write its own of, name commands as text: so the command is what the fix is
//! read from, for findings of every source.

/// What fixes a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// A value for the field with this name.
    Field(String),
    /// The text of the postmortem section with this name.
    Section(String),
    /// The name that customers know the service by.
    PublicName(String),
    /// Another time for the event with this handle.
    EventTime(String),
    /// Another text of the event with this handle.
    EventText(String),
    /// A part of the event with this handle, and how what is typed for it begins: `tell: `, `why: `, `!`.
    EventPart(String, String),
    /// The history of the record with this handle is to be read.
    History(String),
    /// Another text of the follow-up with this handle.
    FollowUp(String),
    /// An owner for the follow-up with this handle.
    FollowUpOwner(String),
    /// A due time for the follow-up with this handle.
    FollowUpDue(String),
    AddFollowUp,
    /// An event is to be logged: what its line begins with, and what stands after its text.
    Line {
        before: String,
        after: String,
    },
    /// Some event needs customer wording.
    Wording,
    Resolve,
    Reopen,
    /// The letter is to be saved as a new message, or as the one with this number: `m1`.
    SaveLetter(Option<String>),
    /// The letter of this stage is to be written.
    LetterOfStage(String),
    /// It is done outside the app: the command, or the setting.
    Elsewhere(String),
}

impl Fix {
    /// Reads `command`, as a finding or a placeholder names it.
    #[must_use]
    pub fn from_command(command: &str) -> Self {
        let elsewhere = || Self::Elsewhere(command.to_owned());
        let Some(rest) = command.strip_prefix("bridgelog ") else {
            return elsewhere();
        };
        let rest = without_flag(rest, "--incident");
        let (verb, rest) = rest.split_once(' ').unwrap_or((&rest, ""));
        let first = rest.split(' ').next().unwrap_or_default().to_owned();
        match verb {
            "set" => Self::Field(first),
            "write" => Self::Section(first),
            "service" => Self::PublicName(first),
            "history" => Self::History(first),
            "resolve" => Self::Resolve,
            "reopen" => Self::Reopen,
            "amend" => event_fix(&first, &argument(rest[first.len()..].trim())),
            "task" => match rest.split(' ').collect::<Vec<_>>()[..] {
                ["add", ..] => Self::AddFollowUp,
                [_, handle, "--owner", ..] => Self::FollowUpOwner(handle.to_owned()),
                [_, handle, "--due", ..] => Self::FollowUpDue(handle.to_owned()),
                [_, handle, ..] => Self::FollowUp(handle.to_owned()),
                _ => elsewhere(),
            },
            "log" => line_fix(rest),
            "email" => match rest.split(' ').collect::<Vec<_>>()[..] {
                ["--save"] => Self::SaveLetter(None),
                [saved] if saved.starts_with("--save=") => {
                    Self::SaveLetter(saved.split_once('=').map(|(_, number)| number.to_owned()))
                }
                ["--stage", stage] => Self::LetterOfStage(stage.to_owned()),
                _ => elsewhere(),
            },
            _ => elsewhere(),
        }
    }
}

/// Returns `words` without `flag` and the word after it.
fn without_flag(words: &str, flag: &str) -> String {
    let mut kept = Vec::new();
    let mut words = words.split(' ');
    while let Some(word) = words.next() {
        if word == flag {
            words.next();
        } else {
            kept.push(word);
        }
    }
    kept.join(" ")
}

/// Returns an argument of a command without its quotes.
fn argument(text: &str) -> String {
    let unquoted = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
    unquoted.unwrap_or(text).replace("'\\''", "'")
}

fn event_fix(handle: &str, part: &str) -> Fix {
    let handle = handle.to_owned();
    if handle == "HANDLE" {
        return Fix::Wording;
    }
    match part {
        "WHEN" => Fix::EventTime(handle),
        "TEXT" => Fix::EventText(handle),
        _ => {
            let cut = ["TEXT", "SERVICE", "STATE", "WHO"];
            let end = cut.iter().filter_map(|word| part.find(word)).min();
            Fix::EventPart(handle, part[..end.unwrap_or(part.len())].to_owned())
        }
    }
}

/// Splits the line that a `log` command gives at its text. Its time is left out where it is to be filled in.
fn line_fix(rest: &str) -> Fix {
    let is_worded = rest.starts_with("--customer TEXT ");
    let line = argument(rest.strip_prefix("--customer TEXT ").unwrap_or(rest));
    let line = line.strip_prefix("WHEN ").unwrap_or(&line);
    let (before, after) = line.split_once("TEXT").unwrap_or((line, ""));
    // A state that is missing is asked for once the line is logged.
    let mut after = after
        .replace(" @SERVICE", "")
        .replace(" !STATE", "")
        .replace("TEXT", "");
    if is_worded {
        after.push_str(" tell: ");
    }
    Fix::Line {
        before: before.to_owned(),
        after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn line(before: &str, after: &str) -> Fix {
        Fix::Line {
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }

    #[rstest]
    #[case::field("bridgelog set next-update WHEN", Fix::Field("next-update".into()))]
    #[case::of_an_incident("bridgelog --incident 7 set scope TEXT", Fix::Field("scope".into()))]
    #[case::of_an_incident_later("bridgelog set scope TEXT --incident kaa", Fix::Field("scope".into()))]
    #[case::section("bridgelog write summary", Fix::Section("summary".into()))]
    #[case::service("bridgelog service db --public NAME", Fix::PublicName("db".into()))]
    #[case::time("bridgelog amend kaa 'WHEN'", Fix::EventTime("kaa".into()))]
    #[case::text("bridgelog amend kaa TEXT", Fix::EventText("kaa".into()))]
    #[case::wording("bridgelog amend kaa 'tell: TEXT'", Fix::EventPart("kaa".into(), "tell: ".into()))]
    #[case::no_wording("bridgelog amend kaa 'tell: -'", Fix::EventPart("kaa".into(), "tell: -".into()))]
    #[case::state("bridgelog amend kaa '!STATE'", Fix::EventPart("kaa".into(), "!".into()))]
    #[case::state_of_a_service("bridgelog amend kaa '@SERVICE !STATE'", Fix::EventPart("kaa".into(), "@".into()))]
    #[case::audience("bridgelog amend kaa comms/WHO:", Fix::EventPart("kaa".into(), "comms/".into()))]
    #[case::some_event("bridgelog amend HANDLE 'tell: TEXT'", Fix::Wording)]
    #[case::owner("bridgelog task set kaa --owner WHO", Fix::FollowUpOwner("kaa".into()))]
    #[case::due("bridgelog task set kaa --due WHEN", Fix::FollowUpDue("kaa".into()))]
    #[case::follow_up("bridgelog task set kaa --text TEXT", Fix::FollowUp("kaa".into()))]
    #[case::new_follow_up("bridgelog task add TEXT --owner WHO --due WHEN", Fix::AddFollowUp)]
    #[case::line("bridgelog log 'WHEN cause: TEXT'", line("cause: ", ""))]
    #[case::linked("bridgelog log 'WHEN action: TEXT ^kaa'", line("action: ", " ^kaa"))]
    #[case::service_later(
        "bridgelog log 'WHEN fault: TEXT @SERVICE !STATE'",
        line("fault: ", "")
    )]
    #[case::service(
        "bridgelog log 'WHEN restore: TEXT @api @web'",
        line("restore: ", " @api @web")
    )]
    #[case::state_later("bridgelog log 'WHEN fault: TEXT !STATE'", line("fault: ", ""))]
    #[case::state_of_a_service_later(
        "bridgelog log '10:05 note: TEXT @SERVICE !STATE'",
        line("10:05 note: ", "")
    )]
    #[case::timed(
        "bridgelog log '10:05..10:40 note: TEXT'",
        line("10:05..10:40 note: ", "")
    )]
    #[case::worded(
        "bridgelog log 'WHEN cause: TEXT tell: TEXT'",
        line("cause: ", " tell: ")
    )]
    #[case::by_flag(
        "bridgelog log --customer TEXT 'WHEN cause: TEXT'",
        line("cause: ", " tell: ")
    )]
    #[case::over("bridgelog resolve TEXT", Fix::Resolve)]
    #[case::not_over("bridgelog reopen --at 'WHEN'", Fix::Reopen)]
    #[case::save("bridgelog email --save", Fix::SaveLetter(None))]
    #[case::save_again("bridgelog email --save=m1", Fix::SaveLetter(Some("m1".into())))]
    #[case::own_text("bridgelog email --save=m1 --text FILE",
        Fix::Elsewhere("bridgelog email --save=m1 --text FILE".into()))]
    #[case::stage("bridgelog email --stage update", Fix::LetterOfStage("update".into()))]
    #[case::template("bridgelog templates eject email-update.j2",
        Fix::Elsewhere("bridgelog templates eject email-update.j2".into()))]
    #[case::setting("`contact` in the settings", Fix::Elsewhere("`contact` in the settings".into()))]
    fn commands_are_read(#[case] command: &str, #[case] fix: Fix) {
        assert_eq!(Fix::from_command(command), fix);
    }
}
