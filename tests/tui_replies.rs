//! What a reply of the worker may and may not change on the screen.

#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::tui::{
    model::{Focus, Overlay},
    msg::{EditTarget, Edited, Job, Msg},
};
use std::fs;
use tui_support::{NOW, TestApp, log_line, outage};

/// Returns the last job sent that writes, or checks a write.
fn last_write(app: &TestApp) -> Option<Job> {
    let is_write = |job: &&Job| {
        matches!(
            job,
            Job::Write(_) | Job::Check { .. } | Job::Confirmed { .. }
        )
    };
    app.paused_jobs().iter().rev().find(is_write).cloned()
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

/// Jobs that are still under way while a reason is typed: the keys that begin one, what is typed for it, and
/// the keys that send it.
#[rstest::rstest]
#[case::line("i", "a line on its way", "enter esc")]
#[case::undo("u", "", "")]
#[case::retract("x", "said twice", "enter")]
#[case::edit("e", " and more", "enter")]
fn reply_to_another_job_leaves_the_prompt_with_what_is_typed(
    #[case] open: &str,
    #[case] text: &str,
    #[case] send: &str,
) {
    let mut app = TestApp::with_outage();
    app.press("esc G").press(open).type_text(text);
    if send == "enter" {
        // Its check.
        app.press("enter");
    }
    app.pause_jobs();
    app.press(if send.is_empty() { "enter" } else { send });
    app.press("k x").type_text("a reason half-ty");
    let before = app.entry_count();
    app.resume_jobs();
    assert_eq!(app.entry_count(), before + 1);
    assert!(!app.status_text().is_empty());
    assert_eq!(app.prompt(), "a reason half-ty");
    app.type_text("ped").enter_twice();
    assert!(app.model.overlays.is_empty(), "{:?}", app.model.overlays);
    let event = app.model.selected_event().unwrap();
    assert_eq!(
        event.value.retracted.as_deref(),
        Some("a reason half-typed")
    );
}

#[test]
fn reply_of_a_check_that_the_text_has_outrun_is_dropped() {
    let mut app = TestApp::with_outage();
    app.press("esc G x").type_text("one reason");
    let before = app.entry_count();
    app.pause_jobs().press("enter").type_text(" more");
    app.resume_jobs();
    assert_eq!(app.prompt(), "one reason more");
    // It was for another text: this Enter checks.
    app.press("enter");
    assert_eq!(app.entry_count(), before);
    app.press("enter");
    let event = app.model.selected_event().unwrap();
    assert_eq!(event.value.retracted.as_deref(), Some("one reason more"));
}

#[test]
fn enters_while_the_check_is_under_way_write_nothing() {
    let mut app = TestApp::with_outage();
    app.press("esc G x").type_text("one reason");
    let before = app.entry_count();
    app.pause_jobs().press("enter enter enter").resume_jobs();
    assert_eq!(app.entry_count(), before);
    assert_eq!(app.prompt(), "one reason");
}

#[test]
fn reply_of_a_closed_prompt_closes_nothing_else() {
    let mut app = TestApp::with_outage();
    app.press("esc G x").type_text("one reason").press("enter");
    app.pause_jobs().press("enter f1");
    app.type_text("und").resume_jobs();
    assert!(
        matches!(&app.model.overlays[..], [Overlay::Finder(finder)] if finder.query.text() == "und"),
        "{:?}",
        app.model.overlays
    );
    app.press("esc");
    let event = app.model.selected_event().unwrap();
    assert_eq!(event.value.retracted.as_deref(), Some("one reason"));
}

#[test]
fn write_of_a_prompt_that_fails_reopens_nothing_and_keeps_its_text_as_a_draft() {
    let mut app = TestApp::with_outage();
    app.press("esc G x").type_text("said twice").press("enter");
    app.pause_jobs().press("enter");
    let job = last_write(&app);
    app.type_text("7 pods are gone");
    app.fail(job, "the disk is full", false);
    app.assert_failure("Not done: the disk is full.");
    assert!(app.model.overlays.is_empty());
    assert_eq!(app.line(), "7 pods are gone");
    assert_eq!(app.kept_drafts(), ["said twice"]);
}

#[test]
fn what_another_writes_to_an_edited_event_is_shown_and_checked_again() {
    let mut app = TestApp::with_outage();
    app.press("esc G e").type_text(" tonight").press("enter");
    let handle = app.model.selected_event().unwrap().handle.clone();
    let mut other = app.other_session("ann");
    bridgelog::ops::amend::amend(&mut other, &handle, "by ann", &Default::default()).unwrap();
    app.refresh();
    app.assert_shows("ann changed this at");
    assert!(app.prompt().ends_with(" tonight"), "{}", app.prompt());
    let before = app.entry_count();
    // It was checked before she wrote: this Enter checks.
    app.press("enter");
    assert_eq!(app.entry_count(), before);
    app.press("ctrl-t");
    assert!(app.prompt().contains("by ann"), "{}", app.prompt());
    assert!(app.kept_drafts()[0].ends_with(" tonight"));
}

#[test]
fn undo_whose_act_another_terminal_took_back_writes_nothing_before_it_is_shown_anew() {
    let mut app = TestApp::with_outage();
    app.type_text("note: first").press("enter");
    app.type_text("note: second").press("enter");
    app.press("esc u").assert_shows("second");
    let handle = app.model.timeline.events.last().unwrap().handle.clone();
    let mut other = app.other_session("ann");
    bridgelog::ops::amend::retract(&mut other, &handle, "said twice", true).unwrap();
    app.refresh();
    let before = app.entry_count();
    app.press("enter");
    assert_eq!(app.entry_count(), before);
}

#[test]
fn entry_of_another_moves_neither_the_keys_nor_what_is_typed() {
    let mut app = TestApp::with_outage();
    app.type_text("restore: it works !ok").press("enter");
    app.type_text("restart the ");
    log_line(&mut app.other_session("ann"), "fault: it halted again");
    app.refresh();
    app.type_text("user");
    assert_eq!(
        (app.line(), app.model.focus),
        ("restart the user", Focus::Line)
    );
    assert_eq!(app.model.state_questions().len(), 1);
    app.press("esc k x").type_text("twi");
    log_line(&mut app.other_session("bob"), "10:47 note: and more");
    let selected = app.model.selected_event().unwrap().id;
    app.refresh().type_text("ce");
    assert_eq!(app.prompt(), "twice");
    assert_eq!(app.model.selected_event().unwrap().id, selected);
}

#[test]
fn half_typed_lines_that_cannot_be_read_or_saved_are_said_once() {
    let mut app = TestApp::with_outage();
    let strange = app.path.with_file_name("log.db-draft-strange");
    fs::write(&strange, "[{\"begun\": half").unwrap();
    app.run_effects(bridgelog::tui::update::initial_effects(None));
    app.assert_failure("log.db-draft-strange");
    assert!(strange.exists());
    // A draft file cannot be replaced in a folder that is gone.
    let folder = app.path.parent().unwrap().to_owned();
    let away = folder.with_extension("away");
    app.press("i").type_text("h");
    fs::rename(&folder, &away).unwrap();
    app.type_text("a");
    app.assert_failure("cannot be saved");
    app.model.failure = None;
    app.type_text("l");
    assert_eq!(app.failure_text(), "");
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
    app.resize(120, 30).press("esc alt-5");
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
    app.press("esc G t ctrl-u").type_text("10:45").enter_twice();
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
        Edited::Saved(line.clone()),
    ));
    app.enter_twice();
    app.assert_shows(what);
    assert_eq!(app.model.selected_event().unwrap().value, event.value);
    assert_eq!(app.prompt(), line);
    app.press("esc i alt-up");
    assert_eq!(app.line(), line);
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
        .enter_twice();
    assert_eq!(app.model.selected_event().unwrap().value, event.value);
    assert_eq!(
        app.prompt(),
        format!("10:47 note: looked tell: We saw {hidden}errors.")
    );
}

#[test]
fn prompt_write_that_is_retried_is_written_once() {
    let mut app = TestApp::with_outage();
    app.press("esc G x").type_text("said twice").press("enter");
    let before = app.entry_count();
    app.pause_jobs().press("enter");
    let job = last_write(&app);
    app.fail(job.clone(), "the database is locked", true);
    app.assert_shows("Database locked by another program (0 s). Entry kept and retried");
    for seconds in 1..4 {
        let now = app.model.now + chrono::Duration::seconds(seconds);
        app.send(Msg::Tick(now));
    }
    let again = app
        .paused_jobs()
        .iter()
        .filter(|sent| Some(*sent) == job.as_ref());
    assert_eq!(again.count(), 2);
    app.resume_jobs();
    assert_eq!(app.entry_count(), before + 1);
    app.assert_hides("Database locked");
    let event = app.model.selected_event().unwrap();
    assert_eq!(event.value.retracted.as_deref(), Some("said twice"));
}

#[test]
fn line_that_begins_like_a_command_is_asked_about() {
    let mut app = TestApp::with_outage();
    let before = app.entry_count();
    app.type_text("resolve all fine").press("enter");
    assert_eq!(app.entry_count(), before);
    app.assert_shows("`resolve: TEXT` resolves the");
    app.press("enter");
    assert_eq!(app.entry_count(), before + 1);
    app.type_text("\\resolve the name by hand").press("enter");
    assert_eq!(app.entry_count(), before + 2);
    assert_eq!(
        app.timeline_texts().last(),
        Some(&"resolve the name by hand")
    );
}

#[test]
fn state_in_a_resolved_incident_asks_to_reopen_and_knows_its_services() {
    let mut app = TestApp::with_session(|session| {
        outage(session);
        bridgelog::ops::lifecycle::resolve(session, None, None, "").unwrap();
    });
    app.type_text("fault: again @online-db !down");
    app.assert_hides("is a new service here");
    app.assert_shows("reopen? incident 1 was resolved at");
    app.press("enter").press("down enter");
    app.assert_status("reopen? incident 1 was resolved at");
    app.type_text("fault: again @online-db !down");
    app.press("enter").press("down enter");
    app.assert_status("reopen?");
}
