//! The findings of a document as rows of the screen.

use crate::{
    domain::{
        event::Event,
        incident::{Incident, Record, SECTIONS},
        zone::Zone,
    },
    ops::{
        lint::{Finding, Fix},
        status,
    },
    tui::{msg::FindingRow, theme::kind_word},
};

/// Returns `findings` of a document of `incident` as rows; times are those of `zone`.
pub(super) fn finding_rows(
    findings: Vec<Finding>,
    incident: &Incident,
    zone: &Zone,
) -> Vec<FindingRow> {
    let row = |finding: Finding| {
        let fix = finding.fix();
        let handle = match &fix {
            Fix::EventTime(handle) | Fix::EventPart(handle, _) => Some(handle),
            _ => finding.handle.as_ref(),
        };
        let event = incident.events.iter().find(|e| Some(&e.handle) == handle);
        let subject = subject_of(&finding, &fix, incident, zone);
        // The subject stands before it.
        let reason = finding.reason.as_str();
        let reason = match reason.strip_prefix("not recorded: ") {
            Some(what) if what == subject => "not recorded",
            _ => reason
                .strip_prefix(&format!("{subject} "))
                .unwrap_or(reason),
        };
        FindingRow {
            reason: reason.to_owned(),
            check: finding.check,
            handle: finding.handle,
            subject,
            command: finding.command,
            opening: opening_of(&fix, event, zone),
            event: event.map(|event| event.id),
            fix,
            advice: finding.advice,
        }
    };
    findings.into_iter().map(row).collect()
}

/// What the prompt that fixes a finding about `event` opens with.
fn opening_of(fix: &Fix, event: Option<&Record<Event>>, zone: &Zone) -> String {
    match (fix, event) {
        (Fix::EventTime(_), Some(event)) => status::editable_time(&event.value, zone),
        (Fix::EventPart(_, begin), event) => {
            let wording = event.and_then(|event| event.value.customer.as_deref());
            // What there is of it is edited.
            match wording {
                Some(wording) if begin == "tell: " => format!("{begin}{wording}"),
                _ => begin.clone(),
            }
        }
        _ => String::new(),
    }
}

/// Says what a finding is about, in one to three words.
fn subject_of(finding: &Finding, fix: &Fix, incident: &Incident, zone: &Zone) -> String {
    let plain = |name: &str| name.replace('-', " ");
    let section = |name: &str| {
        let heading = SECTIONS.iter().find(|(known, _)| *known == name);
        match heading {
            Some((_, heading)) if heading.len() < 20 => heading.to_lowercase(),
            _ => plain(name),
        }
    };
    if let Some(handle) = finding.handle.as_deref() {
        if let Some(event) = incident.events.iter().find(|e| e.handle == handle) {
            let about = if event.value.approximate { "~" } else { "" };
            let at = zone.to_local(event.value.at_utc()).format("%H:%M");
            return format!("{about}{at} {}", kind_word(&event.value.kind));
        }
        return match handle.split_once('/') {
            Some(("section", name)) => section(name),
            Some((_, name)) => plain(name),
            None if incident.tasks.iter().any(|task| task.handle == handle) => {
                "follow-up".to_owned()
            }
            None => handle.to_owned(),
        };
    }
    match fix {
        Fix::Field(name) => plain(name),
        Fix::Section(name) => section(name),
        Fix::PublicName(service) => service.clone(),
        Fix::AddFollowUp => "follow-ups".to_owned(),
        Fix::Resolve => "the end".to_owned(),
        Fix::Line { before, .. } => {
            let kind = before.split(':').next().unwrap_or_default();
            let kind = kind.split(' ').next_back().unwrap_or_default();
            kind.split('/').next().unwrap_or_default().to_owned()
        }
        _ => match finding.reason.strip_suffix(" is missing") {
            Some(what) => what.to_owned(),
            None => plain(finding.check),
        },
    }
}
