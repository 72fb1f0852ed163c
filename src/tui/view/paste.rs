//! The paste preview: each row as parsed, included or not; below them the selected row.

use super::widgets::{draw_spans, highlight_row, titled_rule};
use crate::{
    domain::words::{Kind, State},
    tui::{
        layout::paste::{FOOTER_ROWS, first_row},
        model::{Model, Paste, PasteRow},
        msg::ReadRow,
        text::{fit, pad, width},
        theme::{Meaning, kind_glyph, state_glyph},
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

pub(super) fn draw(model: &Model, paste: &Paste, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let title = format!(
        "Paste of {} lines, not logged yet: {}",
        paste.rows.len(),
        paste.counts()
    );
    draw_spans(
        buf,
        area.x,
        area.y,
        area.width,
        titled_rule(model, &title, area.width),
    );
    let first = first_row(paste, area.height);
    let end = area.bottom().saturating_sub(FOOTER_ROWS);
    for (y, (at, row)) in (area.y + 1..end).zip(paste.rows.iter().enumerate().skip(first)) {
        draw_spans(
            buf,
            area.x,
            y,
            area.width,
            paste_row(model, row, area.width.into()),
        );
        if at == paste.selected {
            highlight_row(model, area, y, buf);
        }
    }
    let Some(row) = paste.rows.get(paste.selected) else {
        return;
    };
    let columns = usize::from(area.width).saturating_sub(4);
    let (text, meaning) = outcome(row);
    let dim = theme.style(Meaning::Dim);
    let footer_y = area.bottom().saturating_sub(FOOTER_ROWS);
    draw_spans(
        buf,
        area.x,
        footer_y,
        area.width,
        vec![Span::styled("─".repeat(area.width.into()), dim)],
    );
    draw_spans(
        buf,
        area.x + 2,
        footer_y + 1,
        area.width,
        vec![Span::styled(fit(&row.text, columns), dim)],
    );
    draw_spans(
        buf,
        area.x + 2,
        footer_y + 2,
        area.width,
        vec![Span::styled(fit(&text, columns), theme.style(meaning))],
    );
}

/// Returns what becomes of a row, and what may have been meant otherwise.
fn outcome(row: &PasteRow) -> (String, Meaning) {
    let pasted = match &row.read {
        None => return ("…".to_owned(), Meaning::Dim),
        Some(ReadRow::Day) => {
            let text = "a date: the times after it are of that day";
            return (text.to_owned(), Meaning::Accent);
        }
        Some(ReadRow::Frame) => {
            let text = "it belongs to a printed table or document, without an event: left out";
            return (text.to_owned(), Meaning::Accent);
        }
        Some(ReadRow::Refused(failure)) => return (failure.message_with_hint(), Meaning::Error),
        Some(ReadRow::Event(pasted)) => pasted,
    };
    let text = if let Some(customer) = &pasted.line.event.customer {
        return (
            format!("✉ customers will read: {customer}"),
            Meaning::Customer,
        );
    } else if row.text.contains("tell:") {
        "`tell:` is text here; t makes it what customers read".to_owned()
    } else if pasted.is_logged_already {
        "logged already with the same time and text; d leaves such rows out".to_owned()
    } else if pasted.is_comment {
        "it begins with `# `; c leaves such rows out".to_owned()
    } else {
        pasted.line.notices.join(" · ")
    };
    (text, Meaning::Warning)
}

fn paste_row(model: &Model, row: &PasteRow, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let (marker, style) = match (&row.read, row.included) {
        (Some(ReadRow::Day | ReadRow::Frame), _) => (" ┄  ", theme.style(Meaning::Ok)),
        (Some(ReadRow::Refused(_)), _) => (" !  ", theme.style(Meaning::Error)),
        (_, true) => ("[x] ", theme.style(Meaning::Ok)),
        (_, false) => ("[ ] ", dim),
    };
    let mut spans = vec![Span::styled(marker, style)];
    let rest = columns.saturating_sub(width(marker));
    match &row.read {
        Some(ReadRow::Event(pasted)) => {
            let event = &pasted.line.event;
            let at = pasted.line.zone.to_local(event.at_utc());
            let approx = if event.approximate { "~" } else { " " };
            let state = event
                .shown_state()
                .map(|state| state.known().unwrap_or(State::Unknown));
            spans.push(Span::styled(
                format!("{approx}{} ", at.format("%-d %b %H:%M")),
                dim,
            ));
            spans.push(Span::raw(format!("{} ", kind_glyph(&event.kind))));
            let kind = if event.kind == Kind::Note {
                String::new()
            } else {
                event.kind.to_string()
            };
            spans.push(Span::styled(pad(&kind, 9), theme.style(Meaning::Strong)));
            if let Some(state) = state {
                spans.push(Span::styled(
                    format!(" {}", state_glyph(Some(state))),
                    theme.state_style(Some(state)),
                ));
            } else {
                spans.push(Span::raw("  "));
            }
            let used: usize = spans.iter().map(|s| width(&s.content)).sum();
            let customer_mark = if event.customer.is_some() { " ✉" } else { "" };
            let remark = match pasted {
                pasted if pasted.is_logged_already => "  logged before",
                pasted if pasted.is_comment => "  comment",
                _ => "",
            };
            let marks = customer_mark.len() + remark.len();
            let room = columns.saturating_sub(used + 1 + marks);
            let style = if row.included {
                theme.style(Meaning::Plain)
            } else {
                dim
            };
            spans.push(Span::styled(format!(" {}", fit(&event.text, room)), style));
            spans.push(Span::styled(customer_mark, theme.style(Meaning::Customer)));
            spans.push(Span::styled(remark, theme.style(Meaning::Warning)));
        }
        _ => spans.push(Span::styled(fit(&row.text, rest), dim)),
    }
    spans
}
