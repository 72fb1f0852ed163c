//! Bad input gives an `error:` and a `hint:`, exit code 1 or 2, and loses nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;
use std::{fs, os::unix::fs::PermissionsExt};

fn env_with_incident() -> TestEnv {
    TestEnv::with_incident(&["--service", "checkout", "--at", "08:00"])
}

fn event_count(env: &TestEnv) -> usize {
    env.run_json(&["show", "--json"])["events"]
        .as_array()
        .unwrap()
        .len()
}

#[test]
fn unknown_incident_error_lists_existing_incidents() {
    let env = env_with_incident();
    env.run(&["show", "9"])
        .assert_error(1, &["incident 9", "Checkout fails"]);
    env.run(&["show", "x!"]).assert_error(1, &["x!", "hint: "]);
    TestEnv::new()
        .run(&["show"])
        .assert_error(1, &["no database", "declare"]);
}

#[test]
fn unknown_handle_error_suggests_similar_handles() {
    let env = env_with_incident();
    let handle = env.log("10:00 something");
    let near = format!(
        "{}{}",
        &handle[..5],
        if handle.ends_with('k') { "z" } else { "k" }
    );
    env.run(&["retract", &near, "--reason", "x"])
        .assert_error(1, &[&near, &handle]);
    env.run(&["amend", "ABC", "x"]).assert_error(1, &["hint: "]);
}

#[test]
fn log_with_two_open_incidents_requires_incident_flag() {
    let env = env_with_incident();
    env.run_ok(&["declare", "Search is slow"]);
    env.run(&["log", "which one"])
        .assert_error(2, &["Checkout fails", "Search is slow", "--incident"]);
    env.run_ok(&["log", "--incident", "2", "this one"]);
    env.run_ok(&["--incident", "1", "log", "that one"]);
}

#[test]
fn log_rejects_empty_and_oversized_text() {
    let env = env_with_incident();
    let before = event_count(&env);
    env.run(&["log", "  "]).assert_error(2, &["hint: "]);
    env.run(&["log", ""]).assert_error(2, &["hint: "]);
    env.run(&["log", "fault:"]).assert_error(2, &["hint: "]);
    let long = "x".repeat(100_000);
    env.run(&["log", &long])
        .assert_error(2, &["more than 65536 bytes"]);
    env.run(&["declare", ""])
        .assert_error(2, &["title", "hint: "]);
    assert_eq!(event_count(&env), before);
}

#[test]
fn log_stdin_reports_bad_lines_and_logs_others() {
    let env = env_with_incident();
    let before = event_count(&env);
    let mut input = b"10:00 one\n\n25:00 two\nthree \xff\xfe\n10:03 four\nnul \0 here\n".to_vec();
    input.extend_from_slice("m".repeat(1 << 20).as_bytes());
    input.extend_from_slice(b"\n10:09 last, without a line break");
    let result = env.run_with_stdin(&["log", "-"], &input);
    result.assert_error(1, &["line 3", "line 4", "line 6", "line 7", "UTF-8"]);
    assert_eq!(event_count(&env), before + 3, "{result:#?}");
}

#[test]
fn invalid_utf8_argument_is_rejected() {
    use std::os::unix::ffi::OsStrExt;
    let env = env_with_incident();
    let mut command = env.command(&["log"]);
    command.arg(std::ffi::OsStr::from_bytes(b"it \xff broke"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("error: ") && err.contains("hint: "), "{err}");
}

#[test]
fn log_rejects_misplaced_and_invalid_flags() {
    let env = env_with_incident();
    let before = event_count(&env);
    env.run(&["log", "it", "broke", "--kind", "fault"])
        .assert_error(2, &["--kind", "before the text"]);
    env.run(&["log", "--knd", "fault", "it broke"])
        .assert_error(2, &["--knd"]);
    env.run(&["log", "--kind", "fualt", "it broke"])
        .assert_error(2, &["fualt", "fault"]);
    env.run(&["log", "--state", "dwon", "it broke"])
        .assert_error(2, &["dwon", "down"]);
    env.run(&["log", "it broke !dwon"])
        .assert_error(2, &["dwon", "down"]);
    env.run(&["log", "--at", "", "it broke"])
        .assert_error(2, &["hint: "]);
    env.run(&["log", "--at", "10:06 and more", "it broke"])
        .assert_error(2, &["hint: "]);
    assert_eq!(event_count(&env), before);
}

#[test]
fn log_rejects_invalid_and_ambiguous_times() {
    let env = env_with_incident();
    for (at, parts) in [
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
        env.run(&["log", "--at", at, "x"]).assert_error(2, parts);
    }
    env.run(&["declare", "x", "--zone", "Europe/Berln"])
        .assert_error(2, &["Europe/Berlin"]);
    env.run_ok(&["log", "--at", "2012-11-04 01:30 EST", "x"]);
}

#[test]
fn failed_postmortem_output_keeps_existing_file() {
    let env = TestEnv::worked_example();
    let folder = env.path().join("reports");
    fs::create_dir(&folder).unwrap();
    let folder_name = folder.to_str().unwrap().to_owned();
    env.run(&["postmortem", "--output", &folder_name])
        .assert_error(1, &["is a folder"]);
    let file = folder.join("p.md");
    let file_name = file.to_str().unwrap().to_owned();
    env.run_ok(&["postmortem", "--output", &file_name]);
    let before = fs::read(&file).unwrap();
    env.run(&["postmortem", "--output", &file_name])
        .assert_error(1, &["--force"]);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    env.run(&["postmortem", "--force", "--output", &file_name])
        .assert_error(1, &["read-only"]);
    assert_eq!(fs::read(&file).unwrap(), before);
    let missing = env.path().join("nowhere/p.md");
    env.run(&["postmortem", "--output", missing.to_str().unwrap()])
        .assert_error(1, &["nowhere"]);
}

#[test]
fn foreign_file_is_rejected_and_unchanged() {
    let env = TestEnv::new();
    let path = env.path().join("other.db");
    fs::write(&path, "just a text that somebody needs").unwrap();
    let name = path.to_str().unwrap().to_owned();
    for verb in [&["show"][..], &["log", "x"], &["verify"]] {
        let args: Vec<&str> = ["--db", &name]
            .into_iter()
            .chain(verb.iter().copied())
            .collect();
        env.run(&args).assert_error(1, &["other.db", "hint: "]);
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "just a text that somebody needs"
    );
    env.run(&["--db", env.path().to_str().unwrap(), "log", "x"])
        .assert_error(1, &["hint: "]);
}

#[test]
fn locked_store_error_repeats_the_line() {
    let env = env_with_incident();
    let other = rusqlite::Connection::open(env.db_path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    env.run(&["log", "while locked"])
        .assert_error(1, &["hint: ", "while locked"]);
    other.execute_batch("ROLLBACK").unwrap();
    env.run_ok(&["log", "afterwards"]);
}

#[test]
fn newer_schema_version_is_rejected() {
    let env = env_with_incident();
    let other = rusqlite::Connection::open(env.db_path()).unwrap();
    other.pragma_update(None, "user_version", 99).unwrap();
    drop(other);
    env.run(&["show"]).assert_error(1, &["newer", "hint: "]);
}

#[test]
fn full_stdout_fails_but_closed_pipe_succeeds() {
    let env = TestEnv::worked_example();
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
        let result = env.run_script(&format!("bridgelog {verb} | true; echo ${{PIPESTATUS[0]}}"));
        assert_eq!(result.stdout.trim(), "0", "{verb}: {result:#?}");
        assert_eq!(result.stderr, "", "{verb}");
    }
}

#[test]
fn invalid_settings_warn_on_log_and_fail_email() {
    let env = TestEnv::new();
    env.write_config("organisation = 'AVR'\ncontakt = 'x'\n");
    let result = env.run(&["declare", "x"]);
    assert_eq!(result.exit_code, 0, "{result:#?}");
    for word in ["config.toml", "contakt", "line 2"] {
        assert!(result.stderr.contains(word), "{result:#?}");
    }
    env.run(&["email"])
        .assert_error(1, &["config.toml", "line 2"]);
}

#[test]
fn write_rejects_empty_stdin_and_dash_clears() {
    let env = env_with_incident();
    env.run_with_stdin(&["write", "summary", "--from", "-"], b"It broke.\n");
    env.run_with_stdin(&["write", "summary", "--from", "-"], b"")
        .assert_error(2, &["no prose", "echo -"]);
    assert!(env.run_ok(&["postmortem"]).contains("It broke."));
    env.run_with_stdin(&["write", "summary", "--from", "-"], b"-\n");
    assert!(!env.run_ok(&["postmortem"]).contains("It broke."));
}

#[test]
fn log_fails_when_clock_is_out_of_range() {
    let mut env = TestEnv::new();
    env.run_ok(&["declare", "x", "--zone", "Pacific/Kiritimati"]);
    let before = event_count(&env);
    for now in ["9999-12-31T23:59:59Z", "1969-12-31T12:00:00Z"] {
        env.set_now(now);
        env.run(&["log", "at the edge"])
            .assert_error(1, &["1970-01-01", "hint: correct the clock"]);
    }
    env.set_now(common::NOW);
    assert_eq!(event_count(&env), before);
    env.run_ok(&["verify"]);
}

/// What readers would not see, or see in another order, is refused wherever it is typed; the error names
/// the character and its place, and nothing is written.
#[test]
fn text_with_a_hidden_character_is_refused_wherever_it_is_typed() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "one"]);
    let event = env.log("plain");
    let before = event_count(&env);
    for (hidden, name) in [
        ("\u{202e}", "U+202E"),
        ("\u{2067}", "U+2067"),
        ("\u{2069}", "U+2069"),
        ("\u{200b}", "U+200B"),
        ("\u{ad}", "U+00AD"),
        ("\u{feff}", "U+FEFF"),
        ("\u{e0041}", "U+E0041"),
        ("\u{7f}", "U+007F"),
        ("\u{9b}", "U+009B"),
        ("\u{1b}[31m", "U+001B"),
    ] {
        let text = format!("We saw {hidden}errors.");
        let tell = format!("tell: {text}");
        for args in [
            &["log", &text][..],
            &["log", "--customer", &text, "x"],
            &["log", &format!("x {tell}")],
            &["log", "--tag", &format!("a{hidden}b"), "x"],
            &["log", &format!("x why: {text}")],
            &["amend", &event, &text],
            &["amend", &event, &tell],
            &["amend", &event, "--customer", &text],
            &["resolve", &text],
            &["set", "title", &text],
            &["set", "scope", &text],
            &["set", "unaffected", &text],
            &["service", "db", "--public", &text],
            &["task", "add", &text],
            &["task", "add", "x", "--customer", &text],
            &["retract", &event, "--reason", &text],
            &["declare", "--new", &text],
        ] {
            let result = env.run(args);
            assert_eq!(result.exit_code, 2, "{args:?}: {result:?}");
            if args[0] != "declare" {
                result.assert_error(2, &[name, "hint: "]);
            }
        }
        env.run_with_stdin(&["write", "summary", "--from", "-"], text.as_bytes())
            .assert_error(2, &[name, "after `We saw `"]);
    }
    assert_eq!(event_count(&env), before);
    let scripts = "می\u{200c}خواهم 👩\u{200d}👧 \u{2068}שלום\u{2069} \u{200f}x 葛\u{e0100}";
    env.run_ok(&["log", &format!("x tell: {scripts}")]);
    env.run_ok(&["set", "customer-impact", scripts]);
}

#[test]
fn a_piped_line_with_a_hidden_character_is_named_and_the_others_are_logged() {
    let env = env_with_incident();
    let lines = "one\ntwo \u{202e}three\nfour\n";
    env.run_with_stdin(&["log", "-"], lines.as_bytes())
        .assert_error(1, &["U+202E", "after `two `", "line 2"]);
    let shown = env.run_ok(&["show"]);
    assert!(shown.contains("one") && shown.contains("four") && !shown.contains("three"));
}

#[test]
fn plain_with_a_command_is_refused() {
    let env = env_with_incident();
    for arguments in [&["--plain", "show"][..], &["--plain", "log", "note: x"]] {
        env.run(arguments)
            .assert_error(2, &["--plain is for the app", "hint: "]);
    }
    assert_eq!(event_count(&env), 1);
}

#[test]
fn follow_up_that_was_retracted_is_not_changed() {
    let env = TestEnv::with_incident(&[]);
    env.run_ok(&["task", "add", "Fail over to a standby"]);
    let handle = env.run_json(&["task", "list", "--json"])["tasks"][0]["handle"]
        .as_str()
        .unwrap()
        .to_owned();
    env.run_ok(&["retract", &handle, "--reason", "a duplicate"]);
    for args in [
        &["task", "start", &handle][..],
        &["task", "done", &handle],
        &["task", "set", &handle, "--owner", "ann"],
    ] {
        env.run(args)
            .assert_error(1, &["was retracted", "`bridgelog restore-event"]);
    }
    env.run_ok(&["restore-event", &handle]);
    env.run_ok(&["task", "start", &handle]);
}

#[test]
fn time_ahead_that_is_no_time_asks_for_one_ahead() {
    let env = TestEnv::with_incident(&[]);
    for args in [
        &["task", "add", "pool", "--due", "soon"][..],
        &["set", "next-update", "later"],
    ] {
        env.run(args)
            .assert_error(2, &["is not a time", "write a time ahead, such as 11:30"]);
    }
}

#[test]
fn flag_of_any_command_after_the_text_is_refused() {
    let env = TestEnv::with_incident(&[]);
    for flag in ["--severity", "--plain", "--kind=fault", "--service"] {
        let result = env.run(&["log", "it broke", flag]);
        result.assert_error(2, &["comes after the text"]);
    }
    // A text in quotes is whole, so what follows is no part of it.
    env.run(&["log", "it broke", "--person", "zed"])
        .assert_error(2, &["there is no flag `--person`", "inside the quotes"]);
    env.run_ok(&["log", "restarted", "with", "--force"]);
    env.run_ok(&["log", "--", "it broke", "--severity"]);
}

#[test]
fn misspelt_audience_and_field_at_the_start_of_a_line_are_said() {
    let env = TestEnv::with_incident(&[]);
    for (line, note) in [
        ("comms/custmers: told", "did you mean `comms/customers:`?"),
        ("commms/customers: told", "did you mean `comms:`?"),
        ("severity: sev1", "`bridgelog set severity VALUE` sets it"),
        (
            "next-update: 11:30",
            "`bridgelog set next-update VALUE` sets it",
        ),
    ] {
        let result = env.run(&["log", line]);
        assert!(result.stderr.contains(note), "{line}: {result:#?}");
    }
    let result = env.run(&["log", "comms/regulator: told"]);
    assert_eq!(result.stderr, "", "{result:#?}");
}

#[test]
fn number_of_an_incident_names_its_declaration_in_history() {
    let env = TestEnv::with_incident(&[]);
    let history = env.run_ok(&["history", "1"]);
    assert!(history.contains("declare"), "{history}");
    env.run(&["history", "7"]).assert_error(1, &["7"]);
}

#[test]
fn customer_scope_of_nobody_is_refused() {
    let env = TestEnv::with_incident(&[]);
    env.run(&["set", "customer-scope", "None"])
        .assert_error(2, &["which customers", "hint: `everyone`"]);
    env.run_ok(&["set", "customer-scope", "everyone"]);
    env.run_ok(&["set", "customer-scope", "-"]);
}

#[test]
fn zone_of_a_new_incident_is_refused_where_times_are_read_of_another() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "Search", "--zone", "Europe/Berlin"]);
    for words in [
        &["log", "02:12 note: x"][..],
        &["resolve", "--at", "02:12"],
        &["handoff", "bob"],
        &["task", "add", "Buy a disk", "--due", "2030-01-01"],
        &["set", "next-update", "14:00"],
    ] {
        let zone = ["--zone", "UTC"];
        let result = env.run(&[&zone[..], words].concat());
        result.assert_error(2, &["--zone", "Europe/Berlin", "`10:06 UTC`"]);
    }
    env.run_ok(&["--zone", "Europe/Berlin", "log", "note: x"]);
    env.run_ok(&["--zone", "UTC", "show"]);
}

#[test]
fn resolve_and_reopen_refuse_the_name_of_an_incident_as_their_text() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "Search"]);
    env.run_ok(&["resolve"]);
    env.run_ok(&["declare", "Mail"]);
    for command in ["resolve", "reopen"] {
        for text in ["1", "#1", "incident 1"] {
            let result = env.run(&[command, text]);
            result.assert_error(2, &["would be the text", "--incident 1`"]);
        }
        let result = env.run(&[command, "latest"]);
        result.assert_error(2, &["--incident latest`"]);
    }
    env.run_ok(&["resolve", "1 of 2 servers was down"]);
}
