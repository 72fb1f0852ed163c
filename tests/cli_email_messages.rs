//! Saved customer letters: saved, approved, sent.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;
use std::fs;

/// Declares an outage with all fields that the initial letter needs; the time is 10:20.
fn env_with_open_outage() -> TestEnv {
    let mut env = TestEnv::new();
    env.write_config(include_str!("example/config.toml"));
    env.set_now("2012-08-16T14:20:00Z");
    env.run_ok(&[
        "declare",
        "AVR Online outage",
        "--service",
        "online-db",
        "--at",
        "10:14",
    ]);
    env.run_ok(&[
        "log",
        "10:06 fault: halted @online-db !down tell: A server halted.",
    ]);
    env.run_ok(&["set", "product", "AVR Online"]);
    env.run_ok(&["set", "next-update", "11:00"]);
    env
}

fn messages(env: &TestEnv) -> serde_json::Value {
    env.run_json(&["email", "--list", "--json"])["messages"].clone()
}

#[test]
fn sent_message_counts_as_customer_update() {
    let mut env = env_with_open_outage();
    assert!(
        env.run_ok(&["email", "--save"])
            .starts_with("saved m1 of incident 1 (")
    );
    assert!(
        env.run_ok(&["email", "--show", "m1"])
            .starts_with("Subject: AVR Online: down since 10:06 EDT")
    );
    env.run_ok(&["email", "--approve", "ann", "m1"]);
    env.set_now("2012-08-16T14:30:00Z");
    let result = env.run(&[
        "email",
        "--sent",
        "m1",
        "--via",
        "statuspage",
        "--to-group",
        "all",
    ]);
    assert_eq!(
        (result.exit_code, result.stderr.as_str()),
        (0, ""),
        "{result:?}"
    );
    let saved = &messages(&env)[0];
    assert_eq!(saved["approved_by"], "ann");
    assert_eq!(saved["sent_at"], "2012-08-16T14:30:00Z");
    assert_eq!(
        (&saved["via"], &saved["to_group"]),
        (&"statuspage".into(), &"all".into())
    );
    let metrics = env.run_json(&["metrics", "--json"]);
    assert_eq!(
        metrics["metrics"]["time_to_first_update"]["seconds"],
        24 * 60
    );
    assert!(
        env.run_ok(&["postmortem"])
            .contains("| 10:30 | all | Letter m1 by statuspage: ")
    );
    // The next letter is an update.
    let update = env.run_ok(&["email"]);
    assert!(update.contains(", update of 10:"), "{update}");
    assert!(update.contains("What happened before (EDT)"), "{update}");
    assert!(
        env.run_ok(&["email", "--list"])
            .contains("by statuspage to all, approved by ann")
    );
}

#[test]
fn sent_message_cannot_be_changed_or_undone() {
    let env = env_with_open_outage();
    env.run_ok(&["email", "--save"]);
    env.run_ok(&["email", "--approve", "ann", "m1"]);
    env.run_ok(&["email", "--sent", "m1", "--via", "email"]);
    for args in [
        &["email", "--approve", "raj", "m1"][..],
        &["email", "--save=m1"],
        &["email", "--sent", "m1", "--via", "phone"],
    ] {
        env.run(args).assert_error(1, &["m1 was sent at", "hint: "]);
    }
    let undone = env.run_ok(&["undo"]);
    assert!(undone.contains("next-update"), "{undone}");
    assert_eq!(messages(&env)[0]["approved_by"], "ann");
    let handle = messages(&env)[0]["handle"].as_str().unwrap().to_owned();
    env.run(&["retract", &handle, "--reason", "no"])
        .assert_error(1, &["cannot be retracted"]);
}

#[test]
fn changing_a_message_revokes_its_approval() {
    let env = env_with_open_outage();
    env.run_ok(&["email", "--save"]);
    env.run_ok(&["email", "--approve", "ann", "m1"]);
    env.run(&["email", "--approve", "ann", "m1"])
        .assert_error(1, &["already"]);
    env.run(&["email", "--save=m1"])
        .assert_error(1, &["is unchanged"]);
    fs::write(
        env.path().join("own.txt"),
        "Subject: AVR Online is down\n\nWe know.\n",
    )
    .unwrap();
    let result = env.run(&["email", "--save=m1", "--text", "own.txt"]);
    assert!(
        result.exit_code == 0 && result.stderr.contains("needs a new approval"),
        "{result:?}"
    );
    assert_eq!(messages(&env)[0]["approved_by"], serde_json::Value::Null);
    assert_eq!(
        env.run_ok(&["email", "--show", "m1"]),
        "Subject: AVR Online is down\n\nWe know.\n"
    );
    env.run_ok(&["undo"]);
    assert_eq!(messages(&env)[0]["approved_by"], "ann");
    let result = env.run(&[
        "email", "--sent", "m1", "--via", "phone", "--text", "own.txt",
    ]);
    assert!(
        result.exit_code == 0 && result.stderr.contains("approved another text"),
        "{result:?}"
    );
    let saved = &messages(&env)[0];
    assert_eq!(
        (&saved["approved_by"], &saved["text"]),
        (&serde_json::Value::Null, &"We know.\n".into())
    );
}

#[test]
fn subject_of_a_draft_is_not_told_where_another_text_was_posted() {
    let env = env_with_open_outage();
    env.run_ok(&["email", "--save"]);
    std::fs::write(env.path().join("own.txt"), "We know.\n").unwrap();
    env.run_ok(&[
        "email",
        "--sent",
        "m1",
        "--via",
        "statuspage",
        "--text",
        "own.txt",
    ]);
    assert_eq!(messages(&env)[0]["subject"], "");
    let postmortem = env.run_ok(&["postmortem"]);
    assert!(
        postmortem.contains("| Letter m1 by statuspage |"),
        "{postmortem}"
    );
}

#[test]
fn next_email_corrects_changed_fact_once() {
    let mut env = env_with_open_outage();
    env.run_ok(&["email", "--save"]);
    env.run_ok(&["email", "--sent", "m1", "--via", "email"]);
    let fault = env.run_json(&["show", "--json"])["events"][0]["handle"]
        .as_str()
        .unwrap()
        .to_owned();
    env.run_ok(&["amend", &fault, "10:12"]);
    assert!(
        env.run_ok(&["postmortem"])
            .contains("2012-08-16 10:06 EDT, the record says 2012-08-16 10:12 EDT")
    );
    let lint = env.run(&["lint"]);
    assert_eq!(lint.exit_code, 3);
    assert!(
        lint.stdout.contains("told-otherwise") && lint.stdout.contains("10:12 EDT"),
        "{}",
        lint.stdout
    );
    let changed = &messages(&env)[0]["changed_since"][0];
    assert_eq!(changed["record"], "2012-08-16 10:12 EDT");
    let update = env.run_ok(&["email"]);
    let flat = update.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("Corrected: AVR Online, start: 10:12 EDT (we wrote 10:06 EDT)"),
        "{update}"
    );
    env.set_now("2012-08-16T14:40:00Z");
    env.run_ok(&["email", "--save"]);
    env.run_ok(&["email", "--sent", "m2", "--via", "email"]);
    assert!(!env.run_ok(&["email"]).contains("we wrote"));
}

#[test]
fn email_after_reopen_corrects_the_all_clear() {
    let mut env = env_with_open_outage();
    env.run_ok(&["log", "10:18 restore: back @online-db"]);
    env.run_ok(&["resolve"]);
    env.run_ok(&["email", "--save", "--stage", "resolved"]);
    env.set_now("2012-08-16T14:25:00Z");
    env.run_ok(&["email", "--sent", "m1", "--via", "email"]);
    env.set_now("2012-08-16T14:35:00Z");
    env.run_ok(&["reopen", "!down it is back"]);
    let update = env.run_ok(&["email"]);
    assert!(
        update.contains("we wrote that this was over. Since then:")
            && !update.contains("still there"),
        "{update}"
    );
}

#[test]
fn invalid_email_options_are_rejected_without_changes() {
    let env = env_with_open_outage();
    env.run(&["email", "--approve", "ann", "m1"])
        .assert_error(1, &["no saved draft `m1`", "--save"]);
    env.run_ok(&["email", "--save"]);
    env.run(&["email", "--show", "m7"])
        .assert_error(1, &["no saved draft `m7`", "there is m1"]);
    env.run(&["email", "--sent", "m1"])
        .assert_error(2, &["--via"]);
    env.run(&["email", "--sent", "m1", "--via", "pigeon"])
        .assert_error(2, &["`pigeon` is not a channel", "statuspage"]);
    env.run(&["email", "--sent", "m1", "--via", "email", "--at", "soon"])
        .assert_error(2, &["soon"]);
    env.run(&["email", "--save", "--text", "none.txt"])
        .assert_error(1, &["none.txt cannot be read\ncaused by: No such file"]);
    fs::write(env.path().join("empty.txt"), "Subject: x\n\n").unwrap();
    env.run(&["email", "--save", "--text", "empty.txt"])
        .assert_error(2, &["is empty"]);
    env.run(&["email", "--text", "empty.txt"])
        .assert_error(2, &["--text"]);
    env.run(&["email", "--save", "--list"]).assert_error(2, &[]);
    env.run_ok(&["set", "product", "-"]);
    env.run_ok(&["email", "--save"]);
    env.run(&["email", "--approve", "ann", "m2"])
        .assert_error(1, &["something is missing in m2", "product"]);
    assert_eq!(messages(&env).as_array().unwrap().len(), 2);
    assert!(env.run_ok(&["verify"]).contains("all is as it was written"));
}

#[test]
fn double_brackets_that_a_person_typed_do_not_block_an_approval() {
    let mut env = env_with_open_outage();
    env.set_now("2012-08-16T15:20:00Z");
    env.run_ok(&[
        "log",
        "11:10 restore: ok @online-db tell: It is [[event]] back.",
    ]);
    for field in ["product", "customer-scope", "unaffected", "data-loss"] {
        env.run_ok(&["set", field, &format!("some [[{field}]] thing")]);
    }
    env.run_ok(&[
        "service",
        "online-db",
        "--public",
        "The [[service]] database",
    ]);
    let task = ["--customer", "We will [[task]] it.", "--owner", "ann"];
    env.run_ok(&[&["task", "add", "fix", "--due", "2012-09-01"], &task[..]].concat());
    let prose = env.path().join("prose.md");
    fs::write(&prose, "More [[prose]] later.").unwrap();
    let write = ["write", "customer-followup", "--from"];
    env.run_ok(&[&write[..], &[prose.to_str().unwrap()]].concat());
    env.run_ok(&["resolve"]);
    for stage in ["resolved", "followup"] {
        env.run_ok(&["email", "--save", "--stage", stage]);
    }
    // Ours still blocks.
    env.run(&["email", "--approve", "ann", "m1"]).assert_error(
        1,
        &["something is missing in m1 still: the day of the follow-up: bridgelog"],
    );
    let letter = env.run_ok(&["email", "--show", "m2"]);
    for typed in [
        "[[event]]",
        "[[product]]",
        "[[customer-scope]]",
        "[[unaffected]]",
        "[[data-loss]]",
        "[[task]]",
        "[[prose]]",
    ] {
        assert!(letter.contains(typed), "{typed} is not in {letter}");
    }
    env.run_ok(&["email", "--approve", "ann", "m2"]);
    // Lint still sees what is between brackets that a person typed.
    env.run_ok(&["--incident", "1", "set", "unaffected", "[[10.1.2.3]]"]);
    let lint = env.run(&["lint"]).stdout;
    assert!(lint.contains("10.1.2.3"), "{lint}");
    // What names a command as ours do is one of ours, whoever typed it.
    env.run_ok(&[
        "--incident",
        "1",
        "set",
        "unaffected",
        "[[what: bridgelog show]]",
    ]);
    env.run_ok(&["email", "--save=m1"]);
    env.run(&["email", "--approve", "ann", "m1"])
        .assert_error(1, &["something is missing"]);
}
