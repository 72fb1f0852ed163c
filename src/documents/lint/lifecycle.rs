//! The checks of when the incident began and ended: a `resolve` that resolves nothing, a state after
//! the end, a message whose audience is not recorded.

use super::FindingCollector;
use crate::{
    documents::time_format::TimeFormatter,
    domain::{
        event::Event,
        incident::{Incident, Record},
        states::{CurrentStates, States},
        words::{Kind, State},
    },
};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) fn check_lifecycle(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    states: &States,
    time_format: &TimeFormatter,
) {
    for resolve in incident
        .active_events()
        .filter(|e| e.value.kind == Kind::Resolve)
    {
        if let Some(opened) = incident.opened_after(resolve) {
            let what = match opened.value.kind {
                Kind::Reopen => "reopened",
                _ => "declared",
            };
            let reason = format!(
                "this does not resolve the incident, which was {what} later, at {}",
                time_format.date_time_with_zone(opened.value.at_utc())
            );
            let line = format!("bridgelog amend {} 'WHEN'", resolve.handle);
            findings.add("does-not-resolve", Some(&resolve.handle), reason, &line);
        }
    }
    for reopen in incident
        .active_events()
        .filter(|e| e.value.kind == Kind::Reopen && incident.reopens_nothing(e))
    {
        let reason = "this reopens nothing, because no `resolve` is before it; where all was ok, the state is not known from then on";
        let line = format!("bridgelog amend {} 'WHEN'", reopen.handle);
        findings.add(
            "does-not-reopen",
            Some(&reopen.handle),
            reason.to_owned(),
            &line,
        );
    }
    check_end(findings, incident, states, time_format);
    for comms in incident
        .active_events()
        .filter(|e| e.value.has_unknown_audience())
    {
        let line = format!("bridgelog amend {} comms/WHO:", comms.handle);
        let impact = states.impact_start().map(|span| span.from);
        let reason = match impact.is_some_and(|start| comms.value.at_utc() < start) {
            true => "the audience of this message is not recorded",
            false => {
                "the audience of this message is not recorded, so the times of updates are not known"
            }
        };
        findings.add("audience", Some(&comms.handle), reason, &line);
    }
}

/// Finds the services that are called well only since a `resolve` of another incident, from before the two were
/// merged: nobody recorded that of them.
pub(super) fn check_merged_resolves(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    states: &States,
) {
    let time_format = TimeFormatter::new(incident.zone());
    let resolves: HashMap<Uuid, &Record<Event>> = incident
        .active_events()
        .filter(|event| event.value.kind == Kind::Resolve)
        .map(|event| (event.id, event))
        .collect();
    let place_of = |id| incident.event(id).map(|event| event.elsewhere);
    for (service, spans) in &states.services {
        for (span, next) in spans.iter().zip(spans.iter().skip(1)) {
            let Some(resolve) = resolves.get(&next.started_by) else {
                continue;
            };
            let is_meant = resolve.elsewhere.is_none() || resolve.value.services.contains(service);
            if is_meant || place_of(span.started_by) == Some(resolve.elsewhere) {
                continue;
            }
            let (what, named) = match service.as_str() {
                "" => ("it was".to_owned(), String::new()),
                service => (format!("@{service} was"), format!(" @{service}")),
            };
            let reason = format!(
                "this was recorded for an incident that was merged into this one, of which {what} {} since {}: when that was over is not recorded. If it went on after this, retract this first",
                span.state,
                time_format.date_time_with_zone(span.from)
            );
            let line = format!("bridgelog log 'WHEN restore: TEXT{named}'");
            findings.add("resolve-of-another", Some(&resolve.handle), reason, &line);
        }
    }
}

fn check_end(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    states: &States,
    time_format: &TimeFormatter,
) {
    let Some(end) = incident.resolution() else {
        return;
    };
    let resolved = time_format.date_time_with_zone(end.value.at_utc());
    if let Some(start) = states
        .impact_start()
        .filter(|start| start.from > end.value.at_utc())
    {
        let reason = format!(
            "this is before the impact began, at {}",
            time_format.date_time_with_zone(start.from)
        );
        let line = format!("bridgelog amend {} 'WHEN'", end.handle);
        findings.add("resolved-before-impact", Some(&end.handle), reason, &line);
    }
    for (service, spans) in &states.services {
        let Some(last) = spans.last().filter(|span| span.state != State::Ok) else {
            continue;
        };
        let name = match service.as_str() {
            "" => String::new(),
            service => format!("@{service} "),
        };
        let reason = format!(
            "{name}{} since {}, and the incident is resolved",
            last.state,
            time_format.date_time_with_zone(last.from)
        );
        let named = match service.as_str() {
            "" => String::new(),
            service => format!(" @{service}"),
        };
        let line = format!("bridgelog log 'WHEN restore: TEXT{named}'");
        let handle = incident.event(last.started_by).map(|e| e.handle.as_str());
        findings.add("not-ok-at-end", handle, reason, &line);
    }
    // What begins at the very instant of the end is no span where it goes on with the state before.
    let mut current = CurrentStates::before_events(incident);
    for record in incident.active_events() {
        let changes = current.apply(record);
        let is_unwell = changes.iter().any(|change| change.state != State::Ok);
        if is_unwell && record.sort_key() > end.sort_key() {
            let reason = format!(
                "reopen? this state is later than the end of the incident, at {resolved}, and does not reopen it"
            );
            let line = "bridgelog reopen --at 'WHEN'";
            findings.add("state-after-end", Some(&record.handle), reason, line);
        }
    }
}
