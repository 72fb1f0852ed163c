//! What keeps entries from being saved: they are kept, it is said why, and they are saved once it is mended.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::{
    ops::Obstacle,
    tui::{
        model::Overlay,
        msg::{CopyRequest, Effect, Job, Msg, Reply, Write},
    },
};
use chrono::Duration;
use std::{fs, path::Path};
use tui_support::TestApp;

#[test]
fn locked_store_is_retried_and_the_save_is_said() {
    let mut app = TestApp::with_outage();
    let other = rusqlite::Connection::open(&app.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    app.type_text("10:47 action: image copy at 60% #hardware")
        .press("enter");
    assert_eq!(app.line(), "");
    app.assert_shows("Database locked by another program (0 s). Entry kept and retried; type on.");
    app.assert_shows("10:47 … action    image copy at 60%");
    app.assert_shows("  not saved yet");
    app.assert_shows("1 not saved");
    // What is typed on is not touched.
    app.type_text("verify: users report");
    other.execute_batch("ROLLBACK").unwrap();
    app.wait(5);
    assert_eq!(app.line(), "verify: users report");
    assert_eq!(app.count_of("image copy at 60%"), 1);
    app.assert_status("saved 10:47 action (after ");
    app.assert_hides("not saved");
    app.assert_hides("Database locked");
}

#[test]
fn full_disk_is_said_with_the_count_and_retried_every_five_seconds() {
    let mut app = TestApp::with_outage();
    app.line_that_meets("note: first", Obstacle::DiskFull);
    app.assert_shows("Disk full: 1 entry is kept as a draft. Free space; retried every 5 s.");
    app.send(Msg::Reply(Box::new(Reply::DraftsUnsaved("full".into()))));
    app.line_that_meets("note: second", Obstacle::DiskFull);
    app.assert_shows("Disk full: 2 entries are kept in memory only.");
    app.assert_shows("2 not saved");
    app.pause_jobs();
    let retries = |app: &TestApp| {
        let jobs = app.paused_jobs().iter();
        jobs.filter(|job| matches!(job, Job::Write(Write::Log(_))))
            .count()
    };
    app.wait(4);
    assert_eq!(retries(&app), 0);
    app.wait(1);
    assert_eq!(retries(&app), 2);
    app.wait(20);
    assert_eq!(retries(&app), 2, "an attempt is running");
    app.resume_jobs();
    assert_eq!((app.count_of("first"), app.count_of("second")), (1, 1));
    app.assert_hides("Disk full");
}

#[test]
fn message_is_put_away_by_esc_until_another_entry_fails() {
    let mut app = TestApp::with_outage();
    app.line_that_meets("note: first", Obstacle::ReadOnly);
    app.assert_shows("Read-only database: nothing can be logged here. 1 entry kept and retried.");
    app.press("esc");
    app.assert_hides("Read-only");
    app.assert_shows("1 not saved");
    app.line_that_meets("note: second", Obstacle::ReadOnly);
    app.assert_shows("Read-only database");
}

#[test]
fn database_that_is_gone_leaves_entries_that_go_to_a_new_file() {
    let mut app = TestApp::with_outage();
    let aside = app.path.with_extension("aside");
    fs::rename(&app.path, &aside).unwrap();
    app.type_text("note: said meanwhile").press("enter");
    app.assert_shows("The database file is gone: ");
    app.action("not saved yet to a new file");
    let Some(Effect::Copy(CopyRequest { text: path, .. })) = app.effects.last() else {
        panic!("{} {}", app.status_text(), app.failure_text());
    };
    assert_eq!(Path::new(path).parent(), app.path.parent());
    let written = fs::read_to_string(path).unwrap();
    assert!(
        written.contains("# typed 2012-08-16 10:48:12 EDT\nnote: said meanwhile\n"),
        "{written}"
    );
    // It is there again.
    fs::rename(&aside, &app.path).unwrap();
    app.wait(6);
    assert_eq!(app.count_of("said meanwhile"), 1);
    app.assert_hides("not saved");
    app.action("not saved yet to a new file");
    app.assert_status("all is saved");
}

#[test]
fn leaving_with_unsaved_entries_offers_to_copy_them() {
    let mut app = TestApp::with_outage();
    app.line_that_meets("note: first", Obstacle::DiskFull);
    app.press("ctrl-q");
    app.assert_shows("1 entry is not saved yet; its text is kept as a draft. Quit?");
    app.assert_shows("Ctrl-Y copies what is not saved.");
    app.press("esc");
    // The drafts cannot be saved either.
    app.send(Msg::Reply(Box::new(Reply::DraftsUnsaved(
        "no space left".into(),
    ))));
    app.press("ctrl-q");
    app.assert_shows("1 entry is not saved and would be lost. Quit?");
    app.press("ctrl-y");
    let Some(Effect::Copy(CopyRequest { text, .. })) = app.effects.last() else {
        panic!("{:?}", app.effects);
    };
    assert_eq!(text, "# typed 2012-08-16 10:48:12 EDT\nnote: first\n");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Confirm(_))
    ));
    app.assert_failure("drafts cannot be saved");
    app.send(Msg::Reply(Box::new(Reply::DraftsSaved)));
    assert_eq!(app.failure_text(), "");
    app.assert_shows("kept as a draft");
    // With all saved, the key does nothing.
    let mut app = TestApp::with_outage();
    app.press("esc q ctrl-y");
    assert!(app.effects.is_empty());
}

#[test]
fn clock_that_went_back_is_said_with_the_time_to_check() {
    let mut app = TestApp::with_outage();
    let back = app.model.now - Duration::hours(2);
    app.send(Msg::Tick(back));
    app.assert_shows("The clock went back 2 h. Times are taken from the new clock; check 10:48.");
}

#[test]
fn line_refused_late_stays_in_the_drafts() {
    let mut app = TestApp::with_outage();
    app.type_text("note: for the first")
        .pause_jobs()
        .press("enter");
    let mut ann = app.other_session("ann");
    tui_support::log_line(&mut ann, "note: another");
    let declaration = bridgelog::ops::declare::Declaration {
        title: "Mail is slow".into(),
        ..Default::default()
    };
    bridgelog::ops::declare::declare(&mut ann, &declaration).unwrap();
    let job = app
        .paused_jobs()
        .iter()
        .find(|job| matches!(job, Job::Write(Write::Log(_))))
        .cloned();
    app.fail(job, "#1 was merged into #2", false);
    app.assert_shows("Not logged: #1 was merged into #2. Ctrl-R on the line brings the text back.");
    assert_eq!(app.line(), "");
    assert!(app.kept_drafts().contains(&"note: for the first"));
}
