//! The screens in ASCII.

use super::{
    SCREENS,
    tui_support::{TestApp, log_line, outage},
};
use bridgelog::tui::character_set::CharacterSet;

/// The screens whose look is kept, at 80 × 24.
const LOOKED_AT: [&str; 18] = [
    "timeline",
    "list",
    "typing",
    "state",
    "where",
    "retract",
    "edit",
    "edit of two",
    "tasks",
    "postmortem",
    "email",
    "incidents",
    "near misses",
    "trends",
    "detail",
    "help",
    "paste",
    "not saved",
];

fn ascii_app(set: CharacterSet) -> TestApp {
    let mut app = TestApp::with_outage();
    app.model.character_set = set;
    app
}

#[test]
fn ascii_screens_match_snapshot() {
    for (name, step) in SCREENS {
        if !LOOKED_AT.contains(&name) {
            continue;
        }
        let mut app = ascii_app(CharacterSet::AsciiSigns);
        app.resize(120, 40);
        step(&mut app);
        app.resize(80, 24);
        insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("ascii {name} 80x24"), app.screen_text());
        });
    }
}

/// The texts of the test store are ASCII: what else is drawn is the app's own.
#[test]
fn every_cell_of_every_screen_is_ascii() {
    for (name, step) in SCREENS {
        let mut app = ascii_app(CharacterSet::AsciiSigns);
        app.resize(120, 40);
        step(&mut app);
        for (width, height) in [(200, 60), (120, 40), (80, 24), (40, 12), (40, 10), (20, 5)] {
            app.resize(width, height);
            let (buffer, _) = app.buffer();
            for (at, cell) in buffer.content.iter().enumerate() {
                assert!(
                    cell.symbol().is_ascii(),
                    "{name} {width}×{height}: cell {at} holds {:?} in\n{}",
                    cell.symbol(),
                    app.screen_text()
                );
            }
        }
    }
}

#[test]
fn signs_have_their_letters_only_where_they_are_signs() {
    let mut app = ascii_app(CharacterSet::AsciiSigns);
    app.type_text("note: load ● high ▲ eu → us ± 5 ms ≡ café 日本")
        .press("enter")
        .type_text("fault: db gone tell: It is gone.");
    // The kind's letter stands before its word and in the row of milestones.
    app.assert_shows("F fault").assert_shows("D detect");
    app.assert_shows("[LOG] > fault: db gone");
    app.assert_shows(">> customers will read: It is gone.");
    // In a text, an arrow looks like one, and what is no sign of a rule or an arrow stays.
    app.assert_shows("load ● high ^ eu > us ± 5 ms ≡ café 日本");
    // The terminal that knows ASCII only gets a question mark per column.
    app.model.character_set = CharacterSet::AsciiOnly;
    app.assert_shows("load ? high ^ eu > us ? 5 ms ? caf? ????");
    app.model.character_set = CharacterSet::Unicode;
    app.assert_shows("load ● high ▲ eu → us ± 5 ms ≡ café 日本");
}

#[test]
fn cut_texts_end_in_three_dots_and_no_wide_character_is_halved() {
    let mut app = TestApp::with_session(|session| {
        outage(session);
        log_line(
            session,
            "10:42 note: words and words and words and words and words and words and words",
        );
        log_line(
            session,
            "10:43 note: 磁盘控制器在第二个机架上坏了备用的在四号机架我们正在搬运它大约需要十分钟才能完成",
        );
    });
    app.model.character_set = CharacterSet::AsciiSigns;
    for width in 40..=90 {
        app.resize(width, 24);
        let screen = app.screen_text();
        let row = |text: &str| screen.lines().find(|row| row.contains(text)).unwrap();
        assert!(row("10:42").contains("..."), "{width}\n{screen}");
        // After a wide character there is room for one dot.
        assert!(row("10:43").contains(". "), "{width}\n{screen}");
        assert_no_half(&app);
    }
}

/// Asserts that the cell after each wide character is empty: it is its second half.
pub fn assert_no_half(app: &TestApp) {
    let (buffer, _) = app.buffer();
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if unicode_width::UnicodeWidthStr::width(symbol) > 1 {
                let second = (x + 1 < buffer.area.width).then(|| buffer[(x + 1, y)].symbol());
                assert_eq!(
                    second,
                    Some(" "),
                    "{x},{y} holds {symbol:?} in\n{}",
                    app.screen_text()
                );
            }
        }
    }
}
