//! `search`: words, phrases, scripts without spaces, filters, found words marked, merged incidents.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::TestEnv;
use serde_json::{Value, json};

/// A database with three incidents and an unassigned event.
fn log_book() -> TestEnv {
    let mut env = TestEnv::new();
    env.set_now("2026-11-20T10:00:00Z");
    env.run_ok(&[
        "declare",
        "Replica lag",
        "--zone",
        "UTC",
        "--at",
        "2026-11-20 09:00",
    ]);
    env.run_ok(&[
        "log",
        "09:05 fault: the replica lag grows @online-db !degraded #storage",
    ]);
    env.run_ok(&[
        "--by",
        "ann",
        "log",
        "09:20 decision: fail over why: the disk is full",
    ]);
    env.run_ok(&["resolve", "--at", "09:40"]);
    env.set_now("2026-11-27T10:00:00Z");
    env.run_ok(&[
        "declare",
        "本番の障害",
        "--zone",
        "Asia/Tokyo",
        "--at",
        "2026-11-27 18:00",
    ]);
    env.run_ok(&[
        "log",
        "18:05 fault: 本番DBサーバの障害を検知 @online-db !down",
    ]);
    env.run_ok(&["log", "18:10 nginx: 502 since 18:06"]);
    env.run_ok(&["task", "add", "replace the full disk"]);
    env.run_ok(&["set", "impact", "注文ができない"]);
    env
}

fn texts(env: &TestEnv, args: &[&str]) -> Vec<String> {
    let found = env.run_json(&[&["search", "--json"], args].concat());
    let found = found.as_array().unwrap().iter();
    found
        .map(|hit| hit["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn words_phrases_and_parts_of_texts_without_spaces() {
    let env = log_book();
    let decision = "decision: fail over · the disk is full";
    assert_eq!(
        texts(&env, &["disk", "ful"]),
        ["replace the full disk", decision]
    );
    assert_eq!(texts(&env, &["\"disk is full\""]), [decision]);
    assert_eq!(texts(&env, &["repl* lag"]).len(), 2);
    assert_eq!(texts(&env, &["disk -fail"]), ["replace the full disk"]);
    assert_eq!(
        texts(&env, &["--", "disk", "-fail"]),
        ["replace the full disk"]
    );
    env.run(&["search", "disk", "-fail"])
        .assert_error(2, &["-f"]);
    assert_eq!(texts(&env, &["障害"]).len(), 2);
    assert_eq!(texts(&env, &["文が"]), ["注文ができない"]);
    assert_eq!(texts(&env, &["ｻｰﾊﾞの"]), ["fault: 本番DBサーバの障害を検知"]);
    assert_eq!(texts(&env, &["nginx:", "502"]).len(), 1);
    assert_eq!(texts(&env, &["18:06"]).len(), 1);
    assert_eq!(env.run_ok(&["search", "giraffe"]), "nothing found\n");
}

#[test]
fn filters_alone_and_beside_words() {
    let env = log_book();
    let first = "fault: the replica lag grows";
    let second = "fault: 本番DBサーバの障害を検知";
    for (typed, expected) in [
        ("service:online-db", &[second, first][..]),
        ("service:online-db grows", &[first]),
        ("kind:fault -state:down", &[first]),
        ("tag:storage", &[first]),
        ("by:ann", &["decision: fail over · the disk is full"]),
        ("state:down", &[second]),
        ("kind:fault after:2026-11-21", &[second]),
        ("kind:fault before:2026-11-21", &[first]),
        ("kind:fault after:\"20 Nov 09:06\"", &[second]),
        // The incident's own zone.
        ("incident:2 kind:fault after:\"27 Nov 18:05\"", &[second]),
        ("incident:2 kind:fault after:\"27 Nov 18:06\"", &[]),
        ("kind:fault incident:1", &[first]),
        ("kind:fault -incident:#1", &[second]),
        ("kind:fault before:today", &[first]),
    ] {
        let found = texts(&env, &[typed]);
        assert_eq!(found, expected, "{typed}");
    }
    assert_eq!(texts(&env, &["kind:fault", "--incident", "1"]), [first]);
    assert_eq!(texts(&env, &["kind:fault", "--limit", "1"]), [second]);
}

#[test]
fn renamed_service_is_found_by_its_name_of_now() {
    let env = log_book();
    env.run_ok(&[
        "service",
        "online-db",
        "--rename",
        "orders-db",
        "--incident",
        "2",
    ]);
    assert_eq!(
        texts(&env, &["service:orders-db"]),
        ["fault: 本番DBサーバの障害を検知"]
    );
    assert_eq!(
        texts(&env, &["service:online-db"]),
        ["fault: the replica lag grows"]
    );
}

#[test]
fn what_is_not_understood_is_named_with_what_can_be_written() {
    let env = log_book();
    for (typed, parts) in [
        (
            "knid:fault",
            &["there is no filter `knid:`", "did you mean `kind:fault`?"][..],
        ),
        (
            "colour:red",
            &[
                "there is no filter `colour:`",
                "kind: service: tag:",
                "\"colour:red\"",
            ],
        ),
        (
            "kind:fualt",
            &["there is no kind `fualt`", "did you mean fault?"],
        ),
        ("tag:", &["`tag:` needs a value", "tag:storage"]),
        ("after:noonish", &["after: `noonish` is not a time"]),
        ("after:2027-01-01", &["is still to come"]),
    ] {
        env.run(&["search", typed]).assert_error(2, parts);
    }
    env.run(&["search", "incident:9"])
        .assert_error(1, &["there is no incident 9"]);
    env.run(&["search", "incident:1 incident:2"])
        .assert_error(2, &["two incidents"]);
    env.run(&["search", " "])
        .assert_error(2, &["nothing to search for"]);
}

#[test]
fn found_words_are_marked_in_json_and_on_a_terminal() {
    let env = log_book();
    let found = env.run_json(&["search", "--json", "サーバ 障害"]);
    assert_eq!(found[0]["found"], json!([[11, 14], [15, 17]]));
    let text: Vec<char> = found[0]["text"].as_str().unwrap().chars().collect();
    assert_eq!(text[11..14].iter().collect::<String>(), "サーバ");
    assert_eq!(
        env.run_json(&["search", "--json", "kind:fault"])[0]["found"],
        json!([])
    );
    let mut command = env.command(&["search", "replica grow"]);
    let output = command.env("CLICOLOR_FORCE", "1").output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(
        shown.contains("the \x1b[1mreplica\x1b[0m lag \x1b[1mgrow\x1b[0ms"),
        "{shown:?}"
    );
    // A hit in the names alone is shown, too.
    let shown = env.run_ok(&["search", "storage"]);
    assert!(shown.contains("grows #storage @online-db"), "{shown}");
    let plain = env.run_ok(&["search", "grow"]);
    assert!(plain.contains("the replica lag grows\n"), "{plain}");
}

#[test]
fn hit_far_into_a_long_text_is_in_view() {
    let env = log_book();
    let long = format!("{}needle {}", "before ".repeat(60), "after ".repeat(60));
    env.run_ok(&["log", "--", &format!("finding: {long}")]);
    let shown = env.run_ok(&["search", "needle"]);
    assert!(
        shown.contains("…") && shown.contains("before needle after"),
        "{shown}"
    );
    assert!(shown.chars().count() < 260, "{shown}");
    let whole = env.run_json(&["search", "--json", "needle"]);
    assert!(whole[0]["text"].as_str().unwrap().chars().count() > 700);
}

#[test]
fn search_in_an_incident_finds_what_was_merged_into_it() {
    let env = log_book();
    env.run_ok(&["log", "--incident", "1", "finding: needle of one"]);
    env.run_ok(&["set", "--incident", "1", "trigger", "needle trigger"]);
    env.run_ok(&["merge", "1", "--into", "2"]);
    env.run_ok(&["log", "--incident", "2", "finding: needle of two"]);
    let mut found = texts(&env, &["--incident", "2", "needle"]);
    found.sort();
    assert_eq!(
        found,
        [
            "finding: needle of one",
            "finding: needle of two",
            "needle trigger"
        ]
    );
    assert_eq!(texts(&env, &["incident:2 kind:fault"]).len(), 2);
    let other = env.run(&["search", "--incident", "1", "needle"]);
    other.assert_error(1, &["was merged into another"]);
    let hit: Value = env.run_json(&["search", "--json", "\"lag grows\""]);
    assert_eq!(hit[0]["incident"], "2");
}
