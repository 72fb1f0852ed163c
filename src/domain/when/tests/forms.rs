use super::*;
use rstest::rstest;

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
fn accepted_times_parse_and_print_back(#[case] text: &str, #[case] meant: &str) {
    let when = read(text).unwrap_or_else(|e| unreachable!("{text}: {e} ({})", e.hint));
    assert_eq!(shown(&when), meant, "{text}");
    // Every parsed time formats to text that parses back to it, in any incident.
    for zone in ["America/New_York", "UTC", "Europe/Berlin"].map(|n| Zone::find(n).unwrap()) {
        let printed = format_when(&when, &zone);
        let now = TimeContext::new(at("2020-01-01T00:00:00Z"), &zone);
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
#[case("10:06 -10:20", "not an offset", 6..12)]
#[case("10:06 IST", "IST", 6..9)]
#[case("10:06 XYZ", "XYZ", 6..9)]
#[case("10:06 Europe/Berln", "Europe/Berln", 6..18)]
#[case("10:06 Mars/Olympus", "Mars/Olympus", 6..18)]
#[case("10:06 fault", "`fault`", 6..11)]
#[case("10:06 and then some", "not part of a time", 6..19)]
#[case("1969-12-31 10:06", "`1969-12-31 10:06` is not between 1970-01-01", 0..16)]
#[case("1970-01-01 00:06 +02:00", "1970", 0..23)]
#[case("-999999999999999h", "1970", 0..17)]
#[case("-99999999999999999999999h", "1970", 0..25)]
#[case("9999-12-31 23:30 -05:00", "`9999-12-31 23:30 -05:00`", 0..23)]
#[case("9999-12-31 23:59 Pacific/Kiritimati", "9999-12-30 (in UTC)", 0..35)]
#[case("9999-12-31 23:59", "9999-12-30 (in UTC)", 0..16)]
#[case("2012-08-16T10:06-05:00[America/New_York]", "was not at -05:00", 0..40)]
#[case("2012-03-11 02:30", "clocks went from 02:00 to 03:00", 0..16)]
#[case("2012-11-04 01:30", "in EDT (-04:00), then in EST (-05:00)", 0..16)]
fn invalid_times_report_message_and_range(
    #[case] text: &str,
    #[case] says: &str,
    #[case] range: Range<usize>,
) {
    let error = read(text).expect_err(text);
    assert!(error.message.contains(says), "{text}: {error}");
    assert!(!error.hint.is_empty());
    assert_eq!(error.range, range, "{text}: {error}");
}

#[rstest]
#[case("1969-12-31 23:59 EST")]
#[case("1970-01-01 14:00 Pacific/Kiritimati")]
#[case("9999-12-30 23:59 UTC")]
#[case("9999-12-31 13:59 Pacific/Kiritimati")]
#[case("9999-12-30 18:59 EST")]
fn time_limits_apply_in_utc(#[case] text: &str) {
    assert!(read(text).is_ok(), "{text}");
}
