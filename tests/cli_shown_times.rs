//! Times in what is printed have their day wherever it is not that of a heading.
#![allow(clippy::unwrap_used)]

mod common;

use common::TestEnv;

#[test]
fn history_is_in_the_order_of_writing_and_has_the_day_of_each_time() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-26T20:00:00Z");
    env.run_ok(&["declare", "x", "--zone", "UTC", "--at", "2026-11-20 09:00"]);
    let handle = env.log("2026-11-20 09:05 first");
    // The clock went back an hour between the two.
    env.set_now("2026-11-26T19:00:00Z");
    env.run_ok(&["amend", &handle, "2026-11-19 09:05 second"]);
    let history = env.run_ok(&["history", &handle]);
    let rows: Vec<&str> = history.lines().skip(1).collect();
    assert!(
        rows[0].contains("2026-11-20 09:05") && rows[0].contains("first"),
        "{history}"
    );
    assert!(
        rows[1].contains("2026-11-19 09:05") && rows[1].contains("second"),
        "{history}"
    );
    let json = env.run_json(&["history", &handle, "--json"]);
    assert_eq!(json["versions"][1]["value"]["text"], "second");
}

#[test]
fn lint_and_spans_over_midnight_say_the_day() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-26T20:00:00Z");
    env.run_ok(&[
        "declare",
        "x",
        "--zone",
        "UTC",
        "--at",
        "2026-11-20 09:00",
        "--service",
        "a",
    ]);
    env.run_ok(&["log", "2026-11-20 09:00 fault: halted @a !down"]);
    env.run_ok(&[
        "log",
        "2026-11-20 23:50..2026-11-21 00:10 note: disks copied",
    ]);
    env.run_ok(&["log", "2026-11-21 08:00 restore: back @a"]);
    let lint = env.run(&["lint"]).stdout;
    assert!(
        lint.contains("from 2026-11-20 09:00 UTC to 2026-11-20 23:50 UTC"),
        "{lint}"
    );
    let show = env.run_ok(&["show"]);
    assert!(show.contains("23:50-21 Nov 00:10"), "{show}");
}
