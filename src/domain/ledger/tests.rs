use super::*;
use crate::domain::testing::{IncidentBuilder, at};

fn in_incident(log: &IncidentBuilder) -> Vec<NearMiss> {
    let none = IncidentBuilder::new().incident;
    let incidents = [log.incident.clone()];
    let events: Vec<EventInIncident<'_>> = incidents[0].events.iter().map(|e| (None, e)).collect();
    near_misses(&incidents, &none, &events)
}

fn unfiled(log: &IncidentBuilder) -> Vec<NearMiss> {
    let events: Vec<EventInIncident<'_>> = log.incident.events.iter().map(|e| (None, e)).collect();
    near_misses(&[], &log.incident, &events)
}

fn tagged(log: &mut IncidentBuilder, time: &str, kind: Kind, state: Option<State>, tag: &str) {
    log.event(time, kind, "text", |e| {
        e.services = vec!["db".into()];
        e.tags = vec![tag.into()];
        e.state = state.map(Into::into);
    });
}

#[test]
fn restore_of_same_service_ends_time_at_risk() {
    let mut log = IncidentBuilder::new();
    log.service_event("08:00", Kind::Absorbed, None, &["db"]);
    log.service_event("08:30", Kind::Restore, None, &["web"]);
    log.service_event("09:00", Kind::Restore, None, &["db"]);
    log.service_event("10:00", Kind::Fault, Some(State::Down), &["db"]);
    for all in [in_incident(&log), unfiled(&log)] {
        let one = &all[0];
        assert_eq!(
            (one.restored_at, one.defeated_by.clone()),
            (Some(at("09:00")), None)
        );
        assert_eq!(
            (one.seconds_at_risk(at("12:00")), one.protection.as_str()),
            (Some(3600), "db")
        );
    }
}

#[test]
fn impact_of_the_same_service_overcomes_whatever_the_tags() {
    let mut log = IncidentBuilder::new();
    tagged(&mut log, "08:00", Kind::Absorbed, None, "mirror");
    tagged(&mut log, "08:05", Kind::Fault, None, "mirror");
    assert_eq!(in_incident(&log)[0].defeated_by, None, "not known");
    tagged(&mut log, "08:10", Kind::Fault, Some(State::Down), "deploy");
    let one = &in_incident(&log)[0];
    assert_eq!(
        one.defeated_by.as_ref().map(|(_, at)| *at),
        Some(at("08:10"))
    );
    assert_eq!(
        (one.seconds_to_defeat(), one.protection.as_str()),
        (Some(600), "mirror")
    );
    assert_eq!(one.risk, TimeAtRisk::UnknownSince(at("08:05")));
    assert_eq!(one.seconds_at_risk(at("12:00")), None);
}

#[test]
fn impact_outside_of_any_incident_overcomes_as_in_one() {
    let mut log = IncidentBuilder::new();
    log.service_event("08:00", Kind::Absorbed, None, &["db"]);
    let fault = log.service_event("08:30", Kind::Fault, Some(State::Down), &["db"]);
    log.service_event("10:00", Kind::Restore, None, &["db"]);
    for all in [in_incident(&log), unfiled(&log)] {
        let one = &all[0];
        assert_eq!(
            one.defeated_by,
            Some((IncidentBuilder::handle(fault), at("08:30")))
        );
        assert_eq!(one.restored_at, None);
        assert_eq!(one.seconds_at_risk(at("12:00")), Some(1800));
    }
}

#[test]
fn impact_outside_of_any_incident_overcomes_only_within_a_day() {
    let mut log = IncidentBuilder::new();
    log.service_event("08:00", Kind::Absorbed, None, &["db"]);
    log.service_event("18 08:00", Kind::Fault, Some(State::Down), &["db"]);
    log.service_event("18 09:00", Kind::Restore, None, &["db"]);
    let one = &unfiled(&log)[0];
    assert_eq!(
        (one.defeated_by.clone(), one.restored_at),
        (None, Some(at("18 09:00")))
    );
    assert_eq!(one.seconds_at_risk(at("18 12:00")), None, "not recorded");
    let one = &in_incident(&log)[0];
    assert_eq!(one.seconds_to_defeat(), Some(48 * 3600));
}

#[test]
fn time_at_risk_ends_where_the_state_becomes_unknown() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:05", Kind::Absorbed, None, &["db"]);
    log.service_event("10:07", Kind::Fault, None, &["db"]);
    for all in [in_incident(&log), unfiled(&log)] {
        assert_eq!(all[0].risk, TimeAtRisk::UnknownSince(at("10:07")));
        assert_eq!(all[0].seconds_at_risk(at("10:30")), None);
        assert_eq!(all[0].over_at(), None);
    }
    log.service_event("10:09", Kind::Restore, None, &["db"]);
    let one = &in_incident(&log)[0];
    assert_eq!(one.risk, TimeAtRisk::UnknownSince(at("10:07")));
    assert_eq!(one.over_at(), Some(at("10:09")));
}

#[test]
fn a_link_from_elsewhere_counts_from_the_caught_fault() {
    let mut log = IncidentBuilder::new();
    let caught = log.service_event("10:05", Kind::Absorbed, None, &["db"]);
    let mut other = IncidentBuilder::new();
    other.service_event("11:10", Kind::Restore, None, &["db"]);
    other.event("12:01", Kind::Fault, "linked", |e| {
        e.services = vec!["db".into()];
        e.links = vec![caught];
    });
    let records = log.incident.events.iter().chain(&other.incident.events);
    let events: Vec<EventInIncident<'_>> = records.map(|e| (None, e)).collect();
    let none = IncidentBuilder::new().incident;
    let one = &near_misses(std::slice::from_ref(&log.incident), &none, &events)[0];
    assert_eq!(one.seconds_to_defeat(), Some((60 + 56) * 60));
    assert_eq!(one.seconds_at_risk(at("12:30")), Some(65 * 60));
}

#[test]
fn in_another_incident_only_a_link_overcomes() {
    let mut log = IncidentBuilder::new();
    let caught = log.service_event("08:00", Kind::Absorbed, None, &["db"]);
    let mut elsewhere = IncidentBuilder::new();
    elsewhere.service_event("09:00", Kind::Fault, Some(State::Down), &["db"]);
    let here = log.incident.events.iter().map(|e| (None, e));
    let other = Some(elsewhere.incident.id);
    let there = elsewhere.incident.events.iter().map(|e| (other, e));
    let events: Vec<EventInIncident<'_>> = here.chain(there).collect();
    let all = near_misses(&[], &log.incident, &events);
    assert_eq!(all[0].defeated_by, None);
    assert_eq!(all[0].restored_at, None);
    log.event("10:00", Kind::Note, "see", |e| e.links = vec![caught]);
    assert_eq!(unfiled(&log)[0].defeated_by, None, "a note is no fault");
    let fault = log.event("11:00", Kind::Fault, "through", |e| e.links = vec![caught]);
    assert_eq!(
        unfiled(&log)[0].defeated_by,
        Some((IncidentBuilder::handle(fault), at("11:00")))
    );
}

#[test]
fn caught_fault_that_bears_no_state_has_no_time_at_risk() {
    let mut log = IncidentBuilder::new();
    log.service_event("07:00", Kind::Fault, Some(State::Down), &["db"]);
    log.service_event("08:00", Kind::Absorbed, None, &["db"]);
    log.service_event("08:30", Kind::Restore, None, &["db", "web"]);
    log.service_event("09:00", Kind::Absorbed, None, &[]);
    let all = in_incident(&log);
    let ends: Vec<_> = all.iter().map(|one| one.restored_at).collect();
    // What was caught of a service that was down kept no outage from happening.
    assert_eq!(ends, [None]);
    assert_eq!(all[0].over_at(), Some(at("09:00")));
    assert_eq!(all[0].seconds_at_risk(at("12:00")), None);
    let mut both = IncidentBuilder::new();
    both.service_event("07:00", Kind::Fault, Some(State::Degraded), &["db"]);
    both.service_event("08:00", Kind::Absorbed, None, &["db", "web"]);
    both.event("08:01", Kind::Absorbed, "no service", |_| {});
    let all = in_incident(&both);
    assert_eq!(
        (all.len(), all[0].risk, all[0].protection.as_str()),
        (1, TimeAtRisk::Lasts, "web"),
        "web was at risk"
    );
    assert_eq!(all[0].services, ["web"]);
}

#[test]
fn risk_ends_when_the_service_is_ok_in_another_incident() {
    let mut log = IncidentBuilder::new();
    log.service_event("08:00", Kind::Absorbed, None, &["db"]);
    let mut other = IncidentBuilder::new();
    other.service_event("17 09:00", Kind::Restore, None, &["db"]);
    let records = log.incident.events.iter().chain(&other.incident.events);
    let events: Vec<EventInIncident<'_>> = records.map(|e| (None, e)).collect();
    let one = &near_misses(
        std::slice::from_ref(&log.incident),
        &IncidentBuilder::new().incident,
        &events,
    )[0];
    assert_eq!(one.restored_at, Some(at("17 09:00")));
}

#[test]
fn ledger_ignores_retracted_events() {
    let mut log = IncidentBuilder::new();
    log.event("08:00", Kind::Absorbed, "text", |e| {
        e.retracted = Some("no".into());
    });
    log.service_event("09:00", Kind::Absorbed, None, &[]);
    log.event("10:00", Kind::Fault, "text", |e| {
        e.state = Some(State::Down.into());
        e.retracted = Some("no".into());
    });
    let all = in_incident(&log);
    assert_eq!((all.len(), all[0].defeated_by.clone()), (1, None));
    assert_eq!(all[0].seconds_at_risk(at("09:30")), Some(1800));
}

#[test]
fn impact_of_the_same_instant_overcomes() {
    let impact = |second: Option<State>| {
        let mut log = IncidentBuilder::new();
        log.service_event("10:06", Kind::Absorbed, None, &["db"]);
        log.service_event("10:06", Kind::Fault, second, &["db"]);
        log.service_event("10:08", Kind::Fault, Some(State::Down), &["db"]);
        let found = in_incident(&log).remove(0);
        (found.defeated_by.map(|(_, at)| at), found.restored_at)
    };
    assert_eq!(impact(Some(State::Down)), (Some(at("10:06")), None));
    assert_eq!(impact(None), (Some(at("10:08")), None));
    // One that was over at once did no harm.
    let mut log = IncidentBuilder::new();
    log.service_event("10:00", Kind::Note, Some(State::Ok), &["db"]);
    log.service_event("10:06", Kind::Absorbed, None, &["db"]);
    log.service_event("10:06", Kind::Restore, None, &["db"]);
    let found = in_incident(&log).remove(0);
    assert_eq!(
        (found.defeated_by, found.restored_at),
        (None, Some(at("10:06")))
    );
}

#[test]
fn time_at_risk_is_not_known_where_nothing_was_recorded_for_a_day() {
    let mut log = IncidentBuilder::new();
    log.service_event("10:06", Kind::Absorbed, None, &["db"]);
    let found = in_incident(&log).remove(0);
    let day = chrono::Duration::days(1);
    assert_eq!(found.seconds_at_risk(at("10:07")), Some(60));
    assert_eq!(found.seconds_at_risk(at("10:06") + day), Some(86_400));
    assert_eq!(found.seconds_at_risk(at("10:07") + day), None);
}
