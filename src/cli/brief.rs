//! `bridgelog brief`: the incident for an executive, in at most 120 words. `bridgelog status --brief` is the
//! same.

use super::{error::Result, global::GlobalArgs, json, out::Out, unreadable::note_unreadable};
use crate::{
    domain::{
        metrics::Metrics,
        states::States,
        time::{format_utc, parse_utc},
    },
    ops::{
        Session,
        brief::{brief, word_count},
    },
};
use clap::Args;
use serde_json::{Map, json};

#[derive(Debug, Args)]
#[command(
    after_help = "It says what customers cannot do, how many, since when, the state now, who commands, \
what is being done, when the next update comes, and what is not known. What is not recorded is said to be \
not recorded.\n\n\
Services without a public name, hosts and people other than the commander are shown as [a system] and \
[someone].\n\n\
Examples:\n  \
bridgelog brief\n  \
bridgelog brief 7 --json\n  \
bridgelog set customer-impact 'shops cannot take orders'  what it needs most"
)]
pub struct BriefArgs {
    /// The incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &BriefArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    print_brief(&session, args.reference.as_deref(), args.json, out)
}

/// Prints the brief of the incident that `reference` means.
pub(super) fn print_brief(
    session: &Session,
    reference: Option<&str>,
    as_json: bool,
    out: &Out,
) -> Result {
    let row = session.resolve_for_read(reference)?;
    let incident = session.load_incident(&row)?;
    note_unreadable(&incident, out);
    let brief = brief(session, &incident)?;
    if !as_json {
        out.print_document(&format!("{}\n", brief.text()));
        if brief.is_shortened {
            out.print_note(
                "a text that ends with `…` is shortened; `bridgelog brief --json` has it whole",
            );
        }
        return Ok(());
    }
    let facts: Map<String, serde_json::Value> = brief
        .facts
        .iter()
        .map(|fact| {
            let value = json!({"text": fact.full_text(), "recorded": fact.is_recorded});
            (fact.name.to_owned(), value)
        })
        .collect();
    let states = States::from_incident(&incident);
    let metrics = Metrics::compute(&incident, &states, session.now());
    let next_update = incident.fields.get("next-update");
    out.print_json(&json!({
        "incident": json::IncidentJson::new(&row),
        "as_of": format_utc(session.now()),
        "text": brief.text(),
        "words": word_count(brief.text()),
        "facts": facts,
        "left_out": brief.left_out,
        "shortened": brief.is_shortened,
        "impact_from": states.impact_start().map(|span| format_utc(span.from)),
        "impact_seconds": metrics.get("impact").and_then(|metric| metric.seconds),
        "next_update": next_update.and_then(|text| parse_utc(text)).map(format_utc),
    }))
}
