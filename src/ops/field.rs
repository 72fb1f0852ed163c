//! The fields and the prose of an incident.

use super::{
    Book, OpsError, Result, ahead,
    amend::replace,
    context::{self, text},
    lifecycle::{self, At},
    which::Target,
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
pub struct Set {
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
const TOLD_BY_EVENTS: [&str; 3] = ["title", "severity", "commander"];

/// Sets the field `name` of the incident `given`, or the open one. `-` or nothing clears it.
///
/// # Errors
/// No such field, a value that it cannot have, `at` for a field that takes none.
pub fn set(
    book: &mut Book,
    given: Option<&str>,
    name: &str,
    value: &str,
    at: At<'_>,
) -> Result<Set> {
    let name = name.to_lowercase().replace('_', "-");
    let value = if value == "-" { "" } else { value };
    let dated = matches!(name.as_str(), "severity" | "commander");
    if at.is_some() && !dated {
        return Err(OpsError::usage(format!("`{name}` takes no --at"))
            .hint("only severity and commander are set from a time on"));
    }
    let row = match given.or(book.incident.as_deref()) {
        Some(given) => book.reading(Some(given))?,
        None => book.writing_in(None, &format!("set the {name} of"))?,
    };
    let reference = row.handle.clone();
    match name.as_str() {
        "title" => title(book, row, value),
        "severity" => {
            let severity = value.parse()?;
            let logged = lifecycle::severity(book, Some(&reference), at, severity)?;
            let holds = logged.incident.and_then(|now| now.severity);
            let mut set = told(row, name, Some(severity.to_string()));
            if let Some(holds) = holds.filter(|holds| *holds != severity) {
                set.notices.push(format!(
                    "a later event says {holds}, which holds now: `bridgelog show` has it"
                ));
            }
            Ok(set)
        }
        "commander" => {
            let logged = lifecycle::handoff(book, Some(&reference), at, value)?;
            let mut set = told(row, name, logged.event.value.commander);
            set.notices = logged.notices;
            Ok(set)
        }
        _ => field(book, row, &name, value),
    }
}

fn told(row: IncidentRow, name: String, value: Option<String>) -> Set {
    Set {
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

fn title(book: &mut Book, row: IncidentRow, value: &str) -> Result<Set> {
    let value = text(value, "title")?;
    let target: Target = book.target(&row.handle)?;
    let Value::Event(declaration) = &target.current.value else {
        return Err(OpsError::failed("the incident has no declaration here"));
    };
    let amended = Event {
        text: value.clone(),
        ..(**declaration).clone()
    };
    replace(
        book,
        &target,
        Operation::Amend,
        Value::Event(Box::new(amended)),
    )?;
    Ok(Set {
        before: Some(row.title.clone()),
        incident: row,
        name: "title".into(),
        value,
        audience: Audience::Internal,
        notices: vec![],
    })
}

fn field(book: &mut Book, row: IncidentRow, name: &str, value: &str) -> Result<Set> {
    let Some((_, audience)) = FIELDS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = TOLD_BY_EVENTS
            .into_iter()
            .chain(FIELDS.iter().map(|(name, _)| *name))
            .collect();
        return Err(OpsError::usage(format!("there is no field `{name}`"))
            .hint(format!("one of: {}", known.join(", "))));
    };
    let value = if value.is_empty() {
        String::new()
    } else {
        checked(book, &row, name, value)?
    };
    let mut notices = vec![];
    if matches!(name, "product" | "customer-scope" | "unaffected") && !value.is_empty() {
        context::wording(Some(&value))?;
        notices.push(format!("customers will read: {value}"));
    }
    let before = put(
        book,
        &row,
        Subject::Field(name.to_owned()),
        Value::Field(TextValue {
            text: value.clone(),
            ..TextValue::default()
        }),
    )?;
    Ok(Set {
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
fn checked(book: &Book, row: &IncidentRow, name: &str, value: &str) -> Result<String> {
    let value = text(value, name)?;
    let zone = Zone::find(&row.zone)?;
    let now = book.now();
    Ok(match name {
        "zone" => Zone::find(&value)?.name().to_owned(),
        "next-update" => {
            let at = ahead::time(&value, now, &zone)?;
            at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
        }
        "followup-by" => ahead::day(&value, now, &zone)?.to_string(),
        "ledger-in-letter" => match value.to_lowercase().as_str() {
            "yes" | "true" | "on" => "yes".into(),
            "no" | "false" | "off" => "no".into(),
            _ => {
                return Err(OpsError::usage(format!("`{value}` is neither yes nor no"))
                    .hint("`bridgelog set ledger-in-letter yes` lets the count into the letter"));
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
pub fn write(book: &mut Book, given: Option<&str>, name: &str, prose: &str) -> Result<Set> {
    let name = section(name)?;
    let row = book.reading(given)?;
    let prose = prose.trim_end().trim_start_matches(['\n', '\r']).to_owned();
    if prose.contains('\0') {
        return Err(OpsError::usage("the prose contains a NUL character"));
    }
    let before = put(
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
    Ok(Set {
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
pub fn section(name: &str) -> Result<&'static str> {
    let lower = name.to_lowercase().replace(['_', ' '], "-");
    SECTIONS
        .iter()
        .map(|(known, _)| *known)
        .find(|known| *known == lower)
        .ok_or_else(|| {
            let known: Vec<_> = SECTIONS.iter().map(|(name, _)| *name).collect();
            OpsError::usage(format!("there is no section `{name}`"))
                .hint(format!("one of: {}", known.join(", ")))
        })
}

/// Sets a named subject of `row`; gives the text it had before.
fn put(
    book: &mut Book,
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
        .pen
        .change(Some(row.id), subject, seen, Body::new(act, value));
    book.store.append(&[change])?;
    Ok(before.filter(|text| !text.is_empty()))
}
