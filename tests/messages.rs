//! Letters to customers as they are kept: saved, approved, sent.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::Env;
use std::fs;

/// An outage that goes on, at 10:20, with all that the first letter needs.
fn open() -> Env {
    let mut env = Env::new();
    env.config(include_str!("example/config.toml"));
    env.at("2012-08-16T14:20:00Z");
    env.ok(&[
        "declare",
        "AVR Online outage",
        "--service",
        "online-db",
        "--at",
        "10:14",
    ]);
    env.ok(&[
        "log",
        "10:06 fault: halted @online-db !down tell: A server halted.",
    ]);
    env.ok(&["set", "product", "AVR Online"]);
    env.ok(&["set", "next-update", "11:00"]);
    env
}

fn messages(env: &Env) -> serde_json::Value {
    env.json(&["email", "--list", "--json"])["messages"].clone()
}

#[test]
fn a_letter_is_saved_approved_and_sent_and_counts_as_word_to_customers() {
    let mut env = open();
    assert!(
        env.ok(&["email", "--save"])
            .starts_with("saved m1 of incident 1 (")
    );
    assert!(
        env.ok(&["email", "--show", "m1"])
            .starts_with("Subject: AVR Online: outage since 10:06")
    );
    env.ok(&["email", "--approve", "ann", "m1"]);
    env.at("2012-08-16T14:30:00Z");
    let ran = env.run(&[
        "email",
        "--sent",
        "m1",
        "--via",
        "statuspage",
        "--to-group",
        "all",
    ]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let kept = &messages(&env)[0];
    assert_eq!(kept["approved_by"], "ann");
    assert_eq!(kept["sent_at"], "2012-08-16T14:30:00Z");
    assert_eq!(
        (&kept["via"], &kept["to_group"]),
        (&"statuspage".into(), &"all".into())
    );
    let figures = env.json(&["metrics", "--json"]);
    assert_eq!(
        figures["metrics"]["time_to_first_update"]["seconds"],
        24 * 60
    );
    assert!(
        env.ok(&["postmortem"])
            .contains("(m1, initial by statuspage to all)")
    );
    // The next one is an update.
    assert!(
        env.ok(&["email"]).contains("Since our last message")
            || env.ok(&["email"]).contains("our last message")
    );
    assert!(
        env.ok(&["email", "--list"])
            .contains("by statuspage to all, approved by ann")
    );
}

#[test]
fn what_was_sent_is_never_undone_or_changed() {
    let env = open();
    env.ok(&["email", "--save"]);
    env.ok(&["email", "--approve", "ann", "m1"]);
    env.ok(&["email", "--sent", "m1", "--via", "email"]);
    for args in [
        &["email", "--approve", "raj", "m1"][..],
        &["email", "--save=m1"],
        &["email", "--sent", "m1", "--via", "phone"],
    ] {
        env.run(args).refused(1, &["m1 went out at", "hint: "]);
    }
    let undone = env.ok(&["undo"]);
    assert!(undone.contains("next-update"), "{undone}");
    assert_eq!(messages(&env)[0]["approved_by"], "ann");
    let handle = messages(&env)[0]["handle"].as_str().unwrap().to_owned();
    env.run(&["retract", &handle, "--reason", "no"])
        .refused(1, &["cannot be retracted"]);
}

#[test]
fn an_approval_holds_for_one_text() {
    let env = open();
    env.ok(&["email", "--save"]);
    env.ok(&["email", "--approve", "ann", "m1"]);
    env.run(&["email", "--approve", "ann", "m1"])
        .refused(1, &["already"]);
    env.run(&["email", "--save=m1"])
        .refused(1, &["says this already"]);
    fs::write(
        env.path().join("own.txt"),
        "Subject: AVR Online is down\n\nWe know.\n",
    )
    .unwrap();
    let ran = env.run(&["email", "--save=m1", "--text", "own.txt"]);
    assert!(
        ran.code == 0 && ran.err.contains("needs a new approval"),
        "{ran:?}"
    );
    assert_eq!(messages(&env)[0]["approved_by"], serde_json::Value::Null);
    assert_eq!(
        env.ok(&["email", "--show", "m1"]),
        "Subject: AVR Online is down\n\nWe know.\n"
    );
    env.ok(&["undo"]);
    assert_eq!(messages(&env)[0]["approved_by"], "ann");
    let ran = env.run(&[
        "email", "--sent", "m1", "--via", "phone", "--text", "own.txt",
    ]);
    assert!(
        ran.code == 0 && ran.err.contains("approved another text"),
        "{ran:?}"
    );
    let kept = &messages(&env)[0];
    assert_eq!(
        (&kept["approved_by"], &kept["text"]),
        (&serde_json::Value::Null, &"We know.\n".into())
    );
}

#[test]
fn what_changed_since_is_said_until_it_is_corrected() {
    let mut env = open();
    env.ok(&["email", "--save"]);
    env.ok(&["email", "--sent", "m1", "--via", "email"]);
    let fault = env.json(&["show", "--json"])["events"][0]["handle"]
        .as_str()
        .unwrap()
        .to_owned();
    env.ok(&["amend", &fault, "10:12"]);
    assert!(
        env.ok(&["postmortem"])
            .contains("told 10:06 EDT, the record says 10:12 EDT")
    );
    let lint = env.run(&["lint"]);
    assert_eq!(lint.code, 3);
    assert!(
        lint.out.contains("told-otherwise") && lint.out.contains("10:12 EDT"),
        "{}",
        lint.out
    );
    assert_eq!(messages(&env)[0]["changed_since"][0]["record"], "10:12 EDT");
    let update = env.ok(&["email"]);
    let flat = update.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("we wrote that this began at 10:06 EDT. It began at 10:12 EDT."),
        "{update}"
    );
    env.at("2012-08-16T14:40:00Z");
    env.ok(&["email", "--save"]);
    env.ok(&["email", "--sent", "m2", "--via", "email"]);
    assert!(!env.ok(&["email"]).contains("we wrote"));
}

#[test]
fn after_a_reopen_the_next_letter_owns_up_to_the_all_clear() {
    let mut env = open();
    env.ok(&["log", "10:18 restore: back @online-db"]);
    env.ok(&["resolve"]);
    env.ok(&["email", "--save", "--stage", "resolved"]);
    env.at("2012-08-16T14:25:00Z");
    env.ok(&["email", "--sent", "m1", "--via", "email"]);
    env.at("2012-08-16T14:35:00Z");
    env.ok(&["reopen", "!down it is back"]);
    let update = env.ok(&["email"]);
    assert!(
        update.contains("we told you that this was over. It was not"),
        "{update}"
    );
}

#[test]
fn bad_input_is_refused_and_nothing_is_lost() {
    let env = open();
    env.run(&["email", "--approve", "ann", "m1"])
        .refused(1, &["no saved letter `m1`", "--save"]);
    env.ok(&["email", "--save"]);
    env.run(&["email", "--show", "m7"])
        .refused(1, &["no saved letter `m7`", "there is m1"]);
    env.run(&["email", "--sent", "m1"]).refused(2, &["--via"]);
    env.run(&["email", "--sent", "m1", "--via", "pigeon"])
        .refused(2, &["no way `pigeon`", "statuspage"]);
    env.run(&["email", "--sent", "m1", "--via", "email", "--at", "soon"])
        .refused(2, &["soon"]);
    env.run(&["email", "--save", "--text", "none.txt"])
        .refused(1, &["none.txt cannot be read"]);
    fs::write(env.path().join("empty.txt"), "Subject: x\n\n").unwrap();
    env.run(&["email", "--save", "--text", "empty.txt"])
        .refused(2, &["is empty"]);
    env.run(&["email", "--text", "empty.txt"])
        .refused(2, &["--text"]);
    env.run(&["email", "--save", "--list"]).refused(2, &[]);
    env.ok(&["set", "product", "-"]);
    env.ok(&["email", "--save"]);
    env.run(&["email", "--approve", "ann", "m2"])
        .refused(1, &["something is missing in m2", "product"]);
    assert_eq!(messages(&env).as_array().unwrap().len(), 2);
    assert!(env.ok(&["verify"]).contains("all is as it was written"));
}
