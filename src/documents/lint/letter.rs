//! The checks of a letter to customers. Source: DOCUMENTS, The customer email.

use super::{
    Finding, FindingCollector, Rules,
    customer_texts::{CustomerText, ForbiddenTerms, customer_texts},
    customer_updates, without_placeholders, words,
};
use crate::{
    documents::{
        CustomerView, DocumentError, Email, Format, Settings, Stage, customer::stale_facts, email,
    },
    domain::{
        incident::Incident,
        states::States,
        time::{UtcTime, parse_utc},
        words::{Kind, State},
    },
};

/// What the letter of `stage` lacks, or must not say. `now` is when it would go out.
///
/// # Errors
/// A template that fails.
pub fn letter(
    incident: &Incident,
    states: &States,
    view: &CustomerView,
    stage: Stage,
    settings: &Settings,
    rules: &Rules,
    now: UtcTime,
) -> Result<Vec<Finding>, DocumentError> {
    let reference = crate::documents::placeholder::incident_flag(incident);
    let mut found = FindingCollector {
        document: "email",
        incident_flag: &reference,
        findings: Vec::new(),
    };
    let mail = email(view, stage, settings, Format::Text)?;
    let secrets = ForbiddenTerms::from_incident(incident, states, settings);
    let texts = customer_texts(incident);
    for text in &texts {
        for (check, matched, reason) in check_text(&text.text, text.about_future, &secrets, rules) {
            let reason = format!("`{matched}`: {reason}");
            found.add(check, Some(&text.handle), reason, &text.command);
        }
    }
    check_template_text(&mut found, &mail, &texts, stage, &secrets, rules);
    check_stale_facts(&mut found, incident, view);
    check_required_fields(&mut found, incident, states, stage, now);
    check_document(&mut found, &mail, incident, settings, stage);
    found.add_placeholders(&format!("{} {}", mail.subject, mail.body));
    Ok(found.findings)
}

/// What is wrong with `text`: the check, the words, the reason.
fn check_text(
    text: &str,
    later: bool,
    secrets: &ForbiddenTerms,
    rules: &Rules,
) -> Vec<(&'static str, String, &'static str)> {
    let mut found = Vec::new();
    let mut add = |check, matched: Option<String>, reason| {
        if let Some(matched) = matched {
            found.push((check, matched, reason));
        }
    };
    // An allowed name is no finding, so it is taken out before anybody looks.
    let mut text = text.to_owned();
    let contact = Some(&secrets.contact).filter(|c| !c.is_empty());
    for name in rules.public_names.iter().chain(contact) {
        if !name.is_empty() {
            text = text.replace(name.as_str(), " ");
        }
    }
    let text = text.as_str();
    add(
        "time-without-zone",
        words::find_time_without_zone(text),
        "a time of day needs its zone",
    );
    if !secrets.was_down {
        add(
            "outage",
            words::find_phrase(text, ["outage", "outages"]),
            "it was never down, so customers had no outage",
        );
    }
    if !later {
        add(
            "estimate",
            words::find_phrase(text, words::ESTIMATES),
            "nobody knows when it will be over; say when the next word comes instead",
        );
    }
    add(
        "host-name",
        words::find_host_name(text, &secrets.service_names).map(str::to_owned),
        "this looks like an internal name; lint.public-names in the settings allows one",
    );
    add(
        "address",
        words::find_address(text).map(str::to_owned),
        "an address other than the contact; lint.public-names in the settings allows one",
    );
    add(
        "token",
        words::find_secret(text).map(str::to_owned),
        "this looks like a secret; `bridgelog redact` destroys it everywhere",
    );
    add(
        "person",
        words::find_person(text, &secrets.people).map(str::to_owned),
        "a letter names no person",
    );
    let vendors = rules.vendors.iter().map(String::as_str);
    add(
        "vendor",
        words::find_phrase(text, words::VENDOR_PHRASES.into_iter().chain(vendors)),
        "customers bought it from you: say what you do about it, not whose part failed",
    );
    add(
        "blaming-passive",
        words::find_phrase(text, words::BLAMING_PASSIVES),
        "it blames somebody; say what happened and what changes",
    );
    add(
        "word",
        words::find_phrase(text, rules.banned_words.iter().map(String::as_str)),
        "the settings say that no letter has this (lint.words)",
    );
    found
}

/// What the letter says beside the texts: the template's own words and the settings'.
fn check_template_text(
    found: &mut FindingCollector<'_>,
    mail: &Email,
    texts: &[CustomerText],
    stage: Stage,
    secrets: &ForbiddenTerms,
    rules: &Rules,
) {
    let flat = format!("{} {}", mail.subject, mail.body);
    let flat = without_placeholders(&flat.split_whitespace().collect::<Vec<_>>().join(" "));
    for (check, matched, reason) in check_text(&flat, stage == Stage::Followup, secrets, rules) {
        let known = texts.iter().any(|t| {
            words::normalize(&t.text).contains(&words::normalize(&matched))
                || t.text.contains(&matched)
        });
        if !known {
            let line = format!("bridgelog templates eject email-{stage}.j2");
            found.add(
                check,
                None,
                format!("`{matched}` in the template or the settings: {reason}"),
                &line,
            );
        }
    }
}

/// What letters say and the record does not, any more.
fn check_stale_facts(found: &mut FindingCollector<'_>, incident: &Incident, view: &CustomerView) {
    for change in stale_facts(incident, &view.facts()) {
        let number = change.message_number;
        let is = change.recorded.as_deref().map_or_else(
            || "the record no longer says so".to_owned(),
            |is| format!("the record says `{is}`"),
        );
        let what = change.label();
        if change.sent_at.is_some() {
            let reason = format!(
                "{what}: m{number} told customers `{}`, {is}; the next letter corrects it",
                change.stated
            );
            found.add(
                "told-otherwise",
                Some(&change.message_handle),
                reason,
                "bridgelog email --save",
            );
        } else {
            let reason = format!("{what}: the draft m{number} says `{}`, {is}", change.stated);
            let line = format!("bridgelog email --save=m{number}");
            found.add("stale-draft", Some(&change.message_handle), reason, &line);
        }
    }
}

/// What the records must say before this letter can go.
fn check_required_fields(
    found: &mut FindingCollector<'_>,
    incident: &Incident,
    states: &States,
    stage: Stage,
    now: UtcTime,
) {
    let hurt = states.impact_start().is_some();
    let lasts = states.current().is_some_and(State::is_impact) && incident.is_open();
    let field = |name: &str| incident.fields.get(name);
    if hurt && field("unaffected").is_none() {
        found.add(
            "unaffected",
            None,
            "nothing says what was not affected; those whom it spared read it too",
            "bridgelog set unaffected 'WHAT ELSE WE OFFER'",
        );
    }
    if matches!(stage, Stage::Resolved | Stage::Followup) && field("data-loss").is_none() {
        found.add(
            "data-loss",
            None,
            "nothing says whether data was lost, and everybody asks",
            "bridgelog set data-loss none",
        );
    }
    if !lasts {
        return;
    }
    match field("next-update").and_then(|text| parse_utc(text)) {
        None => found.add(
            "next-update",
            None,
            "customers do not know when they hear from you next",
            "bridgelog set next-update '30m'",
        ),
        Some(due)
            if due < now
                && customer_updates(incident)
                    .last()
                    .is_none_or(|(at, _)| *at < due) =>
        {
            found.add(
                "next-update",
                Some("field/next-update"),
                "the next update was promised for a time that has passed",
                "bridgelog email --stage update",
            );
        }
        Some(due) if due < now => found.add(
            "next-update",
            Some("field/next-update"),
            "the time of the next update has passed; give the one after it",
            "bridgelog set next-update '30m'",
        ),
        Some(_) => {}
    }
}

/// What the letter as a whole must have.
fn check_document(
    found: &mut FindingCollector<'_>,
    mail: &Email,
    incident: &Incident,
    settings: &Settings,
    stage: Stage,
) {
    let eject = format!("bridgelog templates eject email-{stage}.j2");
    let body = words::normalize(&without_placeholders(&mail.body));
    let apologies = body
        .split(' ')
        .filter(|w| *w == "sorry" || w.starts_with("apolog"))
        .count();
    match apologies {
        0 => found.add("apology", None, "the letter does not say sorry", &eject),
        1 => {}
        n => found.add(
            "apology",
            None,
            format!("the letter says sorry {n} times; once, plainly, is believed"),
            &eject,
        ),
    }
    if let Some(phrase) = words::find_phrase(&body, ["any inconvenience", "inconvenience caused"]) {
        let reason = format!("`{phrase}`: this apology is for something that may not have been");
        found.add("apology", None, reason, &eject);
    }
    match settings.contact.as_deref().map(str::trim) {
        None | Some("") => found.add(
            "contact",
            None,
            "nothing says where questions go",
            "`contact` in the settings",
        ),
        Some(contact) => {
            let flat = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
            if !flat(&mail.body).contains(&flat(contact)) {
                found.add(
                    "contact",
                    None,
                    "the letter does not say where questions go",
                    &eject,
                );
            }
        }
    }
    let product = incident.fields.get("product");
    if product.is_some_and(|p| !mail.subject.contains(p.trim())) {
        let reason = "the subject does not say what it is about";
        found.add("subject", None, reason, &eject);
    }
    let worded = incident
        .active_events()
        .any(|e| e.value.customer.is_some() && matches!(e.value.kind, Kind::Fault | Kind::Cause));
    if stage == Stage::Resolved && !worded && !mail.body.contains("what it was") {
        found.add(
            "cause",
            None,
            "no fault and no cause has customer wording, so the letter cannot say what it was",
            "bridgelog amend HANDLE 'tell: WHAT BROKE'",
        );
    }
}
