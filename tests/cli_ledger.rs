//! The ledger of absorbed faults, in incidents and unfiled.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;

#[test]
fn ledger_counts_absorbed_and_lists_overcome_faults() {
    let env = TestEnv::worked_example();
    let ledger = env.run_json(&["ledger", "--json"]);
    assert_eq!(
        (&ledger["held"], &ledger["overcome"]),
        (&2.into(), &1.into())
    );
    let faults = ledger["faults"].as_array().unwrap();
    let names: Vec<&str> = faults
        .iter()
        .map(|f| f["protection"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["mirror", "power", "hardware"]);
    assert_eq!(faults[0]["at_risk_seconds"], (12 * 60 + 28) * 60);
    assert_eq!(faults[0]["incident"], serde_json::Value::Null);
    assert!(faults[2]["overcome_by"].is_string());
    let text = env.run_ok(&["ledger"]);
    assert!(
        text.contains("2 near misses, by protection: mirror 1, power 1"),
        "{text}"
    );
    assert!(
        env.run_ok(&["ledger", "--since", "6w"])
            .contains("1 near miss")
    );
    assert!(
        env.run_ok(&["ledger", "--service", "@mail"])
            .contains("power 1")
    );
    let letter = env.run_ok(&["email", "--stage", "followup"]);
    let flat = letter.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("our protections caught 2 other faults"),
        "{letter}"
    );
    assert!(
        env.run_ok(&["postmortem"])
            .contains("## Outages that did not happen")
    );
    env.run_ok(&["set", "--incident", "1", "ledger-in-letter", "no"]);
    assert!(
        !env.run_ok(&["email", "--stage", "followup"])
            .contains("our protections caught")
    );
}

#[test]
fn ledger_since_accepts_common_periods() {
    let env = TestEnv::worked_example();
    for period in ["3mo", "12w", "90d", "1y", "2012-05-20", "3 months"] {
        env.run_ok(&["ledger", "--since", period]);
    }
    for period in ["", "soon", "-3mo", "99999999999mo", "5000000y"] {
        env.run(&["ledger", "--since", period])
            .assert_error(2, &["hint: "]);
    }
    assert!(
        TestEnv::worked_example()
            .run_ok(&["ledger", "--service", "none"])
            .contains("no near miss was logged")
    );
}

#[test]
fn postmortem_lists_related_incidents_and_open_tasks() {
    let env = TestEnv::worked_example();
    env.run_ok(&["declare", "Another halt", "--service", "online-db"]);
    let text = env.run_ok(&["postmortem"]);
    assert!(
        text.contains("- **Incident 1**, 2012-08-16: AVR Online outage (in common: online-db)"),
        "{text}"
    );
    assert!(text.contains("  - Not done: Fail over to a warm standby, owner: raj, due 2012-10-31"));
    env.run_ok(&["resolve"]);
    env.run_ok(&["declare", "Unlike", "--service", "mail"]);
    env.run_ok(&["log", "a note #hardware"]);
    let text = env.run_ok(&["postmortem"]);
    assert!(
        text.contains("(in common: tags: hardware)") && !text.contains("Another halt"),
        "{text}"
    );
}

#[test]
fn documents_count_only_what_was_over_before_the_incident() {
    let mut env = TestEnv::new();
    env.set_now("2026-06-10T12:00:00Z");
    let caught = |line: &str, over: Option<&str>| {
        env.run_ok(&["log", line]);
        if let Some(over) = over {
            env.run_ok(&["log", over]);
        }
    };
    // Counted.
    let counted = env.run_ok(&[
        "log",
        "2026-03-05 10:00 UTC absorbed: a disk failed @one #mirror",
    ]);
    let counted = counted.split_whitespace().nth(2).unwrap().to_owned();
    env.run_ok(&["log", "2026-03-06 10:00 UTC restore: @one"]);
    // Before the three months; not over; over only after the impact began.
    caught(
        "2026-02-28 23:59 UTC absorbed: a disk failed @two #mirror",
        Some("2026-03-02 10:00 UTC restore: @two"),
    );
    caught(
        "2026-05-01 10:00 UTC absorbed: a disk failed @three #mirror",
        None,
    );
    caught(
        "2026-05-01 10:00 UTC absorbed: a disk failed @four #mirror",
        Some("2026-06-02 10:00 UTC restore: @four"),
    );
    let overcome = env.run_ok(&[
        "log",
        "2026-05-02 10:00 UTC absorbed: a disk failed @five #mirror",
    ]);
    let overcome = overcome.split_whitespace().nth(2).unwrap().to_owned();
    env.run_ok(&["log", "2026-05-03 10:00 UTC restore: @five"]);
    env.run_ok(&[
        "log",
        &format!("2026-05-04 10:00 UTC fault: gone @five ^{overcome}"),
    ]);
    env.run_ok(&[
        "declare",
        "x",
        "--zone",
        "UTC",
        "--at",
        "2026-06-01 09:00",
        "--service",
        "db",
    ]);
    // The incident's own.
    env.run_ok(&["log", "2026-06-01 09:30 absorbed: one disk of @db"]);
    env.run_ok(&["log", "2026-06-01 09:40 restore: @db"]);
    env.run_ok(&["log", "2026-06-01 10:00 fault: @db halted !down"]);
    env.run_ok(&["log", "2026-06-01 11:00 restore: @db"]);
    env.run_ok(&["resolve", "--at", "2026-06-01 12:00"]);
    env.run_ok(&["set", "--incident", "1", "ledger-in-letter", "yes"]);
    let documents = |env: &TestEnv| {
        let letter = env.run_ok(&["email", "1", "--stage", "followup"]);
        let flat = letter.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            flat.contains("(1 March to 1 June 2026) our protections caught 1 other fault before"),
            "{letter}"
        );
        let postmortem = env.run_ok(&["postmortem", "1"]);
        assert!(
            postmortem.contains("before this incident, 1 fault was caught"),
            "{postmortem}"
        );
        letter
    };
    let before = documents(&env);
    // What is logged later changes nothing.
    env.run_ok(&[
        "log",
        "2026-06-09 10:00 UTC absorbed: a disk failed @six #mirror",
    ]);
    env.run_ok(&["log", "2026-06-09 11:00 UTC restore: @six"]);
    env.run_ok(&[
        "log",
        &format!("2026-06-09 12:00 UTC fault: gone @one ^{counted}"),
    ]);
    let ledger = env.run_ok(&["ledger"]);
    assert!(ledger.contains("exceeded by"), "{ledger}");
    env.set_now("2027-06-10T12:00:00Z");
    assert_eq!(documents(&env), before);
}

#[test]
fn near_miss_that_went_down_outside_of_any_incident_is_not_counted() {
    let mut env = TestEnv::new();
    env.set_now("2026-06-20T20:00:00Z");
    for line in [
        "2026-04-13 10:00 UTC absorbed: a spike @e",
        "2026-04-13 11:00 UTC restore: over @e",
        "2026-04-14 10:00 UTC absorbed: one disk @d",
        "2026-04-14 10:30 UTC fault: the other @d !down",
        "2026-04-14 12:00 UTC restore: replaced @d",
    ] {
        env.log(line);
    }
    let ledger = env.run_ok(&["ledger"]);
    assert!(
        ledger.contains("exceeded by") && ledger.contains("after 30 min"),
        "{ledger}"
    );
    assert!(ledger.contains("1 near miss,"), "{ledger}");
    env.run_ok(&["declare", "Slow", "--service", "a", "--at", "19:00 UTC"]);
    env.log("19:00 UTC fault: slow @a !down");
    env.log("19:30 UTC restore: fast @a");
    env.run_ok(&["set", "ledger-in-letter", "yes"]);
    env.run_ok(&["resolve"]);
    let letter = env.run_ok(&["email", "1", "--stage", "followup"]);
    let flat = letter.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("caught 1 other fault before"), "{letter}");
}

#[test]
fn documents_of_others_have_nothing_of_a_private_incident() {
    let mut env = TestEnv::new();
    env.write_config("zone = \"UTC\"\n");
    env.set_now("2026-02-01T12:00:00Z");
    for (title, private) in [("Hidden breach in vault", true), ("Breach in vault", false)] {
        let mut declare = vec![
            "declare",
            "--zone",
            "UTC",
            title,
            "--service",
            "vault",
            "--at",
            "10:00",
        ];
        declare.extend(private.then_some("--private"));
        env.run_ok(&declare);
        env.run_ok(&[
            "log",
            &format!("10:05 absorbed: {title}, firewall caught a scan @vault #fw"),
        ]);
        env.log("10:10 decision: rotate the keys of the vault");
        env.log("10:30 restore: @vault ok");
        env.run_ok(&["task", "add", &format!("{title}: rotate"), "--prevents"]);
        env.run_ok(&["resolve", "over"]);
    }
    env.set_now("2026-03-02T12:30:00Z");
    env.run_ok(&[
        "declare",
        "--zone",
        "UTC",
        "Breach in vault",
        "--service",
        "vault",
        "--at",
        "10:05",
    ]);
    env.log("10:00 fault: firewall let a scan into the vault @vault !down");
    env.log("11:00 restore: @vault ok");
    env.run_ok(&["set", "ledger-in-letter", "yes"]);
    env.run_ok(&["resolve", "--at", "11:30", "over"]);
    for format in ["md", "html"] {
        let postmortem = env.run_ok(&["postmortem", "3", "--format", format]);
        assert!(!postmortem.contains("Hidden"), "{postmortem}");
        assert!(
            postmortem.contains("Breach in vault: rotate"),
            "{postmortem}"
        );
        assert!(postmortem.contains("1 fault was caught"), "{postmortem}");
    }
    let letter = env.run_ok(&["email", "3", "--stage", "followup"]);
    assert!(letter.contains("caught 1 other"), "{letter}");
    // On the machine itself they are shown.
    assert!(env.run_ok(&["ledger"]).contains("Hidden"));
}

#[test]
fn what_was_caught_of_a_service_that_was_hit_is_no_near_miss() {
    let mut env = TestEnv::new();
    env.write_config("zone = \"UTC\"\n");
    env.set_now("2026-02-02T12:30:00Z");
    env.run_ok(&[
        "declare",
        "--zone",
        "UTC",
        "Old",
        "--service",
        "pay",
        "--service",
        "db",
        "--at",
        "10:05",
    ]);
    env.log("10:00 fault: pay dead @pay !down");
    env.log("10:20 absorbed: cache lost meanwhile @pay #cache");
    env.log("10:30 absorbed: disk died @db #raid");
    env.log("11:00 restore: all @pay @db");
    env.run_ok(&["resolve", "ok"]);
    env.log("11:40 absorbed: something was caught #waf");
    env.set_now("2026-03-02T12:30:00Z");
    env.run_ok(&[
        "declare",
        "--zone",
        "UTC",
        "New",
        "--service",
        "web",
        "--at",
        "10:05",
    ]);
    env.log("10:00 fault: x @web !down");
    env.log("11:00 restore: @web ok");
    env.run_ok(&["set", "ledger-in-letter", "yes"]);
    env.run_ok(&["resolve", "ok"]);
    let ledger = env.run_ok(&["ledger"]);
    assert!(
        ledger.contains("2 near misses, by protection: raid 1, waf 1"),
        "{ledger}"
    );
    assert!(!ledger.contains("0 s"), "{ledger}");
    let json = env.run_json(&["ledger", "--json"]);
    assert!(
        json["faults"]
            .as_array()
            .unwrap()
            .iter()
            .any(|fault| fault["at_risk_seconds"].is_null()),
        "{json}"
    );
    let postmortem = env.run_ok(&["postmortem", "2"]);
    // Of what was caught at the firewall no end was recorded.
    assert!(postmortem.contains("1 fault was caught"), "{postmortem}");
    let letter = env.run_ok(&["email", "2", "--stage", "followup"]);
    assert!(letter.contains("caught 1 other"), "{letter}");
}

#[test]
fn what_happened_months_later_outside_of_any_incident_does_not_overcome() {
    let mut env = TestEnv::new();
    env.set_now("2026-05-01T10:00:00Z");
    env.log("absorbed: mirror took over @db #mirror");
    env.set_now("2026-07-30T10:00:00Z");
    env.log("fault: deploy broke @db !down");
    let ledger = env.run_ok(&["ledger"]);
    assert!(!ledger.contains("exceeded"), "{ledger}");
    assert!(
        ledger.contains("1 near miss, by protection: mirror 1"),
        "{ledger}"
    );
}

#[test]
fn a_near_miss_is_of_the_service_that_was_at_risk() {
    let mut env = TestEnv::new();
    env.write_config("zone = \"UTC\"\n");
    env.set_now("2026-05-01T16:00:00Z");
    let services = ["--service", "web", "--service", "api"];
    let declare = ["declare", "A", "--zone", "UTC", "--at", "10:00"];
    env.run_ok(&[&declare[..], &services].concat());
    env.log("10:01 @web !at-risk");
    env.log("10:02 fault: x @api !down");
    env.log("10:03 absorbed: y @all");
    env.log("10:04 restore: x @api");
    let ledger = env.run_ok(&["ledger"]);
    assert!(ledger.contains("by protection: web 1"), "{ledger}");
    env.log("10:13 fault: odd @web");
    env.log("10:20 restore: fine @web");
    let ledger = env.run_ok(&["ledger"]);
    assert!(
        ledger.contains("at risk for 10 min, then not known"),
        "{ledger}"
    );
}
