//! Events that give a state and name no service: they are of the services that were known when and where they
//! were recorded, so a change of the incident may make them those of others.

use super::{
    OpsError, Result, Session,
    resolve::{label, short_ref},
};
use crate::{
    domain::{event::Event, incident::Record, states::services_of_unnamed},
    store::IncidentRow,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How many events are named at most.
const MAX_NAMED: usize = 3;

/// The services of each event that bears a state and names none.
pub(super) struct UnnamedStates(BTreeMap<Uuid, Vec<String>>);

impl UnnamedStates {
    /// Reads those of `incidents`.
    fn of(session: &Session, incidents: &[Uuid]) -> Result<Self> {
        let mut services = BTreeMap::new();
        for id in incidents {
            if let Some(incident) = session.read().incident_milestones(*id)? {
                services.extend(services_of_unnamed(&incident));
            }
        }
        Ok(Self(services))
    }

    /// Reads those of `incidents` before the events `changed` are written to `into` as they are; `None`, without
    /// reading, if no state becomes one of other services by that.
    pub fn before(
        session: &Session,
        incidents: &[Uuid],
        into: &IncidentRow,
        changed: &[Record<Event>],
    ) -> Result<Option<Self>> {
        let may_spread = changed.iter().any(|record| {
            let event = &record.value;
            let is_unnamed = event.services.is_empty() && event.bears_state();
            is_unnamed || !into.states.accepts(record)
        });
        may_spread.then(|| Self::of(session, incidents)).transpose()
    }

    /// Returns the events of `incident` that are now of services of which they were not, with those services.
    fn taken_over(&self, session: &Session, incident: Uuid) -> Result<Vec<(String, Vec<String>)>> {
        let after = Self::of(session, &[incident])?;
        let mut taken = Vec::new();
        for (id, services) in after.0 {
            let before = self.0.get(&id).map_or(&[][..], Vec::as_slice);
            let new = services.into_iter().filter(|name| !before.contains(name));
            let new: Vec<String> = new.map(|name| format!("@{name}")).collect();
            if !new.is_empty() {
                taken.push((session.read().handle_of(id)?, new));
            }
        }
        Ok(taken)
    }

    /// Refuses what was written since, by which events would count for services of `into` that nobody named.
    ///
    /// # Errors
    /// There are such events.
    pub fn reject_taken_over(&self, session: &Session, into: &IncidentRow) -> Result<()> {
        let taken = self.taken_over(session, into.id)?;
        let Some((first, _)) = taken.first() else {
            return Ok(());
        };
        let services: BTreeSet<&str> = taken
            .iter()
            .flat_map(|(_, services)| services.iter().map(String::as_str))
            .collect();
        let handles: Vec<String> = taken
            .iter()
            .map(|(handle, _)| format!("`{handle}`"))
            .collect();
        let named = handles[..handles.len().min(MAX_NAMED)].join(", ");
        let more = match handles.len().saturating_sub(MAX_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Err(OpsError::failed(format!(
            "the state of {named}{more} names no service, and would count for {} in incident {}",
            Vec::from_iter(services).join(" "),
            label(into)
        ))
        .with_hint(format!(
            "first name its service: `bridgelog amend {first} @NAME`"
        )))
    }

    /// Says which events of `incident` count for other services since something was written.
    pub fn notices(&self, session: &Session, incident: &IncidentRow) -> Result<Vec<String>> {
        let taken = self.taken_over(session, incident.id)?;
        let more = taken.len().saturating_sub(MAX_NAMED);
        let mut notices: Vec<String> = taken
            .iter()
            .take(MAX_NAMED)
            .map(|(handle, services)| {
                format!(
                    "`{handle}` names no service and counts for {} now: `bridgelog amend {handle} @NAME` says which it is",
                    services.join(" ")
                )
            })
            .collect();
        if more > 0 {
            notices.push(format!(
                "{more} more like these: `bridgelog show --incident {}`",
                short_ref(incident)
            ));
        }
        Ok(notices)
    }
}
