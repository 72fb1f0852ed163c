//! `bridgelog set`: sets a field of the incident.

use super::{error::Result, global::GlobalArgs, out::Out, view};
use crate::{domain::sanitize, ops::field};
use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Fields: title severity commander scribe comms-lead impact scope zone\n\
    trigger resolution owner authors;\n\
    for customers: product customer-scope customer-impact customer-action\n\
    unaffected data-loss next-update followup-by ledger-in-letter\n\n\
    Examples:\n  \
    bridgelog set severity sev1 --at 10:15   a change, with a row in the timeline\n  \
    bridgelog set commander 'Ann Lee'        corrects the commander; `handoff` hands over\n  \
    bridgelog set customer-scope 'a small part of our customers'\n  \
    bridgelog set data-loss none             or unknown, or what was lost\n  \
    bridgelog set next-update 11:30\n  \
    bridgelog set scope -                    clears it"
)]
pub struct SetArgs {
    /// The field
    field: String,
    /// The new value; `-` clears the field
    #[arg(required = true)]
    value: Vec<String>,
    /// For severity: since when; for commander: who held it at that time
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<String>,
}

pub(super) fn run(global: &GlobalArgs, args: &SetArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let change = field::set(
        &mut session,
        None,
        &args.field,
        &args.value.join(" "),
        args.at.as_deref(),
    )?;
    report_set(&change, out);
    Ok(())
}

/// Prints the new and the previous value.
pub(super) fn report_set(change: &field::FieldChange, out: &Out) {
    let before = change
        .before
        .as_ref()
        .map_or_else(String::new, |b| format!(" (was: {b})"));
    let line = if change.value.is_empty() {
        format!(
            "cleared {} of {}{before}",
            change.name,
            view::short_ref(&change.incident)
        )
    } else {
        format!(
            "set {} of {} to: {}{before}",
            change.name,
            view::short_ref(&change.incident),
            change.value
        )
    };
    out.print_line(&sanitize::line(&line));
    for notice in &change.notices {
        out.print_note(notice);
    }
}
