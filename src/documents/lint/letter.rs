//! The checks of a customer letter.

use super::{
    Finding, FindingCollector, Rules,
    advice::advise,
    customer_texts::{CustomerText, ForbiddenTerms, customer_texts},
    letter_facts::{check_stale_facts, check_unaffected},
    letter_names::check_names,
    lifecycle::check_merged_resolves,
    placeholder::{self, CommandNames},
    without_placeholders, words,
};
use crate::{
    documents::{
        CustomerView, DocumentError, Email, Format, Settings, Stage, email,
        time_format::TimeFormatter,
    },
    domain::{
        event::Event,
        incident::{Incident, Record, says_nobody},
        states::States,
        time::{UtcTime, parse_utc},
        white_space::fold_white_space,
        words::{Kind, State},
    },
};
use chrono::NaiveDate;

const TIME_WITHOUT_ZONE: &str = "time-without-zone";

/// The columns of a subject that mail programs show.
const MAX_SUBJECT_CHARS: usize = 77;

/// Checks the letter of `stage`, and every text that customers read. `now` is when it would be sent.
///
/// # Errors
/// [`DocumentError::Template`] if the letter cannot be rendered.
pub fn check_letter(
    incident: &Incident,
    states: &States,
    view: &CustomerView,
    stage: Stage,
    settings: &Settings,
    rules: &Rules,
    now: UtcTime,
) -> Result<Vec<Finding>, DocumentError> {
    let command_names = CommandNames::new(incident, rules.names_incident);
    let mut findings = FindingCollector {
        document: "email",
        command_names: &command_names,
        findings: Vec::new(),
    };
    let mail = email(view, stage, settings, Format::Text)?;
    if incident.is_drill() {
        findings.add(
            "drill",
            Some("field/drill"),
            "this incident is a drill: no email about it may be sent to customers",
            "bridgelog set drill none",
        );
    }
    let forbidden = ForbiddenTerms::from_incident(incident, states, settings);
    let texts = customer_texts(incident);
    for text in &texts {
        for (check, matched, reason) in check_text(&text.text, text.about_future, &forbidden, rules)
        {
            if !(text.names_zone && check == TIME_WITHOUT_ZONE) {
                let reason = format!("`{matched}`: {reason}");
                findings.add(check, Some(&text.handle), reason, &text.command);
            }
        }
    }
    check_template_text(&mut findings, &mail, &texts, stage, &forbidden, rules);
    check_stale_facts(&mut findings, incident, view);
    check_unaffected(&mut findings, view);
    check_required_fields(&mut findings, incident, states, stage, now);
    check_merged_resolves(&mut findings, incident, states);
    check_document(&mut findings, &mail, incident, states, settings, stage);
    advise(&mut findings, incident, states, stage);
    findings.add_placeholders(&format!("{} {}", mail.subject, mail.body));
    Ok(findings.findings)
}

/// Checks `text`. Returns the name of the check, the matched words and the reason for each match.
fn check_text(
    text: &str,
    about_future: bool,
    forbidden: &ForbiddenTerms,
    rules: &Rules,
) -> Vec<(&'static str, String, &'static str)> {
    let mut findings = Vec::new();
    let mut add = |check, matched: Option<String>, reason| {
        if let Some(matched) = matched {
            findings.push((check, matched, reason));
        }
    };
    // Allowed names are removed first, so that no check matches them.
    let mut text = text.to_owned();
    for name in rules.public_names.iter().chain(&forbidden.own_names) {
        if !name.is_empty() {
            text = text.replace(name.as_str(), " ");
        }
    }
    let text = text.as_str();
    add(
        TIME_WITHOUT_ZONE,
        words::find_time_without_zone(text),
        "a time of day needs its zone",
    );
    if !forbidden.was_down {
        add(
            "outage",
            words::find_phrase(text, ["outage", "outages"]),
            "it was never down, so customers had no outage",
        );
    }
    if !about_future {
        add(
            "estimate",
            words::find_listed(text, "estimates"),
            "the end cannot be promised; say when the next update comes instead",
        );
    }
    add(
        "host-name",
        words::find_host_name(text, &forbidden.service_names).map(str::to_owned),
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
        words::find_person(text, &forbidden.people).map(str::to_owned),
        "an email to customers names no person",
    );
    let vendors = rules.vendors.iter().map(String::as_str);
    add(
        "vendor",
        words::find_listed(text, "vendors").or_else(|| words::find_phrase(text, vendors)),
        "customers bought it from you: say what you do about it, not whose part failed",
    );
    add(
        "blaming-passive",
        words::find_listed(text, "blaming passives"),
        "it blames a person or a team; say what happened and what changes",
    );
    add(
        "word",
        words::find_phrase(text, rules.banned_words.iter().map(String::as_str)),
        "the settings forbid this in emails (lint.words)",
    );
    findings
}

/// Checks the text of the rendered letter that comes from the template or the settings.
fn check_template_text(
    findings: &mut FindingCollector<'_>,
    mail: &Email,
    texts: &[CustomerText],
    stage: Stage,
    forbidden: &ForbiddenTerms,
    rules: &Rules,
) {
    let flat = format!("{} {}", mail.subject, mail.body);
    let flat = without_placeholders(&fold_white_space(&flat));
    for (check, matched, reason) in check_text(&flat, stage == Stage::Followup, forbidden, rules) {
        let is_from_texts = texts.iter().any(|t| words::has_match(&t.text, &matched));
        // The letter names the zone of its lists once.
        if !is_from_texts && check != TIME_WITHOUT_ZONE {
            let line = format!("bridgelog templates eject email-{stage}.j2");
            findings.add(
                check,
                None,
                format!("`{matched}` in the template or the settings: {reason}"),
                &line,
            );
        }
    }
}

/// Checks for missing fields and overdue updates.
fn check_required_fields(
    findings: &mut FindingCollector<'_>,
    incident: &Incident,
    states: &States,
    stage: Stage,
    now: UtcTime,
) {
    let had_impact = states.impact_start().is_some();
    let ongoing = states.current().is_some_and(State::is_impact) && incident.is_open();
    let field = |name: &str| incident.fields.get(name);
    let scope = field("customer-scope");
    if had_impact && scope.is_some_and(|scope| says_nobody(scope)) {
        findings.add(
            "scope",
            Some("field/customer-scope"),
            "the email says that nobody was affected, and the record has an impact",
            "bridgelog set customer-scope VALUE",
        );
    }
    let is_everyone = scope.is_some_and(|scope| scope == "everyone");
    if had_impact && !is_everyone && field("unaffected").is_none() {
        findings.add(
            "unaffected",
            None,
            "nothing says what was not affected",
            "bridgelog set unaffected VALUE",
        );
    }
    if matches!(stage, Stage::Resolved | Stage::Followup) && field("data-loss").is_none() {
        findings.add(
            "data-loss",
            None,
            "nothing says whether data was lost, and everybody asks",
            "bridgelog set data-loss VALUE",
        );
    }
    let followup_by = field("followup-by").and_then(|day| day.parse::<NaiveDate>().ok());
    if stage == Stage::Resolved && followup_by.is_some_and(|day| day < now.date_naive()) {
        findings.add(
            "followup-by",
            Some("field/followup-by"),
            "the email promises the full account for a day that has passed",
            "bridgelog set followup-by WHEN",
        );
    }
    if stage == Stage::Followup {
        check_due_dates(findings, incident, now);
    }
    if !ongoing {
        return;
    }
    match field("next-update").and_then(|text| parse_utc(text)) {
        None => findings.add(
            "next-update",
            None,
            "the time of the next update is not set",
            "bridgelog set next-update WHEN",
        ),
        Some(due)
            if due < now
                && incident
                    .customer_updates()
                    .last()
                    .is_none_or(|update| update.at() < due) =>
        {
            findings.add(
                "next-update",
                Some("field/next-update"),
                "the next update was promised for a time that has passed; send it, and give the time of the one after it",
                "bridgelog set next-update WHEN",
            );
        }
        Some(due) if due < now => findings.add(
            "next-update",
            Some("field/next-update"),
            "the time of the next update has passed; give the one after it",
            "bridgelog set next-update WHEN",
        ),
        Some(_) => {}
    }
}

/// Checks the due dates that the letter states against the clock. Those that are past at the newest entry are
/// placeholders in it.
fn check_due_dates(findings: &mut FindingCollector<'_>, incident: &Incident, now: UtcTime) {
    let zone = TimeFormatter::new(incident.zone());
    let (day_of_as_of, today) = (
        zone.local_date(incident.last_recorded_at),
        zone.local_date(now),
    );
    for task in incident.tasks.iter().filter(|t| t.value.is_open()) {
        let due = task.value.due.map(|due| zone.local_date(due.to_utc()));
        let is_told = task.value.customer.is_some();
        if is_told && due.is_some_and(|due| due >= day_of_as_of && due < today) {
            let line = format!("bridgelog task set {} --due WHEN", task.handle);
            let reason = "the email gives a due date that has passed";
            findings.add("due-passed", Some(&task.handle), reason, &line);
        }
    }
}

/// Checks the letter as a whole: apology, contact, subject, cause.
fn check_document(
    findings: &mut FindingCollector<'_>,
    mail: &Email,
    incident: &Incident,
    states: &States,
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
        0 if states.impact_start().is_none() => {}
        0 => findings.add("apology", None, "the email does not apologise", &eject),
        1 => {}
        n => findings.add(
            "apology",
            None,
            format!("the email apologises {n} times; once, plainly, is believed"),
            &eject,
        ),
    }
    if let Some(phrase) = words::find_phrase(&body, ["any inconvenience", "inconvenience caused"]) {
        let reason =
            format!("`{phrase}`: apologise for what happened, not for what may have happened");
        findings.add("apology", None, reason, &eject);
    }
    match settings.contact.as_deref().map(str::trim) {
        None | Some("") => findings.add(
            "contact",
            None,
            "nothing says where questions go",
            "`contact` in the settings",
        ),
        Some(contact) => {
            if !fold_white_space(&mail.body).contains(&fold_white_space(contact)) {
                findings.add(
                    "contact",
                    None,
                    "the email does not say where questions go",
                    &eject,
                );
            }
        }
    }
    let length = mail.subject.chars().count();
    if length > MAX_SUBJECT_CHARS && placeholder::split(&mail.subject).len() == 1 {
        let reason = format!(
            "the subject has {length} characters; mail programs cut off what is beyond {MAX_SUBJECT_CHARS}"
        );
        findings.add("subject", None, reason, "bridgelog set product NAME");
    }
    let product = incident.fields.get("product");
    if product.is_some_and(|p| !mail.subject.contains(p.trim())) {
        let reason = "the subject does not say what it is about";
        findings.add("subject", None, reason, &eject);
    }
    check_names(findings, incident);
    let tells = |e: &&Record<Event>| matches!(e.value.kind, Kind::Fault | Kind::Cause);
    let has_cause_wording = incident
        .active_events()
        .filter(tells)
        .any(|e| e.value.customer.is_some());
    let can_tell = |e: &&Record<Event>| tells(e) && e.value.redacted.is_none();
    let untold = incident.active_events().rfind(can_tell);
    if stage == Stage::Resolved && !has_cause_wording {
        findings.add(
            "cause",
            None,
            "no fault and no cause has customer wording, so the email cannot say what it was",
            &untold.map_or_else(
                || "bridgelog log 'WHEN cause: TEXT tell: TEXT'".to_owned(),
                |e| format!("bridgelog amend {} 'tell: TEXT'", e.handle),
            ),
        );
    }
}
