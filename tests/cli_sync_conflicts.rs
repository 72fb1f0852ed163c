//! What two machines did to one thing while apart: nothing vanishes, and it is said.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::machine::Machine;
use rstest::rstest;
use std::fs;

struct Team {
    hub: tempfile::TempDir,
    ann: Machine,
    raj: Machine,
}

impl Team {
    /// Two machines in step, after `ann` ran `commands`.
    fn after(commands: &[&[&str]]) -> Self {
        let team = Self {
            hub: tempfile::tempdir().unwrap(),
            ann: Machine::new("ann"),
            raj: Machine::new("raj"),
        };
        for command in commands {
            team.ann.run(command);
        }
        team.sync();
        team
    }

    /// Brings both in step, and returns what was said of it at the end.
    fn sync(&self) -> String {
        let hub = self.hub.path().to_str().unwrap();
        let mut notices = String::new();
        for machine in [&self.ann, &self.raj, &self.ann] {
            notices += &machine.sync(hub)["notices"].to_string();
        }
        notices
    }

    /// What `args` print, which must be the same on both.
    fn both(&self, args: &[&str]) -> String {
        let printed = self.ann.run(args);
        assert_eq!(printed, self.raj.run(args), "{args:?}");
        self.ann.run(&["verify"]);
        self.raj.run(&["verify"]);
        printed
    }

    fn lint(&self) -> String {
        self.ann.try_run(&["lint"]).stdout
    }

    fn holds(&self, text: &str) -> bool {
        let files = fs::read_dir(self.hub.path()).unwrap();
        files.into_iter().any(|file| {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            String::from_utf8_lossy(&bytes).contains(text)
        })
    }
}

fn handle(machine: &Machine, text: &str) -> String {
    let shown = machine.run(&["export", "jsonl"]);
    let line = shown.lines().find(|line| line.contains(text)).unwrap();
    let entry: serde_json::Value = serde_json::from_str(line).unwrap();
    let subject = entry["header"]["subject"].as_str().unwrap();
    let id = subject.split_once('/').unwrap().1.parse().unwrap();
    bridgelog::domain::handle::from_id(id)[..10].to_owned()
}

const TWO: [&[&str]; 3] = [
    &[
        "declare",
        "Web is down",
        "--service",
        "web",
        "--state",
        "down",
    ],
    &["declare", "Disk is full", "--service", "db"],
    &["log", "--incident", "2", "fault: no space !down"],
];

#[test]
fn incidents_merged_in_a_circle_are_one() {
    let team = Team::after(&TWO);
    team.ann.run(&["merge", "1", "--into", "2"]);
    team.raj.run(&["merge", "2", "--into", "1"]);
    team.sync();
    let list = team.both(&["list"]);
    assert_eq!(list.lines().count(), 1, "{list}");
    let shown = team.both(&["show"]);
    assert!(
        shown.contains("Disk is full") && shown.contains("no space"),
        "{shown}"
    );
    assert!(team.ann.run(&["status"]).contains("db"));
    team.ann.run(&["log", "note: it goes on"]);
    team.ann.run(&["undo"]);
    team.ann.run(&["undo"]);
    team.sync();
    let list = team.both(&["list"]);
    assert!(
        list.starts_with("   1") && list.lines().count() == 1,
        "{list}"
    );
}

#[rstest]
#[case::title(&["title", "Disk was full"], true)]
#[case::severity(&["severity", "sev2"], false)]
fn merge_outlives_a_correction_of_the_declaration(
    #[case] correction: &[&str],
    #[case] is_conflict: bool,
) {
    let mut team = Team::after(&TWO);
    team.ann.run(&["merge", "2", "--into", "1"]);
    team.raj.env.set_now("2026-12-01T10:00:00Z");
    team.raj
        .run(&[&["set", "--incident", "2"], correction].concat());
    let now = team.ann.env.now.clone();
    team.raj.env.set_now(&now);
    team.sync();
    let list = team.both(&["list"]);
    assert_eq!(list.lines().count(), 1, "{list}");
    assert!(team.both(&["show"]).contains("no space"));
    assert_eq!(team.lint().contains("two-versions"), is_conflict);
}

#[test]
fn incident_with_entries_of_others_outlives_the_undo_of_its_declaration() {
    let team = Team::after(&TWO[..1]);
    team.raj
        .run(&["log", "fault: it is the cache @cache !down"]);
    team.raj.run(&["task", "add", "Add a cache"]);
    let declaration = handle(&team.ann, "Web is down");
    team.ann.run(&["undo", "--yes"]);
    let notices = team.sync();
    assert!(notices.contains("restore-event"), "{notices}");
    assert!(team.both(&["list"]).contains("UNDECLARED Web is down"));
    assert!(team.both(&["show"]).contains("it is the cache"));
    team.raj.run(&["log", "note: it goes on"]);
    team.raj.run(&["restore-event", &declaration]);
    team.sync();
    assert!(!team.both(&["list"]).contains("UNDECLARED"));
}

#[test]
fn undone_declaration_without_other_entries_is_not_listed() {
    let team = Team::after(&TWO[..1]);
    team.raj.run(&["log", "note: a mistake"]);
    team.raj.run(&["undo"]);
    team.ann.run(&["undo", "--yes"]);
    team.sync();
    assert!(!team.both(&["list"]).contains("Web"));
}

#[rstest]
#[case::event("hunter2", &["amend", "HANDLE", "10:12"])]
#[case::task("hunter3", &["task", "set", "HANDLE", "--owner", "lee"])]
fn version_that_a_redaction_did_not_know_is_named(#[case] text: &str, #[case] change: &[&str]) {
    let team = Team::after(&[
        TWO[0],
        &["log", "fault: password hunter2 !down"],
        &["task", "add", "Change hunter3"],
    ]);
    let handle = handle(&team.ann, text);
    let change: Vec<&str> = change
        .iter()
        .map(|word| if *word == "HANDLE" { &*handle } else { word })
        .collect();
    team.raj.run(&change);
    let redact = ["redact", &handle, "--reason", "a secret", "--yes"];
    team.ann.run(&redact);
    let notices = team.sync();
    assert!(notices.contains("was redacted, but raj wrote"), "{notices}");
    assert!(team.lint().contains("redacted-elsewhere"));
    assert!(team.lint().contains("two-versions"));
    team.ann.run(&redact);
    team.sync();
    assert_eq!(team.sync().matches("was redacted").count(), 0);
    assert!(!team.lint().contains("redacted-elsewhere"));
    assert!(!team.holds(text));
    assert!(!team.raj.run(&["export", "jsonl"]).contains(text));
}

#[test]
fn two_versions_of_a_task_are_marked() {
    let team = Team::after(&[TWO[0], &["task", "add", "Change the disk"]]);
    let handle = handle(&team.ann, "Change the disk");
    team.ann.run(&["task", "set", &handle, "--owner", "ann"]);
    team.raj.run(&["task", "set", &handle, "--owner", "raj"]);
    team.sync();
    assert!(team.both(&["task", "list"]).contains("1 other version"));
    assert!(
        team.both(&["postmortem"])
            .contains("in conflict with 1 other version")
    );
    assert!(team.lint().contains("two-versions"));
    team.ann.run(&["task", "set", &handle, "--owner", "lee"]);
    assert!(!team.lint().contains("two-versions"));
}
