//! What was written to an incident on another machine, and comes after or before the merge of that
//! incident, is seen in the incident that it was merged into.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use bridgelog::store::{OpenOptions, Store};
use common::TestEnv;
use rstest::rstest;
use serde_json::Value as Json;
use std::path::Path;

/// One machine: its own database and its own seed for ids.
struct Machine(TestEnv, &'static str);

impl Machine {
    fn new(name: &'static str) -> Self {
        Self(TestEnv::new(), name)
    }

    fn run(&self, args: &[&str]) -> String {
        self.run_at(&self.0.now, args)
    }

    fn run_at(&self, now: &str, args: &[&str]) -> String {
        let mut command = self.0.command(args);
        command
            .env("BRIDGELOG_SEED", self.1)
            .env("BRIDGELOG_NOW", now);
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Json {
        serde_json::from_str(&self.run(args)).unwrap()
    }

    /// A file that holds `text`.
    fn file(&self, text: &str) -> String {
        let path = self.0.path().join(text);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn export(&self, to: &Path) -> String {
        let path = to.join(format!("{}.jsonl", self.1));
        let path = path.to_str().unwrap().to_owned();
        self.run(&["export", "jsonl", "--output", &path, "--force"]);
        path
    }
}

/// Writes something of each kind to incident 2.
fn write_to_second(machine: &Machine) {
    for args in [
        &["log", "lag on the late replica"][..],
        &["log", "fault: late fault !down @late-db"],
        &["task", "add", "late follow-up"],
        &["set", "impact", "late impact"],
        &["set", "scope", "late scope"],
        &["write", "summary", "--from", &machine.file("late summary")],
        &["write", "lucky", "--from", &machine.file("late luck")],
        &["service", "late-db", "--public", "Late database"],
        &["email", "--save", "--stage", "initial"],
    ] {
        let args = [&["--incident", "2"], args].concat();
        machine.run_at("2012-08-20T14:00:00Z", &args);
    }
}

/// The views of incident 1 that must be equal on all machines.
fn views(machine: &Machine) -> Vec<String> {
    [
        &["show", "1", "--json"][..],
        &["list", "--json"],
        &["status", "1"],
        &["metrics", "1", "--json"],
        &["task", "list", "--json"],
        &["email", "1", "--list", "--json"],
        &["postmortem", "1"],
        &["search", "late", "--json", "--incident", "1"],
    ]
    .iter()
    .map(|args| machine.run_at("2012-08-20T15:00:00Z", args))
    .map(|view| sorted_hits(&view).unwrap_or(view))
    .collect()
}

/// The hits of a search in an order that does not depend on the order of arrival.
fn sorted_hits(view: &str) -> Option<String> {
    let mut hits: Vec<String> = serde_json::from_str::<Json>(view)
        .ok()?
        .as_array()?
        .iter()
        .map(Json::to_string)
        .collect();
    hits.sort();
    Some(hits.join("\n"))
}

/// Asserts that the two are equal, and names the first line that is not.
#[track_caller]
fn assert_same_lines(left: &str, right: &str, what: &str) {
    for (left, right) in left.lines().zip(right.lines()) {
        assert_eq!(left, right, "{what}");
    }
    assert_eq!(left.lines().count(), right.lines().count(), "{what}");
}

#[rstest]
#[case::in_the_merged_incident_of_this_machine(false)]
#[case::in_an_incident_that_is_merged_twice(true)]
fn late_entries_are_seen_where_their_incident_was_merged(#[case] twice: bool) {
    let ours = Machine::new("ours");
    let folder = ours.0.path().to_owned();
    ours.run(&["declare", "first", "--service", "db"]);
    ours.run(&["declare", "second", "--service", "cache"]);
    ours.run(&["set", "scope", "early scope", "--incident", "2"]);
    let early = ours.file("early summary");
    ours.run(&["write", "summary", "--from", &early, "--incident", "2"]);
    if twice {
        ours.run(&["declare", "third"]);
    }
    let shared = ours.export(&folder);

    let theirs = Machine::new("theirs");
    theirs.run(&["import", "jsonl", &shared]);
    write_to_second(&theirs);
    let late = theirs.export(&folder);

    if twice {
        ours.run(&["merge", "2", "--into", "3"]);
        ours.run(&["merge", "3", "--into", "1"]);
    } else {
        ours.run(&["merge", "2", "--into", "1"]);
    }
    let merged = ours.export(&folder);

    // The merge first, then the entries.
    ours.run(&["import", "jsonl", &late]);
    // The entries first, then the merge.
    theirs.run(&["import", "jsonl", &merged]);
    let all = ours.export(&folder);
    // All at once, and each half the other way round.
    let (third, fourth) = (Machine::new("third"), Machine::new("fourth"));
    third.run(&["import", "jsonl", &all]);
    fourth.run(&["import", "jsonl", &late]);
    fourth.run(&["import", "jsonl", &all]);
    // In the reverse order, line by line.
    let fifth = Machine::new("fifth");
    let reversed = folder.join("reversed.jsonl");
    let text = std::fs::read_to_string(&all).unwrap();
    for line in text.lines().rev() {
        std::fs::write(&reversed, line).unwrap();
        fifth.run(&["import", "jsonl", reversed.to_str().unwrap()]);
    }

    let expected = views(&ours);
    let shown = expected.join("\n");
    for text in [
        "lag on the late replica",
        "late fault",
        "late follow-up",
        "late impact",
        "late scope",
        "late summary",
        "late luck",
    ] {
        assert!(shown.contains(text), "{text} is not in:\n{shown}");
    }
    let letters = ours.json(&["email", "1", "--list", "--json"]);
    assert_eq!(letters["messages"].as_array().unwrap().len(), 1);
    let list = ours.json(&["list", "--json"]).to_string();
    assert!(list.contains("\"down\""), "{list}");
    for machine in [&ours, &theirs, &third, &fourth, &fifth] {
        for (view, expected) in views(machine).iter().zip(&expected) {
            assert_same_lines(view, expected, machine.1);
        }
        machine.run(&["verify"]);
    }
    // A change to what came late is written where it is seen.
    ours.run(&["set", "scope", "agreed", "--incident", "1"]);
    let after = ours.run(&["postmortem", "1"]);
    assert!(
        after.contains("agreed") && !after.contains("late scope"),
        "{after}"
    );
    ours.run(&["verify"]);
}

#[test]
fn merge_that_is_undone_takes_back_nothing_but_itself() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "first"]);
    env.run_ok(&["declare", "second"]);
    for (incident, scope) in [("1", "one"), ("2", "two")] {
        env.run_ok(&["set", "scope", scope, "--incident", incident]);
        let path = env.path().join(scope);
        std::fs::write(&path, scope).unwrap();
        let path = path.to_str().unwrap();
        env.run_ok(&["write", "summary", "--from", path, "--incident", incident]);
    }
    env.run_ok(&["set", "impact", "two", "--incident", "2"]);
    // The journal's heads at the end of a postmortem move with every entry.
    let document = |n: &str| {
        let text = env.run_ok(&["postmortem", n]);
        let (text, _) = text.split_once("<!-- bridgelog:begin journal").unwrap();
        text.to_owned()
    };
    let before = ["1", "2"].map(document);
    env.run_ok(&["merge", "2", "--into", "1"]);
    assert!(env.run_ok(&["status", "1"]).contains("one"));
    assert!(env.run_ok(&["postmortem", "1"]).contains("one\n\ntwo"));
    env.run_ok(&["verify"]);
    env.run_ok(&["undo"]);
    let after = ["1", "2"].map(document);
    for (before, after) in before.iter().zip(&after) {
        assert_same_lines(before, after, "undone");
    }
    env.run_ok(&["verify"]);
}

#[test]
fn pages_skip_no_event_of_merged_incidents_that_agree_in_time_and_sequence() {
    let env = TestEnv::new();
    for number in ["1", "2", "3"] {
        env.run_ok(&["declare", number, "--at", "8:00"]);
        for at in ["8:10", "8:10", "8:20"] {
            let line = format!("{at} the same");
            env.run_ok(&["--incident", number, "log", &line]);
        }
    }
    env.run_ok(&["merge", "2", "--into", "1"]);
    env.run_ok(&["merge", "3", "--into", "1"]);
    let store = Store::open(&env.db_path(), &OpenOptions::default()).unwrap();
    let read = store.read();
    let id = read.incidents_by_number(1).unwrap()[0].id;
    let all = read.oldest_events(Some(id), 100, None).unwrap();
    assert_eq!(all.len(), 12);
    let without_id = |at: usize| (all[at].recorded, all[at].origin, all[at].seq);
    let agree = |at: usize| {
        all[at].value.at == all[at - 1].value.at && without_id(at) == without_id(at - 1)
    };
    assert!((1..12).any(agree), "no two events agree in all but the id");
    let mut forward = Vec::new();
    let mut cursor = None;
    while let Some(event) = read.oldest_events(Some(id), 1, cursor).unwrap().pop() {
        cursor = Some(event.sort_key());
        forward.push(event.id);
    }
    let ids: Vec<_> = all.iter().map(|event| event.id).collect();
    assert_eq!(forward, ids);
    let mut backward = Vec::new();
    cursor = None;
    while let Some(event) = read.newest_events(Some(id), 1, cursor).unwrap().pop() {
        cursor = Some(event.sort_key());
        backward.insert(0, event.id);
    }
    assert_eq!(backward, ids);
}

#[test]
fn states_that_name_no_service_stay_those_of_their_own_incident() {
    let (ours, theirs) = (Machine::new("ours"), Machine::new("theirs"));
    let folder = ours.0.path().to_owned();
    ours.run(&["declare", "Web", "--service", "web", "--service", "api"]);
    ours.run(&["log", "fault: slow @web !degraded"]);
    ours.run(&["declare", "Mail"]);
    theirs.run(&["import", "jsonl", &ours.export(&folder)]);
    for (time, line) in [
        ("14:00", "fault: mail is dead !down"),
        ("14:30", "restore: mail is back"),
    ] {
        let now = format!("2012-08-20T{time}:00Z");
        theirs.run_at(&now, &["log", "--incident", "2", line]);
    }
    ours.run_at("2012-08-20T13:00:00Z", &["merge", "2", "--into", "1"]);
    let merged = ours.export(&folder);
    ours.run(&["import", "jsonl", &theirs.export(&folder)]);
    theirs.run(&["import", "jsonl", &merged]);
    for machine in [&ours, &theirs] {
        let shown = machine.json(&["show", "1", "--json"]);
        let spans = shown["states"].as_array().unwrap().iter();
        let spans: Vec<(&str, &str)> = spans
            .map(|span| {
                (
                    span["service"].as_str().unwrap_or(""),
                    span["state"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(spans, [("", "down"), ("", "ok"), ("web", "degraded")]);
        machine.run(&["verify"]);
    }
}
