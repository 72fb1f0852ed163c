//! The ledger of absorbed faults over all incidents, and what is related to one incident.

use super::{OpsError, Result, Session, future_time, resolve::short_ref};
use crate::{
    documents::related::{AbsorbedFault, OpenAction, RelatedContext, SimilarIncident},
    domain::{
        incident::{Incident, Record},
        ledger::{EventInIncident, NearMiss, TimeAtRisk, is_caught, near_misses},
        states::States,
        time::UtcTime,
        when,
        zone::{LocalTimeResult, Zone},
    },
    store::IncidentRow,
};
use chrono::{Duration, Months, NaiveTime};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How far back a document looks for absorbed faults.
const LOOKBACK_MONTHS: u32 = 3;
/// How many earlier incidents are compared, and how many are shown.
const MAX_SCANNED_INCIDENTS: usize = 30;
const MAX_SIMILAR: usize = 5;

/// An absorbed fault with its incident.
#[derive(Clone, Debug)]
pub struct LedgerRow {
    pub fault: NearMiss,
    /// `None` if the event is unfiled.
    pub incident: Option<IncidentRow>,
}

/// Returns absorbed faults, oldest first, including those whose protection was defeated later:
/// since `since` if given, of `service` if given. Those of drills only with `drills`.
pub fn ledger(
    session: &Session,
    since: Option<UtcTime>,
    service: Option<&str>,
    drills: bool,
) -> Result<Vec<LedgerRow>> {
    let rows = incident_rows_by_id(session)?;
    let faults = absorbed_faults(session)?.into_iter().filter(|fault| {
        (drills || !is_of_drill(fault, &rows))
            && since.is_none_or(|since| fault.at >= since)
            && service.is_none_or(|name| fault.services.iter().any(|s| s == name))
    });
    Ok(faults
        .map(|fault| LedgerRow {
            incident: fault.incident.and_then(|id| rows.get(&id).cloned()),
            fault,
        })
        .collect())
}

fn is_of_drill(fault: &NearMiss, rows: &BTreeMap<Uuid, IncidentRow>) -> bool {
    let row = fault.incident.and_then(|id| rows.get(&id));
    row.is_some_and(|row| row.is_drill)
}

/// True if it may be in a document of another incident.
fn may_be_told(row: &IncidentRow) -> bool {
    !row.is_drill && !row.is_private
}

fn incident_rows_by_id(session: &Session) -> Result<BTreeMap<Uuid, IncidentRow>> {
    let rows = session.read().incidents()?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

fn absorbed_faults(session: &Session) -> Result<Vec<NearMiss>> {
    let read = session.read();
    let mut events = read.all_milestones()?;
    events.sort_by_key(|(_, e)| e.sort_key());
    let with_incident: Vec<EventInIncident<'_>> = events.iter().map(|(id, e)| (*id, e)).collect();
    let caught = events.iter().filter(|(_, e)| is_caught(&e.value));
    let ids: BTreeSet<Uuid> = caught.filter_map(|(id, _)| *id).collect();
    let incidents: Vec<Option<Incident>> = ids
        .into_iter()
        .map(|id| Ok(read.incident_milestones(id)?))
        .collect::<Result<_>>()?;
    let incidents: Vec<Incident> = incidents.into_iter().flatten().collect();
    let unfiled = events.iter().filter(|(incident, _)| incident.is_none());
    let unfiled = Incident::unfiled(unfiled.map(|(_, e)| e.clone()).collect());
    let mut found = near_misses(&incidents, &unfiled, &with_incident);
    let lasting = found.iter_mut().filter(|f| f.risk == TimeAtRisk::Lasts);
    for (fault, id) in lasting.filter_map(|fault| fault.incident.map(|id| (fault, id))) {
        // Events that are no milestones say as well that it goes on.
        let known = session.known_until(id)?;
        fault.known_until = known.unwrap_or(fault.known_until);
    }
    Ok(found)
}

/// Parses the start of a period that ends now: `3mo`, `2w`, `90d`, `1y`, or a day or time.
///
/// # Errors
/// `typed` is none of these, or out of range.
pub fn parse_period_start(typed: &str, now: UtcTime, zone: &Zone) -> Result<UtcTime> {
    let lower = typed.trim().to_lowercase();
    let digits = lower.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = lower.split_at(digits);
    let months = match unit.trim() {
        "mo" | "month" | "months" => Some(1),
        "y" | "yr" | "year" | "years" => Some(12),
        _ => None,
    };
    let invalid = || {
        OpsError::usage(format!("`{typed}` is not a period, such as 3mo or 2w"))
            .with_hint("3mo, 2w, 90d, 1y, or a day such as 2012-05-20")
    };
    if let (Ok(number), Some(months)) = (number.parse::<u32>(), months) {
        return number
            .checked_mul(months)
            .and_then(|n| now.checked_sub_months(Months::new(n)))
            .ok_or_else(invalid);
    }
    if let Some(seconds) = when::parse_time_box(&lower) {
        return Duration::try_seconds(seconds)
            .and_then(|length| now.checked_sub_signed(length))
            .ok_or_else(invalid);
    }
    future_time::parse_past(typed, &when::TimeContext::new(now, zone))
        .map(|at| at.to_utc())
        .map_err(|_| invalid())
}

/// Returns what is related to `incident`: absorbed faults elsewhere in the `LOOKBACK_MONTHS` before its
/// first event, and earlier incidents with a service or tag in common.
///
/// Nothing of an incident that is private is among it: documents are passed on. The period is fixed by the incident, so that its documents say the same later: a fault counts if it was
/// over before the impact began (the first event, where there was none) and its protection was not
/// defeated by the end of the incident.
pub fn related(session: &Session, incident: &Incident) -> Result<RelatedContext> {
    let first = incident.active_events().map(|e| e.value.at_utc()).min();
    let first = first.unwrap_or(incident.last_recorded_at);
    let last = incident
        .newest_event_at()
        .unwrap_or(incident.last_recorded_at);
    let states = States::from_incident(incident);
    let impact = states.impact_start().map_or(first, |span| span.from);
    let since = start_of_lookback(first, &Zone::find_or_utc(incident.zone()));
    let rows = incident_rows_by_id(session)?;
    let is_over = |fault: &NearMiss| fault.over_at().is_some_and(|at| at <= impact);
    let is_defeated = |fault: &NearMiss| {
        let by = fault.defeated_by.as_ref();
        by.is_some_and(|(_, at)| *at <= last)
    };
    let absorbed = absorbed_faults(session)?
        .into_iter()
        .filter(|f| f.incident != Some(incident.id) && !is_defeated(f) && is_over(f))
        .filter(|f| {
            let row = f.incident.and_then(|id| rows.get(&id));
            row.is_none_or(may_be_told)
        })
        .filter(|f| f.at < first && since.is_none_or(|since| f.at >= since))
        .map(|fault| AbsorbedFault {
            incident: fault.incident.and_then(|id| rows.get(&id)).map(short_ref),
            at: fault.at,
            was_at_risk: fault.risk != TimeAtRisk::None,
            at_risk_seconds: fault.seconds_at_risk(impact),
            protection: fault.protection,
            text: fault.text,
            handle: fault.handle,
        })
        .collect();
    Ok(RelatedContext {
        files: Vec::new(),
        absorbed,
        absorbed_period: since.map(|since| (since, first)),
        similar: similar_incidents(session, incident, &rows)?,
        seen_before: Vec::new(),
    })
}

/// Returns the beginning of the day that is `LOOKBACK_MONTHS` before that of `first` in `zone`: documents name
/// the days, so all of the first one counts.
fn start_of_lookback(first: UtcTime, zone: &Zone) -> Option<UtcTime> {
    let day = zone.to_local(first).date_naive();
    let day = day.checked_sub_months(Months::new(LOOKBACK_MONTHS))?;
    let midnight = zone.resolve(day.and_time(NaiveTime::MIN));
    Some(match midnight {
        LocalTimeResult::Unique(at) | LocalTimeResult::Fold { earlier: at, .. } => at.to_utc(),
        LocalTimeResult::Gap { after, .. } => after.to_utc(),
    })
}

fn similar_incidents(
    session: &Session,
    incident: &Incident,
    rows: &BTreeMap<Uuid, IncidentRow>,
) -> Result<Vec<SimilarIncident>> {
    let services: BTreeSet<String> = incident.service_names().into_iter().collect();
    let tags: BTreeSet<&str> = incident
        .active_events()
        .flat_map(|e| e.value.tags.iter().map(String::as_str))
        .collect();
    let declared = incident.declared();
    let mut earlier: Vec<(UtcTime, &IncidentRow)> = rows
        .values()
        .filter(|row| row.id != incident.id && row.merged_into.is_none() && may_be_told(row))
        .filter_map(|row| Some((row.declared?, row)))
        .filter(|(at, _)| declared.is_some_and(|declared| *at < declared))
        .collect();
    earlier.sort_by_key(|(at, row)| (std::cmp::Reverse(*at), row.id));
    let read = session.read();
    let mut similar = Vec::new();
    for (at, row) in earlier.into_iter().take(MAX_SCANNED_INCIDENTS) {
        let shared_services: Vec<String> = row
            .services
            .iter()
            .filter(|name| services.contains(*name))
            .cloned()
            .collect();
        let mut shared_tags = Vec::new();
        if !tags.is_empty() {
            shared_tags = read.tags(Some(row.id))?;
            shared_tags.retain(|tag| tags.contains(tag.as_str()));
            shared_tags.sort();
        }
        if shared_services.is_empty() && shared_tags.is_empty() {
            continue;
        }
        let open = read
            .follow_ups(row.id)?
            .into_iter()
            .filter(|t| t.value.is_open());
        similar.push(SimilarIncident {
            short_ref: short_ref(row),
            title: row.title.clone(),
            declared: at,
            shared_services,
            shared_tags,
            open_actions: open
                .map(|task| open_action(task, incident.last_recorded_at))
                .collect(),
        });
        if similar.len() == MAX_SIMILAR {
            break;
        }
    }
    Ok(similar)
}

pub(super) fn open_action(task: Record<crate::domain::task::Task>, now: UtcTime) -> OpenAction {
    OpenAction {
        overdue: task.value.is_overdue(now),
        due: task.value.due.map(|due| due.to_utc()),
        owner: task.value.owner,
        text: task.value.text,
        handle: task.handle,
    }
}
