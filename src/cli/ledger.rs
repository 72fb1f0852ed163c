//! `bridgelog ledger`: faults that a protection absorbed, so that no outage happened.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, CYAN, DIM, Out, RED, YELLOW},
    period::PeriodArgs,
    view,
};
use crate::{
    domain::{
        ledger::TimeAtRisk,
        sanitize,
        time::{format_duration, format_utc},
        zone::Zone,
    },
    ops::ledger::{self, LedgerRow},
};
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, Args)]
#[command(
    after_help = "A near miss is a fault that a protection absorbed: log it as `absorbed`, in an incident or outside of one.\n\
    Its first tag names the protection; without a tag, its service does. A `restore` of the same service ends\n\
    the time at risk. A near miss that a later fault exceeded is listed and not counted.\n\n\
    Examples:\n  bridgelog log '03:12 absorbed: a disk failed @search #mirror'\n  \
    bridgelog ledger --since 3mo\n  bridgelog ledger --service search --json"
)]
pub struct LedgerArgs {
    #[command(flatten)]
    period: PeriodArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &LedgerArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    let now = session.now();
    let zone = session.zone_for_new_incident(None)?;
    let since = args.period.start(&session, &zone)?;
    let service = args.period.service();
    let rows = ledger::ledger(&session, since, service, args.period.drills)?;
    let effective = || rows.iter().filter(|row| row.fault.defeated_by.is_none());
    if args.json {
        return out.print_json(&json!({
            "since": since.map(format_utc),
            "until": format_utc(now),
            "service": service,
            "held": effective().count(),
            "overcome": rows.len() - effective().count(),
            "faults": rows.iter().map(|row| row_to_json(row, now)).collect::<Vec<_>>(),
        }));
    }
    for row in &rows {
        print_fault(row, now, &zone, out);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in effective() {
        *counts.entry(&row.fault.protection).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(name, n)| format!("{} {n}", if name.is_empty() { "unnamed" } else { name }))
        .collect();
    let since_text = since.map_or_else(String::new, |at| {
        format!(" since {}", view::format_date_time(at, &zone))
    });
    out.print_line(&sanitize::line(&match effective().count() {
        0 if !rows.is_empty() => {
            format!("no near miss{since_text}: no fault above was held by its protection")
        }
        0 => format!("no near miss was logged{since_text}"),
        1 => format!(
            "1 near miss{since_text}, by protection: {}",
            counts.join(", ")
        ),
        n => format!(
            "{n} near misses{since_text}, by protection: {}",
            counts.join(", ")
        ),
    }));
    Ok(())
}

fn row_to_json(row: &LedgerRow, now: crate::domain::time::UtcTime) -> serde_json::Value {
    let fault = &row.fault;
    json!({
        "handle": fault.handle,
        "incident": row.incident.as_ref().map(view::short_ref),
        "at": format_utc(fault.at),
        "approximate": fault.approximate,
        "protection": fault.protection,
        "services": fault.services,
        "text": fault.text,
        "at_risk_seconds": fault.seconds_at_risk(now),
        "restored_at": fault.restored_at.map(format_utc),
        "overcome_by": fault.defeated_by.as_ref().map(|(handle, _)| handle),
        "overcome_at": fault.defeated_by.as_ref().map(|(_, at)| format_utc(*at)),
    })
}

fn print_fault(row: &LedgerRow, now: crate::domain::time::UtcTime, default_zone: &Zone, out: &Out) {
    let fault = &row.fault;
    let (zone, place) = match &row.incident {
        Some(row) => (
            Zone::find_or_utc(&row.zone),
            format!(" in {}", view::short_ref(row)),
        ),
        None => (default_zone.clone(), String::new()),
    };
    let duration = fault.seconds_at_risk(now).map(format_duration);
    let defeat = fault.seconds_to_defeat().map(format_duration);
    let end = match (&fault.defeated_by, fault.restored_at, duration) {
        (Some((event, _)), _, _) => {
            let after = defeat.unwrap_or_default();
            format!("{RED}exceeded by {event}{RED:#} after {after}")
        }
        (None, _, None) => match fault.risk {
            TimeAtRisk::None => String::new(),
            TimeAtRisk::UnknownSince(at) if at > fault.at => {
                let known = format_duration((at - fault.at).num_seconds());
                format!("{YELLOW}at risk{YELLOW:#} for {known}, then not known")
            }
            TimeAtRisk::UnknownSince(_) => {
                format!("{YELLOW}at risk{YELLOW:#}; how long is not known")
            }
            TimeAtRisk::Lasts | TimeAtRisk::Ended(_) => {
                let newest = view::format_date_time(fault.known_until, &zone);
                format!(
                    "{YELLOW}at risk{YELLOW:#}; how long is not known, it is recorded until {newest}"
                )
            }
        },
        // It was over at once, as it made no service at risk.
        (None, Some(restored), _) if restored == fault.at => "no service at risk".to_owned(),
        (None, Some(_), Some(duration)) => format!("at risk for {duration}"),
        (None, None, Some(duration)) => {
            format!("{YELLOW}at risk{YELLOW:#} for {duration} so far")
        }
    };
    out.print_line(&format!(
        "{}{}  {CYAN}{}{CYAN:#}  {BOLD}{:<14}{BOLD:#} {}  {end}{DIM}{}{DIM:#}",
        if fault.approximate { "~" } else { "" },
        view::format_date_time(fault.at, &zone),
        fault.handle,
        sanitize::line(&fault.protection),
        sanitize::line(&fault.text),
        sanitize::line(&place) + view::unknown_zone_notice(&zone).as_str()
    ));
}
