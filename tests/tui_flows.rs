//! Outbox, drafts, pastes, filters, sub-tabs and corrections, with the worker and its store behind the
//! app.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod tui_support;

use bridgelog::{
    domain::{
        event::Event,
        subject::Subject,
        task::TaskState,
        value::{Body, Operation, Value},
        words::{Kind, State},
    },
    ops::{OpsError, Session, log::PreparedEvent, task},
    tui::{
        model::{Dialog, Focus, IncidentsTab, Overlay, Preview, Tab},
        msg::{Effect, Failure, Job, Msg, Reply, TypedLine},
    },
};
use chrono::Duration;
use tui_support::{TestApp, log_line, outage};

fn typed_in(jobs: &[Job]) -> Vec<TypedLine> {
    jobs.iter()
        .filter_map(|job| match job {
            Job::Log(typed) => Some(typed.clone()),
            _ => None,
        })
        .collect()
}

fn refused(typed: &TypedLine, passing: bool) -> Msg {
    Msg::Reply(Box::new(Reply::Failed {
        failure: Failure {
            message: "the disk is full".into(),
            hint: None,
            retryable: passing,
        },
        line: Some(typed.clone()),
    }))
}

fn tick(app: &mut TestApp) {
    let next = app.model.now + Duration::seconds(1);
    app.send(Msg::Tick(next));
}

fn prompt(app: &TestApp) -> &str {
    match app.model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => prompt.line.text(),
        _ => panic!("nothing is asked: {}", app.status_text()),
    }
}

fn drafts(app: &TestApp) -> Vec<String> {
    let drafts = bridgelog::ops::draft::Drafts::for_store(&app.path);
    drop(drafts);
    std::fs::read_dir(app.path.parent().unwrap())
        .unwrap()
        .map(|e| e.unwrap())
        .filter(|e| e.file_name().to_string_lossy().contains("-draft-"))
        .map(|e| std::fs::read_to_string(e.path()).unwrap())
        .collect()
}

#[test]
fn typing_while_line_is_pending_is_kept() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.type_text("note: first").pause_jobs().press("enter");
    assert_eq!(app.model.capture.line.text(), "");
    app.type_text("note: second")
        .press("enter")
        .type_text("third");
    assert_eq!(app.model.capture.outbox.len(), 2);
    app.resume_jobs();
    assert_eq!(app.model.capture.outbox.len(), 0);
    assert_eq!(app.model.capture.line.text(), "third");
    assert_eq!(app.timeline_texts().len(), before + 2);
    // Only lines that are not written are saved as drafts.
    let drafts_json = drafts(&app).concat();
    assert!(
        drafts_json.contains("third") && !drafts_json.contains("first"),
        "{drafts_json}"
    );
}

#[test]
fn pending_line_is_kept_as_draft() {
    let mut app = TestApp::with_outage();
    app.type_text("note: first")
        .pause_jobs()
        .press("enter")
        .type_text("x");
    let saves: Vec<&Job> = app
        .paused_jobs()
        .iter()
        .filter(|job| matches!(job, Job::SaveDrafts(_)))
        .collect();
    let Some(Job::SaveDrafts(drafts)) = saves.last() else {
        panic!("nothing is kept: {:?}", app.paused_jobs());
    };
    let texts: Vec<&str> = drafts.iter().map(|(_, d)| d.text.as_str()).collect();
    assert_eq!(texts, ["note: first", "x"]);
}

#[test]
fn locked_store_retries_line_with_same_number() {
    let mut app = TestApp::with_outage();
    app.type_text("note: first").pause_jobs().press("enter");
    let sent = typed_in(app.paused_jobs());
    app.pause_jobs().type_text("going on");
    app.send(refused(&sent[0], true));
    assert_eq!(app.model.capture.line.text(), "going on");
    assert!(
        app.screen_text()
            .contains("not on the disk yet: note: first"),
        "{}",
        app.screen_text()
    );
    tick(&mut app);
    tick(&mut app);
    // Only once, not with every tick until the reply arrives.
    assert_eq!(typed_in(app.paused_jobs()), sent);
    app.resume_jobs();
    assert_eq!(
        app.timeline_texts()
            .iter()
            .filter(|t| **t == "first")
            .count(),
        1
    );
    assert!(!app.screen_text().contains("not on the disk yet"));
}

#[test]
fn rejected_line_keeps_its_number_until_edited() {
    let mut app = TestApp::with_outage();
    app.type_text("note: first").pause_jobs().press("enter");
    let sent = typed_in(app.paused_jobs());
    app.type_text("second");
    app.send(refused(&sent[0], false));
    // The input line is not empty, so the failed line stays in the outbox.
    assert_eq!(app.model.capture.line.text(), "second");
    assert!(
        app.screen_text()
            .contains("not on the disk yet: note: first")
    );
    app.press("ctrl-u");
    assert_eq!(app.model.capture.line.text(), "note: first");
    assert!(
        app.status_text().contains("the disk is full"),
        "{}",
        app.status_text()
    );
    app.pause_jobs().press("enter");
    assert_eq!(typed_in(app.paused_jobs()), sent);
    app.send(refused(&sent[0], false)).type_text(" more");
    app.pause_jobs().press("enter");
    let again = typed_in(app.paused_jobs());
    assert_ne!(again[0].seq, sent[0].seq);
    assert_eq!(again[0].text, "note: first more");
}

#[test]
fn appending_same_prepared_write_logs_once() {
    use bridgelog::ops::log::{append, prepare_write};
    let app = TestApp::with_outage();
    let mut session = app.other_session("ann");
    let incident = session.read().open_incidents().unwrap().remove(0);
    let event = Event::new(session.now().fixed_offset(), Kind::Note, "once");
    let prepared = PreparedEvent {
        has_time: true,
        has_unread_time: false,
        event,
        notices: vec![],
    };
    let pending = prepare_write(&mut session, vec![prepared], Some(&incident));
    let first = append(&mut session, &pending).unwrap().remove(0);
    let again = append(&mut session, &pending).unwrap().remove(0);
    assert_eq!(first.event.id, again.event.id);
    let all = session.read().newest_events(Some(incident.id), 100, None);
    let count = all
        .unwrap()
        .iter()
        .filter(|e| e.value.text == "once")
        .count();
    assert_eq!(count, 1);
}

#[test]
fn worker_logs_line_after_lock_is_released() {
    use bridgelog::{store::OpenOptions, tui::worker::Worker};
    let app = TestApp::with_outage();
    let path = app.path.clone();
    let session = Session::open(bridgelog::ops::SessionOptions {
        store: OpenOptions {
            busy_timeout: std::time::Duration::from_millis(20),
            ..OpenOptions::default()
        },
        ..app.other_session("ann").options()
    });
    let mut worker = Worker::new(session.unwrap());
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let job = Job::Log(TypedLine {
        seq: 7,
        text: "note: held up".into(),
        begun: app.model.now,
        allow_customer_wording: true,
        ..TypedLine::default()
    });
    for _ in 0..3 {
        let Some(Reply::Failed { failure, line }) = worker.run(job.clone()) else {
            panic!("a locked log book took it");
        };
        assert!(failure.retryable, "{}", failure.message);
        assert_eq!(line.unwrap().seq, 7);
    }
    other.execute_batch("ROLLBACK").unwrap();
    assert!(matches!(worker.run(job), Some(Reply::Done { .. })));
}

#[test]
fn declaring_line_keeps_all_its_markers() {
    let mut app = TestApp::new();
    app.type_text("~10:06 fault: @online-db halted #storage !down tell: A server halted.")
        .press("enter");
    assert!(
        app.screen_text()
            .contains("✉ customers will read: A server halted."),
        "{}",
        app.screen_text()
    );
    app.press("1 enter");
    let events = &app.model.timeline.events;
    let kinds: Vec<&str> = events.iter().map(|e| e.value.kind.as_str()).collect();
    assert_eq!(kinds, ["fault", "declare"]);
    let fault = &events[0].value;
    assert_eq!(fault.customer.as_deref(), Some("A server halted."));
    assert!(fault.approximate);
    assert_eq!(fault.tags, ["storage"]);
    assert_eq!(fault.services, ["online-db"]);
    let summary = app.model.summary.as_ref().unwrap();
    assert_eq!(summary.title, "online-db halted");
    assert_eq!(summary.state, Some(State::Down));
    // It is declared now, not at the time of the line.
    assert_eq!(summary.declared, Some(app.model.now));
    assert_eq!(app.model.capture.outbox.len(), 0);
}

#[test]
fn declaring_fault_without_state_prompts_for_state() {
    let mut app = TestApp::new();
    app.type_text("fault: the disk is gone")
        .press("enter enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Dialog(Dialog::State(_)))
    ));
}

#[test]
fn state_prompt_skipped_while_typing() {
    let mut app = TestApp::new();
    app.type_text("odd errors").press("enter enter");
    app.type_text("fault: the disk is gone")
        .pause_jobs()
        .press("enter");
    app.type_text("3 of them").resume_jobs();
    assert!(app.model.overlays.is_empty());
    assert_eq!(app.model.capture.line.text(), "3 of them");
    assert!(
        app.status_text().contains("no state was given"),
        "{}",
        app.status_text()
    );
}

#[test]
fn cancelled_prompt_keeps_typed_text() {
    let mut app = TestApp::with_outage();
    app.press("esc x").type_text("said twice").press("esc");
    assert!(
        app.status_text().contains("kept for the next time"),
        "{}",
        app.status_text()
    );
    app.press("x");
    assert_eq!(prompt(&app), "said twice");
    app.press("enter");
    assert_eq!(
        app.model
            .selected_event()
            .unwrap()
            .value
            .retracted
            .as_deref(),
        Some("said twice")
    );
    // Once answered, its draft is deleted.
    app.press("u x");
    assert_eq!(prompt(&app), "");
}

#[test]
fn prompt_text_is_saved_as_draft() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p")
        .type_text("resolve")
        .press("enter")
        .type_text("the image runs");
    assert!(drafts(&app).concat().contains("the image runs"));
    app.press("enter");
    assert!(drafts(&app).is_empty(), "{:?}", drafts(&app));
}

#[test]
fn invalid_date_in_paste_is_deselected_and_editable() {
    let mut app = TestApp::with_outage();
    let before = app.timeline_texts().len();
    app.send(Msg::Paste(
        "2012-13-01\n10:20 seen\n10:21 gone again".into(),
    ));
    let taken = |app: &TestApp| match app.model.overlays.last() {
        Some(Overlay::Paste(paste)) => paste.rows.iter().map(|r| r.included).collect::<Vec<_>>(),
        other => panic!("no preview: {other:?}"),
    };
    assert_eq!(taken(&app), [false, false, false]);
    assert!(
        app.screen_text().contains("2012-13-01"),
        "{}",
        app.screen_text()
    );
    app.press("e ctrl-u").type_text("2012-08-15").press("enter");
    app.press("down space space");
    assert_eq!(taken(&app), [true, true, true], "{}", app.screen_text());
    app.press("enter");
    assert_eq!(
        app.timeline_texts().len(),
        before + 2,
        "{}",
        app.status_text()
    );
    let days: Vec<String> = app
        .model
        .timeline
        .events
        .iter()
        .filter(|e| ["seen", "gone again"].contains(&e.value.text.as_str()))
        .map(|e| e.value.at_utc().format("%m-%d").to_string())
        .collect();
    assert_eq!(days, ["08-15", "08-15"]);
}

#[test]
fn cancelled_paste_can_be_recalled() {
    let mut app = TestApp::with_outage();
    app.send(Msg::Paste("10:20 seen\n10:21 gone".into()))
        .press("esc up");
    assert_eq!(app.model.capture.line.text(), "10:20 seen\n10:21 gone");
}

#[test]
fn paste_without_open_incident_offers_declare() {
    let mut app = TestApp::new();
    app.send(Msg::Paste("10:20 seen\n10:21 gone".into()))
        .press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Dialog(Dialog::PasteRouting))
    ));
    app.press("enter")
        .type_text("checkout is failing")
        .press("enter");
    assert_eq!(
        app.model.summary.as_ref().map(|o| o.title.as_str()),
        Some("checkout is failing")
    );
    app.press("enter");
    assert!(app.model.overlays.is_empty(), "{}", app.status_text());
    assert!(app.timeline_texts().contains(&"seen") && app.timeline_texts().contains(&"gone"));
    // Unfiled, if the user chooses so.
    let mut app = TestApp::new();
    app.send(Msg::Paste("10:20 seen\n10:21 gone".into()))
        .press("enter u");
    assert!(app.model.summary.is_none());
    assert_eq!(app.timeline_texts(), ["seen", "gone"]);
}

/// Logs many notes, with two decisions far back.
fn many(session: &mut Session) {
    outage(session);
    let incident = session.read().open_incidents().unwrap().remove(0);
    let day = session.now() - Duration::days(20);
    let prepared = (0..9_000).map(|n| {
        // A gap of an hour.
        let pause = if n > 1_000 { 3_600 } else { 0 };
        let at = day + Duration::seconds(n * 30 + pause);
        let kind = if n == 500 || n == 2_000 {
            Kind::Decision
        } else {
            Kind::Note
        };
        PreparedEvent {
            has_time: true,
            has_unread_time: false,
            event: Event::new(at.fixed_offset(), kind, format!("number {n}")),
            notices: vec![],
        }
    });
    bridgelog::ops::log::commit(session, prepared.collect(), Some(&incident)).unwrap();
}

#[test]
fn filter_scans_the_whole_incident() {
    let mut app = TestApp::with_session(many);
    app.press("esc f").type_text("kind:decision").press("enter");
    assert_eq!(
        app.timeline_texts(),
        [
            "number 500",
            "number 2000",
            "move a system image of @online-db to other hardware"
                .replace('@', "")
                .as_str()
        ]
    );
    app.press("g");
    assert_eq!(app.model.selected_event().unwrap().value.text, "number 500");
    // A write of another process does not drop the matches found far back.
    log_line(&mut app.other_session("ann"), "decision: call the vendor");
    app.refresh();
    assert_eq!(app.timeline_texts().len(), 4);
    assert_eq!(app.model.selected_event().unwrap().value.text, "number 500");
    app.press("F f")
        .type_text("nothing has this")
        .press("enter");
    assert!(app.screen_text().contains("Nothing is as the filter asks."));
}

#[test]
fn gap_jumps_scan_the_whole_incident() {
    let mut app = TestApp::with_session(many);
    app.press("esc {");
    // From the end: the gap of two hours of the day itself, then twenty days, then the hour.
    let mut messages = vec![];
    for _ in 0..4 {
        messages.push(app.status_text().to_owned());
        app.press("{");
    }
    assert!(
        messages.iter().any(|s| s.ends_with(" for 1 h")),
        "{messages:?}"
    );
    assert_eq!(
        app.model.selected_event().unwrap().value.text,
        "number 1001"
    );
    app.press("}");
    assert!(app.status_text().contains(" d "), "{}", app.status_text());
    // A filter that hides the target of a jump is cleared.
    app.press("f").type_text("number").press("enter ]");
    assert!(
        app.model.timeline.filter.is_empty(),
        "{}",
        app.status_text()
    );
}

#[test]
fn rows_of_a_large_incident_have_their_states_while_its_history_loads() {
    let mut app = TestApp::with_session(|session| {
        many(session);
        let incident = session.read().open_incidents().unwrap().remove(0);
        let at = session.now().fixed_offset();
        let prepared = PreparedEvent {
            has_time: true,
            has_unread_time: false,
            event: Event::new(at, Kind::Mitigate, "half of it"),
            notices: vec![],
        };
        bridgelog::ops::log::commit(session, vec![prepared], Some(&incident)).unwrap();
    });
    let row = |app: &TestApp| {
        let screen = app.screen_text();
        let row = screen.lines().find(|row| row.contains("half of it"));
        row.unwrap().to_owned()
    };
    assert!(row(&app).contains(" degraded "), "{}", row(&app));
    app.model.summary.as_mut().unwrap().history = None;
    app.model.band.take();
    assert!(row(&app).contains(" degraded "), "{}", row(&app));
}

#[test]
fn large_incident_is_shown_before_history_loads() {
    let mut app = TestApp::with_session(many);
    let history = app.model.summary.as_ref().unwrap().history.clone();
    assert_eq!(history.as_ref().unwrap().milestones.len(), 3);
    assert!(
        app.screen_text().contains("█ DOWN 42:12"),
        "{}",
        app.screen_text()
    );
    // As after the first load: incident and state are known, the start of the impact is not.
    app.pause_jobs().refresh();
    let jobs: Vec<Job> = app.paused_jobs().to_vec();
    let refresh = jobs.iter().find(|job| matches!(job, Job::Refresh { .. }));
    assert!(refresh.is_some_and(|refresh| !refresh.is_background()));
    app.resume_jobs();
    app.model.summary.as_mut().unwrap().history = None;
    app.model.band.take();
    let screen = app.screen_text();
    assert!(
        screen.contains("█ DOWN") && !screen.contains("42:12"),
        "{screen}"
    );
    // A refresh keeps the history until it is loaded again.
    app.refresh();
    let again = &app.model.summary.as_ref().unwrap().history;
    assert_eq!(*again, history);
    // A milestone outside the loaded events is jumped to.
    app.press("esc g ]");
    assert_eq!(
        app.model.selected_event().unwrap().value.kind,
        Kind::Absorbed
    );
}

#[test]
fn open_asks_are_found_behind_many_events() {
    let app = TestApp::with_session(|session| {
        outage(session);
        let incident = session.read().open_incidents().unwrap().remove(0);
        let now = session.now();
        let prepared = (0..3_000).map(|n| PreparedEvent {
            has_time: true,
            has_unread_time: false,
            event: Event::new(now.fixed_offset(), Kind::Note, format!("number {n}")),
            notices: vec![],
        });
        bridgelog::ops::log::commit(session, prepared.collect(), Some(&incident)).unwrap();
    });
    assert_eq!(app.model.activity.open_asks.len(), 2);
}

#[test]
fn ledger_and_trends_lead_to_their_events() {
    let mut app = TestApp::with_session(|session| {
        log_line(
            session,
            "2012-06-21 03:12 absorbed: a disk of @search-db failed, its mirror took over #mirror",
        );
        log_line(
            session,
            "2012-06-21 15:40 restore: @search-db has a new disk",
        );
        outage(session);
    });
    app.press("f6 l");
    assert_eq!(app.model.incidents.tab, IncidentsTab::Ledger);
    let screen = app.screen_text();
    assert!(screen.contains("1 held · 1 overcome"), "{screen}");
    assert!(screen.contains("mirror"), "{screen}");
    app.press("l");
    let screen = app.screen_text();
    assert!(screen.contains("Aug 2012    1"), "{screen}");
    assert!(screen.contains("42 min"), "{screen}");
    app.press("h down enter");
    // The unfiled fault, among the unfiled events.
    assert!(app.model.summary.is_none());
    assert_eq!(
        app.model.selected_event().unwrap().value.kind,
        Kind::Absorbed
    );
    // A refresh keeps showing the unfiled events.
    app.refresh();
    assert!(app.model.summary.is_none());
    app.press("ctrl-p").type_text("adopt").press("enter");
    assert!(
        app.status_text().starts_with("taken into #1"),
        "{}",
        app.status_text()
    );
    app.press("f6 h h").press("enter");
    assert_eq!(app.model.tab, Tab::Timeline);
    assert_eq!(
        app.model.summary.as_ref().unwrap().title,
        "AVR Online outage"
    );
    assert!(app.timeline_texts()[0].starts_with("a disk of search-db failed"));
}

#[test]
fn search_hit_in_other_incident_is_opened() {
    let mut app = TestApp::with_session(many);
    app.press("f6 /")
        .type_text("number 2000")
        .press("enter enter");
    assert_eq!(app.model.tab, Tab::Timeline);
    assert_eq!(
        app.model.selected_event().unwrap().value.text,
        "number 2000"
    );
}

#[test]
fn row_of_a_follow_up_shows_the_day_it_was_done_and_what_came_of_it() {
    let mut app = TestApp::with_outage();
    app.press("f3 down down");
    let handle = app.model.summary.as_ref().unwrap().tasks[0].handle.clone();
    let mut other = app.other_session("raj");
    task::set_state(
        &mut other,
        &handle,
        TaskState::Done,
        Some("10:30"),
        "it held twice the load",
    )
    .unwrap();
    app.refresh();
    for width in [120, 80] {
        app.resize(width, 24);
        let screen = app.screen_text();
        for part in ["done 16 Aug", "Fail over to a warm standby · it held"] {
            assert!(screen.contains(part), "{part}: {screen}");
        }
    }
    // A second key for the same step changes nothing.
    app.press("c");
    let task = &app.model.summary.as_ref().unwrap().tasks[0].value;
    assert_eq!(task.reason.as_deref(), Some("it held twice the load"));
    assert!(
        app.status_text().contains("done already"),
        "{}",
        app.status_text()
    );
}

#[test]
fn follow_up_is_edited_in_place() {
    let mut app = TestApp::with_outage();
    app.press("f3 down down e");
    assert!(
        prompt(&app).starts_with("Fail over to a warm standby @raj due 2012-10-31"),
        "{}",
        prompt(&app)
    );
    app.type_text(" prevents tell: A second server takes over by itself.");
    assert!(
        app.screen_text()
            .contains("customers will read: A second server takes over by itself."),
        "{}",
        app.screen_text()
    );
    app.press("enter");
    let task = &app.model.summary.as_ref().unwrap().tasks[0].value;
    assert!(task.prevents, "{}", app.status_text());
    assert_eq!(
        task.customer.as_deref(),
        Some("A second server takes over by itself.")
    );
    assert_eq!(task.owner.as_deref(), Some("raj"));
    app.press("a")
        .type_text("detect: alert on lag due 2012-13-40")
        .press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Prompt(_))
    ));
    assert!(
        app.status_text().contains("2012-13-40"),
        "{}",
        app.status_text()
    );
}

#[test]
fn linked_events_show_link_in_both_details() {
    let mut app = TestApp::with_outage();
    let decision = app
        .model
        .timeline
        .events
        .iter()
        .find(|e| e.value.kind == Kind::Decision)
        .unwrap()
        .handle
        .clone();
    app.type_text(&format!("restore: the image runs ^{decision}"))
        .press("enter");
    app.press("esc G enter");
    assert!(
        app.screen_text()
            .contains(&format!("links to    {decision}")),
        "{}",
        app.screen_text()
    );
    app.press("esc g")
        .press("down down down down down down enter");
    assert!(
        app.screen_text().contains("linked by"),
        "{}",
        app.screen_text()
    );
}

#[test]
fn concurrent_amendments_show_a_conflict() {
    let mut app = TestApp::with_outage();
    let (id, handle) = {
        let event = app.model.timeline.events.last().unwrap();
        (event.id, event.handle.clone())
    };
    let mut other = app.other_session("ann");
    let incident = other.read().open_incidents().unwrap().remove(0).id;
    let mut second = app.model.timeline.events.last().unwrap().value.clone();
    second.text = "said by ann".into();
    app.press("esc G e end")
        .type_text(" tonight")
        .press("enter");
    // As if received from another machine: it replaces the first version.
    let body = Body::new(Operation::Amend, Value::Event(Box::new(second)));
    let change = other
        .write_context
        .new_change(Some(incident), Subject::Event(id), vec![id], body);
    other.store.append(&[change]).unwrap();
    app.refresh();
    assert!(
        app.screen_text().contains('≠'),
        "{handle} has no conflict:\n{}",
        app.screen_text()
    );
    app.press("enter");
    let screen = app.screen_text();
    assert!(
        screen.contains("corrected in two places at once"),
        "{screen}"
    );
    assert!(screen.lines().any(|l| l.starts_with(" ≠")), "{screen}");
    // The next amendment replaces both versions.
    app.press("e end").type_text(" for good").press("enter");
    assert!(
        app.status_text().starts_with("amended"),
        "{}",
        app.status_text()
    );
    assert!(
        !app.screen_text().contains("in two places"),
        "{}",
        app.screen_text()
    );
}

#[test]
fn redact_command_removes_text_from_search() {
    let mut app = TestApp::with_outage();
    app.type_text("note: the token is hunter2").press("enter");
    app.press("esc G ctrl-p")
        .type_text("redact")
        .press("enter")
        .type_text("a secret")
        .press("enter");
    // The question shows what is destroyed, and takes `yes` or the whole handle.
    let question = app.screen_text();
    for part in [
        "hunter2",
        "by jw",
        "incident 1, in 1 version",
        "destroy it? `yes`",
    ] {
        assert!(question.contains(part), "{part} is not in {question}");
    }
    app.type_text("no").press("enter");
    assert!(app.status_text().contains("nothing was destroyed"));
    app.press("ctrl-u").type_text("yes").press("enter");
    // All that is not reached is named, and Esc leads back.
    let remains = app.screen_text();
    assert!(
        remains.contains("is redacted: what it does not reach"),
        "{remains}"
    );
    assert!(
        remains.contains("backups and documents made before"),
        "{remains}"
    );
    app.press("esc");
    assert!(!app.screen_text().contains("backups and documents"));
    assert!(
        app.status_text().contains("is destroyed"),
        "{}",
        app.status_text()
    );
    assert!(
        !app.screen_text().contains("hunter2"),
        "{}",
        app.screen_text()
    );
    let session = app.other_session("ann");
    assert!(
        session
            .read()
            .search("hunter2", &Default::default())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn selected_event_moves_to_another_incident() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p")
        .type_text("resolve")
        .press("enter enter");
    app.press("ctrl-p")
        .type_text("declare")
        .press("enter")
        .type_text("another one")
        .press("enter");
    app.type_text("note: misfiled").press("enter");
    app.press("esc G ctrl-p")
        .type_text("move the selected")
        .press("enter")
        .type_text("1")
        .press("enter");
    assert!(app.status_text().contains("to #1"), "{}", app.status_text());
    assert!(
        !app.timeline_texts().contains(&"misfiled"),
        "{:?}",
        app.timeline_texts()
    );
}

#[test]
fn status_summary_is_copied_to_clipboard() {
    let mut app = TestApp::with_outage();
    app.press("esc Y");
    let Some(Effect::Copy(text)) = app.effects.last() else {
        panic!("nothing copied: {}", app.status_text());
    };
    assert!(
        text.starts_with("#1 AVR Online outage (SEV1): open, down; 42 min of impact."),
        "{text}"
    );
}

#[test]
fn help_runs_selected_action_or_opens_its_tab() {
    let mut app = TestApp::with_outage();
    app.press("f1").type_text("keep the letter").press("enter");
    assert_eq!(app.model.tab, Tab::Email);
    assert!(
        app.status_text().starts_with("S here"),
        "{}",
        app.status_text()
    );
    app.press("1 f1")
        .type_text("own last entry, over")
        .press("enter");
    assert!(
        app.status_text().starts_with("undone"),
        "{}",
        app.status_text()
    );
    app.press("f4 f1")
        .type_text("take the event out")
        .press("enter");
    assert_eq!(
        (app.model.tab, app.model.focus),
        (Tab::Timeline, Focus::Page)
    );
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Prompt(_))
    ));
}

#[test]
fn exports_are_written_in_chosen_format() {
    let folder = tempfile::tempdir().unwrap();
    std::env::set_current_dir(folder.path()).unwrap();
    let mut app = TestApp::with_outage();
    app.press("f4 o h o j o m o m f5 o t o m");
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "incident-1-email-initial.md",
            "incident-1-email-initial.txt",
            "incident-1-postmortem-2.md",
            "incident-1-postmortem-2.svg",
            "incident-1-postmortem.html",
            "incident-1-postmortem.json",
            "incident-1-postmortem.md",
            "incident-1-postmortem.svg",
        ]
    );
    // A mail draft needs a sender; without one in the settings the error says so.
    app.press("o e");
    assert!(
        app.status_text().contains("contact"),
        "{}",
        app.status_text()
    );
}

#[test]
fn postmortem_findings_and_sections_are_reachable_by_key() {
    let mut app = TestApp::with_outage();
    app.press("f4");
    assert!(
        app.screen_text().contains(" missing "),
        "{}",
        app.screen_text()
    );
    app.press("l");
    assert!(
        app.screen_text().contains("bridgelog set scope TEXT"),
        "{}",
        app.screen_text()
    );
    app.press("esc ] ]");
    let top = |app: &TestApp| app.screen_text().lines().nth(3).unwrap().to_owned();
    assert!(top(&app).contains("Whom it hit"), "{}", app.screen_text());
    app.press("[");
    assert!(top(&app).contains("What happened"), "{}", app.screen_text());
}

#[test]
fn field_menu_shows_current_values() {
    let mut app = TestApp::with_outage();
    app.press("f5 s");
    assert!(
        app.screen_text().contains("AVR Online"),
        "{}",
        app.screen_text()
    );
    let echo = &app.model.capture.preview;
    assert!(matches!(echo, Preview::Empty));
}

#[test]
fn failure_message_includes_hint() {
    let error = OpsError::failed("it is full").with_hint("make room");
    assert_eq!(
        Failure::from(error).message_with_hint(),
        "it is full · make room"
    );
}

#[test]
fn text_typed_during_dialog_becomes_next_line() {
    let mut app = TestApp::new();
    app.type_text("checkout is failing").press("enter");
    app.type_text("ann is paged, not answering");
    assert!(
        app.screen_text()
            .contains("then, on the next line: ann is paged"),
        "{}",
        app.screen_text()
    );
    app.press("enter");
    assert_eq!(
        app.model.summary.as_ref().unwrap().title,
        "checkout is failing"
    );
    assert_eq!(app.model.capture.line.text(), "ann is paged, not answering");
    // A letter does not answer the question for the state.
    app.press("ctrl-u")
        .type_text("fault: the disk")
        .press("enter");
    app.type_text("down it goes");
    assert!(app.model.overlays.is_empty());
    assert_eq!(app.model.capture.line.text(), "down it goes");
}

#[test]
fn invalid_time_amendment_changes_nothing() {
    let mut app = TestApp::with_outage();
    app.press("esc G t ctrl-u")
        .type_text("garbage")
        .press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Prompt(_))
    ));
    assert!(
        app.screen_text().contains("`garbage` is not a time"),
        "{}",
        app.screen_text()
    );
    assert!(!app.timeline_texts().contains(&"garbage"));
    app.press("ctrl-u").type_text("~10:47").press("enter");
    let event = &app.model.selected_event().unwrap().value;
    assert!(event.approximate, "{}", app.status_text());
    assert!(event.text.starts_with("confirm the image"));
}

#[test]
fn pasted_tell_marker_stays_plain_text() {
    let mut app = TestApp::with_outage();
    app.send(Msg::Paste("seen by raj tell: a secret".into()));
    assert!(
        app.status_text().contains("is text"),
        "{}",
        app.status_text()
    );
    app.press("enter");
    assert!(app.timeline_texts().contains(&"seen by raj tell: a secret"));
    app.send(Msg::Paste("one tell: a\ntwo tell: b".into()))
        .press("o enter");
    let customer_lines = |app: &TestApp| {
        let events = app.model.timeline.events.iter();
        events.filter(|e| e.value.customer.is_some()).count()
    };
    assert_eq!(customer_lines(&app), 3);
    // Without the backslash it is customer wording.
    app.send(Msg::Paste("posted tell: It works.".into()));
    let line = app.model.capture.line.text().replace("\\tell", "tell");
    app.press("ctrl-u").type_text(&line).press("enter");
    assert_eq!(customer_lines(&app), 4);
}

#[test]
fn switching_tabs_keeps_typed_text() {
    let mut app = TestApp::with_outage();
    app.press("esc G e end").type_text(" EXTRA").press("f3 f2");
    app.press("e");
    assert!(prompt(&app).ends_with(" EXTRA"), "{}", prompt(&app));
    app.press("esc i");
    app.send(Msg::Paste("10:20 seen\n10:21 gone".into()))
        .press("f3 f2 i up");
    assert_eq!(app.model.capture.line.text(), "10:20 seen\n10:21 gone");
}

#[test]
fn restored_amendment_draft_is_not_put_on_line() {
    let mut app = TestApp::with_outage();
    app.press("esc G e end").type_text(" and more");
    let drafts_json = drafts(&app).concat();
    assert!(drafts_json.contains("an amendment of"), "{drafts_json}");
    // As the next process loads it.
    let draft = bridgelog::ops::draft::Draft {
        begun: app.model.now,
        text: "10:46 ask: confirm the image and more".into(),
        about: Some("an amendment of kvnqrs".into()),
    };
    let mut next = TestApp::with_outage();
    next.send(Msg::Reply(Box::new(Reply::Drafts {
        drafts: vec![draft],
        unreadable: vec![],
    })));
    assert_eq!(next.model.capture.line.text(), "");
    assert!(next.status_text().contains("an amendment of kvnqrs"));
    next.press("up");
    assert!(next.model.capture.line.text().ends_with("and more"));
}

#[test]
fn line_to_resolved_incident_asks_once() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p")
        .type_text("resolve")
        .press("enter enter");
    app.press("f6 enter");
    app.press("i").type_text("forgotten").press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Dialog(Dialog::Routing(_)))
    ));
    app.press("down down enter");
    assert!(
        app.timeline_texts().contains(&"forgotten"),
        "{}",
        app.status_text()
    );
    // The choice holds for the following lines.
    app.type_text("and another").press("enter");
    assert!(
        app.timeline_texts().contains(&"and another"),
        "{}",
        app.status_text()
    );
}

#[test]
fn preview_names_incident_when_several_are_open() {
    use bridgelog::ops::declare::{Declaration, declare};
    let mut app = TestApp::with_outage();
    let declaration = Declaration {
        title: "another one".into(),
        ..Declaration::default()
    };
    declare(&mut app.other_session("ann"), &declaration).unwrap();
    app.refresh();
    app.type_text("seen");
    let screen = app.screen_text();
    assert!(screen.contains("+1 open"), "{screen}");
    assert!(screen.contains("#1 · 10:48 EDT · note"), "{screen}");
}

#[test]
fn own_writes_are_not_marked_unread() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p")
        .type_text("handoff")
        .press("enter")
        .type_text("bob")
        .press("enter");
    assert_eq!(
        app.model.summary.as_ref().unwrap().commander.as_deref(),
        Some("bob")
    );
    assert!(
        app.model.timeline.unread.is_empty(),
        "{}",
        app.status_text()
    );
    assert!(
        !app.status_text().contains("wrote"),
        "{}",
        app.status_text()
    );
}

#[test]
fn mitigation_row_shows_the_state_that_it_started() {
    let mut app = TestApp::with_outage();
    app.type_text("mitigate: half of the traffic is elsewhere")
        .press("enter");
    let screen = app.screen_text();
    let row = screen.lines().find(|l| l.contains("half of the traffic"));
    assert!(row.unwrap().contains("degraded"), "{screen}");
    assert!(screen.contains("▅ DEGRADED"), "{screen}");
    app.type_text("mitigate: and the rest").press("enter");
    let screen = app.screen_text();
    let row = screen.lines().find(|l| l.contains("and the rest"));
    assert!(!row.unwrap().contains("degraded"), "it was: {screen}");
}

#[test]
fn typing_replaces_proposed_value() {
    let mut app = TestApp::with_outage();
    app.press("f5 S A");
    assert_eq!(prompt(&app), "jw");
    assert!(
        app.screen_text().contains("findings are open"),
        "{}",
        app.screen_text()
    );
    app.type_text("ann");
    assert_eq!(prompt(&app), "ann");
}

#[test]
fn declaring_line_may_end_in_severity() {
    let mut app = TestApp::new();
    app.type_text("mail is slow @mail !degraded sev3")
        .press("enter enter");
    let summary = app.model.summary.as_ref().unwrap();
    assert_eq!(summary.title, "mail is slow");
    assert_eq!(
        summary
            .severity
            .as_ref()
            .and_then(bridgelog::domain::words::Word::known)
            .map(bridgelog::domain::words::Severity::level),
        Some(3)
    );
}

#[test]
fn preview_warns_about_future_time() {
    let mut app = TestApp::with_outage();
    app.type_text("10:52 restore: it works");
    assert!(
        app.screen_text().contains("4 min ahead of the clock"),
        "{}",
        app.screen_text()
    );
}

#[test]
fn undone_incident_is_left_for_previous_one() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p")
        .type_text("declare")
        .press("enter")
        .type_text("a mistake")
        .press("enter");
    assert_eq!(app.model.summary.as_ref().unwrap().title, "a mistake");
    app.press("esc u");
    assert!(
        app.status_text().starts_with("undone"),
        "{}",
        app.status_text()
    );
    assert_eq!(
        app.model.summary.as_ref().unwrap().title,
        "AVR Online outage"
    );
}

#[test]
fn retried_declaration_creates_one_incident() {
    use bridgelog::tui::worker::Worker;
    let app = TestApp::new();
    let mut worker = Worker::new(app.other_session("ann"));
    let job = Job::Declare {
        typed: TypedLine {
            seq: 3,
            text: "checkout is failing".into(),
            begun: app.model.now,
            allow_customer_wording: true,
            ..TypedLine::default()
        },
        severity: None,
        adopt: false,
    };
    for _ in 0..2 {
        assert!(matches!(worker.run(job.clone()), Some(Reply::Done { .. })));
    }
    let incidents = app.other_session("raj").read().incidents().unwrap();
    assert_eq!(incidents.len(), 1);
}

/// The texts that the newest saving of drafts holds.
fn saved_drafts(app: &TestApp) -> Vec<String> {
    let saved = app.paused_jobs().iter().rev().find_map(|job| match job {
        Job::SaveDrafts(drafts) => Some(drafts),
        _ => None,
    });
    let saved = saved.unwrap().iter();
    saved.map(|(_, draft)| draft.text.clone()).collect()
}

fn recovered(app: &TestApp, texts: &[&str]) -> Msg {
    let draft = |text: &&str| bridgelog::ops::draft::Draft {
        begun: app.model.now,
        text: (*text).to_owned(),
        about: None,
    };
    let drafts = texts.iter().map(draft).collect();
    Msg::Reply(Box::new(Reply::Drafts {
        drafts,
        unreadable: vec![],
    }))
}

#[test]
fn recovered_drafts_are_kept_until_they_are_edited_or_logged() {
    let mut app = TestApp::with_outage();
    app.pause_jobs();
    app.send(recovered(&app, &["first", "second"]));
    assert_eq!(app.model.capture.line.text(), "second");
    assert_eq!(saved_drafts(&app), ["first", "second"]);
    // Going by is no decision.
    app.press("up");
    app.press("up");
    app.press("down");
    assert_eq!(saved_drafts(&app), ["first", "second"]);
    app.press("down");
    assert_eq!(app.model.capture.line.text(), "second");
    app.type_text(", edited");
    assert_eq!(saved_drafts(&app), ["first", "second, edited"]);
    app.press("ctrl-u");
    assert_eq!(saved_drafts(&app), ["first"]);
    while app.model.capture.line.text() != "first" {
        app.press("up");
    }
    app.press("enter").resume_jobs();
    assert_eq!(app.timeline_texts().last(), Some(&"first"));
    assert!(drafts(&app).is_empty(), "{:?}", drafts(&app));
}

#[test]
fn line_being_typed_stays_a_draft_while_earlier_ones_are_recalled() {
    let mut app = TestApp::with_outage();
    app.type_text("note: logged before").press("enter");
    app.pause_jobs().type_text("half-typed").press("up");
    assert_eq!(app.model.capture.line.text(), "note: logged before");
    assert!(saved_drafts(&app).contains(&"half-typed".to_owned()));
}

#[test]
fn retry_of_logged_line_succeeds_after_its_incident_was_merged() {
    use bridgelog::{
        ops::declare,
        tui::{msg::Target, worker::Worker},
    };
    let app = TestApp::with_outage();
    let mut other = app.other_session("raj");
    let first = other.read().latest_incident().unwrap().unwrap();
    let declaration = declare::Declaration {
        title: "the whole of it".into(),
        ..declare::Declaration::default()
    };
    let into = declare::declare(&mut other, &declaration).unwrap().incident;
    let job = |seq, text: &str| {
        Job::Log(TypedLine {
            seq,
            text: text.into(),
            begun: app.model.now,
            target: Target::Named(first.handle.clone()),
            ..TypedLine::default()
        })
    };
    let mut session = app.other_session("ann");
    let soon = std::time::Duration::from_millis(10);
    session.store.set_busy_timeout(soon).unwrap();
    let mut worker = Worker::new(session);
    let lock = rusqlite::Connection::open(&app.path).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(
        worker.run(job(1, "never tried")),
        Some(Reply::Failed { .. })
    ));
    lock.execute_batch("ROLLBACK").unwrap();
    bridgelog::ops::merge::merge(&mut other, &first.handle, &into.handle).unwrap();
    let Some(Reply::Done { message, .. }) = worker.run(job(1, "never tried")) else {
        panic!("it is refused although it can be logged");
    };
    assert!(message.contains("was merged into"), "{message}");
    // A line that comes for the first time is refused.
    assert!(matches!(
        worker.run(job(2, "new")),
        Some(Reply::Failed { .. })
    ));
    let there = other.read().incident(into.id).unwrap().unwrap();
    let count = |text: &str| {
        there
            .active_events()
            .filter(|event| event.value.text == text)
            .count()
    };
    assert_eq!((count("never tried"), count("new")), (1, 0));
}

#[test]
fn edit_of_an_event_or_section_that_others_changed_meanwhile_is_refused() {
    use bridgelog::{
        ops::{amend, field},
        tui::worker::Worker,
    };
    let app = TestApp::with_outage();
    let mut other = app.other_session("raj");
    let row = other.read().latest_incident().unwrap().unwrap();
    let handle = other.load_incident(&row).unwrap().events[1].handle.clone();
    let mut worker = Worker::new(app.other_session("ann"));
    worker.run(Job::LoadIncident(Some(row.handle.clone())));
    let event_line = Job::EventLine {
        handle: handle.clone(),
        editor: false,
    };
    let section = || Job::LoadSection("summary".into());
    let refusal = |reply: Option<Reply>| match reply {
        Some(Reply::Failed { failure, .. }) => failure.message_with_hint(),
        other => panic!("{other:?}"),
    };
    worker.run(event_line.clone());
    worker.run(section());
    amend::amend(&mut other, &handle, "by raj", &Default::default()).unwrap();
    field::write_section(&mut other, Some(&row.handle), "summary", "by raj").unwrap();
    let rewrite = || Job::Rewrite(handle.clone(), "note: by ann".into());
    let write = || Job::WriteSection("summary".into(), "by ann".into());
    assert!(refusal(worker.run(rewrite())).contains("was amended while you edited it"));
    let refused = refusal(worker.run(write()));
    let (_, rest) = refused.split_once("what was typed is in ").unwrap();
    let (path, _) = rest.split_once(':').unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "by ann");
    assert_eq!(std::path::Path::new(path).parent(), app.path.parent());
    worker.run(event_line);
    worker.run(section());
    for job in [rewrite(), write()] {
        assert!(matches!(worker.run(job), Some(Reply::Done { .. })));
    }
}

#[test]
fn undo_of_a_resolve_asks_and_the_same_key_again_goes_on() {
    let mut app = TestApp::with_outage();
    app.press("ctrl-p")
        .type_text("resolve")
        .press("enter")
        .type_text("all is well")
        .press("enter");
    let is_open = |app: &TestApp| app.model.summary.as_ref().unwrap().resolved.is_none();
    assert!(!is_open(&app), "{}", app.status_text());
    app.press("esc").press("u");
    assert!(
        app.status_text().contains("opens the incident again")
            && app.status_text().contains("u again"),
        "{}",
        app.status_text()
    );
    assert!(!is_open(&app));
    // Another write in between ends the question.
    app.press("ctrl-r").press("u");
    assert!(!is_open(&app), "{}", app.status_text());
    app.press("u");
    assert!(is_open(&app), "{}", app.status_text());
    assert!(
        app.status_text().contains("restore-event"),
        "{}",
        app.status_text()
    );
}
