//! A document made from entries that are not as they were written says so.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::{TestEnv, tamper};

const DOCUMENTS: [&[&str]; 7] = [
    &["postmortem", "1"],
    &["postmortem", "1", "--format", "html"],
    &["postmortem", "1", "--format", "json"],
    &["email", "1", "--stage", "followup"],
    &["email", "1", "--stage", "followup", "--format", "md"],
    &["email", "1", "--stage", "followup", "--explain"],
    &["email", "1", "--stage", "followup", "--format", "eml"],
];

/// What every document and standard error say of changed entries.
const SAID: &str = "not as it was written";

fn said(text: &str) -> bool {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.to_lowercase().contains(SAID) || text.contains("\"unverified\": \"")
}

#[test]
fn documents_of_an_untouched_database_say_nothing_of_it() {
    let env = TestEnv::worked_example();
    for args in DOCUMENTS {
        let ran = env.run(args);
        assert!(
            ran.exit_code == 0 && ran.stderr.is_empty(),
            "{args:?} {ran:?}"
        );
        assert!(!said(&ran.stdout), "{args:?}");
    }
}

#[test]
fn documents_say_that_entries_were_changed() {
    let changes = [
        // A customer wording, which the chain of hashes does not hold but by its own hash.
        "UPDATE entry SET body=replace(body,'halted the database','ruined the database') WHERE body LIKE '%halted the database%'",
        "UPDATE entry SET header=replace(header,'\"author\":\"jw\"','\"author\":\"ann\"'),author='ann' \
         WHERE seq=5 AND incident IS NOT NULL",
        "DELETE FROM entry WHERE seq=4 AND incident IS NOT NULL",
    ];
    for sql in changes {
        let env = TestEnv::worked_example();
        env.run_ok(&["postmortem", "1", "--output", "pm.md"]);
        tamper(&env.db_path(), sql);
        env.run(&["verify"]).assert_error(3, &[]);
        for args in DOCUMENTS {
            let ran = env.run(args);
            assert_eq!(ran.exit_code, 0, "{args:?} {ran:?}");
            assert!(
                ran.stderr.contains("not as they were written"),
                "{sql} {args:?} {}",
                ran.stderr
            );
            assert!(said(&ran.stdout), "{sql} {args:?} {}", ran.stdout);
        }
        env.run(&["postmortem", "1", "--check", "pm.md"])
            .assert_error(3, &["not as they were written", "hint: "]);
        // Such a letter is kept, and nobody can let it go out unseen.
        let kept = env.run(&["email", "1", "--stage", "followup", "--save"]);
        assert!(kept.stderr.contains("not as they were written"), "{kept:?}");
        env.run(&["email", "1", "--approve", "ann", "m1"])
            .assert_error(1, &["not as it was written"]);
    }
}

#[test]
fn changes_of_entries_that_were_adopted_are_found() {
    let env = TestEnv::new();
    for line in ["one", "two @db", "three", "four", "five"] {
        env.run_ok(&["log", line]);
    }
    env.run_ok(&["declare", "outage"]);
    let handle = env.run_json(&["search", "two", "--json"]);
    let handle = handle[0]["handle"]
        .as_str()
        .or(handle["hits"][0]["handle"].as_str());
    env.run_ok(&["adopt", handle.unwrap()]);
    let clean = env.run(&["postmortem"]);
    assert!(clean.stderr.is_empty() && !said(&clean.stdout), "{clean:?}");
    // The one adopted, and its neighbours in the chain of unfiled entries, which ends with the adoption.
    for (seq, found) in [(1, true), (2, true), (4, false)] {
        let book = env.path().join(format!("{seq}.db"));
        std::fs::copy(env.db_path(), &book).unwrap();
        tamper(
            &book,
            &format!(
                "UPDATE entry SET header=replace(header,'\"author\":\"jw\"','\"author\":\"xx\"'),author='xx' \
                 WHERE seq={seq} AND incident IS NULL"
            ),
        );
        let ran = env.run(&["--db", book.to_str().unwrap(), "postmortem"]);
        assert_eq!(said(&ran.stdout), found, "{seq} {ran:?}");
    }
}

#[test]
fn event_that_cannot_be_read_is_named_where_it_is_missing() {
    let env = TestEnv::worked_example();
    let show = env.run_json(&["show", "--json"]);
    let events = show["events"].as_array().unwrap();
    let fault = events
        .iter()
        .find(|event| event["kind"] == "fault")
        .unwrap();
    let handle = fault["handle"].as_str().unwrap();
    // Its text becomes a number, which no text is.
    let text = fault["text"].as_str().unwrap().replace('\'', "''");
    let sql = format!("UPDATE entry SET body=replace(body,'\"text\":\"{text}\"','\"text\":7')");
    tamper(&env.db_path(), &sql);
    for args in [
        &["show"][..],
        &["metrics"],
        &["status", "1"],
        &["metrics", "--json"],
    ] {
        let ran = env.run(args);
        assert_eq!(ran.exit_code, 0, "{args:?} {ran:?}");
        for part in ["cannot be read", handle, "bridgelog verify"] {
            assert!(ran.stderr.contains(part), "{args:?} {ran:?}");
        }
    }
    let listed = env.run_json(&["show", "--json"]);
    assert_eq!(listed["unknown"][0]["handle"], handle);
}

/// Many entries are checked while the rest is still being read.
#[test]
fn change_is_found_anywhere_in_a_long_chain() {
    use std::fmt::Write;
    for seq in [1, 2, 256, 257, 512, 600] {
        let env = TestEnv::new();
        env.run_ok(&["declare", "Search is down", "--at", "08:00"]);
        let mut block = String::new();
        for n in 1..600 {
            writeln!(block, "number {n}").unwrap();
        }
        let logged = env.run_with_stdin(&["log", "-"], block.as_bytes());
        assert_eq!(logged.exit_code, 0, "{logged:?}");
        let untouched = env.run(&["postmortem", "1"]);
        assert!(untouched.stderr.is_empty(), "{untouched:?}");
        for change in [
            "body=replace(body,'\"text\":','\"texu\":')",
            "header=header||' '",
        ] {
            let env_db = env.db_path();
            tamper(
                &env_db,
                &format!("UPDATE entry SET {change} WHERE seq={seq} AND incident IS NOT NULL"),
            );
        }
        let ran = env.run(&["postmortem", "1"]);
        assert!(
            ran.stderr.contains("not as they were written"),
            "{seq} {}",
            ran.stderr
        );
    }
}
