//! Undo, and writes after their check.

use super::*;
use crate::ops::{field, message, task};

#[test]
fn check_of_an_undo_shows_the_act_and_confirming_takes_back_that_act_only() {
    let mut book = Book::new();
    book.log("05:12 decision: roll back deploy 99 @online-db");
    let before = book.entries();
    let (id, lines) = book.lines(&Write::Undo);
    assert_eq!(
        lines,
        [
            "- 05:12 decision  roll back deploy 99  @online-db",
            "State: no change",
            "done at 05:13:00 in this terminal"
        ]
    );
    assert_eq!(book.entries(), before);
    // Another act of this terminal comes in between.
    write(&mut book.session_of("jw", "tty1", 5), "note: meanwhile");
    let refused = book.confirm(id, &Write::Undo).unwrap_err();
    assert!(
        refused
            .message
            .starts_with("changed just now: your last act is 05:13 note"),
        "{refused:?}"
    );
    assert!(!refused.retryable);
    book.done(&Write::Undo);
    let said = book.done(&Write::Undo);
    assert_eq!(
        said,
        "undone: 05:12 decision \"roll back deploy 99\" · r restores"
    );
    let (id, lines) = book.lines(&Write::Redo);
    assert_eq!(
        lines[0],
        "+ 05:12 decision  roll back deploy 99  @online-db"
    );
    assert_eq!(
        book.confirm(id, &Write::Redo).unwrap(),
        "redone: 05:12 decision \"roll back deploy 99\""
    );
}

#[test]
fn undo_of_another_terminal_says_so_and_a_declaration_stays() {
    let mut book = Book::new();
    let mut other = Worker::new(book.session_of("jw", "tty2", 10));
    other.run(Job::LoadIncident(None));
    book.worker = other;
    // Nothing is undone without the check that says whose it is.
    let refused = failure(book.run(Write::Undo));
    assert!(refused.message.contains("made elsewhere"), "{refused:?}");
    let (id, lines) = book.lines(&Write::Undo);
    assert_eq!(
        lines[0],
        "! This terminal has none left: jw did this in another one, at 05:13:00"
    );
    assert!(
        lines[1].starts_with("- 04:57 request  find a spare"),
        "{lines:?}"
    );
    book.confirm(id, &Write::Undo).unwrap();
    for _ in 0..3 {
        book.done(&Write::Undo);
    }
    let (_, refused) = book.check(&Write::Undo);
    let refused = refused.unwrap_err();
    assert!(
        refused.message.starts_with("#1 has ")
            && refused
                .message
                .ends_with("its declaration cannot be undone"),
        "{refused:?}"
    );
    assert_eq!(refused.hint.as_deref(), Some("R resolves #1"));
    let declaration = book.incident();
    let (_, refused) = book.check(&Write::Retract(declaration, "no incident".into()));
    let refused = refused.unwrap_err().message;
    assert!(
        refused.starts_with("the declaration of #1 cannot be retracted: "),
        "{refused}"
    );
}

#[test]
fn confirmed_write_is_done_once() {
    let mut book = Book::new();
    let add = Write::AddTask("warm standby @raj".into());
    let refused = book.confirm(99, &add).unwrap_err();
    assert_eq!(refused.message, "nothing was written: it was not checked");
    let (id, _) = book.lines(&add);
    // While another program has the database, nothing is written.
    let mut lock = book.session_of("raj", "tty5", 0);
    lock.store.begin_transaction().unwrap();
    let busy = book.confirm(id, &add).unwrap_err();
    assert!(busy.retryable, "{busy:?}");
    drop(lock);
    let before = book.entries();
    assert_eq!(
        book.confirm(id, &add).unwrap(),
        "added task \"warm standby\""
    );
    assert_eq!(
        book.confirm(id, &add).unwrap(),
        "added task \"warm standby\""
    );
    assert_eq!(book.entries(), before + 1);
}

#[test]
fn undo_of_a_resolve_says_that_it_opens_the_incident() {
    let mut book = Book::new();
    let resolve = Write::Resolve(book.incident(), String::new());
    book.done(&resolve);
    let (id, lines) = book.lines(&Write::Undo);
    assert!(lines[0].starts_with("- 05:13 resolve"), "{lines:?}");
    assert_eq!(lines[1], "! #1 AVR Online outage is open again");
    assert_eq!(lines[2], "online-db: ok -> down");
    book.confirm(id, &Write::Undo).unwrap();
    // A resolve and its undo leave nothing to redo once something else was logged.
    book.log("note: on");
    let (_, refused) = book.check(&Write::Redo);
    assert!(refused.is_err());
}

#[test]
fn undo_never_takes_back_a_sent_letter() {
    let mut book = Book::new();
    book.done(&Write::SaveLetter {
        stage: 1,
        over: None,
    });
    book.done(&Write::MarkSent("m1".into(), "email".into()));
    let (_, lines) = book.lines(&Write::Undo);
    assert!(lines[0].starts_with("- 04:57 request"), "{lines:?}");
    assert!(
        lines.contains(&"! m1 was sent and stays as it is".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn declaration_is_refused_after_the_open_incidents_changed() {
    let mut book = Book::new();
    let declare = Write::Declare(typed(20, "mail is down"));
    let (id, _) = book.lines(&declare);
    let declaration = Declaration {
        title: "mail is down".into(),
        ..Declaration::default()
    };
    let mut ann = book.session_of("ann", "tty9", 5);
    crate::ops::declare::declare(&mut ann, &declaration).unwrap();
    let refused = book.confirm(id, &declare).unwrap_err();
    assert_eq!(refused.message, "changed by ann just now: #2 is open now");
}

#[test]
fn write_that_is_in_the_store_although_it_seemed_to_fail_is_not_done_again() {
    let mut book = Book::new();
    let add = Write::AddTask("warm standby @raj".into());
    let (id, _) = book.lines(&add);
    book.confirm(id, &add).unwrap();
    let before = book.entries();
    let attempt = book.worker.checks[0].attempt.clone();
    // An attempt that left nothing is made again.
    let (second, _) = book.lines(&add);
    let mut lost = attempt.unwrap();
    lost.entry = uuid::Uuid::from_u128(1);
    book.worker.checks[1].attempt = Some(lost);
    book.confirm(second, &add).unwrap();
    assert_eq!(book.entries(), before + 1);
    book.confirm(id, &add).unwrap();
    book.confirm(second, &add).unwrap();
    assert_eq!(book.entries(), before + 1);
}

#[test]
fn field_task_or_letter_that_another_changed_refuses_the_write() {
    let mut book = Book::new();
    let incident = book.incident();
    let set = Write::SetField(incident.clone(), "scope".into(), "all customers".into());
    let (id, lines) = book.lines(&set);
    assert_eq!(lines[..2], ["was  not set", "now  all customers"]);
    let mut ann = book.session_of("ann", "tty9", 5);
    field::set(&mut ann, Some(&incident), "scope", "half of them", None).unwrap();
    let refused = book.confirm(id, &set).unwrap_err();
    assert_eq!(refused.message, "changed by ann just now: half of them");

    book.done(&Write::AddTask("warm standby @raj".into()));
    let task = {
        let read = book.worker.session.read();
        let id = book.worker.shown_incident.unwrap();
        read.follow_ups(id).unwrap()[0].handle.clone()
    };
    let start = Write::ChangeTaskState(task.clone(), TaskState::Started, String::new());
    let (id, lines) = book.lines(&start);
    assert_eq!(lines, ["task  warm standby  @raj", "planned -> started"]);
    task::set_state(&mut ann, &task, TaskState::Done, None, "there").unwrap();
    let refused = book.confirm(id, &start).unwrap_err();
    assert_eq!(
        refused.message,
        "changed by ann just now: task \"warm standby\", done"
    );

    book.done(&Write::SaveLetter {
        stage: 1,
        over: None,
    });
    let (_, refused) = book.check(&Write::Approve("m1".into(), "raj".into()));
    assert_eq!(
        refused.unwrap_err().message,
        "something is missing in m1 still: the product"
    );
    let mark = Write::MarkSent("m1".into(), "email".into());
    let (id, _) = book.lines(&mark);
    let sent = message::SendDetails {
        via: "email",
        ..message::SendDetails::default()
    };
    message::mark_sent(&mut ann, Some(&incident), "m1", &sent).unwrap();
    let refused = book.confirm(id, &mark).unwrap_err();
    assert_eq!(refused.message, "changed by ann just now: m1 was sent");
}

#[test]
fn check_writes_and_remembers_nothing() {
    let mut book = Book::new();
    let (incident, event) = (book.incident(), book.handle("image copy"));
    let before = book.entries();
    let writes = [
        Write::Undo,
        Write::Log(typed(40, "05:12 note: x")),
        Write::LogPaste {
            lines: vec![PastedLine {
                text: "05:12 y".into(),
                included: true,
                allow_customer_wording: false,
            }],
            begun: now(),
            target: Target::Open,
            day: None,
        },
        Write::Declare(typed(41, "05:12 fault: mail is down")),
        Write::Retract(event.clone(), "wrong".into()),
        Write::Patch(event.clone(), "!degraded".into()),
        Write::Resolve(incident.clone(), String::new()),
        Write::SetField(incident.clone(), "commander".into(), "ann".into()),
        Write::WriteSection("summary".into(), "It was down.".into()),
        Write::Review(crate::domain::review::ReviewStage::Reviewed, "ann".into()),
        Write::SaveLetter {
            stage: 0,
            over: None,
        },
        Write::Redact {
            handle: event,
            reason: "a secret".into(),
            answer: "yes".into(),
        },
    ];
    for write in writes {
        let (_, lines) = book.lines(&write);
        assert!(
            !lines.is_empty() && lines.len() <= 10,
            "{write:?}: {lines:?}"
        );
        assert_eq!(book.entries(), before, "{write:?}");
        assert!(book.worker.memory.logged_lines.is_empty(), "{write:?}");
        assert!(book.worker.memory.declarations.is_empty(), "{write:?}");
    }
    let same = Write::SetField(incident, "commander".into(), "jw".into());
    assert!(book.check(&same).1.unwrap().changes_nothing);
}

#[test]
fn declaration_without_other_entries_is_undone_and_comes_back() {
    let mut book = Book::new();
    let declare = Write::Declare(typed(20, "mail is down"));
    let said = book.done(&declare);
    assert_eq!(said, "declared #2");
    let declared = book.incident();
    book.run(Job::LoadIncident(Some(declared.clone())));
    let (id, lines) = book.lines(&Write::Undo);
    assert_eq!(
        lines[..2],
        [
            "- 05:13 declare  mail is down",
            "! #2 mail is down goes with its declaration"
        ]
    );
    assert_eq!(
        book.confirm(id, &Write::Undo).unwrap(),
        "undone: 05:13 declare \"mail is down\" · r restores"
    );
    let (id, lines) = book.lines(&Write::Restore(vec![declared.clone()]));
    assert_eq!(lines[0], "+ 05:13 declare  mail is down");
    book.confirm(id, &Write::Restore(vec![declared])).unwrap();
    assert_eq!(
        book.worker.session.read().open_incidents().unwrap().len(),
        2
    );
}

#[test]
fn check_of_an_undo_names_command_severity_requests_and_the_state_of_a_follow_up() {
    let mut book = Book::new();
    let lines_of = |book: &mut Book| book.lines(&Write::Undo).1;
    book.log("handoff @ann");
    let lines = lines_of(&mut book);
    assert!(
        lines.iter().any(|line| line == "Commander: ann -> jw"),
        "{lines:?}"
    );
    book.log("05:12 ask: find a spare chassis @ann 5m");
    let ask = book.handle("find a spare chassis");
    book.log(&format!("done: ^{ask} found"));
    let lines = lines_of(&mut book);
    assert!(
        lines.iter().any(|line| line.starts_with("Open requests: ")),
        "{lines:?}"
    );
    assert!(!lines.contains(&"State: no change".to_owned()), "{lines:?}");
}
