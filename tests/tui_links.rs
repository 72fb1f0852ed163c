//! Handles: `^` completes to the event meant, and `H` shows them in the rows.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::domain::words::Kind;
use tui_support::TestApp;

/// The handle of the first event of this kind.
fn handle(app: &TestApp, kind: &Kind) -> String {
    let mut events = app.model.timeline.events.iter();
    let event = events.find(|e| e.value.kind == *kind).unwrap();
    event.handle.clone()
}

#[test]
fn caret_offers_the_newest_events_first() {
    let mut app = TestApp::with_outage();
    app.type_text("note: about ^");
    app.assert_shows(&format!(
        "Tab  ^{}",
        app.model.timeline.events.last().unwrap().handle
    ));
    app.assert_shows("10:46 request   confirm the image boots");
    app.assert_shows("10:41 request   find a spare chassis");
    app.assert_shows(" more");
}

#[test]
fn caret_completes_by_words_and_tab_cycles() {
    let mut app = TestApp::with_outage();
    let (suspect, decision) = (handle(&app, &Kind::Suspect), handle(&app, &Kind::Decision));
    app.type_text("action: copy it ^vendor");
    app.assert_shows("10:40 decision");
    app.assert_shows("10:31 suspect");
    // Without Tab it would be text, and that is said.
    app.assert_shows("^vendor is not a handle");
    app.press("tab");
    assert_eq!(app.line(), format!("action: copy it ^{decision} "));
    app.assert_shows("▸    ^");
    app.press("tab");
    assert_eq!(app.line(), format!("action: copy it ^{suspect} "));
    app.press("backtab");
    assert_eq!(app.line(), format!("action: copy it ^{decision} "));
    app.press("enter");
    let event = app.model.timeline.events.last().unwrap();
    let linked = app.model.timeline.events.iter();
    let linked = linked.clone().find(|e| e.handle == decision).unwrap().id;
    assert_eq!(event.value.links, [linked]);
    assert_eq!(event.value.text, "copy it");
}

#[test]
fn caret_completes_by_time_and_by_handle() {
    let mut app = TestApp::with_outage();
    let (suspect, declare) = (handle(&app, &Kind::Suspect), handle(&app, &Kind::Declare));
    app.type_text("note: x ^10:3").press("tab");
    assert_eq!(app.line(), format!("note: x ^{suspect} "));
    app.press("ctrl-u").type_text("note: x ^7:5").press("tab");
    assert_eq!(
        app.line(),
        format!("note: x ^{} ", handle(&app, &Kind::Absorbed))
    );
    app.press("ctrl-u")
        .type_text(&format!("note: x ^{}", &declare[..4]));
    app.assert_shows(&format!("^{declare}  10:14 declare"));
    app.press("tab");
    assert_eq!(app.line(), format!("note: x ^{declare} "));
}

#[test]
fn refused_line_says_why_beside_the_events() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.type_text("note: x ^").type_text("on").press("enter");
    app.assert_shows("Tab  ^");
    assert_eq!(app.timeline_texts().len(), before);
    app.assert_shows("`on`");
}

#[test]
fn caret_in_customer_wording_is_text() {
    let mut app = TestApp::with_outage();
    app.type_text("note: x tell: we ^");
    assert!(app.model.capture.completions.is_empty());
}

#[test]
fn handles_are_shown_in_the_rows_and_hidden_again() {
    let mut app = TestApp::with_outage();
    let suspect = handle(&app, &Kind::Suspect);
    app.press("esc").assert_hides(&suspect);
    app.press("H").assert_status("handles shown");
    app.assert_shows(&format!("10:31 {suspect} ? suspect"));
    app.press("H").assert_status("handles hidden");
    app.assert_hides(&suspect);
}
