//! The values of arguments: words of the program, and what the database holds.

use super::super::{global::GlobalArgs, help, view};
use crate::{
    config::{
        self,
        setting::{SETTINGS, Setting, SettingType},
    },
    documents::Stage,
    domain::{
        event::Event,
        incident::{FIELDS, Incident, Record, SECTIONS},
        task::{TaskState, TaskType},
        words::{CAPTURE_KINDS, Severity, State},
    },
    ops::template,
    store::{IncidentRow, OpenOptions, Store, StoreError},
};
use std::{path::PathBuf, time::Duration};

/// Most events that are offered, newest first.
const MAX_EVENTS: usize = 60;

/// A word that can stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub value: String,
    /// What it is, for shells that show it.
    pub what: String,
}

impl Candidate {
    pub fn new(value: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            what: what.into(),
        }
    }
}

/// Makes candidates of words.
fn words<T: ToString>(words: impl IntoIterator<Item = T>) -> Vec<Candidate> {
    let words = words.into_iter();
    words
        .map(|word| Candidate::new(word.to_string(), ""))
        .collect()
}

/// Looks values up; the database only where it is needed.
pub(super) struct Lookup<'a> {
    path: Option<PathBuf>,
    /// The value of `--incident`.
    incident: Option<&'a str>,
}

impl<'a> Lookup<'a> {
    pub fn new(global: &GlobalArgs, db: Option<&str>, incident: Option<&'a str>) -> Self {
        let path = db.map(PathBuf::from).or_else(|| global.db_path().ok());
        Self { path, incident }
    }

    /// Returns the values of the argument `arg` of the command `path`, behind the words `before`; none where
    /// any text can stand.
    pub fn values(&self, path: &str, arg: &str, before: &[&str]) -> Vec<Candidate> {
        match (path, arg) {
            (_, "incident" | "reference" | "into") | ("merge", "from") => {
                let mut found = self.read(incidents);
                found.push(Candidate::new("latest", "the incident declared last"));
                found
            }
            (_, "severity") => words((1..=5).filter_map(Severity::new)),
            ("task set", "state") => words(TaskState::ALL),
            (_, "state") => words(State::ALL),
            (_, "type_") => words(TaskType::ALL),
            (_, "kind") => words(&CAPTURE_KINDS),
            ("log", "line") if before.is_empty() => {
                words(CAPTURE_KINDS.iter().map(|kind| format!("{kind}:")))
            }
            (_, "services" | "service") | ("service", "name") => self.read_incident(services),
            (_, "owner" | "by" | "commander" | "who" | "reviewed" | "final_by") => {
                self.read(|store| Ok(words(store.read().people()?)))
            }
            (_, "tags") => self.read(|store| Ok(words(store.read().tags(None)?))),
            ("task start" | "task done" | "task decline" | "task set", "handle") => {
                self.read_incident(open_tasks)
            }
            ("restore-event", "handle") => self.read_incident(gone),
            (_, "handle") => self.read_incident(events),
            ("move", "words") => {
                let mut found = self.read_incident(events);
                found.extend(self.read(incidents));
                found
            }
            ("adopt", "handles") | ("declare", "adopt") => {
                let mut found = vec![Candidate::new("all", "those of the last 24 hours")];
                found.extend(self.read(unfiled));
                found
            }
            ("email", "save" | "approve" | "sent" | "show") => self.read_incident(messages),
            ("email", "via") => words(["email", "statuspage", "phone"]),
            ("email", "format") => words(["txt", "md", "eml"]),
            (_, "stage") => words(Stage::ALL),
            ("status", "since") => vec![Candidate::new("handoff", "the last handoff")],
            (_, "since") => words(["1w", "1mo", "3mo", "1y"]),
            ("set", "field") => {
                let others = ["title", "severity", "commander"];
                words(
                    others
                        .into_iter()
                        .chain(FIELDS.iter().map(|(name, _)| *name)),
                )
            }
            ("set", "value") => self.field_values(before.first().copied().unwrap_or_default()),
            ("write", "section") => {
                let sections = SECTIONS.iter();
                sections
                    .map(|(name, title)| Candidate::new(*name, *title))
                    .collect()
            }
            ("config get" | "config set", "key") => {
                let settings = SETTINGS.iter();
                settings
                    .map(|setting| Candidate::new(setting.key, setting.what))
                    .collect()
            }
            ("config set", "value") => setting_values(before.first().copied().unwrap_or_default()),
            ("templates show" | "templates eject", "name") => template_names(),
            ("man", "verb") if before.is_empty() => {
                let verbs = help::GROUPS.iter();
                words(verbs.flat_map(|(_, names)| names.iter()))
            }
            _ => Vec::new(),
        }
    }

    fn field_values(&self, field: &str) -> Vec<Candidate> {
        match field {
            "severity" => words((1..=5).filter_map(Severity::new)),
            "commander" | "scribe" | "comms-lead" | "owner" => {
                self.read(|store| Ok(words(store.read().people()?)))
            }
            "customer-scope" => words(["everyone", "unknown"]),
            "customer-action" => words(["none"]),
            "data-loss" => words(["none", "unknown"]),
            "ledger-in-letter" => words(["yes", "no"]),
            _ => Vec::new(),
        }
    }

    /// Reads the database; nothing where that fails.
    fn read(
        &self,
        read: impl FnOnce(&Store) -> Result<Vec<Candidate>, StoreError>,
    ) -> Vec<Candidate> {
        let options = OpenOptions {
            create: false,
            busy_timeout: Duration::from_millis(200),
            ..OpenOptions::default()
        };
        let path = self.path.as_deref().filter(|path| path.is_file());
        let store = path.and_then(|path| Store::open_to_read(path, &options).ok());
        store
            .and_then(|store| read(&store).ok())
            .unwrap_or_default()
    }

    /// Reads the incident that `--incident` names, else the open one, else the latest.
    fn read_incident(
        &self,
        read: impl FnOnce(&Store, &IncidentRow) -> Result<Vec<Candidate>, StoreError>,
    ) -> Vec<Candidate> {
        self.read(|store| {
            let rows = store.read().incidents()?;
            let named = |row: &&IncidentRow| {
                self.incident
                    .is_some_and(|typed| view::short_ref(row) == typed || row.handle == typed)
            };
            let row = match rows.iter().find(named) {
                Some(named) => Some(named.clone()),
                None => match store.read().open_incidents()?.into_iter().next() {
                    Some(open) => Some(open),
                    None => store.read().last_added_incident()?,
                },
            };
            row.map_or_else(|| Ok(Vec::new()), |row| read(store, &row))
        })
    }
}

fn incidents(store: &Store) -> Result<Vec<Candidate>, StoreError> {
    let mut rows = store.read().incidents()?;
    rows.retain(|row| row.merged_into.is_none());
    // Those that are open first.
    rows.sort_by_key(|row| row.resolved.is_some());
    let candidate = |row: &IncidentRow| {
        let state = if row.resolved.is_some() {
            "resolved"
        } else {
            "open"
        };
        Candidate::new(view::short_ref(row), format!("{state}: {}", row.title))
    };
    Ok(rows.iter().map(candidate).collect())
}

fn services(_: &Store, row: &IncidentRow) -> Result<Vec<Candidate>, StoreError> {
    Ok(words(&row.services))
}

fn event(record: &Record<Event>) -> Candidate {
    let event = &record.value;
    Candidate::new(
        &record.handle,
        format!("{}: {}", event.kind, view::event_text(event)),
    )
}

/// Newest first, without those that do not count.
fn newest(mut events: Vec<Record<Event>>) -> Vec<Candidate> {
    events.retain(Record::is_active);
    events.sort_by_key(Record::sort_key);
    events.iter().rev().take(MAX_EVENTS).map(event).collect()
}

fn events(store: &Store, row: &IncidentRow) -> Result<Vec<Candidate>, StoreError> {
    let events = store.read().newest_events(Some(row.id), MAX_EVENTS, None)?;
    Ok(newest(events))
}

fn unfiled(store: &Store) -> Result<Vec<Candidate>, StoreError> {
    Ok(newest(store.read().unfiled_events(None, MAX_EVENTS)?))
}

/// What was undone or retracted.
fn gone(store: &Store, row: &IncidentRow) -> Result<Vec<Candidate>, StoreError> {
    let read = store.read();
    let incident = read.incident(row.id)?;
    let events = incident.iter().flat_map(|incident| &incident.events);
    let retracted = events.filter(|record| !record.is_active()).map(event);
    let mut found: Vec<Candidate> = retracted.collect();
    let undone = read.undone_events(Some(row.id))?;
    let undone = undone.into_iter().map(|(_, handle)| handle);
    found.extend(undone.map(|handle| Candidate::new(handle, "undone")));
    Ok(found)
}

fn open_tasks(store: &Store, row: &IncidentRow) -> Result<Vec<Candidate>, StoreError> {
    let incident = store.read().incident(row.id)?;
    Ok(incident
        .as_ref()
        .map(open_task_candidates)
        .unwrap_or_default())
}

fn open_task_candidates(incident: &Incident) -> Vec<Candidate> {
    let asks = incident.open_asks().into_iter();
    let mut found: Vec<Candidate> = asks
        .map(|ask| {
            Candidate::new(
                &ask.handle,
                format!("request: {}", view::event_text(&ask.value)),
            )
        })
        .collect();
    let is_open = |task: &&Record<crate::domain::task::Task>| {
        let state = task.value.state.known();
        task.value.retracted.is_none()
            && !matches!(state, Some(TaskState::Done | TaskState::Declined))
    };
    let tasks = incident.tasks.iter().filter(is_open);
    found.extend(tasks.map(|task| {
        Candidate::new(
            &task.handle,
            format!("{}: {}", task.value.state, task.value.text),
        )
    }));
    found
}

fn messages(store: &Store, row: &IncidentRow) -> Result<Vec<Candidate>, StoreError> {
    let messages = store.read().messages(row.id)?;
    let number = |record: &Record<crate::domain::value::Message>| {
        Candidate::new(
            format!("m{}", record.value.number),
            record.value.stage.to_string(),
        )
    };
    Ok(messages.iter().map(number).collect())
}

fn setting_values(key: &str) -> Vec<Candidate> {
    match (key, Setting::find(key).map(|setting| setting.value)) {
        ("clock", _) => words(["24h", "12h"]),
        ("date", _) => words(["dmy", "mdy"]),
        ("theme.preset", _) => words(["dark", "light"]),
        (_, Some(SettingType::Switch)) => words(["true", "false"]),
        (key, _) if key.starts_with("aliases.") => words(&CAPTURE_KINDS),
        _ => Vec::new(),
    }
}

fn template_names() -> Vec<Candidate> {
    let folder = config::templates_folder().ok();
    let listed = template::list(folder.as_deref()).unwrap_or_default();
    words(listed.into_iter().map(|template| template.name))
}
