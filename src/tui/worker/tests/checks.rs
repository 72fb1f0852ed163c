//! What checks say.

use super::*;

#[test]
fn check_of_a_retraction_shows_states_and_letter() {
    let mut book = Book::new();
    let write = Write::Retract(book.handle("second fault"), "wrong".into());
    let (_, lines) = book.lines(&write);
    assert_eq!(
        lines[0],
        "- ~04:31 fault  second fault  @online-db  !down  »"
    );
    assert!(
        lines.contains(&"online-db: down -> none yet".to_owned()),
        "{lines:?}"
    );
    assert!(
        lines.contains(&"Impact so far: 42 min -> none".to_owned()),
        "{lines:?}"
    );
    assert!(lines.len() <= 10, "{lines:?}");
}

#[test]
fn check_of_an_edit_shows_the_difference_and_an_unchanged_one_changes_nothing() {
    let mut book = Book::new();
    let handle = book.handle("move a system image");
    let loaded = book.run(Job::LoadEventLine {
        id: 3,
        handle: handle.clone(),
    });
    let Reply::LineLoaded {
        id: 3,
        result: Ok(line),
    } = loaded
    else {
        panic!("{loaded:?}");
    };
    assert_eq!(line.author, "jw");
    let seen = line.version.unwrap();
    let rewrite = |line: &str| Write::Rewrite {
        handle: handle.clone(),
        line: line.to_owned(),
        seen,
    };
    let unchanged = Check {
        lines: vec![],
        changes_nothing: true,
    };
    assert_eq!(book.check(&rewrite(&line.line)).1, Ok(unchanged.clone()));
    assert_eq!(
        book.check(&Write::Retime(handle.clone(), "04:55:20".into()))
            .1,
        Ok(unchanged)
    );
    let edited = line.line.replace("move a system image", "move an image");
    let (id, lines) = book.lines(&rewrite(&edited));
    assert_eq!(
        lines,
        [
            "- 04:55 decision  move a system image  @online-db  #storage  why: unknown",
            "+ 04:55 decision  move an image  @online-db  #storage  why: unknown",
            "State: no change",
            "stays: time, kind, @online-db, #storage"
        ]
    );
    let (_, lines) = book.lines(&Write::Retime(handle.clone(), "05:02:10".into()));
    assert_eq!(
        lines[1..3],
        [
            "+ 05:02:10 decision  move a system image  @online-db  #storage  why: unknown",
            "it moves after 05:01 action \"image copy under way\""
        ]
    );
    let (_, lines) = book.lines(&Write::Retime(handle.clone(), "-30s".into()));
    assert!(lines[1].starts_with("+ 04:54:50 decision"), "{lines:?}");
    // Another changes it meanwhile.
    let mut ann = book.session_of("ann", "tty9", 20);
    amend::amend(&mut ann, &handle, "by ann", &Default::default()).unwrap();
    let refused = book.confirm(id, &rewrite(&edited)).unwrap_err();
    assert_eq!(
        refused.message,
        "changed by ann just now: 04:55 decision \"by ann\""
    );
    let (_, refused) = book.check(&rewrite(&edited));
    let refused = refused.unwrap_err();
    assert_eq!(
        refused.message,
        "ann changed this event at 05:13:20, after you opened it"
    );
    assert_eq!(refused.hint.as_deref(), Some("by ann"));
    assert_eq!(book.texts()[2], "by ann");
}

#[test]
fn check_of_a_resolve_counts_impact_and_open_requests() {
    let mut book = Book::new();
    let resolve = Write::Resolve(book.incident(), "image boots".into());
    let (id, lines) = book.lines(&resolve);
    assert_eq!(
        lines[..3],
        [
            "#1 AVR Online outage ends at 05:13 UTC after 42 min of impact",
            "online-db: down -> ok",
            "! Left open: 1 request (1 late)"
        ]
    );
    let incident = book.incident();
    let mut ann = book.session_of("ann", "tty9", 0);
    lifecycle::resolve(&mut ann, Some(&incident), None, "").unwrap();
    let refused = book.confirm(id, &resolve).unwrap_err();
    assert_eq!(refused.message, "changed by ann just now: #1 is resolved");
    let (_, lines) = book.lines(&Write::Reopen(incident, String::new()));
    assert!(
        lines[0].starts_with("#1 AVR Online outage is open again"),
        "{lines:?}"
    );
    assert_eq!(lines[1], "online-db: ok -> down");
}

#[test]
fn check_of_a_field_shows_was_now_and_the_sentence() {
    let mut book = Book::new();
    let set = Write::SetField(book.incident(), "next-update".into(), "30m".into());
    let (id, lines) = book.lines(&set);
    assert_eq!(
        lines[..2],
        ["was  not set", "now  05:43 UTC today, in 30 min"]
    );
    assert!(lines[2].starts_with("» customers will read: "), "{lines:?}");
    assert!(lines[2].contains("by 05:43"), "{lines:?}");
    let said = book.confirm(id, &set).unwrap();
    assert!(said.starts_with("next-update is 05:43 UTC today"), "{said}");
    let severity = Write::SetField(book.incident(), "severity".into(), "sev2".into());
    assert_eq!(book.lines(&severity).1[..2], ["was  not set", "now  sev2"]);
}

#[test]
fn checks_of_tasks_requests_services_and_letters_say_what_they_do() {
    let mut book = Book::new();
    let add = Write::AddTask("warm standby @raj prevents".into());
    assert_eq!(book.lines(&add).1, ["+ task  warm standby  @raj  prevents"]);
    let close = Write::ChangeTaskState(
        book.handle("spare chassis"),
        TaskState::Done,
        "in rack 12".into(),
    );
    let (_, lines) = book.lines(&close);
    assert_eq!(
        lines,
        [
            "request  find a spare chassis  @ann  asked 04:57 by jw",
            "Logged as done at 05:13 UTC"
        ]
    );
    assert_eq!(book.done(&close), "closed request \"find a spare chassis\"");
    let (_, refused) = book.check(&close);
    assert_eq!(
        refused.unwrap_err().message,
        "you closed it at 05:13: \"in rack 12\""
    );
    let service = Write::AddService(book.incident(), "mail Mail for all".into());
    assert_eq!(
        book.lines(&service).1,
        ["+ service mail", "» customers will read: Mail for all"]
    );
    let (_, lines) = book.lines(&Write::SaveLetter {
        stage: 1,
        over: None,
    });
    assert_eq!(lines[0], "The update email is saved as m1, not sent");
    book.done(&Write::SaveLetter {
        stage: 1,
        over: None,
    });
    let (_, lines) = book.lines(&Write::MarkSent("m1".into(), "statuspage".into()));
    assert!(
        lines[0].starts_with("m1 update was sent by statuspage at 05:13 UTC today"),
        "{lines:?}"
    );
    assert!(
        lines.contains(&"! this cannot be undone".to_owned()),
        "{lines:?}"
    );
    let declare = Write::Declare(typed(9, "mail is slow sev3 @mail"));
    assert_eq!(
        book.lines(&declare).1,
        [
            "+ #2 \"mail is slow\", sev3, @mail",
            "#1 AVR Online outage stays open"
        ]
    );
    let redact = Write::Redact {
        handle: book.handle("second fault"),
        reason: "a secret".into(),
        answer: "yes".into(),
    };
    let (_, lines) = book.lines(&redact);
    assert!(lines[2].starts_with("! It cannot be undone"), "{lines:?}");
}

#[test]
fn events_of_no_incident_are_adopted_and_moved_after_a_check() {
    let mut book = Book::new();
    let resolve = Write::Resolve(book.incident(), String::new());
    book.done(&resolve);
    let said = message(book.log("05:12 note: still slow"));
    assert_eq!(said, "logged 05:12 note, in no incident");
    book.log("05:13 fault: dead !down");
    let handle = |book: &Book, n: usize| {
        let read = book.worker.session.read();
        read.unfiled_events(None, 2).unwrap()[n].handle.clone()
    };
    let (dead, loose) = (handle(&book, 0), handle(&book, 1));
    let first = book.incident();
    let declare = Write::Declare(typed(20, "10:16 fault: mail is down"));
    let (id, lines) = book.lines(&declare);
    assert!(lines[0].starts_with("+ #2 \"mail is down\""), "{lines:?}");
    assert!(lines[1].starts_with("! 10:16 is 5 h ahead"), "{lines:?}");
    book.confirm(id, &declare).unwrap();
    let adopt = Write::Adopt(loose.clone());
    let (id, lines) = book.lines(&adopt);
    assert_eq!(lines[0], "05:12 note  still slow");
    assert_eq!(
        lines[1],
        "from the events in no incident to #2 mail is down"
    );
    assert_eq!(
        book.confirm(id, &adopt).unwrap(),
        "05:12 note \"still slow\" is in #2 now"
    );
    let (_, lines) = book.lines(&Write::Move(loose, first.clone()));
    assert_eq!(lines[1], "from #2 mail is down to #1 AVR Online outage");
    let (_, refused) = book.check(&Write::Move(dead, first));
    let refused = refused.unwrap_err();
    assert!(refused.message.contains("names no service"), "{refused:?}");
    let hint = refused.hint.unwrap();
    assert_eq!(hint, "e edits its row: @NAME names the service");
}

#[test]
fn service_and_person_are_renamed_and_removed_from_the_prompt_of_services() {
    let mut book = Book::new();
    let job = |book: &Book, text: &str| Write::AddService(book.incident(), text.into());
    let rename = job(&book, "online-db --rename db");
    let (id, lines) = book.lines(&rename);
    assert_eq!(
        lines[..2],
        [
            "- service online-db",
            "+ service db, wherever online-db was recorded"
        ]
    );
    let said = book.confirm(id, &rename).unwrap();
    assert_eq!(said, "renamed service online-db to db");
    let remove = job(&book, "db --remove");
    assert_eq!(
        book.lines(&remove).1[..1],
        ["- service db and its states; its events stay with their texts"]
    );
    let person = job(&book, "jw --rename jim");
    assert_eq!(book.done(&person), "renamed person jw to jim");
}
