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
        model::{Dialog, Focus, IncidentsTab, Overlay, Preview, Tab},
        msg::{EditTarget, Effect, Mouse, Msg},
    },
};
use tui_support::{TestApp, log_line};

#[test]
fn typed_line_is_inserted_in_time_order() {
    let mut app = TestApp::with_outage();
    app.type_text("10:20 finding: the first fault was at 07:58 #storage");
    let Preview::Event(read) = &app.model.capture.preview else {
        panic!("{:?}", app.model.capture.preview);
    };
    assert_eq!(read.event.kind, Kind::Finding);
    assert!(
        app.screen_text()
            .contains("10:20 EDT · finding · #storage · internal"),
        "{}",
        app.screen_text()
    );
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
    assert!(
        app.screen_text()
            .contains("✉ customers will read: We are working on it.")
    );
}

#[test]
fn invalid_line_logs_nothing() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.type_text("fault: it broke !borken").press("enter");
    if matches!(app.model.capture.preview, Preview::Invalid(_)) {
        assert_eq!(app.timeline_texts().len(), before);
        assert!(app.model.capture.line.text().contains("borken"));
    }
    app.press("ctrl-u")
        .type_text("25:99..24:00 nonsense")
        .press("enter");
    assert_eq!(app.model.overlays.len(), 0);
}

#[test]
fn line_without_open_incident_offers_declare() {
    let mut app = TestApp::new();
    assert!(app.screen_text().contains("Nothing is logged yet."));
    app.type_text("checkout is failing @checkout !degraded")
        .press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Dialog(Dialog::Routing(_)))
    ));
    // Escape keeps the text.
    app.press("esc");
    assert_eq!(
        app.model.capture.line.text(),
        "checkout is failing @checkout !degraded"
    );
    app.press("enter 2 enter");
    let outline = app.model.summary.as_ref().unwrap();
    assert_eq!(outline.title, "checkout is failing");
    assert_eq!(outline.state, Some(State::Degraded));
    assert_eq!(
        outline
            .severity
            .as_ref()
            .and_then(bridgelog::domain::words::Word::known)
            .map(bridgelog::domain::words::Severity::level),
        Some(2)
    );
    assert_eq!(app.model.capture.line.text(), "");
}

#[test]
fn unfiled_line_is_adopted_on_declare() {
    let mut app = TestApp::new();
    app.type_text("something looks odd")
        .press("enter down enter");
    assert!(
        app.status_text().contains("unfiled"),
        "{}",
        app.status_text()
    );
    assert_eq!(app.timeline_texts(), ["something looks odd"]);
    app.type_text("it is down").press("enter tab enter");
    assert!(
        app.timeline_texts().contains(&"something looks odd"),
        "{:?}",
        app.timeline_texts()
    );
    assert_eq!(app.model.summary.as_ref().unwrap().title, "it is down");
}

#[test]
fn fault_without_state_prompts_for_state() {
    let mut app = TestApp::new();
    app.type_text("odd errors").press("enter enter");
    app.type_text("fault: the disk is gone").press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Dialog(Dialog::State(_)))
    ));
    assert!(
        app.screen_text().contains("STATE?"),
        "{}",
        app.screen_text()
    );
    app.press("3");
    assert_eq!(app.model.summary.as_ref().unwrap().state, Some(State::Down));
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
fn up_recalls_history_and_down_restores_draft() {
    let mut app = TestApp::with_outage();
    app.type_text("note one").press("enter");
    app.type_text("note two").press("enter");
    app.type_text("half").press("up");
    assert_eq!(app.model.capture.line.text(), "note two");
    app.press("up");
    assert_eq!(app.model.capture.line.text(), "note one");
    app.press("down down");
    assert_eq!(app.model.capture.line.text(), "half");
    app.press("ctrl-u up");
    assert_eq!(app.model.capture.line.text(), "half");
}

#[test]
fn escape_and_ctrl_c_keep_typed_text() {
    let mut app = TestApp::with_outage();
    app.type_text("half a line").press("esc");
    assert_eq!(app.model.focus, Focus::Page);
    app.press("esc esc esc ctrl-c");
    assert_eq!(app.model.capture.line.text(), "half a line");
    assert!(!app.effects.contains(&Effect::Quit));
    app.press("ctrl-c");
    assert!(app.effects.contains(&Effect::Quit));
    // The next start restores it.
    let drafts = std::fs::read_dir(app.path.parent().unwrap())
        .unwrap()
        .filter(|e| {
            e.as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .contains("-draft-")
        })
        .count();
    assert_eq!(drafts, 1);
}

#[test]
fn edit_prompt_is_prefilled_and_undoable() {
    let mut app = TestApp::with_outage();
    app.press("esc").press("e");
    let Some(Overlay::Prompt(prompt)) = app.model.overlays.last() else {
        panic!("nothing is asked: {}", app.status_text());
    };
    assert!(
        prompt.line.text().contains("ask: confirm the image boots"),
        "{}",
        prompt.line.text()
    );
    app.press("home ctrl-right ctrl-right ctrl-right ctrl-right ctrl-right")
        .type_text(" really")
        .press("enter");
    assert!(
        app.timeline_texts().iter().any(|t| t.contains("really")),
        "{:?} {}",
        app.timeline_texts(),
        app.status_text()
    );
    app.press("u");
    assert!(
        app.status_text().starts_with("undone: amending"),
        "{}",
        app.status_text()
    );
    assert!(!app.timeline_texts().iter().any(|t| t.contains("really")));
    app.press("ctrl-r");
    assert!(
        app.status_text().starts_with("done again: amending"),
        "{}",
        app.status_text()
    );
    assert!(app.timeline_texts().iter().any(|t| t.contains("really")));
}

#[test]
fn time_amended_alone_and_retraction_requires_reason() {
    let mut app = TestApp::with_outage();
    app.press("esc k t ctrl-u")
        .type_text("10:42")
        .press("enter");
    assert!(app.status_text().contains("10:42"), "{}", app.status_text());
    app.press("x enter");
    assert!(
        app.model
            .selected_event()
            .unwrap()
            .value
            .retracted
            .is_none()
    );
    assert!(
        app.status_text().contains("Esc leaves it"),
        "{}",
        app.status_text()
    );
    app.type_text("said twice").press("enter");
    assert_eq!(
        app.model
            .selected_event()
            .unwrap()
            .value
            .retracted
            .as_deref(),
        Some("said twice")
    );
    assert!(
        app.screen_text().contains("retracted: said twice")
            || app.screen_text().contains("retracted")
    );
}

#[test]
fn ask_countdown_is_shown_and_key_closes_it() {
    let mut app = TestApp::with_outage();
    assert_eq!(app.model.activity.open_asks.len(), 2);
    assert!(
        app.screen_text().contains("2 asks -02:12"),
        "{}",
        app.screen_text()
    );
    app.press("alt-2");
    assert_eq!(app.model.tab, Tab::Tasks);
    // The overdue one is first.
    assert!(
        app.screen_text().contains("over 2 min"),
        "{}",
        app.screen_text()
    );
    app.press("c").type_text("rack 4").press("enter");
    assert_eq!(app.model.activity.open_asks.len(), 1);
    assert_eq!(app.model.activity.open_asks[0].value.people, ["raj"]);
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
    assert!(app.screen_text().contains("only kind:ask"));
    app.press("f ctrl-u").type_text("tell by:jw").press("enter");
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
    app.press("down t");
    let Some(Overlay::Paste(paste)) = app.model.overlays.last() else {
        panic!("no preview");
    };
    assert!(paste.rows[1].allow_customer_wording);
    assert!(
        app.screen_text().contains("customers will read: a secret"),
        "{}",
        app.screen_text()
    );
    app.press("t down");
    let Some(Overlay::Paste(paste)) = app.model.overlays.last() else {
        panic!("no preview");
    };
    if paste.rows[2].included {
        app.press("space");
    }
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
    app.send(Msg::Paste(lines.join("\n"))).press("enter");
    assert_eq!(app.timeline_texts().len(), before + 20);
    assert_eq!(app.status_text(), "logged 20 events");
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
    assert!(
        app.status_text().starts_with("ann wrote: found by another"),
        "{}",
        app.status_text()
    );
    assert!(
        app.screen_text()
            .lines()
            .any(|l| l.starts_with("+") && l.contains("found by another"))
    );
}

#[test]
fn tab_keys_open_postmortem_email_and_incidents() {
    let mut app = TestApp::with_outage();
    app.press("f4");
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
    app.press("5");
    assert!(
        app.screen_text().contains("1 incident · 1 open"),
        "{}",
        app.screen_text()
    );
    app.press("enter");
    assert_eq!(app.model.tab, Tab::Timeline);
}

#[test]
fn line_after_resolve_asks_where_to_log() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p")
        .type_text("resolve")
        .press("enter")
        .type_text("all well")
        .press("enter");
    assert!(
        !app.model.summary.as_ref().unwrap().open,
        "{}",
        app.status_text()
    );
    app.type_text("i").press("i");
    app.model.focus = Focus::Line;
    app.press("ctrl-u").type_text("forgotten").press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Dialog(Dialog::Routing(_)))
    ));
    app.press("down down enter");
    assert!(
        app.timeline_texts().contains(&"forgotten"),
        "{}",
        app.status_text()
    );
}

#[test]
fn typing_filters_help_and_palette() {
    let mut app = TestApp::with_outage();
    app.press("?").type_text("retract");
    assert!(
        app.screen_text()
            .contains("take the event out of the record"),
        "{}",
        app.screen_text()
    );
    app.press("esc ctrl-p")
        .type_text("severity")
        .press("enter")
        .type_text("sev2")
        .press("enter");
    assert_eq!(
        app.model
            .summary
            .as_ref()
            .unwrap()
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
fn failed_editor_leaves_event_unchanged() {
    let mut app = TestApp::with_outage();
    app.press("esc E");
    assert!(matches!(
        app.effects.last(),
        Some(Effect::OpenEditor(EditTarget::Event(_), _))
    ));
    let before = app.timeline_texts().join("\n");
    let Some(Effect::OpenEditor(what, text)) = app.effects.pop() else {
        return;
    };
    app.send(Msg::Edited(
        what.clone(),
        Err("vi ended with 1; what it saved is in /tmp/x".into()),
    ));
    assert_eq!(app.timeline_texts().join("\n"), before);
    assert!(app.status_text().contains("/tmp/x"));
    app.send(Msg::Edited(what, Ok(text.replace("confirm", "make sure"))));
    assert!(
        app.timeline_texts().iter().any(|t| t.contains("make sure")),
        "{}",
        app.status_text()
    );
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
fn mouse_clicks_and_scrolls_until_disabled() {
    let mut app = TestApp::with_outage();
    app.send(Msg::Mouse(Mouse::Wheel(-3)));
    assert_eq!(app.model.focus, Focus::Page);
    app.send(Msg::Mouse(Mouse::Click(15, 19)));
    assert_eq!(app.model.tab, Tab::Tasks);
    app.press("f6").send(Msg::Mouse(Mouse::Click(14, 3)));
    assert_eq!(app.model.incidents.tab, IncidentsTab::Ledger);
    app.press("f5").send(Msg::Mouse(Mouse::Click(28, 3)));
    assert_eq!(app.model.letter.as_ref().unwrap().stage, 2);
    app.press("f9");
    assert!(app.effects.contains(&Effect::CaptureMouse(false)));
}

#[test]
fn email_fields_are_set_from_email_tab() {
    let mut app = TestApp::with_outage();
    app.press("f5 s o").type_text("none").press("enter");
    assert!(
        app.status_text().starts_with("data-loss is none"),
        "{}",
        app.status_text()
    );
    app.press("s k").type_text("one in ten").press("enter");
    let letter = app.model.letter.as_ref().unwrap();
    assert!(letter.body.contains("one in ten"), "{}", letter.body);
}

#[test]
fn incident_declared_elsewhere_opens_after_current_resolved() {
    use bridgelog::ops::declare::{Declaration, declare};
    let mut app = TestApp::with_outage();
    app.press("ctrl-p")
        .type_text("resolve")
        .press("enter enter");
    let declaration = Declaration {
        title: "another one".into(),
        ..Declaration::default()
    };
    declare(&mut app.other_session("ann"), &declaration).unwrap();
    app.send(Msg::Reply(Box::new(
        bridgelog::tui::msg::Reply::StoreChanged,
    )));
    assert_eq!(app.model.summary.as_ref().unwrap().title, "another one");
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
    assert!(
        app.model
            .selected_event()
            .unwrap()
            .value
            .text
            .starts_with("first hardware fault")
    );
    app.press("]");
    assert_eq!(app.model.selected_event().unwrap().value.kind, Kind::Fault);
}

#[test]
fn incomplete_message_is_saved_but_not_approved() {
    let mut app = TestApp::with_outage();
    app.press("f5 A");
    assert!(
        app.status_text().contains("S keeps"),
        "{}",
        app.status_text()
    );
    app.press("S");
    assert!(
        app.status_text().starts_with("kept as m1"),
        "{}",
        app.status_text()
    );
    assert_eq!(
        app.model.letter.as_ref().unwrap().unsent_message.as_deref(),
        Some("m1")
    );
    app.press("A ctrl-u").type_text("ann").press("enter");
    // An incomplete letter cannot be approved.
    assert!(
        app.status_text().contains("missing in m1"),
        "{}",
        app.status_text()
    );
    app.press("esc X enter");
    assert!(
        app.status_text().contains("went out") || app.status_text().contains("m1"),
        "{}",
        app.status_text()
    );
}

#[test]
fn export_reports_and_copies_file_path() {
    let folder = tempfile::tempdir().unwrap();
    std::env::set_current_dir(folder.path()).unwrap();
    let mut app = TestApp::with_outage();
    app.press("f4 o m");
    let Some(Effect::Copy(path)) = app.effects.last() else {
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
