//! What is printed when a file that another version of the program wrote is opened, or its read models are derived
//! again.

use super::out;
use crate::{domain::count::counted, store::UpgradeEvent};
use std::{
    io::{IsTerminal as _, Write as _},
    sync::Mutex,
    time::{Duration, Instant},
};

/// How long a rebuild goes on before it shows how far it is, and between two such lines.
const INTERVAL: Duration = Duration::from_secs(1);

static LAST_SHOWN: Mutex<Option<Instant>> = Mutex::new(None);

/// Prints `event` on standard error.
pub(super) fn report(event: &UpgradeEvent<'_>) {
    match event {
        UpgradeEvent::Migrated {
            path,
            from,
            to,
            backup,
        } => out::note_to_stderr(&format!(
            "{} was migrated from format {from} to {to}; as it was, it is kept as {}",
            path.display(),
            backup.display()
        )),
        UpgradeEvent::Rebuilding {
            asked,
            done: 0,
            total,
        } => {
            set_last_shown();
            let what = match asked {
                true => "the timelines of this log",
                false => "another version wrote this log: its timelines",
            };
            out::note_to_stderr(&format!(
                "{what} are rebuilt from {}",
                counted(*total, "entry", "entries")
            ));
        }
        UpgradeEvent::Rebuilding { done, total, .. } => show_progress(*done, *total),
        UpgradeEvent::ReadOnly { path } => out::note_to_stderr(&format!(
            "{} was last written by a newer version of Bridgelog: it is only read here",
            path.display()
        )),
    }
}

fn set_last_shown() {
    if let Ok(mut last) = LAST_SHOWN.lock() {
        *last = Some(Instant::now());
    }
}

fn show_progress(done: u64, total: u64) {
    let due = LAST_SHOWN
        .lock()
        .is_ok_and(|last| last.is_none_or(|last| last.elapsed() >= INTERVAL));
    if due && std::io::stderr().is_terminal() {
        set_last_shown();
        let percent = done.saturating_mul(100) / total.max(1);
        // Progress alone: if it cannot be printed, nothing is lost.
        let _ = writeln!(std::io::stderr(), "rebuilding: {percent} %");
    }
}
