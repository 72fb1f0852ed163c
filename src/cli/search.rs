//! `bridgelog search`.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, CYAN, DIM, Out},
    view,
};
use crate::{
    domain::{
        sanitize,
        search::{Query, Snippet, snippet},
        time::{UtcTime, format_utc},
    },
    ops::{OpsError, Session, search},
    store::{SearchHit, SearchOptions},
};
use clap::Args;
use serde_json::{Value as Json, json};

/// The longest text of a hit that is printed, in characters.
const MAX_PRINTED: usize = 200;

#[derive(Debug, Args)]
#[command(
    after_help = "All words must occur, in any order; the last one may be the beginning of a word, and so may\n\
    `repl*`. What is in double quotes is a phrase. In Chinese, Japanese, Thai, Lao, Khmer and Burmese any\n\
    part of a text is found. 'lag -drill', in quotes for the shell, leaves out what has the second word.\n\n\
    Filters, alone or beside words; with commas, one of the values:\n\
    kind:decision service:online-db tag:storage by:ann state:down\n\
    after:2026-11-01 before:yesterday incident:7\n\
    After a day means from its beginning on, before a day up to it. -kind:note leaves out.\n\n\
    Examples:\n  bridgelog search replica la\n  bridgelog search --all halted\n  \
    bridgelog search '\"disk full\" service:online-db after:\"27 Nov 05:15\"'\n  \
    bridgelog search kind:decision by:ann\n  bridgelog search 障害"
)]
pub struct SearchArgs {
    /// Words, "phrases" and filters such as kind:decision
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
    let typed = args.query.join(" ");
    if typed.trim().is_empty() {
        return Err(OpsError::usage("there is nothing to search for")
            .with_hint("`bridgelog search replica lag`"));
    }
    let options = SearchOptions {
        include_inactive: args.all,
        limit: args.limit,
        ..SearchOptions::default()
    };
    let (query, answer) = search::search(&session, &typed, global.incident.as_deref(), options)?;
    if args.json {
        let hits: Vec<Json> = answer
            .hits
            .iter()
            .map(|hit| {
                let text = sanitize::block(&search::shown_text(&hit.value, &query)).into_owned();
                let found = query.found_in(&text).into_iter();
                Ok(json!({
                    "handle": (!hit.handle.is_empty()).then_some(&hit.handle), "subject": hit.subject,
                    "incident": incident_ref(&session, hit)?,
                    "at": occurred_at(hit).map(format_utc), "recorded_at": format_utc(hit.entry.header().recorded),
                    "author": hit.entry.header().author,
                    "found": found.map(|place| [place.start, place.end]).collect::<Vec<_>>(),
                    "text": text, "current": hit.is_current,
                }))
            })
            .collect::<Result<_>>()?;
        return out.print_json(&hits);
    }
    if answer.hits.is_empty() {
        out.print_line("nothing found");
    }
    let mut zones = std::collections::HashMap::new();
    for hit in &answer.hits {
        let row = match (hit.incident, zones.get(&hit.incident)) {
            (_, Some(cached)) => Clone::clone(cached),
            (Some(id), None) => session.read().incident_row(id)?,
            (None, None) => None,
        };
        zones.insert(hit.incident, row.clone());
        let zone = session.zone_of(row.as_ref())?;
        out.print_line(&format!(
            "{:>4} {}{} {CYAN}{}{CYAN:#} {}{}",
            row.as_ref().map_or_else(|| "-".to_owned(), view::short_ref),
            if hit.value.event().is_some_and(|event| event.approximate) {
                "~"
            } else {
                ""
            },
            view::format_date_time(
                occurred_at(hit).unwrap_or(hit.entry.header().recorded),
                &zone
            ),
            if hit.handle.is_empty() {
                sanitize::line(&hit.subject.to_string()).into_owned()
            } else {
                hit.handle.clone()
            },
            marked_text(hit, &query),
            if hit.is_current {
                String::new()
            } else {
                format!(" {DIM}(superseded or retracted){DIM:#}")
            }
        ));
    }
    Ok(())
}

/// Returns the text of a hit on one line with the found words in bold; of a long text, what is around the
/// first of them.
fn marked_text(hit: &SearchHit, query: &Query) -> String {
    let text = search::shown_text(&hit.value, query);
    let text = sanitize::one_line(&text);
    let Snippet { text, found } = snippet(&text, &query.found_in(&text), MAX_PRINTED);
    let mut marked = String::with_capacity(text.len());
    let mut places = found.iter().peekable();
    for (at, c) in text.chars().enumerate() {
        if places.peek().is_some_and(|place| place.start == at) {
            marked.push_str(&format!("{BOLD}"));
        }
        marked.push(c);
        if places.next_if(|place| place.end == at + 1).is_some() {
            marked.push_str(&format!("{BOLD:#}"));
        }
    }
    marked
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
