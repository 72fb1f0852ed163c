//! Copies of chats, and texts that are none.

use super::{super::row::Action, *};
use proptest::prelude::*;
use rstest::rstest;

const SLACK: &str = include_str!("../../../tests/import/chat/slack.txt");
const SLACK_ONE_LINE: &str = include_str!("../../../tests/import/chat/slack_one_line.txt");
const TEAMS: &str = include_str!("../../../tests/import/chat/teams.txt");
const DISCORD: &str = include_str!("../../../tests/import/chat/discord.txt");
const IRSSI: &str = include_str!("../../../tests/import/chat/irssi.log");
const WEECHAT: &str = include_str!("../../../tests/import/chat/weechat.log");
const WHATSAPP_IOS: &str = include_str!("../../../tests/import/chat/whatsapp_ios.txt");
const WHATSAPP_US: &str = include_str!("../../../tests/import/chat/whatsapp_us.txt");
const WHATSAPP: &str = include_str!("../../../tests/import/chat/whatsapp.txt");

fn rows(text: &str, date: Option<&str>) -> Vec<Result<Row, RowError>> {
    let options = ReadOptions {
        date: date.map(|date| date.parse().unwrap()),
        ..ReadOptions::default()
    };
    let lines: Vec<&str> = text.lines().collect();
    match read_rows(&lines, &options) {
        Ok(rows) => rows,
        Err(error) => vec![Err(error)],
    }
}

/// One line for each row: time, author, action if it is no message, text.
fn shown(text: &str, date: Option<&str>) -> Vec<String> {
    rows(text, date)
        .into_iter()
        .map(|row| match row {
            Ok(row) => {
                let name = row.speaker.map_or_else(|| "-".to_owned(), |s| s.name);
                let action = match row.action {
                    Action::Message => String::new(),
                    action => format!("({}) ", action.rule().word),
                };
                let at = format!("{:?}", row.at);
                let at = at
                    .split_once('(')
                    .unwrap()
                    .1
                    .trim_end_matches(')')
                    .to_owned();
                format!("{at} {name}: {action}{}", row.text.replace('\n', " / "))
            }
            Err(error) => format!("{error} [{}]", error.hint.clone().unwrap_or_default()),
        })
        .collect()
}

#[test]
fn slack_in_its_usual_form() {
    assert_eq!(
        shown(SLACK, Some("2026-11-19")),
        [
            "2026-11-19T23:58:00 Ann Lee: checkout returns 502 for about a third of the orders",
            "2026-11-19T23:59:00 Ann Lee: looks like `orders-db` again",
            "2026-11-20T00:03:00 Deploy Bot: Rollback of checkout 4.18 finished / see https://ci.example/run/88?token=[removed]&page=2",
            "2026-11-20T00:04:00 Bob van Dyk: (join) joined #incident-42.",
            "2026-11-20T00:05:00 Bob van Dyk: what I see: / - pool at 100 % /  / - 12 of 12 replicas wait",
            "2026-11-20T00:07:00 Ann Lee: what I see: / the pool is too small",
            "2026-11-20T00:08:00 Ann Lee: 3",
            "2026-11-20T00:08:00 Ann Lee: 3",
        ]
    );
    // From yesterday to today without a date: how far that is from the first row is not known.
    let asked = shown(SLACK, None);
    assert!(asked.last().unwrap().contains("--date"), "{asked:?}");
}

#[test]
fn slack_with_name_and_time_on_one_line() {
    assert_eq!(
        shown(SLACK_ONE_LINE, None),
        [
            "0004-11-20T10:06:00 ann: checkout is down / we restarted it at 10:02",
            "0004-11-20T10:07:00 Bob van Dyk: looking",
            "0004-11-20T10:09:00 bob: found it: the pool",
            "0004-11-20T10:10:00 bob: note: it is the pool of orders-db",
        ]
    );
}

#[test]
fn teams_and_a_date_that_another_date_decides() {
    assert_eq!(
        shown(TEAMS, None),
        [
            "2026-11-20T10:06:00 Lee, Ann: checkout is down",
            "2026-11-20T10:07:00 Bob van Dyk: looking",
            "2026-12-03T09:00:00 Ann Lee: postmortem is out",
        ]
    );
    let asked = shown(
        "[03/04/2026 09:00] Ann Lee\nout\n[03/04/2026 09:01] Bob\nok",
        None,
    );
    assert_eq!(asked.len(), 1);
    assert!(
        asked[0].starts_with("line 1: ") && asked[0].contains("--date 2026-04-03"),
        "{asked:?}"
    );
    let decided = shown(
        "[03/04/2026 09:00] Ann Lee\nout\n[03/04/2026 09:01] Bob\nok",
        Some("2026-03-04"),
    );
    assert_eq!(decided[0], "2026-03-04T09:00:00 Ann Lee: out");
}

#[test]
fn teams_in_german() {
    assert_eq!(
        shown(
            "[20.11. 10:06] Lee, Ann\ncheckout ist weg\n[20.11. 10:07] Bob\nheute\n",
            None
        ),
        [
            "0004-11-20T10:06:00 Lee, Ann: checkout ist weg",
            "0004-11-20T10:07:00 Bob: heute",
        ]
    );
    assert_eq!(
        shown(
            "[Gestern 23:50] Lee, Ann\nweg\n[Heute 00:10] Bob\nda\n",
            Some("2026-11-20")
        ),
        [
            "2026-11-20T23:50:00 Lee, Ann: weg",
            "2026-11-21T00:10:00 Bob: da"
        ]
    );
}

#[test]
fn discord_with_and_without_the_dash_on_the_line() {
    assert_eq!(
        shown(DISCORD, Some("2026-11-19")),
        [
            "2026-11-19T23:58:00 ann: checkout is down",
            "2026-11-19T23:59:00 ann: it is the pool",
            "2026-11-20T00:04:00 Bob van Dyk: looking",
        ]
    );
    assert_eq!(
        shown("[10:06 AM]\nAnn Lee: down\n[10:07 AM]\nBob: looking", None),
        ["10:06:00 Ann Lee: down", "10:07:00 Bob: looking"]
    );
}

#[test]
fn irc_logs() {
    assert_eq!(
        shown(IRSSI, None),
        [
            "2026-11-20T23:51:00 -: (join) bob [~bob@host.example] has joined #incident",
            "2026-11-20T23:58:00 ann: checkout is down",
            "2026-11-20T23:59:00 bob: bob looks",
            "2026-11-21T00:04:00 bob: it is the pool: 100 of 100",
            "2026-11-21T00:05:00 -: (housekeeping) Topic for #incident: checkout",
        ]
    );
    assert_eq!(
        shown(WEECHAT, None),
        [
            "2026-11-20T23:58:01 ann: checkout is down",
            "2026-11-20T23:58:30 -: (join) bob (~bob@host.example) has joined #incident",
            "2026-11-21T00:04:12 bob: it is the pool",
            "2026-11-21T00:05:00 bob: bob waits for the pool",
            "2026-11-21T00:05:30 -: (housekeeping) ann is now known as ann_",
            "2026-11-21T00:06:00 -: (join) bob (~bob@host.example) has quit (Ping timeout)",
        ]
    );
    assert_eq!(
        shown(
            "10:06:12     ann | down\n10:06:20         | see the graph\n10:07:00     bob | ok",
            None
        ),
        [
            "10:06:12 ann: down",
            "10:06:20 -: | see the graph",
            "10:07:00 bob: ok"
        ]
    );
}

#[test]
fn names_before_a_colon_and_lines_below_them() {
    assert_eq!(
        shown(WHATSAPP, None),
        [
            "2026-11-20T10:06:00 Ann Lee: checkout is down",
            "2026-11-20T10:07:00 Bob: looking / second line: with a colon",
            "2026-11-20T10:07:00 Bob: looking",
        ]
    );
}

/// With the invisible marks, numbers for names, and lines in a message that begin with a time.
#[test]
fn whatsapp_of_a_phone_with_brackets() {
    assert_eq!(
        shown(WHATSAPP_IOS, None),
        [
            "2026-11-27T13:48:02 Shop on call: (housekeeping) Messages and calls are end-to-end encrypted. Only people in this chat can read them.",
            "2026-11-27T13:50:10 Ann Lee: checkout returns 502",
            "2026-11-27T13:50:41 Ann Lee: <attached: 00000004-PHOTO-2026-11-27-13-50-41.jpg>",
            "2026-11-27T13:51:03 +49\u{a0}151\u{a0}2345678: so far: / 13:40 deploy of 4.18 / 13:44 pool at 100 % / Orders DB  13:47",
            "2026-11-27T13:52:00 Raj: rolling back",
            "2026-11-27T13:53:30 Ann Lee: (deleted) This message was deleted.",
            "2026-11-27T13:54:00 Ann Lee: done: 502s are gone",
        ]
    );
    assert!(looks_like_chat(WHATSAPP_IOS));
}

#[test]
fn line_of_nobody_in_a_dated_log_is_a_message() {
    let log = "2026-11-27 10:00 Ann: checkout returns 502\n\
               2026-11-27 10:05 we added two nodes\n\
               2026-11-27 10:07 the last of the customers left\n\
               2026-11-27 10:09 Raj: done\n";
    assert_eq!(
        shown(log, None),
        [
            "2026-11-27T10:00:00 Ann: checkout returns 502",
            "2026-11-27T10:05:00 -: we added two nodes",
            "2026-11-27T10:07:00 -: the last of the customers left",
            "2026-11-27T10:09:00 Raj: done",
        ]
    );
}

#[test]
fn whatsapp_with_twelve_hours_and_what_it_wrote_itself() {
    assert_eq!(
        shown(WHATSAPP_US, None),
        [
            "2026-11-27T23:58:00 -: (housekeeping) Messages and calls are end-to-end encrypted. Only people in this chat can read them.",
            "2026-11-27T23:58:00 -: (housekeeping) Ann Lee created group \"Checkout 502\"",
            "2026-11-27T23:58:00 -: (join) Ann Lee added Raj",
            "2026-11-27T23:59:00 Ann Lee: checkout returns 502",
            "2026-11-28T00:01:00 Raj: <Media omitted>",
            "2026-11-28T00:02:00 +1 (555) 010-4477: looking at the pool",
            "2026-11-28T00:03:00 -: (join) Raj left",
        ]
    );
}

#[rstest]
#[case("27/11/2026 à 13:50 - Ann: down\n27/11/2026 à 13:51 - Raj: ok")]
#[case("27.11.26, 13:50 - Ann: down\n27.11.26, 13:51 - Raj: ok")]
#[case("27-11-2026 13:50 - Ann: down\n27-11-2026 13:51 - Raj: ok")]
#[case("2026-11-27, 1:50 p.m. - Ann: down\n2026-11-27, 1:51 p.m. - Raj: ok")]
#[case("27/11/26, 1:50 p.\u{a0}m. - Ann: down\n27/11/26, 1:51 p.\u{a0}m. - Raj: ok")]
#[case("[27.11.2026 13.50.00] Ann: down\n[27.11.2026 13.51.00] Raj: ok")]
#[case("27.11.2026 klo 13.50 - Ann: down\n27.11.2026 klo 13.51 - Raj: ok")]
#[case("2026/11/27 13:50 - Ann: down\n2026/11/27 13:51 - Raj: ok")]
fn whatsapp_in_the_forms_of_other_countries(#[case] text: &str) {
    assert_eq!(
        shown(text, None),
        [
            "2026-11-27T13:50:00 Ann: down",
            "2026-11-27T13:51:00 Raj: ok"
        ]
    );
}

#[test]
fn notes_with_the_day_on_the_first_line_keep_their_lines() {
    assert_eq!(
        shown(
            "20.11.2026 10:06 ann: down\n10:07 bob: looking\n21.11.2026 09:00 ann: back\n09:01 bob: yes",
            None
        ),
        [
            "2026-11-20T10:06:00 ann: down",
            "2026-11-20T10:07:00 bob: looking",
            "2026-11-21T09:00:00 ann: back",
            "2026-11-21T09:01:00 bob: yes",
        ]
    );
}

#[test]
fn same_message_has_the_same_id_in_a_shorter_copy() {
    let ids = |text: &str| -> Vec<String> {
        rows(text, None)
            .into_iter()
            .map(|row| row.unwrap().id)
            .collect()
    };
    let all = ids(WHATSAPP);
    let last = WHATSAPP.lines().last().unwrap();
    assert_eq!(ids(last), all[2..]);
    let twice = ids(&format!("{last}\n{last}"));
    assert_eq!(twice[1], twice[0]);
}

#[test]
fn text_before_the_first_message_is_refused_by_its_line() {
    let found = shown(
        "New\n\nthe end of some message\nAnn Lee\n  10:06\ndown",
        None,
    );
    assert_eq!(
        found[0].split(" [").next().unwrap(),
        "line 3: it is text before the first message"
    );
    assert_eq!(found[1], "10:06:00 Ann Lee: down");
}

#[test]
fn what_people_write_is_not_taken_for_what_clients_add() {
    let text = "Ann Lee\n  10:06\nwhen?\n\n\nBob\n  10:20\n10:06\n\n\nAnn Lee\n  10:21\n:eyes:\n\n\nBob\n  10:22\nwhen is it?\nToday\nor tomorrow\n\n\nAnn Lee\n  10:23\nfailed nodes:\n3\n\n\nBob\n  10:24\nthe 12:00\nrun failed at 10:02";
    assert_eq!(
        shown(text, None),
        [
            "10:06:00 Ann Lee: when?",
            "10:20:00 Bob: 10:06",
            "10:21:00 Ann Lee: :eyes:",
            "10:22:00 Bob: when is it? / Today / or tomorrow",
            "10:23:00 Ann Lee: failed nodes: / 3",
            "10:24:00 Bob: the 12:00 / run failed at 10:02",
        ]
    );
}

#[test]
fn copy_without_indents_is_read_by_its_blank_lines() {
    let text = "Ann Lee\n10:06\ndown\n10:07\nstill down\n\nBob\n10:08\nok";
    assert_eq!(
        shown(text, None),
        [
            "10:06:00 Ann Lee: down",
            "10:07:00 Ann Lee: still down",
            "10:08:00 Bob: ok"
        ]
    );
}

#[test]
fn status_of_a_person_stands_before_the_time_also_in_24_hours() {
    let text = "Ann Lee\n  10:06\ndown\n10:07\nstill\n\n\nBob\n:palm_tree:  10:08\n    indented\n";
    assert_eq!(
        shown(text, None),
        [
            "10:06:00 Ann Lee: down",
            "10:07:00 Ann Lee: still",
            "10:08:00 Bob:     indented",
        ]
    );
}

#[rstest]
#[case(SLACK)]
#[case(SLACK_ONE_LINE)]
#[case(TEAMS)]
#[case(DISCORD)]
#[case(IRSSI)]
fn chats_look_like_chats(#[case] text: &str) {
    assert!(looks_like_chat(text));
}

#[rstest]
#[case("10:06 fault: checkout down\n10:07 ann: looking\n10:09 Ann Lee: it is the pool\n")]
#[case("[10:06] fault: checkout down\n[10:07] detect: alert\n[10:09] Bob: looking")]
#[case("10:06 queue | depth 5\n10:07 queue | depth 6\n")]
#[case(
    "10:06  fault      checkout down @web #db ^kvnqrs\n10:07  detect     alert of orders-db !down\n"
)]
#[case("Thu\n10:06 down\n10:07 up\nFri\n10:08 down")]
#[case(
    "2026-11-20 10:06:12,123 INFO  main started\n2026-11-20 10:06:13,001 ERROR pool exhausted\n"
)]
#[case("2026-11-20T10:06:12Z <info> started\n2026-11-20T10:06:13Z <warn> slow\n")]
#[case("Nov 20 10:06:12 web1 sshd[812]: Accepted key\nNov 20 10:06:13 web1 sshd[812]: closed\n")]
#[case("time,text\n2026-11-20 10:06,down\n2026-11-20 10:07,up\n")]
#[case("time\ttext\n2026-11-20 10:06\tdown\tx\n2026-11-20 10:07\tup\ty\n")]
#[case("We saw it first at 10:06\nand restarted the service at 10:12\n\nIt was back\nat 10:15\n")]
#[case(
    "# Timeline\n\n- 10:06 checkout down\n- 10:12 restarted\n\n| time | text |\n|---|---|\n| 10:06 | down |\n"
)]
#[case("Friday\n10:06\ndown\nSaturday\n10:07\nup\n")]
#[case("Started:\n10:06\nuntil\n\nEnded:\n10:07\nall well\n")]
#[case("Restart  10:06\nDeploy  10:12\nRollback  10:15\n")]
#[case("10:06\n10:07\n10:08\n")]
#[case("")]
fn lines_of_a_timeline_logs_tables_and_prose_do_not(#[case] text: &str) {
    assert!(!looks_like_chat(text));
}

#[test]
fn our_own_forms_of_times_are_no_chat() {
    assert!(!looks_like_chat(include_str!("../../../tests/times.txt")));
    assert!(!looks_like_chat(include_str!("../../../docs/line.md")));
    assert!(!looks_like_chat(include_str!("../../../README.md")));
}

proptest! {
    /// Whatever becomes of a copy, it is read without a panic, and no row comes from nothing.
    #[test]
    fn damaged_chats_are_read(
        text in prop::sample::select(vec![SLACK, SLACK_ONE_LINE, TEAMS, DISCORD, IRSSI, WEECHAT, WHATSAPP, WHATSAPP_IOS, WHATSAPP_US]),
        cut in 0..2000_usize,
        insert in "[ -~\n\t\u{a0}—é😀:\\[\\]]{0,12}",
        line in "(\n|10:06|\\[10:0|<@>|x  10:06 AM|Today|:a:)",
    ) {
        let at = text.char_indices().map(|(at, _)| at).nth(cut % text.chars().count()).unwrap();
        for damaged in [
            format!("{}{insert}{}", &text[..at], &text[at..]),
            format!("{}{}", &text[at..], &text[..at]),
            format!("{}\n{line}\n{}", &text[..at], &text[at..]),
        ] {
            let rows = rows(&damaged, None);
            prop_assert!(rows.len() <= damaged.lines().count() + 1);
            let _ = looks_like_chat(&damaged);
        }
    }

    #[test]
    fn any_text_is_read(text in "([ -~]{0,20}|[0-9]{1,2}:[0-9]{2}|\n|—|\\[|\\]|  |😀){0,40}") {
        rows(&text, Some("2026-11-20"));
        let _ = looks_like_chat(&text);
    }
}
