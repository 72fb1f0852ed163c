//! Sequences of keys, and what they do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod tui_support;

use bridgelog::{
    domain::words::{Kind, State},
    tui::{
        model::{ConfirmKind, Focus, IncidentsTab, Overlay, Preview, Tab},
        msg::{CopyRequest, EditTarget, Edited, Effect, Msg, Write},
    },
};
use tui_support::{TestApp, log_line};

/// The question without text that is open.
#[track_caller]
fn confirm(app: &TestApp) -> &ConfirmKind {
    match app.model.overlays.last() {
        Some(Overlay::Confirm(confirm)) => &confirm.kind,
        other => panic!("no question but {other:?}"),
    }
}

fn is_routing(app: &TestApp) -> bool {
    matches!(app.model.overlays.last(), Some(Overlay::Routing(_)))
}

fn retracted(app: &TestApp) -> Option<&str> {
    let event = app.model.selected_event().unwrap();
    event.value.retracted.as_deref()
}

#[test]
fn typed_line_is_inserted_in_time_order() {
    let mut app = TestApp::with_outage();
    app.type_text("10:20 finding: the first fault was at 07:58 #storage");
    let [Preview::Event(read)] = &app.model.capture.previews[..] else {
        panic!("{:?}", app.model.capture.previews);
    };
    assert_eq!(read.event.kind, Kind::Finding);
    app.assert_shows("10:20 EDT today · ! finding · #storage");
    app.assert_shows("customers read nothing of this");
    app.press("enter");
    assert_eq!(app.timeline_texts()[5], "the first fault was at 07:58");
    assert_eq!(app.model.capture.line.text(), "");
    assert!(
        app.status_text().starts_with("logged "),
        "{}",
        app.status_text()
    );
}

#[test]
fn customer_wording_is_previewed_before_enter() {
    let mut app = TestApp::with_outage();
    app.type_text("comms: posted tell: We are working on it.");
    app.assert_shows("» customers will read: We are working on it.");
}

#[test]
fn invalid_line_stays_with_its_reason_and_next_text_is_a_row_of_its_own() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.type_text("99:99 it broke").press("enter");
    assert_eq!(app.timeline_texts().len(), before);
    assert_eq!(app.line(), "99:99 it broke");
    app.assert_shows("99:99");
    app.type_text("note: good").press("enter");
    // The good row is logged, the other stays.
    assert_eq!(app.count_of("good"), 1);
    assert_eq!(app.timeline_texts().len(), before + 1);
    assert_eq!(app.line(), "99:99 it broke");
    app.press("ctrl-u")
        .type_text("\\99:99 it broke")
        .press("enter");
    assert_eq!(app.count_of("99:99 it broke"), 1);
}

#[test]
fn enter_on_an_empty_line_does_nothing() {
    let mut app = TestApp::with_outage();
    app.type_text("decision: roll back deploy 99")
        .enter_twice()
        .hold("enter");
    let before = app.timeline_texts().len();
    app.type_text("users report it works");
    assert_eq!(app.line(), "users report it works");
    assert_eq!(app.timeline_texts().len(), before);
    assert_eq!(app.count_of("roll back deploy 99"), 1);
}

#[test]
fn line_without_open_incident_asks_where_it_goes() {
    let mut app = TestApp::new();
    app.assert_shows("What happened? Type it below and press Enter.");
    app.type_text("checkout is failing @checkout !degraded")
        .press("enter");
    assert!(is_routing(&app));
    app.assert_shows("Declare a new incident   \"checkout is failing\" @checkout !degraded");
    // Escape keeps the text, and nothing is picked beforehand.
    app.press("esc");
    assert_eq!(app.line(), "checkout is failing @checkout !degraded");
    app.enter_twice();
    assert!(app.model.summary.is_none() && app.timeline_texts().is_empty());
    // A digit is text of the next row, and takes the pick back.
    app.press("down").type_text("2").press("enter");
    assert!(app.model.summary.is_none() && is_routing(&app));
    app.press("backspace down enter");
    let outline = app.model.summary.as_ref().unwrap();
    assert_eq!(outline.row.title, "checkout is failing");
    assert_eq!(outline.row.state, Some(State::Degraded));
    assert_eq!(outline.row.severity, None);
}

#[test]
fn choice_to_declare_shows_what_is_declared() {
    for (line, shown, title) in [
        (
            "pay is slow @web sev2",
            "\"pay is slow\" SEV2 @web",
            "pay is slow",
        ),
        (
            "fault: @web gone sev1 !down",
            "\"web gone\" SEV1 @web, with this line in it",
            "web gone",
        ),
        ("declare Pay is slow", "\"Pay is slow\"", "Pay is slow"),
        (
            "declared too late",
            "\"declared too late\"",
            "declared too late",
        ),
        (
            "was it sev2 or worse",
            "\"was it sev2 or worse\"",
            "was it sev2 or worse",
        ),
    ] {
        let mut app = TestApp::new();
        app.type_text(line).press("enter");
        app.assert_shows(&format!("Declare a new incident   {shown}\n"));
        app.press("down enter");
        assert_eq!(
            app.model.summary.as_ref().unwrap().row.title,
            title,
            "{line}"
        );
    }
}

#[test]
fn line_of_long_ago_declares_an_incident_of_then() {
    let mut app = TestApp::new();
    app.type_text("2011-05-06 10:05 fault: it purged all @cdn !down")
        .press("enter");
    app.assert_shows("of 6 May 2011 10:05  \"it purged all\" @cdn, with");
    app.press("down enter");
    // Bare times are of those days.
    app.type_text("10:20 detect: a page").enter_twice();
    let days: Vec<String> = app
        .model
        .timeline
        .events
        .iter()
        .map(|event| {
            let text = &event.value.text;
            format!("{} {text}", event.value.at_utc().format("%F %H:%M"))
        })
        .collect();
    let expected = [
        "2011-05-06 14:05 it purged all",
        "2011-05-06 14:05 it purged all",
        "2011-05-06 14:20 a page",
    ];
    assert_eq!(days, expected);
    let declared = app.model.timeline.events[0].value.kind == Kind::Declare;
    assert!(declared, "{}", app.screen_text());
    app.assert_hides("impact ");
}

#[test]
fn unassigned_line_is_attached_later() {
    let mut app = TestApp::new();
    app.type_text("something looks odd").press("enter up enter");
    app.assert_status("logged");
    assert!(app.model.summary.is_none());
    assert_eq!(app.timeline_texts(), ["something looks odd"]);
    app.type_text("it is down").press("enter down enter");
    assert_eq!(app.model.summary.as_ref().unwrap().row.title, "it is down");
    assert_eq!(app.count_of("something looks odd"), 0);
    // Where it is listed, it can be attached.
    app.press("esc f6 down enter");
    assert_eq!(app.timeline_texts(), ["something looks odd"]);
    app.action("attach the selected unassigned");
    assert!(matches!(confirm(&app), ConfirmKind::Adopt(_)));
    app.press("enter f6 home enter");
    assert_eq!(app.count_of("something looks odd"), 1);
    assert_eq!(app.model.summary.as_ref().unwrap().row.title, "it is down");
}

/// An incident with a fault whose state nobody gave.
fn with_state_question() -> TestApp {
    let mut app = TestApp::new();
    app.type_text("odd errors").press("enter down enter");
    app.type_text("fault: the disk is gone").press("enter");
    assert_eq!(app.model.state_questions().len(), 1);
    app
}

fn state(app: &TestApp) -> Option<State> {
    app.model.summary.as_ref().unwrap().row.state
}

#[test]
fn state_question_is_answered_by_tab_to_the_choices_then_a_pick() {
    let mut app = with_state_question();
    app.assert_shows("? STATE");
    // The first Tab picks nothing, so that a Tab and an Enter meant for the list write nothing.
    app.press("tab enter");
    app.assert_status("pick one");
    assert_eq!(app.model.state_questions().len(), 1);
    app.press("right").assert_shows("[ok]");
    // A letter takes the pick back, and is text.
    app.press("right right").type_text("10:05 ack: bob");
    assert_eq!(app.line(), "10:05 ack: bob");
    app.press("ctrl-u enter");
    assert_eq!(app.model.state_questions().len(), 1);
    app.press("tab left left").assert_shows("[down]");
    app.press("enter");
    assert_eq!(state(&app), Some(State::Down));
    assert!(app.model.state_questions().is_empty());
}

#[test]
fn state_question_is_answered_by_two_clicks_on_a_choice() {
    let mut app = with_state_question();
    app.click_on("degraded").assert_shows("[degraded]");
    assert_eq!(app.model.state_questions().len(), 1);
    app.click_on("degraded");
    assert_eq!(state(&app), Some(State::Degraded));
}

#[test]
fn state_question_that_is_put_off_comes_back_by_its_action() {
    let mut app = with_state_question();
    app.press("tab left").assert_shows("[later]");
    app.press("enter");
    assert!(app.model.state_questions().is_empty());
    app.assert_shows("? STATE");
    app.action("state");
    assert_eq!(app.model.state_questions().len(), 1);
}

#[test]
fn line_that_begins_with_a_time_stays_whole_under_the_state_question() {
    let mut app = with_state_question();
    app.type_text("10:05 fault second");
    assert_eq!(app.line(), "10:05 fault second");
    app.press("enter");
    assert_eq!(app.count_of("fault second"), 1);
    assert_eq!(app.model.state_questions().len(), 1);
}

#[test]
fn tab_completion_cycles_forward_and_back() {
    let mut app = TestApp::with_outage();
    app.type_text("fin").press("tab");
    assert_eq!(app.model.capture.line.text(), "finding: ");
    // A space typed after a completion is dropped.
    app.type_text(" disk #hard").press("tab");
    assert_eq!(app.model.capture.line.text(), "finding: disk #hardware ");
    app.type_text("@").press("tab");
    let one = app.model.capture.line.text().to_owned();
    app.press("tab");
    assert_ne!(app.model.capture.line.text(), one);
    app.press("shift-tab");
    assert_eq!(app.model.capture.line.text(), one);
}

#[test]
fn alt_up_recalls_history_and_alt_down_restores_line() {
    let mut app = TestApp::with_outage();
    app.type_text("note one").press("enter");
    app.type_text("note two").press("enter");
    app.type_text("half").press("alt-up");
    assert_eq!(app.line(), "note two");
    app.press("alt-up");
    assert_eq!(app.line(), "note one");
    app.press("alt-down alt-down");
    assert_eq!(app.line(), "half");
    app.press("ctrl-u alt-up");
    assert_eq!(app.line(), "half");
}

#[test]
fn arrows_move_the_list_while_typing_goes_on_in_the_line() {
    let mut app = TestApp::with_outage();
    let last = app.model.timeline.selected;
    app.type_text("restart the ").press("up up");
    assert_eq!(app.model.timeline.selected, last - 2);
    app.type_text("user").press("pgup");
    assert_eq!(app.model.timeline.selected, 0);
    assert_eq!(app.line(), "restart the user");
    // In a line of several rows the cursor moves first.
    app.press("alt-enter").type_text("two").press("up");
    assert_eq!(app.model.timeline.selected, 0);
    app.type_text("X");
    assert_eq!(app.line(), "resXtart the user\ntwo");
}

#[test]
fn escape_and_ctrl_c_keep_typed_text() {
    let mut app = TestApp::with_outage();
    app.type_text("half a line").press("esc");
    assert_eq!(app.model.focus, Focus::List);
    app.assert_shows("your line is kept: half a line");
    // Esc in the list stays there.
    app.press("esc esc esc");
    assert_eq!(app.model.focus, Focus::List);
    app.press("ctrl-c");
    assert_eq!(confirm(&app), &ConfirmKind::Leave);
    assert_eq!(app.line(), "half a line");
    assert!(!app.effects.contains(&Effect::Quit));
    app.press("enter");
    assert!(app.effects.contains(&Effect::Quit));
    // The next start restores it.
    let files = app.draft_files();
    assert!(
        files.len() == 1 && files[0].contains("half a line"),
        "{files:?}"
    );
}

#[test]
fn ctrl_c_on_the_line_puts_its_text_into_the_drafts_and_never_leaves() {
    let mut app = TestApp::with_outage();
    app.type_text("half a line").press("ctrl-c");
    assert_eq!((app.line(), app.kept_drafts()), ("", vec!["half a line"]));
    app.press("ctrl-c ctrl-c");
    app.assert_status("Ctrl-Q leaves");
    assert!(!app.effects.contains(&Effect::Quit));
    app.press("alt-up");
    assert_eq!(app.line(), "half a line");
}

#[test]
fn leave_question_takes_q_again_and_any_other_letter_is_text() {
    let mut app = TestApp::with_outage();
    app.press("esc q");
    assert_eq!(confirm(&app), &ConfirmKind::Leave);
    app.hold("q");
    assert!(!app.effects.contains(&Effect::Quit));
    app.press("u");
    assert_eq!((app.line(), app.model.focus), ("qu", Focus::Line));
    app.press("esc q q");
    assert!(app.effects.contains(&Effect::Quit));
}

#[test]
fn edit_prompt_is_prefilled_and_undoable() {
    let mut app = TestApp::with_outage();
    app.press("esc e");
    assert!(
        app.prompt().contains("ask: confirm the image boots"),
        "{}",
        app.prompt()
    );
    let has_really = |app: &TestApp| app.timeline_texts().iter().any(|t| t.contains("really"));
    app.press("home ctrl-right ctrl-right ctrl-right ctrl-right ctrl-right")
        .type_text(" really")
        .press("enter");
    app.assert_shows("State: no change");
    assert!(!has_really(&app));
    app.press("enter");
    assert!(has_really(&app), "{}", app.status_text());
    app.press("u enter");
    app.assert_status("undid the change of");
    assert!(!has_really(&app));
    app.press("ctrl-r enter");
    app.assert_status("redone");
    assert!(has_really(&app));
}

#[test]
fn key_between_check_and_second_enter_goes_back_to_the_text() {
    let mut app = TestApp::with_outage();
    app.press("esc x").type_text("said").press("enter");
    app.type_text(" twice").press("enter");
    assert_eq!(retracted(&app), None);
    assert_eq!(app.prompt(), "said twice");
    // Held, Enter is one press.
    app.hold("enter");
    assert_eq!(retracted(&app), None);
    app.press("enter");
    assert_eq!(retracted(&app), Some("said twice"));
}

#[test]
fn unchanged_edit_and_time_write_nothing() {
    let mut app = TestApp::with_outage();
    app.press("esc k");
    let before = app.entry_count();
    app.press("e enter").assert_status("no changes");
    app.press("t enter").assert_status("no changes");
    assert!(app.model.overlays.is_empty());
    assert_eq!(app.entry_count(), before);
}

#[test]
fn time_amended_alone_and_retraction_requires_reason() {
    let mut app = TestApp::with_outage();
    app.press("esc k t ctrl-u").type_text("10:42").enter_twice();
    app.assert_status("10:42:00");
    app.press("x").enter_twice();
    assert_eq!(retracted(&app), None);
    app.assert_status("nothing is typed; Esc leaves it");
    app.type_text("said twice").enter_twice();
    assert_eq!(retracted(&app), Some("said twice"));
}

#[test]
fn ask_countdown_is_shown_and_key_closes_it() {
    let mut app = TestApp::with_outage();
    assert_eq!(app.model.activity.open_asks.len(), 2);
    assert!(
        app.screen_text().contains("2 requests, 1 late"),
        "{}",
        app.screen_text()
    );
    app.press("esc alt-2");
    assert_eq!(app.model.tab, Tab::Tasks);
    // The overdue one is first.
    app.assert_shows("2 min");
    app.press("c").type_text("rack 4").press("enter");
    assert_eq!(app.model.activity.open_asks.len(), 2);
    app.press("enter");
    assert_eq!(app.model.activity.open_asks.len(), 1);
    assert_eq!(app.model.activity.open_asks[0].people, ["raj"]);
}

#[test]
fn search_then_n_selects_next_hit() {
    let mut app = TestApp::with_outage();
    app.press("esc /").type_text("hardw").press("enter");
    assert!(
        app.model.timeline.hits.len() >= 2,
        "{:?}",
        app.model.timeline.hits.len()
    );
    let first = app.model.selected_event().unwrap().id;
    app.press("n");
    assert_ne!(app.model.selected_event().unwrap().id, first);
    app.press("N");
    assert_eq!(app.model.selected_event().unwrap().id, first);
    app.press("esc");
    assert!(app.model.timeline.hits.is_empty());
}

#[test]
fn filter_narrows_timeline_until_cleared() {
    let mut app = TestApp::with_outage();
    let all = app.timeline_texts().len();
    app.press("esc f").type_text("kind:ask").press("enter");
    assert_eq!(app.timeline_texts().len(), 2);
    app.assert_shows("kind:ask");
    app.press("f ctrl-u").type_text("tell by:jw").press("enter");
    assert_eq!(app.timeline_texts().len(), 3);
    // Esc in the prompt leaves it as it was before.
    app.press("f ctrl-u")
        .type_text("tell by:nobody")
        .press("esc");
    assert_eq!(app.timeline_texts().len(), 3);
    app.press("F");
    assert_eq!(app.timeline_texts().len(), all);
}

#[test]
fn jump_keys_go_to_milestones_and_gaps() {
    let mut app = TestApp::with_outage();
    app.press("esc g");
    assert_eq!(app.model.timeline.selected, 0);
    app.press("]");
    assert_eq!(app.model.selected_event().unwrap().value.kind, Kind::Fault);
    app.press("[ }");
    assert!(
        app.status_text()
            .contains("nothing was logged for 2 h 08 min"),
        "{}",
        app.status_text()
    );
}

#[test]
fn multi_line_paste_is_previewed_before_logging() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.send(Msg::Paste("10:20 one line".into()));
    assert_eq!(app.model.capture.line.text(), "10:20 one line");
    assert_eq!(app.timeline_texts().len(), before);
    app.press("ctrl-u");
    app.send(Msg::Paste(
        "10:20 seen by raj\r\n10:21 nginx: 502s tell: a secret\n\n9:99..3 fault !nope: x\n10:22 last".into(),
    ));
    let Some(Overlay::Paste(paste)) = app.model.overlays.last() else {
        panic!("no preview");
    };
    assert_eq!(paste.rows.len(), 4);
    assert_eq!(app.timeline_texts().len(), before);
    // `tell:` is text unless switched on; a key excludes a row.
    app.press("down ctrl-t");
    let Some(Overlay::Paste(paste)) = app.model.overlays.last() else {
        panic!("no preview");
    };
    assert!(paste.rows[1].allow_customer_wording);
    assert!(
        app.screen_text().contains("customers will read: a secret"),
        "{}",
        app.screen_text()
    );
    app.press("ctrl-t down");
    let Some(Overlay::Paste(paste)) = app.model.overlays.last() else {
        panic!("no preview");
    };
    if paste.rows[2].included {
        app.press("space");
    }
    app.press("enter");
    assert_eq!(app.timeline_texts().len(), before);
    app.assert_shows("Enter again logs 3 rows in #1; your line stays.");
    app.press("enter");
    assert!(app.model.overlays.is_empty(), "{}", app.status_text());
    assert_eq!(app.timeline_texts().len(), before + 3);
    let customer_lines = app
        .model
        .timeline
        .events
        .iter()
        .filter(|e| e.value.customer.is_some())
        .count();
    assert_eq!(customer_lines, 3);
}

#[test]
fn pasted_lines_are_logged_in_one_batch() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    let lines: Vec<String> = (0..20)
        .map(|n| format!("10:{:02} line {n}", 20 + n))
        .collect();
    app.paste(&lines.join("\n")).enter_twice();
    assert_eq!(app.timeline_texts().len(), before + 20);
    app.assert_status("20 logged");
    // One undo takes them back.
    app.press("esc u enter");
    assert_eq!(app.timeline_texts().len(), before);
}

#[test]
fn events_by_others_are_marked_without_moving_view() {
    let mut app = TestApp::with_outage();
    app.press("esc k k k");
    let looked_at = app.model.selected_event().unwrap().id;
    let top = app.model.timeline.events[app.model.timeline.top].id;
    log_line(
        &mut app.other_session("ann"),
        "10:47 finding: found by another",
    );
    app.send(Msg::Reply(Box::new(
        bridgelog::tui::msg::Reply::StoreChanged,
    )));
    assert_eq!(app.model.selected_event().unwrap().id, looked_at);
    assert_eq!(app.model.timeline.events[app.model.timeline.top].id, top);
    assert!(app.screen_text().contains("1 new"), "{}", app.screen_text());
    app.assert_status("1 new by ann");
    assert!(
        app.screen_text()
            .lines()
            .any(|l| l.starts_with("+") && l.contains("found by another"))
    );
}

#[test]
fn tab_keys_open_postmortem_email_and_incidents() {
    let mut app = TestApp::with_outage();
    app.press("esc f4");
    assert!(
        app.screen_text().contains("AVR Online outage"),
        "{}",
        app.screen_text()
    );
    app.press("f5");
    assert!(
        app.screen_text().contains("Subject: "),
        "{}",
        app.screen_text()
    );
    let stage = app.model.letter.as_ref().unwrap().stage;
    app.press("right");
    assert_eq!(app.model.letter.as_ref().unwrap().stage, (stage + 1) % 4);
    app.press("alt-5");
    assert!(
        app.screen_text().contains("1 incident, 1 open"),
        "{}",
        app.screen_text()
    );
    app.press("enter");
    assert_eq!(app.model.tab, Tab::Timeline);
}

#[test]
fn resolve_takes_two_enters_and_later_lines_ask_where_they_go() {
    let mut app = TestApp::with_outage();
    let is_open = |app: &TestApp| app.model.summary.as_ref().unwrap().row.is_open;
    app.press("esc R").type_text("all well").press("enter");
    assert!(is_open(&app));
    app.press("enter");
    assert!(!is_open(&app), "{}", app.failure_text());
    assert_eq!(app.model.focus, Focus::Line);
    app.type_text("forgotten").press("enter");
    assert!(is_routing(&app));
    app.press("down enter");
    assert_eq!(app.count_of("forgotten"), 1);
}

#[test]
fn line_that_begins_with_resolve_opens_its_prompt_and_is_text_behind_a_backslash() {
    let mut app = TestApp::with_outage();
    app.type_text("resolve: image boots");
    app.assert_shows("ends the incident: Enter asks first");
    app.press("enter");
    assert_eq!((app.prompt(), app.line()), ("image boots", ""));
    assert!(app.model.summary.as_ref().unwrap().row.is_open);
    app.press("esc")
        .type_text("\\resolve: not yet")
        .press("enter");
    assert_eq!(app.count_of("resolve: not yet"), 1);
    assert!(app.model.summary.as_ref().unwrap().row.is_open);
}

#[test]
fn typing_filters_help_and_palette() {
    let mut app = TestApp::with_outage();
    app.press("esc ?").type_text("retract the event");
    assert!(
        app.screen_text().contains("retract the event"),
        "{}",
        app.screen_text()
    );
    app.press("esc")
        .action("severity")
        .type_text("sev2")
        .enter_twice();
    assert_eq!(
        app.model
            .summary
            .as_ref()
            .unwrap()
            .row
            .severity
            .as_ref()
            .and_then(bridgelog::domain::words::Word::known)
            .map(bridgelog::domain::words::Severity::level),
        Some(2),
        "{}",
        app.status_text()
    );
}

#[test]
fn editor_asks_first_and_what_it_saved_is_checked_like_an_edit() {
    let mut app = TestApp::with_outage();
    app.press("esc E");
    assert!(app.effects.is_empty());
    assert!(matches!(confirm(&app), ConfirmKind::OpenEditor(_)));
    app.press("enter");
    let Some(Effect::OpenEditor(what, text)) = app.effects.pop() else {
        panic!("{:?}", app.effects);
    };
    assert!(matches!(what, EditTarget::Event(_)));
    let before = app.timeline_texts().join("\n");
    app.send(Msg::Edited(
        what.clone(),
        Edited::Failed {
            why: "vi left with an error (exit status: 1)".into(),
            text: Some("10:46 ask: half of it".into()),
        },
    ));
    app.assert_failure(
        "vi left with an error (exit status: 1): nothing written, text kept in drafts",
    );
    assert!(app.kept_drafts().contains(&"10:46 ask: half of it"));
    app.send(Msg::Edited(what.clone(), Edited::Unchanged));
    app.assert_status("no changes");
    app.send(Msg::Edited(what.clone(), Edited::Saved(" ".into())));
    app.assert_failure("the editor left an empty file: nothing written");
    assert!(app.model.overlays.is_empty());
    app.send(Msg::Edited(
        what,
        Edited::Saved(text.replace("confirm", "make sure")),
    ));
    app.press("enter");
    assert_eq!(app.timeline_texts().join("\n"), before);
    app.press("enter");
    assert!(
        app.timeline_texts().iter().any(|t| t.contains("make sure")),
        "{}",
        app.failure_text()
    );
}

#[test]
fn editor_is_not_opened_after_the_user_typed_on() {
    let mut app = TestApp::with_outage();
    app.press("esc E").pause_jobs().press("enter i");
    app.type_text("typed on").resume_jobs();
    assert_eq!(app.effects, []);
    assert_eq!(app.line(), "typed on");
}

#[test]
fn bell_rings_once_when_update_is_due() {
    let mut app = TestApp::with_outage();
    app.model.update_interval = Some(30);
    let due = app.model.update_due().unwrap();
    app.send(Msg::Tick(due)).send(Msg::Tick(due));
    assert_eq!(
        app.effects.iter().filter(|e| **e == Effect::Bell).count(),
        1
    );
}

#[test]
fn wheel_and_clicks_select_and_scroll_without_taking_the_keys() {
    let mut app = TestApp::with_outage();
    app.type_text("restart the ").wheel(-3).type_text("user");
    assert_eq!(
        (app.line(), app.model.focus),
        ("restart the user", Focus::Line)
    );
    app.click_on("detect").click_on("detect");
    let selected = app.model.selected_event().unwrap();
    assert_eq!(selected.value.kind, Kind::Detect);
    assert!(app.model.overlays.is_empty() && app.model.focus == Focus::Line);
    app.click_on("Tasks");
    assert_eq!(app.model.tab, Tab::Tasks);
    app.click_on("Incidents").click_on("Near misses");
    assert_eq!(app.model.incidents.tab, IncidentsTab::Ledger);
    app.click_on("Email").click_on("resolved");
    assert_eq!(app.model.letter.as_ref().unwrap().stage, 2);
    app.type_text(" now");
    assert_eq!(app.line(), "restart the user now");
    app.press("f9");
    assert!(app.effects.contains(&Effect::CaptureMouse(false)));
}

#[test]
fn click_opens_the_selected_row_only_in_the_list_and_click_on_the_line_writes() {
    let mut app = TestApp::with_outage();
    app.press("esc").click(20, 6);
    let selected = app.model.selected_event().unwrap();
    assert_eq!(selected.value.kind, Kind::Detect);
    assert!(app.model.overlays.is_empty());
    app.click(20, 6);
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Detail(_))
    ));
    app.press("esc").click_on("LIST");
    assert_eq!(app.model.focus, Focus::Line);
}

#[test]
fn click_on_the_key_bar_is_the_key_but_never_enter_nor_the_way_off_a_filled_line() {
    let mut app = TestApp::with_outage();
    app.type_text("note: half").click_on("Enter log");
    assert_eq!((app.line(), app.count_of("half")), ("note: half", 0));
    app.click_on("Esc list");
    assert_eq!(app.model.focus, Focus::Line);
    app.press("ctrl-u").click_on("Esc list");
    assert_eq!(app.model.focus, Focus::List);
    app.press("ctrl-g").click_on("Enter open");
    assert!(app.model.overlays.is_empty());
    app.press("ctrl-g ctrl-g");
    app.click_on("t time");
    assert_eq!(app.prompt(), "2012-08-16 10:46:00");
}

#[test]
fn click_on_the_line_puts_the_cursor_there() {
    let mut app = TestApp::with_outage();
    app.type_text("restart cache")
        .click_on("cache")
        .type_text("the ");
    assert_eq!(app.line(), "restart the cache");
}

#[test]
fn email_fields_are_set_from_email_tab() {
    let mut app = TestApp::with_outage();
    app.press("esc f5 s")
        .type_text("data-loss")
        .press("enter")
        .type_text("none")
        .press("enter");
    assert_eq!(app.model.field("data-loss"), "");
    app.press("enter");
    app.assert_status("data-loss is none");
    app.press("s")
        .type_text("customer-scope")
        .press("enter")
        .type_text("one in ten")
        .enter_twice();
    let letter = app.model.letter.as_ref().unwrap();
    assert!(letter.body.contains("one in ten"), "{}", letter.body);
}

#[test]
fn incident_declared_elsewhere_opens_after_current_resolved() {
    use bridgelog::ops::declare::{Declaration, declare};
    let mut app = TestApp::with_outage();
    app.action("resolve").enter_twice();
    let declaration = Declaration {
        title: "another one".into(),
        ..Declaration::default()
    };
    declare(&mut app.other_session("ann"), &declaration).unwrap();
    app.send(Msg::Reply(Box::new(
        bridgelog::tui::msg::Reply::StoreChanged,
    )));
    assert_eq!(app.model.summary.as_ref().unwrap().row.title, "another one");
}

#[test]
fn scrolling_loads_more_timeline_pages() {
    let mut app = TestApp::with_session(|session| {
        tui_support::outage(session);
        for n in 0..1200 {
            log_line(
                session,
                &format!("10:{:02}:{:02} note: number {n}", 15 + n / 60, n % 60),
            );
        }
    });
    assert!(app.timeline_texts().len() < 200);
    app.press("esc g");
    assert!(app.timeline_texts()[0].starts_with("first hardware fault"));
    for _ in 0..80 {
        app.press("pgdn");
    }
    app.press("G");
    assert!(
        app.timeline_texts()
            .last()
            .unwrap()
            .starts_with("confirm the image"),
        "{:?}",
        app.timeline_texts().last()
    );
    for _ in 0..1300 {
        app.press("k");
    }
    assert!(app.selected_text().starts_with("first hardware fault"));
    app.press("]");
    assert_eq!(app.model.selected_event().unwrap().value.kind, Kind::Fault);
}

#[test]
fn incomplete_message_is_saved_but_not_approved() {
    let mut app = TestApp::with_outage();
    let unsent = |app: &TestApp| app.model.letter.as_ref().unwrap().unsent_message.clone();
    app.press("esc f5 S");
    assert_eq!(unsent(&app), None);
    app.press("enter");
    app.assert_status("saved as m1");
    assert_eq!(unsent(&app).as_deref(), Some("m1"));
    app.press("A ctrl-u").type_text("ann").enter_twice();
    // An incomplete letter cannot be approved.
    assert_eq!(app.prompt(), "ann");
    app.assert_shows("missing in m1");
    assert_eq!(unsent(&app).as_deref(), Some("m1"));
}

#[test]
fn export_reports_and_copies_file_path() {
    let folder = tempfile::tempdir().unwrap();
    std::env::set_current_dir(folder.path()).unwrap();
    let mut app = TestApp::with_outage();
    app.press("esc f4 o").type_text("markdown").press("enter");
    let Some(Effect::Copy(CopyRequest { text: path, .. })) = app.effects.last() else {
        panic!("nothing copied: {}", app.status_text());
    };
    assert!(
        std::fs::read_to_string(path)
            .unwrap()
            .contains("AVR Online outage")
    );
    assert!(app.status_text().contains(path.as_str()));
}

#[test]
fn alt_enter_inserts_line_break() {
    let mut app = TestApp::with_outage();
    app.type_text("note: one")
        .press("alt-enter")
        .type_text("two")
        .press("enter");
    assert!(
        app.timeline_texts().contains(&"one\ntwo"),
        "{:?}",
        app.timeline_texts()
    );
}

#[test]
fn incident_declared_elsewhere_under_a_filled_line_is_asked_about() {
    use bridgelog::ops::declare::{Declaration, declare};
    let mut app = TestApp::with_outage();
    app.action("resolve").enter_twice();
    app.type_text("forgotten");
    let declaration = Declaration {
        title: "another one".into(),
        ..Declaration::default()
    };
    declare(&mut app.other_session("ann"), &declaration).unwrap();
    app.refresh().press("enter");
    assert!(is_routing(&app));
    assert_eq!(app.line(), "forgotten");
    assert_eq!(
        app.model.summary.as_ref().unwrap().row.title,
        "AVR Online outage"
    );
}

#[test]
fn key_without_a_command_now_is_text_with_the_letter_before_it() {
    let mut app = TestApp::with_outage();
    app.press("esc").type_text("network is slow");
    assert_eq!(
        (app.line(), app.model.focus),
        ("network is slow", Focus::Line)
    );
    app.press("ctrl-u esc").type_text("10:05 fault");
    assert_eq!(app.line(), "10:05 fault");
    app.press("ctrl-u esc").type_text("-12m");
    assert_eq!(app.line(), "-12m");
    // A letter that was a command goes along.
    app.press("ctrl-u esc k").type_text("4 pods are gone");
    assert_eq!(app.line(), "k4 pods are gone");
}

#[test]
fn held_undo_and_letters_after_it_take_nothing_back() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.press("esc u").hold("u");
    assert_eq!(confirm(&app), &ConfirmKind::Undo);
    app.press("u").type_text("sers report errors");
    assert_eq!(app.line(), "uusers report errors");
    assert_eq!(app.timeline_texts().len(), before);
    app.press("esc u").hold("enter");
    assert_eq!(app.timeline_texts().len(), before);
    app.press("esc");
    assert_eq!(app.model.focus, Focus::List);
    assert_eq!(app.timeline_texts().len(), before);
}

#[test]
fn undo_asks_and_enter_takes_back_one_act() {
    let mut app = TestApp::with_outage();
    app.type_text("note: said twice").press("enter");
    let before = app.timeline_texts().len();
    app.press("esc u").assert_shows("UNDO");
    app.assert_shows("said twice");
    app.press("enter").assert_status("undone: ");
    assert_eq!(app.timeline_texts().len(), before - 1);
    app.press("ctrl-r");
    assert_eq!(confirm(&app), &ConfirmKind::Redo);
    app.press("enter");
    assert_eq!(app.count_of("said twice"), 1);
}

#[test]
fn text_typed_where_the_list_was_meant_stays_in_one_prompt() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.press("esc R")
        .type_text("replica promoted")
        .press("enter");
    app.type_text("verify: all green for 10 min").press("enter");
    app.type_text("tell legal").press("enter");
    assert_eq!(
        app.prompt(),
        "replica promotedverify: all green for 10 mintell legal"
    );
    assert!(app.model.summary.as_ref().unwrap().row.is_open);
    assert_eq!(app.timeline_texts().len(), before);
    app.press("esc");
    assert_eq!(app.kept_drafts().len(), 1);
}

#[test]
fn words_that_no_action_has_stay_as_a_draft() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p")
        .type_text("customers call again")
        .press("enter");
    app.assert_status("no match");
    app.press("esc");
    assert_eq!(app.kept_drafts(), ["customers call again"]);
    assert_eq!(app.model.focus, Focus::Line);
}

#[test]
fn actions_choose_nothing_before_a_letter_or_an_arrow() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p enter")
        .assert_status("no row is chosen: Up and Down choose one, then Enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Finder(_))
    ));
    app.press("esc");
    assert!(app.model.overlays.is_empty());
}

#[test]
fn small_screen_keeps_characters_and_acts_on_no_other_key() {
    let mut app = TestApp::with_outage();
    app.type_text("note: ha").resize(30, 8);
    app.press("esc enter").type_text("lf");
    assert_eq!((app.line(), app.count_of("ha")), ("note: half", 0));
    assert_eq!(app.model.focus, Focus::Line);
    app.resize(80, 24).press("enter");
    assert_eq!(app.count_of("half"), 1);
    // A prompt keeps what is typed into it.
    app.press("esc x").resize(30, 8);
    app.type_text("twice").press("enter enter");
    assert_eq!(app.prompt(), "twice");
    assert_eq!(retracted(&app), None);
    // In the list, to the line: no letter is a command there.
    app.press("esc").resize(80, 24).press("esc").resize(30, 8);
    app.type_text("users");
    assert_eq!(app.line(), "users");
}

#[test]
fn state_answer_that_is_undone_is_asked_again() {
    let mut app = with_state_question();
    app.type_text("!down").press("enter");
    assert_eq!(state(&app), Some(State::Down));
    app.press("esc u enter");
    assert_ne!(state(&app), Some(State::Down), "{}", app.failure_text());
    assert_eq!(app.model.state_questions().len(), 1);
}

#[test]
fn state_answer_that_fails_is_asked_again() {
    use bridgelog::tui::msg::Job;
    let mut app = with_state_question();
    app.pause_jobs().type_text("!down").press("enter");
    let jobs = app.paused_jobs().iter();
    let job = jobs
        .rev()
        .find(|job| matches!(job, Job::Write(Write::Patch(..))));
    let job = job.cloned();
    assert!(job.is_some());
    app.fail(job, "the disk is full", false);
    app.assert_failure("Not done: the disk is full.");
    assert_eq!(app.model.state_questions().len(), 1);
}

#[test]
fn search_left_with_esc_is_as_before_it_opened() {
    let mut app = TestApp::with_outage();
    app.press("esc /").type_text("hardw").press("enter");
    let hits = app.model.timeline.hits.len();
    app.press("/").type_text("vendor").press("esc");
    assert_eq!(app.model.timeline.query, "hardw");
    assert_eq!(app.model.timeline.hits.len(), hits);
}

/// A letter that does nothing in the list is text on the line; alone it is hardly one.
#[test]
fn a_single_letter_takes_a_second_enter() {
    let mut app = TestApp::with_outage();
    let entries = app.entry_count();
    app.press("esc r enter");
    assert_eq!((app.entry_count(), app.line()), (entries, "r"));
    app.assert_shows("is all that is typed. Enter again logs it.");
    app.press("enter");
    assert_eq!(app.entry_count(), entries + 1);
}
