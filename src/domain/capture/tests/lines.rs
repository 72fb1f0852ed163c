use super::*;
use crate::domain::words::CAPTURE_KINDS;
use rstest::rstest;

fn names(list: &Option<Vec<String>>) -> String {
    list.as_ref().map_or(String::new(), |l| l.join(","))
}

#[test]
fn design_example_lines_parse_as_documented() {
    let line = "~10:06 fault: second fault while degraded, @online-db halted #storage !down tell: A hardware fault halted one of our database servers.";
    let e = event(line);
    assert!(e.approximate);
    assert_eq!(e.at.to_rfc3339(), "2012-08-16T10:06:00-04:00");
    assert_eq!(e.zone, "America/New_York");
    assert_eq!(e.kind, Kind::Fault);
    assert_eq!(e.text, "second fault while degraded, online-db halted");
    assert_eq!(e.services, ["online-db"]);
    assert_eq!(e.tags, ["storage"]);
    assert_eq!(e.state, Some(State::Down.into()));
    assert_eq!(
        e.customer.as_deref(),
        Some("A hardware fault halted one of our database servers.")
    );

    let e = event(
        "-12m decision: move a system image to srv-12 why: repair time unknown not: wait for the vendor",
    );
    assert_eq!(e.kind, Kind::Decision);
    assert_eq!(e.text, "move a system image to srv-12");
    assert_eq!(e.rationale.as_deref(), Some("repair time unknown"));
    assert_eq!(e.rejected.as_deref(), Some("wait for the vendor"));
    assert_eq!(e.at.to_rfc3339(), "2012-08-16T10:06:42-04:00");

    let e = event("replica lag is falling");
    assert_eq!((&e.kind, &*e.text), (&Kind::Note, "replica lag is falling"));
    assert_eq!(e.at_utc(), context().now);

    let e = event("ask: check replica lag @ann 5m");
    assert_eq!(
        (e.kind, &*e.text, e.time_box_secs),
        (Kind::Ask, "check replica lag", Some(300))
    );
    assert_eq!(e.people, ["ann"]);

    for (line, text, seconds) in [
        (
            "ask: look at the replica within 5m",
            "look at the replica",
            Some(300),
        ),
        ("ask: restart within 5m @ann", "restart", Some(300)),
        ("ask: look within", "look within", None),
        (
            "ask: is it back within 5m of a restart",
            "is it back within 5m of a restart",
            None,
        ),
        (r"ask: is it back \within 5m", "is it back within 5m", None),
        ("note: back within 5m", "back within 5m", None),
    ] {
        let e = event(line);
        assert_eq!((&*e.text, e.time_box_secs), (text, seconds), "{line}");
    }
    // A text that ends with the word, as it may have been logged before, keeps it.
    let logged = Event {
        text: "look within".to_owned(),
        people: vec![],
        ..event("ask: look 5m")
    };
    let printed = format_line(&logged, &context());
    assert_eq!(event(&printed), logged, "{printed}");

    let e = event("done: ^kvn 40 s");
    assert_eq!((e.kind, &*e.text, e.closes), (Kind::Note, "40 s", true));
    assert_eq!(e.links, [id(1)]);
}

#[rstest]
#[case("dec: x", Kind::Decision)]
#[case("FAULT: x", Kind::Fault)]
#[case("Fau: x", Kind::Fault)]
#[case("res: x @web", Kind::Restore)]
#[case("action:x", Kind::Action)]
#[case("theory: x", Kind::Suspect)]
#[case("theo: x", Kind::Suspect)]
#[case("10:06 cha: x", Kind::Change)]
#[case("10:06: com: x", Kind::Comms)]
#[case("nginx: 502s", Kind::Note)]
#[case("de: x", Kind::Note)]
#[case("REST: still 500s", Kind::Note)]
#[case("rest: of the fleet waits", Kind::Note)]
#[case("Fact: DNS is fine", Kind::Note)]
#[case("ver: 2.3.1", Kind::Note)]
#[case("MIT: the licence server", Kind::Note)]
#[case("act:x", Kind::Note)]
#[case("not: x", Kind::Note)]
#[case("http://x.example", Kind::Note)]
#[case("note: fault: x", Kind::Note)]
#[case("fault：db", Kind::Fault)]
#[case("10:06 fault： db", Kind::Fault)]
#[case("障害：db", Kind::Note)]
#[case("x fault: y", Kind::Note)]
fn kind_prefixes_parse_or_stay_text(#[case] line: &str, #[case] kind: Kind) {
    assert_eq!(event(line).kind, kind, "{line}");
}

#[rstest]
#[case("10:06 -0400 fault: x", "2012-08-16T10:06:00-04:00", "fault: x")]
#[case("10:06 +0200 x", "2012-08-16T10:06:00+02:00", "note: x")]
#[case("10:06 - fault: x", "2012-08-16T10:06:00-04:00", "fault: x")]
#[case("10:06 — dec: x", "2012-08-16T10:06:00-04:00", "decision: x")]
#[case("10:06:fault: x", "2012-08-16T10:06:00-04:00", "fault: x")]
#[case("~10:06:30:fault: x", "2012-08-16T10:06:30-04:00", "fault: x")]
#[case("10:06 - x", "2012-08-16T10:06:00-04:00", "note: x")]
#[case("10:06 \\- fault: x", "2012-08-16T10:06:00-04:00", "note: - fault: x")]
#[case(
    "10:06 -1000 errors",
    "2012-08-16T10:06:00-04:00",
    "note: -1000 errors"
)]
#[case(
    "\\10:06:fault: x",
    "2012-08-16T10:18:42-04:00",
    "note: 10:06:fault: x"
)]
fn time_and_kind_parse_with_any_separator(
    #[case] line: &str,
    #[case] at: &str,
    #[case] says: &str,
) {
    let e = event(line);
    assert_eq!(e.at.to_rfc3339(), at, "{line}");
    assert_eq!(format!("{}: {}", e.kind, e.text), says, "{line}");
    assert_eq!(event(&format_line(&e, &context())), e, "{line}");
}

#[test]
fn misspelled_tell_gives_a_notice() {
    for line in ["x TELL: y", "x tell : y", "x Tell: y", "x tell:y"] {
        let read = read(line);
        assert_eq!(read.customer, None);
        assert!(read.notices.concat().contains("`tell: `"), "{line}");
    }
    assert!(read("intelli: x, I tell you: y").notices.is_empty());
}

#[test]
fn misspelled_kinds_and_times_give_notices() {
    for (line, says) in [
        ("nginx: 502s", None),
        ("casue: disk", Some("`cause:`")),
        ("desicion: wait", Some("`decision:`")),
        ("not: this", Some("`note:`")),
        ("thoery: disk", Some("`theory:`")),
        ("tel: Customers", Some("`tell:`")),
        ("fault the db died", Some("`fault:`")),
        ("change freeze is over", None),
        ("2012-08-16 fault: x", Some("`2012-08-16`")),
        ("at 10:06 x", Some("`at 10:06`")),
        ("saw 12:00 packets", Some("`12:00`")),
        ("Sun is down", None),
        ("10.06 fault: x", Some("`10.06`")),
        ("1006 x", Some("`1006`")),
        ("10h06: x", Some("`10h06:`")),
        ("tomorrow 10:06 fault: x", Some("`tomorrow 10:06`")),
        ("last Thu 10:06 x", Some("`last Thu 10:06`")),
        ("16/08 10:06", Some("`16/08 10:06`")),
        ("1764111010 x", Some("`1764111010`")),
        ("I1125 23:50:10.123456 x", Some("`I1125`")),
        ("10.1.1.1 - - [25/Nov/2026:23:50:10 +0100] x", Some("Nov")),
        ("in 30 min x", Some("`in 30 min`")),
        ("half an hour ago x", Some("`half an hour ago`")),
        ("yesterday x", Some("`yesterday`")),
        ("Thu: x", Some("`Thu`")),
        ("noon x", Some("`noon`")),
        ("13:5 x", Some("`13:5`")),
        ("13:50h x", Some("`13:50h`")),
        ("GMT-3 13:00 x", Some("`GMT-3 13:00`")),
        ("about 10 people", None),
        ("10000-01-01 00:00", Some("`10000-01-01 00:00`")),
        ("+5m x", Some("`+5m`")),
        ("-1.5h x", Some("`-1.5h`")),
        ("the db fault: x", Some("`fault:`")),
        ("please note: x", None),
        ("degraded: y", Some("`!degraded`")),
        ("down @nobody", Some("`!down`")),
        ("9999 packets and 4:3 more", None),
        ("5xx on 3 of 4 hosts", None),
    ] {
        let read = read(line);
        assert_eq!(read.text.as_deref(), Some(line));
        match says {
            None => assert!(read.notices.is_empty(), "{:?}", read.notices),
            Some(says) => assert!(read.notices.concat().contains(says), "{:?}", read.notices),
        }
    }
    for line in [
        "declare: x",
        "resolve: x",
        "REOPEN: x",
        "decl: x",
        "10:06 resolve: x",
    ] {
        assert!(wrong(line).hint.contains("bridgelog"), "{line}");
    }
}

#[rstest]
#[case("halted @online-db,@web !down", "halted", "online-db,Web", "", "")]
#[case(
    "halted @online-db, @web #a,#b !down",
    "halted",
    "online-db,Web",
    "",
    "a,b"
)]
#[case(
    "@online-db/@web are slow",
    "online-db/web are slow",
    "online-db,Web",
    "",
    ""
)]
#[case("x @online-db/@web !ok", "x", "online-db,Web", "", "")]
#[case(
    "so @online-db,@web, they say, halted, @ann",
    "so online-db,web, they say, halted,",
    "online-db,Web",
    "ann",
    ""
)]
#[case("see @nobody,@web", "see @nobody,web", "Web", "", "")]
#[case("halted \\@online-db,\\@web", "halted @online-db,@web", "", "", "")]
#[case(
    "lag falls #storage @ann ^kvn !down",
    "lag falls",
    "",
    "ann",
    "storage"
)]
#[case(
    "see @Web and #storage-2 now",
    "see Web and storage-2 now",
    "Web",
    "",
    "storage-2"
)]
#[case("see (@web), #a.", "see (web), a.", "Web", "", "a")]
#[case("x @online-db+@web;@bob&@ann !ok", "x", "online-db,Web", "Bob,ann", "")]
#[case("web is (!down) here", "web is (!down) here", "", "", "")]
#[case("look at (!important)", "look at (!important)", "", "", "")]
#[case("@web!down again", "web again", "Web", "", "")]
#[case("it broke @web!down", "it broke", "Web", "", "")]
#[case("the db is !down, restarting", "the db is, restarting", "", "", "")]
#[case("!down the db", "the db", "", "", "")]
#[case("a ^kvn b", "a b", "", "", "")]
#[case("ticket #4412", "ticket #4412", "", "", "")]
#[case("ticket #4412 #storage", "ticket #4412", "", "", "storage")]
#[case("fixed in #11 and PR #12a", "fixed in #11 and PR #12a", "", "", "")]
#[case("#5xx rising #storage", "#5xx rising", "", "", "storage")]
#[case("#define DEBUG 1", "#define DEBUG 1", "", "", "")]
#[case("**@web** is slow", "**web** is slow", "Web", "", "")]
#[case(
    "slow is *@web*, _#storage_",
    "slow is *web*, _storage_",
    "Web",
    "",
    "storage"
)]
#[case("**\\@web** is slow", "**@web** is slow", "", "", "")]
#[case("see a*@web", "see a*@web", "", "", "")]
#[case("**10:06** : back", "back", "", "", "")]
#[case("10:06:10 : back", "back", "", "", "")]
#[case("10:06 :fire: on", ":fire: on", "", "", "")]
#[case("C# code by a@b.example", "C# code by a@b.example", "", "", "")]
#[case("saw 12:00 packets", "saw 12:00 packets", "", "", "")]
#[case("wow! a != b", "wow! a != b", "", "", "")]
#[case(
    "mail \\@ann \\#tag \\!down \\^kvn \\tell: x",
    "mail @ann #tag !down ^kvn tell: x",
    "",
    "",
    ""
)]
#[case("C:\\temp \\d+ \\\\srv\\x", "C:\\temp \\d+ \\\\srv\\x", "", "", "")]
#[case("\\\\@ann", "\\@ann", "", "", "")]
#[case("hi @nobody", "hi @nobody", "", "", "")]
#[case("@BOB: hi #a #A", "BOB: hi", "", "Bob", "a")]
#[case("\\fault: x", "fault: x", "", "", "")]
#[case("\\10:06 x", "10:06 x", "", "", "")]
#[case("why: and not: in a note", "why: and not: in a note", "", "", "")]
#[case("two\nlines #storage", "two\nlines", "", "", "storage")]
#[case("pressed ^C, 2^10", "pressed ^C, 2^10", "", "", "")]
fn markers_parse_into_services_people_and_tags(
    #[case] line: &str,
    #[case] text: &str,
    #[case] services: &str,
    #[case] people: &str,
    #[case] tags: &str,
) {
    let read = read(line);
    assert_eq!(read.text.as_deref(), Some(text), "{line}");
    assert_eq!(names(&read.services), services, "{line}");
    assert_eq!(names(&read.people), people, "{line}");
    assert_eq!(names(&read.tags), tags, "{line}");
}

#[test]
fn unknown_names_are_kept_with_a_notice() {
    assert!(read("hi @nobody").notices[0].contains("kept as text"));
    assert!(read("hi @onlien-db").notices[0].contains("did you mean @online-db?"));
    let asked = event("ask: check replica lag @carol 5m");
    assert_eq!(
        (&*asked.text, asked.people.concat()),
        ("check replica lag", "carol".into())
    );
    // On an event with a state, a name is a service.
    let named = read("fault: it broke @cache !down");
    assert_eq!(names(&named.services), "cache");
    assert!(named.notices[0].contains("@cache is a new service here"));
    assert_eq!(event("restore: @cache is back").services, ["cache"]);
    let unknown = read("fault: @cache,@disk broken");
    assert_eq!(names(&unknown.services), "cache,disk");
    assert!(unknown.notices[0].contains("@cache is a new service here"));
    assert_eq!(event("fault: asked @bob").people, ["Bob"]);
}

#[test]
fn what_looks_like_a_kind_or_a_state_and_is_text_gives_a_notice() {
    for (line, notice) in [
        ("[fault] db halted", "did you mean `fault:`"),
        ("**Fault:** db halted", "did you mean `fault:`"),
        ("(restore) back", "did you mean `restore:`"),
        ("mitigation: failed over", "did you mean `mitigate:`"),
        ("acked: on it", "did you mean `ack:`"),
        ("verified: all green", "did you mean `verify:`"),
        ("decided: fail over", "did you mean `decision:`"),
        ("it broke @web:down", "a state is written `!down`"),
        (
            "web is down",
            "`web is down` sets no state; `@Web !down` does",
        ),
        ("@web: down", "`@Web !down` does"),
        ("@online-db up", "`@online-db !ok` does"),
        (
            "the image is found done: ^kvn",
            "it closes a request at the beginning",
        ),
        ("@web if (!down) return;", "`!down` was kept as text"),
        ("@web is lost (!down).", "`!down` was kept as text"),
        ("lost (!down @web)", "`!down` was kept as text"),
        (
            "@web is not !down but slow",
            "`!down` was read as the state",
        ),
        ("@web isn't !down", "`!down` was read as the state"),
    ] {
        let notices = read(line).notices.concat();
        assert!(notices.contains(notice), "{line}: {notices}");
    }
    for line in [
        "[web] halted",
        "*all* is well",
        "it broke @web: down to 3 nodes",
        "lost (@web !down)",
        "run `if (!down) return`",
        "**!down** @web again",
    ] {
        assert_eq!(read(line).notices.concat(), "", "{line}");
    }
    assert!(wrong("it is !down/!degraded @web").message.contains("both"));
}

#[test]
fn what_is_found_or_planned_may_name_another_time() {
    for line in [
        "finding: the deploy at 10:06 halved the pool",
        "finding: 25 Nov backup is good",
        "suspect: the 10:06 deploy",
        "comms: next update 15:30",
        "decision: postmortem on Monday at 10:00",
        "ask: call the vendor at 16:00 @bob",
    ] {
        assert_eq!(read(line).notices.concat(), "", "{line}");
    }
    for line in [
        "detect: 10:06 error rate",
        "change: 10:06 deploy",
        "alarm cleared at 10:06",
    ] {
        let notices = read(line).notices.concat();
        assert!(
            notices.contains("`10:06`") && notices.contains("was kept as text"),
            "{line}: {notices}"
        );
    }
}

#[test]
fn person_in_place_of_a_service_is_said() {
    let mut context = context();
    context.services.truncate(1);
    let notices = |line: &str, context: &Context<'_>| {
        parse(line, &Flags::default(), context)
            .unwrap()
            .notices
            .concat()
    };
    for line in [
        "restore: @bob is back",
        "fault: x @bob !down",
        "fault: x @bob",
    ] {
        let said = notices(line, &context);
        assert!(
            said.contains("@Bob is a person here, so the state is that of @online-db"),
            "{line}: {said}"
        );
    }
    for line in ["fault: @\"my web\" is down !down", "restore: @\"my web\""] {
        let said = notices(line, &context);
        assert!(
            said.contains("so the state is not that of my web: it is that of @online-db"),
            "{line}: {said}"
        );
    }
    for line in [
        "restore: @online-db by @bob",
        "action: @bob restarts it",
        "handoff: @bob",
        "ask: look @bob 5m",
    ] {
        assert_eq!(notices(line, &context), "", "{line}");
    }
    context.services.clear();
    let said = notices("fault: x @bob !down", &context);
    assert!(said.contains("the state is that of the incident"), "{said}");
}

#[rstest]
#[case("ask: restart it @bob 1h 30m", "restart it", Some(5400))]
#[case("ask: restart it within 5 minutes", "restart it", Some(300))]
#[case(
    "ask: restart it within 1 hour 30 minutes @bob",
    "restart it",
    Some(5400)
)]
#[case(
    "ask: check the errors of the last 5m",
    "check the errors of the last 5m",
    None
)]
#[case("ask: restart it in 5m", "restart it", Some(300))]
#[case("ask: fail over in 10 minutes @bob", "fail over", Some(600))]
#[case(
    "ask: raise the timeout to 10 minutes",
    "raise the timeout to 10 minutes",
    None
)]
#[case("ask: restart it in  5m", "restart it in", Some(300))]
#[case("ask: restart it @bob 5 min", "restart it bob 5 min", None)]
#[case("ask: restart it @bob 5m.", "restart it bob 5m.", None)]
#[case("ask: raise the timeout to 5m.", "raise the timeout to 5m.", None)]
#[case("ask: is it back @bob by 16:30", "is it back bob by 16:30", None)]
#[case("ask: is it back @bob before 5pm.", "is it back bob before 5pm.", None)]
#[case("ask: is it back @bob by 5 PM", "is it back bob by 5 PM", None)]
#[case(
    "ask: is it back @bob until tomorrow",
    "is it back bob until tomorrow",
    None
)]
#[case(
    "ask: was it slow before 10 deploys",
    "was it slow before 10 deploys",
    None
)]
#[case("ask: reduce it by 10", "reduce it by 10", None)]
#[case("ask: speed it up by 10x", "speed it up by 10x", None)]
#[case("ask: is it back by 16:30 10m", "is it back by 16:30", Some(600))]
fn time_box_is_the_end_of_a_request_and_no_word_of_it(
    #[case] line: &str,
    #[case] text: &str,
    #[case] seconds: Option<u32>,
) {
    let read = read(line);
    assert_eq!(read.time_box_secs, seconds, "{line}");
    let kept = read.notices.concat();
    let is_said = kept.contains("was kept as text: a request is given a time");
    assert_eq!(
        is_said,
        line.contains("@bob ") && seconds.is_none(),
        "{line}: {kept}"
    );
    let event = event(line);
    assert_eq!(event.text, text, "{line}");
    assert_eq!(
        super::event(&format_line(&event, &context())),
        event,
        "{line}"
    );
}

#[test]
fn state_requires_service_when_several_exist() {
    let error = wrong("fault: it broke !down");
    assert!(
        error.message.contains("down")
            && error.hint.contains("@online-db")
            && error.hint.contains("@all"),
        "{}",
        error.hint
    );
    assert!(wrong("restore: it works").hint.contains("@Web"));
    assert_eq!(
        event("fault: it broke !down @all").services,
        ["online-db", "Web"]
    );
    assert!(wrong("fault: x !down @all @web").hint.contains("@all"));
    for unsaid in ["fault: it broke", "absorbed: the mirror took over"] {
        assert!(event(unsaid).services.is_empty(), "{unsaid}");
    }
    let mut context = context();
    context.nameless_is_unwell = true;
    let all = parse("restore: back @all", &Flags::default(), &context).unwrap();
    assert!(
        all.into_event(&context).unwrap().services.is_empty(),
        "the nameless service as well"
    );
    context.services.truncate(1);
    for line in ["fault: it broke", "absorbed: the mirror took over"] {
        let one = parse(line, &Flags::default(), &context).unwrap();
        assert_eq!(one.into_event(&context).unwrap().services, ["online-db"]);
    }
    let one = parse("it broke !down", &Flags::default(), &context).unwrap();
    assert_eq!(one.into_event(&context).unwrap().services, ["online-db"]);
    context.services.clear();
    let none = parse("it broke !down", &Flags::default(), &context).unwrap();
    assert!(none.into_event(&context).unwrap().services.is_empty());
}

#[rstest]
#[case("x !broken", 2..9, "down")]
#[case("x !sev1", 2..7, "set severity")]
#[case("x !down !ok", 8..11, "two lines")]
#[case("x ^kxx", 2..6, "kvnqqq")]
#[case("x ^kz", 2..5, "kzkzkz")]
#[case("25:00 x", 0..5, "hours")]
#[case("  10:06 IST x", 8..11, "+02:00")]
#[case("x tell:", 2..7, "tell: -")]
#[case("", 0..0, "write")]
#[case("  #storage", 0..0, "write")]
#[case("fault:", 0..0, "write")]
#[case("done: it", 0..0, "^kvn")]
#[case("a\0b", 1..2, "leave it out")]
fn parse_error_has_range_and_hint(
    #[case] line: &str,
    #[case] range: Range<usize>,
    #[case] hint: &str,
) {
    let error = wrong(line);
    assert_eq!(error.range, range, "{line}: {error}");
    assert!(error.hint.contains(hint), "{line}: {}", error.hint);
}

#[test]
fn alias_of_several_words_is_a_kind() {
    let mut context = context();
    let alias = ("root cause".to_owned(), "cause".to_owned());
    context.aliases.extend([alias]);
    for (line, kind, text) in [
        ("Root cause: the pool", Kind::Cause, "the pool"),
        ("10:06 root cause: the pool", Kind::Cause, "the pool"),
        ("\\root cause: the pool", Kind::Note, "root cause: the pool"),
        ("root causes: the pool", Kind::Note, "root causes: the pool"),
    ] {
        let parsed = parse(line, &Flags::default(), &context).unwrap();
        let event = parsed.into_event(&context).unwrap();
        assert_eq!((event.kind, &*event.text), (kind, text), "{line}");
    }
}

#[test]
fn name_with_another_space_is_that_of_the_person() {
    let people = || vec!["Ann Lee".to_owned()];
    let context = context().with_find_people(people);
    for line in [
        "ask: check @\"Ann\u{a0}Lee\" 5m",
        "handoff: @\"Ann\u{202f}Lee\"",
        "handoff @\"Ann Lee\"",
    ] {
        let parsed = parse(line, &Flags::default(), &context).unwrap();
        assert_eq!(parsed.notices, [""; 0], "{line}");
        let event = parsed.into_event(&context).unwrap();
        let named = event.commander.as_ref().or(event.people.first());
        assert_eq!(named.map(String::as_str), Some("Ann Lee"), "{line}");
    }
}

#[test]
fn tell_is_ignored_unless_allowed() {
    let mut context = context();
    context.allow_customer_wording = false;
    let plain = parse("x tell: Customers", &Flags::default(), &context).unwrap();
    assert_eq!(
        (plain.text.as_deref(), plain.customer),
        (Some("x tell: Customers"), None)
    );
    assert!(plain.notices[0].contains("not honoured"));
    assert_eq!(
        read("x tell: We @ann #x !no ^y").customer,
        Some(Some("We @ann #x !no ^y".into()))
    );
    assert_eq!(read("tell: -").customer, Some(None));
    for line in ["x tell:Customers", "x Tell: Customers"] {
        let read = read(line);
        assert_eq!((read.customer, read.notices.len()), (None, 1));
    }
    assert!(read("we retell: x").notices.is_empty());
}

#[test]
fn comms_audience_and_handoff_commander_parse() {
    assert_eq!(
        event("comms/execs: told them").audience.as_deref(),
        Some("execs")
    );
    assert_eq!(
        event("com/customer: told them").audience.as_deref(),
        Some("customers")
    );
    assert_eq!(event("comms: told them").audience, None);
    assert!(event("comms: tell: We are on it.").text.is_empty());
    for (line, who, text) in [
        ("handoff: @bob", "Bob", "Bob"),
        ("handoff @carol", "carol", "carol"),
        ("handoff: carol", "carol", "carol"),
        ("handoff: @carol has it now", "carol", "carol has it now"),
        ("han: BOB", "Bob", "BOB"),
    ] {
        let e = event(line);
        assert_eq!(
            (e.commander.as_deref(), &*e.text),
            (Some(who), text),
            "{line}"
        );
    }
    assert!(read("handoff: carol takes over").notices[0].contains("@who"));
}

#[test]
fn flags_override_inline_markers() {
    let flags = Flags {
        at: Some("10:06".into()),
        kind: Some("dec".into()),
        state: Some("degraded".into()),
        tags: vec!["#a".into(), "b".into()],
        services: vec!["web".into()],
        customer: Some("We know.".into()),
        ..Flags::default()
    };
    let text = "10:07 fault: x !down #c @online-db @ann tell: no";
    let line = parse(text, &flags, &context()).unwrap();
    assert_eq!(
        line.when.as_ref().unwrap().at.to_rfc3339(),
        "2012-08-16T10:06:00-04:00"
    );
    assert_eq!(line.kind, Some(Kind::Decision));
    assert_eq!(line.state, Some(State::Degraded));
    assert_eq!(names(&line.tags), "a,b");
    assert_eq!(names(&line.services), "Web");
    assert_eq!(names(&line.people), "ann");
    assert_eq!(line.customer, Some(Some("We know.".into())));
    assert_eq!(
        line.text.as_deref(),
        Some("10:07 fault: x !down #c @online-db ann tell: no")
    );
    for (flags, says) in [
        (
            Flags {
                at: Some(String::new()),
                ..Flags::default()
            },
            "--at",
        ),
        (
            Flags {
                at: Some("10:06 x".into()),
                ..Flags::default()
            },
            "--at",
        ),
        (
            Flags {
                kind: Some("hunch".into()),
                ..Flags::default()
            },
            "--kind",
        ),
        (
            Flags {
                kind: Some("resolve".into()),
                ..Flags::default()
            },
            "--kind",
        ),
        (
            Flags {
                state: Some("bad".into()),
                ..Flags::default()
            },
            "--state",
        ),
        (
            Flags {
                links: vec!["kz".into()],
                ..Flags::default()
            },
            "--link",
        ),
    ] {
        assert!(
            parse("x", &flags, &context())
                .unwrap_err()
                .message
                .starts_with(says)
        );
    }
    let mut literal = context();
    literal.literal = true;
    let all = "10:06 fault: \\@ann #x !nope tell: no";
    let line = parse(all, &Flags::default(), &literal).unwrap();
    assert_eq!(line.text.as_deref(), Some(&all[6..]));
    assert!(line.when.is_some() && line.kind.is_none() && line.customer.is_none());
}

#[test]
fn oversized_line_is_rejected_and_parsing_is_fast() {
    let begun = std::time::Instant::now();
    for piece in [
        "a", "@x ", "\\", "!down ", "#a#", "10:06 ", "((((", "why: ", "1m", "-1h", "tell:",
    ] {
        let huge = piece.repeat(1_000_000 / piece.len());
        let error = wrong(&huge);
        assert!(error.message.contains("more than 65536 bytes"), "{error}");
        let full = piece.repeat(MAX_LINE_BYTES / piece.len());
        for head in ["", "fault: ", "ask: ", "decision: "] {
            let line = format!("{head}{}", &full[..full.len() - 16]);
            let _ =
                parse(&line, &Flags::default(), &context()).map(|read| read.into_event(&context()));
        }
    }
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn parsed_tokens_are_marked_with_their_ranges() {
    let line = "10:06 fault: @web broke #a !down ^kvn \\@x 5m tell: We.";
    let read = read(line);
    let marked: Vec<(&str, TokenKind)> = read
        .tokens
        .iter()
        .map(|(r, m)| (&line[r.clone()], *m))
        .collect();
    assert_eq!(
        marked,
        [
            ("10:06", TokenKind::When),
            ("fault:", TokenKind::Kind),
            ("@web", TokenKind::Service),
            ("#a", TokenKind::Tag),
            ("!down", TokenKind::State),
            ("^kvn", TokenKind::Link),
            ("\\", TokenKind::Escape),
            ("tell:", TokenKind::PartKeyword),
            ("We.", TokenKind::CustomerWording),
        ]
    );
}

#[test]
fn completion_offers_kinds_names_tags_and_states() {
    let offers = |line: &str| -> Vec<String> {
        complete(line, line.len(), &context())
            .into_iter()
            .map(|c| format!("{} {}", &line[..c.replace.start], c.text))
            .collect()
    };
    assert_eq!(offers("fa"), [" fault:", " factor:"]);
    assert_eq!(offers("10:06 abs"), ["10:06  absorbed:"]);
    // And `done:` and `tell:`.
    assert_eq!(offers("").len(), CAPTURE_KINDS.len() + 2);
    assert_eq!(
        offers("fault: x !d"),
        ["fault: x  !down", "fault: x  !degraded"]
    );
    assert_eq!(
        offers("x @"),
        ["x  @online-db", "x  @Web", "x  @all", "x  @ann", "x  @Bob"]
    );
    assert_eq!(offers("x @w"), ["x  @Web"]);
    assert_eq!(offers("x #s"), ["x  #storage"]);
    assert!(offers("some fa").is_empty());
    assert!(offers("x tell: We @").is_empty());
    assert!(complete("é", 1, &context()).is_empty());
}

/// The line as an event where Mia Wong, Ann Lee and ann are known, and the commander that it names.
fn among_full_names(line: &str) -> (ParsedLine, Event) {
    let people = || ["Mia Wong", "ann", "Ann Lee"].map(str::to_owned).to_vec();
    let context = context().with_find_people(people);
    let read = parse(line, &Flags::default(), &context).unwrap();
    (read.clone(), read.into_event(&context).unwrap())
}

#[test]
fn known_name_of_several_words_needs_no_quotes() {
    for (line, people, commander, text) in [
        (
            "handoff: @Mia Wong takes over",
            "",
            "Mia Wong",
            "Mia Wong takes over",
        ),
        ("handoff: @Ann Lee", "", "Ann Lee", "Ann Lee"),
        ("handoff: @ann", "", "ann", "ann"),
        ("handoff: @ann, Lee is out", "", "ann", "ann, Lee is out"),
        ("handoff: @ann -> @Mia Wong", "ann", "Mia Wong", "ann ->"),
        ("ask: check @mia  WONG 5m", "Mia Wong", "", "check"),
        (
            "decision: go by @Mia Wong,@Ann Lee",
            "Mia Wong Ann Lee",
            "",
            "go by Mia Wong,Ann Lee",
        ),
        ("note: said \\@Mia Wong", "", "", "said @Mia Wong"),
        (
            "note: as @\"Mia Wong\" said",
            "Mia Wong",
            "",
            "as Mia Wong said",
        ),
        ("fault: @web Wong failed !down", "", "", "web Wong failed"),
    ] {
        let (_, event) = among_full_names(line);
        assert_eq!(event.people.join(" "), people, "{line}");
        assert_eq!(
            event.commander.as_deref().unwrap_or_default(),
            commander,
            "{line}"
        );
        assert_eq!(event.text, text, "{line}");
    }
}

#[test]
fn name_that_may_be_shorter_or_longer_is_said() {
    for (line, notice) in [
        ("handoff: @Ann Lee", "@ann is known as well"),
        ("handoff: @Zoe Quill takes over", "`@\"Zoe Quill\"`"),
        ("ask: check @Raj Patel 5m", "`Patel` as text"),
    ] {
        let (read, _) = among_full_names(line);
        let is_said = read.notices.iter().any(|said| said.contains(notice));
        assert!(is_said, "{line}: {:?}", read.notices);
    }
    for line in [
        "handoff: @Mia Wong",
        "ask: @ann check the lag 5m",
        "@ann said so",
        "@ann: Go",
    ] {
        let (read, _) = among_full_names(line);
        assert_eq!(read.notices, [""; 0], "{line}");
    }
}

#[test]
fn line_that_begins_like_a_command_says_that_it_is_text() {
    for line in [
        "resolve all good",
        "13:50 resolve",
        "Resolved.",
        "reopen again @web",
        "declare it",
    ] {
        let notices = event_notices(line);
        assert!(
            notices.contains("was kept as text: `bridgelog "),
            "{line}: {notices}"
        );
    }
    for line in [
        "resolver is slow",
        "note: resolve it",
        "\\resolve it",
        "we resolve it",
        "reopening",
    ] {
        assert_eq!(event_notices(line), "", "{line}");
    }
    assert_eq!(event("\\resolve it").text, "resolve it");
}

fn event_notices(line: &str) -> String {
    let mut context = context();
    context.now = crate::domain::time::parse_utc("2012-08-16T22:00:00Z").unwrap();
    let read = parse(line, &Flags::default(), &context).unwrap();
    read.notices.join("; ")
}
