//! All texts of the help in one snapshot, to be read in one go; and what every one of them must have.
#![allow(clippy::unwrap_used)]

mod common;
use common::TestEnv;
use std::fmt::Write as _;

/// Every command, with those below it: `[]`, `["task"]`, `["task", "add"]`.
fn commands(env: &TestEnv) -> Vec<Vec<String>> {
    let mut found = vec![Vec::new()];
    let mut next = 0;
    while next < found.len() {
        let parent = found[next].clone();
        next += 1;
        let mut args: Vec<&str> = parent.iter().map(String::as_str).collect();
        args.push("--help");
        let help = env.run_ok(&args);
        for name in names_in(&help, parent.is_empty()) {
            let mut below = parent.clone();
            below.push(name);
            found.push(below);
        }
    }
    found
}

/// The names of the commands in a long help.
fn names_in(help: &str, is_root: bool) -> Vec<String> {
    let lines: Vec<&str> = help.lines().collect();
    let rows = if is_root {
        let end = lines.iter().position(|line| *line == "Options:").unwrap();
        &lines[..end]
    } else {
        match lines.iter().position(|line| *line == "Commands:") {
            None => &[],
            Some(at) => {
                let rows = &lines[at + 1..];
                &rows[..rows.iter().position(|line| line.is_empty()).unwrap()]
            }
        }
    };
    let names = rows.iter().filter_map(|row| row.strip_prefix("  "));
    let names = names.filter(|row| row.starts_with(char::is_alphabetic));
    let names = names.filter_map(|row| row.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn all_help_texts() {
    let env = TestEnv::new();
    let mut texts = String::new();
    for command in commands(&env) {
        for flag in ["-h", "--help"] {
            let mut args: Vec<&str> = command.iter().map(String::as_str).collect();
            args.push(flag);
            let help = env.run_ok(&args);
            let line = format!("$ bridgelog {}", args.join(" "));
            // What is the same below every command is shown once.
            let (own, _) = help
                .split_once("\nFor every command:")
                .unwrap_or((&help, ""));
            let after = help.rfind("\nExample").filter(|at| *at > own.len());
            let after = after.map_or("", |at| &help[at..]);
            let shown = if command.is_empty() || command == ["log"] {
                help.clone()
            } else {
                format!("{own}{after}")
            };
            writeln!(texts, "{line}\n{}\n", shown.trim_end()).unwrap();
        }
    }
    insta::assert_snapshot!("help", texts);
}

#[test]
fn every_command_has_an_example_and_fits_the_screen() {
    let env = TestEnv::new();
    let all = commands(&env);
    assert!(all.len() > 45, "{}", all.len());
    for command in &all {
        let mut args: Vec<&str> = command.iter().map(String::as_str).collect();
        args.push("--help");
        let help = env.run_ok(&args);
        assert!(
            command.is_empty() || help.contains("Example"),
            "{command:?} has no example"
        );
        for line in help.lines() {
            assert!(line.chars().count() <= 100, "{command:?}: {line}");
            // An example that is wrapped cannot be pasted.
            assert!(!line.starts_with("  --"), "{command:?}: {line}");
            let is_row = line.starts_with("  ") && !line.starts_with("   ");
            assert!(!is_row || line.chars().count() <= 80, "{command:?}: {line}");
        }
    }
}

#[test]
fn help_uses_everybodys_words() {
    let env = TestEnv::new();
    for command in commands(&env) {
        for flag in ["-h", "--help"] {
            let mut args: Vec<&str> = command.iter().map(String::as_str).collect();
            args.push(flag);
            let help = env.run_ok(&args).to_lowercase();
            for word in [
                "log book",
                "unfiled events",
                "letter",
                "stands",
                "outages that did not",
                "take in",
            ] {
                let found = help.lines().find(|line| line.contains(word));
                let found = found.filter(|line| {
                    !line.contains("ledger-in-letter") && !line.contains("letters are")
                });
                assert_eq!(found, None, "{args:?}");
            }
        }
    }
}

#[test]
fn short_help_lists_the_first_commands_and_names_all_others() {
    let env = TestEnv::new();
    let (short, long) = (env.run_ok(&["-h"]), env.run_ok(&["--help"]));
    assert!(short.lines().count() < 40, "{short}");
    assert!(
        short.contains("  declare     Declare an incident\n"),
        "{short}"
    );
    for command in commands(&env).iter().filter(|command| command.len() == 1) {
        assert!(short.contains(&command[0]), "{command:?}");
    }
    for part in [
        "Incident\n  declare",
        "A first incident:",
        "lint.update-minutes",
        "BRIDGELOG_DB",
        "Exit status:",
    ] {
        assert!(long.contains(part), "{part}");
    }
}

#[test]
fn log_help_lists_kinds_states_markers_parts_and_audiences() {
    let env = TestEnv::new();
    let help = env.run_ok(&["log", "--help"]);
    for part in [
        "fault:",
        "absorbed:",
        "handoff:",
        "!at-risk",
        "@all",
        "why:",
        "not:",
        "done:",
        "tell:",
        "comms/execs:",
        "2012-08-16",
        "--markers",
    ] {
        assert!(help.contains(part), "{part}");
    }
    // The lines of `-h` are fewer.
    assert!(env.run_ok(&["log", "-h"]).lines().count() * 2 < help.lines().count());
}

#[test]
fn exit_status_is_the_one_that_the_help_names() {
    let env = TestEnv::worked_example();
    for (command, code) in [
        ("list", 0),
        ("--help", 0),
        ("verify", 0),
        ("doctor", 0),
        // What is not there.
        ("show 99", 1),
        ("amend zzzzzz 10:12", 1),
        ("task done zzzzzz", 1),
        ("restore-event zzzzzz", 1),
        ("move zzzzzz 1", 1),
        ("merge 1 --into 99", 1),
        ("email --show m9", 1),
        ("postmortem --check nowhere.md", 1),
        ("import jsonl nowhere.jsonl", 1),
        ("config get update-interval", 1),
        ("backup nowhere/copy.db", 1),
        ("demo", 1),
        // Words that the program does not know, whatever was recorded.
        ("edit", 2),
        ("list --format json", 2),
        ("set --incident 1 colour red", 2),
        ("set --incident 1 severity 9", 2),
        ("log --kind blah x", 2),
        ("log --at 99:99 x", 2),
        ("write nosuch --from -", 2),
        ("email --stage x", 2),
        ("lint --stage x", 2),
        ("stats --since blah", 2),
        ("templates show nosuch", 2),
        ("man nosuch", 2),
        ("config set colour red", 2),
        ("--zone Mars declare x", 2),
    ] {
        let args: Vec<&str> = command.split(' ').collect();
        let result = env.run(&args);
        assert_eq!(result.exit_code, code, "{command} {result:#?}");
        if code > 0 {
            result.assert_error(code, &["hint: "]);
        }
    }
    let lint = env.run(&["lint"]);
    assert!(matches!(lint.exit_code, 0 | 3), "{lint:#?}");
}
