//! `bridgelog show`: the timeline.

use super::{error::Result, global::GlobalArgs, json, out::Out, view};
use crate::domain::{
    incident::{Incident, Record},
    sanitize,
    states::{StartedStates, States, shown_state},
    zone::Zone,
};
use clap::Args;
use serde_json::json;
use uuid::Uuid;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog show\n  bridgelog show 7 --json\n  bridgelog show --newest 50"
)]
pub struct ShowArgs {
    /// Which incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// The events that no incident has
    #[arg(long, conflicts_with = "reference")]
    unfiled: bool,
    /// Only the newest events, this many
    #[arg(long, value_name = "N")]
    newest: Option<usize>,
    /// Retracted events too (JSON always has them)
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &ShowArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    if args.unfiled {
        let mut events = session
            .read()
            .unfiled_events(None, args.newest.unwrap_or(usize::MAX))?;
        events.reverse();
        if args.json {
            let handles = json::HandleLookup::for_session(&session);
            let events: Vec<_> = events
                .iter()
                .map(|e| json::EventJson::new(e, &handles))
                .collect();
            return out.print_json(&json!({"incident": null, "events": events, "states": []}));
        }
        let zone = session.zone_for_new_incident(None)?;
        let shown: Vec<_> = events
            .iter()
            .filter(|e| args.all || e.is_active())
            .collect();
        if shown.is_empty() {
            out.print_line("nothing is unfiled");
        }
        view::print_timeline(out, &shown, &StartedStates::new(), &zone, &[]);
        return Ok(());
    }
    let row = session.resolve_for_read(args.reference.as_deref())?;
    let zone = Zone::find(&row.zone)?;
    if let (Some(newest), false) = (args.newest, args.json) {
        // Loads only the rows shown: an incident can have very many events.
        let mut events = session.read().newest_events(Some(row.id), newest, None)?;
        events.sort_by_key(Record::sort_key);
        let shown: Vec<_> = events
            .iter()
            .filter(|e| args.all || e.is_active())
            .collect();
        out.print_line(&view::label(&row));
        let started = session.started_states(Some(&row))?;
        view::print_timeline(out, &shown, &started, &zone, &[]);
        return Ok(());
    }
    let incident = session.load_incident(&row)?;
    let states = States::from_incident(&incident);
    let started = states.started_states();
    if args.json {
        let handles = json::HandleLookup::for_session(&session);
        let skip = incident
            .events
            .len()
            .saturating_sub(args.newest.unwrap_or(usize::MAX));
        let events: Vec<_> = incident
            .events
            .iter()
            .skip(skip)
            .map(|e| json::EventJson::with_state(e, shown_state(e, &started), &handles))
            .collect();
        return out.print_json(&json!({
            "incident": json::IncidentJson::new(&row),
            "events": events,
            "states": json::states_json(&states),
            "unknown": incident.unknown.iter().map(|record| json!({
                "subject": record.subject, "handle": record.handle, "type": record.type_name,
            })).collect::<Vec<_>>(),
        }));
    }
    view::print_header(out, &incident, &row, &states, session.now());
    let shown: Vec<_> = incident
        .events
        .iter()
        .filter(|e| args.all || e.is_active())
        .collect();
    let closed: Vec<Uuid> = incident
        .active_events()
        .filter(|e| e.value.closes)
        .flat_map(|e| e.value.links.iter().copied())
        .collect();
    view::print_timeline(out, &shown, &started, &zone, &closed);
    let retracted = incident.events.len() - incident.active_events().count();
    if retracted > 0 && !args.all {
        out.print_line(&format!(
            "{retracted} retracted; `bridgelog show --all` shows them"
        ));
    }
    print_unknown(out, &incident);
    Ok(())
}

/// Names what a newer version wrote, so that nothing in the journal is out of sight.
fn print_unknown(out: &Out, incident: &Incident) {
    let names: Vec<String> = incident
        .unknown
        .iter()
        .map(|record| {
            let subject = record.subject.to_string();
            let name = match record.handle.as_str() {
                "" => &subject,
                handle => handle,
            };
            sanitize::line(&format!("{name} ({})", record.type_name)).into_owned()
        })
        .collect();
    if !names.is_empty() {
        out.print_line(&format!(
            "{} written by a newer version of Bridgelog and not shown: {}",
            names.len(),
            names.join(", ")
        ));
    }
}
