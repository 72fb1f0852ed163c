//! The incidents tab: the list, near misses, trends, search, merge.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{
    domain::words::Severity,
    ops::{
        Session,
        declare::{Declaration, declare},
        lifecycle, merge,
    },
    tui::model::{Focus, Tab},
};
use ratatui::style::Modifier;
use tui_support::{TestApp, log_line, outage};

fn declare_one(session: &mut Session, title: &str, at: &str, level: u8) {
    let declaration = Declaration {
        title: title.into(),
        severity: Severity::new(level).map(Into::into),
        at: Some(at.into()),
        ..Declaration::default()
    };
    declare(session, &declaration).unwrap();
}

/// Two incidents, the first of them resolved, and an unassigned event; with the keys on the list.
fn incidents() -> TestApp {
    let mut app = TestApp::with_session(|session| {
        log_line(session, "09:00 absorbed: a fan of @mail failed #fan");
        declare_one(session, "Slow logins after a cache restart", "09:10", 3);
        log_line(session, "09:12 fault: logins wait for @login !degraded");
        lifecycle::resolve(session, None, Some("09:40"), "cache is warm").unwrap();
        outage(session);
    });
    app.press("esc f6");
    app
}

fn selected(app: &TestApp) -> String {
    let target = app.model.incidents.selected_target().unwrap();
    let all = app.model.incidents.all.as_ref().unwrap();
    let handle = target.0.unwrap_or_default();
    all.iter()
        .find(|item| item.handle == handle)
        .unwrap()
        .title
        .clone()
}

#[test]
fn rows_say_state_title_begin_length_and_which_is_shown() {
    let mut app = incidents();
    app.assert_shows("[Incidents] Near misses  Trends ─");
    app.assert_shows("─ 2 incidents, 1 open");
    app.assert_shows("▸  #2 SEV1 █ down     AVR Online outage");
    app.assert_shows("(here)  16 Aug 10:14        34 min");
    app.assert_shows(
        "   #1 SEV3 ▁ ok       Slow logins after a cache re…  16 Aug 09:10        30 min",
    );
    app.assert_shows("      unassigned      1 event ");
    app.resize(40, 12);
    app.assert_shows("▸  #2 SEV1 █ AVR Online out…     34 min");
    app.assert_shows("      unassigned  1 event");
    // The row of the unassigned events shows them.
    app.resize(80, 24).press("G enter");
    assert!(app.model.summary.is_none());
    assert_eq!(app.timeline_texts(), ["a fan of mail failed"]);
}

#[test]
fn selection_stays_with_its_incident_when_one_is_declared() {
    let mut app = incidents();
    app.press("j");
    assert_eq!(selected(&app), "Slow logins after a cache restart");
    let mut ann = app.other_session("ann");
    declare_one(&mut ann, "Mail is slow", "10:47", 2);
    app.refresh();
    app.assert_shows("#3 SEV2");
    assert_eq!(selected(&app), "Slow logins after a cache restart");
}

#[test]
fn near_misses_say_what_held_and_open_at_their_event() {
    let mut app = incidents();
    app.press("l");
    app.assert_shows(" Incidents [Near misses] Trends ─");
    app.assert_shows("90 days: 1 absorbed, 1 exceeded");
    app.assert_shows("16 Aug 09:00  △ absorbed  a fan of mail failed");
    app.press("j");
    app.assert_shows("▸  16 Aug 07:58  △ absorbed  first hardware fault");
    app.assert_shows("  exceeded");
    app.resize(40, 12);
    app.assert_shows("▸ 16 Aug  first hardware faul…  exceeded");
    app.press("enter");
    assert_eq!(app.model.tab, Tab::Timeline);
    let event = app.model.selected_event().unwrap();
    assert!(event.value.text.starts_with("first hardware fault"));
}

#[test]
fn trends_have_a_title_at_any_width() {
    let mut app = incidents();
    app.press("l l");
    app.assert_shows("#2 16 Aug SEV1 AVR Online outage");
    app.assert_shows("     42 min+");
    app.resize(40, 12);
    app.assert_shows("▸  #2 AVR Online outage         42 min+");
}

#[test]
fn results_of_a_search_are_gone_when_one_comes_back() {
    let mut app = incidents();
    app.press("/").type_text("cache").press("enter");
    app.assert_shows("found for cache");
    app.press("enter");
    assert_eq!(app.model.tab, Tab::Timeline);
    app.press("f6");
    app.assert_hides("found for cache");
    app.assert_shows("[Incidents]");
    app.press("/").type_text("zebra").press("enter");
    app.assert_shows("No matches.");
    app.press("f2 f6");
    app.assert_shows("2 incidents, 1 open");
}

/// The texts on the screen that are marked as found, one per row that has any.
fn marked(app: &TestApp) -> Vec<String> {
    let (buffer, _) = app.buffer();
    let rows = (0..buffer.area.height).map(|y| {
        let cells = (0..buffer.area.width).map(|x| &buffer[(x, y)]);
        let marked = cells.filter(|cell| cell.modifier.contains(Modifier::UNDERLINED));
        marked
            .map(ratatui::buffer::Cell::symbol)
            .collect::<String>()
    });
    rows.filter(|text| !text.is_empty()).collect()
}

#[test]
fn words_found_in_all_incidents_are_marked_while_typing() {
    let mut app = incidents();
    let mut ann = app.other_session("ann");
    log_line(&mut ann, "10:20 finding: 本番サーバの障害を確認 @mail");
    app.press("/").type_text("cach");
    app.assert_shows("found for cach, newest first");
    assert!(
        marked(&app).iter().all(|text| text == "cach"),
        "{:?}",
        marked(&app)
    );
    assert!(!marked(&app).is_empty());
    app.press("ctrl-u").type_text("サーバ");
    app.assert_shows("1 found for サーバ");
    assert_eq!(marked(&app), ["サーバ"]);
    app.press("enter enter");
    assert_eq!(app.model.tab, Tab::Timeline);
    app.assert_shows("本番サーバの障害を確認");
}

#[test]
fn filters_are_typed_in_the_search_of_all_incidents() {
    let mut app = incidents();
    app.press("/").assert_shows("kind:fault service:db");
    app.type_text("kind:fault service:log");
    app.assert_shows("0 found for kind:fault service:log");
    app.type_text("in");
    app.assert_shows("1 found for kind:fault service:login");
    app.press("enter enter");
    assert_eq!(app.model.tab, Tab::Timeline);
    assert_eq!(app.model.summary.as_ref().unwrap().row.number, Some(1));
    assert_eq!(app.count_of("logins wait for login"), 1);
}

#[test]
fn filter_that_is_not_understood_is_said_below_and_blocks_no_key() {
    let mut app = incidents();
    app.press("/").type_text("fan");
    app.assert_shows("found for fan");
    app.type_text(" knid:fa");
    app.assert_shows("there is no filter `knid:`");
    app.assert_shows("did you mean `kind:fa`?");
    // What was found before stays, and Enter does not leave what is to be corrected.
    app.assert_shows("found for fan knid:,");
    app.press("enter").assert_shows("there is no filter");
    app.press("backspace backspace backspace backspace backspace backspace backspace")
        .type_text("kind:abs");
    app.assert_hides("there is no filter");
    app.assert_shows("1 found for fan kind:abs");
    app.press("esc");
    app.assert_shows("2 incidents, 1 open");
}

#[test]
fn merge_says_what_follows_and_takes_two_enters() {
    let mut app = incidents();
    app.press("j m").type_text("2").press("enter");
    app.assert_shows("MERGE");
    app.assert_shows("− #1 Slow logins after a cache restart is no longer an incident of its own");
    app.assert_shows("records go into #2 AVR Online outage");
    app.assert_shows("Enter again writes it");
    app.assert_shows("2 incidents, 1 open");
    app.press("enter");
    app.assert_status("merged #1 into #2");
    app.assert_shows("1 incident, 1 open");
    app.press("f2");
    assert_eq!(app.count_of("logins wait for login"), 1);
    // One undo takes it back.
    app.press("u enter f6");
    app.assert_shows("2 incidents, 1 open");
}

#[test]
fn merge_of_an_open_incident_into_one_resolved_before_warns_that_this_is_open_again() {
    let mut app = incidents();
    app.press("m").type_text("#1").press("enter");
    app.assert_shows("#1 is open again");
    app.press("enter");
    assert_eq!(app.model.summary.as_ref().unwrap().row.number, Some(1));
    app.press("m").type_text("1").enter_twice();
    app.assert_shows("incident 1 `Slow logins after a cache restart`");
    app.assert_shows("into itself");
    app.press("ctrl-u").type_text("77").enter_twice();
    app.assert_shows("MERGE");
    app.assert_shows("77");
}

#[test]
fn line_says_that_it_adds_to_a_resolved_incident() {
    let mut app = incidents();
    app.press("j enter i");
    assert_eq!(app.model.focus, Focus::Line);
    app.assert_shows("adds to #1 (resolved 16 Aug), or elsewhere: Enter asks");
    app.type_text("closing the bridge");
    app.assert_shows("adds to #1 (resolved 16 Aug)");
    app.press("enter");
    app.assert_shows("Pick where it goes");
    let mut app = TestApp::with_outage();
    app.type_text("users report it");
    app.assert_hides("adds to");
}

#[test]
fn drill_is_named_in_the_list_and_in_the_header() {
    let mut app = incidents();
    let mut session = app.other_session("ann");
    bridgelog::ops::field::set(&mut session, Some("2"), "drill", "yes", None).unwrap();
    app.refresh();
    app.assert_shows("DRILL AVR Online outa…");
    app.press("f1");
    app.assert_shows("DRILL  SEV1");
}

#[test]
fn incident_that_another_process_merges_away_is_followed() {
    let mut app = TestApp::with_outage();
    let mut other = app.other_session("ann");
    let declaration = Declaration {
        title: "the whole site".into(),
        ..Declaration::default()
    };
    declare(&mut other, &declaration).unwrap();
    merge::merge(&mut other, "1", "2").unwrap();
    app.refresh();
    app.assert_shows("#2 the whole site");
    app.assert_status("#1 was merged into this incident");
    assert!(
        app.timeline_texts()
            .iter()
            .any(|text| text.contains("system image"))
    );
    app.type_text("seen").press("enter");
    assert_eq!(app.count_of("seen"), 1);
}
