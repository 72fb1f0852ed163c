//! Advice on a letter: what a reader would stumble over, and a person decides.

use super::{FindingCollector, words};
use crate::{
    documents::{Stage, time_format::TimeFormatter},
    domain::{
        event::Event,
        incident::{Incident, Record},
        states::{NAMELESS, States},
        task::TaskState,
        time::{UtcTime, format_duration, minutes_between},
        white_space::fold_white_space,
        words::{Kind, State},
    },
};
use chrono::{Duration, Timelike};
use std::collections::BTreeMap;

/// The longest time of impact without a step, and the most steps.
const MAX_GAP: Duration = Duration::hours(4);
const MAX_STEPS: usize = 15;
/// The fewest steps that are easier to read as a story than as a list.
const MIN_STORY_STEPS: usize = 3;

/// Advises on the letter of `stage`.
pub(super) fn advise(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    states: &States,
    stage: Stage,
) {
    let time_format = TimeFormatter::new(incident.zone());
    let with_wording: Vec<&Record<Event>> = incident
        .active_events()
        .filter(|e| e.value.customer.is_some())
        .collect();
    if matches!(stage, Stage::Resolved | Stage::Followup) {
        check_tense(findings, &with_wording);
    }
    check_suspicions(findings, incident, &with_wording);
    check_repeated_sentences(findings, &with_wording);
    check_own_times(findings, &with_wording, &time_format);
    check_changed_wordings(findings, incident, &with_wording);
    check_unnamed_services(findings, incident, states);
    check_restores_without_state(findings, states, &time_format);
    let is_step =
        |e: &&&Record<Event>| !matches!(e.value.kind, Kind::Cause | Kind::Factor | Kind::Comms);
    let steps: Vec<&Record<Event>> = with_wording.iter().filter(is_step).copied().collect();
    check_steps(findings, states, &steps, &time_format);
    check_unworded_followups(findings, incident);
    let has_story = incident.sections.contains_key("customer-followup");
    if stage == Stage::Followup && !has_story && steps.len() >= MIN_STORY_STEPS {
        findings.advise(
            "story",
            Some("section/customer-followup"),
            "readers prefer a story in your own words to a list; the list then follows the signature",
            "bridgelog write customer-followup",
        );
    }
}

fn wording(record: &Record<Event>) -> &str {
    record.value.customer.as_deref().unwrap_or_default()
}

fn amend_wording(record: &Record<Event>) -> String {
    format!("bridgelog amend {} 'tell: TEXT'", record.handle)
}

/// After the end, a wording in the present tense reads as if it lasted.
fn check_tense(findings: &mut FindingCollector<'_>, events: &[&Record<Event>]) {
    for record in events {
        if let Some(phrase) = words::find_listed(wording(record), "present tense") {
            let reason = format!("`{phrase}` reads as if it were not over");
            let line = amend_wording(record);
            findings.advise("tense", Some(&record.handle), reason, &line);
        }
    }
}

/// What was suspected is news until the cause is known. A letter leaves it out once it tells the cause.
fn check_suspicions(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    events: &[&Record<Event>],
) {
    let is_told = |e: &&Record<Event>| matches!(e.value.kind, Kind::Cause | Kind::Factor);
    let mut recorded = incident.active_events();
    if events.iter().any(is_told) || !recorded.any(|e| e.value.kind == Kind::Cause) {
        return;
    }
    for record in events.iter().filter(|e| e.value.kind == Kind::Suspect) {
        let line = format!("bridgelog amend {} 'tell: -'", record.handle);
        findings.advise(
            "suspicion",
            Some(&record.handle),
            "customers read this suspicion, and not the cause, which is known",
            &line,
        );
    }
}

fn check_repeated_sentences(findings: &mut FindingCollector<'_>, events: &[&Record<Event>]) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for record in events {
        for sentence in words::sentences(wording(record)) {
            let key = words::normalize(sentence);
            if key.trim().is_empty() {
                continue;
            }
            match seen.get(&key) {
                Some(first) if *first != record.handle => {
                    let reason = format!(
                        "the email has `{}` twice, first in {first}",
                        sentence.trim()
                    );
                    let line = amend_wording(record);
                    findings.add("twice", Some(&record.handle), reason, &line);
                }
                Some(_) => {}
                None => {
                    seen.insert(key, &record.handle);
                }
            }
        }
    }
}

/// A wording stands beside its event's time, so another time in it contradicts that.
fn check_own_times(
    findings: &mut FindingCollector<'_>,
    events: &[&Record<Event>],
    time_format: &TimeFormatter,
) {
    for record in events {
        let at = record.value.at_utc();
        let mut own = vec![at];
        own.extend(record.value.end_utc());
        let local = own.iter().map(|at| time_format.to_local(*at).time());
        let own: Vec<(u32, u32)> = local
            .chain(own.iter().map(UtcTime::time))
            .map(|time| (time.hour(), time.minute()))
            .collect();
        let is_own = |hour: u32, minute: u32| {
            own.iter()
                .any(|(h, m)| *m == minute && (*h == hour || *h == hour + 12))
        };
        let mut others = words::times_of_day(wording(record));
        if let Some((written, ..)) = others.find(|(_, hour, minute)| !is_own(*hour, *minute)) {
            let reason = format!(
                "`{written}` is another time than its own, {}",
                time_format.time_with_zone(at)
            );
            let line = amend_wording(record);
            findings.advise("other-time", Some(&record.handle), reason, &line);
        }
    }
}

/// A wording that went out in a letter of ours and reads otherwise now.
fn check_changed_wordings(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    events: &[&Record<Event>],
) {
    // One that was sent with a text of its own keeps no facts.
    let sent = incident
        .sent_emails()
        .filter(|(_, message)| !message.value.facts.is_empty());
    let Some((at, message)) = sent.max_by_key(|(at, _)| *at) else {
        return;
    };
    let text = fold_white_space(&message.value.text);
    let is_listed = |e: &&&Record<Event>| !matches!(e.value.kind, Kind::Comms | Kind::Suspect);
    for record in events.iter().filter(is_listed) {
        let was_there = record.amended && record.recorded <= at && record.value.at_utc() <= at;
        if was_there && !text.contains(&fold_white_space(wording(record))) {
            let reason = format!(
                "this is not what m{} says, which was sent",
                message.value.number
            );
            let line = amend_wording(record);
            findings.advise("changed-wording", Some(&record.handle), reason, &line);
        }
    }
}

/// What was restored was not well before, and the letter counts it as working until then.
fn check_restores_without_state(
    findings: &mut FindingCollector<'_>,
    states: &States,
    time_format: &TimeFormatter,
) {
    for (service, at) in states.unexplained_restores() {
        let (of, named) = match service.as_str() {
            NAMELESS => (String::new(), String::new()),
            name => (format!(" of @{name}"), format!(" @{name}")),
        };
        let reason = format!(
            "the state{of} before the restore of {} is not recorded, and the email counts it as working until then",
            time_format.date_time_with_zone(*at)
        );
        let line = format!("bridgelog log 'WHEN fault: TEXT{named} !STATE'");
        findings.advise("restore-without-state", None, reason, &line);
    }
}

/// A service without a public name counts under the product, or not at all.
fn check_unnamed_services(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    states: &States,
) {
    let named = incident
        .services
        .values()
        .filter(|s| s.public_name.is_some());
    if named.count() == 0 {
        return;
    }
    for (service, spans) in &states.services {
        let known = incident.services.get(service);
        let has_name = known.is_some_and(|known| known.public_name.is_some());
        let was_hit = spans
            .iter()
            .any(|span| span.state.is_impact() || span.state == State::Unknown);
        if !service.is_empty() && !has_name && was_hit {
            let line = format!("bridgelog service {service} --public NAME");
            findings.advise(
                "no-public-name",
                Some(&format!("service/{service}")),
                "it was affected, and has no name that customers know",
                &line,
            );
        }
    }
}

/// A follow-up without customer wording is left out of the letter, also where it would have prevented this.
fn check_unworded_followups(findings: &mut FindingCollector<'_>, incident: &Incident) {
    let has_any = incident.tasks.iter().any(|t| t.value.customer.is_some());
    for task in incident.tasks.iter().filter(|_| has_any) {
        let value = &task.value;
        let is_declined = value.state == TaskState::Declined || value.retracted.is_some();
        if (value.prevents || value.shortens) && !is_declined && value.customer.is_none() {
            let line = format!("bridgelog task set {} --customer TEXT", task.handle);
            let reason = "this follow-up has no customer wording, so the email leaves it out";
            findings.advise("no-wording", Some(&task.handle), reason, &line);
        }
    }
}

/// Long stretches of impact without a step, and more steps than are read.
fn check_steps(
    findings: &mut FindingCollector<'_>,
    states: &States,
    steps: &[&Record<Event>],
    time_format: &TimeFormatter,
) {
    if steps.len() > MAX_STEPS {
        let reason = format!(
            "the email has {} steps; a reader follows {MAX_STEPS}",
            steps.len()
        );
        let least = steps
            .iter()
            .find(|e| matches!(e.value.kind, Kind::Note | Kind::Action));
        let least = least.or(steps.last());
        let handle = least.map_or("", |e| e.handle.as_str());
        let line = format!("bridgelog amend {handle} 'tell: -'");
        findings.advise("steps", None, reason, &line);
    }
    let mut times: Vec<(UtcTime, &str)> = steps
        .iter()
        .map(|e| (e.value.at_utc(), e.handle.as_str()))
        .collect();
    times.sort();
    for pair in times.windows(2) {
        let ((from, handle), (to, _)) = (pair[0], pair[1]);
        let lasted = states.overall.iter().any(|span| {
            span.state.is_impact() && span.from <= from && span.to.is_none_or(|end| end >= to)
        });
        if lasted && to - from > MAX_GAP {
            let reason = format!(
                "the email has no step from {} to {} ({}), during the impact",
                time_format.date_time_with_zone(from),
                time_format.date_time_with_zone(to),
                format_duration(minutes_between(from, to) * 60)
            );
            findings.advise(
                "long-gap",
                Some(handle),
                reason,
                "bridgelog log 'WHEN action: TEXT tell: TEXT'",
            );
        }
    }
}
