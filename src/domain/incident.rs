//! From entries to an incident: the value of each subject ([`current_state`]), and all subjects of one
//! incident put together ([`Incident::assemble`]).

use super::{
    entry::{ChainHead, Entry},
    event::Event,
    subject::{Subject, Version, heads},
    task::Task,
    time::UtcTime,
    value::{Message, Service, Value},
    words::{Kind, Severity, Word},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a subject's entries come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectState {
    /// The subject.
    pub subject: Subject,
    /// The incident where it stands now; none where it is unfiled.
    pub incident: Option<Uuid>,
    /// When its first version was recorded.
    pub recorded: UtcTime,
    /// Who recorded the first version.
    pub author: String,
    /// The store that wrote the first version, and the place in its chain: with the time, the order
    /// in which events of one moment stand.
    pub origin: Uuid,
    /// See [`SubjectState::origin`].
    pub seq: u64,
    /// The entry whose version is shown.
    pub shown: Uuid,
    /// Other versions that nobody has replaced yet.
    pub conflicts: Vec<Uuid>,
    /// True where what is shown is not what was first recorded.
    pub amended: bool,
    /// The value.
    pub value: Value,
}

impl SubjectState {
    /// The versions that whoever looks at it now has seen: what a change to it replaces. The one
    /// shown comes first.
    #[must_use]
    pub fn head_ids(&self) -> Vec<Uuid> {
        std::iter::once(self.shown)
            .chain(self.conflicts.iter().copied())
            .collect()
    }
}

/// What `versions`, all the entries that name one subject, come to; in whatever order they are.
/// `None` for no versions.
///
/// A version whose body was destroyed, or cannot be read, counts as [`Value::Unreadable`].
#[must_use]
pub fn current_state(versions: &[Entry]) -> Option<SubjectState> {
    let heads = heads(versions);
    let shown = versions.get(*heads.first()?)?;
    let first = versions
        .iter()
        .min_by_key(|v| (!v.replaces().is_empty(), v.sort_key(), v.id()))?;
    let value = Value::from_body(shown.body_bytes());
    let amended = shown.id() != first.id() && {
        let plain = |value: Value| match value {
            Value::Event(event) => Value::Event(Box::new(Event {
                retracted: None,
                ..*event
            })),
            other => other,
        };
        let before = Value::from_body(first.body_bytes());
        !matches!(before, Value::Unreadable(_)) && plain(before) != plain(value.clone())
    };
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
        value,
    })
}

/// Something with an id and a handle, as it stands: an event, a task, a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<T> {
    /// Its subject's id.
    pub id: Uuid,
    /// Its handle, as many letters as it takes.
    pub handle: String,
    /// When its first version was recorded.
    pub recorded: UtcTime,
    /// Who recorded the first version.
    pub author: String,
    /// With `seq`, where it was recorded: orders events of one moment.
    pub origin: Uuid,
    /// See [`Record::origin`].
    pub seq: u64,
    /// True where it was corrected since.
    pub amended: bool,
    /// How many other versions nobody has replaced yet; 0 where all agree.
    pub conflicts: usize,
    /// What it is.
    pub value: T,
}

impl<T> Record<T> {
    /// `value`, which is the value of `current`, under `handle`. `None` where the subject bears no
    /// id.
    pub fn new(current: &SubjectState, handle: String, value: T) -> Option<Self> {
        Some(Self {
            id: current.subject.id()?,
            handle,
            recorded: current.recorded,
            author: current.author.clone(),
            origin: current.origin,
            seq: current.seq,
            amended: current.amended,
            conflicts: current.conflicts.len(),
            value,
        })
    }
}

impl Record<Event> {
    /// The order of a timeline: occurred, then recorded, then origin and sequence.
    #[must_use]
    pub fn sort_key(&self) -> (UtcTime, UtcTime, Uuid, u64) {
        (self.value.at_utc(), self.recorded, self.origin, self.seq)
    }

    /// True unless it was retracted: only these count.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.value.retracted.is_none()
    }
}

/// The fields of an incident that `set` writes as fields, with who may read them.
pub const FIELDS: [(&str, Audience); 12] = [
    ("scribe", Audience::Internal),
    ("comms-lead", Audience::Internal),
    ("impact", Audience::Internal),
    ("scope", Audience::Internal),
    ("zone", Audience::Internal),
    ("product", Audience::Customers),
    ("customer-scope", Audience::Customers),
    ("unaffected", Audience::Customers),
    ("data-loss", Audience::Customers),
    ("next-update", Audience::Customers),
    ("followup-by", Audience::Customers),
    ("ledger-in-letter", Audience::Customers),
];

/// The sections of a postmortem that `write` writes, with their headings, in the order of the
/// document. `customer-followup` is a paragraph for the letter.
pub const SECTIONS: [(&str, &str); 9] = [
    ("summary", "Summary"),
    ("impact", "Impact"),
    ("protections", "Why the protections did or did not hold"),
    ("went-well", "What went well"),
    ("went-badly", "What went badly"),
    ("lucky", "Where we got lucky"),
    ("surprises", "What surprised us"),
    ("questions", "Open questions"),
    ("customer-followup", "A paragraph for the customer letter"),
];

/// Who may read a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The company.
    Internal,
    /// Everybody.
    Customers,
}

/// One incident, all of it, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its id, which is also that of the event that declared it.
    pub id: Uuid,
    /// Its handle.
    pub handle: String,
    /// All its events, retracted ones too, in timeline order.
    pub events: Vec<Record<Event>>,
    /// Its follow-ups, oldest first.
    pub tasks: Vec<Record<Task>>,
    /// Customer emails as saved, by number.
    pub messages: Vec<Record<Message>>,
    /// Its fields that are set.
    pub fields: BTreeMap<String, String>,
    /// Its prose, as Markdown.
    pub sections: BTreeMap<String, String>,
    /// What customers call its services, where that is known; and services added by hand.
    pub services: BTreeMap<String, Service>,
    /// Where each of its chains stands, by origin.
    pub chain_heads: Vec<ChainHead>,
    /// How many entries its chains have.
    pub entry_count: u64,
    /// When its newest entry was recorded.
    pub last_recorded_at: UtcTime,
    /// What of its entries is not as it was written, for people; `None` if nothing is, or if it was not
    /// checked.
    pub unverified: Option<String>,
}

/// What an incident is made of: a subject's value, under its handle (empty where it has none).
pub type SubjectWithHandle = (SubjectState, String);

impl Incident {
    /// Puts together what stands in incident `id`. `pieces` may be in any order; what has gone from
    /// the incident is left out. Services named outside any incident (`incident` none) lend their
    /// public names.
    #[must_use]
    pub fn assemble(
        id: Uuid,
        handle: String,
        pieces: Vec<SubjectWithHandle>,
        heads: Vec<ChainHead>,
        newest: UtcTime,
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
            entry_count: heads.iter().map(|head| head.seq).sum(),
            chain_heads: heads,
            last_recorded_at: newest,
            unverified: None,
        };
        let mut lent: BTreeMap<String, Service> = BTreeMap::new();
        for (mut current, handle) in pieces {
            let value = std::mem::replace(&mut current.value, Value::Gone);
            let own = current.incident == Some(id);
            match (value, &current.subject) {
                (Value::Event(event), _) if own => {
                    incident
                        .events
                        .extend(Record::new(&current, handle, *event));
                }
                (Value::Task(task), _) if own => {
                    incident.tasks.extend(Record::new(&current, handle, *task));
                }
                (Value::Message(message), _) if own => {
                    incident
                        .messages
                        .extend(Record::new(&current, handle, *message));
                }
                (Value::Field(text), Subject::Field(name)) if own && !text.text.is_empty() => {
                    incident.fields.insert(name.clone(), text.text);
                }
                (Value::Section(text), Subject::Section(name)) if own && !text.text.is_empty() => {
                    incident.sections.insert(name.clone(), text.text);
                }
                (Value::Service(service), Subject::Service(name)) => {
                    let into = if own {
                        &mut incident.services
                    } else {
                        &mut lent
                    };
                    into.insert(name.clone(), service);
                }
                _ => {}
            }
        }
        incident.events.sort_by_key(Record::sort_key);
        incident
            .tasks
            .sort_by_key(|t| (t.recorded, t.origin, t.seq));
        incident
            .messages
            .sort_by_key(|m| (m.value.number, m.recorded));
        for name in incident.service_names() {
            if let Some(lent) = lent.remove(&name) {
                let own = incident.services.entry(name).or_default();
                own.public_name = own.public_name.take().or(lent.public_name);
            }
        }
        incident
    }

    /// The event that declared it; `None` where that was taken back, or has not arrived yet.
    #[must_use]
    pub fn declaration(&self) -> Option<&Record<Event>> {
        self.events.iter().find(|e| e.id == self.id)
    }

    /// Its title; empty where nothing declares it.
    #[must_use]
    pub fn title(&self) -> &str {
        self.declaration().map_or("", |d| &d.value.text)
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        self.declaration()?.value.number
    }

    /// The zone in which its times are read and shown.
    #[must_use]
    pub fn zone(&self) -> &str {
        match (self.fields.get("zone"), self.declaration()) {
            (Some(zone), _) => zone,
            (None, Some(d)) if !d.value.zone.is_empty() => &d.value.zone,
            _ => "UTC",
        }
    }

    /// Events that stand, in timeline order.
    pub fn active_events(&self) -> impl DoubleEndedIterator<Item = &Record<Event>> {
        self.events.iter().filter(|e| e.is_active())
    }

    /// The severity that holds now.
    #[must_use]
    pub fn severity(&self) -> Option<Word<Severity>> {
        self.active_events()
            .rev()
            .find_map(|e| e.value.severity.clone())
    }

    /// Who commands now.
    #[must_use]
    pub fn commander(&self) -> Option<&str> {
        self.active_events()
            .rev()
            .find_map(|e| e.value.commander.as_deref())
    }

    /// When it was declared.
    #[must_use]
    pub fn declared(&self) -> Option<UtcTime> {
        self.declaration().map(|d| d.value.at_utc())
    }

    /// The event that ended it; `None` while it is open.
    #[must_use]
    pub fn resolution(&self) -> Option<&Record<Event>> {
        let last = self
            .active_events()
            .rev()
            .find(|e| e.id == self.id || matches!(e.value.kind, Kind::Resolve | Kind::Reopen))?;
        (last.value.kind == Kind::Resolve).then_some(last)
    }

    /// True until it is resolved, and again once it is reopened.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.resolution().is_none()
    }

    /// Its services: those added, and those that its events put in a state or declare, by name.
    #[must_use]
    pub fn service_names(&self) -> Vec<String> {
        let named = self
            .active_events()
            .filter(|e| e.value.kind == Kind::Declare || e.value.state_or_implied().is_some())
            .flat_map(|e| &e.value.services);
        let all: BTreeSet<&String> = self.services.keys().chain(named).collect();
        all.into_iter().cloned().collect()
    }

    /// The asks that nobody has closed yet, in timeline order.
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

    /// The event with `id`.
    #[must_use]
    pub fn event(&self, id: Uuid) -> Option<&Record<Event>> {
        self.events.iter().find(|e| e.id == id)
    }
}
