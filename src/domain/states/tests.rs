use super::*;
use crate::domain::testing::{IncidentBuilder, at};
use State::{AtRisk, Degraded, Down, Ok};

/// Formats each span as `state from-to`.
fn short(spans: &[StateSpan]) -> Vec<(State, UtcTime, Option<UtcTime>)> {
    spans.iter().map(|s| (s.state, s.from, s.to)).collect()
}

#[test]
fn event_kinds_imply_states() {
    let mut log = IncidentBuilder::new();
    log.state_event("07:58", Kind::Absorbed, None);
    let halted = log.state_event("~10:06", Kind::Fault, Some(Down));
    log.state_event("10:30", Kind::Note, None);
    log.state_event("11:00", Kind::Mitigate, None);
    log.state_event("12:00", Kind::Restore, None);
    let states = States::from_incident(&log.incident);
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
    assert_eq!((start.started_by, start.approximate), (halted, true));
    assert_eq!(states.current(), Some(Ok));
    assert_eq!(states.state_at(at("07:57")), None);
    assert_eq!(states.state_at(at("10:05")), Some(AtRisk));
    assert_eq!(states.state_at(at("10:06")), Some(Down));
    assert!(!states.unknown);
}

#[test]
fn mitigate_lowers_only_down_to_degraded() {
    let mut log = IncidentBuilder::new();
    log.state_event("09:00", Kind::Fault, Some(Degraded));
    log.state_event("09:10", Kind::Mitigate, None);
    log.state_event("09:20", Kind::Mitigate, Some(AtRisk));
    log.state_event("09:30", Kind::Mitigate, None);
    let states = States::from_incident(&log.incident);
    assert_eq!(
        short(&states.overall),
        [
            (Degraded, at("09:00"), Some(at("09:20"))),
            (AtRisk, at("09:20"), None)
        ]
    );

    let mut nothing = IncidentBuilder::new();
    nothing.state_event("09:10", Kind::Mitigate, None);
    assert_eq!(States::from_incident(&nothing.incident).current(), None);
}

#[test]
fn fault_without_state_is_unknown_until_given() {
    let mut log = IncidentBuilder::new();
    log.state_event("09:00", Kind::Fault, None);
    assert!(States::from_incident(&log.incident).unknown);
    assert_eq!(States::from_incident(&log.incident).current(), None);
    log.state_event("09:05", Kind::Note, Some(Degraded));
    let states = States::from_incident(&log.incident);
    assert!(!states.unknown);
    assert_eq!(states.current(), Some(Degraded));
    assert!(!States::from_incident(&IncidentBuilder::new().incident).unknown);
}

#[test]
fn overall_state_is_worst_of_services() {
    let mut log = IncidentBuilder::new();
    log.service("cdn", None);
    log.service_event("09:00", Kind::Fault, Some(Degraded), &["api"]);
    log.service_event("09:10", Kind::Fault, Some(Down), &["db"]);
    log.service_event("09:30", Kind::Restore, None, &["db"]);
    log.service_event("09:40", Kind::Note, Some(AtRisk), &[]);
    log.service_event("10:00", Kind::Resolve, None, &[]);
    let states = States::from_incident(&log.incident);
    let names: Vec<&str> = states.services.iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!(names, ["api", "cdn", "db"]);
    assert_eq!(
        short(states.service_spans("db")),
        [
            (Down, at("09:10"), Some(at("09:30"))),
            (Ok, at("09:30"), Some(at("09:40"))),
            (AtRisk, at("09:40"), Some(at("10:00"))),
            (Ok, at("10:00"), None),
        ]
    );
    assert_eq!(states.service_spans("cdn").len(), 2);
    assert_eq!(states.service_spans("nobody"), []);
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
fn false_recovery_is_shown_unless_retracted() {
    let mut log = IncidentBuilder::new();
    log.state_event("09:00", Kind::Fault, Some(Down));
    log.state_event("09:30", Kind::Restore, None);
    log.state_event("09:40", Kind::Fault, Some(Down));
    log.state_event("10:00", Kind::Restore, None);
    let spans = States::from_incident(&log.incident).overall;
    assert_eq!(spans.len(), 4);
    assert_eq!(spans[2].from, at("09:40"));

    log.incident.events[2].value.retracted = Some("it never came back".into());
    assert_eq!(States::from_incident(&log.incident).overall.len(), 2);
}

#[test]
fn event_end_and_same_time_restore_keep_state() {
    let mut log = IncidentBuilder::new();
    log.event("09:00", Kind::Fault, "x", |e| {
        e.state = Some(Degraded.into());
        e.end = Some(at("09:05").fixed_offset());
    });
    log.state_event("09:10", Kind::Restore, None);
    log.state_event("09:10", Kind::Fault, Some(Degraded));
    assert_eq!(
        short(&States::from_incident(&log.incident).overall),
        [(Degraded, at("09:00"), None)]
    );
}

#[test]
fn failover_at_one_moment_shows_no_recovery() {
    let mut log = IncidentBuilder::new();
    log.service_event("09:00", Kind::Fault, Some(Down), &["a"]);
    log.service_event("09:10", Kind::Restore, None, &["a"]);
    log.service_event("09:10", Kind::Fault, Some(Down), &["b"]);
    let states = States::from_incident(&log.incident);
    assert_eq!(short(&states.overall), [(Down, at("09:00"), None)]);
}
