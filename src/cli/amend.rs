//! `bridgelog amend`, `retract` and `redact`.

use super::{
    attach_flags::{AttachFlags, DetachFlags},
    confirm::confirm,
    error::Result,
    global::GlobalArgs,
    json,
    log::{MarkerFlags, reject_flags_after_text},
    out::{Out, is_interactive},
    view,
};
use crate::{
    domain::{count::counted, incident::Record, sanitize, states::shown_state},
    ops::{
        OpsError, Session,
        amend::{self, Retraction},
        attach, import,
        redact::{self, Redacted},
        resolve::Target,
    },
};
use clap::Args;
use std::io;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    bridgelog amend kvnqrs 10:12                  the time\n  \
    bridgelog amend kvnqrs '!degraded'            the state\n  \
    bridgelog amend kvnqrs 'tell: One of our servers halted.'\n  \
    bridgelog amend kvnqrs 'tell: -'              clears the customer wording\n  \
    bridgelog amend kvnqrs 'cause: a firmware bug'\n  \
    bridgelog amend kvnqrs --attach graph.png --link https://grafana.example/d/abc\n  \
    bridgelog amend kvnqrs --detach graph.png     takes the file off\n\n\
    Flags go before the line.")]
pub struct AmendArgs {
    /// The event
    handle: String,
    #[command(flatten)]
    markers: MarkerFlags,
    #[command(flatten)]
    attach: AttachFlags,
    #[command(flatten)]
    detach: DetachFlags,
    /// Print the event as JSON
    #[arg(long)]
    json: bool,
    /// What changes, written as in a line of `log`
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
    let amended = attach::amend(
        &mut session,
        &args.handle,
        &args.line.join(" "),
        &args.markers.to_flags(),
        &args.detach.add_to(args.attach.to_evidence()),
    )?;
    let mut record = Record::new(
        &amended.target.current,
        amended.target.handle.clone(),
        amended.event,
    )
    .ok_or_else(|| OpsError::failed("an event has no id"))?;
    record.amended = true;
    let started =
        session.started_states(amended.incident.as_ref(), std::slice::from_ref(&record))?;
    let state = shown_state(&record, &started);
    if args.json {
        out.print_json(&json::EventJson::with_state(
            &record,
            state,
            &json::handles(&session),
        ))?;
    } else {
        let zone = session.zone_of(amended.incident.as_ref())?;
        view::print_event(out, "amended", &record, state.as_ref(), &zone);
    }
    for notice in &amended.notices {
        out.print_note(notice);
    }
    Ok(())
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  bridgelog retract kvnqrs --reason 'that was last week'\n\n\
    It asks first if that would reopen or resolve the incident. The event stays in the\n\
    history: `bridgelog restore-event HANDLE` brings it back. To take back your own last change: `bridgelog undo`."
)]
pub struct RetractArgs {
    /// The event, the task or the import
    handle: String,
    /// The reason; the history keeps it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Do not ask for confirmation
    #[arg(long)]
    yes: bool,
}

pub(super) fn retract(global: &GlobalArgs, args: &RetractArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let handle = &args.handle;
    if let Some(retracted) = import::retract_named(&mut session, handle, &args.reason)? {
        out.print_line(&format!(
            "retracted import {}: {} of {} ({})",
            retracted.handle,
            counted(retracted.events, "event", "events"),
            sanitize::line(&retracted.import.name),
            retracted.import.format,
        ));
        for notice in &retracted.notices {
            out.print_note(notice);
        }
        return Ok(());
    }
    let mut agreed = args.yes;
    let (target, notices) = loop {
        match amend::retract(&mut session, handle, &args.reason, agreed)? {
            Retraction::Done { target, notices } => break (target, notices),
            Retraction::Ask(question) => {
                let without_asking = format!("bridgelog retract {handle} --reason TEXT --yes");
                confirm(&question, "retract", &without_asking, out)?;
                agreed = true;
            }
        }
    };
    out.print_line(&format!(
        "retracted {} {}",
        target.handle,
        view::value_line(&target.current.value)
    ));
    for notice in &notices {
        out.print_note(notice);
    }
    Ok(())
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog redact kvnqrs --reason 'a password was pasted'\n  \
    bridgelog redact field/scope --reason 'a customer is named'\n  \
    bridgelog redact m1 --reason 'a token in the email'\n  \
    bridgelog redact file/3f2a9c41d07b --reason 'a screenshot with a password'\n\n\
    For a mistake use `bridgelog amend` or `bridgelog retract`: this destroys the text, names and reasons in every\n\
    version, in the search index and on the disk, and removes drafts that hold them. The time and the state stay.\n\
    Files attached to this event only are destroyed as well. Their SHA-256 stays.\n\
    Copies made before (backups, exports) are not reached. On a terminal it shows what it destroys and asks;\n\
    elsewhere it needs the full handle, or --yes. The author of an entry and the name of a field or service cannot\n\
    be destroyed: `bridgelog export jsonl --without HANDLE` leaves such entries out."
)]
pub struct RedactArgs {
    /// The event or task, by its handle (that of an incident is its declaration's: the title); m1 for a saved email; field/NAME, section/NAME, service/NAME or file/HASH
    handle: String,
    /// The reason; it is kept
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Do not ask for confirmation
    #[arg(long)]
    yes: bool,
}

pub(super) fn redact(global: &GlobalArgs, args: &RedactArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let target = redact::find(&session, &args.handle)?;
    if !args.yes {
        if is_interactive() {
            ask(&session, &target, out)?;
        } else if !redact::is_typed_in_full(&args.handle, &target) {
            return Err(OpsError::failed(format!(
                "`{}` is only the beginning of a handle, and what is redacted is gone for good",
                args.handle
            ))
            .with_hint(format!(
                "it would destroy {}",
                redact::describe(&session, &target)?
            ))
            .with_hint(format!(
                "if that is meant: `bridgelog redact {} --reason TEXT`, or add --yes",
                target.handle
            )));
        }
    }
    let redacted = redact::redact_target(&mut session, &target, &args.reason)?;
    out.print_line(&format!(
        "redacted {}: its text is destroyed, its hash stays",
        sanitize::line(&target.handle)
    ));
    for notice in &redacted.notices {
        out.print_note(notice);
    }
    if !args.yes && is_interactive() {
        ask_about_shared_files(&mut session, &redacted, &args.reason, out)?;
    }
    Ok(())
}

/// Asks of each file of a redacted event that other events have too whether its content is to go.
fn ask_about_shared_files(
    session: &mut Session,
    redacted: &Redacted,
    reason: &str,
    out: &Out,
) -> Result {
    for file in &redacted.shared_files {
        let name = &file.sha256.to_string()[..12];
        out.print_line(&format!(
            "destroy the content of file {name} too? {} will show it as redacted",
            file.events.join(", ")
        ));
        let target = redact::find(session, &format!("file/{}", file.sha256))?;
        out.print_note("type `yes` to destroy it; anything else keeps it");
        if redact::confirm(&read_answer()?, &target).is_ok() {
            redact::redact_target(session, &target, reason)?;
            out.print_line(&format!("redacted file {name}"));
        } else {
            out.print_line(&format!("file {name} stays"));
        }
    }
    Ok(())
}

/// Shows what is to be destroyed, and asks for a yes or the handle.
///
/// # Errors
/// Any other answer.
fn ask(session: &Session, target: &Target, out: &Out) -> Result {
    out.print_line(&format!(
        "this destroys {}",
        redact::describe(session, target)?
    ));
    out.print_note(&format!(
        "it cannot be undone; type `yes` or `{}` to go on",
        target.handle
    ));
    redact::confirm(&read_answer()?, target)
}

fn read_answer() -> Result<String> {
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .map_err(|e| OpsError::failed("the answer cannot be read").with_source(e))?;
    Ok(answer)
}
