//! `bridgelog amend`, `retract` and `redact`.

use super::{
    error::Result,
    global::GlobalArgs,
    json,
    log::{MarkerFlags, reject_flags_after_text},
    out::Out,
    view,
};
use crate::{
    domain::incident::Record,
    ops::{OpsError, amend, redact},
};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    bridgelog amend kvnqrs 10:12                  the time\n  \
    bridgelog amend kvnqrs '!degraded'            the state\n  \
    bridgelog amend kvnqrs 'tell: One of our servers halted.'\n  \
    bridgelog amend kvnqrs 'tell: -'              no customer wording any more\n  \
    bridgelog amend kvnqrs 'cause: a firmware bug'\n\n\
    Flags go before the line.")]
pub struct AmendArgs {
    /// The event
    handle: String,
    #[command(flatten)]
    markers: MarkerFlags,
    /// Print the event as JSON
    #[arg(long)]
    json: bool,
    /// What is to be different, as a capture line
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "LINE"
    )]
    line: Vec<String>,
}

pub(super) fn amend(global: &GlobalArgs, args: &AmendArgs, out: &Out) -> Result {
    reject_flags_after_text(&args.line)?;
    let mut session = global.open_existing()?;
    let amended = amend::amend(
        &mut session,
        &args.handle,
        &args.line.join(" "),
        &args.markers.to_flags(),
    )?;
    let mut record = Record::new(
        &amended.target.current,
        amended.target.handle.clone(),
        amended.event,
    )
    .ok_or_else(|| OpsError::failed("an event has no id"))?;
    record.amended = true;
    if args.json {
        out.print_json(&json::EventJson::new(
            &record,
            &json::HandleLookup::for_session(&session),
        ))?;
    } else {
        let zone = session.zone_of(amended.incident.as_ref())?;
        view::print_event(out, "amended", &record, &zone);
    }
    for notice in &amended.notices {
        out.print_note(notice);
    }
    Ok(())
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bridgelog retract kvnqrs --reason 'that was last week'")]
pub struct RetractArgs {
    /// The event or task
    handle: String,
    /// Why; it is kept in the history
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) fn retract(global: &GlobalArgs, args: &RetractArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let target = amend::retract(&mut session, &args.handle, &args.reason)?;
    out.print_line(&format!(
        "retracted {} {}",
        target.handle,
        view::format_value(&target.current.value)
    ));
    Ok(())
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  bridgelog redact kvnqrs --reason 'a password was pasted'\n\n\
    The text is destroyed in every version, in the search and on the disk; when it was, and what it\n\
    did to the state, stays. Copies made before (backups, exports) are not reached."
)]
pub struct RedactArgs {
    /// The event or task
    handle: String,
    /// Why; it is kept
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) fn redact(global: &GlobalArgs, args: &RedactArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let target = redact::redact(&mut session, &args.handle, &args.reason)?;
    out.print_line(&format!(
        "redacted {}: its text is destroyed, its hash stays",
        target.handle
    ));
    out.print_note(
        "backups and documents made before still hold it; if it was a secret, change it",
    );
    Ok(())
}
