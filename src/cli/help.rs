//! The help: the commands in groups, a short `-h` and a long `--help`, and the tables that the manual pages
//! use too.
//!
//! The help text of a command is in its own file. What of it is not an example (a block that begins with
//! `Example`) is printed by `--help` alone.

use super::{columns::rows, error::EXIT_CODES, log_help, out::BOLD, set, write};
use crate::config::{environment::VARIABLES, setting::SETTINGS};
use clap::Command;
use std::fmt::Write as _;

/// The commands that `-h` lists with what they do.
const FIRST_COMMANDS: [&str; 10] = [
    "declare",
    "log",
    "show",
    "status",
    "task",
    "amend",
    "undo",
    "resolve",
    "email",
    "postmortem",
];

/// The commands by what they are for, in the order of the help.
pub(super) const GROUPS: [(&str, &[&str]); 6] = [
    (
        "Incident",
        &[
            "declare", "log", "show", "status", "brief", "set", "task", "service", "person",
            "handoff", "resolve", "reopen",
        ],
    ),
    (
        "Corrections",
        &[
            "amend",
            "retract",
            "undo",
            "redo",
            "restore-event",
            "history",
            "adopt",
            "move",
            "merge",
            "redact",
        ],
    ),
    (
        "Documents",
        &["email", "postmortem", "write", "lint", "templates"],
    ),
    (
        "Looking back",
        &["list", "search", "metrics", "stats", "ledger"],
    ),
    (
        "Database",
        &[
            "verify", "backup", "export", "import", "watch", "sync", "hub",
        ],
    ),
    ("Setup", &["demo", "config", "doctor", "completions", "man"]),
];

/// What `--help` says below the options of the program itself.
pub(super) const ABOUT_USE: &str = "A first incident:
  bridgelog declare 'Checkout is failing' --severity sev2 --service checkout
  bridgelog log '-4m detect: error rate alert @checkout'
  bridgelog log 'restore: rolled back tell: We have undone a change.'
  bridgelog resolve
  bridgelog postmortem

Quote a line in single quotes: shells interpret ! # > and apostrophes. `bridgelog log` alone opens a prompt \
that needs no quotes. Without a command, bridgelog opens the app on a terminal, and prints the status elsewhere.";

/// Adds to `root`, the definition of the command line, the help texts that parsing does not need.
pub(super) fn with_texts(root: Command) -> Command {
    let root = root
        .mut_subcommands(split_help)
        .mut_subcommand("log", |log| {
            log.after_help(log_help::EXAMPLES)
                .after_long_help(log_help::text())
        })
        .mut_subcommand("set", |set| begin_help(set, &set::fields_help()))
        .mut_subcommand("write", |write| begin_help(write, &write::sections_help()));
    let short = commands_in_short(&root);
    let long = commands_in_groups(&root);
    root.override_usage("bridgelog [OPTIONS] [COMMAND]")
        .help_template(
            "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}Options:\n{options}{after-help}",
        )
        .before_help(short)
        .before_long_help(long)
        .after_help("`bridgelog --help` says more, `bridgelog COMMAND --help` all about one command.")
        .after_long_help(format!(
            "{ABOUT_USE}\n\nSettings (`bridgelog config` says where the file is, and changes it):\n{}\n\
             Environment:\n{}\nExit status:\n{}",
            settings(),
            rows(VARIABLES.iter().map(|(name, what)| ((*name).to_owned(), (*what).to_owned()))),
            exit_status()
        ))
}

/// Leaves the examples alone in the short help of `command` and those below it.
fn split_help(command: Command) -> Command {
    let command = command.mut_subcommands(split_help);
    let Some(full) = command.get_after_help().map(ToString::to_string) else {
        return command;
    };
    let full = join_lines(&full);
    let (examples, notes) = examples_and_notes(&full);
    let command = command.after_long_help(full);
    if notes.is_empty() {
        command
    } else {
        command.after_help(examples)
    }
}

/// Puts `text` before the help text of `command`, in `-h` and in `--help`.
fn begin_help(command: Command, text: &str) -> Command {
    let examples = command.get_after_help().map(ToString::to_string);
    let help = format!("{text}\n\n{}", examples.unwrap_or_default());
    command.after_help(help.clone()).after_long_help(help)
}

/// Joins the lines of each paragraph, which is wrapped to the screen; indented lines stay as they are.
fn join_lines(text: &str) -> String {
    let mut joined = String::new();
    for line in text.lines() {
        let is_text = !line.is_empty() && !line.starts_with(' ');
        let follows_text = joined.lines().next_back().is_some_and(|before| {
            !joined.ends_with("\n\n") && !before.is_empty() && !before.starts_with(' ')
        });
        if is_text && follows_text {
            joined.pop();
            joined.push(' ');
        }
        joined.push_str(line);
        joined.push('\n');
    }
    joined.trim_end().to_owned()
}

/// Splits a help text into its examples and the rest, which are separated by empty lines.
pub(super) fn examples_and_notes(text: &str) -> (String, String) {
    let paragraphs = text.split("\n\n");
    let (examples, notes): (Vec<&str>, Vec<&str>) =
        paragraphs.partition(|part| part.starts_with("Example"));
    (examples.join("\n\n"), notes.join("\n\n"))
}

fn about(root: &Command, name: &str) -> String {
    let found = root.find_subcommand(name).and_then(Command::get_about);
    found.map(ToString::to_string).unwrap_or_default()
}

fn commands_in_short(root: &Command) -> String {
    let first = rows(
        FIRST_COMMANDS
            .iter()
            .map(|name| ((*name).to_owned(), about(root, name))),
    );
    let others = GROUPS.iter().map(|(title, names)| {
        let others: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !FIRST_COMMANDS.contains(name))
            .collect();
        ((*title).to_owned(), others.join(", "))
    });
    format!(
        "{BOLD}Commands{BOLD:#}\n{first}\n{BOLD}More commands{BOLD:#}\n{}",
        rows(others)
    )
}

fn commands_in_groups(root: &Command) -> String {
    let width = root
        .get_subcommands()
        .map(|command| command.get_name().len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for (title, names) in GROUPS {
        let _ = writeln!(text, "{BOLD}{title}{BOLD:#}");
        for name in names {
            let _ = writeln!(text, "  {name:<width$}  {}", about(root, name));
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}

/// Formats the keys of the settings file with what they do.
pub(super) fn settings() -> String {
    rows(
        SETTINGS
            .iter()
            .map(|setting| (setting.key.to_owned(), setting.what.to_owned())),
    )
}

/// Formats the exit statuses with what they mean.
pub(super) fn exit_status() -> String {
    rows(
        EXIT_CODES
            .iter()
            .map(|(code, what)| (code.to_string(), (*what).to_owned())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Args;
    use clap::CommandFactory as _;

    #[test]
    fn every_command_is_in_one_group() {
        let mut grouped: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| names.iter().copied())
            .collect();
        grouped.sort_unstable();
        let root = Args::command();
        let visible = root
            .get_subcommands()
            .filter(|command| !command.is_hide_set());
        let mut names: Vec<&str> = visible.map(Command::get_name).collect();
        names.sort_unstable();
        assert_eq!(grouped, names);
        assert!(FIRST_COMMANDS.iter().all(|name| names.contains(name)));
    }

    #[test]
    fn paragraphs_are_joined_and_examples_stay() {
        let text = "One\ntwo.\n\nExamples:\n  a\n  b\n\nThree\nfour.";
        assert_eq!(
            join_lines(text),
            "One two.\n\nExamples:\n  a\n  b\n\nThree four."
        );
    }

    #[test]
    fn examples_are_told_from_notes() {
        let (examples, notes) = examples_and_notes("One.\nTwo.\n\nExamples:\n  a\n  b\n\nThree.");
        assert_eq!(examples, "Examples:\n  a\n  b");
        assert_eq!(notes, "One.\nTwo.\n\nThree.");
    }
}
