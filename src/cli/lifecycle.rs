//! `resolve`, `reopen`, `handoff`.

use super::{Result, echo::echo, global::Global, log::refuse_flags_after_text, out::Out};
use crate::ops::lifecycle;
use clap::Args;

/// What `resolve` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog resolve\n  bridgelog resolve --at 14:10 'all sites answer again'"
)]
pub struct ResolveArgs {
    #[command(flatten)]
    turn: TurnArgs,
}

/// What `reopen` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  bridgelog reopen --at 15:02 'errors are back @online-db !degraded'"
)]
pub struct ReopenArgs {
    #[command(flatten)]
    turn: TurnArgs,
}

#[derive(Debug, Args)]
struct TurnArgs {
    /// When it was [default: now]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<String>,
    /// Print the event as JSON
    #[arg(long)]
    json: bool,
    /// A word on it
    #[arg(trailing_var_arg = true, value_name = "TEXT")]
    text: Vec<String>,
}

pub(super) fn resolve(global: &Global, args: &ResolveArgs, out: &Out) -> Result {
    turn(global, &args.turn, out, lifecycle::resolve)
}

pub(super) fn reopen(global: &Global, args: &ReopenArgs, out: &Out) -> Result {
    turn(global, &args.turn, out, lifecycle::reopen)
}

type Turn = fn(
    &mut crate::ops::Session,
    Option<&str>,
    lifecycle::TypedTime<'_>,
    &str,
) -> Result<crate::ops::log::LoggedEvent>;

fn turn(global: &Global, args: &TurnArgs, out: &Out, turn: Turn) -> Result {
    refuse_flags_after_text(&args.text)?;
    let mut book = global.open_to_read()?;
    let logged = turn(&mut book, None, args.at.as_deref(), &args.text.join(" "))?;
    echo(&book, &logged, args.json, out)
}

/// What `handoff` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bridgelog handoff ann")]
pub struct HandoffArgs {
    /// Who commands from here on
    who: String,
    /// When it was [default: now]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<String>,
    /// Print the event as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn handoff(global: &Global, args: &HandoffArgs, out: &Out) -> Result {
    let mut book = global.open_to_read()?;
    let logged = lifecycle::handoff(&mut book, None, args.at.as_deref(), &args.who)?;
    echo(&book, &logged, args.json, out)
}
