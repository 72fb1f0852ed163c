//! Every tab and every popup as it looks, at the sizes people have; and nothing unsafe in any of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod tui_support;

use bridgelog::{
    domain::incident::SECTIONS,
    ops::{Session, field, task},
    tui::{
        keymap,
        model::{Choice, Over},
        msg::{Failure, Job, Msg, Reply},
        theme::Theme,
    },
};
use std::collections::BTreeMap;
use tui_support::{App, log, outage};

const SIZES: [(u16, u16); 4] = [(120, 40), (80, 24), (40, 10), (1, 1)];

type Step = (&'static str, fn(&mut App));

/// How each screen is come to.
const SCREENS: [Step; 25] = [
    ("timeline", |_| {}),
    ("list", |app| {
        app.press("esc k k");
    }),
    ("typing", |app| {
        app.types("-3m comms: posted #status tell: Half of the copy is done.");
    }),
    ("wrong", |app| {
        app.types("fault: gone !brokn done: x ^zzz");
    }),
    ("tasks", |app| {
        app.press("f3");
    }),
    ("postmortem", |app| {
        app.press("f4");
    }),
    ("email", |app| {
        app.press("f5 t");
    }),
    ("incidents", |app| {
        app.press("f6");
    }),
    ("detail", |app| {
        app.press("esc k k k enter");
    }),
    ("help", |app| {
        app.press("f1");
    }),
    ("palette", |app| {
        app.press("ctrl-p").types("re");
    }),
    ("paste", |app| {
        app.msg(Msg::Paste(
            "10:20 seen\n10:21 restore: it works tell: It works.\n2012-08-15\n25:61..1 no !q"
                .into(),
        ));
    }),
    ("prompt", |app| {
        app.press("esc x");
    }),
    ("nothing open", |app| {
        app.press("ctrl-p")
            .types("resolve")
            .press("enter enter")
            .press("ctrl-u");
        app.model.focus = bridgelog::tui::model::Focus::Line;
        app.types("checkout is failing").press("enter");
    }),
    ("section", |app| {
        app.press("f4 w");
    }),
    ("missing", |app| {
        app.press("f4 l");
    }),
    ("export", |app| {
        app.press("f4 o");
    }),
    ("mail", |app| {
        app.press("f5 o");
    }),
    ("field", |app| {
        app.press("f5 s");
    }),
    ("ledger", |app| {
        app.press("f6 l");
    }),
    ("trends", |app| {
        app.press("f6 l l");
    }),
    ("found", |app| {
        app.press("f6 /").types("hardware").press("enter");
    }),
    ("state", |app| {
        app.model
            .over
            .push(Over::Choice(Choice::State("kmnopq".into())));
    }),
    ("follow-up", |app| {
        app.press("f3 down down e");
    }),
    ("not on the disk", |app| {
        app.types("note: posted to the status page")
            .hold()
            .press("enter");
        let Some(Job::Log(typed)) = app.held().first().cloned() else {
            panic!("nothing was sent");
        };
        app.types("half");
        app.msg(Msg::Reply(Box::new(Reply::Failed {
            why: Failure {
                message: "log.db is locked by another process, and was for 1 s".into(),
                hint: None,
                passing: true,
            },
            line: Some(typed),
        })));
    }),
];

#[test]
fn screens() {
    for (name, step) in SCREENS {
        for (width, height) in SIZES {
            let mut app = App::outage();
            app.size(120, 40);
            step(&mut app);
            app.size(width, height);
            let file = format!("{name} {width}x{height}");
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(file, app.screen());
            });
        }
    }
}

#[test]
fn the_first_run_names_the_next_key() {
    let app = App::new();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("first run", app.screen());
    });
}

fn wide(book: &mut Session) {
    outage(book);
    for line in [
        "10:42 finding: 磁盘控制器在第二个机架上坏了，备用的在四号机架，我们正在搬运它，大约需要十分钟才能完成 #存储",
        "10:43 note: 👩‍🚒🚒 e\u{301}te\u{301} Zu\u{308}rich ☎️ 🇨🇭 done",
        "10:44 action: नमस्ते สวัสดี שלום",
    ] {
        log(book, line);
    }
}

#[test]
fn wide_and_combining_text_keeps_the_columns() {
    for (width, height) in [(80, 24), (60, 16), (41, 12)] {
        let mut app = App::with(wide);
        app.size(width, height).types("日本語 e\u{301} 👩‍🚒 x");
        let (buffer, cursor) = app.buffer();
        assert_eq!(buffer.area.width, width);
        let (x, y) = cursor.unwrap();
        // What stands before the cursor is what was typed last.
        let row: String = (0..x).map(|x| buffer[(x, y)].symbol()).collect();
        assert!(row.trim_end().ends_with('x'), "{width}: {row:?}");
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("wide {width}x{height}"), app.screen());
        });
    }
}

#[test]
fn without_colour_there_is_none_and_what_is_selected_shows() {
    use ratatui::style::{Color, Modifier};
    for (name, step) in SCREENS {
        let mut app = App::outage();
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
fn no_size_panics() {
    let mut app = App::with(wide);
    let mut half = App::outage();
    half.types("one two three 日本語 four five six seven eight nine ten eleven");
    for width in (1..=60).chain([79, 80, 120, 300]) {
        for height in (1..=20).chain([24, 50, 100]) {
            app.size(width, height).screen();
            half.size(width, height).screen();
        }
    }
    for (_, step) in SCREENS {
        let mut app = App::outage();
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
            app.size(width, height).screen();
            app.press("down up pgdn pgup");
            app.screen();
        }
    }
}

/// Everything that could move the cursor, hide a word or turn the direction of reading.
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

/// As another machine may have written it, past all checks.
fn told(book: &mut Session, text: &str) {
    use bridgelog::domain::{
        event::Event,
        subject::Subject,
        value::{Body, Operation, Value},
        words::Kind,
    };
    let incident = book.read().open_incidents().unwrap()[0].id;
    let id = book.write_context.ids.new_id(book.now());
    let mut event = Event::new(
        book.now().fixed_offset(),
        Kind::Other(text.to_owned()),
        text,
    );
    event.customer = Some(text.to_owned());
    event.tags = vec![text.to_owned()];
    event.people = vec![text.to_owned()];
    event.services = vec![text.to_owned()];
    let body = Body::new(Operation::Log, Value::Event(Box::new(event)));
    let mut change =
        book.write_context
            .new_change(Some(incident), Subject::Event(id), vec![], body);
    change.author = text.to_owned();
    book.store.append(&[change]).unwrap();
}

fn hostile(book: &mut Session) {
    outage(book);
    for text in HOSTILE {
        log(book, &format!("10:44 note: {text}"));
        log(book, &format!("10:44 ask: {text} 3m"));
        told(book, text);
        for name in ["scope", "impact", "customer-scope", "unaffected"] {
            // What customers would read is refused; past all checks it is below.
            let _ = field::set(book, None, name, text, None);
        }
        for (name, _) in SECTIONS {
            let _ = field::write_section(book, None, name, text);
        }
        let follow_up = task::TaskPatch {
            text: Some(text.to_owned()),
            ticket: Some(text.to_owned()),
            ..task::TaskPatch::default()
        };
        task::add(book, None, &follow_up).unwrap();
    }
    field::set(book, None, "title", &HOSTILE.join(" "), None).unwrap();
}

#[test]
fn nothing_hostile_reaches_a_cell() {
    for (name, step) in SCREENS {
        let mut app = App::with(hostile);
        app.size(120, 40);
        step(&mut app);
        for text in HOSTILE {
            if app.model.over.is_empty() {
                app.msg(Msg::Paste(text.to_owned()));
            }
        }
        for (width, height) in [(120, 40), (80, 24), (40, 10)] {
            app.size(width, height);
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
fn the_readme_lists_the_keys_of_the_table() {
    let readme = include_str!("../README.md");
    let begin = "<!-- keys -->";
    let end = "<!-- end of keys -->";
    let from = readme.find(begin).expect("README has a place for the keys") + begin.len();
    let to = readme.find(end).expect("README has an end of the keys");
    if std::env::var_os("BRIDGELOG_UPDATE_README").is_some() {
        let (before, after) = (&readme[..from], &readme[to..]);
        let keys = keymap::markdown();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        std::fs::write(path, format!("{before}\n{}\n{after}", keys.trim())).unwrap();
        return;
    }
    assert_eq!(
        readme[from..to].trim(),
        keymap::markdown().trim(),
        "the table changed: BRIDGELOG_UPDATE_README=1 cargo test --test tui_screens writes it"
    );
}
