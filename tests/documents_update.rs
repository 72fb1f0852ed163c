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
        .assert_error(3, &["out of date", "timeline", "causes", "journal"]);
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
fn prose_that_ends_with_something_open_leaves_what_follows() {
    let env = TestEnv::worked_example();
    let whole = env.run_ok(&["postmortem"]);
    let follows = whole.split_once("<!-- bridgelog:begin hit").unwrap().1;
    for (prose, shown) in [
        (
            "First.\n\n- ```\n  x\n  ```\n",
            "First.\n\n- ```\n  x\n  ```\n\n<!--",
        ),
        (
            "- item\n\n  ```\n  code\n",
            "- item\n\n  ```\n  code\n\n<!--",
        ),
        ("a\n\n<pre>\nb\n", "a\n\n```\n<pre>\nb\n```\n\n<!--"),
        ("a <b>bold\n", "a \\<b>bold\n\n<!--"),
    ] {
        env.run_with_stdin(
            &["write", "summary", "--from", "-", "--incident", "1"],
            prose.as_bytes(),
        );
        let text = env.run_ok(&["postmortem"]);
        assert!(text.contains(shown), "{text}");
        let other = text.split_once("<!-- bridgelog:begin hit").unwrap().1;
        let tables = |text: &str| text.matches("\n|---").count();
        assert_eq!(tables(other), tables(follows));
    }
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

#[test]
fn file_of_an_earlier_version_keeps_its_text_and_gets_the_new_parts() {
    let env = TestEnv::worked_example();
    let old = include_str!("formats/postmortem-1.md");
    let notes = "\n\nMine, after the figures.\n";
    let mark = "<!-- bridgelog:end metrics -->";
    fs::write(
        env.path().join("pm.md"),
        old.replace(mark, &format!("{mark}{notes}")),
    )
    .unwrap();
    env.run(&["postmortem", "--check", "pm.md"])
        .assert_error(3, &["out of date"]);
    let result = env.run(&["postmortem", "--update", "pm.md"]);
    assert_eq!(result.exit_code, 0, "{}", result.stderr);
    assert!(
        result
            .stderr
            .contains("part `metrics` is of an earlier version; its text stays"),
        "{}",
        result.stderr
    );
    let now = read_postmortem(&env);
    for kept in [notes, "| Detection | exposure | about 2 h 08 min |"] {
        assert!(now.contains(kept), "{kept}\n{now}");
    }
    assert!(!now.contains("begin metrics") && !now.contains("end metrics"));
    let places: Vec<usize> = [
        "# AVR Online outage",
        "## What happened",
        "## Whom it hit",
        "## Why",
        "## What changes",
        "## What is not known",
        "## Timeline",
        "## Appendix: the figures",
    ]
    .iter()
    .map(|heading| {
        now.find(heading)
            .unwrap_or_else(|| panic!("{heading}\n{now}"))
    })
    .collect();
    assert!(places.is_sorted(), "{places:?}\n{now}");
    env.run_ok(&["postmortem", "--check", "pm.md"]);
}

#[test]
fn renamed_file_keeps_its_picture() {
    let env = TestEnv::worked_example();
    env.run_ok(&["postmortem", "--output", "a b.md"]);
    fs::rename(env.path().join("a b.md"), env.path().join("other.md")).unwrap();
    env.run_ok(&["postmortem", "--check", "other.md"]);
    env.run_ok(&[
        "log",
        "--incident",
        "1",
        "2012-08-16 13:50 !degraded slow again",
    ]);
    let before = fs::read(env.path().join("a b.svg")).unwrap();
    env.run_ok(&["postmortem", "--update", "other.md"]);
    let text = fs::read_to_string(env.path().join("other.md")).unwrap();
    assert!(text.contains("](a%20b.svg)"), "{text}");
    assert!(!env.path().join("other.svg").exists());
    assert_ne!(fs::read(env.path().join("a b.svg")).unwrap(), before);
}

#[test]
fn picture_that_a_file_does_not_link_to_is_left_alone_and_a_missing_one_is_written() {
    let env = TestEnv::worked_example();
    let text = env.run_ok(&["postmortem"]);
    fs::write(env.path().join("own.md"), text).unwrap();
    fs::write(env.path().join("own.svg"), "<svg>mine</svg>").unwrap();
    env.run_ok(&["set", "--incident", "1", "scribe", "ann"]);
    env.run_ok(&["postmortem", "--update", "own.md"]);
    let own = fs::read_to_string(env.path().join("own.svg")).unwrap();
    assert_eq!(own, "<svg>mine</svg>");

    env.run_ok(&["postmortem", "--output", "b.md"]);
    fs::create_dir(env.path().join("moved")).unwrap();
    fs::rename(env.path().join("b.md"), env.path().join("moved/b.md")).unwrap();
    env.run_ok(&["set", "--incident", "1", "scribe", "raj"]);
    env.run_ok(&["postmortem", "--update", "moved/b.md"]);
    let moved = fs::read_to_string(env.path().join("moved/b.md")).unwrap();
    assert!(moved.contains("](b.svg)"), "{moved}");
    assert!(env.path().join("moved/b.svg").is_file());
}

#[test]
fn file_of_an_open_incident_is_up_to_date_after_another_one_opens() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "Web is slow", "--service", "web"]);
    env.run_ok(&["postmortem", "--output", "pm.md"]);
    env.run_ok(&["declare", "Mail is slow", "--service", "mail"]);
    let checked = env.run_ok(&["postmortem", "1", "--check", "pm.md"]);
    assert!(checked.contains("up to date"), "{checked}");
}
