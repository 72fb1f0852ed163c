//! Services and people that were renamed or removed: `service` and `person`.
#![allow(clippy::unwrap_used, reason = "this is a test")]

mod common;
use common::TestEnv;
use serde_json::Value as Json;

/// An incident with a service and a person that were typed in two ways.
fn env_with_typos() -> TestEnv {
    let mut env = TestEnv::new();
    env.set_now("2026-11-28T08:00:00Z");
    env.run_ok(&["--by", "an", "declare", "DB down", "--service", "onlin-db"]);
    env.set_now("2026-11-28T08:05:00Z");
    env.log("fault: halted @onlin-db !down tell: It stopped.");
    env.run_ok(&["service", "onlin-db", "--public", "AVR Online"]);
    env.run_ok(&["task", "add", "Add a second server", "--owner", "an"]);
    env.set_now("2026-11-28T08:20:00Z");
    env.log("restore: back @online-db @an");
    env
}

fn states(env: &TestEnv) -> Vec<String> {
    let shown = env.run_json(&["show", "1", "--json"]);
    let span = |span: &Json| {
        format!(
            "{} {}",
            span["service"].as_str().unwrap_or(""),
            span["state"].as_str().unwrap()
        )
    };
    shown["states"]
        .as_array()
        .unwrap()
        .iter()
        .map(span)
        .collect()
}

#[test]
fn renamed_service_is_one_with_the_other_in_states_header_and_documents() {
    let env = env_with_typos();
    assert_eq!(states(&env), ["onlin-db down", "online-db ok"]);
    let before = env.run_ok(&["export", "jsonl"]);
    let renamed = env.run(&["service", "@onlin-db", "--rename", "online-db"]);
    assert_eq!(
        renamed.stdout,
        "renamed service onlin-db of 1 to online-db (named by 2 events)\n"
    );
    assert!(
        renamed.stderr.contains("are one service from now on"),
        "{}",
        renamed.stderr
    );
    assert_eq!(states(&env), ["online-db down", "online-db ok"]);
    let metrics = env.run_json(&["metrics", "1", "--json"]);
    assert_eq!(metrics["metrics"]["outage"]["seconds"], 900);
    for verb in [
        &["show"][..],
        &["postmortem"],
        &["email"],
        &["status"],
        &["list"],
        &["lint"],
    ] {
        let text = env.run(verb).stdout;
        assert!(!text.contains("onlin-db"), "{verb:?}: {text}");
    }
    assert!(env.run_ok(&["email"]).contains("AVR Online"));
    // The journal only grows.
    assert!(env.run_ok(&["export", "jsonl"]).starts_with(&before));
    let history = env.run_ok(&["history", "service/onlin-db"]);
    assert!(history.contains("renamed to online-db"), "{history}");
    // What is typed in the old way belongs to the service.
    env.log("fault: again @onlin-db !degraded");
    assert_eq!(states(&env).last().unwrap(), "online-db degraded");
    let noted = env.run_ok(&["log", "note: looked at it @onlin-db"]);
    assert!(noted.contains("@online-db"), "{noted}");
    env.run_ok(&["verify"]);
}

#[test]
fn rename_can_be_undone_and_redone_and_travels_to_another_database() {
    let env = env_with_typos();
    env.run_ok(&["service", "onlin-db", "--rename", "online-db"]);
    let renamed = env.run_ok(&["show", "--json"]);
    let undone = env.run_ok(&["undo"]);
    assert!(undone.contains("renamed to online-db"), "{undone}");
    assert_eq!(states(&env), ["onlin-db down", "online-db ok"]);
    env.run_ok(&["redo"]);
    assert_eq!(env.run_ok(&["show", "--json"]), renamed);
    let file = env.path().join("all.jsonl");
    std::fs::write(&file, env.run_ok(&["export", "jsonl"])).unwrap();
    let other = env.path().join("other.db");
    let (file, other) = (file.to_str().unwrap(), other.to_str().unwrap());
    env.run_ok(&["--db", other, "import", "jsonl", file]);
    assert_eq!(env.run_ok(&["--db", other, "show", "--json"]), renamed);
    env.run_ok(&["--db", other, "verify"]);
}

#[test]
fn renaming_back_gives_the_name_that_was_typed() {
    let env = env_with_typos();
    env.run_ok(&["service", "onlin-db", "--rename", "db"]);
    env.run_ok(&["service", "db", "--rename", "onlin-db"]);
    assert_eq!(states(&env), ["onlin-db down", "online-db ok"]);
    assert!(env.run_ok(&["email"]).contains("AVR Online"));
}

#[test]
fn removing_a_service_asks_first_and_leaves_the_events() {
    let env = env_with_typos();
    let asked = env.run(&["service", "onlin-db", "--remove"]);
    asked.assert_error(
        1,
        &["2 events of incident 1 name `onlin-db`", "--remove --yes"],
    );
    assert_eq!(states(&env).len(), 2);
    env.run_ok(&["service", "onlin-db", "--remove", "--yes"]);
    assert_eq!(states(&env), ["online-db ok"]);
    let shown = env.run_ok(&["show"]);
    assert!(shown.contains("fault              halted  jw"), "{shown}");
    let metrics = env.run_json(&["metrics", "1", "--json"]);
    // What was restored has no state before any more.
    let outage = &metrics["metrics"]["outage"];
    let reason = outage["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("the state before the restore of"),
        "{reason}"
    );
    assert!(outage["seconds"].is_null());
    assert!(!env.run_ok(&["email"]).contains("AVR Online"));
    env.run_ok(&["verify"]);
    env.run_ok(&["service", "onlin-db"]);
    assert_eq!(states(&env), ["onlin-db down", "online-db ok"]);
    assert!(env.run_ok(&["email"]).contains("AVR Online"));
}

#[test]
fn removed_service_that_a_later_event_names_counts_from_there() {
    let mut env = env_with_typos();
    env.run_ok(&["service", "onlin-db", "--remove", "--yes"]);
    env.set_now("2026-11-28T08:30:00Z");
    env.run_ok(&[
        "log",
        "--service",
        "onlin-db",
        "--state",
        "degraded",
        "slow",
    ]);
    assert_eq!(states(&env), ["onlin-db degraded", "online-db ok"]);
}

#[test]
fn unknown_or_renamed_names_are_refused_with_what_there_is() {
    let env = env_with_typos();
    env.run(&["service", "web", "--remove"])
        .assert_error(1, &["has no service `web`", "onlin-db"]);
    env.run(&["service", "onlin-db", "--rename", "onlin-db"])
        .assert_error(2, &["its name already"]);
    env.run_ok(&["service", "onlin-db", "--rename", "online-db"]);
    env.run(&["service", "onlin-db", "--rename", "x"])
        .assert_error(
            1,
            &[
                "was renamed to `online-db`",
                "bridgelog service online-db --rename",
            ],
        );
    env.run(&["service", "onlin-db", "--public", "X"])
        .assert_error(1, &["was renamed to `online-db`"]);
    env.run(&["person", "bo", "--rename", "bob"])
        .assert_error(1, &["has no person `bo`"]);
}

#[test]
fn names_follow_a_merge_of_incidents() {
    let mut env = env_with_typos();
    env.run_ok(&["service", "onlin-db", "--rename", "online-db"]);
    env.run_ok(&["person", "an", "--rename", "ann"]);
    env.set_now("2026-11-28T08:40:00Z");
    env.run_ok(&["declare", "Another view of it", "--service", "web"]);
    env.run_ok(&["merge", "1", "--into", "2"]);
    let shown = env.run_ok(&["show", "2"]);
    assert!(
        shown.contains("@online-db") && !shown.contains("onlin-db"),
        "{shown}"
    );
    assert!(shown.contains("@ann"), "{shown}");
    env.run_ok(&["verify"]);
}

#[test]
fn renamed_person_is_in_roles_tasks_timeline_and_documents_under_the_new_name() {
    let env = env_with_typos();
    let renamed = env.run_ok(&["person", "an", "--rename", "ann"]);
    assert_eq!(
        renamed,
        "renamed person an of 1 to ann (named by 1 event)\n"
    );
    let shown = env.run_json(&["show", "1", "--json"]);
    assert_eq!(shown["incident"]["commander"], "ann");
    assert_eq!(shown["events"][0]["author"], "ann");
    assert_eq!(shown["events"][2]["people"][0], "ann");
    assert_eq!(env.run_json(&["list", "--json"])[0]["commander"], "ann");
    assert!(env.run_ok(&["task", "list"]).contains("@ann"));
    let postmortem = env.run_ok(&["postmortem"]);
    assert!(postmortem.contains("Commander: ann"), "{postmortem}");
    let asked = env.run_ok(&["log", "ask: look at the disks @an 5m"]);
    assert!(asked.contains("@ann"), "{asked}");
    // The history keeps who wrote what.
    let declaration = shown["incident"]["handle"].as_str().unwrap();
    assert!(env.run_ok(&["history", declaration]).contains(" an "));
    let people = env.run_ok(&["person"]);
    assert!(
        people.contains("ann: commander, owner of 1 follow-up"),
        "{people}"
    );
    // The request, then the rename.
    env.run_ok(&["undo"]);
    env.run_ok(&["undo"]);
    assert_eq!(env.run_json(&["list", "--json"])[0]["commander"], "an");
    env.run_ok(&["verify"]);
}

#[test]
fn person_with_a_role_is_not_removed_and_a_mention_is() {
    let env = env_with_typos();
    env.run(&["person", "an", "--remove", "--yes"])
        .assert_error(1, &["`an` is the commander", "set commander"]);
    env.run_ok(&["--by", "jenkins", "log", "note: build 7 passed"]);
    env.log("note: nightly build passed @jenkins");
    env.run(&["person", "jenkins", "--remove"])
        .assert_error(1, &["1 event of incident 1 names `jenkins`"]);
    env.run_ok(&["person", "jenkins", "--remove", "--yes"]);
    assert!(!env.run_ok(&["show"]).contains("@jenkins"));
    assert!(
        env.run_ok(&["person"])
            .contains("jenkins: recorded 1 event\n")
    );
}

#[test]
fn comma_separates_names_in_flags_and_is_in_no_name() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "Slow", "--service", "web,pay-db"]);
    env.run_ok(&["log", "--tag", "a,b", "--service", "web", "note: x"]);
    let shown = env.run_json(&["show", "--json"]);
    let names: Vec<&str> = shown["incident"]["services"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(serde_json::Value::as_str)
        .collect();
    let names: std::collections::BTreeSet<&str> = names.into_iter().collect();
    assert_eq!(
        names.into_iter().collect::<Vec<_>>(),
        ["pay-db", "web"],
        "{shown:#}"
    );
    env.run(&["service", "x,y"])
        .assert_error(2, &["`x,y` is not a name for a service"]);
}

#[test]
fn severity_in_the_title_is_said() {
    let env = TestEnv::new();
    let result = env.run(&["declare", "sev2 Checkout is slow"]);
    assert!(
        result
            .stderr
            .contains("`bridgelog set severity sev2` sets the severity"),
        "{result:#?}"
    );
    let result = env.run(&["declare", "--severity", "sev2", "sev2 Checkout"]);
    assert!(!result.stderr.contains("set severity"), "{result:#?}");
}

#[test]
fn new_service_beside_a_similar_one_is_said() {
    let env = TestEnv::with_incident(&["--service", "checkout"]);
    let result = env.run(&["service", "checkot", "--public", "Checkout"]);
    assert!(
        result
            .stderr
            .contains("`checkot` is a new service here; did you mean `checkout`?"),
        "{result:#?}"
    );
    for name in ["checkout", "search", "checkot"] {
        assert_eq!(env.run(&["service", name]).stderr, "", "{name}");
    }
}

#[test]
fn service_without_a_name_lists_services_with_state_and_name_for_customers() {
    let env = env_with_typos();
    let listed = env.run_ok(&["service"]);
    let expected = [
        "onlin-db: down, customers read: AVR Online, named by 2 events",
        "online-db: ok, no name for customers yet, named by 1 event",
    ];
    assert_eq!(listed.lines().collect::<Vec<_>>(), expected);
    let json = env.run_json(&["service", "--json"]);
    let first = &json["services"][0];
    assert_eq!(first["public_name"], "AVR Online");
    assert_eq!(
        (&first["state"], &first["named_by_events"]),
        (&"down".into(), &2.into())
    );
    env.run(&["service", "--remove"]).assert_error(2, &["NAME"]);
    env.run(&["service", "--public", "X"])
        .assert_error(2, &["NAME"]);
}
