//! What is true of every reader: it takes its own files alone, and no input makes it panic or run for ever.

use crate::*;
use proptest::{prelude::*, sample::Index};

/// Every fixture with the format of its folder; a folder that is one input is one.
fn all_fixtures() -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for format in FORMATS {
        let folder = fixtures().join(format.name);
        let mut files: Vec<PathBuf> = match fs::read_dir(&folder) {
            Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
            Err(_) => continue,
        };
        files.sort();
        found.extend(files.into_iter().map(|path| (format.name.to_owned(), path)));
    }
    found
}

/// The formats that are told by their own keys; the general ones (JSON Lines, tables, chats) take what is left.
const SPECIFIC: [&str; 11] = [
    "grafana-oncall",
    "slack",
    "pagerduty",
    "opsgenie",
    "grafana",
    "alertmanager",
    "statuspage",
    "jira",
    "teams",
    "github",
    "gitlab",
];

#[test]
fn every_fixture_is_detected_as_what_it_is() {
    let found = all_fixtures();
    assert!(found.len() > 30, "{}", found.len());
    for (format, path) in found {
        let sample = Sample::of(&mut Files::open(&path).unwrap()).unwrap();
        let detected: Vec<&str> = FORMATS
            .iter()
            .filter(|format| (format.detect)(&sample))
            .map(|format| format.name)
            .collect();
        assert_eq!(
            detected.first(),
            Some(&format.as_str()),
            "{}",
            path.display()
        );
        let specific = detected.iter().filter(|name| SPECIFIC.contains(name));
        assert!(specific.count() <= 1, "{}: {detected:?}", path.display());
    }
}

#[test]
fn start_of_a_long_file_is_detected_as_what_it_is() {
    for (format, path) in all_fixtures() {
        let text = match fs::read_to_string(&path) {
            Ok(text) if text.len() > 600 => text,
            _ => continue,
        };
        // The first item is longer than the sample.
        let end = (0..=text.len() * 2 / 3)
            .rev()
            .find(|end| text.is_char_boundary(*end));
        let sample = Sample {
            names: vec![],
            start: text[..end.unwrap()].to_owned(),
        };
        let detected = detect_format(&sample).map(|format| format.name);
        assert_eq!(detected, Some(format.as_str()), "{}", path.display());
    }
}

/// Formats that are read by the names of their fields.
const FIELD_TABLES: [&str; 6] = [
    "csv",
    "jsonl",
    "incident-io",
    "rootly",
    "firehydrant",
    "grafana-incident",
];

#[test]
fn input_of_another_format_gives_errors_and_no_rows_of_nonsense() {
    let others = all_fixtures();
    for (format, path) in &others {
        for reader in FORMATS {
            // A table of fields reads any object that has them.
            if FIELD_TABLES.contains(&reader.name)
                || reader.name == format
                || [reader.name, format]
                    .iter()
                    .all(|name| ["grafana", "alertmanager"].contains(name))
            {
                continue;
            }
            let Ok(source) = open_path(reader.name, path, &ReadOptions::default()) else {
                continue;
            };
            for row in source.rows.flatten() {
                assert!(
                    !row.id.is_empty() && !row.text.is_empty(),
                    "{} by {}",
                    path.display(),
                    reader.name
                );
            }
        }
    }
}

/// Every page of an API says whether another follows; what is missing is said once, and not if the last is there.
#[test]
fn pages_that_are_missing_are_said() {
    let pages = [
        ("pagerduty", r#"{"log_entries":[],"more":"#, "true", "false"),
        (
            "teams",
            r#"{"value":[],"@odata.nextLink":"#,
            "\"https://graph.example/x\"",
            "null",
        ),
        (
            "slack",
            r#"{"ok":true,"messages":[],"has_more":"#,
            "true",
            "false",
        ),
        (
            "opsgenie",
            r#"{"data":[],"paging":"#,
            r#"{"next":"x"}"#,
            r#"{"next":""}"#,
        ),
        (
            "incident-io",
            r#"{"incident_updates":[],"pagination_meta":"#,
            r#"{"after":"01"}"#,
            r#"{"after":null}"#,
        ),
        ("jira", r#"{"values":[],"isLast":"#, "false", "true"),
        ("jsonl", r#"{"events":[],"next":"#, "\"/x\"", "null"),
    ];
    for (format, start, more, last) in pages {
        let (more, last) = (format!("{start}{more}}}"), format!("{start}{last}}}"));
        let said = |text: &str| {
            let notices = notices_of_text(format, text);
            let is_about_pages = |notice: &&String| notice.contains("another");
            notices.iter().filter(is_about_pages).count()
        };
        assert_eq!(said(&more), 1, "{format}");
        assert_eq!(said(&last), 0, "{format}");
        assert_eq!(said(&format!("{more}\n{last}")), 0, "{format}");
    }
}

#[test]
fn empty_and_other_inputs_give_no_panic() {
    for format in FORMATS {
        for text in [
            "",
            " ",
            "\u{feff}",
            "null",
            "[]",
            "{}",
            "[[]]",
            "[{}]",
            "7",
            "\"x\"",
            "hello",
            "{\"data\":[]}",
            "\u{0}",
        ] {
            for row in read_text(format.name, text) {
                assert!(row.is_err(), "{} of {text:?}", format.name);
            }
        }
    }
}

/// Values that are put in the place of others.
const VALUES: [&str; 14] = [
    "null",
    "[]",
    "{}",
    "-1",
    "0",
    "1e999",
    "1e308",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"\"",
    "true",
    "[null]",
    "99999999999999999999",
    "{\"type\":\"x\",\"id\":{}}",
];

/// Where a JSON value begins in the text: after a `:`, a `,` or a `[`.
fn value_starts(text: &str) -> Vec<usize> {
    let after = text.match_indices([':', ',', '[']).map(|(at, _)| at + 1);
    after.collect()
}

/// The end of the value that begins at `start`, about.
fn value_end(text: &str, start: usize) -> usize {
    let mut values =
        serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde_json::Value>();
    match values.next() {
        Some(Ok(_)) => start + values.byte_offset(),
        _ => start,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn damaged_bytes_never_panic(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), any::<u8>(), 0_u8..4), 1..6),
    ) {
        let all: Vec<_> = all_fixtures().into_iter().filter(|(_, path)| path.is_file()).collect();
        let (format, path) = &all[which.index(all.len())];
        let mut bytes = fs::read(path).unwrap();
        for (at, byte, change) in changes {
            let at = at.index(bytes.len());
            match change {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at.max(1)),
                2 => bytes.insert(at, byte),
                _ => {
                    let end = (at + usize::from(byte)).min(bytes.len());
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
        }
        read_all(format, bytes);
    }

    #[test]
    fn values_of_other_types_never_panic(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), 0..VALUES.len()), 1..4),
    ) {
        let all: Vec<_> = all_fixtures().into_iter().filter(|(_, path)| path.is_file()).collect();
        let (format, path) = &all[which.index(all.len())];
        let mut text = fs::read_to_string(path).unwrap();
        for (at, value) in changes {
            let starts = value_starts(&text);
            let start = starts[at.index(starts.len())];
            let end = value_end(&text, start);
            text.replace_range(start..end, VALUES[value]);
        }
        read_all(format, text.into_bytes());
    }
}

/// Detects and reads; a reader gives at most some rows for each item, so that it ends.
fn read_all(format: &str, bytes: Vec<u8>) {
    let start = String::from_utf8_lossy(&bytes).into_owned();
    let sample = Sample {
        names: vec![String::new()],
        start,
    };
    for format in FORMATS {
        (format.detect)(&sample);
    }
    let limit = bytes.len() + 10;
    let files = Files::once(Box::new(Cursor::new(bytes)));
    if let Ok(source) = (find_format(format).unwrap().open)(files, &ReadOptions::default()) {
        let count = source.rows.take(limit).map(|row| match row {
            Ok(row) => line(&row).len(),
            Err(error) => error.to_string().len(),
        });
        assert!(count.count() < limit);
    }
}
