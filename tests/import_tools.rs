//! The readers for chats, pagers, monitoring, status pages and trackers: what they make of files like those
//! that people have. The files are under `tests/import/FORMAT/`; each trap of a format is in one of them.
#![allow(clippy::unwrap_used, clippy::panic)]

use bridgelog::{
    domain::time::format_utc,
    import::{
        FORMATS, Files, ReadOptions, Row, RowError, Sample, Source, SourceTime, detect_format,
        find_format,
    },
};
use std::{
    fs,
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
};

mod import;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

fn open_path(format: &str, path: &Path, options: &ReadOptions) -> Result<Source, RowError> {
    let format = find_format(format).unwrap();
    (format.open)(Files::open(path)?, options)
}

/// The rows of a fixture, none of which is bad.
fn rows(format: &str, name: &str) -> Vec<Row> {
    let source = open_path(format, &fixtures().join(name), &ReadOptions::default()).unwrap();
    source.rows.map(|row| row.unwrap()).collect()
}

/// What the reader says of a fixture besides its rows.
fn notices(format: &str, name: &str) -> Vec<String> {
    let source = open_path(format, &fixtures().join(name), &ReadOptions::default()).unwrap();
    source.rows.for_each(drop);
    source.notices.take()
}

/// What the reader says of a text besides its rows.
fn notices_of_text(format: &str, text: &str) -> Vec<String> {
    let input = Files::once(Box::new(Cursor::new(text.to_owned().into_bytes())));
    let source = (find_format(format).unwrap().open)(input, &ReadOptions::default()).unwrap();
    source.rows.for_each(drop);
    source.notices.take()
}

fn read_text(format: &str, text: &str) -> Vec<Result<Row, RowError>> {
    let input = Files::once(Box::new(Cursor::new(text.to_owned().into_bytes())));
    let format = find_format(format).unwrap();
    match (format.open)(input, &ReadOptions::default()) {
        Ok(source) => source.rows.collect(),
        Err(error) => vec![Err(error)],
    }
}

/// The rows of a text, none of which is bad.
fn rows_of_text(format: &str, text: &str) -> Vec<Row> {
    let rows = read_text(format, text);
    rows.into_iter().map(|row| row.unwrap()).collect()
}

/// The errors of a text, with their places.
fn errors_of_text(format: &str, text: &str) -> Vec<String> {
    let rows = read_text(format, text).into_iter();
    rows.filter_map(|row| row.err().map(|error| error.to_string()))
        .collect()
}

/// `TIME ACTION WHO: TEXT`, with line breaks as ` / `.
fn line(row: &Row) -> String {
    let at = match row.at {
        SourceTime::Exact(at) => format_utc(at.to_utc()),
        other => format!("{other:?}"),
    };
    let who = row
        .speaker
        .as_ref()
        .map_or("-", |who| match who.name.as_str() {
            "" => &who.id,
            name => name,
        });
    let (action, text) = (row.action.rule().word, row.text.replace('\n', " / "));
    format!("{at} {action} {who}: {text}")
}

fn lines(format: &str, name: &str) -> Vec<String> {
    rows(format, name).iter().map(line).collect()
}

fn ids(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}
