//! The error for a flag that a command does not have: it names the one that is meant, and those that there are.

use crate::{domain::suggestion::nearest, ops::OpsError};
use clap::{Arg, Command};

/// Flags, and what other programs and people call them. Those named first are suggested first.
const OTHER_NAMES: [(&str, &str); 14] = [
    ("--at", "-t --time --when --date --start"),
    ("--severity", "-s --sev --priority --level --impact"),
    ("--reason", "-m --message --why --because --comment --note"),
    ("--newest", "-n --limit --last --tail --count --max"),
    ("--limit", "-n --newest --last --count --max"),
    ("--output", "-o --out --file"),
    (
        "--format",
        "--html --md --markdown --eml --txt --text --type",
    ),
    ("--json", "-j --format --output-format"),
    ("--by", "-u --user --author --as --who"),
    ("--zone", "--tz --timezone --time-zone"),
    ("--owner", "-o --assignee --assign --who"),
    ("--yes", "-y -f --force --no-confirm"),
    ("--db", "-d --database --path"),
    ("--incident", "-i --id --ref"),
];

/// Returns the one of `flags` that is probably meant by `typed`: by another name, its beginning or its
/// spelling.
pub(super) fn intended_flag<'a>(typed: &str, flags: &[&'a str]) -> Option<&'a str> {
    let by_name = || {
        let names = OTHER_NAMES
            .iter()
            .filter(|(_, names)| names.split(' ').any(|name| name == typed));
        names
            .filter_map(|(flag, _)| flags.iter().find(|known| *known == flag))
            .next()
    };
    let by_beginning = || {
        let is_long = typed.len() > 3;
        flags.iter().find(|flag| is_long && flag.starts_with(typed))
    };
    let found = by_beginning().or_else(by_name).copied();
    found.or_else(|| nearest(typed, flags.iter().copied()))
}

/// Returns the long flags of `A`, with their dashes.
pub(super) fn long_flags<A: clap::Args>() -> Vec<String> {
    let command = A::augment_args(Command::new(""));
    let longs = command.get_arguments().filter_map(Arg::get_long);
    longs.map(|long| format!("--{long}")).collect()
}

/// Makes the error for `typed`, which `command` takes neither as a flag nor as a word.
pub(super) fn unknown_argument(typed: &str, command: &Command) -> OpsError {
    let name = command.get_bin_name().unwrap_or("bridgelog");
    let listed = |arg: &&Arg| !arg.is_hide_set() && !arg.is_hide_short_help_set();
    let visible = command.get_arguments().filter(listed);
    let longs = visible.filter_map(|arg| Some((arg, format!("--{}", arg.get_long()?))));
    let longs: Vec<_> = longs.collect();
    let all: Vec<&str> = longs.iter().map(|(_, long)| long.as_str()).collect();
    let own = longs
        .iter()
        .filter(|(arg, _)| !arg.is_global_set() && arg.get_id() != "help");
    let own: Vec<&str> = own.map(|(_, long)| long.as_str()).collect();
    let flag = typed.split('=').next().unwrap_or_default();
    let error = if !typed.starts_with('-') {
        let error = OpsError::usage(format!("`{name}` takes no further word, here `{typed}`"));
        let is_of_person = command.get_positionals().any(|arg| arg.get_id() == "who");
        match all.contains(&"--reason") {
            true => error.with_hint("the reason goes after --reason, in quotes"),
            false if is_of_person => {
                error.with_hint("a name with a space goes in quotes: 'Ann Lee'")
            }
            false => error,
        }
    } else {
        OpsError::usage(format!("`{name}` has no flag `{flag}`"))
            .with_suggestion(intended_flag(flag, &all))
    };
    let listed = match own.as_slice() {
        [] => String::new(),
        own => format!(": {}", own.join(" ")),
    };
    error.with_hint(format!("`{name} --help` has its flags{listed}"))
}

#[cfg(test)]
mod tests {
    use super::intended_flag;

    #[test]
    fn flag_is_found_by_its_beginning_another_name_and_its_spelling() {
        let flags = [
            "--severity",
            "--service",
            "--at",
            "--json",
            "--allow-network",
        ];
        for (typed, expected) in [
            ("--sev", Some("--severity")),
            ("-s", Some("--severity")),
            ("--priority", Some("--severity")),
            ("--servcie", Some("--service")),
            ("--time", Some("--at")),
            ("--format", Some("--json")),
            ("--reason", None),
            ("-x", None),
        ] {
            assert_eq!(intended_flag(typed, &flags), expected, "{typed}");
        }
    }
}
