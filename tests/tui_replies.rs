//! What a reply of the worker may and may not change on the screen.

#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::tui::{
    model::Overlay,
    msg::{EditTarget, Msg},
};
use std::fs;
use tui_support::{NOW, TestApp, outage};

/// The text of the topmost prompt.
fn prompt(app: &TestApp) -> &str {
    match app.model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => prompt.line.text(),
        other => panic!("no prompt: {other:?}"),
    }
}

/// Runs SQL on the database file of `app`, as a damage or another version would.
fn execute(app: &TestApp, sql: &str) {
    let db = rusqlite::Connection::open(&app.path).unwrap();
    db.execute_batch(sql).unwrap();
}

/// Makes the first version of the event that was amended last unreadable.
fn damage_first_version(app: &TestApp) {
    let db = rusqlite::Connection::open(&app.path).unwrap();
    let trigger: String = db
        .query_row(
            "SELECT sql FROM sqlite_master WHERE name='entry_fades'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    db.execute_batch(&format!(
        "DROP TRIGGER entry_fades;
         UPDATE entry SET body='{{}}' WHERE no=(SELECT about FROM entry ORDER BY no DESC LIMIT 1);
         {trigger};"
    ))
    .unwrap();
}

/// Jobs that are still pending while a reason is typed: the key that begins one, what is typed for it,
/// and the key that sends it.
#[rstest::rstest]
#[case::line("i", "a line on its way", "enter")]
#[case::undo("u", "", "")]
#[case::retract("x", "said twice", "enter")]
fn reply_to_another_job_leaves_the_prompt_with_what_is_typed(
    #[case] open: &str,
    #[case] text: &str,
    #[case] send: &str,
) {
    let mut app = TestApp::with_outage();
    app.press("esc G").pause_jobs();
    app.press(open).type_text(text).press(send);
    // Leaves the line or the first prompt, whose job is not run yet.
    app.press("esc");
    if app.model.overlays.is_empty() {
        app.press("k");
    }
    app.press("x").type_text("a reason half-ty");
    app.resume_jobs();
    assert!(!app.status_text().is_empty());
    assert_eq!(prompt(&app), "a reason half-ty");
    app.type_text("ped").press("enter");
    assert!(app.model.overlays.is_empty(), "{:?}", app.model.overlays);
    assert!(
        app.status_text().contains("retracted"),
        "{}",
        app.status_text()
    );
}

#[test]
fn answer_that_was_changed_after_it_was_sent_stays() {
    let mut app = TestApp::with_outage();
    app.press("esc G x").type_text("one reason");
    app.pause_jobs().press("enter").type_text(" more");
    app.resume_jobs();
    assert!(
        app.status_text().contains("retracted"),
        "{}",
        app.status_text()
    );
    assert_eq!(prompt(&app), "one reason more");
}

#[test]
fn reply_closes_its_prompt_under_another_page() {
    let mut app = TestApp::with_outage();
    app.press("esc G x").type_text("one reason");
    app.pause_jobs().press("enter f1").resume_jobs();
    assert!(
        matches!(app.model.overlays[..], [Overlay::Help(_)]),
        "{:?}",
        app.model.overlays
    );
}

#[test]
fn half_typed_lines_that_cannot_be_read_or_saved_are_said_once() {
    let mut app = TestApp::with_outage();
    let strange = app.path.with_file_name("log.db-draft-strange");
    fs::write(&strange, "[{\"begun\": half").unwrap();
    app.run_effects(bridgelog::tui::update::initial_effects(None));
    assert!(
        app.status_text().contains("log.db-draft-strange"),
        "{}",
        app.status_text()
    );
    assert!(strange.exists());
    // A draft file cannot be replaced in a folder that is gone.
    let folder = app.path.parent().unwrap().to_owned();
    let away = folder.with_extension("away");
    app.press("i").type_text("h");
    fs::rename(&folder, &away).unwrap();
    app.type_text("a");
    assert!(
        app.status_text().contains("cannot be saved"),
        "{}",
        app.status_text()
    );
    app.model.status = None;
    app.type_text("l");
    assert_eq!(app.status_text(), "");
    fs::rename(&away, &folder).unwrap();
    app.type_text("f");
    let saved = app.path.parent().unwrap().read_dir().unwrap();
    let saved = saved.map(|file| fs::read_to_string(file.unwrap().path()).unwrap_or_default());
    assert!(saved.into_iter().any(|text| text.contains("half")));
}

#[test]
fn list_says_that_its_dates_are_utc_where_the_zone_is_unknown() {
    let mut app = TestApp::with_session(outage);
    execute(&app, "UPDATE incident SET zone='Mars/Phobos'");
    app.resize(120, 30).press("esc 5");
    let screen = app.screen_text();
    assert!(
        screen.contains("[unknown zone: UTC] AVR Online"),
        "{screen}"
    );
    assert!(
        screen.contains("14:14"),
        "the time in UTC of {NOW}:\n{screen}"
    );
}

#[test]
fn version_that_cannot_be_read_is_not_shown_as_destroyed() {
    let mut app = TestApp::with_outage();
    app.press("esc G t ctrl-u")
        .type_text("10:45")
        .press("enter");
    damage_first_version(&app);
    app.press("enter");
    let screen = app.screen_text();
    assert!(
        screen.contains("cannot be read:"),
        "{}{screen}",
        app.status_text()
    );
    assert!(!screen.contains("nothing any more"), "{screen}");
}

#[rstest::rstest]
#[case::override_of_direction("\u{202e}", "reverses")]
#[case::zero_width_space("\u{200b}", "a space of no width")]
#[case::bell("\u{7}", "control")]
#[case::c1("\u{9b}", "control")]
fn edited_customer_wording_with_a_hidden_character_is_refused_and_kept(
    #[case] hidden: &str,
    #[case] what: &str,
) {
    let mut app = TestApp::with_outage();
    app.press("esc G");
    let event = app.model.selected_event().unwrap().clone();
    let line = format!("10:47 note: looked tell: We saw {hidden}errors.");
    // As the editor saved it.
    app.send(Msg::Edited(
        EditTarget::Event(event.handle.clone()),
        Ok(line.clone()),
    ));
    assert!(app.status_text().contains(what), "{}", app.status_text());
    assert_eq!(app.model.selected_event().unwrap().value, event.value);
    app.press("i up");
    assert_eq!(app.model.capture.line.text(), line);
}

#[rstest::rstest]
#[case::override_of_direction("\u{202e}")]
#[case::zero_width_space("\u{200b}")]
fn prompt_with_hidden_character_in_customer_wording_stays_open(#[case] hidden: &str) {
    let mut app = TestApp::with_outage();
    app.press("esc G");
    let event = app.model.selected_event().unwrap().clone();
    app.press("e ctrl-u")
        .type_text("10:47 note: looked tell: We saw ");
    app.send(Msg::Paste(hidden.to_owned()))
        .type_text("errors.")
        .press("enter");
    assert_eq!(app.model.selected_event().unwrap().value, event.value);
    assert_eq!(
        prompt(&app),
        format!("10:47 note: looked tell: We saw {hidden}errors.")
    );
}
