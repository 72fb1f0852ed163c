//! `bridgelog person`: lists the people of an incident, renames or removes one.

use super::{error::Result, global::GlobalArgs, names, out::Out, view};
use crate::{
    domain::{
        count::counted,
        incident::{Incident, ROLE_FIELDS},
        sanitize,
    },
    ops::{
        OpsError,
        names::{self as ops_names, NameKind},
    },
};
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog person                       the people of the incident\n  \
    bridgelog person an --rename ann       a typo, or two names of one person\n  \
    bridgelog person jenkins --remove      no person: events no longer name it\n\n\
    A rename counts wherever the name was recorded, in the open incident, else the latest: mentions, roles, owners\n\
    and authors have the new name; texts and the history stay as they were typed. --incident says another one."
)]
pub struct PersonArgs {
    /// The person, as typed after `@`; without it, all are listed
    name: Option<String>,
    /// Give another name; if that is a person already, the two become one
    #[arg(long, value_name = "NEW", conflicts_with = "remove", requires = "name")]
    rename: Option<String>,
    /// Take the name out of the events that mention it
    #[arg(long, requires = "name")]
    remove: bool,
    /// Do not ask before removing
    #[arg(long, requires = "remove")]
    yes: bool,
    /// Print the list as JSON
    #[arg(long, conflicts_with_all = ["rename", "remove"])]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &PersonArgs, out: &Out) -> Result {
    match (&args.name, &args.rename) {
        (Some(name), Some(new)) => names::rename(global, NameKind::Person, name, new, out),
        (Some(name), None) if args.remove => {
            names::remove(global, NameKind::Person, name, args.yes, out)
        }
        (name, _) => list(global, name.as_deref(), args.json, out),
    }
}

fn list(global: &GlobalArgs, only: Option<&str>, as_json: bool, out: &Out) -> Result {
    let session = global.open_existing()?;
    let (row, incident, mut people) = ops_names::list(&session, None, NameKind::Person)?;
    if let Some(only) = only.map(|name| name.trim_start_matches('@')) {
        people.retain(|name, _| name == only);
        if people.is_empty() {
            return Err(OpsError::failed(format!(
                "incident {} has no person `{only}`",
                view::short_ref(&row)
            ))
            .with_hint("`bridgelog person` lists them"));
        }
    }
    if as_json {
        let people: Vec<_> = people
            .iter()
            .map(|(name, events)| {
                json!({"name": name, "named_by_events": events, "roles": roles(&incident, name)})
            })
            .collect();
        return out.print_json(&json!({"incident": row.number, "people": people}));
    }
    for (name, events) in &people {
        let mut parts = roles(&incident, name);
        match events {
            0 => {}
            n => parts.push(format!("named by {}", counted(n, "event", "events"))),
        }
        out.print_line(&sanitize::line(&format!("{name}: {}", parts.join(", "))));
    }
    Ok(())
}

/// What `name` is in `incident`.
fn roles(incident: &Incident, name: &str) -> Vec<String> {
    let mut roles = vec![];
    if incident.commander() == Some(name) {
        roles.push("commander".to_owned());
    } else if incident
        .active_events()
        .any(|e| e.value.commander.as_deref() == Some(name))
    {
        roles.push("commander before".to_owned());
    }
    for field in ROLE_FIELDS {
        if incident.fields.get(field).is_some_and(|who| who == name) {
            roles.push(field.to_owned());
        }
    }
    let owned = incident.tasks.iter();
    let owned = owned.filter(|t| t.value.owner.as_deref() == Some(name));
    match owned.count() {
        0 => {}
        n => roles.push(format!(
            "owner of {}",
            counted(n, "follow-up", "follow-ups")
        )),
    }
    let recorded = incident.events.iter().filter(|e| e.author == name).count();
    match recorded {
        0 => {}
        n => roles.push(format!("recorded {}", counted(n, "event", "events"))),
    }
    roles
}
