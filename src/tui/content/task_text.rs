//! A follow-up in sentences.

use crate::domain::task::Task;

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
