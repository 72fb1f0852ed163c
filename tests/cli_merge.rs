//! What is written while, or after, its incident is merged, taken back or joined by a second one: it is
//! shown somewhere, or it is refused.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{CommandResult, TestEnv};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

fn texts(env: &TestEnv, view: &str) -> Vec<String> {
    let shown = env.run_json(&["show", view, "--json"]);
    let events = shown["events"].as_array().unwrap().iter();
    events
        .map(|event| event["text"].as_str().unwrap().to_owned())
        .collect()
}

fn run_by(env: &TestEnv, who: &str, args: &[&str]) -> CommandResult {
    env.run(&[&["--by", who], args].concat())
}

fn ok_by(env: &TestEnv, who: &str, args: &[&str]) -> String {
    let ran = run_by(env, who, args);
    assert_eq!(ran.exit_code, 0, "{args:?}\n{}{}", ran.stdout, ran.stderr);
    ran.stdout
}

/// Declares `one` and `two`, which get the numbers 1 and 2.
fn two_incidents() -> TestEnv {
    let env = TestEnv::new();
    for title in ["one", "two"] {
        ok_by(&env, "setup", &["declare", title]);
    }
    env
}

fn log_by(env: &TestEnv, who: &str, incident: &str, text: &str) -> String {
    let said = ok_by(env, who, &["log", "--json", "--incident", incident, text]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    json["handle"].as_str().unwrap().to_owned()
}

fn merge_2_into_1(env: &TestEnv) -> String {
    ok_by(env, "raj", &["merge", "2", "--into", "1"])
}

/// A `bridgelog log -` that is fed line by line.
struct Stream {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Stream {
    fn start(env: &TestEnv) -> Self {
        let mut child = env
            .command(&["log", "--json", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    fn send(&mut self, lines: &str) -> &mut Self {
        self.input.write_all(lines.as_bytes()).unwrap();
        self
    }

    /// Waits until an event is acknowledged.
    fn acknowledged(&mut self) {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert!(line.contains("\"handle\""), "{line}");
    }

    fn end(self) -> (Option<i32>, String) {
        drop(self.input);
        let output = self.child.wait_with_output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    }
}

#[test]
fn stream_stays_with_its_incident_when_a_second_one_is_declared() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "one"]);
    let mut stream = Stream::start(&env);
    stream.send("first\n").acknowledged();
    env.run_ok(&["declare", "two"]);
    stream.send("second\n").acknowledged();
    env.run_ok(&["resolve", "--incident", "1"]);
    stream.send("third\n").acknowledged();
    let (code, said) = stream.end();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("was resolved meanwhile").count(), 1, "{said}");
    let there = texts(&env, "1");
    assert!(
        ["first", "second", "third"]
            .iter()
            .all(|text| there.contains(&(*text).to_owned()))
    );
    assert_eq!(texts(&env, "2"), ["two"]);
}

#[test]
fn stream_without_incident_goes_to_the_one_that_is_declared() {
    let env = TestEnv::new();
    let mut stream = Stream::start(&env);
    stream.send("before\n").acknowledged();
    env.run_ok(&["declare", "one"]);
    stream.send("after\n").acknowledged();
    env.run_ok(&["declare", "two"]);
    stream.send("still\n").acknowledged();
    assert_eq!(stream.end().0, Some(0));
    assert_eq!(texts(&env, "--unfiled"), ["before"]);
    assert!(texts(&env, "1").contains(&"still".to_owned()));
}

#[test]
fn unfiled_stream_stays_unfiled_when_two_are_declared_at_once() {
    let env = TestEnv::new();
    let mut stream = Stream::start(&env);
    stream.send("before\n").acknowledged();
    env.run_ok(&["declare", "one"]);
    env.run_ok(&["declare", "two"]);
    stream.send("after\n").acknowledged();
    let (code, said) = stream.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2 incidents are open now"), "{said}");
    assert_eq!(texts(&env, "--unfiled"), ["before", "after"]);
}

#[test]
fn stream_follows_a_merge_and_says_so() {
    let env = two_incidents();
    ok_by(&env, "setup", &["resolve", "--incident", "1"]);
    let mut stream = Stream::start(&env);
    stream.send("first\n").acknowledged();
    merge_2_into_1(&env);
    stream.send("second\n").acknowledged();
    stream.send("third\n").acknowledged();
    let (code, said) = stream.end();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        said.matches("2 was merged into 1 `one`").count(),
        1,
        "{said}"
    );
    let there = texts(&env, "1");
    assert!(
        ["first", "second", "third"]
            .iter()
            .all(|text| there.contains(&(*text).to_owned()))
    );
}

#[test]
fn stream_names_every_line_that_was_read_and_not_logged() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "one"]);
    let mut stream = Stream::start(&env);
    stream.send("first\n").acknowledged();
    std::fs::remove_file(env.db_path()).unwrap();
    stream.send("second\n\nfourth\nhalf a line");
    let (code, said) = stream.end();
    assert_eq!(code, Some(1));
    assert!(said.contains("1 lines were logged"), "{said}");
    assert!(
        said.contains("lines 2, 4-5 and what comes after: not logged"),
        "{said}"
    );
}

#[test]
fn stream_names_the_lines_that_cannot_be_parsed() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "one"]);
    let input = b"good\n25:00 bad\n\xff\nok\n26:00 bad\n";
    let ran = env.run_with_stdin(&["log", "-"], input);
    ran.assert_error(
        1,
        &[
            "3 of the lines could not be read; 2 were logged",
            "correct lines 2-3, 5",
        ],
    );
}

#[test]
fn redo_does_not_bring_anything_back_into_a_merged_incident() {
    let moved = |env: &TestEnv| {
        let event = log_by(env, "ann", "1", "goes to 2");
        ok_by(env, "ann", &["move", &event, "2"]);
    };
    let acts: [&dyn Fn(&TestEnv); 4] = [
        &|env| _ = log_by(env, "ann", "2", "logged"),
        &moved,
        &|env| _ = ok_by(env, "ann", &["set", "impact", "much", "--incident", "2"]),
        &|env| _ = ok_by(env, "ann", &["task", "add", "to do", "--incident", "2"]),
    ];
    for act in acts {
        let env = two_incidents();
        act(&env);
        // With one open incident, undo and redo need no name.
        ok_by(&env, "setup", &["resolve", "--incident", "1"]);
        ok_by(&env, "ann", &["undo"]);
        merge_2_into_1(&env);
        let redone = run_by(&env, "ann", &["redo"]);
        redone.assert_error(1, &["was merged into another"]);
        env.run_ok(&["verify"]);
    }
}

#[test]
fn undo_does_not_take_anything_back_into_a_merged_incident() {
    let env = two_incidents();
    let event = log_by(&env, "setup", "2", "belongs to 1");
    ok_by(&env, "ann", &["move", &event, "1"]);
    merge_2_into_1(&env);
    run_by(&env, "ann", &["undo"]).assert_error(1, &["was merged into another"]);
    assert!(texts(&env, "1").contains(&"belongs to 1".to_owned()));
}

#[test]
fn declaration_that_adopted_is_not_undone_under_what_others_logged() {
    let env = TestEnv::new();
    ok_by(&env, "ann", &["log", "unfiled"]);
    ok_by(&env, "ann", &["declare", "one", "--adopt", "all"]);
    log_by(&env, "raj", "1", "of another");
    run_by(&env, "ann", &["undo"]).assert_error(1, &["1 other entry is in it"]);
    assert!(texts(&env, "1").contains(&"of another".to_owned()));
    // What was undone could not be brought back without the incident.
    ok_by(&env, "raj", &["undo"]);
    run_by(&env, "ann", &["undo"]).assert_error(1, &["2 other entries are in it, undone ones"]);
    ok_by(&env, "raj", &["redo"]);
    assert!(texts(&env, "1").contains(&"of another".to_owned()));
    assert!(texts(&env, "--unfiled").is_empty());
}

#[test]
fn merge_is_not_redone_over_what_was_written_since() {
    let writes: [&[&str]; 2] = [
        &["log", "--incident", "2", "since"],
        &["set", "impact", "since", "--incident", "2"],
    ];
    for write in writes {
        let env = two_incidents();
        merge_2_into_1(&env);
        ok_by(&env, "raj", &["undo"]);
        ok_by(&env, "ann", write);
        run_by(&env, "raj", &["redo", "--incident", "1"])
            .assert_error(1, &["was written to since", "merge"]);
        merge_2_into_1(&env);
        let view = env.run_ok(&["export", "jsonl"]);
        assert!(view.contains("since"));
    }
    let env = two_incidents();
    merge_2_into_1(&env);
    ok_by(&env, "raj", &["undo"]);
    ok_by(&env, "raj", &["redo", "--incident", "1"]);
    ok_by(&env, "raj", &["undo"]);
    assert_eq!(texts(&env, "2"), ["two"]);
}

#[test]
fn nothing_is_written_to_an_incident_whose_declaration_was_undone() {
    let env = TestEnv::new();
    let said = env.run_json(&["declare", "--json", "one"]);
    let handle = said["handle"].as_str().unwrap();
    env.run_ok(&["undo"]);
    env.run(&["log", "--incident", handle, "lost"])
        .assert_error(1, &["was undone", "the line was: lost"]);
    env.run(&["task", "add", "lost", "--incident", handle])
        .assert_error(1, &["was undone"]);
    env.run_ok(&["redo"]);
    env.run_ok(&["log", "--incident", handle, "kept"]);
}

#[test]
fn harm_that_one_of_them_recorded_stays() {
    let env = two_incidents();
    for (incident, field, value) in [
        ("1", "data-loss", "none"),
        ("2", "data-loss", "two orders"),
        ("1", "customer-impact", "pages were slow"),
        ("2", "customer-impact", "orders failed"),
        ("1", "product", "Acme"),
        ("2", "product", "Payments"),
    ] {
        env.run_ok(&["set", field, value, "--incident", incident]);
    }
    let merged = env.run(&["merge", "2", "--into", "1"]);
    for note in [
        "both had data-loss: it is `two orders` now",
        "both had customer-impact: it is `pages were slow; orders failed` now",
        "both had product; the values of incident 1 are kept",
    ] {
        assert!(merged.stderr.contains(note), "{}", merged.stderr);
    }
    let letter = env.run_ok(&["email", "1", "--stage", "update"]);
    assert!(letter.contains("Your data: two orders"), "{letter}");
    env.run_ok(&["undo"]);
    let letter = env.run_ok(&["email", "1", "--stage", "update"]);
    assert!(letter.contains("Your data: nothing was lost"), "{letter}");
}

fn letter_numbers(env: &TestEnv, incident: &str) -> Vec<u64> {
    let list = env.run_json(&["email", incident, "--list", "--json"]);
    let mut numbers: Vec<u64> = list["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|letter| letter["number"].as_u64().unwrap())
        .collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn letters_that_meet_in_one_incident_get_different_numbers() {
    let env = two_incidents();
    for incident in ["1", "2", "2"] {
        ok_by(
            &env,
            "ann",
            &["email", incident, "--save", "--stage", "initial"],
        );
    }
    let merged = run_by(&env, "raj", &["merge", "2", "--into", "1"]);
    assert!(merged.stderr.contains("email m1 is m2 now") || merged.stdout.contains("m1 is m"));
    assert_eq!(letter_numbers(&env, "1"), [1, 2, 3]);
    ok_by(&env, "raj", &["undo"]);
    assert_eq!(
        (letter_numbers(&env, "1"), letter_numbers(&env, "2")),
        (vec![1], vec![1, 2])
    );
    // A letter that was undone comes back beside one that has its number now.
    ok_by(&env, "raj", &["email", "1", "--save", "--stage", "update"]);
    ok_by(&env, "raj", &["--incident", "1", "undo"]);
    ok_by(&env, "ann", &["email", "1", "--save", "--stage", "update"]);
    let redone = ok_by(&env, "raj", &["--incident", "1", "redo"]);
    assert!(redone.contains("m3"), "{redone}");
    assert_eq!(letter_numbers(&env, "1"), [1, 2, 3]);
}

#[test]
fn section_that_was_written_meanwhile_is_not_overwritten_from_the_editor() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "one"]);
    std::fs::write(env.path().join("theirs.md"), "theirs").unwrap();
    let script = "#!/bin/sh\nbridgelog write summary --from theirs.md\necho mine > \"$1\"\n";
    let editor = env.path().join("editor.sh");
    std::fs::write(&editor, script).unwrap();
    let edit = || {
        let mut command = env.command(&["write", "summary"]);
        // Both processes begin with as many entries: from one seed they would make the same ids.
        command.env_remove("BRIDGELOG_SEED");
        let command = command.env("EDITOR", format!("sh {}", editor.display()));
        let output = command.env("TMPDIR", env.path()).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, said) = edit();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("was changed while you edited it"), "{said}");
    let (_, rest) = said.split_once("what was typed is in ").unwrap();
    let (path, _) = rest.split_once(':').unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "mine\n");
    assert!(env.run_ok(&["postmortem"]).contains("theirs"));
    // Written once more, theirs is what the editor began with.
    assert_eq!(edit().0, Some(0));
    assert!(env.run_ok(&["postmortem"]).contains("mine"));
}

/// The `resolve` of one incident ends what lasts in the other once both are one: that is said.
#[test]
fn merge_says_which_states_a_resolve_ends_now() {
    let declare = |env: &TestEnv, title: &str, at: &str, service: &str| {
        let args = ["declare", title, "--at", at, "--service", service];
        env.run_ok(&args);
    };
    let log = |env: &TestEnv, incident: &str, line: &str| {
        env.run_ok(&["log", "--incident", incident, line]);
    };
    let env_with = |first_resolved: bool| {
        let env = TestEnv::new();
        declare(&env, "one", "06:00", "web");
        log(&env, "1", "06:01 fault: web fell @web !down");
        if first_resolved {
            env.run_ok(&["resolve", "--incident", "1", "--at", "07:00"]);
        }
        declare(&env, "two", "06:30", "db");
        log(&env, "2", "06:31 fault: db fell @db !down");
        if !first_resolved {
            env.run_ok(&["resolve", "--incident", "2", "--at", "07:00"]);
        }
        env
    };
    // The open one into the resolved one, and the other way round.
    for (first_resolved, from, into) in [(true, "2", "1"), (true, "1", "2"), (false, "2", "1")] {
        let env = env_with(first_resolved);
        let merged = env.run(&["merge", from, "--into", into]);
        assert_eq!(merged.exit_code, 0, "{merged:#?}");
        let ended = if first_resolved {
            "@db down"
        } else {
            "@web down"
        };
        for said in [
            ended,
            "07:00",
            "bridgelog retract",
            "all of it is over now",
            &format!("bridgelog reopen --incident {into}"),
        ] {
            assert!(merged.stderr.contains(said), "{said} in {merged:#?}");
        }
        env.run_ok(&["reopen", "--incident", into]);
    }
    // What is well, or at risk, is not ended by it.
    let env = TestEnv::new();
    declare(&env, "one", "06:00", "web");
    env.run_ok(&["resolve", "--incident", "1", "--at", "07:00"]);
    declare(&env, "two", "07:30", "db");
    log(&env, "2", "07:31 fault: db fell @db !down");
    log(&env, "2", "07:40 restore: db is back @db");
    env.run_ok(&["resolve", "--incident", "2", "--at", "08:00"]);
    let merged = env.run(&["merge", "2", "--into", "1"]);
    assert!(!merged.stderr.contains("ends"), "{merged:#?}");
    assert!(!merged.stderr.contains("over"), "{merged:#?}");
}

#[test]
fn undo_and_redo_of_a_merge_name_it() {
    let env = two_incidents();
    env.run_ok(&["set", "impact", "a field", "--incident", "2"]);
    env.run_ok(&["log", "--incident", "2", "an event"]);
    env.run_ok(&["merge", "2", "--into", "1"]);
    let undone = env.run_ok(&["undo", "--yes"]);
    assert!(undone.starts_with("undid merge "), "{undone}");
    let redone = env.run_ok(&["redo", "--yes", "--incident", "1"]);
    assert!(redone.starts_with("redid merge "), "{redone}");
}
