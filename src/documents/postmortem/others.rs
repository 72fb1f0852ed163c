//! The parts that are about other incidents.

use super::{Source, cell};
use crate::{
    documents::{clock::iso_day, escape},
    domain::time::format_duration,
};
use std::fmt::Write;

impl Source<'_> {
    /// Earlier incidents with a service or a tag in common, and what is left to do from them.
    pub(super) fn similar(&self) -> String {
        let mut out = String::new();
        for earlier in &self.around.similar {
            let mut shared: Vec<String> = earlier.services.iter().map(|s| cell(s)).collect();
            if !earlier.tags.is_empty() {
                let tags: Vec<String> = earlier.tags.iter().map(|t| cell(t)).collect();
                shared.push(format!("tags: {}", tags.join(", ")));
            }
            let _ = writeln!(
                out,
                "- **Incident {}**, {}: {} (in common: {})",
                cell(&earlier.reference),
                iso_day(self.clock.stamp(earlier.declared)),
                escape::line(&earlier.title),
                shared.join("; ")
            );
            for action in &earlier.open {
                let owner = action
                    .owner
                    .as_deref()
                    .map_or_else(String::new, |owner| format!(", {}", cell(owner)));
                let due = action.due.map_or_else(String::new, |due| {
                    format!(", due {}", iso_day(self.clock.stamp(due)))
                });
                let overdue = if action.overdue { " (overdue)" } else { "" };
                let _ = writeln!(
                    out,
                    "  - Open still: {}{owner}{due}{overdue} ({})",
                    escape::line(&action.text),
                    action.handle
                );
            }
        }
        out
    }

    /// The faults that protections caught in the months before.
    pub(super) fn ledger(&self) -> String {
        let held = &self.around.held;
        let Some(since) = self.around.since.filter(|_| !held.is_empty()) else {
            return String::new();
        };
        let mut out = format!(
            "Since {}, protections caught {} without an outage:\n\n\
             | day | protection | fault | at risk for | incident | ref |\n|---|---|---|---|---|---|\n",
            iso_day(self.clock.stamp(since)),
            match held.len() {
                1 => "one fault".to_owned(),
                n => format!("{n} faults"),
            }
        );
        for fault in held {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {}{} | {} | {} |",
                iso_day(self.clock.stamp(fault.at)),
                cell(&fault.protection),
                cell(&fault.text),
                format_duration(fault.seconds),
                if fault.lasts { " so far" } else { "" },
                fault.incident.as_deref().map_or_else(String::new, cell),
                fault.handle
            );
        }
        out
    }
}
