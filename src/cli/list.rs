//! `bridgelog list`.

use super::{
    error::Result,
    global::GlobalArgs,
    json,
    out::{BOLD, DIM, Out},
    view,
};
use crate::{
    domain::{sanitize, time::UtcTime, zone::Zone},
    ops::{IncidentRow, Session, ledger},
};
use chrono::{Duration, NaiveDate};
use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog list --open\n  bridgelog list --since 3mo --severity sev1 --severity sev2\n  \
    bridgelog list --since 2012-08-01 --until 2012-08-31 --json"
)]
pub struct ListArgs {
    /// Only those that are not resolved
    #[arg(long)]
    open: bool,
    /// Only those declared then or later: 3mo, 2w, a day or a time
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only those declared then or earlier; of a day alone, to its end
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    until: Option<String>,
    /// Only those of this severity now; may be given again, `none` for those without one
    #[arg(long = "severity", value_name = "SEV")]
    severities: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What the arguments leave in the list.
struct Filter {
    open: bool,
    since: Option<UtcTime>,
    until: Option<UtcTime>,
    /// Empty for all; an empty word stands for no severity.
    severities: Vec<String>,
}

impl ListArgs {
    /// # Errors
    /// A time that is none, or a severity that no incident can have.
    fn filter(&self, session: &Session) -> Result<Filter> {
        let zone = session.zone_for_new_incident(None)?;
        let now = session.now();
        let parse = |typed: &String| ledger::parse_period_start(typed, now, &zone);
        let until = match &self.until {
            None => None,
            Some(typed) => {
                let from = parse(typed)?;
                let is_day = typed.trim().parse::<NaiveDate>().is_ok();
                let end = zone.to_local(from).date_naive().succ_opt();
                match end.filter(|_| is_day) {
                    Some(next) => {
                        Some(parse(&next.to_string()).unwrap_or(now) - Duration::microseconds(1))
                    }
                    None => Some(from),
                }
            }
        };
        let severity = |typed: &String| match typed.to_lowercase().as_str() {
            "none" => Ok(String::new()),
            _ => session.parse_severity(typed).map(|word| word.to_string()),
        };
        Ok(Filter {
            open: self.open,
            since: self.since.as_ref().map(parse).transpose()?,
            until,
            severities: self
                .severities
                .iter()
                .map(severity)
                .collect::<Result<_>>()?,
        })
    }
}

impl Filter {
    fn matches(&self, row: &IncidentRow) -> bool {
        let declared = |holds: &dyn Fn(UtcTime) -> bool| row.declared.is_some_and(holds);
        let severity = row.severity.as_ref().map(ToString::to_string);
        (!self.open || row.resolved.is_none())
            && self.since.is_none_or(|since| declared(&|at| at >= since))
            && self.until.is_none_or(|until| declared(&|at| at <= until))
            && (self.severities.is_empty()
                || self.severities.contains(&severity.unwrap_or_default()))
    }
}

pub(super) fn run(global: &GlobalArgs, args: &ListArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    let mut rows = session.read().incidents()?;
    rows.retain(|row| row.merged_into.is_none());
    let any = rows.len();
    let filter = args.filter(&session)?;
    rows.retain(|row| filter.matches(row));
    if args.json {
        let rows: Vec<_> = rows.iter().map(json::IncidentJson::new).collect();
        return out.print_json(&rows);
    }
    match (rows.len(), any) {
        (0, 0) => out.print_line("no incident yet: `bridgelog declare 'TITLE'` begins one"),
        (0, 1) => out.print_line("no such incident; there is 1 in all"),
        (0, any) => out.print_line(&format!("no such incident; there are {any} in all")),
        _ => {}
    }
    let columns = rows.iter().filter_map(|row| row.severity.as_ref());
    let columns = columns.map(|s| s.to_string().chars().count()).max();
    let columns = columns.unwrap_or(0).max(5);
    for row in &rows {
        let zone = Zone::find_or_utc(&row.zone);
        let state = row.state.map_or_else(
            || "no state ".to_owned(),
            |state| {
                let style = view::state_style(state);
                format!("{style}{:<9}{style:#}", state.label())
            },
        );
        let severity = (row.severity.as_ref())
            .map_or_else(String::new, |s| sanitize::line(&s.to_string()).into_owned());
        out.print_line(&format!(
            "{BOLD}{:>4}{BOLD:#}  {}  {:<8}  {severity:<columns$}  {state}  {}{}  {DIM}{}{}{DIM:#}",
            view::short_ref(row),
            row.handle,
            if row.resolved.is_some() {
                "resolved"
            } else {
                "open"
            },
            row.marks(),
            sanitize::line(&row.title),
            row.declared
                .map_or_else(String::new, |at| view::format_date_time(at, &zone)),
            view::unknown_zone_notice(&zone),
        ));
    }
    let unfiled = session.read().unfiled_events(None, usize::MAX)?.len();
    if unfiled > 0 {
        out.print_line(&format!(
            "{DIM}{unfiled} unassigned events: `bridgelog show --unfiled`{DIM:#}"
        ));
    }
    Ok(())
}
