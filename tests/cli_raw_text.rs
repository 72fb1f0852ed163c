//! Nothing that was stored or typed reaches the terminal raw: control characters, escape sequences and
//! characters that turn the reading direction are shown as escapes, in text and in JSON.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::TestEnv;
use std::process::Command;

/// Each kind of unsafe character: a colour, a window title, a C1 control, a bidi override, an isolate,
/// a zero-width space, a byte order mark, a carriage return, a backspace and a bell.
const RAW: &str = "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7} \u{9b}m \u{202e}rtl \u{2066}iso \
                   \u{200b}\u{feff}zero \rover \u{8}\u{8}back";

/// The sequences that the program itself writes to a terminal.
const STYLES: [&str; 7] = [
    "\u{1b}[0m",
    "\u{1b}[1m",
    "\u{1b}[2m",
    "\u{1b}[31m",
    "\u{1b}[32m",
    "\u{1b}[33m",
    "\u{1b}[36m",
];

/// Writes `text` into the database as another machine would: the entries of `env` with each `MARK` in a
/// body replaced, and in the headers where names stand.
fn import_with_raw_text(env: &TestEnv, raw: &str) -> TestEnv {
    use sha2::{Digest, Sha256};
    let hash = |text: &str| -> String {
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let raw = serde_json::to_string(raw).unwrap();
    let raw = raw.trim_matches('"');
    let mut heads = std::collections::HashMap::new();
    let mut lines = String::new();
    for line in env.run_ok(&["export", "jsonl"]).lines() {
        let (header, body) = match line.split_once(",\"body\":{\"salt\"") {
            Some((header, body)) => {
                let body = body.strip_suffix('}').unwrap().replace("MARK", raw);
                (header, Some(format!("{{\"salt\"{body}")))
            }
            None => (line.strip_suffix(",\"body\":null}").unwrap(), None),
        };
        let header = header.strip_prefix("{\"header\":").unwrap();
        // Names that no command takes; another version may write them.
        let header = header
            .replace("field/comms-lead", "field/comms-lead MARK")
            .replace("section/lucky", "section/lucky MARK");
        let mut header: serde_json::Value =
            serde_json::from_str(&header.replace("MARK", raw)).unwrap();
        if let Some(body) = &body {
            header["body"] = hash(body).into();
        }
        let body = body.unwrap_or("null".to_owned());
        let chain = (header["origin"].to_string(), header["incident"].to_string());
        header["prev"] = heads.get(&chain).cloned().into();
        // The order of the fields does not matter: the bytes are the entry.
        let header = header.to_string();
        heads.insert(chain, hash(&header));
        lines += &format!("{{\"header\":{header},\"body\":{body}}}\n");
    }
    let env = TestEnv::new();
    std::fs::write(env.path().join("raw.jsonl"), lines).unwrap();
    env.run_ok(&["import", "jsonl", "raw.jsonl"]);
    env
}

/// A database with the mark in every place that takes text, without what capture would refuse.
fn env_with_marks() -> TestEnv {
    let mut env = TestEnv::new();
    env.set_now("2012-08-16T14:20:00Z");
    std::fs::write(env.path().join("prose"), "prose MARK").unwrap();
    let declare = [
        "declare",
        "title MARK",
        "--service",
        "db",
        "--severity",
        "sev2",
    ];
    env.run_ok(&[&declare[..], &["--commander", "MARK"]].concat());
    let event = env.log("10:00 fault: text MARK @db !down why: x MARK tell: Wording MARK.");
    env.run_ok(&[
        "log",
        "--service",
        "MARK",
        "--state",
        "degraded",
        "named MARK",
    ]);
    env.run_ok(&["log", "--tag", "MARK", "--kind", "finding", "tagged MARK"]);
    env.run_ok(["log", "--by", "MARK", "someone said MARK"].as_slice());
    env.run_ok(&["log", "comms/MARK: to some"]);
    env.run_ok(&["log", "ask: check MARK @MARK 5m"]);
    env.run_ok(&["amend", &event, "text MARK again"]);
    let gone = env.log("gone MARK");
    env.run_ok(&["retract", &gone, "--reason", "reason MARK"]);
    let secret = env.log("secret");
    env.run_ok(&["redact", &secret, "--yes", "--reason", "why MARK"]);
    for field in [
        "scope",
        "impact",
        "scribe",
        "product",
        "data-loss",
        "unaffected",
        "comms-lead",
    ] {
        env.run_ok(&["set", field, "field MARK"]);
    }
    for section in ["summary", "lucky", "customer-followup"] {
        env.run_ok(&["write", section, "--from", "prose"]);
    }
    env.run_ok(&["service", "db", "--public", "public MARK"]);
    env.run_ok(&["service", "cacheMARK", "--public", "public cache"]);
    let task = [
        "task",
        "add",
        "task MARK",
        "--owner",
        "MARK",
        "--ticket",
        "MARK",
    ];
    env.run_ok(&[&task[..], &["--customer", "Task MARK."]].concat());
    let declined = env.run_json(&["task", "add", "declined MARK", "--json"]);
    let declined = declined["handle"].as_str().unwrap().to_owned();
    env.run_ok(&["task", "decline", &declined, "--reason", "declined MARK"]);
    env.run_ok(&["email", "--save", "--stage", "initial"]);
    let sent = ["email", "--sent", "m1", "--via", "email"];
    env.run_ok(&[&sent[..], &["--to-group", "group MARK"]].concat());
    env
}

/// Asserts that nothing in `shown` could do anything in a terminal.
#[track_caller]
fn assert_nothing_raw(args: &[&str], shown: &str) {
    let mut rest = shown.to_owned();
    for style in STYLES {
        rest = rest.replace(style, "");
    }
    let raw: Vec<char> = rest
        .chars()
        .filter(|c| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        })
        .collect();
    assert!(raw.is_empty(), "{args:?} shows {raw:?} raw:\n{rest:?}");
    assert!(
        !shown.contains("\u{1b}[31mred"),
        "{args:?} is coloured:\n{rest:?}"
    );
}

/// Runs the program as on a terminal with colours, and checks both its outputs.
fn check(env: &TestEnv, args: &[&str]) -> String {
    let mut command: Command = env.command(args);
    let output = command.env("CLICOLOR_FORCE", "1").output().unwrap();
    for text in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(text.clone()).unwrap();
        assert!(!text.contains("panicked"), "{args:?}: {text}");
        assert_nothing_raw(args, &text);
    }
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn no_view_shows_stored_text_raw() {
    let env = import_with_raw_text(&env_with_marks(), RAW);
    let mut shown = String::new();
    for json in [false, true] {
        for args in [
            &["show", "1"][..],
            &["show", "1", "--all"],
            &["list"],
            &["search", "MARK"],
            &["search", "text"],
            &["search", "--all", "text"],
            &["search", "field"],
            &["search", "public"],
            &["search", "--all", "prose"],
            &["search", "--all", "cache"],
            &["search", "title"],
            &["status", "1"],
            &["status", "1", "--brief"],
            &["brief", "1"],
            &["metrics", "1"],
            &["ledger"],
            &["stats"],
            &["lint", "1"],
            &["task", "list"],
            &["email", "1", "--list"],
            &["history", "field/scope"],
            &["verify"],
        ] {
            let args = [args, if json { &["--json"] } else { &[] }].concat();
            shown += &check(&env, &args);
        }
    }
    for args in [
        &["postmortem", "1"][..],
        &["postmortem", "1", "--format", "json"],
        &["postmortem", "1", "--format", "html"],
        &["email", "1"],
        &["email", "1", "--explain"],
        &["email", "1", "--stage", "followup"],
        &["email", "1", "--stage", "followup", "--format", "md"],
        &["email", "1", "--show", "m1"],
        &["show", "1", "--newest", "3"],
        &["undo"],
        &["config", "list"],
    ] {
        shown += &check(&env, args);
    }
    for subject in ["field/comms-lead", "section/lucky", "service/cache"] {
        let separator = if subject.starts_with("service") {
            ""
        } else {
            " "
        };
        let subject = format!("{subject}{separator}{RAW}");
        shown += &check(&env, &["history", &subject]);
        shown += &check(&env, &["history", &subject, "--json"]);
        check(&env, &["redact", &subject, "--reason", "no"]);
    }
    for named in ["field/comms-lead ", "section/lucky ", "service/cache"] {
        let named = format!("{named}\\u{{1b}}[31mred");
        assert!(shown.contains(&named), "{named} is not shown");
    }
    let all = env.run_json(&["show", "1", "--json"]);
    for event in all["events"].as_array().unwrap() {
        let handle = event["handle"].as_str().unwrap();
        shown += &check(&env, &["history", handle]);
        shown += &check(&env, &["history", handle, "--json"]);
    }
    // What was stored is shown, as escapes.
    assert!(shown.contains("\\u{202e}rtl") && shown.contains("\\u202ertl"));
    // The words of the program that change something echo it as well.
    for event in all["events"].as_array().unwrap() {
        let handle = event["handle"].as_str().unwrap();
        check(&env, &["amend", handle, "12:00"]);
        check(&env, &["retract", handle, "--reason", "no"]);
        check(&env, &["redact", handle, "--reason", "no", "--yes"]);
    }
}

#[test]
fn no_error_or_note_shows_typed_text_raw() {
    let env = TestEnv::new();
    env.run_ok(&["declare", "one"]);
    let long_raw = format!("--{RAW}");
    for args in [
        &["search", RAW][..],
        &["search", "--json", RAW],
        &["search", "--limit", RAW, "x"],
        &["show", RAW],
        &["history", RAW],
        &["amend", RAW, "x"],
        &["redact", RAW, "--reason", "x"],
        &["redact", "author/\u{1b}[31mred", "--reason", "x"],
        &["set", RAW, "x"],
        &["set", "zone", RAW],
        &["set", "severity", RAW],
        &["write", RAW, "--from", "x"],
        &["write", "summary", "--from", RAW],
        &["log", "--at", RAW, "x"],
        &["log", "--kind", RAW, "x"],
        &["log", "--state", RAW, "x"],
        &["log", "--service", RAW, "x"],
        &["log", RAW],
        &["log", "^\u{1b}[31mred x"],
        &["task", "add", RAW, "--due", RAW],
        &["task", "done", RAW],
        &["service", RAW, "--public", "x"],
        &["handoff", RAW],
        &["email", "--stage", RAW],
        &["email", "--show", RAW],
        &["email", "--approve", RAW, "m1"],
        &["export", "jsonl", "--without", RAW],
        &["export", "jsonl", "--output", "/nowhere/\u{1b}[31mred"],
        &["import", "jsonl", RAW],
        &["templates", "show", RAW],
        &["backup", "/nowhere/\u{1b}[31mred"],
        &["config", "get", RAW],
        &["show", "--db", "/nowhere/\u{1b}[31mred"],
        &["show", "--incident", RAW],
        &["declare", "x", "--zone", RAW],
        &["merge", RAW, "--into", RAW],
        &["move", RAW, "1"],
        &["status", "--since", RAW],
        &["ledger", "--since", RAW],
        &["stats", "--since", RAW],
        &["show", &long_raw],
        &[RAW],
        &["log", "--by", RAW, "x"],
    ] {
        check(&env, args);
    }
}

/// What a text has, and what documents show of it. Isolates pair with what is before them.
const SHOWN_IN_DOCUMENTS: [(&str, &str); 24] = [
    // Nothing begins it.
    ("\u{2069}", "\u{fffd}"),
    // What scripts and emoji need is there.
    ("ی\u{200c}خ", "ی\u{200c}خ"),
    ("क्\u{200d}ष", "क्\u{200d}ष"),
    ("\u{200e}", "\u{200e}"),
    ("\u{200f}", "\u{200f}"),
    ("❤\u{fe0f}", "❤\u{fe0f}"),
    ("葛\u{e0100}", "葛\u{e0100}"),
    ("葛\u{e01ef}", "葛\u{e01ef}"),
    (
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}",
    ),
    ("\u{2068}ש\u{2069}", "\u{2068}ש\u{2069}"),
    (
        "\u{2066}\u{2067}x\u{2069}\u{2069}",
        "\u{2066}\u{2067}x\u{2069}\u{2069}",
    ),
    // What hides or reorders text is not.
    ("\u{202a}", "\u{fffd}"),
    ("\u{202e}", "\u{fffd}"),
    ("\u{202c}", "\u{fffd}"),
    ("\u{200b}", "\u{fffd}"),
    ("\u{ad}", "\u{fffd}"),
    ("\u{2060}", "\u{fffd}"),
    ("\u{feff}", "\u{fffd}"),
    ("\u{2028}", "\u{fffd}"),
    ("\u{e0041}", "\u{fffd}"),
    ("\u{7}", "\u{fffd}"),
    ("\u{9b}", "\u{fffd}"),
    ("\u{10fffd}", "\u{fffd}"),
    // Nothing ends it.
    ("\u{2067}", "\u{fffd}"),
];

/// The text of each part of a mail, decoded.
fn mail_parts(draft: &str) -> Vec<String> {
    let mail = mail_parser::MessageParser::default()
        .parse(draft.as_bytes())
        .unwrap();
    let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
    vec![
        mail.subject().unwrap().to_owned(),
        text.into_owned(),
        html.into_owned(),
    ]
}

#[test]
fn every_document_shows_what_scripts_need_and_replaces_what_hides_text() {
    let joined = |pick: fn(&(&'static str, &'static str)) -> &'static str| -> String {
        SHOWN_IN_DOCUMENTS
            .iter()
            .map(|case| format!("a{}b", pick(case)))
            .collect()
    };
    let (raw, shown) = (joined(|case| case.0), joined(|case| case.1));
    let env = import_with_raw_text(&env_with_marks(), &raw);
    env.write_config("contact = \"help@acme.example\"\n");
    let run = |args: &[&str]| env.run_ok(args);
    run(&["postmortem", "1", "--output", "p.md"]);
    run(&["postmortem", "1", "--format", "html", "--output", "p.html"]);
    let file = |name: &str| std::fs::read_to_string(env.path().join(name)).unwrap();
    // With text, or only with names that may be shortened.
    let mut documents = vec![
        ("p.md", true, file("p.md")),
        ("p.svg", false, file("p.svg")),
        ("p.html", true, file("p.html")),
        ("postmortem", true, run(&["postmortem", "1"])),
        ("html", true, run(&["postmortem", "1", "--format", "html"])),
    ];
    for stage in ["initial", "update", "resolved", "followup"] {
        for format in ["txt", "md"] {
            let args = ["email", "1", "--stage", stage, "--format", format];
            documents.push((stage, true, run(&args)));
            run(&[&args[..], &["--output", "letter", "--force"]].concat());
            documents.push((stage, true, file("letter")));
        }
        let parts = mail_parts(&run(&["email", "1", "--stage", stage, "--format", "eml"]));
        for (part, text) in parts.into_iter().enumerate() {
            documents.push((stage, part > 0, text));
        }
    }
    for (name, has_text, text) in &documents {
        assert_eq!(
            text.contains(&shown),
            *has_text || text.contains(&shown),
            "{name}: {text}"
        );
        assert!(!text.contains("\\u{"), "{name} has an escape: {text}");
        for (hidden, replaced) in SHOWN_IN_DOCUMENTS {
            let alone = format!("a{hidden}b");
            assert!(
                hidden == replaced || !text.contains(&alone),
                "{hidden:?} in {name}"
            );
        }
    }
    // JSON has the very text, with escapes of its own.
    let json = run(&["postmortem", "1", "--format", "json"]);
    assert!(json.contains("\\u202e") && !json.contains('\u{202e}') && !json.contains("\\\\u"));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(
        value.to_string().contains(
            &serde_json::to_string(&raw)
                .unwrap()
                .trim_matches('"')
                .to_owned()
        )
    );
    // What another machine wrote can be corrected, as long as it is not typed again.
    let all = env.run_json(&["show", "1", "--json"]);
    let events = all["events"].as_array().unwrap();
    let of_text = |e: &&serde_json::Value| e["text"] == format!("text {raw} again");
    let handle = events.iter().find(of_text).unwrap()["handle"].as_str();
    run(&["amend", handle.unwrap(), "10:01"]);
    env.run(&["amend", handle.unwrap(), "now a\u{202e}b"])
        .assert_error(2, &["U+202E"]);
}
