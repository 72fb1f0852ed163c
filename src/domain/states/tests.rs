use super::*;
use crate::domain::{
    testing::{IncidentBuilder, at},
    words::Kind,
};
use State::{AtRisk, Degraded, Down, Ok, Unknown};

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
    assert!(!states.has_unknown_span());
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
    let states = States::from_incident(&log.incident);
    assert_eq!(states.current(), Some(Unknown));
    log.state_event("09:05", Kind::Note, Some(Degraded));
    log.state_event("09:10", Kind::Fault, None);
    log.state_event("09:20", Kind::Restore, None);
    log.state_event("09:30", Kind::Fault, None);
    assert_eq!(
        short(&States::from_incident(&log.incident).overall),
        [
            (Unknown, at("09:00"), Some(at("09:05"))),
            (Degraded, at("09:05"), Some(at("09:20"))),
            (Ok, at("09:20"), Some(at("09:30"))),
            (Unknown, at("09:30"), None),
        ]
    );
}

#[test]
fn absorbed_changes_only_what_is_ok_or_has_no_state() {
    for (before, after) in [
        (None, AtRisk),
        (Some(Ok), AtRisk),
        (Some(AtRisk), AtRisk),
        (Some(Degraded), Degraded),
        (Some(Down), Down),
    ] {
        for services in [&["db"][..], &[]] {
            let mut log = IncidentBuilder::new();
            log.service("db", None);
            if before.is_some() {
                log.service_event("09:00", Kind::Note, before, services);
            }
            log.service_event("09:10", Kind::Absorbed, None, services);
            let states = States::from_incident(&log.incident);
            assert_eq!(states.current(), Some(after), "{before:?} {services:?}");
        }
    }
    let mut unknown = IncidentBuilder::new();
    unknown.state_event("09:00", Kind::Fault, None);
    unknown.state_event("09:10", Kind::Absorbed, None);
    assert_eq!(
        States::from_incident(&unknown.incident).current(),
        Some(Unknown)
    );
}

#[test]
fn unnamed_absorbed_and_fault_with_several_services_change_none_of_them() {
    let mut log = IncidentBuilder::new();
    log.service_event("09:00", Kind::Note, Some(Ok), &["db", "web"]);
    log.state_event("09:10", Kind::Absorbed, None);
    assert_eq!(States::from_incident(&log.incident).current(), Some(Ok));
    log.state_event("09:20", Kind::Fault, None);
    let states = States::from_incident(&log.incident);
    assert_eq!(states.current(), Some(Unknown));
    assert_eq!(short(states.spans_of("db")).len(), 1);
}

#[test]
fn event_without_service_stays_the_nameless_ones_when_a_service_is_named_later() {
    let mut log = IncidentBuilder::new();
    log.state_event("09:00", Kind::Fault, Some(Down));
    log.service_event("09:05", Kind::Fault, Some(Degraded), &["web"]);
    let states = States::from_incident(&log.incident);
    assert_eq!(
        short(states.spans_of("web")),
        [(Degraded, at("09:05"), None)]
    );
    assert_eq!(
        short(states.spans_of(NAMELESS)),
        [(Down, at("09:00"), None)]
    );
    assert_eq!(short(&states.overall), [(Down, at("09:00"), None)]);

    log.state_event("09:30", Kind::Restore, None);
    let states = States::from_incident(&log.incident);
    assert_eq!(states.current(), Some(Ok), "every service known then");
}

#[test]
fn services_added_before_the_event_was_recorded_are_known() {
    let mut log = IncidentBuilder::new();
    log.service("db", None).service("web", None);
    log.state_event("09:00", Kind::Restore, None);
    let states = States::from_incident(&log.incident);
    let names: Vec<&str> = states.services.iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!(names, ["db", "web"]);
    assert_eq!(states.spans_of("db").len(), 1);
}

#[test]
fn resolve_ends_impact_and_unknown_and_leaves_at_risk() {
    let mut log = IncidentBuilder::new();
    log.service_event("09:00", Kind::Fault, Some(Down), &["a"]);
    log.service_event("09:01", Kind::Fault, Some(Degraded), &["b"]);
    log.service_event("09:02", Kind::Fault, None, &["c"]);
    log.service_event("09:03", Kind::Absorbed, None, &["d"]);
    log.service("e", None);
    log.state_event("10:00", Kind::Resolve, None);
    let states = States::from_incident(&log.incident);
    let now = |name: &str| states.spans_of(name).last().map(|span| span.state);
    assert_eq!(
        ["a", "b", "c", "d", "e"].map(now),
        [Some(Ok), Some(Ok), Some(Ok), Some(AtRisk), None]
    );
}

#[test]
fn resolve_with_a_state_of_one_service_ends_the_others() {
    let mut log = IncidentBuilder::new();
    log.service_event("09:00", Kind::Fault, Some(Down), &["a", "b"]);
    log.service_event("10:00", Kind::Resolve, Some(AtRisk), &["a"]);
    let states = States::from_incident(&log.incident);
    assert_eq!(states.spans_of("a").last().unwrap().state, AtRisk);
    assert_eq!(states.spans_of("b").last().unwrap().state, Ok);
}

#[test]
fn reopen_brings_back_the_states_before_the_resolve() {
    let mut log = IncidentBuilder::new();
    log.service_event("09:00", Kind::Fault, Some(Down), &["a"]);
    log.service_event("09:01", Kind::Fault, Some(Down), &["b"]);
    log.state_event("10:00", Kind::Resolve, None);
    log.state_event("10:05", Kind::Resolve, None);
    log.service_event("10:10", Kind::Restore, None, &["b"]);
    log.state_event("11:00", Kind::Reopen, None);
    let states = States::from_incident(&log.incident);
    assert_eq!(states.spans_of("a").last().unwrap().state, Down);
    let b = states.spans_of("b").last().unwrap();
    assert_eq!((b.state, b.from), (Ok, at("10:00")), "restored since");
}

#[test]
fn reopen_after_all_was_ok_is_unknown() {
    for state in [Some(Ok), None] {
        let mut log = IncidentBuilder::new();
        if state.is_some() {
            log.service_event("09:00", Kind::Restore, None, &["a"]);
        }
        log.state_event("10:00", Kind::Resolve, None);
        log.state_event("11:00", Kind::Reopen, None);
        let states = States::from_incident(&log.incident);
        assert_eq!(states.current(), Some(Unknown));
    }
    let mut at_risk = IncidentBuilder::new();
    at_risk.state_event("09:00", Kind::Absorbed, None);
    at_risk.state_event("10:00", Kind::Resolve, None);
    at_risk.state_event("11:00", Kind::Reopen, None);
    assert_eq!(
        States::from_incident(&at_risk.incident).current(),
        Some(AtRisk)
    );
    let mut given = IncidentBuilder::new();
    given.state_event("09:00", Kind::Fault, Some(Down));
    given.state_event("10:00", Kind::Resolve, None);
    given.state_event("11:00", Kind::Reopen, Some(Degraded));
    assert_eq!(
        States::from_incident(&given.incident).current(),
        Some(Degraded)
    );
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
        short(states.spans_of("db")),
        [
            (Down, at("09:10"), Some(at("09:30"))),
            (Ok, at("09:30"), Some(at("09:40"))),
            (AtRisk, at("09:40"), None),
        ]
    );
    assert_eq!(states.spans_of("cdn").len(), 1);
    assert_eq!(states.spans_of("nobody"), []);
    assert_eq!(
        short(&states.overall),
        [
            (Degraded, at("09:00"), Some(at("09:10"))),
            (Down, at("09:10"), Some(at("09:30"))),
            (Degraded, at("09:30"), Some(at("09:40"))),
            (AtRisk, at("09:40"), None),
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

#[test]
fn restore_of_what_had_no_state_is_unexplained() {
    let mut log = IncidentBuilder::new();
    log.service_event("09:00", Kind::Fault, Some(Down), &["a"]);
    log.service_event("09:10", Kind::Restore, None, &["a"]);
    log.service_event("09:11", Kind::Restore, None, &["a"]);
    let states = States::from_incident(&log.incident);
    assert!(states.unexplained_restore(None).is_none() && states.cover_impact());
    log.service_event("09:20", Kind::Restore, None, &["b"]);
    let states = States::from_incident(&log.incident);
    assert_eq!(states.unexplained_restore(None), Some(at("09:20")));
    assert_eq!(states.unexplained_restore(Some("b")), Some(at("09:20")));
    assert_eq!(states.unexplained_restore(Some("a")), None);
    assert!(!states.cover_impact());
    assert!(!States::from_incident(&IncidentBuilder::new().incident).cover_impact());
}

#[test]
fn fault_and_restore_of_one_instant_are_an_impact() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:06", Kind::Fault, Some(Down), &["a"]);
    log.service_event("10:06", Kind::Mitigate, None, &["a"]);
    log.service_event("10:06", Kind::Restore, None, &["a"]);
    log.service_event("10:20", Kind::Fault, None, &["b"]);
    log.service_event("10:20", Kind::Restore, None, &["b"]);
    let states = States::from_incident(&log.incident);
    let down = (Down, at("10:06"), Some(at("10:06")));
    let unknown = (Unknown, at("10:20"), Some(at("10:20")));
    assert_eq!(short(states.spans_of("a")), [down, (Ok, at("10:06"), None)]);
    assert_eq!(
        short(states.spans_of("b")),
        [unknown, (Ok, at("10:20"), None)]
    );
    let ok = (Ok, at("10:06"), Some(at("10:20")));
    assert_eq!(
        short(&states.overall),
        [down, ok, unknown, (Ok, at("10:20"), None)]
    );
}

#[test]
fn state_that_was_replaced_at_once_by_a_worse_one_is_no_span() {
    let mut log = IncidentBuilder::new();
    let caught = log.service_event("10:06", Kind::Absorbed, None, &["a"]);
    log.service_event("10:06", Kind::Fault, None, &["a"]);
    log.service_event("10:06", Kind::Note, Some(Down), &["a"]);
    let states = States::from_incident(&log.incident);
    assert_eq!(short(&states.overall), [(Down, at("10:06"), None)]);
    assert_eq!(states.momentary_state("a", caught), Some(AtRisk));
    assert_eq!(states.started_states().get(&caught), Some(&AtRisk));
}

#[test]
fn state_given_at_the_instant_of_what_was_not_known_is_the_state() {
    let after_reopen = |given: &[(Kind, Option<State>)]| {
        let mut log = IncidentBuilder::new();
        log.service_event("09:00", Kind::Note, Some(Ok), &["a", "b"]);
        log.state_event("10:00", Kind::Resolve, None);
        log.state_event("11:00", Kind::Reopen, None);
        for (kind, state) in given {
            log.service_event("11:00", kind.clone(), *state, &["a", "b"]);
        }
        let states = States::from_incident(&log.incident);
        assert_eq!(short(&states.overall), short(states.spans_of("b")));
        short(&states.overall)[1..].to_vec()
    };
    let eleven = at("11:00");
    let given = |state| (Kind::Note, Some(state));
    let unknown = (Unknown, eleven, Some(eleven));
    let lasting = |state| (state, eleven, None);
    assert_eq!(after_reopen(&[]), [lasting(Unknown)]);
    assert_eq!(after_reopen(&[given(Degraded)]), [lasting(Degraded)]);
    assert_eq!(after_reopen(&[given(AtRisk)]), [lasting(AtRisk)]);
    assert_eq!(after_reopen(&[given(Ok)]), []);
    // What was given and over at once was so.
    let restore = (Kind::Restore, None);
    assert_eq!(
        after_reopen(&[given(Degraded), restore.clone()]),
        [(Degraded, eleven, Some(eleven)), lasting(Ok)]
    );
    // A restore says only that it is over.
    for end in [restore, (Kind::Restore, Some(Ok))] {
        assert_eq!(after_reopen(&[end]), [unknown, lasting(Ok)]);
    }
}

#[test]
fn state_given_of_one_service_leaves_the_other_unknown() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:00", Kind::Fault, None, &["a", "b"]);
    log.service_event("10:00", Kind::Note, Some(Degraded), &["a"]);
    log.service_event("10:00", Kind::Restore, None, &["b"]);
    let states = States::from_incident(&log.incident);
    let ten = at("10:00");
    let unknown = (Unknown, ten, Some(ten));
    assert_eq!(short(&states.overall), [unknown, (Degraded, ten, None)]);
    assert_eq!(short(states.spans_of("a")), [(Degraded, ten, None)]);
}
