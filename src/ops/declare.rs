//! Declares an incident.

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

/// What a new incident starts with. Only the title is required.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    pub title: String,
    pub severity: Option<Severity>,
    pub services: Vec<String>,
    /// The state of `services`.
    pub state: Option<State>,
    /// When it was declared, as typed; `None` means now.
    pub at: Option<String>,
    /// Name of the zone that its times are read and shown in.
    pub zone: Option<String>,
    /// `None` means the author.
    pub commander: Option<String>,
    /// Unfiled events to adopt: handles, or `all` for those of the last 24 hours.
    pub adopt: Vec<String>,
}

/// The result of [`declare`].
#[derive(Clone, Debug)]
pub struct Declared {
    pub incident: IncidentRow,
    pub event: Event,
    /// Handles of the events adopted.
    pub adopted: Vec<String>,
    /// Handles of unfiled events of the last 24 hours that were not adopted.
    pub offered: Vec<String>,
}

/// Declares an incident with the next free number and adopts the unfiled events asked for, in one
/// transaction.
///
/// # Errors
/// An empty title, an invalid time, zone or name, or a handle that is not that of an unfiled event.
pub fn declare(session: &mut Session, declaration: &Declaration) -> Result<Declared> {
    let title = context::validate_text(&declaration.title, "title")?;
    let zone = session.zone_for_new_incident(declaration.zone.as_deref())?;
    let now = session.now();
    let (at, approximate) = match &declaration.at {
        Some(at) => {
            let context = TimeContext {
                now,
                zone: &zone,
                span: None,
                day: None,
            };
            let when = when::parse(at, &context)?;
            (when.at, when.approximate)
        }
        None => (zone.to_local(now), false),
    };
    let adopted = adopt::resolve_unfiled(session, &declaration.adopt)?;
    let mut event = Event::new(at, Kind::Declare, title);
    event.zone = zone.name().to_owned();
    event.approximate = approximate;
    event.services = declaration
        .services
        .iter()
        .map(|s| context::validate_name(s, "service"))
        .collect::<Result<_>>()?;
    event.state = declaration.state.map(Word::Known);
    event.severity = declaration.severity.map(Word::Known);
    event.commander = Some(match &declaration.commander {
        Some(who) => context::validate_name(who, "commander")?,
        None => session.write_context.author.clone(),
    });
    let Session {
        store,
        write_context: writer,
        ..
    } = session;
    let (_, (id, event)) = store.transact(|read| {
        let mut event = event;
        event.number = Some(read.next_number()?);
        let id = writer.ids.new_id(now);
        let change = writer.new_change(
            Some(id),
            Subject::Event(id),
            vec![],
            Body::new(Operation::Log, Value::Event(Box::new(event.clone()))),
        );
        let mut changes = vec![change];
        changes.extend(
            adopted
                .iter()
                .flat_map(|target| adopt::move_changes(writer, target, Some(id))),
        );
        if changes.len() > 1 {
            adopt::group_changes(&mut changes);
        }
        Ok::<_, OpsError>((changes, (id, event)))
    })?;
    let offered = if declaration.adopt.is_empty() {
        adopt::recent_unfiled(session)?
            .into_iter()
            .map(|e| e.handle)
            .collect()
    } else {
        vec![]
    };
    Ok(Declared {
        incident: incident_row(session, id)?,
        event,
        adopted: adopted.into_iter().map(|t| t.handle).collect(),
        offered,
    })
}

fn incident_row(session: &Session, id: Uuid) -> Result<IncidentRow> {
    session
        .read()
        .incident_row(id)?
        .ok_or_else(|| OpsError::failed(format!("incident {} is gone", handle::from_id(id))))
}
