//! A service is added to an incident, or named for customers.

use super::{Result, Session, context};
use crate::{
    domain::{
        subject::Subject,
        value::{Body, Operation, Service, Value},
    },
    store::IncidentRow,
};

/// Adds `name` to the incident `given`, or the open one; `public` is what customers call it (empty
/// clears that). With no incident open the name is for all incidents that name the service.
///
/// # Errors
/// A name that is none, two open incidents.
pub fn set_service(
    session: &mut Session,
    given: Option<&str>,
    name: &str,
    public: Option<&str>,
) -> Result<(Option<IncidentRow>, String, Service)> {
    let row = session.resolve_for_write(given)?;
    let name = context::validate_name(name.trim_start_matches('@'), "service")?;
    let within = row.as_ref().map(|row| row.id);
    let subject = Subject::Service(name.clone());
    let current = session
        .read()
        .subject_state(&subject, within)?
        .map(|(c, _)| c);
    let mut value = match current.as_ref().map(|c| &c.value) {
        Some(Value::Service(service)) => service.clone(),
        _ => Service::default(),
    };
    if let Some(public) = public {
        value.public_name = match public.trim() {
            "" | "-" => None,
            public => Some(context::validate_text(public, "public name")?),
        };
    }
    let seen = current.map(|c| c.head_ids()).unwrap_or_default();
    let act = if seen.is_empty() {
        Operation::Log
    } else {
        Operation::Amend
    };
    let change = session.write_context.new_change(
        within,
        subject,
        seen,
        Body::new(act, Value::Service(value.clone())),
    );
    session.store.append(&[change])?;
    Ok((row, name, value))
}
