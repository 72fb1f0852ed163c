//! Who holds which role and how severe an incident is: changes, corrections, and names of every form.
#![allow(clippy::unwrap_used, reason = "this is a test")]

mod common;
use common::TestEnv;
use serde_json::Value as Json;

fn env_with_incident() -> TestEnv {
    TestEnv::with_incident(&["--at", "8:00", "--severity", "sev3"])
}

fn rows(env: &TestEnv) -> Vec<String> {
    let shown = env.run_json(&["show", "1", "--json"]);
    let text = |event: &Json| event["text"].as_str().unwrap().to_owned();
    shown["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(text)
        .collect()
}

fn listed(env: &TestEnv, name: &str) -> Json {
    env.run_json(&["list", "--json"])[0][name].clone()
}

#[test]
fn severity_is_a_change_while_open_and_a_correction_once_resolved() {
    let env = env_with_incident();
    let set = env.run(&["set", "severity", "sev2"]);
    assert!(
        set.stderr.contains("a change from now on, with the row"),
        "{}",
        set.stderr
    );
    assert_eq!(rows(&env), ["Checkout fails", "severity sev3 → sev2"]);
    let set = env.run(&["set", "severity", "sev2", "--at", "8:10"]);
    assert!(
        set.stderr.contains("a change at that time"),
        "{}",
        set.stderr
    );
    env.run_ok(&["resolve"]);
    let before = rows(&env);
    let set = env.run(&["set", "severity", "sev1", "--incident", "1"]);
    assert!(set.stderr.contains("corrected in") && set.stderr.contains("--at WHEN"));
    let after = rows(&env);
    assert_eq!(after.len(), before.len());
    assert!(
        after.contains(&"severity sev3 → sev1".to_owned()),
        "{after:?}"
    );
    assert_eq!(listed(&env, "severity"), "sev1");
    env.run(&["set", "severity", "sev1", "--incident", "1"])
        .assert_error(1, &["is sev1 already"]);
    env.run_ok(&["set", "severity", "sev4", "--incident", "1", "--at", "8:05"]);
    assert_eq!(rows(&env).len(), before.len() + 1);
    env.run_ok(&["verify"]);
}

#[test]
fn severity_of_a_declaration_is_corrected_in_place_once_resolved() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "No severity yet"]);
    env.run_ok(&["resolve"]);
    env.run_ok(&["set", "severity", "sev2", "--incident", "1"]);
    assert_eq!(listed(&env, "severity"), "sev2");
    assert_eq!(rows(&env).len(), 2);
    env.run_ok(&["undo"]);
    assert_eq!(listed(&env, "severity"), Json::Null);
}

#[test]
fn set_commander_corrects_and_handoff_passes() {
    let env = env_with_incident();
    let set = env.run(&["set", "commander", "Ann Lee"]);
    assert!(
        set.stderr.contains("corrected in") && set.stderr.contains("handoff 'Ann Lee'"),
        "{}",
        set.stderr
    );
    assert!(set.stdout.contains("(was: jw)"), "{}", set.stdout);
    assert_eq!(rows(&env), ["Checkout fails"]);
    assert_eq!(listed(&env, "commander"), "Ann Lee");
    let passed = env.run(&["handoff", "raj", "--at", "8:30"]);
    assert!(
        passed.stderr.contains("set commander raj"),
        "{}",
        passed.stderr
    );
    assert_eq!(rows(&env), ["Checkout fails", "raj takes over command"]);
    env.run_ok(&["set", "commander", "Zoë Ó Brien"]);
    assert_eq!(
        rows(&env),
        ["Checkout fails", "Zoë Ó Brien takes over command"]
    );
    let earlier = env.run(&["set", "commander", "bo", "--at", "8:10"]);
    assert!(
        earlier.stderr.contains("who is the commander now"),
        "{}",
        earlier.stderr
    );
    assert_eq!(listed(&env, "commander"), "Zoë Ó Brien");
    env.run(&["set", "commander", "x", "--at", "7:00"])
        .assert_error(1, &["had no commander then", "handoff"]);
    env.run(&["set", "commander", "Zoë Ó Brien"])
        .assert_error(1, &["already"]);
}

#[test]
fn name_of_several_words_works_wherever_a_person_is_taken() {
    for (typed, name) in [
        ("Ann Lee", "Ann Lee"),
        ("@Ann  Lee ", "Ann Lee"),
        ("Zoë Ó Brien", "Zoë Ó Brien"),
        ("O'Neil B", "O'Neil B"),
        ("山田 太郎", "山田 太郎"),
        ("@raj", "raj"),
    ] {
        let env = TestEnv::new();
        env.run_ok(&["declare", "Checkout fails", "--commander", typed]);
        assert_eq!(listed(&env, "commander"), name);
        env.run_ok(&["handoff", "someone-else"]);
        env.run_ok(&["set", "commander", typed]);
        assert_eq!(listed(&env, "commander"), name);
        for field in ["scribe", "comms-lead"] {
            let set = env.run_ok(&["set", field, typed]);
            assert!(set.ends_with(&format!("to: {name}\n")), "{set}");
        }
        env.run_ok(&["task", "add", "--owner", typed, "fix it"]);
        env.run_ok(&[
            "task", "add", "--within", "5m", "--owner", typed, "check it",
        ]);
        let tasks = env.run_json(&["task", "list", "--json"]);
        assert_eq!(tasks["tasks"][0]["owner"], name);
        assert_eq!(tasks["asks"][0]["owner"], name);
        let logged = env.run_json(&["--by", typed, "log", "--json", "seen"]);
        assert_eq!(logged["author"], name);
        for text in ["status", "postmortem"] {
            let shown = env.run_ok(&[text]);
            assert!(shown.contains(name), "{text}\n{shown}");
        }
        let mention = if name.contains(' ') {
            format!("@\"{name}\"")
        } else {
            format!("@{name}")
        };
        let ask = env.run_json(&["log", "--json", &format!("ask: get {mention} on it 5m")]);
        assert_eq!(ask["people"], serde_json::json!([name]));
        assert_eq!(ask["text"], format!("get {name} on it"));
        let ask = env.run_json(&["log", "--json", &format!("ask: check it {mention} 5m")]);
        assert_eq!(ask["people"], serde_json::json!([name]));
        assert_eq!(ask["text"], "check it");
        env.run_ok(&["verify"]);
    }
}

#[test]
fn first_word_of_a_known_name_offers_the_whole_name() {
    let env = env_with_incident();
    env.run_ok(&["handoff", "Ann Lee"]);
    let asked = env.run(&["log", "ask: check it @Ann 5m"]);
    assert!(
        asked.stderr.contains("did you mean @\"Ann Lee\"?"),
        "{}",
        asked.stderr
    );
}

#[test]
fn service_of_several_words_is_refused_everywhere_with_the_way_out() {
    let env = env_with_incident();
    let event = env.log("8:10 fault: gone !down");
    for args in [
        &["declare", "x", "--service", "pay db"][..],
        &["service", "pay db"],
        &["log", "--service", "pay db", "gone"],
        &["amend", &event, "--service", "pay db"],
    ] {
        env.run(args)
            .assert_error(2, &["`pay db`", "pay-db", "--public"]);
    }
    let logged = env.run_json(&["log", "--json", "@\"pay db\" is gone !down"]);
    assert_eq!(logged["services"], serde_json::json!([]));
}

/// A role, and the command that gives it to a person.
const ROLES: [(&str, &[&str]); 6] = [
    ("commander", &["handoff"]),
    ("commander", &["set", "commander"]),
    ("scribe", &["set", "scribe"]),
    ("owner", &["task", "add", "fix it", "--owner"]),
    (
        "asked",
        &["task", "add", "look", "--within", "10m", "--owner"],
    ),
    ("commander", &["log", "handoff: to"]),
];

#[test]
fn a_person_typed_for_a_role_is_spelt_as_known_and_a_near_miss_is_said() {
    for (role, command) in ROLES {
        let env = env_with_incident();
        env.run_ok(&["log", "ask: look at it @maria"]);
        let give = |who: &str| {
            let mut args: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
            match command[0] {
                "log" => args[1] = format!("{} {who}", command[1]),
                _ => args.push(who.to_owned()),
            }
            env.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let known = give("MARIA");
        if role == "commander" {
            assert_eq!(listed(&env, "commander"), "maria", "{command:?}");
        } else {
            let said = &known.stdout;
            assert!(!said.contains("MARIA") && said.contains("maria"), "{said}");
        }
        assert!(
            !known.stderr.contains("is new here"),
            "{role}: {}",
            known.stderr
        );
        let near = give("mariaa");
        assert!(
            near.stderr
                .contains("@mariaa is new here; did you mean @maria?"),
            "{role}: {}",
            near.stderr
        );
        assert!(near.stdout.contains("mariaa"), "{role}: {}", near.stdout);
        let other = give("zed");
        assert!(
            !other.stderr.contains("is new here"),
            "{role}: {}",
            other.stderr
        );
    }
}

#[test]
fn a_line_hands_over_to_a_known_person_of_two_words() {
    for line in ["handoff: ann lee", "handoff: to Ann Lee"] {
        let env = env_with_incident();
        env.run_ok(&["set", "scribe", "Ann Lee"]);
        env.run_ok(&["log", "ask: look @\"Ann Lee\""]);
        env.log(line);
        assert_eq!(listed(&env, "commander"), "Ann Lee", "{line}");
    }
}

#[test]
fn the_owner_of_a_follow_up_is_known_from_then_on() {
    let env = env_with_incident();
    env.run_ok(&["task", "add", "fix it", "--owner", "Ann Lee"]);
    let again = env.run_ok(&["task", "add", "test it", "--owner", "ann lee"]);
    assert!(again.contains("Ann Lee"), "{again}");
}

#[test]
fn severity_set_in_the_past_says_which_later_row_is_no_longer_true() {
    let env = TestEnv::with_incident(&["--at", "8:00", "--severity", "sev3"]);
    env.run_ok(&["set", "severity", "sev1"]);
    let set = env.run(&["set", "severity", "sev2", "--at", "8:30"]);
    let note = "a later row says `severity sev3 → sev1`";
    assert!(set.stderr.contains(note), "{}", set.stderr);
    assert!(
        set.stderr.contains("'severity sev2 → sev1'"),
        "{}",
        set.stderr
    );
}

#[test]
fn a_name_in_quotes_is_the_name_wherever_a_person_is_taken() {
    for typed in [
        "Ann Lee",
        "@\"Ann Lee\"",
        "\"Ann Lee\"",
        "@“Ann Lee”",
        "„Ann Lee“",
    ] {
        let env = env_with_incident();
        env.run_ok(&["handoff", typed]);
        assert_eq!(listed(&env, "commander"), "Ann Lee", "{typed}");
        let set = env.run_ok(&["set", "scribe", typed]);
        assert!(
            set.contains("Ann Lee") && !set.contains(['"', '“']),
            "{set}"
        );
        let added = env.run_ok(&["task", "add", "fix it", "--owner", typed]);
        assert!(
            added.contains("Ann Lee") && !added.contains(['"', '“']),
            "{added}"
        );
        let asked = env.run_json(&["log", "--json", "ask: look @“Ann Lee” 5m"]);
        assert_eq!(asked["people"], serde_json::json!(["Ann Lee"]));
        assert_eq!(asked["text"], "look");
    }
}

#[test]
fn first_word_of_a_known_name_that_takes_command_asks_for_the_whole_name() {
    let env = env_with_incident();
    env.run_ok(&["set", "scribe", "Mia Wong"]);
    env.run_ok(&["log", "ask: look @\"Mia Wong\" 5m"]);
    let handed = env.run(&["log", "handoff: @Mia takes over"]);
    assert!(
        handed.stderr.contains("did you mean @\"Mia Wong\"?"),
        "{}",
        handed.stderr
    );
}

#[test]
fn known_full_name_without_quotes_is_that_person() {
    let env = env_with_incident();
    env.run_ok(&["set", "scribe", "Mia Wong"]);
    let logged = env.run(&["log", "handoff: @Mia Wong takes over"]);
    assert!(
        logged.stdout.contains("handoff to @Mia Wong"),
        "{}",
        logged.stdout
    );
    assert_eq!(listed(&env, "commander"), "Mia Wong");
    env.run_ok(&["log", "ask: check the lag @mia wong 5m"]);
    let shown = env.run_json(&["show", "1", "--json"]);
    assert_eq!(shown["events"][2]["people"][0], "Mia Wong");
    let longer = env.run(&["log", "handoff: from Raj Patel to Bo Li"]);
    assert!(
        longer.stderr.contains("`bridgelog handoff WHO`"),
        "{}",
        longer.stderr
    );
}
