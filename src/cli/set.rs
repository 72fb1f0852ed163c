//! `bridgelog set`: sets a field of the incident.

use super::{error::Result, global::GlobalArgs, out::Out, view};
use crate::{
    domain::{
        incident::{Audience, FIELDS},
        sanitize,
        time::parse_utc,
        zone::Zone,
    },
    ops::{field, status},
};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    bridgelog set severity sev1 --at 10:15   a change, with a row in the timeline\n  \
    bridgelog set commander 'Ann Lee'        a correction; `handoff` hands over\n  \
    bridgelog set customer-scope 'a small part of our customers'\n  \
    bridgelog set data-loss none             or unknown, or what was lost\n  \
    bridgelog set next-update 11:30\n  \
    bridgelog set ticket https://tracker.example/OPS-7\n  \
    bridgelog set scope -                    clears it")]
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

/// Names the fields, for the help.
pub(super) fn fields_help() -> String {
    let names = |audience: Audience| {
        let of = FIELDS.iter().filter(|(_, reads)| *reads == audience);
        of.map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
    };
    format!(
        "Fields: {} {}. Customers read: {}.",
        field::EVENT_BACKED_FIELDS.join(" "),
        names(Audience::Internal),
        names(Audience::Customers)
    )
}

/// Prints the new and the previous value.
pub(super) fn report_set(change: &field::FieldChange, out: &Out) {
    // A time is stored with its offset, and printed as every other one.
    let printed = |value: &str| match (parse_utc(value), Zone::find(&change.incident.zone)) {
        (Some(at), Ok(zone)) => status::format_date_time(at, &zone),
        _ => value.to_owned(),
    };
    let before = change
        .before
        .as_ref()
        .map_or_else(String::new, |b| format!(" (was: {})", printed(b)));
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
            printed(&change.value)
        )
    };
    out.print_line(&sanitize::line(&line));
    for notice in &change.notices {
        out.print_note(notice);
    }
}
