//! The states of services and the life of an incident, as the commands write and show them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;
use serde_json::Value;

/// Runs `args` at `now` and returns both outputs; the command must succeed.
fn at(env: &mut TestEnv, now: &str, args: &[&str]) -> String {
    env.set_now(now);
    let result = env.run(args);
    assert_eq!(result.exit_code, 0, "{args:?} {result:#?}");
    format!("{}{}", result.stdout, result.stderr)
}

fn state(env: &TestEnv) -> Value {
    env.run_json(&["show", "1", "--json"])["incident"]["state"].clone()
}

fn is_open(env: &TestEnv) -> bool {
    env.run_json(&["show", "1", "--json"])["incident"]["open"] == true
}

const T: [&str; 6] = [
    "2012-08-16T14:00:00.100200Z",
    "2012-08-16T14:00:00.300400Z",
    "2012-08-16T14:00:00.500600Z",
    "2012-08-16T14:00:00.700800Z",
    "2012-08-16T14:00:00.900100Z",
    "2012-08-16T14:00:00.950200Z",
];

#[test]
fn resolve_and_reopen_with_text_sort_after_what_was_logged_in_the_same_second() {
    for text in [None, Some("all good")] {
        let mut env = TestEnv::new();
        let with_text = |verb| [verb].into_iter().chain(text).collect::<Vec<&str>>();
        at(&mut env, T[0], &["declare", "Search", "--service", "web"]);
        at(&mut env, T[1], &["log", "fault: it fell !down"]);
        at(&mut env, T[2], &with_text("resolve"));
        assert_eq!(
            (is_open(&env), state(&env)),
            (false, "ok".into()),
            "{text:?}"
        );
        at(&mut env, T[3], &with_text("reopen"));
        assert_eq!(
            (is_open(&env), state(&env)),
            (true, "down".into()),
            "{text:?}"
        );
        at(&mut env, T[4], &with_text("resolve"));
        assert_eq!(
            (is_open(&env), state(&env)),
            (false, "ok".into()),
            "{text:?}"
        );
        // At one instant, the order of writing counts.
        at(&mut env, T[4], &with_text("reopen"));
        assert!(is_open(&env), "{text:?}");
        at(&mut env, T[4], &with_text("resolve"));
        assert!(!is_open(&env), "{text:?}");
    }
}

#[test]
fn resolve_that_would_resolve_nothing_is_refused() {
    let mut env = TestEnv::new();
    env.set_now("2012-08-16T14:00:00Z");
    env.run_ok(&["declare", "Search", "--service", "web", "--at", "09:50"]);
    env.run_ok(&["log", "09:55 fault: it fell !down"]);
    env.run(&["resolve", "--at", "09:00"])
        .assert_error(1, &["09:00", "was declared, at 2012-08-16 09:50 EDT"]);
    env.run(&["resolve", "--at", "09:52"])
        .assert_error(1, &["before the impact began", "09:55"]);
    assert!(is_open(&env));
    assert_eq!(
        env.run_json(&["show", "--json"])["events"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    env.run_ok(&["resolve", "--at", "09:57"]);
    env.run(&["reopen", "--at", "09:56"])
        .assert_error(1, &["was resolved, at 2012-08-16 09:57 EDT"]);
    env.run_ok(&["reopen", "--at", "09:58"]);
    env.run(&["resolve", "--at", "09:57"])
        .assert_error(1, &["was reopened, at 2012-08-16 09:58 EDT"]);
    assert!(is_open(&env));
}

#[test]
fn correction_that_opens_or_closes_the_incident_says_so() {
    let mut env = TestEnv::new();
    at(&mut env, "2012-08-16T14:00:00Z", &["declare", "Search"]);
    env.set_now("2012-08-16T14:30:00Z");
    let resolve = env.run_json(&["resolve", "--json"]);
    let handle = resolve["handle"].as_str().unwrap();
    let said = at(
        &mut env,
        "2012-08-16T14:40:00Z",
        &["amend", handle, "09:00"],
    );
    assert!(said.contains("incident 1 is open now"), "{said}");
    let said = at(
        &mut env,
        "2012-08-16T14:41:00Z",
        &["amend", handle, "10:35"],
    );
    assert!(
        said.contains("counts as resolved at 2012-08-16 10:35 EDT"),
        "{said}"
    );
}

#[test]
fn state_after_the_end_asks_whether_to_reopen() {
    let mut env = TestEnv::new();
    at(&mut env, T[0], &["declare", "Search", "--service", "web"]);
    at(&mut env, T[1], &["resolve"]);
    for line in ["fault: odd", "!degraded again", "absorbed: the mirror"] {
        let said = at(&mut env, T[2], &["--incident", "1", "log", line]);
        assert!(said.contains("reopen? incident 1"), "{line}: {said}");
        assert!(!is_open(&env));
    }
    let lint = env.run(&["lint", "1"]);
    assert!(lint.stdout.contains("does not reopen it"), "{lint:#?}");
    for line in ["restore: back", "mitigate: cache off", "note: quiet"] {
        let said = at(&mut env, T[3], &["--incident", "1", "log", line]);
        assert!(!said.contains("reopen?"), "{line}: {said}");
    }
}

#[test]
fn resolve_names_what_it_ends_and_what_it_leaves() {
    let mut env = TestEnv::new();
    at(&mut env, T[0], &["declare", "Search"]);
    at(&mut env, T[0], &["log", "fault: x @web !down"]);
    at(&mut env, T[0], &["log", "fault: y @db !degraded"]);
    at(&mut env, T[0], &["log", "absorbed: z @disk"]);
    let said = at(&mut env, T[1], &["log", "restore: @web"]);
    assert!(
        said.contains("not well yet: @db degraded, @disk at-risk"),
        "{said}"
    );
    let said = at(&mut env, T[1], &["resolve"]);
    assert!(said.contains("ends: @db degraded"), "{said}");
    assert!(said.contains("stays: @disk at-risk"), "{said}");
    assert_eq!(state(&env), "at-risk");
    let said = at(&mut env, T[2], &["reopen"]);
    assert!(said.contains("brings back: @db degraded"), "{said}");
    assert_eq!(state(&env), "degraded");
}

#[test]
fn reopen_is_never_ok_by_default() {
    let mut env = TestEnv::new();
    at(&mut env, T[0], &["declare", "Search", "--service", "web"]);
    at(&mut env, T[0], &["log", "fault: x !down"]);
    at(&mut env, T[1], &["log", "restore: back"]);
    at(&mut env, T[2], &["resolve"]);
    let said = at(&mut env, T[3], &["reopen"]);
    assert!(said.contains("state?"), "{said}");
    assert_eq!(state(&env), "unknown");
    at(&mut env, T[4], &["log", "!degraded some of it"]);
    assert_eq!(state(&env), "degraded");
}

#[test]
fn absorbed_fault_never_ends_an_outage() {
    for line in [
        "absorbed: mirror",
        "absorbed: mirror @web",
        "absorbed: mirror @web @db",
    ] {
        let mut env = TestEnv::new();
        at(&mut env, T[0], &["declare", "Search", "--service", "web"]);
        at(&mut env, T[1], &["log", "fault: x !down"]);
        let said = at(&mut env, T[2], &["log", line]);
        assert!(said.contains("no state changes: @web down"), "{said}");
        assert_eq!(state(&env), "down", "{line}");
    }
    let mut env = TestEnv::new();
    at(
        &mut env,
        T[0],
        &["declare", "S", "--service", "web", "--service", "db"],
    );
    let said = at(&mut env, T[1], &["log", "absorbed: mirror"]);
    assert!(said.contains("no service is named"), "{said}");
    assert_eq!(state(&env), Value::Null);
}

#[test]
fn fault_without_a_state_is_unknown_everywhere() {
    let mut env = TestEnv::new();
    at(&mut env, T[0], &["declare", "Search", "--service", "web"]);
    at(&mut env, T[0], &["log", "restore: never mind"]);
    let said = at(&mut env, T[1], &["log", "fault: odd"]);
    assert!(said.contains("no state given"), "{said}");
    for args in [&["show"][..], &["list"], &["status"]] {
        let text = env.run_ok(args);
        assert!(text.contains("state?"), "{args:?}: {text}");
    }
    assert!(env.run_ok(&["status", "--brief"]).contains("not known"));
    let metrics = env.run_json(&["metrics", "--json"]);
    let impact = &metrics["metrics"]["impact"];
    assert_eq!(impact["seconds"], Value::Null);
    let reason = impact["reason"].as_str().unwrap();
    assert!(
        reason.contains("@web since 2012-08-16 10:00 EDT"),
        "{reason}"
    );
    let spans = env.run_json(&["show", "--json"])["states"].clone();
    assert_eq!(spans[1]["state"], "unknown", "{spans}");
    at(&mut env, T[2], &["log", "!degraded"]);
    let said = at(&mut env, T[3], &["log", "fault: more of it"]);
    assert!(!said.contains("state?"), "{said}");
    assert_eq!(state(&env), "degraded");
}

#[test]
fn service_named_later_was_not_down_from_the_first_minute() {
    let mut env = TestEnv::new();
    at(&mut env, "2012-08-16T14:00:00Z", &["declare", "Search"]);
    at(
        &mut env,
        "2012-08-16T14:01:00Z",
        &["log", "fault: all gone !down"],
    );
    at(&mut env, "2012-08-16T14:05:00Z", &["log", "@web !degraded"]);
    let spans = env.run_json(&["show", "--json"])["states"].clone();
    let spans: Vec<(&Value, &Value, &Value)> = spans
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (&s["service"], &s["state"], &s["from"]))
        .collect();
    let (nameless, web, down, degraded) =
        (Value::Null, "web".into(), "down".into(), "degraded".into());
    assert_eq!(
        spans,
        [
            (&nameless, &down, &"2012-08-16T14:01:00Z".into()),
            (&web, &degraded, &"2012-08-16T14:05:00Z".into()),
        ]
    );
    let said = at(
        &mut env,
        "2012-08-16T14:06:00Z",
        &["log", "restore: web is back @web"],
    );
    assert!(
        said.contains("not well yet: down without a service"),
        "{said}"
    );
    at(&mut env, "2012-08-16T14:07:00Z", &["log", "restore: @all"]);
    assert_eq!(state(&env), "ok");
    let said = at(
        &mut env,
        "2012-08-16T14:08:00Z",
        &["log", "--json", "--service", "db", "--state", "down", "x"],
    );
    assert!(said.contains("\"db\""), "{said}");
    let all = at(
        &mut env,
        "2012-08-16T14:09:00Z",
        &["log", "--json", "restore: @all"],
    );
    let event: Value = serde_json::from_str(all.lines().next().unwrap())
        .or_else(|_| serde_json::from_str(&all))
        .unwrap();
    assert_eq!(event["services"], serde_json::json!(["db", "web"]));
}

#[test]
fn old_open_incident_says_when_it_was_last_recorded() {
    let mut env = TestEnv::new();
    env.set_now("2026-11-27T10:00:00Z");
    env.run_ok(&[
        "declare",
        "Search",
        "--service",
        "web",
        "--at",
        "2024-05-07 10:00",
    ]);
    env.run_ok(&["log", "2024-05-07 10:05 fault: it fell !down"]);
    let text = env.run_ok(&["show"]);
    assert!(
        text.contains("last recorded 2024-05-07 10:05 EDT"),
        "{text}"
    );
    assert!(!text.contains("since impact"), "{text}");
    let metrics = env.run_json(&["metrics", "--json"]);
    assert_eq!(metrics["metrics"]["impact"]["seconds"], Value::Null);
    assert!(!env.run_ok(&["status", "--brief"]).contains("of impact"));
}

#[test]
fn documents_are_as_of_the_newest_entry_that_is_no_message() {
    let mut env = TestEnv::new();
    env.set_now("2012-08-16T14:00:00Z");
    env.run_ok(&["declare", "Search", "--service", "web"]);
    env.run_ok(&["log", "fault: it fell !down"]);
    let as_of = |env: &TestEnv| {
        let text = env.run_ok(&["postmortem"]);
        let line = text.lines().find(|line| line.contains("records to"));
        line.unwrap().to_owned()
    };
    let before = as_of(&env);
    assert!(before.contains("2012 10:00"), "{before}");
    env.set_now("2012-08-16T15:00:00Z");
    env.run_ok(&["email", "--stage", "initial", "--save"]);
    assert_eq!(as_of(&env), before);
    env.run_ok(&["set", "scope", "all of it"]);
    assert!(as_of(&env).contains("2012 11:00"), "{}", as_of(&env));
    env.run_ok(&["log", "--at", "11:03", "a minute ahead"]);
    assert!(as_of(&env).contains("2012 11:03"), "{}", as_of(&env));
}

#[test]
fn resolve_at_the_instant_of_its_fault_names_what_it_ended() {
    let mut env = TestEnv::new();
    at(&mut env, T[0], &["declare", "Search", "--service", "web"]);
    at(&mut env, T[1], &["log", "fault: it fell !down"]);
    let said = at(&mut env, T[1], &["resolve"]);
    assert!(said.contains("ends: @web down"), "{said}");
    let said = at(&mut env, T[1], &["reopen"]);
    assert!(said.contains("brings back: @web down"), "{said}");
}

#[test]
fn resolve_and_reopen_that_name_one_of_several_services_say_that_they_are_of_all() {
    let mut env = TestEnv::new();
    let declare = ["declare", "Search", "--service", "api", "--service", "web"];
    at(&mut env, T[0], &declare);
    at(&mut env, T[1], &["log", "fault: it fell !down @api @web"]);
    let said = at(&mut env, T[2], &["resolve", "fixed @web"]);
    let of_all = "is of the whole incident, not of @web alone";
    assert!(said.contains(of_all), "{said}");
    let said = at(&mut env, T[3], &["reopen", "@web fails again"]);
    assert!(said.contains(of_all), "{said}");
    at(&mut env, T[4], &["log", "restore: back @api"]);
    // Nothing else ends or comes back.
    let said = at(&mut env, T[5], &["resolve", "fixed @web"]);
    assert!(said.contains("ends: @web down"), "{said}");
    assert!(!said.contains("whole incident"), "{said}");
}

#[test]
fn line_before_later_events_says_which_states_these_start_now() {
    let mut env = TestEnv::new();
    let now = "2012-08-16T20:00:00Z";
    let services = ["--service", "api", "--service", "web"];
    let declare = ["declare", "Search", "--at", "14:00"];
    at(&mut env, now, &[&declare[..], &services].concat());
    for line in [
        "14:10 fault: it fell @web !down",
        "15:00 fault: more of it @web",
        "15:10 mitigate: half of it @web",
        "15:30 restore: back @web",
    ] {
        assert!(
            !at(&mut env, now, &["log", line]).contains("later events"),
            "{line}"
        );
    }
    let said = at(&mut env, now, &["log", "14:30 restore: it answers @web"]);
    let changed = "later events start other states with it: ";
    assert!(said.contains(changed), "{said}");
    assert!(said.contains("15:00 fault state? (was no state)"), "{said}");
    assert!(
        said.contains("15:10 mitigate no state (was degraded)"),
        "{said}"
    );
    for line in ["14:31 note: it stays @web", "14:32 fault: too @api !down"] {
        assert!(
            !at(&mut env, now, &["log", line]).contains("later events"),
            "{line}"
        );
    }
}

/// The rows of `show`, however many events there are, have the states that the events started.
#[test]
fn rows_of_a_large_incident_have_the_states_that_their_events_started() {
    use std::fmt::Write;
    let mut env = TestEnv::new();
    env.set_now("2012-08-17T14:00:00Z");
    let services = ["--service", "a", "--service", "b", "--service", "c"];
    let declare = [
        "declare",
        "Search",
        "--zone",
        "UTC",
        "--at",
        "2012-08-16 00:00",
    ];
    env.run_ok(&[&declare[..], &services].concat());
    let cycle = [
        "fault: it fell @a",
        "mitigate: half of it @a",
        "fault: no answer @a !down",
        "mitigate: a restart @a",
        "restore: back @a",
        "absorbed: the spare took over @b",
        "fault: the spare fell @b",
    ];
    let mut block = String::from("2012-08-16\n00:00:01 fault: c fell @c !down\n");
    for n in 0..5_400_usize {
        let second = n * 12 + 5;
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let text = match n % 50 {
            0 => cycle[n / 50 % cycle.len()],
            _ => "looking on",
        };
        writeln!(block, "{hour:02}:{minute:02}:{second:02} {text}").unwrap();
    }
    block.push_str("23:00 restore: b is back @b\n23:01 mitigate: c is half back @c\n");
    block.push_str("23:02 fault: and a again @a\n");
    assert_eq!(
        env.run_with_stdin(&["log", "-"], block.as_bytes())
            .exit_code,
        0
    );
    let whole = env.run_ok(&["show"]);
    let rows: Vec<&str> = whole.lines().collect();
    let newest = env.run_ok(&["show", "--newest", "1500"]);
    let newest: Vec<&str> = newest.lines().skip(2).collect();
    assert_eq!(newest.len(), 1_500);
    assert_eq!(newest, rows[rows.len() - 1_500..]);
    let states: Vec<&str> = newest
        .iter()
        .filter(|row| !row.contains("looking on"))
        .map(|row| row[18..].split_whitespace().nth(1).unwrap())
        .collect();
    for state in ["degraded", "ok", "state?", "down"] {
        assert!(states.contains(&state), "{state} in {states:?}");
    }
    // `c` was last heard of at the beginning.
    assert!(newest[1_498].contains(" degraded "), "{}", newest[1_498]);
    // What was logged is shown as it is there, and what is older than the newest state too.
    let logged = env.run_ok(&["log", "--at", "23:03", "mitigate: c is better @c"]);
    assert!(!logged.contains(" degraded "), "{logged}");
    let logged = env.run_ok(&[
        "log",
        "--at",
        "2012-08-16 00:30",
        "mitigate: c is better @c",
    ]);
    assert!(logged.contains(" degraded "), "{logged}");
}

#[test]
fn reopen_with_a_state_of_the_same_minute_leaves_nothing_unknown() {
    let mut env = TestEnv::new();
    env.write_config("zone = \"UTC\"\n");
    env.set_now("2026-03-02T18:30:00Z");
    env.run_ok(&[
        "declare",
        "--zone",
        "UTC",
        "X",
        "--service",
        "web",
        "--at",
        "10:05",
    ]);
    env.log("10:00 fault: x !down");
    env.run_ok(&["log", "11:00 restore: y"]);
    env.run_ok(&["resolve", "--at", "11:30", "ok"]);
    env.run_ok(&["reopen", "--incident", "1", "--at", "12:50", "again"]);
    env.log("12:50 fault: y @web !degraded");
    env.log("13:00 restore: @web");
    env.run_ok(&["resolve", "--at", "13:10", "done"]);
    let metrics = env.run_json(&["metrics", "1", "--json"]);
    assert_eq!(metrics["metrics"]["impact"]["seconds"], 70 * 60);
    assert!(!env.run_ok(&["postmortem", "1"]).contains("unknown"));
    let brief = env.run_ok(&["brief", "1"]);
    assert!(brief.contains("1 h 10 min of impact"), "{brief}");
}

#[test]
fn time_that_is_approximate_is_marked_in_the_heading_and_among_hits() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "Search"]);
    env.run_ok(&["log", "~10:05 fault: it fell !down"]);
    let shown = env.run_ok(&["show"]);
    assert!(shown.contains("open · about "), "{shown}");
    let found = env.run_ok(&["search", "fell"]);
    assert!(found.contains(" ~2") && found.contains("10:05"), "{found}");
}

#[test]
fn service_named_at_the_end_of_a_resolve_stays_a_word_of_its_text() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "Search", "--service", "web", "--service", "db"]);
    env.run_ok(&["log", "-10m fault: it fell @web !down"]);
    for (verb, typed, text) in [
        ("resolve", "fixed @web", "fixed web"),
        (
            "reopen",
            "only web fails again @web",
            "only web fails again",
        ),
        ("resolve", "all good @web @db", "all good web, db"),
        ("reopen", "the webhooks fail @web", "the webhooks fail web"),
    ] {
        env.run_ok(&[verb, typed]);
        let shown = env.run_json(&["show", "--json"]);
        let last = shown["events"].as_array().unwrap().last().unwrap();
        assert_eq!(last["text"], text, "{verb} {typed}");
        assert_eq!(last["services"], serde_json::json!([]));
    }
}

#[test]
fn two_dashes_after_the_beginning_of_a_line_are_refused() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "Search", "--service", "web"]);
    let event = env.log("fault: it fell !down");
    for args in [
        &["amend", &event, "!degraded", "--"][..],
        &["log", "-5m", "--", "it is slow"],
    ] {
        env.run(args).assert_error(2, &["`--` comes after"]);
    }
    assert_eq!(
        env.run_json(&["show", "--json"])["events"][1]["text"],
        "it fell"
    );
    env.run_ok(&["log", "--", "-5m it is -- slow"]);
}

#[test]
fn a_fault_of_a_new_name_leaves_the_other_services_alone() {
    let mut env = TestEnv::new();
    let declare = ["declare", "Outage", "--service", "web", "--state", "ok"];
    at(&mut env, T[0], &declare);
    let said = at(&mut env, T[1], &["log", "fault: api dies @api"]);
    assert!(said.contains("fault state? @api"), "{said}");
    assert!(said.contains("@api is a new service here"), "{said}");
    assert_eq!(state(&env), "unknown");
    at(&mut env, T[2], &["log", "restore: api back @api"]);
    assert_eq!(state(&env), "ok");
    let said = at(
        &mut env,
        T[3],
        &["log", "fault: asked @raj, whom nobody knows"],
    );
    assert!(said.contains("@raj is a new service here"), "{said}");
    let shown = env.run_ok(&["status"]);
    assert!(shown.contains("web                ok since"), "{shown}");
}

/// An incident of 2024, typed in at `2026-11-25T15:00:00Z`.
fn of_2024(env: &mut TestEnv) {
    env.write_config("zone = \"UTC\"\n");
    let first = "2026-11-25T15:00:00Z";
    let declare = ["declare", "Outage", "--service", "web", "--at"];
    at(
        env,
        first,
        &[&declare[..], &["2024-05-06 10:00 UTC"]].concat(),
    );
    at(env, first, &["log", "2024-05-06 10:05 UTC fault: x !down"]);
}

#[test]
fn what_is_logged_at_now_does_not_prolong_an_incident_of_the_past() {
    let rows: [&[&str]; 5] = [
        &["set", "severity", "sev2"],
        &["handoff", "raj"],
        &["log", "cause: found it"],
        &["log", "ask: y @raj 5m"],
        &["task", "add", "x", "--within", "5m"],
    ];
    for row in rows {
        let mut env = TestEnv::new();
        of_2024(&mut env);
        at(&mut env, "2026-11-25T15:01:00Z", row);
        env.set_now("2026-11-25T15:02:00Z");
        let status = env.run_ok(&["status"]);
        assert!(
            status.contains("last recorded 2024-05-06"),
            "{row:?} {status}"
        );
        let metrics = env.run_json(&["metrics", "--json"]);
        for name in ["impact", "outage", "time_to_restore", "time_to_redundancy"] {
            let figure = &metrics["metrics"][name];
            assert_eq!(figure["seconds"], Value::Null, "{row:?} {name}");
            let reason = figure["reason"].as_str().unwrap();
            assert!(reason.contains("recorded until 2024-05-06"), "{reason}");
        }
        for command in [
            &["brief"][..],
            &["postmortem"],
            &["stats"],
            &["task", "list"],
        ] {
            let shown = env.run_ok(command);
            let counts_on = shown.contains("932 d") || shown.contains("933 d");
            assert!(!counts_on, "{row:?} {shown}");
        }
    }
    // An event with a time of now says that it goes on.
    let mut env = TestEnv::new();
    of_2024(&mut env);
    let still = ["log", "2026-11-25 14:50 UTC fault: still !down"];
    at(&mut env, "2026-11-25T15:01:00Z", &still);
    let status = env.run_ok(&["status"]);
    assert!(status.contains("933 d"), "{status}");
}

#[test]
fn a_resolve_without_a_time_says_how_long_nothing_happened_before() {
    let mut env = TestEnv::new();
    of_2024(&mut env);
    at(&mut env, "2026-11-25T15:01:00Z", &["handoff", "raj"]);
    let said = at(&mut env, "2026-11-25T15:02:00Z", &["resolve", "done"]);
    assert!(said.contains("last happened at 2024-05-06"), "{said}");
    let mut env = TestEnv::new();
    of_2024(&mut env);
    let resolve = ["resolve", "--at", "2024-05-06 11:00 UTC"];
    let said = at(&mut env, "2026-11-25T15:02:00Z", &resolve);
    assert!(!said.contains("last happened"), "{said}");
}

#[test]
fn a_reopen_says_what_was_before() {
    let declare = ["declare", "Outage", "--service", "web", "--service", "api"];
    let said = |lines: &[&str]| {
        let mut env = TestEnv::new();
        at(&mut env, T[0], &declare);
        for line in lines {
            at(&mut env, T[1], &["log", line]);
        }
        at(&mut env, T[2], &["resolve"]);
        at(&mut env, T[3], &["reopen"])
    };
    let nothing = said(&[]);
    assert!(
        nothing.contains("no state was recorded before"),
        "{nothing}"
    );
    let well = said(&["restore: fine @all"]);
    assert!(well.contains("all was ok before"), "{well}");
    let unknown = said(&["fault: odd @api", "fault: gone @web !down"]);
    assert!(
        unknown.contains("brings back: @api state?, @web down"),
        "{unknown}"
    );
    assert!(!unknown.contains("all was ok"), "{unknown}");
}

#[test]
fn a_resolve_or_reopen_that_has_no_effect_where_it_is_moved_to_is_said() {
    let moments = |from: u32| {
        let stamp = move |minute| format!("2012-08-16T14:{:02}:00Z", from + minute);
        (stamp(0), stamp(1), stamp(2), stamp(3))
    };
    let handle_of = |env: &TestEnv, kind: &str| {
        let shown = env.run_json(&["show", "1", "--json"]);
        let events = shown["events"].as_array().unwrap();
        let event = events.iter().find(|event| event["kind"] == kind).unwrap();
        event["handle"].as_str().unwrap().to_owned()
    };
    let (first, second, third, fourth) = moments(10);
    let mut env = TestEnv::new();
    at(&mut env, &first, &["declare", "Outage", "--service", "web"]);
    at(&mut env, &second, &["resolve"]);
    at(&mut env, &third, &["reopen"]);
    let reopen = handle_of(&env, "reopen");
    let said = at(
        &mut env,
        &fourth,
        &["amend", &reopen, "2012-08-16 14:05 UTC"],
    );
    assert!(said.contains("reopens nothing in incident 1"), "{said}");
    let resolve = handle_of(&env, "resolve");
    let (first, second, ..) = moments(20);
    at(&mut env, &first, &["declare", "Later", "--service", "web"]);
    let said = at(&mut env, &second, &["move", &resolve, "2"]);
    assert!(said.contains("does not resolve incident 2"), "{said}");
}

#[test]
fn every_service_has_its_impact_in_the_metrics_or_why_not() {
    let mut env = TestEnv::new();
    at(
        &mut env,
        T[0],
        &["declare", "Search", "--service", "web", "--state", "ok"],
    );
    at(&mut env, "2012-08-16T14:10:00Z", &["log", "fault: x @api"]);
    at(
        &mut env,
        "2012-08-16T14:12:00Z",
        &["log", "fault: y @db !down"],
    );
    at(
        &mut env,
        "2012-08-16T14:20:00Z",
        &["log", "restore: all back @all"],
    );
    let printed = at(&mut env, "2012-08-16T14:30:00Z", &["metrics", "1"]);
    let impact_of = |service: &str| {
        let (_, after) = printed.split_once(&format!("\n{service}\n")).unwrap();
        let impact = after.split_once("impact  ").unwrap().1;
        impact.lines().next().unwrap().trim().to_owned()
    };
    assert_eq!(impact_of("web"), "0 s");
    assert_eq!(impact_of("db"), "8 min");
    assert!(impact_of("api").starts_with("none: the state is not known"));
}

#[test]
fn states_after_the_end_ask_to_reopen_whatever_comes_after_them() {
    let mut env = TestEnv::new();
    at(
        &mut env,
        T[0],
        &["declare", "Search", "--service", "web", "--at", "9:00"],
    );
    at(&mut env, T[1], &["resolve", "9:10"]);
    let block = "9:20 fault: x !down\n9:21 restore: y\n";
    let logged = env.run_with_stdin(&["log", "--incident", "1", "-"], block.as_bytes());
    assert!(
        logged.stderr.contains("reopen? incident 1"),
        "{}",
        logged.stderr
    );
    for line in ["9:25 fault: x @web !down", "9:26 restore: y @web"] {
        at(&mut env, T[2], &["log", line]);
    }
    let adopted = at(&mut env, T[3], &["adopt", "all", "--incident", "1"]);
    assert!(adopted.contains("reopen? incident 1"), "{adopted}");
}

#[test]
fn resolve_and_reopen_take_a_time_alone_and_name_the_day_of_a_refused_one() {
    let mut env = TestEnv::new();
    at(
        &mut env,
        T[0],
        &["declare", "Search", "--service", "web", "--at", "9:00"],
    );
    let resolved = at(&mut env, T[1], &["resolve", "9:10"]);
    assert!(resolved.contains("09:10"), "{resolved}");
    env.run(&["reopen", "--at", "17:00"])
        .assert_error(1, &["2012-08-15 17:00", "is before incident 1"]);
    let reopened = at(&mut env, T[2], &["reopen", "9:30"]);
    assert!(reopened.contains("09:30"), "{reopened}");
}

#[test]
fn event_that_adopt_all_leaves_out_is_attached_by_its_handle() {
    let mut env = TestEnv::new();
    let now = at(&mut env, T[0], &["log", "fault: x @web !down"]);
    assert!(now.contains("--adopt all` attaches it"), "{now}");
    let old = at(
        &mut env,
        T[1],
        &["log", "2012-08-13 10:05 fault: x @web !down"],
    );
    assert!(old.contains("--adopt HANDLE` attaches it"), "{old}");
}

#[test]
fn merge_says_which_states_are_others_now() {
    let mut env = TestEnv::new();
    at(
        &mut env,
        T[0],
        &["declare", "A", "--service", "web", "--at", "9:00"],
    );
    at(&mut env, T[0], &["log", "9:32 fault: one !down"]);
    at(
        &mut env,
        T[1],
        &["declare", "B", "--service", "web", "--at", "9:40"],
    );
    at(
        &mut env,
        T[1],
        &["--incident", "2", "log", "9:41 fault: two !degraded"],
    );
    at(
        &mut env,
        T[2],
        &["--incident", "2", "log", "9:45 restore: two"],
    );
    let merged = at(&mut env, T[3], &["merge", "2", "--into", "1"]);
    assert!(merged.contains("@web ok"), "{merged}");
}

#[test]
fn amend_does_not_take_a_marker_without_its_sign_for_the_text() {
    let mut env = TestEnv::new();
    at(&mut env, T[0], &["declare", "A", "--service", "web"]);
    env.set_now(T[1]);
    let logged = env.run_json(&["log", "--json", "fault: x !degraded"]);
    let handle = logged["handle"].as_str().unwrap().to_owned();
    for (word, meant) in [
        ("down", "`!down`"),
        ("restore", "`restore:`"),
        ("web", "`@web`"),
    ] {
        let result = env.run(&["amend", &handle, word]);
        result.assert_error(2, &["would replace the text", meant]);
    }
    at(&mut env, T[2], &["amend", &handle, "\\down"]);
    assert_eq!(
        env.run_json(&["show", "--json"])["events"][1]["text"],
        "down"
    );
}
