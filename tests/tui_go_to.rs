//! Going to a time, to a handle, to a place of the state band.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{domain::words::Kind, tui::update::go_to};
use tui_support::TestApp;

fn selected(app: &TestApp) -> Kind {
    app.model.selected_event().unwrap().value.kind.clone()
}

#[track_caller]
fn go(app: &mut TestApp, text: &str) {
    let effects = go_to(&mut app.model, text).unwrap();
    app.run_effects(effects);
}

#[test]
fn typed_time_goes_to_the_event_then_or_to_the_next() {
    let mut app = TestApp::with_outage();
    app.press("esc");
    go(&mut app, ":10:31");
    assert_eq!(selected(&app), Kind::Suspect);
    app.assert_status("10:31: the first event");
    go(&mut app, "10:10");
    assert_eq!(selected(&app), Kind::Ack);
    app.assert_status("nothing at 10:10: the next event");
    go(&mut app, "2012-08-16 07:58");
    assert_eq!(selected(&app), Kind::Absorbed);
    go(&mut app, "10:48");
    assert_eq!(app.model.timeline.selected, 8);
    app.assert_status("the last event");
    go(&mut app, "99:99");
    assert_eq!(app.model.timeline.selected, 8);
    app.assert_status("99:99");
    assert_eq!(app.failure_text(), "");
}

#[test]
fn typed_handle_goes_to_the_event() {
    let mut app = TestApp::with_outage();
    let handle = app.model.timeline.events[2].handle.clone();
    app.press("esc");
    go(&mut app, &handle);
    assert_eq!(selected(&app), Kind::Detect);
    app.press("G");
    go(&mut app, &format!("^{}", &handle[..3]));
    assert_eq!(selected(&app), Kind::Detect);
}

#[test]
fn words_are_neither_time_nor_handle() {
    let mut app = TestApp::with_outage();
    for text in ["top", "edit", "new", "10", "", ":", "^", "sev1"] {
        assert!(go_to(&mut app.model, text).is_none(), "{text}");
    }
}

#[test]
fn click_on_the_band_goes_to_that_time_and_leaves_the_keys() {
    let mut app = TestApp::with_outage();
    app.type_text("restart");
    let screen = app.screen_text();
    let fault = screen
        .lines()
        .nth(2)
        .unwrap()
        .chars()
        .position(|c| c == '▲')
        .unwrap();
    app.click(u16::try_from(fault).unwrap(), 2);
    assert_eq!(selected(&app), Kind::Fault);
    app.click(3, 1);
    app.assert_status("the next event");
    assert_eq!(selected(&app), Kind::Fault);
    app.click(1, 1);
    assert_eq!(selected(&app), Kind::Absorbed);
    assert_eq!(app.line(), "restart");
    app.type_text(" it");
    assert_eq!(app.line(), "restart it");
}

#[test]
fn home_and_end_move_in_the_row_and_with_ctrl_in_all() {
    let mut app = TestApp::with_outage();
    app.type_text("note: one")
        .press("alt-enter")
        .type_text("two");
    app.press("home").type_text("2").press("end").type_text("!");
    assert_eq!(app.line(), "note: one\n2two!");
    app.press("ctrl-home")
        .type_text("10:20 ")
        .press("end")
        .type_text("?");
    assert_eq!(app.line(), "10:20 note: one?\n2two!");
    app.press("ctrl-end").type_text(".");
    assert_eq!(app.line(), "10:20 note: one?\n2two!.");
}
