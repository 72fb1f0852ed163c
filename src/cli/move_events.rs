//! `bridgelog adopt`, `move` and `merge`: events change incidents.

use super::{error::Result, global::GlobalArgs, out::Out, view};
use crate::ops::{
    OpsError,
    adopt::{self, MovedEvents},
    merge,
};
use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog adopt all\n  bridgelog adopt kvnqrs lmnopq --incident 7"
)]
pub struct AdoptArgs {
    /// Unassigned events, or `all` for those of the last 24 hours
    #[arg(required = true, value_name = "HANDLE")]
    handles: Vec<String>,
}

pub(super) fn adopt(global: &GlobalArgs, args: &AdoptArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let adopted = adopt::adopt(&mut session, &args.handles, None)?;
    print_moved(&adopted, ("adopted", "into"), out);
    Ok(())
}

#[derive(Debug, Args)]
#[command(
    override_usage = "bridgelog move [OPTIONS] <HANDLE>... <REF>",
    after_help = "Example:\n  bridgelog move kvnqrs lmnopq 8"
)]
pub struct MoveArgs {
    /// The events or tasks, then the incident that they belong to
    #[arg(required = true, num_args = 2.., value_names = ["HANDLE", "REF"])]
    words: Vec<String>,
}

pub(super) fn move_events(global: &GlobalArgs, args: &MoveArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let (to, handles) = args.words.split_last().ok_or_else(|| {
        OpsError::usage("nothing to move")
            .with_hint("name the events by their handles, and then the incident: `bridgelog move kvnqrs lmnopq 8`")
    })?;
    let moved = adopt::move_events(&mut session, handles, to)?;
    print_moved(&moved, ("moved", "to"), out);
    Ok(())
}

fn print_moved(moved: &MovedEvents, (verb, preposition): (&str, &str), out: &Out) {
    for target in &moved.targets {
        out.print_line(&format!(
            "{verb} {} {preposition} {}: {}",
            target.handle,
            view::short_ref(&moved.into),
            view::value_line(&target.current.value)
        ));
    }
    for notice in &moved.notices {
        out.print_note(notice);
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bridgelog merge 8 --into 7")]
pub struct MergeArgs {
    /// The incident that is part of another
    #[arg(value_name = "REF")]
    from: String,
    /// The incident that gets its events, tasks and fields
    #[arg(long, value_name = "REF")]
    into: String,
}

pub(super) fn merge(global: &GlobalArgs, args: &MergeArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let merged = merge::merge(&mut session, &args.from, &args.into)?;
    out.print_line(&format!(
        "merged {} into {}: {} moved",
        view::label(&merged.from),
        view::label(&merged.into),
        merged.moved_count
    ));
    if !merged.kept_fields.is_empty() {
        out.print_note(&format!(
            "both had {}; the values of incident {} are kept",
            merged.kept_fields.join(", "),
            view::short_ref(&merged.into)
        ));
    }
    for (before, after) in &merged.renumbered {
        out.print_note(&format!(
            "email m{before} is m{after} now: incident {} had an m{before}",
            view::short_ref(&merged.into)
        ));
    }
    for notice in &merged.notices {
        out.print_note(notice);
    }
    Ok(())
}
