//! A request or a follow-up in words.

use crate::{
    domain::{task::Task, time::format_duration},
    tui::{
        model::{Model, TaskRow},
        theme::Meaning,
    },
};

/// Returns what is recorded of a follow-up, a paragraph each.
#[must_use]
pub fn paragraphs(task: &Task) -> Vec<String> {
    let mut out = vec![task.text.clone(), format!("State: {}", task.state)];
    let mut add = |label: &str, value: Option<String>| {
        out.extend(value.map(|value| format!("{label}: {value}")));
    };
    add("Type", task.type_.as_ref().map(ToString::to_string));
    add("Owner", task.owner.clone());
    add(
        "Due",
        task.due.map(|due| due.format("%-d %b %Y").to_string()),
    );
    add("Ticket", task.ticket.clone());
    add(
        "Done",
        task.done_at.map(|at| at.format("%-d %b %Y").to_string()),
    );
    add("Outcome", task.reason.clone());
    add("Customers read", task.customer.clone());
    if task.prevents {
        out.push("It would have prevented the incident.".to_owned());
    }
    if task.shortens {
        out.push("It would have shortened the incident.".to_owned());
    }
    out
}

/// Returns how long until a task is due, or how late it is, and what that means.
#[must_use]
pub fn due_text(model: &Model, row: &TaskRow<'_>) -> (String, Meaning) {
    match row {
        TaskRow::Ask(ask) => match ask.due.map(|due| (due - model.now).num_seconds()) {
            None => ("no due time".to_owned(), Meaning::Dim),
            Some(s) if s < 0 => (
                format!("{} late", format_duration((-s / 60 * 60).max(60))),
                Meaning::Error,
            ),
            Some(s) if s < 60 => (format!("in {s} s"), Meaning::Warning),
            Some(s) => (
                format!("in {}", format_duration(s / 60 * 60)),
                Meaning::Plain,
            ),
        },
        TaskRow::ClosedAsk(_) => ("closed".to_owned(), Meaning::Dim),
        TaskRow::FollowUp(record) => {
            let task = &record.value;
            match (task.due, task.done_at) {
                _ if task.is_finished() => (
                    match task.done_at {
                        Some(at) => format!("{} {}", task.state, at.format("%-d %b")),
                        None => task.state.to_string(),
                    },
                    Meaning::Dim,
                ),
                (Some(due), _) if task.is_overdue(model.now) => {
                    (format!("late, {}", due.format("%-d %b")), Meaning::Error)
                }
                (Some(due), _) => (due.format("%-d %b").to_string(), Meaning::Plain),
                (None, _) => ("no due".to_owned(), Meaning::Dim),
            }
        }
    }
}

/// Returns `@ann @raj`; empty if no person is named.
#[must_use]
pub fn owner_text(row: &TaskRow<'_>) -> String {
    let owners = row.owners();
    let owners: Vec<String> = owners.iter().map(|who| format!("@{who}")).collect();
    owners.join(" ")
}

/// Returns what a follow-up would have done for the incident, its type and its ticket.
#[must_use]
pub fn traits_text(row: &TaskRow<'_>) -> Vec<String> {
    let TaskRow::FollowUp(record) = row else {
        return vec![];
    };
    let task = &record.value;
    let mut traits = Vec::new();
    if task.prevents {
        traits.push("prevents".to_owned());
    }
    if task.shortens {
        traits.push("shortens".to_owned());
    }
    traits.extend(task.type_.iter().map(ToString::to_string));
    traits.extend(task.ticket.clone());
    traits
}
