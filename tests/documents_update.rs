//! `postmortem --update` and `--check` on a file that was edited by hand.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;
use std::fs;

fn env_with_postmortem() -> TestEnv {
    let env = TestEnv::worked_example();
    env.run_ok(&["postmortem", "--output", "pm.md"]);
    env
}

fn read_postmortem(env: &TestEnv) -> String {
    fs::read_to_string(env.path().join("pm.md")).unwrap()
}

#[test]
fn update_refreshes_blocks_and_keeps_notes_between() {
    let env = env_with_postmortem();
    let mark = "<!-- bridgelog:end summary -->";
    let noted =
        read_postmortem(&env).replace(mark, &format!("{mark}\n\nMy own words, with a tab\t. "));
    fs::write(env.path().join("pm.md"), &noted).unwrap();
    assert!(
        env.run_ok(&["postmortem", "--check", "pm.md"])
            .contains("up to date")
    );
    assert!(
        env.run_ok(&["postmortem", "--update", "pm.md"])
            .contains("up to date")
    );
    assert_eq!(read_postmortem(&env), noted);
    env.run_ok(&[
        "log",
        "--incident",
        "1",
        "2012-08-16 15:30 factor: the alert went to a mailbox",
    ]);
    env.run(&["postmortem", "--check", "pm.md"])
        .assert_error(3, &["behind its records", "timeline", "causes", "journal"]);
    assert_eq!(read_postmortem(&env), noted);
    let output = env.run_ok(&["postmortem", "--update", "pm.md"]);
    assert!(
        output.contains("updated pm.md: ") && !output.contains("summary"),
        "{output}"
    );
    let now = read_postmortem(&env);
    assert!(now.contains("My own words, with a tab\t. \n") && now.contains("went to a mailbox"));
    env.run_ok(&["postmortem", "--check", "pm.md"]);
}

#[test]
fn update_requires_force_to_overwrite_hand_edits() {
    let env = env_with_postmortem();
    let edited =
        read_postmortem(&env).replace("The repair time was unknown", "Nobody knew the repair time");
    fs::write(env.path().join("pm.md"), &edited).unwrap();
    let line = edited
        .lines()
        .position(|l| l.contains("begin summary"))
        .unwrap()
        + 1;
    env.run(&["postmortem", "--update", "pm.md"]).assert_error(
        1,
        &[
            "part `summary` was edited by hand",
            &format!("line {line}"),
            "bridgelog write summary",
            "--force",
        ],
    );
    assert_eq!(read_postmortem(&env), edited);
    env.run_ok(&["postmortem", "--update", "pm.md", "--force"]);
    assert!(!read_postmortem(&env).contains("Nobody knew"));
}

#[test]
fn update_and_check_reject_invalid_files() {
    let env = env_with_postmortem();
    let file = read_postmortem(&env);
    for (invalid, message) in [
        (
            file.replace("<!-- bridgelog:end timeline -->", ""),
            "has no end",
        ),
        (
            file.replace("bridgelog:begin timeline", "bridgelog:start timeline"),
            "damaged",
        ),
        (format!("{file}{file}"), "there twice"),
        ("only my notes\n".to_owned(), "has no markers"),
    ] {
        fs::write(env.path().join("pm.md"), &invalid).unwrap();
        for flag in ["--update", "--check"] {
            env.run(&["postmortem", flag, "pm.md"])
                .assert_error(1, &["pm.md, line ", message, "hint:"]);
        }
        assert_eq!(read_postmortem(&env), invalid);
    }
    fs::write(env.path().join("pm.md"), b"ok\n\xff").unwrap();
    env.run(&["postmortem", "--update", "pm.md"])
        .assert_error(1, &["line 2: this is not UTF-8"]);
    fs::create_dir(env.path().join("folder")).unwrap();
    env.run(&["postmortem", "--update", "folder"])
        .assert_error(1, &["is a folder"]);
    env.run(&["postmortem", "--update", "none.md"])
        .assert_error(1, &["cannot be read"]);
    env.run(&["postmortem", "--update", "a", "--output", "b"])
        .assert_error(2, &[]);
    env.run(&["postmortem", "--update", "a", "--check", "b"])
        .assert_error(2, &[]);
    fs::write(env.path().join("pm.md"), &file).unwrap();
    env.run_ok(&["declare", "another one"]);
    env.run(&["postmortem", "--update", "pm.md"])
        .assert_error(1, &["was written for incident"]);
    env.run_ok(&["postmortem", "1", "--update", "pm.md"]);
}
