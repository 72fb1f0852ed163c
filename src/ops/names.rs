//! Renames and removes services and people of an incident. The entries keep what was recorded: a change
//! says what a name stands for from now on ([`Renames`](crate::domain::renames::Renames)).

use super::{
    OpsError, Result, Session,
    context::{quote_name, validate_name, validate_person},
    resolve::short_ref,
    write_context::group_changes,
};
use crate::{
    domain::{
        count::{counted, plural},
        incident::{Incident, ROLE_FIELDS},
        subject::Subject,
        suggestion::nearest,
        value::{Change, NameChange, NameFields, Person, Service, Value},
    },
    store::IncidentRow,
};
use std::collections::BTreeMap;

/// What a name is a name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    Service,
    Person,
}

impl NameKind {
    /// The word for messages, which is also the command.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Person => "person",
        }
    }

    fn subject(self, name: &str) -> Subject {
        match self {
            Self::Service => Subject::Service(name.to_owned()),
            Self::Person => Subject::Person(name.to_owned()),
        }
    }

    fn validate(self, name: &str) -> Result<String> {
        match self {
            Self::Service => validate_name(name, "service"),
            Self::Person => validate_person(name, "person"),
        }
    }
}

/// What was done to a name.
#[derive(Clone, Debug)]
pub struct NameChanged {
    pub incident: IncidentRow,
    pub name: String,
    /// How many events name it.
    pub events: usize,
    /// Remarks for the user, one sentence each.
    pub notices: Vec<String>,
}

/// The result of [`remove`].
#[derive(Clone, Debug)]
pub enum Removal {
    Done(Box<NameChanged>),
    /// Nothing was written: what is to be asked first.
    Ask(String),
}

/// Renames `old` to `new` in the incident `given`, else the open one, else the latest. If `new` is one
/// already, the two are one from then on.
///
/// # Errors
/// Nothing is called `old` there, or `new` is no name.
pub fn rename(
    session: &mut Session,
    given: Option<&str>,
    kind: NameKind,
    old: &str,
    new: &str,
) -> Result<NameChanged> {
    session.transact(|session| {
        let (row, incident, old) = find(session, given, kind, old)?;
        let new = kind.validate(new)?;
        if new == old {
            return Err(OpsError::usage(format!(
                "that is its name already: `{old}`"
            ))
            .with_hint("give another name after --rename"));
        }
        let joins = names(&incident, kind).contains_key(&new);
        let mut notices = vec![];
        if joins {
            notices.push(format!(
                "`{old}` and `{new}` are one {} from now on; `bridgelog undo` takes that back",
                kind.word()
            ));
        }
        let mut new_value = value(session, &row, kind, &new)?;
        let mut old_value = value(session, &row, kind, &old)?;
        let mut new_changes = change_of(&new_value).is_some();
        set_change(&mut new_value, None);
        set_change(&mut old_value, Some(NameChange::Renamed(new.clone())));
        if let (Value::Service(old_service), Value::Service(new_service)) =
            (&mut old_value, &mut new_value)
            && let Some(public) = old_service.public_name.take()
        {
            match &new_service.public_name {
                None => {
                    new_service.public_name = Some(public);
                    new_changes = true;
                }
                Some(kept) if *kept != public => {
                    notices.push(format!("customers read: {kept}, no longer: {public}"));
                }
                Some(_) => {}
            }
        }
        let mut changes = vec![change(session, &row, kind, &old, old_value)?];
        if new_changes {
            changes.push(change(session, &row, kind, &new, new_value)?);
            group_changes(&mut changes);
        }
        session.append(&changes)?;
        notices.push(format!(
            "texts stay as they were typed, and so does the history; `@{old}` typed from now on is `{new}` too"
        ));
        Ok(NameChanged {
            events: events_naming(&incident, kind, &old),
            incident: row,
            name: old,
            notices,
        })
    })
}

/// How many names an error lists.
const MAX_LISTED: usize = 8;

/// Removes `name` from the incident `given`, else the open one, else the latest. If events name it,
/// a question is returned instead, unless it is `agreed`.
///
/// # Errors
/// Nothing is called `name` there; a person who has a role.
pub fn remove(
    session: &mut Session,
    given: Option<&str>,
    kind: NameKind,
    name: &str,
    agreed: bool,
) -> Result<Removal> {
    session.transact(|session| {
        let (row, incident, name) = find(session, given, kind, name)?;
        if kind == NameKind::Person {
            reject_person_with_role(&incident, &name)?;
        }
        let events = events_naming(&incident, kind, &name);
        if events > 0 && !agreed {
            return Ok(Removal::Ask(question(kind, &row, &name, events)));
        }
        let mut removed = value(session, &row, kind, &name)?;
        set_change(&mut removed, Some(NameChange::Removed(session.now())));
        let change = change(session, &row, kind, &name, removed)?;
        session.append(&[change])?;
        let again = match kind {
            NameKind::Service => format!(
                "`bridgelog service {name} --incident {}` adds it again, with its states",
                short_ref(&row)
            ),
            NameKind::Person => {
                "an event that names the person from now on adds them again".to_owned()
            }
        };
        Ok(Removal::Done(Box::new(NameChanged {
            incident: row,
            name,
            events,
            notices: vec![again],
        })))
    })
}

fn question(kind: NameKind, row: &IncidentRow, name: &str, events: usize) -> String {
    let count = counted(events, "event", "events");
    let verb = plural(events, "names", "name");
    let what = match kind {
        NameKind::Service => {
            "its states are removed from the header, the figures and both documents; the events stay with their texts"
        }
        NameKind::Person => "they stay with their texts, and no longer name the person",
    };
    format!(
        "{count} of incident {} {verb} `{name}`: {what}",
        short_ref(row)
    )
}

/// Returns what `name` is a name of in the incident `given`: a person only where no service has it.
///
/// # Errors
/// No such incident.
pub fn kind_of(session: &Session, given: &str, name: &str) -> Result<NameKind> {
    let (_, incident, people) = list(session, Some(given), NameKind::Person)?;
    let name = name.trim_start_matches('@');
    let is_service = names(&incident, NameKind::Service).contains_key(name);
    Ok(match !is_service && people.contains_key(name) {
        true => NameKind::Person,
        false => NameKind::Service,
    })
}

/// The names of one kind that incident `given`, else the open one, else the latest, has now, with the
/// number of events that name each.
///
/// # Errors
/// No such incident.
pub fn list(
    session: &Session,
    given: Option<&str>,
    kind: NameKind,
) -> Result<(IncidentRow, Incident, BTreeMap<String, usize>)> {
    let row = session.resolve_for_read(given)?;
    let incident = session.load_incident(&row)?;
    let names = names(&incident, kind);
    Ok((row, incident, names))
}

/// Finds what is called `typed` in the incident `given`, and what it is called now.
fn find(
    session: &Session,
    given: Option<&str>,
    kind: NameKind,
    typed: &str,
) -> Result<(IncidentRow, Incident, String)> {
    let row = session.resolve_to_change(given)?;
    let incident = session.load_incident(&row)?;
    let name = kind.validate(typed)?;
    let known = names(&incident, kind);
    if known.contains_key(&name) {
        return Ok((row, incident, name));
    }
    let (now, removed) = match kind {
        NameKind::Service => (
            incident.renames.service(&name),
            incident.renames.service_removed(&name),
        ),
        NameKind::Person => (
            incident.renames.person(&name),
            incident.renames.person_removed(&name),
        ),
    };
    let (word, number) = (kind.word(), short_ref(&row));
    if now != name {
        return Err(OpsError::failed(format!(
            "`{name}` was renamed to `{now}` in incident {number} already"
        ))
        .with_hint(format!(
            "`bridgelog {word} {} --rename NEW` renames it again",
            quote_name(now)
        )));
    }
    if removed.is_some() {
        return Err(OpsError::failed(format!(
            "`{name}` was removed from incident {number} already"
        ))
        .with_hint("`bridgelog undo` takes the last change back"));
    }
    let error = OpsError::failed(format!("incident {number} has no {word} `{name}`"));
    let known: Vec<String> = known.into_keys().collect();
    let error = error.with_suggestion(nearest(&name, known.iter().map(String::as_str)));
    let listed = known[..known.len().min(MAX_LISTED)].join(", ");
    let error = match listed.as_str() {
        "" => error,
        listed => error.with_hint(format!("there: {listed}")),
    };
    Err(error.with_hint("`--incident REF` says another incident; `bridgelog list` shows them"))
}

/// The names of `kind` in `incident` with the number of events that name each.
fn names(incident: &Incident, kind: NameKind) -> BTreeMap<String, usize> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |name: &str, events: usize| {
        *names.entry(name.to_owned()).or_default() += events;
    };
    match kind {
        NameKind::Service => {
            for name in incident.service_names() {
                add(&name, 0);
            }
            for record in &incident.events {
                record.value.services.iter().for_each(|name| add(name, 1));
            }
        }
        NameKind::Person => {
            for record in &incident.events {
                record.value.people.iter().for_each(|name| add(name, 1));
                add(&record.author, 0);
                record.value.commander.iter().for_each(|name| add(name, 0));
            }
            let owners = incident.tasks.iter().filter_map(|t| t.value.owner.as_ref());
            owners.for_each(|name| add(name, 0));
            incident
                .tasks
                .iter()
                .for_each(|record| add(&record.author, 0));
            for name in ["scribe", "comms-lead", "owner", "authors"] {
                let list = incident.fields.get(name).map(String::as_str);
                let people = list.unwrap_or_default().split(',').map(str::trim);
                people
                    .filter(|name| !name.is_empty())
                    .for_each(|name| add(name.trim_start_matches('@'), 0));
            }
        }
    }
    names
}

fn events_naming(incident: &Incident, kind: NameKind, name: &str) -> usize {
    names(incident, kind).get(name).copied().unwrap_or_default()
}

/// A removed person is no longer named by events; a role has to be given to another one first.
fn reject_person_with_role(incident: &Incident, name: &str) -> Result<()> {
    let error = |what: String, hint: String| Err(OpsError::failed(what).with_hint(hint));
    if incident.commander() == Some(name) {
        return error(
            format!("`{name}` is the commander"),
            "`bridgelog set commander WHO` corrects that".to_owned(),
        );
    }
    let field = ROLE_FIELDS
        .into_iter()
        .find(|field| incident.fields.get(*field).is_some_and(|who| who == name));
    if let Some(field) = field {
        return error(
            format!("`{name}` is the {field}"),
            format!("`bridgelog set {field} WHO` corrects that"),
        );
    }
    let mut tasks = incident.tasks.iter();
    if let Some(task) = tasks.find(|task| task.value.owner.as_deref() == Some(name)) {
        return error(
            format!("`{name}` owns the follow-up {}", task.handle),
            format!(
                "`bridgelog task set {} --owner WHO` corrects that",
                task.handle
            ),
        );
    }
    Ok(())
}

/// The value of `name` before the change; a new one if no entry is about it yet.
fn value(session: &Session, row: &IncidentRow, kind: NameKind, name: &str) -> Result<Value> {
    let current = session
        .read()
        .subject_state(&kind.subject(name), Some(row.id))?;
    Ok(match (kind, current.map(|(current, _)| current.value)) {
        (NameKind::Service, Some(value @ Value::Service(_)))
        | (NameKind::Person, Some(value @ Value::Person(_))) => value,
        (NameKind::Service, _) => Value::Service(Service::default()),
        (NameKind::Person, _) => Value::Person(Person::default()),
    })
}

fn change_of(value: &Value) -> Option<NameChange> {
    match value {
        Value::Service(service) => service.name_change.change(),
        Value::Person(person) => person.name_change.change(),
        _ => None,
    }
}

fn set_change(value: &mut Value, change: Option<NameChange>) {
    let fields = change.map_or_else(NameFields::default, NameFields::from);
    match value {
        Value::Service(service) => service.name_change = fields,
        Value::Person(person) => person.name_change = fields,
        _ => {}
    }
}

fn change(
    session: &mut Session,
    row: &IncidentRow,
    kind: NameKind,
    name: &str,
    value: Value,
) -> Result<Change> {
    let subject = kind.subject(name);
    let current = session.read().subject_state(&subject, Some(row.id))?;
    let seen = current.map(|(c, _)| c.head_ids()).unwrap_or_default();
    Ok(session
        .write_context
        .new_value(Some(row.id), subject, seen, value))
}
