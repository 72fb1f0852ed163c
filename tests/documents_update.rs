//! A postmortem's file that people have written in is brought up to its records.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::Env;
use std::fs;

fn written() -> Env {
    let env = Env::example();
    env.ok(&["postmortem", "--output", "pm.md"]);
    env
}

fn read(env: &Env) -> String {
    fs::read_to_string(env.path().join("pm.md")).unwrap()
}

#[test]
fn notes_between_the_parts_stay_and_the_parts_follow_their_records() {
    let env = written();
    let mark = "<!-- bridgelog:end summary -->";
    let noted = read(&env).replace(mark, &format!("{mark}\n\nMy own words, with a tab\t. "));
    fs::write(env.path().join("pm.md"), &noted).unwrap();
    assert!(
        env.ok(&["postmortem", "--check", "pm.md"])
            .contains("up to date")
    );
    assert!(
        env.ok(&["postmortem", "--update", "pm.md"])
            .contains("up to date")
    );
    assert_eq!(read(&env), noted);
    env.ok(&[
        "log",
        "--incident",
        "1",
        "2012-08-16 15:30 factor: the alert went to a mailbox",
    ]);
    env.run(&["postmortem", "--check", "pm.md"])
        .refused(3, &["behind its records", "timeline", "causes", "journal"]);
    assert_eq!(read(&env), noted);
    let said = env.ok(&["postmortem", "--update", "pm.md"]);
    assert!(
        said.contains("updated pm.md: ") && !said.contains("summary"),
        "{said}"
    );
    let now = read(&env);
    assert!(now.contains("My own words, with a tab\t. \n") && now.contains("went to a mailbox"));
    env.ok(&["postmortem", "--check", "pm.md"]);
}

#[test]
fn a_hand_edit_inside_a_part_is_never_lost_unasked() {
    let env = written();
    let edited = read(&env).replace("The repair time was unknown", "Nobody knew the repair time");
    fs::write(env.path().join("pm.md"), &edited).unwrap();
    let line = edited
        .lines()
        .position(|l| l.contains("begin summary"))
        .unwrap()
        + 1;
    env.run(&["postmortem", "--update", "pm.md"]).refused(
        1,
        &[
            "part `summary` was edited by hand",
            &format!("line {line}"),
            "bridgelog write summary",
            "--force",
        ],
    );
    assert_eq!(read(&env), edited);
    env.ok(&["postmortem", "--update", "pm.md", "--force"]);
    assert!(!read(&env).contains("Nobody knew"));
}

#[test]
fn wrong_targets_are_refused_and_nothing_is_written() {
    let env = written();
    let file = read(&env);
    for (wrong, says) in [
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
        fs::write(env.path().join("pm.md"), &wrong).unwrap();
        for flag in ["--update", "--check"] {
            env.run(&["postmortem", flag, "pm.md"])
                .refused(1, &["pm.md, line ", says, "hint:"]);
        }
        assert_eq!(read(&env), wrong);
    }
    fs::write(env.path().join("pm.md"), b"ok\n\xff").unwrap();
    env.run(&["postmortem", "--update", "pm.md"])
        .refused(1, &["line 2: this is not UTF-8"]);
    fs::create_dir(env.path().join("folder")).unwrap();
    env.run(&["postmortem", "--update", "folder"])
        .refused(1, &["is a folder"]);
    env.run(&["postmortem", "--update", "none.md"])
        .refused(1, &["cannot be read"]);
    env.run(&["postmortem", "--update", "a", "--output", "b"])
        .refused(2, &[]);
    env.run(&["postmortem", "--update", "a", "--check", "b"])
        .refused(2, &[]);
    fs::write(env.path().join("pm.md"), &file).unwrap();
    env.ok(&["declare", "another one"]);
    env.run(&["postmortem", "--update", "pm.md"])
        .refused(1, &["was written for incident"]);
    env.ok(&["postmortem", "1", "--update", "pm.md"]);
}

#[test]
fn a_symlink_is_replaced_not_followed() {
    let env = written();
    let (real, link) = (env.path().join("real.md"), env.path().join("pm.md"));
    fs::rename(&link, &real).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let before = fs::read(&real).unwrap();
    env.ok(&["write", "surprises", "--from", "pm.md"]);
    env.ok(&["postmortem", "--update", "pm.md"]);
    assert_eq!(fs::read(&real).unwrap(), before);
    assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
}
