//! An incident begins.

use super::{OpsError, Result, Session, adopt, context};
use crate::{
    domain::{
        event::Event,
        handle,
        subject::Subject,
        value::{Body, Operation, Value},
        when::{self, TimeContext},
        words::{Kind, Severity, State, Word},
    },
    store::IncidentRow,
};
use uuid::Uuid;

/// What an incident begins with. All but the title may be missing.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    /// What it is called.
    pub title: String,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// The services it is about.
    pub services: Vec<String>,
    /// The state they are in.
    pub state: Option<State>,
    /// When it was declared, as typed; now where missing.
    pub at: Option<String>,
    /// The zone its times are read and shown in.
    pub zone: Option<String>,
    /// Who commands; the author where missing.
    pub commander: Option<String>,
    /// Unfiled events to take in: handles, or `all` for those of the last 24 hours.
    pub adopt: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The new incident.
    pub incident: IncidentRow,
    /// The event that declares it.
    pub event: Event,
    /// The handles of the events taken in.
    pub adopted: Vec<String>,
    /// The handles of unfiled events of the last 24 hours that were left.
    pub offered: Vec<String>,
}

/// Begins an incident, under the next number, and takes in the unfiled events asked for.
///
/// # Errors
/// An empty title, a wrong time or zone, a handle that is no unfiled event.
pub fn declare(book: &mut Session, what: &Declaration) -> Result<Declared> {
    let title = context::validate_text(&what.title, "title")?;
    let zone = book.zone_for_new_incident(what.zone.as_deref())?;
    let now = book.now();
    let (at, approximate) = match &what.at {
        Some(at) => {
            let read = TimeContext {
                now,
                zone: &zone,
                span: None,
                day: None,
            };
            let when = when::parse(at, &read)?;
            (when.at, when.approximate)
        }
        None => (zone.to_local(now), false),
    };
    let adopted = adopt::resolve_unfiled(book, &what.adopt)?;
    let mut event = Event::new(at, Kind::Declare, title);
    event.zone = zone.name().to_owned();
    event.approximate = approximate;
    event.services = what
        .services
        .iter()
        .map(|s| context::validate_name(s, "service"))
        .collect::<Result<_>>()?;
    event.state = what.state.map(Word::Known);
    event.severity = what.severity.map(Word::Known);
    event.commander = Some(match &what.commander {
        Some(who) => context::validate_name(who, "commander")?,
        None => book.write_context.author.clone(),
    });
    let Session {
        store,
        write_context: pen,
        ..
    } = book;
    let (_, (id, event)) = store.transact(|read| {
        let mut event = event;
        event.number = Some(read.next_number()?);
        let id = pen.ids.new_id(now);
        let declaration = pen.new_change(
            Some(id),
            Subject::Event(id),
            vec![],
            Body::new(Operation::Log, Value::Event(Box::new(event.clone()))),
        );
        let mut changes = vec![declaration];
        changes.extend(
            adopted
                .iter()
                .flat_map(|target| adopt::move_changes(pen, target, Some(id))),
        );
        if changes.len() > 1 {
            adopt::group_changes(&mut changes);
        }
        Ok::<_, OpsError>((changes, (id, event)))
    })?;
    let offered = if what.adopt.is_empty() {
        adopt::recent_unfiled(book)?
            .into_iter()
            .map(|e| e.handle)
            .collect()
    } else {
        vec![]
    };
    Ok(Declared {
        incident: incident_row(book, id)?,
        event,
        adopted: adopted.into_iter().map(|t| t.handle).collect(),
        offered,
    })
}

fn incident_row(book: &Session, id: Uuid) -> Result<IncidentRow> {
    book.read()
        .incident_row(id)?
        .ok_or_else(|| OpsError::failed(format!("incident {} is gone", handle::from_id(id))))
}
