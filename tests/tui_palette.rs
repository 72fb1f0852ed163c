//! The list of all actions: it knows the words that people type, says what is not possible now, and puts first
//! what the state asks for.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

mod tui_support;

use bridgelog::{
    domain::words::CAPTURE_KINDS,
    tui::{
        keymap::Action,
        model::{FinderTarget, Focus, Overlay, finder_rows},
    },
};
use rstest::rstest;
use tui_support::TestApp;

/// What the best match for `words` stands for.
fn best(app: &mut TestApp, words: &str) -> FinderTarget {
    app.press("ctrl-p").type_text(words);
    let rows = finder_rows(&app.model);
    let row = rows
        .first()
        .unwrap_or_else(|| panic!("nothing for {words}"));
    assert!(row.why_not.is_none(), "{words}: {row:?}");
    let target = row.target.clone();
    app.press("esc");
    target
}

fn is_action(target: &FinderTarget, action: Action) -> bool {
    matches!(target, FinderTarget::Action(found, _) if *found == action)
}

#[rstest]
#[case::new("new", Action::Declare)]
#[case::start("start", Action::Declare)]
#[case::end("end", Action::Resolve)]
#[case::finish("finish", Action::Resolve)]
#[case::close_incident("close incident", Action::Resolve)]
#[case::delete("delete", Action::Retract)]
#[case::edit("edit", Action::Amend)]
#[case::correct_time("correct time", Action::Retime)]
#[case::commander("commander", Action::Handoff)]
#[case::hand_over("hand over", Action::Handoff)]
#[case::assign("assign", Action::Handoff)]
#[case::severity("sev1", Action::Severity)]
#[case::next_update("next update", Action::NextUpdate)]
#[case::undelete("undelete", Action::Restore)]
#[case::quit("quit", Action::Quit)]
#[case::letter("letter", Action::TabEmail)]
#[case::postmortem("postmortem", Action::TabPostmortem)]
#[case::secret("secret", Action::Redact)]
#[case::summary("chat", Action::Status)]
fn it_knows_the_words_that_people_type(#[case] words: &str, #[case] action: Action) {
    let mut app = TestApp::with_outage();
    app.press("esc");
    let found = best(&mut app, words);
    assert!(is_action(&found, action), "{words}: {found:?}");
}

#[test]
fn close_means_the_incident_where_no_request_is_selected() {
    let mut app = TestApp::with_outage();
    app.press("esc home");
    let found = best(&mut app, "close");
    assert!(is_action(&found, Action::Resolve), "{found:?}");
    app.press("end");
    let found = best(&mut app, "close");
    assert!(is_action(&found, Action::Close), "{found:?}");
}

/// Every kind that a line can begin with is a row.
#[test]
fn every_kind_is_in_the_list_of_actions() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p");
    let rows = finder_rows(&app.model);
    for kind in CAPTURE_KINDS {
        let begin = format!("{kind}: ");
        let is_row =
            |target: &FinderTarget| matches!(target, FinderTarget::Begin(text) if *text == begin);
        assert!(
            rows.iter().any(|row| is_row(&row.target)),
            "{kind} has no row"
        );
    }
}

#[rstest]
#[case::ack("acknowledge", "ack: ")]
#[case::decision("decision", "decision: ")]
#[case::todo("request", "ask: ")]
#[case::hypothesis("hypothesis", "suspect: ")]
#[case::deploy("deploy", "change: ")]
#[case::shift("shift", "handoff: ")]
#[case::wording("customer wording", "tell: ")]
fn words_that_begin_a_line_are_in_it(#[case] words: &str, #[case] begin: &str) {
    let mut app = TestApp::with_outage();
    assert_eq!(
        best(&mut app, words),
        FinderTarget::Begin(match begin {
            "ack: " => "ack: ",
            "decision: " => "decision: ",
            "ask: " => "ask: ",
            "suspect: " => "suspect: ",
            "handoff: " => "handoff: ",
            "change: " => "change: ",
            _ => "tell: ",
        })
    );
}

#[test]
fn a_kind_goes_before_the_text_and_after_its_time() {
    for (before, words, after) in [
        ("", "decision", "decision: "),
        ("roll back", "decision", "decision: roll back"),
        ("10:05 roll back", "decision", "10:05 decision: roll back"),
        ("-3m", "decision", "-3m decision: "),
        ("rolled back", "customer wording", "rolled back tell: "),
    ] {
        let mut app = TestApp::with_outage();
        app.type_text(before).action(words);
        assert_eq!(app.line(), after);
        assert_eq!(app.model.focus, Focus::Line);
    }
    // Over a prompt it would go astray.
    let mut app = TestApp::with_outage();
    app.press("esc x").type_text("why").action("decision");
    app.assert_status("Enter or Esc first");
    assert_eq!((app.prompt(), app.line()), ("why", ""));
}

#[test]
fn what_is_not_possible_now_is_last_and_says_why() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p");
    let rows = finder_rows(&app.model);
    let first_not = rows.iter().position(|row| row.why_not.is_some()).unwrap();
    assert!(rows[first_not..].iter().all(|row| row.why_not.is_some()));
    app.type_text("reopen");
    app.assert_shows("#1 is open");
    app.press("enter");
    app.assert_status("not now: #1 is open");
    assert!(app.model.overlays.is_empty());
    app.press("esc R enter enter").action("reopen");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Prompt(_))
    ));
}

#[test]
fn what_the_state_asks_for_comes_first() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p");
    let labels: Vec<String> = finder_rows(&app.model)
        .into_iter()
        .map(|row| row.label)
        .collect();
    let at = |words: &str| {
        let found = labels.iter().position(|label| label.contains(words));
        found.unwrap_or_else(|| panic!("{words}: {labels:?}"))
    };
    assert_eq!(at("close the late request \"find a spare chassis\""), 0);
    for words in [
        "next customer update",
        "hand over command",
        "resolve #1",
        "change the severity",
        "undo",
        "bring back",
    ] {
        assert!(at(words) < 8, "{words}: {labels:?}");
    }
    // Enter alone does nothing.
    app.press("enter")
        .assert_status("no row is chosen: Up and Down choose one, then Enter");
    app.press("esc esc R enter enter ctrl-p");
    assert_eq!(finder_rows(&app.model)[0].label, "reopen #1");
}

#[test]
fn the_key_bar_names_what_the_state_asks_for() {
    let mut app = TestApp::with_outage();
    app.press("esc");
    app.assert_shows(": next update");
    app.click_on(": next update");
    app.type_text("30m").enter_twice();
    app.assert_hides(": next update");
    app.press("R enter enter esc");
    app.assert_shows(": reopen");
    // The list of actions that its key opens has it first.
    app.press(": down enter");
    app.assert_shows("Reason for reopening");
}

#[test]
fn a_time_or_a_handle_goes_to_its_event() {
    let mut app = TestApp::with_outage();
    let handle = app.model.timeline.events[2].handle.clone();
    app.press("esc :").type_text("10:30").press("enter");
    assert!(app.selected_text().starts_with("a failed controller"));
    app.press("esc :").type_text(&handle[..5]).press("enter");
    assert_eq!(app.model.selected_event().unwrap().handle, handle);
    app.press("f5 :").type_text(":10:09").press("enter");
    assert!(app.selected_text().starts_with("monitoring"));
}
