//! Runs the checks of the documents: what is missing in them or must not go out.

use super::{
    Result, Session, document,
    redact_outlived::{self, Outlived},
};
pub use crate::documents::lint::{Finding, Fix};
use crate::{
    documents::{
        CustomerView, Stage,
        lint::{self, Rules},
    },
    domain::{incident::Incident, states::States},
};

/// Checks the letter of `stage` (or of the one that is due) and the postmortem. An incident without
/// impact, unknown state, unexplained restore and customer wording needs no letter, so none is checked unless `stage` is
/// given, or a letter that was sent told something otherwise.
///
/// # Errors
/// A template that fails.
pub fn lint(session: &Session, incident: &Incident, stage: Option<Stage>) -> Result<Vec<Finding>> {
    let states = States::from_incident(incident);
    let mut findings = Vec::new();
    let has_impact = states.impact_start().is_some()
        || states.has_unknown_span()
        || states.unexplained_restore(None).is_some();
    let has_wording = incident.active_events().any(|e| e.value.customer.is_some());
    let was_told_otherwise = || {
        let stale = CustomerView::from_incident(incident, &states).stale_facts(incident);
        stale.iter().any(|fact| fact.sent_at.is_some())
    };
    if has_impact || has_wording || stage.is_some() || was_told_otherwise() {
        let stage = stage.unwrap_or_else(|| Stage::next_for(incident));
        findings.extend(check_letter(session, incident, stage)?);
    }
    let text = document::postmortem_markdown(session, incident)?;
    findings.extend(postmortem(session, incident, &text));
    let outlived = redact_outlived::outlived(session)?.into_iter();
    for version in outlived.filter(|version| version.incident == Some(incident.id)) {
        let Outlived {
            name,
            author,
            command,
            ..
        } = version;
        findings.push(lint::redacted_elsewhere(name, &author, command));
    }
    Ok(findings)
}

/// Checks the letter of `stage`.
pub fn check_letter(session: &Session, incident: &Incident, stage: Stage) -> Result<Vec<Finding>> {
    let states = States::from_incident(incident);
    let settings = document::settings(session)?;
    let view = document::customer_view(session, incident, &states)?;
    let (rules, now) = (rules(session), session.now());
    Ok(lint::check_letter(
        incident, &states, &view, stage, &settings, &rules, now,
    )?)
}

/// Checks the postmortem, whose Markdown is `text`.
#[must_use]
pub fn postmortem(session: &Session, incident: &Incident, text: &str) -> Vec<Finding> {
    let states = States::from_incident(incident);
    lint::postmortem(incident, &states, text, &rules(session), session.now())
}

fn rules(session: &Session) -> Rules {
    let given = &session.settings.lint;
    Rules {
        banned_words: given.words.clone(),
        public_names: given.public_names.clone(),
        vendors: given.vendors.clone(),
        update_minutes: given.update_minutes,
        silence_minutes: given.silence_minutes,
        names_incident: document::several_are_open(session),
    }
}
