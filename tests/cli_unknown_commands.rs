//! A verb that people type and that does not exist: the error names the one that is meant, with a line that can
//! be pasted.
#![allow(clippy::unwrap_used)]

mod common;
use common::TestEnv;
use rstest::rstest;

/// Returns the lines to paste of the hints of `bridgelog args`, which must be wrong usage.
fn suggested(args: &[&str]) -> Vec<String> {
    let env = TestEnv::new();
    let result = env.run(args);
    result.assert_error(2, &["hint: "]);
    let hints = result
        .stderr
        .lines()
        .filter_map(|l| l.strip_prefix("hint: `"));
    let lines = hints.filter_map(|hint| hint.split('`').next());
    lines.map(str::to_owned).collect()
}

#[rstest]
#[case::edit(&["edit", "kvnqrs", "10:12"], "bridgelog amend kvnqrs 10:12")]
#[case::change(&["change"], "bridgelog amend kvnqrs 10:12")]
#[case::fix(&["fix", "kvnqrs", "!down"], "bridgelog amend kvnqrs '!down'")]
#[case::delete(&["delete", "kvnqrs"], "bridgelog retract kvnqrs --reason 'logged twice'")]
#[case::remove(&["remove"], "bridgelog retract kvnqrs --reason 'logged twice'")]
#[case::rm(&["rm", "kvnqrs"], "bridgelog retract kvnqrs --reason 'logged twice'")]
#[case::undelete(&["undelete", "kvnqrs"], "bridgelog restore-event kvnqrs")]
#[case::new(&["new", "Checkout is failing"], "bridgelog declare 'Checkout is failing'")]
#[case::start(&["start"], "bridgelog declare 'Checkout is failing' --severity sev2")]
#[case::open(&["open", "Login"], "bridgelog declare Login")]
#[case::create(&["create", "Login"], "bridgelog declare Login")]
#[case::note(&["note", "it is slow"], "bridgelog log 'it is slow'")]
#[case::add(&["add", "it is slow"], "bridgelog log 'it is slow'")]
#[case::close(&["close"], "bridgelog resolve")]
#[case::end(&["end"], "bridgelog resolve")]
#[case::finish(&["finish", "all is well"], "bridgelog resolve 'all is well'")]
#[case::timeline(&["timeline", "7"], "bridgelog show 7")]
#[case::report(&["report"], "bridgelog postmortem")]
#[case::pm(&["pm", "7"], "bridgelog postmortem 7")]
#[case::mail(&["mail"], "bridgelog email")]
#[case::letter(&["letter"], "bridgelog email")]
#[case::delete_why(&["delete", "kvnqrs", "wrong", "channel"], "bridgelog retract kvnqrs --reason 'wrong channel'")]
#[case::update(&["update", "we are back"], "bridgelog log 'comms/customers: status page updated'")]
#[case::number(&["7"], "bridgelog show 7")]
#[case::severity(&["sev1"], "bridgelog set severity sev1")]
#[case::field(&["next-update", "10:30"], "bridgelog set next-update 10:30")]
#[case::section(&["went-well"], "bridgelog write went-well")]
#[case::ls(&["ls"], "bridgelog list")]
#[case::settings(&["settings"], "bridgelog config")]
#[case::conifg(&["conifg"], "bridgelog config")]
#[case::shwo(&["shwo", "7"], "bridgelog show 7")]
#[case::after_flags(&["--by", "ann", "edit", "kvnqrs"], "bridgelog amend kvnqrs")]
#[case::help(&["help", "edit"], "bridgelog amend kvnqrs 10:12")]
#[case::kind(&["fault:", "db", "is", "down"], "bridgelog log 'fault: db is down'")]
#[case::kind_without_colon(&["decision", "roll back"], "bridgelog log 'decision: roll back'")]
#[case::line(&["10:06", "fault: db"], "bridgelog log '10:06 fault: db'")]
#[case::sentence(&["the db is slow"], "bridgelog log 'the db is slow'")]
#[case::task_close(&["task", "close", "kvnqrs"], "bridgelog task done kvnqrs")]
#[case::task_new(&["task", "new", "Standby"], "bridgelog task add Standby")]
#[case::task_rm(&["task", "rm", "kvnqrs"], "bridgelog retract kvnqrs --reason 'added twice'")]
#[case::task_lst(&["task", "lst"], "bridgelog task list")]
#[case::templates_chek(&["templates", "chek"], "bridgelog templates check")]
fn error_names_the_command_that_is_meant(#[case] args: &[&str], #[case] line: &str) {
    let lines = suggested(args);
    assert_eq!(lines.first().map(String::as_str), Some(line), "{lines:?}");
}

#[test]
fn no_everyday_word_leads_to_what_destroys() {
    for word in [
        "edit", "delete", "remove", "rm", "change", "fix", "erase", "cancel", "drop",
    ] {
        let lines = suggested(&[word, "kvnqrs"]);
        let destroys = |line: &String| line.contains("redact");
        assert!(!lines.iter().any(destroys), "{word}: {lines:?}");
    }
    let lines = suggested(&["delete"]);
    assert!(lines.contains(&"bridgelog undo".to_owned()), "{lines:?}");
}

#[test]
fn word_that_nobody_knows_leads_to_the_list_of_commands() {
    assert_eq!(suggested(&["xyzzy"]), ["bridgelog --help"]);
    assert_eq!(suggested(&["task", "xyzzy"]), ["bridgelog task --help"]);
}

#[rstest]
#[case::beginning(&["declare", "x", "--sev", "1"], &["has no flag `--sev`", "did you mean `--severity`?"])]
#[case::short(&["declare", "-s", "sev1", "x"], &["did you mean `--severity`?"])]
#[case::other_name(&["show", "-n", "5"], &["did you mean `--newest`?", "--unfiled --newest --all --json"])]
#[case::format(&["list", "--format", "json"], &["did you mean `--json`?"])]
#[case::output(&["postmortem", "-o", "x.md"], &["did you mean `--output`?"])]
#[case::html(&["postmortem", "--html"], &["did you mean `--format`?"])]
#[case::time(&["log", "--time", "10:06", "x"], &["no flag `--time`", "did you mean `--at`?"])]
#[case::message(&["log", "-m", "x"], &["no flag `-m`"])]
#[case::below(&["task", "add", "x", "--assignee", "ann"], &["`bridgelog task add` has no flag", "did you mean `--owner`?"])]
#[case::word(&["retract", "kvnqrs", "wrong"], &["here `wrong`", "after --reason"])]
#[case::no_reason(&["resolve", "--reason", "x"], &["has no flag `--reason`", "--at --json"])]
#[case::no_command(&["task"], &["`task` needs a command", "add, list, start, done, decline, set"])]
fn unknown_flag_names_the_one_that_is_meant(#[case] args: &[&str], #[case] parts: &[&str]) {
    let env = TestEnv::new();
    env.run(args).assert_error(2, parts);
    assert!(!env.db_path().exists());
}

#[test]
fn near_misses_is_a_name_of_the_ledger() {
    let env = TestEnv::worked_example();
    assert_eq!(env.run_ok(&["near-misses"]), env.run_ok(&["ledger"]));
    assert!(env.run_ok(&["near-misses", "--help"]).contains("near miss"));
}
