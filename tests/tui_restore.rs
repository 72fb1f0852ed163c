//! What was undone or retracted is shown, and comes back.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{ops::amend, tui::model::Overlay};
use tui_support::{TestApp, log_line};

#[test]
fn undone_event_comes_back_by_r_and_by_a_click_on_the_words() {
    let mut app = TestApp::with_outage();
    app.type_text("decision: roll back deploy 99")
        .press("enter");
    app.press("esc u enter");
    assert_eq!(app.count_of("roll back deploy 99"), 0);
    app.assert_status("r restores");
    app.press("r");
    app.assert_shows("RESTORE")
        .assert_shows("+ 10:48 decision  roll back deploy 99");
    app.press("esc");
    // The lower one is the whole message.
    app.click_on("r restores");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Confirm(_))
    ));
    let screen = app.press("esc").screen_text();
    let (y, row) = screen
        .lines()
        .enumerate()
        .find(|(_, row)| row.contains("· r restores"))
        .unwrap();
    let x = row[..row.find("r restores").unwrap()].chars().count();
    app.click(u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
    app.press("enter").assert_status("brought back");
    assert_eq!(app.count_of("roll back deploy 99"), 1);
    // The message is another now: r is text again.
    app.press("r");
    assert_eq!(app.line(), "r");
}

#[test]
fn retracted_event_comes_back_by_r_although_another_is_selected() {
    let mut app = TestApp::with_outage();
    app.press("esc k k k x")
        .type_text("wrong rack")
        .enter_twice();
    app.assert_shows("retracted: wrong rack");
    app.press("G r").assert_shows("a failed controller");
    app.press("enter").assert_hides("wrong rack");
}

#[test]
fn gone_shows_who_took_what_and_why_after_new_entries() {
    let mut app = TestApp::with_outage();
    app.type_text("decision: roll back deploy 99")
        .press("enter");
    app.press("esc u enter tab");
    let suspect = app.model.timeline.events[5].handle.clone();
    let mut ann = app.other_session("ann");
    amend::retract(&mut ann, &suspect, "wrong rack", true).unwrap();
    log_line(&mut ann, "note: later");
    app.refresh();
    app.press("esc").action("restore");
    app.assert_shows("Undone and retracted · Thu 16 Aug 2012");
    app.assert_shows("filter: gone  2  Esc clears");
    app.assert_shows("10:48 ann: wrong rack");
    app.assert_shows("undone 10:48 by you");
    app.press("g r")
        .assert_shows("until now: 10:48 ann: wrong rack");
    app.press("enter")
        .assert_shows("filter: gone  1  Esc clears");
    app.press("r enter").assert_shows("No matching events");
    app.press("esc");
    assert_eq!(app.count_of("roll back deploy 99"), 1);
}

#[test]
fn undone_paste_is_one_row_and_comes_back_as_one() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.paste("10:20 first row\n10:21 second row\n10:22 third row")
        .enter_twice();
    app.press("esc u enter");
    app.press("f").type_text("gone").press("enter");
    app.assert_shows("3 rows, the first: first row");
    app.assert_shows("filter: gone  1  Esc clears");
    app.press("enter")
        .assert_shows("3 rows were undone together");
    app.assert_shows("− second row").assert_shows("− third row");
    app.press("esc r").assert_shows("Bring these 3 rows back");
    app.press("enter").assert_status("brought back 3 rows");
    app.press("esc");
    assert_eq!(app.timeline_texts().len(), before + 3);
    // They are one act again.
    app.press("u enter");
    assert_eq!(app.timeline_texts().len(), before);
    // Words of any of its rows find it.
    app.press("f ctrl-u").type_text("gone third").press("enter");
    app.assert_shows("3 rows, the first: first row");
}
