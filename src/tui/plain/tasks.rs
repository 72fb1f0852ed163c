//! The tasks: requests, then follow-ups.

use super::{
    page::Page,
    rows::{Item, window},
    words::{count_of, ended, sentence, until},
};
use crate::{
    domain::task::Task,
    tui::model::{Model, TaskRow, task_rows},
};

/// Returns the tasks near the selected one.
#[must_use]
pub fn tasks(model: &Model, height: usize) -> Page {
    let rows = task_rows(model);
    if rows.is_empty() {
        let text = "Tasks: none. \"ask: check lag @ann 5m\" on the line opens a request; a adds a follow-up.";
        return Page::list(vec![text.to_owned()], vec![]);
    }
    let count = |is: fn(&TaskRow<'_>) -> bool| rows.iter().filter(|row| is(row)).count();
    let mut heading = format!(
        "Tasks: {}, {}.",
        count_of(count(|row| matches!(row, TaskRow::Ask(_))), "open request"),
        count_of(
            count(|row| matches!(row, TaskRow::FollowUp(_))),
            "follow-up"
        )
    );
    if !model.tasks.filter.is_empty() {
        heading.push_str(&format!(
            " Filter: {}. Escape clears it.",
            model.tasks.filter
        ));
    }
    let selected = model.tasks.selected.min(rows.len() - 1);
    let items = window(Some(selected), rows.len(), height).map(|at| Item {
        text: task_in_words(model, &rows[at]),
        selected: at == selected,
        ..Item::default()
    });
    Page::list(vec![heading], items.collect())
}

fn task_in_words(model: &Model, row: &TaskRow<'_>) -> String {
    match row {
        TaskRow::Ask(ask) => {
            let mut parts = vec![ended(&format!("Request: {}", ask.text))];
            if !ask.people.is_empty() {
                parts.push(format!("For {}.", ask.people.join(", ")));
            }
            parts.extend(ask.due.map(|due| sentence(&until(model, due))));
            parts.join(" ")
        }
        TaskRow::ClosedAsk(ask) => ended(&format!("Closed request: {}", ask.text)),
        TaskRow::FollowUp(task) => follow_up(model, &task.value),
    }
}

fn follow_up(model: &Model, task: &Task) -> String {
    let mut parts = vec![ended(&format!("Follow-up, {}: {}", task.state, task.text))];
    parts.extend(task.owner.as_ref().map(|owner| format!("For {owner}.")));
    match task.due {
        _ if task.is_finished() => {}
        None => parts.push("No due date.".to_owned()),
        Some(due) => {
            let late = if task.is_overdue(model.now) {
                ", late"
            } else {
                ""
            };
            parts.push(format!("Due {}{late}.", due.format("%-d %B")));
        }
    }
    parts.extend(
        task.reason
            .as_ref()
            .map(|reason| ended(&format!("Outcome: {reason}"))),
    );
    if task.prevents {
        parts.push("Would have prevented it.".to_owned());
    }
    if task.shortens {
        parts.push("Would have shortened it.".to_owned());
    }
    parts.extend(
        task.ticket
            .as_ref()
            .map(|ticket| format!("Ticket {ticket}.")),
    );
    if task.customer.is_some() {
        parts.push("Customers read it.".to_owned());
    }
    parts.join(" ")
}
