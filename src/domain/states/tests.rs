use super::*;
use crate::domain::testing::{Log, at};
use State::{AtRisk, Degraded, Down, Ok};

/// `state from-to` of each span, in short.
fn short(spans: &[Span]) -> Vec<(State, Instant, Option<Instant>)> {
    spans.iter().map(|s| (s.state, s.from, s.to)).collect()
}

#[test]
fn the_kinds_imply_their_states() {
    let mut log = Log::new();
    log.say("07:58", Kind::Absorbed, None);
    let halted = log.say("~10:06", Kind::Fault, Some(Down));
    log.say("10:30", Kind::Note, None);
    log.say("11:00", Kind::Mitigate, None);
    log.say("12:00", Kind::Restore, None);
    let states = States::of(&log.incident);
    let spans = [
        (AtRisk, at("07:58"), Some(at("10:06"))),
        (Down, at("10:06"), Some(at("11:00"))),
        (Degraded, at("11:00"), Some(at("12:00"))),
        (Ok, at("12:00"), None),
    ];
    assert_eq!(short(&states.overall), spans);
    assert_eq!(states.services.len(), 1);
    assert_eq!(states.services[0].0, "");
    assert_eq!(short(&states.services[0].1), spans);
    let start = states.impact_start().unwrap();
    assert_eq!((start.by, start.approximate), (halted, true));
    assert_eq!(states.now(), Some(Ok));
    assert_eq!(states.at(at("07:57")), None);
    assert_eq!(states.at(at("10:05")), Some(AtRisk));
    assert_eq!(states.at(at("10:06")), Some(Down));
    assert!(!states.unknown);
}

#[test]
fn mitigation_lowers_down_and_changes_nothing_else() {
    let mut log = Log::new();
    log.say("09:00", Kind::Fault, Some(Degraded));
    log.say("09:10", Kind::Mitigate, None);
    log.say("09:20", Kind::Mitigate, Some(AtRisk));
    log.say("09:30", Kind::Mitigate, None);
    let states = States::of(&log.incident);
    assert_eq!(
        short(&states.overall),
        [
            (Degraded, at("09:00"), Some(at("09:20"))),
            (AtRisk, at("09:20"), None)
        ]
    );

    let mut nothing = Log::new();
    nothing.say("09:10", Kind::Mitigate, None);
    assert_eq!(States::of(&nothing.incident).now(), None);
}

#[test]
fn a_fault_without_a_state_is_unknown_until_one_is_given() {
    let mut log = Log::new();
    log.say("09:00", Kind::Fault, None);
    assert!(States::of(&log.incident).unknown);
    assert_eq!(States::of(&log.incident).now(), None);
    log.say("09:05", Kind::Note, Some(Degraded));
    let states = States::of(&log.incident);
    assert!(!states.unknown);
    assert_eq!(states.now(), Some(Degraded));
    assert!(!States::of(&Log::new().incident).unknown);
}

#[test]
fn services_are_folded_apart_and_the_worst_wins() {
    let mut log = Log::new();
    log.service("cdn", None);
    log.of("09:00", Kind::Fault, Some(Degraded), &["api"]);
    log.of("09:10", Kind::Fault, Some(Down), &["db"]);
    log.of("09:30", Kind::Restore, None, &["db"]);
    log.of("09:40", Kind::Note, Some(AtRisk), &[]);
    log.of("10:00", Kind::Resolve, None, &[]);
    let states = States::of(&log.incident);
    let names: Vec<&str> = states.services.iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!(names, ["api", "cdn", "db"]);
    assert_eq!(
        short(states.of_service("db")),
        [
            (Down, at("09:10"), Some(at("09:30"))),
            (Ok, at("09:30"), Some(at("09:40"))),
            (AtRisk, at("09:40"), Some(at("10:00"))),
            (Ok, at("10:00"), None),
        ]
    );
    assert_eq!(states.of_service("cdn").len(), 2);
    assert_eq!(states.of_service("nobody"), []);
    assert_eq!(
        short(&states.overall),
        [
            (Degraded, at("09:00"), Some(at("09:10"))),
            (Down, at("09:10"), Some(at("09:30"))),
            (Degraded, at("09:30"), Some(at("09:40"))),
            (AtRisk, at("09:40"), Some(at("10:00"))),
            (Ok, at("10:00"), None),
        ]
    );
}

#[test]
fn a_false_recovery_shows_and_what_was_retracted_does_not() {
    let mut log = Log::new();
    log.say("09:00", Kind::Fault, Some(Down));
    log.say("09:30", Kind::Restore, None);
    log.say("09:40", Kind::Fault, Some(Down));
    log.say("10:00", Kind::Restore, None);
    let spans = States::of(&log.incident).overall;
    assert_eq!(spans.len(), 4);
    assert_eq!(spans[2].from, at("09:40"));

    log.incident.events[2].value.retracted = Some("it never came back".into());
    assert_eq!(States::of(&log.incident).overall.len(), 2);
}

#[test]
fn the_end_of_a_span_changes_no_state_and_one_moment_has_one_state() {
    let mut log = Log::new();
    log.event("09:00", Kind::Fault, "x", |e| {
        e.state = Some(Degraded.into());
        e.end = Some(at("09:05").fixed_offset());
    });
    log.say("09:10", Kind::Restore, None);
    log.say("09:10", Kind::Fault, Some(Degraded));
    assert_eq!(
        short(&States::of(&log.incident).overall),
        [(Degraded, at("09:00"), None)]
    );
}

#[test]
fn a_failover_at_one_moment_is_no_moment_of_health() {
    let mut log = Log::new();
    log.of("09:00", Kind::Fault, Some(Down), &["a"]);
    log.of("09:10", Kind::Restore, None, &["a"]);
    log.of("09:10", Kind::Fault, Some(Down), &["b"]);
    let states = States::of(&log.incident);
    assert_eq!(short(&states.overall), [(Down, at("09:00"), None)]);
}
