//! Resolve, reopen, handoff and severity: events like others, so they can be amended and undone.

use super::{
    OpsError, Result, Session,
    context::{self, LineOptions},
    log::{self, LoggedEvent, PreparedEvent},
    person::TypedPerson,
    resolve::{label, short_ref},
    state_notices,
    status::format_date_time,
};
use crate::{
    domain::{
        capture::{self, Flags},
        event::{Event, TAKES_OVER},
        incident::Incident,
        states::States,
        time::UtcTime,
        words::{Kind, Severity, State, Word},
        zone::Zone,
    },
    store::IncidentRow,
};

/// A time as typed; `None` means now.
pub type TypedTime<'a> = Option<&'a str>;

/// Resolves the incident `given`, else the open one.
///
/// # Errors
/// None is open, it is already resolved, or the time is invalid.
pub fn resolve(
    session: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    text: &str,
) -> Result<LoggedEvent> {
    session.transact(|session| {
        let row = session.require_for_write(given, "resolve")?;
        if let Some(resolved) = row.resolved {
            return Err(OpsError::failed(format!(
                "incident {} was resolved at {}",
                label(&row),
                format_date_time(resolved, &Zone::find_or_utc(&row.zone))
            ))
            .with_hint("`bridgelog reopen` if it is not over"));
        }
        let known_until = session.known_until(row.id)?;
        let mut logged = log_transition(session, &row, at, text, Kind::Resolve)?;
        let incident = session.load_incident(&row)?;
        // How its time was read says why it is too early.
        let say_how = |error| logged.notices.iter().fold(error, OpsError::with_hint);
        check_resolved(&row, &logged, &incident).map_err(say_how)?;
        let states = States::from_incident(&incident);
        check_after_impact(&row, &logged, &states)?;
        logged
            .notices
            .extend(state_notices::notices_for_transition(&logged.event, &incident));
        let quiet = state_notices::quiet_notice(&row, &logged.event, known_until)?;
        logged.notices.extend(quiet);
        let still = states.current().filter(|state| *state >= State::Degraded);
        if still.is_some()
            && let Some(after) = &logged.incident
            && let Some(unwell) = state_notices::not_well_yet(&after.states)
        {
            logged.notices.push(format!(
                "a state was logged after that: {unwell}; `bridgelog reopen` if it is not over"
            ));
        }
        let open = incident.open_asks().len();
        if open > 0 {
            logged.notices.push(format!(
            "open requests: {open}; `bridgelog task list` shows them, `bridgelog task done` closes one"
        ));
        }
        Ok(logged)
    })
}

/// Reopens the incident `given`, else the latest.
///
/// # Errors
/// It is open, or the time is invalid.
pub fn reopen(
    session: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    text: &str,
) -> Result<LoggedEvent> {
    session.transact(|session| {
        let row = match given.or(session.default_incident.as_deref()) {
            Some(given) => session.resolve_to_change(Some(given))?,
            None => session.read().last_added_incident()?.ok_or_else(|| {
                OpsError::failed("there is no incident to reopen")
                    .with_hint("`bridgelog declare TITLE` begins one")
            })?,
        };
        if row.resolved.is_none() {
            return Err(
                OpsError::failed(format!("incident {} is open", label(&row)))
                    .with_hint("`bridgelog log '!degraded TEXT'` says what is wrong now"),
            );
        }
        let mut logged = log_transition(session, &row, at, text, Kind::Reopen)?;
        if let Some(resolved) = logged.incident.as_ref().and_then(|row| row.resolved) {
            let zone = Zone::find(&row.zone)?;
            return Err(OpsError::failed(format!(
                "{} is before incident {} was resolved, at {}",
                format_date_time(logged.event.value.at_utc(), &zone),
                label(&row),
                format_date_time(resolved, &zone)
            ))
            .with_hint("give a later time with --at, or leave --at out to reopen it now"));
        }
        if let Some(incident) = session.read().incident_milestones(row.id)? {
            logged.notices.extend(state_notices::notices_for_transition(
                &logged.event,
                &incident,
            ));
        }
        Ok(logged)
    })
}

/// Refuses a `resolve` after which the incident is open, because it is earlier than what opened it.
fn check_resolved(row: &IncidentRow, logged: &LoggedEvent, incident: &Incident) -> Result<()> {
    if logged
        .incident
        .as_ref()
        .is_some_and(|row| row.resolved.is_some())
    {
        return Ok(());
    }
    let zone = Zone::find(&row.zone)?;
    let opened = incident
        .active_events()
        .rev()
        .find(|e| e.id == incident.id || e.value.kind == Kind::Reopen);
    let what = match opened {
        Some(event) if event.value.kind == Kind::Reopen => "reopened",
        _ => "declared",
    };
    let when = opened.map_or_else(String::new, |event| {
        format!(", at {}", format_date_time(event.value.at_utc(), &zone))
    });
    Err(OpsError::failed(format!(
        "{} is before incident {} was {what}{when}",
        format_date_time(logged.event.value.at_utc(), &zone),
        label(row)
    ))
    .with_hint("give a later time with --at, or leave --at out to resolve it now"))
}

/// Refuses a `resolve` before the impact that it is to end.
fn check_after_impact(row: &IncidentRow, logged: &LoggedEvent, states: &States) -> Result<()> {
    let at = logged.event.value.at_utc();
    let Some(start) = states.impact_start().filter(|start| start.from > at) else {
        return Ok(());
    };
    let zone = Zone::find(&row.zone)?;
    Err(OpsError::failed(format!(
        "{} is before the impact began, at {}",
        format_date_time(at, &zone),
        format_date_time(start.from, &zone)
    ))
    .with_hint("give a later time with --at, or leave --at out to resolve it now; `bridgelog amend HANDLE 10:06` corrects the time of a fault"))
}

fn log_transition(
    session: &mut Session,
    row: &IncidentRow,
    at: TypedTime<'_>,
    text: &str,
    kind: Kind,
) -> Result<LoggedEvent> {
    let (mut event, mut notices) = parse_line(session, row, at, text, &kind)?;
    context::validate_event(&event, None)?;
    event.kind = kind;
    if event.state.is_none() {
        // Without a state, the event applies to the whole incident, not to the services its text
        // names: these are words of the text.
        let named = std::mem::take(&mut event.services);
        notices.extend(state_notices::of_some_services_only(
            &event.kind,
            &named,
            row,
        ));
        let missing: Vec<String> = named
            .into_iter()
            .filter(|name| !has_word(&event.text, name))
            .collect();
        if !missing.is_empty() {
            event.text = format!("{} {}", event.text, missing.join(", "))
                .trim()
                .to_owned();
        }
    }
    log_event(session, row, event, notices)
}

/// True if `name` is a word of `text`: not in `webhooks`, if it is `web`.
fn has_word(text: &str, name: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(goes_on) && !text[at + name.len()..].starts_with(goes_on)
    })
}

/// Passes command of the incident `given`, else the open one, to `who`.
///
/// # Errors
/// None is open, the name is invalid, or the time is.
pub fn handoff(
    session: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    who: &str,
) -> Result<LoggedEvent> {
    session.transact(|session| {
        let row = session.require_for_write(given, "hand over")?;
        let TypedPerson {
            name: who, notice, ..
        } = session.typed_person(who, "commander")?;
        let (mut event, mut notices) = parse_line(session, &row, at, "", &Kind::Handoff)?;
        event.kind = Kind::Handoff;
        notices.extend(notice);
        event.text = handoff_text(&who);
        event.commander = Some(who.clone());
        let mut logged = log_event(session, &row, event, notices)?;
        let current = logged
            .incident
            .as_ref()
            .and_then(|row| row.commander.as_ref());
        if let Some(holds) = current.filter(|current| **current != who) {
            logged.notices.push(format!(
                "a later event names {holds}, who is the commander now: `bridgelog show` has it"
            ));
        }
        Ok(logged)
    })
}

/// Returns the text of a handoff to `who`.
pub(super) fn handoff_text(who: &str) -> String {
    format!("{who}{TAKES_OVER}")
}

impl Session {
    /// Returns the severity that `typed` means.
    ///
    /// # Errors
    /// The settings have none of that name.
    pub fn parse_severity(&self, typed: &str) -> Result<Word<Severity>> {
        let severities = &self.settings.severities;
        severities.parse(typed).ok_or_else(|| {
            OpsError::usage(format!("`{typed}` is not a severity"))
                .with_hint(format!("one of: {}", severities.list()))
        })
    }
}

/// How the text of a change of severity begins.
pub(super) const SEVERITY_TEXT: &str = "severity ";

/// Changes the severity of the incident `given`, else the open one, from `at` on.
///
/// # Errors
/// None is open, it has that severity then already, or the time is invalid.
pub fn set_severity(
    session: &mut Session,
    given: Option<&str>,
    at: TypedTime<'_>,
    severity: Word<Severity>,
) -> Result<LoggedEvent> {
    session.transact(|session| {
        let row = session.require_for_write(given, "set the severity of")?;
        let (mut event, mut notices) = parse_line(session, &row, at, "", &Kind::Note)?;
        let incident = session.load_incident(&row)?;
        let before = incident.in_force(Some(event.at_utc()), |earlier| {
            earlier.severity.is_some()
        })
        .and_then(|earlier| earlier.value.severity.clone());
        event.text = match before {
            Some(before) if before == severity => {
                return Err(OpsError::failed(format!(
                    "incident {} is {severity} already",
                    short_ref(&row)
                ))
                .with_hint("`bridgelog set severity` takes another one")
                .for_no_change());
            }
            Some(before) => format!("{SEVERITY_TEXT}{before} → {severity}"),
            None => format!("{SEVERITY_TEXT}{severity}"),
        };
        let later = incident.without_merged_declarations().find(|later| {
            later.value.severity.is_some() && later.value.at_utc() > event.at_utc()
        });
        if let Some(later) = later
            && let Some((_, after)) = later.value.text.split_once(" → ")
            && later.value.text.starts_with(SEVERITY_TEXT)
        {
            notices.push(format!(
                "a later row says `{0}`: `bridgelog amend {1} '{SEVERITY_TEXT}{severity} → {after}'` says from what",
                later.value.text, later.handle
            ));
        }
        event.severity = Some(severity);
        log_event(session, &row, event, notices)
    })
}

/// Returns the moment that `at` names in the zone of `row`, `None` without one, and remarks on how it was read.
///
/// # Errors
/// It is no time.
pub(super) fn typed_instant(
    session: &Session,
    row: &IncidentRow,
    at: TypedTime<'_>,
) -> Result<(Option<UtcTime>, Vec<String>)> {
    if at.is_none() {
        return Ok((None, vec![]));
    }
    let (event, notices) = parse_line(session, row, at, "", &Kind::Note)?;
    Ok((Some(event.at_utc()), notices))
}

/// Parses `text` with its markers into an event at the time `at`, else at the time with which the text
/// begins, else now. The text may be empty; the caller sets the kind.
fn parse_line(
    session: &Session,
    row: &IncidentRow,
    at: TypedTime<'_>,
    text: &str,
    kind: &Kind,
) -> Result<(Event, Vec<String>)> {
    let mut line_context = session.line_context(Some(row), &LineOptions::for_typed_line(None))?;
    if *kind == Kind::Reopen {
        line_context.read_times_after_end(session, row)?;
    }
    // A text that is a time alone.
    let (at, text) = match at {
        None if line_context.parse_time(Some(text)).is_ok() => (Some(text), ""),
        given => (given, text),
    };
    if text.trim().is_empty() {
        let when = line_context.parse_time(at)?;
        let mut event = Event::new(when.at, Kind::Note, "");
        let mut notices = when.notices(&line_context.time_context());
        event.zone = when.zone;
        event.approximate = when.approximate;
        notices.extend(at.and_then(|at| line_context.other_half_notice(at, &event)));
        return Ok((event, notices));
    }
    let flags = Flags {
        at: at.map(str::to_owned),
        kind: Some(Kind::Note.as_str().to_owned()),
        ..Flags::default()
    };
    let (event, mut notices) = line_context.parse_with(session, |context| {
        let read = capture::parse(text, &flags, context)?;
        let notices = read.notices.clone();
        Ok((read.into_event(context)?, notices))
    })?;
    notices.extend(line_context.other_half_notice(at.unwrap_or(text), &event));
    Ok((event, notices))
}

fn log_event(
    session: &mut Session,
    row: &IncidentRow,
    event: Event,
    notices: Vec<String>,
) -> Result<LoggedEvent> {
    let id = row.id;
    let mut logged = log::commit(
        session,
        vec![PreparedEvent {
            event,
            notices,
            has_time: true,
            has_unread_time: false,
        }],
        Some(row),
    )?
    .remove(0);
    logged.incident = session.read().incident_row(id)?;
    Ok(logged)
}
