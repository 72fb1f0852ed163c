//! The sections about other incidents.

use super::context::RenderContext;
use crate::{
    documents::{
        markdown_escape::{self, escape_inline},
        time_format::iso_date,
    },
    domain::time::format_duration,
};
use std::fmt::Write;

impl RenderContext<'_> {
    /// Returns the earlier incidents with a service or a tag in common, and their open follow-ups.
    pub(super) fn similar(&self) -> String {
        let mut out = String::new();
        for earlier in &self.related.similar {
            let mut shared: Vec<String> = earlier
                .shared_services
                .iter()
                .map(|s| escape_inline(s))
                .collect();
            if !earlier.shared_tags.is_empty() {
                let tags: Vec<String> = earlier
                    .shared_tags
                    .iter()
                    .map(|t| escape_inline(t))
                    .collect();
                shared.push(format!("tags: {}", tags.join(", ")));
            }
            let _ = writeln!(
                out,
                "- **Incident {}**, {}: {} (in common: {})",
                escape_inline(&earlier.short_ref),
                iso_date(self.time_format.to_local(earlier.declared)),
                markdown_escape::escape_line(&earlier.title),
                shared.join("; ")
            );
            for action in &earlier.open_actions {
                let owner = action
                    .owner
                    .as_deref()
                    .map_or_else(String::new, |owner| format!(", {}", escape_inline(owner)));
                let due = action.due.map_or_else(String::new, |due| {
                    format!(", due {}", iso_date(self.time_format.to_local(due)))
                });
                let overdue = if action.overdue { " (overdue)" } else { "" };
                let _ = writeln!(
                    out,
                    "  - Open still: {}{owner}{due}{overdue} ({})",
                    markdown_escape::escape_line(&action.text),
                    action.handle
                );
            }
        }
        out
    }

    /// Returns the table of faults that protections absorbed in the months before.
    pub(super) fn ledger(&self) -> String {
        let absorbed = &self.related.absorbed;
        let period = self
            .related
            .absorbed_period
            .filter(|_| !absorbed.is_empty());
        let Some((since, until)) = period else {
            return String::new();
        };
        let mut out = format!(
            "From {} to {}, before this incident, protections caught {} without an outage:\n\n\
             | day | protection | fault | at risk for | incident | ref |\n|---|---|---|---|---|---|\n",
            iso_date(self.time_format.to_local(since)),
            iso_date(self.time_format.to_local(until)),
            match absorbed.len() {
                1 => "one fault".to_owned(),
                n => format!("{n} faults"),
            }
        );
        for fault in absorbed {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                iso_date(self.time_format.to_local(fault.at)),
                escape_inline(&fault.protection),
                escape_inline(&fault.text),
                format_duration(fault.at_risk_seconds),
                fault
                    .incident
                    .as_deref()
                    .map_or_else(String::new, escape_inline),
                fault.handle
            );
        }
        out
    }
}
