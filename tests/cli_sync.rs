//! Several machines, each with a database of its own, meet in a directory.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{
    CommandResult, full_disk,
    machine::{Machine, counts},
};
use serde_json::Value as Json;
use std::{
    fs,
    path::{Path, PathBuf},
};

struct Hub(tempfile::TempDir);

impl Hub {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    /// The files with entries.
    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|item| item.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "jsonl"))
            .collect();
        files.sort();
        files
    }

    fn holds(&self, text: &str) -> bool {
        self.files()
            .iter()
            .any(|file| String::from_utf8_lossy(&fs::read(file).unwrap()).contains(text))
    }
}

fn notices(report: &Json) -> String {
    report["notices"].to_string()
}

#[test]
fn journals_of_three_machines_become_equal() {
    let hub = Hub::new();
    let machines = [
        Machine::new("ann"),
        Machine::new("raj"),
        Machine::new("kim"),
    ];
    machines[0].run(&["declare", "Checkout fails", "--service", "shop"]);
    machines[0].run(&["log", "fault: second fault !down"]);
    assert_eq!(counts(&machines[0].sync(hub.path())), (0, 2));
    assert_eq!(counts(&machines[1].sync(hub.path())), (2, 0));
    machines[1].run(&["log", "restore: rolled back"]);
    machines[2].run(&["log", "unassigned note"]);
    for machine in &machines {
        machine.sync(hub.path());
    }
    for machine in &machines {
        machine.sync(hub.path());
    }
    let journal = machines[0].journal();
    assert_eq!(journal.len(), 4);
    for machine in &machines {
        assert_eq!(machine.journal(), journal);
        assert_eq!(machine.shown(), machines[0].shown());
        machine.run(&["verify"]);
        assert_eq!(counts(&machine.sync(hub.path())), (0, 0));
    }
}

#[test]
fn what_two_machines_say_alike_is_no_conflict() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails", "--at", "2026-11-20 09:50"]);
    ann.sync(hub.path());
    raj.sync(hub.path());
    let file = hub.0.path().join("chat.csv");
    fs::write(
        &file,
        "id,time,text\n1,2026-11-20 10:00Z,the disk fills\n2,2026-11-20 10:05Z,disk full\n",
    )
    .unwrap();
    let import = ["import", "csv", file.to_str().unwrap()];
    for machine in [&ann, &raj] {
        machine.run(&import);
        machine.run(&["set", "ticket", "OPS-1"]);
        machine.sync(hub.path());
    }
    ann.sync(hub.path());
    for machine in [&ann, &raj] {
        let shown = machine.run(&["show"]);
        assert!(shown.contains("the disk fills"), "{shown}");
        assert!(
            !shown.contains("version") && !shown.contains("amended"),
            "{shown}"
        );
        let postmortem = machine.run(&["postmortem"]);
        assert!(!postmortem.contains("conflict"), "{postmortem}");
        let lint = machine.try_run(&["lint"]);
        assert!(!lint.stdout.contains("two-versions"), "{}", lint.stdout);
        machine.run(&["verify"]);
        assert!(machine.run(&import).contains("2 already there"));
    }
    // A correction replaces both.
    let events: Json = serde_json::from_str(&ann.run(&["show", "--json"])).unwrap();
    let events = events["events"].as_array().unwrap();
    let row = events
        .iter()
        .find(|event| event["text"] == "disk full")
        .unwrap();
    let handle = row["handle"].as_str().unwrap();
    let history = ann.run(&["history", handle]);
    assert!(history.contains("says the same"), "{history}");
    ann.run(&["amend", handle, "the disk was full"]);
    assert!(!ann.run(&["history", handle]).contains("says the same"));
    // Another value is one.
    raj.run(&["set", "ticket", "OPS-3"]);
    ann.run(&["set", "ticket", "OPS-2"]);
    for machine in [&ann, &raj, &ann] {
        machine.sync(hub.path());
    }
    let lint = ann.try_run(&["lint"]).stdout;
    assert!(lint.contains("two-versions"), "{lint}");
}

#[test]
fn check_says_what_would_move_and_moves_nothing() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(hub.path());
    raj.run(&["log", "a note"]);
    let result = raj.try_run(&["sync", hub.path(), "--check"]);
    assert_eq!(result.exit_code, 3, "{}", result.stderr);
    assert!(
        result.stdout.contains("to receive: 1; to send: 1"),
        "{}",
        result.stdout
    );
    assert_eq!(raj.journal().len(), 1);
    assert_eq!(counts(&raj.sync(hub.path())), (1, 1));
    let result = raj.try_run(&["sync", hub.path(), "--check"]);
    assert_eq!(result.exit_code, 0);
}

#[test]
fn private_incident_stays_until_it_is_shared() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Layoffs leaked", "--private"]);
    ann.run(&["log", "the list was in a public folder"]);
    let report = ann.sync(hub.path());
    assert_eq!(counts(&report), (0, 0));
    assert_eq!(report["held_back"], 3);
    assert!(!hub.holds("public folder"));
    assert!(ann.run(&["list"]).contains("PRIVATE Layoffs leaked"));
    assert!(ann.run(&["show"]).contains("PRIVATE Layoffs leaked"));

    ann.run(&["set", "private", "no"]);
    assert_eq!(counts(&ann.sync(hub.path())), (0, 4));
    assert_eq!(counts(&raj.sync(hub.path())), (4, 0));
    assert_eq!(raj.journal(), ann.journal());
}

#[test]
fn what_was_sent_before_it_was_private_is_said() {
    let hub = Hub::new();
    let ann = Machine::new("ann");
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(hub.path());
    let result = ann.try_run(&["set", "private", "yes"]);
    assert!(
        result.stderr.contains("was sent to") && result.stderr.contains("and stays there"),
        "{}",
        result.stderr
    );
    ann.run(&["log", "kept here"]);
    ann.sync(hub.path());
    assert!(!hub.holds("kept here"));
}

#[test]
fn only_chosen_incidents_are_sent_where_the_settings_say_so() {
    let hub = Hub::new();
    let ann = Machine::new("ann");
    ann.env.write_config("share = \"chosen\"\n");
    ann.run(&["log", "unassigned"]);
    ann.run(&["declare", "Checkout fails"]);
    assert_eq!(counts(&ann.sync(hub.path())), (0, 0));
    ann.run(&["set", "private", "no"]);
    assert_eq!(counts(&ann.sync(hub.path())), (0, 2));
    ann.env.write_config("");
    assert_eq!(counts(&ann.sync(hub.path())), (0, 1));
}

#[test]
fn wiped_hub_is_filled_again_and_said() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(hub.path());
    raj.sync(hub.path());
    raj.run(&["log", "from raj"]);
    raj.sync(hub.path());
    for file in hub.files() {
        fs::remove_file(file).unwrap();
    }
    let report = raj.sync(hub.path());
    assert!(
        notices(&report).contains("the hub lost what was sent"),
        "{report}"
    );
    assert_eq!(counts(&report), (0, 2));
    let report = ann.sync(hub.path());
    assert_eq!(counts(&report), (1, 0));
    assert_eq!(ann.journal(), raj.journal());
    assert_eq!(notices(&ann.sync(hub.path())), "[]");
}

#[test]
fn directory_that_is_not_mounted_is_not_filled() {
    let hub = Hub::new();
    let ann = Machine::new("ann");
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(hub.path());
    let elsewhere = tempfile::tempdir().unwrap();
    for item in fs::read_dir(hub.0.path()).unwrap() {
        let item = item.unwrap();
        fs::rename(item.path(), elsewhere.path().join(item.file_name())).unwrap();
    }
    let result = ann.try_run(&["sync", hub.path()]);
    assert_eq!(result.exit_code, 1);
    assert!(
        result.stderr.contains("if it is a mount, mount it"),
        "{}",
        result.stderr
    );
    assert!(fs::read_dir(hub.0.path()).unwrap().next().is_none());
    let missing = hub.0.path().join("gone");
    let result = ann.try_run(&["sync", missing.to_str().unwrap()]);
    assert_eq!(result.exit_code, 1);
    assert!(
        result.stderr.contains("cannot be reached"),
        "{}",
        result.stderr
    );
}

#[test]
fn torn_line_waits_and_is_not_lost() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.run(&["log", "second line"]);
    ann.sync(hub.path());
    let file = &hub.files()[0];
    let whole = fs::read(file).unwrap();
    fs::write(file, &whole[..whole.len() - 20]).unwrap();
    assert_eq!(counts(&raj.sync(hub.path())), (1, 0));
    assert_eq!(counts(&raj.sync(hub.path())), (0, 0));
    fs::write(file, &whole).unwrap();
    assert_eq!(counts(&raj.sync(hub.path())), (1, 0));
    assert_eq!(ann.journal(), raj.journal());
}

#[test]
fn conflict_copies_are_read_and_placeholders_passed_over() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(hub.path());
    let other = Machine::new("kim");
    other.run(&["log", "only in the conflict copy"]);
    let line = other.run(&["export", "jsonl"]);
    let name = format!(
        "{}.sync-conflict-20261128-101500-ABCDEF.jsonl",
        hub.files()[0].file_stem().unwrap().to_str().unwrap()
    );
    fs::write(hub.0.path().join(name), &line).unwrap();
    fs::write(hub.0.path().join("placeholder.jsonl"), "").unwrap();
    fs::write(hub.0.path().join(".hidden.jsonl"), "not an entry\n").unwrap();
    fs::write(
        hub.0.path().join("notes (conflicted copy).jsonl"),
        "not an entry\n",
    )
    .unwrap();
    let report = raj.sync(hub.path());
    assert_eq!(counts(&report), (2, 0));
    assert!(
        notices(&report).contains("notes (conflicted copy).jsonl, byte 0"),
        "{report}"
    );
}

/// The handle of the event of `machine` whose text has `word`.
fn handle_of(machine: &Machine, word: &str) -> String {
    let found = machine.run(&["search", word]);
    let is_handle = |word: &&str| word.len() == 6 && word.chars().all(|c| ('k'..='z').contains(&c));
    found.split_whitespace().find(is_handle).unwrap().to_owned()
}

#[test]
fn redaction_says_what_a_hub_may_hold_from_before_the_incident_was_private() {
    let hub = Hub::new();
    let ann = Machine::new("ann");
    let redact = |word: &str| {
        let handle = handle_of(&ann, word);
        let redacted = ann.try_run(&["redact", &handle, "--reason", "a password", "--yes"]);
        redacted.stderr.contains("may still hold it")
    };
    ann.run(&["declare", "Layoffs leaked", "--private"]);
    ann.run(&["resolve"]);
    ann.run(&["declare", "Checkout fails"]);
    ann.run(&["log", "the password is hunter2"]);
    ann.sync(hub.path());
    ann.run(&["set", "private", "yes"]);
    ann.run(&["log", "another one is swordfish"]);
    ann.sync(hub.path());
    assert!(!redact("swordfish"));
    assert!(!redact("Layoffs"));
    assert!(redact("hunter2"));
    assert_eq!(counts(&ann.sync(hub.path())), (0, 0));
    assert!(hub.holds("hunter2"));
    // As the note says.
    ann.run(&["set", "private", "no"]);
    ann.sync(hub.path());
    assert!(!hub.holds("hunter2"));
}

#[test]
fn redaction_reaches_the_hub_and_every_machine() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.run(&["log", "the password is hunter2"]);
    ann.run(&["log", "and on"]);
    ann.sync(hub.path());
    raj.sync(hub.path());
    let handle = handle_of(&raj, "hunter2");
    raj.run(&["redact", &handle, "--reason", "a password", "--yes"]);
    let report = raj.sync(hub.path());
    assert!(
        notices(&report).contains("a redacted text is still in"),
        "{report}"
    );
    assert!(hub.holds("hunter2"));
    let report = ann.sync(hub.path());
    assert_eq!(notices(&report), "[]");
    assert!(!hub.holds("hunter2"));
    assert_eq!(notices(&raj.sync(hub.path())), "[]");
    assert_eq!(ann.journal(), raj.journal());
    // A new machine reads the rewritten file from its beginning.
    let kim = Machine::new("kim");
    kim.sync(hub.path());
    assert_eq!(kim.journal(), ann.journal());
    kim.run(&["verify"]);
}

#[test]
fn redacted_text_that_an_old_machine_brings_is_destroyed() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.run(&["log", "the password is hunter2"]);
    let before = ann.run(&["export", "jsonl"]);
    let handle = handle_of(&ann, "hunter2");
    ann.run(&["redact", &handle, "--reason", "a password", "--yes"]);
    ann.sync(hub.path());
    let file = raj.env.path().join("before.jsonl");
    fs::write(&file, before).unwrap();
    raj.run(&["import", "jsonl", file.to_str().unwrap()]);
    raj.sync(hub.path());
    ann.sync(hub.path());
    assert!(!hub.holds("hunter2"));
    assert_eq!(ann.journal(), raj.journal());
    assert!(!raj.run(&["export", "jsonl"]).contains("hunter2"));
}

#[test]
fn altered_entry_is_named_and_nothing_is_overwritten() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.run(&["log", "as it was"]);
    ann.sync(hub.path());
    raj.sync(hub.path());
    // A file of the hub is altered by hand, and another machine reads the altered one.
    let text = fs::read_to_string(&hub.files()[0]).unwrap();
    let line = text
        .lines()
        .nth(1)
        .unwrap()
        .replace("\"author\":\"ann\"", "\"author\":\"bob\"");
    fs::write(hub.0.path().join("copy.jsonl"), line + "\n").unwrap();
    let report = raj.sync(hub.path());
    assert!(notices(&report).contains("was altered"), "{report}");
    assert_eq!(report["altered"].as_array().unwrap().len(), 1);
    assert_eq!(raj.journal(), ann.journal());
}

#[test]
fn older_copy_of_a_database_takes_its_entries_back_and_begins_a_new_chain() {
    let hub = Hub::new();
    let ann = Machine::new("ann");
    ann.run(&["declare", "Checkout fails"]);
    let old = fs::read(ann.env.db_path()).unwrap();
    ann.run(&["log", "written after the backup"]);
    ann.sync(hub.path());
    // Restored in place: the file keeps its inode.
    fs::write(ann.env.db_path(), &old).unwrap();
    let report = ann.sync(hub.path());
    assert_eq!(counts(&report), (1, 0));
    assert!(
        notices(&report).contains("older copy of itself"),
        "{report}"
    );
    assert!(ann.shown().contains("written after the backup"));
    ann.run(&["log", "written after the restore"]);
    let report = ann.sync(hub.path());
    assert_eq!(counts(&report), (0, 1));
    assert_eq!(report["forks"].as_array().unwrap().len(), 0);
    ann.run(&["verify"]);
}

#[test]
fn fork_of_an_older_copy_is_named_and_kept() {
    let hub = Hub::new();
    let ann = Machine::new("ann");
    ann.run(&["declare", "Checkout fails"]);
    let old = fs::read(ann.env.db_path()).unwrap();
    ann.run(&["log", "first future"]);
    ann.sync(hub.path());
    fs::write(ann.env.db_path(), &old).unwrap();
    let mut command = ann.env.command(&["log", "second future"]);
    command.env("BRIDGELOG_SEED", "other ids");
    assert!(command.status().unwrap().success());
    let report = ann.sync(hub.path());
    assert_eq!(report["forks"].as_array().unwrap().len(), 1, "{report}");
    assert!(
        notices(&report).contains("`bridgelog verify` names them"),
        "{report}"
    );
    let shown = ann.shown();
    assert!(shown.contains("first future") && shown.contains("second future"));
    assert_eq!(ann.try_run(&["verify"]).exit_code, 3);
}

#[test]
fn copied_database_writes_as_another_machine() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(hub.path());
    fs::create_dir_all(raj.env.db_path().parent().unwrap()).unwrap();
    fs::copy(ann.env.db_path(), raj.env.db_path()).unwrap();
    raj.run(&["log", "from the copy"]);
    ann.run(&["log", "from the original"]);
    for machine in [&raj, &ann, &raj] {
        assert_eq!(notices(&machine.sync(hub.path())), "[]");
    }
    assert_eq!(ann.journal(), raj.journal());
    assert_eq!(hub.files().len(), 2);
}

#[test]
fn kinds_of_newer_versions_are_passed_on_as_they_are() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    let newer = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/newer.jsonl");
    ann.run(&["import", "jsonl", newer.to_str().unwrap()]);
    ann.sync(hub.path());
    let report = raj.sync(hub.path());
    assert!(notices(&report).contains("does not know"), "{report}");
    assert_eq!(raj.journal(), ann.journal());
}

#[test]
fn hub_of_a_newer_version_is_only_read() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(hub.path());
    let marker = hub.0.path().join("bridgelog-hub.json");
    let newer = fs::read_to_string(&marker)
        .unwrap()
        .replace("\"format\":1", "\"format\":2");
    fs::write(&marker, newer).unwrap();
    raj.run(&["log", "mine"]);
    let result = raj.try_run(&["sync", hub.path()]);
    assert_eq!(result.exit_code, 1);
    assert!(
        result.stdout.contains("received 1 entry"),
        "{}",
        result.stdout
    );
    assert!(result.stderr.contains("newer version"), "{}", result.stderr);
}

#[test]
fn password_in_a_url_on_the_command_line_is_refused_and_never_printed() {
    let ann = Machine::new("ann");
    for args in [
        &["sync", "postgres://ann:hunter2@127.0.0.1:1/log"][..],
        &[
            "hub",
            "status",
            "postgres://127.0.0.1:1/log?password=hunter2",
        ],
        &["hub", "init", "postgres://ann:hunter2@127.0.0.1:1/log"],
    ] {
        ann.run(&["log", "x"]);
        let result = ann.try_run(args);
        assert_eq!(result.exit_code, 2, "{}", result.stderr);
        assert!(!result.stderr.contains("hunter2"), "{}", result.stderr);
    }
    ann.env
        .write_config("hub = \"postgres://ann:hunter2@127.0.0.1:1/log\"\n");
    for args in [
        &["config"][..],
        &["config", "get", "hub"],
        &["config", "list", "--json"],
        &["doctor"],
        &["sync"],
    ] {
        let result = ann.try_run(args);
        assert!(!result.stdout.contains("hunter2"), "{}", result.stdout);
        assert!(!result.stderr.contains("hunter2"), "{}", result.stderr);
    }
}

#[test]
fn sync_without_a_hub_says_how_to_name_one() {
    let ann = Machine::new("ann");
    let result = ann.try_run(&["sync"]);
    assert_eq!(result.exit_code, 2);
    assert!(
        result.stderr.contains("no hub is named"),
        "{}",
        result.stderr
    );
    let result = ann.try_run(&["sync", "https://example.org"]);
    assert_eq!(result.exit_code, 2);
}

#[test]
fn two_commanders_named_at_once_are_shown_until_one_is_named_again() {
    let hub = Hub::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(hub.path());
    raj.sync(hub.path());
    ann.run(&["handoff", "kim"]);
    raj.run(&["handoff", "lee"]);
    for machine in [&ann, &raj, &ann] {
        machine.sync(hub.path());
    }
    for machine in [&ann, &raj] {
        let shown = machine.run(&["show"]);
        assert!(
            shown.contains("both were named at once")
                && shown.contains("kim")
                && shown.contains("lee"),
            "{shown}"
        );
    }
    raj.run(&["handoff", "kim"]);
    raj.sync(hub.path());
    ann.sync(hub.path());
    assert!(!ann.run(&["show"]).contains("named at once"));
}

/// Syncs while the disk under `folder` is full: half of the first text written still finds room.
fn sync_on_full_disk(machine: &Machine, hub: &Hub, folder: &Path) -> CommandResult {
    let aside = tempfile::tempdir().unwrap();
    let mark = aside.path().join("full");
    fs::write(&mark, "").unwrap();
    let args = ["sync", hub.path()];
    let mut command = machine.command(&args);
    command
        .env("LD_PRELOAD", full_disk::library(aside.path()))
        .env("DISK_FULL", mark)
        .env("DISK_FULL_UNDER", folder);
    CommandResult::from_output(&args, command.output().unwrap())
}

#[test]
fn full_disk_of_the_hub_is_named_and_nothing_is_lost() {
    let (hub, ann, raj) = (Hub::new(), Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails", "--service", "shop"]);
    ann.sync(hub.path());
    raj.sync(hub.path());
    ann.run(&["log", "fault: the second fault !down"]);
    ann.run(&["log", "note: the third line"]);
    let result = sync_on_full_disk(&ann, &hub, hub.0.path());
    assert_eq!(result.exit_code, 1, "{}{}", result.stdout, result.stderr);
    assert!(result.stderr.contains(hub.path()), "{}", result.stderr);
    assert!(result.stderr.contains("space"), "{}", result.stderr);
    assert!(result.stderr.contains("hint:"), "{}", result.stderr);
    // What is there of a line is waited for.
    assert_eq!(counts(&raj.sync(hub.path())).0, 0);
    assert_eq!(counts(&ann.sync(hub.path())), (0, 2));
    raj.sync(hub.path());
    assert_eq!(raj.journal(), ann.journal());
    assert_eq!(raj.journal().len(), 3);
}

#[test]
fn full_disk_of_the_machine_that_receives_is_named_and_nothing_is_lost() {
    let (hub, ann, raj) = (Hub::new(), Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails", "--service", "shop"]);
    ann.sync(hub.path());
    raj.sync(hub.path());
    ann.run(&["log", "fault: the second fault !down"]);
    ann.sync(hub.path());
    let before = raj.journal();
    let result = sync_on_full_disk(&raj, &hub, raj.env.path());
    assert_eq!(result.exit_code, 1, "{}{}", result.stdout, result.stderr);
    assert!(result.stderr.contains("full"), "{}", result.stderr);
    assert_eq!(raj.journal(), before);
    raj.run(&["verify"]);
    assert_eq!(counts(&raj.sync(hub.path())), (1, 0));
    assert_eq!(raj.journal(), ann.journal());
}
