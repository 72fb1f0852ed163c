//! Times in what is printed have their day wherever it is not that of a heading.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TestEnv, tamper};

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

#[test]
fn declare_says_that_the_zone_of_the_system_is_unknown() {
    let env = TestEnv::new();
    let declare = |zone: &str, args: &[&str]| {
        let mut command = env.command(args);
        let command = command.env_remove("BRIDGELOG_ZONE").env("TZ", zone);
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    let note = "not known by name, so the incident is in UTC";
    for zone in ["Mars/Phobos", "EST5EDT,M3.2.0,M11.1.0"] {
        let said = declare(zone, &["declare", "x"]);
        assert!(said.contains(note), "{zone}: {said}");
        let said = declare(zone, &["declare", "x", "--zone", "Europe/Berlin"]);
        assert!(!said.contains(note), "{zone}: {said}");
    }
    for zone in ["Europe/Berlin", "UTC", "Etc/UTC"] {
        let said = declare(zone, &["declare", "x"]);
        assert!(!said.contains(note), "{zone}: {said}");
    }
}

#[test]
fn lists_name_an_unknown_zone_beside_times_in_utc() {
    let env = TestEnv::worked_example();
    tamper(
        &env.db_path(),
        "UPDATE incident SET zone='Mars/\u{1b}[31mPhobos'",
    );
    for args in [
        &["list"][..],
        &["stats", "--since", "2012-01-01"],
        &["ledger", "--since", "2012-01-01"],
    ] {
        let shown = env.run_ok(args);
        assert!(
            shown.contains("(the zone Mars/\\u{1b}[31mPhobos is unknown)"),
            "{args:?}: {shown}"
        );
    }
    // One incident alone is refused, with the name.
    env.run(&["show", "1"])
        .assert_error(2, &["is not a time zone", "Mars/"]);
}

#[test]
fn history_tells_an_unreadable_version_from_a_destroyed_one() {
    let mut env = TestEnv::new();
    env.set_now("2012-08-16T14:20:00Z");
    env.run_ok(&["declare", "x"]);
    let handle = env.log("10:05 first");
    env.run_ok(&["amend", &handle, "10:06 second"]);
    let version = |env: &TestEnv, at: usize| {
        env.run_json(&["history", &handle, "--json"])["versions"][at].clone()
    };
    let whole = version(&env, 0);
    assert!(
        whole["unreadable"].is_null() && whole["destroyed"] == false,
        "{whole}"
    );
    tamper(
        &env.db_path(),
        "UPDATE entry SET body='{}' WHERE body LIKE '%10:05:00%'",
    );
    let damaged = version(&env, 0);
    assert!(
        damaged["unreadable"].is_string() && damaged["destroyed"] == false,
        "{damaged}"
    );
    assert!(env.run_ok(&["history", &handle]).contains("unread"));
    env.run_ok(&["redact", &handle, "--reason", "x", "--yes"]);
    let destroyed = version(&env, 1);
    assert!(
        destroyed["unreadable"].is_null() && destroyed["destroyed"] == true,
        "{destroyed}"
    );
}

#[test]
fn times_of_an_hour_that_the_clock_shows_twice_can_be_told_apart() {
    let mut env = TestEnv::new();
    env.set_now("2026-10-25T02:30:00Z");
    let start = ["--zone", "Europe/Berlin", "--at", "2026-10-25T00:50:00Z"];
    env.run_ok(
        &[
            &["declare", "x", "--service", "web", "--state", "down"][..],
            &start,
        ]
        .concat(),
    );
    env.run_ok(&["log", "2026-10-25T01:20:00Z restore: back !ok"]);
    let handle = env.log("02:40 CEST..02:10 CET note: disks copied");
    let show = env.run_ok(&["show"]);
    let rows: Vec<&str> = show.lines().skip(2).collect();
    let expected = [
        "Sun 25 Oct 2026 CEST",
        "02:40-02:10 CET",
        "02:50",
        "Sun 25 Oct 2026 CET",
        "02:20",
    ];
    for (row, expected) in rows.iter().zip(expected) {
        assert!(row.trim_start().starts_with(expected), "{expected}: {show}");
    }
    let history = env.run_ok(&["history", &handle]);
    assert!(
        history.contains("2026-10-25 02:40 CEST until 2026-10-25 02:10 CET"),
        "{history}"
    );
    // Where all times have one offset, the head of `show` says enough.
    env.run_ok(&["declare", "y", "--zone", "Europe/Berlin"]);
    let show = env.run_ok(&["show", "2"]);
    assert!(show.lines().any(|row| row == "Sun 25 Oct 2026"), "{show}");
}
