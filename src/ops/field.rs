//! Sets fields (`set`) and sections (`write`) of an incident.

mod section;

use super::{
    OpsError, Result, Session,
    amend::write_version,
    context::{self, validate_text},
    correct, future_time,
    lifecycle::{self, TypedTime},
    resolve::Target,
    sync,
};
use crate::{
    documents::time_format::TimeFormatter,
    domain::{
        event::Event,
        incident::{Audience, FIELDS, ROLE_FIELDS, is_private},
        subject::Subject,
        suggestion::nearest,
        time::{UtcTime, parse_utc},
        value::{Operation, Value},
        words::{Severity, Word},
        zone::Zone,
    },
    store::IncidentRow,
};
use chrono::SecondsFormat;
pub use section::{resolve_section, write_edited_section, write_section};

/// The result of setting a field or section.
#[derive(Clone, Debug)]
pub struct FieldChange {
    pub incident: IncidentRow,
    /// Name of the field or section.
    pub name: String,
    pub before: Option<String>,
    /// Empty if it was cleared.
    pub value: String,
    /// Who may read the field.
    pub audience: Audience,
    /// Remarks for the user, one sentence each.
    pub notices: Vec<String>,
}

/// Names that `set` takes but that are stored as events, or as part of one.
pub const EVENT_BACKED_FIELDS: [&str; 3] = ["title", "severity", "commander"];

/// Sets the field `name` of the incident `given`, else the open one. `-` or an empty value clears
/// it.
///
/// # Errors
/// An unknown field, an invalid value, or `at` for a field that takes no time.
pub fn set(
    session: &mut Session,
    given: Option<&str>,
    name: &str,
    value: &str,
    at: TypedTime<'_>,
) -> Result<FieldChange> {
    session.transact(|session| {
        let name = name.to_lowercase().replace('_', "-");
        let value = if value == "-" { "" } else { value };
        let dated = matches!(name.as_str(), "severity" | "commander");
        if at.is_some() && !dated {
            return Err(OpsError::usage(format!("`{name}` takes no --at"))
                .with_hint("only severity and commander take a time"));
        }
        let row = match given.or(session.default_incident.as_deref()) {
            Some(given) => session.resolve_to_change(Some(given))?,
            None => session.require_for_write(None, &format!("set the {name} of"))?,
        };
        match name.as_str() {
            "title" => set_title(session, row, value),
            "severity" => {
                let severity = session.parse_severity(value)?;
                set_severity(session, row, at, &severity)
            }
            "commander" => set_commander(session, row, at, value),
            _ => set_field(session, row, &name, value),
        }
    })
}

/// A change from a time on, with a row; once the incident is resolved and without a time, a correction.
fn set_severity(
    session: &mut Session,
    row: IncidentRow,
    at: TypedTime<'_>,
    severity: &Word<Severity>,
) -> Result<FieldChange> {
    let change = |row| event_backed_change(row, "severity".to_owned(), Some(severity.to_string()));
    if row.resolved.is_some() && at.is_none() {
        let corrected = correct::correct_severity(session, &row, severity.clone())?;
        let mut set = change(row);
        set.notices.push(format!(
            "corrected in {}; the timeline gets no new row, as the incident is over; --at WHEN makes it a change at that time",
            corrected.event.handle
        ));
        return Ok(set);
    }
    let logged = lifecycle::set_severity(session, Some(&row.handle), at, severity.clone())?;
    let handle = logged.event.handle;
    let current = logged.incident.and_then(|row| row.severity);
    let mut set = change(row);
    set.notices.extend(logged.notices);
    set.notices.push(match at {
        None => format!(
            "a change from now on, with the row {handle}; `bridgelog undo`, then --at WHEN, moves it"
        ),
        Some(_) => format!("a change at that time, with the row {handle}"),
    });
    if let Some(holds) = current.filter(|current| current != severity) {
        set.notices.push(format!(
            "a later event says {holds}, which holds now: `bridgelog show` has it"
        ));
    }
    Ok(set)
}

/// Always a correction of who held the command, without a row.
fn set_commander(
    session: &mut Session,
    row: IncidentRow,
    at: TypedTime<'_>,
    who: &str,
) -> Result<FieldChange> {
    let corrected = correct::correct_commander(session, &row, at, who)?;
    let commander = corrected.event.value.commander;
    let mut set = event_backed_change(row, "commander".to_owned(), commander);
    set.before = corrected.before;
    set.notices.extend(corrected.notices);
    set.notices.push(format!(
        "corrected in {}; the timeline gets no new row; `bridgelog handoff {}` hands over command from now on",
        corrected.event.handle,
        context::quote_name(&set.value)
    ));
    let now = session.read().incident_row(set.incident.id)?;
    let holder = now.and_then(|row| row.commander);
    if let Some(holds) = holder.filter(|holds| *holds != set.value) {
        set.notices.push(format!(
            "a later handoff names {holds}, who is the commander now"
        ));
    }
    Ok(set)
}

fn event_backed_change(row: IncidentRow, name: String, value: Option<String>) -> FieldChange {
    FieldChange {
        before: (name == "severity")
            .then(|| row.severity.as_ref().map(ToString::to_string))
            .flatten(),
        incident: row,
        name,
        value: value.unwrap_or_default(),
        audience: Audience::Internal,
        notices: vec![],
    }
}

fn set_title(session: &mut Session, row: IncidentRow, value: &str) -> Result<FieldChange> {
    let value = validate_text(value, "title")?;
    let target: Target = session.resolve_target(&row.handle)?;
    let Value::Event(declaration) = &target.current.value else {
        return Err(OpsError::failed("the incident has no declaration here"));
    };
    let amended = Event {
        text: value.clone(),
        ..(**declaration).clone()
    };
    write_version(
        session,
        &target,
        Operation::Amend,
        Value::Event(Box::new(amended)),
    )?;
    Ok(FieldChange {
        before: Some(row.title.clone()),
        incident: row,
        name: "title".into(),
        value,
        audience: Audience::Internal,
        notices: vec![],
    })
}

fn set_field(
    session: &mut Session,
    row: IncidentRow,
    name: &str,
    value: &str,
) -> Result<FieldChange> {
    let Some((_, audience)) = FIELDS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = EVENT_BACKED_FIELDS
            .into_iter()
            .chain(FIELDS.iter().map(|(name, _)| *name))
            .collect();
        return Err(OpsError::usage(format!("there is no field `{name}`"))
            .with_suggestion(nearest(name, known.iter().copied()))
            .with_hint(format!("one of: {}", known.join(", "))));
    };
    let is_date = matches!(name, "next-update" | "followup-by");
    let mut notices = vec![];
    let value = if value.is_empty() || (is_date && value.trim().eq_ignore_ascii_case("none")) {
        String::new()
    } else if ROLE_FIELDS.contains(&name) {
        let person = session.typed_person(value, name)?;
        notices.extend(person.notice);
        person.name
    } else {
        normalize_value(session, &row, name, value)?
    };
    if name == "next-update" && parse_utc(&value).is_some_and(|at| at <= session.now()) {
        notices.push("that time has passed, like the events of this incident".to_owned());
    }
    if name == "private" {
        notices.extend(privacy_notice(session, &row, &value)?);
    }
    if *audience == Audience::Customers && !value.is_empty() {
        notices.push(format!(
            "customers will read: {}",
            customer_text(name, &value, &row.zone, session.now())
        ));
    }
    let before = write_subject(
        session,
        &row,
        Subject::Field(name.to_owned()),
        Value::Field(value.clone().into()),
    )?;
    Ok(FieldChange {
        incident: row,
        name: name.to_owned(),
        before,
        value,
        audience: *audience,
        notices,
    })
}

/// Says what of the incident is at a hub already, where it is made private.
fn privacy_notice(session: &Session, row: &IncidentRow, value: &str) -> Result<Option<String>> {
    if !is_private(value) {
        return Ok(None);
    }
    let hubs = sync::sent_before(session, row.id)?;
    Ok((!hubs.is_empty()).then(|| {
        format!(
            "what was recorded of it until now was sent to {}, and stays there",
            hubs.join(" and ")
        )
    }))
}

/// Returns what a letter makes of the field `name` for customers, whose stored value is `value`.
fn customer_text(name: &str, value: &str, zone: &str, now: UtcTime) -> String {
    match (name, value) {
        ("data-loss", "none") => "that nothing was lost".to_owned(),
        ("customer-action", "none") => "that they need to do nothing".to_owned(),
        ("data-loss" | "customer-scope", "unknown") => "that it is not known yet".to_owned(),
        ("next-update" | "followup-by", _) => TimeFormatter::new(zone).format_typed(value, now),
        ("ledger-in-letter", "yes") => "how many faults were absorbed before".to_owned(),
        ("ledger-in-letter", _) => "nothing of faults that were absorbed before".to_owned(),
        _ => value.to_owned(),
    }
}

/// Checks `value` and returns it as it is stored: a time as RFC 3339 with its offset, a day as
/// `2012-08-20`.
fn normalize_value(
    session: &Session,
    row: &IncidentRow,
    name: &str,
    value: &str,
) -> Result<String> {
    let value = validate_text(value, name)?;
    if matches!(name, "next-update" | "followup-by") {
        session.check_typed_zone(row)?;
    }
    let zone = Zone::find(&row.zone)?;
    let now = session.now();
    Ok(match name {
        "zone" => Zone::find(&value)?.name().to_owned(),
        "next-update" => {
            let at = future_time::parse_future(&value, now, &zone)?;
            if at <= now && session.newest_event_if_past(row)?.is_none() {
                let passed = zone.to_local(at.to_utc()).format("%Y-%m-%d %H:%M");
                return Err(OpsError::usage(format!("{passed} has passed")).with_hint(
                    "write a time ahead, such as 11:30, `in 2h` or `tomorrow 09:00`; `none` clears it",
                ));
            }
            at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
        }
        "customer-scope" if value.trim().eq_ignore_ascii_case("none") => {
            return Err(
                OpsError::usage("`none` does not say which customers are affected").with_hint(
                    "`everyone`, `unknown`, or which ones, such as 'customers in Europe'; `-` empties it",
                ),
            );
        }
        "followup-by" => future_time::parse_future_day(&value, now, &zone)?.to_string(),
        "private" => switch_value(
            &value,
            "no",
            "`bridgelog set private yes` keeps the incident on this machine, `no` shares it",
        )?,
        "drill" => switch_value(
            &value,
            "",
            "`bridgelog set drill yes` says that the incident is an exercise, `no` that it is none",
        )?,
        "ledger-in-letter" => switch_value(
            &value,
            "no",
            "`bridgelog set ledger-in-letter yes` lets the number into the email",
        )?,
        _ => value,
    })
}

/// Returns `yes`, `off` for a no, or nothing for `none`.
fn switch_value(typed: &str, off: &str, hint: &str) -> Result<String> {
    match typed.to_lowercase().as_str() {
        "yes" | "true" | "on" => Ok("yes".to_owned()),
        "no" | "false" | "off" => Ok(off.to_owned()),
        "none" => Ok(String::new()),
        _ => Err(OpsError::usage(format!("`{typed}` is neither yes nor no")).with_hint(hint)),
    }
}

/// Writes a field or section of `row`; returns its text before, if it had any.
pub(super) fn write_subject(
    session: &mut Session,
    row: &IncidentRow,
    subject: Subject,
    mut value: Value,
) -> Result<Option<String>> {
    let current = session.read().subject_state(&subject, Some(row.id))?;
    let (seen, before) = match current {
        Some((current, _)) => {
            let before = match &current.value {
                Value::Field(text) | Value::Section(text) => Some(text.text.clone()),
                _ => None,
            };
            value.take_unknown_fields(&current.value);
            (current.head_ids(), before)
        }
        None => (vec![], None),
    };
    let change = session
        .write_context
        .new_value(Some(row.id), subject, seen, value);
    session.append(&[change])?;
    Ok(before.filter(|text| !text.is_empty()))
}
