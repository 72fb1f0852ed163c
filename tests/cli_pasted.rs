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
#[case("| Start | End (UTC) | Event |\n|---|---|---|\n| 12:50 | 13:00 | a |\n", &["line 1: the column `End (UTC)` has a zone"])]
#[case("| Uptime | Event |\n|---|---|\n| 12:50 | a |\n", &["line 3: `12:50` in the column `Uptime` is no time of day"])]
#[case("Time\tEvent\nTBD\ta\n?\tb\n0.38333\tc\n912\td\n", &["line 2: `TBD` in the column `Time` is no time", "line 3: ", "line 4: ", "line 5: "])]
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
#[case("wtorek 24.11.2026")]
#[case("tisdag 24 november")]
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
#[case("24 listopada")]
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
#[case("Timeline / UTC", "11-25 08:50 a")]
#[case("Log (Z)", "11-25 08:50 a")]
#[case("Timeline (local time, London)", "11-25 08:50 a")]
#[case("Timeline (MET)", "")]
#[case("Timeline (server time)", "")]
#[case("Times are local", "")]
#[case("Times in UTC, Ann was IC", "")]
#[case("Times in UTC - Ann was IC", "")]
#[case("Timeline (UTC, CET in brackets)", "")]
#[case("server time is UTC", "")]
#[case("Logs UTC", "")]
#[case("All times Bangkok", "11-25 01:50 a")]
#[case("Times in London time", "11-25 08:50 a")]
#[case("All times Atlantis", "")]
#[case("Key events (ET)", "11-25 13:50 a")]
#[case("Timezone offset +0000", "11-25 08:50 a")]
#[case("Events ET", "")]
#[case("From the US team (PT):", "")]
#[case("ET", "")]
#[case("US Eastern", "")]
#[case("US times", "")]
#[case("+0000", "")]
#[case("Z", "")]
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

#[rstest]
#[case("**Date:** 2026-11-24  **Severity:** SEV-2")]
#[case("**Date**: 2026-11-24, **Authors**: ann, bob")]
#[case("Date: 2026-11-24 | Author: Ann | Status: final")]
#[case("Date of incident: Tuesday 24 November 2026, 14:00-15:00 CET")]
#[case("**Incident Date:** November 24, 2026 from 14:00 to 15:00")]
#[case("**Activity date:** 2026-11-24, see INC-1234")]
#[case("Incident 2026-11-24: checkout outage")]
#[case("# Incident 2026-11-24: checkout outage")]
#[case("Outage on 24 November 2026 - checkout")]
#[case("Datum: 24.11.2026 (SEV-2)")]
#[case("Fecha: 2026-11-24, 14:00")]
#[case("| Date | 24 November 2026, 14:00 |")]
fn a_label_or_title_with_more_in_it_sets_the_day_and_it_is_said(#[case] line: &str) {
    let (result, events) = log(&format!("{line}\n10:05 b\n10:06 c\n"));
    assert_eq!(result.exit_code, 0, "{line}: {result:#?}");
    assert_eq!(events, ["11-24 09:05 b", "11-24 09:06 c"], "{line}");
    let says = "line 1 was taken to say that 2026-11-24 is the day of the times below it";
    assert_eq!(result.stderr.matches(says).count(), 1, "{result:#?}");
}

#[test]
fn a_title_that_sets_the_day_is_no_comment_to_leave_out() {
    let env = env();
    let log = |block: &str| env.run_with_stdin(&["log", "--skip-comments", "-"], block.as_bytes());
    let result = log("# Incident 2026-11-24: checkout\n# a\n10:05 b\n");
    assert!(result.stdout.contains("2026-11-24 10:05"), "{result:#?}");
    assert!(result.stderr.contains("left out line 2"), "{result:#?}");
    let result = log("# Incident 2026-11-24: checkout\n2026-11-24 10:06 c\n");
    assert!(result.stderr.contains("left out line 1"), "{result:#?}");
}

#[test]
fn the_first_row_of_a_table_about_an_incident_sets_the_day() {
    let table =
        "| **Date** | 2026-11-24 |\n|---|---|\n\n| Time | Event |\n|---|---|\n| 10:05 | b |\n";
    let (result, events) = log(table);
    assert_eq!(result.exit_code, 0, "{result:#?}");
    assert_eq!(events, ["11-24 09:05 b"], "{result:#?}");
}

#[rstest]
#[case("Post-mortem: NBS checkout outage, 24 November 2026")]
#[case("# Post-mortem: NBS checkout outage, 24 November 2026")]
#[case("NBS checkout outage on 24 November 2026")]
#[case("Incident report for the checkout outage of 24 November 2026")]
#[case("INC-2026-11-24 NBS checkout outage in the north")]
#[case("Summary of the AWS Lambda event (November 24, 2026)")]
#[case("On 2026-11-24, checkout was down. All times in CET.")]
#[case("**Date de détection :** 24 Juin 2026")]
#[case("Date of report: 2026-11-25 | Author: Ann")]
#[case("Date: 2026-11-24, 14:00-15:00 EST")]
#[case("Yesterday's outage")]
#[case("Timeline for Tuesday's outage")]
#[case("This happened on Tuesday:")]
fn a_title_that_names_a_day_is_refused_with_the_bare_times_below_it(#[case] line: &str) {
    let (result, events) = log(&format!("{line}\n10:05 b\n2026-11-24 10:06 c\n10:07 d\n"));
    result.assert_error(1, &["line 1: ", "line 2: its day is not known"]);
    assert_eq!(events, ["11-24 09:06 c", "11-24 09:07 d"], "{line}");
    // Where each line has its day, the title sets none.
    let (result, _) = log(&format!("{line}\n2026-11-24 10:06 c\n"));
    assert!(!result.stderr.contains("may set the day"), "{result:#?}");
}

#[rstest]
#[case("fault: web is down since the release of 2026-11-20\n10:05 b\n")]
#[case("10:04 a\nwe went back to the release that was made on 20 November 2026\n10:05 b\n")]
#[case("Post-mortem of the checkout outage, written on 25 November 2026\n2026-11-24\n10:05 b\n")]
#[case(
    "Post-mortem of the checkout outage, written on 25 November 2026\nDate: 2026-11-24 | Author: Ann\n10:05 b\n"
)]
#[case("| Date | Time | Event |\n|---|---|---|\n| 2026-11-24 | 10:05 | b |\n")]
fn a_date_within_a_text_does_not_touch_times_whose_day_is_set(#[case] block: &str) {
    let (result, events) = log(block);
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    assert!(
        events.iter().any(|event| event.ends_with(" 09:05 b")),
        "{block}: {events:?}"
    );
}

#[rstest]
#[case("2026-11-23 19:02 a\n05:15 b\n", &["11-23 18:02 a", "11-24 04:15 b"])]
#[case("2026-11-22 19:02 a\n2026-11-23 05:15 b\n05:26 c\n08:05 d\n", &["11-22 18:02 a", "11-23 04:15 b", "11-23 04:26 c", "11-23 07:05 d"])]
#[case("yesterday 14:09 a\n14:20 b\n15:00 c\n", &["11-24 13:09 a", "11-24 13:20 b", "11-24 14:00 c"])]
#[case("yesterday 23:50 a\nyesterday 23:55 b\n00:10 c\ntoday 09:30 d\n09:40 e\n", &["11-24 22:50 a", "11-24 22:55 b", "11-24 23:10 c", "11-25 08:30 d", "11-25 08:40 e"])]
#[case("Mon 14:09 a\n14:20 b\nTue 08:00 c\n09:00 d\n", &["11-23 13:09 a", "11-23 13:20 b", "11-24 07:00 c", "11-24 08:00 d"])]
#[case("- **23 Nov 14:09** - a\n- **14:20** - b\n", &["11-23 13:09 a", "11-23 13:20 b"])]
#[case("14:09 CET on 23 November 2026: a\n14:20 b\n", &["11-23 13:09 a", "11-23 13:20 b"])]
#[case("14:09 (yesterday) a\n14:20 b\n", &["11-24 13:09 a", "11-24 13:20 b"])]
#[case("2026-11-23 19:02-19:10 a\n~19:20 b\n", &["11-23 18:02 a", "11-23 18:20 b"])]
#[case("2026-11-23T23:40:00Z a\n23:50 UTC b\n00:55 c\n", &["11-23 23:40 a", "11-23 23:50 b", "11-23 23:55 c"])]
#[case("2026-11-24 08:00 d\n07:30 c\n07:10 b\n06:50 a\n", &["11-24 05:50 a", "11-24 06:10 b", "11-24 06:30 c", "11-24 07:00 d"])]
// Below a day line.
#[case("2026-11-22\n10:00 a\n2026-11-23 00:10 b\n00:20 c\n", &["11-22 09:00 a", "11-22 23:10 b", "11-22 23:20 c"])]
// What goes back is an aside.
#[case("10:00 a\n2026-11-20 14:00 b\n10:05 c\n", &["11-20 13:00 b", "11-25 09:00 a", "11-25 09:05 c"])]
#[case("2026-11-23\n10:00 a\n2026-11-20 14:00 b\n10:05 c\n", &["11-20 13:00 b", "11-23 09:00 a", "11-23 09:05 c"])]
fn a_row_with_its_day_sets_that_of_the_bare_times_below_it(
    #[case] block: &str,
    #[case] expected: &[&str],
) {
    let (result, events) = log(block);
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    assert_eq!(events, expected, "{block}: {result:#?}");
}

#[rstest]
#[case(
    "2026-11-23 10:00 a\n10:05 b\n2026-11-24 10:00 c\n10:05 d\n",
    "the times below line 1 were taken as those of 2026-11-23"
)]
#[case(
    "10:00 a\n2026-11-20 14:00 b\n10:05 c\n10:06 d\n",
    "line 2 goes back to 2026-11-20: the times below it were taken as those of the lines above it"
)]
fn the_day_of_a_row_is_said_once(#[case] block: &str, #[case] says: &str) {
    let (result, _) = log(block);
    assert_eq!(
        result.stderr.matches(says).count(),
        1,
        "{block}: {result:#?}"
    );
    assert_eq!(
        result.stderr.matches("the times below").count(),
        1,
        "{result:#?}"
    );
}

#[test]
fn rows_of_today_with_a_date_are_no_news_and_bound_the_bare_times_below() {
    let (result, events) = log("2026-11-25 10:00 a\n10:05 b\ntoday 10:10 c\n10:20 d\n");
    assert_eq!(
        (result.stderr.as_str(), events.len()),
        ("", 4),
        "{result:#?}"
    );
    let (result, _) = log("2026-11-25 10:00 a\n23:50 b\n");
    result.assert_error(1, &["line 2: 2026-11-25 23:50 is later than now"]);
}

#[test]
fn lines_without_a_time_below_a_row_of_another_day_are_refused() {
    let (result, events) = log("2026-11-23 10:00 a\n  at b.c(d)\n2026-11-23 10:01 e\n");
    result.assert_error(
        1,
        &["line 2: it has no time, so it would be logged at now, and not on 2026-11-23"],
    );
    assert_eq!(events, ["11-23 09:00 a", "11-23 09:01 e"]);
}

#[rstest]
#[case("a\nNov 24, 15:02 UTC\nb\nNov 24, 14:32 UTC\n")]
#[case("a\nNov 24, 15:02 UTC\n\nb\nNov 24, 14:32 UTC\n")]
#[case("a\n\nPosted Nov 24, 2026 - 15:02 UTC\nb\nPosted Nov 24, 2026 - 14:32 UTC\n")]
#[case(
    "a\nPosted 1 day ago. Nov 24, 2026 - 15:02 UTC\n\nb\nPosted 1 day ago. Nov 24, 2026 - 14:32 UTC\n"
)]
#[case("November 24, 2026, 3:02 pm UTC\na\nNovember 24, 2026, 2:32 pm UTC\nb\n")]
#[case("### 2026-11-24 15:02 UTC\na\n\n### 2026-11-24 14:32 UTC\nb\n")]
#[case("**2026-11-24 15:02 UTC**\na\n**14:32 UTC**\nb\n")]
fn a_time_alone_is_that_of_the_one_line_beside_it(#[case] block: &str) {
    let (result, events) = log(block);
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    assert_eq!(
        events,
        ["11-24 14:32 b", "11-24 15:02 a"],
        "{block}: {result:#?}"
    );
    assert_eq!(
        result.stderr.matches("is only a time").count(),
        1,
        "{result:#?}"
    );
}

#[test]
fn the_text_beside_a_time_alone_is_a_line_of_its_own_kind() {
    let (result, events) = log("Outage\n\n14:02\nfault: a !down @web\n14:32\nrestore: b @web\n");
    assert_eq!(result.exit_code, 0, "{result:#?}");
    assert!(result.stdout.contains("fault down @web"), "{result:#?}");
    assert_eq!(
        events,
        ["11-25 13:02 a", "11-25 13:32 b", "11-25 15:00 Outage"]
    );
    // The title is at now, which is said.
    assert!(
        result
            .stderr
            .contains("it has no time: it is logged at now, 16:00"),
        "{result:#?}"
    );
}

#[rstest]
#[case("15:02\na\nmore\n14:32\nb\n")]
#[case("Resolved -\na\nNov 24, 15:02 UTC\nb\nNov 24, 14:32 UTC\n")]
#[case("web is down\nResolved Nov 24 at 01:00am UTC\nweb is up\n")]
#[case("ann\n4:12 PM\n\nweb is down\nbob\n4:20 PM\n\nrolled back\n")]
fn a_time_alone_with_more_beside_it_is_refused_with_the_text(#[case] block: &str) {
    let (result, events) = log(block);
    let count = block.lines().filter(|line| !line.is_empty()).count();
    let refused = result
        .stderr
        .matches("it is not clear which belong together")
        .count();
    assert_eq!(
        (result.exit_code, refused),
        (1, count),
        "{block}: {result:#?}"
    );
    assert_eq!(events, [""; 0], "{block}");
}

#[test]
fn a_heading_with_a_time_is_an_event_and_what_is_below_it_is_refused() {
    let (result, events) = log(
        "### 2026-11-25 12:47 UTC - Resolved\nAll is well.\n\n## 12:50 - b\n- 12:55 UTC c\nd\n",
    );
    result.assert_error(
        1,
        &["line 2: it has no time, and is below line 1, a heading that has one"],
    );
    assert!(!result.stderr.contains("Markdown heading"), "{result:#?}");
    assert_eq!(
        events[..3],
        ["11-25 11:50 b", "11-25 12:47 Resolved", "11-25 12:55 c"]
    );
    assert!(
        result
            .stderr
            .contains("it has no time: it is logged at now"),
        "{result:#?}"
    );
}

#[rstest]
#[case("Outage summary\n10:00 a\n10:05 b\n", 1)]
#[case("```\nTIME        EVENT\n10:00       a\n10:05       b\n```\n", 1)]
#[case(
    "LAST SEEN   TYPE      REASON\n5m12s       Warning   BackOff\n32s         Normal    Pulled\n",
    3
)]
#[case("20m web slow\n5 min: web slow\n", 2)]
#[case("fault: web is down !down\n10:00 a\n", 0)]
#[case("web is down\ncalled ann\n5 nodes are lost\n", 0)]
#[case("TIMELINE\n────────\n10:00 a\n", 1)]
fn lines_without_a_time_above_those_with_one_are_said_to_be_at_now(
    #[case] block: &str,
    #[case] expected: usize,
) {
    let (result, events) = log(block);
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    let at_now = events
        .iter()
        .filter(|event| event.starts_with("11-25 15:00"))
        .count();
    let says = result
        .stderr
        .contains("it has no time: it is logged at now, 16:00");
    assert_eq!(says, expected > 0, "{block}: {result:#?}");
    assert!(at_now >= expected, "{block}: {events:?}");
    assert!(
        !events.iter().any(|event| event.contains("──")),
        "{events:?}"
    );
}

#[test]
fn how_long_ago_is_written_is_said_for_an_age() {
    let (result, _) = log("5m12s       Warning   BackOff\n32s         Normal    Pulled\n");
    assert!(
        result.stderr.contains("a while ago is written `-5m12s`"),
        "{result:#?}"
    );
}

#[rstest]
#[case(
    "| Date | Time | Event |\n|---|---|---|\n| 2026-11-23 | 23:50 | a |\n| | 00:10 | b |\n| | 00:20 | c |\n"
)]
#[case("Date\tTime\tEvent\n2026-11-23\t23:50\ta\n\t00:10\tb\n\t00:20\tc\n")]
#[case(
    "| Time | Date | Event |\n|---|---|---|\n| 23:50 | 23 Nov 2026 | a |\n| 00:10 | | b |\n| 00:20 | | c |\n"
)]
fn a_row_without_a_date_has_that_above_it_or_the_next_by_the_order_of_the_rows(
    #[case] block: &str,
) {
    let (result, mut events) = log(block);
    events.sort();
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    let expected = ["11-23 22:50 a", "11-23 23:10 b", "11-23 23:20 c"];
    assert_eq!(events, expected, "{block}: {result:#?}");
    let said = "twelve hours or more from that of the row above it";
    assert_eq!(result.stderr.matches(said).count(), 1, "{result:#?}");
}

#[test]
fn rows_without_a_date_that_run_backwards_go_to_the_day_before() {
    let block = "| Date | Time | Event |\n|---|---|---|\n| 2026-11-24 | 00:20 | d |\n| | 00:10 | c |\n| | 23:50 | b |\n| | 23:40 | a |\n";
    let (result, events) = log(block);
    let expected = [
        "11-23 22:40 a",
        "11-23 22:50 b",
        "11-23 23:10 c",
        "11-23 23:20 d",
    ];
    assert_eq!(events, expected, "{result:#?}");
}

#[test]
fn a_row_without_a_date_that_goes_back_by_an_hour_stays_on_the_day_and_is_said() {
    let block = "| Date | Time | Event |\n|---|---|---|\n| 2026-11-23 | 13:50 | a |\n| | 10:10 | b |\n| | 10:05 | c |\n| | 14:00 | d |\n";
    let (result, events) = log(block);
    assert!(events.contains(&"11-23 09:10 b".to_owned()), "{events:?}");
    let said = "its time is out of the order of the rows";
    assert_eq!(result.stderr.matches(said).count(), 1, "{result:#?}");
}

#[rstest]
#[case("Ann Lee 1:06 PM\nweb is down\nBob 1:10 PM\non it\n")]
#[case("Ann Lee, 13:06\nweb is down\nBob Ray, 13:10\non it\n")]
#[case("Ann Lee 11/24 1:06 PM\nweb is down\nBob 11/24 1:10 PM\non it\n")]
#[case("Ann Lee  1:06 PM\nweb is down\n")]
fn names_and_times_above_texts_are_refused_with_them(#[case] block: &str) {
    let (result, events) = log(block);
    assert_eq!(events, [] as [&str; 0], "{block}: {result:#?}");
    assert!(
        result
            .stderr
            .contains("it is not clear which belong together"),
        "{result:#?}"
    );
}

#[test]
fn times_behind_the_texts_of_a_block_are_not_taken_for_those_of_other_lines() {
    let (result, events) = log("Rolled back 13:40\nRestarted web 13:50\n");
    result.assert_error(1, &["line 1: its time is not at its beginning"]);
    assert_eq!(events, [] as [&str; 0], "{result:#?}");
}

#[rstest]
#[case("Times in PST\n2026-07-14 14:20 a\n", true)]
#[case("14 Jul 2026. All times in PST\n14:20 a\n", true)]
#[case("| Time (CST) | Event |\n|---|---|\n| 2026-07-14 14:20 | a |\n", true)]
#[case("Times in PT\n2026-07-14 14:20 a\n", false)]
#[case("Times in PDT\n2026-07-14 14:20 a\n", false)]
#[case("Times in UTC-8\n2026-07-14 14:20 a\n", false)]
fn a_stated_zone_of_the_other_half_of_the_year_is_said(#[case] block: &str, #[case] is_said: bool) {
    let (result, _) = log(block);
    let said = "for its own time";
    assert_eq!(result.stderr.contains(said), is_said, "{result:#?}");
}

#[rstest]
#[case("| 13:50 | a |\n")]
#[case("> | 13:50 | a |\n")]
#[case("+-------+---+\n| 13:50 | a     |\n+-------+---+\n")]
#[case("┌───────┬────┐\n│ 13:50 │ a  │\n└───────┴────┘\n")]
#[case("│ Time │ What │\n├──────┼──────┤\n│ 13:50 │ a  │\n")]
#[case("| a | 13:50 |\n")]
#[case("| a | 2026-11-25 | 13:50 |\n")]
#[case("| Event | Time (UTC) |\n| a | 12:50 |\n")]
#[case("Event\tTime (UTC)\na\t12:50\n")]
#[case("a\t13:50\n")]
fn rows_of_a_table_without_a_head_or_with_its_time_elsewhere_are_read(#[case] block: &str) {
    let (result, events) = log(block);
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    assert_eq!(events, ["11-25 12:50 a"], "{block}: {result:#?}");
}

#[test]
fn the_bar_that_ends_a_row_is_no_text_and_keeps_no_marker_in_it() {
    let env = env();
    let result = env.run(&["log", "| 13:50 | fault: x @web !down |"]);
    assert!(result.stdout.contains("fault down @web"), "{result:#?}");
    assert!(result.stdout.trim_end().ends_with("  x"), "{result:#?}");
    let (_, events) = log("13:40 first\n| 14:30 | h |\n13:55 a |\n");
    assert_eq!(
        events,
        ["11-25 12:40 first", "11-25 12:55 a |", "11-25 13:30 h"]
    );
}

#[rstest]
#[case("| 13:50 | 14:10 | a |\n")]
#[case("13:50\t14:10\ta\n")]
fn a_second_time_in_a_cell_of_its_own_is_said(#[case] block: &str) {
    let (result, _) = log(block);
    let says = "`14:10` after the time was kept as text";
    assert!(result.stderr.contains(says), "{block}: {result:#?}");
}

#[rstest]
#[case("2026-11-21\n00:10 c\n23:50 b\n23:40 a\n", &["11-20 22:40 a", "11-20 22:50 b", "11-20 23:10 c"])]
#[case("2026-11-21\n12:10 AM c\n11:50 PM b\n11:40 PM a\n", &["11-20 22:40 a", "11-20 22:50 b", "11-20 23:10 c"])]
#[case("2026-11-21\n00:10 UTC c\n23:50 UTC b\n23:40 UTC a\n", &["11-20 23:40 a", "11-20 23:50 b", "11-21 00:10 c"])]
#[case("2026-11-21 00:10 c\n23:50 b\n23:40 a\n", &["11-20 22:40 a", "11-20 22:50 b", "11-20 23:10 c"])]
#[case("00:10 c\n23:50 b\n13:50 a\n", &["11-24 12:50 a", "11-24 22:50 b", "11-24 23:10 c"])]
#[case("| What | Time |\n|---|---|\n| c | 00:10 |\n| b | 23:50 |\n| a | 13:40 |\n", &["11-24 12:40 a", "11-24 22:50 b", "11-24 23:10 c"])]
fn lines_that_run_backwards_over_midnight_are_newest_first(
    #[case] block: &str,
    #[case] expected: &[&str],
) {
    let (result, events) = log(block);
    assert_eq!(events, expected, "{block}: {result:#?}");
    assert!(
        result.stderr.contains("newest first"),
        "{block}: {result:#?}"
    );
}

#[rstest]
#[case("2026-11-21\n00:10 c\n23:50 b\n", "23:50")]
#[case("2026-11-21\n08:00 c\n21:50 b\n21:40 a\n", "21:50")]
#[case("2026-11-21 00:10 c\n23:50 b\n", "23:50")]
fn lines_that_may_run_backwards_over_midnight_are_said(#[case] block: &str, #[case] time: &str) {
    let (result, _) = log(block);
    let says = format!(
        "{time} is twelve hours or more after the line before, and was taken as that of 2026-11-21"
    );
    assert!(result.stderr.contains(&says), "{block}: {result:#?}");
}

#[test]
fn a_row_without_a_date_that_may_be_of_the_day_before_is_said() {
    let head = "| Date | Time | E |\n|---|---|---|\n";
    let (result, _) = log(&format!(
        "{head}| 2026-11-21 | 00:10 | c |\n| | 23:50 | b |\n"
    ));
    let says = "whose date it has: it stays on 2026-11-21; where the rows run backwards";
    assert!(result.stderr.contains(says), "{result:#?}");
}

#[test]
fn day_lines_tell_the_order_of_the_times_below_each() {
    let (result, events) = log("2026-11-20\n00:10 c\n2026-11-21\n23:50 b\n23:40 a\n");
    assert_eq!(result.stderr, "", "{result:#?}");
    assert_eq!(events, ["11-19 23:10 c", "11-21 22:40 a", "11-21 22:50 b"]);
}

#[rstest]
#[case(
    "Wed\n13:50 a\n",
    "the day line `Wed` was taken as 2026-11-25, the latest such day"
)]
#[case(
    "Wed 13:50 a\n",
    "the day of the week means 2026-11-25, the latest such day"
)]
#[case(
    "Tue 13:50 a\nWed 13:50 b\n",
    "the day of the week means 2026-11-24, the latest such day"
)]
fn the_first_day_of_the_week_is_said_once(#[case] block: &str, #[case] says: &str) {
    let (result, _) = log(block);
    assert!(result.stderr.contains(says), "{block}: {result:#?}");
    assert_eq!(result.stderr.matches("latest such day").count(), 1);
    let (result, _) = log("Wed 17:30 a\n");
    assert!(!result.stderr.contains("latest such day"), "{result:#?}");
}

#[rstest]
#[case("Time: 13:50\nEvent: deploy\nTime: 13:55\nEvent: back\n")]
#[case("Event: deploy\nTime: 13:50\n\nEvent: back\nTime: 13:55\n")]
#[case("**Time:** 13:50\nEvent: deploy\nTime = 13:55\nEvent: back\n")]
#[case("Date: 2026-11-25\nTime: 13:50\nEvent: deploy\nTime: 13:55\nEvent: back\n")]
fn a_time_behind_its_label_is_that_of_the_line_beside_it(#[case] block: &str) {
    let (result, events) = log(block);
    let expected = ["11-25 12:50 Event: deploy", "11-25 12:55 Event: back"];
    assert_eq!(events, expected, "{block}: {result:#?}");
}

#[rstest]
#[case("Time: 13:50\nEvent: deploy\nWho: ann\n")]
#[case("Time (UTC): 13:50\nEvent: deploy\n")]
#[case("Ann Lee: 1:50 PM\nweb is down\n")]
#[case("<tr><td>13:50</td><td>web is down</td></tr>\n")]
#[case("Start: 13:50\nEnd: 13:55\nweb was down\n")]
#[case("Detected: 13:50\nMitigated by Ann: 13:55\n")]
#[case("| Start | 13:50 |\n| End | 13:55 |\n")]
#[case("| Time | 13:50 |\n| Event | deploy |\n")]
#[case("| Service | State |\n| mail | down |\n")]
#[case("Time: 13:50, Event: deploy\n")]
#[case("Time: 13:50 deploy\n")]
#[case("web is down,13:50\nweb is up,13:55\n")]
fn a_time_behind_its_text_is_refused(#[case] block: &str) {
    let (result, events) = log(block);
    assert_eq!(result.exit_code, 1, "{block}: {result:#?}");
    assert_eq!(events, [""; 0], "{block}: {result:#?}");
}

#[test]
fn note_makes_a_text_of_a_label_with_a_time() {
    let (result, events) = log("13:50 a\nnote: ratio: 10:30\n");
    assert_eq!(result.exit_code, 0, "{result:#?}");
    assert_eq!(events.len(), 2, "{result:#?}");
}

#[test]
fn a_line_with_its_own_time_beside_at_is_refused_and_alone_noted() {
    let env = env();
    let args = ["log", "--at", "14:00", "-"];
    let block = "2026-11-24\n14:10 a\n\\14:10 b\nc\n";
    let result = env.run_with_stdin(&args, block.as_bytes());
    result.assert_error(1, &["line 2: it begins with a time of its own"]);
    assert_eq!(result.stdout.matches("2026-11-24 14:00").count(), 2);
    let result = env.run(&["log", "--at", "14:00", "14:10 a"]);
    assert!(result.stderr.contains("`14:10` was kept as text, as --at"));
    let result = env.run(&["log", "--at", "14:00", r"\14:10 a"]);
    assert_eq!(result.stderr, "");
    assert!(result.stdout.ends_with("  14:10 a\n"), "{result:#?}");
}

#[test]
fn a_text_whose_lines_begin_with_a_time_is_one_event_and_it_is_said() {
    let env = env();
    let result = env.run(&["log", "13:50 a\n\n14:10 restore: c\n- 14:20 d"]);
    let says = "3 lines were taken as the text of one event, and 2 of them begin with a time";
    assert!(result.stderr.contains(says), "{result:#?}");
    let result = env.run(&["log", "13:50 a\n\nmore of it"]);
    assert_eq!(result.stderr, "");
}

#[test]
fn a_time_alone_above_the_head_of_the_next_message_is_text() {
    let block = "ann  1:50 PM\nweb is down since\n1:40 PM\nraj  1:55 PM\nok\n";
    let (result, events) = log(block);
    let expected = [
        "11-25 12:50 ann: web is down since / 1:40 PM",
        "11-25 12:55 raj: ok",
    ];
    assert_eq!(events, expected, "{result:#?}");
}

#[test]
fn a_message_without_text_is_said() {
    let (result, _) = log("Ann Lee 1:50 PM\nDeploy Bot\n2:00 PM\nrelease 12 is out\n");
    let says = "2 messages; 1 of them has no text";
    assert!(result.stderr.contains(says), "{result:#?}");
}

#[test]
fn a_text_of_a_chat_that_ends_with_a_time_is_no_name() {
    let (result, events) = log("Ann Lee 1:50 PM\nweb is down at 1:40 PM\n2:00 PM\nstill down\n");
    assert_eq!(
        events,
        [
            "11-25 12:50 Ann Lee: web is down at 1:40 PM",
            "11-25 13:00 Ann Lee: still down"
        ],
        "{result:#?}"
    );
}

#[test]
fn rows_of_show_with_a_span_over_midnight_are_refused() {
    let env = env();
    env.run_ok(&["log", "2026-11-23 23:50..2026-11-24 00:10 action: restart"]);
    let show = env.run_ok(&["show"]);
    assert!(show.contains("23:50-24 Nov 00:10"), "{show}");
    let result = env.run_with_stdin(&["log", "-"], show.as_bytes());
    assert_eq!(result.exit_code, 1);
    assert!(!result.stdout.contains("restart"), "{result:#?}");
}

#[rstest]
#[case("2026-11-24 | Event")]
#[case("Tue 24 Nov | Event")]
#[case("Yesterday | Event")]
#[case("Time | 2026-11-24")]
#[case("Time | Event on 2026-11-24")]
fn the_head_of_a_table_that_names_a_day_sets_it(#[case] head: &str) {
    let (result, events) = log(&format!("| {head} |\n|---|---|\n| 10:05 | b |\n"));
    assert_eq!(events, ["11-24 09:05 b"], "{head}: {result:#?}");
    assert!(result.stderr.contains("line 1, the head"), "{result:#?}");
}

#[rstest]
#[case("| Time, 24 Nov 2026 | Event |\n|---|---|\n")]
#[case("| 2026-11-23 | 2026-11-24 |\n|---|---|\n")]
#[case("Date: 24.11.\n")]
#[case("**Date:** Tuesday evening\n")]
#[case("Date: 2 days ago\n")]
#[case("Date: Nov 23-24\n")]
#[case("Date: Mo\n")]
#[case("Datum: gestern\n")]
#[case("Checkout outage 24.11.\n")]
#[case("Checkout outage 24/11\n")]
#[case("10:04 Nov 24 a\n")]
fn the_day_of_the_times_below_what_may_say_it_is_not_known(#[case] lines: &str) {
    let (result, events) = log(&format!("{lines}10:05 b\n"));
    result.assert_error(1, &["line 1: ", "its day is not known: line 1"]);
    assert_eq!(events, [""; 0], "{lines}");
}

#[rstest]
#[case("One day later")]
#[case("2 days later:")]
#[case("Am nächsten Tag")]
#[case("Le lendemain")]
fn a_later_day_in_words_is_refused_with_the_times_below_it(#[case] line: &str) {
    let (result, events) = log(&format!("2026-11-23\n10:01 a\n{line}\n10:05 b\n"));
    result.assert_error(1, &["line 3: ", "line 4: its day is not known"]);
    assert_eq!(events, ["11-23 09:01 a"], "{line}");
}

#[test]
fn a_while_later_is_refused_and_leaves_the_day_of_the_times_below_it() {
    let (result, events) = log("10:04 a\n2 min later: b\n10:31 c\n");
    result.assert_error(1, &["line 2: it begins like a time"]);
    assert_eq!(events, ["11-25 09:04 a", "11-25 09:31 c"]);
}

#[rstest]
#[case("Montag, 23.11.2026")]
#[case("Mo 23.11.")]
#[case("Mo., den 23.11.2026")]
#[case("Datum: Montag, 23.11.2026")]
fn a_date_behind_its_day_of_the_week_in_german_sets_the_day(#[case] line: &str) {
    let (result, events) = log(&format!("{line}\n10:05 b\n"));
    assert_eq!(events, ["11-23 09:05 b"], "{line}: {result:#?}");
}

#[test]
fn a_date_behind_another_day_of_the_week_is_refused() {
    let (result, events) = log("Di 23.11.2026\n10:05 b\n");
    result.assert_error(1, &["line 1: ", "line 2: its day is not known"]);
    assert_eq!(events, [""; 0]);
}

#[rstest]
#[case("Elapsed", "00:02")]
#[case("T+", "00:02")]
#[case("Time since start", "0:02")]
#[case("Offset", "+00:02")]
#[case("Minutes", "12")]
fn times_since_a_start_are_no_times_of_day(#[case] head: &str, #[case] time: &str) {
    let (result, events) = log(&format!(
        "| {head} | Event |\n|---|---|\n| {time} | it is acknowledged |\n"
    ));
    let says = format!("line 3: `{time}` in the column `{head}` is no time of day");
    result.assert_error(1, &[&says]);
    assert_eq!(events, [""; 0], "{head}");
}

#[rstest]
#[case(
    "| Time | Δ | Event |\n|---|---|---|\n| 10:05 | +00:00 | bad |\n",
    "11-25 09:05 bad | +00:00"
)]
#[case(
    "| Time | Duration | Event |\n|---|---|---|\n| 10:05 | 0:50 | bad |\n",
    "11-25 09:05 bad | 0:50"
)]
#[case(
    "| Time | Offset | Event |\n|---|---|---|\n| 09:05 | +00:00 | bad |\n",
    "11-25 09:05 bad"
)]
#[case(
    "| Start | End | Event |\n|---|---|---|\n| 10:05 | - | bad |\n",
    "11-25 09:05 bad"
)]
#[case(
    "| Start | End | Event |\n|---|---|---|\n| 10:05 | ongoing | bad |\n",
    "11-25 09:05 bad | ongoing"
)]
#[case(
    "| Time (PT) | Time (ET) | Event |\n|---|---|---|\n| 01:05 | 04:05 | bad |\n",
    "11-25 09:05 bad"
)]
#[case(
    "| Time (ET) | Event |\n|---|---|\n| 04:05 | bad |\n",
    "11-25 09:05 bad"
)]
#[case(
    "| UTC | PT | ET | What |\n|---|---|---|---|\n| 09:05 | 01:05 | 04:05 | bad |\n",
    "11-25 09:05 bad"
)]
fn columns_beside_the_time_leave_it_as_it_is(#[case] table: &str, #[case] expected: &str) {
    let (result, events) = log(table);
    assert_eq!(result.exit_code, 0, "{table}: {result:#?}");
    assert_eq!(events, [expected], "{table}: {result:#?}");
}

#[rstest]
#[case("Start (UTC)\tEnd (CET)\n08:12\t10:20\ta\n", "11-25 08:12-09:20")]
#[case("Start (UTC)\tEnd (local)\n08:12\t10:20\ta\n", "11-25 08:12-09:20")]
#[case("Start (UTC)\tEnd\tEvent\n08:12\t10:20\ta\n", "11-25 08:12-10:20")]
#[case(
    "Start\tZone\tEnd\tZone\tEvent\n08:12\tUTC\t10:20\tCET\ta\n",
    "11-25 08:12-09:20"
)]
#[case("Start\tEnd\tZone\tEvent\n08:12\t10:20\tUTC\ta\n", "11-25 08:12-10:20")]
#[case(
    "Time\tAM/PM\tEnd\tAM/PM\tEvent\n9:12\tAM\t1:20\tPM\ta\n",
    "11-25 08:12-12:20"
)]
#[case(
    "Date\tStart\tEnd\tEnd date\tEvent\n2026-11-23\t23:12\t00:20\t2026-11-25\ta\n",
    "11-23 22:12-23:20"
)]
#[case(
    "Start date\tStart time\tEnd date\tEnd time\tEvent\n2026-11-23\t23:12\t2026-11-25\t00:20\ta\n",
    "11-23 22:12-23:20"
)]
#[case(
    "Start date\tStart time\tEnd time\tEvent\n2026-11-23\t23:12\t00:20\ta\n",
    "11-23 22:12-23:20"
)]
fn the_end_of_a_row_has_its_own_zone_and_date(#[case] table: &str, #[case] expected: &str) {
    let env = env();
    let result = env.run_with_stdin(&["log", "-"], table.as_bytes());
    assert_eq!(result.exit_code, 0, "{table}: {result:#?}");
    let show = env.run_json(&["show", "--json"]);
    let mut events = show["events"].as_array().unwrap().iter();
    let event = events.find(|event| event["kind"] != "declare").unwrap();
    let utc = |name: &str| {
        let at = event[name].as_str().unwrap();
        chrono::DateTime::parse_from_rfc3339(at).unwrap().to_utc()
    };
    let span = format!(
        "{}-{}",
        utc("at").format("%m-%d %H:%M"),
        utc("end").format("%H:%M")
    );
    assert_eq!(span, expected, "{table}: {result:#?}");
}

#[rstest]
#[case("Date\tTime\tEvent\n24-Nov\t09:12\ta\n\"\t09:15\tb\n")]
#[case("Date\tTime\tEvent\n24-Nov-26\t09:12\ta\n24-Nov-26\t09:15\tb\n")]
#[case("Date\tTime\tEvent\n11/24/26\t09:12\ta\n\t09:15\tb\n")]
#[case("Date\tTime\tEvent\n24.11.26\t09:12\ta\n24/11\t09:15\tb\n")]
#[case("Event\tReported at\na\t2026-11-24 09:12\nb\t2026-11-24 09:15\n")]
#[case("created_at\tEvent\n2026-11-24 09:12\ta\n2026-11-24 09:15\tb\n")]
#[case("time_utc\tEvent\n2026-11-24 08:12\ta\n2026-11-24 08:15\tb\n")]
#[case("[09:12, 24/11/2026] Ann: x\n[09:15, 24/11/2026] Bob: y\n")]
#[case("24/11/26, 09:12 - Ann: x\n24/11/26, 09:15 - Bob: y\n")]
fn dates_of_spreadsheets_and_messengers_are_read(#[case] block: &str) {
    let (result, events) = log(block);
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    let times: Vec<&str> = events.iter().map(|event| &event[..11]).collect();
    assert_eq!(times, ["11-24 08:12", "11-24 08:15"], "{block}");
}

#[rstest]
#[case("web down 9:12AM\ndb slow 9:15AM\n")]
#[case("web down 09:12-09:20\ndb slow 09:30-09:31\n")]
#[case("web down 2026-11-25T09:12Z\ndb slow 2026-11-25T09:13Z\n")]
#[case("ts=2026-11-25T09:12:00.123Z level=info\nts=2026-11-25T09:13:00.123Z level=info\n")]
#[case("{\"time\":\"09:12\"}\n{\"time\":\"09:13\"}\n")]
#[case("bob Today at 9:12 AM\nweb down\nmia Today at 9:13 AM\nmore\n")]
#[case("田中 太郎 9:12\nweb down\n鈴木 9:15\nmore\n")]
fn lines_whose_times_are_within_them_are_refused(#[case] block: &str) {
    let (result, events) = log(block);
    result.assert_error(1, &["line 1: ", "line 2: "]);
    assert_eq!(events, [""; 0], "{block}: {result:#?}");
}

#[rstest]
#[case("User", "PT")]
#[case("Who", "Sun")]
#[case("Phase", "PM")]
#[case("Team", "EST")]
#[case("Release date", "2026-11-20")]
#[case("Due date", "20 Nov")]
fn a_cell_that_is_not_of_the_time_is_text(#[case] head: &str, #[case] cell: &str) {
    let (result, events) = log(&format!("Time\t{head}\tEvent\n09:12\t{cell}\ta\n"));
    assert_eq!(result.exit_code, 0, "{head}: {result:#?}");
    assert_eq!(events, [format!("11-25 08:12 {cell} | a")], "{head}");
    let said = format!("`{cell}` in the column `{head}` was kept as text");
    assert!(result.stderr.contains(&said), "{head}: {result:#?}");
}

#[rstest]
#[case("Times in UTC+5:30\n12:30 a\n")]
#[case("| Time (+0530) | Event |\n|---|---|\n| 12:30 | a |\n")]
#[case("Timeline (EST/EDT)\n02:00 a\n")]
#[case("Timeline (CET/CEST)\n08:00 a\n")]
#[case("UTC\tIST\tEvent\n07:00\t12:30\ta\n")]
fn a_zone_of_half_an_hour_or_of_both_seasons_is_read(#[case] block: &str) {
    let (result, events) = log(block);
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    assert_eq!(events, ["11-25 07:00 a"], "{block}: {result:#?}");
}

#[rstest]
#[case("9:12 AM\na b\n9:15 AM\nc d\n9:40 AM\ne f\n")]
#[case("Timeline\n2026-11-25 09:12\na b\n2026-11-25 09:15\nc d\n2026-11-25 09:40\ne f\n")]
fn times_above_their_texts_are_no_chat(#[case] block: &str) {
    let (result, events) = log(block);
    assert_eq!(result.exit_code, 0, "{block}: {result:#?}");
    let texts: Vec<&String> = events.iter().filter(|e| !e.ends_with("Timeline")).collect();
    assert_eq!(
        texts,
        ["11-25 08:12 a b", "11-25 08:15 c d", "11-25 08:40 e f"],
        "{block}: {result:#?}"
    );
}

#[rstest]
#[case(
    "Status page\n9:12 AM\nTriggered via Datadog\n9:15 AM\nAcknowledged by Bob\n9:40 AM\nResolved\n"
)]
#[case("Bob Smith\n9:12 AM\nweb down\n9:14 AM\nrestarting\nMia Wong\n9:15 AM\nack\n")]
fn what_may_be_names_or_texts_between_times_is_refused(#[case] block: &str) {
    let (result, events) = log(block);
    result.assert_error(1, &["line 1: ", "it is not clear which belong together"]);
    assert_eq!(events, [""; 0], "{block}: {result:#?}");
}

#[rstest]
#[case("Times are UTC.", "it states UTC for all times")]
#[case("(times are UTC)", "it states UTC for all times")]
#[case("2026-11-24", "it says 2026-11-24")]
fn a_zone_or_day_below_all_times_is_refused(#[case] line: &str, #[case] says: &str) {
    let (result, _) = log(&format!("10:04 a\n10:05 b\n{line}\n"));
    result.assert_error(1, &[&format!("line 3: {says}")]);
    // Of the times below it.
    let (result, _) = log(&format!("2026-11-23\n10:04 a\n{line}\n10:05 b\n"));
    assert_eq!(result.exit_code, 0, "{line}: {result:#?}");
}
