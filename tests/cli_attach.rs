//! Files and links of events: attached, shown, taken off, written out, redacted.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
use common::TestEnv;
use std::fs;

/// A PNG of one red point.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";
const TEXT: &[u8] = b"first line\n<script>alert(1)</script>\n";
const LINK: &str = "https://grafana.example/d/abc?from=1";

/// An incident, a picture and a text to attach.
fn env() -> TestEnv {
    let env = TestEnv::new();
    env.run_ok(&["declare", "shop is slow", "--service", "shop"]);
    fs::write(env.path().join("graph.png"), PNG).unwrap();
    fs::write(env.path().join("log.txt"), TEXT).unwrap();
    env
}

/// Logs an event with the flags and returns its handle.
fn log(env: &TestEnv, flags: &[&str], line: &str) -> String {
    let args = [&["log", "--json"], flags, &[line]].concat();
    env.run_json(&args)["handle"].as_str().unwrap().to_owned()
}

fn event(env: &TestEnv, handle: &str) -> serde_json::Value {
    let shown = env.run_json(&["show", "--json"]);
    let events = shown["events"].as_array().unwrap();
    events
        .iter()
        .find(|event| event["handle"] == handle)
        .unwrap()
        .clone()
}

/// How many entries of the journal hold the content of a file.
fn file_entries(env: &TestEnv) -> usize {
    let journal = env.run_ok(&["export", "jsonl"]);
    journal.matches("\"subject\":\"file/").count()
}

#[test]
fn file_and_link_are_shown_and_come_out_as_they_were() {
    let env = env();
    let handle = log(
        &env,
        &[
            "--attach",
            "graph.png",
            "--attach",
            "log.txt",
            "--link",
            LINK,
        ],
        "errors since the deploy",
    );
    let shown = env.run_ok(&["show"]);
    for part in [
        "file: graph.png (69 bytes)",
        "file: log.txt (37 bytes)",
        LINK,
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let event = event(&env, &handle);
    assert_eq!(event["files"][0]["name"], "graph.png");
    assert_eq!(event["files"][0]["type"], "image/png");
    assert_eq!(event["files"][0]["size"], PNG.len());
    assert_eq!(event["files"][1]["type"], "text/plain");
    assert_eq!(event["urls"][0], LINK);
    let history = env.run_json(&["history", &handle, "--json"]);
    assert_eq!(history["versions"][0]["value"]["files"], event["files"]);

    env.run_ok(&[
        "export",
        "file",
        &handle,
        "--name",
        "graph.png",
        "--output",
        "copy.png",
    ]);
    assert_eq!(fs::read(env.path().join("copy.png")).unwrap(), PNG);
    let hash = event["files"][1]["sha256"].as_str().unwrap();
    assert_eq!(env.run_ok(&["export", "file", &hash[..8]]).as_bytes(), TEXT);
    fs::create_dir(env.path().join("out")).unwrap();
    env.run_ok(&["export", "file", &handle, "--output", "out"]);
    assert_eq!(fs::read(env.path().join("out/log.txt")).unwrap(), TEXT);
    let several = env.run(&["export", "file", &handle]);
    assert_eq!(several.exit_code, 2);
    assert!(
        several.stderr.contains("has several files"),
        "{}",
        several.stderr
    );
    env.run_ok(&["verify"]);
}

#[test]
fn events_without_files_are_stored_as_before() {
    let env = env();
    env.log("nothing attached");
    let journal = env.run_ok(&["export", "jsonl"]);
    assert!(!journal.contains("\"files\"") && !journal.contains("\"urls\""));
}

#[test]
fn same_file_is_kept_once_in_an_incident() {
    let env = env();
    log(&env, &["--attach", "graph.png"], "one");
    fs::write(env.path().join("again.png"), PNG).unwrap();
    let second = log(&env, &["--attach", "again.png"], "two");
    assert_eq!(file_entries(&env), 1);
    assert_eq!(event(&env, &second)["files"][0]["name"], "again.png");
    let third = env.run(&["amend", &second, "--attach", "graph.png", "--link", LINK]);
    assert!(
        third.stderr.contains("is attached already, as again.png"),
        "{}",
        third.stderr
    );
    assert_eq!(event(&env, &second)["files"].as_array().unwrap().len(), 1);
}

#[test]
fn amend_attaches_and_takes_off_and_other_amendments_keep_them() {
    let env = env();
    let handle = log(&env, &[], "errors");
    env.run_ok(&[
        "amend",
        &handle,
        "--attach",
        "graph.png",
        "--attach",
        "log.txt",
        "--link",
        LINK,
    ]);
    env.run_ok(&["amend", &handle, "10:05 other text"]);
    let after = event(&env, &handle);
    assert_eq!(after["text"], "other text");
    assert_eq!(after["files"].as_array().unwrap().len(), 2);
    assert_eq!(after["urls"][0], LINK);
    let hash = after["files"][0]["sha256"].as_str().unwrap().to_owned();
    env.run_ok(&["amend", &handle, "--detach", "log.txt", "--unlink", LINK]);
    env.run_ok(&["amend", &handle, "--detach", &hash[..10]]);
    let after = event(&env, &handle);
    assert!(
        after.get("files").is_none() && after.get("urls").is_none(),
        "{after}"
    );
    let unknown = env.run(&["amend", &handle, "--detach", "log.txt"]);
    assert_eq!(unknown.exit_code, 2);
    assert!(
        unknown.stderr.contains("it has no files at all"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn undo_and_redo_are_about_the_event_and_other_events_keep_the_file() {
    let env = env();
    let first = log(&env, &["--attach", "graph.png"], "one");
    let second = log(&env, &["--attach", "graph.png"], "two");
    env.run_ok(&["undo", "--yes"]);
    assert!(!env.run_ok(&["show"]).contains(&second));
    env.run_ok(&["undo", "--yes"]);
    assert!(!env.run_ok(&["show"]).contains(&first));
    env.run_ok(&["redo"]);
    env.run_ok(&["export", "file", &first, "--output", "back.png"]);
    assert_eq!(fs::read(env.path().join("back.png")).unwrap(), PNG);
    env.run_ok(&["undo", "--yes"]);
    let declared = env.run(&["undo", "--yes"]);
    assert_ne!(
        declared.exit_code, 0,
        "undone events stay in it: {}",
        declared.stdout
    );
}

#[test]
fn move_adopt_and_merge_take_the_files_along() {
    let env = env();
    let handle = log(&env, &["--attach", "graph.png"], "misfiled");
    env.run_ok(&["resolve", "done"]);
    let unfiled = log(
        &env,
        &["--attach", "log.txt"],
        "before anything was declared",
    );
    env.run_ok(&["declare", "second", "--adopt", &unfiled]);
    env.run_ok(&["move", &handle, "2"]);
    for (handle, bytes) in [(&handle, PNG), (&unfiled, TEXT)] {
        env.run_ok(&["export", "file", handle, "--output", "out.bin", "--force"]);
        assert_eq!(fs::read(env.path().join("out.bin")).unwrap(), bytes);
    }
    env.run_ok(&["merge", "2", "--into", "1"]);
    env.run_ok(&["export", "file", &unfiled, "--output", "out.bin", "--force"]);
    assert_eq!(fs::read(env.path().join("out.bin")).unwrap(), TEXT);
    let page = env.run_ok(&["postmortem", "1", "--format", "html"]);
    assert!(page.contains("src=\"data:image/png;base64,") && page.contains("first line"));
    env.run_ok(&["verify"]);
}

#[test]
fn journal_and_backup_carry_files() {
    let env = env();
    let handle = log(&env, &["--attach", "graph.png", "--link", LINK], "errors");
    env.run_ok(&["export", "jsonl", "--output", "journal.jsonl"]);
    env.run_ok(&["backup", "copy.db"]);
    for db in ["other.db", "copy.db"] {
        if db == "other.db" {
            env.run_ok(&["--db", db, "import", "jsonl", "journal.jsonl"]);
        }
        env.run_ok(&[
            "--db", db, "export", "file", &handle, "--output", "out.png", "--force",
        ]);
        assert_eq!(fs::read(env.path().join("out.png")).unwrap(), PNG);
        env.run_ok(&["--db", db, "verify"]);
        assert!(env.run_ok(&["--db", db, "show"]).contains(LINK));
    }
    let again = env.run_ok(&["--db", "other.db", "export", "jsonl"]);
    assert_eq!(
        again,
        fs::read_to_string(env.path().join("journal.jsonl")).unwrap()
    );
}

#[test]
fn same_file_of_two_machines_is_no_conflict() {
    let env = env();
    env.run_ok(&["export", "jsonl", "--output", "journal.jsonl"]);
    env.run_ok(&["--db", "other.db", "import", "jsonl", "journal.jsonl"]);
    let args = ["log", "--attach", "graph.png", "seen here"];
    env.run_ok(&args);
    env.run_ok(&[&["--db", "other.db", "--incident", "1"][..], &args].concat());
    env.run_ok(&[
        "--db",
        "other.db",
        "export",
        "jsonl",
        "--output",
        "theirs.jsonl",
    ]);
    env.run_ok(&["import", "jsonl", "theirs.jsonl"]);
    let page = env.run_ok(&["postmortem", "--format", "html"]);
    assert_eq!(page.matches("src=\"data:image/png").count(), 1);
    let text = env.run_ok(&["postmortem"]);
    assert!(!text.contains("conflict"), "{text}");
    env.run_ok(&["verify"]);
}

#[test]
fn what_cannot_be_attached_is_named_and_nothing_is_logged() {
    let env = env();
    env.write_config("attach-mib = 1\n");
    fs::write(env.path().join("empty"), b"").unwrap();
    fs::write(env.path().join("big"), vec![b'x'; (1 << 20) + 1]).unwrap();
    for (args, message) in [
        (["--attach", "missing"], "missing cannot be read"),
        (["--attach", "."], ". is a folder"),
        (["--attach", "/dev/zero"], "/dev/zero is a device or a pipe"),
        (["--attach", "empty"], "empty is empty"),
        (["--attach", "big"], "big is larger than 1 MiB"),
        (["--link", "javascript:alert(1)"], "is no link"),
        (["--link", "https://"], "names no host"),
    ] {
        let result = env.run(&["log", args[0], args[1], "lost?"]);
        assert_ne!(result.exit_code, 0, "{args:?}");
        assert!(
            result.stderr.contains(message),
            "{args:?}: {}",
            result.stderr
        );
        assert!(
            result.stderr.contains("hint:"),
            "{args:?}: {}",
            result.stderr
        );
    }
    let big = env.run(&["log", "--attach", "big", "x"]);
    assert!(big.stderr.contains("attach-mib"), "{}", big.stderr);
    assert!(!env.run_ok(&["show"]).contains("lost?"));
    assert_eq!(file_entries(&env), 0);
    for line in [
        &["log", "--attach", "log.txt"][..],
        &["log", "--link", LINK, "-"],
    ] {
        assert_eq!(env.run(line).exit_code, 2, "{line:?}");
    }
    env.write_config("attach-mib = 0\n");
    assert!(env.run(&["show"]).stderr.contains("from 1 to 40"));
}

#[test]
fn secret_in_a_link_is_kept_and_warned_about() {
    let env = env();
    let secret = "https://x.example/a?token=abcdef";
    let result = env.run(&["log", "--link", secret, "errors"]);
    assert_eq!(result.exit_code, 0);
    assert!(
        result.stderr.contains("looks like a password or a token"),
        "{}",
        result.stderr
    );
    assert!(env.run_ok(&["show"]).contains(secret));
}

#[test]
fn search_finds_names_and_addresses() {
    let env = env();
    let handle = log(&env, &["--attach", "graph.png", "--link", LINK], "errors");
    for word in ["graph", "grafana"] {
        assert!(env.run_ok(&["search", word]).contains(&handle), "{word}");
    }
}

#[test]
fn markdown_links_to_files_beside_it_and_an_update_writes_new_ones() {
    let env = env();
    log(&env, &["--attach", "graph.png", "--link", LINK], "errors");
    let alone = env.run_ok(&["postmortem"]);
    assert!(
        alone.contains("### Attachments and links") && alone.contains(LINK),
        "{alone}"
    );
    assert!(
        !alone.contains("_files/"),
        "nothing lies beside standard output"
    );
    let said = env.run_ok(&["postmortem", "--output", "outage.md"]);
    assert!(
        said.contains("wrote 1 attached file to outage_files"),
        "{said}"
    );
    let text = fs::read_to_string(env.path().join("outage.md")).unwrap();
    assert!(text.contains("](outage_files/graph.png)"), "{text}");
    assert_eq!(
        fs::read(env.path().join("outage_files/graph.png")).unwrap(),
        PNG
    );
    env.run_ok(&["postmortem", "--check", "outage.md"]);

    fs::write(env.path().join("outage_files/own.txt"), "mine").unwrap();
    fs::create_dir(env.path().join("other")).unwrap();
    fs::write(env.path().join("other/graph.png"), TEXT).unwrap();
    log(
        &env,
        &["--attach", "other/graph.png"],
        "another of that name",
    );
    env.run_ok(&["postmortem", "--update", "outage.md"]);
    let text = fs::read_to_string(env.path().join("outage.md")).unwrap();
    assert!(text.contains("](outage_files/graph-2.png)"), "{text}");
    assert_eq!(
        fs::read(env.path().join("outage_files/graph-2.png")).unwrap(),
        TEXT
    );
    assert_eq!(
        fs::read(env.path().join("outage_files/own.txt")).unwrap(),
        b"mine"
    );
}

#[test]
fn another_file_in_the_folder_is_not_replaced() {
    let env = env();
    log(&env, &["--attach", "graph.png"], "errors");
    fs::create_dir(env.path().join("outage_files")).unwrap();
    fs::write(env.path().join("outage_files/graph.png"), "mine").unwrap();
    let refused = env.run(&["postmortem", "--output", "outage.md"]);
    assert_ne!(refused.exit_code, 0);
    assert_eq!(
        fs::read(env.path().join("outage_files/graph.png")).unwrap(),
        b"mine"
    );
    assert!(!env.path().join("outage.md").exists());
}

#[test]
fn page_shows_images_and_texts_and_runs_nothing() {
    let env = env();
    fs::write(env.path().join("x.svg"), "<svg onload=\"alert(1)\"/>").unwrap();
    let long: String = (0..500).map(|i| format!("line {i}\n")).collect();
    fs::write(env.path().join("long.txt"), long).unwrap();
    fs::write(env.path().join("data.bin"), b"\0\x01\x02").unwrap();
    log(
        &env,
        &[
            "--attach",
            "graph.png",
            "--attach",
            "log.txt",
            "--attach",
            "x.svg",
            "--attach",
            "long.txt",
            "--attach",
            "data.bin",
        ],
        "errors <b>",
    );
    let page = env.run_ok(&["postmortem", "--format", "html"]);
    assert!(
        page.contains(
            "alt=\"graph.png: errors &lt;b&gt;\" src=\"data:image/png;base64,iVBORw0KGgo"
        )
    );
    assert!(page.contains("img-src data:;"));
    assert!(page.contains("<pre>first line\n&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("<pre>&lt;svg onload=&quot;alert(1)&quot;/&gt;</pre>"));
    assert!(page.contains("line 199\n") && !page.contains("line 200\n"));
    assert!(page.contains("300 more lines not shown here."));
    assert!(page.contains("data.bin (3 bytes, application/octet-stream"));
    assert!(!page.contains("<svg onload") && !page.contains("image/svg"));
}

#[test]
fn page_without_files_allows_no_images() {
    let env = env();
    env.log("errors");
    let page = env.run_ok(&["postmortem", "--format", "html"]);
    assert!(!page.contains("img-src"));
}

#[test]
fn images_beyond_the_limit_of_a_page_are_named_as_left_out() {
    let env = env();
    let mut args = vec![];
    for name in ["a.png", "b.png", "c.png"] {
        let mut bytes = PNG.to_vec();
        bytes.extend(name.bytes());
        bytes.resize(4 << 20, 7);
        fs::write(env.path().join(name), bytes).unwrap();
        args.extend(["--attach", name]);
    }
    log(&env, &args, "three large pictures");
    let page = env.run_ok(&["postmortem", "--format", "html"]);
    assert_eq!(page.matches("src=\"data:image/png").count(), 2);
    assert!(page.contains("Not shown here: with it the page would have more than 10.0 MiB."));
}

#[test]
fn customers_get_nothing_of_files_and_links() {
    let env = env();
    log(
        &env,
        &[
            "--attach",
            "log.txt",
            "--link",
            LINK,
            "--customer",
            "Some pages were slow.",
        ],
        "fault: errors !degraded",
    );
    for stage in ["initial", "update", "resolved", "followup"] {
        let email = env.run_ok(&["email", "--stage", stage]);
        for secret in ["log.txt", "first line", "grafana"] {
            assert!(!email.contains(secret), "{stage}: {email}");
        }
    }
}

#[test]
fn redaction_destroys_files_that_no_other_event_has() {
    let env = env();
    let secret = log(&env, &["--attach", "log.txt", "--link", LINK], "a secret");
    let shared = log(&env, &["--attach", "graph.png"], "shared");
    let other = log(&env, &["--attach", "graph.png"], "other");
    env.run_ok(&["redact", &secret, "--reason", "a password"]);
    let kept = env.run(&["redact", &shared, "--reason", "a name"]);
    assert!(
        kept.stderr.contains(&format!("stays: {other} has it too")),
        "{}",
        kept.stderr
    );

    let journal = env.run_ok(&["export", "jsonl"]);
    let encoded = "Zmlyc3QgbGluZQ";
    assert!(!journal.contains(encoded) && !journal.contains("log.txt") && !journal.contains(LINK));
    let gone = env.run(&["export", "file", &secret]);
    assert!(gone.stderr.contains("was redacted"), "{}", gone.stderr);
    env.run_ok(&["export", "file", &other, "--output", "still.png"]);
    let event_json = event(&env, &secret);
    assert_eq!(event_json["files"][0]["redacted"], true);
    assert_eq!(event_json["files"][0]["name"], serde_json::Value::Null);
    env.run_ok(&["verify"]);
    let page = env.run_ok(&["postmortem", "--format", "html"]);
    assert!(page.contains("The content was redacted."), "{page}");

    let hash = event(&env, &other)["files"][0]["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    env.run_ok(&["redact", &format!("file/{hash}"), "--reason", "a face"]);
    assert_eq!(event(&env, &other)["files"][0]["redacted"], true);
    assert!(env.run_ok(&["show"]).contains("graph.png (69 bytes) "));
    assert!(env.run_ok(&["show"]).contains("content redacted"));
    let again = env.run(&["log", "--attach", "graph.png", "once more"]);
    assert!(
        again.stderr.contains("was redacted here"),
        "{}",
        again.stderr
    );
    env.run_ok(&["verify"]);
}

#[test]
fn export_without_an_event_leaves_its_files_out() {
    let env = env();
    let handle = log(&env, &["--attach", "log.txt"], "a secret");
    let rest = env.run_ok(&["export", "jsonl", "--without", &handle]);
    assert!(!rest.contains("\"subject\":\"file/"), "{rest}");
}
