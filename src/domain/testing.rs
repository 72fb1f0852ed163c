//! A builder of incidents for tests.

use super::{
    entry::ChainHead,
    event::Event,
    handle,
    hash::Hash,
    incident::{Incident, Record},
    task::Task,
    time::{UtcTime, parse_utc},
    value::{Message, Service},
    words::{Kind, State},
};
use uuid::Uuid;

/// Builds an incident. Times are as in [`at`]; a leading `~` makes one approximate.
pub(crate) struct IncidentBuilder {
    pub incident: Incident,
    next: u128,
}

pub(crate) const ORIGIN: Uuid = Uuid::from_u128(0xfeed);

/// Parses `HH:MM[:SS]` on 16 August 2012 at UTC−4, or `DD HH:MM[:SS]` in that month.
pub(crate) fn at(time: &str) -> UtcTime {
    let (day, time) = time.split_once(' ').unwrap_or(("16", time));
    let seconds = if time.len() == 5 { ":00" } else { "" };
    parse_utc(&format!("2012-08-{day}T{time}{seconds}-04:00")).unwrap()
}

impl IncidentBuilder {
    /// An incident without events, not even a declaration.
    pub fn new() -> Self {
        let id = Uuid::from_u128(0x1000);
        Self {
            incident: Incident::assemble(id, handle::shown(id), vec![], vec![], at("00:00")),
            next: 0x2000,
        }
    }

    fn record<T>(&mut self, value: T, id: Uuid, recorded: UtcTime) -> Record<T> {
        self.next += 1;
        self.incident.entry_count += 1;
        self.incident.last_recorded_at = self.incident.last_recorded_at.max(recorded);
        self.incident.chain_heads = vec![ChainHead {
            origin: ORIGIN,
            seq: self.incident.entry_count,
            hash: Some(Hash::digest(&self.incident.entry_count.to_be_bytes())),
        }];
        let order = (recorded, ORIGIN, self.incident.entry_count);
        Record::original(id, handle::shown(id), "jw".into(), order, value)
    }

    /// Adds an event of `kind` at `time`, completed by `more`.
    pub fn event(
        &mut self,
        time: &str,
        kind: Kind,
        text: &str,
        more: impl FnOnce(&mut Event),
    ) -> Uuid {
        let id = if kind == Kind::Declare {
            self.incident.id
        } else {
            Uuid::from_u128(self.next)
        };
        let when = at(time.trim_start_matches('~'));
        let offset = chrono::FixedOffset::west_opt(4 * 3600).unwrap();
        let mut event = Event::new(when.with_timezone(&offset), kind, text);
        event.approximate = time.starts_with('~');
        more(&mut event);
        let record = self.record(event, id, when);
        self.incident.events.push(record);
        self.incident.events.sort_by_key(Record::sort_key);
        id
    }

    /// Adds an event with, perhaps, a state.
    pub fn state_event(&mut self, time: &str, kind: Kind, state: Option<State>) -> Uuid {
        self.event(time, kind, "something", |e| e.state = state.map(Into::into))
    }

    /// Adds an event on services.
    pub fn service_event(
        &mut self,
        time: &str,
        kind: Kind,
        state: Option<State>,
        on: &[&str],
    ) -> Uuid {
        self.event(time, kind, "something", |e| {
            e.state = state.map(Into::into);
            e.services = on.iter().map(|&s| s.to_owned()).collect();
        })
    }

    pub fn task(&mut self, time: &str, text: &str, more: impl FnOnce(&mut Task)) -> Uuid {
        let mut task = Task {
            text: text.into(),
            ..Task::default()
        };
        more(&mut task);
        let id = Uuid::from_u128(self.next);
        let record = self.record(task, id, at(time));
        self.incident.tasks.push(record);
        id
    }

    /// Adds a customer email, sent at its time if `sent`.
    pub fn message(&mut self, time: &str, stage: &str, text: &str, sent: bool) -> Uuid {
        let offset = chrono::FixedOffset::west_opt(4 * 3600).unwrap();
        let message = Message {
            number: u32::try_from(self.incident.messages.len()).unwrap() + 1,
            stage: stage.into(),
            subject: format!("{stage} subject"),
            text: text.into(),
            approved_by: None,
            sent_at: sent.then(|| at(time).with_timezone(&offset)),
            via: sent.then(|| "email".into()),
            to_group: None,
            facts: vec![],
            ..Default::default()
        };
        let id = Uuid::from_u128(self.next);
        let record = self.record(message, id, at(time));
        self.incident.messages.push(record);
        id
    }

    pub fn field(&mut self, name: &str, value: &str) -> &mut Self {
        self.incident.fields.insert(name.into(), value.into());
        self
    }

    pub fn section(&mut self, name: &str, text: &str) -> &mut Self {
        self.incident.sections.insert(name.into(), text.into());
        self
    }

    /// Adds a service with its public name.
    pub fn service(&mut self, name: &str, public: Option<&str>) -> &mut Self {
        let place = (None, (at("00:00"), ORIGIN, 0));
        self.incident
            .services_added
            .insert(name.into(), vec![place]);
        self.incident.services.insert(
            name.into(),
            Service {
                public_name: public.map(Into::into),
                ..Default::default()
            },
        );
        self
    }

    /// The displayed handle of `id`.
    pub fn handle(id: Uuid) -> String {
        handle::shown(id)
    }
}
