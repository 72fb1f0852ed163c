//! A paste before it is logged: each line as it was understood, taken or left.

use super::{put, rule, select};
use crate::{
    domain::words::Kind,
    tui::{
        model::{Model, Paste, Pasted},
        text::{fit, pad, width},
        theme::{Meaning, mark, shape},
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

/// Rows at the bottom for what is selected.
const FOOT: u16 = 3;

fn top(paste: &Paste, rows: usize) -> usize {
    paste
        .selected
        .saturating_sub(rows / 2)
        .min(paste.rows.len().saturating_sub(rows))
}

/// The line at row `row` of the page.
#[must_use]
pub fn at(paste: &Paste, row: usize, height: usize) -> Option<usize> {
    let rows = height.saturating_sub(1 + usize::from(FOOT)).max(1);
    let shown = top(paste, rows) + row.checked_sub(1)?;
    (shown < paste.rows.len()).then_some(shown)
}

pub(super) fn draw(model: &Model, paste: &Paste, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let title = format!("{} pasted lines; nothing is logged yet", paste.rows.len());
    put(
        buf,
        area.x,
        area.y,
        area.width,
        rule(model, &title, area.width),
    );
    let rows = usize::from(area.height.saturating_sub(1 + FOOT)).max(1);
    let top = top(paste, rows);
    let end = area.bottom().saturating_sub(FOOT);
    for (y, (at, row)) in (area.y + 1..end).zip(paste.rows.iter().enumerate().skip(top)) {
        put(
            buf,
            area.x,
            y,
            area.width,
            line(model, row, area.width.into()),
        );
        if at == paste.selected {
            select(model, area, y, buf);
        }
    }
    let Some(row) = paste.rows.get(paste.selected) else {
        return;
    };
    let columns = usize::from(area.width).saturating_sub(4);
    let (text, meaning) = match &row.read {
        _ if row.date => (
            "a date: the times after it are of that day".to_owned(),
            Meaning::Accent,
        ),
        Some(Err(failure)) => {
            let hint = failure
                .hint
                .as_deref()
                .map(|h| format!(" · {h}"))
                .unwrap_or_default();
            (format!("{}{hint}", failure.message), Meaning::Error)
        }
        Some(Ok(read)) => match (&read.event.customer, row.text.contains("tell:")) {
            (Some(customer), _) => (
                format!("✉ customers will read: {customer}"),
                Meaning::Customer,
            ),
            (None, true) => (
                "`tell:` is text here; t makes it what customers read".to_owned(),
                Meaning::Warning,
            ),
            (None, false) => (String::new(), Meaning::Dim),
        },
        None => ("…".to_owned(), Meaning::Dim),
    };
    let dim = theme.style(Meaning::Dim);
    let foot = area.bottom().saturating_sub(FOOT);
    put(
        buf,
        area.x,
        foot,
        area.width,
        vec![Span::styled("─".repeat(area.width.into()), dim)],
    );
    put(
        buf,
        area.x + 2,
        foot + 1,
        area.width,
        vec![Span::styled(fit(&row.text, columns), dim)],
    );
    put(
        buf,
        area.x + 2,
        foot + 2,
        area.width,
        vec![Span::styled(fit(&text, columns), theme.style(meaning))],
    );
}

fn line(model: &Model, row: &Pasted, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let sign = match (&row.read, row.take) {
        _ if row.date => " ┄ ",
        (Some(Err(_)), _) => " ! ",
        (_, true) => " + ",
        (_, false) => "   ",
    };
    let style = match (&row.read, row.take) {
        (Some(Err(_)), _) => theme.style(Meaning::Error),
        (_, true) => theme.style(Meaning::Ok),
        (_, false) => dim,
    };
    let mut spans = vec![Span::styled(sign, style)];
    let rest = columns.saturating_sub(3);
    match &row.read {
        Some(Ok(read)) => {
            let event = &read.event;
            let at = read.zone.to_local(event.at_utc());
            let about = if event.approximate { "~" } else { " " };
            let state = event.state_or_implied();
            spans.push(Span::styled(
                format!("{about}{} ", at.format("%-d %b %H:%M")),
                dim,
            ));
            spans.push(Span::raw(format!("{} ", mark(&event.kind))));
            let kind = if event.kind == Kind::Note {
                String::new()
            } else {
                event.kind.to_string()
            };
            spans.push(Span::styled(pad(&kind, 9), theme.style(Meaning::Strong)));
            if let Some(state) = state {
                spans.push(Span::styled(
                    format!(" {}", shape(Some(state))),
                    theme.state(Some(state)),
                ));
            } else {
                spans.push(Span::raw("  "));
            }
            let used: usize = spans.iter().map(|s| width(&s.content)).sum();
            let wording = if event.customer.is_some() { " ✉" } else { "" };
            let room = columns.saturating_sub(used + 1 + wording.len());
            let style = if row.take {
                theme.style(Meaning::Plain)
            } else {
                dim
            };
            spans.push(Span::styled(format!(" {}", fit(&event.text, room)), style));
            spans.push(Span::styled(wording, theme.style(Meaning::Customer)));
        }
        _ => spans.push(Span::styled(fit(&row.text, rest), dim)),
    }
    spans
}
