//! Each command as a process: its output and what is stored.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;
use serde_json::Value;

fn env_with_incident() -> TestEnv {
    TestEnv::with_incident(&["--severity", "SEV2", "--at", "08:00"])
}

fn event_by_handle(env: &TestEnv, handle: &str) -> Value {
    env.run_json(&["show", "--json"])["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["handle"] == handle)
        .unwrap_or_else(|| panic!("no {handle}"))
        .clone()
}

fn event_texts(env: &TestEnv, reference: &str) -> Vec<String> {
    env.run_json(&["show", reference, "--json"])["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn log_parses_all_markers_of_a_line() {
    let env = env_with_incident();
    let handle = env.log("~8:10 fault: primary gone @db #storage !down tell: Our shop is down.");
    let event = event_by_handle(&env, &handle);
    assert_eq!(event["kind"], "fault");
    assert_eq!(event["at"], "2012-08-20T12:10:00Z");
    assert_eq!(event["approximate"], true);
    assert_eq!(event["text"], "primary gone");
    assert_eq!(event["customer"], "Our shop is down.");
    assert_eq!(event["services"], serde_json::json!(["db"]));
    assert_eq!(event["tags"], serde_json::json!(["storage"]));
    assert_eq!(event["state"], "down");
    let output = env.run_ok(&["log", "8:20 mitigate: failover tell: It is back in part."]);
    assert!(
        output.contains("customers will read: It is back in part."),
        "{output}"
    );
    let states = env.run_json(&["show", "--json"])["states"].clone();
    assert_eq!(states[0]["service"], "db");
    assert_eq!(states[0]["state"], "down");
    assert_eq!(states[1]["state"], "degraded");
    assert_eq!(states[1]["from"], "2012-08-20T12:20:00Z");
    assert_eq!(states[1]["to"], Value::Null);
}

#[test]
fn log_flags_match_inline_markers() {
    let env = env_with_incident();
    let output = env.run_json(&[
        "log",
        "--json",
        "--at",
        "-12m",
        "--kind",
        "fault",
        "--state",
        "down",
        "--service",
        "db",
        "--tag",
        "storage",
        "--customer",
        "Our shop is down.",
        "primary",
        "gone!",
    ]);
    assert_eq!(output["text"], "primary gone!");
    assert_eq!(output["at"], "2012-08-20T12:48:00Z");
    assert_eq!(output["state"], "down");
    assert_eq!(output["customer"], "Our shop is down.");
    let output = env.run_json(&["log", "--json", "-3m", "decision:", "roll", "back"]);
    assert_eq!(
        (output["kind"].as_str(), output["text"].as_str()),
        (Some("decision"), Some("roll back"))
    );
    let output = env.run_json(&["log", "--json", "--literal", "say #this to @all !down"]);
    assert_eq!(output["text"], "say #this to @all !down");
}

#[test]
fn unfiled_events_are_adopted_and_undone_together() {
    let env = TestEnv::new();
    let result = env.run(&["log", "10:00 something is odd"]);
    assert!(result.stderr.contains("unassigned"), "{result:#?}");
    env.run_ok(&["log", "10:01 odder"]);
    let result = env.run(&["declare", "It was something"]);
    assert_eq!(result.exit_code, 0);
    assert!(result.stderr.contains("2 unassigned events"), "{result:#?}");
    env.run_ok(&["adopt", "all"]);
    assert_eq!(event_texts(&env, "1").len(), 3);
    assert!(
        env.run_ok(&["show", "--unfiled"])
            .contains("no event is unassigned")
    );
    let undone = env.run_ok(&["undo"]);
    assert!(undone.contains("1 more of the same act"), "{undone}");
    assert_eq!(event_texts(&env, "1").len(), 1);
    assert_eq!(
        env.run_json(&["show", "--unfiled", "--json"])["events"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    env.run_ok(&["redo"]);
    assert_eq!(event_texts(&env, "1").len(), 3);
    env.run(&["adopt", "all"])
        .assert_error(1, &["no unassigned events"]);
    let env = TestEnv::new();
    env.run_ok(&["log", "9:00 odd"]);
    env.run_ok(&["declare", "All of it", "--adopt", "all"]);
    assert_eq!(event_texts(&env, "1").len(), 2);
    env.run_ok(&["undo"]);
    assert_eq!(env.run_json(&["list", "--json"]), serde_json::json!([]));
    assert_eq!(
        env.run_json(&["show", "--unfiled", "--json"])["events"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn amend_changes_only_given_parts() {
    let env = env_with_incident();
    let handle = env.log("8:10 fault: primary gone @db !down tell: Our shop is down.");
    env.run_ok(&["amend", &handle, "8:12"]);
    env.run_ok(&["amend", &handle[..5], "!degraded"]);
    env.run_ok(&["amend", &handle, "tell: -"]);
    let now = event_by_handle(&env, &handle);
    assert_eq!(now["at"], "2012-08-20T12:12:00Z");
    assert_eq!(now["state"], "degraded");
    assert_eq!(now["customer"], Value::Null);
    assert_eq!(now["text"], "primary gone");
    assert_eq!(now["kind"], "fault");
    assert_eq!(now["amended"], true);
    let history = env.run_json(&["history", &handle, "--json"]);
    assert_eq!(history["versions"].as_array().unwrap().len(), 4);
    env.run(&["amend", &handle, "8:12"])
        .assert_error(2, &["no changes to"]);
    env.run_ok(&["amend", &handle, "the primary is gone"]);
    assert_eq!(
        event_by_handle(&env, &handle)["text"],
        "the primary is gone"
    );
}

#[test]
fn undo_and_redo_step_through_history_across_processes() {
    let env = env_with_incident();
    let handle = env.log("8:10 one");
    env.run_ok(&["amend", &handle, "two"]);
    env.run_ok(&["amend", &handle, "three"]);
    let text = || event_by_handle(&env, &handle)["text"].clone();
    assert!(env.run_ok(&["undo"]).contains("undid amend"));
    assert_eq!(text(), "two");
    env.run_ok(&["undo"]);
    assert_eq!(text(), "one");
    env.run_ok(&["redo"]);
    assert_eq!(text(), "two");
    env.run_ok(&["redo"]);
    assert_eq!(text(), "three");
    env.run(&["redo"]).assert_error(1, &["nothing to redo"]);
    for _ in 0..3 {
        env.run_ok(&["undo"]);
    }
    assert_eq!(event_texts(&env, "1"), ["Checkout fails"]);
    env.log("8:11 new");
    env.run(&["redo"]).assert_error(1, &["nothing to redo"]);
    env.run(&["--by", "ann", "undo"])
        .assert_error(1, &["ann has nothing to undo"]);
    env.run_ok(&["undo"]);
    env.run(&["undo"]).assert_error(
        1,
        &["other entries are in it, undone ones included", "resolve"],
    );
    let env = env_with_incident();
    env.run_ok(&["undo"]);
    assert_eq!(env.run_json(&["list", "--json"]), serde_json::json!([]));
    env.run(&["undo"]).assert_error(1, &["nothing to undo"]);
}

#[test]
fn undo_fails_after_another_author_amended() {
    let env = env_with_incident();
    let handle = env.log("8:10 one");
    env.run_ok(&["--by", "ann", "amend", &handle, "two"]);
    env.run(&["undo"])
        .assert_error(1, &["changed since by ann"]);
    env.run_ok(&["--by", "ann", "undo"]);
    env.run_ok(&["undo"]);
}

#[test]
fn retracted_event_is_hidden_and_excluded_from_metrics() {
    let env = env_with_incident();
    let handle = env.log("8:10 fault: gone @db !down");
    env.run(&["retract", &handle, "--reason", " "])
        .assert_error(2, &["reason"]);
    env.run_ok(&["retract", &handle, "--reason", "last week"]);
    assert!(!env.run_ok(&["show"]).contains("gone"));
    assert!(env.run_ok(&["show", "--all"]).contains("last week"));
    assert_eq!(event_by_handle(&env, &handle)["retracted"], true);
    assert_eq!(
        env.run_json(&["metrics", "--json"])["metrics"]["outage"]["seconds"],
        0
    );
    env.run(&["retract", &handle, "--reason", "again"])
        .assert_error(1, &["retracted before"]);
    env.run_ok(&["undo"]);
    assert_eq!(event_by_handle(&env, &handle)["retracted"], false);
}

#[test]
fn redact_removes_secret_from_disk_and_search() {
    let env = env_with_incident();
    let handle = env.log("8:10 finding: the password is hunter2swordfish @db !down");
    env.run_ok(&["amend", &handle, "8:11"]);
    env.run_ok(&["redact", &handle, "--reason", "a secret"]);
    for entry in std::fs::read_dir(env.db_path().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(16).any(|w| w == b"hunter2swordfish");
        assert!(!found, "{} still holds it", path.display());
    }
    let event = event_by_handle(&env, &handle);
    assert_eq!(event["text"], "");
    assert_eq!(event["state"], "down");
    assert_eq!(
        env.run_json(&["search", "--all", "--json", "hunter2swordfish"]),
        serde_json::json!([])
    );
    env.run_ok(&["verify"]);
    assert!(env.run_ok(&["show"]).contains("[redacted: a secret]"));
}

#[test]
fn move_and_merge_are_undone_and_redone() {
    let env = env_with_incident();
    let handle = env.log("8:10 it is the other one");
    env.run_ok(&["resolve"]);
    env.run_ok(&["declare", "Search is slow", "--at", "08:05"]);
    env.run_ok(&["move", &handle, "2"]);
    assert_eq!(event_texts(&env, "1").len(), 2);
    assert_eq!(
        event_texts(&env, "2"),
        ["Search is slow", "it is the other one"]
    );
    env.run_ok(&["--incident", "2", "set", "scope", "everybody"]);
    env.run_ok(&["merge", "2", "--into", "1"]);
    assert_eq!(event_texts(&env, "1").len(), 4);
    env.run(&["show", "2"]).assert_error(1, &["merged"]);
    assert!(env.run_ok(&["status", "1"]).contains("everybody"));
    env.run_ok(&["undo"]);
    assert_eq!(event_texts(&env, "1").len(), 2);
    assert_eq!(event_texts(&env, "2").len(), 2);
    assert!(env.run_ok(&["status", "2"]).contains("everybody"));
    env.run_ok(&["redo"]);
    assert_eq!(event_texts(&env, "1").len(), 4);
    env.run_ok(&["verify"]);
}

#[test]
fn ask_becomes_overdue_and_is_closed() {
    let mut env = env_with_incident();
    let ask = env.log("8:55 ask: check replica lag @ann 10m");
    let list = env.run_json(&["task", "list", "--json"]);
    assert_eq!(list["asks"][0]["owner"], "ann");
    assert_eq!(list["asks"][0]["due"], "2012-08-20T13:05:00Z");
    assert_eq!(list["asks"][0]["overdue"], false);
    env.set_now("2012-08-20T13:20:00Z");
    assert!(env.run_ok(&["status"]).contains("overdue by 15 min"));
    env.run_ok(&["log", &format!("done: ^{ask} 40 s")]);
    assert_eq!(
        env.run_json(&["task", "list", "--json"])["asks"][0]["open"],
        false
    );
    let other = env.run_json(&[
        "task",
        "add",
        "page the vendor",
        "--within",
        "5m",
        "--owner",
        "raj",
        "--json",
    ]);
    env.run_ok(&[
        "task",
        "done",
        other["handle"].as_str().unwrap(),
        "they call back",
    ]);
    assert!(event_texts(&env, "1").contains(&"they call back".to_owned()));
    assert!(!env.run_ok(&["status"]).contains("Open asks"));
}

#[test]
fn follow_up_moves_through_task_states() {
    let env = env_with_incident();
    env.run_ok(&["resolve"]);
    let task = env.run_json(&[
        "task",
        "add",
        "Warm standby",
        "--type",
        "prevent",
        "--owner",
        "raj",
        "--due",
        "2012-08-19",
        "--prevents",
        "--json",
    ]);
    let handle = task["handle"].as_str().unwrap();
    assert_eq!(task["overdue"], true);
    assert_eq!(task["type"], "prevent");
    env.run_ok(&["task", "start", handle]);
    env.run_ok(&["task", "set", handle, "--due", "2012-09-01", "--shortens"]);
    let task = env.run_json(&["task", "list", "--json"])["tasks"][0].clone();
    assert_eq!(task["state"], "started");
    assert_eq!(task["overdue"], false);
    assert_eq!(
        (task["prevents"].clone(), task["shortens"].clone()),
        (false.into(), true.into())
    );
    env.run(&["task", "decline", handle, "--reason", ""])
        .assert_error(2, &["reason"]);
    env.run_ok(&["task", "decline", handle, "--reason", "too dear"]);
    env.run_ok(&["undo"]);
    env.run_ok(&["task", "done", handle]);
    assert_eq!(
        env.run_json(&["task", "list", "--json"])["tasks"][0]["state"],
        "done"
    );
}

/// The first task that `task list` shows.
fn only_task(env: &TestEnv) -> Value {
    env.run_json(&["task", "list", "--json"])["tasks"][0].clone()
}

#[test]
fn task_keeps_the_dates_of_a_state_that_it_stays_in_and_says_which_it_drops() {
    let env = env_with_incident();
    env.run_ok(&["task", "add", "Warm standby"]);
    let handle = only_task(&env)["handle"].as_str().unwrap().to_owned();
    let set = |args: &[&str]| env.run(&[&["task", "set", &handle], args].concat());
    let dates = |env: &TestEnv| {
        let list = env.run_ok(&["task", "list"]);
        let day = |what: &str| {
            let (_, rest) = list.split_once(&format!("· {what} 2012-08-"))?;
            Some(rest[..2].to_owned())
        };
        (day("started"), day("done"))
    };
    let day = |day: &str| Some(day.to_owned());
    env.run_ok(&["task", "start", &handle, "--at", "2012-08-16 12:00"]);
    env.run_ok(&[
        "task",
        "done",
        &handle,
        "--at",
        "2012-08-18 12:00",
        "it runs",
    ]);
    for args in [
        &["--owner", "raj"][..],
        &["--text", "A warm standby"],
        &["--ticket", "OPS-1"],
        &["--type", "prevent"],
        &["--due", "2012-09-01"],
        &["--since", "2012-08-01"],
        &["--customer", "A second server"],
        &["--prevents"],
        &["--state", "done", "--shortens"],
    ] {
        let result = set(args);
        assert_eq!(result.exit_code, 0, "{result:#?}");
        assert!(!result.stderr.contains("recorded"), "{args:?}: {result:#?}");
        assert_eq!(dates(&env), (day("16"), day("18")), "{args:?}");
        assert!(
            env.run_ok(&["task", "list"]).contains("it runs"),
            "{args:?}"
        );
    }
    let reopened = set(&["--state", "started"]);
    assert_eq!(dates(&env), (day("16"), None));
    for words in ["done on 2012-08-18", "it runs", "bridgelog undo"] {
        assert!(reopened.stderr.contains(words), "{reopened:#?}");
    }
    assert!(!reopened.stderr.contains("started on"), "{reopened:#?}");
    env.run_ok(&["undo"]);
    assert_eq!(dates(&env), (day("16"), day("18")));
    let planned = set(&["--state", "planned"]);
    assert_eq!(dates(&env), (None, None));
    for words in ["started on 2012-08-16", "done on 2012-08-18"] {
        assert!(planned.stderr.contains(words), "{planned:#?}");
    }
    env.run_ok(&["undo"]);
    let declined = set(&["--state", "declined"]);
    assert_eq!(dates(&env), (day("16"), None));
    for words in ["done on 2012-08-18", "task decline"] {
        assert!(declined.stderr.contains(words), "{declined:#?}");
    }
    // The way out that an error names.
    env.run_ok(&["task", "start", &handle, "--at", "2012-08-17 12:00"]);
    let early = env.run(&["task", "done", &handle, "--at", "2012-08-16 12:00"]);
    early.assert_error(2, &["but started at"]);
    assert!(
        early
            .stderr
            .contains(&format!("`bridgelog task start {handle} --at WHEN`")),
        "{early:#?}"
    );
}

#[test]
fn passed_due_time_is_noted_and_a_passed_next_update_is_refused() {
    let env = env_with_incident();
    let added = env.run(&["task", "add", "x", "--due", "2012-08-01"]);
    assert_eq!(added.exit_code, 0, "{added:#?}");
    assert!(
        added.stderr.contains("2012-08-01 23:59 has passed"),
        "{added:#?}"
    );
    let handle = only_task(&env)["handle"].as_str().unwrap().to_owned();
    let set = env.run(&["task", "set", &handle, "--due", "2011-08-01"]);
    assert!(
        set.stderr.contains("2011-08-01 23:59 has passed"),
        "{set:#?}"
    );
    let set = env.run(&["task", "set", &handle, "--owner", "raj"]);
    assert!(!set.stderr.contains("passed"), "{set:#?}");
    let set = env.run(&["task", "set", &handle, "--due", "2012-09-01"]);
    assert!(!set.stderr.contains("passed"), "{set:#?}");
    for typed in [
        "2012-08-01",
        "2012-08-20 08:00",
        "2012-08-20T08:00:00-04:00",
    ] {
        env.run(&["set", "next-update", typed])
            .assert_error(2, &["has passed", "`none` clears it"]);
    }
    env.run_ok(&["set", "next-update", "30m"]);
    let cleared = env.run_ok(&["set", "next-update", "none"]);
    assert!(cleared.contains("cleared"), "{cleared}");

    // Entered afterwards, what lay ahead then has passed as well.
    let env = TestEnv::new();
    env.run_ok(&["declare", "Old", "--at", "2011-03-01 10:00"]);
    let added = env.run(&["task", "add", "x", "--due", "2011-04-01"]);
    assert!(!added.stderr.contains("due time"), "{added:#?}");
    let added = env.run(&["task", "add", "y", "--due", "2011-02-01"]);
    assert!(
        added.stderr.contains("is before the end of the incident"),
        "{added:#?}"
    );
    let promised = env.run(&["set", "next-update", "2011-03-01 11:00"]);
    assert_eq!(promised.exit_code, 0, "{promised:#?}");
    assert!(
        promised.stderr.contains("that time has passed"),
        "{promised:#?}"
    );
}

#[test]
fn resolve_reopen_and_handoff_update_incident() {
    let env = env_with_incident();
    env.run_ok(&["log", "8:05 fault: gone @db !down"]);
    env.run_ok(&["set", "severity", "sev1", "--at", "8:15"]);
    env.run_ok(&["handoff", "ann", "--at", "8:30"]);
    env.run_ok(&["resolve", "--at", "8:50", "all answers"]);
    env.run(&["resolve"]).assert_error(1, &["latest", "hint: "]);
    env.run(&["--incident", "1", "resolve"])
        .assert_error(1, &["was resolved"]);
    let row = env.run_json(&["list", "--json"])[0].clone();
    assert_eq!(row["severity"], "sev1");
    assert_eq!(row["commander"], "ann");
    assert_eq!(row["state"], "ok");
    assert_eq!(row["resolved_at"], "2012-08-20T12:50:00Z");
    env.run_ok(&["reopen", "--at", "8:55", "errors are back @db !degraded"]);
    let states = env.run_json(&["show", "--json"])["states"].clone();
    let spans: Vec<_> = states
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["state"].as_str().unwrap())
        .collect();
    assert_eq!(spans, ["down", "ok", "degraded"]);
    env.run(&["undo"])
        .assert_error(1, &["ends the incident again", "bridgelog undo --yes"]);
    env.run_ok(&["undo", "--yes"]);
    assert_eq!(env.run_json(&["list", "--json"])[0]["open"], false);
    env.run(&["undo"])
        .assert_error(1, &["opens the incident again", "bridgelog undo --yes"]);
    env.run_ok(&["undo", "--yes"]);
    assert_eq!(env.run_json(&["list", "--json"])[0]["open"], true);
}

#[test]
fn log_after_resolve_is_unfiled_unless_named() {
    let env = env_with_incident();
    env.run_ok(&["resolve"]);
    let result = env.run(&["log", "afterthought"]);
    assert!(result.stderr.contains("unassigned"), "{result:#?}");
    assert_eq!(event_texts(&env, "1").len(), 2);
    env.run_ok(&["log", "--incident", "latest", "afterthought"]);
    assert_eq!(event_texts(&env, "1").len(), 3);
}

#[test]
fn set_and_write_update_fields_and_sections() {
    let env = env_with_incident();
    let output = env.run_ok(&["set", "scope", "two of nine shards"]);
    assert!(output.contains("two of nine shards"));
    assert!(
        env.run_ok(&["set", "scope", "three"])
            .contains("was: two of nine shards")
    );
    let result = env.run(&["set", "customer-scope", "some shops"]);
    assert!(
        result.stderr.contains("customers will read: some shops"),
        "{result:#?}"
    );
    env.run(&["set", "colour", "red"])
        .assert_error(2, &["colour", "customer-scope"]);
    env.run(&["set", "ledger-in-letter", "maybe"])
        .assert_error(2, &["yes nor no"]);
    env.run_ok(&["set", "next-update", "10:30"]);
    assert!(env.run_ok(&["status"]).contains("10:30"));
    env.run_ok(&["set", "title", "Checkout", "fails", "everywhere"]);
    assert_eq!(
        env.run_json(&["list", "--json"])[0]["title"],
        "Checkout fails everywhere"
    );
    assert_eq!(
        env.run_with_stdin(
            &["write", "summary", "--from", "-"],
            b"# It broke\n\nAll of it.\n"
        )
        .exit_code,
        0
    );
    env.run(&["write", "poem"])
        .assert_error(2, &["poem", "summary"]);
    assert!(env.run_ok(&["postmortem"]).contains("All of it."));
    env.run_ok(&["undo"]);
    assert!(!env.run_ok(&["postmortem"]).contains("All of it."));
}

#[test]
fn failing_editor_keeps_the_text_in_file() {
    let env = env_with_incident();
    let script = "printf 'typed for an hour' > \"$1\"; exit 3";
    let editor = format!("sh -c '{}' sh", script.replace('\'', "'\\''"));
    let output = env
        .command(&["write", "summary"])
        .env("EDITOR", &editor)
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let path = err
        .split_whitespace()
        .map(|w| w.trim_end_matches([':', '`']))
        .find(|w| w.ends_with(".md"))
        .unwrap_or_else(|| panic!("{err}"));
    assert_eq!(std::fs::read_to_string(path).unwrap(), "typed for an hour");
    std::fs::remove_file(path).unwrap();
    let output = env
        .command(&["write", "summary"])
        .env("EDITOR", "sh -c 'printf done > \"$1\"' sh")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(env.run_ok(&["postmortem"]).contains("done"));
}

#[test]
fn search_all_includes_superseded_versions() {
    let env = env_with_incident();
    let handle = env.log("8:10 db-17 lost its replica");
    env.run_ok(&["amend", &handle, "db-18 lost its replica"]);
    let search_count = |args: &[&str]| {
        let args: Vec<&str> = ["search", "--json"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        env.run_json(&args).as_array().unwrap().len()
    };
    assert_eq!(search_count(&["repl"]), 1);
    assert_eq!(search_count(&["db-17"]), 0);
    assert_eq!(search_count(&["--all", "db-17"]), 1);
    assert_eq!(search_count(&["\" OR ( NEAR *"]), 0);
}

#[test]
fn log_stdin_date_line_sets_the_day() {
    let env = env_with_incident();
    let result = env.run_with_stdin(&["log", "-", "--json"], b"");
    assert_ne!(result.exit_code, 0);
    let result = env.run_with_stdin(
        &["log", "-"],
        b"2012-08-16\n07:58 one tell: not for customers\n2012-08-17\n08:00 two\n",
    );
    assert_eq!(result.exit_code, 0, "{result:#?}");
    let events = env.run_json(&["show", "--json"])["events"].clone();
    assert_eq!(events[0]["at"], "2012-08-16T11:58:00Z");
    assert_eq!(events[0]["customer"], Value::Null);
    assert_eq!(events[0]["text"], "one tell: not for customers");
    assert_eq!(events[1]["at"], "2012-08-17T12:00:00Z");
}

#[test]
fn log_stdin_rejects_times_after_invalid_date() {
    let env = env_with_incident();
    let result = env.run_with_stdin(
        &["log", "-"],
        b"2012-08-16\n07:58 one\n2012-13-17\n08:00 two\nno time\n2012-08-17 08:01 four\n2012-08-17\n08:05 five\n",
    );
    assert_eq!(result.exit_code, 1, "{result:#?}");
    for message in [
        "line 3: there is no day 2012-13-17",
        "line 4: ",
        "line 3 is not a date",
        "line 5: it has no time, and its day is not known",
    ] {
        assert!(result.stderr.contains(message), "{message}: {result:#?}");
    }
    assert!(
        !result.stderr.contains("line 6") && !result.stderr.contains("line 8"),
        "{result:#?}"
    );
    let texts = event_texts(&env, "1");
    for (text, there) in [
        ("one", true),
        ("two", false),
        ("no time", false),
        ("four", true),
        ("five", true),
    ] {
        assert_eq!(texts.iter().any(|t| t == text), there, "{text}");
    }
}

#[test]
fn every_command_help_has_an_example() {
    let env = TestEnv::new();
    assert!(env.run_ok(&[]).contains("bridgelog declare"));
    let help = env.run_ok(&["--help"]);
    for verb in [
        "declare",
        "log",
        "adopt",
        "move",
        "merge",
        "show",
        "list",
        "metrics",
        "amend",
        "retract",
        "redact",
        "history",
        "undo",
        "redo",
        "restore-event",
        "set",
        "write",
        "task",
        "service",
        "handoff",
        "resolve",
        "reopen",
        "status",
        "search",
        "postmortem",
        "email",
        "verify",
        "backup",
        "completions",
        "man",
    ] {
        assert!(help.contains(verb), "{verb}");
        let help = env.run_ok(&[verb, "--help"]);
        assert!(help.contains("Example"), "{verb} has no example");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(env.run_ok(&["completions", shell]).contains("bridgelog"));
    }
    let man = env.run_ok(&["man"]);
    for command in [
        "bridgelog log",
        "bridgelog task add",
        "bridgelog templates list",
    ] {
        assert!(man.contains(&format!("\\fB{command}\\fR")), "{command}");
    }
    env.run(&["shwo"]).assert_error(2, &["shwo", "show"]);
}

#[test]
fn times_use_incident_zone() {
    let env = TestEnv::new();
    env.run_ok(&[
        "declare",
        "In Berlin",
        "--zone",
        "europe/berlin",
        "--at",
        "10:00",
    ]);
    let event = env.run_json(&["log", "--json", "--zone", "EUROPE/Berlin", "10:30 x"]);
    assert_eq!(event["at"], "2012-08-20T08:30:00Z");
    assert!(env.run_ok(&["show"]).contains("Europe/Berlin"));
}

#[test]
fn latest_incident_is_the_last_declared_despite_backdating() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "First", "--at", "08:00"]);
    env.run_ok(&["declare", "Backdated", "--at", "2012-08-01 08:00"]);
    env.run_ok(&["log", "--incident", "latest", "where am I"]);
    assert_eq!(event_texts(&env, "2"), ["Backdated", "where am I"]);
}

#[test]
fn due_dates_resolve_to_the_future() {
    let env = env_with_incident();
    let task = env.run_json(&["task", "add", "x", "--due", "Sep 1", "--json"]);
    assert_eq!(task["due"], "2012-09-02T03:59:59Z");
    assert!(
        env.run_ok(&["set", "followup-by", "Wednesday"])
            .contains("2012-08-22")
    );
    env.run(&["task", "add", "x", "--since", "2027-01-01"])
        .assert_error(2, &["2027-01-01"]);
    env.run(&["task", "add", "x", "--within", "5m", "--prevents"])
        .assert_error(2, &["--prevents"]);
    env.run(&["task", "add", "x", "--due", "16 Aug"])
        .assert_error(2, &["has passed", "2013-08-16"]);
    for flag in ["--due", "--since", "--owner", "--ticket"] {
        env.run(&["task", "add", "x", flag, ""])
            .assert_error(2, &[&format!("{flag} is empty")]);
    }
    for flag in ["--tag", "--service", "--state", "--customer"] {
        env.run(&["log", flag, "", "x"])
            .assert_error(2, &[&format!("{flag} is empty")]);
    }
    env.run_ok(&["task", "add", "x", "--within", "5\u{a0}m"]);
}

#[test]
fn spans_are_refused_where_one_time_is_asked_for() {
    let env = env_with_incident();
    let span = "2012-08-16 13:50-14:00";
    for args in [
        &["declare", "y", "--at", span][..],
        &["task", "add", "x", "--due", span],
        &["task", "add", "x", "--since", span],
        &["set", "severity", "sev1", "--at", span],
        &["set", "next-update", span],
        &["resolve", "--at", span],
        &["handoff", "ann", "--at", span],
        &["status", "--since", span],
    ] {
        let result = env.run(args);
        assert!(
            result
                .stderr
                .contains("is a span, and one time is asked for"),
            "{args:?}: {result:#?}"
        );
    }
}

#[test]
fn byte_order_marks_are_left_out_of_every_text() {
    let env = env_with_incident();
    env.run_ok(&["set", "title", "\u{feff}Checkout"]);
    env.run_ok(&["log", "--kind", "note", "\u{feff}one"]);
    env.run_ok(&["task", "add", "\u{feff}two"]);
    std::fs::write(env.path().join("prose.md"), "\u{feff}three").unwrap();
    let file = env.path().join("prose.md");
    env.run_ok(&["write", "summary", "--from", file.to_str().unwrap()]);
    env.run_ok(&["declare", "\u{feff}four"]);
    let export = env.run_ok(&["export", "jsonl"]);
    assert!(
        !export.contains('\u{feff}') && !export.contains("ufeff"),
        "{export}"
    );
}

#[test]
fn backdated_set_reports_the_value_in_effect() {
    let env = env_with_incident();
    let result = env.run(&["set", "severity", "sev1", "--at", "07:00"]);
    assert!(
        result.stderr.contains("sev2, which holds now"),
        "{result:#?}"
    );
    let result = env.run(&["handoff", "ann", "--at", "07:30"]);
    assert!(
        result.stderr.contains("names jw, who is the commander now"),
        "{result:#?}"
    );
}

#[test]
fn undo_with_two_open_incidents_requires_incident_flag() {
    let env = env_with_incident();
    env.run_ok(&["declare", "Another"]);
    env.run(&["undo"])
        .assert_error(2, &["Checkout fails", "Another"]);
    env.run_ok(&["undo", "--incident", "2"]);
    assert_eq!(
        env.run_json(&["list", "--json"]).as_array().unwrap().len(),
        1
    );
    env.run_ok(&["redo"]);
}

#[test]
fn full_stdout_fails_even_before_a_notice() {
    let env = TestEnv::new();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = env
        .command(&["log", "unfiled"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn stdin_history_and_search_print_json() {
    let env = env_with_incident();
    let result = env.run_with_stdin(&["log", "--json", "-"], b"8:01 one\n8:02 two\n");
    let lines: Vec<Value> = result
        .stdout
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines[1]["text"], "two");
    let handle = lines[0]["handle"].as_str().unwrap();
    let history = env.run_json(&["history", handle, "--json"]);
    assert_eq!(
        history["versions"][0]["value"]["at"],
        "2012-08-20T12:01:00Z"
    );
    env.run_ok(&["set", "scope", "everybody here"]);
    let hits = env.run_json(&["search", "everybody", "--json"]);
    assert_eq!(hits[0]["incident"], "1");
    assert_eq!(hits[0]["handle"], Value::Null);
}

#[test]
fn section_has_history_and_can_be_redacted() {
    let env = env_with_incident();
    env.run_with_stdin(
        &["write", "summary", "--from", "-"],
        b"the password is hunter2swordfish\n",
    );
    env.run_with_stdin(&["write", "summary", "--from", "-"], b"It broke.\n");
    assert!(
        env.run_ok(&["history", "summary"])
            .contains("hunter2swordfish")
    );
    env.run_ok(&["redact", "summary", "--reason", "a secret"]);
    assert_eq!(
        env.run_json(&["search", "--all", "--json", "hunter2swordfish"]),
        serde_json::json!([])
    );
    env.run(&["redact", "impact", "--reason", "x"])
        .assert_error(2, &["section/impact", "field/impact"]);
    env.run_ok(&["verify"]);
}

#[test]
fn task_done_rejects_closed_or_retracted_ask() {
    let env = env_with_incident();
    let ask = env.log("8:55 ask: check replica lag @ann 10m");
    let shown = env.run_ok(&["show"]);
    assert!(shown.contains("within 10 min"), "{shown}");
    env.run_ok(&["task", "done", &ask]);
    assert!(env.run_ok(&["show"]).contains(&format!("closes ^{ask}")));
    env.run(&["task", "done", &ask])
        .assert_error(1, &["closed already"]);
    let other = env.log("8:56 ask: page raj @raj 10m");
    env.run_ok(&["retract", &other, "--reason", "x"]);
    env.run(&["task", "done", &other])
        .assert_error(1, &["retracted"]);
    env.log("8:57 ask: one more @raj 10m");
    let result = env.run(&["resolve"]);
    assert!(result.stderr.contains("open requests: 1"), "{result:#?}");
}

#[test]
fn undone_event_rejects_amend_and_retract() {
    let env = env_with_incident();
    let handle = env.log("8:10 gone soon");
    env.run_ok(&["undo"]);
    env.run(&["amend", &handle, "x"])
        .assert_error(1, &["was undone", "restore-event"]);
    env.run(&["retract", &handle, "--reason", "x"])
        .assert_error(1, &["was undone"]);
    assert!(env.run_ok(&["history", &handle]).contains("undo"));
}

#[test]
fn email_explain_prefixes_lines_with_event_handles() {
    let env = TestEnv::worked_example();
    let letter = env.run_ok(&["email", "--stage", "followup"]);
    let explained = env.run_ok(&["email", "--stage", "followup", "--explain"]);
    for line in letter.lines().skip(2).filter(|l| !l.is_empty()) {
        assert!(
            explained.lines().any(|e| e.ends_with(&format!("| {line}"))),
            "{line}\n{explained}"
        );
    }
    let fault = explained
        .lines()
        .find(|l| l.contains("A second hardware fault halted"))
        .unwrap();
    assert!(
        fault.starts_with(|c: char| ('k'..='z').contains(&c)),
        "{fault}"
    );
}

#[test]
fn placeholder_of_a_hint_is_refused_as_a_value() {
    let env = env_with_incident();
    let event = env.log("8:55 note: x");
    let task = env.run_json(&["task", "add", "x", "--json"])["handle"]
        .as_str()
        .unwrap()
        .to_owned();
    for args in [
        &["set", "data-loss", "VALUE"][..],
        &["set", "title", "TEXT"],
        &["set", "commander", "NAME"],
        &["set", "severity", "VALUE"],
        &["set", "next-update", "WHEN"],
        &["set", "followup-by", "WHEN"],
        &["log", "note: TEXT"],
        &["log", "WHEN fault: TEXT !STATE"],
        &["log", "WHEN note: it broke"],
        &["log", "note: x tell: TEXT"],
        &["log", "note: x @WHO"],
        &["log", "--service", "NAME", "note: x"],
        &["log", "note: x #NAME"],
        &["amend", &event, "TEXT"],
        &["amend", &event, "tell: TEXT"],
        &["amend", &event, "WHEN"],
        &["retract", &event, "--reason", "TEXT"],
        &["redact", &event, "--reason", "TEXT"],
        &["task", "add", "TEXT"],
        &["task", "set", &task, "--owner", "WHO"],
        &["task", "set", &task, "--customer", "TEXT"],
        &["task", "decline", &task, "--reason", "TEXT"],
        &["handoff", "WHO"],
        &["service", "NAME"],
        &["service", "db", "--public", "NAME"],
        &["declare", "TEXT"],
        &["resolve", "TEXT"],
        &["--by", "WHO", "log", "note: x"],
        &["email", "--approve", "WHO", "m1"],
    ] {
        let result = env.run(args);
        assert_ne!(result.exit_code, 0, "{args:?} {result:#?}");
        assert!(result.stderr.contains("hint:"), "{args:?} {result:#?}");
    }
    let prose = env.run_with_stdin(&["write", "summary", "--from", "-"], b"TEXT\n");
    prose.assert_error(2, &["`TEXT`"]);
    // Part of a text is no placeholder.
    env.log("8:56 note: the column NAME holds TEXT");
}

#[test]
fn set_of_each_customer_field_says_what_customers_will_read() {
    let env = env_with_incident();
    for (field, value, read) in [
        ("product", "AVR Online", "AVR Online"),
        ("customer-scope", "some shops", "some shops"),
        ("unaffected", "search", "search"),
        ("data-loss", "none", "that nothing was lost"),
        ("data-loss", "drafts of that hour", "drafts of that hour"),
        ("data-loss", "unknown", "that it is not known yet"),
        ("customer-scope", "everyone", "everyone"),
        ("customer-impact", "orders failed", "orders failed"),
        ("customer-action", "none", "that they need to do nothing"),
        ("next-update", "30m", "9:30 EDT"),
        ("followup-by", "2012-08-27", "Monday, 27 August 2012"),
        ("ledger-in-letter", "yes", "how many"),
        ("ledger-in-letter", "no", "nothing"),
    ] {
        let result = env.run(&["set", field, value]);
        assert!(
            result.stderr.contains("customers will read: ") && result.stderr.contains(read),
            "{field} {result:#?}"
        );
    }
    let result = env.run(&["set", "scope", "all"]);
    assert!(!result.stderr.contains("customers"), "{result:#?}");
    let result = env.run(&["set", "product", "-"]);
    assert!(!result.stderr.contains("customers"), "{result:#?}");
}

#[test]
fn each_patch_of_an_amend_changes_one_thing() {
    let env = env_with_incident();
    let other = env.log("8:01 other");
    let line = format!("8:10 fault: gone @db #raid !down ^{other} tell: Our shop is down.");
    // The arguments, the field, and its value after.
    for (args, field, after) in [
        (
            &["8:12"][..],
            "at",
            serde_json::json!("2012-08-20T12:12:00Z"),
        ),
        (&["~8:10"], "approximate", true.into()),
        (&["8:10-8:20"], "end", "2012-08-20T12:20:00Z".into()),
        (&["!degraded"], "state", "degraded".into()),
        (&["--state", "ok"], "state", "ok".into()),
        (&["--state", ""], "state", Value::Null),
        (&["tell: We are back."], "customer", "We are back.".into()),
        (&["tell: -"], "customer", Value::Null),
        (&["--customer", ""], "customer", Value::Null),
        (&["--customer", "-"], "customer", Value::Null),
        (&["#net"], "tags", serde_json::json!(["net"])),
        (&["--tag", ""], "tags", serde_json::json!([])),
        (&["--tag", "-"], "tags", serde_json::json!([])),
        (
            &["--service", "web"],
            "services",
            serde_json::json!(["web"]),
        ),
        (&["cause:"], "kind", "cause".into()),
        (&["a new text"], "text", "a new text".into()),
    ] {
        let handle = env.log(&line);
        let before = event_by_handle(&env, &handle);
        env.run_ok(&[&["amend", &handle], args].concat());
        let mut expected = before;
        expected[field] = after;
        expected["amended"] = true.into();
        assert_eq!(event_by_handle(&env, &handle), expected, "{args:?}");
    }
    for clears in ["", "-"] {
        let handle = env.log("8:10 seen @db");
        env.run_ok(&["amend", &handle, "--service", clears]);
        let services = event_by_handle(&env, &handle)["services"].clone();
        assert_eq!(services, serde_json::json!([]), "`{clears}`");
    }
    let handle = env.log(&line);
    for args in [
        &["-"][..],
        &[""],
        &["8:10"],
        &["--tag", "#"],
        &["--service", "@"],
    ] {
        let amended = env.run(&[&["amend", &handle], args].concat());
        amended.assert_error(2, &["hint: "]);
    }
}

#[test]
fn list_is_by_declare_time_newest_first_whatever_the_number_or_zone() {
    let mut env = TestEnv::new();
    let titles = |env: &TestEnv| -> Vec<String> {
        let rows = env.run_json(&["list", "--json"]);
        let rows = rows.as_array().unwrap();
        let printed = env.run_ok(&["list"]);
        let titles: Vec<String> = rows
            .iter()
            .map(|row| row["title"].as_str().unwrap().to_owned())
            .collect();
        for (line, title) in printed.lines().zip(&titles) {
            assert!(line.contains(title.as_str()), "{printed}");
        }
        titles
    };
    env.set_now("2026-11-26T20:00:00Z");
    for (title, zone, at) in [
        ("middle", "Europe/Berlin", "2026-11-25 09:00"),
        ("oldest", "UTC", "2026-11-01 09:00"),
        // Later on the clock of its zone than `newest`, but an hour earlier.
        ("second", "Asia/Tokyo", "2026-11-25 18:30"),
        ("newest", "UTC", "2026-11-25 10:30"),
    ] {
        env.run_ok(&["declare", title, "--zone", zone, "--at", at]);
    }
    assert_eq!(titles(&env), ["newest", "second", "middle", "oldest"]);

    let declared = env.run_json(&["show", "2", "--json"])["events"][0]["handle"].clone();
    env.run_ok(&["amend", declared.as_str().unwrap(), "2026-11-26 09:00"]);
    assert_eq!(titles(&env), ["oldest", "newest", "second", "middle"]);

    // What is recorded later moves nothing.
    env.set_now("2026-11-26T21:00:00Z");
    env.run_ok(&["log", "--incident", "1", "later"]);
    env.run_ok(&["resolve", "--incident", "1"]);
    assert_eq!(titles(&env), ["oldest", "newest", "second", "middle"]);
}

#[test]
fn every_list_of_events_says_the_zone_of_its_times() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-26T20:00:00Z");
    env.log("2026-11-26 09:00 odd");
    // The zone of unfiled events is the one that a new incident would get.
    let unfiled = env.run_ok(&["show", "--unfiled"]);
    assert!(unfiled.contains("times in America/New_York"), "{unfiled}");
    env.run_ok(&[
        "declare",
        "x",
        "--zone",
        "Europe/Berlin",
        "--at",
        "2026-11-25 09:00",
    ]);
    env.log("~2026-11-25 10:06 restore: back");
    for args in [&["show"][..], &["show", "--newest", "1"], &["status"]] {
        let shown = env.run_ok(args);
        assert!(shown.contains("times in Europe/Berlin"), "{shown}");
        assert!(shown.contains("Wed 25 Nov 2026"), "{shown}");
    }
    let brief = env.run_ok(&["status", "--brief"]);
    assert!(
        brief.contains("Being done: about ") && brief.contains("10:06 CET restore: back"),
        "{brief}"
    );
}

#[test]
fn follow_up_keeps_the_date_of_each_step() {
    let mut env = env_with_incident();
    env.set_now("2012-08-20T13:00:00Z");
    let added = env.run_ok(&[
        "task",
        "add",
        "a standby",
        "--since",
        "2012-05-14",
        "--type",
        "other",
    ]);
    let task = added.split_whitespace().nth(1).unwrap().to_owned();
    let dates = |env: &TestEnv| {
        let listed = env.run_json(&["task", "list", "1", "--json"]);
        let task = listed["tasks"][0].clone();
        let day = |name: &str| task[name].as_str().map(|at| at[..10].to_owned());
        (
            day("since"),
            day("started_at"),
            day("done_at"),
            task["type"].clone(),
        )
    };
    let day = |text: &str| Some(text.to_owned());
    let planned = day("2012-05-14");
    assert_eq!(dates(&env), (planned.clone(), None, None, "other".into()));
    for time in ["2012-08-21", "soon"] {
        env.run(&["task", "start", &task, "--at", time])
            .assert_error(2, &[time]);
    }
    env.run_ok(&["task", "start", &task, "--at", "2012-06-18"]);
    assert_eq!(
        dates(&env),
        (planned.clone(), day("2012-06-18"), None, "other".into())
    );
    env.run(&["task", "done", &task, "--at", "2012-06-17"])
        .assert_error(2, &["2012-06-17", "2012-06-18", "hint:"]);
    env.run_ok(&["task", "done", &task, "it carried the load"]);
    assert_eq!(
        dates(&env),
        (
            planned.clone(),
            day("2012-06-18"),
            day("2012-08-20"),
            "other".into()
        )
    );
    let postmortem = env.run_ok(&["postmortem", "1"]);
    let row = "done on 20 August 2012, started 18 June 2012, planned since 14 May 2012: it carried the load";
    assert!(postmortem.contains(row), "{postmortem}");
    let list = env.run_ok(&["task", "list", "1"]);
    assert!(
        list.contains("started 2012-06-18 · done 2012-08-20"),
        "{list}"
    );
    assert!(list.contains("it carried the load"), "{list}");
    // What is planned again is neither started nor done.
    env.run_ok(&["task", "set", &task, "--state", "planned"]);
    assert_eq!(dates(&env), (planned, None, None, "other".into()));
}

#[test]
fn step_of_a_follow_up_keeps_its_date_and_its_words_until_they_are_corrected() {
    let mut env = env_with_incident();
    env.set_now("2012-08-20T13:00:00Z");
    let added = env.run_ok(&["task", "add", "a standby", "--customer", "A standby."]);
    let task = added.split_whitespace().nth(1).unwrap().to_owned();
    let steps = |env: &TestEnv| {
        let task = env.run_json(&["task", "list", "1", "--json"])["tasks"][0].clone();
        let day = |name: &str| task[name].as_str().map(|at| at[..10].to_owned());
        let reason = task["reason"].as_str().map(str::to_owned);
        (day("started_at"), day("done_at"), reason)
    };
    let some = |text: &str| Some(text.to_owned());
    env.run_ok(&["task", "start", &task]);
    env.set_now("2012-08-30T13:00:00Z");
    // Said twice, a step is not later for it.
    env.run(&["task", "start", &task])
        .assert_error(1, &["started already", "--at WHEN"]);
    env.run(&["task", "set", &task, "--state", "started"])
        .assert_error(2, &["no changes to"]);
    env.run_ok(&["task", "set", &task, "--state", "started", "--owner", "raj"]);
    assert_eq!(steps(&env), (some("2012-08-20"), None, None));
    env.run_ok(&["task", "done", &task, "it carried the load"]);
    env.set_now("2012-09-09T13:00:00Z");
    env.run(&["task", "start", &task]).assert_error(
        1,
        &["was done on", &format!("task set {task} --state started")],
    );
    env.run(&["task", "done", &task])
        .assert_error(1, &["done already", "--at WHEN"]);
    // A date alone leaves the outcome, an outcome alone the date.
    env.run_ok(&["task", "done", &task, "--at", "2012-08-28"]);
    let load = some("it carried the load");
    assert_eq!(steps(&env), (some("2012-08-20"), some("2012-08-28"), load));
    env.run_ok(&["task", "done", &task, "it carries twice the load"]);
    let twice = some("it carries twice the load");
    assert_eq!(steps(&env), (some("2012-08-20"), some("2012-08-28"), twice));
    // The words of one state are not those of the next, and what is declined is not done.
    env.run_ok(&["task", "decline", &task, "--reason", "the vendor went away"]);
    let away = some("the vendor went away");
    assert_eq!(steps(&env), (some("2012-08-20"), None, away));
    env.run_ok(&["task", "set", &task, "--state", "done"]);
    assert_eq!(steps(&env), (some("2012-08-20"), some("2012-09-09"), None));
    let postmortem = env.run_ok(&["postmortem", "1"]);
    assert!(!postmortem.contains("the vendor went away"), "{postmortem}");
    for at in ["", " ", "-"] {
        env.run(&["task", "done", &task, "--at", at])
            .assert_error(2, &["hint:"]);
    }
    let future = env.run(&["task", "done", &task, "--at", "2012-10-01"]);
    assert!(!future.stderr.contains("--since"), "{}", future.stderr);
}

#[test]
fn weekday_said_on_that_day_is_the_next_one() {
    let mut env = env_with_incident();
    // A Monday in the incident's zone, which is Tuesday in UTC.
    env.set_now("2012-08-21T02:00:00Z");
    for word in ["Monday", "mon", "MONDAY"] {
        let said = env.run(&["set", "followup-by", word]).stderr;
        assert!(said.contains("Monday, 27 August 2012"), "{word} {said}");
    }
    for (word, day) in [
        ("Tuesday", "21 August"),
        ("Sunday", "26 August"),
        ("today", "20 August"),
    ] {
        let said = env.run(&["set", "followup-by", word]).stderr;
        assert!(said.contains(day), "{word} {said}");
    }
}

/// Runs `args` and returns what it says.
fn said_by(env: &TestEnv, args: &[&str]) -> String {
    let result = env.run(args);
    assert_eq!(result.exit_code, 0, "{args:?}: {result:#?}");
    result.stderr
}

#[test]
fn a_time_ahead_of_the_clock_is_said_by_every_command_that_takes_one() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-27T15:00:42Z");
    let declared = ["declare", "x", "--zone", "UTC", "--at", "2027-01-01 09:00"];
    assert!(said_by(&env, &declared).contains("ahead of the clock"));
    let mut env = TestEnv::new();
    env.set_now("2026-11-27T15:00:42Z");
    env.run_ok(&["declare", "y", "--zone", "UTC", "--at", "2026-11-27 10:00"]);
    let handle = env.log("10:06 a note");
    for args in [
        &["log", "2027-01-01 10:00 x"][..],
        &["log", "--at", "2027-01-01 10:00", "x"],
        &["handoff", "--at", "2027-01-01 10:00", "bob"],
        &["set", "--at", "2027-01-01 10:00", "severity", "sev2"],
        &["amend", &handle, "2027-01-01 10:00"],
        &["resolve", "2027-01-01 10:00 x"],
        &["reopen", "2027-01-02 10:00 x"],
    ] {
        let said = said_by(&env, args);
        assert!(said.contains("ahead of the clock here"), "{args:?}: {said}");
    }
    for args in [
        &["log", "10:07 x"][..],
        &["log", "x"],
        &["resolve", "--at", "2027-01-03 10:00", "x"],
    ] {
        let said = said_by(&env, args);
        let is_ahead = args.len() > 2;
        assert_eq!(
            said.contains("ahead of the clock"),
            is_ahead,
            "{args:?}: {said}"
        );
    }
}

#[test]
fn one_entry_at_now_does_not_bring_an_incident_of_the_past_to_today() {
    for args in [
        &["log", "a note"][..],
        &["set", "severity", "sev2"],
        &["handoff", "bob"],
    ] {
        let mut env = TestEnv::new();
        env.set_now("2026-11-27T15:00:42Z");
        let declare = [
            "declare",
            "Old",
            "--zone",
            "UTC",
            "--service",
            "web",
            "--at",
            "2021-06-08 09:47",
        ];
        env.run_ok(&declare);
        env.run_ok(&["log", "09:50 fault: x !down"]);
        env.run_ok(args);
        let said = said_by(&env, &["log", "10:36 restore: back"]);
        assert!(
            said.contains("10:36 was taken as that of 2021-06-08"),
            "{args:?}: {said}"
        );
        // Who goes on with it says so once; then its times are those of today.
        env.run_ok(&["log", "today 14:00 fault: again !down"]);
        let said = said_by(&env, &["log", "14:30 mitigate: again"]);
        assert!(!said.contains("taken as"), "{args:?}: {said}");
        env.run_ok(&["log", "2021-06-08 10:40 note: forgotten"]);
        let said = said_by(&env, &["log", "14:40 restore: back again"]);
        let note = "14:40 was taken as that of 2026-11-27, while the incident also has events of 2021-06-08";
        assert!(said.contains(note), "{args:?}: {said}");
    }
}

#[test]
fn an_incident_reopened_at_a_bare_time_is_reopened_near_its_end_or_it_is_said() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-27T15:00:42Z");
    env.run_ok(&[
        "declare",
        "Old",
        "--zone",
        "UTC",
        "--at",
        "2021-06-08 09:47",
    ]);
    env.run_ok(&["resolve", "10:36 over"]);
    let said = said_by(&env, &["reopen", "11:30 back"]);
    assert!(
        said.contains("11:30 was taken as that of 2021-06-08"),
        "{said}"
    );
    // One that was resolved as it happened comes back today.
    let mut env = TestEnv::new();
    env.set_now("2026-11-24T15:00:42Z");
    env.run_ok(&["declare", "New", "--zone", "UTC"]);
    env.run_ok(&["resolve", "over"]);
    env.set_now("2026-11-27T15:00:42Z");
    let said = said_by(&env, &["reopen", "11:30 back"]);
    assert!(
        said.contains("11:30 was taken as that of 2026-11-27"),
        "{said}"
    );
}

#[test]
fn many_entries_at_now_do_not_hide_that_an_incident_is_of_the_past() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-27T15:00:42Z");
    env.run_ok(&[
        "declare",
        "Old",
        "--zone",
        "UTC",
        "--at",
        "2021-06-08 09:47",
    ]);
    let block: String = (0..230).map(|n| format!("line {n}\n")).collect();
    let result = env.run_with_stdin(&["log", "-"], block.as_bytes());
    assert_eq!(result.exit_code, 0, "{result:#?}");
    let said = said_by(&env, &["log", "10:36 restore: back"]);
    assert!(
        said.contains("10:36 was taken as that of 2021-06-08"),
        "{said}"
    );
}

#[test]
fn many_entries_at_now_of_a_live_incident_leave_its_times_today_without_a_word() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-27T14:00:00.5Z");
    env.run_ok(&["declare", "Live", "--zone", "UTC"]);
    env.set_now("2026-11-27T15:00:42.5Z");
    let block: String = (0..230).map(|n| format!("line {n}\n")).collect();
    let result = env.run_with_stdin(&["log", "-"], block.as_bytes());
    assert_eq!(result.exit_code, 0, "{result:#?}");
    let said = said_by(&env, &["log", "14:36 restore: back"]);
    assert!(!said.contains("was taken as"), "{said}");
    let events = env.run_json(&["show", "--json"])["events"].clone();
    let is_back = |event: &&Value| event["text"] == "back";
    let back = events.as_array().unwrap().iter().find(is_back).unwrap();
    assert_eq!(back["at"], "2026-11-27T14:36:00Z");
}

#[test]
fn the_day_of_an_amended_time_without_a_year_is_near_the_event() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-27T15:00:42Z");
    env.run_ok(&["declare", "x", "--zone", "UTC", "--at", "2021-06-08 09:47"]);
    let handle = env.log("09:50 a note");
    env.run_ok(&["log", "today 14:00 it is back"]);
    for (typed, at, is_said) in [
        ("10:36", "2021-06-08T10:36:00Z", false),
        ("Jun 9 10:00", "2021-06-09T10:00:00Z", false),
        ("Thu 10:00", "2021-06-10T10:00:00Z", false),
        ("Dec 24 10:00", "2020-12-24T10:00:00Z", true),
    ] {
        let said = said_by(&env, &["amend", &handle, typed]);
        assert_eq!(event_by_handle(&env, &handle)["at"], at, "{typed}");
        let note = "nearest to the time that the event had";
        assert_eq!(said.contains(note), is_said, "{typed}: {said}");
    }
}

#[test]
fn a_time_of_either_half_of_the_day_is_said_wherever_it_is_typed() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-27T13:12:00Z");
    let declared = said_by(&env, &["declare", "x", "--zone", "UTC", "--at", "12:55"]);
    assert!(!declared.contains("was read as"), "{declared}");
    let handle = env.log("13:00 a note");
    for args in [
        ["amend", &handle, "1:08"],
        ["amend", &handle, "1:09 another note"],
        ["log", "--at=1:10", "a note"],
        ["log", "--", "1:10 a restart"],
    ] {
        let said = said_by(&env, &args);
        let note = "before the incident was declared; write 13:";
        assert!(said.contains(note), "{args:?}: {said}");
    }
    let said = said_by(&env, &["amend", &handle, "1:11 pm"]);
    assert!(!said.contains("was read as"), "{said}");
    let said = said_by(&env, &["declare", "y", "--zone", "UTC", "--at", "1:10"]);
    assert!(said.contains("write 13:10 if it was that"), "{said}");
}
