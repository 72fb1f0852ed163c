//! Drills, tickets and channels, own severities, a filtered list, and a letter that was marked as sent by mistake.
#![allow(clippy::unwrap_used, reason = "this is a test")]

mod common;
use common::TestEnv;
use serde_json::Value as Json;

fn env_with_drill() -> TestEnv {
    let mut env = TestEnv::new();
    env.write_config("contact = \"help@acme.example\"\n");
    env.set_now("2026-11-28T08:00:00Z");
    env.run_ok(&[
        "declare",
        "Disk fails",
        "--service",
        "db",
        "--drill",
        "--severity",
        "sev2",
    ]);
    env.log("absorbed: the mirror took over @db #mirror");
    env.log("restore: rebuilt @db");
    env
}

fn drills(env: &TestEnv) -> Vec<bool> {
    let listed = env.run_json(&["list", "--json"]);
    listed
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["drill"].as_bool().unwrap())
        .collect()
}

#[test]
fn drill_is_said_everywhere_and_counted_nowhere() {
    let env = env_with_drill();
    assert_eq!(drills(&env), [true]);
    for verb in [
        &["show"][..],
        &["list"],
        &["status"],
        &["status", "--brief"],
        &["email"],
        &["postmortem"],
    ] {
        let text = env.run_ok(verb);
        assert!(text.contains("DRILL"), "{verb:?}: {text}");
    }
    let html = env.run_ok(&["postmortem", "--format", "html"]);
    assert!(html.contains("<b>DRILL</b>"));
    assert_eq!(
        env.run_json(&["postmortem", "--format", "json"])["incident"]["drill"],
        true
    );
    let email = env.run_ok(&["email"]);
    let mut lines = email.lines();
    assert!(
        lines.next().unwrap().starts_with("Subject: DRILL: "),
        "{email}"
    );
    assert_eq!(
        lines.nth(1),
        Some("This is a drill. Nothing of what follows happened.")
    );
    assert!(
        env.run_ok(&["email", "--format", "eml"])
            .contains("Subject: DRILL: ")
    );
    let lint = env.run(&["lint", "--stage", "update"]);
    assert!(
        lint.stdout.contains("this incident is a drill"),
        "{}",
        lint.stdout
    );
    assert_eq!(env.run_json(&["ledger", "--json"])["held"], 0);
    assert_eq!(env.run_json(&["ledger", "--json", "--drills"])["held"], 1);
    let incidents = |args: &[&str]| env.run_json(args)["incidents"].as_array().unwrap().len();
    assert_eq!(incidents(&["stats", "--json"]), 0);
    assert_eq!(incidents(&["stats", "--json", "--drills"]), 1);
    env.run_ok(&["verify"]);
    // A template of the user's own from before drills had words.
    let words = include_str!("../templates/words.j2");
    let older: Vec<&str> = words.lines().filter(|l| !l.contains("drill_")).collect();
    env.write_template("words.j2", older.join("\n").as_bytes());
    assert!(env.run_ok(&["email"]).starts_with("Subject: DRILL: "));
    let own = words.replace("\"DRILL: {}\"", "\"EXERCISE: {}\"");
    env.write_template("words.j2", own.as_bytes());
    assert!(env.run_ok(&["email"]).starts_with("Subject: EXERCISE: "));
}

#[test]
fn drill_can_be_set_cleared_undone_and_travels() {
    let env = env_with_drill();
    env.run_ok(&["set", "drill", "none"]);
    assert_eq!(drills(&env), [false]);
    assert!(!env.run_ok(&["email"]).contains("DRILL"));
    assert_eq!(env.run_json(&["ledger", "--json"])["held"], 1);
    env.run_ok(&["undo"]);
    assert_eq!(drills(&env), [true]);
    env.run_ok(&["redo"]);
    env.run_ok(&["set", "drill", "yes"]);
    env.run(&["set", "drill", "maybe"])
        .assert_error(2, &["neither yes nor no"]);
    let file = env.path().join("all.jsonl");
    std::fs::write(&file, env.run_ok(&["export", "jsonl"])).unwrap();
    let other = env.path().join("other.db");
    let (file, other) = (file.to_str().unwrap(), other.to_str().unwrap());
    env.run_ok(&["--db", other, "import", "jsonl", file]);
    assert_eq!(
        env.run_json(&["--db", other, "list", "--json"])[0]["drill"],
        true
    );
}

#[test]
fn undo_takes_a_declared_drill_back_as_one_act() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "Disk fails", "--drill"]);
    env.run_ok(&["undo"]);
    assert!(drills(&env).is_empty());
    env.run_ok(&["redo"]);
    assert_eq!(drills(&env), [true]);
}

#[test]
fn drill_is_not_merged_with_what_happened() {
    let env = env_with_drill();
    env.run_ok(&["declare", "Disk fails for real"]);
    env.run(&["merge", "1", "--into", "2"])
        .assert_error(1, &["is a drill", "set drill none --incident 1"]);
    env.run_ok(&["set", "drill", "none", "--incident", "1"]);
    env.run_ok(&["merge", "1", "--into", "2"]);
    assert_eq!(drills(&env), [false]);
}

#[test]
fn ticket_and_channel_are_links_in_the_head_where_they_are_addresses() {
    let env = env_with_drill();
    env.run_ok(&["set", "ticket", "https://tracker.example/OPS-7"]);
    env.run_ok(&["set", "channel", "#inc-7 javascript:alert(1)"]);
    let markdown = env.run_ok(&["postmortem"]);
    assert!(
        markdown.contains("Ticket: <https://tracker.example/OPS-7>"),
        "{markdown}"
    );
    let html = env.run_ok(&["postmortem", "--format", "html"]);
    assert!(html.contains("<a href=\"https://tracker.example/OPS-7\""));
    assert!(!html.contains("href=\"javascript"));
    assert!(html.contains("#inc-7 javascript:alert(1)"));
    for verb in ["show", "status"] {
        let text = env.run_ok(&[verb]);
        assert!(
            text.contains("ticket https://tracker.example/OPS-7"),
            "{text}"
        );
        assert!(text.contains("channel #inc-7"), "{text}");
    }
    assert!(!env.run_ok(&["email"]).contains("tracker.example"));
}

#[test]
fn list_has_only_the_incidents_that_are_asked_for() {
    let mut env = TestEnv::new();
    for (now, title, severity) in [
        ("2026-09-01T08:00:00Z", "first", Some("sev1")),
        ("2026-10-01T08:00:00Z", "second", Some("sev2")),
        ("2026-11-01T08:00:00Z", "third", None),
    ] {
        env.set_now(now);
        let mut args = vec!["declare", title];
        args.extend(severity.iter().flat_map(|s| ["--severity", s]));
        env.run_ok(&args);
        if title == "first" {
            env.run_ok(&["resolve"]);
        }
    }
    let titles = |args: &[&str]| -> Vec<String> {
        let all = [&["list", "--json"], args].concat();
        let rows = env.run_json(&all);
        let title = |row: &Json| row["title"].as_str().unwrap().to_owned();
        rows.as_array().unwrap().iter().map(title).collect()
    };
    assert_eq!(titles(&[]), ["third", "second", "first"]);
    assert_eq!(titles(&["--open"]), ["third", "second"]);
    assert_eq!(titles(&["--since", "6w"]), ["third", "second"]);
    assert_eq!(
        titles(&["--since", "2026-09-02", "--until", "2026-10-01"]),
        ["second"]
    );
    assert_eq!(
        titles(&["--severity", "SEV1", "--severity", "none"]),
        ["third", "first"]
    );
    assert_eq!(titles(&["--open", "--severity", "sev1"]), [""; 0]);
    let none = env.run_ok(&["list", "--open", "--severity", "sev1"]);
    assert!(
        none.starts_with("no such incident; there are 3 in all"),
        "{none}"
    );
    env.run(&["list", "--since", "soon"])
        .assert_error(2, &["soon"]);
}

#[test]
fn letter_marked_as_sent_by_mistake_is_a_draft_again() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-28T08:00:00Z");
    env.run_ok(&["declare", "DB down", "--service", "db", "--state", "down"]);
    env.log("fault: halted @db tell: It stopped.");
    env.run_ok(&["set", "product", "Acme"]);
    let letter = env.path().join("letter.txt");
    std::fs::write(&letter, "Subject: Acme is down\n\nIt stopped.\n").unwrap();
    let letter = letter.to_str().unwrap();
    env.run_ok(&["email", "--save", "--text", letter]);
    env.run_ok(&["email", "--approve", "ann", "m1"]);
    env.set_now("2026-11-28T08:10:00Z");
    let first_update = |env: &TestEnv| {
        env.run_json(&["metrics", "1", "--json"])["metrics"]["time_to_first_update"]["seconds"]
            .clone()
    };
    assert_eq!(first_update(&env), Json::Null);
    let other = env.path().join("other.txt");
    std::fs::write(&other, "Another text.\n").unwrap();
    env.run(&["email", "--unsent", "m1", "--reason", "x"])
        .assert_error(1, &["m1 was not sent"]);
    env.run_ok(&[
        "email",
        "--sent",
        "m1",
        "--via",
        "email",
        "--text",
        other.to_str().unwrap(),
    ]);
    assert_eq!(first_update(&env), 600);
    env.run(&["email", "--approve", "bo", "m1"])
        .assert_error(1, &["email --unsent m1 --reason"]);
    let back = env.run_ok(&[
        "email",
        "--unsent",
        "m1",
        "--reason",
        "it is in the outbox still",
    ]);
    assert!(back.starts_with("not sent: m1 of incident 1"), "{back}");
    assert_eq!(first_update(&env), Json::Null);
    // The text that was approved, and its approval, are back.
    assert!(
        env.run_ok(&["email", "--show", "m1"])
            .contains("It stopped.")
    );
    let listed = env.run_ok(&["email", "--list"]);
    assert!(
        listed.contains("approved by ann, not sent after all: it is in the outbox still"),
        "{listed}"
    );
    env.run_ok(&["undo"]);
    assert_eq!(first_update(&env), 600);
    env.run_ok(&["redo"]);
    env.set_now("2026-11-28T08:20:00Z");
    env.run_ok(&["email", "--sent", "m1", "--via", "email"]);
    assert_eq!(first_update(&env), 1200);
    assert_eq!(
        env.run_json(&["email", "--list", "--json"])["messages"][0]["unsent"],
        Json::Null
    );
    env.run_ok(&["verify"]);
}

#[test]
fn severities_of_the_settings_are_the_ones_that_can_be_typed() {
    let mut env = TestEnv::new();
    env.run_ok(&["declare", "before", "--severity", "sev0"]);
    env.run_ok(&["resolve"]);
    env.write_config("severities = [\"critical\", \"major\", \"minor\"]\n");
    env.set_now("2026-11-28T08:00:00Z");
    env.run(&["declare", "x", "--severity", "sev1"])
        .assert_error(
            2,
            &["`sev1` is not a severity", "one of: critical, major, minor"],
        );
    env.run_ok(&["declare", "slow", "--severity", "Minor"]);
    env.run_ok(&["set", "severity", "MAJOR"]);
    let row = |env: &TestEnv, n: usize| env.run_json(&["list", "--json"])[n]["severity"].clone();
    assert_eq!(row(&env, 0), "major");
    // What was recorded before the settings still reads and shows.
    assert_eq!(row(&env, 1), "sev0");
    assert!(env.run_ok(&["show", "1"]).contains("SEV0"));
    assert!(env.run_ok(&["postmortem", "2"]).contains("**major**"));
    let listed = env.run_json(&["list", "--json", "--severity", "major"]);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    env.run_ok(&["resolve"]);
    env.run_ok(&["set", "severity", "critical", "--incident", "2"]);
    assert_eq!(row(&env, 0), "critical");
    let stats = env.run_ok(&["stats"]);
    let (critical, before) = (stats.find("  critical "), stats.rfind("  sev0 "));
    assert!(critical.unwrap() < before.unwrap(), "{stats}");
    env.run_ok(&["undo"]);
    assert_eq!(row(&env, 0), "major");
    env.run_ok(&["verify"]);
    env.write_config("severities = [\"very bad\"]\n");
    let listed = env.run(&["list"]);
    assert!(
        listed.stderr.contains("`very bad` cannot name a severity"),
        "{}",
        listed.stderr
    );
}

#[test]
fn history_shows_what_each_version_changed() {
    let env = TestEnv::with_incident(&[]);
    let logged = env.run_json(&["log", "--json", "fault: x @a !down"]);
    let handle = logged["handle"].as_str().unwrap().to_owned();
    env.run_ok(&["amend", &handle, "--service", "b"]);
    env.run_ok(&["amend", &handle, "--tag", "t"]);
    let added = env.run_json(&["task", "add", "Fix", "--owner", "raj", "--json"]);
    let task = added["handle"].as_str().unwrap().to_owned();
    env.run_ok(&["task", "set", &task, "--owner", "ann"]);
    env.run_ok(&["task", "set", &task, "--state", "started"]);
    for (handle, expected) in [
        (&handle, &["@a", "@b", "@b #t"][..]),
        (
            &task,
            &[
                "planned: Fix @raj",
                "planned: Fix @ann",
                "started: Fix @ann",
            ],
        ),
    ] {
        let history = env.run_ok(&["history", handle]);
        let versions: Vec<&str> = history.lines().skip(1).collect();
        assert_eq!(versions.len(), expected.len(), "{history}");
        for (version, expected) in versions.iter().zip(expected) {
            assert!(version.contains(expected), "{version} {expected}");
        }
    }
}

#[test]
fn a_mark_alone_is_no_text_of_an_amendment() {
    let env = TestEnv::with_incident(&[]);
    let logged = env.run_json(&["log", "--json", "fault: x @a !down"]);
    let handle = logged["handle"].as_str().unwrap();
    for mark in ["-", "!-", "@-", "#-"] {
        env.run(&["amend", handle, mark])
            .assert_error(2, &["is not a text", "--state -"]);
    }
    env.run_ok(&["amend", handle, "--state", "-"]);
}

#[test]
fn the_rest_of_a_time_is_no_text_of_an_amendment() {
    let mut env = TestEnv::with_incident(&[]);
    env.set_now("2012-08-18T15:00:00Z");
    let logged = env.run_json(&["log", "--json", "yesterday 10:00 web down"]);
    let handle = logged["handle"].as_str().unwrap();
    let text = |env: &TestEnv| {
        let shown = env.run_json(&["show", "1", "--json"]);
        let mut events = shown["events"].as_array().unwrap().iter();
        let event = events.find(|event| event["handle"] == handle);
        event.unwrap()["text"].as_str().unwrap().to_owned()
    };
    for typed in ["Tue", "25.11.", "until 10:20", "5 min later", "10h50"] {
        env.run(&["amend", handle, typed])
            .assert_error(2, &["would replace the text", "a backslash before it"]);
    }
    for typed in ["10:10 Uhr", "10:11 (Wed)"] {
        env.run_ok(&["amend", handle, typed]);
        assert_eq!(text(&env), "web down", "{typed}");
    }
    for (typed, expected) in [("10:12 \\Tue", "Tue"), ("\\until 10:20", "until 10:20")] {
        env.run_ok(&["amend", handle, typed]);
        assert_eq!(text(&env), expected);
    }
}

#[test]
fn a_time_at_the_start_of_a_title_is_said_to_be_text() {
    for (title, is_said) in [
        ("10:06 Outage", true),
        ("yesterday 23:50 Outage", true),
        ("13h50 Outage", true),
        ("3 nodes lost", false),
        ("Outage since 10:06", true),
        ("Outage of 12:30 nodes", false),
    ] {
        let env = TestEnv::new();
        let said = env.run(&["declare", title]).stderr;
        assert_eq!(said.contains("`--at` gives its time"), is_said, "{said}");
    }
    let env = TestEnv::new();
    let said = env.run(&["declare", "10:06 Outage", "--at", "-5m"]).stderr;
    assert!(!said.contains("`--at` gives"), "{said}");
}

#[test]
fn person_named_in_a_block_is_known_to_the_lines_below() {
    let env = TestEnv::with_incident(&["--at", "8:00"]);
    let block = b"8:01 ask: look at it @raj\n8:02 ack: on it @raj\n";
    let logged = env.run_with_stdin(&["log", "-"], block);
    assert!(
        !logged.stderr.contains("neither a service"),
        "{}",
        logged.stderr
    );
    let shown = env.run_json(&["show", "1", "--json"]);
    let ack = shown["events"].as_array().unwrap().last().unwrap();
    assert_eq!(ack["people"], serde_json::json!(["raj"]));
}
