//! What a reply says of the states after an event: what is not well yet, what a `resolve` ended,
//! what it left. One sentence each.

use super::{Result, Session, resolve::short_ref, status::format_date_time};
use crate::{
    domain::{
        capture,
        event::Event,
        incident::{Incident, Record, STALE_AFTER},
        renames::Renames,
        states::CurrentStates,
        time::UtcTime,
        when::EventTime,
        words::{Kind, State},
        zone::Zone,
    },
    store::{IncidentRow, Reader},
};
use uuid::Uuid;

/// How the notice begins of a state after the end of its incident.
pub const REOPEN: &str = "reopen? ";
/// How the notice begins that names the services that are not `ok`.
pub const NOT_WELL_YET: &str = "not well yet: ";

/// Returns what to say of the states after `event` was logged in an incident that was as `before` says.
pub(super) fn notices_for_event(
    read: &Reader<'_>,
    event: &Event,
    before: &IncidentRow,
) -> Result<Vec<String>> {
    let mut notices = Vec::new();
    let recovers = event.kind == Kind::Restore || event.given_state() == Some(State::Ok);
    let recovers = recovers && !event.kind.is_lifecycle();
    let is_caught = event.kind == Kind::Absorbed && event.state.is_none();
    if (recovers || is_caught)
        && let Some(after) = read.incident_row(before.id)?
    {
        if recovers {
            notices.extend(not_well_yet(&after.states));
        }
        if is_caught {
            notices.extend(absorbed_notice(event, &after.states));
        }
    }
    Ok(notices)
}

/// Says that a state that is not `ok`, after the incident was resolved, does not reopen it, if one of `events` bears such
/// a state.
///
/// # Errors
/// The zone of the incident is not known.
pub fn reopen_notice<'e>(
    mut events: impl Iterator<Item = &'e Event>,
    incident: &IncidentRow,
) -> Result<Option<String>> {
    let Some(resolved) = incident.resolved else {
        return Ok(None);
    };
    if !events.any(|event| is_unwell_after(event, resolved)) {
        return Ok(None);
    }
    let zone = Zone::find(&incident.zone)?;
    Ok(Some(reopen_question(incident, resolved, &zone)))
}

/// True if `event` bears a state that is not `ok`, at the end of its incident or later.
fn is_unwell_after(event: &Event, resolved: UtcTime) -> bool {
    let is_state = event.bears_state() && !event.kind.is_lifecycle();
    let is_well = event.kind == Kind::Mitigate && event.state.is_none()
        || event.shown_state().is_some_and(|state| state == State::Ok);
    is_state && !is_well && event.at_utc() >= resolved
}

fn reopen_question(incident: &IncidentRow, resolved: UtcTime, zone: &Zone) -> String {
    format!(
        "{REOPEN}incident {0} was resolved at {1}, and this does not reopen it: `bridgelog reopen --incident {0}` does",
        short_ref(incident),
        format_date_time(resolved, zone)
    )
}

/// Names the services that are not `ok`, if there are any.
pub fn not_well_yet(states: &CurrentStates) -> Option<String> {
    let unwell = list_services(states, |state| state != State::Ok);
    let nameless = states.state("").filter(|state| *state != State::Ok);
    let hint = nameless.map_or(
        "",
        |_| "; `@all` means every service and what was logged without one",
    );
    (!unwell.is_empty()).then(|| format!("{NOT_WELL_YET}{}{hint}", unwell.join(", ")))
}

fn absorbed_notice(event: &Event, states: &CurrentStates) -> Option<String> {
    if event.services.is_empty() && states.iter().filter(|(name, _)| !name.is_empty()).count() > 1 {
        return Some("no service is named, so no state changes: name one as `@NAME`".to_owned());
    }
    let stays = list_services(states, |state| state > State::AtRisk);
    let named: Vec<String> = event
        .services
        .iter()
        .map(|name| format!("@{name} "))
        .collect();
    let stays: Vec<String> = stays
        .into_iter()
        .filter(|text| named.is_empty() || named.iter().any(|name| text.starts_with(name)))
        .collect();
    (!stays.is_empty()).then(|| format!("no state changes: {}", stays.join(", ")))
}

/// Lists `@db down` for the services whose state is `wanted`.
fn list_services(states: &CurrentStates, wanted: impl Fn(State) -> bool) -> Vec<String> {
    states
        .iter()
        .filter_map(|(name, state)| Some((name, state.filter(|state| wanted(*state))?)))
        .map(|(name, state)| describe(name, state))
        .collect()
}

/// Returns `@service state`, with `state?` for an unknown one.
pub(super) fn describe(service: &str, state: State) -> String {
    let state = state.label();
    if service.is_empty() {
        format!("{state} without a service")
    } else {
        format!("@{service} {state}")
    }
}

/// Says of `record`, a `resolve` or a state without a time, when something last happened that is recorded, if that was
/// over a day before: the states before it last until then.
pub(super) fn quiet_notice(
    row: &IncidentRow,
    record: &Record<Event>,
    known_until: Option<UtcTime>,
) -> Result<Option<String>> {
    let (at, recorded) = (record.value.at_utc(), record.recorded);
    let known = known_until.filter(|known| at - *known > STALE_AFTER);
    let Some(known) = known.filter(|_| !EventTime::was_typed(at, recorded)) else {
        return Ok(None);
    };
    let zone = Zone::find(&row.zone)?;
    let what = match record.value.kind {
        Kind::Resolve => "it counts as going on until now: if it was over before",
        _ => "this is of now: if it happened then",
    };
    Ok(Some(format!(
        "what was recorded of it last happened at {}, and {what}, `bridgelog amend {} 'WHEN'` says when",
        format_date_time(known, &zone),
        record.handle
    )))
}

/// Returns what the `resolve` or `reopen` `record` of `incident` changed, and what it left. The states are
/// applied event by event: what lasted for no time, because it began at the same instant, is named as well.
pub(super) fn notices_for_transition(record: &Record<Event>, incident: &Incident) -> Vec<String> {
    let mut states = CurrentStates::before_events(incident);
    let mut earlier = states.clone();
    let mut changed = Vec::new();
    for event in incident.active_events() {
        if event.id == record.id {
            earlier = states.clone();
            changed = states.apply(event);
        } else {
            states.apply(event);
        }
    }
    let mut before = Vec::new();
    let mut unknown = Vec::new();
    for change in &changed {
        let service = &change.service;
        if record.value.kind != Kind::Reopen {
            before.extend(change.before.map(|state| describe(service, state)));
        } else if change.state == State::Unknown && !earlier.is_brought_back(service) {
            unknown.push(describe(service, change.state));
        } else {
            before.push(describe(service, change.state));
        }
    }
    let is_changed = |name: &str| changed.iter().any(|change| change.service == name);
    let left: Vec<String> = states
        .iter()
        .filter(|(name, state)| *state == Some(State::AtRisk) && !is_changed(name))
        .map(|(name, _)| describe(name, State::AtRisk))
        .collect();
    let mut notices = Vec::new();
    let verb = match record.value.kind {
        Kind::Reopen => "brings back",
        _ => "ends",
    };
    if !before.is_empty() {
        notices.push(format!("{verb}: {}", before.join(", ")));
    }
    if record.value.kind == Kind::Resolve && !left.is_empty() {
        notices.push(format!("stays: {}", left.join(", ")));
    }
    if !unknown.is_empty() {
        let why = match earlier.worst() {
            Some(_) => "all was ok before",
            None => "no state was recorded before",
        };
        notices.push(format!(
            "{why}, so the state is not known now ({}): say what is wrong, such as `bridgelog log --state degraded 'errors are back'`",
            unknown.join(", ")
        ));
    }
    notices
}

/// Returns what to say of a `resolve` or `reopen` without a state that names services, where it ends or brings back the
/// state of others of `row`, the incident before it.
pub(super) fn of_some_services_only(
    kind: &Kind,
    named: &[String],
    row: &IncidentRow,
) -> Option<String> {
    let is_changed = |(name, state): &(&str, Option<State>)| match kind {
        Kind::Reopen => row.states.is_brought_back(name),
        _ => *state >= Some(State::Degraded),
    };
    let mut changed = row.states.iter().filter(is_changed);
    if named.is_empty() || changed.all(|(name, _)| named.iter().any(|n| n == name)) {
        return None;
    }
    let named = capture::list_services(named);
    Some(match kind {
        Kind::Reopen => format!(
            "a reopen without a state is of the whole incident, not of {named} alone; `bridgelog undo`, then `bridgelog reopen '{named} !STATE TEXT'` is"
        ),
        _ => format!(
            "a resolve is of the whole incident, not of {named} alone; `bridgelog undo`, then `bridgelog log 'restore: TEXT {named}'` is"
        ),
    })
}

/// Returns what to say where a correction opened or closed the incident, or changed which states hold now.
pub(super) fn notices_for_correction(
    session: &Session,
    before: Option<&IncidentRow>,
) -> Result<Vec<String>> {
    let Some(before) = before else {
        return Ok(vec![]);
    };
    let Some(after) = session.read().incident_row(before.id)? else {
        return Ok(vec![]);
    };
    let zone = Zone::find(&after.zone)?;
    let opened_or_closed = match (before.resolved, after.resolved) {
        (Some(_), None) => Some(format!(
            "incident {} is open now: no `resolve` is later than its `declare` and its last `reopen`",
            short_ref(&after)
        )),
        (None, Some(at)) => Some(format!(
            "incident {} counts as resolved at {} now",
            short_ref(&after),
            format_date_time(at, &zone)
        )),
        _ => None,
    };
    let mut notices: Vec<String> = opened_or_closed.into_iter().collect();
    let renames = session.read().renames(Some(before.id))?;
    notices.extend(changed_states(&before.states, &after.states, &renames));
    let is_unwell = |row: &IncidentRow| row.states.worst() >= Some(State::Degraded);
    if let (Some(_), Some(resolved)) = (before.resolved, after.resolved)
        && is_unwell(&after)
        && !is_unwell(before)
    {
        notices.push(reopen_question(&after, resolved, &zone));
    }
    Ok(notices)
}

/// Returns what to say where the event `id` of `incident` was moved in time or to it, and is a `resolve` that does not
/// resolve it there, or a `reopen` that reopens nothing.
pub(super) fn without_effect_notice(
    session: &Session,
    incident: &IncidentRow,
    id: Uuid,
) -> Result<Option<String>> {
    let Some(whole) = session.read().incident_milestones(incident.id)? else {
        return Ok(None);
    };
    let zone = Zone::find(&incident.zone)?;
    let Some(record) = whole.event(id).filter(|record| record.is_active()) else {
        return Ok(None);
    };
    let incident = short_ref(incident);
    Ok(match record.value.kind {
        Kind::Reopen if whole.reopens_nothing(record) => Some(format!(
            "{} reopens nothing in incident {incident}, because no `resolve` is before it; where all was ok, the state is not known from then on",
            record.handle
        )),
        Kind::Resolve => whole.opened_after(record).map(|opened| {
            let what = match opened.value.kind {
                Kind::Reopen => "reopened",
                _ => "declared",
            };
            format!(
                "{} does not resolve incident {incident}, which was {what} later, at {}",
                record.handle,
                format_date_time(opened.value.at_utc(), &zone)
            )
        }),
        _ => None,
    })
}

/// Lists the states that hold in `after` and did not in `before`, if there are any.
fn changed_states(
    before: &CurrentStates,
    after: &CurrentStates,
    renames: &Renames,
) -> Option<String> {
    let is_new = |name: &str, state: State| before.state(name) != Some(state);
    let mut changed: Vec<String> = after
        .iter()
        .filter_map(|(name, state)| Some((name, state.filter(|state| is_new(name, *state))?)))
        .map(|(name, state)| describe(name, state))
        .collect();
    let ended = before.iter().filter(|(name, state)| {
        let is_renamed = renames.service(name) != *name;
        state.is_some() && after.state(name).is_none() && !is_renamed
    });
    changed.extend(ended.map(|(name, _)| match name {
        "" => "no state without a service".to_owned(),
        name => format!("@{name} no state yet"),
    }));
    (!changed.is_empty()).then(|| format!("state now: {}", changed.join(", ")))
}
