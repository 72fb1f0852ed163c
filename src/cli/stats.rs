//! `bridgelog stats`: the incidents of a period in one table, then by severity and by service.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, DIM, Out, RED},
    period::PeriodArgs,
    view,
};
use crate::{
    domain::{
        metrics::Metric,
        sanitize,
        time::{format_duration, format_utc},
        words::Word,
        zone::Zone,
    },
    ops::stats::{self, IncidentStats, TABLE_METRICS},
};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Args)]
#[command(
    after_help = "It lists each incident with its own figures, then by severity and by service. It gives no averages: with few\n\
    incidents, each unlike the others, the list says more. `~` is about, `…` is until now and going on, `+` is without\n\
    what has no recorded state, `–` is not known: `bridgelog metrics` says why.\n\n\
    Examples:\n  bridgelog stats --since 3mo\n  bridgelog stats --service online-db --json"
)]
pub struct StatsArgs {
    #[command(flatten)]
    period: PeriodArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &StatsArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    let now = session.now();
    let zone = session.zone_for_new_incident(None)?;
    let since = args.period.start(&session, &zone)?;
    let service = args.period.service();
    let rows = stats::stats(&session, since, service, args.period.drills)?;
    let by_severity = group_rows(&rows, |row| {
        let severity = &row.incident.severity;
        vec![
            severity
                .as_ref()
                .map_or_else(|| "none".to_owned(), ToString::to_string),
        ]
    });
    let by_service = group_rows(&rows, |row| row.incident.services.clone());
    if args.json {
        let groups = |of: &BTreeMap<String, Vec<&IncidentStats>>| -> BTreeMap<String, Vec<String>> {
            let names = |rows: &Vec<&IncidentStats>| {
                rows.iter().map(|r| view::short_ref(&r.incident)).collect()
            };
            of.iter()
                .map(|(name, rows)| (name.clone(), names(rows)))
                .collect()
        };
        return out.print_json(&json!({
            "since": since.map(format_utc), "until": format_utc(now), "service": service,
            "incidents": rows.iter().map(row_to_json).collect::<Vec<_>>(),
            "by_severity": groups(&by_severity),
            "by_service": groups(&by_service),
            "followups": {
                "open": rows.iter().map(|r| r.open_follow_ups.len()).sum::<usize>(),
                "overdue": rows.iter().map(|r| r.overdue_follow_ups.len()).sum::<usize>(),
                "declined": rows.iter().map(|r| r.declined_follow_ups.len()).sum::<usize>(),
                "done": rows.iter().map(|r| r.done_count).sum::<usize>(),
            },
        }));
    }
    if rows.is_empty() {
        out.print_line("no incident was declared in that time");
        return Ok(());
    }
    print_table(&rows, out);
    // The most severe first, then those that the settings do not have.
    let rank = |name: &&String| {
        let severity = Word::stored(name);
        let rank = session.settings.severities.rank(&severity);
        rank.unwrap_or(usize::MAX)
    };
    let mut severities: Vec<&String> = by_severity.keys().collect();
    severities.sort_by_key(rank);
    out.print_line(&format!("\n{BOLD}by severity{BOLD:#}"));
    for name in severities {
        let rows = by_severity.get(name).map_or(&[][..], Vec::as_slice);
        print_group(name, rows, out, |row| {
            row.figures.iter().find(|figure| figure.name == "impact")
        });
    }
    out.print_line(&format!("\n{BOLD}by service{BOLD:#}"));
    for (name, rows) in &by_service {
        print_group(name, rows, out, |row| row.impact_by_service.get(name));
    }
    print_follow_ups(&rows, out);
    Ok(())
}

fn group_rows(
    rows: &[IncidentStats],
    names: impl Fn(&IncidentStats) -> Vec<String>,
) -> BTreeMap<String, Vec<&IncidentStats>> {
    let mut groups: BTreeMap<String, Vec<&IncidentStats>> = BTreeMap::new();
    for row in rows {
        for name in names(row) {
            groups.entry(name).or_default().push(row);
        }
    }
    groups
}

fn format_metric(metric: Option<&Metric>) -> String {
    metric.map_or_else(
        || "–".to_owned(),
        |f| match f.seconds {
            Some(seconds) => format!(
                "{}{}{}{}",
                if f.approximate && seconds != 0 {
                    "~"
                } else {
                    ""
                },
                format_duration(seconds),
                if f.is_partial { "+" } else { "" },
                if f.ongoing { "…" } else { "" }
            ),
            None => "–".to_owned(),
        },
    )
}

fn row_to_json(row: &IncidentStats) -> Value {
    let metrics: serde_json::Map<String, Value> = row
        .figures
        .iter()
        .map(|f| {
            let metric = json!({
                "seconds": f.seconds, "approximate": f.approximate, "ongoing": f.ongoing,
                "reason": f.reason,
            });
            (f.name.to_owned(), metric)
        })
        .collect();
    json!({
        "incident": view::short_ref(&row.incident), "handle": row.incident.handle,
        "title": row.incident.title, "severity": row.incident.severity,
        "services": row.incident.services, "declared": row.incident.declared.map(format_utc),
        "resolved": row.incident.resolved.map(format_utc), "metrics": metrics,
        "followups": {
            "open": row.open_follow_ups, "overdue": row.overdue_follow_ups, "declined": row.declined_follow_ups, "done": row.done_count,
        },
    })
}

/// The least width of a column with a figure.
const COLUMN: usize = 12;

fn print_table(rows: &[IncidentStats], out: &Out) {
    let mut columns: Vec<Vec<String>> = Vec::with_capacity(TABLE_METRICS.len());
    for (name, heading) in TABLE_METRICS {
        let figures = rows.iter().map(|row| {
            let metric = row.figures.iter().find(|figure| figure.name == name);
            format_metric(metric)
        });
        let cells: Vec<String> = [heading.to_owned()].into_iter().chain(figures).collect();
        let widest = cells.iter().map(|cell| cell.chars().count()).max();
        let width = COLUMN.max(widest.unwrap_or(0) + 2);
        let padded = cells.iter().map(|cell| format!("{cell:>width$}"));
        columns.push(padded.collect());
    }
    let line =
        |row: usize| -> String { columns.iter().map(|column| column[row].as_str()).collect() };
    out.print_line(&format!(
        "{DIM}{:>6}  {:<10}  {:<8}{}  title{DIM:#}",
        "",
        "declared",
        "severity",
        line(0)
    ));
    for (number, row) in rows.iter().enumerate() {
        let incident = &row.incident;
        let zone = Zone::find_or_utc(&incident.zone);
        let day = incident.declared.map_or_else(String::new, |at| {
            zone.to_local(at).format("%Y-%m-%d").to_string()
        });
        out.print_line(&format!(
            "{BOLD}{:>6}{BOLD:#}  {day:<10}  {:<8}{}  {}{}",
            view::short_ref(incident),
            incident.severity.as_ref().map_or_else(
                || "–".to_owned(),
                |s| sanitize::line(&s.to_string()).into_owned()
            ),
            line(number + 1),
            sanitize::line(&incident.title),
            view::unknown_zone_notice(&zone)
        ));
    }
}

/// Prints one severity or service: each of its incidents with its time in impact, which `impact` returns.
fn print_group(
    name: &str,
    rows: &[&IncidentStats],
    out: &Out,
    impact: impl Fn(&IncidentStats) -> Option<&Metric>,
) {
    let each: Vec<String> = rows
        .iter()
        .map(|row| {
            format!(
                "{}: {}",
                view::short_ref(&row.incident),
                format_metric(impact(row))
            )
        })
        .collect();
    out.print_line(&format!(
        "  {:<16} {:>3}   impact {}",
        sanitize::line(name),
        rows.len(),
        sanitize::line(&each.join(", "))
    ));
}

fn print_follow_ups(rows: &[IncidentStats], out: &Out) {
    out.print_line(&format!("\n{BOLD}follow-ups{BOLD:#}"));
    let list = |of: fn(&IncidentStats) -> &Vec<String>| {
        let all: Vec<&str> = rows
            .iter()
            .flat_map(|r| of(r).iter().map(String::as_str))
            .collect();
        format!("{:>3}  {}", all.len(), all.join(" "))
    };
    out.print_line(&format!("  open     {}", list(|r| &r.open_follow_ups)));
    out.print_line(&format!(
        "  {RED}overdue{RED:#}  {}",
        list(|r| &r.overdue_follow_ups)
    ));
    out.print_line(&format!("  declined {}", list(|r| &r.declined_follow_ups)));
    out.print_line(&format!(
        "  done     {:>3}",
        rows.iter().map(|r| r.done_count).sum::<usize>()
    ));
}
