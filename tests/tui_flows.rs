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
        incident::Record,
        subject::Subject,
        task::TaskState,
        value::{Body, Operation, Value},
        words::{Kind, State, Word},
    },
    ops::{OpsError, Session, log::PreparedEvent, task},
    tui::{
        model::{ConfirmKind, FinderKind, Focus, IncidentsTab, Overlay, Tab},
        msg::{CopyRequest, Effect, Failure, Job, Msg, Reply, TypedLine, Write},
    },
};
use chrono::Duration;
use tui_support::{TestApp, log_line, outage};

fn typed_in(jobs: &[Job]) -> Vec<TypedLine> {
    jobs.iter()
        .filter_map(|job| match job {
            Job::Write(Write::Log(typed)) => Some(typed.clone()),
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
        job: Some(Box::new(Job::Write(Write::Log(typed.clone())))),
    }))
}

fn tick(app: &mut TestApp) {
    let next = app.model.now + Duration::seconds(1);
    app.send(Msg::Tick(next));
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
    let drafts_json = app.draft_files().concat();
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
    assert_eq!(app.line(), "going on");
    app.assert_shows(
        " ! Database locked by another program (0 s). Entry kept and retried; type on.",
    );
    tick(&mut app);
    tick(&mut app);
    // Only once, not with every tick until the reply arrives.
    assert_eq!(typed_in(app.paused_jobs()), sent);
    app.resume_jobs();
    assert_eq!(app.count_of("first"), 1);
    assert_eq!(app.failure_text(), "");
    assert_eq!(app.line(), "going on");
}

#[test]
fn line_that_is_under_way_for_a_second_is_said_to_be_unsaved() {
    let mut app = TestApp::with_outage();
    app.type_text("note: first").pause_jobs().press("enter");
    app.assert_hides("not saved yet");
    tick(&mut app);
    app.assert_shows("not saved yet: note: first");
    app.resume_jobs().assert_hides("not saved yet");
}

#[test]
fn rejected_line_becomes_a_draft_and_keeps_its_number_until_edited() {
    let mut app = TestApp::with_outage();
    app.type_text("note: first").pause_jobs().press("enter");
    let sent = typed_in(app.paused_jobs());
    app.type_text("second");
    app.send(refused(&sent[0], false));
    assert_eq!(app.line(), "second");
    assert_eq!(app.kept_drafts(), ["note: first"]);
    app.assert_shows("Not logged: the disk is full. Ctrl-R on the line brings the text back.");
    app.press("ctrl-u ctrl-r").type_text("first").press("enter");
    assert_eq!(app.line(), "note: first");
    app.pause_jobs().press("enter");
    assert_eq!(typed_in(app.paused_jobs()), sent);
    // Not even an empty line gets it back: the next word would be glued to it.
    app.send(refused(&sent[0], false));
    assert_eq!(app.line(), "");
    app.press("ctrl-r").type_text("first").press("enter");
    app.type_text(" more").pause_jobs().press("enter");
    let again = typed_in(app.paused_jobs());
    assert_ne!(again[0].seq, sent[0].seq);
    assert_eq!(again[0].text, "note: first more");
    app.resume_jobs();
    assert_eq!((app.count_of("first"), app.count_of("first more")), (0, 1));
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
    let job = Write::Log(TypedLine {
        seq: 7,
        text: "note: held up".into(),
        begun: app.model.now,
        allow_customer_wording: true,
        ..TypedLine::default()
    });
    for _ in 0..3 {
        let Some(Reply::Failed {
            failure, job: of, ..
        }) = worker.run(job.clone().into())
        else {
            panic!("a locked database took it");
        };
        assert!(failure.retryable, "{}", failure.message);
        assert_eq!(of, Some(Box::new(job.clone().into())));
    }
    other.execute_batch("ROLLBACK").unwrap();
    assert!(matches!(worker.run(job.into()), Some(Reply::Done { .. })));
}

#[test]
fn declaring_line_keeps_all_its_markers() {
    let mut app = TestApp::new();
    app.type_text("~10:06 fault: @online-db halted #storage !down tell: A server halted.")
        .press("enter");
    app.assert_shows("No incident is open. Where does this go?");
    app.assert_shows("» customers will read: A server halted.");
    // Nothing is picked beforehand.
    app.press("enter");
    assert!(app.model.summary.is_none());
    app.press("down enter");
    let events = &app.model.timeline.events;
    let kinds: Vec<&str> = events.iter().map(|e| e.value.kind.as_str()).collect();
    assert_eq!(kinds, ["fault", "declare"]);
    let fault = &events[0].value;
    assert_eq!(fault.customer.as_deref(), Some("A server halted."));
    assert!(fault.approximate);
    assert_eq!(fault.tags, ["storage"]);
    assert_eq!(fault.services, ["online-db"]);
    let summary = app.model.summary.as_ref().unwrap();
    assert_eq!(summary.row.title, "online-db halted");
    assert_eq!(summary.row.state, Some(State::Down));
    // It is declared now, not at the time of the line.
    assert_eq!(summary.row.declared, Some(app.model.now));
    assert_eq!(app.model.capture.outbox.len(), 0);
}

#[test]
fn declaring_fault_without_state_asks_for_state_and_leaves_keys_with_line() {
    let mut app = TestApp::new();
    app.type_text("fault: the disk is gone")
        .press("enter down enter");
    assert_eq!(app.model.state_questions().len(), 1);
    assert!(app.model.is_on_line() && app.model.overlays.is_empty());
    app.assert_shows(" State of the incident?  ok  at-risk  degraded  down  later");
}

#[test]
fn state_question_that_arrives_while_typing_takes_no_character() {
    let mut app = TestApp::new();
    app.type_text("odd errors").press("enter down enter");
    app.type_text("fault: the disk is gone")
        .pause_jobs()
        .press("enter");
    app.type_text("3 of").resume_jobs();
    app.type_text(" them");
    assert_eq!(app.line(), "3 of them");
    app.assert_shows("State of the incident?");
    app.press("enter");
    assert_eq!(app.count_of("3 of them"), 1);
    assert_eq!(app.model.state_questions().len(), 1);
    app.type_text("!down").press("enter");
    assert_eq!(app.model.state_questions().len(), 0);
    let state = app.model.summary.as_ref().unwrap().row.state;
    assert_eq!(state, Some(State::Down));
}

#[test]
fn state_of_a_fault_without_service_asks_which_of_several_it_is() {
    let two_services = |session: &mut Session| {
        outage(session);
        log_line(session, "10:40 fault: @web is slow !degraded");
        log_line(session, "10:45 fault: everything is gone");
    };
    // Picked, and typed.
    for keys in ["tab right right right right enter", "! d o w n enter"] {
        let mut app = TestApp::with_session(two_services);
        app.assert_shows("State of the incident?");
        app.press(keys);
        assert_eq!(app.prompt(), "!down @");
        app.assert_status("name the service that is down, or @all");
        // Left, nothing is written and the question stays.
        app.press("esc").assert_shows("State of the incident?");
        app.press(keys).type_text("web");
        app.enter_twice();
        assert_eq!(app.model.state_questions().len(), 0);
        let events = &app.model.timeline.events;
        let fault = events.iter().find(|e| e.value.text == "everything is gone");
        let fault = &fault.unwrap().value;
        assert_eq!(
            (&fault.services[..], fault.state.clone()),
            (&["web".to_owned()][..], Some(State::Down.into()))
        );
    }
}

#[test]
fn prompt_left_with_esc_writes_nothing_and_keeps_its_text_as_a_draft() {
    let mut app = TestApp::with_outage();
    app.press("esc x")
        .type_text("said twice")
        .press("enter esc");
    app.assert_status("the text is a draft");
    assert_eq!(app.kept_drafts(), ["said twice"]);
    let selected = |app: &TestApp| app.model.selected_event().unwrap().value.clone();
    assert_eq!(selected(&app).retracted, None);
    app.press("x alt-up");
    assert_eq!(app.prompt(), "said twice");
    app.enter_twice();
    assert_eq!(selected(&app).retracted.as_deref(), Some("said twice"));
    // Once written, it is no draft any more.
    assert_eq!(app.kept_drafts(), [""; 0]);
    assert_eq!(app.draft_files(), [""; 0]);
}

#[test]
fn prompt_text_is_saved_as_draft_until_it_is_written() {
    let mut app = TestApp::with_outage();
    app.action("resolve").type_text("the image runs");
    assert!(app.draft_files().concat().contains("the image runs"));
    app.press("enter");
    assert!(app.draft_files().concat().contains("the image runs"));
    app.press("enter");
    assert!(app.draft_files().is_empty(), "{:?}", app.draft_files());
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
    app.press("tab ctrl-u")
        .type_text("2012-08-15")
        .press("enter");
    app.press("down space space");
    assert_eq!(taken(&app), [true, true, true], "{}", app.screen_text());
    app.press("enter");
    assert_eq!(app.timeline_texts().len(), before);
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
        .press("esc alt-up");
    assert_eq!(app.model.capture.line.text(), "10:20 seen\n10:21 gone");
}

#[test]
fn paste_without_open_incident_asks_where_it_goes() {
    let mut app = TestApp::new();
    app.paste("10:20 seen\n10:21 gone").enter_twice();
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Routing(routing)) if routing.for_paste && routing.picked.is_none()
    ));
    app.press("down enter")
        .type_text("checkout is failing")
        .enter_twice();
    assert_eq!(
        app.model.summary.as_ref().map(|o| o.row.title.as_str()),
        Some("checkout is failing")
    );
    assert!(!app.timeline_texts().contains(&"seen"));
    app.enter_twice();
    assert!(app.model.overlays.is_empty(), "{}", app.status_text());
    assert!(app.timeline_texts().contains(&"seen") && app.timeline_texts().contains(&"gone"));
    // Without an incident, if the user chooses so.
    let mut app = TestApp::new();
    app.paste("10:20 seen\n10:21 gone")
        .enter_twice()
        .press("up enter")
        .assert_shows("Enter again logs 2 rows unassigned; your line stays.");
    app.press("enter");
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
    assert_eq!(app.selected_text(), "number 500");
    // A write of another process does not drop the matches found far back.
    log_line(&mut app.other_session("ann"), "decision: call the vendor");
    app.refresh();
    assert_eq!(app.timeline_texts().len(), 4);
    assert_eq!(app.selected_text(), "number 500");
    app.press("F f")
        .type_text("nothing has this")
        .press("enter");
    app.assert_shows("No matching events. Esc clears the filter.");
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
    assert_eq!(app.selected_text(), "number 1001");
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
fn state_that_the_events_just_before_do_not_decide_is_loaded_behind_the_rows() {
    let app = TestApp::with_session(|session| {
        many(session);
        let incident = session.read().open_incidents().unwrap().remove(0);
        let at = session.now().fixed_offset();
        let event = |n: usize| {
            let service = ["api", "web"][n % 2];
            let mut event = Event::new(at, Kind::Fault, format!("{service} fails"));
            event.services = vec![service.to_owned()];
            event.state = Some(Word::Known(State::Degraded));
            event
        };
        // Whether any of these services is well does not say it of what has no service.
        let mut events: Vec<Event> = (0..200).map(event).collect();
        events.push(Event::new(at, Kind::Fault, "all of it fails"));
        let prepared = events.into_iter().map(|event| PreparedEvent {
            has_time: true,
            has_unread_time: false,
            event,
            notices: vec![],
        });
        bridgelog::ops::log::commit(session, prepared.collect(), Some(&incident)).unwrap();
    });
    let last = app.model.timeline.events.last().unwrap();
    assert_eq!(last.value.text, "all of it fails");
    let started = app.model.timeline.started.get(&last.id);
    assert_eq!(started, Some(&State::Unknown));
    let screen = app.screen_text();
    let row = screen.lines().find(|row| row.contains("all of it fails"));
    assert!(row.unwrap().contains("state?"), "{screen}");
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
    app.press("esc f6 l");
    assert_eq!(app.model.incidents.tab, IncidentsTab::Ledger);
    let screen = app.screen_text();
    assert!(
        screen.contains("90 days: 1 absorbed, 1 exceeded"),
        "{screen}"
    );
    app.resize(120, 40).assert_shows("  mirror ");
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
    app.action("adopt").press("enter");
    app.assert_status(" is in #1");
    app.press("f6 h h").press("enter");
    assert_eq!(app.model.tab, Tab::Timeline);
    assert_eq!(
        app.model.summary.as_ref().unwrap().row.title,
        "AVR Online outage"
    );
    assert!(app.timeline_texts()[0].starts_with("a disk of search-db failed"));
}

#[test]
fn search_hit_in_other_incident_is_opened() {
    let mut app = TestApp::with_session(many);
    app.press("esc f6 /")
        .type_text("number 2000")
        .press("enter enter");
    assert_eq!(app.model.tab, Tab::Timeline);
    assert_eq!(app.selected_text(), "number 2000");
}

#[test]
fn row_of_a_follow_up_shows_the_day_it_was_done_and_what_came_of_it() {
    let mut app = TestApp::with_outage();
    app.press("esc f3 down down");
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
    app.assert_shows("Done: 1 (f done shows them)");
    app.press("f").type_text("done").press("enter");
    for width in [120, 80] {
        app.resize(width, 24);
        let screen = app.screen_text();
        for part in ["done 16 Aug", "Fail over to a warm standby · it held"] {
            assert!(screen.contains(part), "{part}: {screen}");
        }
    }
    // A second key for the same step changes nothing.
    app.press("c").enter_twice();
    let task = &app.model.summary.as_ref().unwrap().tasks[0].value;
    assert_eq!(task.reason.as_deref(), Some("it held twice the load"));
    app.assert_shows("done already");
}

#[test]
fn follow_up_is_edited_in_place() {
    let mut app = TestApp::with_outage();
    app.press("esc f3 down down e");
    assert!(
        app.prompt()
            .starts_with("Fail over to a warm standby @raj due 2012-10-31"),
        "{}",
        app.prompt()
    );
    app.type_text(" prevents tell: A second server takes over by itself.");
    assert!(
        app.screen_text()
            .contains("customers will read: A second server takes over by itself."),
        "{}",
        app.screen_text()
    );
    app.press("enter");
    assert!(!app.model.summary.as_ref().unwrap().tasks[0].value.prevents);
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
        .enter_twice();
    assert_eq!(app.prompt(), "detect: alert on lag due 2012-13-40");
    app.assert_shows("2012-13-40");
    assert_eq!(app.model.summary.as_ref().unwrap().tasks.len(), 1);
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
        app.screen_text().contains(&decision),
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
    app.press("esc G e end").type_text(" tonight").enter_twice();
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
    app.assert_shows("edit conflict: 2 versions");
    app.assert_shows("ann: said by ann")
        .assert_shows("jw: confirm the image");
    // The next amendment replaces both versions.
    app.press("e end").type_text(" for good").enter_twice();
    app.assert_status("changed ");
    app.assert_hides("edit conflict");
}

#[test]
fn redact_command_removes_text_from_search() {
    let mut app = TestApp::with_outage();
    app.type_text("note: the token is hunter2").press("enter");
    app.resize(120, 40)
        .press("esc G")
        .action("redact")
        .type_text("a secret")
        .press("enter");
    // The check shows what is destroyed.
    app.assert_shows("hunter2");
    app.assert_shows("by jw");
    app.assert_shows("incident 1, in 1 version");
    // The second Enter asks for a word more, `yes` or the whole handle.
    app.press("enter").assert_shows("Type yes to destroy it:");
    app.type_text("no").enter_twice();
    app.assert_shows("nothing was destroyed");
    app.press("esc");
    assert_eq!(app.count_of("the token is hunter2"), 1);
    app.action("redact").type_text("a secret").enter_twice();
    app.type_text("yes").enter_twice();
    // All that is not reached is named, and Esc leads back.
    app.assert_shows("is redacted: what it does not reach");
    app.assert_shows("backups and documents made before");
    app.press("esc");
    app.assert_hides("backups and documents");
    app.assert_status("is destroyed");
    app.assert_hides("hunter2");
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
    app.action("resolve").enter_twice();
    app.action("declare").type_text("another one").enter_twice();
    app.type_text("note: misfiled").press("enter");
    assert_eq!(app.count_of("misfiled"), 1);
    app.press("esc G")
        .action("move the selected")
        .type_text("1")
        .enter_twice();
    app.assert_status("to #1");
    assert_eq!(app.count_of("misfiled"), 0);
}

#[test]
fn status_summary_is_copied_to_clipboard() {
    let mut app = TestApp::with_outage();
    app.press("esc Y");
    let Some(Effect::Copy(CopyRequest { text, .. })) = app.effects.last() else {
        panic!("nothing copied: {}", app.status_text());
    };
    assert!(
        text.starts_with("#1 AVR Online outage (SEV1): open, as of Thu 16 Aug 2012 10:48 EDT\n"),
        "{text}"
    );
}

#[test]
fn help_runs_chosen_action_or_opens_its_tab() {
    let mut app = TestApp::with_outage();
    app.press("f1")
        .type_text("save the email as a new draft")
        .press("enter");
    assert_eq!((app.model.tab, app.model.focus), (Tab::Email, Focus::List));
    app.assert_status("here: S");
    // It is not run where it was not seen.
    assert!(app.model.letter.as_ref().unwrap().unsent_message.is_none());
    app.press("f1")
        .type_text("undo what you did last")
        .press("enter");
    let is_undo = |overlay: Option<&Overlay>| matches!(overlay, Some(Overlay::Confirm(confirm)) if confirm.kind == ConfirmKind::Undo);
    assert!(is_undo(app.model.overlays.last()));
    app.press("esc f4 f1")
        .type_text("retract the event, with")
        .press("enter");
    assert_eq!(
        (app.model.tab, app.model.focus),
        (Tab::Timeline, Focus::List)
    );
    assert_eq!(app.prompt(), "");
}

#[test]
fn exports_are_written_in_chosen_format() {
    let folder = tempfile::tempdir().unwrap();
    std::env::set_current_dir(folder.path()).unwrap();
    let mut app = TestApp::with_outage();
    app.press("esc f4");
    for format in ["page", "json", "markdown", "markdown"] {
        app.press("o").type_text(format).press("enter");
    }
    app.press("f5");
    for format in ["text", "markdown"] {
        app.press("o").type_text(format).press("enter");
    }
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
    app.press("o").type_text("mail draft").press("enter");
    app.assert_failure("contact");
}

#[test]
fn postmortem_findings_and_sections_are_reachable_by_key() {
    let mut app = TestApp::with_outage();
    app.press("esc f4");
    assert!(
        app.screen_text().contains(" to fix"),
        "{}",
        app.screen_text()
    );
    app.assert_shows("! scope").assert_hides("bridgelog set");
    app.press("] ]");
    let top = |app: &TestApp| {
        let screen = app.screen_text();
        let title = screen
            .lines()
            .position(|row| row.contains("The postmortem"));
        screen.lines().nth(title.unwrap() + 1).unwrap().to_owned()
    };
    assert!(top(&app).contains("Whom it hit"), "{}", app.screen_text());
    app.press("[");
    assert!(top(&app).contains("What happened"), "{}", app.screen_text());
}

#[test]
fn field_list_shows_current_values() {
    let mut app = TestApp::with_outage();
    app.press("esc f5 s");
    app.assert_shows("product          AVR Online");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Finder(finder)) if finder.kind == FinderKind::Field
    ));
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
fn text_typed_while_line_waits_for_its_incident_becomes_a_row_of_its_own() {
    let mut app = TestApp::new();
    app.type_text("checkout is failing").press("enter");
    app.type_text("ann is paged, not answering");
    let rows: Vec<&str> = app.model.capture.rows().collect();
    assert_eq!(rows, ["checkout is failing", "ann is paged, not answering"]);
    // Enter without a pick does nothing.
    app.press("enter");
    app.assert_status("pick where it goes");
    assert!(app.model.summary.is_none());
    app.press("down enter");
    assert_eq!(
        app.model.summary.as_ref().unwrap().row.title,
        "checkout is failing"
    );
    assert_eq!(app.line(), "ann is paged, not answering");
    app.press("enter");
    assert_eq!(app.count_of("ann is paged, not answering"), 1);
    // A letter does not answer the question for the state.
    app.type_text("fault: the disk").press("enter");
    app.type_text("down it goes");
    assert_eq!(app.model.state_questions().len(), 1);
    assert_eq!(app.line(), "down it goes");
}

#[test]
fn invalid_time_amendment_changes_nothing() {
    let mut app = TestApp::with_outage();
    app.press("esc G");
    let before = app.model.selected_event().unwrap().value.clone();
    app.press("t ctrl-u").type_text("garbage").enter_twice();
    assert_eq!(app.prompt(), "garbage");
    app.assert_shows("`garbage` is not a time");
    assert_eq!(app.model.selected_event().unwrap().value, before);
    app.press("ctrl-u").type_text("~10:47").enter_twice();
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
        .press("ctrl-o enter");
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
fn tab_keys_wait_for_an_open_prompt_or_paste() {
    let mut app = TestApp::with_outage();
    app.press("esc G e")
        .type_text(" EXTRA")
        .press("f3 alt-4 ctrl-n");
    app.assert_status("Enter or Esc first");
    assert_eq!(app.model.tab, Tab::Timeline);
    assert!(app.prompt().ends_with(" EXTRA"), "{}", app.prompt());
    app.press("esc i")
        .paste("10:20 seen\n10:21 gone")
        .press("f3");
    assert_eq!(app.model.tab, Tab::Timeline);
    assert!(matches!(
        app.model.overlays[..],
        [Overlay::Paste(ref paste)] if paste.rows.len() == 2
    ));
}

#[test]
fn tab_keys_keep_the_line_and_its_keys() {
    let mut app = TestApp::with_outage();
    app.type_text("half a li").press("f3 alt-4 ctrl-n f2");
    app.type_text("ne");
    assert_eq!(app.line(), "half a line");
    assert_eq!(
        (app.model.tab, app.model.focus),
        (Tab::Timeline, Focus::Line)
    );
}

#[test]
fn restored_amendment_draft_is_not_put_on_line() {
    let mut app = TestApp::with_outage();
    app.press("esc G e end").type_text(" and more");
    let drafts_json = app.draft_files().concat();
    assert!(drafts_json.contains("an edit of"), "{drafts_json}");
    // As the next process loads it.
    let draft = bridgelog::ops::draft::Draft {
        begun: app.model.now,
        text: "10:46 ask: confirm the image and more".into(),
        about: Some("an edit of kvnqrs".into()),
    };
    let mut next = TestApp::with_outage();
    next.send(Msg::Reply(Box::new(Reply::Drafts {
        drafts: vec![draft],
        unreadable: vec![],
    })));
    assert_eq!(next.model.capture.line.text(), "");
    next.assert_status("1 draft kept: Ctrl-R on the line");
    next.press("ctrl-r").assert_shows("an edit of kvnqrs");
    next.press("down enter");
    assert!(next.model.capture.line.text().ends_with("and more"));
}

#[test]
fn each_line_to_a_resolved_incident_asks() {
    let mut app = TestApp::with_outage();
    app.action("resolve").enter_twice();
    app.press("esc f6 enter i")
        .type_text("forgotten")
        .press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Routing(_))
    ));
    // Just resolved, it comes first.
    app.press("down");
    app.assert_shows("▸ Add to #1 AVR Online outage, resolved");
    app.press("enter");
    assert_eq!(app.count_of("forgotten"), 1);
    // The next line may be the first of another outage.
    app.type_text("fault: all is down").press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Routing(_))
    ));
    app.press("down enter");
    assert_eq!(app.count_of("all is down"), 1);
}

/// An outage in another zone, resolved days ago.
fn resolved_in_tokyo(session: &mut Session) {
    use bridgelog::ops::{
        declare::{Declaration, declare},
        lifecycle,
    };
    let declaration = Declaration {
        title: "Alpha".into(),
        services: vec!["web".into()],
        state: Some(State::Down),
        at: Some("2012-08-11 14:30".into()),
        zone: Some("Asia/Tokyo".into()),
        ..Declaration::default()
    };
    declare(session, &declaration).unwrap();
    lifecycle::resolve(session, None, Some("2012-08-11 16:00"), "over").unwrap();
}

#[test]
fn name_that_becomes_a_service_where_it_is_declared_is_not_said_to_be_text() {
    let mut app = TestApp::new();
    app.type_text("web is slow @web").press("enter");
    app.assert_shows("Declare a new incident   \"web is slow\" @web");
    app.assert_shows("@web is a service where this declares an incident, else text");
    app.assert_hides("neither a service");
}

#[test]
fn line_is_read_anew_for_the_resolved_incident_that_is_picked() {
    let mut app = TestApp::with_session(resolved_in_tokyo);
    app.type_text("05:50 note: late @web").press("enter");
    app.assert_shows("05:50 EDT today");
    app.press("down").assert_shows("▸ Declare a new incident");
    app.assert_shows("05:50 EDT today");
    app.press("down").assert_shows("▸ Add to #1 Alpha");
    // There it may be a time of the incident's day.
    app.assert_shows("that time may be of two days");
    app.press("enter");
    assert_eq!(app.count_of("late"), 0);
    assert_eq!(app.line(), "05:50 note: late @web");
    app.press("esc i ctrl-u")
        .type_text("2012-08-11 15:50 note: late @web")
        .press("enter");
    app.assert_shows("15:50 EDT");
    app.press("down down");
    app.assert_shows("15:50 JST").assert_hides("new service");
    app.press("enter");
    let late = |event: &&Record<Event>| event.value.text == "late";
    let logged = app.model.timeline.events.iter().find(late).unwrap();
    assert_eq!(logged.value.at.to_rfc3339(), "2012-08-11T15:50:00+09:00");
}

#[test]
fn paste_is_read_anew_for_the_resolved_incident_that_is_picked() {
    let mut app = TestApp::with_session(resolved_in_tokyo);
    app.paste("2012-08-11 14:40 first\n2012-08-11 14:41 second");
    app.press("enter enter");
    app.press("down down");
    app.assert_shows("▸ Add to #1 Alpha");
    app.press("enter");
    app.assert_shows("Enter again logs 2 rows in #1; your line stays.");
    app.press("enter");
    let events = &app.model.timeline.events;
    let a = events
        .iter()
        .find(|event| event.value.text == "first")
        .unwrap();
    assert_eq!(a.value.at.to_rfc3339(), "2012-08-11T14:40:00+09:00");
    app.type_text("fault: all is down").press("enter");
    assert!(matches!(
        app.model.overlays.last(),
        Some(Overlay::Routing(_))
    ));
}

#[test]
fn line_asks_which_of_several_open_incidents_until_one_is_picked() {
    use bridgelog::ops::declare::{Declaration, declare};
    let mut app = TestApp::with_outage();
    let declaration = Declaration {
        title: "another one".into(),
        ..Declaration::default()
    };
    declare(&mut app.other_session("ann"), &declaration).unwrap();
    app.refresh();
    app.type_text("seen").assert_shows("+1 open");
    app.press("enter");
    app.assert_shows("2 incidents are open. Which one?");
    app.assert_shows("Add to #2 another one, open");
    app.press("down enter");
    assert_eq!(app.count_of("seen"), 1);
    // Then it is named.
    app.type_text("again").assert_shows("#1 · 10:48 EDT today");
    app.press("enter");
    assert_eq!(app.count_of("again"), 1);
    app.press("alt-i");
    app.type_text("for the other").press("enter");
    app.press("down down enter");
    assert_eq!(app.model.summary.as_ref().unwrap().row.title, "another one");
    assert_eq!(app.count_of("for the other"), 1);
}

#[test]
fn own_writes_are_not_marked_unread() {
    let mut app = TestApp::with_outage();
    app.action("handoff").type_text("bob").enter_twice();
    assert_eq!(
        app.model.summary.as_ref().unwrap().row.commander.as_deref(),
        Some("bob")
    );
    assert!(
        app.model.timeline.unread.is_empty(),
        "{}",
        app.status_text()
    );
    app.assert_status("bob takes over command");
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
    app.press("esc f5 S enter A");
    assert_eq!(app.prompt(), "jw");
    app.assert_shows("open issues");
    app.type_text("ann");
    assert_eq!(app.prompt(), "ann");
}

#[test]
fn declaring_line_may_end_in_severity() {
    let mut app = TestApp::new();
    app.type_text("mail is slow @mail !degraded sev3")
        .press("enter down enter");
    let summary = app.model.summary.as_ref().unwrap();
    assert_eq!(summary.row.title, "mail is slow");
    assert_eq!(
        summary
            .row
            .severity
            .as_ref()
            .and_then(bridgelog::domain::words::Word::known)
            .map(bridgelog::domain::words::Severity::level),
        Some(3)
    );
}

#[test]
fn line_a_little_ahead_of_now_is_noted_and_logged_at_once() {
    let mut app = TestApp::with_outage();
    app.type_text("10:52 restore: it works");
    app.assert_shows("4 min ahead of the clock");
    app.press("enter");
    assert_eq!(app.count_of("it works"), 1);
}

#[test]
fn line_at_an_unlikely_time_takes_a_second_enter() {
    let mut app = TestApp::with_outage();
    app.type_text("23:15 restore: it works").press("enter");
    assert_eq!(app.count_of("it works"), 0);
    app.assert_shows("Enter again logs it");
    // Held, it is the same press.
    app.hold("enter");
    assert_eq!(app.count_of("it works"), 0);
    // Any other key takes the question back, and what is typed then is a row of its own.
    app.type_text("next").press("enter");
    assert_eq!((app.count_of("it works"), app.count_of("next")), (0, 1));
    assert_eq!(app.line(), "23:15 restore: it works");
    app.press("enter");
    assert_eq!(app.count_of("it works"), 1);
    assert_eq!(app.line(), "");
}

#[test]
fn undone_incident_is_left_for_previous_one() {
    let mut app = TestApp::with_outage();
    app.action("declare").type_text("a mistake").enter_twice();
    assert_eq!(app.model.summary.as_ref().unwrap().row.title, "a mistake");
    app.press("esc u enter");
    assert_eq!(
        app.model.summary.as_ref().unwrap().row.title,
        "AVR Online outage"
    );
}

#[test]
fn retried_declaration_creates_one_incident() {
    use bridgelog::tui::worker::Worker;
    let app = TestApp::new();
    let mut worker = Worker::new(app.other_session("ann"));
    let job = Write::Declare(TypedLine {
        seq: 3,
        text: "checkout is failing".into(),
        begun: app.model.now,
        allow_customer_wording: true,
        ..TypedLine::default()
    });
    for _ in 0..2 {
        assert!(matches!(
            worker.run(job.clone().into()),
            Some(Reply::Done { .. })
        ));
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
    app.press("alt-up");
    app.press("alt-up");
    app.press("alt-down");
    assert_eq!(saved_drafts(&app), ["first", "second"]);
    app.press("alt-down");
    assert_eq!(app.model.capture.line.text(), "second");
    app.type_text(", edited");
    assert_eq!(saved_drafts(&app), ["first", "second, edited"]);
    app.press("ctrl-u");
    assert_eq!(saved_drafts(&app), ["first"]);
    while app.model.capture.line.text() != "first" {
        app.press("alt-up");
    }
    app.press("enter").resume_jobs();
    assert_eq!(app.timeline_texts().last(), Some(&"first"));
    assert!(app.draft_files().is_empty(), "{:?}", app.draft_files());
}

#[test]
fn line_being_typed_stays_a_draft_while_earlier_ones_are_recalled() {
    let mut app = TestApp::with_outage();
    app.type_text("note: logged before").press("enter");
    app.pause_jobs().type_text("half-typed").press("alt-up");
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
    let first = other.read().last_added_incident().unwrap().unwrap();
    let declaration = declare::Declaration {
        title: "the whole of it".into(),
        ..declare::Declaration::default()
    };
    let into = declare::declare(&mut other, &declaration).unwrap().incident;
    let job = |seq, text: &str| {
        Write::Log(TypedLine {
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
        worker.run(job(1, "never tried").into()),
        Some(Reply::Failed { .. })
    ));
    lock.execute_batch("ROLLBACK").unwrap();
    bridgelog::ops::merge::merge(&mut other, &first.handle, &into.handle).unwrap();
    let Some(Reply::Done { message, .. }) = worker.run(job(1, "never tried").into()) else {
        panic!("it is refused although it can be logged");
    };
    assert!(message.contains("was merged into"), "{message}");
    // A line that comes for the first time is refused.
    assert!(matches!(
        worker.run(job(2, "new").into()),
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
    let row = other.read().last_added_incident().unwrap().unwrap();
    let handle = other.load_incident(&row).unwrap().events[1].handle.clone();
    let mut worker = Worker::new(app.other_session("ann"));
    worker.run(Job::LoadIncident(Some(row.handle.clone())));
    let version = |worker: &mut Worker| match worker.run(Job::LoadEventLine {
        id: 1,
        handle: handle.clone(),
    }) {
        Some(Reply::LineLoaded { result, .. }) => result.unwrap().version.unwrap(),
        other => panic!("{other:?}"),
    };
    let section = || Job::LoadSection("summary".into());
    let refusal = |reply: Option<Reply>| match reply {
        Some(Reply::Failed { failure, .. }) => failure.message_with_hint(),
        other => panic!("{other:?}"),
    };
    let seen = version(&mut worker);
    worker.run(section());
    amend::amend(&mut other, &handle, "by raj", &Default::default()).unwrap();
    field::write_section(&mut other, Some(&row.handle), "summary", "by raj").unwrap();
    let rewrite = |seen| Write::Rewrite {
        handle: handle.clone(),
        line: "note: by ann".into(),
        seen,
    };
    let write = || Write::WriteSection("summary".into(), "by ann".into());
    assert!(refusal(worker.run(rewrite(seen).into())).contains("raj changed this event"));
    let refused = refusal(worker.run(write().into()));
    let (_, rest) = refused.split_once("what was typed is in ").unwrap();
    let (path, _) = rest.split_once(':').unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "by ann");
    assert_eq!(std::path::Path::new(path).parent(), app.path.parent());
    let seen = version(&mut worker);
    worker.run(section());
    for job in [rewrite(seen), write()] {
        assert!(matches!(worker.run(job.into()), Some(Reply::Done { .. })));
    }
}

#[test]
fn resolve_before_a_later_state_says_that_the_incident_is_not_well() {
    let mut app = TestApp::with_outage();
    app.type_text("10:20 note: half of it answers !degraded @online-db")
        .press("enter");
    app.type_text("10:40 fault: all of it again !down @online-db")
        .press("enter");
    app.type_text("resolve: 10:30 all good")
        .press("enter enter");
    app.assert_shows("A state is later than that: not well yet: @online-db down");
    app.assert_hides("of impact");
    app.press("enter")
        .assert_status("resolved #1 · not well yet: @online-db down");
}

#[test]
fn undo_of_a_resolve_says_what_it_does_and_takes_enter() {
    let mut app = TestApp::with_outage();
    app.action("resolve").type_text("all is well").enter_twice();
    let is_open = |app: &TestApp| app.model.summary.as_ref().unwrap().row.resolved.is_none();
    assert!(!is_open(&app), "{}", app.status_text());
    app.press("esc u");
    app.assert_shows("UNDO");
    app.assert_shows("#1 AVR Online outage is open again");
    // The same key again, or held, does nothing.
    app.press("u").hold("u enter");
    assert!(!is_open(&app), "{}", app.status_text());
    app.press("enter");
    assert!(is_open(&app), "{}", app.status_text());
}

#[rstest::rstest]
#[case::declared("down", true)]
#[case::unassigned("up", false)]
fn line_at_an_unlikely_time_is_logged_by_the_enter_after_a_pick(
    #[case] pick: &str,
    #[case] declares: bool,
) {
    let mut app = TestApp::new();
    app.type_text("23:15 fault: the disk is gone")
        .press("enter");
    app.assert_shows("23:15 is 12 h ahead: taken as yesterday, Wed 15 Aug.");
    app.assert_shows("Pick where it goes");
    app.press(pick).press("enter");
    assert_eq!(app.model.summary.is_some(), declares);
    assert_eq!(app.count_of("the disk is gone"), 1 + usize::from(declares));
    assert_eq!((app.line(), app.failure_text()), ("", ""));
}

#[test]
fn drafts_are_kept_after_an_incident_was_declared_by_a_prompt() {
    let mut app = TestApp::new();
    app.action("declare a new")
        .type_text("mail is slow")
        .enter_twice();
    app.type_text("new build deployed");
    let drafts = app.draft_files().join("\n");
    assert!(drafts.contains("new build deployed"), "{drafts}");
}

/// No blank rows below the newest event while older ones are out of view.
#[test]
fn the_page_is_filled_whatever_was_selected() {
    let mut app = TestApp::with_outage();
    let is_filled = |app: &TestApp| {
        let screen = app.screen_text();
        assert!(screen.contains("first hardware fault"), "{screen}");
    };
    app.press("esc G t ctrl-u")
        .type_text("10:47:30")
        .enter_twice();
    app.press("u enter");
    is_filled(&app);
    app.press("f").type_text("kind:ask").press("enter G esc");
    is_filled(&app);
    app.paste("note: one\nnote: two\nnote: three")
        .press("enter enter");
    is_filled(&app);
    app.assert_shows("three");
}

#[test]
fn restored_draft_is_named_and_never_logged_unseen_with_what_is_typed_behind_it() {
    let mut app = TestApp::with_outage();
    app.send(recovered(&app, &["restart the "]));
    app.assert_shows("› restart the\n");
    app.assert_shows("Draft of 10:48 restored; Ctrl-C puts it away.");
    app.type_text("db is down").press("enter");
    app.assert_shows("It began with the draft of 10:48: Enter again logs it, Ctrl-C puts it away.");
    assert_eq!(app.count_of("restart the db is down"), 0);
    // What is typed on is a line of its own.
    app.press("ctrl-c");
    assert_eq!((app.line(), app.writes), ("", 0));
    app.press("alt-up").press("enter");
    assert_eq!(app.count_of("restart the db is down"), 1);
}

#[test]
fn restored_draft_is_logged_by_the_second_enter() {
    let mut app = TestApp::with_outage();
    app.send(recovered(&app, &["restart the db"]));
    app.press("enter enter");
    assert_eq!(app.count_of("restart the db"), 1);
    app.type_text("next").press("enter");
    assert_eq!(app.count_of("next"), 1);
}

#[test]
fn line_says_which_state_and_command_follow_from_it() {
    let mut app = TestApp::with_session(|session| {
        tui_support::outage(session);
        bridgelog::ops::service::set_service(session, None, "mail", None).unwrap();
    });
    for (line, says) in [
        (
            "mitigate: failover done @online-db",
            "▼ mitigate · ▅ down -> degraded",
        ),
        (
            "mitigate: failover done !ok @online-db",
            "▼ mitigate · ▁ ok",
        ),
        (
            "absorbed: a disk failed @online-db",
            "△ absorbed · stays down",
        ),
        ("fault: one more @online-db", "▲ fault · stays down"),
        (
            "fault: one more @mail",
            "▲ fault · state asked next · @mail",
        ),
        (
            "absorbed: a disk failed @mail",
            "△ absorbed · ▃ at-risk · @mail",
        ),
        ("handoff: @bob", "→ handoff · command passes from jw to bob"),
        ("handoff: @jw", "→ handoff · jw commands already"),
        (
            "10:12 handoff: @bob",
            "→ handoff · bob commands until jw takes over",
        ),
    ] {
        app.press("ctrl-u").type_text(line).assert_shows(says);
    }
    // Before the state now began, it is the state of that time.
    for (line, says) in [
        (
            "07:30 mitigate: failover @online-db",
            "▼ mitigate · no state change",
        ),
        (
            "10:07 mitigate: failover @online-db",
            "▼ mitigate · ▅ down -> degraded",
        ),
        (
            "10:05 mitigate: failover @online-db",
            "▼ mitigate · stays at-risk at that time",
        ),
        (
            "10:05 fault: it fell @online-db",
            "▲ fault · state? at that time · @online-db",
        ),
    ] {
        app.press("ctrl-u").type_text(line).assert_shows(says);
    }
}

#[test]
fn line_to_another_incident_says_which_state_follows_there() {
    let mut app = TestApp::with_outage();
    app.action("declare new")
        .type_text("Slow search")
        .enter_twice();
    app.type_text("mitigate: failover done @online-db")
        .press("alt-i")
        .assert_shows("▼ mitigate · no state change");
    app.press("down down")
        .assert_shows("▼ mitigate · ▅ down -> degraded");
    app.press("ctrl-u").type_text("handoff: @bob");
    app.assert_shows("command passes from jw to bob");
}

#[test]
fn edit_names_what_goes() {
    let mut app = TestApp::with_outage();
    app.press("esc G k e ctrl-u");
    app.type_text("10:41 ask: find a spare chassis @ann")
        .press("enter");
    app.assert_shows("goes: the time box of 5 min");
    app.press("esc k e ctrl-u");
    app.type_text("10:40 decision: move a system image @online-db")
        .press("enter");
    app.assert_shows(
        "goes: why \"the length of a repair is unknown\", not \"wait for the vendor\"",
    );
}

#[test]
fn restore_of_a_fault_says_what_the_state_becomes() {
    let mut app = TestApp::with_outage();
    app.press("esc g j x")
        .type_text("wrong server")
        .enter_twice();
    app.press("f").type_text("gone").press("enter r");
    app.assert_shows("online-db: at-risk -> down");
    app.assert_shows("Impact so far: none -> 42 min");
    app.assert_shows("until now: 10:48 you: wrong server");
}

#[test]
fn pasted_wording_is_text_in_a_prompt_until_its_backslash_is_removed() {
    let mut app = TestApp::with_outage();
    app.press("esc G k e end").paste(" tell: Secret words.");
    assert!(
        app.prompt().ends_with("5m \\tell: Secret words."),
        "{}",
        app.prompt()
    );
    app.assert_status("a pasted tell: is text");
    app.press("enter").assert_hides("customers will read");
    app.press("esc f3 a").paste("buy disks tell: Secret.");
    assert_eq!(app.prompt(), "buy disks \\tell: Secret.");
    app.press("enter").assert_hides("customers will read");
    // What is typed is as it is.
    app.press("ctrl-u")
        .type_text("buy disks tell: We buy disks.")
        .press("enter");
    app.assert_shows("» customers will read: We buy disks.");
    app.press("ctrl-u")
        .type_text("buy disks tell: We buy ")
        .paste("tell: x");
    assert_eq!(app.prompt(), "buy disks tell: We buy tell: x");
}

#[test]
fn event_typed_as_a_follow_up_is_said_to_be_text() {
    let mut app = TestApp::with_outage();
    app.press("esc f3 a").type_text("10:05 fault: more is down");
    app.assert_shows("`fault:` is text here: an event is typed on the line");
}

#[test]
fn unassigned_page_with_two_open_asks_which_and_says_where() {
    let mut app = TestApp::with_outage();
    app.action("declare new")
        .type_text("Slow search")
        .enter_twice();
    app.model.explicit_incident = false;
    app.type_text("a stray event").press("enter up enter");
    app.press("f6 esc G enter")
        .assert_shows("unassigned events");
    app.action("attach the selected unassigned");
    app.assert_shows("#2 Slow search").assert_shows("#1 AVR");
    app.type_text("1").press("enter");
    app.assert_shows("from the events in no incident to #1 AVR Online outage");
    app.press("esc");
    // What is undone is on the screen; where it is, too.
    app.press("u").assert_shows("− 10:48 note  a stray event");
    app.press("enter").assert_status("undone: 10:48 note");
    app.press("u").assert_shows("It is in #2 Slow search");
    app.press("esc");
    assert_eq!(app.model.other_open.len(), 2);
}
