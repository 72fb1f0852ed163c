//! The sections about other incidents.

use super::{columns, context::RenderContext, writer::Writer};
use crate::{
    documents::{
        related::{OpenAction, SeenIncident},
        time_format::iso_date,
    },
    domain::{
        count::counted,
        time::{UtcTime, format_shown_minutes},
    },
};

/// What was decided in an `earlier` incident and what came of it; nothing where nothing is recorded.
fn what_helped(w: &mut Writer, earlier: &SeenIncident) {
    let outcome = earlier.outcome();
    if earlier.step.is_none() && !earlier.has_no_decision && outcome.is_none() {
        return;
    }
    w.item(
        |w| {
            match &earlier.step {
                Some(step) if step.kind == "decision" => w.plain("Decided: "),
                Some(_) => w.plain("Done: "),
                None if earlier.has_no_decision => w.plain("No decision recorded"),
                None => {}
            }
            if let Some(step) = &earlier.step {
                w.typed(&step.text);
            }
            if let Some(outcome) = outcome {
                w.plain(if earlier.step.is_some() || earlier.has_no_decision {
                    "; "
                } else {
                    ""
                });
                w.typed(&outcome);
            }
        },
        |_| {},
    );
}

impl RenderContext<'_> {
    /// The earlier incidents that began alike: what was decided then, how long until it was better, and
    /// their open follow-ups.
    pub(super) fn seen_before(&self, w: &mut Writer) {
        if self.related.seen_before.is_empty() {
            return;
        }
        w.list("", |w| {
            for earlier in &self.related.seen_before {
                w.item(
                    |w| {
                        self.earlier_incident(w, &earlier.short_ref, earlier.declared);
                        w.typed(&earlier.title);
                        w.plain(" (in common: ");
                        w.names(&earlier.in_common);
                        w.plain(")");
                    },
                    |w| {
                        w.list("", |w| {
                            what_helped(w, earlier);
                            for action in &earlier.open_actions {
                                w.item(|w| self.open_action(w, action), |_| {});
                            }
                        });
                    },
                );
            }
        });
    }

    /// `Incident 4, 2012-05-14: `.
    fn earlier_incident(&self, w: &mut Writer, short_ref: &str, declared: UtcTime) {
        w.strong(&format!("Incident {short_ref}"));
        let day = iso_date(self.time_format.to_local(declared));
        w.plain(&format!(", {day}: "));
    }

    /// The earlier incidents with a service or a tag in common, and their open follow-ups.
    pub(super) fn similar(&self, w: &mut Writer) {
        if self.related.similar.is_empty() {
            return;
        }
        w.list("", |w| {
            for earlier in &self.related.similar {
                w.item(
                    |w| {
                        self.earlier_incident(w, &earlier.short_ref, earlier.declared);
                        w.typed(&earlier.title);
                        w.plain(" (in common: ");
                        w.names(&earlier.shared_services);
                        if !earlier.shared_tags.is_empty() {
                            let has_services = !earlier.shared_services.is_empty();
                            w.plain(if has_services { "; tags: " } else { "tags: " });
                            w.names(&earlier.shared_tags);
                        }
                        w.plain(")");
                    },
                    |w| {
                        if !earlier.open_actions.is_empty() {
                            w.list("", |w| {
                                for action in &earlier.open_actions {
                                    w.item(|w| self.open_action(w, action), |_| {});
                                }
                            });
                        }
                    },
                );
            }
        });
    }

    fn open_action(&self, w: &mut Writer, action: &OpenAction) {
        w.plain("Not done: ");
        w.typed(&action.text);
        if let Some(owner) = &action.owner {
            w.plain(", owner: ");
            w.typed(owner);
        }
        if let Some(due) = action.due {
            let day = iso_date(self.time_format.to_local(due));
            w.plain(&format!(", due {day}"));
        }
        if action.overdue {
            w.plain(" (overdue)");
        }
    }

    /// The faults that protections absorbed in the months before.
    pub(super) fn ledger(&self, w: &mut Writer) {
        let absorbed = &self.related.absorbed;
        let Some((since, until)) = self.related.absorbed_period else {
            return;
        };
        if absorbed.is_empty() {
            return;
        }
        let day = |at| iso_date(self.time_format.to_local(at));
        w.paragraph(|w| {
            let faults = counted(absorbed.len(), "fault was", "faults were");
            w.plain(&format!(
                "From {} to {}, before this incident, {faults} caught without an outage.",
                day(since),
                day(until)
            ));
        });
        w.table("ledger", columns::LEDGER, |w| {
            for fault in absorbed {
                w.row("", "", |w| {
                    w.cell(|w| w.plain(&day(fault.at)));
                    w.cell(|w| w.typed(&fault.protection));
                    w.cell(|w| w.typed(&fault.text));
                    let at_risk = match fault.at_risk_seconds {
                        Some(seconds) => format_shown_minutes(seconds / 60, false),
                        None if fault.was_at_risk => "not known".into(),
                        None => String::new(),
                    };
                    w.cell(|w| w.plain(&at_risk));
                    w.cell(|w| match &fault.incident {
                        Some(incident) => w.typed(incident),
                        None => w.plain("unassigned"),
                    });
                    w.cell(|w| w.plain(&fault.handle));
                });
            }
        });
    }
}
