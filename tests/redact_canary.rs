//! A unique string in every place that a secret can stand in, redacted, then looked for in every file
//! and every output.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
use common::TestEnv;
use std::{cell::Cell, fs};

/// Makes strings that are found nowhere else.
struct Canaries(Cell<u32>);

impl Canaries {
    fn next(&self) -> String {
        self.0.set(self.0.get() + 1);
        format!("canary{:03}x", self.0.get())
    }
}

/// Everything that the database shows, one text per command.
fn all_outputs(env: &TestEnv, handles: &[String]) -> Vec<(String, String)> {
    let mut commands: Vec<Vec<&str>> = [
        "show 1",
        "show 1 --all",
        "show 1 --json --all",
        "list",
        "list --json",
        "status 1",
        "status 1 --brief",
        "brief 1 --json",
        "search --all canary",
        "task list",
        "task list --json",
        "postmortem 1",
        "postmortem 1 --format html",
        "postmortem 1 --format json",
        "email 1 --stage initial",
        "email 1 --stage update",
        "email 1 --stage resolved",
        "email 1 --stage followup",
        "email --list",
        "email --list --json",
        "email --show m1",
        "metrics 1",
        "lint 1",
        "ledger",
        "stats",
        "export jsonl",
        "verify",
        "history summary",
        "history summary --json",
        "history field/scope",
        "history field/product",
    ]
    .iter()
    .map(|line| line.split(' ').collect())
    .collect();
    for handle in handles {
        commands.push(vec!["history", handle]);
        commands.push(vec!["history", handle, "--json"]);
    }
    commands
        .iter()
        .map(|args| {
            let result = env.run(args);
            assert!(result.exit_code != 2, "{args:?} {result:#?}");
            (args.join(" "), result.stdout + &result.stderr)
        })
        .collect()
}

/// Every file beside the database and every output, in small letters, with its name.
fn all_places(env: &TestEnv, handles: &[String]) -> Vec<(String, String)> {
    let mut places = all_outputs(env, handles);
    for file in fs::read_dir(env.db_path().parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap().to_ascii_lowercase();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        places.push((path.display().to_string(), text));
    }
    places
}

/// The names of the `places` that hold `canary`.
fn holding<'a>(places: &'a [(String, String)], canary: &str) -> Vec<&'a str> {
    places
        .iter()
        .filter(|(_, text)| text.contains(canary))
        .map(|(name, _)| name.as_str())
        .collect()
}

fn handle_in(env: &TestEnv, args: &[&str]) -> String {
    env.run_json(args)["handle"].as_str().unwrap().to_owned()
}

#[test]
fn redacted_canaries_are_in_no_file_and_no_output() {
    let env = TestEnv::new();
    let c = Canaries(Cell::new(0));
    let next = || c.next();
    env.run_ok(&["declare", &next(), "--at", "08:00", "--commander", &next()]);
    let declared = env.run_json(&["show", "1", "--json"])["events"][0]["handle"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut handles = vec![declared];
    let fault = env.log(&format!(
        "8:05 fault: {} it @{} #{} !down tell: {}",
        next(),
        next(),
        next(),
        next()
    ));
    env.run_ok(&["amend", &fault, &format!("cause: {}", next())]);
    handles.push(fault);
    handles.push(env.log(&format!(
        "8:06 decision: {} why: {} not: {}",
        next(),
        next(),
        next()
    )));
    handles.push(env.log(&format!("8:07 ask: {} @{} 5m", next(), next())));
    handles.push(env.log(&format!("8:08 comms/{}: {}", next(), next())));
    let retracted = env.log(&format!("8:09 note: {}", next()));
    env.run_ok(&["retract", &retracted, "--reason", &next()]);
    handles.push(retracted);
    // The reason of a redaction is reached by the next one.
    let gone = next();
    let twice = env.log(&format!("8:10 note: {gone}"));
    env.run_ok(&["redact", &twice, "--reason", &next()]);
    handles.push(twice);
    let undone = env.log(&format!("8:11 note: {}", next()));
    env.run_ok(&["undo"]);
    handles.push(undone);
    env.run_ok(&["handoff", &next()]);
    let handed = env.run_json(&["show", "1", "--json"]);
    let handed = handed["events"].as_array().unwrap().last().unwrap();
    handles.push(handed["handle"].as_str().unwrap().to_owned());
    let task = handle_in(
        &env,
        &[
            "task",
            "add",
            &next(),
            "--owner",
            &next(),
            "--ticket",
            &next(),
            "--customer",
            &next(),
            "--json",
        ],
    );
    env.run_ok(&["task", "decline", &task, "--reason", &next()]);
    env.run_ok(&["retract", &task, "--reason", &next()]);
    handles.push(task);
    for (field, value) in [("scope", next()), ("product", next()), ("scribe", next())] {
        env.run_ok(&["set", field, &value]);
    }
    env.run_with_stdin(&["write", "summary", "--from", "-"], next().as_bytes());
    env.run_ok(&["service", "online-db", "--public", &next()]);
    let letter = env.path().join("letter.txt");
    fs::write(&letter, format!("Subject: {}\n\n{}\n", next(), next())).unwrap();
    env.run_ok(&["email", "--save", "--text", letter.to_str().unwrap()]);
    env.run_ok(&["email", "--approve", &next(), "m1"]);
    // A field of an incident that was merged into this one.
    env.run_ok(&["declare", "other", "--at", "08:20"]);
    env.run_ok(&["--incident", "2", "set", "impact", &next()]);
    env.run_ok(&["merge", "2", "--into", "1"]);

    let canaries: Vec<String> = (1..=c.0.get()).map(|n| format!("canary{n:03}x")).collect();
    // Half-typed lines: of a text as it was, and of its beginning.
    let drafts = env.db_path().with_file_name("bridgelog.db-draft-999999");
    fs::write(
        &drafts,
        format!(
            r#"[{{"begun":"2012-08-20T12:00:00Z","text":"note: {} a"}},{{"begun":"2012-08-20T12:00:00Z","text":"kept line"}}]"#,
            canaries[2]
        ) + "\n",
    )
    .unwrap();
    let before = all_places(&env, &handles);
    for canary in &canaries {
        // The text of the event that is redacted twice is gone already.
        assert!(
            !holding(&before, canary).is_empty() || *canary == gone,
            "{canary} was never written"
        );
    }

    for named in handles.iter().map(String::as_str).chain([
        "field/scope",
        "field/product",
        "field/scribe",
        "field/impact",
        "summary",
        "service/online-db",
        "m1",
    ]) {
        env.run_ok(&["--incident", "1", "redact", named, "--reason", "a secret"]);
    }
    let after = all_places(&env, &handles);
    let left: Vec<_> = canaries
        .iter()
        .map(|canary| (canary, holding(&after, canary)))
        .filter(|(_, places)| !places.is_empty())
        .collect();
    assert!(left.is_empty(), "{left:#?}");
    let left = fs::read_to_string(&drafts).unwrap();
    assert!(left.contains("kept line"), "{left}");
    env.run_ok(&["verify"]);
}

#[test]
fn canaries_in_an_attached_file_and_a_link_go_with_the_event() {
    // In base64 a content of twelve bytes has no padding: what is looked for does not depend on what follows.
    const CONTENT: (&str, &str) = ("canary901xab", "Y2FuYXJ5OTAxeGFi");
    const NAME: &str = "canary902x.txt";
    const LINK: &str = "https://canary903x.example/a";
    let env = TestEnv::new();
    env.run_ok(&["declare", "outage", "--at", "08:00"]);
    fs::write(env.path().join(NAME), CONTENT.0).unwrap();
    let handle = handle_in(
        &env,
        &[
            "log",
            "--json",
            "--attach",
            NAME,
            "--link",
            LINK,
            "8:05 note: x",
        ],
    );
    // An earlier version has them too.
    env.run_ok(&["amend", &handle, "--unlink", LINK]);
    env.run_ok(&["undo"]);
    let wanted = [CONTENT.0, CONTENT.1, "canary902x", "canary903x"];
    let handles = [handle.clone()];
    let places = || {
        let mut places = all_places(&env, &handles);
        let file = env.run(&["export", "file", &handle]);
        places.push(("the file".to_owned(), file.stdout + &file.stderr));
        places
    };
    let held = |places: &[(String, String)], canary: &str| {
        // Files are in small letters.
        let small = canary.to_lowercase();
        holding(places, canary).len() + holding(places, &small).len()
    };
    let before = places();
    for canary in wanted {
        assert!(held(&before, canary) > 0, "{canary} was never written");
    }
    env.run_ok(&["redact", &handle, "--reason", "a secret"]);
    let after = places();
    for canary in wanted {
        assert_eq!(held(&after, canary), 0, "{canary}");
    }
    env.run_ok(&["verify"]);
}

#[test]
fn short_beginning_of_a_handle_is_refused_without_terminal() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "outage", "--at", "08:00"]);
    let handle = env.log("8:05 note: the token");
    let short = &handle[..4];
    let refused = env.run(&["redact", short, "--reason", "x"]);
    refused.assert_error(1, &["beginning of a handle", "note: the token", &handle]);
    assert!(env.run_ok(&["show"]).contains("the token"));
    env.run_ok(&["redact", short, "--reason", "x", "--yes"]);
    assert!(!env.run_ok(&["show"]).contains("the token"));
    let other = env.log("8:06 note: another");
    env.run_ok(&["redact", &other, "--reason", "x"]);
    assert!(!env.run_ok(&["show"]).contains("another"));
}

#[test]
fn what_a_header_holds_is_named_and_can_be_left_behind() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "outage", "--at", "08:00"]);
    env.run_ok(&["service", "secretsvc", "--public", "Public"]);
    env.run_ok(&["--by", "secretwho", "log", "8:07 note: x"]);
    let named = env.run(&["redact", "service/secretsvc", "--reason", "x"]);
    assert_eq!(named.exit_code, 0, "{named:#?}");
    assert!(
        named.stderr.contains("--without service/secretsvc"),
        "{named:#?}"
    );
    for typed in ["author/secretwho", "secretwho"] {
        env.run(&["redact", typed, "--reason", "x"])
            .assert_error(1, &["cannot be destroyed", "--without author/secretwho"]);
    }
    let rest = env.run(&[
        "export",
        "jsonl",
        "--without",
        "service/secretsvc",
        "author/secretwho",
    ]);
    assert_eq!(rest.exit_code, 0, "{rest:#?}");
    assert!(rest.stderr.contains("left out 3 entries"), "{rest:#?}");
    assert!(rest.stderr.contains("gap"), "{rest:#?}");
    assert!(!rest.stdout.contains("secret"), "{}", rest.stdout);
    // The rest can be imported; the gap is found there.
    let other = TestEnv::new();
    let read = other.run_with_stdin(&["import", "jsonl", "-"], rest.stdout.as_bytes());
    assert_eq!(read.exit_code, 0, "{read:#?}");
    env.run(&["export", "jsonl", "--without", "service/nothere"])
        .assert_error(1, &["service/nothere"]);
}

#[test]
fn other_places_that_hold_a_redacted_text_are_named() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "outage", "--at", "08:00"]);
    let first = env.log("8:05 note: the password is hunter2swordfish");
    let second = env.log("8:06 note: again, the password is hunter2swordfish");
    let copy = env.db_path().with_file_name("bridgelog.db.format-1");
    fs::write(&copy, "the password is hunter2swordfish").unwrap();
    let redacted = env.run(&["redact", &first, "--reason", "x"]);
    assert!(
        redacted.stderr.contains(&format!("redact {second}")),
        "{redacted:#?}"
    );
    assert!(
        redacted.stderr.contains("bridgelog.db.format-1"),
        "{redacted:#?}"
    );
}
