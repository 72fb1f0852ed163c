//! `bridgelog undo`, `bridgelog redo` and `bridgelog restore-event`.

use super::{confirm::confirm, error::Result, global::GlobalArgs, out::Out, view};
use crate::ops::{
    Session, restore,
    undo::{self, Consent, Step, Undone, Within},
};
use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog undo\n  bridgelog undo --incident 7\n\n\
    It undoes your newest entry in this terminal, or all of one paste, merge or `log -`. If this terminal has\n\
    none, it names your newest one and asks; it also asks before it undoes a resolve or a reopen. An undo is an\n\
    entry too. A sent email cannot be undone, nor the declaration of an incident with other entries."
)]
pub struct UndoArgs {
    /// Do not ask for confirmation
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  bridgelog redo\n\nAfter a new entry there is nothing to redo; `bridgelog restore-event HANDLE` still brings back what was undone."
)]
pub struct RedoArgs {
    /// Do not ask for confirmation
    #[arg(long)]
    yes: bool,
}

pub(super) fn undo(global: &GlobalArgs, args: &UndoArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let undone = step(&mut session, undo::undo, "undo", args.yes, out)?;
    report_undone("undid", &undone, out);
    let again = match &undone.handle {
        Some(_) if undone.gone && undone.count > 1 => {
            "`bridgelog redo` does it again; after a new entry, `bridgelog restore-event HANDLE` brings back one of them, and `bridgelog show --all` prints their handles".to_owned()
        }
        Some(handle) if undone.gone => format!(
            "`bridgelog redo` does it again; after a new entry, `bridgelog restore-event {handle}` brings it back"
        ),
        _ => "`bridgelog redo` does it again".to_owned(),
    };
    out.print_note(&again);
    Ok(())
}

pub(super) fn redo(global: &GlobalArgs, args: &RedoArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let undone = step(&mut session, undo::redo, "redo", args.yes, out)?;
    report_undone("redid", &undone, out);
    Ok(())
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  bridgelog restore-event kvnqrs\n\n`bridgelog show --all` prints the handles. A restore can be undone."
)]
pub struct RestoreArgs {
    /// The event, task or email
    handle: String,
}

pub(super) fn restore(global: &GlobalArgs, args: &RestoreArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let restored = restore::restore(&mut session, &args.handle)?;
    let place = restored.incident.as_ref().map_or_else(
        || "unassigned".to_owned(),
        |row| format!("in {}", view::short_ref(row)),
    );
    let value = view::value_line(&restored.value);
    let handle = &restored.handle;
    out.print_line(&if restored.unchanged {
        format!("{handle} is not retracted or undone ({place}), so nothing was changed: {value}")
    } else {
        format!("restored {handle} ({place}): {value}")
    });
    for notice in &restored.notices {
        out.print_note(notice);
    }
    Ok(())
}

type StepFn = fn(&mut Session, Within<'_>, Consent) -> Result<Step>;

/// Runs one step, and asks before it where it has to be asked.
///
/// # Errors
/// Those of the step; a question has to be asked and there is no terminal; or the answer is not yes.
fn step(
    session: &mut Session,
    run: StepFn,
    verb: &str,
    yes: bool,
    out: &Out,
) -> Result<Box<Undone>> {
    let mut consent = if yes { Consent::Any } else { Consent::NotAsked };
    loop {
        let question = match run(session, Within::Named(None), consent)? {
            Step::Done(undone) => return Ok(undone),
            Step::Ask(question) => question,
        };
        let without_asking = format!("bridgelog {verb} --yes");
        confirm(&question.text, verb, &without_asking, out)?;
        consent = Consent::To(question.act);
    }
}

fn report_undone(verb: &str, undone: &Undone, out: &Out) {
    out.print_line(&format!(
        "{verb} {}: {}",
        undone.act_summary(),
        view::value_line(&undone.value)
    ));
    for notice in &undone.notices {
        out.print_note(notice);
    }
}
