//! The journal of systemd, from `journalctl -o json`: one object a line.

use super::{
    files::Files,
    format::{Format, Notices, ReadOptions, Sample, Source},
    json::text_at,
    json_objects::json_objects,
    row::{Action, Place, Row, RowError, SourceTime, Speaker},
    row_ids::content_id,
    time::parse_epoch,
};
use crate::domain::hash::Hash;
use serde_json::Value;

pub(super) const FORMAT: Format = Format {
    name: "journald",
    about: "the journal of systemd: journalctl -o json",
    detect,
    open,
};

/// When it was sent goes before when it was received.
const TIMES: [&str; 2] = ["_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP"];
const PROGRAMS: [&str; 4] = ["SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "_COMM", "_EXE"];

fn detect(sample: &Sample) -> bool {
    sample
        .first_json()
        .is_some_and(|value| TIMES.iter().any(|time| value.get(time).is_some()))
}

fn open(mut files: Files, _: &ReadOptions) -> Result<Source, RowError> {
    let index = files.only_file(&[".json", ".jsonl", ".log"])?;
    let items = json_objects(files.read(index)?, &[], "entry", &Notices::default())?;
    let rows = items.map(move |item| {
        let (place, value, bytes) = item?;
        row(place, &value, &bytes)
    });
    Ok(Source::new("", Box::new(rows)))
}

fn row(place: Place, value: &Value, bytes: &[u8]) -> Result<Row, RowError> {
    let times = TIMES.iter().filter_map(|name| micros(value, name));
    let mut times = times.peekable();
    let Some(at) = times.peek().copied() else {
        let reason = format!("it has no time: `{}` is missing", TIMES[1]);
        return Err(RowError::row(place, reason));
    };
    let message = value.get("MESSAGE").map_or(Ok(String::new()), message_text);
    let message = message.map_err(|reason| RowError::row(place.clone(), reason))?;
    let program = PROGRAMS.iter().find_map(|name| first_of(value.get(name)?));
    let program = program.unwrap_or_default();
    let host = value
        .get("_HOSTNAME")
        .and_then(first_of)
        .unwrap_or_default();
    let text = match (message.is_empty(), program.is_empty()) {
        (false, false) => format!("{program}: {message}"),
        _ => message,
    };
    let at = SourceTime::Exact(at.fixed_offset());
    let cursor = text_at(value, "__CURSOR");
    let is_id_of_content = cursor.is_none();
    let id = cursor.unwrap_or_else(|| content_id(at, &host, &text));
    Ok(Row {
        recorded: micros(value, TIMES[1]),
        speaker: (!host.is_empty()).then(|| Speaker {
            id: String::new(),
            name: host,
        }),
        action: Action::LogLine,
        is_id_of_content,
        ..Row::message(place, id, at, &text, Hash::digest(bytes))
    })
}

/// Returns the text of a field; the first of several, because a field that was sent twice is a list. `None` if
/// it is empty.
fn first_of(value: &Value) -> Option<String> {
    let first = match value {
        Value::Array(items) if !items.iter().all(Value::is_u64) => items.first()?,
        other => other,
    };
    message_text(first).ok().filter(|text| !text.is_empty())
}

/// Reads microseconds since 1970, which the journal writes as a string.
fn micros(value: &Value, name: &str) -> Option<crate::domain::time::UtcTime> {
    let text = match value.get(name)? {
        // A field that was sent twice is a list.
        Value::Array(items) => items.first()?.as_str()?.to_owned(),
        _ => text_at(value, name)?,
    };
    (text.len() >= 15).then(|| parse_epoch(&text)).flatten()
}

/// Returns the text of a message: a string, its bytes as numbers if it is not plain text, a list of those if
/// it was sent several times, or null if it is too long for the export.
fn message_text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.trim_end().to_owned()),
        Value::Null => {
            Err("its message was too long for the export: journalctl --all shows it".to_owned())
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_u64) => {
            let bytes: Option<Vec<u8>> = items
                .iter()
                .map(|item| item.as_u64().and_then(|byte| u8::try_from(byte).ok()))
                .collect();
            let bytes = bytes.ok_or("its message has numbers that are no bytes")?;
            Ok(without_escapes(&String::from_utf8_lossy(&bytes)))
        }
        Value::Array(items) => {
            let texts: Result<Vec<String>, String> = items.iter().map(message_text).collect();
            Ok(texts?.join("\n"))
        }
        other => Ok(other.to_string()),
    }
}

/// Takes colours of terminals out of a text, and other control characters: they are why it came as bytes.
fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            if chars.next() == Some('[') {
                // The last character of such a sequence is a letter.
                chars.by_ref().find(char::is_ascii_alphabetic);
            }
        } else if !c.is_control() || matches!(c, '\n' | '\t') {
            out.push(c);
        }
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const JOURNAL: &str = include_str!("../../tests/import/journald/journal.json");

    #[test]
    fn messages_of_every_type_are_read_and_the_sender_s_time_goes_first() {
        let found: Vec<String> = FORMAT
            .read_all(JOURNAL.as_bytes())
            .into_iter()
            .map(|row| match row {
                Ok(row) => format!("{:?} {}: {}", row.at, row.speaker.unwrap().name, row.text),
                Err(error) => error.to_string(),
            })
            .collect();
        assert_eq!(
            found,
            [
                "Exact(2026-11-20T10:06:00.000250+00:00) web1: checkout: pool exhausted",
                "Exact(2026-11-20T10:06:01+00:00) web1: checkout: red text",
                "Exact(2026-11-20T10:06:02+00:00) web1: checkout: one\ntwo",
                "line 4: its message was too long for the export: journalctl --all shows it",
                "line 5: it has no time: `__REALTIME_TIMESTAMP` is missing",
            ]
        );
    }

    #[test]
    fn journal_printed_for_people_has_the_same_fields_over_several_lines() {
        let text = include_bytes!("../../tests/import/journald/pretty.json");
        let rows: Vec<Row> = FORMAT
            .read_all(text)
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
        assert_eq!(
            texts,
            ["checkout: pool \u{fffd} full", "kernel: oom\nkilled"]
        );
    }

    #[test]
    fn cursor_is_the_id_and_equal_lines_without_one_are_counted() {
        let first = FORMAT.read_all(JOURNAL.as_bytes()).remove(0).unwrap();
        assert_eq!(first.id, "s=ab;i=1");
        assert_eq!(
            first.recorded.map(|at| at.timestamp_micros()),
            Some(1_795_169_160_000_400)
        );
        let line = r#"{"__REALTIME_TIMESTAMP":"1795169160000000","MESSAGE":"x"}"#;
        let rows = FORMAT.read_all(format!("{line}\n{line}").as_bytes());
        let rows: Vec<Row> = rows.into_iter().map(Result::unwrap).collect();
        assert!(rows[0].is_id_of_content && !first.is_id_of_content);
        let ids: Vec<&String> = rows.iter().map(|row| &row.id).collect();
        assert_eq!(ids[1], ids[0]);
    }

    proptest! {
        #[test]
        fn damaged_journals_are_read(cut in 0..800_usize, insert in prop::collection::vec(any::<u8>(), 0..8)) {
            let bytes = JOURNAL.as_bytes();
            let at = cut % bytes.len();
            for input in [[&bytes[..at], &insert, &bytes[at..]].concat(), bytes[..at].to_vec()] {
                let lines = input.split(|byte| *byte == b'\n').count();
                prop_assert!(FORMAT.read_all(&input).iter().filter(|row| row.is_ok()).count() <= lines);
            }
        }
    }
}
