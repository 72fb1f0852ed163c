//! The tasks tab: open asks with the time left, then follow-ups.

use super::widgets::{draw_hint, draw_spans, highlight_row, titled_rule};
use crate::{
    domain::{
        task::{Task, TaskState, ask_due},
        time::{UtcTime, format_duration},
    },
    tui::{
        layout::tasks::{PageRow, first_row, page_rows},
        model::{Focus, Model, TaskRow},
        text::{fit, pad, pad_left, width},
        theme::Meaning,
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let rows = page_rows(model);
    if rows.is_empty() {
        draw_hint(
            model,
            area,
            buf,
            &[
                ("", "Nothing is to be done."),
                ("", ""),
                (
                    "ask: … 5m",
                    "on the line opens a request with a time box: ask: check lag @ann 5m",
                ),
                ("a", "adds a follow-up, for after the incident"),
            ],
        );
        return;
    }
    let scroll = first_row(model, &rows, area.height.into());
    for (y, row) in (area.y..area.bottom()).zip(rows.into_iter().skip(scroll)) {
        match row {
            PageRow::Heading(heading) => draw_spans(
                buf,
                area.x,
                y,
                area.width,
                titled_rule(model, heading, area.width),
            ),
            PageRow::Task(at, row) => {
                draw_spans(
                    buf,
                    area.x,
                    y,
                    area.width,
                    task_row(model, row, area.width.into()),
                );
                if at == model.selected_task && model.focus == Focus::List {
                    highlight_row(model, area, y, buf);
                }
            }
        }
    }
}

fn time_left(model: &Model, due: Option<UtcTime>) -> (String, Meaning) {
    match due.map(|due| (due - model.now).num_seconds()) {
        None => (String::new(), Meaning::Dim),
        Some(s) if s < 0 => (
            format!("{} late", format_duration((-s / 60 * 60).max(60))),
            Meaning::Error,
        ),
        Some(s) if s < 60 => (format!("{s} s"), Meaning::Warning),
        Some(s) => (format_duration(s / 60 * 60), Meaning::Plain),
    }
}

/// Returns the state of a finished task, with the day on which it was done where that was recorded.
fn done_on(task: &Task) -> String {
    match task.done_at {
        Some(at) => format!("{} {}", task.state, at.format("%-d %b")),
        None => task.state.to_string(),
    }
}

/// Returns the text of a task, and what came of it or why it was declined.
fn with_outcome(task: &Task) -> String {
    let outcome = task.reason.iter().map(String::as_str);
    let parts: Vec<&str> = [task.text.as_str()].into_iter().chain(outcome).collect();
    parts.join(" · ")
}

fn task_row(model: &Model, row: TaskRow<'_>, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let (marker, due_text, text, person, tail) = match row {
        TaskRow::Ask(ask) => {
            let event = &ask.value;
            (
                "○",
                time_left(model, ask_due(event)),
                event.text.clone(),
                event.people.join(", "),
                String::new(),
            )
        }
        TaskRow::FollowUp(record) => {
            let task = &record.value;
            let finished = task.is_finished();
            let marker = match task.state.known() {
                Some(TaskState::Planned) => "□",
                Some(TaskState::Started) => "▸",
                Some(TaskState::Done) => "√",
                Some(TaskState::Declined) => "×",
                None => "?",
            };
            let due_text = match task.due {
                _ if finished => (done_on(task), Meaning::Dim),
                Some(due) if task.is_overdue(model.now) => {
                    (due.format("%-d %b").to_string(), Meaning::Error)
                }
                Some(due) => (due.format("%-d %b").to_string(), Meaning::Plain),
                None => (String::new(), Meaning::Dim),
            };
            let mut tail: Vec<String> = task.type_.iter().map(ToString::to_string).collect();
            if task.prevents {
                tail.push("would have prevented".to_owned());
            }
            if task.shortens {
                tail.push("would have shortened".to_owned());
            }
            tail.extend(task.ticket.clone());
            if task.customer.is_some() {
                tail.push("✉".to_owned());
            }
            (
                marker,
                due_text,
                with_outcome(task),
                task.owner.clone().unwrap_or_default(),
                tail.join(" · "),
            )
        }
    };
    let person = pad(&person, 10);
    let tail_columns = if columns >= 100 { 44 } else { 0 };
    let room = columns.saturating_sub(3 + 14 + 2 + width(&person) + 1 + tail_columns + 1);
    vec![
        Span::raw(format!(" {marker} ")),
        Span::styled(pad_left(&due_text.0, 13), theme.style(due_text.1)),
        Span::raw("  "),
        Span::raw(pad(&text, room)),
        Span::styled(format!(" {person} "), dim),
        Span::styled(fit(&tail, tail_columns), dim),
    ]
}
