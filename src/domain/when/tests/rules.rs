use super::*;
use crate::domain::parse_error::ParseError;
use rstest::rstest;

#[test]
fn fold_hint_offers_both_times_as_typed() {
    for (name, text) in [
        ("America/New_York", "2012-11-04 01:30"),
        ("Europe/Berlin", "2012-10-28 02:30"),
        ("Australia/Lord_Howe", "2012-04-01 01:45"),
        ("Africa/Casablanca", "2024-03-10 02:30"),
    ] {
        let zone = Zone::find(name).unwrap();
        let now = TimeContext::new(at("2025-01-01T00:00:00Z"), &zone);
        let error = parse(text, &now).expect_err(text);
        let typed: Vec<&str> = error.hint.split('`').skip(1).step_by(2).collect();
        assert_eq!(typed.len(), 2, "{}", error.hint);
        let [one, two] = [typed[0], typed[1]].map(|t| parse(t, &now).unwrap());
        assert!(one.at < two.at, "{}", error.hint);
        for when in [one, two] {
            assert_eq!(
                parse(
                    &format_when(
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
fn times_in_dst_gaps_are_rejected() {
    for (name, text) in [
        ("America/New_York", "2012-03-11 02:30"),
        ("Europe/Berlin", "2012-03-25 02:30"),
        ("Australia/Lord_Howe", "2012-10-07 02:15"),
        ("Africa/Casablanca", "2024-04-14 02:30"),
    ] {
        let zone = Zone::find(name).unwrap();
        let now = TimeContext::new(at("2025-01-01T00:00:00Z"), &zone);
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
fn bare_time_resolves_to_latest_past() {
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
        // The second 01:30 is still in the future.
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

fn over(text: &str, now: &str, start: &str, end: &str) -> Result<When, ParseError> {
    let zone = ny();
    let span = Some((at(start), at(end)));
    parse(
        text,
        &TimeContext {
            now: at(now),
            zone: &zone,
            span,
            events: None,
            day: None,
        },
    )
}

#[test]
fn bare_time_resolves_inside_resolved_incident() {
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
    // Just before the incident, or today: ambiguous.
    let error = incident("08:50").unwrap_err();
    assert!(
        error.hint.contains("2012-08-16 08:50") && error.hint.contains("2012-08-20 08:50"),
        "{}",
        error.hint
    );
    // Two days of the incident had this time.
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
fn bare_time_uses_the_given_day() {
    let zone = ny();
    let now = TimeContext {
        now: at("2012-08-20T09:00:00-04:00"),
        zone: &zone,
        span: None,
        events: None,
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
#[case("-12 min fault: x", Some(7))]
#[case("-12 m fault: x", None)]
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
fn leading_time_ends_at_expected_offset(#[case] text: &str, #[case] taken: Option<usize>) {
    let zone = ny();
    let now = TimeContext::new(at("2012-08-16T10:18:42-04:00"), &zone);
    let found =
        parse_leading(text, &now).map(|r| r.unwrap_or_else(|e| unreachable!("{text}: {e}")).1);
    assert_eq!(found, taken, "{text}");
}

#[rstest]
#[case("25:00 x")]
#[case("10:06 IST fault: x")]
#[case("10:06 Europe/Berln fault: x")]
#[case("10:06- fault: x")]
#[case("10:06.. fault: x")]
#[case("10:06-10:02 x")]
fn invalid_leading_time_is_an_error(#[case] text: &str) {
    let zone = ny();
    let now = TimeContext::new(at("2012-08-16T10:18:42-04:00"), &zone);
    assert!(matches!(parse_leading(text, &now), Some(Err(_))), "{text}");
}

#[test]
fn date_line_is_recognized_or_rejected() {
    let zone = ny();
    let now = TimeContext::new(at("2012-08-16T10:18:42-04:00"), &zone);
    for (text, date) in [
        ("2012-08-16", Some((2012, 8, 16))),
        (" 2012-08-16: ", Some((2012, 8, 16))),
        ("Aug 17", Some((2011, 8, 17))),
        ("16 Aug 2010", Some((2010, 8, 16))),
        ("Wed", Some((2012, 8, 15))),
        ("yesterday", Some((2012, 8, 15))),
        ("16/08/2012", Some((2012, 8, 16))),
        ("08/16/2012", Some((2012, 8, 16))),
        ("1.8.2012", Some((2012, 8, 1))),
        ("Thu, 16 Aug 2012", Some((2012, 8, 16))),
        ("Thursday, August 16", Some((2012, 8, 16))),
        ("2012-08-16 10:06", None),
        ("2012-02-30", None),
        ("0012-08-16", None),
        ("note", None),
        ("", None),
    ] {
        let date = date.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
        let read = parse_date_line(text, &now).and_then(Result::ok);
        assert_eq!(read, date, "{text}");
    }
    for text in [
        "2026-13-01",
        "2012-02-30:",
        "0012-08-16",
        "Feb 30",
        "10/08/2012",
        "16/08",
        "30.02.2012",
        "Mon 16 Aug 2012",
        "10000-01-01",
        "2012-8-",
        "tomorrow",
        "last Thu",
    ] {
        let looks = parse_date_line(text, &now);
        assert!(
            text == "2012-8-" && looks.is_none() || matches!(looks, Some(Err(_))),
            "{text}"
        );
    }
    for text in [
        "1.5/3",
        "99/100",
        "10.0.1",
        "last call",
        "10.06",
        "note",
        "",
        "2012",
    ] {
        assert!(parse_date_line(text, &now).is_none(), "{text}");
    }
    assert!(needs_a_day("10:06 x", &now) && !needs_a_day("yesterday 10:06-10:20 x", &now));
    assert!(!needs_a_day("Aug 16 10:06 x", &now) && !needs_a_day("-5m x", &now));
    assert!(!needs_a_day("x", &now) && !needs_a_day("10:06x", &now));
}

/// Reads `lines` as day lines, one after the other; returns the date of the last, with `+` if it is said.
fn last_day(lines: &str, context: &TimeContext<'_>) -> String {
    let mut context = *context;
    let mut last = String::new();
    for line in lines.split(';') {
        match parse_day_line(line, &context).unwrap() {
            Ok(day) => {
                let said = day.notice(line).map_or("", |_| " +");
                last = format!("{}{said}", day.date);
                context.day = Some(day.date);
            }
            Err(error) => last = format!("{} ({})", error.message, error.hint),
        }
    }
    last
}

#[rstest]
// In an incident of 25 November 2024, a Monday.
#[case("old", "25 Nov", "2024-11-25 +")]
#[case("old", "Mon", "2024-11-25 +")]
#[case("old", "Tuesday, 26 November", "2024-11-26 +")]
#[case("old", "26 November (Tuesday)", "2024-11-26 +")]
#[case(
    "old",
    "Thursday, 26 November",
    "2024-11-26 is another day of the week than `Thursday, 26 November` says (write a date as year-month-day, such as 2012-08-16)"
)]
#[case("old", "yesterday", "2026-11-26")]
#[case("old", "2026-11-20", "2026-11-20")]
#[case("over", "25 Nov", "2024-11-25")]
#[case("over", "Tue", "2024-11-26")]
#[case(
    "over",
    "27 Nov",
    "`27 Nov` may be 2024-11-27 or 2026-11-27 (write `2024-11-27` or `2026-11-27`)"
)]
#[case("over", "25 Nov;27 Nov", "2024-11-27 +")]
// Outside of an incident of the past.
#[case("live", "25 Nov", "2026-11-25")]
#[case("live", "Dec 24", "2025-12-24 +")]
#[case("live", "Mon", "2026-11-23 +")]
#[case("live", "Fri", "2026-11-27 +")]
#[case("over", "Mon;Tue", "2024-11-26 +")]
// Below a day line.
#[case("live", "25 Nov 2024;26 Nov", "2024-11-26 +")]
#[case("live", "Dec 31 2024;Jan 1", "2025-01-01 +")]
#[case("live", "Jan 1 2024;Dec 31", "2023-12-31 +")]
#[case("live", "25 Nov 2024;26 Nov;27 Nov", "2024-11-27 +")]
#[case("live", "25 Nov 2024;Wed", "2024-11-27 +")]
#[case("live", "25 Nov 2024;Mon", "2024-11-25 +")]
#[case(
    "live",
    "25 Nov 2024;Sun",
    "`Sun` may be 2024-11-24 or 2024-12-01 (write `2024-11-24` or `2024-12-01`)"
)]
#[case(
    "live",
    "25 Nov 2024;26 May",
    "`26 May` may be 2024-05-26 or 2025-05-26 (write `2024-05-26` or `2025-05-26`)"
)]
#[case(
    "live",
    "25 Nov 2024;Wed 26 Nov",
    "2024-11-26 is another day of the week than `Wed 26 Nov` says (write a date as year-month-day, such as 2012-08-16)"
)]
#[case("live", "25 Nov;26 Nov", "2026-11-26")]
#[case("live", "Mon;Sun", "2026-11-22")]
#[case("live", "26 Nov;25 Nov", "2026-11-25")]
#[case("both", "25 Nov", "2026-11-25 +")]
fn a_day_line_without_a_year_is_that_of_the_line_before_or_of_the_incident(
    #[case] incident: &str,
    #[case] lines: &str,
    #[case] expected: &str,
) {
    let zone = ny();
    let begun = at("2024-11-25T09:00:00-05:00");
    let mut context = TimeContext::new(at("2026-11-27T10:00:42-05:00"), &zone);
    match incident {
        "old" => context.events = Some(EventDays::Newest(begun)),
        "over" => context.span = Some((begun, at("2024-11-26T12:00:00-05:00"))),
        "both" => context.events = Some(EventDays::NowAndPast(begun)),
        _ => {}
    }
    assert_eq!(last_day(lines, &context), expected, "{lines}");
}

#[rstest]
#[case("26 Nov 00:10 x", "2024-11-26T00:10:00-05:00")]
#[case("Tue 00:10 x", "2024-11-26T00:10:00-05:00")]
#[case("26 Nov 2026 00:10 x", "2026-11-26T00:10:00-05:00")]
#[case("00:10 x", "2024-11-25T00:10:00-05:00")]
fn a_day_without_a_year_in_a_line_is_near_the_day_line_above(
    #[case] line: &str,
    #[case] meant: &str,
) {
    let zone = ny();
    let context = TimeContext {
        day: NaiveDate::from_ymd_opt(2024, 11, 25),
        ..TimeContext::new(at("2026-11-27T10:00:42-05:00"), &zone)
    };
    let (when, _) = parse_leading(line, &context).unwrap().unwrap();
    assert_eq!(when.at.to_rfc3339(), meant);
}
