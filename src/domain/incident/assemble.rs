//! Builds an incident from its subjects: [`Incident::assemble`].

use super::{Incident, Record, SubjectWithHandle, UnknownRecord};
use crate::domain::{
    entry::ChainHead,
    event::Event,
    renames::Renames,
    review::{Approval, DocumentStatus, ReviewStage},
    subject::Subject,
    time::UtcTime,
    value::{Service, TextValue, Value},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The fields that hold names of people, one or a list.
const PERSON_FIELDS: [&str; 4] = ["scribe", "comms-lead", "owner", "authors"];

impl Incident {
    /// Builds incident `id` from its subjects, in any order. Subjects that have moved to another
    /// incident are left out. The services outside any incident (`incident` is `None`) supply
    /// public names.
    #[must_use]
    pub fn assemble(
        id: Uuid,
        handle: String,
        subjects: Vec<SubjectWithHandle>,
        heads: Vec<ChainHead>,
        last_recorded_at: UtcTime,
    ) -> Self {
        let mut incident = Self {
            id,
            handle,
            events: Vec::new(),
            tasks: Vec::new(),
            messages: Vec::new(),
            fields: BTreeMap::new(),
            sections: BTreeMap::new(),
            services: BTreeMap::new(),
            services_added: BTreeMap::new(),
            renames: Renames::default(),
            contradicted: Vec::new(),
            unknown: Vec::new(),
            entry_count: heads.iter().map(|head| head.seq).sum(),
            chain_heads: heads,
            last_recorded_at,
            unverified: None,
            status: DocumentStatus::Draft,
        };
        let mut global_services: BTreeMap<String, Service> = BTreeMap::new();
        for (mut current, handle) in subjects {
            let value = std::mem::replace(&mut current.value, Value::Gone);
            let is_own = current.incident == Some(id);
            let is_named = current.subject.id().is_none();
            if is_own {
                incident.renames.add(&current.subject, &value);
            }
            if is_own && is_named && !current.conflicts.is_empty() {
                incident.contradicted.push(current.subject.clone());
            }
            match (value, &current.subject) {
                (Value::Event(event), _) if is_own => {
                    incident
                        .events
                        .extend(Record::new(&current, handle, *event));
                }
                (Value::Task(task), _) if is_own => {
                    incident.tasks.extend(Record::new(&current, handle, *task));
                }
                (Value::Message(message), _) if is_own => {
                    incident
                        .messages
                        .extend(Record::new(&current, handle, *message));
                }
                (Value::Unknown(value), subject) if is_own => {
                    incident.unknown.push(UnknownRecord {
                        subject: subject.clone(),
                        handle,
                        type_name: value.type_,
                    });
                }
                (Value::Unreadable(why), subject) if is_own => {
                    incident.unknown.push(UnknownRecord {
                        subject: subject.clone(),
                        handle,
                        type_name: why.as_str().to_owned(),
                    });
                }
                (Value::Field(text), Subject::Field(name)) if is_own && !text.text.is_empty() => {
                    match name.parse::<ReviewStage>() {
                        Ok(stage) => incident.add_review(stage, text),
                        Err(_) => {
                            incident.fields.insert(name.clone(), text.text);
                        }
                    }
                }
                (Value::Section(text), Subject::Section(name))
                    if is_own && !text.text.is_empty() =>
                {
                    incident.sections.insert(name.clone(), text.text);
                }
                (Value::Service(service), Subject::Service(name)) => {
                    if is_own {
                        let places = current.recorded_places().collect();
                        incident.services_added.insert(name.clone(), places);
                        incident.services.insert(name.clone(), service);
                    } else {
                        global_services.insert(name.clone(), service);
                    }
                }
                _ => {}
            }
        }
        incident.apply_renames();
        // The id decides where two chains both begin at the same moment.
        incident.events.sort_by_key(Record::sort_key);
        incident.contradicted.sort();
        incident.unknown.sort_by(|a, b| a.subject.cmp(&b.subject));
        incident
            .tasks
            .sort_by_key(|t| (t.recorded, t.origin, t.seq));
        incident
            .messages
            .sort_by_key(|m| (m.value.number, m.recorded));
        let names = incident.service_names();
        // A public name for all incidents counts for the name that the service has now, else for an earlier one.
        let (current, earlier): (Vec<_>, Vec<_>) = global_services
            .into_iter()
            .partition(|(name, _)| incident.renames.service(name) == name);
        for (name, global) in current.into_iter().chain(earlier) {
            let name = incident.renames.service(&name).to_owned();
            if names.contains(&name) {
                let own = incident.services.entry(name).or_default();
                own.public_name = own.public_name.take().or(global.public_name);
            }
        }
        incident
    }

    /// Gives everything in it the names of now.
    fn apply_renames(&mut self) {
        if self.renames.is_empty() {
            return;
        }
        let renames = std::mem::take(&mut self.renames);
        for record in &mut self.events {
            renames.apply(&mut record.value, record.recorded);
            renames.rename_person(Some(&mut record.author));
        }
        for record in &mut self.tasks {
            renames.apply_to_task(&mut record.value);
            renames.rename_person(Some(&mut record.author));
        }
        for record in &mut self.messages {
            renames.rename_person(Some(&mut record.author));
            renames.rename_person(record.value.approved_by.as_mut());
        }
        for name in PERSON_FIELDS {
            self.fields
                .entry(name.to_owned())
                .and_modify(|list| renames.rename_people_in(list));
        }
        if let DocumentStatus::Reviewed(approval) | DocumentStatus::Final(approval) =
            &mut self.status
        {
            renames.rename_person(Some(&mut approval.by));
        }
        // What was recorded under the name of now comes before what was under an earlier one.
        let added = std::mem::take(&mut self.services_added);
        let (current, earlier): (Vec<_>, Vec<_>) = std::mem::take(&mut self.services)
            .into_iter()
            .partition(|(name, _)| renames.service(name) == name);
        for (name, service) in current.into_iter().chain(earlier) {
            let now = renames.service(&name);
            if renames.service_removed(&name).is_some() {
                continue;
            }
            let united = self.services.entry(now.to_owned()).or_default();
            united.public_name = united.public_name.take().or(service.public_name);
            if let Some(places) = added.get(&name) {
                let united = self.services_added.entry(now.to_owned()).or_default();
                united.extend(places);
            }
        }
        self.renames = renames;
    }

    /// Takes over a review; one that says final wins.
    fn add_review(&mut self, stage: ReviewStage, value: TextValue) {
        let Some(review) = value.review else { return };
        let approval = Approval {
            by: value.text,
            at: review.at,
            heads: review.heads,
            changed_since: 0,
        };
        match stage {
            ReviewStage::Final => self.status = DocumentStatus::Final(approval),
            ReviewStage::Reviewed if self.status == DocumentStatus::Draft => {
                self.status = DocumentStatus::Reviewed(approval);
            }
            ReviewStage::Reviewed => {}
        }
    }

    /// The events outside any incident, in timeline order, in the form of an incident.
    #[must_use]
    pub fn unfiled(events: Vec<Record<Event>>) -> Self {
        let empty = Self::assemble(
            Uuid::nil(),
            String::new(),
            vec![],
            vec![],
            UtcTime::default(),
        );
        Self { events, ..empty }
    }
}
