//! Tables and JSON Lines.

use super::{
    super::{
        files::Files,
        format::{Format, ReadOptions, Sample},
        row::{Row, RowError},
    },
    *,
};
use proptest::prelude::*;
use rstest::rstest;
use std::io::Cursor;

const SHEET: &[u8] = include_bytes!("../../../tests/import/csv/spreadsheet.csv");
const TICKETS: &[u8] = include_bytes!("../../../tests/import/csv/tickets.tsv");
const EVENTS: &[u8] = include_bytes!("../../../tests/import/jsonl/events.jsonl");

fn read(format: &Format, bytes: &[u8], options: &ReadOptions) -> Vec<Result<Row, RowError>> {
    let rows = format.read_with(bytes, options);
    rows.unwrap_or_else(|error| vec![Err(error)])
}

fn options(maps: &[(&str, &str)], date: Option<&str>) -> ReadOptions {
    ReadOptions {
        columns: maps
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect(),
        date: date.map(|date| date.parse().unwrap()),
        ..ReadOptions::default()
    }
}

fn shown_with(format: &Format, bytes: &[u8], options: &ReadOptions) -> Vec<String> {
    read(format, bytes, options)
        .into_iter()
        .map(|row| match row {
            Ok(row) => {
                let name = row.speaker.map_or_else(|| "-".to_owned(), |s| s.name);
                let kind = row.kind.map_or_else(
                    || row.action.rule().word.to_owned(),
                    |kind| kind.as_str().to_owned(),
                );
                format!(
                    "{:?} {name} {kind}: {}",
                    row.at,
                    row.text.replace('\n', " / ")
                )
            }
            Err(error) => format!("{error} [{}]", error.hint.clone().unwrap_or_default()),
        })
        .collect()
}

fn shown(format: &Format, text: &str) -> Vec<String> {
    shown_with(format, text.as_bytes(), &ReadOptions::default())
}

#[test]
fn spreadsheet_with_date_and_time_in_two_columns() {
    assert_eq!(
        shown_with(&CSV, SHEET, &ReadOptions::default()),
        [
            "Local(2026-11-20T10:06:00) Ann Lee fault: checkout returns 502",
            "Local(2026-11-20T10:09:30) Bob message: pool exhausted; / all replicas wait",
            "Local(2026-12-03T09:00:00) Ann Lee resolve: closed",
            "line 7: `noon` is not a time that is understood here [write it as 2026-11-20 10:06, or name the column with --map time=COLUMN]",
            "line 8: it has 6 columns, and the header has 5 [a text with the delimiter in it needs quotes]",
            "line 9: it has no time []",
        ]
    );
}

#[test]
fn header_that_says_utc_and_repeated_comments() {
    assert_eq!(
        shown_with(&CSV, TICKETS, &ReadOptions::default()),
        [
            "Exact(2026-11-20T10:06:00+00:00) ann message: Checkout down / first comment / second comment",
            "Exact(2026-11-20T10:10:00+00:00) bob message: Pool too small",
        ]
    );
    let ids: Vec<String> = read(&CSV, TICKETS, &ReadOptions::default())
        .into_iter()
        .map(|row| row.unwrap().id)
        .collect();
    assert_eq!(ids, ["OPS-1", "OPS-2"]);
}

/// Each comment has a cell with its time, its author and its text.
#[test]
fn issues_of_jira_have_their_comments() {
    let table = include_bytes!("../../../tests/import/csv/jira.csv");
    assert_eq!(
        shown_with(&CSV, table, &ReadOptions::default()),
        [
            "Local(2026-11-27T13:50:00) Ann Lee message: Checkout down / 502 for a third / of the orders",
            "Local(2026-11-27T13:52:00) 5b10ac8d82e05b22cc7d4ef5 message: pool is full; restarting",
            "Local(2026-11-27T13:52:00) 5b10ac8d82e05b22cc7d4ef5 message: restarted",
            "Local(2026-11-28T09:05:00) Bob message: Pool too small",
            "Local(2026-11-28T09:10:00) ann message: was 100 / now 200",
        ]
    );
    let ids: Vec<String> = read(&CSV, table, &ReadOptions::default())
        .into_iter()
        .map(|row| row.unwrap().id)
        .collect();
    assert_eq!((ids[0].as_str(), ids[3].as_str()), ("OPS-7", "OPS-8"));
    let different: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(different.len(), 5, "{ids:?}");
}

/// PagerDuty's table of incidents has three times in a row.
#[test]
fn incidents_of_pagerduty_have_what_became_of_them() {
    let table = include_bytes!("../../../tests/import/csv/pagerduty.csv");
    assert_eq!(
        shown_with(&CSV, table, &ReadOptions::default()),
        [
            "Exact(2026-11-20T09:02:00-08:00) - trigger: Checkout 5xx, above 5 %",
            "Exact(2026-11-20T09:04:00-08:00) Nora Lind acknowledge: Acknowledged: Checkout 5xx, above 5 %",
            "Exact(2026-11-20T09:50:00-08:00) Sam Okafor resolve: Resolved: Checkout 5xx, above 5 %",
            "Exact(2026-11-20T10:02:00-08:00) - trigger: Disk",
            "Exact(2026-11-20T10:03:00-08:00) - acknowledge: Acknowledged (by Nora Lind,Sam Okafor): Disk",
            "Exact(2026-11-20T10:12:00-08:00) - resolve: Resolved automatically: Disk",
            "Exact(2026-11-20T11:02:00-08:00) - trigger: Open still",
        ]
    );
    let rows = read(&CSV, table, &ReadOptions::default());
    assert_eq!(rows[0].as_ref().unwrap().services, ["checkout"]);
    assert_eq!(rows[2].as_ref().unwrap().id, "PT4KHLK/resolve");
}

#[test]
fn columns_that_are_not_read_are_named() {
    let said = |table: &str| {
        let files = Files::once(Box::new(Cursor::new(table.as_bytes().to_vec())));
        let source = (CSV.open)(files, &ReadOptions::default()).unwrap();
        source.notices.take()
    };
    assert_eq!(
        said("time,text,colour,link\n"),
        ["columns that are not read: `colour`, `link`; --map FIELD=COLUMN reads one"]
    );
    assert_eq!(said("time,text\n"), [""; 0]);
}

#[test]
fn utf16_with_a_byte_order_mark() {
    let text = "\u{feff}Time;Text\r\n2026-11-20 10:06;Größe\r\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let expected = ["Local(2026-11-20T10:06:00) - message: Größe"];
    assert_eq!(shown_with(&CSV, &bytes, &ReadOptions::default()), expected);
    assert_eq!(shown(&CSV, text), expected);
}

#[test]
fn missing_columns_are_asked_for_with_the_headers() {
    let table = "a,b\n2026-11-20 10:06,down\n";
    let asked = shown(&CSV, table);
    assert_eq!(
        asked,
        [
            "no column is known to hold the time [name it: --map time=COLUMN; the columns are `a`, `b`]"
        ]
    );
    let wide = format!("{}{}", "x".repeat(100), ",column".repeat(100));
    let asked = shown(&CSV, &format!("{wide}\n1,2\n"));
    let hint_length = asked[0].len();
    assert!(
        hint_length < 1_000 && asked[0].ends_with("`column`, and 61 more]"),
        "{asked:?}"
    );
    let wrong = shown_with(&CSV, table.as_bytes(), &options(&[("time", "c")], None));
    assert_eq!(wrong, ["there is no column `c` [the columns are `a`, `b`]"]);
    let mapped = options(&[("time", "A"), ("text", "b")], None);
    assert_eq!(
        shown_with(&CSV, table.as_bytes(), &mapped),
        ["Local(2026-11-20T10:06:00) - message: down"]
    );
}

#[test]
fn day_and_month_are_told_apart_by_the_file_or_by_the_option() {
    let table = "time,text\n03/04/2026 10:06,a\n04/04/2026 10:06,b\n";
    let asked = shown(&CSV, table);
    assert_eq!(asked.len(), 1);
    assert!(
        asked[0].starts_with("line 2: ") && asked[0].contains("--date 2026-04-03"),
        "{asked:?}"
    );
    let told = shown_with(&CSV, table.as_bytes(), &options(&[], Some("2026-03-04")));
    assert_eq!(told[0], "Local(2026-03-04T10:06:00) - message: a");
    assert_eq!(told.len(), 2);
    let decided = shown(&CSV, &format!("{table}13/04/2026 10:06,c\n"));
    assert_eq!(decided[0], "Local(2026-04-03T10:06:00) - message: a");
    assert_eq!(decided.len(), 3);
}

#[test]
fn times_without_a_day_leave_the_day_open() {
    assert_eq!(
        shown(&CSV, "time,text\n10:06,a\n"),
        ["TimeOfDay(10:06:00) - message: a"]
    );
}

#[test]
fn end_that_is_not_understood_is_not_dropped() {
    let found = shown(&CSV, "time,end,text\n10:06,10:20,a\n10:30,later,b\n");
    assert_eq!(found[0], "TimeOfDay(10:06:00) - message: a");
    assert!(
        found[1].starts_with("line 3: `later` is not a time"),
        "{found:?}"
    );
}

#[test]
fn json_lines_with_names_that_differ() {
    assert_eq!(
        shown_with(&JSONL, EVENTS, &ReadOptions::default()),
        [
            "Exact(2026-11-20T10:06:00+00:00) Ann Lee trigger: checkout down",
            "Exact(2026-11-20T10:07:00+00:00) bob message: see https://ci.example/?token=[removed]",
            "line 3: it is not JSON: key must be a string at line 1 column 10 []",
            "Exact(2026-11-20T11:08:00+01:00) - finding: the pool",
            "line 5: no field is known to hold the time [name it: --map time=COLUMN; the fields are `text`]",
        ]
    );
}

#[test]
fn timelines_of_products() {
    let incident_io = r#"{"incident_updates":[{"id":"01","created_at":"2026-11-20T10:06:00Z","message":"Looking","new_incident_status":{"name":"Investigating"},"updater":{"user":{"name":"Ann Lee"}}}]}"#;
    let without_text = r#"{"incident_updates":[{"id":"02","created_at":"2026-11-20T10:09:00Z","message":"","new_incident_status":{"name":"Fixing"},"updater":{"workflow":{"name":"On fix"}}}]}"#;
    assert_eq!(
        shown(&INCIDENT_IO, without_text),
        ["Exact(2026-11-20T10:09:00+00:00) On fix message: Fixing"]
    );
    let rootly = r#"{"data":[{"id":"7","type":"incident_events","attributes":{"event":"Looking","occurred_at":"2026-11-20T10:06:00.000Z","created_at":"2026-11-20T10:07:00Z","user":{"full_name":"Ann Lee"}}}]}"#;
    let firehydrant = r#"{"data":[{"id":"7","incident_id":"1","type":"note","occurred_at":"2026-11-20T10:06:00Z","created_at":"2026-11-20T10:06:01Z","author":{"name":"Ann Lee"},"data":{"body":"Looking"}}]}"#;
    let grafana = r#"{"activityItems":[{"activityItemID":"a1","incidentID":"1","user":{"userID":"u","name":"Ann Lee"},"createdTime":"2026-11-20T10:06:01Z","eventTime":"2026-11-20T10:06:00Z","activityKind":"userNote","body":"Looking"}]}"#;
    for (format, text) in [
        (INCIDENT_IO, incident_io),
        (ROOTLY, rootly),
        (FIREHYDRANT, firehydrant),
        (GRAFANA_INCIDENT, grafana),
    ] {
        let found = shown(&format, text);
        assert_eq!(found.len(), 1, "{}: {found:?}", format.name);
        assert!(
            found[0].starts_with("Exact(2026-11-20T10:06:00+00:00) Ann Lee ")
                && found[0].ends_with(": Looking"),
            "{}: {found:?}",
            format.name
        );
        let sample = Sample {
            names: Vec::new(),
            start: text.to_owned(),
        };
        assert!((format.detect)(&sample), "{}", format.name);
    }
}

#[rstest]
#[case("time,text\n2026-11-20 10:06,a\n", true)]
#[case("Time (in UTC)\tDescription\n", true)]
#[case("10:06 down, then up\n", false)]
#[case("time\n10:06\n", false)]
#[case("Hello, at last the text of a letter, when it came\n", false)]
fn tables_are_known_by_their_header(#[case] start: &str, #[case] expected: bool) {
    let sample = Sample {
        names: Vec::new(),
        start: start.to_owned(),
    };
    assert_eq!((CSV.detect)(&sample), expected);
}

proptest! {
    #[test]
    fn damaged_tables_are_read(
        which in 0..3_usize,
        cut in 0..1000_usize,
        insert in prop::collection::vec(any::<u8>(), 0..8),
        flip in 0..1000_usize,
    ) {
        let (format, bytes) = [(CSV, SHEET), (CSV, TICKETS), (JSONL, EVENTS)][which];
        let at = cut % bytes.len();
        let mut damaged = [&bytes[..at], &insert, &bytes[at..]].concat();
        let flipped = flip % damaged.len();
        damaged[flipped] ^= 1 << (flip % 8);
        for input in [&damaged[..], &damaged[..at], &[bytes, bytes].concat()] {
            let lines = input.split(|byte| matches!(byte, b'\n' | b'\r')).count();
            let rows = read(&format, input, &ReadOptions::default());
            prop_assert!(rows.iter().filter(|row| row.is_ok()).count() <= lines);
        }
    }
}
