//! `bridgelog status`, and `bridgelog` without a command where it cannot run the app.

use super::{
    brief,
    error::Result,
    global::GlobalArgs,
    json,
    out::{BOLD, DIM, Out},
    task,
    unreadable::note_unreadable,
    view,
};
use crate::{
    domain::{
        event::Event,
        incident::{Incident, Record},
        metrics::Metrics,
        sanitize,
        states::{NAMELESS, States, shown_state},
        task::ask_due,
        time::{UtcTime, format_utc, parse_utc},
        words::Kind,
        zone::Zone,
    },
    ops::{
        OpsError, Session,
        context::{LineContext, LineOptions},
        seen_before::{self, SeenIncident},
    },
};
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    bridgelog status --brief                  as `bridgelog brief`\n  \
    bridgelog status --since handoff          what happened since the last handoff\n  \
    bridgelog status 7 --since 10:00")]
pub struct StatusArgs {
    /// The incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Print what `bridgelog brief` prints
    #[arg(long, conflicts_with = "since")]
    brief: bool,
    /// Only what happened since: a time, or `handoff` for the last handoff
    #[arg(long, value_name = "handoff|WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the status of the open or latest incident, and commands to run next.
pub(super) fn run_default(global: &GlobalArgs, out: &Out) -> Result {
    let path = global.db_path()?;
    if !path.exists() {
        out.print_line("No incident yet; the database is empty.");
        print_suggestion(
            out,
            "bridgelog declare 'What is broken' --severity sev2",
            "begins one",
        );
        print_suggestion(
            out,
            "bridgelog log 'something looks odd'",
            "notes it down without one",
        );
        print_suggestion(out, "bridgelog --help", "lists everything else");
        return Ok(());
    }
    let session = global.open_existing()?;
    let open = session.read().open_incidents()?;
    if open.len() > 1 {
        for row in &open {
            out.print_line(&format!("open: {}", view::label(row)));
        }
        print_suggestion(out, "bridgelog status REF", "shows one of them");
        return Ok(());
    }
    let latest = match session.read().last_added_incident()? {
        Some(latest) => open.first().cloned().unwrap_or(latest),
        None => {
            let unfiled = session.read().unfiled_events(None, usize::MAX)?.len();
            out.print_line(&format!("No incident yet; {unfiled} unassigned events."));
            print_suggestion(
                out,
                "bridgelog declare 'What is broken' --adopt all",
                "begins one",
            );
            return Ok(());
        }
    };
    let args = StatusArgs {
        reference: Some(latest.handle.clone()),
        brief: false,
        since: None,
        json: false,
    };
    print_status(&session, &args, out)?;
    out.print_line("");
    if latest.resolved.is_none() {
        print_suggestion(out, "bridgelog log 'what happened'", "writes it down");
        print_suggestion(out, "bridgelog email", "drafts the customer email");
        print_suggestion(out, "bridgelog resolve", "ends the incident");
    } else {
        print_suggestion(
            out,
            "bridgelog declare 'What is broken'",
            "begins the next incident",
        );
        print_suggestion(out, "bridgelog postmortem", "prints the postmortem");
        print_suggestion(
            out,
            "bridgelog email --stage followup",
            "drafts the follow-up email to customers",
        );
    }
    Ok(())
}

fn print_suggestion(out: &Out, command: &str, what: &str) {
    out.print_line(&format!("  {BOLD}{command}{BOLD:#}  {DIM}{what}{DIM:#}"));
}

pub(super) fn run(global: &GlobalArgs, args: &StatusArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    print_status(&session, args, out)
}

fn print_status(session: &Session, args: &StatusArgs, out: &Out) -> Result {
    if args.brief {
        return brief::print_brief(session, args.reference.as_deref(), args.json, out);
    }
    let row = session.resolve_for_read(args.reference.as_deref())?;
    let incident = session.load_incident(&row)?;
    note_unreadable(&incident, out);
    let states = States::from_incident(&incident);
    let started = states.started_states();
    let zone = Zone::find(&row.zone)?;
    let now = session.now();
    let since = match &args.since {
        Some(since) => {
            let context = session.line_context(Some(&row), &LineOptions::for_typed_line(None))?;
            Some(resolve_since(&incident, since, &context, out)?)
        }
        None => None,
    };
    let recent = recent_events(&incident, since);
    let next_update = incident
        .fields
        .get("next-update")
        .and_then(|text| parse_utc(text));
    let seen = match incident.is_open() {
        true => seen_before::seen_before(session, &row, now)?,
        false => Vec::new(),
    };
    if args.json {
        let handles = json::handles(session);
        let events: Vec<_> = recent
            .iter()
            .map(|e| json::EventJson::with_state(e, shown_state(e, &started), &handles))
            .collect();
        let asks: Vec<_> = incident
            .open_asks()
            .iter()
            .map(|a| a.handle.clone())
            .collect();
        return out.print_json(&json!({
            "incident": json::IncidentJson::new(&row),
            "since": since.map(format_utc),
            "impact_seconds": Metrics::compute(&incident, &states, now).get("impact").and_then(|f| f.seconds),
            "next_update": next_update.map(format_utc),
            "open_asks": asks,
            "states": json::states_json(&states),
            "seen_before": seen.iter().map(seen_json).collect::<Vec<_>>(),
            "events": events,
        }));
    }
    view::print_header(out, &incident, &row, &states, now);
    for (service, spans) in &states.services {
        let service = match service.as_str() {
            // The head has the state of an incident without services.
            NAMELESS if states.services.len() == 1 => continue,
            NAMELESS => "(no service)",
            name => name,
        };
        if let Some(span) = spans.last() {
            let style = view::state_style(span.state);
            out.print_line(&format!(
                "  {:<18} {style}{}{style:#} since {}{}",
                sanitize::line(service),
                span.state.label(),
                if span.approximate { "about " } else { "" },
                view::format_date_time(span.from, &zone)
            ));
        }
    }
    for (name, label) in [
        ("impact", "impact"),
        ("scope", "scope"),
        ("customer-scope", "customers"),
    ] {
        if let Some(text) = incident.fields.get(name) {
            out.print_line(&format!("  {label:<18} {}", sanitize::line(text)));
        }
    }
    if let Some(due) = next_update.filter(|_| incident.is_open()) {
        out.print_line(&format!(
            "  {:<18} {}{}",
            "next update",
            view::format_date_time(due, &zone),
            task::time_left(Some(due), now)
        ));
    }
    let asks = incident.open_asks();
    if !asks.is_empty() {
        out.print_line(&format!("{BOLD}Open asks{BOLD:#}"));
        for ask in asks {
            out.print_line(&format!(
                "  {} {}{DIM}{}{DIM:#}{}",
                ask.handle,
                sanitize::one_line(&view::event_text(&ask.value)),
                view::format_people(&ask.value),
                task::time_left(ask_due(&ask.value), now)
            ));
        }
    }
    print_seen_before(out, &seen, &zone);
    let heading = since.map_or_else(
        || "Latest".to_owned(),
        |since| {
            format!(
                "Happened or recorded since {}",
                view::format_date_time(since, &zone)
            )
        },
    );
    out.print_line(&format!("{BOLD}{heading}{BOLD:#}"));
    if recent.is_empty() {
        out.print_line("  nothing");
    }
    let marks = view::TimelineMarks::new(&incident.events);
    view::print_timeline(out, &recent, &started, &zone, &marks);
    Ok(())
}

/// Prints the earlier incidents that began alike; nothing if there are none.
fn print_seen_before(out: &Out, seen: &[SeenIncident], zone: &Zone) {
    if seen.is_empty() {
        return;
    }
    out.print_line(&format!("{BOLD}Seen before{BOLD:#}"));
    for earlier in seen {
        out.print_line(&format!(
            "  #{} {} {DIM}{} · in common: {}{DIM:#}",
            earlier.short_ref,
            sanitize::line(&earlier.title),
            zone.to_local(earlier.declared).format("%Y-%m-%d"),
            sanitize::line(&earlier.in_common.join(", "))
        ));
        if let Some(helped) = earlier.what_helped() {
            out.print_line(&format!("     {}", sanitize::one_line(&helped)));
        }
        for action in &earlier.open_actions {
            let overdue = if action.overdue { ", overdue" } else { "" };
            out.print_line(&format!(
                "     not done{overdue}: {} {}",
                action.handle,
                sanitize::one_line(&action.text)
            ));
        }
    }
}

/// Returns the JSON of an earlier incident that began alike.
fn seen_json(earlier: &SeenIncident) -> serde_json::Value {
    let step = earlier.step.as_ref();
    let improvement = earlier.improvement.as_ref();
    let tasks = earlier.open_actions.iter();
    json!({
        "incident": earlier.short_ref,
        "handle": earlier.handle,
        "title": earlier.title,
        "declared_at": format_utc(earlier.declared),
        "score": earlier.score,
        "in_common": earlier.in_common,
        "step": step.map(|step| json!({"handle": step.handle, "kind": step.kind, "text": step.text})),
        "improvement": improvement.map(|better| json!({
            "handle": better.handle,
            "kind": better.kind,
            "service": better.service,
            "seconds_after_step": better.seconds,
            "approximate": better.approximate,
        })),
        "open_follow_ups": tasks.map(|task| json!({
            "handle": task.handle,
            "text": task.text,
            "owner": task.owner,
            "due": task.due.map(format_utc),
            "overdue": task.overdue,
        })).collect::<Vec<_>>(),
    })
}

/// Parses `--since`: a time, or `handoff` for the last one (the declaration if there was none).
fn resolve_since(
    incident: &Incident,
    since: &str,
    context: &LineContext,
    out: &Out,
) -> Result<UtcTime> {
    if since != "handoff" {
        let when = context.parse_time(Some(since))?;
        if let Some(note) = when.assumed_day_notice() {
            out.print_note(&note);
        }
        return Ok(when.at.to_utc());
    }
    let last = incident
        .active_events()
        .rev()
        .find(|e| e.value.kind == Kind::Handoff)
        .map(|e| e.value.at_utc());
    last.or_else(|| incident.declared())
        .ok_or_else(|| OpsError::failed("command has not passed yet"))
}

/// Returns the active events that happened or were recorded since then; without `since` the newest ten.
fn recent_events(incident: &Incident, since: Option<UtcTime>) -> Vec<&Record<Event>> {
    match since {
        Some(since) => incident
            .active_events()
            .filter(|e| e.value.at_utc() >= since || e.recorded >= since)
            .collect(),
        None => {
            let mut newest: Vec<_> = incident.active_events().rev().take(10).collect();
            newest.reverse();
            newest
        }
    }
}
