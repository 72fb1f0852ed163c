//! `bridgelog brief`, and `status --brief`, which is the same.
#![allow(clippy::unwrap_used)]

mod common;

use common::TestEnv;

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

#[test]
fn brief_is_the_same_by_both_commands_and_has_at_most_120_words() {
    let env = TestEnv::worked_example();
    let brief = env.run_ok(&["brief"]);
    assert_eq!(brief, env.run_ok(&["status", "--brief"]));
    assert!(words(&brief) <= 120, "{brief}");
    assert!(brief.contains("resolved"), "{brief}");
    for label in [
        "Customers: ",
        "Affected: ",
        "Since: ",
        "State: ",
        "Commander: ",
        "Done: ",
    ] {
        assert!(brief.contains(label), "{label}: {brief}");
    }
    let json = env.run_json(&["brief", "--json"]);
    assert_eq!(json, env.run_json(&["status", "--brief", "--json"]));
    assert_eq!(json["text"].as_str().unwrap(), brief.trim_end());
    assert!(json["words"].as_u64().unwrap() <= 120);
    assert_eq!(json["left_out"], serde_json::json!([]));
    assert!(json["impact_seconds"].is_number() || json["impact_seconds"].is_null());
}

#[test]
fn bare_declaration_invents_nothing() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "odd"]);
    let brief = env.run_ok(&["brief"]);
    for part in [
        "Customers: impact not recorded",
        "Affected: how many is not recorded",
        "State: not recorded",
        "Being done: nothing recorded",
        "Next update: none set",
        "Not known: cause",
    ] {
        assert!(brief.contains(part), "{part}: {brief}");
    }
    let facts = &env.run_json(&["brief", "1", "--json"])["facts"];
    assert_eq!(facts["customers"]["recorded"], false);
    assert_eq!(facts["not_known"]["recorded"], true);
}

#[test]
fn brief_after_a_merge_has_what_both_recorded() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "one", "--service", "web"]);
    env.run_ok(&["declare", "two", "--service", "web"]);
    env.run_ok(&["log", "--incident", "2", "decision: move to the other site"]);
    env.run_ok(&["merge", "2", "--into", "1"]);
    let merged = env.run(&["brief", "2"]);
    assert_eq!(merged.exit_code, 1);
    assert!(
        merged.stderr.contains("was merged into"),
        "{}",
        merged.stderr
    );
    let brief = env.run_ok(&["brief"]);
    assert!(brief.starts_with("#1 one"), "{brief}");
    assert!(
        brief.contains("decision: move to the other site"),
        "{brief}"
    );
}

#[test]
fn text_too_long_for_a_brief_is_whole_in_json() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "odd"]);
    let long = "orders cannot be paid ".repeat(60);
    env.run_ok(&["set", "customer-impact", &long]);
    let shown = env.run(&["brief"]);
    assert!(words(&shown.stdout) <= 120, "{}", shown.stdout);
    assert!(shown.stdout.contains('…'), "{}", shown.stdout);
    assert!(shown.stderr.contains("is shortened"), "{}", shown.stderr);
    let json = env.run_json(&["brief", "--json"]);
    assert_eq!(json["facts"]["customers"]["text"], long.trim());
    assert_eq!(json["shortened"], true);
}

#[test]
fn brief_and_since_do_not_go_together() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "odd"]);
    assert_eq!(
        env.run(&["status", "--brief", "--since", "10:00"])
            .exit_code,
        2
    );
}
