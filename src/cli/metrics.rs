//! `bridgelog metrics`: every metric with its formula and the events it is computed from.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, DIM, Out},
    unreadable::note_unreadable,
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

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bridgelog metrics\n  bridgelog metrics 7 --json")]
pub struct MetricsArgs {
    /// The incident [default: the open one, else the latest]
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &MetricsArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    let row = session.resolve_for_read(args.reference.as_deref())?;
    let incident = session.load_incident(&row)?;
    note_unreadable(&incident, out);
    let states = States::from_incident(&incident);
    let metrics = Metrics::compute(&incident, &states, session.now());
    if args.json {
        return out.print_json(&metrics);
    }
    let zone = Zone::find(&row.zone)?;
    out.print_line(&view::label(&row));
    for metric in &metrics.overall {
        print_metric(out, metric, &zone);
    }
    // The metrics of a single service equal the overall ones.
    let has_several_services = metrics.has_several_services;
    for (service, service_metrics) in metrics.services.iter().filter(|_| has_several_services) {
        out.print_line(&format!("\n{BOLD}{}{BOLD:#}", sanitize::line(service)));
        // The impact also where there was none, or where it is not known.
        for metric in service_metrics
            .iter()
            .filter(|metric| metric.name == "impact" || metric.seconds.is_some_and(|s| s > 0))
        {
            print_metric(out, metric, &zone);
        }
    }
    Ok(())
}

fn print_metric(out: &Out, metric: &Metric, zone: &Zone) {
    let value = match (metric.seconds, &metric.reason) {
        (Some(seconds), _) => format!(
            "{}{}{}",
            if metric.approximate { "~" } else { "" },
            format_duration(seconds),
            if metric.ongoing { ", going on" } else { "" }
        ),
        (None, Some(reason)) => format!("none: {reason}"),
        (None, None) => "none".to_owned(),
    };
    out.print_line(&format!(
        "{BOLD}{:<22}{BOLD:#} {}",
        metric.name,
        sanitize::line(&value)
    ));
    out.print_line(&format!("{:22} {DIM}{}{DIM:#}", "", metric.formula));
    let point = |point: &Option<MetricPoint>| {
        point.as_ref().map(|p| {
            let about = if p.approximate { "about " } else { "" };
            format!("{} {about}{}", p.event, view::format_date_time(p.at, zone))
        })
    };
    if let (Some(from), Some(to)) = (point(&metric.from), point(&metric.to)) {
        out.print_line(&format!("{:22} {DIM}{from} → {to}{DIM:#}", ""));
    }
    if let (Some(reason), Some(_)) = (&metric.reason, metric.seconds) {
        out.print_line(&format!("{:22} {DIM}{}{DIM:#}", "", sanitize::line(reason)));
    }
}
