//! `bridgelog metrics`: every figure with its formula and the events it came from.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, DIM, Out},
    view,
};
use crate::domain::{
    metrics::{Metric, MetricPoint, Metrics},
    sanitize,
    states::States,
    time::format_duration,
    zone::Zone,
};
use clap::Args;

/// What `metrics` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bridgelog metrics\n  bridgelog metrics 7 --json")]
pub struct MetricsArgs {
    /// Which incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &MetricsArgs, out: &Out) -> Result {
    let book = global.open_existing()?;
    let row = book.resolve_for_read(args.reference.as_deref())?;
    let incident = book.load_incident(&row)?;
    let states = States::from_incident(&incident);
    let metrics = Metrics::compute(&incident, &states, book.now());
    if args.json {
        return out.print_json(&metrics);
    }
    let zone = Zone::find(&row.zone)?;
    out.print_line(&view::label(&row));
    for figure in &metrics.overall {
        print_figure(out, figure, &zone);
    }
    // One service alone has the figures of the whole.
    let several = metrics.services.len() > 1;
    for (service, figures) in metrics.services.iter().filter(|_| several) {
        out.print_line(&format!("\n{BOLD}{}{BOLD:#}", sanitize::line(service)));
        for figure in figures.iter().filter(|f| f.seconds.is_some_and(|s| s > 0)) {
            print_figure(out, figure, &zone);
        }
    }
    Ok(())
}

fn print_figure(out: &Out, figure: &Metric, zone: &Zone) {
    let value = match (figure.seconds, &figure.reason) {
        (Some(seconds), _) => format!(
            "{}{}{}",
            if figure.approximate { "~" } else { "" },
            format_duration(seconds),
            if figure.ongoing { ", going on" } else { "" }
        ),
        (None, Some(reason)) => format!("none: {reason}"),
        (None, None) => "none".to_owned(),
    };
    out.print_line(&format!(
        "{BOLD}{:<22}{BOLD:#} {}",
        figure.name,
        sanitize::line(&value)
    ));
    out.print_line(&format!("{:22} {DIM}{}{DIM:#}", "", figure.formula));
    let point = |point: &Option<MetricPoint>| {
        point
            .as_ref()
            .map(|p| format!("{} {}", p.event, view::format_date_time(p.at, zone)))
    };
    if let (Some(from), Some(to)) = (point(&figure.from), point(&figure.to)) {
        out.print_line(&format!("{:22} {DIM}{from} → {to}{DIM:#}", ""));
    }
    if let (Some(reason), Some(_)) = (&figure.reason, figure.seconds) {
        out.print_line(&format!("{:22} {DIM}{}{DIM:#}", "", sanitize::line(reason)));
    }
}
