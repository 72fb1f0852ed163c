//! The detail of an event: beside the list on wide screens, and as a page.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{
    domain::words::Kind,
    tui::{model::Overlay, msg::Job},
};
use tui_support::{TestApp, log_line, outage};

fn wide() -> TestApp {
    let mut app = TestApp::with_outage();
    app.resize(120, 40);
    app
}

/// Selects the first event of this kind in the list.
fn select(app: &mut TestApp, kind: &Kind) {
    let events = &app.model.timeline.events;
    let at = events.iter().position(|e| e.value.kind == *kind).unwrap();
    app.press("esc g").press(&"down ".repeat(at));
    assert_eq!(app.model.selected_event().unwrap().value.kind, *kind);
}

#[test]
fn wide_screen_shows_the_detail_of_the_selected_event_beside_the_list() {
    let mut app = wide();
    app.press("up up");
    app.assert_shows("LOG");
    let shown = app.model.selected_event().unwrap().handle.clone();
    app.assert_shows(&format!("── {shown} ──"));
    select(&mut app, &Kind::Decision);
    app.assert_shows("│ 10:40:00 EDT   ● decision   by jw");
    app.assert_shows("│ why   the length of a repair is unknown");
    app.assert_shows("│ not   wait for the vendor");
    app.assert_shows("│ » customers will read");
    app.assert_shows("│ state after it: online-db down since");
    app.assert_shows("│ ~10:06 (34 min)");
    app.assert_shows("10:48:12  recorded by jw");
    app.assert_shows("The detail is at the right. Enter gives it the whole page.");
    app.press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Detail(_))
    ));
    app.assert_shows("state after it: online-db down since ~10:06 (34 min)");
    app.resize(80, 24).press("esc").assert_hides("at the right");
}

#[test]
fn history_says_who_changed_what() {
    let mut app = wide();
    select(&mut app, &Kind::Suspect);
    app.press("e end")
        .type_text(" at best #vendor")
        .enter_twice();
    app.assert_shows("jw: text, tags");
    app.assert_shows("− a failed controller; the vendor cannot");
    app.assert_shows("say how long a repair takes at best");
    app.assert_shows("+ vendor");
    app.press("t");
    app.press("ctrl-u").type_text("10:30:30").enter_twice();
    app.assert_shows("− 16 Aug 2012 10:31:00 EDT");
    app.assert_shows("+ 16 Aug 2012 10:30:30 EDT");
    app.press("x").type_text("wrong rack").enter_twice();
    app.assert_shows("jw: retracted: wrong rack");
}

#[test]
fn span_and_links_are_in_the_detail() {
    let mut app = TestApp::with_session(|session| {
        outage(session);
        log_line(session, "10:42-10:46 action: image copy");
    });
    app.resize(120, 40).press("up");
    let action = app
        .model
        .timeline
        .events
        .iter()
        .find(|e| e.value.kind == Kind::Action)
        .unwrap()
        .handle
        .clone();
    app.type_text(&format!("finding: 90 MB/s ^{action}"))
        .press("enter");
    select(&mut app, &Kind::Action);
    app.assert_shows("10:42:00 to 10:46:00 (4 min) EDT");
    app.assert_shows("linked by 10:48 finding");
    select(&mut app, &Kind::Finding);
    app.assert_shows(&format!("link to   10:42 action    {action}"));
}

#[test]
fn late_detail_of_another_event_is_dropped() {
    let mut app = wide();
    app.press("esc").pause_jobs();
    app.press("k k k");
    // What the row has is there at once.
    app.assert_shows("│ 10:31:00 EDT   ? suspect   by jw");
    app.assert_hides("recorded by");
    let last = app.paused_jobs().last().cloned();
    let selected = app.model.selected_event().unwrap().id;
    assert_eq!(last, Some(Job::LoadDetail(selected)));
    app.resume_jobs();
    let pane = app.model.pane.as_ref().unwrap();
    assert_eq!(pane.event.id, selected);
    assert_eq!(pane.loaded.as_ref().unwrap().event.id, selected);
    // Loaded again for the same event, the old one stays until then.
    app.pause_jobs().refresh().assert_shows("recorded by jw");
}

#[test]
fn pane_scrolls_by_wheel_and_keys_and_never_has_the_keys() {
    let mut app = wide();
    app.resize(120, 18);
    select(&mut app, &Kind::Decision);
    app.assert_hides("recorded by");
    app.wheel_at(3, (100, 8)).wheel_at(3, (100, 8));
    assert!(app.model.pane.as_ref().unwrap().scroll > 0);
    let top = app.model.timeline.top;
    app.press("alt-pgdn alt-pgdn")
        .assert_shows("recorded by jw");
    app.press("alt-pgup alt-pgup")
        .assert_shows("● decision   by jw");
    assert_eq!(app.model.timeline.top, top);
    app.click(100, 8);
    assert!(app.model.is_on_list() && app.model.overlays.is_empty());
    app.press("tab").type_text("note").press("alt-pgdn");
    assert_eq!(app.line(), "note");
    assert!(app.model.pane.as_ref().unwrap().scroll > 0);
}

#[test]
fn event_that_was_undone_has_its_detail() {
    let mut app = wide();
    app.type_text("decision: roll back deploy 99")
        .press("enter");
    app.press("esc u enter");
    app.press("f").type_text("gone").press("enter");
    app.assert_shows("● decision   by jw");
    app.assert_shows("jw: undone");
    assert_eq!(app.failure_text(), "");
}

#[test]
fn request_that_is_not_loaded_opens_unless_keys_came_since() {
    let mut app = TestApp::with_outage();
    app.press("esc alt-2");
    app.model.timeline.events.clear();
    app.press("enter");
    let is_open = |app: &TestApp| matches!(app.model.overlays.last(), Some(Overlay::Detail(_)));
    assert!(is_open(&app));
    app.assert_shows("recorded by jw");
    app.press("esc");
    app.model.timeline.events.clear();
    app.pause_jobs().press("enter").press("down").resume_jobs();
    assert!(!is_open(&app));
    app.assert_status("the detail was not opened, since you typed on");
}

#[test]
fn edit_by_another_is_named_with_its_time() {
    let mut app = TestApp::with_outage();
    app.press("esc G k k");
    let handle = app.model.selected_event().unwrap().handle.clone();
    let mut ann = app.other_session("ann");
    bridgelog::ops::amend::amend(&mut ann, &handle, "#power", &Default::default()).unwrap();
    app.refresh();
    app.assert_shows("decision by jw, edited by ann, 10:48:42");
    // On a small screen that is said before what is known anyway.
    app.resize(50, 15)
        .assert_shows("10:40:00 by jw, edited by ann, 10:48:42");
    app.resize(80, 24).press("enter");
    app.assert_shows("by jw\n  edited by ann, 10:48:42");
}
