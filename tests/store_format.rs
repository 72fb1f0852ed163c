//! The example in `docs/JOURNAL.md` is valid: this version writes the same bytes, and `sha256sum` gives
//! the same hashes.
#![allow(clippy::unwrap_used, reason = "this is a test")]

use bridgelog::domain::{
    entry::{ChainHead, Entry},
    event::Event,
    hash::Hash,
    subject::Subject,
    time::parse_utc,
    value::{Body, Change, Operation, Value},
    words::{Kind, State},
};
use chrono::DateTime;
use std::{
    io::Write,
    process::{Command, Stdio},
};
use uuid::Uuid;

/// Builds the entries of the example.
fn example_entries() -> [Entry; 2] {
    let id: Uuid = "0192f3a1-5b00-7c3e-9d41-0a6b2f84c7e5".parse().unwrap();
    let incident: Uuid = "0192f3a0-11d8-7b2a-8c55-4e1f9a03d6b2".parse().unwrap();
    let at = DateTime::parse_from_rfc3339("2012-08-16T10:06:00-04:00").unwrap();
    let mut event = Event::new(
        at,
        Kind::Fault,
        "second fault while degraded, system halted",
    );
    event.zone = "America/New_York".into();
    event.approximate = true;
    event.customer = Some("A hardware fault halted one of our database servers.".into());
    event.services = vec!["online-db".into()];
    event.state = Some(State::Down.into());
    event.tags = vec!["storage".into()];
    let change = |id: Uuid,
                  recorded: &str,
                  replaces: Vec<Uuid>,
                  salt: &str,
                  act: Operation,
                  event: &Event| {
        Change {
            id,
            incident: Some(incident),
            subject: Subject::Event("0192f3a1-5b00-7c3e-9d41-0a6b2f84c7e5".parse().unwrap()),
            replaces,
            recorded: parse_utc(recorded).unwrap(),
            author: "jw".into(),
            salt: salt.into(),
            body: Body::new(act, Value::Event(Box::new(event.clone()))),
        }
    };
    let first = change(
        id,
        "2012-08-16T14:09:12.041733Z",
        vec![],
        "5f0c9e2ab7d41836c2e95a017fb3d864",
        Operation::Log,
        &event,
    );
    let first = Entry::from_change(
        &first,
        ChainHead {
            origin: "6d1f0b52-8a3c-4e97-b1d4-92c07fe35a18".parse().unwrap(),
            seq: 0,
            hash: None,
        },
    )
    .unwrap();
    event.approximate = false;
    let second = change(
        "0192f3a2-c9e4-7f10-a6b3-58d2170e9fc4".parse().unwrap(),
        "2012-08-16T14:11:40.5Z",
        vec![id],
        "e81b6f3d09a2c574d0463b9ef7218ac5",
        Operation::Amend,
        &event,
    );
    let second = Entry::from_change(&second, first.head()).unwrap();
    [first, second]
}

fn journal_doc() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/JOURNAL.md")).unwrap()
}

#[test]
fn journal_doc_examples_match_written_entries() {
    let page = journal_doc();
    let lines: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("{\"header\""))
        .collect();
    let written = example_entries();
    let expected: Vec<String> = written.iter().map(Entry::to_line).collect();
    assert_eq!(lines, expected, "docs/JOURNAL.md should have these lines");
    for (line, entry) in lines.iter().zip(&written) {
        assert_eq!(&Entry::parse(line).unwrap(), entry);
    }
    assert_eq!(written[1].header().prev, Some(written[0].hash()));
}

#[test]
fn journal_doc_hashes_match_their_bytes() {
    let page = journal_doc();
    for entry in example_entries() {
        let (head, body) = entry
            .to_line()
            .split_once(",\"body\":{")
            .map(|(a, b)| (a.to_owned(), format!("{{{}", b.strip_suffix('}').unwrap())))
            .unwrap();
        let header = head.strip_prefix("{\"header\":").unwrap();
        for (bytes, hash) in [(header, entry.hash()), (body.as_str(), entry.header().body)] {
            assert_eq!(Hash::digest(bytes.as_bytes()), hash);
            assert!(
                page.contains(&hash.to_string()),
                "docs/JOURNAL.md should name {hash}"
            );
            if let Some(output) = sha256sum(bytes) {
                assert_eq!(output, hash.to_string());
            }
        }
    }
}

/// Returns the hash that the `sha256sum` program prints; None if it is not installed.
fn sha256sum(bytes: &str) -> Option<String> {
    let mut tool = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    tool.stdin.take()?.write_all(bytes.as_bytes()).ok()?;
    let output = tool.wait_with_output().ok()?.stdout;
    Some(
        String::from_utf8(output)
            .ok()?
            .split_whitespace()
            .next()?
            .to_owned(),
    )
}
