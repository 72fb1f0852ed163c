//! `bridgelog metrics`: every figure with its formula and the events it came from.

use super::{
    Result,
    global::Global,
    out::{BOLD, DIM, Out},
    view,
};
use crate::domain::{
    metrics::{Figure, Metrics, Point},
    safe,
    states::States,
    time::duration,
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

pub(super) fn run(global: &Global, args: &MetricsArgs, out: &Out) -> Result {
    let book = global.open_to_read()?;
    let row = book.reading(args.reference.as_deref())?;
    let incident = book.incident(&row)?;
    let states = States::of(&incident);
    let metrics = Metrics::of(&incident, &states, book.now());
    if args.json {
        return out.json(&metrics);
    }
    let zone = Zone::find(&row.zone)?;
    out.ansi_line(&view::called(&row));
    for figure in &metrics.overall {
        print(out, figure, &zone);
    }
    // One service alone has the figures of the whole.
    let several = metrics.services.len() > 1;
    for (service, figures) in metrics.services.iter().filter(|_| several) {
        out.ansi_line(&format!("\n{BOLD}{}{BOLD:#}", safe::line(service)));
        for figure in figures.iter().filter(|f| f.seconds.is_some_and(|s| s > 0)) {
            print(out, figure, &zone);
        }
    }
    Ok(())
}

fn print(out: &Out, figure: &Figure, zone: &Zone) {
    let value = match (figure.seconds, &figure.reason) {
        (Some(seconds), _) => format!(
            "{}{}{}",
            if figure.approximate { "~" } else { "" },
            duration(seconds),
            if figure.ongoing { ", going on" } else { "" }
        ),
        (None, Some(reason)) => format!("none: {reason}"),
        (None, None) => "none".to_owned(),
    };
    out.ansi_line(&format!(
        "{BOLD}{:<22}{BOLD:#} {}",
        figure.name,
        safe::line(&value)
    ));
    out.ansi_line(&format!("{:22} {DIM}{}{DIM:#}", "", figure.formula));
    let point = |point: &Option<Point>| {
        point
            .as_ref()
            .map(|p| format!("{} {}", p.event, view::stamp(p.at, zone)))
    };
    if let (Some(from), Some(to)) = (point(&figure.from), point(&figure.to)) {
        out.ansi_line(&format!("{:22} {DIM}{from} → {to}{DIM:#}", ""));
    }
    if let (Some(reason), Some(_)) = (&figure.reason, figure.seconds) {
        out.ansi_line(&format!("{:22} {DIM}{}{DIM:#}", "", safe::line(reason)));
    }
}
