//! What was found, decided, promised and told.

use super::{Source, cell, paragraph, words};
use crate::{
    documents::{
        clock::iso_day,
        customer::{CustomerView, changed},
    },
    domain::{
        event::Event,
        incident::Record,
        task::{Task, TaskState},
        words::{Kind, State},
    },
};
use chrono::Utc;
use std::{collections::BTreeSet, fmt::Write};
use uuid::Uuid;

impl Source<'_> {
    fn of_kind<'a>(&'a self, kind: &'a Kind) -> impl Iterator<Item = &'a Record<Event>> {
        self.incident
            .active_events()
            .filter(move |e| e.value.kind == *kind)
    }

    /// What links to `id`, as items under an item.
    fn outcomes(&self, out: &mut String, record: &Record<Event>) -> bool {
        let linked = self.linked.get(&record.id);
        for outcome in linked.into_iter().flatten() {
            let _ = writeln!(
                out,
                "  - {}, {}: {}",
                self.time(&outcome.value),
                cell(outcome.value.kind.as_str()),
                self.words_and_handle(outcome)
            );
        }
        linked.is_some()
    }

    pub(super) fn causes(&self) -> String {
        let mut out = String::new();
        for (kind, label) in [(Kind::Cause, "Cause"), (Kind::Factor, "Contributed")] {
            for record in self.of_kind(&kind) {
                let _ = writeln!(out, "- **{label}:** {}", self.words_and_handle(record));
                self.outcomes(&mut out, record);
            }
        }
        if self.of_kind(&Kind::Cause).next().is_none() {
            let line = "bridgelog log '11:20 cause: WHAT IT WAS'";
            let _ = writeln!(out, "- **Cause:** {}", self.missing("the cause", line));
        }
        out
    }

    /// The faults that were caught, and the one that hurt although something had caught it so far.
    pub(super) fn protection_facts(&self) -> String {
        let mut out = String::new();
        for record in self.of_kind(&Kind::Absorbed) {
            let (time, words) = (self.time(&record.value), self.words_and_handle(record));
            let _ = writeln!(out, "- **Held**, {time}: {words}");
        }
        let spans = &self.states.overall;
        let overcome: BTreeSet<Uuid> = spans
            .windows(2)
            .filter(|pair| pair[0].state == State::AtRisk && pair[1].state.is_impact())
            .map(|pair| pair[1].started_by)
            .collect();
        for record in self
            .incident
            .active_events()
            .filter(|e| overcome.contains(&e.id))
        {
            let (time, words) = (self.time(&record.value), self.words_and_handle(record));
            let _ = writeln!(out, "- **Did not hold**, {time}: {words}");
        }
        out
    }

    pub(super) fn decisions(&self) -> String {
        let mut out = String::new();
        for record in self.of_kind(&Kind::Decision) {
            let event = &record.value;
            let _ = writeln!(
                out,
                "- **{}:** {}, by {}",
                self.time(event),
                self.words_and_handle(record),
                cell(&record.author)
            );
            let amend = |part: &str| format!("bridgelog amend {} '{part}'", record.handle);
            let why = event.rationale.as_deref().map_or_else(
                || self.missing("what was known", &amend("why: WHAT WAS KNOWN")),
                cell,
            );
            let _ = writeln!(out, "  - Known then: {why}");
            if let Some(not) = &event.rejected {
                let _ = writeln!(out, "  - Turned down: {}", cell(not));
            }
            if !self.outcomes(&mut out, record) {
                let line = format!(
                    "bridgelog log '10:40 action: WHAT CAME OF IT ^{}'",
                    record.handle
                );
                let _ = writeln!(out, "  - {}", self.missing("what came of it", &line));
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
        let (declined, kept): (Vec<_>, Vec<_>) = tasks
            .into_iter()
            .partition(|t| t.value.state == TaskState::Declined);
        let mut out = String::new();
        if kept.is_empty() {
            let line = "bridgelog task add 'WHAT' --owner WHO --due WHEN";
            out.push_str(&self.missing("what will be done", line));
            out.push('\n');
        } else {
            out.push_str(
                "| action | type | owner | due | ticket | state | would have | ref |\n\
                 |---|---|---|---|---|---|---|---|\n",
            );
        }
        for record in kept {
            self.followup(&mut out, record);
        }
        if !declined.is_empty() {
            out.push_str("\nDeclined:\n\n");
        }
        for record in declined {
            let line = format!("bridgelog task decline {} --reason WHY", record.handle);
            let reason = record
                .value
                .reason
                .as_deref()
                .map_or_else(|| self.missing("why", &line), cell);
            let _ = writeln!(
                out,
                "- {} ({}): {reason}",
                crate::documents::escape::line(&record.value.text),
                record.handle
            );
        }
        out
    }

    fn followup(&self, out: &mut String, record: &Record<Task>) {
        let task = &record.value;
        let text = if task.redacted.is_some() && task.text.is_empty() {
            super::DESTROYED.to_owned()
        } else {
            cell(&task.text)
        };
        let set = |what: &str, flag: &str| {
            let line = format!("bridgelog task set {} {flag}", record.handle);
            self.missing(what, &line)
        };
        let open = task.is_open();
        let owner = task.owner.as_deref().map(cell);
        let owner = owner.unwrap_or_else(|| set("owner", "--owner WHO"));
        let due = match task.due {
            Some(due) => iso_day(self.clock.stamp(due.with_timezone(&Utc))),
            None if open => set("due", "--due WHEN"),
            None => String::new(),
        };
        let overdue = if task.is_overdue(self.incident.last_recorded_at) {
            " (overdue)"
        } else {
            ""
        };
        let since = task.since.map_or_else(String::new, |since| {
            format!(
                " since {}",
                iso_day(self.clock.stamp(since.with_timezone(&Utc)))
            )
        });
        let would = match (task.prevents, task.shortens) {
            (true, true) => "prevented it, shortened it",
            (true, false) => "prevented it",
            (false, true) => "shortened it",
            (false, false) => "",
        };
        let _ = writeln!(
            out,
            "| {text} | {} | {owner} | {due}{overdue} | {} | {}{since} | {would} | {} |",
            cell(
                &task
                    .type_
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string)
            ),
            cell(task.ticket.as_deref().unwrap_or_default()),
            cell(&task.state.to_string()),
            record.handle
        );
    }

    pub(super) fn told(&self) -> String {
        let mut told: Vec<(crate::domain::time::UtcTime, String)> = Vec::new();
        let facts = CustomerView::of(self.incident, self.states).facts();
        let changed = changed(self.incident, &facts);
        for record in self.incident.active_events() {
            let event = &record.value;
            if event.is_customer_update() {
                let text = event.customer.as_deref().unwrap_or(&event.text);
                told.push((
                    event.at_utc(),
                    format!(
                        "- **{}:** {} ({})\n",
                        self.time(event),
                        cell(text),
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
                .map_or_else(String::new, |via| format!(" by {}", cell(via)));
            let group = message
                .to_group
                .as_deref()
                .map_or_else(String::new, |to| format!(" to {}", cell(to)));
            let mut changes = String::new();
            for change in changed.iter().filter(|c| c.handle == record.handle) {
                let is = change.is.as_deref().map_or_else(
                    || "the record no longer says so".to_owned(),
                    |is| format!("the record says {}", cell(is)),
                );
                let _ = writeln!(
                    changes,
                    "  - **Changed since**, {}: told {}, {is}",
                    change.words(),
                    cell(&change.said)
                );
            }
            let changes = if changes.is_empty() {
                changes
            } else {
                changes + "\n"
            };
            let quoted = paragraph(&message.text).replace('\n', "\n  > ");
            told.push((
                at,
                format!(
                    "- **{}:** {} (m{}, {}{via}{group})\n\n  > {quoted}\n\n{changes}",
                    self.clock.moment(at, self.first()),
                    cell(&message.subject),
                    message.number,
                    cell(&message.stage),
                ),
            ));
        }
        told.sort_by_key(|(at, _)| *at);
        if told.is_empty() && self.states.impact_start().is_some() {
            let line = "bridgelog log '10:30 comms/customers: HOW tell: WHAT THEY READ'";
            return self.missing("what customers were told", line);
        }
        told.into_iter().map(|(_, text)| text).collect()
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
                self.time(&ask.value),
                words(&ask.value),
                ask.handle
            );
        }
        out
    }
}
