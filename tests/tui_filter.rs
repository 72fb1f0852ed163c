//! Filters of the timeline: what they show, what they say, and the ways out.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::domain::words::Kind;
use tui_support::TestApp;

fn selected_kind(app: &TestApp) -> Kind {
    app.model.selected_event().unwrap().value.kind.clone()
}

/// The list, with the suspect selected.
fn on_suspect() -> TestApp {
    let mut app = TestApp::with_outage();
    app.press("esc k k k");
    assert_eq!(selected_kind(&app), Kind::Suspect);
    app
}

#[test]
fn filter_counts_its_matches_of_all_events() {
    let mut app = TestApp::with_outage();
    app.press("esc f").type_text("!down by:jw").press("enter");
    app.assert_shows("filter: !down by:jw  1 of 9  Esc clears");
    app.press("esc").assert_hides("filter:");
    app.press("f")
        .type_text("missing:wording @raj")
        .press("enter");
    app.assert_shows("filter: missing:wording @raj  1 of 9  Esc clears");
    app.press("f ctrl-u")
        .type_text("since:10:14 until:10:40")
        .press("enter");
    app.assert_shows("filter: since:10:14 until:10:40  3 of 9  Esc clears");
}

#[test]
fn word_that_is_no_filter_is_refused_with_what_can_be_written() {
    let mut app = TestApp::with_outage();
    for (typed, said, hint) in [
        (
            "state:dwon",
            "there is no state `dwon`",
            "at-risk, degraded, down",
        ),
        ("stat:down", "there is no filter `stat:down`", "since:"),
        ("kind:fualt", "there is no kind `fualt`", "absorbed"),
        ("since:soon", "since:", "since:05:15"),
    ] {
        app.press("esc esc f ctrl-u")
            .type_text(typed)
            .press("enter");
        assert_eq!(app.prompt(), typed);
        app.assert_shows(said).assert_shows(hint);
        app.assert_shows("not understood");
        app.press("esc");
        assert!(app.model.timeline.filter.is_empty());
        assert_eq!(app.timeline_texts().len(), 9);
    }
}

#[test]
fn filter_that_matches_nothing_says_so() {
    let mut app = TestApp::with_outage();
    app.press("esc f").type_text("giraffe").press("enter");
    app.assert_shows("No matching events. Esc clears the filter.");
    app.assert_shows("filter: giraffe  0 of 9  Esc clears");
    app.press("esc").assert_hides("filter:");
    assert_eq!(app.timeline_texts().len(), 9);
}

#[test]
fn esc_in_the_prompt_puts_back_filter_and_selection() {
    let mut app = on_suspect();
    app.press("f").type_text("kind:ask");
    assert_eq!(selected_kind(&app), Kind::Ask);
    app.press("esc");
    assert_eq!(selected_kind(&app), Kind::Suspect);
    assert_eq!(app.timeline_texts().len(), 9);
    app.press("f").type_text("by:jw").press("enter");
    assert_eq!(selected_kind(&app), Kind::Suspect);
    app.press("f").type_text(" giraffe").press("esc");
    app.assert_shows("filter: by:jw  9 of 9");
    assert_eq!(selected_kind(&app), Kind::Suspect);
}

#[test]
fn cleared_filter_keeps_the_selected_event() {
    let mut app = TestApp::with_outage();
    app.press("esc f")
        .type_text("kind:suspect")
        .press("enter esc");
    assert_eq!(selected_kind(&app), Kind::Suspect);
    app.press("f").type_text("kind:detect").press("enter F");
    assert_eq!(selected_kind(&app), Kind::Detect);
}

#[test]
fn only_a_line_that_the_filter_hides_is_said_to_be_hidden() {
    let mut app = TestApp::with_outage();
    app.press("esc f").type_text("kind:note").press("enter tab");
    app.type_text("support counts 14 calls").press("enter");
    assert!(
        !app.status_text().contains("hidden"),
        "{}",
        app.status_text()
    );
    app.type_text("finding: the copy runs at 90 MB/s")
        .press("enter");
    app.assert_status("hidden by the filter");
    assert_eq!(app.timeline_texts(), ["support counts 14 calls"]);
}
