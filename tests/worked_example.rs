//! The worked example: from its commands to its documents.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::{TestEnv, assert_matches_golden};

#[test]
fn postmortem_matches_golden_file() {
    assert_matches_golden(
        "postmortem.md",
        &TestEnv::worked_example().run_ok(&["postmortem"]),
    );
}

#[test]
fn html_and_svg_match_golden_files() {
    let env = TestEnv::worked_example();
    assert_matches_golden(
        "postmortem.html",
        &env.run_ok(&["postmortem", "--format", "html"]),
    );
    env.run_ok(&["postmortem", "--output", "outage.md"]);
    let read = |name: &str| std::fs::read_to_string(env.path().join(name)).unwrap();
    assert_matches_golden("postmortem.svg", &read("outage.svg"));
    let link = "![The states over time; the same in text below](outage.svg)\n\n";
    assert!(!env.run_ok(&["postmortem"]).contains("!["));
    assert!(read("outage.md").contains(link));
    env.run_ok(&["postmortem", "--check", "outage.md"]);
    env.run_ok(&[
        "log",
        "--incident",
        "1",
        "2012-08-16 13:50 !degraded slow again",
    ]);
    env.run_ok(&["postmortem", "--update", "outage.md"]);
    assert!(
        read("outage.md").contains(link),
        "an update keeps its picture"
    );
    assert!(
        read("outage.svg") != include_str!("example/postmortem.svg"),
        "and brings it up to the records"
    );
}

#[test]
fn example_with_several_names_matches_golden_files() {
    let env = TestEnv::several_names();
    assert_matches_golden("several-names.md", &env.run_ok(&["postmortem"]));
    let letter = env.run_ok(&["email", "--stage", "followup"]);
    assert_matches_golden("several-names.txt", &letter);
}

#[test]
fn followup_email_matches_golden_file() {
    assert_matches_golden(
        "followup.txt",
        &TestEnv::worked_example().run_ok(&["email", "--stage", "followup"]),
    );
}

#[test]
fn followup_email_copies_no_phrase_of_original() {
    let letter = TestEnv::worked_example().run_ok(&["email", "--stage", "followup"]);
    let words: Vec<String> = letter
        .split_whitespace()
        .map(|w| {
            w.trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase()
        })
        .collect();
    let joined = words.join(" ");
    for theirs in [
        "certainly important portion of",
        "features redundant hardware intended to prevent",
        "overcame the remaining protections",
        "we worked as rapidly as we could",
        "we sincerely apologize for the outage",
        "not satisfied with this interruption",
        "please let us know of any questions",
    ] {
        assert!(!joined.contains(theirs), "{theirs}");
    }
}

#[test]
fn same_commands_give_identical_output() {
    let (one, other) = (TestEnv::worked_example(), TestEnv::worked_example());
    for verb in [
        &["postmortem"][..],
        &["postmortem", "--format", "json"],
        &["postmortem", "--format", "html"],
        &["show", "--json"],
        &["metrics", "--json"],
    ] {
        assert_eq!(one.run_ok(verb), other.run_ok(verb), "{verb:?}");
    }
}

#[test]
fn followup_email_contains_each_wording_once_in_order() {
    let env = TestEnv::worked_example();
    let letter = env.run_ok(&["email", "--stage", "followup"]);
    let flat = letter.split_whitespace().collect::<Vec<_>>().join(" ");
    let show = env.run_json(&["show", "--json"]);
    let mut last = 0;
    let mut seen = 0;
    for event in show["events"].as_array().unwrap() {
        // The told story has the cause.
        if let Some(wording) = event["customer"]
            .as_str()
            .filter(|_| event["kind"] != "cause")
        {
            assert_eq!(flat.matches(wording).count(), 1, "{wording}\n{letter}");
            let at = flat.find(wording).unwrap();
            assert!(at >= last, "{wording} is out of order\n{letter}");
            last = at;
            seen += 1;
        }
    }
    assert_eq!(seen, 4);
}

#[test]
fn metrics_match_event_times() {
    let metrics = TestEnv::worked_example().run_json(&["metrics", "--json"]);
    let seconds = |name: &str| metrics["metrics"][name]["seconds"].as_i64();
    let min = |m: i64| Some(m * 60);
    assert_eq!(seconds("exposure"), min(128), "07:58 to 10:06");
    assert_eq!(seconds("time_to_detect"), min(3));
    assert_eq!(seconds("time_to_acknowledge"), min(2));
    assert_eq!(seconds("time_to_declare"), min(8));
    assert_eq!(seconds("time_to_mitigate"), min(200), "10:06 to 13:26");
    assert_eq!(seconds("time_to_restore"), min(200));
    assert_eq!(seconds("time_to_cause"), min(314), "10:06 to 15:20");
    assert_eq!(seconds("time_to_resolve"), min(236), "10:14 to 14:10");
    assert_eq!(seconds("outage"), min(200));
    assert_eq!(seconds("degraded"), Some(0));
    assert_eq!(seconds("at_risk"), min(128));
    assert_eq!(seconds("time_to_first_update"), min(24), "10:06 to 10:30");
    assert_eq!(seconds("longest_update_gap"), min(60));
    assert_eq!(metrics["metrics"]["exposure"]["approximate"], true);
    for (name, figure) in metrics["metrics"].as_object().unwrap() {
        assert!(!figure["formula"].as_str().unwrap().is_empty(), "{name}");
        assert!(
            !figure["seconds"].is_null() || figure["reason"].is_string(),
            "{name}"
        );
    }
}

#[test]
fn lint_finds_nothing_in_worked_example() {
    let result = TestEnv::worked_example().run(&["lint"]);
    assert_eq!(result.exit_code, 0, "{}{}", result.stdout, result.stderr);
    assert_eq!(
        TestEnv::worked_example().run_json(&["lint", "--json"])["findings"],
        serde_json::json!([])
    );
}

#[test]
fn lint_finds_removed_fields_and_host_names() {
    let env = TestEnv::worked_example();
    env.run_ok(&["set", "--incident", "1", "unaffected", "-"]);
    assert_eq!(
        env.run_with_stdin(&["write", "lucky", "--from", "-"], b"-")
            .exit_code,
        0
    );
    env.run_ok(&[
        "service",
        "--incident",
        "1",
        "online-db",
        "--public",
        "db-17",
    ]);
    let result = env.run(&["lint"]);
    result.assert_error(3, &["things are missing", "hint: "]);
    for says in [
        "host-name",
        "service/online-db",
        "bridgelog --incident 1 set unaffected",
    ] {
        assert!(result.stdout.contains(says), "{says}: {}", result.stdout);
    }
    env.run(&["lint", "--stage", "never"])
        .assert_error(2, &["stage"]);
}

#[test]
fn worked_example_passes_verify() {
    let env = TestEnv::worked_example();
    assert!(env.run_ok(&["verify"]).contains("all is as it was written"));
}

#[test]
fn show_and_postmortem_write_events_follow_ups_and_states_alike() {
    let env = TestEnv::worked_example();
    let redacted = env.run_json(&["show", "1", "--json"])["events"][3]["handle"].clone();
    let redacted = redacted.as_str().unwrap();
    env.run_ok(&["redact", redacted, "--reason", "a password", "--yes"]);
    let shown = env.run_json(&["show", "1", "--json"]);
    let mut document = env.run_json(&["postmortem", "1", "--format", "json"]);
    let event = &mut document["events"][3];
    // Documents are passed on: they do not say why something was redacted.
    assert_eq!(event["redacted_reason"], serde_json::Value::Null);
    event["redacted_reason"] = "a password".into();
    assert_eq!(document["events"], shown["events"]);
    assert_eq!(document["states"], shown["states"]);
    let mut tasks = env.run_json(&["task", "list", "1", "--json"]);
    let tasks = tasks["tasks"].take();
    assert_eq!(document["tasks"], tasks);
}
