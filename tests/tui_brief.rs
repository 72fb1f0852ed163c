//! The brief and the earlier incidents in the app: pages on a key, a line where there is no room, and a part
//! of the pane where there is.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{
    ops::{
        Session,
        declare::{Declaration, declare},
        lifecycle,
    },
    tui::{
        model::Overlay,
        msg::{CopyOf, Effect},
    },
};
use tui_support::{TestApp, log_line, outage};

fn declare_titled(session: &mut Session, title: &str, at: &str) {
    let declaration = Declaration {
        title: title.into(),
        at: Some(at.into()),
        ..Declaration::default()
    };
    declare(session, &declaration).unwrap();
}

/// Five earlier incidents, and an open one that began like one of them.
fn seen(session: &mut Session) {
    for (title, line) in [
        ("Search index lags", "fault: indexing lags behind !degraded"),
        (
            "Disk full on mail",
            "fault: no space left on the mail volume !down",
        ),
        (
            "Office network slow",
            "fault: switch in the office drops packets !degraded",
        ),
        (
            "Payments slow",
            "fault: card provider answers slowly !degraded",
        ),
        (
            "Logins refused",
            "fault: clients refuse the TLS certificate of the login page !down",
        ),
    ] {
        declare_titled(session, title, "2012-05-14 10:00");
        log_line(session, &format!("2012-05-14 10:00 {line}"));
        log_line(session, "2012-05-14 10:05 decision: renew it by hand");
        log_line(session, "2012-05-14 10:30 restore: works");
        lifecycle::resolve(session, None, Some("2012-05-14 10:40"), "").unwrap();
    }
    declare_titled(session, "App cannot log in", "10:30");
    log_line(
        session,
        "10:31 fault: app refuses the certificate of the API, TLS handshake fails !down",
    );
}

#[test]
fn brief_opens_on_its_key_and_is_copied() {
    let mut app = TestApp::with_outage();
    app.resize(80, 24).press("esc B");
    app.assert_shows("Brief for executives");
    app.assert_shows("#1 AVR Online outage (SEV1): open, as of");
    app.assert_shows("Customers: hit; what they cannot do is not recorded");
    app.press("y");
    let copied = app.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(request) if request.of == CopyOf::Text => Some(request.text.clone()),
        _ => None,
    });
    let copied = copied.unwrap();
    assert!(copied.starts_with("#1 AVR Online outage"), "{copied}");
    assert!(copied.split_whitespace().count() <= 120);
    app.press("esc").assert_hides("Brief for executives");
    app.press("Y");
    assert!(app.effects.iter().any(|effect| matches!(
        effect,
        Effect::Copy(request) if request.of == CopyOf::Status && request.text == copied
    )));
}

#[test]
fn brief_is_found_by_its_words_from_the_line() {
    let mut app = TestApp::with_outage();
    app.action("executive");
    app.assert_shows("Brief for executives");
}

#[test]
fn brief_is_read_in_plain_mode() {
    let mut app = TestApp::with_outage();
    app.model.plain = true;
    app.resize(100, 30).press("esc B");
    app.assert_shows("Customers: hit; what they cannot do is not recorded");
}

#[test]
fn earlier_incident_is_named_on_the_first_rule_and_read_on_its_key() {
    let mut app = TestApp::with_session(seen);
    for width in [80, 40] {
        app.resize(width, 24);
        app.assert_shows("began like #5");
    }
    app.resize(80, 24)
        .press("esc")
        .assert_shows("S: began like #5");
    app.press("S");
    app.assert_shows("Seen before");
    app.assert_shows("#5 Logins refused, 14 May 2012");
    app.assert_shows("decision: renew it by hand; restore 25 min after");
}

#[test]
fn earlier_incident_stands_below_the_detail_on_a_wide_screen() {
    let mut app = TestApp::with_session(seen);
    app.resize(120, 40).press("esc");
    app.assert_shows("Seen before");
    app.assert_shows("#5 Logins refused, 14 May 2012");
    // The detail has what it needs first.
    app.assert_shows("state after it");
}

#[test]
fn key_is_text_where_nothing_is_alike() {
    let mut app = TestApp::with_session(outage);
    app.assert_hides("began like");
    app.press("esc S");
    assert!(app.model.overlays.is_empty());
    assert_eq!(app.line(), "S");
}

#[test]
fn earlier_incident_goes_away_with_another_incident() {
    let mut app = TestApp::with_session(seen);
    app.assert_shows("began like #5");
    let mut other = app.other_session("ann");
    lifecycle::resolve(&mut other, None, None, "").unwrap();
    app.refresh();
    app.assert_hides("began like");
    assert!(
        !app.model
            .overlays
            .iter()
            .any(|o| matches!(o, Overlay::Text(_)))
    );
}
