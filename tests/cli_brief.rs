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

/// An environment with an incident of a service `web`, which customers know as Storefront, and one with an internal name.
fn storefront() -> TestEnv {
    let mut env = TestEnv::new();
    env.write_config("zone = \"UTC\"\n");
    env.set_now("2026-03-02T12:30:00Z");
    let services = ["--service", "web", "--service", "db-primary-7"];
    env.run_ok(
        &[
            &[
                "declare",
                "--zone",
                "UTC",
                "Knight web lost",
                "--at",
                "10:05",
            ][..],
            &services,
        ]
        .concat(),
    );
    env.run_ok(&["service", "web", "--public", "Storefront"]);
    env
}

#[test]
fn typed_text_stands_in_a_brief_as_it_was_typed() {
    let env = storefront();
    env.log("10:00 fault: x @web !degraded");
    env.run_ok(&["set", "customer-impact", "web pages are slow at web-3"]);
    let wording = "Your web shop works again.";
    env.run_ok(&["log", "--customer", wording, "10:30 action: x"]);
    let brief = env.run_ok(&["brief"]);
    for says in [
        "#1 Knight web lost:",
        "Customers: web pages are slow at web-3\n",
        "State: Storefront degraded since 10:00 UTC",
        "action: Your web shop works again",
    ] {
        assert!(brief.contains(says), "{says}: {brief}");
    }
    let json = env.run_json(&["brief", "--json"]);
    assert_eq!(
        json["facts"]["customers"]["text"],
        "web pages are slow at web-3"
    );
}

#[test]
fn own_words_of_a_brief_name_no_internal_service() {
    let env = storefront();
    env.log("10:00 fault: x @web !down");
    env.log("10:20 restore: @db-primary-7 @web");
    let brief = env.run_ok(&["brief"]);
    assert!(!brief.contains("db-primary"), "{brief}");
    let left_out = "(the state before the restore of 10:20 UTC was not recorded)";
    assert!(brief.contains(left_out), "{brief}");
    env.run_ok(&["service", "db-primary-7", "--public", "Orders"]);
    let brief = env.run_ok(&["brief"]);
    let left_out = "(without Orders before the restore of 10:20 UTC: the state was not recorded)";
    assert!(brief.contains(left_out), "{brief}");
}

#[test]
fn brief_does_not_ask_whether_customers_are_hit_beside_a_name_that_is() {
    let env = storefront();
    env.log("09:50 fault: odd @db-primary-7");
    env.log("10:00 fault: slow @web !degraded");
    let brief = env.run_ok(&["brief"]);
    assert!(brief.contains("Customers: hit; what"), "{brief}");
    assert!(brief.contains("Storefront degraded since 10:00"), "{brief}");
}

#[test]
fn what_is_done_is_of_now_and_has_a_colon_only_before_words() {
    let env = storefront();
    env.log("10:00 fault: x @web !down");
    env.log("10:40 restore: @web");
    let doing = |brief: &str| {
        let mut lines = brief.lines();
        lines
            .find(|line| line.contains("one: "))
            .unwrap()
            .to_owned()
    };
    env.run_ok(&["resolve", "--at", "11:00"]);
    let line = doing(&env.run_ok(&["brief"]));
    assert_eq!(line, "Done: 10:40 UTC restore");
    env.run_ok(&["reopen", "--incident", "1", "--at", "12:00", "again"]);
    let line = doing(&env.run_ok(&["brief"]));
    assert_eq!(
        line,
        "Being done: nothing recorded since it was reopened at 12:00 UTC"
    );
    env.log("12:10 action: look again");
    let line = doing(&env.run_ok(&["brief"]));
    assert_eq!(line, "Being done: 12:10 UTC action: look again");
}
