//! Scripts of keys through the app: what is typed is what is done.
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
        model::{Board, Choice, Echo, Focus, Over, Tab},
        msg::{Edit, Effect, Mouse, Msg},
    },
};
use tui_support::{App, log};

#[test]
fn a_line_typed_is_logged_at_its_place_in_time() {
    let mut app = App::outage();
    app.types("10:20 finding: the first fault was at 07:58 #storage");
    let Echo::Read(read) = &app.model.capture.echo else {
        panic!("{:?}", app.model.capture.echo);
    };
    assert_eq!(read.event.kind, Kind::Finding);
    assert!(
        app.screen()
            .contains("10:20 EDT · finding · #storage · internal"),
        "{}",
        app.screen()
    );
    app.press("enter");
    assert_eq!(app.texts()[5], "the first fault was at 07:58");
    assert_eq!(app.model.capture.line.text(), "");
    assert!(app.said().starts_with("logged "), "{}", app.said());
}

#[test]
fn what_customers_will_read_is_said_before_enter() {
    let mut app = App::outage();
    app.types("comms: posted tell: We are working on it.");
    assert!(
        app.screen()
            .contains("✉ customers will read: We are working on it.")
    );
}

#[test]
fn an_error_is_shown_under_the_line_and_nothing_is_logged() {
    let mut app = App::outage();
    let before = app.texts().len();
    app.types("fault: it broke !borken").press("enter");
    if matches!(app.model.capture.echo, Echo::Wrong(_)) {
        assert_eq!(app.texts().len(), before);
        assert!(app.model.capture.line.text().contains("borken"));
    }
    app.press("ctrl-u")
        .types("25:99..24:00 nonsense")
        .press("enter");
    assert_eq!(app.model.over.len(), 0);
}

#[test]
fn with_nothing_open_the_line_declares() {
    let mut app = App::new();
    assert!(app.screen().contains("Nothing is logged yet."));
    app.types("checkout is failing @checkout !degraded")
        .press("enter");
    assert!(matches!(
        app.model.over.last(),
        Some(Over::Choice(Choice::NothingOpen(_)))
    ));
    // Escape loses nothing.
    app.press("esc");
    assert_eq!(
        app.model.capture.line.text(),
        "checkout is failing @checkout !degraded"
    );
    app.press("enter 2 enter");
    let outline = app.model.outline.as_ref().unwrap();
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
fn an_unfiled_line_is_taken_in_by_the_next_incident() {
    let mut app = App::new();
    app.types("something looks odd").press("enter down enter");
    assert!(app.said().contains("unfiled"), "{}", app.said());
    assert_eq!(app.texts(), ["something looks odd"]);
    app.types("it is down").press("enter tab enter");
    assert!(
        app.texts().contains(&"something looks odd"),
        "{:?}",
        app.texts()
    );
    assert_eq!(app.model.outline.as_ref().unwrap().title, "it is down");
}

#[test]
fn a_fault_without_a_state_asks_for_one() {
    let mut app = App::new();
    app.types("odd errors").press("enter enter");
    app.types("fault: the disk is gone").press("enter");
    assert!(matches!(
        app.model.over.last(),
        Some(Over::Choice(Choice::State(_)))
    ));
    assert!(app.screen().contains("STATE?"), "{}", app.screen());
    app.press("3");
    assert_eq!(app.model.outline.as_ref().unwrap().state, Some(State::Down));
}

#[test]
fn completion_goes_through_what_there_is_and_back() {
    let mut app = App::outage();
    app.types("fin").press("tab");
    assert_eq!(app.model.capture.line.text(), "finding: ");
    // The space typed from habit is the one that is there.
    app.types(" disk #hard").press("tab");
    assert_eq!(app.model.capture.line.text(), "finding: disk #hardware ");
    app.types("@").press("tab");
    let one = app.model.capture.line.text().to_owned();
    app.press("tab");
    assert_ne!(app.model.capture.line.text(), one);
    app.press("shift-tab");
    assert_eq!(app.model.capture.line.text(), one);
}

#[test]
fn up_recalls_and_down_brings_back_what_was_typed() {
    let mut app = App::outage();
    app.types("note one").press("enter");
    app.types("note two").press("enter");
    app.types("half").press("up");
    assert_eq!(app.model.capture.line.text(), "note two");
    app.press("up");
    assert_eq!(app.model.capture.line.text(), "note one");
    app.press("down down");
    assert_eq!(app.model.capture.line.text(), "half");
    app.press("ctrl-u up");
    assert_eq!(app.model.capture.line.text(), "half");
}

#[test]
fn escape_and_ctrl_c_never_lose_what_is_typed() {
    let mut app = App::outage();
    app.types("half a line").press("esc");
    assert_eq!(app.model.focus, Focus::Page);
    app.press("esc esc esc ctrl-c");
    assert_eq!(app.model.capture.line.text(), "half a line");
    assert!(!app.effects.contains(&Effect::Quit));
    app.press("ctrl-c");
    assert!(app.effects.contains(&Effect::Quit));
    // The next start offers it.
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
fn amending_in_place_takes_the_line_as_it_was() {
    let mut app = App::outage();
    app.press("esc").press("e");
    let Some(Over::Prompt(prompt)) = app.model.over.last() else {
        panic!("nothing is asked: {}", app.said());
    };
    assert!(
        prompt.line.text().contains("ask: confirm the image boots"),
        "{}",
        prompt.line.text()
    );
    app.press("home ctrl-right ctrl-right ctrl-right ctrl-right ctrl-right")
        .types(" really")
        .press("enter");
    assert!(
        app.texts().iter().any(|t| t.contains("really")),
        "{:?} {}",
        app.texts(),
        app.said()
    );
    app.press("u");
    assert!(app.said().starts_with("undone: amending"), "{}", app.said());
    assert!(!app.texts().iter().any(|t| t.contains("really")));
    app.press("ctrl-r");
    assert!(
        app.said().starts_with("done again: amending"),
        "{}",
        app.said()
    );
    assert!(app.texts().iter().any(|t| t.contains("really")));
}

#[test]
fn a_time_alone_is_amended_and_a_retraction_needs_a_reason() {
    let mut app = App::outage();
    app.press("esc k t ctrl-u").types("10:42").press("enter");
    assert!(app.said().contains("10:42"), "{}", app.said());
    app.press("x enter");
    assert!(app.model.selected().unwrap().value.retracted.is_none());
    assert!(app.said().contains("Esc leaves it"), "{}", app.said());
    app.types("said twice").press("enter");
    assert_eq!(
        app.model.selected().unwrap().value.retracted.as_deref(),
        Some("said twice")
    );
    assert!(app.screen().contains("retracted: said twice") || app.screen().contains("retracted"));
}

#[test]
fn an_ask_is_counted_down_and_closed_by_a_key() {
    let mut app = App::outage();
    assert_eq!(app.model.doings.open_asks.len(), 2);
    assert!(app.screen().contains("2 asks -02:12"), "{}", app.screen());
    app.press("alt-2");
    assert_eq!(app.model.tab, Tab::Tasks);
    // The overdue one is first.
    assert!(app.screen().contains("over 2 min"), "{}", app.screen());
    app.press("c").types("rack 4").press("enter");
    assert_eq!(app.model.doings.open_asks.len(), 1);
    assert_eq!(app.model.doings.open_asks[0].value.people, ["raj"]);
}

#[test]
fn search_finds_and_n_goes_on() {
    let mut app = App::outage();
    app.press("esc /").types("hardw").press("enter");
    assert!(
        app.model.timeline.hits.len() >= 2,
        "{:?}",
        app.model.timeline.hits.len()
    );
    let first = app.model.selected().unwrap().id;
    app.press("n");
    assert_ne!(app.model.selected().unwrap().id, first);
    app.press("N");
    assert_eq!(app.model.selected().unwrap().id, first);
    app.press("esc");
    assert!(app.model.timeline.hits.is_empty());
}

#[test]
fn a_filter_narrows_and_is_taken_off() {
    let mut app = App::outage();
    let all = app.texts().len();
    app.press("esc f").types("kind:ask").press("enter");
    assert_eq!(app.texts().len(), 2);
    assert!(app.screen().contains("only kind:ask"));
    app.press("f ctrl-u").types("tell by:jw").press("enter");
    assert_eq!(app.texts().len(), 3);
    app.press("F");
    assert_eq!(app.texts().len(), all);
}

#[test]
fn jumps_go_to_milestones_and_gaps() {
    let mut app = App::outage();
    app.press("esc g");
    assert_eq!(app.model.timeline.selected, 0);
    app.press("]");
    assert_eq!(app.model.selected().unwrap().value.kind, Kind::Fault);
    app.press("[ }");
    assert!(
        app.said().contains("nothing was logged for 2 h 08 min"),
        "{}",
        app.said()
    );
}

#[test]
fn a_paste_never_submits_and_several_lines_are_looked_at_first() {
    let mut app = App::outage();
    let before = app.texts().len();
    app.msg(Msg::Paste("10:20 one line".into()));
    assert_eq!(app.model.capture.line.text(), "10:20 one line");
    assert_eq!(app.texts().len(), before);
    app.press("ctrl-u");
    app.msg(Msg::Paste(
        "10:20 seen by raj\r\n10:21 nginx: 502s tell: a secret\n\n9:99..3 fault !nope: x\n10:22 last".into(),
    ));
    let Some(Over::Paste(paste)) = app.model.over.last() else {
        panic!("no preview");
    };
    assert_eq!(paste.rows.len(), 4);
    assert_eq!(app.texts().len(), before);
    // `tell:` is text, unless somebody says so; a row is left by a key.
    app.press("down t");
    let Some(Over::Paste(paste)) = app.model.over.last() else {
        panic!("no preview");
    };
    assert!(paste.rows[1].tell);
    assert!(
        app.screen().contains("customers will read: a secret"),
        "{}",
        app.screen()
    );
    app.press("t down");
    let Some(Over::Paste(paste)) = app.model.over.last() else {
        panic!("no preview");
    };
    if paste.rows[2].take {
        app.press("space");
    }
    app.press("enter");
    assert!(app.model.over.is_empty(), "{}", app.said());
    assert_eq!(app.texts().len(), before + 3);
    let told = app
        .model
        .timeline
        .events
        .iter()
        .filter(|e| e.value.customer.is_some())
        .count();
    assert_eq!(told, 3);
}

#[test]
fn twenty_lines_are_logged_together() {
    let mut app = App::outage();
    let before = app.texts().len();
    let lines: Vec<String> = (0..20)
        .map(|n| format!("10:{:02} line {n}", 20 + n))
        .collect();
    app.msg(Msg::Paste(lines.join("\n"))).press("enter");
    assert_eq!(app.texts().len(), before + 20);
    assert_eq!(app.said(), "logged 20 events");
}

#[test]
fn what_others_write_is_marked_and_does_not_move_what_is_looked_at() {
    let mut app = App::outage();
    app.press("esc k k k");
    let looked_at = app.model.selected().unwrap().id;
    let top = app.model.timeline.events[app.model.timeline.top].id;
    log(&mut app.other("ann"), "10:47 finding: found by another");
    app.msg(Msg::Reply(Box::new(bridgelog::tui::msg::Reply::Changed)));
    assert_eq!(app.model.selected().unwrap().id, looked_at);
    assert_eq!(app.model.timeline.events[app.model.timeline.top].id, top);
    assert!(app.screen().contains("1 new"), "{}", app.screen());
    assert!(
        app.said().starts_with("ann wrote: found by another"),
        "{}",
        app.said()
    );
    assert!(
        app.screen()
            .lines()
            .any(|l| l.starts_with("+") && l.contains("found by another"))
    );
}

#[test]
fn tabs_show_documents_and_incidents() {
    let mut app = App::outage();
    app.press("f4");
    assert!(
        app.screen().contains("AVR Online outage"),
        "{}",
        app.screen()
    );
    app.press("f5");
    assert!(app.screen().contains("Subject: "), "{}", app.screen());
    let stage = app.model.letter.as_ref().unwrap().stage;
    app.press("right");
    assert_eq!(app.model.letter.as_ref().unwrap().stage, (stage + 1) % 4);
    app.press("5");
    assert!(
        app.screen().contains("1 incident · 1 open"),
        "{}",
        app.screen()
    );
    app.press("enter");
    assert_eq!(app.model.tab, Tab::Timeline);
}

#[test]
fn a_resolved_incident_is_written_to_only_when_named() {
    let mut app = App::outage();
    app.press("ctrl-p")
        .types("resolve")
        .press("enter")
        .types("all well")
        .press("enter");
    assert!(!app.model.outline.as_ref().unwrap().open, "{}", app.said());
    app.types("i").press("i");
    app.model.focus = Focus::Line;
    app.press("ctrl-u").types("forgotten").press("enter");
    assert!(matches!(
        app.model.over.last(),
        Some(Over::Choice(Choice::NothingOpen(_)))
    ));
    app.press("down down enter");
    assert!(app.texts().contains(&"forgotten"), "{}", app.said());
}

#[test]
fn help_and_palette_are_searched_by_typing() {
    let mut app = App::outage();
    app.press("?").types("retract");
    assert!(
        app.screen().contains("take the event out of the record"),
        "{}",
        app.screen()
    );
    app.press("esc ctrl-p")
        .types("severity")
        .press("enter")
        .types("sev2")
        .press("enter");
    assert_eq!(
        app.model
            .outline
            .as_ref()
            .unwrap()
            .severity
            .as_ref()
            .and_then(bridgelog::domain::words::Word::known)
            .map(bridgelog::domain::words::Severity::level),
        Some(2),
        "{}",
        app.said()
    );
}

#[test]
fn the_editor_failing_loses_nothing() {
    let mut app = App::outage();
    app.press("esc E");
    assert!(matches!(
        app.effects.last(),
        Some(Effect::Edit(Edit::Event(_), _))
    ));
    let before = app.texts().join("\n");
    let Some(Effect::Edit(what, text)) = app.effects.pop() else {
        return;
    };
    app.msg(Msg::Edited(
        what.clone(),
        Err("vi ended with 1; what it saved is in /tmp/x".into()),
    ));
    assert_eq!(app.texts().join("\n"), before);
    assert!(app.said().contains("/tmp/x"));
    app.msg(Msg::Edited(what, Ok(text.replace("confirm", "make sure"))));
    assert!(
        app.texts().iter().any(|t| t.contains("make sure")),
        "{}",
        app.said()
    );
}

#[test]
fn the_bell_rings_once_when_the_update_is_due() {
    let mut app = App::outage();
    app.model.update_interval = Some(30);
    let due = app.model.update_due().unwrap();
    app.msg(Msg::Tick(due)).msg(Msg::Tick(due));
    assert_eq!(
        app.effects.iter().filter(|e| **e == Effect::Bell).count(),
        1
    );
}

#[test]
fn the_mouse_clicks_wheels_and_is_switched_off() {
    let mut app = App::outage();
    app.msg(Msg::Mouse(Mouse::Wheel(-3)));
    assert_eq!(app.model.focus, Focus::Page);
    app.msg(Msg::Mouse(Mouse::Click(15, 19)));
    assert_eq!(app.model.tab, Tab::Tasks);
    app.press("f6").msg(Msg::Mouse(Mouse::Click(14, 3)));
    assert_eq!(app.model.incidents.board, Board::Ledger);
    app.press("f5").msg(Msg::Mouse(Mouse::Click(28, 3)));
    assert_eq!(app.model.letter.as_ref().unwrap().stage, 2);
    app.press("f9");
    assert!(app.effects.contains(&Effect::Mouse(false)));
}

#[test]
fn what_a_letter_asks_for_is_set_where_it_is_read() {
    let mut app = App::outage();
    app.press("f5 s i").types("none").press("enter");
    assert!(
        app.said().starts_with("data-loss is none"),
        "{}",
        app.said()
    );
    app.press("s g").types("one in ten").press("enter");
    let letter = app.model.letter.as_ref().unwrap();
    assert!(letter.body.contains("one in ten"), "{}", letter.body);
}

#[test]
fn an_incident_declared_elsewhere_is_looked_at_when_the_old_one_is_over() {
    use bridgelog::ops::declare::{Declaration, declare};
    let mut app = App::outage();
    app.press("ctrl-p").types("resolve").press("enter enter");
    let declaration = Declaration {
        title: "another one".into(),
        ..Declaration::default()
    };
    declare(&mut app.other("ann"), &declaration).unwrap();
    app.msg(Msg::Reply(Box::new(bridgelog::tui::msg::Reply::Changed)));
    assert_eq!(app.model.outline.as_ref().unwrap().title, "another one");
}

#[test]
fn pages_are_read_as_one_goes_up_and_down() {
    let mut app = App::with(|book| {
        tui_support::outage(book);
        for n in 0..1200 {
            log(
                book,
                &format!("10:{:02}:{:02} note: number {n}", 15 + n / 60, n % 60),
            );
        }
    });
    assert!(app.texts().len() < 200);
    app.press("esc g");
    assert!(app.texts()[0].starts_with("first hardware fault"));
    for _ in 0..80 {
        app.press("pgdn");
    }
    app.press("G");
    assert!(
        app.texts().last().unwrap().starts_with("confirm the image"),
        "{:?}",
        app.texts().last()
    );
    for _ in 0..1300 {
        app.press("k");
    }
    assert!(
        app.model
            .selected()
            .unwrap()
            .value
            .text
            .starts_with("first hardware fault")
    );
    app.press("]");
    assert_eq!(app.model.selected().unwrap().value.kind, Kind::Fault);
}

#[test]
fn a_letter_is_kept_approved_and_said_to_be_sent() {
    let mut app = App::outage();
    app.press("f5 A");
    assert!(app.said().contains("S keeps"), "{}", app.said());
    app.press("S");
    assert!(app.said().starts_with("kept as m1"), "{}", app.said());
    assert_eq!(
        app.model.letter.as_ref().unwrap().unsent.as_deref(),
        Some("m1")
    );
    app.press("A ctrl-u").types("ann").press("enter");
    // A letter that lacks something goes nowhere.
    assert!(app.said().contains("missing in m1"), "{}", app.said());
    app.press("esc X enter");
    assert!(
        app.said().contains("went out") || app.said().contains("m1"),
        "{}",
        app.said()
    );
}

#[test]
fn exports_say_where_and_copy_the_path() {
    let folder = tempfile::tempdir().unwrap();
    std::env::set_current_dir(folder.path()).unwrap();
    let mut app = App::outage();
    app.press("f4 o m");
    let Some(Effect::Copy(path)) = app.effects.last() else {
        panic!("nothing copied: {}", app.said());
    };
    assert!(
        std::fs::read_to_string(path)
            .unwrap()
            .contains("AVR Online outage")
    );
    assert!(app.said().contains(path.as_str()));
}

#[test]
fn a_line_break_is_typed_with_alt_enter() {
    let mut app = App::outage();
    app.types("note: one")
        .press("alt-enter")
        .types("two")
        .press("enter");
    assert!(app.texts().contains(&"one\ntwo"), "{:?}", app.texts());
}
