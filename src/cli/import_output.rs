//! What `bridgelog import` and `watch` print: rows as they are decided, and the count of all.

use super::{
    error::Result,
    out::{DIM, Out},
};
use crate::{
    domain::{count::counted, sanitize, time::format_utc, zone::Zone},
    ops::{
        Session,
        import::{self, ImportReport, Outcome, RowReport},
        resolve::{label, short_ref},
    },
};
use clap::ValueEnum;

/// How many vanished events are named without `--list vanished`.
const NAMED_VANISHED: usize = 5;

/// An outcome that `--list` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Listed {
    All,
    Events,
    LeftOut,
    There,
    Amended,
    Outside,
    Empty,
    Bad,
    Vanished,
}

/// Returns what prints the events of a stream as they are logged.
///
/// # Errors
/// Several incidents are open, or the store cannot be read.
pub(super) fn stream_printer<'o>(
    session: &Session,
    json: bool,
    out: &'o Out,
) -> Result<RowPrinter<'o>> {
    Ok(RowPrinter {
        listed: vec![Listed::Events, Listed::Amended, Listed::Bad],
        zone: session.zone_of(session.resolve_for_write(None)?.as_ref())?,
        out,
        json,
        read: 0,
    })
}

/// Prints rows as they are decided.
pub(super) struct RowPrinter<'o> {
    pub listed: Vec<Listed>,
    pub zone: Zone,
    pub out: &'o Out,
    pub json: bool,
    /// Rows so far, for the progress.
    pub read: u64,
}

impl RowPrinter<'_> {
    pub fn print(&mut self, row: &RowReport) {
        /// Rows between two updates of the progress.
        const STEP: u64 = 10_000;
        self.read += 1;
        if self.read.is_multiple_of(STEP) {
            self.out.show_progress(&format!("{} rows", self.read));
        }
        let (listed, word) = match &row.outcome {
            Outcome::Added => (Listed::Events, row.kind.clone()),
            Outcome::BroughtBack => (Listed::Events, format!("brought back: {}", row.kind)),
            Outcome::Amended => (Listed::Amended, format!("amended: {}", row.kind)),
            Outcome::There => (Listed::There, "already there".to_owned()),
            Outcome::ChangedHere => (Listed::There, "edited here too".to_owned()),
            Outcome::LeftOut(action) => (
                Listed::LeftOut,
                format!("left out ({})", action.rule().word),
            ),
            Outcome::NotTaken => (Listed::LeftOut, "not taken".to_owned()),
            Outcome::OutsidePeriod => (Listed::Outside, "outside the period".to_owned()),
            Outcome::Empty => (Listed::Empty, "without a text".to_owned()),
            Outcome::Bad(reason) => (Listed::Bad, format!("not understood: {reason}")),
        };
        if !self.listed.contains(&listed) && !self.listed.contains(&Listed::All) {
            return;
        }
        let at = row.at.map(|at| self.zone.to_local(at.to_utc()));
        if self.json {
            let json = serde_json::json!({
                "place": row.place.as_ref().map(ToString::to_string),
                "at": row.at.map(|at| format_utc(at.to_utc())),
                "outcome": word, "kind": row.kind, "text": row.text,
            });
            // Writing fails only with standard output, which `finish` reports.
            let _ = self.out.print_json_line(&json);
            return;
        }
        let place = row
            .place
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let at = at
            .map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string())
            .unwrap_or_default();
        self.out.print_line(&format!(
            "{DIM}{}{DIM:#} {at} {word}  {}",
            sanitize::line(&place),
            sanitize::one_line(&row.text)
        ));
    }
}

/// Prints the count of all rows, and how to take the import back. `listed` is what `--list` names.
pub(super) fn print_report(report: &ImportReport, dry_run: bool, listed: &[Listed], out: &Out) {
    let to = match &report.incident {
        Some(row) => format!("incident {}", sanitize::line(&label(row))),
        None => "no incident".to_owned(),
    };
    let dry = if dry_run { "nothing written: " } else { "" };
    out.print_line(&format!("{dry}{} into {to}: {report}", report.format));
    if let (Some(handle), false) = (&report.handle, dry_run) {
        let way_back = match report.added > import::MAX_UNDONE_EVENTS {
            true => format!("bridgelog retract {handle} --reason TEXT"),
            false => format!("bridgelog undo, or bridgelog retract {handle} --reason TEXT"),
        };
        out.print_line(&format!("import {handle}; to take it back: {way_back}"));
    }
    for notice in &report.notices {
        out.print_note(notice);
    }
    if report.vanished.is_empty() {
        return;
    }
    let all = listed
        .iter()
        .any(|l| [Listed::All, Listed::Vanished].contains(l));
    let named = if all {
        report.vanished.len()
    } else {
        NAMED_VANISHED
    };
    out.print_note(&format!(
        "{} imported before are not in this input; they stay:",
        counted(report.vanished.len(), "event", "events")
    ));
    for (handle, text) in report.vanished.iter().take(named) {
        out.print_line(&format!("  {handle} {}", sanitize::one_line(text)));
    }
    if report.vanished.len() > named {
        out.print_line("  and more: --list vanished names all");
    }
}

/// Returns the counts as JSON.
pub(super) fn report_json(report: &ImportReport) -> serde_json::Value {
    let left_out: serde_json::Map<String, serde_json::Value> = report
        .left_out
        .iter()
        .map(|(action, count)| (action.rule().word.to_owned(), (*count).into()))
        .collect();
    serde_json::json!({
        "format": report.format,
        "incident": report.incident.as_ref().map(short_ref),
        "import": report.handle, "read": report.read, "events": report.added,
        "amended": report.amended, "brought_back": report.brought_back, "there": report.there,
        "edited_here": report.changed_here, "left_out": left_out,
        "outside": report.outside_period, "empty": report.empty, "bad": report.bad,
        "vanished": report.vanished.iter().map(|(handle, _)| handle).collect::<Vec<_>>(),
    })
}
