//! The incidents of a period side by side.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::Env;

#[test]
fn each_incident_stands_with_its_own_figures() {
    let mut env = Env::example();
    env.ok(&["task", "decline", &decline(&env), "--reason", "too dear"]);
    env.at("2012-11-20T13:00:00Z");
    env.ok(&[
        "declare",
        "Search is slow",
        "--severity",
        "sev3",
        "--service",
        "search",
        "--state",
        "degraded",
    ]);
    let stats = env.json(&["stats", "--json"]);
    let incidents = stats["incidents"].as_array().unwrap();
    assert_eq!(incidents.len(), 2);
    assert_eq!(incidents[0]["metrics"]["impact"]["seconds"], 200 * 60);
    assert_eq!(stats["by_severity"]["sev1"], serde_json::json!(["1"]));
    assert_eq!(stats["by_service"]["search"], serde_json::json!(["2"]));
    assert_eq!(
        stats["followups"],
        serde_json::json!({"open": 1, "overdue": 1, "declined": 1, "done": 0})
    );
    let text = env.ok(&["stats"]);
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
        env.json(&["stats", "--since", "1mo", "--json"])["incidents"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert!(!env.ok(&["stats", "--service", "search"]).contains("AVR"));
    assert!(
        env.ok(&["stats", "--service", "none"])
            .contains("no incident")
    );
    env.run(&["stats", "--since", "soon"])
        .refused(2, &["hint: "]);
}

fn decline(env: &Env) -> String {
    let tasks = env.json(&["task", "list", "--json"]);
    tasks["tasks"][1]["handle"].as_str().unwrap().to_owned()
}
