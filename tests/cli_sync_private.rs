//! What is or was private does not leave its machine by way of an undo, a merge or a move.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::machine::Machine;
use std::fs;

/// A machine, and a directory as the hub.
struct Setup(Machine, tempfile::TempDir);

impl Setup {
    fn new() -> Self {
        Self(Machine::new("ann"), tempfile::tempdir().unwrap())
    }

    fn run(&self, args: &[&str]) -> String {
        let result = self.0.try_run(args);
        assert_eq!(result.exit_code, 0, "{args:?}: {}", result.stderr);
        result.stdout + &result.stderr
    }

    fn hub(&self) -> &str {
        self.1.path().to_str().unwrap()
    }

    /// Syncs, and says whether the hub has `text`.
    fn leaks(&self, text: &str) -> bool {
        self.0.sync(self.hub());
        let files = fs::read_dir(self.1.path()).unwrap();
        files.into_iter().any(|file| {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            String::from_utf8_lossy(&bytes).contains(text)
        })
    }

    fn handle(&self, text: &str) -> String {
        let found = self.run(&["search", "--all", text, "--json"]);
        let found: serde_json::Value = serde_json::from_str(&found).unwrap();
        let hit = found
            .as_array()
            .or_else(|| found["hits"].as_array())
            .unwrap();
        hit[0]["handle"].as_str().unwrap().to_owned()
    }
}

#[test]
fn undone_private_declaration_stays_private() {
    let setup = Setup::new();
    setup.run(&["declare", "SECRET", "--private"]);
    let handle = setup.handle("SECRET");
    setup.run(&["undo", "--yes"]);
    assert!(!setup.leaks("SECRET"));
    setup.run(&["restore-event", &handle]);
    assert!(!setup.leaks("SECRET"));
    assert!(setup.run(&["list"]).contains("PRIVATE"));
    setup.run(&["set", "private", "no"]);
    assert!(setup.leaks("SECRET"));
}

#[test]
fn undone_merge_of_private_incident_sends_nothing_of_it() {
    let setup = Setup::new();
    setup.run(&["declare", "SECRET title", "--private", "--service", "web"]);
    setup.run(&["log", "fault: SECRET text @web !down"]);
    setup.run(&["task", "add", "SECRET task"]);
    let prose = setup.0.env.path().join("prose");
    fs::write(&prose, "SECRET prose").unwrap();
    setup.run(&["write", "summary", "--from", prose.to_str().unwrap()]);
    setup.run(&["declare", "open", "--service", "db"]);
    setup.run(&["merge", "1", "--into", "2"]);
    let undone = setup.run(&["undo"]);
    assert!(undone.contains("stays on this machine"), "{undone}");
    setup.run(&["log", "--incident", "2", "note: public"]);
    assert!(!setup.leaks("SECRET"));
    assert!(setup.leaks("public"));
    assert!(!setup.run(&["show", "2"]).contains("PRIVATE"));
}

#[test]
fn what_was_adopted_or_moved_into_a_private_incident_stays() {
    let setup = Setup::new();
    setup.run(&["log", "note: SECRET one"]);
    setup.run(&["declare", "hidden", "--private", "--adopt", "all"]);
    setup.run(&["declare", "open"]);
    setup.run(&["log", "--incident", "2", "note: SECRET two"]);
    setup.run(&["move", &setup.handle("two"), "1"]);
    assert!(!setup.leaks("SECRET"));
    setup.run(&["set", "private", "no", "--incident", "1"]);
    assert!(setup.leaks("SECRET one"));
    assert!(setup.leaks("SECRET two"));
}

#[test]
fn what_was_written_while_private_stays_after_that_is_undone() {
    let setup = Setup::new();
    setup.run(&["declare", "open"]);
    setup.run(&["set", "private", "yes"]);
    setup.run(&["log", "note: SECRET"]);
    setup.run(&["undo"]);
    let undone = setup.run(&["undo"]);
    assert!(undone.contains("stays on this machine"), "{undone}");
    setup.run(&["log", "note: public"]);
    assert!(!setup.leaks("SECRET"));
    assert!(setup.leaks("public"));
}

#[test]
fn move_out_of_a_private_incident_is_said() {
    let setup = Setup::new();
    setup.run(&["declare", "hidden", "--private"]);
    setup.run(&["log", "note: told"]);
    setup.run(&["declare", "open"]);
    let moved = setup.run(&["move", &setup.handle("told"), "2"]);
    assert!(
        moved.contains("is private") && moved.contains("the next sync sends it"),
        "{moved}"
    );
    assert!(setup.leaks("told"));
}
