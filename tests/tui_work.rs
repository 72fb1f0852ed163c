//! What becomes of a line on its way, of pastes, filters, boards and corrections, with the log book of
//! the app behind it.
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
        value::{Body, Operation, Value},
        words::{Kind, State},
    },
    ops::{OpsError, Session, log::PreparedEvent},
    tui::{
        model::{Board, Choice, Echo, Focus, Over, Tab},
        msg::{Effect, Failure, Job, Msg, Reply, Typed},
    },
};
use chrono::Duration;
use tui_support::{App, log, outage};

fn typed_in(jobs: &[Job]) -> Vec<Typed> {
    jobs.iter()
        .filter_map(|job| match job {
            Job::Log(typed) => Some(typed.clone()),
            _ => None,
        })
        .collect()
}

fn refused(typed: &Typed, passing: bool) -> Msg {
    Msg::Reply(Box::new(Reply::Failed {
        why: Failure {
            message: "the disk is full".into(),
            hint: None,
            passing,
        },
        line: Some(typed.clone()),
    }))
}

fn tick(app: &mut App) {
    let next = app.model.now + Duration::seconds(1);
    app.msg(Msg::Tick(next));
}

fn prompt(app: &App) -> &str {
    match app.model.over.last() {
        Some(Over::Prompt(prompt)) => prompt.line.text(),
        _ => panic!("nothing is asked: {}", app.said()),
    }
}

fn drafts(app: &App) -> Vec<String> {
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
fn what_is_typed_while_a_line_is_on_its_way_stays() {
    let mut app = App::outage();
    let before = app.texts().len();
    app.types("note: first").hold().press("enter");
    assert_eq!(app.model.capture.line.text(), "");
    app.types("note: second").press("enter").types("third");
    assert_eq!(app.model.capture.outbox.len(), 2);
    app.release();
    assert_eq!(app.model.capture.outbox.len(), 0);
    assert_eq!(app.model.capture.line.text(), "third");
    assert_eq!(app.texts().len(), before + 2);
    // Only what is not on the disk is kept as a draft.
    let kept = drafts(&app).concat();
    assert!(kept.contains("third") && !kept.contains("first"), "{kept}");
}

#[test]
fn what_is_on_its_way_is_kept_until_it_is_on_the_disk() {
    let mut app = App::outage();
    app.types("note: first").hold().press("enter").types("x");
    let kept: Vec<&Job> = app
        .held()
        .iter()
        .filter(|job| matches!(job, Job::Keep(_)))
        .collect();
    let Some(Job::Keep(drafts)) = kept.last() else {
        panic!("nothing is kept: {:?}", app.held());
    };
    let texts: Vec<&str> = drafts.iter().map(|(_, d)| d.text.as_str()).collect();
    assert_eq!(texts, ["note: first", "x"]);
}

#[test]
fn a_busy_log_book_is_tried_again_by_itself_under_the_same_number() {
    let mut app = App::outage();
    app.types("note: first").hold().press("enter");
    let sent = typed_in(app.held());
    app.hold().types("going on");
    app.msg(refused(&sent[0], true));
    assert_eq!(app.model.capture.line.text(), "going on");
    assert!(
        app.screen().contains("not on the disk yet: note: first"),
        "{}",
        app.screen()
    );
    tick(&mut app);
    tick(&mut app);
    // Once, and not with every tick while the answer is awaited.
    assert_eq!(typed_in(app.held()), sent);
    app.release();
    assert_eq!(app.texts().iter().filter(|t| **t == "first").count(), 1);
    assert!(!app.screen().contains("not on the disk yet"));
}

#[test]
fn a_line_that_was_refused_comes_back_and_is_the_same_as_long_as_it_is_left_alone() {
    let mut app = App::outage();
    app.types("note: first").hold().press("enter");
    let sent = typed_in(app.held());
    app.types("second");
    app.msg(refused(&sent[0], false));
    // There is no room for it yet, and it is not forgotten.
    assert_eq!(app.model.capture.line.text(), "second");
    assert!(app.screen().contains("not on the disk yet: note: first"));
    app.press("ctrl-u");
    assert_eq!(app.model.capture.line.text(), "note: first");
    assert!(app.said().contains("the disk is full"), "{}", app.said());
    app.hold().press("enter");
    assert_eq!(typed_in(app.held()), sent);
    app.msg(refused(&sent[0], false)).types(" more");
    app.hold().press("enter");
    let again = typed_in(app.held());
    assert_ne!(again[0].no, sent[0].no);
    assert_eq!(again[0].text, "note: first more");
}

#[test]
fn what_was_sealed_is_logged_once_however_often_it_is_appended() {
    use bridgelog::ops::log::{append, prepare_write};
    let app = App::outage();
    let mut book = app.other("ann");
    let incident = book.read().open_incidents().unwrap().remove(0);
    let event = Event::new(book.now().fixed_offset(), Kind::Note, "once");
    let prepared = PreparedEvent {
        event,
        notices: vec![],
    };
    let sealed = prepare_write(&mut book, vec![prepared], Some(&incident));
    let first = append(&mut book, &sealed).unwrap().remove(0);
    let again = append(&mut book, &sealed).unwrap().remove(0);
    assert_eq!(first.event.id, again.event.id);
    let all = book.read().newest_events(Some(incident.id), 100, None);
    let count = all
        .unwrap()
        .iter()
        .filter(|e| e.value.text == "once")
        .count();
    assert_eq!(count, 1);
}

#[test]
fn a_log_book_that_was_busy_gets_the_same_entry_later() {
    use bridgelog::{store::OpenOptions, tui::worker::Worker};
    let app = App::outage();
    let path = app.path.clone();
    let book = Session::open(bridgelog::ops::SessionOptions {
        store: OpenOptions {
            busy_timeout: std::time::Duration::from_millis(20),
            ..OpenOptions::default()
        },
        ..app.other("ann").options()
    });
    let mut worker = Worker::new(book.unwrap());
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let job = Job::Log(Typed {
        no: 7,
        text: "note: held up".into(),
        begun: app.model.now,
        wording: true,
        ..Typed::default()
    });
    for _ in 0..3 {
        let Some(Reply::Failed { why, line }) = worker.run(job.clone()) else {
            panic!("a locked log book took it");
        };
        assert!(why.passing, "{}", why.message);
        assert_eq!(line.unwrap().no, 7);
    }
    other.execute_batch("ROLLBACK").unwrap();
    assert!(matches!(worker.run(job), Some(Reply::Done { .. })));
}

#[test]
fn the_line_that_declares_is_logged_with_all_it_says() {
    let mut app = App::new();
    app.types("~10:06 fault: @online-db halted #storage !down tell: A server halted.")
        .press("enter");
    assert!(
        app.screen()
            .contains("✉ customers will read: A server halted."),
        "{}",
        app.screen()
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
    let outline = app.model.outline.as_ref().unwrap();
    assert_eq!(outline.title, "online-db halted");
    assert_eq!(outline.state, Some(State::Down));
    // It was declared now, and not when it began.
    assert_eq!(outline.declared, Some(app.model.now));
    assert_eq!(app.model.capture.outbox.len(), 0);
}

#[test]
fn a_fault_that_declares_asks_for_its_state() {
    let mut app = App::new();
    app.types("fault: the disk is gone").press("enter enter");
    assert!(matches!(
        app.model.over.last(),
        Some(Over::Choice(Choice::State(_)))
    ));
}

#[test]
fn nobody_who_types_on_is_asked_for_a_state() {
    let mut app = App::new();
    app.types("odd errors").press("enter enter");
    app.types("fault: the disk is gone").hold().press("enter");
    app.types("3 of them").release();
    assert!(app.model.over.is_empty());
    assert_eq!(app.model.capture.line.text(), "3 of them");
    assert!(app.said().contains("no state was given"), "{}", app.said());
}

#[test]
fn a_question_that_is_left_keeps_what_was_typed() {
    let mut app = App::outage();
    app.press("esc x").types("said twice").press("esc");
    assert!(
        app.said().contains("kept for the next time"),
        "{}",
        app.said()
    );
    app.press("x");
    assert_eq!(prompt(&app), "said twice");
    app.press("enter");
    assert_eq!(
        app.model.selected().unwrap().value.retracted.as_deref(),
        Some("said twice")
    );
    // Answered, it is not kept any more.
    app.press("u x");
    assert_eq!(prompt(&app), "");
}

#[test]
fn what_is_typed_in_a_question_survives_a_kill() {
    let mut app = App::outage();
    app.press("ctrl-p")
        .types("resolve")
        .press("enter")
        .types("the image runs");
    assert!(drafts(&app).concat().contains("the image runs"));
    app.press("enter");
    assert!(drafts(&app).is_empty(), "{:?}", drafts(&app));
}

#[test]
fn a_wrong_date_in_a_paste_is_no_note_and_can_be_corrected() {
    let mut app = App::outage();
    let before = app.texts().len();
    app.msg(Msg::Paste(
        "2012-13-01\n10:20 seen\n10:21 gone again".into(),
    ));
    let taken = |app: &App| match app.model.over.last() {
        Some(Over::Paste(paste)) => paste.rows.iter().map(|r| r.take).collect::<Vec<_>>(),
        other => panic!("no preview: {other:?}"),
    };
    assert_eq!(taken(&app), [false, false, false]);
    assert!(app.screen().contains("2012-13-01"), "{}", app.screen());
    app.press("e ctrl-u").types("2012-08-15").press("enter");
    app.press("down space space");
    assert_eq!(taken(&app), [true, true, true], "{}", app.screen());
    app.press("enter");
    assert_eq!(app.texts().len(), before + 2, "{}", app.said());
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
fn a_paste_that_is_left_can_be_recalled() {
    let mut app = App::outage();
    app.msg(Msg::Paste("10:20 seen\n10:21 gone".into()))
        .press("esc up");
    assert_eq!(app.model.capture.line.text(), "10:20 seen\n10:21 gone");
}

#[test]
fn a_paste_with_nothing_open_declares_first() {
    let mut app = App::new();
    app.msg(Msg::Paste("10:20 seen\n10:21 gone".into()))
        .press("enter");
    assert!(matches!(
        app.model.over.last(),
        Some(Over::Choice(Choice::PasteNowhere))
    ));
    app.press("enter")
        .types("checkout is failing")
        .press("enter");
    assert_eq!(
        app.model.outline.as_ref().map(|o| o.title.as_str()),
        Some("checkout is failing")
    );
    app.press("enter");
    assert!(app.model.over.is_empty(), "{}", app.said());
    assert!(app.texts().contains(&"seen") && app.texts().contains(&"gone"));
    // Unfiled, when that is what is wanted.
    let mut app = App::new();
    app.msg(Msg::Paste("10:20 seen\n10:21 gone".into()))
        .press("enter u");
    assert!(app.model.outline.is_none());
    assert_eq!(app.texts(), ["seen", "gone"]);
}

/// Many notes, with two decisions far back among them.
fn many(book: &mut Session) {
    outage(book);
    let incident = book.read().open_incidents().unwrap().remove(0);
    let day = book.now() - Duration::days(20);
    let prepared = (0..9_000).map(|n| {
        // Some way in, nothing is logged for an hour.
        let pause = if n > 1_000 { 3_600 } else { 0 };
        let at = day + Duration::seconds(n * 30 + pause);
        let kind = if n == 500 || n == 2_000 {
            Kind::Decision
        } else {
            Kind::Note
        };
        PreparedEvent {
            event: Event::new(at.fixed_offset(), kind, format!("number {n}")),
            notices: vec![],
        }
    });
    bridgelog::ops::log::commit(book, prepared.collect(), Some(&incident)).unwrap();
}

#[test]
fn a_filter_looks_through_the_whole_incident() {
    let mut app = App::with(many);
    app.press("esc f").types("kind:decision").press("enter");
    assert_eq!(
        app.texts(),
        [
            "number 500",
            "number 2000",
            "move a system image of @online-db to other hardware"
                .replace('@', "")
                .as_str()
        ]
    );
    app.press("g");
    assert_eq!(app.model.selected().unwrap().value.text, "number 500");
    // What another writes does not lose what was found far back.
    log(&mut app.other("ann"), "decision: call the vendor");
    app.changed();
    assert_eq!(app.texts().len(), 4);
    assert_eq!(app.model.selected().unwrap().value.text, "number 500");
    app.press("F f").types("nothing has this").press("enter");
    assert!(app.screen().contains("Nothing is as the filter asks."));
}

#[test]
fn jumps_see_the_whole_incident() {
    let mut app = App::with(many);
    app.press("esc {");
    // Back from the end: the gap of two hours of the day itself, then twenty days, then the hour.
    let mut said = vec![];
    for _ in 0..4 {
        said.push(app.said().to_owned());
        app.press("{");
    }
    assert!(said.iter().any(|s| s.ends_with(" for 1 h")), "{said:?}");
    assert_eq!(app.model.selected().unwrap().value.text, "number 1001");
    app.press("}");
    assert!(app.said().contains(" d "), "{}", app.said());
    // A filter that would hide where a jump goes is taken off.
    app.press("f").types("number").press("enter ]");
    assert!(app.model.timeline.filter.is_empty(), "{}", app.said());
}

#[test]
fn a_large_incident_is_shown_before_its_story_is_read() {
    let mut app = App::with(many);
    let story = app.model.outline.as_ref().unwrap().history.clone();
    assert_eq!(story.as_ref().unwrap().milestones.len(), 3);
    assert!(app.screen().contains("█ DOWN 42:12"), "{}", app.screen());
    // As at the first look: who and how it stands is known, since when not yet.
    app.hold().changed();
    let jobs: Vec<Job> = app.held().to_vec();
    let look = jobs.iter().find(|job| matches!(job, Job::Refresh { .. }));
    assert!(look.is_some_and(|look| !look.is_paper()));
    app.release();
    app.model.outline.as_mut().unwrap().history = None;
    app.model.band.take();
    let screen = app.screen();
    assert!(
        screen.contains("█ DOWN") && !screen.contains("42:12"),
        "{screen}"
    );
    // Another look keeps what was known until it is read anew.
    app.changed();
    let again = &app.model.outline.as_ref().unwrap().history;
    assert_eq!(*again, story);
    // A milestone far from what is read is jumped to.
    app.press("esc g ]");
    assert_eq!(app.model.selected().unwrap().value.kind, Kind::Absorbed);
}

#[test]
fn an_ask_is_open_however_much_was_logged_since() {
    let app = App::with(|book| {
        outage(book);
        let incident = book.read().open_incidents().unwrap().remove(0);
        let now = book.now();
        let prepared = (0..3_000).map(|n| PreparedEvent {
            event: Event::new(now.fixed_offset(), Kind::Note, format!("number {n}")),
            notices: vec![],
        });
        bridgelog::ops::log::commit(book, prepared.collect(), Some(&incident)).unwrap();
    });
    assert_eq!(app.model.doings.open_asks.len(), 2);
}

#[test]
fn the_boards_of_the_incidents_lead_to_their_events() {
    let mut app = App::with(|book| {
        log(
            book,
            "2012-06-21 03:12 absorbed: a disk of @search-db failed, its mirror took over #mirror",
        );
        log(book, "2012-06-21 15:40 restore: @search-db has a new disk");
        outage(book);
    });
    app.press("f6 l");
    assert_eq!(app.model.incidents.board, Board::Ledger);
    let screen = app.screen();
    assert!(screen.contains("1 held · 1 overcome"), "{screen}");
    assert!(screen.contains("mirror"), "{screen}");
    app.press("l");
    let screen = app.screen();
    assert!(screen.contains("Aug 2012    1"), "{screen}");
    assert!(screen.contains("42 min"), "{screen}");
    app.press("h down enter");
    // The unfiled one, at its place among the unfiled events.
    assert!(app.model.outline.is_none());
    assert_eq!(app.model.selected().unwrap().value.kind, Kind::Absorbed);
    // It stays there, whatever others write, until somebody leaves.
    app.changed();
    assert!(app.model.outline.is_none());
    app.press("ctrl-p").types("adopt").press("enter");
    assert!(app.said().starts_with("taken into #1"), "{}", app.said());
    app.press("f6 h h").press("enter");
    assert_eq!(app.model.tab, Tab::Timeline);
    assert_eq!(
        app.model.outline.as_ref().unwrap().title,
        "AVR Online outage"
    );
    assert!(app.texts()[0].starts_with("a disk of search-db failed"));
}

#[test]
fn a_hit_in_all_incidents_is_gone_to() {
    let mut app = App::with(many);
    app.press("f6 /").types("number 2000").press("enter enter");
    assert_eq!(app.model.tab, Tab::Timeline);
    assert_eq!(app.model.selected().unwrap().value.text, "number 2000");
}

#[test]
fn a_follow_up_is_amended_in_place() {
    let mut app = App::outage();
    app.press("f3 down down e");
    assert!(
        prompt(&app).starts_with("Fail over to a warm standby @raj due 2012-10-31"),
        "{}",
        prompt(&app)
    );
    app.types(" prevents tell: A second server takes over by itself.");
    assert!(
        app.screen()
            .contains("customers will read: A second server takes over by itself."),
        "{}",
        app.screen()
    );
    app.press("enter");
    let task = &app.model.outline.as_ref().unwrap().tasks[0].value;
    assert!(task.prevents, "{}", app.said());
    assert_eq!(
        task.customer.as_deref(),
        Some("A second server takes over by itself.")
    );
    assert_eq!(task.owner.as_deref(), Some("raj"));
    app.press("a")
        .types("detect: alert on lag due 2012-13-40")
        .press("enter");
    assert!(matches!(app.model.over.last(), Some(Over::Prompt(_))));
    assert!(app.said().contains("2012-13-40"), "{}", app.said());
}

#[test]
fn links_are_shown_from_both_ends() {
    let mut app = App::outage();
    let decision = app
        .model
        .timeline
        .events
        .iter()
        .find(|e| e.value.kind == Kind::Decision)
        .unwrap()
        .handle
        .clone();
    app.types(&format!("restore: the image runs ^{decision}"))
        .press("enter");
    app.press("esc G enter");
    assert!(
        app.screen().contains(&format!("links to    {decision}")),
        "{}",
        app.screen()
    );
    app.press("esc g")
        .press("down down down down down down enter");
    assert!(app.screen().contains("linked by"), "{}", app.screen());
}

#[test]
fn two_corrections_at_once_are_both_seen() {
    let mut app = App::outage();
    let (id, handle) = {
        let event = app.model.timeline.events.last().unwrap();
        (event.id, event.handle.clone())
    };
    let mut other = app.other("ann");
    let incident = other.read().open_incidents().unwrap().remove(0).id;
    let mut second = app.model.timeline.events.last().unwrap().value.clone();
    second.text = "said by ann".into();
    app.press("esc G e end").types(" tonight").press("enter");
    // As it would arrive from another machine: it replaces what was there before.
    let body = Body::new(Operation::Amend, Value::Event(Box::new(second)));
    let change = other
        .write_context
        .new_change(Some(incident), Subject::Event(id), vec![id], body);
    other.store.append(&[change]).unwrap();
    app.changed();
    assert!(
        app.screen().contains('≠'),
        "{handle} has no conflict:\n{}",
        app.screen()
    );
    app.press("enter");
    let screen = app.screen();
    assert!(
        screen.contains("corrected in two places at once"),
        "{screen}"
    );
    assert!(screen.lines().any(|l| l.starts_with(" ≠")), "{screen}");
    // What is saved now replaces both.
    app.press("e end").types(" for good").press("enter");
    assert!(app.said().starts_with("amended"), "{}", app.said());
    assert!(!app.screen().contains("in two places"), "{}", app.screen());
}

#[test]
fn a_secret_is_destroyed_from_the_app() {
    let mut app = App::outage();
    app.types("note: the token is hunter2").press("enter");
    app.press("esc G ctrl-p")
        .types("redact")
        .press("enter")
        .types("a secret")
        .press("enter");
    assert!(app.said().contains("is destroyed"), "{}", app.said());
    assert!(!app.screen().contains("hunter2"), "{}", app.screen());
    let book = app.other("ann");
    assert!(
        book.read()
            .search("hunter2", &Default::default())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn an_event_moves_to_another_incident() {
    let mut app = App::outage();
    app.press("ctrl-p").types("resolve").press("enter enter");
    app.press("ctrl-p")
        .types("declare")
        .press("enter")
        .types("another one")
        .press("enter");
    app.types("note: misfiled").press("enter");
    app.press("esc G ctrl-p")
        .types("move the selected")
        .press("enter")
        .types("1")
        .press("enter");
    assert!(app.said().contains("to #1"), "{}", app.said());
    assert!(!app.texts().contains(&"misfiled"), "{:?}", app.texts());
}

#[test]
fn how_it_stands_is_copied_for_chat() {
    let mut app = App::outage();
    app.press("esc Y");
    let Some(Effect::Copy(text)) = app.effects.last() else {
        panic!("nothing copied: {}", app.said());
    };
    assert!(
        text.starts_with("#1 AVR Online outage (SEV1): open, down; 42 min of impact."),
        "{text}"
    );
}

#[test]
fn help_does_what_is_selected_and_leads_to_where_a_key_applies() {
    let mut app = App::outage();
    app.press("f1").types("keep the letter").press("enter");
    assert_eq!(app.model.tab, Tab::Email);
    assert!(app.said().starts_with("S here"), "{}", app.said());
    app.press("1 f1")
        .types("own last entry, over")
        .press("enter");
    assert!(app.said().starts_with("undone"), "{}", app.said());
    app.press("f4 f1")
        .types("take the event out")
        .press("enter");
    assert_eq!(
        (app.model.tab, app.model.focus),
        (Tab::Timeline, Focus::Page)
    );
    assert!(matches!(app.model.over.last(), Some(Over::Prompt(_))));
}

#[test]
fn documents_are_written_in_the_form_that_is_chosen() {
    let folder = tempfile::tempdir().unwrap();
    std::env::set_current_dir(folder.path()).unwrap();
    let mut app = App::outage();
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
    // A draft is from somebody, and says so where the settings name nobody.
    app.press("o e");
    assert!(app.said().contains("contact"), "{}", app.said());
}

#[test]
fn what_the_postmortem_lacks_is_a_key_away() {
    let mut app = App::outage();
    app.press("f4");
    assert!(app.screen().contains(" missing "), "{}", app.screen());
    app.press("l");
    assert!(
        app.screen().contains("bridgelog write impact"),
        "{}",
        app.screen()
    );
    app.press("esc ] ]");
    assert!(app.screen().lines().nth(3).unwrap().contains("Impact"));
    app.press("[");
    assert!(app.screen().lines().nth(3).unwrap().contains("Summary"));
}

#[test]
fn a_field_is_shown_as_it_stands_where_it_is_set() {
    let mut app = App::outage();
    app.press("f5 s");
    assert!(app.screen().contains("AVR Online"), "{}", app.screen());
    let echo = &app.model.capture.echo;
    assert!(matches!(echo, Echo::Nothing));
}

#[test]
fn what_a_book_says_goes_with_its_hint() {
    let error = OpsError::failed("it is full").with_hint("make room");
    assert_eq!(Failure::from(error).in_words(), "it is full · make room");
}

#[test]
fn what_is_typed_ahead_of_an_answer_is_the_next_line() {
    let mut app = App::new();
    app.types("checkout is failing").press("enter");
    app.types("ann is paged, not answering");
    assert!(
        app.screen()
            .contains("then, on the next line: ann is paged"),
        "{}",
        app.screen()
    );
    app.press("enter");
    assert_eq!(
        app.model.outline.as_ref().unwrap().title,
        "checkout is failing"
    );
    assert_eq!(app.model.capture.line.text(), "ann is paged, not answering");
    // And a letter is no answer to which state.
    app.press("ctrl-u").types("fault: the disk").press("enter");
    app.types("down it goes");
    assert!(app.model.over.is_empty());
    assert_eq!(app.model.capture.line.text(), "down it goes");
}

#[test]
fn a_time_that_is_none_changes_nothing() {
    let mut app = App::outage();
    app.press("esc G t ctrl-u").types("garbage").press("enter");
    assert!(matches!(app.model.over.last(), Some(Over::Prompt(_))));
    assert!(
        app.screen().contains("`garbage` is not a time"),
        "{}",
        app.screen()
    );
    assert!(!app.texts().contains(&"garbage"));
    app.press("ctrl-u").types("~10:47").press("enter");
    let event = &app.model.selected().unwrap().value;
    assert!(event.approximate, "{}", app.said());
    assert!(event.text.starts_with("confirm the image"));
}

#[test]
fn tell_in_a_paste_is_text_however_it_comes() {
    let mut app = App::outage();
    app.msg(Msg::Paste("seen by raj tell: a secret".into()));
    assert!(app.said().contains("is text"), "{}", app.said());
    app.press("enter");
    assert!(app.texts().contains(&"seen by raj tell: a secret"));
    app.msg(Msg::Paste("one tell: a\ntwo tell: b".into()))
        .press("o enter");
    let told = |app: &App| {
        let events = app.model.timeline.events.iter();
        events.filter(|e| e.value.customer.is_some()).count()
    };
    assert_eq!(told(&app), 3);
    // Whoever takes the backslash away means it.
    app.msg(Msg::Paste("posted tell: It works.".into()));
    let line = app.model.capture.line.text().replace("\\tell", "tell");
    app.press("ctrl-u").types(&line).press("enter");
    assert_eq!(told(&app), 4);
}

#[test]
fn a_tab_key_takes_nothing_that_was_typed_away() {
    let mut app = App::outage();
    app.press("esc G e end").types(" EXTRA").press("f3 f2");
    app.press("e");
    assert!(prompt(&app).ends_with(" EXTRA"), "{}", prompt(&app));
    app.press("esc i");
    app.msg(Msg::Paste("10:20 seen\n10:21 gone".into()))
        .press("f3 f2 i up");
    assert_eq!(app.model.capture.line.text(), "10:20 seen\n10:21 gone");
}

#[test]
fn a_half_typed_amendment_is_no_new_line_after_a_kill() {
    let mut app = App::outage();
    app.press("esc G e end").types(" and more");
    let kept = drafts(&app).concat();
    assert!(kept.contains("an amendment of"), "{kept}");
    // As the next process finds it.
    let draft = bridgelog::ops::draft::Draft {
        begun: app.model.now,
        text: "10:46 ask: confirm the image and more".into(),
        about: Some("an amendment of kvnqrs".into()),
    };
    let mut next = App::outage();
    next.msg(Msg::Reply(Box::new(Reply::Drafts(vec![draft]))));
    assert_eq!(next.model.capture.line.text(), "");
    assert!(next.said().contains("an amendment of kvnqrs"));
    next.press("up");
    assert!(next.model.capture.line.text().ends_with("and more"));
}

#[test]
fn an_incident_that_is_over_is_written_to_only_after_a_question() {
    let mut app = App::outage();
    app.press("ctrl-p").types("resolve").press("enter enter");
    app.press("f6 enter");
    app.press("i").types("forgotten").press("enter");
    assert!(matches!(
        app.model.over.last(),
        Some(Over::Choice(Choice::NothingOpen(_)))
    ));
    app.press("down down enter");
    assert!(app.texts().contains(&"forgotten"), "{}", app.said());
    // Said once, it holds for what follows.
    app.types("and another").press("enter");
    assert!(app.texts().contains(&"and another"), "{}", app.said());
}

#[test]
fn a_line_says_where_it_goes_where_several_are_open() {
    use bridgelog::ops::declare::{Declaration, declare};
    let mut app = App::outage();
    let declaration = Declaration {
        title: "another one".into(),
        ..Declaration::default()
    };
    declare(&mut app.other("ann"), &declaration).unwrap();
    app.changed();
    app.types("seen");
    let screen = app.screen();
    assert!(screen.contains("+1 open"), "{screen}");
    assert!(screen.contains("#1 · 10:48 EDT · note"), "{screen}");
}

#[test]
fn what_one_did_oneself_is_no_news() {
    let mut app = App::outage();
    app.press("ctrl-p")
        .types("handoff")
        .press("enter")
        .types("bob")
        .press("enter");
    assert_eq!(
        app.model.outline.as_ref().unwrap().commander.as_deref(),
        Some("bob")
    );
    assert!(app.model.timeline.fresh.is_empty(), "{}", app.said());
    assert!(!app.said().contains("wrote"), "{}", app.said());
}

#[test]
fn a_mitigation_shows_no_state_that_it_did_not_bring() {
    let mut app = App::outage();
    app.types("mitigate: half of the traffic is elsewhere")
        .press("enter");
    let screen = app.screen();
    let row = screen.lines().find(|l| l.contains("half of the traffic"));
    assert!(!row.unwrap().contains("degraded"), "{screen}");
    assert!(screen.contains("▅ DEGRADED"), "{screen}");
}

#[test]
fn what_is_proposed_is_replaced_by_what_is_typed() {
    let mut app = App::outage();
    app.press("f5 S A");
    assert_eq!(prompt(&app), "jw");
    assert!(
        app.screen().contains("findings are open"),
        "{}",
        app.screen()
    );
    app.types("ann");
    assert_eq!(prompt(&app), "ann");
}

#[test]
fn a_title_may_end_in_how_bad_it_is() {
    let mut app = App::new();
    app.types("mail is slow @mail !degraded sev3")
        .press("enter enter");
    let outline = app.model.outline.as_ref().unwrap();
    assert_eq!(outline.title, "mail is slow");
    assert_eq!(
        outline
            .severity
            .as_ref()
            .and_then(bridgelog::domain::words::Word::known)
            .map(bridgelog::domain::words::Severity::level),
        Some(3)
    );
}

#[test]
fn a_time_ahead_of_the_clock_is_pointed_out() {
    let mut app = App::outage();
    app.types("10:52 restore: it works");
    assert!(
        app.screen().contains("4 min ahead of the clock"),
        "{}",
        app.screen()
    );
}

#[test]
fn an_incident_that_was_taken_back_is_looked_at_no_more() {
    let mut app = App::outage();
    app.press("ctrl-p")
        .types("declare")
        .press("enter")
        .types("a mistake")
        .press("enter");
    assert_eq!(app.model.outline.as_ref().unwrap().title, "a mistake");
    app.press("esc u");
    assert!(app.said().starts_with("undone"), "{}", app.said());
    assert_eq!(
        app.model.outline.as_ref().unwrap().title,
        "AVR Online outage"
    );
}

#[test]
fn a_declaration_that_is_tried_again_is_made_once() {
    use bridgelog::tui::worker::Worker;
    let app = App::new();
    let mut worker = Worker::new(app.other("ann"));
    let job = Job::Declare {
        typed: Typed {
            no: 3,
            text: "checkout is failing".into(),
            begun: app.model.now,
            wording: true,
            ..Typed::default()
        },
        severity: None,
        adopt: false,
    };
    for _ in 0..2 {
        assert!(matches!(worker.run(job.clone()), Some(Reply::Done { .. })));
    }
    let incidents = app.other("raj").read().incidents().unwrap();
    assert_eq!(incidents.len(), 1);
}
