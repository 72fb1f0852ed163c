//! The tasks tab: open requests with the time left, then follow-ups.

use super::widgets::{draw_hint, draw_spans, highlight_row, titled_rule};
use crate::{
    domain::task::{Task, TaskState},
    tui::{
        content::task_text::{due_text, owner_text, traits_text},
        layout::tasks::{PageRow, first_row, page_rows},
        model::{Focus, Model, TaskRow},
        text::{fit, pad, pad_left, width},
        theme::Meaning,
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

/// Screens narrower than this show no owners: the zone has that of the selected task.
const OWNER_FROM: usize = 60;
/// Screens at least this wide show the handle of each task.
const HANDLE_FROM: usize = 72;
/// Screens at least this wide show all that is known of a follow-up.
const TRAITS_FROM: usize = 100;

/// The columns beside the text.
#[derive(Clone, Copy, Default)]
struct Columns {
    owner: usize,
    due: usize,
    tail: usize,
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let rows = page_rows(model);
    if rows.is_empty() {
        let hints = [
            ("", "No tasks."),
            ("", ""),
            (
                "ask: … 5m",
                "on the line opens a request: ask: check lag @ann 5m",
            ),
            ("a", "adds a follow-up, for after the incident"),
        ];
        draw_hint(model, area, buf, &hints);
        return;
    }
    let scroll = first_row(model, &rows, area.height.into());
    let columns = columns_of(model, &rows, area.width.into());
    for (y, row) in (area.y..area.bottom()).zip(rows.into_iter().skip(scroll)) {
        let spans = match &row {
            PageRow::Heading(heading, right) => heading_row(model, heading, right, area.width),
            PageRow::Task(_, row) => task_row(model, row, columns, area.width.into()),
            PageRow::Blank => vec![],
            PageRow::Note(text) => vec![Span::styled(
                format!(" {text}"),
                model.theme.style(Meaning::Dim),
            )],
        };
        draw_spans(buf, area.x, y, area.width, spans);
        if matches!(&row, PageRow::Task(at, _) if *at == model.tasks.selected) {
            draw_spans(buf, area.x, y, 1, vec![Span::raw("▸")]);
            if model.focus == Focus::List {
                highlight_row(model, area, y, buf);
            }
        }
    }
}

/// A rule with the heading at its left and `right` at its right, where it fits.
fn heading_row(model: &Model, heading: &str, right: &str, columns: u16) -> Vec<Span<'static>> {
    let tail = format!(" {right}");
    let room = usize::from(columns).saturating_sub(width(&tail) + 1);
    if width(heading) + 4 > room {
        return titled_rule(model, heading, columns);
    }
    let mut spans = titled_rule(model, heading, u16::try_from(room).unwrap_or(columns));
    spans.push(Span::styled(tail, model.theme.style(Meaning::Dim)));
    spans
}

fn columns_of(model: &Model, rows: &[PageRow<'_>], columns: usize) -> Columns {
    let mut widest = Columns::default();
    for row in rows {
        let PageRow::Task(_, row) = row else { continue };
        widest.due = widest.due.max(width(&due_text(model, row).0));
        widest.owner = widest.owner.max(width(&owner_text(row)));
        widest.tail = widest.tail.max(width(&tail_text(row, columns)));
    }
    Columns {
        owner: if columns < OWNER_FROM {
            0
        } else {
            widest.owner.min(columns / 5)
        },
        due: widest.due,
        tail: if columns < HANDLE_FROM {
            0
        } else {
            widest.tail.min(columns / 3)
        },
    }
}

/// What stands at the end of a row: the handle; of a follow-up what it would have done.
fn tail_text(row: &TaskRow<'_>, columns: usize) -> String {
    let traits = traits_text(row);
    if columns >= TRAITS_FROM {
        let handle = row.handle().to_owned();
        return [handle]
            .into_iter()
            .chain(traits)
            .collect::<Vec<_>>()
            .join("  ");
    }
    match traits.first() {
        Some(first) if first == "prevents" || first == "shortens" => first.clone(),
        _ => row.handle().to_owned(),
    }
}

/// Returns the text of a task, and what came of it or why it was declined.
fn with_outcome(task: &Task) -> String {
    let outcome = task.reason.iter().map(String::as_str);
    let parts: Vec<&str> = [task.text.as_str()].into_iter().chain(outcome).collect();
    parts.join(" · ")
}

fn task_row(
    model: &Model,
    row: &TaskRow<'_>,
    columns: Columns,
    total: usize,
) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let (marker, text) = match row {
        TaskRow::Ask(ask) => ("○", ask.text.clone()),
        TaskRow::ClosedAsk(ask) => ("√", ask.text.clone()),
        TaskRow::FollowUp(record) => (
            match record.value.state.known() {
                Some(TaskState::Planned) => "□",
                Some(TaskState::Started) => "▸",
                Some(TaskState::Done) => "√",
                Some(TaskState::Declined) => "×",
                None => "?",
            },
            with_outcome(&record.value),
        ),
    };
    let (due, meaning) = due_text(model, row);
    let owner = owner_text(row);
    let gap = |columns: usize| if columns > 0 { columns + 2 } else { 0 };
    let beside = gap(columns.owner) + gap(columns.due) + gap(columns.tail);
    let room = total.saturating_sub(4 + beside + 1);
    let mut spans = vec![
        Span::raw(format!("  {marker} ")),
        Span::raw(pad(&text.replace('\n', " "), room)),
    ];
    if columns.owner > 0 {
        spans.push(Span::styled(
            format!("  {}", pad(&owner, columns.owner)),
            dim,
        ));
    }
    if columns.due > 0 {
        let due = if columns.owner > 0 {
            pad(&due, columns.due)
        } else {
            pad_left(&due, columns.due)
        };
        spans.push(Span::styled(format!("  {due}"), theme.style(meaning)));
    }
    if columns.tail > 0 {
        let tail = fit(&tail_text(row, total), columns.tail);
        spans.push(Span::styled(format!("  {tail}"), dim));
    }
    spans
}
