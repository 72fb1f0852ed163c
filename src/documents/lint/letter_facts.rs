//! Checks what letters state, and have stated, against the journal.

use super::FindingCollector;
use crate::{
    documents::CustomerView,
    domain::{
        event::Event,
        incident::{Incident, Record},
    },
};

/// Checks that nothing that was hit is said to be not affected.
pub(super) fn check_unaffected(findings: &mut FindingCollector<'_>, view: &CustomerView) {
    for name in &view.said_unaffected {
        let reason =
            format!("`{name}` is said to be not affected, and the record says that it was");
        let field = Some("field/unaffected");
        findings.add(
            "unaffected",
            field,
            reason,
            "bridgelog set unaffected VALUE",
        );
    }
}

/// Checks the facts that letters state against the journal.
pub(super) fn check_stale_facts(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    view: &CustomerView,
) {
    for change in view.stale_facts(incident) {
        let number = change.message_number;
        let current = change.recorded.as_deref().map_or_else(
            || "the record no longer says so".to_owned(),
            |current| format!("the record says `{current}`"),
        );
        let what = change.label();
        let is_redacted = |e: &Record<Event>| e.handle == change.name && e.value.redacted.is_some();
        let stated = match incident.events.iter().any(is_redacted) {
            true => "[redacted]",
            false => &change.stated,
        };
        if let Some(other) = &change.other_name {
            let (rule, which, line) = match change.sent_at {
                Some(_) => ("told-otherwise", "", "bridgelog email --save".to_owned()),
                None => (
                    "stale-draft",
                    "the draft ",
                    format!("bridgelog email --save=m{number}"),
                ),
            };
            let times = change
                .recorded
                .as_ref()
                .map_or_else(String::new, |current| {
                    format!(", and of its times it said `{stated}`, the record says `{current}`")
                });
            let reason = format!(
                "{what} of {which}m{number} is `{other}` now{times}: the next email has the new name, and does not say that it is the same"
            );
            findings.add(rule, Some(&change.message_handle), reason, &line);
        } else if change.sent_at.is_some() {
            let corrected = match change.is_corrected() {
                true => "the next email corrects it",
                false => "no email corrects it, and the next one says what is so",
            };
            let reason = format!("{what}: m{number} said `{stated}`, {current}; {corrected}");
            findings.add(
                "told-otherwise",
                Some(&change.message_handle),
                reason,
                "bridgelog email --save",
            );
        } else {
            let reason = format!("{what}: the draft m{number} says `{stated}`, {current}");
            let line = format!("bridgelog email --save=m{number}");
            findings.add("stale-draft", Some(&change.message_handle), reason, &line);
        }
    }
}
