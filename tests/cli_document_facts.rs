//! What documents state beside each other is the same, and nothing that is not known is stated.
#![allow(clippy::unwrap_used)]

mod common;

use common::TestEnv;

/// An environment with an incident in Berlin; `lines` are logged on 25 November 2026.
fn incident(declare: &[&str], lines: &[&str]) -> TestEnv {
    let mut env = TestEnv::new();
    env.write_config("zone = \"Europe/Berlin\"\n");
    env.set_now("2026-11-25T12:00:00Z");
    env.run_ok(&[&["declare", "X", "--zone", "Europe/Berlin"], declare].concat());
    for line in lines {
        env.log(line);
    }
    env
}

/// One line, without the white space of wrapped lines.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn line<'a>(text: &'a str, label: &str) -> &'a str {
    text.lines().find(|line| line.starts_with(label)).unwrap()
}

#[test]
fn letter_says_that_all_works_again_only_once_each_name_is_known_to_work() {
    let env = incident(
        &["--service", "shop", "--service", "pay", "--at", "11:00"],
        &[
            "11:00 fault: shop @shop !down",
            "11:30 restore: shop @shop",
            "12:30 restore: pay @pay",
        ],
    );
    let handle = env.log("11:05 fault: pay odd @pay");
    env.run_ok(&["service", "shop", "--public", "Shop"]);
    env.run_ok(&["service", "pay", "--public", "Pay"]);
    env.run_ok(&["set", "product", "Acme"]);
    env.run_ok(&["resolve", "--at", "12:31"]);
    let letter = |stage: &str| flat(&env.run_ok(&["email", "1", "--stage", stage]));
    let resolved = letter("resolved");
    assert!(
        resolved.contains("Subject: Acme: working again since 12:30 CET"),
        "{resolved}"
    );
    assert!(
        resolved.contains("has been working again since 12:30 CET"),
        "{resolved}"
    );
    assert!(!resolved.contains("from 11:00 to 11:30 CET"), "{resolved}");
    assert!(resolved.contains("[[from when to when: "), "{resolved}");
    let update = letter("update");
    assert!(
        update.contains("working again since 12:30 CET, update"),
        "{update}"
    );
    env.run_ok(&["amend", &handle, "!degraded"]);
    let resolved = letter("resolved");
    assert!(
        resolved.contains("from 11:00 to 12:30 CET on Wednesday, 25 November 2026"),
        "{resolved}"
    );
}

#[test]
fn durations_of_a_brief_are_those_of_the_postmortem() {
    let env = incident(
        &["--service", "a", "--at", "11:00"],
        &["11:00:50 fault: a !down"],
    );
    env.run_ok(&["log", "11:10:10 note: all is as before"]);
    env.log("11:10:10 restore: a");
    env.run_ok(&["resolve", "--at", "11:12"]);
    let brief = env.run_ok(&["brief"]);
    assert!(
        brief.contains("11:00 CET to 11:10 CET; 10 min of impact"),
        "{brief}"
    );
    let postmortem = env.run_ok(&["postmortem"]);
    assert!(postmortem.contains("| impact | 10 min |"), "{postmortem}");
}

#[test]
fn figures_of_what_lasts_are_those_of_page_one() {
    let env = incident(
        &["--service", "a", "--at", "11:00"],
        &["11:00:50 fault: a !down", "11:10:10 note: nothing new"],
    );
    let postmortem = env.run_ok(&["postmortem"]);
    let of = |label: &str| {
        let line = line(&postmortem, label);
        let figures = line.split('|').filter(|cell| cell.contains(" so far"));
        figures.map(|cell| cell.trim().replace('*', "")).next()
    };
    assert_eq!(of("| a |"), of("| impact |"), "{postmortem}");
}

#[test]
fn longest_silence_counts_no_time_in_which_all_worked() {
    let env = incident(
        &["--service", "a", "--at", "11:00"],
        &[
            "11:00 fault: a !down",
            "11:10 restore: a",
            "12:00 fault: a !down",
            "12:10 restore: a",
        ],
    );
    let postmortem = env.run_ok(&["postmortem"]);
    assert!(
        postmortem.contains("| longest update gap | 20 min |"),
        "{postmortem}"
    );
}

#[test]
fn brief_gives_the_service_at_risk_its_own_time() {
    let env = incident(
        &["--service", "a", "--service", "b", "--at", "11:00"],
        &[
            "11:00 fault: a @a !down",
            "11:10 fault: b @b !down",
            "11:20 restore: a @a !at-risk",
            "11:40 restore: b @b",
        ],
    );
    let brief = env.run_ok(&["brief"]);
    assert!(
        brief.contains("State: working since 11:40 CET, but at risk since 11:20 CET"),
        "{brief}"
    );
}

#[test]
fn brief_says_since_when_it_works_not_since_when_redundancy_is_back() {
    let env = incident(
        &["--service", "a", "--at", "11:00"],
        &[
            "11:00 fault: a !down",
            "11:20 restore: a !at-risk",
            "11:40 restore: a",
        ],
    );
    let brief = env.run_ok(&["brief"]);
    assert!(
        brief.contains("State: working since 11:20 CET\n"),
        "{brief}"
    );
}

#[test]
fn documents_give_no_figure_that_metrics_refuse() {
    let env = incident(
        &["--service", "a", "--at", "11:30"],
        &[
            "11:00 fault: odd",
            "11:30 note: dead !down",
            "11:35 detect: alert",
            "11:40 restore: y",
        ],
    );
    let postmortem = env.run_ok(&["postmortem"]);
    assert!(!postmortem.contains("after impact start ("), "{postmortem}");
    assert!(
        postmortem.contains("alert (11:35, when the impact began is not known)"),
        "{postmortem}"
    );
    let brief = env.run_ok(&["brief"]);
    assert_eq!(
        line(&brief, "Since: "),
        "Since: not known; the state is unknown from 11:00 CET to 11:30 CET; \
         impact from 11:30 CET to 11:40 CET; how long is not known"
    );
}

#[test]
fn each_unknown_stretch_is_named_with_both_ends() {
    let env = incident(
        &["--service", "a", "--at", "11:00"],
        &[
            "11:10 fault: odd @a",
            "11:12 note: fine @a !ok",
            "11:20 fault: odd again @a",
            "11:25 restore: fine @a",
        ],
    );
    let stretches = [
        "state of a from 11:10 to 11:12",
        "state of a from 11:20 to 11:25",
    ];
    for document in [env.run_ok(&["postmortem"]), env.run(&["lint"]).stdout] {
        for stretch in stretches {
            assert!(document.contains(stretch), "{stretch}: {document}");
        }
    }
}

#[test]
fn brief_over_two_days_has_both() {
    let env = incident(
        &["--service", "a", "--at", "2026-11-24 09:00"],
        &[
            "2026-11-24 09:00 fault: a !down",
            "2026-11-25 12:00 restore: a",
        ],
    );
    let brief = env.run_ok(&["brief"]);
    assert!(
        brief.contains("Since: Tue 24 Nov 09:00 CET to Wed 25 Nov 12:00 CET; 27 h of impact"),
        "{brief}"
    );
}

#[test]
fn postmortem_has_the_people_and_tags_of_events() {
    let env = incident(
        &["--service", "web", "--at", "12:00"],
        &[
            "12:00 fault: a @web !down",
            "12:01 ask: look at lag @raj 5m",
            "12:02 ack: on it @raj #oncall",
            "12:03 detect: monitor paged @raj #nagios",
            "12:04 note: rajpath is slow @raj",
            "12:30 note: nothing new",
        ],
    );
    let markdown = env.run_ok(&["postmortem"]);
    for part in [
        "| look at lag (raj; within 5 min) |",
        "| on it (raj; tag: oncall) |",
        "monitor paged (12:03, 3 min after impact start; raj; tag: nagios)",
        "**Open request:** look at lag (12:01; asked: raj; due 12:06, overdue)",
        "| rajpath is slow (raj) |",
    ] {
        assert!(markdown.contains(part), "{part}: {markdown}");
    }
    let html = env.run_ok(&["postmortem", "--format", "html"]);
    assert!(html.contains("(raj; tag: oncall)"), "{html}");
    assert!(html.contains("asked: raj"), "{html}");
}

#[test]
fn no_letter_has_the_people_of_events() {
    let env = incident(
        &["--service", "web", "--at", "12:00"],
        &[
            "12:00 fault: a @web !down",
            "12:03 detect: paged @raj #nagios tell: We noticed.",
        ],
    );
    for stage in ["initial", "update", "resolved", "followup"] {
        let letter = env.run_ok(&["email", "--stage", stage]);
        assert!(
            !letter.contains("raj") && !letter.contains("nagios"),
            "{letter}"
        );
    }
}

#[test]
fn table_of_events_has_the_states_of_show() {
    let env = incident(
        &["--service", "a", "--service", "b", "--at", "11:00"],
        &[
            "11:00 fault: a @a !down",
            "11:01 fault: b @b",
            "11:02 note: nothing @a",
            "11:05 mitigate: half of it @a",
            "11:10 restore: a @a",
            "11:11 restore: b @b !at-risk",
            "11:20 absorbed: a disk @a",
        ],
    );
    env.run_ok(&["resolve", "--at", "11:30"]);
    let events = env.run_json(&["show", "1", "--json"])["events"].clone();
    let states = |event: &serde_json::Value| {
        (
            event["handle"].as_str().unwrap().to_owned(),
            event["state"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let shown: Vec<_> = events.as_array().unwrap().iter().map(states).collect();
    let table = env.run_ok(&["export", "csv", "--incident", "1"]);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<_> = reader
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[1].to_owned(), row[6].to_owned()))
        .collect();
    assert_eq!(rows, shown);
    assert!(rows.iter().any(|(_, state)| state == "ok"), "{rows:?}");
}

#[test]
fn due_date_that_is_past_is_no_plan() {
    let env = incident(
        &["--service", "a", "--at", "11:00"],
        &["11:00 fault: a !down", "11:10 restore: a"],
    );
    for (text, due) in [
        ("A second disk", "2026-11-20"),
        ("A third one", "2026-11-25"),
    ] {
        let task = [
            "task",
            "add",
            text,
            "--prevents",
            "--customer",
            text,
            "--due",
            due,
        ];
        env.run_ok(&task);
    }
    env.run_ok(&["resolve", "--at", "11:10"]);
    let letter = flat(&env.run_ok(&["email", "1", "--stage", "followup"]));
    assert!(!letter.contains("20 November 2026"), "{letter}");
    assert!(
        letter.contains("A second disk Planned, [[the new due date: "),
        "{letter}"
    );
    assert!(
        letter.contains("A third one Planned, due 25 November 2026"),
        "{letter}"
    );
    let lint = env.run(&["lint", "1", "--stage", "followup"]).stdout;
    assert!(lint.contains("the new due date is missing"), "{lint}");
}

#[test]
fn count_of_caught_faults_is_that_of_the_days_printed() {
    let mut env = TestEnv::new();
    env.write_config("zone = \"Europe/Berlin\"\n");
    env.set_now("2026-11-20T09:00:00Z");
    let old = |title: &str, from: &str, to: &str| {
        env.run_ok(&[
            "declare",
            title,
            "--service",
            "disk",
            "--zone",
            "Europe/Berlin",
            "--at",
            from,
        ]);
        env.log(&format!("{from} absorbed: one disk failed @disk"));
        env.log(&format!("{to} restore: replaced @disk"));
        env.run_ok(&["resolve", "--at", to]);
    };
    old("Before", "2026-08-19 23:50", "2026-08-20 00:10");
    old("First day", "2026-08-20 03:12", "2026-08-20 04:00");
    env.run_ok(&[
        "declare",
        "X",
        "--service",
        "a",
        "--zone",
        "Europe/Berlin",
        "--at",
        "2026-11-20 09:00",
    ]);
    env.log("2026-11-20 09:00 fault: a @a !down");
    env.log("2026-11-20 09:10 restore: a @a");
    env.run_ok(&["set", "ledger-in-letter", "yes"]);
    env.run_ok(&["resolve", "--at", "2026-11-20 09:10"]);
    let letter = flat(&env.run_ok(&["email", "3", "--stage", "followup"]));
    assert!(
        letter.contains("(20 August to 20 November 2026) our protections caught 1 other fault"),
        "{letter}"
    );
}

#[test]
fn help_of_redact_says_how_the_title_of_an_incident_is_destroyed() {
    let env = TestEnv::with_incident(&[]);
    let help = flat(&env.run_ok(&["redact", "--help"]));
    assert!(!help.contains("task or incident"), "{help}");
    assert!(
        help.contains("that of an incident is its declaration's"),
        "{help}"
    );
    let refused = env.run(&["redact", "1", "--reason", "x", "--yes"]);
    refused.assert_error(1, &["is not the handle of an event or task"]);
    let list = env.run_json(&["list", "--json"]);
    let handle = list[0]["handle"].as_str().unwrap();
    env.run_ok(&["redact", handle, "--reason", "x", "--yes"]);
    let list = env.run_ok(&["list"]);
    assert!(!list.contains("Checkout fails"), "{list}");
}

#[test]
fn outage_that_began_and_ended_in_one_minute_hit_customers() {
    for line in ["11:06 fault: a @a !down", "11:06 fault: a @a !degraded"] {
        let env = incident(
            &["--service", "a", "--at", "11:00"],
            &[line, "11:06 restore: a @a"],
        );
        env.run_ok(&["set", "product", "Acme"]);
        env.run_ok(&["resolve", "--at", "11:30"]);
        for stage in ["resolved", "followup"] {
            let letter = flat(&env.run_ok(&["email", "1", "--stage", stage]));
            assert!(!letter.to_lowercase().contains("no customer"), "{letter}");
            assert!(letter.contains("less than a minute"), "{letter}");
        }
        let brief = env.run_ok(&["brief", "1"]);
        assert!(brief.contains("less than a minute of impact"), "{brief}");
        let metrics = env.run_json(&["metrics", "1", "--json"]);
        assert_eq!(metrics["metrics"]["time_to_restore"]["seconds"], 0);
    }
    // What was not known for no time may have been an outage.
    let env = incident(
        &["--service", "a", "--at", "11:00"],
        &["11:06 fault: a @a", "11:06 restore: a @a"],
    );
    env.run_ok(&["resolve", "--at", "11:30"]);
    let letter = flat(&env.run_ok(&["email", "1", "--stage", "resolved"]));
    assert!(!letter.to_lowercase().contains("no customer"), "{letter}");
    let metrics = env.run_json(&["metrics", "1", "--json"]);
    assert!(metrics["metrics"]["impact"]["seconds"].is_null());
}

#[test]
fn total_says_which_services_it_is_without() {
    let env = incident(
        &["--service", "a", "--service", "b", "--at", "11:00"],
        &[
            "11:06 fault: a @a !down",
            "11:16 restore: a @a",
            "11:20 restore: b @b",
        ],
    );
    env.run_ok(&["resolve", "--at", "11:30"]);
    let note = "without @b before the restore of 2026-11-25 11:20 CET";
    let metrics = env.run_json(&["metrics", "1", "--json"]);
    let impact = &metrics["metrics"]["impact"];
    assert_eq!(impact["seconds"], 600);
    assert!(
        impact["reason"].as_str().unwrap().starts_with(note),
        "{impact}"
    );
    // A brief names no service that customers do not know.
    let brief = env.run_ok(&["brief", "1"]);
    let unnamed = "the state before the restore of 11:20 CET was not recorded";
    assert!(brief.contains(unnamed), "{brief}");
    for document in [&["metrics", "1"][..], &["postmortem", "1"]] {
        let text = flat(&env.run_ok(document));
        assert!(text.contains(note), "{text}");
    }
}

/// Runs the command that lint gives for the state that is not known: of the letter and of the postmortem it is one, but
/// that a letter names no service.
fn give_state(env: &TestEnv, state: &str, service: &str) {
    let lint = env.run(&["lint", "1", "--json"]).stdout;
    let lint: serde_json::Value = serde_json::from_str(&lint).unwrap();
    let findings = lint["findings"].as_array().unwrap().iter();
    let commands = findings.filter_map(|finding| finding["command"].as_str());
    let mut commands: Vec<&str> = commands.filter(|line| line.contains("!STATE")).collect();
    commands.dedup_by_key(|line| line.replace(&format!("@{service} "), "@SERVICE "));
    assert_eq!(commands.len(), 1, "{lint}");
    let letter = env.run_ok(&["email", "1", "--stage", "update"]);
    let is_marked = flat(&letter).contains(commands[0]);
    assert!(
        is_marked || !letter.contains("!STATE"),
        "{commands:?} {letter}"
    );
    let line = commands[0]
        .replace("STATE", state)
        .replace("SERVICE", service);
    let result = env.run_script(&line.replace("TEXT", "as seen later"));
    assert_eq!(result.exit_code, 0, "{line}: {}", result.stderr);
    let lint = env.run(&["lint", "1"]).stdout;
    assert!(!lint.contains("!STATE"), "{lint}");
}

fn postmortem_row(env: &TestEnv, name: &str) -> String {
    let postmortem = env.run_ok(&["postmortem", "1"]);
    let row = postmortem
        .lines()
        .find(|line| line.starts_with(&format!("| {name} |")));
    row.unwrap().to_owned()
}

#[test]
fn command_for_a_state_changes_the_service_whose_state_is_not_known() {
    // Two services of one name: one was down, and of the other the state is not known.
    let services = ["--service", "a", "--service", "bb", "--at", "11:00"];
    let lines = [
        "11:10 fault: x @a !down",
        "11:20 fault: y @bb",
        "11:40 restore: a is well @a",
        "12:00 restore: @bb",
    ];
    let env = incident(&services, &lines);
    for service in ["a", "bb"] {
        env.run_ok(&["service", service, "--public", "Web"]);
    }
    give_state(&env, "degraded", "bb");
    let row = postmortem_row(&env, "Web");
    assert!(row.contains("11:10 | 12:00 | 50 min"), "{row}");
    // One event of several services, of which another one was given a state since.
    let env = incident(
        &services,
        &["11:10 fault: x @a @bb", "11:10 note: @a !degraded"],
    );
    give_state(&env, "down", "bb");
    let shown = env.run_ok(&["status", "1"]);
    assert!(shown.contains("degraded since"), "{shown}");
    assert!(shown.contains("down since"), "{shown}");
}

#[test]
fn command_for_a_state_of_no_service_names_one_where_there_are_several() {
    let env = incident(
        &["--at", "11:00"],
        &[
            "10:52 fault: connectivity lost",
            "11:02 fault: writes @web @hooks !degraded",
        ],
    );
    let status = env.run_ok(&["status", "1"]);
    assert!(status.contains("(no service)"), "{status}");
    give_state(&env, "down", "web");
    let status = env.run_ok(&["status", "1"]);
    assert!(!status.contains("state?"), "{status}");
    let env = incident(&["--at", "11:00"], &["10:52 fault: connectivity lost"]);
    let status = env.run_ok(&["status", "1"]);
    assert!(
        !status.contains("(no service)"),
        "the head has it: {status}"
    );
    give_state(&env, "down", "");
}

#[test]
fn state_before_a_restore_that_nobody_recorded_is_said_to_be_unknown() {
    let env = incident(
        &["--service", "web", "--service", "checkout", "--at", "11:00"],
        &[
            "10:00 fault: web dead @web !down",
            "11:00 restore: both are back @web @checkout",
        ],
    );
    env.run_ok(&["service", "checkout", "--public", "Checkout"]);
    env.run_ok(&["resolve", "--at", "11:10"]);
    let postmortem = env.run_ok(&["postmortem", "1"]);
    let unknown = "the state of Checkout before the restore of 11:00";
    assert!(
        postmortem.contains(&format!("**Not known:** {unknown}")),
        "{postmortem}"
    );
    let missing = postmortem
        .lines()
        .find(|line| line.contains("Not recorded:"));
    assert!(
        missing
            .unwrap()
            .contains("state of Checkout before the restore of 11:00")
    );
    let lint = env.run(&["lint", "1"]).stdout;
    assert!(lint.contains("fault: TEXT @checkout !STATE"), "{lint}");
    let line = "10:10 fault: it failed too @checkout !down";
    env.run_ok(&["log", "--incident", "1", line]);
    let lint = env.run(&["lint", "1"]).stdout;
    assert!(!lint.contains("!STATE"), "{lint}");
    assert!(
        !env.run_ok(&["postmortem", "1"])
            .contains("before the restore")
    );
}

#[test]
fn service_restored_without_a_state_before_is_not_among_those_not_hit() {
    let env = incident(
        &["--service", "web", "--service", "pay", "--at", "11:00"],
        &[
            "09:00 restore: @pay",
            "10:00 fault: web dead @web !down",
            "11:00 restore: @web",
        ],
    );
    let postmortem = env.run_ok(&["postmortem", "1"]);
    assert!(!postmortem.contains("Not hit"), "{postmortem}");
}

#[test]
fn customer_scope_says_who_was_hit() {
    let env = incident(
        &["--service", "web", "--at", "11:00"],
        &["10:00 fault: web dead @web !down", "11:00 restore: @web"],
    );
    let asks = || env.run(&["lint", "1"]).stdout.contains("who was hit");
    assert!(asks());
    env.run_ok(&["set", "customer-scope", "unknown"]);
    assert!(asks());
    env.run_ok(&["set", "customer-scope", "shops in Europe"]);
    assert!(!asks());
    let postmortem = env.run_ok(&["postmortem", "1"]);
    assert!(
        postmortem.contains("**Who:** shops in Europe"),
        "{postmortem}"
    );
    assert!(!postmortem.contains("who was hit"), "{postmortem}");
    env.run_ok(&["set", "scope", "one shard"]);
    assert!(
        env.run_ok(&["postmortem", "1"])
            .contains("**Who:** one shard")
    );
}

#[test]
fn event_with_only_a_customer_wording_has_it_in_the_timeline() {
    let env = incident(&["--service", "web", "--at", "11:00"], &[]);
    env.run_ok(&["log", "11:05 @web !down tell: Web did not answer."]);
    let postmortem = env.run_ok(&["postmortem", "1"]);
    let row = postmortem.lines().find(|line| line.starts_with("| 11:05"));
    assert!(row.unwrap().contains("Web did not answer."), "{postmortem}");
}

/// Records an outage over the end of summer time in New York: 01:50 EDT to 01:10 EST.
fn over_a_clock_change() -> TestEnv {
    let mut env = TestEnv::new();
    env.set_now("2026-11-01T07:30:00Z");
    env.run_ok(&["declare", "x", "--service", "api", "--at", "01:51 EDT"]);
    env.run_ok(&["service", "api", "--public", "API"]);
    env.log("01:50 EDT fault: gone @api !down tell: API is down.");
    env.log("01:10 EST restore: back @api tell: API is back.");
    env
}

#[test]
fn letters_over_a_clock_change_say_the_zone_of_each_time() {
    let env = over_a_clock_change();
    env.run_ok(&["resolve", "01:15 EST over"]);
    let letter = env.run_ok(&["email", "--stage", "resolved"]);
    assert!(letter.contains("What happened (EDT/EST)"), "{letter}");
    assert!(letter.contains("01:50 EDT"), "{letter}");
    assert!(letter.contains("01:10 EST"), "{letter}");
    let bare = letter.lines().find(|line| {
        let (Some(at), true) = (line.find("01:"), line.contains("01:")) else {
            return false;
        };
        let rest = &line[at + 5..];
        !rest.starts_with(" EDT") && !rest.starts_with(" EST")
    });
    assert!(
        bare.is_none_or(|line| line.contains(" to 01:10 E")),
        "{letter}"
    );
}

#[test]
fn update_over_a_clock_change_says_the_zone_of_what_is_promised() {
    let mut env = over_a_clock_change();
    env.log("02:00 EST fault: slow @api !degraded");
    env.run_ok(&["set", "next-update", "03:30"]);
    env.set_now("2026-11-01T07:35:00Z");
    let letter = env.run_ok(&["email", "--stage", "update"]);
    let letter = letter.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(letter.contains("by 03:30 EST,"), "{letter}");
    assert!(letter.contains("(as of 02:30 EST;"), "{letter}");
}

#[test]
fn the_same_instant_in_another_zone_corrects_nothing() {
    let mut env = TestEnv::new();
    env.set_now("2026-03-02T12:30:00Z");
    env.run_ok(&[
        "declare",
        "x",
        "--zone",
        "UTC",
        "--service",
        "web",
        "--at",
        "10:01",
    ]);
    env.run_ok(&["service", "web", "--public", "Web"]);
    env.log("10:00 fault: gone @web !down");
    env.run_ok(&["email", "--stage", "initial", "--save"]);
    env.run_ok(&["email", "--sent", "m1", "--via", "email"]);
    env.run_ok(&["set", "zone", "America/New_York"]);
    env.set_now("2026-03-02T13:30:00Z");
    env.log("13:00 UTC restore: back @web");
    env.run_ok(&["resolve", "13:05 UTC over"]);
    let letter = env.run_ok(&["email", "--stage", "resolved"]);
    assert!(!letter.contains("Corrected"), "{letter}");
    let lint = env.run(&["lint"]).stdout;
    assert!(!lint.contains("told-otherwise"), "{lint}");
}

#[test]
fn recorded_harm_is_no_letter_that_nobody_was_hit() {
    for field in ["customer-impact", "customer-scope", "data-loss"] {
        let mut env = TestEnv::new();
        env.set_now("2026-03-02T12:30:00Z");
        env.run_ok(&[
            "declare",
            "x",
            "--zone",
            "UTC",
            "--service",
            "web",
            "--at",
            "10:01",
        ]);
        env.log("10:00 absorbed: a disk died @web");
        env.log("11:00 restore: replaced @web");
        env.run_ok(&["resolve", "11:05 over"]);
        let letter = env.run_ok(&["email", "--stage", "resolved"]);
        assert!(letter.contains("No customer was affected."), "{letter}");
        env.run_ok(&["set", field, "three orders failed", "--incident", "1"]);
        let letter = env.run_ok(&["email", "--stage", "resolved"]);
        assert!(!letter.contains("No customer was affected."), "{letter}");
        assert!(letter.contains("[[what did not work, and when"), "{letter}");
    }
}
