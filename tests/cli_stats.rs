//! `bridgelog stats`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;

#[test]
fn stats_lists_metrics_per_incident_and_group() {
    let mut env = TestEnv::worked_example();
    env.run_ok(&["task", "decline", &decline(&env), "--reason", "too dear"]);
    env.set_now("2012-11-20T13:00:00Z");
    env.run_ok(&[
        "declare",
        "Search is slow",
        "--severity",
        "sev3",
        "--service",
        "search",
        "--state",
        "degraded",
    ]);
    let stats = env.run_json(&["stats", "--json"]);
    let incidents = stats["incidents"].as_array().unwrap();
    assert_eq!(incidents.len(), 2);
    assert_eq!(incidents[0]["metrics"]["impact"]["seconds"], 200 * 60);
    assert_eq!(stats["by_severity"]["sev1"], serde_json::json!(["1"]));
    assert_eq!(stats["by_service"]["search"], serde_json::json!(["2"]));
    assert_eq!(
        stats["followups"],
        serde_json::json!({"open": 1, "overdue": 1, "declined": 1, "done": 0})
    );
    let text = env.run_ok(&["stats"]);
    for says in [
        "~3 h 20 min",
        "by severity",
        "sev3",
        "impact 1: ~3 h 20 min",
        "declined   1",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(!text.to_lowercase().contains("mean") && !text.contains("average"));
    assert_eq!(
        env.run_json(&["stats", "--since", "1mo", "--json"])["incidents"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert!(
        !env.run_ok(&["stats", "--service", "search"])
            .contains("AVR")
    );
    assert!(
        env.run_ok(&["stats", "--service", "none"])
            .contains("no incident")
    );
    env.run(&["stats", "--since", "soon"])
        .assert_error(2, &["hint: "]);
}

fn decline(env: &TestEnv) -> String {
    let tasks = env.run_json(&["task", "list", "--json"]);
    tasks["tasks"][1]["handle"].as_str().unwrap().to_owned()
}

#[test]
fn figures_of_several_days_keep_their_columns_apart() {
    let mut env = TestEnv::new();
    env.write_config("zone = \"UTC\"\n");
    env.set_now("2026-03-20T12:00:00Z");
    env.run_ok(&[
        "declare",
        "--zone",
        "UTC",
        "Long",
        "--service",
        "web",
        "--at",
        "2026-03-02 10:00",
    ]);
    env.log("2026-03-02 10:00 fault: x @web !down");
    env.run_ok(&["log", "2026-03-17 18:10 restore: @web ok"]);
    env.run_ok(&["resolve"]);
    let stats = env.run_ok(&["stats"]);
    let row = stats.lines().find(|line| line.ends_with("Long")).unwrap();
    assert_eq!(row.matches("  about 15 d 8 h").count(), 5, "{stats}");
}

#[test]
fn service_that_was_restored_before_its_first_state_has_the_impact_of_the_incident() {
    let mut env = TestEnv::new();
    env.write_config("zone = \"UTC\"\n");
    env.set_now("2026-03-02T12:30:00Z");
    env.run_ok(&[
        "declare",
        "--zone",
        "UTC",
        "X",
        "--service",
        "web",
        "--at",
        "05:00",
    ]);
    env.log("05:15 restore: @web");
    env.log("08:45 fault: slow @web !degraded");
    env.run_ok(&["resolve", "--at", "12:00"]);
    let stats = env.run_ok(&["stats"]);
    let by_service = stats
        .lines()
        .find(|line| line.trim_start().starts_with("web "));
    assert!(
        by_service.unwrap().contains("impact 1: 3 h 15 min"),
        "{stats}"
    );
    let metrics = env.run_json(&["metrics", "1", "--json"]);
    assert_eq!(metrics["metrics"]["impact"]["seconds"], 3 * 3600 + 900);
}
