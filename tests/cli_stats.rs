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
