//! Logs events: parse a line, then append it. [`log_line`] does both; a batch prepares many events
//! and commits them in one transaction.

use super::{
    Result, Session, closed_requests,
    context::{self, LineContext, LineOptions},
    later_states::later_states_notice,
    resolve::{label, short_ref},
    search, state_notices,
    write_context::group_changes,
};
use crate::{
    domain::{
        capture::{self, Flags},
        entry::Entry,
        event::Event,
        incident::{Record, STALE_AFTER},
        states::{StartedStates, shown_state},
        subject::Subject,
        value::{Change, Value},
        when::When,
        words::{Kind, State, Word},
    },
    store::IncidentRow,
};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub struct LoggedEvent {
    pub event: Record<Event>,
    /// The state to display with it.
    pub shown_state: Option<Word<State>>,
    /// `None` if the event is unfiled.
    pub incident: Option<IncidentRow>,
    /// Remarks on what may have been meant differently, one sentence each.
    pub notices: Vec<String>,
}

/// Logs one line. The event is on disk when this returns.
///
/// # Errors
/// The line cannot be parsed, two incidents are open, or the store cannot write. Then nothing is
/// logged.
pub fn log_line(
    session: &mut Session,
    line: &str,
    flags: &Flags,
    options: &LineOptions,
) -> Result<LoggedEvent> {
    log_line_with(session, line, flags, options, |_| {})
}

/// Like [`log_line`]; `finish` may change the event before it is logged.
pub fn log_line_with(
    session: &mut Session,
    line: &str,
    flags: &Flags,
    options: &LineOptions,
    finish: impl FnOnce(&mut Event),
) -> Result<LoggedEvent> {
    session.transact(|session| {
        let incident = session.resolve_for_write(options.incident.as_deref())?;
        let mut line_context = session.context_of_line(incident.as_ref(), options, line, flags)?;
        let mut prepared = prepare(session, &mut line_context, line, flags)?;
        finish(&mut prepared.event);
        let mut logged = commit(session, vec![prepared], incident.as_ref())?;
        Ok(logged.remove(0))
    })
}

/// An event that is not logged yet.
#[derive(Clone, Debug)]
pub struct PreparedEvent {
    pub event: Event,
    /// Remarks on what may have been meant differently, one sentence each.
    pub notices: Vec<String>,
    /// True if a time was given, in the line or as a flag; else the event is at now.
    pub has_time: bool,
    /// True if the line begins like a time that was not understood, so that its event is at now.
    pub has_unread_time: bool,
}

/// Parses one line into an event, without logging it, and makes its services known to the next
/// line.
///
/// # Errors
/// The line cannot be parsed.
pub fn prepare(
    session: &Session,
    line_context: &mut LineContext,
    line: &str,
    flags: &Flags,
) -> Result<PreparedEvent> {
    prepare_with_time(session, line_context, line, flags).map(|(prepared, _)| prepared)
}

/// Like [`prepare`]; also returns the time as it was read, if one was given.
///
/// # Errors
/// The line cannot be parsed.
pub fn prepare_with_time(
    session: &Session,
    line_context: &mut LineContext,
    line: &str,
    flags: &Flags,
) -> Result<(PreparedEvent, Option<When>)> {
    context::validate_flags(flags)?;
    let services_before = line_context.capture_context().services.clone();
    let (mut notices, mut when, mut has_unread_time) = (vec![], None, false);
    let event = line_context.parse_with(session, |context| {
        let mut read = capture::parse(line, flags, context)?;
        notices = std::mem::take(&mut read.notices);
        when.clone_from(&read.when);
        has_unread_time = read.has_unread_time;
        Ok(read.into_event(context)?)
    })?;
    let is_said = notices
        .iter()
        .any(|notice| notice.contains("sets no state"));
    if line_context.makes_unknown(&event) && !is_said {
        notices.push(
            "no state given, so it is unknown: add !down, !degraded or !at-risk when it is known"
                .into(),
        );
    }
    let stated = line_context.stated_zone_notice(&event);
    notices.extend(stated.filter(|_| when.is_some()));
    let typed = flags.at.as_deref().unwrap_or(line);
    let other_half = || line_context.other_half_notice(typed, &event);
    notices.extend(when.as_ref().and_then(|_| other_half()));
    context::validate_event(&event, None)?;
    for service in &flags.services {
        let service = service.trim_start_matches('@');
        let is_new = !services_before.iter().any(|known| known == service) && service != "all";
        if is_new && event.services.iter().any(|s| s == service) {
            notices.push(format!("@{service} is a new service here"));
        }
    }
    for link in &event.links {
        if let Some(linked) = search::find_event(session, *link)?
            && linked.value.retracted.is_some()
        {
            notices.push(format!("^{} was retracted", linked.handle));
        }
    }
    line_context.register_event(&event, when.is_some());
    let prepared = PreparedEvent {
        event,
        notices,
        has_time: when.is_some(),
        has_unread_time,
    };
    Ok((prepared, when))
}

/// Logs the events in one transaction, which must be the one in which `incident` was read.
///
/// # Errors
/// The store cannot write. Then nothing is logged.
pub fn commit(
    session: &mut Session,
    prepared: Vec<PreparedEvent>,
    incident: Option<&IncidentRow>,
) -> Result<Vec<LoggedEvent>> {
    let pending = prepare_write(session, prepared, incident);
    session.transact(|session| append_in_transaction(session, &pending))
}

/// Like [`commit`], for one part of an input that is undone as a whole. `group` is the first entry of the
/// input; the first part sets it.
pub fn commit_part(
    session: &mut Session,
    prepared: Vec<PreparedEvent>,
    incident: Option<&IncidentRow>,
    group: &mut Option<Uuid>,
) -> Result<Vec<LoggedEvent>> {
    let mut pending = prepare_write(session, prepared, incident);
    *group = group.or(pending.changes.first().map(|first| first.id));
    for change in &mut pending.changes {
        change.body.group = *group;
    }
    session.transact(|session| {
        if let Some(row) = incident
            && let Some(now) = session.read().incident_row(row.id)?
        {
            pending.incident = Some(now);
        }
        append_in_transaction(session, &pending)
    })
}

/// Events with their ids, times and salts already fixed. Appending them is idempotent: a retry
/// after an error logs each event once.
#[derive(Clone, Debug)]
pub struct PendingWrite {
    changes: Vec<Change>,
    prepared: Vec<PreparedEvent>,
    incident: Option<IncidentRow>,
}

/// Fixes ids, times and salts of the events.
pub fn prepare_write(
    session: &mut Session,
    prepared: Vec<PreparedEvent>,
    incident: Option<&IncidentRow>,
) -> PendingWrite {
    let incident_id = incident.map(|row| row.id);
    let writer = &mut session.write_context;
    let mut prepared = prepared;
    for event in prepared.iter_mut().map(|prepared| &mut prepared.event) {
        if event.kind == Kind::Handoff && event.commander.is_some() {
            event.commander_before = incident.and_then(|row| row.commander.clone());
        }
    }
    let mut changes: Vec<Change> = prepared
        .iter()
        .map(|p| {
            let id = writer.ids.new_id(writer.clock.now());
            let value = Value::Event(Box::new(p.event.clone()));
            writer.new_value(incident_id, Subject::Event(id), vec![], value)
        })
        .collect();
    if changes.len() > 1 {
        group_changes(&mut changes);
    }
    PendingWrite {
        changes,
        prepared,
        incident: incident.cloned(),
    }
}

impl PendingWrite {
    fn set_incident(&mut self, row: IncidentRow) {
        for change in &mut self.changes {
            change.incident = Some(row.id);
        }
        self.incident = Some(row);
    }
}

/// Appends the events in one transaction. If their incident was merged into another since they were
/// prepared, they go there, with a notice.
///
/// # Errors
/// The declaration of their incident was taken back since; or the store cannot write, or cannot tell
/// whether it did. The same `pending` may be appended again.
pub fn append(session: &mut Session, pending: &PendingWrite) -> Result<Vec<LoggedEvent>> {
    session.transact(|session| {
        let (Some(prepared_for), Some(first)) = (&pending.incident, pending.changes.first()) else {
            return append_in_transaction(session, pending);
        };
        let mut pending = pending.clone();
        if let Some(there) = session.read().entry(first.id)? {
            // An earlier attempt succeeded, maybe in another incident.
            let logged_in = there.header().incident;
            let row = logged_in.map(|id| session.read().incident_row(id));
            if let Some(row) = row.transpose()?.flatten() {
                pending.set_incident(row);
            }
            return append_in_transaction(session, &pending);
        }
        let now = session.follow_merge(prepared_for)?;
        if now.id != prepared_for.id {
            let notice = merged_notice(prepared_for, &now);
            for prepared in &mut pending.prepared {
                prepared.notices.insert(0, notice.clone());
            }
        }
        pending.set_incident(now);
        append_in_transaction(session, &pending)
    })
}

/// Returns what to say of a write that followed incident `from` into the one it was merged into.
#[must_use]
pub fn merged_notice(from: &IncidentRow, into: &IncidentRow) -> String {
    format!(
        "incident {} was merged into {} meanwhile: logged there",
        short_ref(from),
        label(into)
    )
}

/// Appends the events. Their incident must be as it is in this transaction.
fn append_in_transaction(
    session: &mut Session,
    pending: &PendingWrite,
) -> Result<Vec<LoggedEvent>> {
    let entries = session.append(&pending.changes)?;
    let mut logged = logged_events(session, pending, &entries)?;
    let incident = pending.incident.as_ref().map(|row| row.id);
    for logged in logged.iter_mut().filter(|l| l.event.value.closes) {
        let not_closed = closed_requests::not_closed(session, &logged.event.value, incident)?;
        logged.notices.extend(not_closed);
    }
    if let Some(before) = &pending.incident {
        let events = logged.iter().map(|logged| &logged.event.value);
        let reopen = state_notices::reopen_notice(events, before)?;
        let records: Vec<&Record<Event>> = logged.iter().map(|logged| &logged.event).collect();
        let later = later_states_notice(&session.read(), &records, before)?;
        // Of a batch, the states after its last event count.
        if let Some(last) = logged.last_mut() {
            let event = &last.event.value;
            let notices = state_notices::notices_for_event(&session.read(), event, before)?;
            // A state without a time is of now, also in an incident that is over long since.
            let has_time = pending.prepared.last().is_some_and(|last| last.has_time);
            let is_old = |declared| last.event.recorded - declared > STALE_AFTER;
            let may_be_quiet =
                event.bears_state() && !has_time && before.declared.is_some_and(is_old);
            let quiet = match may_be_quiet {
                true => {
                    let known = session.known_until(before.id)?;
                    state_notices::quiet_notice(before, &last.event, known)?
                }
                false => None,
            };
            let notices = reopen.into_iter().chain(notices).chain(quiet).chain(later);
            last.notices.extend(notices);
        }
    }
    Ok(logged)
}

fn logged_events(
    session: &Session,
    pending: &PendingWrite,
    entries: &[Entry],
) -> Result<Vec<LoggedEvent>> {
    let read = session.store.read();
    let renames = read.renames(pending.incident.as_ref().map(|row| row.id))?;
    let mut events = Vec::with_capacity(entries.len());
    for (entry, prepared) in entries.iter().zip(&pending.prepared) {
        let header = entry.header();
        let id = header.subject.id().unwrap_or_default();
        let handle = read.handle_of(id)?;
        let mut event = prepared.event.clone();
        renames.apply(&mut event, header.recorded);
        events.push(Record::from_header(id, handle, header, event));
    }
    let started = if !events.iter().any(|e| e.value.shows_state_it_starts()) {
        StartedStates::new()
    } else if let ([event], Some(before), true) =
        (&events[..], &pending.incident, renames.is_empty())
        && let Some(started) = session.state_started_last(before, event)?
    {
        started
    } else {
        session.started_states_nearby(pending.incident.as_ref(), &events)?
    };
    let logged = events.into_iter().zip(&pending.prepared);
    Ok(logged
        .map(|(event, prepared)| LoggedEvent {
            shown_state: shown_state(&event, &started),
            event,
            incident: pending.incident.clone(),
            notices: prepared.notices.clone(),
        })
        .collect())
}
