//! `bridgelog service`: lists the services of an incident, adds one, names it for customers, renames or removes it.

use super::{error::Result, global::GlobalArgs, names, out::Out, view};
use crate::{
    domain::{count::counted, sanitize, words::State},
    ops::{
        names::{self as ops_names, NameKind},
        service::set_service,
    },
};
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog service                        the services of the incident\n  \
    bridgelog service online-db --public 'AVR Online'\n  bridgelog service search\n  \
    bridgelog service onlin-db --rename online-db   a typo, or two names of one\n  \
    bridgelog service onlin-db --remove\n\n\
    A rename counts wherever the name was recorded, in the open incident, else the latest: states, figures and\n\
    documents have the new name; texts and the history stay as they were typed. --incident says another one."
)]
pub struct ServiceArgs {
    /// The service, as typed after `@`; without it, all are listed
    name: Option<String>,
    /// The name that customers read; `-` clears it
    #[arg(long, value_name = "NAME", allow_hyphen_values = true, requires = "name", conflicts_with_all = ["rename", "remove"])]
    public: Option<String>,
    /// Give it another name; if that is a service already, the two become one
    #[arg(long, value_name = "NEW", requires = "name", conflicts_with = "remove")]
    rename: Option<String>,
    /// Take it out of the incident: its events stay, its states go
    #[arg(long, requires = "name")]
    remove: bool,
    /// Do not ask before removing
    #[arg(long, requires = "remove")]
    yes: bool,
    /// Print the list as JSON
    #[arg(long, conflicts_with = "name")]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &ServiceArgs, out: &Out) -> Result {
    let Some(name) = &args.name else {
        return list(global, args.json, out);
    };
    if let Some(new) = &args.rename {
        return names::rename(global, NameKind::Service, name, new, out);
    }
    if args.remove {
        return names::remove(global, NameKind::Service, name, args.yes, out);
    }
    let mut session = global.open_or_create()?;
    let set = set_service(&mut session, None, name, args.public.as_deref())?;
    let place = set
        .incident
        .as_ref()
        .map_or_else(|| "every incident".to_owned(), view::short_ref);
    let public = set.value.public_name.map_or_else(
        || "no name for customers yet".to_owned(),
        |p| format!("customers read: {p}"),
    );
    out.print_line(&sanitize::line(&format!(
        "service {} of {place}: {public}",
        set.name
    )));
    if let Some(notice) = set.notice {
        out.print_note(&sanitize::line(&notice));
    }
    Ok(())
}

/// Prints each service with its state now, its name for customers and how many events name it.
fn list(global: &GlobalArgs, as_json: bool, out: &Out) -> Result {
    let session = global.open_existing()?;
    let (row, incident, services) = ops_names::list(&session, None, NameKind::Service)?;
    let state = |name: &str| row.states.state(name);
    let public = |name: &str| incident.services.get(name)?.public_name.as_deref();
    if as_json {
        let services: Vec<_> = services
            .iter()
            .map(|(name, events)| {
                json!({
                    "name": name, "public_name": public(name), "state": state(name).map(State::as_str),
                    "named_by_events": events,
                })
            })
            .collect();
        return out.print_json(&json!({"incident": row.number, "services": services}));
    }
    for (name, events) in &services {
        let state = state(name).map_or("no state", State::as_str);
        let public = public(name).map_or_else(
            || "no name for customers yet".to_owned(),
            |public| format!("customers read: {public}"),
        );
        let events = counted(*events as u64, "event", "events");
        let line = format!("{name}: {state}, {public}, named by {events}");
        out.print_line(&sanitize::line(&line));
    }
    if services.is_empty() {
        out.print_note(&format!(
            "incident {} has no service yet: `bridgelog service NAME` adds one, and an event with a state that names it",
            view::short_ref(&row)
        ));
    }
    Ok(())
}
