//! Follow-up actions: their number, the first ones on page one, and all of them in the record.

use super::{
    context::{REDACTED_TEXT, RenderContext},
    timeline::conflict,
    writer::{Column, Writer},
};
use crate::domain::{
    incident::Record,
    task::{Task, TaskState},
    time::OffsetTime,
};
use chrono::{Datelike, Utc};

/// The most follow-ups on page one.
pub(super) const MAX_ON_PAGE_ONE: usize = 5;

impl RenderContext<'_> {
    /// The follow-ups: what would have prevented the incident first, then what would have made it shorter.
    pub(super) fn followups_by_effect(&self) -> Vec<&Record<Task>> {
        let all = self.incident.tasks.iter();
        let mut tasks: Vec<&Record<Task>> = all.filter(|t| t.value.retracted.is_none()).collect();
        tasks.sort_by_key(|t| {
            let is_declined = t.value.state == TaskState::Declined;
            let is_other = !t.value.prevents && !t.value.shortens;
            (is_declined, is_other, !t.value.prevents)
        });
        tasks
    }

    /// `8 follow-ups: 2 done, 2 in progress, 3 planned, 1 declined; 2 overdue`.
    pub(super) fn followup_counts(&self, w: &mut Writer, shown: usize) {
        let tasks = self.followups_by_effect();
        if tasks.is_empty() {
            return w.plain("none recorded");
        }
        let count = |state: TaskState| tasks.iter().filter(|t| t.value.state == state).count();
        let known = [
            (TaskState::Done, "done"),
            (TaskState::Started, "in progress"),
            (TaskState::Planned, "planned"),
            (TaskState::Declined, "declined"),
        ];
        let known: Vec<(usize, &str)> = known.map(|(state, word)| (count(state), word)).to_vec();
        let other = tasks.len() - known.iter().map(|(n, _)| n).sum::<usize>();
        let parts: Vec<String> = known
            .into_iter()
            .chain([(other, "in a state of a newer version")])
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| format!("{n} {word}"))
            .collect();
        let noun = if tasks.len() == 1 {
            "follow-up"
        } else {
            "follow-ups"
        };
        w.plain(&format!("{} {noun}: {}", tasks.len(), parts.join(", ")));
        let now = self.incident.last_recorded_at;
        let overdue = tasks.iter().filter(|t| t.value.is_overdue(now)).count();
        if overdue > 0 {
            w.plain("; ");
            w.strong(&format!("{overdue} overdue"));
        }
        let more = tasks.len().saturating_sub(shown);
        if more > 0 && shown > 0 {
            w.plain(". ");
            match w.is_html() {
                true => w.plain(&format!("<a href=\"#followups\">{more} more below</a>")),
                false => w.plain(&format!("[{more} more below](#follow-up-actions)")),
            }
        }
    }

    /// How many follow-ups page one has, if the picture leaves room for `room` of them.
    pub(super) fn followups_on_page_one(&self, room: usize) -> usize {
        let tasks = self.followups_by_effect();
        let accepted = tasks
            .iter()
            .filter(|t| t.value.state != TaskState::Declined);
        accepted.count().min(room).min(MAX_ON_PAGE_ONE)
    }

    /// The first `count` follow-ups: text, effect, owner and state.
    pub(super) fn main_followups(&self, w: &mut Writer, count: usize) {
        if count == 0 {
            return;
        }
        let tasks = self.followups_by_effect();
        self.followup_table(
            w,
            "followups brief",
            &tasks[..count.min(tasks.len())],
            false,
        );
    }

    /// All follow-ups.
    pub(super) fn followups(&self, w: &mut Writer) {
        let tasks = self.followups_by_effect();
        if tasks.is_empty() {
            return w.paragraph(|w| {
                let line = "bridgelog task add TEXT --owner WHO --due WHEN";
                w.marker("what will be done", &self.command(line));
            });
        }
        self.followup_table(w, "followups", &tasks, true);
    }

    /// A column stands only where one of the follow-ups has a value for it.
    fn followup_table(&self, w: &mut Writer, class: &str, tasks: &[&Record<Task>], is_full: bool) {
        let any = |has: fn(&Task) -> bool| tasks.iter().any(|t| has(&t.value));
        let has_effect = any(|t| t.prevents || t.shortens);
        let has_type = is_full && any(|t| t.type_.is_some());
        let has_ticket = is_full && any(|t| t.ticket.is_some());
        let columns: Vec<Column> = [
            (true, Column::new("Action", "text")),
            (has_type, Column::new("Type", "type")),
            (has_effect, Column::new("Would have", "effect")),
            (true, Column::new("Owner", "owner")),
            (true, Column::new("State", "state")),
            (has_ticket, Column::new("Ticket", "ticket")),
            (is_full, Column::new("Handle", "handle")),
        ]
        .into_iter()
        .filter_map(|(stands, column)| stands.then_some(column))
        .collect();
        w.table(class, &columns, |w| {
            for record in tasks {
                let task = &record.value;
                let id = if is_full { record.handle.as_str() } else { "" };
                w.row(id, "", |w| {
                    w.cell(|w| {
                        match task.redacted.is_some() && task.text.is_empty() {
                            true => w.plain(REDACTED_TEXT),
                            false => w.typed(&task.text),
                        }
                        if is_full {
                            conflict(w, record);
                        }
                    });
                    if has_type {
                        let type_ = task.type_.as_ref().map(ToString::to_string);
                        labelled_cell(w, "Type", type_.as_deref());
                    }
                    if has_effect {
                        labelled_cell(w, "Would have", effect(task));
                    }
                    w.cell(|w| match &task.owner {
                        Some(owner) => {
                            w.phone_label("Owner");
                            w.typed(owner);
                        }
                        None if task.is_open() => w.plain("no owner"),
                        None => w.nothing(),
                    });
                    w.cell(|w| self.followup_state(w, task, is_full));
                    if has_ticket {
                        labelled_cell(w, "Ticket", task.ticket.as_deref());
                    }
                    if is_full {
                        w.cell(|w| w.plain(&record.handle));
                    }
                });
            }
        });
    }

    /// `in progress, overdue since 11 May`; in full with the dates of all its states, and its reason.
    fn followup_state(&self, w: &mut Writer, task: &Task, is_full: bool) {
        let date = |at: Option<OffsetTime>| at.map(|at| self.day(at, is_full));
        let (word, since) = match task.state.known() {
            Some(TaskState::Planned) => ("planned", task.since.filter(|_| is_full)),
            Some(TaskState::Started) => ("in progress", task.started_at.filter(|_| is_full)),
            Some(TaskState::Done) => ("done", task.done_at),
            Some(TaskState::Declined) => ("declined", None),
            None => ("", None),
        };
        match word {
            "" => w.typed(&task.state.to_string()),
            word => w.plain(word),
        }
        let is_done = task.state == TaskState::Done;
        if let Some(day) = date(since) {
            w.plain(if is_done { " on " } else { " since " });
            w.unbroken(|w| w.plain(&day));
        }
        if is_full && task.state != TaskState::Planned {
            let earlier = [
                ("started", task.started_at.filter(|_| is_done)),
                ("planned since", task.since),
            ];
            for (label, at) in earlier {
                if let Some(day) = date(at) {
                    w.plain(&format!(", {label} "));
                    w.unbroken(|w| w.plain(&day));
                }
            }
        }
        if task.is_open() {
            match date(task.due) {
                Some(day) if task.is_overdue(self.incident.last_recorded_at) => {
                    w.plain(", ");
                    w.unbroken(|w| w.strong(&format!("overdue since {day}")));
                }
                Some(day) => {
                    w.plain(", ");
                    w.unbroken(|w| w.plain(&format!("due {day}")));
                }
                None => w.plain(", no due date"),
            }
        }
        match &task.reason {
            Some(reason) if is_full => {
                w.plain(": ");
                w.typed(reason);
            }
            None if is_full && task.state == TaskState::Declined => w.plain(": no reason recorded"),
            _ => {}
        }
    }

    /// `11 May`, with the year where it is not that of the newest record, or in full.
    fn day(&self, at: OffsetTime, in_full: bool) -> String {
        let local = self.time_format.to_local(at.with_timezone(&Utc));
        let newest = self.time_format.to_local(self.incident.last_recorded_at);
        let format = match local.year() == newest.year() && !in_full {
            true => "%-d %B",
            false => "%-d %B %Y",
        };
        local.format(format).to_string()
    }
}

fn effect(task: &Task) -> Option<&'static str> {
    match (task.prevents, task.shortens) {
        (true, true) => Some("prevented and shortened it"),
        (true, false) => Some("prevented it"),
        (false, true) => Some("shortened it"),
        (false, false) => None,
    }
}

/// A cell that has its column's name on a phone; without a value a dash.
fn labelled_cell(w: &mut Writer, label: &str, value: Option<&str>) {
    w.cell(|w| match value {
        Some(value) => {
            w.phone_label(label);
            w.typed(value);
        }
        None => w.nothing(),
    });
}
