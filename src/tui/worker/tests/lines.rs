//! Lines, pastes, filters and messages.

use super::*;

fn rows(
    book: &mut Book,
    texts: &[&str],
    cursor: (usize, usize),
) -> Vec<Result<Box<ParsedLine>, Failure>> {
    let job = Job::ParseRows {
        request_id: 7,
        rows: texts.iter().map(|text| typed(0, text)).collect(),
        cursor,
        may_declare: false,
    };
    match book.run(job) {
        Reply::ParsedRows {
            request_id: 7,
            rows,
            ..
        } => rows,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_row_is_parsed_alone_and_asked_about_where_its_time_is_odd() {
    let mut book = Book::new();
    let parsed = rows(
        &mut book,
        &[
            "05:10 note: fine",
            "10:15 ack: mika on it",
            "99:99 x",
            "2026-11-28 10:00 note: planned",
            "2026-11-26 09:00 note: the day before",
            "-20h note: earlier",
            "05:17 note: a little ahead",
        ],
        (0, 3),
    );
    let question = |at: usize| parsed[at].as_ref().unwrap().question.clone();
    assert_eq!(question(0), None);
    assert_eq!(
        question(1).as_deref(),
        Some("10:15 is 5 h ahead: taken as yesterday, Thu 26 Nov")
    );
    let notices = &parsed[1].as_ref().unwrap().notices;
    assert!(notices.is_empty(), "{notices:?}");
    assert!(parsed[2].is_err());
    assert_eq!(
        question(3).as_deref(),
        Some("Sat 28 Nov 10:00 is 29 h ahead")
    );
    assert_eq!(
        question(4).as_deref(),
        Some("20 h before the incident began")
    );
    assert_eq!(
        question(5).as_deref(),
        Some("19 h before the incident began")
    );
    assert_eq!(question(6), None);
    // Where the incident's own events lie, nothing is asked.
    write(
        &mut book.session_of("jw", "tty1", 0),
        "2026-11-26 10:00 note: it began here",
    );
    let parsed = rows(&mut book, &["2026-11-26 09:00 note: x"], (0, 0));
    assert_eq!(parsed[0].as_ref().unwrap().question, None);
}

#[test]
fn line_with_a_question_is_logged_only_once_confirmed() {
    let mut book = Book::new();
    let before = book.entries();
    let line = typed(1, "10:15 ack: mika on it");
    let refused = failure(book.run(Write::Log(line.clone())));
    assert_eq!(
        refused.message,
        "10:15 is 5 h ahead: taken as yesterday, Thu 26 Nov"
    );
    assert_eq!(refused.hint.as_deref(), Some("Enter again logs it"));
    assert!(!refused.retryable);
    assert_eq!(book.entries(), before);
    let confirmed = TypedLine {
        confirmed: true,
        ..line
    };
    let said = message(book.run(Write::Log(confirmed.clone())));
    assert!(said.starts_with("logged 26 Nov 10:15 ack"), "{said}");
    let declare = |typed| Write::Declare(typed);
    let refused = failure(book.run(declare(typed(2, "10:16 fault: mail is down"))));
    assert!(
        refused.message.contains("taken as yesterday"),
        "{refused:?}"
    );
    let incidents = |book: &Book| book.worker.session.read().incidents().unwrap().len();
    assert_eq!(incidents(&book), 1);
    book.run(declare(TypedLine {
        confirmed: true,
        ..typed(2, "10:16 fault: mail is down")
    }));
    assert_eq!(incidents(&book), 2);
}

#[test]
fn messages_are_short_and_name_the_event() {
    let mut book = Book::new();
    assert_eq!(
        message(book.log("05:10 note: fourteen calls")),
        "logged 05:10 note"
    );
    let handle = book.handle("fourteen calls");
    let retract = Write::Retract(handle.clone(), "wrong".into());
    assert_eq!(
        book.done(&retract),
        "retracted 05:10 note \"fourteen calls\" · r restores"
    );
    assert_eq!(
        book.done(&Write::Restore(vec![handle])),
        "brought back 05:10 note \"fourteen calls\""
    );
    let incident = book.incident();
    assert_eq!(
        book.done(&Write::Resolve(incident.clone(), String::new())),
        "resolved #1"
    );
    assert_eq!(
        book.done(&Write::Reopen(incident, String::new())),
        "reopened #1"
    );
}

fn pasted(texts: &[&str]) -> Vec<PastedLine> {
    let line = |text: &&str| PastedLine {
        text: (*text).to_owned(),
        included: !text.contains("skip"),
        allow_customer_wording: false,
    };
    texts.iter().map(line).collect()
}

fn paste(book: &mut Book, texts: &[&str], day: Option<NaiveDate>) -> (Vec<ReadRow>, bool) {
    let job = Job::ParsePaste {
        request_id: 5,
        lines: pasted(texts),
        begun: now(),
        target: Target::Open,
        day,
    };
    match book.run(job) {
        Reply::ParsedPaste {
            request_id: 5,
            rows,
            asks_day,
        } => (rows, asks_day),
        other => panic!("{other:?}"),
    }
}

#[test]
fn paste_asks_for_its_day_where_a_time_is_ahead_or_turns_over_midnight() {
    let mut book = Book::new();
    let asks = |book: &mut Book, texts: &[&str]| paste(book, texts, None).1;
    assert!(!asks(&mut book, &["04:52 a", "04:53 b"]));
    assert!(asks(&mut book, &["04:52 a", "22:00 b"]));
    assert!(asks(&mut book, &["23:50 a", "00:10 b"]));
    assert!(!asks(&mut book, &["2026-11-26", "22:00 a", "00:10 b"]));
    assert!(asks(&mut book, &["22:00 a", "2026-11-26", "23:00 b"]));
    let yesterday = NaiveDate::from_ymd_opt(2026, 11, 26);
    let (rows, asked) = paste(&mut book, &["04:52 a", "22:00 b", "00:10 c"], yesterday);
    assert!(!asked);
    let days: Vec<String> = rows
        .iter()
        .map(|row| match row {
            ReadRow::Event(event) => event.line.event.at.format("%d %H:%M").to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(days, ["26 04:52", "26 22:00", "27 00:10"]);
    let job = Write::LogPaste {
        lines: pasted(&["04:52 a", "skip", "22:00 b"]),
        begun: now(),
        target: Target::Open,
        day: yesterday,
    };
    assert_eq!(message(book.run(job)), "2 logged, 1 left out");
    let (id, lines) = book.lines(&Write::Undo);
    assert_eq!(lines[0], "- 26 Nov 04:52 note  a  and 1 more row");
    assert_eq!(
        book.confirm(id, &Write::Undo).unwrap(),
        "undone: 2 rows, the first 26 Nov 04:52 note \"a\" · r restores"
    );
    assert!(!book.texts().contains(&"b".to_owned()));
}

fn page(book: &mut Book, filter: &str) -> TimelinePage {
    let job = Job::LoadPage {
        incident: book.worker.shown_incident,
        from: PageAnchor::Newest,
        filter: Filter::parse(filter),
        select: Select::Keep,
    };
    match book.run(job) {
        Reply::Page { page, .. } => *page,
        other => panic!("{other:?}"),
    }
}

#[test]
fn filter_gone_lists_what_was_undone_and_retracted_with_its_reason() {
    let mut book = Book::new();
    let notes = |page: &TimelinePage| -> Vec<(String, String)> {
        let events = page.events.iter();
        events
            .map(|event| (event.value.text.clone(), page.gone[&event.id].note.clone()))
            .collect()
    };
    assert!(page(&mut book, "gone").events.is_empty());
    book.log("05:12 decision: roll back deploy 99");
    book.done(&Write::Undo);
    let handle = book.handle("image copy");
    amend::retract(
        &mut book.session_of("ann", "tty9", 60),
        &handle,
        "wrong rack",
        true,
    )
    .unwrap();
    // A new entry after it takes nothing out of reach.
    book.log("note: later");
    let found = page(&mut book, "gone");
    assert_eq!(
        notes(&found),
        [
            (
                "image copy under way".into(),
                "05:14 ann: wrong rack".into()
            ),
            ("roll back deploy 99".into(), "undone 05:13 by you".into()),
        ]
    );
    let undone = found.events[1].handle.clone();
    assert_eq!(notes(&page(&mut book, "gone rack deploy")).len(), 0);
    assert_eq!(notes(&page(&mut book, "gone kind:decision")).len(), 1);
    let (id, lines) = book.lines(&Write::Restore(vec![undone.clone()]));
    assert_eq!(
        lines[0],
        "+ 05:12 decision  roll back deploy 99  @online-db".replace("  @online-db", "")
    );
    assert!(
        lines.contains(&"until now: undone 05:13 by you".to_owned()),
        "{lines:?}"
    );
    book.confirm(id, &Write::Restore(vec![undone])).unwrap();
    assert_eq!(page(&mut book, "gone").events.len(), 1);
    assert!(page(&mut book, "").gone.is_empty());
}

#[test]
fn filter_by_state_and_time_uses_started_states() {
    let mut book = Book::new();
    book.log("05:10 mitigate: half of it is back @online-db");
    let texts = |book: &mut Book, filter: &str| -> Vec<String> {
        let events = page(book, filter).events.into_iter();
        events.map(|event| event.value.text).collect()
    };
    assert_eq!(texts(&mut book, "!down"), ["second fault"]);
    assert_eq!(texts(&mut book, "state:degraded"), ["half of it is back"]);
    assert_eq!(texts(&mut book, "state:down,degraded").len(), 2);
    assert_eq!(texts(&mut book, "since:05:01").len(), 2);
    assert_eq!(texts(&mut book, "since:04:57 until:05:01").len(), 2);
    assert_eq!(texts(&mut book, "until:04:31"), ["second fault"]);
    let job = Job::LoadPage {
        incident: book.worker.shown_incident,
        from: PageAnchor::Newest,
        filter: Filter::parse("since:soon"),
        select: Select::Keep,
    };
    assert!(failure(book.run(job)).message.starts_with("since: "));
}

#[test]
fn history_names_the_reopen_after_which_a_state_is_unknown() {
    let mut book = Book::new();
    book.log("05:11 note: all well !ok @online-db");
    let incident = book.incident();
    book.done(&Write::Resolve(incident.clone(), String::new()));
    let reopen = Write::Reopen(incident, String::new());
    let (_, lines) = book.lines(&reopen);
    assert!(
        lines.contains(&"! The state is asked for next".to_owned()),
        "{lines:?}"
    );
    book.done(&reopen);
    let id = book.worker.shown_incident.unwrap();
    let Reply::IncidentHistory(_, history) = book.run(Job::IncidentHistory(id)) else {
        panic!("no history");
    };
    assert_eq!(history.unknown.len(), 1);
    assert_eq!(history.unknown[0].services, ["online-db"]);
    book.done(&Write::Patch(
        history.unknown[0].handle.clone(),
        "!degraded".into(),
    ));
    let Reply::IncidentHistory(_, history) = book.run(Job::IncidentHistory(id)) else {
        panic!("no history");
    };
    assert!(history.unknown.is_empty(), "{:?}", history.unknown);
}
