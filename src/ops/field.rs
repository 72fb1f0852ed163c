//! The fields and the prose of an incident.

use super::{
    OpsError, Result, Session,
    amend::write_version,
    context::{self, validate_text},
    future_time,
    lifecycle::{self, TypedTime},
    resolve::Target,
};
use crate::{
    domain::{
        event::Event,
        incident::{Audience, FIELDS, SECTIONS},
        subject::Subject,
        value::{Body, Operation, TextValue, Value},
        zone::Zone,
    },
    store::IncidentRow,
};
use chrono::SecondsFormat;

/// What was set.
#[derive(Clone, Debug)]
pub struct FieldChange {
    /// The incident.
    pub incident: IncidentRow,
    /// The field or section.
    pub name: String,
    /// What it was before.
    pub before: Option<String>,
    /// What it is now; empty where it was cleared.
    pub value: String,
    /// Who may read it.
    pub audience: Audience,
    /// What is worth knowing of it.
    pub notices: Vec<String>,
}

/// The fields that `set` takes which are not fields of their own but events or part of one.
const EVENT_BACKED_FIELDS: [&str; 3] = ["title", "severity", "commander"];

/// Sets the field `name` of the incident `given`, or the open one. `-` or nothing clears it.
///
/// # Errors
/// No such field, a value that it cannot have, `at` for a field that takes none.
pub fn set(
    book: &mut Session,
    given: Option<&str>,
    name: &str,
    value: &str,
    at: TypedTime<'_>,
) -> Result<FieldChange> {
    let name = name.to_lowercase().replace('_', "-");
    let value = if value == "-" { "" } else { value };
    let dated = matches!(name.as_str(), "severity" | "commander");
    if at.is_some() && !dated {
        return Err(OpsError::usage(format!("`{name}` takes no --at"))
            .with_hint("only severity and commander are set from a time on"));
    }
    let row = match given.or(book.default_incident.as_deref()) {
        Some(given) => book.resolve_for_read(Some(given))?,
        None => book.require_for_write(None, &format!("set the {name} of"))?,
    };
    let reference = row.handle.clone();
    match name.as_str() {
        "title" => set_title(book, row, value),
        "severity" => {
            let severity = value.parse()?;
            let logged = lifecycle::set_severity(book, Some(&reference), at, severity)?;
            let holds = logged.incident.and_then(|now| now.severity);
            let mut set = event_backed_change(row, name, Some(severity.to_string()));
            if let Some(holds) = holds.filter(|holds| *holds != severity) {
                set.notices.push(format!(
                    "a later event says {holds}, which holds now: `bridgelog show` has it"
                ));
            }
            Ok(set)
        }
        "commander" => {
            let logged = lifecycle::handoff(book, Some(&reference), at, value)?;
            let mut set = event_backed_change(row, name, logged.event.value.commander);
            set.notices = logged.notices;
            Ok(set)
        }
        _ => set_field(book, row, &name, value),
    }
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

fn set_title(book: &mut Session, row: IncidentRow, value: &str) -> Result<FieldChange> {
    let value = validate_text(value, "title")?;
    let target: Target = book.resolve_target(&row.handle)?;
    let Value::Event(declaration) = &target.current.value else {
        return Err(OpsError::failed("the incident has no declaration here"));
    };
    let amended = Event {
        text: value.clone(),
        ..(**declaration).clone()
    };
    write_version(
        book,
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

fn set_field(book: &mut Session, row: IncidentRow, name: &str, value: &str) -> Result<FieldChange> {
    let Some((_, audience)) = FIELDS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = EVENT_BACKED_FIELDS
            .into_iter()
            .chain(FIELDS.iter().map(|(name, _)| *name))
            .collect();
        return Err(OpsError::usage(format!("there is no field `{name}`"))
            .with_hint(format!("one of: {}", known.join(", "))));
    };
    let value = if value.is_empty() {
        String::new()
    } else {
        normalize_value(book, &row, name, value)?
    };
    let mut notices = vec![];
    if matches!(name, "product" | "customer-scope" | "unaffected") && !value.is_empty() {
        context::validate_wording(Some(&value))?;
        notices.push(format!("customers will read: {value}"));
    }
    let before = write_subject(
        book,
        &row,
        Subject::Field(name.to_owned()),
        Value::Field(TextValue {
            text: value.clone(),
            ..TextValue::default()
        }),
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

/// `value` as the field keeps it. Times are kept as RFC 3339 with their offset, days as
/// `2012-08-20`.
fn normalize_value(book: &Session, row: &IncidentRow, name: &str, value: &str) -> Result<String> {
    let value = validate_text(value, name)?;
    let zone = Zone::find(&row.zone)?;
    let now = book.now();
    Ok(match name {
        "zone" => Zone::find(&value)?.name().to_owned(),
        "next-update" => {
            let at = future_time::parse_future(&value, now, &zone)?;
            at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
        }
        "followup-by" => future_time::parse_future_day(&value, now, &zone)?.to_string(),
        "ledger-in-letter" => match value.to_lowercase().as_str() {
            "yes" | "true" | "on" => "yes".into(),
            "no" | "false" | "off" => "no".into(),
            _ => {
                return Err(
                    OpsError::usage(format!("`{value}` is neither yes nor no")).with_hint(
                        "`bridgelog set ledger-in-letter yes` lets the count into the letter",
                    ),
                );
            }
        },
        _ => value,
    })
}

/// Writes the section `name` of the incident `given`, or the open one, else the latest: prose is
/// mostly written when it is over. Empty prose clears it.
///
/// # Errors
/// No such section, no incident, prose that is too long.
pub fn write_section(
    book: &mut Session,
    given: Option<&str>,
    name: &str,
    prose: &str,
) -> Result<FieldChange> {
    let name = resolve_section(name)?;
    let row = book.resolve_for_read(given)?;
    let prose = prose.trim_end().trim_start_matches(['\n', '\r']).to_owned();
    if prose.contains('\0') {
        return Err(OpsError::usage("the prose contains a NUL character"));
    }
    let before = write_subject(
        book,
        &row,
        Subject::Section(name.to_owned()),
        Value::Section(TextValue {
            text: prose.clone(),
            ..TextValue::default()
        }),
    )?;
    let audience = if name == "customer-followup" {
        Audience::Customers
    } else {
        Audience::Internal
    };
    Ok(FieldChange {
        incident: row,
        name: name.to_owned(),
        before,
        value: prose,
        audience,
        notices: vec![],
    })
}

/// The section that `name` means.
///
/// # Errors
/// There is none such; those that there are.
pub fn resolve_section(name: &str) -> Result<&'static str> {
    let lower = name.to_lowercase().replace(['_', ' '], "-");
    SECTIONS
        .iter()
        .map(|(known, _)| *known)
        .find(|known| *known == lower)
        .ok_or_else(|| {
            let known: Vec<_> = SECTIONS.iter().map(|(name, _)| *name).collect();
            OpsError::usage(format!("there is no section `{name}`"))
                .with_hint(format!("one of: {}", known.join(", ")))
        })
}

/// Sets a named subject of `row`; gives the text it had before.
fn write_subject(
    book: &mut Session,
    row: &IncidentRow,
    subject: Subject,
    value: Value,
) -> Result<Option<String>> {
    let current = book.read().subject_state(&subject, Some(row.id))?;
    let (seen, before) = match current {
        Some((current, _)) => {
            let before = match &current.value {
                Value::Field(text) | Value::Section(text) => Some(text.text.clone()),
                _ => None,
            };
            (current.head_ids(), before)
        }
        None => (vec![], None),
    };
    let act = if seen.is_empty() {
        Operation::Log
    } else {
        Operation::Amend
    };
    let change = book
        .write_context
        .new_change(Some(row.id), subject, seen, Body::new(act, value));
    book.store.append(&[change])?;
    Ok(before.filter(|text| !text.is_empty()))
}
