//! Requests, which are events of kind `ask`: to whom they go, and until when.

use super::{
    OpsError, Result, Session,
    amend::{require_amendable, write_version},
    future_time::parse_future,
};
use crate::domain::{
    event::Event,
    value::{Operation, Value},
    words::Kind,
    zone::Zone,
};

/// Sets the person that a request goes to; `-` or nothing clears it. Returns the request as it is then.
///
/// # Errors
/// Not a request, a retracted one, what is no name, or no change.
pub fn set_owner(session: &mut Session, typed: &str, owner: &str) -> Result<Event> {
    change(session, typed, |request, session, _| {
        request.people = match owner.trim() {
            "" | "-" => vec![],
            owner => vec![session.typed_person(owner, "owner")?.name],
        };
        Ok(())
    })
}

/// Sets when a request is due, as typed: `10m` from now, `10:20`; `-` or nothing clears it. Returns the request
/// as it is then.
///
/// # Errors
/// Not a request, a retracted one, what is no time, a time before it was asked, or no change.
pub fn set_due(session: &mut Session, typed: &str, due: &str) -> Result<Event> {
    change(session, typed, |request, session, zone| {
        let due = due.trim();
        if matches!(due, "" | "-") {
            request.time_box_secs = None;
            return Ok(());
        }
        let at = parse_future(due, session.now(), zone)?.to_utc();
        let seconds = u32::try_from((at - request.at_utc()).num_seconds()).ok();
        let Some(seconds) = seconds.filter(|seconds| *seconds > 0) else {
            let asked = zone.to_local(request.at_utc());
            return Err(OpsError::usage(format!(
                "`{due}` is before it was asked, at {}",
                asked.format("%H:%M")
            ))
            .with_hint("give a time after that, or a length such as 10m"));
        };
        request.time_box_secs = Some(seconds);
        Ok(())
    })
}

/// Writes the version of a request that `alter` makes, which is given the zone of its incident.
fn change(
    session: &mut Session,
    typed: &str,
    alter: impl FnOnce(&mut Event, &Session, &Zone) -> Result<()>,
) -> Result<Event> {
    session.transact(|session| {
        let target = session.resolve_target(typed)?;
        let Some(before) = target.current.value.event().cloned() else {
            return Err(OpsError::failed(format!("`{typed}` is not a request"))
                .with_hint("`bridgelog task list` shows the requests and follow-ups"));
        };
        if before.kind != Kind::Ask {
            return Err(OpsError::failed(format!(
                "`{typed}` is a `{}`, not a request",
                before.kind
            ))
            .with_hint("`bridgelog task list` shows the requests and follow-ups"));
        }
        require_amendable(&before, &target)?;
        let incident = match target.current.incident {
            Some(id) => session.read().incident_row(id)?,
            None => None,
        };
        let zone = session.zone_of(incident.as_ref())?;
        let mut after = before.clone();
        alter(&mut after, session, &zone)?;
        if after == before {
            return Err(OpsError::usage(format!("no changes to `{typed}`")).for_no_change());
        }
        let value = Value::Event(Box::new(after.clone()));
        write_version(session, &target, Operation::Amend, value)?;
        Ok(after)
    })
}
