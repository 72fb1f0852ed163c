//! Blocks of lines on standard input: day lines, the order of times, marks of lists, comments.
#![allow(clippy::unwrap_used)]

mod common;

use common::{CommandResult, TestEnv};
use rstest::rstest;

/// An open incident of 20 November 2026, six days later.
fn env() -> TestEnv {
    let mut env = TestEnv::new();
    env.set_now("2026-11-26T20:00:00Z");
    env.run_ok(&["declare", "x", "--zone", "UTC", "--at", "2026-11-20 00:00"]);
    env
}

fn log(env: &TestEnv, block: &str) -> CommandResult {
    env.run_with_stdin(&["log", "-"], block.as_bytes())
}

/// Returns the time and the text of each event after the declaration, in the order of the timeline.
fn events(env: &TestEnv) -> Vec<String> {
    let show = env.run_json(&["show", "--json"]);
    let events = show["events"].as_array().unwrap();
    events
        .iter()
        .filter(|event| event["kind"] != "declare")
        .map(|event| {
            let at = event["at"].as_str().unwrap();
            format!("{} {}", &at[..16], event["text"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn twelve_hours_back_below_a_day_line_is_the_next_day_and_less_stays() {
    let env = env();
    let result = log(
        &env,
        "2026-11-20\n23:50 a\n00:10 b\n22:00 c\n20:30 d\n20:00 e\n",
    );
    assert_eq!(result.exit_code, 0, "{result:#?}");
    assert!(result.stderr.contains("00:10 is twelve hours or more from the line before, so it was taken as that of 2026-11-21, the day after"), "{result:#?}");
    assert!(
        result
            .stderr
            .contains("20:30 is out of the order of the lines; it stays on 2026-11-21"),
        "{result:#?}"
    );
    assert!(!result.stderr.contains("20:00 is"), "{result:#?}");
    assert_eq!(
        events(&env),
        [
            "2026-11-20T23:50 a",
            "2026-11-21T00:10 b",
            "2026-11-21T20:00 e",
            "2026-11-21T20:30 d",
            "2026-11-21T22:00 c"
        ]
    );
}

#[test]
fn a_block_that_runs_backwards_is_newest_first() {
    let env = env();
    let result = log(&env, "2026-11-20\n00:30 d\n00:10 c\n23:50 b\n23:40 a\n");
    assert!(result.stderr.contains("newest first"), "{result:#?}");
    assert_eq!(
        events(&env),
        [
            "2026-11-19T23:40 a",
            "2026-11-19T23:50 b",
            "2026-11-20T00:10 c",
            "2026-11-20T00:30 d"
        ]
    );
}

#[test]
fn no_time_below_a_day_line_is_later_than_now() {
    let env = env();
    let result = log(&env, "today\n19:00 a\n21:00 b\n06:00 c\n");
    result.assert_error(1, &["line 3: 2026-11-26 21:00 is later than now", "line 3"]);
    // Thirteen hours back would be tomorrow.
    assert!(
        result
            .stderr
            .contains("line 4: 2026-11-27 06:00 is later than now"),
        "{result:#?}"
    );
    assert_eq!(events(&env), ["2026-11-26T19:00 a"]);
}

#[rstest]
#[case("2026-11-20")]
#[case("\u{feff}2026-11-20")]
#[case("## Friday, 20 November 2026")]
#[case("### Friday, 20 November 2026")]
#[case("Fri 20 Nov 2026")]
#[case("Fri, 20 Nov 2026:")]
#[case("--- 2026-11-20 ---")]
#[case("== 20/11/2026 ==")]
#[case("[2026-11-20]")]
#[case("(20 Nov)")]
#[case("**20 Nov**")]
#[case("**Friday, November 20:**")]
#[case("20 Nov:")]
#[case("Nov 20")]
#[case("Friday, November 20th")]
#[case("20th of November 2026")]
#[case("20. November 2026")]
#[case("20.11.2026")]
#[case("11/20/2026")]
#[case("2026/11/20")]
#[case("2026-11-20 (Friday)")]
#[case("2026-11-20, Fri")]
#[case("> 2026-11-20")]
#[case("| 2026-11-20 |")]
#[case("Date: 2026-11-20")]
#[case("Fri")]
fn day_lines_are_read_as_people_and_documents_write_them(#[case] line: &str) {
    let env = env();
    let result = log(&env, &format!("{line}\n10:01 a\n"));
    assert_eq!(result.exit_code, 0, "{line}: {result:#?}");
    assert_eq!(events(&env), ["2026-11-20T10:01 a"], "{line}");
}

#[rstest]
#[case("05/06/2026", "may be of two days")]
#[case("Thu 20 Nov 2026", "2026-11-20 is a Friday, not a Thursday")]
#[case("2026-11-20 (Thursday)", "another day of the week")]
#[case("31 Feb", "february has no day 31")]
#[case("2026-02-30", "there is no day")]
#[case("11/20", "is not a date")]
#[case("20.11.", "is not a date")]
#[case("Friday 20th", "is not a date")]
#[case("tomorrow", "is not a date")]
#[case("2026-11-20 UTC", "begins like a time")]
fn what_looks_like_a_day_is_refused_with_the_times_below_it(
    #[case] line: &str,
    #[case] says: &str,
) {
    let env = env();
    let result = log(&env, &format!("{line}\n10:01 a\nno time b\n"));
    result.assert_error(1, &["line 1: ", says, "line 2: its day is not known"]);
    assert_eq!(events(&env), ["2026-11-26T20:00 no time b"], "{line}");
}

#[test]
fn a_line_that_begins_like_a_time_is_refused_in_a_block_and_noted_alone() {
    let env = env();
    let result = log(&env, "1764111010 a\n10h06 b\n\\10h06 c\n");
    result.assert_error(
        1,
        &[
            "line 1: it begins like a time",
            "line 2: it begins like a time",
            "lines 1-2",
        ],
    );
    assert_eq!(events(&env), ["2026-11-26T20:00 10h06 c"]);
    let result = env.run(&["log", "10h06 d"]);
    assert!(
        result.stderr.contains("`10h06` was kept as text"),
        "{result:#?}"
    );
}

#[test]
fn comments_are_left_out_only_if_asked() {
    let env = env();
    let block = "# exported from chat\n2026-11-20\n10:01 a\n# Friday, 20 November 2026\n10:02 b\n";
    let result = env.run_with_stdin(&["log", "--skip-comments", "-"], block.as_bytes());
    assert!(
        result.stderr.contains("1 line begins with `# `: left out"),
        "{result:#?}"
    );
    assert_eq!(events(&env), ["2026-11-20T10:01 a", "2026-11-20T10:02 b"]);
    let result = log(&env, "# a\n# b\n");
    assert!(
        result.stderr.contains(
            "2 lines begin with `# `: logged as text; --skip-comments leaves such lines out"
        ),
        "{result:#?}"
    );
}

#[test]
fn two_dashes_end_the_flags_of_every_verb_that_takes_a_line() {
    let env = env();
    let handle = env.run_json(&["log", "--json", "--", "--at is broken"])["handle"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(events(&env), ["2026-11-26T20:00 --at is broken"]);
    env.run(&["log", "--at is broken"])
        .assert_error(2, &["there is no flag", "`--` before a text"]);
    env.run(&["log", "text", "--kind", "fault"])
        .assert_error(2, &["stands after the text", "put `--` before the line"]);
    env.run_ok(&["amend", &handle, "--", "--kind is broken"]);
    env.run_ok(&["resolve", "--", "-x was it"]);
    env.run_ok(&["reopen", "--", "--why is not known"]);
    let texts = events(&env).join("\n");
    for text in ["--kind is broken", "-x was it", "--why is not known"] {
        assert!(texts.contains(text), "{texts}");
    }
}

#[test]
fn a_dry_run_shows_what_would_be_logged_and_writes_nothing() {
    let env = env();
    let entries = |env: &TestEnv| env.run_ok(&["export", "jsonl"]).lines().count();
    let before = entries(&env);
    let result = env.run_with_stdin(
        &["log", "--dry-run", "-"],
        b"2026-11-20\n23:50 a\n00:10 b\n10h06 c\n",
    );
    result.assert_error(
        1,
        &["dry run", "line 4: it begins like a time", "2026-11-21"],
    );
    assert!(
        result.stdout.contains("2026-11-21 00:10 UTC"),
        "{result:#?}"
    );
    let result = env.run(&["log", "--dry-run", "22:00 d"]);
    assert_eq!(result.exit_code, 0, "{result:#?}");
    assert!(result.stderr.contains("nothing was written"), "{result:#?}");
    assert_eq!(entries(&env), before);
    assert!(events(&env).is_empty());
    let empty = TestEnv::new();
    empty.run(&["log", "--dry-run", "x"]).assert_error(1, &[]);
    assert!(!empty.db_path().exists());
}

#[test]
fn lines_that_were_logged_before_are_counted_and_left_out_with_once() {
    let env = env();
    let block = "2026-11-20\n10:01 a\n10:02 fault: b\nno time\n";
    log(&env, block);
    let again = log(&env, &format!("{block}10:03 c\n"));
    assert!(
        again
            .stderr
            .contains("2 lines were logged before with the same time and text, and now again"),
        "{again:#?}"
    );
    env.run_ok(&["undo"]);
    assert_eq!(events(&env).len(), 3);
    let once = env.run_with_stdin(
        &["log", "--once", "-"],
        format!("{block}10:03 c\n").as_bytes(),
    );
    assert!(
        once.stderr
            .contains("2 lines were logged before with the same time and text: left out"),
        "{once:#?}"
    );
    // A line without a time is never the same.
    assert_eq!(events(&env).len(), 5);
    // With another service it is another event.
    let other = b"2026-11-20\n10:03 c !down @web\n";
    env.run_with_stdin(&["log", "--once", "-"], other);
    assert_eq!(events(&env).len(), 6);
    let once = env.run_with_stdin(&["log", "--once", "-"], b"2026-11-20\n10:03 c\n");
    assert_eq!((once.exit_code, once.stdout.as_str()), (0, ""), "{once:#?}");
}

#[test]
fn notes_of_a_kind_are_summed_up_in_one_line() {
    use std::fmt::Write;
    let env = env();
    let mut block = "2026-11-20\n".to_owned();
    for minute in 10..60 {
        writeln!(block, "10:{minute} saw @unknown{minute} there").unwrap();
    }
    let result = log(&env, &block);
    assert_eq!(events(&env).len(), 50);
    let notes: Vec<&str> = result.stderr.lines().collect();
    assert_eq!(notes.len(), 2, "{result:#?}");
    assert!(
        notes[1].contains("49 more such notes (lines 3-51), the first was: "),
        "{result:#?}"
    );
}
