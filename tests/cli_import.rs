//! `bridgelog import`, `watch` and `export csv`: rows of other tools become events once, all or none.
#![allow(clippy::unwrap_used)]

mod common;

use common::{CommandResult, TestEnv};
use rstest::rstest;
use serde_json::{Value, json};
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

/// An open incident of 20 November 2026, two days later.
fn env() -> TestEnv {
    let mut env = TestEnv::new();
    env.set_now("2026-11-22T12:00:00Z");
    let declare = [
        "declare",
        "Checkout fails",
        "--zone",
        "UTC",
        "--at",
        "2026-11-20 09:00",
    ];
    env.run_ok(&declare);
    env
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/import")
        .join(name);
    path.to_str().unwrap().to_owned()
}

fn import(env: &TestEnv, args: &[&str]) -> CommandResult {
    env.run(&[&["import"], args].concat())
}

/// Imports with `args`, which must succeed, and returns the report.
fn report(env: &TestEnv, args: &[&str]) -> Value {
    env.run_json(&[&["import"], args, &["--json"]].concat())
}

/// The events of the incident but its declaration.
fn events(env: &TestEnv) -> Vec<Value> {
    let show = env.run_json(&["show", "1", "--json"]);
    let events = show["events"].as_array().unwrap().clone();
    events
        .into_iter()
        .filter(|e| e["kind"] != "declare")
        .collect()
}

fn texts(env: &TestEnv) -> Vec<String> {
    let text = |event: &Value| event["text"].as_str().unwrap().to_owned();
    events(env).iter().map(text).collect()
}

/// A channel's day with these messages: time of day, user and text.
fn day(env: &TestEnv, name: &str, messages: &[(&str, &str, &str)]) -> String {
    let message = |(time, user, text): &(&str, &str, &str)| {
        let at = chrono::NaiveDateTime::parse_from_str(
            &format!("2026-11-20 {time}"),
            "%Y-%m-%d %H:%M:%S",
        );
        let ts = format!("{}.000100", at.unwrap().and_utc().timestamp());
        json!({"type": "message", "user": user, "team": "T1", "text": text, "ts": ts})
    };
    let messages: Vec<Value> = messages.iter().map(message).collect();
    let path = env.path().join(name);
    fs::write(&path, serde_json::to_string(&messages).unwrap()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[rstest]
#[case("slack/export", "slack", 11)]
#[case("pagerduty/log_entries.json", "pagerduty", 8)]
#[case("opsgenie/alerts.json", "opsgenie", 4)]
#[case("alertmanager/webhook.json", "alertmanager", 5)]
#[case("statuspage/incidents.json", "statuspage", 4)]
#[case("jira/issue.json", "jira", 5)]
#[case("teams/export", "teams", 5)]
#[case("github/issue.json", "github", 5)]
#[case("gitlab/issue.json", "gitlab", 2)]
fn each_format_is_found_and_imported_once(
    #[case] file: &str,
    #[case] format: &str,
    #[case] expected: u64,
) {
    let env = env();
    let file = &fixture(file);
    let first = report(&env, &["auto", file]);
    assert_eq!(
        (&first["format"], &first["events"]),
        (&json!(format), &json!(expected))
    );
    assert_eq!(events(&env).len() as u64, expected);
    let second = report(&env, &[format, file]);
    assert_eq!(
        (&second["events"], &second["there"]),
        (&json!(0), &json!(expected))
    );
    assert_eq!(second["import"], Value::Null);
    assert_eq!(events(&env).len() as u64, expected);
    env.run_ok(&["verify"]);
}

#[test]
fn every_row_is_counted_and_can_be_listed() {
    let env = env();
    let result = import(&env, &["slack", &fixture("slack/export")]);
    assert!(
        result.stdout.contains(
            "14 read, 11 events, 1 join left out, 2 system messages left out, 0 already there, 0 not understood"
        ),
        "{result:#?}"
    );
    let listed = env.run_ok(&[
        "import",
        "slack",
        &fixture("slack/export"),
        "--list",
        "left-out",
    ]);
    assert_eq!(
        listed
            .lines()
            .filter(|line| line.contains("left out ("))
            .count(),
        3
    );
}

#[test]
fn dry_run_lists_each_row_and_writes_nothing() {
    let env = env();
    let before = env.run_ok(&["export", "jsonl"]);
    let out = env.run_ok(&["import", "slack", &fixture("slack/export"), "--dry-run"]);
    assert!(
        out.contains("incidents/2026-11-20.json, message 1"),
        "{out}"
    );
    assert!(out.contains("nothing written: slack"), "{out}");
    assert_eq!(out.lines().count(), 15);
    assert_eq!(env.run_ok(&["export", "jsonl"]), before);
}

#[test]
fn edited_row_amends_and_vanished_row_is_named() {
    let env = env();
    let first = day(
        &env,
        "day.json",
        &[
            ("09:01:00", "U1", "checkout fails"),
            ("09:02:00", "U2", "rolling back"),
            ("09:03:00", "U1", "it works"),
        ],
    );
    report(&env, &["slack", &first]);
    let second = day(
        &env,
        "day.json",
        &[
            ("09:01:00", "U1", "checkout fails for all"),
            ("09:02:00", "U2", "rolling back"),
        ],
    );
    let found = report(&env, &["slack", &second]);
    assert_eq!(
        (&found["amended"], &found["there"], &found["events"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert_eq!(found["vanished"].as_array().unwrap().len(), 1);
    assert_eq!(
        texts(&env),
        [
            "U1: checkout fails for all",
            "U2: rolling back",
            "U1: it works"
        ]
    );
    assert_eq!(events(&env)[0]["amended"], true);
}

#[test]
fn correction_made_here_is_kept_where_the_source_edited_too() {
    let env = env();
    let first = day(&env, "day.json", &[("09:01:00", "U1", "checkout fails")]);
    report(&env, &["slack", &first]);
    let handle = events(&env)[0]["handle"].as_str().unwrap().to_owned();
    env.run_ok(&["amend", &handle, "checkout fails in Europe"]);
    let second = day(
        &env,
        "day.json",
        &[("09:01:00", "U1", "checkout fails a lot")],
    );
    let found = report(&env, &["slack", &second]);
    assert_eq!(
        (&found["edited_here"], &found["amended"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(texts(&env), ["checkout fails in Europe"]);
    assert_eq!(events(&env)[0]["source"]["format"], "slack");
}

#[test]
fn rows_that_are_equal_are_counted_and_found_again_in_shorter_and_longer_copies() {
    let env = env();
    let table = |rows: usize| {
        let equal = "2026-11-20T10:00:00Z,ann,again\n".repeat(rows);
        let path = env.path().join("rows.csv");
        fs::write(
            &path,
            format!("time,author,text\n{equal}2026-11-20T10:01:00Z,ann,other\n"),
        )
        .unwrap();
        path.to_str().unwrap().to_owned()
    };
    let counts = |path: &str| {
        let found = report(&env, &["csv", path]);
        (found["events"].clone(), found["there"].clone())
    };
    // More than are written at once.
    let many = 2_300;
    assert_eq!(counts(&table(many)), (json!(many + 1), json!(0)));
    assert_eq!(counts(&table(many)), (json!(0), json!(many + 1)));
    assert_eq!(counts(&table(2)), (json!(0), json!(3)));
    assert_eq!(counts(&table(many + 2)), (json!(2), json!(many + 1)));
    assert_eq!(events(&env).len(), many + 3);
    env.run_ok(&["verify"]);
}

#[test]
fn undo_takes_an_import_back_in_one_step_and_a_second_import_brings_it_back() {
    let env = env();
    report(&env, &["slack", &fixture("slack/export")]);
    env.run_ok(&["undo"]);
    assert_eq!(texts(&env), Vec::<String>::new());
    let again = report(&env, &["slack", &fixture("slack/export")]);
    assert_eq!(
        (&again["brought_back"], &again["events"]),
        (&json!(11), &json!(0))
    );
    assert_eq!(events(&env).len(), 11);
    env.run_ok(&["verify"]);
}

#[test]
fn retract_takes_an_import_back_by_its_handle_with_what_was_corrected() {
    let env = env();
    let handle = report(&env, &["slack", &fixture("slack/export")])["import"]
        .as_str()
        .unwrap()
        .to_owned();
    env.log("09:04 note: typed here");
    let imported = events(&env)[0]["handle"].as_str().unwrap().to_owned();
    env.run_ok(&["amend", &imported, "corrected"]);
    let out = env.run_ok(&["retract", &handle, "--reason", "wrong channel"]);
    assert!(out.contains("11 events of export (slack)"), "{out}");
    let left: Vec<Value> = events(&env)
        .into_iter()
        .filter(|e| e["retracted"] == false)
        .collect();
    assert_eq!(left.len(), 1);
    let again = env.run(&["retract", &handle, "--reason", "x"]);
    again.assert_error(1, &["no event of the import"]);
    env.run_ok(&["undo"]);
    assert!(events(&env).iter().all(|e| e["retracted"] == false));
}

#[test]
fn undo_of_a_large_import_names_the_command_that_takes_it_back() {
    let env = env();
    let alerts: Vec<Value> = (0..10_001)
        .map(|n| json!({"type": "message", "user": "U1", "team": "T1", "text": "x", "ts": format!("{}.{n:06}", 1_795_165_320 + n)}))
        .collect();
    let path = env.path().join("day.json");
    fs::write(&path, serde_json::to_string(&alerts).unwrap()).unwrap();
    let handle = report(&env, &["slack", path.to_str().unwrap()])["import"]
        .as_str()
        .unwrap()
        .to_owned();
    let refused = env.run(&["undo"]);
    refused.assert_error(1, &["10001 events", &format!("bridgelog retract {handle}")]);
    let out = env.run_ok(&["retract", &handle, "--reason", "too much"]);
    assert!(out.contains("10001 events"), "{out}");
}

#[test]
fn kinds_follow_the_source_and_no_state_is_set() {
    let env = env();
    report(&env, &["pagerduty", &fixture("pagerduty/log_entries.json")]);
    let kinds: Vec<Value> = events(&env).iter().map(|e| e["kind"].clone()).collect();
    assert!(
        kinds.contains(&json!("detect")) && kinds.contains(&json!("ack")),
        "{kinds:?}"
    );
    assert!(!kinds.contains(&json!("restore")), "{kinds:?}");
    assert_eq!(env.run_json(&["show", "1", "--json"])["states"], json!([]));
}

#[test]
fn map_gives_kinds_and_leaves_rows_out() {
    let env = env();
    env.write_config("[maps]\nours = [\"acknowledge=skip\", \"notify=note\"]\n");
    let file = &fixture("pagerduty/log_entries.json");
    let found = report(
        &env,
        &[
            "pagerduty",
            file,
            "--map",
            "resolve=restore",
            "--map",
            "ours",
        ],
    );
    assert_eq!(found["left_out"], json!({"acknowledge": 1}));
    assert!(events(&env).iter().any(|e| e["kind"] == "restore"));
    import(&env, &["pagerduty", file, "--map", "reslove=restore"])
        .assert_error(2, &["`reslove`", "did you mean resolve?"]);
    import(&env, &["pagerduty", file, "--map", "resolve=gone"])
        .assert_error(2, &["`gone` is not a kind"]);
    import(&env, &["pagerduty", file, "--map", "other"])
        .assert_error(2, &["no map of this name", "ours"]);
}

#[test]
fn people_period_and_channel_choose_what_is_imported() {
    let env = env();
    let file = day(
        &env,
        "day.json",
        &[
            ("09:01:00", "U1", "one"),
            ("09:02:00", "U2", "two"),
            ("09:03:00", "U1", "three"),
        ],
    );
    fs::write(env.path().join("people"), "# team\nU1 = Ann Lee\n").unwrap();
    let people = env.path().join("people");
    let found = report(
        &env,
        &[
            "slack",
            &file,
            "--people",
            people.to_str().unwrap(),
            "--since",
            "2026-11-20 09:02",
            "--until",
            "2026-11-20 09:03",
        ],
    );
    assert_eq!(
        (&found["events"], &found["outside"]),
        (&json!(1), &json!(2))
    );
    report(
        &env,
        &["slack", &file, "--people", people.to_str().unwrap()],
    );
    assert_eq!(texts(&env), ["Ann Lee: one", "U2: two", "Ann Lee: three"]);
    assert_eq!(events(&env)[0]["people"], json!(["Ann Lee"]));

    let env = self::env();
    let found = report(
        &env,
        &["slack", &fixture("slack/export"), "--channel", "#general"],
    );
    assert_eq!((&found["read"], &found["events"]), (&json!(2), &json!(1)));
}

#[test]
fn text_of_others_sets_nothing_unless_markers_are_asked_for() {
    let env = env();
    let file = day(
        &env,
        "day.json",
        &[("09:01:00", "U1", "all gone !down #dns tell: We are down.")],
    );
    report(&env, &["slack", &file]);
    let event = &events(&env)[0];
    assert_eq!(event["text"], "U1: all gone !down #dns tell: We are down.");
    assert_eq!(
        (&event["state"], &event["customer"], &event["tags"]),
        (&Value::Null, &Value::Null, &json!([]))
    );
    env.run_ok(&["undo"]);
    let env = self::env();
    report(&env, &["slack", &file, "--markers"]);
    let event = &events(&env)[0];
    assert_eq!(
        (&event["state"], &event["customer"]),
        (&json!("down"), &json!("We are down."))
    );
}

#[test]
fn redacted_text_does_not_come_back() {
    let env = env();
    let file = day(
        &env,
        "day.json",
        &[("09:01:00", "U1", "the password is hunter2")],
    );
    report(&env, &["slack", &file]);
    let handle = events(&env)[0]["handle"].as_str().unwrap().to_owned();
    env.run_ok(&["redact", &handle, "--reason", "a password", "--yes"]);
    assert_eq!(report(&env, &["slack", &file])["there"], 1);
    assert!(!env.run_ok(&["export", "jsonl"]).contains("hunter2"));
    assert_eq!(events(&env)[0]["source"]["format"], "slack");
}

#[test]
fn bad_row_is_named_and_nothing_or_the_rest_is_imported() {
    let env = env();
    let path = env.path().join("day.json");
    let good = json!({"type": "message", "user": "U1", "team": "T1", "text": "good", "ts": "1795165320.000100"});
    let bad = json!({"type": "message", "user": "U1", "team": "T1", "text": "bad", "ts": "soon"});
    fs::write(&path, json!([good, bad]).to_string()).unwrap();
    let path = path.to_str().unwrap();
    import(&env, &["slack", path]).assert_error(
        1,
        &[
            "1 of 2 rows cannot be read; nothing was imported",
            "message 2",
            "--skip-bad",
        ],
    );
    assert_eq!(texts(&env), Vec::<String>::new());
    let rest = report(&env, &["slack", path, "--skip-bad"]);
    assert_eq!((&rest["events"], &rest["bad"]), (&json!(1), &json!(1)));
}

#[rstest]
#[case("empty", b"", "the input is empty")]
#[case("prose", b"just some words\n", "none of the known formats")]
#[case(
    "truncated.json",
    b"[{\"type\":\"message\",\"user\":\"U1\",\"text\":\"a\",\"ts\":\"1795165320.000100\"},{\"type",
    "the input ends inside it"
)]
fn input_that_cannot_be_read_says_why(
    #[case] name: &str,
    #[case] bytes: &[u8],
    #[case] part: &str,
) {
    let env = env();
    let path = env.path().join(name);
    fs::write(&path, bytes).unwrap();
    import(&env, &["auto", path.to_str().unwrap()]).assert_error(1, &[part]);
    assert_eq!(texts(&env), Vec::<String>::new());
}

#[test]
fn wrong_format_says_which_it_looks_like() {
    let env = env();
    import(&env, &["pagerduty", &fixture("slack/export")]).assert_error(
        1,
        &["it looks like a Slack export", "bridgelog import slack"],
    );
    import(&env, &["slak", &fixture("slack/export")]).assert_error(2, &["slack"]);
    import(&env, &["auto", "nowhere.json"]).assert_error(1, &["nowhere.json"]);
}

/// Writes a zip archive with these files.
fn zip(path: &Path, files: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn zip_archive_gives_the_events_of_its_folder() {
    let folder = PathBuf::from(fixture("slack/export"));
    let mut files = Vec::new();
    for name in [
        "channels.json",
        "users.json",
        "general/2026-11-20.json",
        "incidents/2026-11-20.json",
        "incidents/2026-11-21.json",
    ] {
        files.push((name, fs::read(folder.join(name)).unwrap()));
    }
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (*name, bytes.as_slice()))
        .collect();
    let env = env();
    let path = env.path().join("export.zip");
    zip(&path, &files);
    assert_eq!(
        report(&env, &["auto", path.to_str().unwrap()])["events"],
        11
    );
    assert_eq!(
        report(&env, &["auto", &fixture("slack/export")])["there"],
        11
    );
}

#[test]
fn archives_that_lead_out_or_unpack_to_far_too_much_are_refused() {
    let env = env();
    let path = env.path().join("bad.zip");
    zip(&path, &[("../outside.json", b"[]")]);
    import(&env, &["slack", path.to_str().unwrap()]).assert_error(1, &["leads out of the archive"]);
    let zeros = vec![b' '; 64 << 20];
    zip(&path, &[("channels.json", &zeros)]);
    import(&env, &["slack", path.to_str().unwrap()]).assert_error(1, &["unpacks to more than"]);
    fs::write(&path, b"PK\x03\x04 broken").unwrap();
    import(&env, &["slack", path.to_str().unwrap()]).assert_error(1, &["bad.zip cannot be read"]);
}

#[test]
fn killed_import_leaves_nothing_behind() {
    let env = env();
    let messages: Vec<Value> = (0..60_000)
        .map(|n| json!({"type": "message", "user": "U1", "team": "T1", "text": format!("message {n}"), "ts": format!("{}.000100", 1_795_165_320 + n)}))
        .collect();
    let path = env.path().join("day.json");
    fs::write(&path, serde_json::to_string(&messages).unwrap()).unwrap();
    let mut killed = 0;
    for delay in [100, 300, 600] {
        let mut child = env
            .command(&["import", "slack", path.to_str().unwrap()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(delay));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        if killed > 0
            && child
                .try_wait()
                .unwrap()
                .is_some_and(|status| !status.success())
        {
            assert_eq!(texts(&env), Vec::<String>::new());
        }
    }
    assert!(killed > 0, "the import was too fast to be killed");
    env.run_ok(&["verify"]);
}

#[test]
fn watch_logs_lines_as_they_come_and_knows_alerts_again() {
    let env = env();
    let file = env.path().join("alerts.log");
    fs::write(&file, "before\n").unwrap();
    let mut child = env
        .command(&["watch", file.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The watch begins at the end of the file: it must be there before lines are added.
    thread::sleep(Duration::from_millis(500));
    let mut appended = fs::OpenOptions::new().append(true).open(&file).unwrap();
    appended
        .write_all(b"disk 95 % full !down tell: x\n")
        .unwrap();
    fs::rename(&file, env.path().join("alerts.log.1")).unwrap();
    fs::write(&file, "queue grows\n").unwrap();
    let begun = Instant::now();
    while texts(&env).len() < 2 && begun.elapsed() < Duration::from_secs(60) {
        thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let mut found = texts(&env);
    found.sort();
    assert_eq!(found, ["disk 95 % full !down tell: x", "queue grows"]);
    assert!(
        events(&env)
            .iter()
            .all(|e| e["state"].is_null() && e["customer"].is_null())
    );

    let env = self::env();
    let body = fs::read_to_string(fixture("alertmanager/webhook.json")).unwrap();
    let line = serde_json::from_str::<Value>(&body).unwrap().to_string();
    let bodies = format!("{line}\nnot json\n{line}\n");
    let result = env.run_with_stdin(
        &["watch", "-", "--format", "alertmanager"],
        bodies.as_bytes(),
    );
    assert!(result.stderr.contains("line 2:"), "{result:#?}");
    assert_eq!(events(&env).len(), 5);
}

#[test]
fn events_are_exported_as_a_table_that_runs_nothing() {
    let env = env();
    env.log("09:05 fault: =1+1, \"quoted\"\n!down @shop");
    let table = env.run_ok(&["export", "csv"]);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(&rows[1][7], "'=1+1, \"quoted\"");
    assert_eq!((&rows[1][2], &rows[1][6]), ("2026-11-20T09:05:00Z", "down"));
    env.run_ok(&["export", "csv", "--incident", "1", "--output", "t.csv"]);
    assert_eq!(fs::read_to_string(env.path().join("t.csv")).unwrap(), table);
}

#[test]
fn every_format_is_in_the_documentation() {
    let page = include_str!("../docs/imports.md");
    for format in bridgelog::import::FORMATS {
        assert!(
            page.contains(&format!("`{}`", format.name)),
            "{}",
            format.name
        );
    }
}

#[test]
fn copied_chat_on_standard_input_is_one_event_for_each_message() {
    let env = env();
    let chat = "Ann Lee  10:06 AM\ncheckout fails !down\nfor all\n:eyes: 2\nRaj  10:09 AM\nrolling back (edited)\n";
    let result = env.run_with_stdin(&["log", "-"], chat.as_bytes());
    assert!(
        result.stderr.contains("read as a copied chat: 2 messages"),
        "{result:#?}"
    );
    assert_eq!(
        texts(&env),
        [
            "Ann Lee: checkout fails !down / for all",
            "Raj: rolling back"
        ]
    );
    assert!(events(&env).iter().all(|event| event["state"].is_null()));
    let found = report(
        &env,
        &["chat", "--zone", "UTC", "--date", "2026-11-20", &{
            let path = env.path().join("chat.txt");
            fs::write(&path, chat).unwrap();
            path.to_str().unwrap().to_owned()
        }],
    );
    assert_eq!(found["events"], 2);
    let path = env.path().join("chat.txt");
    import(&env, &["chat", path.to_str().unwrap(), "--zone", "UTC"]).assert_error(1, &["--date"]);
}

#[test]
fn table_of_another_tool_is_read_by_its_columns() {
    let env = env();
    let path = env.path().join("alerts.csv");
    fs::write(
        &path,
        "Fired at;Description;Owner\n2026-11-20 10:06;disk full;ann\n",
    )
    .unwrap();
    let path = path.to_str().unwrap();
    let map = ["--map", "time=Fired at", "--map", "text=Description"];
    let args = [&["csv", path], map.as_slice()].concat();
    import(&env, &args).assert_error(1, &["line 2", "--zone"]);
    assert_eq!(
        report(
            &env,
            &[args.as_slice(), &["--zone", "Europe/Berlin"]].concat()
        )["events"],
        1
    );
    assert_eq!(events(&env)[0]["at"], "2026-11-20T09:06:00Z");
}

/// A number of a ticket in each row is no id of the row.
#[test]
fn rows_of_a_table_with_one_id_are_all_there() {
    let env = env();
    let path = env.path().join("log.csv");
    let table = "id,time,text\n42,2026-11-20 10:06,down\n42,2026-11-20 10:07,looking\n42,2026-11-20 10:07,looking\n\
                 43,2026-11-20 10:09,up\n";
    fs::write(&path, table).unwrap();
    let args = ["csv", path.to_str().unwrap(), "--zone", "UTC"];
    let first = report(&env, &args);
    assert_eq!((&first["read"], &first["events"]), (&json!(4), &json!(3)));
    assert_eq!(texts(&env), ["down", "looking", "up"]);
    let again = report(&env, &args);
    assert_eq!((&again["events"], &again["there"]), (&json!(0), &json!(4)));
    assert_eq!(texts(&env), ["down", "looking", "up"]);
    // Of the row that was edited nothing is left twice, also where the first of its id is gone.
    let edited = table
        .replace("up", "up again")
        .replace("42,2026-11-20 10:06,down\n", "");
    fs::write(&path, edited).unwrap();
    let edited = report(&env, &args);
    assert_eq!(
        (&edited["amended"], &edited["events"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(texts(&env), ["down", "looking", "up again"]);
}

/// A phone exports a chat with its photos, whose names stand before it.
#[test]
fn chat_is_found_among_the_photos_of_its_archive() {
    let env = env();
    let path = env.path().join("WhatsApp Chat.zip");
    let mut archive = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in [
        ("00000004-PHOTO.jpg", b"\xff\xd8\xff\xe0".to_vec()),
        (
            "_chat.txt",
            fs::read(fixture("chat/whatsapp_ios.txt")).unwrap(),
        ),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(&content).unwrap();
    }
    archive.finish().unwrap();
    let found = report(
        &env,
        &["auto", path.to_str().unwrap(), "--zone", "Europe/Berlin"],
    );
    assert_eq!(
        (&found["format"], &found["read"]),
        (&json!("chat"), &json!(7))
    );
}

/// One file of several would be read, and the rows of the others left out without a word.
#[test]
fn folder_with_several_tables_is_refused_by_their_names() {
    let env = env();
    let folder = env.path().join("tables");
    fs::create_dir(&folder).unwrap();
    for name in ["a.csv", "b.csv"] {
        fs::write(folder.join(name), "time,text\n2026-11-20 10:06,down\n").unwrap();
    }
    import(&env, &["csv", folder.to_str().unwrap(), "--zone", "UTC"])
        .assert_error(1, &["there are 2 files of this format", "a.csv, b.csv"]);
    assert!(events(&env).is_empty());
    fs::remove_file(folder.join("b.csv")).unwrap();
    let args = ["csv", folder.to_str().unwrap(), "--zone", "UTC"];
    assert_eq!(report(&env, &args)["events"], 1);
}

/// A text of several lines has its lines where there is room for them, and a sign for each break where not.
#[test]
fn texts_of_several_lines_are_shown_without_escapes() {
    let env = env();
    let path = env.path().join("chat.txt");
    fs::write(
        &path,
        "[20.11.2026 10:06] Ann: what I see:\npool at 100 %\n\n12 of 12 wait\n[20.11.2026 10:07] Raj: ok\n",
    )
    .unwrap();
    let args = ["chat", path.to_str().unwrap(), "--zone", "UTC"];
    let listed = env.run_ok(&[&["import"], &args[..], &["--dry-run"]].concat());
    assert!(
        listed.contains("Ann: what I see: ↵ pool at 100 % ↵ 12 of 12 wait\n"),
        "{listed}"
    );
    import(&env, &args);
    let shown = env.run_ok(&["show", "1"]);
    let margin = " ".repeat(38);
    let text = format!("Ann: what I see:\n{margin}pool at 100 %\n\n{margin}12 of 12 wait  ");
    assert!(shown.contains(&text), "{shown}");
    let handle = events(&env)[0]["handle"].as_str().unwrap().to_owned();
    let mut shown = shown + &env.run_ok(&["history", &handle]) + &env.run_ok(&["search", "pool"]);
    shown += &env.run_ok(&["log", "--at", "10:08", "one\ntwo"]);
    let found = env.run_json(&["search", "pool", "--json"]);
    assert_eq!(
        found[0]["text"],
        "note: Ann: what I see:\npool at 100 %\n\n12 of 12 wait"
    );
    assert!(!shown.contains("\\n"), "{shown}");
}
