//! The preview of a paste: what can be left out, what is refused, and that the shown times are logged.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{
    domain::words::State,
    tui::{
        model::{Overlay, Paste, PasteDay},
        msg::ReadRow,
    },
};
use tui_support::TestApp;

fn paste(app: &TestApp) -> &Paste {
    match app.model.overlays.last() {
        Some(Overlay::Paste(paste)) => paste,
        other => panic!("no preview: {other:?}"),
    }
}

fn taken(app: &TestApp) -> Vec<bool> {
    paste(app).rows.iter().map(|row| row.included).collect()
}

/// Returns the local day and time of the events with one of these texts, in the order of the timeline.
fn times(app: &TestApp, texts: &[&str]) -> Vec<String> {
    let events = app.model.timeline.events.iter();
    let wanted = events.filter(|e| texts.contains(&e.value.text.as_str()));
    wanted
        .map(|e| e.value.at.format("%m-%d %H:%M").to_string())
        .collect()
}

#[test]
fn comments_are_left_out_with_one_key_and_taken_again_with_it() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.resize(120, 24)
        .paste("# from chat\n10:20 seen\n# more\n10:21 gone");
    app.assert_shows("4 taken, 2 comments");
    app.press("ctrl-k");
    assert_eq!(taken(&app), [false, true, false, true]);
    app.press("ctrl-k");
    assert_eq!(taken(&app), [true; 4]);
    app.press("ctrl-k").enter_twice();
    assert_eq!(app.timeline_texts().len(), before + 2);
}

#[test]
fn rows_that_are_logged_already_are_shown_and_left_out_with_one_key() {
    let mut app = TestApp::with_outage();
    app.paste("10:20 seen\n10:21 gone").enter_twice();
    let before = app.timeline_texts().len();
    app.paste("10:20 seen\n10:21 gone\n10:22 back\n10:20 seen #more");
    app.assert_shows("4 taken, 2 logged before");
    app.assert_shows("logged already with the same time and text; Ctrl-D leaves such rows out");
    app.press("ctrl-d");
    assert_eq!(taken(&app), [false, false, true, true]);
    app.enter_twice();
    assert_eq!(app.timeline_texts().len(), before + 2);
    // A line without a time is at now, and never the same.
    app.paste("one\ntwo").enter_twice();
    app.paste("one\ntwo").assert_hides("logged before");
}

#[test]
fn a_row_keeps_the_day_that_the_preview_showed_when_the_row_before_it_is_left_out() {
    let mut app = TestApp::with_outage();
    app.paste("2012-08-14\n23:50 late\n00:10 early")
        .press("down space")
        .enter_twice();
    assert_eq!(times(&app, &["late", "early"]), ["08-15 00:10"]);
}

#[test]
fn a_row_without_a_time_below_another_day_is_refused_and_can_be_corrected() {
    let mut app = TestApp::with_outage();
    app.paste("2012-08-15\n10:20 seen\nand gone")
        .press("down down");
    assert_eq!(taken(&app), [true, true, false]);
    let screen = app.screen_text();
    assert!(screen.contains("1 taken, 1 refused"), "{screen}");
    assert!(screen.contains("it has no time"), "{screen}");
    // Space does not take what is refused.
    app.press("space up down");
    assert_eq!(taken(&app), [true, true, false]);
    app.press("tab home")
        .type_text("10:21 ")
        .press("enter")
        .enter_twice();
    assert_eq!(
        times(&app, &["seen", "and gone"]),
        ["08-15 10:20", "08-15 10:21"]
    );
}

#[test]
fn a_row_without_a_time_among_others_is_noted() {
    let mut app = TestApp::with_outage();
    app.paste("10:20 seen\nand gone").press("down");
    assert!(
        app.screen_text()
            .contains("it has no time: it is logged at now, 10:48"),
        "{}",
        app.screen_text()
    );
}

#[test]
fn a_printed_timeline_is_refused_row_by_row_and_its_frame_is_left_out() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.paste("Times are in UTC.\n| time | kind | what |\n|---|---|---|\n| 10:20 | fault | a |\n10:21 gone");
    let frames = paste(&app).rows.iter();
    let frames = frames.filter(|row| matches!(row.read, Some(ReadRow::Frame)));
    assert_eq!(frames.count(), 3);
    let screen = app.screen_text();
    assert!(screen.contains("1 taken, 1 refused"), "{screen}");
    assert!(
        screen.contains("a printed table, document or code block, without an event"),
        "{screen}"
    );
    app.enter_twice();
    assert_eq!(app.timeline_texts().len(), before + 1);
}

#[test]
fn a_handoff_that_names_no_known_person_says_that_no_command_passes() {
    let mut app = TestApp::with_outage();
    app.type_text("handoff: to Zed Oh");
    app.assert_shows("command is not handed over, since the text is not a known person");
    app.press("enter");
    app.assert_status("logged 10:48 handoff");
    assert_ne!(
        app.model.summary.as_ref().unwrap().row.commander.as_deref(),
        Some("Zed Oh")
    );
}

#[test]
fn paste_is_logged_by_a_second_enter_with_no_key_between() {
    let mut app = TestApp::with_outage();
    app.paste("10:20 seen\n10:21 gone")
        .press("enter down enter");
    assert_eq!(app.count_of("seen"), 0);
    app.hold("enter");
    assert_eq!(app.count_of("seen"), 0);
    app.press("enter");
    assert_eq!((app.count_of("seen"), app.count_of("gone")), (1, 1));
}

#[test]
fn rows_of_a_paste_have_the_states_that_those_taken_start() {
    let mut app = TestApp::with_outage();
    app.paste("10:20 mitigate: half of it @online-db\n10:25 restore: back @online-db\n10:30 absorbed: a disk @online-db");
    let states = |app: &TestApp| -> Vec<Option<State>> {
        let rows = paste(app).rows.iter();
        rows.map(|row| match &row.read {
            Some(ReadRow::Event(pasted)) => pasted.state(),
            _ => None,
        })
        .collect()
    };
    let (degraded, ok) = (Some(State::Degraded), Some(State::Ok));
    assert_eq!(states(&app), [degraded, ok, Some(State::AtRisk)]);
    app.assert_shows("states set: 3");
    // Without the restore it is not at risk but degraded.
    app.press("down space");
    assert_eq!(states(&app), [degraded, ok, None]);
    app.assert_shows("states set: 1");
}

#[test]
fn no_day_is_asked_for_in_an_incident_of_the_past() {
    let mut app = TestApp::new();
    app.type_text("2011-05-06 10:05 fault: it purged all @cdn !down")
        .press("enter down enter");
    app.paste("12:30 restore: back @cdn\n12:40 verify: it answers");
    assert_eq!(paste(&app).day, PasteDay::NotAsked);
    app.assert_shows("6 May 12:30").assert_shows("notes: 2");
}

#[test]
fn rows_of_a_paste_with_notes_are_marked_and_counted() {
    let mut app = TestApp::with_outage();
    app.paste("10:20 one\n10:21 restore: back, @online-db still down\n10:22 two");
    app.assert_shows(" · notes: 1");
    let screen = app.screen_text();
    let row = screen.lines().find(|row| row.contains("10:21")).unwrap();
    assert!(row.ends_with("  note"), "{screen}");
}

#[test]
fn letters_typed_over_a_paste_go_to_the_line() {
    let mut app = TestApp::with_outage();
    app.type_text("restart the ")
        .press("home")
        .paste("10:20 seen\n10:21 gone");
    app.type_text("cache exporter at 10:30").press("space down");
    assert_eq!(app.line(), "restart the cache exporter at 10:30 ");
    assert_eq!(taken(&app), [true, true]);
    app.enter_twice();
    assert_eq!((app.count_of("seen"), app.count_of("gone")), (1, 1));
    assert_eq!(app.line(), "restart the cache exporter at 10:30 ");
}

#[test]
fn text_before_the_cursor_is_part_of_the_first_row_and_goes_back_with_esc() {
    let mut app = TestApp::with_outage();
    app.type_text("10:20 se").paste("en\n10:21 gone");
    let rows = |app: &TestApp| -> Vec<String> {
        let rows = paste(app).rows.iter();
        rows.map(|row| row.text.clone()).collect()
    };
    assert_eq!(rows(&app), ["10:20 seen", "10:21 gone"]);
    assert_eq!(app.line(), "");
    app.press("esc");
    assert_eq!(app.line(), "10:20 se");
    assert_eq!(app.kept_drafts(), ["en\n10:21 gone"]);
}

#[test]
fn burst_with_line_ends_is_a_paste_and_later_ones_add_rows() {
    let mut app = TestApp::with_outage();
    let before = app.entry_count();
    app.burst("10:20 one\n10:21 two\n10:22 three");
    assert_eq!(paste(&app).rows.len(), 3);
    app.burst("10:23 four\n10:24 five\n");
    assert_eq!(paste(&app).rows.len(), 5);
    // A stray piece goes to the line, a stray line end logs nothing.
    app.burst("10:25 six").press("enter");
    assert_eq!(app.line(), "10:25 six");
    assert_eq!(app.entry_count(), before);
    app.press("enter");
    assert_eq!(app.count_of("five"), 1);
    assert_eq!(app.line(), "10:25 six");
}

#[test]
fn burst_with_a_line_end_only_at_its_end_asks_and_never_writes() {
    let mut app = TestApp::with_outage();
    app.burst("note: came whole\n");
    assert_eq!(app.line(), "note: came whole");
    app.assert_shows("It was pasted with its line end: Enter logs it.");
    app.press("enter");
    assert_eq!((app.line(), app.count_of("came whole")), ("", 1));
}

#[test]
fn burst_with_line_ends_in_a_prompt_is_its_text() {
    let mut app = TestApp::with_outage();
    let before = app.entry_count();
    app.press("esc x").burst("said\ntwice\n");
    assert_eq!(app.prompt(), "said twice");
    app.press("esc e").burst("one\ntwo");
    assert!(app.prompt().ends_with("one\ntwo"), "{:?}", app.prompt());
    // In the list it begins with the key of a prompt.
    app.press("esc").burst("xtra work for\nall");
    assert_eq!(app.prompt(), "tra work for all");
    assert_eq!(app.entry_count(), before);
}

#[test]
fn burst_in_a_question_does_nothing_and_becomes_rows_with_the_key_that_opened_it() {
    let mut app = TestApp::with_outage();
    let before = app.entry_count();
    app.press("esc u").burst("sers call\nthe shop is down");
    let rows = paste(&app).rows.iter().map(|row| row.text.as_str());
    assert_eq!(rows.collect::<Vec<_>>(), ["users call", "the shop is down"]);
    assert_eq!(app.entry_count(), before);
}

#[test]
fn paste_whose_times_lie_ahead_asks_for_its_day_before_it_is_logged() {
    let mut app = TestApp::with_outage();
    app.paste("23:40 late\n23:50 later").enter_twice();
    app.assert_status("pick the day first");
    assert_eq!(app.count_of("late"), 0);
    assert_eq!(paste(&app).day, PasteDay::Open);
    // Today, then yesterday.
    app.press("right right").enter_twice();
    assert_eq!(
        times(&app, &["late", "later"]),
        ["08-15 23:40", "08-15 23:50"]
    );
}

#[test]
fn rows_left_out_of_a_paste_are_a_draft_after_it_is_logged() {
    let mut app = TestApp::with_outage();
    app.paste("10:20 seen\n10:21 gone\n99:99 bogus")
        .press("down space")
        .enter_twice();
    assert_eq!((app.count_of("seen"), app.count_of("gone")), (1, 0));
    assert_eq!(app.kept_drafts(), ["10:21 gone\n99:99 bogus"]);
}

#[test]
fn click_on_a_row_of_a_paste_takes_it_or_leaves_it_out() {
    let mut app = TestApp::with_outage();
    app.paste("10:20 seen\n10:21 gone").click_on("10:21");
    assert_eq!(taken(&app), [true, false]);
    // And takes back what Enter asked.
    app.press("enter").click_on("10:21");
    assert_eq!(taken(&app), [true, true]);
    app.press("enter");
    assert_eq!(app.count_of("seen"), 0);
}

#[test]
fn rows_that_come_while_a_paste_is_being_logged_stay_in_the_preview() {
    let mut app = TestApp::with_outage();
    app.paste("10:20 seen\n10:21 gone")
        .press("down space enter");
    app.pause_jobs().press("enter");
    // The rest of it, late.
    app.burst("10:22 back\n10:23 and gone again\n");
    app.resume_jobs();
    assert_eq!((app.count_of("seen"), app.count_of("back")), (1, 0));
    assert_eq!(app.kept_drafts(), ["10:21 gone"]);
    assert_eq!(taken(&app), [true, true]);
    app.enter_twice();
    assert_eq!((app.count_of("seen"), app.count_of("back")), (1, 1));
}

#[rstest::rstest]
#[case::esc("esc")]
#[case::as_one_text("ctrl-o")]
#[case::take_or_leave("space")]
#[case::all("ctrl-a")]
#[case::edit("tab")]
fn keys_while_a_paste_is_being_logged_leave_it_as_it_was_sent(#[case] key: &str) {
    let mut app = TestApp::with_outage();
    app.paste("10:20 seen\n10:21 gone")
        .press("down space up enter");
    app.pause_jobs().press("enter").press(key);
    assert_eq!(taken(&app), [true, false]);
    app.resume_jobs();
    assert_eq!((app.count_of("seen"), app.count_of("gone")), (1, 0));
    assert_eq!(app.kept_drafts(), ["10:21 gone"]);
    assert_eq!(app.line(), "");
    assert!(app.model.overlays.is_empty());
}

#[test]
fn day_of_a_paste_is_typed_as_day_lines_are_written() {
    for (typed, day) in [
        ("20 Jul", "20 Jul"),
        ("Jul 20, 2012", "20 Jul"),
        ("2012-07-20", "20 Jul"),
        ("## Fri 20 July", "20 Jul"),
        ("yesterday", "15 Aug"),
        ("Mon", "13 Aug"),
    ] {
        let mut app = TestApp::with_outage();
        app.paste("23:40 late\n23:50 later").press("left");
        app.type_text(typed).press("enter");
        app.enter_twice();
        let shown = app.model.timeline.events.iter();
        let late = shown.filter(|event| event.value.text == "late");
        let late: Vec<String> = late
            .map(|event| event.value.at.format("%-d %b").to_string())
            .collect();
        assert_eq!(late, [day], "{typed}");
    }
    let mut app = TestApp::with_outage();
    app.paste("23:40 late\n23:50 later").press("left");
    app.type_text("20 Jul")
        .press("enter")
        .assert_status("day: Fri 20 Jul 2012");
    app.press("right right right")
        .assert_shows("Day of the first row");
    app.type_text("soon").press("enter");
    app.assert_status("write a day as 20 Nov, yesterday or 2026-11-20");
    app.press("ctrl-u").type_text("31 Feb").press("enter");
    assert_eq!(app.prompt(), "31 Feb");
}
