//! Adds a service to an incident, or sets the name that customers know it by.

use super::{OpsError, Result, Session, context};
use crate::{
    domain::{
        subject::Subject,
        suggestion::nearest,
        value::{NameChange, NameFields, Service, Value},
    },
    store::IncidentRow,
};

/// A service as it is now.
#[derive(Clone, Debug)]
pub struct ServiceSet {
    /// `None` if its public name is that of every incident.
    pub incident: Option<IncidentRow>,
    pub name: String,
    pub value: Service,
    /// What changes, if the name had been renamed or removed; or the one that was probably meant.
    pub notice: Option<String>,
}

/// Adds `name` to the incident `given`, else the open one. `public` is the name for customers;
/// empty clears it. If no incident is open, the public name applies to every incident with that
/// service.
///
/// # Errors
/// An invalid name, or several open incidents.
pub fn set_service(
    session: &mut Session,
    given: Option<&str>,
    name: &str,
    public: Option<&str>,
) -> Result<ServiceSet> {
    session.transact(|session| {
        let row = session.resolve_for_write(given)?;
        let name = context::validate_name(name.trim_start_matches('@'), "service")?;
        let incident = row.as_ref().map(|row| row.id);
        let subject = Subject::Service(name.clone());
        let current = session
            .read()
            .subject_state(&subject, incident)?
            .map(|(c, _)| c);
        let mut value = match current.as_ref().map(|c| &c.value) {
            Some(Value::Service(service)) => service.clone(),
            _ => Service::default(),
        };
        if let (Some(NameChange::Renamed(now)), Some(_)) = (value.name_change.change(), public) {
            return Err(
                OpsError::failed(format!("`{name}` was renamed to `{now}`")).with_hint(format!(
                    "`bridgelog service {now} --public NAME` says what customers read; `bridgelog service {name}` makes `{name}` a service of its own again"
                )),
            );
        }
        // A name that is given again stands for itself again.
        let notice = value.name_change.change().map(|change| {
            format!("it was {change}; what was recorded under this name counts for it again")
        });
        let notice = notice.or_else(|| {
            let known = &row.as_ref().filter(|_| current.is_none())?.services;
            let is_new = !known.contains(&name);
            let near = nearest(&name, known.iter().map(String::as_str)).filter(|_| is_new)?;
            Some(format!(
                "`{name}` is a new service here; did you mean `{near}`? `bridgelog undo` takes `{name}` back"
            ))
        });
        value.name_change = NameFields::default();
        if let Some(public) = public {
            value.public_name = match public.trim() {
                "" | "-" => None,
                public => Some(context::validate_text(public, "public name")?),
            };
        }
        let seen = current.map(|c| c.head_ids()).unwrap_or_default();
        let value_now = Value::Service(value.clone());
        let change = session
            .write_context
            .new_value(incident, subject, seen, value_now);
        session.append(&[change])?;
        Ok(ServiceSet {
            incident: row,
            name,
            value,
            notice,
        })
    })
}
