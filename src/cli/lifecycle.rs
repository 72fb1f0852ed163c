//! `bridgelog resolve`, `reopen` and `handoff`.

use super::{
    error::Result, global::GlobalArgs, log::reject_flags_after_text, log_output::print_logged,
    out::Out,
};
use crate::{
    domain::words::Kind,
    ops::{OpsError, Session, context::quote_name, lifecycle},
};
use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog resolve\n  bridgelog resolve --at 14:10 'all sites answer again'"
)]
pub struct ResolveArgs {
    #[command(flatten)]
    common: LifecycleArgs,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  bridgelog reopen --at 15:02 'errors are back @online-db !degraded'"
)]
pub struct ReopenArgs {
    #[command(flatten)]
    common: LifecycleArgs,
}

#[derive(Debug, Args)]
struct LifecycleArgs {
    /// When: 10:06, -12m, 'yesterday 23:50' [default: now]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<String>,
    /// Print the event as JSON
    #[arg(long)]
    json: bool,
    /// The resolution, or the reason
    #[arg(trailing_var_arg = true, value_name = "TEXT")]
    text: Vec<String>,
}

pub(super) fn resolve(global: &GlobalArgs, args: &ResolveArgs, out: &Out) -> Result {
    run_lifecycle(
        global,
        &args.common,
        out,
        &Kind::Resolve,
        lifecycle::resolve,
    )
}

pub(super) fn reopen(global: &GlobalArgs, args: &ReopenArgs, out: &Out) -> Result {
    run_lifecycle(global, &args.common, out, &Kind::Reopen, lifecycle::reopen)
}

type LifecycleFn = fn(
    &mut Session,
    Option<&str>,
    lifecycle::TypedTime<'_>,
    &str,
) -> Result<crate::ops::log::LoggedEvent>;

fn run_lifecycle(
    global: &GlobalArgs,
    args: &LifecycleArgs,
    out: &Out,
    kind: &Kind,
    operation: LifecycleFn,
) -> Result {
    reject_flags_after_text(&args.text)?;
    let mut session = global.open_existing()?;
    let text = args.text.join(" ");
    reject_incident_as_text(&session, &text, kind)?;
    let logged = operation(&mut session, None, args.at.as_deref(), &text)?;
    print_logged(&session, &logged, args.json, out)
}

/// Refuses a text that is nothing but the name of an incident, which `kind` does not concern: `resolve 1`.
fn reject_incident_as_text(session: &Session, text: &str, kind: &Kind) -> Result {
    if session.default_incident.is_some() {
        return Ok(());
    }
    let name = text.trim().trim_start_matches("incident").trim();
    let number = name.trim_start_matches('#');
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    let is_handle = || session.resolve_to_change(Some(name)).is_ok();
    if name.is_empty() || !(is_number || is_handle()) {
        return Ok(());
    }
    Err(OpsError::usage(format!(
        "`{text}` would be the text of the {kind}, and does not say of which incident it is"
    ))
    .with_hint(format!(
        "`bridgelog {kind} --incident {number}` is of that one"
    )))
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog handoff ann\n  bridgelog handoff 'Ann Lee' --at 10:30"
)]
pub struct HandoffArgs {
    /// The new incident commander
    who: String,
    /// When: 10:06, -12m, 'yesterday 23:50' [default: now]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<String>,
    /// Print the event as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn handoff(global: &GlobalArgs, args: &HandoffArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let logged = lifecycle::handoff(&mut session, None, args.at.as_deref(), &args.who)?;
    let who = quote_name(logged.event.value.commander.as_deref().unwrap_or_default());
    print_logged(&session, &logged, args.json, out)?;
    let when = if args.at.is_some() {
        "that time"
    } else {
        "now"
    };
    out.print_note(&format!(
        "command is handed over from {when} on, as a row of the timeline; `bridgelog set commander {who}` corrects who held it"
    ));
    Ok(())
}
