//! Whether a line was logged before: the same block may be pasted or piped in twice.

use super::{Result, Session, log::PreparedEvent};
use crate::domain::{event::Event, time::UtcTime};
use chrono::{SubsecRound, TimeDelta, Timelike};
use std::collections::{HashMap, hash_map::Entry};
use uuid::Uuid;

/// The events of so many minutes are kept at most.
const MAX_MINUTES: usize = 4096;

/// The events that were there before an input, as far as it asked for them. The events of one minute are read
/// once, before any of the input's own in that minute is logged.
#[derive(Debug, Default)]
pub struct LoggedBefore {
    by_minute: HashMap<(Option<Uuid>, UtcTime), HashMap<String, Vec<Event>>>,
}

impl LoggedBefore {
    /// True if `incident` (or the unfiled events) had an event that says the same as `prepared` at the same time. A line
    /// that gives only the minute is the same as one anywhere in that minute: what was logged at now has seconds.
    /// One without a time is at now, and never the same.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn contains(
        &mut self,
        session: &Session,
        prepared: &PreparedEvent,
        incident: Option<Uuid>,
    ) -> Result<bool> {
        if !prepared.has_time {
            return Ok(false);
        }
        let event = &prepared.event;
        let at = event.at_utc();
        let minute = start_of_minute(at);
        let key = (incident, minute);
        if self.by_minute.len() >= MAX_MINUTES && !self.by_minute.contains_key(&key) {
            self.by_minute.clear();
        }
        if let Entry::Vacant(unread) = self.by_minute.entry(key) {
            let mut by_text: HashMap<String, Vec<Event>> = HashMap::new();
            for logged in
                session
                    .read()
                    .events_between(incident, minute, minute + TimeDelta::minutes(1))?
            {
                let same_text = by_text.entry(plain_text(&logged.value)).or_default();
                same_text.push(logged.value);
            }
            unread.insert(by_text);
        }
        let same_minute = self.by_minute.get(&key);
        let same_text = same_minute.and_then(|by_text| by_text.get(&plain_text(event)));
        Ok(same_text.is_some_and(|logged| {
            logged
                .iter()
                .any(|logged| (at == minute || logged.at_utc() == at) && is_same(logged, event))
        }))
    }
}

fn start_of_minute(at: UtcTime) -> UtcTime {
    let at = at.trunc_subsecs(0);
    at - TimeDelta::seconds(i64::from(at.second()))
}

/// Returns the text without `@`: a name keeps it in the text until it is known as a service or a person.
fn plain_text(event: &Event) -> String {
    event.text.replace('@', "")
}

/// True if all else that a line can say is the same in both, whose texts are: an event that differs in a service is
/// another one.
fn is_same(logged: &Event, event: &Event) -> bool {
    (&logged.kind, &logged.state, &logged.end, &logged.audience)
        == (&event.kind, &event.state, &event.end, &event.audience)
        && (&logged.tags, &logged.links) == (&event.tags, &event.links)
        && (&logged.customer, &logged.rationale, &logged.rejected)
            == (&event.customer, &event.rationale, &event.rejected)
        && names_beside_text(logged) == names_beside_text(event)
}

/// Returns the services and people that are not in the text. Those in it follow from what was known when the line
/// was read, which may be more the second time.
fn names_beside_text(event: &Event) -> Vec<&String> {
    let names = event.services.iter().chain(&event.people);
    let mut names: Vec<&String> = names.filter(|name| !event.text.contains(*name)).collect();
    names.sort_unstable();
    names
}
