//! The rows, figures, milestones and names of days.

use super::*;
use crate::documents::picture::{
    axis::{Axis, TickUnit},
    day_names,
    svg::Layout,
};
use crate::domain::time::{format_shown_minutes, minutes_between, parse_utc};
use proptest::prelude::*;
use rstest::rstest;

/// Each row: its names, and each figure as `down 7 h 30 min`.
fn shown_rows(picture: &Picture) -> Vec<(String, Vec<String>)> {
    let figure = |figure: &rows::Figure| format!("{} {}", figure.state, figure.text);
    picture
        .rows
        .iter()
        .map(|row| {
            (
                row.names.join(", "),
                row.figures.iter().map(figure).collect(),
            )
        })
        .collect()
}

#[test]
fn rows_are_ordered_by_time_down_and_have_the_recorded_time_in_each_state() {
    let picture = picture(&acme());
    let row = |name: &str, figures: &[&str]| {
        let figures = figures.iter().map(|&f| f.to_owned()).collect();
        (name.to_owned(), figures)
    };
    assert_eq!(
        shown_rows(&picture),
        [
            row(
                "Builds",
                &["down 7 h 30 min", "degraded 3 h 35 min", "unknown 48 min"]
            ),
            row(
                "Acme Store",
                &[
                    "down 4 h 03 min",
                    "degraded 7 h 15 min",
                    "at-risk 1 h 28 min"
                ]
            ),
            row("Webhooks", &["degraded 14 h 36 min"]),
            row("Accounts", &["at-risk 12 h 59 min"]),
        ]
    );
    assert_eq!(picture.not_hit(), ["Search"]);
    let totals: Vec<&str> = picture
        .totals
        .iter()
        .filter_map(|total| total.value.as_deref().ok())
        .collect();
    assert_eq!(totals, ["8 h 30 min", "15 h 11 min"]);
    assert_eq!(
        picture.milestone_lines(),
        [
            "Thu 16 Aug: 21:46 detected · 21:58 declared · 22:20 customers told",
            "Fri 17 Aug: 06:10 mitigated · 12:51 restored · 13:30 resolved",
        ]
    );
}

#[test]
fn nothing_is_drawn_without_a_state_other_than_ok() {
    let mut log = IncidentBuilder::new();
    assert!(picture_in(&log, "UTC").is_none());
    log.service_event("10:00", Kind::Note, Some(State::Ok), &["db"]);
    assert!(picture_in(&log, "UTC").is_none());
}

#[test]
fn services_of_one_public_name_share_a_row_that_is_down_while_all_are() {
    let mut log = IncidentBuilder::new();
    log.service("names", Some("Store"))
        .service("slots", Some("Store"));
    log.service_event("09:12", Kind::Fault, Some(Down), &["names", "slots"]);
    log.service_event("11:40", Kind::Restore, None, &["names"]);
    log.service_event("13:05", Kind::Restore, None, &["slots"]);
    log.service_event("09:12", Kind::Fault, Some(Down), &["mail"]);
    log.service_event("10:00", Kind::Restore, None, &["mail"]);
    let picture = picture(&log);
    assert_eq!(
        shown_rows(&picture)[0],
        (
            "Store".to_owned(),
            vec![
                "down 2 h 28 min".to_owned(),
                "degraded 1 h 25 min".to_owned()
            ]
        )
    );
    // The total is of services, and says so.
    assert_eq!(picture.totals[0].label(), "at least one service down");
    assert_eq!(picture.totals[0].value.as_deref(), Ok("3 h 53 min"));
}

#[test]
fn same_spells_share_one_row_and_no_service_is_given_the_state_of_another() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:00", Kind::Fault, Some(Down), &["a", "b", "c"]);
    log.service_event("10:30", Kind::Restore, None, &["a", "b"]);
    log.service_event("10:31", Kind::Restore, None, &["c"]);
    let names: Vec<String> = shown_rows(&picture(&log))
        .into_iter()
        .map(|row| row.0)
        .collect();
    assert_eq!(names, ["c", "a, b"]);
}

#[test]
fn total_that_unknown_time_could_change_is_left_out_with_its_reason() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:00", Kind::Fault, Some(Degraded), &["a", "b"]);
    log.service_event("10:10", Kind::Restore, None, &["b"]);
    log.service_event("10:20", Kind::Fault, None, &["b"]);
    log.service_event("10:30", Kind::Restore, None, &["a", "b"]);
    log.service_event("10:00", Kind::Fault, Some(Degraded), &["c"]);
    log.service_event("10:05", Kind::Restore, None, &["c"]);
    let picture = picture(&log);
    assert!(
        picture.totals[0]
            .value
            .as_ref()
            .is_err_and(|reason| reason.contains("@b"))
    );
    assert!(picture.html("x").contains("not known"));
    assert!(
        picture
            .totals()
            .iter()
            .all(|fact| fact.value.contains("@b"))
    );
    assert!(
        shown_rows(&picture)[1]
            .1
            .contains(&"unknown 10 min".to_owned())
    );
}

#[test]
fn spell_that_lasts_says_so_far_and_one_that_nobody_ended_has_no_duration() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:00", Kind::Fault, Some(Down), &["db"]);
    log.state_event("10:42", Kind::Note, None);
    assert_eq!(shown_rows(&picture(&log))[0].1, ["down 42 min so far"]);
    log.incident.last_recorded_at = at("18 10:00");
    let stale = picture(&log);
    assert_eq!(shown_rows(&stale)[0].1, ["down end not recorded"]);
    assert_eq!(stale.scale.to, at("10:42"));
}

#[test]
fn what_is_left_at_risk_after_the_end_does_not_stretch_the_axis() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:00", Kind::Fault, Some(Down), &["db"]);
    log.service_event("11:00", Kind::Restore, Some(AtRisk), &["db"]);
    log.service_event("11:30", Kind::Resolve, Some(AtRisk), &["db"]);
    log.state_event("25 10:00", Kind::Note, None);
    let picture = picture(&log);
    assert_eq!(picture.scale.to, at("11:30"));
    assert!(shown_rows(&picture)[0].1[1].ends_with("so far"));
}

#[test]
fn approximate_ends_say_about() {
    let mut log = IncidentBuilder::new();
    log.service_event("~10:06", Kind::Fault, Some(Down), &["db"]);
    log.service_event("13:26", Kind::Restore, None, &["db"]);
    log.state_event("~10:09", Kind::Detect, None);
    let picture = picture(&log);
    assert_eq!(shown_rows(&picture)[0].1, ["down about 3 h 20 min"]);
    assert_eq!(
        picture.when(&picture.rows[0]).unwrap().to_string(),
        "about 10:06 to 13:26"
    );
    assert!(picture.milestone_lines()[0].contains("about 10:09 detected"));
}

#[test]
fn far_declaration_does_not_stretch_the_axis() {
    let mut log = one_spell(at("10:00"), Duration::minutes(20), Down);
    log.state_event("25 10:00", Kind::Declare, None);
    log.incident
        .events
        .retain(|e| e.value.kind != Kind::Resolve);
    let picture = picture(&log);
    assert_eq!(picture.scale.to, at("10:20"));
    assert!(!picture.milestone_lines()[0].contains("declared"));
}

#[test]
fn milestones_of_one_minute_share_a_label_and_there_are_six_at_most() {
    let mut log = acme();
    for minute in 10..50 {
        log.state_event(&format!("17 01:{minute}"), Kind::Decision, None);
    }
    log.state_event("16 21:46:30", Kind::Decision, None);
    let picture = picture(&log);
    assert_eq!(picture.milestones.len(), 6);
    assert_eq!(picture.milestones[0].names, ["detected", "decision"]);
}

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;

fn axis_of(from: &str, seconds: i64, zone: &str) -> (Axis, TimeScale) {
    let from = parse_utc(from).unwrap();
    let to = from + Duration::seconds(seconds);
    let scale = TimeScale { from, to };
    (Axis::new(&scale, &TimeFormatter::new(zone)), scale)
}

fn assert_names_do_not_meet(axis: &Axis, scale: &TimeScale, layout: Layout) -> Vec<String> {
    let ruler = layout.ruler();
    let names = day_names::place(&axis.stretches, |at| scale.fraction(at), &ruler);
    for pair in names.windows(2) {
        assert!(pair[0].extent.1 < pair[1].extent.0, "{pair:?}");
    }
    names.into_iter().map(|name| name.text).collect()
}

proptest! {
    #[test]
    fn every_day_is_named_from_a_minute_to_a_month(
        // Whole days and a little more, so that the first day and the last one are very short.
        start in prop_oneof![0..(400 * DAY), (0..400_i64, 0..2000_i64).prop_map(|(day, s)| (day + 1) * DAY - s)],
        seconds in prop_oneof![MINUTE..DAY, DAY..(12 * DAY), (12 * DAY)..=(31 * DAY)],
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe"]),
    ) {
        let from = parse_utc("2026-01-01T00:00:00Z").unwrap() + Duration::seconds(start);
        let (axis, scale) = axis_of(&crate::domain::time::format_utc(from), seconds, zone);
        let time_format = TimeFormatter::new(zone);
        // Every local day of which a minute is in the axis.
        let mut days = vec![];
        let mut at = from;
        while at < scale.to {
            let day = time_format.local_date(at);
            if days.last() != Some(&day) {
                days.push(day);
            }
            at += Duration::minutes(1);
        }
        days.push(time_format.local_date(scale.to - Duration::seconds(1)));
        days.dedup();
        prop_assert_eq!(&axis.days.iter().map(|day| day.date).collect::<Vec<_>>(), &days);
        for layout in [Layout::Wide, Layout::Narrow] {
            let names = assert_names_do_not_meet(&axis, &scale, layout);
            match axis.unit {
                TickUnit::Dates => prop_assert!(!names.is_empty()),
                _ => {
                    prop_assert_eq!(names.len(), days.len(), "{:?}", names);
                    for (name, day) in names.iter().zip(&days) {
                        let number = day.format("%-d").to_string();
                        prop_assert!(name.split(' ').any(|word| word == number), "{} {}", name, day);
                    }
                }
            }
        }
    }

    #[test]
    fn shown_figures_sum_to_the_total_and_no_total_is_less_than_a_figure(
        events in prop::collection::vec((0..86_400_u32, 0..4_usize, 0..3_usize), 1..20)
    ) {
        let mut log = IncidentBuilder::new();
        for (second, state, service) in events {
            let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
            let state = [State::Ok, AtRisk, Degraded, Down][state];
            log.service_event(&time, Kind::Note, Some(state), &[["a", "b", "c"][service]]);
        }
        let Some(picture) = picture_in(&log, "UTC") else {
            return Ok(());
        };
        for row in &picture.rows {
            let parts: i64 = row.figures.iter().map(|figure| figure.minutes).sum();
            let spells = row.troubled().map(|spell| {
                minutes_between(spell.from, spell.to.unwrap_or(picture.until))
            });
            prop_assert_eq!(parts, spells.sum::<i64>());
        }
        let states = States::from_incident(&log.incident);
        let of = |service: &str| -> i64 {
            let spans = states.spans_of(service).iter();
            let down = spans.filter(|span| span.state == Down);
            down.map(|span| minutes_between(span.from, span.to.unwrap_or(picture.until))).sum()
        };
        if let Some(total) = picture.totals.iter().find(|total| total.of == TotalOf::Down) {
            let most = ["a", "b", "c"].into_iter().map(of).max().unwrap();
            let all: i64 = ["a", "b", "c"].into_iter().map(of).sum();
            let shown: Vec<String> = (most..=all)
                .map(|minutes| format_shown_minutes(minutes, false))
                .collect();
            let value = total.value.as_ref().unwrap().trim_end_matches(" so far").to_owned();
            prop_assert!(shown.contains(&value), "{} {:?}", value, shown);
        }
    }
}

#[rstest]
#[case::summer_time_ends("Europe/Berlin", "2026-10-24T10:00:00Z", 40 * 3600)]
#[case::no_midnight("America/Santiago", "2026-09-05T12:00:00Z", 40 * 3600)]
#[case::half_hour("Australia/Lord_Howe", "2026-04-04T01:00:00Z", 40 * 3600)]
fn hours_are_round_where_the_clock_was_changed(
    #[case] zone: &str,
    #[case] from: &str,
    #[case] seconds: i64,
) {
    let (axis, scale) = axis_of(from, seconds, zone);
    assert!(axis.ticks.len() >= 5, "{:?}", axis.ticks);
    for tick in &axis.ticks {
        assert!(scale.contains(tick.at));
        let round = ["00:00", "01:00", "06:00", "12:00", "18:00"];
        assert!(round.contains(&tick.hour.as_str()), "{tick:?}");
    }
}
