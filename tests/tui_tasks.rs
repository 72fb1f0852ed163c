//! The tasks tab: requests and follow-ups, their filter, their search, and what is set of them.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{
    domain::{task::TaskState, time::parse_utc},
    ops::task,
    tui::{
        model::{Overlay, selected_task},
        msg::Msg,
    },
};
use tui_support::{TestApp, log_line};

/// The incident of the worked example with the keys on its tasks.
fn tasks() -> TestApp {
    let mut app = TestApp::with_outage();
    app.press("esc f3");
    app
}

fn selected(app: &TestApp) -> String {
    selected_task(&app.model).map_or_else(String::new, |row| row.text().to_owned())
}

#[test]
fn groups_have_counts_and_the_late_request_is_first() {
    let mut app = tasks();
    app.assert_shows(" Open requests: 2, 1 late ─");
    app.assert_shows("─ during the incident");
    app.assert_shows("▸ ○ find a spare chassis ");
    app.assert_shows("@ann  2 min late");
    app.assert_shows(" Follow-up tasks: 1 ─");
    app.assert_hides("Done:");
    // A narrow screen has its short words whole.
    app.resize(40, 12);
    app.assert_shows("▸ ○ find a spare chassis     2 min late");
    app.assert_hides("during");
}

#[test]
fn selection_stays_with_its_task_when_another_comes_first() {
    let mut app = tasks();
    app.press("j");
    assert_eq!(
        selected(&app),
        "confirm the image boots on the spare chassis"
    );
    let mut ann = app.other_session("ann");
    log_line(&mut ann, "10:20 ask: call the vendor @ann 5m");
    app.refresh();
    app.assert_shows("Open requests: 3, 2 late");
    assert_eq!(
        selected(&app),
        "confirm the image boots on the spare chassis"
    );
    // It is closed by another: the next one takes its place.
    let handle = selected_task(&app.model).unwrap().handle().to_owned();
    task::set_state(&mut ann, &handle, TaskState::Done, None, "it boots").unwrap();
    app.refresh();
    assert_eq!(selected(&app), "Fail over to a warm standby");
}

#[test]
fn request_is_not_started_and_closed_by_two_enters() {
    let mut app = tasks();
    app.press("s");
    assert_eq!(app.status_text(), "Requests are open or closed; c closes");
    app.assert_hides("s start");
    app.press("c enter");
    app.assert_shows("Enter again closes it without an outcome");
    app.type_text("in rack 12").press("enter");
    app.assert_shows("Enter again closes it");
    app.assert_hides("without an outcome");
    app.press("enter");
    assert_eq!(app.model.activity.open_asks.len(), 1);
    app.assert_shows("Done: 1 (f done shows them)");
    assert!(app.timeline_texts().contains(&"in rack 12"));
    // A follow-up is started after a question.
    app.press("G");
    app.assert_shows("s start");
    app.press("s enter");
    app.assert_shows("▸ ▸ Fail over");
}

#[test]
fn owner_and_due_time_are_set_after_a_check() {
    let mut app = tasks();
    let owner = |app: &TestApp| selected_task(&app.model).unwrap().owners().join(" ");
    app.press("o").type_text("@raj").enter_twice();
    app.assert_status("request \"find a spare chassis\": @raj");
    assert_eq!(owner(&app), "raj");
    app.press("o").type_text("zoe").press("enter");
    app.assert_shows("@zoe is new here: check the spelling");
    assert_eq!(owner(&app), "raj");
    app.press("esc o").type_text("ann@raj").enter_twice();
    app.assert_shows("`ann@raj` is not a name");
    assert_eq!((owner(&app).as_str(), app.prompt()), ("raj", "ann@raj"));
    app.press("esc o").type_text("raj").press("enter enter");
    app.assert_status("no changes");

    app.press("d").type_text("soon").enter_twice();
    app.assert_shows("`soon` is not a time");
    app.press("ctrl-u").type_text("10:40").press("enter");
    // It lies ahead: tomorrow.
    app.assert_shows("within");
    app.press("ctrl-u").type_text("-").enter_twice();
    app.assert_status("no due time");
    app.assert_shows("no due time");
    app.press("g j").press("d").type_text("30m").enter_twice();
    app.assert_status("due 11:18");

    app.press("G o").type_text("ann").enter_twice();
    assert_eq!(owner(&app), "ann");
    app.press("d").type_text("2012-09-30").enter_twice();
    app.assert_shows("@ann  30 Sep");
    // One undo takes back one of them.
    app.press("u enter");
    app.assert_shows("@ann  31 Oct");
}

#[test]
fn filter_is_shown_and_left_by_esc() {
    let mut app = tasks();
    app.press("c").type_text("in rack 12").enter_twice();
    app.press("f").type_text("done");
    app.assert_shows(" filter: done ─");
    app.assert_shows("─ 1 of 3  Esc clears");
    app.assert_shows("√ find a spare chassis");
    app.assert_hides("confirm the image");
    app.press("enter c");
    app.assert_status("the request is closed; Enter shows what came of it");
    app.press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Detail(_))
    ));
    app.press("esc esc");
    assert_eq!(app.model.tasks.filter, "");
    app.assert_shows("confirm the image");
    app.press("f").type_text("@raj image").press("enter");
    app.assert_shows("1 of 3");
    app.press("f").type_text(" nothing has this").press("enter");
    app.assert_shows("No matching tasks. Esc clears the filter.");
    app.press("F");
    app.assert_shows("Open requests: 1");
    // Esc in the prompt leaves what was.
    app.press("f").type_text("@raj").press("esc");
    assert_eq!(app.model.tasks.filter, "");
}

#[test]
fn words_are_found_in_the_list() {
    let mut app = tasks();
    app.press("/").type_text("over warm").press("enter");
    assert_eq!(selected(&app), "Fail over to a warm standby");
    app.assert_status("1 of 1 found");
    app.press("/").type_text("a").press("enter");
    assert_eq!(selected(&app), "find a spare chassis");
    app.press("n");
    assert_eq!(
        selected(&app),
        "confirm the image boots on the spare chassis"
    );
    app.press("N N");
    assert_eq!(selected(&app), "Fail over to a warm standby");
    app.press("/").type_text("zebra").press("enter");
    app.assert_status("No matches.");
    // Without a search the letter is text.
    app.press("esc n");
    assert_eq!(app.line(), "n");
}

#[test]
fn tasks_become_late_as_the_time_goes_on() {
    let mut app = tasks();
    app.send(Msg::Tick(parse_utc("2012-08-16T15:30:00Z").unwrap()));
    app.assert_shows("Open requests: 2, 2 late");
    assert_eq!(selected(&app), "find a spare chassis");
}

#[test]
fn empty_tab_says_how_to_add() {
    let mut app = TestApp::new();
    app.press("esc f3");
    app.assert_shows("No tasks.");
    app.assert_shows("ask: check lag @ann 5m");
}
