//! Bad input: a clear `error:` and `hint:`, exit code 1 or 2, and nothing lost.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::Env;
use std::{fs, os::unix::fs::PermissionsExt};

fn with_incident() -> Env {
    let env = Env::new();
    env.ok(&[
        "declare",
        "Checkout fails",
        "--service",
        "checkout",
        "--at",
        "08:00",
    ]);
    env
}

fn events(env: &Env) -> usize {
    env.json(&["show", "--json"])["events"]
        .as_array()
        .unwrap()
        .len()
}

#[test]
fn an_unknown_reference_names_what_there_is() {
    let env = with_incident();
    env.run(&["show", "9"])
        .refused(1, &["incident 9", "Checkout fails"]);
    env.run(&["show", "x!"]).refused(1, &["x!", "hint: "]);
    Env::new()
        .run(&["show"])
        .refused(1, &["no log book", "declare"]);
}

#[test]
fn an_unknown_handle_names_near_ones() {
    let env = with_incident();
    let handle = env.log("10:00 something");
    let near = format!(
        "{}{}",
        &handle[..5],
        if handle.ends_with('k') { "z" } else { "k" }
    );
    env.run(&["retract", &near, "--reason", "x"])
        .refused(1, &[&near, &handle]);
    env.run(&["amend", "ABC", "x"]).refused(1, &["hint: "]);
}

#[test]
fn two_open_incidents_are_both_named() {
    let env = with_incident();
    env.ok(&["declare", "Search is slow"]);
    env.run(&["log", "which one"])
        .refused(2, &["Checkout fails", "Search is slow", "--incident"]);
    env.ok(&["log", "--incident", "2", "this one"]);
    env.ok(&["--incident", "1", "log", "that one"]);
}

#[test]
fn texts_that_cannot_be_kept_are_refused() {
    let env = with_incident();
    let before = events(&env);
    env.run(&["log", "  "]).refused(2, &["hint: "]);
    env.run(&["log", ""]).refused(2, &["hint: "]);
    env.run(&["log", "fault:"]).refused(2, &["hint: "]);
    let long = "x".repeat(100_000);
    env.run(&["log", &long])
        .refused(2, &["more than 65536 bytes"]);
    env.run(&["declare", ""]).refused(2, &["title", "hint: "]);
    assert_eq!(events(&env), before);
}

#[test]
fn bad_lines_of_a_stream_are_named_and_the_others_kept() {
    let env = with_incident();
    let before = events(&env);
    let mut input = b"10:00 one\n\n25:00 two\nthree \xff\xfe\n10:03 four\nnul \0 here\n".to_vec();
    input.extend_from_slice("m".repeat(1 << 20).as_bytes());
    input.extend_from_slice(b"\n10:09 last, without a line break");
    let ran = env.pipe(&["log", "-"], &input);
    ran.refused(1, &["line 3", "line 4", "line 6", "line 7", "UTF-8"]);
    assert_eq!(events(&env), before + 3, "{ran:#?}");
}

#[test]
fn invalid_utf8_in_an_argument_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let env = with_incident();
    let mut command = env.command(&["log"]);
    command.arg(std::ffi::OsStr::from_bytes(b"it \xff broke"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("error: ") && err.contains("hint: "), "{err}");
}

#[test]
fn flags_after_the_text_are_refused_not_logged() {
    let env = with_incident();
    let before = events(&env);
    env.run(&["log", "it", "broke", "--kind", "fault"])
        .refused(2, &["--kind", "before the text"]);
    env.run(&["log", "--knd", "fault", "it broke"])
        .refused(2, &["--knd"]);
    env.run(&["log", "--kind", "fualt", "it broke"])
        .refused(2, &["fualt", "fault"]);
    env.run(&["log", "--state", "dwon", "it broke"])
        .refused(2, &["dwon", "down"]);
    env.run(&["log", "it broke !dwon"])
        .refused(2, &["dwon", "down"]);
    env.run(&["log", "--at", "", "it broke"])
        .refused(2, &["hint: "]);
    env.run(&["log", "--at", "10:06 and more", "it broke"])
        .refused(2, &["hint: "]);
    assert_eq!(events(&env), before);
}

#[test]
fn times_that_cannot_be_are_refused_and_folds_asked_about() {
    let env = with_incident();
    for (at, words) in [
        ("10:06-", &["hint: "][..]),
        ("10:20-10:06", &["hint: "]),
        ("2012-03-11 02:30", &["02:30", "hint: "]),
        ("2012-11-04 01:30", &["EDT", "EST"]),
        ("1969-12-31 12:00", &["1970"]),
        ("99999-01-01 10:00", &["hint: "]),
        ("25:00", &["hint: "]),
        ("10:06 Mars/Olympus", &["Mars/Olympus"]),
        ("10:06 XYZ", &["hint: "]),
    ] {
        env.run(&["log", "--at", at, "x"]).refused(2, words);
    }
    env.run(&["declare", "x", "--zone", "Europe/Berln"])
        .refused(2, &["Europe/Berlin"]);
    env.ok(&["log", "--at", "2012-11-04 01:30 EST", "x"]);
}

#[test]
fn an_output_that_cannot_be_written_leaves_what_was_there() {
    let env = Env::example();
    let folder = env.path().join("reports");
    fs::create_dir(&folder).unwrap();
    let folder_name = folder.to_str().unwrap().to_owned();
    env.run(&["postmortem", "--output", &folder_name])
        .refused(1, &["is a folder"]);
    let file = folder.join("p.md");
    let file_name = file.to_str().unwrap().to_owned();
    env.ok(&["postmortem", "--output", &file_name]);
    let before = fs::read(&file).unwrap();
    env.run(&["postmortem", "--output", &file_name])
        .refused(1, &["--force"]);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    env.run(&["postmortem", "--force", "--output", &file_name])
        .refused(1, &["read-only"]);
    assert_eq!(fs::read(&file).unwrap(), before);
    let missing = env.path().join("nowhere/p.md");
    env.run(&["postmortem", "--output", missing.to_str().unwrap()])
        .refused(1, &["nowhere"]);
}

#[test]
fn a_file_that_is_not_ours_is_refused_and_left_alone() {
    let env = Env::new();
    let path = env.path().join("other.db");
    fs::write(&path, "just a text that somebody needs").unwrap();
    let name = path.to_str().unwrap().to_owned();
    for verb in [&["show"][..], &["log", "x"], &["verify"]] {
        let args: Vec<&str> = ["--db", &name]
            .into_iter()
            .chain(verb.iter().copied())
            .collect();
        env.run(&args).refused(1, &["other.db", "hint: "]);
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "just a text that somebody needs"
    );
    env.run(&["--db", env.path().to_str().unwrap(), "log", "x"])
        .refused(1, &["hint: "]);
}

#[test]
fn a_locked_store_says_so() {
    let env = with_incident();
    let other = rusqlite::Connection::open(env.db()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    env.run(&["log", "while locked"])
        .refused(1, &["hint: ", "while locked"]);
    other.execute_batch("ROLLBACK").unwrap();
    env.ok(&["log", "afterwards"]);
}

#[test]
fn a_newer_store_is_refused() {
    let env = with_incident();
    let other = rusqlite::Connection::open(env.db()).unwrap();
    other.pragma_update(None, "user_version", 99).unwrap();
    drop(other);
    env.run(&["show"]).refused(1, &["newer", "hint: "]);
}

#[test]
fn a_full_output_is_an_error_and_a_closed_pipe_is_none() {
    let env = Env::example();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = env.command(&["show"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    for verb in [
        "show",
        "completions bash",
        "man",
        "postmortem",
        "metrics --json",
        "--help",
    ] {
        let ran = env.script(&format!("bridgelog {verb} | true; echo ${{PIPESTATUS[0]}}"));
        assert_eq!(ran.out.trim(), "0", "{verb}: {ran:#?}");
        assert_eq!(ran.err, "", "{verb}");
    }
}

#[test]
fn wrong_settings_name_the_line_and_stop_nobody_from_logging() {
    let env = Env::new();
    env.config("organisation = 'AVR'\ncontakt = 'x'\n");
    let ran = env.run(&["declare", "x"]);
    assert_eq!(ran.code, 0, "{ran:#?}");
    for word in ["config.toml", "contakt", "line 2"] {
        assert!(ran.err.contains(word), "{ran:#?}");
    }
    env.run(&["email"]).refused(1, &["config.toml", "line 2"]);
}

#[test]
fn prose_is_not_cleared_by_an_empty_pipe() {
    let env = with_incident();
    env.pipe(&["write", "summary", "--from", "-"], b"It broke.\n");
    env.pipe(&["write", "summary", "--from", "-"], b"")
        .refused(2, &["no prose", "echo -"]);
    assert!(env.ok(&["postmortem"]).contains("It broke."));
    env.pipe(&["write", "summary", "--from", "-"], b"-\n");
    assert!(!env.ok(&["postmortem"]).contains("It broke."));
}

#[test]
fn customer_wording_is_plain_text() {
    let env = with_incident();
    env.run(&["log", "--customer", "\u{1b}[31mred", "x"])
        .refused(2, &["control character"]);
    env.run(&["log", "x tell: over\u{1b}[D"])
        .refused(2, &["control character"]);
    let handle = env.log("x");
    env.run(&["amend", &handle, "tell: over\u{7}"])
        .refused(2, &["control character"]);
}

#[test]
fn a_clock_at_the_edge_of_time_writes_nothing() {
    let mut env = Env::new();
    env.ok(&["declare", "x", "--zone", "Pacific/Kiritimati"]);
    let before = events(&env);
    for now in ["9999-12-31T23:59:59Z", "1969-12-31T12:00:00Z"] {
        env.at(now);
        env.run(&["log", "at the edge"])
            .refused(1, &["1970-01-01", "hint: set the clock"]);
    }
    env.at(common::NOW);
    assert_eq!(events(&env), before);
    env.ok(&["verify"]);
}
