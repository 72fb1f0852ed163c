//! `postmortem --reviewed` and `--final`: recorded with the state of the journal, and what changed since.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;
use rstest::rstest;
use serde_json::json;

fn status_line(env: &TestEnv) -> String {
    let text = env.run_ok(&["postmortem", "1"]);
    let line = text.lines().find(|line| line.contains(", records to "));
    line.unwrap_or_else(|| panic!("{text}")).to_owned()
}

fn document(env: &TestEnv) -> serde_json::Value {
    env.run_json(&["postmortem", "1", "--format", "json"])["document"].clone()
}

#[test]
fn review_is_said_with_its_day_and_what_changed_since() {
    let mut env = TestEnv::worked_example();
    assert!(status_line(&env).starts_with("**Draft**, records to Mon 20 Aug 2012 09:00"));
    assert_eq!(document(&env)["status"], "draft");
    env.set_now("2012-08-21T08:00:00Z");
    let printed = env.run_ok(&["postmortem", "1", "--reviewed", "Ann Lee"]);
    assert!(
        printed.contains("incident 1")
            && printed.contains("reviewed by Ann Lee, 37 entries, records to 2012-08-20 09:00"),
        "{printed}"
    );
    assert!(!printed.contains("# AVR"), "no document: {printed}");
    assert!(status_line(&env).starts_with(
        "**Reviewed** by Ann Lee on Tue 21 Aug 2012, records to Mon 20 Aug 2012 09:00"
    ));
    assert_eq!(
        document(&env),
        json!({"status": "reviewed", "by": "Ann Lee", "at": "2012-08-21T08:00:00Z", "changed_since": 0})
    );
    env.run_ok(&[
        "log",
        "--incident",
        "1",
        "2012-08-16 15:30 factor: the alert went to a mailbox",
    ]);
    assert!(status_line(&env).starts_with(
        "**Reviewed** by Ann Lee on Tue 21 Aug 2012, 1 record changed since, records to Tue 21 Aug 2012 04:00"
    ));
    env.run_script("echo It rained. | bridgelog write surprises --from -");
    env.run_ok(&["set", "--incident", "1", "scope", "one server"]);
    assert!(
        status_line(&env).contains(", 3 records changed since"),
        "{}",
        status_line(&env)
    );
    env.run_ok(&["postmortem", "1", "--final", "Tom Okafor"]);
    assert!(status_line(&env).starts_with("**Final** by Tom Okafor on Tue 21 Aug 2012, records"));
    let page = env.run_ok(&["postmortem", "1", "--format", "html"]);
    assert!(
        page.contains("<b>Final</b> by Tom Okafor on Tue 21 Aug 2012"),
        "{page}"
    );
}

#[rstest]
#[case::another_review(&["postmortem", "1", "--reviewed", "raj"])]
#[case::letter(&["email", "1", "--stage", "followup", "--save"])]
#[case::state_of_a_task(&["task", "done", "TASK", "it works"])]
#[case::dates_of_a_task(&["task", "set", "TASK", "--due", "2012-12-01"])]
fn what_changes_no_document_is_not_counted(#[case] command: &[&str]) {
    let env = TestEnv::worked_example();
    env.run_ok(&["postmortem", "1", "--reviewed", "ann"]);
    let tasks = env.run_json(&["task", "list", "1", "--json"]);
    let task = tasks["tasks"][1]["handle"]
        .as_str()
        .unwrap_or_else(|| panic!("{tasks}"));
    let command: Vec<&str> = command
        .iter()
        .map(|word| if *word == "TASK" { task } else { word })
        .collect();
    env.run_ok(&command);
    assert_eq!(document(&env)["changed_since"], 0);
    env.run_ok(&["task", "set", task, "--owner", "zoe"]);
    assert_eq!(document(&env)["changed_since"], 1);
}

#[test]
fn reviews_change_neither_states_nor_figures_nor_what_a_document_is_as_of() {
    let mut env = TestEnv::worked_example();
    let data = |env: &TestEnv| {
        let mut json = env.run_json(&["postmortem", "1", "--format", "json"]);
        json.as_object_mut().unwrap().remove("document");
        json["journal"].as_object_mut().unwrap().remove("entries");
        json["journal"].as_object_mut().unwrap().remove("heads");
        json
    };
    let before = data(&env);
    env.set_now("2012-09-01T08:00:00Z");
    env.run_ok(&["postmortem", "1", "--reviewed", "ann"]);
    assert_eq!(data(&env), before);
    env.run_ok(&["undo"]);
    assert_eq!(data(&env), before, "nor does taking it back");
    assert_eq!(document(&env)["status"], "draft");
}

#[test]
fn review_is_refused_where_it_would_say_nothing() {
    let env = TestEnv::worked_example();
    env.run(&["postmortem", "1", "--reviewed", " "])
        .assert_error(2, &["hint:"]);
    env.run_ok(&["postmortem", "1", "--reviewed", "ann"]);
    env.run(&["postmortem", "1", "--reviewed", "ann"])
        .assert_error(1, &["ann recorded that already, and nothing changed since"]);
    env.run_ok(&["postmortem", "1", "--final", "ann"]);
    env.run(&["postmortem", "1", "--reviewed", "raj"])
        .assert_error(1, &["is final, by ann", "--final BY"]);
    env.run(&["postmortem", "1", "--final", "a", "--reviewed", "b"])
        .assert_error(2, &[]);
    env.run(&["set", "--incident", "1", "final", "me"])
        .assert_error(2, &["there is no field `final`"]);
}

#[test]
fn file_written_in_the_same_call_has_the_review() {
    let env = TestEnv::worked_example();
    env.run_ok(&["postmortem", "1", "--reviewed", "ann", "--output", "pm.md"]);
    let text = std::fs::read_to_string(env.path().join("pm.md")).unwrap();
    assert!(
        text.contains("**Reviewed** by ann on Mon 20 Aug 2012, records"),
        "{text}"
    );
    env.run_ok(&["postmortem", "1", "--final", "raj", "--update", "pm.md"]);
    let text = std::fs::read_to_string(env.path().join("pm.md")).unwrap();
    assert!(
        text.contains("**Final** by raj on Mon 20 Aug 2012, records"),
        "{text}"
    );
}

#[test]
fn head_and_page_one_have_trigger_resolution_owner_and_authors() {
    let env = TestEnv::worked_example();
    for (field, value) in [
        ("trigger", "a first disk failed"),
        ("resolution", "an image on the spare chassis"),
        ("owner", "Priya Nair"),
        ("authors", "Ann Lee, Tom Okafor"),
    ] {
        env.run_ok(&["set", "--incident", "1", field, value]);
    }
    let text = env.run_ok(&["postmortem", "1"]);
    for part in [
        " · Owner: Priya Nair · Authors: Ann Lee, Tom Okafor\n",
        "- **Trigger:** a first disk failed\n",
        "- **Resolution:** an image on the spare chassis\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("every site answers again\n- "), "{text}");
}

#[test]
fn review_is_not_recorded_if_its_file_is_there_already() {
    let env = TestEnv::worked_example();
    std::fs::write(env.path().join("pm.md"), "mine").unwrap();
    env.run(&["postmortem", "1", "--final", "ann", "--output", "pm.md"])
        .assert_error(1, &["pm.md exists already", "--force"]);
    assert_eq!(document(&env)["status"], "draft");
    env.run_ok(&[
        "postmortem",
        "1",
        "--final",
        "ann",
        "--output",
        "pm.md",
        "--force",
    ]);
    assert_eq!(document(&env)["status"], "final");
}

#[test]
fn undo_names_the_review_and_redo_brings_it_back() {
    let env = TestEnv::worked_example();
    env.run_ok(&["postmortem", "1", "--reviewed", "Ann Lee"]);
    let undone = env.run_ok(&["undo"]);
    assert!(undone.contains("Ann Lee"), "{undone}");
    assert_eq!(document(&env)["status"], "draft");
    env.run_ok(&["redo"]);
    assert_eq!(document(&env)["by"], "Ann Lee");
}

/// Two databases that have the same entries: what is written in one can be taken to the other.
fn second_book(env: &TestEnv) -> impl Fn(&str) -> String + '_ {
    move |script: &str| {
        let result = env.run_script(script);
        assert_eq!(
            result.exit_code, 0,
            "{script}\n{}{}",
            result.stdout, result.stderr
        );
        result.stdout
    }
}

#[test]
fn what_another_machine_recorded_is_counted_once_it_arrives() {
    let env = TestEnv::new();
    let run = second_book(&env);
    run("unset BRIDGELOG_SEED
bridgelog declare one; bridgelog log 'a note'; bridgelog declare two; bridgelog log --incident 2 'another'
bridgelog export jsonl > all.jsonl; bridgelog --db other.db import jsonl all.jsonl
bridgelog --db other.db --by tom log --incident 2 'late finding'
bridgelog --db other.db --by tom log --incident 1 'late note'
bridgelog --db other.db --by tom postmortem 1 --reviewed Tom
bridgelog merge 2 --into 1; bridgelog postmortem 1 --final Ann");
    assert_eq!(document(&env)["changed_since"], 0);
    run("bridgelog --db other.db export jsonl > late.jsonl; bridgelog import jsonl late.jsonl");
    assert!(env.run_ok(&["show", "1"]).contains("late finding"));
    let document = document(&env);
    assert_eq!(
        (&document["status"], &document["by"]),
        (&json!("final"), &json!("Ann"))
    );
    assert_eq!(document["changed_since"], 2);
}

#[test]
fn redaction_counts_as_a_change() {
    let env = TestEnv::worked_example();
    let secret = env.log("the password is hunter2");
    env.run_ok(&["adopt", &secret, "--incident", "1"]);
    env.run_ok(&["postmortem", "1", "--final", "ann"]);
    env.run_ok(&["redact", &secret, "--reason", "a secret", "--yes"]);
    assert_eq!(document(&env)["changed_since"], 1);
}
