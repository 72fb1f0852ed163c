//! `bridgelog undo`, `bridgelog redo` and `bridgelog restore-event`.

use super::{confirm::confirm, error::Result, global::GlobalArgs, out::Out, view};
use crate::ops::{
    Session, restore,
    undo::{self, Consent, Step, Undone},
};
use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog undo\n  bridgelog undo --incident 7\n\n\
    It takes back the newest entry of this terminal, or all of one paste, merge or `log -`. Where this\n\
    terminal has none it names your last one and asks; so it does before it takes back a resolve or a\n\
    reopen. An undo is an entry too, and holds over restarts; a message that was sent is never taken back,\n\
    nor the declaration of an incident with other entries."
)]
pub struct UndoArgs {
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  bridgelog redo\n\nA new entry after an undo ends what can be done again; `bridgelog restore-event` brings back the rest."
)]
pub struct RedoArgs {
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(super) fn undo(global: &GlobalArgs, args: &UndoArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let undone = step(&mut session, undo::undo, "undo", args.yes, out)?;
    report_undone("undid", &undone, out);
    let again = match &undone.handle {
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
    after_help = "Example:\n  bridgelog restore-event kvnqrs\n\n`bridgelog show --all` prints the handles. It is an entry: `bridgelog undo` takes it back."
)]
pub struct RestoreArgs {
    /// The event, task or letter
    handle: String,
}

pub(super) fn restore(global: &GlobalArgs, args: &RestoreArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let restored = restore::restore(&mut session, &args.handle)?;
    let place = restored.incident.as_ref().map_or_else(
        || "unassigned".to_owned(),
        |row| format!("in {}", view::short_ref(row)),
    );
    let value = view::format_value(&restored.value);
    let handle = &restored.handle;
    out.print_line(&if restored.unchanged {
        format!("{handle} is in force already ({place}), nothing to bring back: {value}")
    } else {
        format!("restored {handle} ({place}): {value}")
    });
    for notice in &restored.notices {
        out.print_note(notice);
    }
    Ok(())
}

type StepFn = fn(&mut Session, Option<&str>, Consent) -> Result<Step>;

/// Runs one step, and asks before it where it has to be asked.
///
/// # Errors
/// Those of the step; it has to be asked and nobody can answer; or the answer is not yes.
fn step(
    session: &mut Session,
    run: StepFn,
    verb: &str,
    yes: bool,
    out: &Out,
) -> Result<Box<Undone>> {
    let mut consent = if yes { Consent::Any } else { Consent::NotAsked };
    loop {
        let question = match run(session, None, consent)? {
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
        view::format_value(&undone.value)
    ));
    for notice in &undone.notices {
        out.print_note(notice);
    }
}
