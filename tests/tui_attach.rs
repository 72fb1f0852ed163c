//! Attaching a file or a link to the selected event, and copying its links.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{
    domain::event::Event,
    tui::msg::{CopyOf, Effect},
};
use tui_support::TestApp;

/// The newest event, which is selected.
fn newest(app: &TestApp) -> &Event {
    &app.model.timeline.events.last().unwrap().value
}

#[test]
fn file_is_attached_after_it_was_shown_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two words.log");
    std::fs::write(&path, "disk full\n").unwrap();
    let mut app = TestApp::with_outage();
    app.press("esc").action("attach a file or a link");
    app.assert_shows("ATTACH");
    // As a terminal writes a file that is dropped on it.
    app.type_text(&format!("'{}'", path.display()))
        .press("enter");
    app.assert_shows("two words.log");
    assert!(newest(&app).files.is_empty(), "asked for first");
    app.press("enter");
    app.assert_status("attached two words.log");
    assert_eq!(newest(&app).files.len(), 1);
    app.action("undo");
    app.press("enter");
    assert!(newest(&app).files.is_empty());
}

#[test]
fn missing_file_is_named_and_the_typed_path_stays() {
    let mut app = TestApp::with_outage();
    app.press("esc").action("attach a file or a link");
    app.type_text("/nowhere/at-all.png").press("enter");
    app.press("enter");
    assert!(app.screen_text().contains("/nowhere/at-all.png"));
    assert!(newest(&app).files.is_empty());
    assert_eq!(app.prompt(), "/nowhere/at-all.png");
}

#[test]
fn link_is_attached_and_copied() {
    let mut app = TestApp::with_outage();
    app.press("esc").action("attach a file or a link");
    app.type_text("https://dash.example.org/d/7?from=10:31")
        .press("enter enter");
    app.assert_status("attached a link");
    assert_eq!(
        newest(&app).urls,
        ["https://dash.example.org/d/7?from=10:31"]
    );
    app.action("copy the links");
    let copied = app.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(request) => Some((request.of.clone(), request.text.clone())),
        _ => None,
    });
    let expected = (
        CopyOf::Text,
        "https://dash.example.org/d/7?from=10:31".to_owned(),
    );
    assert_eq!(copied, Some(expected));
}
