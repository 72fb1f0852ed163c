//! Computes the current value of a subject from its entries ([`current_state`]), and an incident
//! from its subjects ([`Incident::assemble`]).

use super::{
    entry::{ChainHead, Entry, Header},
    event::Event,
    renames::Renames,
    review::{Approval, DocumentStatus, ReviewStage},
    subject::{Subject, Version, heads},
    task::Task,
    time::UtcTime,
    value::{Message, Service, TextValue, Unreadable, Value},
    words::{Kind, Severity, Word},
};
use chrono::Duration;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The current value of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectState {
    pub subject: Subject,
    /// The incident that it is in now; `None` if it is unfiled.
    pub incident: Option<Uuid>,
    /// When its first version was recorded.
    pub recorded: UtcTime,
    /// Who recorded the first version.
    pub author: String,
    /// The store that wrote the first version. With the time and `seq`, it orders events of the
    /// same moment.
    pub origin: Uuid,
    /// Position of the first version in the chain of `origin`.
    pub seq: u64,
    /// The entry with the displayed version.
    pub shown: Uuid,
    /// The entries of the other versions that no entry replaces.
    pub conflicts: Vec<Uuid>,
    /// True if the value differs from the one first recorded; a retraction alone does not count.
    pub amended: bool,
    /// True if its time, kind, text or state differs from the one first recorded.
    pub restated: bool,
    pub value: Value,
}

impl SubjectState {
    /// The entries that a change to the subject replaces, the displayed one first.
    #[must_use]
    pub fn head_ids(&self) -> Vec<Uuid> {
        std::iter::once(self.shown)
            .chain(self.conflicts.iter().copied())
            .collect()
    }
}

/// Computes the current value from all entries of one subject, in any order. `None` if `versions`
/// is empty.
///
/// A body that was destroyed or cannot be decoded gives [`Value::Unreadable`].
#[must_use]
pub fn current_state(versions: &[Entry]) -> Option<SubjectState> {
    let heads = heads(versions);
    let shown = versions.get(*heads.first()?)?;
    let first = versions
        .iter()
        .min_by_key(|v| (!v.replaces().is_empty(), v.sort_key(), v.id()))?;
    let value = Value::from_body(shown.body_bytes());
    let first_value = (shown.id() != first.id())
        .then(|| Value::from_body(first.body_bytes()))
        .filter(|first| !matches!(first, Value::Unreadable(_)));
    let amended = first_value.as_ref().is_some_and(|first| {
        without_retraction(first.clone()) != without_retraction(value.clone())
    });
    let restated = first_value.is_some_and(|first| is_restated(&first, &value));
    Some(SubjectState {
        subject: shown.header().subject.clone(),
        incident: shown.header().incident,
        recorded: first.header().recorded,
        author: first.header().author.clone(),
        origin: first.header().origin,
        seq: first.header().seq,
        shown: shown.id(),
        conflicts: heads.iter().skip(1).map(|&i| versions[i].id()).collect(),
        amended,
        restated,
        value,
    })
}

fn without_retraction(value: Value) -> Value {
    match value {
        Value::Event(event) => Value::Event(Box::new(Event {
            retracted: None,
            ..*event
        })),
        other => other,
    }
}

/// Returns true if the event says something else happened, or at another time, than `first` says.
fn is_restated(first: &Value, value: &Value) -> bool {
    match (first, value) {
        (Value::Event(first), Value::Event(event)) => {
            (first.at, first.end, first.approximate) != (event.at, event.end, event.approximate)
                || (&first.kind, &first.text, &first.state)
                    != (&event.kind, &event.text, &event.state)
        }
        _ => false,
    }
}

/// An event, task or message with its id and handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<T> {
    /// The id of its subject.
    pub id: Uuid,
    /// The handle, shortened to what is displayed.
    pub handle: String,
    /// When its first version was recorded.
    pub recorded: UtcTime,
    /// Who recorded the first version.
    pub author: String,
    /// The store that recorded the first version. With `seq`, it orders events of the same moment.
    pub origin: Uuid,
    pub seq: u64,
    /// True if it was corrected.
    pub amended: bool,
    /// True if the correction changed its time, kind, text or state, not only its customer wording,
    /// services, people, tags or links.
    pub restated: bool,
    /// Number of other versions that no entry replaces; 0 without a conflict.
    pub conflicts: usize,
    pub value: T,
}

impl<T> Record<T> {
    /// Pairs `value` with the metadata of `current`. `None` if the subject has no id.
    pub fn new(current: &SubjectState, handle: String, value: T) -> Option<Self> {
        Some(Self {
            id: current.subject.id()?,
            handle,
            recorded: current.recorded,
            author: current.author.clone(),
            origin: current.origin,
            seq: current.seq,
            amended: current.amended,
            restated: current.restated,
            conflicts: current.conflicts.len(),
            value,
        })
    }

    /// Pairs `value` with the header of the entry that first said it: not amended, without a conflict.
    #[must_use]
    pub fn from_header(id: Uuid, handle: String, header: &Header, value: T) -> Self {
        let order = (header.recorded, header.origin, header.seq);
        Self::original(id, handle, header.author.clone(), order, value)
    }

    /// A record as it was first made: not amended, without a conflict.
    pub(crate) fn original(
        id: Uuid,
        handle: String,
        author: String,
        (recorded, origin, seq): RecordedOrder,
        value: T,
    ) -> Self {
        Self {
            id,
            handle,
            recorded,
            author,
            origin,
            seq,
            amended: false,
            restated: false,
            conflicts: 0,
            value,
        }
    }
}

/// A position in the order of recording: time, then origin and sequence.
pub type RecordedOrder = (UtcTime, Uuid, u64);
/// A position in a timeline, see [`Record::sort_key`]. No two events have the same.
pub type TimelineOrder = (UtcTime, UtcTime, Uuid, u64, Uuid);

impl Record<Event> {
    /// Timeline order: by time of occurrence, then of recording, then by origin and sequence. The id
    /// orders those of several chains, as after a merge, which may have the same sequence number.
    #[must_use]
    pub fn sort_key(&self) -> TimelineOrder {
        let at = self.value.at_utc();
        (at, self.recorded, self.origin, self.seq, self.id)
    }

    /// Its place in the order of recording.
    #[must_use]
    pub fn recorded_order(&self) -> RecordedOrder {
        (self.recorded, self.origin, self.seq)
    }

    /// False if it was retracted; retracted events do not count in states, metrics and fields.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.value.retracted.is_none()
    }
}

/// After so long without an event an open incident has no running totals.
pub const STALE_AFTER: Duration = Duration::hours(24);

/// The fields of an incident that are stored as fields, with their audience.
pub const FIELDS: [(&str, Audience); 21] = [
    ("scribe", Audience::Internal),
    ("comms-lead", Audience::Internal),
    ("impact", Audience::Internal),
    ("scope", Audience::Internal),
    ("zone", Audience::Internal),
    ("trigger", Audience::Internal),
    ("resolution", Audience::Internal),
    ("owner", Audience::Internal),
    ("authors", Audience::Internal),
    ("ticket", Audience::Internal),
    ("channel", Audience::Internal),
    ("drill", Audience::Internal),
    ("product", Audience::Customers),
    ("customer-scope", Audience::Customers),
    ("customer-impact", Audience::Customers),
    ("customer-action", Audience::Customers),
    ("unaffected", Audience::Customers),
    ("data-loss", Audience::Customers),
    ("next-update", Audience::Customers),
    ("followup-by", Audience::Customers),
    ("ledger-in-letter", Audience::Customers),
];

/// True if `text`, the value of the field `drill`, says that the incident is one.
#[must_use]
pub fn is_drill(text: &str) -> bool {
    text == "yes"
}

/// The fields that hold names of people, one or a list.
const PERSON_FIELDS: [&str; 4] = ["scribe", "comms-lead", "owner", "authors"];

/// The sections of a postmortem with their headings, in document order, and those of customer letters
/// ([`section_audience`]).
pub const SECTIONS: [(&str, &str); 10] = [
    ("summary", "Summary"),
    ("impact", "Impact"),
    ("protections", "Protections"),
    ("went-well", "What went well"),
    ("went-badly", "What went badly"),
    ("lucky", "Where we got lucky"),
    ("surprises", "What surprised us"),
    ("questions", "Open questions"),
    (
        "customer-followup",
        "Your own paragraphs of the follow-up letter",
    ),
    ("customer-apology", "Your own apology in the letters"),
];

/// Returns who may read the section `name`.
#[must_use]
pub fn section_audience(name: &str) -> Audience {
    match name {
        "customer-followup" | "customer-apology" => Audience::Customers,
        _ => Audience::Internal,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// People in the company.
    Internal,
    /// Anyone.
    Customers,
}

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
    /// When each of those added explicitly was recorded.
    pub services_added: BTreeMap<String, RecordedOrder>,
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
                        let order = (current.recorded, current.origin, current.seq);
                        incident.services_added.insert(name.clone(), order);
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
            if let Some(order) = added.get(&name) {
                let first = self.services_added.entry(now.to_owned()).or_insert(*order);
                *first = (*first).min(*order);
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

    #[must_use]
    pub fn severity(&self) -> Option<Word<Severity>> {
        self.active_events()
            .rev()
            .find_map(|e| e.value.severity.clone())
    }

    #[must_use]
    pub fn commander(&self) -> Option<&str> {
        self.active_events()
            .rev()
            .find_map(|e| e.value.commander.as_deref())
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
            .find(|e| e.id == self.id || matches!(e.value.kind, Kind::Resolve | Kind::Reopen))?;
        (last.value.kind == Kind::Resolve).then_some(last)
    }

    /// True if it is an exercise: nothing of it happened.
    #[must_use]
    pub fn is_drill(&self) -> bool {
        self.fields.get("drill").is_some_and(|text| is_drill(text))
    }

    /// True until it is resolved, and again after it is reopened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.resolution().is_none()
    }

    /// When the newest event of an open incident occurred, if that is more than [`STALE_AFTER`] before
    /// `now`: nobody knows what lasts since.
    #[must_use]
    pub fn stale_since(&self, now: UtcTime) -> Option<UtcTime> {
        let newest = self.active_events().map(|e| e.value.at_utc()).max()?;
        (self.is_open() && now - newest > STALE_AFTER).then_some(newest)
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
        entries.extend(added.map(|(name, order)| (*order, vec![name])));
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
