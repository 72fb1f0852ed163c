//! What the screen says is so: how long a state lasts, when a line is logged, what was saved.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tui_support;

use bridgelog::ops::draft::Draft;
use bridgelog::{
    ops::{
        Obstacle,
        declare::{Declaration, declare},
        lint::Fix,
    },
    tui::msg::{Effect, FindingRow, Msg, Reply},
};
use tui_support::{TestApp, log_line, outage};

#[test]
fn header_counts_the_state_that_lasts_not_an_impact_that_ended() {
    let mut app = TestApp::with_session(|session| {
        outage(session);
        log_line(session, "10:20 restore: @online-db is back");
        log_line(session, "10:46 fault: @online-db halts again !down");
    });
    app.resize(80, 24).assert_shows("█ DOWN 02:12 ");
    app.resize(120, 40)
        .assert_shows("█ DOWN 02:12 ")
        .assert_hides("impact 4");
    app.model.plain = true;
    app.assert_shows("State: down for 2 minutes.");
}

#[test]
fn header_says_how_long_the_impact_is_where_its_state_changed() {
    let mut app = TestApp::with_session(|session| {
        outage(session);
        log_line(
            session,
            "10:40 mitigate: half of @online-db answers !degraded",
        );
    });
    app.resize(120, 40)
        .assert_shows("DEGRADED 08:12  impact 42:12");
    app.model.plain = true;
    app.assert_shows("State: degraded for 8 minutes, impact for 42 minutes.");
}

#[test]
fn line_that_a_finding_began_is_timed_when_its_text_is_typed() {
    let mut app = TestApp::with_outage();
    app.press("esc f4");
    let findings = &app.model.postmortem.findings;
    let begins_cause =
        |f: &FindingRow| matches!(&f.fix, Fix::Line { before, .. } if before == "cause: ");
    let at = findings.iter().position(begins_cause).unwrap();
    app.model.selected_finding = at;
    app.press("enter");
    app.wait(180);
    app.type_text("a worn disk");
    app.assert_shows("10:51 EDT today");
    app.assert_shows("it would be logged as of 10:51 EDT");
}

#[test]
fn every_line_that_is_not_saved_is_in_view_or_counted() {
    let mut app = TestApp::with_outage();
    app.resize(80, 24);
    for n in 1..=12 {
        app.line_that_meets(&format!("note: row{n}"), Obstacle::DiskFull);
    }
    let screen = app.screen_text();
    let shown = (1..=12)
        .filter(|n| screen.contains(&format!("row{n} ")))
        .count();
    assert!(shown >= 3, "{screen}");
    app.assert_shows("row12 ");
    app.assert_shows(&format!("not saved yet, {} more before", 12 - shown));
    app.assert_shows("12 not saved");
}

#[test]
fn esc_on_an_empty_line_leads_to_the_list_beside_a_failure() {
    let mut app = TestApp::with_outage();
    app.line_that_meets("note: one", Obstacle::DiskFull);
    app.press("esc");
    assert!(app.model.is_on_list());
    app.assert_hides("Disk full");
    app.assert_shows("1 not saved");
}

#[test]
fn where_unsaved_entries_were_written_is_said_until_there_are_others() {
    let mut app = TestApp::with_outage();
    app.line_that_meets("note: one", Obstacle::DiskFull);
    app.send(Msg::Reply(Box::new(Reply::UnsavedWritten {
        path: "/home/jw/unsaved.txt".into(),
        shown: "~/unsaved.txt".into(),
    })));
    app.assert_shows("Not in the database: 1 entry, written to ~/unsaved.txt");
    app.line_that_meets("note: two", Obstacle::DiskFull);
    app.assert_shows("Disk full: 2 entries");
    app.assert_hides("~/unsaved.txt");
}

#[test]
fn failure_takes_away_the_success_before_it() {
    let mut app = TestApp::with_outage();
    app.send(Msg::Reply(Box::new(Reply::Exported {
        path: "/home/jw/a.md".into(),
        shown: "~/a.md".into(),
    })));
    app.assert_status("Saved in ~/a.md");
    app.fail(None, "a mail needs a sender", false);
    app.assert_failure("a mail needs a sender");
    app.assert_hides("Saved in");
}

#[test]
fn rows_of_a_paste_without_a_time_are_counted() {
    let mut app = TestApp::with_outage();
    app.paste("web is slow\nhello there\n10:20 restart\nmore text");
    app.assert_shows("3 have no time: now · ");
}

#[test]
fn number_of_a_match_follows_the_order_of_time() {
    let mut app = TestApp::with_session(|session| {
        outage(session);
        log_line(session, "10:20 note: alpha two");
        log_line(session, "10:47 note: alpha one");
        log_line(session, "10:05 note: alpha three");
    });
    app.press("esc /").type_text("alpha").press("enter");
    for _ in 0..3 {
        let text = app.selected_text();
        let n = ["alpha one", "alpha two", "alpha three"]
            .iter()
            .position(|known| *known == text)
            .unwrap();
        app.assert_status(&format!("{} of 3 found, newest first", n + 1));
        app.press("n");
    }
}

#[test]
fn filter_with_a_time_still_to_come_is_refused() {
    let mut app = TestApp::with_outage();
    app.press("esc f").type_text("since:23:05").press("enter");
    app.assert_shows("since: 23:05 of today is still to come");
    app.assert_shows("since:\"yesterday 23:05\"");
}

#[test]
fn link_to_a_retracted_event_is_pointed_out() {
    let mut app = TestApp::with_outage();
    let mut decision = app.model.timeline.events.iter();
    let decision = decision.find(|e| e.value.text.starts_with("move a system"));
    let handle = decision.unwrap().handle.clone();
    let mut other = app.other_session("ann");
    bridgelog::ops::amend::retract(&mut other, &handle, "wrong", false).unwrap();
    app.refresh();
    app.type_text(&format!("action: copied ^{handle}"));
    app.assert_shows(&format!("^{handle} was retracted"));
    app.press("enter");
    let Some(Effect::Job(_)) = app.effects.first() else {
        return;
    };
    app.assert_shows("was retracted");
}

#[test]
fn letters_that_a_font_joins_are_all_drawn() {
    let mut app = TestApp::with_session(|session| {
        outage(session);
        log_line(session, "10:47 note: لا abc لا لا end @online-db");
    });
    app.resize(120, 40).assert_shows("لا abc لا لا end");
}

#[test]
fn markers_of_a_follow_up_that_are_not_read_are_named() {
    let mut app = TestApp::with_outage();
    app.press("esc alt-2 a")
        .type_text("check it @ann due:Friday");
    app.assert_shows("kept as text: @ann due:Friday; owner and due come last");
}

#[test]
fn hour_that_the_clock_shows_twice_has_a_heading_for_each_time() {
    let mut app = TestApp::with_session(|session| {
        let declaration = Declaration {
            title: "Old outage".into(),
            at: Some("2011-11-06T05:10:00Z".into()),
            ..Declaration::default()
        };
        declare(session, &declaration).unwrap();
        log_line(session, "2011-11-06T05:40:00Z note: before the change");
        log_line(session, "2011-11-06T06:20:00Z note: after the change");
    });
    app.resize(80, 24)
        .assert_shows("Sun 6 Nov 2011 EDT")
        .assert_shows("Sun 6 Nov 2011 EST");
    app.model.plain = true;
    app.assert_shows("Sunday 6 November 2011, EST. 01:20");
}

#[test]
fn wording_that_is_not_whole_on_the_screen_is_asked_about() {
    let mut app = TestApp::with_outage();
    app.resize(80, 24);
    let wording = "Customers read this. ".repeat(60);
    app.type_text(&format!("10:47 note: long tell: {wording}"));
    app.press("enter");
    assert_eq!(app.count_of("long"), 0);
    app.assert_status("not all that customers will read is here: Enter again logs it");
    app.press("enter");
    assert_eq!(app.count_of("long"), 1);
    // One that is whole is logged at once.
    app.type_text("10:48 note: short tell: It works.")
        .press("enter");
    assert_eq!(app.count_of("short"), 1);
}

#[test]
fn checks_of_an_end_and_of_a_reopening_show_what_customers_will_read() {
    let mut app = TestApp::with_outage();
    app.resize(80, 24);
    app.action("resolve")
        .type_text("fixed tell: All works again.")
        .press("enter");
    app.assert_shows("» customers will read: All works again.");
    app.press("enter");
    app.action("reopen")
        .type_text("not over tell: It broke again.")
        .press("enter");
    app.assert_shows("» customers will read: It broke again.");
}

#[test]
fn enter_on_the_first_row_of_the_help_logs_nothing() {
    let mut app = TestApp::with_outage();
    app.type_text("half a line tell: We lost it")
        .press("f1 down");
    app.assert_shows("log the line");
    app.press("enter");
    assert_eq!(app.line(), "half a line tell: We lost it");
    assert_eq!(app.count_of("half a line"), 0);
    assert!(app.model.overlays.is_empty());
}

#[test]
fn word_of_a_command_behind_a_backslash_is_logged_without_it() {
    let mut app = TestApp::with_outage();
    for word in ["undo", "sev1", "/foo", "help", ":q"] {
        app.type_text(&format!("\\{word}")).press("enter");
        assert!(app.timeline_texts().contains(&word), "{word}");
    }
    app.type_text("\\resolve: later").press("enter");
    assert!(app.timeline_texts().contains(&"resolve: later"));
}

#[test]
fn line_that_was_put_away_is_not_put_back_at_the_next_start() {
    let mut app = TestApp::with_outage();
    app.type_text("half a thought").press("ctrl-c");
    app.assert_status("kept as a draft: Ctrl-R brings it back");
    let drafts: Vec<Draft> = serde_json::from_str(&app.draft_files()[0]).unwrap();
    let mut next = TestApp::with_outage();
    next.send(Msg::Reply(Box::new(Reply::Drafts {
        drafts,
        unreadable: vec![],
    })));
    assert_eq!(next.line(), "");
    next.assert_status("1 draft kept: Ctrl-R on the line");
    next.press("ctrl-r").assert_shows("a line put away");
}

#[test]
fn unassigned_events_are_named_when_an_incident_is_declared() {
    let mut app = TestApp::with_session(|session| log_line(session, "10:40 note: seen first"));
    app.type_text("all is down").press("enter");
    app.press("down enter");
    app.assert_status("1 unassigned event of the last 24 hours: Incidents, then Ctrl-P attach");
}

#[test]
fn customers_who_heard_nothing_are_due_an_update_although_the_state_became_unknown() {
    let mut app = TestApp::with_outage();
    app.model.update_interval = Some(30);
    let due = app.model.update_due();
    // The impact began at 10:06.
    let shown = due.map(|due| app.model.zone.to_local(due).format("%H:%M").to_string());
    assert_eq!(shown.as_deref(), Some("10:36"));
    app.resize(120, 40).assert_shows("update overdue 12 min");
    app.type_text("10:46 fault: @web is slow !degraded")
        .press("enter");
    app.type_text("10:47 fault: something else is odd")
        .press("enter");
    assert_eq!(app.model.state_questions().len(), 1);
    assert_eq!(app.model.update_due(), due);
    app.type_text("10:48 restore: all is back !ok @all")
        .press("enter");
    assert_eq!(app.model.update_due(), None);
}
