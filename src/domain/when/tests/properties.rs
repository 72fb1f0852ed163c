use super::*;
use proptest::prelude::*;

/// Parts of times, and other text.
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
    fn parsing_any_text_never_panics(pieces in prop::collection::vec(piece(), 0..8), space in any::<bool>(), zone in 0..3usize, over in any::<bool>()) {
        let text = pieces.join(if space { " " } else { "" });
        let zone = Zone::find(["America/New_York", "Africa/Casablanca", "UTC"][zone]).unwrap();
        let span = over.then(|| (at("2012-08-15T10:00:00Z"), at("2012-08-16T12:00:00Z")));
        let now = TimeContext { now: at("2012-08-16T14:18:42Z"), zone: &zone, span, events: None, day: None };
        for result in [parse(&text, &now).map(|_| ()), parse_leading(&text, &now).map_or(Ok(()), |r| r.map(|_| ()))] {
            if let Err(error) = result {
                prop_assert!(text.get(error.range.clone()).is_some(), "{text:?} {:?}", error.range);
                prop_assert!(!error.hint.is_empty());
            }
        }
        let _ = parse_date_line(&text, &now);
    }

    #[test]
    fn printed_times_parse_back(
        seconds in 86_400i64 * 2..253_402_214_400, micros in prop_oneof![Just(0u32), 0u32..1_000_000],
        length in prop::option::of(0i64..200_000), about in any::<bool>(),
        of in 0..9usize, incident in 0..5usize,
    ) {
        const ZONES: [&str; 5] = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"];
        let at = chrono::DateTime::from_timestamp(seconds, micros * 1000).unwrap();
        let end = length.map(|l| at + chrono::TimeDelta::seconds(l));
        let (name, stamp): (&str, Box<dyn Fn(UtcTime) -> OffsetTime>) = if let Some(name) = ZONES.get(of) {
            let zone = Zone::find(name).unwrap();
            (name, Box::new(move |i| zone.to_local(i)))
        } else {
            let offset = chrono::FixedOffset::east_opt([0, -14_400, 20_700, 1200][of - 5]).unwrap();
            ("", Box::new(move |i| i.with_timezone(&offset)))
        };
        let when = When { at: stamp(at), zone: name.into(), approximate: about, end: end.map(&stamp), assumed_day: None, zone_notice: None, doubts: vec![] };
        let zone = Zone::find(ZONES[incident]).unwrap();
        let now = TimeContext::new(super::at("2030-01-01T00:00:00Z"), &zone);
        let text = format_when(&when, &zone);
        let read = parse(&text, &now);
        prop_assert!(read.is_ok(), "{text}: {read:?}");
        let read = read.unwrap();
        prop_assert_eq!(&read, &when, "{}", text);
        prop_assert_eq!(read.at.offset(), when.at.offset());
        let line = format!("{text} and text");
        prop_assert_eq!(parse_leading(&line, &now).unwrap().unwrap(), (when, text.len()));
    }
}
