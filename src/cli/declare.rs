//! `bridgelog declare`.

use super::{error::Result, global::GlobalArgs, json, out::Out, view};
use crate::{
    domain::words::State,
    ops::declare::{Declaration, declare},
};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    bridgelog declare 'Checkout fails' --severity sev1 --service shop --state down\n  \
    bridgelog declare 'Logins fail' --at '-10m' --commander ann --adopt all")]
pub struct DeclareArgs {
    /// The title; internal, customers never read it
    #[arg(required = true, value_name = "TITLE")]
    title: Vec<String>,
    /// The severity: sev1 (worst) to sev5, sev0, or a name of the setting `severities`
    #[arg(long, value_name = "SEV")]
    severity: Option<String>,
    /// An affected service; may be given again
    #[arg(long = "service", value_name = "NAME", value_delimiter = ',')]
    services: Vec<String>,
    /// The state of the services: at-risk, degraded, down
    #[arg(long, value_name = "STATE")]
    state: Option<State>,
    /// When it was declared: 10:06, -12m, 'yesterday 23:50' [default: now]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<String>,
    /// The incident commander [default: whoever declares]
    #[arg(long, value_name = "WHO")]
    commander: Option<String>,
    /// Attach unassigned events: a handle, or `all` for those of the last 24 hours
    #[arg(long, value_name = "HANDLE|all")]
    adopt: Vec<String>,
    /// It is an exercise: every page says so, and no figure counts it
    #[arg(long)]
    drill: bool,
    /// It stays on this machine: `sync` sends nothing of it
    #[arg(long)]
    private: bool,
    /// Print the incident as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: DeclareArgs, out: &Out) -> Result {
    let mut session = global.open_or_create()?;
    let severity = args
        .severity
        .map(|typed| session.parse_severity(&typed))
        .transpose()?;
    let declared = declare(
        &mut session,
        &Declaration {
            id: None,
            title: args.title.join(" "),
            severity,
            services: args.services,
            state: args.state,
            at: args.at,
            zone: None,
            commander: args.commander,
            adopt: args.adopt,
            is_drill: args.drill,
            is_private: args.private,
        },
    )?;
    for notice in &declared.notices {
        out.print_note(notice);
    }
    if args.json {
        return out.print_json(&json::IncidentJson::new(&declared.incident));
    }
    let row = &declared.incident;
    out.print_line(&format!(
        "declared {}{} at {}",
        row.marks().to_lowercase(),
        view::label(row),
        view::format_event_time(&declared.event, &session.zone_of(Some(row))?)
    ));
    if !declared.adopted.is_empty() {
        out.print_line(&format!("adopted {}", declared.adopted.join(" ")));
    }
    if !declared.offered.is_empty() {
        out.print_note(&format!(
            "{} unassigned events of the last 24 hours: {}; `bridgelog adopt all` attaches them",
            declared.offered.len(),
            declared.offered.join(" ")
        ));
    }
    let open = session.read().open_incidents()?;
    if open.len() > 1 {
        out.print_note(&format!(
            "{} incidents are open now: say which with --incident, here --incident {}",
            open.len(),
            view::short_ref(row)
        ));
    }
    if row.state.is_none() {
        out.print_note(
            "no state was given: `bridgelog log '!degraded ...'` or !down, once it is known",
        );
    }
    Ok(())
}
