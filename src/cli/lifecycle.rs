//! `bridgelog resolve`, `reopen` and `handoff`.

use super::{
    error::Result, global::GlobalArgs, log::reject_flags_after_text, log_output::print_logged,
    out::Out,
};
use crate::ops::{context::quote_name, lifecycle};
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
    run_lifecycle(global, &args.common, out, lifecycle::resolve)
}

pub(super) fn reopen(global: &GlobalArgs, args: &ReopenArgs, out: &Out) -> Result {
    run_lifecycle(global, &args.common, out, lifecycle::reopen)
}

type LifecycleFn = fn(
    &mut crate::ops::Session,
    Option<&str>,
    lifecycle::TypedTime<'_>,
    &str,
) -> Result<crate::ops::log::LoggedEvent>;

fn run_lifecycle(
    global: &GlobalArgs,
    args: &LifecycleArgs,
    out: &Out,
    operation: LifecycleFn,
) -> Result {
    reject_flags_after_text(&args.text)?;
    let mut session = global.open_existing()?;
    let logged = operation(&mut session, None, args.at.as_deref(), &args.text.join(" "))?;
    print_logged(&session, &logged, args.json, out)
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
