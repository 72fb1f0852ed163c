//! The sections on causes, protections, decisions, follow-ups, customer communication and questions.

use super::context::{REDACTED_TEXT, RenderContext, event_text};
use crate::{
    documents::{
        CustomerView,
        markdown_escape::{escape_inline, escape_paragraph},
        time_format::iso_date,
    },
    domain::{
        event::Event,
        incident::Record,
        task::{Task, TaskState},
        time::OffsetTime,
        words::{Kind, State},
    },
};
use chrono::Utc;
use std::{collections::BTreeSet, fmt::Write};
use uuid::Uuid;

impl RenderContext<'_> {
    fn events_of_kind<'a>(&'a self, kind: &'a Kind) -> impl Iterator<Item = &'a Record<Event>> {
        self.incident
            .active_events()
            .filter(move |e| e.value.kind == *kind)
    }

    /// Appends the events that link to `record` as nested list items. Returns false if there are none.
    fn push_outcomes(&self, out: &mut String, record: &Record<Event>) -> bool {
        let linked = self.linked_by.get(&record.id);
        for outcome in linked.into_iter().flatten() {
            let _ = writeln!(
                out,
                "  - {}, {}: {}",
                self.format_event_time(&outcome.value),
                escape_inline(outcome.value.kind.as_str()),
                self.text_and_handle(outcome)
            );
        }
        linked.is_some()
    }

    pub(super) fn causes(&self) -> String {
        let mut out = String::new();
        for (kind, label) in [(Kind::Cause, "Cause"), (Kind::Factor, "Contributed")] {
            for record in self.events_of_kind(&kind) {
                let _ = writeln!(out, "- **{label}:** {}", self.text_and_handle(record));
                self.push_outcomes(&mut out, record);
            }
        }
        if self.events_of_kind(&Kind::Cause).next().is_none() {
            let line = "bridgelog log 'WHEN cause: TEXT'";
            let _ = writeln!(out, "- **Cause:** {}", self.placeholder("the cause", line));
        }
        out
    }

    /// Returns the absorbed faults, and the events at which a service went from `at-risk` to impact.
    pub(super) fn protection_facts(&self) -> String {
        let mut out = String::new();
        for record in self.events_of_kind(&Kind::Absorbed) {
            let (time, text) = (
                self.format_event_time(&record.value),
                self.text_and_handle(record),
            );
            let _ = writeln!(out, "- **Held**, {time}: {text}");
        }
        let spans = &self.states.overall;
        let defeated: BTreeSet<Uuid> = spans
            .windows(2)
            .filter(|pair| pair[0].state == State::AtRisk && pair[1].state.is_impact())
            .map(|pair| pair[1].started_by)
            .collect();
        for record in self
            .incident
            .active_events()
            .filter(|e| defeated.contains(&e.id))
        {
            let (time, text) = (
                self.format_event_time(&record.value),
                self.text_and_handle(record),
            );
            let _ = writeln!(out, "- **Did not hold**, {time}: {text}");
        }
        out
    }

    pub(super) fn decisions(&self) -> String {
        let mut out = String::new();
        for record in self.events_of_kind(&Kind::Decision) {
            let event = &record.value;
            let _ = writeln!(
                out,
                "- **{}:** {}, recorded by {}",
                self.format_event_time(event),
                self.text_and_handle(record),
                escape_inline(&record.author)
            );
            let amend = |part: &str| format!("bridgelog amend {} '{part}'", record.handle);
            let why = event.rationale.as_deref().map_or_else(
                || self.placeholder("what was known", &amend("why: WHAT WAS KNOWN")),
                escape_inline,
            );
            let _ = writeln!(out, "  - Known then: {why}");
            if let Some(not) = &event.rejected {
                let _ = writeln!(out, "  - Turned down: {}", escape_inline(not));
            }
            if !self.push_outcomes(&mut out, record) {
                let line = format!("bridgelog log 'WHEN action: TEXT ^{}'", record.handle);
                let _ = writeln!(out, "  - {}", self.placeholder("what came of it", &line));
            }
        }
        out
    }

    pub(super) fn followups(&self) -> String {
        let tasks: Vec<&Record<Task>> = self
            .incident
            .tasks
            .iter()
            .filter(|t| t.value.retracted.is_none())
            .collect();
        let (declined, accepted): (Vec<_>, Vec<_>) = tasks
            .into_iter()
            .partition(|t| t.value.state == TaskState::Declined);
        let mut out = String::new();
        if accepted.is_empty() {
            let line = "bridgelog task add TEXT --owner WHO --due WHEN";
            out.push_str(&self.placeholder("what will be done", line));
            out.push('\n');
        } else {
            out.push_str(
                "| action | type | owner | due | ticket | state | would have | ref |\n\
                 |---|---|---|---|---|---|---|---|\n",
            );
        }
        for record in accepted {
            self.push_followup_row(&mut out, record);
        }
        if !declined.is_empty() {
            out.push_str("\nDeclined:\n\n");
        }
        for record in declined {
            let line = format!("bridgelog task decline {} --reason TEXT", record.handle);
            let reason = record
                .value
                .reason
                .as_deref()
                .map_or_else(|| self.placeholder("why", &line), escape_inline);
            let _ = writeln!(
                out,
                "- {} ({}): {reason}",
                crate::documents::markdown_escape::escape_line(&record.value.text),
                record.handle
            );
        }
        out
    }

    fn push_followup_row(&self, out: &mut String, record: &Record<Task>) {
        let task = &record.value;
        let text = if task.redacted.is_some() && task.text.is_empty() {
            REDACTED_TEXT.to_owned()
        } else {
            escape_inline(&task.text)
        };
        let set = |what: &str, flag: &str| {
            let line = format!("bridgelog task set {} {flag}", record.handle);
            self.placeholder(what, &line)
        };
        let open = task.is_open();
        let owner = task.owner.as_deref().map(escape_inline);
        let owner = owner.unwrap_or_else(|| set("owner", "--owner WHO"));
        let due = match task.due {
            Some(due) => iso_date(self.time_format.to_local(due.with_timezone(&Utc))),
            None if open => set("due", "--due WHEN"),
            None => String::new(),
        };
        let overdue = if task.is_overdue(self.incident.last_recorded_at) {
            " (overdue)"
        } else {
            ""
        };
        let date = |what: &str, at: Option<OffsetTime>| {
            let at = at?.with_timezone(&Utc);
            Some(format!(
                "{what} {}",
                iso_date(self.time_format.to_local(at))
            ))
        };
        let is_done = task.state == TaskState::Done;
        let is_planned = task.state == TaskState::Planned;
        let dates = [
            date(" on", task.done_at.filter(|_| is_done)),
            date(if is_done { ", started" } else { " on" }, task.started_at),
            date(
                if is_planned {
                    " since"
                } else {
                    ", planned since"
                },
                task.since,
            ),
        ];
        let outcome = task.reason.as_deref().filter(|_| is_done);
        let outcome = outcome.map(|text| format!(": {}", escape_inline(text)));
        let dates: String = dates.into_iter().chain([outcome]).flatten().collect();
        let would = match (task.prevents, task.shortens) {
            (true, true) => "prevented it, shortened it",
            (true, false) => "prevented it",
            (false, true) => "shortened it",
            (false, false) => "",
        };
        let _ = writeln!(
            out,
            "| {text} | {} | {owner} | {due}{overdue} | {} | {}{dates} | {would} | {} |",
            escape_inline(
                &task
                    .type_
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string)
            ),
            escape_inline(task.ticket.as_deref().unwrap_or_default()),
            escape_inline(&task.state.to_string()),
            record.handle
        );
    }

    pub(super) fn communications_section(&self) -> String {
        let mut updates: Vec<(crate::domain::time::UtcTime, String)> = Vec::new();
        let view = CustomerView::from_incident(self.incident, self.states);
        let stale = view.stale_facts(self.incident);
        for record in self.incident.active_events() {
            let event = &record.value;
            if event.is_customer_update() {
                let text = event.customer.as_deref().unwrap_or(&event.text);
                updates.push((
                    event.at_utc(),
                    format!(
                        "- **{}:** {} ({})\n",
                        self.format_event_time(event),
                        escape_inline(text),
                        record.handle
                    ),
                ));
            }
        }
        for record in &self.incident.messages {
            let message = &record.value;
            let Some(at) = message.sent_at.map(|at| at.with_timezone(&Utc)) else {
                continue;
            };
            let via = message
                .via
                .as_deref()
                .map_or_else(String::new, |via| format!(" by {}", escape_inline(via)));
            let group = message
                .to_group
                .as_deref()
                .map_or_else(String::new, |to| format!(" to {}", escape_inline(to)));
            let mut changes = String::new();
            for change in stale.iter().filter(|c| c.message_handle == record.handle) {
                let current = change.recorded.as_deref().map_or_else(
                    || "the record no longer says so".to_owned(),
                    |current| format!("the record says {}", escape_inline(current)),
                );
                let _ = writeln!(
                    changes,
                    "  - **Changed since**, {}: told {}, {current}",
                    change.label(),
                    escape_inline(&change.stated)
                );
            }
            let changes = if changes.is_empty() {
                changes
            } else {
                changes + "\n"
            };
            let quoted = escape_paragraph(&message.text).replace('\n', "\n  > ");
            updates.push((
                at,
                format!(
                    "- **{}:** {} (m{}, {}{via}{group})\n\n  > {quoted}\n\n{changes}",
                    self.time_format.time_with_date(at, self.timeline_start()),
                    escape_inline(&message.subject),
                    message.number,
                    escape_inline(&message.stage),
                ),
            ));
        }
        updates.sort_by_key(|(at, _)| *at);
        if updates.is_empty() && self.states.impact_start().is_some() {
            let line = "bridgelog log 'WHEN comms/customers: TEXT tell: TEXT'";
            return self.placeholder("what customers were told", line);
        }
        updates.into_iter().map(|(_, text)| text).collect()
    }

    pub(super) fn questions(&self) -> String {
        let mut out = self.section("questions", false);
        for (i, ask) in self.incident.open_asks().into_iter().enumerate() {
            if i == 0 && !out.is_empty() {
                out.push_str("\n\n");
            }
            let _ = writeln!(
                out,
                "- Asked at {} and never closed: {} ({})",
                self.format_event_time(&ask.value),
                event_text(&ask.value),
                ask.handle
            );
        }
        out
    }
}
