//! Copying a text: what is said of it, and the page that shows a text that could not be copied.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::tui::{
    model::Overlay,
    msg::{CopyOf, CopyReply, CopyRequest, CopyWay, Effect, Msg},
};
use tui_support::TestApp;

fn last_request(app: &TestApp) -> CopyRequest {
    match app.effects.last() {
        Some(Effect::Copy(request)) => request.clone(),
        other => panic!("{other:?}"),
    }
}

/// Answers the last request to copy.
fn answer(app: &mut TestApp, way: CopyWay, failures: &[&str]) {
    let reply = CopyReply {
        request: last_request(app),
        way,
        failures: failures.iter().map(|why| (*why).to_owned()).collect(),
    };
    app.send(Msg::Copied(Box::new(reply)));
}

fn is_shown(app: &TestApp) -> bool {
    matches!(app.model.overlays.last(), Some(Overlay::Uncopied(_)))
}

#[test]
fn way_of_a_copy_is_said_and_what_failed_before() {
    let mut app = TestApp::with_outage();
    app.press("esc g y");
    assert_eq!(app.status_text(), "");
    answer(&mut app, CopyWay::Program("tmux buffer"), &[]);
    assert_eq!(app.status_text(), "copied (tmux buffer)");
    app.press("Y");
    answer(
        &mut app,
        CopyWay::Program("xclip"),
        &["wl-copy: exit status: 1"],
    );
    assert_eq!(
        app.status_text(),
        "status copied (xclip; wl-copy: exit status: 1)"
    );
    app.press("y");
    let text = last_request(&app).text;
    answer(&mut app, CopyWay::Terminal, &[]);
    assert_eq!(
        app.status_text(),
        "sent to the terminal (OSC 52, unconfirmed)"
    );
    assert_eq!(app.effects.last(), Some(&Effect::CopyByTerminal(text)));
}

#[test]
fn text_that_cannot_be_copied_is_shown_until_a_key() {
    let mut app = TestApp::with_outage();
    app.press("esc g y");
    answer(&mut app, CopyWay::Nowhere, &[]);
    assert!(is_shown(&app));
    assert_eq!(app.effects.last(), Some(&Effect::CaptureMouse(false)));
    app.assert_shows("select it with the mouse; any key returns");
    app.assert_shows("not copied: no clipboard here");
    // As it stands, from the edge of the screen on.
    let screen = app.screen_text();
    assert!(screen.contains("\nfirst hardware fault"), "{screen}");
    app.press("x");
    assert!(app.model.overlays.is_empty());
    assert_eq!(app.effects.last(), Some(&Effect::CaptureMouse(true)));
    // The mouse was off before: it stays so.
    app.press("f9 y");
    answer(&mut app, CopyWay::Nowhere, &[]);
    app.press("esc");
    assert_eq!(app.effects.last(), Some(&Effect::CaptureMouse(false)));
}

#[test]
fn long_text_is_scrolled_by_the_keys_that_do_not_close_it() {
    let mut app = TestApp::with_outage();
    app.press("esc f4 y");
    answer(&mut app, CopyWay::Nowhere, &["xclip: exit status: 1"]);
    app.assert_shows("not copied: xclip");
    let top = app.screen_text();
    app.press("down pgdn");
    assert!(is_shown(&app));
    assert_ne!(app.screen_text(), top);
    for _ in 0..200 {
        app.press("pgdn");
    }
    app.press("up pgup");
    assert!(is_shown(&app));
    app.press("q");
    assert!(!is_shown(&app));
}

#[test]
fn keys_that_came_since_are_not_lost_under_the_page() {
    let mut app = TestApp::with_outage();
    app.press("esc g y i").type_text("users");
    answer(&mut app, CopyWay::Nowhere, &["xclip: no answer in 2 s"]);
    app.type_text(" report it");
    assert_eq!(app.line(), "users report it");
    app.assert_failure("Not copied: xclip: no answer in 2 s. Copy it again to see the text.");
}

#[test]
fn text_that_comes_in_a_piece_closes_the_page_and_is_kept() {
    let mut app = TestApp::with_outage();
    app.press("esc g y");
    answer(&mut app, CopyWay::Nowhere, &[]);
    app.burst("users report it");
    assert!(!is_shown(&app));
    assert_eq!(app.line(), "users report it");
    app.press("esc y");
    answer(&mut app, CopyWay::Nowhere, &[]);
    app.paste(" works");
    assert_eq!(app.line(), "users report it works");
}

#[test]
fn copied_email_with_gaps_says_how_many() {
    let mut app = TestApp::with_outage();
    app.press("esc alt-4 y");
    let gaps = last_request(&app).text.matches("[[").count();
    assert!(gaps > 1, "{}", last_request(&app).text);
    let said = format!("{gaps} gaps to fill in, marked [[");
    answer(&mut app, CopyWay::Program("xclip"), &[]);
    assert_eq!(
        app.status_text(),
        format!("email copied, with {said} (xclip)")
    );
    app.press("y");
    answer(&mut app, CopyWay::Terminal, &[]);
    app.assert_status(&said);
}

#[test]
fn path_of_a_saved_file_is_said_whole_and_opens_no_page() {
    let mut app = TestApp::with_outage();
    app.press("esc f4 o");
    for (way, said) in [
        (
            CopyWay::Program("tmux buffer"),
            "Saved in ~/m/update.txt · path copied (tmux buffer)",
        ),
        (
            CopyWay::Nowhere,
            "Saved in ~/m/update.txt · path not copied: no clipboard here",
        ),
    ] {
        let reply = CopyReply {
            request: CopyRequest {
                text: "/home/jw/m/update.txt".to_owned(),
                of: CopyOf::SavedFile("~/m/update.txt".to_owned()),
            },
            way,
            failures: vec![],
        };
        app.send(Msg::Copied(Box::new(reply)));
        assert_eq!(app.status_text(), said);
        app.assert_shows(said);
        assert!(!is_shown(&app));
    }
}
