//! Collects the texts that customers read, and the terms that must not appear in them.

use super::{without_placeholders, words};
use crate::{
    documents::{Settings, placeholder},
    domain::{
        incident::{Audience, FIELDS, Incident, section_audience},
        states::States,
        task::TaskState,
        white_space::fold_white_space,
        words::State,
    },
};
use std::collections::BTreeSet;

/// A text that customers read, with its source.
pub(super) struct CustomerText {
    pub(super) handle: String,
    /// The command that changes the text.
    pub(super) command: String,
    pub(super) text: String,
    /// True for texts about later work: a time in them is not an estimate of when the incident ends.
    pub(super) about_future: bool,
    /// True if the text names the zone of its times once, for all of them.
    pub(super) names_zone: bool,
}

/// What the checks of a text depend on.
pub(super) struct ForbiddenTerms {
    pub(super) service_names: BTreeSet<String>,
    pub(super) people: BTreeSet<String>,
    /// The contact, and the names of the company and its product, which letters have.
    pub(super) own_names: Vec<String>,
    pub(super) was_down: bool,
}

impl ForbiddenTerms {
    pub(super) fn from_incident(incident: &Incident, states: &States, settings: &Settings) -> Self {
        let public: BTreeSet<String> = incident
            .services
            .values()
            .filter_map(|s| s.public_name.as_deref())
            .map(str::to_lowercase)
            .collect();
        let service_names = incident
            .service_names()
            .into_iter()
            .map(|name| name.to_lowercase())
            // A purely alphabetic name such as `search` is also an ordinary word.
            .filter(|name| name.contains(|c: char| !c.is_alphabetic()) && !public.contains(name))
            .collect();
        let mut people: BTreeSet<String> = incident
            .active_events()
            .flat_map(|e| {
                let named = e.value.people.iter().chain(&e.value.commander);
                named.cloned().chain([e.author.clone()])
            })
            .chain(incident.tasks.iter().filter_map(|t| t.value.owner.clone()))
            .collect();
        for field in ["scribe", "comms-lead", "owner", "authors"] {
            let names = incident.fields.get(field).into_iter();
            people.extend(
                names
                    .flat_map(|names| names.split(','))
                    .map(|n| n.trim().to_owned()),
            );
        }
        let product = incident.fields.get("product").map(String::as_str);
        let own_names: Vec<String> = [
            settings.contact.as_deref(),
            settings.organisation.as_deref(),
            product,
        ]
        .into_iter()
        .flatten()
        .chain(settings.signature.iter().flat_map(|text| text.lines()))
        .filter(|name| !name.trim().is_empty())
        .map(str::to_owned)
        .collect();
        people.retain(|name| {
            let lower = name.to_lowercase();
            let is_account = words::list("accounts").any(|word| word == lower);
            name.chars().count() > 1 && !is_account && !public.contains(&lower)
        });
        Self {
            service_names,
            people,
            own_names,
            was_down: states.worst() == Some(State::Down),
        }
    }
}

/// Returns all texts that customers read, including saved drafts but not sent letters, which cannot be
/// changed.
pub(super) fn customer_texts(incident: &Incident) -> Vec<CustomerText> {
    let mut texts = recorded_texts(incident);
    for message in &incident.messages {
        if message.value.sent_at.is_none() {
            texts.push(CustomerText {
                handle: format!("m{}", message.value.number),
                command: format!(
                    "bridgelog email --save=m{} --text FILE",
                    message.value.number
                ),
                text: without_placeholders(&message.value.text),
                about_future: false,
                // One with a text of its own keeps no facts.
                names_zone: !message.value.facts.is_empty(),
            });
        }
    }
    texts
}

/// Returns what is missing in `letter`, the subject and text of one for `incident`: the insides of its
/// `[[...]]` parts, each once. What a person typed so in a record is no placeholder, unless it names a
/// command as ours do.
#[must_use]
pub fn unfilled_placeholders(letter: &str, incident: &Incident) -> Vec<String> {
    let typed: Vec<String> = recorded_texts(incident)
        .iter()
        .map(|text| fold_white_space(&text.text))
        .chain(
            incident
                .active_events()
                .map(|e| fold_white_space(&e.value.text)),
        )
        .collect();
    let letter = fold_white_space(letter);
    let mut unfilled: Vec<String> = Vec::new();
    for (inside, _) in placeholder::split(&letter)
        .into_iter()
        .filter(|part| part.1)
    {
        let marked = format!("[[{inside}]]");
        let is_typed = typed.iter().any(|text| text.contains(&marked));
        if (placeholder::names_a_command(inside).is_some() || !is_typed)
            && !unfilled.iter().any(|known| known == inside)
        {
            unfilled.push(inside.to_owned());
        }
    }
    unfilled
}

/// Returns the texts of the records that customers read in a letter.
fn recorded_texts(incident: &Incident) -> Vec<CustomerText> {
    let mut texts = Vec::new();
    for event in incident.active_events() {
        if let Some(text) = &event.value.customer {
            texts.push(CustomerText {
                handle: event.handle.clone(),
                command: format!("bridgelog amend {} 'tell: TEXT'", event.handle),
                text: text.clone(),
                about_future: false,
                names_zone: false,
            });
        }
    }
    for (name, audience) in FIELDS {
        let is_setting = matches!(name, "next-update" | "followup-by" | "ledger-in-letter");
        if audience == Audience::Customers
            && !is_setting
            && let Some(text) = incident.fields.get(name)
        {
            texts.push(CustomerText {
                handle: format!("field/{name}"),
                command: format!("bridgelog set {name} TEXT"),
                text: text.clone(),
                about_future: false,
                names_zone: false,
            });
        }
    }
    for (name, service) in &incident.services {
        if let Some(text) = &service.public_name {
            texts.push(CustomerText {
                handle: format!("service/{name}"),
                command: format!("bridgelog service {name} --public NAME"),
                text: text.clone(),
                about_future: false,
                names_zone: false,
            });
        }
    }
    for task in &incident.tasks {
        if let Some(text) = &task.value.customer
            && task.value.retracted.is_none()
            && task.value.state != TaskState::Declined
        {
            texts.push(CustomerText {
                handle: task.handle.clone(),
                command: format!("bridgelog task set {} --customer TEXT", task.handle),
                text: text.clone(),
                about_future: true,
                names_zone: false,
            });
        }
    }
    for (name, text) in &incident.sections {
        if section_audience(name) == Audience::Customers {
            texts.push(CustomerText {
                handle: format!("section/{name}"),
                command: format!("bridgelog write {name}"),
                text: text.clone(),
                about_future: true,
                // The first paragraph of the letter names the zone of the prose that follows.
                names_zone: true,
            });
        }
    }
    texts
}
