//! Each verb from the outside: what it prints, what stands afterwards.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::Env;
use serde_json::Value;

fn with_incident() -> Env {
    let env = Env::new();
    env.ok(&[
        "declare",
        "Checkout fails",
        "--severity",
        "SEV2",
        "--at",
        "08:00",
    ]);
    env
}

fn event(env: &Env, handle: &str) -> Value {
    env.json(&["show", "--json"])["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["handle"] == handle)
        .unwrap_or_else(|| panic!("no {handle}"))
        .clone()
}

fn texts(env: &Env, reference: &str) -> Vec<String> {
    env.json(&["show", reference, "--json"])["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_line_is_shown_as_it_was_understood() {
    let env = with_incident();
    let handle = env.log("~8:10 fault: primary gone @db #storage !down tell: Our shop is down.");
    let event = event(&env, &handle);
    assert_eq!(event["kind"], "fault");
    assert_eq!(event["at"], "2012-08-20T12:10:00Z");
    assert_eq!(event["approximate"], true);
    assert_eq!(event["text"], "primary gone");
    assert_eq!(event["customer"], "Our shop is down.");
    assert_eq!(event["services"], serde_json::json!(["db"]));
    assert_eq!(event["tags"], serde_json::json!(["storage"]));
    assert_eq!(event["state"], "down");
    let said = env.ok(&["log", "8:20 mitigate: failover tell: It is back in part."]);
    assert!(
        said.contains("customers will read: It is back in part."),
        "{said}"
    );
    let states = env.json(&["show", "--json"])["states"].clone();
    assert_eq!(states[0]["service"], "db");
    assert_eq!(states[0]["state"], "down");
    assert_eq!(states[1]["state"], "degraded");
    assert_eq!(states[1]["from"], "2012-08-20T12:20:00Z");
    assert_eq!(states[1]["to"], Value::Null);
}

#[test]
fn flags_say_what_markers_say() {
    let env = with_incident();
    let out = env.json(&[
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
    assert_eq!(out["text"], "primary gone!");
    assert_eq!(out["at"], "2012-08-20T12:48:00Z");
    assert_eq!(out["state"], "down");
    assert_eq!(out["customer"], "Our shop is down.");
    let out = env.json(&["log", "--json", "-3m", "decision:", "roll", "back"]);
    assert_eq!(
        (out["kind"].as_str(), out["text"].as_str()),
        (Some("decision"), Some("roll back"))
    );
    let out = env.json(&["log", "--json", "--literal", "say #this to @all !down"]);
    assert_eq!(out["text"], "say #this to @all !down");
}

#[test]
fn unfiled_events_are_offered_and_adopted() {
    let env = Env::new();
    let ran = env.run(&["log", "10:00 something is odd"]);
    assert!(ran.err.contains("unfiled"), "{ran:#?}");
    env.ok(&["log", "10:01 odder"]);
    let ran = env.run(&["declare", "It was something"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("2 unfiled events"), "{ran:#?}");
    env.ok(&["adopt", "all"]);
    assert_eq!(texts(&env, "1").len(), 3);
    assert!(
        env.ok(&["show", "--unfiled"])
            .contains("nothing is unfiled")
    );
    let undone = env.ok(&["undo"]);
    assert!(undone.contains("1 more of the same act"), "{undone}");
    assert_eq!(texts(&env, "1").len(), 1);
    assert_eq!(
        env.json(&["show", "--unfiled", "--json"])["events"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    env.ok(&["redo"]);
    assert_eq!(texts(&env, "1").len(), 3);
    env.run(&["adopt", "all"]).refused(1, &["no unfiled event"]);
    let env = Env::new();
    env.ok(&["log", "9:00 odd"]);
    env.ok(&["declare", "All of it", "--adopt", "all"]);
    assert_eq!(texts(&env, "1").len(), 2);
    env.ok(&["undo"]);
    assert_eq!(env.json(&["list", "--json"]), serde_json::json!([]));
    assert_eq!(
        env.json(&["show", "--unfiled", "--json"])["events"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn an_amendment_changes_what_is_given_and_nothing_else() {
    let env = with_incident();
    let handle = env.log("8:10 fault: primary gone @db !down tell: Our shop is down.");
    env.ok(&["amend", &handle, "8:12"]);
    env.ok(&["amend", &handle[..5], "!degraded"]);
    env.ok(&["amend", &handle, "tell: -"]);
    let now = event(&env, &handle);
    assert_eq!(now["at"], "2012-08-20T12:12:00Z");
    assert_eq!(now["state"], "degraded");
    assert_eq!(now["customer"], Value::Null);
    assert_eq!(now["text"], "primary gone");
    assert_eq!(now["kind"], "fault");
    assert_eq!(now["amended"], true);
    let history = env.json(&["history", &handle, "--json"]);
    assert_eq!(history["versions"].as_array().unwrap().len(), 4);
    env.run(&["amend", &handle, "8:12"])
        .refused(2, &["changes nothing"]);
    env.ok(&["amend", &handle, "the primary is gone"]);
    assert_eq!(event(&env, &handle)["text"], "the primary is gone");
}

#[test]
fn undo_walks_back_and_redo_walks_forth_over_restarts() {
    let env = with_incident();
    let handle = env.log("8:10 one");
    env.ok(&["amend", &handle, "two"]);
    env.ok(&["amend", &handle, "three"]);
    let text = || event(&env, &handle)["text"].clone();
    assert!(env.ok(&["undo"]).contains("undid amend"));
    assert_eq!(text(), "two");
    env.ok(&["undo"]);
    assert_eq!(text(), "one");
    env.ok(&["redo"]);
    assert_eq!(text(), "two");
    env.ok(&["redo"]);
    assert_eq!(text(), "three");
    env.run(&["redo"]).refused(1, &["nothing to redo"]);
    for _ in 0..3 {
        env.ok(&["undo"]);
    }
    assert_eq!(texts(&env, "1"), ["Checkout fails"]);
    env.log("8:11 new");
    env.run(&["redo"]).refused(1, &["nothing to redo"]);
    env.run(&["--by", "ann", "undo"])
        .refused(1, &["ann has nothing to undo"]);
    env.ok(&["undo"]);
    env.ok(&["undo"]);
    assert_eq!(env.json(&["list", "--json"]), serde_json::json!([]));
    env.run(&["undo"]).refused(1, &["nothing to undo"]);
}

#[test]
fn undo_does_not_tread_on_what_somebody_built_since() {
    let env = with_incident();
    let handle = env.log("8:10 one");
    env.ok(&["--by", "ann", "amend", &handle, "two"]);
    env.run(&["undo"]).refused(1, &["changed since by ann"]);
    env.ok(&["--by", "ann", "undo"]);
    env.ok(&["undo"]);
}

#[test]
fn what_is_retracted_counts_for_nothing_and_stays_in_the_history() {
    let env = with_incident();
    let handle = env.log("8:10 fault: gone @db !down");
    env.run(&["retract", &handle, "--reason", " "])
        .refused(2, &["reason"]);
    env.ok(&["retract", &handle, "--reason", "last week"]);
    assert!(!env.ok(&["show"]).contains("gone"));
    assert!(env.ok(&["show", "--all"]).contains("last week"));
    assert_eq!(event(&env, &handle)["retracted"], true);
    assert_eq!(
        env.json(&["metrics", "--json"])["metrics"]["outage"]["seconds"],
        0
    );
    env.run(&["retract", &handle, "--reason", "again"])
        .refused(1, &["retracted before"]);
    env.ok(&["undo"]);
    assert_eq!(event(&env, &handle)["retracted"], false);
}

#[test]
fn a_redacted_secret_is_nowhere_and_the_chain_verifies() {
    let env = with_incident();
    let handle = env.log("8:10 finding: the password is hunter2swordfish @db !down");
    env.ok(&["amend", &handle, "8:11"]);
    env.ok(&["redact", &handle, "--reason", "a secret"]);
    for entry in std::fs::read_dir(env.db().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(16).any(|w| w == b"hunter2swordfish");
        assert!(!found, "{} still holds it", path.display());
    }
    let event = event(&env, &handle);
    assert_eq!(event["text"], "");
    assert_eq!(event["state"], "down");
    assert_eq!(
        env.json(&["search", "--all", "--json", "hunter2swordfish"]),
        serde_json::json!([])
    );
    env.ok(&["verify"]);
    assert!(env.ok(&["show"]).contains("[redacted: a secret]"));
}

#[test]
fn events_move_and_incidents_merge() {
    let env = with_incident();
    let handle = env.log("8:10 it is the other one");
    env.ok(&["resolve"]);
    env.ok(&["declare", "Search is slow", "--at", "08:05"]);
    env.ok(&["move", &handle, "2"]);
    assert_eq!(texts(&env, "1").len(), 2);
    assert_eq!(texts(&env, "2"), ["Search is slow", "it is the other one"]);
    env.ok(&["--incident", "2", "set", "scope", "everybody"]);
    env.ok(&["merge", "2", "--into", "1"]);
    assert_eq!(texts(&env, "1").len(), 4);
    env.run(&["show", "2"]).refused(1, &["merged"]);
    assert!(env.ok(&["status", "1"]).contains("everybody"));
    env.ok(&["undo"]);
    assert_eq!(texts(&env, "1").len(), 2);
    assert_eq!(texts(&env, "2").len(), 2);
    assert!(env.ok(&["status", "2"]).contains("everybody"));
    env.ok(&["redo"]);
    assert_eq!(texts(&env, "1").len(), 4);
    env.ok(&["verify"]);
}

#[test]
fn asks_are_opened_counted_and_closed() {
    let mut env = with_incident();
    let ask = env.log("8:55 ask: check replica lag @ann 10m");
    let list = env.json(&["task", "list", "--json"]);
    assert_eq!(list["asks"][0]["owner"], "ann");
    assert_eq!(list["asks"][0]["due"], "2012-08-20T13:05:00Z");
    assert_eq!(list["asks"][0]["overdue"], false);
    env.at("2012-08-20T13:20:00Z");
    assert!(env.ok(&["status"]).contains("overdue by 15 min"));
    env.ok(&["log", &format!("done: ^{ask} 40 s")]);
    assert_eq!(
        env.json(&["task", "list", "--json"])["asks"][0]["open"],
        false
    );
    let other = env.json(&[
        "task",
        "add",
        "page the vendor",
        "--within",
        "5m",
        "--owner",
        "raj",
        "--json",
    ]);
    env.ok(&[
        "task",
        "done",
        other["handle"].as_str().unwrap(),
        "they call back",
    ]);
    assert!(texts(&env, "1").contains(&"they call back".to_owned()));
    assert!(!env.ok(&["status"]).contains("Open asks"));
}

#[test]
fn follow_ups_go_through_their_states() {
    let env = with_incident();
    env.ok(&["resolve"]);
    let task = env.json(&[
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
    env.ok(&["task", "start", handle]);
    env.ok(&["task", "set", handle, "--due", "2012-09-01", "--shortens"]);
    let task = env.json(&["task", "list", "--json"])["tasks"][0].clone();
    assert_eq!(task["state"], "started");
    assert_eq!(task["overdue"], false);
    assert_eq!(
        (task["prevents"].clone(), task["shortens"].clone()),
        (false.into(), true.into())
    );
    env.run(&["task", "decline", handle, "--reason", ""])
        .refused(2, &["reason"]);
    env.ok(&["task", "decline", handle, "--reason", "too dear"]);
    env.ok(&["undo"]);
    env.ok(&["task", "done", handle]);
    assert_eq!(
        env.json(&["task", "list", "--json"])["tasks"][0]["state"],
        "done"
    );
}

#[test]
fn the_life_of_an_incident() {
    let env = with_incident();
    env.ok(&["log", "8:05 fault: gone @db !down"]);
    env.ok(&["set", "severity", "sev1", "--at", "8:15"]);
    env.ok(&["handoff", "ann", "--at", "8:30"]);
    env.ok(&["resolve", "--at", "8:50", "all answers"]);
    env.run(&["resolve"]).refused(1, &["latest", "hint: "]);
    env.run(&["--incident", "1", "resolve"])
        .refused(1, &["was resolved"]);
    let row = env.json(&["list", "--json"])[0].clone();
    assert_eq!(row["severity"], "sev1");
    assert_eq!(row["commander"], "ann");
    assert_eq!(row["state"], "ok");
    assert_eq!(row["resolved_at"], "2012-08-20T12:50:00Z");
    env.ok(&["reopen", "--at", "8:55", "errors are back @db !degraded"]);
    let states = env.json(&["show", "--json"])["states"].clone();
    let words: Vec<_> = states
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["state"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["down", "ok", "degraded"]);
    env.ok(&["undo"]);
    assert_eq!(env.json(&["list", "--json"])[0]["open"], false);
    env.ok(&["undo"]);
    assert_eq!(env.json(&["list", "--json"])[0]["open"], true);
}

#[test]
fn writing_never_goes_to_a_closed_incident() {
    let env = with_incident();
    env.ok(&["resolve"]);
    let ran = env.run(&["log", "afterthought"]);
    assert!(ran.err.contains("unfiled"), "{ran:#?}");
    assert_eq!(texts(&env, "1").len(), 2);
    env.ok(&["log", "--incident", "latest", "afterthought"]);
    assert_eq!(texts(&env, "1").len(), 3);
}

#[test]
fn fields_and_prose() {
    let env = with_incident();
    let out = env.ok(&["set", "scope", "two of nine shards"]);
    assert!(out.contains("two of nine shards"));
    assert!(
        env.ok(&["set", "scope", "three"])
            .contains("was: two of nine shards")
    );
    let ran = env.run(&["set", "customer-scope", "some shops"]);
    assert!(
        ran.err.contains("customers will read: some shops"),
        "{ran:#?}"
    );
    env.run(&["set", "colour", "red"])
        .refused(2, &["colour", "customer-scope"]);
    env.run(&["set", "ledger-in-letter", "maybe"])
        .refused(2, &["yes nor no"]);
    env.ok(&["set", "next-update", "10:30"]);
    assert!(env.ok(&["status"]).contains("10:30"));
    env.ok(&["set", "title", "Checkout", "fails", "everywhere"]);
    assert_eq!(
        env.json(&["list", "--json"])[0]["title"],
        "Checkout fails everywhere"
    );
    assert_eq!(
        env.pipe(
            &["write", "summary", "--from", "-"],
            b"# It broke\n\nAll of it.\n"
        )
        .code,
        0
    );
    env.run(&["write", "poem"]).refused(2, &["poem", "summary"]);
    assert!(env.ok(&["postmortem"]).contains("All of it."));
    env.ok(&["undo"]);
    assert!(!env.ok(&["postmortem"]).contains("All of it."));
}

#[test]
fn an_editor_that_fails_loses_nothing() {
    let env = with_incident();
    let script = "printf 'typed for an hour' > \"$1\"; exit 3";
    let editor = format!("sh -c '{}' sh", script.replace('\'', "'\\''"));
    let output = env
        .command(&["write", "summary"])
        .env("EDITOR", &editor)
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let kept = err
        .split_whitespace()
        .map(|w| w.trim_end_matches([':', '`']))
        .find(|w| w.ends_with(".md"))
        .unwrap_or_else(|| panic!("{err}"));
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "typed for an hour");
    std::fs::remove_file(kept).unwrap();
    let output = env
        .command(&["write", "summary"])
        .env("EDITOR", "sh -c 'printf done > \"$1\"' sh")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(env.ok(&["postmortem"]).contains("done"));
}

#[test]
fn search_finds_what_stands_and_with_all_what_stood() {
    let env = with_incident();
    let handle = env.log("8:10 db-17 lost its replica");
    env.ok(&["amend", &handle, "db-18 lost its replica"]);
    let found = |args: &[&str]| {
        let args: Vec<&str> = ["search", "--json"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        env.json(&args).as_array().unwrap().len()
    };
    assert_eq!(found(&["repl"]), 1);
    assert_eq!(found(&["db-17"]), 0);
    assert_eq!(found(&["--all", "db-17"]), 1);
    assert_eq!(found(&["\" OR ( NEAR *"]), 0);
}

#[test]
fn hostile_text_is_shown_harmlessly_and_kept_as_it_is() {
    let env = with_incident();
    let hostile = "8:10 note: \u{1b}[31mred\u{7}\u{202e}gnissap\u{200b}\u{2028}end";
    env.log(hostile);
    for verb in [
        &["show"][..],
        &["status"],
        &["postmortem"],
        &["search", "red"],
        &["show", "--json"],
        &["list"],
    ] {
        let out = env.ok(verb);
        for c in ['\u{1b}', '\u{7}', '\u{202e}', '\u{200b}', '\u{2028}'] {
            assert!(!out.contains(c), "{verb:?} lets {c:?} through: {out:?}");
        }
    }
    let text = env.json(&["show", "--json"])["events"][1]["text"].clone();
    assert_eq!(text, "\u{1b}[31mred\u{7}\u{202e}gnissap\u{200b}\u{2028}end");
}

#[test]
fn a_stream_takes_its_day_from_a_line_that_is_only_a_date() {
    let env = with_incident();
    let ran = env.pipe(&["log", "-", "--json"], b"");
    assert_ne!(ran.code, 0);
    let ran = env.pipe(
        &["log", "-"],
        b"2012-08-16\n07:58 one tell: not for customers\n2012-08-17\n08:00 two\n",
    );
    assert_eq!(ran.code, 0, "{ran:#?}");
    let events = env.json(&["show", "--json"])["events"].clone();
    assert_eq!(events[0]["at"], "2012-08-16T11:58:00Z");
    assert_eq!(events[0]["customer"], Value::Null);
    assert_eq!(events[0]["text"], "one tell: not for customers");
    assert_eq!(events[1]["at"], "2012-08-17T12:00:00Z");
}

#[test]
fn every_verb_has_help_and_the_empty_book_says_what_to_type() {
    let env = Env::new();
    assert!(env.ok(&[]).contains("bridgelog declare"));
    let help = env.ok(&["--help"]);
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
        let help = env.ok(&[verb, "--help"]);
        assert!(help.contains("Example"), "{verb} has no example");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(env.ok(&["completions", shell]).contains("bridgelog"));
    }
    assert!(env.ok(&["man"]).contains("bridgelog"));
    env.run(&["shwo"]).refused(2, &["shwo", "show"]);
}

#[test]
fn zones_are_the_incidents_own() {
    let env = Env::new();
    env.ok(&[
        "declare",
        "In Berlin",
        "--zone",
        "europe/berlin",
        "--at",
        "10:00",
    ]);
    let event = env.json(&["log", "--json", "--zone", "Asia/Tokyo", "10:30 x"]);
    assert_eq!(event["at"], "2012-08-20T08:30:00Z");
    assert!(env.ok(&["show"]).contains("Europe/Berlin"));
}

#[test]
fn the_latest_incident_is_the_one_declared_last() {
    let env = Env::new();
    env.ok(&["declare", "First", "--at", "08:00"]);
    env.ok(&["declare", "Backdated", "--at", "2012-08-01 08:00"]);
    env.ok(&["log", "--incident", "latest", "where am I"]);
    assert_eq!(texts(&env, "2"), ["Backdated", "where am I"]);
}

#[test]
fn days_of_what_is_due_lie_ahead() {
    let env = with_incident();
    let task = env.json(&["task", "add", "x", "--due", "Sep 1", "--json"]);
    assert_eq!(task["due"], "2012-09-02T03:59:00Z");
    assert!(
        env.ok(&["set", "followup-by", "Wednesday"])
            .contains("2012-08-22")
    );
    env.run(&["task", "add", "x", "--since", "2027-01-01"])
        .refused(2, &["2027-01-01"]);
    env.run(&["task", "add", "x", "--within", "5m", "--prevents"])
        .refused(2, &["--prevents"]);
}

#[test]
fn what_is_set_before_a_later_event_says_what_holds() {
    let env = with_incident();
    let ran = env.run(&["set", "severity", "sev1", "--at", "07:00"]);
    assert!(ran.err.contains("sev2, which holds now"), "{ran:#?}");
    let ran = env.run(&["handoff", "ann", "--at", "07:30"]);
    assert!(
        ran.err.contains("jw the command, which holds now"),
        "{ran:#?}"
    );
}

#[test]
fn undo_with_two_open_asks_which() {
    let env = with_incident();
    env.ok(&["declare", "Another"]);
    env.run(&["undo"])
        .refused(2, &["Checkout fails", "Another"]);
    env.ok(&["undo", "--incident", "2"]);
    assert_eq!(env.json(&["list", "--json"]).as_array().unwrap().len(), 1);
    env.ok(&["redo"]);
}

#[test]
fn a_failed_write_is_an_error_also_where_a_note_follows() {
    let env = Env::new();
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
fn json_of_streams_histories_and_hits() {
    let env = with_incident();
    let ran = env.pipe(&["log", "--json", "-"], b"8:01 one\n8:02 two\n");
    let lines: Vec<Value> = ran
        .out
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines[1]["text"], "two");
    let handle = lines[0]["handle"].as_str().unwrap();
    let history = env.json(&["history", handle, "--json"]);
    assert_eq!(
        history["versions"][0]["value"]["at"],
        "2012-08-20T12:01:00Z"
    );
    env.ok(&["set", "scope", "everybody here"]);
    let hits = env.json(&["search", "everybody", "--json"]);
    assert_eq!(hits[0]["incident"], "1");
    assert_eq!(hits[0]["handle"], Value::Null);
}

#[test]
fn prose_and_fields_have_a_history_and_can_be_redacted() {
    let env = with_incident();
    env.pipe(
        &["write", "summary", "--from", "-"],
        b"the password is hunter2swordfish\n",
    );
    env.pipe(&["write", "summary", "--from", "-"], b"It broke.\n");
    assert!(env.ok(&["history", "summary"]).contains("hunter2swordfish"));
    env.ok(&["redact", "summary", "--reason", "a secret"]);
    assert_eq!(
        env.json(&["search", "--all", "--json", "hunter2swordfish"]),
        serde_json::json!([])
    );
    env.run(&["redact", "impact", "--reason", "x"])
        .refused(2, &["section/impact", "field/impact"]);
    env.ok(&["verify"]);
}

#[test]
fn a_closed_ask_is_not_closed_again() {
    let env = with_incident();
    let ask = env.log("8:55 ask: check replica lag @ann 10m");
    let shown = env.ok(&["show"]);
    assert!(shown.contains("within 10 min"), "{shown}");
    env.ok(&["task", "done", &ask]);
    assert!(env.ok(&["show"]).contains(&format!("closes ^{ask}")));
    env.run(&["task", "done", &ask])
        .refused(1, &["closed already"]);
    let other = env.log("8:56 ask: page raj @raj 10m");
    env.ok(&["retract", &other, "--reason", "x"]);
    env.run(&["task", "done", &other])
        .refused(1, &["retracted"]);
    env.log("8:57 ask: one more @raj 10m");
    let ran = env.run(&["resolve"]);
    assert!(ran.err.contains("open asks: 1"), "{ran:#?}");
}

#[test]
fn what_was_undone_is_called_so() {
    let env = with_incident();
    let handle = env.log("8:10 gone soon");
    env.ok(&["undo"]);
    env.run(&["amend", &handle, "x"])
        .refused(1, &["was undone", "redo"]);
    env.run(&["retract", &handle, "--reason", "x"])
        .refused(1, &["was undone"]);
    assert!(env.ok(&["history", &handle]).contains("undo"));
}

#[test]
fn explain_stands_beside_the_letter() {
    let env = Env::example();
    let letter = env.ok(&["email", "--stage", "followup"]);
    let explained = env.ok(&["email", "--stage", "followup", "--explain"]);
    for line in letter.lines().skip(2).filter(|l| !l.is_empty()) {
        assert!(
            explained.lines().any(|e| e.ends_with(&format!("| {line}"))),
            "{line}\n{explained}"
        );
    }
    let fault = explained
        .lines()
        .find(|l| l.contains("A hardware fault halted"))
        .unwrap();
    assert!(
        fault.starts_with(|c: char| ('k'..='z').contains(&c)),
        "{fault}"
    );
}
