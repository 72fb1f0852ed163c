//! Snapshots of every tab and overlay at common sizes; and no unsafe text in any of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "tui_screens/ascii.rs"]
mod ascii;
#[path = "tui_screens/plain.rs"]
mod plain;
#[path = "tui_screens/screenshot.rs"]
mod screenshot;
mod tui_support;
#[path = "tui_screens/wide.rs"]
mod wide;

use bridgelog::{
    domain::{capture::Flags, incident::SECTIONS},
    ops::{Session, context::LineOptions, field, log, task},
    tui::{
        keymap,
        msg::{CopyReply, CopyWay, Effect, Failure, Job, Msg, Reply, Write},
        theme::Theme,
    },
};
use std::collections::BTreeMap;
use tui_support::{TestApp, log_line, outage};

const SIZES: [(u16, u16); 4] = [(120, 40), (80, 24), (40, 10), (1, 1)];

type Step = (&'static str, fn(&mut TestApp));

/// The steps that lead to each screen.
const SCREENS: [Step; 42] = [
    ("timeline", |_| {}),
    ("list", |app| {
        app.press("esc k k");
    }),
    ("list with a line kept", |app| {
        app.type_text("restart the ").press("esc");
    }),
    ("filter", |app| {
        app.press("esc f").type_text("!down").press("enter");
    }),
    ("typing", |app| {
        app.type_text("-3m comms: posted #status tell: Half of the copy is done.");
    }),
    ("wrong", |app| {
        app.type_text("fault: gone !brokn done: x ^zzz");
    }),
    ("ahead", |app| {
        app.type_text("15:10 ack: mika on it").press("enter");
    }),
    ("two rows", |app| {
        app.type_text("99:99 bogus")
            .press("enter")
            .type_text("10:40 note: next");
    }),
    ("a command typed", |app| {
        app.type_text("resolve: image boots");
    }),
    ("state", |app| {
        let mut other = app.other_session("ann");
        bridgelog::ops::service::set_service(&mut other, None, "cache", None).unwrap();
        log_line(&mut other, "10:47 fault: the cache is gone @cache");
        app.refresh().press("tab tab tab");
    }),
    ("where", |app| {
        app.press("esc R enter enter")
            .type_text("checkout is failing @shop sev2")
            .press("enter tab");
    }),
    ("undo", |app| {
        app.type_text("decision: roll back deploy 99")
            .press("enter");
        app.type_text("restart the ").press("esc u");
    }),
    ("retract", |app| {
        app.press("esc k k k k x")
            .type_text("wrong server")
            .press("enter");
    }),
    ("resolve", |app| {
        app.press("esc R").type_text("image boots").press("enter");
    }),
    ("edit", |app| {
        app.press("esc k k k e").type_text(" now");
    }),
    ("edit of two", |app| {
        app.press("esc k k k e").type_text(" now");
        let handle = app.model.selected_event().unwrap().handle.clone();
        let mut other = app.other_session("ann");
        bridgelog::ops::amend::amend(&mut other, &handle, "#power", &Flags::default()).unwrap();
        app.refresh();
    }),
    ("time", |app| {
        app.press("esc k k k t")
            .type_text("")
            .press("end backspace enter");
    }),
    ("tasks", |app| {
        app.press("esc f3");
    }),
    ("outcome", |app| {
        app.press("esc f3 c").type_text("in rack 12").press("enter");
    }),
    ("follow-up", |app| {
        app.press("esc f3 down down e");
    }),
    ("postmortem", |app| {
        app.press("esc f4");
    }),
    ("section", |app| {
        app.press("esc f4 w");
    }),
    ("fix", |app| {
        app.press("esc f5 j")
            .press("enter")
            .type_text("30m")
            .press("enter");
    }),
    ("export", |app| {
        app.press("esc f4 o down");
    }),
    ("email", |app| {
        app.press("esc f5 t");
    }),
    ("field", |app| {
        app.press("esc f5 s down");
    }),
    ("set", |app| {
        app.press("ctrl-p").type_text("next-update").press("enter");
        app.type_text("30m").press("enter");
    }),
    ("incidents", |app| {
        app.press("esc f6");
    }),
    ("near misses", |app| {
        app.press("esc f6 l");
    }),
    ("trends", |app| {
        app.press("esc f6 l l");
    }),
    ("found", |app| {
        app.press("esc f6 /").type_text("hardware").press("enter");
    }),
    ("detail", |app| {
        app.press("esc k k k enter");
    }),
    ("help", |app| {
        app.press("f1");
    }),
    ("actions", |app| {
        app.press("ctrl-p").type_text("new");
    }),
    ("paste", |app| {
        app.send(Msg::Paste(
            "10:20 seen\n15:21 restore: it works tell: It works.\n10:25 # comment\n25:61..1 no !q"
                .into(),
        ));
    }),
    ("import", |app| {
        open_import(app, "tests/import/slack/export/", "down enter");
        app.press("down down");
    }),
    ("import zone", |app| {
        open_import(app, "tests/import/csv/spreadsheet.csv", "enter");
    }),
    ("import done", |app| {
        open_import(app, "tests/import/slack/export/", "down enter");
        app.press("ctrl-k enter enter");
    }),
    ("tasks done", |app| {
        app.press("esc f3 c").type_text("in rack 12").enter_twice();
        app.press("f").type_text("done").press("enter");
    }),
    ("near misses", |app| {
        app.press("esc f6 l");
    }),
    ("text to select", |app| {
        app.press("esc g y");
        let Some(Effect::Copy(request)) = app.effects.pop() else {
            panic!("nothing is to be copied");
        };
        app.send(Msg::Copied(Box::new(CopyReply {
            request,
            way: CopyWay::Nowhere,
            failures: vec![],
        })));
    }),
    ("not saved", |app| {
        app.type_text("note: posted to the status page")
            .pause_jobs()
            .press("enter");
        let sent = app.paused_jobs().first().cloned();
        let Some(job @ Job::Write(Write::Log(_))) = &sent else {
            panic!("nothing was sent");
        };
        let failure = Failure {
            message: "log.db is locked by another process, and was for 1 s".into(),
            hint: None,
            retryable: true,
        };
        app.type_text("half");
        app.send(Msg::Reply(Box::new(Reply::Failed {
            failure,
            job: Some(Box::new(job.clone())),
        })));
    }),
];

/// Opens the list of files, types `path` and presses `keys`.
fn open_import(app: &mut TestApp, path: &str, keys: &str) {
    app.press("ctrl-p").type_text("import").press("enter");
    app.send(Msg::Paste(path.to_owned())).press(keys);
}

#[test]
fn every_screen_matches_snapshot_at_each_size() {
    for (name, step) in SCREENS {
        for (width, height) in SIZES {
            let mut app = TestApp::with_outage();
            app.resize(120, 40);
            step(&mut app);
            app.resize(width, height);
            let file = format!("{name} {width}x{height}");
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(file, app.screen_text());
            });
        }
    }
}

#[test]
fn first_run_screen_matches_snapshot() {
    let app = TestApp::new();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("first run", app.screen_text());
    });
}

fn add_wide_text(session: &mut Session) {
    outage(session);
    for line in [
        "10:42 finding: 磁盘控制器在第二个机架上坏了，备用的在四号机架，我们正在搬运它，大约需要十分钟才能完成 #存储",
        "10:43 note: 👩‍🚒🚒 e\u{301}te\u{301} Zu\u{308}rich ☎️ 🇨🇭 done",
        "10:44 action: नमस्ते สวัสดี שלום",
    ] {
        log_line(session, line);
    }
}

#[test]
fn wide_and_combining_text_keeps_column_alignment() {
    for (width, height) in [(80, 24), (60, 16), (41, 12)] {
        let mut app = TestApp::with_session(add_wide_text);
        app.resize(width, height).type_text("日本語 e\u{301} 👩‍🚒 x");
        let (buffer, cursor) = app.buffer();
        assert_eq!(buffer.area.width, width);
        let (x, y) = cursor.unwrap();
        // The cell before the cursor has the last typed character.
        let row: String = (0..x).map(|x| buffer[(x, y)].symbol()).collect();
        assert!(row.trim_end().ends_with('x'), "{width}: {row:?}");
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("wide {width}x{height}"), app.screen_text());
        });
    }
}

#[test]
fn no_color_theme_sets_no_colors_and_reverses_selection() {
    use ratatui::style::{Color, Modifier};
    for (name, step) in SCREENS {
        let mut app = TestApp::with_outage();
        app.model.theme = Theme::new(&BTreeMap::new(), false).unwrap();
        step(&mut app);
        let (buffer, _) = app.buffer();
        for cell in &buffer.content {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{name}");
        }
        if name == "list" {
            let reversed =
                |cell: &&ratatui::buffer::Cell| cell.modifier.contains(Modifier::REVERSED);
            assert!(buffer.content.iter().filter(reversed).count() >= 80);
        }
    }
}

#[test]
fn no_terminal_size_panics() {
    let mut app = TestApp::with_session(add_wide_text);
    let mut half = TestApp::with_outage();
    half.type_text("one two three 日本語 four five six seven eight nine ten eleven");
    for width in (1..=60).chain([79, 80, 120, 300]) {
        for height in (1..=20).chain([24, 50, 100]) {
            app.resize(width, height).screen_text();
            half.resize(width, height).screen_text();
        }
    }
    for (_, step) in SCREENS {
        let mut app = TestApp::with_outage();
        step(&mut app);
        for (width, height) in [
            (1, 1),
            (5, 40),
            (200, 2),
            (39, 9),
            (40, 10),
            (41, 11),
            (66, 13),
            (500, 200),
        ] {
            app.resize(width, height).screen_text();
            app.press("down up pgdn pgup");
            app.screen_text();
        }
    }
}

/// Characters that could move the cursor, hide text or change the reading direction.
const HOSTILE: [&str; 8] = [
    "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}",
    "a\u{202e}gnp.exe\u{202c} \u{2066}x\u{2069}",
    "zero\u{200b}width\u{feff}\u{2060}\u{ad}",
    "tag\u{e0041}\u{e0042} c1\u{9b}31m del\u{7f} \u{85}",
    "line\u{2028}sep\u{2029}par",
    "tab\there cr\rover bs\u{8}\u{8}",
    "z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}algo",
    "nul-less `code` **bold** | table | <script> [[x: y]]",
];

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{61c}' | '\u{2028}' | '\u{2029}' | '\u{e0000}'..='\u{e007f}')
}

/// Appends an event without checks, as another machine could.
fn append_unchecked(session: &mut Session, text: &str) {
    use bridgelog::domain::{
        event::Event,
        subject::Subject,
        value::{Body, Operation, Value},
        words::Kind,
    };
    let incident = session.read().open_incidents().unwrap()[0].id;
    let id = session.write_context.ids.new_id(session.now());
    let mut event = Event::new(
        session.now().fixed_offset(),
        Kind::Other(text.to_owned()),
        text,
    );
    event.customer = Some(text.to_owned());
    event.tags = vec![text.to_owned()];
    event.people = vec![text.to_owned()];
    event.services = vec![text.to_owned()];
    let body = Body::new(Operation::Log, Value::Event(Box::new(event)));
    let mut change =
        session
            .write_context
            .new_change(Some(incident), Subject::Event(id), vec![], body);
    change.author = text.to_owned();
    session.store.append(&[change]).unwrap();
}

fn fill_hostile(session: &mut Session) {
    outage(session);
    for text in HOSTILE {
        // What is typed is refused if it has hidden characters; what a journal has already is not.
        for line in [
            format!("10:44 note: {text}"),
            format!("10:44 ask: {text} 3m"),
        ] {
            let options = LineOptions::for_typed_line(None);
            let _ = log::log_line(session, &line, &Flags::default(), &options);
        }
        append_unchecked(session, text);
        for name in ["scope", "impact", "customer-scope", "unaffected"] {
            // Fields that customers read reject some of these texts.
            let _ = field::set(session, None, name, text, None);
        }
        for (name, _) in SECTIONS {
            let _ = field::write_section(session, None, name, text);
        }
        let follow_up = task::TaskPatch {
            text: Some(text.to_owned()),
            ticket: Some(text.to_owned()),
            ..task::TaskPatch::default()
        };
        let _ = task::add(session, None, &follow_up);
    }
    let _ = field::set(session, None, "title", &HOSTILE.join(" "), None);
}

#[test]
fn unsafe_characters_never_reach_the_screen() {
    for (name, step) in SCREENS {
        let mut app = TestApp::with_session(fill_hostile);
        app.resize(120, 40);
        step(&mut app);
        for text in HOSTILE {
            if app.model.overlays.is_empty() {
                app.send(Msg::Paste(text.to_owned()));
            }
        }
        for (width, height) in [(120, 40), (80, 24), (40, 10)] {
            app.resize(width, height);
            for _ in 0..6 {
                let (buffer, _) = app.buffer();
                for (at, cell) in buffer.content.iter().enumerate() {
                    assert!(
                        !cell.symbol().chars().any(is_unsafe),
                        "{name} {width}×{height}: cell {at} holds {:?}",
                        cell.symbol()
                    );
                }
                app.press("pgup");
            }
        }
    }
}

#[test]
fn key_list_matches_keymap() {
    let page = include_str!("../docs/keys.md");
    let begin = "<!-- keys -->";
    let end = "<!-- end of keys -->";
    let from = page.find(begin).expect("a place for the keys") + begin.len();
    let to = page.find(end).expect("an end of the keys");
    if std::env::var_os("BRIDGELOG_UPDATE_README").is_some() {
        let (before, after) = (&page[..from], &page[to..]);
        let keys = keymap::key_list_markdown();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
        std::fs::write(path, format!("{before}\n{}\n{after}", keys.trim())).unwrap();
        return;
    }
    assert_eq!(
        page[from..to].trim(),
        keymap::key_list_markdown().trim(),
        "the table changed: BRIDGELOG_UPDATE_README=1 cargo test --test tui_screens writes it"
    );
}
