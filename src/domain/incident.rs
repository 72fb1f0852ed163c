//! An incident, as it is after its entries. `subject_state.rs` computes the current value of a subject from its
//! entries, and `assemble.rs` an incident from its subjects.

mod assemble;
mod fields;
mod lifecycle;
mod record;
mod recorded_place;
mod subject_state;

pub use fields::{
    Audience, FIELDS, ROLE_FIELDS, SECTIONS, is_drill, is_private, is_shared, says_nobody,
    section_audience,
};
pub use record::{Record, TimelineOrder};
pub use recorded_place::{RecordedOrder, RecordedPlace};
pub use subject_state::{SubjectState, current_state};

use super::{
    entry::ChainHead,
    event::Event,
    renames::Renames,
    review::DocumentStatus,
    subject::Subject,
    task::Task,
    time::UtcTime,
    value::{Message, Service, Unreadable},
    when::{self, EventTime},
    words::{Kind, Severity, Word},
};
use chrono::Duration;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// After so long without an event an open incident has no running totals.
pub const STALE_AFTER: Duration = Duration::hours(24);

/// The current state of one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Also the id of the event that declared it.
    pub id: Uuid,
    pub handle: String,
    /// All events, including retracted ones, in timeline order.
    pub events: Vec<Record<Event>>,
    /// Follow-ups, oldest first.
    pub tasks: Vec<Record<Task>>,
    /// Saved customer emails, by number.
    pub messages: Vec<Record<Message>>,
    /// The fields that are set.
    pub fields: BTreeMap<String, String>,
    /// The sections of the postmortem, as Markdown.
    pub sections: BTreeMap<String, String>,
    /// Services that were added explicitly, and the public names of others.
    pub services: BTreeMap<String, Service>,
    /// Where and when each of those added explicitly was recorded.
    pub services_added: BTreeMap<String, Vec<RecordedPlace>>,
    /// What services and people that the entries name are called now.
    pub renames: Renames,
    /// Fields, sections and services of which two versions were written without knowing of each other: the one
    /// recorded last counts.
    pub contradicted: Vec<Subject>,
    /// What a newer version wrote, or cannot be read: this version can only name it.
    pub unknown: Vec<UnknownRecord>,
    /// The head of each of its chains, by origin.
    pub chain_heads: Vec<ChainHead>,
    /// Number of entries in all its chains.
    pub entry_count: u64,
    /// What a document is as of: when its newest entry was recorded that is no message, or when its
    /// newest event occurred, whichever is later.
    pub last_recorded_at: UtcTime,
    /// What of its entries is not as it was written, for people; `None` if nothing is, or if it was not
    /// checked.
    pub unverified: Option<String>,
    /// Who reviewed the postmortem, and what was recorded since.
    pub status: DocumentStatus,
}

/// A subject whose value is of a type that this version does not know, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRecord {
    pub subject: Subject,
    /// Empty if the subject has no id that this version can read.
    pub handle: String,
    /// The `type` of the value; else what [`Unreadable::as_str`] says.
    pub type_name: String,
}

impl UnknownRecord {
    /// True if it cannot be read, as opposed to being of another version.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        [Unreadable::Destroyed, Unreadable::Malformed]
            .iter()
            .any(|why| self.type_name == why.as_str())
    }
}

/// The state of a subject with its handle (empty if it has none).
pub type SubjectWithHandle = (SubjectState, String);

impl Incident {
    /// The event that declared it; `None` if that was undone, or has not been synced yet.
    #[must_use]
    pub fn declaration(&self) -> Option<&Record<Event>> {
        self.events.iter().find(|e| e.id == self.id)
    }

    /// Empty without a declaration.
    #[must_use]
    pub fn title(&self) -> &str {
        self.declaration().map_or("", |d| &d.value.text)
    }

    #[must_use]
    pub fn number(&self) -> Option<u32> {
        self.declaration()?.value.number
    }

    /// Name of the zone in which its times are parsed and displayed.
    #[must_use]
    pub fn zone(&self) -> &str {
        match (self.fields.get("zone"), self.declaration()) {
            (Some(zone), _) => zone,
            (None, Some(d)) if !d.value.zone.is_empty() => &d.value.zone,
            _ => "UTC",
        }
    }

    /// The events that are not retracted, in timeline order.
    pub fn active_events(&self) -> impl DoubleEndedIterator<Item = &Record<Event>> {
        self.events.iter().filter(|e| e.is_active())
    }

    /// The events that count, without the declarations of incidents that were merged into this one: those do not
    /// say how severe this one is, and who commands it.
    pub fn without_merged_declarations(&self) -> impl DoubleEndedIterator<Item = &Record<Event>> {
        self.active_events()
            .filter(|e| e.value.kind != Kind::Declare || e.id == self.id)
    }

    #[must_use]
    pub fn severity(&self) -> Option<Word<Severity>> {
        self.without_merged_declarations()
            .rev()
            .find_map(|e| e.value.severity.clone())
    }

    #[must_use]
    pub fn commander(&self) -> Option<&str> {
        self.without_merged_declarations()
            .rev()
            .find_map(|e| e.value.commander.as_deref())
    }

    /// Returns the two whom different machines made the commander without knowing of each other, the one who
    /// counts as the commander first; `None` once one of them is named again, or another.
    #[must_use]
    pub fn rival_commanders(&self) -> Option<(&str, &str)> {
        let mut named: Vec<_> = self
            .without_merged_declarations()
            .filter(|event| event.value.commander.is_some())
            .collect();
        named.sort_by_key(|event| (event.recorded, event.origin, event.seq));
        let [.., before, last] = named.as_slice() else {
            return None;
        };
        let is_unseen = last.value.commander_before.is_some()
            && last.value.commander_before != before.value.commander
            && before.origin != last.origin
            && before.value.commander != last.value.commander;
        let rivals = [last, before].map(|event| event.value.commander.as_deref());
        let current = self.commander()?;
        let other = rivals.into_iter().flatten().find(|name| *name != current)?;
        is_unseen.then_some((current, other))
    }

    #[must_use]
    pub fn declared(&self) -> Option<UtcTime> {
        self.declaration().map(|d| d.value.at_utc())
    }

    /// The event that resolved it; `None` while it is open.
    #[must_use]
    pub fn resolution(&self) -> Option<&Record<Event>> {
        let last = self
            .active_events()
            .rev()
            .find(|e| e.value.kind.is_lifecycle())?;
        (last.value.kind == Kind::Resolve).then_some(last)
    }

    /// True if it is an exercise: nothing of it happened.
    #[must_use]
    pub fn is_drill(&self) -> bool {
        self.fields.get("drill").is_some_and(|text| is_drill(text))
    }

    /// Returns the latest event that counts, occurred at `at` or before (`None`: at any time) and fulfils `condition`.
    pub fn in_force(
        &self,
        at: Option<UtcTime>,
        condition: impl Fn(&Event) -> bool,
    ) -> Option<&Record<Event>> {
        self.without_merged_declarations()
            .rev()
            .filter(|event| at.is_none_or(|at| event.value.at_utc() <= at))
            .find(|event| condition(&event.value))
    }

    /// True until it is resolved, and again after it is reopened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.resolution().is_none()
    }

    /// Until when it is known of an open incident what lasts, if that is more than [`STALE_AFTER`] before `now`.
    #[must_use]
    pub fn stale_since(&self, now: UtcTime) -> Option<UtcTime> {
        self.quiet_since(now).filter(|_| self.is_open())
    }

    /// Until when it is known what lasts, if that is more than [`STALE_AFTER`] before `now`: how long a state lasts
    /// that has not ended is not known.
    #[must_use]
    pub fn quiet_since(&self, now: UtcTime) -> Option<UtcTime> {
        let known = self.known_until()?;
        (now - known > STALE_AFTER).then_some(known)
    }

    /// Until when its events say how it went on, see [`known_until`](when::known_until); `None` if all are retracted.
    #[must_use]
    pub fn known_until(&self) -> Option<UtcTime> {
        let newest_first = self.active_events().rev();
        when::known_until(newest_first.map(|e| {
            let (at, recorded) = (e.value.at_utc(), e.recorded);
            EventTime {
                at,
                recorded,
                order: 0,
                author: String::new(),
                has_time: EventTime::was_typed(at, recorded),
                begins: e.id == self.id || e.value.kind == Kind::Reopen,
            }
        }))
    }

    /// When the newest event occurred; `None` if all are retracted.
    #[must_use]
    pub fn newest_event_at(&self) -> Option<UtcTime> {
        self.active_events().map(|e| e.value.at_utc()).max()
    }

    /// Names of its services, sorted: those added explicitly, and those of a declaration or of
    /// events with a state.
    #[must_use]
    pub fn service_names(&self) -> Vec<String> {
        let named = self
            .active_events()
            .filter(|e| e.value.names_services())
            .flat_map(|e| &e.value.services);
        let all: BTreeSet<&String> = self.services.keys().chain(named).collect();
        all.into_iter().cloned().collect()
    }

    /// The same names in the order in which they were recorded; of one entry in its own order.
    #[must_use]
    pub fn services_as_recorded(&self) -> Vec<String> {
        let mut entries: Vec<(RecordedOrder, Vec<&String>)> = self
            .active_events()
            .filter(|e| e.value.names_services())
            .map(|e| (e.recorded_order(), e.value.services.iter().collect()))
            .collect();
        let added = self.services_added.iter();
        entries.extend(
            added.flat_map(|(name, places)| {
                places.iter().map(move |(_, order)| (*order, vec![name]))
            }),
        );
        entries.sort_by_key(|(order, _)| *order);
        let mut names: Vec<String> = Vec::new();
        let rest = self.services.keys();
        for name in entries
            .iter()
            .flat_map(|(_, names)| names)
            .copied()
            .chain(rest)
        {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// The asks that no event has closed, in timeline order.
    #[must_use]
    pub fn open_asks(&self) -> Vec<&Record<Event>> {
        let closed: BTreeSet<Uuid> = self
            .active_events()
            .filter(|e| e.value.closes)
            .flat_map(|e| e.value.links.iter().copied())
            .collect();
        self.active_events()
            .filter(|e| e.value.kind == Kind::Ask && !closed.contains(&e.id))
            .collect()
    }

    #[must_use]
    pub fn event(&self, id: Uuid) -> Option<&Record<Event>> {
        self.events.iter().find(|e| e.id == id)
    }
}
