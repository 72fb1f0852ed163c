//! The preview of a paste: what can be left out, what is refused, and that the shown times are logged.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::tui::{
    model::{Overlay, Paste},
    msg::{Msg, ReadRow},
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
    app.send(Msg::Paste(
        "# from chat\n10:20 seen\n# more\n10:21 gone".into(),
    ));
    let screen = app.screen_text();
    assert!(screen.contains("4 taken, 2 comments"), "{screen}");
    assert!(screen.contains("c comments"), "{screen}");
    assert!(!screen.contains("d logged before"), "{screen}");
    app.press("c");
    assert_eq!(taken(&app), [false, true, false, true]);
    app.press("c");
    assert_eq!(taken(&app), [true; 4]);
    app.press("c enter");
    assert_eq!(app.timeline_texts().len(), before + 2);
}

#[test]
fn rows_that_are_logged_already_are_shown_and_left_out_with_one_key() {
    let mut app = TestApp::with_outage();
    app.send(Msg::Paste("10:20 seen\n10:21 gone".into()))
        .press("enter");
    let before = app.timeline_texts().len();
    app.send(Msg::Paste(
        "10:20 seen\n10:21 gone\n10:22 back\n10:20 seen #more".into(),
    ));
    let screen = app.screen_text();
    assert!(screen.contains("4 taken, 2 logged before"), "{screen}");
    assert!(screen.contains("d logged before"), "{screen}");
    assert!(
        screen.contains("logged already with the same time and text; d leaves such rows out"),
        "{screen}"
    );
    assert!(!screen.contains("c comments"), "{screen}");
    app.press("d");
    assert_eq!(taken(&app), [false, false, true, true]);
    app.press("enter");
    assert_eq!(app.timeline_texts().len(), before + 2);
    // A line without a time is at now, and never the same.
    app.send(Msg::Paste("one\ntwo".into())).press("enter");
    app.send(Msg::Paste("one\ntwo".into()));
    assert!(!app.screen_text().contains("logged before"));
}

#[test]
fn a_row_keeps_the_day_that_the_preview_showed_when_the_row_before_it_is_left_out() {
    let mut app = TestApp::with_outage();
    app.send(Msg::Paste("2012-08-14\n23:50 late\n00:10 early".into()));
    app.press("down space enter");
    assert_eq!(times(&app, &["late", "early"]), ["08-15 00:10"]);
}

#[test]
fn a_row_without_a_time_below_another_day_is_refused_and_can_be_corrected() {
    let mut app = TestApp::with_outage();
    app.send(Msg::Paste("2012-08-15\n10:20 seen\nand gone".into()))
        .press("down down");
    assert_eq!(taken(&app), [true, true, false]);
    let screen = app.screen_text();
    assert!(screen.contains("1 taken, 1 refused"), "{screen}");
    assert!(screen.contains("it has no time"), "{screen}");
    app.press("e home").type_text("10:21 ").press("enter enter");
    assert_eq!(
        times(&app, &["seen", "and gone"]),
        ["08-15 10:20", "08-15 10:21"]
    );
}

#[test]
fn a_row_without_a_time_among_others_is_noted() {
    let mut app = TestApp::with_outage();
    app.send(Msg::Paste("10:20 seen\nand gone".into()))
        .press("down");
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
    app.send(Msg::Paste(
        "Times are in UTC.\n| time | kind | what |\n|---|---|---|\n| 10:20 | fault | a |\n10:21 gone".into(),
    ));
    let frames = paste(&app).rows.iter();
    let frames = frames.filter(|row| matches!(row.read, Some(ReadRow::Frame)));
    assert_eq!(frames.count(), 3);
    let screen = app.screen_text();
    assert!(screen.contains("1 taken, 1 refused"), "{screen}");
    assert!(
        screen.contains("a printed table or document, without an event: left out"),
        "{screen}"
    );
    app.press("enter");
    assert_eq!(app.timeline_texts().len(), before + 1);
}

#[test]
fn a_handoff_that_names_no_known_person_says_that_no_command_passes() {
    let mut app = TestApp::with_outage();
    app.type_text("handoff: to Zed Oh").press("enter");
    assert!(
        app.status_text().contains("no command passes"),
        "{}",
        app.status_text()
    );
    assert_ne!(
        app.model.summary.as_ref().unwrap().commander.as_deref(),
        Some("Zed Oh")
    );
}
