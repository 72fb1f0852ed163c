//! `bridgelog search`.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{CYAN, DIM, Out},
    view,
};
use crate::{
    domain::{
        sanitize,
        time::{UtcTime, format_utc},
        value::Value,
    },
    ops::{OpsError, Session},
    store::{SearchHit, SearchOptions},
};
use clap::Args;
use serde_json::{Value as Json, json};

#[derive(Debug, Args)]
#[command(
    after_help = "All words must occur; the last one may be the beginning of a word. --incident REF searches one incident.\n\n\
    Examples:\n  bridgelog search replica la\n  bridgelog search --all halted"
)]
pub struct SearchArgs {
    /// The words
    #[arg(required = true)]
    query: Vec<String>,
    /// Search earlier versions and retracted events too
    #[arg(long)]
    all: bool,
    /// Print at most N matches, newest first
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &SearchArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    let query = args.query.join(" ");
    if query.trim().is_empty() {
        return Err(OpsError::usage("there is nothing to search for")
            .with_hint("`bridgelog search replica lag`"));
    }
    let incident = match &global.incident {
        Some(reference) => Some(session.resolve_for_read(Some(reference))?.id),
        None => None,
    };
    let hits = session.read().search(
        &query,
        &SearchOptions {
            include_inactive: args.all,
            incident,
            limit: args.limit,
        },
    )?;
    if args.json {
        let hits: Vec<Json> = hits
            .iter()
            .map(|hit| {
                Ok(json!({
                    "handle": (!hit.handle.is_empty()).then_some(&hit.handle), "subject": hit.subject,
                    "incident": incident_ref(&session, hit)?,
                    "at": occurred_at(hit).map(format_utc), "recorded_at": format_utc(hit.entry.header().recorded),
                    "author": hit.entry.header().author,
                    "text": searched_text(&hit.value), "current": hit.is_current,
                }))
            })
            .collect::<Result<_>>()?;
        return out.print_json(&hits);
    }
    if hits.is_empty() {
        out.print_line("nothing found");
    }
    let mut zones = std::collections::HashMap::new();
    for hit in &hits {
        let row = match (hit.incident, zones.get(&hit.incident)) {
            (_, Some(cached)) => Clone::clone(cached),
            (Some(id), None) => session.read().incident_row(id)?,
            (None, None) => None,
        };
        zones.insert(hit.incident, row.clone());
        let zone = session.zone_of(row.as_ref())?;
        out.print_line(&format!(
            "{:>4} {} {CYAN}{}{CYAN:#} {}{}",
            row.as_ref().map_or_else(|| "-".to_owned(), view::short_ref),
            view::format_date_time(
                occurred_at(hit).unwrap_or(hit.entry.header().recorded),
                &zone
            ),
            if hit.handle.is_empty() {
                sanitize::line(&hit.subject.to_string()).into_owned()
            } else {
                hit.handle.clone()
            },
            searched_text(&hit.value),
            if hit.is_current {
                String::new()
            } else {
                format!(" {DIM}(superseded or retracted){DIM:#}")
            }
        ));
    }
    Ok(())
}

/// Returns the whole text of a value that the search covers.
fn searched_text(value: &Value) -> String {
    let parts = match value {
        Value::Event(event) => [&event.rationale, &event.rejected, &event.customer],
        Value::Task(task) => [&None, &None, &task.customer],
        _ => [&None, &None, &None],
    };
    let mut text = view::format_value(value);
    for part in parts.into_iter().flatten() {
        text.push_str(&format!(" · {}", sanitize::line(part)));
    }
    text
}

fn incident_ref(session: &Session, hit: &SearchHit) -> Result<Option<String>> {
    let row = match hit.incident {
        Some(id) => session.read().incident_row(id)?,
        None => None,
    };
    Ok(row.as_ref().map(view::short_ref))
}

fn occurred_at(hit: &SearchHit) -> Option<UtcTime> {
    hit.value.event().map(crate::domain::event::Event::at_utc)
}
