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
fn lines_of_one_minute_in_a_block_that_is_newest_first_are_written_from_the_last() {
    let env = env();
    log(
        &env,
        "2026-11-20\n12:30 last\n12:30 restore: next @web\n12:30 fault: fell @web !down\n11:00 y\n10:00 x\n",
    );
    assert_eq!(
        events(&env),
        [
            "2026-11-20T10:00 x",
            "2026-11-20T11:00 y",
            "2026-11-20T12:30 fell",
            "2026-11-20T12:30 next",
            "2026-11-20T12:30 last"
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
#[case("2026-11-20 UTC", "may set the day of the lines below it")]
#[case("2026-11-20+01:00", "begins like a time")]
#[case("20NOV26", "may set the day")]
#[case("November 2026", "may set the day")]
#[case("D-1", "may set the day")]
#[case("Dienstagabend", "may set the day")]
#[case("昨日", "may set the day")]
#[case("20261120", "may set the day")]
#[case("Timeline (20/11)", "may set the day")]
#[case("Checkout 20NOV", "may set the day")]
#[case("outage last night", "may set the day")]
#[case("INC-20261120", "may set the day")]
#[case("file: 2026-11-20.md", "may set the day")]
#[case("When: 20/11", "may set the day")]
fn what_looks_like_a_day_is_refused_with_the_times_below_it(
    #[case] line: &str,
    #[case] says: &str,
) {
    let env = env();
    let result = log(&env, &format!("{line}\n10:01 a\nno time b\n"));
    result.assert_error(
        1,
        &[
            "line 1: ",
            says,
            "line 2: its day is not known",
            "line 3: it has no time, and its day is not known: line 1 is not a date",
        ],
    );
    assert_eq!(events(&env), [""; 0], "{line}");
}

#[rstest]
#[case("Am Folgetag")]
#[case("Second day")]
#[case("翌日")]
#[case("D+1")]
#[case("Nov/24")]
#[case("24 hours later")]
#[case("--- new day ---")]
#[case("24/11 10:12 x")]
#[case("24th 10:12 x")]
#[case("(next day) 10:12 x")]
fn below_another_day_that_is_not_read_times_are_not_of_the_day_above_it(#[case] line: &str) {
    let env = env();
    let result = log(&env, &format!("2026-11-23\n09:12 a\n{line}\n10:15 b\n"));
    result.assert_error(1, &["line 3: ", "line 4: its day is not known: line 3"]);
    assert_eq!(events(&env), ["2026-11-23T09:12 a"], "{line}");
}

#[rstest]
#[case("Restarted node 12")]
#[case("web is slow")]
#[case("update to Ubuntu 24.04")]
#[case("Support 24/7")]
#[case("Timeline")]
fn a_line_without_a_day_among_times_leaves_their_day(#[case] line: &str) {
    let env = env();
    let result = log(&env, &format!("{line}\n09:12 a\n{line}\n10:15 b\n"));
    assert_eq!(result.exit_code, 0, "{line}: {result:#?}");
}

#[test]
fn today_and_yesterday_below_a_day_line_are_those_of_the_clock() {
    let env = env();
    let result = log(
        &env,
        "2026-11-24\n22:50 a\nyesterday 23:50 b\ntoday 00:15 c\n01:20 d\n",
    );
    assert_eq!(result.exit_code, 0, "{result:#?}");
    let said = "`yesterday` is that of the clock, 2026-11-25, and not of the day above it";
    assert!(result.stderr.contains(said), "{result:#?}");
    assert_eq!(
        events(&env),
        [
            "2026-11-24T22:50 a",
            "2026-11-25T23:50 b",
            "2026-11-26T00:15 c",
            "2026-11-26T01:20 d"
        ]
    );
}

#[rstest]
#[case("Minutes since start:")]
#[case("Times relative to the alert")]
#[case("T+")]
#[case("T0 = 09:12")]
fn times_since_a_start_are_refused(#[case] line: &str) {
    let env = env();
    let result = log(&env, &format!("{line}\n00:12 a\n2026-11-26 09:00 b\n"));
    result.assert_error(
        1,
        &[
            "line 1: it says that",
            "line 2: it is no time of day: line 1",
        ],
    );
    assert_eq!(events(&env), ["2026-11-26T09:00 b"], "{line}");
}

#[test]
fn a_last_line_without_an_end_belongs_to_those_above_it() {
    let env = env();
    let result = log(&env, "09:12\na\n09:15\nb");
    assert_eq!(result.exit_code, 0, "{result:#?}");
    assert_eq!(events(&env), ["2026-11-20T09:12 a", "2026-11-20T09:15 b"]);
}

#[test]
fn a_line_that_begins_like_a_time_is_refused_in_a_block_and_noted_alone() {
    let env = env();
    let result = log(&env, "\\10h06 c\n1764111010 a\n10h06 b\n");
    result.assert_error(
        1,
        &[
            "line 2: it begins like a time",
            "line 3: it begins like a time",
            "lines 2-3",
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
        result
            .stderr
            .contains("1 line begins with `# `: left out line 1"),
        "{result:#?}"
    );
    assert_eq!(events(&env), ["2026-11-20T10:01 a", "2026-11-20T10:02 b"]);
    let result = log(&env, "# a\n# b\n");
    assert!(
        result.stderr.contains(
            "2 lines begin with `# ` (lines 1-2), logged as text: --skip-comments leaves such lines out"
        ),
        "{result:#?}"
    );
}

#[test]
fn flags_may_follow_the_sign_of_standard_input() {
    let env = env();
    let log = |args: &[&str]| env.run_with_stdin(args, b"2026-11-25 10:06 a @x\n");
    let result = log(&["log", "-", "--dry-run", "--literal"]);
    assert!(result.stdout.contains("would be logged"), "{result:#?}");
    assert_eq!(events(&env), [""; 0]);
    assert_eq!(log(&["log", "--literal", "-", "--once"]).exit_code, 0);
    assert_eq!(events(&env), ["2026-11-25T10:06 a @x"]);
    log(&["log", "-", "--dry-run", "text"]).assert_error(2, &["`text` is a text beside it"]);
    log(&["log", "-", "--nope"]).assert_error(2, &["there is no flag `--nope`"]);
    assert_eq!(events(&env).len(), 1);
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
        .assert_error(2, &["there is no flag", "put `--` before it"]);
    env.run(&["log", "text", "--kind", "fault"])
        .assert_error(2, &["comes after the text", "put `--` before the line"]);
    env.run_ok(&["amend", &handle, "--", "--kind is broken"]);
    env.run_ok(&["resolve", "--", "-x was it"]);
    env.run_ok(&["reopen", "--", "--why is not known"]);
    let texts = events(&env).join("\n");
    for text in ["--kind is broken", "-x was it", "--why is not known"] {
        assert!(texts.contains(text), "{texts}");
    }
}

#[test]
fn when_is_read_behind_two_dashes_which_end_the_flags_only() {
    let env = env();
    env.run_ok(&["log", "--", "-12m", "fault:", "x", "!down"]);
    env.run_ok(&["log", "--", "10:06 --at is text"]);
    assert_eq!(
        events(&env),
        ["2026-11-26T10:06 --at is text", "2026-11-26T19:48 x"]
    );
}

#[test]
fn a_dry_run_shows_lines_days_and_refusals_and_writes_nothing() {
    let env = env();
    let before = env.run_ok(&["export", "jsonl"]);
    let block = "2026-11-20\n10:01 fault: a !down @db\n31 Feb\n10:02 b\n2026-11-21\n10:03 c\n";
    let dry = env.run_with_stdin(&["log", "--dry-run", "-"], block.as_bytes());
    dry.assert_error(
        1,
        &[
            "dry run",
            "line 3: ",
            "line 4: its day is not known",
            "2 of the lines could not be read; 2 would be logged",
        ],
    );
    let shown: Vec<&str> = dry.stdout.lines().collect();
    assert_eq!(shown[0], "line 1 sets the day: Fri 2026-11-20");
    assert_eq!(
        shown[1], "would be logged in 1 2026-11-20 10:01 UTC fault down @db",
        "{dry:#?}"
    );
    assert!(
        shown.contains(&"line 5 sets the day: Sat 2026-11-21"),
        "{dry:#?}"
    );
    let line = env.run(&["log", "--dry-run", "2026-11-25 19:00 d"]);
    assert_eq!(line.exit_code, 0, "{line:#?}");
    assert_eq!(
        line.stdout,
        "would be logged in 1 2026-11-25 19:00 UTC note\n  d\n"
    );
    assert!(line.stderr.contains("nothing was written"), "{line:#?}");
    assert_eq!(env.run_ok(&["export", "jsonl"]), before);
    // It refuses what `log` refuses.
    for line in ["!broken", "resolve: x", "-5h30 x", "^zzzzzz y"] {
        let (dry, wet) = (
            env.run(&["log", "--dry-run", line]),
            env.run(&["log", line]),
        );
        if wet.exit_code != 0 {
            assert_eq!(
                (dry.exit_code, dry.stderr),
                (wet.exit_code, wet.stderr),
                "{line}"
            );
        }
    }
    let refused = env.run(&["log", "--dry-run", "resolve: x"]);
    refused.assert_error(2, &["`resolve` is a command"]);
    // Without a database none is made.
    let empty = TestEnv::new();
    let line = empty.run(&["log", "--dry-run", "x"]);
    assert_eq!(line.exit_code, 0, "{line:#?}");
    assert!(
        line.stdout.starts_with("would be logged unassigned "),
        "{line:#?}"
    );
    empty
        .run(&["log", "--dry-run"])
        .assert_error(2, &["nothing to log: give the text of the event"]);
    assert!(!empty.db_path().exists());
}

#[rstest]
#[case(&["log", "--dry-run", "--json", "2026-11-20 10:01 fault: a !down"], "")]
#[case(&["log", "--dry-run", "--json", "-"], "2026-11-20\n10:01 fault: a !down\n")]
fn a_dry_run_as_json_has_no_handle_and_says_that_nothing_was_logged(
    #[case] args: &[&str],
    #[case] input: &str,
) {
    let env = env();
    let result = env.run_with_stdin(args, input.as_bytes());
    assert_eq!(result.exit_code, 0, "{result:#?}");
    let event: serde_json::Value = serde_json::from_str(&result.stdout).unwrap();
    assert_eq!(event["logged"], false);
    for absent in ["handle", "id", "recorded_at"] {
        assert_eq!(event[absent], serde_json::Value::Null, "{absent}");
    }
    assert_eq!(event["at"], "2026-11-20T10:01:00Z");
    assert_eq!(event["state"], "down");
}

#[test]
fn notes_of_a_block_as_json_are_on_standard_error() {
    let env = TestEnv::new();
    let result = env.run_with_stdin(&["log", "--json", "-"], b"fault: a\nfault: b\n");
    assert_eq!(result.stdout.lines().count(), 2, "{result:#?}");
    for line in result.stdout.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(event.get("logged").is_none(), "{event}");
    }
    for note in ["no incident is open", "no state given", "(line 2)"] {
        assert!(result.stderr.contains(note), "{note}: {result:#?}");
    }
}

#[test]
fn the_hints_of_equal_refusals_are_printed_once_and_each_line_is_named() {
    let env = env();
    let result = log(&env, "10h06 a\n10h07 b\n10h08 c\n");
    result.assert_error(1, &["line 1: ", "line 2: ", "line 3: "]);
    let hint = "put a backslash before it";
    assert_eq!(result.stderr.matches(hint).count(), 1, "{result:#?}");
}

#[test]
fn lines_that_were_logged_before_are_named_and_left_out_with_once() {
    let env = env();
    let block = "no time\n2026-11-20\n10:01 a\n10:02 fault: b\n";
    log(&env, block);
    let again = log(&env, &format!("{block}10:03 c\n"));
    assert!(
        again.stderr.contains(
            "2 lines were logged before with the same time and text, and now again (lines 3-4)"
        ),
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
            .contains("2 lines were logged before with the same time and text: left out lines 3-4"),
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

#[rstest]
#[case("10:01 finding: a b")]
#[case("10:01 a b @db")]
#[case("10:01 a b #tag")]
#[case("10:01 a b !down")]
#[case("10:01-10:05 a b")]
#[case("10:02 a b")]
#[case("10:01 a B")]
fn a_line_that_says_something_else_is_not_the_same(#[case] line: &str) {
    let env = env();
    env.run_ok(&["service", "db"]);
    log(&env, "2026-11-20\n10:01 a b\n");
    let block = format!("2026-11-20\n{line}\n");
    let result = env.run_with_stdin(&["log", "--once", "-"], block.as_bytes());
    assert!(!result.stderr.contains("logged before"), "{result:#?}");
    assert_eq!(events(&env).len(), 2, "{result:#?}");
    // Nor is one that says less.
    let again = env.run_with_stdin(&["log", "--once", "-"], b"2026-11-20\n10:01 a b\n");
    assert!(again.stderr.contains("left out line 2"), "{again:#?}");
}

#[test]
fn a_line_whose_names_are_known_by_the_second_time_is_the_same() {
    let env = env();
    let block = "2026-11-20\n10:01 saw @db slow\n";
    log(&env, block);
    env.run_ok(&["service", "db"]);
    let again = env.run_with_stdin(&["log", "--once", "-"], block.as_bytes());
    assert!(again.stderr.contains("left out line 2"), "{again:#?}");
}

#[test]
fn equal_lines_of_one_input_are_not_logged_before_whatever_its_length() {
    let env = env();
    // More than is read at once. From a file: a reply as long as this fills a pipe.
    let line = format!("2026-11-20 10:01 {}\n", "x".repeat(80));
    let block = env.path().join("block.txt");
    std::fs::write(&block, line.repeat(2000)).unwrap();
    let log_block = |args: &[&str]| {
        let input = std::fs::File::open(&block).unwrap();
        let output = env.command(args).stdin(input).output().unwrap();
        CommandResult::from_output(args, output)
    };
    let first = log_block(&["log", "-"]);
    assert!(!first.stderr.contains("logged before"), "{}", first.stderr);
    let again = log_block(&["log", "--once", "-"]);
    assert!(
        again.stderr.contains(
            "2000 lines were logged before with the same time and text: left out lines 1-2000"
        ),
        "{}",
        again.stderr
    );
}

#[rstest]
#[case("--once")]
#[case("--skip-comments")]
fn what_leaves_out_lines_is_for_a_block(#[case] flag: &str) {
    let env = env();
    env.run(&["log", flag, "10:01 a"])
        .assert_error(2, &["is for the lines of standard input"]);
    assert_eq!(events(&env), [""; 0]);
}

#[test]
fn a_line_without_a_time_below_another_day_is_refused() {
    let env = env();
    let result = log(
        &env,
        "first\n2026-11-20\n10:01 a\nand more of it\n10:02 b\n",
    );
    result.assert_error(
        1,
        &[
            "line 4: it has no time, so it would be logged at now, and not on 2026-11-20",
            "write its time before it, or log it alone",
        ],
    );
    assert_eq!(
        events(&env),
        [
            "2026-11-20T10:01 a",
            "2026-11-20T10:02 b",
            "2026-11-26T20:00 first"
        ]
    );
    // With its time as a flag it has one.
    env.run_with_stdin(
        &["log", "--at", "2026-11-20 10:03", "-"],
        b"2026-11-20\nand more of it\n",
    );
    assert_eq!(events(&env)[2], "2026-11-20T10:03 and more of it");
}

#[test]
fn a_line_without_a_time_among_others_of_today_is_noted() {
    let env = env();
    let result = log(
        &env,
        "today\nfirst\n19:01 a\nand more of it\n19:02 b\nlast\n",
    );
    assert_eq!(result.exit_code, 0, "{result:#?}");
    let notes: Vec<&str> = result.stderr.lines().collect();
    assert_eq!(notes.len(), 2, "{result:#?}");
    assert!(notes[0].contains("it has no time: it is logged at now, 20:00"));
    assert!(
        notes[1].contains("1 more such note (line 6)"),
        "{result:#?}"
    );
}

#[test]
fn a_printed_postmortem_is_refused_row_by_row_and_its_frame_left_out() {
    let env = env();
    log(
        &env,
        "2026-11-20\n10:01 fault: a | b @db !down\n~10:02-10:20 decision: c why: d\n2026-11-21\n00:10 verify: e\n",
    );
    let before = events(&env);
    let document = env.run_ok(&["postmortem"]);
    let result = log(&env, &document);
    result.assert_error(
        1,
        &[
            "it is a row of a table or a printed timeline",
            "0 were logged",
            "left out lines",
        ],
    );
    assert!(!result.stderr.contains("logged as text"), "{result:#?}");
    // The declaration is a row too.
    let refused = result
        .stderr
        .matches("it is a row of a table or a printed timeline")
        .count();
    assert_eq!(refused, 4, "{result:#?}");
    assert_eq!(events(&env), before);
}

#[test]
fn the_zone_of_a_printed_timeline_is_left_out_and_the_day_before_it_counts() {
    let env = env();
    let result = log(
        &env,
        "Friday, 20 November 2026. Times are in UTC.\n\n| Time | What |\n|---|---|\n| 10:01 | a |\n",
    );
    assert_eq!(result.exit_code, 0, "{result:#?}");
    assert!(
        result.stderr.contains(
            "2 lines belong to a printed table, document or code block, without an event: left out lines 3-4"
        ),
        "{result:#?}"
    );
    assert_eq!(events(&env), ["2026-11-20T10:01 a"]);
}

#[test]
fn the_lines_of_show_are_refused_with_what_they_go_on_with() {
    let env = env();
    log(
        &env,
        "2026-11-20\n10:01 decision: a why: b not: c\n~10:02 fault: d @db !down\n",
    );
    let before = events(&env);
    let shown = env.run_ok(&["show"]);
    let result = log(&env, &shown);
    result.assert_error(1, &["0 were logged", "left out lines 1-2"]);
    let rows = result.stderr.matches("it is a row of a table").count();
    let others = result
        .stderr
        .matches("belongs to the row of a printed")
        .count();
    assert_eq!((rows, others), (3, 2), "{result:#?}");
    assert_eq!(events(&env), before);
}

#[rstest]
#[case("handoff: to Zed Oh", "`bridgelog handoff 'Zed Oh'` does it")]
#[case("handoff: zed oh takes over", "command is not handed over")]
#[case("handoff: done", "`done` is nobody's name")]
#[case("handoff: 14:00", "`14:00` is nobody's name")]
#[case("handoff: ?", "`?` is nobody's name")]
#[case("handoff: @ann and @raj", "not clear to whom")]
fn a_handoff_that_names_no_known_person_says_that_no_command_passes(
    #[case] line: &str,
    #[case] says: &str,
) {
    let env = env();
    let result = env.run(&["log", line]);
    assert!(result.stderr.contains(says), "{result:#?}");
    let event = env.run_json(&["show", "--json"])["events"][1].clone();
    assert_eq!(event["commander"], serde_json::Value::Null, "{event}");
}

#[rstest]
#[case("handoff: zed")]
#[case("handoff: to zed")]
#[case("handoff: @zed")]
fn a_handoff_to_one_word_passes_the_command(#[case] line: &str) {
    let env = env();
    env.run_ok(&["log", line]);
    let event = env.run_json(&["show", "--json"])["events"][1].clone();
    assert_eq!(event["commander"], "zed", "{event}");
}

#[rstest]
#[case("handoff: @ann -> @raj")]
#[case("handoff: @ann → @raj")]
#[case("handoff: @ann hands over to @raj")]
#[case("handoff: from @ann to @raj")]
#[case("handoff: @ann is relieved by @raj")]
#[case("handoff: @raj takes over from @ann")]
#[case("handoff: @raj @ann")]
fn a_handoff_of_two_people_passes_the_command_to_the_second(#[case] line: &str) {
    let env = env();
    env.run_ok(&["log", line]);
    let event = env.run_json(&["show", "--json"])["events"][1].clone();
    assert_eq!(event["commander"], "raj", "{event}");
}

#[rstest]
#[case("13:50 raj")]
#[case("raj 5m ago")]
#[case("raj at 13:50")]
#[case("?")]
fn a_name_with_a_time_in_it_is_refused(#[case] name: &str) {
    env()
        .run(&["handoff", name])
        .assert_error(2, &["is not a name", "commander"]);
}

#[rstest]
#[case("now", "leave the time out")]
#[case("noon", "write `12:00`")]
#[case("midnight", "`today 00:00`")]
#[case("soon", "such as 10:06 or -12m")]
fn a_word_for_a_time_is_refused_with_the_form_that_is_taken(
    #[case] word: &str,
    #[case] hint: &str,
) {
    let env = env();
    env.run(&["log", "--at", word, "x"])
        .assert_error(2, &[hint]);
    assert_eq!(events(&env), [""; 0]);
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

#[rstest]
#[case("## Impact")]
#[case("### What went well")]
#[case("##")]
fn a_heading_is_left_out_of_a_block_and_a_note_alone(#[case] heading: &str) {
    let env = env();
    let result = log(&env, &format!("{heading}\n2026-11-20\n10:01 a\n"));
    assert_eq!(result.exit_code, 0, "{result:#?}");
    assert!(result.stderr.contains("left out line 1"), "{result:#?}");
    assert_eq!(events(&env), ["2026-11-20T10:01 a"]);
    env.run_ok(&["log", heading]);
    assert_eq!(events(&env).len(), 2);
}

/// The times below it would be read as those of today, or of the incident's zone.
#[rstest]
#[case("## Incident 2026-06-12 checkout", "its day is not known")]
#[case("## Friday's outage", "its day is not known")]
#[case("## Timeline (UTC; JST = +9h)", "its zone is not known")]
#[case("## Timeline (JST)", "its zone is not known")]
#[case(
    "On 2026-11-20, checkout was down. All times in UTC.",
    "its day is not known"
)]
fn a_heading_that_may_say_the_day_or_the_zone_takes_the_times_below_with_it(
    #[case] heading: &str,
    #[case] why: &str,
) {
    let env = env();
    let result = log(&env, &format!("{heading}\n10:01 a\n"));
    result.assert_error(1, &["line 1: ", why]);
    assert!(events(&env).is_empty(), "{result:#?}");
}

#[test]
fn a_heading_that_may_be_an_event_is_refused() {
    let env = env();
    let result = log(&env, "## fault: web is gone\n10:01 a\n");
    result.assert_error(1, &["line 1: it is a Markdown heading"]);
}

#[test]
fn a_zone_of_all_times_below_some_that_were_read_in_another_is_refused() {
    let env = env();
    let block = "2026-11-20\n10:01 a\n(all times JST)\n";
    log(&env, block).assert_error(1, &["line 3: "]);
    let result = log(&env, "2026-11-20\n10:02 a\n(all times UTC-3)\n10:03 b\n");
    result.assert_error(1, &["line 3: it states", "for all times"]);
}

#[test]
fn headings_that_are_days_and_literal_lines_are_read_as_before() {
    let env = env();
    log(&env, "## Friday, 20 November 2026\n10:01 a\n##tag b\n");
    assert_eq!(events(&env)[0], "2026-11-20T10:01 a");
    let literal = env.run_with_stdin(&["log", "--literal", "-"], b"## Impact\n");
    assert_eq!(literal.exit_code, 0, "{literal:#?}");
}

/// A line that was logged at now has seconds; the same line of a list has only the minute.
#[rstest]
#[case("10:01:23 a", "10:01 a", true)]
#[case("10:01 a", "10:01 a", true)]
#[case("10:01:23 a", "10:01:23 a", true)]
#[case("10:01 a", "10:01:30 a", false)]
#[case("10:01:10 a", "10:01:40 a", false)]
#[case("10:02 a", "10:01 a", false)]
#[case("10:01:59 a", "10:02 a", false)]
#[case("10:01:23 a", "10:01 b", false)]
fn a_line_with_only_its_minute_is_the_same_as_one_in_that_minute(
    #[case] first: &str,
    #[case] second: &str,
    #[case] is_same: bool,
) {
    let env = env();
    log(&env, &format!("2026-11-20\n{first}\n"));
    let again = log(&env, &format!("2026-11-20\n{second}\n"));
    let said = again.stderr.contains("logged before");
    assert_eq!(said, is_same, "{again:#?}");
}

/// Logs `block` in an incident of `zone` that was declared at `at` two years or more before.
fn logged_in(zone: &str, at: &str, block: &str) -> (TestEnv, CommandResult) {
    let mut env = TestEnv::new();
    env.set_now("2026-11-27T15:00:42Z");
    env.run_ok(&[
        "declare",
        "x",
        "--zone",
        zone,
        "--at",
        at,
        "--service",
        "web",
    ]);
    let result = log(&env, block);
    assert_eq!(result.exit_code, 0, "{result:#?}");
    (env, result)
}

#[rstest]
#[case("25 Nov\n10:00 a\n26 Nov\n00:10 b\n")]
#[case("Mon\n10:00 a\nTue\n00:10 b\n")]
#[case("25 Nov 2024\n10:00 a\n26 Nov\n00:10 b\n")]
#[case("## Monday, 25 November\n10:00 a\n## Tuesday, 26 November\n00:10 b\n")]
#[case("25 Nov 2024\n10:00 a\n26 Nov 00:10 b\n")]
fn a_day_line_without_a_year_is_of_the_incident_and_it_is_said(#[case] block: &str) {
    let (env, result) = logged_in("UTC", "2024-11-25 09:00", block);
    assert_eq!(events(&env), ["2024-11-25T10:00 a", "2024-11-26T00:10 b"]);
    assert!(result.stderr.contains("was taken as"), "{result:#?}");
}

#[test]
fn a_day_line_without_a_year_follows_the_one_above_into_the_next_year() {
    let block = "Dec 31 2024\n23:50 a\nJan 1\n00:10 b\n";
    let (env, _) = logged_in("UTC", "2026-11-27 14:00", block);
    assert_eq!(events(&env), ["2024-12-31T23:50 a", "2025-01-01T00:10 b"]);
}

#[test]
fn the_latest_day_of_an_earlier_year_is_said() {
    let (env, result) = logged_in("UTC", "2026-11-27 14:00", "Dec 24\n10:00 a\n");
    assert_eq!(events(&env), ["2025-12-24T10:00 a"]);
    assert!(
        result
            .stderr
            .contains("the day line `Dec 24` was taken as 2025-12-24"),
        "{result:#?}"
    );
}

#[test]
fn a_day_line_that_may_be_of_two_years_is_refused_with_the_times_below_it() {
    let (env, _) = logged_in("UTC", "2024-11-25 09:00", "25 Nov\n10:00 a\n");
    env.run_ok(&["resolve", "2024-11-25 12:00 over"]);
    let before = events(&env);
    let args = ["log", "--incident", "1", "-"];
    let result = env.run_with_stdin(&args, b"27 Nov\n10:00 b\n");
    assert_ne!(result.exit_code, 0, "{result:#?}");
    for says in [
        "line 1: `27 Nov` may be 2024-11-27 or 2026-11-27",
        "line 2: its day is not known",
    ] {
        assert!(result.stderr.contains(says), "{says}: {result:#?}");
    }
    assert_eq!(events(&env), before);
}

#[rstest]
#[case("09:50 fault: a !down\nno time\n10:36 restore: b\n")]
#[case("no time\n- 09:50 fault: a !down\n  - detail\n- 10:36 restore: b\n")]
fn a_line_at_now_among_others_leaves_them_on_the_days_of_the_incident(#[case] block: &str) {
    for declared in ["2021-06-08 09:47", "2026-11-26 09:47"] {
        let (env, result) = logged_in("UTC", declared, block);
        let day = &declared[..10];
        let of_the_day: Vec<String> = events(&env)
            .into_iter()
            .filter(|event| event.starts_with(day))
            .collect();
        let expected = [format!("{day}T09:50 a"), format!("{day}T10:36 b")];
        assert_eq!(of_the_day, expected, "{result:#?}");
        assert!(
            result
                .stderr
                .contains(&format!("was taken as that of {day}")),
            "{result:#?}"
        );
    }
}

#[test]
fn times_in_ascending_order_are_of_one_day() {
    // From 09:00 of the day on, 22:23 of the day before is nearer.
    let block = "05:15 a\n07:51 b\n22:23 c\n22:40 d\n";
    let (env, result) = logged_in("UTC", "2024-11-25 09:00", block);
    let expected = ["05:15 a", "07:51 b", "22:23 c", "22:40 d"];
    assert_eq!(
        events(&env),
        expected.map(|event| format!("2024-11-25T{event}"))
    );
    assert!(!result.stderr.contains("out of the order"), "{result:#?}");
}

#[rstest]
#[case(
    "America/New_York",
    "2026-11-25\n20:00 a\n01:30 UTC b\n20:45 c\n",
    &["2026-11-26T01:00 a", "2026-11-26T01:30 b", "2026-11-26T01:45 c"]
)]
#[case(
    "Asia/Tokyo",
    "2026-11-25\n08:30 a\n23:40 UTC b\n08:50 c\n",
    &["2026-11-24T23:30 a", "2026-11-24T23:40 b", "2026-11-24T23:50 c"]
)]
// Over midnight, here and there.
#[case(
    "America/New_York",
    "2026-11-25\n23:50 a\n05:10 UTC b\n00:20 c\n",
    &["2026-11-26T04:50 a", "2026-11-26T05:10 b", "2026-11-26T05:20 c"]
)]
// A day line above times of another zone is a day of that zone.
#[case(
    "Asia/Tokyo",
    "2026-11-25\n23:40 UTC a\n08:50 b\n00:10 UTC c\n",
    &["2026-11-25T23:40 a", "2026-11-25T23:50 b", "2026-11-26T00:10 c"]
)]
#[case(
    "America/New_York",
    "2026-11-26\n00:10 UTC a\n00:20 UTC b\n",
    &["2026-11-26T00:10 a", "2026-11-26T00:20 b"]
)]
fn a_line_in_another_zone_leaves_the_day_of_the_lines_below(
    #[case] zone: &str,
    #[case] block: &str,
    #[case] expected: &[&str],
) {
    let (env, _) = logged_in(zone, "2026-11-24 00:00", block);
    assert_eq!(events(&env), expected);
}

/// An open incident in New York.
fn env_in_new_york() -> TestEnv {
    let mut env = TestEnv::new();
    env.set_now("2026-11-26T20:00:00Z");
    let zone = "America/New_York";
    env.run_ok(&["declare", "x", "--zone", zone, "--at", "2026-11-20 00:00"]);
    env
}

/// Returns the time in UTC and the text of each event after the declaration.
fn events_in_utc(env: &TestEnv) -> Vec<String> {
    let show = env.run_json(&["show", "--json"]);
    let events = show["events"].as_array().unwrap();
    events
        .iter()
        .filter(|event| event["kind"] != "declare")
        .map(|event| {
            let at = chrono::DateTime::parse_from_rfc3339(event["at"].as_str().unwrap()).unwrap();
            let text = event["text"].as_str().unwrap();
            format!("{} {text}", at.to_utc().format("%Y-%m-%dT%H:%M"))
        })
        .collect()
}

#[rstest]
#[case("Wed 25 Nov 2026. Times are UTC\n10:06 a\n", "2026-11-25T10:06 a")]
#[case("Times are in UTC.\n2026-11-25\n10:06 a\n", "2026-11-25T10:06 a")]
#[case("All times in PST\n2026-11-25\n10:06 a\n", "2026-11-25T18:06 a")]
#[case("Times are UTC+2\n2026-11-25\n10:06 a\n", "2026-11-25T08:06 a")]
#[case("## Timeline (IST)\n", "")]
#[case("Timeline (PST)\nNov 25\n10:06 a\n", "2026-11-25T18:06 a")]
#[case("2026-11-25 (UTC)\n10:06 a\n", "2026-11-25T10:06 a")]
#[case("2026-11-25\n10:06 a EST\n", "2026-11-25T15:06 a EST")]
#[case("All times in UTC\n2026-11-25\n10:06 EST a\n", "2026-11-25T15:06 a")]
fn a_block_that_states_its_zone_is_read_in_it_or_refused(
    #[case] block: &str,
    #[case] expected: &str,
) {
    let env = env_in_new_york();
    let result = log(&env, block);
    let found = events_in_utc(&env);
    if expected.is_empty() {
        result.assert_error(1, &["`IST` is not a time zone abbreviation", "line 1"]);
        assert_eq!(found, [""; 0], "{result:#?}");
    } else {
        assert_eq!(result.exit_code, 0, "{result:#?}");
        assert_eq!(found, [expected], "{result:#?}");
    }
}

#[test]
fn a_zone_of_the_other_half_of_the_year_is_said() {
    let says = "while America/New_York had EDT then; write `ET`";
    for (block, is_said) in [
        (
            "Times in EST\n2026-07-14 10:06 a\n2026-07-14 10:07 b\n",
            true,
        ),
        ("2026-07-14 10:06 EST a\n2026-07-14 10:07 EST b\n", true),
        ("Times in EST\n2026-11-25 10:06 a\n", false),
        ("Times in ET\n2026-07-14 10:06 a\n", false),
        ("Times in EST\n2026-07-14 10:06 UTC a\n", false),
    ] {
        let env = env_in_new_york();
        let result = log(&env, block);
        assert_eq!(result.exit_code, 0, "{result:#?}");
        assert_eq!(result.stderr.contains(says), is_said, "{result:#?}");
    }
}

#[test]
fn a_stated_zone_is_said_once_and_one_that_is_unknown_stops_the_times_below_it() {
    let env = env_in_new_york();
    let result = log(&env, "All times in UTC\n2026-11-25\n10:06 a\n10:07 b\n");
    let says = "the times below line 1 were read in UTC, as it says";
    assert_eq!(result.stderr.matches(says).count(), 1, "{result:#?}");
    let result = log(&env, "Times are in IST\n2026-11-25\n10:08 c\n10:09 UTC d\n");
    result.assert_error(
        1,
        &["`IST` is not", "its zone is not known: line 1 states one"],
    );
    let found = events_in_utc(&env);
    assert!(
        !found.iter().any(|event| event.ends_with(" c")),
        "{found:?}"
    );
}

#[rstest]
#[case("2026-Nov-25", "2026-11-25")]
#[case("2026.11.25.", "2026-11-25")]
#[case("2026年11月25日", "2026-11-25")]
#[case("2026년 11월 25일", "2026-11-25")]
#[case("On 25 Nov:", "2026-11-25")]
#[case("on Nov 25, 2026", "2026-11-25")]
#[case("25. November 2026", "2026-11-25")]
#[case("## On 25 November", "2026-11-25")]
#[case("Mittwoch, 25. November 2026", "2026-11-25")]
#[case("Donnerstag, 26. November", "2026-11-26")]
fn further_forms_of_a_day_set_the_day(#[case] line: &str, #[case] day: &str) {
    let env = env();
    let result = log(&env, &format!("{line}\n10:06 a\n"));
    assert_eq!(result.exit_code, 0, "{result:#?}");
    assert_eq!(events(&env), [format!("{day}T10:06 a")], "{result:#?}");
}

#[rstest]
#[case("25.11.26")]
#[case("26th")]
#[case("the 26th")]
#[case("25-Nov-26")]
#[case("25 novembre 2026")]
#[case("Wed the 25th")]
#[case("Thursday evening")]
#[case("Thursday - day two")]
#[case("25-26 Nov 2026")]
#[case("Day 2")]
#[case("on Monday")]
fn a_day_that_is_not_read_is_refused_with_the_times_below_it(#[case] line: &str) {
    let env = env();
    let block = format!("20. November 2026\n10:06 a\n{line}\n10:07 b\n");
    let result = log(&env, &block);
    result.assert_error(1, &["line 3", "its day is not known: line 3 is not a date"]);
    assert!(
        !events(&env).iter().any(|event| event.ends_with(" b")),
        "{result:#?}"
    );
    let result = log(&env, &format!("{line}\n10:07 b\n"));
    result.assert_error(1, &["its day is not known: line 1 is not a date"]);
    assert!(
        !events(&env).iter().any(|event| event.ends_with(" b")),
        "{result:#?}"
    );
}

#[rstest]
#[case("db is down")]
#[case("1.2.3")]
#[case("Friday deploy is out")]
#[case("night shift")]
#[case("3 hosts lost")]
fn a_short_text_is_no_day(#[case] line: &str) {
    let env = env();
    let result = log(&env, &format!("today\n{line}\n10:07 b\n"));
    assert!(!result.stderr.contains("is not a date"), "{result:#?}");
}

#[test]
fn markers_in_a_code_block_are_text_and_it_is_said_once() {
    let env = env();
    let block = "20 Nov 2026\n10:00 pasted:\n```log\n10:05:59 ERROR !down @web #x\n10:06:00 more !down\n```\n10:07 after #y\n";
    let result = log(&env, block);
    assert_eq!(result.exit_code, 0, "{result:#?}");
    let says = "line 3 begins a code block: markers in it are text";
    assert_eq!(result.stderr.matches(says).count(), 1, "{result:#?}");
    let shown = env.run_json(&["show", "--json"]);
    let logged: Vec<String> = shown["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["kind"] == "note")
        .map(|event| format!("{} {} {}", event["text"], event["state"], event["tags"]))
        .collect();
    assert_eq!(
        logged,
        [
            "\"pasted:\" null []",
            "\"ERROR !down @web #x\" null []",
            "\"more !down\" null []",
            "\"after\" null [\"y\"]",
        ]
    );
    // Code within a line is no block.
    let result = log(&env, "```10:08 x``` !down\n10:09 y #z\n");
    assert!(!result.stderr.contains("code block"), "{result:#?}");
}

/// The incident of [`env`], declared today, a Thursday.
fn env_of_today() -> TestEnv {
    let mut env = TestEnv::new();
    env.set_now("2026-11-26T20:00:00Z");
    env.run_ok(&["declare", "x", "--zone", "UTC", "--at", "2026-11-26 08:00"]);
    env
}

#[rstest]
#[case("Thu\n13:50 a\nFri\n13:50 b\n", "2026-11-20, or 2026-11-27")]
#[case("Tue\n13:50 a\nSat\n13:50 b\n", "2026-11-21, or 2026-11-28")]
#[case("Thu 13:50 a\nFri 13:50 b\n", "2026-11-20, or 2026-11-27")]
#[case("Nov 26\n13:50 a\nNov 27\n13:50 b\n", "2025-11-27, or 2026-11-27")]
fn a_day_that_goes_on_to_one_still_to_come_is_refused_with_its_times(
    #[case] block: &str,
    #[case] days: &str,
) {
    let env = env_of_today();
    let result = log(&env, block);
    assert_eq!(result.exit_code, 1, "{block}: {result:#?}");
    assert!(result.stderr.contains(days), "{result:#?}");
    assert!(
        events(&env).iter().all(|event| event.ends_with(" a")),
        "{block}"
    );
}

#[rstest]
#[case(
    "Mon\n13:50 a\nTue\n13:50 b\nThu\n13:50 c\n",
    ["2026-11-23T13:50 a", "2026-11-24T13:50 b", "2026-11-26T13:50 c"]
)]
#[case(
    "Thu\n13:50 a\nWed\n13:50 b\nTue\n13:50 c\n",
    ["2026-11-24T13:50 c", "2026-11-25T13:50 b", "2026-11-26T13:50 a"]
)]
#[case(
    "Tue 13:50 a\nWed 13:50 b\nyesterday 14:50 c\n",
    ["2026-11-24T13:50 a", "2026-11-25T13:50 b", "2026-11-25T14:50 c"]
)]
fn days_of_the_week_up_to_today_are_in_their_order(
    #[case] block: &str,
    #[case] expected: [&str; 3],
) {
    let env = env_of_today();
    let result = log(&env, block);
    assert_eq!(events(&env), expected, "{block}: {result:#?}");
}

#[test]
fn a_day_and_time_still_to_come_below_another_is_not_that_of_the_year_before() {
    let env = env_of_today();
    let result = log(&env, "Nov 25 13:50 a\nNov 26 23:50 b\n");
    result.assert_error(1, &["line 2: 2026-11-26 23:50 is later than now"]);
    assert_eq!(events(&env), ["2026-11-25T13:50 a"]);
}

#[rstest]
#[case("2 days ago\n13:50 a\n")]
#[case("yesterday 10:00\n13:50 a\n")]
#[case("2026-11-20 00:00\n13:50 a\n")]
#[case("2026_11_20\n13:50 a\n")]
fn a_line_of_another_day_that_is_refused_takes_the_times_below_it_along(#[case] block: &str) {
    let env = env_of_today();
    let result = log(&env, block);
    result.assert_error(1, &["line 2: its day is not known"]);
    assert_eq!(events(&env), [] as [&str; 0], "{block}");
}

#[rstest]
#[case("<h2>20 November 2026</h2>\n13:50 a\n")]
#[case("<p class=\"d\"><b>20 November 2026</b></p>\n13:50 a\n")]
fn a_day_within_tags_of_a_web_page_is_a_day_line(#[case] block: &str) {
    let env = env();
    let result = log(&env, block);
    assert_eq!(events(&env), ["2026-11-20T13:50 a"], "{result:#?}");
}

#[rstest]
#[case("2026-11-20\n13:50 fault: x #y !down\n", "2026-11-20T13:50")]
#[case(
    "Times in UTC+2\n2026-11-20 13:50 fault: x #y !down\n",
    "2026-11-20T11:50"
)]
fn literal_lines_have_their_times_and_no_markers(#[case] block: &str, #[case] at: &str) {
    let env = env();
    let result = env.run_with_stdin(&["log", "--literal", "-"], block.as_bytes());
    assert_eq!(result.exit_code, 0, "{result:#?}");
    let expected = format!("{at} fault: x #y !down");
    assert_eq!(events(&env), [expected], "{block}: {result:#?}");
}

#[rstest]
#[case("13:50 C# @web is down", "2026-11-26T13:50 C# @web is down")]
#[case("\\13:50 is the time", "2026-11-26T20:00 13:50 is the time")]
#[case("\\fault: x", "2026-11-26T20:00 \\fault: x")]
fn a_literal_line_begins_with_its_time(#[case] line: &str, #[case] expected: &str) {
    let env = env_of_today();
    env.run_ok(&["log", "--literal", line]);
    assert_eq!(events(&env), [expected]);
}

#[rstest]
#[case("🔴 13:50 a\n🟢 14:02 b\n")]
#[case("→ 13:50 a\n→ 14:02 b\n")]
#[case(":fire: 13:50 a\n✅ 14:02 b\n")]
#[case("#1 13:50 a\n#2 14:02 b\n")]
fn a_sign_before_a_time_is_the_mark_of_a_list(#[case] block: &str) {
    let env = env_of_today();
    let result = log(&env, block);
    assert_eq!(result.exit_code, 0, "{result:#?}");
    let expected = ["2026-11-26T13:50 a", "2026-11-26T14:02 b"];
    assert_eq!(events(&env), expected, "{block}: {result:#?}");
}

#[rstest]
#[case("Step 1: 13:50 a\nStep 2: 14:02 b\n")]
#[case("@bob 13:50 a\n@mia 14:02 b\n")]
#[case("Bob (13:50): a\nMia (14:02): b\n")]
#[case("Alert fired - 13:50\nAcked - 14:02\n")]
#[case("deploy #12 ok 2026-11-26 13:50\ndeploy #13 ok 2026-11-26 14:02\n")]
fn a_block_whose_times_are_all_behind_other_text_is_refused(#[case] block: &str) {
    let env = env_of_today();
    let result = log(&env, block);
    result.assert_error(1, &["line 1: its time is not at its beginning"]);
    assert_eq!(events(&env), [] as [&str; 0], "{block}");
}

#[rstest]
#[case("web is down, customers saw it at 13:50\nsupport is told\n", 2)]
#[case("10.0.0.1:8080 is down\n10.0.0.2:8080 is down\n", 2)]
#[case("13:50 a\nnext update: 21:30\n", 2)]
#[case("fault: web is down since 13:50\nfault: db is down since 13:52\n", 2)]
fn times_in_some_texts_and_ports_are_text(#[case] block: &str, #[case] count: usize) {
    let env = env_of_today();
    let result = log(&env, block);
    assert_eq!(events(&env).len(), count, "{block}: {result:#?}");
}
