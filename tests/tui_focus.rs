//! What the keys go to: every state of the app against every event. A cell that is not here is a cell that
//! nobody decided.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{
    domain::{time::UtcTime, words::Severity},
    ops::{
        Session,
        declare::{Declaration, declare},
    },
    tui::{
        layout,
        model::{CheckStage, ImportStage, Overlay},
        msg::{Mouse, Msg},
    },
};
use chrono::Duration;
use std::{fmt::Write as _, sync::OnceLock};
use tui_support::{TestApp, filled_file, log_line};

/// The states: an empty line, a line with text, a question for a state, the choice of an incident, the list, a
/// prompt, a prompt after its check, a question without text, a list to search, the preview of a paste, the list of
/// files with a path typed, the preview of an import, the detail of an event.
const STATES: [&str; 13] = [
    "L0", "L1", "QS", "QR", "LIST", "P", "P+", "C", "F", "PASTE", "FILES", "IMPORT", "D",
];

/// An incident of one service, in which nothing is known of its state yet.
fn incident(session: &mut Session) {
    let declaration = Declaration {
        title: "Shop is slow".into(),
        severity: Severity::new(2).map(Into::into),
        services: vec!["shop".into()],
        at: Some("10:14".into()),
        ..Declaration::default()
    };
    declare(session, &declaration).unwrap();
    for line in [
        "10:20 detect: checkout errors",
        "10:25 ask: check the replica @ann 5m",
        "10:31 decision: roll back deploy 99",
    ] {
        log_line(session, line);
    }
}

fn open(state: &str) -> TestApp {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    let mut app = TestApp::with_file(FILE.get_or_init(|| filled_file(incident)));
    match state {
        "L0" => {}
        "L1" => {
            app.type_text("restart the ");
        }
        "QS" => {
            app.type_text("fault: db primary dead").press("enter");
            assert_eq!(app.model.state_questions().len(), 1);
        }
        "QR" => {
            app.press("esc R enter enter")
                .type_text("still broken")
                .press("enter");
        }
        "LIST" => {
            app.press("esc");
        }
        "P" => {
            app.press("esc x").type_text("wrong one");
        }
        "P+" => {
            app.press("esc x").type_text("wrong one").press("enter");
        }
        "C" => {
            app.type_text("note: mine").press("enter").press("esc u");
            app.writes = 0;
        }
        "F" => {
            app.press("ctrl-p").type_text("sev");
        }
        "PASTE" => {
            app.send(Msg::Paste("10:32 first\n10:33 second".to_owned()));
        }
        "FILES" | "IMPORT" => {
            app.action("import")
                .type_text("tests/import/csv/spreadsheet.csv");
            if state == "IMPORT" {
                app.press("enter").type_text("here").press("enter");
            }
        }
        "D" => {
            app.press("esc enter");
        }
        other => panic!("no state {other}"),
    }
    app
}

/// What has the keys, and the text in it.
fn describe(app: &TestApp) -> String {
    let line = app.model.capture.line.text().replace('\u{1e}', " | ");
    match app.model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => {
            let (badge, _) = bridgelog::tui::content::prompt_text::prompt_head(&prompt.question);
            let checked = if matches!(prompt.check, CheckStage::Passed(..)) {
                "+"
            } else {
                ""
            };
            format!("{badge}{checked} {:?}", prompt.line.text())
        }
        Some(Overlay::Confirm(confirm)) => {
            let (badge, _) =
                bridgelog::tui::content::prompt_text::confirm_head(&app.model, &confirm.kind);
            format!("{badge}?")
        }
        Some(Overlay::Finder(finder)) => {
            let (badge, _) = bridgelog::tui::content::prompt_text::finder_head(finder.kind);
            format!("{badge} {:?}", finder.query.text())
        }
        Some(Overlay::Paste(paste)) => format!("PASTE {} {line:?}", paste.rows.len()),
        Some(Overlay::Import(import)) => {
            let armed = if import.armed { "+" } else { "" };
            let stage = match &import.stage {
                ImportStage::Reading => "reading",
                ImportStage::Asks(..) => "asks",
                ImportStage::Refused(_) => "refused",
                ImportStage::Shown(_) => "shown",
                ImportStage::Writing(_) => "writing",
                ImportStage::Done(_) => "done",
            };
            let taken = import.taken_count();
            format!("IMPORT{armed} {stage} {taken} {line:?}")
        }
        Some(Overlay::Routing(routing)) => match routing.picked {
            Some(at) => format!("WHERE {at} {line:?}"),
            None => format!("WHERE {line:?}"),
        },
        Some(Overlay::Detail(_)) => "DETAIL".to_owned(),
        Some(Overlay::Text(_)) => "READ".to_owned(),
        Some(Overlay::Uncopied(_)) => "COPY".to_owned(),
        None if app.model.is_on_list() => format!("LIST {line:?}"),
        None => {
            let pick = app
                .model
                .state_pick
                .map_or(String::new(), |pick| format!(" pick {:?}", pick.picked));
            format!("LOG {line:?}{pick}")
        }
    }
}

/// What an event does in a state: what has the keys then, and how many entries were written.
fn outcome(state: &str, event: impl FnOnce(&mut TestApp)) -> String {
    let mut app = open(state);
    let before = app.writes;
    let effects = app.effects.len();
    event(&mut app);
    let written = app.writes - before;
    let mut text = describe(&app);
    if written > 0 {
        write!(text, " +{written}").unwrap();
    }
    if app.effects[effects..].contains(&bridgelog::tui::msg::Effect::Quit) {
        text.push_str(" left");
    }
    if let Some(failure) = &app.model.failure {
        write!(text, " ! {}", failure.text).unwrap();
    }
    text
}

fn later(seconds: i64) -> UtcTime {
    bridgelog::domain::time::parse_utc(tui_support::NOW).unwrap() + Duration::seconds(seconds)
}

type Event = fn(&mut TestApp);

/// The events.
const EVENTS: [(&str, Event); 44] = [
    ("a digit", |app| {
        app.type_text("7");
    }),
    ("the letter v", |app| {
        app.type_text("v");
    }),
    ("space", |app| {
        app.type_text(" ");
    }),
    ("Enter", |app| {
        app.press("enter");
    }),
    ("Enter, held", |app| {
        app.hold("enter");
    }),
    ("Enter, Enter", |app| {
        app.press("enter enter");
    }),
    ("Esc", |app| {
        app.press("esc");
    }),
    ("Esc, Esc", |app| {
        app.press("esc esc");
    }),
    ("Tab", |app| {
        app.press("tab");
    }),
    ("up", |app| {
        app.press("up");
    }),
    ("page down", |app| {
        app.press("pgdn");
    }),
    ("left", |app| {
        app.press("left");
    }),
    ("right", |app| {
        app.press("right");
    }),
    ("Home", |app| {
        app.press("home");
    }),
    ("Ctrl-P", |app| {
        app.press("ctrl-p");
    }),
    ("F1", |app| {
        app.press("f1");
    }),
    ("Ctrl-R", |app| {
        app.press("ctrl-r");
    }),
    ("Alt-up", |app| {
        app.press("alt-up");
    }),
    ("Alt-Enter", |app| {
        app.press("alt-enter");
    }),
    ("Ctrl-T", |app| {
        app.press("ctrl-t");
    }),
    ("Alt-2", |app| {
        app.press("alt-2");
    }),
    ("F6", |app| {
        app.press("f6");
    }),
    ("Ctrl-G", |app| {
        app.press("ctrl-g");
    }),
    ("Ctrl-L", |app| {
        app.press("ctrl-l");
    }),
    ("F9", |app| {
        app.press("f9");
    }),
    ("Ctrl-Z", |app| {
        app.press("ctrl-z");
    }),
    ("Ctrl-C", |app| {
        app.press("ctrl-c");
    }),
    ("Ctrl-Q", |app| {
        app.press("ctrl-q");
    }),
    ("a burst", |app| {
        app.burst("10:05 ack: bob");
    }),
    ("a burst that begins like a prompt", |app| {
        app.burst("everything");
    }),
    ("a burst with its line end", |app| {
        app.burst("10:05 ack: bob\n");
    }),
    ("a burst of two lines", |app| {
        app.burst("10:41 one\n10:42 two");
    }),
    ("a paste of one line", |app| {
        app.send(Msg::Paste("10:05 ack: bob".to_owned()));
    }),
    ("a paste of two lines", |app| {
        app.send(Msg::Paste("10:41 one\n10:42 two".to_owned()));
    }),
    ("the wheel", |app| {
        app.send(Msg::Mouse(Mouse::Wheel {
            rows: -3,
            at: (5, 6),
        }));
    }),
    ("a click on a row", |app| {
        let page = layout::areas(&app.model).page;
        app.send(Msg::Mouse(Mouse::Click(20, page.y + 1)));
    }),
    ("a click on the line", |app| {
        let zone = layout::areas(&app.model).zone;
        app.send(Msg::Mouse(Mouse::Click(40, zone.y)));
    }),
    ("a click on a tab", |app| {
        let tabs = layout::areas(&app.model).tabs;
        app.send(Msg::Mouse(Mouse::Click(15, tabs.y)));
    }),
    ("another's entry", |app| {
        log_line(&mut app.other_session("ann"), "10:47 note: from ann");
        app.refresh();
    }),
    ("a timer", |app| {
        app.send(Msg::Tick(later(61)));
    }),
    ("another's fault, whose state is asked", |app| {
        log_line(
            &mut app.other_session("ann"),
            "10:47 fault: the cache is gone",
        );
        app.refresh();
        assert!(
            !app.model.state_questions().is_empty()
                || !app.model.summary.as_ref().unwrap().row.is_open
        );
    }),
    ("a late failure", |app| {
        app.fail(None, "#3 was merged into #2", false);
        assert!(app.model.failure.is_some());
    }),
    ("a resize too small to draw, and a letter", |app| {
        app.resize(39, 9).type_text("z");
    }),
    ("a held u", |app| {
        app.hold("u");
    }),
];

#[test]
fn every_event_in_every_state_is_decided() {
    let mut table = String::new();
    for (name, event) in EVENTS {
        writeln!(table, "{name}").unwrap();
        for state in STATES {
            let text = outcome(state, event);
            writeln!(table, "  {state:<5} {text}").unwrap();
        }
    }
    insta::assert_snapshot!("focus table", table);
}
