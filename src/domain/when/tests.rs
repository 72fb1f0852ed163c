use super::*;
use crate::domain::time::instant;
use rstest::rstest;

fn ny() -> Zone {
    Zone::find("America/New_York").unwrap()
}

/// Thursday, 16 August 2012, 10:18:42 in New York.
fn at(now: &str) -> Instant {
    instant(now).unwrap()
}

fn read(text: &str) -> Result<When, WhenError> {
    read_at(text, "2012-08-16T10:18:42-04:00")
}

fn read_at(text: &str, now: &str) -> Result<When, WhenError> {
    let zone = ny();
    parse(
        text,
        &Now {
            now: at(now),
            zone: &zone,
            span: None,
            day: None,
        },
    )
}

fn shown(when: &When) -> String {
    let end = when
        .end
        .map_or(String::new(), |end| format!("..{}", end.to_rfc3339()));
    let about = if when.approximate { "~" } else { "" };
    format!("{about}{}{end} {}", when.at.to_rfc3339(), when.zone)
        .trim_end()
        .to_owned()
}

#[rstest]
#[case("10:06", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("9:06", "2012-08-16T09:06:00-04:00 America/New_York")]
#[case("10:06:30", "2012-08-16T10:06:30-04:00 America/New_York")]
#[case("10:06 am", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("10:06am", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("10:06 a.m.", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("10:06 PM", "2012-08-15T22:06:00-04:00 America/New_York")]
#[case("12:30 am", "2012-08-16T00:30:00-04:00 America/New_York")]
#[case("12:30 p.m.", "2012-08-15T12:30:00-04:00 America/New_York")]
#[case("10 am", "2012-08-16T10:00:00-04:00 America/New_York")]
#[case("~10:06", "~2012-08-16T10:06:00-04:00 America/New_York")]
#[case("10:06~", "~2012-08-16T10:06:00-04:00 America/New_York")]
#[case("-12m", "2012-08-16T10:06:42-04:00 America/New_York")]
#[case("-1h30m", "2012-08-16T08:48:42-04:00 America/New_York")]
#[case("12m ago", "2012-08-16T10:06:42-04:00 America/New_York")]
#[case("2 hours 5 minutes ago", "2012-08-16T08:13:42-04:00 America/New_York")]
#[case("~12m ago", "~2012-08-16T10:06:42-04:00 America/New_York")]
#[case("yesterday 23:50", "2012-08-15T23:50:00-04:00 America/New_York")]
#[case("today 10:50", "2012-08-16T10:50:00-04:00 America/New_York")]
#[case("Thu 10:06", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("thursday 10:50", "2012-08-09T10:50:00-04:00 America/New_York")]
#[case("Wed 10:06", "2012-08-15T10:06:00-04:00 America/New_York")]
#[case("Aug 16 10:06", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("Aug 17 10:06", "2011-08-17T10:06:00-04:00 America/New_York")]
#[case("16 August 10:06", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("Aug 16, 2011, 10:06", "2011-08-16T10:06:00-04:00 America/New_York")]
#[case("Feb 29 10:06", "2012-02-29T10:06:00-05:00 America/New_York")]
#[case("2012-08-16 10:06", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("2012-08-16 10:06 +02:00", "2012-08-16T10:06:00+02:00")]
#[case("2012-08-16 10:06+02:00", "2012-08-16T10:06:00+02:00")]
#[case("10:06 -04:00", "2012-08-16T10:06:00-04:00")]
#[case("10:06 UTC", "2012-08-16T10:06:00+00:00 UTC")]
#[case("10:06Z", "2012-08-16T10:06:00+00:00 UTC")]
#[case("10:06 UTC+2", "2012-08-16T10:06:00+02:00")]
#[case("10:06 EDT", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("09:06 EST", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("07:06 PDT", "2012-08-16T07:06:00-07:00")]
#[case("07:06 pt", "2012-08-16T07:06:00-07:00 America/Los_Angeles")]
#[case("10:06 am EDT", "2012-08-16T10:06:00-04:00 America/New_York")]
#[case("16:06 Europe/Berlin", "2012-08-16T16:06:00+02:00 Europe/Berlin")]
#[case(
    "yesterday 16:06 europe/berlin",
    "2012-08-15T16:06:00+02:00 Europe/Berlin"
)]
#[case("2012-08-16T14:06:00Z", "2012-08-16T14:06:00+00:00 UTC")]
#[case("2012-08-16T10:06:00-04:00", "2012-08-16T10:06:00-04:00")]
#[case("2012-08-16T10:06:00.25-04:00", "2012-08-16T10:06:00.250-04:00")]
#[case("2012-08-16 10:06:00-04:00", "2012-08-16T10:06:00-04:00")]
#[case(
    "2012-08-16T10:06-04:00[America/New_York]",
    "2012-08-16T10:06:00-04:00 America/New_York"
)]
#[case("2012-11-04 01:30 EDT", "2012-11-04T01:30:00-04:00 America/New_York")]
#[case("2012-11-04 01:30 EST", "2012-11-04T01:30:00-05:00 America/New_York")]
#[case(
    "10:06-10:20",
    "2012-08-16T10:06:00-04:00..2012-08-16T10:20:00-04:00 America/New_York"
)]
#[case(
    "10:06–10:20",
    "2012-08-16T10:06:00-04:00..2012-08-16T10:20:00-04:00 America/New_York"
)]
#[case(
    "10:06 - 10:20",
    "2012-08-16T10:06:00-04:00..2012-08-16T10:20:00-04:00 America/New_York"
)]
#[case(
    "~10:06-10:20",
    "~2012-08-16T10:06:00-04:00..2012-08-16T10:20:00-04:00 America/New_York"
)]
#[case(
    "10:06..10:20",
    "2012-08-16T10:06:00-04:00..2012-08-16T10:20:00-04:00 America/New_York"
)]
#[case(
    "07:06-07:10 PDT",
    "2012-08-16T07:06:00-07:00..2012-08-16T07:10:00-07:00"
)]
#[case(
    "07:06 PDT-07:10",
    "2012-08-16T07:06:00-07:00..2012-08-16T07:10:00-07:00"
)]
#[case(
    "yesterday 23:50-00:10",
    "2012-08-15T23:50:00-04:00..2012-08-16T00:10:00-04:00 America/New_York"
)]
#[case(
    "yesterday 23:50..-10m",
    "2012-08-15T23:50:00-04:00..2012-08-16T10:08:42-04:00 America/New_York"
)]
#[case(
    "2012-08-15 23:50..2012-08-16 00:10",
    "2012-08-15T23:50:00-04:00..2012-08-16T00:10:00-04:00 America/New_York"
)]
#[case(" 10:06 ", "2012-08-16T10:06:00-04:00 America/New_York")]
fn forms(#[case] text: &str, #[case] meant: &str) {
    let when = read(text).unwrap_or_else(|e| unreachable!("{text}: {e} ({})", e.hint));
    assert_eq!(shown(&when), meant, "{text}");
    // What is read can be printed, and read again, in any incident.
    for zone in ["America/New_York", "UTC", "Europe/Berlin"].map(|n| Zone::find(n).unwrap()) {
        let printed = print(&when, &zone);
        let now = Now {
            now: at("2020-01-01T00:00:00Z"),
            zone: &zone,
            span: None,
            day: None,
        };
        let again = parse(&printed, &now).unwrap_or_else(|e| unreachable!("{printed}: {e}"));
        assert_eq!(shown(&again), shown(&when), "{printed}");
    }
}

#[rstest]
#[case("", "empty", 0..0)]
#[case("   ", "empty", 0..3)]
#[case("soon", "not a time", 0..4)]
#[case("yesterday", "no time of day", 0..9)]
#[case("2012-08-16", "no time of day", 0..10)]
#[case("25:00", "no clock shows", 0..5)]
#[case("10:60", "no clock shows", 0..5)]
#[case("24:00", "no clock shows", 0..5)]
#[case("13:00 pm", "no clock shows", 0..8)]
#[case("0:30 am", "no clock shows", 0..7)]
#[case("2012-02-30 10:06", "there is no day", 0..10)]
#[case("Feb 30 10:06", "february has no day 30", 0..6)]
#[case("10:06-", "the span has no end", 0..6)]
#[case("10:06..", "the span has no end", 0..7)]
#[case("10:06-soon", "the span has no end", 0..6)]
#[case("10:06-10:02", "ends before it begins", 0..11)]
#[case("2012-08-16 10:06..2012-08-15 10:20", "ends before it begins", 0..34)]
#[case("2012-08-16 10:06:00-11:00", "offset or the end of a span", 0..25)]
#[case("10:06 -10:20", "no offset", 6..12)]
#[case("10:06 CEST", "CEST", 6..10)]
#[case("10:06 XYZ", "XYZ", 6..9)]
#[case("10:06 Europe/Berln", "Europe/Berln", 6..18)]
#[case("10:06 Mars/Olympus", "Mars/Olympus", 6..18)]
#[case("10:06 fault", "`fault`", 6..11)]
#[case("10:06 and then some", "not part of a time", 6..19)]
#[case("1969-12-31 10:06", "1970", 0..16)]
#[case("1970-01-01 00:06 +02:00", "1970", 0..23)]
#[case("-999999999999999h", "1970", 0..17)]
#[case("-99999999999999999999999h", "1970", 0..25)]
#[case("9999-12-31 23:30 -05:00", "9999", 0..23)]
#[case("2012-08-16T10:06-05:00[America/New_York]", "was not at -05:00", 0..40)]
#[case("2012-03-11 02:30", "clocks went from 02:00 to 03:00", 0..16)]
#[case("2012-11-04 01:30", "in EDT (-04:00), then in EST (-05:00)", 0..16)]
fn refused(#[case] text: &str, #[case] says: &str, #[case] range: Range<usize>) {
    let error = read(text).expect_err(text);
    assert!(error.message.contains(says), "{text}: {error}");
    assert!(!error.hint.is_empty());
    assert_eq!(error.range, range, "{text}: {error}");
}

#[test]
fn each_reading_of_a_fold_can_be_typed_as_the_hint_says() {
    for (name, text) in [
        ("America/New_York", "2012-11-04 01:30"),
        ("Europe/Berlin", "2012-10-28 02:30"),
        ("Australia/Lord_Howe", "2012-04-01 01:45"),
        ("Africa/Casablanca", "2024-03-10 02:30"),
    ] {
        let zone = Zone::find(name).unwrap();
        let now = Now {
            now: at("2025-01-01T00:00:00Z"),
            zone: &zone,
            span: None,
            day: None,
        };
        let error = parse(text, &now).expect_err(text);
        let typed: Vec<&str> = error.hint.split('`').skip(1).step_by(2).collect();
        assert_eq!(typed.len(), 2, "{}", error.hint);
        let [one, two] = [typed[0], typed[1]].map(|t| parse(t, &now).unwrap());
        assert!(one.at < two.at, "{}", error.hint);
        for when in [one, two] {
            assert_eq!(
                parse(
                    &print(
                        &When {
                            zone: name.into(),
                            ..when.clone()
                        },
                        &zone
                    ),
                    &now
                )
                .unwrap()
                .at,
                when.at
            );
        }
    }
}

#[test]
fn gaps_are_refused_wherever_they_are() {
    for (name, text) in [
        ("America/New_York", "2012-03-11 02:30"),
        ("Europe/Berlin", "2012-03-25 02:30"),
        ("Australia/Lord_Howe", "2012-10-07 02:15"),
        ("Africa/Casablanca", "2024-04-14 02:30"),
    ] {
        let zone = Zone::find(name).unwrap();
        let now = Now {
            now: at("2025-01-01T00:00:00Z"),
            zone: &zone,
            span: None,
            day: None,
        };
        assert!(
            parse(text, &now)
                .expect_err(text)
                .message
                .contains("clocks went from")
        );
        assert!(parse(&format!("{text} +00:00"), &now).is_ok());
    }
    assert!(read_at("02:30", "2012-03-11T10:00:00-04:00").is_err());
}

#[test]
fn a_bare_time_is_the_latest_past_one() {
    for (now, text, meant) in [
        (
            "2012-08-16T10:06:00-04:00",
            "10:11",
            "2012-08-16T10:11:00-04:00",
        ),
        (
            "2012-08-16T10:06:00-04:00",
            "10:12",
            "2012-08-15T10:12:00-04:00",
        ),
        (
            "2012-08-16T00:02:00-04:00",
            "23:58",
            "2012-08-15T23:58:00-04:00",
        ),
        (
            "2012-08-15T23:58:00-04:00",
            "00:02",
            "2012-08-16T00:02:00-04:00",
        ),
        (
            "2012-08-16T22:00:00-04:00",
            "03:30 UTC",
            "2012-08-16T03:30:00+00:00",
        ),
        // The second 01:30 is still to come.
        (
            "2012-11-04T01:45:00-04:00",
            "01:30",
            "2012-11-04T01:30:00-04:00",
        ),
    ] {
        assert_eq!(
            read_at(text, now).unwrap().at.to_rfc3339(),
            meant,
            "{text} at {now}"
        );
    }
}

fn over(text: &str, now: &str, start: &str, end: &str) -> Result<When, WhenError> {
    let zone = ny();
    let span = Some((at(start), at(end)));
    parse(
        text,
        &Now {
            now: at(now),
            zone: &zone,
            span,
            day: None,
        },
    )
}

#[test]
fn once_it_is_over_a_bare_time_is_looked_for_inside() {
    let incident = |text: &str| {
        over(
            text,
            "2012-08-20T09:00:00-04:00",
            "2012-08-16T10:06:30-04:00",
            "2012-08-16T12:00:00-04:00",
        )
    };
    assert_eq!(
        incident("11:00").unwrap().at.to_rfc3339(),
        "2012-08-16T11:00:00-04:00"
    );
    assert_eq!(
        incident("10:06").unwrap().at.to_rfc3339(),
        "2012-08-16T10:06:00-04:00"
    );
    assert_eq!(
        incident("Thu 11:00").unwrap().at.to_rfc3339(),
        "2012-08-16T11:00:00-04:00"
    );
    assert_eq!(
        incident("-12m").unwrap().at.to_rfc3339(),
        "2012-08-20T08:48:00-04:00"
    );
    // Just before it, or today's? Neither is guessed.
    let error = incident("08:50").unwrap_err();
    assert!(
        error.hint.contains("2012-08-16 08:50") && error.hint.contains("2012-08-20 08:50"),
        "{}",
        error.hint
    );
    // Two days of it had such a time.
    let long = over(
        "11:00",
        "2012-08-20T09:00:00-04:00",
        "2012-08-16T10:00:00-04:00",
        "2012-08-18T12:00:00-04:00",
    );
    assert!(long.unwrap_err().hint.contains("2012-08-16 11:00"));
    let soon = over(
        "12:10",
        "2012-08-16T12:30:00-04:00",
        "2012-08-16T10:00:00-04:00",
        "2012-08-16T12:00:00-04:00",
    );
    assert_eq!(soon.unwrap().at.to_rfc3339(), "2012-08-16T12:10:00-04:00");
}

#[test]
fn a_day_that_was_set_holds() {
    let zone = ny();
    let now = Now {
        now: at("2012-08-20T09:00:00-04:00"),
        zone: &zone,
        span: None,
        day: NaiveDate::from_ymd_opt(2012, 8, 16),
    };
    assert_eq!(
        parse("23:50", &now).unwrap().at.to_rfc3339(),
        "2012-08-16T23:50:00-04:00"
    );
}

#[rstest]
#[case("10:06 fault: it broke", Some(5))]
#[case("10:06: nginx died", Some(6))]
#[case("10:06, nginx died", Some(6))]
#[case("10:06 - nginx died", Some(5))]
#[case("10:06... waiting", Some(5))]
#[case("-12m decision: move", Some(4))]
#[case("~10:06 fault: x", Some(6))]
#[case("10:06 am paged", Some(8))]
#[case("10:06 EDT paged", Some(9))]
#[case("10:06 Europe/Berlin paged", Some(19))]
#[case("10:06-10:20 down", Some(11))]
#[case("12:00 packets", Some(5))]
#[case("10:06 DNS down", Some(5))]
#[case("10:06 read/write errors", Some(5))]
#[case("10:06 -1000 requests", Some(5))]
#[case("10:06 +10 servers", Some(5))]
#[case("10:06 eat this", Some(5))]
#[case("10:06\nsecond line", Some(5))]
#[case("10 servers lost", None)]
#[case("-5 users", None)]
#[case("- a bullet", None)]
#[case("12 minutes of downtime", None)]
#[case("12m of downtime", None)]
#[case("saw 12:00 packets", None)]
#[case("yesterday we deployed", None)]
#[case("may 12 servers fail?", None)]
#[case("Sun is down", None)]
#[case("2012-08-16 backup restored", None)]
#[case("52:54:00:12:34:56 link down", None)]
#[case("20:01:db8::1 unreachable", None)]
#[case("16:9 ratio", None)]
#[case("10:06foo", None)]
#[case("10:06/10:07", None)]
#[case("", None)]
#[case("~", None)]
#[case("ünïcode", None)]
fn where_a_line_begins_with_a_when(#[case] text: &str, #[case] taken: Option<usize>) {
    let zone = ny();
    let now = Now {
        now: at("2012-08-16T10:18:42-04:00"),
        zone: &zone,
        span: None,
        day: None,
    };
    let found = leading(text, &now).map(|r| r.unwrap_or_else(|e| unreachable!("{text}: {e}")).1);
    assert_eq!(found, taken, "{text}");
}

#[rstest]
#[case("25:00 x")]
#[case("10:06 CEST fault: x")]
#[case("10:06 Europe/Berln fault: x")]
#[case("10:06- fault: x")]
#[case("10:06.. fault: x")]
#[case("10:06-10:02 x")]
fn where_it_begins_with_a_wrong_one(#[case] text: &str) {
    let zone = ny();
    let now = Now {
        now: at("2012-08-16T10:18:42-04:00"),
        zone: &zone,
        span: None,
        day: None,
    };
    assert!(matches!(leading(text, &now), Some(Err(_))), "{text}");
}

#[test]
fn a_line_that_is_only_a_date_sets_the_day() {
    let zone = ny();
    let now = Now {
        now: at("2012-08-16T10:18:42-04:00"),
        zone: &zone,
        span: None,
        day: None,
    };
    for (text, date) in [
        ("2012-08-16", Some((2012, 8, 16))),
        (" 2012-08-16: ", Some((2012, 8, 16))),
        ("Aug 17", Some((2011, 8, 17))),
        ("16 Aug 2010", Some((2010, 8, 16))),
        ("Wed", Some((2012, 8, 15))),
        ("yesterday", Some((2012, 8, 15))),
        ("2012-08-16 10:06", None),
        ("2012-02-30", None),
        ("0012-08-16", None),
        ("note", None),
        ("", None),
    ] {
        let date = date.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
        assert_eq!(date_line(text, &now), date, "{text}");
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            "[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?",
            "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]",
            prop::sample::select(vec![
                "~",
                "-",
                "..",
                " ",
                "-12m",
                "ago",
                "yesterday",
                "Thu",
                "Aug 16",
                "am",
                "p.m.",
                "T",
                "Z",
                "+02:00",
                "-04:00",
                "EDT",
                "UTC",
                "Europe/Berlin",
                "[UTC]",
                "–",
                "−",
                ",",
                ":",
                "10",
                "é",
                "Feb 29",
                "9999-12-31",
                "99999999999999999999m",
            ])
            .prop_map(str::to_owned),
            "\\PC",
        ]
    }

    proptest! {
        #[test]
        fn nothing_panics(pieces in prop::collection::vec(piece(), 0..8), space in any::<bool>(), zone in 0..3usize, over in any::<bool>()) {
            let text = pieces.join(if space { " " } else { "" });
            let zone = Zone::find(["America/New_York", "Africa/Casablanca", "UTC"][zone]).unwrap();
            let span = over.then(|| (at("2012-08-15T10:00:00Z"), at("2012-08-16T12:00:00Z")));
            let now = Now { now: at("2012-08-16T14:18:42Z"), zone: &zone, span, day: None };
            for result in [parse(&text, &now).map(|_| ()), leading(&text, &now).map_or(Ok(()), |r| r.map(|_| ()))] {
                if let Err(error) = result {
                    prop_assert!(text.get(error.range.clone()).is_some(), "{text:?} {:?}", error.range);
                    prop_assert!(!error.hint.is_empty());
                }
            }
            let _ = date_line(&text, &now);
        }

        #[test]
        fn what_is_printed_reads_back(
            seconds in 86_400i64 * 2..253_402_214_400, micros in prop_oneof![Just(0u32), 0u32..1_000_000],
            length in prop::option::of(0i64..200_000), about in any::<bool>(),
            of in 0..9usize, incident in 0..5usize,
        ) {
            const ZONES: [&str; 5] = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"];
            let at = chrono::DateTime::from_timestamp(seconds, micros * 1000).unwrap();
            let end = length.map(|l| at + chrono::TimeDelta::seconds(l));
            let (name, stamp): (&str, Box<dyn Fn(Instant) -> Stamp>) = if let Some(name) = ZONES.get(of) {
                let zone = Zone::find(name).unwrap();
                (name, Box::new(move |i| zone.stamp(i)))
            } else {
                let offset = chrono::FixedOffset::east_opt([0, -14_400, 20_700, 1200][of - 5]).unwrap();
                ("", Box::new(move |i| i.with_timezone(&offset)))
            };
            let when = When { at: stamp(at), zone: name.into(), approximate: about, end: end.map(&stamp) };
            let zone = Zone::find(ZONES[incident]).unwrap();
            let now = Now { now: super::at("2030-01-01T00:00:00Z"), zone: &zone, span: None, day: None };
            let text = print(&when, &zone);
            let read = parse(&text, &now);
            prop_assert!(read.is_ok(), "{text}: {read:?}");
            let read = read.unwrap();
            prop_assert_eq!(&read, &when, "{}", text);
            prop_assert_eq!(read.at.offset(), when.at.offset());
            let line = format!("{text} and text");
            prop_assert_eq!(leading(&line, &now).unwrap().unwrap(), (when, text.len()));
        }
    }
}
