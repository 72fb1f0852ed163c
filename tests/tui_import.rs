//! An import in the app: choosing a file, what the source leaves open, the rows before they are written, and after.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::tui::{
    model::{Import, ImportRows, ImportStage, Overlay, RowFate},
    msg::{Job, Msg, Write},
};
use std::{fs, path::PathBuf};
use tempfile::TempDir;
use tui_support::TestApp;

fn fixture(path: &str) -> String {
    format!("{}/tests/import/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// The import that is open.
#[track_caller]
fn import(app: &TestApp) -> &Import {
    let mut overlays = app.model.overlays.iter().rev();
    let found = overlays.find_map(|overlay| match overlay {
        Overlay::Import(import) => Some(import),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no import:\n{}", app.screen_text()))
}

#[track_caller]
fn rows(app: &TestApp) -> &ImportRows {
    let import = import(app);
    let rows = import.rows();
    rows.unwrap_or_else(|| panic!("no rows but {:?}", import.stage))
}

/// What becomes of each row: `x` taken, ` ` left out, `=` here already, `!` unreadable.
fn fates(app: &TestApp) -> String {
    let import = import(app);
    let rows = rows(app);
    let fate = |index| match rows.fate(&import.request, index) {
        RowFate::Taken => 'x',
        RowFate::LeftOut => ' ',
        RowFate::Here => '=',
        RowFate::Unreadable => '!',
    };
    (0..rows.preview.rows.len()).map(fate).collect()
}

/// Opens the list of files and types `path`.
fn choose<'a>(app: &'a mut TestApp, path: &str) -> &'a mut TestApp {
    app.action("import").paste(path).press("enter")
}

/// Opens the list of files and takes the folder `path` as a whole.
fn choose_folder<'a>(app: &'a mut TestApp, path: &str) -> &'a mut TestApp {
    app.action("import").paste(&format!("{path}/"));
    app.press("down enter")
}

/// A folder with files of these names and contents.
fn folder(files: &[(&str, &str)]) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path: PathBuf = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let path = folder.path().display().to_string();
    (folder, path)
}

/// A chat with its days, but no zone.
const CHAT: &str = "[2012-08-16 10:20] Ann Lee: checkout fails\n[2012-08-16 10:21] Bob: looking\n[2012-08-16 10:22] Bob: rolling back\n";

/// A table whose times need no answer.
const TABLE: &str = "time,text,author\n2012-08-16T10:20:00Z,checkout fails,Ann\n2012-08-16T10:21:00Z,rolling back,Bob\n2012-08-16T10:22:00Z,all well,Ann\n";

#[test]
fn file_is_found_by_typing_its_path_in_a_list_of_the_newest_first() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[
        ("exports/table.csv", TABLE),
        ("notes.txt", "x"),
        (".hidden.csv", TABLE),
    ]);
    app.resize(120, 40)
        .action("import")
        .paste(&format!("{path}/"));
    app.assert_shows("exports/");
    app.assert_shows("notes.txt");
    app.assert_shows("1 byte");
    app.assert_hides(".hidden.csv");
    // Nothing is chosen by itself: a folder as a whole may be an export.
    app.press("enter");
    app.assert_status("no row is chosen");
    app.type_text(".");
    app.assert_shows(".hidden.csv");
    app.press("backspace").type_text("exp");
    app.assert_hides("notes.txt");
    app.press("enter");
    app.assert_shows("table.csv");
    app.assert_shows("../");
    app.type_text("TAB").press("enter");
    assert_eq!(fates(&app), "xxx");
}

#[test]
fn tab_completes_the_path_by_the_row_that_is_chosen() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("exports/table.csv", TABLE)]);
    let typed = |app: &TestApp| match app.model.overlays.last() {
        Some(Overlay::Finder(finder)) => finder.query.text().to_owned(),
        other => panic!("{other:?}"),
    };
    app.action("import")
        .paste(&format!("{path}/ex"))
        .press("tab");
    assert_eq!(typed(&app), format!("{path}/exports/"));
    app.type_text("ta").press("tab");
    assert_eq!(typed(&app), format!("{path}/exports/table.csv"));
    app.press("enter");
    assert_eq!(fates(&app), "xxx");
}

#[test]
fn folder_that_is_not_there_says_so_in_its_row() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("a.csv", TABLE)]);
    app.resize(120, 40)
        .action("import")
        .paste(&format!("{path}/none/"));
    app.assert_shows("none/: it is not there");
    app.press("down enter");
    app.assert_shows("a.csv");
}

#[test]
fn rows_are_shown_and_go_in_together_with_the_second_enter() {
    let mut app = TestApp::with_outage();
    let before = app.entry_count();
    choose_folder(&mut app, &fixture("slack/export"));
    let fates_shown = fates(&app);
    assert!(
        fates_shown.contains('x') && fates_shown.contains(' '),
        "{fates_shown}"
    );
    assert!(
        rows(&app)
            .preview
            .rows
            .iter()
            .any(|row| row.text.starts_with("Ann") || row.text.contains(": "))
    );
    app.press("enter");
    app.assert_shows("Enter again imports");
    assert_eq!(app.entry_count(), before);
    // Any other key takes the first Enter back.
    app.press("down enter");
    assert_eq!(app.entry_count(), before);
    let taken = import(&app).taken_count();
    app.press("enter");
    assert!(matches!(import(&app).stage, ImportStage::Done(_)));
    app.assert_shows(&format!("{taken} events"));
    app.assert_shows("u in the list takes it back");
    app.assert_status(&format!("export: {taken} added"));
    // The import itself is one entry more.
    assert_eq!(app.entry_count(), before + taken as u64 + 1);
    // On a low page what does not fit is scrolled to.
    app.resize(40, 12).assert_shows("▼");
    app.press("end").assert_shows("▲").assert_hides("▼");
    app.press("home").assert_shows("▼");
    app.resize(80, 24);
    app.press("esc esc u enter");
    app.assert_hides("checkout is failing");
    // Imported again, the rows come back.
    choose_folder(&mut app, &fixture("slack/export"));
    assert_eq!(import(&app).taken_count(), taken);
}

#[test]
fn rows_that_are_here_already_are_shown_and_write_nothing() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    let path = format!("{path}/table.csv");
    choose(&mut app, &path).press("enter enter esc");
    fs::write(&path, format!("{TABLE}2012-08-16T10:23:00Z,more,Bob\n")).unwrap();
    choose(&mut app, &path);
    assert_eq!(fates(&app), "===x");
    app.assert_shows("here already");
    app.press("enter enter");
    app.assert_status("1 added, 3 already here");
}

#[test]
fn row_is_left_out_by_key_and_by_click_and_stays_out() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    choose(&mut app, &format!("{path}/table.csv")).press("space");
    assert_eq!(fates(&app), " xx");
    app.click_on("rolling back");
    assert_eq!(fates(&app), "  x");
    app.click_on("rolling back");
    assert_eq!(fates(&app), " xx");
    app.press("ctrl-a");
    assert_eq!(fates(&app), "xxx");
    app.press("ctrl-a");
    assert_eq!(fates(&app), "   ");
    app.press("enter");
    app.assert_status("no row is taken");
    app.press("end space enter enter");
    app.assert_status("1 added, 2 left out");
    app.press("esc");
    assert_eq!(app.count_of("Ann: all well"), 1);
    assert_eq!(app.count_of("Ann: checkout fails"), 0);
}

#[test]
fn joins_are_left_out_and_one_key_takes_them() {
    let mut app = TestApp::with_outage();
    choose_folder(&mut app, &fixture("slack/export"));
    let before = fates(&app);
    app.press("ctrl-k");
    assert!(!fates(&app).contains(' '), "{}", fates(&app));
    app.press("ctrl-k");
    assert_eq!(fates(&app), before);
    // One of them alone is taken as a note.
    let join = before.find(' ').unwrap();
    for _ in 0..join {
        app.press("down");
    }
    app.press("space enter enter");
    let added = before.matches('x').count() + 1;
    app.assert_status(&format!("{added} added"));
}

#[test]
fn row_is_given_a_kind_alone_or_with_all_of_its_sort() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    choose(&mut app, &format!("{path}/table.csv"));
    app.press("down tab")
        .type_text("action this row")
        .press("enter");
    app.assert_shows("becomes an action");
    app.press("tab").type_text("leave out").press("enter");
    assert_eq!(fates(&app), "   ");
    app.press("home tab")
        .type_text("finding for all")
        .press("enter");
    assert_eq!(fates(&app), "xxx");
    app.press("tab").type_text("fault this").press("enter");
    app.assert_shows("becomes a fault; its kind may change the state");
    app.press("enter enter esc");
    let kinds: Vec<&str> = ["Ann: checkout fails", "Bob: rolling back", "Ann: all well"]
        .iter()
        .map(|text| {
            let mut events = app.model.timeline.events.iter();
            let found = events.find(|event| event.value.text == *text).unwrap();
            found.value.kind.as_str()
        })
        .collect();
    assert_eq!(kinds, ["fault", "finding", "finding"]);
}

#[test]
fn zone_that_the_source_leaves_open_is_asked_and_can_be_asked_again() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("chat.txt", CHAT)]);
    choose(&mut app, &format!("{path}/chat.txt"));
    app.assert_shows("Zone of its times:");
    // Nothing is proposed: an Enter too many must not answer.
    app.press("enter");
    assert_eq!(app.prompt(), "");
    app.assert_shows("here: as the incident, America/New_York");
    app.type_text("Mars/Crater").press("enter");
    assert_eq!(app.prompt(), "Mars/Crater");
    app.press("ctrl-u").type_text("UTC").press("enter");
    assert_eq!(fates(&app), "xxx");
    app.assert_shows("06:20");
    app.press("ctrl-t");
    assert_eq!(app.prompt(), "UTC");
    app.type_text("here").press("enter");
    app.assert_shows("10:20");
    app.assert_shows("(chat, America/New_York)");
    assert_eq!(
        app.entry_count(),
        app.other_session("x").read().entry_count().unwrap()
    );
    app.press("enter enter");
    app.assert_status("chat.txt: 3 added");
}

#[test]
fn day_and_beginning_are_asked_where_the_source_has_none() {
    let mut app = TestApp::with_outage();
    choose(&mut app, &fixture("zoom/meeting_saved_chat.txt"));
    let mut asked = Vec::new();
    while let Some(Overlay::Prompt(prompt)) = app.model.overlays.last() {
        asked.push(format!("{:?}", prompt.question));
        let answer = match asked.last().map(String::as_str) {
            Some("ImportDate") => "2012-08-15",
            _ => "America/New_York",
        };
        app.press("ctrl-u").type_text(answer).press("enter");
        assert!(asked.len() < 5, "{asked:?}");
    }
    asked.sort();
    assert_eq!(asked, ["ImportDate", "ImportZone"]);
    assert!(fates(&app).contains('x'));
    app.press("esc");
    choose(&mut app, &fixture("vtt/call.vtt"));
    assert!(
        app.screen_text().contains("When it began:"),
        "{}",
        app.screen_text()
    );
    app.type_text("tomorrow").press("enter");
    app.assert_shows("It cannot be read.");
    app.press("esc");
    choose(&mut app, &fixture("vtt/call.vtt"));
    app.type_text("10:00").press("enter");
    assert!(fates(&app).contains('x'));
}

#[test]
fn column_is_asked_where_none_is_known_to_hold_it() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[(
        "t.csv",
        "Fired at,text\n2012-08-16T10:20:00Z,checkout fails\n",
    )]);
    choose(&mut app, &format!("{path}/t.csv"));
    if let Some(Overlay::Finder(_)) = app.model.overlays.last() {
        app.type_text("csv").press("enter");
    }
    app.assert_shows("Column of the time:");
    app.assert_shows("Fired at, text");
    app.type_text("fired").press("enter");
    assert_eq!(fates(&app), "x");
}

#[test]
fn input_that_looks_like_no_format_asks_for_it_and_what_cannot_be_read_says_why() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("x.bin", "\u{1}\u{2} nothing\n"), ("empty.csv", "")]);
    choose(&mut app, &format!("{path}/x.bin"));
    app.assert_shows("Formats: ");
    app.press("esc");
    app.assert_shows("Which format has it?");
    app.assert_shows("Enter answers, Esc closes it.");
    app.press("enter").type_text("a Slack").press("enter");
    assert_eq!(fates(&app), "!!");
    app.assert_shows("Nothing is taken.");
    app.press("ctrl-o").type_text("csv").press("enter");
    app.assert_shows("Column of the time:");
    app.press("esc esc");
    app.assert_status("nothing was imported");
    choose(&mut app, &format!("{path}/empty.csv"));
    app.assert_shows("the input is empty");
    app.press("enter");
    app.assert_status("Esc closes it");
    app.press("esc");
    choose(&mut app, &format!("{path}/none.csv"));
    app.assert_shows("It cannot be read.");
}

#[test]
fn unreadable_rows_are_shown_with_their_place_and_do_not_keep_the_others_out() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[(
        "t.csv",
        "time,text\n2012-08-16T10:20:00Z,one\nnoon,two\n2012-08-16T10:22:00Z,three\n",
    )]);
    choose(&mut app, &format!("{path}/t.csv"));
    assert_eq!(fates(&app), "x!x");
    app.assert_shows("line 3: `noon` is not a time");
    // Space does not take it.
    app.press("down space");
    assert_eq!(fates(&app), "x!x");
    app.press("left");
    app.assert_shows("[unreadable 1]");
    assert_eq!(rows(&app).shown(&import(&app).request).len(), 1);
    app.press("enter enter");
    app.assert_status("2 added, 1 could not be read");
}

#[test]
fn lists_only_the_rows_asked_for_by_arrow_and_by_click() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    choose(&mut app, &format!("{path}/table.csv")).press("space right");
    app.assert_shows("[taken 2]");
    app.assert_hides("checkout fails");
    app.click_on("left out 1");
    app.assert_shows("[left out 1]");
    app.assert_shows("checkout fails");
    // What is taken there is no longer listed.
    app.press("space");
    app.assert_shows("no such row");
    app.click_on("all 3");
    assert_eq!(fates(&app), "xxx");
}

#[test]
fn click_on_the_kind_asks_for_another() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    choose(&mut app, &format!("{path}/table.csv")).click(18, 6);
    app.assert_shows("Kinds: ");
    assert_eq!(fates(&app), "xxx");
}

#[test]
fn what_is_typed_meanwhile_goes_to_the_line_and_stays() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    choose(&mut app, &format!("{path}/table.csv")).type_text("all green");
    assert_eq!(app.line(), "all green");
    assert_eq!(fates(&app), "xxx");
    app.assert_shows("Your line is kept: all green");
    app.press("enter enter esc");
    assert_eq!(app.line(), "all green");
    assert_eq!(app.count_of("Bob: rolling back"), 1);
}

#[test]
fn esc_ends_the_reading_and_a_late_reply_changes_nothing() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    app.action("import").paste(&format!("{path}/table.csv"));
    app.pause_jobs().press("enter");
    app.assert_shows("Reading table.csv: 0 rows so far.");
    let progress = import(&app).progress.clone();
    progress.set_rows(12_000);
    let now = app.model.now;
    app.send(Msg::Tick(now));
    app.assert_shows("12,000 rows so far");
    app.press("esc");
    assert!(progress.is_stopped());
    app.assert_status("nothing was imported");
    app.resume_jobs();
    assert!(app.model.overlays.is_empty());
}

#[test]
fn question_does_not_open_under_keys_that_came_since() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("chat.txt", CHAT)]);
    app.action("import").paste(&format!("{path}/chat.txt"));
    app.pause_jobs().press("enter").type_text("db is up");
    app.resume_jobs();
    assert_eq!(app.line(), "db is up");
    app.assert_shows("In which zone are its times?");
    app.press("enter");
    app.assert_shows("Zone of its times:");
}

#[test]
fn input_that_changed_since_it_was_shown_is_refused_and_the_choices_stay() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    let path = format!("{path}/table.csv");
    choose(&mut app, &path).press("space");
    let before = app.entry_count();
    fs::write(&path, TABLE.replace("all well", "all is well")).unwrap();
    app.press("enter enter");
    app.assert_failure("the input was changed since its rows were shown");
    assert_eq!(app.entry_count(), before);
    assert_eq!(fates(&app), " xx");
}

#[test]
fn import_goes_on_while_lines_are_logged_and_says_what_it_did() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    choose(&mut app, &format!("{path}/table.csv"));
    app.pause_jobs().press("enter enter");
    app.assert_shows("Importing 3 of 3 rows");
    app.press("esc");
    app.assert_status("the import goes on");
    // Leaving would take it back.
    app.press("ctrl-q");
    app.assert_shows("An import is being written and would be lost");
    app.press("esc").type_text("db is up").press("enter");
    let is_log = |job: &Job| matches!(job, Job::Write(Write::Log(_)));
    assert!(app.paused_jobs().iter().any(is_log));
    app.resume_jobs();
    assert_eq!(app.count_of("db is up"), 1);
    assert_eq!(app.count_of("Bob: rolling back"), 1);
    // The closing count is kept until it is read.
    app.action("import");
    app.assert_shows("3 read, 3 events");
    app.press("esc").action("import");
    app.assert_shows("Files, newest first");
}

#[test]
fn without_an_incident_it_is_asked_where_the_rows_go() {
    let mut app = TestApp::new();
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    let path = format!("{path}/table.csv");
    choose(&mut app, &path).press("space enter enter");
    app.assert_shows("Where does this go?");
    app.press("up enter");
    app.assert_status("2 added");
    assert!(app.model.summary.is_none());
    app.press("esc");
    assert_eq!(app.timeline_texts().len(), 2);
    // Into a new incident: what was decided about the rows stays.
    choose(&mut app, &path);
    assert_eq!(fates(&app), "x==");
    app.press("enter enter down enter");
    app.type_text("checkout is down").enter_twice();
    assert!(app.model.summary.is_some());
    app.press("enter");
    assert_eq!(fates(&app), "xxx");
    app.press("enter enter");
    app.assert_status("3 added");
}

#[test]
fn rows_beyond_the_list_are_counted_and_go_in_by_the_same_rules() {
    let mut app = TestApp::with_outage();
    let mut table = String::from("time,text\n");
    for row in 0..5_010 {
        table.push_str(&format!("2012-08-16T10:20:00Z,row {row}\n"));
    }
    let (_folder, path) = folder(&[("long.csv", &table)]);
    choose(&mut app, &format!("{path}/long.csv"));
    app.assert_shows("[all 5,010]");
    assert_eq!(rows(&app).preview.rows.len(), 5_000);
    app.press("end");
    app.assert_shows("10 more rows, not listed: 10 by the same rules");
    app.press("space");
    app.assert_shows("10 more rows, not listed: left out");
    app.press("space ctrl-a");
    assert_eq!(import(&app).taken_count(), 0);
    app.press("end space");
    assert_eq!(import(&app).taken_count(), 10);
    app.press("enter enter");
    app.assert_status("10 added, 5,000 left out");
}

#[test]
fn dropped_file_with_quotes_is_read() {
    let mut app = TestApp::with_outage();
    let (_folder, path) = folder(&[("my table.csv", TABLE)]);
    choose(&mut app, &format!("'{path}/my table.csv'"));
    assert_eq!(fates(&app), "xxx");
}

#[test]
fn journal_of_another_database_names_the_command() {
    let mut app = TestApp::with_outage();
    let other = app.other_session("ann");
    let (_folder, path) = folder(&[]);
    let path = format!("{path}/journal.jsonl");
    let mut text = Vec::new();
    bridgelog::ops::journal_lines::export(&other, &[], &mut |line: &str| {
        text.push(line.to_owned());
        Ok(())
    })
    .unwrap();
    fs::write(&path, text.join("\n")).unwrap();
    choose(&mut app, &path);
    app.assert_shows("journal of another database");
    app.assert_shows("bridgelog import jsonl");
}

#[test]
fn text_of_a_file_does_not_reach_the_terminal_as_control_characters() {
    for plain in [false, true] {
        let mut app = TestApp::with_outage();
        app.model.plain = plain;
        let (_folder, path) = folder(&[
            (
                "bad.csv",
                "time,text\n2012-08-16T10:20:00Z,a\u{1b}[31m\u{202e}b\nno\u{7}on,x\n",
            ),
            ("head.csv", "Fired\u{1b}[2J,text\n2012-08-16T10:20:00Z,a\n"),
        ]);
        for name in ["bad.csv", "head.csv"] {
            choose(&mut app, &format!("{path}/{name}")).press("down");
            let screen = app.screen_text();
            let is_unsafe = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!screen.contains(is_unsafe), "{screen:?}");
            app.press("esc esc");
        }
    }
}

#[test]
fn screen_of_sentences_says_what_becomes_of_the_rows() {
    let mut app = TestApp::with_outage();
    app.model.plain = true;
    let (_folder, path) = folder(&[("table.csv", TABLE)]);
    choose(&mut app, &format!("{path}/table.csv")).press("space");
    app.assert_shows("2 taken, 1 left out, 0 here already, 0 unreadable.");
    app.assert_shows("Left out: 16 August 06:20 note: Ann: checkout fails.");
    app.assert_shows("Taken: 16 August 06:21 note: Bob: rolling back.");
    app.press("enter");
    app.assert_shows("Enter again imports 2 rows");
    app.press("enter");
    app.assert_shows("3 read, 2 events, 1 not taken");
}
