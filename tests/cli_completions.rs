//! Completions: the hidden command that the scripts call, and the scripts run by their shells.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
use common::TestEnv;
use rstest::rstest;
use std::{fs, process::Command};

/// The candidates for the last of `words`.
fn candidates(env: &TestEnv, words: &[&str]) -> Vec<String> {
    let args: Vec<&str> = ["complete-words", "--"]
        .iter()
        .chain(words)
        .copied()
        .collect();
    let result = env.run(&args);
    assert_eq!(
        (result.exit_code, result.stderr.as_str()),
        (0, ""),
        "{words:?}"
    );
    let lines = result.stdout.lines();
    lines
        .map(|line| line.split('\t').next().unwrap().to_owned())
        .collect()
}

/// An incident with an event, an open request, a follow-up and a retracted event; returns their handles.
fn outage() -> (TestEnv, [String; 4]) {
    let env = TestEnv::new();
    env.run_ok(&["declare", "Checkout is failing", "--service", "checkout"]);
    let event = env.log("fault: @checkout answers 502 !down");
    let ask = env.log("ask: check replica lag @ann 5m");
    let task = env.run_json(&["task", "add", "--json", "Warm standby"]);
    let task = task["handle"].as_str().unwrap().to_owned();
    let wrong = env.log("note: wrong channel");
    env.run_ok(&["retract", &wrong, "--reason", "wrong channel"]);
    (env, [event, ask, task, wrong])
}

#[rstest]
#[case::command(&["re"], &["resolve", "reopen", "redo", "retract", "restore-event", "redact"])]
#[case::below(&["task", "d"], &["done", "decline"])]
#[case::flag(&["declare", "--se"], &["--severity", "--service"])]
#[case::global_flag(&["show", "--d"], &["--db"])]
#[case::severity(&["declare", "--severity", ""], &["sev1", "sev2", "sev3", "sev4", "sev5"])]
#[case::equals(&["declare", "--severity=sev1"], &["--severity=sev1"])]
#[case::equals_as_a_word(&["declare", "--severity", "=", "sev2"], &["sev2"])]
#[case::state(&["log", "--state", "d"], &["degraded", "down"])]
#[case::task_state(&["task", "set", "x", "--state", "d"], &["done", "declined"])]
#[case::kind(&["log", "--kind", "fa"], &["fault", "factor"])]
#[case::line(&["log", "dec"], &["decision:"])]
#[case::stage(&["email", "--stage", ""], &["initial", "update", "resolved", "followup"])]
#[case::format(&["postmortem", "--format", ""], &["md", "html", "json"])]
#[case::field(&["set", "customer-a"], &["customer-action"])]
#[case::field_value(&["set", "data-loss", ""], &["none", "unknown"])]
#[case::section(&["write", "went"], &["went-well", "went-badly"])]
#[case::setting(&["config", "set", "lint.u"], &["lint.update-minutes"])]
#[case::setting_value(&["config", "set", "mouse", ""], &["true", "false"])]
#[case::shell(&["completions", "z"], &["zsh"])]
#[case::man(&["man", "restore"], &["restore-event"])]
#[case::template(&["templates", "show", "email-up"], &["email-update.j2"])]
#[case::file(&["backup", ""], &[":files"])]
#[case::attached(&["log", "--attach", ""], &[":files"])]
#[case::attached_later(&["amend", "last", "--attach", "a"], &[":files"])]
#[case::imported(&["import", "auto", ""], &[":files"])]
#[case::people(&["import", "auto", "x", "--people", ""], &[":files"])]
#[case::watched(&["watch", ""], &[":files"])]
#[case::database(&["show", "--db", ""], &[":files"])]
#[case::database_behind_equals(&["show", "--db=x"], &[":files"])]
#[case::output(&["postmortem", "--output", ""], &[":files"])]
#[case::updated(&["postmortem", "--update", ""], &[":files"])]
#[case::checked(&["postmortem", "--check", ""], &[":files"])]
#[case::table(&["export", "csv", "--output", ""], &[":files"])]
#[case::attached_file(&["export", "file", "--output", ""], &[":files"])]
#[case::section_text(&["write", "summary", "--from", ""], &[":files"])]
#[case::email_text(&["email", "--text", ""], &[":files"])]
#[case::pages(&["man", "--dir", ""], &[":folders"])]
#[case::synced(&["sync", ""], &[":folders"])]
#[case::hub(&["hub", "init", ""], &[":folders"])]
#[case::text(&["declare", "Chec"], &[])]
#[case::nothing_known(&["xyzzy", "x"], &[])]
#[case::behind_two_dashes(&["log", "--", "--st"], &[])]
fn words_of_the_program(#[case] words: &[&str], #[case] expected: &[&str]) {
    let mut found = candidates(&TestEnv::new(), words);
    let mut expected: Vec<String> = expected.iter().map(|word| (*word).to_owned()).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn what_the_database_holds() {
    let (env, [event, ask, task, wrong]) = outage();
    assert_eq!(candidates(&env, &["show", ""]), ["1", "latest"]);
    assert_eq!(candidates(&env, &["log", "--incident", "l"]), ["latest"]);
    assert_eq!(candidates(&env, &["log", "--service", ""]), ["checkout"]);
    let handles = candidates(&env, &["amend", ""]);
    assert!(
        handles.contains(&event) && !handles.contains(&wrong),
        "{handles:?}"
    );
    assert_eq!(candidates(&env, &["amend", &event[..3]]), [event.as_str()]);
    assert_eq!(
        candidates(&env, &["task", "done", ""]),
        [ask.as_str(), task.as_str()]
    );
    assert_eq!(candidates(&env, &["restore-event", ""]), [wrong.as_str()]);
    assert!(candidates(&env, &["handoff", "an"]).contains(&"ann".to_owned()));
    env.run_ok(&["task", "done", &ask, "40 s"]);
    assert_eq!(candidates(&env, &["task", "done", ""]), [task.as_str()]);
    env.run_ok(&["resolve"]);
    let unfiled = env.log("note: later");
    assert_eq!(candidates(&env, &["adopt", ""]), ["all", unfiled.as_str()]);
    // A description says which is which.
    let line = env.run_ok(&["complete-words", "--", "adopt", &unfiled]);
    assert_eq!(line, format!("{unfiled}\tnote: later\n"));
}

#[test]
fn database_that_cannot_be_read_gives_nothing_and_is_not_made() {
    let env = TestEnv::new();
    assert_eq!(candidates(&env, &["show", ""]), ["latest"]);
    assert!(!env.db_path().exists());
    fs::create_dir_all(env.db_path().parent().unwrap()).unwrap();
    fs::write(env.db_path(), "this is no database").unwrap();
    assert_eq!(candidates(&env, &["amend", ""]), [""; 0]);
    assert_eq!(fs::read(env.db_path()).unwrap(), b"this is no database");
    let (other, [event, ..]) = outage();
    let path = other.db_path();
    let words = ["--db", path.to_str().unwrap(), "amend", &event];
    assert_eq!(candidates(&env, &words), [event.as_str()]);
}

fn has(shell: &str) -> bool {
    let found = Command::new(shell).arg("--version").output();
    found.is_ok_and(|output| output.status.success())
}

/// Runs `script` in `shell` with the completions of `shell` in the file `$1`.
fn run_shell(env: &TestEnv, shell: &str, script: &str) -> String {
    let completions = env.path().join(format!("completions.{shell}"));
    fs::write(&completions, env.run_ok(&["completions", shell])).unwrap();
    let file = env.path().join(format!("test.{shell}"));
    fs::write(&file, script).unwrap();
    let result = env.run_script(&format!(
        "{shell} {} {}",
        file.display(),
        completions.display()
    ));
    assert_eq!(result.exit_code, 0, "{result:#?}");
    result.stdout
}

#[test]
fn bash_completes_with_the_script() {
    let (env, [_, ask, task, _]) = outage();
    fs::write(env.path().join("a file.md"), "").unwrap();
    fs::create_dir(env.path().join("a folder")).unwrap();
    let script = r#"
        set -euo pipefail
        source "$1"
        complete_line() {
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            _bridgelog bridgelog
            printf '%s|' "${COMPREPLY[@]}"
            echo
        }
        complete_line bridgelog dec
        complete_line bridgelog task done ''
        complete_line bridgelog declare --severity = sev3
        complete_line bridgelog write summary --from 'a fi'
        complete_line bridgelog handoff ''
        complete_line bridgelog log --attach 'a f'
        complete_line bridgelog log --attach = ''
        complete_line bridgelog sync 'a '
        complete -p bridgelog
    "#;
    env.run_ok(&["handoff", "Ann Lee"]);
    let lines = run_shell(&env, "bash", script);
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines[0], "declare|");
    assert_eq!(lines[1], format!("{ask}|{task}|"));
    assert_eq!(lines[2], "sev3|");
    assert_eq!(lines[3], "a file.md|");
    assert!(lines[4].contains("Ann\\ Lee|"), "{lines:?}");
    assert_eq!(lines[5], "a file.md|a folder|");
    assert!(lines[6].contains("a file.md|"), "{lines:?}");
    assert_eq!(lines[7], "a folder|");
    assert!(lines[8].contains("-F _bridgelog bridgelog"), "{lines:?}");
}

#[test]
fn zsh_completes_with_the_script() {
    if !has("zsh") {
        return;
    }
    let (env, [_, ask, ..]) = outage();
    // What `_describe` is given is what zsh shows.
    let script = r#"
        compdef() { :; }
        _files() { print -l -- "files${1:+ $1}"; }
        _describe() { local name=$3; print -l -- ${(P)name}; }
        source "$1"
        complete_line() { words=("$@"); CURRENT=$#; _bridgelog; }
        complete_line bridgelog dec
        complete_line bridgelog log --kind fa
        complete_line bridgelog task done ''
        complete_line bridgelog backup ''
        complete_line bridgelog sync ''
    "#;
    let lines = run_shell(&env, "zsh", script);
    for part in [
        "declare:Declare an incident\n",
        "fault:\nfactor:\n",
        &format!("{ask}:request"),
        "files\n",
        "files -/\n",
    ] {
        assert!(lines.contains(part), "{part}: {lines}");
    }
}

#[test]
fn fish_completes_with_the_script() {
    if !has("fish") {
        return;
    }
    let (env, [_, ask, ..]) = outage();
    let script = "
        source $argv[1]
        complete -C 'bridgelog dec'
        complete -C 'bridgelog log --kind fa'
        complete -C 'bridgelog task done '
    ";
    let lines = run_shell(&env, "fish", script);
    for part in ["declare\tDeclare an incident\n", "fault", "factor", &ask] {
        assert!(lines.contains(part), "{part}: {lines}");
    }
}
