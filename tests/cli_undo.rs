//! `undo`, `redo`, `restore-event` and what `show --all` and `history` say of what they did.
#![allow(clippy::unwrap_used, reason = "this is a test")]

mod common;
use common::TestEnv;
use serde_json::Value as Json;

fn env_with_incident() -> TestEnv {
    TestEnv::with_incident(&["--at", "8:00", "--service", "db"])
}

fn events(env: &TestEnv, args: &[&str]) -> Vec<Json> {
    let shown = env.run_json(&[args, &["--json"]].concat());
    shown["events"].as_array().unwrap().clone()
}

fn event(env: &TestEnv, handle: &str) -> Json {
    let events = events(env, &["show", "1", "--all"]);
    let found = events.into_iter().find(|event| event["handle"] == handle);
    found.unwrap_or_default()
}

#[test]
fn all_lines_of_standard_input_are_one_step() {
    let env = env_with_incident();
    let lines: String = (0..3000).map(|n| format!("8:10 line {n}\n")).collect();
    let logged = env.run_with_stdin(&["log", "-"], lines.as_bytes());
    assert_eq!(logged.exit_code, 0, "{}", logged.stderr);
    env.run_ok(&["--by", "ann", "log", "8:11 of another"]);
    assert!(env.run_ok(&["undo"]).contains("2999 more of the same act"));
    assert_eq!(events(&env, &["show", "1"]).len(), 2);
    assert_eq!(events(&env, &["show", "1", "--all"]).len(), 3002);
    env.run_ok(&["redo"]);
    assert_eq!(events(&env, &["show", "1"]).len(), 3002);
    env.run_ok(&["undo"]);
    env.run(&["undo"])
        .assert_error(1, &["other entries are in it"]);
    env.run_ok(&["verify"]);
}

#[test]
fn group_is_undone_whole_after_entries_of_others_came_between() {
    let env = env_with_incident();
    let mut child = env
        .command(&["log", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    {
        use std::io::{BufRead, BufReader, Write};
        let mut input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        for line in ["first", "second"] {
            writeln!(input, "8:10 {line}").unwrap();
            let mut said = String::new();
            while !said.contains(line) {
                assert!(output.read_line(&mut said).unwrap() > 0);
            }
            env.run_ok(&["--by", "ann", "log", "8:11 between"]);
        }
    }
    child.wait().unwrap();
    env.run_ok(&["undo"]);
    let texts: Vec<Json> = events(&env, &["show", "1"])
        .iter()
        .map(|event| event["text"].clone())
        .collect();
    assert_eq!(texts, ["Checkout fails", "between", "between"]);
}

#[test]
fn show_all_marks_what_was_undone_or_retracted_and_says_how_to_restore_it() {
    let env = env_with_incident();
    let retracted = env.log("8:09 wrong incident");
    env.run_ok(&["retract", &retracted, "--reason", "last week"]);
    let undone = env.log("8:10 fault: gone !down");
    let note = env.run(&["undo"]).stderr;
    assert!(note.contains("bridgelog redo") && note.contains(&format!("restore-event {undone}")));
    let plain = env.run_ok(&["show"]);
    assert!(plain.contains("1 retracted, 1 undone; `bridgelog show --all` shows them"));
    assert!(!plain.contains(&undone) && !plain.contains(&retracted));
    let all = env.run_ok(&["show", "--all"]);
    for (handle, mark) in [(&undone, "undone"), (&retracted, "retracted: last week")] {
        let line = all
            .lines()
            .find(|line| line.contains(handle.as_str()))
            .unwrap();
        assert!(line.contains(mark), "{line}");
    }
    assert!(all.contains("bridgelog restore-event HANDLE"));
    let json = event(&env, &undone);
    assert_eq!(
        (&json["retracted"], &json["undone"]),
        (&true.into(), &true.into())
    );
    assert_eq!(
        (&json["text"], &json["state"]),
        (&"gone".into(), &"down".into())
    );
    let json = event(&env, &retracted);
    assert_eq!(
        (&json["retracted"], &json["undone"]),
        (&true.into(), &false.into())
    );
    let json = events(&env, &["show", "1"]);
    assert!(json.iter().all(|event| event["handle"] != undone.as_str()));
    let outage = &env.run_json(&["metrics", "--json"])["metrics"]["outage"]["seconds"];
    assert_eq!(*outage, 0);
}

#[test]
fn show_all_has_unfiled_events_that_were_undone_or_retracted() {
    let env = TestEnv::new();
    let retracted = env.log("8:09 wrong");
    env.run_ok(&["retract", &retracted, "--reason", "a test"]);
    let undone = env.log("8:10 gone");
    env.run_ok(&["undo"]);
    assert!(events(&env, &["show", "--unfiled"]).is_empty());
    assert_eq!(events(&env, &["show", "--unfiled", "--all"]).len(), 2);
    env.run_ok(&["restore-event", &undone]);
    env.run_ok(&["restore-event", &retracted]);
    assert_eq!(events(&env, &["show", "--unfiled"]).len(), 2);
}

#[test]
fn restore_brings_back_what_was_undone_or_retracted_as_an_entry() {
    let env = env_with_incident();
    let handle = env.log("8:10 fault: gone !down tell: Our shop is down.");
    let take_out: [&[&str]; 2] = [&["undo"], &["retract", &handle, "--reason", "no"]];
    for args in take_out {
        env.run_ok(args);
        assert_eq!(event(&env, &handle)["retracted"], true);
        let said = env.run_ok(&["--by", "ann", "restore-event", &handle]);
        assert!(
            said.contains(&format!("restored {handle} (in 1)")),
            "{said}"
        );
        let again = env.run_ok(&["--by", "ann", "restore-event", &handle]);
        assert!(again.contains("not retracted or undone"), "{again}");
        let now = event(&env, &handle);
        assert_eq!(now["retracted"], false);
        assert_eq!(now["customer"], "Our shop is down.");
        env.run_ok(&["--by", "ann", "undo"]);
        assert_eq!(event(&env, &handle)["retracted"], true);
        env.run_ok(&["--by", "ann", "redo"]);
        assert_eq!(event(&env, &handle)["retracted"], false);
    }
    let history = env.run_ok(&["history", &handle]);
    for line in ["undo      jw", "restore   ann", "retract   jw"] {
        assert!(history.contains(line), "{history}");
    }
    env.run_ok(&["verify"]);
}

#[test]
fn restore_after_a_new_entry_reaches_what_redo_does_not() {
    let env = env_with_incident();
    let handle = env.log("8:10 one");
    env.run_ok(&["amend", &handle, "two"]);
    env.run_ok(&["undo"]);
    env.run_ok(&["undo"]);
    env.log("8:11 new");
    env.run(&["redo"])
        .assert_error(1, &["nothing to redo", "restore-event"]);
    env.run_ok(&["restore-event", &handle]);
    assert_eq!(event(&env, &handle)["text"], "one");
}

#[test]
fn restored_event_of_a_merged_incident_is_in_the_one_it_was_merged_into() {
    let env = env_with_incident();
    env.run_ok(&["declare", "Same", "--at", "8:01"]);
    let handle = env.run_json(&["log", "--incident", "2", "--json", "8:10 lost"])["handle"].clone();
    let handle = handle.as_str().unwrap();
    env.run_ok(&["undo", "--incident", "2"]);
    env.run_ok(&["merge", "2", "--into", "1"]);
    let restored = env.run(&["restore-event", handle]);
    assert_eq!(restored.exit_code, 0, "{}", restored.stderr);
    assert!(restored.stdout.contains("in 1"), "{}", restored.stdout);
    assert_eq!(event(&env, handle)["retracted"], false);
    env.run_ok(&["undo"]);
    assert_eq!(event(&env, handle)["undone"], true);
    env.run_ok(&["redo"]);
    assert_eq!(event(&env, handle)["text"], "lost");
    env.run_ok(&["verify"]);
}

#[test]
fn restore_refuses_what_cannot_come_back_and_says_why() {
    let env = env_with_incident();
    let redacted = env.log("8:10 hunter2swordfish");
    env.run_ok(&["retract", &redacted, "--reason", "no"]);
    env.run_ok(&["redact", &redacted, "--reason", "secret", "--yes"]);
    env.run(&["restore-event", &redacted])
        .assert_error(1, &["was redacted and cannot be brought back"]);
    // A state is not destroyed, and comes back.
    let down = env.log("8:11 fault: hunter2swordfish !down");
    env.run_ok(&["redact", &down, "--reason", "secret", "--yes"]);
    env.run_ok(&["retract", &down, "--reason", "no", "--yes"]);
    let restored = env.run(&["restore-event", &down]);
    assert!(
        restored.stderr.contains("its text was redacted for good"),
        "{}",
        restored.stderr
    );
    assert_eq!(event(&env, &down)["state"], "down");
    env.run_ok(&["set", "impact", "much"]);
    env.run(&["restore-event", "field/impact"])
        .assert_error(1, &["not an event, task or saved email"]);
    env.run(&["restore-event", "kkkkkk"])
        .assert_error(1, &["kkkkkk"]);
    let gone = env.run_json(&["declare", "--json", "Mistake"]);
    let gone = gone["handle"].as_str().unwrap();
    env.run_ok(&["undo", "--incident", gone]);
    let said = env.run_ok(&["restore-event", gone]);
    assert!(said.contains("Mistake"), "{said}");
    assert_eq!(
        env.run_json(&["list", "--json"]).as_array().unwrap().len(),
        2
    );
}

#[test]
fn moved_event_is_in_force_where_it_went() {
    let env = env_with_incident();
    env.run_ok(&["declare", "Other", "--at", "8:01"]);
    let moved = env.run_json(&["log", "--incident", "1", "--json", "8:10 moved"])["handle"].clone();
    let moved = moved.as_str().unwrap();
    env.run_ok(&["move", moved, "2"]);
    let said = env.run_ok(&["restore-event", moved]);
    assert!(said.contains("not retracted or undone (in 2)"), "{said}");
}

#[test]
fn restored_task_and_letter_come_back() {
    let env = env_with_incident();
    let tasks = || env.run_json(&["task", "list", "--json"])["tasks"].clone();
    env.run_ok(&["task", "add", "check the mirror"]);
    let task = tasks()[0]["handle"].as_str().unwrap().to_owned();
    env.run_ok(&["retract", &task, "--reason", "no"]);
    env.run(&["retract", &task, "--reason", "no"])
        .assert_error(1, &["restore-event"]);
    env.run_ok(&["restore-event", &task]);
    assert_eq!(tasks()[0]["retracted"], false);
    env.run_ok(&["undo"]);
    env.run_ok(&["undo"]);
    env.run_ok(&["undo"]);
    assert_eq!(tasks(), serde_json::json!([]));
    env.run_ok(&["restore-event", &task]);
    assert_eq!(tasks()[0]["text"], "check the mirror");

    let letters = || env.run_json(&["email", "1", "--list", "--json"])["messages"].clone();
    env.run_ok(&["email", "--save", "--stage", "initial"]);
    let letter = letters()[0]["handle"].as_str().unwrap().to_owned();
    env.run_ok(&["undo"]);
    env.run_ok(&["email", "--save", "--stage", "initial"]);
    let restored = env.run(&["restore-event", &letter]);
    assert!(
        restored.stderr.contains("email m1 is m2 now"),
        "{}",
        restored.stderr
    );
    assert_eq!(letters().as_array().unwrap().len(), 2);
}

#[test]
fn undo_says_what_it_passes_over() {
    let env = env_with_incident();
    env.log("8:09 kept");
    let redacted = env.log("8:10 hunter2swordfish");
    env.run_ok(&["redact", &redacted, "--reason", "secret", "--yes"]);
    let undone = env.run(&["undo"]);
    assert!(undone.stdout.contains("kept"), "{}", undone.stdout);
    let note = format!("the redaction of {redacted} stays");
    assert!(undone.stderr.contains(&note), "{}", undone.stderr);
}

#[test]
fn amend_of_what_was_undone_retracted_or_redacted_says_the_way_out() {
    let env = env_with_incident();
    let handle = env.log("8:10 one");
    let restore = format!("restore-event {handle}");
    env.run_ok(&["undo"]);
    env.run(&["amend", &handle, "two"])
        .assert_error(1, &["was undone", &restore]);
    env.run_ok(&["restore-event", &handle]);
    env.run_ok(&["retract", &handle, "--reason", "no"]);
    env.run(&["amend", &handle, "two"])
        .assert_error(1, &["was retracted", &restore]);
    env.run_ok(&["restore-event", &handle]);
    env.run_ok(&["redact", &handle, "--reason", "secret", "--yes"]);
    env.run(&["amend", &handle, "two"])
        .assert_error(1, &["was redacted", "hint: "]);
    env.run(&["amend", &handle, "!down"])
        .assert_error(1, &["was redacted"]);
}

#[test]
fn newest_events_mark_the_asks_that_are_done() {
    let env = env_with_incident();
    let done = env.log("8:10 ask: check the lag @ann 5m");
    let open = env.log("8:11 ask: call the vendor @ann 5m");
    env.run_ok(&["log", &format!("8:12 done: ^{done} 40 s")]);
    for args in [
        &["show"][..],
        &["show", "--newest", "9"],
        &["status", "--since", "8:00"],
    ] {
        let shown = env.run_ok(args);
        let line = |handle: &str| {
            let found = shown
                .lines()
                .find(|line| line.contains(handle) && line.contains(" ask "));
            found.unwrap_or_default().to_owned()
        };
        assert!(line(&done).contains("done"), "{args:?}\n{shown}");
        assert!(!line(&open).contains("done"), "{args:?}\n{shown}");
    }
}

#[test]
fn retracting_what_opens_or_ends_the_incident_asks_first_and_says_so() {
    let env = env_with_incident();
    let resolved = env.run_json(&["resolve", "--at", "9:00", "--json"]);
    let resolve = resolved["handle"].as_str().unwrap();
    let retract = ["retract", resolve, "--reason", "not over"];
    env.run(&retract)
        .assert_error(1, &["incident 1 is open now", "--yes"]);
    assert_eq!(event(&env, resolve)["retracted"], false);
    let done = env.run(&[&retract[..], &["--yes"]].concat());
    assert_eq!(done.exit_code, 0, "{}", done.stderr);
    assert!(
        done.stderr.contains("incident 1 is open now"),
        "{}",
        done.stderr
    );

    // An event that is neither needs no question.
    env.run_ok(&["restore-event", resolve]);
    let note = env.log("9:01 a note");
    let retracted = env.run(&["retract", &note, "--reason", "last week"]);
    assert_eq!(retracted.exit_code, 0, "{}", retracted.stderr);
    assert!(
        !retracted.stderr.contains("incident 1"),
        "{}",
        retracted.stderr
    );
}

#[test]
fn history_says_which_of_two_versions_is_shown_and_how_to_decide() {
    let env = env_with_incident();
    let handle = env.log("8:10 disk full");
    let other = TestEnv::new();
    std::fs::create_dir_all(other.db_path().parent().unwrap()).unwrap();
    std::fs::copy(env.db_path(), other.db_path()).unwrap();
    env.run_ok(&["amend", &handle, "disk full on node 1"]);
    // Another seed gives the copy ids of its own.
    let mut amend = other.command(&["amend", &handle, "disk full on node 2"]);
    let amended = amend.env("BRIDGELOG_SEED", "other").output().unwrap();
    assert!(amended.status.success(), "{amended:?}");
    let lines = other.run_ok(&["export", "jsonl"]);
    let path = env.path().join("other.jsonl");
    std::fs::write(&path, lines).unwrap();
    env.run_ok(&["import", "jsonl", path.to_str().unwrap()]);
    let history = env.run_ok(&["history", &handle]);
    assert!(history.contains("2 versions were written"), "{history}");
    assert!(history.contains(&format!("`bridgelog amend {handle} LINE`")));
    assert_eq!(history.matches("← shown").count(), 1, "{history}");
    assert_eq!(history.matches("← other version, not shown").count(), 1);
    env.run_ok(&["amend", &handle, "disk full on both"]);
    assert!(!env.run_ok(&["history", &handle]).contains("2 versions"));
}

#[test]
fn what_opens_or_ends_an_incident_by_moving_or_restoring_says_so() {
    let mut env = TestEnv::new();
    env.set_now("2012-08-16T14:00:00Z");
    for title in ["one", "two"] {
        env.run_ok(&["declare", title, "--zone", "UTC", "--at", "10:00"]);
    }
    env.run_ok(&["--incident", "1", "log", "10:10 fault: x @db !down"]);
    env.run_ok(&["--incident", "2", "log", "10:10 fault: x @db !down"]);
    env.run_ok(&["--incident", "1", "resolve", "--at", "11:00"]);
    let show = env.run_json(&["show", "1", "--json"]);
    let events = show["events"].as_array().unwrap();
    let resolve = events
        .iter()
        .find(|event| event["kind"] == "resolve")
        .unwrap();
    let handle = resolve["handle"].as_str().unwrap();
    let moved = env.run(&["move", handle, "2"]).stderr;
    for part in ["incident 1 is open now", "incident 2 counts as resolved at"] {
        assert!(moved.contains(part), "{moved}");
    }
    env.run_ok(&["retract", handle, "--reason", "no", "--yes"]);
    let restored = env.run(&["restore-event", handle]).stderr;
    assert!(
        restored.contains("incident 2 counts as resolved at"),
        "{restored}"
    );
}

#[test]
fn undo_and_redo_name_what_they_do_to_the_incident_and_its_states() {
    let mut env = TestEnv::new();
    env.set_now("2012-08-16T14:00:00Z");
    env.run_ok(&["declare", "one", "--zone", "UTC", "--at", "10:00"]);
    let fault = env.log("10:10 fault: x @db !down");
    env.run_ok(&["resolve", "--at", "11:00"]);
    let show = env.run_json(&["show", "1", "--json"]);
    let events = show["events"].as_array().unwrap();
    let resolve = events.iter().find(|e| e["kind"] == "resolve").unwrap();
    let resolve = resolve["handle"].as_str().unwrap();
    env.run_ok(&["reopen", "--at", "12:00"]);
    env.run_ok(&["amend", resolve, "12:30"]);
    let undone = env.run(&["undo"]).stderr;
    assert!(undone.contains("incident 1 is open now"), "{undone}");
    let redone = env.run(&["redo"]).stderr;
    assert!(redone.contains("counts as resolved at"), "{redone}");
    env.run_ok(&["amend", &fault, "!degraded"]);
    env.run_ok(&["retract", resolve, "--reason", "not yet", "--yes"]);
    env.run(&["undo"])
        .assert_error(1, &["that ends the incident again", "retract"]);
    env.run_ok(&["restore-event", resolve]);
    env.run(&["undo"])
        .assert_error(1, &["that opens the incident again", "restore"]);
}

#[test]
fn undo_of_an_amended_state_or_of_a_fault_says_which_state_it_is_now() {
    let env = env_with_incident();
    let fault = env.log("8:10 fault: x @db !down");
    env.run_ok(&["amend", &fault, "!degraded"]);
    for (verb, state) in [
        ("undo", "state now: @db down"),
        ("redo", "state now: @db degraded"),
        ("undo", "state now: @db down"),
        ("undo", "state now: @db no state yet"),
    ] {
        let said = env.run(&[verb]).stderr;
        assert!(said.contains(state), "{verb}: {said}");
    }
    env.log("8:11 just a note");
    let said = env.run(&["undo"]).stderr;
    assert!(!said.contains("state now"), "{said}");
}

#[test]
fn undo_of_a_merge_names_who_wrote_since_and_a_command_that_exists() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "one", "--at", "8:00"]);
    env.run_ok(&["declare", "two", "--at", "8:01"]);
    env.run_ok(&["--incident", "1", "set", "impact", "none"]);
    env.run_ok(&["merge", "1", "--into", "2"]);
    env.run_ok(&["--by", "ann", "--incident", "2", "set", "impact", "some"]);
    let refused = env.run(&["undo"]);
    refused.assert_error(1, &["changed since by ann", "bridgelog set impact"]);
}
