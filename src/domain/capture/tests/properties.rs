use super::*;
use crate::domain::words::{CAPTURE_KINDS, Severity};
use proptest::prelude::*;

/// Words and markers of lines, valid and invalid.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "10:06", "~10:06", "-12m", "10:06-10:20", "yesterday", "Thu", "EDT", "fault:", "dec:", "ask:",
            "done:", "comms/execs:", "handoff", "handoff:", "resolve:", "nginx:", "why:", "not:", "tell:",
            "\\tell:", "@online-db", "@web", "@ann", "@nobody", "@all", "#storage", "#4412", "!down", "!ok",
            "!no", "^kvn", "^kz", "^C", "5m", "\\@ann", "\\\\#x", "\\", "(@ann)", "wow!", "C#", "a@b.example",
            "!down,", "..", "~", "am", "\n", "é", "\u{202e}", "«@web»", "2012-08-16", "\\10:06", "\\fault:",
            "'@web'", "@online-db's", "note:", "Europe/Berlin", "- 10:20", "+02:00", "\\5m", "1h30m",
            "within", "within 5m", "\\within",
        ]).prop_map(str::to_owned),
        2 => "[a-z]{1,8}",
        1 => "\\PC{0,6}",
        1 => "[\\\\@#!^:~a-z0-9 .\\n\\t()-]{0,10}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 0..8)
        .prop_map(|words| words.join(" ").replace('\0', "").trim().to_owned())
}

fn part() -> impl Strategy<Value = Option<String>> {
    prop::option::of(text()).prop_map(|part| part.filter(|p| !p.is_empty()))
}

prop_compose! {
    fn events()(
        seconds in 1_000_000_000i64..1_345_000_000, length in prop::option::of(1i64..90_000), approximate in any::<bool>(),
        zone in 0..4usize, kind in 0..18usize, text in text(), why in part(), not in part(), customer in part(),
        services in prop::sample::subsequence(vec!["online-db", "Web"], 0..=2),
        state in prop::option::of(prop::sample::select(State::ALL.to_vec())),
        tags in prop::sample::subsequence(vec!["storage", "a-b", "Ünï", "v1.2/x"], 0..=4),
        people in prop::sample::subsequence(vec!["ann", "Bob"], 0..=2),
        asked in prop::sample::subsequence(vec!["zoe"], 0..=1),
        links in prop::sample::subsequence(vec![1u128, 2, 3], 0..=3),
        closes in any::<bool>(), audience in prop::option::of(prop::sample::select(vec!["execs", "customers", "legal"])),
        within in prop::option::of(1u32..200_000), commander in prop::sample::select(vec!["ann", "carol"]),
    ) -> Event {
        let zone = ["America/New_York", "Europe/Berlin", "UTC", "Africa/Casablanca"][zone];
        let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        let stamp = |at| Zone::find(zone).unwrap().to_local(at);
        let kind = CAPTURE_KINDS[kind].clone();
        let own = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect::<Vec<_>>();
        Event {
            zone: zone.to_owned(),
            approximate,
            end: length.map(|l| stamp(at + chrono::TimeDelta::seconds(l))),
            rationale: why.filter(|part| kind == Kind::Decision && part != "-"),
            rejected: not.filter(|part| kind == Kind::Decision && part != "-"),
            customer: customer.filter(|c| {
                c != "-" && (kind != Kind::Comms || audience.is_none_or(|to| to == "customers"))
            }),
            services: own(services),
            state: state.map(Into::into),
            tags: own(tags),
            people: if kind == Kind::Ask { own(asked) } else { own(people) },
            links: links.into_iter().map(id).collect(),
            closes: closes && kind == Kind::Note,
            audience: audience.map(str::to_owned).filter(|_| kind == Kind::Comms),
            time_box_secs: within.filter(|_| kind == Kind::Ask),
            commander: Some(commander.to_owned()).filter(|_| kind == Kind::Handoff),
            ..Event::new(stamp(at), kind, text)
        }
    }
}

/// True for an event that a new line can create.
fn could_be(event: &Event) -> bool {
    // Marks alone are no text.
    let is_text = |c: char| !c.is_whitespace() && !"-–—|·•*:.,;_".contains(c);
    let says_nothing =
        !event.text.contains(is_text) && event.kind != Kind::Ack && event.state.is_none();
    let closes_nothing = event.closes && event.links.is_empty();
    let nameless = event.kind == Kind::Handoff && event.text.is_empty();
    !says_nothing && !closes_nothing && !nameless
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn parsing_never_panics_and_ranges_are_valid(line in prop_oneof![text(), "(?s).{0,60}", "\\PC*"], cursor in 0..80usize, wording in any::<bool>()) {
        let mut context = context();
        context.allow_customer_wording = wording;
        for line in [line.clone(), format!("ask: {line}"), format!("decision: {line}"), format!("handoff: {line}")] {
            match parse(&line, &Flags::default(), &context) {
                Ok(read) => {
                    for (range, _) in &read.tokens {
                        prop_assert!(line.get(range.clone()).is_some(), "{line:?} {range:?}");
                    }
                    prop_assert!(read.tokens.windows(2).all(|w| w[0].0.end <= w[1].0.start), "{line:?} {:?}", read.tokens);
                    for text in [&read.text, &read.rationale, &read.rejected].into_iter().flatten() {
                        prop_assert!(!text.is_empty() && text.trim() == text);
                    }
                    if let Ok(event) = read.clone().into_event(&context) {
                        let _ = read.patch(&event, &context);
                    }
                }
                Err(error) => {
                    prop_assert!(line.get(error.range.clone()).is_some(), "{line:?} {:?}", error.range);
                    prop_assert!(!error.message.is_empty() && !error.hint.is_empty());
                }
            }
            for offer in complete(&line, cursor.min(line.len()), &context) {
                prop_assert!(line.get(offer.replace.clone()).is_some());
            }
        }
    }

    #[test]
    fn printed_event_parses_back(event in events()) {
        let context = context();
        let line = format_line(&event, &context);
        if could_be(&event) {
            let read = parse(&line, &Flags::default(), &context);
            prop_assert!(read.is_ok(), "{line:?}: {read:?}");
            let again = read.unwrap().into_event(&context);
            prop_assert!(again.is_ok(), "{line:?}: {again:?}");
            let again = again.unwrap();
            prop_assert_eq!(again.at.offset(), event.at.offset());
            // `@all` is written out as the services known now.
            let services = match event.services.as_slice() {
                [] if event.is_of_all_services() => context.services.clone(),
                named => named.to_owned(),
            };
            let event = Event { services, ..event.clone() };
            prop_assert_eq!(&again, &event, "{:?}", line);
        }
        // An unedited line changes nothing.
        let odd = Event { severity: Severity::new(1).map(Into::into), number: Some(7), ..event.clone() };
        let line = format_line(&odd, &context);
        let read = parse(&line, &Flags::default(), &context);
        prop_assert!(read.is_ok(), "{line:?}: {read:?}");
        prop_assert_eq!(read.unwrap().rewrite(&odd, &context).unwrap(), odd, "{:?}", line);
    }

    #[test]
    fn parsed_line_prints_to_same_event(line in text()) {
        let context = context();
        if let Ok(event) = parse(&line, &Flags::default(), &context).and_then(|read| read.into_event(&context)) {
            let printed = format_line(&event, &context);
            let again = parse(&printed, &Flags::default(), &context).and_then(|read| read.into_event(&context));
            let mut whole = event.clone();
            whole.end = event.end;
            prop_assert!(again.is_ok(), "{line:?} {printed:?}: {again:?}");
            let again = again.unwrap();
            prop_assert_eq!(again, whole, "{:?} {:?}", line, printed);
        }
    }
}
