//! `bridgelog list`.

use super::{
    error::Result,
    global::GlobalArgs,
    json,
    out::{BOLD, DIM, Out},
    view,
};
use crate::domain::{sanitize, zone::Zone};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bridgelog list --json")]
pub struct ListArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &ListArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    let mut rows = session.read().incidents()?;
    rows.retain(|row| row.merged_into.is_none());
    if args.json {
        let rows: Vec<_> = rows.iter().map(json::IncidentJson::new).collect();
        return out.print_json(&rows);
    }
    if rows.is_empty() {
        out.print_line("no incident yet: `bridgelog declare 'TITLE'` begins one");
    }
    for row in &rows {
        let zone = Zone::find_or_utc(&row.zone);
        let state = row.state.map_or_else(
            || "no state ".to_owned(),
            |state| {
                let style = view::state_style(state);
                format!("{style}{:<9}{style:#}", view::state_label(state))
            },
        );
        let severity = (row.severity.as_ref())
            .map_or_else(String::new, |s| sanitize::line(&s.to_string()).into_owned());
        out.print_line(&format!(
            "{BOLD}{:>4}{BOLD:#}  {}  {:<8}  {severity:<5}  {state}  {}  {DIM}{}{}{DIM:#}",
            view::short_ref(row),
            row.handle,
            if row.resolved.is_some() {
                "resolved"
            } else {
                "open"
            },
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
