//! The texts that customers read, each with where it is kept; and what none of them may have.

use super::without_markers;
use crate::{
    documents::Settings,
    domain::{
        incident::{Audience, FIELDS, Incident},
        states::States,
        task::TaskState,
        words::State,
    },
};
use std::collections::BTreeSet;

/// A text that customers read, with where it is kept.
pub(super) struct Text {
    pub(super) handle: String,
    /// What changes it.
    pub(super) command: String,
    pub(super) text: String,
    /// True of what will be done: a time in it is no estimate of when this incident is over.
    pub(super) later: bool,
}

/// What a text must not have.
pub(super) struct Secrets {
    pub(super) services: BTreeSet<String>,
    pub(super) people: BTreeSet<String>,
    pub(super) contact: String,
    pub(super) down: bool,
}

impl Secrets {
    pub(super) fn of(incident: &Incident, states: &States, settings: &Settings) -> Self {
        let public: BTreeSet<String> = incident
            .services
            .values()
            .filter_map(|s| s.public_name.as_deref())
            .map(str::to_lowercase)
            .collect();
        let services = incident
            .service_names()
            .into_iter()
            .map(|name| name.to_lowercase())
            // A plain word such as `search` is what customers may call it too.
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
        for field in ["scribe", "comms-lead"] {
            people.extend(incident.fields.get(field).cloned());
        }
        people.retain(|name| name.chars().count() > 1);
        Self {
            services,
            people,
            contact: settings.contact.clone().unwrap_or_default(),
            down: states.worst() == Some(State::Down),
        }
    }
}

/// All of them, drafts that are kept among them; what was sent cannot be changed.
pub(super) fn texts(incident: &Incident) -> Vec<Text> {
    let mut texts = Vec::new();
    for event in incident.active_events() {
        if let Some(text) = &event.value.customer {
            texts.push(Text {
                handle: event.handle.clone(),
                command: format!("bridgelog amend {} 'tell: NEW WORDING'", event.handle),
                text: text.clone(),
                later: false,
            });
        }
    }
    for (name, audience) in FIELDS {
        let timed = matches!(name, "next-update" | "followup-by" | "ledger-in-letter");
        if audience == Audience::Customers
            && !timed
            && let Some(text) = incident.fields.get(name)
        {
            texts.push(Text {
                handle: format!("field/{name}"),
                command: format!("bridgelog set {name} 'NEW WORDING'"),
                text: text.clone(),
                later: false,
            });
        }
    }
    for (name, service) in &incident.services {
        if let Some(text) = &service.public_name {
            texts.push(Text {
                handle: format!("service/{name}"),
                command: format!("bridgelog service {name} --public 'PUBLIC NAME'"),
                text: text.clone(),
                later: false,
            });
        }
    }
    for task in &incident.tasks {
        if let Some(text) = &task.value.customer
            && task.value.retracted.is_none()
            && task.value.state != TaskState::Declined
        {
            texts.push(Text {
                handle: task.handle.clone(),
                command: format!(
                    "bridgelog task set {} --customer 'NEW WORDING'",
                    task.handle
                ),
                text: text.clone(),
                later: true,
            });
        }
    }
    if let Some(text) = incident.sections.get("customer-followup") {
        texts.push(Text {
            handle: "section/customer-followup".into(),
            command: "bridgelog write customer-followup".into(),
            text: text.clone(),
            later: true,
        });
    }
    for message in &incident.messages {
        if message.value.sent_at.is_none() {
            texts.push(Text {
                handle: format!("m{}", message.value.number),
                command: format!(
                    "bridgelog email --save=m{} --text FILE",
                    message.value.number
                ),
                text: without_markers(&message.value.text),
                later: false,
            });
        }
    }
    texts
}
