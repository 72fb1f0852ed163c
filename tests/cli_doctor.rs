//! `bridgelog doctor`: each check says what it found and what to do; nothing is written.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
use common::{TestEnv, pty};
use std::{
    fs,
    io::Read as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// A report in JSON, and the exit code.
struct Report {
    exit_code: i32,
    json: serde_json::Value,
}

impl Report {
    fn of(env: &TestEnv, variables: &[(&str, &str)]) -> Self {
        let mut command = env.command(&["doctor", "--json"]);
        command.envs(variables.iter().copied());
        let output = command.output().unwrap();
        Self {
            exit_code: output.status.code().unwrap(),
            json: serde_json::from_slice(&output.stdout).unwrap(),
        }
    }

    /// The level of the check `name`, and what it found.
    #[track_caller]
    fn check(&self, name: &str) -> (&str, &str) {
        let checks = self.json["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["name"] == name);
        let check = check.unwrap_or_else(|| panic!("no {name}: {}", self.json));
        let (level, found) = (
            check["level"].as_str().unwrap(),
            check["found"].as_str().unwrap(),
        );
        assert_eq!(check["fix"].is_null(), level == "ok", "{check}");
        (level, found)
    }

    #[track_caller]
    fn assert(&self, name: &str, level: &str, part: &str) {
        let (is, found) = self.check(name);
        assert!(
            is == level && found.contains(part),
            "{name} is {is}: {found}"
        );
    }
}

/// Every file below `folder` with its bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn first_run_has_nothing_to_fail_and_makes_no_database() {
    let env = TestEnv::new();
    let before = files(env.path());
    let report = Report::of(&env, &[]);
    assert_eq!(report.exit_code, 0, "{}", report.json);
    assert_eq!(report.json["failures"], 0);
    report.assert("file", "ok", "not there yet");
    report.assert("file system", "ok", "local");
    report.assert("settings file", "ok", "none");
    report.assert("time zone", "ok", "America/New_York");
    report.assert("characters", "ok", "UTF-8 (LANG=C.UTF-8)");
    report.assert("terminal", "ok", "not asked");
    // The environment of the tests has a fixed clock and no terminal.
    report.assert("clock", "warn", "2012-08-20");
    report.assert("TERM", "warn", "not set");
    report.assert("clipboard", "warn", "no way to copy");
    assert_eq!(files(env.path()), before);
    let text = env.run_ok(&["doctor"]);
    for part in [
        "Database\n",
        "Settings and clock\n",
        "  ok    SQLite",
        "  warn  TERM",
        "▲",
        "`unset BRIDGELOG_NOW`",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn database_is_checked_and_left_as_it_is() {
    let env = TestEnv::worked_example();
    let before = files(env.path());
    let report = Report::of(&env, &[("TERM", "xterm")]);
    assert_eq!(report.exit_code, 0, "{}", report.json);
    report.assert("integrity", "ok", "quick check passed");
    report.assert("durability", "ok", "WAL");
    report.assert("permissions", "ok", "600");
    report.assert("writable", "ok", "yes");
    report.assert("settings file", "ok", "is valid");
    report.assert("clipboard", "ok", "OSC 52");
    assert_eq!(files(env.path()), before);
    fs::set_permissions(env.db_path(), fs::Permissions::from_mode(0o644)).unwrap();
    let report = Report::of(&env, &[]);
    report.assert("permissions", "warn", "644");
    assert_eq!(report.exit_code, 0, "a warning is no failure");
}

#[test]
fn what_does_not_work_fails_with_exit_code_3() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "x"]);
    let whole = fs::read(env.db_path()).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 4096].fill(0xff);
    for bytes in [&damaged[..], b"this is no database"] {
        fs::write(env.db_path(), bytes).unwrap();
        let report = Report::of(&env, &[]);
        assert_eq!(report.check("integrity").0, "fail");
        assert_eq!(report.exit_code, 3);
    }
    fs::write(env.db_path(), &whole).unwrap();
    env.write_config("contakt = 'x'\n");
    let report = Report::of(&env, &[]);
    report.assert("settings file", "fail", "did you mean `contact`?");
    env.write_config("[keys]\nundo = 'ctrl-zz'\n");
    Report::of(&env, &[]).assert("settings file", "fail", "ctrl-zz");
    env.write_config("");
    let report = Report::of(&env, &[("BRIDGELOG_ZONE", "Mars/Olympus")]);
    report.assert("time zone", "fail", "Mars/Olympus");
    env.run(&["doctor"]);
    let result = env.run(&["doctor", "--zone", "Mars/Olympus"]);
    result.assert_error(3, &["1 check failed"]);
}

#[test]
fn locale_says_how_the_signs_are_drawn() {
    let env = TestEnv::new();
    let report = Report::of(&env, &[("LANG", "C")]);
    report.assert("characters", "warn", "not UTF-8 (LANG=C)");
    let report = Report::of(&env, &[("LANG", "ja_JP.UTF-8")]);
    report.assert("characters", "ok", "in ASCII");
    let report = Report::of(&env, &[("TERM", "dumb")]);
    report.assert("TERM", "warn", "the app does not start");
    let report = Report::of(&env, &[("NO_COLOR", "1")]);
    report.assert("colours", "ok", "NO_COLOR");
}

#[test]
fn own_templates_and_the_editor_are_checked() {
    let env = TestEnv::new();
    let report = Report::of(&env, &[("EDITOR", "no-such-editor --wait")]);
    report.assert("editor", "warn", "no-such-editor");
    let report = Report::of(&env, &[("VISUAL", "bash -c true"), ("EDITOR", "x")]);
    report.assert("editor", "ok", "bash");
    env.write_template("email-end.j2", b"Bye.\n");
    Report::of(&env, &[]).assert("templates", "ok", "1 of your own");
    env.write_template("email-end.j2", b"{{ nothing_of_that_name }}\n");
    let report = Report::of(&env, &[]);
    report.assert("templates", "fail", "email-end.j2");
    assert_eq!(report.exit_code, 3);
}

#[test]
fn terminal_that_does_not_answer_is_waited_for_only_so_long() {
    let env = TestEnv::new();
    let (mut child, terminal) = pty::start(&env, &["doctor"], (8, 200));
    let mut reader = terminal.try_clone_reader().unwrap();
    let mut text = Vec::new();
    let mut part = [0; 4096];
    // The end of a terminal is an error.
    while let Ok(n @ 1..) = reader.read(&mut part) {
        text.extend_from_slice(&part[..n]);
    }
    let text = String::from_utf8_lossy(&text);
    assert!(child.wait().unwrap().success(), "{text}");
    for part in [
        "did not answer within a second",
        "200×8",
        "the app needs 40×10",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
