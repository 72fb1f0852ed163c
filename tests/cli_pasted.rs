//! Blocks that are pasted from elsewhere: tables, chats, headings with a day, statements of a zone, the order of times.
#![allow(clippy::unwrap_used)]

mod common;

use common::{CommandResult, TestEnv};
use rstest::rstest;

/// An open incident in Berlin, of Wednesday, 2026-11-25, at 16:00 there.
fn env() -> TestEnv {
    let mut env = TestEnv::new();
    env.set_now("2026-11-25T15:00:42Z");
    let args = ["declare", "x", "--zone", "Europe/Berlin", "--at", "09:00"];
    env.run_ok(&args);
    env
}

/// Logs `block`; returns the result, and the time in UTC and the text of each event after the declaration.
fn log(block: &str) -> (CommandResult, Vec<String>) {
    let env = env();
    let result = env.run_with_stdin(&["log", "-"], block.as_bytes());
    let show = env.run_json(&["show", "--json"]);
    let events = show["events"].as_array().unwrap();
    let events = events
        .iter()
        .filter(|event| event["kind"] != "declare")
        .map(|event| {
            let at = chrono::DateTime::parse_from_rfc3339(event["at"].as_str().unwrap()).unwrap();
            let text = event["text"].as_str().unwrap();
            format!("{} {text}", at.to_utc().format("%m-%d %H:%M"))
        })
        .collect();
    (result, events)
}

#[rstest]
#[case("| Time (UTC) | Action |\n|---|---|\n| 12:50 | a |\n")]
#[case("| Time (UTC) | What happened | Owner |\n|---|---|---|\n| 12:50 | a | |\n")]
#[case("| **Time, UTC** | Event/Action |\n|:--|:--|\n| **12:50** | a |\n")]
#[case("| Date/Time (UTC) | Details |\n|---|---|\n| 2026-11-25 12:50 | a |\n")]
#[case("| Uhrzeit (UTC) | Ereignis |\n|---|---|\n| 12:50 | a |\n")]
#[case("| UTC | Status |\n|---|---|\n| 12:50 | a |\n")]
#[case("| Event | Time (UTC) |\n|---|---|\n| a | 12:50 |\n")]
#[case("| Date | Time (UTC) | Event |\n|---|---|---|\n| 2026-11-25 | 12:50 | a |\n")]
#[case("| Time | TZ | Event |\n|---|---|---|\n| 12:50 | UTC | a |\n")]
#[case("| Time (UTC) | Time (CET) | Event |\n|---|---|---|\n| 12:50 | 13:50 | a |\n")]
#[case("| Time (UTC) | Local time | Event |\n|---|---|---|\n| 12:50 | 13:50 | a |\n")]
#[case("Time (UTC)\tWhat happened\n12:50\ta\n")]
#[case("UTC\tWhat happened\n12:50\ta\n")]
#[case("Time (UTC) | What happened\n--- | ---\n12:50 | a\n")]
#[case("||Time (UTC)||What happened||\n|12:50|a|\n")]
#[case("+-----+----+\n| Time (UTC) | Z |\n+-----+----+\n| 12:50 | a |\n+-----+----+\n")]
#[case("> | Time (UTC) | Foo |\n> |---|---|\n> | 12:50 | a |\n")]
#[case("Time (UTC) / Event\n12:50 a\n")]
#[case("| Timeline (UTC) | |\n|---|---|\n| 12:50 | a |\n")]
#[case("Time (UTC)   What happened\n12:50        a\n")]
fn the_head_of_a_table_says_where_the_time_is_and_in_which_zone(#[case] block: &str) {
    let (result, events) = log(block);
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    assert_eq!(events, ["11-25 12:50 a"], "{block}: {result:#?}");
}

#[test]
fn the_rows_of_a_table_have_spans_dates_of_the_row_above() {
    let (_, events) = log(
        "| Date | Start | End | Event |\n|---|---|---|---|\n| 2026-11-24 | 12:50 | 13:10 | fault: a |\n| | 13:20 | | b |\n",
    );
    assert_eq!(events, ["11-24 11:50 a", "11-24 12:20 b"]);
}

#[rstest]
#[case("| Time (HQ) | Event |\n|---|---|\n| 12:50 | a |\n", &["line 1: `HQ`", "line 3: its zone is not known"])]
#[case("| Time (UTC/CET) | Event |\n|---|---|\n| 12:50 | a |\n", &["line 1: ", "line 3: its zone is not known"])]
#[case("| Time | TZ | Event |\n|---|---|---|\n| 12:50 | XX | a |\n", &["line 3: `XX`"])]
#[case("| Time (UTC) | Time (CET) | Event |\n|---|---|---|\n| 12:50 | 12:50 | a |\n", &["line 3: its columns"])]
fn a_table_whose_times_are_not_clear_is_refused(#[case] block: &str, #[case] says: &[&str]) {
    let (result, events) = log(block);
    result.assert_error(1, says);
    assert_eq!(events, [""; 0], "{block}: {result:#?}");
}

#[rstest]
#[case("[Yesterday 13:50] Ann Lee\na\n\n[Yesterday 13:52] Raj\nb\n")]
#[case("[Tuesday 1:50 PM] Ann Lee\na\n\n[Tuesday 1:52 PM] Raj\nb\n")]
#[case("[Gestern 13:50] Ann Lee\na\n\n[Dienstag 13:52] Raj\nb\n")]
#[case("Ann Lee — Yesterday at 1:50 PM\na\n\nRaj — Yesterday at 1:52 PM\nb\n")]
#[case("Ann Lee\nTue 1:50 PM\na\n\nRaj\nTue 1:52 PM\nb\n")]
#[case("Yesterday\nAnn Lee  1:50 PM\na\n\nRaj  1:52 PM\nb\n")]
#[case("Tuesday, November 24th\nAnn Lee  1:50 PM\na\n\nRaj  1:52 PM\nb\n")]
#[case("Ann Lee  Nov 24th at 1:50 PM\na\n\nRaj  Nov 24th at 1:52 PM\nb\n")]
#[case("Nov 24\n13:50 <Ann Lee> a\n13:52 <Raj> b\n")]
#[case("Tue 13:50 <Ann Lee> a\nTue 13:52 <Raj> b\n")]
#[case("[yesterday 13:50] Ann Lee: a\n[yesterday 13:52] Raj: b\n")]
#[case("2026-11-24\nAnn Lee  1:50 PM\na\n\nRaj  1:52 PM\nb\n")]
#[case("Times in UTC\nAnn Lee  Yesterday at 12:50 PM\na\n\nRaj  Yesterday at 12:52 PM\nb\n")]
fn messages_of_a_chat_are_on_the_day_that_is_written(#[case] block: &str) {
    let block = block.replace("<Ann Lee>", "<Ann_Lee>");
    let (result, events) = log(&block);
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    let events: Vec<String> = events.iter().map(|event| event.replace('_', " ")).collect();
    assert_eq!(
        events,
        ["11-24 12:50 Ann Lee: a", "11-24 12:52 Raj: b"],
        "{block}: {result:#?}"
    );
    assert!(
        !result.stderr.contains("was taken as"),
        "{block}: {result:#?}"
    );
}

#[rstest]
#[case("Timeline for 2026-11-24")]
#[case("Timeline, 24 Nov 2026")]
#[case("Incident 2026-11-24")]
#[case("Log of 24 November 2026")]
#[case("Date of incident: 2026-11-24")]
#[case("Date : 24/11/2026")]
#[case("date=2026-11-24")]
#[case("Datum: 24.11.2026")]
#[case("Day: Tuesday")]
#[case("Dienstag")]
#[case("📅 2026-11-24")]
#[case("🗓️ 2026-11-24")]
#[case("→ 2026-11-24")]
#[case("11月24日(火)")]
#[case("2026年11月24日（火）")]
#[case("Day changed to Tuesday, 24 November")]
fn a_day_behind_words_or_signs_sets_the_day(#[case] line: &str) {
    let (result, events) = log(&format!("2026-11-23\n10:01 a\n{line}\n10:05 b\n"));
    assert_eq!(result.exit_code, 0, "{line}: {result:#?}");
    assert_eq!(events, ["11-23 09:01 a", "11-24 09:05 b"], "{line}");
}

#[rstest]
#[case("Incident #12 2026-11-24")]
#[case("Outage in Berlin, 24 Nov 2026")]
#[case("24 ноября 2026 г.")]
#[case("вторник, 24 ноября")]
#[case("wtorek 24.11.2026")]
#[case("24 listopada")]
#[case("tisdag 24 november")]
#[case("24NOV")]
#[case("Nov24")]
#[case("24 11 2026")]
#[case("24.11")]
#[case("The next morning")]
#[case("Tuesday 24 November: the database")]
fn what_may_set_the_day_is_refused_with_the_times_below_it(#[case] line: &str) {
    let (result, events) = log(&format!("2026-11-23\n10:01 a\n{line}\n10:05 b\n"));
    result.assert_error(1, &["line 3: ", "line 4: its day is not known"]);
    assert_eq!(events, ["11-23 09:01 a"], "{line}");
}

#[rstest]
#[case("note: restored from 2026-11-24")]
#[case("web is down since 2026-11-24 @web")]
#[case("the backup of 2026-11-24 is lost")]
#[case("-12m deployed 2026-11-24")]
#[case("12:30 deployed 2026-11-24")]
#[case("update to Ubuntu 24.04")]
fn a_text_with_a_date_sets_no_day(#[case] line: &str) {
    let (result, events) = log(&format!("10:01 a\n{line}\n10:05 b\n"));
    assert_eq!(result.exit_code, 0, "{line}: {result:#?}");
    assert_eq!(events.len(), 3, "{line}: {result:#?}");
}

#[rstest]
#[case("11:30 AM a\n12:10 PM b\n12:40 c\n1:15 d\n", "12:40 has no AM or PM")]
#[case(
    "11:30 AM a\n12:10 PM b\n12:40 c\n1:15 d\n",
    "01:15 is out of the order"
)]
#[case("1:00 PM a\n1:30 b\n", "01:30 has no AM or PM")]
#[case("9:30 a\n12:10 b\n1:15 c\n", "for the afternoon write `13:15`")]
#[case("11:50 PM a\n12:10 b\n", "12:10 has no AM or PM")]
#[case("8:00 PM a\n9:00 b\n", "09:00 has no AM or PM")]
#[case(
    "10:00 a\n08:30 b\n",
    "08:30 is out of the order of the lines; it was taken as that of 2026-11-25"
)]
#[case(
    "2026-11-24\n1:00 PM a\n1:30 b\n2:00 PM c\n2:30 d\n",
    "it stays on 2026-11-24"
)]
fn a_time_that_goes_back_or_lacks_its_half_of_the_day_is_said(
    #[case] block: &str,
    #[case] says: &str,
) {
    let (result, _) = log(block);
    assert!(result.stderr.contains(says), "{block}: {result:#?}");
}

#[rstest]
#[case("09:30 a\n09:10 b\n10:00 c\n")]
#[case("12:00 a\n11:30 b\n11:00 c\n09:00 d\n")]
#[case("1:00 PM a\n1:30 PM b\n14:00 c\n")]
#[case("1:00-1:30 PM a\n2:00 PM b\n")]
fn times_in_order_are_read_without_a_word(#[case] block: &str) {
    let (result, _) = log(block);
    assert_eq!(result.stderr, "", "{block}");
}

#[rstest]
#[case("All times Eastern", "11-25 13:50 a")]
#[case("Times in UTC, please convert", "11-25 08:50 a")]
#[case("Everything in UTC", "11-25 08:50 a")]
#[case("Server logs in UTC", "11-25 08:50 a")]
#[case("Uhrzeiten in UTC", "11-25 08:50 a")]
#[case("Times are UTC except where noted", "")]
#[case("Times in UTC / CET", "")]
#[case("All times Bangkok", "11-25 01:50 a")]
#[case("Times in London time", "11-25 08:50 a")]
#[case("All times Atlantis", "")]
fn a_line_that_states_the_zone_in_more_words_is_read_or_refused(
    #[case] line: &str,
    #[case] expected: &str,
) {
    let (result, events) = log(&format!("{line}\n8:50 a\n"));
    if expected.is_empty() {
        result.assert_error(1, &["line 1: ", "line 2: its zone is not known"]);
        assert_eq!(events, [""; 0], "{line}");
    } else {
        assert_eq!(events, [expected], "{line}: {result:#?}");
    }
}
