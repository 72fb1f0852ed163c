//! The checks of a postmortem.

use super::{
    CommandNames, Finding, FindingCollector, Rules,
    lifecycle::{check_lifecycle, check_merged_resolves},
    words,
};
use crate::{
    documents::{postmortem::missing_records, time_format::TimeFormatter},
    domain::{
        event::Event,
        incident::{Audience, Incident, Record, section_audience},
        metrics::Metrics,
        states::States,
        subject::Subject,
        time::{UtcTime, format_duration},
        words::Kind,
    },
};
use chrono::Duration;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Checks the postmortem of `incident`, rendered as `text`. Ongoing impact ends at `now`, or where the record of an
/// open incident ends that is over a day old.
#[must_use]
pub fn postmortem(
    incident: &Incident,
    states: &States,
    text: &str,
    rules: &Rules,
    now: UtcTime,
) -> Vec<Finding> {
    let command_names = CommandNames::new(incident, rules.names_incident);
    let mut findings = FindingCollector {
        document: "postmortem",
        command_names: &command_names,
        findings: Vec::new(),
    };
    let time_format = TimeFormatter::new(incident.zone());
    let metrics = Metrics::compute(incident, states, now);
    // How long what has not ended goes on is not known behind that.
    let known_until = incident.quiet_since(now).unwrap_or(now);
    let spans: Vec<(UtcTime, UtcTime)> = metrics
        .get("impact")
        .map(|impact| impact.spans.iter())
        .into_iter()
        .flatten()
        .map(|(from, to)| (*from, to.unwrap_or(known_until.max(*from))))
        .collect();
    if let Some(known) = incident.stale_since(now) {
        let reason = format!(
            "the incident is open, and what was recorded of it last happened at {}",
            time_format.date_time_with_zone(known)
        );
        findings.add("no-end", None, reason, "bridgelog resolve --at WHEN");
    }
    check_gaps(&mut findings, incident, &spans, &time_format, rules);
    check_milestones(&mut findings, incident, states, &spans, &time_format);
    check_lifecycle(&mut findings, incident, states, &time_format);
    check_merged_resolves(&mut findings, incident, states);
    check_decisions(&mut findings, incident);
    check_tasks(&mut findings, incident);
    check_blame(&mut findings, incident);
    let missing = missing_records(incident, states).into_iter();
    for subject in &incident.contradicted {
        let line = match subject {
            Subject::Field(name) => format!("bridgelog set {name} TEXT"),
            Subject::Section(name) => format!("bridgelog write {name}"),
            Subject::Service(name) if incident.renames.service(name) == name => {
                format!("bridgelog service {name} --public NAME")
            }
            Subject::Service(name) => format!("bridgelog service {name}"),
            other => format!("bridgelog history {other}"),
        };
        findings.add(
            "two-versions",
            Some(&subject.to_string()),
            TWO_VERSIONS,
            &line,
        );
    }
    let events = incident.events.iter().filter(|e| e.conflicts > 0);
    let tasks = incident.tasks.iter().filter(|t| t.conflicts > 0);
    let commands = events
        .map(|e| (&e.handle, "bridgelog amend", " LINE"))
        .chain(tasks.map(|t| (&t.handle, "bridgelog task set", "")));
    for (handle, command, rest) in commands {
        let reason = format!("{TWO_VERSIONS}: `bridgelog history {handle}` has both");
        let line = format!("{command} {handle}{rest}");
        findings.add("two-versions", Some(handle), reason, &line);
    }
    for missing in missing.filter(|missing| !missing.is_optional) {
        let reason = format!("not recorded: {}", missing.what);
        findings.add("not-recorded", None, reason, &missing.command);
    }
    findings.add_placeholders(text);
    findings.findings
}

/// What is wrong with something of which two machines wrote a version.
const TWO_VERSIONS: &str =
    "two versions were written without knowing of each other; the later one is shown";

/// A time at which something was written down, or from which to which.
#[derive(Clone, Copy, Debug)]
struct Mark<'a> {
    from: UtcTime,
    to: UtcTime,
    handle: &'a str,
}

/// Returns the periods within `spans` that are longer than `minutes` and have no time of `marks`: start,
/// end, and the handle of the mark before. `spans` and `marks` are in time order.
fn find_gaps<'a>(
    spans: &[(UtcTime, UtcTime)],
    marks: &[Mark<'a>],
    minutes: u32,
) -> Vec<(UtcTime, UtcTime, Option<&'a str>)> {
    let longest = Duration::minutes(i64::from(minutes));
    let mut gaps = Vec::new();
    for (from, to) in spans {
        let before = marks.iter().filter(|mark| mark.from <= *from);
        let mut begin = before
            .map(|mark| mark.to)
            .max()
            .map_or(*from, |end| end.max(*from));
        let mut previous = marks
            .iter()
            .rfind(|mark| mark.from <= *from)
            .map(|mark| mark.handle);
        for mark in marks
            .iter()
            .filter(|mark| mark.from > *from && mark.from < *to)
        {
            if mark.from - begin > longest {
                gaps.push((begin, mark.from, previous));
            }
            begin = begin.max(mark.to);
            previous = Some(mark.handle);
        }
        if *to - begin > longest {
            gaps.push((begin, *to, previous));
        }
    }
    gaps
}

fn check_gaps(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    spans: &[(UtcTime, UtcTime)],
    time_format: &TimeFormatter,
    rules: &Rules,
) {
    let period = |from: UtcTime, to: UtcTime| {
        format!(
            "from {} to {} ({})",
            time_format.date_time_with_zone(from),
            time_format.date_time_with_zone(to),
            format_duration((to - from).num_seconds())
        )
    };
    let mut marks: Vec<Mark<'_>> = incident
        .active_events()
        .map(|e| Mark {
            from: e.value.at_utc(),
            to: e.value.end_utc().unwrap_or(e.value.at_utc()),
            handle: e.handle.as_str(),
        })
        .collect();
    let updates: Vec<Mark<'_>> = incident
        .customer_updates()
        .iter()
        .map(|update| Mark {
            from: update.at(),
            to: update.at(),
            handle: update.handle(),
        })
        .collect();
    marks.extend(updates.iter().copied());
    marks.sort_by_key(|mark| mark.from);
    for (from, to, previous) in find_gaps(spans, &marks, rules.silence_minutes) {
        let line = format!(
            "bridgelog log '{}..{} note: TEXT'",
            time_format.date_time_with_zone(from),
            time_format.date_time_with_zone(to)
        );
        let reason = format!(
            "nothing was written down {}, during the impact",
            period(from, to)
        );
        findings.add("silence", previous, reason, &line);
    }
    let start = spans.first().map(|(from, _)| *from);
    let first = incident
        .active_events()
        .find(|e| Some(e.value.at_utc()) == start);
    let has_unknown_audience = incident
        .active_events()
        .filter(|e| start.is_none_or(|start| e.value.at_utc() >= start))
        .any(|e| e.value.has_unknown_audience());
    // Whether customers heard nothing is not known while a `comms` has no audience.
    let gaps = match has_unknown_audience {
        true => Vec::new(),
        false => find_gaps(spans, &updates, rules.update_minutes),
    };
    for (from, to, previous) in gaps {
        let line = "bridgelog log 'WHEN comms/customers: TEXT'";
        let reason = format!(
            "no message to customers is recorded {}, during the impact",
            period(from, to)
        );
        let handle = previous.or(first.map(|e| e.handle.as_str()));
        findings.add("updates-overdue", handle, reason, line);
    }
}

fn check_milestones(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    states: &States,
    spans: &[(UtcTime, UtcTime)],
    time_format: &TimeFormatter,
) {
    let Some((_, end)) = spans.last() else {
        return;
    };
    let has = |kind: &Kind| incident.active_events().any(|e| e.value.kind == *kind);
    let handle_of = |id: Uuid| incident.event(id).map(|e| e.handle.as_str());
    let impact_event = states.impact_start().and_then(|s| handle_of(s.started_by));
    if !has(&Kind::Detect) {
        let line = "bridgelog log 'WHEN detect: TEXT'";
        let reason = "nothing says when and how it was noticed";
        findings.add("no-detection", impact_event, reason, line);
    }
    let recovery = states.overall.last().filter(|s| !s.state.is_impact());
    let Some(recovery) = recovery else { return };
    let verified = incident
        .active_events()
        .any(|e| e.value.kind == Kind::Verify && e.value.at_utc() >= *end);
    if !verified {
        let line = "bridgelog log 'WHEN verify: TEXT'";
        let reason = "service was recorded as restored, and no check of it is recorded";
        findings.add(
            "no-verification",
            handle_of(recovery.started_by),
            reason,
            line,
        );
    }
    let late_mitigations = incident
        .active_events()
        .filter(|e| e.value.kind == Kind::Mitigate && e.value.at_utc() > *end);
    for event in late_mitigations {
        let line = format!("bridgelog amend {} 'WHEN'", event.handle);
        let reason = format!(
            "it was mitigated at {}, after service was back at {}",
            time_format.date_time_with_zone(event.value.at_utc()),
            time_format.date_time_with_zone(*end)
        );
        findings.add("order", Some(&event.handle), reason, &line);
    }
}

fn check_decisions(findings: &mut FindingCollector<'_>, incident: &Incident) {
    let linked: BTreeSet<Uuid> = incident
        .active_events()
        .flat_map(|e| e.value.links.iter().copied())
        .collect();
    let has_no_outcome =
        |e: &&Record<Event>| e.value.kind == Kind::Decision && !linked.contains(&e.id);
    for decision in incident.active_events().filter(has_no_outcome) {
        let line = format!("bridgelog log 'WHEN action: TEXT ^{}'", decision.handle);
        let reason = "this decision has no recorded outcome";
        findings.add("no-outcome", Some(&decision.handle), reason, &line);
    }
}

fn check_tasks(findings: &mut FindingCollector<'_>, incident: &Incident) {
    for task in incident.tasks.iter().filter(|t| t.value.is_open()) {
        let handle = Some(task.handle.as_str());
        if task.value.owner.is_none() {
            let line = format!("bridgelog task set {} --owner WHO", task.handle);
            findings.add("no-owner", handle, "this follow-up has no owner", &line);
        }
        if task.value.due.is_none() {
            let line = format!("bridgelog task set {} --due WHEN", task.handle);
            findings.add("no-due", handle, "this follow-up has no due date", &line);
        }
        if let Some(reason) = words::missing_verb_reason(&task.value.text) {
            let line = format!("bridgelog task set {} --text TEXT", task.handle);
            findings.add("no-verb", handle, reason, &line);
        }
    }
}

fn check_blame(findings: &mut FindingCollector<'_>, incident: &Incident) {
    let people: BTreeSet<String> = incident
        .active_events()
        .flat_map(|e| e.value.people.iter().cloned().chain([e.author.clone()]))
        .chain(incident.tasks.iter().filter_map(|t| t.value.owner.clone()))
        .collect();
    let sections = incident
        .sections
        .iter()
        .filter(|(name, _)| section_audience(name) == Audience::Internal)
        .map(|(name, text)| {
            (
                format!("section/{name}"),
                format!("bridgelog write {name}"),
                text,
            )
        });
    let causes = incident
        .active_events()
        .filter(|e| matches!(e.value.kind, Kind::Cause | Kind::Factor))
        .map(|e| {
            let line = format!("bridgelog amend {} TEXT", e.handle);
            (e.handle.clone(), line, &e.value.text)
        });
    for (handle, line, text) in sections.chain(causes) {
        if let Some(word) = words::find_listed(text, "blame") {
            let reason = format!("`{word}` blames; say what made it likely or possible");
            findings.add("blame", Some(&handle), reason, &line);
        }
        for sentence in text.split(['.', '!', '?', '\n']) {
            let name = words::find_person(sentence, &people);
            let reproach = words::find_listed(sentence, "reproaches");
            if let (Some(name), Some(word)) = (name, reproach) {
                let reason = format!(
                    "`{name} ... {word}` blames; say what they knew then and what they lacked"
                );
                findings.add("blame", Some(&handle), reason, &line);
            }
        }
    }
}
