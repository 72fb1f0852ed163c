//! Says that the zone of a time has the name of the other half of the year: `EST` in July, `CET` in summer.

use super::{
    moment::ParsedTime,
    types::TimeContext,
    zone_suffix::{ParsedZone, us_name_of_zone, zone_of_season},
};
use crate::domain::{time::OffsetTime, zone::Zone};
use chrono::{FixedOffset, Offset as _, TimeDelta};

/// Returns a notice if `parsed`, which was read as `at`, has a name for its zone that the place of that name did not use
/// then; its time may have been meant as that of the clocks there.
pub(super) fn notice(
    parsed: &ParsedTime<'_>,
    at: OffsetTime,
    context: &TimeContext<'_>,
) -> Option<String> {
    let own = context.zone;
    let name_in = |zone: &Zone| zone.abbreviation(at.to_utc());
    match parsed.zone.as_ref()? {
        ParsedZone::Abbreviation(typed) => {
            let offset = own.offset_for_abbreviation(typed, at.naive_utc())?;
            let is_in_use = name_in(own).eq_ignore_ascii_case(typed);
            (!is_in_use).then(|| out_of_season(typed, offset, own, &name_in(own)))
        }
        ParsedZone::OfSeason {
            offset,
            typed,
            place,
        } => {
            let zone = Zone::find(place).ok()?;
            let is_in_use = zone.to_local(at.to_utc()).offset() == offset
                || name_in(own).eq_ignore_ascii_case(typed);
            (!is_in_use).then(|| out_of_season(typed, *offset, &zone, &name_in(&zone)))
        }
        _ => None,
    }
}

/// Returns a notice if a line states the fixed zone `stated` for a time that was read as `at`, and `own`, the zone of the
/// incident, has its offset in the other half of the year: `Times in EST` in July.
pub(crate) fn stated_zone_notice(stated: &Zone, own: &Zone, at: OffsetTime) -> Option<String> {
    let half_a_year = TimeDelta::days(183);
    let at = at.to_utc();
    let offset_in = |zone: &Zone, at| *zone.to_local(at).offset();
    let offset = offset_in(stated, at);
    let is_other_half = || {
        let others = [
            at.checked_add_signed(half_a_year),
            at.checked_sub_signed(half_a_year),
        ];
        others
            .into_iter()
            .flatten()
            .any(|other| offset_in(own, other) == offset)
    };
    let is_twin =
        stated.name().starts_with("Etc/") && offset_in(own, at) != offset && is_other_half();
    is_twin.then(|| {
        let name = own.name();
        format!(
            "a line above states UTC{offset} for this time, while {name} had {} then; write `{}` there for its own time",
            own.abbreviation(at),
            us_name_of_zone(name).unwrap_or(name)
        )
    })
}

/// Returns a notice if `line`, which states the zone of a time that was read as `at`, names it by a name that its place did
/// not use then: `Times in PST` in July.
pub(crate) fn stated_name_notice(line: &str, at: OffsetTime) -> Option<String> {
    let mut words = line.split(|c: char| !c.is_ascii_alphabetic());
    let (typed, offset, place) = words.find_map(zone_of_season)?;
    let zone = Zone::find(place).ok()?;
    let is_meant = at.offset().fix() == offset;
    let is_in_use = *zone.to_local(at.to_utc()).offset() == offset;
    (is_meant && !is_in_use)
        .then(|| out_of_season(typed, offset, &zone, &zone.abbreviation(at.to_utc())))
}

fn out_of_season(typed: &str, offset: FixedOffset, zone: &Zone, then: &str) -> String {
    let name = zone.name();
    let all_year = us_name_of_zone(name).unwrap_or(name);
    format!(
        "`{typed}` was read as UTC{offset}, while {name} had {then} then; write `{all_year}` for its own time"
    )
}

#[cfg(test)]
mod tests {
    use super::super::{TimeContext, parse};
    use crate::domain::{time::parse_utc, zone::Zone};
    use rstest::rstest;

    #[rstest]
    #[case(
        "America/New_York",
        "2026-07-14 14:20 EST",
        "EST",
        "America/New_York had EDT",
        "`ET`"
    )]
    #[case(
        "America/New_York",
        "2026-12-14 14:20 EDT",
        "EDT",
        "America/New_York had EST",
        "`ET`"
    )]
    #[case(
        "America/New_York",
        "2026-07-14 2:20 PM pst",
        "pst",
        "America/Los_Angeles had PDT",
        "`PT`"
    )]
    #[case(
        "Europe/Berlin",
        "2026-07-14 14:20 CST",
        "CST",
        "America/Chicago had CDT",
        "`CT`"
    )]
    #[case(
        "Europe/Berlin",
        "2026-07-14 14:20 CET",
        "CET",
        "Europe/Berlin had CEST",
        "`Europe/Berlin`"
    )]
    #[case(
        "Europe/London",
        "2026-01-14 14:20 BST",
        "BST",
        "Europe/London had GMT",
        "`Europe/London`"
    )]
    #[case(
        "Europe/London",
        "2026-07-14 14:20 GMT",
        "GMT",
        "Europe/London had BST",
        "`Europe/London`"
    )]
    #[case(
        "Europe/London",
        "2026-07-14 14:20-15:00 GMT",
        "GMT",
        "Europe/London had BST",
        "`Europe/London`"
    )]
    #[case(
        "Europe/London",
        "2026-01-14 14:20 Central European Summer Time",
        "Central European Summer Time",
        "Europe/Berlin had CET",
        "`Europe/Berlin`"
    )]
    #[case(
        "America/New_York",
        "2026-07-14 14:20 US Pacific Standard Time",
        "US Pacific Standard Time",
        "America/Los_Angeles had PDT",
        "`PT`"
    )]
    fn name_of_the_other_half_of_the_year_is_said(
        #[case] zone: &str,
        #[case] text: &str,
        #[case] typed: &str,
        #[case] then: &str,
        #[case] way_out: &str,
    ) {
        let notice = notice_of(zone, text).expect(text);
        assert!(
            notice.starts_with(&format!("`{typed}` was read as UTC")),
            "{notice}"
        );
        assert!(
            notice.contains(then) && notice.contains(way_out),
            "{notice}"
        );
    }

    #[rstest]
    #[case("America/New_York", "2026-07-14 14:20 EDT")]
    #[case("America/New_York", "2026-07-14 14:20 ET")]
    #[case("America/New_York", "2026-11-01 01:30 EST")]
    #[case("America/New_York", "2026-11-01 01:30 EDT")]
    #[case("America/Jamaica", "2026-07-14 14:20 EST")]
    #[case("America/Phoenix", "2026-07-14 14:20 MST")]
    #[case("America/New_York", "2026-07-14 14:20 HST")]
    #[case("Asia/Shanghai", "2026-07-14 14:20 CST")]
    #[case("Europe/Dublin", "2026-07-14 14:20 IST")]
    #[case("America/New_York", "2026-07-14 14:20 GMT")]
    #[case("Africa/Abidjan", "2026-07-14 14:20 GMT")]
    #[case("Europe/London", "2026-07-14 14:20 UTC")]
    #[case("Europe/London", "Tue, 14 Jul 2026 14:20:10 GMT")]
    fn name_in_use_is_not_said(#[case] zone: &str, #[case] text: &str) {
        assert_eq!(notice_of(zone, text), None, "{text}");
    }

    fn notice_of(zone: &str, text: &str) -> Option<String> {
        let zone = Zone::find(zone).unwrap();
        let now = parse_utc("2026-12-31T00:00:00Z").unwrap();
        parse(text, &TimeContext::new(now, &zone))
            .unwrap()
            .zone_notice
    }
}
