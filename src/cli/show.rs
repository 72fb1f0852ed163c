//! `bridgelog show`: the timeline.

use super::{
    error::Result,
    global::GlobalArgs,
    json,
    out::{DIM, Out},
    unreadable::note_unreadable,
    view::{self, TimelineMarks},
};
use crate::{
    domain::{
        count::plural,
        event::Event,
        hash::Hash,
        incident::{Incident, Record},
        sanitize,
        states::{StartedStates, States, shown_state},
        zone::Zone,
    },
    ops::{Session, restore, timeline::MAX_SCANNED_EVENTS},
};
use clap::Args;
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog show\n  bridgelog show 7 --json\n  bridgelog show --newest 50"
)]
pub struct ShowArgs {
    /// The incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Show the unassigned events instead
    #[arg(long, conflicts_with = "reference")]
    unfiled: bool,
    /// Show only the newest N events
    #[arg(long, value_name = "N")]
    newest: Option<usize>,
    /// Show undone and retracted events too (JSON always has the retracted ones)
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &ShowArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    let newest = args.newest.unwrap_or(usize::MAX);
    if args.unfiled {
        let events = if args.all {
            session.read().newest_events(None, newest, None)?
        } else {
            session.read().unfiled_events(None, newest)?
        };
        let zone = session.zone_for_new_incident(None)?;
        let listed = Listed::new(&session, None, events, args)?;
        if args.json {
            let events = listed.to_json(&session);
            return out.print_json(&json!({"incident": null, "events": events, "states": []}));
        }
        if listed.events.is_empty() {
            out.print_line("no event is unassigned");
        } else {
            let zone_of_times = view::zone_of_times(zone.name());
            out.print_line(&format!("{DIM}{zone_of_times}{DIM:#}"));
        }
        listed.print(out, &zone);
        listed.print_left_out(out, "bridgelog show --unfiled --all");
        return Ok(());
    }
    let row = session.resolve_for_read(args.reference.as_deref())?;
    let zone = Zone::find(&row.zone)?;
    if let (Some(newest), false) = (args.newest, args.json) {
        // Loads only the rows shown: an incident can have very many events.
        let read = session.read();
        let events = read.newest_events(Some(row.id), newest, None)?;
        let among = newest.saturating_add(MAX_SCANNED_EVENTS);
        let mut closing = Vec::new();
        read.for_newest_events_containing(row.id, among, &[r#""closes":true"#], |mut events| {
            closing.append(&mut events);
        })?;
        let mut listed = Listed::new(&session, Some(row.id), events, args)?;
        listed.marks.closed = TimelineMarks::new(&closing).closed;
        let zone_of_times = view::zone_of_times(&row.zone);
        out.print_line(&format!(
            "{} {DIM}· {zone_of_times}{DIM:#}",
            view::label(&row)
        ));
        listed.started = session.started_states(Some(&row), &listed.events)?;
        listed.print(out, &zone);
        return Ok(());
    }
    let mut incident = session.load_incident(&row)?;
    let states = States::from_incident(&incident);
    if !args.json {
        view::print_header(out, &incident, &row, &states, session.now());
    }
    let mut events = std::mem::take(&mut incident.events);
    events.drain(..events.len().saturating_sub(newest));
    let mut listed = Listed::new(&session, Some(row.id), events, args)?;
    listed.started = states.started_states();
    if args.json {
        return out.print_json(&json!({
            "incident": json::IncidentJson::new(&row),
            "events": listed.to_json(&session),
            "states": json::states_json(&states),
            "unknown": incident.unknown.iter().map(|record| json!({
                "subject": record.subject, "handle": record.handle, "type": record.type_name,
            })).collect::<Vec<_>>(),
        }));
    }
    listed.print(out, &zone);
    listed.print_left_out(out, "bridgelog show --all");
    print_unknown(out, &incident);
    note_unreadable(&incident, out);
    Ok(())
}

/// The files of `events` whose content was destroyed. Asks the store only if an event has a file.
fn destroyed_files<'a>(
    session: &Session,
    incident: Option<Uuid>,
    mut events: impl Iterator<Item = &'a Record<Event>>,
) -> Result<BTreeSet<Hash>> {
    if events.all(|event| event.value.files.is_empty()) {
        return Ok(BTreeSet::new());
    }
    Ok(session.read().destroyed_files(incident)?)
}

/// The events to show, in timeline order, with their marks.
struct Listed {
    events: Vec<Record<Event>>,
    marks: TimelineMarks,
    /// The states that the events started.
    started: StartedStates,
    /// True if retracted and undone events are shown.
    all: bool,
    retracted_count: usize,
    undone_count: usize,
}

impl Listed {
    /// Lists `events` of `incident`; with `--all` those that were undone too.
    fn new(
        session: &Session,
        incident: Option<Uuid>,
        mut events: Vec<Record<Event>>,
        args: &ShowArgs,
    ) -> Result<Self> {
        let mut marks = TimelineMarks::new(&events);
        let retracted_count = events.iter().filter(|e| !e.is_active()).count();
        let undone = if args.all {
            restore::undone_events(session, incident)?
        } else {
            vec![]
        };
        let undone_count = if args.all {
            undone.len()
        } else {
            session.read().undone_events(incident)?.len()
        };
        marks.destroyed_files = destroyed_files(session, incident, events.iter().chain(&undone))?;
        marks.undone = undone.iter().map(|event| event.id).collect();
        events.extend(undone);
        events.sort_by_key(Record::sort_key);
        if let Some(newest) = args.newest {
            events.drain(..events.len().saturating_sub(newest));
        }
        Ok(Self {
            events,
            marks,
            started: StartedStates::new(),
            all: args.all,
            retracted_count,
            undone_count,
        })
    }

    fn to_json<'a>(&'a self, session: &Session) -> Vec<json::EventJson<'a>> {
        let handles = json::handles(session);
        let event_json = |event: &'a Record<Event>| {
            let state = shown_state(event, &self.started);
            let json = json::EventJson::with_state(event, state, &handles)
                .with_destroyed_files(&self.marks.destroyed_files);
            if self.marks.undone.contains(&event.id) {
                json.undone()
            } else {
                json
            }
        };
        self.events.iter().map(event_json).collect()
    }

    fn print(&self, out: &Out, zone: &Zone) {
        let shown: Vec<_> = self
            .events
            .iter()
            .filter(|e| self.all || e.is_active())
            .collect();
        view::print_timeline(out, &shown, &self.started, zone, &self.marks);
        if self.all && self.retracted_count + self.undone_count > 0 {
            out.print_line(
                "`bridgelog restore-event HANDLE` brings back what was retracted or undone",
            );
        }
    }

    /// Says how many events are not shown; `command` shows them.
    fn print_left_out(&self, out: &Out, command: &str) {
        let counts: Vec<String> = [
            (self.retracted_count, "retracted"),
            (self.undone_count, "undone"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
        if counts.is_empty() || self.all {
            return;
        }
        let them = plural(self.retracted_count + self.undone_count, "it", "them");
        out.print_line(&format!("{}; `{command}` shows {them}", counts.join(", ")));
    }
}

/// Names what a newer version wrote, so that nothing in the journal is out of sight.
fn print_unknown(out: &Out, incident: &Incident) {
    let names: Vec<String> = incident
        .unknown
        .iter()
        .filter(|record| !record.is_unreadable())
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
