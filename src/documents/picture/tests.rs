//! Tests of the model and of all its forms.

use super::*;
use crate::{
    documents::{markdown_escape::one_line, time_format},
    domain::{
        testing::{IncidentBuilder, at},
        words::Kind,
    },
};
use State::{AtRisk, Degraded, Down};

mod forms;
mod model;
mod style;

fn picture_in(log: &IncidentBuilder, zone: &str) -> Option<Picture> {
    let incident = &log.incident;
    let states = States::from_incident(incident);
    let metrics = Metrics::compute(incident, &states, incident.last_recorded_at);
    Picture::new(incident, &states, &metrics, &TimeFormatter::new(zone))
}

fn picture(log: &IncidentBuilder) -> Picture {
    picture_in(log, "America/New_York").unwrap()
}

/// One service that is `state` from `from` for `length`, and a resolution.
fn one_spell(from: UtcTime, length: Duration, state: State) -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    log.service_event("10:00", Kind::Fault, Some(state), &["db"]);
    log.service_event("10:01", Kind::Restore, None, &["db"]);
    log.state_event("10:02", Kind::Resolve, None);
    let ends = [from, from + length, from + length];
    for (record, at) in log.incident.events.iter_mut().zip(ends) {
        record.value.at = at.fixed_offset();
    }
    log.incident.last_recorded_at = from + length;
    log
}

/// A service with `count` spells of a few seconds.
fn many_spells(count: usize) -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    for i in 0..count {
        let (kind, state) = if i % 2 == 0 {
            (Kind::Fault, Some([Down, Degraded, AtRisk][i / 2 % 3]))
        } else {
            (Kind::Restore, None)
        };
        let time = format!("{:02}:{:02}:{:02}", i / 3600, i / 60 % 60, i % 60);
        log.service_event(&time, kind, state, &["db"]);
    }
    log
}

/// The incident of the design's pictures.
fn acme() -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    for (service, public) in [
        ("builds", "Builds"),
        ("store", "Acme Store"),
        ("webhooks", "Webhooks"),
        ("accounts", "Accounts"),
        ("search", "Search"),
    ] {
        log.service(service, Some(public));
    }
    let all = ["builds", "store", "webhooks", "accounts", "search"];
    log.service_event("16 19:56", Kind::Note, Some(State::Ok), &all);
    log.service_event("16 20:12", Kind::Absorbed, None, &["store"]);
    log.service_event("16 21:40", Kind::Fault, Some(Down), &["store"]);
    log.state_event("16 21:46", Kind::Detect, None);
    log.service_event("16 21:52", Kind::Fault, None, &["builds"]);
    log.state_event("16 21:58", Kind::Declare, None);
    log.service_event("16 22:15", Kind::Fault, Some(Degraded), &["webhooks"]);
    log.event("16 22:20", Kind::Comms, "told them", |e| {
        e.customer = Some("We know.".into());
    });
    log.state_event("16 22:31", Kind::Decision, None);
    log.service_event("16 22:40", Kind::Finding, Some(Down), &["builds"]);
    log.service_event("16 23:05", Kind::Restore, None, &["store"]);
    log.service_event("16 23:52", Kind::Fault, Some(Down), &["store"]);
    log.service_event("16 23:52", Kind::Absorbed, None, &["accounts"]);
    log.service_event("17 02:30", Kind::Mitigate, Some(Degraded), &["store"]);
    log.service_event("17 06:10", Kind::Mitigate, Some(Degraded), &["builds"]);
    log.service_event("17 09:45", Kind::Restore, None, &["store", "builds"]);
    log.service_event("17 12:51", Kind::Restore, None, &["webhooks", "accounts"]);
    log.state_event("17 13:30", Kind::Resolve, None);
    log
}
