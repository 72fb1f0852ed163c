//! The screens in plain mode.

use super::{
    SCREENS, Step, add_wide_text,
    ascii::assert_no_half,
    fill_hostile, is_unsafe,
    tui_support::{TestApp, filled_file, log_line, outage},
};

fn plain(mut app: TestApp) -> TestApp {
    app.model.plain = true;
    app
}

/// The app at `step`, in plain mode from the beginning.
fn at_step(step: Step, width: u16, height: u16) -> TestApp {
    let mut app = plain(TestApp::with_outage());
    app.resize(120, 40);
    (step.1)(&mut app);
    app.resize(width, height);
    app
}

#[test]
fn plain_screens_match_snapshot() {
    for step in SCREENS {
        for (width, height) in [(80, 24), (40, 10)] {
            let app = at_step(step, width, height);
            let name = format!("plain {} {width}x{height}", step.0);
            insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(name, app.screen_text());
            });
        }
    }
}

#[test]
fn plain_first_run_matches_snapshot() {
    let app = plain(TestApp::new());
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("plain first run", app.screen_text());
    });
}

/// What has the keys is on the screen, with the cursor on it.
#[test]
fn cursor_stands_on_what_has_the_keys() {
    for step in SCREENS {
        for (width, height) in [(120, 40), (80, 24), (40, 12), (40, 10)] {
            let app = at_step(step, width, height);
            let (_, cursor) = app.buffer();
            let (x, y) = cursor.unwrap();
            let screen = app.screen_text();
            let row = screen.lines().nth(y.into()).unwrap();
            let name = format!("{} {width}x{height} at {x},{y}\n{screen}", step.0);
            let mode = screen.lines().filter(|row| !row.is_empty());
            let last: Vec<&str> = mode.collect();
            let has_end = last
                .iter()
                .any(|row| row.starts_with("Mode ") || row.starts_with("Confirm: "));
            assert!(has_end, "{name}");
            if screen.contains("Mode list.") {
                assert_eq!(x, 0, "{name}");
                let is_list = screen.contains("Selected: ");
                assert!(row.starts_with("Selected: ") == is_list, "{name}");
            } else {
                assert!(!row.is_empty() || x == 0, "{name}");
            }
        }
    }
}

#[test]
fn nothing_is_drawn_and_no_text_is_dim_or_coloured() {
    for step in SCREENS {
        let app = at_step(step, 80, 24);
        let (buffer, _) = app.buffer();
        for cell in &buffer.content {
            assert!(cell.modifier.is_empty(), "{}", step.0);
            let symbol = cell.symbol();
            let is_letter = symbol.is_ascii() || symbol == "…";
            assert!(
                is_letter,
                "{}: {symbol:?} in\n{}",
                step.0,
                app.screen_text()
            );
        }
    }
}

#[test]
fn long_text_being_typed_is_whole_and_the_selected_event_is_too() {
    let long = "the primary of the shop database in the second rack does not answer any query at all since the last change of its certificate";
    let mut app = TestApp::with_session(|session| {
        outage(session);
        log_line(session, &format!("10:47 note: {long}"));
    });
    app.model.plain = true;
    app.resize(40, 10).press("esc");
    let whole = |app: &TestApp| app.screen_text().replace('\n', " ");
    assert!(whole(&app).contains(long), "{}", app.screen_text());
    app.press("tab").type_text(&long[..100]);
    assert!(whole(&app).contains(&long[..100]), "{}", app.screen_text());
    // Longer than half of the screen: what is around the cursor.
    app.type_text(&long.repeat(4)).type_text(" end");
    assert!(
        whole(&app).contains("certificate end"),
        "{}",
        app.screen_text()
    );
}

#[test]
fn only_the_rows_that_change_are_drawn_again() {
    let rows =
        |app: &TestApp| -> Vec<String> { app.screen_text().lines().map(str::to_owned).collect() };
    let changed = |before: &[String], after: &[String]| {
        before.iter().zip(after).filter(|(a, b)| a != b).count()
    };
    let mut app = plain(TestApp::with_outage());
    app.resize(80, 24).type_text("note: the copy r");
    let before = rows(&app);
    app.type_text("u");
    assert_eq!(changed(&before, &rows(&app)), 1);
    // The selection moves between events of one row.
    app.resize(160, 24).press("esc up up up up up");
    let before = rows(&app);
    app.press("up");
    // Both events, and what more there is of the selected one.
    assert_eq!(changed(&before, &rows(&app)), 3, "{}", app.screen_text());
    // A second goes by.
    let before = rows(&app);
    app.model.now += chrono::Duration::seconds(1);
    assert_eq!(changed(&before, &rows(&app)), 0);
}

#[test]
fn plain_mode_has_no_mouse() {
    let mut app = plain(TestApp::with_outage());
    app.resize(80, 24).type_text("half a li");
    let before = app.screen_text();
    for y in 0..24 {
        app.click(4, y).wheel(-3);
    }
    assert_eq!(app.screen_text(), before);
}

#[test]
fn one_row_and_ten_thousand_rows_fit() {
    let file = filled_file(|session| {
        outage(session);
        for at in 0..2_000 {
            log_line(session, &format!("10:4{} note: number {at}", at % 8));
        }
    });
    let mut app = plain(TestApp::with_file(&file));
    for (width, height) in [(80, 24), (40, 10), (200, 60)] {
        app.resize(width, height).press("esc G");
        app.assert_shows("Selected: 10:47");
        app.press("g").assert_shows("Selected: 07:58 absorbed");
        app.press("tab");
    }
    let mut empty = plain(TestApp::with_session(|session| {
        use bridgelog::ops::declare::{Declaration, declare};
        let declaration = Declaration {
            title: "Only a title".into(),
            ..Declaration::default()
        };
        declare(session, &declaration).unwrap();
    }));
    empty.resize(40, 10).press("esc").assert_shows("Selected: ");
    for key in ["f3", "f4", "f5", "f6", "f2"] {
        empty.press(key).screen_text();
    }
}

#[test]
fn no_size_panics_and_no_wide_character_is_halved_in_plain_mode() {
    for step in SCREENS {
        let mut app = plain(TestApp::with_session(add_wide_text));
        step.1(&mut app);
        for (width, height) in [
            (1, 1),
            (39, 9),
            (40, 10),
            (41, 11),
            (80, 24),
            (200, 60),
            (500, 9),
        ] {
            app.resize(width, height);
            assert_no_half(&app);
            app.press("down pgup");
            assert_no_half(&app);
        }
    }
}

#[test]
fn unsafe_characters_never_reach_the_plain_screen() {
    for step in SCREENS {
        let mut app = plain(TestApp::with_session(fill_hostile));
        step.1(&mut app);
        for (width, height) in [(120, 40), (40, 10)] {
            app.resize(width, height);
            let (buffer, _) = app.buffer();
            for cell in &buffer.content {
                assert!(!cell.symbol().chars().any(is_unsafe), "{}", step.0);
            }
        }
    }
}

/// Every row of a document, and the last one, can be scrolled to.
#[test]
fn documents_scroll_to_their_ends() {
    for (key, width, height) in [
        ("f4", 80, 24),
        ("f4", 40, 10),
        ("f5", 80, 24),
        ("f5", 40, 10),
    ] {
        let mut app = plain(TestApp::with_outage());
        app.resize(width, height).press("esc").press(key);
        let lines = if key == "f4" {
            let columns = usize::from(width) - 3;
            let document = bridgelog::tui::content::postmortem::rendered(&app.model, columns);
            document.lines.clone()
        } else {
            let letter = app.model.letter.as_ref().unwrap();
            bridgelog::tui::content::letter::letter_rows(&app.model, letter, width.into())
        };
        let mut rows = lines.iter().map(ToString::to_string);
        let last = rows.rfind(|row| !row.trim().is_empty()).unwrap();
        app.press("G");
        app.assert_shows(last.trim());
    }
}
